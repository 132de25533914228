//! `types …`: record types, what is known of a file of each, and how its papers are parted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cli::args::TypesVerb;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::types as json;
use crate::domain::record_type::RecordType;
use crate::format::wording;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &TypesVerb) -> Answer<u8> {
    match verb {
        TypesVerb::Show { name: None } => show_all(desk),
        TypesVerb::Show { name: Some(name) } => show(desk, name),
        TypesVerb::Check { files } => check(desk, files),
        TypesVerb::Enact { files } => {
            let actor = desk.actor.clone();
            let new = desk.registry.enact_types(actor.as_records_manager()?, read(files)?)?;
            said(desk, &new, "in Kraft")
        }
    }
}

fn show_all(desk: &mut Desk<'_>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    desk.result(&json::all(&rules.types), || {
        let line = |record_type: &RecordType| {
            let closed = if record_type.is_closed { "  (geschlossen)" } else { "" };
            format!("{:<14} {:<20} {}{closed}", record_type.id.as_str(), record_type.label, record_type.help)
        };
        let lines: Vec<_> = rules.types.in_force().map(line).collect();
        if lines.is_empty() { "es gilt keine Aktenart".to_owned() } else { lines.join("\n") }
    })?;
    Ok(0)
}

fn show(desk: &mut Desk<'_>, name: &str) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let record_type = rules.types.named(name).ok_or_else(|| {
        Error::mistake(
            format!("Die Aktenart „{name}“ gibt es nicht"),
            "keine geltende Aktenart heißt so",
            "`schriftgut types show` zeigt die Aktenarten",
        )
    })?;
    desk.result(&json::one(record_type), || wording::record_type(record_type).join("\n"))?;
    Ok(0)
}

/// Says what these files would put in force.
pub(super) fn check(desk: &mut Desk<'_>, files: &[PathBuf]) -> Answer<u8> {
    let new = desk.registry.check_types(&read(files)?)?;
    said(desk, &new, "ohne Fehler")
}

fn said(desk: &mut Desk<'_>, new: &[RecordType], what: &str) -> Answer<u8> {
    desk.result(&json::editions(new), || {
        if new.is_empty() {
            return "alles davon gilt schon".to_owned();
        }
        let line = |one: &RecordType| format!("{what}: {} ({}), Ausgabe {}", one.label, one.id, one.edition);
        new.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}

/// The texts by the name of their file, as the ledger keeps them.
fn read(files: &[PathBuf]) -> Answer<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if sources.insert(name.clone(), disk::read(path)?).is_some() {
            return Err(Error::mistake(
                format!("Die Datei „{name}“ ist zweimal genannt"),
                "jede Aktenart steht in einer Datei mit eigenem Namen",
                "nennen Sie jede Datei einmal",
            ));
        }
    }
    Ok(sources)
}
