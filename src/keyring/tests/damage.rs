//! Damage is an error: never a wrong key, never "there is none", and nothing damaged is tidied away.

use super::*;
use crate::keyring::KeyringError;

/// Every answer about keys 0 to 9 is right or an error, and at least one is an error.
fn only_right_answers_or_errors(dir: &Path, master: &MasterSecret, keys: &[SealKey], what: &str) {
    let keyring = match Keyring::open(dir, master) {
        Err(_) => return,
        Ok(keyring) => keyring,
    };
    let answers: Vec<_> = ids(0..10).iter().map(|id| keyring.key(id)).collect();
    for (at, (answer, key)) in answers.iter().zip(keys).enumerate() {
        match answer {
            Err(_) => {}
            Ok(Some(found)) => assert_eq!(found, key, "{what}: wrong key {at}"),
            Ok(None) => panic!("{what}: key {at} is said not to exist"),
        }
    }
    assert!(!keyring.flaws().is_empty(), "{what}: not noticed");
    assert!(keyring.key(&id(77)).is_err(), "{what}: an unknown id may lie in the damaged page");
    assert!(keyring.add(&ids(0..1)).is_err() && keyring.forget(&[warrant(&ids(0..1))]).is_err(), "{what}");
    assert!(!keyring.audit().unwrap().is_sound(), "{what}");
}

#[test]
fn every_changed_byte_is_an_error_and_nothing_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let whole = image(dir.path());
    let copy = folder_of(&whole);
    for (name, bytes) in &whole {
        for at in 0..bytes.len() {
            for bit in [1, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= bit;
                std::fs::write(copy.path().join(name), &changed).unwrap();
                only_right_answers_or_errors(copy.path(), &master, &keys, &format!("{name} byte {at}"));
                assert_eq!(std::fs::read(copy.path().join(name)).unwrap(), changed, "left as it was found");
            }
        }
        std::fs::write(copy.path().join(name), bytes).unwrap();
    }
    assert_eq!(image(copy.path()), whole);
    assert_eq!(open(copy.path(), &master).add(&ids(0..10)).unwrap(), keys, "whole again");
}

#[test]
fn every_missing_or_shortened_file_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let whole = image(dir.path());
    for (at, (name, bytes)) in whole.iter().enumerate() {
        let mut without = whole.clone();
        without.remove(at);
        only_right_answers_or_errors(folder_of(&without).path(), &master, &keys, &format!("{name} missing"));
        // The newest page alone may have a torn tail.
        let lengths = (0..bytes.len()).step_by(5).chain((0..bytes.len()).step_by(128));
        for len in lengths.filter(|_| name != "page-2-1") {
            let mut short = whole.clone();
            short[at].1.truncate(len);
            let what = format!("{name} cut to {len}");
            only_right_answers_or_errors(folder_of(&short).path(), &master, &keys, &what);
        }
    }
}

#[test]
fn the_newest_page_may_not_be_shorter_than_its_root_knows() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    open(dir.path(), &master).renew_epoch().unwrap();
    let mut short = image(dir.path());
    let page = short.iter_mut().find(|(name, _)| name == "page-2-1").unwrap();
    page.1.truncate(256);
    only_right_answers_or_errors(folder_of(&short).path(), &master, &keys, "last frame cut off");
}

#[test]
fn a_gap_before_an_acknowledged_batch_is_damage_and_no_torn_tail() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    // On the newest page keys 8 and 9 came by an fsync each: the first turned to zeros, the second is there.
    let mut zeroed = image(dir.path());
    let page = zeroed.iter_mut().find(|(name, _)| name == "page-2-1").unwrap();
    page.1[128..256].fill(0);
    only_right_answers_or_errors(folder_of(&zeroed).path(), &master, &keys, "zeroed sector");
}

#[test]
fn files_put_in_each_others_place_are_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let whole = image(dir.path());
    for (one, other) in [("page-0-1", "page-1-1"), ("page-1-1", "page-2-1"), ("epoch-1.key", "root-1")] {
        let at = |name| whole.iter().position(|(known, _)| known == name).unwrap();
        let mut swapped = whole.clone();
        swapped[at(one)].1 = whole[at(other)].1.clone();
        swapped[at(other)].1 = whole[at(one)].1.clone();
        only_right_answers_or_errors(folder_of(&swapped).path(), &master, &keys, one);
    }
    let mut frames = whole.clone();
    let page = frames.iter_mut().find(|(name, _)| name == "page-0-1").unwrap();
    page.1[128..384].rotate_left(128);
    only_right_answers_or_errors(folder_of(&frames).path(), &master, &keys, "two frames swapped");
}

#[test]
fn an_older_root_does_not_make_newer_pages_disappear() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keyring = small_pages(Keyring::create(dir.path(), &master).unwrap());
    let mut keys = keyring.add(&ids(0..4)).unwrap();
    let old = std::fs::read(dir.path().join("root-1")).unwrap();
    keys.extend(keyring.add(&ids(4..10)).unwrap());
    drop(keyring);
    std::fs::write(dir.path().join("root-1"), old).unwrap();
    only_right_answers_or_errors(dir.path(), &master, &keys, "older root");
    assert!(dir.path().join("page-1-1").exists(), "kept for those who repair");
}

#[test]
fn a_wrong_master_secret_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    sample(dir.path(), &MasterSecret::random());
    let before = image(dir.path());
    let opened = Keyring::open(dir.path(), &MasterSecret::random());
    assert!(matches!(opened, Err(KeyringError::WrongMaster { .. })));
    assert_eq!(image(dir.path()), before);
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    sample(dir.path(), &master);
    for (name, bytes) in image(dir.path()) {
        let mut newer = bytes.clone();
        newer[8] = 2;
        std::fs::write(dir.path().join(&name), newer).unwrap();
        let opened = Keyring::open(dir.path(), &master);
        assert!(matches!(opened, Err(KeyringError::Newer { found: 2, known: 1, .. })), "{name}");
        std::fs::write(dir.path().join(&name), bytes).unwrap();
    }
}

#[test]
fn a_keyring_is_never_created_over_another_or_its_remains() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    sample(dir.path(), &master);
    let taken = |dir: &Path| matches!(Keyring::create(dir, &master), Err(KeyringError::AlreadyThere { .. }));
    assert!(taken(dir.path()));
    std::fs::remove_file(dir.path().join("root-1")).unwrap();
    assert!(taken(dir.path()), "pages without a root are someone's keys");
    let empty = tempfile::tempdir().unwrap();
    let opened = Keyring::open(empty.path(), &master);
    assert!(matches!(opened, Err(KeyringError::NotAKeyring { .. })));
    assert!(image(empty.path()).is_empty());
}
