//! Plain text and tables as text: pages at form feeds, or of a fixed number of lines; no boxes.

use std::io;

use super::charset;
use super::text_pages::{Serve, TextPages};

/// Opens `bytes` as text and hands it to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> io::Result<()> {
    let mut pages = TextPages::default();
    pages.flow(&charset::decode(bytes));
    pages.serve(serve)
}
