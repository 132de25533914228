//! JPEG 2000, with or without its container. What is too large to be decoded whole is decoded at half its resolution, or a
//! quarter, and that is said.

use hayro_jpeg2000::error::{FormatError, MarkerError, ValidationError};
use hayro_jpeg2000::{DecodeError, DecodeSettings, DecoderContext, Image};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};

use super::{Decoded, Header, check_pixels, from_cmyk};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// Most bytes that decoding may need.
const DECODING_BYTES_MAX: u64 = 480 * 1024 * 1024;
/// The decoder holds each component, one more while it works and the bytes it makes of them, four bytes a pixel.
const BYTES_PER_SAMPLE: u64 = 4;
/// What it holds beside the components, in components.
const COMPONENTS_BESIDE: u64 = 3;
/// Most tiles: their number is written in two bytes.
const TILES_MAX: u64 = 65_535;
/// Halved more often than this nothing is left to read.
const HALVINGS_MAX: u32 = 5;

/// Start of the code stream, of a part of a tile, and end of it all.
const SIZE: u16 = 0xFF51;
const TILE_PART: u16 = 0xFF90;
const END: u16 = 0xFFD9;

/// The size that the code stream states.
struct Size {
    width: u32,
    height: u32,
    components: u16,
}

pub(super) fn header(bytes: &[u8], setup: &Setup) -> Result<Header, Reason> {
    let size = size(bytes)?;
    // As it is, not as it will be decoded.
    check_pixels(size.width, size.height, setup)?;
    let halvings = halvings(&size);
    let (width, height) = {
        let image = open(bytes, &size, halvings)?;
        (image.width(), image.height())
    };
    let is_reduced = width < size.width;
    let dpi = dpi(bytes).map(|dpi| u64::from(dpi) * u64::from(width) / u64::from(size.width.max(1)));
    let complaints = is_reduced.then_some(Reason::ResolutionReduced).into_iter().collect();
    Ok(Header { width, height, dpi: dpi.and_then(|dpi| u32::try_from(dpi).ok()), complaints })
}

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Reason> {
    let size = size(bytes)?;
    let image = open(bytes, &size, halvings(&size))?;
    let (width, height) = (image.width(), image.height());
    let (colours, has_alpha) = (image.color_space().num_channels(), image.has_alpha());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(reason)?;
    let components = decoded.components().len();
    let samples = decoded.data_u8();
    drop(context);
    let image = picture(samples, (width, height), (components, colours, has_alpha))?;
    Ok(Decoded { image, is_cut_off: !code_stream(bytes).is_some_and(reaches_its_end) })
}

/// Opens it at its resolution halved so many times.
fn open<'b>(bytes: &'b [u8], size: &Size, halvings: u32) -> Result<Image<'b>, Reason> {
    let reduced =
        (halvings > 0).then_some(((size.width >> halvings).max(1), (size.height >> halvings).max(1)));
    let settings = DecodeSettings { target_resolution: reduced, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(reason)?;
    let needed = bytes_needed(image.width(), image.height(), size.components);
    if needed > DECODING_BYTES_MAX { Err(Reason::PageTooLarge) } else { Ok(image) }
}

fn bytes_needed(width: u32, height: u32, components: u16) -> u64 {
    let samples = u64::from(width) * u64::from(height);
    samples.saturating_mul((u64::from(components) + COMPONENTS_BESIDE) * BYTES_PER_SAMPLE)
}

/// How often its sides must be halved for it to be decoded.
fn halvings(size: &Size) -> u32 {
    let fits = |halvings: &u32| {
        bytes_needed(size.width >> halvings, size.height >> halvings, size.components) <= DECODING_BYTES_MAX
    };
    (0..HALVINGS_MAX).find(fits).unwrap_or(HALVINGS_MAX)
}

/// A picture of these samples, `components` of each pixel, of which so many are colours.
fn picture(
    mut samples: Vec<u8>,
    (width, height): (u32, u32),
    (components, colours, has_alpha): (usize, u8, bool),
) -> Result<DynamicImage, Reason> {
    let image = match (components, colours) {
        (1, _) => GrayImage::from_raw(width, height, samples).map(Into::into),
        (2, 1) if has_alpha => GrayAlphaImage::from_raw(width, height, samples).map(Into::into),
        (3, 3) => RgbImage::from_raw(width, height, samples).map(Into::into),
        (4, 3) if has_alpha => RgbaImage::from_raw(width, height, samples).map(Into::into),
        (4 | 5, 4) => {
            let pixels = samples.len() / components;
            for pixel in 0..pixels {
                let inks = &samples[pixel * components..][..4];
                let rgb = from_cmyk([inks[0], inks[1], inks[2], inks[3]]);
                samples[pixel * 3..][..3].copy_from_slice(&rgb);
            }
            samples.truncate(pixels * 3);
            RgbImage::from_raw(width, height, samples).map(Into::into)
        }
        // Whatever colours these are: the first tells light from dark.
        (2.., _) => {
            let shades = samples.chunks_exact(components).map(|pixel| pixel[0]).collect();
            GrayImage::from_raw(width, height, shades).map(Into::into)
        }
        _ => None,
    };
    image.ok_or(Reason::PageDamaged)
}

/// What the code stream says of its size; nothing is taken for true that no picture can have.
fn size(bytes: &[u8]) -> Result<Size, Reason> {
    let stream = code_stream(bytes).ok_or(Reason::PageDamaged)?;
    let number = |at: usize| u32_at(stream, at).ok_or(Reason::PageDamaged);
    if u16_at(stream, 2) != Some(SIZE) {
        return Err(Reason::PageDamaged);
    }
    let (right, bottom, left, top) = (number(8)?, number(12)?, number(16)?, number(20)?);
    let (tile_width, tile_height, tile_left, tile_top) = (number(24)?, number(28)?, number(32)?, number(36)?);
    let components = u16_at(stream, 40).ok_or(Reason::PageDamaged)?;
    let width = right.checked_sub(left).ok_or(Reason::PageDamaged)?;
    let height = bottom.checked_sub(top).ok_or(Reason::PageDamaged)?;
    let tiles = |whole: u32, first: u32, side: u32| {
        let whole = whole.checked_sub(first).filter(|_| side > 0)?;
        Some(u64::from(whole.div_ceil(side)))
    };
    let across = tiles(right, tile_left, tile_width).ok_or(Reason::PageDamaged)?;
    let down = tiles(bottom, tile_top, tile_height).ok_or(Reason::PageDamaged)?;
    if across * down > TILES_MAX || width == 0 || height == 0 || components == 0 {
        return Err(Reason::PageDamaged);
    }
    Ok(Size { width, height, components })
}

/// Where the picture itself lies: all of it, or the box for it.
fn code_stream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(&[0xFF, 0x4F]) {
        return Some(bytes);
    }
    boxes(bytes).find(|(kind, _)| kind == b"jp2c").map(|(_, content)| content)
}

/// The boxes that follow one another: kind and content. One that is longer than what is there ends with it.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = u32_at(rest, 0)? as usize;
        let kind: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        let (head, length) = match length {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(rest.get(8..16)?.try_into().ok()?)).ok()?),
            length => (8, length),
        };
        let content = rest.get(head..length.min(rest.len()))?;
        rest = rest.get(length..).unwrap_or_default();
        Some((kind, content))
    })
}

/// Dots per inch, as the container states them for capture or display: samples per metre as a fraction and a power of ten.
fn dpi(bytes: &[u8]) -> Option<u32> {
    let inside = |content, wanted: &[u8; 4]| boxes(content).find(|(kind, _)| kind == wanted).map(|(_, c)| c);
    let resolution = inside(inside(bytes, b"jp2h")?, b"res ")?;
    let stated = inside(resolution, b"resc").or_else(|| inside(resolution, b"resd"))?;
    let (above, below) = (f64::from(u16_at(stated, 4)?), f64::from(u16_at(stated, 6)?));
    let power = i32::from(i8::from_be_bytes([*stated.get(9)?]));
    let per_inch = above / below * 10_f64.powi(power) * 0.0254;
    (per_inch.is_finite() && per_inch >= 1.0).then_some(per_inch.round() as u32)
}

/// The parts of its tiles follow one another up to the end.
fn reaches_its_end(stream: &[u8]) -> bool {
    let mut at = 2;
    loop {
        match u16_at(stream, at) {
            Some(END) => return true,
            Some(TILE_PART) => match u32_at(stream, at + 6) {
                // The last part may go on to the end.
                Some(0) => return stream.ends_with(&END.to_be_bytes()),
                Some(length) if length >= 12 => at = at.saturating_add(length as usize),
                _ => return false,
            },
            Some(_) => match u16_at(stream, at + 2) {
                Some(length) if length >= 2 => at = at.saturating_add(2 + usize::from(length)),
                _ => return false,
            },
            None => return false,
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn reason(error: DecodeError) -> Reason {
    match error {
        DecodeError::Format(FormatError::Unsupported) | DecodeError::Marker(MarkerError::Unsupported) => {
            Reason::ImageUnsupported
        }
        DecodeError::Validation(ValidationError::ImageTooLarge) => Reason::PageTooLarge,
        _ => Reason::PageDamaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(content: &[u8]) -> Vec<u8> {
        let boxed = |kind: &[u8; 4], content: &[u8]| {
            [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
        };
        let head = boxed(b"jp2h", &boxed(b"res ", &boxed(b"resc", content)));
        [boxed(b"jP  ", &[0x0D, 0x0A, 0x87, 0x0A]), head, boxed(b"jp2c", &[0xFF, 0x4F])].concat()
    }

    #[test]
    fn the_resolution_is_a_fraction_and_a_power_of_ten_per_metre() {
        // 11811 per metre, written as 11811/1 and as 11811/100 times ten squared.
        assert_eq!(dpi(&container(&[0x2E, 0x23, 0, 1, 0x2E, 0x23, 0, 1, 0, 0])), Some(300));
        assert_eq!(dpi(&container(&[0x2E, 0x23, 0, 100, 0x2E, 0x23, 0, 100, 2, 2])), Some(300));
        assert_eq!(dpi(&container(&[0, 1, 0, 0, 0, 1, 0, 0, 0, 0])), None, "nothing is divided by nothing");
        assert_eq!(dpi(&container(&[0, 1])), None);
    }

    #[test]
    fn the_stream_ends_where_its_parts_say() {
        let part = |length: u32| {
            [&[0xFF, 0x90, 0, 10, 0, 0][..], &length.to_be_bytes(), &[0, 1, 0xFF, 0x93]].concat()
        };
        let stream = |parts: &[&[u8]]| [&[0xFF, 0x4F, 0xFF, 0x52, 0, 4, 0, 0][..], &parts.concat()].concat();
        assert!(reaches_its_end(&stream(&[&part(16), &[1, 2], &part(14), &[0xFF, 0xD9]])));
        assert!(reaches_its_end(&stream(&[&part(0), &[1, 2, 0xFF, 0xD9]])));
        assert!(!reaches_its_end(&stream(&[&part(16), &[1, 2]])));
        assert!(!reaches_its_end(&stream(&[&part(0), &[1, 2]])));
        assert!(!reaches_its_end(&stream(&[&part(1), &[0xFF, 0xD9]])), "a part shorter than its head");
    }

    #[test]
    fn whatever_colours_there_are_light_stays_light() {
        let shade = |samples: &[u8], colours| {
            let image = picture(samples.to_vec(), (1, 1), (samples.len(), colours, true)).unwrap();
            super::super::on_paper(image).into_luma8().get_pixel(0, 0).0[0]
        };
        assert_eq!(shade(&[200], 1), 200);
        assert_eq!(shade(&[0, 0], 1), 255, "nothing there");
        assert_eq!(shade(&[9, 9, 9], 3), 9);
        assert_eq!(shade(&[9, 9, 9, 0], 3), 255, "nothing there");
        assert_eq!(shade(&[0, 0, 0, 0], 4), 255, "no ink");
        assert_eq!(shade(&[0, 0, 0, 255, 255], 4), 0, "all black");
        assert_eq!(shade(&[77, 1, 2, 3, 4, 5], 6), 77);
        assert!(picture(Vec::new(), (1, 1), (0, 1, false)).is_err());
    }

    #[test]
    fn sides_are_halved_until_the_picture_fits() {
        let halvings = |width, height, components| halvings(&Size { width, height, components });
        assert_eq!(halvings(2480, 3508, 3), 0, "a page");
        assert_eq!(halvings(9933, 14043, 3), 2, "a plan");
        assert_eq!(halvings(u32::MAX, u32::MAX, 3), HALVINGS_MAX);
        assert_eq!(bytes_needed(u32::MAX, u32::MAX, u16::MAX), u64::MAX);
    }
}
