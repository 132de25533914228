//! What an archive is told of a file: enough to appraise it when it is offered, and of what it takes over how it came to be.
//!
//! An offer says what the file is, what it is about, when it ran, how long it was to be kept and what is proposed, and names
//! its cases and documents. It does not say what stands in the fields of its type, in notes and facts, who worked on it, where
//! its paper stands, nor what is in its documents: that takes no part in deciding whether to look closer, and whoever wants to
//! look closer is shown the file itself. What is handed over comes with its originals and its history.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::super::list::{Decision, Line};
use crate::base::digest::Sha256;
use crate::domain::case_file::{Case, CaseFile, ClassNumber, FactKind};
use crate::domain::ids::{CaseFileId, CaseId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::record_type::{RecordType, XdomeaElement};
use crate::domain::retention::Disposition;
use crate::domain::text::Format;

/// A file as the archive is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFile {
    /// Its id.
    pub id: CaseFileId,
    /// What people call it.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// Its class.
    pub class: ClassNumber,
    /// What the class is called; empty if the plan does not know it.
    pub class_title: String,
    /// What kind of file it is, German; none if nobody said.
    pub kind: Option<String>,
    /// Its secrecy.
    pub domain: ProtectionDomain,
    /// There is paper of it.
    pub has_paper: bool,
    /// Its first day; none if it was taken in when it had long been closed.
    pub begun: Option<Date>,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// What is to become of it.
    pub fate: ToldFate,
    /// Its cases.
    pub cases: Vec<Case>,
    /// Its documents, in its order.
    pub documents: Vec<ToldDocument>,
    /// Fields of its type that have a place in a message, and facts; none in an offer.
    pub fields: Vec<ToldField>,
    /// What is to be known besides, German; none if nothing is.
    pub remark: Option<String>,
    /// What happened to it; nothing in an offer.
    pub history: Vec<Happened>,
}

/// A field of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldField {
    /// Where it goes.
    pub element: XdomeaElement,
    /// What it is called, German.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// How long a file was to be kept, and what is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFate {
    /// Years after closing, if that is all the rule says.
    pub years: Option<u16>,
    /// What the rule says is to happen; of what is handed over that it is kept.
    pub disposition: Disposition,
    /// The last day it had to be kept; none if it goes before its time.
    pub kept_until: Option<Date>,
    /// What is proposed; none if nothing is.
    pub proposal: Option<Decision>,
    /// Why it is due and why that is proposed, German.
    pub reason: String,
}

/// A document as the archive is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it is called.
    pub name: String,
    /// The case it lies in.
    pub case: Option<CaseId>,
    /// Its versions; none in an offer.
    pub versions: Vec<ToldVersion>,
    /// What happened to it; nothing in an offer.
    pub history: Vec<Happened>,
}

/// A version of a document that is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldVersion {
    /// Its number, from 1.
    pub number: usize,
    /// The id its file goes by.
    pub file: Uuid,
    /// The name the file came with.
    pub name: String,
    /// What the bytes are.
    pub format: Format,
    /// SHA-256 of the bytes.
    pub sha256: Sha256,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub who: String,
    /// What, German.
    pub what: String,
}

/// Longest ending of a file's name that is kept.
const ENDING_CHARS_MAX: usize = 10;

impl ToldVersion {
    /// The name of its file in a message: its id and the ending of the name it came with.
    #[must_use]
    pub fn file_name(&self) -> String {
        let ending = self.name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let fits = (1..=ENDING_CHARS_MAX).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let ending = if fits { ending.to_ascii_lowercase() } else { "bin".to_owned() };
        format!("{}.{ending}", self.file)
    }
}

impl ToldFile {
    /// What of a file itself is told; cases and documents besides.
    #[must_use]
    pub fn of(file: &CaseFile, class_title: String, kind: Option<String>, fate: ToldFate) -> Self {
        let closed = file.fact(FactKind::CLOSED).map(|fact| fact.on);
        Self {
            id: file.id,
            reference: file.reference.to_string(),
            title: file.title.clone(),
            class: file.class.clone(),
            class_title,
            kind,
            domain: file.domain,
            has_paper: file.carriers.paper.is_some(),
            begun: Some(file.opened).filter(|begun| closed.is_none_or(|closed| *begun <= closed)),
            closed,
            fate,
            cases: file.cases.clone(),
            documents: Vec::new(),
            fields: Vec::new(),
            remark: None,
            history: Vec::new(),
        }
    }

    /// Tells the fields of its type that have a place in a message.
    pub fn tell_fields(&mut self, file: &CaseFile, record_type: &RecordType) {
        let said = record_type.fields.iter().filter_map(|field| {
            let (element, value) = (field.xdomea?, file.field(field.name.as_str()));
            let told = || ToldField { element, label: field.label.clone(), value: value.to_owned() };
            (!value.is_empty()).then(told)
        });
        self.fields.extend(said);
    }

    /// The fields that go into this element.
    pub fn fields_in(&self, element: XdomeaElement) -> impl Iterator<Item = &ToldField> {
        self.fields.iter().filter(move |field| field.element == element)
    }

    /// Its documents that lie in this case, or in none.
    pub fn documents_in(&self, case: Option<CaseId>) -> impl Iterator<Item = &ToldDocument> {
        // One that names a case the file does not have lies in the file all the same.
        let known = |id: CaseId| self.cases.iter().any(|case| case.id == id);
        self.documents.iter().filter(move |document| document.case.filter(|id| known(*id)) == case)
    }
}

impl ToldFate {
    /// The last day a line's file had to be kept: the day before it is due.
    #[must_use]
    pub fn kept_until(line: &Line) -> Option<Date> {
        match line.cause {
            super::super::cause::Cause::Rule(_) => line.since.yesterday().ok(),
            super::super::cause::Cause::Early(_) => None,
        }
    }
}
