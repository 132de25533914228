//! `transfer …`: into the archive wing and out, as a bag or as a message; and what the archive says of it.

use super::message;
use crate::cli::args::TransferVerb;
use crate::cli::desk::{Desk, list_id};
use crate::cli::json::list as json;
use crate::domain::disposal::HandoverForm;
use crate::format::wording::count;
use crate::registry::{Answer, Asked, Handover};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &TransferVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        TransferVerb::Export { list, out, xdomea, bag, archive } => {
            let form = match (bag, xdomea) {
                (true, _) => HandoverForm::Bag,
                (false, Some(_)) => HandoverForm::Message,
                (false, None) => desk.registry.form_for(archive)?,
            };
            if form == HandoverForm::Bag {
                let done =
                    desk.registry.transfer(actor.as_archivist()?, list_id(list)?, out, desk.today())?;
                desk.result(&json::handover(&done), || written_bag(&done))?;
            } else {
                let to = desk.registry.addressed(Asked { archive, version: *xdomea })?;
                let order = to.into_folder(out);
                let written = desk.registry.hand_over(actor.as_archivist()?, list_id(list)?, order)?;
                desk.result(&json::message(&written), || message::written(&written))?;
            }
        }
        TransferVerb::Receipt { list, file } => {
            message::take(desk, list_id(list)?, (file, &["transfer receipt"]), None)?;
        }
    }
    Ok(0)
}

fn written_bag(handover: &Handover) -> String {
    format!(
        "{} übernommen und als Paket geschrieben: {} ({}, {} Bytes)",
        count(handover.files.len(), "Akte", "Akten"),
        handover.bag.display(),
        count(handover.objects, "Datei", "Dateien"),
        handover.bytes
    )
}
