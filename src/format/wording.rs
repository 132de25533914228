//! German words for what the rules say: what `why` prints, and what the web shows.
//!
//! Only words: nothing is decided here. Dates are written dd.mm.yyyy, one reason is one line.

mod archive;
mod change;
mod forecast;
mod history;
mod kind;
mod pack;
mod place;
mod plan;
mod reading;
mod reason;
mod record_type;
mod rule;
mod sample;
mod scan;
mod stack;
mod trial;

use std::fmt::Display;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::appraisal::{ProposalReason, propose};
use crate::domain::case_file::{CaseFile, ClassNumber, FactKind, Phase};
use crate::domain::document::Sameness;
use crate::domain::file_plan::NoNewFiles;
use crate::domain::restriction::Restriction;
use crate::domain::retention::{Disposition, Finding, Outcome, RuleBook, WaitingFor};

pub use archive::{by_catalogue, class_appraised, line_by_catalogue};
pub use change::change;
pub use forecast::{class_title, forecast, forecast_basis, shelf, standing};
pub use history::happened;
pub use kind::kind;
pub use pack::{flaw, lack, pack_mistakes, paper, paper_reasons, proposal_reason, thinned};
pub use place::{loan, not_a_borrower, place, place_change, place_flaw};
pub use plan::plan_change;
pub use reading::readings;
pub use reason::reason;
pub use record_type::{no_such_register, record_type, register};
pub use rule::{difference, part, part_name, retention};
pub use sample::{sample_flaw, sample_method, sample_represents};
pub use scan::{check_state, pages as page_list, scan, symbol_coded};
pub use stack::{pages_differ, stack, stack_stays_whole};
pub use trial::{AS_IF_CONFIRMED, reason as trial_reason, shift, shifted, shifts, trial, unconfirmed};

/// A day as people write it: `31.12.2023`.
#[must_use]
pub fn day(on: Date) -> String {
    format!("{:02}.{:02}.{:04}", on.day(), on.month(), on.year())
}

/// A moment as people write it, by the clock of this machine: `31.12.2023 14:05`.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let zoned = at.to_zoned(TimeZone::system());
    format!("{} {}", day(zoned.date()), zoned.strftime("%H:%M"))
}

/// Who reads a file that not everyone reads any more; none if it is not so, and never was.
#[must_use]
pub fn restriction(restriction: Restriction) -> Option<String> {
    match restriction {
        Restriction::None => None,
        Restriction::Since(since) => {
            Some(format!("Eingeschränkt seit {}: nur für Schriftgutverwaltung und Archiv", day(since)))
        }
        Restriction::Lifted { on } => Some(format!("Einschränkung am {} aufgehoben", day(on))),
    }
}

/// Pages of a document, as people say them: `Seite 3`, `Seiten 4–8`.
#[must_use]
pub fn page_range(first: u32, last: u32) -> String {
    if first == last { format!("Seite {first}") } else { format!("Seiten {first}–{last}") }
}

/// So many of something: `1 Akte`, `0 Akten`, `12 Akten`.
#[must_use]
pub fn count<N: Display + PartialEq + From<u8>>(number: N, one: &str, many: &str) -> String {
    let word = if number == N::from(1) { one } else { many };
    format!("{number} {word}")
}

/// In what two documents are the same.
#[must_use]
pub fn sameness(same: Sameness) -> String {
    match same {
        Sameness::Content => "derselbe Inhalt".to_owned(),
        Sameness::Text { percent } => format!("fast derselbe Text, zu {percent} %"),
    }
}

/// A size as people read it: `1,2 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] =
        [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match UNITS.into_iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => {
            let tenths = bytes / (unit / 10);
            format!("{},{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} Bytes"),
    }
}

/// Most mistakes that are told one by one.
const TOLD_MAX: usize = 20;

/// The first of these mistakes, and how many more there are: `und eine weitere Zeile`, `und 7 weitere Zeilen`.
#[must_use]
pub fn first_of<M: Display>(mistakes: &[M], one_more: &str, more: &str) -> Vec<String> {
    let mut told: Vec<String> = mistakes.iter().take(TOLD_MAX).map(ToString::to_string).collect();
    match mistakes.len() - told.len() {
        0 => {}
        1 => told.push(format!("und {one_more}")),
        count => told.push(format!("und {count} {more}")),
    }
    told
}

/// Why no new file is opened in a class.
#[must_use]
pub fn no_new_files(class: &ClassNumber, why: NoNewFiles) -> String {
    match why {
        NoNewFiles::Unknown => format!("die Aktenplaneinheit {class} steht nicht im Aktenplan"),
        NoNewFiles::Divided => {
            format!(
                "die Aktenplaneinheit {class} ist weiter untergliedert; Akten liegen in den untersten Einheiten"
            )
        }
        NoNewFiles::Closed => {
            format!("die Aktenplaneinheit {class} ist geschlossen und nimmt keine neuen Akten auf")
        }
    }
}

/// Where a file is in its life.
#[must_use]
pub fn phase(phase: &Phase) -> String {
    match phase {
        Phase::Open => "laufend".to_owned(),
        Phase::Closed { on } => format!("geschlossen (z.d.A.) am {}", day(*on)),
        Phase::Transferred { on } => format!("an das Archiv abgegeben am {}", day(*on)),
        Phase::Condemned { on } => format!("Vernichtung begonnen am {}", day(*on)),
        Phase::Destroyed { on } => format!("vernichtet am {}", day(*on)),
    }
}

/// What is to happen: `zu bewerten`.
#[must_use]
pub fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::ArchiveWorthy => "archivwürdig, abzugeben",
        Disposition::Appraise => "zu bewerten",
        Disposition::Destroy => "zu vernichten",
    }
}

/// What was found, in one line: `fällig seit 01.01.2024, zu vernichten`.
#[must_use]
pub fn outcome(outcome: &Outcome, book: &RuleBook) -> String {
    match outcome {
        Outcome::NotBegun { waiting_for: WaitingFor::Closing } => {
            "Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)".to_owned()
        }
        Outcome::NotBegun { waiting_for: WaitingFor::Facts(facts) } => {
            format!("Frist nicht begonnen: nicht bekannt ist {}", any_of(facts, book))
        }
        Outcome::Suspended { until } => {
            format!("Frist gehemmt: nicht bekannt ist {}", any_of(std::slice::from_ref(until), book))
        }
        Outcome::Retained { until } if *until == Date::MAX => {
            "aufzubewahren: das Ende liegt jenseits des Kalenders".to_owned()
        }
        Outcome::Retained { until } => format!("aufzubewahren bis {}", day(*until)),
        Outcome::Permanent => "dauernd aufzubewahren".to_owned(),
        Outcome::Held { .. } => "gesperrt (Vernichtungssperre)".to_owned(),
        Outcome::Due { since, disposition } => {
            format!("fällig seit {}, {}", day(*since), self::disposition(*disposition))
        }
        Outcome::Ungoverned => "ungeregelt: keine Aufbewahrungsregel".to_owned(),
        Outcome::Unconfirmed { would_be } => {
            format!("Regel zu bestätigen; bestätigt hieße es: {}", self::outcome(would_be, book))
        }
        Outcome::Gone { on } => format!("ausgesondert am {}", day(*on)),
    }
}

/// What was found, without dates and names: how files are counted.
#[must_use]
pub fn outcome_in_short(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::NotBegun { .. } => "Frist nicht begonnen",
        Outcome::Suspended { .. } => "Frist gehemmt",
        Outcome::Retained { .. } => "aufzubewahren",
        Outcome::Permanent => "dauernd aufzubewahren",
        Outcome::Held { .. } => "gesperrt",
        Outcome::Due { .. } => "fällig",
        Outcome::Ungoverned => "ungeregelt",
        Outcome::Unconfirmed { .. } => "Regel zu bestätigen",
        Outcome::Gone { .. } => "ausgesondert",
    }
}

/// The whole answer to `why`: file, day, outcome, and each reason on a line.
#[must_use]
pub fn explain(file: &CaseFile, finding: &Finding, book: &RuleBook) -> String {
    let mut text = format!(
        "Akte {} ({})\nStand {}\nErgebnis: {}\nWarum:\n",
        file.reference,
        file.title,
        day(finding.on),
        outcome(&finding.outcome, book)
    );
    for why in &finding.reasons {
        text.push_str("  - ");
        text.push_str(&reason(why, book));
        text.push('\n');
    }
    let proposal = propose(file, book.criteria());
    for why in &proposal.reasons {
        let proposed = match why {
            ProposalReason::Meets { .. } => "Vorschlag archivwürdig (A), weil: ",
            ProposalReason::Unclear { .. } => "",
        };
        text.push_str(&format!("  - {proposed}{}\n", proposal_reason(why)));
    }
    text
}

/// `„Buße bezahlt“ oder „Bescheid rechtskräftig“`.
fn any_of(facts: &[FactKind], book: &RuleBook) -> String {
    let labels: Vec<_> = facts.iter().map(|fact| format!("„{}“", book.fact_label(fact))).collect();
    labels.join(" oder ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case_file::{Fact, Hold};
    use crate::domain::ids::HoldId;
    use crate::domain::retention::example::example_file;
    use crate::domain::retention::{Confirmations, evaluate};
    use crate::format::{file_plan, rule_pack};

    fn why(class: &str, facts: &[(&str, &str)], held: bool, confirmed: bool) -> String {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let pack = rule_pack::NRW_KOMMUNAL;
        let book = rule_pack::read_book(pack.file, pack.rules, &plan).unwrap();
        let mut file = example_file(class.parse().unwrap());
        file.reference = format!("{class}-1042").parse().unwrap();
        file.title = "Markt 5, Anbau".to_owned();
        file.opened = jiff::civil::date(1987, 3, 2);
        for (kind, on) in facts {
            let on = on.parse().unwrap();
            file.facts.push(Fact { kind: kind.parse().unwrap(), on, source: String::new() });
            if *kind == "closed" {
                file.phase = Phase::Closed { on };
            }
        }
        if held {
            let since = jiff::civil::date(2024, 3, 1);
            file.holds.push(Hold {
                id: HoldId(uuid::Uuid::nil()),
                reason: "Verfahren 4 K 112/24".into(),
                since,
                review: None,
            });
        }
        let confirmations = if confirmed { Confirmations::all_of(&book) } else { Confirmations::default() };
        let finding = evaluate(&file, &book, &confirmations, jiff::civil::date(2026, 11, 22));
        explain(&file, &finding, &book)
    }

    #[test]
    fn one_is_counted_in_the_singular() {
        assert_eq!(count(0_u64, "Akte", "Akten"), "0 Akten");
        assert_eq!(count(1_usize, "Akte", "Akten"), "1 Akte");
        assert_eq!(count(21_u32, "Akte", "Akten"), "21 Akten");
    }

    #[test]
    fn sizes_read_as_people_write_them() {
        let sizes = [999, 1_000, 1_250_000, 7_300_000_000_000].map(size);
        assert_eq!(sizes, ["999 Bytes", "1,0 kB", "1,2 MB", "7,3 TB"]);
    }

    #[test]
    fn why_tells_outcome_rule_law_and_dates_in_plain_german() {
        let cases = [
            why("63.10.03", &[("closed", "2013-03-14")], false, true),
            why("63.10.03", &[("closed", "2013-03-14")], true, false),
            why("63.10.01", &[("closed", "1988-03-14")], false, true),
            why("10.70.01", &[("closed", "2019-01-15"), ("awarded", "2018-03-01")], false, true),
            why(
                "40.20.03",
                &[("closed", "2010-07-31"), ("end_of_compulsory_schooling", "2015-07-31")],
                false,
                true,
            ),
            why("33.30.02", &[("closed", "2020-10-30"), ("next_election", "2025-09-14")], false, true),
            why(
                "21.10.02",
                &[("closed", "2020-10-30"), ("council_adopts_accounts", "2021-09-30")],
                false,
                true,
            ),
            why("10.20.01", &[("closed", "2020-10-30")], false, true),
            why("63.10", &[], false, true),
        ];
        insta::assert_snapshot!(cases.join("\n"), @r"
                Akte 63.10.03-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: fällig seit 01.01.2024, zu vernichten
                Warum:
                  - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
                  - „Akte geschlossen (z.d.A.)“ am 14.03.2013: Frist 10 Jahre ab dem Ende des Jahres (31.12.2013) → letzter Tag 31.12.2023 (Jahresende)
                  - Nach Ablauf: zu vernichten (V)
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)
                  - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)

                Akte 63.10.03-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: gesperrt (Vernichtungssperre)
                Warum:
                  - Vernichtungssperre seit 01.03.2024 (Verfahren 4 K 112/24)
                  - Regel BA-03 „Zurückgenommene und abgelehnte Bauanträge“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): Verwaltungspraxis ohne ausdrückliche Rechtsnorm
                  - „Akte geschlossen (z.d.A.)“ am 14.03.2013: Frist 10 Jahre ab dem Ende des Jahres (31.12.2013) → letzter Tag 31.12.2023 (Jahresende)
                  - Nach Ablauf: zu vernichten (V)
                  - Regel BA-03 ist von der Stadt nicht bestätigt; bis dahin macht sie nichts fällig
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)
                  - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)

                Akte 63.10.01-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: Frist nicht begonnen: nicht bekannt ist „Gebäude abgebrochen“
                Warum:
                  - Regel BA-01 „Bauakten (Genehmigungsverfahren, Hausakten)“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): keine ausdrückliche Frist in NRW bekannt; Praxis: bis zur Beseitigung, dann Archiv
                  - Nicht bekannt: „Gebäude abgebrochen“
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)
                  - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)

                Akte 10.70.01-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: Frist nicht begonnen: nicht bekannt ist „Vertrag beendet“
                Warum:
                  - Regel HV-09 „Vergabeakten (Oberschwelle)“ (Ausgabe nrw-kommunal 2026-1); Grundlage: § 8 Abs. 4 VgV
                  - „Zuschlag erteilt“ am 01.03.2018: Frist 3 Jahre ab dem 01.03.2018 → letzter Tag 01.03.2021
                  - Nicht bekannt: „Vertrag beendet“
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)

                Akte 40.20.03-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: fällig seit 01.01.2026, zu bewerten
                Warum:
                  - Regel SC-03 „Klassenbücher, Zeugnislisten, Prüfungsakten“ (Ausgabe nrw-kommunal 2026-1); Grundlage: § 9 Abs. 1 Nr. 3 VO-DV I NRW
                  - Die Frist beginnt nicht vor: „Ende der Schulpflicht“ am 31.07.2015, gezählt ab dem Ende des Jahres (31.12.2015)
                  - „Akte geschlossen (z.d.A.)“ am 31.07.2010: Frist 10 Jahre ab dem Ende des Jahres (31.12.2015) → letzter Tag 31.12.2025 (Jahresende)
                  - Nach Ablauf: zu bewerten (B)
                  - Achtung: dem Archiv bis 31.12.2025 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)

                Akte 33.30.02-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: fällig seit 16.07.2025, zu vernichten
                Warum:
                  - Regel ME-04 „Übrige Wahlunterlagen“ (Ausgabe nrw-kommunal 2026-1); Grundlage (aus der Praxis): KWahlO NRW (nach dem Muster anderer Wahlordnungen)
                  - „Tag der nächsten Wahl“ am 14.09.2025: aufzubewahren bis 60 Tage vorher → letzter Tag 15.07.2025
                  - Nach Ablauf: zu vernichten (V)
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)

                Akte 21.10.02-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: aufzubewahren bis 31.12.2027
                Warum:
                  - Regel FI-04 „Belege und sonstige Unterlagen der Kasse“ (Ausgabe nrw-kommunal 2026-1); Grundlage: § 59 Abs. 2 Satz 2 KomHVO NRW (Stand 16.03.2024)
                  - „Rat stellt Jahresabschluss fest“ am 30.09.2021: Frist 6 Jahre ab Beginn des folgenden Haushaltsjahres (01.01.2022) → letzter Tag 31.12.2027 (Jahresende)
                  - Nach Ablauf: zu vernichten (V)

                Akte 10.20.01-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: dauernd aufzubewahren
                Warum:
                  - Regel HV-01 „Niederschriften Rat und Ausschüsse (mit Anlagen)“ (Ausgabe nrw-kommunal 2026-1); Grundlage: GO NRW; §§ 4, 10 ArchivG NRW (spätestens nach 30 Jahren anbieten) (ArchivG NRW, zuletzt geändert 16.09.2014)
                  - Die Regel bewahrt dauernd auf
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)

                Akte 63.10-1042 (Markt 5, Anbau)
                Stand 22.11.2026
                Ergebnis: Frist nicht begonnen: die Akte ist nicht geschlossen (z.d.A.)
                Warum:
                  - Für Klasse 63.10 gibt es keine Regel
                  - Die Akte ist nicht geschlossen (z.d.A.); vorher beginnt keine Frist
                  - Achtung: dem Archiv bis 02.03.2017 anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: 30 Jahre nach der Entstehung am 02.03.1987, oder am Ende einer längeren gesetzlichen Frist)
                  - Ungeklärt: Vor dem Stichjahr 1945 gebaut (Feld „built_year“ fehlt oder ist keine Zahl)
                ");
    }
}
