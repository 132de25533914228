//! The manifest of a scan batch (Begleitliste): one document a row, as a CSV table or as XML, in our own columns or, with a
//! profile, in those of whoever delivers (`schema/formats/batch-manifest.md`, `batch-profile.md`). Read as a whole: every
//! flaw is told, with its line, so that a list is put right in one go. It looks at no file that the list names.

mod profile;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::base::checksum::Checksum;
use crate::domain::case_file::{Carriers, ClassNumber, ReferenceNumber};
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;

pub use profile::{Profile, ProfileMistake};

/// Columns that must be there.
pub const REQUIRED: [&str; 4] = ["path", "aktenzeichen", "klasse", "titel"];
/// Columns that may be there, beside `feld:NAME`.
pub const OPTIONAL: [&str; 12] = [
    "schutzbereich",
    "geschlossen_am",
    "gebaeude",
    "raum",
    "regal",
    "karton",
    "strichcode",
    "vorgang",
    "register",
    "aktenart",
    "seiten",
    "pruefsumme",
];
/// Most rows of one manifest.
pub const ROWS_MAX: usize = 1_000_000;

/// What to do about most flaws.
const CORRECT: &str = "berichtigen Sie die Liste";

/// It is a column of ours.
fn is_column(name: &str) -> bool {
    REQUIRED.contains(&name)
        || OPTIONAL.contains(&name)
        || name.strip_prefix("feld:").is_some_and(|name| !name.is_empty())
}

/// Something that is wrong with a delivery, in words for users (German).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The line of the list; none if it is about the whole, or about a file the list does not name.
    pub line: Option<u64>,
    /// The file it is about, where that is known.
    pub path: Option<String>,
    /// What is wrong.
    pub why: String,
    /// What to do.
    pub way_out: String,
}

impl Flaw {
    /// About the delivery as a whole.
    #[must_use]
    pub fn whole(why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { line: None, path: None, why: why.into(), way_out: way_out.into() }
    }

    /// About one line.
    #[must_use]
    pub fn at(line: u64, why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::whole(why, way_out) }
    }

    /// About this file.
    #[must_use]
    pub fn of(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Zeile {line}: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

/// One document of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the list it begins on, from 1.
    pub line: u64,
    /// Path of the file, from the manifest's folder.
    pub path: String,
    /// The file it belongs to.
    pub reference: ReferenceNumber,
    /// Its class.
    pub class: ClassNumber,
    /// Its title.
    pub title: String,
    /// Title of the case inside it.
    pub case: Option<String>,
    /// The register of the file it lies in.
    pub register: Option<RegisterNumber>,
    /// Its secrecy; none if it is that of its class.
    pub domain: Option<ProtectionDomain>,
    /// The day it was closed; none if it is open.
    pub closed: Option<Date>,
    /// Its record type, by name or label; that of its class if nobody says.
    pub record_type: Option<String>,
    /// Fields of its record type.
    pub fields: BTreeMap<String, String>,
    /// Where the paper is.
    pub carriers: Carriers,
    /// How many pages the document has, as whoever scanned it counted.
    pub page_count: Option<u32>,
    /// What the file's bytes must come to.
    pub checksum: Option<Checksum>,
}

/// What a list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The rows that could be read, in order.
    pub rows: Vec<Row>,
    /// Every file that is named, also by a row that is flawed, with its line.
    pub paths: BTreeMap<String, u64>,
    /// How many rows there are, flawed ones as well.
    pub row_count: usize,
    /// Everything that is wrong, in the order of the lines.
    pub flaws: Vec<Flaw>,
}

/// What stands in a list, in columns of ours, before anybody asks what it means.
#[derive(Debug, Default)]
struct Raw {
    /// Which columns there are.
    columns: Vec<String>,
    /// The line each row begins on, and its trimmed cells, as many as there are columns.
    rows: Vec<(u64, Vec<String>)>,
    /// How many documents and pages the list says it has.
    documents: Option<u64>,
    pages: Option<u64>,
    /// What is wrong so far.
    flaws: Vec<Flaw>,
}

impl Raw {
    /// Nothing can be read.
    fn flawed(flaw: Flaw) -> Self {
        Self { flaws: vec![flaw], ..Self::default() }
    }

    /// There is room for one more row; told once if not.
    fn has_room(&mut self) -> bool {
        let has_room = self.rows.len() < ROWS_MAX;
        if !has_room {
            self.flaws.push(Flaw::whole(format!("mehr als {ROWS_MAX} Zeilen"), "teilen Sie die Liste"));
        }
        has_room
    }
}

/// Reads a manifest as its profile says.
#[must_use]
pub fn read(bytes: &[u8], profile: &Profile) -> List {
    let raw = match text::decode(bytes, profile.encoding) {
        Err(flaw) => Raw::flawed(flaw),
        Ok(text) if profile.document.is_some() => xml::read(&text, profile),
        Ok(text) => table::read(&text, profile),
    };
    let mut list = List { row_count: raw.rows.len(), flaws: raw.flaws, ..List::default() };
    for (line, values) in &raw.rows {
        let cells = row::Cells { columns: &raw.columns, values, profile };
        if let Ok(path) = cells.path() {
            match list.paths.get(&path) {
                Some(first) => {
                    let why = format!("„{path}“ steht schon in Zeile {first}");
                    list.flaws.push(Flaw::at(*line, why, CORRECT).of(&path));
                }
                None => drop(list.paths.insert(path, *line)),
            }
        }
        match cells.row(*line) {
            Ok(row) => list.rows.push(row),
            Err(wrong) => list.flaws.extend(wrong.into_iter().map(|why| Flaw::at(*line, why, CORRECT))),
        }
    }
    check_files(&list.rows, &mut list.flaws);
    check_barcodes(&list.rows, &mut list.flaws);
    if let Some(flaw) = row::counts_differ(raw.documents, list.row_count as u64, "Dokumente") {
        list.flaws.push(flaw);
    }
    let pages = list.rows.iter().filter_map(|row| row.page_count).map(u64::from).sum();
    if let Some(flaw) = row::counts_differ(raw.pages, pages, "Seiten") {
        list.flaws.push(flaw);
    }
    list.flaws.sort_by_key(|flaw| flaw.line.unwrap_or(0));
    list
}

/// Rows of one file must say the same of it.
fn check_files(rows: &[Row], flaws: &mut Vec<Flaw>) {
    let mut files: BTreeMap<String, &Row> = BTreeMap::new();
    for row in rows {
        let first = *files.entry(row.reference.fold()).or_insert(row);
        let differs = [
            ("klasse", first.class != row.class),
            ("titel", first.title != row.title),
            ("schutzbereich", first.domain != row.domain),
            ("geschlossen_am", first.closed != row.closed),
            ("aktenart", first.record_type != row.record_type),
            ("feld", first.fields != row.fields),
            ("Standort", first.carriers != row.carriers),
        ];
        let differs: Vec<_> =
            differs.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
        if !differs.is_empty() {
            let why = format!(
                "Zeile {} sagt anderes über die Akte {} ({})",
                first.line,
                row.reference,
                differs.join(", ")
            );
            flaws.push(Flaw::at(row.line, why, CORRECT));
        }
    }
}

/// A barcode belongs to one file.
fn check_barcodes(rows: &[Row], flaws: &mut Vec<Flaw>) {
    let mut barcodes: BTreeMap<_, (u64, String)> = BTreeMap::new();
    for row in rows {
        let Some(barcode) = row.carriers.paper.as_ref().and_then(|place| place.barcode.as_ref()) else {
            continue;
        };
        let file = row.reference.fold();
        let (first, holder) = barcodes.entry(barcode).or_insert_with(|| (row.line, file.clone()));
        if *holder != file {
            let why = format!("der Strichcode {barcode} gehört schon zur Akte in Zeile {first}");
            flaws.push(Flaw::at(row.line, why, CORRECT));
        }
    }
}
