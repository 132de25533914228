//! Stopped at every step: reopened, the keyring is as it was or as it should be, and can be finished.

use super::*;
use crate::disk::{Failing, Fault, Faults};
use crate::keyring::KeyringError;

/// More steps than anything takes here.
const FAR: u64 = 10_000;

/// Opens, then sets the fuse so that only what comes now is stopped, and all that follows.
fn open_with_fuse(dir: &Path, master: &MasterSecret, steps: u64) -> (Keyring, Faults) {
    let (disk, faults) = Failing::before(&Disk::real());
    let keyring = small_pages(Keyring::open_on(&disk, dir, master).unwrap());
    faults.set(steps, Fault::Torn, true);
    (keyring, faults)
}

/// A disk that stops for good after so many steps, in the middle of a write, as a process does that is killed.
fn stopping_after(steps: u64) -> Disk {
    let (disk, faults) = Failing::before(&Disk::real());
    faults.set(steps, Fault::Torn, true);
    disk
}

/// Does `act` with the fuse at every step, each time from a fresh copy of `start`, and hands the folder
/// to `look` together with whether the act had said it succeeded.
fn stop_everywhere(
    start: &[(String, Vec<u8>)],
    master: &MasterSecret,
    act: impl Fn(&Keyring) -> Result<(), KeyringError>,
    look: impl Fn(&Path, bool),
) {
    for steps in 0..FAR {
        let dir = folder_of(start);
        let (keyring, faults) = open_with_fuse(dir.path(), master, steps);
        let done = act(&keyring);
        if done.is_err() {
            assert!(matches!(keyring.add(&ids(90..91)), Err(KeyringError::Spoiled)), "no writing goes on");
            assert!(matches!(keyring.key(&id(91)), Err(KeyringError::Spoiled)), "absence is not certain");
        }
        let ended = faults.failed() == 0;
        drop(keyring);
        look(dir.path(), done.is_ok());
        if ended {
            assert!(done.is_ok() && steps > 1, "the last round ran to its end");
            return;
        }
    }
    panic!("the act never ended");
}

fn all_but(keyring: &Keyring, keys: &[SealKey], gone: &[KeyId]) {
    for (id, key) in ids(0..10).iter().zip(keys).filter(|(id, _)| !gone.contains(id)) {
        assert_eq!(keyring.key(id).unwrap().as_ref(), Some(key));
    }
}

#[test]
fn an_interrupted_adding_loses_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    // Two fit on the newest page, the others need two more pages.
    let more = ids(10..19);
    stop_everywhere(
        &image(dir.path()),
        &master,
        |keyring| keyring.add(&more).map(drop),
        |dir, acknowledged| {
            let keyring = open(dir, &master);
            all_but(&keyring, &keys, &[]);
            let there = more.iter().filter(|id| keyring.key(id).unwrap().is_some()).count();
            assert!(!acknowledged || there == more.len());
            assert!(keyring.audit().unwrap().is_sound());
            let added = keyring.add(&more).unwrap();
            drop(keyring);
            let keyring = open(dir, &master);
            assert_eq!(keyring.add(&more).unwrap(), added);
            all_but(&keyring, &keys, &[]);
        },
    );
}

#[test]
fn an_interrupted_forgetting_is_before_or_after_and_can_be_finished() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let gone = [id(1), id(2), id(9)];
    stop_everywhere(
        &image(dir.path()),
        &master,
        |keyring| keyring.forget(&[warrant(&gone)]).map(drop),
        |dir, acknowledged| {
            let keyring = open(dir, &master);
            let left = gone.iter().filter(|id| keyring.key(id).unwrap().is_some()).count();
            assert!(left == 0 || (left == gone.len() && !acknowledged), "all or none, {left} are left");
            assert_eq!(keyring.epoch(), if left == 0 { 2 } else { 1 });
            assert!(keyring.audit().unwrap().is_sound());
            all_but(&keyring, &keys, &gone);
            keyring.forget(&[warrant(&gone)]).unwrap();
            assert!(gone.iter().all(|id| keyring.key(id).unwrap().is_none()));
            all_but(&keyring, &keys, &gone);
            assert!(!dir.join("epoch-1.key").exists() && dir.join("epoch-2.key").exists());
            assert!(keyring.audit().unwrap().is_sound());
        },
    );
}

#[test]
fn an_opening_interrupted_while_it_finishes_a_forgetting_can_be_repeated() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let gone = [id(1), id(9)];
    let act = |keyring: &Keyring| keyring.forget(&[warrant(&gone)]).map(drop);
    stop_everywhere(&image(dir.path()), &master, act, |dir, _| {
        let start = image(dir);
        for steps in 0..FAR {
            let dir = folder_of(&start);
            let opened = Keyring::open_on(&stopping_after(steps), dir.path(), &master).is_ok();
            let keyring = open(dir.path(), &master);
            all_but(&keyring, &keys, &gone);
            assert!(keyring.audit().unwrap().is_sound());
            assert_eq!(keyring.epoch() == 1, keyring.key(&gone[0]).unwrap().is_some());
            if opened {
                break;
            }
        }
    });
}

#[test]
fn an_interrupted_creation_can_be_repeated() {
    let master = MasterSecret::random();
    for steps in 0..FAR {
        let dir = tempfile::tempdir().unwrap();
        let created = Keyring::create_on(&stopping_after(steps), dir.path(), &master).is_ok();
        let keyring = match Keyring::open(dir.path(), &master) {
            Err(KeyringError::NotAKeyring { .. }) => Keyring::create(dir.path(), &master).unwrap(),
            other => other.unwrap(),
        };
        keyring.add(&ids(0..3)).unwrap();
        if created {
            return;
        }
    }
}

#[test]
fn a_torn_tail_is_cut_wherever_it_was_torn() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let acknowledged = std::fs::metadata(dir.path().join("page-2-1")).unwrap().len() as usize;
    let keyring = open(dir.path(), &master);
    keyring.add(&ids(10..12)).unwrap();
    drop(keyring);
    let whole = image(dir.path());
    let at = whole.iter().position(|(name, _)| name == "page-2-1").unwrap();
    // Any length; and what lies beyond a length may have stayed zero, up to the end or in between.
    for len in acknowledged..whole[at].1.len() {
        for shape in 0..3 {
            let mut torn = whole.clone();
            let sector = len.next_multiple_of(128).min(torn[at].1.len());
            match shape {
                0 => torn[at].1.truncate(len),
                1 => torn[at].1[len / 128 * 128..].fill(0),
                _ => torn[at].1[len / 128 * 128..sector].fill(0),
            }
            let dir = folder_of(&torn);
            let keyring = open(dir.path(), &master);
            all_but(&keyring, &keys, &[]);
            assert!(keyring.audit().unwrap().is_sound());
            let fresh = keyring.add(&ids(10..12)).unwrap();
            drop(keyring);
            assert_eq!(open(dir.path(), &master).add(&ids(10..12)).unwrap(), fresh);
        }
    }
}
