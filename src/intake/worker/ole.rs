//! The compound files that office programs wrote until 2007: streams by name, each read up to a limit. It knows
//! no format but the container.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use cfb::CompoundFile;

use crate::intake::reason::Reason;

/// How a compound file begins.
pub(super) const MARK: &[u8; 8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Most entries of a compound file that are looked at.
const ENTRIES_MAX: usize = 50_000;

/// Where the header says how large a sector is (as a power of two), and how many of them the table takes.
const SECTOR_AT: usize = 30;
const TABLE_SECTORS_AT: usize = 44;
/// A file that is shorter than its table says is filled up to so many bytes at most.
const LENGTHENED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An opened compound file.
pub(super) struct Ole<'b> {
    file: CompoundFile<Cursor<Cow<'b, [u8]>>>,
    most_bytes: u64,
}

impl<'b> Ole<'b> {
    /// Reads the table of streams.
    ///
    /// # Errors
    /// If it is no compound file, or one whose table is damaged.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Reason> {
        let file = match CompoundFile::open(Cursor::new(Cow::Borrowed(bytes))) {
            Ok(file) => file,
            Err(_) => {
                let longer = lengthened(bytes).ok_or(Reason::Damaged)?;
                CompoundFile::open(Cursor::new(Cow::Owned(longer))).map_err(|_| Reason::Damaged)?
            }
        };
        // No stream is longer than the file, but its table may say so.
        Ok(Self { file, most_bytes: bytes.len() as u64 })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.file.exists(path)
    }

    /// A stream's bytes, as far as they can be read; none if there is no such stream.
    pub(super) fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(path).ok()?;
        let mut bytes = Vec::new();
        // What could be read before the damage counts.
        let _ = stream.take(self.most_bytes).read_to_end(&mut bytes);
        Some(bytes)
    }

    /// Names of what lies directly in a storage.
    pub(super) fn names(&self, storage: &str) -> Vec<String> {
        let entries = self.file.read_storage(storage);
        entries.map_or_else(
            |_| Vec::new(),
            |entries| entries.take(ENTRIES_MAX).map(|entry| entry.name().to_owned()).collect(),
        )
    }

    /// Something in it, at any depth, has a name for which `wanted` holds.
    pub(super) fn any(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.file.walk().take(ENTRIES_MAX).any(|entry| wanted(entry.name()))
    }
}

/// The file filled up with zeroes to the length its table speaks of: some programs write a table that is too long,
/// and some files were cut off.
fn lengthened(bytes: &[u8]) -> Option<Vec<u8>> {
    let power = u32::from(*bytes.get(SECTOR_AT)?);
    let sector = 1_usize.checked_shl(power).filter(|_| matches!(power, 9 | 12))?;
    let sectors =
        bytes.get(TABLE_SECTORS_AT..TABLE_SECTORS_AT + 4)?.try_into().ok().map(u32::from_le_bytes)?;
    let entries = (sectors as usize).checked_mul(sector / 4)?;
    let length = entries.checked_add(1)?.checked_mul(sector)?;
    if length <= bytes.len() || length > LENGTHENED_BYTES_MAX {
        return None;
    }
    let mut longer = bytes.to_vec();
    longer.resize(length, 0);
    Some(longer)
}
