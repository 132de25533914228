//! The catalogue, a VIEW on sled: where every record stands, and its sealed state.
//!
//! It holds ids, ledger positions and sealed values; no keys and no text, since what sled removes stays in its
//! files (look-up by reference number goes through a keyed hash). It never decides anything and nothing flows
//! back from it into the truth, but what a record's own seal vouches for (an object's key and digest, for the next
//! record that holds it); any sign of damage is answered by rebuilding it. How far it has
//! followed the ledger is written in the same atomic batch as what it learned on the way. No sled type leaves here.

mod engine;
mod given;
mod key;
mod paper;
mod reading;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use uuid::Uuid;

use crate::base::digest::Sha256;
use crate::base::followed::Followed;
use crate::domain::case_file::{Hold, Reminder};
use crate::domain::ids::{CaseFileId, DocumentId, HoldId, ObjectId, PersonId};
use engine::Engine;
use key::Key;

/// Version of the layout; a catalogue of another version is rebuilt.
const LAYOUT: &[u8] = b"schriftgut catalogue 9";

/// Bytes of pages kept in memory, about. Behind them is the system's own cache, so more of them make little faster
/// (`docs/measurements.md`, taking in).
const CACHE_BYTES: u64 = 16 << 20;

/// How often a locked catalogue is tried again, and after what pause: two seconds in all. The engine's own threads
/// let go of the lock a moment after the last user did, and a child that is just being started holds a copy of it.
const LOCKED_TRIES: u32 = 40;
const LOCKED_PAUSE: Duration = Duration::from_millis(50);

/// The catalogue failed. It is a view: whoever gets this may rebuild it.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// It cannot be opened, or is of another layout: rebuild it.
    #[error("catalogue `{path}` cannot be used and must be rebuilt")]
    Stale {
        /// Where.
        path: PathBuf,
        /// Why, if the engine said so.
        #[source]
        cause: Option<sled::Error>,
    },
    /// Reading or writing failed.
    #[error("catalogue could not be {doing}")]
    Engine {
        /// What was tried.
        doing: &'static str,
        /// What the engine said.
        #[source]
        cause: sled::Error,
    },
    /// A value has a shape this program never wrote.
    #[error("catalogue value of `{0}` is damaged")]
    Damaged(&'static str),
}

/// A record's row: the newest ledger entry it has followed, and its events so far, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Number of the record's newest entry.
    pub head: u64,
    /// Its state, sealed under the record's key; empty once that key is forgotten.
    pub sealed: Vec<u8>,
}

/// What kind of record a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The office itself (one row, nil id).
    Office,
    /// People.
    Person,
    /// Files.
    File,
    /// Documents.
    Document,
    /// Disposal lists.
    List,
    /// Archive copies.
    Archive,
}

/// When the engine writes to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Now and then, by a thread of its own that also rewrites what lies scattered in its file.
    Lazily,
    /// Within each change and at no other time: for a disk that may soon be full. Once the engine could not write it
    /// answers no reader either, so it may never be at work while others take the last room. Its file is not
    /// tidied and grows.
    AtOnce,
}

/// Changes that become visible together with the position.
#[derive(Debug, Default)]
pub struct Changes(sled::Batch);

impl Changes {
    /// Sets a record's row.
    pub fn put_row(&mut self, kind: Kind, id: Uuid, row: &Row) {
        let mut value = row.head.to_le_bytes().to_vec();
        value.extend_from_slice(&row.sealed);
        self.0.insert(Key::row(kind, id), value);
    }

    /// A file has a reference number, known by its keyed hash.
    pub fn put_reference(&mut self, hash: &[u8; 32], file: CaseFileId) {
        self.0.insert(Key::reference(hash), file.0.as_bytes());
    }

    /// A document lies in a file.
    pub fn put_filed(&mut self, file: CaseFileId, document: DocumentId) {
        self.0.insert(Key::filed(file, document), &[]);
    }

    /// A document no longer lies in a file.
    pub fn remove_filed(&mut self, file: CaseFileId, document: DocumentId) {
        self.0.remove(Key::filed(file, document));
    }

    /// A document holds an object.
    pub fn put_holder(&mut self, object: &ObjectId, document: DocumentId) {
        self.0.insert(Key::holder(object, document), &[]);
    }

    /// A document no longer holds an object.
    pub fn remove_holder(&mut self, object: &ObjectId, document: DocumentId) {
        self.0.remove(Key::holder(object, document));
    }

    /// Somebody is to look at a file again on a day, or no longer so.
    pub fn set_reminder(&mut self, file: CaseFileId, reminder: &Reminder, stands: bool) {
        let key = Key::reminder(reminder.whom, reminder.on, file, reminder.id);
        if stands { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }

    /// Somebody is responsible for a file, or no longer so.
    pub fn set_responsible(&mut self, person: PersonId, file: CaseFileId, is_so: bool) {
        let key = Key::responsible(person, file);
        if is_so { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }

    /// A hold stands on a file.
    pub fn put_hold(&mut self, file: CaseFileId, hold: &Hold) {
        let review = hold.review.map(|day| key::day_bytes(day).to_vec()).unwrap_or_default();
        self.0.insert(Key::hold(hold.id, file), review);
    }

    /// A hold no longer stands on a file.
    pub fn remove_hold(&mut self, file: CaseFileId, hold: HoldId) {
        self.0.remove(Key::hold(hold, file));
    }

    /// A file is restricted, or no longer so.
    pub fn set_restricted(&mut self, file: CaseFileId, restricted: bool) {
        let key = Key::restricted(file);
        if restricted { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }

    /// A file is on a running list, or no longer so.
    pub fn set_listed(&mut self, file: CaseFileId, listed: bool) {
        let key = Key::listed(file);
        if listed { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }
}

/// A key and its value, as the engine keeps them.
type KeyAndValue = (Vec<u8>, Vec<u8>);

/// The catalogue.
#[derive(Debug)]
pub struct Catalog {
    db: Engine,
    dir: PathBuf,
    pace: Pace,
}

/// Somebody holds the lock. sled says so in words only.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(cause) if cause.to_string().contains("could not acquire lock"))
}

fn engine(doing: &'static str) -> impl Fn(sled::Error) -> CatalogError {
    move |cause| CatalogError::Engine { doing, cause }
}

/// The engine at work in this folder, on a catalogue of our layout.
fn open_engine(dir: &Path, pace: Pace) -> Result<Engine, CatalogError> {
    let stale = |cause| CatalogError::Stale { path: dir.to_owned(), cause };
    let config = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES);
    let config = config.flush_every_ms(match pace {
        Pace::Lazily => Some(1_000),
        Pace::AtOnce => None,
    });
    let mut tries = 0;
    let db = loop {
        // sled has been seen to panic on a damaged snapshot; a view that cannot be opened is rebuilt.
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| config.open()));
        match opened.map_err(|_| stale(None))? {
            Ok(db) => break db,
            Err(cause) if is_locked(&cause) && tries < LOCKED_TRIES => {
                tries += 1;
                std::thread::sleep(LOCKED_PAUSE);
            }
            Err(cause) => return Err(stale(Some(cause))),
        }
    };
    match db.get(Key::layout()).map_err(engine("read"))? {
        Some(layout) if layout == LAYOUT => {}
        None if db.is_empty() => {
            db.insert(Key::layout(), LAYOUT).map_err(engine("written"))?;
        }
        Some(_) | None => return Err(stale(None)),
    }
    Ok(Engine::at(db, dir))
}

impl Catalog {
    /// Opens the catalogue in `dir`, or makes an empty one at position 0 where there is none.
    ///
    /// # Errors
    /// [`CatalogError::Stale`] if it cannot be used; the caller moves it aside and rebuilds.
    pub fn open(dir: &Path, pace: Pace) -> Result<Self, CatalogError> {
        Ok(Self { db: open_engine(dir, pace)?, dir: dir.to_owned(), pace })
    }

    /// When it writes to the disk.
    #[must_use]
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Writes at this pace from now on. The engine is let go and opened again.
    ///
    /// # Errors
    /// [`CatalogError`] if that fails; it is of no use then and must be made anew.
    pub fn set_pace(&mut self, pace: Pace) -> Result<(), CatalogError> {
        self.flush()?;
        self.db.let_go();
        self.db = open_engine(&self.dir, pace)?;
        self.pace = pace;
        Ok(())
    }

    fn db(&self) -> Result<&sled::Db, CatalogError> {
        self.db.get().ok_or_else(|| CatalogError::Stale { path: self.dir.clone(), cause: None })
    }

    /// How far it has followed the ledger.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn followed(&self) -> Result<Followed, CatalogError> {
        let Some(bytes) = self.db()?.get(Key::position()).map_err(engine("read"))? else {
            return Ok(Followed::NOTHING);
        };
        let damaged = || CatalogError::Damaged("position");
        let (entries, last) = bytes.split_first_chunk::<8>().ok_or_else(damaged)?;
        let last = Sha256(last.try_into().map_err(|_| damaged())?);
        Ok(Followed { entries: u64::from_le_bytes(*entries), last })
    }

    /// Makes `changes` visible, all or nothing, together with how far it has followed now.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be written.
    pub fn apply(&self, mut changes: Changes, followed: Followed) -> Result<(), CatalogError> {
        let Followed { entries, last } = followed;
        changes.0.insert(Key::position(), [&entries.to_le_bytes(), last.as_bytes().as_slice()].concat());
        self.db()?.apply_batch(changes.0).map_err(engine("written"))?;
        match self.pace {
            Pace::Lazily => Ok(()),
            Pace::AtOnce => self.flush(),
        }
    }

    /// The row of a record; none if it is not known here.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn row(&self, kind: Kind, id: Uuid) -> Result<Option<Row>, CatalogError> {
        self.db()?.get(Key::row(kind, id)).map_err(engine("read"))?.map(|value| row_from(&value)).transpose()
    }

    /// Up to `at_most` rows of a kind behind `after`, in the order of ids.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn rows(
        &self,
        kind: Kind,
        after: Option<Uuid>,
        at_most: usize,
    ) -> Result<Vec<(Uuid, Row)>, CatalogError> {
        let from = after.map_or_else(|| Key::rows(kind), |id| Key::row(kind, id));
        let prefix = Key::rows(kind);
        let mut rows = Vec::new();
        for item in self.db()?.range(from.as_ref()..) {
            let (key, value) = item.map_err(engine("read"))?;
            if !key.starts_with(prefix.as_ref()) || rows.len() == at_most {
                break;
            }
            let id = Key::id_behind(&key, prefix.as_ref().len()).ok_or(CatalogError::Damaged("row"))?;
            if Some(id) != after {
                rows.push((id, row_from(&value)?));
            }
        }
        Ok(rows)
    }

    /// How many records of a kind there are.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn count(&self, kind: Kind) -> Result<usize, CatalogError> {
        let mut count = 0;
        for item in self.db()?.scan_prefix(Key::rows(kind)).keys() {
            item.map_err(engine("read"))?;
            count += 1;
        }
        Ok(count)
    }

    /// The file with this keyed hash of its reference number.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn file_by_reference(&self, hash: &[u8; 32]) -> Result<Option<CaseFileId>, CatalogError> {
        let Some(value) = self.db()?.get(Key::reference(hash)).map_err(engine("read"))? else {
            return Ok(None);
        };
        let id = Uuid::from_slice(&value).map_err(|_| CatalogError::Damaged("reference"))?;
        Ok(Some(CaseFileId(id)))
    }

    /// The documents of a file, in the order of ids.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn documents_of(&self, file: CaseFileId) -> Result<Vec<DocumentId>, CatalogError> {
        self.ids(&Key::filed_in(file)).map(|ids| ids.into_iter().map(DocumentId).collect())
    }

    /// The documents that hold an object. A hint: destruction asks the ledger.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn holders(&self, object: &ObjectId) -> Result<Vec<DocumentId>, CatalogError> {
        self.ids(&Key::holders(object)).map(|ids| ids.into_iter().map(DocumentId).collect())
    }

    /// The files a person is to look at again up to a day, the earliest first; each once.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn files_to_look_at(&self, person: PersonId, until: Date) -> Result<Vec<CaseFileId>, CatalogError> {
        let (mut files, until) = (Vec::new(), key::day_bytes(until));
        for item in self.db()?.scan_prefix(Key::reminders_of(person)).keys() {
            let key = item.map_err(engine("read"))?;
            let (day, file) = Key::day_and_file(&key).ok_or(CatalogError::Damaged("reminder"))?;
            if day > until {
                break;
            }
            if !files.contains(&file) {
                files.push(file);
            }
        }
        Ok(files)
    }

    /// Every file a person is responsible for.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn files_of(&self, person: PersonId) -> Result<Vec<CaseFileId>, CatalogError> {
        let prefix = Key::responsible_for(person);
        let behind = prefix.as_ref().len();
        let keys = self.db()?.scan_prefix(prefix).keys();
        let file = |key: Result<sled::IVec, sled::Error>| {
            let file = Key::id_behind(&key.map_err(engine("read"))?, behind);
            file.map(CaseFileId).ok_or(CatalogError::Damaged("responsibility"))
        };
        keys.map(file).collect()
    }

    /// Every file on which a hold stands, each once; with a day, only on which one stands that is to be reviewed by then.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn held_files(&self, review_by: Option<Date>) -> Result<BTreeSet<CaseFileId>, CatalogError> {
        let behind = Key::holds().as_ref().len() + size_of::<Uuid>();
        let (mut files, by) = (BTreeSet::new(), review_by.map(key::day_bytes));
        for item in self.db()?.scan_prefix(Key::holds()) {
            let (key, review) = item.map_err(engine("read"))?;
            if by.is_none_or(|by| !review.is_empty() && review.as_ref() <= by.as_slice()) {
                let file = Key::id_behind(&key, behind).ok_or(CatalogError::Damaged("hold"))?;
                files.insert(CaseFileId(file));
            }
        }
        Ok(files)
    }

    /// The files on which this hold stands, in the order of ids.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn files_held_by(&self, hold: HoldId) -> Result<Vec<CaseFileId>, CatalogError> {
        self.ids(&Key::holds_of(hold)).map(|ids| ids.into_iter().map(CaseFileId).collect())
    }

    /// This file is on a running list.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn is_listed(&self, file: CaseFileId) -> Result<bool, CatalogError> {
        self.db()?.contains_key(Key::listed(file)).map_err(engine("read"))
    }

    /// This file is restricted.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn is_restricted(&self, file: CaseFileId) -> Result<bool, CatalogError> {
        self.db()?.contains_key(Key::restricted(file)).map_err(engine("read"))
    }

    /// The files that are restricted, in the order of ids.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn restricted(&self) -> Result<Vec<CaseFileId>, CatalogError> {
        self.ids(&Key::restricted_all()).map(|ids| ids.into_iter().map(CaseFileId).collect())
    }

    /// Every key and value, for the checker that looks for what must be gone.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn everything(
        &self,
    ) -> Result<impl Iterator<Item = Result<KeyAndValue, CatalogError>>, CatalogError> {
        let items = self.db()?.iter();
        Ok(items.map(|item| item.map(|(k, v)| (k.to_vec(), v.to_vec())).map_err(engine("read"))))
    }

    /// Writes what is in memory to the disk; for a tidy end, not for durability.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be written.
    pub fn flush(&self) -> Result<(), CatalogError> {
        self.db()?.flush().map(|_| ()).map_err(engine("written"))
    }

    fn ids(&self, prefix: &Key) -> Result<Vec<Uuid>, CatalogError> {
        let length = prefix.as_ref().len();
        self.db()?
            .scan_prefix(prefix)
            .keys()
            .map(|key| {
                let key = key.map_err(engine("read"))?;
                Key::id_behind(&key, length).ok_or(CatalogError::Damaged("id"))
            })
            .collect()
    }
}

fn row_from(value: &[u8]) -> Result<Row, CatalogError> {
    let (head, sealed) = value.split_first_chunk::<8>().ok_or(CatalogError::Damaged("row"))?;
    Ok(Row { head: u64::from_le_bytes(*head), sealed: sealed.to_vec() })
}
