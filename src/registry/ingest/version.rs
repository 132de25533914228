//! A newer version (Fassung) of a document; the earlier ones are kept and stay readable.

use super::Source;
use super::hold::Objects;
use super::source::stage;
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
        let staged = match self.staged(stage(&stager, &source.name, source.open))? {
            Ok(staged) => staged,
            Err(words) => return Err(Error::Mistake(words)),
        };
        let writing = self.writing()?;
        // It may have changed while the bytes were sealed.
        let mut document = self.readable_document(actor, id)?.ok_or_else(unknown)?;
        if let Some(file) = document.file {
            let file = self.cover(file)?.ok_or_else(unknown)?;
            decide(&file, Command::File(id))?;
        }
        let mut objects = Objects::default();
        let (original, _) = self.hold(actor, id, staged, &mut objects)?;
        self.deposit_new(objects)?;
        let event = DocumentEvent::VersionAdded { file_name, received: self.today(), original };
        document.apply(&event);
        self.record(&writing, actor.id, &[Event::Document(id, event)])?;
        Ok(document)
    }
}
