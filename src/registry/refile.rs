//! Repairing what went wrong with documents: one that lies in the wrong file is moved, all of a file are moved to merge two
//! files, some to split one; a wrong scan is withdrawn. What was, stays in the ledger.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Registry;
use super::error::{Answer, Error};
use super::keep::require_text;
use super::write::Writing;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::life_cycle::{Command, decide, require_alive};
use crate::domain::refusal::Refusal;
use crate::domain::register::RegisterNumber;

/// What was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// Documents that lie in another file now.
    pub documents: u64,
    /// Those of them that lay in a register, and lie in none there: the other file's type has not that register.
    pub unsorted: u64,
}

/// Most documents that are moved with one command: it is one append to the ledger, all or nothing.
pub const MOVED_MAX: usize = 10_000;

impl Registry {
    /// Moves documents into another file, with what came out of them and lies beside them, all of them or none; those that lie there already are passed over. Answers how
    /// many were moved, and how many of them lost their register.
    ///
    /// # Errors
    /// A mistake that names the document or file that is unknown, or that does not fit; a refusal for a file on a running
    /// disposal list, under a hold or handed over.
    pub fn refile(
        &self,
        clerk: Clerk<'_>,
        documents: &[DocumentId],
        to: &str,
        reason: &str,
    ) -> Answer<Moved> {
        require_text("Der Grund", reason)?;
        let writing = self.writing()?;
        self.move_documents(&writing, clerk.actor(), documents, to, reason)
    }

    /// Moves every document of a file into another, which merges the two. The empty file stays, with its own days and
    /// facts.
    ///
    /// # Errors
    /// As [`Self::refile`].
    pub fn refile_all(&self, clerk: Clerk<'_>, from: &str, to: &str, reason: &str) -> Answer<Moved> {
        require_text("Der Grund", reason)?;
        let writing = self.writing()?;
        let from = self.file_named(clerk.actor(), from)?;
        self.move_documents(&writing, clerk.actor(), &from.documents, to, reason)
    }

    fn move_documents(
        &self,
        writing: &Writing<'_>,
        actor: &Actor,
        documents: &[DocumentId],
        to: &str,
        reason: &str,
    ) -> Answer<Moved> {
        let target = self.cover_named(actor, to)?;
        self.require_not_listed(&target)?;
        let wanted = self.with_contents(actor, documents)?;
        if wanted.len() > MOVED_MAX {
            let why = format!("{} Dokumente sind genannt, zulässig sind {MOVED_MAX}", wanted.len());
            return Err(Error::mistake("Es wurde nichts umgelegt", why, "teilen Sie die Änderung"));
        }
        let (mut events, mut sources, mut moved) = (Vec::new(), BTreeMap::new(), Moved::default());
        for id in wanted {
            let document = self.document_to_mend(actor, id)?;
            let from = self.source_of(&document, &target)?;
            if from == target.id {
                continue;
            }
            let from = match sources.entry(from) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.giving(actor, from)?),
            };
            let register = self.register_after_move(&document, from, &target)?;
            moved.documents += 1;
            moved.unsorted += u64::from(document.register.is_some() && register.is_none());
            events.extend(self.moved(id, from, &target, register, reason)?);
        }
        if moved.documents > 0 {
            self.record(writing, actor.id, &events)?;
        }
        Ok(moved)
    }

    /// The file a document lies in, if it may lie in that one too.
    fn source_of(&self, document: &Document, to: &CaseFile) -> Answer<CaseFileId> {
        let (why, way_out) = match document.file {
            None => ("es liegt im Posteingang", "`schriftgut file` legt es in eine Akte"),
            Some(from) if document.domain == to.domain => return Ok(from),
            Some(_) => (
                "die Akte hat einen anderen Schutzbereich",
                "erfassen Sie es dort neu und ziehen Sie es hier zurück",
            ),
        };
        let name = &document.file_name;
        let what = format!("Dokument „{name}“ kann nicht in die Akte {} gelegt werden", to.reference);
        Err(Error::mistake(what, why, way_out))
    }

    /// A file out of which documents are moved.
    fn giving(&self, actor: &Actor, id: CaseFileId) -> Answer<CaseFile> {
        let file = self.readable_cover(actor, id)?.ok_or_else(|| Error::unknown("Akte", &id.to_string()))?;
        self.require_not_listed(&file)?;
        Ok(file)
    }

    /// What moves one document.
    fn moved(
        &self,
        id: DocumentId,
        from: &CaseFile,
        to: &CaseFile,
        register: Option<RegisterNumber>,
        reason: &str,
    ) -> Answer<[Event; 3]> {
        let (on, reason) = (self.today(), reason.trim().to_owned());
        let out = decide(from, Command::GiveAway { document: id, to: to.id, on })?;
        let filed = decide(to, Command::TakeOver(id))?;
        let refiled = DocumentEvent::Refiled { file: to.id, register, on, reason };
        Ok([Event::File(from.id, out), Event::Document(id, refiled), Event::File(to.id, filed)])
    }

    /// Takes a document out of use, or puts it in use again: a withdrawn one is not found by searches and marked where it
    /// is shown. It is kept, and goes with its file.
    ///
    /// # Errors
    /// A mistake without a reason, for a document that is unknown, or if it is so already; a refusal once its file is being
    /// destroyed, and for one whose pages are in use in other documents (it was split or merged).
    pub fn withdraw(
        &self,
        clerk: Clerk<'_>,
        id: DocumentId,
        reason: &str,
        is_used: bool,
    ) -> Answer<Document> {
        require_text("Der Grund", reason)?;
        let (writing, actor) = (self.writing()?, clerk.actor());
        let mut document = self.document_to_mend(actor, id)?;
        if document.withdrawn.is_none() == is_used {
            let why = if is_used { "es ist nicht zurückgezogen" } else { "es ist schon zurückgezogen" };
            let what = format!("An Dokument „{}“ ändert sich nichts", document.file_name);
            return Err(Error::mistake(what, why, "`schriftgut show` zeigt, wie es steht"));
        }
        if is_used {
            self.require_pages_unused(actor, &document)?;
        }
        let (on, reason) = (self.today(), reason.trim().to_owned());
        let event = match is_used {
            true => DocumentEvent::Reinstated { on, reason },
            false => DocumentEvent::Withdrawn { on, reason },
        };
        self.record(&writing, actor.id, &[Event::Document(id, event.clone())])?;
        document.apply(&event);
        Ok(document)
    }

    /// A document that this person may read and nobody is destroying.
    pub(super) fn document_to_mend(&self, actor: &Actor, id: DocumentId) -> Answer<Document> {
        let document = self.known_document(actor, id)?;
        if let Some(file) = document.file.map(|file| self.cover(file)).transpose()?.flatten() {
            require_alive(&file, "nimmt keine Änderung an ihren Dokumenten mehr an")?;
        }
        Ok(document)
    }

    /// What is decided about a file on a running list must not change under the decision.
    pub(super) fn require_not_listed(&self, file: &CaseFile) -> Answer<()> {
        if !self.catalog()?.is_listed(file.id)? {
            return Ok(());
        }
        Err(Error::Refusal(Refusal::new(
            format!("Die Akte {} wird nicht geändert", file.reference),
            "sie steht auf einer laufenden Aussonderungsliste, und was dort entschieden wird, darf sich nicht ändern",
            "ziehen Sie die Liste zuerst zurück (`schriftgut list withdraw`)",
        )))
    }
}
