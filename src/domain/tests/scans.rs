//! Scans that are to stand for their paper: which pages are looked at, who may look, what a note needs, and what becomes of
//! the paper.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::{DAY, document_id, object, person, text_layer};
use crate::base::digest::Sha256;
use crate::domain::actor::{Actor, Role};
use crate::domain::document::{Document, TextRendition, TextState};
use crate::domain::event::DocumentEvent;
use crate::domain::protection::ProtectionDomain;
use crate::domain::scan::check::{
    CheckState, SAMPLE_PAGES_MIN, SCAN_PAGES_MAX, look_at_pages, sample, sample_size, state_scan,
};
use crate::domain::scan::note::{NoteOrder, TransferNote, write_note};
use crate::domain::scan::{
    PageVerdict, PaperScan, Procedure, ProtectionNeed, SCAN_TEXT_CHARS_MAX, SymbolCoding,
};
use crate::domain::text::{Format, MediaType};

fn actor(number: u128, name: &str) -> Actor {
    Actor {
        id: person(number),
        login: name.to_lowercase(),
        name: name.to_owned(),
        roles: [Role::Clerk].into(),
        clearances: ProtectionDomain::ALL.into(),
        duties: BTreeSet::new(),
    }
}

fn scan(need: ProtectionNeed) -> PaperScan {
    let text = |text: &str| text.to_owned();
    PaperScan {
        procedure: Procedure {
            name: text("Scannen"),
            version: text("1"),
            device: text("Gerät"),
            software: text("Programm"),
            site: String::new(),
        },
        operator: Some(text("Karla Kurz")),
        captured: date(2026, 1, 2).at(8, 0, 0, 0),
        pages_on_paper: Some(5),
        need,
        irreplaceable: None,
        seed: text("00112233"),
        by: person(1),
        on: DAY,
    }
}

fn read_of(pages: u32, coding: Option<SymbolCoding>) -> DocumentEvent {
    let rendition = TextRendition {
        pages_declared: Some(pages),
        pages_read: pages,
        symbol_coding: coding,
        ..text_layer(object(2))
    };
    DocumentEvent::TextRead { format: Format::of(MediaType::Pdf), rendition }
}

/// A scan of five pages.
pub(super) fn document(need: ProtectionNeed, domain: ProtectionDomain) -> Document {
    let taken_in = DocumentEvent::TakenIn {
        file: None,
        case: None,
        register: None,
        domain,
        file_name: "scan.pdf".to_owned(),
        received: DAY,
        original: object(1),
    };
    let events = [
        taken_in,
        read_of(5, Some(SymbolCoding::Absent)),
        DocumentEvent::Scanned { scan: Box::new(scan(need)) },
    ];
    Document::replay(document_id(1), &events).unwrap()
}

fn accepted(pages: impl IntoIterator<Item = u32>) -> Vec<(u32, PageVerdict)> {
    pages.into_iter().map(|page| (page, PageVerdict::Accepted)).collect()
}

pub(super) fn note(document: &Document) -> Result<TransferNote, String> {
    ordered(document, &NoteOrder::default())
}

/// A note with what its writer says.
fn ordered(document: &Document, order: &NoteOrder) -> Result<TransferNote, String> {
    let (by, coding) = (
        actor(3, "Otto Ohm"),
        match &document.text {
            TextState::Read(text) => text.symbol_coding,
            _ => None,
        },
    );
    let names = [
        (person(1), "Anna Weber".to_owned()),
        (person(2), "Bea Brandt".to_owned()),
        (person(3), "Otto Ohm".into()),
    ];
    let written = write_note(document, coding, (&by, &names.into()), order, DAY);
    written.map_err(|refusal| refusal.why)
}

/// Looked at by somebody who did not scan.
pub(super) fn checked(mut document: Document) -> Document {
    let pages = accepted(document.pages_to_check().unwrap());
    let event = look_at_pages(&document, &actor(2, "Bea Brandt"), pages, DAY).unwrap();
    document.apply(&event);
    document
}

proptest! {
    #[test]
    fn a_sample_has_the_size_it_must_have_and_is_always_the_same(pages in 1_u32..3_000, seed in "[a-z0-9]{1,16}", byte: u8) {
        let digest = Sha256([byte; 32]);
        let drawn = sample(ProtectionNeed::Normal, &seed, &digest, pages);
        prop_assert_eq!(drawn.len(), sample_size(ProtectionNeed::Normal, pages) as usize);
        prop_assert!(drawn.len() >= SAMPLE_PAGES_MIN.min(pages) as usize && drawn.len() * 10 >= pages as usize);
        prop_assert!(drawn.iter().all(|page| (1..=pages).contains(page)));
        prop_assert_eq!(&drawn, &sample(ProtectionNeed::Normal, &seed, &digest, pages));
        let all: BTreeSet<_> = (1..=pages).collect();
        prop_assert_eq!(&sample(ProtectionNeed::High, &seed, &digest, pages), &all);
        prop_assert_eq!(&sample(ProtectionNeed::VeryHigh, &seed, &digest, pages), &all);
    }
}

#[test]
fn another_scan_or_seed_draws_other_pages_and_every_page_may_be_drawn() {
    let drawn = |seed: &str, byte| sample(ProtectionNeed::Normal, seed, &Sha256([byte; 32]), 200);
    assert_ne!(drawn("a", 1), drawn("b", 1));
    assert_ne!(drawn("a", 1), drawn("a", 2));
    let ever: BTreeSet<u32> = (0..=255).flat_map(|byte| drawn("a", byte)).collect();
    assert_eq!(ever.len(), 200);
}

#[test]
fn a_need_is_never_below_what_the_secrecy_demands() {
    let mut scan = document(ProtectionNeed::High, ProtectionDomain::Tax);
    let said = |document: &Document, need| state_scan(document, self::scan(need));
    assert!(said(&scan, ProtectionNeed::Normal).unwrap_err().why.contains("mindestens hoch"));
    assert!(said(&scan, ProtectionNeed::High).is_ok());
    scan.domain = ProtectionDomain::General;
    assert!(said(&scan, ProtectionNeed::Normal).is_ok());
}

#[test]
fn nobody_checks_his_own_scan_where_the_need_is_very_high() {
    let look =
        |need, by: &Actor| look_at_pages(&document(need, ProtectionDomain::General), by, accepted([1]), DAY);
    let (scanned, operator, other) =
        (actor(1, "Anna Weber"), actor(9, "karla  kurz"), actor(2, "Bea Brandt"));
    for own in [&scanned, &operator] {
        assert!(look(ProtectionNeed::VeryHigh, own).unwrap_err().why.contains("Vier-Augen"));
        assert!(look(ProtectionNeed::High, own).is_ok());
    }
    assert!(look(ProtectionNeed::VeryHigh, &other).is_ok());
}

#[test]
fn a_note_is_written_only_of_a_scan_that_is_checked_complete_and_not_symbol_coded() {
    let fresh = document(ProtectionNeed::High, ProtectionDomain::General);
    assert!(note(&fresh).unwrap_err().contains("noch 5 Seiten"));
    let passed = checked(fresh.clone());
    let written = note(&passed).unwrap();
    assert_eq!((written.creator.name.as_str(), written.by.name.as_str()), ("Anna Weber", "Otto Ohm"));
    assert_eq!((written.quality.pages_required, written.quality.by[0].name.as_str()), (5, "Bea Brandt"));
    assert_eq!(written.sha256, passed.original.sha256);

    let with = |change: &dyn Fn(&mut Document)| {
        let mut other = passed.clone();
        change(&mut other);
        note(&other).unwrap_err()
    };
    let paper = |pages| move |other: &mut Document| other.scan.as_mut().unwrap().scan.pages_on_paper = pages;
    assert!(with(&paper(Some(6))).contains("6 Seiten gezählt, der Scan hat 5"));
    assert!(with(&paper(None)).contains("gezählt"));
    for (coding, word) in [(Some(SymbolCoding::Present), "aus einer 6 eine 8"), (None, "nicht feststellen")] {
        assert!(with(&|other| other.apply(&read_of(5, coding))).contains(word), "{coding:?}");
    }
    assert!(
        with(&|other| other.apply(&DocumentEvent::Withdrawn { on: DAY, reason: "x".into() }))
            .contains("zurückgezogen")
    );
    assert!(with(&|other| other.scan = None).contains("nicht als ersetzender Scan"));
    let gap = |other: &mut Document| {
        let TextState::Read(text) = &mut other.text else { unreachable!() };
        text.pages_read = 4;
    };
    assert!(with(&gap).contains("von 5 Seiten wurden 4 gelesen"));
}

#[test]
fn what_comes_up_later_takes_the_note_away_and_a_new_version_is_checked_anew() {
    let mut document = checked(document(ProtectionNeed::High, ProtectionDomain::General));
    document.apply(&DocumentEvent::TransferNoted { note: Box::new(note(&document).unwrap()) });
    assert!(!document.has_open_scan() && note(&document).unwrap_err().contains("schon einen"));
    let noted = document.clone();

    let again = vec![(2, PageVerdict::Rescan { reason: "Ecke fehlt".to_owned() })];
    document.apply(&look_at_pages(&document, &actor(3, "Otto Ohm"), again, DAY).unwrap());
    assert!(document.has_open_scan());
    assert!(
        matches!(document.check_state(), Some(CheckState::Rescan { pages }) if pages[&2] == "Ecke fehlt")
    );
    assert!(note(&document).unwrap_err().contains("Seite 2 ist neu zu scannen: Ecke fehlt"));

    let mut document = noted.clone();
    let original = object(7);
    document.apply(&DocumentEvent::VersionAdded { file_name: "neu.pdf".into(), received: DAY, original });
    assert_eq!(document.check_state(), Some(CheckState::Unread));
    document.apply(&read_of(5, Some(SymbolCoding::Absent)));
    assert!(matches!(document.check_state(), Some(CheckState::Open { left }) if left.len() == 5));
    // A look at an earlier version says nothing of this one.
    document.apply(&DocumentEvent::PagesChecked {
        version: 1,
        pages: accepted(1..=5),
        by: person(2),
        on: DAY,
    });
    assert!(matches!(document.check_state(), Some(CheckState::Open { .. })));

    let mut document = noted;
    let said = PaperScan { pages_on_paper: Some(4), ..scan(ProtectionNeed::High) };
    document.apply(&DocumentEvent::Scanned { scan: Box::new(said) });
    assert_eq!(document.check_state(), Some(CheckState::Passed), "what was seen counts on");
    assert!(document.has_open_scan());
    let said = PaperScan { by: person(8), ..scan(ProtectionNeed::High) };
    document.apply(&DocumentEvent::Scanned { scan: Box::new(said) });
    assert!(matches!(document.check_state(), Some(CheckState::Open { .. })), "another person answers for it");
}

#[test]
fn a_scan_has_so_many_pages_as_can_be_counted_and_looked_at() {
    let fresh = document(ProtectionNeed::High, ProtectionDomain::General);
    let said = |pages| {
        let stated = PaperScan { pages_on_paper: pages, ..scan(ProtectionNeed::High) };
        state_scan(&fresh, stated).map(drop).map_err(|refusal| refusal.why)
    };
    for pages in [None, Some(1), Some(SCAN_PAGES_MAX)] {
        assert_eq!(said(pages), Ok(()), "{pages:?}");
    }
    for pages in [0, SCAN_PAGES_MAX + 1] {
        assert!(said(Some(pages)).unwrap_err().contains("nicht zwischen 1 und 100000"), "{pages}");
    }
    let read = |pages| {
        let mut document = fresh.clone();
        document.apply(&read_of(pages, None));
        document.check_state().unwrap()
    };
    assert!(matches!(read(SCAN_PAGES_MAX), CheckState::Open { left } if left.len() == 100_000));
    assert!(matches!(read(SCAN_PAGES_MAX + 1), CheckState::Unreadable { .. }));
    assert!(matches!(read(0), CheckState::Unreadable { .. }));
}

#[test]
fn a_look_that_cannot_be_meant_is_refused_with_what_is_wrong() {
    let fresh = document(ProtectionNeed::High, ProtectionDomain::General);
    let refused = |document: &Document, pages| {
        look_at_pages(document, &actor(2, "Bea Brandt"), pages, DAY).unwrap_err().why
    };
    assert!(refused(&fresh, accepted([])).contains("keine Seite genannt"));
    for (pages, wrong) in [([0, 1], 0), ([5, 6], 6), ([3, 3], 3)] {
        let why = refused(&fresh, accepted(pages));
        assert!(why.contains(&format!("Seite {wrong} gibt es nicht, oder sie ist zweimal")), "{why}");
    }
    let again = |reason: &str| vec![(4, PageVerdict::Rescan { reason: reason.to_owned() })];
    for reason in ["", "  ", &"x".repeat(SCAN_TEXT_CHARS_MAX + 1)] {
        assert!(refused(&fresh, again(reason)).contains("für Seite 4 fehlt der Grund"), "{reason}");
    }
    let longest = again(&"ä".repeat(SCAN_TEXT_CHARS_MAX));
    assert!(look_at_pages(&fresh, &actor(2, "Bea Brandt"), longest, DAY).is_ok());
    let with = |text| Document { text, ..fresh.clone() };
    assert!(refused(&with(TextState::Unread), accepted([1])).contains("noch nicht gelesen"));
    let given_up = with(TextState::GivenUp { reason: "die Datei ist verschlüsselt".to_owned() });
    assert_eq!(refused(&given_up, accepted([1])), "die Datei ist verschlüsselt");
}

#[test]
fn whoever_stood_at_the_scanner_is_known_by_name_and_by_account() {
    let with_operator = |operator: &str| {
        let mut document = document(ProtectionNeed::VeryHigh, ProtectionDomain::General);
        document.scan.as_mut().unwrap().scan.operator = Some(operator.to_owned());
        document
    };
    let person = Actor { login: "kkurz".to_owned(), ..actor(9, "Karla Kurz") };
    let may_look = |operator| look_at_pages(&with_operator(operator), &person, accepted([1]), DAY).is_ok();
    assert!(!may_look("KARLA KURZ") && !may_look(" kkurz"));
    assert!(may_look("Karl Kurz"));
}

#[test]
fn a_note_says_what_was_out_of_the_ordinary_and_where_its_seal_is_if_somebody_said_so() {
    let passed = checked(document(ProtectionNeed::High, ProtectionDomain::General));
    let order = |anomalies: &str, seal: &str| {
        let order = NoteOrder { anomalies: anomalies.to_owned(), seal: seal.to_owned() };
        ordered(&passed, &order).map(|note| (note.anomalies, note.seal))
    };
    assert_eq!(order("", " "), Ok((Vec::new(), None)));
    let said = (vec!["Seite 3 war geklebt".to_owned()], Some("scan.p7s".to_owned()));
    assert_eq!(order(" Seite 3 war geklebt", "scan.p7s "), Ok(said));
    let (longest, longer) = ("ü".repeat(SCAN_TEXT_CHARS_MAX), "ü".repeat(SCAN_TEXT_CHARS_MAX + 1));
    assert_eq!(order(&longest, &longest), Ok((vec![longest.clone()], Some(longest.clone()))));
    for refused in [order(&longer, ""), order("", &longer)] {
        assert!(refused.unwrap_err().contains("länger als 400 Zeichen"));
    }
}
