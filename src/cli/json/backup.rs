//! Copies and what comes of them: `backup`, `keys`, `checkpoint`, `restore`, `quarantine`.

use std::path::Path;

use serde_json::{Value, json};

use super::text;
use crate::base::digest::Sha256;
use crate::domain::restoration::{RELEASES_NEEDED, Restoration};
use crate::registry::{BackedUp, Checked, Drilled, KeysBackedUp, Restored};

/// `backup --to --json`
pub(in crate::cli) fn backed_up(to: &Path, done: &BackedUp) -> Value {
    json!({
        "backup": text(to),
        "entries": done.state.size,
        "root": done.state.root.to_string(),
        "objects": done.objects,
        "copied": done.copied,
        "copied_bytes": done.copied_bytes,
        "removed": done.removed,
        "short": done.short,
    })
}

/// `backup --keys --json`
pub(in crate::cli) fn keys_backed_up(done: &KeysBackedUp) -> Value {
    json!({
        "keys": text(&done.copy),
        "count": done.keys,
        "destroyed": done.destroyed,
        "kept": done.kept,
    })
}

/// `backup drill --json`
pub(in crate::cli) fn drilled(done: &Drilled) -> Value {
    json!({
        "entries": done.state.size,
        "files": done.files,
        "documents": done.documents,
        "pages": done.pages,
        "compared": done.compared,
        "differences": done.differences,
        "named": done.named,
    })
}

/// `backup check --json`
pub(in crate::cli) fn checked(found: &Checked) -> Value {
    json!({
        "entries": found.state.size,
        "at": found.at.to_string(),
        "objects": found.objects,
        "short": found.short,
        "unclaimed": found.unclaimed,
        "changed": found.changed,
        "missing": found.missing,
        "untracked": found.untracked,
    })
}

/// `keys backup --json`
pub(in crate::cli) fn keyring(out: &Path) -> Value {
    json!({ "keys": text(out) })
}

/// `keys recover --json`
pub(in crate::cli) fn recovered(file: &Path) -> Value {
    json!({ "master": text(file) })
}

/// `checkpoint --to --json`
pub(in crate::cli) fn checkpoint(to: &Path, entries: u64, root: &Sha256) -> Value {
    json!({ "checkpoint": text(to), "entries": entries, "root": root.to_string() })
}

/// `checkpoint --against --json`
pub(in crate::cli) fn compared(continues: bool, words: &str) -> Value {
    json!({ "continues": continues, "words": words })
}

/// `restore --json`
pub(in crate::cli) fn restored(to: &Path, done: &Restored) -> Value {
    json!({
        "registry": text(to),
        "entries": done.state.size,
        "objects": done.objects,
        "lost_entries": done.lost(),
        "destroyed_again": done.destroyed_again,
        "quarantine": done.witness.is_none(),
        "changed": done.verified.changed,
        "missing": done.verified.missing,
        "untracked": done.verified.untracked,
        "lost": done.verified.lost,
    })
}

/// `quarantine show --json`
pub(in crate::cli) fn quarantine(restoration: &Restoration) -> Value {
    let releases = restoration.releases.len();
    json!({
        "quarantine": true,
        "since": restoration.on.to_string(),
        "entries": restoration.backup.size,
        "releases": releases,
        "needed": RELEASES_NEEDED.saturating_sub(releases),
    })
}

/// `quarantine release --json`
pub(in crate::cli) fn released(left: usize) -> Value {
    json!({ "quarantine": left > 0, "needed": left })
}
