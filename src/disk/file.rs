//! An open file that knows its path, so that every error names it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Bytes, Disk, DiskError};

/// Bytes written at once where a hole cannot be punched.
const ZEROS_BYTES: usize = 64 * 1024;

/// Bytes that are read and written again at a time.
const RENEWED_AT_ONCE_BYTES: usize = 1 << 20;

/// See the module documentation.
pub struct DiskFile {
    disk: Disk,
    bytes: Arc<dyn Bytes>,
    path: PathBuf,
}

impl fmt::Debug for DiskFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DiskFile").field(&self.path).finish()
    }
}

impl DiskFile {
    pub(super) fn new(disk: Disk, bytes: Arc<dyn Bytes>, path: &Path) -> Self {
        Self { disk, bytes, path: path.to_owned() }
    }

    /// Its name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its length in bytes.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn len(&self) -> Result<u64, DiskError> {
        self.bytes.length().map_err(DiskError::doing("measuring", &self.path))
    }

    /// There is nothing in it.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn is_empty(&self) -> Result<bool, DiskError> {
        self.len().map(|length| length == 0)
    }

    /// Reads up to `buffer.len()` bytes; fewer only at the end of the file.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> Result<usize, DiskError> {
        let mut done = 0;
        while done < buffer.len() {
            match self.bytes.read_at(&mut buffer[done..], at.saturating_add(done as u64)) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(DiskError::doing("reading", &self.path)(error)),
            }
        }
        Ok(done)
    }

    /// Fills `buffer`, or says `false` if the file ends before.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn fill_at(&self, buffer: &mut [u8], at: u64) -> Result<bool, DiskError> {
        Ok(self.read_at(buffer, at)? == buffer.len())
    }

    /// All its bytes.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn read_all(&self) -> Result<Vec<u8>, DiskError> {
        let mut bytes = vec![0; usize::try_from(self.len()?).unwrap_or(usize::MAX)];
        let read = self.read_at(&mut bytes, 0)?;
        bytes.truncate(read);
        Ok(bytes)
    }

    /// Writes all bytes at this place. Not durable before [`Self::sync`].
    ///
    /// # Errors
    /// [`DiskError`]; then any part may have been written.
    pub fn write_at(&self, bytes: &[u8], at: u64) -> Result<(), DiskError> {
        self.bytes.write_at(bytes, at).map_err(DiskError::doing("writing", &self.path))
    }

    /// What was written, and the length, are on the medium when this returns.
    ///
    /// # Errors
    /// [`DiskError::Failed`]: nobody knows what is durable now, and asking again would lie.
    pub fn sync(&self) -> Result<(), DiskError> {
        self.bytes.sync().map_err(DiskError::syncing("syncing", &self.path))
    }

    /// Writes again what is read from `from` on, and makes it durable. Whoever finds a file that another process left
    /// does not know whether its last sync went well: if it did not, the bytes are read out of memory and are on no
    /// medium, and no later sync would write them. Writing them does.
    ///
    /// # Errors
    /// As [`Self::write_at`] and [`Self::sync`].
    pub fn renew(&self, from: u64) -> Result<(), DiskError> {
        let (mut at, length) = (from, self.len()?);
        let mut buffer = vec![0; RENEWED_AT_ONCE_BYTES];
        while at < length {
            let piece = &mut buffer[..(length - at).min(RENEWED_AT_ONCE_BYTES as u64) as usize];
            let read = self.read_at(piece, at)?;
            if read == 0 {
                break; // shortened meanwhile
            }
            self.write_at(&piece[..read], at)?;
            at += read as u64;
        }
        self.sync()
    }

    /// Makes the file so long; not durable before [`Self::sync`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn cut(&self, length: u64) -> Result<(), DiskError> {
        self.bytes.set_len(length).map_err(DiskError::doing("cutting", &self.path))
    }

    /// Gives the file its final name, replacing what has it; not durable before [`Disk::sync_folder`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn rename_to(&mut self, path: &Path) -> Result<(), DiskError> {
        self.disk.0.rename(&self.path, path).map_err(DiskError::doing("renaming to", path))?;
        path.clone_into(&mut self.path);
        Ok(())
    }

    /// Gives a range back to the medium, which then reads as zeros; where it cannot, writes zeros. Not durable
    /// before [`Self::sync`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn erase(&self, offset: u64, length: u64) -> Result<(), DiskError> {
        if length == 0 {
            return Ok(()); // the system refuses an empty hole
        }
        match self.bytes.punch(offset, length) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                self.overwrite_with_zeros(offset, length)
            }
            punched => punched.map_err(DiskError::doing("erasing in", &self.path)),
        }
    }

    pub(super) fn overwrite_with_zeros(&self, offset: u64, length: u64) -> Result<(), DiskError> {
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
