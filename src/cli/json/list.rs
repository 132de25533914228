//! From what is due to what is destroyed: `list`, `transfer`.

use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::text;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::disposal::{Decision, DisposalList, LineState};
use crate::domain::ids::DisposalListId;
use crate::registry::{Executed, Handover, ListView, TakenAnswer, ThinnedFile, WrittenMessage};

/// `list create --json`, `list show --json`
pub(in crate::cli) fn list(view: &ListView) -> Value {
    let list = &view.list;
    let lines = view.by_reference().into_iter().map(|it| {
        let line = it.line;
        json!({
            "id": line.file.to_string(),
            "file": it.reference(),
            "rule": line.cause.to_string(),
            "since": line.since.to_string(),
            "proposal": line.proposal.map(Decision::letter),
            "criteria": line.criteria,
            "state": state_code(it.state),
            "held": it.file.is_some_and(|file| !file.holds.is_empty()),
            "thinned": list.thinned.get(&line.file).map(numbers),
            "confirmed": list.confirmed.contains(&line.file),
            "catalogue": line.catalogue.as_ref().map(|said| json!({
                "decision": said.decision.letter(),
                "decides": said.decides,
                "archive": view.catalogues.get(&said.digest).map(|named| &named.archive),
                "on": view.catalogues.get(&said.digest).map(|named| named.on.to_string()),
                "by": view.catalogues.get(&said.digest).map(|named| &named.by),
            })),
            "lent_since": it.file.and_then(|file| file.loan.as_ref()).map(|loan| loan.since.to_string()),
        })
    });
    let messages = list.messages.iter().map(|message| {
        json!({
            "message": message.kind.code(),
            "version": message.version.code(),
            "on": message.on.to_string(),
            "digest": message.digest.to_string(),
        })
    });
    json!({
        "list": list.id.to_string(),
        "created": list.created.to_string(),
        "stage": list.stage_in_words(),
        "messages": messages.collect::<Vec<_>>(),
        "lines": lines.collect::<Vec<_>>(),
    })
}

fn state_code(state: &LineState) -> &'static str {
    match state {
        LineState::Undecided => "undecided",
        LineState::Decided(Decision::Archive) => "archive",
        LineState::Decided(Decision::Destroy) => "destroy",
        LineState::Transferred(_) => "transferred",
        LineState::Obstructed(_) => "obstructed",
    }
}

/// `list show --json` without a list: all of them, with the number of their lines.
pub(in crate::cli) fn lists(lists: &[DisposalList]) -> Value {
    let one = |list: &DisposalList| {
        json!({
            "list": list.id.to_string(),
            "created": list.created.to_string(),
            "stage": list.stage_in_words(),
            "lines": list.lines.len(),
        })
    };
    json!({ "lists": lists.iter().map(one).collect::<Vec<_>>() })
}

/// `list offer --json`, `list propose --json`, `list approve --json`, `list withdraw --json`: what was done, when.
pub(in crate::cli) fn step(list: DisposalListId, done: &str, on: Date) -> Value {
    json!({ "list": list.to_string(), done: on.to_string() })
}

/// `list certificate --json`
pub(in crate::cli) fn certificate(list: DisposalListId, pdf: &Path, bytes: usize) -> Value {
    json!({ "list": list.to_string(), "pdf": pdf.display().to_string(), "bytes": bytes })
}

/// `list appraise --json`
pub(in crate::cli) fn appraised(list: DisposalListId, file: &str, decision: Decision) -> Value {
    json!({ "list": list.to_string(), "file": file, "decision": decision.letter() })
}

/// How much of a file is taken over.
fn numbers(thinned: &Thinned) -> Value {
    json!({ "kept": thinned.kept, "of": thinned.of })
}

/// `list appraise --json` of a file that is taken over in part
pub(in crate::cli) fn thinned(list: DisposalListId, file: &str, done: &ThinnedFile) -> Value {
    let mut answer = appraised(list, file, Decision::Archive);
    answer["thinned"] = numbers(&done.thinned);
    answer["rule"] = json!(done.rule);
    answer["left_out"] = done.left_out.iter().map(|document| document.id.to_string()).collect();
    answer
}

/// `list appraise --follow-proposals --json`
pub(in crate::cli) fn followed(list: DisposalListId, decided: usize) -> Value {
    json!({ "list": list.to_string(), "decided": decided })
}

/// `list execute --json`
pub(in crate::cli) fn executed(executed: &Executed) -> Value {
    let counts = &executed.counts;
    let spared = executed
        .spared
        .iter()
        .map(|spared| json!({ "file": spared.reference, "obstacle": spared.obstacle.code() }));
    json!({
        "list": executed.list.to_string(),
        "files": executed.files,
        "documents": counts.documents,
        "objects": counts.objects,
        "bytes": counts.bytes,
        "objects_held_elsewhere": counts.objects_held_elsewhere,
        "spared": spared.collect::<Vec<_>>(),
        "certificate": text(&executed.certificate),
    })
}

/// `transfer export --json`
pub(in crate::cli) fn handover(handover: &Handover) -> Value {
    json!({
        "bag": text(&handover.bag),
        "form": handover.form.code(),
        "files": handover.files,
        "objects": handover.objects,
        "bytes": handover.bytes,
    })
}

/// `list export --json`: the message that was written
pub(in crate::cli) fn message(written: &WrittenMessage) -> Value {
    json!({
        "message": written.kind.code(),
        "version": written.version.code(),
        "container": text(&written.container),
        "files": written.files,
        "documents": written.documents,
        "primary_files": written.primary_files,
    })
}

/// `list import --json`, `transfer receipt --json`: what an answer decided and confirmed
pub(in crate::cli) fn answer(list: DisposalListId, taken: &TakenAnswer) -> Value {
    let decided = taken.decided.iter().map(|(file, decision, left_out)| {
        json!({ "file": file, "decision": decision.letter(), "left_out": left_out })
    });
    let confirmed = taken
        .confirmed
        .iter()
        .map(|(file, reference)| json!({ "file": file, "archive_reference": reference }));
    json!({
        "list": list.to_string(),
        "message": taken.kind.code(),
        "version": taken.version.code(),
        "sender": taken.sender,
        "decided": decided.collect::<Vec<_>>(),
        "confirmed": confirmed.collect::<Vec<_>>(),
        "receipt": taken.receipt.as_deref().map(text),
    })
}
