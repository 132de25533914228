//! `unpack`: what came inside a document becomes documents of their own.

use super::refile::document_id;
use crate::cli::args::Unpack;
use crate::cli::desk::Desk;
use crate::cli::json::refile as json;
use crate::format::wording::count;
use crate::registry::Answer;

pub(in crate::cli) fn unpack(desk: &mut Desk<'_>, asked: &Unpack) -> Answer<u8> {
    let (actor, id) = (desk.actor.clone(), document_id(&asked.document)?);
    let done = desk.registry.unpack(actor.as_clerk()?, id)?;
    desk.result(&json::came_out(&done), || {
        let number = done.documents.len() as u64;
        let mut lines = vec![format!("herausgelöst: {}", count(number, "Dokument", "Dokumente"))];
        lines.extend(done.documents.iter().map(|new| format!("  {}  {}", new.id, new.file_name)));
        lines.extend(
            done.container.stays_inside.iter().map(|inside| format!("  {}", super::show::stays(inside))),
        );
        lines.join("\n")
    })?;
    if !asked.no_read && !done.documents.is_empty() {
        super::work::read(desk)?;
    }
    Ok(0)
}
