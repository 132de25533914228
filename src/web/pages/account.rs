//! One's own secret (Kennwort ändern).

use std::time::Instant;

use askama::Template;

use super::OK;
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::{self, Visitor};

#[derive(Template)]
#[template(path = "web/account.html")]
struct AccountPage {
    frame: Frame,
    login: String,
}

/// The form.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let frame = Frame::of(office, visitor, "kennwort").noting(asked);
    page(OK, &AccountPage { frame, login: visitor.actor().login.clone() })
}

/// Changes it; every session of this person ends, and this one begins anew.
pub fn change_secret(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let actor = visitor.actor();
    let new = asked.secret("neu");
    if new != asked.secret("wiederholung") {
        return Err(mistake(
            "Das Kennwort wurde nicht geändert",
            "die beiden neuen Kennwörter sind nicht gleich",
            "gehen Sie zurück und geben Sie sie erneut ein",
        ));
    }
    gate::prove(office, asked, &actor.login, asked.secret("kennwort"))?;
    gate::set_secret(office, actor, actor.id, &actor.login, new)?;
    let id = office.sessions.begin(actor.id, Instant::now());
    Ok(gate::with_session(see_other("/kennwort?getan=kennwort"), asked, Some(&id)))
}
