//! A list of facts (Tatsachenliste): a CSV table, one fact per row, `;` between columns, UTF-8
//! (`schema/formats/fact-list.md`). Read as a whole: the mistakes of all rows are told, and none is taken alone.

use jiff::civil::Date;

use super::rows::{self, Places};
use crate::domain::case_file::{Fact, FactKind, ReferenceNumber};

/// The columns, in any order; all of them must be there.
pub const COLUMNS: [&str; 4] = ["aktenzeichen", "tatsache", "am", "quelle"];
/// Most rows of one list.
pub const ROWS_MAX: usize = 1_000_000;
/// Longest source, in characters.
pub const SOURCE_CHARS_MAX: usize = 400;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The file it is about.
    pub reference: ReferenceNumber,
    /// The fact.
    pub fact: Fact,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongRow {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong, German.
    pub why: String,
}

/// Reads a list.
///
/// # Errors
/// What is wrong, in German, with the line where there is one.
pub fn read(text: &str) -> Result<Vec<Row>, Vec<String>> {
    rows::read(text, &COLUMNS, ROWS_MAX, fits, row)
}

fn fits(places: &Places<4>) -> Result<(), String> {
    match places.iter().zip(COLUMNS).find(|(place, _)| place.is_none()) {
        Some((_, name)) => Err(format!("die Spalte „{name}“ fehlt (nötig: {})", COLUMNS.join(", "))),
        None => Ok(()),
    }
}

/// One row out of the texts of its columns, in the order of [`COLUMNS`].
///
/// # Errors
/// What is wrong, in German.
pub fn row(line: u64, [reference, kind, on, source]: [&str; 4]) -> Result<Row, String> {
    let reference = reference.parse().map_err(|_| "das Aktenzeichen fehlt oder ist zu lang")?;
    let kind: FactKind = kind.parse().map_err(|_| format!("„{kind}“ ist kein Name einer Tatsache"))?;
    let on: Date = on.parse().map_err(|_| format!("„{on}“ ist kein Tag (JJJJ-MM-TT)"))?;
    if source.is_empty() || source.chars().count() > SOURCE_CHARS_MAX {
        return Err(format!(
            "woher die Tatsache bekannt ist, fehlt oder hat mehr als {SOURCE_CHARS_MAX} Zeichen"
        ));
    }
    Ok(Row { line, reference, fact: Fact { kind, on, source: source.to_owned() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_any_order_of_columns_and_every_mistake_is_told() {
        let rows =
            read("am;quelle;aktenzeichen;tatsache\n2014-03-12;Anzeige;63-1;building_demolished\n").unwrap();
        assert_eq!((rows[0].line, rows[0].fact.source.as_str()), (2, "Anzeige"));
        let mistakes = read(
            "aktenzeichen;tatsache;am;quelle\n63-1;Abriss!;2014-03-12;A\n63-2;died;2023-02-29;A\n;died;2023-02-28;A\n63-3;died;2023-02-28;\n",
        );
        let mistakes = mistakes.unwrap_err();
        assert_eq!(mistakes.len(), 4, "{mistakes:?}");
        assert!(mistakes[1].starts_with("Zeile 3: „2023-02-29“ ist kein Tag"), "{mistakes:?}");
        for (head, told) in [
            ("aktenzeichen;tatsache;am", "„quelle“ fehlt"),
            ("aktenzeichen;tatsache;am;quelle;farbe", "„farbe“ ist unbekannt"),
            ("aktenzeichen;tatsache;am;quelle;am", "zweimal"),
        ] {
            let mistakes = read(&format!("{head}\n")).unwrap_err();
            assert!(mistakes[0].contains(told), "{mistakes:?}");
        }
        assert!(!read("aktenzeichen;tatsache;am;quelle\n63-1;died\n").unwrap_err().is_empty());
        assert_eq!(read("aktenzeichen;tatsache;am;quelle\n"), Ok(Vec::new()));
    }
}
