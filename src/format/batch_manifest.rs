//! The manifest of a scan batch (Begleitliste): a CSV table, one row per document, `;` between columns, UTF-8
//! (`schema/formats/batch-manifest.md`). Checked as a whole before the first record is made.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::wording;
use crate::domain::case_file::{Carriers, ClassNumber, ReferenceNumber};
use crate::domain::paper::Placing;
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;
use crate::domain::scan::check::SCAN_PAGES_MAX;

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
    "papierseiten",
    "seiten",
];
/// Most rows of one manifest.
pub const ROWS_MAX: usize = 1_000_000;

/// What is wrong with a manifest, in words for users (German), with the row where there is one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ManifestMistake(String);

/// One document of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
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
    /// How many pages were counted on paper, of a scan that is to stand for it.
    pub pages_on_paper: Option<u32>,
    /// How many pages the document has, as whoever scanned it says.
    pub page_count: Option<u32>,
}

/// Reads a manifest.
///
/// # Errors
/// The first [`ManifestMistake`].
pub fn read(text: &str) -> Result<Vec<Row>, ManifestMistake> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let head: Vec<String> = match reader.headers() {
        Ok(head) => head.iter().map(|name| name.trim().to_owned()).collect(),
        Err(_) => return Err(mistake("die Kopfzeile ist nicht lesbar (UTF-8, Spalten mit ; getrennt)")),
    };
    check_head(&head)?;
    let mut rows = Vec::new();
    for (number, record) in (2..).zip(reader.records()) {
        if rows.len() == ROWS_MAX {
            return Err(mistake(&format!("mehr als {ROWS_MAX} Zeilen; teilen Sie die Liste")));
        }
        let record = record
            .map_err(|_| mistake(&format!("Zeile {number} hat nicht so viele Spalten wie die Kopfzeile")))?;
        rows.push(row(&head, &record).map_err(|why| mistake(&format!("Zeile {number}: {why}")))?);
    }
    check_files(&rows)?;
    Ok(rows)
}

fn mistake(why: &str) -> ManifestMistake {
    ManifestMistake(why.to_owned())
}

fn check_head(head: &[String]) -> Result<(), ManifestMistake> {
    for name in REQUIRED {
        if !head.iter().any(|column| column == name) {
            return Err(mistake(&format!("die Spalte „{name}“ fehlt (nötig: {})", REQUIRED.join(", "))));
        }
    }
    for (at, column) in head.iter().enumerate() {
        let known = REQUIRED.contains(&column.as_str())
            || OPTIONAL.contains(&column.as_str())
            || column.strip_prefix("feld:").is_some_and(|name| !name.is_empty());
        if !known {
            return Err(mistake(&format!("die Spalte „{column}“ ist unbekannt")));
        }
        if head[..at].contains(column) {
            return Err(mistake(&format!("die Spalte „{column}“ steht zweimal da")));
        }
    }
    Ok(())
}

fn row(head: &[String], record: &csv::StringRecord) -> Result<Row, String> {
    let cell = |name: &str| {
        let at = head.iter().position(|column| column == name);
        at.and_then(|at| record.get(at)).map_or("", str::trim)
    };
    let path = cell("path").to_owned();
    let inside = !path.is_empty() && !path.starts_with('/') && path.split('/').all(|part| part != "..");
    if !inside {
        return Err(format!("der Pfad „{path}“ liegt nicht unter dem Ordner der Liste"));
    }
    let fields = head.iter().zip(record.iter()).filter_map(|(column, value)| {
        let name = column.strip_prefix("feld:")?;
        let value = value.trim();
        (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    });
    let said = |name: &str| Some(cell(name)).filter(|text| !text.is_empty()).map(str::to_owned);
    let placing = Placing::of_cells(["gebaeude", "raum", "regal", "karton", "strichcode"].map(cell));
    let paper = if placing.is_silent() {
        None
    } else {
        Some(placing.applied_to(None).map_err(|flaw| wording::place_flaw(&flaw))?)
    };
    Ok(Row {
        path,
        reference: cell("aktenzeichen").parse().map_err(|_| "das Aktenzeichen fehlt oder ist zu lang")?,
        class: cell("klasse")
            .parse()
            .map_err(|_| format!("„{}“ ist keine Aktenplaneinheit", cell("klasse")))?,
        title: cell("titel").to_owned(),
        case: said("vorgang"),
        register: match cell("register") {
            "" => None,
            number => Some(number.parse().map_err(|_| format!("„{number}“ ist kein Register"))?),
        },
        domain: match cell("schutzbereich") {
            "" => None,
            code => Some(code.parse().map_err(|_| format!("„{code}“ ist kein Schutzbereich"))?),
        },
        closed: match cell("geschlossen_am") {
            "" => None,
            day => Some(day.parse().map_err(|_| format!("„{day}“ ist kein Tag (JJJJ-MM-TT)"))?),
        },
        record_type: said("aktenart"),
        fields: fields.collect(),
        carriers: Carriers { paper },
        pages_on_paper: match cell("papierseiten") {
            "" => None,
            pages => {
                let counted = pages.parse().ok().filter(|pages| (1..=SCAN_PAGES_MAX).contains(pages));
                Some(counted.ok_or_else(|| format!("„{pages}“ ist keine Zahl von Papierseiten"))?)
            }
        },
        page_count: match cell("seiten") {
            "" => None,
            number => Some(pages(number).ok_or_else(|| format!("„{number}“ ist keine Zahl von Seiten"))?),
        },
    })
}

/// A number of pages, from 1.
fn pages(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

/// Rows of one file must say the same of it, and no document may be named twice.
fn check_files(rows: &[Row]) -> Result<(), ManifestMistake> {
    let mut paths = BTreeMap::new();
    let mut files: BTreeMap<String, (usize, &Row)> = BTreeMap::new();
    for (number, row) in (2..).zip(rows) {
        if let Some(first) = paths.insert(&row.path, number) {
            return Err(mistake(&format!("Zeile {number}: „{}“ steht schon in Zeile {first}", row.path)));
        }
        let (first, same) = *files.entry(row.reference.fold()).or_insert((number, row));
        let agree = same.class == row.class
            && same.title == row.title
            && same.domain == row.domain
            && same.closed == row.closed
            && same.record_type == row.record_type
            && same.fields == row.fields
            && same.carriers == row.carriers;
        if !agree {
            let what = format!(
                "Zeile {number} und Zeile {first} sagen Verschiedenes über die Akte {}",
                row.reference
            );
            return Err(mistake(&what));
        }
    }
    check_barcodes(rows)
}

/// A barcode belongs to one file.
fn check_barcodes(rows: &[Row]) -> Result<(), ManifestMistake> {
    let mut barcodes: BTreeMap<_, (usize, String)> = BTreeMap::new();
    for (number, row) in (2..).zip(rows) {
        let Some(barcode) = row.carriers.paper.as_ref().and_then(|place| place.barcode.as_ref()) else {
            continue;
        };
        let file = row.reference.fold();
        let (first, holder) = barcodes.entry(barcode).or_insert_with(|| (number, file.clone()));
        if *holder != file {
            let why =
                format!("Zeile {number}: der Strichcode {barcode} gehört schon zur Akte in Zeile {first}");
            return Err(mistake(&why));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "path;aktenzeichen;klasse;titel;geschlossen_am;feld:street";

    fn why(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_good_manifest_yields_its_rows() {
        let rows = read(&format!(
            "{HEAD}\na/1.pdf;63-1;63.10.01;Haus;1972-03-01;Ring\na/2.pdf;63-1;63.10.01;Haus;1972-03-01;Ring\n"
        ));
        let rows = rows.unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].fields["street"], "Ring");
        assert_eq!(rows[1].closed, Some(jiff::civil::date(1972, 3, 1)));
    }

    #[test]
    fn rows_of_one_file_lie_in_different_registers_or_in_none() {
        const HEAD: &str = "path;aktenzeichen;klasse;titel;register";
        let rows = read(&format!("{HEAD}\na;63-1;63.10.01;H; 3 \nb;63-1;63.10.01;H;\n")).unwrap();
        assert_eq!(rows[0].register.as_ref().map(RegisterNumber::as_str), Some("3"));
        assert_eq!(rows[1].register, None);
        let long = "x".repeat(81);
        assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;{long}\n")).contains("ist kein Register"));
    }

    #[test]
    fn pages_counted_on_paper_are_a_number_or_nothing() {
        const HEAD: &str = "path;aktenzeichen;klasse;titel;papierseiten";
        let rows = read(&format!("{HEAD}\na;63-1;63.10.01;H; 12 \nb;63-1;63.10.01;H;\n")).unwrap();
        assert_eq!((rows[0].pages_on_paper, rows[1].pages_on_paper), (Some(12), None));
        for wrong in ["0", "-1", "zwei", "4294967296"] {
            let said = why(&format!("{HEAD}\na;63-1;63.10.01;H;{wrong}\n"));
            assert!(said.contains("Zeile 2") && said.contains("keine Zahl von Papierseiten"), "{said}");
        }
    }

    #[test]
    fn how_many_pages_there_should_be_is_read() {
        const HEAD: &str = "path;aktenzeichen;klasse;titel;seiten";
        let rows = read(&format!("{HEAD}\na;63-1;63.10.01;H; 12 \nb;63-1;63.10.01;H;\n")).unwrap();
        assert_eq!((rows[0].page_count, rows[1].page_count), (Some(12), None));
        for wrong in ["0", "-1", "zwei", "1,5"] {
            assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;{wrong}\n")).contains("Zeile 2: "), "{wrong}");
        }
    }

    #[test]
    fn every_mistake_names_its_row_or_column() {
        assert!(why("path;aktenzeichen;klasse\n").contains("„titel“ fehlt"));
        assert!(why("path;aktenzeichen;klasse;titel;farbe\n").contains("„farbe“ ist unbekannt"));
        assert!(why(&format!("{HEAD}\n../x;63-1;63.10.01;H;;\n")).contains("Zeile 2"));
        assert!(why(&format!("{HEAD}\nx;63-1;neun;H;;\n")).contains("„neun“ ist keine Aktenplaneinheit"));
        assert!(why(&format!("{HEAD}\nx;63-1;63.10.01;H;gestern;\n")).contains("kein Tag"));
        assert!(
            why(&format!("{HEAD}\nx;63-1;63.10.01;H;;\nx;63-1;63.10.01;H;;\n")).contains("schon in Zeile 2")
        );
        assert!(
            why(&format!("{HEAD}\nx;63-1;63.10.01;H;;\ny;63-1;63.10.01;I;;\n")).contains("Verschiedenes")
        );
        assert!(why(&format!("{HEAD}\nx;63-1;63.10.01\n")).contains("Spalten"));
    }

    #[test]
    fn where_paper_stands_is_read_and_a_barcode_belongs_to_one_file() {
        const HEAD: &str = "path;aktenzeichen;klasse;titel;raum;karton;strichcode";
        let rows = read(&format!(
            "{HEAD}\na;63-1;63.10.01;H;U 12;K4;4711\nb;63 1;63.10.01;H;U 12;K4;4711\nc;63-2;63.10.01;I;;;\n"
        ));
        let rows = rows.unwrap();
        let place = rows[0].carriers.paper.as_ref().unwrap();
        assert_eq!(wording::place(place), "Raum U 12, Karton K4, Strichcode 4711");
        assert_eq!(rows[2].carriers.paper, None);
        let two = format!("{HEAD}\na;63-1;63.10.01;H;;;4711\nb;63-2;63.10.01;H;;;4711\n");
        assert!(why(&two).contains("Zeile 3: der Strichcode 4711 gehört schon zur Akte in Zeile 2"));
        assert!(
            why(&format!("{HEAD}\na;63-1;63.10.01;H;;;zwei Wörter\n")).contains("Zeile 2: ein Strichcode")
        );
        let long = "x".repeat(81);
        assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;{long};;\n")).contains("der Raum ist länger"));
    }
}
