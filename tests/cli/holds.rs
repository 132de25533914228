//! Holds from outside: one order over many files, by name, by list and by what a search finds; looked at before it is
//! placed, brought up again for review, and released as a whole or from single files.

use crate::office::Office;

fn office() -> Office {
    let office = Office::demo();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    for (number, text) in [
        ("63-1", "Antrag auf eine Garage"),
        ("63-2", "Die Stützmauer ist gerissen"),
        ("63-3", "Gutachten zur Stützmauer"),
        ("63-4", "Lageplan"),
    ] {
        let path = office.write(&format!("{number}.txt"), text);
        office
            .run(["ingest", &path, "--file", number, "--class", "63.10.01", "--field", "street=Ring"])
            .done();
    }
    office
}

/// The reference numbers of the files that a search finds, as the command line orders them.
fn place(office: &Office, more: &[&str]) -> serde_json::Value {
    let asked = [&["hold", "place", "--json", "--reason", "VG 4 K 1/26"], more].concat();
    office.run_as("voss", &asked).done().json()
}

#[test]
fn one_order_holds_what_is_named_what_is_listed_and_what_a_search_finds() {
    let office = office();
    let list = office.write("akten.txt", "\u{feff}Aktenzeichen\r\n63-4\r\n\r\n63-4\r\n");
    let asked = ["63-1", "--from", &list, "--query", "Stützmauer"];
    let preview = place(&office, &[&asked[..], &["--preview"]].concat());
    let held = |said: &serde_json::Value| {
        let mut files: Vec<String> =
            said["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap().to_owned()).collect();
        files.sort();
        files
    };
    assert_eq!(held(&preview), ["63-1", "63-2", "63-3", "63-4"]);
    assert_eq!(preview["hold"], serde_json::Value::Null);
    let none = office.run(["hold", "list", "--json"]).done().json();
    assert_eq!(none["holds"], serde_json::json!([]), "nothing is held by looking");

    let placed = place(&office, &asked);
    assert_eq!(held(&placed), held(&preview));
    let hold = placed["hold"].as_str().unwrap();
    let listed = office.run(["hold", "list", "--json"]).done().json();
    assert_eq!(listed["holds"].as_array().unwrap().len(), 1, "one order: {listed}");
    assert_eq!(held(&listed["holds"][0]), held(&placed));
    for file in held(&placed) {
        let why = office.run(["why", &file]).done().out;
        assert!(why.contains("VG 4 K 1/26"), "{why}");
    }

    office.run_as("voss", &["hold", "release", hold, "63-2"]).done();
    office.run(["rebuild"]).done();
    let listed = office.run(["hold", "list", "--json"]).done().json();
    assert_eq!(held(&listed["holds"][0]), ["63-1", "63-3", "63-4"], "the others stay held");
    office.run_as("voss", &["hold", "release", hold]).done();
    let listed = office.run(["hold", "list", "--json"]).done().json();
    assert_eq!(listed["holds"], serde_json::json!([]));
    let said = office.run_as("voss", &["hold", "release", hold]).failed(2);
    assert!(said.contains("Vernichtungssperre"), "{said}");
}

#[test]
fn a_search_that_names_files_names_all_of_them_however_many_pages_match() {
    let office = office();
    let mut manifest = "path;aktenzeichen;klasse;titel\n".to_owned();
    for n in 0..260 {
        office.write(&format!("viele/{n}.txt"), "Einspruch gegen die Kanalgebühr");
        manifest.push_str(&format!("{n}.txt;70-{n};63.10.01;Einspruch {n}\n"));
    }
    let manifest = office.write("viele/liste.csv", &manifest);
    office.run(["ingest", "--allow-surplus", "--manifest", &manifest]).done();
    let placed = place(&office, &["--query", "Kanalgebühr"]);
    assert_eq!(placed["files"].as_array().unwrap().len(), 260);
}

#[test]
fn what_is_unknown_is_told_by_name_and_then_nothing_is_held() {
    let office = office();
    let said =
        office.run_as("voss", &["hold", "place", "63-1", "63-77", "63-78", "--reason", "Klage"]).failed(2);
    assert!(said.contains("63-77") && said.contains("63-78"), "{said}");
    for bad in [
        &["hold", "place", "63-1", "--reason", " "][..],
        &["hold", "place", "--reason", "Klage"],
        &["hold", "place", "--reason", "Klage", "--query", "Wasserturm"],
        &["hold", "place", "--reason", "Klage", "--query", "\"offen"],
        &["hold", "place", "63-1", "--reason", "Klage", "--review", "2020-01-01"],
        &["hold", "place", "63-1", "--reason", "Klage", "--since", "2999-01-01"],
        &["hold", "place", "--reason", "Klage", "--from", "gibtesnicht.txt"],
    ] {
        office.run_as("voss", bad).failed(2);
    }
    office.run_as("anna", &["hold", "place", "63-1", "--reason", "Klage"]).failed(3);
    let listed = office.run(["hold", "list", "--json"]).done().json();
    assert_eq!(listed["holds"], serde_json::json!([]));
}

#[test]
fn a_hold_that_is_to_be_reviewed_is_brought_up_on_its_day_and_stands_until_it_is_released() {
    let office = office();
    place(&office, &["63-1", "--review", "2999-12-31"]);
    place(&office, &["63-2"]);
    let due = |by: &str| {
        let said = office.run(["hold", "list", "--json", "--review-by", by]).done().json();
        said["holds"].as_array().unwrap().len()
    };
    assert_eq!((due("2999-12-30"), due("2999-12-31")), (0, 1));
    let told = office.run(["hold", "list"]).done().out;
    assert!(told.contains("zu prüfen am 31.12.2999"), "{told}");
}

#[test]
fn an_order_holds_and_names_only_files_its_reader_may_read() {
    let office = office();
    office.run(["user", "rights", "voss", "--domain", "general", "--domain", "tax"]).done();
    let path = office.write("steuer.txt", "Stützmauer in der Steuerakte");
    office.run_as("voss", &["ingest", &path, "--file", "22-1", "--class", "22.10.01"]).done();
    office.add_person("bau", "Bea Bau", &["records_manager", "clerk"]);
    office
        .run(["user", "rights", "bau", "--role", "records_manager", "--role", "clerk", "--domain", "general"])
        .done();
    let asked = ["hold", "place", "--json", "--reason", "Klage", "--query", "Stützmauer"];
    let placed = office.run_as("bau", &asked).done().json();
    assert_eq!(placed["files"].as_array().unwrap().len(), 2, "{placed}");
    let hidden = place(&office, &["22-1", "63-1"]);
    let hold = hidden["hold"].as_str().unwrap();
    let seen = office.run_as("bau", &["hold", "list", "--json"]).done().json();
    assert!(!seen.to_string().contains("22-1"), "{seen}");
    office.run_as("bau", &["hold", "release", hold, "22-1"]).failed(2);
    office.run_as("bau", &["hold", "release", hold]).done();
    let all = office.run_as("voss", &["hold", "list", "--json"]).done().json();
    assert!(all.to_string().contains("22-1"), "what is hidden from somebody is not released by him: {all}");
}
