//! The sealed pieces of an upload, one behind the other in a file: for each the length of its seal (four bytes, little
//! endian) and the seal itself, in the context of upload and number, so that none can be swapped, left out or taken from
//! another. What was cut short when the power went is found when the file is opened and cut off; it was acknowledged to
//! nobody. May not know what it carries.

use std::io::{self, Read};
use std::path::Path;

use crate::base::seal::{SEAL_OVERHEAD_BYTES, SealKey};
use crate::disk::{Disk, DiskError, DiskFile};
use crate::domain::ids::UploadId;

/// Bytes sealed together at the most.
pub(super) const PIECE_BYTES_MAX: usize = 256 * 1024;
const LENGTH_BYTES: u64 = 4;

/// The pieces of one upload, to be continued.
#[derive(Debug)]
pub(super) struct Pieces {
    file: DiskFile,
    seal: Seal,
    count: u64,
    /// Bytes of the file that are pieces.
    stored_bytes: u64,
    /// Bytes that came.
    pub(super) received_bytes: u64,
}

/// Key and context.
#[derive(Debug, Clone)]
struct Seal {
    key: SealKey,
    id: UploadId,
}

impl Seal {
    fn context(&self, number: u64) -> Vec<u8> {
        let mut context = b"schriftgut upload piece 1".to_vec();
        context.extend_from_slice(self.id.0.as_bytes());
        context.extend_from_slice(&number.to_le_bytes());
        context
    }

    /// The piece that begins here and its length in the file; none if there is no whole one.
    fn piece(&self, file: &DiskFile, number: u64, at: u64) -> Result<Option<(Vec<u8>, u64)>, DiskError> {
        let mut length = [0; LENGTH_BYTES as usize];
        if !file.fill_at(&mut length, at)? {
            return Ok(None);
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > PIECE_BYTES_MAX + SEAL_OVERHEAD_BYTES {
            return Ok(None);
        }
        let mut sealed = vec![0; length];
        if !file.fill_at(&mut sealed, at + LENGTH_BYTES)? {
            return Ok(None);
        }
        let plain = self.key.open(&self.context(number), &sealed).ok();
        Ok(plain.map(|plain| (plain, LENGTH_BYTES + length as u64)))
    }
}

impl Pieces {
    /// None yet.
    pub(super) fn begin(disk: &Disk, path: &Path, key: SealKey, id: UploadId) -> Result<Self, DiskError> {
        let file = disk.create(path)?;
        Ok(Self { file, seal: Seal { key, id }, count: 0, stored_bytes: 0, received_bytes: 0 })
    }

    /// Those that are there. What is no whole piece is cut off, with all behind it.
    pub(super) fn open(
        disk: &Disk,
        path: &Path,
        key: SealKey,
        id: UploadId,
    ) -> Result<Option<Self>, DiskError> {
        let Some(file) = disk.open_for_change(path)? else { return Ok(None) };
        let seal = Seal { key, id };
        let (mut count, mut stored_bytes, mut received_bytes) = (0, 0, 0);
        while let Some((plain, bytes)) = seal.piece(&file, count, stored_bytes)? {
            (count, stored_bytes) = (count + 1, stored_bytes + bytes);
            received_bytes += plain.len() as u64;
        }
        if file.len()? > stored_bytes {
            file.cut(stored_bytes)?;
        }
        Ok(Some(Self { file, seal, count, stored_bytes, received_bytes }))
    }

    /// Adds a piece. If it fails, none was added.
    pub(super) fn add(&mut self, plain: &[u8]) -> Result<(), DiskError> {
        let sealed = self.seal.key.seal(&self.seal.context(self.count), plain);
        let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        let piece = [&length.to_le_bytes()[..], &sealed].concat();
        if let Err(cause) = self.file.write_at(&piece, self.stored_bytes) {
            self.file.cut(self.stored_bytes)?;
            return Err(cause);
        }
        self.count += 1;
        self.stored_bytes += piece.len() as u64;
        self.received_bytes += plain.len() as u64;
        Ok(())
    }

    /// What was added is durable.
    pub(super) fn sync(&self) -> Result<(), DiskError> {
        self.file.sync()
    }
}

/// What the pieces hold, from its beginning.
pub(super) struct Contents {
    file: DiskFile,
    seal: Seal,
    count: u64,
    at: u64,
    left_bytes: u64,
    piece: io::Cursor<Vec<u8>>,
}

impl Contents {
    /// The first so many bytes.
    pub(super) fn of(disk: &Disk, path: &Path, key: SealKey, id: UploadId, bytes: u64) -> io::Result<Self> {
        let file = disk.open(path).map_err(io::Error::other)?.ok_or(io::ErrorKind::NotFound)?;
        let seal = Seal { key, id };
        Ok(Self { file, seal, count: 0, at: 0, left_bytes: bytes, piece: io::Cursor::default() })
    }
}

impl Read for Contents {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.left_bytes == 0 {
                return Ok(read);
            }
            let piece = self.seal.piece(&self.file, self.count, self.at).map_err(io::Error::other)?;
            // There were so many when it was counted: a piece that is missing now is damage, and no end.
            let (plain, bytes) = piece.ok_or(io::ErrorKind::InvalidData)?;
            self.left_bytes =
                self.left_bytes.checked_sub(plain.len() as u64).ok_or(io::ErrorKind::InvalidData)?;
            (self.count, self.at) = (self.count + 1, self.at + bytes);
            self.piece = io::Cursor::new(plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ONE: UploadId = UploadId(Uuid::from_u128(1));
    const OTHER: UploadId = UploadId(Uuid::from_u128(2));

    fn contents(path: &Path, key: &SealKey, bytes: u64) -> io::Result<Vec<u8>> {
        let mut read = Vec::new();
        Contents::of(&Disk::real(), path, key.clone(), ONE, bytes)?.read_to_end(&mut read)?;
        Ok(read)
    }

    #[test]
    fn what_was_cut_short_anywhere_goes_on_behind_the_last_whole_piece() {
        let folder = tempfile::tempdir().unwrap();
        let (path, disk, key) = (folder.path().join("a"), Disk::real(), SealKey::random());
        let mut pieces = Pieces::begin(&disk, &path, key.clone(), ONE).unwrap();
        let mut ends = vec![0];
        for plain in [&b"erstes"[..], b"", b"zweites Stueck"] {
            pieces.add(plain).unwrap();
            ends.push(pieces.stored_bytes);
        }
        assert_eq!(
            (pieces.received_bytes, contents(&path, &key, 20).unwrap()),
            (20, b"ersteszweites Stueck".to_vec())
        );
        let whole = std::fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&whole).contains("erstes"), "nothing lies there in the clear");
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut pieces = Pieces::open(&disk, &path, key.clone(), ONE).unwrap().unwrap();
            let end = ends.iter().rev().find(|end| **end <= cut as u64).unwrap();
            assert_eq!((pieces.stored_bytes, std::fs::metadata(&path).unwrap().len()), (*end, *end), "{cut}");
            pieces.add(b"!").unwrap();
            let bytes = pieces.received_bytes;
            assert_eq!(contents(&path, &key, bytes).unwrap().len() as u64, bytes);
        }
    }

    #[test]
    fn pieces_that_were_swapped_changed_or_left_out_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let (path, disk, key) = (folder.path().join("a"), Disk::real(), SealKey::random());
        let mut pieces = Pieces::begin(&disk, &path, key.clone(), ONE).unwrap();
        ["aaaa", "bbbb"].iter().for_each(|plain| pieces.add(plain.as_bytes()).unwrap());
        let whole = std::fs::read(&path).unwrap();
        let (first, second) = whole.split_at(whole.len() / 2);
        let received = |bytes: &[u8], key: &SealKey, id| {
            std::fs::write(&path, bytes).unwrap();
            Pieces::open(&disk, &path, key.clone(), id).unwrap().unwrap().received_bytes
        };
        assert_eq!(received(&whole, &key, ONE), 8);
        assert_eq!(received(&[second, first].concat(), &key, ONE), 0);
        assert_eq!(received(second, &key, ONE), 0);
        assert_eq!(received(&[first, first].concat(), &key, ONE), 4);
        assert_eq!(received(&whole, &key, OTHER), 0);
        assert_eq!(received(&whole, &SealKey::random(), ONE), 0);
        let mut changed = whole.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(received(&changed, &key, ONE), 4);
        assert_eq!(
            contents(&path, &key, 8).unwrap_err().kind(),
            io::ErrorKind::InvalidData,
            "damage is no end"
        );
    }
}
