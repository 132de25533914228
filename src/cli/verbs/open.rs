//! `open`: a file without a document.

use crate::cli::args::OpenArgs;
use crate::cli::desk::Desk;
use crate::cli::json::keep as json;
use crate::registry::{Answer, Error, NewFile};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &OpenArgs) -> Answer<u8> {
    let reference = asked.reference.as_deref().map(|reference| {
        reference.parse().map_err(|_| {
            Error::mistake("Das Aktenzeichen ist nicht gültig", "es ist leer oder zu lang", "prüfen Sie es")
        })
    });
    let new = NewFile {
        class: asked.class.clone(),
        title: asked.title.clone(),
        reference: reference.transpose()?,
        record_type: asked.record_type.clone(),
        fields: asked.fields.iter().cloned().collect(),
        opened: asked.opened,
        case: asked.case.clone(),
    };
    let file = desk.registry.open_file(desk.actor.as_clerk()?, &new)?;
    desk.result(&json::opened(&file), || format!("Akte {} angelegt", file.reference))?;
    Ok(0)
}
