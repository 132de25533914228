//! Volumes: append-only files that small objects share, so that one sync serves thousands
//! (`schema/formats/volume.md`). A destroyed record is punched out; its head and length stay, so that
//! the rest can still be walked.
//!
//! Knows records, not the manifest. Volumes that are mostly dead are not compacted: their holes have
//! already gone back to the file system, what remains is 96 bytes a record.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::disk::{Disk, DiskFile};

use super::VaultError;
use super::manifest::Location;
use super::record::{HEAD_BYTES, Head, MAGIC};

/// A volume that has reached this is left alone and the next one begun.
pub(super) const VOLUME_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Appended bytes gathered before they are written.
const BUFFER_BYTES: usize = 1024 * 1024;
/// A record of more than so many bytes is not gathered: copying it costs more than a write of its own.
const GATHERED_BYTES_MAX: usize = 16 * 1024;
/// Volumes kept open for reading; beyond it all are closed and opened again as needed.
const OPEN_VOLUMES_MAX: usize = 64;
/// Bytes searched at once for the next head behind a damaged one.
const SEARCH_BYTES: usize = 64 * 1024;
const SUFFIX: &str = ".vol";

/// The folder of volumes, and those open for reading.
pub(super) struct Volumes {
    pub(super) disk: Disk,
    pub(super) folder: PathBuf,
    open: Mutex<HashMap<u32, Arc<DiskFile>>>,
}

impl Volumes {
    pub(super) fn new(disk: Disk, folder: PathBuf) -> Self {
        Self { disk, folder, open: Mutex::default() }
    }

    pub(super) fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number:08x}{SUFFIX}"))
    }

    /// The numbers of all volumes, and the names of files that are none.
    pub(super) fn list(&self) -> Result<(Vec<u32>, Vec<String>), VaultError> {
        let (mut numbers, mut others) = (Vec::new(), Vec::new());
        for name in self.disk.names(&self.folder)? {
            let digits = name.strip_suffix(SUFFIX).filter(|digits| digits.len() == 8);
            match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
                // The number must give the name again: no signs, no upper case.
                Some(number) if format!("{number:08x}{SUFFIX}") == name => numbers.push(number),
                _ => others.push(name),
            }
        }
        Ok((numbers, others))
    }

    /// A volume for reading; `None` if the file is gone.
    pub(super) fn reading(&self, number: u32) -> Result<Option<Arc<DiskFile>>, VaultError> {
        let mut open = self.open.lock().map_err(|_| VaultError::Poisoned)?;
        if let Some(file) = open.get(&number) {
            return Ok(Some(Arc::clone(file)));
        }
        let Some(file) = self.disk.open(&self.path(number))? else { return Ok(None) };
        if open.len() >= OPEN_VOLUMES_MAX {
            open.clear();
        }
        let file = Arc::new(file);
        open.insert(number, Arc::clone(&file));
        Ok(Some(file))
    }
}

impl Volumes {
    /// Closes a volume that is made anew: whoever reads opens the new file.
    pub(super) fn forget(&self, number: u32) -> Result<(), VaultError> {
        self.open.lock().map_err(|_| VaultError::Poisoned)?.remove(&number);
        Ok(())
    }
}

/// A point to which a failed batch is taken back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    number: u32,
    end: u64,
}

/// The one writer: appends to the last volume.
pub(super) struct Appender {
    volumes: Arc<Volumes>,
    number: u32,
    /// Opened with the first record.
    file: Option<DiskFile>,
    /// Bytes in the file and the buffer together.
    end: u64,
    buffer: Vec<u8>,
    bytes_max: u64,
}

impl Appender {
    /// Continues volume `number`, which has `end` bytes (or does not exist, and has none).
    pub(super) fn new(volumes: Arc<Volumes>, number: u32, end: u64) -> Self {
        Self { volumes, number, file: None, end, buffer: Vec::new(), bytes_max: VOLUME_BYTES_MAX }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { number: self.number, end: self.end }
    }

    /// How far this volume counts: what lies behind was never committed.
    pub(super) fn committed_end(&self, number: u32) -> Option<u64> {
        (number == self.number).then_some(self.end)
    }

    /// Adds a record; it is durable after [`Self::sync`].
    pub(super) fn append(&mut self, record: &[u8]) -> Result<Location, VaultError> {
        if self.end > 0 && self.end + record.len() as u64 > self.bytes_max {
            self.begin_next()?;
        }
        let location = Location { volume: self.number, offset: self.end };
        let own_write = record.len() > GATHERED_BYTES_MAX;
        if own_write || self.buffer.len() + record.len() > BUFFER_BYTES {
            self.flush()?;
        }
        if own_write {
            let start = self.end;
            self.file()?.write_at(record, start)?;
        } else {
            self.buffer.extend_from_slice(record);
        }
        self.end += record.len() as u64;
        Ok(location)
    }

    /// Everything appended is durable on return.
    pub(super) fn sync(&mut self) -> Result<(), VaultError> {
        self.flush()?;
        Ok(self.file.as_ref().map_or(Ok(()), DiskFile::sync)?)
    }

    /// Takes back everything after the mark.
    pub(super) fn undo(&mut self, mark: Mark) -> Result<(), VaultError> {
        self.buffer.clear();
        for number in mark.number + 1..=self.number {
            self.volumes.disk.remove(&self.volumes.path(number))?;
        }
        self.file = self.volumes.disk.open_for_change(&self.volumes.path(mark.number))?;
        (self.number, self.end) = (mark.number, mark.end);
        self.file.as_ref().map_or(Ok(()), |file| file.cut(mark.end))?;
        Ok(self.volumes.disk.sync_folder(&self.volumes.folder)?)
    }

    fn begin_next(&mut self) -> Result<(), VaultError> {
        self.sync()?;
        (self.file, self.number, self.end) = (None, self.number + 1, 0);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), VaultError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let start = self.end - self.buffer.len() as u64;
        let buffer = std::mem::take(&mut self.buffer);
        let written = self.file()?.write_at(&buffer, start);
        self.buffer = buffer;
        self.buffer.clear();
        Ok(written?)
    }

    fn file(&mut self) -> Result<&DiskFile, VaultError> {
        if self.file.is_none() {
            let path = self.volumes.path(self.number);
            let found = self.volumes.disk.open_for_change(&path)?;
            if found.is_none() {
                self.file = Some(self.volumes.disk.create(&path)?);
                self.volumes.disk.sync_folder(&self.volumes.folder)?;
            } else {
                self.file = found;
            }
        }
        self.file.as_ref().ok_or(VaultError::Poisoned)
    }

    #[cfg(test)]
    pub(super) fn with_volumes_of(&mut self, bytes_max: u64) {
        self.bytes_max = bytes_max;
    }

    #[cfg(test)]
    pub(super) fn swap_file(&mut self, file: DiskFile) {
        self.file = Some(file);
    }
}

/// What a walk through a volume meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A record with a sound head, whole inside the range.
    Record(Head),
    /// Bytes that are no record.
    Gap,
}

/// Walks the records in a range of a volume and tells `each` where they begin and how long they are.
/// Behind a damaged head the next sound one is searched.
pub(super) fn walk(
    file: &DiskFile,
    range: std::ops::Range<u64>,
    each: &mut dyn FnMut(u64, u64, Step) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    let mut at = range.start;
    while at < range.end {
        let (length, step) = match head_at(file, at, range.end)? {
            Some((head, length)) => (length, Step::Record(head)),
            None => (next_head(file, at + 1, range.end)? - at, Step::Gap),
        };
        each(at, length, step)?;
        at += length;
    }
    Ok(())
}

/// The head at this place and the length of its record, if it lies whole before `end`.
fn head_at(file: &DiskFile, at: u64, end: u64) -> Result<Option<(Head, u64)>, VaultError> {
    let mut bytes = [0; HEAD_BYTES];
    if end - at < HEAD_BYTES as u64 || !file.fill_at(&mut bytes, at)? {
        return Ok(None);
    }
    let head = Head::decode(&bytes);
    let whole = head.and_then(|head| head.record_bytes().map(|length| (head, length)));
    Ok(whole.filter(|(_, length)| *length <= end - at))
}

/// Where the next sound head begins, or `end`.
fn next_head(file: &DiskFile, from: u64, end: u64) -> Result<u64, VaultError> {
    let mut at = from;
    let mut buffer = vec![0; SEARCH_BYTES];
    while at < end {
        let window = (end - at).min(SEARCH_BYTES as u64) as usize;
        if !file.fill_at(&mut buffer[..window], at)? {
            return Ok(end);
        }
        let candidates = buffer[..window].windows(MAGIC.len()).enumerate();
        for (inside, _) in candidates.filter(|(_, bytes)| *bytes == MAGIC) {
            if head_at(file, at + inside as u64, end)?.is_some() {
                return Ok(at + inside as u64);
            }
        }
        if window < SEARCH_BYTES {
            return Ok(end);
        }
        // The last bytes may be the beginning of a magic word.
        at += (window - MAGIC.len() + 1) as u64;
    }
    Ok(end)
}
