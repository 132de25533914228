//! The life of a file: `decide` may say no; what then happens is applied in `replay.rs`, which may not.
//!
//! `open → closed → (transferred) → condemned → destroyed`. A hold stands beside the phase; it stops
//! destruction from any phase before `condemned`. The table of phases and commands is enumerated in the tests.

use jiff::civil::Date;

use super::case_file::{Case, CaseFile, Description, Fact, FactKind, Hold, Note, Phase, Reminder};
use super::event::FileEvent;
use super::ids::{CaseFileId, DocumentId, HoldId, PersonId, ReminderId};
use super::paper::{Borrower, Loan, PaperLocation, lent_already};
use super::refusal::Refusal;
use super::relation::Relation;
use super::restriction::Restriction;
use super::retention::{Edition, RuleId};

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
    /// State that all its paper was scanned.
    StatePaperScanned {
        /// Who.
        by: PersonId,
        /// The day.
        on: Date,
    },
    /// Have it read only by those who need it for what it is still kept for.
    Restrict {
        /// From which day on a rule says so.
        from: Date,
        /// The rule.
        rule: RuleId,
        /// The edition it stands in.
        edition: Edition,
        /// The day.
        on: Date,
    },
    /// Have it read again as before.
    LiftRestriction {
        /// The day.
        on: Date,
        /// Why.
        reason: String,
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
        Command::StatePaperScanned { by, on } => state_paper_scanned(file, by, on),
        Command::Restrict { from, rule, edition, on } => restrict(file, from, rule, edition, on),
        Command::LiftRestriction { on, reason } => lift_restriction(file, on, reason),
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

/// Only what is in use no more.
fn restrict(
    file: &CaseFile,
    from: Date,
    rule: RuleId,
    edition: Edition,
    on: Date,
) -> Result<FileEvent, Refusal> {
    let what = "kann nicht eingeschränkt werden";
    if file.phase == Phase::Open {
        return Err(wrong_phase(file, what));
    }
    require_alive(file, what)?;
    if let Restriction::Since(since) = file.restriction {
        return Err(Refusal::new(
            format!("Akte {} {what}", file.reference),
            format!("sie ist es seit {} schon", german(since)),
            "es ist nichts zu tun",
        ));
    }
    Ok(FileEvent::Restricted { from, rule, edition, on })
}

fn lift_restriction(file: &CaseFile, on: Date, reason: String) -> Result<FileEvent, Refusal> {
    let what = "bleibt, wie sie ist";
    require_alive(file, what)?;
    if file.restriction.stands() {
        return Ok(FileEvent::RestrictionLifted { on, reason });
    }
    Err(Refusal::new(
        format!("Akte {} {what}", file.reference),
        "sie ist nicht eingeschränkt",
        "sehen Sie mit `schriftgut restrict list` nach, welche Akten es sind",
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

fn state_paper_scanned(file: &CaseFile, by: PersonId, on: Date) -> Result<FileEvent, Refusal> {
    require_kept(file, "nimmt keine Angabe zu ihrem Papier mehr auf")?;
    if file.carriers.paper.is_some() {
        return Ok(FileEvent::PaperScanned { by, on });
    }
    Err(Refusal::new(
        format!("Für die Akte {} wird nicht eingetragen, dass ihr Papier gescannt ist", file.reference),
        "sie hat keine Papierakte",
        "halten Sie fest, wo sie steht (`schriftgut paper place`)",
    ))
}

fn require_open(file: &CaseFile, what: &str) -> Result<(), Refusal> {
    if file.phase == Phase::Open { Ok(()) } else { Err(wrong_phase(file, what)) }
}

/// Open or closed: it is kept here, and nothing was done about it yet that cannot be taken back.
///
/// # Errors
/// A [`Refusal`] that says since when.
pub fn require_kept(file: &CaseFile, what: &str) -> Result<(), Refusal> {
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
