//! Hostile XML, office documents, HTML, SVG and mail: entities, references to elsewhere, scripts, depth without end.

use super::make::{self, docx, odf, package, sheets};
use super::{Corpus, intake_material as material};

pub fn add(corpus: &mut Corpus) {
    xml(corpus);
    words(corpus);
    other_office(corpus);
    rich_text(corpus);
    pages(corpus);
    drawings(corpus);
    mails(corpus);
    containers(corpus);
}

fn xml(corpus: &mut Corpus) {
    let url = corpus.url("xml");
    let laughs = (1..12).fold("<!ENTITY a0 'haha'>".to_owned(), |text, n| {
        text + &format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(10))
    });
    let typed = |subset: &str, root: &str| format!("<?xml version='1.0'?><!DOCTYPE a [{subset}]>{root}");
    for (name, text) in [
        ("laughs", typed(&laughs, "<a>&a11;</a>")),
        ("quadratic", typed(&format!("<!ENTITY b '{}'>", "x".repeat(100_000)), &format!("<a>{}</a>", "&b;".repeat(100_000)))),
        ("of-itself", typed("<!ENTITY b '&b;'>", "<a>&b;</a>")),
        ("file", typed("<!ENTITY b SYSTEM 'file:///etc/passwd'>", "<a>&b;</a>")),
        ("network", typed(&format!("<!ENTITY b SYSTEM '{url}'>"), "<a>&b;</a>")),
        ("parameter", typed(&format!("<!ENTITY % b SYSTEM '{url}'> %b; %c;"), "<a/>")),
        ("definition-elsewhere", format!("<!DOCTYPE a SYSTEM '{url}'><a>Text</a>")),
        ("definition-public", format!("<!DOCTYPE a PUBLIC '-//X//X' '{url}'><a>Text</a>")),
        ("style-elsewhere", format!("<?xml-stylesheet type='text/xsl' href='{url}'?><a>Text</a>")),
        ("inclusion", "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd' parse='text'/></a>".to_owned()),
        ("transformation", format!("<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><xsl:copy-of select=\"document('{url}')\"/></xsl:template></xsl:stylesheet>")),
        ("schema-elsewhere", format!("<Invoice xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:x {url}'>Rechnung</Invoice>")),
        ("message", format!("<!DOCTYPE a [<!ENTITY b SYSTEM '{url}'>]><xdomea:Abgabe.Abgabe.0401 xmlns:xdomea='urn:xoev-de:xdomea:schema:2.4.0'>&b;</xdomea:Abgabe.Abgabe.0401>")),
        ("deep", "<a>".repeat(400_000)),
        ("deep-and-closed", "<a>".repeat(100_000) + &"</a>".repeat(100_000)),
        ("attributes", format!("<a {}>x</a>", (0..100_000).map(|n| format!("b{n}='' ")).collect::<String>())),
        ("attribute-long", format!("<a b='{}'>x</a>", "y".repeat(8 << 20))),
        ("names-of-spaces", format!("<a {}>x</a>", (0..50_000).map(|n| format!("xmlns:n{n}='u' ")).collect::<String>())),
        ("same-attribute", format!("<a {}>x</a>", "b='' ".repeat(50_000))),
        ("siblings", format!("<a>{}</a>", "<b/>".repeat(1_000_000))),
        ("unclosed-data", "<a><![CDATA[".to_owned() + &"x".repeat(1 << 20)),
        ("unclosed-comment", "<a><!--".to_owned() + &"-".repeat(1 << 20)),
        ("unclosed-tag", "<?xml version='1.0'?><a ".to_owned() + &"x".repeat(1 << 20)),
        ("wrong-end", "<?xml version='1.0'?><a></b></a></a></a>".to_owned()),
        ("number-of-nothing", "<?xml version='1.0'?><a>&#0;&#x110000;&#xD800;&#99999999999;</a>".to_owned()),
        ("encoding-unknown", "<?xml version='1.0' encoding='unbekannt'?><a>Text</a>".to_owned()),
        ("encoding-wrong", "<?xml version='1.0' encoding='UTF-16'?><a>Text</a>".to_owned()),
        ("encoding-seven", "<?xml version='1.0' encoding='UTF-7'?><a>+ADw-b+AD4-</a>".to_owned()),
    ] {
        corpus.add(format!("{name}.xml"), text.into_bytes());
    }
    corpus.add(
        "no-letters.xml",
        [&b"<?xml version='1.0'?><a>"[..], &[0xFF, 0xFE, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0], b"</a>"].concat(),
    );
    let wide: Vec<u8> = "<a>Text</a>".encode_utf16().chain([0xD800]).flat_map(u16::to_le_bytes).collect();
    corpus.add("half-a-sign.xml", [&[0xFF, 0xFE][..], &wide].concat());
}

fn words(corpus: &mut Corpus) {
    let (url, marker) = (corpus.url("docx"), corpus.marker("docx"));
    let text = "<w:p><w:r><w:t>Text</w:t></w:r></w:p>";
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id='r1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}' TargetMode='External'/></Relationships>"
        )
    };
    for kind in ["image", "attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk"] {
        corpus.add(
            format!("elsewhere-{kind}.docx"),
            docx(text, &[("word/_rels/document.xml.rels", &related(kind, &url))]),
        );
    }
    let field =
        |code: &str| docx(&format!("<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p>{text}"), &[]);
    corpus.add("field-dde.docx", field(&format!("DDEAUTO /bin/sh \"-c touch {marker}\"")));
    corpus.add("field-picture.docx", field(&format!("INCLUDEPICTURE \"{url}\" \\d")));
    corpus.add("field-text.docx", field("INCLUDETEXT \"/etc/passwd\""));
    corpus.add(
        "html-inside.docx",
        docx("<w:altChunk r:id='r1'/>", &[("word/a.html", &format!("<script src='{url}'></script>"))]),
    );
    corpus
        .add("macros.docx", docx(text, &[("word/vbaProject.bin", "Shell"), ("word/embeddings/a.exe", "MZ")]));
    let entities = format!(
        "<!DOCTYPE w [<!ENTITY a SYSTEM '{url}'>]><w:document xmlns:w='w'><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:document>"
    );
    corpus.add(
        "entities.docx",
        package(&[
            ("[Content_Types].xml", "<Types>wordprocessingml.document.main+xml</Types>"),
            ("word/document.xml", &entities),
        ]),
    );
    corpus.add("tables-deep.docx", docx(&"<w:tbl><w:tr><w:tc>".repeat(100_000), &[]));
    corpus.add("paragraphs.docx", docx(&"<w:p/>".repeat(2_000_000), &[]));
    corpus.add(
        "pages.docx",
        docx(&"<w:p><w:r><w:br w:type='page'/><w:t>x</w:t></w:r></w:p>".repeat(30_000), &[]),
    );
}

fn other_office(corpus: &mut Corpus) {
    let (url, marker) = (corpus.url("office"), corpus.marker("office"));
    let cell = |formula: &str| format!("<row r='1'><c r='A1'><f>{formula}</f><v>1</v></c></row>");
    for (name, formula) in [
        ("dde", format!("cmd|'/c touch {marker}'!A1")),
        ("service", format!("WEBSERVICE(\"{url}\")")),
        ("link", format!("HYPERLINK(\"{url}\";\"x\")")),
        ("deep", "(".repeat(100_000)),
    ] {
        corpus.add(format!("formula-{name}.xlsx"), sheets(&[("Eins", "", &cell(&formula))]));
    }
    let far = "<row r='4294967295'><c r='ZZZZZZ4294967295'><v>1</v></c></row>";
    corpus.add("cell-beyond.xlsx", sheets(&[("Weit", "", far)]));
    corpus.add(
        "string-beyond.xlsx",
        sheets(&[(
            "Eins",
            "",
            "<row r='1'><c r='A1' t='s'><v>99999999</v></c><c r='B1' t='s'><v>-1</v></c></row>",
        )]),
    );
    corpus.add(
        "style-beyond.xlsx",
        sheets(&[("Eins", "", "<row r='1'><c r='A1' s='99999999'><v>1e999</v></c></row>")]),
    );
    let backwards = "<row r='9'><c r='C9'><v>1</v></c></row><row r='1'><c r='A1'><v>2</v></c></row><row r='9'><c r='A9'><v>3</v></c></row>";
    corpus.add("rows-backwards.xlsx", sheets(&[("Eins", "", backwards)]));
    corpus.add(
        "corners.xlsx",
        sheets(&[(
            "Ecken",
            "",
            "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>2</v></c></row>",
        )]),
    );
    let script = format!("<office:scripts><script:event-listener xlink:href='{url}'/></office:scripts>");
    corpus.add(
        "script.odt",
        odf(
            "text",
            &format!("{script}<office:body><office:text><text:p>Text</text:p></office:text></office:body>"),
        ),
    );
    corpus.add("picture-elsewhere.odt", odf("text", &format!("<office:body><office:text><draw:image xlink:href='{url}'/><text:p>Text</text:p></office:text></office:body>")));
    corpus.add("deep.odt", odf("text", &"<text:section>".repeat(200_000)));
    corpus.add("blanks.odt", odf("text", "<office:body><office:text><text:p>a<text:s text:c='2000000000'/>b</text:p></office:text></office:body>"));
    let rows = "<table:table-row table:number-rows-repeated='2000000000'><table:table-cell table:number-columns-repeated='2000000000'><text:p>z</text:p></table:table-cell></table:table-row>".repeat(50);
    corpus.add("repeated.ods", odf("spreadsheet", &format!("<office:body><office:spreadsheet><table:table table:name='T'>{rows}</table:table></office:spreadsheet></office:body>")));
    let types = "<Types>presentationml.presentation.main+xml</Types>";
    let list = "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst>".to_owned()
        + &"<p:sldId r:id='r1'/>".repeat(3_000)
        + "</p:sldIdLst></p:presentation>";
    let rels =
        "<Relationships><Relationship Id='r1' Type='x/slide' Target='slides/slide1.xml'/></Relationships>";
    let own = "<Relationships><Relationship Id='n' Type='x/notesSlide' Target='../slides/slide1.xml'/></Relationships>";
    let slide = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Folie</a:t></a:r></a:p></p:sld>";
    corpus.add(
        "one-slide-3000-times.pptx",
        package(&[
            ("[Content_Types].xml", types),
            ("ppt/presentation.xml", &list),
            ("ppt/_rels/presentation.xml.rels", rels),
            ("ppt/slides/slide1.xml", slide),
            ("ppt/slides/_rels/slide1.xml.rels", own),
        ]),
    );
}

fn rich_text(corpus: &mut Corpus) {
    let url = corpus.url("rtf");
    for (name, text) in [
        ("deep", "{\\rtf1 ".to_owned() + &"{".repeat(1_000_000)),
        ("ends", "{\\rtf1 ".to_owned() + &"}".repeat(1_000_000)),
        ("binary", "{\\rtf1 \\bin2147483647 x}".to_owned()),
        ("binary-negative", "{\\rtf1 \\bin-5 x}".to_owned()),
        ("signs", "{\\rtf1 \\uc99999999 \\u-99999 \\u55296? \\u8364 \\'zz \\'8}".to_owned()),
        (
            "object",
            format!(
                "{{\\rtf1 {{\\object\\objemb\\objupdate{{\\*\\objclass Equation.3}}{{\\*\\objdata {}}}}}}}",
                "d0cf11e0a1b11ae1".repeat(5_000)
            ),
        ),
        ("template", format!("{{\\rtf1 {{\\*\\template {url}}} Text}}")),
        (
            "picture",
            format!("{{\\rtf1 {{\\field{{\\*\\fldinst INCLUDEPICTURE \"{url}\"}}{{\\fldrslt x}}}}}}"),
        ),
        ("word-long", format!("{{\\rtf1 \\{} x}}", "a".repeat(1 << 20))),
        ("number-long", format!("{{\\rtf1 \\li{} x}}", "9".repeat(1 << 20))),
        ("fonts", format!("{{\\rtf1{{\\fonttbl{}}}x}}", "{\\f99999\\fcharset255 A;}".repeat(50_000))),
    ] {
        corpus.add(format!("{name}.rtf"), text.into_bytes());
    }
}

fn pages(corpus: &mut Corpus) {
    let url = corpus.url("html");
    let html =
        |inside: &str| format!("<!DOCTYPE html><html><body>{inside}<p>Text</p></body></html>").into_bytes();
    for (name, inside) in [
        ("script", format!("<script src='{url}'></script><script>fetch('{url}')</script>")),
        ("image", format!("<img src='{url}' srcset='{url} 2x' onerror='fetch(1)'>")),
        (
            "frame",
            format!(
                "<iframe src='{url}' srcdoc='<script>1</script>'></iframe><object data='{url}'></object>"
            ),
        ),
        ("refresh", format!("<meta http-equiv='refresh' content='0;url={url}'><base href='{url}'>")),
        (
            "style",
            format!(
                "<link rel=stylesheet href='{url}'><style>@import '{url}'; body {{ background: url({url}) }}</style>"
            ),
        ),
        (
            "form",
            format!("<form action='{url}'><input name=a></form><script>document.forms[0].submit()</script>"),
        ),
        ("data", format!("<img src='data:image/png;base64,{}'>", "A".repeat(8 << 20))),
        ("deep", "<div>".repeat(300_000)),
        ("tables", "<table><tr><td>".repeat(100_000)),
        ("attribute", format!("<p title='{}", "x".repeat(4 << 20))),
        ("comment", format!("<!--{}", "-".repeat(4 << 20))),
        ("entities", "&#x10FFFF;&#0;&#xD800;&unbekannt;&amp;amp;".repeat(50_000)),
        ("plain", "<plaintext>".to_owned() + &"<b>".repeat(100_000)),
        ("nul", "<scr\0ipt>alert(1)</scr\0ipt><a href='java\0script:1'>x</a>".to_owned()),
    ] {
        corpus.add(format!("{name}.html"), html(&inside));
    }
}

fn drawings(corpus: &mut Corpus) {
    let url = corpus.url("svg");
    let svg = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' onload=\"fetch('{url}')\">{inside}</svg>").into_bytes()
    };
    let doubling: String = (1..40)
        .map(|n| format!("<g id='a{n}'><use xlink:href='#a{}'/><use xlink:href='#a{}'/></g>", n - 1, n - 1))
        .collect();
    for (name, inside) in [
        ("image", format!("<image xlink:href='{url}'/><use xlink:href='{url}#a'/>")),
        (
            "script",
            format!("<script xlink:href='{url}'/><foreignObject><iframe src='{url}'/></foreignObject>"),
        ),
        ("use-itself", "<g id='a'><use xlink:href='#a'/></g>".to_owned()),
        ("use-doubling", format!("<g id='a0'><text>x</text></g>{doubling}<use xlink:href='#a39'/>")),
        ("path", format!("<path d='{}'/><text>Plan</text>", "M0 0L9e9 9e9".repeat(200_000))),
    ] {
        corpus.add(format!("{name}.svg"), svg(&inside));
    }
    let entity = format!(
        "<!DOCTYPE svg [<!ENTITY a SYSTEM '{url}'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&a;</text></svg>"
    );
    corpus.add("entity.svg", entity.into_bytes());
}

fn mails(corpus: &mut Corpus) {
    let (url, head) = (
        corpus.url("mail"),
        "From: a@b.example\r\nTo: c@d.example\r\nSubject: Frage\r\nMIME-Version: 1.0\r\n",
    );
    let multi =
        |parts: &str| format!("{head}Content-Type: multipart/mixed; boundary=q\r\n\r\n{parts}--q--\r\n");
    let attached = |name: &str, body: &str| {
        multi(&format!(
            "--q\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n"
        ))
    };
    let inside = |depth: usize| {
        "Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: x\r\n".repeat(depth)
    };
    for (name, text) in [
        ("mail-in-mail", format!("{head}{}\r\nText", inside(300))),
        ("parts", multi(&"--q\r\n\r\nx\r\n".repeat(100_000))),
        ("parts-in-parts", format!("{head}{}", (0..5_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect::<String>())),
        ("boundary-of-nothing", format!("{head}Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n----\r\n--\r\n")),
        ("boundary-long", format!("{head}Content-Type: multipart/mixed; boundary={}\r\n\r\nx", "q".repeat(1 << 20))),
        ("heads", format!("{head}{}\r\nText", "X-A: b\r\n".repeat(300_000))),
        ("head-long", format!("{head}X-A: {}\r\n\r\nText", "b".repeat(8 << 20))),
        ("head-folded", format!("{head}X-A: a\r\n{}\r\nText", " b\r\n".repeat(200_000))),
        ("receivers", format!("From: a@b.example\r\nTo: {}\r\nSubject: x\r\n\r\nText", "a@b.example, ".repeat(200_000))),
        ("groups", format!("From: a@b.example\r\nTo: {}\r\nSubject: x\r\n\r\nText", "(".repeat(500_000))),
        ("subject-encoded", format!("From: a@b.example\r\nSubject: {}\r\n\r\nText", "=?utf-8?B?w7w=?= ".repeat(50_000))),
        ("subject-of-lines", "From: a@b.example\r\nSubject: =?utf-8?Q?a=0D=0ABcc:_x@y.example=0D=0A=00?=\r\n\r\nText".to_owned()),
        ("set-unknown", format!("{head}Content-Type: text/plain; charset=unbekannt\r\n\r\n\u{fc}")),
        ("set-seven", format!("{head}Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-")),
        ("transfer-of-noise", format!("{head}Content-Transfer-Encoding: base64\r\n\r\n{}", "=!?A".repeat(100_000))),
        ("transfer-unknown", format!("{head}Content-Transfer-Encoding: unbekannt\r\n\r\nText")),
        ("quoted", format!("{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n{}", "=\r\n".repeat(200_000))),
        ("page-with-script", format!("{head}Content-Type: text/html\r\n\r\n<img src='{url}'><script src='{url}'></script>Text")),
        ("body-elsewhere", format!("{head}Content-Type: message/external-body; access-type=URL; URL=\"{url}\"\r\n\r\nContent-Type: text/plain\r\n\r\n")),
        ("receipt", format!("{head}Disposition-Notification-To: a@127.0.0.1\r\nReturn-Receipt-To: a@127.0.0.1\r\nList-Unsubscribe: <{url}>\r\n\r\nText")),
        ("locked", format!("{head}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA")),
        ("winmail", attached("winmail.dat", "\u{78}\u{9f}\u{3e}\u{22}")),
        ("date", "From: a@b.example\r\nDate: Fri, 99 Foo 99999 99:99:99 +9999\r\nSubject: x\r\n\r\nText".to_owned()),
        ("cut", "From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Ty".to_owned()),
        ("letters", format!("{head}\r\n{}", "From a@b.example Mon Jan  1 10:00:00 2024\r\n".repeat(50_000))),
    ] {
        corpus.add(format!("{name}.eml"), text.into_bytes());
    }
    for (number, name) in super::archives::NAMES.iter().enumerate().take(12) {
        corpus.add(
            format!("attachment-{number}.eml"),
            attached(&name.replace(['\r', '\n'], "\r\n "), "Inhalt").into_bytes(),
        );
    }
    let letter = |n: usize| {
        format!("From a@b.example Mon Jan  1 10:00:00 2024\nFrom: a@b.example\nSubject: {n}\n\nText\n\n")
    };
    corpus.add("letters.mbox", (0..3_000).map(letter).collect::<String>().into_bytes());
    corpus.add(
        "letters-of-nothing.mbox",
        "From a@b.example Mon Jan  1 10:00:00 2024\n\n".repeat(100_000).into_bytes(),
    );
    let good = attached("plan.pdf", &String::from_utf8_lossy(&material::pdf(&["Plan"])));
    for tenth in 1..5 {
        corpus.add(format!("cut-{tenth}.eml"), good.as_bytes()[..good.len() * tenth / 5].to_vec());
    }
}

/// The containers of the office programs of old.
fn containers(corpus: &mut Corpus) {
    for (name, streams) in [
        ("word.doc", &[("WordDocument", &[0xFF; 4096][..])][..]),
        ("nothing.doc", &[("WordDocument", &[])]),
        ("book.xls", &[("Workbook", &[0x09; 4096])]),
        ("slides.ppt", &[("PowerPoint Document", &[0x0F; 65_536])]),
        ("letter.msg", &[("__properties_version1.0", &[0xFF; 4096])]),
        ("locked.docx", &[("EncryptedPackage", b"x"), ("EncryptionInfo", b"x")]),
        ("other.ole", &[("Irgendwas", b"x")]),
    ] {
        corpus.add(name, make::ole(streams));
    }
    let whole = make::ole(&[("WordDocument", &vec![7; 100_000]), ("1Table", &vec![9; 100_000])]);
    for tenth in 1..10 {
        let mut flipped = whole.clone();
        flipped[whole.len() * tenth / 10] ^= 0xFF;
        corpus.add(format!("flipped-{tenth}.doc"), flipped);
        corpus.add(format!("cut-{tenth}.doc"), whole[..whole.len() * tenth / 10].to_vec());
    }
    // The table of sectors says that each follows itself.
    let mut circle = whole;
    let sectors = 512..1024;
    for (number, place) in sectors.step_by(4).enumerate() {
        circle[place..place + 4].copy_from_slice(&u32::try_from(number).unwrap().to_le_bytes());
    }
    corpus.add("sectors-in-a-circle.doc", circle);
}
