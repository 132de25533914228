//! Keeping files from outside: what is said of them is changed, noted, brought up again and given to somebody; and what was
//! decided about a file that changed since is not carried out.

use crate::office::{Office, redacted};

fn office() -> Office {
    let office = Office::demo();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    for number in ["63-1", "63-2"] {
        let path = office.write("antrag.txt", "Antrag auf eine Garage");
        office
            .run(["ingest", &path, "--file", number, "--class", "63.10.01", "--field", "street=Ring"])
            .done();
    }
    office
}

#[test]
fn what_is_said_of_files_is_changed_for_all_or_none_and_found_as_it_is_now() {
    let office = office();
    let change =
        |more: &[&str]| office.run(["change"].iter().chain(more).chain(&["--reason", "falsch erfasst"]));
    let preview =
        change(&["63-1", "63-2", "--field", "street=Wallgasse", "--field", "built_year=1961", "--preview"]);
    insta::assert_snapshot!(preview.done().out, @r"
    63-1: Feld built_year: – → 1961; Feld street: Ring → Wallgasse
    63-2: Feld built_year: – → 1961; Feld street: Ring → Wallgasse
    2 Akten zu ändern; geändert wurde nichts
    ");
    // On a busy machine an answer may say that the index is still behind: then somebody asks again.
    let total = |query: &str| loop {
        let found = office.run(["search", "--json", query]).done().json();
        if found["behind"].is_null() && found["partial"].is_null() {
            break found["total"].clone();
        }
    };
    assert_eq!(total("Garage straße:Wallgasse"), 0);
    let said = change(&["63-1", "63-9", "--title", "Anders"]).failed(2);
    assert!(said.contains("63-9"), "{said}");
    let said = change(&["63-1", "--field", "built_year=alt"]).failed(2);
    assert!(said.contains("Feld „Baujahr“ (built_year): „alt“ passt nicht"), "{said}");
    assert!(office.run(["show", "63-1"]).done().out.contains("Straße: Ring"), "none of it");

    change(&["63-1", "63-2", "--field", "street=Wallgasse"]).done();
    change(&["63-1", "--class", "63.10.03", "--title", "Garage an der Wallgasse"]).done();
    assert_eq!(total("Garage straße:Wallgasse"), 2);
    assert_eq!(total("Garage klasse:63.10.03"), 1);
    let found = office.run(["search", "--json", "titel:Wallgasse"]).done().json();
    let files: Vec<_> = found["hits"].as_array().unwrap().iter().map(|hit| &hit["file"]).collect();
    assert!(!files.is_empty() && files.iter().all(|file| *file == "63-1"), "{found}");
    change(&["63-1", "--field", "street="]).done();
    assert!(!office.run(["show", "63-1"]).done().out.contains("Straße"), "taken away");
    assert_eq!(change(&["63-2", "--field", "street=Wallgasse"]).done().out, "0 Akten geändert\n");
    office.run(["rebuild"]).done();
    assert_eq!((total("Garage straße:Wallgasse"), total("Garage klasse:63.10.03")), (1.into(), 1.into()));
}

#[test]
fn notes_stand_in_the_file_and_are_found() {
    let office = office();
    office.run(["note", "63-1", "Anruf der Nachbarin wegen Hausschwamm"]).done();
    assert!(office.run(["show", "63-1"]).done().out.contains("Anruf der Nachbarin wegen Hausschwamm"));
    let found = office.run(["search", "--json", "Hausschwamm"]).done().json();
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found}");
    office.run(["note", "63-1", "  "]).failed(2);
}

#[test]
fn whoever_is_to_look_at_a_file_again_sees_it_from_that_day_on_until_it_is_done() {
    let office = office();
    let add = |on: &str, more: &[&str]| {
        let args = ["reminder", "add", "63-1", "--on", on, "--text", "Baubeginn prüfen"];
        office.run(args.iter().chain(more))
    };
    add("2020-01-01", &[]).failed(2);
    add("2999-01-01", &["--for", "anna"]).done();
    add("2998-01-01", &["--for", "anna"]).done();
    let list = |login: &str, until: &str| {
        let answer = office.run_as(login, &["--json", "reminder", "list", "--until", until]).done().json();
        answer["reminders"].as_array().unwrap().clone()
    };
    let days = |found: &[serde_json::Value]| -> Vec<String> {
        found.iter().map(|one| one["on"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(days(&list("anna", "2997-12-31")), [""; 0]);
    assert_eq!(days(&list("anna", "2998-06-01")), ["2998-01-01"]);
    let both = list("anna", "2999-01-01");
    assert_eq!(days(&both), ["2998-01-01", "2999-01-01"]);
    assert_eq!(days(&list("voss", "2999-01-01")), [""; 0], "hers, not his");
    office.run(["rebuild"]).done();
    assert_eq!(list("anna", "2999-01-01"), both, "as after a rebuild");
    let id = both[0]["reminder"].as_str().unwrap();
    office.run_as("anna", &["reminder", "done", "63-1", id]).done();
    assert_eq!(days(&list("anna", "2999-01-01")), ["2999-01-01"]);
    office.run_as("anna", &["reminder", "done", "63-1", id]).failed(3);
    office.add_person("rev", "Revision", &["auditor"]);
    let said = add("2999-01-01", &["--for", "rev"]).failed(3);
    assert!(said.contains("darf sie nicht lesen"), "{said}");
}

#[test]
fn files_are_given_to_somebody_and_taken_back() {
    let office = office();
    assert_eq!(
        office.run(["assign", "63-1", "63-2", "--to", "anna"]).done().out,
        "anna ist jetzt für 2 Akten zuständig\n"
    );
    office.run(["assign", "63-1", "63-9", "--to", "voss"]).failed(2);
    assert_eq!(
        office.run(["assign", "63-1"]).done().out,
        "für 1 Akte ist niemand mehr persönlich zuständig\n"
    );
    office.run(["assign", "63-1", "--to", "niemand"]).failed(2);
}

#[test]
fn what_is_on_a_list_is_not_changed_and_what_a_criterion_speaks_for_since_is_not_destroyed() {
    let office = office();
    office.run_as("voss", &["rules", "confirm"]).done();
    let path = office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let args = ["ingest", &path, "--file", "63-3", "--class", "63.10.03", "--closed", "1991-06-30"];
    office.run(args).done();
    let create = ["--json", "list", "create", "--on", "2026-01-02"];
    let created = office.run_as("voss", &create).done().json();
    let list = created["list"].as_str().unwrap();
    let said = office.run(["change", "63-3", "--title", "Neu", "--reason", "x"]).failed(3);
    insta::assert_snapshot!(redacted(&office, &said), @r"
    Fehler:  Die Akte 63-3 wird nicht geändert
    Grund:   sie steht auf einer laufenden Aussonderungsliste, und was dort entschieden wird, darf sich nicht ändern
    Ausweg:  ziehen Sie die Liste zuerst zurück (`schriftgut list withdraw`)
    ");
    office.run_as("voss", &["list", "withdraw", list]).done();
    office.run(["change", "63-3", "--title", "Neu", "--reason", "x"]).done();
}

#[test]
fn a_deputy_sees_what_waits_for_somebody_who_is_away_and_gets_no_right_by_it() {
    let office = office();
    for (login, role) in [("erich", "clerk"), ("fritz", "clerk"), ("revi", "auditor")] {
        office.add_person(login, login, &[role]);
    }
    office.run(["user", "rights", "anna", "--domain", "general", "--domain", "tax"]).done();
    let path = office.write("steuer.txt", "Grundsteuer");
    office.run_as("anna", &["ingest", &path, "--file", "22-1", "--class", "22.10.01"]).done();
    for (file, text) in [("63-1", "Baubeginn"), ("22-1", "Steuergeheimnis")] {
        let on = "2999-01-01";
        office.run_as("anna", &["reminder", "add", file, "--on", on, "--text", text]).done();
        office.run_as("anna", &["assign", file, "--to", "anna"]).done();
    }
    let seen = |login: &str| {
        let until = ["--json", "reminder", "list", "--until", "2999-12-31"];
        let answer = office.run_as(login, &until).done().json();
        let texts = answer["reminders"].as_array().unwrap().iter();
        let texts: Vec<_> = texts.map(|one| format!("{} {}", one["text"], one["deputising_for"])).collect();
        (texts, answer["responsible"].clone())
    };
    let deputy = |by: &str, absent: &str, deputy: &str, from: &str, until: &str| {
        office.run_as(by, &["user", "deputy", absent, "--by", deputy, "--from", from, "--until", until])
    };
    let (past, far) = ("2020-01-01", "2999-12-31");
    assert_eq!(seen("erich").0, [""; 0]);
    deputy("anna", "anna", "erich", past, far).done();
    for _ in 0..2 {
        let (texts, responsible) = seen("erich");
        assert_eq!(texts, ["\"Baubeginn\" \"anna\""], "what the deputy may not read is not there");
        let files = serde_json::json!([{ "deputising_for": "anna", "files": ["63-1"], "more_files": 0 }]);
        assert_eq!(responsible, files);
        office.run(["rebuild"]).done();
    }
    let said = office.run_as("erich", &["reminder", "list", "--until", far]).done().out;
    assert!(said.contains("in Vertretung für") && said.contains("zuständig für 63-1"), "{said}");
    office.run_as("erich", &["show", "22-1"]).failed(2);
    // No chains: whoever stands in for the deputy gets what is the deputy's own.
    deputy("erich", "erich", "fritz", past, far).done();
    assert_eq!(seen("fritz").0, [""; 0]);
    // A deputy of somebody who approves approves nothing.
    deputy("voss", "voss", "fritz", past, far).done();
    office.run_as("fritz", &["list", "show"]).failed(3);

    for (by, absent, other, from, until, code, why) in [
        ("anna", "anna", "fritz", "2998-01-01", "2998-02-01", 2, "vertritt schon erich"),
        ("anna", "anna", "anna", past, far, 2, "sich selbst"),
        ("anna", "anna", "revi", past, far, 2, "liest keine Akten"),
        ("anna", "anna", "niemand", past, far, 2, "niemand"),
        ("anna", "anna", "erich", "2998-01-02", "2998-01-01", 2, "vor dem ersten"),
        ("anna", "anna", "erich", past, "2020-02-01", 2, "vorbei"),
        ("fritz", "anna", "fritz", past, far, 3, "nicht Ihre Sache"),
    ] {
        let said = deputy(by, absent, other, from, until).failed(code);
        assert!(said.contains(why), "{said}");
    }
    office.run_as("fritz", &["user", "deputy", "anna"]).failed(3);
    office.run_as("anna", &["user", "deputy", "anna", "--end"]).done();
    assert_eq!(seen("erich"), (Vec::new(), serde_json::json!([])));
    office.run_as("anna", &["user", "deputy", "anna", "--end"]).failed(2);
    // Records management may say who stands in; files given to somebody else are nobody's any more.
    deputy("voss", "anna", "fritz", past, far).done();
    office.run_as("anna", &["assign", "63-1"]).done();
    assert_eq!(seen("fritz").1[0]["files"], serde_json::json!([]));
}
