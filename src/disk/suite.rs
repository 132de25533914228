//! One suite for both media, and what only a simulated one can show.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

fn on_both(promise: impl Fn(&Disk, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    promise(&Disk::real(), folder.path());
    promise(&Simulated::with_folders(&[folder.path()]).disk(), folder.path());
}

#[test]
fn an_erased_range_reads_as_zeros_and_its_neighbours_stay() {
    on_both(|disk, folder| {
        for (name, punch) in [("punched", true), ("overwritten", false)] {
            let file = disk.create(&folder.join(name)).unwrap();
            file.write_at(&[7; 200_000], 0).unwrap();
            if punch { file.erase(5, 150_000) } else { file.overwrite_with_zeros(5, 150_000) }.unwrap();
            file.sync().unwrap();
            let all = file.read_all().unwrap();
            assert_eq!(all.len(), 200_000);
            assert!(all[..5].iter().chain(&all[150_005..]).all(|byte| *byte == 7));
            assert!(all[5..150_005].iter().all(|byte| *byte == 0));
        }
    });
}

#[test]
fn what_is_locked_is_refused_to_the_second_until_it_is_let_go() {
    on_both(|disk, folder| {
        for place in [folder.to_owned(), folder.join("lock")] {
            let held = disk.lock(&place).unwrap();
            assert!(matches!(disk.lock(&place), Err(DiskError::Held { .. })));
            drop(held);
            assert!(disk.lock(&place).is_ok());
        }
    });
}

#[test]
fn names_lead_to_what_was_put_there_last() {
    on_both(|disk, folder| {
        let deep = folder.join("a/b/c");
        disk.make_folder(&deep).unwrap();
        disk.make_folder(&deep).unwrap();
        let path = deep.join("file");
        assert!(disk.read(&path).unwrap().is_none() && disk.open_for_change(&path).unwrap().is_none());
        disk.put(&path, b"one").unwrap();
        disk.put(&path, b"two").unwrap();
        assert_eq!(disk.read(&path).unwrap().unwrap(), b"two");
        assert!(disk.create(&path).is_err());
        assert!(disk.open(&path).unwrap().unwrap().write_at(b"x", 0).is_err(), "it was opened to read");
        assert_eq!(disk.names(&deep).unwrap(), ["file"]);
        assert_eq!(disk.names(folder).unwrap().iter().filter(|name| *name == "a").count(), 1);
        assert!(disk.names(&folder.join("nowhere")).unwrap().is_empty());
        assert!(disk.remove(&path).unwrap() && !disk.remove(&path).unwrap());
        assert!(!disk.exists(&path).unwrap() && disk.is_folder(&deep).unwrap());
    });
}

#[test]
fn reading_stops_at_the_end_and_writing_goes_beyond_it() {
    on_both(|disk, folder| {
        let file = disk.open_or_create(&folder.join("file")).unwrap();
        file.write_at(b"end", 7).unwrap();
        let mut buffer = [1; 20];
        assert_eq!(file.read_at(&mut buffer, 3).unwrap(), 7);
        assert_eq!(&buffer[..8], b"\0\0\0\0end\x01");
        assert!(!file.fill_at(&mut buffer, 0).unwrap() && file.fill_at(&mut buffer[..10], 0).unwrap());
        assert_eq!(file.read_at(&mut buffer, u64::MAX).unwrap_or(0), 0);
        file.cut(8).unwrap();
        file.cut(9).unwrap();
        assert_eq!(file.read_all().unwrap(), b"\0\0\0\0\0\0\0e\0");
    });
}

const CUTS: u64 = 200;

/// What is at `path` after many cuts of this disk.
fn found_after_cuts(simulated: &Simulated, path: &Path) -> BTreeSet<Option<Vec<u8>>> {
    (0..CUTS).map(|seed| simulated.after_power_cut(seed).disk().read(path).unwrap()).collect()
}

#[test]
fn what_was_synced_with_its_name_outlives_every_cut() {
    let folder = Path::new("/amt");
    let simulated = Simulated::with_folders(&[folder]);
    let (disk, path) = (simulated.disk(), folder.join("akte"));
    disk.put(&path, b"first").unwrap();
    disk.sync_folder(folder).unwrap();
    assert_eq!(found_after_cuts(&simulated, &path), [Some(b"first".to_vec())].into());
    disk.put(&path, b"second").unwrap();
    let either = [Some(b"first".to_vec()), Some(b"second".to_vec())];
    assert_eq!(found_after_cuts(&simulated, &path), either.into(), "before or after, nothing between");
}

#[test]
fn what_was_not_synced_is_lost_kept_or_torn() {
    let folder = Path::new("/amt");
    let simulated = Simulated::with_folders(&[folder]);
    let (disk, path) = (simulated.disk(), folder.join("akte"));
    let file = disk.create(&path).unwrap();
    assert_eq!(
        found_after_cuts(&simulated, &path),
        [None, Some(Vec::new())].into(),
        "a name needs its folder"
    );
    disk.sync_folder(folder).unwrap();
    file.write_at(&[1; 2_000], 0).unwrap();
    let found = found_after_cuts(&simulated, &path);
    assert!(found.contains(&Some(Vec::new())) && found.contains(&Some(vec![1; 2_000])));
    assert!(found.len() > 8, "{} kinds of torn", found.len());
    file.sync().unwrap();
    file.write_at(&[2; 512], 512).unwrap();
    file.cut(100).unwrap();
    let lengths: BTreeSet<_> =
        found_after_cuts(&simulated, &path).into_iter().map(|found| found.unwrap().len()).collect();
    assert_eq!(lengths, [100, 2_000].into());
    assert_eq!(simulated.after_kill().disk().read(&path).unwrap().unwrap(), vec![1; 100]);
}

#[test]
fn the_operation_that_was_named_fails_and_no_other() {
    let folder = Path::new("/amt");
    let simulated = Simulated::with_folders(&[folder]);
    let (disk, faults) = Failing::before(&simulated.disk());
    let path = folder.join("akte");
    faults.clear();
    disk.put(&path, b"12345678").unwrap();
    let operations = faults.operations();
    assert_eq!(operations, 5, "remove, create, write, sync, rename");
    for (fault, lasting) in [(Fault::Broken, false), (Fault::Torn, true), (Fault::Full, true)] {
        for after in 0..operations {
            faults.set(after, fault, lasting);
            let put = disk.put(&path, b"abcdefgh");
            let hit = fault != Fault::Full || after < 4; // a rename needs no room
            assert_eq!(put.is_err(), hit, "{fault:?} after {after}");
            assert_eq!(faults.failed() > 0, hit);
            faults.clear();
            let found = disk.read(&path).unwrap().unwrap();
            assert!(found == b"12345678" || found == b"abcdefgh");
            disk.put(&path, b"12345678").unwrap();
        }
    }
    faults.set(2, Fault::Full, false);
    assert!(disk.put(&path, b"abcdefgh").unwrap_err().is_full());
    faults.set(3, Fault::Broken, false);
    assert!(disk.put(&path, b"abcdefgh").is_err());
    assert_eq!(faults.failed(), 1);
}

#[test]
fn a_sync_that_failed_has_lost_what_it_was_to_keep() {
    let folder = Path::new("/amt");
    let simulated = Simulated::with_folders(&[folder]);
    let (disk, faults) = Failing::before(&simulated.disk());
    let file = disk.create(&folder.join("akte")).unwrap();
    disk.sync_folder(folder).unwrap();
    file.write_at(b"gone", 0).unwrap();
    faults.set(0, Fault::Broken, false);
    assert!(file.sync().is_err());
    assert_eq!(file.read_all().unwrap(), b"gone", "the page cache still shows it");
    assert_eq!(found_after_cuts(&simulated, &folder.join("akte")), [Some(Vec::new())].into());
}
