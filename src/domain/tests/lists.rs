//! A disposal list from collecting to execution: who decides when, and what an execution needs.

use jiff::ToSpan;
use uuid::Uuid;

use super::{DAY, document_id, person, sign, verifies};
use crate::domain::actor::Role;
use crate::domain::disposal::{
    Cause, Decision, DisposalList, LINES_MAX, Line, LineState, ListPolicy, SignedAs, Stage, signed_text,
};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId};
use crate::domain::refusal::Refusal;

pub(super) fn file_id(number: u128) -> CaseFileId {
    CaseFileId(Uuid::from_u128(number))
}

pub(super) fn line(number: u128) -> Line {
    Line {
        file: file_id(number),
        cause: Cause::Rule("BA-03".to_owned()),
        since: jiff::civil::date(2021, 1, 1),
        proposal: None,
        criteria: Vec::new(),
        documents: vec![document_id(number + 100)],
        catalogue: None,
    }
}

fn id() -> DisposalListId {
    DisposalListId(Uuid::from_u128(7))
}

fn copy() -> ArchiveCopyId {
    ArchiveCopyId(Uuid::from_u128(8))
}

/// A list and the events that made it.
pub(super) struct Walk(Vec<ListEvent>);

impl Walk {
    pub(super) fn begun(lines: u128) -> Self {
        let lines = (1..=lines).map(line).collect();
        Self(vec![DisposalList::collect(lines, "probe 1".to_owned(), DAY).unwrap()])
    }

    pub(super) fn of(created: ListEvent) -> Self {
        Self(vec![created])
    }

    pub(super) fn list(&self) -> DisposalList {
        DisposalList::replay(id(), &self.0).unwrap()
    }

    pub(super) fn then(mut self, verb: impl FnOnce(&DisposalList) -> Result<ListEvent, Refusal>) -> Self {
        let event = verb(&self.list()).unwrap();
        self.0.push(event);
        self
    }

    pub(super) fn happened(mut self, event: ListEvent) -> Self {
        self.0.push(event);
        self
    }

    /// Offered, and every line decided so.
    pub(super) fn decided(lines: u128, decision: Decision) -> Self {
        let offered = Self::begun(lines).then(|list| list.offer(DAY));
        (1..=lines).fold(offered, |walk, n| walk.then(|list| list.appraise(file_id(n), decision)))
    }

    pub(super) fn proposed(self, by: u128) -> Self {
        let signature =
            |list: &DisposalList| sign(person(by), &signed_text(&list.digest(), SignedAs::Proposer));
        self.then(|list| list.propose(DAY, signature(list)))
    }

    pub(super) fn approved(self, by: u128, role: Role) -> Self {
        let text = |list: &DisposalList| signed_text(&list.digest(), SignedAs::Approver(role));
        self.then(|list| list.approve(DAY, role, sign(person(by), &text(list))))
    }

    /// Everything there must be for the given number of lines that are to go.
    pub(super) fn signed(lines: u128) -> Self {
        let proposed = Self::decided(lines, Decision::Destroy).proposed(1);
        proposed.approved(2, Role::RecordsManager).approved(3, Role::Archivist)
    }
}

const POLICY: ListPolicy = ListPolicy { grace_days: 30, lines_without_third: 3 };

/// What an execution so many days later answers; empty if it may begin.
fn why_not(list: &DisposalList, days: i32) -> String {
    let on = DAY.checked_add(days.days()).unwrap();
    list.approved(POLICY, on, &verifies).err().map(|refusal| refusal.why).unwrap_or_default()
}

#[test]
fn a_list_is_made_of_what_is_due_and_has_an_end() {
    let collect = |count: usize| {
        let lines = (0..count).map(|number| line(number as u128)).collect();
        DisposalList::collect(lines, "probe 1".to_owned(), DAY)
    };
    assert!(collect(0).unwrap_err().why.contains("22.11.2026"));
    assert!(collect(1).is_ok() && collect(LINES_MAX).is_ok());
    assert!(collect(LINES_MAX + 1).unwrap_err().why.contains("10001"));
    assert_eq!(DisposalList::replay(id(), &[ListEvent::Offered { on: DAY }]), None);
}

#[test]
fn the_archive_decides_between_the_offer_and_the_proposal_and_may_change_its_mind() {
    let draft = Walk::begun(2);
    assert!(draft.list().appraise(file_id(1), Decision::Destroy).is_err());
    let offered = draft.then(|list| list.offer(DAY));
    assert!(offered.list().offer(DAY).is_err(), "offered once");
    assert!(offered.list().appraise(file_id(3), Decision::Destroy).is_err(), "not on the list");
    assert_eq!(offered.list().undecided().count(), 2);
    let changed = offered
        .then(|list| list.appraise(file_id(1), Decision::Archive))
        .then(|list| list.appraise(file_id(1), Decision::Destroy))
        .then(|list| list.appraise(file_id(2), Decision::Destroy));
    let list = changed.list();
    let to_destroy: Vec<_> = list.to_destroy().map(|line| line.file).collect();
    assert_eq!(to_destroy, [file_id(1), file_id(2)]);
    assert_eq!((list.undecided().count(), list.to_archive().count()), (0, 0));
    let proposed = changed.proposed(1);
    assert!(proposed.list().appraise(file_id(1), Decision::Archive).is_err(), "what was signed is frozen");
}

#[test]
fn only_what_the_archive_keeps_is_handed_over_and_that_is_not_decided_again() {
    let walk = Walk::decided(2, Decision::Archive).then(|list| list.appraise(file_id(2), Decision::Destroy));
    assert!(walk.list().transfer(file_id(2), copy()).is_err());
    assert!(walk.list().transfer(file_id(3), copy()).is_err());
    let handed_over = walk.then(|list| list.transfer(file_id(1), copy()));
    assert_eq!(handed_over.list().lines[&file_id(1)].1, LineState::Transferred(copy()));
    assert!(handed_over.list().appraise(file_id(1), Decision::Destroy).is_err());
    let withdrawn = Walk::decided(1, Decision::Archive).then(|list| list.withdraw(DAY));
    assert!(withdrawn.list().transfer(file_id(1), copy()).is_err(), "the list is over");
}

#[test]
fn nothing_is_proposed_while_a_line_is_undecided_or_a_copy_is_missing_or_nothing_is_to_go() {
    let why = |walk: &Walk| walk.list().require_proposable().err().map(|refusal| refusal.why);
    let draft = Walk::begun(2);
    assert_eq!(why(&draft).as_deref(), Some("die Liste ist ein Entwurf"));
    let offered = draft.then(|list| list.offer(DAY));
    assert_eq!(why(&offered).as_deref(), Some("2 Zeilen sind noch nicht bewertet"));
    let kept = offered
        .then(|list| list.appraise(file_id(1), Decision::Archive))
        .then(|list| list.appraise(file_id(2), Decision::Archive));
    assert_eq!(why(&kept).as_deref(), Some("2 Archivexemplare sind noch nicht übernommen"));
    let nothing_goes =
        kept.then(|list| list.transfer(file_id(1), copy())).then(|list| list.transfer(file_id(2), copy()));
    assert_eq!(why(&nothing_goes).as_deref(), Some("keine Zeile ist zur Vernichtung freigegeben"));
    let signature = sign(person(1), &[]);
    assert!(nothing_goes.list().propose(DAY, signature).is_err());
    assert_eq!(why(&Walk::decided(1, Decision::Destroy)), None);
}

#[test]
fn nobody_signs_a_list_twice_and_a_list_that_was_not_proposed_is_not_approved() {
    let approve = |walk: &Walk, by: u128| walk.list().approve(DAY, Role::Archivist, sign(person(by), &[]));
    let decided = Walk::decided(1, Decision::Destroy);
    assert!(approve(&decided, 2).is_err());
    let proposed = decided.proposed(1);
    assert!(approve(&proposed, 1).is_err(), "the proposer");
    let once = proposed.approved(2, Role::RecordsManager);
    assert!(approve(&once, 2).is_err(), "an approver");
    assert!(approve(&once, 3).is_ok());
    let list = once.list();
    let who: Vec<_> =
        list.signatures().into_iter().map(|(as_what, signature)| (as_what, signature.by)).collect();
    assert_eq!(who, [(SignedAs::Proposer, person(1)), (SignedAs::Approver(Role::RecordsManager), person(2))]);
    assert!(Walk::begun(1).list().signatures().is_empty());
}

#[test]
fn an_execution_waits_for_the_grace_and_comes_too_late_after_ninety_days() {
    let list = Walk::signed(2).list();
    for (days, expected) in [
        (-1, "die Karenz von 30 Tagen läuft seit 22.11.2026"),
        (0, "die Karenz von 30 Tagen läuft seit 22.11.2026"),
        (29, "die Karenz von 30 Tagen läuft seit 22.11.2026"),
        (30, ""),
        (90, ""),
        (91, "die Freigaben sind älter als 90 Tage"),
    ] {
        assert_eq!(why_not(&list, days), expected, "day {days}");
    }
}

#[test]
fn the_grace_runs_from_the_latest_signature_in_whatever_order_they_came() {
    let day = |days: i32| DAY.checked_add(days.days()).unwrap();
    let text = |list: &DisposalList, role| signed_text(&list.digest(), SignedAs::Approver(role));
    let approve = |walk: Walk, by: u128, role, on| {
        walk.then(|list| list.approve(day(on), role, sign(person(by), &text(list, role))))
    };
    let proposed = Walk::decided(1, Decision::Destroy).proposed(1);
    let first = approve(proposed, 2, Role::RecordsManager, 10);
    let list = approve(first, 3, Role::Archivist, 5).list();
    assert!(why_not(&list, 39).starts_with("die Karenz"));
    assert_eq!(why_not(&list, 40), "");
}

#[test]
fn two_others_approve_one_of_them_of_the_archive_and_a_third_if_much_goes() {
    let proposed = |lines| Walk::decided(lines, Decision::Destroy).proposed(1);
    let why = |walk: Walk| why_not(&walk.list(), 30);
    let archivist = Role::Archivist;
    assert_eq!(why(proposed(1)), "0 von 2 Freigaben verschiedener Personen liegen vor");
    assert_eq!(
        why(proposed(1).approved(2, archivist)),
        "1 von 2 Freigaben verschiedener Personen liegen vor"
    );
    let without_archive = proposed(1).approved(2, Role::RecordsManager).approved(3, Role::RecordsManager);
    assert_eq!(why(without_archive), "das Archiv hat nicht freigegeben");
    assert_eq!(why(Walk::signed(3)), "");
    assert_eq!(why(Walk::signed(4)), "2 von 3 Freigaben verschiedener Personen liegen vor");
    assert_eq!(why(Walk::signed(4).approved(4, Role::RecordsManager)), "");
    assert_eq!(
        why(Walk::decided(1, Decision::Destroy)),
        "die Liste wurde dem Archiv am 22.11.2026 angeboten"
    );
}

#[test]
fn what_large_is_depends_on_the_town_and_small_registries_can_work() {
    let without_third = |files| ListPolicy::of(14, files).lines_without_third;
    let table = [(0, 20), (1_999, 20), (2_100, 21), (49_900, 499), (50_000, 500), (200_000, 500)];
    for (files, lines) in table {
        assert_eq!(without_third(files), lines, "{files} files");
    }
    assert_eq!(ListPolicy::of(14, 0).grace_days, 14);
}

#[test]
fn a_line_that_is_undecided_again_or_a_signature_that_does_not_hold_stops_an_execution() {
    let archive = ListEvent::LineAppraised { file: file_id(1), decision: Decision::Archive, thinned: None };
    let kept = Walk::signed(2).happened(archive).list();
    assert_eq!(why_not(&kept, 30), "nicht jede Zeile ist entschieden und erledigt");
    let mut undecided = Walk::signed(2).list();
    undecided.lines.get_mut(&file_id(2)).unwrap().1 = LineState::Undecided;
    assert_eq!(why_not(&undecided, 30), "nicht jede Zeile ist entschieden und erledigt");
    let list = Walk::signed(2).list();
    for who in 1..=3 {
        let on = DAY.checked_add(30.days()).unwrap();
        let all_but_one = list.approved(POLICY, on, &|signature, text| {
            signature.by != person(who) && verifies(signature, text)
        });
        assert!(all_but_one.unwrap_err().why.starts_with("eine Unterschrift passt nicht"), "person {who}");
    }
}

#[test]
fn every_part_of_what_is_signed_changes_its_digest_and_no_two_parts_run_together() {
    let digest = |list: &DisposalList| list.digest();
    let signed = Walk::decided(2, Decision::Destroy).list();
    type Change = (&'static str, fn(&mut DisposalList));
    let changes: [Change; 8] = [
        ("another list", |list| list.id = DisposalListId(Uuid::from_u128(70))),
        ("another edition", |list| list.edition.push('x')),
        ("another rule", |list| {
            list.lines.get_mut(&file_id(2)).unwrap().0.cause = Cause::Rule("BA-04".to_owned())
        }),
        ("another day", |list| list.lines.get_mut(&file_id(2)).unwrap().0.since = DAY),
        ("another document", |list| list.lines.get_mut(&file_id(2)).unwrap().0.documents[0] = document_id(1)),
        ("a document less", |list| list.lines.get_mut(&file_id(2)).unwrap().0.documents.clear()),
        ("a line less", |list| drop(list.lines.remove(&file_id(2)))),
        ("another decision", |list| {
            list.lines.get_mut(&file_id(2)).unwrap().1 = LineState::Decided(Decision::Archive);
        }),
    ];
    for (what, change) in changes {
        let mut changed = signed.clone();
        change(&mut changed);
        assert_ne!(digest(&changed), digest(&signed), "{what}");
    }
    let mut shifted = signed.clone();
    let [first, second] = [file_id(1), file_id(2)];
    let moved = shifted.lines.get_mut(&first).unwrap().0.documents.pop().unwrap();
    shifted.lines.get_mut(&second).unwrap().0.documents.insert(0, moved);
    assert_ne!(digest(&shifted), digest(&signed), "a document moved to the next line");
    let mut done = signed.clone();
    done.lines.get_mut(&first).unwrap().1 = LineState::Obstructed("held".to_owned());
    assert_eq!(digest(&done), digest(&signed), "what becomes of a line afterwards was not signed");
    let text = |signed_as| String::from_utf8(signed_text(&signed.digest(), signed_as)).unwrap();
    assert_eq!(
        text(SignedAs::Proposer),
        format!("schriftgut disposal list 1\npropose\n{}\n", signed.digest())
    );
    assert!(text(SignedAs::Approver(Role::Archivist)).contains("\napprove\n"));
}

#[test]
fn a_list_binds_its_files_until_it_is_withdrawn_or_executed_and_is_not_withdrawn_twice() {
    let certificate = crate::base::digest::Sha256([1; 32]);
    let executed = Walk::signed(1).happened(ListEvent::Executed { on: DAY, certificate });
    let withdrawn = Walk::begun(1).then(|list| list.withdraw(DAY));
    for (walk, is_running, words) in [
        (Walk::begun(1), true, "die Liste ist ein Entwurf"),
        (Walk::decided(1, Decision::Destroy), true, "die Liste wurde dem Archiv am 22.11.2026 angeboten"),
        (Walk::signed(1), true, "die Vernichtung ist vorgeschlagen, 2 Freigaben liegen vor"),
        (withdrawn, false, "die Liste wurde am 22.11.2026 zurückgezogen"),
        (executed, false, "die Liste wurde am 22.11.2026 ausgeführt"),
    ] {
        let list = walk.list();
        assert_eq!((list.is_running(), list.stage_in_words().as_str()), (is_running, words));
        assert_eq!(list.withdraw(DAY).is_ok(), is_running, "{words}");
    }
}

#[test]
fn what_happens_to_a_list_out_of_turn_leaves_it_as_it_is() {
    let signature = sign(person(2), &[]);
    let early = Walk::begun(1).happened(ListEvent::Approved { on: DAY, role: Role::Archivist, signature });
    assert_eq!(early.list().stage, Stage::Draft);
    let elsewhere = ListEvent::LineAppraised { file: file_id(9), decision: Decision::Destroy, thinned: None };
    assert_eq!(Walk::begun(1).happened(elsewhere).list(), Walk::begun(1).list());
    let obstacle = "held".to_owned();
    let spared = Walk::signed(2).happened(ListEvent::LineObstructed { file: file_id(1), obstacle }).list();
    assert_eq!(spared.to_destroy().map(|line| line.file).collect::<Vec<_>>(), [file_id(2)]);
}
