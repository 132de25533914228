//! `hold …`: holds (Vernichtungssperren).

use crate::cli::args::HoldVerb;
use crate::cli::desk::Desk;
use crate::cli::json::record as json;
use crate::domain::case_file::{CaseFile, Hold};
use crate::domain::life_cycle::german;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &HoldVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    let today = desk.today();
    match verb {
        HoldVerb::Place { reference, reason, since } => {
            let since = since.unwrap_or(today);
            let id =
                desk.registry.place_hold(actor.as_records_manager()?, reference, reason.clone(), since)?;
            desk.result(&json::hold_placed(id, reference, reason, since), || {
                format!("Vernichtungssperre {id} an der Akte {reference} gesetzt")
            })?;
        }
        HoldVerb::Release { reference, hold } => {
            let id = hold.parse().map_err(|_| Error::unknown("Vernichtungssperre", hold))?;
            desk.registry.release_hold(actor.as_records_manager()?, reference, id, today)?;
            desk.result(&json::hold_released(id, reference, today), || {
                format!("Vernichtungssperre {id} aufgehoben")
            })?;
        }
        HoldVerb::List => {
            let files = desk.registry.holds(actor.as_reader()?)?;
            desk.result(&json::holds(&files), || {
                let held = files.iter().flat_map(|file| file.holds.iter().map(move |hold| (file, hold)));
                held.map(|(file, hold)| line(file, hold)).collect::<Vec<_>>().join("\n")
            })?;
        }
    }
    Ok(0)
}

fn line(file: &CaseFile, hold: &Hold) -> String {
    format!("{}  {}  seit {}  {}", hold.id, file.reference, german(hold.since), hold.reason)
}
