//! How far a word in a text may be from the word that was typed: recognition misreads, and people mistype. What is
//! found so ranks below what stands there as written. Bounded: a few dozen spellings, looked up one by one.

use std::collections::BTreeSet;

/// See the module documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Reach {
    /// The word in its forms and spellings, and in compounds.
    #[default]
    AsWritten,
    /// The words so, but on different pages of one file, or on its cover.
    AcrossPages,
    /// Also what recognition makes of it when it mistakes letters that look alike.
    Misread,
    /// Also any word with one letter more, less or other; two in long words.
    Similar,
    /// So, and not all of the words: the more of them, the better.
    AnyWord,
}

impl Reach {
    /// What to tell somebody who sees matches that are not as typed; none if all are.
    #[must_use]
    pub fn note(self) -> Option<&'static str> {
        match self {
            Self::AsWritten => None,
            Self::AcrossPages => Some(
                "Auf keiner Seite stehen alle Wörter. Gezeigt werden Akten, in denen sie verteilt stehen.",
            ),
            Self::Misread => Some("Auch gefunden: Wörter, die beim Lesen der Seite wohl verwechselt wurden."),
            Self::Similar => Some("Auch gefunden: Wörter, die ähnlich geschrieben sind."),
            Self::AnyWord => {
                Some("Nirgends stehen alle Wörter beisammen. Gezeigt wird, wo möglichst viele davon stehen.")
            }
        }
    }

    /// Its name in `--json`; none if all matches are as typed.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::AsWritten => None,
            Self::AcrossPages => Some("across_pages"),
            Self::Misread => Some("misread"),
            Self::Similar => Some("similar"),
            Self::AnyWord => Some("any_word"),
        }
    }
}

/// Shortest word that may be misread or mistyped, in letters; of shorter ones everything is a spelling.
const CHARS_MIN: usize = 4;
/// Shortest word that two letters may be other in.
const CHARS_FOR_TWO: usize = 8;
/// Most spellings of one word.
const SPELLINGS_MAX: usize = 64;

/// Letters that look alike on paper, after folding; either may be read as the other.
const ALIKE: [(&str, &str); 22] = [
    ("rn", "m"),
    ("c", "e"),
    ("l", "i"),
    ("l", "1"),
    ("i", "1"),
    ("u", "ii"),
    ("s", "f"),
    ("u", "n"),
    ("h", "b"),
    ("o", "0"),
    ("cl", "d"),
    ("in", "m"),
    ("nn", "m"),
    ("t", "l"),
    ("f", "t"),
    ("vv", "w"),
    ("ri", "n"),
    ("li", "h"),
    ("g", "q"),
    ("a", "o"),
    ("e", "o"),
    ("s", "5"),
];

fn may_differ(folded: &str) -> bool {
    folded.chars().count() >= CHARS_MIN && folded.chars().all(char::is_alphabetic)
}

/// What a folded word becomes when one place of it is misread.
pub(super) fn misreadings(folded: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    if !may_differ(folded) {
        return all;
    }
    for (a, b) in ALIKE.iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
        for (at, _) in folded.match_indices(*a) {
            if all.len() == SPELLINGS_MAX {
                return all;
            }
            all.insert(format!("{}{b}{}", &folded[..at], &folded[at + a.len()..]));
        }
    }
    all
}

/// How many letters of a folded word may be other; none if it is too short, or has digits.
pub(super) fn distance(folded: &str) -> Option<u8> {
    may_differ(folded).then(|| if folded.chars().count() >= CHARS_FOR_TWO { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_alike_are_exchanged_one_at_a_time() {
        let all = misreadings("kamin");
        assert!(all.contains("karnin") && all.contains("kamm") && all.contains("kamln"), "{all:?}");
        assert!(!all.contains("karnln") && !all.contains("kamin"), "{all:?}");
    }

    #[test]
    fn short_words_and_numbers_have_one_spelling_only() {
        assert!(misreadings("bau").is_empty() && misreadings("1958").is_empty());
        assert_eq!((distance("bau"), distance("zaun"), distance("genehmigung")), (None, Some(1), Some(2)));
    }

    #[test]
    fn a_word_has_no_more_spellings_than_are_looked_up() {
        assert!(misreadings(&"rnlcu".repeat(20)).len() <= SPELLINGS_MAX);
    }
}
