//! An entry and its canonical bytes: exactly these are a leaf of the Merkle tree.
//!
//! The layout is specified in `schema/formats/ledger.md` and changes only with its version number. The
//! header is clear and holds nothing personal; the body is sealed by layers above and never looked at.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::base::digest::Sha256;
use crate::domain::ids::{KeyId, PersonId};

/// Bytes of a header in the canonical layout, up to the body.
pub const HEADER_BYTES: usize = 116;
/// The most bytes one entry may have, header and sealed body.
pub const ENTRY_BYTES_MAX: usize = 16 << 20;

const MAGIC: &[u8; 4] = b"SGLE";
const VERSION: u16 = 1;
const NO_PREVIOUS: u64 = u64::MAX;

/// The number of an entry, from 0 without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryNo(pub u64);

impl fmt::Display for EntryNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What kind of event an entry is; the meaning of the numbers is given by the layers above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKind(pub u16);

/// The clear part of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its place in the ledger.
    pub number: EntryNo,
    /// When it was entered, to the millisecond.
    pub at: Timestamp,
    /// Who acted.
    pub actor: PersonId,
    /// What kind of event.
    pub kind: EntryKind,
    /// The record it is about; nil if none.
    pub subject: Uuid,
    /// Which key seals the body.
    pub key: KeyId,
    /// The previous entry of the same subject.
    pub previous: Option<EntryNo>,
    /// Salted commitment to the content.
    pub commitment: Sha256,
}

/// A header with its sealed body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The clear part.
    pub header: Header,
    /// The sealed part, opaque here.
    pub body: Vec<u8>,
}

/// An entry that has no number yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// When it is entered; kept to the millisecond, the rest is dropped.
    pub at: Timestamp,
    /// Who acts.
    pub actor: PersonId,
    /// What kind of event.
    pub kind: EntryKind,
    /// The record it is about; nil if none.
    pub subject: Uuid,
    /// Which key seals the body.
    pub key: KeyId,
    /// The previous entry of the same subject.
    pub previous: Option<EntryNo>,
    /// Salted commitment to the content.
    pub commitment: Sha256,
    /// The sealed part, opaque here.
    pub body: Vec<u8>,
}

/// Why bytes are not an entry, or a draft cannot become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    /// Other magic bytes.
    #[error("does not begin as an entry")]
    Magic,
    /// A version this program does not know.
    #[error("version {0} of the entry layout is unknown")]
    Version(u16),
    /// Shorter or longer than header and body say.
    #[error("length does not fit")]
    Length,
    /// Outside the years jiff knows.
    #[error("time is out of range")]
    Time,
    /// The previous entry must be an earlier one, and only an entry with a subject has one.
    #[error("previous entry is not an earlier one of the same subject")]
    Previous,
}

impl Draft {
    /// The entry this becomes at `number`.
    #[must_use]
    pub fn at_number(self, number: EntryNo) -> Entry {
        let Self { at, actor, kind, subject, key, previous, commitment, body } = self;
        Entry { header: Header { number, at, actor, kind, subject, key, previous, commitment }, body }
    }
}

impl Header {
    /// Checks what one header can say about itself.
    ///
    /// # Errors
    /// [`NotAnEntry::Previous`] if the previous entry is not earlier, or there is no subject to have one.
    pub fn check(&self) -> Result<(), NotAnEntry> {
        match self.previous {
            Some(previous) if previous >= self.number || self.subject.is_nil() => Err(NotAnEntry::Previous),
            _ => Ok(()),
        }
    }
}

impl Entry {
    /// The canonical bytes: the leaf.
    ///
    /// # Panics
    /// If the body is above 4 GiB; a ledger refuses it long before (see [`ENTRY_BYTES_MAX`]).
    #[must_use]
    pub fn leaf(&self) -> Vec<u8> {
        let header = &self.header;
        let body_bytes = u32::try_from(self.body.len()).expect("a body is below ENTRY_BYTES_MAX");
        let mut leaf = Vec::with_capacity(HEADER_BYTES + self.body.len());
        leaf.extend_from_slice(MAGIC);
        leaf.extend_from_slice(&VERSION.to_le_bytes());
        leaf.extend_from_slice(&header.kind.0.to_le_bytes());
        leaf.extend_from_slice(&header.number.0.to_le_bytes());
        leaf.extend_from_slice(&header.at.as_millisecond().to_le_bytes());
        leaf.extend_from_slice(header.actor.0.as_bytes());
        leaf.extend_from_slice(header.subject.as_bytes());
        leaf.extend_from_slice(header.key.0.as_bytes());
        leaf.extend_from_slice(&header.previous.map_or(NO_PREVIOUS, |no| no.0).to_le_bytes());
        leaf.extend_from_slice(header.commitment.as_bytes());
        leaf.extend_from_slice(&body_bytes.to_le_bytes());
        leaf.extend_from_slice(&self.body);
        leaf
    }

    /// Reads canonical bytes; any other bytes for the same entry are refused, so one entry has one leaf.
    ///
    /// # Errors
    /// [`NotAnEntry`] says what does not fit.
    pub fn from_leaf(leaf: &[u8]) -> Result<Self, NotAnEntry> {
        let mut rest = leaf;
        if &take::<4>(&mut rest)? != MAGIC {
            return Err(NotAnEntry::Magic);
        }
        let version = u16::from_le_bytes(take(&mut rest)?);
        if version != VERSION {
            return Err(NotAnEntry::Version(version));
        }
        let header = Header {
            kind: EntryKind(u16::from_le_bytes(take(&mut rest)?)),
            number: EntryNo(u64::from_le_bytes(take(&mut rest)?)),
            at: Timestamp::from_millisecond(i64::from_le_bytes(take(&mut rest)?))
                .map_err(|_| NotAnEntry::Time)?,
            actor: PersonId(Uuid::from_bytes(take(&mut rest)?)),
            subject: Uuid::from_bytes(take(&mut rest)?),
            key: KeyId(Uuid::from_bytes(take(&mut rest)?)),
            previous: Some(u64::from_le_bytes(take(&mut rest)?)).filter(|no| *no != NO_PREVIOUS).map(EntryNo),
            commitment: Sha256(take(&mut rest)?),
        };
        let body_bytes = u32::from_le_bytes(take(&mut rest)?);
        if leaf.len() > ENTRY_BYTES_MAX || usize::try_from(body_bytes) != Ok(rest.len()) {
            return Err(NotAnEntry::Length);
        }
        header.check()?;
        Ok(Self { header, body: rest.to_vec() })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], NotAnEntry> {
    let (piece, after) = rest.split_first_chunk::<N>().ok_or(NotAnEntry::Length)?;
    *rest = after;
    Ok(*piece)
}
