//! Damage in a backup is found by checking it alone, without keys and without its registry.

use std::path::{Path, PathBuf};

use schriftgut::registry::check_backup;

use crate::common::{BUILDING, Paper, TestOffice, copy_folder, files_below};
use crate::room::Room;

/// Changes the last byte of the first volume: it is in a body.
pub fn flip_in_volume(content: &Path) {
    flip(&content.join("vault/volumes/00000000.vol"), 1);
}

fn flip(path: &Path, part: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = (bytes.len() / part).min(bytes.len() - 1);
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// Made anew at will, or never read: nothing depends on them. The signed state says what the head is.
fn is_needless(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "note") && !path.ends_with("backup.note")
        || path.extension().is_some_and(|end| end == "derived")
        || path.ends_with("lock")
        || path.ends_with("backup.txt")
}

fn is_found(content: &Path) -> bool {
    check_backup(content).map_or(true, |checked| !checked.is_clean())
}

fn backed_up() -> (TestOffice, Room) {
    let office = TestOffice::demo();
    for number in 0..8 {
        office.ingest_text("F-1", BUILDING, "a.txt", &format!("Blatt {number}"));
    }
    office.take_in(Paper::new("F-1", BUILDING, "gross.bin", crate::noise(5, 2_000_000)));
    office.due_file("F-2", "Dieses Blatt geht.");
    office.destroy_what_is_due();
    let room = Room::new();
    room.back_up(&office);
    (office, room)
}

#[test]
fn a_changed_byte_and_a_missing_file_are_found_wherever_they_are() {
    let (_office, room) = backed_up();
    let mut looked_at = 0;
    for path in files_below(&room.content()).into_iter().filter(|path| !is_needless(path)) {
        let sound = std::fs::read(&path).unwrap();
        if sound.is_empty() {
            continue;
        }
        for part in [1, 2, 3, usize::MAX] {
            flip(&path, part);
            assert!(is_found(&room.content()), "a byte of {} at 1/{part}", path.display());
            std::fs::write(&path, &sound).unwrap();
        }
        std::fs::remove_file(&path).unwrap();
        assert!(is_found(&room.content()), "{} is missing", path.display());
        std::fs::write(&path, &sound).unwrap();
        looked_at += 1;
    }
    assert!(looked_at > 8, "{looked_at} files");
    assert!(!is_found(&room.content()), "all is as it was");
    for slot in ["head/head-0.note", "head/head-1.note"] {
        flip(&room.content().join(slot), 2);
    }
    assert!(is_found(&room.content()), "without any head");
}

#[test]
fn older_files_put_back_are_found_whatever_they_are() {
    let (office, room) = backed_up();
    let before = room.place("vorher");
    copy_folder(&room.content(), &before);
    for number in 0..8 {
        office.ingest_text("F-3", BUILDING, "b.txt", &format!("Neues Blatt {number}"));
    }
    room.back_up(&office);
    let mut put_back = 0;
    for path in files_below(&before).into_iter().filter(|path| !is_needless(path)) {
        let place = room.content().join(path.strip_prefix(&before).unwrap());
        let (Ok(now), then) = (std::fs::read(&place), std::fs::read(&path).unwrap()) else { continue };
        // The other head slot is lawfully the older one.
        if now == then || place.starts_with(room.content().join("head")) {
            continue;
        }
        std::fs::write(&place, then).unwrap();
        let found = is_found(&room.content());
        // An older signed state is a whole state of its own as long as its list is there.
        assert!(found, "{} put back", place.display());
        std::fs::write(&place, now).unwrap();
        put_back += 1;
    }
    assert!(put_back >= 4, "{put_back} files");
    assert!(!is_found(&room.content()));
    // Volume and its manifest together.
    for name in ["vault/volumes/00000000.vol", "vault/manifest"] {
        std::fs::copy(before.join(name), room.content().join(name)).unwrap();
    }
    assert!(is_found(&room.content()));
}

#[test]
fn what_nobody_put_there_is_named() {
    let (_office, room) = backed_up();
    for name in ["fremd.txt", "vault/fremd", "ledger/fremd", "certificates/fremd.exe", "head/x"] {
        let path = room.content().join(name);
        std::fs::write(&path, b"x").unwrap();
        let checked = check_backup(&room.content()).unwrap();
        assert_eq!(checked.untracked.len(), 1, "{name}: {checked:?}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn checking_changes_nothing_so_a_protected_medium_can_be_checked_and_restored() {
    let (office, room) = backed_up();
    let image = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        files_below(folder).into_iter().map(|p| (p.clone(), std::fs::read(p).unwrap())).collect()
    };
    let before = image(&room.content());
    assert!(check_backup(&room.content()).unwrap().is_clean());
    room.restore(&office, Some(&room.outside(&office))).unwrap();
    assert_eq!(image(&room.content()), before);
}

#[test]
fn what_the_registry_itself_has_lost_is_said_and_the_rest_is_backed_up() {
    let mut office = TestOffice::demo();
    for number in 0..8 {
        office.ingest_text("F-1", BUILDING, "a.txt", &format!("Blatt {number}"));
    }
    let room = Room::new();
    let root = office.root().to_owned();
    office.close_doors();
    let volume = root.join("vault/volumes/00000000.vol");
    let sound = std::fs::read(&volume).unwrap();
    flip(&volume, 1);
    office.open_doors();
    let done = room.back_up(&office);
    assert_eq!(done.objects, 7);
    assert!(!done.short.is_empty());
    let checked = check_backup(&room.content()).unwrap();
    assert!(checked.is_clean() && checked.short > 0, "{checked:?}");
    std::fs::write(&volume, sound).unwrap();
    let done = room.back_up(&office);
    assert_eq!((done.objects, done.copied, done.short.len()), (8, 1, 0));
}

#[test]
fn what_is_damaged_in_a_backup_is_copied_anew_on_request() {
    let (office, room) = backed_up();
    flip_in_volume(&room.content());
    assert_eq!(room.back_up(&office).copied, 0, "a run does not read what is there");
    assert!(is_found(&room.content()));
    let operator = office.registry().person(crate::common::OPERATOR).unwrap();
    let by = operator.as_administrator().unwrap();
    assert_eq!(office.registry().take_out_damaged(by, &room.content()).unwrap(), 1);
    assert_eq!(room.back_up(&office).copied, 1);
    assert!(!is_found(&room.content()));
}

#[test]
fn a_damaged_object_stays_out_of_the_restored_registry_and_is_named() {
    let (office, room) = backed_up();
    flip_in_volume(&room.content());
    let report = room.restore_closed(&room.master(&office), &room.place("amt"), Some(&room.outside(&office)));
    let found = report.unwrap().verified;
    assert!(!found.is_clean() && found.changed.is_empty(), "{found:?}");
}
