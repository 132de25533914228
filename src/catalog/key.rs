//! The keys of the catalogue: one letter for what it is, then ids of fixed length, so that everything of a
//! kind lies together and in order.

use uuid::Uuid;

use super::Kind;
use crate::domain::ids::{CaseFileId, DocumentId, ObjectId};

/// A key: `letter ‖ id ‖ …`.
pub(super) struct Key(Vec<u8>);

impl Key {
    fn of(letter: u8, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![letter];
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        Self(bytes)
    }

    pub(super) fn layout() -> Self {
        Self::of(b'!', &[b"layout"])
    }

    pub(super) fn position() -> Self {
        Self::of(b'!', &[b"position"])
    }

    pub(super) fn rows(kind: Kind) -> Self {
        let letter = match kind {
            Kind::Office => b'O',
            Kind::Person => b'P',
            Kind::File => b'F',
            Kind::Document => b'D',
            Kind::List => b'L',
            Kind::Archive => b'A',
        };
        Self::of(letter, &[])
    }

    pub(super) fn row(kind: Kind, id: Uuid) -> Self {
        let mut key = Self::rows(kind);
        key.0.extend_from_slice(id.as_bytes());
        key
    }

    pub(super) fn reference(hash: &[u8; 32]) -> Self {
        Self::of(b'r', &[hash])
    }

    pub(super) fn filed_in(file: CaseFileId) -> Self {
        Self::of(b'f', &[file.0.as_bytes()])
    }

    pub(super) fn filed(file: CaseFileId, document: DocumentId) -> Self {
        Self::of(b'f', &[file.0.as_bytes(), document.0.as_bytes()])
    }

    pub(super) fn holders(object: &ObjectId) -> Self {
        Self::of(b'h', &[&object.0])
    }

    pub(super) fn holder(object: &ObjectId, document: DocumentId) -> Self {
        Self::of(b'h', &[&object.0, document.0.as_bytes()])
    }

    pub(super) fn unread_all() -> Self {
        Self::of(b'u', &[])
    }

    pub(super) fn unread(document: DocumentId) -> Self {
        Self::of(b'u', &[document.0.as_bytes()])
    }

    pub(super) fn listed(file: CaseFileId) -> Self {
        Self::of(b'l', &[file.0.as_bytes()])
    }

    /// The id that follows a prefix of this length and ends the key.
    pub(super) fn id_behind(key: &[u8], prefix: usize) -> Option<Uuid> {
        key.get(prefix..).and_then(|rest| Uuid::from_slice(rest).ok())
    }
}

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Key> for sled::IVec {
    fn from(key: Key) -> Self {
        key.0.into()
    }
}
