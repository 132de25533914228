//! Verify (Prüfen der Unversehrtheit): is anything changed, missing, or there that nobody knows of? Reads the
//! truth only: vault against its manifest, ledger against its signed head, keyring, and each against the other.

use std::collections::HashSet;
use std::io::Read;

use super::Registry;
use super::error::Answer;
use crate::catalog::Kind;
use crate::domain::actor::Caretaker;
use crate::domain::document::HeldObject;
use crate::domain::event::{ArchiveEvent, Event, FileEvent, OfficeEvent};
use crate::domain::ids::{ArchiveCopyId, DocumentId, KeyId, ObjectId};
use crate::ledger::{Entry, EntryNo};
use crate::vault::Vault;

/// Entries read from the ledger at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;

/// What was found. All is well if the three lists are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Objects looked at, office and archive wing.
    pub objects: u64,
    /// Ledger entries looked at.
    pub entries: u64,
    /// Deposits that no entry names (yet): no error, swept after a day.
    pub unclaimed: u64,
    /// What is not as it was written.
    pub changed: Vec<String>,
    /// What should be there and is not.
    pub missing: Vec<String>,
    /// What is there and nobody knows of.
    pub untracked: Vec<String>,
    /// What restorations from backups cost: known and recorded, so no damage; but never left unsaid.
    pub lost: Vec<String>,
}

impl Verified {
    /// Nothing is changed, missing or untracked.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.untracked.is_empty()
    }
}

impl Registry {
    /// Verifies everything; with `read_data` every object is also opened with its key and compared with the
    /// SHA-256 that was recorded when it was taken in.
    ///
    /// # Errors
    /// A fault if something cannot be read at all. Damage is an answer, not an error.
    pub fn verify(&self, _caretaker: Caretaker<'_>, read_data: bool) -> Answer<Verified> {
        let _writing = self.undisturbed()?;
        let mut found = Verified::default();
        self.verify_store("Datenspeicher", self.vault.as_ref(), &mut found)?;
        self.verify_store("Archiv", self.archive.as_ref(), &mut found)?;
        self.verify_ledger(&mut found)?;
        self.verify_keyrings(&mut found)?;
        self.verify_claims(read_data, &mut found)?;
        // If the office's own chain cannot be read, the audit has said why.
        found.lost = self.lost_history().unwrap_or_default();
        Ok(found)
    }

    fn verify_store<V: Vault + ?Sized>(&self, name: &str, vault: &V, found: &mut Verified) -> Answer<()> {
        let report = vault.scrub(&mut |_, _| {})?;
        found.objects += report.objects;
        found.changed.extend(report.changed.iter().map(|suspect| format!("{name}: {suspect}")));
        found.missing.extend(report.missing.iter().map(|id| format!("{name}: {id}")));
        found.untracked.extend(report.untracked.iter().map(|place| format!("{name}: {place}")));
        Ok(())
    }

    fn verify_ledger(&self, found: &mut Verified) -> Answer<()> {
        let audit = self.ledger.audit()?;
        found.entries = audit.head.size;
        found.changed.extend(audit.flaws.iter().map(|flaw| match flaw.entry {
            Some(number) => format!("Nachweisbuch, Eintrag {}: {}", number.0, flaw.what),
            None => format!("Nachweisbuch: {}", flaw.what),
        }));
        let chains = audit.broken_chains.iter();
        found
            .changed
            .extend(chains.map(|number| format!("Nachweisbuch, Eintrag {}: falsche Kette", number.0)));
        Ok(())
    }

    fn verify_keyrings(&self, found: &mut Verified) -> Answer<()> {
        for (name, keyring) in
            [("Schlüsselbund", &self.keyring), ("Schlüsselbund des Archivs", &self.archive_keyring)]
        {
            let audit = keyring.audit()?;
            found.changed.extend(audit.flaws.iter().map(|flaw| format!("{name}: {flaw}")));
        }
        Ok(())
    }

    /// Every entry opens (unless its record was destroyed), and every object it names is there.
    fn verify_claims(&self, read_data: bool, found: &mut Verified) -> Answer<()> {
        let gone = self.gone_documents()?;
        let mut claimed: HashSet<ObjectId> = HashSet::new();
        let mut from = 0;
        while from < found.entries {
            let Ok(entries) = self.ledger.entries(EntryNo(from), ENTRIES_AT_A_TIME) else {
                return Ok(()); // the audit has said why
            };
            if entries.is_empty() {
                break;
            }
            from += entries.len() as u64;
            for entry in &entries {
                self.verify_entry(entry, &gone, &mut claimed, read_data, found)?;
            }
        }
        self.each_stored(&mut |object| {
            if !claimed.contains(&object) {
                found.unclaimed += 1;
            }
        })
    }

    fn verify_entry(
        &self,
        entry: &Entry,
        gone: &HashSet<DocumentId>,
        claimed: &mut HashSet<ObjectId>,
        read_data: bool,
        found: &mut Verified,
    ) -> Answer<()> {
        let number = entry.header.number.0;
        let event = match self.open_body(entry) {
            Ok(event) => event,
            Err(error) => {
                found.changed.push(format!("Nachweisbuch, Eintrag {number}: {}", error.words().what));
                return Ok(());
            }
        };
        match event {
            Some(Event::Document(id, event)) => match event.held() {
                Some(held) => self.verify_object(id, held, claimed, read_data, found),
                None => Ok(()),
            },
            Some(Event::Archive(id, ArchiveEvent::TakenOver { objects, .. })) => {
                objects.iter().try_for_each(|(_, held)| self.verify_archived(id, held, read_data, found))
            }
            Some(Event::Office(OfficeEvent::Founded { name, demo, .. })) => {
                if (name.as_str(), demo) != (self.manifest.name.as_str(), self.manifest.demo) {
                    found.changed.push("Angaben zur Registratur in schriftgut.toml".to_owned());
                }
                Ok(())
            }
            Some(_) => Ok(()),
            None => {
                let lawful = entry.header.key != KeyId::OFFICE && self.lawfully_gone(entry, gone)?;
                if !lawful {
                    found.missing.push(format!("Schlüssel zu Eintrag {number}"));
                }
                Ok(())
            }
        }
    }

    /// An unreadable body without a later *destroyed* is an alarm.
    fn lawfully_gone(&self, entry: &Entry, gone: &HashSet<DocumentId>) -> Answer<bool> {
        let subject = entry.header.subject;
        Ok(match entry.header.kind.0 / 100 {
            4 => gone.contains(&DocumentId(subject)),
            3 => {
                let destroyed = |event: &Event| matches!(event, Event::File(_, FileEvent::Destroyed { .. }));
                self.chain(Kind::File, subject)?.iter().any(destroyed)
            }
            _ => false,
        })
    }

    fn verify_object(
        &self,
        document: DocumentId,
        held: &HeldObject,
        claimed: &mut HashSet<ObjectId>,
        read_data: bool,
        found: &mut Verified,
    ) -> Answer<()> {
        claimed.insert(held.id);
        if !self.vault.contains(&held.id)? {
            found.missing.push(format!("Datenspeicher: {} (Dokument {document})", held.id));
        } else if read_data {
            let opened = self.open_object(document, held);
            note_digest(opened, held, &format!("Datenspeicher: {} (Dokument {document})", held.id), found);
        }
        Ok(())
    }

    fn verify_archived(
        &self,
        copy: ArchiveCopyId,
        held: &HeldObject,
        read_data: bool,
        found: &mut Verified,
    ) -> Answer<()> {
        if !self.archive.contains(&held.id)? {
            found.missing.push(format!("Archiv: {} (Archivexemplar {copy})", held.id));
        } else if read_data {
            let opened = self.open_archived(copy, held);
            note_digest(opened, held, &format!("Archiv: {} (Archivexemplar {copy})", held.id), found);
        }
        Ok(())
    }
}

fn note_digest(opened: Answer<Box<dyn Read + Send>>, held: &HeldObject, name: &str, found: &mut Verified) {
    let digest = opened.and_then(|mut object| super::transfer::hash(&mut object));
    if digest.ok() != Some(held.sha256) {
        found.changed.push(name.to_owned());
    }
}
