//! The manifest: which objects the vault keeps, where, and what their sealed bytes must be
//! (`schema/formats/volume.md`). An append-only log of lines of 96 bytes, held in memory as a map.
//!
//! It makes a missing or swapped object visible without any key. It is no truth of its own: volumes
//! and objects can be scanned for it ([`super::local`]). May not read objects.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::digest::Blake3;
use crate::disk::{Disk, DiskFile, parent_of};
use crate::domain::ids::ObjectId;

use super::record::HEAD_BYTES;
use super::{Stored, VaultError};

/// Bytes of a line.
pub(super) const LINE_BYTES: usize = 96;
const MAGIC: [u8; 3] = *b"SGm";
const VERSION: u8 = 1;
const CHECKED_BYTES: usize = 88;
/// Lines read or written at once.
const LINES_AT_ONCE: usize = 16 * 1024;
/// No more lines are appended between two syncs: so many at the end may be torn, or not be durable.
const TAIL_LINES: u64 = LINES_AT_ONCE as u64;
/// What a disk writes at once or not at all.
const SECTOR_BYTES: u64 = 512;

/// Where a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Location {
    /// The number of a volume, or [`Location::OWN_FILE`].
    pub(super) volume: u32,
    /// Bytes before the record; for a file of its own, the number of its folder.
    pub(super) offset: u64,
}

impl Location {
    /// Stands for a volume's number where the object is a file of its own.
    pub(super) const OWN_FILE: u32 = u32::MAX;

    pub(super) fn is_own_file(self) -> bool {
        self.volume == Self::OWN_FILE
    }
}

/// What the manifest knows of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) location: Location,
    pub(super) digest: Blake3,
    pub(super) length: u64,
}

impl Slot {
    pub(super) fn stored(&self, id: ObjectId) -> Stored {
        Stored { id, sealed_digest: self.digest, sealed_bytes: self.length }
    }

    /// Where the record ends in its volume.
    pub(super) fn record_end(&self) -> u64 {
        self.location.offset.saturating_add(HEAD_BYTES as u64).saturating_add(self.length)
    }
}

/// A line after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// An object is kept there.
    Stored(ObjectId, Slot),
    /// It is gone: there lies its tombstone (or lay its own file).
    Removed(ObjectId, Slot),
}

impl Line {
    fn encode(&self, number: u64) -> [u8; LINE_BYTES] {
        let (kind, id, slot) = match self {
            Self::Stored(id, slot) => (1, id, slot),
            Self::Removed(id, slot) => (2, id, slot),
        };
        let mut bytes = [0; LINE_BYTES];
        bytes[..4].copy_from_slice(&[kind, MAGIC[0], MAGIC[1], MAGIC[2]]);
        bytes[4..8].copy_from_slice(&slot.location.volume.to_le_bytes());
        bytes[8..16].copy_from_slice(&slot.location.offset.to_le_bytes());
        bytes[16..24].copy_from_slice(&slot.length.to_le_bytes());
        bytes[24..56].copy_from_slice(&id.0);
        bytes[56..88].copy_from_slice(slot.digest.as_bytes());
        seal_line(bytes, number)
    }

    fn decode(bytes: &[u8; LINE_BYTES], number: u64) -> Option<Self> {
        let location = Location {
            volume: u32::from_le_bytes(bytes[4..8].try_into().ok()?),
            offset: u64::from_le_bytes(bytes[8..16].try_into().ok()?),
        };
        let length = u64::from_le_bytes(bytes[16..24].try_into().ok()?);
        let id = ObjectId(bytes[24..56].try_into().ok()?);
        let slot = Slot { location, length, digest: Blake3(bytes[56..88].try_into().ok()?) };
        let line = match bytes[0] {
            1 => Self::Stored(id, slot),
            2 => Self::Removed(id, slot),
            _ => return None,
        };
        (line.encode(number) == *bytes).then_some(line)
    }
}

/// Adds the check, which covers the line's number too: a moved or doubled line is a wrong one.
fn seal_line(mut bytes: [u8; LINE_BYTES], number: u64) -> [u8; LINE_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&number.to_le_bytes()).update(&bytes[..CHECKED_BYTES]);
    bytes[CHECKED_BYTES..].copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    bytes
}

/// The first line: what this file is.
fn title() -> [u8; LINE_BYTES] {
    let mut bytes = [0; LINE_BYTES];
    bytes[..5].copy_from_slice(&[0, MAGIC[0], MAGIC[1], MAGIC[2], VERSION]);
    seal_line(bytes, 0)
}

/// The objects of a vault by address.
pub(super) type Objects = BTreeMap<ObjectId, Slot>;

/// In which state the manifest was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// Every line is as written.
    Sound,
    /// The last lines were not written to their end; they were never acknowledged.
    TornTail,
    /// A line with sound ones behind it is damaged.
    Damaged,
    /// There is no manifest.
    Missing,
}

/// What reading the manifest gave.
pub(super) struct Found {
    pub(super) condition: Condition,
    pub(super) objects: Objects,
    /// Where the last record the manifest ever named ends, by volume.
    pub(super) ends: BTreeMap<u32, u64>,
    /// Lines up to the last sound one, with the title.
    lines: u64,
}

impl Found {
    fn nothing(condition: Condition) -> Self {
        Self { condition, objects: Objects::new(), ends: BTreeMap::new(), lines: 0 }
    }

    fn take(&mut self, line: Line) {
        let (Line::Stored(id, slot) | Line::Removed(id, slot)) = line;
        if !slot.location.is_own_file() {
            let known = self.ends.entry(slot.location.volume).or_default();
            *known = slot.record_end().max(*known);
        }
        match line {
            Line::Stored(..) => self.objects.insert(id, slot),
            Line::Removed(..) => self.objects.remove(&id),
        };
    }
}

/// Reads a manifest, sound or not.
pub(super) fn read(disk: &Disk, path: &Path) -> Result<Found, VaultError> {
    let Some(file) = disk.open(path)? else { return Ok(Found::nothing(Condition::Missing)) };
    let length = file.len()?;
    let lines = length / LINE_BYTES as u64;
    let (mut found, wrong) = read_lines(&file, lines)?;
    let ragged = !length.is_multiple_of(LINE_BYTES as u64);
    let before_sound = wrong.first().is_some_and(|first| *first < found.lines);
    if found.lines > 0 && before_sound && are_torn(&file, &wrong, length)? {
        // Sectors of one append reach the disk in any order. What its lines named is found by scanning.
        found = read_lines(&file, wrong[0])?.0;
        found.condition = Condition::TornTail;
        return Ok(found);
    }
    found.condition = if found.lines == 0 || before_sound {
        Condition::Damaged
    } else if !wrong.is_empty() || ragged {
        Condition::TornTail
    } else {
        Condition::Sound
    };
    Ok(found)
}

/// The first `count` lines, and the numbers of those that are not sound.
fn read_lines(file: &DiskFile, count: u64) -> Result<(Found, Vec<u64>), VaultError> {
    let (mut found, mut wrong) = (Found::nothing(Condition::Sound), Vec::new());
    each_line(file, count, &mut |number, bytes| {
        let line = Line::decode(bytes, number);
        if line.is_none() && (number > 0 || *bytes != title()) {
            check_version(file, number, bytes)?;
            wrong.push(number);
            return Ok(());
        }
        found.lines = number + 1;
        line.into_iter().for_each(|line| found.take(line));
        Ok(())
    })?;
    Ok((found, wrong))
}

/// Each of these lines lies near the end and touches a sector that was never written: only a cut leaves that. The
/// title was durable before the manifest had its name.
fn are_torn(file: &DiskFile, wrong: &[u64], length: u64) -> Result<bool, VaultError> {
    let begin = wrong[0] * LINE_BYTES as u64;
    if begin == 0 || length - begin > TAIL_LINES * LINE_BYTES as u64 {
        return Ok(false);
    }
    let mut tail = vec![0; (length - begin) as usize];
    if !file.fill_at(&mut tail, begin)? {
        return Ok(false);
    }
    let unwritten = |sector: u64| {
        let from = (sector * SECTOR_BYTES).max(begin) - begin;
        let to = ((sector + 1) * SECTOR_BYTES).min(length) - begin;
        tail[from as usize..to as usize].iter().all(|byte| *byte == 0)
    };
    Ok(wrong.iter().all(|number| {
        let at = number * LINE_BYTES as u64;
        (at / SECTOR_BYTES..=(at + LINE_BYTES as u64 - 1) / SECTOR_BYTES).any(unwritten)
    }))
}

/// A title that is sound but for its version was written by a later program.
fn check_version(file: &DiskFile, number: u64, bytes: &[u8; LINE_BYTES]) -> Result<(), VaultError> {
    let later = number == 0 && bytes[1..4] == MAGIC && bytes[4] > VERSION && *bytes == seal_line(*bytes, 0);
    if later {
        let path = file.path().to_owned();
        return Err(VaultError::UnknownVersion { path, found: bytes[4], known: VERSION });
    }
    Ok(())
}

/// Is shown a line's number and bytes.
type EachLine<'a> = dyn FnMut(u64, &[u8; LINE_BYTES]) -> Result<(), VaultError> + 'a;

fn each_line(file: &DiskFile, count: u64, each: &mut EachLine<'_>) -> Result<(), VaultError> {
    let mut buffer = vec![0; LINES_AT_ONCE * LINE_BYTES];
    let mut number = 0;
    while number < count {
        let lines = (count - number).min(LINES_AT_ONCE as u64) as usize;
        let page = &mut buffer[..lines * LINE_BYTES];
        if !file.fill_at(page, number * LINE_BYTES as u64)? {
            return Ok(()); // shortened meanwhile: the lines that are gone are not read
        }
        for bytes in page.as_chunks::<LINE_BYTES>().0 {
            each(number, bytes)?;
            number += 1;
        }
    }
    Ok(())
}

/// The manifest, open for appending.
pub(super) struct Log {
    file: DiskFile,
    lines: u64,
}

impl Log {
    /// Continues a manifest behind its last sound line.
    pub(super) fn resume(disk: &Disk, path: &Path, found: &Found) -> Result<Self, VaultError> {
        let Some(file) = disk.open_for_change(path)? else {
            return Self::write_new(disk, path, &Objects::new());
        };
        let log = Self { file, lines: found.lines };
        if log.file.len()? != log.end() {
            log.file.cut(log.end())?;
        }
        // The last append may have failed to become durable.
        log.file.renew(log.end().saturating_sub(TAIL_LINES * LINE_BYTES as u64))?;
        Ok(log)
    }

    /// A manifest that is only looked at; none if there is none.
    pub(super) fn to_read(disk: &Disk, path: &Path, found: &Found) -> Result<Option<Self>, VaultError> {
        Ok(disk.open(path)?.map(|file| Self { file, lines: found.lines }))
    }

    /// Writes a manifest of these objects beside the old one and gives it its name.
    pub(super) fn write_new(disk: &Disk, path: &Path, objects: &Objects) -> Result<Self, VaultError> {
        let beside = path.with_extension("tmp");
        disk.remove(&beside)?;
        let mut log = Self { file: disk.create(&beside)?, lines: 1 };
        log.file.write_at(&title(), 0)?;
        log.file.sync()?;
        let lines: Vec<_> = objects.iter().map(|(id, slot)| Line::Stored(*id, *slot)).collect();
        log.append(&lines)?;
        log.file.rename_to(path)?;
        disk.sync_folder(parent_of(path))?;
        Ok(log)
    }

    /// Appends lines; they are durable on return. After an error [`Self::undo`] or never again.
    pub(super) fn append(&mut self, lines: &[Line]) -> Result<(), VaultError> {
        let mut next = self.lines;
        for lines in lines.chunks(LINES_AT_ONCE) {
            let numbered = (next..).zip(lines);
            let bytes: Vec<u8> = numbered.flat_map(|(number, line)| line.encode(number)).collect();
            self.file.write_at(&bytes, next * LINE_BYTES as u64)?;
            self.file.sync()?;
            next += lines.len() as u64;
        }
        self.lines = next;
        Ok(())
    }

    /// Cuts what a failed [`Self::append`] may have left, durably: its lines name bytes that are taken back next.
    pub(super) fn undo(&self) -> Result<(), VaultError> {
        if self.file.len()? > self.end() {
            self.file.cut(self.end())?;
            self.file.sync()?;
        }
        Ok(())
    }

    /// The numbers of lines that are no longer as written.
    pub(super) fn damaged_lines(&self) -> Result<Vec<u64>, VaultError> {
        let mut damaged = Vec::new();
        let on_disk = self.file.len()? / LINE_BYTES as u64;
        each_line(&self.file, on_disk.min(self.lines), &mut |number, bytes| {
            let sound = if number == 0 { *bytes == title() } else { Line::decode(bytes, number).is_some() };
            if !sound {
                damaged.push(number);
            }
            Ok(())
        })?;
        damaged.extend(on_disk..self.lines);
        Ok(damaged)
    }

    fn end(&self) -> u64 {
        self.lines * LINE_BYTES as u64
    }

    #[cfg(test)]
    pub(super) fn swap_file(&mut self, file: DiskFile) {
        self.file = file;
    }
}
