//! Help while searching: `suggest`, `similar`.

use serde_json::{Value, json};

use crate::registry::{SimilarDocument, Suggestion};

/// `suggest --json`
pub(in crate::cli) fn suggestions(all: &[Suggestion]) -> Value {
    let line = |one: &Suggestion| json!({ "kind": one.kind.name(), "text": one.text, "query": one.query });
    json!({ "suggestions": all.iter().map(line).collect::<Vec<_>>() })
}

/// `similar --json`
pub(in crate::cli) fn similar(all: &[SimilarDocument]) -> Value {
    let line = |one: &SimilarDocument| {
        json!({
            "document": one.document.id.to_string(),
            "file_name": one.document.file_name,
            "page": one.page,
            "file": one.file.as_ref().map(|file| file.reference.to_string()),
            "title": one.file.as_ref().map(|file| file.title.clone()),
        })
    };
    json!({ "documents": all.iter().map(line).collect::<Vec<_>>() })
}
