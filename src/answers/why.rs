//! What holds for a file, and why: in words for people, and part by part for programs.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::appraisal::{ProposalReason, propose};
use crate::domain::case_file::FactKind;
use crate::domain::retention::{Disposition, Outcome, Period, Reason, RuleBook};
use crate::format::wording;
use crate::registry::{ClassAppraised, FileView};

/// What holds for a file on a day, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyAnswer {
    /// The edition of the rules.
    edition: String,
    /// The reference number.
    file: String,
    /// The day it was asked for.
    on: String,
    /// What holds, as a code.
    outcome: String,
    /// The last day of keeping, while the period runs.
    until: Option<String>,
    /// The first day after keeping, if the file is due.
    due_since: Option<String>,
    /// From this day on only those read it who keep or appraise it, if a rule says so.
    restricted_from: Option<String>,
    /// The rule it follows from.
    rule: Option<String>,
    /// What led to it, in the order in which it was looked at.
    reasons: Vec<ReasonPart>,
    /// What the appraisal criteria propose: `A`, or nothing. There is no proposal to destroy.
    proposal: Option<String>,
    /// The appraisal criteria it meets, and those nobody could answer.
    criteria: Vec<CriterionPart>,
    /// What the archive decided on its class beforehand, if a catalogue that says something of it is in force.
    catalogue: Option<CataloguePart>,
    /// All of it in words, German.
    text: String,
}

/// One reason. What does not belong to its kind is left out.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ReasonPart {
    /// Its kind, as a code: `rule`, `period`, `held` …
    reason: &'static str,
    /// In words, German.
    text: String,
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The class a rule was inherited from, or that has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    /// The facts it speaks of: what started or held back a period, or what is missing (any of these suffices).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<String>,
    /// The day of the fact, or since when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    /// The period is counted from the end of this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted_from: Option<String>,
    /// How long, as rule packs write it: `10 years`, `6 months`, `60 days_before`, `until_event`.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

/// An appraisal criterion that speaks for keeping, or that nobody could answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionPart {
    /// Its name.
    criterion: String,
    /// Its title.
    title: String,
    /// The field that is missing or no number, if the criterion could not be answered.
    unclear_field: Option<String>,
}

/// What the archive decided on a class of the file plan beforehand (xdomea 0513).
#[derive(Debug, Serialize, ToSchema)]
pub struct CataloguePart {
    /// `A`, `B` (it looks at each file) or `V`.
    decision: String,
    /// The class it decided on: that of the file, or one above.
    class: String,
    /// The archive; empty if it did not say.
    archive: String,
    /// Since when that is in force.
    on: String,
}

impl WhyAnswer {
    /// What holds for the file of this view on the day it is of. What is said of its paper is as of today.
    #[must_use]
    pub fn of(view: &FileView, book: &RuleBook, today: Date) -> Self {
        let (file, finding) = (&view.file, &view.finding);
        let mut text = wording::explain(file, finding, book);
        if let Some(view) = &view.loan {
            let loan = wording::loan(&view.loan, &view.to, today);
            text.push_str(&format!("Hinweis: Die Papierakte ist {loan}\n"));
        }
        let proposal = propose(file, book.criteria());
        if let Some(ClassAppraised { class, said, catalogue }) = &view.appraised {
            let source = wording::by_catalogue(&catalogue.archive, catalogue.on, &catalogue.by);
            let rule_keeps = Reason::Disposition(Disposition::ArchiveWorthy);
            let unseen = !proposal.needs_a_look() && !finding.reasons.contains(&rule_keeps);
            text.push_str(&format!("Archiv: {}\n", wording::class_appraised(class, *said, &source, unseen)));
        }
        let (until, due_since) = ends(&finding.outcome);
        Self {
            edition: finding.edition.to_string(),
            file: file.reference.to_string(),
            on: finding.on.to_string(),
            outcome: finding.outcome.code().to_owned(),
            until: until.map(|day| day.to_string()),
            due_since: due_since.map(|day| day.to_string()),
            restricted_from: finding.restricted_from.map(|day| day.to_string()),
            rule: finding.rule.as_ref().map(ToString::to_string),
            reasons: finding.reasons.iter().map(|reason| part(reason, book)).collect(),
            proposal: proposal.disposition.map(|to| to.code().to_owned()),
            criteria: proposal.reasons.iter().map(criterion).collect(),
            catalogue: view.appraised.as_ref().map(|appraised| CataloguePart {
                decision: appraised.said.code().to_owned(),
                class: appraised.class.to_string(),
                archive: appraised.catalogue.archive.clone(),
                on: appraised.catalogue.on.to_string(),
            }),
            text,
        }
    }

    /// All of it in words, German.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The last day of keeping, and the first day after it; of an unconfirmed rule what it would say is not told as a date.
fn ends(outcome: &Outcome) -> (Option<Date>, Option<Date>) {
    match outcome {
        Outcome::Retained { until } => (Some(*until), None),
        Outcome::Due { since, .. } => (None, Some(*since)),
        _ => (None, None),
    }
}

fn criterion(reason: &ProposalReason) -> CriterionPart {
    let (criterion, title, field) = match reason {
        ProposalReason::Meets { criterion, title } => (criterion, title, None),
        ProposalReason::Unclear { criterion, title, field } => (criterion, title, Some(field.clone())),
    };
    CriterionPart { criterion: criterion.to_string(), title: title.clone(), unclear_field: field }
}

fn part(reason: &Reason, book: &RuleBook) -> ReasonPart {
    let said =
        ReasonPart { reason: code(reason), text: wording::reason(reason, book), ..ReasonPart::default() };
    let day = |day: &Date| Some(day.to_string());
    let facts = |facts: &[&FactKind]| facts.iter().map(ToString::to_string).collect();
    match reason {
        Reason::Gone { on } | Reason::Held { since: on, .. } | Reason::KeptUntilClosed { closed: on } => {
            ReasonPart { on: day(on), ..said }
        }
        Reason::NotClosed | Reason::KeptForEver | Reason::Disposition(_) => said,
        Reason::NoRule { class, .. } => ReasonPart { class: Some(class.to_string()), ..said },
        Reason::Rule { id, inherited_from, .. } => ReasonPart {
            rule: Some(id.to_string()),
            class: inherited_from.as_ref().map(ToString::to_string),
            ..said
        },
        Reason::Unconfirmed { rule } => ReasonPart { rule: Some(rule.to_string()), ..said },
        Reason::FactMissing { any_of } => {
            ReasonPart { facts: any_of.iter().map(ToString::to_string).collect(), ..said }
        }
        Reason::NotBefore { fact, happened, anchor, .. } => {
            ReasonPart { facts: facts(&[fact]), on: day(happened), counted_from: day(anchor), ..said }
        }
        Reason::Period { fact, happened, anchor, period, last, .. } => ReasonPart {
            facts: facts(&[fact]),
            on: day(happened),
            counted_from: day(anchor),
            period: Some(span(*period)),
            last: last.as_ref().and_then(day),
            ..said
        },
        Reason::NotCounted { from, first, until, last, .. } => {
            ReasonPart { facts: facts(&[from, until]), on: day(first), last: day(last), ..said }
        }
        Reason::StandsStill { from, first, until } => {
            ReasonPart { facts: facts(&[from, until]), on: day(first), ..said }
        }
        Reason::LongestOf { last, .. } => ReasonPart { last: day(last), ..said },
        Reason::RestrictedFrom { from, after } => {
            ReasonPart { on: day(from), period: Some(span(*after)), ..said }
        }
        Reason::OfferOverdue { opened, latest } => ReasonPart { on: day(opened), last: day(latest), ..said },
    }
}

/// The kind of a reason. A promise to programs: kinds may come, none changes its name.
fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Gone { .. } => "gone",
        Reason::Held { .. } => "held",
        Reason::NotClosed => "not_closed",
        Reason::NoRule { .. } => "no_rule",
        Reason::Rule { .. } => "rule",
        Reason::Unconfirmed { .. } => "unconfirmed",
        Reason::FactMissing { .. } => "fact_missing",
        Reason::NotBefore { .. } => "not_before",
        Reason::Period { .. } => "period",
        Reason::NotCounted { .. } => "not_counted",
        Reason::StandsStill { .. } => "stands_still",
        Reason::LongestOf { .. } => "longest_of",
        Reason::KeptUntilClosed { .. } => "kept_until_closed",
        Reason::KeptForEver => "kept_for_ever",
        Reason::Disposition(_) => "disposition",
        Reason::RestrictedFrom { .. } => "restricted_from",
        Reason::OfferOverdue { .. } => "offer_overdue",
    }
}

/// A period as rule packs write it.
fn span(period: Period) -> String {
    match period {
        Period::Years(years) => format!("{years} years"),
        Period::Months(months) => format!("{months} months"),
        Period::DaysBefore(days) => format!("{days} days_before"),
        Period::UntilEvent => "until_event".to_owned(),
    }
}
