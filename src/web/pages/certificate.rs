//! The certificate of an executed list (Vernichtungsprotokoll), to save: the page and the sheet for people, and
//! the proof for the offline verifier.

use crate::domain::ids::DisposalListId;
use crate::registry::Answer;
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

/// The certificate as PDF/A, with the proof inside.
pub fn pdf(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.auditor()?;
    let id: DisposalListId = asked.param("liste")?;
    let pdf = office.registry.certificate_pdf(id)?.ok_or(Trouble::NotFound)?;
    Ok(download(&format!("Vernichtungsprotokoll {id}.pdf"), "application/pdf", pdf))
}

fn saved(office: &Office, visitor: &Visitor, asked: &Asked, kind: &str, media: &'static str) -> Outcome {
    visitor.auditor()?;
    let id: DisposalListId = asked.param("liste")?;
    match office.registry.certificate_file(id, kind)? {
        Some(bytes) => Ok(download(&format!("Vernichtungsprotokoll {id}.{kind}"), media, bytes)),
        None => Err(Trouble::NotFound),
    }
}

/// Whether there is one.
///
/// # Errors
/// A fault if the disk does not say.
pub fn is_there(office: &Office, id: DisposalListId) -> Answer<bool> {
    Ok(office.registry.certificate_file(id, "json")?.is_some())
}
