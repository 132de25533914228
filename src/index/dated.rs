//! Words of a query that stand side by side and are one date: `12. März 1958`, `März 1958`.

use super::analysis::date_of;
use crate::domain::query::{Node, Place, Text};

/// Most words of a date.
const WORDS_MAX: usize = 3;

/// One or more nodes that belong together.
pub(super) enum Item<'n> {
    /// A node by itself.
    One(&'n Node),
    /// Words that are a date, and its terms.
    Date(&'n [Node], Vec<String>),
}

/// The nodes in order, dates put together.
pub(super) fn items(nodes: &[Node]) -> Vec<Item<'_>> {
    let (mut items, mut at) = (Vec::new(), 0);
    while at < nodes.len() {
        let longest = WORDS_MAX.min(nodes.len() - at);
        let date = (1..=longest).rev().find_map(|length| {
            let words = &nodes[at..at + length];
            Some((words, date_in(words)?))
        });
        match date {
            Some((words, terms)) => {
                at += words.len();
                items.push(Item::Date(words, terms));
            }
            None => {
                items.push(Item::One(&nodes[at]));
                at += 1;
            }
        }
    }
    items
}

fn date_in(words: &[Node]) -> Option<Vec<String>> {
    let word = |node: &Node| match node {
        Node::Text(Place::Content, Text::Word(word)) => Some(word.clone()),
        _ => None,
    };
    let words: Vec<String> = words.iter().map(word).collect::<Option<_>>()?;
    let text = words.join(" ");
    date_of(&text)
}
