//! Documents that are text: pages without pictures, cut where the format cuts them or after so many lines, with
//! notes of what was left out. It knows no format; a page that is too long goes on on the next, so no word is lost
//! but beyond the most that is taken of one document, which is noted.

use std::io;

use image::DynamicImage;
use unicode_normalization::UnicodeNormalization;

use super::{Completeness, Document, PageError, PageRead};
use crate::domain::text::{PageText, TextSource};
use crate::intake::limits::{DOCUMENT_TEXT_BYTES_MAX, PLAIN_LINES_PER_PAGE, TEXT_PAGE_BYTES};
use crate::intake::reason::Reason;

/// What a document is served to.
pub(super) type Serve<'s> = &'s mut dyn FnMut(&mut dyn Document) -> io::Result<()>;

/// The pages of a document that is text, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct TextPages {
    pages: Vec<String>,
    notes: Vec<Reason>,
    contains_files: bool,
    taken_bytes: usize,
}

impl TextPages {
    /// Notes once that something was left out.
    pub(super) fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }

    /// There are files inside the file.
    pub(super) fn contains_files(&mut self) {
        self.contains_files = true;
    }

    pub(super) fn note_all(&mut self, reasons: impl IntoIterator<Item = Reason>) {
        reasons.into_iter().for_each(|reason| self.note(reason));
    }

    /// One page as the format has it: a slide, a sheet. A very long one takes several pages.
    pub(super) fn page(&mut self, text: &str) {
        let left = DOCUMENT_TEXT_BYTES_MAX - self.taken_bytes;
        let text = if text.len() > left {
            self.note(Reason::DocumentTooLong);
            if left == 0 {
                return;
            }
            &text[..floor(text, left)]
        } else {
            text
        };
        self.taken_bytes += text.len();
        let mut rest = text;
        loop {
            let (page, more) = first_page_of(rest);
            self.pages.push(tidied(page));
            if more.is_empty() {
                return;
            }
            rest = more;
        }
    }

    /// Running text: pages at form feeds, or of a fixed number of lines.
    pub(super) fn flow(&mut self, text: &str) {
        let first = self.pages.len();
        for sheet in text.split('\u{c}') {
            let lines: Vec<&str> = sheet.lines().collect();
            for page in lines.chunks(PLAIN_LINES_PER_PAGE) {
                self.page(&page.join("\n"));
            }
            if lines.is_empty() && self.pages.len() > first {
                self.page("");
            }
        }
        while self.pages.len() > first + 1 && self.pages.last().is_some_and(|page| page.trim().is_empty()) {
            self.pages.pop();
        }
    }

    /// Hands the document over; one without a word has one empty page.
    pub(super) fn serve(mut self, serve: Serve<'_>) -> io::Result<()> {
        if self.pages.is_empty() {
            self.pages.push(String::new());
        }
        serve(&mut self)
    }

    #[cfg(test)]
    pub(super) fn pages(&self) -> &[String] {
        &self.pages
    }

    #[cfg(test)]
    pub(super) fn notes(&self) -> &[Reason] {
        &self.notes
    }
}

/// As much of `text` as makes one page, cut at the end of a line where there is one, and the rest.
fn first_page_of(text: &str) -> (&str, &str) {
    if text.len() <= TEXT_PAGE_BYTES {
        return (text, "");
    }
    let end = floor(text, TEXT_PAGE_BYTES);
    match text[..end].rfind('\n') {
        Some(line) if line > 0 => (&text[..line], &text[line + 1..]),
        _ => text.split_at(end),
    }
}

/// The boundary of a character at `most`, or below it.
fn floor(text: &str, most: usize) -> usize {
    (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// NFC, without blanks at the ends of lines, and without characters that are no text.
fn tidied(page: &str) -> String {
    let mut tidy = String::with_capacity(page.len());
    for line in page.lines() {
        tidy.extend(line.trim_end().nfc().filter(|c| !c.is_control() || *c == '\t'));
        tidy.push('\n');
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

impl Document for TextPages {
    fn page_count(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    fn reads_at_once(&self) -> bool {
        true
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        let index = number.checked_sub(1).ok_or(Reason::NoSuchPage)?;
        let text = self.pages.get(index as usize).ok_or(Reason::NoSuchPage)?.clone();
        let source = if text.trim().is_empty() { TextSource::Empty } else { TextSource::Layer };
        let page = PageText { number, text, words: Vec::new(), source, confidence: None };
        Ok(PageRead { page, seen: None, missing: None })
    }

    fn image(&mut self, _number: u32, _width: u32) -> Result<DynamicImage, PageError> {
        Err(Reason::ImageUnsupported.into())
    }

    fn completeness(&mut self) -> Completeness {
        Completeness {
            declared: Some(self.page_count()),
            contains_files: self.contains_files,
            complaints: self.notes.clone(),
        }
    }
}

/// Text that grows while a document is read, and stops growing at the most that is taken.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    cut: bool,
}

impl Draft {
    pub(super) fn push(&mut self, text: &str) {
        if self.text.len() + text.len() > DOCUMENT_TEXT_BYTES_MAX {
            self.cut = true;
        } else {
            self.text.push_str(text);
        }
    }

    /// Ends the line if something stands on it.
    pub(super) fn end_line(&mut self) {
        let end = self.text.trim_end_matches(['\t', ' ']).len();
        self.text.truncate(end);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n");
        }
    }

    /// What closes something stands right behind its last word.
    pub(super) fn close(&mut self, sign: &str) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.push(sign);
    }

    /// A blank, unless one stands there already.
    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t', '\u{c}']) {
            self.push(" ");
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text so far, so that the next page begins empty.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// More was said than is taken.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_form_feeds_and_after_a_hundred_lines() {
        let text = "Zeile\n".repeat(PLAIN_LINES_PER_PAGE + 1) + "\u{c}zweites Blatt\n";
        let mut pages = TextPages::default();
        pages.flow(&text);
        assert_eq!(pages.pages().len(), 3);
        assert_eq!(pages.pages()[1], "Zeile");
        assert_eq!(pages.pages()[2], "zweites Blatt");
        assert_eq!(pages.notes(), []);
    }

    #[test]
    fn a_long_sheet_goes_on_on_the_next_page_and_loses_no_word() {
        let rows: Vec<String> = (0..60_000).map(|row| format!("Posten {row}")).collect();
        let mut pages = TextPages::default();
        pages.page(&rows.join("\n"));
        assert!(pages.pages().len() > 2);
        let words: Vec<&str> = pages.pages().iter().flat_map(|page| page.lines()).collect();
        assert_eq!(words, rows);
        let (long, mut pages) = ("ü".repeat(TEXT_PAGE_BYTES), TextPages::default());
        pages.page(&long);
        assert_eq!(pages.pages().concat(), long, "a line without end");
    }

    #[test]
    fn what_is_beyond_the_most_that_is_taken_is_said() {
        let mut pages = TextPages::default();
        let text = "Wort ".repeat(DOCUMENT_TEXT_BYTES_MAX / 10);
        for _ in 0..3 {
            pages.page(&text);
        }
        assert_eq!(pages.notes(), [Reason::DocumentTooLong]);
        let mut draft = Draft::default();
        for _ in 0..3 {
            draft.push(&text);
        }
        assert!(draft.is_cut() && draft.take().len() <= DOCUMENT_TEXT_BYTES_MAX);
    }
}
