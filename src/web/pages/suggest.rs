//! How a query goes on that is being typed, for the script of the search page.
//!
//! Without a script a page cannot ask while somebody types: a `<datalist>` comes with the page and would have to hold
//! every word. So the search page, and no other, has one small script of our own (`assets/web/suche.js`); without it the
//! page does all else it does ([ADR 15](../../../docs/adr/0015-one-script.md)).

use axum::http::header;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};

use crate::registry::Suggestion;
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::Asked;
use crate::web::gate::Visitor;

/// Suggestions as JSON; an empty list where nothing goes on.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let suggestions = office.registry.suggest(visitor.reader()?, asked.query("q").unwrap_or_default())?;
    let line =
        |made: &Suggestion| json!({ "kind": made.kind.label(), "text": made.text, "query": made.query });
    let lines: Vec<Value> = suggestions.iter().map(line).collect();
    let of_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((of_type, json!({ "suggestions": lines }).to_string()).into_response())
}
