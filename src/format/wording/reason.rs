//! One reason, one line.

use jiff::civil::Date;

use super::{any_of, count, day, disposition};
use crate::domain::case_file::FactKind;
use crate::domain::retention::{
    Confidence, EndCounting, LegalBasis, OFFER_AFTER_YEARS, Period, Reason, RuleBook, StartCounting,
};

/// A reason as one German line, without a full stop.
#[must_use]
pub fn reason(reason: &Reason, book: &RuleBook) -> String {
    match reason {
        Reason::Gone { on } => format!("Die Aussonderung hat am {} begonnen", day(*on)),
        Reason::Held { reason, since } => format!("Vernichtungssperre seit {} ({reason})", day(*since)),
        Reason::NotClosed => "Die Akte ist nicht geschlossen (z.d.A.); vorher beginnt keine Frist".to_owned(),
        Reason::NoRule { class, lack } => super::lack(class, *lack),
        Reason::Rule { id, title, inherited_from, basis, confidence } => {
            let from = inherited_from.as_ref().map(|class| format!(", übernommen von Klasse {class}"));
            let (from, edition, basis) = (from.unwrap_or_default(), book.edition(), self::basis(basis));
            let doubt = match confidence {
                Confidence::Sourced => "",
                Confidence::ToBeConfirmed => " (aus der Praxis)",
            };
            format!("Regel {id} „{title}“ (Ausgabe {edition}){from}; Grundlage{doubt}: {basis}")
        }
        Reason::Unconfirmed { rule } => {
            format!("Regel {rule} ist von der Stadt nicht bestätigt; bis dahin macht sie nichts fällig")
        }
        Reason::FactMissing { any_of: facts } => format!("Nicht bekannt: {}", any_of(facts, book)),
        Reason::NotBefore { fact, happened, counted, anchor } => format!(
            "Die Frist beginnt nicht vor: {}, gezählt {}",
            self::happened(fact, *happened, book),
            counting(*counted, *anchor)
        ),
        Reason::Period { fact, happened, counted, anchor, period, ends, last } => {
            let label = book.fact_label(fact);
            let span = self::period(*period);
            let from = match period {
                Period::DaysBefore(_) => String::new(),
                _ => format!(" {}", counting(*counted, *anchor)),
            };
            let end = match (last, ends) {
                (None, _) => "das Ende liegt jenseits des Kalenders".to_owned(),
                (Some(last), EndCounting::SameDay) => format!("letzter Tag {}", day(*last)),
                (Some(last), EndCounting::EndOfYear) => format!("letzter Tag {} (Jahresende)", day(*last)),
            };
            format!("„{label}“ am {}: {span}{from} → {end}", day(*happened))
        }
        Reason::NotCounted { from, first, until, last, days } => format!(
            "Gehemmt: von {} bis {} lief die Frist nicht; sie verlängert sich um {}",
            happened(from, *first, book),
            happened(until, *last, book),
            count(*days, "Tag", "Tage")
        ),
        Reason::StandsStill { from, first, until } => {
            let from = happened(from, *first, book);
            format!(
                "Gehemmt: seit {from} läuft die Frist nicht, bis bekannt ist: „{}“",
                book.fact_label(until)
            )
        }
        Reason::LongestOf { count, last } => {
            format!("Von {count} Fristen zählt die längste: letzter Tag {}", day(*last))
        }
        Reason::KeptUntilClosed { closed } => {
            format!(
                "Die Frist endete, bevor die Akte geschlossen war: letzter Tag ist der {} (z.d.A.)",
                day(*closed)
            )
        }
        Reason::KeptForEver => "Die Regel bewahrt dauernd auf".to_owned(),
        Reason::Disposition(to) => format!("Nach Ablauf: {} ({})", disposition(*to), to.code()),
        Reason::RestrictedFrom { from, after } => format!(
            "Nach {} eingeschränkt: ab dem {} lesen sie nur noch Schriftgutverwaltung und Archiv",
            super::rule::span_after(*after),
            day(*from)
        ),
        Reason::OfferOverdue { opened, latest } => offer_overdue(*opened, *latest),
    }
}

fn offer_overdue(opened: Date, latest: Date) -> String {
    format!(
        "Achtung: dem Archiv bis {} anzubieten gewesen (§ 4 Abs. 1 ArchivG NRW: {OFFER_AFTER_YEARS} Jahre nach \
         der Entstehung am {}, oder am Ende einer längeren gesetzlichen Frist)",
        day(latest),
        day(opened)
    )
}

/// `„Gebäude abgebrochen“ am 02.03.2014`.
fn happened(fact: &FactKind, on: Date, book: &RuleBook) -> String {
    format!("„{}“ am {}", book.fact_label(fact), day(on))
}

/// What a rule rests on: `§ 59 Abs. 2 KomHVO NRW (Stand 16.03.2024)`.
pub(super) fn basis(basis: &LegalBasis) -> String {
    match &basis.edition {
        Some(edition) => format!("{} ({edition})", basis.text),
        None => basis.text.clone(),
    }
}

fn period(period: Period) -> String {
    match period {
        Period::Years(1) => "Frist 1 Jahr".to_owned(),
        Period::Years(years) => format!("Frist {years} Jahre"),
        Period::Months(1) => "Frist 1 Monat".to_owned(),
        Period::Months(months) => format!("Frist {months} Monate"),
        Period::DaysBefore(days) => format!("aufzubewahren bis {days} Tage vorher"),
        Period::UntilEvent => "aufzubewahren bis dahin,".to_owned(),
    }
}

fn counting(counted: StartCounting, anchor: Date) -> String {
    match counted {
        StartCounting::SameDay => format!("ab dem {}", day(anchor)),
        StartCounting::EndOfYear => format!("ab dem Ende des Jahres ({})", day(anchor)),
        StartCounting::FinancialYearAfterResolution => {
            let begins = anchor.tomorrow().unwrap_or(anchor);
            format!("ab Beginn des folgenden Haushaltsjahres ({})", day(begins))
        }
    }
}
