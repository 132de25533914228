//! Collects the best matches and counts all of them, pages and files apart.
//!
//! The order is the same whatever the segments are: by score (of equals the more recent first), then files before pages, then by id, then by
//! page. Scores are rounded to [`SCORE_STEPS`] before they are compared, because sums of floats may differ
//! in the last bit with the order of addition, which follows the segments.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::ops::RangeInclusive;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, Searcher, SegmentOrdinal, SegmentReader};
use uuid::Uuid;

use super::schema::{DOCUMENT_ID, FILE_ID, PAGE, YEAR};
use super::search::Hit;
use crate::domain::ids::{CaseFileId, DocumentId};

/// Scores are whole multiples of one by this.
const SCORE_STEPS: f32 = 1024.0;
/// What a page of the years between these has more, the more the later: so little that it decides between equals.
const RECENT_SCORE: f32 = 0.2;
const RECENT_YEARS: RangeInclusive<u64> = 1900..=2100;

/// In which order matches are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The best first.
    #[default]
    Relevance,
    /// The latest of their years first; those without any last.
    Newest,
    /// The earliest of their years first; those without any last.
    Oldest,
}

impl Order {
    /// Higher comes first.
    fn key(self, years: impl Iterator<Item = u64>) -> u32 {
        let key = match self {
            Self::Relevance => None,
            Self::Newest => years.max(),
            Self::Oldest => years.min().map(|year| u64::from(u16::MAX).saturating_sub(year)),
        };
        key.and_then(|key| u32::try_from(key).ok()).unwrap_or(0)
    }
}

/// The best `keep` matches and the number of all.
pub(super) struct Best<'a> {
    pub keep: usize,
    pub order: Order,
    pub columns: &'a ColumnsBySegment,
}

/// What was collected.
#[derive(Default)]
pub(super) struct Collected {
    pub hits: Vec<Hit>,
    pub pages: usize,
    pub files: usize,
}

/// Sorts the better match first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    key: Reverse<u32>,
    score: Reverse<u32>,
    is_page: bool,
    document: Option<u128>,
    file: Option<u128>,
    page: u64,
}

impl Rank {
    fn hit(self) -> Hit {
        Hit {
            document: self.document.map(|id| DocumentId(Uuid::from_u128(id))),
            file: self.file.map(|id| CaseFileId(Uuid::from_u128(id))),
            page: u32::try_from(self.page).ok().filter(|page| *page > 0),
            score: self.score.0 as f32 / SCORE_STEPS,
            key: self.key.0,
        }
    }
}

/// The ids of one kind, in two columns: a dictionary of ids would be smaller, but takes ten microseconds
/// for each id of a hit.
#[derive(Clone)]
struct Ids {
    high: Column<u64>,
    low: Column<u64>,
}

impl Ids {
    fn open(segment: &SegmentReader, [high, low]: [&str; 2]) -> tantivy::Result<Self> {
        Ok(Self { high: segment.fast_fields().u64(high)?, low: segment.fast_fields().u64(low)? })
    }

    fn of(&self, doc: DocId) -> Option<u128> {
        Some(u128::from(self.high.first(doc)?) << 64 | u128::from(self.low.first(doc)?))
    }
}

/// The columns of one segment. Opening them costs more than a rare word, so it is done once per segment.
#[derive(Clone)]
pub(super) struct Columns {
    document: Ids,
    file: Ids,
    page: Column<u64>,
    year: Column<u64>,
}

/// The columns of the segments that are searched.
pub(super) type ColumnsBySegment = HashMap<SegmentId, Columns>;

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self {
            document: Ids::open(segment, DOCUMENT_ID)?,
            file: Ids::open(segment, FILE_ID)?,
            page: segment.fast_fields().u64(PAGE)?,
            year: segment.fast_fields().u64(YEAR)?,
        })
    }

    /// The columns of all segments of `searcher`, taken over from `known` where it has them.
    pub(super) fn of_all(searcher: &Searcher, known: &ColumnsBySegment) -> tantivy::Result<ColumnsBySegment> {
        searcher.segment_readers().iter().map(|s| Ok((s.segment_id(), Self::of(s, known)?))).collect()
    }

    fn of(segment: &SegmentReader, known: &ColumnsBySegment) -> tantivy::Result<Self> {
        known.get(&segment.segment_id()).map_or_else(|| Self::open(segment), |columns| Ok(columns.clone()))
    }
}

pub(super) struct BestOfSegment {
    keep: usize,
    order: Order,
    columns: Columns,
    /// The worst of the best on top.
    heap: BinaryHeap<Rank>,
    pages: usize,
    files: usize,
}

fn steps(score: Score) -> u32 {
    // `as` cuts off what is behind the point and saturates: negative and NaN become 0.
    (score * SCORE_STEPS + 0.5) as u32
}

impl BestOfSegment {
    /// See [`RECENT_SCORE`].
    fn recent(&self, doc: DocId) -> Score {
        let (from, to) = RECENT_YEARS.into_inner();
        let latest = self.columns.year.values_for_doc(doc).max().unwrap_or(0);
        RECENT_SCORE * (latest.clamp(from, to) - from) as f32 / (to - from) as f32
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        let page = self.columns.page.first(doc).unwrap_or(0);
        if page > 0 {
            self.pages += 1
        } else {
            self.files += 1
        }
        let recent = if self.order == Order::Relevance { self.recent(doc) } else { 0.0 };
        let score = steps(score + recent);
        let key = match self.order {
            Order::Relevance => 0,
            order => order.key(self.columns.year.values_for_doc(doc)),
        };
        let full = self.heap.len() >= self.keep;
        if full && self.heap.peek().is_none_or(|worst| (worst.key.0, worst.score.0) > (key, score)) {
            return;
        }
        let (document, file) = (self.columns.document.of(doc), self.columns.file.of(doc));
        let rank = Rank { key: Reverse(key), score: Reverse(score), is_page: page > 0, document, file, page };
        if !full {
            self.heap.push(rank);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && rank < *worst
        {
            *worst = rank;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let hits = self.heap.into_iter().map(Rank::hit).collect();
        Collected { hits, pages: self.pages, files: self.files }
    }
}

impl Collector for Best<'_> {
    type Fruit = Collected;
    type Child = BestOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<BestOfSegment> {
        Ok(BestOfSegment {
            keep: self.keep,
            order: self.order,
            columns: Columns::of(segment, self.columns)?,
            heap: BinaryHeap::new(),
            pages: 0,
            files: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.keep > 0
    }

    fn merge_fruits(&self, fruits: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut all = Collected::default();
        for one in fruits {
            all.hits.extend(one.hits);
            all.pages += one.pages;
            all.files += one.files;
        }
        all.hits.sort_by(|a, b| {
            let rank = |hit: &Hit| (hit.page.is_some(), hit.document, hit.file, hit.page);
            a.compare(b).then_with(|| rank(a).cmp(&rank(b)))
        });
        all.hits.truncate(self.keep);
        Ok(all)
    }
}

/// What a match belongs to: its file, or the document itself in the in-tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Record {
    File(CaseFileId),
    Document(DocumentId),
}

/// Everything that matches belongs to, each once; stops being exact above `max`.
pub(super) struct RecordsOf {
    pub max: usize,
}

pub(super) struct RecordsOfSegment {
    file: Ids,
    document: Ids,
    records: BTreeSet<Record>,
    max: usize,
}

impl SegmentCollector for RecordsOfSegment {
    type Fruit = BTreeSet<Record>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.records.len() <= self.max {
            let file = self.file.of(doc).map(|id| Record::File(CaseFileId(Uuid::from_u128(id))));
            let document = || Some(Record::Document(DocumentId(Uuid::from_u128(self.document.of(doc)?))));
            self.records.extend(file.or_else(document));
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.records
    }
}

impl Collector for RecordsOf {
    type Fruit = BTreeSet<Record>;
    type Child = RecordsOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<RecordsOfSegment> {
        let (file, document) = (Ids::open(segment, FILE_ID)?, Ids::open(segment, DOCUMENT_ID)?);
        Ok(RecordsOfSegment { file, document, records: BTreeSet::new(), max: self.max })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<BTreeSet<Record>>) -> tantivy::Result<BTreeSet<Record>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

/// The ids of all files that match, each once; stops being exact above `max`, so that the caller can refuse.
pub(super) struct FilesOf {
    pub max: usize,
}

pub(super) struct FilesOfSegment {
    file: Ids,
    files: BTreeSet<u128>,
    max: usize,
}

impl SegmentCollector for FilesOfSegment {
    type Fruit = BTreeSet<u128>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if self.files.len() <= self.max {
            self.files.extend(self.file.of(doc));
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.files
    }
}

impl Collector for FilesOf {
    type Fruit = Vec<CaseFileId>;
    type Child = FilesOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<FilesOfSegment> {
        let file = Ids::open(segment, FILE_ID)?;
        Ok(FilesOfSegment { file, files: BTreeSet::new(), max: self.max })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<BTreeSet<u128>>) -> tantivy::Result<Vec<CaseFileId>> {
        let all: BTreeSet<u128> = fruits.into_iter().flatten().collect();
        Ok(all.into_iter().map(|id| CaseFileId(Uuid::from_u128(id))).collect())
    }
}
