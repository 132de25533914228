//! PDF: the text layer with positions, and page images, by one interpreter, so that boxes fit.
//!
//! `hayro` reads pages; `lopdf`, a second pair of eyes on the same bytes, says how many pages the
//! file declares and whether it had to be repaired. A page whose layer is missing or useless is drawn
//! and recognised.

pub(super) mod assemble;
pub(super) mod attached;
mod direction;
mod draw;
mod fields;
mod glyphs;
mod jbig2;
mod layer;
mod lines;
mod meaning;
mod plan;
mod resources;
mod words;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hayro::RenderCache;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Stream};
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use hayro::kurbo::Rect;
use image::DynamicImage;
use lopdf::xref::XrefRecovery;

use super::{Completeness, Document, PageError, PageRead, look, ocr};
use crate::domain::scan::SymbolCoding;
use crate::domain::text::{PageText, TextSource};
use crate::intake::limits::{LOOK_DPI, OCR_DPI, OCR_PIXELS_MAX, PAGE_TEXT_BYTES_MAX};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;
use glyphs::{Collector, Seen};
use plan::Large;

/// A PDF that opened. Whether the text that scans came with is worth having is found out on a sample of them.
struct Opened<'a> {
    bytes: Arc<Vec<u8>>,
    pdf: &'a Pdf,
    fonts: InterpreterCache<'a>,
    drawing: RenderCache<'a>,
    settings: InterpreterSettings,
    setup: &'a Setup,
    scans: layer::Sample,
}

/// Opens `bytes` as PDF, with the empty password if one is asked for, and hands it to `serve`.
pub(super) fn open(
    bytes: Vec<u8>,
    setup: &Setup,
    serve: &mut dyn FnMut(&mut dyn Document) -> io::Result<()>,
) -> Result<io::Result<()>, Reason> {
    let bytes = Arc::new(bytes);
    let pdf = Pdf::new(Arc::clone(&bytes)).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Reason::Encrypted,
        LoadPdfError::Decryption(_) => Reason::EncryptionUnknown,
        LoadPdfError::Invalid => Reason::Damaged,
    })?;
    let mut opened = Opened {
        bytes,
        pdf: &pdf,
        fonts: InterpreterCache::new(),
        drawing: RenderCache::new(),
        settings: InterpreterSettings::default(),
        setup,
        scans: layer::Sample::default(),
    };
    Ok(serve(&mut opened))
}

impl<'a> Opened<'a> {
    fn page(&self, number: u32) -> Result<&'a Page<'a>, Reason> {
        let index = number.checked_sub(1).ok_or(Reason::NoSuchPage)?;
        self.pdf.pages().get(index as usize).ok_or(Reason::NoSuchPage)
    }

    /// Everything the page shows: its glyphs, and how much of it is image.
    fn look_at(&self, page: &'a Page<'a>) -> Seen {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let view = Rect::new(0.0, 0.0, width, height);
        let mut context = Context::new(transform, view, &self.fonts, page.xref(), self.settings.clone());
        let are_codes = meaning::drawn_letters_are_codes(page);
        let mut collector = Collector::new(width, height, are_codes, self.setup.whole_pixels_max);
        interpret_page(page, &mut context, &mut collector);
        let mut seen = collector.seen();
        fields::add_undrawn(page, transform, &mut seen);
        seen
    }

    /// The page as it is recognised, what is seen on it besides, and what of it was not read.
    fn recognised(&self, page: &'a Page<'a>, seen: &Seen, number: u32) -> Result<Recognised, PageError> {
        if let Some(plan) = largest(&seen.large) {
            return self.recognised_plan(page, seen, plan, number);
        }
        let (width, height) = page.render_dimensions();
        let scale = draw::bounded_scale(width, height, OCR_DPI / draw::POINTS_PER_INCH, OCR_PIXELS_MAX);
        let image = draw::page(page, &self.drawing, &self.settings, scale)?.into_luma8();
        let dpi = (scale * draw::POINTS_PER_INCH).round().max(1.0) as u32;
        let looked = Some(look::at(&image, dpi));
        Ok(Recognised {
            page: ocr::recognise(image, dpi, number, &self.setup.languages)?,
            looked,
            missing: None,
        })
    }

    /// A page on which a plan lies is read off the plan alone.
    fn recognised_plan(
        &self,
        page: &'a Page<'a>,
        seen: &Seen,
        plan: Large,
        number: u32,
    ) -> Result<Recognised, PageError> {
        let time = ocr::Time::of(Duration::from_millis(self.setup.page_wall_ms));
        let sheet = plan.sheet(self.setup)?;
        let read = sheet.read(number, self.setup, &mut |to| plan.rows(page, to), &time)?;
        let mut text = read.page;
        for word in &mut text.words {
            plan.lay_on_page(word, (seen.width, seen.height));
        }
        let rest = seen.image_share - plan.share;
        let missing = read.missing.or((rest >= layer::IMAGE_SHARE_MIN).then_some(Reason::PlanPartlyRead));
        Ok(Recognised { page: text, looked: None, missing })
    }

    /// What is seen on a page whose text need not be recognised: a scan that came with its text, an empty page, or one that
    /// says it is a divider. Nobody looks at the others.
    fn looked_at(&self, page: &'a Page<'a>, seen: &Seen, text: &PageText) -> Option<look::Seen> {
        if !seen.large.is_empty() {
            return None;
        }
        if seen.image_share < layer::SCAN_SHARE_MIN
            && text.source != TextSource::Empty
            && !look::may_be_a_divider(&text.text)
        {
            return None;
        }
        let (width, height) = page.render_dimensions();
        let scale = draw::bounded_scale(width, height, LOOK_DPI / draw::POINTS_PER_INCH, OCR_PIXELS_MAX);
        let image = draw::page(page, &self.drawing, &self.settings, scale).ok()?.into_luma8();
        let dpi = (scale * draw::POINTS_PER_INCH).round().max(1.0) as u32;
        Some(look::at(&image, dpi))
    }
}

/// What recognition made of a page.
struct Recognised {
    page: PageText,
    looked: Option<look::Seen>,
    missing: Option<Reason>,
}

fn largest(images: &[Large]) -> Option<Large> {
    images.iter().copied().max_by(|one, other| one.share.total_cmp(&other.share))
}

/// Part of the page's content cannot be opened.
fn content_is_missing(page: &Page<'_>) -> Option<Reason> {
    const CONTENTS: &[u8] = b"Contents";
    let raw = page.raw();
    if !raw.contains_key(CONTENTS) {
        return None;
    }
    if let Some(array) = raw.get::<Array<'_>>(CONTENTS) {
        let parts = array.raw_iter().count();
        let opened = array.iter::<Stream<'_>>().count();
        return (opened < parts).then_some(Reason::PagePartlyDamaged);
    }
    page.page_stream().is_none().then_some(Reason::PageDamaged)
}

impl Document for Opened<'_> {
    fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    fn read(&mut self, number: u32) -> Result<PageRead, PageError> {
        let page = self.page(number)?;
        let mut missing = content_is_missing(page);
        let seen = self.look_at(page);
        if seen.glyphs.is_empty() && missing == Some(Reason::PageDamaged) {
            return Err(Reason::PageDamaged.into());
        }
        if missing.is_none() && seen.image_cut_off {
            missing = Some(Reason::ImageCutOff);
        }
        if seen.cut || seen.glyphs.iter().map(|glyph| glyph.text.len()).sum::<usize>() > PAGE_TEXT_BYTES_MAX {
            missing = Some(Reason::TextTooLong);
        }
        let judged = layer::judge(&seen);
        let from_layer = lines::page_text(&seen, number);
        let without_recognition = |text: PageText| (self.looked_at(page, &seen, &text), text);
        let (looked, page_text) = match judged {
            layer::Verdict::Good => without_recognition(from_layer),
            layer::Verdict::OfScan if self.scans.is_believed() => without_recognition(from_layer),
            layer::Verdict::OfScan => match self.recognised(page, &seen, number) {
                Ok(Recognised { page: recognised, looked, missing: of_plan }) => {
                    let believed = self.scans.compare(&from_layer, &recognised);
                    missing = missing.or(of_plan.filter(|_| !believed));
                    (looked, if believed { from_layer } else { recognised })
                }
                // A page that came with its text is read also where nothing can be recognised.
                Err(_) => {
                    self.scans.nothing_to_compare();
                    (self.looked_at(page, &seen, &from_layer), from_layer)
                }
            },
            layer::Verdict::Empty => {
                without_recognition(PageText { source: TextSource::Empty, ..from_layer })
            }
            layer::Verdict::Doubtful => {
                let Recognised { page: recognised, looked, missing: of_plan } =
                    self.recognised(page, &seen, number)?;
                missing = missing.or(of_plan);
                // A page of pictures with a line of true text keeps the line.
                let more = recognised.text.len() > from_layer.text.len();
                (looked, if more { recognised } else { from_layer })
            }
            layer::Verdict::Useless => {
                let Recognised { page: recognised, looked, missing: of_plan } =
                    self.recognised(page, &seen, number)?;
                missing = missing.or(of_plan);
                // Where recognition sees nothing, what little the layer tells is more.
                let nothing = recognised.text.trim().is_empty();
                let tells = from_layer.text.chars().any(char::is_alphanumeric);
                (looked, if nothing && tells { from_layer } else { recognised })
            }
        };
        Ok(PageRead { page: page_text, seen: looked, missing })
    }

    fn image(&mut self, number: u32, width: u32) -> Result<DynamicImage, PageError> {
        let page = self.page(number)?;
        let (page_width, page_height) = page.render_dimensions();
        let scale = draw::bounded_scale(
            page_width,
            page_height,
            width as f32 / page_width,
            self.setup.whole_pixels_max,
        );
        let large = self.look_at(page).large;
        if large.is_empty() {
            return Ok(draw::page(page, &self.drawing, &self.settings, scale)?);
        }
        let smaller = plan::made_smaller(&self.bytes, page, &large, scale, self.setup)?;
        let pdf = Pdf::new(smaller).map_err(|_| Reason::PageTooLarge)?;
        let page = pdf.pages().get(number as usize - 1).ok_or(Reason::PageTooLarge)?;
        Ok(draw::page(page, &RenderCache::new(), &self.settings, scale)?)
    }

    fn written(&mut self, number: u32) -> String {
        let Ok(page) = self.page(number) else { return String::new() };
        lines::page_text(&self.look_at(page), number).text
    }

    fn symbol_coding(&mut self) -> SymbolCoding {
        jbig2::look(self.pdf)
    }

    fn completeness(&mut self) -> Completeness {
        let contains_files = attached::is_there(self.pdf);
        let Ok(facts) = lopdf::Document::load_metadata_mem(&self.bytes) else {
            return Completeness { contains_files, ..Completeness::failed() };
        };
        let repaired = facts.xref_recovery == Some(XrefRecovery::Reconstructed);
        let declared = (facts.page_count > 0).then_some(facts.page_count);
        let complaint = match declared {
            _ if repaired => Some(Reason::Repaired),
            None => Some(Reason::CountUnknown),
            Some(_) => None,
        };
        Completeness { declared, contains_files, complaints: complaint.into_iter().collect() }
    }
}
