//! Ink on a sheet: letters, strokes, stamps, seals and signatures on a white pixel page.

use std::collections::HashMap;

use ab_glyph::{Font, GlyphId, Point};
use image::{GrayImage, Luma};

use crate::fonts::{Face, Faces};
use crate::rng::Rng;

/// Coverage of one letter, 0 to 255, and where it lies about its origin on the base line.
struct Letter {
    left: f32,
    top: f32,
    width: usize,
    cover: Vec<u8>,
}

/// Letters already drawn, by face, glyph and size in tenths of a pixel.
#[derive(Default)]
pub struct Case(HashMap<(Face, GlyphId, u32), Option<Letter>>);

/// How a line of text is struck.
#[derive(Clone, Copy)]
pub struct Strike {
    /// Where it begins, in pixels.
    pub at: (f32, f32),
    /// Size of the em in pixels.
    pub em: f32,
    /// Its face.
    pub face: Face,
    /// How black, 0 to 1.
    pub ink: f32,
    /// Turn of each letter, in radians clockwise; a line written by [`Sheet::write`] stays level.
    pub angle: f32,
}

/// A white page that takes ink.
pub struct Sheet<'a> {
    /// What has been drawn; 255 is white.
    pub pixels: GrayImage,
    faces: &'a Faces,
    case: &'a mut Case,
}

impl<'a> Sheet<'a> {
    /// An empty page.
    pub fn new(width: u32, height: u32, faces: &'a Faces, case: &'a mut Case) -> Self {
        Self { pixels: GrayImage::from_pixel(width, height, Luma([255])), faces, case }
    }

    /// Writes a line; a typewriter strikes each letter a little off and not equally hard.
    pub fn write(&mut self, text: &str, strike: Strike, rng: &mut Rng) {
        let (mut x, y) = strike.at;
        for c in text.chars() {
            let mut one = Strike { at: (x, y), ..strike };
            if strike.face.is_typewriter() {
                one.at.1 += rng.between(-0.025, 0.025) * strike.em;
                one.ink *= if rng.chance(4) { rng.between(0.55, 0.75) } else { rng.between(0.82, 1.0) };
            }
            self.letter(c, one);
            x += self.faces.width(strike.face, strike.em, c.encode_utf8(&mut [0; 4]));
        }
    }

    /// Sets one letter with its origin at `strike.at`.
    pub fn letter(&mut self, c: char, strike: Strike) {
        let glyph = self.faces.font(strike.face).glyph_id(c);
        let key = (strike.face, glyph, (strike.em * 10.0) as u32);
        let faces = self.faces;
        let letter = self.case.0.entry(key).or_insert_with(|| cut(faces, strike.face, glyph, strike.em));
        let Some(letter) = letter else { return };
        let (sin, cos) = strike.angle.sin_cos();
        let height = letter.cover.len() / letter.width;
        // Upright letters are copied; turned ones are drawn at double density so that no holes appear.
        let step = if strike.angle == 0.0 { 1.0 } else { 0.5 };
        let strength = strike.ink * step * step.sqrt().max(0.75);
        for row in 0..(height as f32 / step) as usize {
            for column in 0..(letter.width as f32 / step) as usize {
                let (u, v) = (column as f32 * step, row as f32 * step);
                let cover = letter.cover[v as usize * letter.width + u as usize];
                if cover > 0 {
                    let (dx, dy) = (letter.left + u, letter.top + v);
                    let (x, y) = (strike.at.0 + dx * cos - dy * sin, strike.at.1 + dx * sin + dy * cos);
                    blot(&mut self.pixels, x, y, f32::from(cover) * strength);
                }
            }
        }
    }

    /// Draws a stroke of this width in pixels.
    pub fn stroke(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: f32) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let steps = (length * 1.2).ceil().max(1.0) as usize;
        let half = (width / 2.0).max(0.5);
        let across = (half * 2.0).ceil() as i32;
        for i in 0..=steps {
            let t = i as f32 / steps as f32;
            let (x, y) = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            for a in 0..across {
                let off = a as f32 - half + 0.5;
                let (nx, ny) =
                    if (to.1 - from.1).abs() > (to.0 - from.0).abs() { (off, 0.0) } else { (0.0, off) };
                darken(&mut self.pixels, x + nx, y + ny, 255.0 * ink);
            }
        }
    }

    /// A rectangular rubber stamp with its upper left corner at `at`; `unit` is a point in pixels.
    pub fn stamp(&mut self, at: (f32, f32), lines: &[String], unit: f32, rng: &mut Rng) {
        let angle = rng.between(-0.08, 0.08);
        let turn = |x: f32, y: f32| {
            (
                at.0 + (x * angle.cos() - y * angle.sin()) * unit,
                at.1 + (x * angle.sin() + y * angle.cos()) * unit,
            )
        };
        let (w, h) = (140.0, 16.0 + lines.len() as f32 * 15.0);
        let corners = [turn(0.0, 0.0), turn(w, 0.0), turn(w, h), turn(0.0, h)];
        for i in 0..4 {
            self.stroke(corners[i], corners[(i + 1) % 4], 1.6 * unit, 0.7);
        }
        for (i, line) in lines.iter().enumerate() {
            let face = if i == 0 { Face::SansBold } else { Face::Sans };
            let em = 11.5;
            let indent = (w - self.faces.width(face, em, line)) / 2.0;
            let mut along = indent;
            for c in line.chars() {
                let origin = turn(along, 18.0 + i as f32 * 15.0);
                self.letter(c, Strike { at: origin, em: em * unit, face, ink: 0.8, angle });
                along += self.faces.width(face, em, c.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// A round seal with text along its ring, turned at random as hands do.
    pub fn seal(&mut self, centre: (f32, f32), ring: &str, unit: f32, rng: &mut Rng) {
        let radius = 42.0 * unit;
        for r in [radius, radius * 0.62] {
            self.polygon(centre, r, 90, 1.3 * unit);
        }
        self.polygon(centre, radius * 0.3, 5, 1.5 * unit);
        self.polygon(centre, radius * 0.2, 3, 1.5 * unit);
        let letters: Vec<char> = ring.chars().collect();
        let start = rng.between(-0.5, 0.5);
        for (i, c) in letters.iter().enumerate() {
            let around = start + i as f32 / letters.len() as f32 * std::f32::consts::TAU;
            let at = (centre.0 + around.sin() * radius * 0.7, centre.1 - around.cos() * radius * 0.7);
            self.letter(*c, Strike { at, em: 11.0 * unit, face: Face::SerifBold, ink: 0.8, angle: around });
        }
    }

    /// A signature: a few loops that run to the right.
    pub fn signature(&mut self, at: (f32, f32), unit: f32, rng: &mut Rng) {
        let (mut last, mut phase) = (at, 0.0f32);
        let (loops, tall) = (rng.between(0.5, 0.9), rng.between(7.0, 13.0) * unit);
        for i in 0..130u32 {
            phase += loops * 0.42;
            let fade = 1.0 - i as f32 / 190.0;
            let x = at.0 + i as f32 * 0.85 * unit + (phase * 1.3).cos() * 4.5 * unit;
            let y = at.1 + phase.sin() * tall * fade * if i % 37 < 9 { 1.5 } else { 0.55 };
            self.stroke(last, (x, y), rng.between(0.9, 1.6) * unit, 0.85);
            last = (x, y);
        }
    }

    fn polygon(&mut self, centre: (f32, f32), radius: f32, corners: usize, width: f32) {
        let corner = |i: usize| {
            let (sin, cos) = (i as f32 / corners as f32 * std::f32::consts::TAU).sin_cos();
            (centre.0 + sin * radius, centre.1 - cos * radius)
        };
        for i in 0..corners {
            self.stroke(corner(i), corner(i + 1), width, 0.7);
        }
    }
}

/// Cuts one letter; none if the glyph has no ink, as the space.
fn cut(faces: &Faces, face: Face, glyph: GlyphId, em: f32) -> Option<Letter> {
    let placed = glyph.with_scale_and_position(faces.scale(face, em), Point::default());
    let outlined = faces.font(face).outline_glyph(placed)?;
    let bounds = outlined.px_bounds();
    let (width, height) = (bounds.width().ceil() as usize, bounds.height().ceil() as usize);
    let mut cover = vec![0; width * height];
    outlined.draw(|x, y, c| {
        if let Some(cell) = cover.get_mut(y as usize * width + x as usize) {
            // Typewriter ribbons bleed: thin strokes come out fuller than the font draws them.
            let bleed = if face.is_typewriter() { 1.5 } else { 1.1 };
            *cell = (c * bleed * 255.0).min(255.0) as u8;
        }
    });
    (width > 0 && height > 0).then_some(Letter { left: bounds.min.x, top: bounds.min.y, width, cover })
}

/// Adds ink at a place between pixels: shared among the four around it.
fn blot(pixels: &mut GrayImage, x: f32, y: f32, ink: f32) {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    for (dx, dy, share) in [
        (0.0, 0.0, (1.0 - fx) * (1.0 - fy)),
        (1.0, 0.0, fx * (1.0 - fy)),
        (0.0, 1.0, (1.0 - fx) * fy),
        (1.0, 1.0, fx * fy),
    ] {
        if let Some(pixel) = pixel(pixels, left + dx, top + dy) {
            *pixel = pixel.saturating_sub((ink * share) as u8);
        }
    }
}

/// Makes a pixel at least this dark; strokes that cross do not add up.
fn darken(pixels: &mut GrayImage, x: f32, y: f32, ink: f32) {
    if let Some(pixel) = pixel(pixels, x.round(), y.round()) {
        *pixel = (*pixel).min(255 - ink.min(255.0) as u8);
    }
}

fn pixel(pixels: &mut GrayImage, x: f32, y: f32) -> Option<&mut u8> {
    if x < 0.0 || y < 0.0 {
        return None;
    }
    pixels.get_pixel_mut_checked(x as u32, y as u32).map(|pixel| &mut pixel.0[0])
}
