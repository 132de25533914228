//! Cuts a typed query into tokens with their places.

use std::ops::RangeInclusive;

use super::{
    HitKind, NEAR_MAX, NEAR_USUAL, PREFIX_CHARS_MIN, PhaseName, Place, QueryMistake, SIMILAR_CHARS_MIN, Text,
    Trait, YEARS,
};
use crate::domain::case_file::ClassNumber;
use crate::domain::record_type::RecordTypeId;
use crate::domain::register::RegisterNumber;

/// A token and the byte position where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub at: usize,
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Text(Place, Text),
    Class(ClassNumber),
    Years(RangeInclusive<u16>),
    Trait(Trait),
    /// A sign without letter or digit: takes the place of a word, but asks for nothing.
    Noise,
}

/// The names before a colon that have a meaning.
enum Field {
    Place(Place),
    Class,
    Years,
    Phase,
    Kind,
    Type,
    Register,
}

pub(super) fn mistake(at: usize, reason: impl Into<String>) -> QueryMistake {
    QueryMistake { at, reason: reason.into() }
}

/// All tokens of `input`, in order.
pub(super) fn tokens(input: &str) -> Result<Vec<Token>, QueryMistake> {
    let mut lexer = Lexer { input, at: 0, tokens: Vec::new() };
    while let Some(c) = lexer.peek() {
        lexer.step(c)?;
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    input: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, at: usize, kind: Kind) {
        self.tokens.push(Token { at, kind });
    }

    fn step(&mut self, c: char) -> Result<(), QueryMistake> {
        let at = self.at;
        match c {
            _ if is_blank(c) => self.at += c.len_utf8(),
            '(' | ')' => {
                self.at += 1;
                self.push(at, if c == '(' { Kind::Open } else { Kind::Close });
            }
            '-' if self.excludes_something() => {
                self.at += self.rest().len() - self.rest().trim_start_matches('-').len();
                self.push(at, Kind::Not);
            }
            _ if closing_quotes(c).is_some() => {
                let phrase = self.phrase()?;
                self.push(at, Kind::Text(Place::Content, phrase));
            }
            _ => self.word()?,
        }
        Ok(())
    }

    /// Hyphens here stand directly before a word, quote or bracket.
    fn excludes_something(&self) -> bool {
        let behind = self.rest().trim_start_matches('-').chars().next();
        behind.is_some_and(|c| c == '(' || c.is_alphanumeric() || closing_quotes(c).is_some())
    }

    /// A phrase whose opening quote stands here.
    fn phrase(&mut self) -> Result<Text, QueryMistake> {
        let at = self.at;
        let open = self.peek().unwrap_or('"');
        let closing = closing_quotes(open).unwrap_or(&['"']);
        let inner_at = at + open.len_utf8();
        let inner = &self.input[inner_at..];
        let Some(len) = inner.find(closing) else {
            return Err(mistake(at, "Das schließende Anführungszeichen fehlt."));
        };
        let close_len = inner[len..].chars().next().map_or(0, char::len_utf8);
        self.at = inner_at + len + close_len;
        let text = &inner[..len];
        if !has_word(text) {
            return Err(mistake(at, "Zwischen den Anführungszeichen steht kein Wort."));
        }
        let text = text.trim().to_owned();
        Ok(match self.distance(at)? {
            Some(distance) => Text::Near(text, distance),
            None => Text::Phrase(text),
        })
    }

    /// `~8` or `~` directly behind a phrase that stands at `at`.
    fn distance(&mut self, at: usize) -> Result<Option<u8>, QueryMistake> {
        let Some(behind) = self.rest().strip_prefix('~') else { return Ok(None) };
        let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.at += 1 + digits;
        if digits == 0 {
            return Ok(Some(NEAR_USUAL));
        }
        let distance = behind[..digits].parse().ok().filter(|distance| *distance <= NEAR_MAX);
        distance.map(Some).ok_or_else(|| {
            mistake(at, format!("Zwischen den Wörtern dürfen höchstens {NEAR_MAX} andere stehen."))
        })
    }

    fn word(&mut self) -> Result<(), QueryMistake> {
        let at = self.at;
        let is_end = |c: char| is_blank(c) || matches!(c, '(' | ')') || closing_quotes(c).is_some();
        let len = self.rest().find(is_end).unwrap_or(self.rest().len());
        let word = &self.rest()[..len];
        self.at += len;
        let kind = match (word, split_field(word)) {
            ("UND" | "AND", _) => Kind::And,
            ("ODER" | "OR", _) => Kind::Or,
            ("NICHT" | "NOT", _) => Kind::Not,
            (_, Some((field, name, value))) => self.field(at, &field, name, value)?,
            (_, None) => text_of(at, word)?.map_or(Kind::Noise, |text| Kind::Text(Place::Content, text)),
        };
        self.push(at, kind);
        Ok(())
    }

    fn field(&mut self, at: usize, field: &Field, name: &str, value: &str) -> Result<Kind, QueryMistake> {
        let value_at = at + name.len() + 1;
        match field {
            Field::Years => return years_of(value_at, value),
            Field::Phase => return phase_of(value_at, value),
            Field::Kind => return kind_of(value_at, value),
            Field::Type => return type_of(value_at, value),
            Field::Register => return register_of(value_at, value),
            Field::Place(_) | Field::Class => {}
        }
        let quoted = value.is_empty() && self.peek().is_some_and(|c| closing_quotes(c).is_some());
        let text = if quoted { Some(self.phrase()?) } else { text_of(value_at, value)? };
        let Some(text) = text else {
            let reason = format!("Direkt hinter „{name}:“ fehlt, wonach gesucht werden soll.");
            return Err(mistake(value_at, reason));
        };
        match field {
            Field::Place(place) => Ok(Kind::Text(*place, text)),
            _ => class_of(value_at, text.as_str()),
        }
    }
}

fn class_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    text.trim_end_matches('.')
        .parse()
        .map(Kind::Class)
        .map_err(|_| mistake(at, format!("„{text}“ ist keine Klasse des Aktenplans. Beispiel: klasse:63.10")))
}

/// `1958`, `1950..1965`, `..1920`, `1990..`
fn years_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    let year = |text: &str| text.parse().ok().filter(|year| text.len() == 4 && YEARS.contains(year));
    let end = |text: &str, open: u16| if text.is_empty() { Some(open) } else { year(text) };
    let range = match text.split_once("..") {
        None => year(text).map(|year| year..=year),
        Some(("", "")) => None,
        Some((from, to)) => end(from, *YEARS.start()).zip(end(to, *YEARS.end())).map(|(from, to)| from..=to),
    };
    match range {
        None => Err(mistake(at, format!("„{text}“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"))),
        Some(range) if range.is_empty() => {
            Err(mistake(at, "Das erste Jahr liegt nach dem zweiten. Beispiel: jahr:1950..1965"))
        }
        Some(range) => Ok(Kind::Years(range)),
    }
}

fn phase_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    let phase = PhaseName::typed(text).map(|phase| Kind::Trait(Trait::Phase(phase)));
    phase.ok_or_else(|| none_of(at, text, "Phase einer Akte", &PhaseName::ALL.map(PhaseName::word)))
}

fn kind_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    let kind = HitKind::typed(text).map(|kind| Kind::Trait(Trait::Kind(kind)));
    kind.ok_or_else(|| none_of(at, text, "Art von Treffern", &HitKind::ALL.map(HitKind::word)))
}

fn type_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    let name = text.to_lowercase();
    let sought = if name == RecordTypeId::NONE { Ok(None) } else { name.parse().map(Some) };
    let kind = sought.map(|sought| Kind::Trait(Trait::Type(sought)));
    kind.map_err(|_| {
        mistake(at, format!("„{text}“ ist kein Name einer Aktenart. Beispiel: aktenart:bauakte"))
    })
}

fn register_of(at: usize, text: &str) -> Result<Kind, QueryMistake> {
    if text.to_lowercase() == RegisterNumber::NONE {
        return Ok(Kind::Trait(Trait::Register(None)));
    }
    let word = text.parse::<RegisterNumber>().ok().and_then(|number| number.word());
    let kind = word.map(|word| Kind::Trait(Trait::Register(Some(word))));
    kind.ok_or_else(|| {
        mistake(at, format!("„{text}“ ist keine Nummer eines Registers. Beispiel: register:3"))
    })
}

fn none_of(at: usize, text: &str, what: &str, words: &[&str]) -> QueryMistake {
    mistake(at, format!("„{text}“ ist keine {what}. Möglich sind: {}.", words.join(", ")))
}

/// Stands between words, if it is typed so.
pub(super) fn is_operator(word: &str) -> bool {
    matches!(word, "UND" | "AND" | "ODER" | "OR" | "NICHT" | "NOT")
}

/// The place that a field of this name looks in; none of it if it is a field that names no place.
pub(super) fn field_named(name: &str) -> Option<Option<Place>> {
    match field_of(name)? {
        Field::Place(place) => Some(Some(place)),
        Field::Class | Field::Years | Field::Phase | Field::Kind | Field::Type | Field::Register => {
            Some(None)
        }
    }
}

/// A known field name, as typed, and what stands behind its colon.
fn split_field(word: &str) -> Option<(Field, &str, &str)> {
    let (name, value) = word.split_once(':')?;
    Some((field_of(name)?, name, value))
}

fn field_of(name: &str) -> Option<Field> {
    Some(match name.to_lowercase().as_str() {
        "az" | "aktenzeichen" => Field::Place(Place::Reference),
        "titel" => Field::Place(Place::Title),
        "datei" => Field::Place(Place::FileName),
        "straße" | "strasse" | "str" | "adresse" => Field::Place(Place::Street),
        "flurstück" | "flurstueck" | "flur" | "gemarkung" => Field::Place(Place::Parcel),
        "klasse" => Field::Class,
        "jahr" => Field::Years,
        "phase" => Field::Phase,
        "art" | "dokumentart" => Field::Kind,
        "aktenart" => Field::Type,
        "register" => Field::Register,
        _ => return None,
    })
}

/// The word, or the beginning of words if stars stand at its end; none if it is a mere sign.
fn text_of(at: usize, word: &str) -> Result<Option<Text>, QueryMistake> {
    if let Some(word) = word.strip_suffix('~').filter(|word| has_word(word)) {
        return similar_to(at, word).map(Some);
    }
    let stem = word.trim_end_matches('*');
    if let Some(star) = stem.find('*') {
        return Err(mistake(at + star, "Das Sternchen darf nur am Ende eines Wortes stehen."));
    }
    if stem.len() == word.len() {
        return Ok(has_word(word).then(|| Text::Word(word.to_owned())));
    }
    if stem.chars().filter(|c| c.is_alphanumeric()).count() < PREFIX_CHARS_MIN {
        let reason =
            format!("Vor dem Sternchen müssen mindestens {PREFIX_CHARS_MIN} Buchstaben oder Ziffern stehen.");
        return Err(mistake(at, reason));
    }
    Ok(Some(Text::Prefix(stem.to_owned())))
}

fn similar_to(at: usize, word: &str) -> Result<Text, QueryMistake> {
    if word.chars().count() < SIMILAR_CHARS_MIN || !word.chars().all(char::is_alphabetic) {
        let reason =
            format!("Vor der Tilde muss ein Wort aus mindestens {SIMILAR_CHARS_MIN} Buchstaben stehen.");
        return Err(mistake(at, reason));
    }
    Ok(Text::Similar(word.to_owned()))
}

/// Blanks and control characters part words.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// The quotes that close a phrase opened by `c`; none if `c` is no quote.
pub(super) fn closing_quotes(c: char) -> Option<&'static [char]> {
    match c {
        '"' => Some(&['"']),
        '„' | '“' | '”' => Some(&['“', '”', '"']),
        '«' => Some(&['»']),
        '»' => Some(&['«']),
        _ => None,
    }
}

fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
