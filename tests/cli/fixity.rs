//! `verify` in parts, with a time limit, without keys and against a checkpoint; `checkpoint`; `repair`.

use crate::office::{Office, redacted, said};

fn office() -> Office {
    let office = Office::new();
    for number in 0..4 {
        let path = office.write(&format!("stapel/{number}.txt"), format!("Blatt {number}"));
        office.run(["ingest", "--no-read", &path]).done();
    }
    office
}

fn today_aside(text: &str) -> String {
    let today = jiff::Zoned::now().date();
    text.replace(&schriftgut::format::wording::day(today), "[heute]").replace(&today.to_string(), "[heute]")
}

#[test]
fn parts_are_recorded_and_counted() {
    let office = office();
    let said = office.run(["verify", "--subset", "2/3"]).done();
    let words = today_aside(&said.out);
    assert!(words.starts_with("Teil 2/3: "), "{words}");
    assert!(words.ends_with("noch nie vollständig geprüft, bisher 1 von 3 Teilen\n"), "{words}");
    let mut objects = 0;
    for part in ["1/3", "2/3", "3/3"] {
        let answer = office.run(["verify", "--json", "--subset", part]).done().json();
        assert_eq!((&answer["part"], &answer["complete"]), (&part.into(), &true.into()));
        objects += answer["objects"].as_u64().unwrap();
        assert!(answer["changed"].as_array().unwrap().is_empty());
    }
    assert_eq!(objects, 4);
    let doctor = today_aside(&office.run(["doctor"]).done().out);
    assert!(doctor.contains("gut      Unversehrtheit: zuletzt vollständig geprüft am [heute]"), "{doctor}");
    let timed = office.run(["verify", "--json", "--max-time", "5"]).done().json();
    assert_eq!(
        (&timed["part"], &timed["complete"], &timed["objects"]),
        (&"1/1".into(), &true.into(), &4.into())
    );
    let stopped = office.run(["verify", "--max-time", "0"]).done();
    assert!(stopped.out.contains("die Zeit ist um (Datenspeicher, nach "), "{stopped:?}");
}

#[test]
fn wrong_parts_and_times_are_mistakes() {
    let office = Office::new();
    insta::assert_snapshot!(office.run(["verify", "--subset", "4/3"]).failed(2), @r"
    Fehler:  Der Befehl ist nicht lesbar
    Grund:   „4/3“ passt nicht zu „--subset <N/M>“
    Ausweg:  `schriftgut --help` zeigt die Befehle, `schriftgut BEFEHL --help` ihre Angaben
    ");
    office.run(["verify", "--max-time", "morgen"]).failed(2);
    office.run(["verify", "--without-keys", "--read-data"]).failed(2);
    office.run(["verify", "--against", "fehlt.txt"]).failed(2);
    office.run(["repair", "--from", "fehlt"]).failed(2);
}

#[test]
fn without_keys_it_looks_at_a_copy_that_has_none_and_leaves_no_trace() {
    let office = office();
    let copy = office.place("sicherung");
    for store in ["vault", "archive", "ledger", "head"] {
        let mut command = std::process::Command::new("cp");
        std::fs::create_dir_all(&copy).unwrap();
        assert!(command.arg("-r").arg(office.registry().join(store)).arg(&copy).status().unwrap().success());
    }
    std::fs::copy(office.registry().join("schriftgut.toml"), copy.join("schriftgut.toml")).unwrap();
    let copied = copy.to_str().unwrap();
    let keyless = ["verify", "--without-keys", "--registry", copied];
    let clean = office.run(keyless).done();
    insta::assert_snapshot!(redacted(&office, &clean.out), @r"
    4 gespeicherte Dateien und 10 Einträge geprüft: alles unversehrt
    ohne Schlüssel geprüft: versiegelte Dateien, Unterschrift, Baum und Ketten des Nachweisbuchs; nicht: Schlüsselbund, Inhalte und ob jede im Nachweisbuch genannte Datei da ist
    ");
    let answer = office.run(keyless.iter().chain(&["--json"])).done().json();
    assert_eq!(
        (&answer["without_keys"], &answer["size"], &answer["objects"]),
        (&true.into(), &10.into(), &4.into())
    );
    assert!(!copy.join("views").exists() && !copy.join("lock").exists());
    let volume = copy.join("vault/volumes/00000000.vol");
    let mut bytes = std::fs::read(&volume).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&volume, bytes).unwrap();
    let found = office.run(keyless);
    assert_eq!(found.code, 1);
    assert!(
        found.out.contains("verändert: Datenspeicher: ") && found.out.contains("NICHT unversehrt"),
        "{found:?}"
    );
    std::fs::remove_dir_all(copy.join("head")).unwrap();
    assert_eq!(office.run(keyless).code, 1);
    said(office.command().args(["verify", "--without-keys", "--registry", "nirgends"])).failed(2);
}

#[test]
fn a_checkpoint_outside_convicts_an_older_state() {
    let office = office();
    let kept = office.place("pruefpunkt.txt");
    let kept = kept.to_str().unwrap();
    let older = office.place("frueher");
    let mut command = std::process::Command::new("cp");
    assert!(command.arg("-r").arg(office.registry()).arg(&older).status().unwrap().success());
    let path = office.write("neu.txt", "neu");
    office.run(["ingest", "--no-read", &path]).done();
    let said = office.run(["checkpoint", "--to", kept]).done();
    assert!(said.out.contains("verwahren Sie ihn außerhalb"), "{said:?}");
    office.run(["checkpoint", "--against", kept]).done();
    office.run(["verify", "--against", kept]).done();
    for more in [None, Some("--without-keys")] {
        let args = ["verify", "--against", kept, "--registry", older.to_str().unwrap()];
        let found = office.run(args.into_iter().chain(more));
        assert_eq!(found.code, 1, "{found:?}");
        assert!(found.out.contains("ein älterer Stand wurde eingesetzt"), "{found:?}");
    }
    let refused = office.run(["checkpoint", "--to", kept, "--registry", older.to_str().unwrap()]);
    assert!(refused.failed(3).contains("bewahren Sie ihn als Beweis auf"));
}

#[test]
fn repair_puts_back_what_a_copy_has() {
    let office = office();
    let copy = office.place("kopie");
    let mut command = std::process::Command::new("cp");
    assert!(command.arg("-r").arg(office.registry()).arg(&copy).status().unwrap().success());
    let copy = copy.to_str().unwrap();
    insta::assert_snapshot!(office.run(["repair", "--from", copy]).done().out, @"es war nichts wiederherzustellen");
    let volume = office.registry().join("vault/volumes/00000000.vol");
    let mut bytes = std::fs::read(&volume).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&volume, bytes).unwrap();
    assert_eq!(office.run(["verify"]).code, 1);
    let doctor = office.run(["doctor"]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.out.contains("FEHLER   Unversehrtheit: "), "{doctor:?}");
    let done = office.run(["repair", "--json", "--from", copy]).done().json();
    assert_eq!((done["objects"].as_array().unwrap().len(), done["left"].as_array().unwrap().len()), (1, 0));
    office.run(["verify", "--read-data"]).done();
    office.run(["doctor"]).done();
}
