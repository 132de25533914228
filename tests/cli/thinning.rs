//! Thinning from outside: of an archive-worthy file the archive takes over what it did not name, and nothing else is missing;
//! the list, the bag and the certificate say so; what was decided is what is signed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::office::{Office, said};

const PACK: &str = include_str!("../../retention-rules/nrw/kommunal.toml");
const THINNING: &str = r#"
[[thinning]]
id = "bauakte_duenn"
title = "Bauakten ohne Vermerke und Schriftverkehr"
reason = "Antrag und Bescheid zeigen das Vorhaben"
record_type = "bauakte"
classes = ["63.10"]
leave_out = ["30", "40"]
"#;
/// The documents of the file that is worth keeping, with their registers.
const DOCUMENTS: [(&str, &str); 5] = [
    ("antrag.txt", "10"),
    ("vermerk.txt", "30"),
    ("brief.txt", "40"),
    ("bescheid.txt", "50"),
    ("lose.txt", ""),
];

/// An office with a list on offer: a file that is kept in part, and one that goes.
struct Offered {
    office: Office,
    list: String,
    ids: Vec<String>,
}

impl Offered {
    fn new() -> Self {
        let office = Office::demo();
        office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
        office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
        office.add_person("wolters", "Imke Wolters", &["archivist"]);
        let mut manifest = "path;aktenzeichen;klasse;titel;geschlossen_am;register\n".to_owned();
        for (name, register) in DOCUMENTS {
            office.write(&format!("stapel/{name}"), format!("Inhalt von {name}"));
            manifest.push_str(&format!("{name};63-1;63.10.03;Haus;1960-05-01;{register}\n"));
        }
        office.write("stapel/weg.txt", "Antrag auf einen Zaun");
        manifest.push_str("weg.txt;63-2;63.10.03;Zaun;1960-05-01;\n");
        let manifest = office.write("stapel/liste.csv", &manifest);
        office.run(["ingest", "--no-read", "--allow-surplus", "--manifest", &manifest]).done();
        office.run_as("voss", &["rules", "confirm"]).done();
        let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
        let list = created["list"].as_str().unwrap().to_owned();
        office.run_as("voss", &["list", "offer", &list]).done();
        let shown = office.run(["show", "--json", "63-1"]).done().json();
        let id = |name: &str| {
            let documents = shown["documents"].as_array().unwrap();
            let document = documents.iter().find(|document| document["file_name"] == name).unwrap();
            document["id"].as_str().unwrap().to_owned()
        };
        let ids = DOCUMENTS.map(|(name, _)| id(name)).into();
        Self { office, list, ids }
    }

    fn id(&self, name: &str) -> &str {
        let at = DOCUMENTS.iter().position(|(own, _)| *own == name).unwrap();
        &self.ids[at]
    }

    /// Asks the archive's person to keep the file, with what more is said.
    fn keep(&self, more: &[&str]) -> crate::office::Said {
        let asked = ["list", "appraise", &self.list, "--file", "63-1", "--decision", "A", "--reason", "Haus"];
        self.office.run_as("wolters", &[&asked, more].concat())
    }

    fn shown(&self) -> Value {
        self.office.run_as("wolters", &["--json", "list", "show", &self.list]).done().json()
    }

    fn line(&self, file: &str) -> Value {
        let shown = self.shown();
        shown["lines"].as_array().unwrap().iter().find(|line| line["file"] == file).unwrap().clone()
    }

    fn hand_over(&self, folder: &str) -> crate::office::Said {
        let out = self.office.place(folder);
        self.office.run_as("wolters", &["transfer", "export", &self.list, "--out", out.to_str().unwrap()])
    }

    /// The names of the originals in a bag, and what its description says.
    fn bag(&self, folder: &str) -> (BTreeSet<String>, Value) {
        let files = self.office.place(folder).join("data/63-1");
        let names = std::fs::read_dir(&files).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let text = std::fs::read_to_string(files.join("akte.json")).unwrap();
        (names.filter(|name| name != "akte.json").collect(), serde_json::from_str(&text).unwrap())
    }

    /// The names these documents have in a bag.
    fn named(&self, names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| format!("{}_{name}", &self.id(name)[..8])).collect()
    }
}

#[test]
fn the_archive_gets_exactly_what_it_did_not_leave_out_and_everybody_reads_so() {
    let offered = Offered::new();
    let Offered { office, list, .. } = &offered;
    let letter = offered.id("brief.txt");
    let told = offered.keep(&["--leave-out-register", "30", "--leave-out", letter]).done().out;
    assert!(told.contains("ausgedünnt: 2 von 5 Dokumenten nicht übernommen"), "{told}");
    let named = told.lines().filter(|line| line.starts_with("  ohne ")).count();
    assert!(named == 2 && told.contains("vermerk.txt  Register 30") && told.contains(letter), "{told}");
    assert_eq!(offered.line("63-1")["thinned"], serde_json::json!({ "kept": 3, "of": 5 }));
    let words = office.run_as("voss", &["list", "show", list]).done().out;
    assert!(words.contains("; ausgedünnt: 2 von 5 Dokumenten nicht übernommen"), "{words}");
    // What is sorted otherwise now is left out all the same, and nothing more: the archive named documents, not registers.
    office.run(["sort", offered.id("vermerk.txt"), "--register", "50"]).done();
    office.run(["sort", offered.id("bescheid.txt"), "--register", "30"]).done();
    let given = ["--json", "transfer", "export", list, "--out", "paket"];
    let done = office.run_as("wolters", &given).done().json();
    let kept = ["antrag.txt", "bescheid.txt", "lose.txt"];
    let (names, about) = offered.bag("paket");
    assert_eq!(names, offered.named(&kept));
    assert_eq!(done["objects"], 4, "three originals and their description: {done}");
    let thinned = serde_json::json!({ "nicht_uebernommen": 2, "von": 5, "begruendung": "Haus" });
    assert_eq!(about["ausgeduennt"], thinned);
    let documents = about["dokumente"].as_array().unwrap();
    assert_eq!(documents.len(), 3, "{about}");
    let permit = documents.iter().find(|one| one["dokument"] == offered.id("bescheid.txt")).unwrap();
    assert_eq!(permit["register"], serde_json::json!({ "nummer": "30", "titel": "Interne Vermerke" }));
    let loose = documents.iter().find(|one| one["dokument"] == offered.id("lose.txt")).unwrap();
    assert!(loose.get("register").is_none() && names.contains(loose["datei"].as_str().unwrap()), "{loose}");
    let verified = office.run(["--json", "verify", "--read-data"]).done().json();
    assert_eq!(verified["changed"], serde_json::json!([]));
    offered.keep(&[]).failed(3); // handed over is handed over
    office.run(["sort", letter, "--none"]).failed(3); // the archive copy says where it lay
    // The office's own copy is whole.
    office.run(["get", letter, "--out", office.place("brief").to_str().unwrap()]).done();
    office.run(["rebuild"]).done();
    assert_eq!(offered.line("63-1")["thinned"], serde_json::json!({ "kept": 3, "of": 5 }));
    certified(&offered);
}

/// The list is signed and carried out; its certificate says what the archive did without, and holds, for two readers.
fn certified(offered: &Offered) {
    let Offered { office, list, .. } = offered;
    office.run_as("wolters", &["list", "appraise", list, "--file", "63-2", "--decision", "V"]).done();
    office.run_as("voss", &["list", "propose", list]).done();
    office.run_as("tamm", &["list", "approve", list]).done();
    office.run_as("wolters", &["list", "approve", list]).done();
    office.run_as("voss", &["list", "execute", list, "--confirm", &list[..8]]).done();
    let folder = office.registry().join("certificates");
    let path = folder.join(format!("{list}.json"));
    let file = serde_json::from_str::<Value>(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let thinned = &file["certificate"]["thinned"];
    assert_eq!((&thinned[0]["left_out"], &thinned[0]["of"]), (&2.into(), &5.into()), "{thinned}");
    let page = std::fs::read_to_string(folder.join(format!("{list}.html"))).unwrap();
    assert!(page.contains("ausgedünnt: 2 von 5 Dokumenten nicht übernommen"), "{page}");
    let key = office.ledger_key();
    let verify = |path: &Path| office.run(["proof", "verify", path.to_str().unwrap(), "--key", &key]);
    verify(&path).done();
    let second = |path: &Path| {
        let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/read.py");
        said(Command::new("python3").arg(reader).arg("proof").arg(path).arg(&key))
    };
    assert_eq!(second(&path).code, 0, "{:?}", second(&path));
    let text = std::fs::read_to_string(&path).unwrap();
    for (what, forged) in [
        ("another number", text.replace("\"left_out\": 2", "\"left_out\": 1")),
        ("nothing of it", {
            let mut forged = file.clone();
            forged["certificate"].as_object_mut().unwrap().remove("thinned");
            forged.to_string()
        }),
    ] {
        assert_ne!(forged, text, "{what}");
        let forged = office.write("gefaelscht.json", forged);
        verify(forged.as_ref()).failed(2);
        assert_ne!(second(forged.as_ref()).code, 0, "{what}");
    }
}

#[test]
fn the_rules_propose_and_nothing_is_left_out_unless_somebody_says_so() {
    let offered = Offered::new();
    let Offered { office, list, .. } = &offered;
    let said = offered.keep(&["--thin"]).failed(2);
    assert!(said.contains("schlägt für solche Akten nichts vor"), "{said}");
    let edition = "nrw-kommunal dünn";
    let text = format!("{}{THINNING}", PACK.replacen("nrw-kommunal 2026-1", edition, 1));
    let pack = office.write("duenn.toml", &text);
    office.run(["rules", "check", &pack]).done();
    let diff = office.run(["rules", "diff", &pack]).done().out;
    assert!(
        diff.contains("neu        Ausdünnen bauakte_duenn") && diff.contains("ohne Register 30, 40"),
        "{diff}"
    );
    let diff = office.run(["--json", "rules", "diff", &pack]).done().json();
    assert_eq!(diff["thinnings"]["new"], serde_json::json!(["bauakte_duenn"]));
    office.run_as("voss", &["rules", "propose", &pack]).done();
    office.run_as("tamm", &["rules", "enact", edition]).done();
    // By proposals the file is decided as a whole.
    offered.keep(&[]).done();
    assert_eq!(offered.line("63-1")["thinned"], Value::Null);
    let told = offered.keep(&["--thin"]).done().out;
    let head = format!("ausgedünnt: 2 von 5 Dokumenten nicht übernommen nach bauakte_duenn ({edition})");
    assert!(told.contains(&head), "{told}");
    offered.hand_over("paket").done();
    let (names, about) = offered.bag("paket");
    assert_eq!(names, offered.named(&["antrag.txt", "bescheid.txt", "lose.txt"]));
    assert_eq!(about["ausgeduennt"]["regel"], format!("bauakte_duenn ({edition})"));
    let shown = office.run_as("wolters", &["list", "show", list]).done().out;
    assert!(shown.contains("ausgedünnt: 2 von 5"), "{shown}");
}

#[test]
fn a_decision_for_the_whole_file_takes_an_earlier_one_for_a_part_back() {
    let offered = Offered::new();
    offered.keep(&["--leave-out-register", "40"]).done();
    assert_eq!(offered.line("63-1")["thinned"], serde_json::json!({ "kept": 4, "of": 5 }));
    offered.keep(&[]).done();
    offered.hand_over("paket").done();
    let (names, about) = offered.bag("paket");
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(about.get("ausgeduennt").is_none(), "{about}");
}

#[test]
fn what_comes_in_after_the_decision_is_kept() {
    let offered = Offered::new();
    let Offered { office, .. } = &offered;
    offered.keep(&["--leave-out-register", "40"]).done();
    office.run(["reopen", "63-1"]).done();
    let late = office.write("spaet.txt", "kam später");
    office.run(["ingest", "--no-read", &late, "--file", "63-1", "--register", "40"]).done();
    office.run(["close", "63-1"]).done();
    offered.hand_over("paket").done();
    let (names, _) = offered.bag("paket");
    assert!(names.len() == 5 && names.iter().any(|name| name.ends_with("spaet.txt")), "{names:?}");
    assert!(!names.iter().any(|name| name.ends_with("brief.txt")), "{names:?}");
}

#[test]
fn what_cannot_be_left_out_is_told_and_nothing_is_decided() {
    let offered = Offered::new();
    let Offered { office, list, ids } = &offered;
    let refused = |more: &[&str], code: i32, why: &str| {
        let said = offered.keep(more).failed(code);
        assert!(said.contains(why), "no {why:?} in {said}");
        assert_eq!(offered.line("63-1")["state"], "undecided");
    };
    refused(&["--leave-out-register", "99"], 2, "kein Register „99“");
    refused(&["--leave-out-register", "60"], 3, "keines ihrer Dokumente ist zum Auslassen genannt");
    let all: Vec<&str> = ids.iter().flat_map(|id| ["--leave-out", id.as_str()]).collect();
    refused(&all, 3, "es bliebe kein Dokument übrig");
    refused(&["--leave-out", "00000000-0000-4000-8000-000000000000"], 2, "wurde nicht gefunden");
    let other = office.run(["show", "--json", "63-2"]).done().json();
    let other = other["documents"][0]["id"].as_str().unwrap();
    refused(&["--leave-out", other], 2, "wurde nicht gefunden");
    let destroy =
        ["list", "appraise", list, "--file", "63-1", "--decision", "V", "--leave-out-register", "40"];
    office.run_as("wolters", &destroy).failed(2);
    let keep = ["list", "appraise", list, "--file", "63-1", "--decision", "A", "--leave-out-register", "40"];
    office.run_as("voss", &keep).failed(3);
}

#[test]
fn while_a_hold_stands_no_part_of_a_file_is_left_behind() {
    let offered = Offered::new();
    let Offered { office, .. } = &offered;
    offered.keep(&["--leave-out-register", "40"]).done();
    office.run_as("voss", &["hold", "place", "63-1", "--reason", "VG 4 K 17/21"]).done();
    let said = offered.hand_over("paket").failed(3);
    assert!(said.contains("VG 4 K 17/21"), "{said}");
    assert_eq!(offered.line("63-1")["state"], "archive", "not handed over");
    let said = offered.keep(&["--leave-out-register", "30"]).failed(3);
    assert!(said.contains("VG 4 K 17/21"), "{said}");
    offered.keep(&[]).done(); // as a whole it may go to the archive, as ever
    offered.hand_over("paket").done();
    assert_eq!(offered.bag("paket").0.len(), 5);
}

#[test]
fn rules_for_thinning_are_checked_against_the_record_types() {
    let offered = Offered::new();
    let Offered { office, .. } = &offered;
    let check = |from: &str, to: &str| {
        assert!(THINNING.contains(from), "{from}");
        let text = format!("{PACK}{}", THINNING.replace(from, to));
        office.run(["rules", "check", &office.write("duenn.toml", text)]).failed(2)
    };
    let said = check("[\"30\", \"40\"]", "[\"30\", \"41\"]");
    assert!(said.contains("das Register 41 hat die Aktenart nicht; es gibt: 10, 11, 20"), "{said}");
    assert!(said.contains("duenn.toml, Zeile "), "{said}");
    let said = check("\"bauakte\"", "\"raumakte\"");
    assert!(said.contains("die Aktenart raumakte gibt es nicht"), "{said}");
    let said = check("[\"30\", \"40\"]", "[]");
    assert!(said.contains("kein Register genannt"), "{said}");
}
