//! `evaluate`: every file against the rules, on a day.

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::format::wording;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let registry = desk.registry;
    let actor = desk.actor.clone();
    let rules = registry.rules()?;
    let tally = registry.evaluate_all(actor.as_reader()?, on, &mut |evaluated| {
        let (file, finding) = (&evaluated.file, &evaluated.finding);
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
        let parts: Vec<_> = tally.0.iter().map(|(code, count)| format!("{code}: {count}")).collect();
        desk.say(parts.join(", "))?;
    }
    Ok(0)
}
