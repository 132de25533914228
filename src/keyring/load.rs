//! Reading a keyring from disk, and tidying what an interrupted write left behind.
//!
//! [`load`] changes nothing. [`tidy`] runs only after everything was read without a flaw, so that a
//! damaged keyring is left exactly as it was found.

use super::error::{KeyringError, KeyringFlaw};
use super::folder::Folder;
use super::held::Held;
use super::layout::{
    FileKind, MasterCheck, PAGE_HEADER_BYTES, PageName, Root, epoch_file, frame_offset, kind_of, open_epoch,
    open_root, read_page, root_file,
};
use crate::base::seal::SealKey;

/// A keyring as it lies on disk.
pub(super) struct Loaded {
    pub epoch: u64,
    pub epoch_key: SealKey,
    pub root: Root,
    pub held: Held,
    /// What does not decode. The keys that lay there are unknown.
    pub flaws: Vec<KeyringFlaw>,
    /// What interrupted writes left behind, in the order it is to be dealt with.
    pub leftovers: Vec<Leftover>,
}

/// Something an interrupted write left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leftover {
    /// An epoch key that must be destroyed.
    EpochKey(String),
    /// A file that is of no use any more.
    File(String),
    /// A torn tail: cut the file to this length.
    Tail(String, u64),
}

impl Leftover {
    /// The file.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::EpochKey(name) | Self::File(name) | Self::Tail(name, _) => name,
        }
    }
}

/// Reads everything.
///
/// # Errors
/// Without epoch key and root nothing can be read, so their damage is an error; damaged pages are flaws.
pub(super) fn load(folder: &Folder, wrap: &SealKey, check: MasterCheck) -> Result<Loaded, KeyringError> {
    let names = folder.names()?;
    let epoch = names
        .iter()
        .filter_map(|name| match kind_of(name) {
            FileKind::Root(epoch) => Some(epoch),
            _ => None,
        })
        .max();
    let epoch = match epoch {
        Some(epoch) => epoch,
        // Pages without a root: keys were here, and their root is lost.
        None if names.iter().any(|name| matches!(kind_of(name), FileKind::Page(_))) => {
            return Err(KeyringError::damaged(folder.dir(), "there are pages, but no root"));
        }
        None => return Err(KeyringError::NotAKeyring { dir: folder.dir().to_owned() }),
    };
    let epoch_key = read_epoch(folder, wrap, check, epoch)?;
    let root = read_root(folder, &epoch_key, epoch)?;
    let mut loaded =
        Loaded { epoch, epoch_key, root, held: Held::default(), flaws: Vec::new(), leftovers: Vec::new() };
    let newest = loaded.root.last_key_value().map(|(no, _)| *no);
    for no in loaded.root.keys().copied().collect::<Vec<_>>() {
        loaded.load_page(folder, no, Some(no) == newest)?;
    }
    for name in names {
        loaded.sort_out(folder, name)?;
    }
    // Epoch keys first: they are what must not survive.
    loaded.leftovers.sort_by_key(|leftover| !matches!(leftover, Leftover::EpochKey(_)));
    Ok(loaded)
}

/// Reads the key of an epoch.
pub(super) fn read_epoch(
    folder: &Folder,
    wrap: &SealKey,
    check: MasterCheck,
    epoch: u64,
) -> Result<SealKey, KeyringError> {
    let name = epoch_file(epoch);
    let path = folder.path(&name);
    let bytes = folder.read(&name)?.ok_or_else(|| KeyringError::damaged(&path, "missing"))?;
    open_epoch(&path, &bytes, wrap, check, epoch)
}

/// Reads the root of an epoch.
pub(super) fn read_root(folder: &Folder, epoch_key: &SealKey, epoch: u64) -> Result<Root, KeyringError> {
    let name = root_file(epoch);
    let path = folder.path(&name);
    let bytes = folder.read(&name)?.ok_or_else(|| KeyringError::damaged(&path, "missing"))?;
    open_root(&path, &bytes, epoch_key, epoch)
}

impl Loaded {
    /// The file of the page that keys are appended to; none if there is no page yet.
    pub(super) fn newest_page(&self) -> Option<String> {
        let (no, line) = self.root.last_key_value()?;
        Some(PageName { no: *no, generation: line.generation }.file())
    }

    fn flaw(&mut self, folder: &Folder, name: &str, what: &str) {
        self.flaws.push(KeyringFlaw { path: folder.path(name), what: what.to_owned() });
    }

    fn load_page(&mut self, folder: &Folder, no: u32, newest: bool) -> Result<(), KeyringError> {
        let line = self.root[&no].clone();
        let page = PageName { no, generation: line.generation };
        let name = page.file();
        let Some(bytes) = folder.read(&name)? else {
            self.flaw(folder, &name, "missing");
            return Ok(());
        };
        let read = read_page(&folder.path(&name), &bytes, page, &line.key, newest)?;
        let wanted = line.frames as usize;
        if read.slots < wanted || (!newest && read.slots > wanted) {
            let what = format!("has {} frames, the root knows of {wanted}", read.slots);
            self.flaw(folder, &name, &what);
        }
        if (bytes.len() as u64) > frame_offset(read.slots) {
            self.leftovers.push(Leftover::Tail(name.clone(), frame_offset(read.slots)));
        }
        self.flaws.extend(read.flaws);
        for (slot, entry) in read.entries {
            if !self.held.push(no, entry) {
                self.flaw(folder, &name, &format!("frame {slot} names a key that is already there"));
            }
        }
        Ok(())
    }

    /// Says of a file that neither the root nor the epoch needs what it is.
    fn sort_out(&mut self, folder: &Folder, name: String) -> Result<(), KeyringError> {
        match kind_of(&name) {
            FileKind::Temp => self.leftovers.push(Leftover::File(name)),
            FileKind::Epoch(epoch) if epoch != self.epoch => self.leftovers.push(Leftover::EpochKey(name)),
            FileKind::Root(epoch) if epoch != self.epoch => self.leftovers.push(Leftover::File(name)),
            FileKind::Page(page) => match self.root.get(&page.no) {
                Some(line) if line.generation == page.generation => {}
                // Older: a finished forgetting did not get to remove it. Newer: one that was never
                // committed; all it holds is also in the page of the root, which was read in full.
                Some(_) => self.leftovers.push(Leftover::File(name)),
                // A page comes into being empty, before the root names it.
                None if self.is_without_frames(folder, &name)? => self.leftovers.push(Leftover::File(name)),
                None => self.flaw(folder, &name, "holds keys, but the root does not know it"),
            },
            FileKind::Epoch(_) | FileKind::Root(_) | FileKind::Foreign => {}
        }
        Ok(())
    }

    fn is_without_frames(&self, folder: &Folder, name: &str) -> Result<bool, KeyringError> {
        Ok(folder.read(name)?.is_none_or(|bytes| bytes.len() <= PAGE_HEADER_BYTES))
    }
}

/// Finishes what was interrupted: destroys epoch keys that must not be there, removes files that are
/// of no use, cuts the torn tail.
pub(super) fn tidy(folder: &Folder, leftovers: &[Leftover]) -> Result<(), KeyringError> {
    for leftover in leftovers {
        match leftover {
            Leftover::EpochKey(name) => folder.destroy(name)?,
            Leftover::File(name) => folder.remove(name)?,
            Leftover::Tail(name, len) => folder.cut(name, *len)?,
        }
    }
    if leftovers.is_empty() { Ok(()) } else { folder.sync() }
}
