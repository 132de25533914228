//! Copies of the keyrings: apart from everything, and not for long.

use std::path::Path;

use schriftgut::registry::{Error, KEY_COPIES_KEPT_DAYS};

use crate::common::{BUILDING, OPERATOR, TestOffice, files_below};
use crate::room::Room;

fn dated(days_ago: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days_ago);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn only_folder(place: &Path) -> std::path::PathBuf {
    let mut folders = std::fs::read_dir(place).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir());
    let only = folders.next().unwrap();
    assert!(folders.next().is_none());
    only
}

#[test]
fn copies_are_kept_thirty_days_and_then_destroyed() {
    let office = TestOffice::demo();
    let room = Room::new();
    let done = room.back_up_keys(&office).unwrap();
    assert!(done.keys > 4 && done.destroyed == 0 && done.kept == 1);
    let young = room.keys().join(dated(KEY_COPIES_KEPT_DAYS - 1));
    let old = room.keys().join(dated(KEY_COPIES_KEPT_DAYS + 1));
    crate::common::copy_folder(&done.copy, &young);
    std::fs::rename(&done.copy, &old).unwrap();
    let unfinished = room.keys().join(dated(2));
    crate::common::copy_folder(&old, &unfinished);
    std::fs::remove_file(unfinished.join("whole.txt")).unwrap();
    // A second name of the same file sees that it was overwritten before it was removed.
    let epoch = |folder: &Path| {
        let name = files_below(folder).into_iter().find(|path| path.ends_with("epoch-1.key"));
        name.unwrap()
    };
    let witness = room.place("zeuge");
    std::fs::hard_link(epoch(&old), &witness).unwrap();
    let before = std::fs::read(&witness).unwrap();
    let again = room.back_up_keys(&office).unwrap();
    assert_eq!((again.destroyed, again.kept), (2, 2));
    assert!(!old.exists() && !unfinished.exists() && young.exists());
    let after = std::fs::read(&witness).unwrap();
    assert!(after.len() == before.len() && after != before, "removed without being overwritten");
}

#[test]
fn keys_never_lie_with_the_contents_or_in_the_registry() {
    let office = TestOffice::demo();
    let room = Room::new();
    room.back_up(&office);
    let operator = office.registry().person(OPERATOR).unwrap();
    let by = operator.as_administrator().unwrap();
    let inside = office.root().join("sicherung");
    let link = room.place("verweis");
    std::os::unix::fs::symlink(room.content(), &link).unwrap();
    let above = room.content().parent().unwrap().to_owned();
    for place in [
        room.content(),
        room.content().join("schluessel"),
        link.join("schluessel"),
        office.root().to_owned(),
        inside.clone(),
        above,
    ] {
        let refused = office.registry().back_up_keyrings(by, &place);
        assert!(matches!(refused, Err(Error::Mistake(_))), "{}: {refused:?}", place.display());
    }
    for place in
        [room.keys(), room.keys().join("inhalte"), inside, office.root().parent().unwrap().to_owned()]
    {
        let refused = office.registry().back_up(by, &place);
        assert!(matches!(refused, Err(Error::Mistake(_))), "{}: {refused:?}", place.display());
    }
}

#[test]
fn a_place_belongs_to_one_registry() {
    let (one, other) = (TestOffice::demo(), TestOffice::with_grace());
    let room = Room::new();
    room.back_up(&one);
    assert!(matches!(room.back_up_content(&other), Err(Error::Mistake(_))));
    assert!(matches!(room.back_up_keys(&other), Err(Error::Mistake(_))));
}

/// Neither plain words nor keys: what the contents hold is sealed, and what opens it is elsewhere.
#[test]
fn a_backup_holds_no_key_and_no_plain_word() {
    const MARKER: &str = "Quittenmarmelade";
    let office = TestOffice::demo();
    let text = format!("{MARKER} ").repeat(50);
    office.ingest_text(&format!("{MARKER}-1"), BUILDING, &format!("{MARKER}.txt"), &text);
    office.read_texts();
    office.due_file(&format!("{MARKER}-2"), &format!("{MARKER} geht"));
    office.destroy_what_is_due();
    let room = Room::new();
    room.back_up(&office);
    let master = std::fs::read_to_string(room.master(&office)).unwrap();
    let secret = master.split_whitespace().nth(1).unwrap().to_owned();
    let raw = data_encoding::HEXLOWER.decode(secret.as_bytes()).unwrap();
    let wanted: Vec<Vec<u8>> =
        vec![MARKER.into(), MARKER.to_lowercase().into(), "uittenmarmelad".into(), secret.into(), raw];
    for path in files_below(&room.content()).into_iter().chain(files_below(&room.keys())) {
        let bytes = [std::fs::read(&path).unwrap(), path.as_os_str().as_encoded_bytes().to_vec()].concat();
        for wanted in &wanted {
            let found = bytes.windows(wanted.len()).any(|window| window == wanted.as_slice());
            assert!(!found, "found in {}", path.display());
        }
    }
    // Nothing of the keyrings, by name or by content.
    let names = files_below(&room.content());
    assert!(
        names.iter().all(|path| !path.to_string_lossy().contains("keyring") && !path.ends_with("master.key"))
    );
    let sealed: Vec<_> =
        files_below(&only_folder(&room.keys())).iter().map(|p| std::fs::read(p).unwrap()).collect();
    assert!(names.iter().all(|path| !sealed.contains(&std::fs::read(path).unwrap())));
}

#[test]
fn the_wrong_master_or_foreign_keys_restore_nothing() {
    let (office, other) = (TestOffice::demo(), TestOffice::with_grace());
    let (room, foreign) = (Room::new(), Room::new());
    room.back_up(&office);
    foreign.back_up(&other);
    let wrong = room.restore_closed(&room.master(&other), &room.place("a"), None);
    assert!(matches!(wrong, Err(Error::Mistake(_))), "{wrong:?}");
    std::fs::remove_dir_all(room.keys()).unwrap();
    crate::common::copy_folder(&foreign.keys(), &room.keys());
    let wrong = room.restore_closed(&room.master(&other), &room.place("b"), None);
    assert!(matches!(wrong, Err(Error::Mistake(_))), "{wrong:?}");
}
