//! The parent's side: asks workers, survives them, and puts together what they found.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use thiserror::Error;

use super::errand::{End, Errand, Failure};
use super::limits::{ENGINE_BYTES_MAX, Limits, PAGES_PER_WORKER, RESTARTS_MAX};
use super::reason::Reason;
use super::wire::{Fault, Job, Message, SandboxStatus, Setup, WireFormat};
use crate::domain::scan::SymbolCoding;
use crate::domain::text::{Format, PageLook, PageText, Reading, Shortfall, pages_read};

/// A document's bytes, opened anew for every worker that needs them.
///
/// Closures that open something are sources, and so is [`Bytes`].
pub trait Source: Sync {
    /// A reader at the first byte.
    ///
    /// # Errors
    /// Whatever keeps the bytes from being read; it reaches the caller as [`IntakeError::Source`].
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl<F: Fn() -> io::Result<Box<dyn Read>> + Sync> Source for F {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        self()
    }
}

/// A document that is in memory already.
#[derive(Clone, Copy)]
pub struct Bytes<'b>(pub &'b [u8]);

impl Source for Bytes<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.0))
    }
}

/// Why a document was not read at all.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The document is to blame. An outcome to be recorded, not a fault: asking again gives the same.
    #[error("the document is not readable: {reason:?}")]
    NotReadable {
        /// What the bytes are, as far as it was found out.
        format: Format,
        /// Why; [`Reason::german`] says it to users.
        reason: Reason,
    },
    /// The worker process could not be started.
    #[error("the worker `{program}` could not be started")]
    WorkerStart {
        /// The program that was tried.
        program: String,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The worker could not put up its fences and refused to work without them.
    #[error("the worker could not put up its sandbox")]
    Sandbox,
    /// Parent and worker do not understand each other: they are not the same program.
    #[error("the worker did not understand the job or gave no answer")]
    Protocol,
    /// tesseract is not installed.
    #[error("tesseract is not installed or cannot be started")]
    OcrMissing,
    /// tesseract lacks the language model asked for.
    #[error("tesseract has no model for `{languages}`")]
    OcrLanguage {
        /// The languages asked for.
        languages: String,
    },
    /// No office program is installed.
    #[error("LibreOffice is not installed")]
    ConverterMissing,
    /// There is no folder in memory for the office program.
    #[error("there is no folder in memory to convert in")]
    NoScratch(#[source] io::Error),
    /// The kernel fences off no files.
    #[error("the kernel has no Landlock, and without it no office program is run")]
    FilesUnfenced,
    /// The document's bytes could not be fetched.
    #[error("the document's bytes could not be fetched")]
    Source(#[source] io::Error),
}

/// Where documents are read: how workers are started and what they may use.
///
/// A workshop holds no process; several threads may use one at the same time, and each call runs its
/// own worker.
#[derive(Debug, Clone)]
pub struct Workshop {
    program: PathBuf,
    languages: String,
    /// An office program other than the one that is installed.
    pub(super) converter: Option<PathBuf>,
    pub(super) limits: Limits,
}

impl Workshop {
    /// A workshop whose workers are this program, reading German, with the usual limits.
    ///
    /// # Errors
    /// When the system does not tell which program this is.
    pub fn new() -> io::Result<Self> {
        Ok(Self::with_program(std::env::current_exe()?))
    }

    /// A workshop whose workers are `program`, called with the one argument `worker`.
    #[must_use]
    pub fn with_program(program: impl Into<PathBuf>) -> Self {
        let (program, languages) = (program.into(), "deu".to_owned());
        Self { program, languages, converter: None, limits: Limits::default() }
    }

    /// The same workshop with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same workshop recognising other languages, in tesseract's notation: `deu+frk`.
    #[must_use]
    pub fn with_languages(mut self, languages: impl Into<String>) -> Self {
        self.languages = languages.into();
        self
    }

    /// Reads the document that `source` opens, page by page. After each page `progress` hears how many
    /// pages are done.
    ///
    /// The source is opened once, and again for every worker that goes on where another died.
    ///
    /// # Errors
    /// [`IntakeError::NotReadable`] when the document yields nothing; the others when the machinery
    /// failed and the same document may be tried again later.
    pub fn read(&self, source: &dyn Source, progress: &mut dyn FnMut(u32)) -> Result<Reading, IntakeError> {
        let mut course = Course::default();
        let mut output_left = self.limits.output_bytes_max;
        let deadline = Instant::now() + self.limits.document_wall;
        let mut restarts = 0;
        loop {
            let first = course.next;
            let last = first.saturating_add(PAGES_PER_WORKER - 1);
            let job = Job::Read { first, last, setup: self.setup() };
            let errand = self.errand(&job, Some(source), deadline, &mut output_left);
            let end = errand.run(&mut |message, _| course.hear(message, progress));
            let end = end.map_err(|failure| self.failure(failure))?;
            course.check(self)?;
            match course.after(end, last.min(self.limits.pages_max), &mut restarts) {
                Step::GoOn if Instant::now() < deadline => {}
                Step::GoOn | Step::GiveUp => {
                    course.fall_short(None, Reason::GivenUp);
                    break;
                }
                Step::Finished => break,
                Step::Refuse(reason) => {
                    let format = course.format.unwrap_or(Format::UNKNOWN);
                    return Err(IntakeError::NotReadable { format, reason });
                }
            }
        }
        Ok(course.reading(self.limits.pages_max))
    }

    /// Draws page `page` (from 1) as a PNG, `width` pixels wide (bounded by
    /// [`IMAGE_WIDTH_MIN`](super::limits::IMAGE_WIDTH_MIN) and
    /// [`IMAGE_WIDTH_MAX`](super::limits::IMAGE_WIDTH_MAX)).
    ///
    /// # Errors
    /// [`IntakeError::NotReadable`] when the page cannot be drawn (plain text has no pictures); the
    /// others when the machinery failed.
    pub fn page_image(&self, source: &dyn Source, page: u32, width: u32) -> Result<Vec<u8>, IntakeError> {
        let job = Job::Image { page, width, setup: self.setup() };
        let mut output_left = self.limits.output_bytes_max;
        let mut course = Course::default();
        let mut png = None;
        let deadline = Instant::now() + self.limits.document_wall;
        let end = self.errand(&job, Some(source), deadline, &mut output_left).run(&mut |message, bytes| {
            if bytes.is_some() {
                png = bytes;
            } else {
                course.hear(message, &mut |_| {});
            }
        });
        let end = end.map_err(|failure| self.failure(failure))?;
        course.check(self)?;
        let reason = course.refused.unwrap_or(match end {
            End::TooSlow => Reason::PageTooSlow,
            End::TooMuch => Reason::PageTooLarge,
            End::Done | End::Crashed => Reason::PageCrashed,
        });
        let format = course.format.unwrap_or(Format::UNKNOWN);
        png.ok_or(IntakeError::NotReadable { format, reason })
    }

    /// Starts a worker that tries its own fences and says which hold.
    ///
    /// # Errors
    /// When no worker can be started or gives no answer.
    pub fn sandbox_status(&self) -> Result<SandboxStatus, IntakeError> {
        self.status_of_a_worker(None)
    }

    /// The same of a worker that may write to this folder.
    pub(super) fn status_of_a_worker(&self, scratch: Option<&Path>) -> Result<SandboxStatus, IntakeError> {
        let job = Job::Selfcheck { setup: self.setup() };
        let mut output_left = self.limits.output_bytes_max;
        let mut status = None;
        let mut course = Course::default();
        let deadline = Instant::now() + self.limits.page_wall;
        let mut errand = self.errand(&job, None, deadline, &mut output_left);
        errand.scratch = scratch;
        let end = errand.run(&mut |message, _| match message {
            Message::Sandbox(found) => status = Some(found),
            other => course.hear(other, &mut |_| {}),
        });
        let _ = end.map_err(|failure| self.failure(failure))?;
        course.check(self)?;
        status.ok_or(IntakeError::Protocol)
    }

    pub(super) fn setup(&self) -> Setup {
        Setup {
            memory_bytes: self.limits.memory_bytes,
            cpu_seconds: self.limits.cpu_seconds,
            input_bytes_max: self.limits.input_bytes_max,
            pages_max: self.limits.pages_max,
            pixels_max: self.limits.pixels_max,
            whole_pixels_max: self.limits.whole_pixels_max,
            page_wall_ms: u64::try_from(self.limits.page_wall.as_millis()).unwrap_or(u64::MAX),
            languages: self.languages.clone(),
        }
    }

    pub(super) fn errand<'e>(
        &'e self,
        job: &'e Job,
        source: Option<&'e dyn Source>,
        deadline: Instant,
        output_left: &'e mut u64,
    ) -> Errand<'e> {
        let (program, patience) = (&*self.program, self.limits.page_wall);
        Errand { program, job, source, scratch: None, patience, deadline, output_left }
    }

    pub(super) fn failure(&self, failure: Failure) -> IntakeError {
        match failure {
            Failure::Start(source) => {
                IntakeError::WorkerStart { program: self.program.display().to_string(), source }
            }
            Failure::Source(source) => IntakeError::Source(source),
            Failure::TooLarge => {
                IntakeError::NotReadable { format: Format::UNKNOWN, reason: Reason::TooLarge }
            }
        }
    }
}

/// What to do after a worker has ended.
enum Step {
    Finished,
    GoOn,
    GiveUp,
    Refuse(Reason),
}

/// What has been heard about a document so far, over all its workers.
pub(super) struct Course {
    format: Option<Format>,
    found: u32,
    declared: Option<u32>,
    /// The page that is due.
    next: u32,
    pages: Vec<PageText>,
    looks: Vec<PageLook>,
    shortfalls: Vec<Shortfall>,
    checked: bool,
    contains_files: bool,
    symbol_coding: Option<SymbolCoding>,
    engine: Option<String>,
    refused: Option<Reason>,
    fault: Option<Fault>,
    nonsense: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            format: None,
            found: 0,
            declared: None,
            next: 1,
            pages: Vec::new(),
            looks: Vec::new(),
            shortfalls: Vec::new(),
            checked: false,
            contains_files: false,
            symbol_coding: None,
            engine: None,
            refused: None,
            fault: None,
            nonsense: false,
        }
    }
}

impl Course {
    pub(super) fn hear(&mut self, message: Message, progress: &mut dyn FnMut(u32)) {
        match message {
            Message::Begin { format, found } => {
                self.identified(&format);
                self.found = found;
            }
            Message::Look(look) => {
                let due = look.number() == self.next
                    && self.looks.last().is_none_or(|last| last.number < self.next);
                match look.checked().filter(|_| due) {
                    Some(look) => self.looks.push(look),
                    None => self.nonsense = true,
                }
            }
            Message::Page(page) => {
                let due = page.number() == self.next;
                match page.checked().filter(|_| due) {
                    Some(page) => {
                        self.pages.push(page);
                        self.next += 1;
                        progress(u32::try_from(self.pages.len()).unwrap_or(u32::MAX));
                    }
                    None => self.nonsense = true,
                }
            }
            Message::Short { page, reason, passed } => {
                self.nonsense |= page.is_some_and(|page| page != self.next);
                self.fall_short(page, reason);
                if passed {
                    self.next += 1;
                }
            }
            Message::Engine(engine) => {
                let is_one = engine.len() <= ENGINE_BYTES_MAX && !engine.chars().any(char::is_control);
                self.nonsense |= !is_one;
                self.engine = is_one.then_some(engine);
            }
            Message::Checked { declared, contains_files, symbol_coding } => {
                (self.declared, self.contains_files) = (declared, contains_files);
                self.symbol_coding = symbol_coding.parse().ok();
                self.nonsense |= self.symbol_coding.is_none();
                self.checked = true;
            }
            Message::Refused { format, reason } => {
                self.identified(&format);
                self.refused = Some(reason);
            }
            Message::Fault(fault) => self.fault = Some(fault),
            Message::End
            | Message::Image { .. }
            | Message::Sandbox(_)
            | Message::Busy
            | Message::Part { .. }
            | Message::Made { .. }
            | Message::Contained { .. }
            | Message::Kept { .. }
            | Message::Unpacked { .. }
            | Message::Converted { .. } => {}
        }
    }

    /// Why the worker refused, if it did.
    pub(super) fn refused(&self) -> Option<Reason> {
        self.refused
    }

    /// What the document is, if the worker found out.
    pub(super) fn known_format(&self) -> Option<Format> {
        self.format
    }

    fn identified(&mut self, format: &WireFormat) {
        self.format = format.checked();
        self.nonsense |= self.format.is_none();
    }

    fn fall_short(&mut self, page: Option<u32>, reason: Reason) {
        let shortfall = Shortfall { page, reason: reason.german().to_owned() };
        if !self.shortfalls.contains(&shortfall) {
            self.shortfalls.push(shortfall);
        }
    }

    pub(super) fn check(&self, workshop: &Workshop) -> Result<(), IntakeError> {
        match self.fault {
            _ if self.nonsense => Err(IntakeError::Protocol),
            None => Ok(()),
            Some(Fault::Job) => Err(IntakeError::Protocol),
            Some(Fault::Sandbox) => Err(IntakeError::Sandbox),
            Some(Fault::FilesUnfenced) => Err(IntakeError::FilesUnfenced),
            Some(Fault::OcrMissing) => Err(IntakeError::OcrMissing),
            Some(Fault::OcrLanguage) => {
                Err(IntakeError::OcrLanguage { languages: workshop.languages.clone() })
            }
        }
    }

    /// The next step after a worker that was to read up to page `last` has ended.
    fn after(&mut self, end: End, last: u32, restarts: &mut u32) -> Step {
        if let Some(reason) = self.refused {
            return Step::Refuse(reason);
        }
        let through = self.next > self.found;
        match end {
            End::Done if through || self.checked => Step::Finished,
            End::Done if self.next > last => Step::GoOn,
            End::Done => Step::GiveUp,
            End::TooMuch => Step::GiveUp,
            _ if self.format.is_none() => {
                Step::Refuse(if end == End::TooSlow { Reason::PageTooSlow } else { Reason::Damaged })
            }
            // All pages were read; only counting them again failed.
            _ if through => {
                self.fall_short(None, Reason::CountUnknown);
                Step::Finished
            }
            _ => {
                let reason = if end == End::TooSlow { Reason::PageTooSlow } else { Reason::PageCrashed };
                self.fall_short(Some(self.next), reason);
                self.next += 1;
                *restarts += 1;
                if self.next > self.found {
                    Step::Finished
                } else if *restarts > RESTARTS_MAX {
                    Step::GiveUp
                } else {
                    Step::GoOn
                }
            }
        }
    }

    fn reading(mut self, pages_max: u32) -> Reading {
        if self.found > pages_max {
            self.fall_short(None, Reason::TooManyPages);
        }
        let read = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        if let Some(declared) = self.declared.filter(|declared| *declared > read) {
            self.shortfalls.push(Shortfall { page: None, reason: pages_read(read, declared) });
        }
        Reading {
            format: self.format.unwrap_or(Format::UNKNOWN),
            pages_declared: self.declared,
            pages: self.pages,
            looks: self.looks,
            shortfalls: self.shortfalls,
            contains_files: self.contains_files,
            symbol_coding: self.symbol_coding,
            engine: self.engine,
        }
    }
}
