//! How long somebody waits for an answer. A search that takes longer stops where it is: what was found until then is
//! the answer, and it says that it is a part. Knows time and the engine's own queries only.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// Entries between two looks at the clock: well below a millisecond.
const ENTRIES_BETWEEN_LOOKS: usize = 4_096;

/// Until when to look, shared by all that look for one answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Patience {
    until: Option<Instant>,
    is_over: Arc<AtomicBool>,
}

impl Patience {
    pub(super) fn until(until: Option<Instant>) -> Self {
        Self { until, is_over: Arc::default() }
    }

    /// Looks at the clock; once it is over it stays so.
    fn ends(&self) -> bool {
        let ends = self.until.is_some_and(|until| Instant::now() >= until);
        if ends {
            self.is_over.store(true, Ordering::Relaxed);
        }
        ends
    }

    /// Something was left out because it was over.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// The query, which finds nothing more once it is over.
    pub(super) fn with(&self, inner: Box<dyn Query>) -> Box<dyn Query> {
        if self.until.is_none() { inner } else { Box::new(Patient { inner, patience: self.clone() }) }
    }
}

/// A query that stops when it is over.
struct Patient {
    inner: Box<dyn Query>,
    patience: Patience,
}

impl Clone for Patient {
    fn clone(&self) -> Self {
        Self { inner: self.inner.box_clone(), patience: self.patience.clone() }
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Query for Patient {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(PatientWeight { inner: self.inner.weight(scoring)?, patience: self.patience.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.inner.query_terms(visitor);
    }
}

struct PatientWeight {
    inner: Box<dyn Weight>,
    patience: Patience,
}

/// A patient query is the outermost: all its entries go through `for_each` or `for_each_no_score`.
impl Weight for PatientWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        self.inner.scorer(segment, boost)
    }

    fn explain(&self, segment: &SegmentReader, entry: DocId) -> tantivy::Result<Explanation> {
        self.inner.explain(segment, entry)
    }

    fn for_each(
        &self,
        segment: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        if self.patience.ends() {
            return Ok(());
        }
        let mut scorer = self.inner.scorer(segment, 1.0)?;
        let (mut entry, mut seen) = (scorer.doc(), 0);
        while entry != TERMINATED {
            callback(entry, scorer.score());
            seen += 1;
            if seen % ENTRIES_BETWEEN_LOOKS == 0 && self.patience.ends() {
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
        if self.patience.ends() {
            return Ok(());
        }
        let mut scorer = self.inner.scorer(segment, 1.0)?;
        let (mut buffer, mut seen) = ([0; COLLECT_BLOCK_BUFFER_LEN], 0);
        loop {
            let length = scorer.fill_buffer(&mut buffer);
            callback(&buffer[..length]);
            seen += length;
            if length < buffer.len() || (seen % ENTRIES_BETWEEN_LOOKS == 0 && self.patience.ends()) {
                return Ok(());
            }
        }
    }
}
