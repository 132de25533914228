//! tantivy as one uses it: with its German stemmer, and with the chain of analysis that paperless-ngx 3 has (simple
//! words, none of more than 65 bytes, small letters, ASCII folding, Snowball German; fuzzy search off, as it is there
//! unless somebody turns it on).

use std::path::Path;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, NumericOptions, SchemaBuilder, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

use super::{Answers, ask_all, bytes_below};
use crate::queries::Query;
use crate::text::PageNo;

/// Memory of the writer, in bytes: one segment for everything.
const WRITER_BYTES: usize = 200_000_000;

fn analyzer(folding: bool) -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default());
    if folding {
        let words = words.filter(RemoveLongFilter::limit(65)).filter(LowerCaser).filter(AsciiFoldingFilter);
        return words.filter(Stemmer::new(Language::German)).build();
    }
    let words = words.filter(RemoveLongFilter::limit(40)).filter(LowerCaser);
    words.filter(Stemmer::new(Language::German)).build()
}

/// Indexes the pages and asks.
pub fn answer(folder: &Path, pages: &[String], queries: &[&Query], timed: bool, folding: bool) -> Answers {
    let mut schema = SchemaBuilder::new();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("words")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
    let number = schema.add_u64_field("number", NumericOptions::default().set_fast());
    let index = Index::create_in_dir(folder, schema.build()).unwrap();
    index.tokenizers().register("words", analyzer(folding));
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES).unwrap();
    for (at, page) in (0_u64..).zip(pages) {
        let mut document = TantivyDocument::new();
        document.add_text(text, page);
        document.add_u64(number, at);
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    let segments = index.searchable_segment_ids().unwrap();
    if segments.len() > 1 {
        writer.merge(&segments).wait().unwrap();
        writer.garbage_collect_files().wait().unwrap();
    }
    let searcher = index.reader().unwrap().searcher();
    let ask = |typed: &str, limit: usize| -> Vec<PageNo> {
        let mut terms = Vec::new();
        let mut analyzer = analyzer(folding);
        let mut stream = analyzer.token_stream(typed);
        stream.process(&mut |token| terms.push(Term::from_field_text(text, &token.text)));
        let all = hits(&searcher, &terms, Occur::Must, limit);
        if all.is_empty() { hits(&searcher, &terms, Occur::Should, limit) } else { all }
    };
    let (ranked, times) = ask_all(queries, timed, &ask);
    Answers { ranked, times, bytes: bytes_below(folder), version: tantivy::version_string().to_owned() }
}

fn hits(searcher: &Searcher, terms: &[Term], occur: Occur, limit: usize) -> Vec<PageNo> {
    let term = |term: &Term| -> (Occur, Box<dyn EngineQuery>) {
        (occur, Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)))
    };
    let query = BooleanQuery::new(terms.iter().map(term).collect());
    let best = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score()).unwrap();
    let number = |address: tantivy::DocAddress| {
        let column = searcher.segment_reader(address.segment_ord).fast_fields().u64("number").unwrap();
        column.first(address.doc_id).unwrap() as PageNo
    };
    best.into_iter().map(|(_, address)| number(address)).collect()
}
