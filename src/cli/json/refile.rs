//! `refile`, `sort`, `withdraw`.

use serde_json::{Value, json};

use crate::domain::document::Document;
use crate::registry::Moved;

/// `refile --json`
pub(in crate::cli) fn refiled(moved: Moved, to: &str) -> Value {
    json!({ "moved": moved.documents, "unsorted": moved.unsorted, "to": to })
}

/// `sort --json`
pub(in crate::cli) fn sorted(sorted: u64, register: Option<&str>) -> Value {
    json!({ "sorted": sorted, "register": register })
}

/// `withdraw --json`
pub(in crate::cli) fn withdrawn(document: &Document) -> Value {
    json!({
        "document": document.id.to_string(),
        "withdrawn": document.withdrawn.as_ref().map(|(on, _)| on.to_string()),
        "reason": document.withdrawn.as_ref().map(|(_, reason)| reason),
    })
}
