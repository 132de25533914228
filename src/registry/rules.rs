//! Rules (Regelwerk): the file plan and the rule pack in force, both kept in the ledger as they were enacted.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::ids::KeyId;

use super::Registry;
use super::error::{Answer, Error};
use super::file_plan::{PlanInForce, read_plan};
use super::record_types::read_types;
use super::streets::read_streets;
use crate::catalog::Kind;
use crate::domain::actor::{RecordsManager, RuleEnactor};
use crate::domain::disposal::{Catalogue, CatalogueInForce, PlanMessage, Receivers};
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::file_plan::FilePlan;
use crate::domain::record_type::RecordTypes;
use crate::domain::retention::{Confirmations, Edition, ProposedRules, RuleBook};
use crate::domain::streets::Streets;
use crate::format::rule_pack::PackError;
use crate::format::{rule_pack, wording};

/// What is in force.
#[derive(Debug)]
pub struct RulesInForce {
    /// The file plan.
    pub plan: FilePlan,
    /// Every file plan that is or was in force, in order, with its text.
    pub plans: Vec<PlanInForce>,
    /// The rule book.
    pub book: RuleBook,
    /// Which rules the town has confirmed.
    pub confirmations: Confirmations,
    /// Days an approved list waits.
    pub grace_days: u16,
    /// Which streets there are, and which had other names; empty until somebody says so.
    pub streets: Streets,
    /// Every edition that is or was in force, with its text.
    pub editions: BTreeMap<Edition, String>,
    /// What one person proposed and nobody has put in force yet.
    pub proposed: Option<ProposedRules>,
    /// The record types; none in a registry older than they are, until somebody enacts some.
    pub types: RecordTypes,
    /// Messages about the file plan that went out to an archive and came in from there, in order.
    pub plan_messages: Vec<PlanMessage>,
    /// What archives decided on classes of the file plan, in order; the last is in force.
    pub catalogues: Vec<Catalogue>,
    /// The catalogue in force.
    pub catalogue: Option<CatalogueInForce>,
    /// The archives that take over, and what each takes.
    pub receivers: Receivers,
}

/// An edition of the rules that is or was in force.
#[derive(Debug)]
pub struct RulesOfEdition {
    /// Its rules.
    pub book: RuleBook,
    /// Its text, as it was enacted.
    pub source: String,
    /// What is in force now; its confirmations name the edition each holds for.
    pub in_force: Arc<RulesInForce>,
}

impl RulesOfEdition {
    /// It is the one in force.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.book.edition() == self.in_force.book.edition()
    }
}

impl Registry {
    /// The rules that are or were in force as this edition; those in force if none is named.
    ///
    /// # Errors
    /// A mistake that names the editions there are.
    pub fn rules_of_edition(&self, edition: Option<&str>) -> Answer<RulesOfEdition> {
        let in_force = self.rules()?;
        let wanted = edition.unwrap_or(in_force.book.edition().as_str());
        let source = in_force.editions.iter().find(|(known, _)| known.as_str() == wanted);
        let source = source.map(|(_, source)| source.clone()).ok_or_else(|| {
            let known: Vec<_> = in_force.editions.keys().map(|known| format!("„{known}“")).collect();
            Error::mistake(
                format!("Die Ausgabe „{wanted}“ des Regelwerks gibt es nicht"),
                format!("in Kraft sind oder waren: {}", known.join(", ")),
                "schreiben Sie die Ausgabe, wie sie dort steht",
            )
        })?;
        // A file plan only grows: what fitted an earlier one fits this one.
        let book = read_book("Regelwerk", &source, &in_force.plan)?;
        Ok(RulesOfEdition { book, source, in_force })
    }

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

    /// Proposes another rule pack (TOML text); a second person enacts it. A newer proposal takes the place of an older one.
    ///
    /// # Errors
    /// A mistake that names every flaw, or if the edition is in force or was and read otherwise.
    pub fn propose_rules(&self, manager: RecordsManager<'_>, source: String) -> Answer<Edition> {
        let writing = self.writing()?;
        let rules = self.rules()?;
        let edition = read_new_book("Regelwerk", &source, &rules)?.edition().clone();
        let refuse = |why: &str| {
            let what = format!("Das Regelwerk {edition} wird nicht vorgeschlagen");
            Err(Error::mistake(what, why, "geben Sie der geänderten Fassung eine neue Ausgabe (edition)"))
        };
        match rules.editions.get(&edition) {
            Some(known) if *known != source => return refuse("diese Ausgabe galt schon und lautet anders"),
            Some(_) if edition == *rules.book.edition() => return refuse("diese Ausgabe ist in Kraft"),
            _ => {}
        }
        let by = manager.actor().id;
        let event = Event::Office(OfficeEvent::RulesProposed { edition: edition.clone(), source, by });
        self.record(&writing, by, &[event])?;
        self.reload_rules()?;
        Ok(edition)
    }

    /// Puts the proposed edition in force, by a second person. Its confirmations hold for it alone.
    ///
    /// # Errors
    /// A refusal for whoever proposed it, or if another edition is proposed or none.
    pub fn enact_rules(&self, enactor: RuleEnactor<'_>, edition: &str) -> Answer<()> {
        let writing = self.writing()?;
        let rules = self.rules()?;
        let proposed = rules.proposed.as_ref().ok_or_else(nothing_proposed)?;
        let event = proposed.enacted_by(enactor, edition)?;
        read_new_book("Regelwerk", &proposed.source, &rules)?; // file plan and types may have changed since
        self.record(&writing, enactor.actor().id, &[Event::Office(event)])?;
        self.reload_rules()?;
        Ok(())
    }

    /// The text of the proposed rule pack.
    ///
    /// # Errors
    /// A mistake if none is proposed.
    pub fn proposed_rules(&self) -> Answer<String> {
        Ok(self.rules()?.proposed.as_ref().ok_or_else(nothing_proposed)?.source.clone())
    }

    /// A rule book for this registry's file plan, without enacting it; `file` is its name in messages.
    ///
    /// # Errors
    /// A mistake that names every flaw.
    pub fn read_rules_from(&self, file: &str, source: &str) -> Answer<RuleBook> {
        read_new_book(file, source, &*self.rules()?)
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

fn nothing_proposed() -> Error {
    Error::mistake(
        "Es ist kein Regelwerk vorgeschlagen",
        "seit dem letzten Inkrafttreten hat niemand eines vorgeschlagen",
        "eine Datei schlägt vor: `schriftgut rules propose DATEI`",
    )
}

/// What a sequence of office events leaves in force.
pub(super) fn in_force<'a>(events: impl Iterator<Item = &'a OfficeEvent>) -> Answer<RulesInForce> {
    let (mut plans, mut pack, mut streets, mut grace_days) = (Vec::new(), None, None, 30);
    let (mut confirmed, mut types) = (Vec::new(), RecordTypes::default());
    let (mut editions, mut proposed) = (BTreeMap::new(), None);
    let (mut plan_messages, mut catalogues) = (Vec::new(), Vec::new());
    let mut receivers = Receivers::default();
    for event in events {
        match event {
            OfficeEvent::Founded { grace_days: days, .. } => grace_days = *days,
            OfficeEvent::FilePlanSet { edition, source } => {
                plans.push(PlanInForce { edition: edition.clone(), source: source.clone() });
            }
            OfficeEvent::StreetsSet { source } => streets = Some(source),
            OfficeEvent::RulesProposed { edition, source, by } => {
                let (edition, source) = (edition.clone(), source.clone());
                proposed = Some(ProposedRules { edition, source, by: *by });
            }
            OfficeEvent::RulesEnacted { edition, source } => {
                (pack, proposed) = (Some(source), None);
                editions.extend(edition.parse().ok().map(|edition| (edition, source.clone())));
            }
            OfficeEvent::RuleConfirmed { rule, edition } => confirmed.push((edition, rule)),
            OfficeEvent::RecordTypesEnacted { sources } => types = read_types(sources, &types)?,
            OfficeEvent::ArchiveSet { name, takes, is_default } => receivers.set(name, *takes, *is_default),
            OfficeEvent::PlanMessaged { message } => plan_messages.push(message.clone()),
            OfficeEvent::PlanAppraised { catalogue } => catalogues.push(catalogue.clone()),
            OfficeEvent::NumberGiven { .. }
            | OfficeEvent::Verified { .. }
            | OfficeEvent::Repaired { .. }
            | OfficeEvent::Restored { .. }
            | OfficeEvent::Released { .. }
            | OfficeEvent::BackedUp { .. }
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
    let plan = &plans.last().ok_or_else(|| missing("keinen Aktenplan"))?.source;
    let plan = read_plan("Aktenplan", plan)?;
    let book = read_book("Regelwerk", pack.ok_or_else(|| missing("kein Regelwerk"))?, &plan)?;
    let mut confirmations = Confirmations::default();
    for (edition, rule) in confirmed {
        if let (Ok(edition), Ok(rule)) = (edition.parse(), rule.parse()) {
            confirmations.confirm(edition, rule);
        }
    }
    let streets = streets.map_or_else(|| Ok(Streets::default()), |source| read_streets(source))?;
    let catalogue = catalogues.last().map(|last| in_force_for(last, &plans)).transpose()?;
    Ok(RulesInForce {
        plan,
        plans,
        book,
        confirmations,
        grace_days,
        streets,
        editions,
        proposed,
        types,
        plan_messages,
        catalogues,
        catalogue,
        receivers,
    })
}

/// A catalogue, with the plan its archive was shown.
fn in_force_for(catalogue: &Catalogue, plans: &[PlanInForce]) -> Answer<CatalogueInForce> {
    let meant = plans.iter().rfind(|plan| plan.edition.as_ref() == Some(&catalogue.edition));
    let source = meant.ok_or_else(|| {
        Error::fault(
            format!("Den Aktenplan {} gibt es nicht, für den ein Bewertungskatalog gilt", catalogue.edition),
            "prüfen Sie mit `schriftgut verify`",
            "in den Einträgen über das Amt selbst steht er nicht",
        )
    })?;
    Ok(CatalogueInForce::new(catalogue.clone(), &read_plan("Aktenplan", &source.source)?))
}

/// Reads and checks a rule pack; `file` is its name in messages.
pub(super) fn read_book(file: &str, source: &str, plan: &FilePlan) -> Answer<RuleBook> {
    rule_pack::read_book(file, source, plan).map_err(|error| invalid(&error))
}

/// The same for a pack that is not in force yet.
fn read_new_book(file: &str, source: &str, rules: &RulesInForce) -> Answer<RuleBook> {
    rule_pack::read_new_book(file, source, &rules.plan, &rules.types).map_err(|error| invalid(&error))
}

fn invalid(error: &PackError) -> Error {
    let why = wording::pack_mistakes(error).join("; ");
    Error::mistake("Das Regelwerk ist nicht gültig", why, "berichtigen Sie die Datei")
}
