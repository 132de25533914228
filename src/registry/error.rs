//! Three kinds of no: a refusal (a rule says no), a mistake (bad input), a fault (the machinery failed).
//! What users read is German: what cannot be done, why, and the way out. Layers below keep English errors of
//! their own; they become faults in `faults`, and get their German reasons in [`causes`], once.

pub mod causes;
mod faults;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::disk::DiskError;
use crate::domain::refusal::Refusal;
use crate::keyring::KeyringError;
use crate::ledger::LedgerError;
use crate::vault::VaultError;
use causes::Cause;

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
        /// What failed below, English, without content. For programs; users read its German in the words.
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

    /// Failed machinery, with what failed below: an error of a layer, or German words.
    pub fn fault(what: impl Into<String>, way_out: impl Into<String>, cause: impl Into<Cause>) -> Self {
        let Cause { words: why, below } = cause.into();
        Self::Fault { words: Words { what: what.into(), why, way_out: way_out.into() }, cause: Some(below) }
    }

    /// The disk is full; the inner error says how it showed.
    fn full(cause: impl Into<Cause>) -> Self {
        Self::fault(
            "Der Datenträger ist voll",
            "schaffen Sie Platz und wiederholen Sie den Befehl; was bestätigt wurde, ist gesichert. Lesen, Suchen, \
             Prüfen und Vernichten gehen weiter",
            cause,
        )
    }

    /// An ordinary write does not begin, because there is too little room. Why is in German.
    pub(super) fn no_room(why: String) -> Self {
        Self::full(NoRoom(why))
    }

    /// It is for want of room that this failed.
    #[must_use]
    pub fn is_for_want_of_room(&self) -> bool {
        matches!(self, Self::Fault { cause: Some(cause), .. } if tells_of_a_full_disk(cause.as_ref()))
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

    /// What is wrong, and why, in a line: one of many.
    pub(super) fn in_a_line(&self) -> String {
        let words = self.words();
        format!("{}: {}", words.what, words.why)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Words { what, why, way_out } = self.words();
        write!(f, "Fehler:  {what}\nGrund:   {why}\nAusweg:  {way_out}")
    }
}

impl std::error::Error for Error {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// There is too little room to begin.
#[derive(Debug)]
struct NoRoom(String);

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoRoom {}

/// A full disk is at the bottom of it.
fn tells_of_a_full_disk(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::{Error as Io, ErrorKind};
    std::iter::successors(Some(error), |error| error.source()).any(|error| {
        let shared = || error.downcast_ref::<std::sync::Arc<Io>>().map(AsRef::as_ref);
        let io: Option<&Io> = error.downcast_ref().or_else(shared);
        error.is::<NoRoom>()
            || io.is_some_and(|io| matches!(io.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
            || matches!(error.downcast_ref(), Some(DiskError::Full { .. }))
            || matches!(error.downcast_ref(), Some(VaultError::StorageFull { .. }))
            || matches!(error.downcast_ref(), Some(KeyringError::NoSpace { .. }))
            || matches!(error.downcast_ref(), Some(LedgerError::Full { .. }))
    })
}
