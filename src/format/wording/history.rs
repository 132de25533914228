//! What happened to a file or a document, in a line each, for whoever takes it over. Free words of the office stay out, and so
//! does what concerned its own work alone: notes, reminders, loans, who was responsible.

use crate::domain::disposal::Decision;
use crate::domain::event::{DocumentEvent, Event, FileEvent};
use crate::domain::life_cycle::german;

/// What happened; none for what is not told.
#[must_use]
pub fn happened(event: &Event) -> Option<String> {
    match event {
        Event::File(_, event) => of_file(event),
        Event::Document(_, event) => of_document(event),
        Event::Office(_) | Event::Person(..) | Event::List(..) | Event::Archive(..) => None,
    }
}

fn of_file(event: &FileEvent) -> Option<String> {
    Some(match event {
        FileEvent::Opened { on, .. } => format!("Akte angelegt zum {}", german(*on)),
        FileEvent::CaseOpened { case } => format!("Vorgang „{}“ angelegt", case.title),
        FileEvent::DocumentTakenOut { .. } => "Dokument in eine andere Akte umgelegt".to_owned(),
        FileEvent::Closed { on } => format!("geschlossen (z.d.A.) zum {}", german(*on)),
        FileEvent::Reopened { on } => format!("wieder geöffnet zum {}", german(*on)),
        FileEvent::Described { .. } => "Beschreibung geändert".to_owned(),
        FileEvent::HoldPlaced { .. } => "Vernichtungssperre verhängt".to_owned(),
        FileEvent::HoldReleased { .. } => "Vernichtungssperre aufgehoben".to_owned(),
        FileEvent::AppraisalNoted { decision, .. } => format!("bewertet: {}", Decision::label(*decision)),
        FileEvent::Transferred { on, .. } => format!("an das Archiv abgegeben am {}", german(*on)),
        FileEvent::PaperScanned { .. } => "Papierakte ersetzend gescannt".to_owned(),
        FileEvent::Restricted { .. } => "Verarbeitung eingeschränkt".to_owned(),
        FileEvent::RestrictionLifted { .. } => "Einschränkung der Verarbeitung aufgehoben".to_owned(),
        FileEvent::DocumentFiled { .. }
        | FileEvent::FactRecorded { .. }
        | FileEvent::Noted { .. }
        | FileEvent::ReminderSet { .. }
        | FileEvent::ReminderDone { .. }
        | FileEvent::Assigned { .. }
        | FileEvent::PaperPlaced { .. }
        | FileEvent::PaperLent { .. }
        | FileEvent::PaperReturned { .. }
        | FileEvent::Related { .. }
        | FileEvent::Unrelated { .. }
        | FileEvent::Condemned { .. }
        | FileEvent::Destroyed { .. } => return None,
    })
}

fn of_document(event: &DocumentEvent) -> Option<String> {
    Some(match event {
        DocumentEvent::TakenIn { file_name, .. } => format!("aufgenommen als „{file_name}“"),
        DocumentEvent::VersionAdded { file_name, .. } => format!("neue Version aufgenommen: „{file_name}“"),
        DocumentEvent::Refiled { .. } => "in eine andere Akte umgelegt".to_owned(),
        DocumentEvent::Sorted { register: Some(number), .. } => format!("in Register {number} eingeordnet"),
        DocumentEvent::Sorted { register: None, .. } => "aus dem Register genommen".to_owned(),
        DocumentEvent::Withdrawn { .. } => "außer Gebrauch genommen".to_owned(),
        DocumentEvent::Reinstated { .. } => "wieder in Gebrauch genommen".to_owned(),
        DocumentEvent::MadeOf { .. } => "aus Seiten anderer Dokumente hergestellt".to_owned(),
        DocumentEvent::Replaced { .. } => "durch Dokumente aus seinen Seiten ersetzt".to_owned(),
        DocumentEvent::ContainedIn { .. } => "aus einem anderen Dokument herausgelöst".to_owned(),
        DocumentEvent::Scanned { .. } => "als Scan von Papier ausgewiesen".to_owned(),
        DocumentEvent::PagesChecked { .. } => "Seiten des Scans geprüft".to_owned(),
        DocumentEvent::TransferNoted { .. } => "Transfervermerk erstellt".to_owned(),
        DocumentEvent::Filed { .. }
        | DocumentEvent::Unpacked { .. }
        | DocumentEvent::DividersFound { .. }
        | DocumentEvent::PagesExpected { .. }
        | DocumentEvent::TextRead { .. }
        | DocumentEvent::ReadingGivenUp { .. } => return None,
    })
}
