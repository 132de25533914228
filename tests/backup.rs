//! What backups promise: a restored registry is the one that was backed up, nothing that was destroyed comes back,
//! no run spoils the former one, damage is found without keys, and no key and no word lies in the contents.

mod common;
mod machine;

#[path = "backup/damage.rs"]
mod damage;
#[path = "backup/faults.rs"]
mod faults;
#[path = "backup/gate.rs"]
mod gate;
#[path = "backup/keys.rs"]
mod keys;
#[path = "backup/kill.rs"]
mod kill;
#[path = "backup/room.rs"]
mod room;
#[path = "backup/words.rs"]
mod words;

use common::{BUILDING, Paper, TestOffice, WITHDRAWN, material};
use room::{Room, same};

use schriftgut::domain::event::Event;
use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::{Continuity, check_backup};

/// An office that has lived: files open, closed, held, handed over, destroyed, and lists at every stage.
pub fn lived_in() -> (TestOffice, Vec<DocumentId>) {
    let office = TestOffice::demo();
    let mut documents = vec![
        office.ingest_text("B-1", BUILDING, "antrag.txt", "Der Brandschutz am Rathaus ist geprüft."),
        office.take_in(Paper::new("B-1", BUILDING, "plan.pdf", material::pdf("Lageplan mit Wasserleitung"))),
        office.take_in(Paper::new("B-2", BUILDING, "gross.txt", noise(1, 3_000_000))),
        office.ingest_text("B-3", WITHDRAWN, "gesperrt.txt", "Ein Nachbar hat geklagt."),
    ];
    office.due_file("W-1", "Dieses Carport wird vernichtet.");
    office.destroy_what_is_due();
    office.close("B-3", common::LONG_AGO);
    office.hold("B-3", "Verfahren 4 K 112/24");
    documents.push(office.due_file("W-2", "Eine Garage, deren Liste noch läuft."));
    office.signed_list();
    documents.push(office.due_file("A-1", "Ein Turm, der ins Archiv geht."));
    hand_over(&office);
    office.read_texts();
    (office, documents)
}

/// What is due and on no list goes to the archive.
fn hand_over(office: &TestOffice) {
    let list = office.offered_list();
    for file in office.files_on(list) {
        let archivist = office.archivist.as_archivist().unwrap();
        let decision = schriftgut::domain::disposal::Decision::Archive;
        office.registry().appraise(archivist, list, file, decision, "ortsbildprägend").unwrap();
    }
    let bag = office.root().parent().unwrap().join("paket");
    let archivist = office.archivist.as_archivist().unwrap();
    office.registry().transfer(archivist, list, &bag, office.today()).unwrap();
}

/// Bytes that no compression makes smaller.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

#[test]
fn a_restored_registry_is_the_one_that_was_backed_up() {
    let (office, documents) = lived_in();
    let room = Room::new();
    let done = room.back_up(&office);
    assert!(done.short.is_empty() && done.copied == done.objects && done.removed == 0, "{done:?}");
    let checked = check_backup(&room.content()).unwrap();
    assert!(checked.is_clean(), "{checked:#?}");
    assert_eq!((checked.objects, checked.state, checked.unclaimed), (done.objects, done.state, 0));
    let witness = room.outside(&office);
    let (restored, report) = room.restore(&office, Some(&witness)).unwrap();
    assert!(report.verified.is_clean(), "{:#?}", report.verified);
    assert_eq!((report.destroyed_again, report.lost(), report.objects), (0, 0, done.objects));
    same(
        &office,
        &restored,
        &documents,
        &["Brandschutz", "Wasserleitung", "Nachbar", "Garage", "Carport", "Turm"],
    );
    // Between the two there is one entry: that it was restored.
    let text = std::fs::read_to_string(&witness).unwrap();
    let caretaker = common::caretaker();
    let compared = restored.registry().compare_checkpoint(caretaker.as_caretaker().unwrap(), &text).unwrap();
    assert_eq!(compared, Continuity::Continues(1));
    // And it goes on living.
    let new = restored.ingest_text("B-9", BUILDING, "neu.txt", "Nach der Wiederherstellung");
    assert_eq!(restored.get(new).unwrap(), b"Nach der Wiederherstellung");
}

#[test]
fn a_second_run_copies_only_what_is_new_and_removes_what_was_destroyed() {
    let office = TestOffice::demo();
    let room = Room::new();
    for number in 0..20 {
        office.ingest_text("F-1", BUILDING, "a.txt", &format!("Blatt {number}"));
    }
    assert_eq!(room.back_up(&office).copied, 20);
    let again = room.back_up(&office);
    assert_eq!((again.copied, again.copied_bytes, again.objects, again.removed), (0, 0, 20, 0));
    office.ingest_text("F-1", BUILDING, "b.txt", "Ein neues Blatt");
    let gone = office.due_file("F-2", "Dieses Blatt geht.");
    assert_eq!(room.back_up(&office).copied, 2);
    office.destroy_what_is_due();
    assert!(office.get(gone).is_err());
    let after = room.back_up(&office);
    assert_eq!((after.copied, after.objects, after.removed), (0, 21, 1));
    assert!(check_backup(&room.content()).unwrap().is_clean());
    // The same content, taken in again, is sealed anew and backed up anew.
    office.ingest_text("F-3", BUILDING, "c.txt", "Dieses Blatt geht.");
    assert_eq!(room.back_up(&office).copied, 1);
    assert!(check_backup(&room.content()).unwrap().is_clean());
}

#[test]
fn a_backup_made_while_documents_come_and_go_is_one_state() {
    let office = TestOffice::demo();
    let room = Room::new();
    let mut kept = Vec::new();
    for number in 0..120 {
        kept.push(office.ingest_text("K-1", BUILDING, "a.txt", &format!("Blatt {number} bleibt")));
    }
    for number in 0..18 {
        office.due_file(&format!("G-{number}"), &format!("Blatt {number} geht"));
    }
    std::thread::scope(|scope| {
        let office = &office;
        scope.spawn(move || {
            for number in 0..40 {
                office.ingest_text("K-2", BUILDING, "b.txt", &format!("Blatt {number} kommt"));
            }
        });
        scope.spawn(move || office.destroy_what_is_due());
        for _ in 0..6 {
            let done = room.back_up(office);
            assert!(done.short.is_empty(), "{:?}", done.short);
            let checked = check_backup(&room.content()).unwrap();
            assert!(checked.is_clean(), "{checked:#?}");
        }
    });
    let done = room.back_up(&office);
    assert_eq!(done.objects, 160, "what was destroyed is in it no more");
    let witness = room.outside(&office);
    let (restored, report) = room.restore(&office, Some(&witness)).unwrap();
    assert!(report.verified.is_clean(), "{:#?}", report.verified);
    same(&office, &restored, &kept, &[]);
}

#[test]
fn a_drill_that_is_passed_is_recorded_and_leaves_nothing_behind() {
    let (office, _) = lived_in();
    let room = Room::new();
    room.back_up(&office);
    let administrator = office.registry().person(common::OPERATOR).unwrap();
    // The registry goes on after the backup.
    office.ingest_text("B-1", BUILDING, "spaeter.txt", "Der Brandschutz wird später geprüft.");
    office.read_texts();
    let drill = |seed| {
        let by = administrator.as_administrator().unwrap();
        office.registry().drill(by, &room.content(), &room.keys(), &room.master(&office), seed).unwrap()
    };
    let passed = drill(7);
    assert_eq!(passed.named, Vec::<String>::new());
    assert_eq!((passed.files, passed.documents, passed.pages), (5, 6, 5), "{passed:?}");
    assert!(passed.compared > 10, "{passed:?}");
    let views = std::fs::read_dir(office.registry().layout().views()).unwrap();
    assert!(views.flatten().all(|entry| !entry.file_name().to_string_lossy().starts_with("drill")));
    // A damaged backup does not pass, and that is recorded too.
    damage::flip_in_volume(&room.content());
    let failed = drill(7);
    assert!(failed.differences > 0 && !failed.named.is_empty(), "{failed:?}");
    let recorded = room::office_events(&office);
    let drills: Vec<_> = recorded.iter().filter(|event| matches!(event, Event::Office(_))).collect();
    assert_eq!(drills.len(), 2, "{recorded:?}");
}
