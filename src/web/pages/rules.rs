//! The rules in force (Regelwerk), how far each can be relied on, and which the town has confirmed.

use askama::Template;

use super::OK;
use crate::domain::retention::{Confidence, Difference, Rule};
use crate::format::wording;
use crate::registry::RulesInForce;
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words;

#[derive(Template)]
#[template(path = "web/rules.html")]
struct RulesPage {
    frame: Frame,
    title: String,
    edition: String,
    rules: Vec<RuleView>,
    open: usize,
    confirms: bool,
    proposed: Option<ProposedView>,
}

/// What one person proposed: for a second one to put in force.
struct ProposedView {
    edition: String,
    by: String,
    changes: Vec<String>,
    enacts: bool,
}

struct RuleView {
    id: String,
    title: String,
    classes: String,
    retention: Vec<String>,
    disposition: &'static str,
    basis: String,
    confidence: &'static str,
    confirmed: bool,
    needs_confirming: bool,
    note: Option<String>,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let in_force = office.registry.rules()?;
    let rules: Vec<_> = in_force.book.rules().iter().map(|rule| rule_view(rule, &in_force)).collect();
    page(
        OK,
        &RulesPage {
            frame: Frame::of(office, visitor, "regeln").noting(asked),
            title: in_force.book.pack().title.clone(),
            edition: in_force.book.edition().to_string(),
            open: rules.iter().filter(|rule| rule.needs_confirming).count(),
            rules,
            confirms: visitor.records_manager().is_ok(),
            proposed: proposed(office, visitor, &in_force)?,
        },
    )
}

fn proposed(
    office: &Office,
    visitor: &Visitor,
    in_force: &RulesInForce,
) -> Result<Option<ProposedView>, Trouble> {
    let Some(proposed) = &in_force.proposed else { return Ok(None) };
    let after = office.registry.read_rules_from("Regelwerk", &proposed.source)?;
    let today = office.registry.today();
    let difference = Difference::between(&in_force.book, &after, &in_force.plan, today);
    Ok(Some(ProposedView {
        edition: proposed.edition.to_string(),
        by: office.registry.person_by_id(proposed.by)?.name,
        changes: wording::difference(&difference),
        enacts: visitor.rule_enactor().is_ok_and(|enactor| enactor.actor().id != proposed.by),
    }))
}

fn rule_view(rule: &Rule, in_force: &RulesInForce) -> RuleView {
    let classes: Vec<_> = rule.classes.iter().map(ToString::to_string).collect();
    let confirmed = in_force.confirmations.contains(in_force.book.edition(), &rule.id);
    RuleView {
        id: rule.id.to_string(),
        title: rule.title.clone(),
        classes: classes.join(", "),
        retention: words::retention(rule, &in_force.book),
        disposition: wording::disposition(rule.disposition),
        basis: match &rule.basis.edition {
            Some(edition) => format!("{} ({edition})", rule.basis.text),
            None => rule.basis.text.clone(),
        },
        confidence: words::confidence(rule.confidence),
        confirmed,
        needs_confirming: !confirmed && rule.confidence == Confidence::ToBeConfirmed,
        note: rule.note.clone(),
    }
}

/// The town confirms one rule.
pub fn confirm(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let rule = asked.filled("regel", "Regel")?.to_owned();
    office.registry.confirm_rules(manager, &[rule])?;
    Ok(see_other("/regeln?getan=bestaetigt"))
}

/// A second person puts the proposed edition in force.
pub fn enact(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let enactor = visitor.rule_enactor()?;
    let edition = asked.filled("ausgabe", "Ausgabe")?;
    office.registry.enact_rules(enactor, edition)?;
    Ok(see_other("/regeln?getan=regeln"))
}
