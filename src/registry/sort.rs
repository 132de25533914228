//! Sorting (Einordnen): in which register of its file a document lies. It moves nothing out of a file and decides nothing:
//! what the archive leaves out is named by document and never by register, so that sorting cannot change a decision.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::error::{Answer, Error};
use super::refile::MOVED_MAX;
use super::rules::RulesInForce;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::require_kept;
use crate::domain::register::RegisterNumber;

impl Registry {
    /// Puts documents into a register of their file, or with none out of the one they lie in: all of them or none. Those that
    /// lie there already are passed over. Answers how many were sorted.
    ///
    /// # Errors
    /// A mistake that names the document that is unknown or lies in no file, or the registers there are; a refusal for a file
    /// that was handed over or is being destroyed.
    pub fn sort(
        &self,
        clerk: Clerk<'_>,
        documents: &[DocumentId],
        register: Option<&str>,
        reason: &str,
    ) -> Answer<u64> {
        let (writing, actor, rules) = (self.writing()?, clerk.actor(), self.rules()?);
        let wanted: BTreeSet<_> = documents.iter().copied().collect();
        if wanted.len() > MOVED_MAX {
            let why = format!("{} Dokumente sind genannt, zulässig sind {MOVED_MAX}", wanted.len());
            return Err(Error::mistake("Es wurde nichts eingeordnet", why, "teilen Sie die Änderung"));
        }
        let (mut files, mut events) = (BTreeMap::new(), Vec::new());
        for id in wanted {
            let document = self.known_document(actor, id)?;
            let of = document.file.ok_or_else(|| lies_in_no_file(&document))?;
            if let Entry::Vacant(place) = files.entry(of) {
                place.insert(self.register_in(actor, &rules, &document, register)?);
            }
            if document.register != files[&of] {
                let (register, on, reason) = (files[&of].clone(), self.today(), reason.trim().to_owned());
                events.push(Event::Document(id, DocumentEvent::Sorted { register, on, reason }));
            }
        }
        if !events.is_empty() {
            self.record(&writing, actor.id, &events)?;
        }
        Ok(events.len() as u64)
    }

    /// The register asked for, in the file a document lies in, if that has it and may still be changed.
    fn register_in(
        &self,
        actor: &Actor,
        rules: &RulesInForce,
        document: &Document,
        register: Option<&str>,
    ) -> Answer<Option<RegisterNumber>> {
        let file = document.file.map(|file| self.readable_cover(actor, file)).transpose()?.flatten();
        let file = file.ok_or_else(|| Error::unknown("Dokument", &document.id.to_string()))?;
        require_kept(&file, "nimmt keine Änderung an ihren Dokumenten mehr an")?;
        let Some(number) = register else { return Ok(None) };
        let found = rules.register_named(file.record_type.as_ref(), number);
        found.map(Some).map_err(|(why, way_out)| {
            Error::mistake(format!("In der Akte {} wird nichts eingeordnet", file.reference), why, way_out)
        })
    }

    /// The register a document lies in once it is moved into another file: one that is called the same there.
    pub(super) fn register_after_move(
        &self,
        document: &Document,
        from: &CaseFile,
        to: &CaseFile,
    ) -> Answer<Option<RegisterNumber>> {
        let rules = self.rules()?;
        let (here, there) =
            (rules.registers(from.record_type.as_ref()), rules.registers(to.record_type.as_ref()));
        Ok(document.register.clone().filter(|number| match number.among(there) {
            Some(register) => number.among(here) == Some(register),
            None => false,
        }))
    }
}

fn lies_in_no_file(document: &Document) -> Error {
    let what = format!("Dokument „{}“ kann nicht eingeordnet werden", document.file_name);
    let way_out = "`schriftgut file` legt es in eine Akte";
    Error::mistake(what, "es liegt im Posteingang; Register gibt es nur in einer Akte", way_out)
}
