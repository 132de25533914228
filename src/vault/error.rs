//! What can go wrong in the vault. Errors name objects and places, never keys or content.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::disk::DiskError;
use crate::domain::ids::ObjectId;

/// An error of the vault. It can be cloned, because callers that share a commit share its failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// No such object is kept here.
    #[error("object `{0}` is not in the vault")]
    NotFound(ObjectId),
    /// What lies on disk is not what was deposited.
    #[error("object `{id}` has changed on disk: {what}")]
    Changed {
        /// The object.
        id: ObjectId,
        /// Which part no longer fits.
        what: &'static str,
    },
    /// A seal does not open: another key, or changed bytes. Which of them cannot be told.
    #[error("seal of object `{0}` does not open")]
    SealBroken(ObjectId),
    /// The content does not have the address it is kept under.
    #[error("content of object `{0}` does not have this address")]
    WrongAddress(ObjectId),
    /// A range reaches beyond the end of the object.
    #[error("range {offset}+{length} reaches beyond object `{id}` of {size_bytes} bytes")]
    OutOfRange {
        /// The object.
        id: ObjectId,
        /// Where the range begins.
        offset: u64,
        /// How many bytes were asked for.
        length: usize,
        /// How many the object has.
        size_bytes: u64,
    },
    /// The source holds more than it may.
    #[error("source is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit it passed.
        limit_bytes: u64,
    },
    /// The source could not be read to its end.
    #[error("source cannot be read")]
    Source(#[source] Arc<io::Error>),
    /// Something was staged with the stager of another vault.
    #[error("object `{0}` was staged for another vault")]
    StagedElsewhere(ObjectId),
    /// A warrant is used on another day than it was issued for.
    #[error("warrant of {issued} is worthless on {today}")]
    WarrantExpired {
        /// The day of the warrant.
        issued: Date,
        /// The day it was shown.
        today: Date,
    },
    /// The storage is full; nothing of the failed deposit is visible.
    #[error("storage is full at {path}")]
    StorageFull {
        /// Where writing failed.
        path: PathBuf,
    },
    /// An earlier write or sync failed, so nobody knows what is on disk. Only a restart helps.
    #[error("an earlier write to the vault failed; restart to find out what is on disk")]
    Poisoned,
    /// Another process has the vault open.
    #[error("vault {0} is in use by another process")]
    InUse(PathBuf),
    /// The vault was written by a later version of the program.
    #[error("{path} has format version {found}; this program reads up to {known}")]
    UnknownVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u8,
        /// The newest version this program reads.
        known: u8,
    },
    /// The operating system refused.
    #[error("{doing} {path} failed")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
}

impl From<DiskError> for VaultError {
    fn from(error: DiskError) -> Self {
        match error {
            DiskError::Full { path, .. } => Self::StorageFull { path },
            DiskError::Failed { doing, path, source } => Self::Io { doing, path, source },
            DiskError::Held { path } => Self::InUse(path),
        }
    }
}
