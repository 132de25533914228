//! A ZIP whose parts are read as a stream, within limits for all of them together: how many there are, and how
//! much comes out. It follows no name anywhere: a part is what its index says it is.

use std::collections::HashMap;
use std::io::{self, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use zip::ZipArchive;

use super::xml::{self, Piece};
use crate::intake::limits::{PARTS_MAX, UNPACKED_BYTES_MAX};
use crate::intake::reason::{Reason, StaysInside};

/// The record at a ZIP's end: its signature, where it counts the entries, its length.
const END_RECORD: &[u8; 4] = b"PK\x05\x06";
const END_COUNT_AT: usize = 10;
const END_BYTES: usize = 22;
/// The same in archives of more than 65,535 entries; it stands before the other.
const END_64_RECORD: &[u8; 4] = b"PK\x06\x06";
const END_64_COUNT_AT: usize = 32;
/// How far from the end these records can stand: a comment is as long as two bytes can say.
const END_WITHIN_BYTES: usize = 64 * 1024 + 256;

/// What a ZIP's table says of a part.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size_bytes: u64,
    pub(super) is_folder: bool,
    pub(super) is_encrypted: bool,
}

/// An opened ZIP.
pub(super) struct Package<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    entries: Vec<Entry>,
    /// By name, as office programs compare them: without regard to case.
    by_name: HashMap<String, usize>,
    left_bytes: u64,
    notes: Vec<Reason>,
}

impl<'b> Package<'b> {
    /// Reads the table of parts.
    ///
    /// # Errors
    /// If it is no ZIP, or has more parts than are looked at.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Reason> {
        if declared_entries(bytes) > PARTS_MAX {
            return Err(Reason::TooManyParts);
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
        if zip.len() as u64 > PARTS_MAX {
            return Err(Reason::TooManyParts);
        }
        let mut entries = Vec::with_capacity(zip.len());
        let mut by_name = HashMap::new();
        for index in 0..zip.len() {
            let entry = zip.by_index_data(index).map_err(|_| Reason::Damaged)?;
            let name = match entry.name() {
                Ok(name) => name.replace('\\', "/"),
                Err(_) => String::from_utf8_lossy(entry.name_raw()).replace('\\', "/"),
            };
            by_name.entry(name.trim_start_matches('/').to_lowercase()).or_insert(index);
            entries.push(Entry {
                size_bytes: entry.size(),
                is_folder: entry.is_dir(),
                is_encrypted: entry.encrypted(),
                name,
            });
        }
        Ok(Self { zip, entries, by_name, left_bytes: UNPACKED_BYTES_MAX, notes: Vec::new() })
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(&name.to_lowercase())
    }

    /// Names of parts for which `wanted` holds, in the order of their numbers: `header2` before `header10`.
    pub(super) fn names(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let names = self.entries.iter().map(|entry| entry.name.trim_start_matches('/'));
        let mut names: Vec<String> = names.filter(|name| wanted(name)).map(str::to_owned).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    }

    /// Walks through a part that is XML; false if there is none of this name.
    pub(super) fn walk(&mut self, name: &str, see: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>) -> bool {
        let mut notes = Vec::new();
        let read = self.with(name, |part| notes = xml::walk(BufReader::new(part), see));
        // What was cut at a limit ends in the middle, which is no damage.
        let cut = self.notes.contains(&Reason::TooLargeInside);
        notes.into_iter().filter(|note| !(cut && *note == Reason::PartDamaged)).for_each(|n| self.note(n));
        read
    }

    /// A part's first bytes, at most `most`; none if there is no such part.
    pub(super) fn beginning(&mut self, name: &str, most: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.with(name, |part| part.take(most).read_to_end(&mut bytes).map(|_| ()).unwrap_or(()));
        read.then_some(bytes)
    }

    /// All bytes of a part, as its checksum confirms them.
    ///
    /// # Errors
    /// If it is encrypted or damaged, or has more than `most` bytes, whatever it says of itself.
    pub(super) fn whole(&mut self, index: usize, most: u64) -> Result<Vec<u8>, StaysInside> {
        if self.entries[index].is_encrypted {
            return Err(StaysInside::Encrypted);
        }
        if self.entries[index].size_bytes > most {
            return Err(StaysInside::TooLarge);
        }
        let part = self.zip.by_index(index).map_err(|_| StaysInside::Damaged)?;
        let mut bytes = Vec::new();
        part.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| StaysInside::Damaged)?;
        if bytes.len() as u64 > most { Err(StaysInside::TooLarge) } else { Ok(bytes) }
    }

    /// How much comes out of all parts, counted and not believed; stops at `most`.
    pub(super) fn unpacked_bytes(&mut self, most: u64) -> u64 {
        let mut total = 0;
        for index in 0..self.entries.len() {
            if let Ok(part) = self.zip.by_index(index) {
                total += io::copy(&mut part.take(most + 1 - total.min(most)), &mut io::sink()).unwrap_or(0);
            }
            if total > most {
                break;
            }
        }
        total
    }

    /// What was left out so far.
    pub(super) fn notes(&self) -> &[Reason] {
        &self.notes
    }

    fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }

    fn with(&mut self, name: &str, read: impl FnOnce(&mut Metered<'_, '_>)) -> bool {
        let Some(index) = self.by_name.get(&name.to_lowercase()).copied() else { return false };
        let mut trouble = None;
        match self.zip.by_index(index) {
            Ok(mut part) => {
                let mut metered =
                    Metered { part: &mut part, left_bytes: &mut self.left_bytes, trouble: None };
                read(&mut metered);
                trouble = metered.trouble;
            }
            Err(_) => trouble = trouble.or(Some(Reason::PartDamaged)),
        }
        trouble.into_iter().for_each(|reason| self.note(reason));
        true
    }
}

/// A part that ends where the limit is reached or where it is damaged, and remembers which.
struct Metered<'p, 'l> {
    part: &'p mut dyn Read,
    left_bytes: &'l mut u64,
    trouble: Option<Reason>,
}

impl Read for Metered<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if *self.left_bytes == 0 {
            let mut one = [0];
            if self.part.read(&mut one).unwrap_or(0) > 0 {
                self.trouble = Some(Reason::TooLargeInside);
            }
            return Ok(0);
        }
        let most = usize::try_from(*self.left_bytes).unwrap_or(usize::MAX).min(to.len());
        match self.part.read(&mut to[..most]) {
            Ok(read) => {
                *self.left_bytes -= read as u64;
                Ok(read)
            }
            Err(_) => {
                self.trouble = Some(Reason::PartDamaged);
                Ok(0)
            }
        }
    }
}

/// How many parts the archive says it has, before its table is read into memory.
fn declared_entries(bytes: &[u8]) -> u64 {
    let tail = &bytes[bytes.len().saturating_sub(END_WITHIN_BYTES)..];
    let last = |mark: &[u8; 4], length: usize| {
        let at = tail.windows(4).rposition(|window| window == mark)?;
        tail.get(at..at + length)
    };
    let small = last(END_RECORD, END_BYTES)
        .map_or(0, |record| u16::from_le_bytes([record[END_COUNT_AT], record[END_COUNT_AT + 1]]));
    let large = last(END_64_RECORD, END_64_COUNT_AT + 8)
        .and_then(|record| record[END_64_COUNT_AT..].try_into().ok())
        .map_or(0, u64::from_le_bytes);
    large.max(u64::from(small))
}
