//! Every file this layer creates, writes, renames, cuts or syncs passes through here, and only here.
//!
//! Nothing is retried: an error goes to the caller, who then stops writing (after a failed fsync the
//! kernel may have dropped the bytes, and a second fsync would lie).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::error::LedgerError;

/// An open file that knows its name, so that errors can say it.
#[derive(Debug)]
pub(super) struct DiskFile {
    pub(super) file: File,
    pub(super) path: PathBuf,
}

/// Names an error; lack of space is told apart.
fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LedgerError {
    let path = path.to_owned();
    move |source| match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => LedgerError::Full { doing, path, source },
        _ => LedgerError::Io { doing, path, source },
    }
}

impl DiskFile {
    /// Makes a file that was not there, with these first bytes; file and name are durable on return.
    pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<Self, LedgerError> {
        let mut options = OpenOptions::new();
        let file = Self::open_with(options.read(true).write(true).create_new(true), path)?;
        file.write_at(bytes, 0)?;
        file.sync()?;
        sync_parent(path)?;
        Ok(file)
    }

    pub(super) fn open_to_read(path: &Path) -> Result<Self, LedgerError> {
        Self::open_with(OpenOptions::new().read(true), path)
    }

    pub(super) fn open_to_write(path: &Path) -> Result<Self, LedgerError> {
        Self::open_with(OpenOptions::new().read(true).write(true), path)
    }

    /// A derived file: made if missing, neither synced nor trusted.
    pub(super) fn open_derived(path: &Path, fresh: bool) -> Result<Self, LedgerError> {
        let mut options = OpenOptions::new();
        Self::open_with(options.read(true).write(true).create(true).truncate(fresh), path)
    }

    fn open_with(options: &OpenOptions, path: &Path) -> Result<Self, LedgerError> {
        let file = options.open(path).map_err(failed("opening", path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    pub(super) fn len(&self) -> Result<u64, LedgerError> {
        Ok(self.file.metadata().map_err(failed("reading the length of", &self.path))?.len())
    }

    /// Reads up to `buffer.len()` bytes at `at`; fewer only at the end of the file.
    pub(super) fn read_at(&self, buffer: &mut [u8], at: u64) -> Result<usize, LedgerError> {
        let mut done = 0;
        while done < buffer.len() {
            match self.file.read_at(&mut buffer[done..], at + done as u64) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed("reading", &self.path)(error)),
            }
        }
        Ok(done)
    }

    pub(super) fn write_at(&self, bytes: &[u8], at: u64) -> Result<(), LedgerError> {
        self.file.write_all_at(bytes, at).map_err(failed("writing", &self.path))
    }

    /// Makes content and length durable.
    pub(super) fn sync(&self) -> Result<(), LedgerError> {
        self.file.sync_data().map_err(failed("syncing", &self.path))
    }

    /// Makes these bytes the whole content, in place, durably. Not atomic: for head slots only.
    pub(super) fn overwrite(&self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.write_at(bytes, 0)?;
        if self.len()? != bytes.len() as u64 {
            self.set_len(bytes.len() as u64)?;
        }
        self.sync()
    }

    /// Cuts the file to `len` bytes, durably.
    pub(super) fn cut(&self, len: u64) -> Result<(), LedgerError> {
        self.set_len(len)?;
        self.sync()
    }

    fn set_len(&self, len: u64) -> Result<(), LedgerError> {
        self.file.set_len(len).map_err(failed("cutting", &self.path))
    }

    /// Gives the file another name in the same directory, replacing what has it.
    pub(super) fn rename(self, path: &Path) -> Result<Self, LedgerError> {
        fs::rename(&self.path, path).map_err(failed("renaming", &self.path))?;
        Ok(Self { file: self.file, path: path.to_owned() })
    }
}

/// All bytes of a small file, at most `limit_bytes`; more are left off, and no valid file has them.
pub(super) fn read_small(file: &DiskFile, limit_bytes: usize) -> Result<Vec<u8>, LedgerError> {
    let mut bytes = vec![0; limit_bytes];
    let read = file.read_at(&mut bytes, 0)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Makes a directory, durably, unless there is an empty one.
pub(super) fn create_vacant_dir(path: &Path) -> Result<(), LedgerError> {
    fs::create_dir_all(path).map_err(failed("creating", path))?;
    if !list(path)?.is_empty() {
        return Err(LedgerError::NotEmpty { path: path.to_owned() });
    }
    sync_parent(path)
}

/// The names in a directory, sorted. Names that are no text are none of ours.
pub(super) fn list(path: &Path) -> Result<Vec<String>, LedgerError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(failed("listing", path))? {
        let entry = entry.map_err(failed("listing", path))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Removes a file, durably.
pub(super) fn remove(path: &Path) -> Result<(), LedgerError> {
    fs::remove_file(path).map_err(failed("removing", path))?;
    sync_parent(path)
}

/// Takes the lock of a directory for as long as the file lives.
pub(super) fn lock(path: &Path) -> Result<DiskFile, LedgerError> {
    let lock = DiskFile::open_derived(path, false)?;
    match lock.file.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(LedgerError::Occupied { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed("locking", path)(error)),
    }
}

fn sync_parent(path: &Path) -> Result<(), LedgerError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let directory = File::open(parent).map_err(failed("opening", parent))?;
    directory.sync_all().map_err(failed("syncing", parent))
}
