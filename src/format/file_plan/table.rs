//! The file plan as a table (CSV), for people who edit it in an office program: one class a row. A table has no edition and
//! no title; whoever reads it says them.

use super::super::table::Table;
use super::mistake::PlanMistake;
use super::{RawClass, told};
use crate::domain::file_plan::{CLASSES_MAX, FilePlan, FilePlanClass};

/// The columns. The first two must be there; they may stand in any order.
pub const COLUMNS: [&str; 5] = ["nummer", "titel", "geschlossen", "schutzbereich", "aktenzeichen"];

/// The table.
#[must_use]
pub fn write(plan: &FilePlan) -> String {
    let mut table = Table::new(&COLUMNS);
    for class in plan.classes() {
        table.row(&[
            class.number.as_str(),
            &class.title,
            if class.closed { "ja" } else { "" },
            class.domain.map_or("", |domain| domain.code()),
            class.reference.as_ref().map_or("", |pattern| pattern.as_str()),
        ]);
    }
    table.finish()
}

/// Reads a table with `;` or `,` between columns; `file` is its name in messages.
///
/// # Errors
/// Every mistake there is, in the order of the rows.
pub fn read(file: &str, text: &str) -> Result<FilePlan, Vec<PlanMistake>> {
    let whole = |reason: String| vec![PlanMistake::whole(file, reason)];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.contains(';') || !head.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| whole("die Kopfzeile ist nicht lesbar".to_owned()))?;
    let places = places(head).map_err(whole)?;
    let (mut classes, mut begins, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let reason = "diese Zeile hat nicht so viele Spalten wie die Kopfzeile; prüfen Sie Trennzeichen und Anführungszeichen";
                mistakes.push(PlanMistake::whole(file, reason.to_owned()).on(number(line)));
                continue;
            }
        };
        let line = number(record.position().map_or(0, csv::Position::line));
        let cells = places.map(|at| at.and_then(|at| record.get(at)).map_or("", unguarded));
        if cells.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        if classes.len() > CLASSES_MAX {
            return Err(whole(format!("mehr als {CLASSES_MAX} Klassen; teilen Sie den Aktenplan")));
        }
        match row(file, cells) {
            Ok(class) => {
                begins.push((class.number.clone(), line));
                classes.push(class);
            }
            Err(of_row) => mistakes.extend(of_row.into_iter().map(|mistake| mistake.on(line))),
        }
    }
    if mistakes.is_empty() {
        FilePlan::new(classes).map_err(|flaws| told(file, &flaws, &begins))
    } else {
        Err(mistakes)
    }
}

fn number(line: u64) -> usize {
    usize::try_from(line).unwrap_or(usize::MAX)
}

/// A cell without the apostrophe that keeps spreadsheets from computing it (see [`Table`]).
fn unguarded(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

/// Where each column stands; none for one that is left out.
fn places(head: &csv::StringRecord) -> Result<[Option<usize>; 5], String> {
    let names: Vec<String> = head.iter().map(|name| name.trim().to_lowercase()).collect();
    if let Some(unknown) = names.iter().find(|name| !COLUMNS.contains(&name.as_str())) {
        let shown: String = unknown.chars().take(40).collect();
        return Err(format!("die Spalte „{shown}“ ist unbekannt (möglich: {})", COLUMNS.join(", ")));
    }
    let mut places = [None; 5];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut found = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at);
        *place = found.next();
        if found.next().is_some() {
            return Err(format!("die Spalte „{column}“ steht zweimal da"));
        }
    }
    match COLUMNS.iter().zip(places).take(2).find(|(_, place)| place.is_none()) {
        Some((column, _)) => Err(format!("die Spalte „{column}“ fehlt (nötig: nummer, titel)")),
        None => Ok(places),
    }
}

fn row(
    file: &str,
    [number, title, closed, domain, reference]: [&str; 5],
) -> Result<FilePlanClass, Vec<PlanMistake>> {
    let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let is_closed = match closed.to_lowercase().as_str() {
        "" | "nein" => Ok(false),
        "ja" | "x" => Ok(true),
        _ => Err(PlanMistake::field(file, number, "geschlossen", "erwartet wird ja oder nein".to_owned())),
    };
    let (domain, reference) = (some(domain), some(reference));
    let raw = RawClass { number, title, closed: false, domain, reference };
    match (raw.read(file), is_closed) {
        (Ok(class), Ok(closed)) => Ok(FilePlanClass { closed, ..class }),
        (class, closed) => {
            let named = |mistake: PlanMistake| PlanMistake { field: mistake.field.map(column), ..mistake };
            let of_fields = class.err().unwrap_or_default().into_iter().map(named);
            Err(of_fields.chain(closed.err()).collect())
        }
    }
}

/// What a table calls a field.
fn column(field: &'static str) -> &'static str {
    match field {
        "number" => "nummer",
        "domain" => "schutzbereich",
        "reference" => "aktenzeichen",
        other => other,
    }
}
