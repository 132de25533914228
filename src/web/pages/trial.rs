//! The trial of the proposed rules (Erproben): what they would change for the files this person may read, by class, year and
//! reason, with a plot by year, and file by file as a table to save. Nothing is changed by looking.

use std::collections::BTreeMap;

use askama::Template;

use super::OK;
use crate::domain::case_file::ClassNumber;
use crate::domain::retention::{Difference, Shift, Shifts};
use crate::format::{trial_table, wording};
use crate::registry::Tried;
use crate::web::Office;
use crate::web::answer::{Outcome, download, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::plot::{self, Plot, Year};
use crate::web::trouble::Trouble;

/// Files that are shown one by one; the table has all of them.
const FILES_SHOWN: usize = 100;
/// Most bars: with more years than these the others are in the table alone.
const BARS_MAX: i16 = 60;

#[derive(Template)]
#[template(path = "web/trial.html")]
struct TrialPage {
    frame: Frame,
    edition: String,
    files: u64,
    changed: u64,
    as_if_confirmed: &'static str,
    unconfirmed: Option<String>,
    shifts: Vec<(&'static str, u64)>,
    tables: Vec<TableView>,
    plot: Option<Plot>,
    size: (u64, u64),
    shown: Vec<FileLine>,
}

struct TableView {
    title: &'static str,
    first: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<u64>)>,
}

struct FileLine {
    reference: String,
    what: String,
    before: String,
    after: String,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, _asked: &Asked) -> Outcome {
    let tried = tried(office, visitor)?;
    let rules = office.registry.rules()?;
    let difference = Difference::between(&rules.book, &tried.book, &rules.plan, office.registry.today());
    let class = |class: &ClassNumber| wording::class_title(class, &rules.plan);
    let year = |year: &Option<i16>| year.map_or_else(|| "nie".to_owned(), |year| year.to_string());
    let trial = &tried.trial;
    let shown = tried.changed.iter().take(FILES_SHOWN).map(|file| FileLine {
        reference: file.reference.to_string(),
        what: wording::shifts(&file.shifted),
        before: wording::outcome(&file.shifted.before, &rules.book),
        after: wording::outcome(&file.shifted.after, &tried.book),
    });
    page(
        OK,
        &TrialPage {
            frame: Frame::of(office, visitor, "regeln"),
            edition: tried.book.edition().to_string(),
            files: trial.files,
            changed: trial.changed,
            as_if_confirmed: wording::AS_IF_CONFIRMED,
            unconfirmed: wording::unconfirmed(trial),
            shifts: all_of(&trial.shifts).map(|(of, count)| (wording::shift(of), count)).collect(),
            tables: vec![
                table("Nach Klasse", "Klasse", &trial.shifts, &trial.classes, &class),
                table("Nach Jahr der Fälligkeit", "Jahr", &trial.shifts, &trial.years, &year),
                table("Nach Grund", "Regel", &trial.shifts, &trial.rules, &|rules| {
                    wording::trial_reason(rules, &difference)
                }),
            ],
            plot: Plot::of(&years(&trial.years)),
            size: plot::SIZE,
            shown: shown.collect(),
        },
    )
}

/// All files that would be judged otherwise, as a table to save.
pub fn save(office: &Office, visitor: &Visitor, _asked: &Asked) -> Outcome {
    let tried = tried(office, visitor)?;
    let text = trial_table::write(&tried.changed, &office.registry.rules()?.book, &tried.book);
    Ok(download("Erprobung.csv", "text/csv", text.into_bytes()))
}

fn tried(office: &Office, visitor: &Visitor) -> Result<Tried, Trouble> {
    let reader = visitor.reader()?;
    let Some(proposed) = office.registry.rules()?.proposed.clone() else { return Err(Trouble::NotFound) };
    let _pass = office.survey()?;
    Ok(office.registry.try_rules(reader, &proposed.source, office.registry.today())?)
}

/// Those that occur, what matters most first.
fn all_of(shifts: &Shifts) -> impl Iterator<Item = (Shift, u64)> {
    Shift::ALL.into_iter().filter_map(|of| Some((of, *shifts.get(&of)?)))
}

fn table<K>(
    title: &'static str,
    first: &'static str,
    all: &Shifts,
    counts: &BTreeMap<K, Shifts>,
    name: &dyn Fn(&K) -> String,
) -> TableView {
    let columns: Vec<Shift> = all_of(all).map(|(of, _)| of).collect();
    let row = |(key, shifts): (&K, &Shifts)| {
        (name(key), columns.iter().map(|of| shifts.get(of).copied().unwrap_or(0)).collect())
    };
    TableView {
        title,
        first,
        rows: counts.iter().map(row).collect(),
        columns: columns.iter().map(|of| wording::shift(*of)).collect(),
    }
}

/// From the first year in which something differs to the last, those between included.
fn years(counts: &BTreeMap<Option<i16>, Shifts>) -> Vec<Year> {
    let counted = counts.iter().filter_map(|(year, shifts)| Some(((*year)?, shifts.values().sum::<u64>())));
    let counted: BTreeMap<i16, u64> = counted.collect();
    let (Some(first), Some(last)) = (counted.keys().next(), counted.keys().next_back()) else {
        return Vec::new();
    };
    let last = first.saturating_add(BARS_MAX - 1).min(*last);
    let year = |year| Year { year, sure: counted.get(&year).copied().unwrap_or(0), unconfirmed: 0 };
    (*first..=last).map(year).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_year_between_the_first_and_the_last_has_its_place_up_to_a_bound() {
        let of = |count| Shifts::from([(Shift::NewlyDue, count)]);
        let counts = BTreeMap::from([(None, of(9)), (Some(2030), of(2)), (Some(2033), of(8))]);
        let shown: Vec<_> = years(&counts).iter().map(|year| (year.year, year.sure)).collect();
        assert_eq!(shown, [(2030, 2), (2031, 0), (2032, 0), (2033, 8)]);
        let far = BTreeMap::from([(Some(-9999), of(1)), (Some(9999), of(1))]);
        assert_eq!(years(&far).len(), usize::from(BARS_MAX.unsigned_abs()));
        assert!(years(&BTreeMap::from([(None, of(1))])).is_empty());
    }
}
