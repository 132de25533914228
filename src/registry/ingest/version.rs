//! A newer version (Fassung) of a document; the earlier ones are kept and stay readable.

use super::Source;
use super::hold::Objects;
use crate::domain::actor::Clerk;
use crate::domain::document::Document;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{DocumentId, KeyId};
use crate::domain::life_cycle::{Command, decide};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

impl Registry {
    /// Takes in a newer version of a document; the earlier ones are kept.
    ///
    /// # Errors
    /// A mistake if the document is unknown or the file cannot be read; a refusal if its file is not open.
    pub fn add_version(&self, clerk: Clerk<'_>, id: DocumentId, source: Source) -> Answer<Document> {
        let actor = clerk.actor();
        let unknown = || Error::unknown("Dokument", &id.to_string());
        let before = self.readable_document(actor, id)?.ok_or_else(unknown)?;
        let stager = self.vault.stager(&self.record_key(KeyId::address(before.domain))?);
        let file_name = source.file_name.clone();
        let content = self.staged(self.content(actor, &stager, &source.name, source.open))?;
        let content = content.map_err(Error::Mistake)?;
        let writing = self.writing()?;
        // It may have changed while the bytes were sealed.
        let mut document = self.readable_document(actor, id)?.ok_or_else(unknown)?;
        if let Some(file) = document.file {
            let file = self.cover(file)?.ok_or_else(unknown)?;
            decide(&file, Command::File(id))?;
        }
        let content = self.content_now(before.domain, &source.name, content)?.map_err(Error::Mistake)?;
        let mut objects = Objects::default();
        let (original, _) = self.hold(actor, id, content, &mut objects)?;
        self.deposit_new(objects)?;
        let event = DocumentEvent::VersionAdded { file_name, received: self.today(), original };
        document.apply(&event);
        self.record(&writing, actor.id, &[Event::Document(id, event)])?;
        Ok(document)
    }
}
