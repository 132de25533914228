//! Bad input, from careless to hostile: each ends in a clear German message with the right exit code, the original
//! is kept wherever it could be stored, and what cannot be read is still a record that tells why.

#[path = "intake_material/mod.rs"]
#[allow(dead_code, reason = "made for the intake suite, which uses all of it")]
mod material;
#[path = "cli/office.rs"]
mod office;

use std::ffi::OsStr;
use std::path::Path;

use office::{Office, redacted};

/// Takes one file in, with reading; its record, which must be there, and its original, which must be whole.
#[track_caller]
fn kept(name: &str, bytes: &[u8]) -> serde_json::Value {
    let office = Office::new();
    let path = office.write(name, bytes);
    let said = office.run(["ingest", "--json", &path]).done();
    let id = said.lines()[0]["document"].as_str().unwrap().to_owned();
    assert!(office.original(&id) == bytes, "the original of {name} comes back byte for byte");
    office.run(["show", &id]).done();
    office.run(["show", "--json", &id]).done().json()
}

/// Why a kept document was not read.
#[track_caller]
fn unread_because(name: &str, bytes: &[u8]) -> String {
    let document = kept(name, bytes);
    assert!(document["pages_read"].is_null(), "{document}");
    document["shortfalls"][0].as_str().unwrap().to_owned()
}

#[test]
fn what_cannot_be_read_is_kept_and_tells_why() {
    let pdf = material::pdf(&["Bauakte"]);
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("kennwort.pdf", material::encrypted_pdf("geheim"), "Die Datei ist mit einem Kennwort verschlüsselt"),
        ("leer.pdf", Vec::new(), "Die Datei ist leer"),
        (
            "abgebrochen.pdf",
            pdf[..60].to_vec(),
            "Die Datei ist so beschädigt, dass sie sich nicht öffnen lässt",
        ),
        ("unbekannt.xyz", vec![0xF7; 5_000], "Das Dateiformat ist unbekannt"),
        ("bombe.png", material::png_header(60_000, 60_000), "Die Datei ist zu groß, um gelesen zu werden"),
        ("ohne-seiten.pdf", material::pdf(&[]), "Die Datei enthält keine Seiten"),
    ];
    for (name, bytes, why) in cases {
        assert_eq!(unread_because(name, &bytes), why, "{name}");
    }
}

#[test]
fn a_file_that_claims_two_thousand_million_pages_fells_nobody() {
    let document = kept("endlos.pdf", &material::pdf_declaring(&["Bauakte"], i32::MAX as usize));
    assert_eq!((&document["pages_read"], &document["pages_declared"]), (&1.into(), &i32::MAX.into()));
}

#[test]
fn the_content_says_what_a_file_is_and_not_its_name() {
    let document = kept("bild.jpg", &material::pdf(&["In Wahrheit ein Antrag"]));
    assert_eq!((&document["media"], &document["pages_read"]), (&"application/pdf".into(), &1.into()));
    let document = kept("antrag.pdf", "nur Text".as_bytes());
    assert_eq!((&document["media"], &document["pages_read"]), (&"text/plain".into(), &1.into()));
}

#[test]
fn a_truncated_pdf_is_read_as_far_as_it_goes() {
    let whole = material::pdf(&["erste Seite", "zweite Seite", "dritte Seite"]);
    let document = kept("abgeschnitten.pdf", &whole[..whole.len() * 6 / 10]);
    let shortfalls = document["shortfalls"].as_array().unwrap();
    assert!(!shortfalls.is_empty(), "never silently short: {document}");
}

#[test]
fn a_jpeg_cut_off_says_so_and_is_not_fully_read() {
    let whole = material::jpeg(&material::scan("Lageplan"));
    let document = kept("abgebrochen.jpg", &whole[..whole.len() - 100]);
    assert_eq!(document["pages_read"], 1);
    let short = document["shortfalls"][0].as_str().unwrap();
    assert_eq!(short, "Seite 1: Bild endet vorzeitig; der Text kann unvollständig sein");
    assert_eq!(kept("ganz.jpg", &whole)["shortfalls"], serde_json::json!([]));
}

#[test]
fn what_is_read_in_part_or_not_at_all_is_named_as_it_is_taken_in() {
    let office = Office::new();
    let scan = material::scan("Lageplan");
    let (jpeg, png) = (material::jpeg(&scan), material::png(&scan));
    office.write("stapel/1-ganz.txt", "Wasserschaden");
    office.write("stapel/2-halb.jpg", &jpeg[..jpeg.len() - 100]);
    office.write("stapel/3-nichts.png", &png[..png.len() / 2]);
    office.write("stapel/4-leer.pdf", "");
    let said = office.run(["ingest", "stapel"]).done();
    // Each fact once, how many pages were read first.
    insta::assert_snapshot!(said.err, @r"
    stapel/2-halb.jpg: 1 von 1 Seiten gelesen; Seite 1: Bild endet vorzeitig; der Text kann unvollständig sein
    stapel/3-nichts.png: 0 von 1 Seiten gelesen; Seite 1: Seite ist beschädigt
    stapel/4-leer.pdf: nicht lesbar: Die Datei ist leer
    ");
    assert_eq!(
        said.out.lines().last(),
        Some(
            "4 erfasst, 0 bekannt, 0 abgewiesen; 2 Seiten in 2 Dokumenten gelesen, 1 unvollständig, \
             2 nicht lesbar, 0 noch ungelesen"
        )
    );
}

#[test]
fn a_pdf_nested_to_death_costs_nobody_anything() {
    let document = kept("schachtel.pdf", &material::nested_pdf(200_000));
    assert!(
        document["pages_read"].is_null() || !document["shortfalls"].as_array().unwrap().is_empty(),
        "{document}"
    );
}

#[test]
fn a_page_that_unpacks_without_end_costs_that_page_alone() {
    let bomb = material::pdf_with_bomb(&["vorher", "Bombe", "nachher"], 2, 900 << 20);
    let office = Office::new();
    let path = office.write("bombe.pdf", &bomb);
    office.run(["ingest", &path]).done();
    let found = |word: &str| office.run(["search", "--json", word]).done().json()["total"].clone();
    assert_eq!((found("vorher"), found("nachher")), (1.into(), 1.into()));
}

#[test]
fn a_thousand_pages_are_read_and_found_each_by_itself() {
    let texts: Vec<String> = (1..=1_000).map(|number| format!("Blatt Nummer{number}")).collect();
    let office = Office::new();
    let path =
        office.write("tausend.pdf", material::pdf(&texts.iter().map(String::as_str).collect::<Vec<_>>()));
    let summary = office.run(["ingest", "--json", &path]).done().lines().pop().unwrap();
    assert_eq!(summary["summary"]["pages"], 1_000);
    let answer = office.run(["search", "--json", "Nummer987"]).done().json();
    assert_eq!((&answer["total"], &answer["hits"][0]["page"]), (&1.into(), &987.into()));
    assert_eq!(office.run(["search", "--json", "Blatt"]).done().json()["total"], 1_000);
}

/// What is said about a manifest; and nothing was taken in.
#[track_caller]
fn refused_as_a_whole(list: &str) -> String {
    let office = Office::new();
    office.write("stapel/a.txt", "a");
    if list.contains("\nb.txt") || list.contains("../b.txt") {
        office.write(if list.contains("../b.txt") { "b.txt" } else { "stapel/b.txt" }, "b");
    }
    let path = office.write("stapel/liste.csv", list);
    let words = office.run(["ingest", "--manifest", &path]).failed(2);
    assert_eq!(
        office.run(["evaluate", "--json"]).done().lines().len(),
        1,
        "only the summary: no file was opened"
    );
    assert_eq!(
        office.run(["work"]).done().out,
        "0 Dokumente gelesen (0 Seiten, davon 0 erkannt), 0 aufgegeben\n"
    );
    redacted(&office, &words)
}

#[test]
fn a_manifest_with_a_mistake_takes_nothing_in() {
    let head = "path;aktenzeichen;klasse;titel;geschlossen_am";
    let row = "a.txt;63-1/1970;63.10.01;Haus;1971-01-01";
    insta::assert_snapshot!(refused_as_a_whole("path;aktenzeichen;klasse\n"), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   die Spalte „titel“ fehlt (nötig: path, aktenzeichen, klasse, titel)
    Ausweg:  berichtigen Sie die Liste, oder nennen Sie ein Profil (--profile), das ihre Spalten zuordnet; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head};farbe\n{row};rot\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   die Spalte „farbe“ ist unbekannt
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nfehlt.txt;63-1/1970;63.10.01;Haus;1971-01-01\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: die Datei „fehlt.txt“ fehlt
    Ausweg:  liefern Sie sie nach; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-1/1970;63.10.02;Haus;1971-01-01\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: Zeile 2 sagt anderes über die Akte 63-1/1970 (klasse)
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\n{row}\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: „a.txt“ steht schon in Zeile 2
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\n../b.txt;63-2/1970;63.10.01;Haus;\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: der Pfad „../b.txt“ liegt nicht unter dem Ordner der Liste
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-2/1970;63.10.01;Haus;gestern\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: „gestern“ ist kein Tag (JJJJ-MM-TT)
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-2/1970;63.10.01;Haus;9998-01-31\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: der 31.01.9998 liegt in der Zukunft
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-2/1970;99.99.99;Haus;\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: die Aktenplaneinheit 99.99.99 steht nicht im Aktenplan
    Ausweg:  `schriftgut plan` zeigt den Aktenplan; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-2/1970;63;Haus;\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: die Aktenplaneinheit 63 ist weiter untergliedert; Akten liegen in den untersten Einheiten
    Ausweg:  `schriftgut plan` zeigt den Aktenplan; es wurde noch nichts erfasst
    ");
    insta::assert_snapshot!(refused_as_a_whole(&format!("{head}\n{row}\nb.txt;63-2/1970;63.10.01;Haus;;zuviel\n")), @r"
    Fehler:  Die Begleitliste [ordner]/stapel/liste.csv wird nicht erfasst
    Grund:   Zeile 3: sie hat nicht so viele Spalten wie die Kopfzeile
    Ausweg:  berichtigen Sie die Liste; es wurde noch nichts erfasst
    ");
}

#[test]
fn a_manifest_that_is_not_there_or_not_text_is_a_mistake() {
    let office = Office::new();
    let missing = office.run(["ingest", "--manifest", "fehlt.csv"]);
    insta::assert_snapshot!(redacted(&office, &missing.failed(2)), @r"
    Fehler:  Die Begleitliste fehlt.csv wird nicht erfasst
    Grund:   die Datei oder ihren Ordner gibt es nicht
    Ausweg:  prüfen Sie den Pfad
    ");
    let latin1 = office.write("latin1.csv", b"path;aktenzeichen;klasse;titel\na.txt;1;63.10.01;M\xFChle\n");
    insta::assert_snapshot!(redacted(&office, &office.run(["ingest", "--manifest", &latin1]).failed(2)), @r#"
    Fehler:  Die Begleitliste [ordner]/latin1.csv wird nicht erfasst
    Grund:   sie ist nicht in UTF-8 geschrieben (zuerst in Zeile 2)
    Ausweg:  speichern Sie sie als UTF-8, oder nennen Sie ein Profil mit encoding = "windows-1252"; es wurde noch nichts erfasst
    "#);
}

#[test]
fn places_that_cannot_be_read_are_refused_by_name_and_the_others_taken() {
    let office = Office::new();
    let good = office.write("gut.txt", "gut");
    std::os::unix::fs::symlink("nirgends", office.place("zeiger.txt")).unwrap();
    let said = office.run(["ingest", "--json", "--no-read", "zeiger.txt", "fehlt", &good]);
    assert_eq!(said.code, 2);
    let summary = said.lines().pop().unwrap();
    assert_eq!((&summary["summary"]["taken"], &summary["summary"]["refused"]), (&1.into(), &2.into()));
}

#[test]
fn a_folder_that_points_at_itself_ends() {
    let office = Office::new();
    office.write("kreis/a.txt", "a");
    std::os::unix::fs::symlink(".", office.place("kreis/wieder")).unwrap();
    let said = office.run(["ingest", "--json", "--no-read", "kreis"]);
    assert_eq!(said.code, 2, "{said:?}");
    insta::assert_snapshot!(redacted(&office, &said.out), @r#"
    {"document":null,"file":null,"source":"kreis/wieder","outcome":"refused","reason":"es ist ein Verweis auf einen Ordner; ihm wird nicht gefolgt"}
    {"document":"[kennung]","file":null,"source":"kreis/a.txt","outcome":"taken","reason":null}
    {"summary":{"taken":1,"known":0,"refused":1,"pages":0,"read":0,"unread":1,"bytes":1}}
    "#);
}

#[test]
fn a_link_is_followed_to_a_file_and_to_a_folder_only_if_it_was_given_itself() {
    let office = Office::new();
    office.write("anderswo/b.txt", "b");
    office.write("stapel/a.txt", "a");
    std::os::unix::fs::symlink("../anderswo", office.place("stapel/ordner")).unwrap();
    std::os::unix::fs::symlink("../anderswo/b.txt", office.place("stapel/zeiger.txt")).unwrap();
    let taken = |path: &str| {
        let said = office.run(["ingest", "--json", "--no-read", path]);
        let taken = |line: &serde_json::Value| line["outcome"] == "taken" || line["outcome"] == "known";
        let lines = said.lines().into_iter().filter(taken);
        (said.code, lines.map(|line| line["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(taken("stapel"), (2, vec!["stapel/a.txt".to_owned(), "stapel/zeiger.txt".to_owned()]));
    assert_eq!(taken("stapel/ordner"), (0, vec!["stapel/ordner/b.txt".to_owned()]));
}

#[test]
fn pipes_sockets_and_devices_are_refused_by_name_and_nobody_waits() {
    let office = Office::new();
    office.write("stapel/a.txt", "a");
    let pipe = office.place("stapel/rohr");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(office.place("stapel/dose")).unwrap();
    let said = office.run(["ingest", "--json", "--no-read", "stapel", "/dev/null"]);
    assert_eq!(said.code, 2, "{said:?}");
    let lines = said.lines();
    let (summary, lines) = lines.split_last().unwrap();
    let counts = (&summary["summary"]["taken"], &summary["summary"]["refused"]);
    assert_eq!(counts, (&1.into(), &3.into()), "{said:?}");
    let refused = lines.iter().filter(|line| line["outcome"] == "refused");
    let mut refused: Vec<_> = refused.map(|line| line["source"].as_str().unwrap()).collect();
    refused.sort_unstable();
    assert_eq!(refused, ["/dev/null", "stapel/dose", "stapel/rohr"]);
    let why = "es ist keine Datei mit Inhalt, sondern Pipe, Socket oder Gerät";
    assert!(lines.iter().all(|line| line["outcome"] == "taken" || line["reason"] == why), "{lines:?}");
    // Neither as a newer version of a document.
    let id = lines.iter().find_map(|line| line["document"].as_str()).unwrap();
    office.run(["ingest", "--version-of", id, pipe.to_str().unwrap()]).failed(2);
}

#[test]
fn the_original_goes_only_where_nothing_is() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    let id = office.take_in(&[&path]).remove(0);
    std::fs::create_dir(office.place("ordner")).unwrap();
    let get = |out: &str| redacted(&office, &office.run(["get", &id, "--out", out]).failed(2));
    insta::assert_snapshot!(get("ordner"), @r"
    Fehler:  ordner kann nicht geschrieben werden
    Grund:   es gibt dort schon etwas
    Ausweg:  nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt
    ");
    insta::assert_snapshot!(get("a.txt"), @r"
    Fehler:  a.txt kann nicht geschrieben werden
    Grund:   es gibt dort schon etwas
    Ausweg:  nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt
    ");
    insta::assert_snapshot!(get("fehlt/a.txt"), @r"
    Fehler:  fehlt/a.txt kann nicht geschrieben werden
    Grund:   die Datei oder ihren Ordner gibt es nicht
    Ausweg:  nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt
    ");
    assert_eq!(std::fs::read(&path).unwrap(), b"a");
}

#[test]
fn a_damaged_original_is_never_given_out() {
    let office = Office::new();
    let path = office.write("a.txt", "ein langer Text".repeat(100));
    let id = office.take_in(&[&path]).remove(0);
    let volume = office.registry().join("vault/volumes/00000000.vol");
    let mut bytes = std::fs::read(&volume).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&volume, bytes).unwrap();
    let words = redacted(&office, &office.run(["get", &id, "--out", "heraus.txt"]).failed(1));
    assert_damaged(&words);
    assert!(!office.place("heraus.txt").exists());
}

/// Stored bytes are called what they are, with the way to look and the way to put them right.
fn assert_damaged(words: &str) {
    assert!(words.starts_with("Fehler:  Gespeicherte Bytes sind beschädigt\n"), "{words}");
    assert!(words.contains("Grund:   "), "{words}");
    for verb in ["`schriftgut verify --read-data`", "`schriftgut repair --from ORDNER`"] {
        assert!(words.contains(verb), "{words}");
    }
}

#[test]
fn a_frame_that_breaks_while_it_is_given_out_is_no_fault_of_the_system() {
    let office = Office::new();
    let noise: Vec<u8> = (0..2_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let path = office.write("a.bin", noise);
    let id = office.take_in(&[&path]).remove(0);
    let volume = office.registry().join("vault/volumes/00000000.vol");
    let mut bytes = std::fs::read(&volume).unwrap();
    // Behind the head, before the table: in the one frame there is.
    bytes[150] ^= 1;
    std::fs::write(&volume, bytes).unwrap();
    assert_damaged(&redacted(&office, &office.run(["get", &id, "--out", "heraus.bin"]).failed(1)));
    assert!(!office.place("heraus.bin").exists());
}

#[test]
fn a_registry_of_a_newer_version_is_left_alone() {
    let office = Office::new();
    let manifest = office.registry().join("schriftgut.toml");
    let text = std::fs::read_to_string(&manifest).unwrap().replace("format = 1", "format = 7");
    std::fs::write(&manifest, text).unwrap();
    let words = redacted(&office, &office.run(["plan"]).failed(2));
    insta::assert_snapshot!(words, @r"
    Fehler:  Die Registratur in [ordner]/registratur kann nicht geöffnet werden
    Grund:   sie hat Format 7, dieses Programm kennt nur Format 1
    Ausweg:  verwenden Sie die neuere Programmversion
    ");
    std::fs::write(&manifest, "kein TOML").unwrap();
    office.run(["plan"]).failed(1);
}

#[test]
fn a_folder_that_may_not_be_read_is_refused_by_name_and_the_others_taken() {
    use std::os::unix::fs::PermissionsExt as _;
    let office = Office::new();
    office.write("stapel/a/geheim.txt", "geheim");
    office.write("stapel/b/offen.txt", "offen");
    let closed = office.place("stapel/a");
    let may = |mode| std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(mode)).unwrap();
    may(0o000);
    if std::fs::read_dir(&closed).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let said = office.run(["ingest", "--json", "--no-read", "stapel"]);
    may(0o700); // so that it can be removed
    assert_eq!(said.code, 2, "{said:?}");
    insta::assert_snapshot!(redacted(&office, &said.out), @r#"
    {"document":null,"file":null,"source":"stapel/a","outcome":"refused","reason":"der Ordner lässt sich nicht lesen: Ihnen fehlt das Recht dazu"}
    {"document":"[kennung]","file":null,"source":"stapel/b/offen.txt","outcome":"taken","reason":null}
    {"summary":{"taken":1,"known":0,"refused":1,"pages":0,"read":0,"unread":1,"bytes":5}}
    "#);
}

#[test]
fn a_path_that_may_not_be_read_is_refused_by_name() {
    let office = Office::new();
    let path = office.write("geheim.txt", "geheim");
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(Path::new(&path), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let said = office.run(["ingest", "--json", &path]);
    assert_eq!((said.code, &said.lines()[0]["reason"]), (2, &"die Datei darf nicht gelesen werden".into()));
}

#[test]
fn whatever_is_searched_for_is_answered_or_refused_at_its_place() {
    use std::os::unix::ffi::OsStrExt as _;
    let office = Office::new();
    let search =
        |query: &[u8]| office.run([OsStr::new("search"), OsStr::new("--"), OsStr::from_bytes(query)]);
    assert!(search(b"Gar\xe4ge").failed(2).contains("eine Angabe ist nicht in UTF-8 geschrieben"));
    for (query, why) in [
        (
            "(".repeat(10_000),
            "Die Suche ist länger als 1024 Zeichen (Umlaute zählen doppelt). (ab Zeichen 1025)",
        ),
        ("ä".repeat(60_000), "(ab Zeichen 513)"),
        ("(".repeat(1_000), "mehr als 20-mal ineinander geschachtelt. (ab Zeichen 22)"),
        ("*".to_owned(), "mindestens 2 Buchstaben oder Ziffern stehen. (ab Zeichen 1)"),
        ("\"".to_owned(), "Das schließende Anführungszeichen fehlt. (ab Zeichen 1)"),
        ("\u{202e}öde \"".to_owned(), "Das schließende Anführungszeichen fehlt. (ab Zeichen 6)"),
        ("\u{202e}\u{200f}".to_owned(), "Die Suche enthält kein Wort."),
    ] {
        let said = search(query.as_bytes()).failed(2);
        assert!(said.contains(why), "{said}");
    }
    for query in ["\u{202e}Garage\u{200f}", "Garage\u{1}Zaun", "-", "İ", "§ 34\u{fffd}"] {
        let said = search(query.as_bytes());
        assert!(said.code == 0 || said.err.contains("Die Suche enthält kein Wort."), "{query:?}: {said:?}");
    }
}
