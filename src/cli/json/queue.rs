//! `queue`.

use serde_json::{Value, json};

use crate::domain::document::{Document, TextState};
use crate::registry::{MailboxState, Outdated, QueueView, Reread, RereadSum};

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
        "mailboxes": view.mailboxes.iter().map(mailbox).collect::<Vec<_>>(),
    })
}

fn mailbox(state: &MailboxState) -> Value {
    let aside = |(name, words): &(String, [String; 3])| {
        let mut aside = self::words(words);
        aside["name"] = json!(name);
        aside
    };
    json!({
        "server": state.server,
        "user": state.user,
        "folder": state.folder,
        "failed": state.failed,
        "visited": state.visited.to_string(),
        "trouble": state.trouble.as_ref().map(words),
        "aside_count": state.aside_count,
        "aside": state.aside.iter().map(aside).collect::<Vec<_>>(),
    })
}

fn words([what, why, way_out]: &[String; 3]) -> Value {
    json!({ "what": what, "why": why, "way_out": way_out })
}

/// A document of the queue; `queue --give-up --json`
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

/// `work --again --preview --json`
pub(in crate::cli) fn outdated(outdated: &Outdated) -> Value {
    json!({ "engine": outdated.engine, "documents": outdated.documents.len() })
}

/// `work --again --json`
pub(in crate::cli) fn read_again(outdated: &Outdated, sum: &RereadSum) -> Value {
    let kept = sum.kept.iter().map(|(id, why)| json!({ "document": id.to_string(), "reason": why }));
    json!({
        "engine": outdated.engine,
        "documents": sum.done,
        "new": sum.new,
        "same": sum.same,
        "kept": kept.collect::<Vec<_>>(),
    })
}

/// `queue --retry --json`
pub(in crate::cli) fn retried(document: &Document, reread: &Reread) -> Value {
    let (text, reason) = match reread {
        Reread::New => ("new", None),
        Reread::Same => ("same", None),
        Reread::Kept(why) => ("kept", Some(why)),
    };
    let mut told = self::document(document);
    told["text"] = json!(text);
    told["kept_because"] = json!(reason);
    told
}
