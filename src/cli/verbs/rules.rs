//! `plan` and `rules …`: the file plan, the rules in force, and what other rules would do.

use std::path::Path;

use jiff::civil::Date;

use crate::cli::args::RulesVerb;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::domain::retention::Confidence;
use crate::format::wording;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn plan(desk: &mut Desk<'_>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    for class in rules.plan.classes() {
        let closed = if class.closed { "  (geschlossen)" } else { "" };
        desk.say(format!("{:<12} {}{closed}", class.number, class.title))?;
    }
    Ok(0)
}

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &RulesVerb) -> Answer<u8> {
    match verb {
        RulesVerb::Show => show(desk),
        RulesVerb::Check { file } => check(desk, file.as_deref()),
        RulesVerb::Try { file, on } => attempt(desk, file, on.unwrap_or_else(|| desk.today())),
        RulesVerb::Confirm { rules } => {
            let actor = desk.actor.clone();
            let confirmed = desk.registry.confirm_rules(actor.as_records_manager()?, rules)?;
            desk.say(format!("{confirmed} Regeln bestätigt"))?;
            Ok(0)
        }
        RulesVerb::Enact { file } => {
            let actor = desk.actor.clone();
            let edition = desk.registry.enact_rules(actor.as_records_manager()?, read(file)?)?;
            desk.say(format!("in Kraft: {edition}"))?;
            Ok(0)
        }
    }
}

fn show(desk: &mut Desk<'_>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    desk.say(format!("Regelwerk {}", rules.book.edition()))?;
    for rule in rules.book.rules() {
        let confirmed = rules.confirmations.contains(rules.book.edition(), &rule.id);
        let standing = match (rule.confidence, confirmed) {
            (Confidence::Sourced, _) => "belegt",
            (Confidence::ToBeConfirmed, true) => "bestätigt",
            (Confidence::ToBeConfirmed, false) => "zu bestätigen",
        };
        desk.say(format!("{:<8} {:<14} {}", rule.id, standing, rule.title))?;
    }
    Ok(0)
}

fn check(desk: &mut Desk<'_>, file: Option<&Path>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let book = match file {
        Some(file) => desk.registry.read_rules_from(&read(file)?)?,
        None => rules.book.clone(),
    };
    let gaps: Vec<_> = book.gaps(desk.today()).map(|(class, lack)| wording::lack(class, lack)).collect();
    for gap in &gaps {
        desk.say(format!("ohne Regel  {gap}"))?;
    }
    desk.say(format!(
        "{}: {} Regeln ohne Widerspruch, {} Klassen ohne Regel",
        book.edition(),
        book.rules().len(),
        gaps.len()
    ))?;
    Ok(0)
}

fn attempt(desk: &mut Desk<'_>, file: &Path, on: Date) -> Answer<u8> {
    let actor = desk.actor.clone();
    let changes = desk.registry.try_rules(actor.as_reader()?, &read(file)?, on)?;
    for change in &changes {
        desk.say(format!("{:<20} {} → {}", change.reference, change.before, change.after))?;
    }
    desk.say(format!("{} Akten würden anders beurteilt", changes.len()))?;
    Ok(0)
}

fn read(file: &Path) -> Answer<String> {
    std::fs::read_to_string(file).map_err(|cause| {
        Error::mistake(
            format!("{} ist nicht lesbar", file.display()),
            disk::in_german(&cause),
            "prüfen Sie den Pfad",
        )
    })
}
