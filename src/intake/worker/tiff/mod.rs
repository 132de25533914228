//! TIFF: the scanner's format, one image per page.
//!
//! The chain of directories is walked here, so that one broken page costs one page; what a page holds
//! is decoded by the `tiff` crate, the fax compressions by [`fax`].

pub(super) mod assemble;
mod fax;
mod pieces;
mod samples;

use std::collections::HashSet;
use std::io::{self, Cursor};
use std::time::Duration;

use image::DynamicImage;
use image::metadata::Orientation;
use tiff::TiffError;
use tiff::decoder::{Decoder, Limits as TiffLimits};
use tiff::tags::Tag;

use super::picture::{check_pixels, scaled};
use super::plan::{self, Sheet};
use super::{Completeness, Document, PageError, PageRead, look, ocr};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// Bytes a decoded pixel may need: four samples of one byte, or two of two.
const BYTES_PER_PIXEL: u64 = 4;
/// The tag and bit that mark a directory as a smaller picture of another page.
const NEW_SUBFILE_TYPE: u16 = 254;
const REDUCED_RESOLUTION: u64 = 1;

/// The tag and values that say how samples mean colours.
const PHOTOMETRIC: u16 = 262;
const PALETTE: u64 = 3;
const WHITE_IS_ZERO: u32 = 0;
const RGB: u32 = 2;
const BLACK_IS_ZERO: u8 = 1;
/// The value of the compression tag for strips that are each a JPEG.
const JPEG: u32 = 7;

type PageDecoder<'b> = Decoder<Cursor<&'b [u8]>>;

/// A page as it was decoded, upright.
struct Decoded {
    image: DynamicImage,
    /// Its resolution, if it states one.
    dpi: Option<u32>,
    missing: Option<Reason>,
}

/// A TIFF whose chain of directories was walked.
struct Scan<'s> {
    bytes: Vec<u8>,
    big: bool,
    little: bool,
    /// Where each page's directory lies.
    pages: Vec<u64>,
    /// The pages, by directory, whose samples are indices into a palette.
    palettes: HashSet<u64>,
    /// The chain ended properly.
    whole: bool,
    setup: &'s Setup,
}

/// Opens `bytes` as TIFF and hands it to `serve`.
pub(super) fn open(
    bytes: Vec<u8>,
    setup: &Setup,
    serve: &mut dyn FnMut(&mut dyn Document) -> io::Result<()>,
) -> Result<io::Result<()>, Reason> {
    let mut scan = Scan::unwalked(bytes, setup);
    scan.walk();
    scan.show_palettes_as_grey();
    if scan.pages.is_empty() {
        return Err(Reason::Damaged);
    }
    Ok(serve(&mut scan))
}

impl<'s> Scan<'s> {
    fn unwalked(bytes: Vec<u8>, setup: &'s Setup) -> Self {
        let little = bytes.starts_with(b"II");
        let big = bytes.get(if little { 2 } else { 3 }) == Some(&43);
        Self { bytes, big, little, pages: Vec::new(), palettes: HashSet::new(), whole: false, setup }
    }
}

impl Scan<'_> {
    /// Follows the chain of directories until its end, a loop, a hole or the limit of pages.
    fn walk(&mut self) {
        let mut seen = HashSet::new();
        let mut next = if self.big { self.number(8, 8) } else { self.number(4, 4) };
        while let Some(at) = next {
            if at == 0 {
                self.whole = true;
                return;
            }
            if !seen.insert(at) || self.pages.len() > self.setup.pages_max as usize {
                return;
            }
            let Some((reduced, following)) = self.directory(at) else { return };
            if !reduced {
                self.pages.push(at);
            }
            next = following;
        }
    }

    /// Whether the directory at `at` is a smaller picture of another page, and where the next one is.
    fn directory(&self, at: u64) -> Option<(bool, Option<u64>)> {
        let (entries, end) = self.entries(at)?;
        let flags = self.value_of(NEW_SUBFILE_TYPE, entries, end).and_then(|place| self.number(place, 4));
        let reduced = flags.is_some_and(|flags| flags & REDUCED_RESOLUTION != 0);
        Some((reduced, self.number(end, if self.big { 8 } else { 4 })))
    }

    /// Where the entries of the directory at `at` begin and end.
    fn entries(&self, at: u64) -> Option<(u64, u64)> {
        let count_bytes = if self.big { 8 } else { 2 };
        let count = self.number(at, count_bytes)?;
        let entries = at.checked_add(count_bytes)?;
        let end = entries.checked_add(count.checked_mul(self.entry_bytes())?)?;
        (end <= self.bytes.len() as u64).then_some((entries, end))
    }

    fn entry_bytes(&self) -> u64 {
        if self.big { 20 } else { 12 }
    }

    /// Where the value of a tag stands among the entries.
    fn value_of(&self, tag: u16, entries: u64, end: u64) -> Option<u64> {
        let mut places = (entries..end).step_by(self.entry_bytes() as usize);
        let entry = places.find(|entry| self.number(*entry, 2) == Some(u64::from(tag)))?;
        Some(entry + if self.big { 12 } else { 8 })
    }

    /// The decoder refuses palettes. Called grey, their indices come through, and colours are looked
    /// up here.
    fn show_palettes_as_grey(&mut self) {
        for at in self.pages.clone() {
            let place = self.entries(at).and_then(|(from, to)| self.value_of(PHOTOMETRIC, from, to));
            let Some(place) = place.filter(|place| self.number(*place, 2) == Some(PALETTE)) else { continue };
            let low = place as usize + usize::from(!self.little);
            if let Some(byte) = self.bytes.get_mut(low) {
                *byte = BLACK_IS_ZERO;
                self.palettes.insert(at);
            }
        }
    }

    /// The unsigned number of `length` bytes at `at`, in the file's byte order.
    fn number(&self, at: u64, length: u64) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(length as usize)?)?;
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) })
    }

    /// Points the header at the page's directory, so that decoding it needs none of the others.
    fn point_at(&mut self, number: u32) -> Result<u64, Reason> {
        let page = number.checked_sub(1).and_then(|index| self.pages.get(index as usize));
        let at = *page.ok_or(Reason::NoSuchPage)?;
        let (place, length) = if self.big { (8, 8) } else { (4, 4) };
        let field = self.bytes.get_mut(place..place + length).ok_or(Reason::Damaged)?;
        if self.little {
            field.copy_from_slice(&at.to_le_bytes()[..length]);
        } else {
            field.copy_from_slice(&at.to_be_bytes()[8 - length..]);
        }
        Ok(at)
    }

    /// The page as a plan, if it is one.
    fn plan(&mut self, number: u32) -> Result<Option<Sheet>, Reason> {
        self.point_at(number)?;
        let mut decoder = Decoder::new(Cursor::new(self.bytes.as_slice())).map_err(reason)?;
        let (width, height) = decoder.dimensions().map_err(reason)?;
        let dpi = dpi(&mut decoder);
        let turn = turn(&mut decoder);
        Ok(plan::is_one(width, height, self.setup).then_some(Sheet { width, height, dpi, turn }))
    }

    fn decode(&mut self, number: u32) -> Result<Decoded, Reason> {
        let at = self.point_at(number)?;
        let mut limits = TiffLimits::default();
        limits.decoding_buffer_size =
            usize::try_from(self.setup.whole_pixels_max.saturating_mul(BYTES_PER_PIXEL))
                .unwrap_or(usize::MAX);
        let decoder = Decoder::new(Cursor::new(self.bytes.as_slice())).map_err(reason)?;
        let mut decoder = decoder.with_limits(limits);
        let (width, height) = decoder.dimensions().map_err(reason)?;
        check_pixels(width, height, self.setup)?;
        let compression = tag(&mut decoder, Tag::Compression).unwrap_or(1);
        let mut image = match fax::Compression::from_tag(compression) {
            Some(kind) => DynamicImage::ImageLuma8(fax::decode(&mut decoder, &self.bytes, kind)?),
            None => samples::decode(&mut decoder, self.palettes.contains(&at))?,
        };
        let cut_off = compression == JPEG && samples::is_cut_off(&mut decoder, &self.bytes);
        if let Some(turn) = turn(&mut decoder) {
            image.apply_orientation(turn);
        }
        let missing = cut_off.then_some(Reason::ImageCutOff);
        Ok(Decoded { image, dpi: dpi(&mut decoder), missing })
    }
}

/// The first number of a tag.
fn tag(decoder: &mut PageDecoder<'_>, tag: Tag) -> Option<u32> {
    decoder.find_tag_unsigned_vec::<u32>(tag).ok().flatten()?.first().copied()
}

/// How the page must be turned to be upright.
fn turn(decoder: &mut PageDecoder<'_>) -> Option<Orientation> {
    let value = tag(decoder, Tag::Orientation).and_then(|value| u8::try_from(value).ok());
    value.and_then(Orientation::from_exif)
}

fn dpi(decoder: &mut PageDecoder<'_>) -> Option<u32> {
    const CENTIMETRE: u32 = 3;
    let resolution = match decoder.find_tag(Tag::XResolution).ok()?? {
        tiff::decoder::ifd::Value::Rational(above, below) if below > 0 => f64::from(above) / f64::from(below),
        _ => return None,
    };
    let per_inch =
        if tag(decoder, Tag::ResolutionUnit) == Some(CENTIMETRE) { resolution * 2.54 } else { resolution };
    Some(per_inch.round() as u32)
}

fn reason(error: TiffError) -> Reason {
    match error {
        TiffError::LimitsExceeded | TiffError::IntSizeError => Reason::PageTooLarge,
        TiffError::UnsupportedError(_) => Reason::ImageUnsupported,
        _ => Reason::PageDamaged,
    }
}

impl Document for Scan<'_> {
    fn page_count(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        if let Some(sheet) = self.plan(number)? {
            let time = ocr::Time::of(Duration::from_millis(self.setup.page_wall_ms));
            return sheet.read(number, self.setup, &mut |to| pieces::rows(self, number, to), &time);
        }
        let Decoded { image, dpi, missing } = self.decode(number)?;
        let image = image.into_luma8();
        let dpi = ocr::plausible_dpi(dpi, image.width());
        let seen = Some(look::at(&image, dpi));
        let page = ocr::recognise(image, dpi, number, &self.setup.languages)?;
        Ok(PageRead { page, seen, missing })
    }

    fn image(&mut self, number: u32, width: u32) -> Result<DynamicImage, PageError> {
        if let Some(sheet) = self.plan(number)? {
            return Ok(sheet.image(width, self.setup, &mut |to| pieces::rows(self, number, to))?);
        }
        Ok(scaled(&self.decode(number)?.image, width, self.setup)?)
    }

    fn completeness(&mut self) -> Completeness {
        // A TIFF does not say how many pages it has: an unbroken chain is its only word.
        let complaints = (!self.whole).then_some(Reason::Repaired).into_iter().collect();
        let declared = self.whole.then(|| self.page_count());
        Completeness { declared, contains_files: false, complaints }
    }
}
