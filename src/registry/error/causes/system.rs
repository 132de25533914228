//! What the operating system answers. Kinds that matter have words; any other failure is told by its number.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use super::truth;
use crate::disk::DiskError;
use crate::keyring::KeyringError;
use crate::ledger::LedgerError;
use crate::registry::error::Error;
use crate::vault::VaultError;

/// The disk itself does not answer (`EIO`).
const DISK_FAILS: i32 = 5;

/// Why reading, writing or listening failed.
#[must_use]
pub fn system(error: &io::Error) -> String {
    if let Some(words) = error.get_ref().and_then(ours) {
        return words;
    }
    if let Some(words) = of_kind(error.kind()) {
        return words.to_owned();
    }
    match error.raw_os_error() {
        Some(DISK_FAILS) => {
            format!("der Datenträger antwortet nicht, das Betriebssystem meldet Fehler Nr. {DISK_FAILS}")
        }
        Some(number) => format!("das Betriebssystem meldet Fehler Nr. {number}"),
        None => "das Betriebssystem nennt keinen Grund".to_owned(),
    }
}

/// An error of a layer that travelled through a `Read`.
fn ours(inner: &(dyn StdError + Send + Sync + 'static)) -> Option<String> {
    let vault = || inner.downcast_ref::<VaultError>().map(truth::vault);
    let ledger = || inner.downcast_ref::<LedgerError>().map(truth::ledger);
    let keyring = || inner.downcast_ref::<KeyringError>().map(truth::keyring);
    let disk = || inner.downcast_ref::<DiskError>().map(truth::disk);
    let office = || inner.downcast_ref::<Error>().map(|error| error.words().why);
    let nested = || inner.downcast_ref::<io::Error>().map(system);
    vault().or_else(ledger).or_else(keyring).or_else(disk).or_else(office).or_else(nested)
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "die Datei oder ihren Ordner gibt es nicht",
        ErrorKind::AlreadyExists => "es gibt dort schon etwas",
        ErrorKind::PermissionDenied => "das Recht dazu fehlt",
        ErrorKind::IsADirectory => "es ist ein Ordner, keine Datei",
        ErrorKind::NotADirectory => "auf dem Weg dorthin liegt eine Datei, wo ein Ordner sein müsste",
        ErrorKind::DirectoryNotEmpty => "der Ordner ist nicht leer",
        ErrorKind::StorageFull => "der Datenträger ist voll",
        ErrorKind::QuotaExceeded => "der zugeteilte Speicherplatz ist aufgebraucht",
        ErrorKind::FileTooLarge => "die Datei ist größer, als der Datenträger erlaubt",
        ErrorKind::ReadOnlyFilesystem => "der Datenträger ist schreibgeschützt",
        ErrorKind::CrossesDevices => "Quelle und Ziel liegen auf verschiedenen Datenträgern",
        ErrorKind::StaleNetworkFileHandle => "das Netzlaufwerk hat die Verbindung zur Datei verloren",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => "ein anderes Programm benutzt es gerade",
        ErrorKind::InvalidFilename => "der Name ist zu lang oder nicht erlaubt",
        ErrorKind::TooManyLinks => "es gibt zu viele Verweise darauf",
        ErrorKind::InvalidInput => "so kann es das Betriebssystem nicht ausführen",
        ErrorKind::ArgumentListTooLong => "es sind zu viele Angaben auf einmal",
        ErrorKind::InvalidData => "die Bytes haben nicht die erwartete Form",
        ErrorKind::UnexpectedEof => "die Bytes enden, bevor sie vollständig sind",
        ErrorKind::WriteZero => "es wurde nicht alles geschrieben",
        ErrorKind::NotSeekable => "darin kann nicht an eine Stelle gesprungen werden",
        ErrorKind::OutOfMemory => "der Arbeitsspeicher reicht nicht",
        ErrorKind::TimedOut => "es kam zu lange keine Antwort",
        ErrorKind::Interrupted => "es wurde unterbrochen",
        ErrorKind::WouldBlock => "es ist gerade nicht möglich",
        ErrorKind::Deadlock => "zwei Programme warten aufeinander",
        ErrorKind::Unsupported => "das kann dieses Betriebssystem oder dieser Datenträger nicht",
        ErrorKind::BrokenPipe => "die Gegenseite nimmt nichts mehr an",
        ErrorKind::AddrInUse => "ein anderes Programm benutzt diese Adresse schon",
        ErrorKind::AddrNotAvailable => "diese Adresse gehört nicht zu diesem Rechner",
        ErrorKind::ConnectionRefused => "die Gegenseite nimmt keine Verbindung an",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::NotConnected => {
            "die Verbindung ist abgebrochen"
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "das Netz ist nicht erreichbar"
        }
        _ => return None,
    })
}
