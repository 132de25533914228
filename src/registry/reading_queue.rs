//! What is being read (Was gelesen wird): what is read now, what waits and in which order, and what was read in part or not
//! at all, with the reason. A person hears of documents that he may read, and of no others, not even their number.
//! The queue is the record itself: unread documents of the catalogue; in memory are a few numbers of each.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::Registry;
use super::error::{Answer, Error};
use crate::catalog::Kind;
use crate::domain::actor::{Clerk, Reader};
use crate::domain::document::{Document, TextState};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::reading_order::{Arrival, put_in_order};
use crate::format::mailbox::MailboxState;
use crate::ledger::EntryNo;

/// Documents that are named in each part of the answer; the others are counted.
pub const QUEUE_NAMED_MAX: usize = 100;

/// What is in hand, and what is known of what waits.
#[derive(Debug, Default)]
pub(super) struct ReadingDesk {
    being_read: Mutex<BTreeMap<DocumentId, Instant>>,
    waiting: Mutex<HashMap<DocumentId, Waiting>>,
}

/// What is known of a document that waits.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    arrival: Arrival,
    domain: ProtectionDomain,
    file: Option<CaseFileId>,
}

/// What is being read, as far as this person may know.
#[derive(Debug, Default)]
pub struct QueueView {
    /// Read right now, and for how many seconds.
    pub now: Vec<(Document, u64)>,
    /// The next of those that wait, in their order.
    pub next: Vec<Document>,
    /// How many wait, those named included.
    pub waiting: usize,
    /// The day the oldest of them was taken in.
    pub oldest: Option<jiff::civil::Date>,
    /// Given up, or read in part, the newest first.
    pub in_part: Vec<Document>,
    /// How many there are, those named included.
    pub in_part_count: usize,
    /// The mailboxes that are emptied as this person.
    pub mailboxes: Vec<MailboxState>,
}

/// A document in the hands of whoever reads it.
pub(super) struct InHand<'a>(&'a Registry, DocumentId);

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        held(&self.0.reading_desk.being_read).remove(&self.1);
    }
}

fn held<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    /// Takes a document in hand; none if somebody reads it already.
    pub(super) fn take_in_hand(&self, id: DocumentId) -> Option<InHand<'_>> {
        let before = held(&self.reading_desk.being_read).insert(id, Instant::now());
        match before {
            None => Some(InHand(self, id)),
            Some(since) => {
                held(&self.reading_desk.being_read).insert(id, since);
                None
            }
        }
    }

    /// Somebody reads this document right now. Whether it may be known at all was decided before.
    #[must_use]
    pub fn is_being_read(&self, id: DocumentId) -> bool {
        held(&self.reading_desk.being_read).contains_key(&id)
    }

    /// What waits to be read, in the order it is read in.
    pub(super) fn reading_order(&self) -> Answer<Vec<DocumentId>> {
        let mut order: Vec<_> =
            self.waiting_to_be_read()?.into_iter().map(|waiting| waiting.arrival).collect();
        put_in_order(&mut order);
        Ok(order.into_iter().map(|arrival| arrival.document).collect())
    }

    /// What waits. Only what is new since the last time is opened.
    fn waiting_to_be_read(&self) -> Answer<Vec<Waiting>> {
        let unread = self.catalog()?.unread()?;
        let mut known = std::mem::take(&mut *held(&self.reading_desk.waiting));
        let mut waiting = HashMap::with_capacity(unread.len());
        for id in unread {
            let Some(row) = self.catalog()?.row(Kind::Document, id.0)? else { continue };
            let found = match known.remove(&id).filter(|known| known.arrival.entry == row.head) {
                Some(known) => known,
                None => {
                    let Some(document) = self.document(id)? else { continue };
                    let header = self.ledger.entry(EntryNo(row.head))?.header;
                    let (by, at_seconds) = (header.actor, header.at.as_second());
                    let arrival = Arrival { document: id, entry: row.head, by, at_seconds };
                    Waiting { arrival, domain: document.domain, file: document.file }
                }
            };
            waiting.insert(id, found);
        }
        let all = waiting.values().copied().collect();
        *held(&self.reading_desk.waiting) = waiting;
        Ok(all)
    }

    /// What is being read, what waits, and what was not read or only in part.
    ///
    /// # Errors
    /// A fault if the catalogue or the ledger fails.
    pub fn reading_queue(&self, reader: Reader<'_>) -> Answer<QueueView> {
        let actor = reader.actor();
        let mut view = QueueView::default();
        let being_read: Vec<_> =
            held(&self.reading_desk.being_read).iter().map(|(id, since)| (*id, since.elapsed())).collect();
        for (id, since) in &being_read {
            view.now.extend(self.readable_document(actor, *id)?.map(|document| (document, since.as_secs())));
        }
        let mut waiting = Vec::new();
        for found in self.waiting_to_be_read()? {
            let in_hand = being_read.iter().any(|(id, _)| *id == found.arrival.document);
            if !in_hand && self.may_read_what_lies_in(actor, found.domain, found.file)? {
                waiting.push(found.arrival);
            }
        }
        view.waiting = waiting.len();
        let oldest = waiting.iter().min_by_key(|arrival| arrival.entry).map(|arrival| arrival.document);
        if let Some(oldest) = oldest {
            view.oldest = self.document(oldest)?.map(|document| document.received);
        }
        put_in_order(&mut waiting);
        for arrival in waiting.iter().take(QUEUE_NAMED_MAX) {
            view.next.extend(self.readable_document(actor, arrival.document)?);
        }
        for id in self.catalog()?.read_in_part()? {
            let document = self.readable_document(actor, id)?;
            view.in_part.extend(document.filter(|document| document.withdrawn.is_none()));
        }
        view.in_part_count = view.in_part.len();
        view.in_part.sort_by_key(|document| (std::cmp::Reverse(document.received), document.id));
        view.in_part.truncate(QUEUE_NAMED_MAX);
        view.mailboxes = self.mailboxes_of(actor.id)?;
        Ok(view)
    }

    /// Gives up reading a document that waits; its original stays as it is, and it can be read again later.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person, does not wait, or no reason is given.
    pub fn give_up_reading(&self, clerk: Clerk<'_>, id: DocumentId, reason: &str) -> Answer<()> {
        let actor = clerk.actor();
        let refuse = |why: &str, way_out: &str| {
            Err(Error::mistake(format!("Das Lesen von Dokument {id} wird nicht aufgegeben"), why, way_out))
        };
        let reason = reason.trim();
        if reason.is_empty() {
            return refuse("es ist kein Grund genannt", "nennen Sie den Grund");
        }
        let writing = self.writing()?;
        let unknown = || Error::unknown("Dokument", &id.to_string());
        let document = self.readable_document(actor, id)?.ok_or_else(unknown)?;
        if document.text != TextState::Unread {
            return refuse(
                "es wartet nicht darauf, gelesen zu werden",
                "`schriftgut queue` zeigt, was wartet",
            );
        }
        if !self.still_waits(&document)? {
            return refuse("seine Akte wird vernichtet", "es ist nichts zu tun");
        }
        let reason = format!("auf Anordnung nicht gelesen: {reason}");
        let event = DocumentEvent::ReadingGivenUp { format: document.format, reason };
        self.record(&writing, actor.id, &[Event::Document(id, event)])?;
        drop(writing);
        self.follow_indexes()
    }
}
