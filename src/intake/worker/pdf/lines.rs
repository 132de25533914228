//! From words to lines, columns and the page's text.
//!
//! Words that share a height make a row; rows that keep the same gutter free while holding prose on
//! both sides are columns and are read one after the other; tables are read row by row. Text in other
//! directions follows behind.

use unicode_normalization::UnicodeNormalization;

use super::direction;
use super::glyphs::Seen;
use super::words::{GAP_MAX, STEP_BACK_MAX, Word, words};
use crate::domain::text::{PageText, TextSource, WordBox};
use crate::intake::limits::PAGE_TEXT_BYTES_MAX;

/// Letters reach this share of the em above the baseline, and this share below it.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.2;
/// Two words share a row if they overlap by this share of the smaller one's height.
const ROW_OVERLAP_MIN: f64 = 0.5;
/// A gutter is at least this share of the em wide.
const GUTTER_MIN: f64 = 0.9;
/// Columns have at least so many rows.
const COLUMN_ROWS_MIN: usize = 4;
/// Prose has at least so many characters in a row on either side; below that it is a table.
const COLUMN_CHARACTERS_MIN: usize = 18;

/// A word turned upright: `left..right` along the reading direction, `top..bottom` across it.
#[derive(Clone, Copy)]
struct Upright<'w> {
    word: &'w Word,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

type Row<'w> = Vec<Upright<'w>>;

/// The text of a page with its boxes.
pub(super) fn page_text(seen: &Seen, number: u32) -> PageText {
    let words = words(&seen.glyphs);
    let mut directions: Vec<(i64, Vec<Upright<'_>>)> = Vec::new();
    for word in &words {
        // Directions are told apart by whole degrees; scans lean by less.
        let degrees = word.along.y.atan2(word.along.x).to_degrees();
        let key = (degrees / 5.0).round() as i64 * 5;
        let upright = upright(word);
        match directions.iter_mut().find(|(degrees, _)| *degrees == key) {
            Some((_, group)) => group.push(upright),
            None => directions.push((key, vec![upright])),
        }
    }
    directions.sort_by_key(|(_, group)| std::cmp::Reverse(group.len()));
    let mut writer = Writer::new(seen, number);
    for (_, group) in directions {
        for row in in_reading_order(rows(group)) {
            writer.row(&row);
        }
    }
    writer.page
}

fn upright(word: &Word) -> Upright<'_> {
    let across = hayro::kurbo::Vec2::new(-word.along.y, word.along.x);
    let along = |point: hayro::kurbo::Point| point.to_vec2().dot(word.along);
    let baseline = word.start.to_vec2().dot(across);
    let (left, right) = (along(word.start), along(word.end));
    Upright {
        word,
        left: left.min(right),
        right: left.max(right),
        top: baseline - word.size * ASCENT,
        bottom: baseline + word.size * DESCENT,
    }
}

/// Groups words by height on the page, and sorts each row from left to right.
fn rows(mut group: Vec<Upright<'_>>) -> Vec<Row<'_>> {
    let middle = |word: &Upright<'_>| (word.top + word.bottom) / 2.0;
    group.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<(f64, f64, Row<'_>)> = Vec::new();
    for word in group {
        let fits = rows.iter_mut().rev().take(3).find(|(top, bottom, _)| {
            let overlap = bottom.min(word.bottom) - top.max(word.top);
            overlap >= ROW_OVERLAP_MIN * (bottom - top).min(word.bottom - word.top)
        });
        match fits {
            Some((_, _, row)) => row.push(word),
            None => rows.push((word.top, word.bottom, vec![word])),
        }
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter()
        .map(|(_, _, mut row)| {
            row.sort_by(|a, b| a.left.total_cmp(&b.left));
            row
        })
        .collect()
}

/// Reads columns one after the other, everything else from top to bottom.
fn in_reading_order(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let mut out = Vec::with_capacity(rows.len());
    let mut at = 0;
    while at < rows.len() {
        match gutter_below(&rows[at..]) {
            Some((gutter, count)) => {
                let (left, right) = split(&rows[at..at + count], gutter);
                out.extend(in_reading_order(left));
                out.extend(in_reading_order(right));
                at += count;
            }
            None => {
                out.push(rows[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// The gutter that begins in the first row, and how many rows keep it free, if they are columns.
fn gutter_below(rows: &[Row<'_>]) -> Option<((f64, f64), usize)> {
    gaps(rows.first()?).into_iter().find_map(|mut gutter| {
        let mut count = 0;
        for row in rows {
            let Some(free) = narrowed(gutter, row) else { break };
            gutter = free;
            count += 1;
        }
        let band = &rows[..count];
        (count >= COLUMN_ROWS_MIN && holds_prose(band, gutter)).then_some((gutter, count))
    })
}

/// Gaps within a row that are wide enough for a gutter.
fn gaps(row: &Row<'_>) -> Vec<(f64, f64)> {
    let wide = |pair: &[Upright<'_>]| pair[1].left - pair[0].right >= pair[0].word.size * GUTTER_MIN;
    row.windows(2).filter(|pair| wide(pair)).map(|pair| (pair[0].right, pair[1].left)).collect()
}

/// What is left of the gutter after `row`; none if a word crosses it or too little is left.
fn narrowed((mut from, mut to): (f64, f64), row: &Row<'_>) -> Option<(f64, f64)> {
    let mut size = f64::MAX;
    for word in row {
        size = size.min(word.word.size);
        let middle = (from + to) / 2.0;
        if word.left < middle && word.right > middle {
            return None;
        }
        if word.right <= middle {
            from = from.max(word.right);
        } else {
            to = to.min(word.left);
        }
    }
    (to - from >= size * GUTTER_MIN).then_some((from, to))
}

fn holds_prose(band: &[Row<'_>], gutter: (f64, f64)) -> bool {
    let (left, right) = split(band, gutter);
    [left, right].iter().all(|side| {
        let characters: usize = side.iter().flatten().map(|word| word.word.text.chars().count() + 1).sum();
        side.len() >= COLUMN_ROWS_MIN && characters >= side.len() * COLUMN_CHARACTERS_MIN
    })
}

fn split<'w>(band: &[Row<'w>], (from, to): (f64, f64)) -> (Vec<Row<'w>>, Vec<Row<'w>>) {
    let middle = (from + to) / 2.0;
    let side = |keep: &dyn Fn(&Upright<'_>) -> bool| {
        let rows = band.iter().map(|row| row.iter().copied().filter(|word| keep(word)).collect::<Row<'w>>());
        rows.filter(|row| !row.is_empty()).collect()
    };
    (side(&|word| word.right <= middle), side(&|word| word.right > middle))
}

/// Puts rows of words into the page's text and notes their boxes.
struct Writer<'s> {
    seen: &'s Seen,
    page: PageText,
    full: bool,
}

impl<'s> Writer<'s> {
    fn new(seen: &'s Seen, number: u32) -> Self {
        let page = PageText {
            number,
            text: String::new(),
            words: Vec::new(),
            source: TextSource::Layer,
            confidence: None,
        };
        Self { seen, page, full: false }
    }

    fn row(&mut self, row: &[Upright<'_>]) {
        let words: Vec<&[Upright<'_>]> = row.chunk_by(touch).collect();
        if !row.iter().any(|part| direction::is_leftward(&part.word.text)) {
            return self.words(words.into_iter());
        }
        let texts: Vec<String> = words.iter().map(|word| text_of(word)).collect();
        match direction::order(texts.iter().map(String::as_str)) {
            Some(order) => self.words(order.into_iter().map(|index| words[index])),
            None => self.words(words.into_iter()),
        }
    }

    fn words<'r, 'w: 'r>(&mut self, words: impl Iterator<Item = &'r [Upright<'w>]>) {
        for (index, word) in words.enumerate() {
            if self.full {
                return;
            }
            self.word(word, if index == 0 { '\n' } else { ' ' });
        }
    }

    fn word(&mut self, parts: &[Upright<'_>], joiner: char) {
        let standing = text_of(parts);
        let read = if direction::is_leftward(&standing) { direction::as_read(&standing) } else { standing };
        let text: String = read.nfc().collect();
        if self.page.text.len() + text.len() + 1 > PAGE_TEXT_BYTES_MAX {
            self.full = true;
            return;
        }
        if !self.page.text.is_empty() {
            self.page.text.push(joiner);
        }
        let start = self.page.text.len() as u32;
        self.page.text.push_str(&text);
        // Blanks inside a glyph's meaning are not parts of a word.
        self.page.words.push(self.boxed(parts, start, self.page.text.len() as u32));
    }

    fn boxed(&self, parts: &[Upright<'_>], start: u32, end: u32) -> WordBox {
        let corners = parts.iter().flat_map(|part| {
            let word = part.word;
            let (above, below) = (word.up * (word.size * ASCENT), word.up * (-word.size * DESCENT));
            [word.start + above, word.start + below, word.end + above, word.end + below]
        });
        let (mut left, mut top, mut right, mut bottom) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        for corner in corners {
            (left, right) = (left.min(corner.x), right.max(corner.x));
            (top, bottom) = (top.min(corner.y), bottom.max(corner.y));
        }
        let part = |value: f64, whole: f64| (value / whole.max(1.0)).clamp(0.0, 1.0) as f32;
        let (left, right) = (part(left, self.seen.width), part(right, self.seen.width));
        let (top, bottom) = (part(top, self.seen.height), part(bottom, self.seen.height));
        WordBox { start, end, left, top, width: right - left, height: bottom - top }
    }
}

/// What stands there, from left to right.
fn text_of(parts: &[Upright<'_>]) -> String {
    parts.iter().map(|part| part.word.text.as_str()).collect()
}

/// Two neighbours of a row are parts of one word: no blank was drawn and hardly any space is left.
fn touch(before: &Upright<'_>, after: &Upright<'_>) -> bool {
    let size = before.word.size.min(after.word.size);
    let gap = after.left - before.right;
    !before.word.blank_behind && (-size * STEP_BACK_MAX..=size * GAP_MAX).contains(&gap)
}
