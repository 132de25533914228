//! What a trial of other rules yields: file by file, and counted.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{class_title, count, outcome, part_name};
use crate::domain::case_file::{ClassNumber, ReferenceNumber};
use crate::domain::file_plan::FilePlan;
use crate::domain::life_cycle::german;
use crate::domain::retention::{Difference, RuleBook, RuleId, Shift, Shifted, Shifts, Trial};

/// What changes for a file, in a word.
#[must_use]
pub fn shift(shift: Shift) -> &'static str {
    match shift {
        Shift::NewlyDue => "neu fällig",
        Shift::NoLongerDue => "nicht mehr fällig",
        Shift::Earlier => "früher fällig",
        Shift::Later => "später fällig",
        Shift::Disposition => "fällig mit anderem Verbleib",
        Shift::ProposalWon => "Vorschlag „archivwürdig“ neu",
        Shift::ProposalLost => "Vorschlag „archivwürdig“ entfällt",
        Shift::Restriction => "anderer Tag der Einschränkung",
        Shift::Thinning => "anders auszudünnen",
        Shift::Held => "gesperrt, sonst anders",
        Shift::Otherwise => "anders",
    }
}

/// What changes for a file, in a few words each; of the restriction also the days.
#[must_use]
pub fn shifts(shifted: &Shifted) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "nie".to_owned(), |day| format!("ab {}", german(day)));
    let [before, after] = shifted.restricted.map(day);
    let words = shifted.shifts.iter().map(|one| match one {
        Shift::Restriction => format!("{} ({before} → {after})", shift(*one)),
        _ => shift(*one).to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What changes for a file: `63.10.01-7  neu fällig: aufzubewahren bis … → fällig seit …`.
#[must_use]
pub fn shifted(
    reference: &ReferenceNumber,
    shifted: &Shifted,
    before: &RuleBook,
    after: &RuleBook,
) -> String {
    let (was, is) = (outcome(&shifted.before, before), outcome(&shifted.after, after));
    let outcomes = if was == is { was } else { format!("{was} → {is}") };
    format!("{:<20} {}: {outcomes}", reference.as_str(), shifts(shifted))
}

/// How a trial reads the rules.
pub const AS_IF_CONFIRMED: &str =
    "Verglichen ist, was beide Ausgaben sagen, wenn alle ihre Regeln bestätigt sind.";

/// How many files wait for a confirmation before and after; none if no file does.
#[must_use]
pub fn unconfirmed(trial: &Trial) -> Option<String> {
    let [before, after] = trial.unconfirmed;
    (before + after > 0).then(|| {
        let now = count(before, "Akte", "Akten");
        format!("Noch zu bestätigen ist die Regel jetzt bei {now}, nach der anderen Ausgabe bei {after}.")
    })
}

/// What a trial yields in all: by class, year and rule.
#[must_use]
pub fn trial(trial: &Trial, difference: &Difference<'_>, plan: &FilePlan) -> Vec<String> {
    let mut lines = vec![format!(
        "{} angesehen, {} anders beurteilt",
        count(trial.files, "Akte", "Akten"),
        count(trial.changed, "würde", "würden")
    )];
    lines.push(AS_IF_CONFIRMED.to_owned());
    lines.extend(unconfirmed(trial));
    if trial.changed == 0 {
        return lines;
    }
    lines.extend(Shift::ALL.into_iter().filter_map(|of| {
        let count = trial.shifts.get(&of)?;
        Some(format!("  {count:>8}  {}", shift(of)))
    }));
    let class = |class: &ClassNumber| class_title(class, plan);
    table(&mut lines, "Nach Klasse", &trial.classes, &class);
    let year = |year: &Option<i16>| year.map_or_else(|| "nie fällig".to_owned(), |year| year.to_string());
    table(&mut lines, "Nach dem Jahr, in dem sie fällig werden", &trial.years, &year);
    table(&mut lines, "Nach Grund", &trial.rules, &|rules| reason(rules, difference));
    lines
}

/// Why something changes: another rule governs, or the same one says something else, and in which parts.
#[must_use]
pub fn reason([before, after]: &[Option<RuleId>; 2], difference: &Difference<'_>) -> String {
    let name =
        |rule: &Option<RuleId>| rule.as_ref().map_or_else(|| "ohne Regel".to_owned(), ToString::to_string);
    if before != after {
        return format!("{} → {}", name(before), name(after));
    }
    let changed = difference.changed.iter().find(|changed| Some(&changed.after.id) == after.as_ref());
    let parts: Vec<_> = changed.iter().flat_map(|changed| &changed.parts).map(|of| part_name(*of)).collect();
    let parts = if parts.is_empty() { "Kriterien oder Ausdünnung".to_owned() } else { parts.join(", ") };
    format!("{} ({parts})", name(after))
}

fn table<K>(lines: &mut Vec<String>, title: &str, counts: &BTreeMap<K, Shifts>, name: &dyn Fn(&K) -> String) {
    lines.push(format!("{title}:"));
    lines.extend(counts.iter().map(|(key, shifts)| format!("  {}: {}", name(key), counted(shifts))));
}

fn counted(shifts: &Shifts) -> String {
    let told = Shift::ALL.into_iter().filter_map(|of| Some(format!("{} {}", shifts.get(&of)?, shift(of))));
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::Confirmations;
    use crate::domain::retention::example::example_file;
    use crate::domain::retention::trial::Books;
    use crate::format::{file_plan, rule_pack};

    #[test]
    fn a_criterion_that_speaks_for_a_file_since_or_no_longer_is_told_with_its_reason() {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let book = |rules: &str| rule_pack::read_book("probe.toml", rules, &plan).unwrap();
        let pack = rule_pack::NRW_KOMMUNAL.rules;
        let (young, old) = (book(&pack.replacen("below = 1945", "below = 1955", 1)), book(pack));
        let mut file = example_file("63.10.01".parse().unwrap());
        file.fields.insert("built_year".to_owned(), "1950".to_owned());
        let confirmed = Confirmations::all_of(&old);
        let told = |before: &RuleBook, after: &RuleBook| {
            let on = jiff::civil::date(2026, 11, 27);
            let found = Books::new(before, after, &confirmed).look(&file, on).shifted.unwrap();
            let difference = Difference::between(before, after, &plan, on);
            (shifted(&file.reference, &found, before, after), reason(&found.rules, &difference))
        };
        let still = "Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)";
        let (file_number, because) = ("63.10.01-1          ", "BA-01 (Kriterien oder Ausdünnung)");
        let words = |what: &str| (format!("{file_number} {what}: {still}"), because.to_owned());
        assert_eq!(told(&old, &young), words("Vorschlag „archivwürdig“ neu"));
        assert_eq!(told(&young, &old), words("Vorschlag „archivwürdig“ entfällt"));
    }
}
