//! A query under all names of the streets in it: an address, `straße:` and a plain name also ask for what the register
//! knows them as. What is excluded and what is quoted stays as it was typed. Adds ways to match, takes none away.

use super::recognise::{ONLY_A_WORD, tears_a_date, word_of, written_otherwise};
use super::{Address, Node, Place, Query, Recognised, Sought, Text};
use crate::domain::streets::{StreetNames, Streets};

/// Most words of a name that is looked up.
const NAME_WORDS_MAX: usize = 6;

impl Query {
    /// The query under all names of its streets, and which streets have others.
    #[must_use]
    pub fn under_all_names(self, streets: &Streets) -> (Self, Vec<StreetNames>) {
        let mut widening = Widening { streets, found: Vec::new() };
        let root = widening.node(self.root);
        (Self { root }, widening.found)
    }
}

struct Widening<'a> {
    streets: &'a Streets,
    found: Vec<StreetNames>,
}

impl Widening<'_> {
    fn node(&mut self, node: Node) -> Node {
        match node {
            Node::All(nodes) => Node::All(self.words(nodes)),
            Node::Any(nodes) => Node::Any(nodes.into_iter().map(|node| self.node(node)).collect()),
            Node::Text(Place::Street, Text::Word(_) | Text::Phrase(_)) => self.in_field(node),
            Node::Recognised(recognised) => Node::Recognised(self.address(recognised)),
            word @ Node::Text(Place::Content, Text::Word(_)) => {
                let mut nodes = self.words(vec![word]);
                if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) }
            }
            other => other,
        }
    }

    fn other_names(&mut self, name: &str) -> Vec<String> {
        let Some(street) = self.streets.find(name) else { return Vec::new() };
        let others = street.others.clone();
        if !self.found.contains(&street) {
            self.found.push(street);
        }
        others
    }

    /// Words side by side that are the name of a street are also looked for as its other names.
    fn words(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let texts: Vec<Option<String>> = nodes.iter().map(|node| word_of(node).map(str::to_owned)).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let (mut nodes, mut out, mut at) = (nodes.into_iter(), Vec::new(), 0);
        while at < texts.len() {
            let run = texts[at..].iter().map_while(|text| text.filter(|text| !text.starts_with(ONLY_A_WORD)));
            let run: Vec<&str> = run.take(NAME_WORDS_MAX).collect();
            let mut lengths =
                (1..=run.len()).rev().filter(|length| !tears_a_date(&texts, &(at..at + length)));
            let named = lengths.find_map(|length| {
                let others = self.other_names(&run[..length].join(" "));
                (!others.is_empty()).then_some((length, others))
            });
            match named {
                Some((length, others)) => {
                    let words = nodes.by_ref().take(length).collect();
                    let phrase = |name| Node::Text(Place::Content, Text::Phrase(name));
                    let also = others.into_iter().map(phrase).collect();
                    out.push(Node::Recognised(Recognised { words, sought: None, also }));
                    at += length;
                }
                None => {
                    out.extend(nodes.next().map(|node| match node {
                        word @ Node::Text(Place::Content, Text::Word(_)) => word,
                        other => self.node(other),
                    }));
                    at += 1;
                }
            }
        }
        out
    }

    /// An address in the same street by another name: the number stays.
    fn address(&mut self, mut recognised: Recognised) -> Recognised {
        let Some(Sought::Address(Address { street, numbers })) = recognised.sought.clone() else {
            return recognised;
        };
        let behind = street.split_whitespace().count();
        for name in self.other_names(&street) {
            let number = recognised.words.iter().skip(behind).cloned();
            let words = std::iter::once(Node::Text(Place::Content, Text::Phrase(name.clone())));
            let sought = Sought::Address(Address { street: name, numbers });
            let words: Vec<Node> = words.chain(number).collect();
            let also = written_otherwise(&sought, &words);
            recognised.also.push(Node::Recognised(Recognised { words, sought: Some(sought), also }));
        }
        recognised
    }

    /// `straße:"Kaiserstraße 12"` is also `straße:"Rathausstraße 12"`.
    fn in_field(&mut self, typed: Node) -> Node {
        let Node::Text(_, text) = &typed else { return typed };
        let Some((name, rest)) = self.begins(text.as_str()) else { return typed };
        let other = |other| Node::Text(Place::Street, Text::Phrase(format!("{other} {rest}")));
        let others: Vec<_> = self.other_names(&name).into_iter().map(other).collect();
        Node::Any(std::iter::once(typed).chain(others).collect())
    }

    /// The name of a street that the text begins with, and what stands behind it.
    fn begins(&self, text: &str) -> Option<(String, String)> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let lengths = (1..=words.len().min(NAME_WORDS_MAX)).rev();
        lengths
            .map(|length| (words[..length].join(" "), words[length..].join(" ")))
            .find(|(name, _)| self.streets.find(name).is_some())
    }
}
