//! Words strewn over a sheet: each once, whichever tile saw it, and the lines they make. It knows no engine and no image.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Turn, empty_page};
use crate::domain::text::{PageText, TextSource, WordBox};

/// Two boxes of which this share of the smaller is common are of one word.
const COMMON_MIN: f32 = 0.5;
/// A word covers so much more than the scraps of it that a tile has.
const LARGER_THAN_SCRAPS: f32 = 1.4;
/// Side of the fields in which words are looked up, in pixels.
const FIELD: f32 = 256.0;
/// Words of a line stand no further apart than so many of their heights.
const GAP_MAX: f32 = 1.5;

/// A word on the sheet; lengths in pixels.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) confidence: f32,
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    /// The tile it was seen on, and its place among the words of that.
    pub(super) place: (usize, usize),
}

impl Word {
    fn area(&self) -> f32 {
        self.width * self.height
    }

    pub(super) fn right(&self) -> f32 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// Both stand in the same place.
    fn covers(&self, other: &Self) -> bool {
        let across = self.right().min(other.right()) - self.left.max(other.left);
        let down = self.bottom().min(other.bottom()) - self.top.max(other.top);
        across > 0.0 && down > 0.0 && across * down >= self.area().min(other.area()) * COMMON_MIN
    }
}

/// Words of a sheet, each once, findable by their place.
#[derive(Default)]
pub(super) struct Words {
    all: Vec<Word>,
    fields: HashMap<(i64, i64), Vec<usize>>,
    /// Those that turned out to be scraps of others.
    gone: BTreeSet<usize>,
}

impl Words {
    /// Adds a word, unless it is there; of two that stand for one the larger is whole.
    pub(super) fn add(&mut self, word: Word) {
        match self.twin(&word) {
            Some(at) if self.all[at].area() < word.area() => {
                self.enter(&word, at);
                self.all[at] = word;
            }
            Some(_) => {}
            None => {
                self.enter(&word, self.all.len());
                self.all.push(word);
            }
        }
    }

    /// Adds words of the sheet made small where the tiles have none, or only scraps: the low letters of a word whose high ones
    /// are too large for a tile.
    pub(super) fn add_missing(&mut self, words: Vec<Word>) {
        for word in words {
            let twins = self.twins(&word);
            let area: f32 = twins.iter().map(|at| self.all[*at].area()).sum();
            if word.area() >= area * LARGER_THAN_SCRAPS {
                self.gone.extend(twins);
                self.enter(&word, self.all.len());
                self.all.push(word);
            }
        }
    }

    fn twin(&self, word: &Word) -> Option<usize> {
        self.near(word).find(|at| self.all[*at].covers(word))
    }

    fn twins(&self, word: &Word) -> BTreeSet<usize> {
        self.near(word).filter(|at| self.all[*at].covers(word)).collect()
    }

    /// The words in the fields that this one touches.
    fn near(&self, word: &Word) -> impl Iterator<Item = usize> {
        let near = fields(word).filter_map(|field| self.fields.get(&field)).flatten().copied();
        near.filter(|at| !self.gone.contains(at))
    }

    fn enter(&mut self, word: &Word, at: usize) {
        for field in fields(word) {
            self.fields.entry(field).or_default().push(at);
        }
    }

    /// The page they make: words that stand side by side are a line, whichever tile saw them.
    /// The sheet must be turned that way to be upright.
    pub(super) fn page(mut self, number: u32, (width, height): (u32, u32), turn: Turn) -> PageText {
        let mut page = empty_page(number);
        let (width, height) = (width as f32, height as f32);
        let upright = |word: &Word| {
            let there = (word.left, word.top, word.width, word.height);
            let (left, top, width, height) = turn.upright(there, (width, height));
            Word { left, top, width, height, ..word.clone() }
        };
        let gone = std::mem::take(&mut self.gone);
        let mut at = 0..;
        self.all.retain(|_| at.next().is_none_or(|at: usize| !gone.contains(&at)));
        self.all.sort_by(|one, other| upright(one).left.total_cmp(&upright(other).left));
        let uprights: Vec<Word> = self.all.iter().map(upright).collect();
        let mut confidences = 0.0;
        for line in lines(&uprights) {
            for (at, word) in line.iter().map(|at| &self.all[*at]).enumerate() {
                if !page.text.is_empty() {
                    page.text.push(if at == 0 { '\n' } else { ' ' });
                }
                let start = page.text.len() as u32;
                page.text.push_str(&word.text);
                page.words.push(WordBox {
                    start,
                    end: page.text.len() as u32,
                    left: (word.left / width).clamp(0.0, 1.0),
                    top: (word.top / height).clamp(0.0, 1.0),
                    width: (word.width / width).clamp(0.0, 1.0),
                    height: (word.height / height).clamp(0.0, 1.0),
                });
                confidences += word.confidence;
            }
        }
        if !page.words.is_empty() {
            page.source = TextSource::Recognised;
            page.confidence = Some((confidences / page.words.len() as f32).clamp(0.0, 100.0) as u8);
        }
        page
    }
}

/// The fields of the sheet that a word touches.
fn fields(word: &Word) -> impl Iterator<Item = (i64, i64)> {
    let field = |pixels: f32| (pixels / FIELD).floor() as i64;
    let (left, right) = (field(word.left), field(word.right()));
    let (top, bottom) = (field(word.top), field(word.bottom()));
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

/// The lines that words make, which are given from left to right; in the order in which the engine saw their first words.
fn lines(words: &[Word]) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    // The lines by the field, down the sheet, that their last word is in.
    let mut by_field: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let field = |word: &Word| ((word.top + word.height / 2.0) / FIELD).floor() as i64;
    for (at, word) in words.iter().enumerate() {
        let here = field(word);
        let near = by_field.range(here - 1..=here + 1).flat_map(|(_, lines)| lines.iter().copied());
        let before = near.filter(|line| lines[*line].last().is_some_and(|last| goes_on(&words[*last], word)));
        match before.max_by(|one, other| ends(&lines[*one], words).total_cmp(&ends(&lines[*other], words))) {
            Some(line) => {
                let was = lines[line].last().map_or(here, |last| field(&words[*last]));
                lines[line].push(at);
                if was != here {
                    by_field.entry(was).or_default().retain(|other| *other != line);
                    by_field.entry(here).or_default().push(line);
                }
            }
            None => {
                by_field.entry(here).or_default().push(lines.len());
                lines.push(vec![at]);
            }
        }
    }
    lines.sort_by_key(|line| line.first().map(|first| words[*first].place));
    lines
}

fn ends(line: &[usize], words: &[Word]) -> f32 {
    line.last().map_or(0.0, |last| words[*last].right())
}

/// The word stands behind the other on a line with it.
fn goes_on(before: &Word, word: &Word) -> bool {
    let lower = before.height.min(word.height);
    let gap = word.left - before.right();
    let common = before.bottom().min(word.bottom()) - before.top.max(word.top);
    let alike = before.height.max(word.height) <= lower * 3.0;
    alike && common >= lower / 2.0 && gap >= -lower && gap <= before.height.max(word.height) * GAP_MAX
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::intake::worker::ocr) fn word(
        text: &str,
        left: f32,
        top: f32,
        place: (usize, usize),
    ) -> Word {
        let width = text.len() as f32 * 20.0;
        Word { text: text.to_owned(), confidence: 90.0, left, top, width, height: 40.0, place }
    }

    #[test]
    fn a_word_that_two_tiles_see_counts_once() {
        let mut words = Words::default();
        words.add(word("Grenz", 720.0, 100.0, (0, 0)));
        words.add(word("Grenze", 721.0, 99.0, (1, 0)));
        words.add(word("Grenze", 721.0, 200.0, (1, 1)));
        let page = words.page(1, (1700, 1000), Turn::None);
        assert_eq!(page.text, "Grenze\nGrenze");
        assert!((page.words[0].left - 721.0 / 1700.0).abs() < 1e-6);
    }

    #[test]
    fn a_line_goes_on_in_the_next_tile_and_columns_stay_apart() {
        let mut words = Words::default();
        for (text, left, top, place) in [
            ("Bebauungsplan", 100.0, 50.0, (0, 0)),
            ("Nr.", 380.0, 52.0, (0, 1)),
            ("Spalte", 900.0, 50.0, (1, 1)),
            ("17", 460.0, 48.0, (1, 0)),
            ("Legende", 100.0, 120.0, (0, 2)),
        ] {
            words.add(word(text, left, top, place));
        }
        assert_eq!(words.page(1, (1000, 1000), Turn::None).text, "Bebauungsplan Nr. 17\nLegende\nSpalte");
    }

    #[test]
    fn a_word_is_taken_off_the_small_sheet_only_where_the_tiles_have_nothing_or_scraps() {
        let mut words = Words::default();
        words.add(word("Maßstab", 100.0, 100.0, (0, 0)));
        let title = Word { width: 3000.0, height: 400.0, ..word("LAGEPLAN", 500.0, 800.0, (0, 0)) };
        words.add_missing(vec![title, word("Masstab", 102.0, 101.0, (0, 1))]);
        // The low letters of a word whose high ones were too large for the tile.
        words.add(Word { height: 25.0, ..word("srec", 240.0, 1515.0, (1, 0)) });
        words.add_missing(vec![word("Leitungsrecht", 120.0, 1500.0, (0, 1))]);
        assert_eq!(words.page(1, (4_000, 2_000), Turn::None).text, "Maßstab\nLAGEPLAN\nLeitungsrecht");
    }
}
