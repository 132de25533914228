//! `queue`: what is being read, what waits, and what was not read or only in part; once more, or not at all.

use super::show::completeness;
use crate::cli::args::QueueArgs;
use crate::cli::desk::Desk;
use crate::cli::json::queue as json;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::format::wording::count;
use crate::registry::{Answer, Error, QueueView, Reread};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &QueueArgs) -> Answer<u8> {
    let actor = desk.actor.clone();
    if let Some(id) = &asked.retry {
        let (document, reread) = desk.registry.read_again(actor.as_clerk()?, document_id(id)?)?;
        desk.result(&json::retried(&document, &reread), || {
            format!("{}: {}; {}", document.file_name, completeness(&document.text), in_a_word(&reread))
        })?;
    } else if let Some(id) = &asked.give_up {
        let reason = asked.reason.as_deref().unwrap_or_default();
        let id = document_id(id)?;
        desk.registry.give_up_reading(actor.as_clerk()?, id, reason)?;
        let document = desk.registry.show_document(actor.as_reader()?, id)?.document;
        desk.result(&json::document(&document), || format!("{} wird nicht gelesen", document.file_name))?;
    } else {
        let view = desk.registry.reading_queue(actor.as_reader()?)?;
        desk.result(&json::queue(&view), || in_words(&view))?;
    }
    Ok(0)
}

fn document_id(id: &str) -> Answer<DocumentId> {
    id.parse().map_err(|_| Error::unknown("Dokument", id))
}

fn in_a_word(reread: &Reread) -> String {
    match reread {
        Reread::New => "der Text ist neu".to_owned(),
        Reread::Same => "der Text ist wie zuvor".to_owned(),
        Reread::Kept(why) => format!("es bleibt, wie es war ({why})"),
    }
}

fn in_words(view: &QueueView) -> String {
    let mut lines = Vec::new();
    for (document, seconds) in &view.now {
        lines.push(format!("wird gelesen  {}  seit {seconds} s  {}", document.id, document.file_name));
    }
    lines.push(match view.oldest {
        None => "Nichts wartet darauf, gelesen zu werden".to_owned(),
        Some(day) => format!(
            "{} darauf, gelesen zu werden, das älteste vom {}",
            count(view.waiting as u64, "Dokument wartet", "Dokumente warten"),
            german(day)
        ),
    });
    lines.extend(view.next.iter().map(|document| format!("  {}  {}", document.id, document.file_name)));
    lines.extend(more(view.waiting, view.next.len()));
    lines.push(match view.in_part_count {
        0 => "Alles andere ist vollständig gelesen".to_owned(),
        _ => format!(
            "{} nicht oder nur zum Teil gelesen",
            count(view.in_part_count as u64, "Dokument ist", "Dokumente sind")
        ),
    });
    let line = |document: &Document| {
        format!("  {}  {}: {}", document.id, document.file_name, completeness(&document.text))
    };
    lines.extend(view.in_part.iter().map(line));
    lines.extend(more(view.in_part_count, view.in_part.len()));
    lines.join("\n")
}

fn more(all: usize, named: usize) -> Option<String> {
    (all > named).then(|| format!("  und {} weitere", all - named))
}
