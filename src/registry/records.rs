//! Records as they stand: out of the catalogue (fast, a hint) or out of their own chain of ledger entries
//! (the truth; destruction asks nothing else).

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use crate::catalog::{Kind, Row};
use crate::domain::actor::Actor;
use crate::domain::case_file::{CaseFile, ReferenceNumber};
use crate::domain::disposal::DisposalList;
use crate::domain::document::Document;
use crate::domain::event::{ArchiveEvent, Event, FileEvent, ListEvent, OfficeEvent, PersonEvent};
use crate::domain::ids::{CaseFileId, DisposalListId, DocumentId, KeyId};
use crate::domain::protection::ProtectionDomain;
use crate::format::event::{decode, encode, kind_code};
use crate::ledger::EntryNo;

/// The kind of record an event is about.
pub(super) fn kind_of(event: &Event) -> Kind {
    match event {
        Event::Office(_) => Kind::Office,
        Event::Person(..) => Kind::Person,
        Event::File(..) => Kind::File,
        Event::Document(..) => Kind::Document,
        Event::List(..) => Kind::List,
        Event::Archive(..) => Kind::Archive,
    }
}

/// The kind of record from the hundreds of an entry kind (`schema/formats/event.md`).
pub(super) fn kind_of_code(code: u16) -> Option<Kind> {
    Some(match code / 100 {
        1 => Kind::Office,
        2 => Kind::Person,
        3 => Kind::File,
        4 => Kind::Document,
        5 => Kind::List,
        6 => Kind::Archive,
        _ => return None,
    })
}

/// Everything that happened to one record, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lived(Vec<Event>);

impl Lived {
    /// One more event. A file's documents have rows of their own, so they are not kept here, and numbers that were given have
    /// keys of their own; neither is what is outdated:
    /// saved searches are looked at day by day, and a person's row is read with every page.
    pub(super) fn push(&mut self, event: Event) {
        if let Event::Person(_, event) = &event {
            self.0.retain(|older| !matches!(older, Event::Person(_, older) if event.outdates(older)));
        }
        // A complete backup run has all that an earlier one had.
        if let Event::Office(OfficeEvent::BackedUp { part: newer, .. }) = &event {
            self.0.retain(
                |older| !matches!(older, Event::Office(OfficeEvent::BackedUp { part, .. }) if part == newer),
            );
        }
        let is_kept = !matches!(
            event,
            Event::File(_, FileEvent::DocumentFiled { .. } | FileEvent::DocumentTakenOut { .. })
                | Event::Office(OfficeEvent::NumberGiven { .. })
                | Event::Person(_, PersonEvent::SearchForgotten { .. } | PersonEvent::TokenRevoked { .. })
        );
        if is_kept {
            self.0.push(event);
        }
    }

    pub(super) fn events(&self) -> &[Event] {
        &self.0
    }

    pub(super) fn file_events(&self) -> impl Iterator<Item = &FileEvent> {
        self.0.iter().filter_map(|event| if let Event::File(_, event) = event { Some(event) } else { None })
    }

    pub(super) fn into_file_events(self) -> impl Iterator<Item = FileEvent> {
        self.0
            .into_iter()
            .filter_map(|event| if let Event::File(_, event) = event { Some(event) } else { None })
    }

    pub(super) fn office_events(&self) -> impl Iterator<Item = &OfficeEvent> {
        self.0.iter().filter_map(|event| if let Event::Office(event) = event { Some(event) } else { None })
    }

    pub(super) fn person_events(&self) -> impl Iterator<Item = &PersonEvent> {
        self.0.iter().filter_map(|event| if let Event::Person(_, event) = event { Some(event) } else { None })
    }

    pub(super) fn list_events(&self) -> impl Iterator<Item = &ListEvent> {
        self.0.iter().filter_map(|event| if let Event::List(_, event) = event { Some(event) } else { None })
    }

    pub(super) fn archive_events(&self) -> impl Iterator<Item = &ArchiveEvent> {
        self.0
            .iter()
            .filter_map(|event| if let Event::Archive(_, event) = event { Some(event) } else { None })
    }

    pub(super) fn document(&self, id: DocumentId) -> Option<Document> {
        let events = self
            .0
            .iter()
            .filter_map(|event| if let Event::Document(_, event) = event { Some(event) } else { None });
        Document::replay(id, events)
    }

    /// The files of a disposal list.
    pub(super) fn files_on_list(&self) -> Vec<CaseFileId> {
        self.list_events()
            .flat_map(|event| match event {
                ListEvent::Created { lines, .. } => lines.as_slice(),
                _ => &[],
            })
            .map(|line| line.file)
            .collect()
    }
}

const ROW_CONTEXT: &[u8] = b"schriftgut catalogue row 1";

impl Registry {
    /// The key a row is sealed under: the record's, or the office's where the record has none (any more).
    fn row_key(&self, kind: Kind, id: Uuid) -> Answer<crate::base::seal::SealKey> {
        let keyring = if kind == Kind::Archive { &self.archive_keyring } else { &self.keyring };
        match keyring.key(&KeyId(id))? {
            Some(key) => Ok(key),
            None => self.record_key(KeyId::OFFICE),
        }
    }

    pub(super) fn seal_row(&self, kind: Kind, id: Uuid, lived: &Lived) -> Answer<Vec<u8>> {
        let mut plain = Vec::new();
        for event in &lived.0 {
            let json = encode(event);
            plain.extend_from_slice(&kind_code(event).to_le_bytes());
            plain.extend_from_slice(&(json.len() as u64).to_le_bytes());
            plain.extend_from_slice(&json);
        }
        Ok(self.row_key(kind, id)?.seal(ROW_CONTEXT, &plain))
    }

    /// Opens a row. A row that was sealed under a key that is now forgotten yields what outlived the record:
    /// nothing, until the chain is asked.
    pub(super) fn open_row(&self, kind: Kind, id: Uuid, row: &Row) -> Answer<Lived> {
        let Ok(plain) = self.row_key(kind, id)?.open(ROW_CONTEXT, &row.sealed) else {
            return Ok(Lived::default());
        };
        let damaged = || {
            Error::fault(
                "Ein Katalogeintrag ist beschädigt",
                "`schriftgut rebuild` baut den Katalog neu auf",
                format!("die Zeile {id} ist nicht lesbar"),
            )
        };
        let mut lived = Lived::default();
        let mut rest = plain.as_slice();
        while !rest.is_empty() {
            let (kind, behind) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
            let (length, behind) = behind.split_first_chunk::<8>().ok_or_else(damaged)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| damaged())?;
            let (json, behind) = behind.split_at_checked(length).ok_or_else(damaged)?;
            lived.0.push(decode(u16::from_le_bytes(*kind), id, json)?);
            rest = behind;
        }
        Ok(lived)
    }

    pub(super) fn lived(&self, kind: Kind, id: Uuid) -> Answer<Option<Lived>> {
        let row = self.catalog()?.row(kind, id)?;
        row.map(|row| self.open_row(kind, id, &row)).transpose()
    }

    /// A file as the catalogue knows it; none if unknown or destroyed.
    pub(super) fn file(&self, id: CaseFileId) -> Answer<Option<CaseFile>> {
        let Some(mut file) = self.cover(id)? else { return Ok(None) };
        file.documents = self.catalog()?.documents_of(id)?;
        Ok(Some(file))
    }

    /// A file without its documents: what stands on its cover. A file may have thousands of them.
    pub(super) fn cover(&self, id: CaseFileId) -> Answer<Option<CaseFile>> {
        let Some(lived) = self.lived(Kind::File, id.0)? else { return Ok(None) };
        Ok(CaseFile::replay(id, lived.into_file_events()))
    }

    /// The cover of a file that this person may read.
    pub(super) fn readable_cover(&self, actor: &Actor, id: CaseFileId) -> Answer<Option<CaseFile>> {
        Ok(self.cover(id)?.filter(|file| actor.may_read_file(file)))
    }

    /// A file that this person may read.
    pub(super) fn readable_file(&self, actor: &Actor, id: CaseFileId) -> Answer<Option<CaseFile>> {
        Ok(self.file(id)?.filter(|file| actor.may_read_file(file)))
    }

    /// A document as the catalogue knows it; none if unknown or destroyed.
    pub(super) fn document(&self, id: DocumentId) -> Answer<Option<Document>> {
        Ok(self.lived(Kind::Document, id.0)?.and_then(|lived| lived.document(id)))
    }

    /// A document that this person may read.
    pub(super) fn readable_document(&self, actor: &Actor, id: DocumentId) -> Answer<Option<Document>> {
        let Some(document) = self.document(id)? else { return Ok(None) };
        Ok(self.may_read_document(actor, &document)?.then_some(document))
    }

    /// As [`Self::readable_document`]; one that is hidden is unknown like one that is not there.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person.
    pub(super) fn known_document(&self, actor: &Actor, id: DocumentId) -> Answer<Document> {
        self.readable_document(actor, id)?.ok_or_else(|| Error::unknown("Dokument", &id.to_string()))
    }

    /// This person may read it: its secrecy, and the file it lies in.
    pub(super) fn may_read_document(&self, actor: &Actor, document: &Document) -> Answer<bool> {
        self.may_read_what_lies_in(actor, document.domain, document.file)
    }

    /// This person may read documents of this secrecy that lie in this file, or in the in-tray.
    pub(super) fn may_read_what_lies_in(
        &self,
        actor: &Actor,
        domain: ProtectionDomain,
        file: Option<CaseFileId>,
    ) -> Answer<bool> {
        let is_restricted = match file {
            Some(file) if !actor.may_read_restricted() => self.catalog()?.is_restricted(file)?,
            _ => false,
        };
        Ok(actor.is_cleared_for(domain) && !is_restricted)
    }

    /// The file with this reference number, in any spelling.
    pub(super) fn file_by_reference(&self, reference: &ReferenceNumber) -> Answer<Option<CaseFile>> {
        let cover = self.cover_by_reference(reference)?;
        cover.map_or(Ok(None), |cover| self.file(cover.id))
    }

    /// The cover of the file with this reference number, in any spelling.
    pub(super) fn cover_by_reference(&self, reference: &ReferenceNumber) -> Answer<Option<CaseFile>> {
        let hash = self.reference_hash(&reference.fold())?;
        let found = self.catalog()?.file_by_reference(&hash)?;
        found.map_or(Ok(None), |id| self.cover(id))
    }

    /// A disposal list.
    pub(super) fn list(&self, id: DisposalListId) -> Answer<Option<DisposalList>> {
        let lived = self.lived(Kind::List, id.0)?;
        Ok(lived.and_then(|lived| DisposalList::replay(id, lived.list_events())))
    }

    /// Everything that happened to a record, out of its own chain of entries, from the newest one that the catalogue
    /// knows. Good for showing; what cannot be taken back asks [`Self::chains`].
    pub(super) fn chain(&self, kind: Kind, id: Uuid) -> Answer<Vec<Event>> {
        let mut events = Vec::new();
        let mut next = self.catalog()?.row(kind, id)?.map(|row| EntryNo(row.head));
        while let Some(number) = next {
            let entry = self.ledger.entry(number)?;
            if entry.header.subject != id {
                return Err(Error::fault(
                    format!("Eintrag {} gehört nicht zu dieser Akte", number.0),
                    "`schriftgut rebuild` baut den Katalog neu auf",
                    format!("die Kette von {id} führt zu einer anderen Sache"),
                ));
            }
            events.extend(self.open_body(&entry)?);
            next = entry.header.previous;
        }
        events.reverse();
        Ok(events)
    }

    /// Everything that happened to these records, out of one pass over the whole ledger: the truth, whatever the
    /// views say. What cannot be taken back rests on this and never on a view.
    ///
    /// # Errors
    /// A fault if an entry of a chain is missing or cannot be read.
    pub(super) fn chains(&self, wanted: &BTreeSet<Uuid>) -> Answer<HashMap<Uuid, Vec<Event>>> {
        let mut chains: HashMap<Uuid, (EntryNo, Vec<Event>)> = HashMap::new();
        self.each_entry_from(0, &mut |entry| {
            let (number, subject) = (entry.header.number, entry.header.subject);
            if !wanted.contains(&subject) {
                return Ok(());
            }
            if entry.header.previous != chains.get(&subject).map(|(newest, _)| *newest) {
                return Err(Error::fault(
                    format!("Eintrag {} schließt nicht an seinen Vorgänger an", number.0),
                    "`schriftgut verify` zeigt, was beschädigt ist",
                    format!("in der Kette von {subject} fehlt ein Eintrag"),
                ));
            }
            let event = self.open_body(entry)?;
            let (newest, events) = chains.entry(subject).or_insert((number, Vec::new()));
            *newest = number;
            events.extend(event);
            Ok(())
        })?;
        Ok(chains.into_iter().map(|(id, (_, events))| (id, events)).collect())
    }

    /// Files out of their own chains, documents included; those that are gone are left out.
    pub(super) fn files_from_chains(
        &self,
        ids: impl Iterator<Item = CaseFileId>,
    ) -> Answer<HashMap<CaseFileId, CaseFile>> {
        let chains = self.chains(&ids.map(|id| id.0).collect())?;
        let replayed = chains.into_iter().filter_map(|(id, events)| {
            CaseFile::replay(CaseFileId(id), Lived(events).into_file_events())
                .map(|file| (CaseFileId(id), file))
        });
        Ok(replayed.collect())
    }

    /// Documents out of their own chains; those that are gone are left out.
    pub(super) fn documents_from_chains(
        &self,
        ids: impl Iterator<Item = DocumentId>,
    ) -> Answer<HashMap<DocumentId, Document>> {
        let chains = self.chains(&ids.map(|id| id.0).collect())?;
        let replayed = chains.into_iter().filter_map(|(id, events)| {
            Lived(events).document(DocumentId(id)).map(|document| (DocumentId(id), document))
        });
        Ok(replayed.collect())
    }
}
