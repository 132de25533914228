//! Mistakes in a pack, told in German to those who write packs.

use std::fmt;

/// A mistake in a pack or its examples. Its `Display` is for users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackMistake {
    /// Name of the file.
    pub file: String,
    /// Where in it: `Regel BA-03`; empty for the file as a whole.
    pub place: String,
    /// The field; none for the entry as a whole.
    pub field: Option<String>,
    /// What is wrong, or what is expected.
    pub reason: String,
}

impl PackMistake {
    pub(super) fn at(file: &str, place: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place: place.into(), field: None, reason: String::new() }
    }

    pub(super) fn field(&self, field: &str, reason: &str) -> Self {
        Self { field: Some(field.to_owned()), reason: reason.to_owned(), ..self.clone() }
    }

    pub(super) fn whole(&self, reason: String) -> Self {
        Self { reason, ..self.clone() }
    }
}

impl fmt::Display for PackMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
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

/// What the TOML reader says, in German where its words are known, with the line if there is one.
pub(crate) fn in_german(error: &toml::de::Error, text: &str) -> String {
    let said = translate(error.message());
    match error.span() {
        Some(span) => {
            let before = text.get(..span.start).unwrap_or(text);
            format!("Zeile {}: {said}", before.matches('\n').count() + 1)
        }
        None => match key_path(&error.to_string()) {
            Some(key) => format!("Feld `{key}`: {said}"),
            None => said,
        },
    }
}

fn translate(message: &str) -> String {
    let name = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("unbekanntes Feld `{name}`")
    } else if message.starts_with("missing field") {
        format!("das Feld `{name}` fehlt")
    } else if message.starts_with("invalid type") {
        "hier steht eine falsche Art von Wert (Text, Zahl, Liste oder ja/nein)".to_owned()
    } else {
        format!("kein gültiges TOML ({message})")
    }
}

/// The last line of an error without a place in a text is "in `key`".
fn key_path(displayed: &str) -> Option<&str> {
    let line = displayed.lines().last()?;
    line.strip_prefix("in `")?.strip_suffix('`')
}
