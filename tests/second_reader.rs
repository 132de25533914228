//! The specifications suffice: a second reader in another language (`tests/second_reader`), written from them alone,
//! reads the golden data and a registry the program has just made, and refuses every damaged copy.
//!
//! It needs `python3` and nothing else. Where that is missing the tests say `not run`; in CI they fail.

#[allow(dead_code, reason = "each suite uses its part")]
#[path = "formats/certificate.rs"]
mod certificate;
#[path = "cli/office.rs"]
mod office;

use std::path::{Path, PathBuf};
use std::process::Command;

use certificate::Town;
use office::{Office, said};
use schriftgut::registry::verify_proof;
use tempfile::TempDir;

/// Certificates both verifiers are asked about, and how many if all is asked for.
const CERTIFICATES: usize = 20;
const CERTIFICATES_FULL: usize = 1_000;
/// Fewer forgeries would be none worth the name.
const FORGERIES_MIN: usize = 50;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// The second reader; none without an interpreter, which in CI is a failure.
fn reader() -> Option<impl Fn(&[&dyn AsRef<std::ffi::OsStr>]) -> Verdict> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has no python3");
        println!("not run: no python3");
        return None;
    }
    Some(|words: &[&dyn AsRef<std::ffi::OsStr>]| {
        let mut command = Command::new("python3");
        command.arg("-B").arg(here("second_reader/read.py"));
        words.iter().for_each(|word| {
            command.arg(word);
        });
        let said = said(&mut command);
        assert!(said.err.is_empty(), "the reader itself failed: {}", said.err);
        match said.out.split_once(": ") {
            Some(("ok", words)) if said.code == 0 => Ok(words.trim_end().to_owned()),
            Some(("flaw", words)) if said.code == 1 => Err(words.trim_end().to_owned()),
            _ => panic!("{said:?}"),
        }
    })
}

/// What was read, or the first flaw.
type Verdict = Result<String, String>;

/// A copy of a folder, to be damaged.
fn copy_of(folder: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    copy_folder(folder, copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Turns one bit, and says how to turn it back.
fn flip(path: &Path, at: usize) -> impl Fn() + use<> {
    let bytes = std::fs::read(path).unwrap();
    let mut flipped = bytes.clone();
    flipped[at] ^= 1;
    std::fs::write(path, flipped).unwrap();
    let path = path.to_owned();
    move || std::fs::write(&path, &bytes).unwrap()
}

#[test]
fn the_second_reader_reads_the_golden_ledger_its_proofs_and_the_golden_certificate() {
    let Some(read) = reader() else { return };
    let golden = here("golden/ledger/v1");
    let (ledger, heads, answers) = (golden.join("ledger"), golden.join("heads"), golden.join("answers.txt"));
    let key = std::fs::read_to_string(&answers).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(read(&[&"ledger", &ledger, &heads, &key]).unwrap(), "7 entries; no tail; derived files fit");
    assert_eq!(read(&[&"answers", &answers, &ledger, &heads]).unwrap(), "15 proofs");
    let golden = here("golden/certificate/v1");
    let certificate = read(&[&"proof", &golden.join("certificate.json"), &golden.join("verifier-key.txt")]);
    let words = "12 entries proven under a checkpoint of 96; 1 files destroyed on 2026-11-22";
    assert_eq!(certificate.unwrap(), words);
}

#[test]
fn the_second_reader_reads_every_golden_registry() {
    let Some(read) = reader() else { return };
    let mut registries = 0;
    for version in std::fs::read_dir(here("golden/registry")).unwrap().map(Result::unwrap) {
        let words = read(&[&"registry", &version.path().join("registratur")]).unwrap();
        assert!(
            words.contains("entries; no tail") && words.contains(".json: 1 files destroyed on"),
            "{words}"
        );
        registries += 1;
    }
    assert!(registries > 0);
}

#[test]
fn the_second_reader_refuses_a_golden_ledger_with_any_entry_changed() {
    let Some(read) = reader() else { return };
    let golden = copy_of(&here("golden/ledger/v1"));
    let (ledger, heads) = (golden.path().join("ledger"), golden.path().join("heads"));
    let answers = std::fs::read_to_string(golden.path().join("answers.txt")).unwrap();
    let (key, other_key) = (
        answers.lines().next().unwrap(),
        std::fs::read_to_string(here("golden/certificate/v1/verifier-key.txt")).unwrap(),
    );
    assert!(read(&[&"ledger", &ledger, &heads, &other_key.trim()]).is_err(), "by another key");
    let segment = ledger.join("00000000000000000000.segment");
    let length = usize::try_from(std::fs::metadata(&segment).unwrap().len()).unwrap();
    for at in (0..length).step_by(37) {
        let back = flip(&segment, at);
        let flaw = read(&[&"ledger", &ledger, &heads, &key]).unwrap_err();
        assert!(flaw.starts_with("entry "), "byte {at}: {flaw}");
        back();
    }
    for name in ["head-0.note", "head-1.note"] {
        let back = flip(&heads.join(name), 20);
        let words = read(&[&"ledger", &ledger, &heads, &key]).unwrap();
        assert!(words.contains(&format!("{name}: ")) && words.contains("one readable head"), "{words}");
        back();
    }
    let _both = (flip(&heads.join("head-0.note"), 60), flip(&heads.join("head-1.note"), 60));
    assert!(read(&[&"ledger", &ledger, &heads, &key]).is_err(), "no head can be read");
}

/// A registry with a destruction and a certificate, made by the program, and taken further afterwards.
fn lived_in() -> (Office, String) {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office.run_as("voss", &["rules", "confirm"]).done();
    office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let due = "path;aktenzeichen;klasse;titel;geschlossen_am\nanzeige.txt;63-2/1990;63.10.03;Gartenhaus;1991-06-30\n";
    let due = office.write("liste.csv", due);
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &due]).done();
    let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
    let list = created["list"].as_str().unwrap().to_owned();
    office.run_as("voss", &["list", "offer", &list]).done();
    let appraise =
        ["list", "appraise", &list, "--file", "63-2/1990", "--decision", "V", "--reason", "geprüft"];
    office.run_as("wolters", &appraise).done();
    office.run_as("voss", &["list", "propose", &list]).done();
    office.run_as("tamm", &["list", "approve", &list]).done();
    office.run_as("wolters", &["list", "approve", &list]).done();
    office.run_as("voss", &["list", "execute", &list, "--confirm", &list[..8]]).done();
    let more = office.write("carport.txt", "Antrag auf einen Carport");
    office.take_in(&["--file", "63-3/2024", "--class", "63.10.01", &more]);
    office.run_as("voss", &["hold", "place", "63-3/2024", "--reason", "Verfahren 4 K 112/24"]).done();
    (office, list)
}

#[test]
fn the_second_reader_reads_what_the_program_has_just_written_and_refuses_damaged_copies() {
    let Some(read) = reader() else { return };
    let (office, list) = lived_in();
    let key = office.ledger_key();
    let words = read(&[&"registry", &office.registry(), &key]).unwrap();
    assert!(words.contains(&format!("{list}.json: 1 files destroyed on")), "{words}");
    assert!(words.contains("no tail; derived files fit"), "{words}");

    let refused = |what: &str, damage: &dyn Fn(&Path)| {
        let copy = copy_of(office.registry());
        damage(copy.path());
        match read(&[&"registry", &copy.path(), &key]) {
            Err(flaw) => flaw,
            Ok(words) => panic!("{what} is not noticed: {words}"),
        }
    };
    let segment = |root: &Path| root.join("ledger/00000000000000000000.segment");
    let certificate = |root: &Path| root.join(format!("certificates/{list}.json"));
    for part in 1..8 {
        let length = |path: &Path| usize::try_from(std::fs::metadata(path).unwrap().len()).unwrap();
        let at = |path: &Path| length(path) * part / 8;
        refused("a bit of the ledger", &|root| drop(flip(&segment(root), at(&segment(root)))));
        refused("a ledger cut off", &|root| {
            let bytes = std::fs::read(segment(root)).unwrap();
            std::fs::write(segment(root), &bytes[..at(&segment(root))]).unwrap();
        });
    }
    let swap = |from: &'static str, to: &'static str| {
        move |path: &Path| {
            let text = std::fs::read_to_string(path).unwrap();
            assert!(text.contains(from), "{text}");
            std::fs::write(path, text.replacen(from, to, 1)).unwrap();
        }
    };
    for (from, to) in [
        ("\"documents\": 1", "\"documents\": 2"),
        ("\"objects\": 1", "\"objects\": 0"),
        ("\"demo\": true", "\"demo\": false"),
        ("\"rule\": \"BA-03\"", "\"rule\": \"BA-01\""),
        ("\"tool\":", "\"note\": \"\", \"tool\":"),
        ("\"number\": 0", "\"number\": 1"),
    ] {
        refused(from, &|root| swap(from, to)(&certificate(root)));
    }
    let flaw = refused("an older ledger", &|root| {
        // Heads and segments of the golden ledger: in order, but not this registry's.
        copy_folder(&here("golden/ledger/v1/ledger"), &root.join("ledger"));
        copy_folder(&here("golden/ledger/v1/heads"), &root.join("head"));
    });
    assert!(flaw.contains("head-0.note"), "{flaw}");
}

#[test]
fn program_and_second_reader_agree_on_what_lies_beyond_the_head() {
    let Some(read) = reader() else { return };
    let office = Office::new();
    let before = copy_of(office.registry());
    let paper = office.write("carport.txt", "Antrag auf einen Carport");
    office.take_in(&[&paper]);
    let once = copy_of(office.registry());
    let paper = office.write("zaun.txt", "Antrag auf einen Zaun");
    office.take_in(&[&paper]);
    // The heads of another moment put back, and bytes added to the only segment.
    let open = |heads: &Path, segment: &Path, more: &[u8]| {
        let place = copy_of(office.registry());
        copy_folder(&heads.join("head"), &place.path().join("head"));
        let name = "ledger/00000000000000000000.segment";
        let bytes = [&std::fs::read(segment.join(name)).unwrap(), more].concat();
        std::fs::write(place.path().join(name), bytes).unwrap();
        for derived in ["hashes", "offsets"] {
            let name = format!("ledger/{derived}.derived");
            std::fs::copy(segment.join(&name), place.path().join(&name)).unwrap();
        }
        let second = read(&[&"registry", &place.path()]);
        let mut command = office::program();
        let program = said(command.args(["plan"]).env("SCHRIFTGUT_REGISTRY", place.path()));
        (second, program.code)
    };
    let (now, once, before) = (office.registry(), once.path(), before.path());
    for (heads, segment, more, accepted, what) in [
        (now, now, &b""[..], true, "as it is"),
        (now, now, b"torn", true, "a torn tail"),
        (once, once, &[0; 300], true, "a tail that was never written"),
        (before, once, b"", true, "a batch that was never acknowledged"),
        (before, now, b"", false, "heads of before two batches"),
        (now, once, b"", false, "fewer entries than the heads cover"),
    ] {
        let (second, program) = open(heads, segment, more);
        assert_eq!(second.is_ok(), accepted, "{what}: {second:?}");
        assert_eq!(program == 0, accepted, "{what}: {program}, {second:?}");
    }
}

#[test]
fn forgeries_of_a_certificate_pass_neither_the_program_nor_the_second_reader() {
    let Some(read) = reader() else { return };
    let golden = here("golden/certificate/v1");
    let (genuine, key) = (golden.join("certificate.json"), golden.join("verifier-key.txt"));
    let word = std::fs::read_to_string(&key).unwrap();
    verify_proof(&std::fs::read_to_string(&genuine).unwrap(), word.trim()).unwrap();
    let folder = TempDir::new().unwrap();
    let mut forge = Command::new("python3");
    forge.arg("-B").arg(here("second_reader/forge.py")).arg(&genuine).arg(folder.path());
    let made: usize = said(&mut forge).done().out.trim().parse().unwrap();
    let forged: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(forged.len(), made);
    assert!(made >= FORGERIES_MIN, "{made}");
    let takes = |path: &&PathBuf| verify_proof(&std::fs::read_to_string(path).unwrap(), word.trim()).is_ok();
    let taken: Vec<_> = forged.iter().filter(takes).collect();
    assert!(taken.is_empty(), "the program takes {taken:#?}");
    assert_eq!(read(&[&"forged", &folder.path(), &key]), Ok(format!("none of {made} holds")));
}

/// `SCHRIFTGUT_FULL=1`: a thousand.
#[test]
fn program_and_second_reader_agree_on_certificate_after_certificate() {
    let Some(read) = reader() else { return };
    let all = if std::env::var_os("SCHRIFTGUT_FULL").is_some() { CERTIFICATES_FULL } else { CERTIFICATES };
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("registratur");
    let town = Town::found(&root);
    let key = town.registry.verifier_key();
    for number in 1..=all {
        let certificate = town.certificate(&format!("10.20.02-{number}"));
        assert_eq!(verify_proof(&certificate, &key).unwrap().destroyed, Some(1), "{number}");
    }
    drop(town);
    let words = read(&[&"registry", &root, &key]).unwrap();
    assert_eq!(words.matches(".json: 1 files destroyed on").count(), all, "{words}");
}
