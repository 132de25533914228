//! Hostile PDFs: objects that contain themselves, tables that lie, streams that grow, pages without end, actions.

use std::fmt::Write as _;

use super::{Corpus, deflated, intake_material as material, make};

/// An object: its dictionary and, where it is a stream, its bytes.
type Part = (String, Option<Vec<u8>>);

fn part(dictionary: impl Into<String>) -> Part {
    (dictionary.into(), None)
}

fn stream(entries: impl AsRef<str>, bytes: impl Into<Vec<u8>>) -> Part {
    let bytes = bytes.into();
    (format!("<< {} /Length {} >>", entries.as_ref(), bytes.len()), Some(bytes))
}

/// A stream that says what it likes about its length.
fn odd_stream(entries: &str, bytes: impl Into<Vec<u8>>) -> Part {
    (format!("<< {entries} >>"), Some(bytes.into()))
}

/// The body of a PDF of these objects, numbered from 1, and where each begins.
fn body(parts: &[Part]) -> (Vec<u8>, Vec<usize>) {
    let (mut out, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
    for (number, (dictionary, bytes)) in (1..).zip(parts) {
        places.push(out.len());
        out.extend_from_slice(format!("{number} 0 obj\n{dictionary}\n").as_bytes());
        if let Some(bytes) = bytes {
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\nendstream\n");
        }
        out.extend_from_slice(b"endobj\n");
    }
    (out, places)
}

fn table(places: &[usize]) -> String {
    let entries = places.iter().fold(String::new(), |mut text, place| {
        let _ = writeln!(text, "{place:010} 00000 n ");
        text
    });
    format!("xref\n0 {}\n0000000000 65535 f \n{entries}", places.len() + 1)
}

/// A PDF of these objects with this in its trailer.
fn with_trailer(parts: &[Part], trailer: &str) -> Vec<u8> {
    let (mut out, places) = body(parts);
    let start = out.len();
    let end = format!("{}trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n", table(&places));
    out.extend_from_slice(end.as_bytes());
    out
}

fn whole(parts: &[Part]) -> Vec<u8> {
    with_trailer(parts, &format!("/Size {} /Root 1 0 R", parts.len() + 1))
}

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const TEXT: &str = "BT /F1 12 Tf 72 700 Td (Bescheid) Tj ET";
const PAGES: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";

/// One page with this in its dictionaries and these further objects, from 6 on.
fn page(catalogue: &str, page: &str, resources: &str, contents: Part, more: Vec<Part>) -> Vec<u8> {
    let mut parts = vec![
        part(format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>")),
        part(PAGES),
        part(format!(
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R {} \
             /Resources << /Font << /F1 5 0 R >> {resources} >> >>",
            if page.contains("/MediaBox") {
                page.to_owned()
            } else {
                format!("/MediaBox [0 0 595 842] {page}")
            }
        )),
        contents,
        part(FONT),
    ];
    parts.extend(more);
    whole(&parts)
}

fn drawing(contents: &str, resources: &str, more: Vec<Part>) -> Vec<u8> {
    page("", "", resources, stream("", format!("{TEXT}\n{contents}")), more)
}

fn catalogue(entries: &str, more: Vec<Part>) -> Vec<u8> {
    page(entries, "", "", stream("", TEXT), more)
}

fn encoded(filter: &str, bytes: impl Into<Vec<u8>>) -> Vec<u8> {
    page("", "", "", stream(filter, bytes), Vec::new())
}

/// An image that is painted over the page.
fn image(entries: &str, bytes: impl Into<Vec<u8>>, more: Vec<Part>) -> Vec<u8> {
    let mut objects = vec![stream(format!("/Type /XObject /Subtype /Image {entries}"), bytes)];
    objects.extend(more);
    drawing("q 500 0 0 500 0 0 cm /Im Do Q", "/XObject << /Im 6 0 R >>", objects)
}

pub fn add(corpus: &mut Corpus) {
    nested(corpus);
    tables(corpus);
    trees(corpus);
    streams(corpus);
    drawn(corpus);
    images(corpus);
    plans(corpus);
    locked(corpus);
    cut(corpus);
    active(corpus);
}

fn nested(corpus: &mut Corpus) {
    for depth in [1_000, 20_000, 150_000] {
        let arrays = "[".repeat(depth) + &"]".repeat(depth);
        let dictionaries = "<< /A ".repeat(depth) + "1" + &" >>".repeat(depth);
        corpus.add(format!("arrays-{depth}.pdf"), catalogue(&format!("/Nest {arrays}"), Vec::new()));
        corpus.add(
            format!("dictionaries-{depth}.pdf"),
            catalogue(&format!("/Nest {dictionaries}"), Vec::new()),
        );
        corpus.add(
            format!("contents-{depth}.pdf"),
            drawing(&format!("{arrays} TJ {dictionaries} DP"), "", Vec::new()),
        );
    }
    corpus.add("unclosed-string.pdf", drawing(&"(".repeat(500_000), "", Vec::new()));
    corpus.add("saved-states.pdf", drawing(&"q ".repeat(300_000), "", Vec::new()));
    corpus.add("restored-states.pdf", drawing(&"Q ".repeat(300_000), "", Vec::new()));
    corpus.add("marked-content.pdf", drawing(&"/A << /B 1 >> BDC ".repeat(100_000), "", Vec::new()));
    let form = |inside: &str, number: usize| {
        stream(
            format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 500 500] /Resources << /XObject << /X {number} 0 R >> >>"
            ),
            inside,
        )
    };
    let painting = |more| drawing("/X Do", "/XObject << /X 6 0 R >>", more);
    corpus.add("form-in-itself.pdf", painting(vec![form("/X Do", 6)]));
    corpus.add("forms-in-each-other.pdf", painting(vec![form("/X Do /X Do", 7), form("/X Do /X Do", 6)]));
    let chain = |length: usize, inside: &str| (0..length).map(|n| form(inside, n + 7)).collect::<Vec<_>>();
    corpus.add("forms-2000-deep.pdf", painting(chain(2_000, "/X Do")));
    corpus.add_endless("forms-doubling.pdf", painting(chain(40, "/X Do /X Do")));
    let glyph = "/Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 \
        /Widths [1] /Encoding << /Differences [65 /A] >>";
    let own = format!("<< {glyph} /CharProcs << /A 7 0 R >> /Resources << /Font << /T 6 0 R >> >> >>");
    corpus.add(
        "glyph-of-itself.pdf",
        drawing(
            "BT /T 12 Tf (AAAA) Tj ET",
            "/Font << /T 6 0 R >>",
            vec![part(own), stream("", "1 0 d0 BT /T 1 Tf (AA) Tj ET")],
        ),
    );
    let pattern = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 1 /YStep 1 \
        /Resources << /Pattern << /P 6 0 R >> >>";
    corpus.add(
        "pattern-of-itself.pdf",
        drawing(
            "/Pattern cs /P scn 0 0 500 500 re f",
            "/Pattern << /P 6 0 R >>",
            vec![stream(pattern, "/Pattern cs /P scn 0 0 1 1 re f")],
        ),
    );
    let state = "<< /Type /ExtGState /SMask << /S /Luminosity /G 7 0 R >> >>";
    let group = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency >> \
        /Resources << /ExtGState << /G 6 0 R >> >>";
    corpus.add(
        "mask-of-itself.pdf",
        drawing(
            "/G gs 0 0 9 9 re f",
            "/ExtGState << /G 6 0 R >>",
            vec![part(state), stream(group, "/G gs 0 0 9 9 re f")],
        ),
    );
    corpus.add("font-of-itself.pdf", drawing("BT /T 9 Tf (x) Tj ET", "/Font << /T 6 0 R >>", vec![part(
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 6 0 R >>",
    )]));
}

fn tables(corpus: &mut Corpus) {
    let parts = [
        part("<< /Type /Catalog /Pages 2 0 R >>"),
        part(PAGES),
        part(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        ),
        stream("", TEXT),
        part(FONT),
    ];
    let (bytes, places) = body(&parts);
    let start = bytes.len();
    let ending = |table: &str, trailer: &str, start: &str| {
        let end = format!("{table}trailer << {trailer} >>\nstartxref\n{start}\n%%EOF\n");
        [&bytes[..], end.as_bytes()].concat()
    };
    let good = table(&places);
    let here = start.to_string();
    for (name, trailer) in [
        ("prev-to-itself", format!("/Size 6 /Root 1 0 R /Prev {start}")),
        ("prev-beyond", "/Size 6 /Root 1 0 R /Prev 99999999999999999999".to_owned()),
        ("prev-negative", "/Size 6 /Root 1 0 R /Prev -7".to_owned()),
        ("xrefstm-to-itself", format!("/Size 6 /Root 1 0 R /XRefStm {start}")),
        ("size-without-end", "/Size 2147483647 /Root 1 0 R".to_owned()),
        ("no-root", "/Size 6".to_owned()),
        ("root-is-a-page", "/Size 6 /Root 3 0 R".to_owned()),
        ("root-is-missing", "/Size 6 /Root 77 0 R".to_owned()),
        ("root-is-a-number", "/Size 6 /Root 1".to_owned()),
    ] {
        corpus.add(format!("{name}.pdf"), ending(&good, &trailer, &here));
    }
    let plain = "/Size 6 /Root 1 0 R";
    corpus.add("start-beyond.pdf", ending(&good, plain, "99999999999"));
    corpus.add("start-negative.pdf", ending(&good, plain, "-1"));
    corpus.add("start-in-an-object.pdf", ending(&good, plain, &places[3].to_string()));
    corpus.add("no-start.pdf", ending(&good, plain, ""));
    let same = table(&[places[0]; 5]);
    corpus.add("all-objects-are-one.pdf", ending(&same, plain, &here));
    corpus.add(
        "four-thousand-million-entries.pdf",
        ending("xref\n0 4294967295\n0000000000 65535 f \n", plain, &here),
    );
    corpus.add("table-of-letters.pdf", ending(&good.replace("00000 n", "xxxxx y"), plain, &here));
    let long: String = (0..200_000).map(|n| format!("{n} 1\n0000000009 00000 n \n")).collect();
    corpus.add("sections-without-end.pdf", ending(&format!("xref\n{long}"), plain, &here));
    // A chain of five thousand tables, and two that name each other.
    let mut chained = bytes.clone();
    let mut previous = None;
    for _ in 0..5_000 {
        let at = chained.len();
        let back = previous.map_or(String::new(), |at: usize| format!("/Prev {at}"));
        chained.extend_from_slice(format!("{good}trailer << {plain} {back} >>\n").as_bytes());
        previous = Some(at);
    }
    let last = previous.unwrap_or_default();
    chained.extend_from_slice(format!("startxref\n{last}\n%%EOF\n").as_bytes());
    corpus.add("five-thousand-tables.pdf", chained);
    let first = format!("{good}trailer << {plain} /Prev 0000000000 >>\n");
    let second = start + first.len();
    let both = first.replace("0000000000 >>", &format!("{second:010} >>"))
        + &format!("{good}trailer << {plain} /Prev {start} >>\nstartxref\n{second}\n%%EOF\n");
    corpus.add("tables-in-a-circle.pdf", [&bytes[..], both.as_bytes()].concat());
    for (name, entries) in [
        ("widths-zero", "/W [0 0 0] /Size 6"),
        ("widths-eight", "/W [8 8 8] /Size 6"),
        ("widths-huge", "/W [1 2147483647 1] /Size 6"),
        ("widths-negative", "/W [-1 4 2] /Size 6"),
        ("index-without-end", "/W [1 4 2] /Size 6 /Index [0 4294967295]"),
        ("index-backwards", "/W [1 4 2] /Size 6 /Index [5 -3]"),
    ] {
        let (dictionary, table) = stream(format!("/Type /XRef /Root 1 0 R {entries}"), vec![0; 4096]);
        let mut out = bytes.clone();
        out.extend_from_slice(format!("6 0 obj\n{dictionary}\nstream\n").as_bytes());
        out.extend_from_slice(&table.unwrap_or_default());
        out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
        corpus.add(format!("{name}.pdf"), out);
    }
}

fn trees(corpus: &mut Corpus) {
    let tree = |kids: &str, count: &str, more: Vec<Part>| {
        let mut parts = vec![
            part("<< /Type /Catalog /Pages 2 0 R >>"),
            part(format!("<< /Type /Pages /Kids {kids} /Count {count} >>")),
            part(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            ),
            stream("", TEXT),
            part(FONT),
        ];
        parts.extend(more);
        whole(&parts)
    };
    corpus.add("tree-in-itself.pdf", tree("[2 0 R 3 0 R]", "2", Vec::new()));
    corpus.add(
        "tree-in-a-circle.pdf",
        tree("[6 0 R]", "1", vec![part("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1 >>")]),
    );
    let links = |length: usize| {
        let link = |n: usize| {
            let next = if n + 1 == length { 3 } else { n + 7 };
            part(format!(
                "<< /Type /Pages /Parent {} 0 R /Kids [{next} 0 R] /Count 1 >>",
                if n == 0 { 2 } else { n + 5 }
            ))
        };
        (0..length).map(link).collect::<Vec<_>>()
    };
    corpus.add("tree-60000-deep.pdf", tree("[6 0 R]", "1", links(60_000)));
    corpus.add("one-page-300-times.pdf", tree(&format!("[{}]", "3 0 R ".repeat(300)), "300", Vec::new()));
    corpus.add("kids-are-missing.pdf", tree(&format!("[{}]", "99 0 R ".repeat(20_000)), "20000", Vec::new()));
    corpus.add("kids-are-a-number.pdf", tree("7", "1", Vec::new()));
    corpus.add("count-negative.pdf", tree("[3 0 R]", "-5", Vec::new()));
    corpus.add("count-without-end.pdf", tree("[3 0 R]", "2147483647", Vec::new()));
    for (name, entries) in [
        ("page-without-end", "/MediaBox [0 0 1e9 1e9]"),
        ("page-without-size", "/MediaBox [0 0 0 0]"),
        ("page-inside-out", "/MediaBox [595 842 0 0]"),
        ("page-of-letters", "/MediaBox [/a /b /c /d]"),
        ("page-of-three", "/MediaBox [0 0 9]"),
        ("page-far-away", "/MediaBox [1e38 1e38 2e38 2e38]"),
        ("page-thin", "/MediaBox [0 0 1000000 0.001]"),
        ("page-unit", "/MediaBox [0 0 595 842] /UserUnit 1e9"),
        ("page-turned", "/MediaBox [0 0 595 842] /Rotate 45"),
        ("page-cropped-away", "/MediaBox [0 0 595 842] /CropBox [9000 9000 9001 9001]"),
    ] {
        corpus.add(format!("{name}.pdf"), page("", entries, "", stream("", TEXT), Vec::new()));
    }
    let again = "4 0 R ".repeat(20_000);
    corpus.add(
        "contents-20000-times.pdf",
        page("", &format!("/Contents [{again}]"), "", stream("", TEXT), Vec::new()),
    );
}

fn streams(corpus: &mut Corpus) {
    let (small, large) = (deflated(b' ', 64 << 20), deflated(b' ', 256 << 20));
    corpus.add("bomb-contents.pdf", encoded("/Filter /FlateDecode", large.clone()));
    corpus.add("bomb-text.pdf", encoded("/Filter /FlateDecode", deflated(b'1', 64 << 20)));
    corpus.add(
        "bomb-image.pdf",
        image(
            "/Width 16000 /Height 16000 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode",
            large.clone(),
            Vec::new(),
        ),
    );
    corpus.add(
        "bomb-metadata.pdf",
        catalogue("/Metadata 6 0 R", vec![stream("/Type /Metadata /Filter /FlateDecode", small.clone())]),
    );
    let file =
        "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a.bin) /EF << /F 6 0 R >> >>] >> >>";
    corpus.add(
        "bomb-attachment.pdf",
        catalogue(file, vec![stream("/Type /EmbeddedFile /Filter /FlateDecode", large)]),
    );
    let font = |entry: &str| {
        format!(
            "<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor << /Type /FontDescriptor /FontName /X {entry} >> >>"
        )
    };
    let shown = |font: String, more: Part| {
        drawing("BT /T 9 Tf (x) Tj ET", "/Font << /T 6 0 R >>", vec![part(font), more])
    };
    corpus
        .add("bomb-font.pdf", shown(font("/FontFile2 7 0 R"), stream("/Filter /FlateDecode", small.clone())));
    corpus.add(
        "bomb-map.pdf",
        shown(
            font("").replace("/BaseFont", "/ToUnicode 7 0 R /BaseFont"),
            stream("/Filter /FlateDecode", small.clone()),
        ),
    );
    corpus.add("font-of-noise.pdf", shown(font("/FontFile2 7 0 R"), stream("", super::noise(60_000, 3))));
    corpus.add("type1-of-noise.pdf", shown(font("/FontFile 7 0 R"), stream("", super::noise(60_000, 4))));
    corpus.add(
        "cff-of-noise.pdf",
        shown(font("/FontFile3 7 0 R"), stream("/Subtype /Type1C", super::noise(60_000, 5))),
    );
    let range = "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0000> endbfrange";
    corpus.add(
        "map-of-all-numbers.pdf",
        shown(font("").replace("/BaseFont", "/ToUnicode 7 0 R /BaseFont"), stream("", range)),
    );
    for (name, entries) in [
        ("objstm-without-end", "/N 2147483647 /First 10"),
        ("objstm-first-beyond", "/N 2 /First 99999999"),
        ("objstm-in-itself", "/N 1 /First 4 /Extends 6 0 R"),
        ("objstm-negative", "/N -1 /First -1"),
    ] {
        let more = stream(format!("/Type /ObjStm {entries}"), "6 0 << /Type /ObjStm >>");
        corpus.add(format!("{name}.pdf"), catalogue("/Extra 6 0 R", vec![more]));
    }
    corpus.add(
        "bomb-objstm.pdf",
        catalogue("", vec![stream("/Type /ObjStm /N 100 /First 800 /Filter /FlateDecode", small)]),
    );
    for (name, filter, bytes) in [
        ("hex-chain", format!("/Filter [{}]", "/ASCIIHexDecode ".repeat(100)), vec![b'3'; 100_000]),
        ("ascii85-chain", format!("/Filter [{}]", "/ASCII85Decode ".repeat(100)), vec![b'z'; 100_000]),
        ("flate-chain", format!("/Filter [{}]", "/FlateDecode ".repeat(500)), vec![0x78; 10_000]),
        ("lzw-bomb", "/Filter /LZWDecode".to_owned(), vec![0x80; 2_000_000]),
        ("runlength-bomb", "/Filter /RunLengthDecode".to_owned(), [0x81, b' '].repeat(500_000)),
        ("dct-of-noise", "/Filter /DCTDecode".to_owned(), super::noise(10_000, 1)),
        (
            "predictor-without-end",
            "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 >>".to_owned(),
            deflated(2, 4096),
        ),
        (
            "predictor-negative",
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns -1 /BitsPerComponent 0 >>"
                .to_owned(),
            deflated(2, 4096),
        ),
        ("filter-unknown", "/Filter /Unbekannt".to_owned(), TEXT.into()),
        ("filter-crypt", "/Filter [/Crypt /FlateDecode]".to_owned(), TEXT.into()),
        ("filter-is-a-stream", "/Filter 4 0 R".to_owned(), TEXT.into()),
    ] {
        corpus.add(format!("{name}.pdf"), encoded(&filter, bytes));
    }
    for (name, length) in
        [("huge", "99999999999"), ("negative", "-1"), ("of-itself", "4 0 R"), ("missing", "99 0 R")]
    {
        let contents = odd_stream(&format!("/Length {length}"), TEXT);
        corpus.add(format!("length-{name}.pdf"), page("", "", "", contents, Vec::new()));
    }
}

fn drawn(corpus: &mut Corpus) {
    let letters = "Satzung ".repeat(100);
    corpus.add(
        "text-bomb.pdf",
        drawing(&format!("BT /F1 1 Tf {} ET", format!("({letters}) Tj ").repeat(1_500)), "", Vec::new()),
    );
    corpus.add(
        "text-on-one-spot.pdf",
        drawing(&format!("BT /F1 1 Tf {} ET", "1 0 0 1 9 9 Tm (x) Tj ".repeat(60_000)), "", Vec::new()),
    );
    corpus.add(
        "text-without-size.pdf",
        drawing(
            "BT /F1 0 Tf (x) Tj /F1 1e38 Tf (y) Tj /F1 -1e38 Tf [(z) 1e38 (z) -1e38] TJ ET",
            "",
            Vec::new(),
        ),
    );
    corpus.add(
        "text-nowhere.pdf",
        drawing(
            "BT /F1 9 Tf 1e38 1e38 1e38 1e38 1e38 1e38 Tm (x) Tj 0 0 0 0 0 0 Tm (y) Tj ET",
            "",
            Vec::new(),
        ),
    );
    corpus.add(
        "numbers-without-end.pdf",
        drawing(
            &format!("{} w 0 0 m {}.{} 5 l S", "9".repeat(100_000), "1".repeat(400), "1".repeat(100_000)),
            "",
            Vec::new(),
        ),
    );
    corpus
        .add("inline-without-colours.pdf", drawing("BI /W 10 /H 10 /BPC 8 ID 0123456789 EI", "", Vec::new()));
    corpus.add(
        "inline-without-end.pdf",
        drawing("BI /W 1000000000 /H 1000000000 /BPC 8 /CS /G ID xx", "", Vec::new()),
    );
    corpus.add("inline-in-inline.pdf", drawing(&"BI /W 1 /H 1 ID ".repeat(50_000), "", Vec::new()));
    corpus.add(
        "dashes.pdf",
        drawing(
            "[0.00001 0.00001] 0 d 0 0 m 1e7 1e7 l S [0 0] 0 d 0 0 m 9 9 l S [-1] 0 d 0 0 m 9 9 l S",
            "",
            Vec::new(),
        ),
    );
    let clips = "0 0 500 500 re W n ".repeat(20_000);
    corpus.add("clips.pdf", drawing(&clips, "", Vec::new()));
    let curve = "0 0 m 9e6 0 0 9e6 500 500 c S ".repeat(2_000);
    corpus.add("curves-far-away.pdf", drawing(&curve, "", Vec::new()));
    let pattern = |step: &str| {
        let entries = format!(
            "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep {step} /YStep {step} /Resources << >>"
        );
        drawing(
            "/Pattern cs /P scn 0 0 595 842 re f",
            "/Pattern << /P 6 0 R >>",
            vec![stream(entries, "0 0 4 4 re f")],
        )
    };
    corpus.add("pattern-step-zero.pdf", pattern("0"));
    corpus.add("pattern-step-tiny.pdf", pattern("0.000001"));
    let shading = |entries: &str, bytes: Vec<u8>| {
        drawing(
            "/S sh",
            "/Shading << /S 6 0 R >>",
            vec![stream(entries, bytes), part("<< /FunctionType 2 /Domain [0 1] /N 1 >>")],
        )
    };
    corpus.add("mesh-of-noise.pdf", shading("/ShadingType 7 /ColorSpace /DeviceRGB /BitsPerCoordinate 32 /BitsPerComponent 16 /BitsPerFlag 8 /Decode [-1e9 1e9 -1e9 1e9 0 1 0 1 0 1]", super::noise(60_000, 6)));
    corpus.add("lattice-without-end.pdf", shading("/ShadingType 5 /VerticesPerRow 2147483647 /ColorSpace /DeviceRGB /BitsPerCoordinate 1 /BitsPerComponent 1 /Decode [0 1 0 1 0 1 0 1 0 1]", super::noise(4_000, 7)));
    corpus.add(
        "function-domain.pdf",
        shading("/ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 1e30 0 1e30] /Function 7 0 R", Vec::new()),
    );
    let axis = |function: &str, more: Part| {
        let entries = "/ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 500 500] /Function 7 0 R";
        drawing("/S sh", "/Shading << /S 6 0 R >>", vec![stream(entries, ""), part(function), more])
    };
    corpus.add(
        "function-of-itself.pdf",
        axis(
            "<< /FunctionType 3 /Domain [0 1] /Functions [7 0 R 7 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>",
            part("null"),
        ),
    );
    let program = format!("{{ {} }}", "dup mul { dup } { dup } ifelse ".repeat(20_000));
    corpus.add(
        "function-program.pdf",
        drawing(
            "/S sh",
            "/Shading << /S 6 0 R >>",
            vec![
                stream("/ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 500 500] /Function 7 0 R", ""),
                stream("/FunctionType 4 /Domain [0 1] /Range [0 1]", program),
            ],
        ),
    );
    corpus.add("function-samples.pdf", drawing("/S sh", "/Shading << /S 6 0 R >>", vec![
        stream("/ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 9 9] /Function 7 0 R", ""),
        stream("/FunctionType 0 /Domain [0 1 0 1 0 1 0 1] /Range [0 1] /Size [65535 65535 65535 65535] /BitsPerSample 32", "x"),
    ]));
    let group = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /I true >>";
    let groups = (0..200)
        .map(|n| stream(format!("{group} /Resources << /XObject << /X {} 0 R >> >>", n + 7), "/X Do"))
        .collect();
    corpus.add("groups-200-deep.pdf", drawing("/X Do", "/XObject << /X 6 0 R >>", groups));
}

fn images(corpus: &mut Corpus) {
    let grey = "/ColorSpace /DeviceGray /BitsPerComponent 8";
    corpus.add(
        "image-without-end.pdf",
        image(&format!("/Width 2147483647 /Height 2147483647 {grey}"), "x", Vec::new()),
    );
    corpus.add(
        "image-65000.pdf",
        image("/Width 65000 /Height 65000 /ImageMask true /BitsPerComponent 1", "x", Vec::new()),
    );
    corpus.add("image-negative.pdf", image(&format!("/Width -5 /Height -5 {grey}"), "x", Vec::new()));
    corpus.add(
        "image-bits.pdf",
        image("/Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 77", "x", Vec::new()),
    );
    corpus.add(
        "image-masks-itself.pdf",
        image(&format!("/Width 9 /Height 9 {grey} /SMask 6 0 R /Mask 6 0 R"), vec![9; 81], Vec::new()),
    );
    corpus.add(
        "image-indexed.pdf",
        image(
            "/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 2147483647 (x)]",
            vec![9; 81],
            Vec::new(),
        ),
    );
    corpus.add(
        "colours-of-themselves.pdf",
        image(
            "/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace 7 0 R",
            vec![9; 81],
            vec![part("[/Indexed 7 0 R 1 (xxxxxx)]")],
        ),
    );
    corpus.add(
        "colours-alternate.pdf",
        image(
            "/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace 7 0 R",
            vec![9; 81],
            vec![part("[/ICCBased 8 0 R]"), stream("/N 3 /Alternate 7 0 R", super::noise(4_000, 8))],
        ),
    );
    for (name, filter, bytes) in [
        ("jpx-of-noise", "/JPXDecode", [&b"\xFF\x4F\xFF\x51"[..], &super::noise(4_000, 9)].concat()),
        ("jbig2-of-noise", "/JBIG2Decode", super::noise(4_000, 10)),
        (
            "jbig2-without-end",
            "/JBIG2Decode",
            [&[0, 0, 0, 0, 0x30, 0, 1, 0, 0, 0, 19][..], &[0xFF; 19]].concat(),
        ),
        (
            "fax-of-noise",
            "/CCITTFaxDecode /DecodeParms << /K -1 /Columns 2147483647 >>",
            super::noise(4_000, 11),
        ),
        (
            "fax-rows",
            "/CCITTFaxDecode /DecodeParms << /K 0 /Columns 10000 /Rows 2147483647 >>",
            vec![0; 100_000],
        ),
    ] {
        corpus.add(
            format!("{name}.pdf"),
            image(&format!("/Width 9 /Height 9 {grey} /Filter {filter}"), bytes, Vec::new()),
        );
    }
}

/// Images that say they are just small enough to be taken in rows.
fn plans(corpus: &mut Corpus) {
    let bits = "/Width 24000 /Height 24000 /ColorSpace /DeviceGray /BitsPerComponent 1";
    let rows = deflated(0x88, 24_000 * 3_000);
    for (name, filter, bytes) in [
        ("deflate", "/Filter /FlateDecode", rows),
        ("fax", "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 24000 >>", super::noise(40_000, 14)),
        ("jpeg", "/Filter /DCTDecode", super::noise(40_000, 15)),
        ("twice", "/Filter [/ASCIIHexDecode /FlateDecode]", super::noise(4_000, 16)),
        ("plain", "", super::noise(4_000, 17)),
    ] {
        corpus.add_plan(format!("plan-{name}.pdf"), image(&format!("{bits} {filter}"), bytes, Vec::new()));
    }
}

fn locked(corpus: &mut Corpus) {
    corpus.add("locked.pdf", material::encrypted_pdf("geheim"));
    corpus.add("locked-for-nobody.pdf", material::encrypted_pdf(""));
    for (name, entries) in [
        ("handler-unknown", "/Filter /Unbekannt /V 1"),
        ("version-99", "/Filter /Standard /V 99 /R 99 /O (x) /U (x) /P -1"),
        ("keys-short", "/Filter /Standard /V 5 /R 6 /O () /U () /OE () /UE () /Perms () /P -1"),
        ("length-huge", "/Filter /Standard /V 2 /R 3 /Length 2147483647 /O (x) /U (x) /P -1"),
        (
            "filters-of-themselves",
            "/Filter /Standard /V 4 /R 4 /CF << /StdCF 6 0 R >> /StmF /StdCF /StrF /StdCF /O (x) /U (x) /P -1",
        ),
    ] {
        let parts = vec![
            part("<< /Type /Catalog /Pages 2 0 R >>"),
            part(PAGES),
            part("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
            part("null"),
            part("null"),
            part(format!("<< {entries} >>")),
        ];
        corpus.add(
            format!("locked-{name}.pdf"),
            with_trailer(&parts, "/Size 7 /Root 1 0 R /Encrypt 6 0 R /ID [(a) (a)]"),
        );
    }
}

fn cut(corpus: &mut Corpus) {
    let whole = material::pdf(&["eins", "zwei", "drei", "vier", "fünf"]);
    for twentieth in 0..20 {
        corpus.add(format!("cut-{twentieth}.pdf"), whole[..whole.len() * twentieth / 20].to_vec());
    }
    for seed in 0..10 {
        let mut flipped = whole.clone();
        for byte in super::noise(8, seed).chunks_exact(2) {
            let at = usize::from(u16::from_be_bytes([byte[0], byte[1]])) % flipped.len();
            flipped[at] ^= 0x55;
        }
        corpus.add(format!("flipped-{seed}.pdf"), flipped);
    }
    corpus.add("nothing.pdf", Vec::new());
    corpus.add("zeros.pdf", vec![0; 1 << 20]);
    corpus.add("head-alone.pdf", b"%PDF-1.7".to_vec());
    corpus.add("head-and-blanks.pdf", [&b"%PDF-1.7\n"[..], &vec![b' '; 1 << 20]].concat());
    corpus.add("head-and-noise.pdf", [&b"%PDF-1.7\n"[..], &super::noise(1 << 20, 12)].concat());
    corpus.add("objects-without-end.pdf", [&b"%PDF-1.7\n"[..], &b"1 0 obj\n<<".repeat(100_000)].concat());
    let zip = make::package(&[("a.txt", "x")]);
    corpus.add("pdf-and-zip.pdf", [&whole[..], &zip].concat());
    corpus.add("zip-and-pdf.zip", [&zip[..], &whole].concat());
    corpus.add("html-and-pdf.html", [&b"<html><script>alert(1)</script>"[..], &whole].concat());
    corpus.add(
        "script-and-pdf.sh",
        [format!("#!/bin/sh\ntouch {}\n", corpus.marker("polyglot")).as_bytes(), &whole].concat(),
    );
    corpus.add("png-and-pdf.png", [&material::png_header(9, 9)[..], &whole].concat());
}

fn active(corpus: &mut Corpus) {
    let (marker, url) = (corpus.marker("launched"), corpus.url("pdf"));
    for (name, action) in [
        ("javascript", format!("/S /JavaScript /JS (app.launchURL\\('{url}'\\); while\\(true\\);)")),
        (
            "launch",
            format!(
                "/S /Launch /F (/bin/sh) /Unix << /F (/bin/touch) /P ({marker}) >> /Win << /F (cmd.exe) /P (/c calc) >>"
            ),
        ),
        ("uri", format!("/S /URI /URI ({url})")),
        ("submit", format!("/S /SubmitForm /F << /FS /URL /F ({url}) >>")),
        ("goto-remote", format!("/S /GoToR /F << /FS /URL /F ({url}) >> /D [0 /Fit]")),
        ("import", "/S /ImportData /F (/etc/passwd)".to_owned()),
        ("share", "/S /GoToR /F (\\\\\\\\127.0.0.1\\\\teilen\\\\a.pdf) /D [0 /Fit]".to_owned()),
        ("next-of-itself", "/S /URI /URI (x) /Next 6 0 R".to_owned()),
    ] {
        corpus.add(
            format!("action-{name}.pdf"),
            catalogue("/OpenAction 6 0 R /AA << /WC 6 0 R >>", vec![part(format!("<< {action} >>"))]),
        );
    }
    let file = format!("/F << /FS /URL /F ({url}) >> /FFilter /FlateDecode");
    corpus.add(
        "contents-elsewhere.pdf",
        page("", "", "", odd_stream(&format!("{file} /Length 0"), ""), Vec::new()),
    );
    corpus.add(
        "image-elsewhere.pdf",
        image(
            &format!("/Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8 {file}"),
            "",
            Vec::new(),
        ),
    );
    let form = format!(
        "<xdp:xdp xmlns:xdp='x'><!DOCTYPE a [<!ENTITY b SYSTEM '{url}'>]><script>xfa.host.gotoURL('{url}')</script>&b;</xdp:xdp>"
    );
    corpus.add("form-xfa.pdf", catalogue("/AcroForm << /Fields [] /XFA 6 0 R >>", vec![stream("", form)]));
    let program = [&b"MZ"[..], &super::noise(4_000, 13)].concat();
    let embedded = "/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (../../rechnung.pdf.exe) /EF << /F 6 0 R >> >>] >> >>";
    corpus.add("program-inside.pdf", catalogue(embedded, vec![stream("/Type /EmbeddedFile", program)]));
    corpus.add("media.pdf", page("", "/Annots [<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] /RichMediaContent << /Assets 6 0 R >> >>]", "", stream("", TEXT), vec![part("<< /Names [(a) 6 0 R] /Kids [6 0 R] >>")]));
    corpus.add(
        "fields-in-a-circle.pdf",
        catalogue(
            "/AcroForm << /Fields [6 0 R] >>",
            vec![part("<< /T (a) /Kids [6 0 R 6 0 R] /Parent 6 0 R >>")],
        ),
    );
    corpus.add(
        "outline-in-a-circle.pdf",
        catalogue("/Outlines 6 0 R", vec![part("<< /First 6 0 R /Last 6 0 R /Next 6 0 R /Title (a) >>")]),
    );
    corpus.add(
        "names-in-a-circle.pdf",
        catalogue("/Names << /EmbeddedFiles 6 0 R >>", vec![part("<< /Kids [6 0 R 6 0 R] >>")]),
    );
    corpus.add(
        "layers-in-a-circle.pdf",
        catalogue("/OCProperties << /OCGs [6 0 R] /D << /Order [6 0 R] >> >>", vec![part("[6 0 R]")]),
    );
}
