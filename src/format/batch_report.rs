//! What became of a delivered batch, line by line, for whoever delivered it and for those who took it in: as a table (CSV)
//! or as a page to read and print. Written and never read.

use askama::Template;
use jiff::civil::Date;

use super::table::Table;
use crate::domain::life_cycle::german;

/// What became of one document of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Something is wrong with it.
    Flawed,
    /// Nothing is wrong with it; it was not taken in.
    Sound,
    /// It was taken in.
    Taken,
    /// It was taken in, and the content was there before.
    Known,
    /// An earlier run had taken it in.
    TakenBefore,
    /// It was not taken in, although nothing had been wrong with it.
    Refused,
}

impl Fate {
    fn label(self) -> &'static str {
        match self {
            Self::Flawed => "fehlerhaft",
            Self::Sound => "ohne Fehler, nicht erfasst",
            Self::Taken => "erfasst",
            Self::Known => "erfasst, Inhalt bekannt",
            Self::TakenBefore => "früher erfasst",
            Self::Refused => "abgewiesen",
        }
    }
}

/// One line of a report. A document with several flaws has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line of the list; none if it is about no line.
    pub line: Option<u64>,
    /// The file, from the list's folder.
    pub path: String,
    /// Reference number of its file, as far as it is known.
    pub reference: String,
    /// What became of it.
    pub fate: Fate,
    /// The document it is now.
    pub document: String,
    /// Pages the list counts.
    pub pages_expected: Option<u32>,
    /// Pages that were found.
    pub pages_found: Option<u32>,
    /// What is to be said.
    pub why: String,
    /// What to do about it.
    pub way_out: String,
}

impl Entry {
    fn cells(&self) -> [String; 9] {
        let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
        [
            self.line.map_or_else(String::new, |line| line.to_string()),
            self.path.clone(),
            self.reference.clone(),
            self.fate.label().to_owned(),
            self.document.clone(),
            number(self.pages_expected),
            number(self.pages_found),
            self.why.clone(),
            self.way_out.clone(),
        ]
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The list's name.
    pub list: String,
    /// The registry's name.
    pub registry: String,
    /// The day it was written.
    pub on: Date,
    /// What came of it, in a sentence.
    pub outcome: String,
    /// Line by line.
    pub entries: Vec<Entry>,
}

/// Columns of the table.
const COLUMNS: [&str; 9] = [
    "zeile",
    "datei",
    "aktenzeichen",
    "ergebnis",
    "dokument",
    "seiten_liste",
    "seiten_gefunden",
    "grund",
    "ausweg",
];

/// How every page begins.
const PAGE_MARK: &str = "<!doctype html>\n<!-- schriftgut: Bericht über eine Lieferung -->";

impl Report {
    /// As a table.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut table = Table::new(&COLUMNS);
        for entry in &self.entries {
            table.row(&entry.cells().each_ref().map(String::as_str));
        }
        table.finish()
    }

    /// As a page, self-contained.
    ///
    /// # Errors
    /// Only if the template engine fails.
    pub fn page(&self) -> Result<String, askama::Error> {
        let rows = self.entries.iter().map(|entry| (entry.cells(), entry.is_well())).collect();
        Page { report: self, on: german(self.on), rows }.render()
    }
}

impl Entry {
    fn is_well(&self) -> bool {
        self.why.is_empty()
    }
}

/// A text is a report, so that a newer one may take its place.
#[must_use]
pub fn is_report(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(&COLUMNS.join(";")) || text.starts_with(PAGE_MARK)
}

#[derive(Template)]
#[template(path = "batch_report.html")]
struct Page<'a> {
    report: &'a Report,
    on: String,
    rows: Vec<([String; 9], bool)>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn report() -> Report {
        let entry = Entry {
            line: Some(2),
            path: "=a.pdf".to_owned(),
            reference: "63-1".to_owned(),
            fate: Fate::Flawed,
            document: String::new(),
            pages_expected: Some(3),
            pages_found: None,
            why: "die Datei fehlt <sagt sie>".to_owned(),
            way_out: "liefern Sie sie nach".to_owned(),
        };
        let (list, registry) = ("liste.csv".to_owned(), "Musterstadt".to_owned());
        Report {
            list,
            registry,
            on: date(2026, 11, 28),
            outcome: "1 Fehler".to_owned(),
            entries: vec![entry],
        }
    }

    #[test]
    fn a_report_computes_nothing_runs_nothing_and_is_known_again() {
        let (table, page) = (report().csv(), report().page().unwrap());
        assert!(
            table.contains("2;'=a.pdf;63-1;fehlerhaft;;3;;die Datei fehlt <sagt sie>;liefern Sie sie nach")
        );
        assert!(page.contains("=a.pdf") && page.contains("28.11.2026") && page.contains("Musterstadt"));
        assert!(!page.contains("<sagt") && !page.contains("<script"), "{page}");
        assert!(is_report(&table) && is_report(&page));
        assert!(!is_report("path;aktenzeichen\n") && !is_report(""));
    }
}
