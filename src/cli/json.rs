//! The JSON of the command line (design §7): a contract of its own, apart from what the office keeps. One document
//! per answer, one per line for streams; keys are English, ids are texts, days ISO.
//!
//! | file | verbs |
//! |---|---|
//! | here | `ingest`, `work` |
//! | [`crate::answers`] | `search`, `saved run`, `show`, `why`: in the shapes of the interface |
//! | [`saved`] | `saved` |
//! | [`suggest`] | `suggest`, `similar` |
//! | [`record`] | `file`, `close`, `reopen`, `fact`, `show`, `get`, `why`, `evaluate`, `hold` |
//! | [`keep`] | `change`, `note`, `reminder`, `assign` |
//! | [`paper`] | `paper` |
//! | [`scan`] | `scan`, `paper scanned`, `paper fate` |
//! | [`forecast`] | `forecast` |
//! | [`plan`] | `plan` |
//! | [`queue`] | `queue` |
//! | [`rules`] | `rules` |
//! | [`restrict`] | `restrict` |
//! | [`keep`] | `open`, `change`, `note`, `reminder`, `assign` |
//! | [`list`] | `list`, `transfer` |
//! | [`fixity`] | `verify`, `repair`, `rebuild`, `doctor`, `proof` |
//! | [`backup`] | `backup`, `keys`, `checkpoint`, `restore`, `quarantine` |
//! | [`office`] | `init`, `demo`, `user`, `serve`, `watch` (a line per document as `ingest`), `streets` |
//! | [`token`] | `user token` |

pub(super) mod backup;
pub(super) mod fixity;
pub(super) mod forecast;
pub(super) mod hold;
pub(super) mod keep;
pub(super) mod list;
pub(super) mod office;
pub(super) mod paper;
pub(super) mod plan;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod refile;
pub(super) mod restrict;
pub(super) mod rules;
pub(super) mod sample;
pub(super) mod saved;
pub(super) mod scan;
pub(super) mod suggest;
pub(super) mod token;
pub(super) mod types;

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::registry::{Outcome, Progress, Taken};

/// A path as text: what of it is not UTF-8 is marked.
fn text(path: &Path) -> String {
    path.display().to_string()
}

fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    all.into_iter().map(|one| one.to_string()).collect()
}

/// One line of `ingest --json`.
#[derive(Serialize)]
pub(super) struct TakenLine {
    document: Option<String>,
    file: Option<String>,
    source: String,
    outcome: &'static str,
    reason: Option<String>,
    /// Only where a document got a newer version (`--version-of`).
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<usize>,
}

impl TakenLine {
    /// A newer version of a document, in the file of this reference number or in the in-tray.
    pub(super) fn version(document: &Document, file: Option<String>, source: &Path) -> Self {
        let (id, version) = (Some(document.id.to_string()), Some(document.version()));
        Self { document: id, file, source: text(source), outcome: "taken", reason: None, version }
    }

    /// A document of a delivery that an earlier run took in.
    pub(super) fn taken_before(id: DocumentId, file: &str, source: &str) -> Self {
        let (document, file) = (Some(id.to_string()), Some(file.to_owned()));
        Self {
            document,
            file,
            source: source.to_owned(),
            outcome: "taken_before",
            reason: None,
            version: None,
        }
    }
}

impl From<&Taken> for TakenLine {
    fn from(taken: &Taken) -> Self {
        let (document, outcome, reason) = match &taken.outcome {
            Outcome::Taken(id) => (Some(id.to_string()), "taken", None),
            Outcome::Known(id) => (Some(id.to_string()), "known", None),
            Outcome::Refused(words) => (None, "refused", Some(words.why.clone())),
        };
        let file = taken.file.as_ref().map(ToString::to_string);
        Self { document, file, source: taken.source.clone(), outcome, reason, version: None }
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
    /// Documents of a delivery that an earlier run took in.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) taken_before: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// `work --json`
pub(super) fn work(progress: &Progress) -> Value {
    json!({
        "documents": progress.documents,
        "read": progress.read,
        "given_up": progress.given_up,
        "pages": progress.pages,
        "recognised": progress.recognised,
    })
}
