//! One's own account: the secret (Kennwort ändern), and who stands in while one is away (Vertretung).

use std::time::Instant;

use askama::Template;

use super::OK;
use crate::domain::life_cycle::german;
use crate::registry::{DeputyOrder, DeputyView};
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
    /// Who stands in from today on, when and why.
    deputies: Vec<DeputyLine>,
}

struct DeputyLine {
    name: String,
    from: String,
    until: String,
    reason: String,
}

/// The form.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let frame = Frame::of(office, visitor, "kennwort").noting(asked);
    let login = visitor.actor().login.clone();
    let deputies = office.registry.deputies(visitor.actor(), &login)?;
    let line = |view: &DeputyView| DeputyLine {
        name: format!("{} ({})", view.deputy.name, view.deputy.login),
        from: german(view.deputyship.from),
        until: german(view.deputyship.until),
        reason: view.deputyship.reason.clone(),
    };
    let deputies = deputies.iter().map(line).collect();
    page(OK, &AccountPage { frame, login, deputies })
}

/// Names who stands in.
pub fn name_deputy(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let deputy = asked.filled("vertretung", "Vertretung")?.to_owned();
    asked.filled("von", "Erster Tag")?;
    asked.filled("bis", "Letzter Tag")?;
    let today = office.registry.today();
    let (from, until) = (asked.day("von", today)?, asked.day("bis", today)?);
    let order = DeputyOrder { deputy, from, until, reason: asked.field("grund")?.to_owned() };
    office.registry.name_deputy(visitor.actor(), &visitor.actor().login, &order)?;
    Ok(see_other("/kennwort?getan=vertretung"))
}

/// Ends what runs or is to come.
pub fn end_deputies(office: &Office, visitor: &Visitor, _asked: &Asked) -> Outcome {
    office.registry.end_deputies(visitor.actor(), &visitor.actor().login)?;
    Ok(see_other("/kennwort?getan=vertretung_beendet"))
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
