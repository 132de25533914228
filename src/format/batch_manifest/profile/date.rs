//! Patterns of dates: `TT.MM.JJJJ` and what else scanning companies write. A year has four digits: whoever wrote two cannot
//! say whether a building file is of 1924 or 2024.

use std::fmt;

use jiff::civil::Date;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A day of two digits, or of one or two.
    Day(bool),
    /// A month of two digits, or of one or two.
    Month(bool),
    Year,
    Sign(char),
}

/// How a day is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format::batch_manifest) struct DatePattern(Vec<Part>);

impl Default for DatePattern {
    /// As our own lists have it: `JJJJ-MM-TT`.
    fn default() -> Self {
        let sign = Part::Sign('-');
        Self(vec![Part::Year, sign, Part::Month(true), sign, Part::Day(true)])
    }
}

impl fmt::Display for DatePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Day(true) => f.write_str("TT"),
            Part::Day(false) => f.write_str("T"),
            Part::Month(true) => f.write_str("MM"),
            Part::Month(false) => f.write_str("M"),
            Part::Year => f.write_str("JJJJ"),
            Part::Sign(sign) => write!(f, "{sign}"),
        })
    }
}

impl DatePattern {
    /// A pattern out of its text; none if a part of the date is missing, is there twice, or cannot be told from its
    /// neighbour.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let known = [
                ("JJJJ", Part::Year),
                ("TT", Part::Day(true)),
                ("MM", Part::Month(true)),
                ("T", Part::Day(false)),
                ("M", Part::Month(false)),
            ];
            let (part, length) = match known.iter().find(|(letters, _)| rest.starts_with(letters)) {
                Some((letters, part)) => (*part, letters.len()),
                None if first.is_ascii_punctuation() || first == ' ' => (Part::Sign(first), 1),
                None => return None,
            };
            parts.push(part);
            rest = &rest[length..];
        }
        let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
        let once = count(|part| matches!(part, Part::Day(_))) == 1
            && count(|part| matches!(part, Part::Month(_))) == 1
            && count(|part| matches!(part, Part::Year)) == 1;
        // What has one digit or two ends where a sign stands.
        let vague = |part: &Part| matches!(part, Part::Day(false) | Part::Month(false));
        let told = parts.windows(2).all(|pair| !vague(&pair[0]) || matches!(pair[1], Part::Sign(_)));
        (once && told).then_some(Self(parts))
    }

    /// The day that a text names; none if it names none.
    pub(in crate::format::batch_manifest) fn read(&self, text: &str) -> Option<Date> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for part in &self.0 {
            match part {
                Part::Sign(sign) => rest = rest.strip_prefix(*sign)?,
                Part::Day(both) => day = number(&mut rest, if *both { 2..=2 } else { 1..=2 })?,
                Part::Month(both) => month = number(&mut rest, if *both { 2..=2 } else { 1..=2 })?,
                Part::Year => year = number(&mut rest, 4..=4)?,
            }
        }
        if !rest.is_empty() {
            return None;
        }
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }

    /// A day in this pattern.
    pub(in crate::format::batch_manifest) fn write(&self, date: Date) -> String {
        let written = self.0.iter().map(|part| match part {
            Part::Day(true) => format!("{:02}", date.day()),
            Part::Day(false) => date.day().to_string(),
            Part::Month(true) => format!("{:02}", date.month()),
            Part::Month(false) => date.month().to_string(),
            Part::Year => format!("{:04}", date.year()),
            Part::Sign(sign) => sign.to_string(),
        });
        written.collect()
    }
}

/// As many digits as there are, and no more than may be.
fn number(rest: &mut &str, length: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let digits = rest.bytes().take(*length.end()).take_while(u8::is_ascii_digit).count();
    if digits < *length.start() {
        return None;
    }
    let (number, after) = rest.split_at(digits);
    *rest = after;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_read_as_its_pattern_says_and_written_so_again() {
        for (pattern, text) in [
            ("TT.MM.JJJJ", "01.03.1972"),
            ("JJJJMMTT", "19720301"),
            ("T.M.JJJJ", "1.3.1972"),
            ("MM/TT/JJJJ", "03/01/1972"),
        ] {
            let made = DatePattern::of(pattern).unwrap();
            assert_eq!((made.read(text), made.to_string()), (Some(date(1972, 3, 1)), pattern.to_owned()));
            assert_eq!(made.write(date(1972, 3, 1)), text);
        }
        let pattern = DatePattern::of("TT.MM.JJJJ").unwrap();
        for wrong in ["1.3.1972", "01.03.72", "32.03.1972", "01.03.1972 ", "01-03-1972", "", "0١.03.1972"] {
            assert_eq!(pattern.read(wrong), None, "{wrong}");
        }
        assert_eq!(DatePattern::of("T.M.JJJJ").unwrap().read("31.12.1972"), Some(date(1972, 12, 31)));
    }

    #[test]
    fn a_pattern_that_leaves_a_day_in_doubt_is_none() {
        for wrong in ["", "TT.MM.JJ", "TT.MM", "TT.TT.MM.JJJJ", "TMJJJJ", "YYYY-MM-DD", "TT.MMM.JJJJ"] {
            assert_eq!(DatePattern::of(wrong), None, "{wrong}");
        }
    }
}
