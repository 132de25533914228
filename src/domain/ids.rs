//! Names that never change. Given names are UUIDs (xdomea demands it), content names are digests;
//! people see neither but the reference number (Aktenzeichen). Each kind is its own type.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::protection::ProtectionDomain;
use crate::base::digest::{NotADigest, bytes_from_hex, hex};

/// What is wrong with a text that should be a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a UUID such as 1b4e28ba-2fa1-41d2-883f-0016d3cca427")]
pub struct NotAnId;

macro_rules! given_name {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }

        impl From<$name> for KeyId {
            fn from(id: $name) -> KeyId {
                KeyId(id.0)
            }
        }
    )*};
}

given_name! {
    /// A file (Akte).
    CaseFileId;
    /// A case (Vorgang) inside a file.
    CaseId;
    /// A document (Dokument).
    DocumentId;
    /// A person who acts (or the program itself, see [`PersonId::PROGRAM`]).
    PersonId;
    /// A hold (Vernichtungssperre).
    HoldId;
    /// A reminder (Wiedervorlage).
    ReminderId;
    /// A disposal list (Aussonderungsliste).
    DisposalListId;
    /// An archive copy (Archivexemplar) in the archive wing.
    ArchiveCopyId;
    /// A restoration (Wiederherstellung) of the registry from backups.
    RestorationId;
    /// A saved search (gespeicherte Suche) of a person.
    SavedSearchId;
    /// A deputyship (Vertretung): days on which one person stands in for another.
    DeputyshipId;
    /// An access token (Zugangsschlüssel) of a person.
    TokenId;
    /// What a person is sending in pieces (Hochladen), until it is a document.
    UploadId;
    /// A delivered batch (Lieferung), while it is remembered.
    DeliveryId;
}

impl PersonId {
    /// The program acting by itself: reading texts, following the ledger.
    pub const PROGRAM: PersonId = PersonId(Uuid::from_u128(1));
}

/// The name of a key in the keyring: the id of what it seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub Uuid);

impl KeyId {
    /// The office key: seals what must outlive every record and holds no content.
    pub const OFFICE: KeyId = KeyId(Uuid::from_u128(2));
    /// The seed the ledger signs its checkpoints with.
    pub const LEDGER_SIGNING: KeyId = KeyId(Uuid::from_u128(3));
    /// The key of look-ups by reference number (keyed hash in the catalogue).
    pub const LOOKUP: KeyId = KeyId(Uuid::from_u128(4));

    /// The key that names objects inside one protection domain (keyed BLAKE3).
    #[must_use]
    pub const fn address(domain: ProtectionDomain) -> KeyId {
        KeyId(Uuid::from_u128(match domain {
            ProtectionDomain::General => 0x10,
            ProtectionDomain::Tax => 0x11,
            ProtectionDomain::Social => 0x12,
            ProtectionDomain::Personnel => 0x13,
        }))
    }

    /// An id of the office itself, never that of a record: below 256, where no random UUID lies.
    /// Such a key is never forgotten.
    #[must_use]
    pub fn is_of_the_office(&self) -> bool {
        self.0.as_u128() < 0x100
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.hyphenated())
    }
}

/// The content name of a stored object: BLAKE3, keyed with the secret of one protection domain.
/// Equal content has one name inside a domain; an outsider can confirm no guess.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub [u8; 32]);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectId({})", hex(&self.0[..4]))
    }
}

impl FromStr for ObjectId {
    type Err = NotADigest;
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        bytes_from_hex(text).map(Self)
    }
}
