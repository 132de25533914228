//! Plain text: pages at form feeds, or of a fixed number of lines; no boxes.

use std::borrow::Cow;
use std::io;

use image::DynamicImage;
use unicode_normalization::UnicodeNormalization;

use super::{Completeness, Document, PageError, PageRead};
use crate::domain::text::{PageText, TextSource};
use crate::intake::limits::{PAGE_TEXT_BYTES_MAX, PLAIN_LINES_PER_PAGE};
use crate::intake::reason::Reason;

/// A text cut into pages.
struct Plain {
    pages: Vec<String>,
}

/// Opens `bytes` as text and hands it to `serve`.
pub(super) fn open(
    bytes: &[u8],
    serve: &mut dyn FnMut(&mut dyn Document) -> io::Result<()>,
) -> Result<io::Result<()>, Reason> {
    Ok(serve(&mut Plain { pages: pages(&decode(bytes)) }))
}

/// UTF-8 where it is valid, else Latin-1, in which every byte is a character.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
}

fn pages(text: &str) -> Vec<String> {
    let mut pages = Vec::new();
    for sheet in text.split('\u{c}') {
        let lines: Vec<&str> = sheet.lines().map(str::trim_end).collect();
        for page in lines.chunks(PLAIN_LINES_PER_PAGE) {
            pages.push(page.join("\n").nfc().collect());
        }
        if lines.is_empty() && !pages.is_empty() {
            pages.push(String::new());
        }
    }
    while pages.last().is_some_and(|page: &String| page.trim().is_empty()) && pages.len() > 1 {
        pages.pop();
    }
    pages
}

impl Document for Plain {
    fn page_count(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        let text = number.checked_sub(1).and_then(|index| self.pages.get(index as usize));
        let text = text.ok_or(Reason::NoSuchPage)?;
        let mut end = text.len().min(PAGE_TEXT_BYTES_MAX);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let missing = (end < text.len()).then_some(Reason::TextTooLong);
        let source = if text.trim().is_empty() { TextSource::Empty } else { TextSource::Layer };
        let page =
            PageText { number, text: text[..end].to_owned(), words: Vec::new(), source, confidence: None };
        Ok(PageRead { page, missing })
    }

    fn image(&mut self, _number: u32, _width: u32) -> Result<DynamicImage, PageError> {
        Err(Reason::ImageUnsupported.into())
    }

    fn completeness(&mut self) -> Completeness {
        Completeness { declared: Some(self.page_count()), complaint: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_form_feeds_and_after_a_hundred_lines() {
        let text = "Zeile\n".repeat(PLAIN_LINES_PER_PAGE + 1) + "\u{c}zweites Blatt\n";
        let pages = pages(&text);
        assert_eq!(pages.len(), 3);
        assert_eq!(pages[1], "Zeile");
        assert_eq!(pages[2], "zweites Blatt");
    }

    #[test]
    fn latin1_is_read_where_utf8_fails() {
        assert_eq!(decode(b"Stra\xDFe"), "Straße");
        assert_eq!(decode("\u{feff}Straße".as_bytes()), "Straße");
    }
}
