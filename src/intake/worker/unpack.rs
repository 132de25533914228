//! Files inside a file: the attachments of a mail or of a PDF, the mails of a mailbox, what a ZIP was packed of. They are counted in
//! their order and handed out as they are, a round at a time, unopened: what they are is for another worker to find out. May not
//! follow a container into a container.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{archive, identify, mail, pdf, refusal};
use crate::domain::text::{Format, MediaType};
use crate::intake::limits::{CONTAINED_PATH_CHARS_MAX, UNPACKED_PER_ROUND, UNPACKED_PER_ROUND_BYTES};
use crate::intake::reason::{Reason, StaysInside};
use crate::intake::wire::{self, Message, Setup};

/// The bytes of a file inside a file, fetched only if it is its turn.
pub(super) type Content<'c> = &'c mut dyn FnMut(u64) -> Result<Vec<u8>, StaysInside>;

/// Is shown each file inside, by its path and with what fetches it, at most so many bytes; says when it has enough.
pub(super) type Take<'t> = &'t mut dyn FnMut(&str, Content<'_>) -> ControlFlow<()>;

/// Hands out what is inside, from number `first` on.
pub(super) fn run(bytes: &[u8], first: u32, setup: &Setup, out: &mut impl Write) -> io::Result<()> {
    let format = catch_unwind(|| identify::format(bytes)).unwrap_or(Format::UNKNOWN);
    let refuse = |reason| Message::Refused { format: format.into(), reason };
    if let Some(reason) = refusal(format, bytes, setup) {
        return wire::send(out, &refuse(reason));
    }
    let mut round =
        Round { out, setup, first, number: 0, handed_out: 0, bytes: 0, next: None, trouble: None };
    let walked = catch_unwind(AssertUnwindSafe(|| {
        walk(format.media, bytes, &mut |path, content| round.take(path, content))
    }));
    let (next, trouble) = (round.next, round.trouble);
    trouble.map_or(Ok(()), Err)?;
    match walked.unwrap_or(Err(Reason::Damaged)) {
        Ok(subject) => wire::send(out, &Message::Unpacked { format: format.into(), next, subject }),
        Err(reason) => wire::send(out, &refuse(reason)),
    }
}

/// Shows everything inside; a mail says what it is about.
fn walk(media: MediaType, bytes: &[u8], take: Take<'_>) -> Result<Option<String>, Reason> {
    match media {
        MediaType::Mail => mail::unpack(bytes, take).map(Some),
        MediaType::OutlookMail => mail::outlook::unpack(bytes, take).map(Some),
        MediaType::Mbox => mail::mbox::unpack(bytes, take).map(|()| None),
        MediaType::Zip => archive::unpack(bytes, take).map(|()| None),
        MediaType::Pdf => pdf::attached::unpack(bytes, take).map(|()| None),
        _ => Err(Reason::NoContainer),
    }
}

/// One round: what it hands out, and where the next begins.
struct Round<'o, W> {
    out: &'o mut W,
    setup: &'o Setup,
    first: u32,
    number: u32,
    handed_out: u32,
    bytes: u64,
    next: Option<u32>,
    trouble: Option<io::Error>,
}

impl<W: Write> Round<'_, W> {
    fn take(&mut self, path: &str, content: Content<'_>) -> ControlFlow<()> {
        let number = self.number;
        self.number += 1;
        if number < self.first {
            return ControlFlow::Continue(());
        }
        if self.handed_out >= UNPACKED_PER_ROUND || self.bytes >= UNPACKED_PER_ROUND_BYTES {
            self.next = Some(number);
            return ControlFlow::Break(());
        }
        self.handed_out += 1;
        let path = readable(path);
        let sent = match content(self.setup.input_bytes_max) {
            Ok(bytes) => self.hand_out(path, &bytes),
            Err(why) => wire::send(self.out, &Message::Kept { path, why }),
        };
        match sent {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.trouble = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn hand_out(&mut self, path: String, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        wire::send(self.out, &Message::Contained { path, bytes: bytes.len() as u64 })?;
        self.out.write_all(bytes)?;
        self.out.flush()
    }
}

/// A path as people can read it: one line, not too long, without signs that turn the line around.
fn readable(path: &str) -> String {
    let turns =
        |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let path: String = path.chars().filter(|c| !c.is_control() && !turns(c)).collect();
    let path = path.trim().trim_start_matches('/');
    let too_long = path.chars().count().saturating_sub(CONTAINED_PATH_CHARS_MAX);
    // The end says what kind of file it is.
    path.chars().skip(too_long).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_line_that_nothing_turns_around() {
        assert_eq!(readable("/ordner/rechnung\n\u{202e}fdp.exe"), "ordner/rechnungfdp.exe");
        let long = format!("{}.pdf", "ä".repeat(CONTAINED_PATH_CHARS_MAX));
        assert_eq!(readable(&long).chars().count(), CONTAINED_PATH_CHARS_MAX);
        assert!(readable(&long).ends_with("ä.pdf"));
    }
}
