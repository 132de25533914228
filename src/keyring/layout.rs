//! The bytes of the keyring's three kinds of files (`schema/formats/keyring.md`), written and read here only.
//!
//! Every header is known in full from the file's name, and each seal authenticates it, so a changed
//! header, a renamed file and a frame in another's place are all found. No I/O in this module.

use std::collections::BTreeMap;
use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::{KeyringError, KeyringFlaw};
use crate::base::seal::{SEAL_OVERHEAD_BYTES, SealKey};
use crate::domain::ids::KeyId;

/// The format version this program writes, and the newest it reads.
pub const KEYRING_VERSION: u32 = 1;
/// Keys a page holds at most.
pub const KEYS_PER_PAGE: usize = 4096;
/// Pages a keyring holds at most: 4.3 thousand million keys.
pub const PAGES_MAX: u32 = 1 << 20;

const EPOCH_MAGIC: &[u8; 8] = b"SGKREPOC";
const ROOT_MAGIC: &[u8; 8] = b"SGKRROOT";
const PAGE_MAGIC: &[u8; 8] = b"SGKRPAGE";
/// Magic, version, number, epoch or generation, check.
const HEADER_BYTES: usize = 32;
/// A page starts with a whole frame's room, so that frames never cross a sector of 512 bytes.
pub(super) const PAGE_HEADER_BYTES: usize = FRAME_BYTES;
/// One sealed (KeyId, key).
pub(super) const FRAME_BYTES: usize = 128;
const FRAME_PLAIN_BYTES: usize = FRAME_BYTES - SEAL_OVERHEAD_BYTES;
const ROOT_LINE_BYTES: usize = 48;

/// Says whose keyring this is without giving the master secret away.
pub(super) type MasterCheck = [u8; 8];

/// The name of a page's file: page number and generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PageName {
    pub no: u32,
    pub generation: u64,
}

impl PageName {
    pub(super) fn file(self) -> String {
        format!("page-{}-{}", self.no, self.generation)
    }
}

/// What the root knows about a page.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RootLine {
    pub generation: u64,
    /// Frames the page had when the root was written: the newest may have more, the others have as many.
    pub frames: u32,
    pub key: SealKey,
}

/// All pages by number.
pub(super) type Root = BTreeMap<u32, RootLine>;

pub(super) fn epoch_file(epoch: u64) -> String {
    format!("epoch-{epoch}.key")
}

pub(super) fn root_file(epoch: u64) -> String {
    format!("root-{epoch}")
}

/// What a file in the keyring's folder is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Epoch(u64),
    Root(u64),
    Page(PageName),
    Temp,
    Foreign,
}

/// Reads a file's name. Only the one spelling we write is ours.
pub(super) fn kind_of(name: &str) -> FileKind {
    if let Some(stem) = name.strip_suffix(crate::disk::TEMPORARY) {
        return if kind_of(stem) == FileKind::Foreign { FileKind::Foreign } else { FileKind::Temp };
    }
    let epoch = name.strip_prefix("epoch-").and_then(|rest| rest.strip_suffix(".key"));
    if let Some(epoch) = epoch.and_then(|n| n.parse().ok()).filter(|n| epoch_file(*n) == name) {
        return FileKind::Epoch(epoch);
    }
    let root = name.strip_prefix("root-").and_then(|n| n.parse().ok());
    if let Some(epoch) = root.filter(|n| root_file(*n) == name) {
        return FileKind::Root(epoch);
    }
    let page =
        name.strip_prefix("page-").and_then(|rest| rest.split_once('-')).and_then(|(no, generation)| {
            Some(PageName { no: no.parse().ok()?, generation: generation.parse().ok()? })
        });
    page.filter(|page| page.file() == name).map_or(FileKind::Foreign, FileKind::Page)
}

fn header(magic: &[u8; 8], no: u32, turn: u64, check: MasterCheck) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..8].copy_from_slice(magic);
    bytes[8..12].copy_from_slice(&KEYRING_VERSION.to_le_bytes());
    bytes[12..16].copy_from_slice(&no.to_le_bytes());
    bytes[16..24].copy_from_slice(&turn.to_le_bytes());
    bytes[24..].copy_from_slice(&check);
    bytes
}

/// Checks magic and version, which every version of every file begins with.
fn check_start(path: &Path, bytes: &[u8], magic: &[u8; 8]) -> Result<(), KeyringError> {
    let start = bytes.first_chunk::<12>().ok_or_else(|| KeyringError::damaged(path, "too short"))?;
    let (found_magic, version) = start.split_at(8);
    let found = version.try_into().map(u32::from_le_bytes).unwrap_or_default();
    if found_magic != magic {
        return Err(KeyringError::damaged(path, "does not begin as it must"));
    }
    match found {
        KEYRING_VERSION => Ok(()),
        0 => Err(KeyringError::damaged(path, "has format version 0, which never was")),
        _ => Err(KeyringError::Newer { path: path.to_owned(), found, known: KEYRING_VERSION }),
    }
}

/// The file of an epoch key.
pub(super) fn seal_epoch(wrap: &SealKey, check: MasterCheck, epoch: u64, key: &SealKey) -> Vec<u8> {
    let header = header(EPOCH_MAGIC, 0, epoch, check);
    [&header[..], &wrap.seal(&header, key.expose())].concat()
}

/// Opens the file of an epoch key.
pub(super) fn open_epoch(
    path: &Path,
    bytes: &[u8],
    wrap: &SealKey,
    check: MasterCheck,
    epoch: u64,
) -> Result<SealKey, KeyringError> {
    check_start(path, bytes, EPOCH_MAGIC)?;
    let (found, sealed) =
        bytes.split_at_checked(HEADER_BYTES).ok_or_else(|| KeyringError::damaged(path, "too short"))?;
    if found[24..] != check {
        let dir = path.parent().unwrap_or(path).to_owned();
        return Err(KeyringError::WrongMaster { dir });
    }
    let plain = open_seal(path, wrap, &header(EPOCH_MAGIC, 0, epoch, check), found, sealed)?;
    key_from(&plain).ok_or_else(|| KeyringError::damaged(path, "does not hold one key"))
}

/// The file of a root.
pub(super) fn seal_root(epoch_key: &SealKey, epoch: u64, root: &Root) -> Vec<u8> {
    let header = header(ROOT_MAGIC, 0, epoch, [0; 8]);
    let mut plain = Zeroizing::new(Vec::with_capacity(root.len() * ROOT_LINE_BYTES));
    for (no, line) in root {
        plain.extend_from_slice(&no.to_le_bytes());
        plain.extend_from_slice(&line.frames.to_le_bytes());
        plain.extend_from_slice(&line.generation.to_le_bytes());
        plain.extend_from_slice(line.key.expose());
    }
    [&header[..], &epoch_key.seal(&header, &plain)].concat()
}

/// Opens the file of a root.
pub(super) fn open_root(
    path: &Path,
    bytes: &[u8],
    epoch_key: &SealKey,
    epoch: u64,
) -> Result<Root, KeyringError> {
    check_start(path, bytes, ROOT_MAGIC)?;
    let (found, sealed) =
        bytes.split_at_checked(HEADER_BYTES).ok_or_else(|| KeyringError::damaged(path, "too short"))?;
    let plain = open_seal(path, epoch_key, &header(ROOT_MAGIC, 0, epoch, [0; 8]), found, sealed)?;
    let mut root = Root::new();
    for line in plain.chunks(ROOT_LINE_BYTES) {
        let read = root_line(line).filter(|(no, line)| {
            *no < PAGES_MAX && line.frames as usize <= KEYS_PER_PAGE && !root.contains_key(no)
        });
        let (no, line) = read.ok_or_else(|| KeyringError::damaged(path, "lists an impossible page"))?;
        root.insert(no, line);
    }
    Ok(root)
}

fn root_line(line: &[u8]) -> Option<(u32, RootLine)> {
    let no = u32::from_le_bytes(line.get(..4)?.try_into().ok()?);
    let frames = u32::from_le_bytes(line.get(4..8)?.try_into().ok()?);
    let generation = u64::from_le_bytes(line.get(8..16)?.try_into().ok()?);
    Some((no, RootLine { generation, frames, key: key_from(line.get(16..)?)? }))
}

fn open_seal(
    path: &Path,
    key: &SealKey,
    header: &[u8],
    found: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
    if found != header {
        return Err(KeyringError::damaged(path, "its header does not fit its name"));
    }
    let plain =
        key.open(header, sealed).map_err(|_| KeyringError::damaged(path, "its seal does not open"))?;
    Ok(Zeroizing::new(plain))
}

fn key_from(bytes: &[u8]) -> Option<SealKey> {
    let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(bytes.try_into().ok()?);
    Some(SealKey::from_bytes(*bytes))
}

/// The first bytes of a page, one frame long.
pub(super) fn page_header(page: PageName) -> [u8; PAGE_HEADER_BYTES] {
    let mut bytes = [0; PAGE_HEADER_BYTES];
    bytes[..HEADER_BYTES].copy_from_slice(&header(PAGE_MAGIC, page.no, page.generation, [0; 8]));
    bytes
}

/// Where a frame lies in its page's file.
pub(super) fn frame_offset(slot: usize) -> u64 {
    (PAGE_HEADER_BYTES + slot * FRAME_BYTES) as u64
}

fn frame_context(page: PageName, slot: usize) -> Vec<u8> {
    [&header(PAGE_MAGIC, page.no, page.generation, [0; 8])[..], &(slot as u32).to_le_bytes()].concat()
}

/// One frame. `batch` is the slot of the first frame that became durable by the same fsync.
pub(super) fn seal_frame(
    page: PageName,
    page_key: &SealKey,
    slot: usize,
    batch: usize,
    id: &KeyId,
    key: &SealKey,
) -> Vec<u8> {
    let mut plain = Zeroizing::new([0; FRAME_PLAIN_BYTES]);
    plain[..16].copy_from_slice(id.0.as_bytes());
    plain[16..48].copy_from_slice(key.expose());
    plain[48..52].copy_from_slice(&(batch as u32).to_le_bytes());
    page_key.seal(&frame_context(page, slot), &plain[..])
}

/// A key and its name.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub id: KeyId,
    pub key: SealKey,
}

/// A page as it was found.
pub(super) struct PageRead {
    /// The keys that could be read, in order, each with its slot.
    pub entries: Vec<(usize, Entry)>,
    /// Slots before the torn tail. If the file is longer than that, the rest is to be cut.
    pub slots: usize,
    /// What does not decode.
    pub flaws: Vec<KeyringFlaw>,
}

/// Reads a page. Only the newest may have a torn tail: a partial frame, or frames that were never
/// written (zeros) with nothing behind them but frames of the same batch.
///
/// # Errors
/// [`KeyringError::Newer`]; everything else is a flaw in the answer.
pub(super) fn read_page(
    path: &Path,
    bytes: &[u8],
    page: PageName,
    page_key: &SealKey,
    newest: bool,
) -> Result<PageRead, KeyringError> {
    let mut read = PageRead { entries: Vec::new(), slots: 0, flaws: Vec::new() };
    let mut flaw = |what: String| read.flaws.push(KeyringFlaw { path: path.to_owned(), what });
    match check_start(path, bytes, PAGE_MAGIC) {
        Err(KeyringError::Damaged(found)) => flaw(found.what),
        other => other?,
    }
    if bytes.get(..PAGE_HEADER_BYTES) != Some(&page_header(page)[..]) {
        flaw("its header does not fit its name".into());
    }
    let mut torn_at = None;
    for (slot, frame) in bytes.get(PAGE_HEADER_BYTES..).unwrap_or_default().chunks(FRAME_BYTES).enumerate() {
        let never_written = frame.len() < FRAME_BYTES || frame.iter().all(|byte| *byte == 0);
        if never_written && newest {
            torn_at.get_or_insert(slot);
            continue;
        }
        match open_frame(page, page_key, slot, frame) {
            None => flaw(format!("frame {slot} does not open")),
            Some((_, batch)) if torn_at.is_some_and(|torn| batch > torn) => {
                flaw(format!("frames before {slot} were lost after they were durable"));
            }
            Some(_) if torn_at.is_some() => {}
            Some((entry, _)) => read.entries.push((slot, entry)),
        }
        read.slots = slot + 1;
    }
    read.slots = torn_at.unwrap_or(read.slots);
    if read.slots > KEYS_PER_PAGE {
        flaw("longer than a page can be".into());
    }
    Ok(read)
}

fn open_frame(page: PageName, page_key: &SealKey, slot: usize, frame: &[u8]) -> Option<(Entry, usize)> {
    let plain = Zeroizing::new(page_key.open(&frame_context(page, slot), frame).ok()?);
    let id = KeyId(Uuid::from_slice(plain.get(..16)?).ok()?);
    let key = key_from(plain.get(16..48)?)?;
    let batch = u32::from_le_bytes(plain.get(48..52)?.try_into().ok()?) as usize;
    Some((Entry { id, key }, batch))
}
