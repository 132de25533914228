//! How two rule books differ: rule by rule, and which classes another rule would govern. What that does to the
//! files there are is [`super::change`]'s question.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::book::RuleBook;
use super::rule::{Retention, Rule, RuleId, Term};
use crate::domain::appraisal::Criterion;
use crate::domain::appraisal::thinning::ThinningRule;
use crate::domain::case_file::ClassNumber;
use crate::domain::file_plan::FilePlan;

/// A part of what a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What it is about.
    Title,
    /// The classes it governs.
    Classes,
    /// What starts its periods, and how that day is counted.
    Trigger,
    /// How long it keeps, and how the last day is counted.
    Period,
    /// What suspends its periods.
    Suspension,
    /// After how long it is restricted.
    Restriction,
    /// What is to happen then.
    Disposition,
    /// What may happen to the paper before.
    Paper,
    /// What it rests on.
    Basis,
    /// How far it can be relied on.
    Confidence,
    /// The days it is in force.
    Validity,
    /// What people should know beside it.
    Note,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Classes,
        Self::Trigger,
        Self::Period,
        Self::Suspension,
        Self::Restriction,
        Self::Disposition,
        Self::Paper,
        Self::Basis,
        Self::Confidence,
        Self::Validity,
        Self::Note,
    ];

    /// The code used in commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Classes => "classes",
            Self::Trigger => "trigger",
            Self::Period => "period",
            Self::Suspension => "suspension",
            Self::Restriction => "restriction",
            Self::Disposition => "disposition",
            Self::Paper => "paper",
            Self::Basis => "basis",
            Self::Confidence => "confidence",
            Self::Validity => "validity",
            Self::Note => "note",
        }
    }

    /// Two rules say different things in this part. The order of classes and of facts means nothing.
    fn differs(self, one: &Rule, other: &Rule) -> bool {
        match self {
            Self::Title => one.title != other.title,
            Self::Classes => as_set(&one.classes) != as_set(&other.classes),
            Self::Trigger => !terms(one).map(trigger).eq(terms(other).map(trigger)),
            Self::Period => {
                let is_permanent = |rule: &Rule| rule.retention == Retention::Permanent;
                let period = |term: &Term| (term.period, term.ends);
                is_permanent(one) != is_permanent(other)
                    || !terms(one).map(period).eq(terms(other).map(period))
            }
            Self::Suspension => {
                let suspended = |term: &Term| term.suspended.clone();
                !terms(one).flat_map(suspended).eq(terms(other).flat_map(suspended))
            }
            Self::Restriction => one.restricted_after != other.restricted_after,
            Self::Disposition => one.disposition != other.disposition,
            Self::Paper => one.paper != other.paper,
            Self::Basis => one.basis != other.basis,
            Self::Confidence => one.confidence != other.confidence,
            Self::Validity => (one.valid_from, one.valid_to) != (other.valid_from, other.valid_to),
            Self::Note => one.note != other.note,
        }
    }
}

fn as_set<T: Ord>(all: &[T]) -> BTreeSet<&T> {
    all.iter().collect()
}

fn terms(rule: &Rule) -> impl Iterator<Item = &Term> {
    let terms: &[Term] = match &rule.retention {
        Retention::Permanent => &[],
        Retention::Terms(terms) => terms,
    };
    terms.iter()
}

fn trigger(term: &Term) -> impl PartialEq {
    (as_set(&term.start), term.counted, &term.not_before)
}

/// A rule that both books have, and what it says differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedRule<'a> {
    /// In the first book.
    pub before: &'a Rule,
    /// In the second.
    pub after: &'a Rule,
    /// Where they differ. Never empty.
    pub parts: Vec<Part>,
}

/// A class that another rule would govern; none where no rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedClass<'a> {
    /// The class.
    pub class: &'a ClassNumber,
    /// By the first book.
    pub before: Option<&'a RuleId>,
    /// By the second.
    pub after: Option<&'a RuleId>,
}

/// What differs between two rule books of one file plan.
#[derive(Debug, Clone)]
pub struct Difference<'a> {
    /// The first book.
    pub before: &'a RuleBook,
    /// The second.
    pub after: &'a RuleBook,
    /// Rules only the second has, in its order.
    pub new: Vec<&'a Rule>,
    /// Rules only the first has, in its order.
    pub gone: Vec<&'a Rule>,
    /// Rules that say something else, in the order of the second.
    pub changed: Vec<ChangedRule<'a>>,
    /// Appraisal criteria only the second has.
    pub new_criteria: Vec<&'a Criterion>,
    /// Appraisal criteria only the first has.
    pub gone_criteria: Vec<&'a Criterion>,
    /// Appraisal criteria that ask something else, as the second has them.
    pub changed_criteria: Vec<&'a Criterion>,
    /// Rules for thinning only the second has.
    pub new_thinnings: Vec<&'a ThinningRule>,
    /// Rules for thinning only the first has.
    pub gone_thinnings: Vec<&'a ThinningRule>,
    /// Rules for thinning that say something else, as the second has them.
    pub changed_thinnings: Vec<&'a ThinningRule>,
    /// Classes that another rule would govern on the day asked about, by number.
    pub classes: Vec<ChangedClass<'a>>,
}

impl<'a> Difference<'a> {
    /// Compares two books; which rule governs a class is asked for this day.
    #[must_use]
    pub fn between(before: &'a RuleBook, after: &'a RuleBook, plan: &'a FilePlan, on: Date) -> Self {
        let criterion =
            |book: &'a RuleBook, id: &RuleId| book.criteria().iter().find(|known| known.id == *id);
        let governing = |book: &'a RuleBook, class| book.governing(class, on).ok().map(|(rule, _)| &rule.id);
        let changed = after.rules().iter().filter_map(|rule| {
            let before = before.rule(&rule.id)?;
            let parts: Vec<_> = Part::ALL.into_iter().filter(|part| part.differs(before, rule)).collect();
            (!parts.is_empty()).then_some(ChangedRule { before, after: rule, parts })
        });
        let classes = plan.classes().map(|class| ChangedClass {
            class: &class.number,
            before: governing(before, &class.number),
            after: governing(after, &class.number),
        });
        let differs = |asked: &&Criterion| criterion(before, &asked.id).is_some_and(|known| known != *asked);
        let lacks = |book: &'a RuleBook| move |asked: &&Criterion| criterion(book, &asked.id).is_none();
        let thinning =
            |book: &'a RuleBook, id: &RuleId| book.thinnings().iter().find(|known| known.id == *id);
        let thins = |book: &'a RuleBook| move |asked: &&ThinningRule| thinning(book, &asked.id).is_none();
        let otherwise = |asked: &&ThinningRule| thinning(before, &asked.id).is_some_and(|one| one != *asked);
        Self {
            before,
            after,
            new: after.rules().iter().filter(|rule| before.rule(&rule.id).is_none()).collect(),
            gone: before.rules().iter().filter(|rule| after.rule(&rule.id).is_none()).collect(),
            changed: changed.collect(),
            new_criteria: after.criteria().iter().filter(lacks(before)).collect(),
            gone_criteria: before.criteria().iter().filter(lacks(after)).collect(),
            changed_criteria: after.criteria().iter().filter(differs).collect(),
            new_thinnings: after.thinnings().iter().filter(thins(before)).collect(),
            gone_thinnings: before.thinnings().iter().filter(thins(after)).collect(),
            changed_thinnings: after.thinnings().iter().filter(otherwise).collect(),
            classes: classes.filter(|class| class.before != class.after).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest::Sha256;
    use crate::domain::appraisal::Condition;
    use crate::domain::file_plan::FilePlanClass;
    use crate::domain::retention::{
        Confidence, Disposition, EndCounting, LegalBasis, NotBefore, PaperRule, Period, RulePack,
        StartCounting, Suspension,
    };

    const DAY: Date = jiff::civil::date(2026, 11, 22);

    fn plan() -> FilePlan {
        let class = |number: &str| FilePlanClass {
            number: number.parse().unwrap(),
            title: number.to_owned(),
            closed: false,
            domain: None,
            reference: None,
        };
        FilePlan::new(["63", "63.10", "63.10.01", "64"].map(class).to_vec()).unwrap()
    }

    fn term(start: &[&str], years: u16) -> Term {
        Term {
            start: start.iter().map(|name| name.parse().unwrap()).collect(),
            counted: StartCounting::EndOfYear,
            period: Period::Years(years),
            ends: EndCounting::EndOfYear,
            not_before: None,
            suspended: Vec::new(),
        }
    }

    fn rule(id: &str, classes: &[&str]) -> Rule {
        Rule {
            id: id.parse().unwrap(),
            title: id.to_owned(),
            classes: classes.iter().map(|class| class.parse().unwrap()).collect(),
            retention: Retention::Terms(vec![term(&["closed", "demolished"], 10)]),
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

    fn criterion(id: &str, field: &str) -> Criterion {
        Criterion {
            id: id.parse().unwrap(),
            title: id.to_owned(),
            classes: vec!["63".parse().unwrap()],
            condition: Condition::FieldIsFilled { field: field.to_owned() },
        }
    }

    fn book(rules: Vec<Rule>, criteria: Vec<Criterion>) -> RuleBook {
        let facts = ["closed", "demolished"];
        let pack = RulePack {
            edition: "probe 1".parse().unwrap(),
            title: "Probe".to_owned(),
            digest: Sha256::of(&[]),
            facts: facts.into_iter().map(|name| (name.parse().unwrap(), name.to_owned())).collect(),
            rules,
            criteria,
            thinnings: Vec::new(),
        };
        RuleBook::new(pack, &plan()).unwrap()
    }

    /// Where a rule that was changed so differs.
    fn parts(change: impl FnOnce(&mut Rule)) -> Vec<Part> {
        let mut other = rule("R", &["63", "64"]);
        change(&mut other);
        let (before, after) = (book(vec![rule("R", &["63", "64"])], vec![]), book(vec![other], vec![]));
        let plan = plan();
        let mut changed = Difference::between(&before, &after, &plan, DAY).changed;
        changed.pop().map(|rule| rule.parts).unwrap_or_default()
    }

    #[test]
    fn every_part_of_a_rule_that_changes_is_named_and_no_other() {
        let terms = Retention::Terms;
        let months = Term { period: Period::Months(10), ..term(&["closed", "demolished"], 10) };
        let to_the_day = Term { ends: EndCounting::SameDay, ..term(&["closed", "demolished"], 10) };
        let held_back = Term {
            not_before: Some(NotBefore { fact: "closed".parse().unwrap(), counted: StartCounting::SameDay }),
            ..term(&["closed", "demolished"], 10)
        };
        let suspension = Suspension { from: "demolished".parse().unwrap(), until: "closed".parse().unwrap() };
        let suspended = Term { suspended: vec![suspension], ..term(&["closed", "demolished"], 10) };
        assert_eq!(parts(|_| {}), []);
        assert_eq!(parts(|rule| rule.retention = terms(vec![suspended])), [Part::Suspension]);
        assert_eq!(parts(|rule| rule.title = "Bauakten".to_owned()), [Part::Title]);
        assert_eq!(parts(|rule| drop(rule.classes.pop())), [Part::Classes]);
        assert_eq!(parts(|rule| rule.retention = terms(vec![term(&["closed"], 10)])), [Part::Trigger]);
        assert_eq!(parts(|rule| rule.retention = terms(vec![held_back])), [Part::Trigger]);
        assert_eq!(parts(|rule| rule.retention = terms(vec![months])), [Part::Period]);
        assert_eq!(parts(|rule| rule.retention = terms(vec![to_the_day])), [Part::Period]);
        assert_eq!(parts(|rule| rule.retention = Retention::Permanent), [Part::Trigger, Part::Period]);
        assert_eq!(parts(|rule| rule.restricted_after = Some(Period::Years(2))), [Part::Restriction]);
        assert_eq!(parts(|rule| rule.disposition = Disposition::Destroy), [Part::Disposition]);
        assert_eq!(parts(|rule| rule.paper = PaperRule::Keep), [Part::Paper]);
        assert_eq!(parts(|rule| rule.basis.edition = Some("2024".to_owned())), [Part::Basis]);
        assert_eq!(parts(|rule| rule.confidence = Confidence::ToBeConfirmed), [Part::Confidence]);
        assert_eq!(parts(|rule| rule.valid_from = Some(DAY)), [Part::Validity]);
        assert_eq!(parts(|rule| rule.note = Some("neu".to_owned())), [Part::Note]);
    }

    #[test]
    fn another_order_of_classes_or_facts_is_no_change() {
        assert_eq!(parts(|rule| rule.classes.reverse()), []);
        let turned = Retention::Terms(vec![term(&["demolished", "closed"], 10)]);
        assert_eq!(parts(|rule| rule.retention = turned), []);
    }

    #[test]
    fn rules_and_criteria_that_come_and_go_are_told_by_name() {
        let before = book(
            vec![rule("A", &["63"]), rule("B", &["64"])],
            vec![criterion("alt", "built_year"), criterion("bleibt", "monument")],
        );
        let after = book(
            vec![rule("C", &["64"]), rule("A", &["63"])],
            vec![criterion("bleibt", "architect"), criterion("neu", "street")],
        );
        let plan = plan();
        let difference = Difference::between(&before, &after, &plan, DAY);
        let rules = |rules: &[&Rule]| rules.iter().map(|rule| rule.id.to_string()).collect::<Vec<_>>();
        let names = |all: &[&Criterion]| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
        assert_eq!(rules(&difference.new), ["C"]);
        assert_eq!(rules(&difference.gone), ["B"]);
        assert_eq!(difference.changed, []);
        assert_eq!(names(&difference.new_criteria), ["neu"]);
        assert_eq!(names(&difference.gone_criteria), ["alt"]);
        assert_eq!(names(&difference.changed_criteria), ["bleibt"]);
    }

    #[test]
    fn rules_for_thinning_that_come_go_or_say_something_else_are_told_by_name() {
        let thinning = |id: &str, leave_out: &str| ThinningRule {
            id: id.parse().unwrap(),
            title: id.to_owned(),
            reason: "Der Rest genügt".to_owned(),
            record_type: id.parse().unwrap(),
            classes: vec!["63".parse().unwrap()],
            leave_out: vec![leave_out.parse().unwrap()],
        };
        let with = |thinnings| {
            let pack = RulePack { thinnings, ..book(vec![rule("A", &["63"])], vec![]).pack().clone() };
            RuleBook::new(pack, &plan()).unwrap()
        };
        let before = with(vec![thinning("alt", "40"), thinning("bleibt", "40"), thinning("gleich", "40")]);
        let after = with(vec![thinning("gleich", "40"), thinning("bleibt", "60"), thinning("neu", "40")]);
        let plan = plan();
        let names = |all: &[&ThinningRule]| all.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
        let difference = Difference::between(&before, &after, &plan, DAY);
        assert_eq!(names(&difference.new_thinnings), ["neu"]);
        assert_eq!(names(&difference.gone_thinnings), ["alt"]);
        assert_eq!(names(&difference.changed_thinnings), ["bleibt"]);
        assert_eq!(difference.changed_thinnings[0].leave_out[0].as_str(), "60", "as the second has it");
    }

    #[test]
    fn classes_that_another_rule_would_govern_are_named_with_those_that_inherit() {
        let before = book(vec![rule("A", &["63"])], vec![]);
        let after = book(vec![rule("A", &["63"]), rule("B", &["63.10", "64"])], vec![]);
        let plan = plan();
        let classes = |before, after, on| {
            let difference = Difference::between(before, after, &plan, on);
            let name = |id: Option<&RuleId>| id.map_or("-", RuleId::as_str).to_owned();
            let told =
                |one: &ChangedClass<'_>| format!("{} {} {}", one.class, name(one.before), name(one.after));
            difference.classes.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(classes(&before, &after, DAY), ["63.10 A B", "63.10.01 A B", "64 - B"]);
        assert_eq!(classes(&after, &before, DAY), ["63.10 B A", "63.10.01 B A", "64 B -"]);
        let later = Rule { valid_from: Some(DAY), ..rule("A", &["63"]) };
        let later = book(vec![later], vec![]);
        let eve = DAY.yesterday().unwrap();
        assert_eq!(classes(&before, &later, DAY), [""; 0], "the day decides");
        assert_eq!(classes(&before, &later, eve), ["63 A -", "63.10 A -", "63.10.01 A -"]);
    }
}
