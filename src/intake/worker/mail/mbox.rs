//! A mailbox in one file: each mail on pages of its own, in the order in which they lie.

use std::io::{self, Cursor};

use mail_parser::mailbox::mbox::MessageIterator;

use super::letter;
use crate::intake::reason::Reason;
use crate::intake::worker::text_pages::{Serve, TextPages};

/// Opens `bytes` as a mailbox and hands the mails' text to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut pages = TextPages::default();
    for message in MessageIterator::new(Cursor::new(bytes)) {
        match message.ok().and_then(|message| letter(message.contents())) {
            Some(letter) => letter.put(&mut pages),
            None => pages.note(Reason::PartDamaged),
        }
    }
    Ok(pages.serve(serve))
}
