//! `refile`, `withdraw`.

use serde_json::{Value, json};

use crate::domain::document::Document;

/// `refile --json`
pub(in crate::cli) fn refiled(moved: u64, to: &str) -> Value {
    json!({ "moved": moved, "to": to })
}

/// `withdraw --json`
pub(in crate::cli) fn withdrawn(document: &Document) -> Value {
    json!({
        "document": document.id.to_string(),
        "withdrawn": document.withdrawn.as_ref().map(|(on, _)| on.to_string()),
        "reason": document.withdrawn.as_ref().map(|(_, reason)| reason),
    })
}
