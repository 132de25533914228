//! Get (Ausgeben): the bytes of a document, the picture of a page. Every byte served was verified.

use std::io::{Read, Write};

use super::Registry;
use super::error::{Answer, Error};
use super::seals::unwrap_object_key;
use crate::domain::actor::Reader;
use crate::domain::document::{Document, HeldObject};
use crate::domain::ids::DocumentId;
use crate::intake::{IntakeError, Source};

impl Registry {
    /// Writes the original of a document's newest version to `out`, byte for byte as it came.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person; a fault if it is damaged (nothing wrong is ever written).
    pub fn get(&self, reader: Reader<'_>, id: DocumentId, out: &mut dyn Write) -> Answer<Document> {
        self.get_version(reader, id, None, out)
    }

    /// Writes the original of one version, from 1; the newest if none is named.
    ///
    /// # Errors
    /// As [`Self::get`]; a mistake if there is no such version.
    pub fn get_version(
        &self,
        reader: Reader<'_>,
        id: DocumentId,
        version: Option<usize>,
        out: &mut dyn Write,
    ) -> Answer<Document> {
        let document = self.known_document(reader.actor(), id)?;
        let version = version.unwrap_or_else(|| document.version());
        let original = document.original_of(version);
        let original = original.ok_or_else(|| Error::unknown("Fassung", &version.to_string()))?;
        let mut object = self.open_object(document.id, original)?;
        std::io::copy(&mut object, out)?;
        Ok(document)
    }

    /// Writes what was read of a document's newest version to `out`, a form feed between pages: the n-th reading, from 1,
    /// or the newest.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person, was not read, or not so often.
    pub fn get_text(
        &self,
        reader: Reader<'_>,
        id: DocumentId,
        reading: Option<usize>,
        out: &mut dyn Write,
    ) -> Answer<Document> {
        let document = self.known_document(reader.actor(), id)?;
        let number = reading.unwrap_or_else(|| document.readings());
        let rendition = document.reading(number).ok_or_else(|| match document.readings() {
            0 => Error::mistake(
                format!("Von „{}“ gibt es keinen Text", document.file_name),
                "es ist nicht gelesen",
                "`schriftgut show` sagt, warum",
            ),
            _ => Error::unknown("Lesung", &number.to_string()),
        })?;
        let pages = self.pages_of(document.id, rendition)?;
        for (at, page) in pages.iter().enumerate() {
            let feed = if at > 0 { "\x0c" } else { "" };
            writeln!(out, "{feed}{}", page.text)?;
        }
        Ok(document)
    }

    /// A page of a document as PNG, `width` pixels wide.
    ///
    /// # Errors
    /// A mistake if the page is not there, unknown to this person, or cannot be drawn.
    pub fn page_image(&self, reader: Reader<'_>, id: DocumentId, page: u32, width: u32) -> Answer<Vec<u8>> {
        let document = self.known_document(reader.actor(), id)?;
        self.workshop.page_image(&self.plain_source(&document), page, width).map_err(|error| match error {
            IntakeError::NotReadable { reason, .. } => Error::mistake(
                format!("Seite {page} kann nicht gezeigt werden"),
                reason.german(),
                "laden Sie das Original herunter",
            ),
            fault => fault.into(),
        })
    }

    /// The plain bytes of a document, for the worker alone.
    pub(super) fn plain_source<'a>(&'a self, document: &'a Document) -> impl Source + 'a {
        move || -> std::io::Result<Box<dyn Read>> {
            let reader = self.open_object(document.id, &document.original).map_err(std::io::Error::other)?;
            Ok(reader)
        }
    }

    pub(super) fn open_object(&self, record: DocumentId, held: &HeldObject) -> Answer<Box<dyn Read + Send>> {
        let key = unwrap_object_key(record.into(), &self.record_key(record)?, held)?;
        Ok(Box::new(self.vault.open(&held.id, &key)?))
    }

    pub(super) fn read_object(&self, record: DocumentId, held: &HeldObject) -> Answer<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_object(record, held)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
