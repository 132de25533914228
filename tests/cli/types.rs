//! Record types from outside: what is said of a file is looked at before it is opened, a town has types of its own, and what
//! is found can be narrowed by them.

use crate::office::{Office, Said};

const VEREIN: &str = r#"format = 1
id = "vereinsakte"
edition = "2026-1"
label = "Vereinsakte"
classes = ["63.10.03"]

[[field]]
name = "association"
label = "Verein"
kind = "text"
required = true
xdomea = "AnwendungsspezifischeErweiterung/Feldgruppe/Feld"

[[field]]
name = "founded"
label = "Gegründet"
kind = "year"
"#;

/// An office with a records manager.
fn office() -> Office {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    office
}

/// Everything it says.
fn told(said: &Said) -> String {
    format!("{}{}", said.out, said.err)
}

#[test]
fn what_does_not_fit_is_told_before_the_file_is_opened() {
    let office = office();
    office.write("antrag.txt", "Bauantrag");
    let new = ["ingest", "antrag.txt", "--file", "63-1", "--class", "63.10.01"];
    let with = |more: &[&'static str]| office.run(new.iter().copied().chain(more.iter().copied()));
    let said = with(&["--field", "built_year=um 1900", "--field", "colour=rot"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        told(&said).contains("Feld „Baujahr“ (built_year): „um 1900“ passt nicht; erwartet wird ein Jahr"),
        "{said:?}"
    );
    assert!(told(&said).contains("die Aktenart „Bauakte“ hat kein Feld „colour“"), "{said:?}");
    let said = with(&["--type", "raumakte"]);
    assert!(said.code == 2 && told(&said).contains("die Aktenart „raumakte“ gibt es nicht"), "{said:?}");
    office.run(["show", "63-1"]).failed(2);
    with(&["--field", "built_year=1900", "--field", "monument= Baudenkmal "]).done();
    let shown = office.run(["show", "63-1"]).done().out;
    assert!(shown.contains("Aktenart Bauakte\n"), "{shown}");
    assert!(shown.contains("  Baujahr: 1900\n"), "by its label: {shown}");
    let json = office.run(["show", "--json", "63-1"]).done().json();
    assert_eq!(
        (&json["record_type"], &json["fields"]["monument"]),
        (&"bauakte".into(), &"Baudenkmal".into())
    );
}

#[test]
fn a_batch_with_one_value_that_does_not_fit_changes_nothing() {
    let office = office();
    office.write("a.txt", "Haus");
    let head = "path;aktenzeichen;klasse;titel;aktenart;feld:built_year\n";
    let wrong = office.write("liste.csv", format!("{head}a.txt;63-1;63.10.01;Haus;;neu\n"));
    let said = office.run(["ingest", "--allow-surplus", "--manifest", &wrong]).failed(2);
    assert!(
        said.contains("Zeile 2: Feld „Baujahr“ (built_year)") && said.contains("noch nichts erfasst"),
        "{said}"
    );
    office.run(["show", "63-1"]).failed(2);
    let right = office.write("liste.csv", format!("{head}a.txt;63-1;63.10.01;Haus;Hausakte;\n"));
    office.run(["ingest", "--allow-surplus", "--manifest", &right]).done();
    assert_eq!(office.run(["show", "--json", "63-1"]).done().json()["record_type"], "hausakte");
}

#[test]
fn a_town_has_types_of_its_own_and_files_keep_the_edition_they_were_opened_with() {
    let office = office();
    let file = office.write("vereinsakte.toml", VEREIN);
    let checked = office.run(["types", "check", &file]).done();
    assert_eq!(checked.out, "ohne Fehler: Vereinsakte (vereinsakte), Ausgabe 2026-1\n");
    assert_eq!(office.run(["rules", "check", &file]).done().out, checked.out, "known by what it says");
    office.run(["types", "enact", &file]).failed(3);
    office.run_as("voss", &["types", "enact", &file]).done();
    assert_eq!(office.run(["types", "check", &file]).done().out, "alles davon gilt schon\n");

    office.write("satzung.txt", "Satzung des Schachvereins");
    let open = |number: &str, more: &[&str]| {
        let new = ["ingest", "satzung.txt", "--file", number, "--class", "63.10.03"];
        office.run(new.into_iter().chain(more.iter().copied()))
    };
    let said = open("63-1", &[]);
    assert!(
        told(&said).contains("Feld „Verein“ (association): die Aktenart „Vereinsakte“ verlangt"),
        "{said:?}"
    );
    open("63-1", &["--field", "association=Schachverein"]).done();

    let changed = VEREIN.replace("2026-1", "2026-2").replace("label = \"Verein\"", "label = \"Name\"");
    let same_edition = office.write("gleich.toml", changed.replace("2026-2", "2026-1"));
    let said = office.run_as("voss", &["types", "enact", &same_edition]).failed(2);
    assert!(said.contains("galt schon und lautet anders"), "{said}");
    let newer = office.write("neu.toml", changed);
    office.run_as("voss", &["types", "enact", &newer]).done();
    open("63-2", &["--field", "association=Turnverein"]).done();
    let shown = |number| office.run(["show", number]).done().out;
    assert!(shown("63-1").contains("  Verein: Schachverein\n"), "{}", shown("63-1"));
    assert!(shown("63-2").contains("  Name: Turnverein\n"), "{}", shown("63-2"));

    let closed = VEREIN.replace("2026-1", "2026-3").replace("classes", "closed = true\nclasses");
    let closed = office.write("zu.toml", closed);
    office.run_as("voss", &["types", "enact", &closed]).done();
    let said = open("63-3", &["--type", "vereinsakte", "--field", "association=Chor"]);
    assert!(told(&said).contains("werden keine neuen Akten angelegt"), "{said:?}");
}

#[test]
fn what_is_found_is_narrowed_by_the_type_of_the_file() {
    let office = office();
    for (name, number, more) in
        [("a", "63-1", "bauakte"), ("b", "63-2", "hausakte"), ("c", "63-3", "hausakte")]
    {
        office.write(&format!("{name}.txt"), format!("Die Garage {name}"));
        let file = format!("{name}.txt");
        let new = ["ingest", &file, "--file", number, "--class", "63.10.01", "--type", more];
        office.run(new).done();
    }
    let found = office.run(["search", "--json", "Garage", "--facets"]).done().json();
    let types = serde_json::json!([{ "value": "bauakte", "count": 1 }, { "value": "hausakte", "count": 2 }]);
    assert_eq!(found["facets"]["record_types"], types, "{found}");
    let total = |query: &str| office.run(["search", "--json", query]).done().json()["total"].clone();
    assert_eq!(total("Garage aktenart:hausakte"), 2);
    assert_eq!(total("Garage NICHT aktenart:Hausakte"), 1);
    assert_eq!(total("Garage aktenart:ohne"), 0);
    let said = office.run(["search", "aktenart:2026"]).failed(2);
    assert!(said.contains("kein Name einer Aktenart"), "{said}");
}

#[test]
fn what_somebody_is_responsible_for_comes_first_among_equals_and_nothing_is_hidden() {
    let office = office();
    for (number, class) in [("10-1", "10.10.01"), ("63-1", "63.10.01"), ("63-2", "63.10.03")] {
        let name = format!("{number}.txt");
        office.write(&name, "Vermerk über die Ortsbesichtigung");
        office.run(["ingest", &name, "--file", number, "--class", class, "--opened", "2020-01-01"]).done();
    }
    let files = || -> Vec<String> {
        let found = office.run(["search", "--json", "Ortsbesichtigung"]).done().json();
        found["hits"].as_array().unwrap().iter().map(|hit| hit["file"].as_str().unwrap().to_owned()).collect()
    };
    office.run(["user", "duties", "amt", "--class", "10"]).done();
    assert_eq!(files()[0], "10-1");
    office.run(["user", "duties", "amt", "--class", "63.10.03"]).done();
    assert_eq!((files()[0].as_str(), files().len()), ("63-2", 3));
    let explained = office.run(["search", "Ortsbesichtigung", "--explain"]).done().out;
    let own: Vec<_> = explained.matches("in Ihrer Zuständigkeit").collect();
    assert_eq!(own.len(), 1, "{explained}");
    let listed = office.run(["user", "list"]).done().out;
    assert!(listed.contains("zuständig für 63.10.03"), "{listed}");
    let said = office.run(["user", "duties", "amt", "--class", "9999"]).failed(2);
    assert!(said.contains("steht nicht im Aktenplan"), "{said}");
    office.run_as("voss", &["user", "duties", "amt"]).failed(3);
    office.run(["user", "duties", "amt"]).done();
    assert!(!office.run(["user", "list"]).done().out.contains("zuständig"));
}
