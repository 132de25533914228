//! `transfer …`: into the archive wing and out, as a package or as a message; and what the archive says of it.

use super::message;
use crate::cli::args::TransferVerb;
use crate::cli::desk::{Desk, list_id};
use crate::cli::json::list as json;
use crate::disk::Disk;
use crate::domain::disposal::HandoverForm;
use crate::format::wording::count;
use crate::registry::{Answer, Asked, Handover, PackageOrder};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &TransferVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        TransferVerb::Export { list, out, form, xdomea, archive } => {
            let form = match (form, xdomea) {
                (Some(form), _) => HandoverForm::Package(*form),
                (None, Some(_)) => HandoverForm::Message,
                (None, None) => desk.registry.form_for(archive)?,
            };
            if let HandoverForm::Package(form) = form {
                let disk = Disk::real();
                let order = PackageOrder { form, out, disk: &disk, on: desk.today() };
                let done = desk.registry.give_out(actor.as_archivist()?, list_id(list)?, order)?;
                desk.result(&json::handover(&done), || package(&done))?;
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

fn package(handover: &Handover) -> String {
    format!(
        "{} übernommen und als {} geschrieben: {} ({}, {} Bytes)",
        count(handover.files.len(), "Akte", "Akten"),
        handover.form.label(),
        handover.bag.display(),
        count(handover.objects, "Datei", "Dateien"),
        handover.bytes
    )
}
