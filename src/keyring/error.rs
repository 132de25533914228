//! What can go wrong with the keyring. No text here ever holds a key or a secret.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::stretch::StretchError;
use crate::domain::ids::KeyId;

/// A place in the keyring that does not decode. Keys that lay there are unknown, not absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyringFlaw {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for KeyringFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.what)
    }
}

/// Why the keyring could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The master secret is not the one this keyring was made with. A mistake: use the right one.
    #[error("the master secret does not belong to the keyring in `{}`", dir.display())]
    WrongMaster {
        /// The keyring's folder.
        dir: PathBuf,
    },
    /// A newer program wrote this file. A mistake: use that program.
    #[error("`{}` has format version {found}, this program reads up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version this program reads.
        known: u32,
    },
    /// The folder holds no keyring.
    #[error("`{}` holds no keyring", dir.display())]
    NotAKeyring {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder already holds keys (or anything at all, for a backup); nothing was touched.
    #[error("`{}` is not empty", dir.display())]
    AlreadyThere {
        /// The folder.
        dir: PathBuf,
    },
    /// Another process (or another value in this one) has the keyring open.
    #[error("the keyring in `{}` is in use", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A part of the keyring does not decode. A fault: restore it from a keyring backup.
    #[error("damaged keyring: {0}")]
    Damaged(KeyringFlaw),
    /// Keys of the office itself are never forgotten; a warrant that names one is wrong.
    #[error("key `{id}` belongs to the office and is never forgotten")]
    OfOffice {
        /// The key named.
        id: KeyId,
    },
    /// All [`PAGES_MAX`](super::PAGES_MAX) pages are in use.
    #[error("the keyring is full")]
    Full,
    /// An earlier write failed, so what lies on disk is uncertain: the keyring must be opened again.
    #[error("an earlier write to the keyring failed; it must be opened again")]
    Spoiled,
    /// The key file is not one.
    #[error("`{}` is not a key file, or was changed", path.display())]
    NotAKeyFile {
        /// The file.
        path: PathBuf,
    },
    /// A secret could not be stretched into a key.
    #[error("cannot derive a key from the passphrase")]
    Stretch(#[from] StretchError),
    /// The storage is full. What was being written is not there, and nothing is written any more.
    #[error("no space left at `{}`", path.display())]
    NoSpace {
        /// Where.
        path: PathBuf,
    },
    /// The operating system said no.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
}

impl KeyringError {
    /// A flaw as an error.
    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged(KeyringFlaw { path: path.to_owned(), what: what.into() })
    }
}
