//! What a disposal list promises by itself: undecided is never destroyed, and a list or signature that was touched
//! after signing is void. Here both can be tampered with; through the office's verbs they cannot.

mod common;

use std::sync::OnceLock;

use common::LONG_AGO;
use common::records::{DAY, file_in, list_id};
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use schriftgut::base::digest::Sha256;
use schriftgut::domain::actor::Role;
use schriftgut::domain::case_file::Phase;
use schriftgut::domain::disposal::{
    Cause, Decision, DisposalList, Ground, HeldElsewhere, Line, LineState, ListPolicy, Signature, SignedAs,
    signed_text,
};
use schriftgut::domain::document::{Document, HeldObject, TextState};
use schriftgut::domain::event::{FileEvent, ListEvent};
use schriftgut::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId, DocumentId, ObjectId, PersonId};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::retention::{Confirmations, RuleBook};
use schriftgut::domain::text::{Format, MediaType};
use schriftgut::format::{file_plan, rule_pack};
use schriftgut::keyring::person_key::{self, SigningIdentity};
use schriftgut::keyring::stretch::Cost;

struct Person {
    id: PersonId,
    identity: SigningIdentity,
}

impl Person {
    fn new(number: u128) -> Self {
        let (_, sealed) = SigningIdentity::create_at("ein-Kennwort", Cost::FOR_TESTS).unwrap();
        let identity = SigningIdentity::unlock(&sealed, "ein-Kennwort").unwrap();
        Self { id: PersonId(Uuid::from_u128(number)), identity }
    }

    fn sign(&self, list: &DisposalList, signed_as: SignedAs) -> Signature {
        let bytes = self.identity.sign(&signed_text(&list.digest(), signed_as));
        Signature { by: self.id, public: self.identity.public(), bytes }
    }
}

fn line(number: u128) -> Line {
    Line {
        file: CaseFileId(Uuid::from_u128(number)),
        cause: if number.is_multiple_of(2) {
            Cause::Early(Ground::Erasure)
        } else {
            Cause::Rule("BA-03".to_owned())
        },
        since: date(2021, 1, 1),
        proposal: None,
        criteria: Vec::new(),
        documents: vec![DocumentId(Uuid::from_u128(number + 100))],
        catalogue: None,
    }
}

fn offered(lines: u128) -> Vec<ListEvent> {
    let lines = (1..=lines).map(line).collect();
    vec![
        ListEvent::Created { on: DAY, edition: "nrw-kommunal 2026-1".to_owned(), lines },
        ListEvent::Offered { on: DAY },
    ]
}

fn appraised(lines: u128) -> Vec<ListEvent> {
    let decided = |number| ListEvent::LineAppraised {
        file: CaseFileId(Uuid::from_u128(number)),
        decision: Decision::Destroy,
        thinned: None,
    };
    offered(lines).into_iter().chain((1..=lines).map(decided)).collect()
}

fn signed(mut events: Vec<ListEvent>, people: &[Person; 3]) -> Vec<ListEvent> {
    let [proposer, first, second] = people;
    let replayed = |events: &[ListEvent]| DisposalList::replay(list_id(), events).unwrap();
    let list = replayed(&events);
    events.push(list.propose(DAY, proposer.sign(&list, SignedAs::Proposer)).unwrap());
    for (person, role) in [(first, Role::RecordsManager), (second, Role::Archivist)] {
        let list = replayed(&events);
        events.push(list.approve(DAY, role, person.sign(&list, SignedAs::Approver(role))).unwrap());
    }
    events
}

fn verifies(signature: &Signature, text: &[u8]) -> bool {
    person_key::verify(&signature.public, text, &signature.bytes)
}

const NO_GRACE: ListPolicy = ListPolicy { grace_days: 0, lines_without_third: usize::MAX };

fn is_approved(events: &[ListEvent]) -> bool {
    let list = DisposalList::replay(list_id(), events).unwrap();
    list.approved(NO_GRACE, DAY, &verifies).is_ok()
}

type Change<'a> = (&'a str, &'a dyn Fn(&mut Line));

#[test]
fn a_list_that_was_changed_after_signing_is_void() {
    let people = [Person::new(1), Person::new(2), Person::new(3)];
    let events = signed(appraised(3), &people);
    assert!(is_approved(&events));
    let change_line = |change: &dyn Fn(&mut Line)| {
        let mut events = events.clone();
        if let ListEvent::Created { lines, .. } = &mut events[0] {
            change(&mut lines[1]);
        }
        events
    };
    let stranger = DocumentId(Uuid::from_u128(4711));
    let changes: [Change<'_>; 6] = [
        ("another rule", &|line| line.cause = Cause::Rule("BA-04".to_owned())),
        ("before its time", &|line| line.cause = Cause::Early(Ground::Order)),
        ("another day", &|line| line.since = date(2020, 1, 1)),
        ("one document more", &|line| line.documents.push(stranger)),
        ("one document less", &|line| line.documents.clear()),
        ("another document", &|line| line.documents[0] = stranger),
    ];
    for (what, change) in changes {
        assert!(!is_approved(&change_line(change)), "{what}");
    }
    let mut other_edition = events.clone();
    if let ListEvent::Created { edition, .. } = &mut other_edition[0] {
        edition.push('x');
    }
    assert!(!is_approved(&other_edition));
    let mut line_more = events.clone();
    if let ListEvent::Created { lines, .. } = &mut line_more[0] {
        lines.push(line(4));
    }
    let decided = ListEvent::LineAppraised { file: line(4).file, decision: Decision::Destroy, thinned: None };
    line_more.insert(2, decided);
    assert!(!is_approved(&line_more), "a line more");
    let mut kept_line_destroyed = events.clone();
    kept_line_destroyed.push(ListEvent::LineAppraised {
        file: line(2).file,
        decision: Decision::Archive,
        thinned: None,
    });
    assert!(!is_approved(&kept_line_destroyed), "a line decided anew");
    let other_list = DisposalList::replay(DisposalListId(Uuid::from_u128(0x701)), &events).unwrap();
    assert!(other_list.approved(NO_GRACE, DAY, &verifies).is_err(), "signatures carried to another list");
}

#[test]
fn a_tampered_signature_is_void() {
    let people = [Person::new(1), Person::new(2), Person::new(3)];
    let events = signed(appraised(2), &people);
    let first_signature = events.len() - 3;
    for which in first_signature..events.len() {
        for byte in [0, 31, 32, 63] {
            let mut events = events.clone();
            if let ListEvent::Proposed { signature, .. } | ListEvent::Approved { signature, .. } =
                &mut events[which]
            {
                signature.bytes[byte] ^= 1;
            }
            assert!(!is_approved(&events), "signature {which}, byte {byte}");
        }
    }
    // A proposal is no approval: the proposer's signature shown again as an approval does not verify.
    let mut replayed = events.clone();
    let ListEvent::Proposed { signature, .. } = &events[first_signature] else { panic!("no proposal") };
    let mut borrowed = signature.clone();
    borrowed.by = people[2].id;
    replayed[first_signature + 2] =
        ListEvent::Approved { on: DAY, role: Role::Archivist, signature: borrowed };
    assert!(!is_approved(&replayed));
}

#[derive(Debug, Clone)]
enum Step {
    Appraise(u128, Decision),
    Transfer(u128),
    Propose,
    Approve(usize, Role),
    Obstruct(u128),
    Withdraw,
}

fn any_step() -> impl Strategy<Value = Step> {
    let decision = prop_oneof![3 => Just(Decision::Destroy), 1 => Just(Decision::Archive)];
    let role = prop_oneof![Just(Role::Archivist), Just(Role::RecordsManager)];
    prop_oneof![
        5 => (1_u128..=3, decision).prop_map(|(line, decision)| Step::Appraise(line, decision)),
        1 => (1_u128..=3).prop_map(Step::Transfer),
        3 => Just(Step::Propose),
        4 => (0_usize..3, role).prop_map(|(person, role)| Step::Approve(person, role)),
        1 => (1_u128..=3).prop_map(Step::Obstruct),
        1 => Just(Step::Withdraw),
    ]
}

#[test]
fn undecided_is_never_destroyed() {
    let warrants = std::cell::Cell::new(0);
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(decided in 0_u128..=3, steps in prop::collection::vec(any_step(), 0..40))| {
        let people = [Person::new(1), Person::new(2), Person::new(3)];
        let mut events = offered(3);
        events.extend(appraised(decided).into_iter().skip(2));
        for step in steps {
            let list = DisposalList::replay(list_id(), &events).unwrap();
            let file = |number| CaseFileId(Uuid::from_u128(number));
            let event = match step {
                Step::Appraise(number, decision) => list.appraise(file(number), decision),
                Step::Transfer(number) => list.transfer(file(number), ArchiveCopyId(Uuid::from_u128(number))),
                Step::Propose => list.propose(DAY, people[0].sign(&list, SignedAs::Proposer)),
                Step::Approve(person, role) => {
                    list.approve(DAY, role, people[person].sign(&list, SignedAs::Approver(role)))
                }
                Step::Obstruct(number) => Ok(ListEvent::LineObstructed { file: file(number), obstacle: "held".to_owned() }),
                Step::Withdraw => list.withdraw(DAY),
            };
            events.extend(event);
            let list = DisposalList::replay(list_id(), &events).unwrap();
            let Ok(approved) = list.approved(NO_GRACE, DAY, &verifies) else { continue };
            prop_assert_eq!(list.undecided().count(), 0);
            prop_assert_eq!(list.to_archive().count(), 0);
            let (book, confirmed) = rules();
            for (line, state) in list.lines.values() {
                let mut candidate = file_in(&[FileEvent::Closed { on: LONG_AGO }]);
                candidate.id = line.file;
                candidate.documents.clone_from(&line.documents);
                let documents: Vec<_> = line.documents.iter().map(|id| document(*id)).collect();
                let held = documents.iter().flat_map(|d| d.objects()).map(|object| (object.id, 0)).collect();
                let elsewhere = HeldElsewhere::counted(held);
                let warrant = approved.warrant(&candidate, &documents, book, confirmed, &elsewhere);
                warrants.set(warrants.get() + usize::from(warrant.is_ok()));
                prop_assert_eq!(warrant.is_ok(), *state == LineState::Decided(Decision::Destroy));
                // Only what goes before its time is not asked whether its time is over.
                let mut too_early = file_in(&[FileEvent::Closed { on: DAY }]);
                too_early.id = line.file;
                too_early.documents.clone_from(&line.documents);
                let early = approved.warrant(&too_early, &documents, book, confirmed, &elsewhere);
                let is_early = matches!(line.cause, Cause::Early(_));
                prop_assert_eq!(early.is_ok(), is_early && *state == LineState::Decided(Decision::Destroy));
                too_early.phase = Phase::Open;
                prop_assert!(approved.warrant(&too_early, &documents, book, confirmed, &elsewhere).is_err());
                // Nobody asked who else holds the objects: that is never "nobody".
                let unasked = approved.warrant(&candidate, &documents, book, confirmed, &HeldElsewhere::default());
                prop_assert!(unasked.is_err());
            }
        }
    });
    println!("{} warrants", warrants.get());
    assert!(warrants.get() > 20, "the walks hardly ever came to a warrant: {}", warrants.get());
}

fn rules() -> (&'static RuleBook, &'static Confirmations) {
    static RULES: OnceLock<(RuleBook, Confirmations)> = OnceLock::new();
    let (book, confirmed) = RULES.get_or_init(|| {
        let plan = file_plan::read("Aktenplan", file_plan::MODEL).unwrap();
        let book = rule_pack::read_book("Regelwerk", rule_pack::NRW_KOMMUNAL.rules, &plan).unwrap();
        let confirmed = Confirmations::all_of(&book);
        (book, confirmed)
    });
    (book, confirmed)
}

fn document(id: DocumentId) -> Document {
    Document {
        id,
        file: None,
        case: None,
        domain: ProtectionDomain::General,
        file_name: "antrag.txt".to_owned(),
        received: DAY,
        original: HeldObject {
            id: ObjectId(*blake3::hash(id.0.as_bytes()).as_bytes()),
            sha256: Sha256::of(&[b"x"]),
            size_bytes: 1,
            wrapped_key: Vec::new(),
        },
        format: Format::of(MediaType::PlainText),
        text: TextState::Unread,
        earlier: Vec::new(),
        earlier_texts: Vec::new(),
        register: None,
        withdrawn: None,
        made_of: Vec::new(),
        became: Vec::new(),
        contained_in: None,
        contents: Vec::new(),
        stays_inside: Vec::new(),
        unpacking: None,
        scan: None,
        stack: None,
        pages_expected: None,
    }
}
