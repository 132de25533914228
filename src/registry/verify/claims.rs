//! What entries claim: every body opens (unless its record was destroyed), every object an entry names is there,
//! and, if contents are read, is what was taken in.

use std::collections::HashSet;
use std::io::Read;

use super::{Looking, Run, STORES};
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::document::HeldObject;
use crate::domain::event::{ArchiveEvent, Event, FileEvent, ListEvent, OfficeEvent};
use crate::domain::fixity::Part;
use crate::domain::ids::{ArchiveCopyId, DisposalListId, DocumentId, KeyId, ObjectId};
use crate::ledger::{Entry, EntryNo};
use crate::registry::error::Answer;
use crate::registry::{Registry, transfer};

/// Entries read from the ledger at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;

/// What a walk through the entries knows on its way.
struct Walk {
    part: Part,
    /// Documents whose destruction has begun, as of a ledger of so many entries.
    gone: (HashSet<DocumentId>, u64),
    /// Objects of the office that entries name, this part's share.
    claimed: HashSet<ObjectId>,
    /// Certificates that are not here, with the number of the entry that names each.
    uncertified: Vec<(u64, DisposalListId)>,
}

/// What is wrong with one entry or what it names.
#[derive(Default)]
struct Flaws {
    changed: Vec<String>,
    missing: Vec<String>,
    /// A content was read to find out.
    read: bool,
}

impl Flaws {
    fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty()
    }
}

impl Registry {
    /// Looks at every entry and what it names; false if time was up before.
    pub(super) fn verify_claims(&self, run: &mut Run<'_>) -> Answer<bool> {
        let gone = match self.gone_documents() {
            Ok(gone) => (gone, self.ledger.head().size),
            Err(_) if !run.fresh.is_clean() => return Ok(true), // the audit has said why
            Err(error) => return Err(error),
        };
        let mut walk =
            Walk { part: run.scope.part(), gone, claimed: HashSet::new(), uncertified: Vec::new() };
        let mut from = 0;
        while from < run.fresh.entries {
            let Ok(entries) = self.ledger.entries(EntryNo(from), ENTRIES_AT_A_TIME) else {
                return Ok(true); // the audit has said why
            };
            if entries.is_empty() {
                break;
            }
            from += entries.len() as u64;
            for entry in &entries {
                if !self.verify_claim(entry, &mut walk, run)? {
                    return Ok(false);
                }
            }
            let percent = (from * 100).checked_div(run.fresh.entries);
            (run.tell)(Looking { at: "Einträge", done: from, percent });
            if run.scope.in_parts() && run.scope.read_data {
                self.keep_position(run, false);
            }
        }
        let missing = walk.uncertified.iter().map(|(_, list)| certificate_words(*list));
        run.fresh.missing.extend(missing);
        self.count_unclaimed(from, &mut walk, run)?;
        Ok(true)
    }

    /// One entry. What looks wrong is looked at again while nobody writes.
    fn verify_claim(&self, entry: &Entry, walk: &mut Walk, run: &mut Run<'_>) -> Answer<bool> {
        let number = entry.header.number.0;
        let read = run.scope.read_data && number >= run.position.read_to;
        let mut flaws = self.flaws_of(entry, walk, read)?;
        if !flaws.is_empty() {
            let _writing = self.undisturbed()?;
            let head = self.ledger.head().size;
            if walk.gone.1 != head {
                walk.gone = (self.gone_documents()?, head);
            }
            flaws = self.flaws_of(entry, walk, read)?;
        }
        run.fresh.changed.append(&mut flaws.changed);
        run.fresh.missing.append(&mut flaws.missing);
        if read {
            run.position.read_to = number + 1;
        }
        Ok(!(flaws.read && run.scope.is_over()))
    }

    /// Counts deposits that no entry names, while nobody writes: entries that came meanwhile count, too.
    fn count_unclaimed(&self, from: u64, walk: &mut Walk, run: &mut Run<'_>) -> Answer<()> {
        let _writing = self.undisturbed()?;
        self.each_entry_from(from, &mut |entry| {
            if let Ok(Some(Event::Document(_, event))) = self.open_body(entry) {
                walk.claimed.extend(event.held().map(|held| held.id));
            }
            Ok(())
        })?;
        self.each_stored(&mut |object| {
            if walk.part.contains(&object) && !walk.claimed.contains(&object) {
                run.fresh.unclaimed += 1;
            }
        })
    }

    fn flaws_of(&self, entry: &Entry, walk: &mut Walk, read: bool) -> Answer<Flaws> {
        let number = entry.header.number.0;
        let mut flaws = Flaws::default();
        let event = match self.open_body(entry) {
            Ok(event) => event,
            Err(error) => {
                flaws.changed.push(format!("Nachweisbuch, Eintrag {number}: {}", error.words().what));
                return Ok(flaws);
            }
        };
        match event {
            Some(Event::Document(id, event)) => {
                if let Some(held) = event.held().filter(|held| walk.part.contains(&held.id)) {
                    walk.claimed.insert(held.id);
                    self.verify_object(id, held, read, &mut flaws)?;
                }
            }
            Some(Event::Archive(id, ArchiveEvent::TakenOver { objects, .. })) => {
                for (_, held) in objects.iter().filter(|(_, held)| walk.part.contains(&held.id)) {
                    self.verify_archived(id, held, read, &mut flaws)?;
                }
            }
            Some(Event::Office(OfficeEvent::Restored { backup, .. })) => {
                // Lists that were executed after the backup: their certificates never were in it.
                walk.uncertified.retain(|(entry, _)| *entry < backup.size);
            }
            Some(Event::Office(OfficeEvent::Founded { name, demo, .. })) => {
                if (name.as_str(), demo) != (self.manifest.name.as_str(), self.manifest.demo) {
                    flaws.changed.push("Angaben zur Registratur in schriftgut.toml".to_owned());
                }
            }
            Some(Event::List(list, ListEvent::Executed { certificate, .. })) => {
                match self.certificate_file(list, "json")? {
                    None => walk.uncertified.push((number, list)),
                    Some(bytes) if Sha256::of(&[&bytes]) != certificate => {
                        flaws.changed.push(certificate_words(list));
                    }
                    Some(_) => {}
                }
            }
            Some(_) => {}
            None => {
                let lawful = entry.header.key != KeyId::OFFICE && self.lawfully_gone(entry, &walk.gone.0)?;
                if !lawful {
                    flaws.missing.push(format!("Schlüssel zu Eintrag {number}"));
                }
            }
        }
        Ok(flaws)
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
        read: bool,
        flaws: &mut Flaws,
    ) -> Answer<()> {
        let name = || format!("{}: {} (Dokument {document})", STORES[0], held.id);
        if !self.vault.contains(&held.id)? {
            flaws.missing.push(name());
        } else if read {
            flaws.read = true;
            if !has_digest(self.open_object(document, held), held) {
                flaws.changed.push(name());
            }
        }
        Ok(())
    }

    fn verify_archived(
        &self,
        copy: ArchiveCopyId,
        held: &HeldObject,
        read: bool,
        flaws: &mut Flaws,
    ) -> Answer<()> {
        let name = || format!("{}: {} (Archivexemplar {copy})", STORES[1], held.id);
        if !self.archive.contains(&held.id)? {
            flaws.missing.push(name());
        } else if read {
            flaws.read = true;
            if !has_digest(self.open_archived(copy, held), held) {
                flaws.changed.push(name());
            }
        }
        Ok(())
    }
}

fn has_digest(opened: Answer<Box<dyn Read + Send>>, held: &HeldObject) -> bool {
    let digest = opened.and_then(|mut object| transfer::hash(&mut object));
    digest.is_ok_and(|digest| digest == held.sha256)
}

fn certificate_words(list: DisposalListId) -> String {
    format!("Vernichtungsprotokoll der Liste {list}")
}
