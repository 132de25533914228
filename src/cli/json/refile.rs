//! `refile`, `sort`, `withdraw`, `split`, `merge`, `unpack`.

use serde_json::{Value, json};

use crate::answers::{MadeOfPart, StaysInsideAnswer};
use crate::domain::document::Document;
use crate::registry::{CameOut, Moved, Reassembled};

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

/// `split --json`, `merge --json`
pub(in crate::cli) fn reassembled(done: &Reassembled) -> Value {
    let part = |part: &Document| {
        json!({
            "document": part.id.to_string(),
            "file_name": part.file_name,
            "made_of": MadeOfPart::all_of(part),
        })
    };
    json!({
        "documents": done.parts.iter().map(part).collect::<Vec<_>>(),
        "withdrawn": done.originals.iter().map(|document| document.id.to_string()).collect::<Vec<_>>(),
        "left_out": done.left_out,
    })
}

/// `unpack --json`
pub(in crate::cli) fn came_out(done: &CameOut) -> Value {
    let new = |new: &Document| {
        let path = new.contained_in.as_ref().map(|(_, path)| path);
        json!({ "document": new.id.to_string(), "file_name": new.file_name, "path": path })
    };
    json!({
        "document": done.container.id.to_string(),
        "documents": done.documents.iter().map(new).collect::<Vec<_>>(),
        "stays_inside": StaysInsideAnswer::all_of(&done.container),
    })
}
