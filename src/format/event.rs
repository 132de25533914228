//! How events are kept: JSON inside the sealed body of a ledger entry, and a number for their kind in its
//! clear header (`schema/formats/event.md`). Written in the newest version, read in every version.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;
use super::wire::{Bytes, WireHeld, WireRendition, WireSignature, media_code, media_from};
use crate::base::digest::Sha256;
use crate::domain::case_file::{Carriers, Case, Fact, Hold, PaperLocation};
use crate::domain::disposal::{Decision, Line};
use crate::domain::event::{
    ArchiveEvent, DestructionCounts, DocumentEvent, Event, FileEvent, ListEvent, OfficeEvent, PersonEvent,
};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, CaseId, DisposalListId, DocumentId, HoldId, PersonId};

/// The version that is written.
pub const EVENT_VERSION: u8 = 1;

/// The JSON text of an event, without its subject (the entry's header names it).
#[must_use]
pub fn encode(event: &Event) -> Vec<u8> {
    serde_json::to_vec(&Versioned { v: EVENT_VERSION, body: WireEvent::from(event) })
        .expect("an event has no map with keys other than text and no number JSON lacks")
}

/// Reads an event of any version; `kind` and `subject` come from the entry's header.
///
/// # Errors
/// [`FormatError`] if the text is not an event of this kind, or of a newer version.
pub fn decode(kind: u16, subject: Uuid, json: &[u8]) -> Result<Event, FormatError> {
    let probe: Version = serde_json::from_slice(json).map_err(|cause| FormatError::json("event", cause))?;
    if probe.v > EVENT_VERSION {
        return Err(FormatError::Newer { what: "event", version: u32::from(probe.v) });
    }
    let wire: Versioned = serde_json::from_slice(json).map_err(|cause| FormatError::json("event", cause))?;
    let event = wire.body.into_event(subject)?;
    if kind_code(&event) == kind { Ok(event) } else { Err(FormatError::wrong("event", "kind")) }
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
        },
        Event::Person(_, event) => match event {
            PersonEvent::Registered { .. } => 200,
            PersonEvent::SecretSet { .. } => 201,
            PersonEvent::RightsSet { .. } => 202,
            PersonEvent::SigningKeyPublished { .. } => 203,
        },
        Event::File(_, event) => match event {
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
        },
        Event::Document(_, event) => match event {
            DocumentEvent::TakenIn { .. } => 400,
            DocumentEvent::Filed { .. } => 401,
            DocumentEvent::TextRead { .. } => 402,
            DocumentEvent::ReadingGivenUp { .. } => 403,
            DocumentEvent::VersionAdded { .. } => 404,
        },
        Event::List(_, event) => match event {
            ListEvent::Created { .. } => 500,
            ListEvent::Offered { .. } => 501,
            ListEvent::LineAppraised { .. } => 502,
            ListEvent::LineTransferred { .. } => 503,
            ListEvent::Proposed { .. } => 504,
            ListEvent::Approved { .. } => 505,
            ListEvent::Withdrawn { .. } => 506,
            ListEvent::LineObstructed { .. } => 507,
            ListEvent::Executed { .. } => 508,
        },
        Event::Archive(_, ArchiveEvent::TakenOver { .. }) => 600,
    }
}

#[derive(Deserialize)]
struct Version {
    v: u8,
}

#[derive(Serialize, Deserialize)]
struct Versioned {
    v: u8,
    #[serde(flatten)]
    body: WireEvent,
}

#[derive(Serialize, Deserialize)]
struct WireLine {
    file: Uuid,
    rule: String,
    since: Date,
    proposal: Option<String>,
    criteria: Vec<String>,
    documents: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
struct WirePaper {
    shelf: String,
    r#box: String,
}

#[derive(Serialize, Deserialize)]
struct WireArchived {
    name: String,
    object: WireHeld,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum WireEvent {
    Founded {
        name: String,
        grace_days: u16,
        demo: bool,
    },
    FilePlanSet {
        source: String,
    },
    RulesEnacted {
        edition: String,
        source: String,
    },
    RuleConfirmed {
        rule: String,
        edition: String,
    },
    Verified {
        objects: u64,
        entries: u64,
    },
    Registered {
        login: String,
        name: String,
    },
    SecretSet {
        sealed_key: Bytes,
    },
    RightsSet {
        roles: Vec<String>,
        clearances: Vec<String>,
    },
    SigningKeyPublished {
        public: Bytes,
    },
    Opened {
        reference: String,
        title: String,
        class: String,
        domain: String,
        on: Date,
        fields: BTreeMap<String, String>,
        paper: Option<WirePaper>,
    },
    CaseOpened {
        case: Uuid,
        title: String,
        on: Date,
    },
    DocumentFiled {
        document: Uuid,
    },
    Closed {
        on: Date,
    },
    Reopened {
        on: Date,
    },
    FactRecorded {
        kind: String,
        on: Date,
        source: String,
    },
    HoldPlaced {
        hold: Uuid,
        reason: String,
        since: Date,
    },
    HoldReleased {
        hold: Uuid,
        on: Date,
    },
    AppraisalNoted {
        list: Uuid,
        decision: String,
        reason: String,
    },
    Transferred {
        list: Uuid,
        copy: Uuid,
        on: Date,
    },
    Condemned {
        list: Uuid,
        on: Date,
        documents: Vec<Uuid>,
        objects: u64,
        bytes: u64,
        objects_held_elsewhere: u64,
    },
    Destroyed {
        list: Uuid,
        on: Date,
    },
    TakenIn {
        file: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<Uuid>,
        domain: String,
        file_name: String,
        received: Date,
        original: WireHeld,
    },
    Filed {
        file: Uuid,
    },
    VersionAdded {
        file_name: String,
        received: Date,
        original: WireHeld,
    },
    TextRead {
        media: String,
        rendition: WireRendition,
    },
    ReadingGivenUp {
        media: String,
        reason: String,
    },
    ListCreated {
        on: Date,
        edition: String,
        lines: Vec<WireLine>,
    },
    ListOffered {
        on: Date,
    },
    LineAppraised {
        file: Uuid,
        decision: String,
    },
    LineTransferred {
        file: Uuid,
        copy: Uuid,
    },
    ListProposed {
        on: Date,
        signature: WireSignature,
    },
    ListApproved {
        on: Date,
        role: String,
        signature: WireSignature,
    },
    ListWithdrawn {
        on: Date,
    },
    LineObstructed {
        file: Uuid,
        obstacle: String,
    },
    ListExecuted {
        on: Date,
        certificate: String,
    },
    TakenOver {
        file: Uuid,
        reference: String,
        title: String,
        class: String,
        on: Date,
        objects: Vec<WireArchived>,
    },
}

fn codes<T: ToString>(values: &BTreeSet<T>) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn uuids(ids: &[DocumentId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

impl From<&Event> for WireEvent {
    fn from(event: &Event) -> Self {
        match event {
            Event::Office(event) => from_office(event),
            Event::Person(_, event) => from_person(event),
            Event::File(_, event) => from_file(event),
            Event::Document(_, event) => from_document(event),
            Event::List(_, event) => from_list(event),
            Event::Archive(_, event) => from_archive(event),
        }
    }
}

fn from_office(event: &OfficeEvent) -> WireEvent {
    match event.clone() {
        OfficeEvent::Founded { name, grace_days, demo } => WireEvent::Founded { name, grace_days, demo },
        OfficeEvent::FilePlanSet { source } => WireEvent::FilePlanSet { source },
        OfficeEvent::RulesEnacted { edition, source } => WireEvent::RulesEnacted { edition, source },
        OfficeEvent::RuleConfirmed { rule, edition } => WireEvent::RuleConfirmed { rule, edition },
        OfficeEvent::Verified { objects, entries } => WireEvent::Verified { objects, entries },
    }
}

fn from_person(event: &PersonEvent) -> WireEvent {
    match event {
        PersonEvent::Registered { login, name } => {
            WireEvent::Registered { login: login.clone(), name: name.clone() }
        }
        PersonEvent::SecretSet { sealed_key } => {
            WireEvent::SecretSet { sealed_key: Bytes(sealed_key.clone()) }
        }
        PersonEvent::RightsSet { roles, clearances } => {
            WireEvent::RightsSet { roles: codes(roles), clearances: codes(clearances) }
        }
        PersonEvent::SigningKeyPublished { public } => {
            WireEvent::SigningKeyPublished { public: Bytes(public.to_vec()) }
        }
    }
}

fn from_file(event: &FileEvent) -> WireEvent {
    match event {
        FileEvent::Opened { reference, title, class, domain, on, fields, carriers } => WireEvent::Opened {
            reference: reference.to_string(),
            title: title.clone(),
            class: class.to_string(),
            domain: domain.to_string(),
            on: *on,
            fields: fields.clone(),
            paper: carriers
                .paper
                .as_ref()
                .map(|place| WirePaper { shelf: place.shelf.clone(), r#box: place.r#box.clone() }),
        },
        FileEvent::CaseOpened { case } => {
            WireEvent::CaseOpened { case: case.id.0, title: case.title.clone(), on: case.opened }
        }
        FileEvent::DocumentFiled { document } => WireEvent::DocumentFiled { document: document.0 },
        FileEvent::Closed { on } => WireEvent::Closed { on: *on },
        FileEvent::Reopened { on } => WireEvent::Reopened { on: *on },
        FileEvent::FactRecorded { fact } => {
            WireEvent::FactRecorded { kind: fact.kind.to_string(), on: fact.on, source: fact.source.clone() }
        }
        FileEvent::HoldPlaced { hold } => {
            WireEvent::HoldPlaced { hold: hold.id.0, reason: hold.reason.clone(), since: hold.since }
        }
        FileEvent::HoldReleased { id, on } => WireEvent::HoldReleased { hold: id.0, on: *on },
        FileEvent::AppraisalNoted { list, decision, reason } => WireEvent::AppraisalNoted {
            list: list.0,
            decision: decision.letter().to_owned(),
            reason: reason.clone(),
        },
        FileEvent::Transferred { list, copy, on } => {
            WireEvent::Transferred { list: list.0, copy: copy.0, on: *on }
        }
        FileEvent::Condemned { list, on, documents, counts } => WireEvent::Condemned {
            list: list.0,
            on: *on,
            documents: uuids(documents),
            objects: counts.objects,
            bytes: counts.bytes,
            objects_held_elsewhere: counts.objects_held_elsewhere,
        },
        FileEvent::Destroyed { list, on } => WireEvent::Destroyed { list: list.0, on: *on },
    }
}

fn from_document(event: &DocumentEvent) -> WireEvent {
    match event {
        DocumentEvent::TakenIn { file, case, domain, file_name, received, original } => WireEvent::TakenIn {
            file: file.map(|id| id.0),
            case: case.map(|id| id.0),
            domain: domain.to_string(),
            file_name: file_name.clone(),
            received: *received,
            original: original.into(),
        },
        DocumentEvent::Filed { file } => WireEvent::Filed { file: file.0 },
        DocumentEvent::VersionAdded { file_name, received, original } => WireEvent::VersionAdded {
            file_name: file_name.clone(),
            received: *received,
            original: original.into(),
        },
        DocumentEvent::TextRead { media, rendition } => {
            WireEvent::TextRead { media: media_code(*media), rendition: rendition.into() }
        }
        DocumentEvent::ReadingGivenUp { media, reason } => {
            WireEvent::ReadingGivenUp { media: media_code(*media), reason: reason.clone() }
        }
    }
}

fn from_list(event: &ListEvent) -> WireEvent {
    match event {
        ListEvent::Created { on, edition, lines } => WireEvent::ListCreated {
            on: *on,
            edition: edition.clone(),
            lines: lines.iter().map(from_line).collect(),
        },
        ListEvent::Offered { on } => WireEvent::ListOffered { on: *on },
        ListEvent::LineAppraised { file, decision } => {
            WireEvent::LineAppraised { file: file.0, decision: decision.letter().to_owned() }
        }
        ListEvent::LineTransferred { file, copy } => {
            WireEvent::LineTransferred { file: file.0, copy: copy.0 }
        }
        ListEvent::Proposed { on, signature } => {
            WireEvent::ListProposed { on: *on, signature: signature.into() }
        }
        ListEvent::Approved { on, role, signature } => {
            WireEvent::ListApproved { on: *on, role: role.to_string(), signature: signature.into() }
        }
        ListEvent::Withdrawn { on } => WireEvent::ListWithdrawn { on: *on },
        ListEvent::LineObstructed { file, obstacle } => {
            WireEvent::LineObstructed { file: file.0, obstacle: obstacle.clone() }
        }
        ListEvent::Executed { on, certificate } => {
            WireEvent::ListExecuted { on: *on, certificate: certificate.to_string() }
        }
    }
}

fn from_line(line: &Line) -> WireLine {
    WireLine {
        file: line.file.0,
        rule: line.rule.clone(),
        since: line.since,
        proposal: line.proposal.map(|decision| decision.letter().to_owned()),
        criteria: line.criteria.clone(),
        documents: uuids(&line.documents),
    }
}

fn from_archive(event: &ArchiveEvent) -> WireEvent {
    let ArchiveEvent::TakenOver { file, reference, title, class, on, objects } = event;
    WireEvent::TakenOver {
        file: file.0,
        reference: reference.to_string(),
        title: title.clone(),
        class: class.to_string(),
        on: *on,
        objects: objects
            .iter()
            .map(|(name, object)| WireArchived { name: name.clone(), object: object.into() })
            .collect(),
    }
}

fn parse<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<T, FormatError> {
    text.parse().map_err(|_| FormatError::wrong("event", field))
}

fn parse_all<T: std::str::FromStr + Ord>(
    texts: &[String],
    field: &'static str,
) -> Result<BTreeSet<T>, FormatError> {
    texts.iter().map(|text| parse(text, field)).collect()
}

fn decision_from(letter: &str) -> Result<Decision, FormatError> {
    match letter {
        "A" => Ok(Decision::Archive),
        "V" => Ok(Decision::Destroy),
        _ => Err(FormatError::wrong("event", "decision")),
    }
}

fn documents(ids: Vec<Uuid>) -> Vec<DocumentId> {
    ids.into_iter().map(DocumentId).collect()
}

impl WireEvent {
    fn into_event(self, subject: Uuid) -> Result<Event, FormatError> {
        let office = |event| Ok(Event::Office(event));
        let person = |event| Ok(Event::Person(PersonId(subject), event));
        let file = |event| Ok(Event::File(CaseFileId(subject), event));
        let document = |event| Ok(Event::Document(DocumentId(subject), event));
        let list = |event| Ok(Event::List(DisposalListId(subject), event));
        match self {
            Self::Founded { name, grace_days, demo } => {
                office(OfficeEvent::Founded { name, grace_days, demo })
            }
            Self::FilePlanSet { source } => office(OfficeEvent::FilePlanSet { source }),
            Self::RulesEnacted { edition, source } => office(OfficeEvent::RulesEnacted { edition, source }),
            Self::RuleConfirmed { rule, edition } => office(OfficeEvent::RuleConfirmed { rule, edition }),
            Self::Verified { objects, entries } => office(OfficeEvent::Verified { objects, entries }),
            Self::Registered { login, name } => person(PersonEvent::Registered { login, name }),
            Self::SecretSet { sealed_key } => person(PersonEvent::SecretSet { sealed_key: sealed_key.0 }),
            Self::RightsSet { roles, clearances } => person(PersonEvent::RightsSet {
                roles: parse_all(&roles, "roles")?,
                clearances: parse_all(&clearances, "clearances")?,
            }),
            Self::SigningKeyPublished { public } => {
                person(PersonEvent::SigningKeyPublished { public: public.fixed("public")? })
            }
            Self::Opened { reference, title, class, domain, on, fields, paper } => file(FileEvent::Opened {
                reference: parse(&reference, "reference")?,
                title,
                class: parse(&class, "class")?,
                domain: parse(&domain, "domain")?,
                on,
                fields,
                carriers: Carriers {
                    paper: paper.map(|place| PaperLocation { shelf: place.shelf, r#box: place.r#box }),
                },
            }),
            Self::DocumentFiled { document } => {
                file(FileEvent::DocumentFiled { document: DocumentId(document) })
            }
            Self::CaseOpened { case, title, on } => {
                file(FileEvent::CaseOpened { case: Case { id: CaseId(case), title, opened: on } })
            }
            Self::Closed { on } => file(FileEvent::Closed { on }),
            Self::Reopened { on } => file(FileEvent::Reopened { on }),
            Self::FactRecorded { kind, on, source } => {
                file(FileEvent::FactRecorded { fact: Fact { kind: parse(&kind, "kind")?, on, source } })
            }
            Self::HoldPlaced { hold, reason, since } => {
                file(FileEvent::HoldPlaced { hold: Hold { id: HoldId(hold), reason, since } })
            }
            Self::HoldReleased { hold, on } => file(FileEvent::HoldReleased { id: HoldId(hold), on }),
            Self::AppraisalNoted { list, decision, reason } => file(FileEvent::AppraisalNoted {
                list: DisposalListId(list),
                decision: decision_from(&decision)?,
                reason,
            }),
            Self::Transferred { list, copy, on } => {
                file(FileEvent::Transferred { list: DisposalListId(list), copy: ArchiveCopyId(copy), on })
            }
            Self::Condemned { list, on, documents: ids, objects, bytes, objects_held_elsewhere } => {
                let counts =
                    DestructionCounts { documents: ids.len() as u64, objects, bytes, objects_held_elsewhere };
                let list = DisposalListId(list);
                file(FileEvent::Condemned { list, on, documents: documents(ids), counts })
            }
            Self::Destroyed { list, on } => file(FileEvent::Destroyed { list: DisposalListId(list), on }),
            Self::TakenIn { file, case, domain, file_name, received, original } => {
                document(DocumentEvent::TakenIn {
                    file: file.map(CaseFileId),
                    case: case.map(CaseId),
                    domain: parse(&domain, "domain")?,
                    file_name,
                    received,
                    original: original.into_held()?,
                })
            }
            Self::VersionAdded { file_name, received, original } => {
                let original = original.into_held()?;
                document(DocumentEvent::VersionAdded { file_name, received, original })
            }
            Self::Filed { file } => document(DocumentEvent::Filed { file: CaseFileId(file) }),
            Self::TextRead { media, rendition } => document(DocumentEvent::TextRead {
                media: media_from(&media)?,
                rendition: rendition.into_rendition()?,
            }),
            Self::ReadingGivenUp { media, reason } => {
                document(DocumentEvent::ReadingGivenUp { media: media_from(&media)?, reason })
            }
            Self::ListCreated { on, edition, lines } => list(ListEvent::Created {
                on,
                edition,
                lines: lines.into_iter().map(WireLine::into_line).collect::<Result<_, _>>()?,
            }),
            Self::ListOffered { on } => list(ListEvent::Offered { on }),
            Self::LineAppraised { file, decision } => {
                list(ListEvent::LineAppraised { file: CaseFileId(file), decision: decision_from(&decision)? })
            }
            Self::LineTransferred { file, copy } => {
                list(ListEvent::LineTransferred { file: CaseFileId(file), copy: ArchiveCopyId(copy) })
            }
            Self::ListProposed { on, signature } => {
                list(ListEvent::Proposed { on, signature: signature.into_signature()? })
            }
            Self::ListApproved { on, role, signature } => list(ListEvent::Approved {
                on,
                role: parse(&role, "role")?,
                signature: signature.into_signature()?,
            }),
            Self::ListWithdrawn { on } => list(ListEvent::Withdrawn { on }),
            Self::LineObstructed { file, obstacle } => {
                list(ListEvent::LineObstructed { file: CaseFileId(file), obstacle })
            }
            Self::ListExecuted { on, certificate } => {
                let certificate: Sha256 = parse(&certificate, "certificate")?;
                list(ListEvent::Executed { on, certificate })
            }
            Self::TakenOver { file, reference, title, class, on, objects } => Ok(Event::Archive(
                ArchiveCopyId(subject),
                ArchiveEvent::TakenOver {
                    file: CaseFileId(file),
                    reference: parse(&reference, "reference")?,
                    title,
                    class: parse(&class, "class")?,
                    on,
                    objects: objects
                        .into_iter()
                        .map(|archived| Ok((archived.name, archived.object.into_held()?)))
                        .collect::<Result<_, FormatError>>()?,
                },
            )),
        }
    }
}

impl WireLine {
    fn into_line(self) -> Result<Line, FormatError> {
        Ok(Line {
            file: CaseFileId(self.file),
            rule: self.rule,
            since: self.since,
            proposal: self.proposal.as_deref().map(decision_from).transpose()?,
            criteria: self.criteria,
            documents: documents(self.documents),
        })
    }
}
