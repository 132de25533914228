//! What becomes of scanned paper: it goes only when every scan is found to stand for it, and each lack is named with the scan
//! it is of. What rules, archive and holds say of paper is tried beside them, in [`crate::domain::retention`].

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::scans::{checked, document, note};
use super::{DAY, document_id, file, person};
use crate::domain::case_file::{CaseFile, Fact, Hold, Phase};
use crate::domain::document::{Document, TextState};
use crate::domain::event::DocumentEvent;
use crate::domain::ids::{DocumentId, HoldId};
use crate::domain::paper::{Borrower, Loan, PaperLocation};
use crate::domain::protection::ProtectionDomain;
use crate::domain::retention::testing::{pack, plan, rule, years};
use crate::domain::retention::{
    Confirmations, Disposition, PaperFate, PaperReason, PaperRule, Rule, RuleBook, SCAN_CHECKED, ScanLack,
    Scans, paper_fate_of_scans,
};
use crate::domain::scan::{Irreplaceable, PageVerdict, ProtectionNeed};

/// When it is asked: after everything was done.
const LATER: Date = date(2026, 12, 1);

/// A file whose paper was wholly scanned, under a rule that lets it go then.
fn on_paper() -> CaseFile {
    let mut file = CaseFile { phase: Phase::Closed { on: DAY }, paper_scanned: Some(DAY), ..file() };
    let (shelf, r#box) = ("R1".to_owned(), "K1".to_owned());
    file.carriers.paper = Some(PaperLocation { shelf, r#box, ..PaperLocation::default() });
    file
}

fn called(number: u128, document: Document) -> Document {
    Document { id: document_id(number), file_name: format!("scan-{number}.pdf"), ..document }
}

/// A scan nobody has looked at.
fn fresh(number: u128) -> Document {
    called(number, document(ProtectionNeed::Normal, ProtectionDomain::General))
}

fn noted_for(need: ProtectionNeed, number: u128) -> Document {
    let mut document = called(number, checked(document(need, ProtectionDomain::General)));
    document.apply(&DocumentEvent::TransferNoted { note: Box::new(note(&document).unwrap()) });
    document
}

/// A scan of which nothing is missing.
fn noted(number: u128) -> Document {
    noted_for(ProtectionNeed::Normal, number)
}

/// A document that came from no paper.
fn no_scan(number: u128) -> Document {
    Document { scan: None, ..fresh(number) }
}

fn replaced(mut document: Document, by: &[u128]) -> Document {
    let by = by.iter().copied().map(document_id).collect();
    document.apply(&DocumentEvent::Replaced { by, on: DAY, reason: "neu gescannt".to_owned() });
    document
}

fn asked(file: &CaseFile, documents: &[Document], backed_up: &BTreeSet<DocumentId>) -> PaperFate {
    let (paper, disposition) = (PaperRule::AfterScanCheck, Disposition::Destroy);
    let rule = Rule { paper, disposition, ..rule("R", "63", years(10)) };
    let book = RuleBook::new(pack(vec![rule]), &plan()).unwrap();
    let confirmations = Confirmations::default();
    let scans = Scans { documents, backed_up };
    paper_fate_of_scans(file, (&book, &confirmations), (None, false), scans, LATER)
}

/// With everything in the backup.
fn fate(file: &CaseFile, documents: &[Document]) -> PaperFate {
    asked(file, documents, &documents.iter().map(|document| document.id).collect())
}

fn may_go() -> PaperFate {
    PaperFate::MayGo { scan_checked: DAY, rule: "R".parse().unwrap() }
}

fn lacks(lack: ScanLack, numbers: &[u128]) -> PaperReason {
    PaperReason::Scans { lack, names: numbers.iter().map(|number| format!("scan-{number}.pdf")).collect() }
}

/// It stays for this, and for nothing else.
fn keep(reason: PaperReason) -> PaperFate {
    PaperFate::Keep { why: vec![reason] }
}

#[test]
fn paper_may_go_when_every_scan_is_noted_and_backed_up_and_the_day_is_that_of_the_last_note() {
    assert_eq!(fate(&on_paper(), &[noted(1)]), may_go());
    assert_eq!(
        fate(&on_paper(), &[noted(1), no_scan(2), noted(3)]),
        may_go(),
        "what is no scan is not asked"
    );
    let mut later = noted(2);
    later.scan.as_mut().unwrap().note.as_mut().unwrap().on = date(2026, 11, 25);
    let day = |fate| match fate {
        PaperFate::MayGo { scan_checked, .. } => Some(scan_checked),
        _ => None,
    };
    for documents in [[noted(1), later.clone()], [later.clone(), noted(1)]] {
        assert_eq!(day(fate(&on_paper(), &documents)), Some(date(2026, 11, 25)));
    }
    later.scan.as_mut().unwrap().note.as_mut().unwrap().on = date(2026, 12, 2);
    assert_eq!(
        fate(&on_paper(), &[later]),
        keep(PaperReason::ScanNotChecked),
        "a note of tomorrow is none yet"
    );
    let mut without = on_paper();
    without.carriers.paper = None;
    assert_eq!(fate(&without, &[fresh(1)]), PaperFate::NoPaper);
}

#[test]
fn each_lack_keeps_the_paper_and_names_the_scans_it_is_of() {
    let passed = checked(document(ProtectionNeed::Normal, ProtectionDomain::General));
    let unread = Document { text: TextState::Unread, ..fresh(2) };
    let given_up = TextState::GivenUp { reason: "verschlüsselt".to_owned() };
    let unreadable = Document { text: given_up, ..fresh(2) };
    let mut again = fresh(2);
    let pages = vec![(2, PageVerdict::Rescan { reason: "Ecke fehlt".to_owned() })];
    again.apply(&DocumentEvent::PagesChecked { version: 1, pages, by: person(2), on: DAY });
    for (document, lack) in [
        (unread, ScanLack::NotReadable),
        (unreadable, ScanLack::NotReadable),
        (fresh(2), ScanLack::NotChecked),
        (again, ScanLack::Rescan),
        (called(2, passed), ScanLack::NoNote),
        (replaced(fresh(2), &[]), ScanLack::NotReplaced),
        (noted_for(ProtectionNeed::High, 2), ScanLack::NoSeal),
    ] {
        assert_eq!(fate(&on_paper(), &[noted(1), document]), keep(lacks(lack, &[2])));
    }
    let only_the_first = [document_id(1)].into();
    let found = asked(&on_paper(), &[noted(1), noted(2)], &only_the_first);
    assert_eq!(found, keep(lacks(ScanLack::NotBackedUp, &[2])));

    let why = vec![lacks(ScanLack::NotChecked, &[1, 4]), lacks(ScanLack::NoSeal, &[3])];
    let documents = [fresh(1), noted(2), noted_for(ProtectionNeed::High, 3), fresh(4)];
    assert_eq!(fate(&on_paper(), &documents), PaperFate::Keep { why }, "each lack once, with all its scans");
}

#[test]
fn from_high_need_on_paper_goes_only_with_a_seal_and_normal_need_asks_for_none() {
    for need in ProtectionNeed::ALL {
        let mut document = noted_for(need, 1);
        let wants_a_seal = fate(&on_paper(), &[document.clone()]) == keep(lacks(ScanLack::NoSeal, &[1]));
        assert_eq!(wants_a_seal, need != ProtectionNeed::Normal, "{need:?}");
        document.scan.as_mut().unwrap().note.as_mut().unwrap().seal = Some("scan-1.p7s".to_owned());
        assert_eq!(fate(&on_paper(), &[document]), may_go(), "{need:?}");
    }
}

#[test]
fn a_scan_out_of_use_is_stood_for_by_those_that_took_its_place_however_many_steps_it_took() {
    let chain = [replaced(fresh(1), &[2]), replaced(noted(2), &[3]), noted(3)];
    assert_eq!(fate(&on_paper(), &chain), may_go());
    let divided = [replaced(fresh(1), &[2, 3]), noted(2), noted(3)];
    assert_eq!(fate(&on_paper(), &divided), may_go());
    let joined_again =
        [replaced(fresh(1), &[2, 3]), replaced(fresh(2), &[4]), replaced(fresh(3), &[4]), noted(4)];
    assert_eq!(fate(&on_paper(), &joined_again), may_go(), "both ways lead to the one in use");
    let unfinished = [replaced(fresh(1), &[2]), fresh(2)];
    assert_eq!(fate(&on_paper(), &unfinished), keep(lacks(ScanLack::NotChecked, &[2])));
}

#[test]
fn a_scan_out_of_use_that_leads_to_no_scan_in_use_keeps_the_paper() {
    let not_replaced = |numbers: &[u128]| keep(lacks(ScanLack::NotReplaced, numbers));
    let with_one_in_use = |mut others: Vec<Document>| {
        others.push(noted(9));
        fate(&on_paper(), &others)
    };
    let mut withdrawn = noted(1);
    withdrawn.apply(&DocumentEvent::Withdrawn { on: DAY, reason: "falsche Akte".to_owned() });
    assert_eq!(with_one_in_use(vec![withdrawn]), not_replaced(&[1]), "a note alone stands for nothing");
    assert_eq!(with_one_in_use(vec![replaced(fresh(1), &[5])]), not_replaced(&[1]), "what is not there");
    let by_no_scan = vec![replaced(fresh(1), &[2]), no_scan(2)];
    assert_eq!(with_one_in_use(by_no_scan), not_replaced(&[1]), "what came from no paper");
    let half = vec![replaced(fresh(1), &[9, 2]), replaced(fresh(2), &[])];
    assert_eq!(with_one_in_use(half), not_replaced(&[1, 2]), "a half of it is missing");
    let circle = vec![replaced(fresh(1), &[2]), replaced(fresh(2), &[1])];
    assert_eq!(with_one_in_use(circle), not_replaced(&[1, 2]), "each was replaced by the other");
}

#[test]
fn a_stack_that_was_divided_when_it_had_its_note_stands_for_its_paper_itself() {
    let parts = [no_scan(2), no_scan(3)];
    let with = |stack: Document| fate(&on_paper(), &[&[stack][..], &parts].concat());
    assert_eq!(with(replaced(noted(1), &[2, 3])), may_go());
    assert_eq!(
        with(replaced(fresh(1), &[2, 3])),
        PaperFate::Keep { why: vec![PaperReason::NothingScanned, lacks(ScanLack::NotReplaced, &[1])] },
        "divided before it was checked"
    );
}

#[test]
fn paper_that_stays_anyway_is_stood_for_by_no_scan_and_holds_no_other_up() {
    let mut deed = fresh(2);
    deed.scan.as_mut().unwrap().scan.irreplaceable = Some(Irreplaceable::NotarialDeed);
    assert_eq!(fate(&on_paper(), &[noted(1), deed.clone()]), may_go());
    assert_eq!(fate(&on_paper(), &[deed]), keep(PaperReason::NothingScanned));
    assert_eq!(fate(&on_paper(), &[]), keep(PaperReason::NothingScanned), "said once");
    assert_eq!(fate(&on_paper(), &[no_scan(1)]), keep(PaperReason::NothingScanned));
}

#[test]
fn paper_stays_until_somebody_states_that_all_was_scanned_and_anew_when_scans_come_after_that() {
    let stated = |paper_scanned| fate(&CaseFile { paper_scanned, ..on_paper() }, &[noted(1), noted(2)]);
    assert_eq!(stated(None), keep(PaperReason::NotAllScanned));
    assert_eq!(stated(Some(date(2026, 11, 21))), keep(PaperReason::NotAllScanned));
    assert_eq!(stated(Some(DAY)), may_go(), "scanned on that day");
    assert_eq!(stated(Some(date(2026, 11, 23))), may_go());
}

#[test]
fn lent_paper_stays_where_it_is_known_to_be() {
    let loan = Loan { to: Borrower::Person(person(4)), since: DAY, until: None, by: person(1) };
    let lent = CaseFile { loan: Some(loan), ..on_paper() };
    assert_eq!(fate(&lent, &[noted(1)]), keep(PaperReason::Lent));
    let why = vec![PaperReason::Lent, lacks(ScanLack::NotChecked, &[1])];
    assert_eq!(fate(&lent, &[fresh(1)]), PaperFate::Keep { why });
}

#[test]
fn no_fact_that_somebody_recorded_stands_for_a_check() {
    let mut told = on_paper();
    let (kind, source) = (SCAN_CHECKED.parse().unwrap(), "Vermerk von Hand".to_owned());
    told.facts.push(Fact { kind, on: date(2026, 11, 30), source });
    assert_eq!(fate(&told, &[noted(1)]), may_go(), "the day of the note, not of the fact");
    assert_eq!(fate(&told, &[fresh(1)]), keep(lacks(ScanLack::NotChecked, &[1])));
    let other = |kind: &str, on| Fact { kind: kind.parse().unwrap(), on, source: String::new() };
    told.facts.push(other("demolished", DAY));
    assert_eq!(fate(&told, &[noted(1)]), may_go());
}

#[test]
fn what_rules_and_holds_say_is_told_behind_what_the_scans_lack() {
    let (id, reason) = (HoldId(Uuid::from_u128(1)), "Verfahren".to_owned());
    let hold = Hold { id, reason, since: DAY, review: None };
    let held = CaseFile { holds: vec![hold], ..on_paper() };
    assert_eq!(fate(&held, &[noted(1)]), keep(PaperReason::Held));
    let why = vec![lacks(ScanLack::NotChecked, &[1]), PaperReason::Held];
    assert_eq!(fate(&held, &[fresh(1)]), PaperFate::Keep { why });
}
