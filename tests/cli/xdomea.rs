//! The dialogue with an archive from outside: offered, appraised, handed over and confirmed in messages of xdomea that the
//! schemas of the standard accept, with an archive (`second_reader/archive.py`) that shares no code with the program.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::office::{Office, Said, said};
use crate::plan::schemas;

/// File, class, case, register and place of paper, name of the document. The last file is not on the list: it is open.
const DOCUMENTS: [&str; 7] = [
    "antrag.txt;63-1;63.10.03;Haus & Hof;1960-05-01;Antrag;10;",
    "plan.pdf;63-1;63.10.03;Haus & Hof;1960-05-01;Antrag;;",
    "brief.txt;63-1;63.10.03;Haus & Hof;1960-05-01;;40;",
    "zaun.txt;63-2;63.10.03;Zaun <2 m>;1960-05-01;;;R 7",
    "garage.txt;63-3;63.10.03;Garage;1970-05-01;;;",
    "steuer.txt;63-4;63.10.03;Carport;1971-05-01;;;",
    "offen.txt;63-5;63.10.03;Laufend;;;;",
];

/// An office with a list on offer.
struct Offered {
    office: Office,
    list: String,
}

impl Offered {
    fn new() -> Self {
        let office = Office::demo();
        office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
        office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
        office.add_person("wolters", "Imke Wolters", &["archivist"]);
        let mut manifest =
            "path;aktenzeichen;klasse;titel;geschlossen_am;vorgang;register;regal\n".to_owned();
        for line in DOCUMENTS {
            let name = line.split(';').next().unwrap();
            office.write(&format!("stapel/{name}"), format!("Inhalt von {name}"));
            manifest.push_str(line);
            manifest.push('\n');
        }
        let manifest = office.write("stapel/liste.csv", &manifest);
        office.run(["ingest", "--no-read", "--manifest", &manifest]).done();
        office.run_as("voss", &["rules", "confirm"]).done();
        let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
        let list = created["list"].as_str().unwrap().to_owned();
        assert_eq!(created["lines"].as_array().unwrap().len(), 4, "{created}");
        office.run_as("voss", &["list", "offer", &list]).done();
        Self { office, list }
    }

    fn place(&self, name: &str) -> String {
        self.office.place(name).to_str().unwrap().to_owned()
    }

    /// Writes the offer, and says where its container is.
    fn offer(&self, version: &str, folder: &str) -> String {
        let asked = [
            "--json",
            "list",
            "export",
            &self.list,
            "--xdomea",
            version,
            "--archive",
            "Kreisarchiv",
            "--out",
            folder,
        ];
        let done = self.office.run_as("voss", &asked).done().json();
        self.place(done["container"].as_str().unwrap())
    }

    /// Hands over, and says where the container is.
    fn hand_over(&self, version: &str, folder: &str) -> String {
        let asked = ["--json", "transfer", "export", &self.list, "--xdomea", version, "--out", folder];
        let done = self.office.run_as("wolters", &asked).done().json();
        self.place(done["container"].as_str().unwrap())
    }

    /// Takes an appraisal in and confirms that; what is said, and the text of the receipt.
    fn import_and_confirm(&self, file: &str) -> (Said, String) {
        let asked = ["--json", "list", "import", &self.list, file, "--receipt", "raus"];
        let said = self.office.run_as("wolters", &asked).done();
        let receipt = self.place(said.json()["receipt"].as_str().unwrap());
        (said, message_in(&receipt))
    }

    fn import(&self, file: &str) -> Said {
        self.office.run_as("wolters", &["list", "import", &self.list, file])
    }

    fn receipt(&self, file: &str) -> Said {
        self.office.run_as("wolters", &["transfer", "receipt", &self.list, file])
    }

    fn shown(&self) -> Value {
        self.office.run_as("wolters", &["--json", "list", "show", &self.list]).done().json()
    }

    /// The states of the lines, in the order of reference numbers.
    fn states(&self) -> Vec<String> {
        let shown = self.shown();
        let mut lines: Vec<_> = shown["lines"].as_array().unwrap().iter().collect();
        lines.sort_by_key(|line| line["file"].as_str().unwrap().to_owned());
        lines.iter().map(|line| line["state"].as_str().unwrap().to_owned()).collect()
    }

    /// The archive answers the offer: these files are kept. Answers the text of its message, and where its container is.
    fn appraise(&self, offer: &str, kept: &[&str]) -> (String, String) {
        let stem = Path::new(offer).file_stem().unwrap().to_str().unwrap();
        let stem =
            stem.replace("Anbieteverzeichnis.0501", "Bewertungsverzeichnis.0502").replace("_0501_", "_0502_");
        let answer = self.place(&format!("{stem}.zip"));
        archive(&[&["appraise", offer, &answer], kept].concat());
        (message_in(&answer), answer)
    }
}

/// The independent archive; what it prints.
pub fn archive(args: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/archive.py");
    let said = said(Command::new("python3").arg(script).args(args));
    assert_eq!(said.code, 0, "{said:?}");
    said.out
}

pub fn has_python() -> bool {
    if Command::new("python3").arg("--version").output().is_ok() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "CI has no python3");
    println!("not run: no python3");
    false
}

/// The message in a container.
pub fn message_in(container: &str) -> String {
    let bytes = std::fs::read(container).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let stem = Path::new(container).file_stem().unwrap().to_str().unwrap().to_owned();
    let mut entry = zip.by_name(&format!("{stem}.xml")).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
    text
}

/// Whether the schemas accept a message, and what they say.
pub fn validated(schemas: &Path, version: &str, text: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nachricht.xml");
    std::fs::write(&file, text).unwrap();
    let schema = schemas.join(version).join("xdomea-Nachrichten-AussonderungDurchfuehren.xsd");
    let mut command = Command::new("xmllint");
    let output = command.args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(told) }
}

#[test]
fn offered_appraised_handed_over_confirmed_and_the_rest_destroyed() {
    if !has_python() {
        return;
    }
    for version in ["3.0.0", "3.1.0", "4.0.0"] {
        let offered = Offered::new();
        let Offered { office, list, .. } = &offered;
        let offer = offered.offer(version, "raus");
        archive(&["receive", "0504", &offer, &offered.place("0504.xml")]);
        offered.import("0504.xml").done();
        let (appraisal, container) = offered.appraise(&offer, &["63-1", "63-3"]);
        let (said, receipt) = offered.import_and_confirm(&container);
        assert_eq!(said.json()["sender"], "Kreisarchiv");
        assert_eq!(offered.states(), ["archive", "destroy", "archive", "destroy"]);
        let transfer = offered.hand_over(version, "raus");
        let came: Value = serde_json::from_str(&archive(&["look", &transfer])).unwrap();
        assert_came(&came, version == "4.0.0");
        archive(&["receive", "0507", &transfer, &offered.place("0507.xml")]);
        offered.receipt("0507.xml").done();
        archive(&["confirm", &transfer, &offered.place("0506.xml")]);
        let told = offered.receipt("0506.xml").done().out;
        assert!(told.contains("übernommen, dort KA 1") && told.contains("dort KA 2"), "{told}");
        let shown = offered.shown();
        let confirmed = shown["lines"].as_array().unwrap().iter().filter(|line| line["confirmed"] == true);
        assert_eq!(confirmed.count(), 2, "{shown}");
        let messages: Vec<_> = shown["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["message"].as_str().unwrap())
            .collect();
        assert_eq!(messages, ["0501", "0504", "0502", "0505", "0503", "0507", "0506"]);
        if let Some(schemas) = schemas() {
            let said = |name: &str| std::fs::read_to_string(office.place(name)).unwrap();
            for text in [
                message_in(&offer),
                appraisal,
                receipt,
                message_in(&transfer),
                said("0504.xml"),
                said("0506.xml"),
            ] {
                validated(&schemas, version, &text).unwrap();
            }
        }
        destroy_the_rest(&offered);
        assert_eq!(
            office.run(["--json", "verify", "--read-data"]).done().json()["changed"],
            serde_json::json!([])
        );
        office.run(["show", "63-2"]).failed(2);
        office.run(["rebuild"]).done();
        assert_eq!(offered.shown()["messages"].as_array().unwrap().len(), 7, "{list}");
    }
}

/// What the archive got is what was kept, byte for byte, with its history.
fn assert_came(came: &Value, with_digests: bool) {
    let files = came.as_array().unwrap();
    let mut named: Vec<_> = files.iter().map(|file| file["file"].as_str().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, ["63-1", "63-3"]);
    let mut originals = Vec::new();
    for file in files {
        assert!(file["history"].as_u64().unwrap() > 3, "{file}");
        for document in file["documents"].as_array().unwrap() {
            let original = document["original"].as_str().unwrap();
            assert_eq!(document["content"], format!("Inhalt von {original}"));
            assert_eq!(document["told"], with_digests);
            originals.push(original);
        }
    }
    originals.sort_unstable();
    assert_eq!(originals, ["antrag.txt", "brief.txt", "garage.txt", "plan.pdf"]);
}

fn destroy_the_rest(offered: &Offered) {
    let Offered { office, list } = offered;
    office.run_as("voss", &["list", "propose", list]).done();
    office.run_as("tamm", &["list", "approve", list]).done();
    office.run_as("wolters", &["list", "approve", list]).done();
    let done =
        office.run_as("voss", &["--json", "list", "execute", list, "--confirm", &list[..8]]).done().json();
    assert_eq!((&done["files"], &done["spared"]), (&2.into(), &serde_json::json!([])), "{done}");
    let (certificate, key) = (done["certificate"].as_str().unwrap(), office.ledger_key());
    office.run(["proof", "verify", certificate, "--key", &key]).done();
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_reader/read.py");
    let second = said(Command::new("python3").arg(reader).args(["proof", certificate, &key]));
    assert_eq!(second.code, 0, "messages on the list are no stumbling block: {second:?}");
}

#[test]
fn whoever_may_not_read_all_of_a_list_neither_offers_it_nor_answers_for_the_archive() {
    let office = Office::demo();
    let clearance = |login: &str| {
        office.run(["user", "rights", login, "--domain", "general", "--domain", "social"]).done();
    };
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    clearance("voss");
    for (name, reference, domain) in [("a.txt", "63-1", "general"), ("b.txt", "63-2", "social")] {
        office.write(name, format!("Inhalt von {name}"));
        let manifest = format!(
            "path;aktenzeichen;klasse;titel;geschlossen_am;schutzbereich\n{name};{reference};63.10.03;Zaun;1960-05-01;{domain}\n"
        );
        let manifest = office.write(&format!("{name}.csv"), manifest);
        office.run_as("voss", &["ingest", "--no-read", "--allow-surplus", "--manifest", &manifest]).done();
    }
    office.run_as("voss", &["rules", "confirm"]).done();
    let created = office.run_as("voss", &["--json", "list", "create"]).done().json();
    let list = created["list"].as_str().unwrap();
    office.run_as("tamm", &["list", "offer", list]).done();
    let asked = ["list", "export", list, "--xdomea", "3.1.0", "--out", "raus"];
    let said = office.run_as("tamm", &asked).failed(3);
    assert!(said.contains("1 ihrer Akten gibt es nicht mehr, oder Sie dürfen sie nicht lesen"), "{said}");
    assert!(!office.place("raus").exists());
    let done = office.run_as("voss", &[&["--json"], &asked[..]].concat()).done().json();
    let text = message_in(office.place(done["container"].as_str().unwrap()).to_str().unwrap());
    assert!(text.contains("Schutzbereich: Sozialgeheimnis"), "{text}");
    let objects = created["lines"].as_array().unwrap().iter().map(|line| {
        let id = line["id"].as_str().unwrap();
        format!(
            "<x:BewertetesObjekt><x:ID>{id}</x:ID><x:Aussonderungsart><x:Aussonderungsart><code>V</code></x:Aussonderungsart>\
             </x:Aussonderungsart></x:BewertetesObjekt>"
        )
    });
    let strange = format!("<x:BewertetesObjekt><x:ID>{list}</x:ID></x:BewertetesObjekt>");
    let answer = before_any(list).replace(&strange, &objects.collect::<String>());
    let answer = office.write("0502.xml", answer);
    let said = office.run_as("wolters", &["list", "import", list, &answer]).failed(3);
    assert!(said.contains("Sie dürfen sie nicht lesen"), "{said}");
    clearance("wolters");
    office.run_as("wolters", &["list", "import", list, &answer]).done();
}

#[test]
fn an_offer_can_be_written_again_with_the_same_ids_and_says_no_more_than_it_must() {
    let offered = Offered::new();
    let Offered { office, list } = &offered;
    for version in ["3.0.0", "3.1.0", "4.0.0"] {
        let once = message_in(&offered.offer(version, &format!("einmal-{version}")));
        let again = message_in(&offered.offer(version, &format!("nochmal-{version}")));
        let timeless = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !line.to_lowercase().contains("erstellungszeitpunkt"));
            lines.map(str::to_owned).collect()
        };
        assert_eq!(timeless(&once), timeless(&again));
        assert!(
            once.contains(list.as_str()) && once.contains("Zaun &lt;2 m&gt;") && once.contains("Kreisarchiv")
        );
        for absent in ["Inhalt von", "R 7", "Henning", "63-5", "Laufend"] {
            assert!(!once.contains(absent), "{version}: {absent}");
        }
        let named =
            if version == "4.0.0" { "_0501_1.zip" } else { "_Aussonderung.Anbieteverzeichnis.0501.zip" };
        assert!(office.place(&format!("einmal-{version}")).join(format!("{list}{named}")).is_file());
    }
    let export = |more: &[&str]| {
        office.run_as("voss", &[&["list", "export", list, "--out", "einmal-4.0.0"], more].concat())
    };
    let said = export(&["--xdomea", "4.0.0"]).failed(2);
    assert!(said.contains("die Datei besteht schon"), "{said}");
    let said = export(&["--xdomea", "2.3.0"]).failed(2);
    assert!(said.contains("geschrieben wird in 3.0.0, 3.1.0, 4.0.0"), "{said}");
    export(&["--xdomea", "7"]).failed(2);
    let asked = ["list", "export", list, "--xdomea", "4.0.0", "--out", "fremd"];
    office.run_as("wolters", &asked).failed(3);
    assert!(!office.place("fremd").exists());
    let draft = office.run_as("voss", &["--json", "list", "create"]);
    assert_eq!(draft.code, 3, "nothing else is due: {draft:?}");
    office.run_as("voss", &["list", "withdraw", list]).done();
    let said = export(&["--xdomea", "3.1.0"]).failed(3);
    assert!(said.contains("zurückgezogen"), "{said}");
}

#[test]
fn an_appraisal_that_does_not_fit_is_refused_as_a_whole() {
    if !has_python() {
        return;
    }
    let offered = Offered::new();
    let Offered { office, list } = &offered;
    let early = office.write("frueh.xml", before_any(list));
    let said = offered.import(&early).failed(3);
    assert!(said.contains("für diese Liste wurde keines geschrieben"), "{said}");
    let offer = offered.offer("3.1.0", "raus");
    let (good, container) = offered.appraise(&offer, &["63-1"]);
    let line = good.lines().find(|line| line.contains("<code>V</code>")).unwrap();
    let id = line.split("ID>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let other = "00000000-0000-4000-8000-000000000000";
    let table: [(&str, String, i32, &str); 11] = [
        ("another process", good.replace(list.as_str(), other), 2, "ihre ProzessID ist 00000000"),
        ("another version", good.replace("schema:3.1.0", "schema:3.0.0"), 3, "sie ist in xdomea 3.0.0"),
        ("an unknown version", good.replace("schema:3.1.0", "schema:9.0.0"), 2, "xdomea 9.0.0 ist unbekannt"),
        ("another object", good.replace(id, other), 2, "steht nicht im Anbieteverzeichnis"),
        ("a missing line", good.replacen(line, "", 1), 2, " fehlt"),
        ("a doubled line", good.replacen(line, &format!("{line}\n{line}"), 1), 2, "steht schon in Zeile"),
        ("left open", good.replacen("<code>V<", "<code>B<", 1), 2, "ist nicht entschieden (B)"),
        ("an unknown code", good.replacen("<code>V<", "<code>X<", 1), 2, "„X“ ist keine Bewertung"),
        ("no message", "<html/>".to_owned(), 2, "ist keine Nachricht von xdomea"),
        ("our own", message_in(&offer), 2, "ist keine Antwort des Archivs"),
        ("with a DTD", good.replacen("<xdomea:", "<!DOCTYPE a><xdomea:", 1), 2, "(DTD)"),
    ];
    for (what, text, code, told) in table {
        assert_ne!(text, good, "{what}");
        let file = office.write("falsch.xml", &text);
        let said = offered.import(&file).failed(code);
        assert!(said.contains(told), "{what}: no {told:?} in {said}");
        assert_eq!(offered.states(), ["undecided"; 4], "{what}");
    }
    let doubled = good.replacen(line, &format!("{line}\n{line}"), 1);
    let at = good.lines().position(|one| one == line).unwrap() + 1;
    let said = offered.import(&office.write("doppelt.xml", doubled)).failed(2);
    assert!(said.contains(&format!("Zeile {}: {id} steht schon in Zeile {at}", at + 1)), "{said}");
    let said = office.run_as("voss", &["list", "import", list, &container]).failed(3);
    assert!(said.contains("Archiv"), "{said}");
    let torn = std::fs::read(&container).unwrap();
    offered.import(&office.write("zerrissen.zip", &torn[..torn.len() / 2])).failed(2);
    offered.import("gibtesnicht.zip").failed(2);
    let zipped = |entries: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        office.write("paket.zip", zip.finish().unwrap().into_inner())
    };
    for (entries, told) in [
        (&[("a.xml", good.as_str()), ("b.xml", good.as_str())][..], "in dem Paket sind 2 Nachrichten"),
        (&[("a.txt", good.as_str())], "in dem Paket sind 0 Nachrichten"),
        (&[], "in dem Paket sind 0 Nachrichten"),
    ] {
        let said = offered.import(&zipped(entries)).failed(2);
        assert!(said.contains("paket.zip wird nicht angenommen"), "no {told:?} in {said}");
        assert!(entries.is_empty() || said.contains(told), "no {told:?} in {said}");
    }
    assert_eq!(offered.shown()["messages"].as_array().unwrap().len(), 1, "the offer alone");
    office.run_as("voss", &["list", "propose", list]).failed(3); // undecided blocks
    let told = offered.import(&container).done().out;
    assert!(told.contains("Bewertungsverzeichnis (0502) von Kreisarchiv"), "{told}");
    assert_eq!(offered.states(), ["archive", "destroy", "destroy", "destroy"]);
    // The archive may decide anew until the list is proposed, and not after.
    offered.import(&office.write("neu.xml", good.replace("<code>A<", "<code>V<"))).done();
    assert_eq!(offered.states(), ["destroy"; 4]);
    office.run_as("voss", &["list", "propose", list]).done();
    let said = offered.import(&container).failed(3);
    assert!(said.contains("kann nicht bewertet werden"), "{said}");
}

/// An appraisal for a list of which nothing was offered by a message.
fn before_any(list: &str) -> String {
    format!(
        "<x:Aussonderung.Bewertungsverzeichnis.0502 xmlns:x=\"urn:xoev-de:xdomea:schema:3.1.0\"><x:Kopf><x:ProzessID>{list}\
         </x:ProzessID></x:Kopf><x:BewertetesObjekt><x:ID>{list}</x:ID></x:BewertetesObjekt>\
         </x:Aussonderung.Bewertungsverzeichnis.0502>"
    )
}

#[test]
fn a_case_the_archive_does_without_is_left_out_of_what_is_handed_over() {
    if !has_python() {
        return;
    }
    let offered = Offered::new();
    let Offered { office, .. } = &offered;
    let offer = offered.offer("4.0.0", "raus");
    let text = message_in(&offer);
    let case = text.split("<xdomea:Vorgang>").nth(1).unwrap();
    let case = case.split("xdomeaUUID>").nth(1).unwrap().trim_end_matches("</xdomea:").to_owned();
    let (good, _) = offered.appraise(&offer, &["63-1"]);
    let line = good.lines().find(|line| line.contains("<code>V</code>")).unwrap();
    let id = line.split("xdomeaUUID>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let thinned = good.replacen(line, &format!("{line}\n{}", line.replace(id, &case)), 1);
    let told = offered.import(&office.write("duenn.xml", &thinned)).done().out;
    assert!(told.contains("archivwürdig, ohne 2 Dokumente"), "{told}");
    let transfer = offered.hand_over("4.0.0", "raus");
    let came: Value = serde_json::from_str(&archive(&["look", &transfer])).unwrap();
    let documents = came[0]["documents"].as_array().unwrap();
    assert_eq!((documents.len(), &documents[0]["original"]), (1, &"brief.txt".into()), "{came}");
    assert!(message_in(&transfer).contains("ausgedünnt: 2 von 3 Dokumenten nicht übernommen"));
}

#[test]
fn a_confirmation_that_does_not_fit_is_refused_and_names_what_is_missing_or_surplus() {
    if !has_python() {
        return;
    }
    let offered = Offered::new();
    let Offered { office, list } = &offered;
    let offer = offered.offer("4.0.0", "raus");
    let (_, container) = offered.appraise(&offer, &["63-1", "63-3"]);
    offered.import(&container).done();
    let transfer = offered.hand_over("4.0.0", "raus");
    archive(&["confirm", &transfer, &offered.place("0506.xml")]);
    let good = std::fs::read_to_string(office.place("0506.xml")).unwrap();
    let line = good.lines().find(|line| line.contains("KA 2")).unwrap();
    let failed = line.replace(
        "<xdomea:Erfolgreich>true</xdomea:Erfolgreich>",
        "<xdomea:Erfolgreich>false</xdomea:Erfolgreich><xdomea:Fehlermeldung>Prüfsumme weicht ab</xdomea:Fehlermeldung>",
    );
    let id = line.split("xdomeaUUID>").nth(1).unwrap().trim_end_matches("</xdomea:");
    let other = "00000000-0000-4000-8000-000000000000";
    let whole = good.replacen("<xdomea:Erfolgreich>true<", "<xdomea:Erfolgreich>false<", 1);
    for (what, text, told) in [
        ("missing", good.replacen(line, "", 1), " fehlt"),
        ("surplus", good.replacen(line, &format!("{line}\n{}", line.replace(id, other)), 1), "überzählig"),
        ("failed", good.replacen(line, &failed, 1), "ist nicht übernommen: „Prüfsumme weicht ab“"),
        ("failed as a whole", whole, "das Archiv hat nicht alles übernommen"),
        ("another process", good.replace(list.as_str(), other), "ihre ProzessID ist"),
    ] {
        assert_ne!(text, good, "{what}");
        let said = offered.receipt(&office.write("falsch.xml", text)).failed(2);
        assert!(said.contains(told), "{what}: no {told:?} in {said}");
        let shown = offered.shown();
        assert!(shown["lines"].as_array().unwrap().iter().all(|line| line["confirmed"] == false), "{what}");
    }
    let said = offered.receipt(&container).failed(2);
    assert!(said.contains("die Nachricht ist: Bewertungsverzeichnis (0502)"), "{said}");
    assert!(said.contains("`schriftgut list import`"), "{said}");
    offered.receipt("0506.xml").done();
    let said = offered.receipt("0506.xml").failed(3);
    assert!(said.contains("schon bestätigt"), "{said}");
    // Written again, it is the same message.
    let again = offered.hand_over("4.0.0", "nochmal");
    archive(&["look", &again]);
    let names = |container: &str| -> Vec<String> {
        let file = std::fs::File::open(container).unwrap();
        zip::ZipArchive::new(file).unwrap().file_names().map(|name| name.unwrap().to_string()).collect()
    };
    assert_eq!(names(&transfer), names(&again));
    office.run_as("voss", &["transfer", "receipt", list, "0506.xml"]).failed(3);
}

/// Every message of the kinds we exchange among the examples, with its version.
fn examples() -> Option<Vec<(PathBuf, String)>> {
    let folder = schemas()?.parent().unwrap().join("examples");
    let (mut found, mut waiting) = (Vec::new(), vec![folder]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "xml") {
                let text = std::fs::read_to_string(&path).unwrap();
                let version = text.split("urn:xoev-de:xdomea:schema:").nth(1).unwrap();
                found.push((path, version.split('"').next().unwrap().to_owned()));
            }
        }
    }
    found.sort();
    Some(found)
}

#[test]
fn the_answers_among_the_examples_of_the_standard_are_read_and_the_schemas_do_look() {
    let (Some(examples), Some(schemas)) = (examples(), schemas()) else { return };
    let (mut answers, mut refused) = (0, 0);
    for (path, version) in &examples {
        let (name, text) = (path.to_str().unwrap(), std::fs::read_to_string(path).unwrap());
        let is_bad = name.contains("negative");
        refused += usize::from(is_bad);
        assert_eq!(validated(&schemas, version, &text).is_err(), is_bad, "{name}");
        let read = schriftgut::format::xdomea::read(&text);
        if !text.contains(".0502") && !text.contains(".0504") {
            assert!(read.unwrap_err()[0].what.contains("ist keine Antwort des Archivs"), "{name}");
            continue;
        }
        let answer = read.unwrap_or_else(|flaws| panic!("{name}: {flaws:?}"));
        assert_eq!(answer.head.version.code(), version, "{name}");
        assert_eq!(answer.head.sender, "AbsXdomeaInstitutionName", "{name}");
        if let schriftgut::format::xdomea::Content::Appraisal(objects) = &answer.content {
            assert_eq!(objects.len(), text.matches("<xdomea:BewertetesObjekt>").count(), "{name}");
        }
        answers += 1;
    }
    assert!(answers >= 5 && refused == 2, "{answers} answers, {refused} refused");
}

#[test]
fn every_version_goes_with_a_file_of_its_own_and_what_goes_early_has_no_last_day() {
    if !has_python() {
        return;
    }
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    let first = office.write("plan.txt", "erste Fassung");
    let second = office.write("neu/plan.txt", "zweite Fassung");
    let ids = office.take_in(&["--file", "63-7", "--class", "63.10.03", &first]);
    office.run(["ingest", "--no-read", "--version-of", &ids[0], &second]).done();
    office.run(["close", "63-7"]).done();
    let early = ["--json", "list", "early", "63-7", "--ground", "order", "--reason", "VG 4 K 17/21"];
    let list = office.run_as("voss", &early).done().json()["list"].as_str().unwrap().to_owned();
    office.run_as("voss", &["list", "offer", &list]).done();
    let offered = Offered { office, list };
    let Offered { office, list } = &offered;
    let offer = message_in(&offered.offer("4.0.0", "raus"));
    assert!(
        offer.contains("Vor Ablauf der Frist: Anordnung") && !offer.contains("Aufbewahrungsende"),
        "{offer}"
    );
    assert!(!offer.contains("VG 4 K 17/21"), "the reason is the file's own: {offer}");
    office.run_as("wolters", &["list", "appraise", list, "--file", "63-7", "--decision", "A"]).done();
    let transfer = offered.hand_over("4.0.0", "raus");
    let came: Value = serde_json::from_str(&archive(&["look", &transfer])).unwrap();
    let contents: Vec<_> =
        came[0]["documents"].as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap()).collect();
    assert_eq!(contents, ["erste Fassung", "zweite Fassung"]);
    let text = message_in(&transfer);
    assert!(
        text.contains("<xdomea:Nummer>2</xdomea:Nummer>") && text.contains("neue Version aufgenommen"),
        "{text}"
    );
    if let Some(schemas) = schemas() {
        validated(&schemas, "4.0.0", &offer).unwrap();
        validated(&schemas, "4.0.0", &text).unwrap();
    }
}
