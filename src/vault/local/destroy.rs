//! How bytes go: under a warrant, or because no ledger entry ever named them.
//!
//! Order (*must*): bytes first (large files unlinked, records punched out), synced; then tombstones,
//! synced; then the manifest, synced. Interrupted anywhere, the manifest still names what is left to do,
//! and calling again finishes it. The tombstone keeps a record dead when an older copy of its volume is
//! put back and the manifest is lost.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::disposal::DestructionWarrant;
use crate::domain::ids::ObjectId;

use super::super::manifest::{Line, Slot};
use super::super::reader::Source as _;
use super::super::record::{self, HEAD_BYTES, Head};
use super::super::volumes::{Step, walk};
use super::super::{Deposited, DisposableVault, Staged, VaultError};
use super::scrub::reads_as_zeros;
use super::{LocalVault, Writer, recover};

impl DisposableVault for LocalVault {
    fn destroy(&self, warrant: &DestructionWarrant, today: Date) -> Result<usize, VaultError> {
        if warrant.on() != today {
            return Err(VaultError::WarrantExpired { issued: warrant.on(), today });
        }
        self.remove(&mut *self.writer()?, warrant.objects())
    }

    fn discard_unclaimed(&self, ids: &[ObjectId]) -> Result<usize, VaultError> {
        self.remove(&mut *self.writer()?, ids.iter())
    }

    fn replace_unclaimed(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError> {
        staged.iter().try_for_each(|staged| self.check_origin(staged))?;
        let ids: Vec<_> = staged.iter().map(|staged| staged.id).collect();
        // One hold of the writer, so that no one deposits the same in between.
        let mut writer = self.writer()?;
        self.remove(&mut writer, ids.iter())?;
        self.commit_batch(&mut writer, staged)
    }

    fn remains_of(&self, ids: &[ObjectId]) -> Result<Vec<String>, VaultError> {
        let ids: BTreeSet<_> = ids.iter().collect();
        let mut remains = Vec::new();
        for number in self.volumes.list()?.0 {
            let Some(file) = self.volumes.reading(number)? else { continue };
            let end = file.len()?;
            walk(&file, 0..end, &mut |at, length, step| {
                let Step::Record(head) = step else { return Ok(()) };
                let asked = head.kind == record::Kind::Object && ids.contains(&head.id);
                if asked && !reads_as_zeros(&file, at + HEAD_BYTES as u64..at + length)? {
                    remains.push(format!("object `{}` in {} at {at}", head.id, file.path().display()));
                }
                Ok(())
            })?;
        }
        for (folder, name) in recover::large_files(&self.disk, &self.nursery)?.0 {
            let path = self.nursery.folder(folder).join(&name);
            if name.parse().is_ok_and(|id: ObjectId| ids.contains(&id)) {
                remains.push(format!("object `{name}` as {}", path.display()));
            }
        }
        Ok(remains)
    }
}

impl LocalVault {
    /// Removes those of `ids` that are here. The caller holds the writer.
    fn remove<'a>(
        &self,
        writer: &mut Writer,
        ids: impl Iterator<Item = &'a ObjectId>,
    ) -> Result<usize, VaultError> {
        let doomed: BTreeMap<ObjectId, Slot> = {
            let objects = self.objects()?;
            ids.filter_map(|id| objects.get(id).map(|slot| (*id, *slot))).collect()
        };
        if doomed.is_empty() {
            return Ok(0);
        }
        self.check_places(&doomed)?;
        let mark = writer.appender.mark();
        if let Err(error) = self.erase(writer, &doomed) {
            // The bytes are gone, and the manifest still names them: calling again finishes the work.
            let full = matches!(error, VaultError::StorageFull { .. });
            let undone = full && writer.manifest.undo().is_ok() && writer.appender.undo(mark).is_ok();
            writer.poisoned = !undone;
            return Err(error);
        }
        let mut objects = self.objects.write().map_err(|_| VaultError::Poisoned)?;
        for id in doomed.keys() {
            objects.remove(id);
        }
        Ok(doomed.len())
    }

    /// Refuses if a sound record of something else lies where one is to be punched out (volumes swapped
    /// by hand, say): its bytes are not under this warrant.
    fn check_places(&self, doomed: &BTreeMap<ObjectId, Slot>) -> Result<(), VaultError> {
        for (id, slot) in doomed.iter().filter(|(_, slot)| !slot.location.is_own_file()) {
            let Some(source) = self.source(id, slot.location)? else { continue };
            let mut head = [0; HEAD_BYTES];
            let found = source.read_at(&mut head, 0)?.then(|| Head::decode(&head)).flatten();
            if found.is_some_and(|head| head != Head::object(*id, slot.digest, slot.length)) {
                return Err(VaultError::Changed { id: *id, what: "something else lies in its place" });
            }
        }
        Ok(())
    }

    fn erase(&self, writer: &mut Writer, doomed: &BTreeMap<ObjectId, Slot>) -> Result<(), VaultError> {
        self.unlink_large(doomed)?;
        let small: Vec<_> = doomed.iter().filter(|(_, slot)| !slot.location.is_own_file()).collect();
        self.punch_out(&small)?;
        let mut lines = Vec::with_capacity(doomed.len());
        for (id, slot) in doomed {
            if slot.location.is_own_file() {
                lines.push(Line::Removed(*id, *slot));
                continue;
            }
            let (head, tombstone) = record::tombstone(*id, slot.location);
            let location = writer.appender.append(&tombstone)?;
            lines.push(Line::Removed(*id, head.slot(location)));
        }
        writer.appender.sync()?;
        writer.manifest.append(&lines)
    }

    fn unlink_large(&self, doomed: &BTreeMap<ObjectId, Slot>) -> Result<(), VaultError> {
        let mut folders = BTreeSet::new();
        for (id, slot) in doomed.iter().filter(|(_, slot)| slot.location.is_own_file()) {
            self.disk.remove(&self.own_path(id, slot.location))?;
            folders.insert(self.nursery.folder(slot.location.offset));
        }
        // A folder that is gone holds nothing that would have to be made durable.
        for folder in &folders {
            if self.disk.is_folder(folder)? {
                self.disk.sync_folder(folder)?;
            }
        }
        Ok(())
    }

    fn punch_out(&self, small: &[(&ObjectId, &Slot)]) -> Result<(), VaultError> {
        let mut by_volume: BTreeMap<u32, Vec<&Slot>> = BTreeMap::new();
        for (_, slot) in small {
            by_volume.entry(slot.location.volume).or_default().push(slot);
        }
        for (number, slots) in by_volume {
            let Some(file) = self.disk.open_for_change(&self.volumes.path(number))? else { continue };
            let end = file.len()?;
            for slot in slots {
                // Never beyond the end: where bytes cannot be punched they are written, and would grow
                // a shortened volume again.
                let start = slot.location.offset.saturating_add(HEAD_BYTES as u64).min(end);
                file.erase(start, slot.length.min(end - start))?;
            }
            file.sync()?;
        }
        Ok(())
    }
}
