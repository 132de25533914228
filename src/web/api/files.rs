//! A file, and what holds for it.

use jiff::civil::Date;

use super::gate::Bearer;
use super::openapi::{Description, Parameter, reference_or_id};
use super::{Endpoint, Show, json};
use crate::answers::{FileAnswer, WhyAnswer};
use crate::domain::ids::CaseFileId;
use crate::registry::FileView;
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::{Asked, mistake};
use crate::web::pages::OK;
use crate::web::trouble::{OrNotFound as _, Trouble};

/// `GET /api/v1/files/{reference}`
pub const FILE: Endpoint = Endpoint {
    show: Show::Gated(file),
    describe: || {
        Description::new("Eine Akte mit ihren Dokumenten", "lesen")
            .parameter(reference_or_id())
            .answers::<FileAnswer<'_>>()
            .or_not_found()
    },
};

/// `GET /api/v1/files/{reference}/why`
pub const WHY: Endpoint = Endpoint {
    show: Show::Gated(why),
    describe: || {
        Description::new("Was für eine Akte gilt, und warum", "lesen")
            .parameter(reference_or_id())
            .parameter(
                Parameter::query("on", "Der Tag, für den gefragt wird; ohne Angabe heute").of_format("date"),
            )
            .answers::<WhyAnswer>()
            .or_not_found()
    },
};

fn file(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let today = office.registry.today();
    let view = named(office, bearer, asked, today)?;
    json(OK, &FileAnswer::of(&view, today))
}

fn why(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    bearer.reader()?;
    let today = office.registry.today();
    let on = match asked.query("on") {
        None => today,
        Some(text) => text.parse().map_err(|_| {
            let why = "der Tag in „on“ ist kein Tag wie 2026-11-28";
            mistake("Die Frage ist nicht lesbar", why, "berichtigen Sie ihn, oder lassen Sie ihn weg")
        })?,
    };
    let view = named(office, bearer, asked, on)?;
    json(OK, &WhyAnswer::of(&view, &office.registry.rules()?.book, today))
}

/// The file of this reference number, in any spelling, or this id.
fn named(office: &Office, bearer: &Bearer, asked: &Asked, on: Date) -> Result<FileView, Trouble> {
    let reader = bearer.reader()?;
    let name: String = asked.param("reference")?;
    match name.parse::<CaseFileId>() {
        Ok(id) => office.registry.show_file_by_id(reader, id, on).or_not_found(),
        Err(_) => office.registry.show_file(reader, &name, on).or_not_found(),
    }
}
