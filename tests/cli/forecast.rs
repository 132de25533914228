//! What becomes due in the years to come, from outside: every file in one place, what is sure apart from what an unconfirmed
//! rule says, with paper and bytes, and nothing of what somebody may not read.

use serde_json::{Value, json};

use crate::office::{Office, redacted};

/// An office with a records manager and four files: two whose period a rule counts that rests on practice (`BA-03`), one that
/// is open, one whose house still stands.
fn office() -> Office {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    for (name, bytes) in [("a", 1_000), ("b", 2_500), ("c", 40), ("d", 7)] {
        office.write(&format!("{name}.txt"), name.repeat(bytes));
    }
    let list = office.write(
        "liste.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am;regal;karton\n\
         a.txt;63-1;63.10.03;Gartenhaus;2010-05-01;R1;K1\n\
         b.txt;63-2;63.10.03;Carport;2020-05-01;R1;K2\n\
         c.txt;63-3;63.10.03;Zaun;;;\n\
         d.txt;63-4;63.10.01;Wohnhaus;1991-05-01;R2;K1\n",
    );
    office.take_in(&["--allow-surplus", "--manifest", &list]);
    office
}

/// The forecast of ten years from the second of January 2026.
fn forecast(office: &Office) -> Value {
    office.run(["forecast", "--json", "--on", "2026-01-02", "--years", "10"]).done().json()
}

/// What stands at a year, or so: files, shelf and bytes by rules that hold, and by others.
fn at(all: &Value, is_it: impl Fn(&Value) -> bool) -> [&Value; 2] {
    let found = all.as_array().unwrap().iter().find(|one| is_it(one)).unwrap_or_else(|| panic!("{all}"));
    [&found["sure"], &found["unconfirmed"]]
}

fn amount(files: u64, paper_files: u64, shelf_mm: u64, size_bytes: u64) -> Value {
    json!({ "files": files, "paper_files": paper_files, "shelf_mm": shelf_mm, "size_bytes": size_bytes })
}

#[test]
fn every_file_is_in_one_place_and_what_nobody_confirmed_stands_apart() {
    let (office, none) = (office(), amount(0, 0, 0, 0));
    let before = forecast(&office);
    assert_eq!((&before["files"], before["by_year"].as_array().unwrap().len()), (&4.into(), 11));
    let (carport, shed) = (amount(1, 1, 20, 2_500), amount(1, 1, 20, 1_000));
    assert_eq!(at(&before["by_year"], |of| of["year"] == 2031), [&none, &carport]);
    assert_eq!(at(&before["apart"], |of| of["standing"] == "due"), [&none, &shed]);
    let waits_for = |fact| move |of: &Value| of["waiting_for"] == json!([fact]);
    assert_eq!(at(&before["apart"], waits_for("closed")), [&amount(1, 0, 0, 40), &none]);
    assert_eq!(at(&before["apart"], waits_for("building_demolished")), [&none, &amount(1, 1, 20, 7)]);

    office.run_as("voss", &["rules", "confirm", "BA-03"]).done();
    let after = forecast(&office);
    assert_eq!(at(&after["by_year"], |of| of["year"] == 2031), [&carport, &none]);
    assert_eq!(at(&after["apart"], |of| of["standing"] == "due"), [&shed, &none]);

    // Beyond the years that are looked at, under a hold, and with a second version.
    let near = ["forecast", "--json", "--on", "2026-01-02", "--years", "4", "--cm-per-file", "3,5"];
    let near = office.run(near).done().json();
    assert_eq!(at(&near["apart"], |of| of["standing"] == "later")[0], &amount(1, 1, 35, 2_500));
    office.run_as("voss", &["hold", "place", "63-2", "--reason", "Klage"]).done();
    let shown = office.run(["show", "--json", "63-3"]).done().json();
    let newer = office.write("neu.txt", "zweite Fassung");
    let document = shown["documents"][0]["id"].as_str().unwrap();
    office.run(["ingest", "--no-read", "--version-of", document, &newer]).done();
    let held = forecast(&office);
    assert_eq!(at(&held["apart"], |of| of["standing"] == "held"), [&carport, &none]);
    assert_eq!(at(&held["apart"], waits_for("closed")), [&amount(1, 0, 0, 54), &none], "both versions");
    assert_eq!(at(&held["by_year"], |of| of["year"] == 2031), [&none, &none]);
}

#[test]
fn it_is_told_in_words_and_as_a_table() {
    let office = office();
    let csv = office.place("vorschau.csv");
    let asked = ["forecast", "--on", "2026-01-02", "--years", "10", "--csv", csv.to_str().unwrap()];
    insta::assert_snapshot!(redacted(&office, &office.run(asked).done().out), @r"
    Vorschau: 4 Akten angesehen
    Stand 02.01.2026, bis Ende 2036, nach den Regeln in Kraft. Offene Akten zählen nicht als fällig: ihre Frist hat nicht begonnen.
    Papier: angenommen sind 2 cm Regal je Akte, die auch auf Papier geführt wird.
    Dokumente: Größe der Originale in allen Fassungen, ohne Textschicht; ein Inhalt in zwei Dokumenten zählt zweimal.
    Unbestätigte Regeln machen nichts fällig: Ihre Spalte sagt, was gälte, wenn die Stadt sie bestätigt.

    Fällig (Jahre, in denen nichts fällig wird, fehlen):
                 nach geltenden Regeln |        nach unbestätigten Regeln
        Akten      Papier    Dokumente |     Akten      Papier    Dokumente
            –                          |         1      0,02 m       1,0 kB  schon fällig
            –                          |         1      0,02 m       2,5 kB  2031
            –                          |         2      0,04 m       3,5 kB  zusammen

    Nicht fällig bis Ende 2036:
                 nach geltenden Regeln |        nach unbestätigten Regeln
        Akten      Papier    Dokumente |     Akten      Papier    Dokumente
            1      0,00 m     40 Bytes |         –                           Frist nicht begonnen: nicht geschlossen (z.d.A.)
            –                          |         1      0,02 m      7 Bytes  Frist nicht begonnen: nicht bekannt ist „Gebäude abgebrochen“

    Fällig bis Ende 2036 nach Klasse (Klassen, in denen nichts fällig wird, fehlen):
                 nach geltenden Regeln |        nach unbestätigten Regeln
        Akten      Papier    Dokumente |     Akten      Papier    Dokumente
            –                          |         2      0,04 m       3,5 kB  63.10.03 Zurückgenommene und abgelehnte Bauanträge (von 3 Akten)
    ");
    let table = std::fs::read_to_string(csv).unwrap();
    insta::assert_snapshot!(table.trim_start_matches('\u{feff}').replace("\r\n", "\n"), @r"
    klasse;bezeichnung;stand;jahr;regel;akten;davon_papier;regal_mm;dokumente_bytes
    63.10.01;Bauakten;Frist nicht begonnen: nicht bekannt ist „Gebäude abgebrochen“;;unbestätigt;1;1;20;7
    63.10.03;Zurückgenommene und abgelehnte Bauanträge;schon fällig;;unbestätigt;1;1;20;1000
    63.10.03;Zurückgenommene und abgelehnte Bauanträge;wird fällig;2031;unbestätigt;1;1;20;2500
    63.10.03;Zurückgenommene und abgelehnte Bauanträge;Frist nicht begonnen: nicht geschlossen (z.d.A.);;gilt;1;0;0;40
    ");
}

#[test]
fn what_somebody_may_not_read_is_in_no_sum() {
    let office = office();
    office.add_person("personal", "Petra Berger", &["clerk"]);
    office.run(["user", "rights", "personal", "--role", "clerk", "--domain", "personnel"]).done();
    let path = office.write("zeugnis.txt", "Zeugnis");
    let new =
        ["ingest", "--no-read", "--file", "11-1", "--class", "11.10.01", "--domain", "personnel", &path];
    office.run_as("personal", &new).done();
    let classes = |of: &Value| {
        let all = of["by_class"].as_array().unwrap().iter();
        all.map(|class| class["class"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let general = forecast(&office);
    assert_eq!(
        (&general["files"], classes(&general)),
        (&4.into(), vec!["63.10.01".into(), "63.10.03".into()])
    );
    let personnel = office.run_as("personal", &["forecast", "--json"]).done().json();
    assert_eq!((&personnel["files"], classes(&personnel)), (&1.into(), vec!["11.10.01".to_owned()]));
    office.add_person("revision", "Rita Prüfer", &["auditor"]);
    office.run_as("revision", &["forecast"]).failed(3);
}

#[test]
fn no_years_and_no_paper_are_mistakes() {
    let office = Office::new();
    for wrong in [["--years", "0"], ["--years", "201"], ["--cm-per-file", "0"], ["--cm-per-file", "dick"]] {
        office.run(["forecast"].into_iter().chain(wrong)).failed(2);
    }
    let said = office.run(["forecast", "--csv", "fehlt/vorschau.csv"]).failed(2);
    assert!(said.contains("kann nicht geschrieben werden"), "{said}");
}
