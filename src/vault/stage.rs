//! Staging: content becomes a sealed object in one pass, before anything is decided about it.
//!
//! A [`Stager`] reads a source once and computes address, SHA-256, sealed frames and their digest
//! together. Small results stay in memory; a large one grows in a temporary file, in the very folder
//! where it will get its name, and that file holds sealed bytes only. Nothing staged is visible.
//! Many threads may stage at once: they share no lock while they work.
//!
//! Content that is stored already need not be sealed to be thrown away ([`Stager::pass`]): what fits into one
//! frame is hashed before it is sealed; of what is larger, only where the last one was known, because a guess
//! that is wrong costs a second reading.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sha2::Digest as _;

use crate::base::digest::{Blake3, Sha256, hex};
use crate::base::seal::{SealKey, random_bytes};
use crate::disk::{Disk, DiskFile};
use crate::domain::ids::ObjectId;

use super::VaultError;
use super::frames::{FRAME_BYTES, Packer, Sealer};
use super::record::{HEAD_BYTES, Head};

/// Sealed bodies up to this many bytes stay in memory and share volumes; larger ones are files.
pub const SMALL_BYTES_MAX: u64 = 1024 * 1024;
/// Large objects per folder, so that a batch of them mostly shares one folder and its sync.
const FILES_PER_FOLDER: u64 = 4096;
/// Room for head, tags and table of a small object, so that its buffer grows once.
const SEALING_BYTES: usize = 512;

/// Where large objects grow: `objects/<number>/`, filled one folder after another.
#[derive(Debug)]
pub(super) struct Nursery {
    disk: Disk,
    folder: PathBuf,
    files: AtomicU64,
}

impl Nursery {
    /// Nothing has been counted yet: see [`Self::count`].
    pub(super) fn new(disk: Disk, folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { disk, folder, files: AtomicU64::new(0) })
    }

    /// The last folder in use and how many files are in it: the next file goes behind them.
    pub(super) fn count(&self, last_folder: u64, files: u64) {
        self.files
            .store(last_folder.saturating_mul(FILES_PER_FOLDER).saturating_add(files), Ordering::Relaxed);
    }

    /// The folder of folders.
    pub(super) fn root(&self) -> &Path {
        &self.folder
    }

    pub(super) fn folder(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number:08x}"))
    }

    pub(super) fn grow(self: &Arc<Self>) -> Result<Seedling, VaultError> {
        let number = self.files.fetch_add(1, Ordering::Relaxed) / FILES_PER_FOLDER;
        self.grow_in_folder(number)
    }

    /// For an object that had its place before, in the folder of that number; for a new one, in the next.
    pub(super) fn grow_in(self: &Arc<Self>, folder: Option<u64>) -> Result<Seedling, VaultError> {
        folder.map_or_else(|| self.grow(), |number| self.grow_in_folder(number))
    }

    fn grow_in_folder(self: &Arc<Self>, number: u64) -> Result<Seedling, VaultError> {
        let folder = self.folder(number);
        self.disk.make_folder(&folder)?;
        let name = format!("{}.tmp", hex(&random_bytes::<16>()));
        let file = self.disk.create(&folder.join(name))?;
        Ok(Seedling { file, folder: number, nursery: Arc::clone(self), named: false })
    }
}

/// A temporary file of sealed bytes; removed when dropped, unless it has got its name.
#[derive(Debug)]
pub(super) struct Seedling {
    pub(super) file: DiskFile,
    pub(super) folder: u64,
    nursery: Arc<Nursery>,
    named: bool,
}

impl Seedling {
    pub(super) fn is_of(&self, nursery: &Arc<Nursery>) -> bool {
        Arc::ptr_eq(&self.nursery, nursery)
    }

    /// The file, to be filled.
    pub(super) fn file(&self) -> &DiskFile {
        &self.file
    }

    /// Renames to the address; durable once the folder is synced.
    pub(super) fn name(mut self, id: &ObjectId) -> Result<PathBuf, VaultError> {
        let path = self.nursery.folder(self.folder).join(id.to_string());
        self.file.rename_to(&path)?;
        self.named = true;
        Ok(path)
    }
}

impl Drop for Seedling {
    fn drop(&mut self) {
        if !self.named {
            // Whatever stays behind is sealed, unnamed, and removed when the vault is next opened.
            let _ = self.nursery.disk.remove(self.file.path());
        }
    }
}

/// Where the record of a staged object is.
#[derive(Debug)]
pub(super) enum Body {
    /// Head and sealed body.
    Memory(Vec<u8>),
    /// The same, on disk and synced.
    File(Seedling),
}

/// A sealed object that no one can see yet. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    /// Its address: BLAKE3 of the content, keyed with the secret of the protection domain.
    pub id: ObjectId,
    /// SHA-256 of the content, for archives and evidence records. Keep it sealed.
    pub sha256: Sha256,
    /// Bytes of content.
    pub size_bytes: u64,
    /// The key that opens it, random. Wrap it before the object is deposited.
    pub object_key: SealKey,
    /// BLAKE3 of the sealed body.
    pub sealed_digest: Blake3,
    /// Bytes of the sealed body.
    pub sealed_bytes: u64,
    pub(super) body: Body,
}

/// What passing over a content came to.
#[derive(Debug)]
pub enum Passed<K> {
    /// It is sealed.
    Staged(Box<Staged>),
    /// It is known by its address; nothing of it is kept.
    Known(K),
    /// It was hashed on a guess, and nobody knows it: to be opened again and staged.
    Unknown,
}

/// Says whether the content of an address, of so many bytes, is known.
pub type Knows<'a, K> = dyn FnMut(&ObjectId, u64) -> Option<K> + 'a;

/// Buffers of one thread's work, kept for the next.
struct Bench {
    packer: Packer,
    current: Vec<u8>,
    next: Vec<u8>,
}

impl Bench {
    fn new() -> Result<Self, VaultError> {
        let packer = Packer::new().map_err(|error| VaultError::Source(Arc::new(error)))?;
        Ok(Self { packer, current: vec![0; FRAME_BYTES], next: vec![0; FRAME_BYTES] })
    }
}

/// Stages content for one protection domain.
pub struct Stager {
    address_key: SealKey,
    nursery: Option<Arc<Nursery>>,
    benches: Mutex<Vec<Bench>>,
    /// The last content of several frames was known, so the next one may be, too.
    repeats: AtomicBool,
}

impl Stager {
    /// Without a nursery everything stays in memory.
    pub(super) fn new(address_key: &SealKey, nursery: Option<Arc<Nursery>>) -> Self {
        let (benches, repeats) = (Mutex::default(), AtomicBool::new(false));
        Self { address_key: address_key.clone(), nursery, benches, repeats }
    }

    /// Reads `source` to its end and seals it under a fresh random key.
    ///
    /// # Errors
    /// [`VaultError::TooLarge`] beyond `size_bytes_max`, [`VaultError::Source`] if the source fails,
    /// [`VaultError::StorageFull`] or [`VaultError::Io`] if a large object cannot be written.
    pub fn stage(&self, source: &mut dyn Read, size_bytes_max: u64) -> Result<Staged, VaultError> {
        self.stage_under(SealKey::random(), source, size_bytes_max)
    }

    /// As [`Self::stage`], but what `known` has an answer for is not kept.
    ///
    /// # Errors
    /// As [`Self::stage`].
    pub fn pass<K>(
        &self,
        source: &mut dyn Read,
        size_bytes_max: u64,
        known: &mut Knows<'_, K>,
    ) -> Result<Passed<K>, VaultError> {
        self.with_bench(|bench| {
            let filled = fill(source, &mut bench.current)?;
            if filled < FRAME_BYTES {
                return self.pass_whole(bench, filled, source, size_bytes_max, known);
            }
            if self.repeats.load(Ordering::Relaxed) {
                let (id, size_bytes) = self.hash(bench, source, size_bytes_max)?;
                let found = known(&id, size_bytes);
                self.repeats.store(found.is_some(), Ordering::Relaxed);
                return Ok(found.map_or(Passed::Unknown, Passed::Known));
            }
            let work = Work::new(self, SealKey::random(), None, &mut bench.packer);
            let staged = work.run(bench, filled, source, size_bytes_max)?;
            let Some(found) = known(&staged.id, staged.size_bytes) else {
                return Ok(Passed::Staged(Box::new(staged)));
            };
            self.repeats.store(true, Ordering::Relaxed);
            Ok(Passed::Known(found))
        })
    }

    /// Content that is in the bench as a whole.
    fn pass_whole<K>(
        &self,
        bench: &mut Bench,
        filled: usize,
        ended: &mut dyn Read,
        size_bytes_max: u64,
        known: &mut Knows<'_, K>,
    ) -> Result<Passed<K>, VaultError> {
        within(size_bytes_max, filled as u64)?;
        let address = self.addressing().update(&bench.current[..filled]).finalize();
        let id = ObjectId(*address.as_bytes());
        if let Some(found) = known(&id, filled as u64) {
            return Ok(Passed::Known(found));
        }
        let work = Work::new(self, SealKey::random(), Some(id), &mut bench.packer);
        Ok(Passed::Staged(Box::new(work.run(bench, filled, ended, size_bytes_max)?)))
    }

    /// Address and bytes of a content whose first frame is in the bench.
    fn hash(
        &self,
        bench: &mut Bench,
        source: &mut dyn Read,
        size_bytes_max: u64,
    ) -> Result<(ObjectId, u64), VaultError> {
        let mut address = self.addressing();
        let (mut filled, mut size_bytes) = (FRAME_BYTES, 0);
        loop {
            size_bytes += filled as u64;
            within(size_bytes_max, size_bytes)?;
            address.update(&bench.current[..filled]);
            if filled < FRAME_BYTES {
                return Ok((ObjectId(*address.finalize().as_bytes()), size_bytes));
            }
            filled = fill(source, &mut bench.current)?;
        }
    }

    /// As [`Self::stage`], under a given key: golden files need the same bytes each time. A key must
    /// never seal two contents, so nothing else may choose it.
    pub(super) fn stage_under(
        &self,
        object_key: SealKey,
        source: &mut dyn Read,
        size_bytes_max: u64,
    ) -> Result<Staged, VaultError> {
        self.with_bench(|bench| {
            let filled = fill(source, &mut bench.current)?;
            Work::new(self, object_key, None, &mut bench.packer).run(bench, filled, source, size_bytes_max)
        })
    }

    fn addressing(&self) -> blake3::Hasher {
        blake3::Hasher::new_keyed(self.address_key.expose())
    }

    fn with_bench<T>(&self, work: impl FnOnce(&mut Bench) -> Result<T, VaultError>) -> Result<T, VaultError> {
        // The lock is held for a pop or a push only; a bench lost to a panic is no loss.
        let kept = self.benches.lock().ok().and_then(|mut benches| benches.pop());
        let mut bench = kept.map_or_else(Bench::new, Ok)?;
        let done = work(&mut bench);
        if let Ok(mut benches) = self.benches.lock() {
            benches.push(bench);
        }
        done
    }
}

/// One object on its way.
struct Work<'a> {
    nursery: Option<&'a Arc<Nursery>>,
    object_key: SealKey,
    /// If it is known before.
    id: Option<ObjectId>,
    address: blake3::Hasher,
    sha256: sha2::Sha256,
    sealer: Sealer,
    sealed: blake3::Hasher,
    /// Sealed bytes not yet in the file; in memory, the whole record with room for its head.
    out: Vec<u8>,
    file: Option<Seedling>,
    written_bytes: u64,
}

impl<'a> Work<'a> {
    fn new(stager: &'a Stager, object_key: SealKey, id: Option<ObjectId>, packer: &mut Packer) -> Self {
        Self {
            nursery: stager.nursery.as_ref(),
            id,
            address: stager.addressing(),
            sha256: sha2::Sha256::new(),
            sealer: Sealer::new(&object_key, packer),
            sealed: blake3::Hasher::new(),
            out: Vec::new(),
            file: None,
            written_bytes: 0,
            object_key,
        }
    }

    /// The first frame is in the bench.
    fn run(
        mut self,
        bench: &mut Bench,
        mut filled: usize,
        source: &mut dyn Read,
        limit: u64,
    ) -> Result<Staged, VaultError> {
        let mut size_bytes = filled as u64;
        self.out.reserve(filled + SEALING_BYTES);
        self.out.resize(HEAD_BYTES, 0);
        while filled > 0 {
            within(limit, size_bytes)?;
            // A frame says whether it is the last, so the next one is read before this one is sealed.
            let full = filled == FRAME_BYTES;
            let next = if full { fill(source, &mut bench.next)? } else { 0 };
            let plain = &bench.current[..filled];
            if self.id.is_none() {
                self.address.update(plain);
            }
            self.sha256.update(plain);
            let before = self.out.len();
            self.sealer.frame(plain, next == 0, &mut bench.packer, &mut self.out);
            self.sealed.update(&self.out[before..]);
            self.spill_if_large()?;
            std::mem::swap(&mut bench.current, &mut bench.next);
            filled = next;
            size_bytes += next as u64;
        }
        self.finish(size_bytes)
    }

    fn spill_if_large(&mut self) -> Result<(), VaultError> {
        let Some(nursery) = self.nursery else { return Ok(()) };
        if self.file.is_none() && self.out.len() as u64 > HEAD_BYTES as u64 + SMALL_BYTES_MAX {
            self.file = Some(nursery.grow()?);
        }
        if let Some(seedling) = &self.file {
            seedling.file.write_at(&self.out, self.written_bytes)?;
            self.written_bytes += self.out.len() as u64;
            self.out.clear();
        }
        Ok(())
    }

    fn finish(mut self, size_bytes: u64) -> Result<Staged, VaultError> {
        let id = self.id.unwrap_or_else(|| ObjectId(*self.address.finalize().as_bytes()));
        let before = self.out.len();
        self.sealer.finish(&id, &mut self.out);
        self.sealed.update(&self.out[before..]);
        let sealed_bytes = self.sealed.count();
        let sealed_digest = Blake3(*self.sealed.finalize().as_bytes());
        let head = Head::object(id, sealed_digest, sealed_bytes).encode();
        self.spill_if_large()?;
        let body = match self.file {
            Some(seedling) => {
                seedling.file.write_at(&head, 0)?;
                // Synced here, by the thread that staged it, so that deposits need not wait for it.
                seedling.file.sync()?;
                Body::File(seedling)
            }
            None => {
                self.out[..HEAD_BYTES].copy_from_slice(&head);
                Body::Memory(self.out)
            }
        };
        let sha256 = Sha256(self.sha256.finalize().into());
        Ok(Staged { id, sha256, size_bytes, object_key: self.object_key, sealed_digest, sealed_bytes, body })
    }
}

fn within(limit_bytes: u64, size_bytes: u64) -> Result<(), VaultError> {
    if size_bytes > limit_bytes { Err(VaultError::TooLarge { limit_bytes }) } else { Ok(()) }
}

/// Reads until the buffer is full or the source ends.
fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> Result<usize, VaultError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(VaultError::Source(Arc::new(error))),
        }
    }
    Ok(filled)
}
