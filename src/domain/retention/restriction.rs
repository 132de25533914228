//! From which day on a file may only be read by those who need it for what it is still kept for: the second of two
//! phases, as in § 13 Abs. 2 BMG (5 years in use, 50 years restricted). Says when; that it *is* restricted is an event.

use jiff::civil::Date;

use super::book::RuleBook;
use super::evaluate::{Confirmations, day_of_closing, last_day_of, may_be_relied_on};
use super::rule::{Retention, Rule, Term};
use crate::domain::case_file::{CaseFile, Phase};

/// The first day of the second phase, in the past or to come; none if its rule knows none or may not be relied on, if
/// the file is in use, or if it is not known yet.
#[must_use]
pub fn restricted_from(
    file: &CaseFile,
    book: &RuleBook,
    confirmations: &Confirmations,
    on: Date,
) -> Option<Date> {
    if !matches!(file.phase, Phase::Closed { .. } | Phase::Transferred { .. }) {
        return None;
    }
    let (rule, _) = book.governing(&file.class, on).ok()?;
    may_be_relied_on(rule, book, confirmations).then(|| second_phase(file, rule))?
}

/// Counted like the terms of the rule, with the shorter time: what delays or suspends the one does so with the other.
fn second_phase(file: &CaseFile, rule: &Rule) -> Option<Date> {
    let period = rule.restricted_after?;
    let Retention::Terms(terms) = &rule.retention else { return None };
    let mut last = day_of_closing(file)?;
    for term in terms {
        last = last.max(last_day_of(file, &Term { period, ..term.clone() })?);
    }
    last.tomorrow().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::testing::{pack, plan, rule};
    use super::super::{Confidence, EndCounting, Period, StartCounting};
    use super::*;
    use crate::domain::case_file::{Fact, Hold};
    use crate::domain::ids::HoldId;
    use crate::domain::retention::example::example_file;

    const DAY: Date = date(2026, 11, 27);

    /// As § 13 Abs. 2 BMG has it: 5 years from the end of the year, 55 in all.
    fn register() -> Rule {
        let term = Term {
            start: vec!["demolished".parse().unwrap()],
            counted: StartCounting::EndOfYear,
            period: Period::Years(55),
            ends: EndCounting::EndOfYear,
            not_before: None,
            suspended: Vec::new(),
        };
        let restricted_after = Some(Period::Years(5));
        Rule { restricted_after, ..rule("R", "63", Retention::Terms(vec![term])) }
    }

    fn file(happened: Option<Date>) -> CaseFile {
        let mut file = example_file("63.10".parse().unwrap());
        file.phase = Phase::Closed { on: date(2009, 6, 15) };
        let fact = |on| Fact { kind: "demolished".parse().unwrap(), on, source: "Anzeige".to_owned() };
        file.facts.extend(happened.map(fact));
        file
    }

    fn from(file: &CaseFile, rule: Rule, confirmed: bool) -> Option<Date> {
        let book = RuleBook::new(pack(vec![rule]), &plan()).unwrap();
        let all = if confirmed { Confirmations::all_of(&book) } else { Confirmations::default() };
        restricted_from(file, &book, &all, DAY)
    }

    #[test]
    fn the_second_phase_begins_the_day_after_the_shorter_time_counted_like_the_longer() {
        let begins = Some(date(2016, 1, 1));
        let moved = file(Some(date(2010, 10, 30)));
        assert_eq!(from(&moved, register(), false), begins);
        assert_eq!(from(&file(None), register(), true), None, "the fact is missing");
        assert_eq!(from(&moved, Rule { restricted_after: None, ..register() }, true), None);
        let early = file(Some(date(1990, 1, 1)));
        assert_eq!(from(&early, register(), true), Some(date(2009, 6, 16)), "not before it was closed");
        let open = CaseFile { phase: Phase::Open, ..moved.clone() };
        assert_eq!(from(&open, register(), true), None, "in use");
        let doubtful = || Rule { confidence: Confidence::ToBeConfirmed, ..register() };
        assert_eq!(from(&moved, doubtful(), false), None, "the town has not confirmed it");
        assert_eq!(from(&moved, doubtful(), true), begins);
    }

    #[test]
    fn a_hold_keeps_from_destruction_and_not_from_being_restricted() {
        let mut held = file(Some(date(2010, 10, 30)));
        let id = HoldId(uuid::Uuid::from_u128(1));
        held.holds.push(Hold { id, reason: "Verfahren".to_owned(), since: DAY, review: None });
        assert_eq!(from(&held, register(), true), Some(date(2016, 1, 1)));
    }
}
