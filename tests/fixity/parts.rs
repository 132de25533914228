//! Verifying in parts and with a time limit: every object once, and on from where it stopped.

use std::collections::BTreeSet;
use std::time::Instant;

use schriftgut::domain::fixity::Part;
use schriftgut::registry::{Registry, Scope, VerifyOutcome, coverage_words};

use crate::common::{Paper, TestOffice, WITHDRAWN, caretaker, files_below, verify};
use crate::office::sample;

fn look(registry: &Registry, scope: &Scope) -> VerifyOutcome {
    registry.verify_scope(caretaker().as_caretaker().unwrap(), scope, &mut |_| {}).unwrap()
}

fn part(number: u32, of: u32, read_data: bool) -> Scope {
    Scope { part: Part::new(number, of), read_data, ..Scope::default() }
}

#[test]
fn parts_cover_every_object_once_and_say_when_all_was_covered() {
    let (office, _) = sample();
    let registry = office.registry();
    let all = verify(registry).unwrap();
    assert_eq!(coverage_words(&registry.coverage().unwrap()), "noch nie vollständig geprüft");
    for (of, read_data) in [(1, false), (3, true), (7, false)] {
        let mut objects = 0;
        for number in 1..=of {
            let outcome = look(registry, &part(number, of, read_data));
            assert!(outcome.found.is_clean() && outcome.complete && outcome.recorded, "{outcome:?}");
            objects += outcome.found.objects;
            let done = outcome.coverage.parts_done;
            assert_eq!(done, if number == of { 0 } else { number }, "{number}/{of}");
        }
        assert_eq!(objects, all.objects, "{of} parts");
    }
    look(registry, &part(2, 30, false));
    look(registry, &part(5, 30, false));
    let words = coverage_words(&registry.coverage().unwrap());
    assert!(words.starts_with("zuletzt vollständig geprüft am "), "{words}");
    assert!(words.ends_with(", seitdem 2 von 30 Teilen"), "{words}");
}

#[test]
fn damage_is_found_in_its_part_alone_and_in_every_entry_of_the_rest() {
    let (mut office, _) = sample();
    office.close_doors();
    let objects = office.root().join("vault/objects");
    let large = files_below(&objects).pop().unwrap();
    let id = large.file_name().unwrap().to_str().unwrap().parse().unwrap();
    let kept = std::fs::read(&large).unwrap();
    let mut bent = kept.clone();
    bent[70_000] ^= 1;
    std::fs::write(&large, bent).unwrap();
    office.open_doors();
    for number in 1..=5 {
        let scope = part(number, 5, false);
        let outcome = look(office.registry(), &scope);
        assert_eq!(outcome.found.is_clean(), !scope.part().contains(&id), "{number}: {outcome:?}");
    }
    let words = coverage_words(&office.registry().coverage().unwrap());
    assert!(words.contains("letzter Befund am ") && words.contains("1 verändert"), "{words}");
    std::fs::write(&large, kept).unwrap();
    assert!(look(office.registry(), &Scope::default()).coverage.damage.is_none(), "it is well again");
}

/// Runs that are over at once, until one is complete; each must get somewhere.
fn in_bits(registry: &Registry, read_data: bool) -> (Vec<VerifyOutcome>, VerifyOutcome) {
    let mut stopped = Vec::new();
    for _ in 0..10_000 {
        let scope = Scope { read_data, until: Some(Instant::now()), ..Scope::default() };
        let outcome = look(registry, &scope);
        if outcome.complete {
            return (stopped, outcome);
        }
        assert!(!outcome.stopped_at.is_empty());
        stopped.push(outcome);
    }
    panic!("it never ends: {:?}", stopped.last());
}

#[test]
fn what_was_stopped_goes_on_and_forgets_nothing_it_found() {
    let office = TestOffice::demo();
    let texts = (0..1_500).map(|number| Paper::new("A-1", WITHDRAWN, "blatt.txt", format!("Blatt {number}")));
    office.take_in_all(texts.collect());
    let all = verify(office.registry()).unwrap();
    let (stopped, last) = in_bits(office.registry(), false);
    assert_eq!(stopped.len(), 2, "1,024 objects, and the rest");
    assert_eq!((last.found.objects, last.found.entries > all.entries), (all.objects, true));
    assert!(last.resumed.is_some() && last.found.is_clean(), "{last:?}");
    let places: BTreeSet<_> = stopped.iter().map(|outcome| outcome.stopped_at.clone()).collect();
    assert_eq!(places.len(), stopped.len(), "each run gets somewhere");
    assert!(office.registry().coverage().unwrap().whole.is_some());

    // Damage that was found before the stop is in the last answer, though it is gone by then.
    let volume = office.root().join("vault/volumes/00000000.vol");
    let sound = std::fs::read(&volume).unwrap();
    let mut bent = sound.clone();
    bent[..4_096].fill(0);
    std::fs::write(&volume, bent).unwrap();
    let scope = Scope { until: Some(Instant::now()), ..Scope::default() };
    let first = look(office.registry(), &scope);
    assert!(!first.found.is_clean() && !first.complete);
    std::fs::write(&volume, sound).unwrap();
    let (_, last) = in_bits(office.registry(), false);
    assert!(last.found.changed.len() >= first.found.changed.len(), "{last:?}");

    // The position is a view: without it the next run begins anew.
    look(office.registry(), &scope);
    std::fs::remove_dir_all(office.root().join("views/verification")).unwrap();
    let anew = look(office.registry(), &scope);
    assert!(anew.resumed.is_none() && anew.found.is_clean(), "{anew:?}");
}

#[test]
fn reading_contents_goes_on_entry_by_entry() {
    let (office, documents) = sample();
    let (stopped, last) = in_bits(office.registry(), true);
    assert!(stopped.len() > documents.len(), "one content at a time: {}", stopped.len());
    assert!(last.found.is_clean(), "{last:?}");
}

#[test]
fn a_position_out_of_a_longer_ledger_is_not_believed() {
    let mut office = TestOffice::demo();
    office.close_doors();
    let older = TestOffice::copy_of(office.root());
    office.open_doors();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "später");
    let scope = Scope { until: Some(Instant::now()), ..Scope::default() };
    assert!(!look(office.registry(), &scope).complete);
    let position = "views/verification/1-of-1.json";
    std::fs::create_dir_all(older.root().join("views/verification")).unwrap();
    std::fs::copy(office.root().join(position), older.root().join(position)).unwrap();
    assert!(look(older.registry(), &scope).resumed.is_none());
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_was() {
    let office = TestOffice::demo();
    let texts = (0..1_100).map(|number| Paper::new("A-1", WITHDRAWN, "blatt.txt", format!("Blatt {number}")));
    office.take_in_all(texts.collect());
    let scope = part(1, 1, false);
    // As a kill would: in the midst of it, with nothing said and nothing tidied.
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        office.registry().verify_scope(caretaker().as_caretaker().unwrap(), &scope, &mut |looking| {
            if looking.at == "Datenspeicher" {
                std::panic::resume_unwind(Box::new("killed"));
            }
        })
    }));
    assert!(killed.is_err());
    let outcome = look(office.registry(), &scope);
    assert!(outcome.resumed.is_some() && outcome.complete && outcome.found.is_clean(), "{outcome:?}");
    assert_eq!(outcome.found.objects, 1_100);
}

#[test]
fn who_works_meanwhile_neither_waits_nor_raises_an_alarm() {
    let (office, documents) = sample();
    office.due_file("Z-8", "wird währenddessen vernichtet");
    let (mut number, mut destroyed) = (0, false);
    for scope in [part(1, 1, true), Scope { read_data: true, ..Scope::default() }] {
        let outcome =
            office.registry().verify_scope(caretaker().as_caretaker().unwrap(), &scope, &mut |looking| {
                // If it held the writing lock, this would wait for ever.
                number += 1;
                office.ingest_text("M-1", WITHDRAWN, "neu.txt", &format!("währenddessen {number}"));
                if looking.at == "Datenspeicher" && !destroyed {
                    office.destroy_what_is_due();
                    destroyed = true;
                }
            });
        let outcome = outcome.unwrap();
        assert!(outcome.found.is_clean() && outcome.complete && outcome.recorded, "{outcome:?}");
    }
    assert!(destroyed && number > 3, "{number}");
    for (id, content) in &documents {
        assert!(office.get(*id).unwrap() == *content);
    }
}
