//! The only place where the keyring's files are created, renamed, synced and removed.
//!
//! Order of writing: temporary file in the same folder → write → fsync → rename → fsync folder.
//! Nothing here retries; after an error the caller treats what is on disk as unknown.
//! In tests a [`Disk`] can carry a fuse that lets it stop at any step, in the middle of a write.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::KeyringError;
use crate::base::seal::random_bytes;

/// How names of files that are not finished end. They are never read and removed on opening.
pub(super) const TEMP_SUFFIX: &str = ".tmp";
/// Files are for the owner alone.
const FILE_MODE: u32 = 0o600;

/// A folder, and the steps taken in it.
pub(super) struct Disk {
    dir: PathBuf,
    #[cfg(test)]
    steps_left: Option<std::sync::atomic::AtomicUsize>,
}

impl Disk {
    /// The disk at this folder.
    pub(super) fn at(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            #[cfg(test)]
            steps_left: None,
        }
    }

    /// The folder.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The path of a file in the folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Makes the folder, durably, if it is not there.
    pub(super) fn make_dir(&self) -> Result<(), KeyringError> {
        self.step("create", &self.dir)?;
        fs::create_dir_all(&self.dir).map_err(io_error("create", &self.dir))?;
        match self.dir.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
            _ => sync_folder(Path::new(".")),
        }
    }

    /// Takes the folder for this value alone, until the returned file is dropped.
    pub(super) fn lock(&self) -> Result<File, KeyringError> {
        let folder = File::open(&self.dir).map_err(io_error("open", &self.dir))?;
        match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(folder),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(KeyringError::InUse { dir: self.dir.clone() }),
            Err(errno) => Err(io_error("lock", &self.dir)(errno.into())),
        }
    }

    /// The names of all files in the folder, sorted. A folder that is not there has none.
    pub(super) fn names(&self) -> Result<Vec<String>, KeyringError> {
        self.step("list", &self.dir)?;
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(io_error("list", &self.dir))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(io_error("list", &self.dir))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// A whole file, or `None` if there is none of that name.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyringError> {
        let path = self.path(name);
        self.step("read", &path)?;
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io_error("read", &path)(error)),
        }
    }

    /// Puts a whole file in place, replacing one of the same name. Its bytes are durable on return;
    /// its name only after [`Self::sync_dir`].
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), KeyringError> {
        let temp = self.path(&format!("{name}{TEMP_SUFFIX}"));
        self.step("create", &temp)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(FILE_MODE)
            .open(&temp)
            .map_err(io_error("create", &temp))?;
        self.write(&temp, bytes, |bytes| file.write_all(bytes))?;
        self.step("sync", &temp)?;
        file.sync_all().map_err(io_error("sync", &temp))?;
        let path = self.path(name);
        self.step("rename", &path)?;
        fs::rename(&temp, &path).map_err(io_error("rename", &path))
    }

    /// Makes names durable: what was put and what was removed.
    pub(super) fn sync_dir(&self) -> Result<(), KeyringError> {
        self.step("sync", &self.dir)?;
        sync_folder(&self.dir)
    }

    /// Opens a file to write into it.
    pub(super) fn open_to_write(&self, name: &str) -> Result<File, KeyringError> {
        let path = self.path(name);
        self.step("open", &path)?;
        OpenOptions::new().write(true).open(&path).map_err(io_error("open", &path))
    }

    /// Writes `bytes` into an open file and makes them durable: one fsync.
    pub(super) fn write_at(
        &self,
        name: &str,
        file: &File,
        at: u64,
        bytes: &[u8],
    ) -> Result<(), KeyringError> {
        let path = self.path(name);
        self.write(&path, bytes, |bytes| file.write_all_at(bytes, at))?;
        self.step("sync", &path)?;
        file.sync_data().map_err(io_error("sync", &path))
    }

    /// Cuts a file to `len` bytes, durably.
    pub(super) fn cut(&self, name: &str, len: u64) -> Result<(), KeyringError> {
        let file = self.open_to_write(name)?;
        let path = self.path(name);
        self.step("cut", &path)?;
        file.set_len(len).map_err(io_error("cut", &path))?;
        file.sync_all().map_err(io_error("sync", &path))
    }

    /// Removes a file; one that is not there is fine. Durable after [`Self::sync_dir`].
    pub(super) fn remove(&self, name: &str) -> Result<(), KeyringError> {
        let path = self.path(name);
        self.step("remove", &path)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Overwrites a file with random bytes, syncs, removes it, and syncs the folder.
    pub(super) fn destroy(&self, name: &str) -> Result<(), KeyringError> {
        let path = self.path(name);
        let len = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(io_error("read", &path))?.len(),
        };
        let file = self.open_to_write(name)?;
        let mut noise = Vec::new();
        while (noise.len() as u64) < len {
            noise.extend_from_slice(&random_bytes::<32>());
        }
        noise.truncate(len as usize);
        self.write_at(name, &file, 0, &noise)?;
        self.remove(name)?;
        self.sync_dir()
    }

    /// One write. A fuse that blows here leaves half of it behind, as a killed process may.
    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        mut write: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), KeyringError> {
        if let Err(stopped) = self.step("write", path) {
            write(&bytes[..bytes.len() / 2]).map_err(io_error("write", path))?;
            return Err(stopped);
        }
        write(bytes).map_err(io_error("write", path))
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
    fn step(&self, _doing: &'static str, _path: &Path) -> Result<(), KeyringError> {
        Ok(())
    }
}

fn sync_folder(dir: &Path) -> Result<(), KeyringError> {
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io_error("sync", dir))
}

/// Turns what the system said into an error that names what was tried and on what.
pub(super) fn io_error<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> KeyringError + use<'a> {
    move |source| KeyringError::Io { doing, path: path.to_owned(), source }
}

#[cfg(test)]
impl Disk {
    /// A disk that stops for good after `steps` steps, as a process does that is killed.
    pub(super) fn that_stops_after(dir: &Path, steps: usize) -> Self {
        Self { dir: dir.to_owned(), steps_left: Some(steps.into()) }
    }

    /// Sets the fuse anew.
    pub(super) fn stop_after(&mut self, steps: usize) {
        self.steps_left = Some(steps.into());
    }

    /// Steps the fuse still has.
    pub(super) fn steps_left(&self) -> Option<usize> {
        self.steps_left.as_ref().map(|left| left.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn step(&self, doing: &'static str, path: &Path) -> Result<(), KeyringError> {
        use std::sync::atomic::Ordering::SeqCst;
        let Some(left) = &self.steps_left else { return Ok(()) };
        match left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Ok(()),
            Err(_) => Err(io_error(doing, path)(io::Error::other("the fuse has blown"))),
        }
    }
}
