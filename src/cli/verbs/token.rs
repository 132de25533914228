//! `user token …`: access tokens, with which programs act for a person.

use crate::cli::args::TokenVerb;
use crate::cli::desk::Desk;
use crate::cli::json::token as json;
use crate::domain::life_cycle::german;
use crate::domain::token::Token;
use crate::registry::{Answer, NewToken};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &TokenVerb) -> Answer<u8> {
    let (actor, registry) = (desk.actor.clone(), desk.registry);
    match verb {
        TokenVerb::Issue { name, scopes, until } => {
            let scopes = scopes.iter().copied().collect();
            let issued = registry.issue_token(&actor, &NewToken { name, scopes, until: *until })?;
            desk.result(&json::issued(&actor.login, &issued), || issued.text.clone())?;
            desk.remark(format_args!(
                "Zugangsschlüssel „{}“, gültig bis {}. Er wird nicht noch einmal gezeigt: Bewahren Sie ihn auf wie ein \
                 Kennwort",
                issued.token.name,
                german(issued.token.until)
            ))?;
        }
        TokenVerb::List { login } => {
            let login = login.as_ref().unwrap_or(&actor.login);
            let tokens = registry.tokens(&actor, login)?;
            let today = desk.today();
            desk.result(&json::tokens(login, &tokens, today), || match tokens.is_empty() {
                true => format!("{login} hat keine Zugangsschlüssel"),
                false => tokens.iter().map(line).collect::<Vec<_>>().join("\n"),
            })?;
        }
        TokenVerb::Revoke { which, of } => {
            let login = of.as_ref().unwrap_or(&actor.login);
            let token = registry.revoke_token(&actor, login, which)?;
            desk.result(&json::revoked(login, &token), || {
                format!("Zugangsschlüssel „{}“ widerrufen", token.name)
            })?;
        }
    }
    Ok(0)
}

fn line(token: &Token) -> String {
    let scopes: Vec<_> = token.scopes.iter().map(ToString::to_string).collect();
    let (issued, until) = (german(token.issued), german(token.until));
    format!("{}  {}  {issued} – {until}  {}", token.id, token.name, scopes.join(", "))
}
