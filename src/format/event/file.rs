//! Events of files, as they are kept.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::paper::{WireLoan, WirePaper};
use super::{FormatError, decision_from, documents, parse, uuids};
use crate::domain::appraisal::thinning::LeftOut;
use crate::domain::case_file::{Carriers, Case, Description, Fact, Hold, Note, Reminder};
use crate::domain::event::{DestructionCounts, FileEvent};
use crate::domain::ids::{
    ArchiveCopyId, CaseFileId, CaseId, DisposalListId, DocumentId, HoldId, PersonId, ReminderId,
};
use crate::domain::record_type::TypeEdition;
use crate::domain::relation::Relation;
use crate::domain::retention::{Edition, RuleId};
use crate::format::wire::Bytes;

#[derive(Serialize, Deserialize)]
pub(super) struct WireType {
    id: String,
    edition: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireRelated {
    to: Uuid,
    relation: String,
    on: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireOpened {
    reference: String,
    title: String,
    class: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record_type: Option<WireType>,
    domain: String,
    on: Date,
    fields: BTreeMap<String, String>,
    paper: Option<WirePaper>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireDay {
    on: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireFact {
    kind: String,
    on: Date,
    source: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireRestricted {
    from: Date,
    rule: String,
    edition: String,
    on: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireHold {
    hold: Uuid,
    reason: String,
    since: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<Date>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireLeftOut {
    documents: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    salt: Bytes,
}

impl From<&LeftOut> for WireLeftOut {
    fn from(LeftOut { documents, rule, salt }: &LeftOut) -> Self {
        Self { documents: uuids(documents), rule: rule.clone(), salt: Bytes(salt.to_vec()) }
    }
}

impl WireLeftOut {
    fn into_left_out(self) -> Result<LeftOut, FormatError> {
        let salt = self.salt.0.try_into().map_err(|_| FormatError::wrong("event", "salt"))?;
        Ok(LeftOut { documents: documents(self.documents), rule: self.rule, salt })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WireFile {
    Opened(WireOpened),
    CaseOpened {
        case: Uuid,
        title: String,
        on: Date,
    },
    DocumentFiled {
        document: Uuid,
    },
    DocumentTakenOut {
        document: Uuid,
        to: Uuid,
        on: Date,
    },
    Related(WireRelated),
    Unrelated {
        to: Uuid,
        on: Date,
    },
    Closed(WireDay),
    Reopened {
        on: Date,
    },
    FactRecorded(WireFact),
    Described {
        title: String,
        class: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record_type: Option<WireType>,
        fields: BTreeMap<String, String>,
        on: Date,
        reason: String,
    },
    Noted {
        by: Uuid,
        on: Date,
        text: String,
    },
    ReminderSet {
        reminder: Uuid,
        whom: Uuid,
        on: Date,
        text: String,
    },
    ReminderDone {
        reminder: Uuid,
        on: Date,
    },
    Assigned {
        to: Option<Uuid>,
        on: Date,
    },
    PaperPlaced {
        place: WirePaper,
        on: Date,
        reason: String,
    },
    PaperLent(WireLoan),
    PaperReturned {
        on: Date,
    },
    PaperScanned {
        by: Uuid,
        on: Date,
    },
    HoldPlaced(WireHold),
    HoldReleased {
        hold: Uuid,
        on: Date,
    },
    Restricted(WireRestricted),
    RestrictionLifted {
        on: Date,
        reason: String,
    },
    AppraisalNoted {
        list: Uuid,
        decision: String,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_out: Option<WireLeftOut>,
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
}

impl From<&TypeEdition> for WireType {
    fn from(edition: &TypeEdition) -> Self {
        Self { id: edition.id.to_string(), edition: edition.edition.to_string() }
    }
}

impl WireType {
    fn into_edition(self) -> Result<TypeEdition, FormatError> {
        Ok(TypeEdition { id: parse(&self.id, "record_type")?, edition: parse(&self.edition, "record_type")? })
    }
}

/// What the rows of most files are made of, if it is written as we write it: read straight into what it is. Where the name
/// of an event decides what it is read into, all of it is looked through for its version and kept in between: every file is
/// read for an answer about all of them.
pub(super) fn read_plainly(kind: u16, json: &[u8]) -> Option<Result<FileEvent, FormatError>> {
    fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, FormatError> {
        serde_json::from_slice(json).map_err(|cause| FormatError::json("event", cause))
    }
    let begins = |head: &[u8]| json.starts_with(head);
    match kind {
        300 if begins(br#"{"v":1,"event":"opened","#) => Some(read(json).and_then(WireOpened::into_event)),
        302 if begins(br#"{"v":1,"event":"closed","#) => {
            Some(read(json).map(|WireDay { on }| FileEvent::Closed { on }))
        }
        304 if begins(br#"{"v":1,"event":"fact_recorded","#) => {
            Some(read(json).and_then(WireFact::into_event))
        }
        _ => None,
    }
}

impl WireOpened {
    fn into_event(self) -> Result<FileEvent, FormatError> {
        Ok(FileEvent::Opened {
            reference: parse(&self.reference, "reference")?,
            title: self.title,
            class: parse(&self.class, "class")?,
            record_type: self.record_type.map(WireType::into_edition).transpose()?,
            domain: parse(&self.domain, "domain")?,
            on: self.on,
            fields: self.fields,
            carriers: Carriers { paper: self.paper.map(WirePaper::into_place).transpose()? },
        })
    }
}

impl From<&Fact> for WireFact {
    fn from(fact: &Fact) -> Self {
        Self { kind: fact.kind.to_string(), on: fact.on, source: fact.source.clone() }
    }
}

impl WireFact {
    fn into_event(self) -> Result<FileEvent, FormatError> {
        let Self { kind, on, source } = self;
        Ok(FileEvent::FactRecorded { fact: Fact { kind: parse(&kind, "kind")?, on, source } })
    }
}

impl WireRestricted {
    fn of(from: Date, rule: &RuleId, edition: &Edition, on: Date) -> Self {
        Self { from, rule: rule.to_string(), edition: edition.to_string(), on }
    }

    fn into_event(self) -> Result<FileEvent, FormatError> {
        let (rule, edition) = (parse(&self.rule, "rule")?, parse(&self.edition, "edition")?);
        Ok(FileEvent::Restricted { from: self.from, rule, edition, on: self.on })
    }
}

impl WireRelated {
    fn of(to: CaseFileId, relation: Relation, on: Date) -> Self {
        Self { to: to.0, relation: relation.to_string(), on }
    }

    fn into_event(self) -> Result<FileEvent, FormatError> {
        let relation = parse(&self.relation, "relation")?;
        Ok(FileEvent::Related { to: CaseFileId(self.to), relation, on: self.on })
    }
}

impl From<&Hold> for WireHold {
    fn from(hold: &Hold) -> Self {
        let Hold { id, reason, since, review } = hold;
        Self { hold: id.0, reason: reason.clone(), since: *since, review: *review }
    }
}

impl From<WireHold> for Hold {
    fn from(WireHold { hold, reason, since, review }: WireHold) -> Self {
        Self { id: HoldId(hold), reason, since, review }
    }
}

impl From<&FileEvent> for WireFile {
    fn from(event: &FileEvent) -> Self {
        match event {
            FileEvent::Opened { reference, title, class, record_type, domain, on, fields, carriers } => {
                Self::Opened(WireOpened {
                    reference: reference.to_string(),
                    title: title.clone(),
                    class: class.to_string(),
                    record_type: record_type.as_ref().map(WireType::from),
                    domain: domain.to_string(),
                    on: *on,
                    fields: fields.clone(),
                    paper: carriers.paper.as_ref().map(WirePaper::from),
                })
            }
            FileEvent::CaseOpened { case } => {
                Self::CaseOpened { case: case.id.0, title: case.title.clone(), on: case.opened }
            }
            FileEvent::DocumentFiled { document } => Self::DocumentFiled { document: document.0 },
            FileEvent::DocumentTakenOut { document, to, on } => Self::taken_out(*document, *to, *on),
            FileEvent::Related { to, relation, on } => Self::Related(WireRelated::of(*to, *relation, *on)),
            FileEvent::Unrelated { to, on } => Self::Unrelated { to: to.0, on: *on },
            FileEvent::Closed { on } => Self::Closed(WireDay { on: *on }),
            FileEvent::Reopened { on } => Self::Reopened { on: *on },
            FileEvent::FactRecorded { fact } => Self::FactRecorded(WireFact::from(fact)),
            FileEvent::Described { description, on, reason } => Self::described(description, *on, reason),
            FileEvent::Noted { note: Note { by, on, text } } => {
                Self::Noted { by: by.0, on: *on, text: text.clone() }
            }
            FileEvent::ReminderSet { reminder: Reminder { id, whom, on, text } } => {
                Self::ReminderSet { reminder: id.0, whom: whom.0, on: *on, text: text.clone() }
            }
            FileEvent::ReminderDone { id, on } => Self::ReminderDone { reminder: id.0, on: *on },
            FileEvent::Assigned { to, on } => Self::Assigned { to: to.map(|to| to.0), on: *on },
            FileEvent::PaperPlaced { place, on, reason } => {
                Self::PaperPlaced { place: place.into(), on: *on, reason: reason.clone() }
            }
            FileEvent::PaperLent { loan } => Self::PaperLent(loan.into()),
            FileEvent::PaperReturned { on } => Self::PaperReturned { on: *on },
            FileEvent::PaperScanned { by, on } => Self::PaperScanned { by: by.0, on: *on },
            FileEvent::HoldPlaced { hold } => Self::HoldPlaced(hold.into()),
            FileEvent::HoldReleased { id, on } => Self::HoldReleased { hold: id.0, on: *on },
            FileEvent::Restricted { from, rule, edition, on } => {
                Self::Restricted(WireRestricted::of(*from, rule, edition, *on))
            }
            FileEvent::RestrictionLifted { on, reason } => {
                Self::RestrictionLifted { on: *on, reason: reason.clone() }
            }
            FileEvent::AppraisalNoted { list, decision, reason, left_out } => Self::AppraisalNoted {
                list: list.0,
                decision: decision.letter().to_owned(),
                reason: reason.clone(),
                left_out: left_out.as_ref().map(WireLeftOut::from),
            },
            FileEvent::Transferred { list, copy, on } => {
                Self::Transferred { list: list.0, copy: copy.0, on: *on }
            }
            FileEvent::Condemned { list, on, documents, counts } => Self::Condemned {
                list: list.0,
                on: *on,
                documents: uuids(documents),
                objects: counts.objects,
                bytes: counts.bytes,
                objects_held_elsewhere: counts.objects_held_elsewhere,
            },
            FileEvent::Destroyed { list, on } => Self::Destroyed { list: list.0, on: *on },
        }
    }
}

impl WireFile {
    fn described(of: &Description, on: Date, reason: &str) -> Self {
        Self::Described {
            title: of.title.clone(),
            class: of.class.to_string(),
            record_type: of.record_type.as_ref().map(WireType::from),
            fields: of.fields.clone(),
            on,
            reason: reason.to_owned(),
        }
    }

    fn taken_out(document: DocumentId, to: CaseFileId, on: Date) -> Self {
        Self::DocumentTakenOut { document: document.0, to: to.0, on }
    }

    pub(super) fn into_event(self) -> Result<FileEvent, FormatError> {
        match self {
            Self::Opened(opened) => opened.into_event(),
            Self::CaseOpened { case, title, on } => {
                Ok(FileEvent::CaseOpened { case: Case { id: CaseId(case), title, opened: on } })
            }
            Self::DocumentFiled { document } => {
                Ok(FileEvent::DocumentFiled { document: DocumentId(document) })
            }
            Self::DocumentTakenOut { document, to, on } => {
                Ok(FileEvent::DocumentTakenOut { document: DocumentId(document), to: CaseFileId(to), on })
            }
            Self::Related(related) => related.into_event(),
            Self::Unrelated { to, on } => Ok(FileEvent::Unrelated { to: CaseFileId(to), on }),
            Self::Closed(WireDay { on }) => Ok(FileEvent::Closed { on }),
            Self::Reopened { on } => Ok(FileEvent::Reopened { on }),
            Self::FactRecorded(fact) => fact.into_event(),
            Self::Described { title, class, record_type, fields, on, reason } => {
                let class = parse(&class, "class")?;
                let record_type = record_type.map(WireType::into_edition).transpose()?;
                let description = Description { title, class, record_type, fields };
                Ok(FileEvent::Described { description, on, reason })
            }
            Self::Noted { by, on, text } => {
                Ok(FileEvent::Noted { note: Note { by: PersonId(by), on, text } })
            }
            Self::ReminderSet { reminder, whom, on, text } => {
                let (id, whom) = (ReminderId(reminder), PersonId(whom));
                Ok(FileEvent::ReminderSet { reminder: Reminder { id, whom, on, text } })
            }
            Self::ReminderDone { reminder: id, on } => Ok(FileEvent::ReminderDone { id: ReminderId(id), on }),
            Self::Assigned { to, on } => Ok(FileEvent::Assigned { to: to.map(PersonId), on }),
            Self::PaperPlaced { place, on, reason } => {
                Ok(FileEvent::PaperPlaced { place: place.into_place()?, on, reason })
            }
            Self::PaperLent(loan) => Ok(FileEvent::PaperLent { loan: loan.into_loan()? }),
            Self::Restricted(restricted) => restricted.into_event(),
            Self::RestrictionLifted { on, reason } => Ok(FileEvent::RestrictionLifted { on, reason }),
            Self::PaperReturned { on } => Ok(FileEvent::PaperReturned { on }),
            Self::PaperScanned { by, on } => Ok(FileEvent::PaperScanned { by: PersonId(by), on }),
            Self::HoldPlaced(hold) => Ok(FileEvent::HoldPlaced { hold: hold.into() }),
            Self::HoldReleased { hold, on } => Ok(FileEvent::HoldReleased { id: HoldId(hold), on }),
            Self::AppraisalNoted { list, decision, reason, left_out } => {
                let (list, decision) = (DisposalListId(list), decision_from(&decision)?);
                let left_out = left_out.map(WireLeftOut::into_left_out).transpose()?;
                Ok(FileEvent::AppraisalNoted { list, decision, reason, left_out })
            }
            Self::Transferred { list, copy, on } => {
                Ok(FileEvent::Transferred { list: DisposalListId(list), copy: ArchiveCopyId(copy), on })
            }
            Self::Condemned { list, on, documents: ids, objects, bytes, objects_held_elsewhere } => {
                let counts =
                    DestructionCounts { documents: ids.len() as u64, objects, bytes, objects_held_elsewhere };
                let list = DisposalListId(list);
                Ok(FileEvent::Condemned { list, on, documents: documents(ids), counts })
            }
            Self::Destroyed { list, on } => Ok(FileEvent::Destroyed { list: DisposalListId(list), on }),
        }
    }
}
