//! The keys of the catalogue: one letter for what it is, then ids of fixed length, so that everything of a
//! kind lies together and in order.

use jiff::civil::Date;
use uuid::Uuid;

use super::Kind;
use crate::domain::ids::{CaseFileId, DocumentId, HoldId, ObjectId, PersonId, ReminderId};

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

    pub(super) fn barcode(hash: &[u8; 32]) -> Self {
        Self::of(b'b', &[hash])
    }

    pub(super) fn lent_all() -> Self {
        Self::of(b'e', &[])
    }

    pub(super) fn lent(file: CaseFileId) -> Self {
        Self::of(b'e', &[file.0.as_bytes()])
    }

    pub(super) fn given(hash: &[u8; 32]) -> Self {
        Self::of(b'g', &[hash])
    }

    pub(super) fn counted(series: &[u8; 32]) -> Self {
        Self::of(b'n', &[series])
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

    pub(super) fn read_in_part_all() -> Self {
        Self::of(b't', &[])
    }

    pub(super) fn read_in_part(document: DocumentId) -> Self {
        Self::of(b't', &[document.0.as_bytes()])
    }

    pub(super) fn open_scan_all() -> Self {
        Self::of(b's', &[])
    }

    pub(super) fn open_scan(document: DocumentId) -> Self {
        Self::of(b's', &[document.0.as_bytes()])
    }

    pub(super) fn listed(file: CaseFileId) -> Self {
        Self::of(b'l', &[file.0.as_bytes()])
    }

    pub(super) fn holds() -> Self {
        Self::of(b'v', &[])
    }

    pub(super) fn restricted_all() -> Self {
        Self::of(b'x', &[])
    }

    pub(super) fn restricted(file: CaseFileId) -> Self {
        Self::of(b'x', &[file.0.as_bytes()])
    }

    pub(super) fn holds_of(hold: HoldId) -> Self {
        Self::of(b'v', &[hold.0.as_bytes()])
    }

    pub(super) fn hold(hold: HoldId, file: CaseFileId) -> Self {
        Self::of(b'v', &[hold.0.as_bytes(), file.0.as_bytes()])
    }

    pub(super) fn reminders_of(person: PersonId) -> Self {
        Self::of(b'm', &[person.0.as_bytes()])
    }

    pub(super) fn responsible_for(person: PersonId) -> Self {
        Self::of(b'z', &[person.0.as_bytes()])
    }

    pub(super) fn responsible(person: PersonId, file: CaseFileId) -> Self {
        Self::of(b'z', &[person.0.as_bytes(), file.0.as_bytes()])
    }

    /// Days sort as they follow each other.
    pub(super) fn reminder(person: PersonId, on: Date, file: CaseFileId, reminder: ReminderId) -> Self {
        Self::of(b'm', &[person.0.as_bytes(), &day_bytes(on), file.0.as_bytes(), reminder.0.as_bytes()])
    }

    /// The day and the file of such a key.
    pub(super) fn day_and_file(key: &[u8]) -> Option<([u8; 4], CaseFileId)> {
        let behind = key.get(1 + 16..)?;
        let (day, rest) = behind.split_first_chunk::<4>()?;
        let file = Uuid::from_slice(rest.get(..16)?).ok()?;
        Some((*day, CaseFileId(file)))
    }

    /// The id that follows a prefix of this length and ends the key.
    pub(super) fn id_behind(key: &[u8], prefix: usize) -> Option<Uuid> {
        key.get(prefix..).and_then(|rest| Uuid::from_slice(rest).ok())
    }
}

/// Years of this calendar are never below -9999.
pub(super) fn day_bytes(day: Date) -> [u8; 4] {
    let year = (i32::from(day.year()) + 10_000).unsigned_abs();
    (year * 10_000 + u32::from(day.month().unsigned_abs()) * 100 + u32::from(day.day().unsigned_abs()))
        .to_be_bytes()
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
