//! The warrant (Vernichtungsfreigabe): names every object that goes, so that carrying it out makes no choice.
//!
//! It has private fields, no copy and no encoding: it is always fresh, issued today for today.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::approval::ApprovedList;
use super::cause::Cause;
use super::list::{Decision, Line, LineState};
use crate::domain::appraisal::{ProposalReason, propose};
use crate::domain::case_file::{CaseFile, Phase};
use crate::domain::document::Document;
use crate::domain::event::DestructionCounts;
use crate::domain::ids::{CaseFileId, DisposalListId, DocumentId, KeyId, ObjectId};
use crate::domain::retention::{Confirmations, RuleBook, evaluate};

/// The permission to destroy one record, issued today and used today.
#[derive(Debug)]
pub struct DestructionWarrant {
    list: DisposalListId,
    file: CaseFileId,
    documents: Vec<DocumentId>,
    objects: BTreeSet<ObjectId>,
    on: Date,
}

impl DestructionWarrant {
    /// The list that was approved.
    #[must_use]
    pub fn list(&self) -> DisposalListId {
        self.list
    }

    /// The file that goes.
    #[must_use]
    pub fn file(&self) -> CaseFileId {
        self.file
    }

    /// The documents that go with it.
    #[must_use]
    pub fn documents(&self) -> &[DocumentId] {
        &self.documents
    }

    /// The day it was issued; it is worthless on any other.
    #[must_use]
    pub fn on(&self) -> Date {
        self.on
    }

    /// The keys that are forgotten: the file's and its documents'.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> + '_ {
        std::iter::once(self.file.into()).chain(self.documents.iter().map(|id| (*id).into()))
    }

    /// The objects that go because no other record holds them.
    pub fn objects(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.iter()
    }

    /// This object may be destroyed under this warrant.
    #[must_use]
    pub fn covers(&self, id: &ObjectId) -> bool {
        self.objects.contains(id)
    }
}

/// For each object of a batch, how many records outside the batch hold it, asked of the truth.
/// An object without an answer is an obstacle: a failed look-up never destroys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldElsewhere(BTreeMap<ObjectId, u64>);

impl HeldElsewhere {
    /// The answers of a census that looked at every record.
    #[must_use]
    pub fn counted(holders: BTreeMap<ObjectId, u64>) -> Self {
        Self(holders)
    }

    /// How many records outside the batch hold it; none if nobody asked.
    #[must_use]
    pub fn holders(&self, id: &ObjectId) -> Option<u64> {
        self.0.get(id).copied()
    }
}

/// What keeps a line from being destroyed today.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The line is not on the list, or not cleared for destruction.
    #[error("die Akte ist auf dieser Liste nicht zur Vernichtung freigegeben")]
    NotCleared,
    /// A hold stands.
    #[error("Vernichtungssperre: {0}")]
    Held(String),
    /// By today's rules it is not due.
    #[error("nach den heute geltenden Regeln ist die Akte nicht fällig")]
    NotDue,
    /// The file changed since the list was made.
    #[error("die Akte hat sich seit der Freigabe geändert")]
    Changed,
    /// Nobody could say whether another record holds an object.
    #[error("es steht nicht fest, ob eine andere Akte dieselbe Datei hält")]
    HoldersUnknown,
}

impl Obstacle {
    /// The code kept in the ledger.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCleared => "not_cleared",
            Self::Held(_) => "held",
            Self::NotDue => "not_due",
            Self::Changed => "changed",
            Self::HoldersUnknown => "holders_unknown",
        }
    }
}

impl ApprovedList<'_> {
    /// A warrant for one file, evaluated again today.
    ///
    /// # Errors
    /// The [`Obstacle`] that stands: holds and changed rules win until the point of no return.
    pub fn warrant(
        &self,
        file: &CaseFile,
        documents: &[Document],
        book: &RuleBook,
        confirmations: &Confirmations,
        elsewhere: &HeldElsewhere,
    ) -> Result<DestructionWarrant, Obstacle> {
        let Some((line, LineState::Decided(Decision::Destroy))) = self.list.lines.get(&file.id) else {
            return Err(Obstacle::NotCleared);
        };
        if let Some(hold) = file.holds.first() {
            return Err(Obstacle::Held(hold.reason.clone()));
        }
        if !matches!(file.phase, Phase::Closed { .. }) || !same_documents(&line.documents, file, documents) {
            return Err(Obstacle::Changed);
        }
        match line.cause {
            Cause::Early(_) => {}
            Cause::Rule(_) if evaluate(file, book, confirmations, self.on).outcome.is_due() => {}
            Cause::Rule(_) => return Err(Obstacle::NotDue),
        }
        // Nobody has looked at a file its class has decided on: in another class it was not decided on, and what cannot be
        // answered holds it up as well.
        let unseen = self.list.settled.contains(&file.id);
        if unseen && line.catalogue.as_ref().is_none_or(|said| said.class != file.class) {
            return Err(Obstacle::Changed);
        }
        if speaks_for_keeping_since(line, file, book, unseen) {
            return Err(Obstacle::Changed);
        }
        let mut objects = BTreeSet::new();
        for object in documents.iter().flat_map(Document::objects) {
            match elsewhere.holders(&object.id) {
                None => return Err(Obstacle::HoldersUnknown),
                Some(0) => {
                    objects.insert(object.id);
                }
                Some(_) => {}
            }
        }
        Ok(DestructionWarrant {
            list: self.list.id,
            file: file.id,
            documents: line.documents.clone(),
            objects,
            on: self.on,
        })
    }
}

/// A criterion speaks for keeping it that did not when the list was made: nobody decided about that.
fn speaks_for_keeping_since(line: &Line, file: &CaseFile, book: &RuleBook, unseen: bool) -> bool {
    propose(file, &book.pack().criteria).reasons.iter().any(|reason| match reason {
        ProposalReason::Meets { criterion, .. } => {
            line.criteria.iter().all(|known| known != criterion.as_str())
        }
        ProposalReason::Unclear { .. } => unseen,
    })
}

fn same_documents(on_line: &[DocumentId], file: &CaseFile, read: &[Document]) -> bool {
    let sorted = |ids: &mut dyn Iterator<Item = DocumentId>| ids.collect::<BTreeSet<_>>();
    let on_line = sorted(&mut on_line.iter().copied());
    on_line == sorted(&mut file.documents.iter().copied())
        && on_line == sorted(&mut read.iter().map(|document| document.id))
}

/// A file whose destruction began and was not completed: it must be rolled forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condemned {
    /// The file.
    pub file: CaseFileId,
    /// The list.
    pub list: DisposalListId,
    /// The documents that go with it.
    pub documents: Vec<DocumentId>,
    /// What goes, in numbers, as counted when it began.
    pub counts: DestructionCounts,
}

/// The warrant of a file whose destruction began earlier, to roll forward. `objects` are those of the file that
/// no living record holds.
#[must_use]
pub fn reissue(condemned: &Condemned, objects: BTreeSet<ObjectId>, on: Date) -> DestructionWarrant {
    DestructionWarrant {
        list: condemned.list,
        file: condemned.file,
        documents: condemned.documents.clone(),
        objects,
        on,
    }
}

#[cfg(test)]
pub mod testing {
    //! Warrants for the suites of the layers that destroy.

    use super::{
        BTreeSet, CaseFileId, Condemned, DestructionCounts, DestructionWarrant, DisposalListId, DocumentId,
        ObjectId,
    };

    /// A warrant for these keys and objects, of 22 November 2026.
    pub fn warrant_for(
        file: CaseFileId,
        documents: &[DocumentId],
        objects: &[ObjectId],
    ) -> DestructionWarrant {
        let list = DisposalListId(uuid::Uuid::from_u128(7));
        let condemned =
            Condemned { file, list, documents: documents.to_vec(), counts: DestructionCounts::default() };
        let objects: BTreeSet<_> = objects.iter().copied().collect();
        super::reissue(&condemned, objects, jiff::civil::date(2026, 11, 22))
    }
}
