//! Files and documents: `file`, `close`, `reopen`, `fact`, `get`, `evaluate`. What `show` and `why` answer is in
//! [`crate::answers`].

use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::text;
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::registry::{Evaluated, RecordedFacts, Tally};

/// `file --json`
pub(in crate::cli) fn filed(document: DocumentId, file: &CaseFile) -> Value {
    json!({ "document": document.to_string(), "file": file.reference.to_string() })
}

/// `close --json`
pub(in crate::cli) fn closed(file: &CaseFile, on: Date) -> Value {
    json!({ "file": file.reference.to_string(), "closed": on.to_string() })
}

/// `reopen --json`
pub(in crate::cli) fn reopened(file: &CaseFile, on: Date) -> Value {
    json!({ "file": file.reference.to_string(), "reopened": on.to_string() })
}

/// `fact --json`
pub(in crate::cli) fn fact(file: &CaseFile, kind: &str, on: Date, source: &str) -> Value {
    json!({ "file": file.reference.to_string(), "fact": kind, "on": on.to_string(), "source": source })
}

/// `facts --json`
pub(in crate::cli) fn facts(done: RecordedFacts, preview: bool) -> Value {
    json!({ "recorded": done.recorded, "known": done.known, "preview": preview })
}

/// `dividers --json`
pub(in crate::cli) fn dividers(sheets: usize, to: &Path) -> Value {
    json!({ "sheets": sheets, "path": text(to) })
}

/// `get --json`
pub(in crate::cli) fn got(document: &Document, version: Option<usize>, out: &Path) -> Value {
    let version = version.unwrap_or_else(|| document.version());
    let original = document.original_of(version);
    json!({
        "document": document.id.to_string(),
        "file_name": document.file_name,
        "version": version,
        "size_bytes": original.map(|original| original.size_bytes),
        "sha256": original.map(|original| original.sha256.to_string()),
        "out": text(out),
    })
}

/// `get --text --json`
pub(in crate::cli) fn got_text(document: &Document, reading: Option<usize>, out: &Path) -> Value {
    json!({
        "document": document.id.to_string(),
        "file_name": document.file_name,
        "reading": reading.unwrap_or_else(|| document.readings()),
        "out": text(out),
    })
}

/// `get --rendition --json`
pub(in crate::cli) fn got_rendition(document: &Document, out: &Path) -> Value {
    json!({
        "document": document.id.to_string(),
        "file_name": document.file_name,
        "media_type": document.format.media.iana(),
        "out": text(out),
    })
}

/// One line of `evaluate --json`.
pub(in crate::cli) fn evaluated(evaluated: &Evaluated) -> Value {
    let Evaluated { file, finding } = evaluated;
    json!({
        "file": file.reference.to_string(),
        "outcome": finding.outcome.code(),
        "rule": finding.rule.as_ref().map(ToString::to_string),
    })
}

/// Last line of `evaluate --json`.
pub(in crate::cli) fn tally(tally: &Tally) -> Value {
    json!({ "summary": tally.0 })
}
