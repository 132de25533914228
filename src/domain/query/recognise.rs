//! What the words of a plain query are to an office: an address, a parcel, a reference number. Looks at words that
//! stand side by side and at the signs between them, and knows no index and no file: what is recognised is looked for
//! besides the words, never instead of them. What might as well be a date is left to be one.
//!
//! Words are read twice: joined by the signs between them (`12 - 16` is `12-16`), and, if that is nothing, without
//! those signs.

mod address;
mod date;
mod joined;
mod parcel;
mod reference;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use address::{Address, HouseNumbers};
pub use parcel::Parcel;

use super::{Node, Place, Text};
use crate::domain::streets::Streets;
use joined::{Reading, apart, joined};

/// Stands before a word that is a word and nothing else.
pub(super) const ONLY_A_WORD: char = '=';
/// Most words of a date; see [`date`].
const DATE_WORDS_MAX: usize = 3;

/// What stands side by side in a plain query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// A plain word.
    Word(&'a str),
    /// A sign without letter or digit: asks for nothing.
    Sign(&'a str),
    /// Anything else: looked for in a field, quoted, excluded.
    Other,
}

impl<'a> Seen<'a> {
    fn word(&self) -> Option<&'a str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Sign(_) | Self::Other => None,
        }
    }
}

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

/// The nodes, with those put together that are one thing. `seen` is what was typed; true is what has a node.
pub(super) fn recognised(nodes: Vec<Node>, seen: &[(Seen<'_>, bool)], streets: &Streets) -> Vec<Node> {
    let typed: Vec<Seen<'_>> = seen.iter().map(|(seen, _)| *seen).collect();
    let (mut nodes, mut out, mut at) = (nodes.into_iter(), Vec::new(), 0);
    let nodes_in = |range: Range<usize>| seen[range].iter().filter(|(_, has_node)| *has_node).count();
    for (group, sought) in groups(&typed, streets) {
        out.extend(nodes.by_ref().take(nodes_in(at..group.start)));
        let words: Vec<Node> = nodes.by_ref().take(nodes_in(group.clone())).collect();
        let also = written_otherwise(&sought, &words);
        out.push(Node::Recognised(Recognised { words, sought: Some(sought), also }));
        at = group.end;
    }
    out.extend(nodes);
    out
}

/// How texts write it, where what was typed has words that stand for no more than a sign.
pub(super) fn written_otherwise(sought: &Sought, words: &[Node]) -> Vec<Node> {
    let content = |text| vec![Node::Text(Place::Content, text)];
    match sought {
        Sought::Reference(reference) if words.len() > 1 && reference::has_groups(reference) => {
            content(Text::Word(reference.clone()))
        }
        Sought::Address(Address { street, numbers: HouseNumbers { first, last, .. } })
            if first < last && words.iter().filter_map(word_of).any(address::is_until) =>
        {
            content(Text::Phrase(format!("{street} {first}-{last}")))
        }
        _ => Vec::new(),
    }
}

pub(super) fn word_of(node: &Node) -> Option<&str> {
    match node {
        Node::Text(Place::Content, Text::Word(word)) => Some(word),
        _ => None,
    }
}

/// Which of these belong together, and what they are. A group begins and ends with a word.
pub(super) fn groups(seen: &[Seen<'_>], streets: &Streets) -> Vec<(Range<usize>, Sought)> {
    let (mut groups, mut at) = (Vec::new(), 0);
    while at < seen.len() {
        match sought_at(run(&seen[at..]), streets) {
            Some((length, sought)) if !is_part_of_a_date(seen, &(at..at + length)) => {
                groups.push((at..at + length, sought));
                at += length;
            }
            _ => at += 1,
        }
    }
    groups
}

/// The words and signs up to what is neither.
fn run<'s, 'a>(seen: &'s [Seen<'a>]) -> &'s [Seen<'a>] {
    let is_inside = |seen: &Seen<'_>| match seen {
        Seen::Word(word) => !word.starts_with(ONLY_A_WORD),
        Seen::Sign(_) => true,
        Seen::Other => false,
    };
    &seen[..seen.iter().take_while(|seen| is_inside(seen)).count()]
}

/// What begins here, and of how many words and signs it is.
fn sought_at(run: &[Seen<'_>], streets: &Streets) -> Option<(usize, Sought)> {
    let Some(Seen::Word(_)) = run.first() else { return None };
    let joined = joined(run);
    let sought = |reading: &Reading<'_>| {
        let words = reading.words();
        let parcel = parcel::at(&words).map(|(length, parcel)| (length, Sought::Parcel(parcel)));
        let address =
            || address::at(&words, streets).map(|(length, address)| (length, Sought::Address(address)));
        parcel.or_else(address).map(|(length, sought)| (reading.end_of(length), sought))
    };
    let of_reference = |(length, reference)| (joined.end_of(length), Sought::Reference(reference));
    // Whoever says „Az.“ means one; what is none without that may still be a parcel or an address.
    reference::named(&joined.words())
        .map(of_reference)
        .or_else(|| sought(&joined))
        .or_else(|| reference::unnamed(&joined).map(|reference| of_reference((1, reference))))
        .or_else(|| sought(&apart(run)))
}

/// As [`tears_a_date`]; signs part no date.
fn is_part_of_a_date(seen: &[Seen<'_>], group: &Range<usize>) -> bool {
    let is_no_sign = |seen: &&Seen<'_>| !matches!(seen, Seen::Sign(_));
    let words: Vec<Option<&str>> = seen.iter().filter(is_no_sign).map(Seen::word).collect();
    let before = |at: usize| seen[..at].iter().filter(is_no_sign).count();
    // What is a word and nothing else is no part of a date either, but stands in its place.
    tears_a_date(&words, &(before(group.start)..before(group.end)))
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
