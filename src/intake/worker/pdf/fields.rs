//! What was filled into the fields of a form (ISO 32000-1 § 12.7) and is drawn nowhere: a program that fills in may leave the
//! drawing to whoever shows it. Their values are put where the fields are. A field with a look of its own is as it looks. May not
//! touch what is drawn.

use hayro::hayro_interpret::hayro_syntax::object::{
    Array, Dict, Name, Object, Rect as PdfRect, String as PdfString,
};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Point, Rect, Vec2};

use super::glyphs::{PlacedGlyph, Seen};
use super::meaning::decoded;

/// Fields of one page that are looked at.
const FIELDS_MAX: usize = 1_000;
/// Bytes of one value that are looked at.
const VALUE_BYTES_MAX: usize = 64 << 10;
/// Fields above a field that may say what it is.
const ABOVE_MAX: usize = 16;
/// Flags of an annotation that nobody sees: hidden, not viewed.
const UNSEEN: i64 = 1 << 1 | 1 << 5;
/// Flag of a field for a password.
const PASSWORD: i64 = 1 << 13;
/// Letters in a field are not larger than this, in points.
const SIZE_MAX: f64 = 12.0;
/// Of the height of a line, what letters have; and of the size of a letter, what it takes in width.
const SHARE_OF_LINE: f64 = 0.8;
const WIDTH: f64 = 0.5;

/// A field with a value, and where it is, in points from the top left.
struct Filled {
    area: Rect,
    value: String,
    is_drawn: bool,
}

/// Adds what was filled in and is not drawn.
pub(super) fn add_undrawn(page: &Page<'_>, to_page: Affine, seen: &mut Seen) {
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { return };
    let mut fields: Vec<_> =
        annotations.iter::<Dict<'_>>().filter_map(|one| filled(&one, to_page)).take(FIELDS_MAX + 1).collect();
    let are_more = fields.len() > FIELDS_MAX;
    fields.truncate(FIELDS_MAX);
    for field in &mut fields {
        field.is_drawn = seen.glyphs.iter().any(|glyph| {
            !glyph.text.trim().is_empty() && field.area.contains(glyph.origin + glyph.advance * 0.5)
        });
    }
    for field in fields.iter().filter(|field| !field.is_drawn) {
        write(field, seen);
    }
    seen.cut |= are_more;
}

fn filled(annotation: &Dict<'_>, to_page: Affine) -> Option<Filled> {
    let is = |name: Option<Name<'_>>, wanted: &[u8]| name.is_some_and(|name| *name == *wanted);
    if !is(annotation.get::<Name<'_>>(b"Subtype"), b"Widget") || flags(annotation, b"F") & UNSEEN != 0 {
        return None;
    }
    if annotation.get::<Dict<'_>>(b"AP").is_some_and(|looks| looks.contains_key(b"N")) {
        return None;
    }
    let kind = inherited(annotation, b"FT")?.into_name()?;
    let holds_text = *kind == *b"Ch" || *kind == *b"Tx" && inherited_flags(annotation) & PASSWORD == 0;
    if !holds_text {
        return None;
    }
    let value = text_of(inherited(annotation, b"V")?)?;
    let corners = annotation.get::<PdfRect>(b"Rect")?;
    let area = to_page.transform_rect_bbox(Rect::new(corners.x0, corners.y0, corners.x1, corners.y1));
    (area.is_finite() && area.area() > 0.0 && !value.trim().is_empty()).then_some(Filled {
        area,
        value,
        is_drawn: false,
    })
}

/// What a field says of itself, or the nearest above it that says it.
fn inherited<'a>(field: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..ABOVE_MAX {
        if let Some(value) = field.get::<Object<'a>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'a>>(b"Parent")?;
    }
    None
}

fn flags(dictionary: &Dict<'_>, key: &[u8]) -> i64 {
    dictionary.get::<i64>(key).unwrap_or_default()
}

fn inherited_flags(field: &Dict<'_>) -> i64 {
    match inherited(field, b"Ff") {
        Some(Object::Number(number)) => number.as_i64(),
        _ => 0,
    }
}

/// One text, or several that were chosen, each on a line.
fn text_of(value: Object<'_>) -> Option<String> {
    match value {
        Object::String(text) => decoded(&text, VALUE_BYTES_MAX),
        Object::Array(chosen) => {
            let texts: Vec<_> = chosen
                .iter::<PdfString<'_>>()
                .take(FIELDS_MAX)
                .filter_map(|text| decoded(&text, VALUE_BYTES_MAX / FIELDS_MAX))
                .collect();
            Some(texts.join("\n"))
        }
        _ => None,
    }
}

/// Writes the value into its area, line by line, as wide as it may be.
fn write(field: &Filled, seen: &mut Seen) {
    let lines: Vec<Vec<char>> = field
        .value
        .split(['\r', '\n'])
        .map(|line| line.chars().collect::<Vec<_>>())
        .filter(|line| line.iter().any(|character| !character.is_whitespace()))
        .collect();
    let height = field.area.height() / lines.len().max(1) as f64;
    let size = (height * SHARE_OF_LINE).min(SIZE_MAX);
    for (row, line) in lines.iter().enumerate() {
        let width = (size * WIDTH).min(field.area.width() / line.len() as f64);
        let baseline = field.area.y0 + height * row as f64 + size;
        for (column, character) in line.iter().enumerate() {
            if !seen.may_have_more() {
                return;
            }
            seen.glyphs.push(PlacedGlyph {
                text: character.to_string(),
                origin: Point::new(field.area.x0 + width * column as f64, baseline),
                advance: Vec2::new(width, 0.0),
                along: Vec2::new(1.0, 0.0),
                up: Vec2::new(0.0, -1.0),
                size,
            });
        }
    }
}
