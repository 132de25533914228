//! Help while searching: `suggest`, `similar`, `duplicates`.

use serde_json::{Value, json};

use crate::domain::document::Sameness;
use crate::registry::{Duplicated, SimilarDocument, Suggestion};

/// `suggest --json`
pub(in crate::cli) fn suggestions(all: &[Suggestion]) -> Value {
    let line = |one: &Suggestion| json!({ "kind": one.kind.name(), "text": one.text, "query": one.query });
    json!({ "suggestions": all.iter().map(line).collect::<Vec<_>>() })
}

/// `similar --json`
pub(in crate::cli) fn similar(all: &[SimilarDocument]) -> Value {
    json!({ "documents": all.iter().map(one_similar).collect::<Vec<_>>() })
}

fn one_similar(one: &SimilarDocument) -> Value {
    let percent = match one.sameness {
        Some(Sameness::Content) => Some(100),
        Some(Sameness::Text { percent }) => Some(percent),
        None => None,
    };
    json!({
        "document": one.document.id.to_string(),
        "file_name": one.document.file_name,
        "page": one.page,
        "file": one.file.as_ref().map(|file| file.reference.to_string()),
        "title": one.file.as_ref().map(|file| file.title.clone()),
        "same_content": one.sameness == Some(Sameness::Content),
        "same_text_percent": percent,
    })
}

/// `duplicates --json`
pub(in crate::cli) fn duplicates(all: &[Duplicated]) -> Value {
    let line = |one: &Duplicated| {
        json!({
            "document": one.document.id.to_string(),
            "file_name": one.document.file_name,
            "same": one.same.iter().map(one_similar).collect::<Vec<_>>(),
        })
    };
    json!({ "documents": all.iter().map(line).collect::<Vec<_>>() })
}
