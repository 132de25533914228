//! Compounds (Zusammensetzungen): `baugenehmigungsverfahren` falls into `bau`, `genehmigung`, `verfahren`, with
//! linking elements (`-s-`, `-n-`, `-er-` …) and dropped letters (`Erd(e)geschoss`) taken into account.
//!
//! Of all ways to cut a word into parts of the [`Lexicon`] the cheapest is taken: as few parts as can be, nouns
//! before other words, long parts before short ones, plain joints before linking elements. A part that is a compound
//! itself is cut further. What cannot be cut whole stays whole: a wrong part finds too much, a missing one too little,
//! and the word itself is always found.

use std::ops::Range;

use super::lexicon::{Beginning, Class, Lexicon};

/// Shortest word that is split, in letters.
pub(super) const COMPOUND_CHARS_MIN: usize = 6;
/// Longest word that is split, in bytes; the work grows with the square of it.
const COMPOUND_BYTES_MAX: usize = 60;
/// Most parts; what has more stays whole.
const PARTS_MAX: usize = 6;
const PART_BYTES_MIN: usize = 3;

/// What stands between parts, and what it costs. Costs are in tenths of a part.
const LINKS: [(&str, u32); 8] =
    [("", 0), ("s", 1), ("n", 1), ("en", 1), ("es", 2), ("er", 2), ("e", 2), ("ns", 2)];
const LINK_BYTES_MAX: usize = 2;
const PART: u32 = 10;
/// A part of three letters is one by chance more often.
const SHORT: u32 = 6;

/// A part: where it stands, with its linking element, and what it is without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// In the compound, linking element included.
    pub span: Range<usize>,
    /// Bytes of the linking element at the end of the span.
    link: usize,
}

impl Part {
    /// The part as a word of its own.
    pub(super) fn word<'a>(&self, compound: &'a str) -> &'a str {
        &compound[self.span.start..self.word_end()]
    }

    /// Where it ends without its linking element.
    pub(super) fn word_end(&self) -> usize {
        self.span.end - self.link
    }
}

/// The smallest parts of a folded word, two or more; none if it is no compound.
pub(super) fn parts(lexicon: &Lexicon, folded: &str) -> Option<Vec<Part>> {
    if lexicon.is_empty()
        || folded.len() > COMPOUND_BYTES_MAX
        || folded.chars().count() < COMPOUND_CHARS_MIN
        || !folded.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        return None;
    }
    let parts = smallest(lexicon, folded, 0)?;
    (parts.len() <= PARTS_MAX).then_some(parts)
}

/// Cuts, and cuts the parts again: `baugenehmigung|verfahren` is in three.
fn smallest(lexicon: &Lexicon, word: &str, shift: usize) -> Option<Vec<Part>> {
    let mut all = Vec::new();
    for part in cheapest(lexicon, word)? {
        let inner = part.word(word);
        let at = shift + part.span.start;
        match (inner.len() >= COMPOUND_CHARS_MIN).then(|| smallest(lexicon, inner, at)).flatten() {
            Some(mut smaller) => {
                if let Some(last) = smaller.last_mut() {
                    last.span.end += part.link;
                    last.link += part.link;
                }
                all.append(&mut smaller);
            }
            None => all.push(Part { span: at..shift + part.span.end, link: part.link }),
        }
    }
    Some(all)
}

/// The best way to a place in the word.
#[derive(Clone, Copy)]
struct Way {
    cost: u32,
    from: usize,
    link: usize,
}

fn cheapest(lexicon: &Lexicon, word: &str) -> Option<Vec<Part>> {
    let mut ways: Vec<Option<Way>> = vec![None; word.len() + 1];
    ways[0] = Some(Way { cost: 0, from: 0, link: 0 });
    for from in 0..=word.len().saturating_sub(PART_BYTES_MIN) {
        let Some(so_far) = ways[from] else { continue };
        let beginnings = lexicon.beginnings(&word[from..]);
        let longest = (from + beginnings.len() + LINK_BYTES_MAX).min(word.len());
        for to in from + PART_BYTES_MIN..=longest {
            let part = &word[from..to];
            let found = match to == word.len() {
                true if from == 0 => None,
                true => head(&beginnings, part).map(|cost| (cost, 0)),
                false => modifier(&beginnings, part),
            };
            let Some((cost, link)) = found else { continue };
            let cost = so_far.cost + PART + cost;
            if ways[to].is_none_or(|way| cost < way.cost) {
                ways[to] = Some(Way { cost, from, link });
            }
        }
    }
    let mut parts = Vec::new();
    let mut to = word.len();
    while to > 0 {
        let way = ways[to]?;
        parts.push(Part { span: way.from..to, link: way.link });
        to = way.from;
    }
    parts.reverse();
    Some(parts)
}

/// What it costs to read this as the last part.
fn head(beginnings: &[Beginning], part: &str) -> Option<u32> {
    let short = if part.len() <= PART_BYTES_MIN { SHORT } else { 0 };
    match beginnings.get(part.len() - 1)?.class? {
        Class::Noun => Some(short),
        Class::Other => Some(3 + if part.len() == 4 { 4 } else { 0 }),
        Class::VerbStem => None,
    }
}

/// What it costs to read this as a part in front, and how long its linking element is.
fn modifier(beginnings: &[Beginning], part: &str) -> Option<(u32, usize)> {
    let ways = LINKS.iter().filter_map(|(link, cost)| {
        let base = part.strip_suffix(link).filter(|base| base.len() >= PART_BYTES_MIN)?;
        Some((cost + base_cost(beginnings, base, link.is_empty())?, link.len()))
    });
    ways.min()
}

fn base_cost(beginnings: &[Beginning], base: &str, is_plain: bool) -> Option<u32> {
    let short = if base.len() <= PART_BYTES_MIN { SHORT } else { 0 };
    let found = beginnings.get(base.len() - 1)?;
    match found.class {
        Some(Class::Noun) => Some(short),
        Some(Class::Other) if is_plain => Some(5),
        // Not a word by itself: `erd` of `erde`, `wohn` of `wohnen`.
        _ if !is_plain => None,
        other => {
            let stem = (other == Some(Class::VerbStem)).then_some(4 + short);
            found.dropped.then_some(3 + short).into_iter().chain(stem).min()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(word: &str) -> Vec<String> {
        let list = "Bau\nbauen\nGenehmigung\nVerfahren\nBaugenehmigung\nErde\nGeschoss\nHaus\nFamilie\nEinfamilienhaus\n\
                    Familienhaus\nein\neine\nwohnen\nFeuer\nWehr\nGerät\nGeräte\nMauer\nBauer\nUrkunde\nKind\nKinder\n\
                    Garten\nStraße\nHaupt";
        let lexicon = Lexicon::of(list);
        let parts = parts(&lexicon, word).unwrap_or_default();
        parts.iter().map(|part| part.word(word).to_owned()).collect()
    }

    #[test]
    fn a_compound_falls_into_its_smallest_parts() {
        assert_eq!(split("baugenehmigung"), ["bau", "genehmigung"]);
        assert_eq!(split("baugenehmigungsverfahren"), ["bau", "genehmigung", "verfahren"]);
        assert_eq!(split("feuerwehrgeratehaus"), ["feuer", "wehr", "gerate", "haus"]);
    }

    #[test]
    fn linking_elements_and_dropped_letters_belong_to_no_part() {
        assert_eq!(split("familienhaus"), ["familie", "haus"]);
        assert_eq!(split("erdgeschoss"), ["erd", "geschoss"]);
        assert_eq!(split("wohnhaus"), ["wohn", "haus"]);
        assert_eq!(split("kindergarten"), ["kinder", "garten"]);
        assert_eq!(split("hauptstrasse"), ["haupt", "strasse"]);
    }

    #[test]
    fn what_is_no_compound_stays_whole() {
        for word in ["genehmigung", "urkunde", "bauer", "xyzhaus", "hausxyz", "12a", "haus"] {
            assert_eq!(split(word), Vec::<String>::new(), "{word}");
        }
    }

    #[test]
    fn a_missing_list_splits_nothing() {
        assert_eq!(parts(&Lexicon::default(), "baugenehmigung"), None);
    }
}
