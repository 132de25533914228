//! `queue`: what is being read, what waits, and what was not read or only in part; once more, or not at all. And what could
//! not be taken in from a mailbox.

use super::show::completeness;
use crate::cli::args::QueueArgs;
use crate::cli::desk::Desk;
use crate::cli::json::queue as json;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::format::wording::{count, moment};
use crate::registry::{Answer, Error, MailboxState, QueueView, Reread};

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
    view.mailboxes.iter().for_each(|state| lines.extend(mailbox(state)));
    lines.join("\n")
}

/// What is known of a mailbox: how the last visit ended, and what could not be taken in.
fn mailbox(state: &MailboxState) -> Vec<String> {
    let MailboxState { server, user, folder, failed, visited, .. } = state;
    let mut lines =
        vec![format!("Postfach {user} auf {server} ({folder}), zuletzt besucht am {}", moment(*visited))];
    if let Some([_, why, way_out]) = &state.trouble {
        lines.push(format!("  im Weg: {why}; {way_out}"));
    }
    if state.aside_count > 0 {
        let mails = count(state.aside_count, "Mail ist", "Mails sind");
        lines.push(format!("  {mails} nicht erfasst; der Ordner „{failed}“ enthält, was zu tun ist"));
    }
    lines.extend(state.aside.iter().map(|(name, [_, why, _])| format!("  {name}: {why}")));
    lines.extend(more(usize::try_from(state.aside_count).unwrap_or(usize::MAX), state.aside.len()));
    lines
}

fn more(all: usize, named: usize) -> Option<String> {
    (all > named).then(|| format!("  und {} weitere", all - named))
}
