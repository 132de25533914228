//! The file plan from outside: editions, tables, messages of xdomea, and files whose number a pattern gives.

use std::path::PathBuf;
use std::process::Command;

use crate::office::Office;
use crate::shared;

const MODEL: &str = include_str!("../../schema/file-plan/kommunal.toml");

/// An office with a records manager.
fn office() -> Office {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office
}

/// The model plan as another edition, with a class more and one closed.
fn second() -> String {
    MODEL
        .replacen("kommunal 2026-1", "kommunal 2027-1", 1)
        .replacen(
            "title = \"Bauakten\" }",
            "title = \"Bauakten\" },\n{ number = \"63.10.09\", title = \"Garagen\" }",
            1,
        )
        .replacen("title = \"Fundsachen\"", "title = \"Fundsachen\", closed = true", 1)
}

#[test]
fn a_plan_is_looked_at_enacted_and_remembered() {
    let office = office();
    let file = office.write("plan.toml", second());
    let checked = office.run(["plan", "check", &file]).done().out;
    insta::assert_snapshot!(checked, @r"
    32.30.01 Fundsachen: geschlossen
    63.10.09 Garagen: neu
    63.10.09: keine Aufbewahrungsregel gilt dafür
    Aktenplan kommunal 2027-1: 2 Änderungen, nichts in Kraft gesetzt
    ");
    office.run(["plan", "enact", &file]).failed(3);
    let enacted = office.run_as("voss", &["plan", "enact", &file]).done().out;
    assert!(enacted.ends_with("Aktenplan kommunal 2027-1: 2 Änderungen, in Kraft\n"), "{enacted}");
    assert_eq!(office.run(["plan", "check", &file]).done().out, "dieser Aktenplan gilt schon\n");
    let shown = office.run(["plan"]).done().out;
    assert!(
        shown.contains("63.10.09     Garagen\n") && shown.contains("Fundsachen  (geschlossen)\n"),
        "{shown}"
    );
    let earlier = office.run(["plan", "show", "--edition", "kommunal 2026-1"]).done().out;
    assert!(!earlier.contains("Garagen") && earlier.contains("Fundsachen\n"), "{earlier}");
    let said = office.run(["plan", "show", "--edition", "2020"]).failed(2);
    assert!(said.contains("in Kraft sind oder waren: „kommunal 2026-1“, „kommunal 2027-1“"), "{said}");
    let wrong = office.write("falsch.toml", second().replacen("number = \"63.20\"", "number = \"63-20\"", 1));
    insta::assert_snapshot!(office.run(["plan", "check", &wrong]).failed(2), @r"
    Fehler:  Der Aktenplan ist nicht gültig
    Grund:   falsch.toml, Zeile 139: Klasse 63-20, Feld `number`: erwartet werden Zifferngruppen wie 63.10.01
    Ausweg:  berichtigen Sie die Datei; es gilt, was bisher galt
    ");
}

#[test]
fn a_plan_goes_out_as_a_table_and_comes_back_with_what_was_changed() {
    let office = office();
    let csv = office.run(["plan", "show", "--csv"]).done().out;
    office.run(["plan", "export", "--form", "csv", "--out", "plan.csv"]).done();
    assert_eq!(std::fs::read_to_string(office.place("plan.csv")).unwrap(), csv);
    office.run(["plan", "export", "--form", "csv", "--out", "plan.csv"]).failed(2);
    let changed = csv.replace("63.10.01;Bauakten;", "63.10.01;Bauakten und Carports;");
    assert_ne!(changed, csv);
    office.write("neu.csv", &changed);
    let import = ["plan", "import", "neu.csv", "--edition", "2027-1"];
    let said = office.run(import).done();
    assert!(
        said.out.contains("edition = \"2027-1\"\n") && said.out.contains("title = \"Bauakten und Carports\"")
    );
    assert!(said.err.contains("63.10.01 Bauakten und Carports: hieß bisher „Bauakten“"), "{}", said.err);
    assert!(said.err.contains("noch nicht in Kraft (`schriftgut plan enact`)"), "{}", said.err);
    let written = office.run(import.into_iter().chain(["--out", "neu.toml"])).done();
    assert!(written.out.ends_with(" Klassen nach neu.toml geschrieben\n"), "{}", written.out);
    assert_eq!(std::fs::read_to_string(office.place("neu.toml")).unwrap(), said.out);
    assert!(!office.run(["plan"]).done().out.contains("Carports"), "nothing is enacted by reading it");
    office.run_as("voss", &["plan", "enact", "neu.toml"]).done();
    assert!(office.run(["plan"]).done().out.contains("Bauakten und Carports"));
    let nameless = office.run(["plan", "import", "neu.csv"]).done();
    assert!(nameless.err.contains("Die Ausgabe fehlt noch"), "{}", nameless.err);
    let short = office.write("kurz.csv", "nummer,titel\r\n63,Bauen\r\n");
    let said = office.run(["plan", "import", &short, "--edition", "kurz"]).done();
    assert!(said.err.contains("So kann er nicht in Kraft treten: es fehlen Klassen"), "{}", said.err);
}

#[test]
fn a_plan_goes_out_as_xdomea_and_comes_back_the_same() {
    let office = office();
    let file = office.write("plan.toml", second());
    office.run_as("voss", &["plan", "enact", &file]).done();
    let said = office.run(["plan", "export", "--form", "xdomea", "--out", "plan.xml"]).done();
    assert!(said.err.contains("steht „unbefristet“"), "{}", said.err);
    let back = office.run(["plan", "import", "plan.xml", "--out", "zurück.toml"]).done();
    assert!(back.err.contains("dieser Aktenplan gilt schon"), "{}", back.err);
    let text = std::fs::read_to_string(office.place("zurück.toml")).unwrap();
    let read = |text: &str| schriftgut::format::file_plan::read("plan.toml", text).unwrap();
    assert_eq!(read(&text), read(&second()));
}

/// The schemas of xdomea, which are not part of the project.
pub fn schemas() -> Option<PathBuf> {
    let schemas = shared::root().join("xdomea/xsd");
    let xmllint = Command::new("xmllint").arg("--version").output().is_ok();
    if schemas.is_dir() && xmllint {
        return Some(schemas.canonicalize().unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "in CI the schemas of xdomea and xmllint must be present");
    println!("skipped: no schemas in {}, or no xmllint", schemas.display());
    None
}

#[test]
fn what_goes_out_as_xdomea_is_valid_by_its_schemas() {
    let Some(schemas) = schemas() else { return };
    let office = office();
    let odd = second().replacen("title = \"Garagen\"", "title = 'Garagen & <\"Carports\">'", 1);
    let file = office.write("plan.toml", odd);
    office.run_as("voss", &["plan", "enact", &file]).done();
    office.run(["plan", "export", "--form", "xdomea", "--out", "plan.xml"]).done();
    let schema = schemas.join("3.1.0/xdomea-Nachrichten-AktenplanAustauschen.xsd");
    let valid = |name: &str| {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema"]).arg(&schema).arg(office.place(name));
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (is_valid, told) = valid("plan.xml");
    assert!(is_valid, "{told}");
    let text = std::fs::read_to_string(office.place("plan.xml")).unwrap();
    office.write("falsch.xml", text.replacen("<xdomea:Stillgelegt>false</xdomea:Stillgelegt>", "", 1));
    assert!(!valid("falsch.xml").0, "the schemas do look");
}

#[test]
fn a_form_that_is_no_plan_is_told_apart() {
    let office = office();
    let latin1: Vec<u8> =
        "nummer;titel\n63;Bau\n64;".bytes().chain([0xdc, b'b', b'e', b'r', b'\n']).collect();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("nummer;titel".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (name, bytes, told) in [
        ("latin1.csv", latin1, "ab Zeile 3 ist sie nicht in UTF-8 geschrieben"),
        ("utf16.csv", utf16, "sie ist in UTF-16 geschrieben"),
        ("plan.toml", MODEL.as_bytes().to_vec(), "er ist schon in der Form"),
        ("leer.csv", Vec::new(), "die Spalte „nummer“ fehlt"),
        ("bombe.xml", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_vec(), "Dokumenttyp (DTD)"),
        ("seite.xml", b"<html/>".to_vec(), "„html“ ist keine Nachricht von xdomea"),
        ("torn.xml", b"<a>".to_vec(), "kein gültiges XML"),
        ("doppelt.csv", b"nummer;titel\n63;Bau\n63;Bau\n".to_vec(), "Zeile 3: Klasse 63: steht zweimal da"),
        ("loch.csv", b"nummer;titel\n63.10;Bau\n".to_vec(), "über ihr fehlt die Klasse 63"),
    ] {
        office.write(name, bytes);
        let said = office.run(["plan", "import", name]).failed(2);
        assert!(said.contains(told), "{name}: {said}");
    }
    office.run(["plan", "import", "fehlt.csv"]).failed(2);
    office.run(["plan", "check", "fehlt.toml"]).failed(2);
    office.write("gut.csv", "nummer;titel\n63;Bau\n");
    let said = office.run(["plan", "import", "gut.csv", "--edition", " "]).failed(2);
    assert!(said.contains("Die Ausgabe ist nicht gültig"), "{said}");
}

#[test]
fn a_file_is_opened_with_the_next_number_of_its_class() {
    let office = office();
    let year = jiff::Zoned::now().year();
    let open = |more: &[&'static str]| office.run(["open", "--title", "Garage"].iter().chain(more));
    let said = open(&["--class", "63.10.01", "--field", "built_year=1961", "--case", "Bauantrag"]).done();
    assert_eq!(said.out, format!("Akte 63.10.01-{year}/0001 angelegt\n"));
    let shown = office.run(["show", &format!("63 10 01 {year} 0001")]).done().out;
    assert!(shown.contains("  Baujahr: 1961\n"), "{shown}");
    let by_hand = open(&["--class", "63.10.01", "--reference", "BA 7"]).done();
    assert_eq!(by_hand.out, "Akte BA 7 angelegt\n");
    insta::assert_snapshot!(open(&["--class", "63.10.01", "--reference", "ba/7"]).failed(2), @r"
    Fehler:  Die Akte wird nicht angelegt
    Grund:   das Aktenzeichen ba/7 ist oder war schon vergeben, und keines wird zweimal vergeben
    Ausweg:  nennen Sie ein anderes
    ");
    insta::assert_snapshot!(open(&["--class", "20.10.01"]).failed(2), @r"
    Fehler:  Die Akte wird nicht angelegt
    Grund:   die Aktenplaneinheit 20.10.01 hat kein Muster für Aktenzeichen
    Ausweg:  nennen Sie ein Aktenzeichen (--reference)
    ");
    open(&["--class", "63.10.01", "--reference", " "]).failed(2);
    office.write("plan.txt", "Lageplan");
    office.run(["ingest", "plan.txt", "--file", &format!("63.10.01-{year}/0001")]).done();
}
