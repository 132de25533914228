//! Looking from outside: against a checkpoint that was kept elsewhere, and without any key, as an auditor or a
//! backup host does.
//!
//! Without keys can be known: every sealed byte is what the manifest says, the ledger is what its signed head
//! covers, its chains are whole. What an entry says, and whether an object it names is there, cannot.

use std::path::Path;
use std::time::Duration;

use ed25519_dalek::VerifyingKey;

use super::{Looking, STORES, Verified};
use crate::base::digest::{Blake3, hex};
use crate::disk::Disk;
use crate::domain::actor::Caretaker;
use crate::domain::fixity::Part;
use crate::domain::refusal::Refusal;
use crate::format::manifest::Manifest;
use crate::ledger::checkpoint::CheckpointError;
use crate::ledger::note::NoteError;
use crate::ledger::proof::verify_consistency;
use crate::ledger::{Head, Ledger, LedgerError, LocalLedger, VerifierKey, checkpoint};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error, causes};
use crate::registry::layout::Layout;
use crate::vault::VaultCopy;

/// Objects between two words about progress.
const OBJECTS_PER_WORD: u64 = 1_000;
/// How often a ledger that looks wrong is opened again, and after what pause: a running server may have been
/// writing its head just then.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(10);

/// What can be known without keys.
#[derive(Debug, Clone)]
pub struct KeylessView {
    /// What was found.
    pub found: Verified,
    /// Size and root of the ledger, if it could be read.
    pub head: Option<Head>,
    /// Digests of the manifests of both stores, office first.
    pub roots: [Option<Blake3>; 2],
}

impl Registry {
    /// Writes the current checkpoint to a file, in place of an earlier one if it contains that.
    ///
    /// # Errors
    /// A refusal if the file holds a checkpoint that the ledger does not contain: it is evidence. A mistake if it
    /// holds anything else.
    pub fn write_checkpoint(&self, caretaker: Caretaker<'_>, to: &Path) -> Answer<Head> {
        let note = self.checkpoint(caretaker)?;
        let disk = Disk::real();
        if let Some(earlier) = disk.read(to)? {
            let mut found = Verified::default();
            self.hold_against(&String::from_utf8_lossy(&earlier), &mut found)?;
            if let Some(line) = found.missing.first().or(found.changed.first()) {
                return Err(Error::Refusal(Refusal::new(
                    format!("Der Prüfpunkt in {} wird nicht ersetzt", to.display()),
                    line.clone(),
                    "bewahren Sie ihn als Beweis auf und unterrichten Sie die Revision",
                )));
            }
        }
        disk.put_durably(to, note.as_bytes())?;
        let written = checkpoint::claimed(note_in(&note, &self.manifest.origin()));
        Ok(written.map_err(LedgerError::Checkpoint)?.head)
    }

    /// Notes it if the ledger does not contain this checkpoint.
    pub(super) fn hold_against(&self, note: &str, found: &mut Verified) -> Answer<()> {
        hold_against(self.ledger.as_ref(), &key_of(&self.manifest)?, note, found)
    }
}

/// Looks at a registry, or a copy of one, without any key and without changing anything.
///
/// # Errors
/// A mistake if there is no registry, or the checkpoint is none of it; a fault if it cannot be read at all. Damage
/// is an answer, not an error.
pub fn verify_without_keys(
    root: &Path,
    part: Part,
    against: Option<&str>,
    tell: &mut dyn FnMut(Looking),
) -> Answer<KeylessView> {
    let layout = Layout::at(root);
    let disk = Disk::real();
    let manifest = layout.read_manifest(&disk)?;
    let mut view = KeylessView { found: Verified::default(), head: None, roots: [None; 2] };
    if disk.read(&layout.manifest())?.as_deref() != Some(manifest.write().as_bytes()) {
        view.found.changed.push("schriftgut.toml: nicht mehr so, wie sie geschrieben wurde".to_owned());
    }
    tell(Looking { at: "Nachweisbuch", done: 0, percent: None });
    look_at_ledger(&layout, &manifest, against, &mut view)?;
    for (number, folder) in [layout.vault(), layout.archive()].iter().enumerate() {
        let name = STORES[number];
        let Some(store) = VaultCopy::open(folder)? else {
            view.found.missing.push(format!("{name}: der ganze Ordner"));
            continue;
        };
        let mut done = view.found.objects;
        let report = store.scrub(part, &mut |_, _| {
            done += 1;
            if done.is_multiple_of(OBJECTS_PER_WORD) {
                tell(Looking { at: name, done, percent: None });
            }
        })?;
        view.found.note_store(name, &report);
        view.roots[number] = Some(store.manifest_root());
    }
    Ok(view)
}

fn look_at_ledger(
    layout: &Layout,
    manifest: &Manifest,
    against: Option<&str>,
    view: &mut KeylessView,
) -> Answer<()> {
    let key = key_of(manifest)?;
    let ledger = match open_patiently(layout, &key) {
        Ok(ledger) => ledger,
        Err(error) if error.is_alarm() => {
            view.found.changed.push(format!("Nachweisbuch: {}", causes::ledger(&error)));
            return Ok(());
        }
        Err(LedgerError::Io { path, source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            view.found.missing.push(format!("Nachweisbuch: {}", path.display()));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    view.head = Some(ledger.head());
    view.found.note_ledger(&ledger.audit()?);
    against.map_or(Ok(()), |note| hold_against(&ledger, &key, note, &mut view.found))
}

fn open_patiently(layout: &Layout, key: &VerifierKey) -> Result<LocalLedger, LedgerError> {
    let mut tries = 1;
    loop {
        match LocalLedger::open_to_read(&layout.ledger(), &layout.head(), key.clone()) {
            Err(error) if error.is_alarm() && tries < TRIES => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            opened => return opened,
        }
    }
}

/// The key that verifies checkpoints of this registry.
fn key_of(manifest: &Manifest) -> Answer<VerifierKey> {
    let key = VerifyingKey::from_bytes(&manifest.ledger_key).ok();
    key.and_then(|key| VerifierKey::new(&manifest.origin(), key).ok()).ok_or_else(|| {
        Error::fault(
            "Der öffentliche Schlüssel des Nachweisbuchs ist nicht lesbar",
            "stellen Sie die Datei schriftgut.toml aus einer Sicherung wieder her",
            "der Schlüssel in der Datei ist keiner",
        )
    })
}

/// Notes it if the ledger does not contain a checkpoint that was kept outside.
fn hold_against(ledger: &dyn Ledger, key: &VerifierKey, note: &str, found: &mut Verified) -> Answer<()> {
    let note = note_in(note, key.name());
    let kept = match checkpoint::verify(note, key) {
        Ok(kept) => kept,
        Err(cause) => return not_ours(note, key, cause, found),
    };
    let (old, now) = (kept.head, ledger.head());
    if old.size > now.size {
        found.missing.push(format!(
            "Nachweisbuch: es hat {} Einträge, der Prüfpunkt bezeugt {}: ein älterer Stand wurde eingesetzt",
            now.size, old.size
        ));
        return Ok(());
    }
    let contained = match ledger.consistency(old.size, now.size) {
        Ok(path) => verify_consistency(&old, &now, &path).is_ok(),
        Err(error) if error.is_alarm() => false,
        Err(error) => return Err(error.into()),
    };
    if !contained {
        found.changed.push(format!(
            "Nachweisbuch: die ersten {} Einträge sind nicht die, die der Prüfpunkt bezeugt: es ist ein anderer Zweig \
             (Wurzel im Prüfpunkt {})",
            old.size,
            hex(old.root.as_bytes())
        ));
    }
    Ok(())
}

/// The note in a file that may say other things before it: it begins with the line of its origin.
fn note_in<'a>(file: &'a str, origin: &str) -> &'a str {
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        if line.trim_end_matches('\n') == origin {
            return &file[at..];
        }
        at += line.len();
    }
    file
}

/// A checkpoint of this very ledger that another key has signed speaks against the registry; any other speaks of
/// nothing here.
fn not_ours(note: &str, key: &VerifierKey, cause: CheckpointError, found: &mut Verified) -> Answer<()> {
    let claimed = checkpoint::claimed(note);
    if claimed.is_ok_and(|claimed| claimed.origin == key.name()) && cause == NoteError::Unsigned.into() {
        found.changed.push(
            "Nachweisbuch: den Prüfpunkt hat ein anderer Schlüssel unterschrieben als der in schriftgut.toml"
                .to_owned(),
        );
        return Ok(());
    }
    let why = match cause {
        CheckpointError::Note(NoteError::Unsigned) | CheckpointError::Origin => {
            "er gehört zu einer anderen Registratur"
        }
        CheckpointError::Note(NoteError::Forged) => "seine Unterschrift passt nicht zu seinem Text",
        CheckpointError::Note(_) | CheckpointError::Body => "die Datei ist kein Prüfpunkt",
    };
    Err(Error::mistake(
        "Der Prüfpunkt gilt nicht",
        why,
        "nehmen Sie einen, den `schriftgut checkpoint` geschrieben hat",
    ))
}
