//! Copies of the keyrings (Schlüsselsicherung), apart from the contents and with a term of their own: a copy
//! remembers keys that the registry has forgotten, so none is kept longer than thirty days. What is too old is
//! overwritten and removed, and only after a newer copy was written and read back.

use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::place::{self, Kind, Place};
use crate::disk::Disk;
use crate::domain::actor::Administrator;
use crate::domain::restoration::{BackupPart, LedgerMark};
use crate::keyring::{Keyring, KeyringError, MasterSecret};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

/// Days a copy is kept.
pub const KEY_COPIES_KEPT_DAYS: i64 = 30;
/// A copy that is this much younger than now was made while the clock was wrong.
const CLOCKS_DIFFER_AT_MOST: SignedDuration = SignedDuration::from_hours(24);
/// How the folder of a copy is named: the moment it was made, UTC.
const NAME: &str = "%Y%m%dT%H%M%SZ";
/// The file in a copy's folder that says it is whole: written last, removed first.
const WHOLE: &str = "whole.txt";
const WHOLE_TEXT: &[u8] = b"schriftgut-key-copy 1\n";

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysBackedUp {
    /// The new copy.
    pub copy: PathBuf,
    /// Keys in it, both keyrings.
    pub keys: usize,
    /// Copies that were too old (or unfinished) and were destroyed.
    pub destroyed: usize,
    /// Copies there are now.
    pub kept: usize,
    /// Why the run could not be recorded although transfer notes wait for it.
    pub unrecorded: Option<String>,
}

impl Registry {
    /// Copies both keyrings into a dated folder in `to`, reads the copies back, and destroys those that are older
    /// than thirty days.
    ///
    /// # Errors
    /// A mistake if `to` is something else, or in the way of the registry or its backup; a fault if a copy cannot
    /// be written or does not open.
    pub fn back_up_keyrings(&self, by: Administrator<'_>, to: &Path) -> Answer<KeysBackedUp> {
        let place = Place::claim(to, Kind::Keys, self)?;
        // A key is durable before the entry that needs it: all of up to here are in the copy.
        let head = self.ledger.head();
        let mark = LedgerMark { size: head.size, root: head.root };
        let mut destroyed = 0;
        for copy in copies(&place)?.iter().filter(|copy| !copy.whole) {
            copy.destroy(&place)?;
            destroyed += 1;
        }
        let now = place::to_the_second(self.ledger_time(self.ledger.head().size)?);
        let folder = free_name(&place, now)?;
        let office = self.keyring.backup(&folder.join("keyring"))?;
        let archive = self.archive_keyring.backup(&folder.join("archive-keyring"))?;
        place.disk().put_durably(&folder.join(WHOLE), WHOLE_TEXT)?;
        for copy in copies(&place)? {
            if copy.folder != folder && !copy.is_current(now) {
                copy.destroy(&place)?;
                destroyed += 1;
            }
        }
        let kept = copies(&place)?.len();
        let keys = office.keys + archive.keys;
        let unrecorded = self.record_run(by, BackupPart::Keys, mark, keys as u64);
        Ok(KeysBackedUp { copy: folder, keys, destroyed, kept, unrecorded })
    }
}

/// A copy of both keyrings.
struct Copy {
    at: Timestamp,
    folder: PathBuf,
    /// It was finished, and nobody has begun to destroy it.
    whole: bool,
}

impl Copy {
    /// Neither too old nor from the future. A copy that was made while the clock was ahead would be taken for the
    /// newest, and would not grow old for years.
    fn is_current(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.at);
        age <= SignedDuration::from_hours(24 * KEY_COPIES_KEPT_DAYS) && age > -CLOCKS_DIFFER_AT_MOST
    }

    fn destroy(&self, place: &Place) -> Answer<()> {
        // First of all it is no copy any more, whatever interrupts the rest.
        place.disk().remove(&self.folder.join(WHOLE))?;
        place.disk().sync_folder(&self.folder)?;
        place::destroy_folder(place.disk(), &self.folder)
    }
}

/// The name of a copy made now; a second one in the same second is of the next.
fn free_name(place: &Place, mut at: Timestamp) -> Answer<PathBuf> {
    loop {
        let folder = place.path(&at.strftime(NAME).to_string());
        if !place.disk().exists(&folder)? {
            return Ok(folder);
        }
        at = at.saturating_add(SignedDuration::from_secs(1)).unwrap_or(at);
    }
}

/// All copies, oldest first.
fn copies(place: &Place) -> Answer<Vec<Copy>> {
    let mut copies = Vec::new();
    for name in place.names("")? {
        let Ok(at) = DateTime::strptime(NAME, &name) else { continue };
        let Ok(at) = TimeZone::UTC.to_timestamp(at) else { continue };
        let folder = place.path(&name);
        // A look that fails is a fault: what is not whole is destroyed.
        let whole = place.disk().exists(&folder.join(WHOLE))?;
        copies.push(Copy { at, folder, whole });
    }
    copies.sort_by_key(|copy| copy.at);
    Ok(copies)
}

/// Puts the newest copy of the keyrings in its place in a registry that is being made, and opens it.
pub(super) fn bring_back(
    disk: &Disk,
    from: &Path,
    layout: &crate::registry::layout::Layout,
    master: &MasterSecret,
) -> Answer<(Keyring, Keyring)> {
    let place = Place::find(disk, from, Kind::Keys)?;
    let newest = copies(&place)?.into_iter().rev().find(|copy| copy.whole).ok_or_else(|| {
        Error::mistake(
            format!("In {} liegt keine Kopie des Schlüsselbunds", from.display()),
            "es ist noch keine Schlüsselsicherung dorthin fertig geworden",
            "nennen Sie mit --keys den Ordner der Schlüsselsicherung",
        )
    })?;
    let open = |name: &str, to: &Path| {
        disk.make_folder(to)?;
        let copy = newest.folder.join(name);
        for file in disk.names(&copy)? {
            // Sealed as it is: there is nothing to wipe.
            disk.put(&to.join(&file), &disk.read(&copy.join(&file))?.unwrap_or_default())?;
        }
        disk.sync_folder(to)?;
        Keyring::open_on(disk, to, master).map_err(wrong_master)
    };
    Ok((open("keyring", &layout.keyring())?, open("archive-keyring", &layout.archive_keyring())?))
}

fn wrong_master(cause: KeyringError) -> Error {
    match cause {
        KeyringError::WrongMaster { .. } => Error::mistake(
            "Der Schlüsselbund lässt sich nicht öffnen",
            "der Hauptschlüssel ist nicht der dieser Registratur",
            "nennen Sie mit --master die richtige Schlüsseldatei; zwei Wiederherstellungsblätter stellen sie her",
        ),
        other => other.into(),
    }
}
