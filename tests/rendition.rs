//! Renditions to be read: LibreOffice in the worker makes a PDF of a document of an office program. It says what the document
//! says, is nobody's who may not read the document, and goes with it; a program that takes too long or dies is an outcome with a reason.
//! Where LibreOffice is missing the tests say so and are skipped; in CI it must be there.

mod common;
#[path = "rendition/corpus.rs"]
mod corpus;
#[path = "common/measured.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod measured;
#[path = "common/shared.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod shared;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::{LONG_AGO, PROGRAM, Paper, TestOffice, WITHDRAWN};
use schriftgut::domain::ids::DocumentId;
use schriftgut::intake::{Bytes, IntakeError, Limits, Reason, Workshop};
use schriftgut::registry::{Error, Health};

const REFERENCE: &str = "63-Lesefassung";

fn workshop() -> Workshop {
    Workshop::with_program(PROGRAM)
}

/// LibreOffice is there.
pub fn can_convert() -> bool {
    let there = workshop().converter().is_some();
    assert!(there || std::env::var_os("CI").is_none(), "in CI LibreOffice must be installed");
    if !there {
        println!("skipped: LibreOffice is not installed");
    }
    there
}

/// A letter as an office program writes it, in the smallest form there is.
fn letter(word: &str) -> Vec<u8> {
    format!(r"{{\rtf1\ansi Am {word}\par\page Zweite Seite, Schlehenhecke\par}}").into_bytes()
}

/// The folders in memory that are converted in still have a file with this word. Other tests have folders there, too.
fn lies_in_memory(word: &str) -> bool {
    let has_it = |path: &PathBuf| {
        std::fs::read(path)
            .is_ok_and(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
    };
    let folders = std::fs::read_dir("/dev/shm").into_iter().flatten().map(|entry| entry.unwrap().path());
    let ours = folders
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("schriftgut-lesefassung-"));
    ours.flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten())
        .filter_map(|entry| Some(entry.ok()?.path()))
        .any(|path| has_it(&path))
}

fn take_in(office: &TestOffice, letter: &[u8]) -> DocumentId {
    let id = office.take_in(Paper::new(REFERENCE, WITHDRAWN, "brief.rtf", letter));
    office.read_texts();
    id
}

fn pdf_of(office: &TestOffice, id: DocumentId) -> Result<Vec<u8>, Error> {
    let mut pdf = Vec::new();
    office.registry().get_rendition(office.manager.as_reader()?, id, &mut pdf)?;
    Ok(pdf)
}

#[test]
fn a_rendition_has_the_pages_and_the_words_of_its_document_and_is_made_once() {
    if !can_convert() {
        return;
    }
    let office = TestOffice::demo();
    let id = take_in(&office, &letter("Mirabellenhain"));
    let (registry, reader) = (office.registry(), office.manager.as_reader().unwrap());
    let document = registry.show_document(reader, id).unwrap().document;
    assert!(registry.offers_rendition(&document) && !registry.has_rendition(&document));
    assert_eq!(registry.rendition_pages(reader, id).unwrap(), 2);
    assert!(registry.has_rendition(&document));
    let read = workshop().read(&Bytes(&pdf_of(&office, id).unwrap()), &mut |_| {}).unwrap();
    let pages: Vec<&str> = read.pages.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(pages, ["Am Mirabellenhain", "Zweite Seite, Schlehenhecke"]);
    let png = registry.rendition_image(reader, id, 2, 300).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    let beyond = registry.rendition_image(reader, id, 3, 300).unwrap_err();
    assert!(matches!(beyond, Error::Mistake(_)), "{beyond}");
    // Byte for byte the one that was made: another one would bear another time.
    assert_eq!(pdf_of(&office, id).unwrap(), pdf_of(&office, id).unwrap());
}

#[test]
fn a_rendition_goes_with_its_record_and_leaves_nothing_behind() {
    if !can_convert() {
        return;
    }
    let office = TestOffice::demo();
    let id = take_in(&office, &letter("Kornelkirsche"));
    let (registry, reader) = (office.registry(), office.manager.as_reader().unwrap());
    let document = registry.show_document(reader, id).unwrap().document;
    let objects = || common::files_below(office.root()).len();
    let before = objects();
    let pdf = pdf_of(&office, id).unwrap();
    assert_eq!(objects(), before, "nothing of it is on the disk");
    office.close(REFERENCE, LONG_AGO);
    let list = office.offered_list();
    office.appraise_all(list);
    office.sign_all(list, office.today());
    office.execute(list).unwrap();
    assert!(!registry.has_rendition(&document), "its record is gone");
    let gone = pdf_of(&office, id).unwrap_err();
    assert_eq!(gone.to_string(), office.get(id).unwrap_err().to_string(), "as if it had never been");
    let markers = ["Kornelkirsche".to_owned(), "Schlehenhecke".to_owned()];
    assert!(registry.look_for(&markers).unwrap().is_empty());
    assert!(!lies_in_memory("Kornelkirsche"));
    assert!(pdf.starts_with(b"%PDF-"));
}

#[test]
fn a_program_that_takes_too_long_or_dies_is_an_outcome_with_a_reason_and_the_text_stays() {
    if !can_convert() {
        return;
    }
    let reason = |workshop: &Workshop, bytes: &[u8]| match workshop.rendition(&Bytes(bytes)) {
        Err(IntakeError::NotReadable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    // So long that it takes longer than there is time, whatever the machine.
    let most = Duration::from_secs(1);
    let long = letter(&"Quittenallee\\par ".repeat(500_000));
    let limits = Limits { page_wall: most, ..Limits::default() };
    let begun = Instant::now();
    assert_eq!(reason(&workshop().with_limits(limits), &long), Reason::ConversionTooSlow);
    assert!(begun.elapsed() < most + Duration::from_secs(8), "{:?}", begun.elapsed());
    let letter = letter("Quittenallee");
    for program in [
        "/usr/bin/tail", // does not understand what it is told
        "/usr/bin/false",
        "/usr/bin/true", // is content and makes nothing
    ] {
        assert_eq!(
            reason(&workshop().with_converter(program), &letter),
            Reason::ConversionFailed,
            "{program}"
        );
    }
    assert!(!lies_in_memory("Quittenallee"));

    let mut office = TestOffice::demo();
    let id = take_in(&office, &letter);
    office.change_workshop(workshop().with_converter("/usr/bin/false"));
    let error = pdf_of(&office, id).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Fehler:  Von „brief.rtf“ gibt es keine Lesefassung\n\
         Grund:   LibreOffice konnte aus der Datei keine Lesefassung machen\n\
         Ausweg:  lesen Sie den Text, oder laden Sie das Original herunter"
    );
    let reader = office.manager.as_reader().unwrap();
    let text = office.registry().marks(reader, id, 1, "quittenallee").unwrap();
    assert_eq!(text.1.len(), 0, "an office document has no boxes");
    assert!(text.0.contains("Quittenallee"), "{}", text.0);
    assert_eq!(office.get(id).unwrap(), letter);
}

#[test]
fn without_the_program_all_else_works_and_it_is_said_what_is_missing() {
    let mut office = TestOffice::demo();
    let id = take_in(&office, &letter("Mirabellenhain"));
    office.change_workshop(workshop().with_converter("/usr/bin/no-such-program"));
    let (registry, reader) = (office.registry(), office.manager.as_reader().unwrap());
    let document = registry.show_document(reader, id).unwrap().document;
    assert!(!registry.offers_rendition(&document), "what cannot be had is not offered");
    let error = pdf_of(&office, id).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Fehler:  Eine Lesefassung kann nicht gemacht werden\n\
         Grund:   LibreOffice ist nicht installiert\n\
         Ausweg:  laden Sie das Original herunter; `schriftgut doctor` zeigt, was fehlt"
    );
    assert_eq!(registry.search(reader, "Mirabellenhain", 0, 10).unwrap().total, 1);
    let checks = registry.doctor().unwrap();
    let check = checks.iter().find(|check| check.name == "Lesefassungen").unwrap();
    assert_eq!(check.health, Health::Warning);
    assert!(check.words.contains("libreoffice-writer-nogui"), "{}", check.words);
}

#[test]
fn the_fences_around_a_conversion_hold_but_for_its_own_folder() {
    let Ok(status) = workshop().converting_status() else {
        assert!(std::env::var_os("CI").is_none(), "in CI there is a folder in memory");
        println!("skipped: there is no folder in memory");
        return;
    };
    assert!(status.network_denied, "{status:?}");
    if status.landlock.is_some() {
        assert!(status.holds(), "{status:?}");
        return;
    }
    println!("this kernel has no Landlock: nothing is converted");
    let refused = workshop().rendition(&Bytes(&letter("Hagebutte")));
    assert!(
        matches!(refused, Err(IntakeError::FilesUnfenced | IntakeError::ConverterMissing)),
        "{refused:?}"
    );
}

#[test]
fn what_has_pages_of_its_own_is_not_converted() {
    let office = TestOffice::demo();
    let id = office.ingest_text("63-Text", WITHDRAWN, "vermerk.txt", "Nur ein Vermerk.");
    office.read_texts();
    let error = pdf_of(&office, id).unwrap_err();
    assert!(error.to_string().contains(Reason::NotConverted.german()), "{error}");
}
