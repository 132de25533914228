//! `hold …`: holds (Vernichtungssperren).

use crate::cli::args::HoldVerb;
use crate::cli::desk::Desk;
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
            desk.say(format!("Vernichtungssperre {id} an der Akte {reference} gesetzt"))?;
        }
        HoldVerb::Release { reference, hold } => {
            let id = hold.parse().map_err(|_| Error::unknown("Vernichtungssperre", hold))?;
            desk.registry.release_hold(actor.as_records_manager()?, reference, id, today)?;
            desk.say(format!("Vernichtungssperre {id} aufgehoben"))?;
        }
        HoldVerb::List => {
            for file in desk.registry.holds(actor.as_reader()?)? {
                for hold in &file.holds {
                    desk.say(format!(
                        "{}  {}  seit {}  {}",
                        hold.id,
                        file.reference,
                        german(hold.since),
                        hold.reason
                    ))?;
                }
            }
        }
    }
    Ok(0)
}
