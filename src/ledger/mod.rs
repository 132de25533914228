//! The ledger (Nachweisbuch): what happened, in order, and never otherwise.
//!
//! Entries are only ever appended. Their canonical bytes ([`entry`], `schema/formats/ledger.md`) are the
//! leaves of an RFC 6962 Merkle tree ([`tree`]); the head of the tree is signed as a C2SP checkpoint
//! ([`checkpoint`]), so that an outside witness can hold us to it with public tools; [`proof`] verifies
//! without touching a disk. Bodies arrive sealed and are opaque here: this layer has no keys but the
//! one it signs with, and does not know what an entry means.
//!
//! The seam is [`Ledger`]; [`LocalLedger`] keeps it in a directory and its head in a second one,
//! [`MemoryLedger`] serves tests and demonstrations. One suite (`tests/suite.rs`) is run by both.
//!
//! What may not happen here: changing or dropping an acknowledged entry, answering with an entry the
//! signed head does not cover, going on after a failed write.

mod audit;
mod batch;
pub mod checkpoint;
mod disk;
pub mod entry;
mod error;
mod local;
mod memory;
pub mod note;
pub mod proof;
pub mod tree;

#[cfg(test)]
mod tests;

pub use audit::{Audit, FLAWS_MAX, Flaw, SLOT_UNREADABLE};
pub use batch::BATCH_BYTES_MAX;
pub use checkpoint::{Checkpoint, Head};
pub use entry::{Draft, ENTRY_BYTES_MAX, Entry, EntryKind, EntryNo, Header};
pub use error::LedgerError;
pub use local::{LocalLedger, Recovery, SEGMENT_BYTES};
pub use memory::MemoryLedger;
pub use note::VerifierKey;
pub use proof::{EntryProof, ProofError, VerifiedEntry};

use crate::base::digest::Sha256;

/// Where events are kept. Many may read and race to append; the loser reads on and decides again.
pub trait Ledger: Send + Sync {
    /// Size and root of what is acknowledged.
    fn head(&self) -> Head;

    /// Appends `drafts` as entries `after`, `after + 1`, …: all or nothing, durable on return.
    /// No drafts are no change. Returns the new head.
    ///
    /// # Errors
    /// [`LedgerError::MovedOn`] if the ledger does not end at `after`; [`LedgerError::Unfit`] and
    /// [`LedgerError::TooLarge`] for drafts that cannot be kept; [`LedgerError::ReadOnly`];
    /// [`LedgerError::Full`] and [`LedgerError::Io`] when writing failed, and from then on
    /// [`LedgerError::Poisoned`].
    fn append(&self, after: u64, drafts: Vec<Draft>) -> Result<Head, LedgerError>;

    /// One entry.
    ///
    /// # Errors
    /// [`LedgerError::Beyond`] if there is none yet; [`LedgerError::Damaged`] if what is kept is not what
    /// the head covers.
    fn entry(&self, no: EntryNo) -> Result<Entry, LedgerError>;

    /// Up to `at_most` entries from `from` on; none if `from` is the end or beyond.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] if what is kept is not what the head covers.
    fn entries(&self, from: EntryNo, at_most: usize) -> Result<Vec<Entry>, LedgerError>;

    /// The current head as a C2SP checkpoint: a signed note, ready to be handed to a witness.
    ///
    /// # Errors
    /// Faults of the store.
    fn checkpoint(&self) -> Result<String, LedgerError>;

    /// The audit path of entry `no` in the tree of the first `size` entries (RFC 9162 §2.1.3).
    ///
    /// # Errors
    /// [`LedgerError::Beyond`] if `no` is not below `size` or `size` above the head.
    fn inclusion(&self, no: EntryNo, size: u64) -> Result<Vec<Sha256>, LedgerError>;

    /// Proof that the tree of `old` entries is a beginning of the tree of `new` (RFC 9162 §2.1.4).
    /// Empty if `old` is 0 or equals `new`.
    ///
    /// # Errors
    /// [`LedgerError::Beyond`] if `old` is above `new` or `new` above the head.
    fn consistency(&self, old: u64, new: u64) -> Result<Vec<Sha256>, LedgerError>;

    /// Reads every byte again: frames, canonical bytes, tree, head and its signature.
    ///
    /// # Errors
    /// Only if the audit could not be carried out. What it finds stands in the [`Audit`].
    fn audit(&self) -> Result<Audit, LedgerError>;
}

/// The proof of entry `no` under the current checkpoint, for a file that is verified elsewhere.
///
/// # Errors
/// As [`Ledger::entry`] and [`Ledger::inclusion`].
pub fn prove(ledger: &dyn Ledger, no: EntryNo) -> Result<EntryProof, LedgerError> {
    let checkpoint = ledger.checkpoint()?;
    let size = checkpoint::claimed(&checkpoint).map_err(LedgerError::Checkpoint)?.head.size;
    let path = ledger.inclusion(no, size)?;
    let leaf = ledger.entry(no)?.leaf();
    Ok(EntryProof { leaf, number: no, path, checkpoint })
}
