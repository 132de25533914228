//! Sign in and out (Anmelden, Abmelden).

use std::time::Instant;

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use crate::registry::Error;
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::{self, Visitor};
use crate::web::trouble::Trouble;
use crate::web::words::is_our_path;

#[derive(Template)]
#[template(path = "web/sign_in.html")]
struct SignInPage<'a> {
    frame: Frame,
    login: &'a str,
    back: &'a str,
    failed: Option<String>,
}

/// The form.
pub fn show(office: &Office, asked: &Asked) -> Outcome {
    let frame = Frame::open(office).noting(asked);
    let back = asked.query("weiter").filter(|path| is_our_path(path)).unwrap_or_default();
    page(OK, &SignInPage { frame, login: "", back, failed: None })
}

/// Checks the secret and begins a session, always a new one.
pub fn enter(office: &Office, asked: &Asked) -> Outcome {
    let login = asked.field("login")?;
    let back = Some(asked.field("weiter")?).filter(|path| is_our_path(path)).unwrap_or("/");
    let failed = |status: StatusCode, why: String| {
        let back = if back == "/" { "" } else { back };
        page(status, &SignInPage { frame: Frame::open(office), login, back, failed: Some(why) })
    };
    match gate::prove(office, asked, login, asked.secret("kennwort")) {
        Ok(signer) => {
            if let Some(old) = gate::session_id(asked) {
                office.sessions.end(old);
            }
            let id = office.sessions.begin(signer.actor().id, Instant::now());
            Ok(gate::with_session(see_other(back), asked, Some(&id)))
        }
        Err(Trouble::Office(Error::Mistake(words))) => failed(StatusCode::UNAUTHORIZED, words.why),
        Err(trouble @ Trouble::Later { .. }) => {
            let words = trouble.words();
            failed(trouble.status(), format!("{}; {}", words.why, words.way_out))
        }
        Err(other) => Err(other),
    }
}

/// Ends the session.
pub fn leave(office: &Office, _: &Visitor, asked: &Asked) -> Outcome {
    if let Some(id) = gate::session_id(asked) {
        office.sessions.end(id);
    }
    Ok(gate::with_session(see_other("/anmelden?getan=abgemeldet"), asked, None))
}
