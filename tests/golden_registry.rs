//! A registry once written is opened for ever. Per format version a whole small registry is kept in
//! `tests/golden/registry/v<n>/registratur`, with what it must answer in `answers.txt` beside it.
//!
//! Each is made here, by the program, and never changed after. To make one for a new format version: raise the version,
//! run this test once with `SCHRIFTGUT_WRITE_GOLDEN=1`, and commit the folder that appears.

#[path = "cli/office.rs"]
mod office;

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use office::Office;
use schriftgut::base::digest::Sha256;
use schriftgut::domain::actor::Actor;
use schriftgut::domain::case_file::Phase;
use schriftgut::domain::disposal::{LineState, Stage};
use schriftgut::domain::document::{Document, TextState};
use schriftgut::format::manifest::Manifest;
use schriftgut::registry::{Registry, verify_proof};
use tempfile::TempDir;

/// A golden registry stays small enough to be kept in the tree.
const BYTES_MAX: u64 = 300_000;
/// What is asked of its indexes: words, umlauts, a phrase, a beginning, a field, nothing.
const QUERIES: [&str; 8] = [
    "Carport",
    "Grundsteuer",
    "\"Wohnhaus am Wall\"",
    "Nachtr*",
    "titel:Wohnhaus",
    "Lageplan",
    "Post",
    "Gartenhaus",
];

fn versions() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/registry");
    let newest = golden.join(format!("v{}", Manifest::FORMAT)).join("registratur");
    common::golden::require(&newest, || make(&newest));
    let versions = std::fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path());
    let mut versions: Vec<_> = versions.filter(|path| path.is_dir()).collect();
    versions.sort();
    versions
}

/// A registry with a bit of everything, made by the program: a file of several papers with an older version, a case
/// and a hold, one under tax secrecy, one handed to the archive, one destroyed with its certificate, post unfiled.
fn make(place: &Path) {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    let roles = ["--role", "records_manager", "--role", "clerk", "--domain", "general", "--domain", "tax"];
    office.run(["user", "rights", "voss"].iter().chain(&roles)).done();
    office.run_as("voss", &["rules", "confirm"]).done();
    take_in(&office);
    office.run_as("voss", &["hold", "place", "63-3/2024", "--reason", "Verfahren 4 K 112/24"]).done();
    dispose(&office);
    for entry in ["registratur/views", "registratur/lock", "registratur/setup"] {
        let path = office.place(entry);
        if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { drop(std::fs::remove_file(path)) }
    }
    common::copy_folder(office.registry(), place);
}

fn take_in(office: &Office) {
    let take = |name: &str, bytes: &[u8], more: &[&str]| {
        let path = office.write(name, bytes);
        let args: Vec<_> = ["ingest", "--json", &path].into_iter().chain(more.iter().copied()).collect();
        office.run_as("voss", &args).done()
    };
    let open = ["--file", "63-3/2024", "--class", "63.10.01", "--title", "Carport"];
    let taken = take("antrag.txt", b"Antrag auf einen Carport", &open).lines()[0]["document"].clone();
    let newer = ["--version-of", taken.as_str().unwrap()];
    take("antrag-2.txt", "Antrag auf einen größeren Carport".as_bytes(), &newer);
    let case = ["--file", "63-3/2024", "--case", "Nachtrag"];
    take("lageplan.pdf", &common::material::pdf("Lageplan zum Nachtrag"), &case);
    let tax = ["--file", "20-1", "--class", "20.10.01", "--title", "Steuern", "--domain", "tax"];
    take("bescheid.txt", "Bescheid über die Grundsteuer".as_bytes(), &tax);
    take("post.txt", "Post, noch ohne Aktenzeichen".as_bytes(), &[]);
    office.write("haus.txt", "Wohnhaus am Wall, Bauantrag");
    office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let closed = office.write(
        "liste.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am\n\
         haus.txt;63-1/1960;63.10.01;Wohnhaus;1962-03-01\n\
         anzeige.txt;63-2/1990;63.10.03;Gartenhaus;1991-06-30\n",
    );
    office.run_as("voss", &["ingest", "--allow-surplus", "--manifest", &closed]).done();
    let fact =
        ["fact", "63-1/1960", "building_demolished", "--on", "2001-10-05", "--source", "Abbruchanzeige"];
    office.run_as("voss", &fact).done();
}

fn dispose(office: &Office) {
    let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
    let list = created["list"].as_str().unwrap();
    office.run_as("voss", &["list", "offer", list]).done();
    for (reference, decision) in [("63-1/1960", "A"), ("63-2/1990", "V")] {
        let reason = ["--decision", decision, "--reason", "geprüft"];
        let args: Vec<_> =
            ["list", "appraise", list, "--file", reference].into_iter().chain(reason).collect();
        office.run_as("wolters", &args).done();
    }
    let bag = office.place("abgabe");
    office.run_as("wolters", &["transfer", "export", list, "--out", bag.to_str().unwrap()]).done();
    office.run_as("voss", &["list", "propose", list]).done();
    office.run_as("tamm", &["list", "approve", list]).done();
    office.run_as("wolters", &["list", "approve", list]).done();
    office.run_as("voss", &["list", "execute", list, "--confirm", &list[..8]]).done();
}

/// What a registry answers, as far as it does not depend on the day it is asked.
fn answers(registry: &Registry) -> String {
    let mut text = String::new();
    let person = registry.person("voss").unwrap();
    writeln!(text, "{} ({})", registry.name(), if registry.is_demo() { "demo" } else { "in earnest" })
        .unwrap();
    writeln!(text, "{}", registry.verifier_key()).unwrap();
    for actor in registry.people().unwrap() {
        let roles: Vec<_> = actor.roles.iter().map(|role| role.code()).collect();
        writeln!(text, "person {} {:?} {}", actor.login, actor.name, roles.join(" ")).unwrap();
    }
    text += &files(registry, &person);
    let reader = person.as_reader().unwrap();
    for query in QUERIES {
        let page = registry.search(reader, query, 0, 50).unwrap();
        writeln!(text, "search {query}: {} pages, {} files", page.total, page.files_total).unwrap();
        let hits = page.hits.iter().map(|hit| {
            let file = hit.file.as_ref().map_or("-", |file| file.reference.as_str());
            let document = hit.document.as_ref().map_or("-", |document| &document.file_name);
            format!(
                "  {file} {document} {} {:?} {:?}\n",
                hit.page.unwrap_or(0),
                hit.snippet.text,
                hit.snippet.marks
            )
        });
        // Which of equals comes first is nobody's promise.
        text.extend(hits.collect::<BTreeSet<_>>());
    }
    text + &lists(registry, &person)
}

fn files(registry: &Registry, person: &Actor) -> String {
    let (mut text, mut references) = (String::new(), BTreeSet::new());
    let (reader, today) = (person.as_reader().unwrap(), registry.today());
    registry
        .evaluate_all(reader, today, &mut |evaluated| {
            references.insert(evaluated.file.reference.as_str().to_owned());
            Ok(())
        })
        .unwrap();
    for reference in references {
        let view = registry.show_file(reader, &reference, today).unwrap();
        let file = &view.file;
        let (phase, domain) = (phase_word(&file.phase), file.domain.code());
        writeln!(text, "file {reference} {:?} in {} {domain} {phase}", file.title, file.class).unwrap();
        file.cases.iter().for_each(|case| writeln!(text, "  case {:?}", case.title).unwrap());
        file.facts.iter().for_each(|fact| writeln!(text, "  {} on {}", fact.kind.as_str(), fact.on).unwrap());
        file.holds.iter().for_each(|hold| writeln!(text, "  hold {:?}", hold.reason).unwrap());
        view.documents.iter().for_each(|document| text += &document_line(registry, person, document));
    }
    text += "in no file\n";
    let found = registry.search(reader, "datei:post", 0, 9).unwrap();
    text.extend(
        found.hits.iter().filter_map(|hit| Some(document_line(registry, person, hit.document.as_ref()?))),
    );
    text
}

fn phase_word(phase: &Phase) -> &'static str {
    match phase {
        Phase::Open => "open",
        Phase::Closed { .. } => "closed",
        Phase::Transferred { .. } => "transferred",
        Phase::Condemned { .. } => "condemned",
        Phase::Destroyed { .. } => "destroyed",
    }
}

/// A document with what its bytes hash to, in every version.
fn document_line(registry: &Registry, person: &Actor, document: &Document) -> String {
    let read = match &document.text {
        TextState::Read(rendition) => format!("{} pages read", rendition.pages_read),
        TextState::Unread => "unread".to_owned(),
        TextState::GivenUp { .. } => "given up".to_owned(),
    };
    let mut line = format!("  document {} {} {read}\n", document.id, document.file_name);
    for version in 1..=document.version() {
        let mut bytes = Vec::new();
        registry.get_version(person.as_reader().unwrap(), document.id, Some(version), &mut bytes).unwrap();
        writeln!(line, "    version {version}: {} bytes, {}", bytes.len(), Sha256::of(&[&bytes])).unwrap();
    }
    line
}

fn lists(registry: &Registry, person: &Actor) -> String {
    let mut text = String::new();
    let auditor = person.as_auditor().unwrap();
    for list in registry.lists(auditor).unwrap() {
        let stage = match list.stage {
            Stage::Executed { on } => format!("executed on {on}"),
            other => format!("{other:?}"),
        };
        writeln!(text, "list {} by {}: {stage}", list.id, list.edition).unwrap();
        for (file, (line, state)) in &list.lines {
            let state = match state {
                LineState::Decided(decision) => decision.letter().to_owned(),
                LineState::Transferred(copy) => format!("archive copy {copy}"),
                other => format!("{other:?}"),
            };
            writeln!(text, "  {file} {} since {}: {state}", line.cause, line.since).unwrap();
        }
        let certificate = registry.layout().certificates().join(format!("{}.json", list.id));
        let json = std::fs::read_to_string(certificate).unwrap();
        let verdict = verify_proof(&json, &registry.verifier_key()).unwrap();
        let (destroyed, entries) = (verdict.destroyed.unwrap(), verdict.entries.len());
        writeln!(text, "  certificate: {destroyed} files destroyed, {entries} entries proven").unwrap();
    }
    text
}

#[test]
fn every_registry_ever_written_opens_is_whole_and_answers_as_it_did() {
    for version in versions() {
        let copy = TempDir::new().unwrap();
        let place = copy.path().join("registratur");
        common::copy_folder(&version.join("registratur"), &place);
        let registry = common::open_patiently(&place).unwrap();
        let verified = common::verify(&registry).unwrap();
        assert!(verified.is_clean() && verified.objects > 5, "{}: {verified:?}", version.display());
        let answered = answers(&registry);
        let expected = version.join("answers.txt");
        common::golden::require(&expected, || std::fs::write(&expected, &answered).unwrap());
        let expected = std::fs::read_to_string(expected).unwrap();
        assert_eq!(answered, expected, "{}", version.display());
        common::rebuild(&registry).unwrap();
        assert_eq!(answers(&registry), expected, "{} after a rebuild", version.display());
        drop(registry);
        let again = common::open_patiently(&place).unwrap();
        assert_eq!(answers(&again), expected, "{} opened again", version.display());
        assert_worth_keeping(&version);
    }
}

/// Small enough to be kept, without views, and with everything that a later version might read otherwise.
fn assert_worth_keeping(version: &Path) {
    let root = version.join("registratur");
    let files = common::files_below(&root);
    let bytes: u64 = files.iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
    assert!(bytes <= BYTES_MAX, "{}: {bytes} bytes", root.display());
    assert!(!root.join("views").exists() && !root.join("lock").exists());
    let answers = std::fs::read_to_string(version.join("answers.txt")).unwrap();
    for part in ["transferred", "hold ", "version 2", "case ", " tax ", "archive copy", "files destroyed"] {
        assert!(answers.contains(part), "{}: nothing of `{part}`", version.display());
    }
    assert!(!answers.contains("anzeige.txt"), "what was destroyed is found");
    assert!(version.join("README.md").exists(), "whose key lies there is not said");
}
