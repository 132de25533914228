//! What is seen on a page besides its text: the square codes of dividers (Trenn- und Deckblätter), the bars of a patch code,
//! and whether nothing stands on it. May not judge what follows from it, and may not cost a page its text: what fails here saw nothing.

mod blank;
mod codes;
mod patch;

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{GrayImage, imageops};

use crate::domain::text::{PageLook, PageText};

/// What every divider says of itself in large letters, without blanks and hyphens.
const NAMES: [&str; 2] = ["SCHRIFTGUTTRENNBLATT", "SCHRIFTGUTDECKBLATT"];
/// A page with more words than this speaks of dividers and is none.
const DIVIDER_WORDS_MAX: usize = 150;

/// Words recognised on what looks blank are believed from this mean confidence on.
const WORDS_CONFIDENCE_MIN: u8 = 60;

/// What was seen on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    codes: Vec<String>,
    has_patch: bool,
    is_blank: bool,
}

/// Looks at the image of a page.
pub(super) fn at(image: &GrayImage, dpi: u32) -> Seen {
    let look = || {
        let is_blank = blank::is_blank(image, dpi);
        let codes = if is_blank { Vec::new() } else { codes::on(image, dpi) };
        let has_patch = !is_blank && codes.is_empty() && patch::is_on(image, dpi);
        Seen { codes, has_patch, is_blank }
    };
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_default()
}

/// A page with this text may be a divider.
pub(super) fn may_be_a_divider(text: &str) -> bool {
    if !is_short(text) {
        return false;
    }
    let letters: String =
        text.chars().filter(|character| character.is_alphabetic()).flat_map(char::to_uppercase).collect();
    NAMES.iter().any(|name| letters.contains(name))
}

fn is_short(text: &str) -> bool {
    text.split_whitespace().nth(DIVIDER_WORDS_MAX).is_none()
}

impl Seen {
    /// What is worth telling of it. A page that calls itself a divider and shows no code that can be read says so with an
    /// empty one; of a page with words nobody says that it is blank.
    pub(super) fn look(mut self, page: &PageText) -> Option<PageLook> {
        if self.codes.is_empty() && may_be_a_divider(&page.text) {
            self.codes.push(String::new());
        }
        let is_blank = self.is_blank && self.codes.is_empty() && !says_something(page);
        let is_patch = self.has_patch && self.codes.is_empty() && is_short(&page.text);
        let tells = is_blank || is_patch || !self.codes.is_empty();
        tells.then_some(PageLook { number: page.number, codes: self.codes, is_patch, is_blank })
    }
}

/// Words stand on it. What recognition makes of the grain of empty paper are none: it is not sure of them itself.
fn says_something(page: &PageText) -> bool {
    !page.text.trim().is_empty()
        && page.confidence.is_none_or(|confidence| confidence >= WORDS_CONFIDENCE_MIN)
}

/// The image at another resolution, each pixel the mean of those it stands for. It never grows.
fn at_resolution(image: &GrayImage, from: u32, to: u32) -> GrayImage {
    let side = |pixels: u32| (u64::from(pixels) * u64::from(to) / u64::from(from.max(1))).max(1) as u32;
    if to >= from {
        return image.clone();
    }
    imageops::thumbnail(image, side(image.width()), side(image.height()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::TextSource;

    fn page(text: &str) -> PageText {
        let source = TextSource::Recognised;
        PageText { number: 3, text: text.to_owned(), words: Vec::new(), source, confidence: None }
    }

    #[test]
    fn a_page_that_calls_itself_a_divider_and_shows_no_code_says_so() {
        let seen = || Seen { codes: Vec::new(), has_patch: false, is_blank: false };
        let look = seen().look(&page("SCHRIFTGUT-\nTRENNBLATT\nHier beginnt ein neues Dokument")).unwrap();
        assert_eq!((look.number, look.codes, look.is_blank), (3, vec![String::new()], false));
        assert_eq!(seen().look(&page("Schriftgut, Trennwand, Blatt 3")), None);
        assert_eq!(seen().look(&page(&format!("Schriftgut-Trennblatt {}", "und ".repeat(200)))), None);
    }

    #[test]
    fn a_page_of_bars_and_many_words_is_a_page_of_words() {
        let seen = || Seen { codes: Vec::new(), has_patch: true, is_blank: false };
        assert!(seen().look(&page("Patch T")).unwrap().is_patch);
        assert_eq!(seen().look(&page(&"und ".repeat(200))), None);
        let look = seen().look(&page("Schriftgut-Trennblatt")).unwrap();
        assert!(!look.is_patch && look.codes == [String::new()], "a divider of ours that cannot be read");
    }

    #[test]
    fn where_words_were_read_nothing_is_blank() {
        let seen = || Seen { codes: Vec::new(), has_patch: false, is_blank: true };
        assert!(seen().look(&page(" ")).unwrap().is_blank);
        assert_eq!(seen().look(&page("7")), None);
        let grain = PageText { confidence: Some(31), ..page("Se 5") };
        assert!(seen().look(&grain).unwrap().is_blank);
        let words = PageText { confidence: Some(80), ..page("Se 5") };
        assert_eq!(seen().look(&words), None);
    }
}
