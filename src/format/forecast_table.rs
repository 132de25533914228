//! A forecast as a table for spreadsheets: CSV, a line for the files of a class that stand alike. Files by confirmed and by
//! unconfirmed rules stand on lines of their own, so that no sum mixes them by accident.

use super::wording;
use crate::domain::file_plan::FilePlan;
use crate::domain::retention::{Amount, Forecast, Horizon, RuleBook, Thickness};

/// The columns. Shelf is in millimetres and sizes are in bytes, so that every cell is a whole number.
pub const HEAD: [&str; 9] = [
    "klasse",
    "bezeichnung",
    "stand",
    "jahr",
    "regel",
    "akten",
    "davon_papier",
    "regal_mm",
    "dokumente_bytes",
];

/// The table.
#[must_use]
pub fn write(
    of: &Forecast,
    horizon: Horizon,
    thickness: Thickness,
    plan: &FilePlan,
    book: &RuleBook,
) -> String {
    let mut table = super::table::Table::new(&HEAD);
    for (class, standings) in of.classes() {
        let title = plan.class(class).map_or("", |class| class.title.as_str());
        for (standing, amounts) in standings {
            let year = standing.year().map(|year| year.to_string());
            let words = match &year {
                Some(_) => "wird fällig".to_owned(),
                None => wording::standing(standing, horizon, book),
            };
            for (rule, amount) in [("gilt", amounts.sure), ("unbestätigt", amounts.unconfirmed)] {
                let Amount { files: 1.., paper_files, size_bytes } = amount else { continue };
                table.row(&[
                    class.as_str(),
                    title,
                    &words,
                    year.as_deref().unwrap_or_default(),
                    rule,
                    &amount.files.to_string(),
                    &paper_files.to_string(),
                    &thickness.shelf_mm(paper_files).to_string(),
                    &size_bytes.to_string(),
                ]);
            }
        }
    }
    table.finish()
}
