//! A document (Dokument): its original and what was read from it. The bytes are in the vault; here stand
//! their names.

use super::divider::Stack;
use super::ids::{CaseFileId, CaseId, DocumentId, ObjectId};
use super::protection::ProtectionDomain;
use super::register::RegisterNumber;
use super::scan::{ScanProduct, SymbolCoding};
use super::text::{Format, pages_read};
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

/// In what two documents are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// In every byte of their originals.
    Content,
    /// In their text, but for what recognition misread.
    Text {
        /// So much of it, in percent.
        percent: u8,
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
    /// Whether its images are compressed by symbol coding; none if nobody looked.
    pub symbol_coding: Option<SymbolCoding>,
    /// With what its pages were recognised; none if none was, or a program did that which did not say.
    pub engine: Option<String>,
}

/// An earlier version of a document: kept, readable, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierVersion {
    /// Name of the file it came in.
    pub file_name: String,
    /// When it was taken in.
    pub received: jiff::civil::Date,
    /// The bytes as they came.
    pub original: HeldObject,
    /// What the bytes are.
    pub format: Format,
    /// What became of reading it.
    pub text: TextState,
    /// What was read of it before that, oldest first.
    pub earlier_texts: Vec<TextRendition>,
}

/// Pages of a document that another was made of: the whole scan holds two letters, or one letter came as two scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagesOf {
    /// The document they were taken from. It is kept, out of use.
    pub document: DocumentId,
    /// Which version of it, from 1.
    pub version: u32,
    /// The first page, from 1.
    pub first: u32,
    /// The last page.
    pub last: u32,
}

/// A file inside a document that stayed in there: a part of the original, and no document of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaysInside {
    /// Its path in there; may be empty.
    pub path: String,
    /// Why, in words for users.
    pub reason: String,
}

/// How far the files inside a document have come out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpacking {
    /// Which version of it, from 1.
    pub version: u32,
    /// How many of the files inside that version were dealt with.
    pub through: u32,
    /// Those were all.
    pub is_whole: bool,
}

/// A document as the ledger tells it. Its own fields are those of the newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The id that never changes.
    pub id: DocumentId,
    /// The file it is in; none while it lies in the in-tray (Posteingang), where it is never due.
    pub file: Option<CaseFileId>,
    /// The case inside that file, if it belongs to one.
    pub case: Option<CaseId>,
    /// The register of that file it lies in; none if it was not sorted into any.
    pub register: Option<RegisterNumber>,
    /// Which secrecy it is under.
    pub domain: ProtectionDomain,
    /// Name of the file it came in.
    pub file_name: String,
    /// When it was taken in.
    pub received: jiff::civil::Date,
    /// The bytes as they came.
    pub original: HeldObject,
    /// What the bytes are; unknown until read.
    pub format: Format,
    /// What became of reading it.
    pub text: TextState,
    /// What was read of the newest version before that, oldest first: with another engine, say. Kept, and not searched.
    pub earlier_texts: Vec<TextRendition>,
    /// Earlier versions, oldest first.
    pub earlier: Vec<EarlierVersion>,
    /// When it was taken out of use, and why; none if it is in use.
    pub withdrawn: Option<(jiff::civil::Date, String)>,
    /// The pages it was made of, in their order; none if it came as it is.
    pub made_of: Vec<PagesOf>,
    /// The documents that were ever made of it.
    pub became: Vec<DocumentId>,
    /// The document it came in and its path in there: an attachment, a file of an archive. None if it came by itself.
    pub contained_in: Option<(DocumentId, String)>,
    /// The documents that came out of it, in all versions.
    pub contents: Vec<DocumentId>,
    /// What stayed in it, in all versions.
    pub stays_inside: Vec<StaysInside>,
    /// How far that has come; none if nobody has looked inside.
    pub unpacking: Option<Unpacking>,
    /// What is known of it as a scan that is to stand for its paper; none if it is not.
    pub scan: Option<ScanProduct>,
    /// The dividers found in it, of the newest version in that there were any; none if there never were.
    pub stack: Option<Stack>,
    /// How many pages its first version should have; none if nobody said.
    pub pages_expected: Option<u32>,
}

impl TextState {
    /// The text layer, if it was read.
    #[must_use]
    pub fn object(&self) -> Option<&HeldObject> {
        match self {
            Self::Read(rendition) => Some(&rendition.object),
            Self::Unread | Self::GivenUp { .. } => None,
        }
    }
}

impl TextRendition {
    /// All pages there are known to be were read, and nothing of them is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.shortfalls.is_empty() && self.pages_declared.is_none_or(|declared| declared == self.pages_read)
    }

    /// What is missing, but for how many pages were read: whoever shows this says that first.
    pub fn shortfalls_besides_the_count(&self) -> impl Iterator<Item = &String> {
        let count = self.pages_declared.map(|declared| pages_read(self.pages_read, declared));
        self.shortfalls.iter().filter(move |shortfall| Some(*shortfall) != count.as_ref())
    }
}

impl Document {
    /// Number of the newest version, from 1.
    #[must_use]
    pub fn version(&self) -> usize {
        self.earlier.len() + 1
    }

    /// How many of the files inside the newest version were dealt with; none if those were all.
    #[must_use]
    pub fn unpacked_through(&self) -> Option<u32> {
        let newest = u32::try_from(self.version()).unwrap_or(u32::MAX);
        match self.unpacking.filter(|unpacking| unpacking.version == newest) {
            None => Some(0),
            Some(unpacking) => (!unpacking.is_whole).then_some(unpacking.through),
        }
    }

    /// The dividers found in its newest version.
    #[must_use]
    pub fn stack_now(&self) -> Option<&Stack> {
        self.stack.as_ref().filter(|stack| usize::try_from(stack.version) == Ok(self.version()))
    }

    /// The original of a version, from 1; none if there is no such version.
    #[must_use]
    pub fn original_of(&self, version: usize) -> Option<&HeldObject> {
        if version == self.version() {
            return Some(&self.original);
        }
        self.earlier.get(version.checked_sub(1)?).map(|earlier| &earlier.original)
    }

    /// How often its newest version was read with another text each time.
    #[must_use]
    pub fn readings(&self) -> usize {
        self.earlier_texts.len() + usize::from(self.text.object().is_some())
    }

    /// What was read of the newest version the n-th time, from 1, with another text each time.
    #[must_use]
    pub fn reading(&self, number: usize) -> Option<&TextRendition> {
        let newest = match &self.text {
            TextState::Read(rendition) => Some(rendition),
            TextState::Unread | TextState::GivenUp { .. } => None,
        };
        self.earlier_texts.iter().chain(newest).nth(number.checked_sub(1)?)
    }

    /// Takes what was read: what was read before of the same version is kept, unless it is word for word the same.
    pub(super) fn take_text(&mut self, rendition: TextRendition) {
        self.earlier_texts.retain(|earlier| earlier.object.id != rendition.object.id);
        let before = std::mem::replace(&mut self.text, TextState::Read(rendition));
        if let TextState::Read(before) = before
            && Some(&before.object.id) != self.text.object().map(|object| &object.id)
        {
            self.earlier_texts.push(before);
        }
    }

    /// Every object this document holds, in all versions.
    pub fn objects(&self) -> impl Iterator<Item = &HeldObject> {
        let earlier = self
            .earlier
            .iter()
            .flat_map(|version| of_version(&version.original, &version.text, &version.earlier_texts));
        of_version(&self.original, &self.text, &self.earlier_texts).chain(earlier)
    }
}

fn of_version<'a>(
    original: &'a HeldObject,
    text: &'a TextState,
    earlier_texts: &'a [TextRendition],
) -> impl Iterator<Item = &'a HeldObject> {
    let texts = text.object().into_iter().chain(earlier_texts.iter().map(|rendition| &rendition.object));
    std::iter::once(original).chain(texts)
}
