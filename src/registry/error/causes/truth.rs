//! Why vault, ledger and keyring failed, and the door to the disk they share.

use std::io;
use std::path::Path;

use super::places::{doing_at, keyring_flaw, ledger_flaw, vault_flaw};
use super::system;
use crate::disk::DiskError;
use crate::format::wording::day;
use crate::keyring::KeyringError;
use crate::keyring::person_key::PersonKeyError;
use crate::keyring::stretch::StretchError;
use crate::ledger::LedgerError;

use crate::ledger::checkpoint::CheckpointError;
use crate::ledger::entry::NotAnEntry;
use crate::ledger::note::NoteError;
use crate::ledger::proof::ProofError;
use crate::vault::VaultError;

const BROKEN_OFF: &str =
    "ein früheres Schreiben ist fehlgeschlagen, bis zum nächsten Start wird nichts mehr geschrieben";

fn failed(doing: &str, path: &Path, source: &io::Error) -> String {
    format!("{}: {}", doing_at(doing, path), system(source))
}

fn full(doing: &str, path: &Path) -> String {
    format!("{}: der Datenträger ist voll", doing_at(doing, path))
}

fn occupied(path: &Path) -> String {
    format!("ein anderes Programm benutzt {}", path.display())
}

fn newer(path: &Path, found: u32, known: u32) -> String {
    format!("{} hat Format {found}, dieses Programm kennt nur bis Format {known}", path.display())
}

/// The door to the disk.
pub(super) fn disk(error: &DiskError) -> String {
    match error {
        DiskError::Full { doing, path, .. } => full(doing, path),
        DiskError::Failed { doing, path, source } => failed(doing, path, source),
        DiskError::Held { path } => occupied(path),
    }
}

/// The vault.
pub(super) fn vault(error: &VaultError) -> String {
    match error {
        VaultError::NotFound(id) => format!("die gespeicherte Datei {id} ist nicht da"),
        VaultError::Changed { id, what } => {
            format!("die gespeicherte Datei {id} ist nicht, wie sie geschrieben wurde: {}", vault_flaw(what))
        }
        VaultError::SealBroken(id) => format!(
            "das Siegel der gespeicherten Datei {id} lässt sich nicht öffnen: ihre Bytes sind verändert, oder der \
             Schlüssel ist ein anderer"
        ),
        VaultError::WrongAddress(id) => {
            format!("der Inhalt der gespeicherten Datei {id} ist nicht der, den ihre Kennung nennt")
        }
        VaultError::OutOfRange { id, offset, length, size_bytes } => format!(
            "von der gespeicherten Datei {id} wurden {length} Bytes ab Stelle {offset} verlangt, sie hat nur {size_bytes}"
        ),
        VaultError::TooLarge { limit_bytes } => format!("die Quelle hat mehr als {limit_bytes} Bytes"),
        VaultError::Source(source) => format!("die Quelle ist nicht lesbar: {}", system(source)),
        VaultError::StagedElsewhere(id) => {
            format!("die gespeicherte Datei {id} wurde für einen anderen Speicher vorbereitet")
        }
        VaultError::WarrantExpired { issued, today } => {
            format!("der Auftrag zur Vernichtung vom {} gilt am {} nicht mehr", day(*issued), day(*today))
        }
        VaultError::StorageFull { path } => format!("kein Platz mehr für {}", path.display()),
        VaultError::Poisoned => BROKEN_OFF.to_owned(),
        VaultError::InUse(path) => occupied(path),
        VaultError::UnknownVersion { path, found, known } => {
            newer(path, u32::from(*found), u32::from(*known))
        }
        VaultError::Io { doing, path, source } => failed(doing, path, source),
    }
}

/// The ledger.
pub(in crate::registry) fn ledger(error: &LedgerError) -> String {
    match error {
        LedgerError::MovedOn { expected, actual } => {
            format!("das Nachweisbuch hat inzwischen {actual} Einträge, erwartet wurden {expected}")
        }
        LedgerError::Beyond { asked, end } => {
            format!("Eintrag {asked} gibt es nicht, das Nachweisbuch endet bei {end}")
        }
        LedgerError::Unfit { position, source } => {
            format!("der neue Eintrag {} ist in sich nicht stimmig: {}", position + 1, not_an_entry(*source))
        }
        LedgerError::TooLarge { bytes, limit_bytes, .. } => {
            format!("was eingetragen werden soll, hat {bytes} Bytes, erlaubt sind {limit_bytes}")
        }
        LedgerError::Checkpoint(source) => checkpoint(*source),
        LedgerError::ReadOnly => "das Nachweisbuch ist nur zum Lesen geöffnet".to_owned(),
        LedgerError::Poisoned => BROKEN_OFF.to_owned(),
        LedgerError::Full { doing, path, .. } => full(doing, path),
        LedgerError::Io { doing, path, source } => failed(doing, path, source),
        LedgerError::NotEmpty { path } => format!("der Ordner {} ist nicht leer", path.display()),
        LedgerError::Occupied { path } => occupied(path),
        LedgerError::Damaged { entry, what } => format!("Eintrag {entry}: {}", ledger_flaw(what)),
        LedgerError::Truncated { acknowledged, present } => {
            format!("unterschrieben sind {acknowledged} Einträge, da sind nur {present}")
        }
        LedgerError::HeadUnreadable { path, source } => format!(
            "in {} ist kein unterschriebener Stand des Nachweisbuchs lesbar: {}",
            path.display(),
            checkpoint(*source)
        ),
        LedgerError::Forked { older, newer } => format!(
            "zwei unterschriebene Stände des Nachweisbuchs ({older} und {newer} Einträge) widersprechen sich"
        ),
        LedgerError::Outdated { head, present } => format!(
            "der unterschriebene Stand nennt {head} Einträge, bestätigt waren mindestens {present}: es wurde ein \
             älterer Stand eingesetzt"
        ),
        LedgerError::TailInDoubt { entry } => format!(
            "ein unterschriebener Stand ist unlesbar, und Eintrag {entry} hinter dem anderen ist nicht vollständig"
        ),
    }
}

fn not_an_entry(error: NotAnEntry) -> String {
    match error {
        NotAnEntry::Magic => "er beginnt nicht wie ein Eintrag".to_owned(),
        NotAnEntry::Version(version) => format!("er hat Format {version}, das dieses Programm nicht kennt"),
        NotAnEntry::Length => "seine Länge stimmt nicht".to_owned(),
        NotAnEntry::Time => "seine Zeit liegt außerhalb des Kalenders".to_owned(),
        NotAnEntry::Previous => "sein Vorgänger ist kein früherer Eintrag derselben Sache".to_owned(),
    }
}

/// A checkpoint.
pub(in crate::registry) fn checkpoint(error: CheckpointError) -> String {
    match error {
        CheckpointError::Note(source) => note(source),
        CheckpointError::Body => "der Text ist kein Prüfpunkt",
        CheckpointError::Origin => "der Prüfpunkt gehört zu einer anderen Registratur",
    }
    .to_owned()
}

/// A signed text.
pub(super) fn note(error: NoteError) -> &'static str {
    match error {
        NoteError::TooLarge => "der unterschriebene Text ist zu groß",
        NoteError::Shape => "der unterschriebene Text fehlt oder ist nicht lesbar",
        NoteError::SignatureLine => "eine Zeile mit einer Unterschrift ist nicht lesbar",
        NoteError::Name => "der Name des Schlüssels ist nicht erlaubt",
        NoteError::Key => "der öffentliche Schlüssel ist keiner",
        NoteError::Unsigned => "die Unterschrift mit dem Schlüssel dieser Registratur fehlt",
        NoteError::Forged => "die Unterschrift passt nicht zum Text",
    }
}

/// A proof.
pub(in crate::registry) fn proof(error: &ProofError) -> String {
    match error {
        ProofError::Range => "Eintrag und Stand passen nicht zusammen".to_owned(),
        ProofError::PathLength => "der Weg im Baum hat die falsche Länge".to_owned(),
        ProofError::RootDiffers => "der Weg im Baum führt nicht zur Wurzel".to_owned(),
        ProofError::Checkpoint(source) => format!("der Prüfpunkt gilt nicht: {}", checkpoint(*source)),
        ProofError::Leaf(source) => format!("die Bytes sind kein Eintrag: {}", not_an_entry(*source)),
        ProofError::Number { claimed, found } => {
            format!("er trägt die Nummer {found}, der Nachweis spricht von {claimed}")
        }
    }
}

/// The keyring.
pub(in crate::registry) fn keyring(error: &KeyringError) -> String {
    match error {
        KeyringError::WrongMaster { dir } => {
            format!("der Hauptschlüssel ist nicht der, mit dem {} angelegt wurde", dir.display())
        }
        KeyringError::Newer { path, found, known } => newer(path, *found, *known),
        KeyringError::NotAKeyring { dir } => format!("in {} liegt kein Schlüsselbund", dir.display()),
        KeyringError::AlreadyThere { dir } => format!("in {} liegt schon etwas", dir.display()),
        KeyringError::InUse { dir } => occupied(dir),
        KeyringError::Damaged(flaw) => keyring_flaw(flaw),
        KeyringError::OfOffice { id } => {
            format!("Schlüssel {id} gehört dem Amt selbst und wird nie vergessen")
        }
        KeyringError::Full => "der Schlüsselbund ist voll".to_owned(),
        KeyringError::Spoiled => BROKEN_OFF.to_owned(),
        KeyringError::NotAKeyFile { path } => {
            format!("{} ist keine Schlüsseldatei oder wurde verändert", path.display())
        }
        KeyringError::Stretch(source) => stretch(*source).to_owned(),
        KeyringError::NoSpace { path } => format!("kein Platz mehr für {}", path.display()),
        KeyringError::Io { doing, path, source } => failed(doing, path, source),
    }
}

/// The signing key of a person.
pub(super) fn person_key(error: PersonKeyError) -> String {
    match error {
        PersonKeyError::DoesNotOpen => {
            "das Kennwort öffnet den Schlüssel der Person nicht, oder er wurde verändert".to_owned()
        }
        PersonKeyError::NotSealed => "der Schlüssel der Person ist nicht lesbar".to_owned(),
        PersonKeyError::Newer { found } => {
            format!("der Schlüssel der Person hat Format {found}, das dieses Programm nicht kennt")
        }
        PersonKeyError::Stretch(source) => stretch(source).to_owned(),
    }
}

fn stretch(error: StretchError) -> &'static str {
    match error {
        StretchError::NotARecipe => "die Angaben zur Ableitung des Schlüssels sind nicht lesbar",
        StretchError::OutOfMemory => "für die Ableitung des Schlüssels reicht der Arbeitsspeicher nicht",
    }
}
