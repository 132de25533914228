//! Set up (Einrichten): the one-time link gives the operator's account its first secret.

use std::sync::PoisonError;

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use crate::domain::actor::{Actor, Role};
use crate::registry::{Answer, Error};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate;
use crate::web::trouble::Trouble;

#[derive(Template)]
#[template(path = "web/setup.html")]
struct SetupPage<'a> {
    frame: Frame,
    token: &'a str,
    login: &'a str,
    failed: Option<String>,
}

/// The form, for the right link only.
pub fn show(office: &Office, asked: &Asked) -> Outcome {
    let token = asked.query("token").unwrap_or_default();
    let operator = operator_behind(office, token)?;
    let frame = Frame::open(office);
    page(OK, &SetupPage { frame, token, login: &operator.login, failed: None })
}

/// Sets the secret, then uses the link up. Set first: a secret that is refused must not cost the link.
pub fn finish(office: &Office, asked: &Asked) -> Outcome {
    let _alone = office.setting_up.lock().unwrap_or_else(PoisonError::into_inner);
    let token = asked.field("token")?;
    let operator = operator_behind(office, token)?;
    let secret = asked.secret("kennwort");
    let failed = |why: String| {
        let frame = Frame::open(office);
        page(StatusCode::BAD_REQUEST, &SetupPage { frame, token, login: &operator.login, failed: Some(why) })
    };
    if secret != asked.secret("wiederholung") {
        return failed("die beiden Kennwörter sind nicht gleich".to_owned());
    }
    match gate::set_secret(office, &operator, operator.id, &operator.login, secret) {
        Ok(()) => {}
        Err(Trouble::Office(Error::Mistake(words))) => return failed(words.why),
        Err(other) => return Err(other),
    }
    office.registry.use_setup_token(token)?;
    Ok(see_other("/anmelden?getan=eingerichtet"))
}

/// The account that waits for its first secret, if the link is right and unused.
fn operator_behind(office: &Office, token: &str) -> Result<Actor, Trouble> {
    if token.is_empty() || !office.registry.setup_token_fits(token)? {
        return Err(Trouble::NotFound);
    }
    waiting_operator(office)?.ok_or(Trouble::NotFound)
}

fn waiting_operator(office: &Office) -> Answer<Option<Actor>> {
    for person in office.registry.people()? {
        if person.is(Role::Administrator) && !office.registry.has_secret(&person.login)? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}
