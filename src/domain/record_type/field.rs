//! A field of a record type: what it takes, and in which form that is kept. Knows no file.

use jiff::civil::Date;

use super::FieldName;
use crate::domain::case_file::ReferenceNumber;
use crate::domain::query::YEARS;

/// Longest value on one line, in characters.
pub const TEXT_CHARS_MAX: usize = 400;
/// Longest value of several lines, in characters.
pub const LONG_TEXT_CHARS_MAX: usize = 4_000;
/// Most digits of a number before its comma.
const DIGITS_MAX: usize = 15;
/// Most digits behind it.
const DECIMALS_MAX: usize = 6;

/// A field of a record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name: what manifests and rules call it.
    pub name: FieldName,
    /// What people read, German.
    pub label: String,
    /// What belongs here, German; empty if the label says it.
    pub help: String,
    /// What it takes.
    pub kind: FieldKind,
    /// No file is opened without it.
    pub is_required: bool,
    /// It says something about a person.
    pub is_personal: bool,
    /// Matches may be narrowed by it.
    pub is_facet: bool,
    /// Where it goes in an xdomea message; none: it stays here.
    pub xdomea: Option<XdomeaElement>,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A line.
    Text,
    /// Several lines.
    LongText,
    /// A number, with a comma or without.
    Number,
    /// A day.
    Date,
    /// A year.
    Year,
    /// Euro and cent.
    Money,
    /// Yes or no.
    YesNo,
    /// One of these.
    Choice(Vec<String>),
    /// Somebody: a person or an organisation.
    Person,
    /// A postal address on one line.
    Address,
    /// Gemarkung, Flur, Flurstück.
    Parcel,
    /// A reference number.
    Reference,
}

impl FieldKind {
    /// The codes of all of them, as formats write them.
    pub const CODES: [&'static str; 12] = [
        "text",
        "long_text",
        "number",
        "date",
        "year",
        "money",
        "yes_no",
        "choice",
        "person",
        "address",
        "parcel",
        "reference",
    ];

    /// As formats write it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Year => "year",
            Self::Money => "money",
            Self::YesNo => "yes_no",
            Self::Choice(_) => "choice",
            Self::Person => "person",
            Self::Address => "address",
            Self::Parcel => "parcel",
            Self::Reference => "reference",
        }
    }

    /// The kind of this code; a choice takes the options. None for another code.
    #[must_use]
    pub fn of(code: &str, options: Vec<String>) -> Option<Self> {
        Some(match code {
            "text" => Self::Text,
            "long_text" => Self::LongText,
            "number" => Self::Number,
            "date" => Self::Date,
            "year" => Self::Year,
            "money" => Self::Money,
            "yes_no" => Self::YesNo,
            "choice" => Self::Choice(options),
            "person" => Self::Person,
            "address" => Self::Address,
            "parcel" => Self::Parcel,
            "reference" => Self::Reference,
            _ => return None,
        })
    }

    /// A few values that many files share: only by such a field are matches narrowed.
    #[must_use]
    pub fn is_fit_for_facets(&self) -> bool {
        matches!(self, Self::Text | Self::Year | Self::YesNo | Self::Choice(_))
    }

    /// The value in the form it is kept in; none if it does not fit. `text` has no blanks at its ends.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<String> {
        let chars = text.chars().count();
        let line =
            || (chars <= TEXT_CHARS_MAX && !text.chars().any(char::is_control)).then(|| text.to_owned());
        match self {
            Self::Text => line(),
            Self::LongText => {
                let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
                (chars <= LONG_TEXT_CHARS_MAX && !text.contains(is_odd)).then(|| text.replace("\r\n", "\n"))
            }
            Self::Number => number(text),
            Self::Date => date(text).map(|day| day.to_string()),
            Self::Year => {
                let year: u16 = text.parse().ok().filter(|_| text.len() == 4)?;
                YEARS.contains(&year).then(|| text.to_owned())
            }
            Self::Money => money(text),
            Self::YesNo => ["ja", "nein"].into_iter().find(|word| same(word, text)).map(str::to_owned),
            Self::Choice(options) => options.iter().find(|option| same(option, text)).cloned(),
            Self::Person | Self::Address => line().filter(|text| text.contains(char::is_alphabetic)),
            Self::Parcel => line().filter(|text| text.contains(|c: char| c.is_ascii_digit())),
            Self::Reference => text.parse::<ReferenceNumber>().ok().map(|number| number.to_string()),
        }
    }
}

/// Words that differ in upper and lower case only.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `-12` or `12,5`. A full stop is refused: in `1.200` one means a thousand, and another means one.
fn number(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once(',').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let fits = all_digits(digits)
        && digits.len() <= DIGITS_MAX
        && decimals.is_none_or(|decimals| all_digits(decimals) && decimals.len() <= DECIMALS_MAX);
    fits.then(|| text.to_owned())
}

/// `2014-03-12` or `12.3.2014`.
fn date(text: &str) -> Option<Date> {
    let Some((day, rest)) = text.split_once('.') else {
        return text.parse().ok().filter(|_| text.len() == 10);
    };
    let (month, year) = rest.split_once('.')?;
    if ![day, month, year].into_iter().all(all_digits) || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `1.234,50 €`, `1234,50 EUR`, `1234`; kept as `1234,50`.
fn money(text: &str) -> Option<String> {
    let bare = text.strip_suffix('€').or_else(|| text.strip_suffix("EUR")).unwrap_or(text).trim_end();
    let (minus, bare) = bare.strip_prefix('-').map_or(("", bare), |bare| ("-", bare));
    let (euro, cent) = bare.split_once(',').unwrap_or((bare, "00"));
    let mut groups = euro.split('.');
    let first = groups.next()?;
    let grouped = euro.contains('.');
    let fits = all_digits(first)
        && (!grouped || first.len() <= 3)
        && groups.all(|group| all_digits(group) && group.len() == 3)
        && euro.len() <= DIGITS_MAX
        && all_digits(cent)
        && cent.len() == 2;
    fits.then(|| format!("{minus}{},{cent}", euro.replace('.', "")))
}

/// An element of a file in an xdomea message 3.x that a field can go into. What the office fills itself (Betreff,
/// Kennzeichen, Aktenplaneinheit, Typ, Laufzeit, Standort, ZdA) is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum XdomeaElement {
    /// Lead unit.
    Federfuehrung,
    /// Record-keeping unit.
    Aktenfuehrung,
    /// Remark.
    Bemerkung,
    /// Somebody who has to do with the file.
    Kontakt,
    /// Another file, by its reference number.
    Verweis,
    /// A field of the application, with name, type and value.
    Feld,
}

impl XdomeaElement {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Federfuehrung, Self::Aktenfuehrung, Self::Bemerkung, Self::Kontakt, Self::Verweis, Self::Feld];

    /// Its path below `Akte`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Federfuehrung => "AllgemeineMetadaten/Federfuehrung",
            Self::Aktenfuehrung => "AllgemeineMetadaten/Aktenfuehrung",
            Self::Bemerkung => "AllgemeineMetadaten/Bemerkung",
            Self::Kontakt => "Kontakt",
            Self::Verweis => "Verweis/SGOKennzeichen",
            Self::Feld => "AnwendungsspezifischeErweiterung/Feldgruppe/Feld",
        }
    }

    /// The element of this path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|element| element.path() == path)
    }

    /// It stands once in a file at the most.
    #[must_use]
    pub fn is_single(self) -> bool {
        matches!(self, Self::Federfuehrung | Self::Aktenfuehrung | Self::Bemerkung)
    }

    /// It can hold what such a field takes.
    #[must_use]
    pub fn holds(self, kind: &FieldKind) -> bool {
        match self {
            Self::Federfuehrung | Self::Aktenfuehrung => {
                matches!(kind, FieldKind::Text | FieldKind::Choice(_))
            }
            Self::Bemerkung => matches!(kind, FieldKind::Text | FieldKind::LongText),
            Self::Kontakt => matches!(kind, FieldKind::Person),
            Self::Verweis => matches!(kind, FieldKind::Reference),
            Self::Feld => true,
        }
    }
}
