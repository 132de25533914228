//! Segment files: the entries themselves, framed, in order, nothing else.
//!
//! A frame is `length, entries of the batch that follow, checksum, leaf`. The checksum finds accidents and
//! torn writes; against intent stands the signed tree. Layout: `schema/formats/ledger.md`.

use std::sync::Arc;

use crate::base::digest::Blake3;

use crate::disk::DiskFile;
use crate::ledger::disk::Dir;
use crate::ledger::entry::{ENTRY_BYTES_MAX, EntryNo, HEADER_BYTES};
use crate::ledger::error::LedgerError;

/// A segment that has reached this size is followed by a new one. A batch never spans two.
pub const SEGMENT_BYTES: u64 = 64 << 20;
/// Bytes before the first frame.
pub(super) const SEGMENT_HEADER_BYTES: usize = 32;

const FRAME_HEADER_BYTES: usize = 16;
const MAGIC: &[u8; 8] = b"SGLEDSEG";
const VERSION: u64 = 1;
const SUFFIX: &str = ".segment";
const NUMBER_DIGITS: usize = 20;
const READ_BYTES: usize = 64 << 10;

/// One segment file.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// The number of its first entry.
    pub(super) first: u64,
    pub(super) file: Arc<DiskFile>,
}

/// A frame as read, its checksum good.
pub(super) struct Frame {
    /// Where it begins in its segment.
    pub(super) at: u64,
    /// How many entries of the same batch follow.
    pub(super) followers: u32,
    /// Canonical bytes of the entry, not yet looked at.
    pub(super) leaf: Vec<u8>,
}

impl Frame {
    /// The number the entry says it has.
    pub(super) fn number(&self) -> Option<u64> {
        self.leaf.get(8..16)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// Where the next frame begins.
    pub(super) fn end(&self) -> u64 {
        self.at + (FRAME_HEADER_BYTES + self.leaf.len()) as u64
    }
}

/// Appends the frame of `leaf` to `out`.
pub(super) fn write_frame(out: &mut Vec<u8>, followers: u32, leaf: &[u8]) {
    let length = u32::try_from(leaf.len()).expect("an entry is at most ENTRY_BYTES_MAX");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&followers.to_le_bytes());
    out.extend_from_slice(&frame_checksum(length, followers, leaf));
    out.extend_from_slice(leaf);
}

fn frame_checksum(length: u32, followers: u32, leaf: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&length.to_le_bytes()).update(&followers.to_le_bytes()).update(leaf);
    first_eight(hasher.finalize().as_bytes())
}

fn first_eight(bytes: &[u8; 32]) -> [u8; 8] {
    std::array::from_fn(|at| bytes[at])
}

fn header(first: u64) -> [u8; SEGMENT_HEADER_BYTES] {
    let mut header = [0; SEGMENT_HEADER_BYTES];
    header[..8].copy_from_slice(MAGIC);
    header[8..16].copy_from_slice(&VERSION.to_le_bytes());
    header[16..24].copy_from_slice(&first.to_le_bytes());
    let checksum = first_eight(Blake3::of(&header[..24]).as_bytes());
    header[24..].copy_from_slice(&checksum);
    header
}

impl Segment {
    /// Makes a new segment for entries from `first` on; durable, with its name, on return.
    pub(super) fn create(dir: Dir<'_>, first: u64) -> Result<Self, LedgerError> {
        Ok(Self { first, file: Arc::new(dir.create(&Self::name(first), &header(first))?) })
    }

    /// The name of the segment for entries from `first` on.
    pub(super) fn name(first: u64) -> String {
        format!("{first:0NUMBER_DIGITS$}{SUFFIX}")
    }

    /// All segments of a directory by their names, in order of their first entries. Headers are not read.
    pub(super) fn list(dir: Dir<'_>, to_write: bool) -> Result<Vec<Self>, LedgerError> {
        let mut segments = Vec::new();
        for name in dir.names()? {
            let Some(number) = name.strip_suffix(SUFFIX) else { continue };
            let regular = number.len() == NUMBER_DIGITS && number.bytes().all(|b| b.is_ascii_digit());
            let Some(first) = number.parse().ok().filter(|_| regular) else { continue };
            if let Some(file) = dir.open(&name, to_write)? {
                segments.push(Self { first, file: Arc::new(file) });
            }
        }
        Ok(segments)
    }

    /// Whether the header is that of a segment with this first entry.
    pub(super) fn has_its_header(&self) -> Result<bool, LedgerError> {
        let mut found = [0; SEGMENT_HEADER_BYTES];
        let read = self.file.read_at(&mut found, 0)?;
        Ok(read == SEGMENT_HEADER_BYTES && found == header(self.first))
    }

    /// The frames from byte `at` on.
    pub(super) fn frames(&self, at: u64) -> Frames<'_> {
        Frames { file: &self.file, at, buffer: Vec::new(), used: 0 }
    }
}

/// The segment that holds entry `no`: the last one that begins at or before it.
pub(super) fn holding(segments: &[Segment], no: u64) -> Result<usize, LedgerError> {
    let after = segments.partition_point(|segment| segment.first <= no);
    let missing = LedgerError::Damaged { entry: EntryNo(no), what: "its segment is missing" };
    after.checked_sub(1).ok_or(missing)
}

/// Reads frames one after the other through a buffer.
pub(super) struct Frames<'a> {
    file: &'a DiskFile,
    /// Where the next frame begins.
    at: u64,
    buffer: Vec<u8>,
    used: usize,
}

/// What stands at a place where a frame should begin.
pub(super) enum Next {
    Frame(Frame),
    /// The file ends exactly here.
    End,
    /// Bytes that are not a whole, intact frame.
    Broken,
}

impl Frames<'_> {
    /// Where the next frame begins.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    pub(super) fn next(&mut self) -> Result<Next, LedgerError> {
        if !self.fill(FRAME_HEADER_BYTES)? {
            return Ok(if self.buffer.len() == self.used { Next::End } else { Next::Broken });
        }
        let header = &self.buffer[self.used..self.used + FRAME_HEADER_BYTES];
        let word = |at: usize| std::array::from_fn(|byte| header[at + byte]);
        let (length, followers) = (u32::from_le_bytes(word(0)), u32::from_le_bytes(word(4)));
        let checksum: [u8; 8] = std::array::from_fn(|byte| header[8 + byte]);
        let leaf_bytes = length as usize;
        if !(HEADER_BYTES..=ENTRY_BYTES_MAX).contains(&leaf_bytes)
            || !self.fill(FRAME_HEADER_BYTES + leaf_bytes)?
        {
            return Ok(Next::Broken);
        }
        let leaf = &self.buffer[self.used + FRAME_HEADER_BYTES..][..leaf_bytes];
        if frame_checksum(length, followers, leaf) != checksum {
            return Ok(Next::Broken);
        }
        let frame = Frame { at: self.at, followers, leaf: leaf.to_vec() };
        self.used += FRAME_HEADER_BYTES + leaf_bytes;
        self.at = frame.end();
        Ok(Next::Frame(frame))
    }

    /// Makes `wanted` unread bytes available; `false` if the file ends before.
    fn fill(&mut self, wanted: usize) -> Result<bool, LedgerError> {
        if self.buffer.len() - self.used >= wanted {
            return Ok(true);
        }
        self.buffer.drain(..self.used);
        self.used = 0;
        let held = self.buffer.len();
        self.buffer.resize(wanted.max(READ_BYTES), 0);
        let read = self.file.read_at(&mut self.buffer[held..], self.at + held as u64)?;
        self.buffer.truncate(held + read);
        Ok(self.buffer.len() >= wanted)
    }
}
