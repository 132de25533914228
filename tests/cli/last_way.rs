//! How a record leaves, command by command: due, listed, offered, appraised, handed over, proposed, approved by two
//! others, destroyed, proven.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::office::{Office, program, redacted, said};
use crate::python::python_with;

/// A demo registry with its people and two closed files: a building file whose house is gone, and a notice.
pub fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office.write("stapel/haus.txt", "Wohnhaus am Wall, Bauantrag");
    office.write("stapel/anzeige.txt", "Anzeige eines Gartenhauses");
    let list = office.write(
        "stapel/liste.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am;feld:street\n\
         haus.txt;63-1/1960;63.10.01;Wohnhaus;1962-03-01;Wall\n\
         anzeige.txt;63-2/1990;63.10.03;Gartenhaus;1991-06-30;Ring\n",
    );
    office.run(["ingest", "--allow-surplus", "--manifest", &list]).done();
    let gone =
        ["fact", "63-1/1960", "building_demolished", "--on", "2001-10-05", "--source", "Abbruchanzeige"];
    office.run(gone).done();
    office.run_as("voss", &["rules", "confirm"]).done();
    office
}

/// A new list, by its id.
pub fn list(office: &Office) -> String {
    let created = office.run_as("voss", &["--json", "list", "create", "--on", "2026-01-02"]).done().json();
    assert_eq!(created["lines"].as_array().unwrap().len(), 2, "{created}");
    created["list"].as_str().unwrap().to_owned()
}

/// Appraises and hands over: one file to the archive, one to be destroyed.
pub fn decide(office: &Office, list: &str) -> PathBuf {
    office.run_as("voss", &["list", "offer", list]).done();
    let appraise = |file, decision| {
        let args = ["list", "appraise", list, "--file", file, "--decision", decision, "--reason", "geprüft"];
        office.run_as("wolters", &args).done();
    };
    appraise("63-1/1960", "A");
    appraise("63-2/1990", "V");
    let bag = office.place("abgabe");
    office.run_as("wolters", &["transfer", "export", list, "--out", bag.to_str().unwrap()]).done();
    bag
}

#[test]
fn a_file_of_earlier_years_is_taken_in_with_its_days_and_becomes_due() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.run_as("voss", &["rules", "confirm"]).done();
    let path = office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let take = |file: &str, days: &[&str]| {
        let args = ["ingest", "--no-read", &path, "--file", file, "--class", "63.10.03"];
        office.run(args.iter().chain(days))
    };
    take("63-1/2010", &["--opened", "2010-05-03", "--closed", "2011-06-30"]).done();
    take("63-2/2010", &["--closed", "2011-06-30"]).done();
    take("63-3/2010", &["--opened", "2010-05-03"]).done();
    let result = |file: &str| {
        let why = office.run(["why", file, "--on", "2026-01-02"]).done().out;
        why.lines().nth(2).unwrap().to_owned()
    };
    assert_eq!(result("63-1/2010"), "Ergebnis: fällig seit 01.01.2022, zu vernichten");
    assert_eq!(result("63-2/2010"), "Ergebnis: fällig seit 01.01.2022, zu vernichten");
    assert_eq!(
        result("63-3/2010"),
        "Ergebnis: Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)"
    );
    // A file that is there keeps its days.
    let again = take("63-3/2010", &["--closed", "2011-06-30"]).done();
    assert_eq!(again.err.lines().count(), 2, "{again:?}");
    assert_eq!(
        again.err.lines().next(),
        Some("Akte 63-3/2010 gibt es schon; --opened und --closed gelten nur für neue Akten")
    );
    assert_eq!(
        result("63-3/2010"),
        "Ergebnis: Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)"
    );
}

#[test]
fn a_file_of_which_something_was_refused_is_not_closed() {
    let office = Office::new();
    let path = office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let days = ["--file", "63-1/2010", "--class", "63.10.03", "--closed", "2011-06-30"];
    let said = office.run(["ingest", &path, "fehlt.txt"].iter().chain(&days));
    assert_eq!(said.code, 2, "{said:?}");
    insta::assert_snapshot!(said.err, @"Akte 63-1/2010 bleibt offen, weil nicht alles erfasst wurde; danach schließt sie `schriftgut close \"63-1/2010\" --on 2011-06-30`");
    assert_eq!(office.run(["show", "--json", "63-1/2010"]).done().json()["phase"], "laufend");
    office.run(["close", "63-1/2010", "--on", "2011-06-30"]).done();
}

#[test]
fn why_says_what_holds_and_what_would_change_it() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.write("anzeige.txt", "Anzeige eines Gartenhauses");
    let head = "path;aktenzeichen;klasse;titel;geschlossen_am\n";
    let open = office.write("offen.csv", format!("{head}anzeige.txt;63-1/2010;63.10.03;Schuppen;\n"));
    let list = format!("{head}anzeige.txt;63-2/2010;63.10.03;Gartenhaus;2011-06-30\n");
    let closed = office.write("zu.csv", list);
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &open]).done();
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &closed]).done();
    insta::assert_snapshot!(office.run(["why", "63-1/2010", "--on", "2026-12-31"]).done().out, @r"
    Akte 63-1/2010 (Schuppen)
    Stand 31.12.2026
    Ergebnis: Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)
    Warum:
      - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
      - Die Akte ist nicht geschlossen (z.d.A.); vorher beginnt keine Frist
      - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
    ");
    let why = |on: &str| office.run(["why", "63-2/2010", "--on", on]).done().out;
    insta::assert_snapshot!(why("2026-01-02"), @r"
    Akte 63-2/2010 (Gartenhaus)
    Stand 02.01.2026
    Ergebnis: Regel zu bestätigen; bestätigt hieße es: fällig seit 01.01.2022, zu vernichten
    Warum:
      - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
      - „Akte geschlossen (z.d.A.)“ am 30.06.2011: Frist 10 Jahre ab dem Ende des Jahres (31.12.2011) → letzter Tag 31.12.2021 (Jahresende)
      - Nach Ablauf: zu vernichten (V)
      - Regel BA-03 ist von der Stadt nicht bestätigt; bis dahin macht sie nichts fällig
      - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
    ");
    office.run_as("voss", &["rules", "confirm", "BA-03"]).done();
    insta::assert_snapshot!(why("2021-12-31"), @r"
    Akte 63-2/2010 (Gartenhaus)
    Stand 31.12.2021
    Ergebnis: aufzubewahren bis 31.12.2021
    Warum:
      - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
      - „Akte geschlossen (z.d.A.)“ am 30.06.2011: Frist 10 Jahre ab dem Ende des Jahres (31.12.2011) → letzter Tag 31.12.2021 (Jahresende)
      - Nach Ablauf: zu vernichten (V)
      - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
    ");
    insta::assert_snapshot!(why("2022-01-01"), @r"
    Akte 63-2/2010 (Gartenhaus)
    Stand 01.01.2022
    Ergebnis: fällig seit 01.01.2022, zu vernichten
    Warum:
      - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
      - „Akte geschlossen (z.d.A.)“ am 30.06.2011: Frist 10 Jahre ab dem Ende des Jahres (31.12.2011) → letzter Tag 31.12.2021 (Jahresende)
      - Nach Ablauf: zu vernichten (V)
      - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
    ");
    office
        .run_as("voss", &["hold", "place", "63-2/2010", "--reason", "VG 4 K 17/21", "--since", "2021-05-01"])
        .done();
    insta::assert_snapshot!(redacted(&office, &why("2022-01-01")), @r"
    Akte 63-2/2010 (Gartenhaus)
    Stand 01.01.2022
    Ergebnis: gesperrt (Vernichtungssperre)
    Warum:
      - Vernichtungssperre seit 01.05.2021 (VG 4 K 17/21)
      - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
      - „Akte geschlossen (z.d.A.)“ am 30.06.2011: Frist 10 Jahre ab dem Ende des Jahres (31.12.2011) → letzter Tag 31.12.2021 (Jahresende)
      - Nach Ablauf: zu vernichten (V)
      - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
    ");
    let json = office.run(["why", "--json", "63-2/2010", "--on", "2022-01-01"]).done().json();
    assert_eq!((&json["outcome"], &json["rule"]), (&"held".into(), &"BA-03".into()));
    let reason = |kind: &str| {
        let reasons = json["reasons"].as_array().unwrap();
        let mut reason = reasons.iter().find(|one| one["reason"] == kind).unwrap().clone();
        reason.as_object_mut().unwrap().remove("text").unwrap();
        reason
    };
    assert_eq!(reason("held"), serde_json::json!({"reason": "held", "on": "2021-05-01"}));
    assert_eq!(
        reason("period"),
        serde_json::json!({
            "reason": "period", "facts": ["closed"], "on": "2011-06-30", "counted_from": "2011-12-31",
            "period": "10 years", "last": "2021-12-31"
        })
    );
    let open = office.run(["why", "--json", "63-1/2010"]).done().json();
    assert_eq!(
        (&open["until"], &open["due_since"], &open["proposal"]),
        (&Value::Null, &Value::Null, &Value::Null),
        "{open}"
    );
    let unclear = serde_json::json!([{
        "criterion": "altbau", "title": "Vor dem Stichjahr 1945 gebaut", "unclear_field": "built_year"
    }]);
    assert_eq!(open["criteria"], unclear, "{open}");
}

#[test]
fn rules_are_checked_and_tried_before_they_are_in_force() {
    let office = office();
    let check = office.run(["rules", "check"]).done();
    assert_eq!(check.out, "nrw-kommunal 2026-1: 66 Regeln ohne Widerspruch, 0 Klassen ohne Regel\n");
    let pack = include_str!("../../retention-rules/nrw/kommunal.toml");
    let longer = pack.replace("2026-1\"", "2026-2\"").replacen(
        r#"start = ["closed"], counted = "end_of_year", period = "10 years""#,
        r#"start = ["closed"], counted = "end_of_year", period = "60 years""#,
        1,
    );
    let longer_text = longer.clone();
    let longer = office.write("laenger.toml", longer);
    let tried = office.run(["rules", "try", &longer, "--on", "2026-01-02"]).done();
    insta::assert_snapshot!(tried.out, @r"
    63-2/1990            nicht mehr fällig: fällig seit 01.01.2002, zu vernichten → aufzubewahren bis 31.12.2051
    2 Akten angesehen, 1 würde anders beurteilt
    Verglichen ist, was beide Ausgaben sagen, wenn alle ihre Regeln bestätigt sind.
    Noch zu bestätigen ist die Regel jetzt bei 0 Akten, nach der anderen Ausgabe bei 2.
             1  nicht mehr fällig
    Nach Klasse:
      63.10.03 Zurückgenommene und abgelehnte Bauanträge: 1 nicht mehr fällig
    Nach dem Jahr, in dem sie fällig werden:
      2052: 1 nicht mehr fällig
    Nach Grund:
      BA-03 (Frist): 1 nicht mehr fällig
        ");
    let unchanged = office.run(["evaluate", "--json", "--on", "2026-01-02"]).done().lines().pop().unwrap();
    assert_eq!(unchanged["summary"]["due"], 2, "trying changes nothing: {unchanged}");
    let broken = office.write("kaputt.toml", pack.replacen("disposition = \"B\"", "disposition = \"X\"", 1));
    let said = redacted(&office, &office.run(["rules", "check", &broken]).failed(2));
    insta::assert_snapshot!(said, @r"
    Fehler:  Das Regelwerk ist nicht gültig
    Grund:   kaputt.toml, Zeile 66: Regel BA-01, Feld `disposition`: „X“: erwartet wird A, B oder V
    Ausweg:  berichtigen Sie die Datei
    ");
    office.run(["rules", "diff"]).failed(2);
    let proposed = office.run_as("voss", &["rules", "propose", &longer]).done().out;
    assert!(proposed.contains("in Kraft setzt es eine zweite Person"), "{proposed}");
    assert!(office.run(["rules", "show"]).done().out.contains("vorgeschlagen ist nrw-kommunal 2026-2"));
    let enact = ["rules", "enact", "nrw-kommunal 2026-2"];
    let said = office.run_as("voss", &enact).failed(3);
    assert!(said.contains("setzt es nicht selbst in Kraft"), "{said}");
    office.run_as("wolters", &["rules", "enact", "nrw-kommunal 2026-3"]).failed(3);
    assert_eq!(office.run(["rules", "try", "--on", "2026-01-02"]).done().out, tried.out, "what is proposed");
    office.run_as("wolters", &enact).done();
    office.run_as("wolters", &enact).failed(2);
    let other_text = longer_text.replacen("60 years", "61 years", 1);
    let other_text = office.write("anders.toml", other_text);
    let said = office.run_as("voss", &["rules", "propose", &other_text]).failed(2);
    assert!(said.contains("galt schon und lautet anders"), "{said}");
    assert!(office.run(["rules", "show"]).done().out.starts_with("Regelwerk nrw-kommunal 2026-2\n"));
}

#[test]
fn a_rule_file_is_compared_with_the_rules_in_force_or_with_another() {
    let office = Office::new();
    let pack = include_str!("../../retention-rules/nrw/kommunal.toml");
    let newer = pack.replace("2026-1\"", "2026-2\"").replacen("id = \"BA-04\"", "id = \"BA-94\"", 1);
    let newer = office.write("neu.toml", newer);
    insta::assert_snapshot!(office.run(["rules", "diff", &newer]).done().out, @r"
    Regelwerk nrw-kommunal 2026-1 → nrw-kommunal 2026-2
    neu        BA-94    Baulastenverzeichnis (63.20.01): dauernd; archivwürdig, abzugeben
    entfallen  BA-04    Baulastenverzeichnis (63.20.01): dauernd; archivwürdig, abzugeben
    Klasse 63.20.01: BA-04 → BA-94
    1 Regel neu, 1 entfallen, 0 geändert; 1 Klasse bekäme eine andere Regel
    ");
    let longer =
        office.write("laenger.toml", pack.replacen("period = \"10 years\"", "period = \"60 years\"", 1));
    let answer = office.run(["--json", "rules", "diff", &longer, "--against", &newer]).done().json();
    let longer = "60 Jahre, bis zum Jahresende";
    assert_eq!(
        answer["changed"],
        serde_json::json!([{
            "rule": "BA-03",
            "title": "Zurückgenommene und abgelehnte Bauanträge",
            "parts": [{ "part": "period", "before": "10 Jahre, bis zum Jahresende", "after": longer }],
        }])
    );
    assert_eq!((&answer["new"][0]["rule"], &answer["gone"][0]["rule"]), (&"BA-04".into(), &"BA-94".into()));
    let class = serde_json::json!([{ "class": "63.20.01", "before": "BA-94", "after": "BA-04" }]);
    assert_eq!(answer["classes"], class);
    office.run(["rules", "diff", &newer, "--against", "fehlt.toml"]).failed(2);
    let unchanged = office.run(["rules", "show"]).done().out;
    assert!(unchanged.starts_with("Regelwerk nrw-kommunal 2026-1\n"), "comparing enacts nothing");
}

#[test]
fn a_hold_wins_over_a_list_that_is_already_approved() {
    let office = office();
    let list = list(&office);
    decide(&office, &list);
    office.run_as("voss", &["list", "propose", &list]).done();
    office.run_as("tamm", &["list", "approve", &list]).done();
    office.run_as("wolters", &["list", "approve", &list]).done();
    office.run_as("tamm", &["hold", "place", "63-2/1990", "--reason", "Klage"]).done();
    let shown = office.run_as("voss", &["list", "show", &list]).done().out;
    let held = shown.lines().find(|line| line.contains("63-2/1990")).unwrap();
    assert!(held.contains("gesperrt (Vernichtungssperre)"), "{shown}");
    let kept = shown.lines().find(|line| line.contains("63-1/1960")).unwrap();
    assert!(kept.contains("weil: Abgebrochen, ohne andere Überlieferung"), "{shown}");
    assert!(!kept.contains("gesperrt"), "{shown}");
    let executed = office.run_as("voss", &["--json", "list", "execute", &list, "--confirm", &list[..8]]);
    assert!(executed.code == 3 || executed.json()["files"] == 0, "{executed:?}");
    office.run(["show", "63-2/1990"]).done();
    let holds = office.run(["hold", "list"]).done().out;
    assert!(holds.contains("63-2/1990") && holds.contains("Klage"), "{holds}");
}

#[test]
fn a_file_is_destroyed_only_after_the_whole_way_and_then_proven_gone() {
    let office = office();
    let list = list(&office);
    let too_early = office.run_as("voss", &["list", "propose", &list]);
    insta::assert_snapshot!(redacted(&office, &too_early.failed(3)), @r"
    Fehler:  Aussonderungsliste [kennung] kann nicht zur Vernichtung vorgeschlagen werden
    Grund:   die Liste ist ein Entwurf
    Ausweg:  bieten Sie die Liste zuerst dem Archiv an
    ");
    decide(&office, &list);
    insta::assert_snapshot!(redacted(&office, &office.run(["list", "propose", &list]).failed(2)), @r"
    Fehler:  Ohne Anmeldung kann nicht unterschrieben werden
    Grund:   eine Unterschrift braucht den eigenen Schlüssel der Person
    Ausweg:  nennen Sie mit --as, wer unterschreibt
    ");
    office.run_as("voss", &["list", "propose", &list]).done();
    let own = office.run_as("voss", &["list", "approve", &list]);
    insta::assert_snapshot!(redacted(&office, &own.failed(3)), @r"
    Fehler:  Aussonderungsliste [kennung] kann nicht freigegeben werden
    Grund:   Sie haben diese Liste schon vorgeschlagen oder freigegeben
    Ausweg:  eine andere Person muss freigeben
    ");
    office.run_as("tamm", &["list", "approve", &list]).done();
    let execute = ["--json", "list", "execute", &list, "--confirm", &list[..8]];
    let one_approval = office.run_as("voss", &execute);
    insta::assert_snapshot!(redacted(&office, &one_approval.failed(3)), @r"
    Fehler:  Aussonderungsliste [kennung] kann nicht ausgeführt werden
    Grund:   1 von 2 Freigaben verschiedener Personen liegen vor
    Ausweg:  `schriftgut list approve` durch weitere Personen
    ");
    office.run_as("wolters", &["list", "approve", &list]).done();
    let unconfirmed = office.run_as("voss", &["list", "execute", &list, "--confirm", "00000000"]);
    insta::assert_snapshot!(redacted(&office, &unconfirmed.failed(2)), @r"
    Fehler:  Die Vernichtung ist nicht bestätigt
    Grund:   die mit --confirm getippten Zeichen sind nicht der Anfang der Kennung
    Ausweg:  tippen Sie die ersten acht Zeichen der Kennung ab
    ");

    let executed = office.run_as("voss", &execute).done().json();
    assert_eq!((&executed["files"], &executed["documents"]), (&1.into(), &1.into()), "{executed}");
    office.run(["show", "63-2/1990"]).failed(2);
    office.run(["show", "63-1/1960"]).done(); // only the working copy's way ends here, later
    let second = office.run_as("voss", &["list", "create"]).failed(3);
    assert!(second.contains("fällig"), "what was handed over is on no second list: {second}");
    assert_eq!(office.run(["search", "--json", "Gartenhauses"]).done().json()["total"], 0);
    office.run_as("voss", &["verify", "--read-data"]).done();

    let certificate = Path::new(executed["certificate"].as_str().unwrap());
    let key = office.ledger_key();
    let verdict = offline(&["--json", "proof", "verify", certificate.to_str().unwrap(), "--key", &key]);
    assert_eq!(verdict.done().json()["destroyed"], 1);
}

#[test]
fn an_archive_copy_is_a_bag_that_other_tools_accept() {
    let office = office();
    let list = list(&office);
    let bag = decide(&office, &list);
    let again = office.run_as("wolters", &["transfer", "export", &list, "--out", bag.to_str().unwrap()]);
    insta::assert_snapshot!(redacted(&office, &again.failed(2)), @r"
    Fehler:  Das Abgabepaket kann nicht nach [ordner]/abgabe geschrieben werden
    Grund:   der Ordner besteht schon
    Ausweg:  nennen Sie einen neuen Ordner
    ");
    let found =
        walk(&bag).into_iter().any(|path| std::fs::read(path).unwrap() == b"Wohnhaus am Wall, Bauantrag");
    assert!(found, "the original is in the bag, byte for byte");
    let Some(python) = python_with_bagit() else { return };
    let valid = Command::new(python).args(["-m", "bagit", "--validate"]).arg(&bag).output().unwrap();
    assert!(valid.status.success(), "{valid:?}");
    let payload = walk(&bag.join("data")).remove(0);
    std::fs::write(payload, "etwas anderes").unwrap();
    let python = python_with_bagit().unwrap();
    let changed = Command::new(python).args(["-m", "bagit", "--validate"]).arg(&bag).output().unwrap();
    assert!(!changed.status.success(), "a changed bag is not accepted: {changed:?}");
}

#[test]
fn a_proof_is_verified_with_the_file_and_the_key_alone() {
    let office = office();
    let (file, key) = (office.place("nachweis.json"), office.ledger_key());
    office.run_as("voss", &["proof", "show", "63-1/1960", "--out", file.to_str().unwrap()]).done();
    let verify = |key: &str| offline(&["proof", "verify", file.to_str().unwrap(), "--key", key]);
    let said = verify(&key).done();
    assert!(said.out.starts_with("Der Nachweis gilt: "), "{said:?}");
    verify(&office.write("schluessel.txt", format!("{key}\n"))).done();
    insta::assert_snapshot!(verify("kein Schlüssel").failed(2), @r"
    Fehler:  Der Nachweis gilt nicht
    Grund:   der öffentliche Schlüssel ist nicht lesbar
    Ausweg:  verlangen Sie den Nachweis neu und unterrichten Sie die Revision, wenn er wieder nicht gilt
    ");
    verify(&Office::new().ledger_key()).failed(2);

    let proof = std::fs::read_to_string(&file).unwrap();
    let digits: Vec<usize> = (0..proof.len()).filter(|at| proof.as_bytes()[*at].is_ascii_digit()).collect();
    for at in digits.iter().step_by(digits.len() / 25) {
        let mut bytes = proof.clone().into_bytes();
        bytes[*at] = if bytes[*at] == b'7' { b'8' } else { b'7' };
        std::fs::write(&file, bytes).unwrap();
        verify(&key).failed(2);
    }
    std::fs::write(&file, "{}").unwrap();
    insta::assert_snapshot!(verify(&key).failed(2), @r"
    Fehler:  Der Nachweis gilt nicht
    Grund:   die Datei ist kein Nachweis: der Nachweis hat nicht die erwartete Form
    Ausweg:  verlangen Sie den Nachweis neu und unterrichten Sie die Revision, wenn er wieder nicht gilt
    ");
}

#[test]
fn the_keyring_is_backed_up_without_the_master_secret() {
    let office = Office::new();
    let out = office.place("schluessel");
    office.run(["keys", "backup", "--out", out.to_str().unwrap()]).done();
    let master = std::fs::read(office.registry().join("keys/master.key")).unwrap();
    let copied = walk(&out);
    assert!(copied.len() >= 4, "two keyrings: {copied:?}");
    for path in copied {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(master.len().min(32)).any(|part| part == &master[..part.len()]));
    }
    let again = office.run(["keys", "backup", "--out", out.to_str().unwrap()]);
    insta::assert_snapshot!(redacted(&office, &again.failed(2)), @r"
    Fehler:  Der Schlüsselbund kann nicht nach [ordner]/schluessel gesichert werden
    Grund:   der Ordner besteht schon
    Ausweg:  nennen Sie einen neuen Ordner
    ");
}

#[test]
fn doctor_says_how_things_are() {
    let office = Office::new();
    let said = office.run(["doctor"]).done();
    let names: Vec<_> =
        said.out.lines().filter_map(|line| line[9..].split_once(':')).map(|(name, _)| name.trim()).collect();
    assert_eq!(
        names,
        [
            "Leseeinheit",
            "Lesefassungen",
            "Suchindex",
            "Wörterliste",
            "Hauptschlüssel",
            "Nachweisbuch",
            "Texte",
            "Unversehrtheit"
        ]
    );
}

/// Runs a command in an empty folder, without any registry.
pub fn offline(args: &[&str]) -> crate::office::Said {
    let folder = tempfile::tempdir().unwrap();
    said(program().current_dir(folder.path()).args(args))
}

pub fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// A Python that has the reference implementation of `BagIt`.
fn python_with_bagit() -> Option<PathBuf> {
    python_with("bagit", &["bagit==1.9.0", "setuptools<81"])
}

#[test]
fn facts_come_from_a_table_that_is_looked_at_as_a_whole_and_may_come_twice() {
    let office = office();
    let head = "aktenzeichen;tatsache;am;quelle\n";
    let wrong = office.write(
        "falsch.csv",
        format!("{head}63 2 1990;building_demolished;2014-03-12;Anzeige\n63-2/1990;gesprengt;2014-03-12;A\n63-9;died;2014-03-12;A\n63-2/1990;closed;2014-03-12;A\n63-2/1990;building_demolished;2999-01-01;A\n"),
    );
    let said = office.run(["facts", &wrong]).failed(2);
    for told in ["Zeile 3: Die Tatsache „gesprengt“", "Zeile 4: ", "Zeile 5: ", "Zeile 6: ", "in der Zukunft"]
    {
        assert!(said.contains(told), "no {told} in {said}");
    }
    let right =
        office.write("richtig.csv", format!("{head}63 2 1990;building_demolished;2014-03-12;Anzeige\n"));
    let facts =
        |more: &[&str]| office.run(["facts", &right].into_iter().chain(more.iter().copied())).done().out;
    assert_eq!(facts(&["--preview"]), "1 Tatsache festzuhalten, 0 schon bekannt\n");
    assert!(
        !office.run(["show", "63-2/1990"]).done().out.contains("building_demolished"),
        "nothing of the wrong list"
    );
    assert_eq!(facts(&[]), "1 Tatsache festgehalten, 0 schon bekannt\n");
    assert_eq!(facts(&[]), "0 Tatsachen festgehalten, 1 schon bekannt\n");
    assert!(
        office.run(["show", "63-2/1990"]).done().out.contains("Gebäude abgebrochen am 12.03.2014 (Anzeige)")
    );
    let future = ["fact", "63-2/1990", "building_demolished", "--on", "2999-01-01", "--source", "A"];
    assert!(office.run(future).failed(2).contains("in der Zukunft"));
    for verb in ["close", "reopen"] {
        let said = office.run([verb, "63-2/1990", "--on", "2999-01-01"]).failed(2);
        assert!(said.contains("der 01.01.2999 liegt in der Zukunft"), "{verb}: {said}");
    }
}

#[test]
fn a_file_that_a_batch_names_in_two_spellings_is_closed_once() {
    let office = Office::new();
    office.write("a.txt", "Antrag");
    office.write("b.txt", "Bescheid");
    let list = office.write(
        "liste.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am\na.txt;63-1/1960;63.10.03;Haus;1962-03-01\nb.txt;63 1 1960;63.10.03;Haus;1962-03-01\n",
    );
    office.run(["ingest", "--allow-surplus", "--manifest", &list]).done();
    let shown = office.run(["show", "63-1/1960"]).done().out;
    assert_eq!(shown.matches("am 01.03.1962 (").count(), 1, "{shown}");
    assert!(shown.contains("a.txt") && shown.contains("b.txt"), "{shown}");
}
