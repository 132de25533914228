//! A document of an office program as pages (Lesefassung): a PDF that was made of it to be read, drawn page by page. It says on
//! every page that it is not the original; the text and its page numbers are those of our own reader, and others.

use std::time::Duration;

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse as _;

use super::OK;
use super::document::{image_width, leave_to_draw, named};
use crate::domain::document::Document;
use crate::web::Office;
use crate::web::answer::{Outcome, download, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::turnstile::Pass;

/// How long somebody waits while a rendition is made for somebody else.
const CONVERTING_PATIENCE: Duration = Duration::from_secs(30);

#[derive(Template)]
#[template(path = "web/rendition.html")]
struct RenditionPage {
    frame: Frame,
    id: String,
    name: String,
    file: Option<(String, String, String)>,
    kind: &'static str,
    number: u32,
    pages: u32,
    before: Option<u32>,
    after: Option<u32>,
}

/// Leave to have a rendition made, if it is not there: the office program is large, so only one runs at a time.
pub(in crate::web) fn leave_to_convert<'o>(
    office: &'o Office,
    document: &Document,
) -> Result<Option<Pass<'o>>, Trouble> {
    if office.registry.has_rendition(document) {
        return Ok(None);
    }
    office.converting.enter(CONVERTING_PATIENCE).map(Some).ok_or(Trouble::Later {
        seconds: CONVERTING_PATIENCE.as_secs(),
        why: "es wird gerade eine andere Datei zum Lesen umgewandelt",
    })
}

/// A page of it.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = named(office, visitor, asked)?;
    let document = &view.document;
    let number: u32 = asked.param("seite")?;
    let pages = {
        let _pass = leave_to_convert(office, document)?;
        office.registry.rendition_pages(visitor.reader()?, document.id)?
    };
    if number == 0 || number > pages {
        return Err(Trouble::NotFound);
    }
    page(
        OK,
        &RenditionPage {
            frame: Frame::of(office, visitor, ""),
            id: document.id.to_string(),
            name: document.file_name.clone(),
            file: super::document::file_of(&view),
            kind: document.format.media.label(),
            number,
            pages,
            before: number.checked_sub(1).filter(|before| *before > 0),
            after: number.checked_add(1).filter(|after| *after <= pages),
        },
    )
}

/// Its picture, drawn in the worker.
pub fn image(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let document = named(office, visitor, asked)?.document;
    let (number, width): (u32, u32) = (asked.param("seite")?, image_width(asked)?);
    let _pass = leave_to_convert(office, &document)?;
    let _leave = leave_to_draw(office)?;
    let png = office.registry.rendition_image(visitor.reader()?, document.id, number, width)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

/// All of it as a PDF, to save and never to show: it was made of bytes that nobody trusts.
pub fn save(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let document = named(office, visitor, asked)?.document;
    let _pass = leave_to_convert(office, &document)?;
    let mut pdf = Vec::new();
    let _ = office.registry.get_rendition(visitor.reader()?, document.id, &mut pdf)?;
    Ok(download(&saved_as(&document.file_name), "application/pdf", pdf))
}

/// The name of the PDF: whoever finds it in a folder sees that it is not the original.
pub(in crate::web) fn saved_as(name: &str) -> String {
    format!("{name} (Lesefassung).pdf")
}
