//! The office itself, its people and its streets: `init`, `demo`, `user`, `serve`, `watch`, `streets`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{text, texts};
use crate::domain::actor::{Actor, Role};
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::{MessageVersion, Naming, Receiver, Receivers};
use crate::domain::ids::{DisposalListId, PersonId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::streets::Renaming;
use crate::jobs::watch::Tally;
use crate::registry::{
    DeputyView, Executed, Founding, Handover, NewPerson, RulesInForce, StreetsCount, Summary, Verified,
};

/// `init --json`. The recovery sheets are no part of it: they are to be printed, and kept in no file.
pub(in crate::cli) fn founded(
    root: &Path,
    founding: &Founding,
    rules: &RulesInForce,
    verifier_key: &str,
    setup_token: &str,
) -> Value {
    json!({
        "registry": text(root),
        "name": founding.name,
        "edition": rules.book.edition().to_string(),
        "rules": rules.book.rules().len(),
        "verifier_key": verifier_key,
        "login": founding.login,
        "roles": [Role::Administrator.code(), Role::Clerk.code()],
        "setup_token": setup_token,
        "setup_path": setup_path(setup_token),
    })
}

/// Where the first sign-in is set up.
pub(in crate::cli) fn setup_path(token: &str) -> String {
    format!("/einrichten?token={token}")
}

/// `demo --json`: what was shown, when all of it was.
pub(in crate::cli) struct Shown {
    pub(in crate::cli) registry: PathBuf,
    pub(in crate::cli) verifier_key: String,
    pub(in crate::cli) taken: Summary,
    pub(in crate::cli) list: DisposalListId,
    pub(in crate::cli) handover: Handover,
    pub(in crate::cli) executed: Executed,
    pub(in crate::cli) verified: Verified,
}

impl Shown {
    pub(in crate::cli) fn json(&self) -> Value {
        json!({
            "registry": text(&self.registry),
            "verifier_key": self.verifier_key,
            "documents": self.taken.taken + self.taken.known,
            "list": self.list.to_string(),
            "archived": self.handover.files.len(),
            "bag": text(&self.handover.bag),
            "destroyed": self.executed.files,
            "certificate": text(&self.executed.certificate),
            "objects": self.verified.objects,
            "entries": self.verified.entries,
            "clean": self.verified.is_clean(),
        })
    }
}

/// `user add --json`
pub(in crate::cli) fn added(id: PersonId, person: &NewPerson) -> Value {
    json!({
        "person": id.to_string(),
        "login": person.login,
        "name": person.name,
        "roles": texts(&person.roles),
        "domains": texts(&person.clearances),
    })
}

/// `user rights --json`
pub(in crate::cli) fn rights<'a>(
    login: &str,
    roles: impl IntoIterator<Item = &'a Role>,
    domains: impl IntoIterator<Item = &'a ProtectionDomain>,
) -> Value {
    json!({ "login": login, "roles": texts(roles), "domains": texts(domains) })
}

/// `user secret --json`
pub(in crate::cli) fn secret_set(login: &str) -> Value {
    json!({ "login": login, "secret_set": true })
}

/// `user duties --json`
pub(in crate::cli) fn duties(login: &str, branches: &BTreeSet<ClassNumber>) -> Value {
    json!({ "login": login, "duties": texts(branches) })
}

/// `user deputy --json`
pub(in crate::cli) fn deputies(login: &str, deputies: &[DeputyView]) -> Value {
    let one = |view: &DeputyView| {
        json!({
            "deputy": view.deputy.login,
            "from": view.deputyship.from.to_string(),
            "until": view.deputyship.until.to_string(),
            "reason": view.deputyship.reason,
        })
    };
    json!({ "login": login, "deputies": deputies.iter().map(one).collect::<Vec<_>>() })
}

/// `user list --json`
pub(in crate::cli) fn people(people: &[Actor]) -> Value {
    let person = |person: &Actor| {
        json!({
            "person": person.id.to_string(),
            "login": person.login,
            "name": person.name,
            "roles": texts(&person.roles),
            "domains": texts(&person.clearances),
            "duties": texts(&person.duties),
        })
    };
    json!({ "people": people.iter().map(person).collect::<Vec<_>>() })
}

/// `serve --json`: said once it listens.
pub(in crate::cli) fn listening(address: SocketAddr) -> Value {
    json!({ "address": format!("http://{address}/") })
}

/// Last line of `watch --once --json`.
pub(in crate::cli) fn watched(tally: &Tally) -> Value {
    let Tally { taken, known, refused, finished, left } = tally;
    let summary = json!({
        "taken": taken, "known": known, "refused": refused, "finished": finished, "left": left,
    });
    json!({ "summary": summary })
}

/// `archive set --json`, `archive show --json`, `archive forget --json`: all that are known
pub(in crate::cli) fn archives(receivers: &Receivers) -> Value {
    let one = |receiver: &Receiver| {
        json!({
            "archive": receiver.name,
            "form": receiver.takes.form.code(),
            "xdomea": receiver.takes.version.map(MessageVersion::code),
            "naming": receiver.takes.naming.map(Naming::code),
            "default": receivers.usual() == Some(receiver),
        })
    };
    json!({ "archives": receivers.all().iter().map(one).collect::<Vec<_>>() })
}

/// `streets show --json`
pub(in crate::cli) fn streets(named: &[String], renamings: &[Renaming]) -> Value {
    let line = |Renaming { old, new, from }: &Renaming| json!({ "old": old, "new": new, "from": from });
    json!({ "streets": named, "renamings": renamings.iter().map(line).collect::<Vec<_>>() })
}

/// `streets set --json`
pub(in crate::cli) fn streets_set(count: StreetsCount) -> Value {
    json!({ "set": count.renamings, "streets": count.named })
}
