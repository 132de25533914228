//! `streets …`: which streets had other names.

use crate::cli::args::StreetsVerb;
use crate::cli::desk::Desk;
use crate::cli::json::office as json;
use crate::domain::streets::Renaming;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &StreetsVerb) -> Answer<u8> {
    match verb {
        StreetsVerb::Show => {
            let rules = desk.registry.rules()?;
            let all = rules.streets.renamings();
            desk.result(&json::streets(all), || {
                let line = |Renaming { old, new, from }: &Renaming| {
                    let year = from.map(|year| format!(" ({year})")).unwrap_or_default();
                    format!("{old} → {new}{year}")
                };
                let lines = all.iter().map(line).collect::<Vec<_>>();
                if lines.is_empty() { "keine Straße wurde umbenannt".to_owned() } else { lines.join("\n") }
            })?;
        }
        StreetsVerb::Set { file } => {
            let actor = desk.actor.clone();
            let keeper = actor.as_street_keeper()?;
            let renamings = desk.registry.set_streets(keeper, super::rules::read(file)?)?;
            desk.result(&json::streets_set(renamings), || format!("{renamings} Umbenennungen"))?;
        }
    }
    Ok(0)
}
