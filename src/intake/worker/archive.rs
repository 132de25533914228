//! A ZIP that is no office document: what can be read of it here are the names of what is in it.

use std::io;

use super::package::Package;
use super::text_pages::{Draft, Serve, TextPages};
use crate::intake::reason::Reason;

/// Opens `bytes` and hands the list of names to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let package = Package::open(bytes)?;
    let mut draft = Draft::default();
    let mut pages = TextPages::default();
    for entry in package.entries().iter().filter(|entry| !entry.is_folder) {
        draft.push(&entry.name);
        if entry.is_encrypted {
            draft.push(" (verschlüsselt)");
        }
        draft.push("\n");
        pages.note(Reason::ContentsIgnored);
    }
    if draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    pages.flow(draft.as_str());
    Ok(pages.serve(serve))
}
