//! The fax compressions of TIFF: modified Huffman (2), group 3 (3) and group 4 (4).

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode, decode as decode_ccitt};
use image::GrayImage;
use tiff::tags::Tag;

use super::{PageDecoder, reason, tag};
use crate::intake::reason::Reason;
use crate::intake::worker::plan::{Smaller, put_spans};

/// Tag of group 3's options; bit 0 says two-dimensional.
const T4_OPTIONS: Tag = Tag::Unknown(292);
const T4_TWO_DIMENSIONAL: u32 = 1;
/// Photometric interpretation in which zero is black.
const BLACK_IS_ZERO: u32 = 1;
/// Fill order in which the lowest bit comes first.
const LOWEST_BIT_FIRST: u32 = 2;
const BLACK: u8 = 0;
const WHITE: u8 = 255;

/// Which of the fax compressions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    /// Modified Huffman: one-dimensional, each row from a byte's start, no line marks.
    Huffman,
    /// Group 3, one- or two-dimensional.
    Group3,
    /// Group 4.
    Group4,
}

impl Compression {
    pub(super) fn from_tag(value: u32) -> Option<Self> {
        match value {
            2 => Some(Self::Huffman),
            3 => Some(Self::Group3),
            4 => Some(Self::Group4),
            _ => None,
        }
    }
}

/// Rows of black and white pixels, painted as runs.
struct Rows {
    width: usize,
    pixels: Vec<u8>,
    invert: bool,
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.pixels.len();
        let (white, black) = if self.invert { (BLACK, WHITE) } else { (WHITE, BLACK) };
        self.pixels.resize(start + self.width, white);
        let row = &mut self.pixels[start..];
        for run in changes.chunks(2) {
            let from = (run[0] as usize).min(row.len());
            let to = run.get(1).map_or(row.len(), |to| (*to as usize).clamp(from, row.len()));
            row[from..to].fill(black);
        }
    }
}

/// Decodes the page `decoder` stands on; `bytes` is the whole file.
pub(super) fn decode(
    decoder: &mut PageDecoder<'_>,
    bytes: &[u8],
    kind: Compression,
) -> Result<GrayImage, Reason> {
    let (width, height) = decoder.dimensions().map_err(reason)?;
    let invert = tag(decoder, Tag::PhotometricInterpretation) == Some(BLACK_IS_ZERO);
    let mut rows = Rows { width: width as usize, pixels: Vec::new(), invert };
    strips(decoder, bytes, kind, &mut |strip, settings| {
        // What was decoded before an error is still worth showing; the height check below tells.
        let _ = decode_ccitt(strip, &mut rows, &mut DecoderContext::new(settings));
    })?;
    let wanted = width as usize * height as usize;
    if rows.pixels.len() < wanted {
        return Err(Reason::PageDamaged);
    }
    rows.pixels.truncate(wanted);
    GrayImage::from_raw(width, height, rows.pixels).ok_or(Reason::PageDamaged)
}

/// Hands over the rows of the page `decoder` stands on, a plan; `bytes` is the whole file. A strip that is short is white to
/// its end, so that the next begins where it belongs.
pub(super) fn rows(
    decoder: &mut PageDecoder<'_>,
    bytes: &[u8],
    kind: Compression,
    to: &mut Smaller,
) -> Result<(), Reason> {
    let invert = tag(decoder, Tag::PhotometricInterpretation) == Some(BLACK_IS_ZERO);
    let mut are_whole = true;
    let mut came = 0_u32;
    strips(decoder, bytes, kind, &mut |strip, settings| {
        let mut rows = PlanRows { to, invert, came: 0 };
        let _ = decode_ccitt(strip, &mut rows, &mut DecoderContext::new(settings));
        let missing = settings.rows.saturating_sub(rows.came);
        came += rows.came;
        are_whole &= missing == 0;
        (0..missing).for_each(|_| to.ink(std::iter::empty()));
    })?;
    match (are_whole, came) {
        (_, 0) => Err(Reason::PageDamaged),
        (false, _) => Err(Reason::ImageCutOff),
        (true, _) => Ok(()),
    }
}

/// Rows of a plan on their way.
struct PlanRows<'t> {
    to: &'t mut Smaller,
    invert: bool,
    came: u32,
}

impl Decoder for PlanRows<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        put_spans(changes, self.invert, self.to);
        self.came += 1;
    }
}

/// Hands over the strips of the page `decoder` stands on, each with how it is to be decoded.
fn strips(
    decoder: &mut PageDecoder<'_>,
    bytes: &[u8],
    kind: Compression,
    take: &mut dyn FnMut(&[u8], DecodeSettings),
) -> Result<(), Reason> {
    let (width, height) = decoder.dimensions().map_err(reason)?;
    let offsets = decoder.get_tag_u64_vec(Tag::StripOffsets).map_err(reason)?;
    let lengths = decoder.get_tag_u64_vec(Tag::StripByteCounts).map_err(reason)?;
    let rows_per_strip = tag(decoder, Tag::RowsPerStrip).unwrap_or(height).clamp(1, height);
    let two_dimensional = tag(decoder, T4_OPTIONS).unwrap_or(0) & T4_TWO_DIMENSIONAL != 0;
    let reversed = tag(decoder, Tag::FillOrder) == Some(LOWEST_BIT_FIRST);
    for (index, (offset, length)) in offsets.iter().zip(&lengths).enumerate() {
        let done = u32::try_from(index).ok().and_then(|index| index.checked_mul(rows_per_strip));
        let Some(left) = done.and_then(|done| height.checked_sub(done)).filter(|left| *left > 0) else {
            break;
        };
        let strip = strip(bytes, *offset, *length, reversed)?;
        take(&strip, settings(kind, two_dimensional, width, left.min(rows_per_strip)));
    }
    Ok(())
}

fn strip(bytes: &[u8], offset: u64, length: u64, reversed: bool) -> Result<Vec<u8>, Reason> {
    let from = usize::try_from(offset).map_err(|_| Reason::PageDamaged)?;
    let to = usize::try_from(offset.saturating_add(length)).map_err(|_| Reason::PageDamaged)?;
    let strip = bytes.get(from..to.min(bytes.len())).ok_or(Reason::PageDamaged)?;
    Ok(if reversed { strip.iter().map(|byte| byte.reverse_bits()).collect() } else { strip.to_vec() })
}

fn settings(kind: Compression, two_dimensional: bool, columns: u32, rows: u32) -> DecodeSettings {
    let encoding = match kind {
        Compression::Group4 => EncodingMode::Group4,
        Compression::Group3 if two_dimensional => EncodingMode::Group3_2D,
        Compression::Group3 | Compression::Huffman => EncodingMode::Group3_1D,
    };
    DecodeSettings {
        columns,
        rows,
        end_of_block: kind != Compression::Huffman,
        end_of_line: kind == Compression::Group3,
        rows_are_byte_aligned: kind == Compression::Huffman,
        encoding,
        strict: false,
    }
}
