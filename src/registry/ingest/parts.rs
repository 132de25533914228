//! Documents that come out of others are taken in, and it is recorded what becomes of the others: one append to the ledger, all or
//! nothing.

use std::io::Cursor;
use std::sync::Arc;

use uuid::Uuid;

use super::Opener;
use super::hold::{Content, Objects};
use crate::domain::actor::Actor;
use crate::domain::document::{Document, PagesOf};
use crate::domain::event::{DocumentEvent, Event, FileEvent};
use crate::domain::ids::{CaseFileId, CaseId, DocumentId, KeyId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};
use crate::registry::write::Writing;

/// Where a document comes from that was not taken in from outside.
pub(in crate::registry) enum Origin {
    /// It was made of pages of others.
    MadeOf(Vec<PagesOf>),
    /// It was inside another.
    ContainedIn { container: DocumentId, path: String },
}

impl From<Origin> for DocumentEvent {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::MadeOf(pages) => Self::MadeOf { pages },
            Origin::ContainedIn { container, path } => Self::ContainedIn { container, path },
        }
    }
}

/// A document that came out of others.
pub(in crate::registry) struct NewPart {
    pub(in crate::registry) file_name: String,
    pub(in crate::registry) bytes: Vec<u8>,
    pub(in crate::registry) origin: Origin,
}

/// One whose bytes are sealed, or known.
pub(in crate::registry) struct SealedPart {
    file_name: String,
    content: Content,
    origin: Origin,
}

/// A new document, and where it lies: in a file, or in the in-tray.
pub(in crate::registry) struct PlacedPart {
    pub(in crate::registry) part: SealedPart,
    pub(in crate::registry) file: Option<CaseFileId>,
    pub(in crate::registry) case: Option<CaseId>,
    pub(in crate::registry) register: Option<RegisterNumber>,
}

impl SealedPart {
    /// Bytes it will write.
    pub(in crate::registry) fn new_bytes(&self) -> u64 {
        self.content.new_bytes()
    }
}

impl Registry {
    /// Seals what was made, before anybody writes.
    pub(in crate::registry) fn seal_parts(
        &self,
        actor: &Actor,
        domain: ProtectionDomain,
        parts: Vec<NewPart>,
    ) -> Answer<Vec<SealedPart>> {
        let stager = self.vault.stager(&self.record_key(KeyId::address(domain))?);
        let seal = |NewPart { file_name, bytes, origin }| {
            let bytes: Arc<[u8]> = bytes.into();
            let open: Opener = Box::new(move || Ok(Box::new(Cursor::new(Arc::clone(&bytes)))));
            let content = self.staged(self.content(actor, &stager, &file_name, open))?;
            Ok(SealedPart { content: content.map_err(Error::Mistake)?, file_name, origin })
        };
        parts.into_iter().map(seal).collect()
    }

    /// Takes in what came out of others, each into the file and case named beside it, and records with it what becomes of the
    /// documents it came out of: `replaced` is given the ids of the new ones.
    pub(in crate::registry) fn take_in_parts(
        &self,
        writing: &Writing<'_>,
        actor: &Actor,
        domain: ProtectionDomain,
        parts: Vec<PlacedPart>,
        replaced: impl FnOnce(&[DocumentId]) -> Vec<Event>,
    ) -> Answer<Vec<Document>> {
        let ids: Vec<_> = parts.iter().map(|_| DocumentId(Uuid::new_v4())).collect();
        let keys: Vec<_> = ids.iter().map(|id| KeyId::from(*id)).collect();
        self.written(self.keyring.add(&keys))?;
        let (mut objects, mut events, mut taken) = (Objects::default(), Vec::new(), Vec::new());
        let received = self.today();
        for (id, PlacedPart { part, file, case, register }) in ids.iter().zip(parts) {
            let SealedPart { file_name, content, origin } = part;
            let content = self.content_now(domain, &file_name, content)?.map_err(Error::Mistake)?;
            let (original, _) = self.hold(actor, *id, content, &mut objects)?;
            let own = [
                DocumentEvent::TakenIn { file, case, register, domain, file_name, received, original },
                origin.into(),
            ];
            taken.extend(Document::replay(*id, &own));
            events.extend(own.map(|event| Event::Document(*id, event)));
            events.extend(file.map(|file| Event::File(file, FileEvent::DocumentFiled { document: *id })));
        }
        events.extend(replaced(&ids));
        self.deposit_new(objects)?;
        self.record(writing, actor.id, &events)?;
        Ok(taken)
    }
}
