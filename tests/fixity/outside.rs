//! Against a checkpoint that was kept outside: the whole folder rolled back, forked, or of another registry.

use std::path::Path;

use schriftgut::domain::fixity::Part;
use schriftgut::registry::{Error, Registry, Scope, Verified, verify_without_keys};

use crate::common::{TestOffice, WITHDRAWN, caretaker, open_patiently};

fn checkpoint(registry: &Registry) -> String {
    registry.checkpoint(caretaker().as_caretaker().unwrap()).unwrap()
}

/// What a look with keys finds against a checkpoint, and what one without.
fn against(root: &Path, note: &str) -> [Verified; 2] {
    let keyless = verify_without_keys(root, Part::WHOLE, Some(note), &mut |_| {}).unwrap().found;
    let registry = open_patiently(root).unwrap();
    let scope = Scope { against: Some(note.to_owned()), ..Scope::default() };
    let outcome = registry.verify_scope(caretaker().as_caretaker().unwrap(), &scope, &mut |_| {}).unwrap();
    assert_eq!(outcome.recorded, outcome.found.is_clean(), "what does not fit is not written to");
    [keyless, outcome.found]
}

#[test]
fn a_folder_rolled_back_as_a_whole_is_named() {
    let mut office = TestOffice::demo();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "eins");
    let early = checkpoint(office.registry());
    let older = TestOffice::copy_of({
        office.close_doors();
        office.root()
    });
    office.open_doors();
    office.ingest_text("A-1", WITHDRAWN, "b.txt", "zwei");
    let late = checkpoint(office.registry());
    office.close_doors();
    let mut older = older;
    older.close_doors();
    for found in against(older.root(), &late) {
        assert!(found.changed.is_empty() && found.missing.len() == 1, "{found:?}");
        assert!(found.missing[0].contains("ein älterer Stand wurde eingesetzt"), "{found:?}");
    }
    for found in against(older.root(), &early).into_iter().chain(against(office.root(), &early)) {
        assert!(found.is_clean(), "an earlier checkpoint is contained: {found:?}");
    }
    for found in against(office.root(), &late) {
        assert!(found.is_clean(), "{found:?}");
    }
}

#[test]
fn a_fork_by_the_same_key_is_named_at_every_length() {
    let mut office = TestOffice::demo();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "gemeinsam");
    office.close_doors();
    let other = TestOffice::copy_of(office.root());
    office.open_doors();
    office.ingest_text("A-1", WITHDRAWN, "b.txt", "dieser Zweig");
    let short = checkpoint(office.registry());
    office.ingest_text("A-1", WITHDRAWN, "c.txt", "noch einer");
    office.ingest_text("A-1", WITHDRAWN, "d.txt", "und noch einer");
    let long = checkpoint(office.registry());
    office.close_doors();
    other.ingest_text("A-1", WITHDRAWN, "b.txt", "jener Zweig");
    let mut other = other;
    other.close_doors();
    for found in against(other.root(), &short) {
        assert!(found.changed.len() == 1 && found.changed[0].contains("ein anderer Zweig"), "{found:?}");
    }
    for found in against(other.root(), &long) {
        assert!(found.missing.len() == 1 && found.missing[0].contains("ein älterer Stand"), "{found:?}");
    }
    other.open_doors();
    for number in 0..5 {
        other.ingest_text("A-1", WITHDRAWN, "e.txt", &format!("weiter {number}"));
    }
    other.close_doors();
    for note in [&short, &long] {
        for found in against(other.root(), note) {
            assert!(found.changed.len() == 1 && found.changed[0].contains("ein anderer Zweig"), "{found:?}");
        }
    }
}

#[test]
fn a_checkpoint_of_nothing_here_is_a_mistake_and_one_by_another_key_a_finding() {
    let (office, stranger) = (TestOffice::demo(), TestOffice::with_grace());
    let foreign = checkpoint(stranger.registry());
    let own = checkpoint(office.registry());
    let ask = |note: &str| verify_without_keys(office.root(), Part::WHOLE, Some(note), &mut |_| {});
    for wrong in [foreign.as_str(), "", "kein Prüfpunkt", &own.replacen("\n", "\n1", 1)] {
        assert!(matches!(ask(wrong), Err(Error::Mistake(_))), "{wrong}");
    }
    // The same ledger, signed by a key that is not the one the registry names.
    // It stands behind the register of destructions.
    let note = &own[own.find("\nschriftgut/").map_or(0, |at| at + 1)..];
    let claimed = schriftgut::ledger::checkpoint::claimed(note).unwrap();
    let other_key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let found = ask(&claimed.sign(&other_key).unwrap()).unwrap().found;
    assert!(found.changed.len() == 1 && found.changed[0].contains("ein anderer Schlüssel"), "{found:?}");
}

#[test]
fn a_checkpoint_replaces_only_one_it_contains() {
    let mut office = TestOffice::demo();
    let file = office.root().with_extension("pruefpunkt");
    let write =
        |office: &TestOffice| office.registry().write_checkpoint(caretaker().as_caretaker().unwrap(), &file);
    let first = write(&office).unwrap();
    office.close_doors();
    let older = TestOffice::copy_of(office.root());
    office.open_doors();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "eins");
    assert!(write(&office).unwrap().size > first.size);
    let kept = std::fs::read(&file).unwrap();
    assert!(matches!(write(&older), Err(Error::Refusal(_))), "the older state may not cover up the newer");
    assert_eq!(std::fs::read(&file).unwrap(), kept);
    std::fs::write(&file, "etwas anderes").unwrap();
    assert!(matches!(write(&office), Err(Error::Mistake(_))));
    assert_eq!(std::fs::read(&file).unwrap(), b"etwas anderes");
}
