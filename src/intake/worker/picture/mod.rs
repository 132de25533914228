//! Pictures: one page, one image. Size is checked from the header, before pixels are decoded; each kind has a file of its
//! own, and of several pictures in one file the first is read and that is said.

mod gif;
mod heic;
mod jpeg2000;
mod scan;
mod webp;

use std::io;
use std::time::Duration;

use image::{DynamicImage, ImageError, imageops::FilterType};

use super::plan::{self, Sheet, Smaller};
use super::{Completeness, Document, PageError, PageRead, look, ocr};
use crate::domain::text::MediaType;
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// What the header of a picture says.
struct Header {
    width: u32,
    height: u32,
    /// Its resolution, if it states one.
    dpi: Option<u32>,
    /// What is to be said of the file as a whole.
    complaints: Vec<Reason>,
}

/// A picture as it was decoded, upright.
struct Decoded {
    image: DynamicImage,
    /// It stops before its end; decoders show what arrived.
    is_cut_off: bool,
}

/// One picture that is a document.
struct Picture<'s> {
    bytes: Vec<u8>,
    media: MediaType,
    header: Header,
    setup: &'s Setup,
}

/// Opens `bytes` as a picture and hands it to `serve`.
pub(super) fn open(
    bytes: Vec<u8>,
    media: MediaType,
    setup: &Setup,
    serve: &mut dyn FnMut(&mut dyn Document) -> io::Result<()>,
) -> Result<io::Result<()>, Reason> {
    let header = header(&bytes, media, setup).map_err(|reason| match reason {
        // The only page is the document: what ails the one ails the other.
        Reason::PageTooLarge => Reason::TooLarge,
        Reason::PageDamaged => Reason::Damaged,
        other => other,
    })?;
    Ok(serve(&mut Picture { bytes, media, header, setup }))
}

fn header(bytes: &[u8], media: MediaType, setup: &Setup) -> Result<Header, Reason> {
    let header = match media {
        MediaType::Png => scan::png_header(bytes),
        MediaType::Gif => gif::header(bytes, setup),
        MediaType::WebP => webp::header(bytes),
        MediaType::Jpeg2000 => jpeg2000::header(bytes, setup),
        MediaType::Heic => heic::header(bytes),
        _ => scan::jpeg_header(bytes),
    }?;
    if !(can_be_a_plan(media) && plan::is_one(header.width, header.height, setup)) {
        check_pixels(header.width, header.height, setup)?;
    }
    Ok(header)
}

/// Pictures of this kind can be taken in rows.
fn can_be_a_plan(media: MediaType) -> bool {
    matches!(media, MediaType::Jpeg | MediaType::Png)
}

/// Refuses an image with too many pixels to be held whole.
pub(super) fn check_pixels(width: u32, height: u32, setup: &Setup) -> Result<(), Reason> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Reason::PageDamaged);
    }
    if pixels > setup.whole_pixels_max { Err(Reason::PageTooLarge) } else { Ok(()) }
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

/// `image` on white paper: what is transparent shows it.
fn on_paper(mut image: DynamicImage) -> DynamicImage {
    match &mut image {
        DynamicImage::ImageRgba8(pixels) => blend::<u8, 4>(pixels),
        DynamicImage::ImageLumaA8(pixels) => blend::<u8, 2>(pixels),
        DynamicImage::ImageRgba16(pixels) => blend::<u16, 4>(pixels),
        DynamicImage::ImageLumaA16(pixels) => blend::<u16, 2>(pixels),
        _ => {}
    }
    image
}

/// Blends samples into white, in place; the last of each `CHANNELS` is how opaque the pixel is.
fn blend<S: image::Primitive + Into<u32> + TryFrom<u32>, const CHANNELS: usize>(samples: &mut [S]) {
    let white: u32 = S::DEFAULT_MAX_VALUE.into();
    for pixel in samples.chunks_exact_mut(CHANNELS) {
        let opacity: u32 = pixel[CHANNELS - 1].into();
        if opacity == white {
            continue;
        }
        for sample in pixel.iter_mut() {
            let shade: u32 = (*sample).into();
            // Two samples of sixteen bits multiplied just fit.
            let seen = opacity * shade / white + (white - opacity);
            *sample = S::try_from(seen).unwrap_or(S::DEFAULT_MAX_VALUE);
        }
        pixel[CHANNELS - 1] = S::DEFAULT_MAX_VALUE;
    }
}

/// What these inks look like on a screen.
pub(super) fn from_cmyk([cyan, magenta, yellow, key]: [u8; 4]) -> [u8; 3] {
    let shade = |ink: u8| (u16::from(255 - ink) * u16::from(255 - key) / 255) as u8;
    [shade(cyan), shade(magenta), shade(yellow)]
}

/// Why a decoder of `image` gave up.
fn reason(error: ImageError) -> Reason {
    match error {
        ImageError::Limits(_) => Reason::PageTooLarge,
        ImageError::Unsupported(_) => Reason::ImageUnsupported,
        _ => Reason::PageDamaged,
    }
}

impl Picture<'_> {
    /// The picture as a plan, if it is one.
    fn plan(&self) -> Option<Sheet> {
        let Header { width, height, dpi, .. } = self.header;
        plan::is_one(width, height, self.setup).then(|| {
            let turn = if self.media == MediaType::Jpeg { scan::jpeg_turn(&self.bytes) } else { None };
            Sheet { width, height, dpi, turn }
        })
    }

    /// Hands over the rows of a plan.
    fn rows(&self, to: &mut Smaller) -> Result<(), Reason> {
        match self.media {
            MediaType::Jpeg => plan::jpeg::decode(&self.bytes, None, false, to),
            _ => scan::png_rows(&self.bytes, to),
        }
    }

    fn decode(&self) -> Result<Decoded, Reason> {
        let Decoded { image, is_cut_off } = match self.media {
            MediaType::Png => scan::png(&self.bytes, self.setup),
            MediaType::Gif => gif::decode(&self.bytes, self.setup),
            MediaType::WebP => webp::decode(&self.bytes),
            MediaType::Jpeg2000 => jpeg2000::decode(&self.bytes),
            MediaType::Heic => heic::decode(&self.bytes, self.setup),
            _ => scan::jpeg(&self.bytes, self.setup),
        }?;
        Ok(Decoded { image: on_paper(image), is_cut_off })
    }
}

impl Document for Picture<'_> {
    fn page_count(&self) -> u32 {
        1
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        if let Some(sheet) = self.plan() {
            let time = ocr::Time::of(Duration::from_millis(self.setup.page_wall_ms));
            return sheet.read(number, self.setup, &mut |to| self.rows(to), &time);
        }
        let Decoded { image, is_cut_off } = self.decode()?;
        let image = image.into_luma8();
        let dpi = ocr::plausible_dpi(self.header.dpi, image.width());
        let seen = Some(look::at(&image, dpi));
        let page = ocr::recognise(image, dpi, number, &self.setup.languages)?;
        Ok(PageRead { page, seen, missing: is_cut_off.then_some(Reason::ImageCutOff) })
    }

    fn image(&mut self, _number: u32, width: u32) -> Result<DynamicImage, PageError> {
        if let Some(sheet) = self.plan() {
            return Ok(sheet.image(width, self.setup, &mut |to| self.rows(to))?);
        }
        let image = scaled(&self.decode()?.image, width, self.setup)?;
        Ok(if image.color().has_color() { image.into_rgb8().into() } else { image.into_luma8().into() })
    }

    fn completeness(&mut self) -> Completeness {
        let complaints = self.header.complaints.clone();
        Completeness { declared: Some(1), contains_files: false, complaints }
    }
}

#[cfg(test)]
mod tests {
    use image::{LumaA, Rgba, RgbaImage};

    use super::*;

    #[test]
    fn what_is_transparent_shows_the_paper() {
        let pixels = [[0, 0, 0, 0], [10, 20, 30, 255], [0, 0, 0, 51]];
        let image = RgbaImage::from_fn(3, 1, |x, _| Rgba(pixels[x as usize]));
        let rgb = on_paper(image.into()).into_rgb8();
        let seen: Vec<[u8; 3]> = rgb.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(seen, [[255; 3], [10, 20, 30], [204; 3]]);
        let deep = image::ImageBuffer::from_pixel(1, 1, LumaA([0_u16, 0]));
        assert_eq!(on_paper(DynamicImage::ImageLumaA16(deep)).into_luma8().get_pixel(0, 0).0, [255]);
    }
}
