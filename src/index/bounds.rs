//! What a search is kept within: the entries somebody may see, and how long they wait. Both are part of the query the
//! engine is given, so that whatever is counted, ranked or collected is within them. A search that takes too long stops
//! where it is: what was found until then is the answer, and it says that it is a part.
//!
//! Which entries may be seen is worked out once for each segment and kept: 500 branches of a file plan are 500 lists of
//! entries, and the next search asks for the same ones. It depends on the rights and on the segment alone, which never
//! changes; rights that change are others.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{
    BitSet, COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, Term,
};

use super::search::Rights;

/// Entries between two looks at the clock: well below a millisecond.
const ENTRIES_BETWEEN_LOOKS: usize = 4_096;
/// Most rights that are kept: those of so many people with different ones. A million entries take 125 kB each.
const RIGHTS_MAX: usize = 64;

/// The entries that may be seen, by segment.
pub(super) type Seen = HashMap<SegmentId, Arc<BitSet>>;

/// What was worked out before.
#[derive(Default)]
pub(super) struct Known(Mutex<HashMap<Rights, Arc<Seen>>>);

impl Known {
    /// The entries these rights allow: those that match what `filter` makes.
    pub(super) fn seen(
        &self,
        rights: Rights,
        filter: impl FnOnce() -> Box<dyn Query>,
        searcher: &Searcher,
    ) -> tantivy::Result<Arc<Seen>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&rights).cloned();
        let is_of = |seen: &Seen| {
            let segments = searcher.segment_readers();
            seen.len() == segments.len() && segments.iter().all(|s| seen.contains_key(&s.segment_id()))
        };
        if let Some(seen) = known.as_ref().filter(|seen| is_of(seen)) {
            return Ok(Arc::clone(seen));
        }
        let weight = filter().weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut all = Seen::new();
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let entries = match known.as_ref().and_then(|seen| seen.get(&id)) {
                Some(entries) => Arc::clone(entries),
                None => Arc::new(matching(weight.as_ref(), segment)?),
            };
            all.insert(id, entries);
        }
        let all = Arc::new(all);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= RIGHTS_MAX {
            kept.clear();
        }
        kept.insert(rights, Arc::clone(&all));
        Ok(all)
    }
}

fn matching(weight: &dyn Weight, segment: &SegmentReader) -> tantivy::Result<BitSet> {
    let mut entries = BitSet::with_max_value(segment.max_doc());
    weight.for_each_no_score(segment, &mut |docs| {
        docs.iter().for_each(|doc| {
            entries.insert(*doc);
        });
    })?;
    Ok(entries)
}

/// What one search is kept within.
#[derive(Clone)]
pub(super) struct Bounds {
    /// None if everything may be seen.
    seen: Option<Arc<Seen>>,
    until: Option<Instant>,
    is_over: Arc<AtomicBool>,
}

impl Bounds {
    pub(super) fn new(seen: Option<Arc<Seen>>, until: Option<Instant>) -> Self {
        Self { seen, until, is_over: Arc::default() }
    }

    /// Looks at the clock; once it is over it stays so.
    fn ends(&self) -> bool {
        let ends = self.until.is_some_and(|until| Instant::now() >= until);
        if ends {
            self.is_over.store(true, Ordering::Relaxed);
        }
        ends
    }

    /// No entry is hidden.
    pub(super) fn show_all(&self) -> bool {
        self.seen.is_none()
    }

    /// Something was left out because it was over.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// The query within these bounds. It is to be the outermost: what is inside another is not stopped in time.
    pub(super) fn with(&self, inner: Box<dyn Query>) -> Box<dyn Query> {
        let is_free = self.seen.is_none() && self.until.is_none();
        if is_free { inner } else { Box::new(Bounded { inner, bounds: self.clone() }) }
    }

    /// The entries of a segment that may be seen; none if all may. Of a segment that is not known nothing is seen.
    fn of_segment(&self, segment: &SegmentReader) -> Option<Arc<BitSet>> {
        let seen = self.seen.as_ref()?;
        let entries = seen.get(&segment.segment_id()).map(Arc::clone);
        Some(entries.unwrap_or_else(|| Arc::new(BitSet::with_max_value(segment.max_doc()))))
    }
}

/// A query within bounds.
struct Bounded {
    inner: Box<dyn Query>,
    bounds: Bounds,
}

impl Clone for Bounded {
    fn clone(&self) -> Self {
        Self { inner: self.inner.box_clone(), bounds: self.bounds.clone() }
    }
}

impl fmt::Debug for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Query for Bounded {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(BoundedWeight { inner: self.inner.weight(scoring)?, bounds: self.bounds.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.inner.query_terms(visitor);
    }
}

struct BoundedWeight {
    inner: Box<dyn Weight>,
    bounds: Bounds,
}

impl Weight for BoundedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.bounds.ends() {
            return Ok(Box::new(EmptyScorer));
        }
        let inner = self.inner.scorer(segment, boost)?;
        Ok(match self.bounds.of_segment(segment) {
            Some(seen) => Box::new(Visible::new(inner, seen)),
            None => inner,
        })
    }

    fn explain(&self, segment: &SegmentReader, entry: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(segment, entry)
    }

    fn for_each(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        let mut scorer = self.scorer(segment, 1.0)?;
        let (mut entry, mut found) = (scorer.doc(), 0);
        while entry != TERMINATED {
            callback(entry, scorer.score());
            found += 1;
            if found % ENTRIES_BETWEEN_LOOKS == 0 && self.bounds.ends() {
                break;
            }
            entry = scorer.advance();
        }
        Ok(())
    }

    fn for_each_no_score(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> tantivy::Result<()> {
        if self.bounds.ends() {
            return Ok(());
        }
        let seen = self.bounds.of_segment(segment);
        let mut scorer = self.inner.scorer(segment, 1.0)?;
        let (mut buffer, mut found) = ([0; COLLECT_BLOCK_BUFFER_LEN], 0);
        loop {
            let length = scorer.fill_buffer(&mut buffer);
            match &seen {
                None => callback(&buffer[..length]),
                Some(seen) => {
                    let (mut visible, mut count) = ([0; COLLECT_BLOCK_BUFFER_LEN], 0);
                    for entry in buffer[..length].iter().filter(|entry| seen.contains(**entry)) {
                        visible[count] = *entry;
                        count += 1;
                    }
                    callback(&visible[..count]);
                }
            }
            found += length;
            if length < buffer.len() || (found % ENTRIES_BETWEEN_LOOKS == 0 && self.bounds.ends()) {
                return Ok(());
            }
        }
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> tantivy::Result<()> {
        if self.bounds.ends() {
            return Ok(());
        }
        let seen = self.bounds.of_segment(segment);
        let (mut least, mut found) = (threshold, 0);
        self.inner.for_each_pruning(threshold, segment, &mut |entry, score| {
            found += 1;
            if found % ENTRIES_BETWEEN_LOOKS == 0 && self.bounds.ends() {
                least = Score::INFINITY;
            } else if seen.as_ref().is_none_or(|seen| seen.contains(entry)) {
                least = callback(entry, score);
            }
            least
        })
    }
}

/// Passes over what may not be seen.
struct Visible {
    inner: Box<dyn Scorer>,
    seen: Arc<BitSet>,
}

impl Visible {
    fn new(inner: Box<dyn Scorer>, seen: Arc<BitSet>) -> Self {
        let mut visible = Self { inner, seen };
        visible.pass_over();
        visible
    }

    fn pass_over(&mut self) -> DocId {
        let mut entry = self.inner.doc();
        while entry != TERMINATED && !self.seen.contains(entry) {
            entry = self.inner.advance();
        }
        entry
    }
}

impl DocSet for Visible {
    fn advance(&mut self) -> DocId {
        self.inner.advance();
        self.pass_over()
    }

    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }
}

impl Scorer for Visible {
    fn score(&mut self) -> Score {
        self.inner.score()
    }
}
