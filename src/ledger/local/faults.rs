//! What happens when the disk fails: the writer is poisoned, the truth stays.
//!
//! The faults are real ones: a file of the writer is exchanged for a device that refuses (`/dev/full` has
//! no space, `/dev/null` cannot be synced) or for a handle that may not write.

use std::sync::Arc;

use super::*;
use crate::disk::DiskFile;
use crate::ledger::tests::{Place, drafts, expected};

impl LocalLedger {
    /// Lets segments be short in tests.
    pub(in crate::ledger) fn roll_at(&self, bytes: u64) {
        self.lock_writer().as_mut().unwrap().roll_at_bytes = bytes;
    }

    fn exchange_segment(&self, with: &Path) {
        let file = Arc::new(device(with));
        let view = self.view();
        let mut segments = view.segments.to_vec();
        segments.last_mut().unwrap().file = file;
        self.publish(View { segments: Arc::new(segments), ..view });
    }

    fn exchange_slots(&self, with: &Path) {
        self.lock_writer().as_mut().unwrap().slots.files = [device(with), device(with)];
    }
}

fn device(path: &Path) -> DiskFile {
    Disk::real().open_for_change(path).unwrap().unwrap()
}

/// Breaks the writer of a ledger with five entries, appends three more, opens again.
fn after_fault(break_it: impl Fn(&LocalLedger)) -> (LedgerError, u64) {
    let place = Place::new();
    let ledger = place.create();
    ledger.append(0, drafts(0..5)).unwrap();
    let head = ledger.head();
    break_it(&ledger);
    let error = ledger.append(5, drafts(5..8)).unwrap_err();
    assert_eq!(ledger.head(), head, "nothing was acknowledged");
    assert!(matches!(ledger.append(5, drafts(5..8)), Err(LedgerError::Poisoned)), "never retried");
    assert!(matches!(ledger.append(5, Vec::new()), Err(LedgerError::Poisoned)));
    drop(ledger);
    let again = place.open().unwrap();
    let size = again.head().size;
    assert_eq!(again.entries(EntryNo(0), 100).unwrap(), expected(size));
    assert!(again.audit().unwrap().is_clean());
    again.append(size, drafts(size..9)).unwrap();
    assert_eq!(again.entries(EntryNo(0), 100).unwrap(), expected(9));
    (error, size)
}

#[test]
fn a_full_disk_is_told_apart_and_poisons_the_writer() {
    let (error, size) = after_fault(|ledger| ledger.exchange_segment(Path::new("/dev/full")));
    assert!(matches!(error, LedgerError::Full { .. }), "{error:?}");
    assert_eq!(size, 5);
    let (error, size) = after_fault(|ledger| ledger.exchange_slots(Path::new("/dev/full")));
    assert!(matches!(error, LedgerError::Full { .. }), "{error:?}");
    assert_eq!(size, 5, "entries without a signed head were never acknowledged");
}

#[test]
fn a_failed_sync_poisons_the_writer() {
    let (error, size) = after_fault(|ledger| ledger.exchange_segment(Path::new("/dev/null")));
    assert!(matches!(error, LedgerError::Io { .. }), "{error:?}");
    assert_eq!(size, 5);
    let (error, size) = after_fault(|ledger| ledger.exchange_slots(Path::new("/dev/null")));
    assert!(matches!(error, LedgerError::Io { .. }), "{error:?}");
    assert_eq!(size, 5);
}

#[test]
fn a_poisoned_ledger_still_answers() {
    let place = Place::new();
    let ledger = place.create();
    ledger.append(0, drafts(0..5)).unwrap();
    ledger.exchange_slots(Path::new("/dev/full"));
    ledger.append(5, drafts(5..8)).unwrap_err();
    assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(5));
    assert!(ledger.audit().unwrap().is_clean());
}

#[test]
fn a_segment_that_cannot_be_made_poisons_the_writer() {
    let (error, size) = after_fault(|ledger| {
        ledger.roll_at(1);
        std::fs::write(ledger.dir.join("00000000000000000005.segment"), b"in the way").unwrap();
    });
    assert!(matches!(error, LedgerError::Io { .. }), "{error:?}");
    assert_eq!(size, 5);
}
