//! What is found for one file, with the reasons in order; the paper beside it; what is wrong with a book; what a trial
//! counts. What holds for every file and rule is in [`super::laws`].

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::example::{Example, Failure, check, example_file};
use super::laws::{pack, plan, rule, years};
use super::*;
use crate::domain::appraisal::{Condition, Criterion};
use crate::domain::case_file::{CaseFile, Fact, FactKind, Hold, PaperLocation, Phase};
use crate::domain::ids::{DocumentId, HoldId};

const CLOSED: Date = date(2013, 3, 14);

fn kind(name: &str) -> FactKind {
    name.parse().unwrap()
}

fn book_of(rules: Vec<Rule>) -> RuleBook {
    RuleBook::new(pack(rules), &plan()).unwrap()
}

/// Ten years from the end of the year of closing, for the class 63 and all below.
fn ten_years() -> Rule {
    rule("R", "63", years(10))
}

fn file() -> CaseFile {
    CaseFile {
        phase: Phase::Closed { on: CLOSED },
        opened: date(2009, 1, 2),
        ..example_file("63.10".parse().unwrap())
    }
}

fn with_fact(mut file: CaseFile, name: &str, on: Date) -> CaseFile {
    file.facts.push(Fact { kind: kind(name), on, source: "Anzeige".to_owned() });
    file
}

fn hold(number: u128, since: Date) -> Hold {
    Hold { id: HoldId(Uuid::from_u128(number)), reason: format!("Verfahren {number}"), since, review: None }
}

fn found(file: &CaseFile, rules: Vec<Rule>, on: Date) -> Finding {
    let book = book_of(rules);
    evaluate(file, &book, &Confirmations::default(), on)
}

fn cited(inherited_from: Option<&str>) -> Reason {
    let rule = ten_years();
    Reason::Rule {
        id: rule.id,
        title: rule.title,
        inherited_from: inherited_from.map(|class| class.parse().unwrap()),
        basis: rule.basis,
        confidence: rule.confidence,
    }
}

fn period(last: Option<Date>) -> Reason {
    Reason::Period {
        fact: kind("closed"),
        happened: CLOSED,
        counted: StartCounting::EndOfYear,
        anchor: date(2013, 12, 31),
        period: Period::Years(10),
        ends: EndCounting::EndOfYear,
        last,
    }
}

#[test]
fn a_finding_tells_its_reasons_in_the_order_in_which_they_were_looked_at() {
    let disposition = Disposition::Appraise;
    let finding = found(&file(), vec![ten_years()], date(2024, 1, 1));
    assert_eq!(finding.outcome, Outcome::Due { since: date(2024, 1, 1), disposition });
    let last = Some(date(2023, 12, 31));
    assert_eq!(finding.reasons, [cited(Some("63")), period(last), Reason::Disposition(disposition)]);
    assert_eq!((finding.rule, finding.on), (Some("R".parse().unwrap()), date(2024, 1, 1)));
    let eve = found(&file(), vec![ten_years()], date(2023, 12, 31));
    assert_eq!(eve.outcome, Outcome::Retained { until: date(2023, 12, 31) });
    assert!(!eve.outcome.is_due() && eve.reasons == finding.reasons);
    let own = CaseFile { class: "63".parse().unwrap(), ..file() };
    assert_eq!(found(&own, vec![ten_years()], date(2024, 1, 1)).reasons[0], cited(None));
}

#[test]
fn a_held_file_names_its_oldest_hold_every_hold_and_what_the_hold_keeps_from_happening() {
    let mut held = file();
    held.holds = vec![hold(2, date(2020, 1, 1)), hold(9, date(2019, 1, 1)), hold(3, date(2019, 1, 1))];
    let finding = found(&held, vec![ten_years()], date(2024, 1, 1));
    assert_eq!(finding.outcome, Outcome::Held { by: hold(3, CLOSED).id });
    let told = |number, since| Reason::Held { reason: format!("Verfahren {number}"), since };
    let holds = [told(2, date(2020, 1, 1)), told(9, date(2019, 1, 1)), told(3, date(2019, 1, 1))];
    assert_eq!(finding.reasons[..3], holds);
    assert_eq!(finding.reasons[3], cited(Some("63")));
    assert_eq!(finding.reasons.len(), 6);
}

#[test]
fn what_cannot_be_found_says_what_is_missing() {
    let on = date(2024, 1, 1);
    let reasons = |file: &CaseFile, rules| found(file, rules, on).reasons;
    let open = CaseFile { phase: Phase::Open, ..file() };
    assert_eq!(reasons(&open, vec![ten_years()]), [cited(Some("63")), Reason::NotClosed]);
    let elsewhere = CaseFile { class: "64".parse().unwrap(), ..file() };
    let lack = Reason::NoRule { class: "64".parse().unwrap(), lack: Lack::NoRule };
    assert_eq!(reasons(&elsewhere, vec![ten_years()]), [lack]);
    assert_eq!(found(&elsewhere, vec![ten_years()], on).outcome, Outcome::Ungoverned);
    let for_ever = Rule { retention: Retention::Permanent, ..ten_years() };
    assert_eq!(reasons(&file(), vec![for_ever])[1..], [Reason::KeptForEver]);
    let doubtful = Rule { confidence: Confidence::ToBeConfirmed, ..ten_years() };
    let unconfirmed = found(&file(), vec![doubtful], on);
    assert_eq!(unconfirmed.reasons.last(), Some(&Reason::Unconfirmed { rule: "R".parse().unwrap() }));
    let would_be = Outcome::Due { since: on, disposition: Disposition::Appraise };
    assert_eq!(unconfirmed.outcome, Outcome::Unconfirmed { would_be: Box::new(would_be) });
    let condemned = CaseFile { phase: Phase::Condemned { on: CLOSED }, ..file() };
    assert_eq!(reasons(&condemned, vec![ten_years()]), [Reason::Gone { on: CLOSED }]);
    // Handed over without ever having been closed, as a copy from elsewhere tells it.
    let transferred = CaseFile { phase: Phase::Transferred { on: CLOSED }, ..file() };
    let missing = Reason::FactMissing { any_of: vec![kind("closed")] };
    assert_eq!(reasons(&transferred, vec![ten_years()]), [cited(Some("63")), missing]);
}

fn term(start: &[&str], not_before: Option<&str>) -> Term {
    Term {
        start: start.iter().map(|name| kind(name)).collect(),
        counted: StartCounting::SameDay,
        period: Period::Years(5),
        ends: EndCounting::SameDay,
        not_before: not_before.map(|name| NotBefore { fact: kind(name), counted: StartCounting::EndOfYear }),
        suspended: Vec::new(),
    }
}

#[test]
fn of_several_facts_the_latest_starts_a_period_and_another_may_hold_it_back() {
    let with = |terms| vec![rule("R", "63", Retention::Terms(terms))];
    let until = |file: &CaseFile, terms| match found(file, with(terms), date(2000, 1, 1)).outcome {
        Outcome::Retained { until } => Ok(until),
        other => Err(other),
    };
    let demolished = with_fact(file(), "demolished", date(2010, 6, 1));
    assert_eq!(until(&demolished, vec![term(&["closed", "demolished"], None)]), Ok(date(2018, 3, 14)));
    let again = with_fact(demolished.clone(), "demolished", date(2015, 6, 1));
    assert_eq!(until(&again, vec![term(&["closed", "demolished"], None)]), Ok(date(2020, 6, 1)));
    let waits = |facts: &[&str]| {
        let facts = facts.iter().map(|name| kind(name)).collect();
        Err(Outcome::NotBegun { waiting_for: WaitingFor::Facts(facts) })
    };
    assert_eq!(until(&file(), vec![term(&["demolished"], None)]), waits(&["demolished"]));
    assert_eq!(until(&file(), vec![term(&["closed"], Some("resolved"))]), waits(&["resolved"]));
    let resolved = |year| with_fact(file(), "resolved", date(year, 2, 1));
    assert_eq!(until(&resolved(2011), vec![term(&["closed"], Some("resolved"))]), Ok(date(2018, 3, 14)));
    assert_eq!(until(&resolved(2014), vec![term(&["closed"], Some("resolved"))]), Ok(date(2019, 12, 31)));
    let held_back = found(&resolved(2014), with(vec![term(&["closed"], Some("resolved"))]), CLOSED);
    let barrier = Reason::NotBefore {
        fact: kind("resolved"),
        happened: date(2014, 2, 1),
        counted: StartCounting::EndOfYear,
        anchor: date(2014, 12, 31),
    };
    assert_eq!(held_back.reasons[1], barrier);
    // Two periods: the longer one, and none while one has not begun.
    let two = || vec![term(&["closed"], None), term(&["demolished"], None)];
    assert_eq!(until(&again, two()), Ok(date(2020, 6, 1)));
    let longest = Reason::LongestOf { count: 2, last: date(2020, 6, 1) };
    assert!(found(&again, with(two()), CLOSED).reasons.contains(&longest));
    assert_eq!(until(&file(), two()), waits(&["demolished"]));
}

#[test]
fn nothing_is_due_before_it_is_closed_even_if_its_period_ended_long_ago() {
    let until_event = Term { period: Period::UntilEvent, ..term(&["demolished"], None) };
    let rules = || vec![rule("R", "63", Retention::Terms(vec![until_event.clone()]))];
    let demolished = with_fact(file(), "demolished", date(2010, 6, 1));
    let finding = found(&demolished, rules(), date(2020, 1, 1));
    let disposition = Disposition::Appraise;
    assert_eq!(finding.outcome, Outcome::Due { since: date(2013, 3, 15), disposition });
    assert!(finding.reasons.contains(&Reason::KeptUntilClosed { closed: CLOSED }));
    let same_day = with_fact(file(), "demolished", CLOSED);
    let finding = found(&same_day, rules(), date(2020, 1, 1));
    assert!(!finding.reasons.contains(&Reason::KeptUntilClosed { closed: CLOSED }), "it ended on that day");
}

#[test]
fn a_suspension_is_told_with_its_days_and_one_without_end_stands_still() {
    let suspension = || Suspension { from: kind("begun"), until: kind("ended") };
    let suspended = Term { suspended: vec![suspension()], ..term(&["closed"], None) };
    let rules = || vec![rule("R", "63", Retention::Terms(vec![suspended.clone()]))];
    let begun = with_fact(file(), "begun", date(2014, 1, 1));
    let stands = found(&begun, rules(), date(2030, 1, 1));
    assert_eq!(stands.outcome, Outcome::Suspended { until: kind("ended") });
    let (from, until) = (kind("begun"), kind("ended"));
    let first = date(2014, 1, 1);
    assert_eq!(stands.reasons[1], Reason::StandsStill { from: from.clone(), first, until: until.clone() });
    let ended = with_fact(begun, "ended", date(2014, 1, 10));
    let runs_on = found(&ended, rules(), date(2014, 2, 1));
    assert_eq!(runs_on.outcome, Outcome::Retained { until: date(2018, 3, 24) });
    let last = date(2014, 1, 10);
    assert_eq!(runs_on.reasons[1], Reason::NotCounted { from, first, until, last, days: 10 });
    // Closing itself may end a suspension: it is a phase as well as a fact.
    let by_closing = Suspension { from: kind("begun"), until: kind("closed") };
    let rules = || {
        let suspended = Term { suspended: vec![by_closing.clone()], ..term(&["demolished"], None) };
        vec![rule("R", "63", Retention::Terms(vec![suspended]))]
    };
    let demolished = with_fact(with_fact(file(), "demolished", date(2010, 6, 1)), "begun", date(2013, 3, 10));
    assert_eq!(found(&demolished, rules(), CLOSED).outcome, Outcome::Retained { until: date(2015, 6, 6) });
    // A closing suspends what names it, and nothing else.
    let suspension = Suspension { from: kind("begun"), until: kind("ended") };
    let suspended = Term { suspended: vec![suspension], ..term(&["demolished"], None) };
    let demolished = with_fact(file(), "demolished", date(2010, 6, 1));
    let never = found(&demolished, vec![rule("R", "63", Retention::Terms(vec![suspended]))], CLOSED);
    assert_eq!(never.outcome, Outcome::Retained { until: date(2015, 6, 1) });
}

#[test]
fn after_thirty_years_the_offer_is_overdue_unless_a_law_keeps_longer() {
    let old = CaseFile { opened: date(1990, 5, 5), ..file() };
    let overdue = |file: &CaseFile, rules: Vec<Rule>, on| {
        let finding = found(file, rules, on);
        let told = finding.reasons.iter().find_map(|reason| match reason {
            Reason::OfferOverdue { opened, latest } => Some((*opened, *latest)),
            _ => None,
        });
        assert_eq!(finding.offer_overdue, told.is_some());
        told
    };
    let last = date(2020, 5, 5);
    assert_eq!(overdue(&old, vec![ten_years()], last), None);
    // Ten years by law end in 2023: until then it need not be offered.
    assert_eq!(overdue(&old, vec![ten_years()], date(2023, 12, 31)), None);
    assert_eq!(overdue(&old, vec![ten_years()], date(2024, 1, 1)), Some((old.opened, date(2023, 12, 31))));
    let practice = || Rule { confidence: Confidence::ToBeConfirmed, ..ten_years() };
    assert_eq!(overdue(&old, vec![practice()], last), None);
    assert_eq!(
        overdue(&old, vec![practice()], date(2020, 5, 6)),
        Some((old.opened, last)),
        "practice is no law"
    );
    let short = rule("R", "63", years(1));
    assert_eq!(overdue(&old, vec![short], date(2020, 5, 6)), Some((old.opened, last)));
    for (phase, is_overdue) in [
        (Phase::Open, true),
        (Phase::Transferred { on: CLOSED }, false),
        (Phase::Destroyed { on: CLOSED }, false),
    ] {
        let file = CaseFile { phase: phase.clone(), ..old.clone() };
        assert_eq!(overdue(&file, vec![ten_years()], date(2030, 1, 1)).is_some(), is_overdue, "{phase:?}");
    }
}

#[test]
fn a_rule_is_in_force_from_its_first_day_to_its_last() {
    let rule = Rule { valid_from: Some(date(2020, 1, 1)), valid_to: Some(date(2020, 12, 31)), ..ten_years() };
    let days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)];
    assert_eq!(days.map(|day| rule.in_force(day)), [false, true, true, false]);
    assert!(ten_years().in_force(Date::MIN) && ten_years().in_force(Date::MAX));
}

#[test]
fn a_rule_asks_for_every_fact_that_starts_holds_back_or_suspends_it() {
    let suspension = Suspension { from: kind("begun"), until: kind("ended") };
    let term = Term { suspended: vec![suspension], ..term(&["closed", "demolished"], Some("resolved")) };
    let facts =
        rule("R", "63", Retention::Terms(vec![term])).facts().map(FactKind::to_string).collect::<Vec<_>>();
    assert_eq!(facts, ["closed", "demolished", "resolved", "begun", "ended"]);
    assert_eq!(rule("R", "63", Retention::Permanent).facts().count(), 0);
}

#[test]
fn the_name_of_a_rule_is_visible_and_has_an_end() {
    let longest = "Ä".repeat(60);
    for name in ["BA-03", longest.as_str(), "nrw-kommunal 2026-1"] {
        assert_eq!(name.parse::<RuleId>().map(|id| id.as_str().to_owned()), Ok(name.to_owned()));
        assert!(name.parse::<Edition>().is_ok());
    }
    for name in ["", " ", " BA", "BA ", "B\u{7}A", "B\nA", &"a".repeat(61)] {
        assert!(name.parse::<RuleId>().is_err(), "{name:?}");
    }
}

fn criterion(id: &str, condition: Condition) -> Criterion {
    Criterion {
        id: id.parse().unwrap(),
        title: id.to_owned(),
        classes: vec!["63".parse().unwrap()],
        condition,
    }
}

fn filled(field: &str) -> Condition {
    Condition::FieldIsFilled { field: field.to_owned() }
}

#[test]
fn criteria_that_cannot_work_make_no_book() {
    let flaws = |criteria| {
        let mut pack = pack(vec![ten_years()]);
        pack.criteria = criteria;
        RuleBook::new(pack, &plan()).err().unwrap_or_default()
    };
    let id = |text: &str| text.parse::<RuleId>().unwrap();
    assert_eq!(flaws(vec![criterion("a", filled("street")), criterion("b", filled("street"))]), []);
    let twice = flaws(vec![criterion("a", filled("street")), criterion("a", filled("use"))]);
    assert_eq!(twice, [Flaw::DuplicateCriterion(id("a"))]);
    assert_eq!(flaws(vec![criterion("a", Condition::All(vec![]))]), [Flaw::EmptyCondition(id("a"))]);
    let burnt = Condition::Not(Box::new(Condition::FactKnown { fact: kind("burnt") }));
    let asks = criterion("a", Condition::Any(vec![filled("street"), burnt]));
    assert_eq!(flaws(vec![asks]), [Flaw::UnknownFact { rule: id("a"), fact: kind("burnt") }]);
    let nowhere = Criterion { classes: Vec::new(), ..criterion("a", filled("street")) };
    assert_eq!(flaws(vec![nowhere]), [Flaw::NoClasses(id("a"))]);
}

#[test]
fn rules_that_say_nothing_sensible_make_no_book() {
    let flaws = |rules| RuleBook::new(pack(rules), &plan()).err().unwrap_or_default();
    let with = |term: Term| vec![rule("R", "63", Retention::Terms(vec![term]))];
    let id = || "R".parse::<RuleId>().unwrap();
    for period in [Period::Years(0), Period::Months(0), Period::DaysBefore(0)] {
        assert_eq!(flaws(with(Term { period, ..term(&["closed"], None) })), [Flaw::EmptyPeriod(id())]);
    }
    assert_eq!(flaws(with(term(&[], None))), [Flaw::NoStart(id())]);
    let backwards = Term { period: Period::DaysBefore(60), ..term(&["closed"], None) };
    assert_eq!(flaws(with(backwards.clone())), []);
    let from_elsewhere = Term { counted: StartCounting::EndOfYear, ..backwards.clone() };
    assert_eq!(flaws(with(from_elsewhere)), [Flaw::BackwardsNotFromTheDay(id())]);
    let suspended = vec![Suspension { from: kind("begun"), until: kind("ended") }];
    let cannot_stand_still = Term { suspended: suspended.clone(), ..backwards };
    assert_eq!(flaws(with(cannot_stand_still)), [Flaw::SuspendedWithoutRunning(id())]);
    assert_eq!(flaws(with(Term { suspended, ..term(&["closed"], None) })), []);
    let no_basis = Rule { basis: LegalBasis { text: " ".to_owned(), edition: None }, ..ten_years() };
    assert_eq!(flaws(vec![no_basis]), [Flaw::NoBasis(id())]);
    assert_eq!(flaws(vec![Rule { classes: Vec::new(), ..ten_years() }]), [Flaw::NoClasses(id())]);
    let (from, to) = (Some(date(2024, 1, 1)), Some(date(2024, 1, 1)));
    assert_eq!(flaws(vec![Rule { valid_from: from, valid_to: to, ..ten_years() }]), [], "a day is enough");
    let one = Rule { valid_to: to, ..ten_years() };
    let other = Rule { id: "S".parse().unwrap(), valid_from: from, ..ten_years() };
    let overlap = Flaw::Overlap { first: id(), second: other.id.clone(), class: "63".parse().unwrap() };
    assert_eq!(flaws(vec![one, other]), [overlap], "both hold on that day");
}

#[test]
fn a_book_finds_its_rules_and_names_facts_in_german() {
    let mut pack = pack(vec![ten_years(), rule("S", "64", years(3))]);
    pack.facts.insert(kind("demolished"), "Gebäude abgebrochen".to_owned());
    pack.criteria = vec![criterion("denkmal", filled("monument"))];
    let book = RuleBook::new(pack, &plan()).unwrap();
    assert_eq!(book.rule(&"S".parse().unwrap()).map(|rule| rule.title.as_str()), Some("S"));
    assert_eq!(book.rule(&"T".parse().unwrap()), None);
    assert_eq!((book.rules().len(), book.criteria().len(), book.edition().as_str()), (2, 1, "probe 1"));
    assert_eq!(book.fact_label(&kind("demolished")), "Gebäude abgebrochen");
    assert_eq!(book.fact_label(&kind("burnt")), "burnt");
}

/// A file on paper, scanned and checked, and a rule that lets such paper go.
fn on_paper() -> (CaseFile, Rule) {
    let mut file = with_fact(file(), SCAN_CHECKED, date(2015, 5, 5));
    file.carriers.paper =
        Some(PaperLocation { shelf: "R1".to_owned(), r#box: "K1".to_owned(), ..PaperLocation::default() });
    file.documents = vec![DocumentId(Uuid::from_u128(1))];
    (file, Rule { paper: PaperRule::AfterScanCheck, disposition: Disposition::Destroy, ..ten_years() })
}

fn fate(
    change: impl FnOnce(&mut CaseFile, &mut Rule),
    decision: Option<Disposition>,
    criterion_hit: bool,
) -> PaperFate {
    let (mut file, mut rule) = on_paper();
    change(&mut file, &mut rule);
    paper_fate(
        &file,
        &book_of(vec![rule]),
        &Confirmations::default(),
        decision,
        criterion_hit,
        date(2016, 1, 1),
    )
}

#[test]
fn paper_may_go_once_its_scan_was_checked_and_nothing_is_undecided() {
    let may_go = PaperFate::MayGo { scan_checked: date(2015, 5, 5), rule: "R".parse().unwrap() };
    assert_eq!(fate(|_, _| {}, None, false), may_go);
    assert_eq!(fate(|file, _| file.carriers.paper = None, None, false), PaperFate::NoPaper);
    assert_eq!(
        fate(|file, _| file.phase = Phase::Open, None, false),
        may_go,
        "the record is in use, the paper is not"
    );
    let keep = |reason| PaperFate::Keep { why: vec![reason] };
    let id = || "R".parse::<RuleId>().unwrap();
    assert_eq!(fate(|file, _| file.holds.push(hold(1, CLOSED)), None, false), keep(PaperReason::Held));
    let transferred = Phase::Transferred { on: CLOSED };
    assert_eq!(fate(|file, _| file.phase = transferred, None, false), keep(PaperReason::GoesWithRecord));
    assert_eq!(fate(|file, _| file.documents.clear(), None, false), keep(PaperReason::NothingScanned));
    assert_eq!(fate(|file, _| file.facts.clear(), None, false), keep(PaperReason::ScanNotChecked));
    let tomorrow = |file: &mut CaseFile, _: &mut Rule| file.facts[0].on = date(2016, 1, 2);
    assert_eq!(fate(tomorrow, None, false), keep(PaperReason::ScanNotChecked));
    let today = |file: &mut CaseFile, _: &mut Rule| file.facts[0].on = date(2016, 1, 1);
    assert!(matches!(fate(today, None, false), PaperFate::MayGo { .. }));
    let doubtful = |_: &mut CaseFile, rule: &mut Rule| rule.confidence = Confidence::ToBeConfirmed;
    assert_eq!(fate(doubtful, None, false), keep(PaperReason::Unconfirmed(id())));
    assert_eq!(
        fate(|_, rule| rule.paper = PaperRule::Keep, None, false),
        keep(PaperReason::RuleKeepsPaper(id()))
    );
    let with_record = |_: &mut CaseFile, rule: &mut Rule| rule.paper = PaperRule::WithRecord;
    assert_eq!(fate(with_record, None, false), keep(PaperReason::RuleKeepsWithRecord(id())));
    let elsewhere = |file: &mut CaseFile, _: &mut Rule| file.class = "64".parse().unwrap();
    let why = vec![PaperReason::NoRule(Lack::NoRule), PaperReason::Undecided];
    assert_eq!(fate(elsewhere, None, false), PaperFate::Keep { why });
}

#[test]
fn paper_stays_while_the_archive_might_want_it() {
    let why = |disposition, decision, hit| match fate(|_, rule| rule.disposition = disposition, decision, hit)
    {
        PaperFate::Keep { why } => why,
        _ => Vec::new(),
    };
    use Disposition::{Appraise, ArchiveWorthy, Destroy};
    assert_eq!(why(Destroy, None, false), []);
    assert_eq!(why(Destroy, None, true), [PaperReason::Undecided], "a criterion speaks, and nobody decided");
    assert_eq!(why(Destroy, Some(Destroy), true), []);
    assert_eq!(why(Appraise, None, false), [PaperReason::Undecided]);
    assert_eq!(why(Appraise, Some(Destroy), false), []);
    assert_eq!(why(Appraise, Some(ArchiveWorthy), false), [PaperReason::ArchiveWorthy]);
    assert_eq!(why(Appraise, Some(Appraise), false), [PaperReason::Undecided]);
}

fn example(name: &str) -> Example {
    let mut file = file();
    file.fields.insert("monument".to_owned(), "ja".to_owned());
    Example {
        name: name.to_owned(),
        file,
        confirmed: true,
        on: date(2020, 1, 1),
        outcome: Outcome::Retained { until: date(2023, 12, 31) },
        rule: Some("R".parse().unwrap()),
        offer_overdue: Some(false),
        restricted_from: None,
        proposes: Some(vec!["denkmal".parse().unwrap()]),
        leaves_out: None,
        paper_may_go: None,
    }
}

#[test]
fn examples_that_prove_a_pack_are_silent_and_every_other_says_what_was_found() {
    let mut pack = pack(vec![ten_years()]);
    pack.criteria = vec![criterion("denkmal", filled("monument"))];
    let book = RuleBook::new(pack, &plan()).unwrap();
    let (name, id) = (|| "eins".to_owned(), |text: &str| text.parse::<RuleId>().unwrap());
    let fails = |change: &dyn Fn(&mut Example)| {
        let mut changed = example("eins");
        change(&mut changed);
        check(&book, &[changed, example("zwei")])
    };
    assert_eq!(fails(&|_| {}), []);
    assert_eq!(fails(&|it| it.name = "zwei".to_owned()), [Failure::DuplicateName("zwei".to_owned())]);
    let (expected, kept) = (Outcome::Permanent, Outcome::Retained { until: date(2023, 12, 31) });
    assert_eq!(
        fails(&|it| it.outcome = Outcome::Permanent),
        [Failure::Outcome { example: name(), expected, found: kept.clone() }]
    );
    assert_eq!(
        fails(&|it| it.rule = Some("S".parse().unwrap())),
        [Failure::Rule { example: name(), found: Some(id("R")) }]
    );
    assert_eq!(
        fails(&|it| it.offer_overdue = Some(true)),
        [Failure::OfferOverdue { example: name(), found: false }]
    );
    assert_eq!(
        fails(&|it| it.proposes = Some(Vec::new())),
        [Failure::Proposes { example: name(), found: vec![id("denkmal")] }]
    );
    let fate = PaperFate::NoPaper;
    assert_eq!(fails(&|it| it.paper_may_go = Some(true)), [Failure::Paper { example: name(), found: fate }]);
    assert_eq!(fails(&|it| (it.rule, it.offer_overdue, it.paper_may_go) = (None, None, Some(false))), []);
    // What is said of it in no example is not proven.
    let untried = [Failure::RuleWithoutExample(id("R")), Failure::CriterionWithoutExample(id("denkmal"))];
    assert_eq!(check(&book, &[]), untried);
    let open = Example {
        file: example_file("63.10".parse().unwrap()),
        outcome: Outcome::NotBegun { waiting_for: WaitingFor::Closing },
        proposes: Some(Vec::new()),
        ..example("eins")
    };
    assert_eq!(check(&book, &[open]), untried, "an open file proves no period");
    let silent = Example { proposes: None, ..example("eins") };
    assert_eq!(check(&book, &[silent]), untried[1..], "nobody asked what speaks for keeping");
}

#[test]
fn an_example_is_asked_from_which_day_on_it_is_restricted_only_if_it_says_one() {
    let book = book_of(vec![Rule { restricted_after: Some(Period::Years(2)), ..ten_years() }]);
    let restricted = date(2016, 1, 1);
    let asked =
        |restricted_from| check(&book, &[Example { restricted_from, proposes: None, ..example("eins") }]);
    assert_eq!(asked(None), []);
    assert_eq!(asked(Some(restricted)), []);
    let failure = Failure::RestrictedFrom { example: "eins".to_owned(), found: Some(restricted) };
    assert_eq!(asked(Some(date(2017, 1, 1))), [failure]);
}

#[test]
fn an_example_asks_as_if_the_town_had_confirmed_the_rules_or_had_not() {
    let doubtful = Rule { confidence: Confidence::ToBeConfirmed, ..ten_years() };
    let book = book_of(vec![doubtful]);
    let example = |confirmed| Example { confirmed, proposes: None, ..example("eins") };
    assert_eq!(check(&book, &[example(true)]), []);
    let failures = check(&book, &[example(false)]);
    assert!(
        matches!(failures[..], [Failure::Outcome { found: Outcome::Unconfirmed { .. }, .. }]),
        "{failures:?}"
    );
}

#[test]
fn a_confirmation_counts_for_its_rule_in_its_edition_alone() {
    let mut confirmed = Confirmations::default();
    let (edition, id) =
        (|text: &str| text.parse::<Edition>().unwrap(), |text: &str| text.parse::<RuleId>().unwrap());
    confirmed.confirm(edition("probe 1"), id("R"));
    confirmed.confirm(edition("probe 1"), id("S"));
    assert!(
        confirmed.contains(&edition("probe 1"), &id("R"))
            && confirmed.contains(&edition("probe 1"), &id("S"))
    );
    assert!(
        !confirmed.contains(&edition("probe 2"), &id("R"))
            && !confirmed.contains(&edition("probe 1"), &id("T"))
    );
    let doubtful = Rule { confidence: Confidence::ToBeConfirmed, ..ten_years() };
    let book = book_of(vec![doubtful]);
    assert!(evaluate(&file(), &book, &confirmed, date(2024, 1, 1)).outcome.is_due());
}

#[test]
fn a_flaw_of_a_rule_says_which_rule_it_is() {
    let mut pack = pack(vec![Rule { classes: vec!["70".parse().unwrap()], ..ten_years() }]);
    pack.criteria = vec![criterion("leer", Condition::Any(Vec::new()))];
    let flaws = RuleBook::new(pack, &plan()).unwrap_err();
    let about: Vec<_> = flaws.iter().map(|flaw| flaw.about().map(RuleId::as_str)).collect();
    assert_eq!(about, [Some("R"), Some("leer")]);
    assert_eq!(Flaw::NoRules.about(), None, "it is about the pack");
}
