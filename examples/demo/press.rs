//! From a document's data to its bytes: fill the letter, lay it out, draw it, store it in its form.

use std::error::Error;

use image::GrayImage;

use crate::fonts::{Face, Faces};
use crate::ink::Case;
use crate::letter::{self, Page, Style};
use crate::paper::{self, Look};
use crate::pdf::{self, Scan};
use crate::rng::Rng;
use crate::tiff;
use crate::town::{CaseFile, Form, Paper, Town};

/// Dots per inch of letters and of large plans.
const DPI: u16 = 200;
const DPI_PLAN: u16 = 150;

/// Until this year letters are set in print, until the other they are typed, afterwards written by computer.
const FIRST_TYPED: i16 = 1920;
const FIRST_COMPUTED: i16 = 1992;

/// Forgotten by its owner, as it should be.
const PASSWORD: &str = "Brandschutz-2015";

/// A document as it lies in the folder.
#[derive(Clone)]
pub struct Printed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What stands on each page.
    pub texts: Vec<String>,
}

/// Prints documents, one after the other.
pub struct Press<'a> {
    town: &'a Town,
    faces: Faces,
    case: Case,
}

impl<'a> Press<'a> {
    /// Loads the faces.
    pub fn new(town: &'a Town) -> Result<Self, crate::fonts::MissingFont> {
        Ok(Self { town, faces: Faces::load()?, case: Case::default() })
    }

    /// Prints one document.
    pub fn print(&mut self, file: &CaseFile, document: &Paper) -> Result<Printed, Box<dyn Error>> {
        let mut rng = Rng::named(&format!("{}/{}/{}", file.az, document.letter, document.on));
        let text = self.town.text(file, document, &mut rng)?;
        if document.form == Form::Text {
            return Ok(Printed { bytes: text.clone().into_bytes(), texts: vec![text] });
        }
        let letter = self.town.letter(&document.letter)?;
        let pages = letter::set(&text, &self.style(document, letter.printed), &self.faces);
        let bytes = self.store(document, &letter.title, &pages, &mut rng)?;
        Ok(Printed { bytes, texts: pages.iter().map(Page::text).collect() })
    }

    fn style(&self, document: &Paper, printed: bool) -> Style<'a> {
        let year = document.on.0.year();
        let (face, bold, size) = if printed || year < FIRST_TYPED {
            (Face::Serif, Face::SerifBold, 12.0)
        } else if year < FIRST_COMPUTED {
            (Face::Mono, Face::MonoBold, 11.5)
        } else {
            (Face::Sans, Face::SansBold, 11.0)
        };
        let sheet = if document.form == Form::Plan { letter::A1 } else { letter::A4 };
        let size = if document.form == Form::Plan { 30.0 } else { size };
        let word = |name: &str| self.town.words.get(name).map_or("", String::as_str);
        Style { face, bold, size, sheet, head: word("head"), seal: word("seal") }
    }

    fn store(
        &mut self,
        document: &Paper,
        title: &str,
        pages: &[Page],
        rng: &mut Rng,
    ) -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(match document.form {
            Form::Scan => self.scans(document, pages, false, false, title, rng)?,
            Form::Fax | Form::Plan => self.scans(document, pages, true, false, title, rng)?,
            Form::Ocr => self.scans(document, pages, false, true, title, rng)?,
            Form::FaxOcr => self.scans(document, pages, true, true, title, rng)?,
            Form::Truncated => {
                let mut bytes = self.scans(document, pages, false, false, title, rng)?;
                // A copy that broke off inside the first image: neither cross-references nor pages remain.
                bytes.truncate(bytes.len() / 7);
                bytes
            }
            Form::Tiff => tiff::bilevel(&self.images(document, pages, rng), DPI)?,
            Form::TiffLzw => tiff::grey_lzw(&self.images(document, pages, rng), DPI)?,
            Form::Jpeg | Form::Lying => match self.images(document, pages, rng).as_slice() {
                [page] => pdf::jpeg(page, DPI)?,
                pages => return Err(format!("{} pages do not fit one picture", pages.len()).into()),
            },
            Form::Pdf => pdf::digital(pages, title)?,
            Form::Locked => pdf::encrypted(&pdf::digital(pages, title)?, PASSWORD)?,
            Form::Empty | Form::Text => Vec::new(),
        })
    }

    fn images(&mut self, document: &Paper, pages: &[Page], rng: &mut Rng) -> Vec<GrayImage> {
        let draw = |page| {
            let look = Look::of(document.wear, rng);
            paper::scan(page, &look, DPI, &self.faces, &mut self.case, rng)
        };
        pages.iter().map(draw).collect()
    }

    fn scans(
        &mut self,
        document: &Paper,
        pages: &[Page],
        bilevel: bool,
        with_text: bool,
        title: &str,
        rng: &mut Rng,
    ) -> Result<Vec<u8>, pdf::PdfError> {
        let dpi = if document.form == Form::Plan { DPI_PLAN } else { DPI };
        let scan = |page| {
            let look = Look::of(document.wear, rng);
            let image = paper::scan(page, &look, dpi, &self.faces, &mut self.case, rng);
            (page, Scan { image, dpi, bilevel, text_skew: with_text.then_some(look.skew) })
        };
        let scans: Vec<_> = pages.iter().map(scan).collect();
        pdf::scanned(&scans, title)
    }
}
