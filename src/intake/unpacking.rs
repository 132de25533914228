//! The parent's side of taking files out of a file: asks workers for what is inside, a round at a time, and survives the file
//! a worker dies of. May not look into a byte of it.

use std::time::Instant;

use super::errand::End;
use super::reason::{Reason, StaysInside};
use super::wire::{Job, Message};
use super::workshop::{Course, IntakeError, Source, Workshop};
use crate::domain::text::Format;

/// What came of one round.
#[derive(Debug)]
pub struct Unpacked {
    /// The files, in their order.
    pub files: Vec<ContainedFile>,
    /// The number the next round begins with; none if that was all.
    pub next: Option<u32>,
    /// What a mail is about.
    pub subject: Option<String>,
}

/// A file inside a file.
#[derive(Debug)]
pub struct ContainedFile {
    /// Its path in there, or its name; may be empty.
    pub path: String,
    /// Its bytes, or why it stays where it is.
    pub content: Result<Vec<u8>, StaysInside>,
}

impl Workshop {
    /// Takes files out of the file that `source` opens, from number `first` on, counted from 0: as many as make one round.
    ///
    /// # Errors
    /// [`IntakeError::NotReadable`] when it cannot be opened or is none in which others are; the others when the machinery failed.
    pub fn unpack(&self, source: &dyn Source, first: u32) -> Result<Unpacked, IntakeError> {
        let job = Job::Unpack { first, setup: self.setup() };
        let (mut files, mut all, mut course) = (Vec::new(), None, Course::default());
        let mut output_left = self.limits.output_bytes_max;
        let deadline = Instant::now() + self.limits.document_wall;
        let errand = self.errand(&job, Some(source), deadline, &mut output_left);
        let end = errand.run(&mut |message, bytes| match (message, bytes) {
            (Message::Contained { path, .. }, Some(bytes)) => {
                files.push(ContainedFile { path, content: Ok(bytes) });
            }
            (Message::Kept { path, why }, _) => files.push(ContainedFile { path, content: Err(why) }),
            (Message::Unpacked { next, subject, .. }, _) => all = Some((next, subject)),
            (other, _) => course.hear(other, &mut |_| {}),
        });
        let end = end.map_err(|failure| self.failure(failure))?;
        course.check(self)?;
        let through = first.saturating_add(u32::try_from(files.len()).unwrap_or(u32::MAX));
        match all {
            // The next round begins where this one ended, whatever the worker says.
            Some((next, subject)) => Ok(Unpacked { files, next: next.map(|_| through), subject }),
            None => match course.refused() {
                Some(reason) => Err(refused(reason)),
                None if end == End::Done => Err(IntakeError::Protocol),
                // It died of the file that came next; the round after this goes on behind it. Of the first of all it may have died
                // before it looked inside.
                None if through == 0 => Err(refused(Reason::Damaged)),
                None => {
                    files.push(ContainedFile { path: String::new(), content: Err(StaysInside::Crashed) });
                    Ok(Unpacked { files, next: Some(through + 1), subject: None })
                }
            },
        }
    }
}

fn refused(reason: Reason) -> IntakeError {
    IntakeError::NotReadable { format: Format::UNKNOWN, reason }
}
