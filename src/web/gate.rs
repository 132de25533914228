//! The one gate. A [`Visitor`] is somebody signed in, with the rights of this moment, whose question came from
//! our own page; only the gate makes one, and every page that is not open to all takes one.

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::Office;
use super::asked::Asked;
use super::trouble::Trouble;
use crate::base::digest::Blake3;
use crate::domain::actor::{
    Actor, Administrator, Approver, Archivist, Auditor, Clerk, Reader, RecordsManager, RuleEnactor,
    StreetKeeper,
};
use crate::domain::ids::PersonId;
use crate::registry::{Error, Signer};

/// How long a sign-in waits for others that are being checked.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(10);

/// Somebody signed in, with the rights of this moment.
pub struct Visitor {
    actor: Actor,
    csrf: String,
}

macro_rules! rights {
    ($($method:ident: $right:ident from $source:ident;)*) => {
        $(
            /// The right to act so, or a page that names the roles that could.
            pub fn $method(&self) -> Result<$right<'_>, Trouble> {
                self.actor.$source().map_err(Trouble::Forbidden)
            }
        )*
    };
}

impl Visitor {
    rights! {
        reader: Reader from as_reader;
        clerk: Clerk from as_clerk;
        records_manager: RecordsManager from as_records_manager;
        rule_enactor: RuleEnactor from as_rule_enactor;
        street_keeper: StreetKeeper from as_street_keeper;
        archivist: Archivist from as_archivist;
        approver: Approver from as_approver;
        auditor: Auditor from as_auditor;
        administrator: Administrator from as_administrator;
    }

    /// Who it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What every form of this session carries.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Lets somebody in who is signed in; a form only with the token of its own session.
pub fn admit(office: &Office, asked: &Asked) -> Result<Visitor, Trouble> {
    let first = || Trouble::SignInFirst { back: (!asked.changes).then(|| asked.address.clone()) };
    let id = session_id(asked).ok_or_else(first)?;
    let known = office.sessions.find(id, Instant::now()).ok_or_else(first)?;
    let actor = match office.registry.person_by_id(known.person) {
        Ok(actor) => actor,
        Err(Error::Mistake(_)) => {
            office.sessions.end(id);
            return Err(first());
        }
        Err(fault) => return Err(fault.into()),
    };
    // Digests are compared, so that the time tells nothing.
    let token = Blake3::of(asked.secret("csrf").as_bytes());
    if asked.changes && token != Blake3::of(known.csrf.as_bytes()) {
        return Err(Trouble::NotOurForm);
    }
    Ok(Visitor { actor, csrf: known.csrf })
}

/// Refuses a form that another site sent. Browsers say so: `Sec-Fetch-Site` where the connection can be trusted,
/// `Origin` everywhere. What says neither is no browser, and the token (or the secret) speaks for it.
pub fn require_our_form(asked: &Asked) -> Result<(), Trouble> {
    let ours = match (asked.header("sec-fetch-site"), asked.header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == asked.header("host")
        }
        (None, None) => true,
    };
    if ours { Ok(()) } else { Err(Trouble::NotOurForm) }
}

/// Checks a secret, behind the brake and the turnstile.
pub fn prove(office: &Office, asked: &Asked, login: &str, secret: &str) -> Result<Signer, Trouble> {
    if let Some(wait) = office.brake.wait(login, asked.peer, Instant::now()) {
        return Err(Trouble::Later {
            seconds: wait.as_secs() + 1,
            why: "es wurden zu viele falsche Kennwörter eingegeben",
        });
    }
    let pass = office.stretching.enter(SIGN_IN_PATIENCE).ok_or(Trouble::Later {
        seconds: SIGN_IN_PATIENCE.as_secs(),
        why: "zu viele Anmeldungen gleichzeitig",
    })?;
    let proven = office.registry.sign_in(login, secret);
    drop(pass);
    match &proven {
        Ok(_) => office.brake.succeeded(login, asked.peer),
        Err(Error::Mistake(_)) => office.brake.failed(login, asked.peer, Instant::now()),
        Err(_) => {}
    }
    Ok(proven?)
}

/// Sets a secret, which stretches it too; the person's sessions end.
pub fn set_secret(
    office: &Office,
    by: &Actor,
    person: PersonId,
    login: &str,
    secret: &str,
) -> Result<(), Trouble> {
    let _pass = office.stretching.enter(SIGN_IN_PATIENCE).ok_or(Trouble::Later {
        seconds: SIGN_IN_PATIENCE.as_secs(),
        why: "zu viele Anmeldungen gleichzeitig",
    })?;
    office.registry.set_secret(by, login, secret)?;
    office.sessions.end_all_of(person);
    Ok(())
}

/// The session the browser names.
pub fn session_id(asked: &Asked) -> Option<&str> {
    asked.cookie(cookie_name(asked)).filter(|id| id.len() == 64)
}

/// Over TLS the name itself forbids that a neighbouring site sets it (RFC 6265bis, `__Host-`).
fn cookie_name(asked: &Asked) -> &'static str {
    if asked.is_local() { "schriftgut" } else { "__Host-schriftgut" }
}

/// Hands the browser its session, or takes it away.
pub fn with_session(mut response: Response, asked: &Asked, id: Option<&str>) -> Response {
    let name = cookie_name(asked);
    let secure = if asked.is_local() { "" } else { "; Secure" };
    let (id, ends) = id.map_or(("", "; Max-Age=0"), |id| (id, ""));
    let cookie = format!("{name}={id}; HttpOnly; SameSite=Strict; Path=/{secure}{ends}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
