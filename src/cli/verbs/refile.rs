//! `refile`, `withdraw`: repairing what went wrong with documents.

use crate::cli::args::{Refile, Withdraw};
use crate::cli::desk::Desk;
use crate::cli::json::refile as json;
use crate::domain::ids::DocumentId;
use crate::format::wording::count;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn refile(desk: &mut Desk<'_>, asked: &Refile) -> Answer<u8> {
    let (actor, registry) = (desk.actor.clone(), desk.registry);
    let clerk = actor.as_clerk()?;
    let moved = match &asked.all_of {
        Some(from) => registry.refile_all(clerk, from, &asked.to, &asked.reason)?,
        None => {
            let documents = asked.documents.iter().map(|id| document_id(id)).collect::<Answer<Vec<_>>>()?;
            registry.refile(clerk, &documents, &asked.to, &asked.reason)?
        }
    };
    desk.result(&json::refiled(moved, &asked.to), || {
        format!("{} in die Akte {} umgelegt", count(moved, "Dokument", "Dokumente"), asked.to)
    })?;
    Ok(0)
}

pub(in crate::cli) fn withdraw(desk: &mut Desk<'_>, asked: &Withdraw) -> Answer<u8> {
    let (actor, id) = (desk.actor.clone(), document_id(&asked.document)?);
    let document = desk.registry.withdraw(actor.as_clerk()?, id, &asked.reason, asked.undo)?;
    desk.result(&json::withdrawn(&document), || match asked.undo {
        true => format!("„{}“ ist wieder in Gebrauch", document.file_name),
        false => format!(
            "„{}“ ist zurückgezogen; es bleibt aufbewahrt und wird nicht mehr gefunden",
            document.file_name
        ),
    })?;
    Ok(0)
}

pub(super) fn document_id(text: &str) -> Answer<DocumentId> {
    text.parse().map_err(|_| Error::unknown("Dokument", text))
}
