//! Files and documents: `file`, `close`, `reopen`, `fact`, `show`, `get`, `why`, `evaluate`.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::refile::{made_of, stays_inside};
use super::restrict::since;
use super::{paper, text};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::DocumentId;
use crate::domain::register::{RegisterGroup, RegisterNumber};
use crate::domain::relation::Relation;
use crate::domain::retention::Finding;
use crate::format::wording;
use crate::registry::{Evaluated, FileView, RecordedFacts, Tally};

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

/// `why --json`
pub(in crate::cli) fn why(file: &CaseFile, on: Date, finding: &Finding, text: &str) -> Value {
    json!({
        "file": file.reference.to_string(),
        "on": on.to_string(),
        "outcome": finding.outcome.code(),
        "rule": finding.rule.as_ref().map(ToString::to_string),
        "restricted_from": finding.restricted_from.map(|day| day.to_string()),
        "edition": finding.edition.to_string(),
        "text": text,
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

/// `show --json` of a file.
#[derive(Serialize)]
pub(in crate::cli) struct FileAnswer<'a> {
    id: String,
    reference: String,
    title: &'a str,
    class: String,
    record_type: Option<String>,
    domain: String,
    phase: String,
    outcome: &'static str,
    restricted_since: Option<String>,
    fields: &'a BTreeMap<String, String>,
    paper: Option<Value>,
    loan: Option<Value>,
    related: Vec<Value>,
    registers: Vec<Value>,
    documents: Vec<DocumentAnswer<'a>>,
}

impl<'a> FileAnswer<'a> {
    pub(in crate::cli) fn of(view: &'a FileView, today: Date) -> Self {
        let file = &view.file;
        Self {
            id: file.id.to_string(),
            reference: file.reference.to_string(),
            title: &file.title,
            class: file.class.to_string(),
            record_type: file.type_id().map(ToString::to_string),
            domain: file.domain.to_string(),
            phase: wording::phase(&file.phase),
            outcome: view.finding.outcome.code(),
            restricted_since: since(file.restriction),
            fields: &file.fields,
            paper: file.carriers.paper.as_ref().map(paper::place),
            loan: view.loan.as_ref().map(|loan| paper::loan(loan, today)),
            related: view.related.iter().map(related).collect(),
            registers: view.by_register().iter().filter(|_| view.has_registers()).map(register).collect(),
            documents: view.documents.iter().map(DocumentAnswer::from).collect(),
        }
    }
}

/// One part of a file: a register with the documents in it; those that lie in none have neither number nor title.
fn register(group: &RegisterGroup<'_>) -> Value {
    let documents = group.documents.iter().map(|document| document.id.to_string());
    json!({ "number": group.number, "title": group.title, "documents": documents.collect::<Vec<_>>() })
}

fn related((relation, other): &(Relation, CaseFile)) -> Value {
    json!({ "file": other.reference.to_string(), "relation": relation.code() })
}

/// `show --json` of a document.
#[derive(Serialize)]
pub(in crate::cli) struct DocumentAnswer<'a> {
    id: String,
    register: Option<&'a str>,
    file_name: &'a str,
    media: String,
    pronom: Option<String>,
    size_bytes: u64,
    sha256: String,
    version: usize,
    pages_declared: Option<u32>,
    pages_read: Option<u32>,
    shortfalls: Vec<String>,
    withdrawn: Option<String>,
    made_of: Vec<Value>,
    became: Vec<String>,
    contained_in: Option<Value>,
    contents: Vec<String>,
    stays_inside: Vec<Value>,
}

impl<'a> From<&'a Document> for DocumentAnswer<'a> {
    fn from(document: &'a Document) -> Self {
        let text = match &document.text {
            TextState::Read(text) => Some(text),
            TextState::Unread | TextState::GivenUp { .. } => None,
        };
        let shortfalls = match &document.text {
            TextState::GivenUp { reason } => vec![reason.clone()],
            _ => text.map(|text| text.shortfalls.clone()).unwrap_or_default(),
        };
        Self {
            id: document.id.to_string(),
            register: document.register.as_ref().map(RegisterNumber::as_str),
            file_name: &document.file_name,
            media: document.format.media.to_string(),
            pronom: document.format.pronom.map(|puid| puid.to_string()),
            size_bytes: document.original.size_bytes,
            sha256: document.original.sha256.to_string(),
            version: document.version(),
            pages_declared: text.and_then(|text| text.pages_declared),
            pages_read: text.map(|text| text.pages_read),
            shortfalls,
            withdrawn: document.withdrawn.as_ref().map(|(_, reason)| reason.clone()),
            made_of: made_of(document),
            became: document.became.iter().map(ToString::to_string).collect(),
            contained_in: document.contained_in.as_ref().map(contained_in),
            contents: document.contents.iter().map(ToString::to_string).collect(),
            stays_inside: stays_inside(document),
        }
    }
}

fn contained_in((container, path): &(DocumentId, String)) -> Value {
    json!({ "document": container.to_string(), "path": path })
}
