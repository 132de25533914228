//! Vernichtungssperren (holds): which stand, and a new one over many files, looked at before it is placed.

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use crate::domain::case_file::CaseFile;
use crate::domain::life_cycle::german;
use crate::registry::{Error, HoldOrder, HoldPlaced, StandingHold};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::words::beside_the_form;

/// Longest list of reference numbers the form takes, in characters: some 5,000. What is longer is placed by the
/// command `hold place --from`.
pub const REFERENCES_CHARS_MAX: usize = 100_000;
/// Files that are named on the page; the command line names all.
const FILES_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "web/holds.html")]
struct HoldsPage {
    frame: Frame,
    holds: Vec<HoldView>,
    /// What was typed, for whoever may place one.
    form: Option<FormView>,
    mistake: Option<String>,
    preview: Option<FilesView>,
}

struct HoldView {
    id: String,
    reason: String,
    since: String,
    review: Option<String>,
    is_due: bool,
    files: FilesView,
}

struct FilesView {
    count: usize,
    shown: Vec<FileLine>,
    more: usize,
}

struct FileLine {
    id: String,
    reference: String,
    title: String,
}

#[derive(Default)]
struct FormView {
    references: String,
    query: String,
    reason: String,
    since: String,
    review: String,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let today = office.registry.today().to_string();
    let form = visitor.records_manager().is_ok().then(|| FormView { since: today, ..FormView::default() });
    page(OK, &view(office, visitor, asked, form)?)
}

fn view(
    office: &Office,
    visitor: &Visitor,
    asked: &Asked,
    form: Option<FormView>,
) -> Result<HoldsPage, Trouble> {
    let today = office.registry.today();
    let holds = office.registry.holds(visitor.reader()?, None)?;
    let hold = |StandingHold { hold, files }: &StandingHold| HoldView {
        id: hold.id.to_string(),
        reason: hold.reason.clone(),
        since: german(hold.since),
        review: hold.review.map(german),
        is_due: hold.review.is_some_and(|day| day <= today),
        files: files_view(files),
    };
    let holds = holds.iter().map(hold).collect();
    let frame = Frame::of(office, visitor, "sperren").noting(asked);
    Ok(HoldsPage { frame, holds, form, mistake: None, preview: None })
}

fn files_view(files: &[CaseFile]) -> FilesView {
    let line = |file: &CaseFile| FileLine {
        id: file.id.to_string(),
        reference: file.reference.to_string(),
        title: file.title.clone(),
    };
    let shown = files.iter().take(FILES_SHOWN).map(line).collect();
    FilesView { count: files.len(), shown, more: files.len().saturating_sub(FILES_SHOWN) }
}

/// Places a hold, or shows which files it would hold. What does not fit is told beside the form, and nothing typed is
/// lost.
pub fn place(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let (order, is_preview) = (order(office, asked)?, !asked.field("vorschau")?.is_empty());
    let (status, mistake, preview) = match office.registry.place_hold(manager, &order, !is_preview) {
        Ok(_) if !is_preview => return Ok(see_other("/sperren?getan=gesperrt")),
        Ok(HoldPlaced { files, .. }) => (OK, None, Some(files_view(&files))),
        Err(Error::Mistake(words)) => {
            let why = beside_the_form(&words);
            (StatusCode::BAD_REQUEST, Some(why), None)
        }
        Err(other) => return Err(other.into()),
    };
    let typed = FormView {
        references: order.references.join("\n"),
        query: order.query.unwrap_or_default(),
        reason: order.reason,
        since: order.since.to_string(),
        review: order.review.map(|day| day.to_string()).unwrap_or_default(),
    };
    page(status, &HoldsPage { mistake, preview, ..view(office, visitor, asked, Some(typed))? })
}

fn order(office: &Office, asked: &Asked) -> Result<HoldOrder, Trouble> {
    let references = asked.long_field("akten", REFERENCES_CHARS_MAX)?.lines().map(str::trim);
    let query = asked.field("suche")?;
    Ok(HoldOrder {
        references: references.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        query: (!query.is_empty()).then(|| query.to_owned()),
        reason: asked.field("grund")?.to_owned(),
        since: asked.day("seit", office.registry.today())?,
        review: asked.day_if_any("pruefen")?,
    })
}

/// Releases a hold from all its files.
pub fn release(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    office.registry.release_hold(visitor.records_manager()?, asked.param("sperre")?, &[]).or_not_found()?;
    Ok(see_other("/sperren?getan=entsperrt"))
}
