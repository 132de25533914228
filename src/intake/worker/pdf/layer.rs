//! Whether a page's text layer is worth having, or the page must be recognised. The text that a scan came with was recognised
//! by somebody else: on a sample of pages it is held against what is recognised here.

use std::collections::HashMap;

use super::glyphs::{Seen, UNKNOWN};
use crate::domain::text::PageText;

/// An image of this share of the page may hold text.
pub(super) const IMAGE_SHARE_MIN: f64 = 0.05;
/// A page covered to this share is a scan, whatever else stands on it.
pub(super) const SCAN_SHARE_MIN: f64 = 0.6;
/// Letters below which the layer of a scan is taken for a stamp or a page number.
const SCAN_LETTERS_MIN: usize = 60;
/// So many painted shapes may be letters turned into curves.
const SHAPES_MIN: usize = 150;
/// A layer with more than this share of glyphs without meaning is garbage.
const GARBAGE_SHARE: f64 = 0.3;
/// Only what was recognised as surely as this can speak against a layer.
const SURE_CONFIDENCE: u8 = 80;
/// A layer with a smaller share of words in common with what was recognised surely is not of this page, or worthless.
const COMMON_SHARE_MIN: f64 = 0.5;
/// So many pages are recognised in vain before the layer is believed without having been confirmed.
const SAMPLE_PAGES_MAX: u32 = 3;

/// What to do about a page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take the layer.
    Good,
    /// Take the layer, if a sample of those the scans of this document came with is good.
    OfScan,
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
    if seen.image_share >= SCAN_SHARE_MIN { Verdict::OfScan } else { Verdict::Good }
}

/// What is known of the layers that the scans of a document came with.
#[derive(Debug, Default)]
pub(super) struct Sample {
    unsure: u32,
    is_good: bool,
}

impl Sample {
    /// They need not be held against anything any more.
    pub(super) fn is_believed(&self) -> bool {
        self.is_good || self.unsure >= SAMPLE_PAGES_MAX
    }

    /// A page was not recognised, or not surely.
    pub(super) fn nothing_to_compare(&mut self) {
        self.unsure += 1;
    }

    /// Holds the layer of a page against what was recognised on it, and says whether to take the layer. One bad layer speaks
    /// for its page alone: the next is looked at as well.
    pub(super) fn compare(&mut self, layer: &PageText, recognised: &PageText) -> bool {
        if recognised.confidence.is_none_or(|sure| sure < SURE_CONFIDENCE) {
            self.nothing_to_compare();
            return true;
        }
        let common = common_share(&layer.text, &recognised.text);
        self.is_good |= common >= COMMON_SHARE_MIN;
        common >= COMMON_SHARE_MIN
    }
}

/// How many of their words two texts have in common: harmonic mean of both shares.
fn common_share(one: &str, other: &str) -> f64 {
    let (one, other) = (words(one), words(other));
    let common: u32 = one.iter().map(|(word, count)| count.min(other.get(word).unwrap_or(&0))).sum();
    let all = one.values().sum::<u32>() + other.values().sum::<u32>();
    if all == 0 { 1.0 } else { f64::from(2 * common) / f64::from(all) }
}

fn words(text: &str) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    for word in text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

/// Controls, private use and the replacement sign say nothing.
fn is_meaningless(character: char) -> bool {
    character.is_control() || character == '\u{FFFD}' || ('\u{E000}'..='\u{F8FF}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::TextSource;

    fn page(text: &str, confidence: Option<u8>) -> PageText {
        let source = TextSource::Layer;
        PageText { number: 1, text: text.to_owned(), words: Vec::new(), source, confidence }
    }

    #[test]
    fn a_layer_that_is_not_of_its_page_is_not_taken_and_a_good_one_ends_the_sample() {
        let read = page("Die Garage an der Grenze wird genehmigt", Some(93));
        let mut sample = Sample::default();
        assert!(!sample.compare(&page("D!e 6ar a9e 4n d3r Gr8nze w1rd gen3hm1gt", None), &read));
        assert!(!sample.is_believed(), "the next page is looked at as well");
        assert!(sample.compare(&page("die Garage an der Grenze vvird genehmigt.", None), &read));
        assert!(sample.is_believed());
    }

    #[test]
    fn what_was_recognised_with_doubt_speaks_against_no_layer() {
        let mut sample = Sample::default();
        let doubtful = page("Dle Gavage", Some(62));
        assert!(sample.compare(&page("Die Garage", None), &doubtful));
        assert!(sample.compare(&page("Die Garage", None), &page("", None)));
        assert!(!sample.is_believed());
        assert!(sample.compare(&page("Die Garage", None), &doubtful));
        assert!(sample.is_believed(), "not every page of a worn stack is recognised in vain");
    }
}
