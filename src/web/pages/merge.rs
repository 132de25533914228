//! Merging documents of a file (Zusammenfügen): one letter that came as several scans. Says which can be merged; the registry has
//! the last word.

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use super::document::leave_to_draw;
use super::file::named;
use super::split::has_parting_pages;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::format::wording;
use crate::registry::{Error, FileView, MergeOrder};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words::{self, beside_the_form};

#[derive(Template)]
#[template(path = "web/merge.html")]
struct MergePage {
    frame: Frame,
    id: String,
    reference: String,
    documents: Vec<Line>,
    reason: String,
    mistake: Option<String>,
}

/// A document that can become a part of another.
struct Line {
    id: String,
    name: String,
    kind: String,
    pages: String,
    /// What was typed: which one it is to be.
    place: String,
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    places: Vec<(DocumentId, String)>,
    reason: String,
    although_signed: bool,
}

/// The documents of the file that can be merged, each with a field for its place.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.clerk()?;
    let view = named(office, visitor, asked)?;
    page(OK, &form(office, visitor, &view, &Typed::default(), None))
}

/// Merges those that got a place, in this order; what does not fit is told beside the form.
pub fn merge(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let view = named(office, visitor, asked)?;
    let typed = typed(asked)?;
    if !typed.places.iter().all(|(id, _)| view.file.documents.contains(id)) {
        return Err(Trouble::NotFound);
    }
    let merged = in_order(&typed.places).and_then(|documents| {
        // Every page is drawn, to see that it looks as before.
        let _pass = leave_to_draw(office)?;
        let order = MergeOrder { reason: typed.reason.clone(), although_signed: typed.although_signed };
        Ok(office.registry.merge(clerk, &documents, &order)?)
    });
    match merged {
        Ok(done) => {
            let made = done.parts.first().map(|part| part.id.to_string()).unwrap_or_default();
            Ok(see_other(&format!("/dokument/{made}?getan=zusammengefuegt")))
        }
        Err(Trouble::Office(Error::Mistake(why))) => {
            let why = beside_the_form(&why);
            page(StatusCode::BAD_REQUEST, &form(office, visitor, &view, &typed, Some(why)))
        }
        Err(other) => Err(other),
    }
}

fn form(
    office: &Office,
    visitor: &Visitor,
    view: &FileView,
    typed: &Typed,
    mistake: Option<String>,
) -> MergePage {
    let line = |document: &Document| Line {
        id: document.id.to_string(),
        name: document.file_name.clone(),
        kind: wording::kind(document.format),
        pages: words::page_count(document).map(|count| count.to_string()).unwrap_or_default(),
        place: typed
            .places
            .iter()
            .find(|(id, _)| *id == document.id)
            .map(|(_, place)| place.clone())
            .unwrap_or_default(),
    };
    MergePage {
        frame: Frame::of(office, visitor, ""),
        id: view.file.id.to_string(),
        reference: view.file.reference.to_string(),
        documents: mergeable(view).map(line).collect(),
        reason: typed.reason.clone(),
        mistake,
    }
}

/// Those in use whose pages can be put behind others.
pub(super) fn mergeable(view: &FileView) -> impl Iterator<Item = &Document> {
    view.documents.iter().filter(|document| has_parting_pages(document))
}

fn typed(asked: &Asked) -> Result<Typed, Trouble> {
    let (ids, places) = (asked.ticked::<DocumentId>("dokument")?, asked.ticked::<String>("stelle")?);
    if ids.len() != places.len() {
        return Err(Trouble::Malformed(StatusCode::BAD_REQUEST));
    }
    let places = ids.into_iter().zip(places.into_iter().map(|place| place.trim().to_owned()));
    Ok(Typed {
        places: places.collect(),
        reason: asked.field("grund")?.to_owned(),
        although_signed: asked.field("signiert")? == "ja",
    })
}

/// The documents that got a place, the first first.
fn in_order(places: &[(DocumentId, String)]) -> Result<Vec<DocumentId>, Trouble> {
    let refuse = |why: String| {
        mistake(
            "Die Dokumente werden nicht zusammengefügt",
            why,
            "schreiben Sie an jedes Dokument, das dazugehört, eine Zahl: 1 an das erste, 2 an das zweite",
        )
    };
    let mut ordered = Vec::new();
    for (id, place) in places.iter().filter(|(_, place)| !place.is_empty()) {
        let place = place.parse::<u32>().map_err(|_| refuse(format!("„{place}“ ist keine Stelle")))?;
        ordered.push((place, *id));
    }
    ordered.sort_by_key(|(place, _)| *place);
    if let Some([(place, _), _]) = ordered.array_windows().find(|[one, other]| one.0 == other.0) {
        return Err(refuse(format!("zwei Dokumente haben die Stelle {place}")));
    }
    Ok(ordered.into_iter().map(|(_, id)| id).collect())
}
