//! XML of any kind: the texts of its elements, each on a line. What an element is called says nothing here.

use std::io;
use std::ops::ControlFlow;

use super::text_pages::{Draft, Serve, TextPages};
use super::xml::{self, Piece};
use crate::intake::reason::Reason;

/// Opens `bytes` and hands the text to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> io::Result<()> {
    let mut draft = Draft::default();
    let notes = xml::walk(bytes, &mut |piece| {
        match piece {
            Piece::Text(text) => {
                for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                    if index > 0 {
                        draft.space();
                    }
                    draft.push(word);
                }
            }
            Piece::Open(_) | Piece::Close(_) => draft.end_line(),
        }
        if draft.is_cut() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let mut pages = TextPages::default();
    pages.flow(draft.as_str());
    pages.note_all(notes);
    if draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    pages.serve(serve)
}
