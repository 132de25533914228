//! Documents that were made of others are taken in, and the others go out of use: one append to the ledger, all or nothing.

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

/// A document that was made of pages of others.
pub(in crate::registry) struct NewPart {
    pub(in crate::registry) file_name: String,
    pub(in crate::registry) bytes: Vec<u8>,
    pub(in crate::registry) made_of: Vec<PagesOf>,
}

/// One whose bytes are sealed, or known.
pub(in crate::registry) struct SealedPart {
    file_name: String,
    content: Content,
    made_of: Vec<PagesOf>,
}

/// A new document, and where it lies.
pub(in crate::registry) struct PlacedPart {
    pub(in crate::registry) part: SealedPart,
    pub(in crate::registry) file: CaseFileId,
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
        let seal = |NewPart { file_name, bytes, made_of }| {
            let bytes: Arc<[u8]> = bytes.into();
            let open: Opener = Box::new(move || Ok(Box::new(Cursor::new(Arc::clone(&bytes)))));
            let content = self.staged(self.content(actor, &stager, &file_name, open))?;
            Ok(SealedPart { content: content.map_err(Error::Mistake)?, file_name, made_of })
        };
        parts.into_iter().map(seal).collect()
    }

    /// Takes in what was made, each into the file and case named beside it, and records with it what becomes of the
    /// documents it was made of: `replaced` is given the ids of the new ones.
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
            let SealedPart { file_name, content, made_of } = part;
            let content = self.content_now(domain, &file_name, content)?.map_err(Error::Mistake)?;
            let (original, _) = self.hold(actor, *id, content, &mut objects)?;
            let file = Some(file);
            let own = [
                DocumentEvent::TakenIn { file, case, register, domain, file_name, received, original },
                DocumentEvent::MadeOf { pages: made_of },
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
