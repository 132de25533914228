//! The life of a file and of a document: which commands each phase obeys, and that state is the sum of what happened.
//! The words of every answer are in `docs/life-cycle.md`.

use jiff::civil::date;
use uuid::Uuid;

use super::{DAY, document_id, file, object, person, text_layer};
use crate::domain::case_file::{Case, CaseFile, Fact, Hold, Note, Phase, Reminder};
use crate::domain::document::{Document, TextRendition, TextState};
use crate::domain::event::{DestructionCounts, DocumentEvent, FileEvent};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, CaseId, DisposalListId, HoldId, ReminderId};
use crate::domain::life_cycle::{Command, decide, german};
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;
use crate::domain::text::{Format, MediaType, Puid};

fn hold(number: u128) -> Hold {
    let reason = format!("Verfahren {number}");
    Hold { id: HoldId(Uuid::from_u128(number)), reason, since: DAY, review: None }
}

fn reminder(number: u128) -> Reminder {
    let text = format!("Frist {number}");
    Reminder { id: ReminderId(Uuid::from_u128(number)), whom: person(5), on: DAY, text }
}

fn fact(kind: &str) -> Fact {
    Fact { kind: kind.parse().unwrap(), on: DAY, source: "Anzeige".to_owned() }
}

fn note() -> Note {
    Note { by: person(5), on: DAY, text: "Anruf".to_owned() }
}

fn case() -> Case {
    Case { id: CaseId(Uuid::from_u128(4)), title: "Garage".to_owned(), opened: DAY }
}

fn in_phase(phase: Phase) -> CaseFile {
    CaseFile { phase, ..file() }
}

fn phases() -> [(char, CaseFile); 5] {
    [
        ('o', in_phase(Phase::Open)),
        ('c', in_phase(Phase::Closed { on: date(2013, 3, 14) })),
        ('t', in_phase(Phase::Transferred { on: date(2024, 5, 6) })),
        ('x', in_phase(Phase::Condemned { on: date(2025, 7, 8) })),
        ('d', in_phase(Phase::Destroyed { on: date(2025, 7, 9) })),
    ]
}

#[test]
fn each_phase_obeys_its_commands_and_no_other() {
    let description = file().description();
    let (on, reason) = (DAY, "verschrieben".to_owned());
    let commands = [
        ("o", Command::File(document_id(1))),
        ("o", Command::OpenCase(case())),
        ("o", Command::Close { on }),
        ("c", Command::Reopen { on }),
        ("oct", Command::Record(fact("demolished"))),
        ("", Command::Record(fact("closed"))),
        ("oc", Command::Describe { description, on, reason }),
        ("oct", Command::Note(note())),
        ("oct", Command::Remind(reminder(1))),
        ("oct", Command::Assign { to: Some(person(5)), on }),
        ("oct", Command::PlaceHold(hold(1))),
    ];
    for (obeyed, command) in commands {
        let by: String = phases()
            .iter()
            .filter(|(_, file)| decide(file, command.clone()).is_ok())
            .map(|(letter, _)| *letter)
            .collect();
        assert_eq!(by, obeyed, "{command:?}");
    }
}

#[test]
fn a_refusal_names_the_file_the_phase_and_its_day() {
    let whys = phases().map(|(_, file)| match decide(&file, Command::Reopen { on: DAY }) {
        Ok(_) => String::new(),
        Err(refusal) => {
            assert!(refusal.what.contains("63.10-1") && !refusal.way_out.is_empty(), "{refusal:?}");
            refusal.why
        }
    });
    let days = ["noch offen", "", "06.05.2024", "08.07.2025", "09.07.2025"];
    for (why, day) in whys.iter().zip(days) {
        assert!(why.contains(day), "{why}");
    }
}

#[test]
fn a_file_is_not_closed_before_it_was_opened_and_may_be_on_the_same_day() {
    let mut file = file();
    file.opened = date(2009, 1, 2);
    let close = |on| decide(&file, Command::Close { on });
    assert_eq!(close(date(2009, 1, 2)), Ok(FileEvent::Closed { on: date(2009, 1, 2) }));
    let refused = close(date(2009, 1, 1)).unwrap_err();
    assert!(refused.why.contains("01.01.2009") && refused.why.contains("02.01.2009"), "{refused}");
}

#[test]
fn only_a_hold_that_stands_is_released_and_only_a_reminder_that_is_out_is_finished() {
    let mut file = file();
    file.holds = vec![hold(1), hold(2)];
    file.reminders = vec![reminder(1), reminder(2)];
    let (hold_id, reminder_id) = (hold(2).id, reminder(2).id);
    let released = decide(&file, Command::ReleaseHold { id: hold_id, on: DAY });
    assert_eq!(released, Ok(FileEvent::HoldReleased { id: hold_id, on: DAY }));
    let finished = decide(&file, Command::FinishReminder { id: reminder_id, on: DAY });
    assert_eq!(finished, Ok(FileEvent::ReminderDone { id: reminder_id, on: DAY }));
    file.apply(&released.unwrap());
    file.apply(&finished.unwrap());
    assert_eq!((&file.holds, &file.reminders), (&vec![hold(1)], &vec![reminder(1)]));
    assert!(decide(&file, Command::ReleaseHold { id: hold_id, on: DAY }).is_err());
    assert!(decide(&file, Command::FinishReminder { id: reminder_id, on: DAY }).is_err());
}

fn opened() -> FileEvent {
    let file = file();
    FileEvent::Opened {
        reference: file.reference,
        title: file.title,
        class: file.class,
        record_type: file.record_type,
        domain: ProtectionDomain::Tax,
        on: date(2009, 1, 2),
        fields: [("street".to_owned(), "Ring".to_owned())].into(),
        carriers: file.carriers,
    }
}

#[test]
fn a_file_is_the_sum_of_what_happened_to_it() {
    let id = CaseFileId(Uuid::from_u128(1));
    let (list, on) = (DisposalListId(Uuid::from_u128(7)), DAY);
    let after = |events: &[FileEvent]| {
        CaseFile::replay(id, std::iter::once(opened()).chain(events.iter().cloned())).unwrap()
    };
    let fresh = after(&[]);
    assert_eq!(
        (fresh.opened, fresh.domain, fresh.phase.clone()),
        (date(2009, 1, 2), ProtectionDomain::Tax, Phase::Open)
    );
    assert_eq!(fresh.field("street"), "Ring");
    let closing = Fact { kind: "closed".parse().unwrap(), on, source: "Schlussverfügung".to_owned() };
    let closed = after(&[FileEvent::FactRecorded { fact: fact("demolished") }, FileEvent::Closed { on }]);
    assert_eq!((closed.phase, closed.facts), (Phase::Closed { on }, vec![fact("demolished"), closing]));
    let reopened = after(&[
        FileEvent::FactRecorded { fact: fact("demolished") },
        FileEvent::Closed { on },
        FileEvent::Reopened { on },
    ]);
    assert_eq!((reopened.phase, reopened.facts), (Phase::Open, vec![fact("demolished")]));
    let mut description = fresh.description();
    (description.title, description.class) = ("Carport".to_owned(), "63.20".parse().unwrap());
    description.fields.clear();
    let described = after(&[FileEvent::Described {
        description: description.clone(),
        on,
        reason: "verlesen".to_owned(),
    }]);
    assert_eq!(described.description(), description);
    let filled = after(&[
        FileEvent::CaseOpened { case: case() },
        FileEvent::DocumentFiled { document: document_id(3) },
        FileEvent::Noted { note: note() },
        FileEvent::ReminderSet { reminder: reminder(1) },
        FileEvent::Assigned { to: Some(person(5)), on },
        FileEvent::HoldPlaced { hold: hold(1) },
    ]);
    let expected = CaseFile {
        cases: vec![case()],
        documents: vec![document_id(3)],
        notes: vec![note()],
        reminders: vec![reminder(1)],
        responsible: Some(person(5)),
        holds: vec![hold(1)],
        ..fresh.clone()
    };
    assert_eq!(filled, expected);
    let counts = DestructionCounts::default();
    let copy = ArchiveCopyId(Uuid::from_u128(8));
    let phase = |event: FileEvent| after(&[event]).phase;
    assert_eq!(phase(FileEvent::Transferred { list, copy, on }), Phase::Transferred { on });
    assert_eq!(
        phase(FileEvent::Condemned { list, on, documents: Vec::new(), counts }),
        Phase::Condemned { on }
    );
    assert_eq!(phase(FileEvent::Destroyed { list, on }), Phase::Destroyed { on });
    assert_eq!(CaseFile::replay(id, [FileEvent::Closed { on }]), None, "nothing begins with its end");
    assert_eq!(CaseFile::replay(id, []), None);
}

#[test]
fn a_document_is_the_sum_of_what_happened_to_it_and_keeps_earlier_versions_whole() {
    let file_id = CaseFileId(Uuid::from_u128(9));
    let (received, format) = (DAY, Format::known(MediaType::Pdf, Puid::fmt(354)));
    let taken_in = DocumentEvent::TakenIn {
        file: None,
        case: None,
        register: None,
        domain: ProtectionDomain::Social,
        file_name: "antrag.pdf".to_owned(),
        received,
        original: object(1),
    };
    let after = |events: &[DocumentEvent]| {
        Document::replay(document_id(1), std::iter::once(&taken_in).chain(events)).unwrap()
    };
    let fresh = Document { domain: ProtectionDomain::Social, ..super::document(1, object(1)) };
    assert_eq!(after(&[]), fresh);
    assert_eq!(after(&[DocumentEvent::Filed { file: file_id }]).file, Some(file_id));
    let register: RegisterNumber = "50".parse().unwrap();
    let sorted =
        DocumentEvent::Sorted { register: Some(register.clone()), on: received, reason: String::new() };
    let taken_out = DocumentEvent::Sorted { register: None, on: received, reason: "unklar".to_owned() };
    let moved =
        |register| DocumentEvent::Refiled { file: file_id, register, on: received, reason: String::new() };
    assert_eq!(after(std::slice::from_ref(&sorted)).register, Some(register.clone()));
    assert_eq!(after(&[sorted.clone(), taken_out]).register, None);
    assert_eq!(after(&[sorted.clone(), moved(Some(register.clone()))]).register, Some(register));
    assert_eq!(after(&[sorted, moved(None)]).register, None, "who moves it says where it lies there");
    let read = DocumentEvent::TextRead { format, rendition: text_layer(object(2)) };
    let was_read = TextState::Read(text_layer(object(2)));
    let reread = |number, pages_read| {
        let rendition = TextRendition { pages_read, ..text_layer(object(number)) };
        DocumentEvent::TextRead { format, rendition }
    };
    let held = |document: &Document| document.objects().map(|object| object.size_bytes).collect::<Vec<_>>();
    let twice = after(&[reread(2, 3), reread(4, 5)]);
    assert_eq!((held(&twice), twice.readings()), (vec![1, 4, 2], 2), "both texts are the document's");
    assert_eq!(twice.reading(1).map(|reading| reading.pages_read), Some(3));
    assert_eq!(twice.reading(2).map(|reading| reading.pages_read), Some(5));
    assert_eq!((twice.reading(0), twice.reading(3)), (None, None));
    let same = after(&[reread(2, 3), reread(2, 4)]);
    assert_eq!((held(&same), same.readings()), (vec![1, 2], 1), "word for word the same is one text");
    assert_eq!(same.reading(1).map(|reading| reading.pages_read), Some(4), "and the last word on it counts");
    let back = after(&[reread(2, 3), reread(4, 5), reread(2, 3)]);
    assert_eq!((held(&back), back.readings()), (vec![1, 2, 4], 2));
    let newer = DocumentEvent::VersionAdded {
        file_name: "antrag-2.pdf".to_owned(),
        received: date(2026, 12, 1),
        original: object(3),
    };
    let of_the_older = after(&[reread(2, 3), reread(4, 5), newer.clone()]);
    assert_eq!((held(&of_the_older), of_the_older.readings()), (vec![3, 1, 4, 2], 0));
    let document = after(&[read.clone(), newer]);
    assert_eq!(
        (document.original, document.format, document.text),
        (object(3), Format::UNKNOWN, TextState::Unread)
    );
    assert_eq!((document.file_name.as_str(), document.received), ("antrag-2.pdf", date(2026, 12, 1)));
    let [earlier] = &document.earlier[..] else { panic!("one earlier version") };
    assert_eq!((&earlier.original, earlier.format, &earlier.text), (&object(1), format, &was_read));
    assert_eq!((earlier.file_name.as_str(), earlier.received), ("antrag.pdf", received));
    let reason = "Kennwort".to_owned();
    let given_up = after(&[DocumentEvent::ReadingGivenUp { format, reason: reason.clone() }]);
    assert_eq!((given_up.format, given_up.text), (format, TextState::GivenUp { reason }));
    assert_eq!(Document::replay(document_id(1), [&read]), None, "nothing is read before it came");
}

#[test]
fn a_day_is_written_as_germans_write_it() {
    assert_eq!(german(date(2026, 1, 2)), "02.01.2026");
    assert_eq!(german(date(987, 11, 30)), "30.11.0987");
}
