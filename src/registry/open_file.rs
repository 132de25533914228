//! Open a file (Akte anlegen) without a document: its number is given by the pattern of its class, or by hand. Its secrecy is
//! that of its class.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::record_types::Description;
use crate::domain::actor::Clerk;
use crate::domain::case_file::{Carriers, Case, CaseFile, ClassNumber, ReferenceNumber};
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::{CaseFileId, CaseId};
use crate::domain::life_cycle::{Command, decide};
use crate::format::wording;

/// Longest title of a file or case, in characters.
pub const TITLE_CHARS_MAX: usize = 4_000;

/// What is said of a file that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its class.
    pub class: ClassNumber,
    /// What it is about.
    pub title: String,
    /// What people are to call it; the next number of its class if nobody says.
    pub reference: Option<ReferenceNumber>,
    /// Its record type, by name or label; that of its class if nobody says.
    pub record_type: Option<String>,
    /// Fields of its type.
    pub fields: BTreeMap<String, String>,
    /// The day it was opened, which gives its number the year; today if nobody says.
    pub opened: Option<Date>,
    /// Title of a case (Vorgang) that is opened in it.
    pub case: Option<String>,
}

impl Registry {
    /// Opens a file. The number given by a pattern is never given again.
    ///
    /// # Errors
    /// A mistake if the class takes no new files or has no pattern where no number is named, if the number is in use, or if
    /// what is said does not fit the file's type.
    pub fn open_file(&self, clerk: Clerk<'_>, new: &NewFile) -> Answer<CaseFile> {
        let (actor, class) = (clerk.actor(), &new.class);
        let title = required("Der Betreff", &new.title)?;
        let case = new.case.as_deref().map(|title| required("Der Titel des Vorgangs", title)).transpose()?;
        let on = new.opened.unwrap_or_else(|| self.today());
        if on > self.today() {
            return refuse("der Tag der Anlage liegt in der Zukunft".to_owned(), "prüfen Sie das Datum");
        }
        let writing = self.writing()?;
        let rules = self.rules()?;
        if let Err(why) = rules.plan.takes_new_files(class) {
            return refuse(wording::no_new_files(class, why), "`schriftgut plan` zeigt den Aktenplan");
        }
        let domain = rules.plan.domain_of(class);
        if !actor.clearances.contains(&domain) {
            let why = "Ihnen fehlt die Berechtigung für den Schutzbereich dieser Aktenplaneinheit".to_owned();
            return refuse(why, "fragen Sie die Administration");
        }
        let said = Description { class, record_type: new.record_type.as_deref(), fields: &new.fields };
        let described = match self.describe(said, None)? {
            Ok(described) => described,
            Err((why, way_out)) => return refuse(why, &way_out),
        };
        let (reference, number) = match &new.reference {
            Some(reference) if self.is_free(reference)? => (reference.clone(), None),
            Some(reference) => return refuse(in_use(reference), "nennen Sie ein anderes"),
            None => match self.next_number(&writing, class, on.year())? {
                Some(given) => (given.reference, Some(given.event)),
                None => {
                    let why = format!("die Aktenplaneinheit {class} hat kein Muster für Aktenzeichen");
                    return refuse(why, "nennen Sie ein Aktenzeichen (--reference)");
                }
            },
        };
        let id = CaseFileId(Uuid::new_v4());
        let (fields, record_type) = (described.fields, described.record_type);
        let (class, carriers) = (class.clone(), Carriers::default());
        let opened = FileEvent::Opened { reference, title, class, record_type, domain, on, fields, carriers };
        self.record_opened(&writing, clerk, id, opened, number, case)
    }

    /// Key first, then the entries, all in one append.
    fn record_opened(
        &self,
        writing: &super::write::Writing<'_>,
        clerk: Clerk<'_>,
        id: CaseFileId,
        opened: FileEvent,
        number: Option<Event>,
        case: Option<String>,
    ) -> Answer<CaseFile> {
        let mut file =
            CaseFile::opened_by(id, opened.clone()).ok_or_else(|| Error::unknown("Akte", &id.to_string()))?;
        let mut events: Vec<Event> = number.into_iter().collect();
        events.push(Event::File(id, opened));
        if let Some(title) = case {
            let case = Case { id: CaseId(Uuid::new_v4()), title, opened: file.opened };
            let event = decide(&file, Command::OpenCase(case))?;
            file.apply(&event);
            events.push(Event::File(id, event));
        }
        self.written(self.keyring.add(&[id.into()]))?;
        self.record(writing, clerk.actor().id, &events)?;
        Ok(file)
    }
}

/// Says the same of a file that is there, one that is hidden and one that was destroyed.
pub(super) fn in_use(reference: &ReferenceNumber) -> String {
    format!("das Aktenzeichen {reference} ist oder war schon vergeben, und keines wird zweimal vergeben")
}

fn refuse<T>(why: String, way_out: &str) -> Answer<T> {
    Err(Error::mistake("Die Akte wird nicht angelegt", why, way_out))
}

fn required(what: &str, text: &str) -> Answer<String> {
    let text = text.trim();
    let chars = text.chars().count();
    if (1..=TITLE_CHARS_MAX).contains(&chars) {
        return Ok(text.to_owned());
    }
    let why = if chars == 0 { "leer".to_owned() } else { "zu lang".to_owned() };
    refuse(format!("{what} ist {why}"), &format!("schreiben Sie 1 bis {TITLE_CHARS_MAX} Zeichen"))
}
