//! Thinning: what is left out is named, something is always kept, and whoever signs signs exactly that.

use std::collections::BTreeSet;

use jiff::civil::date;
use uuid::Uuid;

use super::lists::{Walk, file_id};
use super::{DAY, document_id, file, person, sign, verifies};
use crate::domain::actor::Role;
use crate::domain::appraisal::thinning::{LeftOut, ThinningRule};
use crate::domain::case_file::{CaseFile, Hold, Phase};
use crate::domain::disposal::{Decision, DisposalList, ListPolicy, SignedAs, signed_text};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, HoldId};
use crate::domain::record_type::{RecordType, RecordTypes, Register, TypeEdition};
use crate::domain::retention::example::{Example, Failure, check};
use crate::domain::retention::testing::{pack, plan, rule, years};
use crate::domain::retention::{Flaw, Outcome, RuleBook, RuleId, RulePack};

const SALT: [u8; 32] = [7; 32];

/// The first file of a [`Walk`], with so many documents.
fn with_documents(count: u128) -> CaseFile {
    CaseFile { id: file_id(1), documents: (1..=count).map(document_id).collect(), ..file() }
}

fn left_out(numbers: &[u128], salt: [u8; 32]) -> LeftOut {
    let documents: BTreeSet<_> = numbers.iter().copied().map(document_id).collect();
    LeftOut::of(&with_documents(5), documents, None, salt).unwrap().0
}

#[test]
fn something_is_left_out_and_something_kept_and_all_of_it_lies_in_the_file() {
    let ask = |file: &CaseFile, numbers: &[u128]| {
        let documents = numbers.iter().copied().map(document_id).collect();
        LeftOut::of(file, documents, Some("duenn (probe 1)".to_owned()), SALT)
            .map(|(left_out, thinned)| {
                (left_out.documents.len(), thinned.kept, thinned.of, thinned.left_out())
            })
            .map_err(|refusal| refusal.why)
    };
    let file = with_documents(3);
    assert_eq!(ask(&file, &[3, 1]), Ok((2, 1, 3, 2)));
    assert!(ask(&file, &[]).unwrap_err().contains("keines ihrer Dokumente"));
    assert!(ask(&file, &[1, 2, 3]).unwrap_err().contains("bliebe kein Dokument"));
    assert!(ask(&file, &[1, 9]).unwrap_err().contains("liegt nicht in ihr"));
    let hold =
        Hold { id: HoldId(Uuid::from_u128(1)), reason: "VG 4 K 17/21".into(), since: DAY, review: None };
    let held = CaseFile { holds: vec![hold], ..file };
    assert!(ask(&held, &[1]).unwrap_err().contains("VG 4 K 17/21"));
}

#[test]
fn the_seal_is_of_these_documents_of_this_file_and_of_this_salt_alone() {
    let seal = left_out(&[1, 2], SALT).seal(file_id(1));
    assert_eq!(left_out(&[2, 1], SALT).seal(file_id(1)), seal, "in whatever order they were named");
    for other in [
        left_out(&[1, 3], SALT).seal(file_id(1)),
        left_out(&[1], SALT).seal(file_id(1)),
        left_out(&[1, 2], [8; 32]).seal(file_id(1)),
        left_out(&[1, 2], SALT).seal(file_id(2)),
    ] {
        assert_ne!(other, seal);
    }
}

/// A list whose first line is kept without these documents, handed over, and whose second is to go.
fn thinned(numbers: &[u128]) -> Walk {
    let left_out = left_out(numbers, SALT);
    let (documents, file) = (left_out.documents.into_iter().collect(), with_documents(5));
    let (_, thinned) = LeftOut::of(&file, documents, None, SALT).unwrap();
    Walk::decided(2, Decision::Destroy).then(|list| list.thin(file.id, thinned))
}

fn copied(walk: Walk) -> Walk {
    walk.then(|list| list.transfer(file_id(1), ArchiveCopyId(Uuid::from_u128(8))))
}

#[test]
fn what_is_signed_is_the_thinning_and_another_one_voids_the_signatures() {
    let one = copied(thinned(&[1, 2])).list();
    let others = [
        copied(thinned(&[1, 3])).list(),
        copied(thinned(&[1])).list(),
        copied(Walk::decided(2, Decision::Destroy).then(|list| list.appraise(file_id(1), Decision::Archive)))
            .list(),
    ];
    assert_eq!(
        one.digest(),
        thinned(&[1, 2]).list().digest(),
        "handing over changes nothing of what is signed"
    );
    assert!(others.iter().all(|other| other.digest() != one.digest()));

    let text = |list: &DisposalList, signed_as| signed_text(&list.digest(), signed_as);
    let signed = copied(thinned(&[1, 2]))
        .then(|list| list.propose(DAY, sign(person(1), &text(list, SignedAs::Proposer))))
        .approved(2, Role::RecordsManager)
        .approved(3, Role::Archivist);
    let policy = ListPolicy { grace_days: 0, lines_without_third: 3 };
    let list = signed.list();
    assert!(list.approved(policy, DAY, &verifies).is_ok());
    assert!(list.thin(file_id(1), list.thinned[&file_id(1)]).is_err(), "handed over and signed");
    for other in others {
        let forged = DisposalList { thinned: other.thinned, ..list.clone() };
        let refusal = forged.approved(policy, DAY, &verifies).unwrap_err();
        assert!(refusal.why.contains("eine Unterschrift passt nicht"), "{refusal:?}");
    }
}

#[test]
fn the_last_decision_on_a_line_counts_all_of_it() {
    let walk = thinned(&[1, 2]);
    assert_eq!(walk.list().thinned[&file_id(1)].left_out(), 2);
    let whole = walk.then(|list| list.appraise(file_id(1), Decision::Archive));
    assert!(whole.list().thinned.is_empty());
    let (_, part) = LeftOut::of(&with_documents(5), [document_id(1)].into(), None, SALT).unwrap();
    let odd = |file, decision| ListEvent::LineAppraised { file, decision, thinned: Some(part) };
    let destroyed = whole.happened(odd(file_id(1), Decision::Destroy));
    assert!(destroyed.list().thinned.is_empty(), "what goes is not kept in part");
    assert!(destroyed.happened(odd(file_id(9), Decision::Archive)).list().thinned.is_empty());
}

/// A rule that leaves these registers of building files out.
fn thinning(id: &str, classes: &[&str], registers: &[&str]) -> ThinningRule {
    ThinningRule {
        id: id.parse().unwrap(),
        title: "Ohne Schriftverkehr".to_owned(),
        reason: "Der Rest genügt".to_owned(),
        record_type: "bauakte".parse().unwrap(),
        classes: classes.iter().map(|class| class.parse().unwrap()).collect(),
        leave_out: registers.iter().map(|number| number.parse().unwrap()).collect(),
    }
}

fn book(thinnings: Vec<ThinningRule>) -> Result<RuleBook, Vec<Flaw>> {
    RuleBook::new(RulePack { thinnings, ..pack(vec![rule("R", "63", years(10))]) }, &plan())
}

/// A closed file of this type, ten years before it may go.
fn of_type(id: Option<&str>) -> CaseFile {
    CaseFile {
        class: "63.10.01".parse().unwrap(),
        phase: Phase::Closed { on: DAY },
        record_type: id.map(|id| TypeEdition { id: id.parse().unwrap(), edition: "1".parse().unwrap() }),
        ..file()
    }
}

#[test]
fn rules_for_thinning_that_cannot_work_make_no_book() {
    let flaws = |thinnings| book(thinnings).err().unwrap_or_default();
    let id = |text: &str| text.parse::<RuleId>().unwrap();
    let one = || thinning("T", &["63"], &["40"]);
    assert_eq!(flaws(vec![one(), thinning("U", &["64"], &["40"])]), []);
    assert_eq!(flaws(vec![thinning("T", &["63"], &[])]), [Flaw::LeavesNothingOut(id("T"))]);
    assert_eq!(flaws(vec![ThinningRule { reason: " ".to_owned(), ..one() }]), [Flaw::NoReason(id("T"))]);
    let register = "40".parse().unwrap();
    assert_eq!(
        flaws(vec![thinning("T", &["63"], &["40", "60", "40"])]),
        [Flaw::RegisterTwice { rule: id("T"), register }]
    );
    let twice = |first: &str, second: &str, class: &str| Flaw::ThinnedTwice {
        first: id(first),
        second: id(second),
        class: class.parse().unwrap(),
    };
    assert_eq!(flaws(vec![thinning("T", &["63", "64", "63"], &["40"])]), [twice("T", "T", "63")]);
    assert_eq!(flaws(vec![one(), thinning("U", &["63.10"], &["60"])]), [twice("T", "U", "63.10")]);
    assert_eq!(flaws(vec![one(), thinning("T", &["64"], &["40"])]), [Flaw::DuplicateThinning(id("T"))]);
    assert_eq!(flaws(vec![thinning("T", &[], &["40"])]), [Flaw::NoClasses(id("T"))]);
}

#[test]
fn a_book_tells_its_rules_for_thinning_and_what_of_them_the_record_types_do_not_know() {
    let one = thinning("T", &["63"], &["40", "60"]);
    let mut other = thinning("U", &["63"], &["40"]);
    other.record_type = "hausakte".parse().unwrap();
    let book = book(vec![one.clone(), other.clone()]).unwrap();
    assert_eq!(book.thinnings(), [one, other]);
    let types = |id: &str, registers: &[&str]| {
        let register = |number: &&str| Register { number: (*number).to_owned(), title: "Teil".to_owned() };
        let record_type = RecordType {
            id: id.parse().unwrap(),
            edition: "1".parse().unwrap(),
            label: "Art".to_owned(),
            help: String::new(),
            classes: Vec::new(),
            is_default: true,
            is_closed: false,
            fields: Vec::new(),
            registers: registers.iter().map(register).collect(),
        };
        RecordTypes::default().with(vec![record_type]).unwrap()
    };
    let rule = |id: &str| id.parse::<RuleId>().unwrap();
    let unknown = |id: &str, record_type: &str| Flaw::UnknownRecordType {
        rule: rule(id),
        record_type: record_type.parse().unwrap(),
    };
    let (register, known) = ("60".parse().unwrap(), vec!["10".to_owned(), "40".to_owned()]);
    assert_eq!(
        book.thinning_flaws(&types("bauakte", &["10", "40"])),
        [Flaw::UnknownRegister { rule: rule("T"), register, known }, unknown("U", "hausakte")]
    );
    assert_eq!(book.thinning_flaws(&types("bauakte", &["40", "60"])), [unknown("U", "hausakte")]);
    assert_eq!(book.thinning_flaws(&types("hausakte", &["40"])), [unknown("T", "bauakte")]);
}

#[test]
fn an_example_of_a_pack_proves_the_rule_for_thinning_it_follows() {
    let book = book(vec![thinning("T", &["63"], &["40", "60"])]).unwrap();
    let numbers = |all: &[&str]| all.iter().map(|number| number.parse().unwrap()).collect::<Vec<_>>();
    let fails = |file: CaseFile, leaves_out: Option<&[&str]>| {
        let example = Example {
            name: "eins".to_owned(),
            file,
            confirmed: true,
            on: DAY,
            outcome: Outcome::Retained { until: date(2036, 12, 31) },
            rule: None,
            offer_overdue: None,
            restricted_from: None,
            proposes: None,
            leaves_out: leaves_out.map(numbers),
            paper_may_go: None,
        };
        check(&book, &[example])
    };
    let unproven = || Failure::ThinningWithoutExample("T".parse().unwrap());
    let differs = |found: &[&str]| Failure::LeavesOut { example: "eins".to_owned(), found: numbers(found) };
    assert_eq!(fails(of_type(Some("bauakte")), Some(&["40", "60"])), []);
    assert_eq!(fails(of_type(Some("bauakte")), None), [unproven()], "nobody asked");
    assert_eq!(
        fails(of_type(Some("bauakte")), Some(&["60", "40"])),
        [differs(&["40", "60"]), unproven()],
        "in its order"
    );
    assert_eq!(fails(of_type(None), Some(&[])), [unproven()], "a file without a type loses nothing");
    assert_eq!(fails(of_type(None), Some(&["40"])), [differs(&[]), unproven()]);
}

#[test]
fn a_rule_is_for_files_of_its_type_in_its_classes_and_below_and_overlaps_where_another_is_too() {
    let rule = |classes: &[&str]| thinning("duenn", classes, &["40"]);
    assert!(rule(&["63.10"]).is_for(&of_type(Some("bauakte"))));
    assert!(!rule(&["63.10"]).is_for(&of_type(Some("hausakte"))));
    assert!(!rule(&["63.10"]).is_for(&of_type(None)), "without a type there are no registers");
    assert!(!rule(&["63.20"]).is_for(&of_type(Some("bauakte"))));
    let overlap = |one: &[&str], other: &[&str]| rule(one).overlap(&rule(other)).map(ToString::to_string);
    assert_eq!(overlap(&["63"], &["64", "63.10"]), Some("63.10".to_owned()));
    assert_eq!(overlap(&["63.10"], &["63"]), Some("63.10".to_owned()));
    assert_eq!(overlap(&["63.10"], &["63.20"]), None);
    let other = ThinningRule { record_type: "hausakte".parse().unwrap(), ..rule(&["63"]) };
    assert_eq!(rule(&["63"]).overlap(&other), None);
}
