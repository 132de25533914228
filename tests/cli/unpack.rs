//! What comes in a document: the attachments of a mail and the files of an archive become documents beside it, in one case with it,
//! and nobody parts them by moving the mail.

use serde_json::{Value, json};

use crate::material::pdf_of_pages;
use crate::office::Office;

fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office
}

/// A mail with these attachments.
fn mail(subject: &str, attachments: &[(&str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: a@b.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAnbei die Unterlagen zum Carport.\r\n"
    );
    for (name, bytes) in attachments {
        mail.push_str(&format!(
            "--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            base64(bytes)
        ));
    }
    (mail + "--x--\r\n").into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |three: u32, at: u32| SIGNS[(three >> (18 - 6 * at)) as usize & 63] as char;
    let four = |some: &[u8]| {
        let three = (0..3).fold(0, |sum, at| sum << 8 | u32::from(some.get(at).copied().unwrap_or(0)));
        (0..4).map(|at| if at as usize > some.len() { '=' } else { sign(three, at) }).collect::<String>()
    };
    bytes.chunks(3).map(four).collect::<Vec<_>>().join("")
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn put(office: &Office, name: &str, bytes: &[u8], args: &[&str]) -> String {
    let path = office.write(name, bytes);
    office.run([&["ingest", "--json", &path], args].concat()).done().lines()[0]["document"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn shown(office: &Office, what: &str) -> Value {
    office.run(["show", "--json", what]).done().json()
}

fn ids(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// The names of the documents with a hit, and their files.
fn found(office: &Office, query: &str) -> Vec<(String, Value)> {
    let found = office.run(["search", "--json", query]).done().json();
    let hits = found["hits"].as_array().unwrap().iter();
    hits.map(|hit| (hit["file_name"].as_str().unwrap().to_owned(), hit["file"].clone())).collect()
}

/// A mail with a plan and an archive, in that a text and a further mail with a text.
fn rich() -> Vec<u8> {
    let inner = mail("Zuvor", &[("statik.txt", b"Nachweis Schneelast")]);
    let archive = zip(&[("ordner/notiz.txt", b"Grenzabstand geklaert"), ("zuvor.eml", &inner)]);
    mail("Unterlagen Carport", &[("plan.pdf", &pdf_of_pages(&["Lageplan Carport"])), ("rest.zip", &archive)])
}

const HOME: [&str; 4] = ["--file", "63-1", "--class", "63.10.03"];

#[test]
fn what_came_in_a_mail_lies_beside_it_in_one_case_and_is_found() {
    let office = office();
    let id = put(&office, "post.eml", &rich(), &HOME);
    for _ in 0..2 {
        for (word, name) in [
            ("Unterlagen", "post.eml"),
            ("Lageplan", "plan.pdf"),
            ("Grenzabstand", "notiz.txt"),
            ("Schneelast", "statik.txt"),
        ] {
            assert!(
                found(&office, word).contains(&(name.to_owned(), "63-1".into())),
                "{word}: {:?}",
                found(&office, word)
            );
        }
        let file = shown(&office, "63-1");
        assert_eq!(file["documents"].as_array().unwrap().len(), 6, "{file}");
        let contents = ids(&shown(&office, &id)["contents"]);
        assert_eq!(contents.len(), 2);
        let archive = shown(&office, &contents[1]);
        assert_eq!(archive["contained_in"], json!({ "document": id, "path": "rest.zip" }));
        let note = shown(&office, &ids(&archive["contents"])[0]);
        assert_eq!(
            (&note["file_name"], &note["contained_in"]["path"]),
            (&"notiz.txt".into(), &"ordner/notiz.txt".into())
        );
        office.run(["rebuild"]).done();
    }
    let said = office.run(["show", "63-1"]).done().out;
    assert!(said.contains("Unterlagen Carport"), "the case is named after the mail: {said}");
    assert!(said.contains(&format!("enthalten in {id}")), "{said}");
    assert!(office.original(&id) == rich(), "the mail as it came");
    office.run(["verify", "--read-data"]).done();
    let again = office.run(["unpack", &id]).failed(2);
    assert!(again.contains("schon herausgelöst"), "{again}");
}

#[test]
fn whoever_takes_in_a_mail_is_told_what_came_in_it() {
    let office = office();
    let path = office.write("post.eml", rich());
    let said = office.run([&["ingest", &path], &HOME[..]].concat()).done();
    assert!(said.err.contains("darin kamen, jetzt eigene Dokumente: plan.pdf, rest.zip"), "{said:?}");
}

#[test]
fn moving_a_mail_takes_along_what_came_in_it() {
    let office = office();
    let id = put(&office, "post.eml", &rich(), &[]);
    assert_eq!(found(&office, "Schneelast"), [("statik.txt".to_owned(), Value::Null)]);
    put(&office, "eigen.txt", b"Eigenes Blatt", &HOME);
    office.run(["file", &id, "63-1"]).done();
    assert_eq!(found(&office, "Schneelast"), [("statik.txt".to_owned(), "63-1".into())]);
    put(&office, "ziel.txt", b"Anderes", &["--file", "63-2", "--class", "63.10.03"]);
    let moved =
        office.run(["refile", "--json", &id, "--to", "63-2", "--reason", "falsch abgelegt"]).done().json();
    assert_eq!(moved["moved"], 6);
    assert_eq!(shown(&office, "63-1")["documents"].as_array().unwrap().len(), 1);
    assert_eq!(found(&office, "Lageplan"), [("plan.pdf".to_owned(), "63-2".into())]);
    // What somebody moved away by itself stays where they put it.
    let plan = ids(&shown(&office, &id)["contents"])[0].clone();
    office.run(["refile", &plan, "--to", "63-1", "--reason", "gehört hierher"]).done();
    let moved = office.run(["refile", "--json", &id, "--to", "63-1", "--reason", "doch hier"]).done().json();
    assert_eq!(moved["moved"], 5);
}

#[test]
fn a_container_is_opened_only_so_deep_and_says_what_stayed_inside() {
    let office = office();
    let mut nested = b"Kern".to_vec();
    for depth in 0..6 {
        nested = zip(&[(&format!("{depth}"), &nested)]);
    }
    let id = put(&office, "tief.zip", &nested, &HOME);
    let documents = shown(&office, "63-1")["documents"].as_array().unwrap().clone();
    assert_eq!(documents.len(), 4, "{documents:?}");
    let mut innermost = shown(&office, &id);
    for _ in 0..3 {
        innermost = shown(&office, &ids(&innermost["contents"])[0]);
    }
    assert_eq!(innermost["stays_inside"], json!([{ "path": "2", "reason": "zu tief geschachtelt" }]));
    let said = office.run(["show", "63-1"]).done().out;
    assert!(said.contains("nur darin: „2“ (zu tief geschachtelt)"), "{said}");
}

#[test]
fn what_nobody_has_read_yet_is_taken_out_once_whoever_is_first() {
    let office = office();
    let id = put(&office, "post.eml", &rich(), &[&HOME[..], &["--no-read"]].concat());
    let said = office.run(["unpack", "--no-read", &id]).done().out;
    assert!(said.contains("herausgelöst: 2 Dokumente") && said.contains("plan.pdf"), "{said}");
    // Reading it afterwards takes nothing out a second time.
    office.run(["work"]).done();
    assert_eq!(shown(&office, "63-1")["documents"].as_array().unwrap().len(), 6);
    let text = put(&office, "notiz.txt", b"Nur ein Text", &HOME);
    let said = office.run(["unpack", &text]).failed(2);
    assert!(said.contains("In dieser Datei stecken keine anderen Dateien"), "{said}");
}

#[test]
fn the_same_attachment_in_two_mails_is_two_documents_of_one_content() {
    let office = office();
    let plan = pdf_of_pages(&["Lageplan Carport"]);
    let first = put(&office, "a.eml", &mail("Erste", &[("plan.pdf", &plan)]), &HOME);
    let second = put(
        &office,
        "b.eml",
        &mail("Zweite", &[("plan.pdf", &plan)]),
        &["--file", "63-2", "--class", "63.10.03"],
    );
    let plan_of = |mail: &str| shown(&office, &ids(&shown(&office, mail)["contents"])[0]);
    let (one, other) = (plan_of(&first), plan_of(&second));
    assert_eq!(one["sha256"], other["sha256"]);
    assert_ne!(one["id"], other["id"]);
    assert!(office.original(one["id"].as_str().unwrap()) == plan);
    office.run(["verify", "--read-data"]).done();
}
