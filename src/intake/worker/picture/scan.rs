//! JPEG and PNG, the formats of scanners and cameras. It decides nothing of size: that is done from the header first.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits as ImageLimits};

use super::{Decoded, Header, reason};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;
use crate::intake::worker::jpeg;
use crate::intake::worker::plan::Smaller;

/// Bytes a decoded pixel may need: three colours of one byte, or one of two, and working space.
const BYTES_PER_PIXEL: u64 = 4;

pub(super) fn jpeg_header(bytes: &[u8]) -> Result<Header, Reason> {
    let (width, height) = JpegDecoder::new(Cursor::new(bytes)).map_err(reason)?.dimensions();
    Ok(Header { width, height, dpi: jfif_dpi(bytes), complaints: Vec::new() })
}

pub(super) fn png_header(bytes: &[u8]) -> Result<Header, Reason> {
    let (width, height) = PngDecoder::new(Cursor::new(bytes)).map_err(reason)?.dimensions();
    let is_animated = png_chunks(bytes).any(|(kind, _)| kind == b"acTL");
    let complaints = is_animated.then_some(Reason::OnlyFirstPicture).into_iter().collect();
    Ok(Header { width, height, dpi: png_dpi(bytes), complaints })
}

pub(super) fn jpeg(bytes: &[u8], setup: &Setup) -> Result<Decoded, Reason> {
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(reason)?;
    decoder.set_limits(limits(setup)).map_err(reason)?;
    Ok(Decoded { image: upright(decoder)?, is_cut_off: !jpeg::reaches_its_end(bytes) })
}

pub(super) fn png(bytes: &[u8], setup: &Setup) -> Result<Decoded, Reason> {
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits(setup)).map_err(reason)?;
    let is_cut_off = !png_chunks(bytes).any(|(kind, _)| kind == b"IEND");
    Ok(Decoded { image: upright(decoder)?, is_cut_off })
}

/// How a JPEG must be turned to be upright.
pub(super) fn jpeg_turn(bytes: &[u8]) -> Option<Orientation> {
    JpegDecoder::new(Cursor::new(bytes)).ok()?.orientation().ok()
}

/// Hands over the rows of a PNG that is a plan. One that is stored in passes, coarse to fine, cannot be taken in rows.
pub(super) fn png_rows(bytes: &[u8], to: &mut Smaller) -> Result<(), Reason> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(png_reason)?;
    if reader.info().interlaced {
        return Err(Reason::PageTooLarge);
    }
    let colours = reader.output_color_type().0;
    while !to.is_full() {
        // Rows that came before one that is damaged are worth showing.
        let Some(row) = reader.next_row().map_err(png_reason)? else { return Err(Reason::ImageCutOff) };
        let row = row.data();
        match colours {
            png::ColorType::Rgb => to.colours(row),
            png::ColorType::Rgba => {
                let on_paper = |pixel: &[u8]| [0, 1, 2].map(|at| seen(pixel[at], pixel[3]));
                to.colours(&row.chunks_exact(4).flat_map(on_paper).collect::<Vec<u8>>());
            }
            png::ColorType::GrayscaleAlpha => {
                to.grey(&row.chunks_exact(2).map(|pixel| seen(pixel[0], pixel[1])).collect::<Vec<u8>>());
            }
            _ => to.grey(row),
        }
    }
    Ok(())
}

/// A shade that is so opaque, on white paper.
fn seen(shade: u8, opacity: u8) -> u8 {
    (u16::from(opacity) * u16::from(shade) / 255) as u8 + (255 - opacity)
}

fn png_reason(error: png::DecodingError) -> Reason {
    match error {
        png::DecodingError::LimitsExceeded => Reason::PageTooLarge,
        _ => Reason::PageDamaged,
    }
}

fn limits(setup: &Setup) -> ImageLimits {
    let mut limits = ImageLimits::no_limits();
    limits.max_alloc = Some(setup.whole_pixels_max.saturating_mul(BYTES_PER_PIXEL));
    limits
}

fn upright(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Reason> {
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(reason)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

/// Resolution of a JFIF header: `FFD8 FFE0 length "JFIF\0" version unit x y`.
fn jfif_dpi(bytes: &[u8]) -> Option<u32> {
    if bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    let across = u32::from(u16::from_be_bytes([*bytes.get(14)?, *bytes.get(15)?]));
    match bytes.get(13)? {
        1 => Some(across),
        2 => Some(across * 254 / 100),
        _ => None,
    }
}

/// Resolution of a PNG's `pHYs` chunk (pixels per metre), looked for before the image data.
fn png_dpi(bytes: &[u8]) -> Option<u32> {
    const METRE: u8 = 1;
    let mut before_pixels = png_chunks(bytes).take_while(|(kind, _)| *kind != b"IDAT");
    let (_, at) = before_pixels.find(|(kind, at)| *kind == b"pHYs" && bytes.get(at + 8) == Some(&METRE))?;
    let per_metre = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
    Some((u64::from(per_metre) * 254 / 10_000) as u32)
}

/// The chunks of a PNG that have begun: what each is called and where its data begin.
fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let mut next = 8_usize;
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(bytes.get(next..next.checked_add(4)?)?.try_into().ok()?);
        let data = next.checked_add(8)?;
        let kind = bytes.get(next + 4..data)?;
        next = data.checked_add(length as usize)?.checked_add(4)?;
        Some((kind, data))
    })
}
