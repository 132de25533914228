//! Pages on which an image lies that is too large to be held whole: its rows, and a copy of the document in which it is smaller,
//! to be drawn. What is stored in a way that cannot be taken in rows (JBIG2, JPEG 2000, several filters) is refused as too large.

use std::io::{Write, copy};
use std::sync::Arc;

use flate2::read::ZlibDecoder;
use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode, decode as decode_ccitt};
use image::DynamicImage;
use lopdf::Object as Lopdf;

use super::draw::POINTS_PER_INCH;
use crate::domain::text::WordBox;
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;
use crate::intake::worker::plan::packed::{Meaning, Packed, Predictor, Shape};
use crate::intake::worker::plan::{Sheet, Smaller, is_one, jpeg, put_spans};

/// Most pixels of such an image in the copy that is drawn.
const DRAWN_PIXELS_MAX: f64 = 24_000_000.0;
/// Ways of predicting from which on each row says its own (PNG).
const PREDICTOR_PNG: i32 = 10;
const PREDICTOR_LEFT: i32 = 2;
/// Names of one-channel, three-channel and four-channel colours.
const GREYS: [&[u8]; 3] = [b"DeviceGray", b"CalGray", b"G"];
const COLOURS: [&[u8]; 3] = [b"DeviceRGB", b"CalRGB", b"RGB"];
const INKS: [&[u8]; 2] = [b"DeviceCMYK", b"CMYK"];

/// An image on a page that is too large to be held whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Large {
    pub(super) id: ObjectIdentifier,
    pub(super) width: u32,
    pub(super) height: u32,
    /// From its pixels to the page's points.
    pub(super) to_page: Affine,
    /// Which part of the page it covers.
    pub(super) share: f64,
}

impl Large {
    /// The image as a plan, if it is not too large even for one.
    pub(super) fn sheet(&self, setup: &Setup) -> Result<Sheet, Reason> {
        if !is_one(self.width, self.height, setup) {
            return Err(Reason::PageTooLarge);
        }
        let points = self.points_per_pixel();
        let dpi = (points > 0.0).then(|| (f64::from(POINTS_PER_INCH) / points).round() as u32);
        Ok(Sheet { width: self.width, height: self.height, dpi, turn: None })
    }

    fn points_per_pixel(&self) -> f64 {
        let [a, b, ..] = self.to_page.as_coeffs();
        a.hypot(b)
    }

    /// A word of the image as it lies on the page, which measures so many points.
    pub(super) fn lay_on_page(&self, word: &mut WordBox, (width, height): (f64, f64)) {
        let (across, down) = (f64::from(self.width), f64::from(self.height));
        let (left, top) = (f64::from(word.left) * across, f64::from(word.top) * down);
        let (right, bottom) = (left + f64::from(word.width) * across, top + f64::from(word.height) * down);
        let page = Rect::new(0.0, 0.0, width, height);
        let placed = self.to_page.transform_rect_bbox(Rect::new(left, top, right, bottom)).intersect(page);
        let share = |points: f64, of: f64| (points / of.max(1.0)).clamp(0.0, 1.0) as f32;
        (word.left, word.top) = (share(placed.x0, width), share(placed.y0, height));
        (word.width, word.height) = (share(placed.width(), width), share(placed.height(), height));
    }

    /// Hands over its rows.
    pub(super) fn rows(&self, page: &Page<'_>, to: &mut Smaller) -> Result<(), Reason> {
        let stream = page.xref().get::<Stream<'_>>(self.id).ok_or(Reason::PageDamaged)?;
        let bytes = stream.raw_data();
        match stream.filters()[..] {
            [Filter::DctDecode] => jpeg::decode(&bytes, None, false, to),
            [Filter::CcittFaxDecode] => fax_rows(stream.dict(), &bytes, self, to),
            [] => packed_rows(stream.dict(), self, to, |packed| drop(packed.write_all(&bytes))),
            [Filter::FlateDecode] => packed_rows(stream.dict(), self, to, |packed| {
                // It ends with the last row that is wanted, or where it is damaged.
                drop(copy(&mut ZlibDecoder::new(&bytes[..]), packed));
            }),
            _ => Err(Reason::PageTooLarge),
        }
    }
}

/// How the last filter is to be applied.
fn parameters<'a>(dict: &Dict<'a>) -> Dict<'a> {
    let named = |key: &[u8]| {
        dict.get::<Dict<'_>>(key).or_else(|| dict.get::<Array<'_>>(key)?.iter::<Dict<'_>>().next())
    };
    named(b"DecodeParms").or_else(|| named(b"DP")).unwrap_or_else(Dict::empty)
}

/// Light and dark are exchanged.
fn is_inverted(dict: &Dict<'_>) -> bool {
    let decode = dict.get::<Array<'_>>(b"Decode").or_else(|| dict.get::<Array<'_>>(b"D"));
    decode.and_then(|decode| decode.iter::<f32>().next()).is_some_and(|first| first > 0.5)
}

fn fax_rows(dict: &Dict<'_>, bytes: &[u8], image: &Large, to: &mut Smaller) -> Result<(), Reason> {
    struct Rows<'t> {
        invert: bool,
        came: u32,
        to: &'t mut Smaller,
    }
    impl Decoder for Rows<'_> {
        fn push_row(&mut self, changes: &[u32]) {
            put_spans(changes, self.invert, self.to);
            self.came += 1;
        }
    }
    let parameters = parameters(dict);
    let flag = |key: &[u8], usual: bool| parameters.get::<bool>(key).unwrap_or(usual);
    let columns = parameters.get::<u32>(b"Columns").unwrap_or(1728);
    if columns != image.width {
        return Err(Reason::PageTooLarge);
    }
    let settings = DecodeSettings {
        columns,
        rows: image.height,
        end_of_block: flag(b"EndOfBlock", true),
        end_of_line: flag(b"EndOfLine", false),
        rows_are_byte_aligned: flag(b"EncodedByteAlign", false),
        encoding: match parameters.get::<i32>(b"K").unwrap_or(0) {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            1.. => EncodingMode::Group3_2D,
        },
        strict: false,
    };
    let Meaning::Shade { .. } = meaning(dict)?.0 else { return Err(Reason::PageTooLarge) };
    let invert = flag(b"BlackIs1", false) != is_inverted(dict);
    let mut rows = Rows { invert, came: 0, to };
    let _ = decode_ccitt(bytes, &mut rows, &mut DecoderContext::new(settings));
    if rows.came < image.height { Err(Reason::ImageCutOff) } else { Ok(()) }
}

fn packed_rows(
    dict: &Dict<'_>,
    image: &Large,
    to: &mut Smaller,
    unpack: impl FnOnce(&mut Packed<'_>),
) -> Result<(), Reason> {
    let parameters = parameters(dict);
    let predictor = match parameters.get::<i32>(b"Predictor").unwrap_or(1) {
        PREDICTOR_PNG.. => Predictor::Png,
        PREDICTOR_LEFT => Predictor::Left,
        _ => Predictor::None,
    };
    let (meaning, samples) = meaning(dict)?;
    let is_mask = dict.get::<bool>(b"ImageMask").unwrap_or(false);
    let bits = if is_mask { 1 } else { dict.get::<u32>(b"BitsPerComponent").unwrap_or(8) as usize };
    let shape = Shape { width: image.width as usize, bits, samples, meaning, predictor, is_little: false };
    if !shape.is_known() {
        return Err(Reason::PageTooLarge);
    }
    let mut packed = Packed::new(shape, image.height as usize, to);
    unpack(&mut packed);
    if packed.is_whole() { Ok(()) } else { Err(Reason::ImageCutOff) }
}

/// What its samples mean, and how many a pixel has.
fn meaning(dict: &Dict<'_>) -> Result<(Meaning, usize), Reason> {
    let shade = || (Meaning::Shade { zero_is_white: is_inverted(dict) }, 1);
    if dict.get::<bool>(b"ImageMask").unwrap_or(false) {
        return Ok(shade());
    }
    let channels = match dict.get::<Object<'_>>(b"ColorSpace") {
        Some(Object::Name(name)) => of_name(&name),
        Some(Object::Array(array)) => {
            let kind = array.iter::<Object<'_>>().next();
            match kind {
                Some(Object::Name(name)) if *name == *b"ICCBased" => {
                    let profile = array.iter::<Object<'_>>().nth(1);
                    match profile {
                        Some(Object::Stream(profile)) => profile.dict().get::<usize>(b"N"),
                        _ => None,
                    }
                }
                Some(Object::Name(name)) => of_name(&name),
                _ => None,
            }
        }
        _ => None,
    };
    match channels {
        Some(1) => Ok(shade()),
        Some(3) => Ok((Meaning::Rgb, 3)),
        Some(4) => Ok((Meaning::Cmyk, 4)),
        // Palettes and inks by name.
        _ => Err(Reason::PageTooLarge),
    }
}

fn of_name(name: &Name<'_>) -> Option<usize> {
    let is_one = |of: &[&[u8]]| of.contains(&&**name);
    match () {
        () if is_one(&GREYS) => Some(1),
        () if is_one(&COLOURS) => Some(3),
        () if is_one(&INKS) => Some(4),
        () => None,
    }
}

/// The document with these images of a page made smaller, for the page to be drawn with so many pixels a point.
pub(super) fn made_smaller(
    bytes: &[u8],
    page: &Page<'_>,
    images: &[Large],
    scale: f32,
    setup: &Setup,
) -> Result<Arc<Vec<u8>>, Reason> {
    let mut document = lopdf::Document::load_mem(bytes).map_err(|_| Reason::PageTooLarge)?;
    if document.is_encrypted() {
        return Err(Reason::PageTooLarge);
    }
    for image in images {
        let sheet = image.sheet(setup)?;
        let by_pixels = (f64::from(image.width) * f64::from(image.height) / DRAWN_PIXELS_MAX).sqrt().ceil();
        let by_scale = (1.0 / (image.points_per_pixel() * f64::from(scale)).max(f64::MIN_POSITIVE)).floor();
        let factor = by_pixels.max(by_scale).clamp(1.0, f64::from(u32::MAX)) as u32;
        let small = sheet.smaller(factor, &mut |to| image.rows(page, to))?;
        let number = image.id.obj_number;
        let generation = u16::try_from(image.id.gen_number).map_err(|_| Reason::PageDamaged)?;
        let stored = document.get_object_mut((number, generation)).map_err(|_| Reason::PageTooLarge)?;
        let Lopdf::Stream(stream) = stored else { return Err(Reason::PageTooLarge) };
        for key in ["Filter", "DecodeParms", "Decode", "ImageMask", "SMask", "Mask", "Intent"] {
            stream.dict.remove(key.as_bytes());
        }
        let (space, pixels) = match &small {
            DynamicImage::ImageLuma8(pixels) => ("DeviceGray", pixels.as_raw().clone()),
            other => ("DeviceRGB", other.to_rgb8().into_raw()),
        };
        stream.dict.set("ColorSpace", Lopdf::Name(space.as_bytes().to_vec()));
        stream.dict.set("BitsPerComponent", 8_i64);
        stream.dict.set("Width", i64::from(small.width()));
        stream.dict.set("Height", i64::from(small.height()));
        stream.set_plain_content(pixels);
    }
    let mut changed = Vec::new();
    document.save_to(&mut changed).map_err(|_| Reason::PageTooLarge)?;
    Ok(Arc::new(changed))
}
