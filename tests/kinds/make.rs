//! Office documents as small as they can be, made of their parts.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A ZIP of these parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    zip_of(&parts)
}

pub fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn content_types(main: &str, part: &str) -> String {
    format!(
        "<Types><Override PartName='/{part}' ContentType='application/vnd.openxmlformats-officedocument.{main}.main+xml'/></Types>"
    )
}

fn main_relation(part: &str) -> String {
    format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r0' \
         Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='{part}'/></Relationships>"
    )
}

/// A Word document with this body and further parts.
pub fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    let (types, relation) =
        (content_types("wordprocessingml.document", "word/document.xml"), main_relation("word/document.xml"));
    let mut all = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", relation.as_str()),
        ("word/document.xml", document.as_str()),
    ];
    all.extend_from_slice(parts);
    package(&all)
}

/// A header, a footer: one paragraph.
pub fn text_of_part(root: &str, text: &str) -> String {
    format!("<w:{root} xmlns:w='w'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{root}>")
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of two sheets, the second hidden.
pub fn xlsx() -> Vec<u8> {
    let cells = "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1'><v>1234.5</v></c></row>\
        <row r='2'><c r='A2' t='inlineStr'><is><t>Frist</t></is></c><c r='B2' s='1'><v>45291</v></c><c r='C2' t='b'><v>1</v></c></row>";
    sheets(&[
        ("Gebühren", "", cells),
        ("Intern", " state='hidden'", "<row r='1'><c r='A1' t='inlineStr'><is><t>geheim</t></is></c></row>"),
    ])
}

/// A workbook of these sheets: name, attributes, rows.
pub fn sheets(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut listed = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (number, (name, attributes, rows)) in sheets.iter().enumerate() {
        listed += &format!("<sheet name='{name}' sheetId='{}'{attributes} r:id='s{number}'/>", number + 1);
        relations += &format!(
            "<Relationship Id='s{number}' Type='{RELATED}/worksheet' Target='worksheets/sheet{number}.xml'/>"
        );
        let sheet = format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    relations += &format!("<Relationship Id='t' Type='{RELATED}/sharedStrings' Target='sharedStrings.xml'/>");
    relations += &format!("<Relationship Id='y' Type='{RELATED}/styles' Target='styles.xml'/>");
    let book = format!("<workbook xmlns='{MAIN}' xmlns:r='{RELATED}'><sheets>{listed}</sheets></workbook>");
    let relations = format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{relations}</Relationships>"
    );
    let strings = format!("<sst xmlns='{MAIN}'><si><t>Bauantrag</t></si></sst>");
    let styles = format!(
        "<styleSheet xmlns='{MAIN}'><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>"
    );
    let (types, main) =
        (content_types("spreadsheetml.sheet", "xl/workbook.xml"), main_relation("xl/workbook.xml"));
    let mut all = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", main.as_str()),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", relations.as_str()),
        ("xl/sharedStrings.xml", strings.as_str()),
        ("xl/styles.xml", styles.as_str()),
    ];
    all.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    package(&all)
}

/// A presentation whose second slide comes first.
pub fn pptx() -> Vec<u8> {
    let slide = |text: &str| format!("<p:sld xmlns:p='p' xmlns:a='a'>{text}</p:sld>");
    let types = content_types("presentationml.presentation", "ppt/presentation.xml");
    package(&[
        ("[Content_Types].xml", &types),
        ("_rels/.rels", &main_relation("ppt/presentation.xml")),
        (
            "ppt/presentation.xml",
            "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='257' r:id='rId2'/><p:sldId id='256' r:id='rId1'/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            "<Relationships><Relationship Id='rId1' Type='x/slide' Target='slides/slide1.xml'/><Relationship Id='rId2' Type='x/slide' Target='/ppt/slides/slide2.xml'/></Relationships>",
        ),
        ("ppt/slides/slide1.xml", &slide("<a:p><a:r><a:t>Erstes Blatt</a:t></a:r></a:p>")),
        (
            "ppt/slides/slide2.xml",
            &slide(
                "<a:p><a:r><a:t>Zweites Blatt zuerst</a:t></a:r><a:br/><a:r><a:t>neue Zeile</a:t></a:r></a:p>",
            ),
        ),
        (
            "ppt/slides/_rels/slide1.xml.rels",
            "<Relationships><Relationship Id='n' Type='x/notesSlide' Target='../notesSlides/n1.xml'/></Relationships>",
        ),
        ("ppt/notesSlides/n1.xml", &slide("<a:p><a:r><a:t>leise sprechen</a:t></a:r></a:p>")),
    ])
}

/// An open document of this kind with this content, and one header.
pub fn odf(kind: &str, content: &str) -> Vec<u8> {
    let spaces = ["office", "style", "text", "table", "draw", "presentation"];
    let spaces: Vec<String> = spaces.iter().map(|name| format!("xmlns:{name}='{name}'")).collect();
    let spaces = spaces.join(" ");
    let content = format!(
        "<office:document-content {spaces} office:version=\"1.2\">{content}</office:document-content>"
    );
    let styles = format!(
        "<office:document-styles {spaces}><office:master-styles><style:master-page><style:header><text:p>Kopf der Seite</text:p></style:header></style:master-page></office:master-styles></office:document-styles>"
    );
    package(&[
        ("mimetype", &format!("application/vnd.oasis.opendocument.{kind}")),
        ("content.xml", &content),
        ("styles.xml", &styles),
    ])
}

/// A compound file of these streams.
pub fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
