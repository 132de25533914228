//! Bring over: sealed objects from one vault to another, each compared with the manifest when it is read and read
//! back after it was written. The same for a backup and for its restoration.

use std::collections::BTreeSet;

use crate::domain::ids::ObjectId;
use crate::registry::error::{Answer, Error};
use crate::vault::{DisposableVault, SealedCopy, Stored, Vault, VaultError, sealed_digest};

/// Objects deposited together.
const BATCH_OBJECTS: usize = 1_024;
/// Sealed bytes deposited together, and the most that wait in memory (large objects wait in files).
const BATCH_BYTES: u64 = 32 << 20;

/// What was brought over.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Objects that are there now.
    pub(super) objects: u64,
    /// Of them, brought over now.
    pub(super) copied: u64,
    /// Bytes in these.
    pub(super) copied_bytes: u64,
    /// Objects that are not as they were written where they come from, and were not there yet.
    pub(super) damaged: BTreeSet<ObjectId>,
}

/// Brings objects from one vault to another.
pub(super) struct Copier<'a, V: Vault + ?Sized> {
    from: &'a V,
    to: &'a dyn DisposableVault,
    waiting: Vec<(Stored, SealedCopy)>,
    waiting_bytes: u64,
    tally: Tally,
}

impl<'a, V: Vault + ?Sized> Copier<'a, V> {
    pub(super) fn new(from: &'a V, to: &'a dyn DisposableVault) -> Self {
        Self { from, to, waiting: Vec::new(), waiting_bytes: 0, tally: Tally::default() }
    }

    /// Brings an object over, unless it is there; answers what will be there, none if it is gone or damaged.
    pub(super) fn bring(&mut self, stored: &Stored) -> Answer<Option<Stored>> {
        let there = self.to.stored(&stored.id)?;
        if there == Some(*stored) {
            self.tally.objects += 1;
            return Ok(there);
        }
        let Some((stored, copy)) = self.take(*stored)? else { return Ok(None) };
        if there.is_some() {
            // The same content, destroyed and taken in again: it is sealed anew.
            self.to.discard_unclaimed(&[stored.id])?;
        }
        self.tally.objects += 1;
        self.waiting_bytes += copy.sealed_bytes();
        self.waiting.push((stored, copy));
        if self.waiting.len() >= BATCH_OBJECTS || self.waiting_bytes >= BATCH_BYTES {
            self.put_down()?;
        }
        Ok(Some(stored))
    }

    /// Reads an object and compares it. If it changed meanwhile, it is asked for once more.
    fn take(&mut self, stored: Stored) -> Answer<Option<(Stored, SealedCopy)>> {
        match self.try_take(&stored) {
            Ok(copy) => Ok(copy.map(|copy| (stored, copy))),
            Err(VaultError::Changed { id, .. } | VaultError::NotFound(id)) => {
                match self.from.stored(&id)?.filter(|now| *now != stored) {
                    Some(now) => Ok(self.try_take(&now)?.map(|copy| (now, copy))),
                    None if self.from.contains(&id)? => {
                        self.tally.damaged.insert(id);
                        Ok(None)
                    }
                    None => Ok(None),
                }
            }
            Err(other) => Err(other.into()),
        }
    }

    fn try_take(&self, stored: &Stored) -> Result<Option<SealedCopy>, VaultError> {
        let Some(mut source) = self.from.sealed(&stored.id)? else { return Ok(None) };
        self.to.stage_copy(stored, &mut *source).map(Some)
    }

    /// Makes what waits durable and reads it back.
    fn put_down(&mut self) -> Answer<()> {
        let (stored, copies): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        self.waiting_bytes = 0;
        self.to.deposit_copies(copies)?;
        for stored in stored {
            let read_back = match self.to.sealed(&stored.id)? {
                Some(mut sealed) => Some(sealed_digest(&mut *sealed)?),
                None => None,
            };
            if read_back != Some(stored.sealed_digest) {
                return Err(Error::fault(
                    "Der Datenträger gibt nicht zurück, was auf ihn geschrieben wurde",
                    "nehmen Sie einen anderen Datenträger; die vorige Sicherung ist unverändert",
                    format!("die gespeicherte Datei {} ist nach dem Schreiben eine andere", stored.id),
                ));
            }
            self.tally.copied += 1;
            self.tally.copied_bytes += stored.sealed_bytes;
        }
        Ok(())
    }

    /// The last ones, and what it came to.
    pub(super) fn finish(mut self) -> Answer<Tally> {
        self.put_down()?;
        Ok(self.tally)
    }
}
