//! How often a document was read, in words for users.

use crate::domain::document::Document;

/// That it was read more than once: `2 Lesungen, die neueste mit tesseract 5.3.0, deu 0f2a1b3c`; none if it was not.
#[must_use]
pub fn readings(document: &Document) -> Option<String> {
    let number = document.readings();
    let newest = document.reading(number).filter(|_| number > 1)?;
    let with = newest.engine.as_ref().map(|engine| format!(", die neueste mit {engine}")).unwrap_or_default();
    Some(format!("{number} Lesungen{with}"))
}
