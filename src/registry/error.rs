//! Three kinds of no: a refusal (a rule says no), a mistake (bad input), a fault (the machinery failed).
//! What users read is German: what cannot be done, why, and the way out. Layers below keep English errors of
//! their own, which become a fault's cause here, once.

use std::fmt;

use crate::catalog::CatalogError;
use crate::disk::DiskError;
use crate::domain::refusal::Refusal;
use crate::format::FormatError;
use crate::index::IndexError;
use crate::intake::IntakeError;
use crate::keyring::KeyringError;
use crate::ledger::LedgerError;
use crate::vault::VaultError;

/// An answer of this office.
pub type Answer<T> = Result<T, Error>;

/// Why a verb was not carried out.
#[derive(Debug)]
pub enum Error {
    /// A rule says no. Exit 3, HTTP 403 or 409.
    Refusal(Refusal),
    /// Bad input. Exit 2, HTTP 400 or 404.
    Mistake(Words),
    /// The machinery failed. Exit 1, HTTP 500.
    Fault {
        /// What users read.
        words: Words,
        /// What failed below, English, without content.
        cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

/// What users read, in three parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What cannot be done.
    pub what: String,
    /// Why.
    pub why: String,
    /// The way out.
    pub way_out: String,
}

impl Error {
    /// Bad input.
    pub fn mistake(what: impl Into<String>, why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::Mistake(Words { what: what.into(), why: why.into(), way_out: way_out.into() })
    }

    /// Failed machinery, with what failed below.
    pub fn fault(
        what: impl Into<String>,
        way_out: impl Into<String>,
        cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let cause = cause.into();
        let words = Words { what: what.into(), why: cause.to_string(), way_out: way_out.into() };
        Self::Fault { words, cause: Some(cause) }
    }

    /// Nothing of that name is here for this person. Says the same whether it is missing or hidden.
    #[must_use]
    pub fn unknown(thing: &str, name: &str) -> Self {
        Self::mistake(
            format!("{thing} „{name}“ wurde nicht gefunden"),
            "es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen",
            "prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`",
        )
    }

    /// The exit code of design §7.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Fault { .. } => 1,
            Self::Mistake(_) => 2,
            Self::Refusal(_) => 3,
        }
    }

    /// The three parts users read.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Refusal(refusal) => Words {
                what: refusal.what.clone(),
                why: refusal.why.clone(),
                way_out: refusal.way_out.clone(),
            },
            Self::Mistake(words) | Self::Fault { words, .. } => words.clone(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Words { what, why, way_out } = self.words();
        write!(f, "Fehler:  {what}\nGrund:   {why}\nAusweg:  {way_out}")?;
        let mut cause = match self {
            Self::Fault { cause: Some(cause), .. } => cause.source(),
            _ => None,
        };
        while let Some(below) = cause {
            write!(f, "\n         {below}")?;
            cause = below.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

macro_rules! fault_from {
    ($($error:ty => $what:literal, $way_out:literal;)*) => {$(
        impl From<$error> for Error {
            fn from(cause: $error) -> Self {
                Self::fault($what, $way_out, cause)
            }
        }
    )*};
}

fault_from! {
    VaultError => "Der Datenspeicher meldet einen Fehler",
        "prüfen Sie mit `schriftgut verify`; es ist nichts bestätigt worden, was nicht gesichert ist";
    LedgerError => "Das Nachweisbuch meldet einen Fehler",
        "prüfen Sie mit `schriftgut verify`; es ist nichts bestätigt worden, was nicht gesichert ist";
    KeyringError => "Der Schlüsselbund meldet einen Fehler",
        "prüfen Sie mit `schriftgut verify`, ob Schlüsselbund und Hauptschlüssel zusammengehören";
    CatalogError => "Der Katalog meldet einen Fehler",
        "`schriftgut rebuild` baut ihn aus dem Nachweisbuch neu auf";
    IndexError => "Der Suchindex meldet einen Fehler",
        "`schriftgut rebuild` baut ihn aus dem Nachweisbuch neu auf";
    IntakeError => "Die Leseeinheit meldet einen Fehler",
        "`schriftgut doctor` zeigt, was fehlt; `schriftgut work` liest später weiter";
    FormatError => "Ein gespeicherter Eintrag ist nicht lesbar",
        "verwenden Sie die Programmversion, die ihn geschrieben hat, oder prüfen Sie mit `schriftgut verify`";
    crate::format::certificate_page::PageError => "Das Protokoll kann nicht dargestellt werden",
        "starten Sie das Programm neu; beim Start wird es neu geschrieben";
    DiskError => "Der Datenträger meldet einen Fehler",
        "prüfen Sie Rechte und freien Speicherplatz";
    std::io::Error => "Das Betriebssystem meldet einen Fehler",
        "prüfen Sie Rechte und freien Speicherplatz";
}
