//! What is said, and that all of it works from the command line, with a server or without.

use std::process::Command;
use std::sync::Arc;

use schriftgut::cli::relay;
use schriftgut::intake::Workshop;

use crate::common::{BUILDING, OPERATOR, PROGRAM, SECRET, TestOffice, open_patiently};
use crate::room::Room;

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn run(office: &TestOffice, room: &Room, line: &str) -> Said {
    run_at(office.root(), room, line)
}

fn run_at(registry: &std::path::Path, room: &Room, line: &str) -> Said {
    let mut command = Command::new(PROGRAM);
    command.args(line.split(' ')).current_dir(room.place(".")).env("SCHRIFTGUT_REGISTRY", registry);
    let output = command.env("USER", OPERATOR).env("SCHRIFTGUT_SECRET", SECRET).output().unwrap();
    let folder = room.place("x").parent().unwrap().to_str().unwrap().to_owned();
    let amt = registry.to_str().unwrap().to_owned();
    let text = |bytes| String::from_utf8(bytes).unwrap().replace(&folder, "[raum]").replace(&amt, "[amt]");
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn small_office() -> TestOffice {
    let office = TestOffice::demo();
    office.ingest_text("F-1", BUILDING, "a.txt", "Der Brandschutz ist geprüft.");
    office.read_texts();
    office
}

#[test]
fn everything_goes_through_a_running_server_and_without_one() {
    let mut office = small_office();
    let room = Room::new();
    office.close_doors();
    let master = office.root().join("keys/master.key").to_str().unwrap().to_owned();
    let registry = open_patiently(office.root()).unwrap().with_workshop(Workshop::with_program(PROGRAM));
    let registry = Arc::new(registry);
    relay::listen(&registry).unwrap();
    let said = run(&office, &room, "backup --to inhalte --keys schluessel --json");
    assert_eq!(said.code, 0, "{}", said.err);
    let lines: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[1]["kept"], &lines[0]["copied"], &lines[0]["removed"]),
        (&1.into(), &2.into(), &0.into())
    );
    let said =
        run(&office, &room, &format!("backup drill --from inhalte --keys schluessel --master {master}"));
    assert!(said.code == 0 && said.out.contains("die Probe ist bestanden"), "{} {}", said.out, said.err);
    let said = run(&office, &room, "backup --to inhalte --repair");
    assert!(said.code == 0 && said.err.starts_with("0 beschädigte"), "{} {}", said.out, said.err);
    let said = run(&office, &room, "checkpoint --to aussen.note");
    assert_eq!(said.code, 0, "{}", said.err);
    let said = run(&office, &room, "checkpoint --against aussen.note");
    assert!(said.code == 0 && said.out.contains("fort, um 0 Einträge"), "{}", said.out);
    drop(registry);
    let said = run(&office, &room, "backup check inhalte");
    assert!(said.code == 0 && said.out.contains("alles unversehrt"), "{}", said.out);
    let line = format!(
        "restore --from inhalte --keys schluessel --master {master} --to neu --checkpoint aussen.note"
    );
    let said = run(&office, &room, &format!("{line} --verify"));
    assert!(said.code == 0 && said.out.contains("alles unversehrt"), "{} {}", said.out, said.err);
    let said = run_at(&room.place("neu"), &room, "search --json Brandschutz");
    assert!(said.code == 0 && said.out.contains("\"total\":1"), "{} {}", said.out, said.err);
}

#[test]
fn contents_and_keys_in_one_another_are_refused_before_anything_is_written() {
    let mut office = small_office();
    let room = Room::new();
    office.close_doors();
    std::os::unix::fs::symlink(room.place("."), room.place("verweis")).unwrap();
    let nested = [
        ("nb", "nb/keys"),
        ("nb/inhalte", "nb"),
        ("nb", "nb"),
        ("nb", "anders/../nb/keys"),
        ("verweis/nb", "nb/keys"),
        ("nb/inhalte", "verweis/nb"),
    ];
    for (contents, keys) in nested {
        let said = run(&office, &room, &format!("backup --to {contents} --keys {keys}"));
        assert_eq!(said.code, 2, "{contents} {keys}: {} {}", said.out, said.err);
        assert!(said.err.contains("es wurde nichts geschrieben"), "{contents} {keys}: {}", said.err);
        assert!(said.out.is_empty() && !room.place("nb").exists(), "{contents} {keys}: {}", said.out);
    }
    insta::assert_snapshot!(run(&office, &room, "backup --to nb --keys nb/keys").err, @r"
    Fehler:  Nach nb und nb/keys kann nicht gesichert werden
    Grund:   die Schlüssel lägen in der Sicherung der Inhalte
    Ausweg:  nennen Sie mit --to und --keys zwei Ordner auf verschiedenen Datenträgern; es wurde nichts geschrieben
    ");
    assert_eq!(run(&office, &room, "backup --to nb --keys verweis/nb-keys").code, 0, "side by side");
}

#[test]
fn a_registry_in_quarantine_is_released_at_the_terminal() {
    let office = small_office();
    let room = Room::new();
    room.back_up(&office);
    let neu = room.place("neu");
    let report = room.restore_closed(&room.master(&office), &neu, None).unwrap();
    assert!(report.witness.is_none());
    let said = run_at(&neu, &room, "plan");
    assert_eq!(said.code, 3);
    let today = schriftgut::domain::life_cycle::german(office.today());
    insta::assert_snapshot!(said.err.replace(&today, "[heute]"), @r"
    Fehler:  Die Registratur in [raum]/neu ist in Quarantäne
    Grund:   sie wurde am [heute] aus einer Sicherung (Stand 93 Einträge) wiederhergestellt, ohne dass ein Prüfpunkt von außerhalb vorlag: was danach vernichtet wurde, könnte wieder da sein
    Ausweg:  stellen Sie sie mit --checkpoint neu wieder her, oder 2 Personen aus Schriftgutverwaltung und Archiv geben sie frei (`schriftgut quarantine release`); bisher 0
    ");
    assert_eq!(run_at(&neu, &room, "quarantine show").code, 0);
    assert_eq!(run_at(&neu, &room, "quarantine release").code, 2);
    let said = run_at(&neu, &room, "--as tamm quarantine release");
    assert!(said.code == 0 && said.out.contains("noch 1 andere Person"), "{} {}", said.out, said.err);
    assert_eq!(run_at(&neu, &room, "serve").code, 3);
    let said = run_at(&neu, &room, "--as archiv quarantine release");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(run_at(&neu, &room, "plan").code, 0);
    assert_eq!(run_at(&neu, &room, "quarantine show").code, 2);
}

#[test]
fn refusals_mistakes_and_faults_say_what_why_and_the_way_out() {
    let mut office = small_office();
    let room = Room::new();
    room.back_up(&office);
    office.close_doors();
    // A mistake: keys with the contents.
    let said = run(&office, &room, "backup --keys inhalte/schluessel");
    assert_eq!(said.code, 2);
    insta::assert_snapshot!(said.err, @r"
    Fehler:  Nach [raum]/inhalte/schluessel kann nicht gesichert werden
    Grund:   der Ordner liegt in einer Sicherung der Inhalte
    Ausweg:  nennen Sie einen eigenen Ordner auf einem anderen Datenträger
    ");
    // A refusal: two runs at once.
    let held = schriftgut::vault::LocalVault::open(&room.content().join("vault")).unwrap();
    let said = run(&office, &room, "backup --to inhalte");
    assert_eq!(said.code, 3);
    insta::assert_snapshot!(said.err, @r"
    Fehler:  Nach [raum]/inhalte kann jetzt nicht gesichert werden
    Grund:   eine andere Sicherung dorthin läuft noch
    Ausweg:  warten Sie, bis sie fertig ist
    ");
    drop(held);
    // A fault: the signed state is not the one that was signed.
    let note = room.content().join("backup.note");
    let text = std::fs::read_to_string(&note).unwrap().replace("\nremoved 0\n", "\nremoved 1\n");
    std::fs::write(&note, text).unwrap();
    let said = run(&office, &room, "backup check inhalte");
    assert_eq!(said.code, 1);
    insta::assert_snapshot!(said.err, @r"
    Fehler:  Der Stand der Sicherung in inhalte ist nicht verlässlich
    Grund:   die Unterschrift passt nicht zum Text
    Ausweg:  nehmen Sie eine andere Sicherung; sichern Sie in einen neuen Ordner
    ");
    let said = run(&office, &room, "backup");
    assert_eq!(said.code, 2);
    let said = run(&office, &room, "backup check nirgends");
    assert_eq!(said.code, 2);
}
