//! People at the command line: accounts, secrets, rights, and acting as somebody.

use std::collections::BTreeSet;

use schriftgut::domain::actor::Role;
use schriftgut::registry::Registry;

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
fn what_is_not_named_of_a_persons_rights_stays() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["clerk"]);
    office.run(["user", "rights", "voss", "--domain", "general", "--domain", "tax"]).done();
    office.run(["user", "rights", "voss", "--role", "records_manager", "--role", "clerk"]).done();
    insta::assert_snapshot!(office.run(["user", "list"]).done().out, @r"
    amt              amt                          Sachbearbeitung, Administration | Allgemein
    voss             Henning Voss                 Sachbearbeitung, Schriftgutverwaltung | Allgemein, Steuergeheimnis
    ");
    insta::assert_snapshot!(office.run(["user", "rights", "voss"]).failed(2), @r"
    Fehler:  Die Rechte von voss bleiben, wie sie sind
    Grund:   weder --role noch --domain ist genannt; jetzt gilt: --role clerk --role records_manager --domain general --domain tax
    Ausweg:  nennen Sie alle Rollen oder alle Schutzbereiche, die künftig gelten sollen
    ");
    office.run(["user", "rights", "niemand", "--role", "clerk"]).failed(2);
    office.run_as("voss", &["user", "rights", "voss"]).failed(3);
}

#[test]
fn the_last_administrator_who_can_sign_in_stays_one() {
    let office = Office::new();
    let clerk = |login| ["user", "rights", login, "--role", "clerk"];
    insta::assert_snapshot!(office.run(clerk("amt")).failed(3), @r"
    Fehler:  „amt“ behält die Rolle Administration
    Grund:   sonst hat niemand mehr diese Rolle, der sich anmelden kann, und Personen könnten nicht mehr verwaltet werden
    Ausweg:  geben Sie zuerst einer anderen Person diese Rolle und ein Kennwort
    ");
    // Somebody without a secret may be administrator for a moment, by mistake.
    office.run(["user", "add", "irrtum", "--name", "Irrtum", "--role", "administrator"]).done();
    office.run(clerk("irrtum")).done();
    office.add_person("leitung", "Leitung", &["administrator"]);
    office.run_as("leitung", &clerk("leitung")).failed(3);
    office.run(clerk("amt")).done();
    office.run_as("leitung", &["user", "rights", "leitung", "--domain", "tax"]).done();
    office.run_as("leitung", &clerk("leitung")).failed(3);
}

#[test]
fn of_two_administrators_who_dismiss_each_other_at_once_one_stays() {
    let office = Office::new();
    office.add_person("eins", "Eins", &["administrator"]);
    office.add_person("zwei", "Zwei", &["administrator"]);
    office.run(["user", "rights", "amt", "--role", "clerk"]).done();
    let registry = Registry::open(office.registry()).unwrap();
    let people = ["eins", "zwei"].map(|login| registry.person(login).unwrap());
    let dismissed = std::thread::scope(|scope| {
        let (registry, people) = (&registry, &people);
        let dismiss = |by: usize, whom: usize| {
            let roles = Some(BTreeSet::from([Role::Clerk]));
            let by = people[by].as_administrator().unwrap();
            registry.set_rights(by, &people[whom].login, roles, None).is_ok()
        };
        let threads = [scope.spawn(move || dismiss(0, 1)), scope.spawn(move || dismiss(1, 0))];
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(dismissed.into_iter().filter(|done| *done).count(), 1, "{dismissed:?}");
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
fn a_new_file_is_under_the_secrecy_of_its_class_unless_another_is_named() {
    let office = Office::new();
    office.add_person("steuer", "Steueramt", &["clerk"]);
    office.run(["user", "rights", "steuer", "--role", "clerk", "--domain", "tax"]).done();
    let path = office.write("bescheid.txt", "Bescheid über die Grundsteuer");
    office.run_as("steuer", &["ingest", &path, "--file", "22-1", "--class", "22.10.01"]).done();
    office.write("stapel/bescheid.txt", "Bescheid über die Gewerbesteuer");
    let head = "path;aktenzeichen;klasse;titel\n";
    let list = office.write("stapel/liste.csv", format!("{head}bescheid.txt;22-2;22.10.01;Gewerbesteuer\n"));
    office.run_as("steuer", &["ingest", "--allow-surplus", "--manifest", &list]).done();
    for hidden in ["22-1", "22-2"] {
        let shown = office.run_as("steuer", &["show", hidden]).done().out;
        assert!(shown.contains("Schutzbereich Steuergeheimnis"), "{shown}");
        office.run(["show", hidden]).failed(2);
    }
    let said = office.run(["ingest", &path, "--file", "22-3", "--class", "22.10.01"]);
    assert!(said.out.contains("fehlt die Berechtigung"), "{said:?}");
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
