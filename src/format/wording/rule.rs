//! What a rule says, whole and part by part, and how two rule books differ.

use super::reason::basis;
use super::{any_of, count, day, disposition};
use crate::domain::appraisal::Criterion;
use crate::domain::appraisal::thinning::ThinningRule;
use crate::domain::retention::{
    Confidence, Difference, EndCounting, PaperRule, Part, Period, Retention, Rule, RuleBook, RuleId,
    StartCounting, Suspension, Term,
};

/// How long a rule keeps: each of its terms.
#[must_use]
pub fn retention(rule: &Rule, book: &RuleBook) -> Vec<String> {
    let Retention::Terms(terms) = &rule.retention else { return vec!["dauernd".to_owned()] };
    let term = |term: &Term| {
        let start = counted(any_of(&term.start, book), term.counted);
        let mut words = match term.period {
            Period::DaysBefore(days) => format!("bis {days} Tage vor {start}"),
            Period::UntilEvent => format!("bis {start}"),
            period => format!("{} ab {start}", span(period)),
        };
        words.push_str(end(term.ends));
        if let Some(not_before) = &term.not_before {
            words.push_str(&format!(", nicht vor „{}“", book.fact_label(&not_before.fact)));
        }
        if !term.suspended.is_empty() {
            words.push_str(&format!(", gehemmt {}", suspended(term, book)));
        }
        words
    };
    terms.iter().map(term).collect()
}

/// How a part of a rule is called.
#[must_use]
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Title => "Titel",
        Part::Classes => "Klassen",
        Part::Trigger => "Auslöser",
        Part::Period => "Frist",
        Part::Suspension => "Hemmung",
        Part::Restriction => "eingeschränkt",
        Part::Disposition => "nach Ablauf",
        Part::Paper => "Papier",
        Part::Basis => "Grundlage",
        Part::Confidence => "Beleg",
        Part::Validity => "in Kraft",
        Part::Note => "Anmerkung",
    }
}

/// What a rule says in one part.
#[must_use]
pub fn part(part: Part, rule: &Rule, book: &RuleBook) -> String {
    match part {
        Part::Title => rule.title.clone(),
        Part::Classes => classes(rule),
        Part::Trigger => of_terms(rule, "ohne", &|term| trigger(term, book)),
        Part::Period => of_terms(rule, "dauernd", &|term| format!("{}{}", span(term.period), end(term.ends))),
        Part::Suspension => of_terms(rule, "keine", &|term| match term.suspended.is_empty() {
            true => "keine".to_owned(),
            false => suspended(term, book),
        }),
        Part::Restriction => rule
            .restricted_after
            .map_or_else(|| "nicht".to_owned(), |after| format!("nach {}", span_after(after))),
        Part::Disposition => disposition(rule.disposition).to_owned(),
        Part::Paper => match rule.paper {
            PaperRule::WithRecord => "geht mit der Akte".to_owned(),
            PaperRule::AfterScanCheck => "darf nach geprüftem Scan gehen".to_owned(),
            PaperRule::Keep => "bleibt".to_owned(),
        },
        Part::Basis => basis(&rule.basis),
        Part::Confidence => match rule.confidence {
            Confidence::Sourced => "belegt".to_owned(),
            Confidence::ToBeConfirmed => "zu bestätigen".to_owned(),
        },
        Part::Validity => match (rule.valid_from, rule.valid_to) {
            (None, None) => "ohne Anfang und Ende".to_owned(),
            (Some(from), None) => format!("ab {}", day(from)),
            (None, Some(to)) => format!("bis {}", day(to)),
            (Some(from), Some(to)) => format!("{} bis {}", day(from), day(to)),
        },
        Part::Note => rule.note.clone().unwrap_or_else(|| "keine".to_owned()),
    }
}

/// How two rule books differ: a line per rule, per part of it, per criterion, per class, and one that counts.
#[must_use]
pub fn difference(difference: &Difference<'_>) -> Vec<String> {
    let Difference { before, after, .. } = *difference;
    let mut lines = vec![format!("Regelwerk {} → {}", before.edition(), after.edition())];
    lines.extend(difference.new.iter().map(|rule| format!("neu        {}", in_one_line(rule, after))));
    lines.extend(difference.gone.iter().map(|rule| format!("entfallen  {}", in_one_line(rule, before))));
    for changed in &difference.changed {
        lines.push(format!("geändert   {:<8} {}", changed.after.id.as_str(), changed.after.title));
        lines.extend(changed.parts.iter().map(|of| {
            let (was, is) = (part(*of, changed.before, before), part(*of, changed.after, after));
            format!("           {}: {was} → {is}", part_name(*of))
        }));
    }
    let criterion = |word: &'static str| {
        move |criterion: &&Criterion| format!("{word:<10} Kriterium {}: {}", criterion.id, criterion.title)
    };
    lines.extend(difference.new_criteria.iter().map(criterion("neu")));
    lines.extend(difference.gone_criteria.iter().map(criterion("entfallen")));
    lines.extend(difference.changed_criteria.iter().map(criterion("geändert")));
    lines.extend(difference.new_thinnings.iter().map(|one| thinning("neu", one)));
    lines.extend(difference.gone_thinnings.iter().map(|one| thinning("entfallen", one)));
    lines.extend(difference.changed_thinnings.iter().map(|one| thinning("geändert", one)));
    lines.extend(difference.classes.iter().map(|changed| {
        let name = |rule: Option<&RuleId>| rule.map_or_else(|| "ohne Regel".to_owned(), ToString::to_string);
        format!("Klasse {}: {} → {}", changed.class, name(changed.before), name(changed.after))
    }));
    lines.push(format!(
        "{} neu, {} entfallen, {} geändert; {} eine andere Regel",
        count(difference.new.len(), "Regel", "Regeln"),
        difference.gone.len(),
        difference.changed.len(),
        count(difference.classes.len(), "Klasse bekäme", "Klassen bekämen")
    ));
    lines
}

/// A rule that the other book does not have.
fn in_one_line(rule: &Rule, book: &RuleBook) -> String {
    let retention = retention(rule, book).join("; ");
    let then = disposition(rule.disposition);
    format!("{:<8} {} ({}): {retention}; {then}", rule.id.as_str(), rule.title, classes(rule))
}

fn classes(rule: &Rule) -> String {
    let classes: Vec<_> = rule.classes.iter().map(ToString::to_string).collect();
    classes.join(", ")
}

/// What each term of a rule says; `permanent` for a rule without.
fn of_terms(rule: &Rule, permanent: &str, says: &dyn Fn(&Term) -> String) -> String {
    match &rule.retention {
        Retention::Permanent => permanent.to_owned(),
        Retention::Terms(terms) => terms.iter().map(says).collect::<Vec<_>>().join("; "),
    }
}

fn trigger(term: &Term, book: &RuleBook) -> String {
    let start = counted(any_of(&term.start, book), term.counted);
    match &term.not_before {
        None => start,
        Some(not_before) => {
            let fact = format!("„{}“", book.fact_label(&not_before.fact));
            format!("{start}, nicht vor {}", counted(fact, not_before.counted))
        }
    }
}

/// What a period does not run under: `von „Klage erhoben“ bis „Verfahren beendet“`.
fn suspended(term: &Term, book: &RuleBook) -> String {
    let one = |suspension: &Suspension| {
        format!("von „{}“ bis „{}“", book.fact_label(&suspension.from), book.fact_label(&suspension.until))
    };
    term.suspended.iter().map(one).collect::<Vec<_>>().join(" und ")
}

/// Facts, and how their day is counted: `Ende des Jahres von „Akte geschlossen (z.d.A.)“`.
fn counted(facts: String, counted: StartCounting) -> String {
    match counted {
        StartCounting::SameDay => facts,
        StartCounting::EndOfYear => format!("Ende des Jahres von {facts}"),
        StartCounting::FinancialYearAfterResolution => format!("Haushaltsjahr nach {facts}"),
    }
}

fn span(period: Period) -> String {
    match period {
        Period::Years(1) => "1 Jahr".to_owned(),
        Period::Years(years) => format!("{years} Jahre"),
        Period::Months(1) => "1 Monat".to_owned(),
        Period::Months(months) => format!("{months} Monate"),
        Period::DaysBefore(days) => format!("bis {days} Tage vorher"),
        Period::UntilEvent => "bis dahin".to_owned(),
    }
}

/// A span behind „nach“: `5 Jahren`.
pub(super) fn span_after(period: Period) -> String {
    match period {
        Period::Years(years) if years != 1 => format!("{years} Jahren"),
        Period::Months(months) if months != 1 => format!("{months} Monaten"),
        period => span(period),
    }
}

fn end(ends: EndCounting) -> &'static str {
    match ends {
        EndCounting::SameDay => "",
        EndCounting::EndOfYear => ", bis zum Jahresende",
    }
}

fn thinning(word: &str, of: &ThinningRule) -> String {
    let registers: Vec<_> = of.leave_out.iter().map(ToString::to_string).collect();
    let classes: Vec<_> = of.classes.iter().map(ToString::to_string).collect();
    format!(
        "{word:<10} Ausdünnen {}: {} ({}, Klassen {}): ohne Register {}",
        of.id,
        of.title,
        of.record_type,
        classes.join(", "),
        registers.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{file_plan, rule_pack};

    #[test]
    fn what_another_edition_changes_is_told_rule_by_rule_and_class_by_class() {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let book = |rules: &str| rule_pack::read_book("probe.toml", rules, &plan).unwrap();
        let rules = rule_pack::NRW_KOMMUNAL.rules;
        let other = [
            ("2026-1\"", "2026-2\""),
            ("id = \"BA-04\"", "id = \"BA-94\""),
            (
                "counted = \"end_of_year\", period = \"10 years\"",
                "counted = \"same_day\", period = \"6 months\"",
            ),
            ("Verwaltungspraxis ohne ausdrückliche Rechtsnorm", "§ 1 Probe"),
            ("below = 1945", "below = 1950"),
        ];
        let other = other.iter().fold(rules.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
        let (before, after) = (book(rules), book(&other));
        let between = |before, after| {
            difference(&Difference::between(before, after, &plan, jiff::civil::date(2026, 11, 22))).join("\n")
        };
        insta::assert_snapshot!(between(&before, &after), @r"
        Regelwerk nrw-kommunal 2026-1 → nrw-kommunal 2026-2
        neu        BA-94    Baulastenverzeichnis (63.20.01): dauernd; archivwürdig, abzugeben
        entfallen  BA-04    Baulastenverzeichnis (63.20.01): dauernd; archivwürdig, abzugeben
        geändert   BA-03    Zurückgenommene und abgelehnte Bauanträge
                   Auslöser: Ende des Jahres von „Akte geschlossen (z.d.A.)“ → „Akte geschlossen (z.d.A.)“
                   Frist: 10 Jahre, bis zum Jahresende → 6 Monate, bis zum Jahresende
                   Grundlage: Verwaltungspraxis ohne ausdrückliche Rechtsnorm → § 1 Probe
        geändert   Kriterium altbau: Vor dem Stichjahr 1945 gebaut
        Klasse 63.20.01: BA-04 → BA-94
        1 Regel neu, 1 entfallen, 1 geändert; 1 Klasse bekäme eine andere Regel
        ");
        insta::assert_snapshot!(between(&before, &before), @r"
        Regelwerk nrw-kommunal 2026-1 → nrw-kommunal 2026-1
        0 Regeln neu, 0 entfallen, 0 geändert; 0 Klassen bekämen eine andere Regel
        ");
    }
}
