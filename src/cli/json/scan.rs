//! Scans that stand for their paper, and what becomes of it: `scan`, `paper scanned`, `paper fate`.

use serde_json::{Value, json};

use crate::domain::case_file::{CaseFile, ReferenceNumber};
use crate::domain::document::{Document, TextState};
use crate::domain::retention::PaperFate;
use crate::domain::scan::TransferNote;
use crate::domain::scan::check::CheckState;
use crate::domain::scan::note::Named;
use crate::format::wording;
use crate::registry::{NotedScan, OpenScan, PaperView};

/// `scan check --json`, one line of `scan state --json`
pub(in crate::cli) fn product(document: &Document) -> Value {
    let scan = document.scan.as_ref().map(|product| &product.scan);
    let coding = match &document.text {
        TextState::Read(text) => text.symbol_coding.map(|coding| coding.to_string()),
        TextState::Unread | TextState::GivenUp { .. } => None,
    };
    json!({
        "document": document.id.to_string(),
        "file_name": document.file_name,
        "version": document.version(),
        "need": scan.map(|scan| scan.need.to_string()),
        "pages": document.page_count(),
        "pages_on_paper": scan.and_then(|scan| scan.pages_on_paper),
        "captured": scan.map(|scan| scan.captured.to_string()),
        "procedure": scan.map(|scan| scan.procedure.name.clone()),
        "operator": scan.and_then(|scan| scan.operator.clone()),
        "irreplaceable": scan.and_then(|scan| scan.irreplaceable).map(|kind| kind.to_string()),
        "seed": scan.map(|scan| scan.seed.clone()),
        "symbol_coding": coding,
        "to_check": document.pages_to_check().unwrap_or_default(),
        "check": document.check_state().as_ref().map(check),
        "noted": document.scan.as_ref().is_some_and(|product| product.note.is_some()),
    })
}

fn check(state: &CheckState) -> Value {
    let (code, left, why) = match state {
        CheckState::Unread => ("unread", Vec::new(), None),
        CheckState::Unreadable { why } => ("unreadable", Vec::new(), Some(why.clone())),
        CheckState::Open { left } => ("open", left.iter().copied().collect(), None),
        CheckState::Rescan { pages } => {
            ("rescan", pages.keys().copied().collect(), Some(wording::check_state(state)))
        }
        CheckState::Passed => ("passed", Vec::new(), None),
    };
    json!({ "state": code, "pages": left, "why": why })
}

/// `scan list --json`
pub(in crate::cli) fn open(scans: &[OpenScan]) -> Value {
    let one = |scan: &OpenScan| {
        let mut one = product(&scan.document);
        one["file"] = json!(scan.file.as_ref().map(ReferenceNumber::to_string));
        one
    };
    json!({ "scans": scans.iter().map(one).collect::<Vec<_>>() })
}

/// `scan replace --json`
pub(in crate::cli) fn replaced(old: &Document, new: &Document) -> Value {
    json!({ "document": old.id.to_string(), "by": new.id.to_string() })
}

/// `scan note --json`, `scan show --json`
pub(in crate::cli) fn noted(scan: &NotedScan) -> Value {
    let person = |named: &Named| json!({ "id": named.person.to_string(), "name": named.name });
    let TransferNote { procedure, quality, .. } = &scan.note;
    let note = &scan.note;
    json!({
        "document": scan.document.id.to_string(),
        "file_name": scan.document.file_name,
        "file": scan.file.as_ref().map(ReferenceNumber::to_string),
        "version": note.version,
        "sha256": note.sha256.to_string(),
        "size_bytes": note.size_bytes,
        "pages": note.pages,
        "creator": person(&note.creator),
        "operator": note.operator,
        "procedure": {
            "name": procedure.name,
            "version": procedure.version,
            "device": procedure.device,
            "software": procedure.software,
            "site": procedure.site,
        },
        "anomalies": note.anomalies,
        "captured": note.captured.to_string(),
        "quality": {
            "need": quality.need.to_string(),
            "pages_required": quality.pages_required,
            "pages_accepted": quality.pages_accepted,
            "seed": quality.seed,
            "by": quality.by.iter().map(person).collect::<Vec<_>>(),
            "until": quality.until.to_string(),
        },
        "statement": note.statement,
        "seal": note.seal,
        "by": person(&note.by),
        "on": note.on.to_string(),
    })
}

/// One line of `paper scanned --json`.
pub(in crate::cli) fn paper_scanned(file: &CaseFile) -> Value {
    json!({
        "file": file.reference.to_string(),
        "scanned": file.paper_scanned.map(|on| on.to_string()),
    })
}

/// One line of `paper fate --json`.
pub(in crate::cli) fn fate(view: &PaperView) -> Value {
    let (code, rule) = match &view.fate {
        PaperFate::NoPaper => ("no_paper", None),
        PaperFate::Keep { .. } => ("keep", None),
        PaperFate::MayGo { rule, .. } => ("may_go", Some(rule.to_string())),
    };
    let stays = view.stays.iter().map(|(name, kind)| json!({ "file_name": name, "kind": kind.to_string() }));
    json!({
        "file": view.file.reference.to_string(),
        "fate": code,
        "rule": rule,
        "why": wording::paper_reasons(&view.fate),
        "stays": stays.collect::<Vec<_>>(),
    })
}

/// Last line of `paper fate --json`.
pub(in crate::cli) fn fates(may_go: u64, keep: u64) -> Value {
    json!({ "summary": { "may_go": may_go, "keep": keep } })
}
