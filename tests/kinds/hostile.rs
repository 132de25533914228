//! Files made to hurt: bombs, lies about sizes, depth without end, numbers without sense, every kind cut off and
//! flipped. Each must end in an outcome with a reason, in time, and never as a failure of the machinery.

use std::time::{Duration, Instant};

use schriftgut::domain::text::MediaType;
use schriftgut::intake::{IntakeError, Reason};

use super::make::{self, docx, odf, package, pptx, sheets, xlsx, zip_of};
use super::{pages, read, refused, shortfalls};

/// No made file takes longer; a worker of text may use a minute.
const PATIENCE: Duration = Duration::from_secs(90);

fn ends(bytes: &[u8], what: &str) {
    let begun = Instant::now();
    match read(bytes) {
        Ok(_) | Err(IntakeError::NotReadable { .. }) => {}
        Err(other) => panic!("{what}: the machinery failed: {other}"),
    }
    assert!(begun.elapsed() < PATIENCE, "{what} took {:?}", begun.elapsed());
}

#[test]
fn a_bomb_in_a_package_is_read_as_far_as_is_allowed_and_said() {
    let paragraph = "<w:p><w:r><w:t>Wort</w:t></w:r></w:p>".repeat(30_000);
    let long = docx(&paragraph.repeat(300), &[]);
    assert!(long.len() < 8 * 1024 * 1024, "{} bytes", long.len());
    let reading = read(&long).unwrap();
    assert!(shortfalls(&reading).contains(&Reason::TooLargeInside.german()), "{:?}", shortfalls(&reading));
    assert!(pages(&reading)[0].starts_with("Wort\nWort"));
}

#[test]
fn a_spreadsheet_that_grows_too_large_inside_is_kept_unread() {
    let row = "<row><c t='inlineStr'><is><t>x</t></is></c></row>".repeat(40_000);
    let bytes = sheets(&[("Eins", "", &row.repeat(120))]);
    assert_eq!(refused(&bytes), (MediaType::Xlsx, Reason::TooLarge));
}

#[test]
fn entities_depth_and_numbers_without_end_are_survived() {
    let bomb = "<!DOCTYPE w:document [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>";
    let document = format!(
        "{bomb}<w:document xmlns:w='w'><w:p><w:r><w:t>vorher&b;&c;nachher</w:t></w:r></w:p></w:document>"
    );
    let types = "<Types>wordprocessingml.document.main+xml</Types>";
    let reading =
        read(&package(&[("[Content_Types].xml", types), ("word/document.xml", &document)])).unwrap();
    assert_eq!(pages(&reading), ["vorhernachher"]);
    assert_eq!(shortfalls(&reading), [Reason::EntitiesIgnored.german()]);
    let deep = read(&docx(&"<w:p>".repeat(200_000), &[])).unwrap();
    assert!(shortfalls(&deep).contains(&Reason::TooDeep.german()));
    let far = "<row r='1'><c r='A1' t='inlineStr'><is><t>nah</t></is></c></row>\
        <row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>fern</t></is></c></row>";
    assert_eq!(pages(&read(&sheets(&[("Weit", "", far)])).unwrap()), ["Weit\nnah\nfern"]);
    let cell = "<table:table-row table:number-rows-repeated='2000000000'><table:table-cell table:number-columns-repeated='2000000000'><text:p>z</text:p></table:table-cell></table:table-row>";
    let body = format!(
        "<office:body><office:spreadsheet><table:table table:name='T'>{cell}</table:table></office:spreadsheet></office:body>"
    );
    assert_eq!(pages(&read(&odf("spreadsheet", &body)).unwrap())[0], "T\nz");
}

#[test]
fn a_table_of_a_million_parts_or_sheets_ends_with_a_reason() {
    let many: Vec<(String, &[u8])> = (0..60_000).map(|n| (format!("{n}.txt"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(refused(&zip_of(&many)), (MediaType::Zip, Reason::TooManyParts));
    let listed = "<sheet name='n' sheetId='1' r:id='s'/>".repeat(1_000_000);
    let book = format!("<workbook xmlns:r='r'><sheets>{listed}</sheets></workbook>");
    let types = "<Types>spreadsheetml.sheet.main+xml</Types>";
    ends(&package(&[("[Content_Types].xml", types), ("xl/workbook.xml", &book)]), "a million sheets");
}

#[test]
fn a_cell_or_a_line_without_end_is_split_and_loses_nothing() {
    let huge = "Ö".repeat(2_000_000);
    let row = format!("<row r='1'><c r='A1' t='inlineStr'><is><t>{huge}</t></is></c></row>");
    let reading = read(&sheets(&[("Riesig", "", &row)])).unwrap();
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
    let text: String = reading.pages.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(text.matches('Ö').count(), 2_000_000);
    let too_long = "Wort ".repeat(14_000_000);
    let reading = read(too_long.as_bytes()).unwrap();
    assert_eq!(shortfalls(&reading), [Reason::DocumentTooLong.german()]);
}

#[test]
fn old_containers_that_lie_end_with_a_reason() {
    for (name, stream) in [
        ("WordDocument", vec![0xFF; 4096]),
        ("WordDocument", vec![]),
        ("Workbook", vec![0x09; 4096]),
        ("PowerPoint Document", vec![0xFF; 4096]),
        ("PowerPoint Document", vec![0x0F; 65_536]),
        ("__properties_version1.0", vec![0xFF; 4096]),
    ] {
        ends(&make::ole(&[(name, &stream)]), name);
    }
    let whole = make::ole(&[("WordDocument", &vec![7; 100_000]), ("1Table", &vec![9; 100_000])]);
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xFF;
        ends(&bytes, &format!("flipped at {at}"));
        ends(&whole[..at], &format!("cut at {at}"));
    }
}

#[test]
fn every_kind_cut_off_or_flipped_ends_in_an_outcome() {
    let mail = b"From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nText\r\n--q--\r\n";
    let kinds = [
        ("docx", docx("<w:p><w:r><w:t>Wort</w:t></w:r></w:p>", &[])),
        ("xlsx", xlsx()),
        ("pptx", pptx()),
        ("odt", odf("text", "<office:body><text:p>Wort</text:p></office:body>")),
        ("rtf", br"{\rtf1\ansi{\fonttbl{\f0 A;}}Wort\par}".to_vec()),
        ("html", b"<html><body><table><tr><td>Wort</td></tr></table></body></html>".to_vec()),
        ("mail", mail.to_vec()),
    ];
    for (name, whole) in &kinds {
        for step in 1..12 {
            let at = whole.len() * step / 12;
            ends(&whole[..at], &format!("{name} cut at {at}"));
            let mut flipped = whole.clone();
            flipped[at] ^= 0x5A;
            ends(&flipped, &format!("{name} flipped at {at}"));
        }
    }
}

#[test]
fn mails_in_mails_and_parts_without_end_are_survived() {
    let mut mail = b"From: a@b.example\r\nSubject: innen\r\n\r\nText".to_vec();
    for _ in 0..200 {
        let head = "From: a@b.example\r\nSubject: außen\r\nContent-Type: message/rfc822\r\n\r\n";
        mail = [head.as_bytes(), &mail].concat();
    }
    ends(&mail, "a mail in a mail");
    let parts = "--q\r\n\r\nx\r\n".repeat(200_000);
    let many = format!(
        "From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n{parts}--q--\r\n"
    );
    ends(many.as_bytes(), "two hundred thousand parts");
    let nested: String = (0..5000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"))
        .collect();
    ends(format!("From: a@b.example\r\nSubject: x\r\n{nested}").as_bytes(), "parts in parts");
}
