//! What was removed is gone; an index that cannot be used says so.

use std::fs;
use std::ops::ControlFlow;

use super::*;

#[test]
fn the_position_survives_reopening_and_what_was_not_committed_does_not() {
    let shelf = Shelf::with_pages(&["Garage"]);
    shelf.index.commit(at(42)).unwrap();
    shelf.page(9, 1, None, "Carport");
    let dir = shelf.dir.path().join("general");
    assert_eq!(shelf.index.followed().entries, 42);
    drop(shelf.index);
    let index = Index::open(&dir).unwrap();
    assert_eq!(index.followed().entries, 42);
    let count =
        |text: &str| index.search(&query(text), Reach::AsWritten, &Scope::EVERYTHING, 0, 9).unwrap().total;
    assert_eq!((count("Garage"), count("Carport")), (1, 0));
}

#[test]
fn putting_again_replaces_and_removing_again_is_fine() {
    let shelf = Shelf::new();
    for n in 0..3u64 {
        for _ in 0..2 {
            shelf.file(1, "63", "63-1", "Neubau");
            shelf.page(1, 1, Some((1, "63")), "Garage");
            shelf.page(1, 2, Some((1, "63")), "Garage");
            shelf.page(2, 1, None, "Garage");
        }
        shelf.index.commit(at(n)).unwrap();
        assert_eq!((shelf.find("Garage").total, shelf.find("Neubau").files_total), (3, 1));
    }
    shelf.page(1, 2, Some((1, "63")), "Carport");
    shelf.index.commit(at(4)).unwrap();
    assert_eq!((shelf.find("Garage").total, shelf.find("Carport").total), (2, 1));
    for n in 5..7u64 {
        shelf.index.remove_document(document(2)).unwrap();
        shelf.index.remove_document(document(77)).unwrap();
        shelf.index.commit(at(n)).unwrap();
        assert_eq!(shelf.documents("Garage"), [1]);
    }
    for n in 8..10u64 {
        shelf.index.remove_file(file(1)).unwrap();
        shelf.index.commit(at(n)).unwrap();
        assert_eq!(shelf.find("Garage ODER Carport ODER Neubau"), Found::default());
    }
}

#[test]
fn what_was_removed_is_on_the_disk_until_the_purge_and_nowhere_after_it() {
    let shelf = Shelf::new();
    // Many, so that two removed entries are too few for the engine to merge them away by itself.
    for n in 0..40u128 {
        let mark = char::from(b'a' + u8::try_from(n % 26).unwrap());
        shelf.file(n, "63", &format!("KANARIE{n}-7-x"), &format!("Titelkanarie{n}{mark}"));
        shelf.page(n, 1, Some((n, "63")), &format!("Garage Kanarien{mark}{n}vogel"));
    }
    shelf.index.commit(at(8)).unwrap();
    let markers = ["Kanarienb1vogel", "kanarie1-7-x", "Titelkanarie1b"];
    let kept = |word: &str| shelf.index.contains_word(word).unwrap();
    let id_kept = || {
        let (mut found, id) = (false, document(1));
        let mut look = |term: &[u8]| {
            found |= term.windows(16).any(|part| part == id.0.as_bytes());
            ControlFlow::Continue(())
        };
        shelf.index.for_each_term(&mut look).unwrap();
        found
    };
    assert!(markers.iter().all(|word| kept(word)) && id_kept());
    shelf.index.remove_file(file(1)).unwrap();
    shelf.index.commit(at(9)).unwrap();
    assert_eq!(shelf.find("Kanarienb1vogel"), Found::default());
    assert!(id_kept(), "a delete of the engine is a tombstone");
    assert!(markers.iter().all(|word| kept(word)), "a delete of the engine is a tombstone");
    let purged = shelf.index.purge().unwrap();
    assert_eq!(purged, Purged { segments: 1, entries: 2 });
    assert!(!markers.iter().any(|word| kept(word)) && !id_kept());
    assert!(kept("Kanariena0vogel") && shelf.find("Garage").total == 39);
    assert_eq!(shelf.index.followed().entries, 9);
    assert_eq!(shelf.index.purge().unwrap(), Purged { segments: 0, entries: 0 });
    shelf.page(1, 1, None, "Garage");
    shelf.index.commit(at(10)).unwrap();
    assert_eq!(shelf.find("Garage").total, 40);
    drop(shelf.index);
    assert_eq!(Index::open(&shelf.dir.path().join("general")).unwrap().followed().entries, 10);
}

#[test]
fn a_purge_commits_what_is_pending_and_leaves_no_file_behind() {
    let shelf = Shelf::with_pages(&["Kanarienvogel", "Garage"]);
    let dir = shelf.dir.path().join("general");
    let copy = |ending: &str| {
        let names =
            fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let old = names.filter(|name| name.ends_with(ending)).collect::<Vec<_>>();
        (old[0].clone(), fs::read(dir.join(&old[0])).unwrap())
    };
    let orphan = "0123456789abcdef0123456789abcdef";
    for ending in ["term", "idx", "pos", "fast", "fieldnorm", "store"] {
        fs::write(dir.join(format!("{orphan}.{ending}")), copy(ending).1).unwrap();
    }
    shelf.index.remove_document(document(0)).unwrap();
    shelf.index.purge().unwrap();
    assert!(!shelf.index.contains_word("Kanarienvogel").unwrap());
    let left: Vec<_> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(orphan)), "{left:?}");
    assert_eq!(shelf.documents("Garage"), [1]);
}

#[test]
fn the_look_for_remains_sees_segments_that_no_one_names_any_more() {
    let shelf = Shelf::with_pages(&["Kanarienvogel"]);
    let dir = shelf.dir.path().join("general");
    let files: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    let segment = files.iter().filter(|path| path.extension().is_some_and(|e| e != "json" && e != "lock"));
    let copies: Vec<_> =
        segment.map(|path| (path.extension().unwrap().to_owned(), fs::read(path).unwrap())).collect();
    shelf.index.remove_document(document(0)).unwrap();
    shelf.index.purge().unwrap();
    assert!(!shelf.index.contains_word("Kanarienvogel").unwrap());
    for (ending, bytes) in copies {
        let orphan = format!("0123456789abcdef0123456789abcdef.{}", ending.to_string_lossy());
        fs::write(dir.join(orphan), bytes).unwrap();
    }
    assert!(shelf.index.contains_word("Kanarienvogel").unwrap());
    assert!(matches!(shelf.index.contains_word("zwei Wörter"), Err(IndexError::NotAWord)));
}

#[test]
fn a_purge_waits_for_no_one_who_searches_and_searching_goes_on() {
    let shelf = Shelf::with_pages(&["Garage", "Garage", "Garage"]);
    std::thread::scope(|threads| {
        let searching = threads.spawn(|| (0..500).all(|_| shelf.find("Garage").total >= 1));
        for n in 0..2u128 {
            shelf.index.remove_document(document(n)).unwrap();
            shelf.index.purge().unwrap();
        }
        assert!(searching.join().unwrap());
    });
    assert_eq!(shelf.find("Garage").total, 1);
}

#[test]
fn an_index_of_other_versions_is_stale_and_one_that_cannot_be_read_is_damaged() {
    let shelf = Shelf::with_pages(&["Garage"]);
    let dir = shelf.dir.path().join("general");
    assert!(matches!(Index::create(&dir), Err(IndexError::Exists)));
    drop(shelf.index);
    let meta = fs::read_to_string(dir.join("meta.json")).unwrap();
    for (from, to) in [
        ("analysis 4", "analysis 1"),
        (", words ", ", words 0"),
        ("frostem 1.2", "frostem 1.3"),
        ("followed 1", "followed x"),
    ] {
        assert!(meta.contains(from));
        fs::write(dir.join("meta.json"), meta.replace(from, to)).unwrap();
        let error = Index::open(&dir).err().unwrap();
        assert!(matches!(error, IndexError::Stale { .. }) && error.wants_rebuild(), "{error:?}");
    }
    fs::write(dir.join("meta.json"), "{").unwrap();
    let error = Index::open(&dir).err().unwrap();
    assert!(matches!(error, IndexError::Damaged(_)) && error.wants_rebuild(), "{error:?}");
    let nothing = Index::open(&shelf.dir.path().join("nothing")).err().unwrap();
    assert!(nothing.wants_rebuild(), "{nothing:?}");
}

#[test]
fn damage_anywhere_is_an_error_or_an_answer_never_a_panic() {
    let shelf = Shelf::with_pages(&["Garage am Markt", "Anbau einer Garage"]);
    let dir = shelf.dir.path().join("general");
    drop(shelf.index);
    let files: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut refused = 0;
    for path in files.iter().filter(|path| fs::metadata(path).unwrap().len() > 0) {
        let whole = fs::read(path).unwrap();
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle] ^= 0x55;
        for bytes in [&whole[..middle], &whole[..0], &flipped] {
            fs::write(path, bytes).unwrap();
            let asked = Index::open(&dir).and_then(|index| {
                index.search(
                    &query("\"einer Garage\" ODER Mark*"),
                    Reach::AsWritten,
                    &Scope::EVERYTHING,
                    0,
                    9,
                )?;
                index.for_each_term(&mut |_| ControlFlow::Continue(()))
            });
            if let Err(error) = asked {
                assert!(error.wants_rebuild(), "{path:?}: {error:?}");
                refused += 1;
            }
        }
        fs::write(path, &whole).unwrap();
    }
    assert!(refused >= 10, "{refused}");
    assert!(Index::open(&dir).is_ok());
}

#[test]
fn a_second_writer_is_refused_and_a_second_reader_is_not() {
    let shelf = Shelf::with_pages(&["Garage"]);
    let second = Index::open(&shelf.dir.path().join("general")).unwrap();
    assert_eq!(second.search(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, 0, 9).unwrap().total, 1);
    assert!(matches!(second.remove_document(document(0)), Err(IndexError::Busy)));
}

#[test]
fn the_stemmer_an_index_names_is_the_one_in_the_lock_file() {
    let lock = include_str!("../../../Cargo.lock");
    let named = format!("name = \"frostem\"\nversion = \"{}\"", super::super::schema::FROSTEM_VERSION);
    assert!(lock.contains(&named));
}

/// A process that was killed while it committed leaves files that no commit names; the next one gives the same names.
#[test]
fn what_a_killed_process_left_stops_nobody() {
    let shelf = Shelf::with_pages(&["Garage am Wall", "Garage am Ufer"]);
    let (place, other) = (shelf.dir.path().join("general"), TempDir::new().unwrap());
    let files = |place: &std::path::Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let copy =
        |file: &std::path::PathBuf| std::fs::copy(file, other.path().join(file.file_name().unwrap())).is_ok();
    let before = files(&place);
    assert!(before.iter().all(copy));
    shelf.index.remove_document(document(0)).unwrap();
    shelf.index.commit(at(2)).unwrap();
    let left: Vec<_> = files(&place).into_iter().filter(|file| !before.contains(file)).collect();
    // The engine merges in passing, so one or the other may be gone by now.
    assert!(left.iter().filter(|file| copy(file)).count() > 0);
    assert!(copy(&place.join(".managed.json")));

    let index = Index::open(other.path()).unwrap();
    index.remove_document(document(0)).unwrap();
    index.commit(at(2)).unwrap();
    let found = index.search(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, 0, 10).unwrap();
    assert_eq!(found.total, 1);
}
