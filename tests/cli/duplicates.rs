//! What is there twice, from outside: the same content, and the same letter scanned twice; and that nothing betrays a document
//! one may not read.

use crate::office::Office;

const LETTER: &str = "Sehr geehrter Herr Bremkamp, auf Ihren Antrag vom 12.03.1958 erteile ich Ihnen die Genehmigung, auf \
    dem Grundstück Wallgasse 17, Flur 4, Flurstück 118, eine Garage zu errichten. Die Gebühr von 48,50 DM ist binnen 14 \
    Tagen zu zahlen. Aktenzeichen 63/0215/58. Der Nachbar hat dem Vorhaben am 02.02.1958 zugestimmt.";

fn office() -> Office {
    let office = Office::demo();
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office
}

fn put(office: &Office, name: &str, text: &str, file: &[&str]) -> String {
    let path = office.write(name, text);
    let taken = office.run(["ingest", "--json", &path].iter().chain(file)).done();
    taken.lines()[0]["document"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_there_twice_is_shown_by_content_and_by_text_and_nothing_is_dropped() {
    let office = office();
    let into = |number| ["--file", number, "--class", "63.10.03"];
    let first = put(&office, "brief.txt", LETTER, &into("63-1"));
    let same = put(&office, "kopie.txt", LETTER, &into("63-2"));
    let misread =
        LETTER.replace("Herr", "Hcrr").replace("Genehmigung", "Gerehmigurg").replace("Garage", "Garagc");
    let again = put(&office, "nochmal.txt", &misread, &into("63-2"));
    let form = [
        ("12.03.1958", "07.11.1961"),
        ("17", "4"),
        ("118", "92"),
        ("48,50", "31,00"),
        ("0215/58", "1170/61"),
    ];
    let form = form.iter().fold(LETTER.to_owned(), |text, (was, is)| text.replace(was, is));
    let other = put(&office, "anderer.txt", &form.replace("Bremkamp", "Lohmann"), &into("63-2"));
    let said = office.run(["duplicates", &first]).done().out;
    let (at_same, at_again) = (said.find(&same).unwrap(), said.find(&again).unwrap());
    assert!(at_same < at_again && !said.contains(&other), "{said}");
    assert!(said.contains("derselbe Inhalt: 63-2  kopie.txt"), "{said}");
    assert!(said.contains("fast derselbe Text, zu 9"), "{said}");
    let found = office.run(["similar", &first, "--json"]).done().json();
    let found = found["documents"].as_array().unwrap();
    let of = |id: &str| {
        found.iter().find(|one| one["document"] == id).unwrap_or_else(|| panic!("{id}: {found:?}"))
    };
    assert_eq!((&of(&same)["same_content"], &of(&same)["same_text_percent"]), (&true.into(), &100.into()));
    assert_eq!(of(&again)["same_content"], false);
    assert!(of(&other)["same_text_percent"].is_null(), "the same form to somebody else");
    let file = office.run(["duplicates", "--file", "63-2", "--json"]).done().json();
    assert_eq!(file["documents"].as_array().unwrap().len(), 2, "{file}");
    office.run(["withdraw", &same, "--reason", "doppelt"]).done();
    assert!(!office.run(["duplicates", &first]).done().out.contains(&same), "it is out of use");
    assert_eq!(office.run(["duplicates", &other]).done().out.trim(), "nichts davon ist doppelt");
    office.run(["duplicates"]).failed(2);
}

#[test]
fn a_duplicate_one_may_not_read_is_as_if_it_were_not_there() {
    let office = office();
    let seen = put(&office, "brief.txt", LETTER, &["--file", "63-1", "--class", "63.10.03"]);
    let ask = || -> Vec<_> {
        let asked = [vec!["duplicates", &seen], vec!["duplicates", "--file", "63-1"], vec!["similar", &seen]];
        asked.iter().map(|args| office.run_as("anna", args).done().out).collect()
    };
    let alone = ask();
    office.add_person("personal", "Petra Kurz", &["clerk"]);
    office.run(["user", "rights", "personal", "--role", "clerk", "--domain", "personnel"]).done();
    let path = office.write("personal.txt", LETTER);
    let into = ["ingest", "--json", &path, "--file", "11-1", "--class", "11.10.01", "--domain", "personnel"];
    let taken = office.run_as("personal", &into).done().lines();
    assert_eq!(taken[0]["outcome"], "taken", "to her the content is new");
    let hidden = taken[0]["document"].as_str().unwrap().to_owned();
    assert_eq!(ask(), alone, "nothing betrays it");
    let missing = office.run_as("anna", &["duplicates", &hidden]).failed(2);
    assert!(missing.contains("nicht gefunden"), "{missing}");
    let taken = office.write("nochmal.txt", LETTER);
    let args = ["ingest", "--json", "--no-read", &taken, "--file", "63-1"];
    let known = office.run_as("anna", &args).done().lines();
    assert_eq!(known[0]["outcome"], "known", "the one she may read");
}
