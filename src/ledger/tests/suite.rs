//! What every ledger promises, written once, run by each.

use std::sync::Arc;

use super::*;
use crate::ledger::proof::{verify_consistency, verify_inclusion};

/// Runs the whole suite; `fresh` gives an empty ledger each time.
fn run(fresh: &dyn Fn() -> Arc<dyn Ledger>) {
    an_empty_ledger_has_the_empty_root(&*fresh());
    what_was_appended_is_read_back(&*fresh());
    a_batch_is_all_or_nothing(&*fresh());
    of_two_who_append_at_once_one_is_told_that_the_ledger_moved_on(fresh());
    every_proof_verifies_under_its_checkpoint(&*fresh());
    questions_beyond_the_end_are_refused(&*fresh());
    a_chain_that_skips_an_entry_is_reported(&*fresh());
    time_is_kept_to_the_millisecond(&*fresh());
}

#[test]
fn the_memory_ledger_keeps_the_promises() {
    run(&|| Arc::new(MemoryLedger::new(signing_key(), ORIGIN).unwrap()));
}

#[test]
fn the_local_ledger_keeps_the_promises() {
    let places = std::cell::RefCell::new(Vec::new());
    run(&|| {
        let place = Place::new();
        let ledger = place.create();
        places.borrow_mut().push(place);
        Arc::new(ledger)
    });
}

#[test]
fn the_local_ledger_keeps_the_promises_across_segments() {
    let places = std::cell::RefCell::new(Vec::new());
    run(&|| {
        let place = Place::new();
        let ledger = place.create();
        ledger.roll_at(300);
        places.borrow_mut().push(place);
        Arc::new(ledger)
    });
}

fn an_empty_ledger_has_the_empty_root(ledger: &dyn Ledger) {
    assert_eq!(ledger.head(), Head::empty());
    assert_eq!(ledger.entries(EntryNo(0), 10).unwrap(), []);
    let checkpoint = checkpoint::verify(&ledger.checkpoint().unwrap(), &verifier_key()).unwrap();
    assert_eq!(checkpoint.head, Head::empty());
    assert!(ledger.audit().unwrap().is_clean());
}

fn what_was_appended_is_read_back(ledger: &dyn Ledger) {
    let mut size = 0;
    for batch in [1, 2, 7, 1, 30, 0, 9] {
        let head = ledger.append(size, drafts(size..size + batch)).unwrap();
        size += batch;
        assert_eq!((head, head.size), (ledger.head(), size));
    }
    let all = expected(size);
    assert_eq!(ledger.entries(EntryNo(0), usize::MAX).unwrap(), all);
    for from in 0..=size {
        for at_most in [0, 1, 3, 100] {
            let wanted: Vec<_> = all[from as usize..].iter().take(at_most).cloned().collect();
            assert_eq!(ledger.entries(EntryNo(from), at_most).unwrap(), wanted, "{from} {at_most}");
        }
    }
    for (no, entry) in (0..).map(EntryNo).zip(all) {
        assert_eq!(ledger.entry(no).unwrap(), entry);
    }
    let audit = ledger.audit().unwrap();
    assert!(audit.is_clean() && !audit.derived_renewed, "{audit:?}");
}

fn a_batch_is_all_or_nothing(ledger: &dyn Ledger) {
    ledger.append(0, drafts(0..3)).unwrap();
    let head = ledger.head();
    let unfit = Draft { previous: Some(EntryNo(5)), subject: Uuid::from_u128(9), ..draft(5) };
    let error = ledger.append(3, vec![draft(3), draft(4), unfit]).unwrap_err();
    assert!(matches!(error, LedgerError::Unfit { position: 2, .. }), "{error:?}");
    let chained_without_subject = Draft { previous: Some(EntryNo(0)), ..draft(3) };
    let error = ledger.append(3, vec![chained_without_subject]).unwrap_err();
    assert!(matches!(error, LedgerError::Unfit { position: 0, .. }), "{error:?}");
    let large = Draft { body: vec![0; ENTRY_BYTES_MAX], ..draft(3) };
    let error = ledger.append(3, vec![large]).unwrap_err();
    assert!(matches!(error, LedgerError::TooLarge { what: "entry", .. }), "{error:?}");
    assert_eq!(ledger.head(), head);
    ledger.append(3, drafts(3..5)).unwrap();
    assert_eq!(ledger.entries(EntryNo(0), 10).unwrap(), expected(5));
}

fn of_two_who_append_at_once_one_is_told_that_the_ledger_moved_on(ledger: Arc<dyn Ledger>) {
    for size in 0..20 {
        let racers: Vec<_> = (0..2)
            .map(|_| {
                let ledger = Arc::clone(&ledger);
                std::thread::spawn(move || ledger.append(size, vec![draft(size)]))
            })
            .collect();
        let results: Vec<_> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let lost = results.into_iter().find_map(Result::err).unwrap();
        let (wanted, there) = (size, size + 1);
        assert!(
            matches!(lost, LedgerError::MovedOn { expected, actual } if (expected, actual) == (wanted, there)),
            "{lost:?}"
        );
    }
    assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(20));
}

fn every_proof_verifies_under_its_checkpoint(ledger: &dyn Ledger) {
    let mut heads = vec![ledger.head()];
    for size in 0..17 {
        heads.push(ledger.append(size, vec![draft(size)]).unwrap());
    }
    let leaves: Vec<_> = expected(17).iter().map(|entry| tree::leaf_hash(&entry.leaf())).collect();
    for new in &heads {
        for old in &heads[..=new.size as usize] {
            let path = ledger.consistency(old.size, new.size).unwrap();
            assert_eq!(verify_consistency(old, new, &path), Ok(()), "{} {}", old.size, new.size);
        }
        for no in 0..new.size {
            let path = ledger.inclusion(EntryNo(no), new.size).unwrap();
            let leaf = &leaves[no as usize];
            assert_eq!(verify_inclusion(leaf, no, new.size, &path, &new.root), Ok(()), "{no} {}", new.size);
        }
    }
    for (no, entry) in (0..).map(EntryNo).zip(expected(17)) {
        let verified = prove(ledger, no).unwrap().verify(&verifier_key()).unwrap();
        assert_eq!(verified, VerifiedEntry { entry, origin: ORIGIN.into(), head: ledger.head() });
    }
}

fn questions_beyond_the_end_are_refused(ledger: &dyn Ledger) {
    ledger.append(0, drafts(0..3)).unwrap();
    let beyond = |result: Result<Vec<Sha256>, _>| matches!(result, Err(LedgerError::Beyond { .. }));
    assert!(matches!(ledger.entry(EntryNo(3)), Err(LedgerError::Beyond { .. })));
    assert!(matches!(ledger.entry(EntryNo(u64::MAX)), Err(LedgerError::Beyond { .. })));
    assert_eq!(ledger.entries(EntryNo(u64::MAX), usize::MAX).unwrap(), []);
    for (no, size) in [(0, 4), (3, 3), (0, 0), (u64::MAX, 3), (0, u64::MAX), (u64::MAX, u64::MAX)] {
        assert!(beyond(ledger.inclusion(EntryNo(no), size)), "{no} {size}");
    }
    for (old, new) in [(1, 4), (3, 2), (u64::MAX, 3), (0, u64::MAX), (u64::MAX, u64::MAX)] {
        assert!(beyond(ledger.consistency(old, new)), "{old} {new}");
    }
    for after in [0, 2, 4, u64::MAX] {
        assert!(matches!(ledger.append(after, drafts(0..1)), Err(LedgerError::MovedOn { actual: 3, .. })));
    }
}

fn a_chain_that_skips_an_entry_is_reported(ledger: &dyn Ledger) {
    let subject = Uuid::from_u128(77);
    let link = |n, previous: Option<u64>| Draft { subject, previous: previous.map(EntryNo), ..draft(n) };
    let chain = vec![link(0, None), draft(1), link(2, Some(0)), link(3, Some(2))];
    ledger.append(0, chain).unwrap();
    assert_eq!(ledger.audit().unwrap().broken_chains, []);
    ledger.append(4, vec![link(4, Some(2)), link(5, None)]).unwrap();
    let audit = ledger.audit().unwrap();
    assert_eq!(audit.broken_chains, [EntryNo(4), EntryNo(5)]);
    assert!(audit.is_clean(), "a broken chain is not damage");
}

fn time_is_kept_to_the_millisecond(ledger: &dyn Ledger) {
    let at = Timestamp::from_nanosecond(1_700_000_000_123_456_789).unwrap();
    ledger.append(0, vec![Draft { at, ..draft(0) }]).unwrap();
    let kept = ledger.entry(EntryNo(0)).unwrap().header.at;
    assert_eq!(kept, Timestamp::from_millisecond(1_700_000_000_123).unwrap());
}

#[test]
fn a_fuse_blows_once_before_anything_is_done() {
    let ledger = MemoryLedger::new(signing_key(), ORIGIN).unwrap().with_fuse(2);
    ledger.append(0, drafts(0..1)).unwrap();
    assert!(matches!(ledger.append(1, drafts(1..2)), Err(LedgerError::Io { .. })));
    assert_eq!(ledger.head().size, 1);
    ledger.append(1, drafts(1..2)).unwrap();
    ledger.set_fuse(1, false);
    assert!(ledger.entries(EntryNo(0), 9).is_err());
    assert_eq!(ledger.entries(EntryNo(0), 9).unwrap(), expected(2));
}

#[test]
fn a_late_fuse_loses_the_answer_not_the_entry() {
    let ledger = MemoryLedger::new(signing_key(), ORIGIN).unwrap().with_late_fuse(1);
    assert!(matches!(ledger.append(0, drafts(0..1)), Err(LedgerError::Io { .. })));
    assert_eq!(ledger.entries(EntryNo(0), 9).unwrap(), expected(1));
}
