//! What happens to files.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::appraisal::thinning::LeftOut;
use crate::domain::case_file::{
    Carriers, Case, ClassNumber, Description, Fact, Hold, Note, ReferenceNumber, Reminder,
};
use crate::domain::disposal::Decision;
use crate::domain::ids::{
    ArchiveCopyId, CaseFileId, DisposalListId, DocumentId, HoldId, PersonId, ReminderId,
};
use crate::domain::paper::{Loan, PaperLocation};
use crate::domain::protection::ProtectionDomain;
use crate::domain::record_type::TypeEdition;
use crate::domain::relation::Relation;
use crate::domain::retention::{Edition, RuleId};

/// What happens to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileEvent {
    /// The file was opened.
    Opened {
        /// What people call it.
        reference: ReferenceNumber,
        /// What it is about.
        title: String,
        /// Its place in the file plan.
        class: ClassNumber,
        /// Its record type; none where the registry had none.
        record_type: Option<TypeEdition>,
        /// Its secrecy.
        domain: ProtectionDomain,
        /// The day.
        on: Date,
        /// Fields of its record type.
        fields: BTreeMap<String, String>,
        /// What it is kept on.
        carriers: Carriers,
    },
    /// A case (Vorgang) was opened in it.
    CaseOpened {
        /// The case.
        case: Case,
    },
    /// A document belongs to it from now on.
    DocumentFiled {
        /// The document.
        document: DocumentId,
    },
    /// A document does not belong to it any more: it was moved into another file.
    DocumentTakenOut {
        /// The document.
        document: DocumentId,
        /// The file it is in from now on.
        to: CaseFileId,
        /// The day.
        on: Date,
    },
    /// It belongs together with another file; the other says so too.
    Related {
        /// The other file.
        to: CaseFileId,
        /// What that is to this one.
        relation: Relation,
        /// The day.
        on: Date,
    },
    /// It does not belong together with another file any more.
    Unrelated {
        /// The other file.
        to: CaseFileId,
        /// The day.
        on: Date,
    },
    /// Closed, to the files (z.d.A.).
    Closed {
        /// The day of the closing order.
        on: Date,
    },
    /// Opened again (Wiederaufleben).
    Reopened {
        /// The day.
        on: Date,
    },
    /// A fact became known.
    FactRecorded {
        /// What happened, when, and who says so.
        fact: Fact,
    },
    /// What is said of it was changed: all of it, as it is from now on.
    Described {
        /// What is said.
        description: Description,
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// Somebody wrote a note (Vermerk).
    Noted {
        /// The note.
        note: Note,
    },
    /// Somebody is to look at it again on a day (Wiedervorlage).
    ReminderSet {
        /// The reminder.
        reminder: Reminder,
    },
    /// A reminder was dealt with.
    ReminderDone {
        /// Which.
        id: ReminderId,
        /// The day.
        on: Date,
    },
    /// Somebody is responsible for it from now on, or nobody in person.
    Assigned {
        /// Who.
        to: Option<PersonId>,
        /// The day.
        on: Date,
    },
    /// Its paper stands here from now on.
    PaperPlaced {
        /// The place, all of it.
        place: PaperLocation,
        /// The day.
        on: Date,
        /// Why; empty if nobody said.
        reason: String,
    },
    /// Its paper was lent.
    PaperLent {
        /// To whom, since when, until when.
        loan: Loan,
    },
    /// Its paper came back.
    PaperReturned {
        /// The day.
        on: Date,
    },
    /// A hold was placed.
    HoldPlaced {
        /// The hold.
        hold: Hold,
    },
    /// Somebody states that all its paper was scanned, and that every document that came from it says so.
    PaperScanned {
        /// Who.
        by: PersonId,
        /// The day.
        on: Date,
    },
    /// A hold was released.
    HoldReleased {
        /// Which.
        id: HoldId,
        /// The day.
        on: Date,
    },
    /// From now on only those read it who need it for what it is still kept for: a rule says so.
    Restricted {
        /// From which day on the rule says so.
        from: Date,
        /// The rule.
        rule: RuleId,
        /// The edition it stands in.
        edition: Edition,
        /// The day it was done.
        on: Date,
    },
    /// It is read again as before.
    RestrictionLifted {
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// The archive's reason for its decision, in free words; sealed with the file.
    AppraisalNoted {
        /// On which list.
        list: DisposalListId,
        /// The decision.
        decision: Decision,
        /// The reason.
        reason: String,
        /// The documents the archive copy does without; none if it has all of them.
        left_out: Option<LeftOut>,
    },
    /// An archive copy was made and read back.
    Transferred {
        /// On which list.
        list: DisposalListId,
        /// The copy.
        copy: ArchiveCopyId,
        /// The day.
        on: Date,
    },
    /// Point of no return: destruction has begun.
    Condemned {
        /// On which list.
        list: DisposalListId,
        /// The day.
        on: Date,
        /// The documents that go with it.
        documents: Vec<DocumentId>,
        /// What goes, in numbers.
        counts: DestructionCounts,
    },
    /// Every place was purged and looked at.
    Destroyed {
        /// On which list.
        list: DisposalListId,
        /// The day.
        on: Date,
    },
}

/// What was destroyed, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DestructionCounts {
    /// Documents.
    pub documents: u64,
    /// Objects whose bytes were removed.
    pub objects: u64,
    /// Bytes of content in them, as recorded when they were taken in.
    pub bytes: u64,
    /// Objects that live on because another record lawfully holds them.
    pub objects_held_elsewhere: u64,
}
