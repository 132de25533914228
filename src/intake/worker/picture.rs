//! JPEG and PNG: one page, one image. Size is checked from the header, before pixels are decoded.

use std::io::{self, Cursor};

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{DynamicImage, ImageDecoder, ImageError, Limits as ImageLimits, imageops::FilterType};

use super::{Completeness, Document, PageError, PageRead, jpeg, look, ocr};
use crate::domain::text::MediaType;
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// Bytes a decoded pixel may need: three colours of one byte, or one of two, and working space.
const BYTES_PER_PIXEL: u64 = 4;

/// One image that is a document.
struct Picture<'s> {
    bytes: Vec<u8>,
    media: MediaType,
    setup: &'s Setup,
}

/// Opens `bytes` as an image and hands it to `serve`.
pub(super) fn open(
    bytes: Vec<u8>,
    media: MediaType,
    setup: &Setup,
    serve: &mut dyn FnMut(&mut dyn Document) -> io::Result<()>,
) -> Result<io::Result<()>, Reason> {
    let mut picture = Picture { bytes, media, setup };
    picture.check_size()?;
    Ok(serve(&mut picture))
}

/// Refuses an image with too many pixels.
pub(super) fn check_pixels(width: u32, height: u32, setup: &Setup) -> Result<(), Reason> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Reason::PageDamaged);
    }
    if pixels > setup.pixels_max { Err(Reason::PageTooLarge) } else { Ok(()) }
}

/// `image`, scaled to `width` pixels across; the height follows, at least one pixel.
pub(super) fn scaled(image: &DynamicImage, width: u32, setup: &Setup) -> Result<DynamicImage, Reason> {
    let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1));
    let height = u32::try_from(height.max(1)).map_err(|_| Reason::PageTooLarge)?;
    check_pixels(width, height, setup)?;
    if width <= image.width() {
        Ok(image.thumbnail_exact(width, height))
    } else {
        Ok(image.resize_exact(width, height, FilterType::Triangle))
    }
}

impl Picture<'_> {
    /// The only page is the document: what ails the one ails the other.
    fn check_size(&self) -> Result<(), Reason> {
        let header = match self.media {
            MediaType::Png => PngDecoder::new(Cursor::new(&self.bytes)).map(|d| d.dimensions()),
            _ => JpegDecoder::new(Cursor::new(&self.bytes)).map(|d| d.dimensions()),
        };
        let checked =
            header.map_err(reason).and_then(|(width, height)| check_pixels(width, height, self.setup));
        checked.map_err(|reason| match reason {
            Reason::PageTooLarge => Reason::TooLarge,
            Reason::PageDamaged => Reason::Damaged,
            other => other,
        })
    }

    fn decode(&self) -> Result<DynamicImage, Reason> {
        match self.media {
            MediaType::Png => {
                upright(PngDecoder::with_limits(Cursor::new(&self.bytes), self.limits()).map_err(reason)?)
            }
            _ => {
                let mut decoder = JpegDecoder::new(Cursor::new(&self.bytes)).map_err(reason)?;
                decoder.set_limits(self.limits()).map_err(reason)?;
                upright(decoder)
            }
        }
    }

    fn limits(&self) -> ImageLimits {
        let mut limits = ImageLimits::no_limits();
        limits.max_alloc = Some(self.setup.pixels_max.saturating_mul(BYTES_PER_PIXEL));
        limits
    }

    /// It stops before its end. Decoders show what arrived.
    fn is_cut_off(&self) -> bool {
        match self.media {
            MediaType::Png => !png_chunks(&self.bytes).any(|(kind, _)| kind == b"IEND"),
            _ => !jpeg::reaches_its_end(&self.bytes),
        }
    }

    fn dpi(&self) -> Option<u32> {
        match self.media {
            MediaType::Png => png_dpi(&self.bytes),
            _ => jfif_dpi(&self.bytes),
        }
    }
}

fn upright(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Reason> {
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(reason)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

fn reason(error: ImageError) -> Reason {
    match error {
        ImageError::Limits(_) => Reason::PageTooLarge,
        ImageError::Unsupported(_) => Reason::ImageUnsupported,
        _ => Reason::PageDamaged,
    }
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

impl Document for Picture<'_> {
    fn page_count(&self) -> u32 {
        1
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        let image = self.decode()?.into_luma8();
        let dpi = ocr::plausible_dpi(self.dpi(), image.width());
        let seen = Some(look::at(&image, dpi));
        let page = ocr::recognise(image, dpi, number, &self.setup.languages)?;
        Ok(PageRead { page, seen, missing: self.is_cut_off().then_some(Reason::ImageCutOff) })
    }

    fn image(&mut self, _number: u32, width: u32) -> Result<DynamicImage, PageError> {
        let image = scaled(&self.decode()?, width, self.setup)?;
        Ok(if image.color().has_color() { image.into_rgb8().into() } else { image.into_luma8().into() })
    }

    fn completeness(&mut self) -> Completeness {
        Completeness { declared: Some(1), contains_files: false, complaints: Vec::new() }
    }
}
