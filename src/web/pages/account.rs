//! One's own account: the secret (Kennwort ändern), who stands in while one is away (Vertretung), and the tokens with which
//! programs act for one (Zugangsschlüssel).

use std::time::Instant;

use askama::Template;

use super::OK;
use crate::domain::ids::TokenId;
use crate::domain::life_cycle::german;
use crate::domain::token::{TOKEN_NAME_CHARS_MAX, Token, TokenScope};
use crate::registry::{DeputyOrder, DeputyView, NewToken};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::{self, Visitor};
use crate::web::trouble::OrNotFound as _;

#[derive(Template)]
#[template(path = "web/account.html")]
struct AccountPage {
    frame: Frame,
    login: String,
    /// Who stands in from today on, when and why.
    deputies: Vec<DeputyLine>,
    tokens: Vec<TokenLine>,
    /// What a token can be good for: code and words.
    scopes: Vec<(&'static str, &'static str)>,
    name_chars_max: usize,
}

/// A token that was just issued: the one page on which it stands.
#[derive(Template)]
#[template(path = "web/token.html")]
struct TokenPage {
    frame: Frame,
    name: String,
    text: String,
    until: String,
}

struct TokenLine {
    id: String,
    name: String,
    scopes: String,
    issued: String,
    until: String,
    is_over: bool,
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
    let (tokens, today) = (office.registry.tokens(visitor.actor(), &login)?, office.registry.today());
    let token = |token: &Token| TokenLine {
        id: token.id.to_string(),
        name: token.name.to_string(),
        scopes: token.scopes.iter().map(|scope| scope.label()).collect::<Vec<_>>().join(", "),
        issued: german(token.issued),
        until: german(token.until),
        is_over: !token.runs_on(today),
    };
    let tokens = tokens.iter().map(token).collect();
    let scopes = TokenScope::ALL.map(|scope| (scope.code(), scope.label())).to_vec();
    page(OK, &AccountPage { frame, login, deputies, tokens, scopes, name_chars_max: TOKEN_NAME_CHARS_MAX })
}

/// Issues a token, and shows it. Whoever sits at somebody's unlocked screen does not get one: it takes the secret.
pub fn issue_token(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let name = asked.filled("name", "Name")?;
    asked.filled("bis", "Letzter Tag")?;
    let until = asked.day("bis", office.registry.today())?;
    let scopes = asked.ticked("umfang")?.into_iter().collect();
    gate::prove(office, asked, &visitor.actor().login, asked.secret("kennwort"))?;
    let issued = office.registry.issue_token(visitor.actor(), &NewToken { name, scopes, until })?;
    let (name, until) = (issued.token.name.to_string(), german(issued.token.until));
    let frame = Frame::of(office, visitor, "kennwort");
    page(OK, &TokenPage { frame, name, text: issued.text, until })
}

/// Revokes one.
pub fn revoke_token(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let (actor, id) = (visitor.actor(), asked.param::<TokenId>("schluessel")?);
    office.registry.revoke_token(actor, &actor.login, &id.to_string()).or_not_found()?;
    Ok(see_other("/kennwort?getan=widerrufen"))
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
