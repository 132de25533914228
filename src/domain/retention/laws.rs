//! Laws that hold for every file, rule and day, tried on random ones.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use uuid::Uuid;

use super::example::example_file;
use super::*;
use crate::base::digest::Sha256;
use crate::domain::case_file::{CaseFile, Fact, FactKind, Hold, Phase};
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::domain::ids::HoldId;

const CLASS: &str = "63.10";
const FACTS: [&str; 3] = ["closed", "demolished", "resolved"];
/// Facts that suspend periods, and start none.
const PAUSES: [&str; 2] = ["begun", "ended"];

fn kind(name: &str) -> FactKind {
    name.parse().unwrap()
}

pub fn plan() -> FilePlan {
    let class = |number: &str| FilePlanClass {
        number: number.parse().unwrap(),
        title: number.to_owned(),
        closed: false,
        domain: None,
        reference: None,
    };
    FilePlan::new(["63", "63.10", "63.10.01", "64"].map(class).to_vec()).unwrap()
}

pub fn pack(rules: Vec<Rule>) -> RulePack {
    RulePack {
        edition: "probe 1".parse().unwrap(),
        title: "Probe".to_owned(),
        digest: Sha256::of(&[]),
        facts: FACTS.into_iter().chain(PAUSES).map(|name| (kind(name), name.to_owned())).collect(),
        rules,
        criteria: Vec::new(),
        thinnings: Vec::new(),
    }
}

pub fn rule(id: &str, class: &str, retention: Retention) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        title: id.to_owned(),
        classes: vec![class.parse().unwrap()],
        retention,
        disposition: Disposition::Appraise,
        restricted_after: None,
        paper: PaperRule::WithRecord,
        basis: LegalBasis { text: "Probe".to_owned(), edition: None },
        confidence: Confidence::Sourced,
        valid_from: None,
        valid_to: None,
        note: None,
    }
}

pub fn years(years: u16) -> Retention {
    Retention::Terms(vec![Term {
        start: vec![kind("closed")],
        counted: StartCounting::EndOfYear,
        period: Period::Years(years),
        ends: EndCounting::EndOfYear,
        not_before: None,
        suspended: Vec::new(),
    }])
}

pub(super) fn any_day() -> impl Strategy<Value = Date> {
    let anywhere = (-9999i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d));
    let near = (1990i16..=2040, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d));
    prop_oneof![1 => Just(Date::MIN), 1 => Just(Date::MAX), 3 => anywhere, 9 => near]
}

fn suspension() -> Suspension {
    Suspension { from: kind(PAUSES[0]), until: kind(PAUSES[1]) }
}

fn any_term() -> impl Strategy<Value = Term> {
    let period = prop_oneof![
        (1u16..=u16::MAX).prop_map(Period::Years),
        (1u16..=120).prop_map(Period::Years),
        (1u16..=u16::MAX).prop_map(Period::Months),
        (1u16..=u16::MAX).prop_map(Period::DaysBefore),
        Just(Period::UntilEvent),
    ];
    let counted = prop_oneof![
        Just(StartCounting::SameDay),
        Just(StartCounting::EndOfYear),
        Just(StartCounting::FinancialYearAfterResolution),
    ];
    let ends = prop_oneof![Just(EndCounting::SameDay), Just(EndCounting::EndOfYear)];
    let fact = || proptest::sample::select(FACTS.to_vec()).prop_map(kind);
    let start = proptest::collection::vec(fact(), 1..=2);
    let not_before = proptest::option::of((fact(), counted.clone()));
    let suspended = any::<bool>();
    (start, counted, period, ends, not_before, suspended).prop_map(|parts| {
        let (start, counted, period, ends, not_before, suspended) = parts;
        let runs = matches!(period, Period::Years(_) | Period::Months(_));
        let suspended = if runs && suspended { vec![suspension()] } else { Vec::new() };
        let backwards = matches!(period, Period::DaysBefore(_));
        let counted = if backwards { StartCounting::SameDay } else { counted };
        let not_before = not_before.map(|(fact, counted)| NotBefore { fact, counted });
        Term { start, counted, period, ends, not_before, suspended }
    })
}

pub(super) fn any_book() -> impl Strategy<Value = RuleBook> {
    let retention = prop_oneof![
        1 => Just(Retention::Permanent),
        9 => proptest::collection::vec(any_term(), 1..=3).prop_map(Retention::Terms),
    ];
    (retention, any::<bool>()).prop_map(|(retention, sourced)| {
        let confidence = if sourced { Confidence::Sourced } else { Confidence::ToBeConfirmed };
        RuleBook::new(pack(vec![Rule { confidence, ..rule("R", CLASS, retention) }]), &plan()).unwrap()
    })
}

pub(super) fn any_file() -> impl Strategy<Value = CaseFile> {
    let names = FACTS.into_iter().chain(PAUSES).collect::<Vec<_>>();
    let fact = (proptest::sample::select(names), any_day());
    let facts = proptest::collection::vec(fact, 0..8);
    let phase = prop_oneof![
        1 => Just(Phase::Open),
        6 => any_day().prop_map(|on| Phase::Closed { on }),
        1 => any_day().prop_map(|on| Phase::Transferred { on }),
        1 => any_day().prop_map(|on| Phase::Condemned { on }),
    ];
    let class = proptest::sample::select(vec![CLASS, CLASS, "63.10.01", "63", "64", "99"]);
    (facts, phase, class, any_day()).prop_map(|(facts, phase, class, opened)| {
        let mut file = example_file(class.parse().unwrap());
        (file.phase, file.opened) = (phase, opened);
        let fact = |(name, on): (&str, Date)| Fact { kind: kind(name), on, source: String::new() };
        file.facts = facts.into_iter().map(fact).collect();
        file
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_file_has_one_finding_with_reasons_on_every_day(
        file in any_file(), book in any_book(), on in any_day(), confirmed in any::<bool>()
    ) {
        let all = if confirmed { Confirmations::all_of(&book) } else { Confirmations::default() };
        let finding = evaluate(&file, &book, &all, on);
        prop_assert!(!finding.reasons.is_empty());
        prop_assert_eq!(&finding.outcome, &outcome(&file, &book, &all, on), "cheap and full agree");
    }

    #[test]
    fn what_is_due_stays_due_on_every_later_day(
        file in any_file(), book in any_book(), one in any_day(), other in any_day()
    ) {
        let all = Confirmations::all_of(&book);
        let (early, late) = (one.min(other), one.max(other));
        let before = outcome(&file, &book, &all, early);
        if before.is_due() {
            prop_assert_eq!(before, outcome(&file, &book, &all, late));
        }
    }

    #[test]
    fn retained_ends_on_its_last_day_and_the_next_is_the_first_due(
        file in any_file(), book in any_book(), on in any_day()
    ) {
        let all = Confirmations::all_of(&book);
        if let Outcome::Retained { until } = outcome(&file, &book, &all, on) {
            prop_assert!(on <= until);
            prop_assert!(!outcome(&file, &book, &all, until).is_due());
            if let Ok(next) = until.tomorrow() {
                let is_due = outcome(&file, &book, &all, next).is_due();
                prop_assert!(is_due);
            }
        }
    }

    #[test]
    fn a_hold_wins_over_everything_but_a_destruction_that_has_begun(
        mut file in any_file(), book in any_book(), on in any_day(), since in any_day()
    ) {
        let all = Confirmations::all_of(&book);
        let id = HoldId(Uuid::from_u128(9));
        file.holds.push(Hold { id, reason: "Verfahren".to_owned(), since, review: None });
        let found = outcome(&file, &book, &all, on);
        match file.phase {
            Phase::Condemned { on } => prop_assert_eq!(found, Outcome::Gone { on }),
            _ => prop_assert_eq!(found, Outcome::Held { by: id }),
        }
    }

    #[test]
    fn a_suspension_never_makes_anything_due_earlier_neither_in_the_rule_nor_by_what_happens(
        mut file in any_file(), term in any_term(), on in any_day(), more in any_day()
    ) {
        let book = |term: &Term| {
            let retention = Retention::Terms(vec![term.clone()]);
            RuleBook::new(pack(vec![rule("R", CLASS, retention)]), &plan()).unwrap()
        };
        let (with, without) = (book(&term), book(&Term { suspended: Vec::new(), ..term.clone() }));
        let all = Confirmations::all_of(&with);
        let later = |first: &Outcome, second: &Outcome| match (first, second) {
            (Outcome::Due { since: early, .. }, Outcome::Due { since: late, .. }) => early <= late,
            (Outcome::Retained { until: early }, Outcome::Retained { until: late }) => early <= late,
            (_, Outcome::Due { .. }) => false,
            _ => true,
        };
        let (plain, suspended) = (outcome(&file, &without, &all, on), outcome(&file, &with, &all, on));
        prop_assert!(later(&plain, &suspended), "{plain:?} {suspended:?}");
        file.facts.push(Fact { kind: kind(PAUSES[0]), on: more, source: String::new() });
        let once_more = outcome(&file, &with, &all, on);
        prop_assert!(later(&suspended, &once_more), "{suspended:?} {once_more:?}");
        prop_assert_eq!(outcome(&file, &without, &all, on), plain, "who is not suspended does not care");
    }

    #[test]
    fn what_is_restricted_is_so_before_it_is_due_and_whoever_is_asked_on_whatever_day(
        file in any_file(), terms in proptest::collection::vec(any_term(), 1..=3), after in 1u16..=900, on in any_day()
    ) {
        let restricted_after = Some(Period::Months(after));
        let ruled = Rule { restricted_after, ..rule("R", CLASS, Retention::Terms(terms)) };
        // Where the time is not within each of its periods there is no such book.
        let Ok(book) = RuleBook::new(pack(vec![ruled]), &plan()) else { return Ok(()) };
        let all = Confirmations::all_of(&book);
        let finding = evaluate(&file, &book, &all, on);
        match (finding.restricted_from, &finding.outcome) {
            (Some(from), Outcome::Due { since, .. }) => prop_assert!(from <= *since, "{from} {since}"),
            (Some(from), Outcome::Retained { until }) => prop_assert!(from.yesterday().is_ok_and(|day| day <= *until)),
            (None, Outcome::Due { .. }) => prop_assert!(false, "due, and never restricted before"),
            (from, _) => prop_assert!(from.is_none() || file.phase != Phase::Open),
        }
        prop_assert_eq!(restricted_from(&file, &book, &all, date(2026, 1, 1)), finding.restricted_from);
    }

    #[test]
    fn nothing_is_due_by_a_rule_the_town_has_not_confirmed(
        file in any_file(), term in any_term(), on in any_day()
    ) {
        let doubtful = Rule {
            confidence: Confidence::ToBeConfirmed,
            ..rule("R", CLASS, Retention::Terms(vec![term]))
        };
        let book = RuleBook::new(pack(vec![doubtful]), &plan()).unwrap();
        let mut elsewhere = Confirmations::default();
        elsewhere.confirm("probe 0".parse().unwrap(), "R".parse().unwrap());
        let found = outcome(&file, &book, &elsewhere, on);
        prop_assert!(!found.is_due(), "a confirmation of another edition does not count");
        let all = Confirmations::all_of(&book);
        if let Outcome::Unconfirmed { would_be } = found {
            prop_assert_eq!(*would_be, outcome(&file, &book, &all, on));
        }
    }

    #[test]
    fn what_is_due_has_every_fact_its_rule_asks_for(
        mut file in any_file(), book in any_book(), on in any_day(), gone in proptest::sample::select(FACTS.to_vec())
    ) {
        file.facts.retain(|fact| fact.kind.as_str() != gone);
        let all = Confirmations::all_of(&book);
        if outcome(&file, &book, &all, on).is_due() {
            let known = |kind: &FactKind| {
                file.fact(kind.as_str()).is_some()
                    || kind.as_str() == "closed" && matches!(file.phase, Phase::Closed { .. })
            };
            if let Retention::Terms(terms) = &book.rules()[0].retention {
                for term in terms {
                    prop_assert!(term.start.iter().any(known));
                    prop_assert!(term.not_before.iter().all(|not_before| known(&not_before.fact)));
                }
            }
        }
    }
}

#[test]
fn a_class_without_rule_has_that_of_the_class_above_unless_it_has_its_own() {
    let book = |rules| RuleBook::new(pack(rules), &plan()).unwrap();
    let on = date(2026, 11, 22);
    let governing = |book: &RuleBook, class: &str| {
        let found = book.governing(&class.parse().unwrap(), on);
        found.map(|(rule, from)| format!("{} from {from}", rule.id))
    };
    let two = book(vec![rule("A", "63", years(1)), rule("B", "63.10.01", years(2))]);
    assert_eq!(governing(&two, "63.10"), Ok("A from 63".to_owned()));
    assert_eq!(governing(&two, "63.10.01"), Ok("B from 63.10.01".to_owned()));
    assert_eq!(governing(&two, "64"), Err(Lack::NoRule));
    assert_eq!(governing(&two, "63.99"), Err(Lack::UnknownClass));
    let gaps: Vec<_> = two.gaps(on).map(|(class, lack)| (class.to_string(), lack)).collect();
    assert_eq!(gaps, [("64".to_owned(), Lack::NoRule)]);
    let ended = Rule { valid_to: Some(date(2020, 12, 31)), ..rule("B", "63.10.01", years(2)) };
    let gap = book(vec![rule("A", "63", years(1)), ended]);
    assert_eq!(governing(&gap, "63.10.01"), Err(Lack::NoneInForce), "a gap in the law is not inherited away");
}

#[test]
fn rules_that_contradict_each_other_make_no_book() {
    let flaws = |rules| RuleBook::new(pack(rules), &plan()).err().unwrap_or_default();
    let id = |text: &str| text.parse::<RuleId>().unwrap();
    let (from, to) = (Some(date(2025, 1, 1)), Some(date(2024, 12, 31)));
    let old = Rule { valid_to: to, ..rule("old", CLASS, years(10)) };
    let new = Rule { valid_from: from, ..rule("new", CLASS, years(8)) };
    assert_eq!(flaws(vec![old.clone(), new.clone()]), [], "one after the other");
    let longer = Rule { valid_to: from, ..old.clone() };
    let class = CLASS.parse().unwrap();
    let overlap = Flaw::Overlap { first: id("longer"), second: id("new"), class };
    assert_eq!(flaws(vec![Rule { id: id("longer"), ..longer }, new.clone()]), [overlap]);
    assert_eq!(flaws(vec![old.clone(), Rule { id: id("old"), ..new }]), [Flaw::DuplicateRule(id("old"))]);
    assert_eq!(
        flaws(vec![Rule { valid_from: from, valid_to: to, ..old.clone() }]),
        [Flaw::NeverInForce(id("old"))]
    );
    assert_eq!(flaws(vec![rule("z", CLASS, years(0))]), [Flaw::EmptyPeriod(id("z"))]);
    assert_eq!(flaws(vec![rule("n", CLASS, Retention::Terms(vec![]))]), [Flaw::NoStart(id("n"))]);
    let with = |suspension: Suspension, period| {
        let Retention::Terms(mut terms) = years(1) else { return Retention::Permanent };
        (terms[0].suspended, terms[0].period) = (vec![suspension], period);
        Retention::Terms(terms)
    };
    let by_one_fact = Suspension { from: kind("begun"), until: kind("begun") };
    let one_fact = rule("o", CLASS, with(by_one_fact, Period::Years(1)));
    assert_eq!(flaws(vec![one_fact]), [Flaw::SuspendedByOneFact(id("o"))]);
    let event = rule("e", CLASS, with(suspension(), Period::UntilEvent));
    assert_eq!(flaws(vec![event]), [Flaw::SuspendedWithoutRunning(id("e"))]);
    let restricted = |months, retention| Rule {
        restricted_after: Some(Period::Months(months)),
        ..rule("r", CLASS, retention)
    };
    assert_eq!(flaws(vec![restricted(11, years(1))]), []);
    for never in [restricted(12, years(1)), restricted(0, years(1)), restricted(1, Retention::Permanent)] {
        assert_eq!(flaws(vec![never]), [Flaw::RestrictedTooLate(id("r"))]);
    }
    let destroyed = Rule { disposition: Disposition::Destroy, ..rule("p", CLASS, Retention::Permanent) };
    assert_eq!(flaws(vec![destroyed]), [Flaw::PermanentButDestroyed(id("p"))]);
    let paper = Rule {
        disposition: Disposition::ArchiveWorthy,
        paper: PaperRule::AfterScanCheck,
        ..rule("a", CLASS, years(1))
    };
    assert_eq!(flaws(vec![paper]), [Flaw::ArchiveWorthyButPaperGoes(id("a"))]);
    let unknown = rule("u", "70", years(1));
    assert_eq!(flaws(vec![unknown]), [Flaw::UnknownClass { rule: id("u"), class: "70".parse().unwrap() }]);
    let mut strange = pack(vec![rule("f", CLASS, years(1))]);
    strange.facts = BTreeMap::new();
    let unknown = Flaw::UnknownFact { rule: id("f"), fact: kind("closed") };
    assert_eq!(RuleBook::new(strange, &plan()).err(), Some(vec![unknown]));
    assert_eq!(flaws(vec![]), [Flaw::NoRules]);
}
