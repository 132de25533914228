//! Plans: images too large to be held whole in all their depth. Their rows are taken one after another as the decoder makes
//! them, and are made smaller by a whole factor as they come: for reading to the resolution that reading needs, for looking
//! at to a little more than what is shown. It knows no format; whoever has rows hands them over.

pub(super) mod jpeg;
pub(super) mod packed;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};

use super::picture::scaled;
use super::{PageError, PageRead, ocr};
use crate::intake::limits::{OCR_DPI, PLAN_SIDE_MAX};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// The shorter side of the largest sheet that is drawn on (A0), in inches: what a plan measures that states no resolution.
const SHEET_INCHES: f32 = 33.1;
/// What the shorter side of a plan may measure for its resolution to be believed, in inches.
const SIDE_INCHES: std::ops::RangeInclusive<f32> = 8.0..=65.0;
const WHITE: u8 = 255;

/// The image is too large to be decoded whole, and not too large to be taken in rows.
pub(super) fn is_one(width: u32, height: u32, setup: &Setup) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    let fits = pixels <= setup.pixels_max && width.max(height) <= PLAN_SIDE_MAX;
    fits && pixels > setup.whole_pixels_max
}

/// The resolution to assume for a plan: the stated one if a sheet can be so large, else what makes it A0.
fn resolution(stated: Option<u32>, width: u32, height: u32) -> u32 {
    let side = width.min(height) as f32;
    let believed = stated.filter(|dpi| *dpi > 0 && SIDE_INCHES.contains(&(side / *dpi as f32)));
    believed.unwrap_or((side / SHEET_INCHES).round().max(1.0) as u32)
}

/// By what a plan of this resolution is made smaller to be read: what remains is not less than [`OCR_DPI`].
fn factor_for_reading(dpi: u32) -> u32 {
    (dpi / OCR_DPI as u32).max(1)
}

/// What decoders do with a plan.
pub(super) struct Sheet {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Its resolution, if it states one.
    pub(super) dpi: Option<u32>,
    /// How it must be turned to be upright.
    pub(super) turn: Option<Orientation>,
}

/// Hands over the rows of a plan, and says whether something is missing.
pub(super) type Rows<'r> = &'r mut dyn FnMut(&mut Smaller) -> Result<(), Reason>;

impl Sheet {
    /// Reads the plan, whose rows come out of `rows`, as page `number`.
    pub(super) fn read(
        &self,
        number: u32,
        setup: &Setup,
        rows: Rows<'_>,
        time: &ocr::Time,
    ) -> Result<PageRead, PageError> {
        let dpi = resolution(self.dpi, self.width, self.height);
        let factor = factor_for_reading(dpi);
        let mut smaller = Smaller::new(self.width, self.height, factor, false);
        let decoded = rows(&mut smaller);
        let (image, is_whole) = smaller.image(decoded)?;
        let image = self.upright(image).into_luma8();
        let ocr::PlanText { page, is_all } =
            ocr::recognise_plan(&image, dpi / factor, number, &setup.languages, time)?;
        let missing = match (is_whole, is_all) {
            (false, _) => Some(Reason::ImageCutOff),
            (true, false) => Some(Reason::PlanPartlyRead),
            (true, true) => None,
        };
        // No divider, and no back of anything: nobody looks for codes, and a plan is never dropped for being blank.
        Ok(PageRead { page, seen: None, missing })
    }

    /// The plan in colour, made smaller by this factor; its rows come out of `rows`.
    pub(super) fn smaller(&self, factor: u32, rows: Rows<'_>) -> Result<DynamicImage, Reason> {
        let mut smaller = Smaller::new(self.width, self.height, factor, true);
        let decoded = rows(&mut smaller);
        let (image, _) = smaller.image(decoded)?;
        Ok(self.upright(image))
    }

    /// Draws the plan, whose rows come out of `rows`, `width` pixels wide.
    pub(super) fn image(&self, width: u32, setup: &Setup, rows: Rows<'_>) -> Result<DynamicImage, Reason> {
        let lies = self.turn.is_some_and(|turn| {
            matches!(
                turn,
                Orientation::Rotate90
                    | Orientation::Rotate270
                    | Orientation::Rotate90FlipH
                    | Orientation::Rotate270FlipH
            )
        });
        let side = if lies { self.height } else { self.width };
        scaled(&self.smaller((side / width.max(1)).max(1), rows)?, width, setup)
    }

    fn upright(&self, mut image: DynamicImage) -> DynamicImage {
        if let Some(turn) = self.turn {
            image.apply_orientation(turn);
        }
        image
    }
}

/// An image that is made smaller while its rows come in. Each of its pixels is the mean of those it stands for.
pub(super) struct Smaller {
    width: u32,
    height: u32,
    factor: usize,
    /// Colours are kept, if the rows have any.
    in_colour: bool,
    /// Bytes a pixel, known with the first row.
    channels: usize,
    /// What is missing to white, per pixel of the row in hand.
    darkness: Vec<u64>,
    rows_in_hand: usize,
    rows_seen: u32,
    pixels: Vec<u8>,
}

impl Smaller {
    pub(super) fn new(width: u32, height: u32, factor: u32, in_colour: bool) -> Self {
        let factor = factor.max(1) as usize;
        Self {
            width,
            height,
            factor,
            in_colour,
            channels: 0,
            darkness: Vec::new(),
            rows_in_hand: 0,
            rows_seen: 0,
            pixels: Vec::new(),
        }
    }

    /// How wide the rows are.
    pub(super) fn row_width(&self) -> usize {
        self.width as usize
    }

    /// All rows are there; more are not taken.
    pub(super) fn is_full(&self) -> bool {
        self.rows_seen >= self.height
    }

    /// How many pixels across it becomes.
    fn across(&self) -> usize {
        (self.width as usize).div_ceil(self.factor)
    }

    fn begin(&mut self, channels: usize) {
        if self.channels == 0 {
            self.channels = channels;
            self.darkness = vec![0; self.across() * channels];
        }
    }

    /// A row of shades, one byte a pixel.
    pub(super) fn grey(&mut self, row: &[u8]) {
        self.begin(1);
        if self.is_full() || self.channels != 1 {
            return;
        }
        let row = &row[..row.len().min(self.width as usize)];
        if self.factor == 1 {
            self.pixels.extend_from_slice(row);
            self.pixels.resize(self.pixels.len() + self.width as usize - row.len(), WHITE);
            self.rows_seen += 1;
            return;
        }
        for (sum, pixels) in self.darkness.iter_mut().zip(row.chunks(self.factor)) {
            let shades: u64 = pixels.iter().map(|shade| u64::from(*shade)).sum();
            *sum += pixels.len() as u64 * u64::from(WHITE) - shades;
        }
        self.row_is_done();
    }

    /// A row of colours, three bytes a pixel.
    pub(super) fn colours(&mut self, row: &[u8]) {
        if !self.in_colour {
            let shades: Vec<u8> = row.chunks_exact(3).map(|rgb| shade([rgb[0], rgb[1], rgb[2]])).collect();
            self.grey(&shades);
            return;
        }
        self.begin(3);
        if self.is_full() || self.channels != 3 {
            return;
        }
        let row = &row[..row.len().min(self.width as usize * 3)];
        for (sums, pixels) in self.darkness.chunks_exact_mut(3).zip(row.chunks(self.factor * 3)) {
            for rgb in pixels.chunks_exact(3) {
                for (sum, shade) in sums.iter_mut().zip(rgb) {
                    *sum += u64::from(WHITE - shade);
                }
            }
        }
        self.row_is_done();
    }

    /// A row of paper on which these spans are ink, each from its first pixel up to one behind its last. Paper is free.
    pub(super) fn ink(&mut self, spans: impl Iterator<Item = (usize, usize)>) {
        self.begin(1);
        if self.is_full() || self.channels != 1 {
            return;
        }
        let (width, factor) = (self.width as usize, self.factor);
        for (from, to) in spans {
            let (mut from, to) = (from.min(width), to.min(width));
            while from < to {
                let place = from / factor;
                let end = ((place + 1) * factor).min(to);
                self.darkness[place] += (end - from) as u64 * u64::from(WHITE);
                from = end;
            }
        }
        self.row_is_done();
    }

    fn row_is_done(&mut self) {
        self.rows_seen += 1;
        self.rows_in_hand += 1;
        if self.rows_in_hand == self.factor || self.is_full() {
            self.put_down();
        }
    }

    /// The mean of the rows in hand becomes a row of the image.
    fn put_down(&mut self) {
        if self.rows_in_hand == 0 {
            return;
        }
        let (width, factor, rows) = (self.width as usize, self.factor, self.rows_in_hand);
        let channels = self.channels;
        for (at, sum) in self.darkness.iter_mut().enumerate() {
            if *sum == 0 {
                self.pixels.push(WHITE);
                continue;
            }
            let place = at / channels;
            let pixels = (factor.min(width - place * factor) * rows) as u64;
            self.pixels.push(WHITE - (*sum / pixels).min(u64::from(WHITE)) as u8);
            *sum = 0;
        }
        self.rows_in_hand = 0;
    }

    /// The image, white where no rows came, and whether all came. Without any, why decoding failed.
    fn image(mut self, decoded: Result<(), Reason>) -> Result<(DynamicImage, bool), Reason> {
        self.put_down();
        if self.pixels.is_empty() {
            return Err(decoded.err().unwrap_or(Reason::PageDamaged));
        }
        let is_whole = self.is_full() && decoded.is_ok();
        let (across, down) = (self.across(), (self.height as usize).div_ceil(self.factor));
        self.pixels.resize(across * down * self.channels, WHITE);
        let (across, down) = (across as u32, down as u32);
        let image = match self.channels {
            1 => GrayImage::from_raw(across, down, self.pixels).map(DynamicImage::from),
            _ => RgbImage::from_raw(across, down, self.pixels).map(DynamicImage::from),
        };
        image.map(|image| (image, is_whole)).ok_or(Reason::PageDamaged)
    }
}

/// How light a colour is (ITU-R BT.709).
fn shade([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 2126 * u32::from(red) + 7152 * u32::from(green) + 722 * u32::from(blue);
    (sum / 10_000) as u8
}

/// Hands over one row, given by the places where its colour changes; with `invert` what the code calls white is black.
pub(super) fn put_spans(changes: &[u32], invert: bool, to: &mut Smaller) {
    let width = to.row_width();
    if invert {
        let ends = changes.iter().map(|change| *change as usize).chain([width, width]);
        let places: Vec<usize> = std::iter::once(0).chain(ends).collect();
        to.ink(places.chunks_exact(2).map(|two| (two[0], two[1])));
    } else {
        let span = |run: &[u32]| (run[0] as usize, run.get(1).map_or(width, |to| *to as usize));
        to.ink(changes.chunks(2).map(span));
    }
}

/// The rows of a piece that was decoded, which stands for so many columns of the whole.
pub(super) fn put_rows(piece: &DynamicImage, to: &mut Smaller) {
    match piece {
        DynamicImage::ImageRgb8(pixels) => {
            pixels.as_raw().chunks_exact(pixels.width().max(1) as usize * 3).for_each(|row| to.colours(row));
        }
        DynamicImage::ImageLuma8(pixels) => {
            pixels.as_raw().chunks_exact(pixels.width().max(1) as usize).for_each(|row| to.grey(row));
        }
        other => put_rows(&DynamicImage::ImageRgb8(other.to_rgb8()), to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(
        width: u32,
        height: u32,
        factor: u32,
        rows: &mut dyn FnMut(&mut Smaller),
    ) -> (DynamicImage, bool) {
        let mut smaller = Smaller::new(width, height, factor, true);
        rows(&mut smaller);
        smaller.image(Ok(())).unwrap()
    }

    #[test]
    fn each_pixel_is_the_mean_of_those_it_stands_for_also_at_the_edges() {
        let rows = [[0_u8, 100, 40, 60, 10], [100, 200, 40, 60, 30], [7, 9, 1, 3, 255]];
        let (image, whole) = made(5, 3, 2, &mut |smaller| rows.iter().for_each(|row| smaller.grey(row)));
        assert!(whole);
        assert_eq!(image.into_luma8().into_raw(), [100, 50, 20, 8, 2, 255]);
    }

    #[test]
    fn spans_of_ink_make_the_same_image_as_shades() {
        let spans = [vec![(1, 4), (6, 7)], vec![], vec![(0, 7)], vec![(3, 99)]];
        let row = |spans: &Vec<(usize, usize)>| -> Vec<u8> {
            let is_ink = |x: usize| spans.iter().any(|(from, to)| (*from..*to).contains(&x));
            (0..7).map(|x| if is_ink(x) { 0 } else { 255 }).collect()
        };
        for factor in 1..=5 {
            let of_spans =
                made(7, 4, factor, &mut |to| spans.iter().for_each(|spans| to.ink(spans.iter().copied())));
            let of_shades = made(7, 4, factor, &mut |to| spans.iter().for_each(|spans| to.grey(&row(spans))));
            assert_eq!(of_spans, of_shades, "{factor}");
        }
    }

    #[test]
    fn rows_that_did_not_come_are_white_and_that_is_said_and_surplus_ones_are_not_taken() {
        let (image, whole) = made(2, 3, 1, &mut |smaller| smaller.grey(&[0, 0]));
        assert_eq!((image.into_luma8().into_raw(), whole), (vec![0, 0, 255, 255, 255, 255], false));
        let (image, whole) = made(2, 1, 1, &mut |smaller| (0..9).for_each(|_| smaller.grey(&[7, 7])));
        assert_eq!((image.into_luma8().into_raw(), whole), (vec![7, 7], true));
        assert_eq!(Smaller::new(2, 2, 1, false).image(Err(Reason::TooDeep)).unwrap_err(), Reason::TooDeep);
    }

    #[test]
    fn colours_stay_for_looking_at_and_become_shades_for_reading() {
        let row = [200, 100, 0, 100, 200, 0];
        let (image, _) = made(2, 1, 2, &mut |smaller| smaller.colours(&row));
        assert_eq!(image.into_rgb8().into_raw(), [150, 150, 0]);
        let mut smaller = Smaller::new(2, 1, 1, false);
        smaller.colours(&row);
        assert_eq!(smaller.image(Ok(())).unwrap().0.into_luma8().into_raw(), [114, 164]);
    }

    #[test]
    fn a_plan_is_read_at_what_reading_needs() {
        // A0 at 600 dpi, stated, not stated, and stated as what no sheet can be.
        for stated in [Some(600), None, Some(72), Some(20_000)] {
            assert_eq!(resolution(stated, 19_866, 28_087), 600, "{stated:?}");
        }
        assert_eq!([150, 300, 400, 599, 600, 1200].map(factor_for_reading), [1, 1, 1, 1, 2, 4]);
    }
}
