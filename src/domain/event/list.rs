//! What happens to disposal lists and to archive copies.

use jiff::civil::Date;

use crate::base::digest::Sha256;
use crate::domain::actor::Role;
use crate::domain::appraisal::sample::Sample;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::case_file::{ClassNumber, ReferenceNumber};
use crate::domain::disposal::{Decision, Exchanged, Line, Signature};
use crate::domain::document::HeldObject;
use crate::domain::ids::{ArchiveCopyId, CaseFileId};

/// What happens to a disposal list. All of it outlives the records and holds no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListEvent {
    /// Collected from what is due.
    Created {
        /// The day it was made.
        on: Date,
        /// The edition of the rules its findings rest on.
        edition: String,
        /// One line per file.
        lines: Vec<Line>,
    },
    /// Offered to the archive.
    Offered {
        /// The day.
        on: Date,
    },
    /// The archive drew a sample from lines it had not decided on. It can be drawn again from what stands here.
    Sampled {
        /// The day.
        on: Date,
        /// What was drawn, how, and from what.
        sample: Sample,
    },
    /// The archive decided on one line.
    LineAppraised {
        /// The file.
        file: CaseFileId,
        /// The decision.
        decision: Decision,
        /// The file is taken over in part.
        thinned: Option<Thinned>,
    },
    /// An archive-worthy line has its copy in the archive wing.
    LineTransferred {
        /// The file.
        file: CaseFileId,
        /// The copy.
        copy: ArchiveCopyId,
    },
    /// Proposed for destruction; lines are frozen.
    Proposed {
        /// The day.
        on: Date,
        /// The proposer's signature over the list digest.
        signature: Signature,
    },
    /// Approved by one person.
    Approved {
        /// The day.
        on: Date,
        /// The role it was given in.
        role: Role,
        /// The approver's signature over the list digest.
        signature: Signature,
    },
    /// Taken back before execution.
    Withdrawn {
        /// The day.
        on: Date,
    },
    /// An obstacle kept a line from being destroyed; it leaves the list.
    LineObstructed {
        /// The file.
        file: CaseFileId,
        /// The obstacle's code.
        obstacle: String,
    },
    /// All that could be destroyed was; the certificate is out.
    Executed {
        /// The day.
        on: Date,
        /// SHA-256 of the certificate's JSON.
        certificate: Sha256,
    },
    /// A message of the dialogue with the archive went out or came in.
    Exchanged {
        /// Which.
        message: Exchanged,
    },
    /// The archive confirmed that the copy of a line has arrived.
    LineConfirmed {
        /// The file.
        file: CaseFileId,
        /// The copy.
        copy: ArchiveCopyId,
    },
}

/// What happens to an archive copy. Sealed under the archive's own keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveEvent {
    /// Taken over into the archive wing and read back.
    TakenOver {
        /// The file it was.
        file: CaseFileId,
        /// What people called it.
        reference: ReferenceNumber,
        /// Its title.
        title: String,
        /// Its class.
        class: ClassNumber,
        /// The day.
        on: Date,
        /// Its objects: name in the bag, and the object as the archive holds it.
        objects: Vec<(String, HeldObject)>,
    },
    /// An archive outside confirmed that it has it.
    Confirmed {
        /// The day.
        on: Date,
        /// What it is called there; none if that archive did not say.
        reference: Option<String>,
        /// SHA-256 of the message that says so.
        digest: Sha256,
    },
}
