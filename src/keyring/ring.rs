//! [`Keyring`]: open, add, look up. Forgetting is in `forget`, copying and looking through in `backup`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::error::{KeyringError, KeyringFlaw};
use super::folder::{Folder, write_at};
use super::held::Held;
use super::layout::{
    Entry, FileKind, KEYS_PER_PAGE, MasterCheck, PAGES_MAX, PageName, Root, RootLine, epoch_file,
    frame_offset, kind_of, page_header, root_file, seal_epoch, seal_frame, seal_root,
};
use super::load::{load, tidy};
use super::master::MasterSecret;
use crate::base::seal::SealKey;
use crate::disk::{Disk, DiskFile, Lock};
use crate::domain::ids::KeyId;

/// The keys of a registry's records. One value owns its folder (flock); threads share the value.
///
/// After a write that failed, nothing is written any more ([`KeyringError::Spoiled`]) until the
/// keyring is opened again. With a damaged page it opens to be read only: keys that could be read
/// are given, all others are an error.
pub struct Keyring {
    held: RwLock<Held>,
    writer: Mutex<Writer>,
    flaws: Vec<KeyringFlaw>,
    epoch: AtomicU64,
    spoiled: AtomicBool,
}

/// What the one who writes needs. The master secret itself is not kept, only the key derived from it.
pub(super) struct Writer {
    pub folder: Folder,
    pub wrap: SealKey,
    pub check: MasterCheck,
    pub epoch: u64,
    pub epoch_key: SealKey,
    pub root: Root,
    /// The newest page, once something was added to it.
    pub tail: Option<DiskFile>,
    /// Keys per page: [`KEYS_PER_PAGE`], fewer only where tests want many pages.
    pub page_room: usize,
    _lock: Lock,
}

impl Keyring {
    /// Makes an empty keyring in `dir`, which is made too if need be.
    ///
    /// # Errors
    /// [`KeyringError::AlreadyThere`] if `dir` holds a keyring or parts of one.
    pub fn create(dir: &Path, master: &MasterSecret) -> Result<Keyring, KeyringError> {
        Self::create_on(&Disk::real(), dir, master)
    }

    /// As [`Self::create`], on this disk.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_on(disk: &Disk, dir: &Path, master: &MasterSecret) -> Result<Keyring, KeyringError> {
        let folder = Folder::on(disk, dir);
        folder.make()?;
        let lock = folder.lock()?;
        // An epoch key alone is what an interrupted `create` leaves: it never sealed anything.
        let taken = |name: &String| matches!(kind_of(name), FileKind::Root(_) | FileKind::Page(_));
        if folder.names()?.iter().any(taken) {
            return Err(KeyringError::AlreadyThere { dir: folder.dir().to_owned() });
        }
        let (epoch, epoch_key) = (1, SealKey::random());
        let sealed = seal_epoch(&master.wrap_key(), master.check(), epoch, &epoch_key);
        folder.put(&epoch_file(epoch), &sealed)?;
        folder.sync()?;
        folder.put(&root_file(epoch), &seal_root(&epoch_key, epoch, &Root::new()))?;
        folder.sync()?;
        drop(lock);
        Self::open_on(disk, dir, master)
    }

    /// Opens the keyring in `dir`, and finishes what an interrupted write left undone.
    ///
    /// # Errors
    /// [`KeyringError::WrongMaster`], [`KeyringError::Newer`], [`KeyringError::NotAKeyring`],
    /// [`KeyringError::InUse`]; [`KeyringError::Damaged`] if the epoch key or the root does not decode.
    pub fn open(dir: &Path, master: &MasterSecret) -> Result<Keyring, KeyringError> {
        Self::open_on(&Disk::real(), dir, master)
    }

    /// As [`Self::open`], on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: &Disk, dir: &Path, master: &MasterSecret) -> Result<Keyring, KeyringError> {
        let folder = Folder::on(disk, dir);
        if folder.names()?.is_empty() {
            return Err(KeyringError::NotAKeyring { dir: folder.dir().to_owned() });
        }
        let lock = folder.lock()?;
        let (wrap, check) = (master.wrap_key(), master.check());
        let loaded = load(&folder, &wrap, check)?;
        if loaded.flaws.is_empty() {
            tidy(&folder, &loaded.leftovers)?;
            if let Some(page) = loaded.newest_page() {
                // The last keys in it may never have become durable.
                folder.open_to_write(&page)?.renew(0)?;
            }
            folder.sync()?; // nor may its name, and that of the root
        }
        let writer = Writer {
            folder,
            wrap,
            check,
            epoch: loaded.epoch,
            epoch_key: loaded.epoch_key,
            root: loaded.root,
            tail: None,
            page_room: KEYS_PER_PAGE,
            _lock: lock,
        };
        Ok(Keyring {
            held: RwLock::new(loaded.held),
            writer: Mutex::new(writer),
            flaws: loaded.flaws,
            epoch: AtomicU64::new(loaded.epoch),
            spoiled: AtomicBool::new(false),
        })
    }

    /// Gives every id a key: a new random one, or the one it already has. The keys stand in the order
    /// of `ids` and are durable on return, by one fsync for all that fit into the newest page and one
    /// more (with a new root) for every page begun.
    ///
    /// No list of forgotten ids is kept: an id that was forgotten gets a new, unrelated key.
    ///
    /// # Errors
    /// [`KeyringError::Full`], [`KeyringError::Io`], [`KeyringError::Spoiled`];
    /// [`KeyringError::Damaged`] while a page is damaged, since the key may lie there.
    pub fn add(&self, ids: &[KeyId]) -> Result<Vec<SealKey>, KeyringError> {
        let mut writer = self.writer()?;
        let mut fresh: Vec<Entry> = Vec::new();
        let mut places: HashMap<KeyId, usize> = HashMap::new();
        {
            let held = self.held()?;
            for id in ids {
                if held.key(id).is_none() && !places.contains_key(id) {
                    places.insert(*id, fresh.len());
                    fresh.push(Entry { id: *id, key: SealKey::random() });
                }
            }
        }
        self.spoiling(self.append(&mut writer, &fresh))?;
        let held = self.held()?;
        ids.iter().map(|id| held.key(id).cloned().ok_or(KeyringError::Spoiled)).collect()
    }

    fn append(&self, writer: &mut Writer, mut fresh: &[Entry]) -> Result<(), KeyringError> {
        let room = writer.page_room;
        while !fresh.is_empty() {
            let newest = writer.root.last_key_value().map(|(no, _)| *no);
            let used = newest.map_or(Ok(room), |no| self.held().map(|held| held.page(no).len()))?;
            let no = match newest {
                Some(no) if used < room => no,
                _ => {
                    writer.begin_page(newest, used)?;
                    continue;
                }
            };
            let (now, later) = fresh.split_at(fresh.len().min(room - used));
            writer.append_to(no, used, now)?;
            let mut held = self.held_mut()?;
            for entry in now {
                held.push(no, entry.clone());
            }
            fresh = later;
        }
        Ok(())
    }

    /// The key of `id`. `None`: there never was one, or it was forgotten.
    ///
    /// # Errors
    /// A failed look-up is an error: [`KeyringError::Damaged`] if the key may lie in a damaged page,
    /// [`KeyringError::Spoiled`] if it is not there but an earlier write failed.
    pub fn key(&self, id: &KeyId) -> Result<Option<SealKey>, KeyringError> {
        match self.held()?.key(id) {
            Some(key) => Ok(Some(key.clone())),
            None if self.spoiled.load(Ordering::SeqCst) => Err(KeyringError::Spoiled),
            None => self.flaws.first().map_or(Ok(None), |flaw| Err(KeyringError::Damaged(flaw.clone()))),
        }
    }

    /// The number of the epoch. It grows by one with every forgetting.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// How many keys there are (in a damaged keyring: how many could be read).
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.read().map_or_else(|held| held.into_inner().len(), |held| held.len())
    }

    /// There is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What did not decode when the keyring was opened.
    #[must_use]
    pub fn flaws(&self) -> &[KeyringFlaw] {
        &self.flaws
    }

    /// The right to write, if writing is still possible.
    pub(super) fn writer(&self) -> Result<MutexGuard<'_, Writer>, KeyringError> {
        let writer = self.writer.lock().map_err(|_| KeyringError::Spoiled)?;
        if self.spoiled.load(Ordering::SeqCst) {
            return Err(KeyringError::Spoiled);
        }
        match self.flaws.first() {
            Some(flaw) => Err(KeyringError::Damaged(flaw.clone())),
            None => Ok(writer),
        }
    }

    /// Reads what the writer knows, whatever state it is in.
    pub(super) fn writer_to_look(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn held(&self) -> Result<RwLockReadGuard<'_, Held>, KeyringError> {
        self.held.read().map_err(|_| KeyringError::Spoiled)
    }

    pub(super) fn held_mut(&self) -> Result<RwLockWriteGuard<'_, Held>, KeyringError> {
        self.held.write().map_err(|_| KeyringError::Spoiled)
    }

    pub(super) fn set_epoch(&self, epoch: u64) {
        self.epoch.store(epoch, Ordering::SeqCst);
    }

    /// After an error in writing nothing is written any more.
    pub(super) fn spoiling<T>(&self, result: Result<T, KeyringError>) -> Result<T, KeyringError> {
        if result.is_err() {
            self.spoiled.store(true, Ordering::SeqCst);
        }
        result
    }
}

impl Writer {
    /// Begins a page: first its empty file, then a root that knows its key and that the last one is full.
    fn begin_page(&mut self, newest: Option<u32>, used: usize) -> Result<(), KeyringError> {
        let no = newest.map_or(0, |no| no + 1);
        if no >= PAGES_MAX {
            return Err(KeyringError::Full);
        }
        let page = PageName { no, generation: 1 };
        self.folder.put(&page.file(), &page_header(page))?;
        self.folder.sync()?;
        if let Some(line) = newest.and_then(|no| self.root.get_mut(&no)) {
            line.frames = used as u32;
        }
        self.root.insert(no, RootLine { generation: 1, frames: 0, key: SealKey::random() });
        self.folder.put(&root_file(self.epoch), &seal_root(&self.epoch_key, self.epoch, &self.root))?;
        self.folder.sync()?;
        self.tail = None;
        Ok(())
    }

    fn append_to(&mut self, no: u32, used: usize, entries: &[Entry]) -> Result<(), KeyringError> {
        let line = &self.root[&no];
        let page = PageName { no, generation: line.generation };
        let frames: Vec<u8> = entries
            .iter()
            .enumerate()
            .flat_map(|(at, entry)| seal_frame(page, &line.key, used + at, used, &entry.id, &entry.key))
            .collect();
        let name = page.file();
        let file = match self.tail.take() {
            Some(file) => file,
            None => self.folder.open_to_write(&name)?,
        };
        write_at(&file, frame_offset(used), &frames)?;
        self.tail = Some(file);
        Ok(())
    }
}
