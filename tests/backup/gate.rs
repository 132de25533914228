//! The gate: what was destroyed after a backup does not come back.

use std::path::Path;

use tempfile::TempDir;

use schriftgut::domain::event::OfficeEvent;
use schriftgut::registry::{Continuity, Error, Quarantined, Registry, verify_proof};

use crate::common::{BUILDING, OPERATOR, SECRET, TestOffice, caretaker};
use crate::machine::{Progress, times};
use crate::room::{Room, office_events, restorations};

#[test]
fn old_backups_cannot_bring_back_what_was_destroyed() {
    let office = TestOffice::demo();
    let (mut rooms, mut going, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let backups = times(5, 30) as usize;
    for number in 0..backups {
        going.push(office.due_file(&format!("G-{number}"), &format!("Nummer {number} wird vernichtet")));
        kept.push(office.ingest_text("K-1", BUILDING, "k.txt", &format!("Nummer {number} bleibt")));
        let room = Room::new();
        room.back_up(&office);
        rooms.push(room);
    }
    let list = office.signed_list();
    // A long list needs a third approval.
    office.registry().approve_list(&office.signer("beides"), list, office.today()).unwrap();
    assert_eq!(office.execute(list).unwrap().files, backups);
    office.ingest_text("K-2", BUILDING, "danach.txt", "nach der Vernichtung");
    // What every destruction writes by itself, kept outside.
    let outside = rooms[0].place("aussen.note");
    std::fs::copy(office.root().join("certificates/tombstones.note"), &outside).unwrap();
    let progress = Progress::of("old backups", backups);
    for (number, room) in rooms.iter().enumerate() {
        let (restored, report) = room.restore(&office, Some(&outside)).unwrap();
        assert!(report.verified.is_clean(), "{number}: {:#?}", report.verified);
        assert_eq!(report.destroyed_again, number as u64 + 1);
        for (at, id) in going.iter().enumerate() {
            assert!(restored.get(*id).is_err(), "backup {number} brought document {at} back");
            assert!(restored.is_gone(&format!("G-{at}")));
        }
        for (at, id) in kept.iter().enumerate().take(number + 1) {
            assert_eq!(restored.get(*id).unwrap(), format!("Nummer {at} bleibt").into_bytes());
        }
        assert!(report.lost() > 0 && report.verified.lost.len() == 1, "{report:?}");
        fork_is_named(&restored, &outside, report.state.size);
        progress.step();
    }
}

/// The lost entries are said: in the event, by `verify`, and when an old checkpoint is held against it.
fn fork_is_named(restored: &TestOffice, outside: &Path, size: u64) {
    let text = std::fs::read_to_string(outside).unwrap();
    let by = caretaker();
    let compared = restored.registry().compare_checkpoint(by.as_caretaker().unwrap(), &text).unwrap();
    assert!(matches!(&compared, Continuity::Lost(known) if known.backup.size == size), "{compared:?}");
    let [OfficeEvent::Restored { backup, witness: Some(witness), .. }] = &restorations(restored)[..] else {
        panic!("not restored once")
    };
    assert!(backup.size == size && witness.size > size);
    let lost = &crate::common::verify(restored.registry()).unwrap().lost;
    assert!(lost[0].contains(&format!("({size} bis {})", witness.size - 1)), "{lost:?}");
}

#[test]
fn without_a_checkpoint_the_registry_opens_for_nobody_until_two_release_it() {
    let office = TestOffice::demo();
    let gone = office.due_file("G-1", "wird vernichtet");
    let kept = office.ingest_text("K-1", BUILDING, "k.txt", "bleibt");
    let room = Room::new();
    room.back_up(&office);
    office.destroy_what_is_due();
    let place = room.place("amt");
    let report = room.restore_closed(&room.master(&office), &place, None).unwrap();
    assert!(report.witness.is_none() && report.verified.is_clean());
    let refused = Registry::open(&place).map(drop).unwrap_err();
    assert!(matches!(&refused, Error::Refusal(_)) && refused.to_string().contains("Quarantäne"), "{refused}");
    {
        let quarantined = Quarantined::open(&place).unwrap();
        let signer = |login| quarantined.sign_in(login, SECRET).unwrap();
        assert_eq!(quarantined.release(&signer("voss")).unwrap(), 1);
        assert!(matches!(quarantined.release(&signer("voss")), Err(Error::Refusal(_))), "one person twice");
    }
    assert!(Registry::open(&place).is_err(), "one is not enough");
    {
        let quarantined = Quarantined::open(&place).unwrap();
        let signer = quarantined.sign_in("archiv", SECRET).unwrap();
        assert_eq!(quarantined.release(&signer).unwrap(), 0);
    }
    let restored = TestOffice::copy_of(&place);
    assert_eq!(restored.get(kept).unwrap(), b"bleibt");
    // Two people have taken it upon themselves; it is recorded, and named for ever.
    assert_eq!(restored.get(gone).unwrap(), b"wird vernichtet");
    assert_eq!(office_events(&restored).len(), 3, "restored, and two releases");
    let lost = crate::common::verify(restored.registry()).unwrap().lost;
    assert!(lost.len() == 1 && lost[0].contains("unbekannt"), "{lost:?}");
    drop(restored);
    assert!(matches!(Quarantined::open(&place).map(drop), Err(Error::Mistake(_))), "it is over");
}

#[test]
fn who_keeps_the_machine_releases_nothing() {
    let office = TestOffice::demo();
    let operator = office.registry().person(OPERATOR).unwrap();
    office.registry().set_secret(&operator, OPERATOR, SECRET).unwrap();
    let room = Room::new();
    room.back_up(&office);
    let place = room.place("amt");
    room.restore_closed(&room.master(&office), &place, None).unwrap();
    let quarantined = Quarantined::open(&place).unwrap();
    let signer = quarantined.sign_in(OPERATOR, SECRET).unwrap();
    assert!(matches!(quarantined.release(&signer), Err(Error::Refusal(_))));
}

#[test]
fn keys_that_are_older_than_a_destruction_are_forgotten_again() {
    let office = TestOffice::demo();
    let gone = office.due_file("G-1", "wird vernichtet");
    let kept = office.ingest_text("K-1", BUILDING, "k.txt", "bleibt");
    let room = Room::new();
    room.back_up_keys(&office).unwrap();
    office.destroy_what_is_due();
    room.back_up_content(&office).unwrap();
    let (restored, report) = room.restore(&office, Some(&room.outside(&office))).unwrap();
    assert_eq!((report.destroyed_again, report.lost()), (1, 0));
    assert!(report.verified.is_clean(), "{:#?}", report.verified);
    assert!(restored.get(gone).is_err());
    assert_eq!(restored.get(kept).unwrap(), b"bleibt");
}

#[test]
fn keys_that_are_newer_than_the_contents_do() {
    let office = TestOffice::demo();
    let gone = office.due_file("G-1", "wird vernichtet");
    let kept = office.ingest_text("K-1", BUILDING, "k.txt", "bleibt");
    let room = Room::new();
    room.back_up_content(&office).unwrap();
    office.destroy_what_is_due();
    room.back_up_keys(&office).unwrap();
    let (restored, report) = room.restore(&office, Some(&room.outside(&office))).unwrap();
    assert!(report.verified.is_clean(), "{:#?}", report.verified);
    assert!(restored.get(gone).is_err());
    assert_eq!(restored.get(kept).unwrap(), b"bleibt");
}

#[test]
fn a_list_that_was_executed_after_the_backup_has_its_certificate_in_the_restored_ledger() {
    let office = TestOffice::demo();
    office.due_file("G-1", "wird vernichtet");
    let list = office.signed_list();
    let room = Room::new();
    room.back_up(&office);
    office.execute(list).unwrap();
    let (restored, _) = room.restore(&office, Some(&room.outside(&office))).unwrap();
    let auditor = restored.archivist.as_auditor().unwrap();
    let stage = restored.registry().show_list(auditor, list).unwrap().list.stage;
    assert!(matches!(stage, schriftgut::domain::disposal::Stage::Executed { .. }), "{stage:?}");
    // The certificate of the lost course still proves what it proves.
    let key = restored.registry().verifier_key();
    assert_eq!(verify_proof(&office.certificate(list), &key).unwrap().destroyed, Some(1));
}

#[test]
fn a_checkpoint_that_is_changed_foreign_or_of_the_backup_itself_opens_nothing() {
    let office = TestOffice::demo();
    let room = Room::new();
    office.due_file("G-1", "wird vernichtet");
    room.back_up(&office);
    office.destroy_what_is_due();
    let outside = room.outside(&office);
    let text = std::fs::read_to_string(&outside).unwrap();
    let document = text.lines().find(|line| line.starts_with("document ")).unwrap().to_owned();
    let shorter = text.replace(&format!("{document}\n"), "");
    let bare = text[text.find("checkpoint\n").unwrap() + 11..].to_owned();
    let inside = room.content().join("certificates/innen.note");
    std::fs::create_dir_all(inside.parent().unwrap()).unwrap();
    let other = TestOffice::with_grace();
    let foreign = std::fs::read_to_string(Room::new().outside_to(&other, &room.place("fremd.note"))).unwrap();
    for (path, text) in [
        (room.place("kurz.note"), shorter),
        (room.place("nackt.note"), bare),
        (room.place("leer.note"), String::new()),
        (room.place("fremd.note"), foreign),
        (inside, text),
    ] {
        std::fs::write(&path, text).unwrap();
        let to = TempDir::new().unwrap();
        let refused = room.restore_closed(&room.master(&office), &to.path().join("amt"), Some(&path));
        assert!(matches!(refused, Err(Error::Mistake(_))), "{}: {refused:?}", path.display());
        assert!(!to.path().join("amt/schriftgut.toml").exists(), "it is no registry");
    }
}

impl Room {
    /// The checkpoint of another office.
    fn outside_to(&self, office: &TestOffice, path: &Path) -> std::path::PathBuf {
        std::fs::copy(self.outside(office), path).unwrap();
        path.to_owned()
    }
}

#[test]
fn a_restored_registry_can_be_backed_up_and_restored_again() {
    let office = TestOffice::demo();
    let gone = office.due_file("G-1", "wird vernichtet");
    let kept = office.ingest_text("K-1", BUILDING, "k.txt", "bleibt");
    let first = Room::new();
    first.back_up(&office);
    office.destroy_what_is_due();
    let (restored, _) = first.restore(&office, Some(&first.outside(&office))).unwrap();
    // The old place has another course of the ledger; a new one takes it.
    assert!(matches!(first.back_up_content(&restored), Err(Error::Mistake(_)) | Ok(_)));
    let second = Room::new();
    second.back_up(&restored);
    let (again, report) = second.restore(&restored, Some(&second.outside(&restored))).unwrap();
    assert!(report.verified.is_clean() && report.verified.lost.len() == 2, "{:#?}", report.verified);
    assert!(again.get(gone).is_err());
    assert_eq!(again.get(kept).unwrap(), b"bleibt");
}
