//! Is everything as it was written, and what proves it: `verify`, `repair`, `rebuild`, `doctor`, `proof`.

use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::text;
use crate::domain::fixity::{Coverage, Part};
use crate::registry::{Answer, Check, Health, KeylessView, Repair, Verdict, Verified};

/// `verify --json`
#[derive(Serialize)]
pub(in crate::cli) struct VerifyAnswer {
    objects: u64,
    entries: u64,
    unclaimed: u64,
    changed: Vec<String>,
    missing: Vec<String>,
    untracked: Vec<String>,
    /// Only where something was lost: the three lists are the contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lost: Vec<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    part: Option<PartAnswer>,
}

impl VerifyAnswer {
    pub(in crate::cli) fn new(found: &Verified, part: Option<PartAnswer>) -> Self {
        let Verified { objects, entries, unclaimed, changed, missing, untracked, lost } = found.clone();
        Self { objects, entries, unclaimed, changed, missing, untracked, lost, part }
    }
}

/// What `verify --subset` and `--max-time` say besides.
#[derive(Serialize)]
pub(in crate::cli) struct PartAnswer {
    pub(in crate::cli) part: String,
    pub(in crate::cli) complete: bool,
    pub(in crate::cli) resumed: Option<Date>,
    pub(in crate::cli) stopped_at: Option<String>,
    pub(in crate::cli) covered: CoverageAnswer,
}

/// When all was last looked at.
#[derive(Serialize)]
pub(in crate::cli) struct CoverageAnswer {
    whole: Option<Date>,
    parts_done: u32,
    parts: u32,
}

impl From<&Coverage> for CoverageAnswer {
    fn from(coverage: &Coverage) -> Self {
        let Coverage { whole, parts_done, parts, .. } = *coverage;
        Self { whole, parts_done, parts }
    }
}

/// `verify --without-keys --json`
#[derive(Serialize)]
pub(in crate::cli) struct KeylessAnswer {
    #[serde(flatten)]
    found: VerifyAnswer,
    without_keys: bool,
    part: String,
    size: Option<u64>,
    root: Option<String>,
    vault_root: Option<String>,
    archive_root: Option<String>,
}

impl KeylessAnswer {
    pub(in crate::cli) fn new(view: &KeylessView, part: Part) -> Self {
        let [vault_root, archive_root] = view.roots.map(|root| root.map(|root| root.to_string()));
        Self {
            found: VerifyAnswer::new(&view.found, None),
            without_keys: true,
            part: part.to_string(),
            size: view.head.map(|head| head.size),
            root: view.head.map(|head| head.root.to_string()),
            vault_root,
            archive_root,
        }
    }
}

/// `repair --json`
#[derive(Serialize)]
pub(in crate::cli) struct RepairAnswer {
    objects: Vec<String>,
    archived: Vec<String>,
    left: Vec<LeftLine>,
}

#[derive(Serialize)]
struct LeftLine {
    object: String,
    reason: &'static str,
}

impl From<&Repair> for RepairAnswer {
    fn from(done: &Repair) -> Self {
        let left = done.left.iter().map(|(id, reason)| LeftLine { object: id.to_string(), reason });
        Self {
            objects: done.objects.iter().map(ToString::to_string).collect(),
            archived: done.archived.iter().map(ToString::to_string).collect(),
            left: left.collect(),
        }
    }
}

/// `rebuild --json`
pub(in crate::cli) fn rebuilt() -> Value {
    json!({ "rebuilt": ["catalogue", "index"] })
}

/// `doctor --json`
pub(in crate::cli) fn doctor(checks: &[Check]) -> Value {
    let check = |check: &Check| {
        let health = match check.health {
            Health::Good => "good",
            Health::Warning => "warning",
            Health::Bad => "bad",
        };
        json!({ "name": check.name, "health": health, "words": check.words })
    };
    json!({ "checks": checks.iter().map(check).collect::<Vec<_>>() })
}

/// `proof show --json`: the proof itself, on one line.
pub(in crate::cli) fn proof(proof: &str) -> Answer<Value> {
    Ok(serde_json::from_str(proof).map_err(std::io::Error::from)?)
}

/// `proof show --out --json`
pub(in crate::cli) fn proof_written(file: &Path, entries: usize, verifier_key: &str) -> Value {
    json!({ "proof": text(file), "entries": entries, "verifier_key": verifier_key })
}

/// `proof verify --json`
pub(in crate::cli) fn proven(verdict: &Verdict) -> Value {
    json!({
        "valid": true,
        "origin": verdict.origin,
        "size": verdict.size,
        "entries": verdict.entries.len(),
        "destroyed": verdict.destroyed,
    })
}
