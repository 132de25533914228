//! Checking scans (Scans prüfen): what is to be done, one scan with its count of pages and its note, and one page beside the two
//! answers there are. All of it works with the keyboard alone: Tab, Enter, and the keys the buttons name.

use askama::Template;

use super::document::named;
use super::{OK, Paging};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::scan::check::CheckState;
use crate::domain::scan::note::{NoteOrder, STATEMENT};
use crate::domain::scan::{PageVerdict, SCAN_TEXT_CHARS_MAX};
use crate::format::wording;
use crate::registry::{OpenScan, ScanOrder};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;

/// Scans on one page.
const SCANS_PER_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "web/checks.html")]
struct ListPage {
    frame: Frame,
    all: usize,
    scans: Vec<Line>,
    paging: Paging,
}

struct Line {
    id: String,
    name: String,
    /// Reference number of its file; none in the in-tray.
    file: Option<String>,
    told: String,
}

#[derive(Template)]
#[template(path = "web/check.html")]
struct ScanPage {
    frame: Frame,
    id: String,
    name: String,
    file: Option<(String, String)>,
    told: String,
    pages: Option<u32>,
    pages_on_paper: Option<u32>,
    /// The page to look at next.
    next: Option<u32>,
    /// Pages that must be looked at, and what was seen on them so far.
    looks: Vec<(u32, &'static str)>,
    passed: bool,
    noted: bool,
    keeps: bool,
    statement: &'static str,
}

#[derive(Template)]
#[template(path = "web/check_page.html")]
struct LookPage {
    frame: Frame,
    id: String,
    name: String,
    number: u32,
    pages: u32,
    /// Pages that must still be looked at.
    left: usize,
    required: bool,
    /// What was said of it before.
    before: Option<String>,
    keeps: bool,
}

/// What is to be done.
pub fn list(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let scans = office.registry.open_scans(visitor.reader()?)?;
    let number = asked.number("seite")?;
    let paging = Paging::of(number, scans.len(), SCANS_PER_PAGE)?;
    let line = |scan: &OpenScan| Line {
        id: scan.document.id.to_string(),
        name: scan.document.file_name.clone(),
        file: scan.file.as_ref().map(ToString::to_string),
        told: wording::scan(&scan.document).unwrap_or_default(),
    };
    let shown = scans.iter().skip((number - 1) * SCANS_PER_PAGE).take(SCANS_PER_PAGE);
    let frame = Frame::of(office, visitor, "papier").noting(asked);
    page(OK, &ListPage { frame, all: scans.len(), scans: shown.map(line).collect(), paging })
}

/// The page that is looked at next; none if there is none.
fn next_page(document: &Document) -> Option<u32> {
    match document.check_state()? {
        CheckState::Open { left } => left.first().copied(),
        _ => None,
    }
}

/// One scan.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = named(office, visitor, asked)?;
    let document = &view.document;
    let Some(product) = &document.scan else { return Err(Trouble::NotFound) };
    let mut pages = document.pages_to_check().unwrap_or_default();
    pages.extend(product.looks.keys());
    let seen = |page: u32| match product.looks.get(&page).map(|look| &look.verdict) {
        None => "noch anzusehen",
        Some(PageVerdict::Accepted) => "wie das Papier",
        Some(PageVerdict::Rescan { .. }) => "neu zu scannen",
    };
    let shown = ScanPage {
        frame: Frame::of(office, visitor, "papier").noting(asked),
        id: document.id.to_string(),
        name: document.file_name.clone(),
        file: view.file.as_ref().map(|file| (file.id.to_string(), file.reference.to_string())),
        told: wording::scan(document).unwrap_or_default(),
        pages: document.page_count(),
        pages_on_paper: product.scan.pages_on_paper,
        next: next_page(document),
        looks: pages.into_iter().map(|page| (page, seen(page))).collect(),
        passed: document.check_state() == Some(CheckState::Passed),
        noted: product.note.is_some(),
        keeps: visitor.clerk().is_ok(),
        statement: STATEMENT,
    };
    page(OK, &shown)
}

/// One page of it, beside the answers.
pub fn show_page(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let document = named(office, visitor, asked)?.document;
    let number: u32 = asked.param("seite")?;
    let pages = document.page_count().unwrap_or_default();
    let (Some(product), true) = (&document.scan, (1..=pages).contains(&number)) else {
        return Err(Trouble::NotFound);
    };
    let left = match document.check_state() {
        Some(CheckState::Open { left }) => left.len(),
        _ => 0,
    };
    let before = product.looks.get(&number).map(|look| match &look.verdict {
        PageVerdict::Accepted => "wie das Papier".to_owned(),
        PageVerdict::Rescan { reason } => format!("neu zu scannen: {reason}"),
    });
    let shown = LookPage {
        frame: Frame::of(office, visitor, "papier").noting(asked),
        id: document.id.to_string(),
        name: document.file_name.clone(),
        number,
        pages,
        left,
        required: document.pages_to_check().is_some_and(|required| required.contains(&number)),
        before,
        keeps: visitor.clerk().is_ok(),
    };
    page(OK, &shown)
}

/// Where it goes on after a look.
fn onward(document: &Document) -> String {
    match next_page(document) {
        Some(page) => format!("/pruefen/{}/seite/{page}?getan=angesehen", document.id),
        None => format!("/pruefen/{}?getan=angesehen", document.id),
    }
}

/// Notes what was seen on a page.
pub fn look(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let id = named(office, visitor, asked)?.document.id;
    let number: u32 = asked.param("seite")?;
    let verdict = match asked.field("urteil")? {
        "gut" => PageVerdict::Accepted,
        "neu" => PageVerdict::Rescan { reason: asked.filled("grund", "Was nicht stimmt")?.to_owned() },
        _ => {
            let why = "es ist nicht gesagt, ob die Seite wie das Papier ist";
            return Err(mistake("Es wird nichts eingetragen", why, "wählen Sie einen der beiden Knöpfe"));
        }
    };
    let document = office.registry.look_at_scan(clerk, id, vec![(number, verdict)])?;
    Ok(see_other(&onward(&document)))
}

/// How many pages were counted on paper.
pub fn count(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let id = scan_named(office, visitor, asked)?;
    let pages = asked.filled("papierseiten", "Seiten auf dem Papier")?;
    let pages: u32 = pages.parse().map_err(|_| {
        let why = format!("„{pages}“ ist keine Zahl");
        mistake("Die Zahl der Seiten wird nicht eingetragen", why, "zählen Sie die beschriebenen Seiten")
    })?;
    let order = ScanOrder { pages: Some(pages), ..ScanOrder::default() };
    office.registry.state_scans(clerk, &[id], &order)?;
    Ok(see_other(&format!("/pruefen/{id}?getan=gezaehlt")))
}

/// Writes the transfer note.
pub fn note(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let id = scan_named(office, visitor, asked)?;
    if asked.field("erklaerung")? != "ja" {
        let why = "niemand hat erklärt, dass Scan und Papier übereinstimmen";
        let way_out = "gehen Sie zurück und setzen Sie das Häkchen, wenn es so ist";
        return Err(mistake("Der Transfervermerk wird nicht geschrieben", why, way_out));
    }
    let order = NoteOrder {
        anomalies: asked.field("auffaelligkeiten")?.to_owned(),
        seal: asked.field("siegel")?.to_owned(),
    };
    office.registry.write_transfer_note(clerk, id, &order)?;
    Ok(see_other(&format!("/dokument/{id}/transfervermerk?getan=vermerk_geschrieben")))
}

/// The scan that is named; a document that is none does not exist here.
fn scan_named(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<DocumentId, Trouble> {
    let document = named(office, visitor, asked)?.document;
    document.scan.map(|_| document.id).ok_or(Trouble::NotFound)
}
