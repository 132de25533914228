//! The shapes of `--json` and the four exit codes: what scripts of others rest on.

use std::io::Read as _;

use serde_json::Value;

use crate::office::{Office, redacted, said};

/// The names of an object's fields, in the order of the alphabet.
fn fields(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn ingest_says_one_line_per_document_and_a_summary_last() {
    let office = Office::new();
    let first = office.write("eingang/antrag.txt", "Antrag auf Baugenehmigung");
    let same = office.write("eingang/zweitschrift.txt", "Antrag auf Baugenehmigung");
    let said = office.run(["ingest", "--json", "--file", "63-7/2020", "--class", "63.10.01", &first]).done();
    insta::assert_snapshot!(redacted(&office, &said.out), @r#"
    {"document":"[kennung]","file":"63-7/2020","source":"[ordner]/eingang/antrag.txt","outcome":"taken","reason":null}
    {"summary":{"taken":1,"known":0,"refused":0,"pages":1,"read":1,"unread":0,"bytes":25}}
    "#);
    let missing = office.place("fehlt.pdf");
    let said = office.run(["ingest", "--json", "--no-read", &same, missing.to_str().unwrap()]);
    assert_eq!(said.code, 2, "what was refused ends the run with a mistake, after taking the others");
    let mut lines: Vec<_> = said.out.lines().collect();
    lines[..2].sort_unstable(); // a refusal may overtake what waits for its sync
    insta::assert_snapshot!(redacted(&office, &lines.join("\n")), @r#"
    {"document":"[kennung]","file":null,"source":"[ordner]/eingang/zweitschrift.txt","outcome":"known","reason":null}
    {"document":null,"file":null,"source":"[ordner]/fehlt.pdf","outcome":"refused","reason":"die Datei gibt es nicht"}
    {"summary":{"taken":0,"known":1,"refused":1,"pages":0,"read":0,"unread":1,"bytes":25}}
    "#);
}

#[test]
fn ingest_counts_what_it_could_not_read_and_this_run_alone() {
    let office = Office::new();
    let earlier = office.write("frueher.txt", "liegt noch ungelesen da");
    office.run(["ingest", "--no-read", &earlier]).done();
    office.write("stapel/a.txt", "Wasserschaden");
    let left = office.run(["ingest", "--json", "--no-read", "stapel"]).done();
    assert_eq!(left.lines()[1]["summary"]["unread"], 1, "{left:?}");
    insta::assert_snapshot!(left.err, @"Außerdem noch ungelesen: 1 andere Dokumente (`schriftgut work` liest sie)");

    office.write("eingang/a.txt", "Kanalbau");
    office.write("eingang/b.pdf", "");
    office.write("eingang/c.bin", [0xF7; 5_000]);
    let said = office.run(["ingest", "--json", "eingang"]).done();
    insta::assert_snapshot!(said.out.lines().last().unwrap(), @r#"{"summary":{"taken":3,"known":0,"refused":0,"pages":1,"read":1,"unread":0,"bytes":5008,"unreadable":2}}"#);
    insta::assert_snapshot!(said.err, @r"
    eingang/b.pdf: nicht lesbar: Die Datei ist leer
    eingang/c.bin: nicht lesbar: Das Dateiformat ist unbekannt
    ");
}

#[test]
fn ingest_takes_folders_whole_and_leaves_out_what_is_hidden() {
    let office = Office::new();
    for name in ["b/zwei.txt", "a/eins.txt", "c.txt", ".heimlich", "a/.versteckt.txt"] {
        office.write(&format!("stapel/{name}"), name);
    }
    let said = office.run(["ingest", "--json", "--no-read", "stapel"]).done();
    let lines = said.lines();
    let sources: Vec<_> = lines.iter().filter_map(|line| line["source"].as_str()).collect();
    assert_eq!(sources, ["stapel/a/eins.txt", "stapel/b/zwei.txt", "stapel/c.txt"]);
}

#[test]
fn known_is_said_only_of_what_this_person_may_read() {
    let office = Office::new();
    office.add_person("steuer", "Steuer", &["clerk"]);
    office.run(["user", "rights", "steuer", "--role", "clerk", "--domain", "tax"]).done();
    let path = office.write("bescheid.txt", "Gewerbesteuerbescheid");
    let tax = ["ingest", "--no-read", "--file", "20-1", "--class", "20.10.01", "--domain", "tax", &path];
    office.run_as("steuer", &tax).done();
    let outcome = |said: crate::office::Said| said.done().lines()[0]["outcome"].as_str().unwrap().to_owned();
    assert_eq!(outcome(office.run(["ingest", "--json", "--no-read", &path])), "taken");
    assert_eq!(outcome(office.run(["ingest", "--json", "--no-read", &path])), "known");
}

#[test]
fn search_answers_total_time_and_hits() {
    let office = Office::new();
    let path = office.write("vermerk.txt", "Der Brandschutz am Rathaus ist geprüft.");
    office.run(["ingest", "--file", "63-7/2020", "--class", "63.10.01", "--title", "Rathaus", &path]).done();
    let answer = office.run(["search", "--json", "Brandschutz"]).done().json();
    assert_eq!(fields(&answer), ["hits", "took_ms", "total"]);
    assert_eq!(answer["total"], 1);
    assert!(answer["took_ms"].is_f64());
    let hit = &answer["hits"][0];
    assert_eq!(fields(hit), ["document", "file", "file_name", "page", "score", "snippet", "title"]);
    assert_eq!(hit["file"], "63-7/2020");
    assert_eq!(hit["title"], "Rathaus");
    assert_eq!(hit["file_name"], "vermerk.txt");
    assert_eq!(hit["page"], 1);
    assert_eq!(hit["snippet"], "Der Brandschutz am Rathaus ist geprüft.");
    let similar = office.run(["search", "--json", "Brandschuz"]).done().json();
    assert_eq!(fields(&similar), ["did_you_mean", "hits", "reach", "took_ms", "total"]);
    assert_eq!(similar["did_you_mean"], serde_json::json!(["Brandschutz"]));
    assert_eq!((&similar["reach"], &similar["total"]), (&"similar".into(), &1.into()));
    let none = office.run(["search", "--json", "Schwimmbad"]).done().json();
    assert_eq!((&none["total"], none["hits"].as_array().unwrap().len()), (&0.into(), 0));
}

#[test]
fn a_document_that_is_not_read_is_found_by_its_file_and_name_and_claims_no_page() {
    let office = Office::new();
    office.write("stapel/gelesen.txt", "Wasserschaden");
    office.write("stapel/leer.pdf", "");
    let file = ["--file", "63-7/2020", "--class", "63.10.01"];
    office.run(["ingest", "stapel"].iter().chain(&file)).done();
    office.write("spaeter.txt", "Wasserschaden");
    office.run(["ingest", "--no-read", "spaeter.txt"].iter().chain(&file)).done();
    let pages = |query: &str| {
        let answer = office.run(["search", "--json", query]).done().json();
        let hits = answer["hits"].as_array().unwrap().iter();
        let hits = hits.filter(|hit| hit["document"].is_string());
        let mut pages: Vec<_> =
            hits.map(|hit| (hit["file_name"].as_str().unwrap().to_owned(), hit["page"].as_u64())).collect();
        pages.sort();
        pages
    };
    let (read, empty, later) = (
        ("gelesen.txt".to_owned(), Some(1)),
        ("leer.pdf".to_owned(), None),
        ("spaeter.txt".to_owned(), None),
    );
    assert_eq!(pages("az:63-7/2020"), [read, empty.clone(), later]);
    assert_eq!(pages("datei:leer"), [empty]);
    let said = office.run(["search", "datei:leer"]).done().out;
    assert!(said.contains("leer.pdf") && !said.contains("Seite 1"), "{said}");
}

#[test]
fn hits_of_one_document_stand_together_under_its_file_and_say_why_if_that_is_asked() {
    let office = Office::new();
    office.write("stapel/antrag.txt", "Kanal\u{c}Hof\u{c}Kanal hinter dem Haus und hinter dem Garten");
    office.write("stapel/lose/hof.txt", "Kanal vor dem Haus");
    office
        .run(["ingest", "--file", "63-7/2020", "--class", "63.10.01", "--title", "Bau", "stapel/antrag.txt"])
        .done();
    office.run(["ingest", "stapel/lose"]).done();
    let said = |args: &[&str]| {
        let out = redacted(&office, &office.run(args).done().out);
        // Times and points are never the same.
        let lines = out.lines().filter(|line| !line.ends_with(" ms"));
        let told = |line: &str| line.rsplit_once("; ").map_or(line, |(told, _)| told).to_owned();
        lines.map(told).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(&["search", "Kanal"]), @r"
    63-7/2020  Bau
      antrag.txt  [kennung]
        Seite 1: »Kanal«
        Seite 3: »Kanal« hinter dem Haus und hinter dem Garten
    Posteingang
      hof.txt  [kennung]
        Seite 1: »Kanal« vor dem Haus
    ");
    let flat = office.run(["search", "--json", "Kanal"]).done().json();
    let names = flat["hits"].as_array().unwrap().iter().map(|hit| hit["file_name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["antrag.txt", "hof.txt", "antrag.txt"], "the list stays flat");
    insta::assert_snapshot!(said(&["search", "Bau Kanal", "--explain"]), @r"
    63-7/2020  »Bau«  (dem Namen nach)
        warum: „Bau“ 1-mal genau so; „Kanal“ steht hier nicht
      antrag.txt  [kennung]
        Seite 1: »Kanal«
          warum: „Bau“ steht hier nicht; „Kanal“ 1-mal genau so
        Seite 3: »Kanal« hinter dem Haus und hinter dem Garten
          warum: „Bau“ steht hier nicht; „Kanal“ 1-mal genau so
    Darunter, nicht mitgezählt: wo nur ein Teil der Wörter steht
    Posteingang
      hof.txt  [kennung]
        Seite 1: »Kanal« vor dem Haus
          warum: „Bau“ steht hier nicht; „Kanal“ 1-mal genau so
    ");
}

#[test]
fn a_limit_shortens_the_hits_and_not_the_total() {
    let office = Office::new();
    for number in 0..5 {
        office.write(&format!("stapel/{number}.txt"), format!("Kanal Nummer {number}"));
    }
    office.run(["ingest", "stapel"]).done();
    let answer = office.run(["search", "--json", "Kanal", "--limit", "2"]).done().json();
    assert_eq!((&answer["total"], answer["hits"].as_array().unwrap().len()), (&5.into(), 2));
    let rest = office.run(["search", "--json", "Kanal", "--limit", "9", "--offset", "2"]).done().json();
    assert_eq!(rest["hits"].as_array().unwrap().len(), 3);
}

#[test]
fn verify_ends_well_only_while_nothing_is_changed_or_missing() {
    let office = Office::new();
    let path = office.write("vermerk.txt", "unversehrt");
    office.run(["ingest", "--no-read", &path]).done();
    let sound = office.run(["verify", "--json", "--read-data"]).done();
    insta::assert_snapshot!(sound.out, @r#"{"objects":1,"entries":7,"unclaimed":0,"changed":[],"missing":[],"untracked":[]}"#);
    let volume = office.registry().join("vault/volumes/00000000.vol");
    let mut bytes = std::fs::read(&volume).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&volume, bytes).unwrap();
    let found = office.run(["verify", "--json"]);
    assert_eq!(found.code, 1);
    assert_eq!(found.json()["changed"].as_array().unwrap().len(), 1, "{found:?}");
}

#[test]
fn what_is_left_unread_is_read_by_work() {
    let office = Office::new();
    let path = office.write("vermerk.txt", "Wasserschaden im Keller");
    let summary = office.run(["ingest", "--json", "--no-read", &path]).done().lines().pop().unwrap();
    assert_eq!((&summary["summary"]["read"], &summary["summary"]["unread"]), (&0.into(), &1.into()));
    assert_eq!(office.run(["search", "--json", "Wasserschaden"]).done().json()["total"], 0);
    insta::assert_snapshot!(office.run(["work"]).done().out, @r"1 Dokumente gelesen (1 Seiten, davon 0 erkannt), 0 aufgegeben");
    assert_eq!(office.run(["search", "--json", "Wasserschaden"]).done().json()["total"], 1);
}

#[test]
fn a_file_and_a_document_are_shown_as_json() {
    let office = Office::new();
    let path = office.write("vermerk.txt", "eine Seite");
    office.run(["ingest", "--file", "63-7/2020", "--class", "63.10.01", &path]).done();
    let file = office.run(["show", "--json", "63-7/2020"]).done().json();
    let names = [
        "class",
        "documents",
        "domain",
        "fields",
        "id",
        "loan",
        "outcome",
        "paper",
        "phase",
        "record_type",
        "reference",
        "registers",
        "related",
        "restricted_since",
        "title",
    ];
    assert_eq!(fields(&file), names);
    let id = file["documents"][0]["id"].as_str().unwrap();
    let document = office.run(["show", "--json", id]).done().json();
    assert_eq!(document, file["documents"][0]);
    let sha256 = schriftgut::base::digest::Sha256::of(&[b"eine Seite"]).to_string();
    assert_eq!(document["sha256"], sha256);
    assert_eq!((&document["size_bytes"], &document["pages_read"]), (&10.into(), &1.into()));
    assert_eq!(office.original(id), b"eine Seite");
}

#[test]
fn results_go_to_stdout_and_talk_to_stderr() {
    let office = Office::new();
    let registry = office.place("zweite");
    let said = office.run(["init", registry.to_str().unwrap()]).done();
    assert!(said.out.starts_with("Registratur „Stadtverwaltung“ angelegt"), "{said:?}");
    assert!(
        !said.out.contains("Wiederherstellungsbl") && said.err.contains("Wiederherstellungsbl"),
        "{said:?}"
    );
    let proof = office.run(["proof", "show", "0"]);
    assert_eq!(proof.code, 3, "{proof:?}"); // a clerk is no auditor
    assert!(proof.out.is_empty());
}

#[test]
fn a_reader_that_goes_away_ends_the_command_without_noise() {
    let office = Office::new();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut child = office
        .command()
        .args(["rules", "show"])
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut one = [0];
    reader.read_exact(&mut one).unwrap();
    drop(reader);
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "", "{status}");
}

#[test]
fn what_was_acknowledged_stays_when_nobody_reads_the_acknowledgements() {
    let office = Office::new();
    office.write("stapel/1.txt", "eins");
    office.write(
        "stapel/liste.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am\n1.txt;63-1/1970;63.10.03;Anbau;1972-03-01\n",
    );
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = office.command();
    command.args(["ingest", "--manifest", "stapel/liste.csv"]).stdout(writer);
    let _ = command.status().unwrap();
    let file = office.run(["show", "--json", "63-1/1970"]).done().json();
    assert_eq!(file["documents"].as_array().unwrap().len(), 1);
    assert_eq!(file["phase"], "geschlossen (z.d.A.) am 01.03.1972");
}

#[test]
fn views_that_are_gone_are_made_again() {
    let office = Office::new();
    let path = office.write("vermerk.txt", "Wasserschaden");
    office.run(["ingest", "--file", "63-7/2020", "--class", "63.10.01", &path]).done();
    std::fs::remove_dir_all(office.registry().join("views")).unwrap();
    assert_eq!(office.run(["search", "--json", "Wasserschaden"]).done().json()["total"], 1);
    let said = office.run(["rebuild"]).done();
    assert_eq!(said.out, "Katalog und Suchindex sind neu aufgebaut\n");
    assert_eq!(office.run(["search", "--json", "Wasserschaden"]).done().json()["total"], 1);
}

#[test]
fn the_registry_may_be_named_or_come_from_the_environment() {
    let office = Office::new();
    let mut command = crate::office::program();
    said(command.args(["--registry", office.registry().to_str().unwrap(), "plan"])).done();
    said(crate::office::program().arg("plan")).failed(2);
}
