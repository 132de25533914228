//! `get --rendition`: a PDF to be read, of documents of office programs.

use serde_json::json;

use crate::office::Office;

const LETTER: &[u8] = br"{\rtf1\ansi Am Mirabellenhain\par}";

/// LibreOffice is there, as `doctor` sees it.
fn can_convert(office: &Office) -> bool {
    let said = office.run(["doctor"]).done();
    let missing = said.out.contains("LibreOffice fehlt");
    assert!(!missing || std::env::var_os("CI").is_none(), "in CI LibreOffice must be installed");
    if missing {
        println!("skipped: LibreOffice is not installed");
    } else {
        assert!(said.out.contains("LibreOffice macht aus Office-Dateien Seiten"), "{said:?}");
    }
    !missing
}

#[test]
fn a_rendition_is_written_as_a_pdf_and_never_half() {
    let office = Office::new();
    office.write("post/brief.rtf", LETTER);
    office.write("post/vermerk.txt", b"Vermerk");
    let said = office.run(["ingest", "--json", "post"]).done();
    let id = |name: &str| {
        let line = said.lines().into_iter().find(|line| line["source"] == json!(format!("post/{name}")));
        line.unwrap()["document"].as_str().unwrap().to_owned()
    };
    let refused = office.run(["get", &id("vermerk.txt"), "--rendition", "--out", "vermerk.pdf"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("gibt es keine Lesefassung"), "{refused:?}");
    assert!(!office.place("vermerk.pdf").exists(), "half a document is none");
    if !can_convert(&office) {
        return;
    }
    let letter = id("brief.rtf");
    let got = office.run(["get", "--json", &letter, "--rendition", "--out", "brief.pdf"]).done().json();
    let expected = json!({
        "document": letter, "file_name": "brief.rtf", "media_type": "application/rtf", "out": "brief.pdf",
    });
    assert_eq!(got, expected);
    assert!(std::fs::read(office.place("brief.pdf")).unwrap().starts_with(b"%PDF-"));
}
