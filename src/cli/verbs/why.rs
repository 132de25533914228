//! `why`: what holds for a file, and why.

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::format::wording;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, reference: &str, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let view = desk.registry.show_file(desk.actor.as_reader()?, reference, on)?;
    let rules = desk.registry.rules()?;
    let text = wording::explain(&view.file, &view.finding, &rules.book);
    if desk.json {
        desk.tell(&serde_json::json!({
            "file": view.file.reference.to_string(),
            "on": on.to_string(),
            "outcome": view.finding.outcome.code(),
            "rule": view.finding.rule.as_ref().map(ToString::to_string),
            "edition": view.finding.edition.to_string(),
            "text": text,
        }))?;
    } else {
        desk.say(text.trim_end())?;
    }
    Ok(0)
}
