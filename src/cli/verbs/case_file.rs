//! `file`, `close`, `reopen`, `fact`, `facts`: what clerks do with a file.

use std::path::Path;

use jiff::civil::Date;

use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::record as json;
use crate::domain::life_cycle::german;
use crate::format::fact_list;
use crate::format::wording::{count, first_of};
use crate::registry::{Answer, Error};

pub(in crate::cli) fn file(desk: &mut Desk<'_>, document: &str, reference: &str) -> Answer<u8> {
    let id = document.parse().map_err(|_| Error::unknown("Dokument", document))?;
    let file = desk.registry.file_document(desk.actor.as_clerk()?, id, reference)?;
    desk.result(&json::filed(id, &file), || format!("in die Akte {} gelegt", file.reference))?;
    Ok(0)
}

pub(in crate::cli) fn close(desk: &mut Desk<'_>, reference: &str, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let file = desk.registry.close(desk.actor.as_clerk()?, reference, on)?;
    desk.result(&json::closed(&file, on), || {
        format!("Akte {} geschlossen (z.d.A.) am {}", file.reference, german(on))
    })?;
    Ok(0)
}

pub(in crate::cli) fn reopen(desk: &mut Desk<'_>, reference: &str, on: Option<Date>) -> Answer<u8> {
    let on = on.unwrap_or_else(|| desk.today());
    let file = desk.registry.reopen(desk.actor.as_clerk()?, reference, on)?;
    desk.result(&json::reopened(&file, on), || {
        format!("Akte {} wieder geöffnet am {}", file.reference, german(on))
    })?;
    Ok(0)
}

pub(in crate::cli) fn fact(
    desk: &mut Desk<'_>,
    reference: &str,
    kind: &str,
    on: Date,
    source: &str,
) -> Answer<u8> {
    let file = desk.registry.record_fact(desk.actor.as_clerk()?, reference, kind, on, source.to_owned())?;
    desk.result(&json::fact(&file, kind, on, source), || {
        format!("festgehalten an der Akte {}: {kind} am {}", file.reference, german(on))
    })?;
    Ok(0)
}

pub(in crate::cli) fn facts(desk: &mut Desk<'_>, file: &Path, preview: bool) -> Answer<u8> {
    let rows = fact_list::read(&disk::read(file)?).map_err(|mistakes| {
        let told = first_of(&mistakes, "eine weitere Zeile", "weitere Zeilen");
        let what = format!("Die Tatsachen aus {} werden nicht festgehalten", file.display());
        Error::mistake(what, told.join("; "), "berichtigen Sie die Liste; es wurde noch nichts festgehalten")
    })?;
    let done = desk.registry.record_facts(desk.actor.as_clerk()?, rows, !preview)?;
    desk.result(&json::facts(done, preview), || {
        let facts = count(done.recorded, "Tatsache", "Tatsachen");
        let verb = if preview { "festzuhalten" } else { "festgehalten" };
        format!("{facts} {verb}, {} schon bekannt", done.known)
    })?;
    Ok(0)
}
