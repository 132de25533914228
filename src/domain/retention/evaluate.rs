//! The one question: what follows for this file on this day, and why?
//!
//! [`outcome`] is the cheap form for millions of files, [`evaluate`] gives the reasons too. Both are one
//! calculation, so they cannot disagree. It is total: no date and no rule makes it fail or panic.
//! A transferred file is asked like a closed one: its working copy stays due until it has gone. Facts count
//! whatever their day; a day in the future moves the end into the future and never makes anything due early.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;

use super::book::RuleBook;
use super::finding::{Finding, Outcome, Reason, WaitingFor};
use super::restriction::restricted_from;
use super::rule::{Confidence, Edition, Retention, Rule, RuleId, Term};
use super::suspension::{last_day_without, pauses};
use crate::domain::case_file::{CaseFile, ClassNumber, FactKind, Hold, Phase};

/// Years after which a file must have been offered to the archive, whatever its class (§ 4 Abs. 1 ArchivG NRW).
pub const OFFER_AFTER_YEARS: i64 = 30;

/// Which rules the town has confirmed. A confirmation holds for one edition only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confirmations(BTreeMap<Edition, BTreeSet<RuleId>>);

impl Confirmations {
    /// The town confirms a rule of an edition.
    pub fn confirm(&mut self, edition: Edition, rule: RuleId) {
        self.0.entry(edition).or_default().insert(rule);
    }

    /// The town has confirmed this rule of this edition.
    #[must_use]
    pub fn contains(&self, edition: &Edition, rule: &RuleId) -> bool {
        self.0.get(edition).is_some_and(|rules| rules.contains(rule))
    }

    /// Every rule of this book confirmed: what-if for trying a book out, and for its examples.
    #[must_use]
    pub fn all_of(book: &RuleBook) -> Self {
        let rules = book.rules().iter().map(|rule| rule.id.clone()).collect();
        Self(BTreeMap::from([(book.edition().clone(), rules)]))
    }
}

/// What follows for this file on this day, with reasons.
#[must_use]
pub fn evaluate(file: &CaseFile, book: &RuleBook, confirmations: &Confirmations, on: Date) -> Finding {
    let mut reasons = Reasons(Some(Vec::new()));
    let governing = book.governing(&file.class, on).ok().map(|(rule, _)| rule);
    let outcome = judge(file, book, confirmations, on, &mut reasons);
    let latest = offer_overdue_since(file, governing, on);
    if let Some(latest) = latest {
        reasons.add(|| Reason::OfferOverdue { opened: file.opened, latest });
    }
    let restricted_from = restricted_from(file, book, confirmations, on);
    if let (Some(from), Some(after)) = (restricted_from, governing.and_then(|rule| rule.restricted_after)) {
        reasons.add(|| Reason::RestrictedFrom { from, after });
    }
    Finding {
        file: file.id,
        on,
        edition: book.edition().clone(),
        outcome,
        reasons: reasons.0.unwrap_or_default(),
        rule: governing.map(|rule| rule.id.clone()),
        offer_overdue: latest.is_some(),
        restricted_from,
    }
}

/// What follows for this file on this day; the outcome of [`evaluate`] without the cost of its reasons.
#[must_use]
pub fn outcome(file: &CaseFile, book: &RuleBook, confirmations: &Confirmations, on: Date) -> Outcome {
    judge(file, book, confirmations, on, &mut Reasons(None))
}

/// As [`outcome`], as if no hold stood.
pub(super) fn outcome_without_holds(
    file: &CaseFile,
    book: &RuleBook,
    confirmations: &Confirmations,
    on: Date,
) -> Outcome {
    match file.phase {
        Phase::Condemned { on } | Phase::Destroyed { on } => Outcome::Gone { on },
        _ => by_rule(file, book, confirmations, on, &mut Reasons(None)),
    }
}

/// Reasons, if somebody wants them.
struct Reasons(Option<Vec<Reason>>);

impl Reasons {
    fn add(&mut self, make: impl FnOnce() -> Reason) {
        if let Some(reasons) = &mut self.0 {
            reasons.push(make());
        }
    }
}

fn judge(
    file: &CaseFile,
    book: &RuleBook,
    confirmations: &Confirmations,
    on: Date,
    reasons: &mut Reasons,
) -> Outcome {
    if let Phase::Condemned { on } | Phase::Destroyed { on } = file.phase {
        reasons.add(|| Reason::Gone { on });
        return Outcome::Gone { on };
    }
    for hold in &file.holds {
        reasons.add(|| Reason::Held { reason: hold.reason.clone(), since: hold.since });
    }
    if let Some(by) = oldest(&file.holds) {
        if reasons.0.is_some() {
            by_rule(file, book, confirmations, on, reasons); // what the hold keeps from happening
        }
        return Outcome::Held { by: by.id };
    }
    by_rule(file, book, confirmations, on, reasons)
}

fn oldest(holds: &[Hold]) -> Option<&Hold> {
    holds.iter().min_by_key(|hold| (hold.since, hold.id))
}

fn by_rule(
    file: &CaseFile,
    book: &RuleBook,
    confirmations: &Confirmations,
    on: Date,
    reasons: &mut Reasons,
) -> Outcome {
    let governing = book.governing(&file.class, on);
    match governing {
        Ok((rule, from)) => reasons.add(|| cite(rule, from, &file.class)),
        Err(lack) => reasons.add(|| Reason::NoRule { class: file.class.clone(), lack }),
    }
    if file.phase == Phase::Open {
        reasons.add(|| Reason::NotClosed);
        return Outcome::NotBegun { waiting_for: WaitingFor::Closing };
    }
    let Ok((rule, _)) = governing else { return Outcome::Ungoverned };
    let says = what_the_rule_says(file, rule, on, reasons);
    if may_be_relied_on(rule, book, confirmations) {
        return says;
    }
    reasons.add(|| Reason::Unconfirmed { rule: rule.id.clone() });
    Outcome::Unconfirmed { would_be: Box::new(says) }
}

/// The rule is sourced, or the town has confirmed it in this edition.
pub(super) fn may_be_relied_on(rule: &Rule, book: &RuleBook, confirmations: &Confirmations) -> bool {
    rule.confidence == Confidence::Sourced || confirmations.contains(book.edition(), &rule.id)
}

fn cite(rule: &Rule, from: &ClassNumber, class: &ClassNumber) -> Reason {
    Reason::Rule {
        id: rule.id.clone(),
        title: rule.title.clone(),
        inherited_from: (from != class).then(|| from.clone()),
        basis: rule.basis.clone(),
        confidence: rule.confidence,
    }
}

fn what_the_rule_says(file: &CaseFile, rule: &Rule, on: Date, reasons: &mut Reasons) -> Outcome {
    let Retention::Terms(terms) = &rule.retention else {
        reasons.add(|| Reason::KeptForEver);
        return Outcome::Permanent;
    };
    let Some(closed) = day_of_closing(file) else {
        let closing = || FactKind::CLOSED.parse().map(|kind| vec![kind]).unwrap_or_default();
        reasons.add(|| Reason::FactMissing { any_of: closing() });
        return Outcome::NotBegun { waiting_for: WaitingFor::Closing };
    };
    let mut longest = Date::MIN;
    let (mut missing, mut standing) = (None, None);
    for term in terms {
        match last_of_term(file, term, reasons) {
            Ok(last) => longest = longest.max(last),
            Err(NoEnd::Missing(facts)) => missing = missing.or(Some(facts)),
            Err(NoEnd::StandsStill(until)) => standing = standing.or(Some(until)),
        }
    }
    if let Some(facts) = missing {
        return Outcome::NotBegun { waiting_for: WaitingFor::Facts(facts) };
    }
    if let Some(until) = standing {
        return Outcome::Suspended { until };
    }
    if terms.len() > 1 {
        reasons.add(|| Reason::LongestOf { count: terms.len(), last: longest });
    }
    if longest < closed {
        longest = closed;
        reasons.add(|| Reason::KeptUntilClosed { closed });
    }
    reasons.add(|| Reason::Disposition(rule.disposition));
    match longest.tomorrow() {
        Ok(since) if since <= on => Outcome::Due { since, disposition: rule.disposition },
        _ => Outcome::Retained { until: longest },
    }
}

/// The last day of one period; none if it has none yet.
pub(super) fn last_day_of(file: &CaseFile, term: &Term) -> Option<Date> {
    last_of_term(file, term, &mut Reasons(None)).ok()
}

/// The day a file was closed.
pub(super) fn day_of_closing(file: &CaseFile) -> Option<Date> {
    fact_day(file, FactKind::CLOSED)
}

/// Why a period has no last day.
enum NoEnd {
    /// It has not begun: one of these facts is missing.
    Missing(Vec<FactKind>),
    /// It stands still until this fact is known.
    StandsStill(FactKind),
}

/// The last day of one period, or why it has none.
fn last_of_term(file: &CaseFile, term: &Term, reasons: &mut Reasons) -> Result<Date, NoEnd> {
    let known = term.start.iter().filter_map(|kind| Some((fact_day(file, kind.as_str())?, kind)));
    let start = known.max();
    let barrier = match &term.not_before {
        None => None,
        Some(not_before) => {
            let fact = &not_before.fact;
            let Some(happened) = fact_day(file, fact.as_str()) else {
                reasons.add(|| Reason::FactMissing { any_of: vec![fact.clone()] });
                return Err(NoEnd::Missing(vec![fact.clone()]));
            };
            let counted = not_before.counted;
            let anchor = counted.anchor(happened);
            reasons.add(|| Reason::NotBefore { fact: fact.clone(), happened, counted, anchor });
            Some(anchor)
        }
    };
    let Some((happened, fact)) = start else {
        reasons.add(|| Reason::FactMissing { any_of: term.start.clone() });
        return Err(NoEnd::Missing(term.start.clone()));
    };
    let (counted, period, ends) = (term.counted, term.period, term.ends);
    let anchor = counted.anchor(happened).max(barrier.unwrap_or(Date::MIN));
    let pauses = pauses(term, |kind| fact_days(file, kind.as_str()));
    let last = last_day_without(anchor, term, &pauses, |pause, days| {
        let (from, until) = (pause.suspension.from.clone(), pause.suspension.until.clone());
        let (first, last) = (pause.first, pause.last.unwrap_or(Date::MAX));
        reasons.add(|| Reason::NotCounted { from, first, until, last, days });
    });
    let last = last.map_err(|pause| {
        let (from, until) = (pause.suspension.from.clone(), pause.suspension.until.clone());
        reasons.add(|| Reason::StandsStill { from, first: pause.first, until: until.clone() });
        NoEnd::StandsStill(until)
    })?;
    reasons.add(|| Reason::Period { fact: fact.clone(), happened, counted, anchor, period, ends, last });
    Ok(last.unwrap_or(Date::MAX)) // on the last day of the calendar it is still kept, and no day follows
}

/// The latest day of a fact. Closing is a phase as well as a fact: the later of the two counts.
fn fact_day(file: &CaseFile, kind: &str) -> Option<Date> {
    let fact = file.fact(kind).map(|fact| fact.on);
    match file.phase {
        Phase::Closed { on } if kind == FactKind::CLOSED => fact.max(Some(on)),
        _ => fact,
    }
}

/// Every day of a fact; closing is a phase as well.
fn fact_days(file: &CaseFile, kind: &str) -> Vec<Date> {
    let facts = file.facts.iter().filter(|fact| fact.kind.as_str() == kind).map(|fact| fact.on);
    let closed = match file.phase {
        Phase::Closed { on } if kind == FactKind::CLOSED => Some(on),
        _ => None,
    };
    facts.chain(closed).collect()
}

/// The last day on which the file should have been offered, if that has passed. A law that keeps longer
/// defers it; practice that nobody read off a law does not.
fn offer_overdue_since(file: &CaseFile, rule: Option<&Rule>, on: Date) -> Option<Date> {
    if !matches!(file.phase, Phase::Open | Phase::Closed { .. }) {
        return None;
    }
    let general = file.opened.checked_add(Span::new().years(OFFER_AFTER_YEARS)).ok()?;
    let lawful = rule.filter(|rule| rule.confidence == Confidence::Sourced);
    let by_law = lawful.and_then(|rule| match what_the_rule_says(file, rule, on, &mut Reasons(None)) {
        Outcome::Retained { until } => Some(until),
        Outcome::Due { since, .. } => since.yesterday().ok(),
        _ => None,
    });
    let latest = by_law.map_or(general, |last| last.max(general));
    (latest < on).then_some(latest)
}
