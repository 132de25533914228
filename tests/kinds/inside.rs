//! Files inside files come out as they are, each in its turn, or stay inside for a reason.

use std::collections::BTreeSet;

use lopdf::{Document, Object, Stream, StringFormat, dictionary};
use schriftgut::domain::text::MediaType;
use schriftgut::intake::{Bytes, ContainedFile, IntakeError, Reason, StaysInside, Unpacked};

use super::make::{package, zip_of};
use super::{read, workshop};

fn unpack(bytes: &[u8]) -> Unpacked {
    workshop().unpack(&Bytes(bytes), 0).unwrap()
}

/// Path and bytes of each that comes out, path and reason of each that stays.
fn told(files: Vec<ContainedFile>) -> Vec<(String, Result<Vec<u8>, StaysInside>)> {
    files.into_iter().map(|file| (file.path, file.content)).collect()
}

fn out(path: &str, bytes: &[u8]) -> (String, Result<Vec<u8>, StaysInside>) {
    (path.to_owned(), Ok(bytes.to_vec()))
}

#[test]
fn what_a_zip_was_packed_of_comes_out_with_its_paths() {
    let zip = package(&[("pläne/a.txt", "Grundriss"), ("b.txt", "")]);
    assert!(read(&zip).unwrap().contains_files);
    let Unpacked { files, next, subject } = unpack(&zip);
    assert_eq!(told(files), [out("pläne/a.txt", b"Grundriss"), out("b.txt", b"")]);
    assert_eq!((next, subject), (None, None));
}

#[test]
fn a_damaged_part_stays_inside_and_its_neighbours_come_out() {
    let mut zip =
        zip_of(&[("a.txt", b"Anfang"), ("b.txt", b"die Mitte ist beschaedigt"), ("c.txt", b"Ende")]);
    let compressed = zip.windows(5).position(|name| name == b"b.txt").unwrap() + 5;
    zip[compressed + 8] ^= 0xFF;
    let paths =
        [("a.txt", true), ("b.txt", false), ("c.txt", true)].map(|(path, out)| (path.to_owned(), out));
    let files = told(unpack(&zip).files);
    assert_eq!(
        files.iter().map(|(path, content)| (path.clone(), content.is_ok())).collect::<Vec<_>>(),
        paths
    );
    assert_eq!(files[1].1, Err(StaysInside::Damaged));
}

#[test]
fn a_mail_hands_out_its_attachments_as_they_were_sent() {
    let inner = "From: c@d.example\r\nSubject: Zuvor\r\n\r\nDas erste Schreiben\r\n";
    let mail = format!(
        "From: a@b.example\r\nSubject: =?iso-8859-1?Q?R=FCckfrage?=\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSiehe Anlagen\r\n\
         --x\r\nContent-Type: text/plain; charset=iso-8859-1; name=notiz.txt\r\nContent-Disposition: attachment; filename=notiz.txt\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe=\r\n\
         --x\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\
         Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
         --x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"../plan.pdf\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n\
         --x\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--x--\r\n"
    );
    assert!(read(mail.as_bytes()).unwrap().contains_files);
    let Unpacked { files, next, subject } = unpack(mail.as_bytes());
    let files = told(files);
    assert_eq!(files.len(), 4, "{files:?}");
    // Latin 1, as it was sent; a text editor's business.
    assert_eq!(files[0], out("notiz.txt", b"Gr\xFC\xDFe"));
    assert_eq!(files[1].1, Err(StaysInside::SmallPicture));
    assert_eq!(files[2], out("../plan.pdf", b"%PDF"));
    assert_eq!(files[3].0, "Nachricht „Zuvor“.eml");
    let nested = read(files[3].1.as_ref().unwrap()).unwrap();
    assert_eq!(nested.format.media, MediaType::Mail);
    assert!(nested.pages[0].text.contains("Das erste Schreiben") && !nested.contains_files);
    assert_eq!((next, subject), (None, Some("Rückfrage".to_owned())));
}

#[test]
fn each_mail_of_a_mailbox_comes_out_as_a_mail() {
    let mail = |number: u32| {
        format!(
            "From a@b.example Mon Nov  3 14:05:00 2025\nFrom: a@b.example\nSubject: Nr. {number}\n\nText {number}\n\n"
        )
    };
    let files = told(unpack((mail(1) + &mail(2)).as_bytes()).files);
    assert_eq!(
        files.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
        ["0001 Nr. 1.eml", "0002 Nr. 2.eml"]
    );
    let second = read(files[1].1.as_ref().unwrap()).unwrap();
    assert_eq!(second.format.media, MediaType::Mail);
    assert!(second.pages[0].text.contains("Text 2"));
}

/// A PDF of one empty page with these files in it: the first in the file as a whole, the others pinned to the page.
fn pdf_with(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut pdf = Document::with_version("1.7");
    let pages = pdf.new_object_id();
    let specifications: Vec<Object> = files
        .iter()
        .map(|(name, bytes)| {
            let mut stream = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, bytes.to_vec());
            stream.compress().unwrap();
            let stream = pdf.add_object(stream);
            let mut utf16 = b"\xFE\xFF".to_vec();
            utf16.extend(name.encode_utf16().flat_map(u16::to_be_bytes));
            let name = Object::String(utf16, StringFormat::Hexadecimal);
            pdf.add_object(
                dictionary! { "Type" => "Filespec", "UF" => name, "EF" => dictionary! { "F" => stream } },
            )
            .into()
        })
        .collect();
    let pinned = specifications.iter().skip(1).map(|file| {
        let annotation =
            dictionary! { "Subtype" => "FileAttachment", "FS" => file.clone(), "Rect" => vec![0.into(); 4] };
        Object::Dictionary(annotation)
    });
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        "Annots" => pinned.collect::<Vec<_>>(),
    });
    pdf.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
    if let [first, _] = specifications.as_slice() {
        let names = vec![Object::string_literal("1"), first.clone()];
        root.set("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } });
    }
    let root = pdf.add_object(root);
    pdf.trailer.set("Root", root);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn files_attached_to_a_pdf_come_out() {
    let invoice = b"<rechnung>119,00</rechnung>".repeat(30);
    let pdf = pdf_with(&[("factur-x.xml", &invoice), ("Pläne.txt", b"Grundriss")]);
    assert!(read(&pdf).unwrap().contains_files);
    assert_eq!(told(unpack(&pdf).files), [out("factur-x.xml", &invoice), out("Pläne.txt", b"Grundriss")]);
    let alone = pdf_with(&[]);
    assert!(!read(&alone).unwrap().contains_files);
    assert!(unpack(&alone).files.is_empty());
    // The one that is only pinned to a page is seen too.
    let pinned = pdf_with(&[("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c")]);
    assert!(read(&pinned).unwrap().contains_files);
    assert_eq!(unpack(&pinned).files.len(), 3);
}

#[test]
fn many_files_come_out_in_rounds_none_twice_and_none_left_out() {
    let names: Vec<String> = (0..450).map(|number| format!("{number:03}.txt")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let zip = package(&parts);
    let (mut first, mut rounds, mut seen) = (Some(0), 0, Vec::new());
    while let Some(from) = first {
        let Unpacked { files, next, .. } = workshop().unpack(&Bytes(&zip), from).unwrap();
        seen.extend(
            told(files).into_iter().map(|(path, content)| (content.unwrap() == path.as_bytes(), path)),
        );
        (first, rounds) = (next, rounds + 1);
    }
    assert_eq!(rounds, 3);
    assert!(seen.iter().map(|(same, path)| (*same, path)).eq(names.iter().map(|name| (true, name))));
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 450);
}

#[test]
fn a_file_that_swells_beyond_what_may_be_stays_inside() {
    let swollen = vec![0; 4 << 20];
    let zip = zip_of(&[("bombe.txt", &swollen), ("b.txt", b"klein")]);
    assert!(zip.len() < 100_000);
    let limits = schriftgut::intake::Limits { input_bytes_max: 1 << 20, ..Default::default() };
    let files = told(workshop().with_limits(limits).unpack(&Bytes(&zip), 0).unwrap().files);
    assert_eq!(files, [("bombe.txt".to_owned(), Err(StaysInside::TooLarge)), out("b.txt", b"klein")]);
}

#[test]
fn what_holds_no_files_says_so() {
    for bytes in [b"Nur ein Text".as_slice(), b"{\\rtf1 Text}"] {
        match workshop().unpack(&Bytes(bytes), 0) {
            Err(IntakeError::NotReadable { reason, .. }) => assert_eq!(reason, Reason::NoContainer),
            other => panic!("{other:?}"),
        }
    }
}
