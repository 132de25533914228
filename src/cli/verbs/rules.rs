//! `rules …`: the rules in force, and what other rules would do.

use std::path::Path;

use jiff::civil::Date;

use crate::cli::args::{RulesVerb, Sheet, TryRules};
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::rules as json;
use crate::domain::retention::{Confidence, Difference, RuleBook};
use crate::format::sheet::{InForce, art30, deletion_concept};
use crate::format::{record_type, trial_table, wording};
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &RulesVerb) -> Answer<u8> {
    match verb {
        RulesVerb::Show { edition, source } => show(desk, edition.as_deref(), *source),
        RulesVerb::Check { file } => check(desk, file.as_deref()),
        RulesVerb::Try(asked) => attempt(desk, asked),
        RulesVerb::Diff { file, against } => diff(desk, file.as_deref(), against.as_deref()),
        RulesVerb::Export { what, out, on } => export(desk, *what, out, *on),
        RulesVerb::Confirm { rules } => {
            let actor = desk.actor.clone();
            let confirmed = desk.registry.confirm_rules(actor.as_records_manager()?, rules)?;
            desk.result(&json::confirmed(confirmed), || {
                format!("{} bestätigt", wording::count(confirmed, "Regel", "Regeln"))
            })?;
            Ok(0)
        }
        RulesVerb::Propose { file } => {
            let actor = desk.actor.clone();
            read_book(desk, file)?; // a mistake names the file
            let edition = desk.registry.propose_rules(actor.as_records_manager()?, disk::read(file)?)?;
            desk.result(&json::proposed(edition.as_str()), || {
                let enact = format!("`schriftgut rules enact \"{edition}\"`");
                format!("vorgeschlagen: {edition}; in Kraft setzt es eine zweite Person: {enact}")
            })?;
            Ok(0)
        }
        RulesVerb::Enact { edition } => {
            let actor = desk.actor.clone();
            desk.registry.enact_rules(actor.as_rule_enactor()?, edition)?;
            desk.result(&json::enacted(edition), || format!("in Kraft: {edition}"))?;
            Ok(0)
        }
    }
}

fn show(desk: &mut Desk<'_>, edition: Option<&str>, source: bool) -> Answer<u8> {
    let shown = desk.registry.rules_of_edition(edition)?;
    let (book, confirmations) = (&shown.book, &shown.in_force.confirmations);
    desk.result(&json::show(&shown), || {
        if source {
            return shown.source.trim_end().to_owned();
        }
        let mut lines = vec![format!("Regelwerk {}", book.edition())];
        if shown.is_in_force() {
            let proposed = shown.in_force.proposed.iter();
            lines.extend(proposed.map(|proposed| format!("vorgeschlagen ist {}", proposed.edition)));
        } else {
            lines.push(format!("gilt nicht mehr; in Kraft ist {}", shown.in_force.book.edition()));
        }
        lines.extend(book.rules().iter().map(|rule| {
            let confirmed = confirmations.contains(book.edition(), &rule.id);
            let standing = match (rule.confidence, confirmed) {
                (Confidence::Sourced, _) => "belegt",
                (Confidence::ToBeConfirmed, true) => "bestätigt",
                (Confidence::ToBeConfirmed, false) => "zu bestätigen",
            };
            format!("{:<8} {:<14} {}", rule.id, standing, rule.title)
        }));
        let earlier = shown.in_force.editions.keys().filter(|known| *known != book.edition());
        lines.extend(
            earlier.map(|known| format!("auch lesbar: `schriftgut rules show --edition \"{known}\"`")),
        );
        lines.join("\n")
    })?;
    Ok(0)
}

fn check(desk: &mut Desk<'_>, file: Option<&Path>) -> Answer<u8> {
    let source = match file {
        Some(file) => Some((file, disk::read(file)?)),
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
    // What came into force stays so when the record types change; here one learns of it.
    let flaws: Vec<_> = book.thinning_flaws(&rules.types).iter().map(wording::flaw).collect();
    if !flaws.is_empty() {
        let way_out = "schlagen Sie eine berichtigte Ausgabe vor (`schriftgut rules propose`)";
        return Err(Error::mistake("Das Regelwerk passt nicht zu den Aktenarten", flaws.join("; "), way_out));
    }
    desk.result(&json::check(book, today), || {
        let gaps = book.gaps(today).map(|(class, lack)| wording::lack(class, lack));
        let mut lines: Vec<_> = gaps.map(|gap| format!("ohne Regel  {gap}")).collect();
        let rules = wording::count(book.rules().len(), "Regel", "Regeln");
        let gaps = wording::count(lines.len(), "Klasse", "Klassen");
        lines.push(format!("{}: {rules} ohne Widerspruch, {gaps} ohne Regel", book.edition()));
        lines.join("\n")
    })?;
    Ok(0)
}

fn attempt(desk: &mut Desk<'_>, asked: &TryRules) -> Answer<u8> {
    let actor = desk.actor.clone();
    let on = asked.on.unwrap_or_else(|| desk.today());
    let source = asked.file.as_deref().map_or_else(|| desk.registry.proposed_rules(), disk::read)?;
    if let Some(file) = &asked.file {
        read_book(desk, file)?; // a mistake names the file
    }
    let tried = desk.registry.try_rules(actor.as_reader()?, &source, on)?;
    let rules = desk.registry.rules()?;
    if let Some(path) = &asked.csv {
        disk::write(path, &trial_table::write(&tried.changed, &rules.book, &tried.book))?;
    }
    for changed in tried.changed.iter().filter(|_| !asked.sums) {
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

fn diff(desk: &mut Desk<'_>, file: Option<&Path>, against: Option<&Path>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let after = match file {
        Some(file) => read_book(desk, file)?,
        None => desk.registry.read_rules_from("Regelwerk", &desk.registry.proposed_rules()?)?,
    };
    let other = against.map(|file| read_book(desk, file)).transpose()?;
    let before = other.as_ref().unwrap_or(&rules.book);
    let difference = Difference::between(before, &after, &rules.plan, desk.today());
    desk.result(&json::difference(&difference), || wording::difference(&difference).join("\n"))?;
    Ok(0)
}

/// Writes a sheet. What is there is kept: the town adds to it by hand.
fn export(desk: &mut Desk<'_>, what: Sheet, out: &Path, on: Option<Date>) -> Answer<u8> {
    let rules = desk.registry.rules()?;
    let in_force = InForce {
        registry: desk.registry.name(),
        on: on.unwrap_or_else(|| desk.today()),
        plan: &rules.plan,
        book: &rules.book,
        confirmations: &rules.confirmations,
        types: &rules.types,
        grace_days: rules.grace_days,
    };
    let text = match what {
        Sheet::DeletionConcept => deletion_concept::write(in_force),
        Sheet::Art30 => art30::write(in_force),
    };
    disk::write_new(out, &text)?;
    desk.result(&json::exported(what.code(), out, rules.book.edition()), || {
        let out = out.display();
        format!("nach {out} geschrieben; was die Stadt von Hand ergänzt, steht darin am Anfang")
    })?;
    Ok(0)
}

fn read_book(desk: &Desk<'_>, file: &Path) -> Answer<RuleBook> {
    book_of(desk, file, &disk::read(file)?)
}

fn book_of(desk: &Desk<'_>, file: &Path, source: &str) -> Answer<RuleBook> {
    desk.registry.read_rules_from(&disk::name_of(file), source)
}
