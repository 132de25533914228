//! The side lists of the demo material: facts and holds, one CSV row each, `;` between columns.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::FormatError;

/// A row of `facts.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FactRow {
    /// The file.
    pub aktenzeichen: String,
    /// The kind of fact.
    pub fakt: String,
    /// The day.
    pub am: Date,
    /// Who says so.
    pub quelle: String,
}

/// A row of `holds.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HoldRow {
    /// The file.
    pub aktenzeichen: String,
    /// The reason.
    pub grund: String,
    /// Since when.
    pub seit: Date,
}

/// The parts of `story.toml` the demo acts on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Story {
    /// Files the archive keeps.
    pub archive: Vec<String>,
    /// Words that are searched for.
    pub search_words: Vec<String>,
}

/// Reads a table.
///
/// # Errors
/// [`FormatError`] for a row that does not fit.
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, FormatError> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|_| FormatError::wrong("demo list", "row"))
}

/// Reads the story.
///
/// # Errors
/// [`FormatError`] if a part is missing.
pub fn story(text: &str) -> Result<Story, FormatError> {
    toml::from_str(text).map_err(|_| FormatError::wrong("demo story", "archive"))
}
