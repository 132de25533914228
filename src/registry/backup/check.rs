//! Check a backup (Sicherung prüfen): by itself, without keys and without its registry. Everything that the signed
//! state names is read and compared; nothing is changed, so the medium may be write-protected.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::place::{self, Kind, Place};
use super::state::{self, Contents, STATE, State};
use crate::base::digest::Blake3;
use crate::disk::{Disk, TEMPORARY};
use crate::domain::ids::ObjectId;
use crate::domain::restoration::LedgerMark;
use crate::format::backup::{Content, Wing};
use crate::ledger::{
    Ledger, LedgerError, LocalLedger, SLOT_UNREADABLE, VerifierKey, proof::verify_consistency,
};
use crate::registry::error::{Answer, causes};
use crate::vault::{Fixity, LocalVault, ManifestState, Vault};

/// Names in a backup that are ours.
const OURS: [&str; 8] =
    ["backup.txt", STATE, "schriftgut.toml", "certificates", "vault", "archive", "ledger", "head"];

/// What was found in a backup. All is well if the three lists are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How far the ledger goes in it.
    pub state: LedgerMark,
    /// When it was made.
    pub at: Timestamp,
    /// Objects that the state names.
    pub objects: u64,
    /// Objects that the registry itself could not give when it was made.
    pub short: u64,
    /// Objects beyond the state: left by a run that was interrupted. No error.
    pub unclaimed: u64,
    /// What is not as it was written.
    pub changed: Vec<String>,
    /// What the state names and is not there.
    pub missing: Vec<String>,
    /// What is there and nobody knows of.
    pub untracked: Vec<String>,
}

impl Checked {
    /// Nothing is changed, missing or untracked.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.untracked.is_empty()
    }
}

/// Reads every byte of a backup and compares it with its signed state.
///
/// # Errors
/// A mistake if there is no backup; a fault if its state cannot be relied on or the disk cannot be read. Other
/// damage is an answer, not an error.
pub fn check_backup(from: &Path) -> Answer<Checked> {
    check_backup_on(&Disk::real(), from)
}

/// As [`check_backup`], on this disk.
///
/// # Errors
/// As [`check_backup`].
pub fn check_backup_on(disk: &Disk, from: &Path) -> Answer<Checked> {
    let place = Place::find(disk, from, Kind::Content)?;
    let state = State::require(&place)?;
    let (_, key) = state::whose(&place)?;
    let mut check = Check { place: &place, state: &state, found: Found::default() };
    check.contents()?;
    check.history(key)?;
    check.strangers()?;
    let Found { objects, unclaimed, changed, missing, untracked } = check.found;
    Ok(Checked {
        state: state.mark,
        at: state.state.at,
        objects,
        short: state.state.short,
        unclaimed,
        changed: changed.into_iter().collect(),
        missing: missing.into_iter().collect(),
        untracked: untracked.into_iter().collect(),
    })
}

/// A large object that a run which was cut off had named and not yet entered, or was still writing.
fn is_left_over(place: &str) -> bool {
    let named = place.strip_prefix("objects/").and_then(|rest| rest.split('/').nth(1));
    named.is_some_and(|name| name.parse::<ObjectId>().is_ok()) || place.ends_with(TEMPORARY)
}

#[derive(Default)]
struct Found {
    objects: u64,
    unclaimed: u64,
    changed: BTreeSet<String>,
    missing: BTreeSet<String>,
    untracked: BTreeSet<String>,
}

struct Check<'a> {
    place: &'a Place,
    state: &'a State,
    found: Found,
}

impl Check<'_> {
    /// The list of contents, and what it names.
    fn contents(&mut self) -> Answer<()> {
        let digest = self.state.state.contents;
        let name = "Verzeichnis der Inhalte".to_owned();
        let Some(contents) = Contents::open(self.place, &digest)? else {
            self.found.missing.insert(name);
            return Ok(());
        };
        if !Contents::is_sound(self.place, &digest)? {
            self.found.changed.insert(name);
            return Ok(());
        }
        self.files(contents)?;
        for wing in Wing::ALL {
            self.objects(wing)?;
        }
        Ok(())
    }

    fn files(&mut self, contents: Contents) -> Answer<()> {
        let mut named = BTreeSet::new();
        for content in contents {
            let Content::File { path, digest, bytes } = content? else { continue };
            match self.place.read(&path)? {
                None => {
                    self.found.missing.insert(path.clone());
                }
                Some(there) if there.len() as u64 != bytes || Blake3::of(&there) != digest => {
                    self.found.changed.insert(path.clone());
                }
                Some(_) => {}
            }
            named.insert(path);
        }
        for name in self.place.names("certificates")? {
            let path = format!("certificates/{name}");
            if !named.contains(&path) {
                // A certificate that came after the state is no stranger.
                match name.ends_with(".json") || name.ends_with(".html") || name.ends_with(".tmp") {
                    true => self.found.unclaimed += 1,
                    false => drop(self.found.untracked.insert(path)),
                }
            }
        }
        Ok(())
    }

    fn objects(&mut self, wing: Wing) -> Answer<()> {
        let name = place::german(wing);
        let listed = Contents::open(self.place, &self.state.state.contents)?
            .ok_or_else(|| state::lost_list(self.place))?
            .objects(wing);
        let Some(vault) = LocalVault::open_to_read(self.place.disk(), &self.place.path(wing.folder()))?
        else {
            let mut lost = 0;
            for stored in listed {
                self.found.missing.insert(format!("{name}: {}", stored?.id));
                lost += 1;
            }
            self.found.objects += lost;
            self.found.missing.insert(format!("{name}: Bestandsverzeichnis"));
            return Ok(());
        };
        if vault.opening().manifest == ManifestState::Damaged {
            self.found.changed.insert(format!("{name}: Bestandsverzeichnis"));
        }
        let difference = state::difference(listed, &vault)?;
        self.found.objects += difference.listed;
        self.found.unclaimed += difference.surplus.len() as u64;
        self.found.missing.extend(difference.missing.iter().map(|id| format!("{name}: {id}")));
        self.found.changed.extend(difference.changed.iter().map(|id| format!("{name}: {id}")));
        let surplus: BTreeSet<_> = difference.surplus.into_iter().collect();
        let mut bad = Vec::new();
        let report = vault.scrub(&mut |id, fixity| {
            if fixity != Fixity::Sound && !surplus.contains(id) {
                bad.push((*id, fixity));
            }
        })?;
        for (id, fixity) in bad {
            let list =
                if fixity == Fixity::Missing { &mut self.found.missing } else { &mut self.found.changed };
            list.insert(format!("{name}: {id}"));
        }
        let places =
            report.changed.iter().filter(|suspect| !matches!(suspect, crate::vault::Suspect::Object(_)));
        self.found
            .changed
            .extend(places.map(|suspect| format!("{name}: {}", causes::stored_suspect(suspect))));
        let (left, strange): (Vec<_>, Vec<_>) =
            report.untracked.iter().partition(|place| is_left_over(place));
        self.found.unclaimed += left.len() as u64;
        self.found
            .untracked
            .extend(strange.iter().map(|place| format!("{name}: {}", causes::stored_place(place))));
        Ok(())
    }

    /// The ledger: every byte, and that its beginning is the state.
    fn history(&mut self, key: VerifierKey) -> Answer<()> {
        let (dir, heads) = (self.place.path("ledger"), self.place.path("head"));
        let disk = self.place.disk();
        if !disk.is_folder(&dir)? || !disk.is_folder(&heads)? {
            self.found.missing.insert("Nachweisbuch".to_owned());
            return Ok(());
        }
        let ledger = match LocalLedger::open_to_read_on(disk, &dir, &heads, key) {
            Ok(ledger) => ledger,
            Err(cause @ LedgerError::Io { .. }) => return Err(cause.into()),
            Err(cause) => {
                self.found.changed.insert(format!("Nachweisbuch: {}", causes::ledger(&cause)));
                return Ok(());
            }
        };
        let audit = ledger.audit()?;
        // A head slot may be torn by a run that was cut off; the state says what the head is.
        for flaw in audit.flaws.iter().filter(|flaw| flaw.what != SLOT_UNREADABLE) {
            let at = flaw.entry.map_or_else(String::new, |number| format!(", Eintrag {number}"));
            self.found.changed.insert(format!("Nachweisbuch{at}: {}", causes::ledger_flaw(flaw.what)));
        }
        let (state, head) = (self.state.head(), ledger.head());
        if head.size < state.size {
            self.found.missing.insert(format!("Nachweisbuch: Einträge {} bis {}", head.size, state.size - 1));
            return Ok(());
        }
        let fits = ledger
            .consistency(state.size, head.size)
            .is_ok_and(|path| verify_consistency(&state, &head, &path).is_ok());
        if !fits {
            self.found.changed.insert("Nachweisbuch: es ist nicht das des Standes".to_owned());
        }
        Ok(())
    }

    /// Names nobody knows.
    fn strangers(&mut self) -> Answer<()> {
        let ours = |name: &String| {
            OURS.contains(&name.as_str())
                || place::is_contents(name)
                || OURS.iter().any(|own| *name == format!("{own}.tmp"))
        };
        let strange = self.place.names("")?.into_iter().filter(|name| !ours(name));
        self.found.untracked.extend(strange);
        for (folder, known) in
            [("ledger", ["segment", "derived", "lock"]), ("head", ["note", "note", "note"])]
        {
            let ours = |name: &String| known.iter().any(|end| name.rsplit('.').next() == Some(*end));
            let strange = self.place.names(folder)?.into_iter().filter(|name| !ours(name));
            self.found.untracked.extend(strange.map(|name| format!("{folder}/{name}")));
        }
        Ok(())
    }
}
