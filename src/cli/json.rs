//! The JSON of the command line (design §7): a contract of its own, apart from what the office keeps.

use serde::Serialize;

use crate::registry::{Hit, Outcome, Taken};

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
    pub(super) unread: u64,
    pub(super) bytes: u64,
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
    pub(super) hits: Vec<HitLine>,
}

/// `verify --json`
#[derive(Serialize)]
pub(super) struct VerifyAnswer {
    pub(super) objects: u64,
    pub(super) entries: u64,
    pub(super) unclaimed: u64,
    pub(super) changed: Vec<String>,
    pub(super) missing: Vec<String>,
    pub(super) untracked: Vec<String>,
    /// Only where something was lost: the three lists are the contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lost: Vec<String>,
}
