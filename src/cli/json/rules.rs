//! Rules: `rules`.

use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{text, texts};
use crate::domain::appraisal::Criterion;
use crate::domain::appraisal::thinning::ThinningRule;
use crate::domain::retention::{
    ChangedClass, ChangedRule, Confidence, Difference, Edition, Lack, Rule, RuleBook, RuleId, Shifted,
    ShiftedFile, Shifts, Trial,
};
use crate::format::wording;
use crate::registry::RulesOfEdition;

/// `rules show --json`
pub(in crate::cli) fn show(shown: &RulesOfEdition) -> Value {
    let (book, in_force) = (&shown.book, &shown.in_force);
    let rule = |rule: &Rule| {
        let mut says = says(rule, book);
        says["confirmed"] = in_force.confirmations.contains(book.edition(), &rule.id).into();
        says
    };
    json!({
        "edition": book.edition().to_string(),
        "editions": texts(in_force.editions.keys()),
        "in_force": shown.is_in_force(),
        "title": book.pack().title,
        "proposed": in_force.proposed.as_ref().map(|proposed| proposed.edition.to_string()),
        "rules": book.rules().iter().map(rule).collect::<Vec<_>>(),
        "source": shown.source,
    })
}

/// What a rule says; how long it keeps is in words.
fn says(rule: &Rule, book: &RuleBook) -> Value {
    let confidence = match rule.confidence {
        Confidence::Sourced => "sourced",
        Confidence::ToBeConfirmed => "to_be_confirmed",
    };
    json!({
        "rule": rule.id.to_string(),
        "title": rule.title,
        "classes": texts(&rule.classes),
        "retention": wording::retention(rule, book),
        "disposition": rule.disposition.code(),
        "basis": rule.basis.text,
        "basis_edition": rule.basis.edition,
        "confidence": confidence,
    })
}

/// `rules check --json`
pub(in crate::cli) fn check(book: &RuleBook, on: Date) -> Value {
    let gaps = book.gaps(on).map(|(class, lack)| {
        let code = match lack {
            Lack::UnknownClass => "unknown_class",
            Lack::NoRule => "no_rule",
            Lack::NoneInForce => "none_in_force",
        };
        json!({ "class": class.to_string(), "lack": code })
    });
    json!({
        "edition": book.edition().to_string(),
        "rules": book.rules().len(),
        "without_rule": gaps.collect::<Vec<_>>(),
    })
}

/// One line of `rules try --json`.
pub(in crate::cli) fn tried(file: &ShiftedFile, before: &RuleBook, after: &RuleBook) -> Value {
    let Shifted { shifts, before: was, after: is, restricted, rules: [rule_before, rule_after], year } =
        &file.shifted;
    let [restricted_before, restricted_after] = restricted.map(|day| day.map(|day| day.to_string()));
    json!({
        "file": file.reference.to_string(),
        "class": file.class.to_string(),
        "shifts": shifts.iter().map(|shift| shift.code()).collect::<Vec<_>>(),
        "outcome_before": was.code(),
        "outcome_after": is.code(),
        "before": wording::outcome(was, before),
        "after": wording::outcome(is, after),
        "rule_before": rule_before.as_ref().map(ToString::to_string),
        "rule_after": rule_after.as_ref().map(ToString::to_string),
        "restricted_from_before": restricted_before,
        "restricted_from_after": restricted_after,
        "due_in": year,
    })
}

/// Last line of `rules try --json`.
pub(in crate::cli) fn tried_all(trial: &Trial) -> Value {
    let shifts = |shifts: &Shifts| -> Value {
        shifts
            .iter()
            .map(|(shift, count)| (shift.code().to_owned(), Value::from(*count)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let classes =
        trial.classes.iter().map(|(class, of)| json!({ "class": class.to_string(), "shifts": shifts(of) }));
    let years = trial.years.iter().map(|(year, of)| json!({ "year": year, "shifts": shifts(of) }));
    let rules = trial.rules.iter().map(|([before, after], of)| {
        let name = |rule: &Option<RuleId>| rule.as_ref().map(ToString::to_string);
        json!({ "rule_before": name(before), "rule_after": name(after), "shifts": shifts(of) })
    });
    json!({ "summary": {
        "files": trial.files,
        "changed": trial.changed,
        "unconfirmed": { "before": trial.unconfirmed[0], "after": trial.unconfirmed[1] },
        "shifts": shifts(&trial.shifts),
        "by_class": classes.collect::<Vec<_>>(),
        "by_year": years.collect::<Vec<_>>(),
        "by_rule": rules.collect::<Vec<_>>(),
    } })
}

/// `rules confirm --json`
pub(in crate::cli) fn confirmed(count: usize) -> Value {
    json!({ "confirmed": count })
}

/// `rules propose --json`
pub(in crate::cli) fn proposed(edition: &str) -> Value {
    json!({ "proposed": edition })
}

/// `rules enact --json`
pub(in crate::cli) fn enacted(edition: &str) -> Value {
    json!({ "edition": edition })
}

/// `rules export --json`
pub(in crate::cli) fn exported(what: &str, out: &Path, edition: &Edition) -> Value {
    json!({ "what": what, "out": text(out), "edition": edition.to_string() })
}

/// `rules diff --json`
pub(in crate::cli) fn difference(difference: &Difference<'_>) -> Value {
    let Difference { before, after, .. } = *difference;
    let all = |rules: &[&Rule], book| rules.iter().map(|rule| says(rule, book)).collect::<Vec<_>>();
    let changed = |changed: &ChangedRule<'_>| {
        let parts = changed.parts.iter().map(|of| {
            json!({
                "part": of.code(),
                "before": wording::part(*of, changed.before, before),
                "after": wording::part(*of, changed.after, after),
            })
        });
        json!({
            "rule": changed.after.id.to_string(),
            "title": changed.after.title,
            "parts": parts.collect::<Vec<_>>(),
        })
    };
    let class = |changed: &ChangedClass<'_>| {
        let name = |rule: Option<&RuleId>| rule.map(ToString::to_string);
        json!({
            "class": changed.class.to_string(),
            "before": name(changed.before),
            "after": name(changed.after),
        })
    };
    let names = |criteria: &[&Criterion]| texts(criteria.iter().map(|criterion| &criterion.id));
    let thinnings = |all: &[&ThinningRule]| texts(all.iter().map(|thinning| &thinning.id));
    json!({
        "before": before.edition().to_string(),
        "after": after.edition().to_string(),
        "new": all(&difference.new, after),
        "gone": all(&difference.gone, before),
        "changed": difference.changed.iter().map(changed).collect::<Vec<_>>(),
        "criteria": {
            "new": names(&difference.new_criteria),
            "gone": names(&difference.gone_criteria),
            "changed": names(&difference.changed_criteria),
        },
        "thinnings": {
            "new": thinnings(&difference.new_thinnings),
            "gone": thinnings(&difference.gone_thinnings),
            "changed": thinnings(&difference.changed_thinnings),
        },
        "classes": difference.classes.iter().map(class).collect::<Vec<_>>(),
    })
}
