//! Broken off (abgebrochen): a write to the truth failed and nobody knows what is on disk. Then nothing is written
//! any more and nothing retried; only opening anew finds out. Whoever keeps the registry open for others (the
//! server) waits here for that moment, to end with the reason.

use std::sync::{Condvar, Mutex, PoisonError};

use super::Registry;
use super::error::{Answer, Error};
use crate::keyring::KeyringError;
use crate::ledger::LedgerError;
use crate::vault::VaultError;

/// Why nothing can be written any more, once that is so.
#[derive(Debug, Default)]
pub(super) struct Broken {
    reason: Mutex<Option<String>>,
    happened: Condvar,
}

impl Broken {
    fn note(&self, reason: String) {
        self.reason.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.happened.notify_all();
    }
}

impl Registry {
    /// Waits, perhaps for ever, until nothing can be written any more; then says why, as a fault.
    #[must_use]
    pub fn broken_off(&self) -> Error {
        let mut reason = self.broken.reason.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(reason) = &*reason {
                return in_words(reason);
            }
            reason = self.broken.happened.wait(reason).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Refuses once that is so: what the failed write was to record may yet be found on the disk, and nothing may be
    /// decided as if it were not there (an object replaced, say, that an entry names after all).
    pub(super) fn refuse_if_broken_off(&self) -> Answer<()> {
        let reason = self.broken.reason.lock().unwrap_or_else(PoisonError::into_inner);
        reason.as_deref().map_or(Ok(()), |reason| Err(in_words(reason)))
    }

    /// Hands on what a write to the truth came to, and notes if it was the last one.
    pub(super) fn written<T, E: Into<Error>>(&self, done: Result<T, E>) -> Answer<T> {
        done.map_err(|cause| {
            let error = cause.into();
            if !self.still_writes() {
                self.broken.note(error.words().why);
            }
            error
        })
    }

    /// Hands on what staging came to. A staged file that could not be written or synced spoils nothing that is
    /// there, but the disk is not to be trusted any more.
    pub(super) fn staged<T>(&self, done: Answer<T>) -> Answer<T> {
        done.inspect_err(|error| {
            if !error.is_for_want_of_room() {
                self.broken.note(error.words().why);
            }
        })
    }

    /// Each part of the truth is asked to write nothing, which it does unless it is spoiled.
    fn still_writes(&self) -> bool {
        let ledger = self.ledger.append(self.ledger.head().size, Vec::new());
        let vaults = [self.vault.deposit(Vec::new()), self.archive.deposit(Vec::new())];
        let keyrings = [self.keyring.add(&[]), self.archive_keyring.add(&[])];
        !matches!(ledger, Err(LedgerError::Poisoned))
            && !vaults.iter().any(|vault| matches!(vault, Err(VaultError::Poisoned)))
            && !keyrings.iter().any(|keyring| matches!(keyring, Err(KeyringError::Spoiled)))
    }
}

fn in_words(reason: &str) -> Error {
    Error::fault(
        "Ein Schreiben auf den Datenträger ist fehlgeschlagen; es wird nichts mehr geschrieben",
        "prüfen Sie den Datenträger und starten Sie das Programm neu: beim Start wird geprüft, was gesichert ist. Was \
         bestätigt wurde, ist gesichert",
        reason,
    )
}
