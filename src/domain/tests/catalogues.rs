//! What an archive decides on whole classes beforehand: whom it decides for, and when a person must look all the same.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::lists::{Walk, file_id, line};
use super::{DAY, person};
use crate::base::digest::Sha256;
use crate::domain::appraisal::{Proposal, ProposalReason};
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::dialogue::answer::{AnswerHead, AppraisedObject, Verdict};
use crate::domain::disposal::dialogue::catalogue::{appraised_classes, class_id, offered_plan, plan_id};
use crate::domain::disposal::dialogue::message_id;
use crate::domain::disposal::{
    ByCatalogue, Catalogue, CatalogueInForce, Decision, DisposalList, HandoverForm, Line, LineState,
    MessageKind, MessageVersion, PlanMessage, Receiver, Receivers, Takes,
};
use crate::domain::event::ListEvent;
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::domain::retention::Disposition;

const REGISTRY: Uuid = Uuid::from_u128(1);
const PROCESS: Uuid = Uuid::from_u128(2);

fn class(number: &str) -> ClassNumber {
    number.parse().unwrap()
}

fn plan(numbers: &[&str]) -> FilePlan {
    let classes = numbers.iter().map(|number| FilePlanClass {
        number: class(number),
        title: format!("Klasse {number}"),
        closed: false,
        domain: None,
        reference: None,
    });
    FilePlan::new(classes.collect()).unwrap()
}

fn in_force(said: &[(&str, Disposition)]) -> CatalogueInForce {
    let catalogue = Catalogue {
        on: DAY,
        version: MessageVersion::V3_1,
        process: PROCESS,
        edition: "1".parse().unwrap(),
        digest: Sha256([7; 32]),
        archive: "Kreisarchiv".to_owned(),
        by: person(3),
        classes: said.iter().map(|(number, said)| (class(number), *said)).collect(),
    };
    CatalogueInForce::new(catalogue, &plan(&["50", "63", "63.10", "63.10.01", "63.20"]))
}

fn silent() -> Proposal {
    Proposal { disposition: None, reasons: Vec::new() }
}

const A: Disposition = Disposition::ArchiveWorthy;
const B: Disposition = Disposition::Appraise;
const V: Disposition = Disposition::Destroy;

#[test]
fn the_nearest_class_decides_and_nothing_is_said_of_classes_the_archive_did_not_see() {
    let catalogue = in_force(&[("63", V), ("63.10", A), ("63.20", B)]);
    let said = |number: &str| catalogue.of(&class(number)).map(|(of, said)| (of.to_string(), said));
    assert_eq!(said("63.10.01"), Some(("63.10".to_owned(), A)));
    assert_eq!(said("63"), Some(("63".to_owned(), V)));
    assert_eq!(said("63.20"), Some(("63.20".to_owned(), B)), "not the V of the class above");
    assert_eq!(said("50"), None);
    assert_eq!(said("63.30"), None, "it came with a later edition");
    assert_eq!(said("63.20.01"), None, "so did this one");
}

#[test]
fn a_catalogue_decides_a_line_unless_a_person_must_look() {
    let catalogue = in_force(&[("63", V), ("63.10", A), ("63.20", B)]);
    let meets = ProposalReason::Meets { criterion: "denkmal".parse().unwrap(), title: "Denkmal".to_owned() };
    let unclear = ProposalReason::Unclear {
        criterion: "baujahr".parse().unwrap(),
        title: "Vor 1945".to_owned(),
        field: "year".to_owned(),
    };
    let on = |number: &str, reasons: &[&ProposalReason], proposed| {
        let disposition = None;
        let reasons = reasons.iter().map(|reason| (*reason).clone()).collect();
        let said = catalogue.on_line(&class(number), &Proposal { disposition, reasons }, proposed);
        said.map(|said| (said.decision, said.decides))
    };
    let (keep, drop) = (Decision::Archive, Decision::Destroy);
    assert_eq!(on("63", &[], Some(drop)), Some((drop, true)));
    assert_eq!(on("63", &[], None), Some((drop, true)));
    assert_eq!(on("63", &[&meets], Some(keep)), Some((drop, false)));
    assert_eq!(on("63", &[&unclear], None), Some((drop, false)), "what is unclear must be looked at");
    assert_eq!(on("63", &[], Some(keep)), Some((drop, false)), "the rule keeps it");
    assert_eq!(on("63.10", &[&unclear], None), Some((keep, true)), "keeping never needs a look");
    assert_eq!(on("63.20", &[], Some(drop)), None);
    assert_eq!(on("50", &[], Some(drop)), None);
}

fn settled(number: u128, decision: Decision, decides: bool) -> Line {
    let said = ByCatalogue { digest: Sha256([7; 32]), class: class("63.10"), decision, decides };
    Line { catalogue: Some(said), ..line(number) }
}

fn list(lines: Vec<Line>) -> Walk {
    Walk::of(DisposalList::collect(lines, "probe 1".to_owned(), DAY).unwrap())
}

#[test]
fn what_a_catalogue_decides_needs_no_offer_and_all_the_rest_does() {
    let drop = Decision::Destroy;
    let all = list(vec![settled(1, drop, true), settled(2, drop, true)]);
    assert_eq!(all.list().require_proposable(), Ok(()), "nobody is to be asked");
    assert_eq!(all.list().undecided().count() + all.list().offered().count(), 0);
    let all = all.then(|list| list.offer(DAY));
    assert!(all.list().require_on_offer().unwrap_err().why.contains("jede ihrer Zeilen"));
    assert_eq!(all.list().require_proposable(), Ok(()));
    let mixed = list(vec![settled(1, drop, true), settled(2, drop, false), line(3)]);
    assert!(mixed.list().require_proposable().is_err());
    let offered = mixed.then(|list| list.offer(DAY));
    assert_eq!((offered.list().offered().count(), offered.list().require_on_offer()), (2, Ok(())));
    assert!(offered.list().require_proposable().unwrap_err().why.contains("2 Zeilen"));
    let kept = list(vec![settled(1, Decision::Archive, true), settled(2, drop, true)]);
    assert!(kept.list().require_proposable().unwrap_err().why.contains("Archivexemplare"));
}

#[test]
fn the_archive_may_still_decide_on_a_line_by_itself() {
    let walk = list(vec![settled(1, Decision::Destroy, true), settled(2, Decision::Destroy, true)]);
    assert!(walk.list().appraise(file_id(1), Decision::Archive).is_err(), "not before the list is offered");
    let before = walk.list().digest();
    let walk = walk.then(|list| list.offer(DAY)).then(|list| list.appraise(file_id(1), Decision::Archive));
    let list = walk.list();
    assert_eq!(list.lines[&file_id(1)].1, LineState::Decided(Decision::Archive));
    assert_eq!(list.settled.iter().collect::<Vec<_>>(), [&file_id(2)]);
    assert_ne!(list.digest(), before, "what is signed is the decision");
}

#[test]
fn a_decision_by_catalogue_is_signed_like_any_other() {
    let by_catalogue = list(vec![settled(1, Decision::Destroy, true)]).list();
    let by_hand = list(vec![line(1)]).then(|list| list.offer(DAY));
    let by_hand = by_hand.happened(ListEvent::LineAppraised {
        file: file_id(1),
        decision: Decision::Destroy,
        thinned: None,
    });
    assert_eq!(by_catalogue.digest(), by_hand.list().digest());
}

fn sent(process: Uuid, version: MessageVersion) -> PlanMessage {
    let (kind, edition) = (MessageKind::PlanOffer, "1".parse().unwrap());
    PlanMessage { on: DAY, kind, version, process, edition, digest: Sha256([1; 32]) }
}

fn head() -> AnswerHead {
    AnswerHead {
        kind: MessageKind::Catalogue,
        version: MessageVersion::V4_0,
        id: Some(Uuid::from_u128(9)),
        process: PROCESS,
        answers: Some(message_id(PROCESS, MessageKind::PlanOffer)),
        part: Some((1, 1)),
        sender: String::new(),
    }
}

#[test]
fn only_the_answer_to_the_newest_plan_on_offer_is_taken() {
    let messages = [sent(Uuid::from_u128(5), MessageVersion::V3_1), sent(PROCESS, MessageVersion::V4_0)];
    let newest = offered_plan(&messages, &head()).unwrap();
    assert_eq!(newest.process, PROCESS);
    assert_eq!(newest.fits(&head()), Ok(()));
    assert!(offered_plan(&[], &head()).unwrap_err().why.contains("0511"));
    assert!(offered_plan(&messages[..1], &head()).unwrap_err().why.contains("sie ist in xdomea 4.0.0"));
    let earlier = AnswerHead { process: Uuid::from_u128(5), ..head() };
    assert!(newest.fits(&earlier).unwrap_err().what.contains("ihre ProzessID ist"));
    let strange = AnswerHead { answers: Some(PROCESS), ..head() };
    assert!(newest.fits(&strange).unwrap_err().what.contains("antwortet auf die Nachricht"));
    let part = AnswerHead { part: Some((1, 2)), ..head() };
    assert!(newest.fits(&part).unwrap_err().what.contains("Teil 1 von 2"));
}

#[test]
fn a_catalogue_that_does_not_fit_in_one_line_fits_in_none() {
    let plan = plan(&["50", "63", "63.10"]);
    let said = |number: &str, verdict: Verdict, line| AppraisedObject {
        id: class_id(REGISTRY, &class(number)),
        verdict,
        line,
    };
    let (keep, drop) = (Verdict::Decided(Decision::Archive), Verdict::Decided(Decision::Destroy));
    let good = [said("63", drop.clone(), 1), said("63.10", keep.clone(), 2), said("50", Verdict::Open, 3)];
    let read = appraised_classes(&plan, REGISTRY, &good).unwrap();
    assert_eq!(read, BTreeMap::from([(class("50"), B), (class("63"), V), (class("63.10"), A)]));
    let wrong = [
        said("63", drop.clone(), 1),
        said("63", keep, 2),
        said("70", drop, 3),
        said("50", Verdict::Unknown("X".to_owned()), 4),
    ];
    let told: Vec<_> = appraised_classes(&plan, REGISTRY, &wrong).unwrap_err();
    let told: Vec<_> = told.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("Zeile 2") && told[0].ends_with("steht schon in Zeile 1"), "{told:?}");
    assert!(
        told[1].starts_with("Zeile 3") && told[1].contains("steht nicht in unserem Aktenplan"),
        "{told:?}"
    );
    assert_eq!(told[2], "Zeile 4: „X“ ist keine Bewertung für die Klasse 50; erwartet wird A, B oder V");
    assert!(appraised_classes(&plan, PROCESS, &good).is_err(), "the plan of another registry");
}

#[test]
fn a_class_has_one_id_for_ever_and_no_other_has_it() {
    let ids = [
        class_id(REGISTRY, &class("63.1")),
        class_id(REGISTRY, &class("63.10")),
        class_id(PROCESS, &class("63.1")),
        plan_id(REGISTRY),
        plan_id(PROCESS),
    ];
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    assert_eq!(class_id(REGISTRY, &class("63.1")).to_string(), "632a0987-f3cd-8394-be77-0b0ed5867281");
    assert_eq!(in_force(&[("63", V)]).on_line(&class("50"), &silent(), None), None);
}

#[test]
fn an_archive_is_known_in_any_spelling_and_the_first_is_meant_where_none_is_named() {
    let takes = |version| Takes { form: HandoverForm::Message, version, naming: None };
    let mut known = Receivers::default();
    assert_eq!(known.meant(""), None);
    known.set("Kreisarchiv", Some(takes(Some(MessageVersion::V3_1))), false);
    known.set("Landesarchiv", Some(takes(Some(MessageVersion::V4_0))), false);
    let name = |meant: Option<&Receiver>| meant.map(|receiver| receiver.name.clone());
    assert_eq!(name(known.meant(" ")).as_deref(), Some("Kreisarchiv"));
    assert_eq!(name(known.meant(" landesARCHIV ")).as_deref(), Some("Landesarchiv"));
    assert_eq!(known.meant("Stadtarchiv"), None);
    known.set("LANDESARCHIV", Some(takes(Some(MessageVersion::V3_0))), true);
    assert_eq!(name(known.meant("")).as_deref(), Some("LANDESARCHIV"));
    assert_eq!((known.all().len(), known.meant("").unwrap().takes.version), (2, Some(MessageVersion::V3_0)));
    known.set("landesarchiv", None, false);
    assert_eq!(name(known.meant("")).as_deref(), Some("Kreisarchiv"));
    known.set("Kreisarchiv", None, false);
    assert_eq!(known, Receivers::default());
}
