//! Disposal: the warrant (skeleton).

use std::collections::BTreeSet;

use super::ids::{CaseFileId, DisposalListId, DocumentId, KeyId, ObjectId};
use jiff::civil::Date;

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

/// Warrants for the suites of the layers that destroy.
#[cfg(test)]
pub mod testing {
    use super::*;

    /// A warrant for these keys and objects.
    pub fn warrant_for(
        file: CaseFileId,
        documents: &[DocumentId],
        objects: &[ObjectId],
    ) -> DestructionWarrant {
        DestructionWarrant {
            list: DisposalListId(uuid::Uuid::from_u128(7)),
            file,
            documents: documents.to_vec(),
            objects: objects.iter().copied().collect(),
            on: jiff::civil::date(2026, 11, 22),
        }
    }
}
