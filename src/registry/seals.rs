//! What is sealed under which key, and in which context. A seal opened in another context does not open.

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::records::kind_of_code;
use crate::base::digest::Sha256;
use crate::base::seal::{SealKey, random_bytes};
use crate::catalog::Kind;
use crate::domain::document::HeldObject;
use crate::domain::event::Event;
use crate::domain::ids::{KeyId, ObjectId};
use crate::domain::paper::Barcode;
use crate::format::FormatError;
use crate::format::event::{decode, encode, kind_code};
use crate::keyring::Keyring;
use crate::ledger::Entry;

/// Length of the random salt in front of every body: nobody who has the commitment can confirm a guess.
const SALT_BYTES: usize = 32;

/// A body ready for the ledger.
pub(super) struct SealedBody {
    pub(super) key: KeyId,
    pub(super) commitment: Sha256,
    pub(super) bytes: Vec<u8>,
}

fn body_context(kind: u16, subject: Uuid) -> Vec<u8> {
    let mut context = b"schriftgut ledger body 1".to_vec();
    context.extend_from_slice(&kind.to_le_bytes());
    context.extend_from_slice(subject.as_bytes());
    context
}

fn wrap_context(record: KeyId, object: &ObjectId) -> Vec<u8> {
    let mut context = b"schriftgut object key 1".to_vec();
    context.extend_from_slice(record.0.as_bytes());
    context.extend_from_slice(&object.0);
    context
}

/// The subject of an event, as the ledger's header names it.
pub(super) fn subject(event: &Event) -> Uuid {
    match event {
        Event::Office(_) => KeyId::OFFICE.0,
        Event::Person(id, _) => id.0,
        Event::File(id, _) => id.0,
        Event::Document(id, _) => id.0,
        Event::List(id, _) => id.0,
        Event::Archive(id, _) => id.0,
    }
}

/// The object key, wrapped for one record that holds the object.
pub(super) fn wrap_object_key(
    record: KeyId,
    record_key: &SealKey,
    object: &ObjectId,
    key: &SealKey,
) -> Vec<u8> {
    record_key.seal(&wrap_context(record, object), key.expose())
}

/// The object key out of one record's wrap.
pub(super) fn unwrap_object_key(record: KeyId, record_key: &SealKey, held: &HeldObject) -> Answer<SealKey> {
    let bytes = record_key
        .open(&wrap_context(record, &held.id), &held.wrapped_key)
        .map_err(|cause| Error::fault("Ein Objektschlüssel ist beschädigt", VERIFY, cause))?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| {
        Error::fault("Ein Objektschlüssel ist beschädigt", VERIFY, "er hat die falsche Länge")
    })?;
    Ok(SealKey::from_bytes(bytes))
}

/// Reads a disclosed body and checks it against the commitment in its entry.
pub(super) fn disclosed(entry: &Entry, plain: &[u8]) -> Result<Event, FormatError> {
    let wrong = || FormatError::wrong("proof", "plain");
    if Sha256::of(&[plain]) != entry.header.commitment {
        return Err(wrong());
    }
    let json = plain.get(SALT_BYTES..).ok_or_else(wrong)?;
    decode(entry.header.kind.0, entry.header.subject, json)
}

const VERIFY: &str = "prüfen Sie mit `schriftgut verify`, was sonst betroffen ist";

fn damaged(entry: &Entry, why: &str) -> Error {
    let what = format!("Eintrag {} des Nachweisbuchs ist beschädigt", entry.header.number.0);
    Error::fault(what, VERIFY, why)
}

impl Registry {
    /// The keyring that has the keys of this kind of event.
    fn keyring_of(&self, event: &Event) -> &Keyring {
        if matches!(event, Event::Archive(..)) { &self.archive_keyring } else { &self.keyring }
    }

    /// Seals an event's body under the key it belongs under.
    pub(super) fn seal_body(&self, event: &Event) -> Answer<SealedBody> {
        let id = if event.outlives_its_record() { KeyId::OFFICE } else { KeyId(subject(event)) };
        let key = self.keyring_of(event).key(&id)?.ok_or_else(|| {
            Error::fault(
                "Für einen Eintrag fehlt der Schlüssel",
                VERIFY,
                format!("im Schlüsselbund fehlt der Schlüssel {id}"),
            )
        })?;
        let mut plain = random_bytes::<SALT_BYTES>().to_vec();
        plain.extend_from_slice(&encode(event));
        let bytes = key.seal(&body_context(kind_code(event), subject(event)), &plain);
        Ok(SealedBody { key: id, commitment: Sha256::of(&[&plain]), bytes })
    }

    /// Opens an entry's body. None if its key is forgotten; whether it may be is for the caller to say.
    pub(super) fn open_body(&self, entry: &Entry) -> Answer<Option<Event>> {
        let header = &entry.header;
        let Some(plain) = self.open_plain(entry)? else { return Ok(None) };
        if Sha256::of(&[&plain]) != header.commitment {
            return Err(damaged(entry, "sein Inhalt ist nicht der, den sein Kopf bezeugt"));
        }
        let json = plain.get(SALT_BYTES..).ok_or_else(|| damaged(entry, "er ist zu kurz"))?;
        Ok(Some(decode(header.kind.0, header.subject, json)?))
    }

    /// The plain body of an entry that holds no content, to be shown with a proof; none for any other.
    pub(super) fn disclose(&self, entry: &Entry) -> Answer<Option<Vec<u8>>> {
        if entry.header.key == KeyId::OFFICE { self.open_plain(entry) } else { Ok(None) }
    }

    fn open_plain(&self, entry: &Entry) -> Answer<Option<Vec<u8>>> {
        let header = &entry.header;
        let archive = kind_of_code(header.kind.0) == Some(Kind::Archive);
        let keyring = if archive { &self.archive_keyring } else { &self.keyring };
        let Some(key) = keyring.key(&header.key)? else { return Ok(None) };
        let plain = key.open(&body_context(header.kind.0, header.subject), &entry.body);
        plain.map(Some).map_err(|_| damaged(entry, "sein Siegel lässt sich nicht öffnen"))
    }

    /// The key of a record; a fault if it should be there and is not.
    pub(super) fn record_key(&self, id: impl Into<KeyId>) -> Answer<SealKey> {
        let id = id.into();
        self.keyring.key(&id)?.ok_or_else(|| {
            Error::fault(
                "Ein Aktenschlüssel fehlt",
                VERIFY,
                format!("im Schlüsselbund fehlt der Schlüssel {id}"),
            )
        })
    }

    /// Keyed hash of a reference number: how the catalogue finds a file without knowing its number.
    pub(super) fn reference_hash(&self, folded: &str) -> Answer<[u8; 32]> {
        let key = self.record_key(KeyId::LOOKUP)?;
        Ok(*blake3::keyed_hash(key.expose(), folded.as_bytes()).as_bytes())
    }

    /// The same of a barcode. A reference number that is folded has no colon in it, so none hashes like a barcode.
    pub(super) fn barcode_hash(&self, barcode: &Barcode) -> Answer<[u8; 32]> {
        self.reference_hash(&format!("barcode:{barcode}"))
    }
}
