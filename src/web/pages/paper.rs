//! Paper (Papierakten): what is lent, a field for the scanner, and the forms on a file's page that say where its paper
//! stands and who has it.

use askama::Template;
use axum::http::StatusCode;

use super::file::{back_to, named};
use super::{OK, Paging};
use crate::domain::case_file::CaseFile;
use crate::domain::life_cycle::german;
use crate::domain::paper::{BARCODE_CHARS_MAX, Placing};
use crate::format::wording;
use crate::registry::{Error, LoanView};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;

/// Loans on one page.
const LOANS_PER_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "web/paper.html")]
struct PaperPage<'a> {
    frame: Frame,
    /// What was scanned, and no file was found.
    barcode: &'a str,
    not_found: bool,
    all: usize,
    overdue: usize,
    loans: Vec<LoanLine>,
    paging: Paging,
}

struct LoanLine {
    id: String,
    reference: String,
    title: String,
    to: String,
    since: String,
    /// Empty if nobody said.
    until: String,
    is_overdue: bool,
    place: String,
}

/// What is lent, overdue first; or on to the file whose barcode was scanned.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let reader = visitor.reader()?;
    let barcode = asked.query("strichcode").unwrap_or_default().trim();
    let mut not_found = false;
    if !barcode.is_empty() {
        match office.registry.find_paper(reader, barcode) {
            Ok(file) => return Ok(see_other(&format!("/akte/{}", file.id))),
            Err(Error::Mistake(_)) => not_found = true,
            Err(other) => return Err(other.into()),
        }
    }
    let (loans, today, number) =
        (office.registry.loans(reader)?, office.registry.today(), asked.number("seite")?);
    let paging = Paging::of(number, loans.len(), LOANS_PER_PAGE)?;
    let line = |(file, view): &(CaseFile, LoanView)| LoanLine {
        id: file.id.to_string(),
        reference: file.reference.to_string(),
        title: file.title.clone(),
        to: view.to.clone(),
        since: german(view.loan.since),
        until: view.loan.until.map(german).unwrap_or_default(),
        is_overdue: view.loan.is_overdue(today),
        place: file.carriers.paper.as_ref().map(wording::place).unwrap_or_default(),
    };
    let shown = loans.iter().skip((number - 1) * LOANS_PER_PAGE).take(LOANS_PER_PAGE);
    let view = PaperPage {
        frame: Frame::of(office, visitor, "papier").noting(asked),
        barcode,
        not_found,
        all: loans.len(),
        overdue: loans.iter().filter(|(_, view)| view.loan.is_overdue(today)).count(),
        loans: shown.map(line).collect(),
        paging,
    };
    page(if not_found { StatusCode::NOT_FOUND } else { OK }, &view)
}

/// Says where the paper of a file stands: all that the form has.
pub fn place(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let said = |name: &str| asked.field(name).map(|text| Some(text.to_owned()));
    let placing = Placing {
        building: said("gebaeude")?,
        room: said("raum")?,
        shelf: said("regal")?,
        r#box: said("karton")?,
        barcode: said("strichcode")?,
    };
    office.registry.place_paper(clerk, &[file.reference.to_string()], &placing, asked.field("grund")?)?;
    Ok(back_to(&file, "standort"))
}

/// Lends its paper.
pub fn lend(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let to = asked.filled("an", "An wen")?;
    let until = asked.day_if_any("bis")?;
    office.registry.lend_paper(clerk, &[file.reference.to_string()], to, until)?;
    Ok(back_to(&file, "ausgeliehen"))
}

/// Its paper came back.
pub fn give_back(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    office.registry.return_paper(clerk, &[file.reference.to_string()])?;
    Ok(back_to(&file, "zurueck"))
}
