//! `work`: reads whatever is still unread.

use std::io::IsTerminal as _;

use crate::cli::desk::Desk;
use crate::cli::json;
use crate::registry::{Answer, Progress};

pub(in crate::cli) fn run(desk: &mut Desk<'_>) -> Answer<u8> {
    desk.actor.as_clerk()?;
    let progress = read(desk)?;
    desk.result(&json::work(&progress), || {
        format!(
            "{} Dokumente gelesen ({} Seiten, davon {} erkannt), {} aufgegeben",
            progress.read, progress.pages, progress.recognised, progress.given_up
        )
    })?;
    Ok(0)
}

/// Reads, with progress on a terminal.
pub(super) fn read(desk: &mut Desk<'_>) -> Answer<Progress> {
    let shown = std::io::stderr().is_terminal() && !desk.json;
    desk.registry.read_texts(&move |progress| {
        if shown {
            eprint!("\rTexte lesen: {} von {} Dokumenten", progress.done, progress.documents);
            if progress.done == progress.documents {
                eprintln!();
            }
        }
    })
}
