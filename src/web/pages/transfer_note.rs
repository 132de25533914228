//! The transfer note (Transfervermerk) of a scan: to read and print, and as XML to save.

use askama::Template;

use super::OK;
use crate::domain::ids::DocumentId;
use crate::format::transfer_note::{About, in_words, xml};
use crate::registry::NotedScan;
use crate::web::Office;
use crate::web::answer::{Outcome, download, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};

#[derive(Template)]
#[template(path = "web/transfer_note.html")]
struct NotePage {
    frame: Frame,
    id: String,
    name: String,
    file: Option<String>,
    fields: Vec<(&'static str, Vec<String>)>,
}

fn noted(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<NotedScan, Trouble> {
    let id = asked.param::<DocumentId>("dokument")?;
    office.registry.transfer_note(visitor.reader()?, id).or_not_found()
}

/// To read and print.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let noted = noted(office, visitor, asked)?;
    let shown = NotePage {
        frame: Frame::of(office, visitor, "papier").noting(asked),
        id: noted.document.id.to_string(),
        name: noted.document.file_name.clone(),
        file: noted.file.as_ref().map(ToString::to_string),
        fields: in_words(&noted.note),
    };
    page(OK, &shown)
}

/// As XML.
pub fn save(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let noted = noted(office, visitor, asked)?;
    let (id, file) = (noted.document.id.to_string(), noted.file.as_ref().map(ToString::to_string));
    let about = About {
        registry: office.registry.name(),
        file: file.as_deref(),
        document: &id,
        file_name: &noted.document.file_name,
    };
    let text = xml(&noted.note, about);
    Ok(download(&format!("Transfervermerk {id}.xml"), "application/xml", text.into_bytes()))
}
