//! What destruction promises: all or nothing whatever interrupts it, shared content lives as long as one lawful
//! record holds it, and a certificate that anyone can check and nobody can bend.

mod common;
mod machine;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{LONG_AGO, OPERATOR, PROGRAM, Paper, TestOffice, WITHDRAWN, copy_folder};
use jiff::ToSpan;
use machine::times;
use serde_json::{Value, json};
use tempfile::TempDir;

use schriftgut::domain::disposal::Stage;
use schriftgut::domain::event::{Event, FileEvent};
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Error, verify_proof};

const SHARED: &str = "Dieselbe Lageplan-Anlage liegt zwei Akten bei.";

fn stage(office: &TestOffice, list: DisposalListId) -> Stage {
    office.registry().show_list(office.manager.as_auditor().unwrap(), list).unwrap().list.stage
}

#[test]
fn shared_content_lives_as_long_as_one_record_holds_it() {
    let office = TestOffice::demo();
    office.due_file("T-1", SHARED);
    let second = office.ingest_text("T-2", WITHDRAWN, "anlage.txt", SHARED);
    office.read_texts();
    let objects_before = common::verify(office.registry()).unwrap().objects;
    let executed = office.destroy_what_is_due();
    assert_eq!((executed.counts.objects_held_elsewhere, executed.counts.documents), (1, 1));
    assert_eq!(office.get(second).unwrap(), SHARED.as_bytes());
    office.close("T-2", LONG_AGO);
    let executed = office.destroy_what_is_due();
    assert_eq!((executed.counts.objects_held_elsewhere, executed.counts.documents), (0, 1));
    assert_eq!(executed.counts.objects, 2, "the original and the text layer of the last holder");
    assert!(office.get(second).is_err());
    let left = common::verify(office.registry()).unwrap();
    assert_eq!((left.objects, left.unclaimed), (objects_before - 3, 0), "one original, two text layers went");
}

#[test]
fn content_shared_with_a_spared_file_survives() {
    let office = TestOffice::demo();
    office.due_file("S-1", SHARED);
    let spared = office.due_file("S-2", SHARED);
    office.due_file("S-3", "Eigener Inhalt");
    let list = office.signed_list();
    office.hold("S-2", "Verfahren 4 K 112/24");
    let executed = office.execute(list).unwrap();
    assert_eq!((executed.files, executed.spared.len(), executed.counts.objects_held_elsewhere), (2, 1, 1));
    assert_eq!(office.get(spared).unwrap(), SHARED.as_bytes());
}

#[test]
fn content_shared_by_two_files_that_go_together_goes_and_is_counted_once() {
    let office = TestOffice::demo();
    office.due_file("Z-1", SHARED);
    office.due_file("Z-2", SHARED);
    let executed = office.destroy_what_is_due();
    assert_eq!((executed.files, executed.counts.documents, executed.counts.objects), (2, 2, 1));
    assert_eq!(common::verify(office.registry()).unwrap().objects, 0);
}

#[test]
fn what_was_destroyed_can_be_taken_in_again_as_something_new() {
    let mut office = TestOffice::demo();
    let old = office.due_file("N-1", SHARED);
    office.destroy_what_is_due();
    let new = office.ingest_text("N-1", WITHDRAWN, "antrag.txt", SHARED);
    assert_eq!(office.get(new).unwrap(), SHARED.as_bytes());
    assert!(office.get(old).is_err());
    office.open_doors();
    assert_eq!(office.get(new).unwrap(), SHARED.as_bytes());
}

/// Something in the way on the disk, at one step after the point of no return.
fn obstruct(office: &TestOffice, step: &str) -> std::path::PathBuf {
    let layout = office.registry().layout();
    let place = match step {
        "keys" => layout.keyring().join("epoch-2.key"),
        "catalogue" => layout.catalogue(2), // what is no folder cannot be tidied up
        _ => layout.certificates(),
    };
    if step == "keys" {
        std::fs::create_dir_all(place.join("x")).unwrap();
    } else {
        std::fs::write(&place, b"x").unwrap();
    }
    place
}

fn clear(place: &Path) {
    if place.is_dir() {
        std::fs::remove_dir_all(place).unwrap()
    } else {
        std::fs::remove_file(place).unwrap()
    }
}

fn assert_destroyed_with_certificate(office: &TestOffice, list: DisposalListId, files: usize) {
    assert!(matches!(stage(office, list), Stage::Executed { .. }));
    let verdict = verify_proof(&office.certificate(list), &office.registry().verifier_key()).unwrap();
    assert_eq!(verdict.destroyed, Some(files));
    office.assert_clean();
}

#[test]
fn a_destruction_that_failed_half_way_is_finished_at_the_next_start_and_cannot_be_taken_back() {
    for step in ["keys", "catalogue", "certificate"] {
        let mut office = TestOffice::demo();
        let gone = office.due_file("F-1", "geht");
        let kept = office.ingest_text("F-2", WITHDRAWN, "bleibt.txt", "bleibt");
        let list = office.signed_list();
        let place = obstruct(&office, step);
        assert!(matches!(office.execute(list), Err(Error::Fault { .. })), "{step}");
        let manager = office.manager.as_records_manager().unwrap();
        let withdrawn = office.registry().withdraw_list(manager, list, office.today());
        assert!(matches!(withdrawn, Err(Error::Refusal(_))), "{step}: {withdrawn:?}");
        // Nothing is written about what goes any more, whether or not its keys are still there.
        let clerk = office.manager.as_clerk().unwrap();
        let taken_back = office.registry().withdraw(clerk, gone, "falsch gescannt", false);
        assert!(taken_back.is_err(), "{step}: {taken_back:?}");
        let moved = office.registry().refile(clerk, &[gone], "F-2", "falsch abgelegt");
        assert!(moved.is_err(), "{step}: {moved:?}");
        clear(&place);
        office.open_doors();
        assert!(office.get(gone).is_err(), "{step}");
        assert_eq!(office.get(kept).unwrap(), b"bleibt");
        assert_destroyed_with_certificate(&office, list, 1);
    }
}

#[test]
fn a_destruction_that_failed_half_way_can_be_finished_by_the_same_verb() {
    for step in ["catalogue", "certificate"] {
        let office = TestOffice::demo();
        office.due_file("V-1", "geht");
        let list = office.signed_list();
        let place = obstruct(&office, step);
        assert!(matches!(office.execute(list), Err(Error::Fault { .. })), "{step}");
        clear(&place);
        assert_eq!(office.execute(list).unwrap().files, 1, "{step}");
        assert_destroyed_with_certificate(&office, list, 1);
    }
}

#[test]
fn a_certificate_written_after_the_approvals_grew_old_still_holds() {
    let mut office = TestOffice::with_grace();
    office.due_file("L-1", "geht");
    let today = office.today();
    let before = |days: i32| today.checked_sub(days.days()).unwrap();
    let list = office.offered_list();
    office.appraise_all(list);
    office.sign_all(list, before(91));
    let place = obstruct(&office, "certificate");
    assert!(matches!(office.execute_on(list, before(1)), Err(Error::Fault { .. })));
    clear(&place);
    office.open_doors();
    assert_destroyed_with_certificate(&office, list, 1);
}

// kill -9 at any moment.

struct Prepared {
    dir: TempDir,
    list: DisposalListId,
    going: BTreeMap<DocumentId, Vec<u8>>,
    staying: BTreeMap<DocumentId, Vec<u8>>,
}

/// An office with a signed list of eight files with three documents each, one of them shared with what stays.
fn prepare() -> Prepared {
    let mut office = TestOffice::demo();
    let mut papers = Vec::new();
    for file in 0..8 {
        for number in 0..3 {
            papers.push((
                format!("K-{file}"),
                format!("Antrag {file}, Blatt {number}: Garage, Carport, Zaun."),
            ));
        }
    }
    for number in 0..6 {
        papers.push(("B-1".to_owned(), format!("Antrag {number}, Blatt 0: Garage, Carport, Zaun.")));
    }
    let sources = papers.iter().map(|(file, text)| Paper::new(file, WITHDRAWN, "blatt.txt", text.as_bytes()));
    let ids = office.take_in_all(sources.collect());
    office.read_texts();
    (0..8).for_each(|file| office.close(&format!("K-{file}"), LONG_AGO));
    let list = office.signed_list();
    let all =
        ids.iter().zip(&papers).map(|(id, (file, text))| (file.clone(), *id, text.clone().into_bytes()));
    let (going, staying): (Vec<_>, Vec<_>) = all.partition(|(file, ..)| file.starts_with('K'));
    let map =
        |side: Vec<(String, DocumentId, Vec<u8>)>| side.into_iter().map(|(_, id, text)| (id, text)).collect();
    office.close_doors();
    let dir = TempDir::new().unwrap();
    copy_folder(office.root(), &dir.path().join("amt"));
    Prepared { dir, list, going: map(going), staying: map(staying) }
}

fn execute_in_child(root: &Path, list: DisposalListId) -> std::process::Child {
    let list = list.to_string();
    Command::new(PROGRAM)
        .args(["list", "execute", &list, "--confirm", &list[..8]])
        .env("SCHRIFTGUT_REGISTRY", root)
        .env("USER", OPERATOR)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// `SCHRIFTGUT_FULL=1` kills twice as often.
#[test]
fn killed_at_any_moment_a_file_is_whole_or_destroyed_with_its_certificate() {
    let prepared = prepare();
    let root = prepared.dir.path().join("amt");
    let scratch = TempDir::new().unwrap();
    let whole_run = {
        let place = scratch.path().join("whole");
        copy_folder(&root, &place);
        let begun = Instant::now();
        assert!(execute_in_child(&place, prepared.list).wait().unwrap().success());
        begun.elapsed()
    };
    let (mut whole, mut resumed, mut done) = (0, 0, 0);
    let kills = times(60, 120);
    for kill in 0..kills {
        let place = scratch.path().join(kill.to_string());
        copy_folder(&root, &place);
        let mut child = execute_in_child(&place, prepared.list);
        std::thread::sleep(whole_run.mul_f64(f64::from(kill) / f64::from(kills) * 1.05));
        let _ = child.kill();
        child.wait().unwrap();
        let certified = place.join(format!("certificates/{}.json", prepared.list)).exists();
        let office = TestOffice::copy_of(&place);
        for (id, text) in &prepared.staying {
            assert_eq!(&office.get(*id).unwrap(), text, "kill {kill}");
        }
        let readable = prepared
            .going
            .iter()
            .filter(|(id, text)| office.get(**id).is_ok_and(|got| got == **text))
            .count();
        match stage(&office, prepared.list) {
            Stage::Executed { .. } => {
                assert_eq!(readable, 0, "kill {kill}");
                assert_destroyed_with_certificate(&office, prepared.list, 8);
                if certified { done += 1 } else { resumed += 1 }
            }
            stage => {
                assert_eq!(readable, prepared.going.len(), "kill {kill}: {stage:?}");
                office.assert_clean_after(&format!("kill {kill}"));
                whole += 1;
            }
        }
        drop(office);
        std::fs::remove_dir_all(&place).unwrap();
    }
    println!(
        "{whole} whole, {resumed} finished at the next start, {done} done; a whole run takes {whole_run:?}"
    );
    assert!(whole > 0 && resumed > 0, "the kills missed: {whole} whole, {resumed} resumed, {done} done");
    assert!(whole_run < Duration::from_secs(20));
}

// Certificates.

fn certified() -> (TestOffice, DisposalListId, DisposalListId) {
    let office = TestOffice::demo();
    office.due_file("C-1", "eins");
    let first = office.destroy_what_is_due().list;
    office.due_file("C-2", "zwei");
    office.due_file("C-3", SHARED);
    office.ingest_text("C-4", WITHDRAWN, "anlage.txt", SHARED);
    let second = office.destroy_what_is_due().list;
    (office, first, second)
}

/// Position of the first proven entry that discloses this word.
fn entry_with(proof: &Value, word: &str) -> usize {
    let entries = proof["entries"].as_array().unwrap();
    let discloses = |entry: &Value| plain(entry).is_some_and(|text| text.contains(word));
    entries.iter().position(discloses).unwrap_or_else(|| panic!("no entry says {word}"))
}

fn plain(entry: &Value) -> Option<String> {
    let bytes = data_encoding::BASE64.decode(entry["plain"].as_str()?.as_bytes()).ok()?;
    Some(String::from_utf8_lossy(bytes.get(32..)?).into_owned())
}

fn replace_plain(entry: &mut Value, from: &str, to: &str) {
    let bytes = data_encoding::BASE64.decode(entry["plain"].as_str().unwrap().as_bytes()).unwrap();
    let text = String::from_utf8(bytes[32..].to_vec()).unwrap();
    assert!(text.contains(from), "{text}");
    let changed = [&bytes[..32], text.replace(from, to).as_bytes()].concat();
    entry["plain"] = Value::String(data_encoding::BASE64.encode(&changed));
}

type Mutation = (&'static str, Box<dyn Fn(&mut Value)>);

fn set(name: &'static str, field: &'static str, value: Value) -> Mutation {
    (name, Box::new(move |proof| proof["certificate"][field] = value.clone()))
}

fn more(name: &'static str, field: &'static str) -> Mutation {
    let change = move |proof: &mut Value| {
        let count = proof["certificate"][field].as_u64().unwrap();
        proof["certificate"][field] = json!(count + 1);
    };
    (name, Box::new(change))
}

fn drop_entry(name: &'static str, word: &'static str) -> Mutation {
    let change = move |proof: &mut Value| {
        let at = entry_with(proof, word);
        proof["entries"].as_array_mut().unwrap().remove(at);
    };
    (name, Box::new(change))
}

fn on_entry(name: &'static str, word: &'static str, change: fn(&mut Value)) -> Mutation {
    let change = move |proof: &mut Value| {
        let at = entry_with(proof, word);
        change(&mut proof["entries"][at]);
    };
    (name, Box::new(change))
}

fn line(change: impl Fn(&mut Value) + 'static, name: &'static str) -> Mutation {
    (name, Box::new(move |proof| change(&mut proof["certificate"]["lines"][0])))
}

fn mutations(other: DisposalListId, key: &str) -> Vec<Mutation> {
    let (key, key_again) = (key.to_owned(), key.to_owned());
    let mut all = vec![
        set("not from a demo", "demo", json!(false)),
        set("another list", "list", json!(other.to_string())),
        set("another registry", "registry", json!("Stadt Anderswo")),
        set("another edition", "edition", json!("nrw-kommunal 2027-1")),
        set("another day", "on", json!("2026-12-24")),
        set("an earlier day", "on", json!("2020-01-01")),
        set("no lines", "lines", json!([])),
        more("more documents", "documents"),
        more("more objects", "objects"),
        more("more bytes", "bytes"),
        more("more held elsewhere", "objects_held_elsewhere"),
        line(|line| line["rule"] = json!("BA-99"), "another rule"),
        line(|line| line["since"] = json!("1999-01-01"), "due earlier"),
        line(|line| line["documents"] = json!(7), "more documents in a line"),
        line(|line| line["file"] = json!("1b4e28ba-2fa1-41d2-883f-0016d3cca427"), "another file"),
        drop_entry("the founding left out", "grace_days"),
        drop_entry("the creation of the list left out", "lines"),
        on_entry("a leaf bent", "lines", |entry| {
            let mut leaf = data_encoding::BASE64.decode(entry["leaf"].as_str().unwrap().as_bytes()).unwrap();
            leaf[20] ^= 1;
            entry["leaf"] = Value::String(data_encoding::BASE64.encode(&leaf));
        }),
        on_entry("a number bent", "lines", |entry| {
            entry["number"] = json!(entry["number"].as_u64().unwrap() + 1)
        }),
        on_entry("a path cut", "lines", |entry| {
            entry["path"].as_array_mut().unwrap().pop();
        }),
        on_entry("a disclosed body changed", "lines", |entry| replace_plain(entry, "BA-03", "BA-02")),
        on_entry("a disclosed grace changed", "grace_days", |entry| replace_plain(entry, "true", "false")),
        on_entry("a disclosed body withheld", "lines", |entry| {
            entry.as_object_mut().unwrap().remove("plain");
        }),
    ];
    all.push(("a line left out with its sums", Box::new(move |proof| leave_a_line_out(proof, &key))));
    all.push((
        "a line named twice with its sums",
        Box::new(move |proof| name_a_line_twice(proof, &key_again)),
    ));
    all.push((
        "the checkpoint bent",
        Box::new(|proof| {
            let note = proof["checkpoint"].as_str().unwrap().replacen('\n', "x\n", 1);
            proof["checkpoint"] = json!(note);
        }),
    ));
    all.push((
        "two bodies swapped",
        Box::new(|proof| {
            let (a, b) = (entry_with(proof, "lines"), entry_with(proof, "grace_days"));
            let swapped = proof["entries"][a]["plain"].clone();
            proof["entries"][a]["plain"] = proof["entries"][b]["plain"].clone();
            proof["entries"][b]["plain"] = swapped;
        }),
    ));
    all
}

/// What the ledger says of a file on its way out.
fn counts_of(proof: &Value, key: &str, file: &Value) -> [u64; 4] {
    let verdict = verify_proof(&proof.to_string(), key).unwrap();
    let counts = verdict.entries.iter().find_map(|(_, event)| match event {
        Some(Event::File(id, FileEvent::Condemned { counts, .. })) if id.to_string() == *file => {
            Some(*counts)
        }
        _ => None,
    });
    let counts = counts.unwrap();
    [counts.documents, counts.objects, counts.bytes, counts.objects_held_elsewhere]
}

fn add_to_sums(proof: &mut Value, counts: [u64; 4], add: bool) {
    for (field, count) in ["documents", "objects", "bytes", "objects_held_elsewhere"].into_iter().zip(counts)
    {
        let sum = proof["certificate"][field].as_u64().unwrap();
        proof["certificate"][field] = json!(if add { sum + count } else { sum.saturating_sub(count) });
    }
}

fn leave_a_line_out(proof: &mut Value, key: &str) {
    let file = proof["certificate"]["lines"][0]["file"].clone();
    let counts = counts_of(proof, key, &file);
    add_to_sums(proof, counts, false);
    proof["certificate"]["lines"].as_array_mut().unwrap().remove(0);
}

fn name_a_line_twice(proof: &mut Value, key: &str) {
    let line = proof["certificate"]["lines"][0].clone();
    let counts = counts_of(proof, key, &line["file"]);
    add_to_sums(proof, counts, true);
    proof["certificate"]["lines"].as_array_mut().unwrap().push(line);
}

#[test]
fn a_certificate_holds_as_it_was_written_and_not_bent() {
    let (office, first, second) = certified();
    let key = office.registry().verifier_key();
    let real: Value = serde_json::from_str(&office.certificate(second)).unwrap();
    assert_eq!(verify_proof(&real.to_string(), &key).unwrap().destroyed, Some(2));
    let all = mutations(first, &key);
    assert!(all.len() >= 20);
    for (name, mutate) in all {
        let mut bent = real.clone();
        mutate(&mut bent);
        assert_ne!(bent, real, "{name} changes nothing");
        assert!(
            matches!(verify_proof(&bent.to_string(), &key), Err(Error::Mistake(_))),
            "{name} was accepted"
        );
    }
}

#[test]
fn a_certificate_holds_only_whole_and_under_its_own_key() {
    let (office, first, second) = certified();
    let key = office.registry().verifier_key();
    let real: Value = serde_json::from_str(&office.certificate(second)).unwrap();
    let entries = real["entries"].as_array().unwrap().len();
    for at in 0..entries {
        let mut bent = real.clone();
        let entry = bent["entries"].as_array_mut().unwrap().remove(at);
        assert!(verify_proof(&bent.to_string(), &key).is_err(), "without entry {at}: {:?}", plain(&entry));
    }
    // Every statement with the other list's proofs.
    let other: Value = serde_json::from_str(&office.certificate(first)).unwrap();
    let mut mixed = real.clone();
    mixed["entries"] = other["entries"].clone();
    mixed["checkpoint"] = other["checkpoint"].clone();
    assert!(verify_proof(&mixed.to_string(), &key).is_err());
    let stranger = TestOffice::with_grace();
    assert!(verify_proof(&real.to_string(), &stranger.registry().verifier_key()).is_err());
    assert!(verify_proof(&real.to_string(), "").is_err());
    assert!(verify_proof("{}", &key).is_err());
}

#[test]
fn swapped_signatures_are_refused() {
    let (office, _, second) = certified();
    let key = office.registry().verifier_key();
    let real: Value = serde_json::from_str(&office.certificate(second)).unwrap();
    let signed: Vec<usize> = real["entries"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, entry)| plain(entry).is_some_and(|text| text.contains("signature")))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(signed.len(), 3);
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let mut bent = real.clone();
        let (a, b) = (signed[a], signed[b]);
        bent["entries"][a]["plain"] = real["entries"][b]["plain"].clone();
        bent["entries"][b]["plain"] = real["entries"][a]["plain"].clone();
        assert!(verify_proof(&bent.to_string(), &key).is_err());
    }
}
