//! Putting sealed bytes back out of a copy. A record the manifest names is only replaced by the very same bytes;
//! what is sound is never touched, and neither is a sound record of something else that lies in its place.
//!
//! Order (*must*): the bytes, synced; then, for records that got a new place, the manifest, synced. Interrupted
//! anywhere, what was damaged is still damaged, and calling again goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::base::digest::Blake3;
use crate::disk::DiskFile;
use crate::domain::ids::ObjectId;

use super::super::manifest::{Line, Location, Slot};
use super::super::reader::{FileSource, Source as _};
use super::super::record::{HEAD_BYTES, Head, Kind};
use super::super::stage::SMALL_BYTES_MAX;
use super::super::volumes::{Step, walk};
use super::super::{Fixity, VaultError};
use super::copy::{SealedRecord, VaultCopy};
use super::scrub::{body_digest, compare};
use super::{LocalVault, Writer};

/// Bytes of a large object copied at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// What a repair has done so far and must still make durable.
#[derive(Default)]
struct Work {
    restored: Vec<ObjectId>,
    /// Volumes written into.
    volumes: BTreeMap<u32, DiskFile>,
    /// Folders in which a large object got its name.
    folders: BTreeSet<PathBuf>,
    /// Records that got a new place.
    lines: Vec<Line>,
    /// Old places of such records, with the sound record of something else that lies there.
    left: Vec<(Slot, ObjectId)>,
}

impl LocalVault {
    /// See `Vault::put_back`. The caller holds the writer.
    pub(super) fn repair(
        &self,
        writer: &mut Writer,
        ids: &[ObjectId],
        copy: &VaultCopy,
    ) -> Result<Vec<ObjectId>, VaultError> {
        let mut work = Work::default();
        let done = self.put_all(writer, ids, copy, &mut work);
        if done.is_err() {
            writer.poisoned = true; // nobody knows what of it is on disk: opening again shows it
        }
        done.map(|()| work.restored)
    }

    fn put_all(
        &self,
        writer: &mut Writer,
        ids: &[ObjectId],
        copy: &VaultCopy,
        work: &mut Work,
    ) -> Result<(), VaultError> {
        for id in ids {
            let slot = self.slot(id)?;
            if slot.is_some_and(|slot| self.is_sound(id, &slot).unwrap_or(false)) {
                continue;
            }
            let Some(record) = copy.sealed(id)? else { continue };
            let same = slot.is_none_or(|slot| (slot.digest, slot.length) == (record.digest, record.length));
            if same && self.put(writer, id, slot, &record, work)? {
                work.restored.push(*id);
            }
        }
        for file in work.volumes.values() {
            file.sync()?;
        }
        writer.appender.sync()?;
        work.folders.iter().try_for_each(|folder| self.disk.sync_folder(folder))?;
        if !work.lines.is_empty() {
            writer.manifest.append(&work.lines)?;
            let mut objects = self.objects.write().map_err(|_| VaultError::Poisoned)?;
            for line in &work.lines {
                if let Line::Stored(id, slot) = line {
                    objects.insert(*id, *slot);
                }
            }
        }
        self.clear_left(&work.left)
    }

    fn is_sound(&self, id: &ObjectId, slot: &Slot) -> Result<bool, VaultError> {
        let source = self.source(id, slot.location)?;
        Ok(source.map_or(Ok(Fixity::Missing), |source| compare(&source, id, slot))? == Fixity::Sound)
    }

    /// Writes one record to where it belongs, or to a new place; `false` if the copy has changed meanwhile.
    fn put(
        &self,
        writer: &mut Writer,
        id: &ObjectId,
        slot: Option<Slot>,
        record: &SealedRecord,
        work: &mut Work,
    ) -> Result<bool, VaultError> {
        let own_file = slot.map_or(record.length > SMALL_BYTES_MAX, |slot| slot.location.is_own_file());
        if own_file {
            return self.put_large(id, slot, record, work);
        }
        let Some(bytes) = whole(id, record)? else { return Ok(false) };
        let stranger = slot.map_or(Ok(None), |slot| self.stranger(id, &slot))?;
        match (slot, stranger) {
            (Some(slot), None) => self.write_in_place(&slot, &bytes, work)?,
            (slot, stranger) => {
                let location = writer.appender.append(&bytes)?;
                let fresh = Slot { location, digest: record.digest, length: record.length };
                work.lines.push(Line::Stored(*id, fresh));
                work.left.extend(slot.zip(stranger));
            }
        }
        Ok(true)
    }

    /// The sound record of another object that begins inside the place of this one.
    fn stranger(&self, id: &ObjectId, slot: &Slot) -> Result<Option<ObjectId>, VaultError> {
        let Some(file) = self.volumes.reading(slot.location.volume)? else { return Ok(None) };
        let end = slot.record_end().min(file.len()?);
        let mut found = None;
        walk(&file, slot.location.offset..end, &mut |at, _, step| {
            let Step::Record(head) = step else { return Ok(()) };
            let other = head.kind == Kind::Object && head.id != *id;
            if other && body_digest(&file, at + HEAD_BYTES as u64, head.length)? == Some(head.digest) {
                found = Some(head.id);
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn write_in_place(&self, slot: &Slot, bytes: &[u8], work: &mut Work) -> Result<(), VaultError> {
        let number = slot.location.volume;
        if !work.volumes.contains_key(&number) {
            let path = self.volumes.path(number);
            let file = match self.disk.open_for_change(&path)? {
                Some(file) => file,
                None => {
                    work.folders.insert(self.volumes.folder.clone());
                    self.volumes.forget(number)?;
                    self.disk.create(&path)?
                }
            };
            work.volumes.insert(number, file);
        }
        if let Some(file) = work.volumes.get(&number) {
            file.write_at(bytes, slot.location.offset)?;
        }
        Ok(())
    }

    /// Copies a large record beside its place and gives it the name; the damaged file of that name is replaced.
    fn put_large(
        &self,
        id: &ObjectId,
        slot: Option<Slot>,
        record: &SealedRecord,
        work: &mut Work,
    ) -> Result<bool, VaultError> {
        let seedling = self.nursery.grow_in(slot.map(|slot| slot.location.offset))?;
        let head = Head::object(*id, record.digest, record.length).encode();
        seedling.file().write_at(&head, 0)?;
        if copy_body(&record.source, seedling.file(), record.length)? != Some(record.digest) {
            return Ok(false); // dropped, it removes itself
        }
        seedling.file().sync()?;
        let location = Location { volume: Location::OWN_FILE, offset: seedling.folder };
        work.folders.insert(self.nursery.folder(seedling.folder));
        seedling.name(id)?;
        if slot.is_none() {
            let fresh = Slot { location, digest: record.digest, length: record.length };
            work.lines.push(Line::Stored(*id, fresh));
        }
        Ok(true)
    }

    /// Old places whose stranger is sound where it belongs by now hold nothing that is needed.
    fn clear_left(&self, left: &[(Slot, ObjectId)]) -> Result<(), VaultError> {
        for (old, stranger) in left {
            let Some(home) = self.slot(stranger)? else { continue };
            if home.location == old.location || !self.is_sound(stranger, &home)? {
                continue;
            }
            let Some(file) = self.disk.open_for_change(&self.volumes.path(old.location.volume))? else {
                continue;
            };
            let end = old.record_end().min(file.len()?);
            file.erase(old.location.offset, end.saturating_sub(old.location.offset))?;
            file.sync()?;
        }
        Ok(())
    }
}

/// Head and body of a small record, if they are still right.
fn whole(id: &ObjectId, record: &SealedRecord) -> Result<Option<Vec<u8>>, VaultError> {
    if record.length > SMALL_BYTES_MAX {
        return Ok(None);
    }
    let mut bytes = vec![0; HEAD_BYTES + record.length as usize];
    if !record.source.read_at(&mut bytes, 0)? {
        return Ok(None);
    }
    let right = bytes[..HEAD_BYTES] == Head::object(*id, record.digest, record.length).encode()
        && Blake3::of(&bytes[HEAD_BYTES..]) == record.digest;
    Ok(right.then_some(bytes))
}

/// Copies a body behind the head; answers the digest of what was copied, none if the source ends before.
fn copy_body(from: &FileSource, to: &DiskFile, length: u64) -> Result<Option<Blake3>, VaultError> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut done = 0;
    while done < length {
        let chunk = &mut buffer[..(length - done).min(CHUNK_BYTES as u64) as usize];
        let at = HEAD_BYTES as u64 + done;
        if !from.read_at(chunk, at)? {
            return Ok(None);
        }
        hasher.update(chunk);
        to.write_at(chunk, at)?;
        done += chunk.len() as u64;
    }
    Ok(Some(Blake3(*hasher.finalize().as_bytes())))
}
