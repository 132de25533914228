//! The views follow the ledger. The catalogue follows inside every write; the indexes follow when someone
//! searches or a verb ends. Both remember their position, so following twice changes nothing.

use std::collections::{BTreeMap, btree_map};
use std::sync::RwLockReadGuard;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::records::{Lived, kind_of_code};
use crate::base::digest::Sha256;
use crate::base::followed::Followed;
use crate::catalog::{Catalog, CatalogError, Changes, Kind, Row};
use crate::domain::case_file::Reminder;
use crate::domain::event::{DocumentEvent, Event, FileEvent, ListEvent};
use crate::domain::ids::{CaseFileId, DocumentId, PersonId};
use crate::domain::paper::Barcode;
use crate::ledger::{Entry, EntryNo};

/// Entries taken from the ledger at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;

/// What one step of following has read and not yet written.
#[derive(Default)]
struct Step {
    rows: BTreeMap<(Kind, Uuid), (u64, Lived)>,
    /// Whose folder a barcode (by its keyed hash) is on since; none if on no folder any more.
    barcodes: BTreeMap<[u8; 32], Option<CaseFileId>>,
    changes: Changes,
}

/// What an entry says, and whom it is about.
pub(super) struct Said<'a> {
    pub(super) kind: Kind,
    pub(super) subject: Uuid,
    /// It is the first entry of its chain.
    pub(super) begins: bool,
    /// None if its key is forgotten.
    pub(super) event: Option<&'a Event>,
}

impl Registry {
    /// The catalogue, for reading.
    pub(super) fn catalog(&self) -> Answer<RwLockReadGuard<'_, Catalog>> {
        self.catalog.read().map_err(|_| {
            Error::fault(
                "Der Katalog ist nicht verfügbar",
                "starten Sie das Programm neu",
                "ein früherer Neuaufbau ist abgestürzt",
            )
        })
    }

    /// Brings the catalogue up to the ledger's head. One that failed (sled never writes again once its disk was
    /// full) is made anew.
    pub(super) fn follow_catalog(&self) -> Answer<()> {
        let followed = self.catalog().and_then(|catalog| self.follow_into(&catalog));
        match followed {
            Err(error) if catalog_failed(&error) => self.renew_catalog(),
            followed => followed,
        }
    }

    /// As [`Self::follow_catalog`], where the entries from `first` on were just written and what they say is at hand: it
    /// need not be read and opened again.
    pub(super) fn follow_catalog_with(&self, first: u64, said: &[Said<'_>]) -> Answer<()> {
        let followed = self.catalog().and_then(|catalog| {
            if catalog.followed()?.entries != first {
                return self.follow_into(&catalog);
            }
            let mut step = Step::default();
            for (number, said) in (first..).zip(said) {
                self.follow_entry(&catalog, &mut step, number, said)?;
            }
            self.take_step(&catalog, step, self.followed_to(first + said.len() as u64)?)
        });
        match followed {
            Err(error) if catalog_failed(&error) => self.renew_catalog(),
            followed => followed,
        }
    }

    /// Brings a catalogue (perhaps a new one) up to the ledger's head.
    pub(super) fn follow_into(&self, catalog: &Catalog) -> Answer<()> {
        let mut position = catalog.followed()?.entries;
        while position < self.ledger.head().size {
            let entries = self.ledger.entries(EntryNo(position), ENTRIES_AT_A_TIME)?;
            let mut step = Step::default();
            for entry in &entries {
                let (header, kind) = (&entry.header, kind_of_entry(entry)?);
                let event = self.open_body(entry)?;
                let said = Said {
                    kind,
                    subject: header.subject,
                    begins: header.previous.is_none(),
                    event: event.as_ref(),
                };
                self.follow_entry(catalog, &mut step, header.number.0, &said)?;
            }
            position += entries.len() as u64;
            self.take_step(catalog, step, entries.last().map_or(Followed::NOTHING, up_to))?;
        }
        Ok(())
    }

    /// Writes what was learned, together with how far it was followed.
    fn take_step(&self, catalog: &Catalog, mut step: Step, followed: Followed) -> Answer<()> {
        for ((kind, id), (head, lived)) in &step.rows {
            let sealed = self.seal_row(*kind, *id, lived)?;
            step.changes.put_row(*kind, *id, &Row { head: *head, sealed });
        }
        step.barcodes.iter().for_each(|(hash, file)| step.changes.set_barcode(hash, *file));
        Ok(catalog.apply(step.changes, followed)?)
    }

    /// What a view keeps that has followed so many entries.
    pub(super) fn followed_to(&self, entries: u64) -> Answer<Followed> {
        let Some(last) = entries.checked_sub(1) else { return Ok(Followed::NOTHING) };
        Ok(up_to(&self.ledger.entry(EntryNo(last))?))
    }

    /// Whether a view that keeps this has followed this very ledger: not that of another registry, and not one
    /// whose later entries were put back.
    pub(super) fn is_our_history(&self, followed: Followed) -> Answer<bool> {
        let there = followed.entries <= self.ledger.head().size;
        Ok(there && self.followed_to(followed.entries)? == followed)
    }

    fn follow_entry(&self, catalog: &Catalog, step: &mut Step, number: u64, said: &Said<'_>) -> Answer<()> {
        let at = (said.kind, said.subject);
        let (head, lived) = match step.rows.entry(at) {
            btree_map::Entry::Occupied(row) => row.into_mut(),
            btree_map::Entry::Vacant(place) => {
                // Nobody has a row before the first entry of his chain.
                let row = if said.begins { None } else { catalog.row(said.kind, said.subject)? };
                let lived = match row {
                    Some(row) => self.open_row(said.kind, said.subject, &row)?,
                    None => Lived::default(),
                };
                place.insert((number, lived))
            }
        };
        *head = number;
        // A body whose key is forgotten: the entry still moves the record's head.
        let Some(event) = said.event else { return Ok(()) };
        let (reminders, barcode) = (settled(lived, event), barcode_until(lived, event));
        let responsible = responsible_until(lived, event);
        lived.push(event.clone());
        match event {
            Event::File(id, event) => {
                responsible.iter().for_each(|person| step.changes.set_responsible(*person, *id, false));
                self.follow_file(step, *id, event)?;
                self.follow_paper(catalog, step, *id, event, barcode.as_ref())?;
                reminders.iter().for_each(|reminder| step.changes.set_reminder(*id, reminder, false));
            }
            Event::Document(id, event) => {
                if let Some(open) = scan_is_open(lived, *id, event) {
                    step.changes.set_scan_open(*id, open);
                }
                follow_document(step, *id, event);
            }
            Event::List(_, event) => follow_list(step, at, event),
            Event::Office(event) => self.follow_number(&mut step.changes, event)?,
            Event::Person(..) | Event::Archive(..) => {}
        }
        Ok(())
    }

    fn follow_file(&self, step: &mut Step, id: CaseFileId, event: &FileEvent) -> Answer<()> {
        match event {
            FileEvent::Opened { reference, .. } => {
                let hash = self.reference_hash(&reference.fold())?;
                step.changes.put_reference(&hash, id);
            }
            FileEvent::DocumentFiled { document } => step.changes.put_filed(id, *document),
            FileEvent::DocumentTakenOut { document, .. } => step.changes.remove_filed(id, *document),
            FileEvent::Assigned { to: Some(to), .. } => step.changes.set_responsible(*to, id, true),
            FileEvent::ReminderSet { reminder } => step.changes.set_reminder(id, reminder, true),
            FileEvent::HoldPlaced { hold } => step.changes.put_hold(id, hold),
            FileEvent::HoldReleased { id: hold, .. } => step.changes.remove_hold(id, *hold),
            FileEvent::Restricted { .. } => step.changes.set_restricted(id, true),
            FileEvent::RestrictionLifted { .. } | FileEvent::Reopened { .. } => {
                step.changes.set_restricted(id, false);
            }
            FileEvent::Condemned { documents, .. } => {
                step.changes.set_restricted(id, false);
                for document in documents {
                    step.changes.set_unread(*document, false);
                    step.changes.set_read_in_part(*document, false);
                    step.changes.set_scan_open(*document, false);
                }
            }
            FileEvent::Destroyed { .. } => step.changes.set_listed(id, false),
            _ => {}
        }
        Ok(())
    }

    /// Follows where paper is: its barcode, and whether it is lent. `before` is the barcode it had until this event.
    fn follow_paper(
        &self,
        catalog: &Catalog,
        step: &mut Step,
        id: CaseFileId,
        event: &FileEvent,
        before: Option<&Barcode>,
    ) -> Answer<()> {
        let after = match event {
            FileEvent::Opened { carriers, .. } => {
                carriers.paper.as_ref().and_then(|place| place.barcode.as_ref())
            }
            FileEvent::PaperPlaced { place, .. } => place.barcode.as_ref(),
            FileEvent::Condemned { .. } => {
                step.changes.set_lent(id, false);
                None
            }
            FileEvent::PaperLent { .. } => {
                step.changes.set_lent(id, true);
                return Ok(());
            }
            FileEvent::PaperReturned { .. } => {
                step.changes.set_lent(id, false);
                return Ok(());
            }
            _ => return Ok(()),
        };
        if let Some(before) = before.filter(|before| Some(*before) != after) {
            let hash = self.barcode_hash(before)?;
            let holder = step.barcodes.get(&hash).copied();
            // Where two files swap their barcodes, the other has this one already.
            if holder.map_or_else(|| catalog.file_by_barcode(&hash), Ok)? == Some(id) {
                step.barcodes.insert(hash, None);
            }
        }
        if let Some(after) = after {
            step.barcodes.insert(self.barcode_hash(after)?, Some(id));
        }
        Ok(())
    }
}

/// The barcode a file had, if this event may end that.
fn barcode_until(lived: &Lived, event: &Event) -> Option<Barcode> {
    let Event::File(_, FileEvent::PaperPlaced { .. } | FileEvent::Condemned { .. }) = event else {
        return None;
    };
    let placed = lived.file_events().filter_map(|event| match event {
        FileEvent::Opened { carriers, .. } => Some(carriers.paper.as_ref()),
        FileEvent::PaperPlaced { place, .. } => Some(Some(place)),
        _ => None,
    });
    placed.last().flatten().and_then(|place| place.barcode.clone())
}

/// Who was responsible for a file, if this event may end that.
fn responsible_until(lived: &Lived, event: &Event) -> Option<PersonId> {
    let Event::File(_, FileEvent::Assigned { .. } | FileEvent::Condemned { .. }) = event else {
        return None;
    };
    let assigned = lived.file_events().filter_map(|event| match event {
        FileEvent::Assigned { to, .. } => Some(*to),
        _ => None,
    });
    assigned.last().flatten()
}

/// The reminders of a file that end with this event.
fn settled(lived: &Lived, event: &Event) -> Vec<Reminder> {
    let done = match event {
        Event::File(_, FileEvent::ReminderDone { id, .. }) => Some(*id),
        Event::File(_, FileEvent::Condemned { .. }) => None,
        _ => return Vec::new(),
    };
    let set = lived.file_events().filter_map(|event| match event {
        FileEvent::ReminderSet { reminder } => Some(reminder.clone()),
        _ => None,
    });
    set.filter(|reminder| done.is_none_or(|done| done == reminder.id)).collect()
}

/// Whether somebody has something to do with a document as a scan, if this event may change that.
fn scan_is_open(lived: &Lived, id: DocumentId, event: &DocumentEvent) -> Option<bool> {
    let may_change = matches!(
        event,
        DocumentEvent::Scanned { .. }
            | DocumentEvent::PagesChecked { .. }
            | DocumentEvent::TransferNoted { .. }
            | DocumentEvent::VersionAdded { .. }
            | DocumentEvent::Withdrawn { .. }
            | DocumentEvent::Replaced { .. }
            | DocumentEvent::Reinstated { .. }
    );
    may_change.then(|| lived.document(id).is_some_and(|document| document.has_open_scan()))
}

fn kind_of_entry(entry: &Entry) -> Answer<Kind> {
    let header = &entry.header;
    kind_of_code(header.kind.0).ok_or_else(|| {
        Error::fault(
            format!("Eintrag {} ist von einer unbekannten Art", header.number.0),
            "verwenden Sie die Programmversion, die ihn geschrieben hat",
            format!("dieses Programm kennt die Art {} nicht", header.kind.0),
        )
    })
}

/// It is the catalogue that failed, and not the truth.
fn catalog_failed(error: &Error) -> bool {
    matches!(error, Error::Fault { cause: Some(cause), .. } if cause.is::<CatalogError>())
}

/// What a view keeps whose last entry is this one.
fn up_to(last: &Entry) -> Followed {
    Followed { entries: last.header.number.0 + 1, last: Sha256::of(&[&last.leaf()]) }
}

fn follow_document(step: &mut Step, id: DocumentId, event: &DocumentEvent) {
    if let Some(held) = event.held() {
        step.changes.put_holder(&held.id, id);
    }
    match event {
        DocumentEvent::TakenIn { .. } | DocumentEvent::VersionAdded { .. } => {
            step.changes.set_unread(id, true);
            step.changes.set_read_in_part(id, false);
        }
        DocumentEvent::TextRead { rendition, .. } => {
            step.changes.set_unread(id, false);
            step.changes.set_read_in_part(id, !rendition.is_complete() || rendition.pages_read == 0);
        }
        DocumentEvent::ReadingGivenUp { .. } => {
            step.changes.set_unread(id, false);
            step.changes.set_read_in_part(id, true);
        }
        DocumentEvent::Filed { .. }
        | DocumentEvent::Refiled { .. }
        | DocumentEvent::Sorted { .. }
        | DocumentEvent::Withdrawn { .. }
        | DocumentEvent::MadeOf { .. }
        | DocumentEvent::Replaced { .. }
        | DocumentEvent::ContainedIn { .. }
        | DocumentEvent::Unpacked { .. }
        | DocumentEvent::Scanned { .. }
        | DocumentEvent::PagesChecked { .. }
        | DocumentEvent::TransferNoted { .. }
        | DocumentEvent::DividersFound { .. }
        | DocumentEvent::PagesExpected { .. }
        | DocumentEvent::Reinstated { .. } => {}
    }
}

fn follow_list(step: &mut Step, at: (Kind, Uuid), event: &ListEvent) {
    match event {
        ListEvent::Created { lines, .. } => {
            lines.iter().for_each(|line| step.changes.set_listed(line.file, true));
        }
        ListEvent::LineObstructed { file, .. } => step.changes.set_listed(*file, false),
        ListEvent::Withdrawn { .. } | ListEvent::Executed { .. } => {
            let Some((_, lived)) = step.rows.get(&at) else { return };
            for file in lived.files_on_list() {
                step.changes.set_listed(file, false);
            }
        }
        _ => {}
    }
}
