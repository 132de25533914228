//! Collects the best matches and counts all of them, pages and files apart.
//!
//! The order is the same whatever the segments are: by score, then files before pages, then by id, then by
//! page. Scores are rounded to [`SCORE_STEPS`] before they are compared, because sums of floats may differ
//! in the last bit with the order of addition, which follows the segments.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{BytesColumn, Column};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::schema::{DOCUMENT, FILE, PAGE};
use super::search::Hit;
use crate::domain::ids::{CaseFileId, DocumentId};

/// Scores are whole multiples of one by this.
const SCORE_STEPS: f32 = 1024.0;

/// The best `keep` matches and the number of all.
pub(super) struct Best {
    pub keep: usize,
}

/// What was collected.
#[derive(Default)]
pub(super) struct Collected {
    pub hits: Vec<Hit>,
    pub pages: usize,
    pub files: usize,
}

/// Sorts the better match first. Inside a segment ordinals of ids follow the order of the ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    score: Reverse<u32>,
    is_page: bool,
    document: Option<u64>,
    file: Option<u64>,
    page: u64,
}

pub(super) struct BestOfSegment {
    keep: usize,
    document: Option<BytesColumn>,
    file: Option<BytesColumn>,
    page: Column<u64>,
    /// The worst of the best on top.
    heap: BinaryHeap<Rank>,
    pages: usize,
    files: usize,
}

fn steps(score: Score) -> u32 {
    // `as` saturates: negative and NaN become 0.
    (score * SCORE_STEPS).round() as u32
}

impl BestOfSegment {
    fn rank(&self, doc: DocId, page: u64, score: u32) -> Rank {
        let first = |column: &Option<BytesColumn>| column.as_ref().and_then(|c| c.ords().first(doc));
        Rank {
            score: Reverse(score),
            is_page: page > 0,
            document: first(&self.document),
            file: first(&self.file),
            page,
        }
    }

    fn hit(&self, rank: Rank) -> Result<Hit, TantivyError> {
        Ok(Hit {
            document: id(self.document.as_ref(), rank.document)?.map(DocumentId),
            file: id(self.file.as_ref(), rank.file)?.map(CaseFileId),
            page: u32::try_from(rank.page).ok().filter(|page| *page > 0),
            score: rank.score.0 as f32 / SCORE_STEPS,
        })
    }
}

/// The id behind an ordinal of a column.
pub(super) fn id(column: Option<&BytesColumn>, ord: Option<u64>) -> Result<Option<uuid::Uuid>, TantivyError> {
    let (Some(column), Some(ord)) = (column, ord) else { return Ok(None) };
    let mut bytes = Vec::with_capacity(16);
    let known = column.ord_to_bytes(ord, &mut bytes)?;
    match uuid::Uuid::from_slice(&bytes) {
        Ok(id) if known => Ok(Some(id)),
        _ => Err(TantivyError::InternalError(format!("ordinal `{ord}` names no id"))),
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Result<Collected, TantivyError>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let page = self.page.first(doc).unwrap_or(0);
        if page > 0 {
            self.pages += 1
        } else {
            self.files += 1
        }
        let score = steps(score);
        let full = self.heap.len() >= self.keep;
        if full && self.heap.peek().is_none_or(|worst| worst.score.0 > score) {
            return;
        }
        let rank = self.rank(doc, page, score);
        if !full {
            self.heap.push(rank);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && rank < *worst
        {
            *worst = rank;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let hits = self.heap.iter().map(|rank| self.hit(*rank)).collect::<Result<_, _>>()?;
        Ok(Collected { hits, pages: self.pages, files: self.files })
    }
}

impl Collector for Best {
    type Fruit = Collected;
    type Child = BestOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        let columns = segment.fast_fields();
        Ok(BestOfSegment {
            keep: self.keep,
            document: columns.bytes(DOCUMENT)?,
            file: columns.bytes(FILE)?,
            page: columns.u64(PAGE)?,
            heap: BinaryHeap::new(),
            pages: 0,
            files: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.keep > 0
    }

    fn merge_fruits(&self, fruits: Vec<Result<Collected, TantivyError>>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        for fruit in fruits {
            let one = fruit?;
            all.hits.extend(one.hits);
            all.pages += one.pages;
            all.files += one.files;
        }
        all.hits.sort_by(|a, b| {
            let rank = |hit: &Hit| (hit.page.is_some(), hit.document, hit.file, hit.page);
            b.score.total_cmp(&a.score).then_with(|| rank(a).cmp(&rank(b)))
        });
        all.hits.truncate(self.keep);
        Ok(all)
    }
}

/// The ids of all files that match, each once; stops being exact above `max`, so that the caller can refuse.
pub(super) struct FilesOf {
    pub max: usize,
}

pub(super) struct FilesOfSegment {
    file: Option<BytesColumn>,
    ords: std::collections::BTreeSet<u64>,
    max: usize,
}

impl SegmentCollector for FilesOfSegment {
    type Fruit = Result<Vec<CaseFileId>, TantivyError>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.ords.len() <= self.max
            && let Some(ord) = self.file.as_ref().and_then(|column| column.ords().first(doc))
        {
            self.ords.insert(ord);
        }
    }

    fn harvest(self) -> Self::Fruit {
        let ids = self.ords.iter().filter_map(|ord| id(self.file.as_ref(), Some(*ord)).transpose());
        ids.map(|id| id.map(CaseFileId)).collect()
    }
}

impl Collector for FilesOf {
    type Fruit = Vec<CaseFileId>;
    type Child = FilesOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<FilesOfSegment> {
        let file = segment.fast_fields().bytes(FILE)?;
        Ok(FilesOfSegment { file, ords: std::collections::BTreeSet::new(), max: self.max })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        fruits: Vec<Result<Vec<CaseFileId>, TantivyError>>,
    ) -> tantivy::Result<Vec<CaseFileId>> {
        let mut all = Vec::new();
        for fruit in fruits {
            all.extend(fruit?);
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}
