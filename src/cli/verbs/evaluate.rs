//! `evaluate`: every file against the rules, on a day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::cli::json::record as json;
use crate::format::wording;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let registry = desk.registry;
    let actor = desk.actor.clone();
    let rules = registry.rules()?;
    let mut names = BTreeMap::new();
    let tally = registry.evaluate_all(actor.as_reader()?, on, &mut |evaluated| {
        names.insert(evaluated.finding.outcome.code(), wording::outcome_in_short(&evaluated.finding.outcome));
        desk.result(&json::evaluated(&evaluated), || {
            let outcome = wording::outcome(&evaluated.finding.outcome, &rules.book);
            format!("{:<20} {outcome}", evaluated.file.reference)
        })
    })?;
    desk.result(&json::tally(&tally), || {
        // Every code that is counted belongs to a finding that was named.
        let name = |code| names.get(code).copied().unwrap_or(code);
        let parts: Vec<_> = tally.0.iter().map(|(code, count)| format!("{}: {count}", name(code))).collect();
        parts.join(", ")
    })?;
    Ok(0)
}
