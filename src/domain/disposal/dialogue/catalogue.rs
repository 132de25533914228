//! The file plan appraised beforehand: an archive that got the plan (0511) answers with a catalogue (Bewertungskatalog, 0513)
//! that says of whole classes what is to become of their files. It is the archive's decision, and a standing one: a file of a
//! class with A or V need not be offered one by one. It never speaks against a person's look: where a criterion or the rule
//! speaks for keeping, or a criterion cannot be answered, a V of the catalogue decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use uuid::Uuid;

use super::answer::{AnswerHead, AppraisedObject, Objection, Reading, Verdict};
use super::{MessageKind, MessageVersion, derived};
use crate::base::digest::Sha256;
use crate::domain::appraisal::Proposal;
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::{Decision, Line};
use crate::domain::file_plan::FilePlan;
use crate::domain::ids::PersonId;
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;
use crate::domain::retention::{Disposition, Edition};

/// That a message about the file plan went out or came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMessage {
    /// The day.
    pub on: Date,
    /// Which.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// The process it belongs to: one edition of the plan, one process.
    pub process: Uuid,
    /// The edition of the plan.
    pub edition: Edition,
    /// SHA-256 of its XML.
    pub digest: Sha256,
}

/// What an archive decided on classes of the file plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// The day it was taken in.
    pub on: Date,
    /// Of which version its message is.
    pub version: MessageVersion,
    /// The process it belongs to.
    pub process: Uuid,
    /// The edition of the plan it is about.
    pub edition: Edition,
    /// SHA-256 of the message.
    pub digest: Sha256,
    /// Who sent it; empty if it does not say.
    pub archive: String,
    /// Who took it in, as the archive.
    pub by: PersonId,
    /// What it says, of the classes it names.
    pub classes: BTreeMap<ClassNumber, Disposition>,
}

/// A catalogue with the classes its archive was shown: it says nothing of those that came later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueInForce {
    /// The catalogue.
    pub catalogue: Catalogue,
    known: BTreeSet<ClassNumber>,
}

/// What a catalogue says of a line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByCatalogue {
    /// SHA-256 of the catalogue's message.
    pub digest: Sha256,
    /// The class of the file when the line was made. Of another class nothing was said.
    pub class: ClassNumber,
    /// What it says.
    pub decision: Decision,
    /// That is the decision on the line; else somebody must look, because something speaks for keeping or is unclear.
    pub decides: bool,
}

/// The id of a class in messages. A number never gets another meaning, so it is the same for ever.
#[must_use]
pub fn class_id(registry: Uuid, class: &ClassNumber) -> Uuid {
    derived(b"schriftgut xdomea class 1", &[registry.as_bytes(), class.as_str().as_bytes()])
}

/// The id of the file plan in messages.
#[must_use]
pub fn plan_id(registry: Uuid) -> Uuid {
    derived(b"schriftgut xdomea plan 1", &[registry.as_bytes()])
}

/// The id by which the table of the classes goes in a message of a process.
#[must_use]
pub fn table_id(process: Uuid) -> Uuid {
    derived(b"schriftgut xdomea plan table 1", &[process.as_bytes()])
}

/// The message an answer about the file plan must be for: the newest plan that was offered.
///
/// # Errors
/// A [`Refusal`] if no plan was offered, or in another version.
pub fn offered_plan(messages: &[PlanMessage], head: &AnswerHead) -> Result<PlanMessage, Refusal> {
    let what = "Der Aktenplan nimmt diese Nachricht nicht an";
    let newest = messages.iter().rev().find(|message| message.kind == MessageKind::PlanOffer);
    let sent = newest.ok_or_else(|| {
        let why = "der Aktenplan wurde noch keinem Archiv zur Bewertung gegeben (0511)";
        Refusal::new(what, why, "`schriftgut plan offer` schreibt diese Nachricht")
    })?;
    if sent.version != head.version {
        let (ours, theirs) = (sent.version, head.version);
        let why =
            format!("sie ist in xdomea {theirs}, unser {} vom {} in {ours}", sent.kind, german(sent.on));
        let way_out =
            "bitten Sie das Archiv um die Antwort in dieser Version, oder schreiben Sie unsere Nachricht neu";
        return Err(Refusal::new(what, why, way_out));
    }
    Ok(sent.clone())
}

impl PlanMessage {
    /// Whether an answer is for this message, and whole.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, head: &AnswerHead) -> Result<(), Objection> {
        head.belongs_to(self.process, "unseres zuletzt angebotenen Aktenplans")
    }
}

/// What a catalogue says of the classes of the plan the archive was shown.
///
/// # Errors
/// All that does not fit, in the order of the message.
pub fn appraised_classes(
    plan: &FilePlan,
    registry: Uuid,
    objects: &[AppraisedObject],
) -> Result<BTreeMap<ClassNumber, Disposition>, Vec<Objection>> {
    let known: BTreeMap<_, _> =
        plan.classes().map(|class| (class_id(registry, &class.number), &class.number)).collect();
    let mut reading = Reading::default();
    let mut classes = BTreeMap::new();
    for AppraisedObject { id, verdict, line } in objects {
        let Some(class) = reading.place(&known, *id, *line, "in unserem Aktenplan") else { continue };
        let said = match verdict {
            Verdict::Decided(Decision::Archive) => Disposition::ArchiveWorthy,
            Verdict::Decided(Decision::Destroy) => Disposition::Destroy,
            Verdict::Open => Disposition::Appraise,
            Verdict::Unknown(said) => {
                let what =
                    format!("„{said}“ ist keine Bewertung für die Klasse {class}; erwartet wird A, B oder V");
                reading.object(*line, what);
                continue;
            }
        };
        classes.insert(class.clone(), said);
    }
    if reading.objections.is_empty() { Ok(classes) } else { Err(reading.objections) }
}

impl CatalogueInForce {
    /// A catalogue, with the plan it is about.
    #[must_use]
    pub fn new(catalogue: Catalogue, plan: &FilePlan) -> Self {
        Self { catalogue, known: plan.classes().map(|class| class.number.clone()).collect() }
    }

    /// What it says of a class, and of which class it says so: of itself, or of the nearest above that it names. None if
    /// it says nothing; of a class the archive was not shown it never says anything.
    #[must_use]
    pub fn of(&self, class: &ClassNumber) -> Option<(ClassNumber, Disposition)> {
        let mut lineage = self.known.contains(class).then(|| class.lineage())?;
        lineage.find_map(|above| self.catalogue.classes.get(&above).map(|said| (above.clone(), *said)))
    }

    /// What it says of a line whose file is of this class: nothing if the archive wants to look at each (B).
    #[must_use]
    pub fn on_line(
        &self,
        class: &ClassNumber,
        proposal: &Proposal,
        proposed: Option<Decision>,
    ) -> Option<ByCatalogue> {
        let (_, said) = self.of(class)?;
        let decision = match said {
            Disposition::ArchiveWorthy => Decision::Archive,
            Disposition::Destroy => Decision::Destroy,
            Disposition::Appraise => return None,
        };
        let speaks_for_keeping = proposal.needs_a_look() || proposed == Some(Decision::Archive);
        let decides = decision == Decision::Archive || !speaks_for_keeping;
        Some(ByCatalogue { digest: self.catalogue.digest, class: class.clone(), decision, decides })
    }
}

impl Line {
    /// The archive is asked about it: a catalogue does not decide it.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.catalogue.as_ref().is_none_or(|said| !said.decides)
    }
}
