//! The engines that are compared: each gets the same pages and the same queries, in the same run.
//!
//! Every engine but ours is asked for all words first and, if nothing has all of them, for any of them.

use std::path::Path;
use std::time::{Duration, Instant};

use super::queries::{DEPTH, Query, SEEN};
use super::text::PageNo;

#[path = "engines/ours.rs"]
mod ours;
#[path = "engines/peers.rs"]
mod peers;
#[path = "engines/plain_tantivy.rs"]
mod plain_tantivy;

/// What an engine answered.
pub struct Answers {
    /// By query, the pages in order.
    pub ranked: Vec<Vec<PageNo>>,
    /// By query, how long ten hits took, warm; empty if it was not asked for.
    pub times: Vec<Duration>,
    /// Bytes of the index on disk.
    pub bytes: u64,
    /// How it names itself.
    pub version: String,
}

/// One that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Ours,
    Tantivy,
    Paperless,
    Fts5,
    Xapian,
    Postgres,
}

impl Engine {
    /// In the order of the table; ours first.
    pub const ALL: [Self; 6] =
        [Self::Ours, Self::Tantivy, Self::Paperless, Self::Fts5, Self::Xapian, Self::Postgres];

    /// As the table names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "schriftgut",
            Self::Tantivy => "tantivy, German stemmer",
            Self::Paperless => "chain of paperless-ngx 3",
            Self::Fts5 => "SQLite FTS5",
            Self::Xapian => "Xapian, German",
            Self::Postgres => "PostgreSQL, german",
        }
    }

    /// Takes the pages in and asks everything; the reason if it is not installed.
    pub fn answer(self, pages: &[String], queries: &[&Query], timed: bool) -> Result<Answers, String> {
        let folder = tempfile::tempdir().unwrap();
        match self {
            Self::Ours => Ok(ours::answer(folder.path(), pages, queries, timed)),
            Self::Tantivy => Ok(plain_tantivy::answer(folder.path(), pages, queries, timed, false)),
            Self::Paperless => Ok(plain_tantivy::answer(folder.path(), pages, queries, timed, true)),
            Self::Fts5 => peers::answer("fts5", folder.path(), pages, queries, timed),
            Self::Xapian => peers::answer("xapian_german", folder.path(), pages, queries, timed),
            Self::Postgres => peers::answer("postgres", folder.path(), pages, queries, timed),
        }
    }
}

/// Asks everything once; then, if times are wanted, once more for ten hits.
fn ask_all(
    queries: &[&Query],
    timed: bool,
    ask: &dyn Fn(&str, usize) -> Vec<PageNo>,
) -> (Vec<Vec<PageNo>>, Vec<Duration>) {
    let ranked = queries.iter().map(|query| ask(&query.typed, DEPTH)).collect();
    let time = |query: &&Query| {
        let begun = Instant::now();
        ask(&query.typed, SEEN);
        begun.elapsed()
    };
    let times = if timed { queries.iter().map(time).collect() } else { Vec::new() };
    (ranked, times)
}

/// Bytes of all files below a folder.
fn bytes_below(folder: &Path) -> u64 {
    let of = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if meta.is_dir() { bytes_below(&entry.path()) } else { meta.len() }
    };
    std::fs::read_dir(folder).unwrap().map(of).sum()
}
