//! Sheets to print and to keep (PDF/A-3a, PDF/UA-1): headings, paragraphs, terms, lists and tables, set on A4 pages that a
//! screen reader can follow, with files embedded that belong to them. What a sheet says is made elsewhere; here it is only
//! set and written. No file is opened: typefaces are handed in.

mod draw;
mod lay;
mod typeface;

use jiff::civil::Date;

pub use typeface::{Typeface, Typefaces};

/// A sheet, from top to bottom.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What it is; stands at its head, in its properties and at the foot of each page.
    pub title: String,
    /// What it tells, in one sentence: the description in its properties.
    pub about: String,
    /// The day it speaks for.
    pub on: Date,
    /// The program that wrote it.
    pub producer: String,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// Files that belong to it.
    pub attachments: Vec<Attachment>,
}

/// A part of a sheet.
#[derive(Debug, Clone)]
pub enum Block {
    /// Begins a section.
    Heading(String),
    /// Flowing text.
    Paragraph(String),
    /// Text nobody may overlook.
    Notice(String),
    /// Words and what is said of them.
    Terms(Vec<(String, String)>),
    /// Points in no order.
    List(Vec<String>),
    /// Rows under a head.
    Table(Table),
}

/// Rows of cells under a head. A row that has fewer cells than the head is filled with empty ones.
#[derive(Debug, Clone)]
pub struct Table {
    /// What stands in each column, and its share of the width.
    pub head: Vec<(String, f32)>,
    /// Rows of cells; the first of each names its row.
    pub rows: Vec<Vec<String>>,
}

/// A file embedded in a sheet.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Name of the file.
    pub name: String,
    /// Its media type, such as `application/json`.
    pub media_type: String,
    /// What it is for.
    pub about: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A sheet could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF writer refused: {0}")]
pub struct PrintError(String);

impl Sheet {
    /// The sheet as a PDF.
    ///
    /// # Errors
    /// If the writer finds that a rule of PDF/A-3a or PDF/UA-1 would be broken.
    pub fn pdf(&self, typefaces: &Typefaces) -> Result<Vec<u8>, PrintError> {
        let laid = lay::lay(self, typefaces.regular.measures(), typefaces.bold.measures());
        draw::pdf(self, &laid, typefaces)
    }
}
