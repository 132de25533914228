//! Office documents that call out, bring in other files or run something when an office program opens them. The office program
//! is opened to them here: the bait is held to be good only if the same program, without our worker around it, calls the trap.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::corpus::make::zip_of;
use super::{Corpus, Trap, is_a_reason};
use schriftgut::intake::{Bytes, IntakeError, Rendition, Workshop};

const PROGRAM: &str = env!("CARGO_BIN_EXE_schriftgut");
/// What stands in a file that documents try to bring in.
const SECRET: &str = "Schluesselwort aus einer anderen Akte";
/// What a macro would write into its document.
const RAN: &str = "DAS MAKRO LIEF";
/// What the reader of every document here must find.
const OWN: &str = "Eigener Text";
/// Every so many-th office document of the corpus is laid out; all of them with `SCHRIFTGUT_FULL=1`.
const LAID_OUT_EVERY: usize = 8;
/// How long the office program outside of the worker may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// With this the office program asks to be started again.
const SET_UP: i32 = 81;

fn workshop() -> Workshop {
    Workshop::with_program(PROGRAM)
}

fn can_convert() -> bool {
    let there = workshop().converter().is_some();
    assert!(there || std::env::var_os("CI").is_none(), "in CI LibreOffice must be installed");
    if !there {
        println!("skipped: LibreOffice is not installed");
    }
    there
}

fn open_document(kind: &str, scripts: &str, body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let of = |name: &str| format!("xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'");
    let spaces: Vec<String> = ["office", "text", "table", "script", "manifest"].map(of).into();
    let spaces = format!(
        "{} xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0' xmlns:xlink='http://www.w3.org/1999/xlink' \
         xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0' xmlns:of='urn:oasis:names:tc:opendocument:xmlns:of:1.2'",
        spaces.join(" ")
    );
    let content = format!(
        "<?xml version='1.0' encoding='UTF-8'?><office:document-content {spaces} office:version='1.2'>\
         <office:scripts>{scripts}</office:scripts><office:body>{body}</office:body></office:document-content>"
    );
    let media = format!("application/vnd.oasis.opendocument.{kind}");
    let entry = |path: &str, media: &str| {
        format!("<manifest:file-entry manifest:full-path='{path}' manifest:media-type='{media}'/>")
    };
    let listed: String = more.iter().map(|(path, _)| entry(path, "text/xml")).collect();
    let manifest = format!(
        "<?xml version='1.0' encoding='UTF-8'?><manifest:manifest {spaces} manifest:version='1.2'>{}{}{listed}</manifest:manifest>",
        entry("/", &media),
        entry("content.xml", "text/xml")
    );
    let mut parts = vec![
        ("mimetype", media.as_bytes()),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", manifest.as_bytes()),
    ];
    parts.extend(more.iter().map(|(path, text)| (*path, text.as_bytes())));
    zip_of(&parts)
}

fn text_document(scripts: &str, body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    open_document("text", scripts, &format!("<office:text><text:p>{OWN}</text:p>{body}</office:text>"), more)
}

/// A macro that runs when the document is opened and writes into it.
fn with_macro() -> Vec<u8> {
    let library = |name: &str| {
        format!(
            "<library:{name} xmlns:library='http://openoffice.org/2000/library' xmlns:xlink='http://www.w3.org/1999/xlink'"
        )
    };
    let libraries = format!(
        "{}><library:library library:name='Standard' library:link='false'/></library:libraries>",
        library("libraries")
    );
    let standard = format!(
        "{} library:name='Standard' library:readonly='false' library:passwordprotected='false'>\
         <library:element library:name='Los'/></library:library>",
        library("library")
    );
    let module = format!(
        "<script:module xmlns:script='http://openoffice.org/2000/script' script:name='Los' script:language='StarBasic'>\
         Sub Los\n ThisComponent.Text.insertString(ThisComponent.Text.getStart(), \"{RAN}\", False)\nEnd Sub\n</script:module>"
    );
    let head = "<?xml version='1.0' encoding='UTF-8'?>";
    let [libraries, standard, module] = [libraries, standard, module].map(|text| format!("{head}{text}"));
    text_document(
        "<office:event-listeners><script:event-listener script:language='ooo:script' script:event-name='dom:load' \
         xlink:href='vnd.sun.star.script:Standard.Los.Los?language=Basic&amp;location=document' xlink:type='simple'/>\
         </office:event-listeners>",
        "",
        &[
            ("Basic/script-lc.xml", &libraries),
            ("Basic/Standard/script-lb.xml", &standard),
            ("Basic/Standard/Los.xml", &module),
        ],
    )
}

fn framed(inner: &str) -> String {
    format!(
        "<text:p>Rahmen <draw:frame text:anchor-type='as-char' svg:width='5cm' svg:height='5cm'>{inner}</draw:frame></text:p>"
    )
}

/// A picture of an open document that lies elsewhere: what an office program fetches without asking.
fn with_picture(url: &str) -> Vec<u8> {
    text_document("", &framed(&format!("<draw:image xlink:href='{url}' xlink:type='simple'/>")), &[])
}

fn word_document(url: &str, secret: &Path) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let drawing = "http://schemas.openxmlformats.org/drawingml/2006";
    let types = "<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>\
        <Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
        <Override PartName='/word/document.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/>\
        <Override PartName='/word/settings.xml' ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml'/></Types>";
    let related = |inside: &str| {
        format!("<?xml version='1.0'?><Relationships xmlns='{relations}'>{inside}</Relationships>")
    };
    let one = |id: &str, kind: &str, target: &str, mode: &str| {
        format!("<Relationship Id='{id}' Type='{office}/{kind}' Target='{target}'{mode}/>")
    };
    let outside = " TargetMode='External'";
    let root = related(&one("r0", "officeDocument", "word/document.xml", ""));
    let parts = one("s", "settings", "settings.xml", "") + &one("p", "image", url, outside);
    let template = related(&one("t", "attachedTemplate", url, outside));
    let spaces = format!(
        "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' xmlns:r='{office}' \
         xmlns:wp='{drawing}/wordprocessingDrawing' xmlns:a='{drawing}/main' xmlns:pic='{drawing}/picture'"
    );
    let picture = format!(
        "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='1000000' cy='1000000'/><wp:docPr id='1' name='b'/><a:graphic>\
         <a:graphicData uri='{drawing}/picture'><pic:pic><pic:nvPicPr><pic:cNvPr id='1' name='b'/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:link='p'/></pic:blipFill><pic:spPr><a:xfrm><a:off x='0' y='0'/><a:ext cx='1000000' cy='1000000'/>\
         </a:xfrm><a:prstGeom prst='rect'/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    );
    let field = |what: &str| {
        format!("<w:p><w:fldSimple w:instr='{what}'><w:r><w:t>alt</w:t></w:r></w:fldSimple></w:p>")
    };
    let path = secret.display();
    let fields =
        field(&format!(" INCLUDETEXT \"{path}\" ")) + &field(&format!(" DDEAUTO soffice \"{path}\" x "));
    let document = format!(
        "<?xml version='1.0'?><w:document {spaces}><w:body><w:p><w:r><w:t>{OWN}</w:t></w:r></w:p>{picture}{fields}</w:body></w:document>"
    );
    let settings =
        format!("<?xml version='1.0'?><w:settings {spaces}><w:attachedTemplate r:id='t'/></w:settings>");
    let parts = related(&parts);
    zip_of(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("word/_rels/document.xml.rels", parts.as_bytes()),
        ("word/_rels/settings.xml.rels", template.as_bytes()),
        ("word/settings.xml", settings.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

fn sheet(url: &str, secret: &Path) -> Vec<u8> {
    let path = secret.display();
    let cell = |formula: &str| format!("<table:table-cell table:formula='of:={formula}'/>");
    let cells = [
        format!("COM.MICROSOFT.WEBSERVICE(&quot;{url}&quot;)"),
        format!("&apos;file://{path}&apos;#$geheim.A1"),
        format!("DDE(&quot;soffice&quot;;&quot;{path}&quot;;&quot;geheim.A1&quot;)"),
    ];
    let cells: String = cells.iter().map(|formula| cell(formula)).collect();
    let body = format!(
        "<office:spreadsheet><table:table table:name='A'><table:table-source xlink:href='file://{path}' xlink:type='simple' \
         table:filter-name='Text - txt - csv (StarCalc)' table:mode='copy-all'/><table:table-row>\
         <table:table-cell office:value-type='string'><text:p>{OWN}</text:p></table:table-cell>{cells}</table:table-row>\
         </table:table></office:spreadsheet>"
    );
    open_document("spreadsheet", "", &body, &[])
}

fn slides(url: &str) -> Vec<u8> {
    let frame = |inner: &str| format!("<draw:frame svg:width='9cm' svg:height='5cm'>{inner}</draw:frame>");
    let text = frame(&format!("<draw:text-box><text:p>{OWN}</text:p></draw:text-box>"));
    let picture = frame(&format!("<draw:image xlink:href='{url}' xlink:type='simple'/>"));
    let page = format!("<draw:page draw:name='1' draw:master-page-name=''>{text}{picture}</draw:page>");
    open_document("presentation", "", &format!("<office:presentation>{page}</office:presentation>"), &[])
}

/// Documents that would do harm, by name.
fn baits(corpus: &Corpus, secret: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let (url, path) = (corpus.url("lesefassung"), secret.display());
    let section = |source: &str| {
        text_document(
            "",
            &format!("<text:section text:name='S'>{source}<text:p>alt</text:p></text:section>"),
            &[],
        )
    };
    vec![
        ("macro.odt", with_macro()),
        ("picture.odt", with_picture(&url)),
        (
            "section.odt",
            section(&format!("<text:section-source xlink:href='file://{path}' xlink:type='simple' text:filter-name='Text'/>")),
        ),
        (
            "dde.odt",
            section(&format!(
                "<office:dde-source office:dde-application='soffice' office:dde-topic='{path}' office:dde-item='x' \
                 office:automatic-update='true'/>"
            )),
        ),
        ("object.odt", text_document("", &framed(&format!("<draw:object xlink:href='file://{path}' xlink:type='simple'/>")), &[])),
        (
            "frame.odt",
            text_document("", &framed(&format!("<draw:floating-frame xlink:href='file://{path}' xlink:type='simple'/>")), &[]),
        ),
        ("picture.docx", word_document(&url, secret)),
        ("sheet.ods", sheet(&url, secret)),
        ("slides.odp", slides(&url)),
        (
            "page.html",
            format!(
                "<html><head><link rel=stylesheet href='{url}'><script>document.write('{RAN}')</script></head><body><p>{OWN}</p>\
                 <img src='{url}'><img src='file://{path}'><iframe src='file://{path}'></iframe><object data='{url}'></object></body></html>"
            )
            .into_bytes(),
        ),
        (
            "fields.rtf",
            format!(
                r#"{{\rtf1\ansi {OWN} {{\field{{\*\fldinst INCLUDEPICTURE "{url}" \\d}}{{\fldrslt alt}}}} {{\field{{\*\fldinst INCLUDETEXT "{path}"}}{{\fldrslt alt}}}} {{\field{{\*\fldinst DDEAUTO soffice "{path}" x}}{{\fldrslt alt}}}}}}"#
            )
            .into_bytes(),
        ),
    ]
}

/// Has the office program itself open a document, with nothing around it and as it comes.
fn opened_without_fences(program: &Path, document: &[u8], name: &str) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    std::fs::write(&path, document).unwrap();
    for _ in 0..2 {
        let seconds = PATIENCE.as_secs().to_string();
        let mut command = Command::new("timeout");
        command.args(["-s", "KILL", &seconds]).arg(program);
        command.arg(format!("-env:UserInstallation=file://{}/profile", place.path().display()));
        command.args(["--headless", "--convert-to", "pdf", "--outdir"]).arg(place.path()).arg(&path);
        command.env("HOME", place.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().unwrap().code() != Some(SET_UP) {
            return;
        }
    }
}

fn text_of(rendition: &Rendition) -> String {
    let read = workshop().read(&Bytes(&rendition.pdf), &mut |_| {}).unwrap();
    read.pages.iter().map(|page| page.text.replace('\n', " ") + "\n").collect()
}

#[test]
fn what_an_office_program_would_run_fetch_or_bring_in_stays_where_it_is() {
    if !can_convert() {
        return;
    }
    let trap = Trap::set();
    let corpus = Corpus::of(trap.port(), trap.markers.path().to_owned());
    let place = tempfile::tempdir().unwrap();
    let secret: PathBuf = place.path().join("geheim.txt");
    std::fs::write(&secret, SECRET).unwrap();
    for (name, document) in baits(&corpus, &secret) {
        let rendition =
            workshop().rendition(&Bytes(&document)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = text_of(&rendition);
        assert!(text.contains(OWN), "{name}: {text}");
        for foreign in [SECRET, RAN] {
            assert!(!text.contains(foreign), "{name}: {text}");
        }
        assert!(!trap.heard(), "{name} called out");
    }
    // The bait is good: the same program, with nothing around it, takes it.
    let program = workshop().converter().unwrap();
    opened_without_fences(&program, &with_picture(&corpus.url("ohne")), "bild.odt");
    assert!(trap.heard(), "nothing would have called anyway");
    while trap.heard() {}
    trap.is_silent();
}

#[test]
fn hostile_office_documents_become_a_pdf_or_have_a_reason_and_nothing_calls_out() {
    if !can_convert() {
        return;
    }
    let trap = Trap::set();
    let corpus = trap.corpus();
    let endings = [".docx", ".xlsx", ".pptx", ".odt", ".ods", ".doc", ".xls", ".ppt", ".rtf", ".html"];
    let every = if std::env::var_os("SCHRIFTGUT_FULL").is_some() { 1 } else { LAID_OUT_EVERY };
    let office = corpus.files.iter().filter(|file| endings.iter().any(|ending| file.name.ends_with(ending)));
    let (mut made, mut refused) = (0, 0);
    for file in office.step_by(every) {
        match workshop().rendition(&Bytes(&file.bytes)) {
            Ok(rendition) => made += usize::from(rendition.pages > 0),
            Err(IntakeError::NotReadable { reason, .. }) => {
                assert!(is_a_reason(reason.german()), "{}: {reason:?}", file.name);
                refused += 1;
            }
            Err(other) => panic!("{}: the machinery failed: {other}", file.name),
        }
    }
    println!("{made} laid out, {refused} not");
    assert!(made > 0 && refused > 0);
    trap.is_silent();
}
