//! What taking documents apart and putting them together promises: every page looks and reads as before, nothing of another page
//! travels along, the same pages give the same bytes, and what stays behind is named.

use std::collections::BTreeSet;

use schriftgut::domain::text::MediaType;
use schriftgut::intake::{Assembled, Bytes, IntakeError, LeftOut, Pages, Reason, Sized};

use crate::material;
use crate::{read, workshop};

/// A page range of the first document.
fn pages(first: u32, last: Option<u32>) -> Vec<Pages> {
    vec![Pages { source: 0, first, last }]
}

fn assemble(documents: &[&[u8]], parts: &[Vec<Pages>], signed: bool) -> Result<Assembled, IntakeError> {
    let bytes: Vec<_> = documents.iter().map(|bytes| Bytes(bytes)).collect();
    let sized: Vec<Sized<'_>> = bytes.iter().map(|one| (one as _, one.0.len() as u64)).collect();
    workshop().assemble(&sized, parts, signed)
}

fn refused(documents: &[&[u8]], parts: &[Vec<Pages>]) -> Reason {
    match assemble(documents, parts, false) {
        Err(IntakeError::NotReadable { reason, .. }) => reason,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn texts(bytes: &[u8]) -> Vec<String> {
    let reading = read(bytes).unwrap();
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
    reading.pages.into_iter().map(|page| page.text).collect()
}

/// All documents, whole.
fn all_of(documents: usize) -> Vec<Vec<Pages>> {
    vec![(0..documents).map(|source| Pages { source, first: 1, last: None }).collect()]
}

/// A PDF of these objects, the first of which is its catalogue.
fn raw_pdf(objects: &[(&str, Option<&[u8]>)]) -> Vec<u8> {
    let (mut out, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
    for (index, (dictionary, stream)) in objects.iter().enumerate() {
        places.push(out.len());
        let dictionary = dictionary.replace("LENGTH", &stream.map_or(0, <[u8]>::len).to_string());
        out.extend_from_slice(format!("{} 0 obj\n{dictionary}\n", index + 1).as_bytes());
        if let Some(stream) = stream {
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(stream);
            out.extend_from_slice(b"\nendstream\n");
        }
        out.extend_from_slice(b"endobj\n");
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    places.iter().for_each(|at| out.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes()));
    let size = objects.len() + 1;
    out.extend_from_slice(
        format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    out
}

/// Two pages that share resources they inherit, and a file with everything that must not travel along.
fn busy_pdf(catalogue: &str, annotations: &str) -> Vec<u8> {
    let first = b"/Fo#72m Do BT /F1 12 Tf 72 700 Td (Antrag auf Wohngeld) Tj ET";
    let second = b"q 100 0 0 100 0 0 cm /Im2 Do Q BT /F1 12 Tf 72 700 Td (Strafbefehl) Tj ET";
    let signature = match catalogue.contains("15 0 R") {
        true => "<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>",
        false => "null",
    };
    let catalogue = format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>");
    let page = format!("<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [{annotations}] >>");
    raw_pdf(&[
        (&catalogue, None),
        (
            "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] /MediaBox [0 0 595 842] /Rotate 90 /Resources \
             << /Font << /F1 7 0 R /F9 11 0 R >> /XObject << /Form 9 0 R /Im1 8 0 R /Im2 10 0 R >> >> >>",
            None,
        ),
        (&page, None),
        ("<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Rotate 0 >>", None),
        ("<< /Length LENGTH >>", Some(first)),
        ("<< /Length LENGTH >>", Some(second)),
        ("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>", None),
        (IMAGE, Some(b"needed-by-form!!")),
        // Leans on the page's resources, having none of its own.
        (
            "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length LENGTH >>",
            Some(b"q 50 0 0 50 20 20 cm /Im1 Do Q"),
        ),
        (IMAGE, Some(b"secret-of-page-2")),
        ("<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>", None),
        ("<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\)) >>", None),
        ("<< /Type /EmbeddedFile /Length LENGTH >>", Some(b"the-embedded-file")),
        ("<< /Type /Filespec /F (a.txt) /EF << /F 13 0 R >> >>", None),
        (signature, None),
    ])
}

const IMAGE: &str = "<< /Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8 \
                     /Length LENGTH >>";

fn has(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

#[test]
fn the_parts_of_a_pdf_have_its_pages_and_the_whole_comes_out_of_its_parts() {
    let whole = material::pdf(&["eins", "zwei", "drei", "vier", "fünf"]);
    let parts = [pages(1, Some(1)), pages(2, Some(3)), pages(4, None)];
    let made = assemble(&[&whole], &parts, false).unwrap();
    assert_eq!(made.media, MediaType::Pdf);
    let found: Vec<_> = made.parts.iter().map(|part| texts(&part.bytes)).collect();
    assert_eq!(found, [vec!["eins"], vec!["zwei", "drei"], vec!["vier", "fünf"]]);
    assert_eq!(made.parts.iter().map(|part| part.pages.clone()).collect::<Vec<_>>(), [[1], [2], [2]]);
    let again = assemble(&[&whole], &parts, false).unwrap();
    assert!(
        again.parts.iter().zip(&made.parts).all(|(one, other)| one.bytes == other.bytes),
        "the same bytes"
    );
    let back: Vec<&[u8]> = made.parts.iter().map(|part| part.bytes.as_slice()).collect();
    let joined = assemble(&back, &all_of(3), false).unwrap();
    assert_eq!(texts(&joined.parts[0].bytes), texts(&whole));
    assert_eq!(joined.parts[0].pages, [1, 2, 2]);
}

#[test]
fn a_part_has_what_its_pages_show_and_nothing_of_the_others() {
    let made = assemble(&[&busy_pdf("", "")], &[pages(1, Some(1)), pages(2, None)], false).unwrap();
    let [first, second] = made.parts.as_slice() else { panic!() };
    for (part, has_it, hasnt) in
        [(first, "needed-by-form!!", "secret-of-page-2"), (second, "secret-of-page-2", "needed-by-form!!")]
    {
        assert!(has(&part.bytes, has_it) && !has(&part.bytes, hasnt), "{hasnt}");
        assert!(
            has(&part.bytes, "Helvetica") && !has(&part.bytes, "Courier"),
            "fonts nobody uses stay behind"
        );
    }
    assert!(has(&first.bytes, "/Rotate 90") && has(&first.bytes, "/MediaBox"), "what was inherited is there");
    assert_eq!(made.left_out, BTreeSet::new());
}

#[test]
fn scripts_files_fields_and_links_stay_behind_and_are_named() {
    let annotations = "<< /Subtype /Link /Rect [0 0 9 9] /Dest [4 0 R /Fit] >> \
                       << /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://www.example.org/) >> >> \
                       << /Subtype /FileAttachment /Rect [0 0 9 9] /FS 14 0 R >> \
                       << /Subtype /Widget /Rect [0 0 9 9] /FT /Tx /V () /AA << /K 12 0 R >> >> \
                       << /Subtype /Screen /Rect [0 0 9 9] /A 12 0 R >>";
    let catalogue = "/OpenAction 12 0 R /Names << /EmbeddedFiles << /Names [(a) 14 0 R] >> >> \
                     /AcroForm << /Fields [12 0 R] >> /StructTreeRoot << >> /Metadata 13 0 R";
    let made = assemble(&[&busy_pdf(catalogue, annotations)], &[pages(1, Some(1)), pages(2, None)], false);
    let made = made.unwrap();
    for part in &made.parts {
        for hasnt in
            ["JavaScript", "app.alert", "the-embedded-file", "EmbeddedFile", "AcroForm", "StructTree"]
        {
            assert!(!has(&part.bytes, hasnt), "{hasnt}");
        }
    }
    assert!(
        has(&made.parts[0].bytes, "https://www.example.org/"),
        "an address leads out of the file: it stays"
    );
    use LeftOut::{Actions, Attachments, Details, Form, Links, Media, Structure};
    let named = [Actions, Attachments, Form, Links, Media, Structure, Details];
    assert_eq!(made.left_out, BTreeSet::from(named));
}

#[test]
fn what_is_seen_of_fields_and_attachments_is_still_seen() {
    let look = "/AP << /N 9 0 R >>";
    let annotations = format!(
        "<< /Subtype /Widget /Rect [50 50 99 99] /FT /Tx /V (Meier) {look} >> \
         << /Subtype /FileAttachment /Rect [100 100 150 150] /FS 14 0 R {look} >>"
    );
    let whole = busy_pdf("", &annotations);
    let made = assemble(&[&whole], &[pages(1, Some(1)), pages(2, None)], false).unwrap();
    let part = &made.parts[0].bytes;
    assert!(has(part, "/Stamp") && !has(part, "/Widget") && !has(part, "the-embedded-file"));
    let picture = |bytes: &[u8]| workshop().page_image(&Bytes(bytes), 1, 800).unwrap();
    assert!(picture(part) == picture(&whole) && picture(part) != picture(&busy_pdf("", "")));
    // Typed in, and drawn by nobody but whoever shows it: that would be lost.
    let typed = busy_pdf("", "<< /Subtype /Widget /Rect [50 50 99 99] /FT /Tx /V (Meier) >>");
    assert_eq!(refused(&[&typed], &[pages(1, Some(1)), pages(2, None)]), Reason::NotAsBefore);
}

#[test]
fn a_signed_pdf_is_taken_apart_only_when_that_is_said() {
    let signed = busy_pdf("/AcroForm << /SigFlags 3 /Fields [ << /FT /Sig /V 15 0 R >> ] >>", "");
    let parts = [pages(1, Some(1)), pages(2, None)];
    assert_eq!(refused(&[&busy_pdf("/Perms << /DocMDP 15 0 R >>", "")], &parts), Reason::Signed);
    assert_eq!(refused(&[&signed], &parts), Reason::Signed);
    let made = assemble(&[&signed], &parts, true).unwrap();
    assert!(made.left_out.contains(&LeftOut::Signatures));
    assert!(!made.parts.iter().any(|part| has(&part.bytes, "ByteRange")));
}

#[test]
fn what_cannot_be_taken_apart_says_why() {
    let two = material::pdf(&["eins", "zwei"]);
    let parts = [pages(1, Some(1)), pages(2, None)];
    assert_eq!(refused(&[&material::encrypted_pdf("")], &parts), Reason::Protected);
    assert_eq!(refused(&[&material::encrypted_pdf("geheim")], &parts), Reason::Protected);
    assert_eq!(refused(&[&material::png(&material::scan("Bild"))], &parts), Reason::NotDivisible);
    assert_eq!(refused(&[b"nur Text"], &parts), Reason::NotDivisible);
    assert_eq!(refused(&[b"%PDF-1.7 und dann nichts"], &parts), Reason::Damaged);
    for outside in [pages(0, None), pages(3, None), pages(1, Some(3)), pages(2, Some(1))] {
        assert_eq!(refused(&[&two], std::slice::from_ref(&outside)), Reason::NoSuchPage, "{outside:?}");
    }
    let tiff = material::tiff(&[&material::scan("Bild")]);
    assert_eq!(refused(&[&two, &tiff], &all_of(2)), Reason::MixedFormats);
}

#[test]
fn tiffs_are_taken_apart_and_put_together_pixel_by_pixel() {
    let scans = ["Antrag", "Lageplan", "Bescheid"].map(material::scan);
    let whole = material::tiff(&scans.each_ref());
    let made = assemble(&[&whole], &[pages(1, Some(2)), pages(3, None)], false).unwrap();
    assert_eq!(made.media, MediaType::Tiff);
    let found: Vec<_> = made.parts.iter().map(|part| texts(&part.bytes)).collect();
    assert_eq!(found, [vec!["Antrag", "Lageplan"], vec!["Bescheid"]]);
    let pixels = |bytes: &[u8], page| workshop().page_image(&Bytes(bytes), page, 1654).unwrap();
    assert!(pixels(&whole, 3) == pixels(&made.parts[1].bytes, 1));
    let back: Vec<&[u8]> = made.parts.iter().map(|part| part.bytes.as_slice()).collect();
    let joined = assemble(&back, &all_of(2), false).unwrap();
    assert_eq!(texts(&joined.parts[0].bytes), ["Antrag", "Lageplan", "Bescheid"]);
    // Fax and palettes are taken over as they are packed.
    let fax = material::huffman_tiff(&material::scan("Widerspruch"));
    let palette = material::palette_tiff();
    let joined = assemble(&[&fax, &palette], &all_of(2), false).unwrap();
    let made = &joined.parts[0].bytes;
    assert!(pixels(made, 1) == pixels(&fax, 1) && pixels(made, 2) == pixels(&palette, 1));
}
