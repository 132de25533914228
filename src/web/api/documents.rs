//! A document, and its original.

use std::io::Write;
use std::sync::Arc;

use super::gate::Bearer;
use super::openapi::{Description, Parameter};
use super::{Endpoint, Show, json};
use crate::answers::DocumentAnswer;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::web::Office;
use crate::web::answer::{Outcome, download_stream};
use crate::web::asked::Asked;
use crate::web::pages::OK;
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

fn document(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    json(OK, &DocumentAnswer::from(&named(office, bearer, asked)?))
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

fn named(office: &Office, bearer: &Bearer, asked: &Asked) -> Result<Document, Trouble> {
    let reader = bearer.reader()?;
    let id = asked.param::<DocumentId>("id")?;
    Ok(office.registry.show_document(reader, id).or_not_found()?.document)
}
