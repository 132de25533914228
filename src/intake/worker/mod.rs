//! The worker: a child process of this program that opens one untrusted document and dies.
//!
//! Order, and it matters: put up the fences, read the job line (the parent's own words), set the
//! limits it names, then read the document from standard input, and only then look at its bytes.
//! The worker sees no file name, holds no key and writes nothing but messages to its parent, and what the office program
//! needs into the one folder its parent made for that.

mod archive;
mod assemble;
mod charset;
mod convert;
mod html;
mod identify;
mod jpeg;
mod look;
mod mail;
mod markup;
mod ocr;
mod office;
mod ole;
mod package;
mod pdf;
mod picture;
mod plain;
mod plan;
mod rtf;
mod sandbox;
mod text_pages;
mod tiff;
mod unpack;
mod xml;

use std::io::{self, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use image::{DynamicImage, ImageFormat};

use self::text_pages::Serve;
use super::errand::SCRATCH;
use super::limits::{
    CONVERTER_MEMORY_BYTES, IMAGE_WIDTH_MAX, IMAGE_WIDTH_MIN, PAGE_TEXT_BYTES_MAX, PARSER_STACK_BYTES,
    TEXT_CPU_SECONDS, TEXT_MEMORY_BYTES,
};
use super::reason::Reason;
use super::wire::{self, Fault, Job, Message, Setup, WireLook, WirePage};
use crate::domain::scan::SymbolCoding;
use crate::domain::text::{Format, MediaType, PageText, TextSource, WordBox};

/// Why a page yielded nothing.
#[derive(Debug)]
enum PageError {
    /// The page is to blame.
    Short(Reason),
    /// The machinery is to blame.
    Fault(Fault),
}

impl From<Reason> for PageError {
    fn from(reason: Reason) -> Self {
        Self::Short(reason)
    }
}

/// A page as it was read, with what is missing from it.
struct PageRead {
    page: PageText,
    /// What was seen on it besides; none where nobody looked.
    seen: Option<look::Seen>,
    missing: Option<Reason>,
}

impl PageRead {
    /// The page with no more text than a page may have: whole words, and it says so where some are left out.
    fn fitted(mut self, bytes_max: usize) -> Self {
        if self.page.text.len() > bytes_max {
            let fits = |word: &&WordBox| word.end as usize <= bytes_max;
            let kept = self.page.words.iter().take_while(fits).count();
            self.page.words.truncate(kept);
            let end = self.page.words.last().map_or(bytes_max, |word| word.end as usize);
            self.page.text.truncate(self.page.text.floor_char_boundary(end));
            self.missing = Some(Reason::TextTooLong);
        }
        self
    }
}

/// What a document says about itself, compared with what was found.
struct Completeness {
    declared: Option<u32>,
    /// There are files inside it.
    contains_files: bool,
    complaints: Vec<Reason>,
}

impl Completeness {
    /// Looking failed.
    fn failed() -> Self {
        Self { declared: None, contains_files: false, complaints: vec![Reason::CountUnknown] }
    }
}

/// An opened document of any kind; pages count from 1.
trait Document {
    fn page_count(&self) -> u32;
    /// Opening it is most of the work, so whoever opened it reads all of it.
    fn reads_at_once(&self) -> bool {
        false
    }
    fn read(&mut self, number: u32) -> Result<PageRead, PageError>;
    /// The page as an image, `width` pixels wide.
    fn image(&mut self, number: u32, width: u32) -> Result<DynamicImage, PageError>;
    /// What is written in it, without recognition; nothing where only recognition reads.
    fn written(&mut self, _number: u32) -> String {
        String::new()
    }
    fn completeness(&mut self) -> Completeness;
    /// Whether its images are compressed by symbol coding. Only PDF has a compression that can.
    fn symbol_coding(&mut self) -> SymbolCoding {
        SymbolCoding::Absent
    }
}

/// Runs the worker on standard input and output until the job is done.
///
/// The exit code is success whenever the parent got a complete answer, refusals included.
#[must_use]
pub fn main() -> ExitCode {
    // A panic's text may quote the document, and standard error may be a log.
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = io::stdout();
    match run(&mut io::stdin().lock(), &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run(input: &mut io::StdinLock<'_>, out: &mut (impl Write + Send)) -> io::Result<()> {
    let Ok(fences) = sandbox::enter(std::env::var_os(SCRATCH).map(PathBuf::from)) else {
        return wire::send(out, &Message::Fault(Fault::Sandbox));
    };
    let Ok(Some((job, _))) = wire::receive::<Job>(input) else {
        return wire::send(out, &Message::Fault(Fault::Job));
    };
    let setup = job.setup().clone();
    let (memory, cpu_seconds) = match &job {
        Job::Convert { seconds, .. } => (CONVERTER_MEMORY_BYTES, *seconds),
        _ => (setup.memory_bytes, setup.cpu_seconds),
    };
    if sandbox::limit(memory, cpu_seconds).is_err() {
        return wire::send(out, &Message::Fault(Fault::Sandbox));
    }
    if let Job::Read { .. } = job {
        sandbox::step_back();
    }
    if let Job::Selfcheck { .. } = job {
        return wire::send(out, &Message::Sandbox(sandbox::try_the_fences(&fences, &setup.languages)));
    }
    let mut bytes = Vec::new();
    let _ = input.take(setup.input_bytes_max + 1).read_to_end(&mut bytes)?;
    if let Job::Assemble { lengths, parts, although_signed, setup } = job {
        let order = assemble::Order { lengths, parts, although_signed, setup };
        return on_a_deep_stack(move || assemble::run(&bytes, &order, out));
    }
    if let Job::Unpack { first, setup } = job {
        return on_a_deep_stack(move || unpack::run(&bytes, first, &setup, out));
    }
    if let Job::Convert { program, seconds, .. } = job {
        return on_a_deep_stack(move || convert::run(bytes, &program, seconds, &fences, out));
    }
    on_a_deep_stack(move || open_and_serve(bytes, &job, out))
}

/// Why these bytes are not even opened.
fn refusal(format: Format, bytes: &[u8], setup: &Setup) -> Option<Reason> {
    if bytes.is_empty() {
        return Some(Reason::Empty);
    }
    if bytes.len() as u64 > setup.input_bytes_max {
        return Some(Reason::TooLarge);
    }
    match format.media {
        MediaType::Unknown if identify::is_encrypted_package(format) => Some(Reason::Encrypted),
        MediaType::Unknown => Some(Reason::UnknownFormat),
        _ => None,
    }
}

/// What text may use is a fraction of what scans may; limits are only ever lowered.
fn limit_text(format: Format, bytes: &Vec<u8>, setup: &Setup) -> io::Result<()> {
    if format.media.has_pictures() {
        return Ok(());
    }
    let memory = bytes.capacity() as u64 + TEXT_MEMORY_BYTES + PARSER_STACK_BYTES as u64;
    sandbox::limit(memory.min(setup.memory_bytes), TEXT_CPU_SECONDS.min(setup.cpu_seconds))
}

/// Parsers recurse with the nesting of the input; a deep stack turns most attacks into errors.
fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(PARSER_STACK_BYTES).spawn_scoped(scope, work)?;
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the parser's thread panicked")))
    })
}

fn open_and_serve(bytes: Vec<u8>, job: &Job, out: &mut impl Write) -> io::Result<()> {
    let setup = job.setup();
    let format = catch_unwind(|| identify::format(&bytes)).unwrap_or(Format::UNKNOWN);
    if let Some(reason) = refusal(format, &bytes, setup) {
        return wire::send(out, &Message::Refused { format: format.into(), reason });
    }
    limit_text(format, &bytes, setup)?;
    let mut serve = |document: &mut dyn Document| serve(document, format, job, out);
    let opened = catch_unwind(AssertUnwindSafe(|| open(format.media, bytes, setup, &mut serve)));
    match opened {
        Ok(Ok(served)) => served,
        Ok(Err(reason)) => wire::send(out, &Message::Refused { format: format.into(), reason }),
        Err(_) => wire::send(out, &Message::Refused { format: format.into(), reason: Reason::Damaged }),
    }
}

fn open(media: MediaType, bytes: Vec<u8>, setup: &Setup, serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    match media {
        MediaType::Pdf => pdf::open(bytes, setup, serve),
        MediaType::Tiff => tiff::open(bytes, setup, serve),
        MediaType::Jpeg
        | MediaType::Png
        | MediaType::Jpeg2000
        | MediaType::WebP
        | MediaType::Gif
        | MediaType::Heic => picture::open(bytes, media, setup, serve),
        MediaType::Docx => office::word::open(&bytes, serve),
        MediaType::Xls | MediaType::Xlsx | MediaType::Xlsb => {
            office::sheets::open(&bytes, media, setup, serve)
        }
        MediaType::Pptx => office::slides::open(&bytes, serve),
        MediaType::Odt | MediaType::Ods | MediaType::Odp => office::odf::open(&bytes, media, serve),
        MediaType::Doc => office::doc::open(&bytes, serve),
        MediaType::Ppt => office::ppt::open(&bytes, serve),
        MediaType::Rtf => Ok(rtf::open(&bytes, serve)),
        MediaType::Html => Ok(html::open(&bytes, serve)),
        MediaType::Xml => Ok(markup::open(&bytes, serve)),
        MediaType::Mail => mail::open(&bytes, serve),
        MediaType::Mbox => mail::mbox::open(&bytes, serve),
        MediaType::OutlookMail => mail::outlook::open(&bytes, serve),
        MediaType::Zip => archive::open(&bytes, serve),
        MediaType::PlainText | MediaType::Csv => Ok(plain::open(&bytes, serve)),
        MediaType::Unknown => Err(Reason::NotReadHere),
    }
}

fn serve(document: &mut dyn Document, format: Format, job: &Job, out: &mut impl Write) -> io::Result<()> {
    let found = document.page_count();
    if found == 0 {
        return wire::send(out, &Message::Refused { format: format.into(), reason: Reason::NoPages });
    }
    match job {
        Job::Read { first, last, setup } => {
            wire::send(out, &Message::Begin { format: format.into(), found })?;
            let end = found.min(setup.pages_max);
            let last = if document.reads_at_once() { end } else { *last };
            let mut engine = Engine { languages: &setup.languages, is_named: false };
            for number in *first..=last.min(end) {
                if !read_page(document, number, &mut engine, out)? {
                    return Ok(());
                }
            }
            // Last, so that a checker that dies takes no page with it.
            if last >= end {
                check(document, out)?;
            }
            wire::send(out, &Message::End)
        }
        Job::Image { page, width, .. } => send_image(document, format, *page, *width, out),
        Job::Count { .. } => {
            wire::send(out, &Message::Begin { format: format.into(), found })?;
            wire::send(out, &Message::End)
        }
        Job::Assemble { .. } | Job::Unpack { .. } | Job::Convert { .. } | Job::Selfcheck { .. } => {
            wire::send(out, &Message::Fault(Fault::Job))
        }
    }
}

/// With what is recognised: named before the first page that was.
struct Engine<'l> {
    languages: &'l str,
    is_named: bool,
}

impl Engine<'_> {
    fn name_for(&mut self, page: &PageText, out: &mut impl Write) -> io::Result<()> {
        if self.is_named || page.source != TextSource::Recognised {
            return Ok(());
        }
        self.is_named = true;
        ocr::engine(self.languages).map_or(Ok(()), |engine| wire::send(out, &Message::Engine(engine)))
    }
}

/// Reads and sends one page; false after a fault, when nothing more is to be said.
fn read_page(
    document: &mut dyn Document,
    number: u32,
    engine: &mut Engine<'_>,
    out: &mut impl Write,
) -> io::Result<bool> {
    let page = Some(number);
    let read = catch_unwind(AssertUnwindSafe(|| document.read(number)));
    let read = read.unwrap_or(Err(PageError::Short(Reason::PageDamaged)));
    match read.map(|page| page.fitted(PAGE_TEXT_BYTES_MAX)) {
        Ok(PageRead { page: text, seen, missing }) => {
            if let Some(reason) = missing {
                wire::send(out, &Message::Short { page, reason, passed: false })?;
            }
            let look = seen.and_then(|seen| seen.look(&text));
            if let Some(look) = &look {
                wire::send(out, &Message::Look(WireLook::from(look)))?;
            }
            // What recognition makes of the grain of empty paper is no text.
            let is_blank = look.is_some_and(|look| look.is_blank);
            let text = if is_blank { ocr::empty_page(number) } else { text };
            engine.name_for(&text, out)?;
            wire::send(out, &Message::Page(WirePage::from(&text)))?;
        }
        Err(PageError::Short(reason)) => wire::send(out, &Message::Short { page, reason, passed: true })?,
        Err(PageError::Fault(fault)) => {
            wire::send(out, &Message::Fault(fault))?;
            return Ok(false);
        }
    }
    Ok(true)
}

fn check(document: &mut dyn Document, out: &mut impl Write) -> io::Result<()> {
    let checked = catch_unwind(AssertUnwindSafe(|| document.completeness()));
    let checked = checked.unwrap_or_else(|_| Completeness::failed());
    for reason in &checked.complaints {
        let reason = *reason;
        wire::send(out, &Message::Short { page: None, reason, passed: false })?;
    }
    let Completeness { declared, contains_files, .. } = checked;
    let coding = catch_unwind(AssertUnwindSafe(|| document.symbol_coding())).unwrap_or(SymbolCoding::Unclear);
    wire::send(out, &Message::Checked { declared, contains_files, symbol_coding: coding.to_string() })
}

fn send_image(
    document: &mut dyn Document,
    format: Format,
    page: u32,
    width: u32,
    out: &mut impl Write,
) -> io::Result<()> {
    let refuse = |reason| Message::Refused { format: format.into(), reason };
    if page == 0 || page > document.page_count() {
        return wire::send(out, &refuse(Reason::NoSuchPage));
    }
    let width = width.clamp(IMAGE_WIDTH_MIN, IMAGE_WIDTH_MAX);
    let drawn = catch_unwind(AssertUnwindSafe(|| document.image(page, width)));
    let image = match drawn.unwrap_or(Err(PageError::Short(Reason::PageDamaged))) {
        Ok(image) => image,
        Err(PageError::Short(reason)) => return wire::send(out, &refuse(reason)),
        Err(PageError::Fault(fault)) => return wire::send(out, &Message::Fault(fault)),
    };
    let mut png = Vec::new();
    if image.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).is_err() {
        return wire::send(out, &refuse(Reason::PageTooLarge));
    }
    wire::send(out, &Message::Image { bytes: png.len() as u64 })?;
    out.write_all(&png)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_too_much_for_a_page_is_left_out_by_whole_words_and_said() {
        let word = |start, end| WordBox { start, end, left: 0.0, top: 0.0, width: 0.1, height: 0.1 };
        let page = || PageText {
            text: "Große Straße 12".to_owned(),
            words: vec![word(0, 6), word(7, 14), word(15, 17)],
            ..ocr::empty_page(1)
        };
        let read = |bytes_max| PageRead { page: page(), seen: None, missing: None }.fitted(bytes_max);
        let whole = read(17);
        assert_eq!((whole.page, whole.missing), (page(), None));
        for (bytes_max, text, words) in [(16, "Große Straße", 2), (14, "Große Straße", 2), (13, "Große", 1)]
        {
            let cut = read(bytes_max);
            assert_eq!((cut.page.text.as_str(), cut.page.words.len()), (text, words), "{bytes_max}");
            assert_eq!(cut.missing, Some(Reason::TextTooLong));
        }
        let mut unboxed = page();
        unboxed.words.clear();
        let cut = PageRead { page: unboxed, seen: None, missing: None }.fitted(4);
        assert_eq!(cut.page.text, "Gro");
    }
}
