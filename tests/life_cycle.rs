//! What the life of a file promises: every phase answers every command, replay is state, three different people
//! stand behind a destruction, and a hold wins until it begins.

mod common;

use std::fmt::Write as _;
use std::path::Path;

use common::records::{DAY, file_in, list_id, opened};
use common::{LONG_AGO, Paper, SECRET, TestOffice, WITHDRAWN};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use schriftgut::domain::case_file::{CaseFile, Fact, Hold, Note, PaperLocation, Phase, Reminder};
use schriftgut::domain::disposal::{Decision, Obstacle};
use schriftgut::domain::event::FileEvent;
use schriftgut::domain::ids::{ArchiveCopyId, DocumentId, HoldId, PersonId, ReminderId};
use schriftgut::domain::life_cycle::{Command, decide};
use schriftgut::domain::paper::{Borrower, Loan};
use schriftgut::format::rule_pack;
use schriftgut::registry::Error;

fn hold() -> Hold {
    Hold {
        id: HoldId(Uuid::from_u128(9)),
        reason: "Verfahren 4 K 112/24".to_owned(),
        since: DAY,
        review: None,
    }
}

fn place() -> PaperLocation {
    PaperLocation { shelf: "R4".to_owned(), r#box: "K17".to_owned(), ..PaperLocation::default() }
}

fn placed() -> FileEvent {
    FileEvent::PaperPlaced { place: place(), on: DAY, reason: String::new() }
}

fn loan() -> Loan {
    let (to, by) = (Borrower::Named("Herr Kruse, Amt 30".to_owned()), PersonId(Uuid::from_u128(6)));
    Loan { to, since: DAY, until: Some(date(2026, 4, 14)), by }
}

/// A file in every phase, by the events that lead there.
fn phases() -> Vec<(&'static str, CaseFile)> {
    let closed = FileEvent::Closed { on: LONG_AGO };
    let copy = ArchiveCopyId(Uuid::from_u128(3));
    let transferred = FileEvent::Transferred { list: list_id(), copy, on: DAY };
    let counts = schriftgut::domain::event::DestructionCounts::default();
    let condemned = FileEvent::Condemned { list: list_id(), on: DAY, documents: Vec::new(), counts };
    let destroyed = FileEvent::Destroyed { list: list_id(), on: DAY };
    let lent = FileEvent::PaperLent { loan: loan() };
    let closed_only = std::slice::from_ref(&closed);
    vec![
        ("open", file_in(&[])),
        ("open, with paper", file_in(&[placed()])),
        ("closed", file_in(closed_only)),
        ("closed, held", file_in(&[closed.clone(), FileEvent::HoldPlaced { hold: hold() }])),
        ("closed, paper lent", file_in(&[closed.clone(), placed(), lent.clone()])),
        ("closed, restricted", {
            let (rule, edition) = ("ME-01".parse().unwrap(), "probe 1".parse().unwrap());
            let restricted = FileEvent::Restricted { from: DAY, rule, edition, on: DAY };
            file_in(&[closed.clone(), restricted])
        }),
        ("transferred", file_in(&[closed.clone(), transferred])),
        ("condemned", file_in(&[closed.clone(), condemned.clone()])),
        ("destroyed", file_in(&[closed, condemned, destroyed])),
    ]
}

fn commands() -> Vec<(&'static str, Command)> {
    let fact = |kind: &str| {
        Command::Record(Fact { kind: kind.parse().unwrap(), on: DAY, source: "Abbruchanzeige".to_owned() })
    };
    let note = Note { by: PersonId(Uuid::from_u128(6)), on: DAY, text: "Anruf".to_owned() };
    let reminder = Reminder {
        id: ReminderId(Uuid::from_u128(7)),
        whom: PersonId(Uuid::from_u128(6)),
        on: DAY,
        text: "Frist".to_owned(),
    };
    vec![
        ("add a document", Command::File(DocumentId(Uuid::from_u128(5)))),
        ("take over a document of another file", Command::TakeOver(DocumentId(Uuid::from_u128(5)))),
        ("give a document to another file", {
            let (document, to) =
                (DocumentId(Uuid::from_u128(5)), schriftgut::domain::ids::CaseFileId(Uuid::from_u128(8)));
            Command::GiveAway { document, to, on: DAY }
        }),
        ("relate it to another file", {
            let to = schriftgut::domain::ids::CaseFileId(Uuid::from_u128(8));
            Command::Relate { to, relation: schriftgut::domain::relation::Relation::Part, on: DAY }
        }),
        ("close", Command::Close { on: DAY }),
        ("close before it was opened", Command::Close { on: date(1999, 1, 1) }),
        ("reopen", Command::Reopen { on: DAY }),
        ("record a fact", fact("building_demolished")),
        ("record `closed` as a fact", fact("closed")),
        ("change what is said of it", {
            let description = file_in(&[]).description();
            Command::Describe { description, on: DAY, reason: "verschrieben".to_owned() }
        }),
        ("write a note", Command::Note(note)),
        ("have somebody reminded", Command::Remind(reminder.clone())),
        ("finish a reminder it does not have", Command::FinishReminder { id: reminder.id, on: DAY }),
        ("make nobody responsible", Command::Assign { to: None, on: DAY }),
        ("say where its paper stands", {
            Command::PlacePaper { place: place(), on: DAY, reason: "umgeräumt".to_owned() }
        }),
        ("lend its paper", Command::LendPaper(loan())),
        ("its paper comes back", Command::ReturnPaper { on: DAY }),
        ("state that all its paper was scanned", {
            Command::StatePaperScanned { by: PersonId(Uuid::from_u128(6)), on: DAY }
        }),
        ("restrict who reads it", {
            let (rule, edition) = ("ME-01".parse().unwrap(), "probe 1".parse().unwrap());
            Command::Restrict { from: DAY, rule, edition, on: DAY }
        }),
        ("lift its restriction", Command::LiftRestriction { on: DAY, reason: "Antrag".to_owned() }),
        ("place a hold", Command::PlaceHold(hold())),
        ("release a hold", Command::ReleaseHold { id: hold().id, on: DAY }),
    ]
}

fn phase_word(phase: &Phase) -> &'static str {
    match phase {
        Phase::Open => "open",
        Phase::Closed { .. } => "closed",
        Phase::Transferred { .. } => "transferred",
        Phase::Condemned { .. } => "condemned",
        Phase::Destroyed { .. } => "destroyed",
    }
}

fn answer(file: &CaseFile, command: Command) -> String {
    match decide(file, command) {
        Ok(event) => {
            let mut after = file.clone();
            after.apply(&event);
            let held = if after.holds.is_empty() { "" } else { ", held" };
            let lent = if after.loan.is_none() { "" } else { ", paper lent" };
            format!("→ {}{held}{lent}", phase_word(&after.phase))
        }
        Err(refusal) => format!("no: {}", refusal.why),
    }
}

fn table() -> String {
    let mut text = "# The life of a file\n\n\
        What every phase answers to every command. Written by `tests/life_cycle.rs` (set `UPDATE_DOCS=1` to write \
        it anew) and compared with the program on every run. `→` names the phase afterwards; `no` is a refusal, \
        in the words users read. Handing over, condemning and destroying are no commands: they follow from a \
        disposal list alone.\n"
        .to_owned();
    for (phase, file) in phases() {
        write!(text, "\n## {phase}\n\n| command | answer |\n|---|---|\n").unwrap();
        for (name, command) in commands() {
            writeln!(text, "| {name} | {} |", answer(&file, command)).unwrap();
        }
    }
    text
}

#[test]
fn the_documented_table_of_phases_and_commands_is_what_the_program_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/life-cycle.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, table()).unwrap();
    }
    let documented = std::fs::read_to_string(&path).unwrap();
    assert!(
        documented == table(),
        "docs/life-cycle.md is out of date: run with UPDATE_DOCS=1 and read the change"
    );
}

#[test]
fn after_the_point_of_no_return_no_command_is_obeyed() {
    for (phase, file) in phases() {
        if matches!(file.phase, Phase::Condemned { .. } | Phase::Destroyed { .. }) {
            for (name, command) in commands() {
                assert!(decide(&file, command).is_err(), "{phase}: {name}");
            }
        }
    }
}

fn any_command() -> impl Strategy<Value = Command> {
    (0_usize..11, 0_u128..4, 0_i8..28).prop_map(|(which, id, day)| {
        let on = date(2026, 1, 1 + day);
        let fact = |kind: &str| Fact { kind: kind.parse().unwrap(), on, source: "Vermerk".to_owned() };
        match which {
            0 | 1 => Command::File(DocumentId(Uuid::from_u128(id))),
            2 => Command::Close { on },
            3 => Command::Reopen { on },
            4 => Command::Record(fact("building_demolished")),
            5 => Command::Record(fact("closed")),
            6 => Command::PlaceHold(Hold {
                id: HoldId(Uuid::from_u128(id)),
                reason: "Verfahren".to_owned(),
                since: on,
                review: None,
            }),
            7 => Command::PlacePaper { place: place(), on, reason: String::new() },
            8 => Command::LendPaper(Loan { since: on, ..loan() }),
            9 => Command::ReturnPaper { on },
            _ => Command::ReleaseHold { id: HoldId(Uuid::from_u128(id)), on },
        }
    })
}

proptest! {
    #[test]
    fn replay_of_what_happened_is_the_state(commands in prop::collection::vec(any_command(), 0..40)) {
        let mut events = vec![opened()];
        let mut file = file_in(&[]);
        for command in commands {
            let before = file.clone();
            match decide(&file, command.clone()) {
                Ok(event) => {
                    file.apply(&event);
                    events.push(event);
                    // Only an open file takes documents, and only a closed one has a closing day.
                    if matches!(command, Command::File(_)) {
                        prop_assert_eq!(&before.phase, &Phase::Open);
                    }
                    // Only paper that is there is lent, and once.
                    if matches!(command, Command::LendPaper(_)) {
                        prop_assert!(before.carriers.paper.is_some() && before.loan.is_none());
                    }
                    prop_assert_eq!(file.fact("closed").is_some(), matches!(file.phase, Phase::Closed { .. }));
                }
                Err(_) => prop_assert_eq!(&before, &file),
            }
        }
        prop_assert_eq!(CaseFile::replay(file.id, events), Some(file));
    }
}

// The same promises, kept by the whole office.

#[test]
fn three_different_people_one_of_the_archive_stand_behind_every_destruction() {
    let office = TestOffice::demo();
    let logins = ["archiv", "voss", "tamm", "beides"];
    let signers = logins.map(|login| office.signer(login));
    let (mut executed, mut refused) = (0, 0);
    office.due_file("A-0", "Der Bauantrag wurde zurückgenommen.");
    for proposer in 0..4 {
        for first in 0..4 {
            for second in 0..4 {
                let list = office.offered_list();
                office.appraise_all(list);
                let today = office.today();
                let registry = office.registry();
                let _ = registry.propose_list(&signers[proposer], list, today);
                let _ = registry.approve_list(&signers[first], list, today);
                let _ = registry.approve_list(&signers[second], list, today);
                let three = proposer != first && first != second && proposer != second;
                let may_propose = logins[proposer] != "archiv";
                let archive = [first, second].iter().any(|n| matches!(logins[*n], "archiv" | "beides"));
                let outcome = office.execute(list);
                let who = (logins[proposer], logins[first], logins[second]);
                assert_eq!(outcome.is_ok(), three && may_propose && archive, "{who:?}: {outcome:?}");
                if outcome.is_ok() {
                    executed += 1;
                    assert!(office.is_gone(&format!("A-{}", executed - 1)));
                    office.due_file(
                        &format!("A-{executed}"),
                        &format!("Der Antrag {executed} wurde zurückgenommen."),
                    );
                } else {
                    refused += 1;
                    assert!(!office.is_gone(&format!("A-{executed}")));
                    let manager = office.manager.as_records_manager().unwrap();
                    registry.withdraw_list(manager, list, today).unwrap();
                }
            }
        }
    }
    // Of 64: three may propose, each with 6 ordered pairs of the others, of which two lack an archivist.
    assert_eq!((executed, refused), (16, 48));
}

#[test]
fn a_hold_wins_at_every_moment_before_execution() {
    let office = TestOffice::demo();
    let text = |number: usize| format!("Antrag {number} auf Errichtung einer Garage, zurückgenommen.");
    let ids: Vec<_> = (0..8).map(|n| office.due_file(&format!("H-{n}"), &text(n))).collect();
    let today = office.today();
    let hold = |n: usize| office.hold(&format!("H-{n}"), "Verfahren 4 K 112/24");
    hold(1); // before there is a list
    let manager = office.manager.as_records_manager().unwrap();
    let list = office.registry().create_list(manager, None, today).unwrap();
    hold(2);
    office.registry().offer_list(manager, list, today).unwrap();
    hold(3);
    office.appraise_all(list);
    hold(4);
    office.registry().propose_list(&office.signer("voss"), list, today).unwrap();
    hold(5);
    office.registry().approve_list(&office.signer("tamm"), list, today).unwrap();
    hold(6);
    office.registry().approve_list(&office.signer("archiv"), list, today).unwrap();
    hold(7);
    assert_eq!(office.files_on(list).len(), 7, "what is held is not even listed");
    let executed = office.execute(list).unwrap();
    assert_eq!((executed.files, executed.spared.len()), (1, 6));
    assert!(
        executed.spared.iter().all(|spared| matches!(spared.obstacle, Obstacle::Held(_))),
        "{executed:?}"
    );
    assert!(office.is_gone("H-0"));
    for (n, id) in ids.iter().enumerate().skip(1) {
        assert!(!office.is_gone(&format!("H-{n}")));
        assert_eq!(office.get(*id).unwrap(), text(n).as_bytes());
    }
    // Spared lines are free again: without the hold they come on the next list.
    let reader = office.manager.as_reader().unwrap();
    for order in office.registry().holds(reader, None).unwrap() {
        office.registry().release_hold(manager, order.hold.id, &[]).unwrap();
    }
    assert_eq!(office.destroy_what_is_due().files, 7);
}

#[test]
fn a_file_that_changed_after_approval_is_spared_with_the_reason() {
    let office = TestOffice::demo();
    for name in ["stays", "added", "reopened", "held", "same"] {
        office.due_file(name, &format!("Akte {name}"));
    }
    let list = office.signed_list();
    let clerk = office.manager.as_clerk().unwrap();
    for name in ["added", "reopened", "same"] {
        office.registry().reopen(clerk, name, office.today()).unwrap();
    }
    let added = office.ingest_text("added", WITHDRAWN, "nachtrag.txt", "Nachtrag");
    office.close("added", LONG_AGO);
    office.close("same", LONG_AGO);
    office.hold("held", "Petition");
    let executed = office.execute(list).unwrap();
    let mut spared: Vec<_> = executed
        .spared
        .iter()
        .map(|spared| (spared.reference.clone().unwrap(), spared.obstacle.code()))
        .collect();
    spared.sort();
    let expected = [("added", "changed"), ("held", "held"), ("reopened", "changed")];
    assert_eq!(spared, expected.map(|(file, code)| (file.to_owned(), code)));
    assert!(office.is_gone("stays") && office.is_gone("same"));
    assert_eq!(office.get(added).unwrap(), b"Nachtrag");
}

#[test]
fn a_rule_that_no_longer_makes_it_due_or_is_unconfirmed_is_an_obstacle() {
    let office = TestOffice::demo();
    office.due_file("R-1", "Antrag");
    let manager = office.manager.as_records_manager().unwrap();
    let pack = |edition: &str, years: &str| {
        rule_pack::NRW_KOMMUNAL
            .rules
            .replace("nrw-kommunal 2026-1", edition)
            .replace("period = \"10 years\", ends = \"end_of_year\" }]\ndisposition = \"V\"\npaper = \"after_scan_check\"", &format!("period = \"{years}\", ends = \"end_of_year\" }}]\ndisposition = \"V\"\npaper = \"after_scan_check\""))
    };
    let spared = |list| match office.execute(list) {
        Err(Error::Refusal(refusal)) => refusal.why,
        other => panic!("expected a refusal, got {other:?}"),
    };
    let enact = |edition: &str, years: &str| {
        office.registry().propose_rules(manager, pack(edition, years)).unwrap();
        office.registry().enact_rules(office.archivist.as_rule_enactor().unwrap(), edition).unwrap();
    };
    // Longer, and confirmed: not due.
    let list = office.signed_list();
    enact("nrw-kommunal 2026-2", "90 years");
    office.registry().confirm_rules(manager, &[]).unwrap();
    assert!(spared(list).contains("nicht fällig"));
    // As before, but nobody has confirmed the edition: not due either.
    enact("nrw-kommunal 2026-3", "10 years");
    assert!(office.registry().create_list(manager, None, office.today()).is_err());
    office.registry().confirm_rules(manager, &[]).unwrap();
    let list = office.signed_list();
    enact("nrw-kommunal 2026-4", "10 years");
    assert!(spared(list).contains("nicht fällig"));
    assert!(!office.is_gone("R-1"));
}

#[test]
fn thirty_days_of_grace_and_ninety_days_of_approval() {
    let office = TestOffice::with_grace();
    let id = office.due_file("G-1", "Antrag auf eine Gaube");
    let today = office.today();
    let on = |days: i32| today.checked_add(days.days()).unwrap();
    let list = office.signed_list();
    for days in [-1, 0, 1, 29, 91, 400] {
        assert!(matches!(office.execute_on(list, on(days)), Err(Error::Refusal(_))), "day {days}");
        assert_eq!(office.get(id).unwrap(), b"Antrag auf eine Gaube");
    }
    let executed = office.execute_on(list, on(30)).unwrap();
    assert_eq!(executed.files, 1);
    assert!(office.is_gone("G-1"));
    let verdict =
        schriftgut::registry::verify_proof(&office.certificate(list), &office.registry().verifier_key());
    assert_eq!(verdict.unwrap().destroyed, Some(1));
    // The last day an approval is good for.
    office.due_file("G-2", "Antrag auf einen Zaun");
    let list = office.signed_list();
    assert_eq!(office.execute_on(list, on(90)).unwrap().files, 1);
}

#[test]
fn the_grace_runs_from_the_latest_signature() {
    let office = TestOffice::with_grace();
    office.due_file("G-3", "Antrag auf einen Wintergarten");
    let today = office.today();
    let on = |days: i32| today.checked_add(days.days()).unwrap();
    let list = office.offered_list();
    office.appraise_all(list);
    office.registry().propose_list(&office.signer("voss"), list, today).unwrap();
    office.registry().approve_list(&office.signer("tamm"), list, on(10)).unwrap();
    office.registry().approve_list(&office.signer("archiv"), list, on(5)).unwrap();
    assert!(office.execute_on(list, on(39)).is_err());
    assert_eq!(office.execute_on(list, on(40)).unwrap().files, 1);
}

#[test]
fn an_undecided_line_blocks_the_whole_list() {
    let office = TestOffice::demo();
    office.due_file("U-1", "eins");
    office.due_file("U-2", "zwei");
    let list = office.offered_list();
    let file = office.file_id("U-1");
    let archivist = office.archivist.as_archivist().unwrap();
    office.registry().appraise(archivist, list, file, Decision::Destroy, "").unwrap();
    let signer = office.signer("voss");
    let refused = office.registry().propose_list(&signer, list, office.today());
    assert!(matches!(refused, Err(Error::Refusal(_))), "{refused:?}");
    assert!(office.execute(list).is_err());
    assert!(!office.is_gone("U-1") && !office.is_gone("U-2"));
}

#[test]
fn a_secret_somebody_else_gave_out_signs_nothing() {
    let office = TestOffice::demo();
    office.due_file("S-1", "eins");
    let list = office.offered_list();
    office.appraise_all(list);
    let operator = office.registry().person(common::OPERATOR).unwrap();
    office.registry().set_secret(&operator, "tamm", SECRET).unwrap();
    let today = office.today();
    office.registry().propose_list(&office.signer("voss"), list, today).unwrap();
    let refused = office.registry().approve_list(&office.signer("tamm"), list, today);
    assert!(matches!(refused, Err(Error::Refusal(_))), "{refused:?}");
}

#[test]
fn what_lies_in_the_in_tray_is_never_due() {
    let office = TestOffice::demo();
    let paper = Paper { reference: None, ..Paper::new("", WITHDRAWN, "brief.txt", "Posteingang") };
    let id = office.take_in(paper);
    office.due_file("I-1", "eins");
    assert_eq!(office.destroy_what_is_due().files, 1);
    assert_eq!(office.get(id).unwrap(), b"Posteingang");
}
