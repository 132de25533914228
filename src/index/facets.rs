//! How many of the matches are of which class, record type, register, year, street, phase and kind. Counted within the scope alone, as the matches are.

use std::collections::{BTreeMap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{CLASS, KIND, PHASE, RECORD_TYPE, REGISTER, STREET_NAME, YEAR};

/// Matches (pages and files) by what they have in common. A match with several years counts for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By the class number of the file plan.
    pub classes: BTreeMap<String, usize>,
    /// By the years that stand in the text or in which the file was open.
    pub years: BTreeMap<u16, usize>,
    /// By the street of the file, without house number.
    pub streets: BTreeMap<String, usize>,
    /// By where the file is in its life, in the words of `phase:`.
    pub phases: BTreeMap<String, usize>,
    /// By the record type of the file, in the words of `aktenart:`.
    pub record_types: BTreeMap<String, usize>,
    /// Pages by the register their document lies in, in the words of `register:`.
    pub registers: BTreeMap<String, usize>,
    /// By what they are, in the words of `art:`.
    pub kinds: BTreeMap<String, usize>,
    /// Not all were counted: it took too long.
    pub is_partial: bool,
}

impl Facets {
    /// Adds those of other matches.
    pub fn add(&mut self, other: Self) {
        sum(&mut self.classes, other.classes);
        sum(&mut self.years, other.years);
        sum(&mut self.streets, other.streets);
        sum(&mut self.phases, other.phases);
        sum(&mut self.record_types, other.record_types);
        sum(&mut self.registers, other.registers);
        sum(&mut self.kinds, other.kinds);
        self.is_partial |= other.is_partial;
    }
}

fn sum<K: Ord>(into: &mut BTreeMap<K, usize>, from: BTreeMap<K, usize>) {
    for (key, count) in from {
        *into.entry(key).or_insert(0) += count;
    }
}

/// Counts all matches.
pub(super) struct Counting;

pub(super) struct CountingSegment {
    class: Words,
    street: Words,
    phase: Words,
    record_type: Words,
    register: Words,
    kind: Words,
    year: Column<u64>,
    years: HashMap<u64, usize>,
}

/// The counts of one column of words.
struct Words {
    /// None if no entry of the segment has a word there.
    column: Option<StrColumn>,
    counts: HashMap<u64, usize>,
}

impl Words {
    fn open(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        Ok(Self { column: segment.fast_fields().str(name)?, counts: HashMap::new() })
    }

    fn count(&mut self, doc: DocId) {
        for ordinal in self.column.iter().flat_map(|column| column.term_ords(doc)) {
            *self.counts.entry(ordinal).or_insert(0) += 1;
        }
    }

    /// A word that cannot be read is left out: the segment is damaged, and the search itself says so.
    fn named(self) -> BTreeMap<String, usize> {
        let Some(column) = self.column else { return BTreeMap::new() };
        let name = |ordinal| {
            let mut word = String::new();
            column.ord_to_str(ordinal, &mut word).ok().filter(|found| *found).map(|_| word)
        };
        self.counts.into_iter().filter_map(|(ordinal, count)| Some((name(ordinal)?, count))).collect()
    }
}

impl SegmentCollector for CountingSegment {
    type Fruit = Facets;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Self { class, street, phase, record_type, register, kind, .. } = self;
        for words in [class, street, phase, record_type, register, kind] {
            words.count(doc);
        }
        for year in self.year.values_for_doc(doc) {
            *self.years.entry(year).or_insert(0) += 1;
        }
    }

    fn harvest(self) -> Facets {
        let year = |(year, count): (u64, usize)| Some((u16::try_from(year).ok()?, count));
        let years = self.years.into_iter().filter_map(year).collect();
        Facets {
            classes: self.class.named(),
            streets: self.street.named(),
            phases: self.phase.named(),
            record_types: self.record_type.named(),
            registers: self.register.named(),
            kinds: self.kind.named(),
            years,
            is_partial: false,
        }
    }
}

impl Collector for Counting {
    type Fruit = Facets;
    type Child = CountingSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<CountingSegment> {
        Ok(CountingSegment {
            class: Words::open(segment, CLASS)?,
            street: Words::open(segment, STREET_NAME)?,
            phase: Words::open(segment, PHASE)?,
            record_type: Words::open(segment, RECORD_TYPE)?,
            register: Words::open(segment, REGISTER)?,
            kind: Words::open(segment, KIND)?,
            year: segment.fast_fields().u64(YEAR)?,
            years: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Facets>) -> tantivy::Result<Facets> {
        let mut all = Facets::default();
        fruits.into_iter().for_each(|one| all.add(one));
        Ok(all)
    }
}
