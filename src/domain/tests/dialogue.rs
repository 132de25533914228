//! The dialogue with an archive: an answer counts as a whole or not at all, and everything that does not fit is told.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::lists::{Walk, file_id, line};
use super::{DAY, document_id};
use crate::base::digest::Sha256;
use crate::domain::case_file::{Case, CaseFile, Fact, FactKind};
use crate::domain::disposal::dialogue::answer::{
    AnswerHead, AppraisedObject, ImportedObject, Inside, Judged, Verdict,
};
use crate::domain::disposal::dialogue::told::{ToldDocument, ToldFate, ToldFile, ToldVersion};
use crate::domain::disposal::dialogue::{message_id, primary_file_id};
use crate::domain::disposal::{Cause, Decision, DisposalList, Ground, Line, MessageKind, MessageVersion};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, CaseFileId, CaseId};
use crate::domain::record_type::{Field, FieldKind, RecordType, XdomeaElement};
use crate::domain::retention::Disposition;
use crate::domain::retention::example::example_file;
use crate::domain::text::Format;

const KEEP: Verdict = Verdict::Decided(Decision::Archive);
const DROP: Verdict = Verdict::Decided(Decision::Destroy);

type Objects<'a> = &'a [(Uuid, Verdict)];

fn case_id(number: u128) -> CaseId {
    CaseId(Uuid::from_u128(number))
}

/// Two files: the first with case 50 (documents 1, 2) and a loose document 3, the second with document 4.
fn inside() -> BTreeMap<CaseFileId, Inside> {
    let documents = |all: &[(u128, Option<u128>)]| {
        all.iter().map(|(document, case)| (document_id(1000 + document), case.map(case_id))).collect()
    };
    let first = Inside {
        reference: "63-1".to_owned(),
        documents: documents(&[(1, Some(50)), (2, Some(50)), (3, None)]),
        cases: BTreeSet::from([case_id(50)]),
    };
    let second =
        Inside { reference: "63-2".to_owned(), documents: documents(&[(4, None)]), cases: BTreeSet::new() };
    BTreeMap::from([(file_id(1), first), (file_id(2), second)])
}

fn said(objects: &[(Uuid, Verdict)]) -> Vec<AppraisedObject> {
    let objects = (10..).zip(objects);
    objects.map(|(line, (id, verdict))| AppraisedObject { id: *id, verdict: verdict.clone(), line }).collect()
}

fn offered() -> DisposalList {
    Walk::begun(2).then(|list| list.offer(DAY)).list()
}

fn head() -> AnswerHead {
    AnswerHead {
        kind: MessageKind::Appraisal,
        version: MessageVersion::V4_0,
        id: None,
        process: offered().id.0,
        answers: Some(message_id(offered().id.0, MessageKind::Offer)),
        part: Some((1, 1)),
        sender: String::new(),
    }
}

#[test]
fn an_appraisal_decides_every_line_and_leaves_out_what_the_archive_does_without() {
    let (file, other) = (file_id(1).0, file_id(2).0);
    let (case, loose) = (case_id(50).0, document_id(1003).0);
    let ask = |objects: &[(Uuid, Verdict)]| offered().judged(&said(objects), &inside()).unwrap();
    let whole = |file, decision| Judged { file, decision, left_out: BTreeSet::new() };
    let both = [whole(file_id(1), Decision::Archive), whole(file_id(2), Decision::Destroy)];
    assert_eq!(ask(&[(other, DROP), (file, KEEP)]), both);
    assert_eq!(ask(&[(file, KEEP), (case, KEEP), (loose, KEEP), (other, DROP)]), both, "the same below");
    let thinned = ask(&[(case, DROP), (file, KEEP), (other, DROP)]);
    assert_eq!(thinned[0].left_out, BTreeSet::from([document_id(1001), document_id(1002)]));
    let thinned = ask(&[(file, KEEP), (loose, DROP), (other, DROP)]);
    assert_eq!(thinned[0].left_out, BTreeSet::from([document_id(1003)]));
    let gone = ask(&[(file, DROP), (case, DROP), (loose, DROP), (other, KEEP)]);
    assert!(gone[0].left_out.is_empty() && gone[0].decision == Decision::Destroy);
}

#[test]
fn all_that_does_not_fit_in_an_appraisal_is_told_by_line() {
    let (file, other, strange) = (file_id(1).0, file_id(2).0, Uuid::from_u128(99));
    let (case, in_case) = (case_id(50).0, document_id(1001).0);
    let unknown = || Verdict::Unknown("X".to_owned());
    let table: [(Objects<'_>, &[&str]); 8] = [
        (&[(file, KEEP)], &["die Akte 63-2 fehlt"]),
        (&[(file, KEEP), (other, Verdict::Open)], &["Zeile 11: die Akte 63-2 ist nicht entschieden (B)"]),
        (&[(file, KEEP), (other, unknown())], &["Zeile 11: „X“ ist keine Bewertung für die Akte 63-2"]),
        (&[(file, KEEP), (other, DROP), (file, KEEP)], &["steht schon in Zeile 10"]),
        (&[(file, KEEP), (other, DROP), (file, DROP)], &["steht schon in Zeile 10"]),
        (&[(file, KEEP), (strange, DROP)], &["steht nicht im Anbieteverzeichnis", "die Akte 63-2 fehlt"]),
        (
            &[(file, DROP), (other, DROP), (case, KEEP)],
            &["Zeile 12: ein Teil der Akte 63-1 ist archivwürdig (A)"],
        ),
        (
            &[(file, KEEP), (other, DROP), (case, DROP), (in_case, KEEP)],
            &["Zeile 13: ein Teil der Akte 63-1 ist archivwürdig (A)"],
        ),
    ];
    for (objects, told) in table {
        let flaws = offered().judged(&said(objects), &inside()).unwrap_err();
        let flaws: Vec<_> = flaws.iter().map(ToString::to_string).collect();
        assert_eq!(flaws.len(), told.len(), "{flaws:?}");
        for (flaw, told) in flaws.iter().zip(told) {
            assert!(flaw.contains(told), "no {told:?} in {flaw:?}");
        }
    }
    assert_eq!(offered().judged(&[], &inside()).unwrap_err().len(), 2, "saying nothing decides nothing");
}

#[test]
fn an_answer_to_something_else_is_told_apart() {
    assert_eq!(offered().fits(&head()), Ok(()));
    let old = AnswerHead { answers: None, part: None, ..head() };
    assert_eq!(offered().fits(&old), Ok(()), "before 4.0.0 neither stands there");
    for (head, told) in [
        (AnswerHead { process: Uuid::from_u128(99), ..head() }, "ihre ProzessID ist"),
        (AnswerHead { answers: Some(Uuid::from_u128(99)), ..head() }, "sie antwortet auf die Nachricht"),
        (AnswerHead { part: Some((1, 2)), ..head() }, "sie ist Teil 1 von 2"),
    ] {
        let objection = offered().fits(&head).unwrap_err();
        assert!(objection.what.contains(told), "{objection}");
    }
}

#[test]
fn nothing_is_answered_that_was_not_asked_nor_in_another_version() {
    let went_out = |kind, version| DisposalList::exchanged(DAY, kind, version, Sha256([7; 32]));
    let asked = Walk::begun(1)
        .then(|list| list.offer(DAY))
        .happened(went_out(MessageKind::Offer, MessageVersion::V3_1))
        .happened(went_out(MessageKind::Offer, MessageVersion::V4_0))
        .list();
    assert_eq!(asked.require_asked(MessageKind::Appraisal, MessageVersion::V4_0), Ok(()));
    assert_eq!(asked.require_asked(MessageKind::OfferReceived, MessageVersion::V4_0), Ok(()));
    let why = |list: &DisposalList, kind, version| list.require_asked(kind, version).unwrap_err().why;
    let other = why(&asked, MessageKind::Appraisal, MessageVersion::V3_1);
    assert!(other.contains("sie ist in xdomea 3.1.0, unser Anbieteverzeichnis (0501) vom"), "{other}");
    let import = why(&asked, MessageKind::ImportConfirmed, MessageVersion::V4_0);
    assert!(import.contains("Aussonderung (0503), und für diese Liste wurde keines geschrieben"), "{import}");
    let ours = why(&asked, MessageKind::Offer, MessageVersion::V4_0);
    assert!(ours.contains("solche schreibt die abgebende Stelle selbst"), "{ours}");
    assert_eq!(offered().require_on_offer(), Ok(()));
    let draft = Walk::begun(1).list();
    assert!(draft.require_on_offer().unwrap_err().why.contains("noch nicht angeboten"));
    let proposed = Walk::decided(1, Decision::Destroy).proposed(1).list();
    assert!(proposed.require_on_offer().unwrap_err().why.contains("vorgeschlagen"));
    let digest = asked.digest();
    let walk = Walk::begun(1).then(|list| list.offer(DAY)).list();
    assert_eq!(digest, walk.digest(), "messages are not what people sign");
}

/// A list whose first line was handed over.
fn handed_over() -> DisposalList {
    Walk::begun(2)
        .then(|list| list.offer(DAY))
        .then(|list| list.appraise(file_id(1), Decision::Archive))
        .then(|list| list.appraise(file_id(2), Decision::Destroy))
        .then(|list| list.transfer(file_id(1), ArchiveCopyId(Uuid::from_u128(8))))
        .list()
}

fn arrived(id: Uuid, is_imported: bool) -> ImportedObject {
    let errors = if is_imported { Vec::new() } else { vec!["Prüfsumme".to_owned()] };
    ImportedObject { id, is_imported, errors, reference: Some("LA 7".to_owned()), line: 10 }
}

#[test]
fn a_confirmation_is_of_all_that_was_handed_over_and_of_nothing_else() {
    let given: BTreeMap<_, _> = inside().into_iter().take(1).collect();
    let ask = |objects: &[ImportedObject], says_all| handed_over().confirmed(objects, says_all, &given);
    let file = file_id(1).0;
    let found = ask(&[arrived(file, true)], false).unwrap();
    assert_eq!((found.len(), found[0].reference.as_deref()), (1, Some("LA 7")));
    assert_eq!(ask(&[], true).unwrap()[0].reference, None, "4.0.0 may speak for the whole");
    let table: [(&[ImportedObject], bool, &str); 5] = [
        (&[], false, "die Akte 63-1 fehlt"),
        (&[arrived(file_id(2).0, true)], false, "steht nicht in unserer Abgabe (überzählig)"),
        (&[arrived(file, false)], false, "die Akte 63-1 ist nicht übernommen: „Prüfsumme“"),
        (&[arrived(file, true), arrived(file, true)], false, "steht schon in Zeile 10"),
        (&[arrived(document_id(1001).0, true)], true, "die Akte 63-1 fehlt"),
    ];
    for (objects, says_all, told) in table {
        let flaws = ask(objects, says_all).unwrap_err();
        assert!(flaws.iter().any(|flaw| flaw.to_string().contains(told)), "no {told:?} in {flaws:?}");
    }
    let list = handed_over();
    assert!(list.require_unconfirmed([file_id(1)].into_iter()).is_ok());
    assert!(list.require_unconfirmed(std::iter::empty()).unwrap_err().why.contains("nichts abgegeben"));
    let mut list = list;
    list.apply(&ListEvent::LineConfirmed { file: file_id(1), copy: ArchiveCopyId(Uuid::from_u128(8)) });
    list.apply(&ListEvent::LineConfirmed { file: file_id(9), copy: ArchiveCopyId(Uuid::from_u128(8)) });
    assert_eq!(list.confirmed, BTreeSet::from([file_id(1)]), "what is not on the list is not confirmed");
    assert!(list.require_unconfirmed([file_id(1)].into_iter()).unwrap_err().why.contains("schon bestätigt"));
}

#[test]
fn ids_follow_from_what_is_told_and_are_told_apart() {
    let list = offered().id;
    assert_eq!(message_id(list.0, MessageKind::Offer), message_id(list.0, MessageKind::Offer));
    let (document, version) = (document_id(1), 1);
    let ids = [
        message_id(list.0, MessageKind::Offer),
        message_id(list.0, MessageKind::Transfer),
        primary_file_id(document, version),
        primary_file_id(document, 2),
        primary_file_id(document_id(2), version),
        document.0,
        list.0,
    ];
    assert_eq!(BTreeSet::from(ids).len(), ids.len());
    assert!(ids[..5].iter().all(|id| id.get_version_num() == 8));
    let called = |name: &str| {
        let file = Uuid::from_u128(1);
        let version = ToldVersion {
            number: 1,
            file,
            name: name.to_owned(),
            format: Format::UNKNOWN,
            sha256: Sha256([0; 32]),
        };
        version.file_name().split_once('.').unwrap().1.to_owned()
    };
    assert_eq!(called("Lageplan.PDF"), "pdf");
    for odd in ["Lageplan", "a.", "../a.b/c", "a.tar gz", "a.ß", "a.abcdefghijk"] {
        assert_eq!(called(odd), "bin", "{odd}");
    }
}

#[test]
fn a_file_had_to_be_kept_until_the_day_before_it_is_due() {
    assert_eq!(ToldFate::kept_until(&line(1)), Some(jiff::civil::date(2020, 12, 31)));
    let early = Line { cause: Cause::Early(Ground::Erasure), ..line(1) };
    assert_eq!(ToldFate::kept_until(&early), None);
}

fn told(file: &CaseFile) -> ToldFile {
    let fate = ToldFate {
        years: Some(10),
        disposition: Disposition::Appraise,
        kept_until: None,
        proposal: None,
        reason: String::new(),
    };
    ToldFile::of(file, "Bauakten".to_owned(), None, fate)
}

#[test]
fn a_file_begins_on_its_first_day_unless_it_was_closed_before() {
    let mut file = example_file("63.10.01".parse().unwrap());
    for (closed, begun) in [(None, true), (Some(0), true), (Some(1), true), (Some(-1), false)] {
        let on = closed.map(|days: i64| file.opened.checked_add(jiff::Span::new().days(days)).unwrap());
        let fact = |on| Fact { kind: FactKind::CLOSED.parse().unwrap(), on, source: String::new() };
        file.facts = on.map(fact).into_iter().collect();
        let told = told(&file);
        assert_eq!((told.begun.is_some(), told.closed), (begun, on));
    }
}

#[test]
fn fields_go_into_the_elements_they_are_meant_for_if_they_say_something() {
    let field = |name: &str, xdomea| Field {
        name: name.parse().unwrap(),
        label: format!("Feld {name}"),
        help: String::new(),
        kind: FieldKind::Text,
        is_required: false,
        is_personal: false,
        is_facet: false,
        xdomea,
    };
    let (feld, remark) = (Some(XdomeaElement::Feld), Some(XdomeaElement::Bemerkung));
    let fields = vec![field("street", feld), field("use", feld), field("remark", remark), field("own", None)];
    let record_type = RecordType {
        id: "bauakte".parse().unwrap(),
        edition: "1".parse().unwrap(),
        label: String::new(),
        help: String::new(),
        classes: Vec::new(),
        is_default: false,
        is_closed: false,
        fields,
        registers: Vec::new(),
    };
    let mut file = example_file("63.10.01".parse().unwrap());
    file.fields =
        [("street", "Ring"), ("remark", "eilt"), ("own", "intern")].map(|(k, v)| (k.into(), v.into())).into();
    let mut told = told(&file);
    told.tell_fields(&file, &record_type);
    let said = |element| told.fields_in(element).map(|one| one.value.as_str()).collect::<Vec<_>>();
    assert_eq!((said(XdomeaElement::Feld), said(XdomeaElement::Bemerkung)), (vec!["Ring"], vec!["eilt"]));
    assert_eq!(told.fields.len(), 2, "what is empty or has no place is not told");
}

#[test]
fn documents_lie_in_their_case_and_in_the_file_if_it_has_no_such_case() {
    let mut file = example_file("63.10.01".parse().unwrap());
    file.cases = [50, 51].map(|id| Case { id: case_id(id), title: String::new(), opened: DAY }).into();
    let mut told = told(&file);
    let document = |id, case: Option<u128>| ToldDocument {
        id: document_id(id),
        name: String::new(),
        case: case.map(case_id),
        versions: Vec::new(),
        history: Vec::new(),
    };
    told.documents =
        vec![document(1, Some(50)), document(2, None), document(3, Some(51)), document(4, Some(99))];
    let lie_in =
        |case: Option<u128>| told.documents_in(case.map(case_id)).map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(lie_in(Some(50)), [document_id(1)]);
    assert_eq!(lie_in(Some(51)), [document_id(3)]);
    assert_eq!(lie_in(None), [document_id(2), document_id(4)]);
}

#[test]
fn codes_of_messages_and_versions_are_read_as_they_are_written() {
    for kind in MessageKind::ALL {
        assert_eq!(kind.code().parse(), Ok(kind));
    }
    assert!(MessageKind::ALL.map(MessageKind::verb).contains(&Some("plan appraise")));
    for version in MessageVersion::ALL {
        assert_eq!(version.code().parse(), Ok(version));
    }
    assert!("0508".parse::<MessageKind>().is_err() && "4.1.0".parse::<MessageVersion>().is_err());
}
