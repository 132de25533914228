//! `restrict …`: files that only those read who still need them.

use crate::cli::args::RestrictVerb;
use crate::cli::desk::Desk;
use crate::cli::json::restrict as json;
use crate::domain::case_file::CaseFile;
use crate::domain::life_cycle::german;
use crate::domain::restriction::Restriction;
use crate::format::wording::count;
use crate::registry::{Answer, ToRestrict};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &RestrictVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        RestrictVerb::Apply { on, preview } => {
            let on = on.unwrap_or_else(|| desk.today());
            let files = desk.registry.restrict_due(actor.as_records_manager()?, on, !preview)?;
            desk.result(&json::applied(&files, on, *preview), || {
                let number = count(files.len() as u64, "Akte", "Akten");
                let done = match preview {
                    true => format!("{number} am {} einzuschränken; eingeschränkt wurde nichts", german(on)),
                    false => format!("{number} eingeschränkt"),
                };
                std::iter::once(done).chain(files.iter().map(told)).collect::<Vec<_>>().join("\n")
            })?;
        }
        RestrictVerb::List => {
            let files = desk.registry.restricted_files(actor.as_reader()?)?;
            desk.result(&json::restricted(&files), || match files.as_slice() {
                [] => "keine Akte ist eingeschränkt".to_owned(),
                files => files.iter().map(listed).collect::<Vec<_>>().join("\n"),
            })?;
        }
        RestrictVerb::Lift { references, reason } => {
            let files = desk.registry.lift_restriction(actor.as_records_manager()?, references, reason)?;
            desk.result(&json::lifted(&files), || {
                format!("Einschränkung von {} aufgehoben", count(files.len() as u64, "Akte", "Akten"))
            })?;
        }
    }
    Ok(0)
}

fn told(ToRestrict { file, from }: &ToRestrict) -> String {
    format!("  {}  nach der Regel ab {}  {}", file.reference, german(*from), file.title)
}

fn listed(file: &CaseFile) -> String {
    let since = match file.restriction {
        Restriction::Since(day) => german(day),
        Restriction::None | Restriction::Lifted { .. } => String::new(),
    };
    format!("{}  seit {since}  {}", file.reference, file.title)
}
