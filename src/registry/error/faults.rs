//! Errors of the layers as faults: what does not work, and the way out of each kind. Stored bytes that are damaged are
//! never called a fault of the disk or the operating system, and no way out leads back to where one came from: what
//! is said while the registry is being opened names only what works without opening it.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use super::causes::Cause;
use super::{Error, tells_of_a_full_disk};
use crate::catalog::CatalogError;
use crate::disk::DiskError;
use crate::format::FormatError;
use crate::format::certificate_page::PageError;
use crate::index::IndexError;
use crate::intake::IntakeError;
use crate::keyring::KeyringError;
use crate::ledger::LedgerError;
use crate::vault::VaultError;

const DISK: &str =
    "prüfen Sie Rechte, Anschluss und Zustand des Datenträgers; was bestätigt wurde, ist gesichert";
const AGAIN: &str = "versuchen Sie es erneut; bleibt der Fehler, prüfen Sie mit `schriftgut verify`";
const RESTART: &str =
    "beenden Sie das Programm und starten Sie es neu: beim Start wird geprüft, was gesichert ist";
const OCCUPIED: &str = "beenden Sie das andere Programm und versuchen Sie es erneut";
const NEWER: &str = "verwenden Sie die Programmfassung, die es geschrieben hat";
const DAMAGED_BYTES: &str = "`schriftgut verify --read-data` zeigt, was betroffen ist, `schriftgut repair --from ORDNER` holt \
                             es danach aus einer Sicherung zurück";
/// For a truth that cannot be opened: neither needs an open registry.
const FROM_OUTSIDE: &str = "`schriftgut verify --without-keys` zeigt den Schaden, ohne die Registratur zu öffnen; \
                            `schriftgut restore` macht aus einer Sicherung eine neue in einem leeren Ordner";
const REBUILD: &str = "`schriftgut rebuild` baut ihn aus dem Nachweisbuch neu auf";
const MASTER: &str = "legen Sie die richtige Schlüsseldatei an ihren Platz, oder stellen Sie sie mit \
                      `schriftgut keys recover` aus zwei Wiederherstellungsblättern her";
/// For views that cannot be opened.
const WITHOUT_VIEWS: &str = "prüfen Sie Rechte und Zustand des Datenträgers, oder löschen Sie den Ordner `views`: beim \
                             nächsten Start wird er aus dem Nachweisbuch neu aufgebaut";

/// Verbs that open the registry, as ways out name them.
const OPENING: [&str; 4] =
    ["`schriftgut verify`", "`schriftgut verify --read-data`", "`schriftgut doctor`", "`schriftgut work`"];

impl Error {
    /// A fault of a layer, unless the disk is full.
    fn of(what: &str, way_out: &str, cause: impl Into<Cause>) -> Self {
        let cause = cause.into();
        if tells_of_a_full_disk(cause.below.as_ref()) {
            return Self::full(cause);
        }
        Self::fault(what, way_out, cause)
    }

    /// The same while the registry is being opened: a verb that would have to open it is no way out.
    pub(in crate::registry) fn while_opening(mut self) -> Self {
        if let Self::Fault { words, .. } = &mut self {
            if words.way_out.contains("`schriftgut rebuild`") {
                WITHOUT_VIEWS.clone_into(&mut words.way_out);
            } else if OPENING.iter().any(|verb| words.way_out.contains(verb)) {
                FROM_OUTSIDE.clone_into(&mut words.way_out);
            }
        }
        self
    }

    /// The master secret cannot be read.
    pub(in crate::registry) fn no_master(cause: KeyringError) -> Self {
        Self::of("Der Hauptschlüssel ist nicht lesbar", MASTER, cause)
    }
}

impl From<VaultError> for Error {
    fn from(cause: VaultError) -> Self {
        const FAILS: &str = "Der Datenspeicher meldet einen Fehler";
        let (what, way_out) = match &cause {
            VaultError::Changed { .. } | VaultError::SealBroken(_) | VaultError::WrongAddress(_) => {
                ("Gespeicherte Bytes sind beschädigt", DAMAGED_BYTES)
            }
            VaultError::NotFound(_) => ("Eine gespeicherte Datei fehlt", DAMAGED_BYTES),
            VaultError::Source(_) => {
                ("Die Quelle ist nicht lesbar", "prüfen Sie die Quelle und versuchen Sie es erneut")
            }
            VaultError::OutOfRange { .. }
            | VaultError::TooLarge { .. }
            | VaultError::StagedElsewhere(_)
            | VaultError::WarrantExpired { .. } => (FAILS, AGAIN),
            VaultError::Poisoned => (FAILS, RESTART),
            VaultError::InUse(_) => (FAILS, OCCUPIED),
            VaultError::UnknownVersion { .. } => (FAILS, NEWER),
            VaultError::StorageFull { .. } | VaultError::Io { .. } => (FAILS, DISK),
        };
        match cause {
            // What a layer of ours could not read is that layer's fault.
            VaultError::Source(source) => match Arc::try_unwrap(source).map(ours) {
                Ok(Ok(error)) => error,
                Ok(Err(source)) => Self::of(what, way_out, VaultError::Source(Arc::new(source))),
                Err(shared) => Self::of(what, way_out, VaultError::Source(shared)),
            },
            cause => Self::of(what, way_out, cause),
        }
    }
}

impl From<LedgerError> for Error {
    fn from(cause: LedgerError) -> Self {
        const FAILS: &str = "Das Nachweisbuch meldet einen Fehler";
        let (what, way_out) = match &cause {
            LedgerError::Damaged { .. }
            | LedgerError::Truncated { .. }
            | LedgerError::HeadUnreadable { .. }
            | LedgerError::Forked { .. }
            | LedgerError::Outdated { .. }
            | LedgerError::TailInDoubt { .. } => ("Das Nachweisbuch ist beschädigt", FROM_OUTSIDE),
            LedgerError::Io { source, .. } if source.kind() == ErrorKind::NotFound => {
                ("Teile des Nachweisbuchs fehlen", FROM_OUTSIDE)
            }
            LedgerError::Full { .. } | LedgerError::Io { .. } => (FAILS, DISK),
            LedgerError::MovedOn { .. }
            | LedgerError::Beyond { .. }
            | LedgerError::Unfit { .. }
            | LedgerError::TooLarge { .. }
            | LedgerError::Checkpoint(_)
            | LedgerError::ReadOnly
            | LedgerError::NotEmpty { .. } => (FAILS, AGAIN),
            LedgerError::Poisoned => (FAILS, RESTART),
            LedgerError::Occupied { .. } => (FAILS, OCCUPIED),
        };
        Self::of(what, way_out, cause)
    }
}

impl From<KeyringError> for Error {
    fn from(cause: KeyringError) -> Self {
        const FAILS: &str = "Der Schlüsselbund meldet einen Fehler";
        const RESTORE: &str = "`schriftgut restore` macht aus Sicherung und Schlüsselsicherung eine neue Registratur in \
                               einem leeren Ordner";
        let (what, way_out) = match &cause {
            KeyringError::WrongMaster { .. } => {
                ("Hauptschlüssel und Schlüsselbund gehören nicht zusammen", MASTER)
            }
            KeyringError::NotAKeyFile { .. } => ("Die Schlüsseldatei ist nicht lesbar", MASTER),
            KeyringError::Newer { .. } => (FAILS, NEWER),
            KeyringError::NotAKeyring { .. } => ("Der Schlüsselbund fehlt", RESTORE),
            KeyringError::Damaged(_) => ("Der Schlüsselbund ist beschädigt", RESTORE),
            KeyringError::AlreadyThere { .. } => (FAILS, "nennen Sie einen leeren oder neuen Ordner"),
            KeyringError::InUse { .. } => (FAILS, OCCUPIED),
            KeyringError::OfOffice { .. } | KeyringError::Full | KeyringError::Stretch(_) => (FAILS, AGAIN),
            KeyringError::Spoiled => (FAILS, RESTART),
            KeyringError::NoSpace { .. } | KeyringError::Io { .. } => (FAILS, DISK),
        };
        Self::of(what, way_out, cause)
    }
}

impl From<CatalogError> for Error {
    fn from(cause: CatalogError) -> Self {
        Self::of("Der Katalog meldet einen Fehler", REBUILD, cause)
    }
}

impl From<IndexError> for Error {
    fn from(cause: IndexError) -> Self {
        match cause.advice() {
            Some((why, way_out)) => Self::mistake("Die Suche ist zu allgemein", why, way_out),
            None => Self::of("Der Suchindex meldet einen Fehler", REBUILD, cause),
        }
    }
}

impl From<IntakeError> for Error {
    fn from(cause: IntakeError) -> Self {
        const FAILS: &str = "Die Leseeinheit meldet einen Fehler";
        const DOCTOR: &str = "`schriftgut doctor` zeigt, was fehlt; `schriftgut work` liest später weiter";
        match cause {
            IntakeError::Source(source) => match ours(source) {
                Ok(error) => error,
                Err(source) => Self::of(FAILS, DOCTOR, IntakeError::Source(source)),
            },
            cause @ (IntakeError::ConverterMissing
            | IntakeError::NoScratch(_)
            | IntakeError::FilesUnfenced) => Self::of(
                "Eine Lesefassung kann nicht gemacht werden",
                "laden Sie das Original herunter; `schriftgut doctor` zeigt, was fehlt",
                cause,
            ),
            cause => Self::of(FAILS, DOCTOR, cause),
        }
    }
}

impl From<FormatError> for Error {
    fn from(cause: FormatError) -> Self {
        let way_out = match &cause {
            FormatError::Newer { .. } => NEWER,
            FormatError::Json { .. } | FormatError::Wrong { .. } => {
                "prüfen Sie mit `schriftgut verify`, was sonst betroffen ist"
            }
        };
        Self::of("Ein gespeicherter Eintrag ist nicht lesbar", way_out, cause)
    }
}

impl From<PageError> for Error {
    fn from(cause: PageError) -> Self {
        Self::of(
            "Das Protokoll kann nicht dargestellt werden",
            "starten Sie das Programm neu; beim Start wird es neu geschrieben",
            cause,
        )
    }
}

impl From<DiskError> for Error {
    fn from(cause: DiskError) -> Self {
        let way_out = match &cause {
            DiskError::Full { .. } | DiskError::Failed { .. } => DISK,
            DiskError::Held { .. } => OCCUPIED,
        };
        Self::of("Der Datenträger meldet einen Fehler", way_out, cause)
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        match ours(cause) {
            Ok(error) => error,
            Err(cause) if matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
                Self::of(
                    "Gelesene Bytes sind beschädigt oder unvollständig",
                    "kommen sie von außen, so prüfen Sie die Eingabe; sonst zeigt `schriftgut verify --read-data`, was \
                 betroffen ist",
                    cause,
                )
            }
            Err(cause) => Self::of(
                "Das Betriebssystem meldet einen Fehler",
                "prüfen Sie Rechte und freien Speicherplatz",
                cause,
            ),
        }
    }
}

/// An error of a layer that travelled through a `Read` is that error; any other comes back as it was.
fn ours(cause: io::Error) -> Result<Error, io::Error> {
    if !cause.get_ref().is_some_and(is_ours) {
        return Err(cause);
    }
    let kind = cause.kind();
    let inner = cause.into_inner().ok_or(kind)?;
    inner
        .downcast::<Error>()
        .map(|error| *error)
        .or_else(|inner| inner.downcast::<VaultError>().map(|error| (*error).into()))
        .or_else(|inner| inner.downcast::<LedgerError>().map(|error| (*error).into()))
        .or_else(|inner| inner.downcast::<KeyringError>().map(|error| (*error).into()))
        .or_else(|inner| inner.downcast::<DiskError>().map(|error| (*error).into()))
        .or_else(|inner| inner.downcast::<io::Error>().map(|error| (*error).into()))
        .map_err(io::Error::other)
}

fn is_ours(inner: &(dyn StdError + Send + Sync + 'static)) -> bool {
    inner.is::<Error>()
        || inner.is::<VaultError>()
        || inner.is::<LedgerError>()
        || inner.is::<KeyringError>()
        || inner.is::<DiskError>()
        || inner.is::<io::Error>()
}
