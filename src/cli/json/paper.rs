//! Where paper stands, and who has it: `paper`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::answers::{LoanAnswer, PlaceAnswer};
use crate::domain::case_file::CaseFile;
use crate::registry::{FileView, LoanView, PlacedFile};

/// One line of `paper place --json` and `paper import --preview --json`.
pub(in crate::cli) fn placed(placed: &PlacedFile) -> Value {
    json!({
        "file": placed.file.reference.to_string(),
        "before": placed.file.carriers.paper.as_ref().map(PlaceAnswer::from),
        "after": PlaceAnswer::from(&placed.after),
    })
}

/// Last line of `paper place --json` and `paper import --json`.
pub(in crate::cli) fn placed_all(placed: usize, known: usize, preview: bool) -> Value {
    json!({ "summary": { "placed": placed, "known": known, "preview": preview } })
}

/// One line of `paper lend --json`.
pub(in crate::cli) fn lent(file: &CaseFile, view: &LoanView) -> Value {
    json!({ "file": file.reference.to_string(), "loan": LoanAnswer::of(view, view.loan.since) })
}

/// One line of `paper return --json`.
pub(in crate::cli) fn returned(file: &CaseFile, view: &LoanView) -> Value {
    json!({
        "file": file.reference.to_string(),
        "from": view.to,
        "returned": view.returned.map(|on| on.to_string()),
        "paper": file.carriers.paper.as_ref().map(PlaceAnswer::from),
    })
}

/// `paper loans --json`
pub(in crate::cli) fn loans(loans: &[(CaseFile, LoanView)], today: Date) -> Value {
    let one = |(file, view): &(CaseFile, LoanView)| json!({ "file": file.reference.to_string(), "title": file.title, "loan": LoanAnswer::of(view, today) });
    json!({ "loans": loans.iter().map(one).collect::<Vec<_>>() })
}

/// `paper find --json`
pub(in crate::cli) fn found(view: &FileView, today: Date) -> Value {
    json!({
        "file": view.file.reference.to_string(),
        "title": view.file.title,
        "paper": view.file.carriers.paper.as_ref().map(PlaceAnswer::from),
        "loan": view.loan.as_ref().map(|view| LoanAnswer::of(view, today)),
    })
}
