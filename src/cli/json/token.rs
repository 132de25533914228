//! Access tokens: `user token`. The token itself stands in the answer to `issue` and nowhere else.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::texts;
use crate::domain::token::Token;
use crate::registry::IssuedToken;

/// `user token issue --json`
pub(in crate::cli) fn issued(login: &str, issued: &IssuedToken) -> Value {
    let token = &issued.token;
    json!({
        "login": login,
        "id": token.id.to_string(),
        "name": token.name.to_string(),
        "scopes": texts(&token.scopes),
        "until": token.until.to_string(),
        "token": issued.text,
    })
}

/// `user token list --json`
pub(in crate::cli) fn tokens(login: &str, tokens: &[Token], today: Date) -> Value {
    let one = |token: &Token| {
        json!({
            "id": token.id.to_string(),
            "name": token.name.to_string(),
            "scopes": texts(&token.scopes),
            "issued": token.issued.to_string(),
            "until": token.until.to_string(),
            "valid": token.runs_on(today),
        })
    };
    json!({ "login": login, "tokens": tokens.iter().map(one).collect::<Vec<_>>() })
}

/// `user token revoke --json`
pub(in crate::cli) fn revoked(login: &str, token: &Token) -> Value {
    json!({ "login": login, "id": token.id.to_string(), "name": token.name.to_string(), "revoked": true })
}
