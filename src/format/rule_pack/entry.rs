//! One rule, one criterion: from its TOML table to the domain.

use std::str::FromStr;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::mistake::{PackMistake, with_cure};
use crate::domain::appraisal::thinning::ThinningRule;
use crate::domain::appraisal::{Condition, Criterion};
use crate::domain::retention::{
    Confidence, EndCounting, LegalBasis, NotBefore, PaperRule, Period, Retention, Rule, StartCounting,
    Suspension, Term,
};

pub(super) const A_NAME: &str = "erwartet werden Kleinbuchstaben, Ziffern und Unterstriche";
pub(super) const A_DAY: &str = "erwartet wird ein Tag wie 2026-11-22";
pub(super) const A_CLASS: &str = "erwartet werden Zifferngruppen wie 63.10.01";
pub(super) const AN_ID: &str = "erwartet wird ein Name von 1 bis 60 Zeichen";
pub(super) const A_DISPOSITION: &str = "erwartet wird A, B oder V";
pub(super) const A_REGISTER: &str = "erwartet wird die Nummer eines Registers der Aktenart";
const A_START: &str = "erwartet wird same_day, end_of_year oder financial_year_after_resolution";
const AN_END: &str = "erwartet wird same_day oder end_of_year";
const A_PERIOD: &str =
    "erwartet wird „10 years“, „6 months“, „60 days_before“ oder „until_event“ (Zahl bis 65535)";
const A_TIME: &str = "erwartet wird eine Zahl von Jahren oder Monaten, „5 years“ oder „6 months“";
const NESTING_MAX: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleWire {
    id: String,
    title: String,
    classes: Vec<String>,
    #[serde(default)]
    permanent: bool,
    #[serde(default)]
    terms: Vec<TermWire>,
    restricted_after: Option<String>,
    disposition: String,
    paper: Option<String>,
    basis: String,
    basis_edition: Option<String>,
    confidence: String,
    valid_from: Option<String>,
    valid_to: Option<String>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermWire {
    start: Vec<String>,
    counted: String,
    period: String,
    ends: String,
    not_before: Option<String>,
    not_before_counted: Option<String>,
    #[serde(default)]
    suspended: Vec<SuspensionWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuspensionWire {
    from: String,
    until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionWire {
    id: String,
    title: String,
    classes: Vec<String>,
    when: ConditionWire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThinningWire {
    id: String,
    title: String,
    reason: String,
    record_type: String,
    classes: Vec<String>,
    leave_out: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionWire {
    field: Option<String>,
    is: Option<Vec<String>>,
    #[serde(default)]
    filled: bool,
    below: Option<i64>,
    at_least: Option<i64>,
    fact: Option<String>,
    all: Option<Vec<ConditionWire>>,
    any: Option<Vec<ConditionWire>>,
    not: Option<Box<ConditionWire>>,
}

/// Reads an entry's table; what is wrong is told with the entry's name.
pub(super) fn entry<T: DeserializeOwned>(
    file: &str,
    kind: &str,
    name_field: &str,
    table: toml::Table,
) -> Result<(T, PackMistake), PackMistake> {
    let name = table.get(name_field).and_then(toml::Value::as_str).unwrap_or("ohne Namen");
    let here = PackMistake::at(file, format!("{kind} {name}"));
    let wire = table.try_into().map_err(|error| here.whole(with_cure(&error, "")))?;
    Ok((wire, here))
}

/// Reads one text; `expected` is told if it cannot be.
pub(super) fn word<T: FromStr>(
    here: &PackMistake,
    field: &str,
    text: &str,
    expected: &str,
) -> Result<T, PackMistake> {
    text.parse().map_err(|_| here.field(field, &format!("„{text}“: {expected}")))
}

pub(super) fn words<T: FromStr>(
    here: &PackMistake,
    field: &str,
    texts: &[String],
    expected: &str,
) -> Result<Vec<T>, PackMistake> {
    texts.iter().map(|text| word(here, field, text, expected)).collect()
}

pub(super) fn day(here: &PackMistake, field: &str, text: &str) -> Result<Date, PackMistake> {
    word(here, field, text, A_DAY)
}

fn choice<T: Copy>(
    here: &PackMistake,
    field: &str,
    text: &str,
    choices: &[(&str, T)],
    expected: &str,
) -> Result<T, PackMistake> {
    let found = choices.iter().find(|(code, _)| *code == text);
    found.map(|(_, value)| *value).ok_or_else(|| here.field(field, &format!("„{text}“: {expected}")))
}

pub(super) fn rule(file: &str, table: toml::Table) -> Result<Rule, PackMistake> {
    let (wire, here) = entry::<RuleWire>(file, "Regel", "id", table)?;
    let optional_day =
        |field, text: &Option<String>| text.as_deref().map(|t| day(&here, field, t)).transpose();
    Ok(Rule {
        id: word(&here, "id", &wire.id, AN_ID)?,
        classes: words(&here, "classes", &wire.classes, A_CLASS)?,
        retention: retention(&here, &wire)?,
        restricted_after: wire
            .restricted_after
            .as_deref()
            .map(|text| restricted_after(&here, text))
            .transpose()?,
        disposition: word(&here, "disposition", &wire.disposition, A_DISPOSITION)?,
        paper: paper(&here, wire.paper.as_deref())?,
        confidence: confidence(&here, &wire.confidence)?,
        valid_from: optional_day("valid_from", &wire.valid_from)?,
        valid_to: optional_day("valid_to", &wire.valid_to)?,
        title: wire.title,
        basis: LegalBasis { text: wire.basis, edition: wire.basis_edition },
        note: wire.note,
    })
}

fn confidence(here: &PackMistake, text: &str) -> Result<Confidence, PackMistake> {
    let choices = [("sourced", Confidence::Sourced), ("to_be_confirmed", Confidence::ToBeConfirmed)];
    choice(here, "confidence", text, &choices, "erwartet wird sourced oder to_be_confirmed")
}

fn paper(here: &PackMistake, text: Option<&str>) -> Result<PaperRule, PackMistake> {
    let choices = [
        ("with_record", PaperRule::WithRecord),
        ("after_scan_check", PaperRule::AfterScanCheck),
        ("keep", PaperRule::Keep),
    ];
    let expected = "erwartet wird with_record, after_scan_check oder keep";
    choice(here, "paper", text.unwrap_or("with_record"), &choices, expected)
}

fn retention(here: &PackMistake, wire: &RuleWire) -> Result<Retention, PackMistake> {
    match (wire.permanent, wire.terms.is_empty()) {
        (true, true) => Ok(Retention::Permanent),
        (false, false) => {
            let terms: Result<_, _> = wire.terms.iter().map(|wire| term(here, wire)).collect();
            Ok(Retention::Terms(terms?))
        }
        (true, false) => Err(here.field("terms", "eine dauernde Aufbewahrung (permanent) hat keine Fristen")),
        (false, true) => Err(here.field("terms", "erwartet werden Fristen, oder permanent = true")),
    }
}

fn term(here: &PackMistake, wire: &TermWire) -> Result<Term, PackMistake> {
    let ends = [("same_day", EndCounting::SameDay), ("end_of_year", EndCounting::EndOfYear)];
    let not_before = match (&wire.not_before, &wire.not_before_counted) {
        (None, None) => None,
        (Some(fact), Some(counted)) => Some(NotBefore {
            fact: word(here, "terms.not_before", fact, A_NAME)?,
            counted: start_counting(here, "terms.not_before_counted", counted)?,
        }),
        _ => {
            let reason = "steht nur zusammen mit `not_before_counted`";
            return Err(here.field("terms.not_before", reason));
        }
    };
    let suspension = |wire: &SuspensionWire| {
        Ok(Suspension {
            from: word(here, "terms.suspended.from", &wire.from, A_NAME)?,
            until: word(here, "terms.suspended.until", &wire.until, A_NAME)?,
        })
    };
    Ok(Term {
        start: words(here, "terms.start", &wire.start, A_NAME)?,
        counted: start_counting(here, "terms.counted", &wire.counted)?,
        period: period(&wire.period)
            .ok_or_else(|| here.field("terms.period", &format!("„{}“: {A_PERIOD}", wire.period)))?,
        ends: choice(here, "terms.ends", &wire.ends, &ends, AN_END)?,
        not_before,
        suspended: wire.suspended.iter().map(suspension).collect::<Result<_, _>>()?,
    })
}

fn restricted_after(here: &PackMistake, text: &str) -> Result<Period, PackMistake> {
    let runs = period(text).filter(|period| period.months().is_some());
    runs.ok_or_else(|| here.field("restricted_after", &format!("„{text}“: {A_TIME}")))
}

fn start_counting(here: &PackMistake, field: &str, text: &str) -> Result<StartCounting, PackMistake> {
    let choices = [
        ("same_day", StartCounting::SameDay),
        ("end_of_year", StartCounting::EndOfYear),
        ("financial_year_after_resolution", StartCounting::FinancialYearAfterResolution),
    ];
    choice(here, field, text, &choices, A_START)
}

fn period(text: &str) -> Option<Period> {
    if text == "until_event" {
        return Some(Period::UntilEvent);
    }
    let (number, unit) = text.split_once(' ')?;
    let number = number.parse().ok()?;
    match unit {
        "year" | "years" => Some(Period::Years(number)),
        "month" | "months" => Some(Period::Months(number)),
        "day_before" | "days_before" => Some(Period::DaysBefore(number)),
        _ => None,
    }
}

pub(super) fn criterion(file: &str, table: toml::Table) -> Result<Criterion, PackMistake> {
    let (wire, here) = entry::<CriterionWire>(file, "Kriterium", "id", table)?;
    Ok(Criterion {
        id: word(&here, "id", &wire.id, AN_ID)?,
        classes: words(&here, "classes", &wire.classes, A_CLASS)?,
        condition: condition(&here, wire.when, 0)?,
        title: wire.title,
    })
}

pub(super) fn thinning(file: &str, table: toml::Table) -> Result<ThinningRule, PackMistake> {
    let (wire, here) = entry::<ThinningWire>(file, "Ausdünnen", "id", table)?;
    Ok(ThinningRule {
        id: word(&here, "id", &wire.id, AN_ID)?,
        record_type: word(&here, "record_type", &wire.record_type, A_NAME)?,
        classes: words(&here, "classes", &wire.classes, A_CLASS)?,
        leave_out: words(&here, "leave_out", &wire.leave_out, A_REGISTER)?,
        title: wire.title,
        reason: wire.reason,
    })
}

fn condition(here: &PackMistake, wire: ConditionWire, depth: usize) -> Result<Condition, PackMistake> {
    if depth > NESTING_MAX {
        return Err(here.field("when", &format!("mehr als {NESTING_MAX} Ebenen ineinander")));
    }
    let parts = |parts: Vec<ConditionWire>| {
        parts.into_iter().map(|part| condition(here, part, depth + 1)).collect::<Result<_, _>>()
    };
    match wire {
        ConditionWire {
            field: Some(field),
            is,
            filled,
            below,
            at_least,
            fact: None,
            all: None,
            any: None,
            not: None,
        } => match (is, filled, below, at_least) {
            (Some(values), false, None, None) => Ok(Condition::FieldIsOneOf { field, values }),
            (None, true, None, None) => Ok(Condition::FieldIsFilled { field }),
            (None, false, Some(limit), None) => Ok(Condition::NumberBelow { field, limit }),
            (None, false, None, Some(limit)) => Ok(Condition::NumberAtLeast { field, limit }),
            _ => Err(here.field("when", "zu `field` gehört genau eines von is, filled, below, at_least")),
        },
        ConditionWire {
            field: None,
            is: None,
            filled: false,
            below: None,
            at_least: None,
            fact,
            all,
            any,
            not,
        } => match (fact, all, any, not) {
            (Some(fact), None, None, None) => {
                Ok(Condition::FactKnown { fact: word(here, "when.fact", &fact, A_NAME)? })
            }
            (None, Some(all), None, None) => Ok(Condition::All(parts(all)?)),
            (None, None, Some(any), None) => Ok(Condition::Any(parts(any)?)),
            (None, None, None, Some(not)) => Ok(Condition::Not(Box::new(condition(here, *not, depth + 1)?))),
            _ => Err(here.field("when", "erwartet wird genau eines von field, fact, all, any, not")),
        },
        _ => Err(here.field("when", "erwartet wird genau eines von field, fact, all, any, not")),
    }
}
