//! Derived files: the hashes of the tree and where each entry begins. Made anew from the segments at will.
//!
//! They are neither synced nor trusted. What is computed with them is checked against the signed head, and
//! if it does not fit they are made anew ([`super::heal`]).

use std::path::PathBuf;

use crate::base::digest::Sha256;

use crate::disk::DiskFile;
use crate::ledger::disk::Dir;
use crate::ledger::entry::EntryNo;
use crate::ledger::error::LedgerError;
use crate::ledger::tree::{self, Nodes};

const HASHES: &str = "hashes.derived";
const OFFSETS: &str = "offsets.derived";
const HASH_BYTES: usize = 32;
const OFFSET_BYTES: usize = 8;
const FLUSH_BYTES: usize = 1 << 20;

/// A row of equally long values, in a file or (for those who may not write) in memory.
#[derive(Debug)]
enum Shelf {
    File(DiskFile),
    Memory(Vec<u8>),
}

impl Shelf {
    /// The value at `index`; none if the row ends before.
    fn read<const N: usize>(&self, index: u64) -> Result<Option<[u8; N]>, LedgerError> {
        let mut value = [0; N];
        let Some(at) = index.checked_mul(N as u64) else { return Ok(None) };
        match self {
            Self::File(file) => Ok((file.read_at(&mut value, at)? == N).then_some(value)),
            Self::Memory(bytes) => {
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
                Ok(rest.and_then(|rest| rest.first_chunk::<N>()).copied())
            }
        }
    }

    fn write(&mut self, bytes: &[u8], at: u64) -> Result<(), LedgerError> {
        match self {
            Self::File(file) => Ok(file.write_at(bytes, at)?),
            Self::Memory(row) => {
                row.extend_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// Hashes and offsets of a ledger.
#[derive(Debug)]
pub(super) struct Derived {
    hashes: Shelf,
    offsets: Shelf,
}

impl Derived {
    /// Opens what there is; missing files are empty ones.
    pub(super) fn open(dir: Dir<'_>, to_write: bool) -> Result<Self, LedgerError> {
        let open = |name: &str| -> Result<Shelf, LedgerError> {
            if to_write {
                return Ok(Shelf::File(dir.disk.open_or_create(&dir.join(name))?));
            }
            Ok(dir.open(name, false)?.map_or(Shelf::Memory(Vec::new()), Shelf::File))
        };
        Ok(Self { hashes: open(HASHES)?, offsets: open(OFFSETS)? })
    }

    /// Where entry `no` begins in its segment; none if that is not known.
    pub(super) fn offset(&self, no: u64) -> Result<Option<u64>, LedgerError> {
        Ok(self.offsets.read::<OFFSET_BYTES>(no)?.map(u64::from_le_bytes))
    }

    /// Hash number `at` in order of storing; none if it is not there.
    pub(super) fn hash(&self, at: u64) -> Result<Option<Sha256>, LedgerError> {
        Ok(self.hashes.read::<HASH_BYTES>(at)?.map(Sha256))
    }

    /// The stored leaf hash of entry `no`.
    pub(super) fn leaf_hash(&self, no: u64) -> Result<Option<Sha256>, LedgerError> {
        self.hash(tree::stored_at(0, no))
    }

    /// Writes what a batch adds after `size` entries. Through a shared reference: readers only ever look
    /// below their own head, and these bytes lie beyond it.
    pub(super) fn add(&self, size: u64, hashes: &[u8], offsets: &[u8]) -> Result<(), LedgerError> {
        match (&self.hashes, &self.offsets) {
            (Shelf::File(hash_file), Shelf::File(offset_file)) => {
                hash_file.write_at(hashes, tree::stored_count(size) * HASH_BYTES as u64)?;
                Ok(offset_file.write_at(offsets, size * OFFSET_BYTES as u64)?)
            }
            _ => Err(LedgerError::ReadOnly),
        }
    }
}

impl Nodes for Derived {
    type Error = LedgerError;

    fn node(&self, level: u32, index: u64) -> Result<Sha256, LedgerError> {
        let missing = LedgerError::Damaged { entry: EntryNo(index << level), what: "its hash is missing" };
        self.hash(tree::stored_at(level, index))?.ok_or(missing)
    }
}

/// Makes both files anew, entry by entry, beside the old ones.
pub(super) struct Renewal {
    hashes: Row,
    offsets: Row,
}

/// A row in the making, written in large pieces.
struct Row {
    shelf: Shelf,
    /// The name it gets when it is whole.
    path: PathBuf,
    written: u64,
    waiting: Vec<u8>,
}

impl Row {
    fn begin(dir: Dir<'_>, name: &str, to_write: bool) -> Result<Self, LedgerError> {
        let shelf = if to_write {
            let file = dir.disk.open_or_create(&dir.join(&format!("{name}.new")))?;
            file.cut(0)?;
            Shelf::File(file)
        } else {
            Shelf::Memory(Vec::new())
        };
        Ok(Self { shelf, path: dir.join(name), written: 0, waiting: Vec::new() })
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), LedgerError> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= FLUSH_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LedgerError> {
        self.shelf.write(&self.waiting, self.written)?;
        self.written += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Shelf, LedgerError> {
        self.flush()?;
        match self.shelf {
            Shelf::File(mut file) => {
                file.rename_to(&self.path)?;
                Ok(Shelf::File(file))
            }
            memory => Ok(memory),
        }
    }
}

impl Renewal {
    /// Begins with no entries; in memory unless files may be written.
    pub(super) fn begin(dir: Dir<'_>, to_write: bool) -> Result<Self, LedgerError> {
        let (hashes, offsets) = (Row::begin(dir, HASHES, to_write)?, Row::begin(dir, OFFSETS, to_write)?);
        Ok(Self { hashes, offsets })
    }

    /// The next entry begins at `offset` of its segment.
    pub(super) fn push_offset(&mut self, offset: u64) -> Result<(), LedgerError> {
        self.offsets.push(&offset.to_le_bytes())
    }

    /// The next hash in order of storing.
    pub(super) fn push_hash(&mut self, hash: &Sha256) -> Result<(), LedgerError> {
        self.hashes.push(hash.as_bytes())
    }

    /// Puts the new files in place of the old ones.
    pub(super) fn finish(self) -> Result<Derived, LedgerError> {
        Ok(Derived { hashes: self.hashes.finish()?, offsets: self.offsets.finish()? })
    }
}
