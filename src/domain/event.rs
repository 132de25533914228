//! What happened, in the words of the office. Every change is one of these; state is nothing but the sum of
//! them ([`super::case_file::CaseFile::apply`] and its like), and the ledger keeps them for ever.
//!
//! Each stream of events has a subject. Bodies are sealed under the subject's key and become unreadable with
//! it, except those that must outlive the record and hold no content ([`Event::outlives_its_record`]).

mod file;
mod list;
mod person;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::actor::Role;
use super::case_file::ClassNumber;
use super::disposal::{Catalogue, PlanMessage, Signature, Takes};
use super::divider::Stack;
use super::document::{HeldObject, PagesOf, StaysInside, TextRendition, Unpacking};
use super::file_plan::NumberPattern;
use super::fixity::Look;
use super::ids::{ArchiveCopyId, CaseFileId, CaseId, DisposalListId, DocumentId, PersonId, RestorationId};
use super::protection::ProtectionDomain;
use super::register::RegisterNumber;
use super::restoration::{BackupPart, LedgerMark};
use super::retention::Edition;
use super::scan::{PageVerdict, PaperScan, TransferNote};
use super::text::Format;
use crate::base::digest::Blake3;

pub use file::{DestructionCounts, FileEvent};
pub use list::{ArchiveEvent, ListEvent};
pub use person::PersonEvent;

/// Something that happened, with what it happened to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// To the office as a whole.
    Office(OfficeEvent),
    /// To a person's account.
    Person(PersonId, PersonEvent),
    /// To a file.
    File(CaseFileId, FileEvent),
    /// To a document.
    Document(DocumentId, DocumentEvent),
    /// To a disposal list.
    List(DisposalListId, ListEvent),
    /// To an archive copy.
    Archive(ArchiveCopyId, ArchiveEvent),
}

/// What happens to the office as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeEvent {
    /// The registry was founded.
    Founded {
        /// Its name, as certificates print it.
        name: String,
        /// How long an approved list waits.
        grace_days: u16,
        /// A registry for showing: its certificates are stamped as such.
        demo: bool,
    },
    /// A file plan is in force from now on; the text is its source (`schema/file-plan`).
    FilePlanSet {
        /// Its edition; plans that came before there were editions have none.
        edition: Option<Edition>,
        /// The TOML text.
        source: String,
    },
    /// A rule pack is in force from now on; earlier editions stay readable here.
    RulesEnacted {
        /// The edition findings name.
        edition: String,
        /// The TOML text.
        source: String,
    },
    /// One person proposes a rule pack. It changes nothing until a second person puts it in force; the newest proposal
    /// counts.
    RulesProposed {
        /// Its edition.
        edition: Edition,
        /// The TOML text.
        source: String,
        /// Who.
        by: PersonId,
    },
    /// The town confirms a rule that rests on practice, not on law.
    RuleConfirmed {
        /// The rule.
        rule: String,
        /// The edition it was read in.
        edition: String,
    },
    /// A street register (Straßenverzeichnis) is in force from now on.
    StreetsSet {
        /// The text (`schema/formats/streets.md`).
        source: String,
    },
    /// Record types (Aktenarten) are in force from now on, beside those of other names; earlier editions stay readable
    /// here.
    RecordTypesEnacted {
        /// By the name of their file, the TOML text (`schema/formats/record-type.md`).
        sources: BTreeMap<String, String>,
    },
    /// A reference number that a pattern of the file plan writes was given to a file, or is that of a file that goes. It
    /// outlives the file and holds nothing of it, so that no number is given twice.
    NumberGiven {
        /// The class it was counted in.
        class: ClassNumber,
        /// The year it was given in; 0 if its pattern has none.
        year: i16,
        /// The number.
        number: u64,
        /// How it is written.
        pattern: NumberPattern,
        /// Somebody chose it; counting does not go on from it.
        by_hand: bool,
    },
    /// A message about the file plan went out to an archive or came in from there.
    PlanMessaged {
        /// Which.
        message: PlanMessage,
    },
    /// The archive decided on classes of the file plan beforehand. From now on this catalogue is in force, and none before.
    PlanAppraised {
        /// What it decided.
        catalogue: Catalogue,
    },
    /// What an archive outside takes.
    ArchiveSet {
        /// What it is called.
        name: String,
        /// What it takes; none: it is forgotten.
        takes: Option<Takes>,
        /// It is meant where none is named.
        is_default: bool,
    },
    /// Somebody looked whether everything is as it was written.
    Verified {
        /// Objects read.
        objects: u64,
        /// Entries read.
        entries: u64,
        /// What was covered and found; without it everything was, and all was well.
        look: Option<Look>,
    },
    /// Sealed bytes that were changed or missing were put back from a copy. Only numbers and digests: the
    /// addresses of objects must not outlive the records that hold them.
    Repaired {
        /// Objects of the office put back.
        objects: u64,
        /// Objects of the archive wing put back.
        archived: u64,
        /// BLAKE3 over their addresses, in order, office first.
        ids: Blake3,
        /// BLAKE3 over the manifest roots of the copy, office first.
        source: Blake3,
    },
    /// The registry was put together again from backups. What came after the backup is lost.
    Restored {
        /// Tells restorations apart.
        id: RestorationId,
        /// The day.
        on: Date,
        /// How far the backup's ledger goes: everything before this event.
        backup: LedgerMark,
        /// The newest checkpoint from outside that was shown; none means quarantine.
        witness: Option<LedgerMark>,
        /// Files that had been destroyed after the backup, or came back with old keys, and were destroyed again.
        destroyed_again: u64,
    },
    /// One person released a restored registry from quarantine; it takes two.
    Released {
        /// Which restoration.
        restoration: RestorationId,
        /// The day.
        on: Date,
        /// The role it was released in.
        role: Role,
        /// The person's signature.
        signature: Signature,
    },
    /// A backup run was completed, and nothing was missing in it. Recorded if transfer notes wait for it.
    BackedUp {
        /// The day.
        on: Date,
        /// What was copied.
        part: BackupPart,
        /// How far the ledger went: all that is named in it up to there is in the backup.
        backup: LedgerMark,
        /// Objects or keys in it, both wings.
        objects: u64,
    },
    /// A backup was restored for a trial and compared with this registry.
    Drilled {
        /// The day.
        on: Date,
        /// How far the backup's ledger goes.
        backup: LedgerMark,
        /// Files in it.
        files: u64,
        /// Documents in it.
        documents: u64,
        /// Pages with a text in it.
        pages: u64,
        /// Documents compared byte by byte, and searches compared.
        compared: u64,
        /// What was not as it is here; zero is a passed drill.
        differences: u64,
    },
}

/// What happens to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentEvent {
    /// Taken in: original and entry are durable, the record is acknowledged.
    TakenIn {
        /// The file it belongs to; none for the in-tray.
        file: Option<CaseFileId>,
        /// The case inside that file, if it belongs to one.
        case: Option<CaseId>,
        /// The register of that file it lies in, if anybody said.
        register: Option<RegisterNumber>,
        /// Its secrecy.
        domain: ProtectionDomain,
        /// Name of the file it came in.
        file_name: String,
        /// The day.
        received: Date,
        /// The bytes as they came.
        original: HeldObject,
    },
    /// Put from the in-tray into a file.
    Filed {
        /// The file.
        file: CaseFileId,
    },
    /// A newer version was taken in; the earlier ones are kept.
    VersionAdded {
        /// Name of the file it came in.
        file_name: String,
        /// The day.
        received: Date,
        /// The bytes as they came.
        original: HeldObject,
    },
    /// Moved into another file, because it lay in the wrong one.
    Refiled {
        /// The file it is in from now on.
        file: CaseFileId,
        /// The register it lies in there; none if that file's type has not the one it came from.
        register: Option<RegisterNumber>,
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// Put into a register of its file, or out of the one it lay in.
    Sorted {
        /// The register it lies in from now on; none for none.
        register: Option<RegisterNumber>,
        /// The day.
        on: Date,
        /// Why; empty if nobody said.
        reason: String,
    },
    /// Taken out of use, because it should not be there as it is: a scan that is illegible or of something else. It is kept,
    /// and goes with its file.
    Withdrawn {
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// It was not taken in from outside: it was made of pages of others. Stands right behind its taking in.
    MadeOf {
        /// The pages, in their order.
        pages: Vec<PagesOf>,
    },
    /// Taken out of use, because its pages are in other documents from now on. It is kept as it came, and goes with its file.
    Replaced {
        /// The documents that were made of it.
        by: Vec<DocumentId>,
        /// The day.
        on: Date,
        /// Why, and what it became.
        reason: String,
    },
    /// It did not come by itself: it was inside another. Stands right behind its taking in.
    ContainedIn {
        /// The other.
        container: DocumentId,
        /// Its path in there; may be empty.
        path: String,
    },
    /// Files inside it became documents of their own, or stayed in it.
    Unpacked {
        /// How far that has come.
        unpacking: Unpacking,
        /// The documents that came out of it this time.
        contents: Vec<DocumentId>,
        /// What stayed in it.
        stays_inside: Vec<StaysInside>,
        /// The case it lies in from now on, together with what came out of it; none if that stays as it was.
        case: Option<CaseId>,
        /// The day.
        on: Date,
    },
    /// It came from paper and is to stand for it, as the scanning person says.
    Scanned {
        /// What is said.
        scan: Box<PaperScan>,
    },
    /// Pages of a scan were looked at.
    PagesChecked {
        /// Of which version, from 1.
        version: u32,
        /// The pages, and what was seen.
        pages: Vec<(u32, PageVerdict)>,
        /// By whom.
        by: PersonId,
        /// The day.
        on: Date,
    },
    /// The transfer note of a scan was written.
    TransferNoted {
        /// The note.
        note: Box<TransferNote>,
    },
    /// Dividers were found in it when it was read. If it was divided at them, it is replaced in the same breath.
    DividersFound {
        /// What was found, and why it stayed whole, if it did.
        stack: Stack,
        /// The day.
        on: Date,
    },
    /// How many pages it should have, as whoever scanned it says. Stands right behind its taking in.
    PagesExpected {
        /// So many.
        page_count: u32,
    },
    /// In use again.
    Reinstated {
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// The text of the newest version was read.
    TextRead {
        /// What the bytes are.
        format: Format,
        /// The text layer.
        rendition: TextRendition,
    },
    /// Reading was given up, with the reason in words for users.
    ReadingGivenUp {
        /// What the bytes are, as far as was found.
        format: Format,
        /// The reason, German.
        reason: String,
    },
}

impl DocumentEvent {
    /// The object this event makes the document hold. Whoever counts holders, verifies or looks for what is
    /// left asks here, so that no kind of event can be forgotten.
    #[must_use]
    pub fn held(&self) -> Option<&HeldObject> {
        match self {
            Self::TakenIn { original, .. } | Self::VersionAdded { original, .. } => Some(original),
            Self::TextRead { rendition, .. } => Some(&rendition.object),
            Self::Filed { .. }
            | Self::Refiled { .. }
            | Self::Sorted { .. }
            | Self::Withdrawn { .. }
            | Self::MadeOf { .. }
            | Self::Replaced { .. }
            | Self::ContainedIn { .. }
            | Self::Unpacked { .. }
            | Self::Scanned { .. }
            | Self::PagesChecked { .. }
            | Self::TransferNoted { .. }
            | Self::DividersFound { .. }
            | Self::PagesExpected { .. }
            | Self::Reinstated { .. }
            | Self::ReadingGivenUp { .. } => None,
        }
    }
}

impl Event {
    /// What it says of a file; none if it is about something else.
    #[must_use]
    pub fn of_file(&self) -> Option<&FileEvent> {
        match self {
            Event::File(_, event) => Some(event),
            _ => None,
        }
    }

    /// Sealed under the office key: it must outlive the record and holds no content.
    #[must_use]
    pub fn outlives_its_record(&self) -> bool {
        match self {
            Event::Office(_) | Event::List(..) => true,
            Event::Person(_, event) => {
                matches!(
                    event,
                    PersonEvent::RightsSet { .. }
                        | PersonEvent::DutiesSet { .. }
                        | PersonEvent::SigningKeyPublished { .. }
                )
            }
            Event::File(_, event) => {
                matches!(event, FileEvent::Condemned { .. } | FileEvent::Destroyed { .. })
            }
            Event::Document(..) | Event::Archive(..) => false,
        }
    }
}
