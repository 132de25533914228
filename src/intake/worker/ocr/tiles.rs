//! Plans in tiles: which parts of a large image are shown to the engine, in which order and how long each, and what becomes of
//! words that two tiles see. Tiles overlap by more than a word of usual size; a word that a tile's edge may have cut is taken
//! from its neighbour, and what both see counts once. What is larger than that, a title, is read off the whole sheet, made
//! small. Tiles without ink are left out. The first tile is the one at the bottom right: there the title block stands (ISO 5457),
//! and the time may not suffice for all.

use std::time::{Duration, Instant};

use image::{GrayImage, imageops};

use super::strewn::{Word, Words};
use super::tesseract::{self, Found, Layout, Way};
use super::{DPI_RANGE, Page, PageError, Turn, lettering};
use crate::domain::text::{PageText, WordBox};

/// Longest side of a tile, in pixels, its overlap included.
const TILE: u32 = 2800;
/// By how much neighbours overlap, in pixels: an inch at 300 dpi.
const OVERLAP: u32 = 300;
/// Pixels of the whole sheet made small.
const SMALL_PIXELS: u64 = 12_000_000;
/// Lower letters are not read off the sheet made small, in its pixels.
const SMALL_HEIGHT_MIN: u32 = 12;
/// Nor are words that are less sure.
const SMALL_CONFIDENCE_MIN: f32 = 60.0;
/// So much darker than its paper ink is.
const INK_MIN: u8 = 48;
/// With less ink, in pixels, a tile is empty.
const INK_PIXELS_MIN: usize = 40;
/// A tile may take so many times its share of the time that is left, but not less than this.
const SHARES_PER_TILE: u32 = 3;
const TILE_TIME_MIN: Duration = Duration::from_secs(3);
/// A turned sheet must be read as surely as this for all tiles to be turned.
const TURNED_SURE: u8 = 75;
/// The time for one page.
#[derive(Debug, Clone, Copy)]
pub(in crate::intake::worker) struct Time {
    until: Instant,
}

impl Time {
    /// Of so much time a part is kept for what comes after recognition.
    pub(in crate::intake::worker) fn of(page: Duration) -> Self {
        Self { until: Instant::now() + page * 4 / 5 }
    }

    fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// What one of so many parts may take; none if it is over.
    fn for_one_of(&self, parts: usize) -> Option<Duration> {
        let left = self.left();
        let share = left / u32::try_from(parts).unwrap_or(u32::MAX).max(1) * SHARES_PER_TILE;
        (!left.is_zero()).then(|| share.max(TILE_TIME_MIN).min(left))
    }
}

/// What was read of a plan.
pub(in crate::intake::worker) struct PlanText {
    pub(in crate::intake::worker) page: PageText,
    /// All tiles were read.
    pub(in crate::intake::worker) is_all: bool,
}

/// Recognises the words of a plan, which becomes page `number`.
pub(in crate::intake::worker) fn recognise_plan(
    image: &GrayImage,
    dpi: u32,
    number: u32,
    languages: &str,
    time: &Time,
) -> Result<PlanText, PageError> {
    // What is less the engine takes for a wrong statement.
    let dpi = dpi.max(*DPI_RANGE.start());
    let mut reading = Reading::of(image, dpi, number, languages, time);
    let mut words = reading.tiles()?;
    words.add_missing(reading.large_words()?);
    let turn = reading.turn.unwrap_or(Turn::None);
    Ok(PlanText { page: words.page(number, image.dimensions(), turn), is_all: reading.is_all })
}

/// A part of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tile {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// The tiles of an image, row by row.
fn tiles(width: u32, height: u32) -> Vec<Tile> {
    let (columns, rows) = (spans(width), spans(height));
    let mut tiles = Vec::new();
    for (top, height) in rows {
        for (left, width) in &columns {
            tiles.push(Tile { left: *left, top, width: *width, height });
        }
    }
    tiles
}

/// Where the tiles along one side begin, and how long they are: as few as may be, of one size.
fn spans(side: u32) -> Vec<(u32, u32)> {
    if side <= TILE {
        return vec![(0, side)];
    }
    let count = (side - OVERLAP).div_ceil(TILE - OVERLAP);
    let step = (side - OVERLAP).div_ceil(count);
    (0..count).map(|at| (at * step, (step + OVERLAP).min(side - at * step))).collect()
}

/// A plan that is being read.
struct Reading<'r> {
    image: &'r GrayImage,
    dpi: u32,
    number: u32,
    languages: &'r str,
    time: &'r Time,
    /// How the sheet must be turned, once it is known.
    turn: Option<Turn>,
    /// One tile was asked how.
    has_looked: bool,
    /// All tiles are empty.
    is_white: bool,
    is_all: bool,
}

impl<'r> Reading<'r> {
    fn of(image: &'r GrayImage, dpi: u32, number: u32, languages: &'r str, time: &'r Time) -> Self {
        let (turn, has_looked, is_white, is_all) = (None, false, false, true);
        Self { image, dpi, number, languages, time, turn, has_looked, is_white, is_all }
    }
}

impl Reading<'_> {
    /// The words of all tiles for which there is time.
    fn tiles(&mut self) -> Result<Words, PageError> {
        let (width, height) = self.image.dimensions();
        let mut waiting = tiles(width, height);
        waiting.retain(|tile| !self.is_empty(*tile));
        self.is_white = waiting.is_empty();
        let mut words = Words::default();
        while let Some(tile) = waiting.pop() {
            // One part more, for the sheet as a whole.
            let Some(within) = self.time.for_one_of(waiting.len() + 2) else {
                self.is_all = false;
                break;
            };
            match self.tile(tile, within) {
                Ok(found) => found.into_iter().for_each(|word| words.add(word)),
                Err(PageError::Fault(fault)) => return Err(PageError::Fault(fault)),
                Err(PageError::Short(_)) => self.is_all = false,
            }
        }
        Ok(words)
    }

    fn part(&self, tile: Tile) -> GrayImage {
        imageops::crop_imm(self.image, tile.left, tile.top, tile.width, tile.height).to_image()
    }

    /// There is no ink on it, neither dark on light nor light on dark.
    fn is_empty(&self, tile: Tile) -> bool {
        let mut counts = [0_usize; 256];
        let (width, from) = (self.image.width() as usize, tile.left as usize);
        let rows = self.image.as_raw().chunks_exact(width).skip(tile.top as usize);
        for row in rows.take(tile.height as usize) {
            row[from..from + tile.width as usize].iter().for_each(|shade| counts[usize::from(*shade)] += 1);
        }
        let paper = (0..=u8::MAX).max_by_key(|shade| counts[usize::from(*shade)]).unwrap_or(u8::MAX);
        let is_ink = |shade: &u8| shade.abs_diff(paper) >= INK_MIN;
        let ink: usize = (0..=u8::MAX).filter(is_ink).map(|shade| counts[usize::from(shade)]).sum();
        ink < INK_PIXELS_MIN
    }

    /// The whole words of a tile.
    fn tile(&mut self, tile: Tile, within: Duration) -> Result<Vec<Word>, PageError> {
        let part = self.part(tile);
        let is_all_there_is = (tile.width, tile.height) == self.image.dimensions();
        let letters = |turn: Turn| {
            let mut turned = turn.of(&part).into_owned();
            // What is too large for a tile is read off the sheet made small, if there is more than one.
            if !is_all_there_is {
                lettering::keep(&mut turned);
            }
            turned
        };
        let mut found = self.found(&letters(self.turn.unwrap_or(Turn::None)), self.dpi, within)?;
        if self.turn.is_none() && !self.has_looked && !found.is_empty() {
            self.has_looked = true;
            self.turn = self.turn_of(&part, &found);
            if let Some(turn) = self.turn.filter(|turn| *turn != Turn::None) {
                found = self.found(&letters(turn), self.dpi, within.min(self.time.left()))?;
            }
        }
        let turn = self.turn.unwrap_or(Turn::None);
        let words = found.into_iter().enumerate().map(|(at, found)| {
            let (left, top, width, height) = laid_back(&found, turn, part.dimensions());
            let (left, top) = (left + tile.left as f32, top + tile.top as f32);
            let Found { word, confidence, .. } = found;
            let place = (self.rank(tile), at);
            Word { text: word, confidence, left, top, width, height, place }
        });
        let (sheet_width, sheet_height) = self.image.dimensions();
        let is_whole = |word: &Word| !may_be_cut(word, tile, (sheet_width as f32, sheet_height as f32));
        Ok(words.filter(is_whole).collect())
    }

    fn found(&self, image: &GrayImage, dpi: u32, within: Duration) -> Result<Vec<Found>, PageError> {
        let way = Way { languages: self.languages, layout: Layout::Strewn, within: Some(within) };
        tesseract::found(image, dpi, way)
    }

    /// The place of a tile among all, row by row, on the sheet when it is upright.
    fn rank(&self, tile: Tile) -> usize {
        let turn = self.turn.unwrap_or(Turn::None);
        let size = (self.image.width() as f32, self.image.height() as f32);
        let place = |tile: &Tile| {
            let (left, top, ..) = turn
                .upright((tile.left as f32, tile.top as f32, tile.width as f32, tile.height as f32), size);
            (top as u32, left as u32)
        };
        let own = place(&tile);
        tiles(self.image.width(), self.image.height()).iter().filter(|other| place(other) < own).count()
    }

    /// How the sheet must be turned; none if this tile does not tell. Only what is then read surely turns all of it.
    fn turn_of(&self, part: &GrayImage, found: &[Found]) -> Option<Turn> {
        let first = tesseract::page_of(found.iter().cloned(), self.number, part.dimensions());
        if super::is_sure(&first) {
            return Some(Turn::None);
        }
        let page = Page { image: part, dpi: self.dpi, number: self.number };
        let turn = page.upright(&first, self.languages);
        if turn == Turn::None {
            return None;
        }
        let turned = page.read(turn, self.languages).ok()?;
        let is_sure = turned.confidence.is_some_and(|sure| sure >= TURNED_SURE);
        (is_sure && super::is_surer(&first, &turned)).then_some(turn)
    }

    /// Words too large for a tile, off the sheet made small; nothing where one tile is all.
    fn large_words(&mut self) -> Result<Vec<Word>, PageError> {
        let (width, height) = self.image.dimensions();
        if tiles(width, height).len() == 1 || self.is_white {
            return Ok(Vec::new());
        }
        let Some(within) = self.time.for_one_of(1) else {
            self.is_all = false;
            return Ok(Vec::new());
        };
        let pixels = u64::from(width) * u64::from(height);
        let factor = (pixels as f64 / SMALL_PIXELS as f64).sqrt().max(1.0);
        let side = |pixels: u32| ((f64::from(pixels) / factor) as u32).max(1);
        let small = imageops::thumbnail(self.image, side(width), side(height));
        let turn = self.turn.unwrap_or(Turn::None);
        let dpi = ((f64::from(self.dpi) / factor) as u32).max(*DPI_RANGE.start());
        let found = match self.found(&turn.of(&small), dpi, within) {
            Ok(found) => found,
            Err(PageError::Fault(fault)) => return Err(PageError::Fault(fault)),
            Err(PageError::Short(_)) => {
                self.is_all = false;
                return Ok(Vec::new());
            }
        };
        let (across, down) = (width as f32 / small.width() as f32, height as f32 / small.height() as f32);
        let is_large =
            |found: &Found| found.height >= SMALL_HEIGHT_MIN && found.confidence >= SMALL_CONFIDENCE_MIN;
        let words = found.into_iter().filter(is_large).enumerate().map(|(at, found)| {
            let (left, top, width, height) = laid_back(&found, turn, small.dimensions());
            let (left, top, width, height) = (left * across, top * down, width * across, height * down);
            let Found { word, confidence, .. } = found;
            Word { text: word, confidence, left, top, width, height, place: (0, at) }
        });
        Ok(words.collect())
    }
}

/// The box of a word on the image before it was turned, whose size this is.
fn laid_back(found: &Found, turn: Turn, (width, height): (u32, u32)) -> (f32, f32, f32, f32) {
    let lies = matches!(turn, Turn::Quarter | Turn::ThreeQuarters);
    let (turned_width, turned_height) = if lies { (height, width) } else { (width, height) };
    let (width, height) = (width as f32, height as f32);
    let mut word = WordBox {
        start: 0,
        end: 0,
        left: found.left as f32 / turned_width as f32,
        top: found.top as f32 / turned_height as f32,
        width: found.width as f32 / turned_width as f32,
        height: found.height as f32 / turned_height as f32,
    };
    turn.lay_back(&mut word);
    (word.left * width, word.top * height, word.width * width, word.height * height)
}

/// An edge of the tile that is none of the sheet is so near that part of the word may lie behind it.
fn may_be_cut(word: &Word, tile: Tile, (sheet_width, sheet_height): (f32, f32)) -> bool {
    let near = word.width.min(word.height).clamp(4.0, OVERLAP as f32 / 4.0);
    let (left, top) = (tile.left as f32, tile.top as f32);
    let (right, bottom) = (left + tile.width as f32, top + tile.height as f32);
    (left > 0.0 && word.left < left + near)
        || (top > 0.0 && word.top < top + near)
        || (right < sheet_width && word.right() > right - near)
        || (bottom < sheet_height && word.bottom() > bottom - near)
}

#[cfg(test)]
mod tests {
    use super::super::strewn::tests::word;
    use super::*;
    use image::Luma;

    #[test]
    fn tiles_cover_the_sheet_and_overlap_by_more_than_a_word() {
        for side in [1, TILE, TILE + 1, 9_933, 14_044, 100_000] {
            let spans = spans(side);
            assert_eq!(spans[0].0, 0);
            let (last, length) = spans[spans.len() - 1];
            assert_eq!(last + length, side);
            assert!(spans.iter().all(|(_, length)| *length <= TILE));
            assert!(spans.windows(2).all(|two| two[0].0 + two[0].1 >= two[1].0 + OVERLAP), "{spans:?}");
        }
        assert_eq!(tiles(9_933, 14_044).len(), 24);
    }

    #[test]
    fn a_word_that_an_edge_may_have_cut_is_taken_from_the_neighbour() {
        let left = Tile { left: 0, top: 0, width: 1000, height: 1000 };
        let right = Tile { left: 700, top: 0, width: 1000, height: 1000 };
        let sheet = (1700.0, 1000.0);
        assert!(may_be_cut(&word("Flurst", 870.0, 100.0, (0, 0)), left, sheet));
        assert!(!may_be_cut(&word("Flurstück", 870.0, 100.0, (1, 0)), right, sheet));
        assert!(may_be_cut(&word("rze", 702.0, 100.0, (1, 1)), right, sheet));
        // The edges of the sheet cut nothing.
        assert!(!may_be_cut(&word("Rand", 0.0, 0.0, (0, 1)), left, sheet));
    }

    #[test]
    fn a_tile_with_a_speck_is_empty_and_one_with_a_digit_is_not() {
        let time = Time::of(Duration::from_secs(1));
        let empty = |image: &GrayImage| {
            let tile = Tile { left: 10, top: 10, width: 80, height: 80 };
            Reading::of(image, 300, 1, "deu", &time).is_empty(tile)
        };
        let mut sheet = GrayImage::from_pixel(100, 100, Luma([240]));
        (0..100).for_each(|at| sheet.put_pixel(at, 5, Luma([0])));
        (20..25).for_each(|at| sheet.put_pixel(at, at, Luma([0])));
        assert!(empty(&sheet), "what lies outside and a speck do not count");
        (20..70).for_each(|at| sheet.put_pixel(40, at, Luma([90])));
        assert!(!empty(&sheet));
        sheet.iter_mut().for_each(|shade| *shade = 255 - *shade);
        assert!(!empty(&sheet), "light on dark");
    }

    #[test]
    fn a_tile_gets_a_share_of_the_time_that_is_left_and_none_when_it_is_over() {
        let time = Time::of(Duration::from_secs(60));
        let share = time.for_one_of(24).unwrap();
        assert!((Duration::from_secs(5)..=Duration::from_secs(6)).contains(&share), "{share:?}");
        assert!(time.for_one_of(1).unwrap() <= Duration::from_secs(48));
        assert_eq!(time.for_one_of(10_000), Some(TILE_TIME_MIN));
        assert_eq!(Time::of(Duration::ZERO).for_one_of(3), None);
    }
}
