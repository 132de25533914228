//! Patterns of reference numbers (Aktenzeichen): how the number of a new file is written. Which numbers were given is not
//! known here.

use std::fmt;
use std::str::FromStr;

use crate::domain::case_file::{ClassNumber, NotAReference, ReferenceNumber};

/// Longest pattern, in characters.
pub const PATTERN_CHARS_MAX: usize = 60;
/// Most digits a number is filled up to.
pub const WIDTH_MAX: usize = 9;
/// Most digits looked for when a number is read out of a reference number.
const DIGITS_MAX: usize = 18;

/// A pattern, such as `{class}-{year}/{number:4}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberPattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Text(String),
    Class,
    Year,
    Number { width: usize },
}

/// Not a pattern of reference numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPattern {
    /// Empty, too long, or with invisible characters.
    #[error("a pattern has 1 to {PATTERN_CHARS_MAX} visible characters")]
    Unfit,
    /// A brace that does not open or close a part.
    #[error("a brace without its other half")]
    Brace,
    /// A part there is not.
    #[error("there is no part `{{{0}}}`")]
    UnknownPart(String),
    /// Without a number all files would be called the same.
    #[error("a pattern has {{number}} once")]
    NotOneNumber,
    /// The class or the year more than once.
    #[error("{{class}} and {{year}} stand once at most")]
    Twice,
}

/// What a pattern is filled in with, beside the number: where and when the file is opened.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// The class of the file.
    pub class: &'a ClassNumber,
    /// The year it is opened in.
    pub year: i16,
}

impl NumberPattern {
    /// As it is written in the plan.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The reference number with this number.
    ///
    /// # Errors
    /// It would be too long.
    pub fn write(&self, filling: Filling<'_>, number: u64) -> Result<ReferenceNumber, NotAReference> {
        let part = |part: &Part| match part {
            Part::Number { width } => format!("{number:0width$}", width = *width),
            other => other.filled(filling),
        };
        self.parts.iter().map(part).collect::<String>().parse()
    }

    /// What all reference numbers that differ in their number alone have in common, in any spelling: within one series
    /// numbers are counted.
    #[must_use]
    pub fn series(&self, filling: Filling<'_>) -> String {
        let part = |part: &Part| match part {
            Part::Number { .. } => "#".to_owned(),
            other => fold(&other.filled(filling)),
        };
        self.parts.iter().map(part).collect()
    }

    /// The year and number with which this pattern writes a reference number, in any spelling, for a file of this class; none
    /// if it never does. The year means nothing to a pattern that has none.
    #[must_use]
    pub fn read(&self, class: &ClassNumber, reference: &ReferenceNumber) -> Option<(i16, u64)> {
        let folded = reference.fold();
        let (year, number) = read_parts(&self.parts, class, &folded)?;
        let (year, number) = (year.unwrap_or(0), number?);
        let written = self.write(Filling { class, year }, number).ok()?;
        (written.fold() == folded).then_some((year, number))
    }
}

/// Years and numbers found on the way through the parts.
type Found = (Option<i16>, Option<u64>);

fn read_parts(parts: &[Part], class: &ClassNumber, rest: &str) -> Option<Found> {
    let Some((part, behind)) = parts.split_first() else { return rest.is_empty().then_some((None, None)) };
    match part {
        Part::Text(text) => read_parts(behind, class, rest.strip_prefix(fold(text).as_str())?),
        Part::Class => read_parts(behind, class, rest.strip_prefix(fold(class.as_str()).as_str())?),
        Part::Year => {
            let (year, rest) = rest.split_at_checked(4)?;
            let year = digits(year)?.parse().ok()?;
            let (_, number) = read_parts(behind, class, rest)?;
            Some((Some(year), number))
        }
        Part::Number { width } => (*width..=DIGITS_MAX).find_map(|length| {
            let (number, rest) = rest.split_at_checked(length)?;
            let number = digits(number)?.parse().ok()?;
            let (year, _) = read_parts(behind, class, rest)?;
            Some((year, Some(number)))
        }),
    }
}

fn digits(text: &str) -> Option<&str> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}

/// As reference numbers are folded; a part of one need not be one.
fn fold(text: &str) -> String {
    text.parse::<ReferenceNumber>().map(|text| text.fold()).unwrap_or_default()
}

impl Part {
    /// As it is written; a number is not.
    fn filled(&self, filling: Filling<'_>) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Class => filling.class.to_string(),
            Self::Year => format!("{:04}", filling.year),
            Self::Number { .. } => String::new(),
        }
    }

    fn named(name: &str) -> Result<Self, NotAPattern> {
        let unknown = || NotAPattern::UnknownPart(name.to_owned());
        match name {
            "class" => Ok(Self::Class),
            "year" => Ok(Self::Year),
            "number" => Ok(Self::Number { width: 1 }),
            _ => {
                let width = name.strip_prefix("number:").and_then(digits).ok_or_else(unknown)?;
                let width = width.parse::<usize>().ok().filter(|width| (1..=WIDTH_MAX).contains(width));
                width.map(|width| Self::Number { width }).ok_or_else(unknown)
            }
        }
    }
}

impl FromStr for NumberPattern {
    type Err = NotAPattern;
    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let text = text.trim();
        let fits = (1..=PATTERN_CHARS_MAX).contains(&text.chars().count());
        if !fits || text.chars().any(char::is_control) {
            return Err(NotAPattern::Unfit);
        }
        let (mut parts, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let (literal, behind) = rest.split_at(rest.find(['{', '}']).unwrap_or(rest.len()));
            if !literal.is_empty() {
                parts.push(Part::Text(literal.to_owned()));
            }
            if behind.is_empty() {
                break;
            }
            let inner = behind.strip_prefix('{').ok_or(NotAPattern::Brace)?;
            let (name, behind) = inner.split_once('}').ok_or(NotAPattern::Brace)?;
            parts.push(Part::named(name)?);
            rest = behind;
        }
        let count = |is: fn(&Part) -> bool| parts.iter().filter(|part| is(part)).count();
        if count(|part| matches!(part, Part::Number { .. })) != 1 {
            return Err(NotAPattern::NotOneNumber);
        }
        if count(|part| *part == Part::Class) > 1 || count(|part| *part == Part::Year) > 1 {
            return Err(NotAPattern::Twice);
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> NumberPattern {
        text.parse().unwrap()
    }

    fn written(text: &str, class: &str, number: u64) -> String {
        let class = class.parse().unwrap();
        pattern(text).write(Filling { class: &class, year: 2026 }, number).unwrap().to_string()
    }

    #[test]
    fn a_pattern_is_filled_in_and_never_cuts_a_number() {
        assert_eq!(written("{class}-{year}/{number:4}", "63.10.01", 17), "63.10.01-2026/0017");
        assert_eq!(written("{class}-{year}/{number:4}", "63.10.01", 123_456), "63.10.01-2026/123456");
        assert_eq!(written("BA {number}", "63", 7), "BA 7");
    }

    #[test]
    fn what_is_no_pattern_is_told_apart() {
        let not = |text: &str| text.parse::<NumberPattern>().unwrap_err();
        assert_eq!(not(" "), NotAPattern::Unfit);
        assert_eq!(not("a\u{7}{number}"), NotAPattern::Unfit);
        assert_eq!(not(&format!("{}{{number}}", "x".repeat(60))), NotAPattern::Unfit);
        assert_eq!(not("{class"), NotAPattern::Brace);
        assert_eq!(not("class}{number}"), NotAPattern::Brace);
        assert_eq!(not("{jahr}/{number}"), NotAPattern::UnknownPart("jahr".to_owned()));
        for width in ["0", "10", "", "+3", "99999999999999999999"] {
            let name = format!("number:{width}");
            assert_eq!(not(&format!("{{{name}}}")), NotAPattern::UnknownPart(name));
        }
        assert_eq!(not("{class}-{year}"), NotAPattern::NotOneNumber);
        assert_eq!(not("{number}/{number}"), NotAPattern::NotOneNumber);
        assert_eq!(not("{year}{year}{number}"), NotAPattern::Twice);
    }

    #[test]
    fn a_number_is_read_out_of_every_spelling_the_pattern_writes_and_of_no_other() {
        let class = "63.10.01".parse().unwrap();
        let read = |text: &str, reference: &str| pattern(text).read(&class, &reference.parse().unwrap());
        let usual = "{class}-{year}/{number:4}";
        assert_eq!(read(usual, "63.10.01-2026/0017"), Some((2026, 17)));
        assert_eq!(read(usual, "63 10 01 / 2026 0017"), Some((2026, 17)));
        assert_eq!(read(usual, "63.10.01-2026/12345"), Some((2026, 12_345)));
        assert_eq!(read(usual, "63.10.01-2026/17"), None, "another reference number");
        assert_eq!(read(usual, "63.10.01-2026/00017"), None);
        assert_eq!(read(usual, "63.10.02-2026/0017"), None);
        assert_eq!(read("{number}/{year}", "42026"), Some((2026, 4)));
        assert_eq!(read("{number}/{year}", "ä2026"), None);
        assert_eq!(read("BA-{number}-x", "ba 5 X"), Some((0, 5)));
        assert_eq!(read("BA-{number}-x", "ba X"), None);
    }

    #[test]
    fn series_are_told_apart_by_what_is_written_and_not_by_signs() {
        let series = |text: &str, class: &str| {
            let class = class.parse().unwrap();
            pattern(text).series(Filling { class: &class, year: 2026 })
        };
        let usual = "{class}-{year}/{number:4}";
        assert_eq!(
            series(usual, "6.3"),
            series("{class} {year} {number}", "63"),
            "they would be called the same"
        );
        assert_ne!(series(usual, "63"), series(usual, "64"));
        assert_ne!(series("{number}/{year}", "63"), series("{year}/{number}", "63"));
    }
}
