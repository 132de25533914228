//! How events are kept: JSON inside the sealed body of a ledger entry, and a number for their kind in its
//! clear header (`schema/formats/event.md`). Written in the newest version, read in every version. Each kind of
//! subject has its fields in a file of its own.

mod dialogue;
mod document;
mod file;
pub(super) mod list;
mod office;
mod paper;
mod scan;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;
use crate::domain::disposal::Decision;
use crate::domain::event::{
    ArchiveEvent, DocumentEvent, Event, FileEvent, ListEvent, OfficeEvent, PersonEvent,
};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId, DocumentId, PersonId};
use document::{WireArchive, WireDocument};
use file::WireFile;
use list::WireList;
use office::{WireOffice, WirePerson};

/// The version that is written.
pub const EVENT_VERSION: u8 = 1;

/// The JSON text of an event, without its subject (the entry's header names it).
#[must_use]
pub fn encode(event: &Event) -> Vec<u8> {
    match event {
        Event::Office(event) => write(WireOffice::from(event)),
        Event::Person(_, event) => write(WirePerson::from(event)),
        Event::File(_, event) => write(WireFile::from(event)),
        Event::Document(_, event) => write(WireDocument::from(event)),
        Event::List(_, event) => write(WireList::from(event)),
        Event::Archive(_, event) => write(WireArchive::from(event)),
    }
}

fn write<T: Serialize>(body: T) -> Vec<u8> {
    serde_json::to_vec(&Versioned { v: EVENT_VERSION, body })
        .expect("an event has no map with keys other than text and no number JSON lacks")
}

/// Reads an event of any version; `kind` and `subject` come from the entry's header.
///
/// # Errors
/// [`FormatError`] if the text is not an event of this kind, or of a newer version.
pub fn decode(kind: u16, subject: Uuid, json: &[u8]) -> Result<Event, FormatError> {
    if let Some(event) = file::read_plainly(kind, json) {
        return Ok(Event::File(CaseFileId(subject), event?));
    }
    let probe: Version = serde_json::from_slice(json).map_err(|cause| FormatError::json("event", cause))?;
    if probe.v > EVENT_VERSION {
        return Err(FormatError::Newer { what: "event", version: u32::from(probe.v) });
    }
    let event = match kind / 100 {
        1 => Event::Office(read::<WireOffice>(json)?.into_event()?),
        2 => Event::Person(PersonId(subject), read::<WirePerson>(json)?.into_event()?),
        3 => Event::File(CaseFileId(subject), read::<WireFile>(json)?.into_event()?),
        4 => Event::Document(DocumentId(subject), read::<WireDocument>(json)?.into_event()?),
        5 => Event::List(DisposalListId(subject), read::<WireList>(json)?.into_event()?),
        6 => Event::Archive(ArchiveCopyId(subject), read::<WireArchive>(json)?.into_event()?),
        _ => return Err(FormatError::wrong("event", "kind")),
    };
    if kind_code(&event) == kind { Ok(event) } else { Err(FormatError::wrong("event", "kind")) }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, FormatError> {
    let versioned: Versioned<T> =
        serde_json::from_slice(json).map_err(|cause| FormatError::json("event", cause))?;
    Ok(versioned.body)
}

/// The number of an event's kind in the clear header. Numbers are never reused.
#[must_use]
pub fn kind_code(event: &Event) -> u16 {
    match event {
        Event::Office(event) => match event {
            OfficeEvent::Founded { .. } => 100,
            OfficeEvent::FilePlanSet { .. } => 101,
            OfficeEvent::RulesEnacted { .. } => 102,
            OfficeEvent::RuleConfirmed { .. } => 103,
            OfficeEvent::Verified { .. } => 104,
            OfficeEvent::Restored { .. } => 105,
            OfficeEvent::Released { .. } => 106,
            OfficeEvent::Drilled { .. } => 107,
            OfficeEvent::Repaired { .. } => 108,
            OfficeEvent::StreetsSet { .. } => 109,
            OfficeEvent::RecordTypesEnacted { .. } => 110,
            OfficeEvent::RulesProposed { .. } => 111,
            OfficeEvent::NumberGiven { .. } => 112,
            OfficeEvent::BackedUp { .. } => 113,
            OfficeEvent::PlanMessaged { .. } => 114,
            OfficeEvent::PlanAppraised { .. } => 115,
            OfficeEvent::ArchiveSet { .. } => 116,
        },
        Event::Person(_, event) => match event {
            PersonEvent::Registered { .. } => 200,
            PersonEvent::SecretSet { .. } => 201,
            PersonEvent::RightsSet { .. } => 202,
            PersonEvent::SigningKeyPublished { .. } => 203,
            PersonEvent::SearchSaved { .. } => 204,
            PersonEvent::SearchRenamed { .. } => 205,
            PersonEvent::SearchSeen { .. } => 206,
            PersonEvent::SearchForgotten { .. } => 207,
            PersonEvent::DutiesSet { .. } => 208,
            PersonEvent::DeputyNamed { .. } => 209,
            PersonEvent::DeputyshipEnded { .. } => 210,
            PersonEvent::TokenIssued { .. } => 211,
            PersonEvent::TokenRevoked { .. } => 212,
        },
        Event::File(_, event) => file_code(event),
        Event::Document(_, event) => match event {
            DocumentEvent::TakenIn { .. } => 400,
            DocumentEvent::Filed { .. } => 401,
            DocumentEvent::TextRead { .. } => 402,
            DocumentEvent::ReadingGivenUp { .. } => 403,
            DocumentEvent::VersionAdded { .. } => 404,
            DocumentEvent::Refiled { .. } => 405,
            DocumentEvent::Withdrawn { .. } => 406,
            DocumentEvent::Reinstated { .. } => 407,
            DocumentEvent::Sorted { .. } => 408,
            DocumentEvent::ContainedIn { .. } => 409,
            DocumentEvent::MadeOf { .. } => 410,
            DocumentEvent::Replaced { .. } => 411,
            DocumentEvent::Unpacked { .. } => 412,
            DocumentEvent::Scanned { .. } => 415,
            DocumentEvent::PagesChecked { .. } => 416,
            DocumentEvent::TransferNoted { .. } => 417,
            DocumentEvent::DividersFound { .. } => 413,
            DocumentEvent::PagesExpected { .. } => 414,
        },
        Event::List(_, event) => list_code(event),
        Event::Archive(_, ArchiveEvent::TakenOver { .. }) => 600,
        Event::Archive(_, ArchiveEvent::Confirmed { .. }) => 601,
    }
}

fn list_code(event: &ListEvent) -> u16 {
    match event {
        ListEvent::Created { .. } => 500,
        ListEvent::Offered { .. } => 501,
        ListEvent::LineAppraised { .. } => 502,
        ListEvent::LineTransferred { .. } => 503,
        ListEvent::Proposed { .. } => 504,
        ListEvent::Approved { .. } => 505,
        ListEvent::Withdrawn { .. } => 506,
        ListEvent::LineObstructed { .. } => 507,
        ListEvent::Executed { .. } => 508,
        ListEvent::Sampled { .. } => 509,
        ListEvent::Exchanged { .. } => 510,
        ListEvent::LineConfirmed { .. } => 511,
    }
}

fn file_code(event: &FileEvent) -> u16 {
    match event {
        FileEvent::Opened { .. } => 300,
        FileEvent::DocumentFiled { .. } => 301,
        FileEvent::Closed { .. } => 302,
        FileEvent::Reopened { .. } => 303,
        FileEvent::FactRecorded { .. } => 304,
        FileEvent::HoldPlaced { .. } => 305,
        FileEvent::HoldReleased { .. } => 306,
        FileEvent::AppraisalNoted { .. } => 307,
        FileEvent::Transferred { .. } => 308,
        FileEvent::Condemned { .. } => 309,
        FileEvent::Destroyed { .. } => 310,
        FileEvent::CaseOpened { .. } => 311,
        FileEvent::Described { .. } => 312,
        FileEvent::Noted { .. } => 313,
        FileEvent::ReminderSet { .. } => 314,
        FileEvent::ReminderDone { .. } => 315,
        FileEvent::Assigned { .. } => 316,
        FileEvent::PaperPlaced { .. } => 317,
        FileEvent::PaperLent { .. } => 318,
        FileEvent::PaperReturned { .. } => 319,
        FileEvent::DocumentTakenOut { .. } => 320,
        FileEvent::Related { .. } => 321,
        FileEvent::Unrelated { .. } => 322,
        FileEvent::PaperScanned { .. } => 324,
        FileEvent::Restricted { .. } => 326,
        FileEvent::RestrictionLifted { .. } => 327,
    }
}

#[derive(Deserialize)]
struct Version {
    v: u8,
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    v: u8,
    #[serde(flatten)]
    body: T,
}

fn uuids(ids: &[DocumentId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

fn parse<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<T, FormatError> {
    text.parse().map_err(|_| FormatError::wrong("event", field))
}

fn decision_from(letter: &str) -> Result<Decision, FormatError> {
    Decision::of_letter(letter).ok_or(FormatError::wrong("event", "decision"))
}

fn documents(ids: Vec<Uuid>) -> Vec<DocumentId> {
    ids.into_iter().map(DocumentId).collect()
}
