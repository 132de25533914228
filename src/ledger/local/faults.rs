//! What happens when the disk fails at any operation: nothing acknowledged is lost, nothing is tried again, and
//! a disk that was only full goes on when there is room.

use super::*;
use crate::disk::{Failing, Fault, Faults, Simulated};
use crate::ledger::tests::{ORIGIN, drafts, expected, signing_key};

/// Power cuts drawn after every fault.
const CUTS: u64 = 8;

impl LocalLedger {
    /// Lets segments be short in tests.
    pub(in crate::ledger) fn roll_at(&self, bytes: u64) {
        self.lock_writer().as_mut().unwrap().roll_at_bytes = bytes;
    }
}

fn dirs() -> (&'static Path, &'static Path) {
    (Path::new("/amt/ledger"), Path::new("/amt/head"))
}

fn open_on(disk: &Disk) -> Result<LocalLedger, LedgerError> {
    let (dir, heads) = dirs();
    LocalLedger::open_on(disk, dir, heads, signing_key(), ORIGIN)
}

/// A ledger of five entries on a simulated disk, and the hand that lets it fail.
struct Subject {
    simulated: Simulated,
    ledger: LocalLedger,
    faults: Faults,
}

impl Subject {
    fn new(roll: bool) -> Self {
        let simulated = Simulated::with_folders(&[Path::new("/amt")]);
        let (disk, faults) = Failing::before(&simulated.disk());
        let (dir, heads) = dirs();
        let ledger = LocalLedger::create_on(&disk, dir, heads, signing_key(), ORIGIN).unwrap();
        ledger.append(0, drafts(0..5)).unwrap();
        if roll {
            ledger.roll_at(1);
        }
        Self { simulated, ledger, faults }
    }

    /// Killed or cut off now, it opens with these entries or with all eight, sound, and goes on.
    fn holds_at_least(&self, acknowledged: u64) {
        let images = (0..CUTS).map(|seed| self.simulated.after_power_cut(seed));
        for (number, image) in images.chain([self.simulated.after_kill()]).enumerate() {
            let again = open_on(&image.disk()).unwrap_or_else(|error| panic!("cut {number}: {error}"));
            let size = again.head().size;
            assert!(size == acknowledged || size == 8, "cut {number}: {size}");
            assert_eq!(again.entries(EntryNo(0), 100).unwrap(), expected(size));
            assert!(again.audit().unwrap().is_clean());
            again.append(size, drafts(size..9)).unwrap();
            assert_eq!(again.entries(EntryNo(0), 100).unwrap(), expected(9));
        }
    }
}

/// Appends three entries, with this fault at every operation in turn, and looks each time.
fn at_every_operation(fault: Fault, lasting: bool, roll: bool, look: &dyn Fn(&Subject, LedgerError)) {
    for after in 0.. {
        let subject = Subject::new(roll);
        subject.faults.set(after, fault, lasting);
        let answer = subject.ledger.append(5, drafts(5..8));
        if answer.is_ok() {
            subject.holds_at_least(8);
            if after >= subject.faults.operations() {
                assert!(after > 5, "{after} operations cannot be all");
                return;
            }
            continue;
        }
        assert_eq!(subject.ledger.head().size, 5, "nothing was acknowledged");
        subject.holds_at_least(5);
        subject.faults.clear();
        assert_eq!(subject.ledger.entries(EntryNo(0), 100).unwrap(), expected(5), "it still answers");
        look(&subject, answer.unwrap_err());
    }
}

#[test]
fn whatever_operation_fails_the_writer_is_poisoned_and_nothing_acknowledged_is_lost() {
    for (fault, lasting, roll) in [
        (Fault::Broken, false, false),
        (Fault::Broken, true, false),
        (Fault::Torn, false, false),
        (Fault::Torn, true, true),
        (Fault::Broken, false, true),
    ] {
        at_every_operation(fault, lasting, roll, &|subject, error| {
            assert!(matches!(error, LedgerError::Io { .. }), "{error:?}");
            let again = subject.ledger.append(5, drafts(5..8));
            assert!(matches!(again, Err(LedgerError::Poisoned)), "never retried");
            assert!(matches!(subject.ledger.append(5, Vec::new()), Err(LedgerError::Poisoned)));
            // A slot may be torn, and the audit says so; no entry is concerned.
            assert!(subject.ledger.audit().unwrap().flaws.iter().all(|flaw| flaw.entry.is_none()));
        });
    }
}

#[test]
fn a_full_disk_takes_nothing_and_goes_on_when_there_is_room() {
    for (lasting, roll) in [(false, false), (true, false), (false, true), (true, true)] {
        let full = std::cell::Cell::new(0);
        at_every_operation(Fault::Full, lasting, roll, &|subject, error| {
            if !matches!(error, LedgerError::Full { .. }) {
                // A sync without room: nobody knows what is on the disk.
                assert!(matches!(subject.ledger.append(5, drafts(5..8)), Err(LedgerError::Poisoned)));
                return;
            }
            full.set(full.get() + 1);
            let written = subject.ledger.append(5, drafts(5..8));
            if matches!(written, Err(LedgerError::Poisoned)) {
                assert!(lasting, "what could not be taken back is not written over");
                return;
            }
            assert_eq!(written.unwrap().size, 8);
            subject.holds_at_least(8);
            assert!(subject.ledger.audit().unwrap().is_clean());
        });
        assert!(full.get() >= 2, "{} times full", full.get());
    }
}

#[test]
fn a_crash_after_a_full_disk_is_a_crash_and_no_alarm() {
    for (full, torn) in (0..24).flat_map(|full| (0..8).map(move |torn| (full, torn))) {
        let subject = Subject::new(full % 2 == 0);
        subject.faults.set(full, Fault::Full, false);
        if !matches!(subject.ledger.append(5, drafts(5..8)), Err(LedgerError::Full { .. })) {
            continue;
        }
        subject.faults.set(torn, Fault::Torn, true);
        if subject.ledger.append(5, drafts(5..8)).is_err() {
            subject.holds_at_least(5);
        }
    }
}
