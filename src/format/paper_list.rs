//! A list of places (Standortliste): a CSV table, one file per row, `;` between columns, UTF-8
//! (`schema/formats/paper-list.md`). Read as a whole: the mistakes of all rows are told, and none is taken alone.

use std::collections::HashMap;

use super::rows::{self, Places};
use super::wording;
use crate::domain::case_file::ReferenceNumber;
use crate::domain::paper::Placing;

/// The columns, in any order: the first must be there, and one other.
pub const COLUMNS: [&str; 6] = ["aktenzeichen", "gebaeude", "raum", "regal", "karton", "strichcode"];
/// Most rows of one list: it is one append to the ledger, all or nothing.
pub const ROWS_MAX: usize = 50_000;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the table, from 1.
    pub line: u64,
    /// The file it is about.
    pub reference: ReferenceNumber,
    /// Where its paper stands; an empty cell says nothing.
    pub placing: Placing,
}

/// Reads a list.
///
/// # Errors
/// What is wrong, in German, with the line where there is one.
pub fn read(text: &str) -> Result<Vec<Row>, Vec<String>> {
    let mut seen = Seen::default();
    rows::read(text, &COLUMNS, ROWS_MAX, fits, |line, cells| row(line, cells).and_then(|row| seen.once(row)))
}

fn fits(places: &Places<6>) -> Result<(), String> {
    match places {
        [None, ..] => Err(format!("die Spalte „{}“ fehlt", COLUMNS[0])),
        [Some(_), None, None, None, None, None] => {
            Err(format!("es fehlt eine Spalte für den Standort (möglich: {})", COLUMNS[1..].join(", ")))
        }
        _ => Ok(()),
    }
}

fn row(line: u64, [reference, building, room, shelf, r#box, barcode]: [&str; 6]) -> Result<Row, String> {
    let reference = reference.parse().map_err(|_| "das Aktenzeichen fehlt oder ist zu lang")?;
    let placing = Placing::of_cells([building, room, shelf, r#box, barcode]);
    placing.applied_to(None).map_err(|flaw| wording::place_flaw(&flaw))?;
    Ok(Row { line, reference, placing })
}

/// Files and barcodes, by the line they stand on.
#[derive(Default)]
struct Seen {
    files: HashMap<String, u64>,
    barcodes: HashMap<String, u64>,
}

impl Seen {
    fn once(&mut self, row: Row) -> Result<Row, String> {
        if let Some(first) = self.files.insert(row.reference.fold(), row.line) {
            return Err(format!("die Akte {} steht schon in Zeile {first}", row.reference));
        }
        if let Some(barcode) = &row.placing.barcode
            && let Some(first) = self.barcodes.insert(barcode.clone(), row.line)
        {
            return Err(format!("der Strichcode {barcode} steht schon in Zeile {first}"));
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_any_order_of_columns_and_an_empty_cell_says_nothing() {
        let rows = read("\u{feff}regal;aktenzeichen;strichcode\nR4;63-1;4711\n;63-2;4712\n").unwrap();
        assert_eq!((rows[0].line, rows[0].placing.shelf.as_deref()), (2, Some("R4")));
        assert_eq!(rows[1].placing, Placing { barcode: Some("4712".to_owned()), ..Placing::default() });
        assert_eq!(read("aktenzeichen;raum\n"), Ok(Vec::new()));
    }

    #[test]
    fn every_mistake_is_told_with_its_line_or_column() {
        let long = "x".repeat(81);
        let mistakes = read(&format!(
            "aktenzeichen;raum;strichcode\n;U1;\n63-1;;\n63-2;{long};\n63-3;\"a\nb\";\n63-4;U1;zwei Wörter\n\
             63-5;U1;4711\n63 5;U1;\n63-6;U1;4711\n63-7;U1;47\n"
        ));
        let mistakes = mistakes.unwrap_err();
        let told = [
            "Zeile 2: das Aktenzeichen fehlt",
            "Zeile 3: es ist kein Standort genannt",
            "Zeile 4: der Raum ist länger als 80 Zeichen",
            "Zeile 5: der Raum enthält ein Steuerzeichen",
            "Zeile 7: ein Strichcode hat 1 bis 40",
            "Zeile 9: die Akte 63 5 steht schon in Zeile 8",
            "Zeile 10: der Strichcode 4711 steht schon in Zeile 8",
        ];
        assert_eq!(mistakes.len(), told.len(), "{mistakes:?}");
        for (mistake, told) in mistakes.iter().zip(told) {
            assert!(mistake.starts_with(told), "{mistake}");
        }
        for (head, told) in [
            ("raum;regal", "„aktenzeichen“ fehlt"),
            ("aktenzeichen", "Spalte für den Standort"),
            ("aktenzeichen;etage", "„etage“ ist unbekannt"),
            ("aktenzeichen;raum;raum", "zweimal"),
        ] {
            let mistakes = read(&format!("{head}\n")).unwrap_err();
            assert!(mistakes[0].contains(told), "{mistakes:?}");
        }
        assert!(!read("aktenzeichen;raum\n63-1\n").unwrap_err().is_empty());
    }

    #[test]
    fn a_list_that_is_too_long_is_refused_before_all_of_it_is_read() {
        let mut text = "aktenzeichen;raum\n".to_owned();
        (0..ROWS_MAX + 2).for_each(|n| text.push_str(&format!("63-{n};U1\n")));
        assert_eq!(read(&text).unwrap_err().len(), 1);
    }
}
