//! `transfer …`: into the archive wing and out as a bag.

use crate::cli::args::TransferVerb;
use crate::cli::desk::{Desk, list_id};
use crate::cli::json::list as json;
use crate::format::wording::count;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &TransferVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    let TransferVerb::Export { list, out } = verb;
    let handover = desk.registry.transfer(actor.as_archivist()?, list_id(list)?, out, desk.today())?;
    desk.result(&json::handover(&handover), || {
        format!(
            "{} übernommen und als Paket geschrieben: {} ({}, {} Bytes)",
            count(handover.files.len(), "Akte", "Akten"),
            handover.bag.display(),
            count(handover.objects, "Datei", "Dateien"),
            handover.bytes
        )
    })?;
    Ok(0)
}
