//! SEAM disk: the one narrow door through which every file of the truth is made, written, renamed, cut, synced and
//! removed, and through which the truth is told the time. Nothing else in the project does (`tests/layers.rs` says
//! so); views, the socket and what is handed out to people are no truth and go their own ways.
//!
//! Two media keep one suite of promises: the real disk, and [`Simulated`], which loses and tears what was not
//! synced when its power is cut. [`Failing`] stands before either, lets one operation fail or the clock jump. May not know what
//! the bytes mean. Nothing is ever retried here: after a failed sync the kernel may have dropped the bytes, and a
//! second sync would lie.

mod error;
mod failing;
mod file;
mod real;
mod simulated;
#[cfg(test)]
mod suite;

use std::any::Any;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

pub use error::DiskError;
pub use failing::{Failing, Fault, Faults};
pub use file::DiskFile;
pub use simulated::Simulated;

/// How names of files that are being written whole end. Whoever finds one may remove it.
pub const TEMPORARY: &str = ".tmp";

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To read; it must be there.
    Read,
    /// To read and write; it must be there.
    Change,
    /// To read and write; it must not be there. For the owner alone (0600).
    New,
    /// To read and write; made if it is not there.
    Any,
}

/// What keeps files: names in folders, and what hangs on the names.
pub trait Medium: Send + Sync {
    /// Opens a file.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn Bytes>>;
    /// Gives a file another name in the same folder, replacing what has it.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The names in a folder, in any order.
    ///
    /// # Errors
    /// What the system says.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes one folder (0700), whose parent must be there.
    ///
    /// # Errors
    /// What the system says.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder with everything in it. A link in it is removed and not followed.
    ///
    /// # Errors
    /// What the system says.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// What the system says.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Whether there is a folder of this name.
    ///
    /// # Errors
    /// What the system says; that nothing is there is an answer and no error.
    fn is_folder(&self, path: &Path) -> io::Result<bool>;
    /// Whether there is anything of this name.
    ///
    /// # Errors
    /// As [`Self::is_folder`].
    fn exists(&self, path: &Path) -> io::Result<bool>;
    /// Locks a folder, or a file that is made if need be, as long as the answer lives.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if another holds it, or what the system says.
    fn lock(&self, path: &Path) -> io::Result<Lock>;
    /// What the machine's clock shows. It may be wrong, and it may go back.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What hangs on a name.
pub trait Bytes: Send + Sync {
    /// How many there are.
    ///
    /// # Errors
    /// What the system says.
    fn length(&self) -> io::Result<u64>;
    /// Reads some at this place; none only at the end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
    /// Writes all at this place.
    ///
    /// # Errors
    /// What the system says; then any part may have been written.
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()>;
    /// Cuts, or lengthens by zeros.
    ///
    /// # Errors
    /// What the system says.
    fn set_len(&self, length: u64) -> io::Result<()>;
    /// Gives a range inside the file back to the medium; it then reads as zeros.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where that cannot be done, or what the system says.
    fn punch(&self, at: u64, length: u64) -> io::Result<()>;
    /// Makes bytes and length durable.
    ///
    /// # Errors
    /// What the system says; then nobody knows what is durable.
    fn sync(&self) -> io::Result<()>;
    /// What Linux may do to unsynced bytes when a sync fails: they are gone, and no later sync says so. Only a
    /// simulated medium has to show it.
    fn drop_unsynced(&self) {}
}

/// A lock that is held as long as this lives.
pub struct Lock {
    _held: Box<dyn Any + Send + Sync>,
}

impl Lock {
    fn holding(what: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(what) }
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// A disk: all calls may come from any thread, and clones are the same disk.
#[derive(Clone)]
pub struct Disk(Arc<dyn Medium>);

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}

impl Disk {
    /// The disk of this machine.
    #[must_use]
    pub fn real() -> Self {
        Self(Arc::new(real::Real))
    }

    /// A disk on this medium.
    #[must_use]
    pub fn on(medium: Arc<dyn Medium>) -> Self {
        Self(medium)
    }

    /// Makes a new file; one of that name must not exist. Not durable before it and its folder are synced.
    ///
    /// # Errors
    /// [`DiskError`], also if there is one.
    pub fn create(&self, path: &Path) -> Result<DiskFile, DiskError> {
        let bytes = self.0.open(path, Mode::New).map_err(DiskError::doing("creating", path))?;
        Ok(DiskFile::new(self.clone(), bytes, path))
    }

    /// Opens a file for reading; `None` if there is none.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn open(&self, path: &Path) -> Result<Option<DiskFile>, DiskError> {
        self.open_if_there(path, Mode::Read)
    }

    /// Opens a file for reading and changing; `None` if there is none.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn open_for_change(&self, path: &Path) -> Result<Option<DiskFile>, DiskError> {
        self.open_if_there(path, Mode::Change)
    }

    /// Opens a file for reading and changing, or makes it.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn open_or_create(&self, path: &Path) -> Result<DiskFile, DiskError> {
        let bytes = self.0.open(path, Mode::Any).map_err(DiskError::doing("opening", path))?;
        Ok(DiskFile::new(self.clone(), bytes, path))
    }

    fn open_if_there(&self, path: &Path, mode: Mode) -> Result<Option<DiskFile>, DiskError> {
        match self.0.open(path, mode) {
            Ok(bytes) => Ok(Some(DiskFile::new(self.clone(), bytes, path))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DiskError::doing("opening", path)(error)),
        }
    }

    /// A whole file, or `None` if there is none of that name.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, DiskError> {
        self.open(path)?.map(|file| file.read_all()).transpose()
    }

    /// Puts a whole file in place, replacing one of the same name: it is written beside, synced and renamed. Its
    /// bytes are durable on return, its name only after [`Self::sync_folder`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(TEMPORARY);
        let beside = PathBuf::from(beside);
        self.remove(&beside)?;
        let mut file = self.create(&beside)?;
        file.write_at(bytes, 0)?;
        file.sync()?;
        file.rename_to(path)
    }

    /// As [`Self::put`], and its name is durable on return.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn put_durably(&self, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        self.put(path, bytes)?;
        self.sync_folder(parent_of(path))
    }

    /// Removes a file; `false` if there was none. Not durable before [`Self::sync_folder`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn remove(&self, path: &Path) -> Result<bool, DiskError> {
        match self.0.remove(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(DiskError::doing("removing", path)(error)),
        }
    }

    /// The names in a folder, sorted; none if there is no such folder. A name that is no Unicode is shown with
    /// replacement characters (we give only plain names).
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn names(&self, folder: &Path) -> Result<Vec<String>, DiskError> {
        match self.0.names(folder) {
            Ok(mut names) => {
                names.sort_unstable();
                Ok(names)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(DiskError::doing("listing", folder)(error)),
        }
    }

    /// Makes a folder with its parents, and the names of all that were made durable; no error if it is there.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn make_folder(&self, path: &Path) -> Result<(), DiskError> {
        if path.as_os_str().is_empty() || self.is_folder(path)? {
            return Ok(());
        }
        let parent = parent_of(path);
        self.make_folder(parent)?;
        match self.0.make_folder(path) {
            // Two threads may want the same folder.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.is_folder(path)? => {}
            made => made.map_err(DiskError::doing("making folder", path))?,
        }
        self.sync_folder(parent)
    }

    /// Removes a folder with everything in it; no error if there is none. Not durable before its parent is synced.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn remove_folder(&self, path: &Path) -> Result<(), DiskError> {
        match self.0.remove_folder(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(DiskError::doing("removing folder", path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Gives a folder another name beside its own. Not durable before [`Self::sync_folder`].
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn rename_folder(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        self.0.rename(from, to).map_err(DiskError::doing("renaming to", to))
    }

    /// What the machine's clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.now()
    }

    /// The day it is, in the machine's time zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::system()).date()
    }

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn sync_folder(&self, path: &Path) -> Result<(), DiskError> {
        // The parent of a relative name of one part is the empty path.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        self.0.sync_folder(path).map_err(DiskError::syncing("syncing folder", path))
    }

    /// Whether there is a folder of this name. A look that fails is no answer: what cannot be seen is not gone.
    ///
    /// # Errors
    /// [`DiskError`].
    pub fn is_folder(&self, path: &Path) -> Result<bool, DiskError> {
        self.0.is_folder(path).map_err(DiskError::doing("looking for", path))
    }

    /// Whether there is a file or folder of this name.
    ///
    /// # Errors
    /// As [`Self::is_folder`].
    pub fn exists(&self, path: &Path) -> Result<bool, DiskError> {
        self.0.exists(path).map_err(DiskError::doing("looking for", path))
    }

    /// Locks a folder, or a file that is made if need be, against other processes and other values in this one.
    ///
    /// # Errors
    /// [`DiskError::Held`] if another holds it.
    pub fn lock(&self, path: &Path) -> Result<Lock, DiskError> {
        match self.0.lock(path) {
            Ok(lock) => Ok(lock),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Err(DiskError::Held { path: path.to_owned() })
            }
            Err(error) => Err(DiskError::doing("locking", path)(error)),
        }
    }
}

/// The folder a name stands in; `.` for a relative name of one part.
pub(crate) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
