//! A mailbox in one file: each mail on pages of its own, in the order in which they lie.

use std::io::{self, Cursor};
use std::ops::ControlFlow;

use mail_parser::mailbox::mbox::MessageIterator;

use super::{letter, parsed};
use crate::intake::reason::{Reason, StaysInside};
use crate::intake::worker::text_pages::{Serve, TextPages};
use crate::intake::worker::unpack::Take;

/// Shows each mail to `take`, as a file of its own.
pub(in crate::intake::worker) fn unpack(bytes: &[u8], take: Take<'_>) -> Result<(), Reason> {
    for (number, message) in (1_u32..).zip(MessageIterator::new(Cursor::new(bytes))) {
        let message = message.map_err(|_| Reason::Damaged)?;
        let subject = parsed(message.contents()).and_then(|mail| mail.subject().map(str::to_owned));
        let name = match subject.filter(|subject| !subject.trim().is_empty()) {
            Some(subject) => format!("{number:04} {}.eml", subject.replace(['/', '\\'], "-")),
            None => format!("{number:04}.eml"),
        };
        let mut content = |most| match message.contents() {
            whole if whole.len() as u64 > most => Err(StaysInside::TooLarge),
            whole => Ok(whole.to_vec()),
        };
        if take(&name, &mut content) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

/// Opens `bytes` as a mailbox and hands the mails' text to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut pages = TextPages::default();
    pages.contains_files();
    for message in MessageIterator::new(Cursor::new(bytes)) {
        match message.ok().and_then(|message| letter(message.contents())) {
            Some(letter) => letter.put(&mut pages),
            None => pages.note(Reason::PartDamaged),
        }
    }
    Ok(pages.serve(serve))
}
