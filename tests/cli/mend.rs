//! Repairing what went wrong: documents in the wrong file, files that are one, wrong scans; and what the law wants gone before
//! its time.

use serde_json::Value;

use crate::office::Office;

fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office
}

/// Takes in a document; its id.
fn put(office: &Office, reference: &str, text: &str) -> String {
    let path = office.write(&format!("{}.txt", text.replace(' ', "_")), text);
    let taken = office.run(["ingest", "--json", &path, "--file", reference, "--class", "63.10.03"]).done();
    taken.lines()[0]["document"].as_str().unwrap().to_owned()
}

fn found_in(office: &Office, query: &str) -> Vec<String> {
    let found = office.run(["search", "--json", query]).done().json();
    let files = found["hits"].as_array().unwrap().iter();
    files.map(|hit| hit["file"].as_str().unwrap().to_owned()).collect()
}

fn documents_of(office: &Office, reference: &str) -> Vec<String> {
    let shown = office.run(["show", "--json", reference]).done().json();
    let ids = shown["documents"].as_array().unwrap().iter();
    ids.map(|document| document["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_document_in_the_wrong_file_is_moved_and_found_where_it_is_now() {
    let office = office();
    let wrong = put(&office, "63-1", "Statik der Stützmauer");
    put(&office, "63-1", "Antrag auf ein Carport");
    put(&office, "63-2", "Antrag auf die Stützmauer");
    let move_it = |to: &str| office.run(["refile", &wrong, "--to", to, "--reason", "falsch abgelegt"]);
    assert_eq!(move_it("63-2").done().out, "1 Dokument in die Akte 63-2 umgelegt\n");
    assert_eq!(move_it("63-2").done().out, "0 Dokumente in die Akte 63-2 umgelegt\n", "it is there already");
    for _ in 0..2 {
        assert_eq!(found_in(&office, "Statik"), ["63-2"]);
        assert_eq!(found_in(&office, "Statik az:63-1"), [""; 0]);
        assert_eq!((documents_of(&office, "63-1").len(), documents_of(&office, "63-2").len()), (1, 2));
        office.run(["rebuild"]).done();
    }
    office.run(["verify"]).done();

    let said = office.run(["refile", &wrong, "--to", "63-9", "--reason", "x"]).failed(2);
    assert!(said.contains("63-9"), "{said}");
    office.run(["refile", &wrong, "--to", "63-1", "--reason", " "]).failed(2);
    office.run(["refile", "unbekannt", "--to", "63-1", "--reason", "x"]).failed(2);
    office.run_as("voss", &["hold", "place", "63-2", "--reason", "VG 4 K 17/21"]).done();
    let said = move_it("63-1").failed(3);
    assert!(said.contains("VG 4 K 17/21"), "what is held stays where it is held: {said}");
    assert_eq!(documents_of(&office, "63-2").len(), 2);
}

#[test]
fn two_files_of_one_matter_become_one_and_the_empty_one_can_go() {
    let office = office();
    for text in ["Bauantrag Wintergarten", "Lageplan Wintergarten", "Nachbarzustimmung Wintergarten"] {
        put(&office, "63-1", text);
    }
    put(&office, "63-2", "Baugenehmigung Wintergarten");
    let merged = office.run(["refile", "--all-of", "63-1", "--to", "63-2", "--reason", "dieselbe Sache"]);
    assert_eq!(merged.done().out, "3 Dokumente in die Akte 63-2 umgelegt\n");
    assert_eq!((documents_of(&office, "63-1").len(), documents_of(&office, "63-2").len()), (0, 4));
    let mut files = found_in(&office, "Wintergarten");
    files.dedup();
    assert_eq!(files, ["63-2"]);
}

#[test]
fn a_withdrawn_scan_is_kept_and_marked_and_not_found_until_it_is_in_use_again() {
    let office = office();
    let scan = put(&office, "63-1", "Unleserliche Hausentwässerung");
    let found = || found_in(&office, "Hausentwässerung").len();
    assert_eq!(found(), 1);
    let asked = ["withdraw", &scan, "--reason", "Seite 2 fehlt"];
    office.run(asked).done();
    for _ in 0..2 {
        assert_eq!(found(), 0);
        let shown = office.run(["show", "63-1"]).done().out;
        assert!(shown.contains("zurückgezogen am") && shown.contains("Seite 2 fehlt"), "{shown}");
        office.run(["rebuild"]).done();
    }
    office.run(["get", &scan, "--out", "original"]).done();
    assert_eq!(std::fs::read_to_string(office.place("original")).unwrap(), "Unleserliche Hausentwässerung");
    let said = office.run(asked).failed(2);
    assert!(said.contains("schon zurückgezogen"), "{said}");
    office.run(["withdraw", &scan, "--reason", "doch da", "--undo"]).done();
    assert_eq!(found(), 1);
}

#[test]
fn files_that_belong_together_say_so_on_both_sides_and_only_to_those_who_may_read_both() {
    let office = office();
    for reference in ["63-1", "63-2", "63-3"] {
        put(&office, reference, &format!("Blatt {reference}"));
    }
    office.run(["relate", "63-1", "63-2", "--as", "predecessor"]).done();
    office.run(["relate", "63-1", "63-3", "--as", "see_also"]).done();
    office.run(["relate", "63-3", "63-1", "--as", "whole"]).done();
    let related = |login: &str, reference: &str| {
        let shown = office.run_as(login, &["show", "--json", reference]).done().json();
        let all = shown["related"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        all.map(|one| format!("{} {}", text(&one["relation"]), text(&one["file"]))).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        assert_eq!(related("voss", "63-1"), ["predecessor 63-2", "part 63-3"]);
        assert_eq!(related("voss", "63-2"), ["successor 63-1"]);
        assert_eq!(related("voss", "63-3"), ["whole 63-1"]);
        office.run(["rebuild"]).done();
    }
    let shown = office.run(["show", "63-1"]).done().out;
    assert!(shown.contains("Vorgänger: 63-2") && shown.contains("Teilakte: 63-3"), "{shown}");

    office.run(["user", "rights", "voss", "--domain", "general", "--domain", "tax"]).done();
    let path = office.write("steuer.txt", "Grundsteuer");
    office.run_as("voss", &["ingest", &path, "--file", "22-1", "--class", "22.10.01"]).done();
    office.run_as("voss", &["relate", "63-2", "22-1", "--as", "see_also"]).done();
    assert_eq!(related("voss", "63-2"), ["see_also 22-1", "successor 63-1"]);
    assert_eq!(related("tamm", "63-2"), ["successor 63-1"], "what is hidden does not show");
    let said = office.run_as("voss", &["relate", "63-1", "63-9", "--as", "part"]).failed(2);
    assert!(said.contains("63-9"), "{said}");
    for bad in [&["63-1", "63-1", "--as", "part"][..], &["63-2", "63-3", "--remove"], &["63-1", "63-2"]] {
        office.run(["relate"].iter().chain(bad)).failed(2);
    }
    office.run(["relate", "63-2", "63-1", "--remove"]).done();
    assert_eq!(related("voss", "63-1"), ["part 63-3"]);
}

/// From the list to the certificate.
fn destroy(office: &Office, list: &str, file: &str) -> Value {
    office.run_as("voss", &["list", "offer", list]).done();
    let refused = office.run_as("voss", &["list", "propose", list]).failed(3);
    assert!(refused.contains("noch nicht bewertet"), "the archive decides first: {refused}");
    office.run_as("wolters", &["list", "appraise", list, "--file", file, "--decision", "V"]).done();
    office.run_as("voss", &["list", "propose", list]).done();
    office.run_as("tamm", &["list", "approve", list]).done();
    office.run_as("voss", &["list", "execute", list, "--confirm", &list[..8]]).failed(3);
    office.run_as("wolters", &["list", "approve", list]).done();
    office.run_as("voss", &["--json", "list", "execute", list, "--confirm", &list[..8]]).done().json()
}

#[test]
fn what_the_law_wants_gone_goes_before_its_time_and_by_the_same_way() {
    let office = office();
    let part = put(&office, "63-1", "Ärztliches Attest des Bauherrn");
    put(&office, "63-1", "Bauantrag mit laufender Frist");
    // Only a part of the file is to go: it gets a file of its own.
    put(&office, "63-1a", "Deckblatt");
    office.run(["refile", &part, "--to", "63-1a", "--reason", "Antrag auf Löschung"]).done();
    let early = |file: &str| {
        let asked =
            ["--json", "list", "early", file, "--ground", "erasure", "--reason", "Bescheid vom 20.11.2026"];
        office.run_as("voss", &asked)
    };
    let said = early("63-1a").failed(3);
    assert!(said.contains("nicht geschlossen"), "{said}");
    office.run(["close", "63-1a"]).done();
    let why = office.run(["why", "63-1a"]).done().out;
    assert!(!why.contains("fällig seit"), "its period runs: {why}");
    let due = office.run_as("voss", &["list", "create"]).failed(3);
    assert!(due.contains("keine Akte fällig"), "{due}");

    let created = early("63-1a").done().json();
    let list = created["list"].as_str().unwrap().to_owned();
    assert_eq!(created["lines"][0]["rule"], "early:erasure");
    early("63-1a").failed(3);
    let shown = office.run_as("voss", &["list", "show", &list]).done().out;
    assert!(shown.contains("vorzeitig, Recht auf Löschung (Art. 17 DSGVO)"), "{shown}");
    let note = office.run(["show", "63-1a"]).done().out;
    assert!(note.contains("Bescheid vom 20.11.2026"), "{note}");

    let executed = destroy(&office, &list, "63-1a");
    assert_eq!((&executed["files"], &executed["documents"]), (&1.into(), &2.into()), "{executed}");
    let certificate = executed["certificate"].as_str().unwrap();
    let proof = std::fs::read_to_string(certificate).unwrap();
    assert!(proof.contains("early:erasure") && proof.contains("Art. 17 DSGVO"));
    assert!(!proof.contains("Bescheid") && !proof.contains("Attest"), "no content outlives the file");
    let key = office.ledger_key();
    office.run(["proof", "verify", certificate, "--key", &key]).done();
    office.run(["get", &part, "--out", "attest"]).failed(2);
    assert_eq!(found_in(&office, "Attest"), [""; 0]);
    assert_eq!(found_in(&office, "Bauantrag"), ["63-1"], "the rest is there");
    office.run(["verify"]).done();
}

#[test]
fn a_hold_stops_what_was_to_go_before_its_time_at_any_moment() {
    let office = office();
    put(&office, "63-1", "Anzeige");
    office.run(["close", "63-1"]).done();
    let asked =
        ["--json", "list", "early", "63-1", "--ground", "order", "--reason", "AG Musterstadt 12 C 3/26"];
    let list = office.run_as("voss", &asked).done().json()["list"].as_str().unwrap().to_owned();
    office.run_as("voss", &["hold", "place", "63-1", "--reason", "Beweissicherung"]).done();
    office.run_as("voss", &["list", "offer", &list]).done();
    office.run_as("wolters", &["list", "appraise", &list, "--file", "63-1", "--decision", "V"]).done();
    office.run_as("voss", &["list", "propose", &list]).done();
    office.run_as("tamm", &["list", "approve", &list]).done();
    office.run_as("wolters", &["list", "approve", &list]).done();
    let said = office.run_as("voss", &["list", "execute", &list, "--confirm", &list[..8]]).failed(3);
    assert!(said.contains("Beweissicherung"), "{said}");
    assert_eq!(documents_of(&office, "63-1").len(), 1);
    office.run_as("voss", &["list", "withdraw", &list]).done();
    let said = office.run_as("voss", &asked).failed(3);
    assert!(said.contains("Beweissicherung"), "{said}");
    let ground = ["list", "early", "63-1", "--ground", "weil", "--reason", "x"];
    office.run_as("voss", &ground).failed(2);
}
