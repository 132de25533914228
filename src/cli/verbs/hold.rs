//! `hold …`: holds (Vernichtungssperren).

use crate::cli::args::{HoldPlace, HoldVerb};
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::hold as json;
use crate::domain::actor::Actor;
use crate::domain::life_cycle::german;
use crate::format::wording::count;
use crate::registry::{Answer, Error, HoldOrder, StandingHold};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &HoldVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        HoldVerb::Place(asked) => place(desk, &actor, asked)?,
        HoldVerb::Release { hold, references } => {
            let id = hold.parse().map_err(|_| Error::unknown("Vernichtungssperre", hold))?;
            let files = desk.registry.release_hold(actor.as_records_manager()?, id, references)?;
            let today = desk.today();
            desk.result(&json::released(id, &files, today), || {
                let files = count(files.len() as u64, "Akte", "Akten");
                format!("Vernichtungssperre {id} an {files} aufgehoben")
            })?;
        }
        HoldVerb::List { review_by } => {
            let orders = desk.registry.holds(actor.as_reader()?, *review_by)?;
            desk.result(&json::holds(&orders), || orders.iter().map(told).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(0)
}

fn place(desk: &mut Desk<'_>, actor: &Actor, asked: &HoldPlace) -> Answer<()> {
    let mut references = asked.references.clone();
    if let Some(path) = &asked.from {
        references.extend(named_in(&disk::read(path)?));
    }
    let order = HoldOrder {
        references,
        query: asked.query.clone(),
        reason: asked.reason.clone(),
        since: asked.since.unwrap_or_else(|| desk.today()),
        review: asked.review,
    };
    let placed = desk.registry.place_hold(actor.as_records_manager()?, &order, !asked.preview)?;
    desk.result(&json::placed(&placed, &order, asked.preview), || {
        let files = count(placed.files.len() as u64, "Akte", "Akten");
        let done = match asked.preview {
            true => format!("{files} zu sperren; gesperrt wurde nichts"),
            false => format!("Vernichtungssperre {} an {files} gesetzt", placed.id),
        };
        let files = placed.files.iter().map(|file| format!("  {}  {}", file.reference, file.title));
        let late = placed.refused.iter().map(|refusal| format!("{}: {}", refusal.what, refusal.why));
        std::iter::once(done).chain(files).chain(late).collect::<Vec<_>>().join("\n")
    })
}

/// The reference numbers in a text, one a line; a heading is passed over.
fn named_in(text: &str) -> Vec<String> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let named = lines.filter(|line| !line.is_empty() && !line.eq_ignore_ascii_case("aktenzeichen"));
    named.map(str::to_owned).collect()
}

fn told(StandingHold { hold, files }: &StandingHold) -> String {
    let review = hold.review.map(|day| format!("  zu prüfen am {}", german(day))).unwrap_or_default();
    let head = format!("{}  seit {}{review}  {}", hold.id, german(hold.since), hold.reason);
    let files = files.iter().map(|file| format!("  {}  {}", file.reference, file.title));
    std::iter::once(head).chain(files).collect::<Vec<_>>().join("\n")
}
