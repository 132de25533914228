//! The deletion concept (Löschkonzept) in the manner of DIN 66398: deletion classes of start and period, and one deletion rule
//! for each class of files. Classes without a rule are named, never passed over.

use std::collections::BTreeMap;

use super::{InForce, OPEN, cell, class, facts, personal_fields, then, to_do};
use crate::domain::file_plan::FilePlanClass;
use crate::domain::retention::{Part, Period, Retention, Rule};
use crate::format::wording;

/// What makes a deletion class: start and period, as they are written. In the order in which they are numbered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct DeletionClass {
    /// The permanent ones come last.
    is_permanent: bool,
    start: String,
    /// So that two years come before ten.
    length_days: u32,
    period: String,
}

impl DeletionClass {
    fn of(rule: &Rule, in_force: &InForce<'_>) -> Self {
        let length_days = match &rule.retention {
            Retention::Permanent => 0,
            Retention::Terms(terms) => terms.iter().map(|term| about_days(term.period)).max().unwrap_or(0),
        };
        Self {
            is_permanent: rule.retention == Retention::Permanent,
            start: in_force.part(Part::Trigger, rule),
            length_days,
            period: in_force.period(rule),
        }
    }
}

/// About how long a period is; only to put short ones before long ones.
fn about_days(period: Period) -> u32 {
    match period {
        Period::Years(years) => u32::from(years) * 365,
        Period::Months(months) => u32::from(months) * 30,
        Period::DaysBefore(_) | Period::UntilEvent => 0,
    }
}

/// The concept, as Markdown.
#[must_use]
pub fn write(of: InForce<'_>) -> String {
    let rules = of.governing();
    let mut classes: BTreeMap<DeletionClass, Vec<&Rule>> = BTreeMap::new();
    for (rule, _) in &rules {
        classes.entry(DeletionClass::of(rule, &of)).or_default().push(rule);
    }
    let mut out = format!("# Löschkonzept: {}\n\n{}", cell(of.registry), of.origin());
    open_points(&mut out, of);
    how_it_is_read(&mut out, of);
    table_of_classes(&mut out, &classes);
    out.push_str("## Löschregeln\n\n");
    for (rule, governed) in &rules {
        let number = classes.keys().position(|known| *known == DeletionClass::of(rule, &of));
        // Every rule was put into a class above.
        one_rule(&mut out, of, rule, governed, number.map_or(0, |at| at + 1));
    }
    without_rule(&mut out, of);
    out
}

fn open_points(out: &mut String, of: InForce<'_>) {
    let rules = of.governing();
    let doubtful = rules.iter().filter(|(rule, _)| of.is_to_be_confirmed(rule)).count();
    let gaps = of.book.gaps(of.on).count();
    let mut things = vec![
        "Wer für die Verarbeitung verantwortlich ist, mit Anschrift".to_owned(),
        "Welche Stelle für jede Löschregel zuständig ist (je Regel offen gelassen)".to_owned(),
        "Wie lange Sicherungskopien bestehen und wann sie überschrieben werden".to_owned(),
        "Wo dieselben Daten außerhalb dieser Registratur liegen (Fachverfahren, Laufwerke, E-Mail, Papier anderer \
         Stellen) und wer sie dort löscht"
            .to_owned(),
        "Wer das Konzept beschlossen hat und wann es wieder geprüft wird".to_owned(),
    ];
    if doubtful > 0 {
        things.push(format!(
            "{} bestätigen oder ersetzen: bis dahin wird nach ihnen nichts gelöscht",
            wording::count(doubtful, "Regel aus der Praxis", "Regeln aus der Praxis")
        ));
    }
    if gaps > 0 {
        things.push(format!(
            "{} ohne Löschregel regeln (letzter Abschnitt)",
            wording::count(gaps, "Aktenplaneinheit", "Aktenplaneinheiten")
        ));
    }
    to_do(out, &things);
}

fn how_it_is_read(out: &mut String, of: InForce<'_>) {
    out.push_str(
        "## Wie das Konzept aufgebaut ist\n\n\
         Nach dem Vorbild von DIN 66398 gehört zu jeder Art von Daten genau eine Löschregel. Die Art von Daten ist hier die \
         Aktenplaneinheit. Eine Löschregel besteht aus dem Beginn der Frist und der Regellöschfrist; Regeln mit gleichem \
         Beginn und gleicher Frist bilden eine Löschklasse. Stehen mehrere Fristen durch ein Semikolon getrennt, zählt die \
         längste. Die Regellöschfrist schließt Aufbewahrungspflichten ein und gilt an \
         jedem Ort, an dem die Daten liegen; ausgenommen ist nur die Aufbewahrung von Sicherungskopien.\n\n\
         ## Wie gelöscht wird\n\n",
    );
    let steps = [
        "Ist die Frist abgelaufen, ist die Akte fällig. Fehlt eine Tatsache, ist die Regel nicht bestätigt oder besteht eine \
         Vernichtungssperre, ist sie es nicht."
            .to_owned(),
        "Fällige Akten kommen auf eine Aussonderungsliste und werden dem Archiv angeboten. Das Archiv entscheidet über jede \
         Akte; was es übernimmt, wird abgegeben."
            .to_owned(),
        format!(
            "Das Übrige wird zur Vernichtung vorgeschlagen und von weiteren Personen freigegeben, eine davon aus dem Archiv; \
             danach wartet die Liste {}.",
            wording::count(of.grace_days, "Tag", "Tage")
        ),
        "Vernichten heißt: Die Schlüssel werden vergessen, die gespeicherten Dateien entfernt, Suchindex und Katalog \
         bereinigt, auch Textschicht und frühere Fassungen. Was eine andere Akte rechtmäßig hält, besteht dort fort."
            .to_owned(),
        "Darüber entsteht ein Vernichtungsprotokoll. Sicherungen des Schlüsselbunds sind höchstens 30 Tage aufzubewahren; \
         erst danach ist auch aus Sicherungskopien nichts mehr zu lesen."
            .to_owned(),
        "Dokumente im Posteingang gehören zu keiner Akte und werden nie fällig, bis sie in eine gelegt sind.".to_owned(),
    ];
    for (number, step) in (1..).zip(steps) {
        out.push_str(&format!("{number}. {step}\n"));
    }
    out.push('\n');
}

fn table_of_classes(out: &mut String, classes: &BTreeMap<DeletionClass, Vec<&Rule>>) {
    out.push_str("## Löschklassen\n\n| Löschklasse | Beginn der Frist | Regellöschfrist | Löschregeln |\n|---|---|---|---|\n");
    for (number, (of, rules)) in (1..).zip(classes) {
        let rules: Vec<_> = rules.iter().map(|rule| cell(rule.id.as_str())).collect();
        out.push_str(&format!("| L{number} | {} | {} | {} |\n", of.start, of.period, rules.join(", ")));
    }
    out.push('\n');
}

fn one_rule(out: &mut String, of: InForce<'_>, rule: &Rule, governed: &[&FilePlanClass], number: usize) {
    out.push_str(&format!("### {} {}\n\n", cell(rule.id.as_str()), cell(&rule.title)));
    let classes: Vec<_> = governed.iter().map(|of| class(of)).collect();
    let data = of.types_of(governed).into_iter().map(|of| {
        let label = cell(&of.label);
        match personal_fields(of) {
            personal if personal.is_empty() => format!("Aktenart {label}"),
            personal => format!("Aktenart {label}; personenbezogene Felder: {}", personal.join(", ")),
        }
    });
    let data: Vec<_> = data.collect();
    let mut rows = vec![
        ("Aktenplaneinheiten", classes.join("; ")),
        ("Daten", data.join("; ")),
        ("Schutzbereich", of.domains(governed)),
        ("Löschklasse", format!("L{number}")),
        ("Beginn der Frist", of.part(Part::Trigger, rule)),
        ("Regellöschfrist", of.period(rule)),
        ("Danach", then(rule).to_owned()),
        ("Papier", of.part(Part::Paper, rule)),
        ("Grundlage", of.part(Part::Basis, rule)),
        ("Verlässlichkeit", of.standing(rule).to_owned()),
    ];
    rows.extend(rule.note.as_deref().map(|note| ("Anmerkung", cell(note))));
    rows.push(("Zuständig", OPEN.to_owned()));
    facts(out, &rows);
}

fn without_rule(out: &mut String, of: InForce<'_>) {
    out.push_str("## Ohne Löschregel\n\n");
    let gaps: Vec<_> = of.book.gaps(of.on).collect();
    if gaps.is_empty() {
        out.push_str("Jede Aktenplaneinheit hat eine Löschregel.\n");
        return;
    }
    out.push_str("Akten dieser Aktenplaneinheiten werden nie fällig, bis eine Regel für sie gilt.\n\n");
    for (number, lack) in gaps {
        let title = of.plan.class(number).map(class).unwrap_or_default();
        out.push_str(&format!("- {title}: {}\n", cell(&wording::lack(number, lack))));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::with_model;
    use super::*;

    #[test]
    fn every_rule_has_one_deletion_class_and_every_class_of_files_is_named() {
        with_model(|of| {
            let concept = write(of);
            let (head, rules) = concept.split_once("## Löschregeln\n").unwrap();
            assert!(
                head.starts_with("# Löschkonzept: Musterstadt \\| Rathaus\n\nStand 27.11.2026."),
                "{head}"
            );
            for (rule, classes) in of.governing() {
                let table = head.split_once("## Löschklassen").unwrap().1;
                let rows = table.lines().filter(|line| {
                    let ids = line.rsplit('|').nth(1).unwrap_or_default();
                    ids.split(',').any(|id| id.trim() == rule.id.as_str())
                });
                assert_eq!(rows.count(), 1, "{}", rule.id);
                assert!(rules.contains(&format!("\n### {} ", rule.id)), "{}", rule.id);
                assert!(classes.iter().all(|of| rules.contains(&class(of))), "{}", rule.id);
            }
            let named = |class: &&FilePlanClass| rules.contains(&format!("{} ", class.number));
            assert!(of.plan.leaves().all(|class| named(&class)), "with a rule or without");
        });
    }

    #[test]
    fn a_rule_says_what_of_whom_how_long_why_and_what_then() {
        with_model(|of| {
            let concept = write(of);
            let section = |id: &str| {
                let (_, rest) = concept.split_once(&format!("\n### {id} ")).unwrap();
                rest.split_once("\n### ").unwrap().0.to_owned()
            };
            insta::assert_snapshot!(format!("{}\n{}", section("BA-03"), section("HV-01")), @r"
            Zurückgenommene und abgelehnte Bauanträge

            | | |
            |---|---|
            | Aktenplaneinheiten | 63.10.03 Zurückgenommene und abgelehnte Bauanträge |
            | Daten | Aktenart Bauakte; personenbezogene Felder: Bauherr, Eigentümer, Entwurfsverfasser |
            | Schutzbereich | Allgemein |
            | Löschklasse | L3 |
            | Beginn der Frist | Ende des Jahres von „Akte geschlossen (z.d.A.)“ |
            | Regellöschfrist | 10 Jahre, bis zum Jahresende |
            | Danach | dem Archiv anbieten, zur Vernichtung vorgesehen |
            | Papier | darf nach geprüftem Scan gehen |
            | Grundlage | Verwaltungspraxis ohne ausdrückliche Rechtsnorm |
            | Verlässlichkeit | aus der Praxis, von der Stadt bestätigt |
            | Anmerkung | In der Hausakte belassen, wenn später genehmigt wurde. |
            | Zuständig | *von der Stadt zu ergänzen* |

            Niederschriften Rat und Ausschüsse (mit Anlagen)

            | | |
            |---|---|
            | Aktenplaneinheiten | 10.20.01 Niederschriften Rat und Ausschüsse (mit Anlagen) |
            | Daten | Aktenart Allgemeine Akte; personenbezogene Felder: Beteiligter |
            | Schutzbereich | Allgemein |
            | Löschklasse | L42 |
            | Beginn der Frist | ohne |
            | Regellöschfrist | dauernd |
            | Danach | wird nicht gelöscht |
            | Papier | bleibt |
            | Grundlage | GO NRW; §§ 4, 10 ArchivG NRW (spätestens nach 30 Jahren anbieten) (ArchivG NRW, zuletzt geändert 16.09.2014) |
            | Verlässlichkeit | an der Quelle gelesen |
            | Anmerkung | Die dauernde Aufbewahrung ändert nichts an der Anbietung nach spätestens 30 Jahren. |
            | Zuständig | *von der Stadt zu ergänzen* |
            ");
            let table = concept.split_once("## Löschklassen\n\n").unwrap().1;
            let rows: Vec<_> = table.lines().skip(2).take_while(|line| line.starts_with("| L")).collect();
            let ten_years =
                "| Ende des Jahres von „Akte geschlossen (z.d.A.)“ | 10 Jahre, bis zum Jahresende | BA-03";
            assert!(rows[2].starts_with(&format!("| L3 {ten_years}")), "{}", rows[2]);
            assert!(rows[41].starts_with("| L42 | ohne | dauernd | BA-04") && rows.len() == 42, "{rows:?}");
        });
    }
}
