//! Why a page is among the matches: which of the typed words stand on it, and in which way. By the same analysis that
//! finds and marks them; tells nothing but what stands in a text that may be read.

use super::dated::{Item, items};
use super::marks::Wanted;
use super::reach::Reach;
use crate::domain::query::{Node, Place, Query};

/// In which way a word of a text is a word that was typed; what counts more comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Letter by letter, as folding has it.
    AsTyped,
    /// The same date, in whatever spelling.
    Date,
    /// In another form: inflected, or in another spelling.
    Form,
    /// A compound, its parts one behind the other.
    Apart,
    /// A part of a longer word.
    InCompound,
    /// It begins so.
    Beginning,
    /// As recognition may have misread it.
    Misread,
    /// Spelled similarly.
    Similar,
}

impl How {
    /// What people read, German.
    #[must_use]
    pub fn german(self) -> &'static str {
        match self {
            Self::AsTyped => "genau so",
            Self::Date => "als Datum",
            Self::Form => "in anderer Form",
            Self::Apart => "in mehreren Wörtern",
            Self::InCompound => "als Teil eines Wortes",
            Self::Beginning => "als Wortanfang",
            Self::Misread => "vermutlich verlesen",
            Self::Similar => "ähnlich geschrieben",
        }
    }

    /// Its name in `--json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AsTyped => "as_typed",
            Self::Date => "date",
            Self::Form => "form",
            Self::Apart => "apart",
            Self::InCompound => "in_compound",
            Self::Beginning => "beginning",
            Self::Misread => "misread",
            Self::Similar => "similar",
        }
    }
}

/// What became of one of the typed words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The word, phrase or date as it was typed.
    pub typed: String,
    /// Where it stands in the text: in which way, how often, and the first such place as it is written there; what
    /// counts more comes first. Nothing if it does not stand there.
    pub found: Vec<(How, usize, String)>,
}

impl Reason {
    /// In words, German.
    #[must_use]
    pub fn german(&self) -> String {
        let typed = &self.typed;
        if self.found.is_empty() {
            return format!("„{typed}“ steht hier nicht");
        }
        let way = |(how, times, word): &(How, usize, String)| match how {
            How::AsTyped => format!("{times}-mal {}", how.german()),
            _ => format!("{times}-mal {} („{word}“)", how.german()),
        };
        format!("„{typed}“ {}", self.found.iter().map(way).collect::<Vec<_>>().join(", "))
    }
}

/// What of the query stands in this text; one for each word that is looked for in texts, in the order they were typed.
#[must_use]
pub fn why(query: &Query, reach: Reach, text: &str) -> Vec<Reason> {
    let mut reasons = Vec::new();
    gather(query.root(), reach, text, &mut reasons);
    reasons
}

fn gather(node: &Node, reach: Reach, text: &str, reasons: &mut Vec<Reason>) {
    let every = |nodes: &[Node], reasons: &mut Vec<Reason>| {
        for item in items(nodes) {
            match item {
                Item::One(node) => gather(node, reach, text, reasons),
                Item::Date(words, _) => {
                    let typed: Vec<_> = words.iter().filter_map(typed).collect();
                    reasons.push(reason(words, typed.join(" "), reach, text));
                }
            }
        }
    };
    match node {
        Node::All(nodes) => every(nodes, reasons),
        Node::Any(nodes) => nodes.iter().for_each(|node| gather(node, reach, text, reasons)),
        Node::Recognised(found) => every(&found.words, reasons),
        Node::Text(Place::Content, sought) => {
            reasons.push(reason(std::slice::from_ref(node), sought.as_str().to_owned(), reach, text));
        }
        Node::Text(..) | Node::Class(_) | Node::Years(_) | Node::Trait(_) | Node::Not(_) => {}
    }
}

fn typed(node: &Node) -> Option<&str> {
    if let Node::Text(_, text) = node { Some(text.as_str()) } else { None }
}

fn reason(nodes: &[Node], typed: String, reach: Reach, text: &str) -> Reason {
    let mut wanted = Wanted::within(reach);
    wanted.gather_all(nodes);
    let mut matches = wanted.matches(text);
    // Of a place that is meant in several ways the one that counts most.
    matches.sort_unstable_by_key(|(how, place)| (*how, place.start));
    let mut found: Vec<(How, usize, String)> = Vec::new();
    let mut taken = vec![false; text.len()];
    for (how, place) in matches {
        if taken[place.clone()].contains(&true) {
            continue;
        }
        taken[place.clone()].fill(true);
        match found.last_mut() {
            Some((last, times, _)) if *last == how => *times += 1,
            _ => found.push((how, 1, text[place.clone()].split_whitespace().collect::<Vec<_>>().join(" "))),
        }
    }
    Reason { typed, found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::parse;

    fn told(query: &str, reach: Reach, text: &str) -> Vec<String> {
        why(&parse(query).unwrap(), reach, text).iter().map(Reason::german).collect()
    }

    #[test]
    fn each_word_says_how_it_stands_there_and_which_does_not() {
        let text = "Die Garage. Garagen und Doppelgarage, am 12. März 1958 von Bremkarnp, Schornstein";
        assert_eq!(
            told("Garage Bremkamp 12.3.1958 Zaun", Reach::Misread, text),
            [
                "„Garage“ 1-mal genau so, 1-mal in anderer Form („Garagen“), 1-mal als Teil eines Wortes \
                 („Doppelgarage“)",
                "„Bremkamp“ 1-mal vermutlich verlesen („Bremkarnp“)",
                "„12.3.1958“ 1-mal als Datum („12. März 1958“)",
                "„Zaun“ steht hier nicht",
            ]
        );
        assert_eq!(told("Schornstkin", Reach::AsWritten, text), ["„Schornstkin“ steht hier nicht"]);
        assert_eq!(
            told("Schornstkin", Reach::Similar, text),
            ["„Schornstkin“ 1-mal ähnlich geschrieben („Schornstein“)"]
        );
        assert_eq!(
            told("Schorn* -Garage jahr:1958", Reach::AsWritten, text),
            ["„Schorn“ 1-mal als Wortanfang („Schornstein“)"]
        );
    }
}
