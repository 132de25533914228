//! `user …`: people, roles, clearances, secrets.

use std::collections::BTreeSet;

use crate::cli::args::UserVerb;
use crate::cli::desk::Desk;
use crate::cli::json::office as json;
use crate::domain::actor::Actor;
use crate::domain::life_cycle::german;
use crate::registry::{Answer, DeputyOrder, DeputyView, Error, NewPerson};

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
            let administrator = actor.as_administrator()?;
            if roles.is_empty() && domains.is_empty() {
                return Err(nothing_named(&desk.registry.person(login)?));
            }
            desk.registry.set_rights(administrator, login, given(roles), given(domains))?;
            let person = desk.registry.person(login)?;
            let answer = json::rights(login, &person.roles, &person.clearances);
            desk.result(&answer, || format!("Rechte von {login} geändert"))?;
        }
        UserVerb::Duties { login, branches } => {
            let branches: BTreeSet<_> = branches.iter().cloned().collect();
            desk.registry.set_duties(actor.as_administrator()?, login, branches.clone())?;
            desk.result(&json::duties(login, &branches), || match branches.is_empty() {
                true => format!("{login} ist für nichts eigens zuständig"),
                false => format!("Zuständigkeit von {login} geändert"),
            })?;
        }
        UserVerb::Deputy { login, by, from, until, reason, end } => {
            let order = match (by, from, until) {
                (Some(by), Some(from), Some(until)) => Some(DeputyOrder {
                    deputy: by.clone(),
                    from: *from,
                    until: *until,
                    reason: reason.clone(),
                }),
                _ => None,
            };
            deputy(desk, login, order, *end)?;
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
        UserVerb::Token { verb } => return super::token::run(desk, verb),
        UserVerb::List => {
            actor.as_administrator()?;
            let people = desk.registry.people()?;
            desk.result(&json::people(&people), || people.iter().map(line).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(0)
}

/// Names a deputy, ends what there is, or shows it.
fn deputy(desk: &mut Desk<'_>, login: &str, order: Option<DeputyOrder>, end: bool) -> Answer<()> {
    let (actor, registry) = (desk.actor.clone(), desk.registry);
    if end {
        registry.end_deputies(&actor, login)?;
    }
    let deputies = match &order {
        Some(order) => registry.name_deputy(&actor, login, order)?,
        None => registry.deputies(&actor, login)?,
    };
    desk.result(&json::deputies(login, &deputies), || {
        let line = |view: &DeputyView| {
            let one = &view.deputyship;
            let reason = if one.reason.is_empty() { String::new() } else { format!(" ({})", one.reason) };
            format!("{} – {}  {}{reason}", german(one.from), german(one.until), view.deputy.login)
        };
        match deputies.is_empty() {
            true => format!("{login} wird von niemandem vertreten"),
            false => deputies.iter().map(line).collect::<Vec<_>>().join("\n"),
        }
    })
}

fn line(person: &Actor) -> String {
    let roles: Vec<_> = person.roles.iter().map(|role| role.label()).collect();
    let domains: Vec<_> = person.clearances.iter().map(|domain| domain.label()).collect();
    let duties: Vec<_> = person.duties.iter().map(ToString::to_string).collect();
    let duties =
        if duties.is_empty() { String::new() } else { format!(" | zuständig für {}", duties.join(", ")) };
    format!("{:<16} {:<28} {} | {}{duties}", person.login, person.name, roles.join(", "), domains.join(", "))
}

/// What an option names; none if it was not given.
fn given<T: Copy + Ord>(named: &[T]) -> Option<BTreeSet<T>> {
    (!named.is_empty()).then(|| named.iter().copied().collect())
}

/// Nothing is taken away in passing: what is to stay must be named.
fn nothing_named(person: &Actor) -> Error {
    let roles = person.roles.iter().map(|role| format!(" --role {role}"));
    let rights: String =
        roles.chain(person.clearances.iter().map(|domain| format!(" --domain {domain}"))).collect();
    let rights = if rights.is_empty() { " keine Rechte".to_owned() } else { rights };
    Error::mistake(
        format!("Die Rechte von {} bleiben, wie sie sind", person.login),
        format!("weder --role noch --domain ist genannt; jetzt gilt:{rights}"),
        "nennen Sie alle Rollen oder alle Schutzbereiche, die künftig gelten sollen",
    )
}
