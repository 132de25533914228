//! What the record types and rules know of the record of processing activities (Verzeichnis von Verarbeitungstätigkeiten,
//! Art. 30 DSGVO): a sheet per record type. It is a beginning: who is responsible and who receives data only the town knows.

use super::{InForce, OPEN, cell, class, facts, then, to_do};
use crate::domain::file_plan::FilePlanClass;
use crate::domain::record_type::{Field, RecordType};
use crate::domain::retention::Part;
use crate::format::wording;

/// The sheets, as Markdown.
#[must_use]
pub fn write(of: InForce<'_>) -> String {
    let mut out = format!(
        "# Verzeichnis von Verarbeitungstätigkeiten (Art. 30 DSGVO): {}\n\n{}",
        cell(of.registry),
        of.origin()
    );
    let things = [
        "Wer verantwortlich ist, mit Anschrift, und wer den Datenschutz beauftragt hat",
        "Auf welcher Rechtsgrundlage die Daten verarbeitet werden; unten steht nur, worauf ihre Aufbewahrung beruht",
        "Wer Daten empfängt, auch innerhalb der Verwaltung",
        "Welche technischen und organisatorischen Maßnahmen gelten",
        "Ob der Zweck genauer zu fassen ist, als ihn die Aktenart nennt",
        "Welche Daten in den Dokumenten selbst stehen: Das Programm kennt nur die Felder einer Akte",
    ];
    to_do(&mut out, &things.map(str::to_owned));
    out.push_str(
        "Ob das Verzeichnis damit vollständig ist, prüft, wer in der Stadt für den Datenschutz zuständig ist.\n\n",
    );
    if of.types.is_empty() {
        out.push_str("Es gilt keine Aktenart; Akten haben keine Felder, die hier zu nennen wären.\n");
    }
    of.types.in_force().for_each(|record_type| sheet(&mut out, of, record_type));
    out
}

fn sheet(out: &mut String, of: InForce<'_>, record_type: &RecordType) {
    let classes: Vec<_> = of
        .plan
        .leaves()
        .filter(|class| of.types.of_class(&class.number).is_some_and(|own| own.id == record_type.id))
        .collect();
    out.push_str(&format!("## {}\n\n", cell(&record_type.label)));
    let closed = if record_type.is_closed { "; geschlossen, neue Akten gibt es nicht" } else { "" };
    let id = cell(record_type.id.as_str());
    let edition = cell(record_type.edition.as_str());
    let fields = |is_personal: bool| {
        let these = record_type.fields.iter().filter(move |field| field.is_personal == is_personal);
        these.map(field).collect::<Vec<_>>().join("; ")
    };
    let all: Vec<_> = classes.iter().map(|of| class(of)).collect();
    let classes_of_it = match all.is_empty() {
        true => "keine: nur Akten, bei denen sie ausdrücklich genannt ist".to_owned(),
        false => all.join("; "),
    };
    let rows = [
        ("Aktenart", format!("{id}, Ausgabe {edition}{closed}")),
        ("Verantwortlich", OPEN.to_owned()),
        ("Zweck", cell(&record_type.help)),
        ("Rechtsgrundlage der Verarbeitung", OPEN.to_owned()),
        ("Kategorien personenbezogener Daten", fields(true)),
        ("Weitere Felder", fields(false)),
        ("Empfänger", OPEN.to_owned()),
        ("Schutzbereich", of.domains(&classes)),
        ("Aktenplaneinheiten", classes_of_it),
        ("Technische und organisatorische Maßnahmen", OPEN.to_owned()),
    ];
    facts(out, &rows);
    retention(out, of, &classes);
}

/// How long files of these classes are kept, rule by rule.
fn retention(out: &mut String, of: InForce<'_>, classes: &[&FilePlanClass]) {
    if classes.is_empty() {
        out.push_str("Die Löschfrist richtet sich nach der Aktenplaneinheit der einzelnen Akte.\n\n");
        return;
    }
    out.push_str(
        "| Aktenplaneinheit | Beginn der Frist | Löschfrist | Danach | Grundlage der Aufbewahrung | Verlässlichkeit |\n\
         |---|---|---|---|---|---|\n",
    );
    for (rule, governed) in of.governing() {
        let these: Vec<_> = governed
            .iter()
            .filter(|class| classes.contains(class))
            .map(|class| class.number.as_str())
            .collect();
        if these.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} ({}) | {} |\n",
            these.join(", "),
            of.part(Part::Trigger, rule),
            of.period(rule),
            then(rule),
            of.part(Part::Basis, rule),
            cell(rule.id.as_str()),
            of.standing(rule)
        ));
    }
    for (number, lack) in of.book.gaps(of.on) {
        if classes.iter().any(|class| class.number == *number) {
            out.push_str(&format!("| {number} | – | keine | – | {} | – |\n", wording::lack(number, lack)));
        }
    }
    out.push('\n');
}

fn field(of: &Field) -> String {
    match of.help.as_str() {
        "" => cell(&of.label),
        help => cell(&format!("{} ({help})", of.label)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_model;
    use super::*;

    #[test]
    fn every_record_type_has_a_sheet_with_its_personal_fields_and_periods() {
        with_model(|of| {
            let sheets = write(of);
            for record_type in of.types.in_force() {
                let (_, rest) = sheets.split_once(&format!("\n## {}\n", record_type.label)).unwrap();
                let sheet = rest.split("\n## ").next().unwrap();
                let personal = sheet.lines().find(|line| line.starts_with("| Kategorien")).unwrap();
                for field in &record_type.fields {
                    let is_named = personal.contains(&cell(&field.label));
                    assert!(is_named || !field.is_personal, "{}: {}", record_type.id, field.label);
                }
                assert_eq!(sheet.matches(OPEN).count(), 4, "{}", record_type.id);
            }
            let governed: usize = of.governing().iter().map(|(_, classes)| classes.len()).sum();
            let gaps = of.book.gaps(of.on).count();
            let told = |class: &FilePlanClass| {
                let rows =
                    sheets.lines().filter(|line| line.starts_with("| ") && line.matches(" | ").count() == 5);
                let cells = rows.filter_map(|line| line.trim_start_matches("| ").split(" | ").next());
                cells
                    .flat_map(|cell| cell.split(", "))
                    .filter(|number| *number == class.number.as_str())
                    .count()
            };
            assert_eq!(of.plan.leaves().map(told).sum::<usize>(), governed + gaps, "each class stands once");
        });
    }
}
