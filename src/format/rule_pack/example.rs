//! One example: from its TOML table to a file, a day and what must be found.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::entry::{A_CLASS, A_DISPOSITION, A_NAME, A_REGISTER, AN_ID, day, entry, word, words};
use super::mistake::PackMistake;
use crate::domain::case_file::{CaseFile, Fact, FactKind, Hold, PaperLocation, Phase};
use crate::domain::ids::DocumentId;
use crate::domain::record_type::TypeEdition;
use crate::domain::retention::example::{EXAMPLE_HOLD, Example, example_file};
use crate::domain::retention::{Outcome, WaitingFor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleWire {
    name: String,
    class: String,
    opened: Option<String>,
    closed: Option<String>,
    #[serde(default)]
    facts: BTreeMap<String, String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    held: bool,
    #[serde(default)]
    paper: bool,
    #[serde(default = "yes")]
    confirmed: bool,
    on: String,
    expect: String,
    would_be: Option<String>,
    since: Option<String>,
    until: Option<String>,
    disposition: Option<String>,
    waiting_for: Option<Vec<String>>,
    rule: Option<String>,
    offer_overdue: Option<bool>,
    restricted_from: Option<String>,
    proposes: Option<Vec<String>>,
    paper_may_go: Option<bool>,
    record_type: Option<String>,
    leaves_out: Option<Vec<String>>,
}

fn yes() -> bool {
    true
}

pub(super) fn example(file: &str, table: toml::Table) -> Result<Example, PackMistake> {
    let (wire, here) = entry::<ExampleWire>(file, "Beispiel", "name", table)?;
    let proposes = wire.proposes.as_ref().map(|ids| words(&here, "proposes", ids, AN_ID)).transpose()?;
    let restricted_from = wire.restricted_from.as_deref().map(|text| day(&here, "restricted_from", text));
    let leaves_out = wire.leaves_out.as_ref();
    let leaves_out = leaves_out.map(|numbers| words(&here, "leaves_out", numbers, A_REGISTER)).transpose()?;
    Ok(Example {
        file: case_file(&here, &wire)?,
        confirmed: wire.confirmed,
        on: day(&here, "on", &wire.on)?,
        outcome: outcome(&here, &wire)?,
        rule: wire.rule.as_deref().map(|id| word(&here, "rule", id, AN_ID)).transpose()?,
        offer_overdue: wire.offer_overdue,
        restricted_from: restricted_from.transpose()?,
        proposes,
        leaves_out,
        paper_may_go: wire.paper_may_go,
        name: wire.name,
    })
}

fn case_file(here: &PackMistake, wire: &ExampleWire) -> Result<CaseFile, PackMistake> {
    let mut file = example_file(word(here, "class", &wire.class, A_CLASS)?);
    if let Some(opened) = &wire.opened {
        file.opened = day(here, "opened", opened)?;
    }
    let mut know = |kind: &str, on: &str, field: &str| {
        let kind = word::<FactKind>(here, field, kind, A_NAME)?;
        let on = day(here, field, on)?;
        file.facts.push(Fact { kind, on, source: "Beispiel".to_owned() });
        Ok(on)
    };
    for (kind, on) in &wire.facts {
        know(kind, on, "facts")?;
    }
    if let Some(closed) = &wire.closed {
        let on = know(FactKind::CLOSED, closed, "closed")?;
        file.phase = Phase::Closed { on };
    }
    if wire.held {
        file.holds.push(Hold {
            id: EXAMPLE_HOLD,
            reason: "Beispiel".to_owned(),
            since: file.opened,
            review: None,
        });
    }
    if wire.paper {
        file.carriers.paper = Some(PaperLocation {
            shelf: "A 1".to_owned(),
            r#box: "17".to_owned(),
            ..PaperLocation::default()
        });
        file.documents.push(DocumentId(Uuid::from_u128(1)));
    }
    file.fields.clone_from(&wire.fields);
    if let Some(id) = &wire.record_type {
        let edition = word(here, "record_type", "Beispiel", AN_ID)?;
        file.record_type = Some(TypeEdition { id: word(here, "record_type", id, A_NAME)?, edition });
    }
    Ok(file)
}

fn outcome(here: &PackMistake, wire: &ExampleWire) -> Result<Outcome, PackMistake> {
    match (wire.expect.as_str(), &wire.would_be) {
        ("unconfirmed", Some(would_be)) => {
            Ok(Outcome::Unconfirmed { would_be: Box::new(plain_outcome(here, "would_be", would_be, wire)?) })
        }
        ("unconfirmed", None) => Err(here.field("would_be", "das Feld fehlt")),
        (expect, None) => plain_outcome(here, "expect", expect, wire),
        (_, Some(_)) => Err(here.field("would_be", "steht nur bei expect = \"unconfirmed\"")),
    }
}

fn plain_outcome(
    here: &PackMistake,
    field: &str,
    expect: &str,
    wire: &ExampleWire,
) -> Result<Outcome, PackMistake> {
    let missing = |field| here.field(field, "das Feld fehlt");
    let superfluous = |field| here.field(field, &format!("passt nicht zu „{expect}“"));
    let allowed = |name, present: bool, kinds: &[&str]| {
        if present && !kinds.contains(&expect) { Err(superfluous(name)) } else { Ok(()) }
    };
    allowed("since", wire.since.is_some(), &["due"])?;
    allowed("disposition", wire.disposition.is_some(), &["due"])?;
    allowed("until", wire.until.is_some(), &["retained"])?;
    allowed("waiting_for", wire.waiting_for.is_some(), &["not_begun", "suspended"])?;
    match expect {
        "not_begun" => {
            let waiting_for = wire.waiting_for.as_ref().ok_or_else(|| missing("waiting_for"))?;
            Ok(Outcome::NotBegun { waiting_for: self::waiting_for(here, waiting_for)? })
        }
        "suspended" => {
            let waiting_for = wire.waiting_for.as_deref().ok_or_else(|| missing("waiting_for"))?;
            let [until] = waiting_for else {
                return Err(here.field("waiting_for", "erwartet wird die eine Tatsache, mit der es weitergeht"));
            };
            Ok(Outcome::Suspended { until: word(here, "waiting_for", until, A_NAME)? })
        }
        "retained" => {
            let until = wire.until.as_ref().ok_or_else(|| missing("until"))?;
            Ok(Outcome::Retained { until: day(here, "until", until)? })
        }
        "due" => {
            let since = wire.since.as_ref().ok_or_else(|| missing("since"))?;
            let disposition = wire.disposition.as_ref().ok_or_else(|| missing("disposition"))?;
            Ok(Outcome::Due {
                since: day(here, "since", since)?,
                disposition: word(here, "disposition", disposition, A_DISPOSITION)?,
            })
        }
        "permanent" => Ok(Outcome::Permanent),
        "held" => Ok(Outcome::Held { by: EXAMPLE_HOLD }),
        "ungoverned" => Ok(Outcome::Ungoverned),
        other => Err(here.field(
            field,
            &format!("„{other}“: erwartet wird not_begun, suspended, retained, permanent, held, due, ungoverned oder unconfirmed"),
        )),
    }
}

fn waiting_for(here: &PackMistake, facts: &[String]) -> Result<WaitingFor, PackMistake> {
    if facts == [FactKind::CLOSED] {
        Ok(WaitingFor::Closing)
    } else {
        Ok(WaitingFor::Facts(words(here, "waiting_for", facts, A_NAME)?))
    }
}
