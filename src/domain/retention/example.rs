//! Examples that prove a pack: an archivist writes down a file, a day and what must be found.
//!
//! Every rule and every criterion needs at least one; [`check`] tells which has none and which differ.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::book::RuleBook;
use super::evaluate::{Confirmations, evaluate};
use super::finding::Outcome;
use super::paper::{PaperFate, paper_fate};
use super::rule::RuleId;
use crate::domain::appraisal::{ProposalReason, propose};
use crate::domain::case_file::{Carriers, CaseFile, ClassNumber};
use crate::domain::event::FileEvent;
use crate::domain::ids::{CaseFileId, HoldId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;

/// The hold that examples place.
pub const EXAMPLE_HOLD: HoldId = HoldId(Uuid::from_u128(1));

/// A file, a day, and what must be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What it shows, German; unlike every other example's.
    pub name: String,
    /// The file.
    pub file: CaseFile,
    /// The town has confirmed every rule.
    pub confirmed: bool,
    /// The day.
    pub on: Date,
    /// The outcome that must be found.
    pub outcome: Outcome,
    /// The rule that must govern; none: not asked.
    pub rule: Option<RuleId>,
    /// Whether the offer must be overdue; none: not asked.
    pub offer_overdue: Option<bool>,
    /// From which day on the file must be restricted; none: not asked.
    pub restricted_from: Option<Date>,
    /// The criteria that must speak, in the pack's order; none: not asked.
    pub proposes: Option<Vec<RuleId>>,
    /// The registers the rule for thinning leaves out, in its order; none: not asked.
    pub leaves_out: Option<Vec<RegisterNumber>>,
    /// Whether the paper may go; none: not asked.
    pub paper_may_go: Option<bool>,
}

/// A file of this class as examples begin with it: opened and closed in the year 2000, without any fact.
#[must_use]
pub fn example_file(class: ClassNumber) -> CaseFile {
    let reference = format!("{class}-1").parse();
    let opened = FileEvent::Opened {
        reference: reference.expect("a class number with a suffix is a reference number"),
        title: "Beispiel".to_owned(),
        class,
        record_type: None,
        domain: ProtectionDomain::General,
        on: date(2000, 1, 1),
        fields: BTreeMap::new(),
        carriers: Carriers { paper: None },
    };
    CaseFile::opened_by(CaseFileId(Uuid::from_u128(1)), opened).expect("a file begins with its opening")
}

/// What an example of a pack reveals.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// Two examples have one name.
    DuplicateName(String),
    /// A rule no example rests on.
    RuleWithoutExample(RuleId),
    /// A criterion that speaks in no example.
    CriterionWithoutExample(RuleId),
    /// Another outcome was found.
    Outcome {
        /// The example.
        example: String,
        /// What must be found.
        expected: Outcome,
        /// What is found.
        found: Outcome,
    },
    /// Another rule governs.
    Rule {
        /// The example.
        example: String,
        /// The rule that governs, if any.
        found: Option<RuleId>,
    },
    /// The offer is overdue and should not be, or the other way round.
    OfferOverdue {
        /// The example.
        example: String,
        /// What is found.
        found: bool,
    },
    /// It is restricted from another day on, or never.
    RestrictedFrom {
        /// The example.
        example: String,
        /// The day found.
        found: Option<Date>,
    },
    /// Other criteria speak.
    Proposes {
        /// The example.
        example: String,
        /// Those that speak.
        found: Vec<RuleId>,
    },
    /// A rule for thinning that no example follows.
    ThinningWithoutExample(RuleId),
    /// Other registers are left out.
    LeavesOut {
        /// The example.
        example: String,
        /// Those that are.
        found: Vec<RegisterNumber>,
    },
    /// The paper has another fate.
    Paper {
        /// The example.
        example: String,
        /// The fate found.
        found: PaperFate,
    },
}

/// Runs every example; what it returns is empty for a pack that does what its examples say.
#[must_use]
pub fn check(book: &RuleBook, examples: &[Example]) -> Vec<Failure> {
    let mut failures = Vec::new();
    let (mut names, mut rules, mut criteria) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut thinnings = BTreeSet::new();
    for example in examples {
        if !names.insert(example.name.as_str()) {
            failures.push(Failure::DuplicateName(example.name.clone()));
        }
        rules.extend(check_finding(book, example, &mut failures));
        criteria.extend(check_proposal(book, example, &mut failures));
        thinnings.extend(check_thinning(book, example, &mut failures));
    }
    let untried = book.rules().iter().filter(|rule| !rules.contains(&rule.id));
    failures.extend(untried.map(|rule| Failure::RuleWithoutExample(rule.id.clone())));
    let untried = book.criteria().iter().filter(|criterion| !criteria.contains(&criterion.id));
    failures.extend(untried.map(|criterion| Failure::CriterionWithoutExample(criterion.id.clone())));
    let untried = book.thinnings().iter().filter(|thinning| !thinnings.contains(&thinning.id));
    failures.extend(untried.map(|thinning| Failure::ThinningWithoutExample(thinning.id.clone())));
    failures
}

/// Checks outcome, rule and offer; returns the rule the example proves.
fn check_finding(book: &RuleBook, example: &Example, failures: &mut Vec<Failure>) -> Option<RuleId> {
    let name = || example.name.clone();
    let finding = evaluate(&example.file, book, &confirmations(book, example), example.on);
    if finding.outcome != example.outcome {
        let (expected, found) = (example.outcome.clone(), finding.outcome);
        failures.push(Failure::Outcome { example: name(), expected, found });
    }
    if example.rule.is_some() && example.rule != finding.rule {
        failures.push(Failure::Rule { example: name(), found: finding.rule.clone() });
    }
    let found = finding.offer_overdue;
    if example.offer_overdue.is_some_and(|expected| expected != found) {
        failures.push(Failure::OfferOverdue { example: name(), found });
    }
    let found = finding.restricted_from;
    if example.restricted_from.is_some() && example.restricted_from != found {
        failures.push(Failure::RestrictedFrom { example: name(), found });
    }
    let decided =
        matches!(example.outcome, Outcome::Due { .. } | Outcome::Permanent | Outcome::Retained { .. });
    finding.rule.filter(|_| decided)
}

/// Checks criteria and paper; returns the criteria the example proves.
fn check_proposal(book: &RuleBook, example: &Example, failures: &mut Vec<Failure>) -> Vec<RuleId> {
    let proposal = propose(&example.file, book.criteria());
    let speaking = proposal.reasons.iter().filter_map(|reason| match reason {
        ProposalReason::Meets { criterion, .. } => Some(criterion.clone()),
        ProposalReason::Unclear { .. } => None,
    });
    let found: Vec<_> = speaking.collect();
    if let Some(expected) = example.paper_may_go {
        let confirmations = confirmations(book, example);
        let look = proposal.needs_a_look();
        let fate = paper_fate(&example.file, book, &confirmations, None, look, example.on);
        if expected != matches!(fate, PaperFate::MayGo { .. }) {
            failures.push(Failure::Paper { example: example.name.clone(), found: fate });
        }
    }
    match &example.proposes {
        None => Vec::new(),
        Some(expected) if *expected == found => found,
        Some(_) => {
            failures.push(Failure::Proposes { example: example.name.clone(), found });
            Vec::new()
        }
    }
}

/// Checks which registers are left out; returns the rule the example proves.
fn check_thinning(book: &RuleBook, example: &Example, failures: &mut Vec<Failure>) -> Option<RuleId> {
    let (expected, found) = (example.leaves_out.as_ref()?, book.thinning_for(&example.file));
    let registers = found.map(|thinning| thinning.leave_out.clone()).unwrap_or_default();
    if *expected == registers {
        return found.map(|thinning| thinning.id.clone());
    }
    failures.push(Failure::LeavesOut { example: example.name.clone(), found: registers });
    None
}

fn confirmations(book: &RuleBook, example: &Example) -> Confirmations {
    if example.confirmed { Confirmations::all_of(book) } else { Confirmations::default() }
}
