//! Batches with a manifest: checked as a whole before the first record is made.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::disk;
use super::verbs::ingest::source;
use crate::domain::actor::Clerk;
use crate::domain::case_file::ReferenceNumber;
use crate::domain::life_cycle::german;
use crate::format::batch_manifest::{self, Row};
use crate::format::wording::count;
use crate::registry::{Answer, Description, Error, Registry, Source, Target};

/// Files that a batch says are closed, with the day.
pub(super) type Closing = Vec<(ReferenceNumber, Date)>;

/// How many pages were counted on paper, by the name of the source.
pub(super) type PaperPages = BTreeMap<String, u32>;

/// What a manifest names.
pub(super) struct Batch {
    pub(super) sources: Vec<Source>,
    pub(super) closing: Closing,
    pub(super) paper_pages: PaperPages,
}

/// Reads a manifest and finds every file it names.
pub(super) fn read(registry: &Registry, clerk: Clerk<'_>, manifest: &Path) -> Answer<Batch> {
    let refuse = |why: String, way_out: &str| {
        Error::mistake(format!("Die Begleitliste {} wird nicht erfasst", manifest.display()), why, way_out)
    };
    let text =
        std::fs::read(manifest).map_err(|cause| refuse(disk::in_german(&cause), "prüfen Sie den Pfad"))?;
    let text = String::from_utf8(text).map_err(|_| {
        refuse("sie ist nicht in UTF-8 geschrieben".to_owned(), "speichern Sie sie als UTF-8")
    })?;
    let rows = batch_manifest::read(&text).map_err(|mistake| {
        refuse(mistake.to_string(), "berichtigen Sie die Liste; es wurde noch nichts erfasst")
    })?;
    for (number, row) in (2..).zip(&rows) {
        let (class, record_type, fields) = (&row.class, row.record_type.as_deref(), &row.fields);
        let said = Description { class, record_type, fields };
        if let Some((why, way_out)) = registry.unplanned(&row.reference, said)? {
            let why = format!("Zeile {number}: {why}");
            return Err(refuse(why, &format!("{way_out}; es wurde noch nichts erfasst")));
        }
        let unknown = row
            .register
            .as_ref()
            .map(|register| registry.unknown_register(clerk, &row.reference, said, register));
        if let Some((why, way_out)) = unknown.transpose()?.flatten() {
            let why = format!("Zeile {number}: {why}");
            return Err(refuse(why, &format!("{way_out}; es wurde noch nichts erfasst")));
        }
        if let Some(why) = registry.taken_barcode(clerk, &row.reference, row.carriers.paper.as_ref())? {
            let why = format!("Zeile {number}: {why}");
            return Err(refuse(why, "jeder Strichcode gehört zu einer Akte; es wurde noch nichts erfasst"));
        }
    }
    let today = registry.today();
    let ahead =
        (2..).zip(&rows).find_map(|(number, row)| Some((number, row.closed.filter(|day| *day > today)?)));
    if let Some((number, day)) = ahead {
        let why = format!("Zeile {number}: der {} liegt in der Zukunft", german(day));
        return Err(refuse(why, "berichtigen Sie die Liste; es wurde noch nichts erfasst"));
    }
    let folder = manifest.parent().unwrap_or_else(|| Path::new("."));
    let missing: Vec<_> =
        rows.iter().map(|row| &row.path).filter(|path| !folder.join(path).is_file()).collect();
    if let Some(first) = missing.first() {
        let why = format!("{}, zuerst „{first}“", count(missing.len(), "Datei fehlt", "Dateien fehlen"));
        return Err(refuse(why, "liefern Sie sie nach; es wurde noch nichts erfasst"));
    }
    Ok(named(rows, folder))
}

/// The sources that rows name, and what is said of them.
fn named(rows: Vec<Row>, folder: &Path) -> Batch {
    let (mut closing, mut paper_pages) = (BTreeMap::new(), PaperPages::new());
    let mut sources = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(day) = row.closed {
            closing.insert(row.reference.clone(), day);
        }
        let target = Target {
            reference: row.reference,
            class: Some(row.class),
            title: Some(row.title),
            domain: row.domain,
            record_type: row.record_type,
            fields: row.fields,
            carriers: row.carriers,
            // A file that was closed long ago was opened before that.
            opened: row.closed,
            case: row.case,
            register: row.register,
            page_count: row.page_count,
        };
        let source = source(folder.join(&row.path), Some(target));
        paper_pages.extend(row.pages_on_paper.map(|pages| (source.name.clone(), pages)));
        sources.push(source);
    }
    Batch { sources, closing: closing.into_iter().collect(), paper_pages }
}

/// Closes the files a batch says are closed, unless they are.
pub(super) fn close_files(registry: &Registry, clerk: Clerk<'_>, closing: &Closing) -> Answer<()> {
    registry.close_all(clerk, closing)
}
