//! The narrow door to the disk: no other file of the vault creates, renames, removes, cuts or syncs.
//!
//! May not know what the bytes mean. Files are created for the owner alone (0600, folders 0700).

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

use super::VaultError;

/// Bytes written at once where a hole cannot be punched.
const ZEROS_BYTES: usize = 64 * 1024;

/// An open file that knows its path, so that every error names it.
#[derive(Debug)]
pub(super) struct DiskFile {
    file: File,
    path: PathBuf,
}

impl DiskFile {
    /// Makes a new file; one of that name must not exist.
    pub(super) fn create(path: PathBuf) -> Result<Self, VaultError> {
        let made = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = made.map_err(VaultError::io("creating", &path))?;
        Ok(Self { file, path })
    }

    /// Opens a file for reading; `None` if there is none.
    pub(super) fn open(path: PathBuf) -> Result<Option<Self>, VaultError> {
        Self::found(File::open(&path), path)
    }

    /// Opens a file for reading and changing; `None` if there is none.
    pub(super) fn open_for_change(path: PathBuf) -> Result<Option<Self>, VaultError> {
        Self::found(OpenOptions::new().read(true).write(true).open(&path), path)
    }

    fn found(opened: io::Result<File>, path: PathBuf) -> Result<Option<Self>, VaultError> {
        match opened {
            Ok(file) => Ok(Some(Self { file, path })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VaultError::io("opening", &path)(error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn len(&self) -> Result<u64, VaultError> {
        self.file.metadata().map(|data| data.len()).map_err(VaultError::io("measuring", &self.path))
    }

    /// Fills `buffer`, or says `false` if the file ends before.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<bool, VaultError> {
        match self.file.read_exact_at(buffer, offset) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(VaultError::io("reading", &self.path)(error)),
        }
    }

    pub(super) fn write_at(&self, bytes: &[u8], offset: u64) -> Result<(), VaultError> {
        self.file.write_all_at(bytes, offset).map_err(VaultError::io("writing", &self.path))
    }

    /// What was written, and the length, are on the medium when this returns.
    pub(super) fn sync(&self) -> Result<(), VaultError> {
        self.file.sync_data().map_err(VaultError::sync("syncing", &self.path))
    }

    /// Gives the file its final name; not durable before [`sync_folder`].
    pub(super) fn rename_to(&mut self, path: PathBuf) -> Result<(), VaultError> {
        fs::rename(&self.path, &path).map_err(VaultError::io("renaming to", &path))?;
        self.path = path;
        Ok(())
    }

    pub(super) fn cut(&self, length: u64) -> Result<(), VaultError> {
        self.file.set_len(length).map_err(VaultError::io("cutting", &self.path))
    }

    /// Gives a range back to the file system, which then reads as zeros; where it cannot, writes zeros.
    /// Not durable before [`Self::sync`].
    pub(super) fn erase(&self, offset: u64, length: u64) -> Result<(), VaultError> {
        if length == 0 {
            return Ok(()); // the system refuses an empty hole
        }
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        match fallocate(&self.file, flags, offset, length) {
            Ok(()) => Ok(()),
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => self.overwrite_with_zeros(offset, length),
            Err(error) => Err(VaultError::io("erasing in", &self.path)(error.into())),
        }
    }

    pub(super) fn overwrite_with_zeros(&self, offset: u64, length: u64) -> Result<(), VaultError> {
        let zeros = [0; ZEROS_BYTES];
        let mut at = offset;
        while at < offset + length {
            let step = (offset + length - at).min(ZEROS_BYTES as u64);
            self.write_at(&zeros[..step as usize], at)?;
            at += step;
        }
        Ok(())
    }
}

/// Takes the lock of a folder; it is held as long as the file lives.
pub(super) fn lock(path: &Path) -> Result<File, VaultError> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    let file = opened.map_err(VaultError::io("opening", path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(VaultError::io("locking", path)(error)),
    }
}

/// Makes a folder with its parents and makes its name durable; no error if it is there.
pub(super) fn make_folder(path: &Path) -> Result<(), VaultError> {
    if path.is_dir() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(VaultError::io("making folder", path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), VaultError> {
    // The parent of a relative name of one part is the empty path.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path).and_then(|folder| folder.sync_all()).map_err(VaultError::sync("syncing folder", path))
}

/// Removes a file; `false` if there was none. Not durable before [`sync_folder`].
pub(super) fn remove(path: &Path) -> Result<bool, VaultError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(VaultError::io("removing", path)(error)),
    }
}

/// The names in a folder, sorted; none if there is no such folder. A name that is no Unicode is
/// shown with replacement characters (the vault itself gives only plain names).
pub(super) fn names(path: &Path) -> Result<Vec<String>, VaultError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(VaultError::io("listing", path)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(VaultError::io("listing", path))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erased_range_reads_as_zeros_and_its_neighbours_stay() {
        let folder = tempfile::tempdir().unwrap();
        for (name, punch) in [("punched", true), ("overwritten", false)] {
            let file = DiskFile::create(folder.path().join(name)).unwrap();
            file.write_at(&[7; 200_000], 0).unwrap();
            if punch { file.erase(5, 150_000) } else { file.overwrite_with_zeros(5, 150_000) }.unwrap();
            file.sync().unwrap();
            let mut all = vec![1; 200_000];
            assert!(file.read_at(&mut all, 0).unwrap());
            assert_eq!(file.len().unwrap(), 200_000);
            assert!(all[..5].iter().chain(&all[150_005..]).all(|byte| *byte == 7));
            assert!(all[5..150_005].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn a_locked_folder_is_refused_to_the_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = lock(&path).unwrap();
        assert!(matches!(lock(&path), Err(VaultError::InUse(_))));
        drop(held);
        assert!(lock(&path).is_ok());
    }
}
