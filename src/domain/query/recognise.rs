//! What the words of a plain query are to an office: an address, a parcel, a reference number. Looks at words that
//! stand side by side, and knows no index and no file: what is recognised is looked for besides the words, never
//! instead of them. What might as well be a date is left to be one.

mod address;
mod date;
mod parcel;
mod reference;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use address::{Address, HouseNumbers};
pub use parcel::Parcel;

use super::{Node, Place, Text};

/// Stands before a word that is a word and nothing else.
pub(super) const ONLY_A_WORD: char = '=';
/// Most words of a date; see [`date`].
const DATE_WORDS_MAX: usize = 3;

/// Words that were recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// The words as nodes of their own, in order.
    pub words: Vec<Node>,
    /// What they are; none where only the names of a street are known.
    pub sought: Option<Sought>,
    /// What else is as good: the same under other names.
    pub also: Vec<Node>,
}

/// What words are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// Street and house number.
    Address(Address),
    /// Gemarkung, Flur, Flurstück.
    Parcel(Parcel),
    /// A reference number (Aktenzeichen), in any spelling.
    Reference(String),
}

/// The nodes, with those put together that are one thing.
pub(super) fn recognised(nodes: Vec<Node>) -> Vec<Node> {
    let words: Vec<Option<String>> = nodes.iter().map(|node| word_of(node).map(str::to_owned)).collect();
    let groups = groups(&words.iter().map(Option::as_deref).collect::<Vec<_>>());
    let (mut nodes, mut out, mut at) = (nodes.into_iter(), Vec::new(), 0);
    for (group, sought) in groups {
        out.extend(nodes.by_ref().take(group.start - at));
        let words = nodes.by_ref().take(group.len()).collect();
        out.push(Node::Recognised(Recognised { words, sought: Some(sought), also: Vec::new() }));
        at = group.end;
    }
    out.extend(nodes);
    out
}

pub(super) fn word_of(node: &Node) -> Option<&str> {
    match node {
        Node::Text(Place::Content, Text::Word(word)) => Some(word),
        _ => None,
    }
}

/// Which of these belong together, and what they are; none stands for what is no plain word.
pub(super) fn groups(words: &[Option<&str>]) -> Vec<(Range<usize>, Sought)> {
    let (mut groups, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let run: Vec<&str> =
            words[at..].iter().map_while(|word| word.filter(|word| !word.starts_with(ONLY_A_WORD))).collect();
        match sought_at(&run) {
            Some((length, sought)) if !tears_a_date(words, &(at..at + length)) => {
                groups.push((at..at + length, sought));
                at += length;
            }
            _ => at += 1,
        }
    }
    groups
}

/// What these words begin with, and of how many words it is.
fn sought_at(words: &[&str]) -> Option<(usize, Sought)> {
    parcel::at(words)
        .map(|(length, parcel)| (length, Sought::Parcel(parcel)))
        .or_else(|| address::at(words).map(|(length, address)| (length, Sought::Address(address))))
        .or_else(|| Some((1, Sought::Reference(reference::of(words.first()?)?))))
}

/// Words of the group and words beside it would be one date: `Ring 12 März 1958`.
pub(super) fn tears_a_date(words: &[Option<&str>], group: &Range<usize>) -> bool {
    let windows = (2..=DATE_WORDS_MAX).flat_map(|length| {
        let first = group.start.saturating_sub(length - 1);
        (first..group.end).map(move |start| start..start + length)
    });
    windows.filter(|window| window.start < group.start || window.end > group.end).any(|window| {
        let together = words.get(window).and_then(|words| words.iter().copied().collect::<Option<Vec<_>>>());
        together.is_some_and(|words| date::may_be(&words.join(" ")))
    })
}

/// A word in one spelling: lower case, umlauts written out, without the signs that part it from its neighbours.
fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.trim_matches([',', ';', ':', '.', '§']).chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            other => out.push(other),
        }
    }
    out
}

/// Letters, and what stands inside a name.
fn is_name(plain: &str) -> bool {
    plain.chars().any(char::is_alphabetic)
        && plain.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '’'))
}
