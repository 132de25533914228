//! The keyring's folder on its disk: what this layer needs of [`crate::disk`], and its errors.
//!
//! Order of writing: temporary file in the same folder → write → fsync → rename → fsync folder.
//! Nothing here retries; after an error the caller treats what is on disk as unknown.

use std::path::{Path, PathBuf};

use super::error::KeyringError;
use crate::base::seal::random_bytes;
use crate::disk::{Disk, DiskError, DiskFile, Lock};

impl From<DiskError> for KeyringError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::Full { path, .. } => Self::NoSpace { path },
            DiskError::Failed { doing, path, source } => Self::Io { doing, path, source },
            DiskError::Held { path } => Self::InUse { dir: path },
        }
    }
}

/// A folder, and the disk it lies on.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    disk: Disk,
    dir: PathBuf,
}

impl Folder {
    /// This folder of this disk.
    pub(super) fn on(disk: &Disk, dir: &Path) -> Self {
        Self { disk: disk.clone(), dir: dir.to_owned() }
    }

    /// Where it is.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Another folder of the same disk.
    pub(super) fn beside(&self, dir: &Path) -> Self {
        Self::on(&self.disk, dir)
    }

    /// The path of a file in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Makes the folder, durably, if it is not there.
    pub(super) fn make(&self) -> Result<(), KeyringError> {
        Ok(self.disk.make_folder(&self.dir)?)
    }

    /// Takes the folder for this value alone, as long as the answer lives.
    pub(super) fn lock(&self) -> Result<Lock, KeyringError> {
        Ok(self.disk.lock(&self.dir)?)
    }

    /// The names of all files in the folder, sorted. A folder that is not there has none.
    pub(super) fn names(&self) -> Result<Vec<String>, KeyringError> {
        Ok(self.disk.names(&self.dir)?)
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> Result<bool, KeyringError> {
        Ok(self.disk.exists(&self.path(name))?)
    }

    /// A whole file, or `None` if there is none of that name.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyringError> {
        Ok(self.disk.read(&self.path(name))?)
    }

    /// Puts a whole file in place, replacing one of the same name. Its bytes are durable on return;
    /// its name only after [`Self::sync`].
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        Ok(self.disk.put(&self.path(name), bytes)?)
    }

    /// Makes names durable: what was put and what was removed.
    pub(super) fn sync(&self) -> Result<(), KeyringError> {
        Ok(self.disk.sync_folder(&self.dir)?)
    }

    /// Opens a file to write into it.
    pub(super) fn open_to_write(&self, name: &str) -> Result<DiskFile, KeyringError> {
        let path = self.path(name);
        self.disk.open_for_change(&path)?.ok_or_else(|| KeyringError::damaged(&path, "missing"))
    }

    /// Cuts a file to `len` bytes, durably.
    pub(super) fn cut(&self, name: &str, len: u64) -> Result<(), KeyringError> {
        let file = self.open_to_write(name)?;
        file.cut(len)?;
        Ok(file.sync()?)
    }

    /// Removes a file; one that is not there is fine. Durable after [`Self::sync`].
    pub(super) fn remove(&self, name: &str) -> Result<(), KeyringError> {
        self.disk.remove(&self.path(name))?;
        Ok(())
    }

    /// Overwrites a file with random bytes, syncs, removes it, and syncs the folder.
    pub(super) fn destroy(&self, name: &str) -> Result<(), KeyringError> {
        let Some(file) = self.disk.open_for_change(&self.path(name))? else { return Ok(()) };
        let len = file.len()? as usize;
        let mut noise = Vec::new();
        while noise.len() < len {
            noise.extend_from_slice(&random_bytes::<32>());
        }
        write_at(&file, 0, &noise[..len])?;
        self.remove(name)?;
        self.sync()
    }
}

/// Writes `bytes` into an open file and makes them durable: one fsync.
pub(super) fn write_at(file: &DiskFile, at: u64, bytes: &[u8]) -> Result<(), KeyringError> {
    file.write_at(bytes, at)?;
    Ok(file.sync()?)
}
