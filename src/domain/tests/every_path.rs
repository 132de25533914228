//! Every path there is: all orders of all acts on a list of one file, by four people, over the days that matter, until no new
//! state comes. Nothing is drawn by chance. Beside each state stands what really happened, kept by a clerk who knows
//! nothing of lists: a warrant may come only if that permits it, and does come whenever it does.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::lists::{file_id, line};
use super::{DAY, document, file, object, person, sign, verifies};
use crate::domain::actor::Role;
use crate::domain::case_file::{CaseFile, Hold, Phase};
use crate::domain::disposal::{
    Decision, DisposalList, HeldElsewhere, ListPolicy, Obstacle, SignedAs, signed_text,
};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, DisposalListId, HoldId, PersonId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::retention::testing::{pack, plan, rule, years};
use crate::domain::retention::{Confirmations, RuleBook};

const GRACE_DAYS: u16 = 2;
/// Days after the first that something may happen on: around the end of the grace and of what an approval is good for.
const DAYS: [i64; 8] = [0, 1, 2, 3, 89, 90, 92, 93];

/// Who acts, and in which role each signs.
const PEOPLE: [(u128, Role); 4] =
    [(1, Role::RecordsManager), (2, Role::RecordsManager), (3, Role::Archivist), (4, Role::Archivist)];

#[derive(Debug, Clone, Copy)]
enum Act {
    Offer,
    Appraise(Decision),
    Transfer,
    Propose(usize),
    Approve(usize),
    Withdraw,
    Hold,
    Release,
    /// The next of the days that matter.
    Wait,
}

const ACTS: [Act; 16] = [
    Act::Offer,
    Act::Appraise(Decision::Archive),
    Act::Appraise(Decision::Destroy),
    Act::Transfer,
    Act::Propose(0),
    Act::Propose(1),
    Act::Propose(2),
    Act::Propose(3),
    Act::Approve(0),
    Act::Approve(1),
    Act::Approve(2),
    Act::Approve(3),
    Act::Withdraw,
    Act::Hold,
    Act::Release,
    Act::Wait,
];

/// What happened, as somebody writes down who only watches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Chronicle {
    offered: bool,
    archive_said: Option<bool>,
    proposer: Option<PersonId>,
    approvers: BTreeSet<PersonId>,
    archivist_approved: bool,
    last_signed: Option<Date>,
    withdrawn: bool,
    held: bool,
}

#[derive(Debug, Clone)]
struct State {
    list: DisposalList,
    file: CaseFile,
    day: usize,
    chronicle: Chronicle,
}

impl State {
    fn first() -> Self {
        let collected = DisposalList::collect(vec![line(1)], "probe 1".to_owned(), DAY).unwrap();
        let list = DisposalList::replay(DisposalListId(Uuid::from_u128(7)), &[collected]).unwrap();
        let phase = Phase::Closed { on: date(2009, 1, 1) };
        let documents = vec![document(101, object(1)).id];
        let file = CaseFile { id: file_id(1), phase, documents, ..file() };
        Self { list, file, day: 0, chronicle: Chronicle::default() }
    }

    fn today(&self) -> Date {
        DAY.checked_add(DAYS[self.day].days()).unwrap()
    }

    /// What tells two states apart.
    fn key(&self) -> String {
        format!("{:?} {:?} {} {:?}", self.list.stage, self.list.lines, self.day, self.chronicle)
    }

    /// The state after an act; none if a rule forbids it.
    fn after(&self, act: Act) -> Option<Self> {
        let mut next = self.clone();
        let today = self.today();
        let event = match act {
            Act::Offer => Some(self.list.offer(today).ok()?),
            Act::Appraise(decision) => Some(self.list.appraise(file_id(1), decision).ok()?),
            Act::Transfer => Some(self.list.transfer(file_id(1), ArchiveCopyId(Uuid::from_u128(8))).ok()?),
            Act::Propose(who) => Some(self.list.propose(today, self.signed(who, SignedAs::Proposer)).ok()?),
            Act::Approve(who) => {
                let role = PEOPLE[who].1;
                Some(self.list.approve(today, role, self.signed(who, SignedAs::Approver(role))).ok()?)
            }
            Act::Withdraw => Some(self.list.withdraw(today).ok()?),
            Act::Hold | Act::Release => {
                next.file.apply(&decide(&self.file, next.command(act, today)).ok()?);
                None
            }
            Act::Wait => {
                next.day = (self.day + 1 < DAYS.len()).then_some(self.day + 1)?;
                None
            }
        };
        event.into_iter().for_each(|event: ListEvent| next.list.apply(&event));
        next.chronicle.note(act, today);
        Some(next)
    }

    fn command(&self, act: Act, on: Date) -> Command {
        let id = HoldId(Uuid::from_u128(9));
        match act {
            Act::Hold => {
                Command::PlaceHold(Hold { id, reason: "4 K 112/24".to_owned(), since: on, review: None })
            }
            _ => Command::ReleaseHold { id, on },
        }
    }

    fn signed(&self, who: usize, signed_as: SignedAs) -> crate::domain::disposal::Signature {
        sign(person(PEOPLE[who].0), &signed_text(&self.list.digest(), signed_as))
    }

    /// Whether a warrant comes today.
    fn is_warranted(&self, book: &RuleBook) -> bool {
        let policy = ListPolicy { grace_days: GRACE_DAYS, lines_without_third: 5 };
        let Ok(approved) = self.list.approved(policy, self.today(), &verifies) else { return false };
        let elsewhere = HeldElsewhere::counted(BTreeMap::from([(object(1).id, 0)]));
        let documents = [document(101, object(1))];
        let warrant = approved.warrant(&self.file, &documents, book, &Confirmations::default(), &elsewhere);
        if self.chronicle.held {
            assert!(matches!(warrant, Err(Obstacle::Held(_) | Obstacle::NotCleared)), "{self:#?}");
        }
        warrant.is_ok()
    }
}

impl Chronicle {
    fn note(&mut self, act: Act, today: Date) {
        let by = |who: usize| person(PEOPLE[who].0);
        match act {
            Act::Offer => self.offered = true,
            Act::Appraise(decision) => self.archive_said = Some(decision == Decision::Destroy),
            Act::Propose(who) => (self.proposer, self.last_signed) = (Some(by(who)), Some(today)),
            Act::Approve(who) => {
                self.approvers.insert(by(who));
                self.archivist_approved |= PEOPLE[who].1 == Role::Archivist;
                self.last_signed = Some(today);
            }
            Act::Withdraw => self.withdrawn = true,
            Act::Hold => self.held = true,
            Act::Release => self.held = false,
            Act::Transfer | Act::Wait => {}
        }
    }

    /// What the law asks for, said without the rules' own words.
    fn permits(&self, today: Date) -> bool {
        let Some(last) = self.last_signed else { return false };
        let since = last.until((jiff::Unit::Day, today)).unwrap().get_days();
        self.offered
            && self.archive_said == Some(true)
            && self.proposer.is_some_and(|proposer| !self.approvers.contains(&proposer))
            && self.approvers.len() >= 2
            && self.archivist_approved
            && !self.withdrawn
            && !self.held
            && (i32::from(GRACE_DAYS)..=90).contains(&since)
    }
}

#[test]
fn no_path_leads_to_a_warrant_but_by_archive_proposer_two_others_grace_and_no_hold() {
    let book = RuleBook::new(pack(vec![rule("R", "63", years(10))]), &plan()).unwrap();
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut waiting = VecDeque::from([State::first()]);
    let mut tried = 0_usize;
    while let Some(state) = waiting.pop_front() {
        if known.contains_key(&state.key()) {
            continue;
        }
        let warranted = state.is_warranted(&book);
        assert_eq!(warranted, state.chronicle.permits(state.today()), "{state:#?}");
        known.insert(state.key(), warranted);
        for act in ACTS {
            tried += 1;
            waiting.extend(state.after(act));
        }
    }
    let warranted = known.values().filter(|warranted| **warranted).count();
    println!("{} states, {tried} acts tried, {warranted} with a warrant", known.len());
    assert!(warranted > 100 && known.len() > 4 * warranted, "{warranted} of {}", known.len());
}
