//! The index: a view that finds pages and files by their words, on tantivy. One index per protection domain,
//! in a directory of its own, so that no statistic crosses; rebuilt at will, never backed up.
//!
//! A hit is a hint; the catalogue has the last word. The index keeps words and ids, no text and no titles:
//! snippets are cut from the sealed text layer by [`snippet`]. Its words are in the clear (that is its
//! purpose), so it wants an encrypted volume, and destruction is complete only after [`Index::purge`].
//!
//! | module | what it answers |
//! |---|---|
//! | `analysis` | which words a German text has, and which of them meet |
//! | `schema`, `words` | what an entry holds |
//! | `dated` | which words of a query are one date |
//! | `compile` | what a query means to the engine; no typed text ever reaches a parser of the engine |
//! | `gaps` | where words stand near each other |
//! | `plain` | the same for one word, faster |
//! | `recognised` | which files are at an address, on a parcel, or have a reference number |
//! | `range` | which entries have a number between two others |
//! | `reach` | how far from the typed letters a word may be |
//! | `spread` | where words meet that stand on different pages of a file |
//! | `search`, `rank` | what a person finds, how much, in which order |
//! | `bounds` | which entries may be seen, and when it is time to stop looking |
//! | `since` | what of it came after an entry of the ledger |
//! | `suggest` | how words go on, and which are spelled alike |
//! | `similar` | which documents are like another |
//! | `writer` | who writes, and what becomes of it when that fails |
//! | `purge` | how what was removed leaves the disk |
//! | `remains` | what words are still there, by decoding everything |
//! | `marks`, `why` | which words of a text a query means, and in which way; snippets |
//!
//! No type of the engine leaves this layer.

mod analysis;
mod beside;
mod bounds;
mod compile;
mod dated;
mod facets;
mod gaps;
mod likeness;
mod marks;
mod plain;
mod purge;
mod range;
mod rank;
mod reach;
mod recognised;
mod remains;
mod schema;
mod search;
mod similar;
mod since;
mod spread;
mod statistics;
mod suggest;
#[cfg(test)]
mod tests;
mod why;
mod words;
mod writer;

use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use tantivy::directory::error::OpenWriteError;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError};

pub use analysis::years_of;
pub use compile::{FILES_MAX, PREFIX_WORDS_MAX};
pub use facets::Facets;
pub use likeness::likeness;
pub use marks::{Marker, Snippet, highlight, snippet};
pub use purge::Purged;
pub use reach::Reach;
pub use search::{Branches, Found, HITS_MAX, Hit, Scope};
pub use similar::Alike;
pub use suggest::{BEGINNING_CHARS_MIN, Candidate, written};
pub use why::{How, Reason, why};

use crate::base::followed::Followed;
use crate::domain::case_file::{ClassNumber, ReferenceNumber};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::{HitKind, PhaseName};
use crate::domain::record_type::RecordTypeId;
use crate::domain::register::RegisterNumber;

/// Memory the writer may fill before it writes a segment, in bytes.
pub const WRITER_MEMORY_BYTES: usize = 64_000_000;

/// What can go wrong with the index. None of it carries content.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Made by other versions of the program: rebuild it into a fresh directory.
    #[error("index was made with `{found}`, this program writes `{expected}`")]
    Stale {
        /// The versions it names; `nothing` if it names none.
        found: String,
        /// The versions of this program.
        expected: String,
    },
    /// It cannot be read: rebuild it into a fresh directory.
    #[error("index is damaged")]
    Damaged(#[source] Option<TantivyError>),
    /// There is an index in this directory already.
    #[error("directory holds an index already")]
    Exists,
    /// Another process writes this index.
    #[error("index is being written by another process")]
    Busy,
    /// The directory of the index cannot be read or written.
    #[error("directory of the index")]
    Directory(#[source] std::io::Error),
    /// A fault of the engine, such as a full disk.
    #[error("index engine")]
    Engine(#[source] TantivyError),
    /// A mistake: more than [`HITS_MAX`] hits asked for.
    #[error("more than {HITS_MAX} hits asked for")]
    TooDeep,
    /// A mistake: a prefix stands for more than [`PREFIX_WORDS_MAX`] words.
    #[error("prefix stands for more than {PREFIX_WORDS_MAX} words")]
    TooManyWords,
    /// A mistake: `az:` or `titel:` names more than [`FILES_MAX`] files.
    #[error("reference number or title names more than {FILES_MAX} files")]
    TooManyFiles,
    /// After a purge something was still there: nothing may be certified.
    #[error("purge left `{entries}` deleted entries and `{files}` unexpected files")]
    NotPurged {
        /// Deleted entries whose words are still on disk.
        entries: u64,
        /// Files that belong to no living segment.
        files: usize,
    },
    /// [`Index::contains_word`] was asked for something that is not one word.
    #[error("not one word that can be looked for")]
    NotAWord,
}

impl IndexError {
    /// The way out is to rebuild the index into a fresh directory.
    #[must_use]
    pub fn wants_rebuild(&self) -> bool {
        matches!(self, Self::Stale { .. } | Self::Damaged(_))
    }

    /// For mistakes of the person who searched: why it cannot be answered and what helps, German.
    #[must_use]
    pub fn advice(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::TooDeep => Some(("so weit lässt sich nicht blättern", "fassen Sie die Suche genauer")),
            Self::TooManyWords => Some((
                "der Wortanfang vor dem Sternchen passt auf zu viele Wörter",
                "geben Sie mehr Buchstaben an",
            )),
            Self::TooManyFiles => {
                Some(("Aktenzeichen oder Titel passen auf zu viele Akten", "geben Sie sie genauer an"))
            }
            _ => None,
        }
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Busy,
            TantivyError::IndexAlreadyExists => Self::Exists,
            TantivyError::DataCorruption(_)
            | TantivyError::OpenWriteError(OpenWriteError::FileAlreadyExists(_))
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::DeserializeError(_)
            | TantivyError::InternalError(_)
            | TantivyError::SchemaError(_) => Self::Damaged(Some(error)),
            _ => Self::Engine(error),
        }
    }
}

/// One page of a document.
#[derive(Debug, Clone, Copy)]
pub struct PageEntry<'a> {
    /// The document.
    pub document: DocumentId,
    /// Its file; none while it is in the in-tray.
    pub file: Option<CaseFileId>,
    /// The class of the file.
    pub class: Option<&'a ClassNumber>,
    /// The record type of the file, if it has one.
    pub record_type: Option<&'a RecordTypeId>,
    /// The register of its file that its document lies in.
    pub register: Option<&'a RegisterNumber>,
    /// Street and house number of the file.
    pub street: &'a str,
    /// Where its file is in its life; none in the in-tray.
    pub phase: Option<PhaseName>,
    /// What its document is.
    pub kind: HitKind,
    /// Name of the document's file on disk.
    pub file_name: &'a str,
    /// Page number, from 1. A document nobody could read may be put as page 1 with empty text.
    pub page: u32,
    /// The text of the page, lines parted by line feeds.
    pub text: &'a str,
    /// The years of the first page, where a letter has its date ([`years_of`]): they are those of every page.
    pub letter_years: &'a [u16],
    /// Number of the newest ledger entry about the document.
    pub position: u64,
}

/// One file (Akte).
#[derive(Debug, Clone)]
pub struct FileEntry<'a> {
    /// The file.
    pub file: CaseFileId,
    /// Its class.
    pub class: &'a ClassNumber,
    /// Its record type, if it has one.
    pub record_type: Option<&'a RecordTypeId>,
    /// Its reference number.
    pub reference: &'a ReferenceNumber,
    /// Its title.
    pub title: &'a str,
    /// The values of its other fields (applicant, architect …), those below included.
    pub texts: &'a [String],
    /// Street and house number.
    pub street: &'a str,
    /// Gemarkung, Flur, Flurstück.
    pub parcel: &'a str,
    /// Where it is in its life.
    pub phase: Option<PhaseName>,
    /// First and last year of its time.
    pub years: RangeInclusive<i16>,
    /// Number of the ledger entry it was opened with.
    pub position: u64,
}

/// The index of one protection domain. Searching needs no lock against writing, only against a purge.
pub struct Index {
    dir: PathBuf,
    engine: tantivy::Index,
    reader: IndexReader,
    /// Of the reader's segments, renewed with it.
    columns: RwLock<Arc<rank::ColumnsBySegment>>,
    /// Entries of the reader's segments that rights allow.
    known_rights: bounds::Known,
    fields: schema::Fields,
    /// Reads the texts that are put in.
    words: Mutex<words::Reader>,
    /// Opened with the first change, so that a process that only searches locks nobody out.
    writer: Mutex<Option<IndexWriter>>,
    /// Searches hold it shared; a purge takes it alone, so that no old reader keeps files alive.
    searches: RwLock<()>,
    followed: Mutex<Followed>,
    /// Its files were looked at and are as they were written.
    seen_whole: Mutex<bool>,
}

/// Whoever lets an index go may remove its folder: nobody writes into it any more. What was being merged is kept, so a
/// process that lives briefly does not begin the same merge again and again.
impl Drop for Index {
    fn drop(&mut self) {
        let writer = self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // A merge that failed left the segments it was to replace: nothing is lost.
        let _ = guarded(|| Ok(writer.map_or(Ok(()), IndexWriter::wait_merging_threads)?));
    }
}

/// Turns a panic inside the engine (it trusts its files) into [`IndexError::Damaged`].
fn guarded<T>(action: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(action)).unwrap_or(Err(IndexError::Damaged(None)))
}

fn payload(followed: Followed) -> String {
    let Followed { entries, last } = followed;
    format!("followed {entries} to {last}; {}", schema::versions())
}

/// How far a commit had followed, if these versions wrote it.
fn followed_of(payload: Option<&str>) -> Result<Followed, IndexError> {
    let stale = |found: &str| IndexError::Stale { found: found.to_owned(), expected: schema::versions() };
    let (followed, versions) = payload
        .and_then(|text| text.strip_prefix("followed ")?.split_once("; "))
        .ok_or_else(|| stale("nothing"))?;
    if versions != schema::versions() {
        return Err(stale(versions));
    }
    let read = || {
        let (entries, last) = followed.split_once(" to ")?;
        Some(Followed { entries: entries.parse().ok()?, last: last.parse().ok()? })
    };
    read().ok_or_else(|| stale(versions))
}

/// Reads what all indexes need and what takes a while the first time: the list of words.
pub fn make_ready() {
    let _ = analysis::lexicon();
}

/// The list of words that compounds are split with; none if there is none on this machine.
#[must_use]
pub fn word_list() -> Option<&'static str> {
    analysis::name_of_list().map(|_| analysis::WORD_LIST)
}

impl Index {
    /// Makes an empty index in `dir`, which is created if needed.
    ///
    /// # Errors
    /// [`IndexError::Exists`], faults of disk and engine.
    pub fn create(dir: &Path) -> Result<Self, IndexError> {
        std::fs::create_dir_all(dir).map_err(IndexError::Directory)?;
        let (schema, _) = schema::schema();
        tantivy::Index::builder().schema(schema).tokenizers(words::tokenizers()).create_in_dir(dir)?;
        let engine = tantivy::Index::open_in_dir(dir)?;
        let index = Self::with(dir, engine, Followed::NOTHING)?;
        index.commit(Followed::NOTHING)?;
        Ok(index)
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// [`IndexError::Stale`] or [`IndexError::Damaged`]: rebuild it (see [`IndexError::wants_rebuild`]).
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        guarded(|| {
            let engine = tantivy::Index::open_in_dir(dir).map_err(|e| IndexError::Damaged(Some(e)))?;
            let metas = engine.load_metas().map_err(|e| IndexError::Damaged(Some(e)))?;
            let followed = followed_of(metas.payload.as_deref())?;
            Self::with(dir, engine, followed).map_err(|error| match error {
                IndexError::Engine(cause) => IndexError::Damaged(Some(cause)),
                other => other,
            })
        })
    }

    fn with(dir: &Path, mut engine: tantivy::Index, followed: Followed) -> Result<Self, IndexError> {
        engine.set_tokenizers(words::tokenizers());
        let (schema, fields) = schema::schema();
        if engine.schema() != schema {
            let found = "another schema".to_owned();
            return Err(IndexError::Stale { found, expected: schema::versions() });
        }
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (writer, searches) = (Mutex::new(None), RwLock::new(()));
        let (followed, seen_whole) = (Mutex::new(followed), Mutex::new(false));
        let dir = dir.to_owned();
        let columns = RwLock::default();
        let known_rights = bounds::Known::default();
        let words = Mutex::default();
        let index = Self {
            dir,
            engine,
            reader,
            columns,
            known_rights,
            fields,
            words,
            writer,
            searches,
            followed,
            seen_whole,
        };
        index.reload()?;
        Ok(index)
    }

    /// How far the last commit has followed the ledger; follow it from there.
    #[must_use]
    pub fn followed(&self) -> Followed {
        *self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a page in, in place of an earlier entry of the same page. Seen after [`Self::commit`].
    ///
    /// # Errors
    /// Faults of the engine; then everything since the last commit must be put again.
    pub fn put_page(&self, entry: &PageEntry<'_>) -> Result<(), IndexError> {
        let read = guarded(|| Ok(self.fields.page_entry(entry, &mut self.words())))?;
        self.write(|writer| {
            writer.delete_term(self.fields.page_key(entry.document, entry.page));
            writer.add_document(read).map(drop)
        })
    }

    /// Puts a file in, in place of its earlier entry. Seen after [`Self::commit`].
    ///
    /// # Errors
    /// As [`Self::put_page`].
    pub fn put_file(&self, entry: &FileEntry<'_>) -> Result<(), IndexError> {
        let read = guarded(|| Ok(self.fields.file_entry(entry, &mut self.words())))?;
        self.write(|writer| {
            writer.delete_term(self.fields.file_key(entry.file));
            writer.add_document(read).map(drop)
        })
    }

    /// Removes all pages of a document, if there are any. The words stay on disk until [`Self::purge`].
    ///
    /// # Errors
    /// As [`Self::put_page`].
    pub fn remove_document(&self, document: DocumentId) -> Result<(), IndexError> {
        self.write(|writer| {
            writer.delete_term(self.fields.document_term(document));
            Ok(())
        })
    }

    /// Removes a file and every page in it, if there are any. The words stay on disk until [`Self::purge`].
    ///
    /// # Errors
    /// As [`Self::put_page`].
    pub fn remove_file(&self, file: CaseFileId) -> Result<(), IndexError> {
        self.write(|writer| {
            writer.delete_term(self.fields.file_term(file));
            Ok(())
        })
    }

    /// Makes all changes durable and seen, as the state after the ledger was followed so far.
    ///
    /// # Errors
    /// As [`Self::put_page`].
    pub fn commit(&self, followed: Followed) -> Result<(), IndexError> {
        self.write(|writer| writer::commit_as(writer, followed))?;
        *self.followed.lock().unwrap_or_else(PoisonError::into_inner) = followed;
        guarded(|| self.reload())
    }

    /// Makes the last commit what searches see, and lets go of the segments before it.
    fn reload(&self) -> Result<(), IndexError> {
        self.reader.reload()?;
        let columns = rank::Columns::of_all(&self.reader.searcher(), &self.columns())?;
        *self.columns.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(columns);
        Ok(())
    }

    fn columns(&self) -> Arc<rank::ColumnsBySegment> {
        Arc::clone(&self.columns.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads every file once, before the first use, against its checksum: the engine trusts its files, and a
    /// turned bit would be a wrong answer, or be merged into a file that is whole.
    fn require_whole(&self) -> Result<(), IndexError> {
        let mut seen = self.seen_whole.lock().unwrap_or_else(PoisonError::into_inner);
        if !*seen {
            let damaged = guarded(|| Ok(self.engine.validate_checksum()?))?;
            if !damaged.is_empty() {
                return Err(IndexError::Damaged(None));
            }
            *seen = true;
        }
        Ok(())
    }

    fn words(&self) -> MutexGuard<'_, words::Reader> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.searches.read().unwrap_or_else(PoisonError::into_inner)
    }
}
