//! Office documents, mails and archives: each kind is known by its content and read, each file ends in a clear
//! outcome, and what is hostile ends in words within its limits. Files are made here; a second part goes over the
//! test suites of other projects, which are looked for in `../shared/data` (or `$SCHRIFTGUT_SHARED/data`).

#[path = "kinds/corpus.rs"]
mod corpus;
#[path = "kinds/hostile.rs"]
mod hostile;
#[path = "kinds/inside.rs"]
mod inside;
#[path = "kinds/make.rs"]
mod make;
#[path = "common/measured.rs"]
mod measured;
#[path = "common/shared.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod shared;

use make::{docx, odf, package, pptx, text_of_part, xlsx};
use schriftgut::domain::text::{MediaType, Reading};
use schriftgut::intake::{Bytes, IntakeError, Reason, Workshop};

fn workshop() -> Workshop {
    Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"))
}

fn read(bytes: &[u8]) -> Result<Reading, IntakeError> {
    workshop().read(&Bytes(bytes), &mut |_| {})
}

fn pages(reading: &Reading) -> Vec<&str> {
    reading.pages.iter().map(|page| page.text.as_str()).collect()
}

fn shortfalls(reading: &Reading) -> Vec<&str> {
    reading.shortfalls.iter().map(|shortfall| shortfall.reason.as_str()).collect()
}

fn refused(bytes: &[u8]) -> (MediaType, Reason) {
    match read(bytes) {
        Err(IntakeError::NotReadable { format, reason }) => (format.media, reason),
        other => panic!("{other:?}"),
    }
}

fn puid(reading: &Reading) -> Option<String> {
    reading.format.pronom.map(|puid| puid.to_string())
}

#[test]
fn a_word_document_is_read_with_tables_notes_comments_and_what_is_hidden() {
    let body = "<w:p><w:r><w:t>Bescheid</w:t></w:r></w:p>\
        <w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t xml:space='preserve'>Der </w:t></w:r>\
        <w:ins><w:r><w:t>Antrag</w:t></w:r></w:ins><w:del><w:r><w:delText>gestrichen</w:delText></w:r></w:del>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r><w:r><w:tab/><w:t>R&amp;D</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Flur</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:r><w:br w:type='page'/><w:t>Seite zwei</w:t></w:r></w:p>";
    let bytes = docx(
        body,
        &[
            ("word/header1.xml", &text_of_part("hdr", "Stadt Musterhausen")),
            ("word/header2.xml", &text_of_part("hdr", "Stadt Musterhausen")),
            ("word/footer1.xml", &text_of_part("ftr", "Postfach 12")),
            (
                "word/comments.xml",
                "<w:comments xmlns:w='w'><w:comment w:author='Ina'><w:p><w:r><w:t>prüfen</w:t></w:r></w:p></w:comment></w:comments>",
            ),
        ],
    );
    let reading = read(&bytes).unwrap();
    assert_eq!(reading.format.media, MediaType::Docx);
    assert_eq!(puid(&reading).as_deref(), Some("fmt/412"));
    assert_eq!(
        pages(&reading),
        [
            "Stadt Musterhausen\nBescheid\nDer Antrag[verborgen: geheim]\tR&D\nFlur\t7",
            "Seite zwei\n[Kommentar von Ina: prüfen]\nPostfach 12"
        ]
    );
    assert_eq!(shortfalls(&reading), [Reason::DeletionsLeftOut.german()]);
}

#[test]
fn what_is_active_embedded_or_elsewhere_is_said_and_never_followed() {
    let rels = "<Relationships><Relationship Id='r1' Type='http://x/image' Target='https://böse.example/a.png' TargetMode='External'/>\
        <Relationship Id='r2' Type='http://x/hyperlink' Target='https://stadt.example/' TargetMode='External'/></Relationships>";
    let parts = [
        ("word/vbaProject.bin", "x"),
        ("word/embeddings/oleObject1.bin", "x"),
        ("word/_rels/document.xml.rels", rels),
    ];
    let reading = read(&docx("<w:p><w:r><w:t>Text</w:t></w:r></w:p>", &parts)).unwrap();
    let said = shortfalls(&reading);
    for reason in [Reason::ActiveIgnored, Reason::EmbeddedIgnored, Reason::ExternalIgnored] {
        assert!(said.contains(&reason.german()), "{reason:?}: {said:?}");
    }
    let only_link = rels.replace("x/image", "x/hyperlink");
    let reading = read(&docx("<w:p/>", &[("word/_rels/document.xml.rels", &only_link)])).unwrap();
    assert!(reading.is_complete(), "a link brings nothing in: {:?}", reading.shortfalls);
}

#[test]
fn a_sheet_is_a_page_with_numbers_and_days_as_people_write_them() {
    let reading = read(&xlsx()).unwrap();
    assert_eq!((reading.format.media, puid(&reading)), (MediaType::Xlsx, Some("fmt/214".to_owned())));
    assert_eq!(
        pages(&reading),
        ["Gebühren\nBauantrag\t1234,5\nFrist\t31.12.2023\tWAHR", "[Verborgenes Blatt] Intern\ngeheim"]
    );
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
}

#[test]
fn a_slide_is_a_page_in_the_order_of_the_presentation() {
    let reading = read(&pptx()).unwrap();
    assert_eq!((reading.format.media, puid(&reading)), (MediaType::Pptx, Some("fmt/215".to_owned())));
    assert_eq!(
        pages(&reading),
        ["Zweites Blatt zuerst\nneue Zeile", "Erstes Blatt\n[Notizen] leise sprechen"]
    );
}

#[test]
fn open_documents_are_read_by_their_kind() {
    let text = odf(
        "text",
        "<office:automatic-styles><style:style style:name='T1'><style:text-properties text:display='none'/></style:style></office:automatic-styles>\
         <office:body><office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>weg</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:h>Satzung</text:h><text:p>Erste\n   Zeile<text:line-break/>zweite<text:s text:c='2'/>x <text:span text:style-name='T1'>geheim</text:span></text:p>\
         <text:p>Note<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>unten</text:p></text:note-body></text:note></text:p></office:text></office:body>",
    );
    let reading = read(&text).unwrap();
    assert_eq!((reading.format.media, puid(&reading)), (MediaType::Odt, Some("fmt/291".to_owned())));
    assert_eq!(
        pages(&reading),
        ["Satzung\nErste Zeile\nzweite  x [verborgen: geheim]\nNote [Fußnote: unten]\nKopf der Seite"]
    );
    assert_eq!(shortfalls(&reading), [Reason::DeletionsLeftOut.german()]);
    let sheet = odf(
        "spreadsheet",
        "<office:body><office:spreadsheet><table:table table:name='Eins'><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated='1000000000'/></table:table-row></table:table><table:table table:name='Zwei'/></office:spreadsheet></office:body>",
    );
    let reading = read(&sheet).unwrap();
    assert_eq!(reading.format.media, MediaType::Ods);
    assert_eq!(pages(&reading)[..2], ["Eins\na", "Zwei"]);
    let slides = odf(
        "presentation",
        "<office:body><office:presentation><draw:page><text:p>A</text:p><presentation:notes><text:p>still</text:p></presentation:notes></draw:page><draw:page><text:p>B</text:p></draw:page></office:presentation></office:body>",
    );
    let reading = read(&slides).unwrap();
    assert_eq!(reading.format.media, MediaType::Odp);
    assert_eq!(pages(&reading), ["A\n[Notizen] still", "B"]);
}

#[test]
fn encrypted_documents_are_kept_unread_with_the_reason() {
    let manifest = "<manifest:manifest xmlns:manifest='m'><manifest:encryption-data/></manifest:manifest>";
    let locked = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "verschlüsselt"),
        ("META-INF/manifest.xml", manifest),
    ]);
    assert_eq!(refused(&locked), (MediaType::Odt, Reason::Encrypted));
    let word = make::ole(&[("WordDocument", &[0xEC, 0xA5, 193, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0])]);
    assert_eq!(refused(&word), (MediaType::Doc, Reason::Encrypted));
    let office = make::ole(&[("EncryptedPackage", b"x"), ("EncryptionInfo", b"x")]);
    assert_eq!(refused(&office), (MediaType::Unknown, Reason::Encrypted));
}

#[test]
fn texts_of_all_kinds_are_read_and_say_what_they_are() {
    for (bytes, media, text) in [
        (&b"{\\rtf1\\ansi Beschlu\\'df\\par zwei}"[..], MediaType::Rtf, "Beschluß\nzwei"),
        (b"<html><body><p>B&uuml;ro</p></body></html>", MediaType::Html, "Büro"),
        (b"<?xml version='1.0'?><a><b>eins</b><c>zwei</c></a>", MediaType::Xml, "eins\nzwei"),
        (b"Nr;Name\n1;Maier\n2;Schmidt\n", MediaType::Csv, "Nr;Name\n1;Maier\n2;Schmidt"),
        (b"\xFF\xFEB\0\xFC\0r\0o\0", MediaType::PlainText, "Büro"),
        (
            b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Frage\r\n\r\nText\r\n",
            MediaType::Mail,
            "Von: a@b.example\nAn: c@d.example\nBetreff: Frage\n\nText",
        ),
    ] {
        let reading = read(bytes).unwrap();
        assert_eq!((reading.format.media, pages(&reading).join("|").as_str()), (media, text));
        assert!(reading.is_complete(), "{media}: {:?}", reading.shortfalls);
    }
}

#[test]
fn a_mailbox_has_each_mail_on_a_page_of_its_own() {
    let mail = |n: u32| {
        format!(
            "From a@b.example Mon Jan  1 10:00:00 2024\nFrom: a@b.example\nSubject: Nr. {n}\n\nText {n}\n>From mir\n\n"
        )
    };
    let reading = read((mail(1) + &mail(2)).as_bytes()).unwrap();
    assert_eq!(reading.format.media, MediaType::Mbox);
    assert_eq!(reading.pages.len(), 2);
    assert!(pages(&reading)[1].contains("Nr. 2") && pages(&reading)[1].contains("Text 2"));
}

#[test]
fn an_archive_names_what_is_in_it() {
    let reading = read(&package(&[("pläne/a.pdf", "x"), ("b.txt", "y")])).unwrap();
    assert_eq!((reading.format.media, puid(&reading)), (MediaType::Zip, Some("x-fmt/263".to_owned())));
    assert_eq!(pages(&reading), ["pläne/a.pdf\nb.txt"]);
    assert!(reading.is_complete());
}
