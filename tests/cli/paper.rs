//! Paper from outside: where it stands, which barcode leads to it, who has it on loan; and that nobody learns of paper they may
//! not know.

use std::fmt::Write as _;

use jiff::{ToSpan as _, Zoned};

use crate::office::{Office, redacted, said};

fn office() -> Office {
    let office = Office::demo();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    for number in ["63-1", "63-2", "63-3"] {
        let path = office.write("antrag.txt", format!("Antrag {number} auf eine Garage"));
        office.run(["ingest", "--no-read", &path, "--file", number, "--class", "63.10.03"]).done();
    }
    office
}

/// An office with a file under tax secrecy whose folder has the barcode 777, and whose paper voss has lent.
fn office_with_a_secret() -> Office {
    let office = office();
    let rights = ["--domain", "general", "--domain", "tax"];
    office.run(["user", "rights", "voss"].iter().chain(&rights)).done();
    let path = office.write("bescheid.txt", "Bescheid über die Grundsteuer");
    let file = ["--file", "20-1", "--class", "20.10.01", "--domain", "tax", "--barcode", "777"];
    let args: Vec<_> = ["ingest", "--no-read", &path].into_iter().chain(file).collect();
    office.run_as("voss", &args).done();
    office.run_as("voss", &["paper", "lend", "20-1", "--to", "Kämmerei, Frau Öz"]).done();
    office
}

/// The text of `show`, about paper.
fn paper_of(office: &Office, file: &str) -> Vec<String> {
    let shown = office.run(["show", file]).done().out;
    shown.lines().filter(|line| line.contains("Papierakte")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn paper_is_where_it_was_put_and_what_is_not_named_stays() {
    let office = office();
    let place = |args: &[&str]| office.run(["paper", "place"].iter().chain(args));
    let all = ["--building", "Rathaus", "--room", "U 12", "--shelf", "R4", "--box", "K17"];
    insta::assert_snapshot!(place(&[&["63-1", "63-2"], all.as_slice()].concat()).done().out, @r"
    63-1: Gebäude: – → Rathaus; Raum: – → U 12; Regal: – → R4; Karton: – → K17
    63-2: Gebäude: – → Rathaus; Raum: – → U 12; Regal: – → R4; Karton: – → K17
    2 Standorte geändert, 0 wie verzeichnet
    ");
    let moved = ["63-1", "63 1", "63-2", "--room", "U 13", "--box", "", "--reason", "Umzug in den Keller"];
    insta::assert_snapshot!(place(&moved).done().out, @r"
    63-1: Raum: U 12 → U 13; Karton: K17 → –
    63-2: Raum: U 12 → U 13; Karton: K17 → –
    2 Standorte geändert, 1 wie verzeichnet
    ");
    assert_eq!(place(&["63-1", "--room", "U 13"]).done().out, "0 Standorte geändert, 1 wie verzeichnet\n");
    place(&["63-1", "--barcode", "4711"]).done();
    assert_eq!(
        paper_of(&office, "63-1"),
        ["Papierakte: Gebäude Rathaus, Raum U 13, Regal R4, Strichcode 4711"]
    );
    assert_eq!(paper_of(&office, "63-3"), [""; 0]);
    office.run(["rebuild"]).done();
    let shown = office.run(["--json", "show", "63-1"]).done().json();
    let expected = serde_json::json!({
        "building": "Rathaus", "room": "U 13", "shelf": "R4", "box": null, "barcode": "4711"
    });
    assert_eq!(shown["paper"], expected);
}

#[test]
fn a_place_that_is_none_is_refused_and_nothing_is_changed() {
    let office = office();
    let words = |args: &[&str]| {
        let said = office.run(["paper", "place"].iter().chain(args)).failed(2);
        redacted(&office, &said)
    };
    insta::assert_snapshot!(words(&["63-1"]), @r"
    Fehler:  Der Standort wird nicht geändert
    Grund:   es ist kein Standort genannt
    Ausweg:  nennen Sie Gebäude, Raum, Regal, Karton oder Strichcode
    ");
    assert!(words(&["63-1", "--room", " "]).contains("es ist kein Standort genannt"));
    insta::assert_snapshot!(words(&["63-1", "63-2", "--barcode", "4711"]), @r"
    Fehler:  Der Standort wird nicht geändert
    Grund:   ein Strichcode gehört zu einer Akte, und mehrere sind genannt
    Ausweg:  nennen Sie eine Akte, oder alle in einer Tabelle (`schriftgut paper import`)
    ");
    let long = "x".repeat(81);
    assert!(words(&["63-1", "--shelf", &long]).contains("das Regal ist länger als 80 Zeichen"));
    assert!(words(&["63-1", "--room", "U\n12"]).contains("der Raum enthält ein Steuerzeichen"));
    let long = "7".repeat(41);
    for barcode in ["zwei Wörter", "Bücher", &long] {
        assert!(words(&["63-1", "--barcode", barcode]).contains("ein Strichcode hat 1 bis 40 Zeichen"));
    }
    assert!(words(&["63-1", "63-9", "--room", "U 12"]).contains("Akte „63-9“ wurde nicht gefunden"));
    let long = "x".repeat(401);
    assert!(words(&["63-1", "--room", "U 12", "--reason", &long]).contains("der Grund hat 401 Zeichen"));
    assert_eq!(paper_of(&office, "63-1"), [""; 0], "none of it");
}

#[test]
fn a_barcode_leads_to_its_file_and_belongs_to_no_other() {
    let office = office();
    let place = |file: &str, barcode: &str| office.run(["paper", "place", file, "--barcode", barcode]);
    place("63-1", "AB-4711").done();
    insta::assert_snapshot!(office.run(["paper", "find", " AB-4711 "]).done().out, @r"
    Akte 63-1  63-1
      Papierakte: Strichcode AB-4711
    ");
    insta::assert_snapshot!(redacted(&office, &place("63-2", "AB-4711").failed(2)), @r"
    Fehler:  Der Standort der Papierakte 63-2 wird nicht geändert
    Grund:   der Strichcode AB-4711 gehört schon zur Akte 63-1
    Ausweg:  jeder Strichcode gehört zu einer Akte: nehmen Sie einen anderen
    ");
    // Another barcode is on the folder: the first is free.
    place("63-1", "AB-4712").done();
    office.run(["paper", "find", "AB-4711"]).failed(2);
    place("63-2", "AB-4711").done();
    office.run(["rebuild"]).done();
    let found =
        |barcode: &str| office.run(["--json", "paper", "find", barcode]).done().json()["file"].clone();
    assert_eq!((found("AB-4711"), found("AB-4712")), ("63-2".into(), "63-1".into()));
    // The way a new file gets one.
    let path = office.write("neu.txt", "Antrag auf eine Gaube");
    let take_in = |file: &str, more: &[&str]| {
        let args = ["ingest", "--no-read", &path, "--file", file, "--class", "63.10.03"];
        office.run(args.iter().chain(more))
    };
    let refused = take_in("63-4", &["--shelf", "R9", "--barcode", "AB-4711"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.out.contains("der Strichcode AB-4711 gehört schon zur Akte 63-2"), "{refused:?}");
    take_in("63-4", &["--shelf", "R9", "--barcode", "AB-4713"]).done();
    assert_eq!(paper_of(&office, "63-4"), ["Papierakte: Regal R9, Strichcode AB-4713"]);
    let said = office.run(["ingest", &path, "--room", "U 12"]).failed(2);
    assert!(said.contains("--file"), "{said}");
    take_in("63-5", &["--room", &"x".repeat(81)]).failed(2);
}

#[test]
fn a_destroyed_file_gives_its_barcode_up() {
    let office = office();
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office.run_as("voss", &["rules", "confirm"]).done();
    let path = office.write("alt.txt", "Anzeige eines Gartenhauses");
    let file = ["--file", "63-8", "--class", "63.10.03", "--closed", "1991-06-30", "--barcode", "88"];
    office.run(["ingest", "--no-read", &path].iter().chain(&file)).done();
    office.run(["paper", "lend", "63-8", "--to", "Herr Kruse, Amt 30"]).done();
    let lent = office.run(["why", "63-8"]).done().out;
    assert!(lent.contains("Hinweis: Die Papierakte ist ausgeliehen an Herr Kruse, Amt 30 seit"), "{lent}");
    let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
    let list = created["list"].as_str().unwrap();
    assert!(created["lines"][0]["lent_since"].is_string(), "{created}");
    let shown = office.run_as("voss", &["list", "show", list]).done().out;
    assert!(shown.contains("; Achtung: das Papier ist seit"), "{shown}");
    office.run_as("voss", &["list", "offer", list]).done();
    office.run_as("wolters", &["list", "appraise", list, "--file", "63-8", "--decision", "V"]).done();
    office.run_as("voss", &["list", "propose", list]).done();
    office.run_as("tamm", &["list", "approve", list]).done();
    office.run_as("wolters", &["list", "approve", list]).done();
    office.run(["paper", "place", "63-1", "--barcode", "88"]).failed(2);
    office.run_as("voss", &["list", "execute", list, "--confirm", &list[..8]]).done();
    assert_eq!(office.run(["paper", "loans"]).done().out, "nichts ausgeliehen\n");
    office.run(["paper", "find", "88"]).failed(2);
    office.run(["paper", "place", "63-1", "--barcode", "88"]).done();
}

#[test]
fn a_table_of_places_is_taken_as_a_whole_or_not_at_all() {
    let office = office();
    office.run(["paper", "place", "63-3", "--barcode", "33", "--room", "U 12"]).done();
    let import = |text: &str, more: &[&str]| {
        let path = office.write("standorte.csv", text);
        office.run(["paper", "import", &path].iter().chain(more))
    };
    let wrong = "aktenzeichen;raum;strichcode\n63-1;U 12;4711\n63-9;U 12;\n63-2;U 12;33\n63 1;U 13;\n";
    let said = import(wrong, &[]).failed(2);
    assert!(said.contains("Zeile 5: die Akte 63 1 steht schon in Zeile 2"), "{said}");
    let wrong = "aktenzeichen;raum;strichcode\n63-1;U 12;4711\n63-9;U 12;\n63-2;U 12;33\n";
    insta::assert_snapshot!(redacted(&office, &import(wrong, &[]).failed(2)), @r"
    Fehler:  Die Standorte werden nicht geändert
    Grund:   Zeile 3: Akte „63-9“ wurde nicht gefunden: es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen; Zeile 4: Der Standort der Papierakte 63-2 wird nicht geändert: der Strichcode 33 gehört schon zur Akte 63-3
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts geändert
    ");
    assert_eq!(paper_of(&office, "63-1"), [""; 0], "nothing half done");
    // An empty cell says nothing; what another row gives up may be taken.
    let right = "strichcode;aktenzeichen;regal\n33;63-1;R4\n34;63-3;\n";
    insta::assert_snapshot!(import(right, &["--preview"]).done().out, @r"
    63-1: Regal: – → R4; Strichcode: – → 33
    63-3: Strichcode: 33 → 34
    2 Standorte zu ändern, 0 wie verzeichnet; geändert wurde nichts
    ");
    assert_eq!(paper_of(&office, "63-1"), [""; 0], "a preview changes nothing");
    assert_eq!(import(right, &[]).done().out, "2 Standorte geändert, 0 wie verzeichnet\n");
    assert_eq!(import(right, &[]).done().out, "0 Standorte geändert, 2 wie verzeichnet\n");
    assert_eq!(paper_of(&office, "63-3"), ["Papierakte: Raum U 12, Strichcode 34"]);
    // They swap, also in a catalogue that is made anew.
    import("aktenzeichen;strichcode\n63-1;34\n63-3;33\n", &["--reason", "verwechselt"]).done();
    let found = || {
        ["33", "34"].map(|code| office.run(["--json", "paper", "find", code]).done().json()["file"].clone())
    };
    assert_eq!(found(), ["63-3", "63-1"]);
    office.run(["rebuild"]).done();
    assert_eq!(found(), ["63-3", "63-1"]);
}

#[test]
fn ten_thousand_lines_are_taken_and_one_wrong_one_stops_them_all() {
    let office = office();
    let mut manifest = "path;aktenzeichen;klasse;titel\n".to_owned();
    const FILES: usize = 300;
    for number in 0..FILES {
        office.write(&format!("stapel/{number}.txt"), format!("Blatt {number}"));
        writeln!(manifest, "{number}.txt;64-{number:05};63.10.03;Garage {number}").unwrap();
    }
    let manifest = office.write("stapel/liste.csv", manifest);
    office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &manifest]).done();
    let table = |rows: usize| {
        let mut text = "aktenzeichen;raum;regal;strichcode\n".to_owned();
        (0..rows).for_each(|n| writeln!(text, "64-{n:05};U 12;R{};S{n:05}", n % 40).unwrap());
        office.write("standorte.csv", text)
    };
    let said = office.run(["paper", "import", &table(10_000)]).failed(2);
    assert!(said.contains("Akte „64-00300“") && said.contains("und 9680 weitere Zeilen"), "{said}");
    assert_eq!(paper_of(&office, "64-00000"), [""; 0], "none of it");
    let done = office.run(["paper", "import", &table(FILES)]).done().out;
    assert_eq!(done, format!("{FILES} Standorte geändert, 0 wie verzeichnet\n"));
    assert_eq!(office.run(["--json", "paper", "find", "S00299"]).done().json()["file"], "64-00299");
}

#[test]
fn what_is_lent_is_not_lent_again_and_stays_in_the_file_when_it_is_back() {
    let office = office();
    let lend = |args: &[&str]| office.run(["paper", "lend"].iter().chain(args));
    insta::assert_snapshot!(redacted(&office, &lend(&["63-1", "--to", "anna"]).failed(3)), @r"
    Fehler:  Die Akte 63-1 kann nicht ausgeliehen werden
    Grund:   für sie ist keine Papierakte verzeichnet
    Ausweg:  halten Sie zuerst fest, wo das Papier steht (`schriftgut paper place`)
    ");
    office.run(["paper", "place", "63-1", "63-2", "63-3", "--shelf", "R4"]).done();
    let later = (Zoned::now().date() + 30.days()).to_string();
    let said = lend(&["63-1", "63-2", "63-1", "--to", "anna", "--until", &later]).done();
    assert_eq!(said.out.lines().count(), 2, "each once: {said:?}");
    lend(&["63-3", "--to", "Herr Kruse, Amt 30"]).done();
    let refused = redacted(&office, &lend(&["63-3", "--to", "anna"]).failed(3));
    insta::assert_snapshot!(refused, @r"
    Fehler:  Die Papierakte 63-3 kann nicht ausgeliehen werden
    Grund:   sie ist seit [heute] an Herr Kruse, Amt 30 ausgeliehen
    Ausweg:  tragen Sie zuerst die Rückgabe ein (`schriftgut paper return`)
    ");
    assert!(lend(&["63-1", "--to", "Herr Kruse"]).failed(3).contains("an Anna Weber ausgeliehen"));
    let loans = office.run(["--json", "paper", "loans"]).done().json();
    let files: Vec<_> = loans["loans"].as_array().unwrap().iter().map(|one| &one["file"]).collect();
    assert_eq!(files, ["63-1", "63-2", "63-3"], "without a day comes last: {loans}");
    assert_eq!(loans["loans"][0]["loan"]["by"], "amt");
    assert!(loans["loans"][0]["loan"]["person"].is_string() && loans["loans"][2]["loan"]["person"].is_null());
    assert_eq!(office.run(["paper", "loans", "--overdue"]).done().out, "nichts überfällig\n");
    office.run(["close", "63-3"]).done();
    office.run(["rebuild"]).done();
    assert_eq!(office.run(["--json", "paper", "loans"]).done().json(), loans, "as after a rebuild");
    office.run(["paper", "return", "63-3", "63-9"]).failed(2);
    office.run(["paper", "return", "63-3", "63-2", "63-3"]).done();
    assert_eq!(office.run(["paper", "loans"]).done().out.lines().count(), 1);
    let said = redacted(&office, &office.run(["paper", "return", "63-3"]).failed(3));
    insta::assert_snapshot!(said, @r"
    Fehler:  Die Rückgabe der Papierakte 63-3 wird nicht eingetragen
    Grund:   sie ist nicht ausgeliehen
    Ausweg:  sehen Sie mit `schriftgut paper loans` nach, was ausgeliehen ist
    ");
    let told = paper_of(&office, "63-3").join("\n");
    insta::assert_snapshot!(redacted(&office, &told), @r"
    Papierakte: Regal R4
    Papierakte war vom [heute] bis [heute] ausgeliehen an Herr Kruse, Amt 30
    ");
    lend(&["63-3", "--to", "anna"]).done();
}

#[test]
fn nobody_borrows_without_a_name_until_yesterday_or_what_they_may_not_read() {
    let office = office_with_a_secret();
    office.run(["paper", "place", "63-1", "--shelf", "R4"]).done();
    let lend = |args: &[&str]| office.run(["paper", "lend", "63-1"].iter().chain(args));
    for to in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert!(lend(&["--to", to]).failed(2).contains("1 bis 200 sichtbaren Zeichen"), "{to:?}");
    }
    let yesterday = Zoned::now().date().yesterday().unwrap().yesterday().unwrap().to_string();
    assert!(lend(&["--to", "anna", "--until", &yesterday]).failed(2).contains("ist vorbei"));
    lend(&["--to", "anna", "--until", "übermorgen"]).failed(2);
    office.run_as("voss", &["paper", "return", "20-1"]).done();
    let said = office.run_as("voss", &["paper", "lend", "20-1", "--to", "anna"]).failed(3);
    assert!(said.contains("diese Person darf sie nicht lesen"), "{said}");
    office.add_person("rev", "Revision", &["auditor"]);
    office.run_as("rev", &["paper", "loans"]).failed(3);
    office.run_as("rev", &["paper", "find", "777"]).failed(3);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office.run_as("wolters", &["paper", "lend", "63-1", "--to", "anna"]).failed(3);
}

#[test]
fn paper_one_may_not_see_looks_as_if_it_were_not_there() {
    let office = office_with_a_secret();
    let ask = |args: &[&str], name: &str, other: &str| {
        let said = office.run_as("anna", args);
        (said.code, said.out.replace(name, other), said.err.replace(name, other))
    };
    // 20-1 is hidden from her, 20-9 is not there; so is the barcode 777, and 999 is on no folder.
    for verb in ["place", "lend", "return"] {
        let more: &[&str] = match verb {
            "place" => &["--room", "U 12"],
            "lend" => &["--to", "anna"],
            _ => &[],
        };
        let hidden = ask(&[&["paper", verb, "20-1"], more].concat(), "20-1", "20-9");
        let missing = ask(&[&["paper", verb, "20-9"], more].concat(), "20-1", "20-9");
        assert_eq!(hidden, missing, "{verb}");
        assert_eq!(hidden.0, 2, "{hidden:?}");
    }
    assert_eq!(ask(&["paper", "find", "777"], "777", "999"), ask(&["paper", "find", "999"], "777", "999"));
    assert_eq!(ask(&["paper", "loans"], "", "").1, "nichts ausgeliehen\n");
    let table =
        |file: &str| office.write(&format!("{file}.csv"), format!("aktenzeichen;raum\n{file};U 12\n"));
    let (hidden, missing) = (table("20-1"), table("20-9"));
    assert_eq!(
        ask(&["paper", "import", &hidden], "20-1", "20-9"),
        ask(&["paper", "import", &missing], "20-1", "20-9")
    );
    // That its barcode is taken must be said; whose it is, is not.
    let said = office.run_as("anna", &["paper", "place", "63-1", "--barcode", "777"]).failed(2);
    assert!(said.contains("gehört schon zu einer anderen Akte") && !said.contains("20-1"), "{said}");
    let path = office.write("neu.txt", "Antrag auf eine Gaube");
    let args = ["ingest", &path, "--file", "63-7", "--class", "63.10.03", "--barcode", "777"];
    let refused = office.run_as("anna", &args);
    assert!(refused.out.contains("zu einer anderen Akte") && !refused.out.contains("20-1"), "{refused:?}");
    let own = office.run_as("voss", &["paper", "find", "777"]).done().out;
    assert!(own.contains("Kämmerei, Frau Öz"), "{own}");
}

#[test]
fn nothing_that_people_typed_about_paper_lies_in_the_clear() {
    let office = office_with_a_secret();
    office.run(["paper", "place", "63-1", "--room", "Geheimkammer", "--barcode", "SCANMICH"]).done();
    let mut grep = std::process::Command::new("grep");
    let marks = ["-e", "Geheimkammer", "-e", "SCANMICH", "-e", "Frau Öz"];
    let found = said(grep.args(["-r", "-l", "-a"]).args(marks).arg(office.registry()));
    assert_eq!((found.code, found.out.as_str()), (1, ""), "{found:?}");
}
