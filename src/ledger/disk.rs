//! A folder of the ledger on the disk it lies on: what this layer needs of [`crate::disk`], and its errors.

use std::path::{Path, PathBuf};

use crate::disk::{Disk, DiskError, DiskFile, parent_of};

use super::error::LedgerError;

impl From<DiskError> for LedgerError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::Full { doing, path, source } => Self::Full { doing, path, source },
            DiskError::Failed { doing, path, source } => Self::Io { doing, path, source },
            DiskError::Held { path } => Self::Occupied { path },
        }
    }
}

/// A folder and the disk it lies on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dir<'a> {
    pub(super) disk: &'a Disk,
    pub(super) path: &'a Path,
}

impl Dir<'_> {
    pub(super) fn join(self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The names in it, sorted. One that is not there is an error: a ledger's folders are never missing.
    pub(super) fn names(self) -> Result<Vec<String>, LedgerError> {
        if !self.disk.is_folder(self.path)? {
            let source = std::io::Error::from(std::io::ErrorKind::NotFound).into();
            return Err(LedgerError::Io { doing: "listing", path: self.path.to_owned(), source });
        }
        Ok(self.disk.names(self.path)?)
    }

    /// Makes the folder, durably, unless there is an empty one.
    pub(super) fn make_vacant(self) -> Result<(), LedgerError> {
        self.disk.make_folder(self.path)?;
        if self.names()?.is_empty() {
            return Ok(());
        }
        Err(LedgerError::NotEmpty { path: self.path.to_owned() })
    }

    /// Makes a file that was not there, with these first bytes; file and name are durable on return.
    pub(super) fn create(self, name: &str, bytes: &[u8]) -> Result<DiskFile, LedgerError> {
        let file = self.disk.create(&self.join(name))?;
        file.write_at(bytes, 0)?;
        file.sync()?;
        self.disk.sync_folder(self.path)?;
        Ok(file)
    }

    /// A file to read, or to read and write; none if it is not there.
    pub(super) fn open(self, name: &str, to_write: bool) -> Result<Option<DiskFile>, LedgerError> {
        let path = self.join(name);
        Ok(if to_write { self.disk.open_for_change(&path) } else { self.disk.open(&path) }?)
    }

    /// Removes a file of the ledger, durably.
    pub(super) fn remove(self, file: &DiskFile) -> Result<(), LedgerError> {
        self.disk.remove(file.path())?;
        Ok(self.disk.sync_folder(parent_of(file.path()))?)
    }
}

/// Makes these bytes the whole content, in place, durably. Not atomic: for head slots only.
pub(super) fn overwrite(file: &DiskFile, bytes: &[u8]) -> Result<(), LedgerError> {
    file.write_at(bytes, 0)?;
    if file.len()? != bytes.len() as u64 {
        file.cut(bytes.len() as u64)?;
    }
    Ok(file.sync()?)
}

/// Cuts a file to `len` bytes, durably.
pub(super) fn cut(file: &DiskFile, len: u64) -> Result<(), LedgerError> {
    file.cut(len)?;
    Ok(file.sync()?)
}

/// All bytes of a small file, at most `limit_bytes`; more are left off, and no valid file has them.
pub(super) fn read_small(file: &DiskFile, limit_bytes: usize) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = vec![0; limit_bytes];
    let read = file.read_at(&mut bytes, 0)?;
    bytes.truncate(read);
    Ok(bytes)
}
