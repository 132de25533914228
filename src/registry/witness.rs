//! Witness (Prüfpunkt nach außen): the signed checkpoint with the register of destructions, to be kept outside the
//! registry and its backups. Every destruction writes it beside the certificates; restoring asks for the newest.

use std::collections::BTreeMap;

use super::Registry;
use super::entries::{CONDEMNED, EXECUTED};
use super::error::{Answer, Error, causes};
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::actor::Caretaker;
use crate::domain::disposal::Condemned;
use crate::domain::event::{Event, FileEvent, ListEvent};
use crate::domain::ids::{DisposalListId, KeyId};
use crate::domain::life_cycle::german;
use crate::domain::restoration::{LedgerMark, Restoration};
use crate::format::tombstones::{self, Register, Tombstone};
use crate::ledger::{Checkpoint, Head, VerifierKey, checkpoint, proof::verify_consistency};

/// What a file kept outside says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Witness {
    /// How far the ledger went when it was written.
    pub(super) mark: LedgerMark,
    /// What had been destroyed by then; none for a bare checkpoint.
    pub(super) tombstones: Option<Vec<Tombstone>>,
}

/// How a ledger stands to a checkpoint from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Continuity {
    /// It goes on from there, by so many entries.
    Continues(u64),
    /// Entries up to the checkpoint were lost when the registry was restored.
    Lost(Restoration),
    /// It has fewer entries than the checkpoint, or others, and no restoration says why: an alarm.
    Broken,
}

/// The end of a list that is about to be recorded.
pub(super) struct Ending {
    pub(super) list: DisposalListId,
    pub(super) on: jiff::civil::Date,
    pub(super) certificate: Sha256,
}

impl Witness {
    /// Reads a file and checks its signature and its register.
    pub(super) fn read(text: &str, key: &VerifierKey) -> Answer<Self> {
        let refuse = |why: String| {
            Error::mistake(
                "Der Prüfpunkt gilt nicht",
                why,
                "nehmen Sie die Datei, die nach der letzten Vernichtung außerhalb verwahrt wurde",
            )
        };
        let (register, note) = tombstones::split(text);
        let Checkpoint { head, extensions, .. } = checkpoint::verify(note, key).map_err(|cause| {
            refuse(format!(
                "er ist nicht von dieser Registratur unterschrieben: {}",
                causes::checkpoint(cause)
            ))
        })?;
        let closed = Register::read(&extensions).map_err(|cause| refuse(causes::format(&cause)))?;
        let tombstones = match closed {
            None if register.is_empty() => None,
            Some(closed) if closed.digest == Sha256::of(&[register.as_bytes()]) => {
                Some(tombstones::read(register).map_err(|cause| refuse(causes::format(&cause)))?)
            }
            _ => return Err(refuse("das Vernichtungsverzeichnis ist verändert".to_owned())),
        };
        Ok(Self { mark: LedgerMark { size: head.size, root: head.root }, tombstones })
    }
}

impl Registry {
    /// The current checkpoint with the register of destructions, as a file to keep outside.
    ///
    /// # Errors
    /// A fault if the ledger cannot be read.
    pub fn checkpoint(&self, _caretaker: Caretaker<'_>) -> Answer<String> {
        // Not in the middle of a destruction.
        let _writing = self.writing()?;
        self.witness_text(None)
    }

    /// How this ledger stands to a checkpoint that was kept outside.
    ///
    /// # Errors
    /// A mistake if the file is not a checkpoint of this registry.
    pub fn compare_checkpoint(&self, _caretaker: Caretaker<'_>, text: &str) -> Answer<Continuity> {
        let witness = Witness::read(text, &self.own_verifier()?)?;
        self.continuity(witness.mark)
    }

    /// Writes the witness file beside the certificates.
    pub(super) fn write_witness(&self, ending: Option<Ending>) -> Answer<()> {
        self.certificates_folder()?;
        Ok(self.disk.put_durably(&self.layout.tombstones(), self.witness_text(ending)?.as_bytes())?)
    }

    pub(super) fn witness_text(&self, ending: Option<Ending>) -> Answer<String> {
        let tombstones = self.tombstones(ending)?;
        let register = tombstones::write(&tombstones);
        let Head { size, root } = self.ledger.head();
        let extensions = Register::of(&register, tombstones.len(), self.keyring.epoch()).lines();
        let checkpoint = Checkpoint { origin: self.manifest.origin(), head: Head { size, root }, extensions };
        let note = checkpoint.sign(&super::open::signing_key(&self.keyring)?).map_err(|cause| {
            Error::fault("Der Prüfpunkt kann nicht geschrieben werden", "versuchen Sie es erneut", cause)
        })?;
        Ok(tombstones::join(&register, &note))
    }

    /// Every list that was carried out, out of the office's own entries.
    pub(super) fn tombstones(&self, ending: Option<Ending>) -> Answer<Vec<Tombstone>> {
        let mut condemned: BTreeMap<DisposalListId, Vec<Condemned>> = BTreeMap::new();
        let mut ended: Vec<Ending> = Vec::new();
        self.each_of_kinds(&[CONDEMNED, EXECUTED], &mut |event| match event {
            Event::File(file, FileEvent::Condemned { list, documents, counts, .. }) => {
                condemned.entry(list).or_default().push(Condemned { file, list, documents, counts });
            }
            Event::List(list, ListEvent::Executed { on, certificate }) => {
                ended.push(Ending { list, on, certificate });
            }
            _ => {}
        })?;
        ended.extend(ending);
        let mut tombstones = Vec::with_capacity(ended.len());
        for Ending { list, on, certificate } in ended {
            let files = condemned.remove(&list).unwrap_or_default();
            tombstones.push(Tombstone { list, on, certificate, files });
        }
        Ok(tombstones)
    }

    /// The ledger's public key.
    pub(super) fn own_verifier(&self) -> Answer<VerifierKey> {
        self.verifier_key().parse().map_err(|cause: crate::ledger::note::NoteError| {
            Error::fault(
                "Der öffentliche Schlüssel des Nachweisbuchs ist beschädigt",
                "stellen Sie schriftgut.toml aus der Sicherung wieder her",
                cause,
            )
        })
    }

    /// How this ledger stands to a mark.
    pub(super) fn continuity(&self, mark: LedgerMark) -> Answer<Continuity> {
        let (old, head) = (Head { size: mark.size, root: mark.root }, self.ledger.head());
        if old.size <= head.size
            && verify_consistency(&old, &head, &self.ledger.consistency(old.size, head.size)?).is_ok()
        {
            return Ok(Continuity::Continues(head.size - old.size));
        }
        // It is of a course that was given up: the first restoration whose backup it was ahead of says so.
        let lost = self.restorations()?.into_iter().find(|known| known.backup.size < mark.size);
        Ok(lost.map_or(Continuity::Broken, Continuity::Lost))
    }

    /// Restorations of this registry, out of the office's own chain.
    pub(super) fn restorations(&self) -> Answer<Vec<Restoration>> {
        let chain = self.chain(Kind::Office, KeyId::OFFICE.0)?;
        let events = chain
            .iter()
            .filter_map(|event| if let Event::Office(event) = event { Some(event) } else { None });
        Ok(Restoration::all(events))
    }

    /// What `verify` must name: entries that restorations cost, in words for users.
    pub(super) fn lost_history(&self) -> Answer<Vec<String>> {
        let words = |known: &Restoration| {
            let (on, size) = (german(known.on), known.backup.size);
            match (known.witness, known.lost()) {
                (_, lost @ 1..) => format!(
                    "Nachweisbuch: {lost} Einträge ({size} bis {}) gingen mit der Wiederherstellung am {on} verloren",
                    size + lost - 1
                ),
                (None, _) => format!(
                    "Nachweisbuch: was zwischen Eintrag {size} und der Wiederherstellung am {on} geschah, ist \
                     unbekannt; es lag kein Prüfpunkt von außerhalb vor"
                ),
                (Some(_), 0) => format!(
                    "Nachweisbuch: wiederhergestellt am {on} mit dem Stand von {size} Einträgen; spätere, falls es \
                     sie gab, sind nicht mehr da"
                ),
            }
        };
        Ok(self.restorations()?.iter().map(words).collect())
    }
}
