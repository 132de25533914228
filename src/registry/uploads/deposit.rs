//! What programs send in one piece (Ablegen über die Schnittstelle): sealed on its way as an upload is, and taken in through
//! the same door. What is cut off is removed, for a program begins again.
//!
//! **Once, and not twice.** A program says a key of its own with each document. The id of the document follows from it and from
//! the person, so whoever repeats what was sent, a minute or a year later, in the middle of it or after a kill, gets the
//! document there is. Nothing is kept for it. The id tells nothing of the key: it is a keyed hash, and who has no keyring has
//! no more than a random number. May not decide anything about documents: `ingest` does.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use sha2::Digest as _;

use super::{
    Continued, Held, Outcome, PIECE_BYTES_MAX, PlannedId, Registry, Target, UPLOAD_BYTES_MAX, UploadHead,
};
use crate::base::digest::Sha256;
use crate::base::seal::SealKey;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::ReferenceNumber;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{DocumentId, KeyId, PersonId, UploadId};
use crate::registry::error::{Answer, Error, Words};
use crate::registry::ingest::Proposed;

/// Longest key, in characters.
const KEY_CHARS_MAX: usize = 200;

/// What a program calls a document it sends, so that it may send it again. Each document has one of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct RepeatKey(String);

/// Not such a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotARepeatKey;

impl FromStr for RepeatKey {
    type Err = NotARepeatKey;
    fn from_str(text: &str) -> Result<Self, NotARepeatKey> {
        let text = text.trim();
        // A text in quotes, as the draft for the header has it, and a bare one are the same.
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        let fits =
            (1..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotARepeatKey) }
    }
}

impl fmt::Debug for RepeatKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RepeatKey(…)")
    }
}

/// A document that is sent.
#[derive(Debug)]
pub struct NewDeposit<'n> {
    /// What its program calls it.
    pub key: &'n RepeatKey,
    /// Name of the file; of a path, its last part.
    pub file_name: &'n str,
    /// Where it belongs; none for the in-tray.
    pub target: Option<Target>,
    /// How long it says it is.
    pub announced_bytes: Option<u64>,
    /// What its digest should be.
    pub sha256: Option<Sha256>,
}

/// What came of it.
#[derive(Debug)]
pub enum Deposited {
    /// It is a document, now or since it was sent before.
    There(Receipt),
    /// It was not taken in.
    Refused(Words),
    /// It is being sent a second time while the first is on its way.
    Busy,
    /// It was cut off.
    CutOff,
    /// It is larger than anything that is taken in.
    TooLong,
}

/// A document that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which it is.
    pub document: DocumentId,
    /// The file it was put into just now; none for the in-tray, or if it was there before.
    pub file: Option<ReferenceNumber>,
    /// What came.
    pub sha256: Sha256,
    /// How much came.
    pub size_bytes: u64,
    /// It was there before: it was sent under this key already.
    pub is_repeated: bool,
    /// Another with this content was there already, as this person may know.
    pub is_known: bool,
}

impl Registry {
    /// Takes in a document a program sends. Acknowledged when it is durable, as all that is taken in.
    ///
    /// # Errors
    /// A mistake if it is empty, has no name, or is not what its digest or an earlier one under the same key says; a refusal
    /// if this person has too much on its way; a fault if there is no room or taking in fails. Then nothing was taken in,
    /// or sending it again tells.
    pub fn deposit(&self, clerk: Clerk<'_>, new: NewDeposit<'_>, bytes: &mut dyn Read) -> Answer<Deposited> {
        let actor = clerk.actor();
        let file_name = self.name_of_upload(new.file_name)?;
        let document = self.deposited_id(actor.id, new.key)?;
        let mut passing = Passing::of(bytes);
        if new.announced_bytes.is_some_and(|bytes| bytes > UPLOAD_BYTES_MAX) {
            return Ok(Deposited::TooLong);
        }
        if self.is_taken_in(clerk, document)? {
            self.remove_what_was_left(actor, document)?;
            return self.deposited_before(actor, document, &new, &mut passing);
        }
        if let Some(words) = self.why_not_deposited(clerk, &file_name, &new)? {
            return Ok(Deposited::Refused(words));
        }
        let what = || format!("{file_name} wird nicht abgelegt");
        self.require_few_on_their_way(actor, new.announced_bytes.unwrap_or(0), what)?;
        let Some(mut held) = self.begin_deposit(actor, document, &file_name)? else {
            return Ok(Deposited::Busy);
        };
        // While it is in hand nobody else can take it in; until then somebody could have.
        if self.is_taken_in(clerk, document)? {
            self.remove_upload(held)?;
            return self.deposited_before(actor, document, &new, &mut passing);
        }
        let fits = self.receive(&mut held, &mut passing, UPLOAD_BYTES_MAX)?;
        let deposited = match passing.came(&file_name, new.sha256.as_ref()) {
            _ if !fits => Ok(Deposited::TooLong),
            _ if passing.was_cut_off => Ok(Deposited::CutOff),
            Err(mistake) => Err(mistake),
            Ok(sha256) => self.take_in_deposit(clerk, &held, document, sha256, new.target),
        };
        self.remove_upload(held)?;
        deposited
    }

    fn take_in_deposit(
        &self,
        clerk: Clerk<'_>,
        held: &Held<'_>,
        document: DocumentId,
        sha256: Sha256,
        target: Option<Target>,
    ) -> Answer<Deposited> {
        let taken = self.ingest_pieces(clerk, held, PlannedId::of_what_was_said(document), target)?;
        let is_known = match taken.outcome {
            Outcome::Refused(words) => return Ok(Deposited::Refused(words)),
            Outcome::Taken(_) => false,
            Outcome::Known(_) => true,
        };
        let size_bytes = held.received_bytes();
        let file = taken.file;
        Ok(Deposited::There(Receipt { document, file, sha256, size_bytes, is_repeated: false, is_known }))
    }

    /// The id of what this person sends under this key.
    fn deposited_id(&self, person: PersonId, key: &RepeatKey) -> Answer<DocumentId> {
        let secret =
            self.record_key(KeyId::LOOKUP)?.derive("schriftgut 2026-11-28 id of a deposited document");
        Ok(id_of(&secret, person, key))
    }

    /// Why it would be refused at the end, if that is certain at the beginning.
    fn why_not_deposited(
        &self,
        clerk: Clerk<'_>,
        file_name: &str,
        new: &NewDeposit<'_>,
    ) -> Answer<Option<Words>> {
        let Some(target) = &new.target else { return Ok(None) };
        let size_bytes = new.announced_bytes.unwrap_or(0);
        let proposed = Proposed { target, closed: None, size_bytes, need: None };
        let unfit = self.unfit(clerk, std::iter::once(proposed))?.pop().flatten();
        Ok(unfit.map(|(why, way_out)| Words {
            what: format!("{file_name} wird nicht abgelegt"),
            why,
            way_out,
        }))
    }

    /// Removes what a kill left of it on its way; false if somebody has it in hand.
    fn remove_what_was_left(&self, actor: &Actor, document: DocumentId) -> Answer<bool> {
        match self.hold_upload(actor.id, UploadId(document.0))? {
            Ok(left) => self.remove_upload(left)?,
            Err(Continued::Busy) => return Ok(false),
            Err(_) => {}
        }
        Ok(true)
    }

    /// Takes it in hand; none if somebody has it.
    fn begin_deposit(&self, actor: &Actor, document: DocumentId, name: &str) -> Answer<Option<Held<'_>>> {
        if !self.remove_what_was_left(actor, document)? {
            return Ok(None);
        }
        let head = UploadHead {
            person: actor.id,
            file_name: name.to_owned(),
            reference: None,
            size_bytes: None, // nobody but its program may say that it is whole
            touched: self.disk.now(),
            key: SealKey::random(),
            document: None,
            end: None,
        };
        self.new_upload_as(UploadId(document.0), head)
    }

    /// It was sent before under this key; is it the same? Of one that this person may not read any more, or that is gone,
    /// nothing is said.
    fn deposited_before(
        &self,
        actor: &Actor,
        document: DocumentId,
        new: &NewDeposit<'_>,
        passing: &mut Passing<'_>,
    ) -> Answer<Deposited> {
        if !passing.run_through() {
            return Ok(if passing.was_cut_off { Deposited::CutOff } else { Deposited::TooLong });
        }
        let sha256 = passing.came(new.file_name, new.sha256.as_ref())?;
        if self.readable_document(actor, document)?.is_some()
            && let Some(Event::Document(_, DocumentEvent::TakenIn { original, .. })) =
                self.chain(Kind::Document, document.0)?.first()
            && original.sha256 != sha256
        {
            return Ok(Deposited::Refused(Words {
                what: format!("{} wird nicht abgelegt", new.file_name),
                why: "unter diesem Idempotency-Key kam schon etwas mit anderem Inhalt".to_owned(),
                way_out: "vergeben Sie für jedes Dokument einen eigenen".to_owned(),
            }));
        }
        let size_bytes = passing.bytes;
        let (is_repeated, is_known) = (true, false);
        Ok(Deposited::There(Receipt { document, file: None, sha256, size_bytes, is_repeated, is_known }))
    }
}

fn id_of(secret: &SealKey, person: PersonId, key: &RepeatKey) -> DocumentId {
    let mut hash = blake3::Hasher::new_keyed(secret.expose());
    hash.update(person.0.as_bytes()).update(key.0.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    DocumentId(uuid::Builder::from_random_bytes(id).into_uuid())
}

/// Bytes on their way, counted and digested.
struct Passing<'r> {
    inner: &'r mut dyn Read,
    digest: sha2::Sha256,
    bytes: u64,
    was_cut_off: bool,
}

impl<'r> Passing<'r> {
    fn of(inner: &'r mut dyn Read) -> Self {
        Self { inner, digest: sha2::Sha256::new(), bytes: 0, was_cut_off: false }
    }

    /// Reads all there is; false if the line went dead, or it is more than anything that is taken in.
    fn run_through(&mut self) -> bool {
        let mut buffer = vec![0; PIECE_BYTES_MAX];
        while self.bytes <= UPLOAD_BYTES_MAX {
            match self.read(&mut buffer) {
                Ok(0) => return true,
                Err(cause) if cause.kind() != io::ErrorKind::Interrupted => return false,
                _ => {}
            }
        }
        false
    }

    /// The digest of what came; a mistake if it is not the one that was said, or nothing came.
    fn came(&self, file_name: &str, said: Option<&Sha256>) -> Answer<Sha256> {
        let wrong = |why: &str, way_out: &str| {
            Err(Error::mistake(format!("{file_name} wird nicht abgelegt"), why, way_out))
        };
        let sha256 = Sha256(self.digest.clone().finalize().into());
        if self.bytes == 0 {
            return wrong("die Datei ist leer", "senden Sie eine Datei mit Inhalt");
        }
        if said.is_some_and(|said| *said != sha256) {
            return wrong("was ankam, hat nicht die genannte Prüfsumme", "senden Sie die Datei noch einmal");
        }
        Ok(sha256)
    }
}

impl Read for Passing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(read) => {
                self.digest.update(&buffer[..read]);
                self.bytes += read as u64;
                Ok(read)
            }
            Err(cause) => {
                self.was_cut_off |= cause.kind() != io::ErrorKind::Interrupted;
                Err(cause)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Were it another in a later program, what was sent before would be taken in a second time.
    #[test]
    fn the_id_of_what_is_sent_again_is_the_same_in_every_version() {
        let id = |secret, person, key: &str| {
            id_of(
                &SealKey::from_bytes([secret; 32]),
                PersonId(Uuid::from_u128(person)),
                &key.parse().unwrap(),
            )
        };
        assert_eq!(id(7, 7, "rechnung-1").to_string(), "ee320beb-8718-4127-89ee-d4c2ca8e866a");
        for other in [id(8, 7, "rechnung-1"), id(7, 8, "rechnung-1"), id(7, 7, "rechnung-2")] {
            assert_ne!(other, id(7, 7, "rechnung-1"));
        }
        assert_eq!(id(7, 7, " \"rechnung-1\" "), id(7, 7, "rechnung-1"), "in quotes or bare");
        for wrong in ["", "\"\"", "a b", "Süd", "a\u{7}", &"a".repeat(KEY_CHARS_MAX + 1)] {
            assert_eq!(wrong.parse::<RepeatKey>(), Err(NotARepeatKey), "{wrong}");
        }
    }
}
