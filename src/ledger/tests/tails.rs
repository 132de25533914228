//! Crashes and lost pieces: what was never acknowledged is cut, what was acknowledged is never missed
//! without an alarm.

use super::*;

const BATCH: std::ops::Range<u64> = 5..8;

/// A ledger of five entries; the files before and after one more batch of three was appended.
struct TwoStates {
    place: Place,
    before: Files,
    after: Files,
}

type Files = Vec<(PathBuf, Vec<u8>)>;

impl TwoStates {
    fn new() -> Self {
        let place = Place::new();
        let ledger = place.create();
        ledger.append(0, drafts(0..2)).unwrap();
        ledger.append(2, drafts(2..5)).unwrap();
        let before = place.files();
        ledger.append(5, drafts(BATCH)).unwrap();
        drop(ledger);
        let after = place.files();
        Self { place, before, after }
    }

    fn bytes(files: &[(PathBuf, Vec<u8>)], wanted: impl Fn(&Path) -> bool) -> &[u8] {
        &files.iter().find(|(path, _)| wanted(path)).unwrap().1
    }

    /// The later state, but for files that `of_before` picks, and with other bytes in the segment.
    fn mixed(&self, of_before: impl Fn(&Path) -> bool, segment: &[u8]) -> Files {
        let mut files = self.after.clone();
        for (file, before) in files.iter_mut().zip(&self.before) {
            if is_segment(&file.0) {
                file.1 = segment.to_vec();
            } else if of_before(&file.0) {
                file.1.clone_from(&before.1);
            }
        }
        files
    }
}

fn is_slot(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "note")
}

#[test]
fn a_torn_tail_at_every_byte_length_beyond_the_head_is_cut() {
    let states = TwoStates::new();
    let start = TwoStates::bytes(&states.before, is_segment).len();
    let whole = TwoStates::bytes(&states.after, is_segment);
    for len in start..=whole.len() {
        // Head slots of before: the batch was being written when the power went.
        states.place.restore(&states.mixed(is_slot, &whole[..len]));
        let ledger = states.place.open().unwrap();
        assert_eq!(ledger.recovery().cut_bytes, (len - start) as u64);
        assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(5), "{len} bytes");
        if len % 16 == 0 {
            ledger.append(5, drafts(BATCH)).unwrap();
            assert_eq!(states.place.files(), states.after);
        }
    }
}

#[test]
fn a_tail_of_blocks_that_were_never_written_is_cut() {
    let states = TwoStates::new();
    let start = TwoStates::bytes(&states.before, is_segment).len();
    for hole in [1, 16, 100] {
        let mut torn = TwoStates::bytes(&states.after, is_segment).to_vec();
        torn[start..start + hole].fill(0);
        states.place.restore(&states.mixed(is_slot, &torn));
        let ledger = states.place.open().unwrap();
        assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(5));
        assert!(ledger.audit().unwrap().is_clean());
    }
}

#[test]
fn a_head_slot_torn_at_every_byte_keeps_every_acknowledged_entry() {
    let states = TwoStates::new();
    let segment = TwoStates::bytes(&states.after, is_segment).to_vec();
    let written = |path: &Path| {
        let of = |files: &[(PathBuf, Vec<u8>)]| TwoStates::bytes(files, |other| other == path).to_vec();
        is_slot(path) && of(&states.before) != of(&states.after)
    };
    let old = TwoStates::bytes(&states.before, written).to_vec();
    let new = TwoStates::bytes(&states.after, written).to_vec();
    let newer: Vec<_> =
        (0..new.len()).map(|len| [&new[..len], old.get(len..).unwrap_or(&[])].concat()).collect();
    let short = (0..new.len()).map(|len| new[..len].to_vec());
    for torn in newer.into_iter().chain(short) {
        let mut files = states.mixed(|_| false, &segment);
        files.iter_mut().find(|(path, _)| written(path)).unwrap().1 = torn.clone();
        states.place.restore(&files);
        let ledger = states.place.open().unwrap();
        let (size, recovery) = (ledger.head().size, ledger.recovery());
        if torn == old {
            assert_eq!((size, recovery.slot_renewed), (5, false), "nothing of the new head was written");
        } else if torn == new {
            assert_eq!((size, recovery.slot_renewed), (8, false), "all of it was");
        } else {
            assert_eq!((size, recovery.slot_renewed, recovery.kept_entries), (8, true, 3));
        }
        assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(size));
        assert!(ledger.audit().unwrap().is_clean());
    }
}

#[test]
fn an_unreadable_slot_with_a_torn_tail_is_an_alarm_and_nothing_is_cut() {
    let states = TwoStates::new();
    let start = TwoStates::bytes(&states.before, is_segment).len();
    let whole = TwoStates::bytes(&states.after, is_segment);
    let lengths: Vec<_> = (start + 1..whole.len()).collect();
    for len in lengths {
        let mut files = states.mixed(is_slot, &whole[..len]);
        let newest = files
            .iter()
            .rposition(|(path, note)| is_slot(path) && !String::from_utf8_lossy(note).contains("\n5\n"))
            .unwrap();
        files[newest].1.clear();
        states.place.restore(&files);
        let error = states.place.open().err().unwrap();
        assert!(matches!(error, LedgerError::TailInDoubt { .. }), "{len}: {error:?}");
        assert!(error.is_alarm());
        assert_eq!(states.place.files(), files, "nothing was touched");
    }
}

#[test]
fn a_missing_slot_is_written_anew() {
    let states = TwoStates::new();
    for slot in ["head-0.note", "head-1.note"] {
        states.place.restore(&states.after);
        fs::remove_file(states.place.heads.join(slot)).unwrap();
        assert!(is_alarmed(&states.place.open_to_read()), "a reader reports it");
        let ledger = states.place.open().unwrap();
        assert!(ledger.recovery().slot_renewed);
        assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(8));
        assert!(ledger.audit().unwrap().is_clean());
    }
}

#[test]
fn truncation_before_the_head_is_an_alarm_at_every_byte_and_nothing_is_cut() {
    let states = TwoStates::new();
    let whole = TwoStates::bytes(&states.after, is_segment);
    for len in 0..whole.len() {
        let files = states.mixed(|_| false, &whole[..len]);
        states.place.restore(&files);
        let error = states.place.open().err().unwrap();
        assert!(error.is_alarm(), "{len}: {error:?}");
        assert!(states.place.open_to_read().err().unwrap().is_alarm());
        for (path, bytes) in files.iter().filter(|(path, _)| !is_derived(path)) {
            assert_eq!(&fs::read(path).unwrap(), bytes, "nothing was cut");
        }
    }
}

#[test]
fn entries_put_back_to_an_older_state_are_an_alarm() {
    let states = TwoStates::new();
    let older = TwoStates::bytes(&states.before, is_segment);
    states.place.restore(&states.mixed(is_derived, older));
    let error = states.place.open().err().unwrap();
    assert!(matches!(error, LedgerError::Truncated { acknowledged: 8, present: 5 }), "{error:?}");
}

#[test]
fn heads_put_back_to_an_older_state_are_an_alarm_and_nothing_is_cut() {
    let states = TwoStates::new();
    let ledger = states.place.open().unwrap();
    ledger.append(8, drafts(8..9)).unwrap();
    drop(ledger);
    let newest = states.place.files();
    let rolled_back = newest.iter().cloned().map(|(path, bytes)| {
        let old = states.before.iter().find(|(other, _)| is_slot(&path) && *other == path);
        (path, old.map_or(bytes, |(_, old)| old.clone()))
    });
    let rolled_back: Vec<_> = rolled_back.collect();
    states.place.restore(&rolled_back);
    let error = states.place.open().err().unwrap();
    assert!(matches!(error, LedgerError::Outdated { head: 5, .. }), "{error:?}");
    assert_eq!(states.place.files(), rolled_back);
}

#[test]
fn whatever_follows_on_a_whole_batch_beyond_the_heads_is_an_alarm_and_nothing_is_cut() {
    let states = TwoStates::new();
    let whole = TwoStates::bytes(&states.after, is_segment);
    // Old slots, a whole batch that was acknowledged by the newer ones, and the beginning of another.
    for follows in [1, 16, 40] {
        let bytes: Vec<_> = whole.iter().copied().chain(vec![7; follows]).collect();
        let rolled_back = states.mixed(is_slot, &bytes);
        states.place.restore(&rolled_back);
        let error = states.place.open().err().unwrap();
        assert!(matches!(error, LedgerError::Outdated { head: 5, present: 8 }), "{error:?}");
        assert_eq!(states.place.files(), rolled_back);
    }
}

#[test]
fn segments_that_no_single_batch_can_have_begun_are_an_alarm_and_nothing_is_cut() {
    let place = Place::with_segments(4, 1);
    let last = fs::read(place.dir.join("00000000000000000003.segment")).unwrap();
    let at = |number: u64| place.dir.join(format!("{number:020}.segment"));
    for (numbers, torn) in [(&[9][..], false), (&[4, 5], false), (&[4], true)] {
        numbers.iter().for_each(|number| fs::write(at(*number), &last[..32]).unwrap());
        fs::write(at(3), if torn { [&last[..], b"torn"].concat() } else { last.clone() }).unwrap();
        let before = place.files();
        let error = place.open().err().unwrap();
        assert!(matches!(error, LedgerError::Outdated { head: 4, .. }), "{error:?}");
        assert_eq!(place.files(), before);
        numbers.iter().for_each(|number| fs::remove_file(at(*number)).unwrap());
    }
}

#[test]
fn an_empty_segment_left_by_a_crash_is_removed() {
    let place = Place::with_segments(4, 1);
    let bytes = fs::read(place.dir.join("00000000000000000003.segment")).unwrap();
    for leftover in [&b""[..], b"SGLED", &bytes[..32], &bytes] {
        fs::write(place.dir.join("00000000000000000004.segment"), leftover).unwrap();
        let ledger = place.open().unwrap();
        assert_eq!(ledger.recovery().cut_bytes, leftover.len() as u64);
        assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), expected(4));
        drop(ledger);
        assert!(!place.dir.join("00000000000000000004.segment").exists());
    }
}

#[test]
fn a_new_ledger_is_only_made_where_there_is_nothing_and_has_one_writer() {
    let place = Place::new();
    let ledger = place.create();
    assert!(matches!(place.open(), Err(LedgerError::Occupied { .. })));
    drop(ledger);
    let again = LocalLedger::create(&place.dir, &place.heads, signing_key(), ORIGIN);
    assert!(matches!(again, Err(LedgerError::NotEmpty { .. })));
    let other_dir = place.dir.with_file_name("other");
    let again = LocalLedger::create(&other_dir, &place.heads, signing_key(), ORIGIN);
    assert!(matches!(again, Err(LedgerError::NotEmpty { .. })), "nor into heads of another");
    assert!(matches!(place.open_to_read().unwrap().append(0, drafts(0..1)), Err(LedgerError::ReadOnly)));
}

#[test]
fn another_key_or_origin_does_not_open_the_ledger() {
    let place = Place::with_segments(2, 1000);
    let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let opened = LocalLedger::open(&place.dir, &place.heads, other, ORIGIN);
    assert!(matches!(opened, Err(LedgerError::HeadUnreadable { .. })));
    let opened = LocalLedger::open(&place.dir, &place.heads, signing_key(), "schriftgut/other");
    assert!(matches!(opened, Err(LedgerError::HeadUnreadable { .. })));
}
