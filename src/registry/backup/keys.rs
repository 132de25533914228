//! Copies of the keyrings (Schlüsselsicherung), apart from the contents and with a term of their own: a copy
//! remembers keys that the registry has forgotten, so none is kept longer than thirty days. What is too old is
//! overwritten and removed, and only after a newer copy was written and read back.

use std::path::{Path, PathBuf};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::place::{self, Kind, Place};
use crate::domain::actor::Administrator;
use crate::keyring::{Keyring, KeyringError, MasterSecret};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

/// Days a copy is kept.
pub const KEY_COPIES_KEPT_DAYS: i64 = 30;
/// How the folder of a copy is named: the moment it was made, UTC.
const NAME: &str = "%Y%m%dT%H%M%SZ";
/// How the name of an unfinished copy ends.
const UNFINISHED: &str = ".tmp";

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
}

impl Registry {
    /// Copies both keyrings into a dated folder in `to`, reads the copies back, and destroys those that are older
    /// than thirty days.
    ///
    /// # Errors
    /// A mistake if `to` is something else, or in the way of the registry or its backup; a fault if a copy cannot
    /// be written or does not open.
    pub fn back_up_keyrings(&self, _by: Administrator<'_>, to: &Path) -> Answer<KeysBackedUp> {
        let place = Place::claim(to, Kind::Keys, self)?;
        let mut destroyed = destroy_unfinished(&place)?;
        let now = place::now();
        let (name, beside) = free_name(&place, now);
        place::make_private_folder(&beside)?;
        let office = self.keyring.backup(&beside.join("keyring"))?;
        let archive = self.archive_keyring.backup(&beside.join("archive-keyring"))?;
        std::fs::rename(&beside, &name)?;
        place::sync_folder(place.root())?;
        for (at, path) in copies(&place)? {
            if now.duration_since(at) > SignedDuration::from_hours(24 * KEY_COPIES_KEPT_DAYS) {
                place::destroy_folder(&path)?;
                destroyed += 1;
            }
        }
        let kept = copies(&place)?.len();
        Ok(KeysBackedUp { copy: name, keys: office.keys + archive.keys, destroyed, kept })
    }
}

fn destroy_unfinished(place: &Place) -> Answer<usize> {
    let unfinished: Vec<_> =
        place::names(place.root())?.into_iter().filter(|name| name.ends_with(UNFINISHED)).collect();
    let folders = unfinished.iter().map(|name| place.path(name)).filter(|path| path.is_dir());
    let mut destroyed = 0;
    for folder in folders {
        place::destroy_folder(&folder)?;
        destroyed += 1;
    }
    Ok(destroyed)
}

/// The name of a copy made now; a second one in the same second waits its turn.
fn free_name(place: &Place, mut at: Timestamp) -> (PathBuf, PathBuf) {
    loop {
        let name = at.strftime(NAME).to_string();
        let path = place.path(&name);
        if !path.exists() {
            return (path, place.path(&format!("{name}{UNFINISHED}")));
        }
        at = at.saturating_add(SignedDuration::from_secs(1)).unwrap_or(at);
    }
}

/// The finished copies, oldest first.
fn copies(place: &Place) -> Answer<Vec<(Timestamp, PathBuf)>> {
    let mut copies = Vec::new();
    for name in place::names(place.root())? {
        let Ok(at) = DateTime::strptime(NAME, &name) else { continue };
        let Ok(at) = TimeZone::UTC.to_timestamp(at) else { continue };
        copies.push((at, place.path(&name)));
    }
    copies.sort();
    Ok(copies)
}

/// Puts the newest copy of the keyrings in its place in a registry that is being made, and opens it.
pub(super) fn bring_back(
    from: &Path,
    layout: &crate::registry::layout::Layout,
    master: &MasterSecret,
) -> Answer<(Keyring, Keyring)> {
    let place = Place::find(from, Kind::Keys)?;
    let (_, newest) = copies(&place)?.pop().ok_or_else(|| {
        Error::mistake(
            format!("In {} liegt keine Kopie des Schlüsselbunds", from.display()),
            "es ist noch keine Schlüsselsicherung dorthin fertig geworden",
            "nennen Sie mit --keys den Ordner der Schlüsselsicherung",
        )
    })?;
    let open = |name: &str, to: &Path| {
        for file in place::names(&newest.join(name))? {
            let bytes = std::fs::read(newest.join(name).join(&file))?; // sealed: nothing to wipe
            super::state::put_file(to, &file, &bytes)?;
        }
        Keyring::open(to, master).map_err(wrong_master)
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
