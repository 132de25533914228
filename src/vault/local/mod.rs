//! The vault on a local disk: small objects in volumes, large ones as files, one manifest.
//!
//! ```text
//! lock  manifest  volumes/00000000.vol …  objects/00000000/<address> …
//! ```
//! One process at a time (`lock`). Reading takes no lock but a short one on the manifest's map; writing
//! is done by whoever holds the writer, for all who wait ([`commit`]). [`recover`] says what happens on
//! open, [`destroy`] how bytes go, [`scrub`] how all is compared.

mod commit;
mod copy;
mod destroy;
#[cfg(test)]
mod golden;
mod recover;
mod repair;
mod scrub;
#[cfg(test)]
mod tests;
mod to_read;

use std::collections::HashMap;
use std::io::Read;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard};

use crate::base::seal::SealKey;
use crate::disk::{Disk, Lock};
use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;

use super::copy::{SealedBody, stage as stage_sealed};
use super::manifest::{Location, Log, Objects, Slot};
use super::reader::{FileSource, SealedReader};
use super::stage::Nursery;
use super::volumes::{Appender, Volumes};
use super::{
    Deposited, Fixity, ObjectReader, Place, PlaceKind, ScrubReport, SealedCopy, Staged, Stager, Stored,
    Vault, VaultError,
};

pub use copy::VaultCopy;

const LOCK: &str = "lock";
const MANIFEST: &str = "manifest";
const VOLUMES: &str = "volumes";
const OBJECTS: &str = "objects";

/// In which state the manifest was found when the vault was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestState {
    /// There was no vault; it was made.
    New,
    /// Every line as written, but perhaps for a last batch that was never acknowledged.
    Sound,
    /// It was gone and was rebuilt by scanning: an object lost before cannot be noticed. An alarm.
    Lost,
    /// Lines were damaged; the sound ones were kept and the rest found by scanning. The damaged file
    /// was set aside, and every scrub names it until someone removes it. An alarm.
    Damaged,
}

/// What opening the vault found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The state of the manifest.
    pub manifest: ManifestState,
    /// Objects that lay on disk whole but unacknowledged; they are kept, as deposits nobody claims yet.
    pub adopted: usize,
    /// Bytes of batches that were never acknowledged, cut from the ends of volumes.
    pub cut_bytes: u64,
}

/// Those who may write: one at a time.
struct Writer {
    appender: Appender,
    manifest: Log,
    /// A write failed and could not be taken back: nobody knows what is on disk.
    poisoned: bool,
    /// Answers for callers whose batch another one committed, by ticket.
    answers: HashMap<u64, Result<Vec<Deposited>, VaultError>>,
}

/// Batches that wait for the writer.
#[derive(Default)]
struct Queue {
    next_ticket: u64,
    waiting: Vec<(u64, Vec<Staged>)>,
}

/// A vault in a folder of the local disk.
pub struct LocalVault {
    disk: Disk,
    root: PathBuf,
    opening: Opening,
    volumes: Arc<Volumes>,
    nursery: Arc<Nursery>,
    objects: RwLock<Objects>,
    queue: Mutex<Queue>,
    writer: Mutex<Writer>,
    /// Held until the vault is dropped; none if it was opened to read.
    _lock: Option<Lock>,
}

impl LocalVault {
    /// Opens the vault in this folder, or makes a new one.
    ///
    /// What was never acknowledged is tidied up; see [`Self::opening`].
    ///
    /// # Errors
    /// [`VaultError::InUse`] if another process has it, [`VaultError::UnknownVersion`] if a later program
    /// wrote it, [`VaultError::Io`].
    pub fn open(root: &Path) -> Result<Self, VaultError> {
        Self::open_on(&Disk::real(), root)
    }

    /// As [`Self::open`], on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: &Disk, root: &Path) -> Result<Self, VaultError> {
        disk.make_folder(root)?;
        let lock = disk.lock(&root.join(LOCK))?;
        disk.make_folder(&root.join(VOLUMES))?;
        disk.make_folder(&root.join(OBJECTS))?;
        let volumes = Arc::new(Volumes::new(disk.clone(), root.join(VOLUMES)));
        let nursery = Nursery::new(disk.clone(), root.join(OBJECTS));
        let recovered = recover::recover(disk, root, &volumes, &nursery)?;
        let writer = Writer {
            appender: Appender::new(Arc::clone(&volumes), recovered.volume, recovered.volume_end),
            manifest: recovered.manifest,
            poisoned: false,
            answers: HashMap::new(),
        };
        Ok(Self {
            disk: disk.clone(),
            root: root.to_owned(),
            opening: recovered.opening,
            volumes,
            nursery,
            objects: RwLock::new(recovered.objects),
            queue: Mutex::default(),
            writer: Mutex::new(writer),
            _lock: Some(lock),
        })
    }

    /// What opening found: a lost or damaged manifest is to be reported.
    #[must_use]
    pub fn opening(&self) -> Opening {
        self.opening
    }

    fn objects(&self) -> Result<RwLockReadGuard<'_, Objects>, VaultError> {
        self.objects.read().map_err(|_| VaultError::Poisoned)
    }

    fn slot(&self, id: &ObjectId) -> Result<Option<Slot>, VaultError> {
        Ok(self.objects()?.get(id).copied())
    }

    /// The writer, or [`VaultError::Poisoned`] if it (or a thread that held it) broke.
    fn writer(&self) -> Result<MutexGuard<'_, Writer>, VaultError> {
        let writer = self.writer.lock().map_err(|_| VaultError::Poisoned)?;
        if writer.poisoned { Err(VaultError::Poisoned) } else { Ok(writer) }
    }

    /// Where a large object lies.
    fn own_path(&self, id: &ObjectId, location: Location) -> PathBuf {
        self.nursery.folder(location.offset).join(id.to_string())
    }

    /// The file an object lies in, and where its record begins there; `None` if the file is gone.
    fn source(&self, id: &ObjectId, location: Location) -> Result<Option<FileSource>, VaultError> {
        let (file, start) = if location.is_own_file() {
            (self.disk.open(&self.own_path(id, location))?.map(Arc::new), 0)
        } else {
            (self.volumes.reading(location.volume)?, location.offset)
        };
        Ok(file.map(|file| FileSource { file, start }))
    }
}

impl Vault for LocalVault {
    fn stager(&self, address_key: &SealKey) -> Stager {
        Stager::new(address_key, Some(Arc::clone(&self.nursery)))
    }

    fn deposit(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError> {
        self.commit(staged)
    }

    fn contains(&self, id: &ObjectId) -> Result<bool, VaultError> {
        Ok(self.objects()?.contains_key(id))
    }

    fn stored(&self, id: &ObjectId) -> Result<Option<Stored>, VaultError> {
        Ok(self.slot(id)?.map(|slot| slot.stored(*id)))
    }

    fn sealed(&self, id: &ObjectId) -> Result<Option<Box<dyn Read + Send>>, VaultError> {
        let Some(slot) = self.slot(id)? else { return Ok(None) };
        let gone = VaultError::Changed { id: *id, what: "its file is gone" };
        let source = self.source(id, slot.location)?.ok_or(gone)?;
        Ok(Some(Box::new(SealedBody::new(source, slot.length))))
    }

    fn stage_copy(&self, stored: &Stored, source: &mut dyn Read) -> Result<SealedCopy, VaultError> {
        stage_sealed(Some(&self.nursery), stored, source)
    }

    fn open(&self, id: &ObjectId, key: &SealKey) -> Result<Box<dyn ObjectReader>, VaultError> {
        let slot = self.slot(id)?.ok_or(VaultError::NotFound(*id))?;
        let gone = VaultError::Changed { id: *id, what: "its file is gone" };
        let source = self.source(id, slot.location)?.ok_or(gone)?;
        Ok(Box::new(SealedReader::open(source, id, &slot, key)?))
    }

    fn list(&self, after: Option<&ObjectId>, at_most: usize) -> Result<Vec<Stored>, VaultError> {
        let start = after.map_or(Bound::Unbounded, |id| Bound::Excluded(*id));
        let objects = self.objects()?;
        let page = objects.range((start, Bound::Unbounded)).take(at_most);
        Ok(page.map(|(id, slot)| slot.stored(*id)).collect())
    }

    fn scrub(&self, each: &mut dyn FnMut(&ObjectId, Fixity)) -> Result<ScrubReport, VaultError> {
        self.scrub_all(each)
    }

    fn check(&self, ids: &[ObjectId], report: &mut ScrubReport) -> Result<(), VaultError> {
        self.scrub_some(ids, report)
    }

    fn look_around(&self, part: Part, report: &mut ScrubReport) -> Result<(), VaultError> {
        self.scrub_around(part, report)
    }

    fn put_back(&self, ids: &[ObjectId], copy: &VaultCopy) -> Result<Vec<ObjectId>, VaultError> {
        self.repair(&mut *self.writer()?, ids, copy)
    }

    fn places(&self) -> Vec<Place> {
        let place = |name: &str, kind| Place { path: self.root.join(name), kind };
        vec![
            place(VOLUMES, PlaceKind::Volumes),
            place(OBJECTS, PlaceKind::Objects),
            place(MANIFEST, PlaceKind::Manifest),
        ]
    }
}
