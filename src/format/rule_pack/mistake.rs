//! Mistakes in a pack, told in German to those who write packs.

use std::fmt;

/// A mistake in a pack or its examples. Its `Display` is for users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackMistake {
    /// Name of the file.
    pub file: String,
    /// The line, from 1; none if it stands in the reason, or is not known.
    pub line: Option<usize>,
    /// Where in it: `Regel BA-03`; empty for the file as a whole.
    pub place: String,
    /// The field; none for the entry as a whole.
    pub field: Option<String>,
    /// What is wrong, or what is expected.
    pub reason: String,
}

impl PackMistake {
    pub(super) fn at(file: &str, place: impl Into<String>) -> Self {
        let (file, place) = (file.to_owned(), place.into());
        Self { file, line: None, place, field: None, reason: String::new() }
    }

    pub(super) fn field(&self, field: &str, reason: &str) -> Self {
        Self { field: Some(field.to_owned()), reason: reason.to_owned(), ..self.clone() }
    }

    pub(super) fn whole(&self, reason: String) -> Self {
        Self { reason, ..self.clone() }
    }

    /// The same, with its line in the text: that of the field if it is found in its entry, else where the entry begins.
    pub(super) fn in_entry(self, text: &str, begins: usize) -> Self {
        let named = self.field.as_deref().or_else(|| self.reason.split('`').nth(1));
        let key = named.and_then(|field| field.split('.').next()).unwrap_or_default();
        let is_key = |line: &str| {
            let rest = line.trim_start().strip_prefix(key);
            line.trim() == format!("[{key}]") || rest.is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let mut lines = (1..).zip(text.lines()).skip(begins - 1);
        let first = lines.next().filter(|(_, line)| is_key(line));
        let entry = lines.take_while(|(_, line)| !line.starts_with("[["));
        let found = first.into_iter().chain(entry).find(|(_, line)| is_key(line));
        Self { line: Some(found.map_or(begins, |(number, _)| number)), ..self }
    }
}

impl fmt::Display for PackMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", Zeile {line}")?;
        }
        match (self.place.as_str(), &self.field) {
            ("", None) => {}
            ("", Some(field)) => write!(f, ": Feld `{field}`")?,
            (place, None) => write!(f, ": {place}")?,
            (place, Some(field)) => write!(f, ": {place}, Feld `{field}`")?,
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for PackMistake {}

/// Characters shown of a line that cannot be read.
const SHOWN_OF_A_LINE: usize = 120;

/// What the TOML reader says, in German where its words are known, with the line if there is one.
pub(crate) fn in_german(error: &toml::de::Error, text: &str) -> String {
    let Some(span) = error.span() else {
        let said = translate(error.message(), "");
        return match key_path(&error.to_string()) {
            Some(key) => format!("Feld `{key}`: {said}"),
            None => said,
        };
    };
    let before = text.get(..span.start).unwrap_or(text);
    let number = before.matches('\n').count();
    let line: String =
        text.lines().nth(number).unwrap_or_default().trim().chars().take(SHOWN_OF_A_LINE).collect();
    format!("Zeile {}: {}", number + 1, translate(error.message(), &line))
}

/// As [`in_german`]; for a field there is not, with those there are.
pub(crate) fn with_cure(error: &toml::de::Error, text: &str) -> String {
    let said = in_german(error, text);
    let names: Vec<_> = error.message().split('`').skip(1).step_by(2).collect();
    match names.split_first() {
        Some((_, known)) if error.message().starts_with("unknown field") && !known.is_empty() => {
            format!("{said}; es gibt: {}", known.join(", "))
        }
        _ => said,
    }
}

/// In German; where the words are not known, the line itself says more than English words would.
fn translate(message: &str, line: &str) -> String {
    let name = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("unbekanntes Feld `{name}`")
    } else if message.starts_with("missing field") {
        format!("das Feld `{name}` fehlt")
    } else if message.starts_with("invalid type") {
        "hier steht eine falsche Art von Wert (Text, Zahl, Liste oder ja/nein)".to_owned()
    } else if message.starts_with("invalid date") {
        format!("den Tag gibt es nicht, oder er ist nicht wie 2026-12-31 geschrieben: „{line}“")
    } else {
        format!("kein gültiges TOML: „{line}“")
    }
}

/// The last line of an error without a place in a text is "in `key`".
fn key_path(displayed: &str) -> Option<&str> {
    let line = displayed.lines().last()?;
    line.strip_prefix("in `")?.strip_suffix('`')
}
