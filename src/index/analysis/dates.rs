//! Dates and years in a text, however they are written: `12.3.1958`, `12.03.58`, `1958-03-12`, `12. März 1958`,
//! `März 1958`. A date is a term of its own, so that one spelling finds the others.
//!
//! A year of two digits is one of the last century, up to [`YOUNG_MAX`] also one of this; four digits are what they say.
//! Three short numbers are a date only if they are written as one (`12.3.58`, `12. 3. 58`, `12/3/58`, `12-3-58`), and are
//! neither part of a longer number (`63.10.12.01`) nor called something else (`Az. 10.12.01`, `Abschnitt 1.2.03`).
//!
//! Known limits: a number of four digits may be no year and still be found as one; `10.12.01` alone is a date even where
//! it is a reference number.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use super::{Chunk, chunks, fold_whole};

/// Numbers that are years.
const YEARS: RangeInclusive<u16> = 1500..=2099;
/// Up to this a year of two digits may be one of this century.
const YOUNG_MAX: u16 = 40;
/// Most bytes between the parts of a date: `12. März 1958`.
const GAP_BYTES_MAX: usize = 3;
/// Words before three numbers that are no date; folded.
const NO_DATES: [&str; 22] = [
    "az",
    "aktenzeichen",
    "geschaftszeichen",
    "aktenplan",
    "klasse",
    "gruppe",
    "abschnitt",
    "abschn",
    "kapitel",
    "kap",
    "ziffer",
    "ziff",
    "punkt",
    "nr",
    "nummer",
    "position",
    "pos",
    "titel",
    "version",
    "din",
    "tz",
    "abb",
];
/// Behind a number of two digits that is no year: `3. Mai 12 Uhr`.
const HOUR: &str = "uhr";
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

/// A text in pieces.
pub(in crate::index) struct Reading<'a> {
    text: &'a str,
    pieces: Vec<Piece<'a>>,
}

/// Every date in this text, in order, without overlaps.
pub(in crate::index) fn dates(reading: &Reading<'_>) -> Vec<Dated> {
    let pieces = &reading.pieces;
    let (mut found, mut at, mut is_behind_date) = (Vec::new(), 0, false);
    while at < pieces.len() {
        let date = reading.date_at(at, is_behind_date);
        is_behind_date = date.is_some();
        match date {
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

/// Every year in this text, alone or in one of its dates.
pub(in crate::index) fn years(reading: &Reading<'_>, dates: &[Dated]) -> BTreeSet<u16> {
    let alone = reading.pieces.iter().filter_map(|piece| full_year(piece.folded));
    let dated = dates.iter().flat_map(|dated| &dated.terms);
    alone.chain(dated.filter_map(|term| term.get(..4)?.parse().ok())).collect()
}

/// Every year in a text, alone or in a date.
#[must_use]
pub fn years_of(text: &str) -> Vec<u16> {
    let chunks = chunks(text);
    let reading = Reading::of(text, &chunks);
    years(&reading, &dates(&reading)).into_iter().collect()
}

/// The day or the month that this text is, and nothing else.
pub(in crate::index) fn date_of(text: &str) -> Option<Vec<String>> {
    let chunks = chunks(text);
    let reading = Reading::of(text, &chunks);
    let (terms, length) = reading.date_at(0, false)?;
    (length == reading.pieces.len()).then_some(terms)
}

impl<'a> Reading<'a> {
    /// A text whose pieces were read: each folded, and where it stands.
    pub(in crate::index) fn new(
        text: &'a str,
        pieces: impl Iterator<Item = (&'a str, &'a Range<usize>)>,
    ) -> Self {
        Self { text, pieces: pieces.map(|(folded, source)| Piece { folded, source }).collect() }
    }

    /// A text whose chunks these are.
    pub(in crate::index) fn of(text: &'a str, chunks: &'a [Chunk]) -> Self {
        let of = |chunk| Chunk::words(chunk).zip(chunk.pieces.iter().map(|piece| &piece.source));
        Self::new(text, chunks.iter().flat_map(of))
    }

    fn folded(&self, at: usize) -> Option<&'a str> {
        self.pieces.get(at).map(|piece| piece.folded)
    }

    /// What stands between a piece and the one before it; none if one of them is missing.
    fn before(&self, at: usize) -> Option<&'a str> {
        let (before, here) = (self.pieces.get(at.checked_sub(1)?)?, self.pieces.get(at)?);
        self.text.get(before.source.end..here.source.start)
    }

    /// The piece, if it stands close enough behind the one before it.
    fn close(&self, at: usize) -> Option<&'a str> {
        self.before(at).filter(|gap| gap.len() <= GAP_BYTES_MAX)?;
        self.folded(at)
    }

    /// The date that begins at this piece, and of how many pieces it is.
    fn date_at(&self, at: usize, is_behind_date: bool) -> Option<(Vec<String>, usize)> {
        let (first, second) = (self.folded(at)?, self.close(at + 1)?);
        // Years before months: every word of every page comes by here, and most are neither.
        if let Some((year, month)) = full_year(second).and_then(|year| Some((year, month_named(first)?))) {
            return Some((vec![format!("{year}-{month:02}")], 2));
        }
        let third = self.close(at + 2)?;
        if let (Some(year), Some(month), Some(day)) =
            (full_year(first), number(second, 12), number(third, 31))
        {
            return Some((vec![day_term(year, month, day)], 3));
        }
        let day = number(first, 31)?;
        let named = month_named(second);
        let month = number(second, 12).or(named)?;
        let years = match full_year(third) {
            Some(year) => vec![year],
            None if self.is_short_date(at, named.is_some(), is_behind_date) => years_of_two_digits(third),
            None => Vec::new(),
        };
        let terms: Vec<_> = years.into_iter().map(|year| day_term(year, month, day)).collect();
        (!terms.is_empty()).then_some((terms, 3))
    }

    /// Three numbers are many things. With a year of two digits they are a date only if they are written as one, are
    /// no part of a longer number, and nothing before or behind them says what else they are.
    fn is_short_date(&self, at: usize, has_named_month: bool, is_behind_date: bool) -> bool {
        if self.folded(at + 3) == Some(HOUR) {
            return false;
        }
        if has_named_month {
            let gap = self.before(at + 2).unwrap_or_default();
            return gap.chars().all(|c| matches!(c, ' ' | '\u{a0}' | '.' | '\'' | '’'))
                && !self.goes_on(at + 3);
        }
        let is_said = self.close(at).is_some() && at.checked_sub(1).is_some_and(|at| self.is_said(at));
        self.has_signs_of_date(at)
            && (is_behind_date || !self.goes_on(at))
            && (!self.goes_on(at + 3) || self.has_signs_of_date(at + 3))
            && (is_behind_date || !is_said)
    }

    /// A word that says that a number comes.
    fn is_said(&self, at: usize) -> bool {
        self.folded(at).is_some_and(|word| NO_DATES.contains(&word))
    }

    /// Two numbers with one sign between them, as in `63-10`, of which this is the second.
    fn goes_on(&self, at: usize) -> bool {
        let is_number =
            |at: usize| self.folded(at).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
        let is_one_sign = self.before(at).is_some_and(|gap| {
            let mut signs = gap.chars();
            signs.next().is_some_and(|c| matches!(c, '-' | '.' | '/' | '_' | '–' | '+'))
                && signs.next().is_none()
        });
        is_one_sign && is_number(at) && is_number(at - 1)
    }

    /// `12.3.58`, `12. 3. 58`, `12/3/58`, `12-3-58`
    fn has_signs_of_date(&self, at: usize) -> bool {
        let (Some(first), Some(second)) = (self.before(at + 1), self.before(at + 2)) else { return false };
        let is_point = |gap: &str| gap.trim_matches([' ', '\u{a0}']) == ".";
        (is_point(first) && is_point(second)) || (first == second && matches!(first, "/" | "-"))
    }
}

fn day_term(year: u16, month: u8, day: u8) -> String {
    format!("{year}-{month:02}-{day:02}")
}

/// The months by their folded names.
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

fn years_of_two_digits(text: &str) -> Vec<u16> {
    let short = text.parse::<u16>().ok().filter(|_| text.len() == 2);
    short.map_or_else(Vec::new, |short| {
        let mut years = vec![1900 + short];
        years.extend((short <= YOUNG_MAX).then_some(2000 + short));
        years
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let chunks = chunks(text);
        dates(&Reading::of(text, &chunks)).into_iter().flat_map(|dated| dated.terms).collect()
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
            "vom 12. 3. 58",
            "12.03.58/Mü",
            "12/3/58",
            "12-3-58",
            "12. März 58",
            "12. März '58",
            "12.3.58, 14.30 Uhr",
            "Nr. 7 vom 12.3.58",
            "Az. 63 vom 12.3.1958",
        ] {
            assert_eq!(terms(text), ["1958-03-12"], "{text}");
        }
        assert_eq!(terms("im März 1958"), ["1958-03"]);
        assert_eq!(terms("3. Mai 1961 bis 4.6.1961"), ["1961-05-03", "1961-06-04"]);
        for text in ["1.3.58-5.4.60", "1.3.58 bis 5.4.60", "1.3.58–5.4.1960", "12. – 1.3.58, 5.4.60"] {
            assert_eq!(terms(text), ["1958-03-01", "1960-04-05"], "{text}");
        }
    }

    #[test]
    fn a_year_of_two_digits_may_be_of_two_centuries_and_one_of_four_is_what_it_says() {
        for (text, expected) in [
            ("am 1.2.03", &["1903-02-01", "2003-02-01"][..]),
            ("07.12.19", &["1919-12-07", "2019-12-07"]),
            ("7. Dezember 19", &["1919-12-07", "2019-12-07"]),
            ("7.12.1919", &["1919-12-07"]),
            ("7.12.2019", &["2019-12-07"]),
            ("7.12.58", &["1958-12-07"]),
            ("7.12.1458", &[]),
            ("7.12.195", &[]),
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_date_is_none() {
        for text in [
            "32.3.1958",
            "12.13.1958",
            "Flur 4, 118/2",
            "02091-C-71",
            "§ 34 BauGB",
            "12 Mai",
            "1,50 DM",
            "",
            "Abschnitt 1.2.3",
            "1.2.3",
            "Abschnitt 1.2.03",
            "Az. 10.12.01",
            "Az.: 10.12.01",
            "Nr. 10.12.01",
            "DIN 10-12-58",
            "10.12.01-1042",
            "63.10.12.01",
            "63-10.12.01",
            "63/10/12/58",
            "12.3.58.7",
            "Blatt 3, 12, 58",
            "12 10 45",
            "3.\n12.\n58",
            "12.10,58 DM",
            "12.3/58",
            "3. Mai 12 Uhr",
            "3. Mai 12.30 Uhr",
            "1.250.000",
        ] {
            assert_eq!(terms(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_mark_covers_the_whole_date() {
        let text = "Genehmigt am 12. März 1958.";
        let chunks = chunks(text);
        let [found] = &dates(&Reading::of(text, &chunks))[..] else { panic!("one date") };
        assert_eq!(&text[found.source.clone()], "12. März 1958");
    }

    #[test]
    fn years_stand_alone_and_in_dates() {
        let text = "Bj. 1911, umgebaut 12.3.58; Nr. 4711, DIN 276, 99999";
        assert_eq!(years_of(text), [1911, 1958]);
    }

    #[test]
    fn a_long_row_of_dates_is_read_to_its_end() {
        assert_eq!(terms(&"1.3.58-".repeat(50_000)).len(), 50_000);
    }
}
