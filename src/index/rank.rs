//! Collects the best matches and counts all of them, pages and files apart.
//!
//! The order is the same whatever the segments are: by score (of equals the more recent and what the person works on
//! first), then files before pages, then by id, then by
//! page. Scores are rounded to [`SCORE_STEPS`] before they are compared, because sums of floats may differ
//! in the last bit with the order of addition, which follows the segments.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::query::Weight;
use tantivy::{BitSet, DocId, Score, Searcher, SegmentOrdinal, SegmentReader};
use uuid::Uuid;

use super::schema::{CLASS, DOCUMENT_ID, FILE_ID, PAGE, YEAR};
use super::search::Hit;
use crate::domain::case_file::ClassNumber;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::Order;

/// Scores are whole multiples of one by this.
const SCORE_STEPS: f32 = 1024.0;
/// What a page of the years between these has more, the more the later: so little that it decides between equals.
const RECENT_SCORE: f32 = 0.2;
const RECENT_YEARS: RangeInclusive<u64> = 1900..=2100;
/// What a match of a preferred class has more: as little.
const PREFERRED_SCORE: f32 = 0.2;

/// What a match with these years is listed by; higher comes first.
fn key(order: Order, years: impl Iterator<Item = u64>) -> u32 {
    let key = match order {
        Order::Relevance => None,
        Order::Newest => years.max(),
        Order::Oldest => years.min().map(|year| u64::from(u16::MAX).saturating_sub(year)),
    };
    key.and_then(|key| u32::try_from(key).ok()).unwrap_or(0)
}

/// The best `keep` matches and the number of all.
pub(super) struct Best<'a> {
    pub keep: usize,
    pub order: Order,
    /// The query is one flat list of terms: what cannot be among the best need not be scored.
    pub prunes: bool,
    pub columns: &'a ColumnsBySegment,
    /// Branches of the file plan whose matches come first among equals.
    pub preferred: &'a [ClassNumber],
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
    /// The entries that are files.
    files: Arc<BitSet>,
}

/// The columns of the segments that are searched.
pub(super) type ColumnsBySegment = HashMap<SegmentId, Columns>;

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let page = segment.fast_fields().u64(PAGE)?;
        let mut files = BitSet::with_max_value(segment.max_doc());
        let is_file = |doc: &DocId| page.first(*doc).unwrap_or(0) == 0;
        (0..segment.max_doc()).filter(is_file).for_each(|doc| {
            files.insert(doc);
        });
        Ok(Self {
            document: Ids::open(segment, DOCUMENT_ID)?,
            file: Ids::open(segment, FILE_ID)?,
            page,
            year: segment.fast_fields().u64(YEAR)?,
            files: Arc::new(files),
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

/// The classes of one segment that are preferred.
struct Preferred {
    /// None if no class is.
    classes: Option<StrColumn>,
    ordinals: HashSet<u64>,
}

impl Preferred {
    fn open(segment: &SegmentReader, branches: &[ClassNumber]) -> tantivy::Result<Self> {
        let mut ordinals = HashSet::new();
        let classes = if branches.is_empty() { None } else { segment.fast_fields().str(CLASS)? };
        if let Some(classes) = &classes {
            for branch in branches {
                let mut below = classes.dictionary().prefix_range(branch.as_str()).into_stream()?;
                while below.advance() {
                    let class = std::str::from_utf8(below.key()).ok().and_then(|class| class.parse().ok());
                    if class.is_some_and(|class: ClassNumber| class.is_within(branch)) {
                        ordinals.insert(below.term_ord());
                    }
                }
            }
        }
        Ok(Self { classes: classes.filter(|_| !ordinals.is_empty()), ordinals })
    }

    fn score(&self, doc: DocId) -> Score {
        let is_preferred =
            |classes: &StrColumn| classes.term_ords(doc).any(|class| self.ordinals.contains(&class));
        if self.classes.as_ref().is_some_and(is_preferred) { PREFERRED_SCORE } else { 0.0 }
    }
}

pub(super) struct BestOfSegment {
    keep: usize,
    order: Order,
    columns: Columns,
    preferred: Preferred,
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
    fn count(&mut self, doc: DocId) {
        if self.columns.files.contains(doc) {
            self.files += 1;
        } else {
            self.pages += 1;
        }
    }

    /// Keeps it if it is one of the best so far.
    fn offer(&mut self, doc: DocId, score: Score) {
        let full = self.heap.len() >= self.keep;
        if full && self.order == Order::Relevance && score < self.least() {
            return;
        }
        let mild = match self.order {
            Order::Relevance if score > 0.0 => self.recent(doc) + self.preferred.score(doc),
            _ => 0.0,
        };
        let score = steps(score + mild);
        let key = key(self.order, self.columns.year.values_for_doc(doc));
        if full && self.heap.peek().is_none_or(|worst| (worst.key.0, worst.score.0) > (key, score)) {
            return;
        }
        let page = self.columns.page.first(doc).unwrap_or(0);
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

    /// What scores less is none of the best, however recent and preferred.
    fn least(&self) -> Score {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.keep => {
                (worst.score.0 as f32 - 1.0) / SCORE_STEPS - RECENT_SCORE - PREFERRED_SCORE
            }
            _ => Score::MIN,
        }
    }

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
        self.count(doc);
        self.offer(doc, score);
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
            preferred: Preferred::open(segment, self.preferred)?,
            heap: BinaryHeap::new(),
            pages: 0,
            files: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.keep > 0
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        number: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Collected> {
        let mut best = self.for_segment(number, segment)?;
        let alive = segment.alive_bitset();
        let is_alive = |doc: DocId| alive.is_none_or(|alive| alive.is_alive(doc));
        let prunes = self.prunes && self.order == Order::Relevance;
        if prunes || self.keep == 0 {
            weight.for_each_no_score(segment, &mut |docs| {
                docs.iter().filter(|doc| is_alive(**doc)).for_each(|doc| best.count(*doc));
            })?;
        }
        if self.keep > 0 && prunes {
            weight.for_each_pruning(Score::MIN, segment, &mut |doc, score| {
                if is_alive(doc) {
                    best.offer(doc, score);
                }
                best.least()
            })?;
        } else if self.keep > 0 {
            weight.for_each(segment, &mut |doc, score| {
                if is_alive(doc) {
                    best.collect(doc, score);
                }
            })?;
        }
        Ok(best.harvest())
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
