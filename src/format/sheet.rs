//! Sheets for the data protection file, as Markdown: what is written down in the rules and record types in force, put into the
//! order others ask for it. A sheet adds no law and no fact of its own; what only the town knows is left open, and said on top.

pub mod art30;
pub mod deletion_concept;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::wording;
use crate::domain::file_plan::{FilePlan, FilePlanClass};
use crate::domain::record_type::{RecordType, RecordTypes};
use crate::domain::retention::{Confidence, Confirmations, Disposition, Part, Retention, Rule, RuleBook};

/// What stands where only the town can say something.
const OPEN: &str = "*von der Stadt zu ergänzen*";

/// What is in force, and the day the sheet is of.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    /// Name of the registry.
    pub registry: &'a str,
    /// The day.
    pub on: Date,
    /// The file plan.
    pub plan: &'a FilePlan,
    /// The rules.
    pub book: &'a RuleBook,
    /// Which of them the town has confirmed.
    pub confirmations: &'a Confirmations,
    /// The record types.
    pub types: &'a RecordTypes,
    /// Days an approved list waits.
    pub grace_days: u16,
}

impl<'a> InForce<'a> {
    /// Each rule with the classes of files it governs on this day, in the order of the pack; without those that govern none.
    fn governing(&self) -> Vec<(&'a Rule, Vec<&'a FilePlanClass>)> {
        let (plan, book, on) = (self.plan, self.book, self.on);
        let governed = |rule: &Rule| {
            let is_governed = |class: &&FilePlanClass| {
                book.governing(&class.number, on).is_ok_and(|(own, _)| own.id == rule.id)
            };
            plan.leaves().filter(is_governed).collect::<Vec<_>>()
        };
        let rules = book.rules().iter().map(|rule| (rule, governed(rule)));
        rules.filter(|(_, classes)| !classes.is_empty()).collect()
    }

    /// What files of these classes are unless somebody says otherwise, each once.
    fn types_of(&self, classes: &[&FilePlanClass]) -> Vec<&'a RecordType> {
        let mut named = BTreeSet::new();
        let types = classes.iter().filter_map(|class| self.types.of_class(&class.number));
        types.filter(|of| named.insert(&of.id)).collect()
    }

    /// The secrecies files of these classes are under.
    fn domains(&self, classes: &[&FilePlanClass]) -> String {
        let domains: BTreeSet<_> = classes.iter().map(|class| self.plan.domain_of(&class.number)).collect();
        domains.iter().map(|domain| domain.label()).collect::<Vec<_>>().join(", ")
    }

    /// The town has yet to confirm the rule; until then it makes nothing due.
    fn is_to_be_confirmed(&self, rule: &Rule) -> bool {
        let is_confirmed = self.confirmations.contains(self.book.edition(), &rule.id);
        rule.confidence == Confidence::ToBeConfirmed && !is_confirmed
    }

    /// How far a rule can be relied on.
    fn standing(&self, rule: &Rule) -> &'static str {
        match rule.confidence {
            Confidence::Sourced => "an der Quelle gelesen",
            Confidence::ToBeConfirmed if self.is_to_be_confirmed(rule) => {
                "aus der Praxis, von der Stadt noch nicht bestätigt: macht bis dahin nichts fällig"
            }
            Confidence::ToBeConfirmed => "aus der Praxis, von der Stadt bestätigt",
        }
    }

    /// What a rule says in one part, as a cell.
    fn part(&self, part: Part, rule: &Rule) -> String {
        cell(&wording::part(part, rule, self.book))
    }

    /// How long a rule keeps, and what its periods do not count, as a cell.
    fn period(&self, rule: &Rule) -> String {
        let period = self.part(Part::Period, rule);
        let is_suspended = match &rule.retention {
            Retention::Permanent => false,
            Retention::Terms(terms) => terms.iter().any(|term| !term.suspended.is_empty()),
        };
        let mut says = period;
        if is_suspended {
            says.push_str(&format!("; gehemmt {}", self.part(Part::Suspension, rule)));
        }
        if rule.restricted_after.is_some() {
            says.push_str(&format!("; eingeschränkt {}", self.part(Part::Restriction, rule)));
        }
        says
    }

    /// Where the sheet comes from.
    fn origin(&self) -> String {
        format!(
            "Stand {}. Erzeugt von schriftgut aus dem Aktenplan, dem Regelwerk „{}“ (Ausgabe {}) und den Aktenarten in \
             Kraft. Es gilt, was dort steht; diese Fassung ist ein Abzug.\n",
            wording::day(self.on),
            cell(&self.book.pack().title),
            cell(self.book.edition().as_str())
        )
    }
}

/// A class as people read it.
fn class(of: &FilePlanClass) -> String {
    let closed = if of.closed { " (geschlossen)" } else { "" };
    cell(&format!("{} {}{closed}", of.number, of.title))
}

/// What happens when the period has ended.
fn then(rule: &Rule) -> &'static str {
    match (&rule.retention, rule.disposition) {
        (Retention::Permanent, _) => "wird nicht gelöscht",
        (_, Disposition::ArchiveWorthy) => "dem Archiv anbieten und abgeben",
        (_, Disposition::Appraise) => "dem Archiv anbieten; was es nicht übernimmt, vernichten",
        (_, Disposition::Destroy) => "dem Archiv anbieten, zur Vernichtung vorgesehen",
    }
}

/// The labels of the fields that say something about a person.
fn personal_fields(of: &RecordType) -> Vec<String> {
    of.fields.iter().filter(|field| field.is_personal).map(|field| cell(&field.label)).collect()
}

/// Text of others inside a table or a line: what Markdown would take for its own stands as it was written.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '|' | '<' | '>' | '*' | '_' | '[' | ']' | '`' | '#' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// A table of two columns without a head.
fn facts(out: &mut String, rows: &[(&str, String)]) {
    out.push_str("| | |\n|---|---|\n");
    for (name, value) in rows {
        let value = if value.is_empty() { "–" } else { value };
        out.push_str(&format!("| {name} | {value} |\n"));
    }
    out.push('\n');
}

/// What the town must see to before the sheet is whole.
fn to_do(out: &mut String, things: &[String]) {
    out.push_str("\n## Was die Stadt von Hand ergänzt\n\n");
    things.iter().for_each(|thing| out.push_str(&format!("- [ ] {thing}\n")));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{file_plan, record_type, rule_pack};

    /// Runs `check` over the file plan, rules and record types that come with the program.
    pub(super) fn with_model(check: impl Fn(InForce<'_>)) {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let book = rule_pack::read_book("kommunal.toml", rule_pack::NRW_KOMMUNAL.rules, &plan).unwrap();
        let types = record_type::enact(&record_type::models(), &RecordTypes::default()).unwrap();
        let mut confirmations = Confirmations::default();
        confirmations.confirm(book.edition().clone(), "BA-03".parse().unwrap());
        check(InForce {
            registry: "Musterstadt | Rathaus",
            on: jiff::civil::date(2026, 11, 27),
            plan: &plan,
            book: &book,
            confirmations: &confirmations,
            types: &types,
            grace_days: 30,
        });
    }

    #[test]
    fn what_does_not_count_stands_beside_the_period() {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let book = rule_pack::read_book("kommunal.toml", rule_pack::MUSTER_KOMMUNAL.rules, &plan).unwrap();
        let rule = |id: &str| book.rules().iter().find(|rule| rule.id.as_str() == id).unwrap();
        with_model(|of| {
            let of = InForce { plan: &plan, book: &book, ..of };
            assert!(of.period(rule("FI-09")).contains("; gehemmt von "), "{}", of.period(rule("FI-09")));
            assert!(!of.period(rule("FI-10")).contains("gehemmt"));
            assert!(deletion_concept::write(of).contains("; gehemmt von "));
        });
    }

    #[test]
    fn what_others_wrote_is_no_markdown() {
        assert_eq!(cell(" a|b\n<i> [x](y) *z* `c` \\ "), "a\\|b \\<i\\> \\[x\\](y) \\*z\\* \\`c\\` \\\\");
    }

    #[test]
    fn every_class_of_files_has_one_rule_or_is_named_as_without() {
        with_model(|of| {
            let mut classes: Vec<_> = of.governing().into_iter().flat_map(|(_, classes)| classes).collect();
            let gaps = of.book.gaps(of.on).count();
            assert_eq!(classes.len() + gaps, of.plan.leaves().count());
            classes.sort_by(|one, other| one.number.cmp(&other.number));
            assert!(classes.windows(2).all(|two| two[0].number < two[1].number), "no class has two");
        });
    }
}
