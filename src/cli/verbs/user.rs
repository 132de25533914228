//! `user …`: people, roles, clearances, secrets.

use std::collections::BTreeSet;

use crate::cli::args::UserVerb;
use crate::cli::desk::Desk;
use crate::cli::json::office as json;
use crate::domain::actor::Actor;
use crate::registry::{Answer, Error, NewPerson};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &UserVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    match verb {
        UserVerb::Add { login, name, roles, domains } => {
            let person = NewPerson {
                login: login.clone(),
                name: name.clone(),
                roles: roles.iter().copied().collect(),
                clearances: domains.iter().copied().collect(),
            };
            let id = desk.registry.add_person(actor.as_administrator()?, &person)?;
            desk.result(&json::added(id, &person), || {
                format!("{login} angelegt; ein Kennwort setzt `schriftgut user secret {login}`")
            })?;
        }
        UserVerb::Rights { login, roles, domains } => {
            let (roles, domains): (BTreeSet<_>, BTreeSet<_>) =
                (roles.iter().copied().collect(), domains.iter().copied().collect());
            let answer = json::rights(login, &roles, &domains);
            desk.registry.set_rights(actor.as_administrator()?, login, roles, domains)?;
            desk.result(&answer, || format!("Rechte von {login} geändert"))?;
        }
        UserVerb::Secret { login } => {
            let secret = desk.new_secret.clone().ok_or_else(|| {
                Error::mistake(
                    "Es ist kein Kennwort angegeben",
                    "es wurde nicht gefragt",
                    "rufen Sie den Befehl am Bildschirm auf",
                )
            })?;
            desk.registry.set_secret(&actor, login, &secret)?;
            desk.result(&json::secret_set(login), || format!("Kennwort von {login} gesetzt"))?;
        }
        UserVerb::List => {
            actor.as_administrator()?;
            let people = desk.registry.people()?;
            desk.result(&json::people(&people), || people.iter().map(line).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(0)
}

fn line(person: &Actor) -> String {
    let roles: Vec<_> = person.roles.iter().map(|role| role.label()).collect();
    let domains: Vec<_> = person.clearances.iter().map(|domain| domain.label()).collect();
    format!("{:<16} {:<28} {} | {}", person.login, person.name, roles.join(", "), domains.join(", "))
}
