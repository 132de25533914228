//! Recognition: which image of a page is shown to tesseract, with which model, and which answer counts. A page that lies
//! crooked is straightened first. One that was read with doubt is tried again: upside down and on its sides, and with
//! the model for Fraktur, if it is installed; the surest answer counts. Boxes always mean the image as it came.

mod engine;
mod lettering;
mod straighten;
mod strewn;
mod tesseract;
mod tiles;
mod turn;

use std::time::{Duration, Instant};

use image::{GrayImage, imageops};

use super::PageError;
use crate::domain::text::{PageText, TextSource};
use crate::intake::limits::OCR_PIXELS_MAX;
use turn::Turn;

pub(super) use engine::{engine, version};
pub(super) use tesseract::PROGRAM;
pub(super) use tiles::{PlanText, Time, recognise_plan};

/// Resolutions outside are taken for wrong statements.
const DPI_RANGE: std::ops::RangeInclusive<u32> = 70..=1200;
/// Width of the paper most scans show, in inches (A4), where the image states no resolution.
const PAPER_WIDTH_INCHES: f32 = 8.27;
/// Images smaller than this on either side hold no text.
const SIDE_MIN_PIXELS: u32 = 8;

/// From this mean confidence on an answer is believed. Typewriting and print of today reach it on the bad pages too, Fraktur
/// read with the model for today's German never did (docs/measurements.md).
const SURE_CONFIDENCE: u8 = 85;
/// Below this a page may lie on its head: turned pages reach 50 to 58.
const TURNED_CONFIDENCE: u8 = 65;
/// With fewer words nobody can tell which way up a page is.
const TURNED_WORDS_MIN: usize = 5;
/// By so much another answer must be surer to count.
const SURER_BY: u8 = 3;
/// And it has to have so much of the text of the first, in percent.
const TEXT_SHARE_MIN: usize = 70;
/// A page that has taken so long is not tried again, lest it be given up as too slow with nothing read: trying takes as long as
/// the first time to find out which way up it is, and twice as long in Fraktur.
const AGAIN_WITHIN: Duration = Duration::from_secs(12);
/// What the model for Fraktur is called; packages put it into different places.
const OLD_LETTERS: [&str; 2] = ["Fraktur", "script/Fraktur"];

/// The resolution to assume for an image: the stated one if it is plausible, else what makes it A4.
pub(super) fn plausible_dpi(stated: Option<u32>, width: u32) -> u32 {
    let guess = (width as f32 / PAPER_WIDTH_INCHES).round() as u32;
    stated.filter(|dpi| DPI_RANGE.contains(dpi)).unwrap_or(guess.clamp(*DPI_RANGE.start(), *DPI_RANGE.end()))
}

/// Recognises the words of `image`, which becomes page `number`.
pub(super) fn recognise(
    image: GrayImage,
    dpi: u32,
    number: u32,
    languages: &str,
) -> Result<PageText, PageError> {
    let (width, height) = image.dimensions();
    if width.min(height) < SIDE_MIN_PIXELS || is_blank(&image) {
        return Ok(empty_page(number));
    }
    let (image, dpi) = bounded(image, dpi);
    let page = Page { image: &image, dpi, number };
    let begun = Instant::now();
    let first = page.read(Turn::None, languages)?;
    if is_sure(&first) || first.words.is_empty() || begun.elapsed() > AGAIN_WITHIN {
        return Ok(first);
    }
    // What fails from here on is no answer: the first stands.
    let turn = page.upright(&first, languages);
    let turned = if turn == Turn::None { None } else { page.read(turn, languages).ok() };
    let best = surer(first, turned);
    if is_sure(&best) || begun.elapsed() > AGAIN_WITHIN {
        return Ok(best);
    }
    Ok(surer(best, page.in_old_letters(turn)))
}

/// A page that is to be recognised.
struct Page<'i> {
    image: &'i GrayImage,
    dpi: u32,
    number: u32,
}

impl Page<'_> {
    /// Its words, with the page turned that way and straightened.
    fn read(&self, turn: Turn, languages: &str) -> Result<PageText, PageError> {
        let turned = turn.of(self.image);
        let degrees = straighten::skew(&turned, self.dpi);
        let straight = degrees.map(|degrees| straighten::straightened(&turned, degrees));
        let shown = straight.as_ref().unwrap_or(&turned);
        let mut page = tesseract::words(shown, self.dpi, self.number, languages)?;
        for word in &mut page.words {
            if let Some(degrees) = degrees {
                straighten::lay_back(word, degrees, turned.dimensions());
            }
            turn.lay_back(word);
        }
        Ok(page)
    }

    /// Which way it must be turned to be upright, tried on the middle of the page.
    fn upright(&self, first: &PageText, languages: &str) -> Turn {
        if first.confidence.is_none_or(|sure| sure >= TURNED_CONFIDENCE)
            || first.words.len() < TURNED_WORDS_MIN
        {
            return Turn::None;
        }
        let (width, height) = self.image.dimensions();
        let middle = imageops::crop_imm(self.image, width / 4, height / 4, width / 2, height / 2).to_image();
        let middle = Page { image: &middle, dpi: self.dpi, number: self.number };
        let mut best =
            (Turn::None, middle.read(Turn::None, languages).unwrap_or_else(|_| empty_page(self.number)));
        for turn in Turn::OTHERS {
            if let Ok(turned) = middle.read(turn, languages)
                && is_surer(&best.1, &turned)
            {
                best = (turn, turned);
            }
        }
        best.0
    }

    /// Its words with the model for Fraktur; none if that is not installed.
    fn in_old_letters(&self, turn: Turn) -> Option<PageText> {
        OLD_LETTERS.iter().find_map(|model| self.read(turn, model).ok())
    }
}

pub(super) fn empty_page(number: u32) -> PageText {
    PageText { number, text: String::new(), words: Vec::new(), source: TextSource::Empty, confidence: None }
}

fn is_sure(page: &PageText) -> bool {
    page.confidence.is_some_and(|sure| sure >= SURE_CONFIDENCE)
}

/// The other answer is surer, and no mere scrap.
fn is_surer(page: &PageText, other: &PageText) -> bool {
    let needed = page.confidence.map_or(0, |sure| sure.saturating_add(SURER_BY));
    other.confidence.is_some_and(|sure| sure >= needed)
        && other.text.len() * 100 >= page.text.len() * TEXT_SHARE_MIN
}

/// The other answer if there is one and it is surer.
fn surer(page: PageText, other: Option<PageText>) -> PageText {
    match other {
        Some(other) if is_surer(&page, &other) => other,
        _ => page,
    }
}

/// One shade all over: nothing to recognise, and tesseract need not be asked.
fn is_blank(image: &GrayImage) -> bool {
    let pixels = image.as_raw();
    pixels.iter().all(|pixel| *pixel == pixels[0])
}

fn bounded(image: GrayImage, dpi: u32) -> (GrayImage, u32) {
    let (width, height) = image.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= OCR_PIXELS_MAX {
        return (image, dpi);
    }
    let factor = (OCR_PIXELS_MAX as f64 / pixels as f64).sqrt();
    let scaled = |side: u32| ((f64::from(side) * factor) as u32).max(1);
    (imageops::thumbnail(&image, scaled(width), scaled(height)), scaled(dpi))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(confidence: u8, text: &str) -> PageText {
        PageText {
            number: 1,
            text: text.to_owned(),
            words: Vec::new(),
            source: TextSource::Recognised,
            confidence: Some(confidence),
        }
    }

    #[test]
    fn the_resolution_is_guessed_where_none_is_stated() {
        assert_eq!(plausible_dpi(Some(200), 5000), 200);
        assert_eq!(plausible_dpi(Some(1), 2481), 300);
        assert_eq!(plausible_dpi(None, 100), 70);
    }

    #[test]
    fn a_surer_answer_counts_unless_it_is_a_scrap() {
        assert!(is_surer(&page(75, "ein Satz in alten Lettern"), &page(88, "ein Satz in alten Lettern")));
        assert!(!is_surer(&page(75, "ein Satz in alten Lettern"), &page(77, "ein Satz in alten Lettern")));
        assert!(!is_surer(&page(75, "ein Satz in alten Lettern"), &page(96, "ein Satz")));
        assert!(is_surer(&empty_page(1), &page(40, "Satz")));
        assert!(!is_surer(&page(40, "Satz"), &empty_page(1)));
    }
}
