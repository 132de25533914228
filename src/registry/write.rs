//! The one way into the ledger: events are sealed, appended, and the catalogue follows before the lock is
//! released. Objects that an event names are durable before (the verb has seen to it).

use std::collections::HashMap;
use std::sync::MutexGuard;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::follow::Said;
use super::records::kind_of;
use super::seals::subject;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::PersonId;
use crate::format::event::kind_code;
use crate::ledger::{Draft, EntryKind, EntryNo};

/// Proof that this thread may write.
pub(super) struct Writing<'a>(#[allow(dead_code)] MutexGuard<'a, ()>);

impl Registry {
    /// Waits until this thread may write, and sees to it that there is room.
    pub(super) fn writing(&self) -> Answer<Writing<'_>> {
        self.writing_about(0)
    }

    /// As [`Self::writing`], for so many bytes.
    pub(super) fn writing_about(&self, bytes: u64) -> Answer<Writing<'_>> {
        let writing = self.undisturbed_and_caught_up()?;
        self.require_room(bytes)?;
        Ok(writing)
    }

    /// As [`Self::writing`], and draws on the reserve if room is short: for destruction.
    pub(super) fn writing_in_need(&self) -> Answer<Writing<'_>> {
        let writing = self.undisturbed_and_caught_up()?;
        self.draw_on_the_reserve()?;
        Ok(writing)
    }

    /// Waits until nobody else writes.
    pub(super) fn undisturbed(&self) -> Answer<Writing<'_>> {
        self.writing.lock().map(Writing).map_err(|_| {
            Error::fault(
                "Es kann nichts mehr geschrieben werden",
                "beenden Sie das Programm und starten Sie es neu; beim Start wird alles geprüft",
                "ein früheres Schreiben ist abgestürzt",
            )
        })
    }

    /// As [`Self::undisturbed`], and what is decided now rests on all that is durable: a catalogue that could not follow
    /// the last entries (reading them failed once) catches up first, or the next entry's chain would pass them over.
    fn undisturbed_and_caught_up(&self) -> Answer<Writing<'_>> {
        let writing = self.undisturbed()?;
        self.refuse_if_broken_off()?;
        self.suit_catalog_to_room()?;
        self.follow_catalog()?;
        Ok(writing)
    }

    /// Appends events in order, all or nothing; durable on return. Returns the number of the first.
    pub(super) fn record(&self, _writing: &Writing<'_>, by: PersonId, events: &[Event]) -> Answer<EntryNo> {
        let first = self.ledger.head().size;
        let mut newest: HashMap<Uuid, EntryNo> = HashMap::new();
        let mut drafts = Vec::with_capacity(events.len());
        let mut said = Vec::with_capacity(events.len());
        let at = self.ledger_time(first)?;
        for (number, event) in (first..).zip(events) {
            let subject = subject(event);
            let previous = match newest.insert(subject, EntryNo(number)) {
                Some(previous) => Some(previous),
                None => self.newest_entry(event)?,
            };
            let body = self.seal_body(event)?;
            let (kind, begins) = (kind_of(event), previous.is_none());
            said.push(Said { kind, subject, begins, event: Some(event) });
            drafts.push(Draft {
                at,
                actor: by,
                kind: EntryKind(kind_code(event)),
                subject,
                key: body.key,
                previous,
                commitment: body.commitment,
                body: body.bytes,
            });
        }
        self.written(self.ledger.append(first, drafts))?;
        self.follow_catalog_with(first, &said)?;
        Ok(EntryNo(first))
    }

    /// Now, but never before the last entry: a clock that is put back moves nothing back.
    pub(super) fn ledger_time(&self, size: u64) -> Answer<jiff::Timestamp> {
        let now = self.disk.now();
        match size.checked_sub(1) {
            None => Ok(now),
            Some(last) => Ok(now.max(self.ledger.entry(EntryNo(last))?.header.at)),
        }
    }

    /// The newest entry of an event's subject so far.
    fn newest_entry(&self, event: &Event) -> Answer<Option<EntryNo>> {
        if matches!(event, Event::Document(_, DocumentEvent::TakenIn { .. })) {
            return Ok(None); // a document begins with it
        }
        let row = self.catalog()?.row(kind_of(event), subject(event))?;
        Ok(row.map(|row| EntryNo(row.head)))
    }
}
