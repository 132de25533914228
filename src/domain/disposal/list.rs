//! The disposal list (Aussonderungsliste) with its two sides: archive copies, and what is cleared for
//! destruction. Its state is the sum of its events; each verb answers with the event or a refusal.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::approval::{Signature, SignedAs};
use super::cause::Cause;
use super::dialogue::Exchanged;
use super::dialogue::catalogue::ByCatalogue;
use crate::domain::actor::Role;
use crate::domain::appraisal::sample::Sample;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId, DocumentId};
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;

/// Most lines of one list.
pub const LINES_MAX: usize = 10_000;

/// What the archive decides on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Worth keeping (A, archivwürdig): an archive copy is made.
    Archive,
    /// Not worth keeping (V, vernichten): cleared for destruction.
    Destroy,
}

impl Decision {
    /// The letter of the code list *aussonderungsart*.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Archive => "A",
            Self::Destroy => "V",
        }
    }

    /// The decision with this letter.
    #[must_use]
    pub fn of_letter(letter: &str) -> Option<Self> {
        [Self::Archive, Self::Destroy].into_iter().find(|decision| decision.letter() == letter)
    }

    /// The German word users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Archive => "archivwürdig",
            Self::Destroy => "vernichten",
        }
    }
}

/// A line as it was collected: one file, why it is due, and what is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file.
    pub file: CaseFileId,
    /// The rule that made it due, or why it goes before its time.
    pub cause: Cause,
    /// Due since; the day it was put on the list if it goes before its time.
    pub since: Date,
    /// What rule and criteria propose to the archive; none if it is open.
    pub proposal: Option<Decision>,
    /// The criteria that speak for keeping, by id.
    pub criteria: Vec<String>,
    /// The documents in the file when the line was made.
    pub documents: Vec<DocumentId>,
    /// What the archive's catalogue in force said of the file's class; none if nothing.
    pub catalogue: Option<ByCatalogue>,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineState {
    /// The archive has not decided: blocks the list, never becomes "destroy".
    Undecided,
    /// Decided.
    Decided(Decision),
    /// Archive copy made and read back.
    Transferred(ArchiveCopyId),
    /// An obstacle kept it from being destroyed.
    Obstructed(String),
}

/// Where the list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Collected.
    Draft,
    /// Offered to the archive.
    Offered {
        /// The day.
        on: Date,
    },
    /// Proposed for destruction, with the approvals so far.
    Proposed {
        /// The day of the latest signature: grace runs from here.
        last_signed: Date,
        /// The proposer.
        proposer: Signature,
        /// Approvals, in order.
        approvals: Vec<(Role, Signature)>,
    },
    /// Taken back.
    Withdrawn {
        /// The day.
        on: Date,
    },
    /// Carried out.
    Executed {
        /// The day.
        on: Date,
    },
}

/// A disposal list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisposalList {
    /// The id that never changes.
    pub id: DisposalListId,
    /// The day it was made.
    pub created: Date,
    /// The edition of the rules its findings rest on.
    pub edition: String,
    /// One line per file, in the order of ids.
    pub lines: BTreeMap<CaseFileId, (Line, LineState)>,
    /// The files of which the archive takes over a part.
    pub thinned: BTreeMap<CaseFileId, Thinned>,
    /// Where it is.
    pub stage: Stage,
    /// The samples drawn from its lines, with the day, in the order they were drawn.
    pub samples: Vec<(Date, Sample)>,
    /// The messages that went out to the archive and came in from there, in order.
    pub messages: Vec<Exchanged>,
    /// The files whose copy the archive has confirmed.
    pub confirmed: BTreeSet<CaseFileId>,
    /// The files whose decision is still that of the catalogue: nobody has decided on them one by one.
    pub settled: BTreeSet<CaseFileId>,
}

impl DisposalList {
    /// A new list from what is due.
    ///
    /// # Errors
    /// A [`Refusal`] if nothing is due or the list would be too long.
    pub fn collect(lines: Vec<Line>, edition: String, on: Date) -> Result<ListEvent, Refusal> {
        let refuse = |why: String, way_out: &str| {
            Err(Refusal::new("Es kann keine Aussonderungsliste angelegt werden", why, way_out))
        };
        if lines.is_empty() {
            return refuse(
                format!("am {} ist keine Akte fällig, die nicht schon auf einer Liste steht", german(on)),
                "`schriftgut evaluate` zeigt, worauf die Akten warten",
            );
        }
        if lines.len() > LINES_MAX {
            return refuse(
                format!("{} Akten sind fällig, eine Liste fasst {LINES_MAX}", lines.len()),
                "grenzen Sie die Liste auf eine Klasse ein",
            );
        }
        Ok(ListEvent::Created { on, edition, lines })
    }

    /// The list as all its events tell it; none if they do not begin with its creation.
    #[must_use]
    pub fn replay<'a>(
        id: DisposalListId,
        events: impl IntoIterator<Item = &'a ListEvent>,
    ) -> Option<DisposalList> {
        let mut events = events.into_iter();
        let ListEvent::Created { on, edition, lines } = events.next()? else {
            return None;
        };
        let settled = lines.iter().filter(|line| !line.is_offered()).map(|line| line.file).collect();
        let begins = |line: &Line| match &line.catalogue {
            Some(said) if said.decides => LineState::Decided(said.decision),
            _ => LineState::Undecided,
        };
        let lines = lines.iter().map(|line| (line.file, (line.clone(), begins(line)))).collect();
        let mut list = DisposalList {
            id,
            created: *on,
            edition: edition.clone(),
            lines,
            thinned: BTreeMap::new(),
            stage: Stage::Draft,
            samples: Vec::new(),
            messages: Vec::new(),
            confirmed: BTreeSet::new(),
            settled,
        };
        events.for_each(|event| list.apply(event));
        Some(list)
    }

    /// What happened, happened: never fails.
    pub fn apply(&mut self, event: &ListEvent) {
        match event {
            ListEvent::Created { .. } => {}
            ListEvent::Offered { on } => self.stage = Stage::Offered { on: *on },
            ListEvent::Sampled { on, sample } => self.samples.push((*on, sample.clone())),
            ListEvent::LineAppraised { file, decision, thinned } => {
                self.thinned.remove(file); // the last decision counts, all of it
                self.settled.remove(file);
                let thinned =
                    thinned.filter(|_| *decision == Decision::Archive && self.lines.contains_key(file));
                self.thinned.extend(thinned.map(|thinned| (*file, thinned)));
                self.set(file, LineState::Decided(*decision));
            }
            ListEvent::LineTransferred { file, copy } => self.set(file, LineState::Transferred(*copy)),
            ListEvent::LineObstructed { file, obstacle } => {
                self.set(file, LineState::Obstructed(obstacle.clone()));
            }
            ListEvent::Proposed { on, signature } => {
                self.stage =
                    Stage::Proposed { last_signed: *on, proposer: signature.clone(), approvals: Vec::new() };
            }
            ListEvent::Approved { on, role, signature } => {
                if let Stage::Proposed { last_signed, approvals, .. } = &mut self.stage {
                    *last_signed = (*last_signed).max(*on);
                    approvals.push((*role, signature.clone()));
                }
            }
            ListEvent::Withdrawn { on } => self.stage = Stage::Withdrawn { on: *on },
            ListEvent::Executed { on, .. } => self.stage = Stage::Executed { on: *on },
            ListEvent::Exchanged { message } => self.messages.push(*message),
            ListEvent::LineConfirmed { file, .. } => {
                self.confirmed.extend(self.lines.contains_key(file).then_some(*file));
            }
        }
    }

    fn set(&mut self, file: &CaseFileId, state: LineState) {
        if let Some((_, current)) = self.lines.get_mut(file) {
            *current = state;
        }
    }

    /// Lines the archive has not decided.
    pub fn undecided(&self) -> impl Iterator<Item = &Line> {
        self.in_state(|state| *state == LineState::Undecided)
    }

    /// Lines cleared for destruction.
    pub fn to_destroy(&self) -> impl Iterator<Item = &Line> {
        self.in_state(|state| *state == LineState::Decided(Decision::Destroy))
    }

    /// Lines worth keeping whose archive copy is still to be made.
    pub fn to_archive(&self) -> impl Iterator<Item = &Line> {
        self.in_state(|state| *state == LineState::Decided(Decision::Archive))
    }

    /// Lines the archive is asked about one by one.
    pub fn offered(&self) -> impl Iterator<Item = &Line> {
        self.lines.values().map(|(line, _)| line).filter(|line| line.is_offered())
    }

    /// It needs no offer: the catalogue has decided every line, and nobody has asked the archive about one.
    fn is_settled(&self) -> bool {
        self.stage == Stage::Draft && self.offered().next().is_none()
    }

    fn in_state<'a>(&'a self, wanted: impl Fn(&LineState) -> bool + 'a) -> impl Iterator<Item = &'a Line> {
        self.lines.values().filter(move |(_, state)| wanted(state)).map(|(line, _)| line)
    }

    /// Still binding the files on it: no second list may take them.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !matches!(self.stage, Stage::Withdrawn { .. } | Stage::Executed { .. })
    }

    /// Offers the list to the archive.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is a draft.
    pub fn offer(&self, on: Date) -> Result<ListEvent, Refusal> {
        match self.stage {
            Stage::Draft => Ok(ListEvent::Offered { on }),
            _ => Err(self.refuse(
                "kann nicht angeboten werden",
                self.stage_in_words(),
                "legen Sie eine neue Liste an",
            )),
        }
    }

    /// A sample was drawn from its undecided lines. It decides nothing by itself.
    ///
    /// # Errors
    /// A [`Refusal`] unless the list is offered, and for a sample of anything but undecided lines.
    pub fn sample(&self, on: Date, sample: Sample) -> Result<ListEvent, Refusal> {
        let is_undecided = |file| matches!(self.lines.get(file), Some((_, LineState::Undecided)));
        let why = match self.stage {
            Stage::Offered { .. } if sample.population.iter().all(is_undecided) => {
                return Ok(ListEvent::Sampled { on, sample });
            }
            Stage::Offered { .. } => "gezogen wird nur aus Zeilen, die noch nicht bewertet sind".to_owned(),
            _ => self.stage_in_words(),
        };
        Err(self.refuse(
            "erlaubt jetzt keine Stichprobe",
            why,
            "gezogen wird nach der Anbietung und vor dem Vernichtungsvorschlag",
        ))
    }

    /// The archive decides on a line; until the list is proposed it may decide anew.
    ///
    /// # Errors
    /// A [`Refusal`] unless the list is offered and the line is on it and not yet handed over.
    pub fn appraise(&self, file: CaseFileId, decision: Decision) -> Result<ListEvent, Refusal> {
        if !matches!(self.stage, Stage::Offered { .. }) {
            return Err(self.refuse(
                "kann nicht bewertet werden",
                self.stage_in_words(),
                "bewertet wird nach der Anbietung und vor dem Vernichtungsvorschlag",
            ));
        }
        match self.lines.get(&file) {
            None => Err(self.refuse(
                "kann so nicht bewertet werden",
                "die Akte steht nicht auf dieser Liste".to_owned(),
                "`schriftgut list show` zeigt die Zeilen",
            )),
            Some((_, LineState::Transferred(_))) => Err(self.refuse(
                "kann so nicht bewertet werden",
                "das Archivexemplar dieser Akte ist schon übernommen".to_owned(),
                "über Archivexemplare entscheidet allein das Archiv (Nachkassation)",
            )),
            Some(_) => Ok(ListEvent::LineAppraised { file, decision, thinned: None }),
        }
    }

    /// The archive keeps a part of a line; until the list is proposed it may decide anew.
    ///
    /// # Errors
    /// As [`Self::appraise`].
    pub fn thin(&self, file: CaseFileId, thinned: Thinned) -> Result<ListEvent, Refusal> {
        let decision = Decision::Archive;
        self.appraise(file, decision)?;
        Ok(ListEvent::LineAppraised { file, decision, thinned: Some(thinned) })
    }

    /// An archive copy of a line was made and read back.
    ///
    /// # Errors
    /// A [`Refusal`] unless the archive decided to keep the line.
    pub fn transfer(&self, file: CaseFileId, copy: ArchiveCopyId) -> Result<ListEvent, Refusal> {
        match self.lines.get(&file) {
            Some((_, LineState::Decided(Decision::Archive))) if self.is_running() => {
                Ok(ListEvent::LineTransferred { file, copy })
            }
            _ => Err(self.refuse(
                "kann nicht abgegeben werden",
                "für diese Akte liegt keine Entscheidung „archivwürdig“ vor".to_owned(),
                "das Archiv bewertet die Zeile zuerst",
            )),
        }
    }

    /// Proposes the decided lines for destruction; the signature is over [`Self::digest`].
    ///
    /// # Errors
    /// A [`Refusal`] while a line is undecided, an archive copy is missing, or nothing is to be destroyed.
    pub fn propose(&self, on: Date, signature: Signature) -> Result<ListEvent, Refusal> {
        self.require_proposable()?;
        Ok(ListEvent::Proposed { on, signature })
    }

    /// Whether the list could be proposed now.
    ///
    /// # Errors
    /// The [`Refusal`] that [`Self::propose`] would give.
    pub fn require_proposable(&self) -> Result<(), Refusal> {
        let what = "kann nicht zur Vernichtung vorgeschlagen werden";
        if !matches!(self.stage, Stage::Offered { .. }) && !self.is_settled() {
            return Err(self.refuse(
                what,
                self.stage_in_words(),
                "bieten Sie die Liste zuerst dem Archiv an",
            ));
        }
        let undecided = self.undecided().count();
        if undecided > 0 {
            return Err(self.refuse(
                what,
                format!("{undecided} Zeilen sind noch nicht bewertet"),
                "das Archiv entscheidet jede Zeile; Unentschiedenes wird nie vernichtet",
            ));
        }
        let missing = self.to_archive().count();
        if missing > 0 {
            return Err(self.refuse(
                what,
                format!("{missing} Archivexemplare sind noch nicht übernommen"),
                "`schriftgut transfer export` übernimmt sie",
            ));
        }
        if self.to_destroy().next().is_none() {
            return Err(self.refuse(
                what,
                "keine Zeile ist zur Vernichtung freigegeben".to_owned(),
                "die Liste ist mit der Abgabe erledigt; `schriftgut list withdraw` schließt sie ab",
            ));
        }
        Ok(())
    }

    /// Approves the proposal; the signature is over [`Self::digest`].
    ///
    /// # Errors
    /// A [`Refusal`] unless proposed, or if this person proposed or approved it already.
    pub fn approve(&self, on: Date, role: Role, signature: Signature) -> Result<ListEvent, Refusal> {
        let what = "kann nicht freigegeben werden";
        let Stage::Proposed { proposer, approvals, .. } = &self.stage else {
            return Err(self.refuse(
                what,
                self.stage_in_words(),
                "jemand schlägt die Vernichtung zuerst vor",
            ));
        };
        if proposer.by == signature.by || approvals.iter().any(|(_, approval)| approval.by == signature.by) {
            return Err(self.refuse(
                what,
                "Sie haben diese Liste schon vorgeschlagen oder freigegeben".to_owned(),
                "eine andere Person muss freigeben",
            ));
        }
        Ok(ListEvent::Approved { on, role, signature })
    }

    /// Takes the list back; its files are free for another.
    ///
    /// # Errors
    /// A [`Refusal`] once it is executed or withdrawn.
    pub fn withdraw(&self, on: Date) -> Result<ListEvent, Refusal> {
        if self.is_running() {
            Ok(ListEvent::Withdrawn { on })
        } else {
            Err(self.refuse("kann nicht zurückgezogen werden", self.stage_in_words(), "es ist nichts zu tun"))
        }
    }

    pub(super) fn refuse(&self, what: &str, why: String, way_out: &str) -> Refusal {
        Refusal::new(format!("Aussonderungsliste {} {what}", self.id), why, way_out)
    }

    /// Where the list is, for users.
    #[must_use]
    pub fn stage_in_words(&self) -> String {
        match &self.stage {
            Stage::Draft => "die Liste ist ein Entwurf".to_owned(),
            Stage::Offered { on } => format!("die Liste wurde dem Archiv am {} angeboten", german(*on)),
            Stage::Proposed { approvals, .. } => {
                format!("die Vernichtung ist vorgeschlagen, {} Freigaben liegen vor", approvals.len())
            }
            Stage::Withdrawn { on } => format!("die Liste wurde am {} zurückgezogen", german(*on)),
            Stage::Executed { on } => format!("die Liste wurde am {} ausgeführt", german(*on)),
        }
    }

    /// Who signed as what, in order.
    #[must_use]
    pub fn signatures(&self) -> Vec<(SignedAs, &Signature)> {
        match &self.stage {
            Stage::Proposed { proposer, approvals, .. } => std::iter::once((SignedAs::Proposer, proposer))
                .chain(approvals.iter().map(|(role, signature)| (SignedAs::Approver(*role), signature)))
                .collect(),
            _ => Vec::new(),
        }
    }
}
