//! `hold`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::case_file::{CaseFile, Hold};
use crate::domain::ids::HoldId;
use crate::registry::{HoldOrder, HoldPlaced, StandingHold};

fn references(files: &[CaseFile]) -> Vec<String> {
    files.iter().map(|file| file.reference.to_string()).collect()
}

/// `hold place --json`
pub(in crate::cli) fn placed(placed: &HoldPlaced, order: &HoldOrder, preview: bool) -> Value {
    json!({
        "hold": (!preview).then(|| placed.id.to_string()),
        "reason": order.reason.trim(),
        "since": order.since.to_string(),
        "review": order.review.map(|day| day.to_string()),
        "files": references(&placed.files),
        "too_late": placed.refused.iter().map(|refusal| refusal.what.clone()).collect::<Vec<_>>(),
        "preview": preview,
    })
}

/// `hold release --json`
pub(in crate::cli) fn released(id: HoldId, files: &[CaseFile], on: Date) -> Value {
    json!({ "hold": id.to_string(), "files": references(files), "released": on.to_string() })
}

/// `hold list --json`
pub(in crate::cli) fn holds(orders: &[StandingHold]) -> Value {
    let order = |StandingHold { hold: Hold { id, reason, since, review }, files }: &StandingHold| {
        json!({
            "hold": id.to_string(),
            "reason": reason,
            "since": since.to_string(),
            "review": review.map(|day| day.to_string()),
            "files": references(files),
        })
    };
    json!({ "holds": orders.iter().map(order).collect::<Vec<_>>() })
}
