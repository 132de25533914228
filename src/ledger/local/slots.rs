//! The head in its second place: two slots that take turns, each a signed checkpoint in plain text.
//!
//! While one slot is written, the other keeps the last acknowledged head. The signature is the checksum.

use crate::disk::DiskFile;
use crate::ledger::checkpoint::{self, CheckpointError, Head};
use crate::ledger::disk::{self, Dir};
use crate::ledger::error::LedgerError;
use crate::ledger::note::{NoteError, VerifierKey};

const NAMES: [&str; 2] = ["head-0.note", "head-1.note"];
/// The most bytes of a slot: far above any checkpoint we write.
const SLOT_BYTES_MAX: usize = 4096;

/// A head with the note that signs it.
#[derive(Debug, Clone)]
pub(super) struct SignedHead {
    pub(super) head: Head,
    pub(super) note: String,
}

/// What stands in the two slots.
pub(super) struct Found {
    pub(super) slots: [Result<SignedHead, CheckpointError>; 2],
}

/// The newest head, and what to make of the other slot.
pub(super) struct Newest {
    pub(super) at: usize,
    pub(super) signed: SignedHead,
    /// The head in the other slot; none if it is unreadable.
    pub(super) older: Option<Head>,
}

/// Both slots, open for writing.
pub(super) struct Slots {
    pub(super) files: [DiskFile; 2],
    /// The slot that holds the current head; the other one is written next.
    current: usize,
}

/// Writes the first head of a new ledger into both slots of a new directory.
pub(super) fn create(dir: Dir<'_>, note: &str) -> Result<(), LedgerError> {
    for name in NAMES {
        dir.create(name, note.as_bytes())?;
    }
    Ok(())
}

/// Reads both slots. A missing slot counts as an unreadable one.
pub(super) fn read(dir: Dir<'_>, key: &VerifierKey) -> Result<Found, LedgerError> {
    let read = |name| -> Result<Result<SignedHead, CheckpointError>, LedgerError> {
        let Some(file) = dir.open(name, false)? else { return Ok(Err(NoteError::Shape.into())) };
        let bytes = disk::read_small(&file, SLOT_BYTES_MAX)?;
        let Ok(note) = String::from_utf8(bytes) else { return Ok(Err(NoteError::Shape.into())) };
        Ok(checkpoint::verify(&note, key).map(|checkpoint| SignedHead { head: checkpoint.head, note }))
    };
    Ok(Found { slots: [read(NAMES[0])?, read(NAMES[1])?] })
}

impl Found {
    /// The newest valid head.
    ///
    /// # Errors
    /// [`LedgerError::HeadUnreadable`] if there is none, [`LedgerError::Forked`] if both slots claim the
    /// same size with different roots.
    pub(super) fn newest(self, dir: Dir<'_>) -> Result<Newest, LedgerError> {
        match self.slots {
            [Ok(a), Ok(b)] if a.head.size == b.head.size && a.head != b.head => {
                Err(LedgerError::Forked { older: a.head.size, newer: b.head.size })
            }
            [Ok(a), Ok(b)] if a.head.size >= b.head.size => {
                Ok(Newest { at: 0, signed: a, older: Some(b.head) })
            }
            [Ok(a), Ok(b)] => Ok(Newest { at: 1, signed: b, older: Some(a.head) }),
            [Ok(a), Err(_)] => Ok(Newest { at: 0, signed: a, older: None }),
            [Err(_), Ok(b)] => Ok(Newest { at: 1, signed: b, older: None }),
            [Err(_), Err(source)] => Err(LedgerError::HeadUnreadable { path: dir.path.to_owned(), source }),
        }
    }
}

impl Slots {
    /// Opens both slots for writing; a missing one is made anew, to be written before anything else.
    pub(super) fn open(dir: Dir<'_>, current: usize) -> Result<Self, LedgerError> {
        let open = |name: &str| dir.open(name, true)?.map_or_else(|| dir.create(name, b""), Ok);
        Ok(Self { files: [open(NAMES[0])?, open(NAMES[1])?], current })
    }

    /// Makes the head that holds durable, if it never became so.
    pub(super) fn renew(&self) -> Result<(), LedgerError> {
        Ok(self.files[self.current].renew(0)?)
    }

    /// Writes the head that holds into the other slot too; durable on return.
    pub(super) fn mend(&mut self, note: &str) -> Result<(), LedgerError> {
        disk::overwrite(&self.files[1 - self.current], note.as_bytes())
    }

    /// Writes the next head into the slot whose turn it is; durable on return.
    pub(super) fn write(&mut self, note: &str) -> Result<(), LedgerError> {
        let next = 1 - self.current;
        disk::overwrite(&self.files[next], note.as_bytes())?;
        self.current = next;
        Ok(())
    }
}
