//! `plan` and `rules …`: the file plan, the rules in force, and what other rules would do.

use std::path::Path;

use crate::cli::args::{RulesVerb, TryRules};
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::rules as json;
use crate::domain::file_plan::FilePlanClass;
use crate::domain::retention::{Confidence, Difference, RuleBook};
use crate::format::{record_type, trial_table, wording};
use crate::registry::{Answer, Error};

pub(in crate::cli) fn plan(desk: &mut Desk<'_>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    desk.result(&json::plan(&rules.plan), || {
        let line = |class: &FilePlanClass| {
            let closed = if class.closed { "  (geschlossen)" } else { "" };
            format!("{:<12} {}{closed}", class.number, class.title)
        };
        rules.plan.classes().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(0)
}

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &RulesVerb) -> Answer<u8> {
    match verb {
        RulesVerb::Show => show(desk),
        RulesVerb::Check { file } => check(desk, file.as_deref()),
        RulesVerb::Try(try_) => attempt(desk, try_),
        RulesVerb::Diff { file, against } => diff(desk, file, against.as_deref()),
        RulesVerb::Confirm { rules } => {
            let actor = desk.actor.clone();
            let confirmed = desk.registry.confirm_rules(actor.as_records_manager()?, rules)?;
            desk.result(&json::confirmed(confirmed), || format!("{confirmed} Regeln bestätigt"))?;
            Ok(0)
        }
        RulesVerb::Enact { file } => {
            let actor = desk.actor.clone();
            let edition = desk.registry.enact_rules(actor.as_records_manager()?, read(file)?)?;
            desk.result(&json::enacted(&edition), || format!("in Kraft: {edition}"))?;
            Ok(0)
        }
    }
}

fn show(desk: &mut Desk<'_>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    desk.result(&json::show(&rules), || {
        let mut lines = vec![format!("Regelwerk {}", rules.book.edition())];
        lines.extend(rules.book.rules().iter().map(|rule| {
            let confirmed = rules.confirmations.contains(rules.book.edition(), &rule.id);
            let standing = match (rule.confidence, confirmed) {
                (Confidence::Sourced, _) => "belegt",
                (Confidence::ToBeConfirmed, true) => "bestätigt",
                (Confidence::ToBeConfirmed, false) => "zu bestätigen",
            };
            format!("{:<8} {:<14} {}", rule.id, standing, rule.title)
        }));
        lines.join("\n")
    })?;
    Ok(0)
}

fn check(desk: &mut Desk<'_>, file: Option<&Path>) -> Answer<u8> {
    let source = match file {
        Some(file) => Some((file, read(file)?)),
        None => None,
    };
    if let Some((file, source)) = &source
        && record_type::is_meant(source)
    {
        return super::types::check(desk, &[(*file).to_owned()]);
    }
    let rules = desk.registry.rules()?;
    let other = source.map(|(file, source)| book_of(desk, file, &source)).transpose()?;
    let (book, today) = (other.as_ref().unwrap_or(&rules.book), desk.today());
    desk.result(&json::check(book, today), || {
        let gaps = book.gaps(today).map(|(class, lack)| wording::lack(class, lack));
        let mut lines: Vec<_> = gaps.map(|gap| format!("ohne Regel  {gap}")).collect();
        let (edition, rules, gaps) = (book.edition(), book.rules().len(), lines.len());
        lines.push(format!("{edition}: {rules} Regeln ohne Widerspruch, {gaps} Klassen ohne Regel"));
        lines.join("\n")
    })?;
    Ok(0)
}

fn attempt(desk: &mut Desk<'_>, try_: &TryRules) -> Answer<u8> {
    let actor = desk.actor.clone();
    let on = try_.on.unwrap_or_else(|| desk.today());
    let tried = desk.registry.try_rules(actor.as_reader()?, &read(&try_.file)?, on)?;
    let rules = desk.registry.rules()?;
    if let Some(path) = &try_.csv {
        write(path, &trial_table::write(&tried.changed, &rules.book, &tried.book))?;
    }
    for changed in tried.changed.iter().filter(|_| !try_.sums) {
        desk.result(&json::tried(changed, &rules.book, &tried.book), || {
            wording::shifted(&changed.reference, &changed.shifted, &rules.book, &tried.book)
        })?;
    }
    let difference = Difference::between(&rules.book, &tried.book, &rules.plan, on);
    desk.result(&json::tried_all(&tried.trial), || {
        wording::trial(&tried.trial, &difference, &rules.plan).join("\n")
    })?;
    Ok(0)
}

fn diff(desk: &mut Desk<'_>, file: &Path, against: Option<&Path>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let after = read_book(desk, file)?;
    let other = against.map(|file| read_book(desk, file)).transpose()?;
    let before = other.as_ref().unwrap_or(&rules.book);
    let difference = Difference::between(before, &after, &rules.plan, desk.today());
    desk.result(&json::difference(&difference), || wording::difference(&difference).join("\n"))?;
    Ok(0)
}

fn read_book(desk: &Desk<'_>, file: &Path) -> Answer<RuleBook> {
    book_of(desk, file, &read(file)?)
}

fn book_of(desk: &Desk<'_>, file: &Path, source: &str) -> Answer<RuleBook> {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    desk.registry.read_rules_from(&name, source)
}

pub(super) fn read(file: &Path) -> Answer<String> {
    std::fs::read_to_string(file).map_err(|cause| {
        Error::mistake(
            format!("{} ist nicht lesbar", file.display()),
            disk::in_german(&cause),
            "prüfen Sie den Pfad",
        )
    })
}

fn write(path: &Path, text: &str) -> Answer<()> {
    std::fs::write(path, text).map_err(|cause| {
        Error::mistake(
            format!("{} kann nicht geschrieben werden", path.display()),
            disk::in_german(&cause),
            "nennen Sie eine andere Datei",
        )
    })
}
