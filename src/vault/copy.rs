//! Copies: a sealed body goes from one vault to another as it is. No key is needed, nothing is opened; what
//! arrives is compared with the digest the first vault's manifest has for it.

use std::io::{self, Read};
use std::sync::Arc;

use crate::base::digest::{Blake3, Sha256};
use crate::base::seal::SealKey;

use super::reader::Source;
use super::record::{HEAD_BYTES, Head};
use super::stage::{Body, Nursery, SMALL_BYTES_MAX};
use super::{READ_BYTES, Staged, Stored, VaultError};

/// The sealed body of an object of another vault, ready to be deposited. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct SealedCopy(Staged);

impl SealedCopy {
    /// Bytes of the sealed body.
    #[must_use]
    pub fn sealed_bytes(&self) -> u64 {
        self.0.sealed_bytes
    }

    pub(super) fn into_staged(self) -> Staged {
        self.0
    }
}

/// A sealed body, read from front to back.
pub(super) struct SealedBody<S> {
    source: S,
    at: u64,
    end: u64,
}

impl<S: Source> SealedBody<S> {
    /// The body of the record in `source`, of `length` bytes.
    pub(super) fn new(source: S, length: u64) -> Self {
        let at = HEAD_BYTES as u64;
        Self { source, at, end: at.saturating_add(length) }
    }
}

impl<S: Source> Read for SealedBody<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (self.end - self.at).min(buffer.len() as u64) as usize;
        if wanted > 0 && !self.source.read_at(&mut buffer[..wanted], self.at).map_err(io::Error::other)? {
            return Ok(0); // it ends before: whoever compares will notice
        }
        self.at += wanted as u64;
        Ok(wanted)
    }
}

/// Stages a sealed body: a small one in memory, a large one in the nursery, if there is one.
pub(super) fn stage(
    nursery: Option<&Arc<Nursery>>,
    stored: &Stored,
    source: &mut dyn Read,
) -> Result<SealedCopy, VaultError> {
    let head = Head::object(stored.id, stored.sealed_digest, stored.sealed_bytes).encode();
    let body = match nursery.filter(|_| stored.sealed_bytes > SMALL_BYTES_MAX) {
        Some(nursery) => {
            let seedling = nursery.grow()?;
            let mut at = HEAD_BYTES as u64;
            compare(stored, source, &mut |piece| {
                seedling.file.write_at(piece, at)?;
                at += piece.len() as u64;
                Ok(())
            })?;
            seedling.file.write_at(&head, 0)?;
            seedling.file.sync()?;
            Body::File(seedling)
        }
        None => {
            let mut record = head.to_vec();
            compare(stored, source, &mut |piece| {
                record.extend_from_slice(piece);
                Ok(())
            })?;
            Body::Memory(record)
        }
    };
    // Key and content are unknown to a copy; what stands for them here nobody can read.
    Ok(SealedCopy(Staged {
        id: stored.id,
        sha256: Sha256([0; 32]),
        size_bytes: 0,
        object_key: SealKey::from_bytes([0; 32]),
        sealed_digest: stored.sealed_digest,
        sealed_bytes: stored.sealed_bytes,
        body,
    }))
}

/// Reads a sealed body and hands it on piece by piece.
fn compare(
    stored: &Stored,
    source: &mut dyn Read,
    each: &mut dyn FnMut(&[u8]) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let (mut hasher, mut length) = (blake3::Hasher::new(), 0);
    // One byte more than expected is read, so that a body that goes on is noticed.
    let mut source = source.take(stored.sealed_bytes.saturating_add(1));
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let read = source.read(&mut buffer).map_err(|error| VaultError::Source(Arc::new(error)))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        length += read as u64;
        each(&buffer[..read])?;
    }
    if length != stored.sealed_bytes || Blake3(*hasher.finalize().as_bytes()) != stored.sealed_digest {
        return Err(VaultError::Changed { id: stored.id, what: "its sealed bytes" });
    }
    Ok(())
}

/// BLAKE3 of everything a source yields: what a copy is compared with after it was written.
///
/// # Errors
/// If the source cannot be read.
pub fn sealed_digest(source: &mut dyn Read) -> io::Result<Blake3> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match source.read(&mut buffer)? {
            0 => return Ok(Blake3(*hasher.finalize().as_bytes())),
            read => hasher.update(&buffer[..read]),
        };
    }
}
