//! The certificate of an executed list (Vernichtungsprotokoll), to save: the page for people and the proof for
//! the offline verifier.

use std::path::PathBuf;

use crate::domain::ids::DisposalListId;
use crate::web::Office;
use crate::web::answer::{Outcome, download};
use crate::web::asked::Asked;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;

/// The page for people.
pub fn page(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    saved(office, visitor, asked, "html", "text/html")
}

/// The proof.
pub fn proof(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    saved(office, visitor, asked, "json", "application/json")
}

fn saved(office: &Office, visitor: &Visitor, asked: &Asked, kind: &str, media: &'static str) -> Outcome {
    visitor.auditor()?;
    let id: DisposalListId = asked.param("liste")?;
    match std::fs::read(path(office, id, kind)) {
        Ok(bytes) => Ok(download(&format!("Vernichtungsprotokoll {id}.{kind}"), media, bytes)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Err(Trouble::NotFound),
        Err(cause) => Err(Trouble::Office(cause.into())),
    }
}

/// Where it lies. The name is made from an id that was parsed, so it leads nowhere else.
pub fn path(office: &Office, id: DisposalListId, kind: &str) -> PathBuf {
    office.registry.layout().certificates().join(format!("{id}.{kind}"))
}
