//! Close and reopen (z.d.A., Wiederaufleben), and file what lies in the in-tray.

use std::collections::HashSet;

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use super::fact::EVENTS_AT_A_TIME;
use crate::domain::actor::Clerk;
use crate::domain::case_file::{CaseFile, Phase, ReferenceNumber};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{Command, decide, german};

impl Registry {
    /// Closes a file; retention periods count from the day of the closing order.
    ///
    /// # Errors
    /// A refusal by its phase; a mistake for a day to come, and if it is unknown to this person.
    pub fn close(&self, clerk: Clerk<'_>, reference: &str, on: Date) -> Answer<CaseFile> {
        self.has_come(on, "Die Akte wird nicht geschlossen")?;
        self.command(clerk, reference, Command::Close { on })
    }

    /// Closes the files of a batch. Those that are closed already are passed over, and so are those that are not there,
    /// because each of their documents was refused. All are looked at before the first is closed.
    ///
    /// # Errors
    /// A refusal for the first that cannot be closed.
    pub fn close_all(&self, clerk: Clerk<'_>, closing: &[(ReferenceNumber, Date)]) -> Answer<()> {
        let (writing, actor) = (self.writing()?, clerk.actor());
        let (mut events, mut seen) = (Vec::new(), HashSet::new());
        for (reference, on) in closing {
            let file = self.cover_by_reference(reference)?.filter(|file| actor.may_read_file(file));
            // Two spellings of one reference number are one file.
            if let Some(file) = file.filter(|file| file.phase == Phase::Open && seen.insert(file.id)) {
                events.push(Event::File(file.id, decide(&file, Command::Close { on: *on })?));
            }
        }
        for some in events.chunks(EVENTS_AT_A_TIME) {
            self.record(&writing, actor.id, some)?;
        }
        Ok(())
    }

    /// Opens a closed file again.
    ///
    /// # Errors
    /// As [`Self::close`].
    pub fn reopen(&self, clerk: Clerk<'_>, reference: &str, on: Date) -> Answer<CaseFile> {
        self.has_come(on, "Die Akte wird nicht wieder geöffnet")?;
        self.command(clerk, reference, Command::Reopen { on })
    }

    /// Puts a document from the in-tray into a file, with what came out of it and lies there too.
    ///
    /// # Errors
    /// A refusal if it is in a file already or the file is not open.
    pub fn file_document(&self, clerk: Clerk<'_>, id: DocumentId, reference: &str) -> Answer<CaseFile> {
        let writing = self.writing()?;
        let actor = clerk.actor();
        let document = self.known_document(actor, id)?;
        let file = self.file_named(actor, reference)?;
        if document.file.is_some() || document.domain != file.domain {
            return Err(Error::mistake(
                format!(
                    "Dokument „{}“ kann nicht in die Akte {} gelegt werden",
                    document.file_name, file.reference
                ),
                "es liegt schon in einer Akte, oder die Akte hat einen anderen Schutzbereich",
                "nur was im Posteingang liegt, kann so abgelegt werden",
            ));
        }
        let mut events = Vec::new();
        for id in self.with_contents(actor, &[id])? {
            let filed = decide(&file, Command::File(id))?;
            events.push(Event::Document(id, DocumentEvent::Filed { file: file.id }));
            events.push(Event::File(file.id, filed));
        }
        self.record(&writing, actor.id, &events)?;
        Ok(file)
    }

    /// What is recorded has happened: its day is not one to come.
    fn has_come(&self, on: Date, what: &str) -> Answer<()> {
        if on <= self.today() {
            return Ok(());
        }
        let why = format!("der {} liegt in der Zukunft", german(on));
        Err(Error::mistake(what, why, "nennen Sie den Tag, an dem es geschehen ist"))
    }

    /// Asks the life cycle and records what follows.
    pub(super) fn command(&self, clerk: Clerk<'_>, reference: &str, command: Command) -> Answer<CaseFile> {
        let writing = self.writing()?;
        let mut file = self.file_named(clerk.actor(), reference)?;
        let event = decide(&file, command)?;
        self.record(&writing, clerk.actor().id, &[Event::File(file.id, event.clone())])?;
        file.apply(&event);
        Ok(file)
    }
}
