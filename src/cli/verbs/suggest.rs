//! `suggest`: how a query that was begun could go on, a line each.

use crate::cli::desk::Desk;
use crate::cli::json::suggest::suggestions;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, beginning: &str) -> Answer<u8> {
    let all = desk.registry.suggest(desk.actor.as_reader()?, beginning)?;
    desk.result(&suggestions(&all), || {
        let lines = all.iter().map(|one| format!("{}  ({}: {})", one.query, one.kind.label(), one.text));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}
