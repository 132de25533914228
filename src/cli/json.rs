//! The JSON of the command line (design §7): a contract of its own, apart from what the office keeps.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::fixity::{Coverage, Part};
use crate::registry::{Hit, KeylessView, Outcome, Repair, Taken, Verified};

/// One line of `ingest --json`.
#[derive(Serialize)]
pub(super) struct TakenLine {
    document: Option<String>,
    file: Option<String>,
    source: String,
    outcome: &'static str,
    reason: Option<String>,
}

impl From<&Taken> for TakenLine {
    fn from(taken: &Taken) -> Self {
        let (document, outcome, reason) = match &taken.outcome {
            Outcome::Taken(id) => (Some(id.to_string()), "taken", None),
            Outcome::Known(id) => (Some(id.to_string()), "known", None),
            Outcome::Refused(words) => (None, "refused", Some(words.why.clone())),
        };
        let file = taken.file.as_ref().map(ToString::to_string);
        Self { document, file, source: taken.source.clone(), outcome, reason }
    }
}

/// Last line of `ingest --json`.
#[derive(Serialize)]
pub(super) struct IngestSummary {
    pub(super) summary: IngestCounts,
}

/// The numbers of an ingest.
#[derive(Serialize, Default)]
pub(super) struct IngestCounts {
    pub(super) taken: u64,
    pub(super) known: u64,
    pub(super) refused: u64,
    pub(super) pages: u64,
    pub(super) read: u64,
    /// Of this run's documents.
    pub(super) unread: u64,
    pub(super) bytes: u64,
    /// Only where there are any: the fields above are the contract.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) incomplete: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) unreadable: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A hit of `search --json`.
#[derive(Serialize)]
pub(super) struct HitLine {
    file: Option<String>,
    title: Option<String>,
    document: Option<String>,
    file_name: Option<String>,
    page: Option<u32>,
    snippet: String,
    score: f32,
}

impl From<&Hit> for HitLine {
    fn from(hit: &Hit) -> Self {
        Self {
            file: hit.file.as_ref().map(|file| file.reference.to_string()),
            title: hit.file.as_ref().map(|file| file.title.clone()),
            document: hit.document.as_ref().map(|document| document.id.to_string()),
            file_name: hit.document.as_ref().map(|document| document.file_name.clone()),
            page: hit.page,
            snippet: hit.snippet.text.clone(),
            score: hit.score,
        }
    }
}

/// `search --json`
#[derive(Serialize)]
pub(super) struct SearchAnswer {
    pub(super) total: usize,
    /// The disk is full: what was taken in last is not found yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) behind: bool,
    pub(super) took_ms: f64,
    /// Where matches are not as typed, how far it had to look: `misread`, `similar`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reach: Option<&'static str>,
    pub(super) hits: Vec<HitLine>,
}

/// `verify --json`
#[derive(Serialize)]
pub(super) struct VerifyAnswer {
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
    pub(super) fn new(found: Verified, part: Option<PartAnswer>) -> Self {
        let Verified { objects, entries, unclaimed, changed, missing, untracked, lost } = found;
        Self { objects, entries, unclaimed, changed, missing, untracked, lost, part }
    }
}

/// What `verify --subset` and `--max-time` say besides.
#[derive(Serialize)]
pub(super) struct PartAnswer {
    pub(super) part: String,
    pub(super) complete: bool,
    pub(super) resumed: Option<Date>,
    pub(super) stopped_at: Option<String>,
    pub(super) covered: CoverageAnswer,
}

/// When all was last looked at.
#[derive(Serialize)]
pub(super) struct CoverageAnswer {
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
pub(super) struct KeylessAnswer {
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
    pub(super) fn new(view: &KeylessView, part: Part) -> Self {
        let [vault_root, archive_root] = view.roots.map(|root| root.map(|root| root.to_string()));
        Self {
            found: VerifyAnswer::new(view.found.clone(), None),
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
pub(super) struct RepairAnswer {
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
