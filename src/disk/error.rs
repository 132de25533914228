//! What can go wrong at the door, with the name of the file and what was tried.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An error of the disk. It can be cloned, because callers that share a commit share its failure.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DiskError {
    /// There is no room. What was being written is not there, or only a part of it.
    #[error("no space left while {doing} `{}`", path.display())]
    Full {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The system refused, or a sync failed for whatever reason: nobody knows what is on disk.
    #[error("failed {doing} `{}`", path.display())]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// Another process, or another value in this one, holds the lock.
    #[error("`{}` is in use by another process", path.display())]
    Held {
        /// The lock.
        path: PathBuf,
    },
}

impl DiskError {
    /// Dresses an error of the system; lack of space is told apart.
    pub(super) fn doing(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Full { doing, path: path.to_owned(), source: Arc::new(source) }
            }
            _ => Self::syncing(doing, path)(source),
        }
    }

    /// As [`Self::doing`] for a sync, where lack of space is no excuse.
    pub(super) fn syncing(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Failed { doing, path: path.to_owned(), source: Arc::new(source) }
    }

    /// There is no room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }
}
