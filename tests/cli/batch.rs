//! A delivered batch: checked as a whole, taken in once however often it is killed, reported line by line.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use schriftgut::base::digest::Sha256;
use schriftgut::registry::{DeliveryState, DeliveryTally, Registry};
use serde_json::Value;

use crate::material::pdf_of_pages;
use crate::office::{OPERATOR, Office, redacted};

const HEAD: &str = "path;aktenzeichen;klasse;titel";

fn documents(office: &Office, reference: &str) -> Vec<String> {
    let shown = office.run(["show", "--json", reference]).done().json();
    let documents = shown["documents"].as_array().unwrap().iter();
    documents.map(|document| document["file_name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_flaw_of_a_delivery_is_told_in_one_go_and_nothing_is_taken_in() {
    let office = Office::new();
    for name in ["a.txt", "b.txt", "Klein.txt", "mehr/uebrig.txt", ".versteckt"] {
        office.write(&format!("lieferung/{name}"), name);
    }
    let (right, wrong) = (Sha256::of(&[b"a.txt"]), "0".repeat(64));
    let rows = [
        format!("a.txt;63-1;63.10.01;Haus;1972-03-01;{right}"),
        format!("b.txt;63-2;63.10.01;Hof;1972-03-01;{wrong}"),
        "fehlt.txt;63-3;99.99;Stall;gestern;".to_owned(),
        "klein.txt;63-4;63.10.01;Turm;;".to_owned(),
        "a.txt;63-1;63.10.01;Haus;1972-03-01;".to_owned(),
    ];
    let list = office
        .write("lieferung/liste.csv", format!("{HEAD};geschlossen_am;pruefsumme\n{}\n", rows.join("\n")));
    let report = office.place("bericht.csv");
    let args = ["ingest", "--manifest", &list, "--count", "9", "--report", report.to_str().unwrap()];
    let said = redacted(&office, &office.run(args).failed(2));
    for part in [
        "die Lieferung soll 9 Dokumente haben, in der Liste sind es 5",
        "„Klein.txt“ liegt im Ordner und steht nicht in der Liste",
        "„mehr/uebrig.txt“ liegt im Ordner",
        "Zeile 3: „b.txt“ hat eine andere Prüfsumme",
        "Zeile 4: „gestern“ ist kein Tag",
        "Zeile 5: die Datei „klein.txt“ fehlt, es liegt aber „Klein.txt“ da",
        "Zeile 6: „a.txt“ steht schon in Zeile 2",
        "es wurde noch nichts erfasst",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(office.run(["evaluate", "--json"]).done().lines().len(), 1, "no file was opened");
    let written = std::fs::read_to_string(&report).unwrap();
    for part in [
        "3;b.txt;63-2;fehlerhaft;",
        "2;a.txt;63-1;ohne Fehler, nicht erfasst;",
        ";mehr/uebrig.txt;;fehlerhaft;",
    ] {
        assert!(written.contains(part), "{part}: {written}");
    }
    // Put right, it goes in; the report takes the place of the old one, and no other file's.
    let sound =
        format!("{HEAD}\na.txt;63-1;63.10.01;Haus\nb.txt;63-2;63.10.01;Hof\nKlein.txt;63-4;63.10.01;Turm\n");
    office.write("lieferung/liste.csv", sound);
    assert!(office.run(["ingest", "--manifest", &list]).failed(2).contains("mehr/uebrig.txt"));
    let checked = office.run(["ingest", "--manifest", &list, "--allow-surplus", "--check"]).done();
    assert!(checked.err.contains("geprüft: 3 Dokumente in 3 Akten; ohne Fehler"), "{checked:?}");
    assert_eq!(office.run(["evaluate", "--json"]).done().lines().len(), 1);
    let all = ["ingest", "--no-read", "--manifest", &list, "--allow-surplus", "--report"];
    office.run(all.iter().copied().chain([report.to_str().unwrap()])).done();
    assert!(std::fs::read_to_string(&report).unwrap().contains("2;a.txt;63-1;erfasst;"));
    assert!(office.run(all.iter().copied().chain(["lieferung/a.txt"])).failed(2).contains(".csv oder .html"));
    let mine = office.write("meine.csv", "x;y\n");
    assert!(
        office.run(all.iter().copied().chain([mine.as_str()])).failed(2).contains("kein solcher Bericht")
    );
    assert_eq!(std::fs::read_to_string(mine).unwrap(), "x;y\n");
}

#[test]
fn what_the_office_would_refuse_is_told_before_anything_is_taken_in() {
    let office = Office::new();
    let old = office.write("alt.txt", "alt");
    office.run(["ingest", "--no-read", &old, "--file", "63-1", "--class", "63.10.01"]).done();
    office.run(["close", "63-1"]).done();
    for name in ["a", "b", "c"] {
        office.write(&format!("lieferung/{name}.txt"), name);
    }
    let list = office.write(
        "lieferung/liste.csv",
        format!("{HEAD};register\na.txt;63-1;63.10.01;Haus;\nb.txt;63-2;63.10.01;Hof;\nc.txt;63-3;63.10.01;Turm;99\n"),
    );
    let said = office.run(["ingest", "--manifest", &list]).failed(2);
    assert!(
        said.contains("Zeile 2: ") && said.contains("Zeile 4: ") && !said.contains("Zeile 3: "),
        "{said}"
    );
    office.run(["show", "63-2"]).failed(2);
}

#[test]
fn a_profile_and_an_xml_list_bring_documents_where_they_belong() {
    let office = Office::new();
    office.write("lieferung/scans/1.txt", "eins");
    office.write("lieferung/Lieferschein.pdf", "kein Dokument");
    let list = office.write(
        "lieferung/liste.xml",
        "<Lieferung anzahl=\"1\"><Beleg az=\"63-7\"><Datei name=\"1.txt\"/><Betreff>Mühle</Betreff></Beleg></Lieferung>",
    );
    let profile = "format = 1\nkind = \"xml\"\ndocument = \"Lieferung/Beleg\"\npath_prefix = \"scans\"\n\
                   accompanying = [\"Lieferschein.pdf\"]\n[columns]\npath = \"Datei/@name\"\naktenzeichen = \"@az\"\n\
                   titel = \"Betreff\"\n[fixed]\nklasse = \"63.10.01\"\n[totals]\ndocuments = \"Lieferung/@anzahl\"\n";
    let path = office.write("lieferung/profil.toml", profile);
    office.run(["ingest", "--no-read", "--manifest", &list, "--profile", &path]).done();
    assert_eq!(documents(&office, "63-7"), ["1.txt"]);
    office.write("lieferung/profil.toml", profile.replace("titel", "betreff"));
    let said = office.run(["ingest", "--manifest", &list, "--profile", &path]).failed(2);
    assert!(said.contains("Zeile 9: die Spalte „betreff“ kennen wir nicht; es gibt: path"), "{said}");
}

#[test]
fn pages_are_compared_and_the_report_is_a_page_as_well() {
    let office = Office::new();
    office.write("lieferung/a.pdf", pdf_of_pages(&["Antrag", "Anlage"]));
    office.write("lieferung/b.pdf", pdf_of_pages(&["Bescheid"]));
    let list = office.write(
        "lieferung/liste.csv",
        format!("{HEAD};seiten\na.pdf;63-1;63.10.01;H;2\nb.pdf;63-1;63.10.01;H;3\n"),
    );
    let report = office.place("bericht.html");
    office.run(["ingest", "--manifest", &list, "--report", report.to_str().unwrap()]).done();
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(page.contains("die Begleitliste nennt 3 Seiten, gescannt sind 1"), "{page}");
    assert!(page.contains("zu 1 Dokument ist etwas zu sagen"), "{page}");
}

/// Runs it until so many documents are acknowledged, and kills it there; answers how many were.
fn killed_after(office: &Office, list: &str, acknowledged: usize) -> usize {
    let mut command = office.command();
    command.args(["ingest", "--json", "--no-read", "--manifest", list]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let new = |line: &str| line.contains("\"outcome\":\"taken\"");
    let mut seen = 0;
    while seen < acknowledged {
        seen += usize::from(new(&lines.next().expect("it was killed too late").unwrap()));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What was on its way in the pipe was acknowledged as well.
    seen + lines.map_while(Result::ok).filter(|line| new(line) && line.ends_with('}')).count()
}

#[test]
fn a_delivery_that_is_killed_twice_is_taken_in_once() {
    const DOCUMENTS: usize = 2_000;
    let office = Office::new();
    let mut list = format!("{HEAD};geschlossen_am\n");
    for number in 0..DOCUMENTS {
        let name = format!("{number:04}.txt");
        // Every tenth has the content of its neighbour.
        let text = format!("Blatt {}\n", if number % 10 == 9 { number - 1 } else { number });
        office.write(&format!("lieferung/{name}"), text);
        list.push_str(&format!("{name};63-{};63.10.03;Akte {};1972-03-01\n", number / 50, number / 50));
    }
    let list = office.write("lieferung/liste.csv", list);
    let first = killed_after(&office, &list, 130);
    let second = killed_after(&office, &list, 400);
    assert!(first + second < DOCUMENTS, "the kills came too late: {first}, {second}");
    let said = office.run(["ingest", "--json", "--no-read", "--manifest", &list]).done();
    let lines = said.lines();
    let outcome = |wanted: &str| lines.iter().filter(|line| line["outcome"] == wanted).count();
    assert!(outcome("taken_before") >= first + second, "{} of {first} + {second}", outcome("taken_before"));
    assert_eq!(outcome("taken_before") + outcome("taken") + outcome("known"), DOCUMENTS);
    for number in 0..DOCUMENTS / 50 {
        let reference = format!("63-{number}");
        let shown = office.run(["show", "--json", &reference]).done().json();
        let mut names = documents(&office, &reference);
        names.sort();
        let expected: Vec<_> =
            (number * 50..(number + 1) * 50).map(|number| format!("{number:04}.txt")).collect();
        assert_eq!(names, expected, "{reference}");
        assert_eq!(shown["phase"], "geschlossen (z.d.A.) am 01.03.1972");
    }
    // Once more: nothing is new, and nothing is in the way, though the files are closed.
    let again = office.run(["ingest", "--json", "--no-read", "--manifest", &list]).done().lines();
    let summary: &Value = &again.last().unwrap()["summary"];
    assert_eq!((&summary["taken"], &summary["taken_before"]), (&0.into(), &DOCUMENTS.into()));
    office.run(["verify"]).done();
}

#[test]
fn a_corrected_line_is_taken_in_and_what_was_right_is_not_taken_in_again() {
    let office = Office::new();
    office.write("lieferung/a.txt", "a");
    office.write("lieferung/b.txt", "b");
    let rows = |second: &str| format!("{HEAD}\na.txt;63-1;63.10.01;Haus\nb.txt;{second};63.10.01;Haus\n");
    let list = office.write("lieferung/liste.csv", rows("63-1"));
    office.run(["ingest", "--no-read", "--manifest", &list]).done();
    office.write("lieferung/liste.csv", rows("63-2"));
    office.write("lieferung/a.txt", "a, neu gescannt");
    office.run(["ingest", "--no-read", "--manifest", &list]).done();
    assert_eq!(documents(&office, "63-1"), ["a.txt", "a.txt", "b.txt"]);
    assert_eq!(documents(&office, "63-2"), ["b.txt"]);
}

/// A delivery as it comes, from the first check to the comparison of its pages, killed twice on the way. As large as the one
/// in docs/measurements.md with `SCHRIFTGUT_FULL=1`.
#[test]
fn a_delivery_comes_in_whole_and_in_order_although_it_is_killed_twice() {
    let is_full = std::env::var_os("SCHRIFTGUT_FULL").is_some();
    let (documents, pages) = if is_full { (1_000, 5) } else { (300, 2) };
    let office = Office::new();
    let mut list = format!("{HEAD};seiten;pruefsumme\n");
    let mut bytes = 0;
    for number in 0..documents {
        let texts: Vec<String> = (1..=pages)
            .map(|page| {
                format!("Bauantrag {number}, Blatt {page}: {}", "Garage, Zaun und Wohnhaus. ".repeat(20))
            })
            .collect();
        let pdf = pdf_of_pages(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        bytes += pdf.len();
        let (name, file) = (format!("scans/{number:05}.pdf"), number / 20);
        // One of a hundred was counted wrongly.
        let counted = if number % 100 == 99 { pages + 1 } else { pages };
        let sum = Sha256::of(&[&pdf]);
        office.write(&format!("lieferung/{name}"), pdf);
        list.push_str(&format!("{name};63-{file};63.10.01;Haus {file};{counted};{sum}\n"));
    }
    let list = office.write("lieferung/liste.csv", list);
    let timed = |what: &str, run: &mut dyn FnMut()| {
        let begun = std::time::Instant::now();
        run();
        println!("{what}: {:.1} s", begun.elapsed().as_secs_f64());
    };
    println!("{documents} documents, {} pages, {:.1} MB", documents * pages, bytes as f64 / 1e6);
    timed("checked", &mut || {
        office.run(["ingest", "--manifest", &list, "--check", "--count", &documents.to_string()]).done();
    });
    timed("taken in, killed for the first time", &mut || {
        killed_after(&office, &list, documents / 10);
    });
    timed("taken in, killed for the second time", &mut || {
        killed_after(&office, &list, documents / 4);
    });
    timed("taken in, the rest", &mut || {
        let said = office.run(["ingest", "--json", "--no-read", "--manifest", &list]).done();
        let summary = &said.lines().pop().unwrap()["summary"];
        let count = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(count("taken") + count("known") + count("taken_before"), documents as u64);
        assert!(count("taken_before") >= (documents / 10 + documents / 4) as u64, "{summary}");
    });
    let report = office.place("bericht.csv");
    timed("read, compared and reported", &mut || {
        office.run(["ingest", "--manifest", &list, "--report", report.to_str().unwrap()]).done();
    });
    let report = std::fs::read_to_string(report).unwrap();
    let lines = |part: &str| report.lines().filter(|line| line.contains(part)).count();
    assert_eq!(lines(";früher erfasst;"), documents);
    assert_eq!(lines("die Begleitliste nennt"), documents / 100);
    assert_eq!(lines(&format!(";{pages};{pages};")), documents - documents / 100);
    let all: usize =
        (0..documents / 20).map(|file| self::documents(&office, &format!("63-{file}")).len()).sum();
    assert_eq!(all, documents);
}

/// How far the deliveries are, the newest first, as the operator sees them: state and numbers.
fn deliveries(office: &Office) -> Vec<(DeliveryState, DeliveryTally)> {
    let registry = Registry::open(office.registry()).unwrap();
    let person = registry.person(OPERATOR).unwrap();
    let (views, _) = registry.deliveries(person.as_reader().unwrap(), 0, 100).unwrap();
    views.iter().map(|view| (view.state, view.tally)).collect()
}

#[test]
fn a_delivery_can_be_looked_at_from_its_first_check_to_its_end() {
    const DOCUMENTS: usize = 600;
    let office = Office::new();
    let mut rows = format!("{HEAD}\n");
    for number in 0..DOCUMENTS {
        office.write(&format!("lieferung/{number}.txt"), format!("Blatt {number}"));
        rows.push_str(&format!("{number}.txt;63-1;63.10.03;Haus\n"));
    }
    let list = office.write("lieferung/liste.csv", format!("{rows}fehlt.txt;63-1;63.10.03;Haus\n"));
    office.run(["ingest", "--manifest", &list]).failed(2);
    let [(state, tally)] = deliveries(&office)[..] else { panic!("one delivery") };
    assert_eq!((state, tally.lines, tally.flawed), (DeliveryState::Flawed, DOCUMENTS + 1, 1));
    office.write("lieferung/liste.csv", &rows);
    office.run(["ingest", "--manifest", &list, "--check"]).done();
    let [(state, tally)] = deliveries(&office)[..] else { panic!("it is the same delivery") };
    assert_eq!((state, tally.to_come), (DeliveryState::Checked, DOCUMENTS));
    let taken = killed_after(&office, &list, 130);
    let [(state, tally)] = deliveries(&office)[..] else { panic!("it is the same delivery") };
    assert_eq!((state, tally.lines), (DeliveryState::Interrupted, DOCUMENTS));
    assert!(tally.unread >= taken && tally.unread + tally.to_come == DOCUMENTS, "{taken}: {tally:?}");
    office.run(["ingest", "--no-read", "--manifest", &list]).done();
    let [(state, tally)] = deliveries(&office)[..] else { panic!("it is the same delivery") };
    assert_eq!((state, tally.unread), (DeliveryState::Reading, DOCUMENTS));
    office.run(["work"]).done();
    let [(state, tally)] = deliveries(&office)[..] else { panic!("it is the same delivery") };
    assert_eq!((state, tally.read), (DeliveryState::Done, DOCUMENTS));
    let begun = std::time::Instant::now();
    deliveries(&office);
    println!("{DOCUMENTS} documents of a delivery looked at in {:?}, the registry opened", begun.elapsed());
    // The next list that lies there is another delivery.
    office.write("lieferung/liste.csv", rows.replacen("0.txt;63-1", "0.txt;63-2", 1));
    office.run(["ingest", "--no-read", "--manifest", &list]).done();
    let [(newer, _), (older, tally)] = deliveries(&office)[..] else { panic!("two deliveries") };
    assert_eq!((newer, older, tally.read), (DeliveryState::Reading, DeliveryState::Done, DOCUMENTS));
}
