//! A warrant names exactly what goes, and anything that stands against it wins.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use uuid::Uuid;

use super::lists::{Walk, file_id};
use super::{DAY, document, document_id, file, object, text_layer, verifies};
use crate::base::digest::Sha256;
use crate::domain::appraisal::{Condition, Criterion};
use crate::domain::case_file::{CaseFile, Hold, Phase};
use crate::domain::disposal::{
    ByCatalogue, Condemned, Decision, DestructionWarrant, DisposalList, HeldElsewhere, LineState, ListPolicy,
    Obstacle, reissue,
};
use crate::domain::document::{Document, TextState};
use crate::domain::event::DestructionCounts;
use crate::domain::ids::{DisposalListId, HoldId, KeyId, ObjectId};
use crate::domain::retention::testing::{pack, plan, rule, years};
use crate::domain::retention::{Confirmations, RuleBook};

/// All that a warrant is asked with, as it must be.
struct Question {
    list: DisposalList,
    file: CaseFile,
    documents: Vec<Document>,
    book: RuleBook,
    elsewhere: HeldElsewhere,
}

fn criterion(field: &str) -> Criterion {
    Criterion {
        id: "denkmal".parse().unwrap(),
        title: "Baudenkmal".to_owned(),
        classes: vec!["63".parse().unwrap()],
        condition: Condition::FieldIsFilled { field: field.to_owned() },
    }
}

fn book(kept_years: u16, criteria: Vec<Criterion>) -> RuleBook {
    let mut pack = pack(vec![rule("R", "63", years(kept_years))]);
    pack.criteria = criteria;
    RuleBook::new(pack, &plan()).unwrap()
}

/// One closed file on a signed list, with a document that has an original of its own and a shared text layer.
fn question() -> Question {
    let mut document = document(101, object(1));
    document.text = TextState::Read(text_layer(object(2)));
    let phase = Phase::Closed { on: date(2009, 1, 1) };
    let mut file = CaseFile { id: file_id(1), phase, documents: vec![document.id], ..file() };
    file.fields.insert("monument".to_owned(), "ja".to_owned());
    let held = BTreeMap::from([(object(1).id, 0), (object(2).id, 3)]);
    Question {
        list: Walk::signed(2).list(),
        file,
        documents: vec![document],
        book: book(10, Vec::new()),
        elsewhere: HeldElsewhere::counted(held),
    }
}

fn ask(question: &Question) -> Result<DestructionWarrant, Obstacle> {
    let policy = ListPolicy { grace_days: 0, lines_without_third: 5 };
    let approved = question.list.approved(policy, DAY, &verifies).unwrap();
    let Question { file, documents, book, elsewhere, .. } = question;
    approved.warrant(file, documents, book, &Confirmations::default(), elsewhere)
}

fn obstacle(change: impl FnOnce(&mut Question)) -> Option<Obstacle> {
    let mut question = question();
    change(&mut question);
    ask(&question).err()
}

#[test]
fn a_line_is_explained_by_the_title_of_its_rule_or_criterion() {
    let book = book(10, vec![criterion("monument")]);
    let title = book.rules()[0].title.clone();
    assert_eq!((book.title_of("denkmal"), book.title_of("R")), (Some("Baudenkmal"), Some(title.as_str())));
    assert_eq!(book.title_of("fremd"), None);
}

#[test]
fn a_warrant_names_the_keys_that_are_forgotten_and_only_the_objects_nobody_else_holds() {
    let question = question();
    let warrant = ask(&question).unwrap();
    assert_eq!((warrant.file(), warrant.list(), warrant.on()), (file_id(1), question.list.id, DAY));
    assert_eq!(warrant.documents(), [document_id(101)]);
    let keys: Vec<KeyId> = warrant.keys().collect();
    assert_eq!(keys, [KeyId::from(file_id(1)), KeyId::from(document_id(101))]);
    assert_eq!(warrant.objects().collect::<Vec<_>>(), [&object(1).id]);
    assert!(warrant.covers(&object(1).id));
    assert!(!warrant.covers(&object(2).id), "another record holds it");
}

#[test]
fn what_nobody_has_looked_at_goes_only_as_its_class_was_decided_on() {
    let mut unclear = criterion("monument");
    unclear.condition = Condition::NumberBelow { field: "year".to_owned(), limit: 1945 };
    let settle = |it: &mut Question, class: &str| {
        let (digest, class) = (Sha256([7; 32]), class.parse().unwrap());
        let said = ByCatalogue { digest, class, decision: Decision::Destroy, decides: true };
        it.list.lines.get_mut(&file_id(1)).unwrap().0.catalogue = Some(said);
        it.list.settled.insert(file_id(1));
    };
    let own = file().class.to_string();
    assert_eq!(obstacle(|it| settle(it, &own)), None);
    assert_eq!(obstacle(|it| settle(it, "63.99")), Some(Obstacle::Changed), "it was put into another class");
    assert_eq!(obstacle(|it| it.book = book(10, vec![unclear.clone()])), None, "somebody has looked at it");
    let unclear_now = |it: &mut Question| {
        settle(it, &own);
        it.book = book(10, vec![unclear.clone()]);
    };
    assert_eq!(obstacle(unclear_now), Some(Obstacle::Changed));
}

#[test]
fn whatever_stands_against_it_today_wins() {
    assert_eq!(obstacle(|_| {}), None);
    let hold =
        Hold { id: HoldId(Uuid::from_u128(1)), reason: "4 K 112/24".to_owned(), since: DAY, review: None };
    assert_eq!(obstacle(|it| it.file.holds.push(hold)), Some(Obstacle::Held("4 K 112/24".to_owned())));
    assert_eq!(obstacle(|it| it.file.id = file_id(9)), Some(Obstacle::NotCleared));
    let spared = LineState::Obstructed("held".to_owned());
    assert_eq!(
        obstacle(|it| it.list.lines.get_mut(&file_id(1)).unwrap().1 = spared),
        Some(Obstacle::NotCleared)
    );
    assert_eq!(obstacle(|it| it.file.phase = Phase::Open), Some(Obstacle::Changed));
    assert_eq!(obstacle(|it| it.file.phase = Phase::Transferred { on: DAY }), Some(Obstacle::Changed));
    assert_eq!(obstacle(|it| it.book = book(30, Vec::new())), Some(Obstacle::NotDue));
    let unasked = Some(Obstacle::HoldersUnknown);
    assert_eq!(obstacle(|it| it.elsewhere = HeldElsewhere::default()), unasked);
    let one_answer = BTreeMap::from([(object(1).id, 0)]);
    assert_eq!(obstacle(|it| it.elsewhere = HeldElsewhere::counted(one_answer)), unasked);
}

#[test]
fn a_document_more_or_less_than_on_the_list_makes_it_another_file() {
    let changed = Some(Obstacle::Changed);
    assert_eq!(obstacle(|it| it.file.documents.push(document_id(102))), changed);
    assert_eq!(obstacle(|it| it.file.documents.clear()), changed);
    assert_eq!(obstacle(|it| it.documents.clear()), changed);
    assert_eq!(obstacle(|it| it.documents.push(document(102, object(1)))), changed);
    assert_eq!(
        obstacle(|it| {
            it.file.documents = vec![document_id(102)];
            it.documents[0].id = document_id(102);
        }),
        changed
    );
}

#[test]
fn a_reason_to_keep_that_the_archive_has_not_seen_stops_it_and_one_it_has_seen_does_not() {
    let speaks = || book(10, vec![criterion("monument")]);
    assert_eq!(obstacle(|it| it.book = speaks()), Some(Obstacle::Changed));
    assert_eq!(obstacle(|it| it.book = book(10, vec![criterion("architect")])), None, "it says nothing");
    let seen = |known: &[&str]| {
        let known = known.iter().map(|&id| id.to_owned()).collect();
        obstacle(|it| {
            it.list.lines.get_mut(&file_id(1)).unwrap().0.criteria = known;
            it.book = speaks();
        })
    };
    assert_eq!(seen(&["denkmal"]), None);
    assert_eq!(seen(&["architekt", "denkmal"]), None);
    assert_eq!(seen(&["architekt"]), Some(Obstacle::Changed), "it saw another");
    let unclear = Criterion {
        condition: Condition::NumberBelow { field: "built_year".to_owned(), limit: 1945 },
        ..criterion("")
    };
    assert_eq!(obstacle(|it| it.book = book(10, vec![unclear])), None, "the archive decided all the same");
}

#[test]
fn what_was_begun_is_carried_on_with_a_warrant_of_the_day() {
    let condemned = Condemned {
        file: file_id(1),
        list: DisposalListId(Uuid::from_u128(7)),
        documents: vec![document_id(101)],
        counts: DestructionCounts::default(),
    };
    let objects: BTreeSet<ObjectId> = [object(1).id].into();
    let warrant = reissue(&condemned, objects, date(2026, 12, 1));
    assert_eq!(
        (warrant.file(), warrant.list(), warrant.on()),
        (file_id(1), condemned.list, date(2026, 12, 1))
    );
    assert_eq!(warrant.documents(), condemned.documents);
    assert!(warrant.covers(&object(1).id) && !warrant.covers(&object(2).id));
}
