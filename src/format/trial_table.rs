//! The files that other rules would judge differently, as a table for spreadsheets: CSV, `;` between columns, UTF-8.

use super::wording;
use crate::domain::retention::{RuleBook, RuleId, ShiftedFile};

/// The columns.
pub const HEAD: [&str; 8] = [
    "aktenzeichen",
    "klasse",
    "aenderung",
    "vorher",
    "nachher",
    "regel_vorher",
    "regel_nachher",
    "faellig_im_jahr",
];

/// The table, a line per file.
#[must_use]
pub fn write(files: &[ShiftedFile], before: &RuleBook, after: &RuleBook) -> String {
    let mut table = super::table::Table::new(&HEAD);
    let rule = |rule: &Option<RuleId>| rule.as_ref().map(ToString::to_string).unwrap_or_default();
    for ShiftedFile { reference, class, shifted } in files {
        let [rule_before, rule_after] = &shifted.rules;
        table.row(&[
            reference.as_str(),
            class.as_str(),
            &wording::shifts(shifted),
            &wording::outcome(&shifted.before, before),
            &wording::outcome(&shifted.after, after),
            &rule(rule_before),
            &rule(rule_after),
            &shifted.year.map(|year| year.to_string()).unwrap_or_default(),
        ]);
    }
    table.finish()
}
