//! Room (Platz): a full disk is noticed before it is hit, and destruction has a reserve.
//!
//! Ordinary writes begin only while a margin is free beside what they bring, so that ledger and views do not run
//! into the end of the disk half way: the disk that is full refuses, nothing is half written, and the next write
//! goes well as soon as there is room again. The reserve is a file whose blocks are given back when a destruction
//! needs them; it is filled again before anything else may be written. May not decide what is written.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use super::Registry;
use super::error::{Answer, Error};
use super::layout::Layout;
use super::rebuild::gone;
use crate::catalog::Pace;

/// Bytes kept for destruction: keys, entries, certificate, and small views made anew.
pub const RESERVE_BYTES: u64 = 4 << 20;
/// Bytes that stay free for ledger and views beside what an ordinary write brings.
pub const MARGIN_BYTES: u64 = 2 << 20;
/// Where less is free, the catalogue is written at once: others fill the rest of a disk in less time than it waits.
const SHORT_BYTES: u64 = 256 << 20;
/// Where more is free, it may wait again.
const AMPLE_BYTES: u64 = 2 * SHORT_BYTES;
/// Bytes of a block in the count of a file's blocks, whatever the file system's own are.
const COUNTED_BLOCK_BYTES: u64 = 512;

impl Registry {
    /// There is room for an ordinary write of about so many bytes; what the reserve lacks comes first.
    pub(super) fn require_room(&self, bytes: u64) -> Answer<()> {
        let reserve = self.layout.reserve();
        let lacking = RESERVE_BYTES.saturating_sub(held_by(&reserve)?);
        let (free, needed) = (free_bytes(self.layout.root())?, bytes + MARGIN_BYTES + lacking);
        if free < needed {
            return Err(Error::no_room(format!(
                "frei sind {}, gebraucht werden {}",
                in_mebibytes(free),
                in_mebibytes(needed)
            )));
        }
        if lacking > 0 { Ok(fill(&reserve)?) } else { Ok(()) }
    }

    /// There is room for so many bytes that are no truth yet, beside what the truth needs.
    pub(super) fn require_room_beside(&self, bytes: u64) -> Answer<()> {
        let free = free_bytes(self.layout.root())?;
        let needed = bytes.saturating_add(SHORT_BYTES);
        if free < needed {
            let (free, needed) = (in_mebibytes(free), in_mebibytes(needed));
            return Err(Error::no_room(format!("frei sind {free}, gebraucht werden {needed}")));
        }
        Ok(())
    }

    /// The margin is free.
    pub(super) fn has_room(&self) -> Answer<bool> {
        Ok(free_bytes(self.layout.root())? >= MARGIN_BYTES)
    }

    /// The catalogue writes at the pace that fits the room left.
    pub(super) fn suit_catalog_to_room(&self) -> Answer<()> {
        let (free, now) = (free_bytes(self.layout.root())?, self.catalog()?.pace());
        let wanted = match now {
            Pace::Lazily if free < SHORT_BYTES => Pace::AtOnce,
            Pace::AtOnce if free > AMPLE_BYTES => Pace::Lazily,
            _ => return Ok(()),
        };
        let changed = self.catalog.write().map_err(|_| gone())?.set_pace(wanted);
        changed.or_else(|_| self.renew_catalog())
    }

    /// Gives the reserve's blocks back if room is short; for destruction alone.
    pub(super) fn draw_on_the_reserve(&self) -> Answer<()> {
        let reserve = self.layout.reserve();
        if reserve.exists() && free_bytes(self.layout.root())? < RESERVE_BYTES {
            File::options().write(true).open(&reserve)?.set_len(0)?;
        }
        Ok(())
    }
}

/// The pace a catalogue begins with.
pub(super) fn pace_at_start(layout: &Layout) -> Answer<Pace> {
    Ok(if free_bytes(layout.root())? < SHORT_BYTES { Pace::AtOnce } else { Pace::Lazily })
}

fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let disk = statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Bytes the disk has set aside for this file; 0 if there is none.
fn held_by(path: &Path) -> std::io::Result<u64> {
    match std::fs::metadata(path) {
        Ok(data) => Ok(data.blocks() * COUNTED_BLOCK_BYTES),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(cause) => Err(cause),
    }
}

/// Has the disk set the reserve aside; where it cannot be asked to, zeros are written. It holds nothing, so it
/// need not be durable.
fn fill(path: &Path) -> std::io::Result<()> {
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    match fallocate(&file, FallocateFlags::empty(), 0, RESERVE_BYTES) {
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
            file.write_all(&vec![0; RESERVE_BYTES as usize])
        }
        filled => Ok(filled?),
    }
}

fn in_mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)).replace('.', ",")
}
