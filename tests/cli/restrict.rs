//! Two phases from outside (§ 13 Abs. 2 BMG: 5 years in use, 50 years restricted): whoever does not need a file any more
//! finds it no more, sees nothing of it, and cannot tell it from one that never was.

use crate::office::Office;
use crate::server::Server;

const QUERIES: [&str; 6] =
    ["Wegzug", "Meldeschein Wegzug", "Wegz*", "Hamburg", "wegzgu~", "klasse:33.10.01 Meldeschein"];

/// Files of people who moved away, all of one text but for a word; the last is the one that is restricted.
fn office(files: &[(&str, &str, &str)]) -> (Office, Vec<String>) {
    let office = Office::demo();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    let mut documents = Vec::new();
    for (number, place, moved) in files {
        let title = format!("Wegzug nach {place}");
        let open = [
            "open",
            "--class",
            "33.10.01",
            "--title",
            &title,
            "--reference",
            number,
            "--opened",
            "2005-01-01",
        ];
        office.run(open).done();
        let path = office.write(&format!("{number}.txt"), format!("Meldeschein: Wegzug nach {place}"));
        documents.extend(office.take_in(&[&path, "--file", number]));
        let fact = ["fact", number, "moved_away", "--on", moved, "--source", "Abmeldung"];
        office.run(fact).done();
        office.run(["close", number, "--on", "2009-06-15"]).done();
    }
    office.run(["work"]).done();
    (office, documents)
}

/// What somebody who searches is told, without ids and times. Which of equals comes first is nobody's promise.
fn told(office: &Office, login: &str) -> Vec<String> {
    let search = |query: &str| {
        let mut said =
            office.run_as(login, &["search", query, "--json", "--facets", "--explain"]).done().json();
        said["took_ms"] = 0.into();
        for hit in said["hits"].as_array_mut().unwrap() {
            hit["document"] = hit["document"].is_string().into();
        }
        said["hits"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
        said.to_string()
    };
    let ask = |args: &[&str]| {
        let mut lines: Vec<_> = office.run_as(login, args).done().out.lines().map(str::to_owned).collect();
        lines.sort();
        lines.join("\n")
    };
    let suggested = ["Weg", "Ham", "33-"].map(|begun| ask(&["suggest", begun, "--json"]));
    let found = QUERIES.map(search);
    let due = ask(&["evaluate", "--json", "--on", "2026-11-27"]);
    found.into_iter().chain(suggested).chain([due]).collect()
}

const KEPT: [(&str, &str, &str); 2] = [("33-1", "Kiel", "2024-02-03"), ("33-2", "Bremen", "2023-05-05")];
const OLD: (&str, &str, &str) = ("33-3", "Hamburg", "2010-10-30");

#[test]
fn a_running_server_restricts_by_itself_what_the_rules_restrict() {
    let (office, _) = office(&[KEPT[0], OLD]);
    assert!(office.run_as("anna", &["search", "Hamburg", "--json"]).done().out.contains("33-3"));
    let _server = Server::start(&office);
    let begun = std::time::Instant::now();
    while office.run_as("anna", &["search", "Hamburg", "--json"]).done().json()["total"] != 0 {
        assert!(begun.elapsed().as_secs() < 60, "nobody restricts");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let restricted = office.run_as("voss", &["restrict", "list", "--json"]).done().json();
    assert_eq!(restricted["files"].as_array().unwrap().len(), 1, "{restricted}");
    let left = office.run_as("voss", &["restrict", "apply", "--json"]).done().json();
    assert_eq!(left["files"].as_array().unwrap().len(), 0, "{left}");
}

#[test]
fn after_the_first_phase_a_file_is_for_those_who_need_it_and_for_others_as_if_it_never_was() {
    let (bare, _) = office(&KEPT);
    bare.run(["rebuild"]).done(); // what was replaced meanwhile is not counted any more
    let (office, documents) = office(&[KEPT[0], KEPT[1], OLD]);
    let hamburg = documents.last().unwrap();
    assert!(office.run_as("anna", &["search", "Hamburg", "--json"]).done().out.contains("33-3"));
    let why = office.run_as("anna", &["why", "33-3"]).done().out;
    assert!(why.contains("ab dem 01.01.2016 lesen sie nur noch Schriftgutverwaltung und Archiv"), "{why}");

    let preview = office.run_as("voss", &["restrict", "apply", "--preview", "--json"]).done().json();
    assert_eq!(preview["files"].as_array().unwrap().len(), 1, "{preview}");
    assert_eq!(
        (&preview["files"][0]["reference"], &preview["files"][0]["from"]),
        (&"33-3".into(), &"2016-01-01".into())
    );
    let later = ["restrict", "apply", "--on", "2031-01-01", "--json"];
    let said = office.run_as("voss", &later).failed(2);
    assert!(said.contains("01.01.2031 liegt in der Zukunft") && said.contains("--preview"), "{said}");
    let later = office.run_as("voss", &[&later[..], &["--preview"]].concat()).done().json();
    assert_eq!(later["files"].as_array().unwrap().len(), 3, "{later}");
    assert!(office.run_as("anna", &["restrict", "apply"]).failed(3).contains("Schriftgutverwaltung"));

    let applied = office.run_as("voss", &["restrict", "apply", "--json"]).done().json();
    assert_eq!(applied["files"], preview["files"]);
    assert_eq!(told(&office, "anna"), told(&bare, "anna"), "as if there were no such file");
    for ask in [["show", "33-3"], ["why", "33-3"], ["show", hamburg], ["similar", hamburg]] {
        let said = office.run_as("anna", &ask).failed(2);
        let missing = bare.run_as("anna", &ask).failed(2);
        assert_eq!(said, missing, "{ask:?}");
    }
    let out = office.place("heimlich");
    let get = ["get", hamburg, "--out", out.to_str().unwrap()];
    assert_eq!(
        office.run_as("anna", &get).failed(2),
        bare.run_as("anna", &get)
            .failed(2)
            .replace(bare.place("heimlich").to_str().unwrap(), out.to_str().unwrap())
    );

    let shown = office.run_as("voss", &["show", "33-3"]).done().out;
    assert!(shown.contains("Eingeschränkt seit") && shown.contains("33-3.txt"), "{shown}");
    assert!(
        !office.run_as("voss", &["search", "Hamburg", "--json"]).done().out.contains("33-3"),
        "not in the search"
    );
    let listed = office.run_as("voss", &["restrict", "list", "--json"]).done().json();
    assert_eq!(listed["files"][0]["reference"], "33-3");
    assert_eq!(
        office.run_as("anna", &["restrict", "list", "--json"]).done().json()["files"],
        serde_json::json!([])
    );
    office.run(["rebuild"]).done();
    assert_eq!(told(&office, "anna"), told(&bare, "anna"), "nor after the views were made anew");
    assert_eq!(office.run_as("voss", &["restrict", "list", "--json"]).done().json(), listed);
}

#[test]
fn what_was_restricted_is_not_so_again_and_what_was_lifted_stays_so_until_a_fact_says_otherwise() {
    let (office, _) = office(&[OLD]);
    let ledger = || {
        let files = std::fs::read_dir(office.registry().join("ledger")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    let apply = || office.run_as("voss", &["restrict", "apply", "--json"]).done().json()["files"].clone();
    assert_eq!(apply().as_array().unwrap().len(), 1);
    let before = ledger();
    assert_eq!(apply(), serde_json::json!([]));
    assert_eq!(ledger(), before, "the second time writes nothing");

    let lift = ["restrict", "lift", "33-3", "--reason", "Auskunft an die Betroffene"];
    assert!(
        office.run_as("voss", &["restrict", "lift", "33-3", "--reason", " "]).failed(2).contains("Grund")
    );
    office.run_as("voss", &lift).done();
    for _ in 0..2 {
        assert!(office.run_as("anna", &["search", "Hamburg", "--json"]).done().out.contains("33-3"));
        office.run(["rebuild"]).done();
    }
    let shown = office.run_as("anna", &["show", "33-3"]).done().out;
    assert!(shown.contains("Einschränkung am"), "{shown}");
    assert_eq!(apply(), serde_json::json!([]), "it stays lifted");
    let said = office.run_as("voss", &lift).failed(3);
    assert!(said.contains("nicht eingeschränkt"), "{said}");
    assert!(office.run_as("voss", &["restrict", "lift", "33-4", "--reason", "x"]).failed(2).contains("33-4"));
}

#[test]
fn what_is_used_again_is_everyones_again() {
    let (office, _) = office(&[OLD]);
    office.run_as("voss", &["restrict", "apply"]).done();
    let hidden = office.run_as("anna", &["reopen", "33-3"]).failed(2);
    let missing = office.run_as("anna", &["reopen", "33-9"]).failed(2);
    assert_eq!(hidden, missing.replace("33-9", "33-3"), "it does not exist for her");
    office.run_as("voss", &["reopen", "33-3"]).done();
    assert!(office.run_as("anna", &["search", "Hamburg", "--json"]).done().out.contains("33-3"));
    assert_eq!(
        office.run_as("voss", &["restrict", "list", "--json"]).done().json()["files"],
        serde_json::json!([])
    );
}

#[test]
fn whatever_a_clerk_asks_of_a_restricted_file_is_answered_as_if_it_never_was() {
    let (bare, _) = office(&KEPT);
    let (office, documents) = office(&[KEPT[0], KEPT[1], OLD]);
    office.run_as("voss", &["restrict", "apply"]).done();
    let hamburg = documents.last().unwrap().as_str();
    let moved = bare.take_in(&[&bare.write("frei.txt", "Ein freies Blatt")]);
    let own = office.take_in(&[&office.write("frei.txt", "Ein freies Blatt")]);
    let asks: [&[&str]; 17] = [
        &["ingest", "frei.txt", "--file", "33-3"],
        &["ingest", "frei.txt", "--file", "33-3", "--register", "50"],
        &["ingest", "frei.txt", "--version-of", hamburg],
        &["file", "FREI", "33-3"],
        &["refile", hamburg, "--to", "33-1", "--reason", "x"],
        &["refile", "--all-of", "33-3", "--to", "33-1", "--reason", "x"],
        &["sort", hamburg, "--register", "50"],
        &["withdraw", hamburg, "--reason", "x"],
        &["withdraw", hamburg, "--reason", "x", "--undo"],
        &["split", hamburg, "--at", "2"],
        &["merge", hamburg, "FREI"],
        &["unpack", hamburg],
        &["fact", "33-3", "moved_away", "--on", "2011-01-01", "--source", "x"],
        &["close", "33-3", "--on", "2020-01-01"],
        &["reopen", "33-3"],
        &["relate", "33-1", "33-3"],
        &["note", "33-3", "Ein Vermerk"],
    ];
    for ask in asks {
        let run = |office: &Office, free: &str| {
            let words: Vec<_> = ask.iter().map(|word| if *word == "FREI" { free } else { *word }).collect();
            let said = office.run_as("anna", &words);
            (said.code, said.out.replace(free, "FREI"), said.err.replace(free, "FREI"))
        };
        let (told, missing) = (run(&office, &own[0]), run(&bare, &moved[0]));
        assert_ne!(missing.0, 0, "{ask:?}: {missing:?}");
        assert_eq!(told, missing, "{ask:?}");
    }
}
