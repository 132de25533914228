//! What is being read: in which order, what fell short and why, once more or not at all; and nobody hears of what he may
//! not read.

use schriftgut::intake::Workshop;
use schriftgut::registry::Registry;
use serde_json::Value;

use crate::material::scan;
use crate::office::{Office, PROGRAM};

fn office() -> Office {
    let office = Office::new();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office
        .run(
            ["user", "rights", "voss", "--role", "clerk", "--role", "records_manager", "--domain", "general"]
                .into_iter()
                .chain(["--domain", "tax"]),
        )
        .done();
    office
}

fn queue(office: &Office, login: &str) -> Value {
    office.run_as(login, &["queue", "--json"]).done().json()
}

fn taken(office: &Office, login: &str, args: &[&str]) -> Vec<String> {
    let all = [&["ingest", "--json", "--no-read"], args].concat();
    let said = office.run_as(login, &all).done();
    said.lines().iter().filter_map(|line| line["document"].as_str().map(str::to_owned)).collect()
}

#[test]
fn what_somebody_took_in_singly_is_next_however_large_the_heap_before_it() {
    let office = office();
    for number in 0..40 {
        office.write(&format!("stapel/{number:02}.txt"), format!("Blatt {number}"));
    }
    office.write("brief.txt", "Ein eiliger Brief");
    let heap = taken(&office, "voss", &["stapel"]);
    let single = taken(&office, "anna", &["brief.txt"]);
    // Another program each time: nothing but the record says so.
    for _ in 0..2 {
        let view = queue(&office, "anna");
        assert_eq!((&view["waiting"], &view["now"]), (&41.into(), &serde_json::json!([])));
        let next: Vec<_> =
            view["next"].as_array().unwrap().iter().map(|one| one["document"].as_str().unwrap()).collect();
        assert_eq!(next[0], single[0]);
        assert_eq!(next[1..], heap, "and then the heap, in its order");
    }
    office.run(["work"]).done();
    let view = queue(&office, "anna");
    assert_eq!(
        (&view["waiting"], &view["oldest"], &view["in_part_count"]),
        (&0.into(), &Value::Null, &0.into())
    );
}

#[test]
fn nobody_hears_of_documents_he_may_not_read_not_even_how_many() {
    let (with, without) = (office(), office());
    for office in [&with, &without] {
        office.write("a.txt", "Antrag");
        taken(office, "anna", &["a.txt"]);
    }
    with.write("steuer.txt", "Steuerbescheid");
    with.write("kaputt.pdf", "%PDF-1.4 und dann nichts");
    let hidden = taken(
        &with,
        "voss",
        &["--file", "22-1", "--class", "63.10.03", "--domain", "tax", "steuer.txt", "kaputt.pdf"],
    );
    let told = |office: &Office| {
        let view = queue(office, "anna");
        (view["waiting"].clone(), view["next"].as_array().unwrap().len(), view["in_part_count"].clone())
    };
    assert_eq!(told(&with), told(&without));
    assert_eq!(queue(&with, "voss")["waiting"], 3);
    for verb in [&["queue", "--retry", &hidden[0]][..], &["queue", "--give-up", &hidden[0], "--reason", "x"]]
    {
        let unknown = verb.iter().map(|word| if *word == hidden[0] { &hidden[0][..] } else { word });
        let unknown: Vec<_> = unknown.collect();
        let nobody: Vec<_> = verb.iter().map(|word| word.replace(&hidden[0], NOBODY)).collect();
        let nobody: Vec<_> = nobody.iter().map(String::as_str).collect();
        let said = with.run_as("anna", &unknown).failed(2).replace(&hidden[0], NOBODY);
        assert_eq!(said, with.run_as("anna", &nobody).failed(2), "hidden or not there: the same words");
    }
    with.run(["work"]).done();
    without.run(["work"]).done();
    assert_eq!(told(&with), told(&without));
    assert_eq!(queue(&with, "voss")["in_part_count"], 1);
}

const NOBODY: &str = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

#[test]
fn taking_in_tells_how_many_others_wait_only_of_those_one_may_read() {
    let office = office();
    for name in ["eins.txt", "zwei.txt", "drei.txt"] {
        office.write(name, format!("Blatt {name}"));
    }
    taken(&office, "voss", &["--file", "22-1", "--class", "63.10.03", "--domain", "tax", "eins.txt"]);
    let ingest = |login: &str, name: &str| office.run_as(login, &["ingest", "--no-read", name]).done().err;
    assert_eq!(ingest("anna", "zwei.txt"), "", "she has never heard of the tax file");
    assert!(ingest("voss", "drei.txt").contains("Außerdem noch ungelesen: 2 andere Dokumente"));
}

#[test]
fn what_was_given_up_is_said_with_its_reason_and_can_be_read_again_and_what_waits_given_up() {
    let office = office();
    office.write("kaputt.pdf", "%PDF-1.4 und dann nichts");
    office.write("brief.txt", "Ein Brief vom Wall");
    let [broken, letter] = &taken(&office, "anna", &["kaputt.pdf", "brief.txt"])[..] else { panic!() };
    assert!(office.run_as("anna", &["queue", "--retry", letter]).failed(2).contains("wartet noch"));
    assert!(
        office.run_as("anna", &["queue", "--give-up", letter, "--reason", " "]).failed(2).contains("Grund")
    );
    let given_up = ["queue", "--json", "--give-up", letter, "--reason", "eilt nicht"];
    let said = office.run_as("anna", &given_up).done().json();
    assert_eq!(
        (&said["state"], &said["reasons"][0]),
        (&"given_up".into(), &"auf Anordnung nicht gelesen: eilt nicht".into())
    );
    office.run(["work"]).done();
    let view = queue(&office, "anna");
    assert_eq!((&view["waiting"], &view["in_part_count"]), (&0.into(), &2.into()), "{view}");
    let words = office.run_as("anna", &["queue"]).done().out;
    assert!(words.contains("kaputt.pdf: nicht lesbar") && words.contains("eilt nicht"), "{words}");
    let again = office.run_as("anna", &["queue", "--json", "--retry", letter]).done().json();
    assert_eq!(again["state"], "read");
    assert_eq!(office.run(["search", "--json", "Brief"]).done().json()["total"], 1);
    let again = office.run_as("anna", &["queue", "--json", "--retry", broken]).done().json();
    assert_eq!(again["state"], "given_up");
    office.run(["rebuild"]).done();
    let view = queue(&office, "anna");
    assert_eq!(
        (&view["in_part_count"], &view["in_part"][0]["document"]),
        (&1.into(), &broken.as_str().into())
    );
}

#[test]
fn what_another_engine_recognised_is_read_again_and_both_texts_are_kept() {
    let office = office();
    let Some(scan) = scan(&["Öffnung an der Südstraße", "für Herrn Größmüller"]) else {
        assert!(std::env::var_os("CI").is_none(), "in CI a font must be installed");
        return println!("skipped: no font to draw a scan with");
    };
    office.write("scan.png", scan);
    let into = ["--file", "63-1", "--class", "63.10.01", "--title", "Südstraße", "scan.png"];
    let [document] = &taken(&office, "anna", &into)[..] else { panic!() };
    {
        let english = Workshop::with_program(PROGRAM).with_languages("eng");
        let registry = Registry::open(office.registry()).unwrap().with_workshop(english);
        assert_eq!(registry.read_texts(&|_| {}).unwrap().recognised, 1);
    }
    let again =
        |more: &[&str]| office.run_as("anna", &[&["work", "--again", "--json"], more].concat()).done().json();
    let preview = again(&["--preview"]);
    assert_eq!(preview["documents"], 1);
    assert!(preview["engine"].as_str().unwrap().contains(", deu "), "{preview}");
    let sum = again(&["63-1"]);
    assert_eq!((&sum["new"], &sum["same"], &sum["kept"]), (&1.into(), &0.into(), &serde_json::json!([])));
    assert_eq!(again(&[])["documents"], 0, "nothing is read twice by one engine");
    let shown = |office: &Office| office.run_as("anna", &["show", "--json", document]).done().json();
    let readings = shown(&office)["readings"].clone();
    let with = |number: usize| readings[number]["recognised_with"].as_str().unwrap_or_default().to_owned();
    assert!(with(0).contains(", eng ") && with(1).contains(", deu "), "{readings}");
    assert_eq!(readings[2], Value::Null);
    let text = |name: &str, more: &[&str]| {
        let out = office.place(name).display().to_string();
        office.run_as("anna", &[&["get", document, "--text", "--out", &out], more].concat()).done();
        std::fs::read_to_string(office.place(name)).unwrap()
    };
    let (first, newest) = (text("eins.txt", &["--reading", "1"]), text("neu.txt", &[]));
    assert!(newest.contains("Größmüller") && !first.contains("Größmüller"), "{first} / {newest}");
    office.run_as("anna", &["get", document, "--text", "--reading", "3", "--out", "x.txt"]).failed(2);
    assert_eq!(office.run(["search", "--json", "Größmüller"]).done().json()["total"], 1);
    let same = office.run_as("anna", &["queue", "--json", "--retry", document]).done().json();
    assert_eq!((&same["text"], &same["state"]), (&"same".into(), &"read".into()));
    assert_eq!(shown(&office)["readings"], readings, "the same text is no further reading");
    office.run(["verify", "--read-data"]).done();
    office.run(["rebuild"]).done();
    assert_eq!(shown(&office)["readings"], readings);
}
