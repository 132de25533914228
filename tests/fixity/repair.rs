//! Repair out of a copy: what is damaged or missing comes back, what is sound is not touched, nothing destroyed
//! comes again.

use std::path::{Path, PathBuf};

use schriftgut::domain::actor::Actor;
use schriftgut::domain::case_file::ReferenceNumber;
use schriftgut::registry::{Error, Registry, Repair};
use tempfile::TempDir;

use crate::common::{OPERATOR, TestOffice, copy_folder, files_below, verify};
use crate::flips::{Mill, folder};
use crate::office::{Documents, sample};

fn administrator(registry: &Registry) -> Actor {
    registry.person(OPERATOR).unwrap()
}

fn repair(registry: &Registry, from: &Path) -> Repair {
    registry.repair(administrator(registry).as_administrator().unwrap(), from).unwrap()
}

/// The two stores as a backup has them.
fn backup(office: &mut TestOffice) -> TempDir {
    office.close_doors();
    let place = folder();
    for store in ["vault", "archive"] {
        copy_folder(&office.root().join(store), &place.path().join(store));
    }
    office.open_doors();
    place
}

fn read_all(office: &TestOffice, documents: &Documents) {
    for (id, content) in documents {
        assert!(office.get(*id).unwrap() == *content, "{id}");
    }
}

fn damage(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 0x40;
    std::fs::write(path, bytes).unwrap();
}

fn large(office: &TestOffice) -> PathBuf {
    files_below(&office.root().join("vault/objects")).pop().unwrap()
}

fn volume(office: &TestOffice) -> PathBuf {
    office.root().join("vault/volumes/00000000.vol")
}

type Harm = dyn Fn(&TestOffice, &mut Mill);

#[test]
fn what_is_damaged_or_missing_comes_back() {
    let (mut office, documents) = sample();
    let copy = backup(&mut office);
    let harms: Vec<(&str, Box<Harm>)> = vec![
        (
            "a bit of a volume",
            Box::new(|o, mill| {
                let length = std::fs::metadata(volume(o)).unwrap().len() as usize;
                damage(&volume(o), mill.below(length.min(400)));
            }),
        ),
        (
            "a volume cut short",
            Box::new(|o, mill| {
                let bytes = std::fs::read(volume(o)).unwrap();
                std::fs::write(volume(o), &bytes[..mill.below(bytes.len() / 2)]).unwrap();
            }),
        ),
        ("a volume gone", Box::new(|o, _| std::fs::remove_file(volume(o)).unwrap())),
        ("a large object changed", Box::new(|o, mill| damage(&large(o), mill.below(1_000_000)))),
        ("a large object gone", Box::new(|o, _| std::fs::remove_file(large(o)).unwrap())),
        (
            "the archive's volume gone",
            Box::new(|o, _| {
                std::fs::remove_file(o.root().join("archive/volumes/00000000.vol")).unwrap();
            }),
        ),
        (
            "vault and manifest gone",
            Box::new(|o, _| {
                // Only who makes the folder anew says that it is to be filled again.
                std::fs::remove_dir_all(o.root().join("vault")).unwrap();
                std::fs::create_dir(o.root().join("vault")).unwrap();
            }),
        ),
    ];
    let mut mill = Mill(3);
    for (what, harm) in &harms {
        office.close_doors();
        harm(&office, &mut mill);
        office.open_doors();
        let found = verify(office.registry()).unwrap();
        assert!(!found.is_clean(), "{what}");
        let done = repair(office.registry(), copy.path());
        assert!(!(done.objects.is_empty() && done.archived.is_empty()), "{what}: {done:?}");
        assert!(done.left.is_empty(), "{what}: {done:?}");
        let found = verify(office.registry()).unwrap();
        // A cut volume has lost tombstones and holes; what it holds is right again.
        assert!(found.changed.is_empty() && found.missing.is_empty(), "{what}: {found:#?}");
        read_all(&office, &documents);
        office.open_doors();
        let found = verify(office.registry()).unwrap();
        assert!(found.is_clean(), "{what}, after a restart: {found:#?}");
        read_all(&office, &documents);
    }
}

#[test]
fn what_is_sound_is_not_touched_and_nothing_is_recorded() {
    let (mut office, _) = sample();
    let copy = backup(&mut office);
    let stores = ["vault", "archive"].map(|store| office.root().join(store));
    let read = || -> Vec<_> {
        stores
            .iter()
            .flat_map(|store| files_below(store))
            .map(|path| (std::fs::read(&path).unwrap(), path))
            .collect()
    };
    let before = read();
    let entries = verify(office.registry()).unwrap().entries;
    assert_eq!(repair(office.registry(), copy.path()), Repair::default());
    // A copy that is damaged itself harms nobody.
    damage(&copy.path().join("vault/volumes/00000000.vol"), 100);
    assert_eq!(repair(office.registry(), copy.path()), Repair::default());
    assert!(before == read());
    assert_eq!(verify(office.registry()).unwrap().entries, entries);
}

#[test]
fn nothing_destroyed_comes_again() {
    let office = TestOffice::demo();
    let secret = "vernichtet und vergessen ".repeat(20);
    let mut office = office;
    office.due_file("Z-9", &secret);
    let mut noise = vec![0; 1_200_000];
    blake3::Hasher::new().update(b"Z-9").finalize_xof().fill(&mut noise);
    office.take_in(crate::common::Paper::new("Z-10", crate::common::WITHDRAWN, "plan.bin", noise));
    office.close("Z-10", crate::common::LONG_AGO);
    let copy = backup(&mut office);
    office.destroy_what_is_due();
    let kept = office.ingest_text("A-1", crate::common::WITHDRAWN, "bleibt.txt", "bleibt");
    let before = verify(office.registry()).unwrap().objects;
    assert_eq!(repair(office.registry(), copy.path()), Repair::default());
    // Even with an older manifest, which still names what was destroyed.
    office.close_doors();
    std::fs::copy(copy.path().join("vault/manifest"), office.root().join("vault/manifest")).unwrap();
    office.open_doors();
    let done = repair(office.registry(), copy.path());
    assert!(done.objects.is_empty(), "{done:?}");
    assert!(files_below(&office.root().join("vault/objects")).is_empty(), "the large object stays gone");
    assert!(verify(office.registry()).unwrap().objects <= before + 1);
    assert_eq!(office.get(kept).unwrap(), b"bleibt");
    let gone: ReferenceNumber = "Z-9".parse().unwrap();
    assert!(office.is_gone(&gone.to_string()));
    // The older manifest names a large object that is gone for good: that stays said, and is taken back here.
    office.close_doors();
    std::fs::remove_file(office.root().join("vault/manifest")).unwrap();
    office.open_doors();
}

#[test]
fn a_copy_that_is_damaged_in_the_same_place_puts_nothing_back() {
    let (mut office, _) = sample();
    let copy = backup(&mut office);
    office.close_doors();
    damage(&large(&office), 500_000);
    let name = large(&office).strip_prefix(office.root()).unwrap().to_owned();
    let sound = std::fs::read(copy.path().join(&name)).unwrap();
    damage(&copy.path().join(&name), 700_000);
    office.open_doors();
    let done = repair(office.registry(), copy.path());
    assert!(done.objects.is_empty() && done.left.len() == 1, "{done:?}");
    std::fs::write(copy.path().join(&name), sound).unwrap();
    assert_eq!(repair(office.registry(), copy.path()).objects.len(), 1);
}

#[test]
fn a_folder_without_a_store_is_no_copy() {
    let office = TestOffice::demo();
    let place = folder();
    let asked =
        office.registry().repair(administrator(office.registry()).as_administrator().unwrap(), place.path());
    assert!(matches!(asked, Err(Error::Mistake(_))), "{asked:?}");
}
