//! Whether a page's text layer is worth having, or the page must be recognised.

use super::glyphs::{Seen, UNKNOWN};

/// An image of this share of the page may hold text.
const IMAGE_SHARE_MIN: f64 = 0.05;
/// A page covered to this share is a scan, whatever else stands on it.
pub(super) const SCAN_SHARE_MIN: f64 = 0.6;
/// Letters below which the layer of a scan is taken for a stamp or a page number.
const SCAN_LETTERS_MIN: usize = 60;
/// So many painted shapes may be letters turned into curves.
const SHAPES_MIN: usize = 150;
/// A layer with more than this share of glyphs without meaning is garbage.
const GARBAGE_SHARE: f64 = 0.3;

/// What to do about a page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take the layer.
    Good,
    /// There is nothing to read and nothing to recognise.
    Empty,
    /// A scan with few words of its own: recognise, and take what says more.
    Doubtful,
    /// Recognise the image.
    Useless,
}

pub(super) fn judge(seen: &Seen) -> Verdict {
    let (mut letters, mut garbage) = (0_usize, 0_usize);
    for glyph in &seen.glyphs {
        if glyph.text.trim().is_empty() {
            continue;
        }
        letters += 1;
        if glyph.text == UNKNOWN || glyph.text.chars().all(is_meaningless) {
            garbage += 1;
        }
    }
    if letters == 0 {
        let drawn = seen.image_share >= IMAGE_SHARE_MIN || seen.shapes >= SHAPES_MIN;
        return if drawn { Verdict::Useless } else { Verdict::Empty };
    }
    if garbage as f64 > letters as f64 * GARBAGE_SHARE {
        return Verdict::Useless;
    }
    if seen.image_share >= SCAN_SHARE_MIN && letters < SCAN_LETTERS_MIN {
        return Verdict::Doubtful;
    }
    Verdict::Good
}

/// Controls, private use and the replacement sign say nothing.
fn is_meaningless(character: char) -> bool {
    character.is_control() || character == '\u{FFFD}' || ('\u{E000}'..='\u{F8FF}').contains(&character)
}
