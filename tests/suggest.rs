//! Help while searching, asked of a whole office: words as they are written, corrections that find something, documents
//! that are alike; and nothing of what a person may not read.

mod common;

use std::collections::BTreeSet;

use common::TestOffice;
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::ids::DocumentId;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::registry::NewPerson;

/// An office with texts; those of the personnel files only if they are wanted.
fn office(with_hidden: bool) -> (TestOffice, Vec<DocumentId>) {
    let office = TestOffice::demo();
    let mut shown = Vec::new();
    for (reference, name, text) in [
        ("63-1/1960", "gutachten.txt", "Gutachten zum Hausschwamm im Dachstuhl der Scheune, Müllerstraße 3"),
        ("63-2/1961", "bericht.txt", "Bericht: Hausschwamm und Dachstuhl der Scheune. Müllerstraße 3 und 5"),
        ("63-3/1962", "antrag.txt", "Antrag auf eine Garage, Brandschutz geprüft, Az. 02091-C-71"),
    ] {
        shown.push(office.ingest_text(reference, "63.10.03", name, text));
    }
    if with_hidden {
        for n in 0..6 {
            let (reference, name) = (format!("11.20-{n}"), format!("zeugnis-{n}.txt"));
            let text = format!(
                "Zeugnis {n}: Müllersohn, Brandschutt, Hausschwamm im Dachstuhl der Scheune, Garagen"
            );
            let mut paper = common::Paper::new(&reference, "63.10.03", &name, text);
            paper.domain = ProtectionDomain::Personnel;
            office.take_in(paper);
        }
    }
    office.read_texts();
    (office, shown)
}

/// A clerk who reads what has no special secrecy.
fn clerk(office: &TestOffice) -> Actor {
    let operator = office.registry().person(common::OPERATOR).unwrap();
    let person = NewPerson {
        login: "sach".to_owned(),
        name: "Frau Sach".to_owned(),
        roles: BTreeSet::from([Role::Clerk]),
        clearances: BTreeSet::from([ProtectionDomain::General]),
    };
    office.registry().add_person(operator.as_administrator().unwrap(), &person).unwrap();
    office.registry().person("sach").unwrap()
}

fn queries(office: &TestOffice, by: &Actor, typed: &str) -> Vec<String> {
    let all = office.registry().suggest(by.as_reader().unwrap(), typed).unwrap();
    all.into_iter().map(|one| one.query).collect()
}

fn meant(office: &TestOffice, by: &Actor, typed: &str) -> Vec<String> {
    office.registry().search(by.as_reader().unwrap(), typed, 0, 10).unwrap().did_you_mean
}

#[test]
fn words_go_on_as_they_are_written_and_files_as_they_are_called() {
    let (office, _) = office(true);
    let all = &office.manager.clone();
    assert_eq!(queries(&office, all, "Scheune muller")[0], "Scheune Müllersohn");
    assert!(queries(&office, all, "Scheune muller").contains(&"Scheune Müllerstraße".to_owned()));
    assert_eq!(queries(&office, all, "02091c")[0], "02091-C-71");
    assert_eq!(queries(&office, all, "az:63-"), [] as [&str; 0], "two digits are no beginning");
    assert_eq!(queries(&office, all, "Dach az:63-1/19"), ["Dach az:63-1/1960"]);
    let clerk = &clerk(&office);
    assert_eq!(queries(&office, clerk, "Scheune muller"), ["Scheune Müllerstraße"]);
    assert_eq!(queries(&office, clerk, "az:11.2"), [] as [&str; 0]);
    assert_eq!(queries(&office, all, "az:11.2").len(), 6);
}

#[test]
fn a_correction_finds_something() {
    let (office, _) = office(true);
    let (all, clerk) = (&office.manager.clone(), &clerk(&office));
    assert_eq!(meant(&office, clerk, "Garage Brandschuts"), ["Garage Brandschutz"]);
    assert_eq!(meant(&office, all, "Garage Brandschuts"), ["Garage Brandschutt", "Garage Brandschutz"]);
    assert_eq!(meant(&office, clerk, "Hausschwam Dachstul"), ["Hausschwamm Dachstuhl"]);
    assert_eq!(meant(&office, clerk, "Zeugnus"), [] as [&str; 0]);
    assert_eq!(meant(&office, all, "Zeugnus"), ["Zeugnis"]);
    assert_eq!(meant(&office, clerk, "Garage"), [] as [&str; 0], "as it was typed it is there");
    assert_eq!(meant(&office, clerk, "Hausschwamm NICHT Scheuna"), [] as [&str; 0]);
    assert_eq!(meant(&office, clerk, "Brandschuts Müllerstraße"), [] as [&str; 0], "in no file together");
}

#[test]
fn documents_are_alike_and_what_is_hidden_changes_no_answer() {
    let ((without, shown), (with, shown_too)) = (office(false), office(true));
    let (by, by_too) = (clerk(&without), clerk(&with));
    let names = |office: &TestOffice, by: &Actor, id| {
        let all = office.registry().similar(by.as_reader().unwrap(), id).unwrap();
        all.into_iter().map(|one| one.document.file_name).collect::<Vec<_>>()
    };
    assert_eq!(names(&without, &by, shown[0]), ["bericht.txt"]);
    for (id, id_too) in shown.iter().zip(&shown_too) {
        assert_eq!(names(&without, &by, *id), names(&with, &by_too, *id_too));
    }
    assert_eq!(names(&with, &with.manager, shown_too[0]).len(), 7);
    for typed in
        ["Zeu", "mull", "Brand", "Gar", "Garagen", "11.20", "titel:Zeu", "Zeugnus", "Brandschatt", "Scheunen"]
    {
        assert_eq!(queries(&without, &by, typed), queries(&with, &by_too, typed), "{typed}");
        assert_eq!(meant(&without, &by, typed), meant(&with, &by_too, typed), "{typed}");
    }
}

#[test]
fn whatever_is_typed_is_no_fault() {
    let (office, _) = office(true);
    let megabyte = "Garage ".repeat(150_000);
    let quoted = format!("titel:\"{}", "Garage \u{202e}".repeat(60));
    for typed in [
        megabyte.as_str(),
        &quoted,
        "",
        "\0",
        "Gar\0",
        "Gar\u{202e}age",
        "\u{202e}egarag",
        "\"",
        "\"Gar",
        "titel:\"",
        "titel:",
        "((((Gar",
        "-Gar",
        "Gar*",
        "%00Gar",
        "ﷺﷺﷺ",
    ] {
        for one in office.registry().suggest(office.manager.as_reader().unwrap(), typed).unwrap() {
            assert!(!one.text.chars().any(char::is_control), "{one:?}");
        }
    }
}

/// A first look is filled with what has only some of the words, behind what has all, and uncounted.
#[test]
fn few_matches_are_followed_by_what_has_some_of_the_words_and_the_count_stays() {
    let (office, shown) = office(false);
    let reader = office.manager.as_reader().unwrap();
    let page = office.registry().search(reader, "Garage Brandschutz", 0, 10).unwrap();
    let (whole, partly) = page.whole_and_partly();
    assert_eq!((page.total, whole.len(), partly.len()), (1, 1, 0));
    let page = office.registry().search(reader, "Bericht Scheune", 0, 10).unwrap();
    let (whole, partly) = page.whole_and_partly();
    let ids = |hits: &[schriftgut::registry::Hit]| -> Vec<DocumentId> {
        hits.iter().filter_map(|hit| Some(hit.document.as_ref()?.id)).collect()
    };
    assert_eq!((page.total, ids(whole), ids(partly)), (1, vec![shown[1]], vec![shown[0]]));
    assert!(!partly[0].snippet.marks.is_empty());
    let pages = office.registry().pages_with(reader, shown[0], "Bericht Scheune").unwrap();
    assert_eq!(pages, [1], "inside one document whatever has most of the words is shown");
    let one = office.registry().search(reader, "Bericht Scheune", 0, 1).unwrap();
    assert_eq!((one.hits.len(), one.partly), (1, 0));
}

/// However seldom a long page has the words, and however often a short one has what is only similar.
#[test]
fn what_stands_there_as_typed_comes_before_what_is_similar() {
    let office = TestOffice::demo();
    let filler = "und es wird gebeten den Vorgang der Behörde beizulegen ".repeat(80);
    let typed = office.ingest_text("63-1/1960", "63.10.03", "lang.txt", &format!("Garage {filler} Bremkamp"));
    let similar =
        office.ingest_text("63-2/1961", "63.10.03", "kurz.txt", "Garage Garage Garage Garage Bremkanp");
    office.read_texts();
    let reader = office.manager.as_reader().unwrap();
    let page = office.registry().search(reader, "Garage Bremkamp", 0, 10).unwrap();
    let found: Vec<_> = page.hits.iter().filter_map(|hit| Some(hit.document.as_ref()?.id)).collect();
    assert_eq!((found, page.total), (vec![typed, similar], 2), "{:?}", page.reach);
}
