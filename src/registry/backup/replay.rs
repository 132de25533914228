//! Destroy again (erneut vernichten): what was destroyed after a backup is in it, and an older copy of the keyring
//! remembers its keys. Before a restored registry opens, every destruction that the register from outside names,
//! and every one in its own ledger, is carried out on it: keys forgotten, bytes removed, looked at again.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use uuid::Uuid;

use crate::catalog::Kind;
use crate::domain::disposal::{Condemned, reissue};
use crate::domain::event::{Event, FileEvent, ListEvent, OfficeEvent};
use crate::domain::ids::{CaseFileId, DisposalListId, KeyId, PersonId, RestorationId};
use crate::domain::restoration::LedgerMark;
use crate::format::tombstones::Tombstone;
use crate::registry::Registry;
use crate::registry::entries::{CONDEMNED, EXECUTED};
use crate::registry::error::{Answer, Error};
use crate::registry::witness::{Continuity, Witness};
use crate::registry::write::Writing;

impl Registry {
    /// The witness covers this backup: what it has seen is here, or its register says what was destroyed since.
    pub(super) fn require_fitting(&self, backup: LedgerMark, witness: &Witness) -> Answer<()> {
        let refuse = |why: &str, way_out: &str| {
            Err(Error::mistake("Der Prüfpunkt passt nicht zu dieser Sicherung", why, way_out))
        };
        if witness.mark.size <= backup.size {
            return match self.continuity(witness.mark)? {
                Continuity::Continues(_) => Ok(()),
                Continuity::Lost(_) | Continuity::Broken => refuse(
                    "er gehört zu einem Verlauf des Nachweisbuchs, den diese Sicherung nicht hat",
                    "nehmen Sie die Datei, die nach der letzten Vernichtung außerhalb verwahrt wurde",
                ),
            };
        }
        if witness.tombstones.is_none() {
            return refuse(
                "er ist neuer als die Sicherung und sagt nicht, was seither vernichtet wurde",
                "nehmen Sie die Datei mit dem Vernichtungsverzeichnis (`schriftgut checkpoint --to`), oder stellen \
                 Sie ohne --checkpoint in Quarantäne wieder her",
            );
        }
        Ok(())
    }

    /// Destroys again what must not come back, and records the restoration. Answers how many files it were.
    pub(super) fn record_restoration(
        &self,
        backup: LedgerMark,
        witness: Option<&Witness>,
        on: Date,
    ) -> Answer<u64> {
        let writing = self.writing()?;
        let tombstones = witness.and_then(|witness| witness.tombstones.as_deref()).unwrap_or_default();
        let destroyed_again = self.destroy_again(&writing, tombstones, on)?;
        let restored = OfficeEvent::Restored {
            id: RestorationId(Uuid::new_v4()),
            on,
            backup,
            witness: witness.map(|witness| witness.mark),
            destroyed_again,
        };
        self.record(&writing, PersonId::PROGRAM, &[Event::Office(restored)])?;
        Ok(destroyed_again)
    }

    fn destroy_again(&self, writing: &Writing<'_>, tombstones: &[Tombstone], on: Date) -> Answer<u64> {
        let (here, ended) = self.condemned_here()?;
        let known: HashSet<CaseFileId> = here.iter().map(|c| c.file).collect();
        let mut missed: Vec<Condemned> = Vec::new();
        for condemned in tombstones.iter().flat_map(|tombstone| &tombstone.files) {
            if !known.contains(&condemned.file) {
                missed.push(condemned.clone());
            }
        }
        let mut again: Vec<Condemned> = Vec::new();
        for condemned in here {
            if self.has_key_of(&condemned)? {
                again.push(condemned);
            }
        }
        // A file that was opened only after the backup is not here; its keys may be.
        let (listed, unknown): (Vec<_>, Vec<_>) =
            self.with_catalog(missed, |catalog, c| Ok(catalog.row(Kind::File, c.file.0)?.is_some()))?;
        let condemn = |c: &Condemned| {
            let documents = c.documents.clone();
            Event::File(c.file, FileEvent::Condemned { list: c.list, on, documents, counts: c.counts })
        };
        let covers =
            listed.iter().filter_map(|c| self.cover(c.file).transpose()).collect::<Answer<Vec<_>>>()?;
        let numbers = self.numbers_that_go(covers.iter().map(|file| (&file.class, &file.reference)))?;
        let events: Vec<_> = listed.iter().map(condemn).chain(numbers).collect();
        self.record(writing, PersonId::PROGRAM, &events)?;
        let all: Vec<Condemned> = listed.iter().chain(&again).chain(&unknown).cloned().collect();
        if all.is_empty() {
            return Ok(0);
        }
        let mut objects = Some(self.unclaimed_objects(&all)?);
        let warrants: Vec<_> =
            all.iter().map(|c| reissue(c, objects.take().unwrap_or_default(), on)).collect();
        self.keyring.forget(&warrants)?;
        for warrant in &warrants {
            self.vault.destroy(warrant, on)?;
        }
        self.renew_catalog()?;
        self.look_again(&all, &warrants)?;
        self.record(writing, PersonId::PROGRAM, &endings(&listed, tombstones, &ended, on))?;
        Ok((listed.len() + again.len()) as u64)
    }

    /// What this ledger itself says was condemned, and which lists came to their end.
    fn condemned_here(&self) -> Answer<(Vec<Condemned>, BTreeSet<DisposalListId>)> {
        let (mut here, mut ended) = (Vec::new(), BTreeSet::new());
        self.each_of_kinds(&[CONDEMNED, EXECUTED], &mut |event| match event {
            Event::File(file, FileEvent::Condemned { list, documents, counts, .. }) => {
                here.push(Condemned { file, list, documents, counts });
            }
            Event::List(list, ListEvent::Executed { .. }) => {
                ended.insert(list);
            }
            _ => {}
        })?;
        Ok((here, ended))
    }

    fn has_key_of(&self, condemned: &Condemned) -> Answer<bool> {
        let documents = condemned.documents.iter().map(|id| KeyId::from(*id));
        for id in std::iter::once(KeyId::from(condemned.file)).chain(documents) {
            if self.keyring.key(&id)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Parts in two by what the catalogue says.
    fn with_catalog(
        &self,
        all: Vec<Condemned>,
        ask: impl Fn(&crate::catalog::Catalog, &Condemned) -> Answer<bool>,
    ) -> Answer<(Vec<Condemned>, Vec<Condemned>)> {
        let catalog = self.catalog()?;
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for condemned in all {
            if ask(&catalog, &condemned)? { yes.push(condemned) } else { no.push(condemned) }
        }
        Ok((yes, no))
    }
}

/// *Destroyed* for each file, and the end of each list with the certificate it had.
fn endings(
    destroyed: &[Condemned],
    tombstones: &[Tombstone],
    ended: &BTreeSet<DisposalListId>,
    on: Date,
) -> Vec<Event> {
    let mut events: Vec<_> =
        destroyed.iter().map(|c| Event::File(c.file, FileEvent::Destroyed { list: c.list, on })).collect();
    let lists: BTreeSet<_> = destroyed.iter().map(|c| c.list).collect();
    for tombstone in tombstones.iter().filter(|t| lists.contains(&t.list) && !ended.contains(&t.list)) {
        let (on, certificate) = (tombstone.on, tombstone.certificate);
        events.push(Event::List(tombstone.list, ListEvent::Executed { on, certificate }));
    }
    events
}
