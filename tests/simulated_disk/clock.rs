//! A clock that is wrong: put back, dead since 1970, years ahead. What is written stays in order, and nothing is
//! destroyed sooner for it.

use jiff::{SignedDuration, Timestamp};

use schriftgut::disk::{Disk, Failing, Faults};
use schriftgut::domain::ids::DisposalListId;
use schriftgut::registry::{Error, Subject};

use crate::common::{LONG_AGO, OPERATOR, TestOffice};

fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

/// An office with 30 days of grace on a clock that can be put, and its list, signed by all.
fn waiting() -> (TestOffice, Faults, DisposalListId, Timestamp) {
    let mut office = TestOffice::with_grace();
    office.due_file("W-1", "wird vernichtet");
    office.close_doors();
    let (disk, faults) = Failing::before(&Disk::real());
    let now = Timestamp::now();
    faults.put_clock(now);
    office.open_doors_on(&disk);
    let list = office.signed_list();
    (office, faults, list, now)
}

fn destroys(office: &TestOffice, list: DisposalListId) -> bool {
    match office.execute(list) {
        Ok(executed) => executed.files == 1,
        Err(Error::Refusal(refusal)) => {
            assert!(refusal.why.contains("Karenz"), "{refusal:?}");
            false
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_clock_that_is_put_back_shortens_no_grace() {
    let (office, faults, list, now) = waiting();
    for wrong in [Timestamp::UNIX_EPOCH, now - days(400), now, now + days(29)] {
        faults.put_clock(wrong);
        assert!(!destroys(&office, list), "{wrong}");
    }
    faults.put_clock(now + days(30));
    assert!(destroys(&office, list));
    faults.put_clock(Timestamp::UNIX_EPOCH);
    office.assert_clean();
}

#[test]
fn approvals_given_while_the_clock_was_ahead_wait_until_that_day_and_their_grace() {
    let (office, faults, list, now) = waiting();
    let manager = office.manager.as_records_manager().unwrap();
    office.registry().withdraw_list(manager, list, office.today()).unwrap();
    faults.put_clock(now + days(1_000));
    let list = office.signed_list();
    faults.put_clock(now + days(60));
    assert!(!destroys(&office, list), "signed in a year that has not come");
}

#[test]
fn entries_stay_in_order_when_the_clock_is_put_back_and_the_office_starts_again() {
    let (disk, faults) = Failing::before(&Disk::real());
    let mut office = TestOffice::demo();
    office.close_doors();
    office.open_doors_on(&disk);
    let now = Timestamp::now();
    for (turn, clock) in
        [now, Timestamp::UNIX_EPOCH, now - days(1), now + days(365), now].into_iter().enumerate()
    {
        faults.put_clock(clock);
        office.ingest_text(&format!("F-{turn}"), crate::common::BUILDING, "a.txt", "Ein Blatt");
        if LONG_AGO <= office.today() {
            office.close(&format!("F-{turn}"), LONG_AGO); // by a clock put back that day has not come
        }
        office.close_doors();
        office.open_doors_on(&disk);
    }
    let auditor = office.archivist.as_auditor().unwrap();
    let mut last = Timestamp::MIN;
    let mut entries = 0;
    while let Ok(proof) = office.registry().prove(auditor, &Subject::Entry(entries)) {
        let at = schriftgut::ledger::Entry::from_leaf(&proof.entries[0].leaf).unwrap().header.at;
        assert!(at >= last, "entry {entries}: {at} after {last}");
        (last, entries) = (at, entries + 1);
    }
    assert!(entries > 10 && last > now + days(364), "{entries} entries, the last of {last}");
    office.assert_clean();
    office.read_texts();
    crate::common::rebuild(office.registry()).unwrap();
    let reader = office.manager.as_reader().unwrap();
    assert_eq!(office.registry().search(reader, "Blatt", 0, 9).unwrap().total, 5);
}

/// A copy dated in the future would be taken for the newest for years, and never be old enough to be destroyed.
#[test]
fn a_clock_that_jumps_leaves_the_newest_copy_of_the_keys_and_none_from_the_future() {
    let (office, faults, _, now) = waiting();
    let place = tempfile::TempDir::new().unwrap();
    let keys = place.path().join("schluessel");
    let operator = office.registry().person(OPERATOR).unwrap();
    for clock in [now, now + days(4_000), Timestamp::UNIX_EPOCH, now] {
        faults.put_clock(clock);
        let done = office.registry().back_up_keyrings(operator.as_administrator().unwrap(), &keys).unwrap();
        assert!(done.copy.join("whole.txt").exists(), "{clock}");
        let mut copies: Vec<_> =
            std::fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().path()).collect();
        copies.retain(|path| path.is_dir());
        assert_eq!((copies.len(), copies.iter().max()), (done.kept, Some(&done.copy)), "{clock}");
    }
}
