//! Thinning: what is left out is named, something is always kept, and whoever signs signs exactly that.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::lists::{Walk, file_id};
use super::{DAY, document_id, file, person, sign, verifies};
use crate::domain::actor::Role;
use crate::domain::appraisal::thinning::{LeftOut, ThinningRule};
use crate::domain::case_file::{CaseFile, Hold};
use crate::domain::disposal::{Decision, DisposalList, ListPolicy, SignedAs, signed_text};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, HoldId};

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

#[test]
fn a_rule_is_for_files_of_its_type_in_its_classes_and_below_and_overlaps_where_another_is_too() {
    let rule = |classes: &[&str]| ThinningRule {
        id: "duenn".parse().unwrap(),
        title: "Ohne Schriftverkehr".to_owned(),
        reason: "Der Rest genügt".to_owned(),
        record_type: "bauakte".parse().unwrap(),
        classes: classes.iter().map(|class| class.parse().unwrap()).collect(),
        leave_out: vec!["40".parse().unwrap()],
    };
    let of_type = |id: Option<&str>| CaseFile {
        class: "63.10.03".parse().unwrap(),
        record_type: id.map(|id| crate::domain::record_type::TypeEdition {
            id: id.parse().unwrap(),
            edition: "1".parse().unwrap(),
        }),
        ..file()
    };
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
