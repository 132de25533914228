//! The parent's side of making new documents out of old ones: hands all of them to one worker and takes what it made.
//! May not look into a byte of it.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::time::Instant;

use super::errand::End;
use super::limits::ASSEMBLED_BYTES_MAX;
use super::reason::{LeftOut, Reason};
use super::wire::{Job, Message, Pages};
use super::workshop::{Course, IntakeError, Source, Workshop};
use crate::domain::text::{Format, MediaType};

/// New documents, made of pages of others.
#[derive(Debug)]
pub struct Assembled {
    /// What they are.
    pub media: MediaType,
    /// One for each that was asked for.
    pub parts: Vec<Part>,
    /// What they do not have that the others had.
    pub left_out: BTreeSet<LeftOut>,
}

/// A new document.
#[derive(Debug)]
pub struct Part {
    /// Its bytes: the same of the same pages, whenever they are made.
    pub bytes: Vec<u8>,
    /// How many pages each of the ranges gave that it was to be made of.
    pub pages: Vec<u32>,
}

/// A document, and how many bytes it has.
pub type Sized<'s> = (&'s dyn Source, u64);

/// Several documents, one behind the other.
struct Bundle<'s>(&'s [Sized<'s>]);

impl Source for Bundle<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let mut all: Box<dyn Read + '_> = Box::new(io::empty());
        for (source, length) in self.0 {
            all = Box::new(all.chain(source.open()?.take(*length)));
        }
        Ok(all)
    }
}

impl Workshop {
    /// Makes new documents, each of the pages named for it, in that order. Every page looks and reads as before, or there
    /// are none: the worker draws and reads all of them again.
    ///
    /// # Errors
    /// [`IntakeError::NotReadable`] when nothing can be made of these documents; the others when the machinery failed.
    pub fn assemble(
        &self,
        sources: &[Sized<'_>],
        parts: &[Vec<Pages>],
        although_signed: bool,
    ) -> Result<Assembled, IntakeError> {
        let refused = |reason| IntakeError::NotReadable { format: Format::UNKNOWN, reason };
        let lengths: Vec<u64> = sources.iter().map(|(_, length)| *length).collect();
        if lengths.iter().sum::<u64>() > ASSEMBLED_BYTES_MAX {
            return Err(refused(Reason::TooLarge));
        }
        let job = Job::Assemble { lengths, parts: parts.to_vec(), although_signed, setup: self.setup() };
        let bundle = Bundle(sources);
        let (mut made, mut all, mut course) = (Vec::new(), None, Course::default());
        let mut output_left = self.limits.output_bytes_max;
        let deadline = Instant::now() + self.limits.document_wall;
        let errand = self.errand(&job, Some(&bundle), deadline, &mut output_left);
        let end = errand.run(&mut |message, bytes| match (message, bytes) {
            (Message::Part { pages, .. }, Some(bytes)) => made.push(Part { bytes, pages }),
            (Message::Made { format, left_out }, _) => {
                all = format.checked().map(|format| (format.media, left_out.into_iter().collect()));
            }
            (other, _) => course.hear(other, &mut |_| {}),
        });
        let end = end.map_err(|failure| self.failure(failure))?;
        course.check(self)?;
        let fits = made.len() == parts.len()
            && made.iter().zip(parts).all(|(part, asked)| part.pages.len() == asked.len());
        match all {
            Some((media, left_out)) if fits => Ok(Assembled { media, parts: made, left_out }),
            Some(_) => Err(IntakeError::Protocol),
            None => Err(refused(course.refused().unwrap_or(match end {
                End::TooSlow => Reason::PageTooSlow,
                End::TooMuch => Reason::TooLarge,
                End::Done | End::Crashed => Reason::Damaged,
            }))),
        }
    }
}
