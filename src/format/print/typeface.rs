//! Typefaces: how wide text is, and which glyphs draw it. Text is set from left to right, one glyph for each character.

use std::fmt;

use krilla::Data;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

/// A font, ready to set text.
#[derive(Clone)]
pub struct Typeface {
    font: Font,
    measures: Measures,
}

/// What a typeface draws, and how wide it is.
#[derive(Clone)]
pub(super) struct Measures {
    /// By character, sorted: glyph and how far it advances, in parts of the size.
    glyphs: Vec<(char, u32, f32)>,
}

/// The typefaces of a sheet.
#[derive(Debug, Clone)]
pub struct Typefaces {
    /// For text.
    pub regular: Typeface,
    /// For headings and what is named.
    pub bold: Typeface,
}

impl fmt::Debug for Typeface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typeface").field("glyphs", &self.measures.glyphs.len()).finish()
    }
}

impl Typeface {
    /// The typeface of a TrueType or OpenType file; none if it is none.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let glyphs = {
            let font = FontRef::new(&bytes).ok()?;
            let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
            let em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
            let mut glyphs: Vec<_> = font
                .charmap()
                .mappings()
                .filter_map(|(code, glyph)| {
                    let width = metrics.advance_width(glyph)?;
                    Some((char::from_u32(code)?, glyph.to_u32(), width / em))
                })
                .collect();
            glyphs.sort_unstable_by_key(|(character, ..)| *character);
            glyphs
        };
        Some(Self { font: Font::new(Data::from(bytes), 0)?, measures: Measures { glyphs } })
    }

    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    pub(super) fn measures(&self) -> &Measures {
        &self.measures
    }
}

impl Measures {
    /// All these characters, each as wide as it is told.
    #[cfg(test)]
    pub(super) fn told(mut glyphs: Vec<(char, f32)>) -> Self {
        glyphs.sort_unstable_by_key(|(character, _)| *character);
        glyphs.dedup_by_key(|(character, _)| *character);
        Self {
            glyphs: (1..).zip(glyphs).map(|(glyph, (character, width))| (character, glyph, width)).collect(),
        }
    }

    fn of(&self, character: char) -> Option<(u32, f32)> {
        let at = self.glyphs.binary_search_by_key(&character, |(known, ..)| *known).ok()?;
        let (_, glyph, width) = self.glyphs.get(at)?;
        Some((*glyph, *width))
    }

    /// The text with nothing in it that cannot be drawn: every kind of blank is a space, signs that steer are left out, and
    /// a character the typeface does not have is named by its number.
    pub(super) fn drawable(&self, text: &str) -> String {
        let mut drawable = String::with_capacity(text.len());
        for character in text.chars().filter(|character| !is_steering(*character)) {
            if character.is_whitespace() {
                drawable.push(' ');
            } else if self.of(character).is_some() {
                drawable.push(character);
            } else {
                drawable.push_str(&format!("<U+{:04X}>", u32::from(character)));
            }
        }
        drawable
    }

    /// How wide drawable text is at size 1.
    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars().map(|character| self.advance(character)).sum()
    }

    pub(super) fn advance(&self, character: char) -> f32 {
        self.of(character).map_or(0.0, |(_, width)| width)
    }

    /// The glyphs of drawable text.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, character): (usize, char)| {
            let (glyph, width) = self.of(character)?;
            let range = at..at + character.len_utf8();
            Some(KrillaGlyph::new(GlyphId::new(glyph), width, 0.0, 0.0, 0.0, range, None))
        };
        text.char_indices().filter_map(glyph).collect()
    }
}

/// Steers a terminal, turns the direction of writing, joins or hides: nothing to draw.
fn is_steering(character: char) -> bool {
    let is_control = character.is_control() && !character.is_whitespace();
    let turns = ['\u{202a}'..='\u{202e}', '\u{2060}'..='\u{206f}', '\u{200b}'..='\u{200f}'];
    is_control
        || matches!(character, '\u{ad}' | '\u{feff}')
        || turns.iter().any(|turn| turn.contains(&character))
}
