//! What can go wrong in a ledger, told apart by what the caller must do next.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::checkpoint::CheckpointError;
use super::entry::{EntryNo, NotAnEntry};

/// Why a ledger did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Somebody else appended first: read on from `expected`, decide again.
    #[error("ledger has moved on: expected to append after {expected} entries, there are {actual}")]
    MovedOn {
        /// The size the caller decided on.
        expected: u64,
        /// The size there is.
        actual: u64,
    },
    /// No such entry or size (yet).
    #[error("`{asked}` is beyond `{end}`, the end of the ledger or of the tree asked about")]
    Beyond {
        /// Entry number or size asked for.
        asked: u64,
        /// What it had to stay within.
        end: u64,
    },
    /// A draft whose header contradicts itself.
    #[error("draft {position} of the batch is unfit")]
    Unfit {
        /// Its place in the batch, from 0.
        position: usize,
        /// What is wrong with it.
        #[source]
        source: NotAnEntry,
    },
    /// An entry or a batch is larger than its limit.
    #[error("{what} of {bytes} bytes is above the limit of {limit_bytes}")]
    TooLarge {
        /// Entry or batch.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The most there may be.
        limit_bytes: usize,
    },
    /// Not a usable name for a ledger.
    #[error("origin or checkpoint is not usable")]
    Checkpoint(#[source] CheckpointError),
    /// Opened without the signing key.
    #[error("ledger was opened to read only")]
    ReadOnly,
    /// A write failed earlier; what reached the disk is unknown until the ledger is opened again.
    #[error("ledger accepts nothing since a write failed; open it again")]
    Poisoned,
    /// No space left: nothing was acknowledged.
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
    /// The system failed.
    #[error("failed {doing} `{}`", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// A new ledger is only made where there is nothing.
    #[error("`{}` is not empty", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// Another process writes here.
    #[error("`{}` is in use by another process", path.display())]
    Occupied {
        /// The lock.
        path: PathBuf,
    },
    /// ALARM: an acknowledged entry is not what it was.
    #[error("ledger is damaged at entry `{entry}`: {what}")]
    Damaged {
        /// The first entry concerned.
        entry: EntryNo,
        /// What was found.
        what: &'static str,
    },
    /// ALARM: the signed head covers more entries than there are: entries were lost or an older state
    /// was put back.
    #[error("ledger holds {present} entries, but its signed head covers {acknowledged}")]
    Truncated {
        /// Size of the signed head.
        acknowledged: u64,
        /// Whole entries found.
        present: u64,
    },
    /// ALARM: no head slot holds a checkpoint signed by this key for this origin.
    #[error("no valid signed head in `{}`", path.display())]
    HeadUnreadable {
        /// The directory of the slots.
        path: PathBuf,
        /// What is wrong with the second slot.
        #[source]
        source: CheckpointError,
    },
    /// ALARM: two validly signed heads contradict each other or the entries.
    #[error("signed heads of sizes {older} and {newer} contradict each other")]
    Forked {
        /// Size of the older head.
        older: u64,
        /// Size of the newer head.
        newer: u64,
    },
    /// ALARM: more than one batch lies beyond the signed heads, which cannot come from a crash: older head
    /// slots were put back. Nothing is cut.
    #[error("signed heads cover {head} entries, but acknowledged ones follow (at least {present})")]
    Outdated {
        /// Size of the newest head found.
        head: u64,
        /// Entries that are certainly there.
        present: u64,
    },
    /// ALARM: one head slot is unreadable and the bytes beyond the other head are not whole batches: it
    /// cannot be told whether they were acknowledged, so nothing is cut.
    #[error("one head slot is unreadable and entry `{entry}` beyond the other head is not whole")]
    TailInDoubt {
        /// The first entry that is not whole.
        entry: EntryNo,
    },
}

impl LedgerError {
    /// The store is not what was acknowledged: people have to look.
    #[must_use]
    pub fn is_alarm(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. }
                | Self::Truncated { .. }
                | Self::HeadUnreadable { .. }
                | Self::Forked { .. }
                | Self::Outdated { .. }
                | Self::TailInDoubt { .. }
        )
    }
}
