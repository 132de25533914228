//! Repair (Wiederherstellen): sealed bytes that are changed or missing are put back from a copy: a content backup,
//! or the folder of a second copy of the registry.
//!
//! Only what a living record holds is put back: nothing destroyed comes again, whatever the copy has. Only bytes
//! the vault itself vouches for are believed: the sealed digest in its manifest, or, where the manifest has lost
//! the object, the SHA-256 in the ledger entry. What is sound is never touched.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::{Answer, Error};
use super::seals::unwrap_object_key;
use super::{Registry, transfer};
use crate::base::digest::Blake3;
use crate::base::seal::SealKey;
use crate::domain::actor::Administrator;
use crate::domain::document::HeldObject;
use crate::domain::event::{ArchiveEvent, Event, OfficeEvent};
use crate::domain::ids::{KeyId, ObjectId};
use crate::vault::{Suspect, Vault, VaultCopy};

/// What a repair did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// Objects of the office that are right again.
    pub objects: Vec<ObjectId>,
    /// Objects of the archive wing that are right again.
    pub archived: Vec<ObjectId>,
    /// Objects that are still changed or missing, and why.
    pub left: Vec<(ObjectId, &'static str)>,
}

/// What a living record holds that the vault does not have right: by object, the record and how it holds it.
type Wanted = BTreeMap<ObjectId, Option<(KeyId, HeldObject)>>;

impl Registry {
    /// Puts back what is changed or missing here and right in the copy, in both stores, and records it.
    ///
    /// # Errors
    /// A mistake if there is no copy; a fault if an entry cannot be read that might hold an object: then the
    /// keyring is restored first.
    pub fn repair(&self, administrator: Administrator<'_>, from: &Path) -> Answer<Repair> {
        let writing = self.writing()?;
        let copies = [
            VaultCopy::open_on(&self.disk, &from.join("vault"))?,
            VaultCopy::open_on(&self.disk, &from.join("archive"))?,
        ];
        if copies.iter().all(Option::is_none) {
            return Err(Error::mistake(
                format!("Aus {} kann nichts wiederhergestellt werden", from.display()),
                "es liegt kein Datenspeicher darin (Ordner vault und archive)",
                "nennen Sie den Ordner einer Sicherung oder einer Kopie der Registratur",
            ));
        }
        let (office, archive) = self.wanted()?;
        let mut done = Repair::default();
        done.objects =
            self.put_back(self.vault.as_ref(), &office, copies[0].as_ref(), false, &mut done.left)?;
        done.archived =
            self.put_back(self.archive.as_ref(), &archive, copies[1].as_ref(), true, &mut done.left)?;
        if !(done.objects.is_empty() && done.archived.is_empty()) {
            let event = recorded(&done, &copies);
            self.record(&writing, administrator.actor().id, &[Event::Office(event)])?;
        }
        Ok(done)
    }

    fn put_back(
        &self,
        vault: &dyn Vault,
        wanted: &Wanted,
        copy: Option<&VaultCopy>,
        archive: bool,
        left: &mut Vec<(ObjectId, &'static str)>,
    ) -> Answer<Vec<ObjectId>> {
        let mut fit = Vec::new();
        for (id, holder) in wanted {
            let reason = match (holder, copy) {
                (None, _) => "kein lebender Eintrag nennt sie",
                (_, None) => "die Sicherung hat diesen Speicher nicht",
                (Some((record, held)), Some(copy)) => {
                    // What the manifest names is compared with it; what it has lost, with the entry.
                    if vault.contains(id)? || self.is_what_was_held(*record, held, copy, archive)? {
                        fit.push(*id);
                        continue;
                    }
                    "in der Sicherung fehlt sie oder ist sie eine andere"
                }
            };
            left.push((*id, reason));
        }
        let back = match copy {
            Some(copy) => vault.put_back(&fit, copy)?,
            None => Vec::new(),
        };
        let not_back = fit.iter().filter(|id| !back.contains(id));
        left.extend(not_back.map(|id| (*id, "in der Sicherung fehlt sie oder ist selbst beschädigt")));
        Ok(back)
    }

    /// The copy's object opens with the key of its holder and has the recorded content.
    fn is_what_was_held(
        &self,
        record: KeyId,
        held: &HeldObject,
        copy: &VaultCopy,
        archive: bool,
    ) -> Answer<bool> {
        let key = unwrap_object_key(record, &self.holder_key(record, archive)?, held)?;
        let Ok(Some(mut object)) = copy.read(&held.id, &key) else { return Ok(false) };
        Ok(transfer::hash(&mut object).is_ok_and(|digest| digest == held.sha256))
    }

    fn holder_key(&self, record: KeyId, archive: bool) -> Answer<SealKey> {
        if archive { self.archive_key(record) } else { self.record_key(record) }
    }

    /// What is not right in office and archive wing, each object with a living record that holds it, if any does.
    fn wanted(&self) -> Answer<(Wanted, Wanted)> {
        let (mut office, mut archive) = (damaged(self.vault.as_ref())?, damaged(self.archive.as_ref())?);
        self.each_held_object(&mut |document, held| {
            want(&mut office, self.vault.as_ref(), document.into(), held)
        })?;
        self.each_entry_from(0, &mut |entry| {
            if entry.header.kind.0 / 100 != 6 {
                return Ok(());
            }
            let event = self.open_body(entry)?;
            let Some(Event::Archive(copy, ArchiveEvent::TakenOver { objects, .. })) = event else {
                return Ok(());
            };
            objects
                .iter()
                .try_for_each(|(_, held)| want(&mut archive, self.archive.as_ref(), copy.into(), held))
        })?;
        Ok((office, archive))
    }
}

/// Objects of a store that are changed or missing; nobody is known yet who holds them.
fn damaged(vault: &dyn Vault) -> Answer<Wanted> {
    let report = vault.scrub(&mut |_, _| {})?;
    let changed = report.changed.iter().filter_map(|suspect| match suspect {
        Suspect::Object(id) => Some(*id),
        Suspect::Place(_) => None,
    });
    Ok(changed.chain(report.missing.iter().copied()).map(|id| (id, None)).collect())
}

/// Notes who holds an object that is damaged, or that the manifest does not even name.
fn want(wanted: &mut Wanted, vault: &dyn Vault, record: KeyId, held: &HeldObject) -> Answer<()> {
    match wanted.get_mut(&held.id) {
        Some(holder) => *holder = Some((record, held.clone())),
        None if !vault.contains(&held.id)? => {
            wanted.insert(held.id, Some((record, held.clone())));
        }
        None => {}
    }
    Ok(())
}

fn recorded(done: &Repair, copies: &[Option<VaultCopy>; 2]) -> OfficeEvent {
    let (mut ids, mut source) = (blake3::Hasher::new(), blake3::Hasher::new());
    for id in done.objects.iter().chain(&done.archived) {
        ids.update(&id.0);
    }
    for copy in copies.iter().flatten() {
        source.update(copy.manifest_root().as_bytes());
    }
    OfficeEvent::Repaired {
        objects: done.objects.len() as u64,
        archived: done.archived.len() as u64,
        ids: Blake3(*ids.finalize().as_bytes()),
        source: Blake3(*source.finalize().as_bytes()),
    }
}
