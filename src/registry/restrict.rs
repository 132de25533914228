//! Restrict (Einschränkung der Verarbeitung): what a rule keeps, but no longer for everyone who used it, leaves the
//! search and is read only by those who need it. When that is to be is asked of the rules; nothing is destroyed here.

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use super::fact::EVENTS_AT_A_TIME;
use super::keep::require_text;
use crate::domain::actor::{Reader, RecordsManager};
use crate::domain::case_file::CaseFile;
use crate::domain::event::Event;
use crate::domain::ids::PersonId;
use crate::domain::life_cycle::{Command, decide, german};
use crate::domain::refusal::Refusal;
use crate::domain::retention::restricted_from;

/// A file whose second phase has begun.
#[derive(Debug, Clone)]
pub struct ToRestrict {
    /// The file, without its documents.
    pub file: CaseFile,
    /// From which day on its rule says so.
    pub from: Date,
}

impl Registry {
    /// Restricts every file whose second phase has begun by this day, and answers which they are, in the order of their
    /// reference numbers. Asked again it finds nothing more to do. Without `record` it is only looked.
    ///
    /// # Errors
    /// A mistake if it is to be recorded for a day to come.
    pub fn restrict_due(
        &self,
        manager: RecordsManager<'_>,
        on: Date,
        record: bool,
    ) -> Answer<Vec<ToRestrict>> {
        if record && on > self.today() {
            return Err(Error::mistake(
                "Es wird keine Akte eingeschränkt",
                format!("der {} liegt in der Zukunft", german(on)),
                "für einen späteren Tag zeigt `--preview`, welche Akten es wären",
            ));
        }
        let mut due = self.second_phase_begun(on, &|file| manager.actor().may_read_file(file))?;
        if record {
            self.restrict(&due, manager.actor().id, on)?;
        }
        due.sort_by(|a, b| a.file.reference.cmp(&b.file.reference));
        Ok(due)
    }

    /// Restricts every file whose second phase has begun by today, by the rules alone, in whatever secrecy it lies: so many.
    /// What the rules say of a file needs nobody's leave; that it is read as before does.
    ///
    /// # Errors
    /// A fault if the machinery fails.
    pub fn restrict_by_the_rules(&self) -> Answer<usize> {
        let today = self.today();
        let due = self.second_phase_begun(today, &|_| true)?;
        self.restrict(&due, PersonId::PROGRAM, today)
    }

    /// Records it of those of which it is still so: so many.
    fn restrict(&self, due: &[ToRestrict], by: PersonId, on: Date) -> Answer<usize> {
        if due.is_empty() {
            return Ok(0);
        }
        let writing = self.writing()?;
        let mut events = Vec::new();
        for wanted in due {
            events.extend(self.restriction_of(wanted, on)?);
        }
        for some in events.chunks(EVENTS_AT_A_TIME) {
            self.record(&writing, by, some)?;
        }
        drop(writing);
        self.follow_indexes()?; // before this is acknowledged: a word of it must not be counted any more
        Ok(events.len())
    }

    /// Every such file that is `seen`.
    fn second_phase_begun(
        &self,
        on: Date,
        seen: &(dyn Fn(&CaseFile) -> bool + Sync),
    ) -> Answer<Vec<ToRestrict>> {
        let rules = self.rules()?;
        let parts = self.fold_files(&|due: &mut Vec<ToRestrict>, file| {
            if seen(&file) {
                let from = restricted_from(&file, &rules.book, &rules.confirmations, on);
                let begun = from.filter(|from| *from <= on && file.restriction.is_wanting(*from));
                due.extend(begun.map(|from| ToRestrict { file, from }));
            }
            Ok(())
        })?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// What happens to it; nothing if that is no longer so: it was looked at before it was this person's turn to write.
    fn restriction_of(&self, wanted: &ToRestrict, on: Date) -> Answer<Option<Event>> {
        let rules = self.rules()?;
        let Some(file) = self.cover(wanted.file.id)? else { return Ok(None) };
        let still = restricted_from(&file, &rules.book, &rules.confirmations, on) == Some(wanted.from);
        let Ok((rule, _)) = rules.book.governing(&file.class, on) else { return Ok(None) };
        if !still || !file.restriction.is_wanting(wanted.from) {
            return Ok(None);
        }
        let (rule, edition) = (rule.id.clone(), rules.book.edition().clone());
        let event = decide(&file, Command::Restrict { from: wanted.from, rule, edition, on })?;
        Ok(Some(Event::File(file.id, event)))
    }

    /// The files that are restricted, among those this person may read, in the order of their reference numbers.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn restricted_files(&self, reader: Reader<'_>) -> Answer<Vec<CaseFile>> {
        let mut files = Vec::new();
        for id in self.catalog()?.restricted()? {
            files.extend(self.readable_cover(reader.actor(), id)?);
        }
        files.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(files)
    }

    /// Has these files read again as before; all of them or none. They stay so until a fact moves the second phase to a
    /// later day.
    ///
    /// # Errors
    /// A mistake if one is unknown to this person, or without a reason; a refusal if one is not restricted.
    pub fn lift_restriction(
        &self,
        manager: RecordsManager<'_>,
        references: &[String],
        reason: &str,
    ) -> Answer<Vec<CaseFile>> {
        require_text("Der Grund", reason)?;
        let (writing, on) = (self.writing()?, self.today());
        let files = references.iter().map(|reference| self.cover_named(manager.actor(), reference));
        let files = files.collect::<Answer<Vec<_>>>()?;
        let lift = |file: &CaseFile| -> Result<Event, Refusal> {
            let event = decide(file, Command::LiftRestriction { on, reason: reason.trim().to_owned() })?;
            Ok(Event::File(file.id, event))
        };
        let events = files.iter().map(lift).collect::<Result<Vec<_>, Refusal>>()?;
        for some in events.chunks(EVENTS_AT_A_TIME) {
            self.record(&writing, manager.actor().id, some)?;
        }
        Ok(files)
    }
}
