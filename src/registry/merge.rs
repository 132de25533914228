//! Merge (Zusammenfügen): one document that came as several scans becomes one. The scans as they came are evidence: they are
//! kept, out of use, and say what they became.

use std::collections::BTreeSet;

use super::Registry;
use super::assemble::{Reassembled, in_words, with_reason};
use super::error::{Answer, Error};
use super::ingest::{NewPart, Origin, PlacedPart};
use super::keep::require_text;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, PagesOf};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{Command, decide};
use crate::intake::Pages;

/// Most documents that become one at once.
pub const MERGED_MAX: usize = 100;

/// How documents are to be merged.
#[derive(Debug, Clone, Default)]
pub struct MergeOrder {
    /// Why.
    pub reason: String,
    /// Signed ones too: what is made of them is not signed.
    pub although_signed: bool,
}

impl Registry {
    /// Merges documents of one file, in this order. The new one lies in the case of the first and is read anew; the others are
    /// kept, out of use.
    ///
    /// # Errors
    /// A mistake without a reason, for fewer than two, for documents of several files, unknown, not in use, unread or of
    /// different formats; a refusal for a signed one, by the phase of the file, or while it is on a running list.
    pub fn merge(&self, clerk: Clerk<'_>, ids: &[DocumentId], order: &MergeOrder) -> Answer<Reassembled> {
        require_text("Der Grund", &order.reason)?;
        let actor = clerk.actor();
        let (before, file) = self.documents_to_merge(actor, ids)?;
        let all = (0..before.len()).map(|source| Pages { source, first: 1, last: None }).collect();
        let made = self.assembled(&before, &[all], order.although_signed, NOT_MERGED)?;
        let left_out = in_words(&made.left_out);
        let (first, parts) = (before.first(), made.parts);
        let (Some(first), Ok([part])) = (first, <[_; 1]>::try_from(parts)) else {
            return Err(Error::fault(
                NOT_MERGED,
                "versuchen Sie es erneut",
                "es kam nicht ein Dokument zurück",
            ));
        };
        let made_of = before.iter().zip(&part.pages).map(|(document, count)| PagesOf {
            document: document.id,
            version: u32::try_from(document.version()).unwrap_or(u32::MAX),
            first: 1,
            last: *count,
        });
        let file_name = merged_name(&first.file_name);
        let origin = Origin::MadeOf(made_of.collect());
        let new = NewPart { file_name: file_name.clone(), origin, bytes: part.bytes };
        let sealed = self.seal_parts(actor, first.domain, vec![new])?;
        let writing = self.writing_about(sealed.iter().map(|part| part.new_bytes()).sum())?;
        before.iter().try_for_each(|document| self.require_unchanged(actor, document))?;
        self.documents_to_merge(actor, ids)?;
        let reason =
            with_reason(format!("mit anderen zu „{file_name}“ zusammengefügt"), &order.reason, &left_out);
        let mut originals = before.clone();
        let placed = sealed
            .into_iter()
            .map(|part| PlacedPart {
                part,
                file: Some(file.id),
                case: first.case,
                register: first.register.clone(),
            })
            .collect();
        let parts = self.take_in_parts(&writing, actor, first.domain, placed, |by| {
            let event = DocumentEvent::Replaced { by: by.to_vec(), on: self.today(), reason };
            originals.iter_mut().for_each(|document| document.apply(&event));
            originals.iter().map(|document| Event::Document(document.id, event.clone())).collect()
        })?;
        Ok(Reassembled { originals, parts, left_out })
    }

    /// The documents, and the file all of them lie in.
    fn documents_to_merge(&self, actor: &Actor, ids: &[DocumentId]) -> Answer<(Vec<Document>, CaseFile)> {
        let refuse = |why: String, way_out: &str| Err(Error::mistake(NOT_MERGED, why, way_out));
        let distinct: BTreeSet<_> = ids.iter().collect();
        if !(2..=MERGED_MAX).contains(&ids.len()) || distinct.len() < ids.len() {
            let why =
                format!("{} Dokumente sind genannt; nötig sind 2 bis {MERGED_MAX} verschiedene", ids.len());
            return refuse(why, "nennen Sie jedes einmal, in der Reihenfolge ihrer Seiten");
        }
        let documents = ids.iter().map(|id| Ok(self.document_to_reassemble(actor, *id)?.0));
        let documents = documents.collect::<Answer<Vec<_>>>()?;
        let files: BTreeSet<_> = documents.iter().map(|document| document.file).collect();
        let file = match files.iter().next() {
            Some(Some(file)) if files.len() == 1 => self.cover(*file)?,
            _ => None,
        };
        let Some(file) = file else {
            let why = "sie liegen nicht alle in derselben Akte".to_owned();
            return refuse(why, "legen Sie sie zuerst in eine (`schriftgut file`, `schriftgut refile`)");
        };
        self.require_not_listed(&file)?;
        decide(&file, Command::TakeOver(documents[0].id))?;
        Ok((documents, file))
    }
}

const NOT_MERGED: &str = "Die Dokumente werden nicht zusammengefügt";

/// `antrag.pdf` becomes `antrag (zusammengefügt).pdf`.
fn merged_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem} (zusammengefügt).{ending}"),
        _ => format!("{name} (zusammengefügt)"),
    }
}
