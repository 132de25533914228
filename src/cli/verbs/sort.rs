//! `sort`: in which register of its file a document lies.

use super::refile::document_id;
use crate::cli::args::Sort;
use crate::cli::desk::Desk;
use crate::cli::json::refile as json;
use crate::format::wording::count;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &Sort) -> Answer<u8> {
    let actor = desk.actor.clone();
    let documents = asked.documents.iter().map(|id| document_id(id)).collect::<Answer<Vec<_>>>()?;
    let register = asked.register.as_deref().filter(|_| !asked.none);
    let sorted = desk.registry.sort(actor.as_clerk()?, &documents, register, &asked.reason)?;
    desk.result(&json::sorted(sorted, register), || {
        let documents = count(sorted, "Dokument", "Dokumente");
        match register {
            Some(number) => format!("{documents} in Register {number} eingeordnet"),
            None => format!("{documents} keinem Register mehr zugeordnet"),
        }
    })?;
    Ok(0)
}
