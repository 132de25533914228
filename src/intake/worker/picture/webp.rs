//! WebP: the picture, or the first of a film.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage, RgbaImage};
use image_webp::{DecodingError, WebPDecoder};

use super::{Decoded, Header};
use crate::intake::reason::Reason;

/// Most bytes of details beside the picture (Exif) that are looked at.
const DETAILS_BYTES_MAX: usize = 1024 * 1024;

pub(super) fn header(bytes: &[u8]) -> Result<Header, Reason> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(reason)?;
    let (width, height) = decoder.dimensions();
    let are_several = decoder.is_animated() && decoder.num_frames() > 1;
    let complaints = are_several.then_some(Reason::OnlyFirstPicture).into_iter().collect();
    Ok(Header { width, height, dpi: None, complaints })
}

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Reason> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(reason)?;
    decoder.set_memory_limit(DETAILS_BYTES_MAX);
    let turn = decoder.exif_metadata().ok().flatten().and_then(|exif| Orientation::from_exif_chunk(&exif));
    let (width, height) = decoder.dimensions();
    let mut samples = vec![0; decoder.output_buffer_size().ok_or(Reason::PageTooLarge)?];
    decoder.read_image(&mut samples).map_err(reason)?;
    let mut image: DynamicImage = if decoder.has_alpha() {
        RgbaImage::from_raw(width, height, samples).ok_or(Reason::PageDamaged)?.into()
    } else {
        RgbImage::from_raw(width, height, samples).ok_or(Reason::PageDamaged)?.into()
    };
    if let Some(turn) = turn {
        image.apply_orientation(turn);
    }
    Ok(Decoded { image, is_cut_off: is_cut_off(bytes) })
}

/// The file is shorter than its first line says.
fn is_cut_off(bytes: &[u8]) -> bool {
    let stated = bytes.get(4..8).and_then(|length| length.try_into().ok()).map_or(0, u32::from_le_bytes);
    (bytes.len() as u64) < u64::from(stated) + 8
}

fn reason(error: DecodingError) -> Reason {
    match error {
        DecodingError::ImageTooLarge | DecodingError::MemoryLimitExceeded => Reason::PageTooLarge,
        DecodingError::UnsupportedFeature(_) => Reason::ImageUnsupported,
        _ => Reason::PageDamaged,
    }
}
