//! Keeping files (Akten führen): what is said of them is changed, notes are written, somebody is reminded or made
//! responsible. What happened before stays in the ledger.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::record_types::{Described, Description as Said};
use crate::domain::actor::{Actor, Clerk, Reader};
use crate::domain::case_file::{CaseFile, ClassNumber, Description, Note, Reminder};
use crate::domain::event::Event;
use crate::domain::ids::{PersonId, ReminderId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::refusal::Refusal;
use crate::format::wording;

/// Longest note, reason or reminder, in characters.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Most files that are changed with one command: it is one append to the ledger, all or nothing.
pub const CHANGED_MAX: usize = 10_000;

/// What is to be changed of files; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What they are about.
    pub title: Option<String>,
    /// Their place in the file plan.
    pub class: Option<ClassNumber>,
    /// Their record type, by name or label.
    pub record_type: Option<String>,
    /// Fields of their type; an empty value takes one away.
    pub fields: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// A file before and after a change.
#[derive(Debug, Clone)]
pub struct ChangedFile {
    /// The file as it was, without its documents.
    pub file: CaseFile,
    /// What is said of it from now on.
    pub after: Description,
}

impl Registry {
    /// Changes what is said of files, all of them or none; those of which nothing changes are passed over. Without
    /// `record` it is only looked what would change.
    ///
    /// # Errors
    /// A mistake or refusal that names the file: unknown, on a running disposal list, handed over; a class or value
    /// that does not fit.
    pub fn change_files(
        &self,
        clerk: Clerk<'_>,
        references: &[String],
        change: &Change,
        record: bool,
    ) -> Answer<Vec<ChangedFile>> {
        require_text("Der Grund", &change.reason)?;
        require_not_too_many(references)?;
        let writing = self.writing()?;
        let (mut changed, mut events, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for reference in references {
            let file = self.cover_named(clerk.actor(), reference)?;
            let after = self.described(&file, change)?;
            if after == file.description() || !seen.insert(file.id) {
                continue;
            }
            self.require_not_listed(&file)?;
            let (on, reason) = (self.today(), change.reason.trim().to_owned());
            let event = decide(&file, Command::Describe { description: after.clone(), on, reason })?;
            events.push(Event::File(file.id, event));
            changed.push(ChangedFile { file, after });
        }
        if record && !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(changed)
    }

    /// What is said of a file after a change.
    fn described(&self, file: &CaseFile, change: &Change) -> Answer<Description> {
        let refuse = |why: String, way_out: &str| {
            Err(Error::mistake(format!("Die Akte {} wird nicht geändert", file.reference), why, way_out))
        };
        let class = change.class.clone().unwrap_or_else(|| file.class.clone());
        if class != file.class
            && let Err(why) = self.rules()?.plan.takes_new_files(&class)
        {
            return refuse(wording::no_new_files(&class, why), "`schriftgut plan` zeigt den Aktenplan");
        }
        let title = match change.title.as_deref().map(str::trim) {
            Some("") => return refuse("der Betreff ist leer".to_owned(), "nennen Sie einen"),
            Some(title) => title.to_owned(),
            None => file.title.clone(),
        };
        let kept = change.record_type.is_none() && change.fields.is_empty();
        if kept {
            let (record_type, fields) = (file.record_type.clone(), file.fields.clone());
            return Ok(Description { title, class, record_type, fields });
        }
        let mut fields = file.fields.clone();
        fields.extend(change.fields.clone());
        fields.retain(|_, value| !value.trim().is_empty());
        let own = file.type_id().map(|id| id.as_str().to_owned());
        let record_type = change.record_type.clone().or_else(|| own.clone());
        let said = Said { class: &class, record_type: record_type.as_deref(), fields: &fields };
        match self.describe(said, own.as_deref())? {
            Ok(Described { record_type, fields }) => Ok(Description { title, class, record_type, fields }),
            Err((why, way_out)) => refuse(why, &way_out),
        }
    }

    /// Writes a note.
    ///
    /// # Errors
    /// A mistake for an empty or too long text or an unknown file; a refusal by its phase.
    pub fn note(&self, clerk: Clerk<'_>, reference: &str, text: &str) -> Answer<CaseFile> {
        require_text("Der Vermerk", text)?;
        let (by, on) = (clerk.actor().id, self.today());
        self.command(clerk, reference, Command::Note(Note { by, on, text: text.trim().to_owned() }))
    }

    /// Has somebody look at a file again on a day: oneself, or whoever has this login.
    ///
    /// # Errors
    /// A mistake for a text or a day that does not fit; a refusal for somebody who may not read the file.
    pub fn remind(
        &self,
        clerk: Clerk<'_>,
        reference: &str,
        on: Date,
        whom: Option<&str>,
        text: &str,
    ) -> Answer<ReminderId> {
        require_text("Wozu die Wiedervorlage ist", text)?;
        if on < self.today() {
            return Err(Error::mistake(
                "Die Wiedervorlage wird nicht eingetragen",
                "der Tag ist vorbei",
                "nennen Sie heute oder einen späteren Tag",
            ));
        }
        let writing = self.writing()?;
        let file = self.cover_named(clerk.actor(), reference)?;
        let whom = self.reader_of(clerk.actor(), whom, &file)?.id;
        let (id, text) = (ReminderId(Uuid::new_v4()), text.trim().to_owned());
        let event = decide(&file, Command::Remind(Reminder { id, whom, on, text }))?;
        self.record(&writing, clerk.actor().id, &[Event::File(file.id, event)])?;
        Ok(id)
    }

    /// A reminder was dealt with.
    ///
    /// # Errors
    /// A refusal if the file has no such reminder.
    pub fn finish_reminder(&self, clerk: Clerk<'_>, reference: &str, id: ReminderId) -> Answer<CaseFile> {
        self.command(clerk, reference, Command::FinishReminder { id, on: self.today() })
    }

    /// What this person is to look at again up to a day, the earliest first, among the files this person may read.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn reminders(&self, reader: Reader<'_>, until: Date) -> Answer<Vec<(CaseFile, Reminder)>> {
        self.reminders_of(reader.actor(), reader.actor().id, until)
    }

    /// What somebody is to look at again, of what the one who asks may read.
    pub(super) fn reminders_of(
        &self,
        asking: &Actor,
        whom: PersonId,
        until: Date,
    ) -> Answer<Vec<(CaseFile, Reminder)>> {
        let files = self.catalog()?.files_to_look_at(whom, until)?;
        let mut due = Vec::new();
        for id in files {
            let Some(file) = self.readable_cover(asking, id)? else { continue };
            let mine = file.reminders.iter().filter(|one| one.whom == whom && one.on <= until);
            due.extend(mine.map(|one| (file.clone(), one.clone())));
        }
        due.sort_by(|(a, one), (b, other)| (one.on, &a.reference).cmp(&(other.on, &b.reference)));
        Ok(due)
    }

    /// Makes whoever has this login responsible for files, or nobody in person; all of them or none.
    ///
    /// # Errors
    /// A mistake that names the file or person that is unknown; a refusal for somebody who may not read the file.
    pub fn assign(&self, clerk: Clerk<'_>, references: &[String], to: Option<&str>) -> Answer<u64> {
        require_not_too_many(references)?;
        let writing = self.writing()?;
        let (mut events, mut seen) = (Vec::new(), HashSet::new());
        for reference in references {
            let file = self.cover_named(clerk.actor(), reference)?;
            let to = match to {
                Some(login) => Some(self.reader_of(clerk.actor(), Some(login), &file)?.id),
                None => None,
            };
            if file.responsible != to && seen.insert(file.id) {
                let event = decide(&file, Command::Assign { to, on: self.today() })?;
                events.push(Event::File(file.id, event));
            }
        }
        if !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(events.len() as u64)
    }

    /// Whoever has this login (or the one who asks), if that person may read the file.
    fn reader_of(&self, asking: &Actor, login: Option<&str>, file: &CaseFile) -> Answer<Actor> {
        let Some(login) = login else { return Ok(asking.clone()) };
        let person = self.person(login)?;
        if person.may_read_file(file) {
            return Ok(person);
        }
        Err(Error::Refusal(Refusal::new(
            format!("Die Akte {} wird {login} nicht zugewiesen", file.reference),
            "diese Person darf sie nicht lesen",
            "wählen Sie eine andere, oder die Administration ändert die Rechte",
        )))
    }
}

pub(super) fn require_text(what: &str, text: &str) -> Answer<()> {
    let chars = text.trim().chars().count();
    if (1..=TEXT_CHARS_MAX).contains(&chars) {
        return Ok(());
    }
    let why =
        if chars == 0 { "es steht nichts da".to_owned() } else { format!("{chars} Zeichen sind zu viele") };
    Err(Error::mistake(
        format!("{what} fehlt oder ist zu lang"),
        why,
        format!("schreiben Sie 1 bis {TEXT_CHARS_MAX} Zeichen"),
    ))
}

pub(super) fn require_not_too_many(references: &[String]) -> Answer<()> {
    if references.len() <= CHANGED_MAX {
        return Ok(());
    }
    Err(Error::mistake(
        "Es wurde nichts geändert",
        format!("{} Akten sind genannt, zulässig sind {CHANGED_MAX}", references.len()),
        "teilen Sie die Änderung",
    ))
}
