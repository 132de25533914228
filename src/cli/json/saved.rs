//! Saved searches: `saved`.

use serde_json::{Value, json};

use crate::domain::ids::SavedSearchId;
use crate::domain::saved::SavedSearch;
use crate::registry::{SavedIn, SavedView};

/// `saved list --json`
pub(in crate::cli) fn searches(all: &[SavedView]) -> Value {
    let line = |view: &SavedView| {
        let (search, news) = (&view.search, view.news.as_ref());
        json!({
            "id": search.id.to_string(),
            "name": search.name.as_str(),
            "query": search.query,
            "file": match &view.place {
                SavedIn::File(reference) => Some(reference),
                SavedIn::Everything | SavedIn::Gone => None,
            },
            "file_gone": view.place == SavedIn::Gone,
            "order": search.order.code(),
            "new": news.ok().map(|news| {
                json!({ "pages": news.pages, "files": news.files, "partial": news.is_partial })
            }),
            "why_not": news.err().map(|words| words.why.as_str()),
        })
    };
    json!({ "searches": all.iter().map(line).collect::<Vec<_>>() })
}

/// `saved add --json`
pub(in crate::cli) fn added(id: SavedSearchId, name: &str) -> Value {
    json!({ "search": id.to_string(), "name": name })
}

/// `saved seen --json`
pub(in crate::cli) fn seen(all: &[SavedSearch]) -> Value {
    json!({ "seen": all.iter().map(|search| search.id.to_string()).collect::<Vec<_>>() })
}

/// `saved rename --json`
pub(in crate::cli) fn renamed(id: SavedSearchId, name: &str) -> Value {
    json!({ "search": id.to_string(), "renamed": name })
}

/// `saved remove --json`
pub(in crate::cli) fn removed(id: SavedSearchId) -> Value {
    json!({ "search": id.to_string(), "removed": true })
}
