//! Messages of xdomea from and to an archive outside: what was written, and what an answer decided.

use std::path::Path;

use crate::cli::args::MessageArgs;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::{list as json, plan as plan_json};
use crate::domain::disposal::{Decision, MessageKind};
use crate::domain::ids::DisposalListId;
use crate::format::wording::{self, count};
use crate::registry::{Answer, Asked, TakenAnswer, TakenPlanAnswer, WrittenMessage};

/// The verbs whose messages are about a list.
pub(super) const OF_A_LIST: [&str; 2] = ["list import", "transfer receipt"];
/// Largest file that is read as an answer.
const ANSWER_BYTES_MAX: u64 = 64 << 20;

impl MessageArgs {
    fn asked(&self) -> Asked<'_> {
        Asked { archive: &self.archive, version: self.xdomea }
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
    let to = desk.registry.addressed(message.asked())?;
    let order = to.into_folder(&message.out);
    let done = desk.registry.write_offer(actor.as_records_manager()?, list, order)?;
    desk.result(&json::message(&done), || written(&done))
}

/// Takes an answer of the archive in.
pub(super) fn take(
    desk: &mut Desk<'_>,
    list: DisposalListId,
    (file, verbs): (&Path, &[&str]),
    receipt_to: Option<&Path>,
) -> Answer<()> {
    let actor = desk.actor.clone();
    let bytes = disk::read_bytes(file, ANSWER_BYTES_MAX)?;
    let (archivist, name) = (actor.as_archivist()?, disk::name_of(file));
    let taken = desk.registry.take_answer(archivist, list, (&name, &bytes), verbs, receipt_to)?;
    desk.result(&json::answer(list, &taken), || told(&taken))
}

/// Gives the file plan to an archive to be appraised.
pub(super) fn offer_plan(desk: &mut Desk<'_>, message: &MessageArgs) -> Answer<u8> {
    let actor = desk.actor.clone();
    let to = desk.registry.addressed(message.asked())?;
    let done = desk.registry.offer_plan(actor.as_records_manager()?, to.into_folder(&message.out))?;
    desk.result(&plan_json::offered(&done), || {
        format!(
            "{} in xdomea {} geschrieben: {} (Aktenplan {}, {})",
            MessageKind::PlanOffer,
            done.version,
            done.container.display(),
            done.edition,
            count(done.classes, "Klasse", "Klassen")
        )
    })?;
    Ok(0)
}

/// Takes an answer of the archive about the file plan in.
pub(super) fn take_of_plan(desk: &mut Desk<'_>, file: &Path, receipt_to: Option<&Path>) -> Answer<u8> {
    let actor = desk.actor.clone();
    let archivist = actor.as_archivist()?;
    let bytes = disk::read_bytes(file, ANSWER_BYTES_MAX)?;
    let name = disk::name_of(file);
    let taken = desk.registry.take_plan_answer(archivist, (&name, &bytes), receipt_to)?;
    desk.result(&plan_json::appraised(&taken), || told_of_plan(&taken))?;
    Ok(0)
}

fn told_of_plan(taken: &TakenPlanAnswer) -> String {
    let sender = if taken.sender.is_empty() { String::new() } else { format!(" von {}", taken.sender) };
    let mut lines = vec![format!(
        "{}{sender} in xdomea {} für den Aktenplan {} angenommen",
        taken.kind, taken.version, taken.edition
    )];
    lines.extend(taken.classes.iter().map(|(class, said)| format!("  {:<12} {said}", class.as_str())));
    let mut lines = wording::first_of(&lines, "eine weitere Klasse", "weitere Klassen");
    if !taken.silent.is_empty() {
        let silent = wording::first_of(&taken.silent, "eine weitere Klasse", "weitere Klassen").join(", ");
        lines.push(format!("ohne Entscheidung, einzeln zu bewerten wie bisher: {silent}"));
    }
    let receipts = taken.receipts.iter().map(|path| format!("Bestätigung (0514, 0515): {}", path.display()));
    lines.extend(receipts);
    lines.join("\n")
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
