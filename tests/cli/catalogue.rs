//! The file plan appraised beforehand (the two-step procedure): it goes out to an archive, and what that archive decides on whole
//! classes decides lines of lists, but never against a person's look. The archive is `second_reader/archive.py`.

use std::path::Path;

use serde_json::Value;

use crate::office::{Office, Said};
use crate::plan::schemas;
use crate::xdomea::{archive, has_python, message_in, validated};

const MODEL: &str = include_str!("../../schema/file-plan/kommunal.toml");

/// File, class, monument, year built. All are due.
const FILES: [&str; 5] = [
    "63-1;63.10.03;nein;1980",
    "63-2;63.10.03;ja;1980",
    "63-3;63.10.03;nein;",
    "10-1;10.20.02;;",
    "10-9;10.90.01;;",
];

struct TwoStep(Office);

impl TwoStep {
    fn new() -> Self {
        let office = Office::demo();
        office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
        office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
        office.add_person("wolters", "Imke Wolters", &["archivist"]);
        for login in ["voss", "tamm", "wolters"] {
            office.run(["user", "rights", login, "--domain", "general", "--domain", "social"]).done();
        }
        let mut manifest =
            "path;aktenzeichen;klasse;titel;geschlossen_am;feld:monument;feld:built_year\n".to_owned();
        for line in FILES {
            let [reference, class, monument, year] = line.split(';').collect::<Vec<_>>()[..] else {
                panic!()
            };
            office.write(&format!("stapel/{reference}.txt"), format!("Inhalt von {reference}"));
            manifest.push_str(&format!(
                "{reference}.txt;{reference};{class};Titel;1960-05-01;{monument};{year}\n"
            ));
        }
        let manifest = office.write("stapel/liste.csv", &manifest);
        office.run_as("voss", &["ingest", "--no-read", "--manifest", &manifest]).done();
        office.run_as("voss", &["rules", "confirm"]).done();
        Self(office)
    }

    fn place(&self, name: &str) -> String {
        self.0.place(name).to_str().unwrap().to_owned()
    }

    /// Gives the plan to the archive; where its container is.
    fn offer(&self, version: &str, folder: &str) -> String {
        let asked =
            ["--json", "plan", "offer", "--xdomea", version, "--archive", "Kreisarchiv", "--out", folder];
        let done = self.0.run_as("voss", &asked).done().json();
        self.place(done["container"].as_str().unwrap())
    }

    /// The archive answers; the text of its catalogue.
    fn answered(&self, offer: &str, decisions: &[&str]) -> String {
        archive(&[&["catalogue", offer, &self.place("0513.xml")], decisions].concat());
        std::fs::read_to_string(self.0.place("0513.xml")).unwrap()
    }

    fn appraise(&self, file: &str) -> Said {
        self.0.run_as("wolters", &["--json", "plan", "appraise", file])
    }

    /// Offers the plan and takes this catalogue.
    fn decided(&self, decisions: &[&str]) {
        let folder = format!("raus-{}", decisions.concat());
        let offer = self.offer("3.1.0", &folder);
        self.answered(&offer, decisions);
        self.appraise("0513.xml").done();
    }

    fn create(&self) -> Value {
        self.0.run_as("voss", &["--json", "list", "create"]).done().json()
    }

    fn run_as(&self, login: &str, args: &[&str]) -> Said {
        self.0.run_as(login, args)
    }
}

/// What is said of each line, in the order of reference numbers: `63-1 destroy V true`.
fn lines(list: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |line: &Value| {
        let said = &line["catalogue"];
        let decides = said["decides"].as_bool().map_or("-".to_owned(), |decides| decides.to_string());
        format!("{} {} {} {decides}", word(&line["file"]), word(&line["state"]), word(&said["decision"]))
    };
    let mut lines: Vec<_> = list["lines"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn the_plan_goes_out_is_appraised_and_confirmed_in_messages_the_schemas_accept() {
    if !has_python() {
        return;
    }
    for version in ["3.0.0", "3.1.0", "4.0.0"] {
        let it = TwoStep::new();
        let offer = it.offer(version, "raus");
        archive(&["receive", "0512", &offer, &it.place("0512.xml")]);
        let told = it.run_as("wolters", &["plan", "appraise", "0512.xml"]).done().out;
        assert!(told.contains("Empfangsbestätigung des Aktenplans (0512) von Kreisarchiv"), "{told}");
        let catalogue = it.answered(&offer, &["63=V", "63.10=A", "10.20=B"]);
        let classes: Value =
            serde_json::from_str(&archive(&["catalogue", &offer, &it.place("x.xml")])).unwrap();
        assert_eq!(classes["63.10.03"]["title"], "Zurückgenommene und abgelehnte Bauanträge");
        assert_eq!(
            (&classes["63.10.03"]["proposal"], &classes["63.20.01"]["proposal"]),
            (&"V".into(), &"A".into())
        );
        let taken = it.run_as("wolters", &["--json", "plan", "appraise", "0513.xml", "--receipt", "raus"]);
        let taken = taken.done().json();
        assert_eq!(
            (&taken["sender"], taken["decided"].as_array().unwrap().len()),
            (&"Kreisarchiv".into(), 3)
        );
        let silent: Vec<_> =
            taken["undecided"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert!(
            silent.contains(&"50.10.01") && !silent.iter().any(|class| class.starts_with("63")),
            "{silent:?}"
        );
        let receipts = taken["receipts"].as_array().unwrap();
        let receipts: Vec<_> =
            receipts.iter().map(|one| message_in(&it.place(one.as_str().unwrap()))).collect();
        assert_eq!(receipts[1].matches("Erfolgreich>true").count(), if version == "4.0.0" { 4 } else { 3 });
        if let Some(schemas) = schemas() {
            let receipt = std::fs::read_to_string(it.0.place("0512.xml")).unwrap();
            for text in [message_in(&offer), receipt, catalogue].iter().chain(&receipts) {
                validated(&schemas, version, text).unwrap();
            }
        }
        let shown = it.0.run(["plan"]).done().out;
        assert!(
            shown.contains("63.20        Baulasten  [V]\n") && shown.contains("Bauakten  [A]\n"),
            "{shown}"
        );
        assert!(shown.ends_with("für den Aktenplan kommunal 2026-1\n"), "{shown}");
        it.0.run(["rebuild"]).done();
        assert_eq!(it.0.run(["plan"]).done().out, shown);
        assert_eq!(it.0.run(["--json", "verify"]).done().json()["changed"], serde_json::json!([]));
        // Written again, the same edition is the same process with the same ids.
        let again = it.offer(version, "nochmal");
        assert_eq!(Path::new(&offer).file_name(), Path::new(&again).file_name());
        it.run_as("voss", &["plan", "offer", "--xdomea", version, "--out", "nochmal"]).failed(2);
        it.run_as("wolters", &["plan", "offer", "--xdomea", version, "--out", "fremd"]).failed(3);
    }
}

#[test]
fn a_catalogue_decides_lines_but_never_against_a_look() {
    if !has_python() {
        return;
    }
    let it = TwoStep::new();
    it.decided(&["63=V", "10.20=A"]);
    let list = it.create();
    let expected = [
        "10-1 archive A true",
        "10-9 undecided - -",
        "63-1 destroy V true",
        "63-2 undecided V false",
        "63-3 undecided V false",
    ];
    assert_eq!(lines(&list), expected);
    let id = list["list"].as_str().unwrap();
    let shown = it.run_as("voss", &["list", "show", id]).done().out;
    let source = "Bewertungskatalog (0513) von Kreisarchiv, angenommen am ";
    assert!(
        shown.contains(&format!("entschieden durch {source}")) && shown.contains("von Imke Wolters: V"),
        "{shown}"
    );
    assert!(shown.contains("sagt V, aber etwas spricht für das Aufheben oder ist ungeklärt"), "{shown}");
    // Not yet: lines are open, and the archive is asked about them alone.
    it.run_as("voss", &["list", "propose", id]).failed(3);
    it.run_as("voss", &["list", "offer", id]).done();
    let asked = ["--json", "list", "export", id, "--xdomea", "3.1.0", "--out", "raus"];
    let offer = it.run_as("voss", &asked).done().json();
    let mut offered: Vec<_> =
        offer["files"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    offered.sort_unstable();
    assert_eq!(offered, ["10-9", "63-2", "63-3"]);
    let answer = it.place(&format!("{id}_Aussonderung.Bewertungsverzeichnis.0502.zip"));
    archive(&["appraise", &it.place(offer["container"].as_str().unwrap()), &answer, "63-2"]);
    it.run_as("wolters", &["list", "import", id, &answer]).done();
    let shown = it.run_as("voss", &["--json", "list", "show", id]).done().json();
    assert_eq!(lines(&shown)[0], "10-1 archive A true");
    assert_eq!(lines(&shown)[3..], ["63-2 archive V false", "63-3 destroy V false"]);
    // The archive may still decide otherwise on a line by itself.
    it.run_as("wolters", &["list", "appraise", id, "--file", "63-1", "--decision", "A"]).done();
    let shown = it.run_as("voss", &["list", "show", id]).done().out;
    assert!(shown.contains("sagte V; seither einzeln entschieden"), "{shown}");
}

#[test]
fn what_a_catalogue_has_decided_goes_without_an_offer_but_not_without_three_people() {
    if !has_python() {
        return;
    }
    let it = TwoStep::new();
    it.decided(&["63=V", "10.20=A"]);
    let id = |branch: &str| {
        let list = it.run_as("voss", &["--json", "list", "create", "--class", branch]).done().json();
        list["list"].as_str().unwrap().to_owned()
    };
    // What is kept goes straight out.
    let kept = id("10.20");
    let out = ["--json", "transfer", "export", &kept, "--xdomea", "3.1.0", "--out", "raus"];
    let done = it.run_as("wolters", &out).done().json();
    assert_eq!(done["files"], serde_json::json!(["10-1"]));
    it.run_as("wolters", &["list", "appraise", "--file", "63-2", "--decision", "V", &kept]).failed(3);
    // Two files of the branch ask for a look; once they are out of the way, nobody is to be asked.
    for reference in ["63-2", "63-3"] {
        it.run_as("voss", &["hold", "place", reference, "--reason", "wartet"]).done();
    }
    let gone = id("63");
    it.run_as("voss", &["list", "execute", &gone, "--confirm", &gone[..8]]).failed(3);
    it.run_as("voss", &["list", "propose", &gone]).done();
    it.run_as("tamm", &["list", "approve", &gone]).done();
    it.run_as("voss", &["list", "execute", &gone, "--confirm", &gone[..8]]).failed(3);
    it.run_as("wolters", &["list", "approve", &gone]).done();
    let done =
        it.run_as("voss", &["--json", "list", "execute", &gone, "--confirm", &gone[..8]]).done().json();
    assert_eq!((&done["files"], &done["spared"]), (&1.into(), &serde_json::json!([])), "{done}");
    let (certificate, key) = (done["certificate"].as_str().unwrap(), it.0.ledger_key());
    it.0.run(["proof", "verify", certificate, "--key", &key]).done();
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/read.py");
    let second =
        std::process::Command::new("python3").arg(reader).args(["proof", certificate, &key]).output();
    let second = second.unwrap();
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    it.0.run(["show", "63-1"]).failed(2);
}

#[test]
fn why_names_what_the_archive_decided_on_the_class() {
    if !has_python() {
        return;
    }
    let it = TwoStep::new();
    let why = |reference: &str| it.run_as("voss", &["why", reference]).done().out;
    assert!(!why("63-1").contains("Archiv:"));
    it.decided(&["63=V", "10.20=B"]);
    let told = why("63-1");
    assert!(
        told.contains("Archiv: für die Klasse 63 vorab entschieden: vernichten (V) – Bewertungskatalog"),
        "{told}"
    );
    assert!(why("63-2").contains("hier aber einzeln zu bewerten"));
    assert!(why("10-1").contains("einzeln zu bewerten (B)"));
    assert!(!why("10-9").contains("Archiv:"));
    let said = it.run_as("voss", &["--json", "why", "63-1"]).done().json();
    assert_eq!(said["catalogue"]["decision"], "V");
    assert_eq!(
        (&said["catalogue"]["class"], &said["catalogue"]["archive"]),
        (&"63".into(), &"Kreisarchiv".into())
    );
}

#[test]
fn a_newer_catalogue_replaces_the_older_and_lists_keep_what_decided_them() {
    if !has_python() {
        return;
    }
    let it = TwoStep::new();
    it.decided(&["63=V"]);
    let before = it.create();
    let id = before["list"].as_str().unwrap();
    // A new edition brings a class the archive has not seen.
    let newer = MODEL.replacen("kommunal 2026-1", "kommunal 2027-1", 1).replacen(
        "title = \"Bauakten\" }",
        "title = \"Bauakten\" },\n{ number = \"63.10.09\", title = \"Garagen\" }",
        1,
    );
    let newer = it.0.write("plan.toml", newer);
    it.run_as("voss", &["plan", "enact", &newer]).done();
    let shown = it.0.run(["plan"]).done().out;
    assert!(shown.contains("Bauakten  [V]\n") && shown.contains("63.10.09     Garagen\n"), "{shown}");
    // The answer to the plan before no longer counts once the new one is on offer.
    let old = std::fs::read_to_string(it.0.place("0513.xml")).unwrap();
    it.offer("3.1.0", "neu");
    let said = it.appraise(&it.0.write("alt.xml", old)).failed(2);
    assert!(said.contains("ihre ProzessID ist"), "{said}");
    it.decided(&["10.90=A"]);
    let shown = it.0.run(["plan"]).done().out;
    assert!(!shown.contains("[V]\n") && shown.contains("für den Aktenplan kommunal 2027-1"), "{shown}");
    let kept = it.run_as("voss", &["--json", "list", "show", id]).done().json();
    assert_eq!(lines(&kept), lines(&before));
    it.run_as("voss", &["list", "withdraw", id]).done();
    assert_eq!(lines(&it.create())[2], "63-1 undecided - -");
}

#[test]
fn a_catalogue_that_does_not_fit_is_refused_as_a_whole() {
    if !has_python() {
        return;
    }
    let it = TwoStep::new();
    let offer = it.offer("4.0.0", "raus");
    let good = it.answered(&offer, &["63=V", "10.20=A"]);
    let line = good.lines().find(|line| line.contains("<code>V</code>")).unwrap();
    let id = line.split("xdomeaUUID>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let process = good.split("ProzessID>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let answers = good.split("UUIDUrsprungsnachricht>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let other = "00000000-0000-4000-8000-000000000000";
    let element = format!("<xdomea:ProzessID>{process}</xdomea:ProzessID>");
    let table = [
        ("another plan", good.replace(process, other), 2, "ihre ProzessID ist 00000000"),
        ("no process", good.replace(&element, ""), 2, "ProzessID: „“ ist keine UUID"),
        ("another version", good.replace("schema:4.0.0", "schema:3.1.0"), 2, "das Element Kopf fehlt"),
        ("another message", good.replace(answers, other), 2, "sie antwortet auf die Nachricht 00000000"),
        ("an unknown class", good.replace(id, other), 2, "steht nicht in unserem Aktenplan"),
        ("a doubled class", good.replacen(line, &format!("{line}\n{line}"), 1), 2, "steht schon in Zeile"),
        (
            "an unknown code",
            good.replacen("<code>V<", "<code>X<", 1),
            2,
            "„X“ ist keine Bewertung für die Klasse 63",
        ),
        ("our own", message_in(&offer), 2, "ist keine Antwort des Archivs"),
        ("a part", good.replace("ProTyp>1<", "ProTyp>2<"), 2, "sie ist Teil 2 von 2"),
    ];
    for (what, text, code, told) in table {
        assert_ne!(text, good, "{what}");
        let said = it.appraise(&it.0.write("falsch.xml", &text)).failed(code);
        assert!(said.contains(told), "{what}: no {told:?} in {said}");
        assert!(!it.0.run(["plan"]).done().out.contains("[A]"), "{what}");
    }
    it.run_as("voss", &["plan", "appraise", "0513.xml"]).failed(3);
    it.appraise("0513.xml").done();
    assert!(it.0.run(["plan"]).done().out.contains("[V]"));
    // In another office nothing was offered.
    let fresh = TwoStep::new();
    let said = fresh.appraise(&fresh.0.write("0513.xml", &good)).failed(3);
    assert!(said.contains("noch keinem Archiv zur Bewertung gegeben"), "{said}");
    // A message goes to the verb that takes it.
    let list = it.create();
    let id = list["list"].as_str().unwrap();
    let said = it.run_as("wolters", &["list", "import", id, "0513.xml"]).failed(2);
    assert!(said.contains("Bewertungskatalog (0513)") && said.contains("schriftgut plan appraise"), "{said}");
}

#[test]
fn what_an_archive_takes_is_said_once() {
    let it = TwoStep::new();
    let id = it.create()["list"].as_str().unwrap().to_owned();
    it.run_as("voss", &["list", "offer", &id]).done();
    let export = |more: &[&str], folder: &str| {
        it.run_as("voss", &[&["--json", "list", "export", &id, "--out", folder], more].concat())
    };
    let said = export(&[], "nie").failed(2);
    assert!(
        said.contains("welche Version von xdomea das Archiv annimmt") && said.contains("archive set"),
        "{said}"
    );
    let set = |more: &[&str]| it.run_as("voss", &[&["--json", "archive", "set"], more].concat());
    assert_eq!(set(&["Kreisarchiv", "--xdomea", "3.1.0"]).done().json()["archives"][0]["default"], true);
    set(&["Landesarchiv", "--xdomea", "4.0.0", "--naming", "long"]).done();
    set(&["Stadtarchiv"]).done();
    for (more, told) in [
        (&[" ", "--xdomea", "3.1.0"][..], "ein Name hat 1 bis 400"),
        (&["Alt", "--xdomea", "2.3.0"], "geschrieben wird in 3.0.0, 3.1.0, 4.0.0"),
        (&["Ohne", "--form", "xdomea"], "die Version fehlt"),
    ] {
        let said = set(more).failed(2);
        assert!(said.contains(told), "{said}");
    }
    it.run_as("wolters", &["archive", "set", "Fremd"]).failed(3);
    // Where nothing is said, the first is meant; a flag wins.
    let written = |done: Said| {
        let done = done.done().json();
        let container = it.place(done["container"].as_str().unwrap());
        (done["version"].as_str().unwrap().to_owned(), container.clone(), message_in(&container))
    };
    let (version, _, text) = written(export(&[], "a"));
    assert!(version == "3.1.0" && text.contains("<xdomea:Name>Kreisarchiv</xdomea:Name>"), "{text}");
    let (version, name, _) = written(export(&["--archive", "landesarchiv"], "b"));
    assert!(version == "4.0.0" && name.ends_with("_Aussonderung.Anbieteverzeichnis.0501.zip"), "{name}");
    let (version, _, text) = written(export(&["--xdomea", "3.0.0"], "c"));
    assert!(version == "3.0.0" && text.contains("Kreisarchiv"), "{text}");
    let (_, name, text) = written(export(&["--archive", "Fremdes", "--xdomea", "4.0.0"], "d"));
    assert!(name.ends_with("_0501_1.zip") && text.contains("Fremdes"), "{name}");
    let said = export(&["--archive", "Stadtarchiv"], "e").failed(2);
    assert!(said.contains("welche Version von xdomea „Stadtarchiv“ annimmt"), "{said}");
    // The plan goes out so as well, and what is kept.
    let done = it.run_as("voss", &["--json", "plan", "offer", "--out", "plan"]).done().json();
    assert_eq!(done["version"], "3.1.0");
    it.run_as("wolters", &["list", "appraise", &id, "--file", "63-1", "--decision", "A"]).done();
    let hand = |more: &[&str], folder: &str| {
        it.run_as("wolters", &[&["--json", "transfer", "export", &id, "--out", folder], more].concat())
    };
    assert_eq!(hand(&[], "raus").done().json()["version"], "3.1.0");
    assert!(hand(&["--archive", "Stadtarchiv"], "paket").done().json()["bag"].is_string());
    assert!(hand(&["--form", "bagit"], "paket2").done().json()["bag"].is_string());
    assert!(hand(&["--archive", "Unbekannt"], "paket3").failed(2).contains("Archiv „Unbekannt“"));
    // It can be said otherwise, and forgotten.
    set(&["Landesarchiv", "--xdomea", "4.0.0", "--default"]).done();
    let shown = it.run_as("wolters", &["archive", "show"]).done().out;
    insta::assert_snapshot!(shown, @r"
    Kreisarchiv: Abgabe als xdomea-Nachricht, xdomea 3.1.0
    Landesarchiv: Abgabe als xdomea-Nachricht, xdomea 4.0.0 (gemeint, wenn keines genannt ist)
    Stadtarchiv: Abgabe als BagIt-Paket
    ");
    it.0.run(["rebuild"]).done();
    assert_eq!(it.run_as("wolters", &["archive", "show"]).done().out, shown);
    let left = it.run_as("voss", &["--json", "archive", "forget", "LANDESARCHIV"]).done().json();
    assert_eq!(
        (left["archives"].as_array().unwrap().len(), &left["archives"][0]["default"]),
        (2, &true.into())
    );
    it.run_as("voss", &["archive", "forget", "Landesarchiv"]).failed(2);
}
