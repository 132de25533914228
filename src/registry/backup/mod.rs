//! Back up (Sichern): the sealed truth, copied as it is while the registry is in use. A backup is one state of
//! the ledger at one signed checkpoint, with every object that lives in it; no key goes in, no view.
//!
//! Order of a run: the checkpoint of the state (the writing lock is held for that moment only) → entries →
//! objects, each compared with the manifest and read back → files → the list of contents → the signed state,
//! which replaces the former one in one rename → what the new state no longer names is removed. Stopped before
//! the rename, the former state is whole; the next run goes on from what is there.
//!
//! [`keys`] copies the keyrings to a place of their own, with a term. [`restore`] makes a registry of both,
//! [`replay`] destroys again what a backup cannot know was destroyed, [`quarantine`] keeps one closed that was
//! shown no checkpoint from outside, [`drill`] tries it all.

mod check;
mod copy;
mod drill;
mod history;
mod keys;
mod place;
mod quarantine;
mod record;
mod replay;
mod restore;
mod state;

pub use check::{Checked, check_backup, check_backup_on};
pub use drill::Drilled;
pub use keys::{KEY_COPIES_KEPT_DAYS, KeysBackedUp};
pub use quarantine::Quarantined;
pub use restore::{Restore, Restored, restore, restore_on};

pub(super) use quarantine::refuse_if_in_quarantine;

use std::collections::HashSet;
use std::path::Path;

use self::copy::Copier;
use self::history::History;
use self::place::{Kind, Place};
use self::state::{ContentsWriter, State};
use super::Registry;
use super::entries::CONDEMNED;
use super::error::{Answer, Error};
use crate::base::digest::Blake3;
use crate::domain::actor::Administrator;
use crate::domain::event::{ArchiveEvent, Event};
use crate::domain::ids::ObjectId;
use crate::domain::restoration::{BackupPart, LedgerMark};
use crate::format::backup::{BackupState, Content, Wing};
use crate::ledger::{EntryNo, Head};
use crate::vault::{DisposableVault, Fixity, LocalVault, Vault, VaultError};

/// Entries read from the ledger at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;
/// Objects listed at a time.
const OBJECTS_AT_A_TIME: usize = 4_096;
/// A destruction during a run makes a newer state necessary; after so many of them the run gives up.
const PASSES_MAX: usize = 8;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The state: how far the ledger goes in it.
    pub state: LedgerMark,
    /// Objects in the state, both wings.
    pub objects: u64,
    /// Of them, copied by this run.
    pub copied: u64,
    /// Bytes in these.
    pub copied_bytes: u64,
    /// Objects removed, because they were destroyed.
    pub removed: u64,
    /// What the ledger names and could not be copied: damaged or missing in the registry itself.
    pub short: Vec<String>,
    /// Why the run, which is complete, could not be recorded although transfer notes wait for it.
    pub unrecorded: Option<String>,
}

/// The vaults of a backup, open for writing.
struct Stores {
    office: LocalVault,
    archive: LocalVault,
}

impl Stores {
    fn open(place: &Place) -> Answer<Self> {
        let open = |wing: Wing| {
            LocalVault::open_on(place.disk(), &place.path(wing.folder())).map_err(|cause| match cause {
                VaultError::InUse(_) => Error::Refusal(crate::domain::refusal::Refusal::new(
                    format!("Nach {} kann jetzt nicht gesichert werden", place.root().display()),
                    "eine andere Sicherung dorthin läuft noch",
                    "warten Sie, bis sie fertig ist",
                )),
                other => other.into(),
            })
        };
        Ok(Self { office: open(Wing::Office)?, archive: open(Wing::Archive)? })
    }

    fn of(&self, wing: Wing) -> &LocalVault {
        match wing {
            Wing::Office => &self.office,
            Wing::Archive => &self.archive,
        }
    }
}

/// What one pass over the registry made of the backup.
struct Pass {
    head: Head,
    contents: Blake3,
    lines: u64,
    objects: u64,
    copied: (u64, u64),
    damaged: Vec<String>,
}

/// Contents and keys go to places apart, however these are named; asked before anything is written to either.
///
/// # Errors
/// A mistake if one is, or lies in, the other.
pub fn require_places_apart(contents: &Path, keys: &Path) -> Answer<()> {
    let real = (place::absolute(contents)?, place::absolute(keys)?);
    let why = match &real {
        (contents, keys) if contents == keys => "Inhalte und Schlüssel hätten denselben Ordner",
        (contents, keys) if keys.starts_with(contents) => "die Schlüssel lägen in der Sicherung der Inhalte",
        (contents, keys) if contents.starts_with(keys) => "die Inhalte lägen in der Sicherung der Schlüssel",
        _ => return Ok(()),
    };
    Err(Error::mistake(
        format!("Nach {} und {} kann nicht gesichert werden", contents.display(), keys.display()),
        why,
        "nennen Sie mit --to und --keys zwei Ordner auf verschiedenen Datenträgern; es wurde nichts geschrieben",
    ))
}

impl Registry {
    /// Brings the backup in `to` up to this moment; a new or empty folder becomes a new one.
    ///
    /// # Errors
    /// A mistake if `to` is something else, or inside the registry or a keyring backup; a refusal if another run
    /// writes there; a fault if the medium does not keep what is written. The former state is whole then.
    pub fn back_up(&self, by: Administrator<'_>, to: &Path) -> Answer<BackedUp> {
        let place = Place::claim(to, Kind::Content, self)?;
        let stores = Stores::open(&place)?;
        let former = State::read(&place)?;
        let history = History::open(self, &place, former.is_some())?;
        let (mut copied, mut passes) = ((0, 0), 0);
        let pass = loop {
            let pass = self.back_up_once(&place, &stores, &history)?;
            copied = (copied.0 + pass.copied.0, copied.1 + pass.copied.1);
            passes += 1;
            if !self.condemned_since(pass.head.size)? {
                break pass;
            }
            if passes == PASSES_MAX {
                return Err(Error::fault(
                    "Die Sicherung ist nicht fertig geworden",
                    "sichern Sie, wenn keine Vernichtung läuft; die vorige Sicherung ist unversehrt",
                    "bei jedem Durchgang hat eine Vernichtung begonnen",
                ));
            }
        };
        let since = former.as_ref().map_or(0, |former| former.mark.size);
        let mut short = self.unbacked_claims(&stores, since, pass.head.size)?;
        short.extend(pass.damaged);
        let surplus: Vec<_> = Wing::ALL
            .into_iter()
            .map(|wing| Ok((wing, state::surplus(&place, &pass.contents, wing, stores.of(wing))?)))
            .collect::<Answer<_>>()?;
        let removed = surplus.iter().map(|(_, ids)| ids.len() as u64).sum();
        let state = BackupState {
            at: place::to_the_second(self.disk.now()),
            contents: pass.contents,
            lines: pass.lines,
            copied,
            removed,
            short: short.len() as u64,
        };
        let mark = LedgerMark { size: pass.head.size, root: pass.head.root };
        State { mark, state }.write(
            &place,
            &self.manifest.origin(),
            &super::open::signing_key(&self.keyring)?,
        )?;
        // From here on the new state is valid. What it does not name was destroyed, and goes.
        for (wing, ids) in surplus {
            stores.of(wing).discard_unclaimed(&ids)?;
        }
        place.remove_old_contents(&pass.contents)?;
        let unrecorded = match short.is_empty() {
            true => self.record_run(by, BackupPart::Contents, mark, pass.objects),
            false => None,
        };
        let (objects, (copied, copied_bytes)) = (pass.objects, copied);
        Ok(BackedUp { state: mark, objects, copied, copied_bytes, removed, short, unrecorded })
    }

    /// Reads every sealed byte of a backup and takes out what is not as it was written, so that the next run copies
    /// it anew. Answers how many objects that were.
    ///
    /// # Errors
    /// As [`Self::back_up`].
    pub fn take_out_damaged(&self, _by: Administrator<'_>, to: &Path) -> Answer<u64> {
        let place = Place::claim(to, Kind::Content, self)?;
        let stores = Stores::open(&place)?;
        let mut taken_out = 0;
        for wing in Wing::ALL {
            let mut damaged = Vec::new();
            stores.of(wing).scrub(&mut |id, fixity| {
                if fixity != Fixity::Sound {
                    damaged.push(*id);
                }
            })?;
            taken_out += stores.of(wing).discard_unclaimed(&damaged)? as u64;
        }
        Ok(taken_out)
    }

    /// One pass: everything that the ledger names up to now is in the backup afterwards, unless a destruction
    /// began meanwhile.
    fn back_up_once(&self, place: &Place, stores: &Stores, history: &History) -> Answer<Pass> {
        let head = {
            // Nobody is half-way through a verb at this moment.
            let _writing = self.writing()?;
            self.ledger.head()
        };
        history.follow(self.ledger.as_ref(), head)?;
        let mut contents = ContentsWriter::begin(place)?;
        for content in self.small_files(place)? {
            contents.write(&content)?;
        }
        let (mut objects, mut copied, mut damaged) = (0, (0, 0), Vec::new());
        for wing in Wing::ALL {
            let tally = match wing {
                Wing::Office => copy_all(self.vault.as_ref(), wing, stores, &mut contents)?,
                Wing::Archive => copy_all(self.archive.as_ref(), wing, stores, &mut contents)?,
            };
            objects += tally.objects;
            copied = (copied.0 + tally.copied, copied.1 + tally.copied_bytes);
            damaged.extend(
                tally.damaged.iter().map(|id| format!("{}: {id} ist beschädigt", place::german(wing))),
            );
        }
        let (contents, lines) = contents.finish()?;
        Ok(Pass { head, contents, lines, objects, copied, damaged })
    }

    /// Manifest and certificates, copied where they are not there yet.
    fn small_files(&self, place: &Place) -> Answer<Vec<Content>> {
        let mut paths = vec!["schriftgut.toml".to_owned()];
        paths.extend(self.disk.names(&self.layout.certificates())?.into_iter().filter_map(|name| {
            let proper = name.ends_with(".json") || name.ends_with(".html");
            proper.then(|| format!("certificates/{name}"))
        }));
        let mut contents = Vec::with_capacity(paths.len());
        for path in paths {
            let Some(bytes) = self.disk.read(&self.layout.root().join(&path))? else { continue };
            let digest = Blake3::of(&bytes);
            let there = place.read(&path)?;
            if there.is_none_or(|there| there != bytes) {
                place.put(&path, &bytes)?;
            }
            contents.push(Content::File { path, digest, bytes: bytes.len() as u64 });
        }
        Ok(contents)
    }

    /// A destruction has begun behind this entry, so objects may have gone while they were copied.
    fn condemned_since(&self, from: u64) -> Answer<bool> {
        let mut condemned = false;
        self.each_entry_from(from, &mut |entry| {
            condemned |= entry.header.kind.0 == CONDEMNED;
            Ok(())
        })?;
        Ok(condemned)
    }

    /// Objects that entries from `from` up to `to` name and the backup does not have.
    fn unbacked_claims(&self, stores: &Stores, mut from: u64, to: u64) -> Answer<Vec<String>> {
        let mut short = Vec::new();
        let mut seen: HashSet<ObjectId> = HashSet::new();
        let mut claim = |wing: Wing, id: ObjectId| -> Answer<()> {
            if seen.insert(id) && !stores.of(wing).contains(&id)? {
                short.push(format!("{}: {id} fehlt", place::german(wing)));
            }
            Ok(())
        };
        while from < to {
            let at_most = (to - from).min(ENTRIES_AT_A_TIME as u64) as usize;
            let entries = self.ledger.entries(EntryNo(from), at_most)?;
            from += entries.len() as u64;
            for entry in entries.iter().filter(|entry| matches!(entry.header.kind.0 / 100, 4 | 6)) {
                // What does not open belongs to a record that was destroyed, or `verify` says why.
                match self.open_body(entry)? {
                    Some(Event::Document(_, event)) => {
                        event.held().map_or(Ok(()), |held| claim(Wing::Office, held.id))?;
                    }
                    Some(Event::Archive(_, ArchiveEvent::TakenOver { objects, .. })) => {
                        objects.iter().try_for_each(|(_, held)| claim(Wing::Archive, held.id))?;
                    }
                    Some(_) | None => {}
                }
            }
        }
        Ok(short)
    }
}

/// Brings every object of one wing over and writes its line.
fn copy_all<V: Vault + ?Sized>(
    from: &V,
    wing: Wing,
    stores: &Stores,
    contents: &mut ContentsWriter<'_>,
) -> Answer<copy::Tally> {
    let mut copier = Copier::new(from, stores.of(wing));
    let mut after = None;
    loop {
        let page = from.list(after.as_ref(), OBJECTS_AT_A_TIME)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for stored in &page {
            if let Some(there) = copier.bring(stored)? {
                let (id, digest, bytes) = (there.id, there.sealed_digest, there.sealed_bytes);
                contents.write(&Content::Object { wing, id, digest, bytes })?;
            }
        }
    }
    copier.finish()
}
