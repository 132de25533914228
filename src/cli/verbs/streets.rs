//! `streets …`: which streets there are, and which had other names.

use crate::cli::args::StreetsVerb;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::office as json;
use crate::domain::streets::Renaming;
use crate::registry::Answer;

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &StreetsVerb) -> Answer<u8> {
    match verb {
        StreetsVerb::Show => {
            let rules = desk.registry.rules()?;
            let (named, renamings) = (rules.streets.named(), rules.streets.renamings());
            desk.result(&json::streets(named, renamings), || {
                let line = |Renaming { old, new, from }: &Renaming| {
                    let year = from.map(|year| format!(" ({year})")).unwrap_or_default();
                    format!("{old} → {new}{year}")
                };
                let lines: Vec<_> = named.iter().cloned().chain(renamings.iter().map(line)).collect();
                if lines.is_empty() {
                    "das Straßenverzeichnis ist leer".to_owned()
                } else {
                    lines.join("\n")
                }
            })?;
        }
        StreetsVerb::Set { file } => {
            let actor = desk.actor.clone();
            let keeper = actor.as_street_keeper()?;
            let count = desk.registry.set_streets(keeper, disk::read(file)?)?;
            desk.result(&json::streets_set(count), || {
                let streets = if count.named == 1 { "Straße" } else { "Straßen" };
                let renamings = if count.renamings == 1 { "Umbenennung" } else { "Umbenennungen" };
                format!("{} {streets}, {} {renamings}", count.named, count.renamings)
            })?;
        }
    }
    Ok(0)
}
