//! Dates and years in a text, however they are written: `12.3.1958`, `12.03.58`, `1958-03-12`, `12. März 1958`,
//! `März 1958`. A date is a term of its own, so that one spelling finds the others.
//!
//! Known limits: a year of two digits is one of the last century, up to [`YOUNG_MAX`] also one of this; a number of
//! four digits may be no year and still be found as one.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use super::{Chunk, fold_whole};

/// Numbers that are years.
const YEARS: RangeInclusive<u16> = 1500..=2099;
/// Up to this a year of two digits may be one of this century.
const YOUNG_MAX: u16 = 40;
/// Most bytes between the parts of a date: `12. März 1958`.
const GAP_BYTES_MAX: usize = 3;
/// Names of months and what people shorten them to.
const MONTHS: [(&str, u8); 26] = [
    ("Januar", 1),
    ("Jänner", 1),
    ("Jan", 1),
    ("Februar", 2),
    ("Feber", 2),
    ("Feb", 2),
    ("März", 3),
    ("Mrz", 3),
    ("April", 4),
    ("Apr", 4),
    ("Mai", 5),
    ("Juni", 6),
    ("Jun", 6),
    ("Juno", 6),
    ("Juli", 7),
    ("Jul", 7),
    ("August", 8),
    ("Aug", 8),
    ("September", 9),
    ("Sept", 9),
    ("Sep", 9),
    ("Oktober", 10),
    ("Okt", 10),
    ("November", 11),
    ("Nov", 11),
    ("Dezember", 12),
];

/// A date, or a month, as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct Dated {
    /// `1958-03-12` or `1958-03`; two where the century is open.
    pub terms: Vec<String>,
    /// Where it stands.
    pub source: Range<usize>,
}

/// A run of letters or digits, and what it may be in a date.
struct Piece<'a> {
    folded: &'a str,
    source: &'a Range<usize>,
}

/// Every date in these chunks, in order, without overlaps.
pub(in crate::index) fn dates(chunks: &[Chunk]) -> Vec<Dated> {
    let pieces = pieces(chunks);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        match date_at(&pieces[at..]) {
            Some((terms, length)) => {
                let source = pieces[at].source.start..pieces[at + length - 1].source.end;
                found.push(Dated { terms, source });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Every year in these chunks, alone or in a date.
pub(in crate::index) fn years(chunks: &[Chunk]) -> BTreeSet<u16> {
    let alone = pieces(chunks).iter().filter_map(|piece| full_year(piece.folded)).collect::<Vec<_>>();
    let dated = dates(chunks).into_iter().flat_map(|dated| dated.terms);
    alone.into_iter().chain(dated.filter_map(|term| term.get(..4)?.parse().ok())).collect()
}

/// The day or the month that these words are, and nothing else.
pub(in crate::index) fn date_of(chunks: &[Chunk]) -> Option<Vec<String>> {
    let pieces = pieces(chunks);
    let (terms, length) = date_at(&pieces)?;
    (length == pieces.len()).then_some(terms)
}

fn pieces(chunks: &[Chunk]) -> Vec<Piece<'_>> {
    let of = |chunk| Chunk::words(chunk).zip(chunk.pieces.iter().map(|piece| &piece.source));
    chunks.iter().flat_map(of).map(|(folded, source)| Piece { folded, source }).collect()
}

/// The date that begins here, and of how many pieces it is.
fn date_at(pieces: &[Piece<'_>]) -> Option<(Vec<String>, usize)> {
    let close = |at: usize| {
        let (before, here) = (pieces.get(at - 1)?, pieces.get(at)?);
        (here.source.start.saturating_sub(before.source.end) <= GAP_BYTES_MAX).then_some(here.folded)
    };
    let first = pieces.first()?.folded;
    let second = close(1)?;
    if let (Some(month), Some(year)) = (month_named(first), full_year(second)) {
        return Some((vec![format!("{year}-{month:02}")], 2));
    }
    let third = close(2)?;
    if let (Some(year), Some(month), Some(day)) = (full_year(first), number(second, 12), number(third, 31)) {
        return Some((vec![day_term(year, month, day)], 3));
    }
    let day = number(first, 31)?;
    let month = number(second, 12).or_else(|| month_named(second))?;
    let terms: Vec<_> = any_year(third).into_iter().map(|year| day_term(year, month, day)).collect();
    (!terms.is_empty()).then_some((terms, 3))
}

fn day_term(year: u16, month: u8, day: u8) -> String {
    format!("{year}-{month:02}-{day:02}")
}

/// The months by their folded names. Every word of every page is looked up here.
static FOLDED_MONTHS: LazyLock<HashMap<String, u8>> =
    LazyLock::new(|| MONTHS.iter().map(|(name, month)| (fold_whole(name), *month)).collect());

fn month_named(folded: &str) -> Option<u8> {
    FOLDED_MONTHS.get(folded).copied()
}

/// One or two digits, from 1.
fn number(text: &str, most: u8) -> Option<u8> {
    if text.len() > 2 {
        return None;
    }
    text.parse().ok().filter(|number| (1..=most).contains(number))
}

fn full_year(text: &str) -> Option<u16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|year| digits && YEARS.contains(year))
}

fn any_year(text: &str) -> Vec<u16> {
    if let Some(year) = full_year(text) {
        return vec![year];
    }
    let short = text.parse::<u16>().ok().filter(|_| text.len() == 2);
    short.map_or_else(Vec::new, |short| {
        let mut years = vec![1900 + short];
        years.extend((short <= YOUNG_MAX).then_some(2000 + short));
        years
    })
}

#[cfg(test)]
mod tests {
    use super::super::chunks;
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        dates(&chunks(text)).into_iter().flat_map(|dated| dated.terms).collect()
    }

    #[test]
    fn one_day_is_one_term_however_it_is_written() {
        for text in [
            "am 12.3.1958 genehmigt",
            "den 12. 03. 1958",
            "Kesterbrück, 12. März 1958",
            "12.Maerz 1958",
            "1958-03-12",
            "12/3/1958",
            "vom 12.3.58",
        ] {
            assert_eq!(terms(text), ["1958-03-12"], "{text}");
        }
        assert_eq!(terms("im März 1958"), ["1958-03"]);
        assert_eq!(terms("am 1.2.03"), ["1903-02-01", "2003-02-01"]);
        assert_eq!(terms("3. Mai 1961 bis 4.6.1961"), ["1961-05-03", "1961-06-04"]);
    }

    #[test]
    fn what_only_looks_like_a_date_is_none() {
        for text in
            ["32.3.1958", "12.13.1958", "Flur 4, 118/2", "02091-C-71", "§ 34 BauGB", "12 Mai", "1,50 DM", ""]
        {
            assert_eq!(terms(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_mark_covers_the_whole_date() {
        let text = "Genehmigt am 12. März 1958.";
        let [found] = &dates(&chunks(text))[..] else { panic!("one date") };
        assert_eq!(&text[found.source.clone()], "12. März 1958");
    }

    #[test]
    fn years_stand_alone_and_in_dates() {
        let found = years(&chunks("Bj. 1911, umgebaut 12.3.58; Nr. 4711, DIN 276, 99999"));
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [1911, 1958]);
    }
}
