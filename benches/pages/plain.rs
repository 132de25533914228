//! tantivy as one uses it, with its German stemmer; the text is stored, for its own snippets.

use std::ops::Bound;
use std::path::Path;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, FuzzyTermQuery, PhraseQuery, Query as Engine, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, SchemaBuilder, TextFieldIndexing, TextOptions, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::tokenizer::{Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

use super::HITS;
use super::material::{Kind, Material, Query};

/// Memory of the writer, in bytes.
const WRITER_BYTES: usize = 64_000_000;

pub struct Plain {
    text: Field,
    searcher: Searcher,
    analyzer: TextAnalyzer,
}

impl Plain {
    /// Indexes so many pages.
    pub fn filled(folder: &Path, material: &Material, pages: u64) -> Self {
        let mut schema = SchemaBuilder::new();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("words")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing).set_stored();
        let text = schema.add_text_field("text", options);
        std::fs::create_dir_all(folder).unwrap();
        let index = Index::create_in_dir(folder, schema.build()).unwrap();
        let analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(40))
            .filter(LowerCaser)
            .filter(Stemmer::new(Language::German))
            .build();
        index.tokenizers().register("words", analyzer.clone());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES).unwrap();
        for number in 0..pages {
            let mut document = TantivyDocument::new();
            document.add_text(text, material.page(number));
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
        Self { text, searcher: index.reader().unwrap().searcher(), analyzer }
    }

    /// Ten hits and how many there are.
    pub fn ask(&self, query: &Query) -> usize {
        let query = self.query(query);
        let best = TopDocs::with_limit(HITS).order_by_score();
        let (hits, all) = self.searcher.search(query.as_ref(), &(best, Count)).unwrap();
        std::hint::black_box(hits);
        all
    }

    /// So, and the words around each hit.
    pub fn ask_with_snippets(&self, query: &Query) -> usize {
        let query = self.query(query);
        let best = TopDocs::with_limit(HITS).order_by_score();
        let (hits, all) = self.searcher.search(query.as_ref(), &(best, Count)).unwrap();
        let maker = SnippetGenerator::create(&self.searcher, query.as_ref(), self.text).unwrap();
        for (_, address) in hits {
            let document: TantivyDocument = self.searcher.doc(address).unwrap();
            let text = document.get_first(self.text).and_then(|value| value.as_str()).unwrap();
            std::hint::black_box(maker.snippet(text));
        }
        all
    }

    fn query(&self, query: &Query) -> Box<dyn Engine> {
        let term = |text: &str| Term::from_field_text(self.text, text);
        let terms: Vec<Term> = query.words.iter().map(|word| term(&self.stem(word))).collect();
        let one =
            |term: Term| -> Box<dyn Engine> { Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) };
        match query.kind {
            Kind::Frequent
            | Kind::Middle
            | Kind::Rare
            | Kind::RareAsTyped
            | Kind::Both
            | Kind::BothAsTyped => {
                let mut all: Vec<_> = terms.into_iter().map(one).collect();
                if all.len() == 1 { all.remove(0) } else { Box::new(BooleanQuery::intersection(all)) }
            }
            Kind::Phrase => Box::new(PhraseQuery::new(terms)),
            Kind::Beginning => {
                let begin = query.words[0].to_lowercase();
                let end = format!("{begin}\u{10ffff}");
                Box::new(RangeQuery::new(Bound::Included(term(&begin)), Bound::Excluded(term(&end))))
            }
            Kind::Similar => {
                let distance = if query.words[0].chars().count() >= 8 { 2 } else { 1 };
                Box::new(FuzzyTermQuery::new(terms[0].clone(), distance, true))
            }
        }
    }

    fn stem(&self, word: &str) -> String {
        let mut analyzer = self.analyzer.clone();
        let mut stream = analyzer.token_stream(word);
        let mut stem = String::new();
        stream.process(&mut |token| stem.clone_from(&token.text));
        stem
    }
}
