//! The keyring is a map from ids to keys, whatever is done to it in whatever order.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::domain::protection::ProtectionDomain;
use crate::keyring::{Forgotten, KEYS_PER_PAGE, KeyringError};

/// Ids the random walk uses: few, so that they meet again.
const IDS: u32 = 24;

#[derive(Debug, Clone)]
enum Step {
    Add(Vec<u32>),
    Forget(Vec<u32>),
    Renew,
    Reopen,
    Audit,
}

fn step() -> impl Strategy<Value = Step> {
    let some = |most| prop::collection::vec(0..IDS, 1..most);
    prop_oneof![
        4 => some(9).prop_map(Step::Add),
        3 => some(4).prop_map(Step::Forget),
        1 => Just(Step::Renew),
        2 => Just(Step::Reopen),
        1 => Just(Step::Audit),
    ]
}

fn agrees(keyring: &Keyring, model: &HashMap<u32, SealKey>) {
    assert_eq!(keyring.len(), model.len());
    for number in 0..IDS {
        assert_eq!(keyring.key(&id(number)).unwrap().as_ref(), model.get(&number), "key {number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_keyring_is_a_map_that_survives_reopening(steps in prop::collection::vec(step(), 1..16)) {
        let dir = tempfile::tempdir().unwrap();
        let master = MasterSecret::random();
        let mut keyring = small_pages(Keyring::create(dir.path(), &master).unwrap());
        let mut model: HashMap<u32, SealKey> = HashMap::new();
        let mut seen: Vec<SealKey> = Vec::new();
        for step in steps {
            match step {
                Step::Add(numbers) => {
                    let keys = keyring.add(&ids(numbers.iter().copied())).unwrap();
                    prop_assert_eq!(keys.len(), numbers.len());
                    for (number, key) in numbers.into_iter().zip(keys) {
                        let known = model.entry(number).or_insert_with(|| {
                            assert!(!seen.contains(&key), "a new key is like none before");
                            seen.push(key.clone());
                            key.clone()
                        });
                        prop_assert_eq!(&*known, &key);
                    }
                }
                Step::Forget(numbers) => {
                    let epoch_before = keyring.epoch();
                    let done = keyring.forget(&[warrant(&ids(numbers.iter().copied()))]).unwrap();
                    let keys = numbers.iter().filter(|number| model.remove(number).is_some()).count();
                    let epoch_after = epoch_before + u64::from(keys > 0);
                    prop_assert_eq!(done, Forgotten { epoch_before, epoch_after, keys });
                }
                Step::Renew => {
                    let done = keyring.renew_epoch().unwrap();
                    prop_assert_eq!(done.epoch_after, done.epoch_before + 1);
                }
                Step::Reopen => {
                    drop(keyring);
                    keyring = open(dir.path(), &master);
                }
                Step::Audit => {
                    let audit = keyring.audit().unwrap();
                    prop_assert!(audit.is_sound(), "{:?}", audit);
                    prop_assert_eq!(audit.keys, model.len());
                }
            }
            agrees(&keyring, &model);
        }
        drop(keyring);
        let keyring = open(dir.path(), &master);
        agrees(&keyring, &model);
        // What is on disk is exactly what is in use.
        let mut places = keyring.places();
        places.sort();
        let files: Vec<_> = image(dir.path()).iter().map(|(name, _)| dir.path().join(name)).collect();
        prop_assert_eq!(places, files);
    }
}

#[test]
fn full_pages_are_followed_by_new_ones() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keyring = Keyring::create(dir.path(), &master).unwrap();
    let many = ids(0..2 * KEYS_PER_PAGE as u32 + 1);
    let keys = keyring.add(&many).unwrap();
    assert_eq!(keyring.audit().unwrap().pages, 3);
    drop(keyring);
    let keyring = Keyring::open(dir.path(), &master).unwrap();
    assert_eq!(keyring.len(), many.len());
    assert!(many.iter().zip(&keys).all(|(id, key)| keyring.key(id).unwrap().as_ref() == Some(key)));
}

#[test]
fn keys_of_the_office_are_kept_and_never_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let keyring = Keyring::create(dir.path(), &MasterSecret::random()).unwrap();
    let mut office = vec![KeyId::OFFICE, KeyId::LEDGER_SIGNING, KeyId::LOOKUP];
    office.extend(ProtectionDomain::ALL.map(KeyId::address));
    let keys = keyring.add(&office).unwrap();
    assert!((1..keys.len()).all(|at| !keys[..at].contains(&keys[at])), "all different");
    for id in &office {
        let refused = keyring.forget(&[warrant(&[super::id(1), *id])]);
        assert!(matches!(refused, Err(KeyringError::OfOffice { id: named }) if named == *id));
    }
    assert_eq!(keyring.add(&office).unwrap(), keys);
}

#[test]
fn threads_that_add_the_same_ids_get_the_same_keys() {
    let dir = tempfile::tempdir().unwrap();
    let keyring = small_pages(Keyring::create(dir.path(), &MasterSecret::random()).unwrap());
    let all: Vec<Vec<SealKey>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| keyring.add(&ids(0..10)).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(all.iter().all(|keys| *keys == all[0]));
    assert_eq!(keyring.len(), 10);
}

#[test]
fn a_keyring_has_one_owner_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keyring = Keyring::create(dir.path(), &master).unwrap();
    assert!(matches!(Keyring::open(dir.path(), &master), Err(KeyringError::InUse { .. })));
    drop(keyring);
    assert!(Keyring::open(dir.path(), &master).is_ok());
}

#[test]
fn a_backup_opens_with_the_master_secret_and_holds_the_same_keys() {
    let (dir, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let keyring = open(dir.path(), &master);
    let copy = to.path().join("2026-11-22");
    let backup = keyring.backup(&copy).unwrap();
    assert_eq!((backup.epoch, backup.keys, backup.pages), (1, 10, 3));
    assert!(matches!(keyring.backup(&copy), Err(KeyringError::AlreadyThere { .. })));
    keyring.forget(&[warrant(&ids(3..5))]).unwrap();
    let restored = open(&copy, &master);
    assert_eq!(restored.add(&ids(0..10)).unwrap(), keys, "the copy is of the day it was made");
    assert_eq!(restored.epoch(), 1);
}
