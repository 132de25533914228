//! What parent and worker say to each other: one JSON object per line. Private to this version of
//! the program (both sides are the same binary), so it is no format and has no versions.
//!
//! ```text
//! parent → worker   {"read":{…}}\n  then the document's bytes, then end of file
//! worker → parent   begin, (engine? look? page | short)*, checked?, end  for read
//!                   image, then that many bytes                    for image
//!                   busy*, (part, then that many bytes)*, made     for assemble; the documents' bytes follow one another
//!                   (contained, then that many bytes | kept)*, unpacked   for unpack
//!                   converted, then that many bytes                for convert
//!                   begin, end                                     for count
//!                   refused | fault                                instead of any of these
//! ```

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use super::limits::{CODE_BYTES_MAX, CODES_PER_PAGE_MAX, LINE_BYTES_MAX};
use super::reason::{LeftOut, Reason, StaysInside};
use crate::domain::text::{Format, MediaType, PageLook, PageText, TextSource, WordBox};

/// What the parent asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Job {
    /// Read pages `first..=last`.
    Read { first: u32, last: u32, setup: Setup },
    /// Draw page `page`, `width` pixels wide, as PNG.
    Image { page: u32, width: u32, setup: Setup },
    /// Make new documents of the pages of others. The bytes of all follow, so many of each.
    Assemble { lengths: Vec<u64>, parts: Vec<Vec<Pages>>, although_signed: bool, setup: Setup },
    /// Hand out the files inside a file, from number `first` on, counted from 0.
    Unpack { first: u32, setup: Setup },
    /// Have this office program make a PDF of the document, within so many seconds.
    Convert { program: String, seconds: u64, setup: Setup },
    /// Say how many pages there are.
    Count { setup: Setup },
    /// Try what must be impossible and say what was denied.
    Selfcheck { setup: Setup },
}

/// Pages of one document, from 1; to its end if no last one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// Which document, from 0, in the order they are given.
    pub source: usize,
    /// The first page.
    pub first: u32,
    /// The last page.
    pub last: Option<u32>,
}

impl Job {
    pub(super) fn setup(&self) -> &Setup {
        match self {
            Self::Read { setup, .. }
            | Self::Image { setup, .. }
            | Self::Assemble { setup, .. }
            | Self::Unpack { setup, .. }
            | Self::Convert { setup, .. }
            | Self::Count { setup }
            | Self::Selfcheck { setup } => setup,
        }
    }
}

/// The limits and choices that hold inside the worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) memory_bytes: u64,
    pub(super) cpu_seconds: u64,
    pub(super) input_bytes_max: u64,
    pub(super) pages_max: u32,
    pub(super) pixels_max: u64,
    pub(super) whole_pixels_max: u64,
    /// Longest time for one page, in milliseconds.
    pub(super) page_wall_ms: u64,
    /// Tesseract's language list, such as `deu` or `deu+frk`.
    pub(super) languages: String,
}

/// What the worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Message {
    /// The document is open and has `found` pages.
    Begin { format: WireFormat, found: u32 },
    /// The pages that follow and were recognised were recognised with this.
    Engine(String),
    /// What was seen on the page that follows, besides its text.
    Look(WireLook),
    /// A page was read.
    Page(WirePage),
    /// Something was not read; `passed` says that the page will not follow.
    Short { page: Option<u32>, reason: Reason, passed: bool },
    /// How many pages the document says it has, whether there are files inside it, and how its images are compressed.
    Checked { declared: Option<u32>, contains_files: bool, symbol_coding: String },
    /// All that was asked is done.
    End,
    /// A PNG of this many bytes follows the line.
    Image { bytes: u64 },
    /// It is still at work.
    Busy,
    /// A new document of this many bytes follows the line; so many pages of each of the documents it was to be made of.
    Part { bytes: u64, pages: Vec<u32> },
    /// All parts are made; this they do not have.
    Made { format: WireFormat, left_out: Vec<LeftOut> },
    /// A file inside the file, of this many bytes; they follow the line.
    Contained { path: String, bytes: u64 },
    /// A file inside the file that does not come out of it.
    Kept { path: String, why: StaysInside },
    /// That is all; or there is more, from number `next` on. A mail says what it is about.
    Unpacked { format: WireFormat, next: Option<u32>, subject: Option<String> },
    /// A PDF of this many bytes follows the line.
    Converted { bytes: u64 },
    /// The document is not readable.
    Refused { format: WireFormat, reason: Reason },
    /// The machinery failed; the document is not to blame.
    Fault(Fault),
    /// The answer to a self-check.
    Sandbox(SandboxStatus),
}

impl Message {
    /// How many bytes follow the line; none if none do.
    pub(super) fn bytes_behind(&self) -> Option<u64> {
        match self {
            Self::Image { bytes }
            | Self::Part { bytes, .. }
            | Self::Contained { bytes, .. }
            | Self::Converted { bytes } => Some(*bytes),
            _ => None,
        }
    }
}

/// What failed in the machinery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fault {
    /// The job line was not understood.
    Job,
    /// The sandbox could not be put up.
    Sandbox,
    /// tesseract is not installed or cannot be started.
    OcrMissing,
    /// tesseract lacks the language model asked for.
    OcrLanguage,
    /// The kernel fences off no files, and without that no office program is let at a document.
    FilesUnfenced,
}

/// [`Format`] on the wire: the IANA media type, and the name in PRONOM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WireFormat {
    media: String,
    pronom: Option<String>,
}

impl From<Format> for WireFormat {
    fn from(format: Format) -> Self {
        Self { media: format.media.iana().to_owned(), pronom: format.pronom.map(|puid| puid.to_string()) }
    }
}

impl WireFormat {
    /// The format, if both names are ones; none from a worker gone astray.
    pub(super) fn checked(&self) -> Option<Format> {
        let pronom = match &self.pronom {
            Some(puid) => Some(puid.parse().ok()?),
            None => None,
        };
        Some(Format { media: MediaType::of_iana(&self.media)?, pronom })
    }
}

/// [`PageText`] on the wire. Words are `(start, end, left, top, width, height)`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct WirePage {
    number: u32,
    text: String,
    words: Vec<(u32, u32, f32, f32, f32, f32)>,
    recognised: bool,
    confidence: Option<u8>,
}

impl From<&PageText> for WirePage {
    fn from(page: &PageText) -> Self {
        Self {
            number: page.number,
            text: page.text.clone(),
            words: page.words.iter().map(|w| (w.start, w.end, w.left, w.top, w.width, w.height)).collect(),
            recognised: page.source == TextSource::Recognised,
            confidence: page.confidence,
        }
    }
}

impl WirePage {
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// The page, if what the worker says holds together; none from a worker gone astray.
    pub(super) fn checked(self) -> Option<PageText> {
        let text = self.text;
        let mut words = Vec::with_capacity(self.words.len());
        for (start, end, left, top, width, height) in self.words {
            let inside = start < end && text.get(start as usize..end as usize).is_some();
            let sane = [left, top, width, height].iter().all(|v| (0.0..=1.0).contains(v));
            if !inside || !sane {
                return None;
            }
            words.push(WordBox { start, end, left, top, width, height });
        }
        let source = if text.trim().is_empty() {
            TextSource::Empty
        } else if self.recognised {
            TextSource::Recognised
        } else {
            TextSource::Layer
        };
        let confidence = self.confidence.map(|c| c.min(100));
        Some(PageText { number: self.number, text, words, source, confidence })
    }
}

/// [`PageLook`] on the wire.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct WireLook {
    number: u32,
    codes: Vec<String>,
    is_patch: bool,
    is_blank: bool,
}

impl From<&PageLook> for WireLook {
    fn from(PageLook { number, codes, is_patch, is_blank }: &PageLook) -> Self {
        Self { number: *number, codes: codes.clone(), is_patch: *is_patch, is_blank: *is_blank }
    }
}

impl WireLook {
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// The look, if it holds together; none from a worker gone astray.
    pub(super) fn checked(self) -> Option<PageLook> {
        let Self { number, codes, is_patch, is_blank } = self;
        let sane = codes.len() <= CODES_PER_PAGE_MAX && codes.iter().all(|code| code.len() <= CODE_BYTES_MAX);
        sane.then_some(PageLook { number, codes, is_patch, is_blank })
    }
}

/// Which fences stand around the worker, asked of the worker itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxStatus {
    /// Landlock's version in this kernel as text (`ABI 5`), none if the kernel has none.
    pub landlock: Option<String>,
    /// Files outside the system's programs cannot be read.
    pub reading_denied: bool,
    /// No file can be created.
    pub writing_denied: bool,
    /// No connection can be opened.
    pub network_denied: bool,
    /// Limits of memory, time and files are in place.
    pub limits_set: bool,
    /// tesseract's version line, none if it cannot be started inside the sandbox.
    pub tesseract: Option<String>,
    /// tesseract and its models: what pages are recognised with now.
    pub engine: Option<String>,
}

impl SandboxStatus {
    /// Whoever is behind these fences reads, writes and reaches nothing outside of them.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.landlock.is_some() && self.reading_denied && self.writing_denied && self.network_denied
    }

    /// All fences stand.
    #[must_use]
    pub fn is_tight(&self) -> bool {
        self.holds() && self.limits_set
    }
}

/// Writes `value` as one line and flushes it.
pub(super) fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value).map_err(io::Error::other)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

/// Reads one line; none at the end of the stream. A line beyond [`LINE_BYTES_MAX`] is an error.
pub(super) fn receive<T: for<'de> Deserialize<'de>>(from: &mut impl BufRead) -> io::Result<Option<(T, u64)>> {
    let mut line = Vec::new();
    let read = from.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let value = serde_json::from_slice(&line).map_err(io::Error::other)?;
    Ok(Some((value, read as u64)))
}
