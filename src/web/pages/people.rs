//! People (Personen), kept by the administration: who there is, what they may, and their first secret.

use std::collections::BTreeSet;

use askama::Template;

use super::OK;
use crate::domain::actor::Role;
use crate::domain::protection::ProtectionDomain;
use crate::registry::NewPerson;
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::{self, Visitor};

#[derive(Template)]
#[template(path = "web/people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<PersonView>,
    none: Ticks,
}

struct PersonView {
    login: String,
    name: String,
    roles: String,
    clearances: String,
    has_secret: bool,
    ticks: Ticks,
}

/// Roles and clearances as boxes: code, word, ticked.
struct Ticks {
    roles: Vec<(&'static str, &'static str, bool)>,
    clearances: Vec<(&'static str, &'static str, bool)>,
}

impl Ticks {
    fn of(roles: &BTreeSet<Role>, clearances: &BTreeSet<ProtectionDomain>) -> Self {
        let role = |role: Role| (role.code(), role.label(), roles.contains(&role));
        let domain = |domain: ProtectionDomain| (domain.code(), domain.label(), clearances.contains(&domain));
        Self { roles: Role::ALL.map(role).into(), clearances: ProtectionDomain::ALL.map(domain).into() }
    }
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.administrator()?;
    let mut people = Vec::new();
    for person in office.registry.people()? {
        let roles: Vec<_> = person.roles.iter().map(|role| role.label()).collect();
        let clearances: Vec<_> = person.clearances.iter().map(|domain| domain.label()).collect();
        people.push(PersonView {
            roles: roles.join(", "),
            clearances: clearances.join(", "),
            has_secret: office.registry.has_secret(&person.login)?,
            ticks: Ticks::of(&person.roles, &person.clearances),
            login: person.login,
            name: person.name,
        });
    }
    let none = Ticks::of(&BTreeSet::new(), &BTreeSet::from([ProtectionDomain::General]));
    page(OK, &PeoplePage { frame: Frame::of(office, visitor, "personen").noting(asked), people, none })
}

/// Registers a person; the secret is set apart.
pub fn add(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let administrator = visitor.administrator()?;
    let person = NewPerson {
        login: asked.filled("login", "Anmeldename")?.to_owned(),
        name: asked.filled("name", "Name")?.to_owned(),
        roles: asked.ticked("rolle")?.into_iter().collect(),
        clearances: asked.ticked("schutzbereich")?.into_iter().collect(),
    };
    office.registry.add_person(administrator, &person)?;
    Ok(see_other("/personen?getan=person"))
}

/// Sets roles and clearances anew; they hold from the next question on.
pub fn set_rights(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let administrator = visitor.administrator()?;
    let login = asked.filled("login", "Anmeldename")?;
    let (roles, clearances) = (asked.ticked("rolle")?, asked.ticked("schutzbereich")?);
    office.registry.set_rights(
        administrator,
        login,
        Some(roles.into_iter().collect()),
        Some(clearances.into_iter().collect()),
    )?;
    Ok(see_other("/personen?getan=rechte"))
}

/// Gives a person a secret; what that person was signed in to ends.
pub fn set_secret(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.administrator()?;
    let person = office.registry.person(asked.filled("login", "Anmeldename")?)?;
    let secret = asked.secret("kennwort");
    if secret != asked.secret("wiederholung") {
        return Err(mistake(
            "Das Kennwort wurde nicht gesetzt",
            "die beiden Kennwörter sind nicht gleich",
            "gehen Sie zurück und geben Sie sie erneut ein",
        ));
    }
    gate::set_secret(office, visitor.actor(), person.id, &person.login, secret)?;
    Ok(see_other("/personen?getan=kennwort"))
}
