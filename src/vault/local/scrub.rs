//! Fixity without keys: every sealed byte is read and compared with the manifest, and everything on
//! disk that the manifest does not explain is named.
//!
//! Volumes are read from front to back, never in the order of addresses. May not change anything. It
//! runs beside deposits and destructions; whatever looks wrong is looked up again before it is said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::base::digest::Blake3;
use crate::disk::DiskFile;
use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;

use super::super::manifest::{Location, Slot};
use super::super::reader::{FileSource, Source as _};
use super::super::record::{self, HEAD_BYTES, Head, Kind};
use super::super::volumes::{Step, walk};
use super::super::{Fixity, ScrubReport, Suspect, VaultError};
use super::{LOCK, LocalVault, MANIFEST, OBJECTS, VOLUMES, recover};

/// Bytes read at once.
const CHUNK_BYTES: usize = 256 * 1024;
/// Volumes whose lines are gathered in one pass over the manifest: bounds memory, not the number.
const VOLUMES_PER_PASS: usize = 32;

/// Objects and what is known of them, from front to back.
pub(super) type Expected = Vec<(ObjectId, Slot)>;

impl LocalVault {
    pub(super) fn scrub_all(
        &self,
        each: &mut dyn FnMut(&ObjectId, Fixity),
    ) -> Result<ScrubReport, VaultError> {
        let mut report = ScrubReport::default();
        let ends = self.look_around(&mut report)?;
        let numbers: Vec<u32> = ends.keys().copied().collect();
        for numbers in numbers.chunks(VOLUMES_PER_PASS) {
            for (number, expected) in self.expected(numbers)? {
                self.scrub_volume(number, ends[&number], &expected, &mut report, each)?;
            }
        }
        for (_, expected) in self.expected(&[Location::OWN_FILE])? {
            for (id, slot) in expected {
                self.note(&id, &slot, &mut report, each)?;
            }
        }
        Ok(report)
    }

    /// Objects by name, in the order in which they lie.
    pub(super) fn scrub_some(&self, ids: &[ObjectId], report: &mut ScrubReport) -> Result<(), VaultError> {
        let mut named: Expected = {
            let objects = self.objects()?;
            ids.iter().filter_map(|id| objects.get(id).map(|slot| (*id, *slot))).collect()
        };
        named.sort_unstable_by_key(|(_, slot)| slot.location);
        named.iter().try_for_each(|(id, slot)| self.note(id, slot, report, &mut |_, _| {}))
    }

    /// Everything but the objects: the manifest's lines, files nobody knows, and what else lies in this part's
    /// share of the volumes.
    pub(super) fn scrub_around(&self, part: Part, report: &mut ScrubReport) -> Result<(), VaultError> {
        let ends = self.look_around(report)?;
        let numbers: Vec<u32> = ends.keys().copied().filter(|number| part.takes(*number)).collect();
        for numbers in numbers.chunks(VOLUMES_PER_PASS) {
            for (number, expected) in self.expected(numbers)? {
                let Some(file) = self.volumes.reading(number)? else { continue };
                let mut at = 0;
                for (_, slot) in &expected {
                    strays(&file, at..slot.location.offset.min(ends[&number]), report)?;
                    at = at.max(slot.record_end());
                }
                strays(&file, at..ends[&number], report)?;
            }
        }
        Ok(())
    }

    /// With the writer held: the manifest's lines, files nobody knows, and how far each volume counts.
    fn look_around(&self, report: &mut ScrubReport) -> Result<BTreeMap<u32, u64>, VaultError> {
        let writer = self.writer.lock().map_err(|_| VaultError::Poisoned)?;
        let damaged = writer.manifest.damaged_lines()?;
        report.changed.extend(damaged.iter().map(|line| Suspect::Place(format!("manifest line {line}"))));
        let known = [LOCK, MANIFEST, VOLUMES, OBJECTS];
        let others = self.disk.names(&self.root)?.into_iter().filter(|name| !known.contains(&name.as_str()));
        report.untracked.extend(others);
        let (numbers, others) = self.volumes.list()?;
        report.untracked.extend(others.iter().map(|name| format!("{VOLUMES}/{name}")));
        self.untracked_large(report)?;
        let mut ends = BTreeMap::new();
        for number in numbers {
            let length = self.volumes.reading(number)?.map_or(Ok(0), |file| file.len())?;
            let committed = writer.appender.committed_end(number).unwrap_or(length);
            ends.insert(number, committed.min(length));
        }
        let named: BTreeSet<u32> = self.objects()?.values().map(|slot| slot.location.volume).collect();
        for number in named.into_iter().filter(|number| *number != Location::OWN_FILE) {
            ends.entry(number).or_default();
        }
        Ok(ends)
    }

    fn untracked_large(&self, report: &mut ScrubReport) -> Result<(), VaultError> {
        let (files, others) = recover::large_files(&self.disk, &self.nursery)?;
        report.untracked.extend(others.iter().map(|name| format!("{OBJECTS}/{name}")));
        for (folder, name) in files {
            let location = Location { volume: Location::OWN_FILE, offset: folder };
            let slot = name.parse().ok().map(|id| self.slot(&id)).transpose()?.flatten();
            if slot.is_none_or(|slot| slot.location != location) && !recover::is_temporary(&name) {
                report.untracked.push(format!("{OBJECTS}/{folder:08x}/{name}"));
            }
        }
        Ok(())
    }

    /// What the manifest says lies in these volumes, from front to back.
    fn expected(&self, numbers: &[u32]) -> Result<BTreeMap<u32, Expected>, VaultError> {
        let mut expected: BTreeMap<u32, Expected> =
            numbers.iter().map(|number| (*number, Vec::new())).collect();
        for (id, slot) in self.objects()?.iter() {
            if let Some(volume) = expected.get_mut(&slot.location.volume) {
                volume.push((*id, *slot));
            }
        }
        expected.values_mut().for_each(|volume| volume.sort_unstable_by_key(|(_, slot)| slot.location));
        Ok(expected)
    }

    fn scrub_volume(
        &self,
        number: u32,
        end: u64,
        expected: &Expected,
        report: &mut ScrubReport,
        each: &mut dyn FnMut(&ObjectId, Fixity),
    ) -> Result<(), VaultError> {
        let file = self.volumes.reading(number)?;
        let mut at = 0;
        for (id, slot) in expected {
            let start = slot.location.offset;
            if let Some(file) = file.as_ref().filter(|_| start > at) {
                strays(file, at..start.min(end), report)?;
            }
            self.note(id, slot, report, each)?;
            at = at.max(slot.record_end());
        }
        file.map_or(Ok(()), |file| strays(&file, at..end, report))
    }

    /// Compares one object; what has gone or moved meanwhile is left out.
    fn note(
        &self,
        id: &ObjectId,
        slot: &Slot,
        report: &mut ScrubReport,
        each: &mut dyn FnMut(&ObjectId, Fixity),
    ) -> Result<(), VaultError> {
        let fixity =
            self.source(id, slot.location)?.map_or(Ok(Fixity::Missing), |at| compare(&at, id, slot))?;
        if fixity != Fixity::Sound {
            // Whoever is destroying it holds the writer until the manifest says so.
            let _writer = self.writer.lock().map_err(|_| VaultError::Poisoned)?;
            if self.slot(id)? != Some(*slot) {
                return Ok(());
            }
        }
        report.note(slot.stored(*id), fixity, each);
        Ok(())
    }
}

/// Every byte of an object is what the manifest says.
pub(super) fn compare(source: &FileSource, id: &ObjectId, slot: &Slot) -> Result<Fixity, VaultError> {
    let mut head = [0; HEAD_BYTES];
    if !source.read_at(&mut head, 0)? {
        return Ok(Fixity::Missing);
    }
    let start = source.start.saturating_add(HEAD_BYTES as u64);
    let sound = head == Head::object(*id, slot.digest, slot.length).encode()
        && body_digest(&source.file, start, slot.length)? == Some(slot.digest)
        // A file of its own ends with its body.
        && (!slot.location.is_own_file() || source.file.len()? == start.saturating_add(slot.length));
    Ok(if sound { Fixity::Sound } else { Fixity::Changed })
}

/// Names what lies in a range of a volume that the manifest does not speak of. Tombstones are as they
/// should be, and so is whatever reads as zeros: a record that was punched out.
pub(super) fn strays(file: &DiskFile, range: Range<u64>, report: &mut ScrubReport) -> Result<(), VaultError> {
    walk(file, range, &mut |at, length, step| {
        let explained = match step {
            Step::Record(head) if head.kind == Kind::Tombstone => read_tombstone(file, at, &head)?.is_some(),
            Step::Record(_) => reads_as_zeros(file, at + HEAD_BYTES as u64..at + length)?,
            Step::Gap => reads_as_zeros(file, at..at + length)?,
        };
        if !explained {
            report.untracked.push(format!("{length} bytes in {} at {at}", file.path().display()));
        }
        Ok(())
    })
}

/// BLAKE3 of a range of a file; `None` if the file ends before.
pub(super) fn body_digest(file: &DiskFile, start: u64, length: u64) -> Result<Option<Blake3>, VaultError> {
    let mut hasher = blake3::Hasher::new();
    let whole = each_chunk(file, start..start.saturating_add(length), &mut |chunk| {
        hasher.update(chunk);
        true
    })?;
    Ok(whole.then(|| Blake3(*hasher.finalize().as_bytes())))
}

/// Nothing is left in a range of a file.
pub(super) fn reads_as_zeros(file: &DiskFile, range: Range<u64>) -> Result<bool, VaultError> {
    each_chunk(file, range, &mut |chunk| chunk.iter().all(|byte| *byte == 0))
}

/// What a tombstone buries; `None` if it is no whole one.
pub(super) fn read_tombstone(file: &DiskFile, at: u64, head: &Head) -> Result<Option<Location>, VaultError> {
    let mut body = [0; record::TOMBSTONE_BYTES];
    let fits = head.length == body.len() as u64 && file.fill_at(&mut body, at + HEAD_BYTES as u64)?;
    Ok(fits.then(|| record::buried(head, &body)).flatten())
}

/// Shows a range piece by piece until `each` has seen enough; `false` then, or if the file ends before.
fn each_chunk(
    file: &DiskFile,
    range: Range<u64>,
    each: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<bool, VaultError> {
    let longest = range.end.saturating_sub(range.start).min(CHUNK_BYTES as u64) as usize;
    let mut buffer = vec![0; longest];
    let mut at = range.start;
    while at < range.end {
        let chunk = &mut buffer[..(range.end - at).min(longest as u64) as usize];
        if !file.fill_at(chunk, at)? || !each(chunk) {
            return Ok(false);
        }
        at += chunk.len() as u64;
    }
    Ok(true)
}
