//! Samples from outside: drawn from a list on offer, decided, recorded, and drawn again by somebody else with another program.

use std::process::Command;

use serde_json::Value;

use crate::office::{Office, said};

const FILES: usize = 40;

/// An office with a list on offer: 30 files of one class and 10 of another.
fn offered() -> (Office, String) {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    let streets = ["Markt", "Domplatz", "Ostwall", "Ring"];
    let mut manifest = "path;aktenzeichen;klasse;titel;geschlossen_am;feld:street\n".to_owned();
    for number in 0..FILES {
        office.write(&format!("stapel/{number}.txt"), format!("Bauantrag Nummer {number}"));
        let class = if number < 30 { "63.10.03" } else { "63.40.01" };
        let (street, closed) = (streets[number % 4], 1960 + number % 10);
        manifest.push_str(&format!("{number}.txt;63-{number:02};{class};Antrag;{closed}-05-01;{street}\n"));
    }
    let manifest = office.write("stapel/liste.csv", &manifest);
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &manifest]).done();
    office.run_as("voss", &["rules", "confirm"]).done();
    let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
    assert_eq!(created["lines"].as_array().unwrap().len(), FILES, "{created}");
    let list = created["list"].as_str().unwrap().to_owned();
    office.run_as("voss", &["list", "offer", &list]).done();
    (office, list)
}

fn sample(office: &Office, list: &str, more: &[&str]) -> Value {
    office.run_as("wolters", &[&["--json", "list", "sample", list], more].concat()).done().json()
}

fn states(office: &Office, list: &str) -> Vec<(String, String)> {
    let shown = office.run_as("wolters", &["--json", "list", "show", list]).done().json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    shown["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (text(&line["file"]), text(&line["state"])))
        .collect()
}

fn in_state(office: &Office, list: &str, state: &str) -> Vec<String> {
    let files: Vec<_> =
        states(office, list).into_iter().filter(|(_, own)| own == state).map(|(file, _)| file).collect();
    assert!(files.is_sorted(), "by reference number: {files:?}");
    files
}

#[test]
fn what_is_drawn_is_worth_keeping_and_the_rest_stays_undecided_unless_it_is_said() {
    let (office, list) = offered();
    let asked = ["--class", "63.10.03", "--every", "10", "--first", "4"];
    let preview = sample(&office, &list, &[&asked[..], &["--preview"]].concat());
    assert_eq!(
        (&preview["population"], &preview["drawn"]),
        (&30.into(), &serde_json::json!(["63-03", "63-13", "63-23"]))
    );
    assert_eq!(in_state(&office, &list, "undecided").len(), FILES, "looking decides nothing");
    sample(&office, &list, &asked);
    assert_eq!(in_state(&office, &list, "archive"), ["63-03", "63-13", "63-23"]);
    assert_eq!(in_state(&office, &list, "undecided").len(), FILES - 3);

    let rest = sample(&office, &list, &["--field", "street", "--value", "ostwall", "--others", "V"]);
    assert_eq!(rest["population"], FILES - 3, "what was decided is not drawn from");
    let drawn = rest["drawn"].as_array().unwrap().len();
    assert_eq!(in_state(&office, &list, "archive").len(), 3 + drawn);
    assert_eq!(in_state(&office, &list, "destroy").len(), FILES - 3 - drawn);
    let said = office.run_as("wolters", &["list", "sample", &list, "--every", "2"]).failed(2);
    assert!(said.contains("keine Zeile ist unbewertet"), "{said}");
    let shown = office.run_as("wolters", &["show", "63-03"]).done().out;
    assert!(!shown.is_empty());
}

#[test]
fn a_third_person_draws_the_same_files_from_the_printed_protocol() {
    let (office, list) = offered();
    let methods: [&[&str]; 5] = [
        &["--share", "100", "--seed", "Losung vom 27.11.2026"],
        &["--every", "7"],
        &["--field", "street", "--letter", "d", "--letter", "O"],
        &["--year", "1963"],
        &["--share", "250"],
    ];
    for method in methods {
        sample(&office, &list, method);
    }
    office.run(["rebuild"]).done();
    let out = office.place("protokolle");
    let told = office
        .run_as("wolters", &["--json", "list", "samples", &list, "--out", out.to_str().unwrap()])
        .done();
    let told = told.lines();
    let again: Vec<_> = told.iter().map(|sample| sample["drawn_again"].clone()).collect();
    assert_eq!(again, [true.into(), true.into(), Value::Null, Value::Null, true.into()]);
    let words = office.run_as("wolters", &["list", "samples", &list]).done().out;
    assert_eq!(words.matches("nachgezogen: dieselben Akten").count(), 3, "{words}");

    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has no python3");
        println!("not run: no python3");
        return;
    }
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_reader/sample.py");
    let read = |path: &std::path::Path| said(Command::new("python3").arg(reader).arg(path)).out;
    for number in 1..=methods.len() {
        let path = out.join(format!("stichprobe-{number}.json"));
        assert_eq!(read(&path), "ok\n", "{}", path.display());
        // A file more or less is seen.
        let mut protocol: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let member = &mut protocol["population"][5]["drawn"];
        *member = (!member.as_bool().unwrap()).into();
        let forged = office.write("gefaelscht.json", protocol.to_string());
        assert!(read(forged.as_ref()).starts_with("other files"), "{forged}");
    }
}

#[test]
fn a_sample_is_the_archives_own_and_only_from_a_list_on_offer() {
    let (office, list) = offered();
    office.run_as("voss", &["list", "sample", &list, "--every", "2"]).failed(3);
    for bad in [
        &["--every", "0"][..],
        &["--every", "5", "--first", "6"],
        &["--share", "0"],
        &["--share", "1001"],
        &["--class", "11"],
    ] {
        let method: &[&str] = if bad[0] == "--class" { &["--every", "2"] } else { &[] };
        office.run_as("wolters", &[&["list", "sample", &list], bad, method].concat()).failed(2);
    }
    office.run_as("wolters", &["list", "sample", &list]).failed(2);
    office.run_as("voss", &["list", "withdraw", &list]).done();
    office.run_as("wolters", &["list", "sample", &list, "--every", "2"]).failed(3);
    let none = office.run_as("wolters", &["list", "samples", &list]).done();
    assert!(none.out.is_empty() && none.err.contains("keine Stichprobe"), "{none:?}");
}
