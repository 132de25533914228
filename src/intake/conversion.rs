//! The parent's side of making a PDF of an office document, to be read: one worker runs the office program in a folder of its
//! own in memory, another one, as tightly fenced in as ever, counts the pages of what came out. May not look into a byte of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::errand::End;
use super::limits::CONVERTER_SECONDS;
use super::reason::Reason;
use super::scratch::Scratch;
use super::wire::{Job, Message, SandboxStatus};
use super::workshop::{Bytes, Course, IntakeError, Source, Workshop};
use crate::domain::text::Format;

/// Where LibreOffice's own program lies, without the scripts around it.
const CONVERTERS: [&str; 2] =
    ["/usr/lib/libreoffice/program/soffice.bin", "/usr/lib64/libreoffice/program/soffice.bin"];
/// How much longer than the office program its worker may take, to write down what it got and hand over what came out.
const GRACE: Duration = Duration::from_secs(10);

/// A PDF that an office document was made into.
#[derive(Debug)]
pub struct Rendition {
    /// Its bytes: as little to be trusted as those it was made of.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
}

impl Workshop {
    /// The same workshop with another office program; its path must be one that the worker may run.
    #[must_use]
    pub fn with_converter(mut self, program: impl Into<PathBuf>) -> Self {
        self.converter = Some(program.into());
        self
    }

    /// The office program; none if none is installed.
    #[must_use]
    pub fn converter(&self) -> Option<PathBuf> {
        let installed = || CONVERTERS.iter().map(PathBuf::from).find(|path| path.exists());
        self.converter.clone().or_else(installed).filter(|path: &PathBuf| Path::exists(path))
    }

    /// Has a PDF made of an office document. Nothing in it is run, updated or fetched.
    ///
    /// # Errors
    /// [`IntakeError::NotReadable`] when nothing comes of this document; [`IntakeError::ConverterMissing`],
    /// [`IntakeError::NoScratch`] and [`IntakeError::FilesUnfenced`] when this machine makes none; the others when the
    /// machinery failed.
    pub fn rendition(&self, source: &dyn Source) -> Result<Rendition, IntakeError> {
        let program = self.converter().ok_or(IntakeError::ConverterMissing)?;
        let scratch = Scratch::make().map_err(IntakeError::NoScratch)?;
        let seconds = CONVERTER_SECONDS.min(self.limits.page_wall.as_secs()).max(1);
        let program = program.display().to_string();
        let job = Job::Convert { program, seconds, setup: self.setup() };
        let mut output_left = self.limits.output_bytes_max;
        let mut course = Course::default();
        let mut pdf = None;
        let patience = Duration::from_secs(seconds) + GRACE;
        let deadline = Instant::now() + self.limits.document_wall;
        let mut errand = self.errand(&job, Some(source), deadline, &mut output_left);
        (errand.patience, errand.scratch) = (patience, Some(scratch.path()));
        let end = errand.run(&mut |message, bytes| match bytes {
            Some(bytes) => pdf = Some(bytes),
            None => course.hear(message, &mut |_| {}),
        });
        let end = end.map_err(|failure| self.failure(failure))?;
        drop(scratch);
        course.check(self)?;
        let reason = course.refused().unwrap_or(match end {
            End::TooSlow => Reason::ConversionTooSlow,
            End::TooMuch => Reason::ConversionTooLarge,
            End::Done | End::Crashed => Reason::ConversionFailed,
        });
        let refused = |reason| IntakeError::NotReadable { format: course.format(), reason };
        let pdf = pdf.ok_or_else(|| refused(reason))?;
        match self.page_count(&Bytes(&pdf)) {
            Ok(pages) => Ok(Rendition { pdf, pages }),
            Err(IntakeError::NotReadable { .. }) => Err(refused(Reason::ConversionFailed)),
            Err(fault) => Err(fault),
        }
    }

    /// Starts a worker with the fences of a conversion, which tries them and says which hold: all but the one folder in memory.
    ///
    /// # Errors
    /// When no worker can be started or gives no answer.
    pub fn converting_status(&self) -> Result<SandboxStatus, IntakeError> {
        let scratch = Scratch::make().map_err(IntakeError::NoScratch)?;
        self.status_of_a_worker(Some(scratch.path()))
    }

    /// How many pages a document has, without reading them.
    ///
    /// # Errors
    /// As [`Workshop::page_image`].
    pub fn page_count(&self, source: &dyn Source) -> Result<u32, IntakeError> {
        let job = Job::Count { setup: self.setup() };
        let mut output_left = self.limits.output_bytes_max;
        let (mut course, mut count) = (Course::default(), None);
        let deadline = Instant::now() + self.limits.document_wall;
        let errand = self.errand(&job, Some(source), deadline, &mut output_left);
        let end = errand.run(&mut |message, _| {
            if let Message::Begin { found, .. } = &message {
                count = Some(*found);
            }
            course.hear(message, &mut |_| {});
        });
        let end = end.map_err(|failure| self.failure(failure))?;
        course.check(self)?;
        let reason = course.refused().unwrap_or(match end {
            End::TooSlow => Reason::PageTooSlow,
            End::TooMuch | End::Done | End::Crashed => Reason::Damaged,
        });
        let format = course.format();
        count.filter(|count| *count > 0).ok_or(IntakeError::NotReadable { format, reason })
    }
}

impl Course {
    fn format(&self) -> Format {
        self.known_format().unwrap_or(Format::UNKNOWN)
    }
}
