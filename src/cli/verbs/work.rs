//! `work`: reads whatever is still unread, or again what was recognised with another engine.

use std::io::IsTerminal as _;

use crate::cli::args::WorkArgs;
use crate::cli::desk::Desk;
use crate::cli::json;
use crate::format::wording::count;
use crate::registry::{Answer, Outdated, Progress, RereadSum};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &WorkArgs) -> Answer<u8> {
    desk.actor.as_clerk()?;
    if asked.again {
        return again(desk, asked);
    }
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

fn again(desk: &mut Desk<'_>, asked: &WorkArgs) -> Answer<u8> {
    let actor = desk.actor.clone();
    let outdated = desk.registry.read_with_another_engine(actor.as_clerk()?, &asked.references)?;
    if asked.preview {
        desk.result(&json::queue::outdated(&outdated), || in_words(&outdated))?;
        return Ok(0);
    }
    let (shown, all) = (std::io::stderr().is_terminal() && !desk.json, outdated.documents.len());
    let sum = desk.registry.read_all_again(actor.as_clerk()?, &outdated.documents, &mut |sum| {
        if shown {
            eprint!("\rNoch einmal lesen: {} von {all} Dokumenten", sum.done);
            if sum.done == all {
                eprintln!();
            }
        }
    })?;
    desk.result(&json::queue::read_again(&outdated, &sum), || sum_in_words(&outdated, &sum))?;
    Ok(0)
}

fn in_words(outdated: &Outdated) -> String {
    let documents = count(outdated.documents.len() as u64, "Dokument", "Dokumente");
    format!("Texterkennung jetzt: {}\n{documents} noch einmal zu lesen", outdated.engine)
}

fn sum_in_words(outdated: &Outdated, sum: &RereadSum) -> String {
    let done = count(sum.done as u64, "Dokument", "Dokumente");
    let mut lines = vec![
        format!("Texterkennung jetzt: {}", outdated.engine),
        format!("{done} noch einmal gelesen: {} mit neuem Text, {} wie zuvor", sum.new, sum.same),
    ];
    lines.extend(sum.kept.iter().map(|(id, why)| format!("  {id}: der frühere Text bleibt ({why})")));
    lines.join("\n")
}
