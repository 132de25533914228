//! The sealed body of an object: frames, a sealed table of them, and its length
//! (`schema/formats/object.md`). Written in one pass, read in any order.
//!
//! Each frame is sealed by itself (ChaCha20-Poly1305 under the object's own random key, the nonce
//! counts), so a range costs only its frames. The table carries lengths and is bound to the address;
//! it is opened first, so a cut, swapped or lengthened body is seen before a byte is served.
//! May not touch the disk.

use std::cell::RefCell;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};

use crate::base::seal::SealKey;
use crate::domain::ids::ObjectId;

/// Bytes of content in a frame; the last may have fewer.
pub(super) const FRAME_BYTES: usize = 128 * 1024;
/// Bytes a seal adds to a frame or the table.
pub(super) const TAG_BYTES: usize = 16;
/// The clear end of a body: the length of the sealed table, little-endian.
pub(super) const FOOTER_BYTES: usize = 4;
/// Content size and number of frames, before one word per frame.
const TABLE_HEAD_BYTES: usize = 16;
const FRAME_CONTEXT: &[u8] = b"schriftgut object v1 frame";
const TABLE_CONTEXT: &[u8] = b"schriftgut object v1 table";
/// Set in a frame's word of the table if the frame is compressed.
const COMPRESSED: u32 = 1 << 31;
const ZSTD_LEVEL: i32 = 3;
/// A compressed frame is kept if it saves at least one part in this many (5 %).
const SAVING_PARTS: usize = 20;
/// After a frame that did not pay, so many are stored as they are before the next probe.
const FRAMES_BETWEEN_PROBES: u32 = 15;

/// Which of the seals of an object; part of the nonce, so none can stand for another.
#[derive(Clone, Copy)]
enum Seal {
    Frame = 0,
    LastFrame = 1,
    Table = 2,
}

fn nonce(number: u64, seal: Seal) -> Nonce {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes[8] = seal as u8;
    Nonce::from(bytes)
}

fn table_context(id: &ObjectId) -> Vec<u8> {
    [TABLE_CONTEXT, &id.0].concat()
}

/// Compresses frames where a probe says it pays. Kept between objects, because its tables are large.
pub(super) struct Packer {
    zstd: zstd::bulk::Compressor<'static>,
    packed: Vec<u8>,
    frames_to_skip: u32,
}

impl Packer {
    pub(super) fn new() -> std::io::Result<Self> {
        let zstd = zstd::bulk::Compressor::new(ZSTD_LEVEL)?;
        Ok(Self { zstd, packed: Vec::with_capacity(FRAME_BYTES), frames_to_skip: 0 })
    }

    /// The frame in fewer bytes, if it has enough of them to spare.
    fn pack(&mut self, plain: &[u8]) -> Option<&[u8]> {
        if self.frames_to_skip > 0 {
            self.frames_to_skip -= 1;
            return None;
        }
        let at_most = plain.len() - plain.len().div_ceil(SAVING_PARTS);
        self.packed.clear();
        // Any failure means the same: it does not fit, so it does not pay.
        let packed = self.zstd.compress_to_buffer(plain, &mut self.packed);
        if packed.is_ok_and(|length| length <= at_most) {
            return Some(&self.packed);
        }
        self.frames_to_skip = FRAMES_BETWEEN_PROBES;
        None
    }
}

/// Seals the frames of one object, in order.
pub(super) struct Sealer {
    cipher: ChaCha20Poly1305,
    words: Vec<u32>,
    size_bytes: u64,
}

impl Sealer {
    pub(super) fn new(key: &SealKey, packer: &mut Packer) -> Self {
        packer.frames_to_skip = 0;
        Self { cipher: ChaCha20Poly1305::new(key.expose().into()), words: Vec::new(), size_bytes: 0 }
    }

    /// Appends the next frame to `out`. Every frame but the last has [`FRAME_BYTES`], none is empty.
    pub(super) fn frame(&mut self, plain: &[u8], last: bool, packer: &mut Packer, out: &mut Vec<u8>) {
        let (stored, flag) = packer.pack(plain).map_or((plain, 0), |packed| (packed, COMPRESSED));
        let seal = if last { Seal::LastFrame } else { Seal::Frame };
        self.seal(nonce(self.words.len() as u64, seal), FRAME_CONTEXT, stored, out);
        // A frame has at most 128 KiB, far below 2³¹.
        self.words.push(stored.len() as u32 | flag);
        self.size_bytes += plain.len() as u64;
    }

    /// Appends table and footer.
    pub(super) fn finish(&self, id: &ObjectId, out: &mut Vec<u8>) {
        let mut table = Vec::with_capacity(TABLE_HEAD_BYTES + 4 * self.words.len());
        table.extend_from_slice(&self.size_bytes.to_le_bytes());
        table.extend_from_slice(&(self.words.len() as u64).to_le_bytes());
        self.words.iter().for_each(|word| table.extend_from_slice(&word.to_le_bytes()));
        self.seal(nonce(0, Seal::Table), &table_context(id), &table, out);
        // Reached only by an object of 128 TiB: the stager's limit is far below.
        let sealed = u32::try_from(table.len() + TAG_BYTES).expect("a table is shorter than 4 GiB");
        out.extend_from_slice(&sealed.to_le_bytes());
    }

    fn seal(&self, nonce: Nonce, context: &[u8], plain: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(plain);
        let sealed = self.cipher.encrypt_inout_detached(&nonce, context, (&mut out[start..]).into());
        let tag = sealed.expect("a frame or table is far below the cipher's limit of 256 GiB");
        out.extend_from_slice(&tag);
    }
}

/// Where a frame lies and how it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Where it begins in the body.
    pub(super) start: u64,
    /// Its sealed bytes, with the tag.
    pub(super) sealed_bytes: usize,
    /// Its content.
    pub(super) plain_bytes: usize,
    compressed: bool,
}

/// The opened table of an object; opens its frames.
pub(super) struct Opener {
    cipher: ChaCha20Poly1305,
    pub(super) frames: Vec<Frame>,
    pub(super) size_bytes: u64,
}

thread_local! {
    /// Making one costs more than opening a small frame; an answer opens dozens.
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The content of a compressed frame, if it has exactly so many bytes.
fn unpack(stored: &[u8], plain_bytes: usize) -> Option<Vec<u8>> {
    UNPACKER.with_borrow_mut(|kept| {
        let zstd = match kept {
            Some(zstd) => zstd,
            None => kept.insert(zstd::bulk::Decompressor::new().ok()?),
        };
        let mut plain = vec![0; plain_bytes];
        let length = zstd.decompress_to_buffer(stored, &mut plain[..]).ok()?;
        (length == plain_bytes).then_some(plain)
    })
}

impl Opener {
    /// Opens the table. `body_bytes` is the length of the whole body, which the table must explain
    /// to the last byte; `None` if anything does not fit.
    pub(super) fn new(key: &SealKey, id: &ObjectId, sealed_table: Vec<u8>, body_bytes: u64) -> Option<Self> {
        let cipher = ChaCha20Poly1305::new(key.expose().into());
        let table_bytes = sealed_table.len() as u64;
        let table = open(&cipher, &nonce(0, Seal::Table), &table_context(id), sealed_table)?;
        let (size_bytes, frames, frames_end) = read_table(&table)?;
        (frames_end.checked_add(table_bytes + FOOTER_BYTES as u64)? == body_bytes).then_some(Self {
            cipher,
            frames,
            size_bytes,
        })
    }

    /// The content of one frame; `None` if a byte of it was changed. Never allocates more than the
    /// table says the frame holds.
    pub(super) fn open_frame(&self, number: usize, sealed: Vec<u8>) -> Option<Vec<u8>> {
        let frame = *self.frames.get(number)?;
        let seal = if number + 1 == self.frames.len() { Seal::LastFrame } else { Seal::Frame };
        let stored = open(&self.cipher, &nonce(number as u64, seal), FRAME_CONTEXT, sealed)?;
        if !frame.compressed {
            return (stored.len() == frame.plain_bytes).then_some(stored);
        }
        unpack(&stored, frame.plain_bytes)
    }
}

fn open(cipher: &ChaCha20Poly1305, nonce: &Nonce, context: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
    let (stored, tag) = sealed.split_last_chunk_mut::<TAG_BYTES>()?;
    let tag = Tag::from(*tag);
    cipher.decrypt_inout_detached(nonce, context, stored.into(), &tag).ok()?;
    sealed.truncate(sealed.len() - TAG_BYTES);
    Some(sealed)
}

/// Content size, frames, and where the last frame ends.
fn read_table(table: &[u8]) -> Option<(u64, Vec<Frame>, u64)> {
    let (size, rest) = table.split_first_chunk::<8>()?;
    let (count, words) = rest.split_first_chunk::<8>()?;
    let size_bytes = u64::from_le_bytes(*size);
    let count = usize::try_from(u64::from_le_bytes(*count)).ok()?;
    let fits =
        words.len() == count.checked_mul(4)? && size_bytes.div_ceil(FRAME_BYTES as u64) == count as u64;
    if !fits {
        return None;
    }
    let (mut frames, mut start, mut left) = (Vec::with_capacity(count), 0, size_bytes);
    for word in words.chunks_exact(4) {
        let word = u32::from_le_bytes(word.try_into().ok()?);
        let sealed_bytes = (word & !COMPRESSED) as usize + TAG_BYTES;
        // At most FRAME_BYTES, so it fits any usize.
        let plain_bytes = left.min(FRAME_BYTES as u64) as usize;
        if sealed_bytes > plain_bytes + TAG_BYTES {
            return None;
        }
        frames.push(Frame { start, sealed_bytes, plain_bytes, compressed: word & COMPRESSED != 0 });
        start += sealed_bytes as u64;
        left -= plain_bytes as u64;
    }
    Some((size_bytes, frames, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_or_table_with_any_changed_bit_does_not_open() {
        let (key, id) = (SealKey::random(), ObjectId([3; 32]));
        let mut packer = Packer::new().unwrap();
        let mut sealer = Sealer::new(&key, &mut packer);
        let mut body = Vec::new();
        sealer.frame(b"Antrag", true, &mut packer, &mut body);
        let frame = body.clone();
        sealer.finish(&id, &mut body);
        let table = &body[frame.len()..body.len() - FOOTER_BYTES];
        let opener = |table: &[u8]| Opener::new(&key, &id, table.to_vec(), body.len() as u64);
        let sound = opener(table).unwrap();
        assert_eq!(sound.open_frame(0, frame.clone()).unwrap(), b"Antrag");
        let changed = |bytes: &[u8], bit: usize| {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            changed
        };
        for bit in 0..frame.len() * 8 {
            assert_eq!(sound.open_frame(0, changed(&frame, bit)), None, "frame, bit {bit}");
        }
        for bit in 0..table.len() * 8 {
            assert!(opener(&changed(table, bit)).is_none(), "table, bit {bit}");
        }
    }
}
