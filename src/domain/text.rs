//! What was read from a document: text by page, where each word stands, and what is missing.

use super::scan::SymbolCoding;

mod media;

pub use media::{Format, MediaType, NotAPuid, Puid};

/// Where a page's text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextSource {
    /// The document's own text (text layer, plain text).
    Layer,
    /// Recognised on the page image (OCR).
    Recognised,
    /// The page is empty: neither layer nor recognisable words.
    Empty,
}

/// One word of a page: which bytes of the page's text it is, and its box on the page image.
/// The box is in fractions of the page's width and height from the top left corner, 0.0 to 1.0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordBox {
    /// First byte of the word in the page's text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Left edge, fraction of the page width.
    pub left: f32,
    /// Top edge, fraction of the page height.
    pub top: f32,
    /// Width, fraction of the page width.
    pub width: f32,
    /// Height, fraction of the page height.
    pub height: f32,
}

/// The text of one page. Words are joined by blanks, lines by line feeds.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    /// Page number, from 1.
    pub number: u32,
    /// The text, NFC.
    pub text: String,
    /// The words with their boxes, in reading order.
    pub words: Vec<WordBox>,
    /// Where the text came from.
    pub source: TextSource,
    /// Mean confidence of recognition, 0 to 100; none for a text layer.
    pub confidence: Option<u8>,
}

/// Something that was not read, and why, in words for users (German).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The page, from 1; none if the whole document is concerned.
    pub page: Option<u32>,
    /// The reason, German, without content of the document: `Seite ist beschädigt`.
    pub reason: String,
}

/// What was seen on a page besides its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLook {
    /// Page number, from 1.
    pub number: u32,
    /// What the square codes on it that are meant for this program say; empty where one is there and cannot be read.
    pub codes: Vec<String>,
    /// The bars of patch code T stand on it, and little else.
    pub is_patch: bool,
    /// Nothing stands on it.
    pub is_blank: bool,
}

/// What reading a document yielded. "Parsed" is not "complete": `pages_declared`, `pages` and
/// `shortfalls` together are the completeness facts ("14 of 15 pages read; page 9 damaged").
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// There are files inside it: attachments of a mail, what an archive was packed of.
    pub contains_files: bool,
    /// What the bytes are.
    pub format: Format,
    /// How many pages the document says it has; none if it could not be asked.
    pub pages_declared: Option<u32>,
    /// The pages that were read, in order.
    pub pages: Vec<PageText>,
    /// The pages that were looked at and are blank, or have a code on them that is meant for this program.
    pub looks: Vec<PageLook>,
    /// What was not read.
    pub shortfalls: Vec<Shortfall>,
    /// Whether its images are compressed by symbol coding; none if nobody could look.
    pub symbol_coding: Option<SymbolCoding>,
    /// With what its pages were recognised: `tesseract 5.3.0, deu 0f2a1b3c`; none if none was.
    pub engine: Option<String>,
}

impl Reading {
    /// Everything the document declares was read, and nothing fell short.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.shortfalls.is_empty() && self.pages_declared == u32::try_from(self.pages.len()).ok()
    }
}

/// How many of its pages a document was read: `14 von 15 Seiten gelesen`.
#[must_use]
pub fn pages_read(read: u32, declared: u32) -> String {
    format!("{read} von {declared} Seiten gelesen")
}
