//! The promises of the ledger, one file per kind. Here: what the tests share.

mod checkpoints;
mod damage;
mod golden;
mod laws;
mod negative;
mod suite;
mod tails;
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::domain::ids::{KeyId, PersonId};

pub(super) const ORIGIN: &str = "schriftgut/1b4e28ba-2fa1-41d2-883f-0016d3cca427";

pub(super) fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(super) fn verifier_key() -> VerifierKey {
    VerifierKey::new(ORIGIN, signing_key().verifying_key()).unwrap()
}

/// A draft that is different for every `n`, without a subject.
pub(super) fn draft(n: u64) -> Draft {
    Draft {
        at: Timestamp::from_millisecond(1_700_000_000_000 + n as i64).unwrap(),
        actor: PersonId(Uuid::from_u128(100 + u128::from(n % 3))),
        kind: EntryKind((n % 5) as u16),
        subject: Uuid::nil(),
        key: KeyId::OFFICE,
        previous: None,
        commitment: Sha256::of(&[&n.to_le_bytes()]),
        body: (0..n % 40).map(|at| (at * 7 + n) as u8).collect(),
    }
}

pub(super) fn drafts(range: std::ops::Range<u64>) -> Vec<Draft> {
    range.map(draft).collect()
}

/// The entries that `drafts(0..end)` become.
pub(super) fn expected(end: u64) -> Vec<Entry> {
    (0..end).map(|n| draft(n).at_number(EntryNo(n))).collect()
}

/// Two directories for a local ledger, gone when dropped.
pub(super) struct Place {
    _tmp: TempDir,
    pub(super) dir: PathBuf,
    pub(super) heads: PathBuf,
}

impl Place {
    pub(super) fn new() -> Self {
        let tmp = tempfile::tempdir().unwrap();
        let (dir, heads) = (tmp.path().join("ledger"), tmp.path().join("heads"));
        Self { _tmp: tmp, dir, heads }
    }

    pub(super) fn create(&self) -> LocalLedger {
        LocalLedger::create(&self.dir, &self.heads, signing_key(), ORIGIN).unwrap()
    }

    /// A ledger of several segments holding `drafts(0..n)`, appended one by one, closed again.
    pub(super) fn with_segments(n: u64, roll_at_bytes: u64) -> Self {
        let place = Self::new();
        let ledger = place.create();
        ledger.roll_at(roll_at_bytes);
        for at in 0..n {
            ledger.append(at, vec![draft(at)]).unwrap();
        }
        place
    }

    pub(super) fn open(&self) -> Result<LocalLedger, LedgerError> {
        LocalLedger::open(&self.dir, &self.heads, signing_key(), ORIGIN)
    }

    pub(super) fn open_to_read(&self) -> Result<LocalLedger, LedgerError> {
        LocalLedger::open_to_read(&self.dir, &self.heads, verifier_key())
    }

    /// All files but the lock, with their content.
    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        for dir in [&self.dir, &self.heads] {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.file_name().unwrap() != "lock" {
                    files.push((path.clone(), fs::read(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    /// Puts back exactly these files.
    pub(super) fn restore(&self, files: &[(PathBuf, Vec<u8>)]) {
        for (path, _) in self.files() {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in files {
            fs::write(path, bytes).unwrap();
        }
    }
}

pub(super) fn is_segment(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "segment")
}

pub(super) fn is_derived(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "derived")
}

/// Opening or auditing or reading raises the alarm.
pub(super) fn is_alarmed(opened: &Result<LocalLedger, LedgerError>) -> bool {
    match opened {
        Err(error) => error.is_alarm(),
        Ok(ledger) => !ledger.audit().unwrap().is_clean(),
    }
}
