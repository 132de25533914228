//! What was forgotten cannot be read again, with the master secret and every old image of the rest.

use super::*;
use crate::keyring::layout::{
    Entry, FileKind, PageName, Root, epoch_file, kind_of, open_epoch, open_root, read_page,
};

/// Everything an attacker can open: with the master secret, from any mix of files of any age, trying
/// every key on every file.
fn all_that_opens(files: &[(String, Vec<u8>)], master: &MasterSecret) -> Vec<Entry> {
    let path = Path::new("anywhere");
    let mut epoch_keys = Vec::new();
    let mut roots: Vec<Root> = Vec::new();
    for (_, bytes) in files {
        for epoch in 1..5 {
            epoch_keys.extend(open_epoch(path, bytes, &master.wrap_key(), master.check(), epoch));
        }
    }
    for (_, bytes) in files {
        for (epoch, key) in (1..5).flat_map(|epoch| epoch_keys.iter().map(move |key| (epoch, key))) {
            roots.extend(open_root(path, bytes, key, epoch));
        }
    }
    let mut found = Vec::new();
    for (name, bytes) in files {
        let FileKind::Page(PageName { no, generation }) = kind_of(name) else { continue };
        for line in roots.iter().flat_map(|root| root.values()) {
            let read = read_page(path, bytes, PageName { no, generation }, &line.key, false).unwrap();
            found.extend(read.entries.into_iter().map(|(_, entry)| entry));
        }
    }
    found
}

fn opens(files: &[(String, Vec<u8>)], master: &MasterSecret, ids: &[KeyId]) -> usize {
    let found = all_that_opens(files, master);
    ids.iter().filter(|id| found.iter().any(|entry| entry.id == **id)).count()
}

#[test]
fn a_forgotten_key_cannot_be_unwrapped_from_any_old_image() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let before = image(dir.path());
    let gone = [id(0), id(6), id(9)];
    let keyring = open(dir.path(), &master);
    keyring.forget(&[warrant(&gone[..1]), warrant(&gone[1..])]).unwrap();
    let after = image(dir.path());

    // Old pages and roots, everything but the destroyed epoch key, beside all that is there now.
    let kept = before.iter().filter(|(name, _)| *name != epoch_file(1)).cloned();
    let everything: Vec<_> = kept.chain(after.clone()).collect();
    assert_eq!(opens(&everything, &master, &gone), 0);
    assert_eq!(opens(&everything, &master, &[id(1), id(5), id(8)]), 3, "those that live can be read");
    // The search has teeth: with the old epoch key it finds them.
    let with_old: Vec<_> = before.into_iter().chain(after.clone()).collect();
    assert_eq!(opens(&with_old, &master, &gone), 3);

    // And no key, forgotten or not, lies in the clear.
    for key in &keys {
        let clear = |bytes: &[u8]| bytes.windows(32).any(|window| window == key.expose());
        assert!(with_old.iter().all(|(_, bytes)| !clear(bytes)));
    }
    assert!(after.iter().all(|(name, _)| keyring.places().contains(&dir.path().join(name))));
}

#[test]
fn an_epoch_key_is_overwritten_before_it_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    sample(dir.path(), &master);
    let sealed = std::fs::read(dir.path().join("epoch-1.key")).unwrap();
    // A second name for the same file keeps its blocks in sight.
    let seen = tempfile::tempdir_in(dir.path().parent().unwrap()).unwrap();
    let second = seen.path().join("same-blocks");
    std::fs::hard_link(dir.path().join("epoch-1.key"), &second).unwrap();
    open(dir.path(), &master).forget(&[warrant(&ids(0..1))]).unwrap();
    let noise = std::fs::read(&second).unwrap();
    assert_eq!(noise.len(), sealed.len());
    assert!(noise.windows(16).all(|window| !sealed.windows(16).any(|old| old == window)));
}

#[test]
fn forgetting_again_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let keyring = open(dir.path(), &master);
    let first = keyring.forget(&[warrant(&ids(0..5))]).unwrap();
    assert_eq!((first.epoch_before, first.epoch_after, first.keys), (1, 2, 5));
    let files = image(dir.path());
    let again = keyring.forget(&[warrant(&ids(0..5))]).unwrap();
    assert_eq!((again.epoch_before, again.epoch_after, again.keys), (2, 2, 0));
    assert_eq!(image(dir.path()), files);
    assert_eq!(keyring.add(&ids(5..10)).unwrap(), keys[5..]);
}

#[test]
fn an_id_added_again_after_forgetting_gets_an_unrelated_key() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    let keys = sample(dir.path(), &master);
    let keyring = open(dir.path(), &master);
    keyring.forget(&[warrant(&ids(3..4))]).unwrap();
    assert!(!keys.contains(&keyring.add(&ids(3..4)).unwrap()[0]));
}

#[test]
fn only_the_pages_concerned_are_rewritten() {
    let dir = tempfile::tempdir().unwrap();
    let master = MasterSecret::random();
    sample(dir.path(), &master);
    let page_0 = std::fs::read(dir.path().join("page-0-1")).unwrap();
    open(dir.path(), &master).forget(&[warrant(&ids(4..6))]).unwrap();
    assert_eq!(std::fs::read(dir.path().join("page-0-1")).unwrap(), page_0);
    assert!(dir.path().join("page-1-2").exists() && !dir.path().join("page-1-1").exists());
}
