//! Reading an object: every byte served has been verified by its seal, and a range opens only the
//! frames it touches.
//!
//! May not know where objects lie; it reads from a [`Source`].

use std::io::{self, Read};
use std::sync::Arc;

use crate::base::seal::SealKey;
use crate::disk::DiskFile;
use crate::domain::ids::ObjectId;

use super::frames::{FOOTER_BYTES, FRAME_BYTES, Opener};
use super::manifest::Slot;
use super::record::{HEAD_BYTES, Head};
use super::{ObjectReader, VaultError};

/// Bytes that can be read at any place.
pub(super) trait Source: Send {
    /// Fills `buffer`; `false` if the bytes end before.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<bool, VaultError>;
}

/// A record in a file, from `start` on.
pub(super) struct FileSource {
    pub(super) file: Arc<DiskFile>,
    pub(super) start: u64,
}

impl Source for FileSource {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<bool, VaultError> {
        self.start.checked_add(offset).map_or(Ok(false), |at| Ok(self.file.fill_at(buffer, at)?))
    }
}

/// A record in memory.
pub(super) struct MemorySource(pub(super) Arc<Vec<u8>>);

impl Source for MemorySource {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<bool, VaultError> {
        let start = usize::try_from(offset).ok();
        let range = start.and_then(|start| self.0.get(start..start.checked_add(buffer.len())?));
        Ok(range.map(|bytes| buffer.copy_from_slice(bytes)).is_some())
    }
}

/// An object being read.
pub(super) struct SealedReader<S> {
    source: S,
    id: ObjectId,
    opener: Opener,
    /// The frame opened last.
    frame: Option<(usize, Vec<u8>)>,
    position: u64,
}

impl<S: Source> SealedReader<S> {
    /// Checks the head against the manifest and opens the table.
    pub(super) fn open(source: S, id: &ObjectId, slot: &Slot, key: &SealKey) -> Result<Self, VaultError> {
        let changed = |what| VaultError::Changed { id: *id, what };
        let mut head = [0; HEAD_BYTES];
        if !source.read_at(&mut head, 0)? || head != Head::object(*id, slot.digest, slot.length).encode() {
            return Err(changed("its head"));
        }
        let body = HEAD_BYTES as u64;
        let mut footer = [0; FOOTER_BYTES];
        let footer_at = slot.length.checked_sub(FOOTER_BYTES as u64).ok_or(changed("its length"))?;
        if !source.read_at(&mut footer, body.saturating_add(footer_at))? {
            return Err(changed("its length"));
        }
        let table_bytes = u32::from_le_bytes(footer);
        let table_at = footer_at.checked_sub(u64::from(table_bytes)).ok_or(changed("its footer"))?;
        let mut table = vec![0; table_bytes as usize];
        if !source.read_at(&mut table, body.saturating_add(table_at))? {
            return Err(changed("its length"));
        }
        let opener = Opener::new(key, id, table, slot.length).ok_or(VaultError::SealBroken(*id))?;
        Ok(Self { source, id: *id, opener, frame: None, position: 0 })
    }

    /// The content of a frame, from the cache or from its seal.
    fn frame(&mut self, number: usize) -> Result<&[u8], VaultError> {
        if self.frame.as_ref().is_none_or(|(cached, _)| *cached != number) {
            self.frame = None;
            let broken = VaultError::SealBroken(self.id);
            let frame = self.opener.frames.get(number).ok_or(broken.clone())?;
            let mut sealed = vec![0; frame.sealed_bytes];
            if !self.source.read_at(&mut sealed, (HEAD_BYTES as u64).saturating_add(frame.start))? {
                return Err(VaultError::Changed { id: self.id, what: "its length" });
            }
            self.frame = Some((number, self.opener.open_frame(number, sealed).ok_or(broken)?));
        }
        Ok(self.frame.as_ref().map_or(&[], |(_, plain)| plain))
    }

    /// The rest of the frame at `offset`, which must be inside the object.
    fn rest_of_frame(&mut self, offset: u64) -> Result<&[u8], VaultError> {
        // A frame's number is below the table's length, its inner offset below 128 KiB.
        let number = (offset / FRAME_BYTES as u64) as usize;
        let inside = (offset % FRAME_BYTES as u64) as usize;
        Ok(self.frame(number)?.get(inside..).unwrap_or_default())
    }
}

impl<S: Source> ObjectReader for SealedReader<S> {
    fn size_bytes(&self) -> u64 {
        self.opener.size_bytes
    }

    fn read_range(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, VaultError> {
        let size_bytes = self.size_bytes();
        let end = offset.checked_add(length as u64).filter(|end| *end <= size_bytes);
        let out_of_range = VaultError::OutOfRange { id: self.id, offset, length, size_bytes };
        let end = end.ok_or(out_of_range)?;
        let mut range = Vec::with_capacity(length);
        while range.len() < length {
            let at = offset + range.len() as u64;
            let piece = self.rest_of_frame(at)?;
            let wanted = piece.len().min((end - at) as usize);
            range.extend_from_slice(&piece[..wanted]);
        }
        Ok(range)
    }
}

impl<S: Source> Read for SealedReader<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size_bytes() || buffer.is_empty() {
            return Ok(0);
        }
        let piece = self.rest_of_frame(self.position).map_err(io::Error::other)?;
        let length = piece.len().min(buffer.len());
        buffer[..length].copy_from_slice(&piece[..length]);
        self.position += length as u64;
        Ok(length)
    }
}
