//! The certificate as a sheet to keep: PDF/A that other programs read, which tells a screen reader what is what, and in
//! which the proof lies byte for byte.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::last_way::{decide, list, office, offline};
use crate::office::{Office, redacted};

/// What the validator for PDF/A-1b must say of PDF/A-3: files inside, profiles of version 4, that it is for everyone
/// (PDF/UA), and destinations that are looked up. Whatever else it says would be wrong in PDF/A-3 as well.
const ALLOWED_SINCE: [&str; 6] = [
    "1.2.3 : Body Syntax error, Error: can't convert to Destination COSObject",
    "1.2.9 : Body Syntax error, EmbeddedFile entry is present in a FileSpecification dictionary",
    "1.4.7 : Trailer Syntax error, EmbeddedFile entry is present in the Names dictionary",
    "2.1.6 : Invalid graphics object, Invalid version of the ICCProfile",
    "7.3 : Error on MetaData, Cannot find a definition for the namespace http://www.aiim.org/pdfua/ns/id/",
    "The file ",
];

/// Debian's PDFBox with Preflight.
const JARS: [&str; 8] = [
    "pdfbox2",
    "preflight",
    "xmpbox",
    "fontbox2",
    "commons-logging",
    "commons-io",
    "javax.activation",
    "jaxb-api",
];

/// A registry that destroyed what its list cleared.
fn executed() -> (Office, String) {
    let office = office();
    let list = list(&office);
    decide(&office, &list);
    office.run_as("voss", &["list", "propose", &list]).done();
    office.run_as("tamm", &["list", "approve", &list]).done();
    office.run_as("wolters", &["list", "approve", &list]).done();
    office.run_as("voss", &["list", "execute", &list, "--confirm", &list[..8]]).done();
    (office, list)
}

fn asked(program: &str, args: &[&str]) -> Option<Output> {
    let output = Command::new(program).args(args).output();
    if output.is_err() {
        assert!(std::env::var_os("CI").is_none(), "in CI the sheet must be looked at by {program}");
        println!("skipped: {program} is not here");
    }
    output.ok()
}

#[test]
fn a_certificate_is_kept_as_a_sheet_that_other_programs_read_with_the_proof_inside() {
    let (office, list) = executed();
    let sheet = office.place("protokoll.pdf");
    let pdf = sheet.to_str().unwrap();
    office.run_as("voss", &["list", "certificate", &list, "--out", pdf]).done();
    let again = office.run_as("voss", &["list", "certificate", &list, "--out", pdf]);
    insta::assert_snapshot!(redacted(&office, &again.failed(2)), @r"
    Fehler:  [ordner]/protokoll.pdf kann nicht geschrieben werden
    Grund:   es gibt dort schon etwas
    Ausweg:  nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt
    ");

    if let Some(checked) = asked("qpdf", &["--check", pdf]) {
        assert!(checked.status.success(), "{checked:?}");
    }
    let kept = office.registry().join("certificates").join(format!("{list}.json"));
    if let Some(read) = asked("pdfinfo", &["-enc", "UTF-8", "-struct-text", pdf]) {
        let read = String::from_utf8_lossy(&read.stdout).into_owned();
        let stated: Value = serde_json::from_slice(&std::fs::read(&kept).unwrap()).unwrap();
        let line = &stated["certificate"]["lines"][0];
        let stated = ["rule", "since"].map(|field| line[field].as_str().unwrap().to_owned());
        let [rule, since] = stated;
        let since = since.split('-').rev().collect::<Vec<_>>().join(".");
        for part in
            ["H1 \"Vernichtungsprotokoll ", "TH", &rule, &since, "Henning Voss", "Das Protokoll beweist"]
        {
            assert!(read.contains(part), "{part} in {read}");
        }
    }
    let inside = office.place("aus-dem-pdf.json");
    if asked("pdfdetach", &["-save", "1", "-o", inside.to_str().unwrap(), pdf]).is_some() {
        assert_eq!(std::fs::read(&inside).unwrap(), std::fs::read(kept).unwrap());
        let key = office.ledger_key();
        let verdict = offline(&["--json", "proof", "verify", inside.to_str().unwrap(), "--key", &key]);
        assert_eq!(verdict.done().json()["destroyed"], 1);
    }
    let Some(said) = preflight(pdf) else { return };
    let wrong: Vec<_> =
        said.iter().filter(|line| !ALLOWED_SINCE.iter().any(|allowed| line.starts_with(allowed))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(said.len() > 1, "a validator for PDF/A-1 has something to say about PDF/A-3: {said:?}");
}

/// What Preflight says of a PDF, line by line.
fn preflight(pdf: &str) -> Option<Vec<String>> {
    let jars = JARS.map(|name| format!("/usr/share/java/{name}.jar"));
    if let Some(missing) = jars.iter().find(|jar| !Path::new(jar).exists()) {
        assert!(std::env::var_os("CI").is_none(), "in CI Preflight must look at the sheet: {missing}");
        println!("skipped: {missing} is not here");
        return None;
    }
    let path = jars.join(":");
    let said = asked("java", &["-cp", &path, "org.apache.pdfbox.preflight.Validator_A1b", pdf])?;
    let all = [said.stdout, said.stderr].concat();
    let all = String::from_utf8(all).unwrap();
    assert!(all.contains("PDF/A-1b"), "{all}");
    Some(all.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect())
}

#[test]
fn a_list_that_was_not_executed_has_no_certificate() {
    let office = office();
    let list = list(&office);
    let out = office.place("protokoll.pdf");
    let said = office.run_as("voss", &["list", "certificate", &list, "--out", out.to_str().unwrap()]);
    insta::assert_snapshot!(redacted(&office, &said.failed(2)), @r"
    Fehler:  Kein Vernichtungsprotokoll
    Grund:   zu dieser Liste gibt es keines: sie ist nicht ausgeführt
    Ausweg:  nennen Sie eine ausgeführte Liste (schriftgut list show)
    ");
    assert!(!out.exists());
}
