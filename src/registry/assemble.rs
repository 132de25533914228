//! What splitting and merging have in common: which documents may be taken apart or put together, what the worker makes of them,
//! and that no page is ever in use twice. May not open a document itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::Actor;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::DocumentId;
use crate::domain::refusal::Refusal;
use crate::intake::{Assembled, IntakeError, LeftOut, Pages, Reason, Sized};

/// What came of splitting or merging documents.
#[derive(Debug, Clone)]
pub struct Reassembled {
    /// The documents that were in use until now, as they are now.
    pub originals: Vec<Document>,
    /// The documents that were made of them.
    pub parts: Vec<Document>,
    /// What the new documents do not have, each in words for users: it stays in the originals.
    pub left_out: Vec<&'static str>,
}

/// What stays behind, in words for users.
pub(super) fn in_words(left_out: &BTreeSet<LeftOut>) -> Vec<&'static str> {
    left_out.iter().map(|what| what.german()).collect()
}

/// Why, and what does not go along, behind what a document became.
pub(super) fn with_reason(mut became: String, reason: &str, left_out: &[&str]) -> String {
    if !reason.trim().is_empty() {
        became.push_str(": ");
        became.push_str(reason.trim());
    }
    if !left_out.is_empty() {
        became.push_str("; nur noch hier: ");
        became.push_str(&left_out.join(", "));
    }
    became
}

impl Registry {
    /// A document that may be taken apart or put together with others: in use, read, and nobody destroys it.
    pub(super) fn document_to_reassemble(&self, actor: &Actor, id: DocumentId) -> Answer<(Document, u32)> {
        let document = self.document_to_mend(actor, id)?;
        let refuse = |why: &str, way_out: &str| {
            let what = format!("„{}“ kann nicht geteilt oder zusammengefügt werden", document.file_name);
            Err(Error::mistake(what, why, way_out))
        };
        if document.withdrawn.is_some() {
            return refuse("es ist zurückgezogen", "nehmen Sie es zuerst wieder in Gebrauch");
        }
        let pages = match &document.text {
            TextState::Read(text) => text.pages_declared.unwrap_or(text.pages_read),
            TextState::Unread => {
                return refuse(
                    "es ist noch nicht gelesen",
                    "`schriftgut work` liest, was noch ungelesen ist",
                );
            }
            TextState::GivenUp { .. } => {
                return refuse("es ist nicht lesbar", "erfassen Sie eine lesbare Fassung");
            }
        };
        Ok((document, pages))
    }

    /// As [`Self::document_to_reassemble`], now that this thread may write: the same as when it was looked at.
    pub(super) fn require_unchanged(&self, actor: &Actor, before: &Document) -> Answer<()> {
        if self.document_to_reassemble(actor, before.id)?.0 == *before {
            return Ok(());
        }
        Err(Error::mistake(
            format!("„{}“ bleibt, wie es ist", before.file_name),
            "jemand hat es inzwischen geändert",
            "sehen Sie nach, wie es steht, und versuchen Sie es erneut",
        ))
    }

    /// Has the worker make new documents of the pages of these.
    pub(super) fn assembled(
        &self,
        documents: &[Document],
        parts: &[Vec<Pages>],
        although_signed: bool,
        what: &str,
    ) -> Answer<Assembled> {
        let sources: Vec<_> = documents.iter().map(|document| self.plain_source(document)).collect();
        let lengths = documents.iter().map(|document| document.original.size_bytes);
        let sized: Vec<Sized<'_>> =
            sources.iter().map(|source| source as &dyn crate::intake::Source).zip(lengths).collect();
        self.workshop.assemble(&sized, parts, although_signed).map_err(|error| match error {
            IntakeError::NotReadable { reason: Reason::Signed, .. } => Error::Refusal(Refusal::new(
                what,
                Reason::Signed.german(),
                "soll es dennoch sein, sagen Sie es ausdrücklich (`--although-signed`); das Original mit der Signatur \
                 bleibt aufbewahrt",
            )),
            IntakeError::NotReadable { reason, .. } => {
                Error::mistake(what, reason.german(), way_out_of(reason))
            }
            fault => fault.into(),
        })
    }

    /// Whatever is made of a document holds pages of it: of one page only one document is in use.
    ///
    /// # Errors
    /// A refusal that names the document that is in use, if this person may read it.
    pub(super) fn require_pages_unused(&self, actor: &Actor, document: &Document) -> Answer<()> {
        let family = self.family_of(document)?;
        let mine = roots(&family, document.id, (1, u32::MAX));
        for other in family.values().filter(|other| other.id != document.id && other.withdrawn.is_none()) {
            let theirs = roots(&family, other.id, (1, u32::MAX));
            let meets = |(id, first, last): &Root| {
                theirs.iter().any(|(other, from, to)| other == id && from <= last && first <= to)
            };
            if mine.iter().any(meets) {
                let named = match self.may_read_document(actor, other)? {
                    true => format!("in „{}“ ({})", other.file_name, other.id),
                    false => "anderswo".to_owned(),
                };
                return Err(Error::Refusal(Refusal::new(
                    format!("„{}“ kommt nicht wieder in Gebrauch", document.file_name),
                    format!("seine Seiten sind {named} in Gebrauch"),
                    "ziehen Sie zuerst zurück, was daraus oder woraus es geworden ist",
                )));
            }
        }
        Ok(())
    }

    /// Every document that was made of this one or of which it was made, over however many steps, as far as they are kept.
    fn family_of(&self, document: &Document) -> Answer<BTreeMap<DocumentId, Document>> {
        let (mut family, mut seen) = (BTreeMap::new(), BTreeSet::new());
        let mut waiting = vec![document.id];
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(member) = self.document(id)? else { continue };
            waiting.extend(member.made_of.iter().map(|pages| pages.document));
            waiting.extend(&member.became);
            family.insert(id, member);
        }
        Ok(family)
    }
}

/// A document that came as it is (or is not kept any more), and pages of it.
type Root = (DocumentId, u32, u32);

/// Where pages of a document came from in the first place.
fn roots(family: &BTreeMap<DocumentId, Document>, id: DocumentId, (first, last): (u32, u32)) -> Vec<Root> {
    let Some(document) = family.get(&id).filter(|document| !document.made_of.is_empty()) else {
        return vec![(id, first, last)];
    };
    let (mut found, mut begin) = (Vec::new(), 1_u32);
    for pages in &document.made_of {
        let end = begin.saturating_add(pages.last.saturating_sub(pages.first));
        let (from, to) = (first.max(begin), last.min(end));
        if from <= to {
            let behind = |page: u32| pages.first.saturating_add(page - begin);
            found.extend(roots(family, pages.document, (behind(from), behind(to))));
        }
        begin = end.saturating_add(1);
    }
    found
}

fn way_out_of(reason: Reason) -> &'static str {
    match reason {
        Reason::Protected => {
            "heben Sie den Schutz außerhalb auf, erfassen Sie die Datei neu, und ziehen Sie diese zurück"
        }
        Reason::MixedFormats => "bringen Sie sie vorher in dieselbe Art, und erfassen Sie sie neu",
        Reason::NotDivisible => "wandeln Sie die Datei vorher in PDF um, und erfassen Sie sie neu",
        Reason::TooLarge | Reason::TooManyPages => {
            "teilen Sie die Datei außerhalb, und erfassen Sie die Teile"
        }
        Reason::NoSuchPage => "`schriftgut show` zeigt, wie viele Seiten es gibt",
        _ => "scannen Sie neu, oder teilen Sie die Datei außerhalb, und erfassen Sie die Teile",
    }
}
