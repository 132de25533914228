//! Words for flaws of a pack, for paper and for proposals.

use super::day;
use crate::domain::appraisal::ProposalReason;
use crate::domain::case_file::ClassNumber;
use crate::domain::retention::{Flaw, Lack, PaperFate, PaperReason, ScanLack};
use crate::format::rule_pack::{FlawAt, PackError};

/// Why no rule governs a class.
#[must_use]
pub fn lack(class: &ClassNumber, lack: Lack) -> String {
    match lack {
        Lack::UnknownClass => format!("Klasse {class} steht nicht im Aktenplan"),
        Lack::NoRule => format!("Für Klasse {class} gibt es keine Regel"),
        Lack::NoneInForce => format!("Für Klasse {class} ist an diesem Tag keine Regel in Kraft"),
    }
}

/// Why a text gave no rule book: each mistake with file, line and way out.
#[must_use]
pub fn pack_mistakes(error: &PackError) -> Vec<String> {
    match error {
        PackError::Mistake(mistake) => vec![mistake.to_string()],
        PackError::Flawed { file, flaws } => {
            let one = |found: &FlawAt| {
                let line = found.line.map(|line| format!(", Zeile {line}")).unwrap_or_default();
                format!("{file}{line}: {}", flaw(&found.flaw))
            };
            flaws.iter().map(one).collect()
        }
    }
}

/// What is wrong with the rules of a pack, taken together, and the way out.
#[must_use]
pub fn flaw(flaw: &Flaw) -> String {
    match flaw {
        Flaw::NoRules => "Das Regelwerk hat keine Regel; schreiben Sie wenigstens eine [[rule]]".to_owned(),
        Flaw::DuplicateRule(id) => format!("Regel {id} steht zweimal da; geben Sie einer eine andere id"),
        Flaw::DuplicateCriterion(id) => {
            format!("Kriterium {id} steht zweimal da; geben Sie einem eine andere id")
        }
        Flaw::NoClasses(id) => {
            format!("{id}, Feld `classes`: keine Klasse genannt; nennen Sie eine oder mehr")
        }
        Flaw::UnknownClass { rule, class } => format!(
            "{rule}, Feld `classes`: Klasse {class} steht nicht im Aktenplan; `schriftgut plan` zeigt, welche es gibt"
        ),
        Flaw::UnknownFact { rule, fact } => {
            format!("{rule}: Tatsache {fact} steht nicht unter [facts]; nehmen Sie sie dort mit Worten auf")
        }
        Flaw::Overlap { first, second, class } if first == second => {
            format!("Regel {first}, Feld `classes`: Klasse {class} steht zweimal da; streichen Sie eine")
        }
        Flaw::Overlap { first, second, class } => format!(
            "Regeln {first} und {second} gelten für Klasse {class} zugleich; streichen Sie die Klasse bei einer, oder \
             lassen Sie eine mit `valid_to` enden, bevor die andere mit `valid_from` beginnt"
        ),
        Flaw::NeverInForce(id) => {
            format!("Regel {id}, Feld `valid_to`: endet, bevor sie beginnt; tauschen Sie die Tage")
        }
        Flaw::NoStart(id) => {
            format!("Regel {id}, Feld `terms.start`: eine Frist ohne Beginn; nennen Sie eine Tatsache")
        }
        Flaw::EmptyPeriod(id) => {
            format!("Regel {id}, Feld `terms.period`: Frist null; gemeint ist `until_event`?")
        }
        Flaw::BackwardsNotFromTheDay(id) => format!(
            "Regel {id}, Feld `terms.counted`: rückwärts wird ab dem Tag selbst gezählt; schreiben Sie `same_day`"
        ),
        Flaw::SuspendedByOneFact(id) => format!(
            "Regel {id}, Feld `terms.suspended`: die Hemmung endet mit der Tatsache, mit der sie beginnt; nennen Sie \
             zwei verschiedene"
        ),
        Flaw::SuspendedWithoutRunning(id) => format!(
            "Regel {id}, Feld `terms.suspended`: gehemmt wird nur eine Frist von Jahren oder Monaten; streichen Sie \
             die Hemmung"
        ),
        Flaw::RestrictedTooLate(id) => format!(
            "Regel {id}, Feld `restricted_after`: eingeschränkt wird nach Jahren oder Monaten, und vor dem Ende jeder \
             Frist; schreiben Sie eine kürzere Zeit"
        ),
        Flaw::PermanentButDestroyed(id) => format!(
            "Regel {id}, Feld `disposition`: dauernd aufbewahren und vernichten widerspricht sich; schreiben Sie A \
             oder B"
        ),
        Flaw::ArchiveWorthyButPaperGoes(id) => format!(
            "Regel {id}, Feld `paper`: archivwürdiges Papier darf nach dem Scan nicht gehen; schreiben Sie `keep` \
             oder `with_record`"
        ),
        Flaw::NoBasis(id) => {
            format!("Regel {id}, Feld `basis`: keine Rechtsgrundlage; nennen Sie Norm oder Übung")
        }
        Flaw::EmptyCondition(id) => {
            format!("Kriterium {id}, Feld `when`: leere Bedingung; nennen Sie, wonach zu fragen ist")
        }
        Flaw::DuplicateThinning(_)
        | Flaw::LeavesNothingOut(_)
        | Flaw::NoReason(_)
        | Flaw::RegisterTwice { .. }
        | Flaw::ThinnedTwice { .. }
        | Flaw::UnknownRecordType { .. }
        | Flaw::UnknownRegister { .. } => thinning_flaw(flaw),
    }
}

/// What is wrong with a rule for thinning; empty for flaws of others.
fn thinning_flaw(flaw: &Flaw) -> String {
    match flaw {
        Flaw::DuplicateThinning(id) => {
            format!("Ausdünnen {id} steht zweimal da; geben Sie einem eine andere id")
        }
        Flaw::LeavesNothingOut(id) => {
            format!("Ausdünnen {id}, Feld `leave_out`: kein Register genannt; nennen Sie eines oder mehr")
        }
        Flaw::NoReason(id) => {
            format!("Ausdünnen {id}, Feld `reason`: keine Begründung; sagen Sie, warum der Rest genügt")
        }
        Flaw::RegisterTwice { rule, register } => {
            format!(
                "Ausdünnen {rule}, Feld `leave_out`: Register {register} steht zweimal da; streichen Sie eines"
            )
        }
        Flaw::ThinnedTwice { first, second, class } if first == second => {
            format!("Ausdünnen {first}, Feld `classes`: Klasse {class} steht zweimal da; streichen Sie eine")
        }
        Flaw::ThinnedTwice { first, second, class } => format!(
            "Ausdünnen {first} und {second} gelten beide für Klasse {class}; streichen Sie die Klasse bei einem"
        ),
        Flaw::UnknownRecordType { rule, record_type } => format!(
            "Ausdünnen {rule}, Feld `record_type`: die Aktenart {record_type} gibt es nicht; `schriftgut types show` \
             zeigt die Aktenarten"
        ),
        Flaw::UnknownRegister { rule, register, known } => format!(
            "Ausdünnen {rule}, Feld `leave_out`: das Register {register} hat die Aktenart nicht; es gibt: {}",
            if known.is_empty() { "keines".to_owned() } else { known.join(", ") }
        ),
        _ => String::new(),
    }
}

/// That of a file a part is not taken over: `ausgedünnt: 3 von 12 Dokumenten nicht übernommen`.
#[must_use]
pub fn thinned(left_out: u64, of: u64) -> String {
    format!("ausgedünnt: {left_out} von {of} Dokumenten nicht übernommen")
}

/// Why the criteria propose something, or what a person must look at.
#[must_use]
pub fn proposal_reason(reason: &ProposalReason) -> String {
    match reason {
        ProposalReason::Meets { title, .. } => title.clone(),
        ProposalReason::Unclear { title, field, .. } => {
            format!("Ungeklärt: {title} (Feld „{field}“ fehlt oder ist keine Zahl)")
        }
    }
}

/// The fate of the paper original, in one line.
#[must_use]
pub fn paper(fate: &PaperFate) -> String {
    match fate {
        PaperFate::NoPaper => "kein Papier".to_owned(),
        PaperFate::MayGo { scan_checked, rule } => {
            format!("Papier darf vernichtet werden: Scan geprüft am {}, Regel {rule}", day(*scan_checked))
        }
        PaperFate::Keep { why } => {
            let why: Vec<_> = why.iter().map(paper_reason).collect();
            format!("Papier bleibt: {}", why.join("; "))
        }
    }
}

fn paper_reason(reason: &PaperReason) -> String {
    match reason {
        PaperReason::Held => "es besteht eine Vernichtungssperre".to_owned(),
        PaperReason::GoesWithRecord => "es geht mit der Akte".to_owned(),
        PaperReason::NoRule(_) => "keine Regel gilt für die Klasse".to_owned(),
        PaperReason::Unconfirmed(rule) => format!("Regel {rule} ist nicht bestätigt"),
        PaperReason::RuleKeepsPaper(rule) => format!("Regel {rule} behält das Papier in jedem Fall"),
        PaperReason::RuleKeepsWithRecord(rule) => {
            format!("Regel {rule} behält das Papier so lange wie die Akte")
        }
        PaperReason::ArchiveWorthy => "die Akte ist archivwürdig".to_owned(),
        PaperReason::Undecided => "das Archiv hat noch nicht entschieden".to_owned(),
        PaperReason::NothingScanned => "es gibt keine digitale Akte".to_owned(),
        PaperReason::ScanNotChecked => "kein Transfervermerk: der Scan ist nicht geprüft".to_owned(),
        PaperReason::NotAllScanned => {
            "niemand hat seit dem letzten Scan bestätigt, dass das ganze Papier gescannt ist".to_owned()
        }
        PaperReason::Lent => "das Papier ist ausgeliehen".to_owned(),
        PaperReason::Scans { lack, names } => scans_lack(*lack, names),
    }
}

/// Why each reason that keeps paper does so, in words.
#[must_use]
pub fn paper_reasons(fate: &PaperFate) -> Vec<String> {
    match fate {
        PaperFate::Keep { why } => why.iter().map(paper_reason).collect(),
        PaperFate::NoPaper | PaperFate::MayGo { .. } => Vec::new(),
    }
}

/// `2 Scans noch nicht fertig geprüft (antrag.pdf, plan.pdf)`
fn scans_lack(lack: ScanLack, names: &[String]) -> String {
    const NAMED_MAX: usize = 3;
    let what = match lack {
        ScanLack::NotReadable => "nicht oder nicht ganz lesbar",
        ScanLack::NotChecked => "noch nicht fertig geprüft",
        ScanLack::Rescan => "mit Seiten, die neu zu scannen sind",
        ScanLack::NotReplaced => "zurückgezogen und durch keinen anderen Scan ersetzt",
        ScanLack::NoNote => "ohne Transfervermerk",
        ScanLack::NoSeal => "ohne qualifiziertes Siegel, das bei hohem Schutzbedarf nötig ist",
        ScanLack::NotBackedUp => "seit dem Transfervermerk noch nicht gesichert",
    };
    let named: Vec<_> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = match names.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!(" und {more} weitere"),
    };
    let scans = super::count(names.len() as u64, "Scan", "Scans");
    format!("{scans} {what} ({}{more})", named.join(", "))
}
