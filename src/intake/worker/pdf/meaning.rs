//! Where a document says otherwise than by its fonts what is written: words for a stretch of its content (`ActualText`, ISO
//! 32000-1 § 14.9.4), and names of drawn letters that are but their codes. Only says what glyphs mean; none is moved.

use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use lopdf::{StringFormat, decode_text_string};

use super::glyphs::PlacedGlyph;

/// Stretches within stretches that are kept count of.
const DEPTH_MAX: usize = 1_000;
/// A longer text stands for a whole passage, whose glyphs say more of what stands where.
const CHARS_MAX: usize = 64;
/// A glyph further from the baseline of the first, in ems, stands on another line.
const BASELINE_DRIFT_MAX: f64 = 0.5;

/// The stretches of content that are open, from the outermost to the innermost.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    open: Vec<Option<Stretch>>,
    /// So many more are open than are kept count of.
    beyond: usize,
}

/// A stretch that says what is written in it.
#[derive(Debug)]
struct Stretch {
    text: String,
    /// The number of glyphs before it.
    first: usize,
}

impl Stretches {
    /// A stretch begins after so many glyphs.
    pub(super) fn begin(&mut self, properties: Option<&Dict<'_>>, first: usize) {
        if self.open.len() >= DEPTH_MAX {
            self.beyond += 1;
            return;
        }
        let text = properties.and_then(|properties| properties.get::<PdfString<'_>>(b"ActualText"));
        let text = text.and_then(|text| decoded(&text, 2 * CHARS_MAX + 2));
        self.open.push(text.map(|text| Stretch { text, first }));
    }

    /// The innermost stretch ends: its glyphs mean what it says, if that can be said of them.
    pub(super) fn end(&mut self, glyphs: &mut Vec<PlacedGlyph>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(Some(Stretch { text, first })) = self.open.pop() else { return };
        let Some((head, rest)) = glyphs.get_mut(first..).and_then(|drawn| drawn.split_first_mut()) else {
            return;
        };
        let count = text.chars().count();
        if count == rest.len() + 1 {
            let drawn = std::iter::once(head).chain(rest);
            drawn.zip(text.chars()).for_each(|(glyph, character)| glyph.text = character.to_string());
        } else if count > 0
            && !text.contains(char::is_whitespace)
            && rest.iter().all(|glyph| goes_on(head, glyph))
        {
            if let Some(last) = rest.last() {
                head.advance = last.origin + last.advance - head.origin;
            }
            head.text = text;
            glyphs.truncate(first + 1);
        }
    }
}

/// A text of the document's own (ISO 32000-1 § 7.9.2.2), if it is no longer than so many bytes.
pub(super) fn decoded(text: &PdfString<'_>, most: usize) -> Option<String> {
    let bytes = text.as_bytes();
    let text = (bytes.len() <= most).then(|| lopdf::Object::String(bytes.to_vec(), StringFormat::Literal))?;
    decode_text_string(&text).ok()
}

/// It stands on one baseline with the first.
fn goes_on(first: &PlacedGlyph, glyph: &PlacedGlyph) -> bool {
    let drift = (glyph.origin - first.origin).cross(first.along).abs();
    drift <= first.size * BASELINE_DRIFT_MAX && glyph.along.dot(first.along) > 0.0
}

/// The letters a page's fonts draw themselves (Type 3) are named after their codes alone, as pdfTeX does: `a228`. Then the code is
/// all there is to tell the letter by, and it means what it means in Latin-1.
pub(super) fn drawn_letters_are_codes(page: &Page<'_>) -> bool {
    let fonts = &page.resources().fonts;
    let drawn = fonts.keys().filter_map(|name| fonts.get::<Dict<'_>>(&*name)).filter(|font| {
        font.get::<Name<'_>>(b"Subtype").is_some_and(|kind| &*kind == b"Type3")
            && !font.contains_key(b"ToUnicode")
    });
    let mut any = false;
    for font in drawn {
        any = true;
        let encoding = font.get::<Dict<'_>>(b"Encoding");
        let named = encoding.and_then(|encoding| encoding.get::<Array<'_>>(b"Differences"));
        if !named.is_some_and(|named| are_codes(&named)) {
            return false;
        }
    }
    any
}

/// Every name is a letter and the code it stands at.
fn are_codes(differences: &Array<'_>) -> bool {
    let (mut code, mut any) = (0_i64, false);
    for entry in differences.iter::<Object<'_>>() {
        match entry {
            Object::Number(number) => code = number.as_i64(),
            Object::Name(name) => {
                if &*name != b".notdef" {
                    any = true;
                    let digits = name.strip_prefix(b"a").and_then(|digits| std::str::from_utf8(digits).ok());
                    if digits.and_then(|digits| digits.parse().ok()) != Some(code) {
                        return false;
                    }
                }
                code = code.saturating_add(1);
            }
            _ => return false,
        }
    }
    any
}

/// What a code means in Latin-1; none for control characters.
pub(super) fn of_code(code: u32) -> Option<char> {
    let character = u8::try_from(code).ok().map(char::from)?;
    (!character.is_control()).then_some(character)
}
