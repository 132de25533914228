//! People at the command line: accounts, secrets, rights, and acting as somebody.

use crate::office::{Office, SECRET, said};

#[test]
fn the_operator_is_administrator_and_clerk_and_registers_others() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    insta::assert_snapshot!(office.run(["user", "list"]).done().out, @r"
    amt              amt                          Sachbearbeitung, Administration | Allgemein
    voss             Henning Voss                 Sachbearbeitung, Schriftgutverwaltung | Allgemein
    ");
    office
        .run(["user", "rights", "voss", "--role", "auditor", "--domain", "general", "--domain", "tax"])
        .done();
    insta::assert_snapshot!(office.run(["user", "list"]).done().out, @r"
    amt              amt                          Sachbearbeitung, Administration | Allgemein
    voss             Henning Voss                 Revision | Allgemein, Steuergeheimnis
    ");
}

#[test]
fn acting_as_somebody_takes_that_persons_secret() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    office.run_as("voss", &["rules", "confirm", "BA-03"]).done();
    let wrong = |login: &str, secret: &str| {
        let mut command = office.command();
        command.args(["--as", login, "plan"]).env("SCHRIFTGUT_SECRET", secret);
        said(&mut command).failed(2)
    };
    insta::assert_snapshot!(wrong("voss", "nicht das richtige"), @r"
    Fehler:  Die Anmeldung ist nicht möglich
    Grund:   Anmeldename oder Kennwort ist falsch
    Ausweg:  prüfen Sie beides; ein neues Kennwort vergibt die Administration
    ");
    assert_eq!(wrong("voss", "nicht das richtige"), wrong("niemand", SECRET), "a name is no secret told");
}

#[test]
fn a_person_without_the_role_is_refused() {
    let office = Office::new();
    insta::assert_snapshot!(office.run(["rules", "confirm"]).failed(3), @r"
    Fehler:  Das ist mit Ihren Rechten nicht möglich
    Grund:   nötig ist die Rolle Schriftgutverwaltung
    Ausweg:  wenden Sie sich an die Administration oder an eine Person mit dieser Rolle
    ");
    office.add_person("revision", "Onno Reents", &["auditor"]);
    office.run_as("revision", &["search", "Rathaus"]).failed(3);
    office.run_as("revision", &["user", "list"]).failed(3);
    office.run_as("revision", &["proof", "show", "0"]).done();
}

#[test]
fn a_short_secret_is_a_mistake() {
    let office = Office::new();
    let mut command = office.command();
    command.args(["user", "secret", "amt"]).env("SCHRIFTGUT_NEW_SECRET", "kurz");
    insta::assert_snapshot!(said(&mut command).failed(2), @r"
    Fehler:  Das Kennwort ist zu kurz
    Grund:   es braucht mindestens 8 Zeichen
    Ausweg:  wählen Sie ein längeres, zum Beispiel mehrere Wörter
    ");
}

#[test]
fn what_a_person_may_not_read_does_not_exist_for_that_person() {
    let office = Office::new();
    office.add_person("personal", "Personalamt", &["clerk"]);
    office.run(["user", "rights", "personal", "--role", "clerk", "--domain", "personnel"]).done();
    let path = office.write("zeugnis.txt", "Zeugnis der Reife");
    let file = ["ingest", "--json", "--file", "11-1", "--class", "11.10.01", "--domain", "personnel", &path];
    let taken = office.run_as("personal", &file).done();
    let id = taken.lines()[0]["document"].as_str().unwrap().to_owned();
    assert_eq!(office.run_as("personal", &["search", "--json", "Zeugnis"]).done().json()["total"], 1);
    assert_eq!(office.run(["search", "--json", "Zeugnis"]).done().json()["total"], 0);
    let hidden = office.run(["show", "11-1"]).failed(2);
    assert_eq!(hidden.replace("11-1", "99-9"), office.run(["show", "99-9"]).failed(2));
    office.run(["get", &id, "--out", "zeugnis"]).failed(2);
    assert!(!office.place("zeugnis").exists());
}

#[test]
fn an_unknown_operator_is_told_so() {
    let office = Office::new();
    let mut command = office.command();
    insta::assert_snapshot!(said(command.arg("plan").env("USER", "fremd")).failed(2), @r"
    Fehler:  Person „fremd“ wurde nicht gefunden
    Grund:   es gibt nichts unter dieser Bezeichnung, oder Sie dürfen es nicht sehen
    Ausweg:  prüfen Sie die Schreibweise oder suchen Sie mit `schriftgut search`
    ");
}
