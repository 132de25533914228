//! `queue`.

use serde_json::{Value, json};

use crate::domain::document::{Document, TextState};
use crate::registry::QueueView;

/// `queue --json`
pub(in crate::cli) fn queue(view: &QueueView) -> Value {
    let now = |(document, seconds): &(Document, u64)| {
        let mut now = self::document(document);
        now["seconds"] = json!(seconds);
        now
    };
    let all = |documents: &[Document]| documents.iter().map(document).collect::<Vec<_>>();
    json!({
        "now": view.now.iter().map(now).collect::<Vec<_>>(),
        "waiting": view.waiting,
        "oldest": view.oldest.map(|day| day.to_string()),
        "next": all(&view.next),
        "in_part_count": view.in_part_count,
        "in_part": all(&view.in_part),
    })
}

/// A document of the queue; `queue --retry --json`, `queue --give-up --json`
pub(in crate::cli) fn document(document: &Document) -> Value {
    let (state, reasons) = match &document.text {
        TextState::Unread => ("unread", Vec::new()),
        TextState::Read(text) if text.is_complete() => ("read", text.shortfalls.clone()),
        TextState::Read(text) => ("in_part", text.shortfalls.clone()),
        TextState::GivenUp { reason } => ("given_up", vec![reason.clone()]),
    };
    json!({
        "document": document.id.to_string(),
        "file_name": document.file_name,
        "received": document.received.to_string(),
        "state": state,
        "reasons": reasons,
    })
}
