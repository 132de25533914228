//! What a score knows of the words in an index: how often they are counted, or that it is not told.

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::schema::Fields;

/// Frequencies that say nothing about the domain.
pub(super) struct Constant;

impl Constant {
    const DOCS: u64 = 1_000_000;
    const WORDS_PER_DOC: u64 = 250;
    const DOCS_WITH_WORD: u64 = 1_000;
}

impl Bm25StatisticsProvider for Constant {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(Self::DOCS * Self::WORDS_PER_DOC)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(Self::DOCS)
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(Self::DOCS_WITH_WORD)
    }
}

/// Frequencies as they are counted, for whoever sees a whole protection domain.
///
/// In a field without lengths the engine cannot count the words of what is left when removed entries leave: it guesses
/// from what was there, and the score would tell of it. Of those fields it is said how long they usually are.
pub(super) struct Counted<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
}

impl Counted<'_> {
    /// Entries for each word of a field that only the entry of a file has, of which there are few.
    const ENTRIES_PER_WORD: u64 = 5;
    /// Words of a field that every page has.
    const WORDS_PER_ENTRY: u64 = 2;

    fn words_without_lengths(&self, field: Field, entries: u64) -> u64 {
        let Fields { title, reference, reference_whole, parcel, .. } = self.fields;
        let of_files = [title.stem, title.exact, parcel.stem, parcel.exact, *reference, *reference_whole];
        if of_files.contains(&field) {
            return (entries / Self::ENTRIES_PER_WORD).max(1);
        }
        entries * Self::WORDS_PER_ENTRY
    }
}

impl Bm25StatisticsProvider for Counted<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if self.searcher.schema().get_field_entry(field).has_fieldnorms() {
            return self.searcher.total_num_tokens(field);
        }
        Ok(self.words_without_lengths(field, self.total_num_docs()?))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::total_num_docs(self.searcher)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::doc_freq(self.searcher, term)
    }
}
