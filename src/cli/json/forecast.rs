//! What becomes due: `forecast`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::texts;
use crate::domain::case_file::ClassNumber;
use crate::domain::file_plan::FilePlan;
use crate::domain::retention::forecast::sum;
use crate::domain::retention::{Amount, Amounts, Forecast, Horizon, Standing, Thickness, WaitingFor};

/// `forecast --json`
pub(in crate::cli) fn forecast(
    of: &Forecast,
    horizon: Horizon,
    thickness: Thickness,
    plan: &FilePlan,
) -> Value {
    let years = horizon.years().map(|year| {
        let of = of.sum(|standing| standing.year() == Some(year));
        with(json!({ "year": year }), &of, thickness)
    });
    let standings = of.standings();
    let apart = standings.iter().filter(|(standing, _)| standing.year().is_none());
    let class = |class: &ClassNumber, of: &BTreeMap<Standing, Amounts>| {
        let standings = of.iter().map(|(of, amounts)| with(named(of), amounts, thickness));
        json!({
            "class": class.to_string(),
            "title": plan.class(class).map(|class| &class.title),
            "files": sum(of, |_| true).files(),
            "standings": standings.collect::<Vec<_>>(),
        })
    };
    json!({
        "on": horizon.on().to_string(),
        "last_year": horizon.last_year(),
        "paper_mm_per_file": thickness.mm(),
        "files": of.sum(|_| true).files(),
        "by_year": years.collect::<Vec<_>>(),
        "apart": apart.map(|(of, amounts)| with(named(of), amounts, thickness)).collect::<Vec<_>>(),
        "by_class": of.classes().map(|(number, of)| class(number, of)).collect::<Vec<_>>(),
    })
}

/// Where files stand.
fn named(standing: &Standing) -> Value {
    let waiting_for = match standing {
        Standing::NotBegun(WaitingFor::Closing) => Some(vec!["closed".to_owned()]),
        Standing::Suspended(until) => Some(vec![until.to_string()]),
        Standing::NotBegun(WaitingFor::Facts(facts)) => Some(texts(facts.iter().map(|fact| fact.as_str()))),
        _ => None,
    };
    json!({ "standing": standing.code(), "year": standing.year(), "waiting_for": waiting_for })
}

/// How many of them: what is sure, and apart from it what an unconfirmed rule would say.
fn with(mut named: Value, amounts: &Amounts, thickness: Thickness) -> Value {
    let told = |amount: &Amount| {
        json!({
            "files": amount.files,
            "paper_files": amount.paper_files,
            "shelf_mm": thickness.shelf_mm(amount.paper_files),
            "size_bytes": amount.size_bytes,
        })
    };
    named["sure"] = told(&amounts.sure);
    named["unconfirmed"] = told(&amounts.unconfirmed);
    named
}
