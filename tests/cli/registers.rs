//! Registers of a file from outside: documents are sorted when they are taken in or later, in one go or not at all, are shown
//! in the order of the paper file, and lose their register only where it says so.

use serde_json::Value;

use crate::office::Office;

/// A record type with a register 50 of its own, which is not that of a Bauakte, and 60, which is.
const MAPPE: &str = r#"format = 1
id = "mappe"
edition = "2026-1"
label = "Mappe"

[[register]]
number = "50"
title = "Fotos"

[[register]]
number = "60"
title = "Bescheinigungen"
"#;

fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office
}

/// Takes in a document of a Bauakte; its id.
fn put(office: &Office, reference: &str, name: &str, more: &[&str]) -> String {
    let path = office.write(name, format!("Inhalt von {name} in {reference}"));
    let args = ["ingest", "--json", "--no-read", &path, "--file", reference, "--class", "63.10.03"];
    let taken = office.run(args.iter().chain(more)).done();
    taken.lines()[0]["document"].as_str().unwrap().to_owned()
}

fn shown(office: &Office, what: &str) -> Value {
    office.run(["show", "--json", what]).done().json()
}

/// The registers of a file in the order they are shown, each with its documents; none for those in no register.
fn parts(office: &Office, reference: &str) -> Vec<(Option<String>, Vec<String>)> {
    let shown = shown(office, reference);
    let part = |part: &Value| {
        let documents = part["documents"].as_array().unwrap().iter();
        let documents = documents.map(|id| id.as_str().unwrap().to_owned()).collect();
        (part["number"].as_str().map(str::to_owned), documents)
    };
    shown["registers"].as_array().unwrap().iter().map(part).collect()
}

fn some(number: &str) -> Option<String> {
    Some(number.to_owned())
}

#[test]
fn documents_are_shown_by_register_in_the_order_of_the_paper_file_and_unsorted_ones_last() {
    let office = office();
    let permit = put(&office, "63-1", "bescheid.txt", &["--register", "50"]);
    let loose = put(&office, "63-1", "anruf.txt", &[]);
    let plan = put(&office, "63-1", "lageplan.txt", &["--register", " 10 "]);
    let expected =
        [(some("10"), vec![plan.clone()]), (some("50"), vec![permit.clone()]), (None, vec![loose.clone()])];
    for _ in 0..2 {
        assert_eq!(parts(&office, "63-1"), expected);
        office.run(["rebuild"]).done();
    }
    let said = office.run(["show", "63-1"]).done().out;
    let at = |words: &str| said.find(words).unwrap_or_else(|| panic!("no {words:?} in {said}"));
    let order = [
        at("Register 10  Antragsunterlagen"),
        at(&plan),
        at("Register 50  Bescheide der Bauaufsicht"),
        at(&permit),
        at("keinem Register zugeordnet"),
        at(&loose),
    ];
    assert!(order.is_sorted(), "{said}");
    assert!(!said.contains("Register 20"), "what is empty is not shown: {said}");
    let one = office.run(["show", &permit]).done().out;
    assert!(one.contains("Register 50  Bescheide der Bauaufsicht"), "{one}");
    assert_eq!(shown(&office, &loose)["register"], Value::Null);
}

#[test]
fn documents_are_found_by_their_register_from_the_moment_they_are_sorted() {
    let office = office();
    let permit = put(&office, "63-1", "bescheid.txt", &["--register", "50"]);
    let loose = put(&office, "63-1", "anruf.txt", &[]);
    office.run(["work"]).done();
    let found = |query: &str| -> Vec<String> {
        let page = office.run(["search", "--json", query]).done().json();
        let hits = page["hits"].as_array().unwrap().iter();
        hits.filter_map(|hit| hit["document"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(found("inhalt register:50"), [permit.as_str()]);
    assert_eq!(found("inhalt register:ohne"), [loose.as_str()]);
    assert_eq!(found("inhalt NICHT register:50"), [loose.as_str()]);
    assert!(found("inhalt register:10").is_empty());
    office.run(["sort", &loose, "--register", "10"]).done();
    for _ in 0..2 {
        assert_eq!(found("inhalt register:10"), [loose.as_str()]);
        assert!(found("inhalt register:ohne").is_empty());
        office.run(["rebuild"]).done();
    }
    let counted = office.run(["search", "inhalt", "--facets"]).done().out;
    assert!(counted.contains("Register: 10 (1), 50 (1)"), "{counted}");
    let wrong = office.run(["search", "register:§"]);
    assert!(wrong.err.contains("„§“ ist keine Nummer eines Registers"), "{}", wrong.err);
}

#[test]
fn several_are_sorted_at_once_and_none_if_one_of_them_cannot_be() {
    let office = office();
    let ids: Vec<_> = ["a.txt", "b.txt", "c.txt"].map(|name| put(&office, "63-1", name, &[])).into();
    let sort = |more: &[&str]| {
        let args: Vec<_> = ["sort"].into_iter().chain(ids.iter().map(String::as_str)).collect();
        office.run(args.iter().chain(more))
    };
    let said = sort(&["--register", "99"]).failed(2);
    assert!(said.contains("kein Register „99“") && said.contains("10 (Antragsunterlagen), 11 ("), "{said}");
    sort(&["--register", "10", "00000000-0000-4000-8000-000000000000"]).failed(2);
    let post = office.write("post.txt", "Post ohne Akte");
    let tray = office.run(["ingest", "--json", "--no-read", &post]).done();
    let tray = tray.lines()[0]["document"].as_str().unwrap().to_owned();
    let said = sort(&["--register", "10", &tray]).failed(2);
    assert!(said.contains("Posteingang"), "{said}");
    assert_eq!(parts(&office, "63-1").len(), 1, "nothing was sorted yet");

    assert_eq!(sort(&["--register", "10"]).done().out, "3 Dokumente in Register 10 eingeordnet\n");
    assert_eq!(sort(&["--register", "10"]).done().out, "0 Dokumente in Register 10 eingeordnet\n");
    let out = office.run(["sort", &ids[1], "--none", "--reason", "unklar"]).done().out;
    assert_eq!(out, "1 Dokument keinem Register mehr zugeordnet\n");
    assert_eq!(
        parts(&office, "63-1"),
        [(some("10"), sorted(&[&ids[0], &ids[2]], &office)), (None, vec![ids[1].clone()])]
    );
    office.run(["sort", &ids[0]]).failed(2);
    office.run(["sort", &ids[0], "--none", "--register", "10"]).failed(2);
    // A closed file may still be put in order.
    office.run(["close", "63-1"]).done();
    office.run(["sort", &ids[1], "--register", "20"]).done();
    office.run(["verify"]).done();
}

/// Documents in the order of their names.
fn sorted(ids: &[&String], office: &Office) -> Vec<String> {
    let mut named: Vec<_> =
        ids.iter().map(|id| (shown(office, id)["file_name"].to_string(), (*id).clone())).collect();
    named.sort();
    named.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn who_may_not_read_a_document_cannot_tell_it_from_none() {
    let office = office();
    let path = office.write("bescheid.txt", "Sozialhilfe");
    let new = ["ingest", "--json", "--no-read", &path, "--file", "50-1", "--class", "63.10.03"];
    office
        .run([
            "user",
            "rights",
            "amt",
            "--role",
            "administrator",
            "--role",
            "clerk",
            "--domain",
            "general",
            "--domain",
            "social",
        ])
        .done();
    let taken = office.run(new.iter().chain(&["--domain", "social"])).done();
    let hidden = taken.lines()[0]["document"].as_str().unwrap().to_owned();
    office
        .run(["user", "rights", "amt", "--role", "administrator", "--role", "clerk", "--domain", "general"])
        .done();
    let none = "00000000-0000-4000-8000-000000000000";
    let ask = |id: &str| office.run(["sort", id, "--register", "99"]).failed(2).replace(id, "");
    assert_eq!(ask(&hidden), ask(none));
}

#[test]
fn a_batch_names_registers_and_one_that_is_none_changes_nothing() {
    let office = office();
    for name in ["a.txt", "b.txt", "c.txt"] {
        office.write(name, format!("Inhalt von {name}"));
    }
    let list = |third: &str| {
        let head = "path;aktenzeichen;klasse;titel;register\n";
        let rows = format!(
            "a.txt;63-1;63.10.03;Haus;50\nb.txt;63-1;63.10.03;Haus;\nc.txt;63-1;63.10.03;Haus;{third}\n"
        );
        office.write("liste.csv", format!("{head}{rows}"))
    };
    let said = office.run(["ingest", "--allow-surplus", "--manifest", &list("99")]).failed(2);
    for part in ["Zeile 4", "kein Register „99“", "52 (Bescheide anderer Stellen)", "noch nichts erfasst"]
    {
        assert!(said.contains(part), "no {part} in {said}");
    }
    office.run(["show", "63-1"]).failed(2);
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &list("10")]).done();
    let numbers: Vec<_> =
        parts(&office, "63-1").into_iter().map(|(number, ids)| (number, ids.len())).collect();
    assert_eq!(numbers, [(some("10"), 1), (some("50"), 1), (None, 1)]);
    // Without a batch the document that does not fit is refused, and no file is opened for it.
    let said = office.run(["ingest", "a.txt", "--file", "63-2", "--class", "63.10.03", "--register", "99"]);
    assert!(said.code == 2 && said.out.contains("kein Register „99“"), "{said:?}");
    office.run(["show", "63-2"]).failed(2);
    let said = office.run(["ingest", "a.txt", "--file", "63-1", "--register", "99"]);
    assert!(said.code == 2 && said.out.contains("kein Register „99“"), "{said:?}");
    office.run(["ingest", "a.txt", "--register", "10"]).failed(2);
}

#[test]
fn a_document_keeps_its_register_where_the_other_file_has_the_same_and_is_told_where_not() {
    let office = office();
    let types = office.write("mappe.toml", MAPPE);
    office.run_as("voss", &["types", "enact", &types]).done();
    let permit = put(&office, "63-1", "bescheid.txt", &["--register", "50"]);
    let note = put(&office, "63-1", "bescheinigung.txt", &["--register", "60"]);
    put(&office, "63-2", "x.txt", &[]);
    put(&office, "63-3", "y.txt", &["--type", "mappe"]);
    let move_it = |to: &str| {
        let args = ["refile", &permit, &note, "--to", to, "--reason", "falsch abgelegt"];
        office.run(args).done().out
    };
    assert_eq!(move_it("63-2"), "2 Dokumente in die Akte 63-2 umgelegt\n");
    assert_eq!(
        (&shown(&office, &permit)["register"], &shown(&office, &note)["register"]),
        (&"50".into(), &"60".into())
    );
    let said = move_it("63-3");
    assert!(
        said.starts_with("2 Dokumente in die Akte 63-3 umgelegt; 1 liegt jetzt in keinem Register"),
        "{said}"
    );
    for _ in 0..2 {
        assert_eq!(shown(&office, &permit)["register"], Value::Null, "there 50 is something else");
        assert_eq!(shown(&office, &note)["register"], "60");
        office.run(["rebuild"]).done();
    }
}
