//! Restore (Wiederherstellen): a registry in an empty place, made of a content backup, the newest copy of its
//! keyrings and the master secret. Before it opens it passes the gate: what was destroyed after the backup must not
//! come back ([`super::replay`]), and without a checkpoint from outside it stays closed ([`super::quarantine`]).
//!
//! Order: keys → entries → objects → files → views → destroyed again → *restored* in the ledger → verified →
//! manifest. A folder without a manifest is no registry: what was interrupted is thrown away and done anew.

use std::path::Path;

use jiff::Timestamp;

use super::copy::Copier;
use super::place::{self, Kind, Place};
use super::state::{self, Contents, State};
use super::{history, keys};
use crate::base::digest::Blake3;
use crate::disk::{Disk, parent_of};
use crate::domain::actor::{Actor, Role};
use crate::domain::ids::PersonId;
use crate::domain::protection::ProtectionDomain;
use crate::domain::restoration::LedgerMark;
use crate::format::backup::{Content, Wing};
use crate::keyring::MasterSecret;
use crate::ledger::LocalLedger;
use crate::registry::error::{Answer, Error, causes};
use crate::registry::layout::Layout;
use crate::registry::verify::Verified;
use crate::registry::witness::Witness;
use crate::registry::{Registry, open};
use crate::vault::LocalVault;

/// What is to be restored, from where, to where.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// The content backup.
    pub from: &'a Path,
    /// The place of the keyrings' copies; the newest is taken.
    pub keys: &'a Path,
    /// The key file of the master secret.
    pub master: &'a Path,
    /// An empty or new folder.
    pub to: &'a Path,
    /// The newest checkpoint that was kept outside; without one the registry comes up in quarantine.
    pub checkpoint: Option<&'a Path>,
    /// Also open every object and compare its content.
    pub read_data: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How far the backup's ledger goes.
    pub state: LedgerMark,
    /// When the backup was made.
    pub at: Timestamp,
    /// Objects brought back.
    pub objects: u64,
    /// The checkpoint from outside; none means quarantine.
    pub witness: Option<LedgerMark>,
    /// Files that were destroyed again.
    pub destroyed_again: u64,
    /// What verifying the restored registry found.
    pub verified: Verified,
}

impl Restored {
    /// Entries that the witness had seen and the backup had not.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.witness.map_or(0, |witness| witness.size.saturating_sub(self.state.size))
    }
}

/// Makes a registry out of backups.
///
/// # Errors
/// A mistake if the place is not empty, a backup or key is not what it should be, or the checkpoint is not this
/// registry's or comes out of the backup itself; a fault if the backup's ledger or list of contents is damaged.
/// Damaged objects are in the answer, not an error.
pub fn restore(order: &Restore<'_>) -> Answer<Restored> {
    restore_on(&Disk::real(), order)
}

/// As [`restore`], with backups, keys and the new truth on this disk; the views lie on the real one.
///
/// # Errors
/// As [`restore`].
pub fn restore_on(disk: &Disk, order: &Restore<'_>) -> Answer<Restored> {
    let to = empty_place(disk, order)?;
    let master = read_master(disk, order.master)?;
    let witness = order.checkpoint.map(|path| read_witness(disk, order, path)).transpose()?;
    let (registry, mut restored) = make(disk, order, &to, &master, witness)?;
    registry.write_witness(None)?;
    restored.verified = look_through(&registry, order.read_data)?;
    let manifest = registry.manifest.write();
    drop(registry);
    let layout = Layout::at(&to);
    disk.make_folder(parent_of(&layout.master_key()))?;
    master.write_key_file(disk, &layout.master_key())?;
    disk.put_durably(&layout.manifest(), manifest.as_bytes())?;
    Ok(restored)
}

/// Verifies what was restored and makes its indexes. If they cannot be made because objects are damaged, that is
/// named with the damage: the rest is still worth having.
pub(super) fn look_through(registry: &Registry, read_data: bool) -> Answer<Verified> {
    let mut verified = registry.verify_unfinished(read_data)?;
    match registry.follow_indexes() {
        Err(error) if verified.is_clean() => return Err(error),
        Err(error) => verified.missing.push(format!("Suchindex: {}", error.words().why)),
        Ok(()) => {}
    }
    Ok(verified)
}

/// Everything up to the views, without the manifest and the master secret.
pub(super) fn make(
    disk: &Disk,
    order: &Restore<'_>,
    to: &Path,
    master: &MasterSecret,
    witness: Option<Witness>,
) -> Answer<(Registry, Restored)> {
    let place = Place::find(disk, order.from, Kind::Content)?;
    let state = State::require(&place)?;
    let (manifest, key) = state::whose(&place)?;
    if !Contents::is_sound(&place, &state.state.contents)? {
        return Err(state::lost_list(&place));
    }
    disk.make_folder(to)?;
    let layout = Layout::at(to);
    let signing = {
        let (keyring, _archive) = keys::bring_back(disk, order.keys, &layout, master)?;
        open::signing_key(&keyring)?
    };
    if signing.verifying_key().to_bytes() != manifest.ledger_key {
        return Err(Error::mistake(
            "Sicherung und Schlüssel gehören nicht zusammen",
            "der Schlüsselbund ist der einer anderen Registratur",
            "nennen Sie mit --keys die Schlüsselsicherung dieser Registratur",
        ));
    }
    let history = LocalLedger::open_to_read_on(disk, &place.path("ledger"), &place.path("head"), key)
        .map_err(|cause| history::damaged(&place, cause))?;
    history::renew(disk, &layout, signing, &manifest.origin(), &history, state.head())?;
    let objects = bring_back_objects(&place, &state, &layout)?;
    bring_back_files(&place, &state, to)?;
    let registry = Registry::assemble(disk, layout, manifest, master)?;
    registry.follow_catalog()?;
    registry.reload_rules()?;
    if let Some(witness) = &witness {
        registry.require_fitting(state.mark, witness)?;
    }
    let destroyed_again = registry.record_restoration(state.mark, witness.as_ref(), registry.today())?;
    let restored = Restored {
        state: state.mark,
        at: state.state.at,
        objects,
        witness: witness.map(|witness| witness.mark),
        destroyed_again,
        verified: Verified::default(),
    };
    Ok((registry, restored))
}

/// Every object that the state names. One that is damaged or missing in the backup stays out: verifying names it.
fn bring_back_objects(place: &Place, state: &State, layout: &Layout) -> Answer<u64> {
    let mut objects = 0;
    for (wing, folder) in [(Wing::Office, layout.vault()), (Wing::Archive, layout.archive())] {
        let to = LocalVault::open_on(place.disk(), &folder)?;
        let Some(from) = LocalVault::open_to_read(place.disk(), &place.path(wing.folder()))? else {
            continue;
        };
        let contents = Contents::open(place, &state.state.contents)?;
        let mut copier = Copier::new(&from, &to);
        for stored in contents.ok_or_else(|| state::lost_list(place))?.objects(wing) {
            copier.bring(&stored?)?;
        }
        objects += copier.finish()?.objects;
    }
    Ok(objects)
}

/// Certificates. The manifest comes last, and one that is damaged stays out: its digest is in the ledger.
fn bring_back_files(place: &Place, state: &State, to: &Path) -> Answer<()> {
    let contents = Contents::open(place, &state.state.contents)?.ok_or_else(|| state::lost_list(place))?;
    for content in contents {
        let Content::File { path, digest, .. } = content? else { continue };
        if !path.starts_with("certificates/") {
            continue;
        }
        if let Some(bytes) = place.read(&path)?.filter(|bytes| Blake3::of(bytes) == digest) {
            let path = to.join(&path);
            place.disk().make_folder(parent_of(&path))?;
            place.disk().put_durably(&path, &bytes)?;
        }
    }
    Ok(())
}

fn empty_place(disk: &Disk, order: &Restore<'_>) -> Answer<std::path::PathBuf> {
    let to = place::absolute(order.to)?;
    let refuse = |why: &str| {
        Err(Error::mistake(
            format!("Nach {} kann nicht wiederhergestellt werden", order.to.display()),
            why,
            "nennen Sie mit --to einen leeren oder neuen Ordner",
        ))
    };
    if !disk.names(&to)?.is_empty() {
        return refuse("der Ordner ist nicht leer");
    }
    for above in to.ancestors() {
        if Kind::of(disk, above)?.is_some() {
            return refuse("der Ordner liegt in einer Sicherung oder in einer Registratur");
        }
    }
    Ok(to)
}

pub(super) fn read_master(disk: &Disk, path: &Path) -> Answer<MasterSecret> {
    MasterSecret::read_key_file(disk, path).map_err(|cause| {
        Error::mistake(
            format!("Der Hauptschlüssel in {} ist nicht lesbar", path.display()),
            causes::keyring(&cause),
            "stellen Sie sie mit `schriftgut keys recover` aus zwei Wiederherstellungsblättern her",
        )
    })
}

fn read_witness(disk: &Disk, order: &Restore<'_>, path: &Path) -> Answer<Witness> {
    let refuse = |why: String, way_out: &str| {
        Err(Error::mistake(format!("Der Prüfpunkt {} wird nicht angenommen", path.display()), why, way_out))
    };
    let real = place::absolute(path)?;
    for own in [order.from, order.keys] {
        if real.starts_with(place::absolute(own)?) {
            return refuse(
                "er stammt aus der Sicherung selbst und kann nicht wissen, was nach ihr vernichtet wurde"
                    .to_owned(),
                "nehmen Sie die Datei, die außerhalb verwahrt wurde",
            );
        }
    }
    let Some(bytes) = disk.read(&real)? else {
        return refuse("die Datei gibt es nicht".to_owned(), "prüfen Sie den Pfad");
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return refuse("die Datei ist kein Text".to_owned(), "prüfen Sie den Pfad");
    };
    let place = Place::find(disk, order.from, Kind::Content)?;
    let (_, key) = state::whose(&place)?;
    Witness::read(&text, &key)
}

/// Restoring is done by who has the backups, the keys and the master secret; nobody is signed in.
pub(super) fn caretaker() -> Actor {
    Actor {
        id: PersonId::PROGRAM,
        login: String::new(),
        name: String::new(),
        roles: [Role::Administrator, Role::Clerk].into(),
        clearances: ProtectionDomain::ALL.into_iter().collect(),
        duties: std::collections::BTreeSet::new(),
    }
}
