//! `evaluate`: every file against the rules, on a day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::format::wording;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let registry = desk.registry;
    let actor = desk.actor.clone();
    let rules = registry.rules()?;
    let mut names = BTreeMap::new();
    let tally = registry.evaluate_all(actor.as_reader()?, on, &mut |evaluated| {
        let (file, finding) = (&evaluated.file, &evaluated.finding);
        names.insert(finding.outcome.code(), wording::outcome_in_short(&finding.outcome));
        if desk.json {
            desk.tell(&serde_json::json!({
                "file": file.reference.to_string(),
                "outcome": finding.outcome.code(),
                "rule": finding.rule.as_ref().map(ToString::to_string),
            }))
        } else {
            desk.say(format!("{:<20} {}", file.reference, wording::outcome(&finding.outcome, &rules.book)))
        }
    })?;
    if desk.json {
        desk.tell(&serde_json::json!({ "summary": tally.0 }))?;
    } else {
        // Every code that is counted belongs to a finding that was named.
        let name = |code| names.get(code).copied().unwrap_or(code);
        let parts: Vec<_> = tally.0.iter().map(|(code, count)| format!("{}: {count}", name(code))).collect();
        desk.say(parts.join(", "))?;
    }
    Ok(0)
}
