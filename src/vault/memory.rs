//! A vault in memory, for tests, the demo and the suites of higher layers. It seals as the local one
//! does, so nothing behaves differently but the disk.
//!
//! A fuse stops it in mid-work, as a power cut would: [`MemoryVault::with_fuse`].

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::civil::Date;

use crate::base::digest::Blake3;
use crate::base::seal::SealKey;
use crate::domain::disposal::DestructionWarrant;
use crate::domain::ids::ObjectId;

use super::copy::{self, SealedBody};
use super::manifest::{Location, Slot};
use super::reader::{MemorySource, SealedReader};
use super::record::{HEAD_BYTES, Head};
use super::stage::Body;
use super::{
    Deposited, DisposableVault, Fixity, ObjectReader, Place, ScrubReport, SealedCopy, Staged, Stager, Stored,
    Vault, VaultError,
};

type Records = BTreeMap<ObjectId, (Slot, Arc<Vec<u8>>)>;

/// What survives a blown fuse.
type Medium = Arc<Mutex<Records>>;

/// A vault in memory.
#[derive(Default)]
pub struct MemoryVault {
    medium: Medium,
    /// Steps left; `None` for no fuse.
    fuse: Mutex<Option<u64>>,
}

impl MemoryVault {
    /// An empty vault.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty vault that makes `steps` steps and then fails for good with [`VaultError::Poisoned`].
    ///
    /// A step is one object made visible or removed, or one answer given, so that a call may stop before
    /// its work, in the middle, or after it with the answer lost. Reading takes no steps, but after the
    /// fuse has blown it fails too. [`Self::reopened`] is the restart.
    #[must_use]
    pub fn with_fuse(steps: u64) -> Self {
        Self { fuse: Mutex::new(Some(steps)), ..Self::default() }
    }

    /// The same medium after a restart, without a fuse.
    #[must_use]
    pub fn reopened(&self) -> Self {
        Self { medium: Arc::clone(&self.medium), fuse: Mutex::default() }
    }

    /// Takes one step, if the fuse allows it.
    fn step(&self) -> Result<(), VaultError> {
        let mut fuse = self.fuse.lock().map_err(|_| VaultError::Poisoned)?;
        if let Some(steps) = fuse.as_mut() {
            // What has blown stays blown: zero is never passed.
            *steps = steps.checked_sub(1).ok_or(VaultError::Poisoned)?;
        }
        Ok(())
    }

    fn records(&self) -> Result<MutexGuard<'_, Records>, VaultError> {
        let blown = *self.fuse.lock().map_err(|_| VaultError::Poisoned)? == Some(0);
        let records = self.medium.lock().map_err(|_| VaultError::Poisoned)?;
        if blown { Err(VaultError::Poisoned) } else { Ok(records) }
    }

    fn remove<'a>(&self, ids: impl Iterator<Item = &'a ObjectId>) -> Result<usize, VaultError> {
        let mut records = self.records()?;
        let mut removed = 0;
        for id in ids {
            if records.contains_key(id) {
                self.step()?;
                records.remove(id);
                removed += 1;
            }
        }
        self.step()?;
        Ok(removed)
    }
}

impl Vault for MemoryVault {
    fn stager(&self, address_key: &SealKey) -> Stager {
        Stager::new(address_key, None)
    }

    fn deposit(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError> {
        if let Some(foreign) = staged.iter().find(|staged| matches!(staged.body, Body::File(_))) {
            return Err(VaultError::StagedElsewhere(foreign.id));
        }
        let mut records = self.records()?;
        let mut answers = Vec::with_capacity(staged.len());
        for Staged { id, sealed_digest: digest, sealed_bytes: length, body, .. } in staged {
            let fresh = !records.contains_key(&id);
            if let (true, Body::Memory(record)) = (fresh, body) {
                self.step()?;
                let slot = Slot { location: Location { volume: 0, offset: 0 }, digest, length };
                records.insert(id, (slot, Arc::new(record)));
            }
            answers.push(Deposited { id, fresh });
        }
        self.step()?;
        Ok(answers)
    }

    fn contains(&self, id: &ObjectId) -> Result<bool, VaultError> {
        Ok(self.records()?.contains_key(id))
    }

    fn stored(&self, id: &ObjectId) -> Result<Option<Stored>, VaultError> {
        Ok(self.records()?.get(id).map(|(slot, _)| slot.stored(*id)))
    }

    fn sealed(&self, id: &ObjectId) -> Result<Option<Box<dyn Read + Send>>, VaultError> {
        let Some((slot, record)) = self.records()?.get(id).cloned() else { return Ok(None) };
        Ok(Some(Box::new(SealedBody::new(MemorySource(record), slot.length))))
    }

    fn stage_copy(&self, stored: &Stored, source: &mut dyn Read) -> Result<SealedCopy, VaultError> {
        copy::stage(None, stored, source)
    }

    fn open(&self, id: &ObjectId, key: &SealKey) -> Result<Box<dyn ObjectReader>, VaultError> {
        let (slot, record) = self.records()?.get(id).cloned().ok_or(VaultError::NotFound(*id))?;
        Ok(Box::new(SealedReader::open(MemorySource(record), id, &slot, key)?))
    }

    fn list(&self, after: Option<&ObjectId>, at_most: usize) -> Result<Vec<Stored>, VaultError> {
        let start = after.map_or(Bound::Unbounded, |id| Bound::Excluded(*id));
        let records = self.records()?;
        let page = records.range((start, Bound::Unbounded)).take(at_most);
        Ok(page.map(|(id, (slot, _))| slot.stored(*id)).collect())
    }

    fn scrub(&self, each: &mut dyn FnMut(&ObjectId, Fixity)) -> Result<ScrubReport, VaultError> {
        let mut report = ScrubReport::default();
        for (id, (slot, record)) in self.records()?.iter() {
            report.note(slot.stored(*id), fixity(id, slot, record), each);
        }
        Ok(report)
    }

    fn check(&self, ids: &[ObjectId], report: &mut ScrubReport) -> Result<(), VaultError> {
        let records = self.records()?;
        for (id, (slot, record)) in ids.iter().filter_map(|id| Some((id, records.get(id)?))) {
            report.note(slot.stored(*id), fixity(id, slot, record), &mut |_, _| {});
        }
        Ok(())
    }

    fn places(&self) -> Vec<Place> {
        Vec::new()
    }
}

fn fixity(id: &ObjectId, slot: &Slot, record: &[u8]) -> Fixity {
    let head = Head::object(*id, slot.digest, slot.length).encode();
    let (found, body) = record.split_at_checked(HEAD_BYTES).unwrap_or_default();
    let sound = found == head && Blake3::of(body) == slot.digest;
    if sound { Fixity::Sound } else { Fixity::Changed }
}

impl DisposableVault for MemoryVault {
    fn destroy(&self, warrant: &DestructionWarrant, today: Date) -> Result<usize, VaultError> {
        if warrant.on() != today {
            return Err(VaultError::WarrantExpired { issued: warrant.on(), today });
        }
        self.remove(warrant.objects())
    }

    fn discard_unclaimed(&self, ids: &[ObjectId]) -> Result<usize, VaultError> {
        self.remove(ids.iter())
    }

    fn remains_of(&self, ids: &[ObjectId]) -> Result<Vec<String>, VaultError> {
        let records = self.records()?;
        let left = ids.iter().filter(|id| records.contains_key(id));
        Ok(left.map(|id| format!("object `{id}` in memory")).collect())
    }
}
