//! `split`, `merge`: one scan is several documents, several scans are one. The new ones are read before it returns.

use super::refile::document_id;
use crate::cli::args::{Merge, Split};
use crate::cli::desk::Desk;
use crate::cli::json::refile as json;
use crate::format::wording::count;
use crate::registry::{Answer, MergeOrder, Reassembled, SplitOrder};

pub(in crate::cli) fn split(desk: &mut Desk<'_>, asked: &Split) -> Answer<u8> {
    let (actor, id) = (desk.actor.clone(), document_id(&asked.document)?);
    let order = SplitOrder {
        at: asked.at.clone(),
        into: asked.into.clone(),
        reason: asked.reason.clone(),
        although_signed: asked.although_signed,
    };
    let done = desk.registry.split(actor.as_clerk()?, id, &order)?;
    finish(desk, &done, asked.no_read)
}

pub(in crate::cli) fn merge(desk: &mut Desk<'_>, asked: &Merge) -> Answer<u8> {
    let actor = desk.actor.clone();
    let ids = asked.documents.iter().map(|id| document_id(id)).collect::<Answer<Vec<_>>>()?;
    let order = MergeOrder { reason: asked.reason.clone(), although_signed: asked.although_signed };
    let done = desk.registry.merge(actor.as_clerk()?, &ids, &order)?;
    finish(desk, &done, asked.no_read)
}

fn finish(desk: &mut Desk<'_>, done: &Reassembled, no_read: bool) -> Answer<u8> {
    if !done.left_out.is_empty() {
        desk.remark(format!("nicht übernommen, nur noch im Original: {}", done.left_out.join(", ")))?;
    }
    desk.result(&json::reassembled(done), || {
        let documents = |number: usize| count(number as u64, "Dokument", "Dokumente");
        let mut lines = vec![format!("neu: {}", documents(done.parts.len()))];
        lines.extend(done.parts.iter().map(|part| format!("  {}  {}", part.id, part.file_name)));
        lines.push(format!("zurückgezogen und weiter aufbewahrt: {}", documents(done.originals.len())));
        lines.join("\n")
    })?;
    if !no_read {
        super::work::read(desk)?;
    }
    Ok(0)
}
