//! Decoded samples of a TIFF page as a picture of one or three bytes a pixel.

use image::{DynamicImage, GrayImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::DecodingResult;
use tiff::tags::Tag;

use super::{PageDecoder, reason};
use crate::intake::reason::Reason;
use crate::intake::worker::jpeg;
use crate::intake::worker::picture::from_cmyk;

/// Decodes the page `decoder` stands on. Of planes stored apart only the first is taken: enough to
/// recognise and to look at, in grey. With `indexed` the samples are indices into the page's palette.
pub(super) fn decode(decoder: &mut PageDecoder<'_>, indexed: bool) -> Result<DynamicImage, Reason> {
    let size = decoder.dimensions().map_err(reason)?;
    let kind = Kind::of(decoder, indexed)?;
    kind.picture(decoder.read_image().map_err(reason)?, size)
}

/// What the samples of a page mean.
pub(super) struct Kind {
    pub(super) color: ColorType,
    /// Planes are stored apart.
    pub(super) planar: bool,
    pub(super) palette: Option<Vec<u16>>,
}

impl Kind {
    pub(super) fn of(decoder: &mut PageDecoder<'_>, indexed: bool) -> Result<Self, Reason> {
        let color = decoder.colortype().map_err(reason)?;
        let planar = decoder.find_tag_unsigned::<u32>(Tag::PlanarConfiguration).ok().flatten() == Some(2);
        let palette = match indexed {
            true => Some(decoder.get_tag_u16_vec(Tag::ColorMap).map_err(reason)?),
            false => None,
        };
        Ok(Self { color, planar, palette })
    }

    /// The picture that these samples make, of the whole page or of a piece of it.
    pub(super) fn picture(
        &self,
        samples: DecodingResult,
        (width, height): (u32, u32),
    ) -> Result<DynamicImage, Reason> {
        let Self { color, planar, ref palette } = *self;
        let indexed = palette.is_some();
        let samples = match samples {
            DecodingResult::U8(bytes) => unpack(bytes, width, color, planar, indexed)?,
            DecodingResult::U16(words) if !indexed => {
                words.into_iter().map(|word| (word >> 8) as u8).collect()
            }
            _ => return Err(Reason::ImageUnsupported),
        };
        let per_pixel = if planar { 1 } else { usize::from(color.num_samples()) };
        let pixels = samples.chunks_exact(per_pixel);
        let rgb = |values: Vec<u8>| RgbImage::from_raw(width, height, values).map(DynamicImage::ImageRgb8);
        let grey = |values: Vec<u8>| GrayImage::from_raw(width, height, values).map(DynamicImage::ImageLuma8);
        let image = match (color, palette) {
            (_, Some(map)) => rgb(pixels.flat_map(|pixel| looked_up(map, pixel[0])).collect()),
            (ColorType::RGB(_) | ColorType::RGBA(_), _) if !planar => {
                rgb(pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
            }
            (ColorType::CMYK(_) | ColorType::CMYKA(_), _) if !planar => {
                rgb(pixels.flat_map(|pixel| from_cmyk([pixel[0], pixel[1], pixel[2], pixel[3]])).collect())
            }
            // Grey, lightness (Lab, YCbCr) and first planes: the first sample is the shade.
            _ => grey(pixels.map(|pixel| pixel[0]).collect()),
        };
        image.ok_or(Reason::PageDamaged)
    }
}

/// Strips or tiles that are JPEGs: one of them stops before its end, or lies beyond the end of the file `bytes`. The
/// decoder paints what is missing.
pub(super) fn is_cut_off(decoder: &mut PageDecoder<'_>, bytes: &[u8]) -> bool {
    let mut numbers = |strips, tiles| {
        decoder.get_tag_u64_vec(strips).or_else(|_| decoder.get_tag_u64_vec(tiles)).unwrap_or_default()
    };
    let offsets = numbers(Tag::StripOffsets, Tag::TileOffsets);
    let lengths = numbers(Tag::StripByteCounts, Tag::TileByteCounts);
    offsets.iter().zip(lengths).any(|(offset, length)| {
        let from = usize::try_from(*offset).unwrap_or(usize::MAX);
        let to = usize::try_from(offset.saturating_add(length)).unwrap_or(usize::MAX);
        let part = bytes.get(from..to.min(bytes.len())).unwrap_or_default();
        !jpeg::reaches_its_end(part)
    })
}

/// One byte per sample, whatever the packing; palette indices stay indices.
fn unpack(
    bytes: Vec<u8>,
    width: u32,
    color: ColorType,
    planar: bool,
    indexed: bool,
) -> Result<Vec<u8>, Reason> {
    let depth = usize::from(color.bit_depth());
    if depth == 8 {
        return Ok(bytes);
    }
    if !matches!(depth, 1 | 2 | 4) {
        return Err(Reason::ImageUnsupported);
    }
    let per_row = width as usize * if planar { 1 } else { usize::from(color.num_samples()) };
    let row_bytes = (per_row * depth).div_ceil(8);
    let mask = (1_u8 << depth) - 1;
    let stretch = if indexed { 1 } else { 255 / mask };
    let mut samples = Vec::with_capacity(bytes.len() * 8 / depth);
    for row in bytes.chunks_exact(row_bytes) {
        samples.extend((0..per_row).map(|index| {
            let bit = index * depth;
            (row[bit / 8] >> (8 - depth - bit % 8) & mask) * stretch
        }));
    }
    Ok(samples)
}

/// A palette holds all reds, then all greens, then all blues, two bytes each.
pub(super) fn looked_up(map: &[u16], index: u8) -> [u8; 3] {
    let colours = map.len() / 3;
    let value = |plane: usize| {
        let place = plane * colours + usize::from(index).min(colours.saturating_sub(1));
        map.get(place).map_or(0, |value| (value >> 8) as u8)
    };
    [value(0), value(1), value(2)]
}
