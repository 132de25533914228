//! The file plan (Aktenplan) and its editions: looked at, tried, enacted. It is kept in the ledger as it was enacted, like the
//! rules; an edition once in force never says something else, and no class ever goes.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::rules::{RulesInForce, read_book};
use crate::domain::actor::{Actor, RecordsManager};
use crate::domain::case_file::ClassNumber;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::file_plan::{ChangedClass, FilePlan, changes, missing};
use crate::domain::retention::{Edition, RuleBook};
use crate::format::file_plan::xdomea;
use crate::format::{file_plan, wording};

/// A file plan that is or was in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanInForce {
    /// Its edition; plans that came before there were editions have none.
    pub edition: Option<Edition>,
    /// The TOML text.
    pub source: String,
}

/// What another file plan would change.
#[derive(Debug, Clone)]
pub struct PlanPreview {
    /// The other plan.
    pub plan: FilePlan,
    /// It is the one in force, however it is written.
    pub is_in_force: bool,
    /// What is different, by number of the class.
    pub changes: Vec<ChangedClass>,
    /// Of classes whose change touches them: how many files that this person may read lie there.
    pub files: BTreeMap<ClassNumber, u64>,
    /// Classes that take files and that no rule governs today, though the plan in force had no such gap there.
    pub ungoverned: Vec<ClassNumber>,
}

impl Registry {
    /// The file plan that is or was in force as this edition.
    ///
    /// # Errors
    /// A mistake that names the editions there are.
    pub fn plan_of_edition(&self, edition: &str) -> Answer<FilePlan> {
        let rules = self.rules()?;
        let is_meant = |plan: &&PlanInForce| plan.edition.as_ref().is_some_and(|own| own.as_str() == edition);
        match rules.plans.iter().rfind(is_meant) {
            Some(plan) => read_plan("Aktenplan", &plan.source),
            None => {
                let known: Vec<_> = rules.plans.iter().filter_map(|plan| plan.edition.as_ref()).collect();
                let known: Vec<_> = known.iter().map(|edition| format!("„{edition}“")).collect();
                let known = if known.is_empty() { "keine".to_owned() } else { known.join(", ") };
                Err(Error::mistake(
                    format!("Die Ausgabe „{edition}“ des Aktenplans gibt es nicht"),
                    format!("in Kraft sind oder waren: {known}"),
                    "nennen Sie eine davon, oder lassen Sie die Angabe weg: dann zeigt sich der geltende Aktenplan",
                ))
            }
        }
    }

    /// What another file plan (TOML text) would change against the one in force; `file` is its name in messages. Nothing is
    /// enacted.
    ///
    /// # Errors
    /// A mistake that names everything that keeps it from being enacted, but a missing edition.
    pub fn check_plan(&self, actor: &Actor, file: &str, source: &str) -> Answer<PlanPreview> {
        let rules = self.rules()?;
        let plan = fitting(&rules, file, source)?;
        self.preview(actor, &rules, plan)
    }

    /// Puts another file plan (TOML text) in force. Files that are there keep their class, their reference number and the
    /// secrecy they were opened with. The plan in force, given again, changes nothing.
    ///
    /// # Errors
    /// A mistake that names everything that keeps it from being enacted.
    pub fn enact_plan(&self, manager: RecordsManager<'_>, file: &str, source: String) -> Answer<PlanPreview> {
        // What there is to be known of files is gathered before anybody has to wait.
        let mut preview = self.check_plan(manager.actor(), file, &source)?;
        let writing = self.writing()?;
        let rules = self.rules()?;
        let plan = fitting(&rules, file, &source)?;
        let Some(edition) = plan.edition().cloned() else {
            return Err(Error::mistake(
                "Der Aktenplan tritt nicht in Kraft",
                format!("{file} hat keine Ausgabe"),
                "schreiben Sie an den Anfang der Datei etwa edition = \"2026-1\"",
            ));
        };
        preview.is_in_force = rules.plan == plan;
        preview.changes = changes(&rules.plan, &plan);
        if !preview.is_in_force {
            let event = Event::Office(OfficeEvent::FilePlanSet { edition: Some(edition), source });
            self.record(&writing, manager.actor().id, &[event])?;
            self.reload_rules()?;
        }
        Ok(preview)
    }

    /// The file plan in force as the message 0301 of xdomea, and what of the rules it cannot say, German.
    ///
    /// # Errors
    /// A fault only.
    pub fn plan_as_xdomea(&self) -> Answer<(String, Vec<String>)> {
        let (rules, today) = (self.rules()?, self.today());
        let envelope = xdomea::Envelope {
            process: Uuid::new_v4(),
            at: self.disk.now(),
            sender: self.name(),
            program: env!("CARGO_PKG_VERSION"),
        };
        let fate = |class: &ClassNumber| {
            xdomea::Fate::of(rules.book.governing(class, today).ok().map(|(rule, _)| rule))
        };
        let text = xdomea::write(&rules.plan, envelope, &fate);
        let inexact = rules.plan.leaves().filter(|class| !fate(&class.number).is_exact).count();
        let lost = (inexact > 0).then(|| {
            let classes = wording::count(inexact, "Klasse", "Klassen");
            format!(
                "Bei {classes} steht „unbefristet“: ihre Frist beginnt nicht mit der Schlussverfügung allein, oder für sie \
                 gilt keine Regel"
            )
        });
        Ok((text, lost.into_iter().collect()))
    }

    fn preview(&self, actor: &Actor, rules: &RulesInForce, plan: FilePlan) -> Answer<PlanPreview> {
        let changes = changes(&rules.plan, &plan);
        let touched = changes.iter().filter(|one| one.change.concerns_files());
        let files = self.readable_files_in(actor, touched.map(|one| one.number.clone()).collect())?;
        let ungoverned = match book_for(rules, &plan)? {
            None => Vec::new(),
            Some(book) => {
                let had: BTreeSet<_> = rules.book.gaps(self.today()).map(|(class, _)| class).collect();
                let gaps = book.gaps(self.today()).map(|(class, _)| class);
                gaps.filter(|class| !had.contains(class)).cloned().collect()
            }
        };
        Ok(PlanPreview { is_in_force: rules.plan == plan, plan, changes, files, ungoverned })
    }

    /// How many files that this person may read lie in each of these classes; classes without any are left out.
    fn readable_files_in(
        &self,
        actor: &Actor,
        classes: BTreeSet<ClassNumber>,
    ) -> Answer<BTreeMap<ClassNumber, u64>> {
        let mut counted = BTreeMap::new();
        if classes.is_empty() {
            return Ok(counted);
        }
        let parts = self.fold_files(&|part: &mut BTreeMap<ClassNumber, u64>, file| {
            if classes.contains(&file.class) && actor.may_read_file(&file) {
                *part.entry(file.class).or_default() += 1;
            }
            Ok(())
        })?;
        for (class, count) in parts.into_iter().flatten() {
            *counted.entry(class).or_default() += count;
        }
        Ok(counted)
    }
}

/// Two texts are one edition if they say the same, with whatever remarks.
fn says(known: &PlanInForce, source: &str, plan: &FilePlan) -> bool {
    known.source == source || file_plan::read("Aktenplan", &known.source).is_ok_and(|known| known == *plan)
}

/// The plan, if it may take the place of the one in force.
fn fitting(rules: &RulesInForce, file: &str, source: &str) -> Answer<FilePlan> {
    let plan = read_plan(file, source)?;
    let refuse = |why: String, way_out: &str| {
        let what = match plan.edition() {
            Some(edition) => format!("Der Aktenplan {edition} kann nicht in Kraft treten"),
            None => "Der Aktenplan kann nicht in Kraft treten".to_owned(),
        };
        Err(Error::mistake(what, why, way_out))
    };
    let known = |known: &&PlanInForce| known.edition.is_some() && known.edition.as_ref() == plan.edition();
    if rules.plans.iter().filter(known).any(|known| !says(known, source, &plan)) {
        return refuse(
            "diese Ausgabe galt schon und lautet anders".to_owned(),
            "geben Sie der geänderten Fassung eine neue Ausgabe (edition)",
        );
    }
    let missing = missing(&rules.plan, &plan);
    if !missing.is_empty() {
        let named: Vec<_> = missing.iter().map(|class| format!("{} {}", class.number, class.title)).collect();
        let named = wording::first_of(&named, "eine weitere Klasse", "weitere Klassen").join("; ");
        return refuse(
            format!("es fehlen Klassen des geltenden Aktenplans: {named}"),
            "nehmen Sie sie wieder auf; eine Klasse, die nicht mehr gebraucht wird, bekommt closed = true",
        );
    }
    book_for(rules, &plan)?;
    Ok(plan)
}

/// The rule book in force, for another plan; none before anything is in force.
fn book_for(rules: &RulesInForce, plan: &FilePlan) -> Answer<Option<RuleBook>> {
    let Some(pack) = rules.editions.get(rules.book.edition()) else { return Ok(None) };
    let book = read_book("Regelwerk", pack, plan).map_err(|error| {
        Error::mistake(
            "Der Aktenplan kann nicht in Kraft treten",
            format!("das geltende Regelwerk passt nicht zu ihm: {}", error.words().why),
            "nehmen Sie die genannten Klassen auf, oder ändern Sie zuerst das Regelwerk",
        )
    });
    book.map(Some)
}

/// Reads a file plan; `file` is its name in messages.
pub(super) fn read_plan(file: &str, source: &str) -> Answer<FilePlan> {
    file_plan::read(file, source).map_err(|mistakes| {
        let told = wording::first_of(&mistakes, "ein weiterer Fehler", "weitere Fehler");
        let way_out = "berichtigen Sie die Datei; es gilt, was bisher galt";
        Error::mistake("Der Aktenplan ist nicht gültig", told.join("; "), way_out)
    })
}
