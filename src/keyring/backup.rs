//! Copying the keyring, looking through it, and naming the places where keys lie.

use std::path::{Path, PathBuf};

use super::error::{KeyringError, KeyringFlaw};
use super::layout::{PageName, epoch_file, root_file};
use super::load::load;
use super::ring::{Keyring, Writer};

/// A copy of the keyring that was read again after it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyringBackup {
    /// The epoch of the copy. Once the keyring has moved on, the copy holds the last key of this epoch.
    pub epoch: u64,
    /// Keys in the copy.
    pub keys: usize,
    /// Pages in the copy.
    pub pages: usize,
    /// Size of the copy.
    pub size_bytes: u64,
}

/// What [`Keyring::audit`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringAudit {
    /// The epoch.
    pub epoch: u64,
    /// Pages that the root names.
    pub pages: usize,
    /// Keys that could be read.
    pub keys: usize,
    /// What does not decode, or is not as it is held in memory.
    pub flaws: Vec<KeyringFlaw>,
    /// Files that should no longer be there (an epoch key among them may still open old images).
    pub leftovers: Vec<PathBuf>,
}

impl KeyringAudit {
    /// Everything decodes, and nothing is there that should not be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.flaws.is_empty() && self.leftovers.is_empty()
    }
}

impl Keyring {
    /// Copies the sealed files to the folder `to` (made if need be; it must be empty), and reads the
    /// copy in full. Never the master secret: without it the copy is worthless. Writing waits meanwhile.
    ///
    /// As long as the copy lives, keys forgotten later can be read from it: the caller keeps the list
    /// of copies, lets them expire, and drops one only after a newer was made.
    ///
    /// # Errors
    /// [`KeyringError::AlreadyThere`] if `to` is not empty; [`KeyringError::Damaged`] if the keyring
    /// or the copy does not decode; [`KeyringError::Io`]. What was copied until then stays there.
    pub fn backup(&self, to: &Path) -> Result<KeyringBackup, KeyringError> {
        let writer = self.writer()?;
        let copy = writer.folder.beside(to);
        copy.make()?;
        if !copy.names()?.is_empty() {
            return Err(KeyringError::AlreadyThere { dir: to.to_owned() });
        }
        let mut size_bytes = 0;
        // The root comes last: a copy without one is not a keyring.
        for name in writer.file_names().into_iter().rev() {
            let path = writer.folder.path(&name);
            let bytes = writer.folder.read(&name)?.ok_or_else(|| KeyringError::damaged(&path, "missing"))?;
            copy.put(&name, &bytes)?;
            size_bytes += bytes.len() as u64;
        }
        copy.sync()?;
        let read = load(&copy, &writer.wrap, writer.check)?;
        if let Some(flaw) = read.flaws.first() {
            return Err(KeyringError::Damaged(flaw.clone()));
        }
        if !read.held.same_keys(&*self.held()?) {
            return Err(KeyringError::damaged(to, "the copy does not hold the same keys"));
        }
        Ok(KeyringBackup { epoch: read.epoch, keys: read.held.len(), pages: read.root.len(), size_bytes })
    }

    /// Reads epoch key, root and every page from disk again and compares them with what is held here.
    /// Changes nothing.
    ///
    /// # Errors
    /// Only if epoch key or root does not decode, or the system fails; damaged pages are in the answer.
    pub fn audit(&self) -> Result<KeyringAudit, KeyringError> {
        let writer = self.writer_to_look();
        let read = load(&writer.folder, &writer.wrap, writer.check)?;
        let mut flaws = read.flaws;
        if flaws.is_empty() && (read.epoch != writer.epoch || !read.held.same_keys(&*self.held()?)) {
            let what = "the keys on disk are not those held in memory".to_owned();
            flaws.push(KeyringFlaw { path: writer.folder.dir().to_owned(), what });
        }
        let leftovers = read.leftovers.iter().map(|leftover| writer.folder.path(leftover.name())).collect();
        Ok(KeyringAudit {
            epoch: read.epoch,
            pages: read.root.len(),
            keys: read.held.len(),
            flaws,
            leftovers,
        })
    }

    /// Every file that may hold keys, for the certificate and for those who look for remains. Backups
    /// are elsewhere and known to the one who made them.
    #[must_use]
    pub fn places(&self) -> Vec<PathBuf> {
        let writer = self.writer_to_look();
        writer.file_names().iter().map(|name| writer.folder.path(name)).collect()
    }
}

impl Writer {
    /// The files in use: root, epoch key, pages.
    fn file_names(&self) -> Vec<String> {
        let pages =
            self.root.iter().map(|(no, line)| PageName { no: *no, generation: line.generation }.file());
        [root_file(self.epoch), epoch_file(self.epoch)].into_iter().chain(pages).collect()
    }
}
