//! Collects what a page draws: glyphs with place and meaning, and how much of it is image.

use std::collections::HashSet;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::object::{Dict, ObjectIdentifier, Stream};
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Vec2};

use super::meaning::{self, Stretches};
use super::plan::Large;
use crate::intake::limits::PAGE_GLYPHS_MAX;
use crate::intake::worker::jpeg;

/// Glyph space has a thousand units to the em.
const EM: f64 = 1000.0;
/// A glyph of unknown width is taken for half an em.
const WIDTH_UNKNOWN: f64 = 500.0;
/// Glyphs flatter than this (in points) are drawn for no reader.
const SIZE_MIN: f64 = 0.05;
/// Stands for a glyph whose meaning the document does not say.
pub(super) const UNKNOWN: &str = "\u{FFFD}";

/// A glyph on the page; lengths in points, from the top left, downwards.
#[derive(Debug, Clone)]
pub(super) struct PlacedGlyph {
    /// What it means; [`UNKNOWN`] where the document does not say.
    pub(super) text: String,
    /// Where its baseline begins.
    pub(super) origin: Point,
    /// From its origin to where the next glyph would stand.
    pub(super) advance: Vec2,
    /// Unit vector of the baseline.
    pub(super) along: Vec2,
    /// Unit vector from the baseline to the top of the letters.
    pub(super) up: Vec2,
    /// Height of the em.
    pub(super) size: f64,
}

/// What was seen on a page.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// Area of all images, as a share of the page (overlaps count twice), at most 1.
    pub(super) image_share: f64,
    /// The images that are too large to be held whole.
    pub(super) large: Vec<Large>,
    /// How many shapes were painted.
    pub(super) shapes: usize,
    /// There were more glyphs than are looked at.
    pub(super) cut: bool,
    /// An image that is seen stops before its end.
    pub(super) image_cut_off: bool,
}

impl Seen {
    /// There is room for another glyph; from now on it is known that there was not, if there is none.
    pub(super) fn may_have_more(&mut self) -> bool {
        self.cut |= self.glyphs.len() >= PAGE_GLYPHS_MAX;
        !self.cut
    }
}

/// The device that the interpreter draws on.
pub(super) struct Collector {
    seen: Seen,
    /// The images looked into: one may be drawn a thousand times.
    images: HashSet<u128>,
    /// Stretches of content that say what is written in them.
    stretches: Stretches,
    /// Letters that fonts draw themselves are named after their codes alone.
    drawn_letters_are_codes: bool,
    /// An image of more pixels is large.
    whole_pixels_max: u64,
}

impl Collector {
    pub(super) fn new(width: f64, height: f64, drawn_letters_are_codes: bool, whole_pixels_max: u64) -> Self {
        let seen = Seen {
            width,
            height,
            glyphs: Vec::new(),
            image_share: 0.0,
            large: Vec::new(),
            shapes: 0,
            cut: false,
            image_cut_off: false,
        };
        Self {
            seen,
            images: HashSet::new(),
            stretches: Stretches::default(),
            drawn_letters_are_codes,
            whole_pixels_max,
        }
    }

    pub(super) fn seen(self) -> Seen {
        self.seen
    }

    fn place(&mut self, glyph: &Glyph<'_>, transform: Affine, downward: bool) {
        let width = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(type3) => type3.advance_width(),
        };
        let [a, b, c, d, _, _] = transform.as_coeffs();
        let (across, upward) = (Vec2::new(a, b), Vec2::new(c, d));
        let size = (upward.hypot() * EM).abs();
        if !(size.is_finite() && size > SIZE_MIN && across.hypot() > 0.0) {
            return;
        }
        let unit = across.hypot();
        let (across, upward) = (across.normalize(), upward.normalize());
        // Vertical writing goes down the page, an em a glyph; "up" is then to the right.
        let (along, up) = if downward { (-upward, across) } else { (across, upward) };
        let width = unit * width.map_or(WIDTH_UNKNOWN, f64::from);
        let advance = along * if downward { size } else { width };
        let origin = transform * Point::ZERO;
        let outside = |from: f64, to: f64, most: f64| from.max(to) < 0.0 || from.min(to) > most;
        let end = origin + advance;
        let unseen = outside(origin.x, end.x, self.seen.width) || outside(origin.y, end.y, self.seen.height);
        if unseen || !(origin.is_finite() && end.is_finite()) {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(character)) => character.to_string(),
            Some(BfString::String(text)) => text,
            // What is not even drawn is a blank.
            None if draws_nothing(glyph) => " ".to_owned(),
            None => self.by_code(glyph).map_or_else(|| UNKNOWN.to_owned(), String::from),
        };
        self.seen.glyphs.push(PlacedGlyph { text, origin, advance, along, up, size });
    }

    fn by_code(&self, glyph: &Glyph<'_>) -> Option<char> {
        let is_drawn = matches!(glyph, Glyph::Type3(_));
        (is_drawn && self.drawn_letters_are_codes).then(|| meaning::of_code(glyph.char_code())).flatten()
    }
}

/// A JPEG that stops before its end. One that is packed a second time is not looked into.
fn is_cut_off(image: &Image<'_, '_>) -> bool {
    fn ends_early(stream: &Stream<'_>) -> bool {
        stream.filters()[..] == [Filter::DctDecode] && !jpeg::reaches_its_end(&stream.raw_data())
    }
    match image {
        Image::Stencil(stencil) => ends_early(stencil.stream()),
        Image::Raster(raster) => ends_early(raster.stream()),
    }
}

fn id_of(image: &Image<'_, '_>) -> ObjectIdentifier {
    match image {
        Image::Stencil(stencil) => stencil.stream().obj_id(),
        Image::Raster(raster) => raster.stream().obj_id(),
    }
}

fn draws_nothing(glyph: &Glyph<'_>) -> bool {
    match glyph {
        Glyph::Outline(outline) => outline.outline().elements().is_empty(),
        Glyph::Type3(_) => false,
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        // "Fill and stroke" arrives twice; the stroke's letters are dropped later as doubles.
        let downward = run.writing_mode() == WritingMode::Vertical;
        for glyph in run.glyphs() {
            if !self.seen.may_have_more() {
                return;
            }
            self.place(glyph, props.transform * glyph.transform(), downward);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let unit = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let page = Rect::new(0.0, 0.0, self.seen.width, self.seen.height);
        let covered = props.transform.transform_rect_bbox(unit).intersect(page);
        if covered.area() > 0.0 && self.images.insert(image.cache_key()) {
            self.seen.image_cut_off |= is_cut_off(&image);
        }
        let share = covered.area() / page.area().max(1.0);
        let pixels = u64::from(image.width()) * u64::from(image.height());
        if pixels > self.whole_pixels_max {
            let (id, width, height) = (id_of(&image), image.width(), image.height());
            if share > 0.0 && self.seen.large.iter().all(|large| large.id != id) {
                self.seen.large.push(Large { id, width, height, to_page: props.transform, share });
            }
        }
        self.seen.image_share = (self.seen.image_share + share).clamp(0.0, 1.0);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.seen.shapes += 1;
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.stretches.begin(properties, self.seen.glyphs.len());
    }

    fn end_marked_content(&mut self) {
        self.stretches.end(&mut self.seen.glyphs);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
