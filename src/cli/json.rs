//! The JSON of the command line (design §7): a contract of its own, apart from what the office keeps. One document
//! per answer, one per line for streams; keys are English, ids are texts, days ISO.
//!
//! | file | verbs |
//! |---|---|
//! | here | `ingest`, `work`, `search`, `saved run` |
//! | [`saved`] | `saved` |
//! | [`suggest`] | `suggest`, `similar` |
//! | [`record`] | `file`, `close`, `reopen`, `fact`, `show`, `get`, `why`, `evaluate`, `hold` |
//! | [`keep`] | `change`, `note`, `reminder`, `assign` |
//! | [`paper`] | `paper` |
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
pub(super) mod suggest;
pub(super) mod types;

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::document::Document;
use crate::domain::streets::StreetNames;
use crate::index::{How, Reason};
use crate::registry::{Hit, Outcome, Progress, SearchPage, Taken};

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
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A hit of `search --json`.
#[derive(Serialize)]
struct HitLine {
    file: Option<String>,
    title: Option<String>,
    document: Option<String>,
    file_name: Option<String>,
    page: Option<u32>,
    snippet: String,
    score: f32,
    /// With `--explain`: what became of each word that was typed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why: Vec<ReasonLine>,
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
            why: hit.why.iter().map(ReasonLine::from).collect(),
        }
    }
}

/// What became of a word that was typed.
#[derive(Serialize)]
struct ReasonLine {
    typed: String,
    found: Vec<PlaceLine>,
}

/// In which way a word stands in a text.
#[derive(Serialize)]
struct PlaceLine {
    how: &'static str,
    times: usize,
    word: String,
}

impl From<&Reason> for ReasonLine {
    fn from(reason: &Reason) -> Self {
        let places = reason.found.iter();
        let place = |(how, times, word): &(How, usize, String)| PlaceLine {
            how: how.name(),
            times: *times,
            word: word.clone(),
        };
        Self { typed: reason.typed.clone(), found: places.map(place).collect() }
    }
}

/// `search --json`
#[derive(Serialize)]
pub(super) struct SearchAnswer {
    total: usize,
    /// The disk is full: what was taken in last is not found yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    behind: bool,
    /// It took too long: there may be more, and better.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
    took_ms: f64,
    /// Where matches are not as typed, how far it had to look: `across_pages`, `misread`, `similar`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reach: Option<&'static str>,
    /// Streets that have other names, under which they were looked for too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    streets: Vec<StreetLine>,
    /// Where little was found: queries that find something.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    did_you_mean: Vec<String>,
    /// With `--facets`: how many matches have what in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<Value>,
    hits: Vec<HitLine>,
    /// How many of the hits, at the end, have only some of the words; they are not counted in `total`.
    #[serde(skip_serializing_if = "is_zero")]
    partly: u64,
}

/// A street of the query.
#[derive(Serialize)]
struct StreetLine {
    name: String,
    now: Vec<String>,
    others: Vec<String>,
}

impl From<&StreetNames> for StreetLine {
    fn from(street: &StreetNames) -> Self {
        let StreetNames { name, now, others } = street.clone();
        Self { name, now, others }
    }
}

impl From<&SearchPage> for SearchAnswer {
    fn from(page: &SearchPage) -> Self {
        Self {
            total: page.total,
            behind: page.behind.is_some(),
            partial: page.is_partial,
            took_ms: page.took_ms,
            reach: page.reach.name(),
            streets: page.streets.iter().map(StreetLine::from).collect(),
            did_you_mean: page.did_you_mean.clone(),
            facets: page.facets.as_ref().map(|facets| {
                json!({
                    "classes": counted(&facets.classes),
                    "record_types": counted(&facets.record_types),
                    "streets": counted(&facets.streets),
                    "years": counted(&facets.years),
                    "phases": counted(&facets.phases),
                    "kinds": counted(&facets.kinds),
                    "partial": facets.is_partial,
                })
            }),
            hits: page.hits.iter().map(HitLine::from).collect(),
            partly: page.partly as u64,
        }
    }
}

/// A value and how many matches have it; values are no names of fields.
fn counted<V: Serialize>(values: &std::collections::BTreeMap<V, usize>) -> Vec<Value> {
    values.iter().map(|(value, count)| json!({ "value": value, "count": count })).collect()
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
