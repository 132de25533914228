//! Pages that are like a document: its most telling words, asked for within the scope.
//!
//! Which words tell most follows from the document's own text and from how many entries have each of them. Whoever sees
//! a whole protection domain gets the real number of entries; whoever sees a part of it gets the number of entries in
//! that part, and the score knows no other statistics either (see `Constant`): what is hidden changes no answer.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::analysis::{Chunk, Scanner, stem};
use super::compile::{Clause, Compiler, boosted};
use super::rank::Best;
use super::reach::Reach;
use super::search::Scope;
use super::statistics::Constant;
use super::suggest::Seen;
use super::{Index, IndexError};
use crate::domain::ids::DocumentId;
use crate::domain::query::Order;

/// So much of a document's text is looked at, in bytes; what it is about stands in front.
const TEXT_BYTES_MAX: usize = 500_000;
/// So many of its words are looked up, the most frequent ones.
const WORDS_LOOKED_UP_MAX: usize = 1_000;
/// So many of its words are asked for, the most telling ones.
const WORDS_ASKED_MAX: usize = 25;
/// So many of these stand on a page that is alike, unless fewer are asked for.
const WORDS_IN_COMMON: usize = 3;
/// So many pages are found, before they are put together to documents.
const PAGES_MAX: usize = 200;
/// Shortest word that tells anything, in letters; with digits in it.
const CHARS_MIN: usize = 4;
const CHARS_WITH_DIGITS_MIN: usize = 5;

/// A document that is alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// The document.
    pub document: DocumentId,
    /// Its page that is most alike, from 1.
    pub page: u32,
    /// How much; comparable within one answer only.
    pub score: f32,
}

/// A stem of the document.
#[derive(Default, Clone, Copy)]
struct Own {
    /// How often it stands there.
    times: u32,
    /// On how many of its pages.
    pages: u64,
    last_page: usize,
}

impl Index {
    /// The documents within the scope that are most like this one, whose pages have these texts; itself is not among
    /// them.
    ///
    /// # Errors
    /// Damage and faults of the engine.
    pub fn similar(
        &self,
        document: DocumentId,
        pages: &[&str],
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<Alike>, IndexError> {
        let own = own_stems(pages);
        self.within(scope, Reach::AsWritten, |compiler| {
            let telling = telling(compiler, document, own)?;
            if telling.is_empty() {
                return Ok(Vec::new());
            }
            let in_common = WORDS_IN_COMMON.min(telling.len().div_ceil(WORDS_IN_COMMON));
            let any = telling.into_iter().map(|(term, weight)| boosted(term, weight));
            let any = BooleanQuery::union_with_minimum_required_clauses(any.collect(), in_common);
            let itself = TermQuery::new(compiler.fields.document_term(document), IndexRecordOption::Basic);
            let mut clauses: Vec<Clause> =
                vec![(Occur::Must, Box::new(any)), (Occur::MustNot, Box::new(itself))];
            clauses.extend(compiler.wanted_clause());
            let columns = self.columns();
            let best = Best {
                keep: PAGES_MAX,
                order: Order::Relevance,
                prunes: false,
                columns: &columns,
                preferred: &[],
            };
            let query = Box::new(BooleanQuery::new(clauses));
            let found = compiler.collect(query, &best, Some(&Constant))?;
            let mut alike: Vec<Alike> = Vec::new();
            for hit in found.hits {
                // A file's own description has no document.
                let (Some(document), Some(page)) = (hit.document, hit.page) else { continue };
                // The best page of a document comes first.
                if alike.len() < limit && alike.iter().all(|known| known.document != document) {
                    alike.push(Alike { document, page, score: hit.score });
                }
            }
            Ok(alike)
        })
    }
}

/// The stems of a document's words.
fn own_stems(pages: &[&str]) -> HashMap<String, Own> {
    let mut stems: HashMap<String, Own> = HashMap::new();
    let (mut room, mut chunk) = (TEXT_BYTES_MAX, Chunk::default());
    for (number, text) in pages.iter().enumerate() {
        let text = &text[..text.floor_char_boundary(room)];
        room -= text.len();
        let mut scanner = Scanner::new(text);
        while scanner.next_into(&mut chunk) {
            for word in chunk.joined().map(|(word, _)| word).into_iter().chain(chunk.words()) {
                let least =
                    if word.chars().all(char::is_alphabetic) { CHARS_MIN } else { CHARS_WITH_DIGITS_MIN };
                if word.chars().count() < least {
                    continue;
                }
                let own = stems.entry(stem(word).into_owned()).or_default();
                own.times += 1;
                if own.last_page != number + 1 {
                    own.last_page = number + 1;
                    own.pages += 1;
                }
            }
        }
    }
    stems
}

/// The most telling words, and what each weighs: frequent here, rare elsewhere, but somewhere.
fn telling(
    compiler: &Compiler<'_>,
    document: DocumentId,
    own: HashMap<String, Own>,
) -> Result<Vec<(Term, f32)>, IndexError> {
    let mut frequent: Vec<(String, Own)> = own.into_iter().collect();
    frequent.sort_unstable_by(|(a, of_a), (b, of_b)| (Reverse(of_a.times), a).cmp(&(Reverse(of_b.times), b)));
    frequent.truncate(WORDS_LOOKED_UP_MAX);
    let seen = if compiler.sees_all() { None } else { Some(Seen::of(compiler)?) };
    let total = seen.as_ref().map_or_else(|| compiler.searcher.num_docs(), Seen::total);
    let is_here = compiler.searcher.doc_freq(&compiler.fields.document_term(document))? > 0;
    let mut telling = Vec::new();
    for (stem, own) in frequent {
        let term = Term::from_field_text(compiler.fields.body.stem, &stem);
        let all = match &seen {
            Some(seen) => seen.entries_with(&term)?,
            None => compiler.searcher.doc_freq(&term)?,
        };
        if all > if is_here { own.pages } else { 0 } {
            let rare = (1.0 + total as f32 / all as f32).ln();
            telling.push((term, (1.0 + own.times as f32).ln() * rare));
        }
    }
    // Stable: of equal weight the more frequent word, then the first in the alphabet.
    telling.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    telling.truncate(WORDS_ASKED_MAX);
    Ok(telling)
}
