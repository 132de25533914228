//! The life of a file: `decide` may say no, `apply` may not.
//!
//! `open → closed → (transferred) → condemned → destroyed`. A hold stands beside the phase; it stops
//! destruction from any phase before `condemned`. The table of phases and commands is enumerated in the tests.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::case_file::{Case, CaseFile, Description, Fact, FactKind, Hold, Note, Phase, Reminder};
use super::document::{Document, EarlierVersion, TextState};
use super::event::{DocumentEvent, FileEvent};
use super::ids::{CaseFileId, DocumentId, HoldId, PersonId, ReminderId};
use super::paper::{Borrower, Loan, PaperLocation, PastLoan, lent_already};
use super::refusal::Refusal;
use super::relation::Relation;
use super::text::MediaType;

/// What someone wants to do with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Add a document.
    File(DocumentId),
    /// Take a document over from another file it lay in by mistake.
    TakeOver(DocumentId),
    /// Give a document to the file it belongs to.
    GiveAway {
        /// The document.
        document: DocumentId,
        /// The file.
        to: CaseFileId,
        /// The day.
        on: Date,
    },
    /// Say that it belongs together with another file.
    Relate {
        /// The other file.
        to: CaseFileId,
        /// What that is to this one.
        relation: Relation,
        /// The day.
        on: Date,
    },
    /// Say that it does not any more.
    Unrelate {
        /// The other file.
        to: CaseFileId,
        /// The day.
        on: Date,
    },
    /// Open a case in it.
    OpenCase(Case),
    /// Close it (z.d.A.).
    Close {
        /// The day of the closing order.
        on: Date,
    },
    /// Open it again.
    Reopen {
        /// The day.
        on: Date,
    },
    /// Record a fact.
    Record(Fact),
    /// Change what is said of it.
    Describe {
        /// What is said from now on.
        description: Description,
        /// The day.
        on: Date,
        /// Why.
        reason: String,
    },
    /// Write a note.
    Note(Note),
    /// Have somebody reminded.
    Remind(Reminder),
    /// A reminder was dealt with.
    FinishReminder {
        /// Which.
        id: ReminderId,
        /// The day.
        on: Date,
    },
    /// Make somebody responsible, or nobody in person.
    Assign {
        /// Who.
        to: Option<PersonId>,
        /// The day.
        on: Date,
    },
    /// Say where its paper stands.
    PlacePaper {
        /// The place, all of it.
        place: PaperLocation,
        /// The day.
        on: Date,
        /// Why; may be empty.
        reason: String,
    },
    /// Lend its paper.
    LendPaper(Loan),
    /// Its paper came back.
    ReturnPaper {
        /// The day.
        on: Date,
    },
    /// Place a hold.
    PlaceHold(Hold),
    /// Release a hold.
    ReleaseHold {
        /// Which.
        id: HoldId,
        /// The day.
        on: Date,
    },
}

/// What follows from a command, or why it may not be.
///
/// # Errors
/// A [`Refusal`] that names the phase and the way out.
pub fn decide(file: &CaseFile, command: Command) -> Result<FileEvent, Refusal> {
    match command {
        Command::File(document) => {
            require_open(file, "kann kein Dokument mehr aufnehmen")?;
            Ok(FileEvent::DocumentFiled { document })
        }
        Command::TakeOver(document) => {
            require_kept(file, "kann kein Dokument mehr aufnehmen")?;
            Ok(FileEvent::DocumentFiled { document })
        }
        Command::GiveAway { document, to, on } => give_away(file, document, to, on),
        Command::Relate { to, relation, on } => {
            require_alive(file, "kann keinen Bezug mehr aufnehmen")?;
            Ok(FileEvent::Related { to, relation, on })
        }
        Command::Unrelate { to, on } => {
            require_alive(file, "kann keinen Bezug mehr verlieren")?;
            Ok(FileEvent::Unrelated { to, on })
        }
        Command::OpenCase(case) => {
            require_open(file, "kann keinen Vorgang mehr aufnehmen")?;
            Ok(FileEvent::CaseOpened { case })
        }
        Command::Close { on } => {
            require_open(file, "kann nicht geschlossen werden")?;
            require_not_before_opening(file, on, "kann nicht geschlossen werden")?;
            Ok(FileEvent::Closed { on })
        }
        Command::Reopen { on } => match file.phase {
            Phase::Closed { .. } => Ok(FileEvent::Reopened { on }),
            _ => Err(wrong_phase(file, "kann nicht wieder geöffnet werden")),
        },
        Command::Record(fact) => record(file, fact),
        Command::Describe { description, on, reason } => {
            require_kept(file, "kann nicht mehr geändert werden")?;
            Ok(FileEvent::Described { description, on, reason })
        }
        Command::Note(note) => {
            require_alive(file, "kann keinen Vermerk mehr aufnehmen")?;
            Ok(FileEvent::Noted { note })
        }
        Command::Remind(reminder) => {
            require_alive(file, "kann nicht mehr zur Wiedervorlage")?;
            Ok(FileEvent::ReminderSet { reminder })
        }
        Command::FinishReminder { id, on } => finish_reminder(file, id, on),
        Command::Assign { to, on } => {
            require_alive(file, "kann niemandem mehr zugewiesen werden")?;
            Ok(FileEvent::Assigned { to, on })
        }
        Command::PlacePaper { place, on, reason } => {
            require_kept(file, "kann keinen anderen Standort mehr bekommen")?;
            Ok(FileEvent::PaperPlaced { place, on, reason })
        }
        Command::LendPaper(loan) => lend_paper(file, loan),
        Command::ReturnPaper { on } => return_paper(file, on),
        Command::PlaceHold(hold) => {
            require_alive(file, "kann nicht mehr gesperrt werden")?;
            Ok(FileEvent::HoldPlaced { hold })
        }
        Command::ReleaseHold { id, on } => release_hold(file, id, on),
    }
}

fn record(file: &CaseFile, fact: Fact) -> Result<FileEvent, Refusal> {
    require_alive(file, "kann keine Tatsache mehr aufnehmen")?;
    if fact.kind.as_str() == FactKind::CLOSED {
        return Err(Refusal::new(
            format!("Akte {} ist so nicht zu schließen", file.reference),
            "die Schlussverfügung (z.d.A.) ist keine Tatsache, sondern ein Vorgang",
            "verwenden Sie `schriftgut close`",
        ));
    }
    Ok(FileEvent::FactRecorded { fact })
}

/// What a hold keeps from being destroyed stays where it is held.
fn give_away(file: &CaseFile, document: DocumentId, to: CaseFileId, on: Date) -> Result<FileEvent, Refusal> {
    let what = "gibt kein Dokument ab";
    if let Some(hold) = file.holds.first() {
        return Err(Refusal::new(
            format!("Akte {} {what}", file.reference),
            format!("an ihr besteht eine Vernichtungssperre ({})", hold.reason),
            "warten Sie, bis die Sperre aufgehoben ist",
        ));
    }
    require_kept(file, what)?;
    Ok(FileEvent::DocumentTakenOut { document, to, on })
}

fn release_hold(file: &CaseFile, id: HoldId, on: Date) -> Result<FileEvent, Refusal> {
    require_alive(file, "kann nicht mehr entsperrt werden")?;
    if file.holds.iter().any(|hold| hold.id == id) {
        return Ok(FileEvent::HoldReleased { id, on });
    }
    Err(Refusal::new(
        format!("Vernichtungssperre {id} kann nicht aufgehoben werden"),
        format!("an der Akte {} besteht keine solche Sperre", file.reference),
        "sehen Sie mit `schriftgut hold list` nach, welche Sperren bestehen",
    ))
}

fn finish_reminder(file: &CaseFile, id: ReminderId, on: Date) -> Result<FileEvent, Refusal> {
    require_alive(file, "kann keine Wiedervorlage mehr abhaken")?;
    if file.reminders.iter().any(|reminder| reminder.id == id) {
        return Ok(FileEvent::ReminderDone { id, on });
    }
    Err(Refusal::new(
        format!("Wiedervorlage {id} kann nicht erledigt werden"),
        format!("an der Akte {} steht keine solche Wiedervorlage aus", file.reference),
        "sehen Sie mit `schriftgut reminder list` nach, welche ausstehen",
    ))
}

fn lend_paper(file: &CaseFile, loan: Loan) -> Result<FileEvent, Refusal> {
    require_kept(file, "kann nicht mehr ausgeliehen werden")?;
    if file.carriers.paper.is_none() {
        return Err(Refusal::new(
            format!("Die Akte {} kann nicht ausgeliehen werden", file.reference),
            "für sie ist keine Papierakte verzeichnet",
            "halten Sie zuerst fest, wo das Papier steht (`schriftgut paper place`)",
        ));
    }
    match &file.loan {
        None => Ok(FileEvent::PaperLent { loan }),
        Some(lent) => {
            let to = match &lent.to {
                Borrower::Named(name) => name,
                Borrower::Person(_) => "jemanden aus dem Haus",
            };
            Err(lent_already(file, lent, to))
        }
    }
}

fn return_paper(file: &CaseFile, on: Date) -> Result<FileEvent, Refusal> {
    require_alive(file, "kann nicht mehr zurückgenommen werden")?;
    if file.loan.is_some() {
        return Ok(FileEvent::PaperReturned { on });
    }
    Err(Refusal::new(
        format!("Die Rückgabe der Papierakte {} wird nicht eingetragen", file.reference),
        "sie ist nicht ausgeliehen",
        "sehen Sie mit `schriftgut paper loans` nach, was ausgeliehen ist",
    ))
}

fn require_open(file: &CaseFile, what: &str) -> Result<(), Refusal> {
    if file.phase == Phase::Open { Ok(()) } else { Err(wrong_phase(file, what)) }
}

/// Open or closed: it is kept here, and nothing has been decided about it.
fn require_kept(file: &CaseFile, what: &str) -> Result<(), Refusal> {
    match file.phase {
        Phase::Open | Phase::Closed { .. } => Ok(()),
        Phase::Transferred { .. } | Phase::Condemned { .. } | Phase::Destroyed { .. } => {
            Err(wrong_phase(file, what))
        }
    }
}

/// Nobody is destroying it: something may still be written about it.
///
/// # Errors
/// A [`Refusal`] that says since when.
pub fn require_alive(file: &CaseFile, what: &str) -> Result<(), Refusal> {
    match file.phase {
        Phase::Condemned { .. } | Phase::Destroyed { .. } => Err(wrong_phase(file, what)),
        Phase::Open | Phase::Closed { .. } | Phase::Transferred { .. } => Ok(()),
    }
}

fn require_not_before_opening(file: &CaseFile, on: Date, what: &str) -> Result<(), Refusal> {
    if on >= file.opened {
        return Ok(());
    }
    Err(Refusal::new(
        format!("Akte {} {what}", file.reference),
        format!("der Tag {} liegt vor der Anlage der Akte am {}", german(on), german(file.opened)),
        "prüfen Sie das Datum",
    ))
}

fn wrong_phase(file: &CaseFile, what: &str) -> Refusal {
    let (why, way_out) = match file.phase {
        Phase::Open => ("die Akte ist noch offen".to_owned(), "schließen Sie die Akte zuerst (z.d.A.)"),
        Phase::Closed { on } => (
            format!("die Akte ist seit {} geschlossen (z.d.A.)", german(on)),
            "öffnen Sie die Akte wieder, wenn der Vorgang auflebt",
        ),
        Phase::Transferred { on } => (
            format!("die Akte wurde am {} an das Archiv abgegeben", german(on)),
            "wenden Sie sich an das Stadtarchiv",
        ),
        Phase::Condemned { on } => (
            format!("die Vernichtung hat am {} begonnen und ist nicht umkehrbar", german(on)),
            "der Vernichtungslauf wird beim nächsten Start zu Ende geführt",
        ),
        Phase::Destroyed { on } => (
            format!("die Akte wurde am {} vernichtet", german(on)),
            "das Vernichtungsprotokoll gibt Auskunft",
        ),
    };
    Refusal::new(format!("Akte {} {what}", file.reference), why, way_out)
}

/// A date as Germans write it: `22.11.2026`.
#[must_use]
pub fn german(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

impl CaseFile {
    /// The file as its first event tells it; none if the first event is not its opening.
    #[must_use]
    pub fn opened_by(id: CaseFileId, event: &FileEvent) -> Option<CaseFile> {
        let FileEvent::Opened { reference, title, class, record_type, domain, on, fields, carriers } = event
        else {
            return None;
        };
        Some(CaseFile {
            id,
            reference: reference.clone(),
            title: title.clone(),
            class: class.clone(),
            record_type: record_type.clone(),
            domain: *domain,
            phase: Phase::Open,
            opened: *on,
            fields: fields.clone(),
            facts: Vec::new(),
            holds: Vec::new(),
            notes: Vec::new(),
            reminders: Vec::new(),
            responsible: None,
            carriers: carriers.clone(),
            loan: None,
            past_loans: Vec::new(),
            cases: Vec::new(),
            relations: BTreeMap::new(),
            documents: Vec::new(),
        })
    }

    /// The file as all its events tell it; none if they do not begin with its opening.
    #[must_use]
    pub fn replay<'a>(id: CaseFileId, events: impl IntoIterator<Item = &'a FileEvent>) -> Option<CaseFile> {
        let mut events = events.into_iter();
        let mut file = Self::opened_by(id, events.next()?)?;
        events.for_each(|event| file.apply(event));
        Some(file)
    }

    /// What happened, happened: never fails.
    pub fn apply(&mut self, event: &FileEvent) {
        match event {
            FileEvent::Opened { .. } | FileEvent::AppraisalNoted { .. } => {}
            FileEvent::CaseOpened { case } => self.cases.push(case.clone()),
            FileEvent::DocumentFiled { document } => self.documents.push(*document),
            FileEvent::DocumentTakenOut { document, .. } => self.documents.retain(|own| own != document),
            FileEvent::Closed { on } => {
                self.phase = Phase::Closed { on: *on };
                if let Ok(kind) = FactKind::CLOSED.parse() {
                    self.facts.push(Fact { kind, on: *on, source: "Schlussverfügung".to_owned() });
                }
            }
            FileEvent::Reopened { .. } => {
                self.phase = Phase::Open;
                self.facts.retain(|fact| fact.kind.as_str() != FactKind::CLOSED);
            }
            FileEvent::FactRecorded { fact } => self.facts.push(fact.clone()),
            FileEvent::Described { description, .. } => {
                let Description { title, class, record_type, fields } = description.clone();
                (self.title, self.class, self.record_type, self.fields) = (title, class, record_type, fields);
            }
            FileEvent::Related { to, relation, .. } => {
                self.relations.insert(*to, *relation);
            }
            FileEvent::Unrelated { to, .. } => {
                self.relations.remove(to);
            }
            FileEvent::Noted { note } => self.notes.push(note.clone()),
            FileEvent::ReminderSet { reminder } => self.reminders.push(reminder.clone()),
            FileEvent::ReminderDone { id, .. } => self.reminders.retain(|reminder| reminder.id != *id),
            FileEvent::Assigned { to, .. } => self.responsible = *to,
            FileEvent::PaperPlaced { place, .. } => self.carriers.paper = Some(place.clone()),
            FileEvent::PaperLent { loan } => self.loan = Some(loan.clone()),
            FileEvent::PaperReturned { on } => {
                self.past_loans.extend(self.loan.take().map(|loan| PastLoan { loan, returned: *on }));
            }
            FileEvent::HoldPlaced { hold } => self.holds.push(hold.clone()),
            FileEvent::HoldReleased { id, .. } => self.holds.retain(|hold| hold.id != *id),
            FileEvent::Transferred { on, .. } => self.phase = Phase::Transferred { on: *on },
            FileEvent::Condemned { on, .. } => self.phase = Phase::Condemned { on: *on },
            FileEvent::Destroyed { on, .. } => self.phase = Phase::Destroyed { on: *on },
        }
    }
}

impl Document {
    /// The document as all its events tell it; none if they do not begin with its taking in.
    #[must_use]
    pub fn replay<'a>(
        id: DocumentId,
        events: impl IntoIterator<Item = &'a DocumentEvent>,
    ) -> Option<Document> {
        let mut events = events.into_iter();
        let DocumentEvent::TakenIn { file, case, domain, file_name, received, original } = events.next()?
        else {
            return None;
        };
        let mut document = Document {
            id,
            file: *file,
            case: *case,
            domain: *domain,
            file_name: file_name.clone(),
            received: *received,
            original: original.clone(),
            media: MediaType::Unknown,
            text: TextState::Unread,
            earlier: Vec::new(),
            withdrawn: None,
            made_of: Vec::new(),
            became: Vec::new(),
        };
        events.for_each(|event| document.apply(event));
        Some(document)
    }

    /// What happened, happened: never fails.
    pub fn apply(&mut self, event: &DocumentEvent) {
        match event {
            DocumentEvent::TakenIn { .. } => {}
            DocumentEvent::Filed { file } => self.file = Some(*file),
            DocumentEvent::Refiled { file, .. } => (self.file, self.case) = (Some(*file), None),
            DocumentEvent::Withdrawn { on, reason } => self.withdrawn = Some((*on, reason.clone())),
            DocumentEvent::MadeOf { pages } => self.made_of.clone_from(pages),
            DocumentEvent::Replaced { by, on, reason } => {
                self.withdrawn = Some((*on, reason.clone()));
                self.became.extend(by);
            }
            DocumentEvent::Reinstated { .. } => self.withdrawn = None,
            DocumentEvent::VersionAdded { file_name, received, original } => {
                self.earlier.push(EarlierVersion {
                    file_name: std::mem::replace(&mut self.file_name, file_name.clone()),
                    received: std::mem::replace(&mut self.received, *received),
                    original: std::mem::replace(&mut self.original, original.clone()),
                    media: std::mem::replace(&mut self.media, MediaType::Unknown),
                    text: std::mem::replace(&mut self.text, TextState::Unread),
                });
            }
            DocumentEvent::TextRead { media, rendition } => {
                self.media = *media;
                self.text = TextState::Read(rendition.clone());
            }
            DocumentEvent::ReadingGivenUp { media, reason } => {
                self.media = *media;
                self.text = TextState::GivenUp { reason: reason.clone() };
            }
        }
    }
}
