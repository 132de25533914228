//! The rule book (Regelwerk): the rules of one edition, checked against each other and the file plan.
//!
//! A class without a rule of its own is governed by the nearest class above that has one. A class whose own
//! rules are all out of force is *not*: its law has a gap, and a gap is never filled by guessing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::flaw::Flaw;
use super::period::{Period, StartCounting};
use super::rule::{Disposition, Edition, PaperRule, Retention, Rule, RuleId, Term};
use crate::base::digest::Sha256;
use crate::domain::appraisal::Criterion;
use crate::domain::appraisal::thinning::ThinningRule;
use crate::domain::case_file::{CaseFile, ClassNumber, FactKind};
use crate::domain::file_plan::FilePlan;
use crate::domain::record_type::RecordTypes;

/// What a pack brings, read but not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePack {
    /// Its name and edition.
    pub edition: Edition,
    /// Its title, German.
    pub title: String,
    /// SHA-256 of the bytes it was read from.
    pub digest: Sha256,
    /// The kinds of fact it knows, with the German words for them: `Gebäude abgebrochen`.
    pub facts: BTreeMap<FactKind, String>,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// Its appraisal criteria.
    pub criteria: Vec<Criterion>,
    /// Which registers the archive may do without.
    pub thinnings: Vec<ThinningRule>,
}

/// Why no rule governs a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The file plan does not know the class.
    UnknownClass,
    /// Neither the class nor one above it has a rule.
    NoRule,
    /// The class has rules, but none in force on that day.
    NoneInForce,
}

/// The rules of one edition. Exists only without [`Flaw`].
#[derive(Debug, Clone)]
pub struct RuleBook {
    pack: RulePack,
    /// For every class of the plan: the class whose rules govern it, and these rules (positions in the pack).
    governed: HashMap<ClassNumber, Governance>,
    leaves: Vec<ClassNumber>,
}

#[derive(Debug, Clone)]
struct Governance {
    from: ClassNumber,
    rules: Vec<usize>,
}

impl RuleBook {
    /// The rule book of a pack for this file plan.
    ///
    /// # Errors
    /// Every flaw there is, not only the first.
    pub fn new(pack: RulePack, plan: &FilePlan) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        if pack.rules.is_empty() {
            flaws.push(Flaw::NoRules);
        }
        check_names(&pack, &mut flaws);
        for rule in &pack.rules {
            check_rule(rule, &mut flaws);
            check_references(&rule.id, &rule.classes, rule.facts(), &pack, plan, &mut flaws);
        }
        for criterion in &pack.criteria {
            if criterion.condition.is_empty() {
                flaws.push(Flaw::EmptyCondition(criterion.id.clone()));
            }
            let facts = criterion.condition.facts();
            check_references(&criterion.id, &criterion.classes, facts.into_iter(), &pack, plan, &mut flaws);
        }
        for (at, thinning) in pack.thinnings.iter().enumerate() {
            check_references(&thinning.id, &thinning.classes, std::iter::empty(), &pack, plan, &mut flaws);
            check_thinning(thinning, &pack.thinnings[..at], &mut flaws);
        }
        let own = rules_by_class(&pack.rules);
        for (class, rules) in &own {
            check_overlaps(class, rules, &pack.rules, &mut flaws);
        }
        if flaws.is_empty() { Ok(Self::resolve(pack, &own, plan)) } else { Err(flaws) }
    }

    fn resolve(pack: RulePack, own: &BTreeMap<ClassNumber, Vec<usize>>, plan: &FilePlan) -> Self {
        let governed = plan
            .classes()
            .map(|class| {
                let nearest = class.number.lineage().find_map(|above| {
                    own.get(&above).map(|rules| Governance { from: above.clone(), rules: rules.clone() })
                });
                let none = || Governance { from: class.number.clone(), rules: Vec::new() };
                (class.number.clone(), nearest.unwrap_or_else(none))
            })
            .collect();
        let leaves = plan.leaves().map(|class| class.number.clone()).collect();
        Self { pack, governed, leaves }
    }

    /// The rule in force for a class on a day, and the class it stands at (another one if inherited).
    ///
    /// # Errors
    /// The [`Lack`] if there is none.
    pub fn governing(&self, class: &ClassNumber, on: Date) -> Result<(&Rule, &ClassNumber), Lack> {
        let governance = self.governed.get(class).ok_or(Lack::UnknownClass)?;
        if governance.rules.is_empty() {
            return Err(Lack::NoRule);
        }
        let mut rules = governance.rules.iter().map(|at| &self.pack.rules[*at]);
        let rule = rules.find(|rule| rule.in_force(on)).ok_or(Lack::NoneInForce)?;
        Ok((rule, &governance.from))
    }

    /// The classes (with nothing below them) that no rule governs on this day, by number.
    pub fn gaps(&self, on: Date) -> impl Iterator<Item = (&ClassNumber, Lack)> {
        self.leaves.iter().filter_map(move |class| Some((class, self.governing(class, on).err()?)))
    }

    /// The edition.
    #[must_use]
    pub fn edition(&self) -> &Edition {
        &self.pack.edition
    }

    /// The pack this book was made of.
    #[must_use]
    pub fn pack(&self) -> &RulePack {
        &self.pack
    }

    /// All rules, in the pack's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.pack.rules
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.pack.rules.iter().find(|rule| rule.id == *id)
    }

    /// All appraisal criteria, in the pack's order.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.pack.criteria
    }

    /// What people call the rule or the criterion with this id.
    #[must_use]
    pub fn title_of(&self, id: &str) -> Option<&str> {
        let rules = self.pack.rules.iter().map(|rule| (&rule.id, &rule.title));
        let criteria = self.pack.criteria.iter().map(|criterion| (&criterion.id, &criterion.title));
        rules.chain(criteria).find(|(known, _)| known.as_str() == id).map(|(_, title)| title.as_str())
    }

    /// All rules for thinning, in the pack's order.
    #[must_use]
    pub fn thinnings(&self) -> &[ThinningRule] {
        &self.pack.thinnings
    }

    /// The rule for thinning that is proposed for a file; of one type and class there is never more than one.
    #[must_use]
    pub fn thinning_for(&self, file: &CaseFile) -> Option<&ThinningRule> {
        self.pack.thinnings.iter().find(|thinning| thinning.is_for(file))
    }

    /// What of the rules for thinning does not fit the record types in force. A book that has come into force stays so when
    /// they change: a register nobody knows leaves nothing out.
    #[must_use]
    pub fn thinning_flaws(&self, types: &RecordTypes) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for ThinningRule { id, record_type, leave_out, .. } in &self.pack.thinnings {
            let rule = id.clone();
            let Some(known) = types.in_force().find(|known| known.id == *record_type) else {
                flaws.push(Flaw::UnknownRecordType { rule, record_type: record_type.clone() });
                continue;
            };
            for register in leave_out.iter().filter(|number| number.among(&known.registers).is_none()) {
                let known = known.registers.iter().map(|register| register.number.clone()).collect();
                flaws.push(Flaw::UnknownRegister { rule: id.clone(), register: register.clone(), known });
            }
        }
        flaws
    }

    /// The German words for a kind of fact; its code if the pack does not know it.
    #[must_use]
    pub fn fact_label<'a>(&'a self, kind: &'a FactKind) -> &'a str {
        self.pack.facts.get(kind).map_or(kind.as_str(), String::as_str)
    }
}

fn rules_by_class(rules: &[Rule]) -> BTreeMap<ClassNumber, Vec<usize>> {
    let mut own = BTreeMap::<_, Vec<usize>>::new();
    for (at, rule) in rules.iter().enumerate() {
        for class in &rule.classes {
            own.entry(class.clone()).or_default().push(at);
        }
    }
    own
}

fn check_names(pack: &RulePack, flaws: &mut Vec<Flaw>) {
    let mut seen = BTreeSet::new();
    let doubles = pack.rules.iter().filter(|rule| !seen.insert(&rule.id));
    flaws.extend(doubles.map(|rule| Flaw::DuplicateRule(rule.id.clone())));
    let mut seen = BTreeSet::new();
    let doubles = pack.criteria.iter().filter(|criterion| !seen.insert(&criterion.id));
    flaws.extend(doubles.map(|criterion| Flaw::DuplicateCriterion(criterion.id.clone())));
}

fn check_thinning(thinning: &ThinningRule, earlier: &[ThinningRule], flaws: &mut Vec<Flaw>) {
    let id = || thinning.id.clone();
    if thinning.leave_out.is_empty() {
        flaws.push(Flaw::LeavesNothingOut(id()));
    }
    if thinning.reason.trim().is_empty() {
        flaws.push(Flaw::NoReason(id()));
    }
    let mut seen = BTreeSet::new();
    for register in thinning.leave_out.iter().filter(|register| !seen.insert(*register)) {
        flaws.push(Flaw::RegisterTwice { rule: id(), register: register.clone() });
    }
    let mut seen = BTreeSet::new();
    let doubles = thinning.classes.iter().filter(|class| !seen.insert(*class));
    flaws.extend(doubles.map(|class| Flaw::ThinnedTwice { first: id(), second: id(), class: class.clone() }));
    for other in earlier {
        if other.id == thinning.id {
            flaws.push(Flaw::DuplicateThinning(id()));
        }
        if let Some(class) = other.overlap(thinning) {
            let (first, class) = (other.id.clone(), class.clone());
            flaws.push(Flaw::ThinnedTwice { first, second: id(), class });
        }
    }
}

fn check_references<'a>(
    rule: &RuleId,
    classes: &[ClassNumber],
    facts: impl Iterator<Item = &'a FactKind>,
    pack: &RulePack,
    plan: &FilePlan,
    flaws: &mut Vec<Flaw>,
) {
    if classes.is_empty() {
        flaws.push(Flaw::NoClasses(rule.clone()));
    }
    for class in classes.iter().filter(|class| plan.class(class).is_none()) {
        flaws.push(Flaw::UnknownClass { rule: rule.clone(), class: class.clone() });
    }
    for fact in facts.filter(|fact| !pack.facts.contains_key(*fact)) {
        flaws.push(Flaw::UnknownFact { rule: rule.clone(), fact: fact.clone() });
    }
}

fn check_rule(rule: &Rule, flaws: &mut Vec<Flaw>) {
    let mut flaw = |is: bool, make: fn(RuleId) -> Flaw| {
        if is {
            flaws.push(make(rule.id.clone()));
        }
    };
    let backwards = matches!((rule.valid_from, rule.valid_to), (Some(from), Some(to)) if to < from);
    flaw(backwards, Flaw::NeverInForce);
    flaw(rule.basis.text.trim().is_empty(), Flaw::NoBasis);
    let worthy = rule.disposition == Disposition::ArchiveWorthy;
    flaw(worthy && rule.paper == PaperRule::AfterScanCheck, Flaw::ArchiveWorthyButPaperGoes);
    flaw(
        rule.restricted_after.is_some_and(|after| !is_within(after, &rule.retention)),
        Flaw::RestrictedTooLate,
    );
    match &rule.retention {
        Retention::Permanent => {
            flaw(rule.disposition == Disposition::Destroy, Flaw::PermanentButDestroyed);
        }
        Retention::Terms(terms) => {
            flaw(terms.is_empty() || terms.iter().any(|term| term.start.is_empty()), Flaw::NoStart);
            flaw(terms.iter().any(is_zero), Flaw::EmptyPeriod);
            flaw(terms.iter().any(is_backwards_from_elsewhere), Flaw::BackwardsNotFromTheDay);
            flaw(terms.iter().any(is_suspended_by_one_fact), Flaw::SuspendedByOneFact);
            flaw(terms.iter().any(is_suspended_without_running), Flaw::SuspendedWithoutRunning);
        }
    }
}

/// A time that ends before each of these periods does.
fn is_within(time: Period, retention: &Retention) -> bool {
    let Retention::Terms(terms) = retention else { return false };
    let shorter = |term: &Term| match (time.months(), term.period.months()) {
        (Some(time), Some(period)) => time > 0 && time < period,
        _ => false,
    };
    terms.iter().all(shorter)
}

fn is_zero(term: &Term) -> bool {
    matches!(term.period, Period::Years(0) | Period::Months(0) | Period::DaysBefore(0))
}

fn is_backwards_from_elsewhere(term: &Term) -> bool {
    matches!(term.period, Period::DaysBefore(_)) && term.counted != StartCounting::SameDay
}

fn is_suspended_by_one_fact(term: &Term) -> bool {
    term.suspended.iter().any(|suspension| suspension.from == suspension.until)
}

fn is_suspended_without_running(term: &Term) -> bool {
    !term.suspended.is_empty() && matches!(term.period, Period::DaysBefore(_) | Period::UntilEvent)
}

fn check_overlaps(class: &ClassNumber, at: &[usize], rules: &[Rule], flaws: &mut Vec<Flaw>) {
    for (position, first) in at.iter().enumerate() {
        for second in &at[position + 1..] {
            let (first, second) = (&rules[*first], &rules[*second]);
            if overlap(first, second) {
                let (first, second) = (first.id.clone(), second.id.clone());
                flaws.push(Flaw::Overlap { first, second, class: class.clone() });
            }
        }
    }
}

fn overlap(one: &Rule, other: &Rule) -> bool {
    let starts_in_time = |early: &Rule, late: &Rule| match (early.valid_to, late.valid_from) {
        (Some(to), Some(from)) => from <= to,
        _ => true,
    };
    starts_in_time(one, other) && starts_in_time(other, one)
}
