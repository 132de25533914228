//! From glyphs to words: what stands close on one baseline belongs together.

use std::collections::HashMap;

use hayro::kurbo::{Point, Vec2};

use super::direction;
use super::glyphs::PlacedGlyph;

/// A gap beyond this share of the em parts words.
pub(super) const GAP_MAX: f64 = 0.12;
/// A step back beyond this share of the em begins a new word.
pub(super) const STEP_BACK_MAX: f64 = 0.5;
/// A glyph may leave the baseline by this share of the em (raised signs begin words of their own).
const BASELINE_DRIFT_MAX: f64 = 0.25;
/// Sizes within one word differ at most by this factor (small capitals stay together).
const SIZE_FACTOR_MAX: f64 = 1.6;
/// Baselines are one direction if their cosine is at least this.
const SAME_DIRECTION: f64 = 0.99;
/// The same glyph within this share of the em is the same ink again (false bold, shadows).
const DOUBLE_WITHIN: f64 = 0.12;

/// A word on the page; lengths in points.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    /// Start of the baseline.
    pub(super) start: Point,
    /// End of the baseline.
    pub(super) end: Point,
    pub(super) along: Vec2,
    pub(super) up: Vec2,
    pub(super) size: f64,
    /// A blank was drawn behind it.
    pub(super) blank_behind: bool,
}

/// The words of a page in the order in which they are drawn.
pub(super) fn words(glyphs: &[PlacedGlyph]) -> Vec<Word> {
    let mut doubles = Doubles::default();
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for glyph in glyphs {
        let text = standing(meaning(&glyph.text));
        if text.trim().is_empty() {
            if open && !text.is_empty() {
                if let Some(word) = words.last_mut() {
                    word.blank_behind = true;
                }
                open = false;
            }
            continue;
        }
        if doubles.is_double(glyph) {
            continue;
        }
        let end = glyph.origin + glyph.advance;
        match words.last_mut().filter(|word| open && goes_on(word, glyph)) {
            Some(word) => {
                word.text.push_str(&text);
                word.end = end;
                word.size = word.size.max(glyph.size);
            }
            None => words.push(begin(glyph, text, end)),
        }
        open = true;
    }
    words
}

fn begin(glyph: &PlacedGlyph, text: String, end: Point) -> Word {
    Word {
        text,
        start: glyph.origin,
        end,
        along: glyph.along,
        up: glyph.up,
        size: glyph.size,
        blank_behind: false,
    }
}

/// The glyph's text as it is searched for: ligatures taken apart, soft hyphens as hyphens, no
/// control characters and nothing for glyphs whose meaning is unknown.
fn meaning(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => out.push_str("st"),
            '\u{AD}' => out.push('-'),
            _ if character.is_whitespace() => out.push(' '),
            _ if character.is_control()
                || matches!(character, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{FFFD}') => {}
            _ => out.push(character),
        }
    }
    out
}

/// Several letters in one glyph are told as they are read; here everything is as it stands, from left to right.
fn standing(text: String) -> String {
    if direction::is_leftward(&text) { text.chars().rev().collect() } else { text }
}

fn goes_on(word: &Word, glyph: &PlacedGlyph) -> bool {
    if word.along.dot(glyph.along) < SAME_DIRECTION {
        return false;
    }
    let size = word.size.min(glyph.size);
    let step = glyph.origin - word.end;
    let gap = step.dot(word.along);
    let drift = step.cross(word.along).abs();
    let alike = word.size.max(glyph.size) <= size * SIZE_FACTOR_MAX;
    alike && drift <= size * BASELINE_DRIFT_MAX && gap <= size * GAP_MAX && gap >= -size * STEP_BACK_MAX
}

/// Finds glyphs that are drawn over themselves.
#[derive(Default)]
struct Doubles {
    seen: HashMap<(u64, i64, i64), Vec<Point>>,
}

impl Doubles {
    fn is_double(&mut self, glyph: &PlacedGlyph) -> bool {
        let reach = glyph.size * DOUBLE_WITHIN;
        let cell = (reach * 2.0).max(f64::MIN_POSITIVE);
        let key = glyph.text.bytes().fold(0_u64, |key, byte| key.wrapping_mul(257) ^ u64::from(byte));
        let (column, row) = ((glyph.origin.x / cell).floor() as i64, (glyph.origin.y / cell).floor() as i64);
        let nearest = |value: f64| if (value / cell).fract() < 0.5 { -1 } else { 1 };
        let (side, beside) = (nearest(glyph.origin.x), nearest(glyph.origin.y));
        let near = [(0, 0), (side, 0), (0, beside), (side, beside)].iter().any(|(x, y)| {
            let there = self.seen.get(&(key, column + x, row + y));
            there.is_some_and(|points| points.iter().any(|point| point.distance(glyph.origin) <= reach))
        });
        if !near {
            self.seen.entry((key, column, row)).or_default().push(glyph.origin);
        }
        near
    }
}
