//! Why the machinery failed, in German: the one place where the layers' English errors are put into words for users.
//! Every variant is matched by name, so a new one does not compile without words. Says what happened and where,
//! never content; what to do about it is said in `faults`.

mod places;
mod system;
mod truth;
mod views;

use std::error::Error as StdError;
use std::fmt;

pub use system::system;

pub(in crate::registry) use places::{keyring_flaw, ledger_flaw, stored_place, stored_suspect};
pub(in crate::registry) use truth::{checkpoint, keyring, ledger, proof};
pub(in crate::registry) use views::{format, intake};

/// What failed below, with its words for users.
#[derive(Debug)]
pub struct Cause {
    /// German, one sentence without a full stop.
    pub(super) words: String,
    /// What the layer said; whoever asks what kind of failure it was looks here.
    pub(super) below: Box<dyn StdError + Send + Sync>,
}

/// A reason given in German right away.
#[derive(Debug)]
struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Said {}

/// German words.
impl From<String> for Cause {
    fn from(words: String) -> Self {
        Self { words: words.clone(), below: Box::new(Said(words)) }
    }
}

/// German words.
impl From<&str> for Cause {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

macro_rules! causes {
    ($($error:ty => $words:expr;)*) => {$(
        impl From<$error> for Cause {
            fn from(error: $error) -> Self {
                let words: fn(&$error) -> String = $words;
                Self { words: words(&error), below: Box::new(error) }
            }
        }
    )*};
}

causes! {
    std::io::Error => system;
    crate::disk::DiskError => truth::disk;
    crate::vault::VaultError => truth::vault;
    crate::ledger::LedgerError => truth::ledger;
    crate::ledger::checkpoint::CheckpointError => |error| truth::checkpoint(*error);
    crate::ledger::note::NoteError => |error| truth::note(*error).to_owned();
    crate::keyring::KeyringError => truth::keyring;
    crate::keyring::person_key::PersonKeyError => |error| truth::person_key(*error);
    crate::base::seal::SealBroken => |_| "das Siegel lässt sich nicht öffnen".to_owned();
    crate::catalog::CatalogError => views::catalog;
    crate::index::IndexError => views::index;
    crate::intake::IntakeError => views::intake;
    crate::format::FormatError => views::format;
    crate::format::certificate_page::PageError => |_| "die Vorlage lässt sich nicht ausfüllen".to_owned();
    super::NoRoom => ToString::to_string;
}
