//! Rules (Regelwerk): the file plan and the rule pack in force, both kept in the ledger as they were enacted.

use std::sync::Arc;

use crate::domain::ids::KeyId;

use super::Registry;
use super::error::{Answer, Error};
use super::record_types::read_types;
use super::streets::read_streets;
use crate::catalog::Kind;
use crate::domain::actor::RecordsManager;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::file_plan::FilePlan;
use crate::domain::record_type::RecordTypes;
use crate::domain::retention::{Confirmations, RuleBook};
use crate::domain::streets::Streets;
use crate::format::{file_plan, rule_pack, wording};

/// What is in force.
#[derive(Debug)]
pub struct RulesInForce {
    /// The file plan.
    pub plan: FilePlan,
    /// The rule book.
    pub book: RuleBook,
    /// Which rules the town has confirmed.
    pub confirmations: Confirmations,
    /// Days an approved list waits.
    pub grace_days: u16,
    /// Which streets there are, and which had other names; empty until somebody says so.
    pub streets: Streets,
    /// The record types; none in a registry older than they are, until somebody enacts some.
    pub types: RecordTypes,
}

impl Registry {
    /// The rules in force.
    ///
    /// # Errors
    /// A fault only if an earlier change of rules broke down.
    pub fn rules(&self) -> Answer<Arc<RulesInForce>> {
        self.rules.read().map(|rules| Arc::clone(&rules)).map_err(|_| {
            Error::fault(
                "Das Regelwerk ist nicht verfügbar",
                "starten Sie das Programm neu",
                "ein früherer Wechsel des Regelwerks ist abgestürzt",
            )
        })
    }

    /// The town confirms rules that rest on practice. All of the book's if `rules` is empty.
    ///
    /// # Errors
    /// A mistake for a rule the book does not have.
    pub fn confirm_rules(&self, manager: RecordsManager<'_>, rules: &[String]) -> Answer<usize> {
        let writing = self.writing()?;
        let in_force = self.rules()?;
        let edition = in_force.book.edition().to_string();
        let wanted: Vec<String> = if rules.is_empty() {
            in_force.book.rules().iter().map(|rule| rule.id.to_string()).collect()
        } else {
            rules.to_vec()
        };
        let mut events = Vec::new();
        for rule in wanted {
            let known = in_force.book.rules().iter().find(|known| known.id.to_string() == rule);
            let Some(known) = known else {
                return Err(Error::mistake(
                    format!("Die Regel „{rule}“ gibt es nicht"),
                    format!("die Ausgabe {edition} kennt sie nicht"),
                    "`schriftgut rules show` zeigt die Regeln",
                ));
            };
            if !in_force.confirmations.contains(in_force.book.edition(), &known.id) {
                events.push(Event::Office(OfficeEvent::RuleConfirmed { rule, edition: edition.clone() }));
            }
        }
        self.record(&writing, manager.actor().id, &events)?;
        self.reload_rules()?;
        Ok(events.len())
    }

    /// Enacts another rule pack (TOML text). Its confirmations start anew: they hold for one edition.
    ///
    /// # Errors
    /// A mistake that names every flaw.
    pub fn enact_rules(&self, manager: RecordsManager<'_>, source: String) -> Answer<String> {
        let writing = self.writing()?;
        let book = read_book("Regelwerk", &source, &self.rules()?.plan)?;
        let edition = book.edition().to_string();
        let event = Event::Office(OfficeEvent::RulesEnacted { edition: edition.clone(), source });
        self.record(&writing, manager.actor().id, &[event])?;
        self.reload_rules()?;
        Ok(edition)
    }

    /// A rule book for this registry's file plan, without enacting it; `file` is its name in messages.
    ///
    /// # Errors
    /// A mistake that names every flaw.
    pub fn read_rules_from(&self, file: &str, source: &str) -> Answer<RuleBook> {
        read_book(file, source, &self.rules()?.plan)
    }

    /// Reads what is in force out of the office's own record.
    pub(super) fn reload_rules(&self) -> Answer<()> {
        let rules = self.read_rules()?;
        let mut slot = self.rules.write().map_err(|_| {
            Error::fault(
                "Das Regelwerk ist nicht verfügbar",
                "starten Sie das Programm neu",
                "ein früherer Wechsel des Regelwerks ist abgestürzt",
            )
        })?;
        *slot = Arc::new(rules);
        Ok(())
    }

    fn read_rules(&self) -> Answer<RulesInForce> {
        let office = self.lived(Kind::Office, KeyId::OFFICE.0)?.unwrap_or_default();
        in_force(office.office_events())
    }
}

/// What a sequence of office events leaves in force.
pub(super) fn in_force<'a>(events: impl Iterator<Item = &'a OfficeEvent>) -> Answer<RulesInForce> {
    let (mut plan, mut pack, mut streets, mut grace_days) = (None, None, None, 30);
    let (mut confirmed, mut types) = (Vec::new(), RecordTypes::default());
    for event in events {
        match event {
            OfficeEvent::Founded { grace_days: days, .. } => grace_days = *days,
            OfficeEvent::FilePlanSet { source } => plan = Some(source),
            OfficeEvent::StreetsSet { source } => streets = Some(source),
            OfficeEvent::RulesEnacted { source, .. } => pack = Some(source),
            OfficeEvent::RuleConfirmed { rule, edition } => confirmed.push((edition, rule)),
            OfficeEvent::RecordTypesEnacted { sources } => types = read_types(sources, &types)?,
            OfficeEvent::Verified { .. }
            | OfficeEvent::Repaired { .. }
            | OfficeEvent::Restored { .. }
            | OfficeEvent::Released { .. }
            | OfficeEvent::Drilled { .. } => {}
        }
    }
    let missing = |what: &str| {
        Error::fault(
            format!("Die Registratur hat {what}"),
            "prüfen Sie mit `schriftgut verify`; neue Registraturen legt `schriftgut init` an",
            "in den Einträgen über das Amt selbst steht nichts davon",
        )
    };
    let plan = read_plan(plan.ok_or_else(|| missing("keinen Aktenplan"))?)?;
    let book = read_book("Regelwerk", pack.ok_or_else(|| missing("kein Regelwerk"))?, &plan)?;
    let mut confirmations = Confirmations::default();
    for (edition, rule) in confirmed {
        if let (Ok(edition), Ok(rule)) = (edition.parse(), rule.parse()) {
            confirmations.confirm(edition, rule);
        }
    }
    let streets = streets.map_or_else(|| Ok(Streets::default()), |source| read_streets(source))?;
    Ok(RulesInForce { plan, book, confirmations, grace_days, streets, types })
}

/// Reads a file plan.
pub(super) fn read_plan(source: &str) -> Answer<FilePlan> {
    file_plan::read("Aktenplan", source).map_err(|flaw| {
        Error::mistake("Der Aktenplan ist nicht lesbar", flaw.to_string(), "berichtigen Sie die Datei")
    })
}

/// Reads and checks a rule pack; `file` is its name in messages.
pub(super) fn read_book(file: &str, source: &str, plan: &FilePlan) -> Answer<RuleBook> {
    rule_pack::read_book(file, source, plan).map_err(|error| {
        let why = wording::pack_mistakes(&error).join("; ");
        Error::mistake("Das Regelwerk ist nicht gültig", why, "berichtigen Sie die Datei")
    })
}
