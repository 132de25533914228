//! From a laid-out page to what a scanner sees of it: skewed, yellowed, punched, speckled.

use image::{GrayImage, Luma};

use crate::fonts::Faces;
use crate::ink::{Case, Sheet, Strike};
use crate::letter::{Item, Page};
use crate::rng::Rng;

/// How a page has aged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wear {
    /// Kept well.
    #[default]
    Good,
    /// Pale ribbon, yellow paper.
    Faded,
    /// Damp, speckled, badly laid on the glass: some words will be misread.
    Bad,
}

/// How this one page came out.
pub struct Look {
    /// Turned clockwise by this, in radians.
    pub skew: f32,
    ink: f32,
    tone: f32,
    speckles_per_page: u32,
    blurred: bool,
}

impl Look {
    /// Draws the look of a page of this wear.
    pub fn of(wear: Wear, rng: &mut Rng) -> Self {
        let (degrees, ink, tone, speckles_per_page) = match wear {
            Wear::Good => (0.8, 0.98, 247.0, 60),
            Wear::Faded => (1.2, 0.72, 228.0, 180),
            Wear::Bad => (1.5, 0.62, 214.0, 2600),
        };
        let skew = rng.between(-degrees, degrees).to_radians();
        let tone = tone + rng.between(-4.0, 4.0);
        Self { skew, ink, tone, speckles_per_page, blurred: wear == Wear::Bad }
    }
}

/// Draws a page as a scan with this many dots per inch.
pub fn scan(page: &Page, look: &Look, dpi: u16, faces: &Faces, case: &mut Case, rng: &mut Rng) -> GrayImage {
    let unit = f32::from(dpi) / 72.0;
    let size = |points: f32| (points * unit).round() as u32;
    let mut sheet = Sheet::new(size(page.size.0), size(page.size.1), faces, case);
    for item in &page.items {
        draw(&mut sheet, item, unit, rng);
    }
    let mut pixels = age(&turn(&sheet.pixels, look.skew), look, rng);
    speckle(&mut pixels, look, rng);
    punch(&mut pixels, unit);
    if look.blurred { image::imageops::fast_blur(&pixels, 0.7) } else { pixels }
}

fn draw(sheet: &mut Sheet, item: &Item, unit: f32, rng: &mut Rng) {
    let px = |(x, y): (f32, f32)| (x * unit, y * unit);
    match item {
        Item::Text { x, y, size, face, text } => {
            let strike = Strike { at: px((*x, *y)), em: size * unit, face: *face, ink: 1.0, angle: 0.0 };
            sheet.write(text, strike, rng);
        }
        Item::Line { from, to, width } => sheet.stroke(px(*from), px(*to), width * unit, 0.75),
        Item::Stamp { x, y, lines } => sheet.stamp(px((*x, *y)), lines, unit, rng),
        Item::Seal { x, y, ring } => sheet.seal(px((*x, *y)), ring, unit, rng),
        Item::Signature { x, y } => sheet.signature(px((*x, *y)), unit, rng),
    }
}

/// Turns about the centre; what comes in from outside is white.
fn turn(flat: &GrayImage, angle: f32) -> GrayImage {
    let (width, height) = flat.dimensions();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let (sin, cos) = angle.sin_cos();
    let raw = flat.as_raw();
    let mut turned = vec![255u8; raw.len()];
    for (y, row) in turned.chunks_exact_mut(width as usize).enumerate() {
        let dy = y as f32 - cy;
        for (x, pixel) in row.iter_mut().enumerate() {
            let dx = x as f32 - cx;
            let (u, v) = (cx + dx * cos + dy * sin, cy - dx * sin + dy * cos);
            if u >= 0.0 && v >= 0.0 && u < width as f32 - 1.0 && v < height as f32 - 1.0 {
                let (left, top) = (u as usize, v as usize);
                let (fx, fy) = (u - left as f32, v - top as f32);
                let at = top * width as usize + left;
                let mix = |i: usize| f32::from(raw[i]) * (1.0 - fx) + f32::from(raw[i + 1]) * fx;
                *pixel = (mix(at) * (1.0 - fy) + mix(at + width as usize) * fy) as u8;
            }
        }
    }
    GrayImage::from_raw(width, height, turned).expect("as many pixels as before")
}

/// Lays the ink on paper of this tone, with clouds and a shadow along the left edge.
fn age(inked: &GrayImage, look: &Look, rng: &mut Rng) -> GrayImage {
    let (width, height) = inked.dimensions();
    let clouds: Vec<f32> = (0..6).map(|_| rng.between(0.001, 0.004)).collect();
    let cloud_x: Vec<f32> = (0..width).map(|x| (x as f32 * clouds[0]).sin() * 3.0).collect();
    GrayImage::from_fn(width, height, |x, y| {
        let cloud = cloud_x[x as usize] * if y & 0x200 == 0 { 1.0 } else { 0.97 };
        let shadow = if x < 24 { (24 - x) as f32 * 2.5 } else { 0.0 };
        let paper = (look.tone + cloud - shadow).clamp(0.0, 255.0);
        let ink = f32::from(255 - inked.get_pixel(x, y).0[0]) * look.ink;
        // A multiply, as ink on paper: black stays black on any tone.
        Luma([(paper * (1.0 - ink / 275.0)) as u8])
    })
}

fn speckle(pixels: &mut GrayImage, look: &Look, rng: &mut Rng) {
    let (width, height) = pixels.dimensions();
    for _ in 0..look.speckles_per_page {
        let (x, y) = (rng.whole(0, width - 1), rng.whole(0, height - 1));
        let (size, tone) = (rng.whole(1, 3), rng.whole(60, 170) as u8);
        for (dx, dy) in (0..size).flat_map(|dx| (0..size.min(2)).map(move |dy| (dx, dy))) {
            if let Some(pixel) = pixels.get_pixel_mut_checked(x + dx, y + dy) {
                pixel.0[0] = pixel.0[0].min(tone);
            }
        }
    }
}

/// Two holes for the binder, 80 mm apart, 12 mm from the left edge.
fn punch(pixels: &mut GrayImage, unit: f32) {
    let (x, radius, middle) = (34.0 * unit, 7.8 * unit, pixels.height() as f32 / 2.0);
    for y in [middle - 113.4 * unit, middle + 113.4 * unit] {
        for py in (y - radius) as u32..(y + radius) as u32 {
            for px in (x - radius) as u32..(x + radius) as u32 {
                let away = (px as f32 - x).hypot(py as f32 - y);
                if away < radius
                    && let Some(pixel) = pixels.get_pixel_mut_checked(px, py)
                {
                    pixel.0[0] = if away > radius - 2.0 { 150 } else { 110 };
                }
            }
        }
    }
}
