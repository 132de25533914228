//! Messages of xdomea from and to an archive outside: what was written, and what an answer decided.

use std::path::Path;

use crate::cli::args::MessageArgs;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::list as json;
use crate::domain::disposal::Decision;
use crate::domain::ids::DisposalListId;
use crate::format::wording::{self, count};
use crate::registry::{Answer, MessageOrder, TakenAnswer, WrittenMessage};

/// Largest file that is read as an answer.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

impl MessageArgs {
    fn order(&self) -> MessageOrder<'_> {
        MessageOrder { version: self.xdomea, receiver: self.archive.trim(), out: &self.out }
    }
}

/// What was written, in words.
pub(super) fn written(written: &WrittenMessage) -> String {
    let files = count(written.files.len(), "Akte", "Akten");
    let documents = count(written.documents, "Dokument", "Dokumenten");
    let primary = match written.primary_files {
        0 => String::new(),
        primary => format!(", {}", count(primary, "Inhaltsdatei", "Inhaltsdateien")),
    };
    format!(
        "{} in xdomea {} geschrieben: {} ({files} mit {documents}{primary})",
        written.kind,
        written.version,
        written.container.display()
    )
}

/// Writes the offer of a list.
pub(super) fn offer(desk: &mut Desk<'_>, list: DisposalListId, message: &MessageArgs) -> Answer<()> {
    let actor = desk.actor.clone();
    let done = desk.registry.write_offer(actor.as_records_manager()?, list, message.order())?;
    desk.result(&json::message(&done), || written(&done))
}

/// Takes an answer of the archive in.
pub(super) fn take(
    desk: &mut Desk<'_>,
    list: DisposalListId,
    file: &Path,
    receipt_to: Option<&Path>,
) -> Answer<()> {
    let actor = desk.actor.clone();
    let bytes = disk::read_bytes(file, ANSWER_BYTES_MAX)?;
    let (archivist, name) = (actor.as_archivist()?, disk::name_of(file));
    let taken = desk.registry.take_answer(archivist, list, (&name, &bytes), receipt_to)?;
    desk.result(&json::answer(list, &taken), || told(&taken))
}

fn told(taken: &TakenAnswer) -> String {
    let sender = if taken.sender.is_empty() { String::new() } else { format!(" von {}", taken.sender) };
    let mut lines = vec![format!("{}{sender} in xdomea {} angenommen", taken.kind, taken.version)];
    lines.extend(taken.decided.iter().map(|(reference, decision, left_out)| {
        let thinned = match left_out {
            0 => String::new(),
            left_out => format!(", ohne {}", count(*left_out, "Dokument", "Dokumente")),
        };
        format!("  {reference:<18} {}{thinned}", Decision::label(*decision))
    }));
    lines.extend(taken.confirmed.iter().map(|(reference, called)| {
        let called = called.as_ref().map(|called| format!(", dort {called}")).unwrap_or_default();
        format!("  {reference:<18} übernommen{called}")
    }));
    lines.extend(taken.receipt.iter().map(|path| format!("Empfangsbestätigung (0505): {}", path.display())));
    wording::first_of(&lines, "eine weitere Zeile", "weitere Zeilen").join("\n")
}
