//! Damage and tampering: found, named, never answered with.

use super::*;
use crate::base::digest::Blake3;

/// Everything the ledger answers is genuine or an alarm; returns whether it found something wrong.
fn never_a_wrong_entry(opened: Result<LocalLedger, LedgerError>, genuine: &[Entry]) -> bool {
    let ledger = match opened {
        Ok(ledger) => ledger,
        Err(error) => {
            assert!(error.is_alarm(), "{error:?}");
            return true;
        }
    };
    let mut alarmed = false;
    match ledger.entries(EntryNo(0), 100) {
        // Without its newest head slot a reader knows an older head only, and its audit says so.
        Ok(entries) => assert_eq!(entries, genuine[..ledger.head().size as usize]),
        Err(error) => {
            assert!(error.is_alarm(), "{error:?}");
            alarmed = true;
        }
    }
    for (no, genuine) in (0..).map(EntryNo).zip(genuine) {
        match ledger.entry(no) {
            Ok(entry) => assert_eq!(&entry, genuine),
            Err(LedgerError::Beyond { end, .. }) => assert_eq!(end, ledger.head().size),
            Err(error) => assert!(error.is_alarm(), "{error:?}"),
        }
        if let Ok(proof) = prove(&ledger, no) {
            assert_eq!(&proof.verify(&verifier_key()).unwrap().entry, genuine);
        }
    }
    let size = genuine.len() as u64;
    for old in 1..ledger.head().size {
        let _ = ledger
            .consistency(old, ledger.head().size)
            .map_err(|error| assert!(error.is_alarm(), "{error:?}"));
    }
    alarmed |= !ledger.audit().unwrap().is_clean();
    assert!(alarmed || ledger.head().size == size, "an acknowledged entry is missed without an alarm");
    alarmed
}

#[test]
fn every_flipped_bit_is_found_by_a_reader_and_never_answered_with() {
    let place = Place::with_segments(3, 200);
    let files = place.files();
    let genuine = expected(3);
    for (path, bytes) in &files {
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            fs::write(path, &changed).unwrap();
            let alarmed = never_a_wrong_entry(place.open_to_read(), &genuine);
            // Derived files heal; of everything else each bit counts.
            assert_eq!(alarmed, !is_derived(path), "bit {bit} of {}", path.display());
        }
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn every_changed_byte_is_an_alarm_or_healed_when_the_writer_opens() {
    let place = Place::with_segments(4, 400);
    let files = place.files();
    let genuine = expected(4);
    for (path, bytes) in &files {
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xFF;
            fs::write(path, &changed).unwrap();
            let alarmed = never_a_wrong_entry(place.open(), &genuine);
            assert_eq!(alarmed, is_segment(path), "byte {at} of {}", path.display());
            if !alarmed {
                // Healed: derived file or slot fits again.
                assert!(!is_alarmed(&place.open_to_read()), "byte {at} of {}", path.display());
            }
            place.restore(&files);
        }
    }
}

#[test]
fn derived_files_that_are_missing_short_or_foreign_are_made_anew() {
    let place = Place::with_segments(6, 400);
    let files = place.files();
    let derived: Vec<_> = files.iter().filter(|(path, _)| is_derived(path)).collect();
    assert_eq!(derived.len(), 2);
    for (path, bytes) in derived {
        for len in 0..bytes.len() {
            fs::write(path, &bytes[..len]).unwrap();
            assert!(!never_a_wrong_entry(place.open_to_read(), &expected(6)));
        }
        fs::write(path, vec![0xAB; bytes.len()]).unwrap();
        assert!(!never_a_wrong_entry(place.open(), &expected(6)));
        assert_eq!(&fs::read(path).unwrap(), bytes);
        fs::remove_file(path).unwrap();
        assert!(!never_a_wrong_entry(place.open_to_read(), &expected(6)));
        assert!(!path.exists(), "a reader writes nothing");
        assert!(!never_a_wrong_entry(place.open(), &expected(6)));
        assert_eq!(place.files(), files);
    }
}

#[test]
fn derived_files_that_go_wrong_while_open_heal_on_use_and_in_the_audit() {
    let place = Place::with_segments(9, 400);
    let files = place.files();
    for (path, bytes) in files.iter().filter(|(path, _)| is_derived(path)) {
        for at in 0..bytes.len() {
            let ledger = place.open_to_read().unwrap();
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            fs::write(path, &changed).unwrap();
            let audit = ledger.audit().unwrap();
            assert!(audit.is_clean() && audit.derived_renewed, "byte {at} of {}", path.display());
            assert!(!never_a_wrong_entry(Ok(ledger), &expected(9)));
            fs::write(path, bytes).unwrap();
        }
    }
    let ledger = place.open().unwrap();
    for (path, bytes) in files.iter().filter(|(path, _)| is_derived(path)) {
        fs::write(path, vec![0; bytes.len()]).unwrap();
    }
    assert_eq!(ledger.entries(EntryNo(2), 3).unwrap(), expected(9)[2..5]);
    ledger.append(9, drafts(9..12)).unwrap();
    assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(12));
    assert!(!ledger.audit().unwrap().derived_renewed);
}

#[test]
fn a_dropped_segment_is_an_alarm_on_opening() {
    let place = Place::with_segments(6, 1);
    let files = place.files();
    for (path, _) in files.iter().filter(|(path, _)| is_segment(path)) {
        place.restore(&files);
        fs::remove_file(path).unwrap();
        assert!(place.open_to_read().err().unwrap().is_alarm(), "{}", path.display());
        assert!(place.open().err().unwrap().is_alarm(), "{}", path.display());
    }
}

#[test]
fn reordered_segments_are_an_alarm_on_opening() {
    let place = Place::with_segments(5, 1);
    let files = place.files();
    let segments: Vec<_> = files.iter().filter(|(path, _)| is_segment(path)).collect();
    for (a, b) in (0..segments.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
        place.restore(&files);
        fs::write(&segments[a].0, &segments[b].1).unwrap();
        fs::write(&segments[b].0, &segments[a].1).unwrap();
        assert!(place.open_to_read().err().unwrap().is_alarm(), "{a} {b}");
    }
}

/// The frames of a single-segment ledger.
fn frames(segment: &[u8]) -> Vec<Vec<u8>> {
    let (mut frames, mut rest) = (Vec::new(), &segment[32..]);
    while let Some(length) = rest.first_chunk::<4>() {
        let (frame, after) = rest.split_at(16 + u32::from_le_bytes(*length) as usize);
        frames.push(frame.to_vec());
        rest = after;
    }
    frames
}

/// Makes the checksum of a frame fit again, as somebody would who knows the format.
fn with_good_checksum(mut frame: Vec<u8>) -> Vec<u8> {
    let covered = [&frame[..8], &frame[16..]].concat();
    frame[8..16].copy_from_slice(&Blake3::of(&covered).0[..8]);
    frame
}

/// Tampers with the entries of a ledger of six, with and without the derived files.
fn tampered(change: impl Fn(&mut Vec<Vec<u8>>)) -> Vec<(Result<LocalLedger, LedgerError>, Place)> {
    let tamper = |keep_derived: bool, while_open: bool| {
        let place = Place::with_segments(6, 1 << 20);
        let opened = while_open.then(|| place.open_to_read());
        let path = place.dir.join("00000000000000000000.segment");
        let segment = fs::read(&path).unwrap();
        let mut frames = frames(&segment);
        change(&mut frames);
        fs::write(&path, [&segment[..32], &frames.concat()].concat()).unwrap();
        for (path, _) in place.files().iter().filter(|(path, _)| is_derived(path) && !keep_derived) {
            fs::remove_file(path).unwrap();
        }
        (opened.unwrap_or_else(|| place.open_to_read()), place)
    };
    vec![tamper(true, false), tamper(true, true), tamper(false, false)]
}

#[test]
fn an_entry_rewritten_with_a_good_checksum_is_named() {
    for no in 0..6_usize {
        for (opened, _place) in tampered(|frames| {
            frames[no][16 + 20] ^= 1;
            frames[no] = with_good_checksum(frames[no].clone());
        }) {
            if let Ok(ledger) = &opened {
                let named =
                    |error| matches!(error, LedgerError::Damaged { entry, .. } if entry.0 == no as u64);
                assert!(named(ledger.entry(EntryNo(no as u64)).unwrap_err()));
                assert!(named(ledger.entries(EntryNo(0), 6).unwrap_err()));
                let flaws = ledger.audit().unwrap().flaws;
                let entries: Vec<_> = flaws.iter().map(|flaw| flaw.entry).collect();
                assert_eq!(entries, [Some(EntryNo(no as u64))]);
            }
            assert!(never_a_wrong_entry(opened, &expected(6)));
        }
    }
}

#[test]
fn several_damaged_entries_are_all_named() {
    for (opened, _place) in tampered(|frames| {
        frames[1][30] ^= 1;
        frames[3][30] ^= 1;
        frames[4][16 + 20] ^= 1;
        frames[4] = with_good_checksum(frames[4].clone());
    }) {
        if let Ok(ledger) = opened {
            let flaws = ledger.audit().unwrap().flaws;
            let mut entries: Vec<_> = flaws.iter().filter_map(|flaw| flaw.entry).map(|no| no.0).collect();
            entries.sort_unstable();
            assert_eq!(entries, [1, 3, 4]);
        }
    }
}

#[test]
fn entries_that_are_swapped_dropped_doubled_or_inserted_are_found() {
    for a in 0..6 {
        for b in 0..a {
            for (opened, _place) in tampered(|frames| frames.swap(a, b)) {
                assert!(never_a_wrong_entry(opened, &expected(6)), "swapped {a} {b}");
            }
        }
        for (opened, _place) in tampered(|frames| drop(frames.remove(a))) {
            assert!(never_a_wrong_entry(opened, &expected(6)), "dropped {a}");
        }
        if a < 5 {
            for (opened, _place) in tampered(|frames| frames.insert(a, frames[a].clone())) {
                assert!(never_a_wrong_entry(opened, &expected(6)), "doubled {a}");
            }
        }
    }
}

#[test]
fn two_signed_heads_of_one_size_are_a_fork() {
    let place = Place::with_segments(3, 1000);
    let note = fs::read_to_string(place.heads.join("head-1.note")).unwrap();
    let claimed = checkpoint::claimed(&note).unwrap();
    for size in [1, 2, 3] {
        let head = Head { size, root: Sha256::of(&[b"another history"]) };
        let forged = Checkpoint { head, ..claimed.clone() }.sign(&signing_key()).unwrap();
        let files = place.files();
        for slot in ["head-0.note", "head-1.note"] {
            fs::write(place.heads.join(slot), &forged).unwrap();
            let opened = place.open_to_read();
            assert!(never_a_wrong_entry(opened, &expected(3)), "size {size} in {slot}");
            place.restore(&files);
        }
    }
}

#[test]
fn an_older_head_of_another_history_is_an_alarm_on_opening() {
    let place = Place::with_segments(3, 1000);
    let slots = ["head-0.note", "head-1.note"].map(|slot| place.heads.join(slot));
    let claimed = slots.clone().map(|slot| checkpoint::claimed(&fs::read_to_string(slot).unwrap()).unwrap());
    let older = usize::from(claimed[0].head.size == 3);
    for size in [1, 2] {
        let head = Head { size, root: Sha256::of(&[b"another history"]) };
        let forged = Checkpoint { head, ..claimed[older].clone() }.sign(&signing_key()).unwrap();
        fs::write(&slots[older], forged).unwrap();
        for opened in [place.open_to_read(), place.open()] {
            assert!(
                matches!(opened, Err(LedgerError::Forked { older, newer: 3 }) if older == size),
                "{size}"
            );
        }
    }
}

#[test]
fn untouched_ledgers_of_every_size_raise_no_alarm() {
    let place = Place::new();
    let ledger = place.create();
    ledger.roll_at(500);
    drop(ledger);
    for size in 0..40 {
        let ledger = place.open().unwrap();
        ledger.roll_at(500);
        assert_eq!(*ledger.recovery(), Recovery::default());
        let audit = ledger.audit().unwrap();
        assert!(audit.is_clean() && !audit.derived_renewed, "{size}: {audit:?}");
        ledger.append(size, vec![draft(size)]).unwrap();
    }
}
