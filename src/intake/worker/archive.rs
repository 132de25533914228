//! A ZIP that is no office document: what can be read of it are the names of what is in it, and what is in it comes out of it.

use std::io;
use std::ops::ControlFlow;

use super::package::Package;
use super::text_pages::{Draft, Serve, TextPages};
use super::unpack::Take;
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
        pages.contains_files();
    }
    if draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    pages.flow(draft.as_str());
    Ok(pages.serve(serve))
}

/// Shows each file in it to `take`.
pub(super) fn unpack(bytes: &[u8], take: Take<'_>) -> Result<(), Reason> {
    let mut package = Package::open(bytes)?;
    for index in 0..package.entries().len() {
        let entry = &package.entries()[index];
        if entry.is_folder {
            continue;
        }
        let path = entry.name.clone();
        if take(&path, &mut |most| package.whole(index, most)) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}
