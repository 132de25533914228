//! Repairing what went wrong with documents: one that lies in the wrong file is moved, all of a file are moved to merge two
//! files, some to split one; a wrong scan is withdrawn. What was, stays in the ledger.

use std::collections::BTreeSet;

use super::Registry;
use super::error::{Answer, Error};
use super::keep::require_text;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{Command, decide};
use crate::domain::refusal::Refusal;

/// Most documents that are moved with one command: it is one append to the ledger, all or nothing.
pub const MOVED_MAX: usize = 10_000;

impl Registry {
    /// Moves documents into another file, all of them or none; those that lie there already are passed over. Answers how
    /// many were moved.
    ///
    /// # Errors
    /// A mistake that names the document or file that is unknown, or that does not fit; a refusal for a file on a running
    /// disposal list, under a hold or handed over.
    pub fn refile(&self, clerk: Clerk<'_>, documents: &[DocumentId], to: &str, reason: &str) -> Answer<u64> {
        require_text("Der Grund", reason)?;
        let (writing, actor) = (self.writing()?, clerk.actor());
        let target = self.changeable(actor, to)?;
        let wanted: BTreeSet<_> = documents.iter().copied().collect();
        if wanted.len() > MOVED_MAX {
            let why = format!("{} Dokumente sind genannt, zulässig sind {MOVED_MAX}", wanted.len());
            return Err(Error::mistake("Es wurde nichts umgelegt", why, "teilen Sie die Änderung"));
        }
        let mut events = Vec::new();
        for id in wanted {
            let document = self.document_to_mend(actor, id)?;
            if document.file != Some(target.id) {
                events.extend(self.moved(actor, &document, &target, reason)?);
            }
        }
        let moved = events.iter().filter(|event| matches!(event, Event::Document(..))).count();
        if moved > 0 {
            self.record(&writing, actor.id, &events)?;
        }
        Ok(moved as u64)
    }

    /// Moves every document of a file into another, which merges the two. The empty file stays, with its own days and
    /// facts.
    ///
    /// # Errors
    /// As [`Self::refile`].
    pub fn refile_all(&self, clerk: Clerk<'_>, from: &str, to: &str, reason: &str) -> Answer<u64> {
        let from = self.file_named(clerk.actor(), from)?;
        self.refile(clerk, &from.documents, to, reason)
    }

    /// What moves one document.
    fn moved(&self, actor: &Actor, document: &Document, to: &CaseFile, reason: &str) -> Answer<Vec<Event>> {
        let Document { id, file_name, .. } = document;
        let refuse = |why: &str, way_out: &str| {
            let what =
                format!("Dokument „{file_name}“ kann nicht in die Akte {} gelegt werden", to.reference);
            Err(Error::mistake(what, why, way_out))
        };
        let Some(from) = document.file else {
            return refuse("es liegt im Posteingang", "`schriftgut file` legt es in eine Akte");
        };
        if document.domain != to.domain {
            return refuse(
                "die Akte hat einen anderen Schutzbereich",
                "erfassen Sie es dort neu und ziehen Sie es hier zurück",
            );
        }
        let from =
            self.readable_cover(actor, from)?.ok_or_else(|| Error::unknown("Akte", &from.to_string()))?;
        self.require_not_listed(&from)?;
        let (on, reason) = (self.today(), reason.trim().to_owned());
        let out = decide(&from, Command::GiveAway { document: *id, to: to.id, on })?;
        let filed = decide(to, Command::TakeOver(*id))?;
        let refiled = DocumentEvent::Refiled { file: to.id, on, reason };
        Ok(vec![Event::File(from.id, out), Event::Document(*id, refiled), Event::File(to.id, filed)])
    }

    /// Takes a document out of use, or puts it in use again: a withdrawn one is not found by searches and marked where it
    /// is shown. It is kept, and goes with its file.
    ///
    /// # Errors
    /// A mistake without a reason, for a document that is unknown, or if it is so already.
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
    fn document_to_mend(&self, actor: &Actor, id: DocumentId) -> Answer<Document> {
        let document = self.readable_document(actor, id)?;
        document.ok_or_else(|| Error::unknown("Dokument", &id.to_string()))
    }

    /// A file by its reference number that is on no running list.
    fn changeable(&self, actor: &Actor, reference: &str) -> Answer<CaseFile> {
        let file = self.cover_named(actor, reference)?;
        self.require_not_listed(&file)?;
        Ok(file)
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
