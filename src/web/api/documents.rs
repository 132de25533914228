//! A document, how far it is read, its original, and a PDF of it to be read.

use std::io::Write;
use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::Bearer;
use super::openapi::{Description, Parameter};
use super::{Endpoint, Show, json, problem};
use crate::answers::DocumentAnswer;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::DocumentId;
use crate::registry::Error;
use crate::web::Office;
use crate::web::answer::{Outcome, download, download_stream};
use crate::web::asked::Asked;
use crate::web::pages::OK;
use crate::web::pages::rendition::{leave_to_convert, saved_as};
use crate::web::trouble::{OrNotFound as _, Trouble};

/// `GET /api/v1/documents/{id}`
pub const DOCUMENT: Endpoint = Endpoint {
    show: Show::Gated(document),
    describe: || {
        Description::new("Ein Dokument", "lesen")
            .parameter(Parameter::path("id", "Die Kennung des Dokuments"))
            .answers::<DocumentAnswer<'_>>()
            .or_not_found()
    },
};

/// `GET /api/v1/documents/{id}/reading`
pub const READING: Endpoint = Endpoint {
    show: Show::Gated(reading),
    describe: || {
        Description::new("Wie weit ein Dokument gelesen ist", "lesen")
            .or_scope("ablegen")
            .parameter(Parameter::path("id", "Die Kennung des Dokuments"))
            .answers::<ReadingAnswer>()
            .or_not_found()
    },
};

/// `GET /api/v1/documents/{id}/original`
pub const ORIGINAL: Endpoint = Endpoint {
    show: Show::Gated(original),
    describe: || {
        Description::new("Das Original eines Dokuments, Byte für Byte wie es kam", "lesen")
            .parameter(Parameter::path("id", "Die Kennung des Dokuments"))
            .answers_bytes()
            .or_not_found()
    },
};

/// `GET /api/v1/documents/{id}/rendition`
pub const RENDITION: Endpoint = Endpoint {
    show: Show::Gated(rendition),
    describe: || {
        Description::new("Eine Lesefassung als PDF, aus einer Office-Datei oder HTML gemacht", "lesen")
            .parameter(Parameter::path("id", "Die Kennung des Dokuments"))
            .answers_bytes()
            .or_not_found()
            .or(StatusCode::UNPROCESSABLE_ENTITY, "Von diesem Dokument gibt es keine Lesefassung; `detail` sagt, warum")
            .or(
                StatusCode::TOO_MANY_REQUESTS,
                "Es wird gerade eine andere gemacht, oder zu viele Zugangsschlüssel gelten nicht; `Retry-After` sagt, wann wieder",
            )
    },
};

fn document(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    json(OK, &DocumentAnswer::from(&named(office, bearer, asked)?))
}

/// How far a document is read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingAnswer {
    /// Its id.
    document: String,
    /// `waiting`, `being_read`, `read`, `in_part`, or `given_up`.
    state: &'static str,
    /// What was not read and why, German; empty if nothing is missing.
    reasons: Vec<String>,
    /// Pages it says it has.
    pages_declared: Option<u32>,
    /// Pages that were read.
    pages_read: Option<u32>,
    /// Since when it is out of use, and why, German; none if it is in use.
    withdrawn: Option<String>,
    /// The ids of what was made of it, as out of a stack of scans.
    became: Vec<String>,
    /// The ids of what came in it.
    contents: Vec<String>,
}

fn reading(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let reader = bearer.follower()?;
    let id = asked.param::<DocumentId>("id")?;
    let view = office.registry.show_document(reader, id).or_not_found()?;
    let document = &view.document;
    let (state, reasons, text) = match &document.text {
        TextState::Unread if office.registry.is_being_read(id) => ("being_read", Vec::new(), None),
        TextState::Unread => ("waiting", Vec::new(), None),
        TextState::GivenUp { reason } => ("given_up", vec![reason.clone()], None),
        TextState::Read(text) if text.is_complete() => ("read", Vec::new(), Some(text)),
        TextState::Read(text) => ("in_part", text.shortfalls.clone(), Some(text)),
    };
    let ids = |documents: &[Document]| documents.iter().map(|one| one.id.to_string()).collect();
    json(
        OK,
        &ReadingAnswer {
            document: document.id.to_string(),
            state,
            reasons,
            pages_declared: text.and_then(|text| text.pages_declared),
            pages_read: text.map(|text| text.pages_read),
            withdrawn: document.withdrawn.as_ref().map(|(_, reason)| reason.clone()),
            became: ids(&view.became),
            contents: ids(&view.contents),
        },
    )
}

fn original(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let document = named(office, bearer, asked)?;
    let (registry, actor) = (Arc::clone(&office.registry), bearer.reader()?.actor().clone());
    let id = document.id;
    let write = move |out: &mut dyn Write| {
        let reader = actor.as_reader().map_err(|refusal| refusal.to_string())?;
        registry.get(reader, id, out).map(|_| ()).map_err(|error| error.words().what)
    };
    let (media, size) = (document.format.media.iana(), document.original.size_bytes);
    Ok(download_stream(&document.file_name, media, size, write))
}

fn rendition(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let document = named(office, bearer, asked)?;
    let _pass = leave_to_convert(office, &document)?;
    let mut pdf = Vec::new();
    match office.registry.get_rendition(bearer.reader()?, document.id, &mut pdf) {
        Ok(_) => {}
        Err(Error::Mistake(words)) => return Ok(problem::unprocessable(&words)),
        Err(other) => return Err(other.into()),
    }
    Ok(download(&saved_as(&document.file_name), "application/pdf", pdf))
}

fn named(office: &Office, bearer: &Bearer, asked: &Asked) -> Result<Document, Trouble> {
    let reader = bearer.reader()?;
    let id = asked.param::<DocumentId>("id")?;
    Ok(office.registry.show_document(reader, id).or_not_found()?.document)
}
