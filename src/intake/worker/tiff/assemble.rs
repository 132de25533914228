//! A TIFF of some pages of others: directories are written anew, strips and tiles are taken over byte by byte, nothing is
//! unpacked. What a directory says in tags of its maker's own stays behind.

use std::collections::BTreeSet;

use super::Scan;
use crate::intake::reason::{LeftOut, Reason};
use crate::intake::wire::Setup;
use crate::intake::worker::assemble::Range;

/// Tags that say where the picture's bytes are, and how many: of strips, of tiles.
const PLACES: [(u16, u16); 2] = [(273, 279), (324, 325)];
const COMPRESSION: u16 = 259;
const BITS_PER_SAMPLE: u16 = 258;
const PAGE_NUMBER: u16 = 297;
/// JPEG as it was before 1995: its parts lie anywhere in the file.
const OLD_JPEG: u64 = 6;
/// Tags of the standard and its supplements that say something of the picture itself.
const KEPT: [std::ops::RangeInclusive<u16>; 6] =
    [254..=347, 529..=532, 700..=700, 32995..=32998, 33432..=33432, 34675..=34675];
/// Tags of the standard that point elsewhere in the file: to free places, to further directories.
const POINTERS: [u16; 3] = [288, 289, 330];
/// Codes of types whose values are numbers of eight bytes, of which four are written.
const LONG8: u16 = 16;
const LONG: u16 = 4;

/// A value as it is written: tag, type, how many, and its bytes.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    bytes: Vec<u8>,
}

/// The documents pages are taken from.
pub(in crate::intake::worker) struct Maker<'s> {
    scans: Vec<Scan<'s>>,
}

/// Bytes of one number of a type; a pair of numbers is two.
fn width_of(kind: u16) -> Option<(usize, usize)> {
    Some(match kind {
        1 | 2 | 6 | 7 => (1, 1),
        3 | 8 => (2, 1),
        4 | 9 | 11 => (4, 1),
        5 | 10 => (4, 2),
        12 | 16 | 17 => (8, 1),
        _ => return None,
    })
}

impl<'s> Maker<'s> {
    /// Walks the directories of all of them.
    pub(in crate::intake::worker) fn open(
        sources: &[&[u8]],
        setup: &'s Setup,
        left_out: &mut BTreeSet<LeftOut>,
    ) -> Result<Self, Reason> {
        let scans: Vec<_> = sources.iter().map(|bytes| Scan::walked(bytes.to_vec(), setup)).collect();
        if scans.iter().any(|scan| scan.pages.is_empty()) {
            return Err(Reason::Damaged);
        }
        let maker = Self { scans };
        let all = maker.scans.iter().flat_map(|scan| scan.pages.iter().map(move |at| (scan, *at)));
        for (scan, at) in all {
            let tags = scan.tags(at).ok_or(Reason::PageDamaged)?;
            if tags.iter().any(|tag| !is_kept(*tag) && *tag != PAGE_NUMBER) {
                left_out.insert(LeftOut::Details);
            }
        }
        Ok(maker)
    }

    /// The bytes of a TIFF of these pages.
    pub(in crate::intake::worker) fn make(&self, ranges: &[Range]) -> Result<Vec<u8>, Reason> {
        let little =
            ranges.first().and_then(|range| self.scans.get(range.source)).ok_or(Reason::NoPages)?.little;
        let mut made =
            Made { out: if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() }, little, next: 4 };
        made.number(0, 4);
        for range in ranges {
            let scan = self.scans.get(range.source).ok_or(Reason::NoSuchPage)?;
            for at in scan.pages.get(range.indices()).ok_or(Reason::NoSuchPage)? {
                made.page(scan, *at)?;
            }
        }
        Ok(made.out)
    }
}

fn is_kept(tag: u16) -> bool {
    tag != PAGE_NUMBER && !POINTERS.contains(&tag) && KEPT.iter().any(|range| range.contains(&tag))
}

/// What is written so far.
struct Made {
    out: Vec<u8>,
    little: bool,
    /// Where the place of the next directory is to be written.
    next: usize,
}

impl Made {
    fn number(&mut self, number: u32, length: usize) {
        let bytes = self.bytes_of(u64::from(number), length);
        self.out.extend_from_slice(&bytes);
    }

    fn bytes_of(&self, number: u64, length: usize) -> Vec<u8> {
        let mut bytes = number.to_le_bytes()[..length].to_vec();
        if !self.little {
            bytes.reverse();
        }
        bytes
    }

    /// Everything begins at an even place.
    fn place(&mut self) -> Result<u32, Reason> {
        if self.out.len() % 2 == 1 {
            self.out.push(0);
        }
        u32::try_from(self.out.len()).map_err(|_| Reason::TooLarge)
    }

    /// Writes one page: its picture, its longer values, its directory.
    fn page(&mut self, scan: &Scan<'_>, at: u64) -> Result<(), Reason> {
        let mut entries = Vec::new();
        for tag in scan.tags(at).ok_or(Reason::PageDamaged)? {
            let pointer = PLACES.iter().any(|(place, length)| tag == *place || tag == *length);
            if is_kept(tag) && !pointer {
                entries.push(self.entry(scan, at, tag)?);
            }
        }
        let numbers = |tag| scan.numbers(at, tag);
        if numbers(COMPRESSION).is_some_and(|values| values.contains(&OLD_JPEG)) {
            return Err(Reason::ImageUnsupported);
        }
        let wide = numbers(BITS_PER_SAMPLE).is_some_and(|values| values.iter().any(|bits| *bits > 8));
        if wide && scan.little != self.little {
            return Err(Reason::MixedFormats);
        }
        for (place, length) in PLACES {
            let (Some(places), Some(lengths)) = (numbers(place), numbers(length)) else { continue };
            if places.len() != lengths.len() {
                return Err(Reason::PageDamaged);
            }
            let (mut begins, mut sizes) = (Vec::new(), Vec::new());
            for (from, size) in places.iter().zip(&lengths) {
                // A picture that is cut off stays so.
                let there = (scan.bytes.len() as u64).saturating_sub(*from).min(*size);
                let (from, there) = (*from as usize, there as usize);
                let bytes = scan.bytes.get(from..from.saturating_add(there)).unwrap_or_default();
                let begin = self.place()?;
                self.out.extend_from_slice(bytes);
                begins.extend_from_slice(&self.bytes_of(u64::from(begin), 4));
                sizes.extend_from_slice(&self.bytes_of(there as u64, 4));
            }
            let count = u32::try_from(places.len()).map_err(|_| Reason::PageDamaged)?;
            entries.push(Entry { tag: place, kind: LONG, count, bytes: begins });
            entries.push(Entry { tag: length, kind: LONG, count, bytes: sizes });
        }
        if !entries.iter().any(|entry| PLACES.iter().any(|(place, _)| entry.tag == *place)) {
            return Err(Reason::ImageUnsupported);
        }
        entries.sort_by_key(|entry| entry.tag);
        entries.dedup_by_key(|entry| entry.tag);
        self.directory(entries)
    }

    fn directory(&mut self, entries: Vec<Entry>) -> Result<(), Reason> {
        let count = u32::try_from(entries.len()).map_err(|_| Reason::PageDamaged)?;
        let mut rows = Vec::with_capacity(entries.len());
        for Entry { tag, kind, count, mut bytes } in entries {
            if bytes.len() > 4 {
                let begin = self.place()?;
                self.out.extend_from_slice(&bytes);
                bytes = self.bytes_of(u64::from(begin), 4);
            }
            bytes.resize(4, 0);
            rows.push((tag, kind, count, bytes));
        }
        let begin = self.place()?;
        let at = self.bytes_of(u64::from(begin), 4);
        self.out[self.next..self.next + 4].copy_from_slice(&at);
        self.number(count, 2);
        for (tag, kind, count, bytes) in rows {
            self.number(u32::from(tag), 2);
            self.number(u32::from(kind), 2);
            self.number(count, 4);
            self.out.extend_from_slice(&bytes);
        }
        self.next = self.out.len();
        self.number(0, 4);
        Ok(())
    }

    /// A value, in the byte order that is written.
    fn entry(&self, scan: &Scan<'_>, at: u64, tag: u16) -> Result<Entry, Reason> {
        let (kind, count, bytes) = scan.value(at, tag).ok_or(Reason::PageDamaged)?;
        let (width, _) = width_of(kind).ok_or(Reason::ImageUnsupported)?;
        let mut written = Vec::with_capacity(bytes.len());
        for number in bytes.chunks(width) {
            let mut number = number.to_vec();
            if scan.little != self.little {
                number.reverse();
            }
            if kind == LONG8 {
                let (kept, empty) = if self.little { (0..4, 4..8) } else { (4..8, 0..4) };
                if number[empty].iter().any(|byte| *byte != 0) {
                    return Err(Reason::TooLarge);
                }
                number = number[kept].to_vec();
            }
            written.extend_from_slice(&number);
        }
        let count = u32::try_from(count).map_err(|_| Reason::TooLarge)?;
        Ok(Entry { tag, kind: if kind == LONG8 { LONG } else { kind }, count, bytes: written })
    }
}

impl<'s> Scan<'s> {
    /// A TIFF as it came, with its chain of directories.
    fn walked(bytes: Vec<u8>, setup: &'s Setup) -> Self {
        let mut scan = Self::unwalked(bytes, setup);
        scan.walk();
        scan
    }

    /// The tags of a directory.
    fn tags(&self, at: u64) -> Option<Vec<u16>> {
        let (from, to) = self.entries(at)?;
        let places = (from..to).step_by(usize::try_from(self.entry_bytes()).ok()?);
        places.map(|place| self.number(place, 2).and_then(|tag| u16::try_from(tag).ok())).collect()
    }

    /// Type, number and bytes of a tag's value.
    fn value(&self, at: u64, tag: u16) -> Option<(u16, u64, &[u8])> {
        let (from, to) = self.entries(at)?;
        let place = self.value_of(tag, from, to)?;
        let room = if self.big { 8 } else { 4 };
        let kind = u16::try_from(self.number(place - room - 2, 2)?).ok()?;
        let count = self.number(place - room, room)?;
        let (width, each) = width_of(kind)?;
        let length = count.checked_mul((width * each) as u64)?;
        let begin = if length <= room { place } else { self.number(place, room)? };
        let begin = usize::try_from(begin).ok()?;
        let bytes = self.bytes.get(begin..begin.checked_add(usize::try_from(length).ok()?)?)?;
        Some((kind, count, bytes))
    }

    /// The numbers of a tag that has whole ones.
    fn numbers(&self, at: u64, tag: u16) -> Option<Vec<u64>> {
        let (kind, _, bytes) = self.value(at, tag)?;
        let (width, _) = width_of(kind)?;
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number = |bytes: &[u8]| match self.little {
            true => bytes.iter().rev().fold(0, join),
            false => bytes.iter().fold(0, join),
        };
        Some(bytes.chunks(width).map(number).collect())
    }
}
