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
use crate::web::trouble::Trouble;

/// Files that are shown one by one; the table has all of them.
const FILES_SHOWN: usize = 100;
/// Most bars: with more years than these the others are in the table alone.
const BARS_MAX: usize = 60;
/// Width of a bar with its gap, in units of the picture.
const BAR_WIDTH: u64 = 14;
/// Height of the tallest bar.
const BAR_HEIGHT: u64 = 120;

#[derive(Template)]
#[template(path = "web/trial.html")]
struct TrialPage {
    frame: Frame,
    edition: String,
    files: u64,
    changed: u64,
    shifts: Vec<(&'static str, u64)>,
    tables: Vec<TableView>,
    plot: Option<Plot>,
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

/// Bars: how many files per year become due under the proposed rules that did not, or otherwise.
struct Plot {
    width: u64,
    bars: Vec<Bar>,
    first: i16,
    last: i16,
    most: u64,
}

struct Bar {
    x: u64,
    y: u64,
    height: u64,
    told: String,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, _asked: &Asked) -> Outcome {
    let tried = tried(office, visitor)?;
    let rules = office.registry.rules()?;
    let difference = Difference::between(&rules.book, &tried.book, &rules.plan, office.registry.today());
    let class = |class: &ClassNumber| {
        let title = rules.plan.class(class).map_or("", |class| class.title.as_str());
        format!("{class} {title}")
    };
    let year = |year: &Option<i16>| year.map_or_else(|| "nie".to_owned(), |year| year.to_string());
    let trial = &tried.trial;
    let shown = tried.changed.iter().take(FILES_SHOWN).map(|file| FileLine {
        reference: file.reference.to_string(),
        what: file.shifted.shifts.iter().map(|one| wording::shift(*one)).collect::<Vec<_>>().join(", "),
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
            shifts: all_of(&trial.shifts).map(|(of, count)| (wording::shift(of), count)).collect(),
            tables: vec![
                table("Nach Klasse", "Klasse", &trial.shifts, &trial.classes, &class),
                table("Nach Jahr der Fälligkeit", "Jahr", &trial.shifts, &trial.years, &year),
                table("Nach Grund", "Regel", &trial.shifts, &trial.rules, &|rules| {
                    wording::trial_reason(rules, &difference)
                }),
            ],
            plot: plot(&trial.years),
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

/// None where fewer than two years differ.
fn plot(years: &BTreeMap<Option<i16>, Shifts>) -> Option<Plot> {
    let counted = years.iter().filter_map(|(year, shifts)| Some(((*year)?, shifts.values().sum::<u64>())));
    let counted: BTreeMap<i16, u64> = counted.collect();
    let (first, last) = (*counted.keys().next()?, *counted.keys().next_back()?);
    let last = last.min(first.saturating_add(i16::try_from(BARS_MAX).unwrap_or(i16::MAX) - 1));
    let most = counted.range(first..=last).map(|(_, count)| *count).max()?;
    if first == last {
        return None;
    }
    let bar = |(at, year): (u64, i16)| {
        let count = counted.get(&year).copied().unwrap_or(0);
        let height = (count * BAR_HEIGHT).div_ceil(most.max(1));
        Bar { x: at * BAR_WIDTH, y: BAR_HEIGHT - height, height, told: format!("{year}: {count}") }
    };
    let bars: Vec<_> = (0..).zip(first..=last).map(bar).collect();
    Some(Plot { width: bars.len() as u64 * BAR_WIDTH, bars, first, last, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_bar_is_the_year_with_most_files_and_every_year_between_has_one() {
        let of = |count| Shifts::from([(Shift::NewlyDue, count)]);
        let years = BTreeMap::from([(None, of(9)), (Some(2030), of(2)), (Some(2033), of(8))]);
        let plot = plot(&years).unwrap();
        assert_eq!((plot.first, plot.last, plot.most, plot.bars.len()), (2030, 2033, 8, 4));
        let heights: Vec<_> = plot.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [BAR_HEIGHT / 4, 0, 0, BAR_HEIGHT]);
        assert!(super::plot(&BTreeMap::from([(Some(2030), of(2))])).is_none());
        let far = BTreeMap::from([(Some(-9999), of(1)), (Some(9999), of(1))]);
        assert_eq!(super::plot(&far).unwrap().bars.len(), BARS_MAX);
    }
}
