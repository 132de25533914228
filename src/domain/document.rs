//! A document (Dokument): its original and what was read from it. The bytes are in the vault; here stand
//! their names.

use super::ids::{CaseFileId, DocumentId, ObjectId};
use super::protection::ProtectionDomain;
use super::text::MediaType;
use crate::base::digest::Sha256;

/// A stored object as one record holds it: its name, its size, and its key wrapped under the record's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldObject {
    /// The content name.
    pub id: ObjectId,
    /// SHA-256 of the content; sealed with the record, for archives and evidence.
    pub sha256: Sha256,
    /// Length of the content in bytes.
    pub size_bytes: u64,
    /// The object's key, sealed under the record's key.
    pub wrapped_key: Vec<u8>,
}

/// What became of reading a document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextState {
    /// Not yet read: this gap is the job.
    Unread,
    /// Read; the text layer is an object of this document alone.
    Read(TextRendition),
    /// Given up, with the reason in words for users. The original is kept: an unreadable record is still a record.
    GivenUp {
        /// The reason, German.
        reason: String,
    },
}

/// A text layer and its completeness facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRendition {
    /// The sealed text layer (pages, words, boxes).
    pub object: HeldObject,
    /// How many pages the document declares.
    pub pages_declared: Option<u32>,
    /// How many pages were read.
    pub pages_read: u32,
    /// How many of them by recognition (OCR).
    pub pages_recognised: u32,
    /// What is missing, each in words for users.
    pub shortfalls: Vec<String>,
}

/// A document as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The id that never changes.
    pub id: DocumentId,
    /// The file it is in; none while it lies in the in-tray (Posteingang), where it is never due.
    pub file: Option<CaseFileId>,
    /// Which secrecy it is under.
    pub domain: ProtectionDomain,
    /// Name of the file it came in.
    pub file_name: String,
    /// When it was taken in.
    pub received: jiff::civil::Date,
    /// The bytes as they came.
    pub original: HeldObject,
    /// What the bytes are; unknown until read.
    pub media: MediaType,
    /// What became of reading it.
    pub text: TextState,
}

impl Document {
    /// Every object this document holds.
    pub fn objects(&self) -> impl Iterator<Item = &HeldObject> {
        let text = match &self.text {
            TextState::Read(rendition) => Some(&rendition.object),
            TextState::Unread | TextState::GivenUp { .. } => None,
        };
        std::iter::once(&self.original).chain(text)
    }
}
