//! Which events outlive their record, and which make a document hold an object: both decide what destruction leaves.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{DAY, document_id, object, person, text_layer};
use crate::domain::case_file::Carriers;
use crate::domain::event::{
    ArchiveEvent, DestructionCounts, DocumentEvent, Event, FileEvent, ListEvent, OfficeEvent, PersonEvent,
};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DeputyshipId, DisposalListId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::text::{Format, MediaType};

fn taken_in() -> DocumentEvent {
    DocumentEvent::TakenIn {
        file: None,
        case: None,
        register: None,
        domain: ProtectionDomain::General,
        file_name: "antrag.pdf".to_owned(),
        received: DAY,
        original: object(1),
    }
}

#[test]
fn what_names_a_person_or_a_matter_goes_with_its_record_and_what_proves_the_destruction_stays() {
    let (list, copy) = (DisposalListId(Uuid::from_u128(7)), ArchiveCopyId(Uuid::from_u128(8)));
    let file = CaseFileId(Uuid::from_u128(9));
    let counts = DestructionCounts::default();
    let opened = FileEvent::Opened {
        reference: "63.10-1".parse().unwrap(),
        title: "Garage".to_owned(),
        class: "63.10".parse().unwrap(),
        record_type: None,
        domain: ProtectionDomain::General,
        on: DAY,
        fields: BTreeMap::new(),
        carriers: Carriers::default(),
    };
    let taken_over = ArchiveEvent::TakenOver {
        file,
        reference: "63.10-1".parse().unwrap(),
        title: "Garage".to_owned(),
        class: "63.10".parse().unwrap(),
        on: DAY,
        objects: Vec::new(),
    };
    let registered = PersonEvent::Registered { login: "voss".to_owned(), name: "Anna Voss".to_owned() };
    let ended = PersonEvent::DeputyshipEnded { id: DeputyshipId(Uuid::from_u128(5)), on: DAY };
    let rights = PersonEvent::RightsSet { roles: BTreeSet::new(), clearances: BTreeSet::new() };
    for (stays, event) in [
        (true, Event::Office(OfficeEvent::StreetsSet { source: String::new() })),
        (true, Event::List(list, ListEvent::Offered { on: DAY })),
        (true, Event::Person(person(1), rights)),
        (true, Event::Person(person(1), PersonEvent::DutiesSet { branches: BTreeSet::new() })),
        (true, Event::Person(person(1), PersonEvent::SigningKeyPublished { public: [0; 32] })),
        (false, Event::Person(person(1), registered)),
        (false, Event::Person(person(1), PersonEvent::SecretSet { sealed_key: Vec::new() })),
        (false, Event::Person(person(1), ended)),
        (true, Event::File(file, FileEvent::Condemned { list, on: DAY, documents: Vec::new(), counts })),
        (true, Event::File(file, FileEvent::Destroyed { list, on: DAY })),
        (false, Event::File(file, FileEvent::Transferred { list, copy, on: DAY })),
        (false, Event::File(file, opened)),
        (false, Event::Document(document_id(1), taken_in())),
        (false, Event::Archive(copy, taken_over)),
    ] {
        assert_eq!(event.outlives_its_record(), stays, "{event:?}");
    }
}

#[test]
fn every_event_with_an_object_makes_the_document_hold_it() {
    let format = Format::of(MediaType::Pdf);
    let newer = DocumentEvent::VersionAdded {
        file_name: "antrag-2.pdf".to_owned(),
        received: DAY,
        original: object(2),
    };
    let read = DocumentEvent::TextRead { format, rendition: text_layer(object(3)) };
    let given_up = DocumentEvent::ReadingGivenUp { format, reason: "Kennwort".to_owned() };
    let filed = DocumentEvent::Filed { file: CaseFileId(Uuid::from_u128(9)) };
    let held = |event: DocumentEvent| event.held().map(|object| object.size_bytes);
    assert_eq!([taken_in(), newer, read].map(held), [Some(1), Some(2), Some(3)]);
    assert_eq!([given_up, filed].map(held), [None, None]);
}
