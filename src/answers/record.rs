//! A file, a document, and what holds for a file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::paper::{LoanAnswer, PlaceAnswer};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, PagesOf, StaysInside, TextRendition, TextState};
use crate::domain::register::{RegisterGroup, RegisterNumber};
use crate::domain::relation::Relation;
use crate::domain::restriction::Restriction;
use crate::format::wording;
use crate::registry::FileView;

/// A file with its documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileAnswer<'a> {
    /// The id that never changes.
    id: String,
    /// The reference number (Aktenzeichen).
    reference: String,
    /// The title.
    title: &'a str,
    /// The class of the file plan.
    class: String,
    /// The record type; none if it has none.
    record_type: Option<String>,
    /// Under which secrecy it is.
    domain: String,
    /// Where it is in its life, German.
    phase: String,
    /// What holds for it today, as a code.
    outcome: String,
    /// Since when only those read it who keep or appraise it.
    restricted_since: Option<String>,
    /// What is known of it, by the fields of its type.
    fields: &'a BTreeMap<String, String>,
    /// Where its paper stands; none if there is none.
    paper: Option<PlaceAnswer>,
    /// Who has its paper.
    loan: Option<LoanAnswer>,
    /// Files it belongs together with.
    related: Vec<RelatedFile>,
    /// Its documents by their register; empty if it is not parted.
    registers: Vec<RegisterPart<'a>>,
    /// Its documents.
    documents: Vec<DocumentAnswer<'a>>,
}

impl<'a> FileAnswer<'a> {
    /// A file, as it is on this day.
    #[must_use]
    pub fn of(view: &'a FileView, today: Date) -> Self {
        let file = &view.file;
        Self {
            id: file.id.to_string(),
            reference: file.reference.to_string(),
            title: &file.title,
            class: file.class.to_string(),
            record_type: file.type_id().map(ToString::to_string),
            domain: file.domain.to_string(),
            phase: wording::phase(&file.phase),
            outcome: view.finding.outcome.code().to_owned(),
            restricted_since: restricted_since(file.restriction),
            fields: &file.fields,
            paper: file.carriers.paper.as_ref().map(PlaceAnswer::from),
            loan: view.loan.as_ref().map(|loan| LoanAnswer::of(loan, today)),
            related: view.related.iter().map(RelatedFile::from).collect(),
            registers: match view.has_registers() {
                true => view.by_register().iter().map(RegisterPart::from).collect(),
                false => Vec::new(),
            },
            documents: view.documents.iter().map(DocumentAnswer::from).collect(),
        }
    }
}

/// Since when a file is restricted; none if it is not.
#[must_use]
pub fn restricted_since(restriction: Restriction) -> Option<String> {
    match restriction {
        Restriction::Since(day) => Some(day.to_string()),
        Restriction::None | Restriction::Lifted { .. } => None,
    }
}

/// A file another belongs together with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedFile {
    /// Its reference number.
    file: String,
    /// What it is to the other.
    relation: String,
}

impl From<&(Relation, CaseFile)> for RelatedFile {
    fn from((relation, other): &(Relation, CaseFile)) -> Self {
        Self { file: other.reference.to_string(), relation: relation.code().to_owned() }
    }
}

/// One part of a file: a register with the documents in it; those that lie in none have neither number nor title.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterPart<'a> {
    /// The ids of the documents.
    documents: Vec<String>,
    /// Its number.
    number: Option<&'a str>,
    /// What lies in it.
    title: Option<&'a str>,
}

impl<'a> From<&RegisterGroup<'a>> for RegisterPart<'a> {
    fn from(group: &RegisterGroup<'a>) -> Self {
        let documents = group.documents.iter().map(|document| document.id.to_string()).collect();
        Self { documents, number: group.number, title: group.title }
    }
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentAnswer<'a> {
    /// The id that never changes.
    id: String,
    /// The register of its file it lies in.
    register: Option<&'a str>,
    /// Its name as it came.
    file_name: &'a str,
    /// What it is (media type).
    media: String,
    /// Its number in PRONOM.
    pronom: Option<String>,
    /// Bytes of the original.
    size_bytes: u64,
    /// SHA-256 of the original.
    sha256: String,
    /// The number of its newest version, from 1.
    version: usize,
    /// Pages it says it has.
    pages_declared: Option<u32>,
    /// Pages that were read.
    pages_read: Option<u32>,
    /// What is missing of its text, German.
    shortfalls: Vec<String>,
    /// Why it is out of use; none if it is in use.
    withdrawn: Option<String>,
    /// What was read of its newest version, the first time first; with each reading it was another text.
    readings: Vec<TextReadingAnswer<'a>>,
    /// The pages it was made of.
    made_of: Vec<MadeOfPart>,
    /// The ids of what was made of it.
    became: Vec<String>,
    /// The document it came in; none if it came by itself.
    contained_in: Option<ContainedInAnswer>,
    /// The ids of what came in it.
    contents: Vec<String>,
    /// What stayed in it.
    stays_inside: Vec<StaysInsideAnswer>,
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
            readings: (1..)
                .map_while(|number| document.reading(number))
                .map(TextReadingAnswer::from)
                .collect(),
            made_of: MadeOfPart::all_of(document),
            became: document.became.iter().map(ToString::to_string).collect(),
            contained_in: document
                .contained_in
                .as_ref()
                .map(|(outer, path)| ContainedInAnswer { document: outer.to_string(), path: path.clone() }),
            contents: document.contents.iter().map(ToString::to_string).collect(),
            stays_inside: StaysInsideAnswer::all_of(document),
        }
    }
}

/// One of the texts that were read of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextReadingAnswer<'a> {
    /// How many pages were read.
    pages_read: u32,
    /// How many of them were recognised (OCR).
    pages_recognised: u32,
    /// With what; null if nothing was, or by a program that did not say.
    recognised_with: Option<&'a str>,
}

impl<'a> From<&'a TextRendition> for TextReadingAnswer<'a> {
    fn from(rendition: &'a TextRendition) -> Self {
        Self {
            pages_read: rendition.pages_read,
            pages_recognised: rendition.pages_recognised,
            recognised_with: rendition.engine.as_deref(),
        }
    }
}

/// Where a document was that did not come by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContainedInAnswer {
    /// The id of the document it came in.
    document: String,
    /// Its path in there; may be empty.
    path: String,
}

/// A file inside a document that is none of its own.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaysInsideAnswer {
    /// Its path in there; may be empty.
    path: String,
    /// Why, in words for users.
    reason: String,
}

impl StaysInsideAnswer {
    /// What stayed in a document.
    #[must_use]
    pub fn all_of(document: &Document) -> Vec<Self> {
        let inside = |inside: &StaysInside| Self { path: inside.path.clone(), reason: inside.reason.clone() };
        document.stays_inside.iter().map(inside).collect()
    }
}

/// Pages another document was made of.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeOfPart {
    /// The id of the document they are of.
    document: String,
    /// The first page, from 1.
    first: u32,
    /// The last page.
    last: u32,
    /// Its version.
    version: u32,
}

impl MadeOfPart {
    /// The pages a document was made of.
    #[must_use]
    pub fn all_of(document: &Document) -> Vec<Self> {
        let part = |pages: &PagesOf| Self {
            document: pages.document.to_string(),
            first: pages.first,
            last: pages.last,
            version: pages.version,
        };
        document.made_of.iter().map(part).collect()
    }
}
