//! One scan is two documents, two scans are one: the scans as they came are kept out of use, and say what they became.

use serde_json::{Value, json};

use crate::material::pdf_of_pages;
use crate::office::Office;

const PAGES: [&str; 5] =
    ["Bauantrag Garage", "Lageplan Garage", "Wohngeldbescheid", "Anlage Mietvertrag", "Rechenblatt"];

fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office
}

fn put(office: &Office, name: &str, bytes: &[u8], args: &[&str]) -> String {
    let path = office.write(name, bytes);
    let all = [&["ingest", "--json", &path], args].concat();
    office.run(all).done().lines()[0]["document"].as_str().unwrap().to_owned()
}

fn stack(office: &Office) -> String {
    put(office, "stapel.pdf", &pdf_of_pages(&PAGES), &["--file", "63-1", "--class", "63.10.03"])
}

/// The file of each hit, and its document.
fn found(office: &Office, query: &str) -> Vec<(String, u64)> {
    let found = office.run(["search", "--json", query]).done().json();
    let hits = found["hits"].as_array().unwrap().iter();
    hits.map(|hit| (hit["file_name"].as_str().unwrap().to_owned(), hit["page"].as_u64().unwrap())).collect()
}

fn shown(office: &Office, what: &str) -> Value {
    office.run(["show", "--json", what]).done().json()
}

fn ids(value: &Value) -> Vec<String> {
    let all = value.as_array().unwrap().iter();
    all.map(|one| one["document"].as_str().unwrap_or_else(|| one.as_str().unwrap()).to_owned()).collect()
}

#[test]
fn a_stack_becomes_the_documents_it_is_and_stays_as_evidence() {
    let office = office();
    let stack = stack(&office);
    let done =
        office.run(["split", "--json", &stack, "--at", "3,5", "--reason", "drei Schreiben"]).done().json();
    let parts = ids(&done["documents"]);
    assert_eq!((parts.len(), &done["withdrawn"], &done["left_out"]), (3, &json!([stack]), &json!([])));
    let last = json!([{ "document": stack, "version": 1, "first": 5, "last": 5 }]);
    assert_eq!(done["documents"][2]["made_of"], last);
    for _ in 0..2 {
        assert_eq!(found(&office, "Wohngeldbescheid"), [("stapel (Seiten 3–4).pdf".to_owned(), 1)]);
        assert_eq!(found(&office, "Rechenblatt"), [("stapel (Seite 5).pdf".to_owned(), 1)]);
        let original = shown(&office, &stack);
        assert_eq!(ids(&original["became"]), parts);
        let why = original["withdrawn"].as_str().unwrap();
        assert_eq!(why, "geteilt in 3 Dokumente (Seiten 1–2; Seiten 3–4; Seite 5): drei Schreiben");
        let part = shown(&office, &parts[1]);
        assert_eq!((&part["pages_read"], &part["made_of"][0]["first"]), (&2.into(), &3.into()), "{part}");
        office.run(["rebuild"]).done();
    }
    assert!(office.original(&stack) == pdf_of_pages(&PAGES), "the scan as it came");
    let said = office.run(["show", &parts[0]]).done().out;
    assert!(said.contains(&format!("gemacht aus Seiten 1–2 von {stack}")), "{said}");
    office.run(["verify", "--read-data"]).done();
}

#[test]
fn no_page_is_in_use_twice() {
    let office = office();
    let stack = stack(&office);
    let split = |document: &str, at: &str| {
        ids(&office.run(["split", "--json", document, "--at", at]).done().json()["documents"])
    };
    let undo = |document: &str| office.run(["withdraw", document, "--undo", "--reason", "doch nicht"]);
    let withdraw = |document: &str| office.run(["withdraw", document, "--reason", "falsch geteilt"]).done();
    let parts = split(&stack, "3");
    let said = undo(&stack).failed(3);
    assert!(said.contains("in Gebrauch") && said.contains("stapel"), "{said}");
    let grandchildren = split(&parts[1], "3");
    withdraw(&parts[0]);
    let said = undo(&stack).failed(3);
    assert!(said.contains(&grandchildren[0]) || said.contains(&grandchildren[1]), "over two steps: {said}");
    undo(&parts[0]).done();
    withdraw(&parts[0]);
    grandchildren.iter().for_each(|id| drop(withdraw(id)));
    undo(&stack).done();
    assert_eq!(found(&office, "Garage").len(), 2);
    for part in parts.iter().chain(&grandchildren) {
        assert!(undo(part).failed(3).contains(&stack), "its pages are in use in the whole");
    }
    // Split anew elsewhere: an old part comes back only where its pages are free.
    let anew = split(&stack, "4");
    undo(&parts[0]).failed(3);
    withdraw(&anew[0]);
    undo(&parts[0]).done();
    undo(&parts[1]).failed(3);
}

#[test]
fn parts_go_into_files_of_their_own_and_a_stack_in_the_in_tray_needs_them() {
    let office = office();
    put(&office, "a.txt", b"Wohngeld", &["--file", "63-2", "--class", "63.10.03"]);
    put(&office, "b.txt", b"Garage", &["--file", "63-3", "--class", "63.10.03"]);
    let stack = put(&office, "post.pdf", &pdf_of_pages(&PAGES), &[]);
    let said = office.run(["split", &stack, "--at", "3"]).failed(2);
    assert!(said.contains("Posteingang") && said.contains("--into"), "{said}");
    office.run(["split", &stack, "--at", "3", "--into", "63-2"]).failed(2);
    office.run(["split", &stack, "--at", "3", "--into", "63-2", "--into", "63-9"]).failed(2);
    office.run(["split", &stack, "--at", "3", "--into", "63-3", "--into", "63-2"]).done();
    let names = |file: &str| {
        let shown = shown(&office, file);
        let all = shown["documents"].as_array().unwrap().iter();
        all.map(|one| one["file_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        names("63-3"),
        ["b.txt", "post (Seiten 1–2).pdf", "post.pdf"],
        "the scan goes with its first part"
    );
    assert_eq!(names("63-2"), ["a.txt", "post (Seiten 3–5).pdf"]);
}

#[test]
fn two_scans_of_one_letter_become_one_document() {
    let office = office();
    let file = ["--file", "63-1", "--class", "63.10.03"];
    let second = put(&office, "b.pdf", &pdf_of_pages(&PAGES[2..]), &file);
    let first = put(&office, "a.pdf", &pdf_of_pages(&PAGES[..2]), &file);
    let done = office.run(["merge", "--json", &first, &second, "--reason", "ein Brief"]).done().json();
    let merged = ids(&done["documents"]).remove(0);
    assert_eq!(done["withdrawn"], json!([first, second]));
    assert_eq!(found(&office, "Wohngeldbescheid"), [("a (zusammengefügt).pdf".to_owned(), 3)]);
    assert_eq!(shown(&office, &merged)["pages_read"], 5);
    assert_eq!(shown(&office, &first)["became"], json!([merged]));
    assert!(office.run(["withdraw", &second, "--undo", "--reason", "x"]).failed(3).contains(&merged));

    let text = put(&office, "c.txt", b"nur Text", &file);
    let elsewhere =
        put(&office, "d.pdf", &pdf_of_pages(&["anderswo"]), &["--file", "63-4", "--class", "63.10.03"]);
    for (documents, why) in [
        ([&merged, &text], "verschiedener Art"),
        ([&merged, &elsewhere], "derselben Akte"),
        ([&merged, &merged], "verschiedene"),
        ([&merged, &first], "zurückgezogen"),
    ] {
        let said = office.run(["merge", documents[0], documents[1], "--reason", "x"]).failed(2);
        assert!(said.contains(why), "{said}");
    }
    office.run(["merge", &first, &second, "--reason", " "]).failed(2);
}

#[test]
fn what_cannot_be_split_is_left_as_it_is_and_says_why() {
    let office = office();
    office.run_as("voss", &["rules", "confirm"]).done();
    let opened = ["--file", "63-1", "--class", "63.10.03", "--opened", "1990-01-02"];
    let stack = put(&office, "stapel.pdf", &pdf_of_pages(&PAGES), &opened);
    for (at, why) in
        [("1", "Seiten 1 bis 5"), ("6", "Seiten 1 bis 5"), ("4,3", "steigen"), ("3,3", "steigen")]
    {
        let said = office.run(["split", &stack, "--at", at]).failed(2);
        assert!(said.contains(why), "{said}");
    }
    let file = ["--file", "63-1"];
    let text = put(&office, "lang.txt", "Zeile\n".repeat(250).as_bytes(), &file);
    assert!(office.run(["split", &text, "--at", "2"]).failed(2).contains("Nur PDF und TIFF"));
    let unread = put(&office, "neu.pdf", &pdf_of_pages(&PAGES[1..]), &["--file", "63-1", "--no-read"]);
    assert!(office.run(["split", &unread, "--at", "2"]).failed(2).contains("schriftgut work"));
    office.run(["split", "unbekannt", "--at", "2"]).failed(2);
    let signed = String::from_utf8(pdf_of_pages(&PAGES)).unwrap();
    let signature = "/Type /Catalog /Perms << /DocMDP << /ByteRange [0 1] /Contents <00> >> >>";
    let signed = put(&office, "signiert.pdf", signed.replace("/Type /Catalog", signature).as_bytes(), &file);
    let said = office.run(["split", &signed, "--at", "2"]).failed(3);
    assert!(said.contains("--although-signed"), "{said}");
    let done = office.run(["split", "--json", &signed, "--at", "2", "--although-signed"]).done().json();
    assert_eq!(done["left_out"], json!(["elektronische Signaturen"]));
    office.run(["close", "63-1", "--on", "1991-06-30"]).done();
    office.run_as("voss", &["list", "create", "--on", "2026-01-02"]).done();
    let said = office.run(["split", &stack, "--at", "2"]).failed(3);
    assert!(said.contains("Aussonderungsliste"), "{said}");
}

#[test]
fn what_one_may_not_read_cannot_be_split_and_does_not_exist() {
    let office = office();
    office.run(["user", "rights", "voss", "--domain", "general", "--domain", "tax"]).done();
    let path = office.write("steuer.pdf", pdf_of_pages(&PAGES));
    let taken = office.run_as("voss", &["ingest", "--json", &path, "--file", "22-1", "--class", "22.10.01"]);
    let hidden = taken.done().lines()[0]["document"].as_str().unwrap().to_owned();
    let said = office.run(["split", &hidden, "--at", "2"]).failed(2);
    let missing = "00000000-0000-4000-8000-000000000000";
    let nothing = office.run(["split", missing, "--at", "2"]).failed(2);
    assert_eq!(said.replace(&hidden, missing), nothing);
    put(&office, "a.txt", b"Garage", &["--file", "63-1", "--class", "63.10.03"]);
    let into = ["split", &hidden, "--at", "2", "--into", "22-1", "--into", "63-1"];
    let said = office.run_as("voss", &into).failed(2);
    assert!(said.contains("Schutzbereich"), "secrecy stays: {said}");
    office.run_as("voss", &["split", &hidden, "--at", "2"]).done();
    assert_eq!(found(&office, "Wohngeldbescheid"), []);
}
