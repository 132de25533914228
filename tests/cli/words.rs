//! What the program says when it cannot: what, why, and the way out, in German.

use crate::office::{Office, program, redacted, said};

/// What is said on stderr about a command that ends with this code.
#[track_caller]
fn words(office: &Office, code: i32, args: &[&str]) -> String {
    redacted(office, &office.run(args).failed(code))
}

#[test]
fn nothing_of_that_name() {
    let office = Office::new();
    let id = "2c3f4a60-3ea8-4a0c-9e3f-57f3a9b6c111";
    insta::assert_snapshot!(words(&office, 2, &["show", "63-99/1999"]), @r"
    Fehler:  Akte „63-99/1999“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
    insta::assert_snapshot!(words(&office, 2, &["why", "63-99/1999"]), @r"
    Fehler:  Akte „63-99/1999“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
    insta::assert_snapshot!(words(&office, 2, &["get", id, "--out", "x"]), @r"
    Fehler:  Dokument „[kennung]“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
    insta::assert_snapshot!(words(&office, 2, &["get", "kein Dokument", "--out", "x"]), @r"
    Fehler:  Dokument „kein Dokument“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
    insta::assert_snapshot!(words(&office, 2, &["file", id, "63-99/1999"]), @r"
    Fehler:  Dokument „[kennung]“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
    assert!(!office.place("x").exists());
}

#[test]
fn nothing_to_take_in() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    insta::assert_snapshot!(words(&office, 2, &["ingest"]), @r"
    Fehler:  Es gibt nichts zu erfassen
    Grund:   es ist weder eine Datei noch eine Begleitliste genannt
    Ausweg:  nennen Sie Dateien, Ordner oder --manifest DATEI
    ");
    let refused = |args: &[&str]| {
        let said = office.run(["ingest", &path].iter().chain(args));
        assert_eq!(said.code, 2, "{said:?}");
        redacted(&office, &said.out)
    };
    insta::assert_snapshot!(refused(&["--file", "63-1/2020"]), @r"
    abgewiesen [ordner]/a.txt: die Akte 63-1/2020 gibt es nicht, und es ist keine Klasse angegeben – nennen Sie die Aktenplaneinheit (`--class`), dann wird die Akte angelegt
    0 erfasst, 0 bekannt, 1 abgewiesen; 0 Seiten in 0 Dokumenten gelesen, 0 noch ungelesen
    ");
    insta::assert_snapshot!(refused(&["--file", "63-1/2020", "--class", "99.99.99"]), @r"
    abgewiesen [ordner]/a.txt: die Aktenplaneinheit 99.99.99 steht nicht im Aktenplan – `schriftgut plan` zeigt den Aktenplan
    0 erfasst, 0 bekannt, 1 abgewiesen; 0 Seiten in 0 Dokumenten gelesen, 0 noch ungelesen
    ");
    insta::assert_snapshot!(refused(&["--file", "63-1/2020", "--class", "63.10.01", "--domain", "social"]), @r"
    abgewiesen [ordner]/a.txt: Ihnen fehlt die Berechtigung für diesen Schutzbereich – fragen Sie die Administration
    0 erfasst, 0 bekannt, 1 abgewiesen; 0 Seiten in 0 Dokumenten gelesen, 0 noch ungelesen
    ");
    insta::assert_snapshot!(words(&office, 2, &["ingest", &path, "--file", " "]), @r"
    Fehler:  Das Aktenzeichen ist nicht gültig
    Grund:   es ist leer oder zu lang
    Ausweg:  prüfen Sie es
    ");
}

#[test]
fn nothing_to_show() {
    let office = Office::new();
    insta::assert_snapshot!(words(&office, 2, &["demo"]), @r"
    Fehler:  Ohne Musterakten kann nichts vorgeführt werden
    Grund:   es ist nicht gesagt, wo sie liegen
    Ausweg:  `./run demo` zeichnet sie und führt alles vor; sind sie schon gezeichnet, nennen Sie ihren Ordner mit --material ORDNER
    ");
}

#[test]
fn days_a_file_cannot_have() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    let file = ["ingest", &path, "--file", "63-1/1970", "--class", "63.10.03"];
    let refused = |days: &[&str]| words(&office, 2, &[&file, days].concat());
    insta::assert_snapshot!(refused(&["--opened", "1972-03-02", "--closed", "1972-03-01"]), @r"
    Fehler:  Die Akte kann mit diesen Tagen nicht angelegt werden
    Grund:   die Schlussverfügung (01.03.1972) läge vor der Anlage (02.03.1972)
    Ausweg:  prüfen Sie --opened und --closed
    ");
    insta::assert_snapshot!(refused(&["--opened", "9998-01-31"]), @r"
    Fehler:  Die Akte kann mit diesen Tagen nicht angelegt werden
    Grund:   der 31.01.9998 liegt in der Zukunft
    Ausweg:  prüfen Sie --opened und --closed
    ");
    insta::assert_snapshot!(refused(&["--opened", "1972-03-02", "--closed", "9998-01-31"]), @r"
    Fehler:  Die Akte kann mit diesen Tagen nicht angelegt werden
    Grund:   der 31.01.9998 liegt in der Zukunft
    Ausweg:  prüfen Sie --opened und --closed
    ");
    insta::assert_snapshot!(words(&office, 2, &["ingest", &path, "--closed", "1972-03-01"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   es fehlt: --file <AKTENZEICHEN>
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    office.run(["show", "63-1/1970"]).failed(2);
}

#[test]
fn no_registry() {
    let office = Office::new();
    insta::assert_snapshot!(said(program().arg("plan")).failed(2), @r"
    Fehler:  Es ist nicht klar, welche Registratur gemeint ist
    Grund:   weder --registry noch SCHRIFTGUT_REGISTRY ist gesetzt
    Ausweg:  nennen Sie den Ordner: --registry ORDNER
    ");
    let empty = office.place("leer");
    std::fs::create_dir(&empty).unwrap();
    insta::assert_snapshot!(words(&office, 2, &["--registry", empty.to_str().unwrap(), "plan"]), @r"
    Fehler:  In [ordner]/leer liegt keine Registratur
    Grund:   die Datei schriftgut.toml fehlt
    Ausweg:  legen Sie mit `schriftgut init` eine an oder nennen Sie mit --registry den richtigen Ordner
    ");
    insta::assert_snapshot!(words(&office, 2, &["init"]), @r"
    Fehler:  In [ordner]/registratur kann keine Registratur angelegt werden
    Grund:   der Ordner ist nicht leer
    Ausweg:  nennen Sie einen leeren oder neuen Ordner
    ");
}

#[test]
fn a_query_that_cannot_be_read() {
    let office = Office::new();
    insta::assert_snapshot!(words(&office, 2, &["search", "(Kanal"]), @r#"
    Fehler:  Die Suchanfrage ist nicht lesbar
    Grund:   Zu dieser öffnenden Klammer fehlt die schließende. (ab Zeichen 1)
    Ausweg:  suchen Sie nach Wörtern, "genauen Wendungen", Wortanfängen* oder az:Aktenzeichen
    "#);
    insta::assert_snapshot!(words(&office, 2, &["search", ""]), @r#"
    Fehler:  Die Suchanfrage ist nicht lesbar
    Grund:   Die Suche enthält kein Wort. (ab Zeichen 1)
    Ausweg:  suchen Sie nach Wörtern, "genauen Wendungen", Wortanfängen* oder az:Aktenzeichen
    "#);
}

#[test]
fn a_command_that_cannot_be_read() {
    let office = Office::new();
    insta::assert_snapshot!(words(&office, 2, &["wegwerfen"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   den Befehl „wegwerfen“ gibt es nicht
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    insta::assert_snapshot!(words(&office, 2, &["show"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   es fehlt: <AKTENZEICHEN|KENNUNG>
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    insta::assert_snapshot!(words(&office, 2, &["show", "63-1", "--gern"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   die Angabe „--gern“ gibt es hier nicht
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    insta::assert_snapshot!(words(&office, 2, &["why", "63-1", "--on", "morgen"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   „morgen“ passt nicht zu „--on <JJJJ-MM-TT>“
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    insta::assert_snapshot!(words(&office, 2, &["ingest", "x", "--manifest", "y"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   „[PFAD]...“ verträgt sich nicht mit „--manifest <DATEI>“
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    insta::assert_snapshot!(words(&office, 2, &["ingest", "x", "--class", "63.10.01"]), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   es fehlt: --file <AKTENZEICHEN>
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
}

#[test]
fn what_the_rules_forbid() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    let path = office.write("a.txt", "a");
    office.run(["ingest", "--no-read", "--file", "63-1/2020", "--class", "63.10.03", &path]).done();
    let backdated = office.run(["close", "63-1/2020", "--on", "2020-05-01"]).failed(3);
    assert!(backdated.contains("liegt vor der Anlage der Akte"), "{backdated}");
    office.run(["close", "63-1/2020"]).done();
    let twice = office.run(["close", "63-1/2020"]);
    insta::assert_snapshot!(redacted(&office, &twice.failed(3)), @r"
    Fehler:  Akte 63-1/2020 kann nicht geschlossen werden
    Grund:   die Akte ist seit [heute] geschlossen (z.d.A.)
    Ausweg:  öffnen Sie die Akte wieder, wenn der Vorgang auflebt
    ");
    let into_closed = office.run(["ingest", "--file", "63-1/2020", &path]);
    assert_eq!(into_closed.code, 2);
    insta::assert_snapshot!(redacted(&office, into_closed.out.lines().next().unwrap()), @r"
    abgewiesen [ordner]/a.txt: die Akte ist seit [heute] geschlossen (z.d.A.) – öffnen Sie die Akte wieder, wenn der Vorgang auflebt
    ");
    let nothing_due = office.run_as("voss", &["list", "create"]).failed(3);
    insta::assert_snapshot!(redacted(&office, &nothing_due), @r"
    Fehler:  Es kann keine Aussonderungsliste angelegt werden
    Grund:   am [heute] ist keine Akte fällig, die nicht schon auf einer Liste steht
    Ausweg:  `schriftgut evaluate` zeigt, worauf die Akten warten
    ");
    insta::assert_snapshot!(words(&office, 3, &["hold", "place", "63-1/2020", "--reason", "Klage"]), @r"
    Fehler:  Das ist mit Ihren Rechten nicht möglich
    Grund:   nötig ist die Rolle Schriftgutverwaltung
    Ausweg:  wenden Sie sich an die Administration oder an eine Person mit dieser Rolle
    ");
}

#[test]
fn machinery_that_fails() {
    let office = Office::new();
    std::fs::remove_file(office.registry().join("keys/master.key")).unwrap();
    insta::assert_snapshot!(words(&office, 1, &["plan"]), @r"
    Fehler:  Der Hauptschlüssel ist nicht lesbar
    Grund:   beim Lesen von [ordner]/registratur/keys/master.key: die Datei oder ihren Ordner gibt es nicht
    Ausweg:  legen Sie die richtige Schlüsseldatei an ihren Platz, oder stellen Sie sie mit `schriftgut keys recover` aus zwei Wiederherstellungsblättern her
    ");
    std::fs::write(office.registry().join("keys/master.key"), "kein Schlüssel").unwrap();
    insta::assert_snapshot!(words(&office, 1, &["verify"]), @r"
    Fehler:  Der Hauptschlüssel ist nicht lesbar
    Grund:   [ordner]/registratur/keys/master.key ist keine Schlüsseldatei oder wurde verändert
    Ausweg:  legen Sie die richtige Schlüsseldatei an ihren Platz, oder stellen Sie sie mit `schriftgut keys recover` aus zwei Wiederherstellungsblättern her
    ");
}

/// Verbs that open the registry, each with what it needs to be read.
const OPENING: [&[&str]; 19] = [
    &["plan"],
    &["verify"],
    &["verify", "--read-data"],
    &["doctor"],
    &["rebuild"],
    &["search", "Kanal"],
    &["show", "63-1"],
    &["why", "63-1"],
    &["evaluate"],
    &["work"],
    &["ingest", "a.txt"],
    &["list", "show"],
    &["user", "list"],
    &["keys", "backup", "--out", "schluessel"],
    &["backup", "--to", "sicherung"],
    &["repair", "--from", "sicherung"],
    &["checkpoint", "--to", "pruefpunkt"],
    &["serve", "--listen", "127.0.0.1:0"],
    &["quarantine", "show"],
];

#[test]
fn whoever_cannot_open_the_registry_is_not_sent_in_a_circle() {
    let office = Office::new();
    let heads = office.registry().join("head");
    for slot in ["head-0.note", "head-1.note"] {
        std::fs::write(heads.join(slot), "verändert").unwrap();
    }
    let damaged = words(&office, 1, &["verify"]);
    std::fs::remove_dir_all(heads).unwrap();
    assert_eq!(words(&office, 1, &["verify"]), damaged, "damaged or gone");
    insta::assert_snapshot!(damaged, @r"
    Fehler:  Das Nachweisbuch ist beschädigt
    Grund:   in [ordner]/registratur/head ist kein unterschriebener Stand des Nachweisbuchs lesbar: der unterschriebene Text fehlt oder ist nicht lesbar
    Ausweg:  `schriftgut verify --without-keys` zeigt den Schaden, ohne die Registratur zu öffnen; `schriftgut restore` macht aus einer Sicherung eine neue in einem leeren Ordner
    ");
    for verb in OPENING {
        assert_eq!(words(&office, 1, verb), damaged, "{verb:?}");
    }
    let from_outside = office.run(["verify", "--without-keys"]);
    assert_eq!(from_outside.code, 1, "{from_outside:?}");
    let found = "verändert: Nachweisbuch: in [ordner]/registratur/head ist kein unterschriebener Stand";
    assert!(redacted(&office, &from_outside.out).contains(found), "{from_outside:?}");
    std::fs::remove_dir_all(office.registry().join("ledger")).unwrap();
    let gone = words(&office, 1, &["doctor"]);
    assert!(
        gone.contains("`schriftgut verify --without-keys`") && gone.contains("`schriftgut restore`"),
        "{gone}"
    );
}

#[test]
fn a_new_file_lies_in_a_class_with_nothing_below_it() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    for class in ["63", "63.10"] {
        let said = office.run(["ingest", "--no-read", &path, "--file", "63-1/2020", "--class", class]);
        assert_eq!(said.code, 2, "{said:?}");
        let why =
            format!("die Aktenplaneinheit {class} ist weiter untergliedert; Akten liegen in den untersten");
        assert!(said.out.contains(&why), "{said:?}");
        office.run(["show", "63-1/2020"]).failed(2);
    }
    office.run(["ingest", "--no-read", &path, "--file", "63-1/2020", "--class", "63.10.03"]).done();
    // The file is there: which class was named with the next document does not matter.
    office.run(["ingest", "--no-read", &path, "--file", "63-1/2020", "--class", "63"]).done();
}

#[test]
fn counts_and_outcomes_are_words() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    office.run(["ingest", "--no-read", &path, "--file", "63-1/2020", "--class", "63.10.03"]).done();
    let evaluated = office.run(["evaluate"]).done().out;
    assert_eq!(evaluated.lines().last(), Some("Frist nicht begonnen: 1"), "{evaluated}");
    let verified = office.run(["verify"]).done().out;
    assert!(verified.starts_with("1 gespeicherte Datei und "), "{verified}");
}

#[test]
fn a_missing_index_is_mentioned_once() {
    let office = Office::new();
    std::fs::remove_dir_all(office.registry().join("views/index")).unwrap();
    let said = office.run(["plan"]).done();
    assert_eq!(said.err, "Hinweis: Ein Suchindex fehlte und wird aus dem Nachweisbuch neu aufgebaut.\n");
}

#[test]
fn init_says_where_the_browser_goes() {
    let office = Office::new();
    let other = office.place("andere");
    let said = office.run(["init", other.to_str().unwrap()]).done();
    let link = "während `schriftgut serve` läuft: http://127.0.0.1:8080/einrichten?token=";
    assert!(said.out.contains(link), "{said:?}");
}

#[test]
fn a_registry_begins_with_the_rules_its_founder_names_and_with_no_others() {
    let office = Office::new();
    let other = office.place("muster");
    let said = office.run(["init", other.to_str().unwrap(), "--rules", "muster"]).done();
    assert!(said.out.contains("Regelwerk: muster-kommunal 2026-1, 49 Regeln\n"), "{said:?}");
    let nowhere = office.place("bayern");
    let said = office.run(["init", nowhere.to_str().unwrap(), "--rules", "bayern"]).failed(2);
    assert!(said.contains("„bayern“ passt nicht zu „--rules <REGELWERK>“"), "{said}");
    assert!(!nowhere.exists());
}
