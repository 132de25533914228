//! Where paper stands, and who has it: `paper`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::case_file::{CaseFile, PaperLocation};
use crate::domain::paper::Borrower;
use crate::registry::{FileView, LoanView, PlacedFile};

/// A place, in `show --json` too.
pub(super) fn place(place: &PaperLocation) -> Value {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "building": place.building,
        "room": place.room,
        "shelf": known(&place.shelf),
        "box": known(&place.r#box),
        "barcode": place.barcode.as_ref().map(ToString::to_string),
    })
}

/// A loan, in `show --json` too.
pub(super) fn loan(view: &LoanView, today: Date) -> Value {
    let person = match &view.loan.to {
        Borrower::Person(id) => Some(id.to_string()),
        Borrower::Named(_) => None,
    };
    json!({
        "to": view.to,
        "person": person,
        "since": view.loan.since.to_string(),
        "until": view.loan.until.map(|until| until.to_string()),
        "overdue": view.loan.is_overdue(today),
        "by": view.by,
    })
}

/// One line of `paper place --json` and `paper import --preview --json`.
pub(in crate::cli) fn placed(placed: &PlacedFile) -> Value {
    json!({
        "file": placed.file.reference.to_string(),
        "before": placed.file.carriers.paper.as_ref().map(place),
        "after": place(&placed.after),
    })
}

/// Last line of `paper place --json` and `paper import --json`.
pub(in crate::cli) fn placed_all(placed: usize, known: usize, preview: bool) -> Value {
    json!({ "summary": { "placed": placed, "known": known, "preview": preview } })
}

/// One line of `paper lend --json`.
pub(in crate::cli) fn lent(file: &CaseFile, view: &LoanView) -> Value {
    json!({ "file": file.reference.to_string(), "loan": loan(view, view.loan.since) })
}

/// One line of `paper return --json`.
pub(in crate::cli) fn returned(file: &CaseFile, view: &LoanView) -> Value {
    json!({
        "file": file.reference.to_string(),
        "from": view.to,
        "returned": view.returned.map(|on| on.to_string()),
        "paper": file.carriers.paper.as_ref().map(place),
    })
}

/// `paper loans --json`
pub(in crate::cli) fn loans(loans: &[(CaseFile, LoanView)], today: Date) -> Value {
    let one = |(file, view): &(CaseFile, LoanView)| json!({ "file": file.reference.to_string(), "title": file.title, "loan": loan(view, today) });
    json!({ "loans": loans.iter().map(one).collect::<Vec<_>>() })
}

/// `paper find --json`
pub(in crate::cli) fn found(view: &FileView, today: Date) -> Value {
    json!({
        "file": view.file.reference.to_string(),
        "title": view.file.title,
        "paper": view.file.carriers.paper.as_ref().map(place),
        "loan": view.loan.as_ref().map(|view| loan(view, today)),
    })
}
