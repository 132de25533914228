//! Entries with a number of a column between two others. The engine has such a query, too; inside others it is sometimes
//! led back and stops with a fault. Here all of a segment are looked up first.

use std::ops::RangeInclusive;

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, SegmentReader};

/// A number of this column lies in this range.
#[derive(Debug, Clone)]
pub(super) struct InRange {
    pub column: &'static str,
    pub range: RangeInclusive<u64>,
}

impl Query for InRange {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(InRangeWeight(self.clone())))
    }
}

struct InRangeWeight(InRange);

impl Weight for InRangeWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let column = segment.fast_fields().u64(self.0.column)?;
        let mut found = Vec::new();
        column.get_docids_for_value_range(self.0.range.clone(), 0..segment.max_doc(), &mut found);
        let mut entries = BitSet::with_max_value(segment.max_doc());
        found.into_iter().for_each(|entry| {
            entries.insert(entry);
        });
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(entries), boost)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("in range", 1.0))
    }
}
