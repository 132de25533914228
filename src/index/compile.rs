//! A [`Query`] in terms of tantivy. Query objects are built here, one by one: nothing a user typed ever
//! reaches a parser of tantivy's.
//!
//! - A *word* is found by its stem; the literal word adds to the score. A word of several pieces
//!   (`02091-C-71`) is found joined or as a sequence of its pieces.
//! - What stands in *title, address or reference number* of a file counts more.
//! - A *compound* is also found where its parts stand one behind the other (`Bau Genehmigung`); the other way
//!   round, the entries have the stems of their parts.
//! - As far as the [`Reach`] goes, words that look alike or are similar match too, and add less to the score.
//! - A *phrase* is literal: folded words in this order.
//! - A *prefix* ranges over the folded words; more than [`PREFIX_WORDS_MAX`] of them is refused. Of a word
//!   with several pieces it is the joined form that begins so.
//! - A *date* is found as it was typed and in every other spelling. Words *near* each other are literal, in this
//!   order or the other way round.
//! - What was *recognised* is found by its words and by what it is (see `recognised`).
//! - `az:`, `titel:`, `straße:` and `flurstück:` are answered by the files first, within the scope; every page of
//!   those files then matches. More than [`FILES_MAX`] files is refused.

use std::ops::Bound;

use tantivy::collector::Collector;
use tantivy::query::{
    AllQuery, Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery,
    Occur, PhraseQuery, Query as Engine, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::IndexError;
use super::analysis::{Chunk, Scanner, amounts, chunks, date_of, fold_whole, kin, lexicon, parts_of, stem};
use super::bounds::Bounds;
use super::dated::{Item, items};
use super::gaps::WithGaps;
use super::range::InRange;
use super::rank::FilesOf;
use super::reach::{Reach, distance, misreadings};
use super::recognised;
use super::schema::{Fields, Pair, YEAR};
use crate::domain::ids::CaseFileId;
use crate::domain::query::{Node, Place, Query, Text};

/// Most words a prefix may stand for, summed over the segments.
pub const PREFIX_WORDS_MAX: usize = 200_000;
/// Most files `az:` or `titel:` may name.
pub const FILES_MAX: usize = 50_000;
/// How much more the literal word counts than its stem.
const EXACT_BOOST: f32 = 2.0;
/// How much a word counts in title, address or reference number, besides as a word of the file.
const HEADING_BOOST: f32 = 1.5;
/// How much a stem that is guessed to belong to the word counts, and the stem of a part of a compound.
const KIN_BOOST: f32 = 0.8;
const PART_BOOST: f32 = 0.5;
/// How much a word that looks alike or is similar counts.
const MISREAD_SCORE: f32 = 0.5;
const SIMILAR_SCORE: f32 = 0.25;
/// How much a date in any spelling counts: about as much as a rare word.
const DATE_SCORE: f32 = 8.0;
/// And how much its parts, each somewhere on the page.
const TORN_DATE_SCORE: f32 = 0.5;

pub(super) type Clause = (Occur, Box<dyn Engine>);

/// What compiling needs to know.
pub(super) struct Compiler<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
    /// What is wanted within what may be seen; none if everything.
    pub wanted: Option<&'a dyn Engine>,
    pub reach: Reach,
    /// What may be seen, and for how long.
    pub bounds: Bounds,
}

impl Compiler<'_> {
    /// The whole query within the scope.
    pub(super) fn query(&self, query: &Query) -> Result<Box<dyn Engine>, IndexError> {
        let mut clauses = self.clauses(query.root())?;
        clauses.extend(self.wanted_clause());
        Ok(all_of(clauses))
    }

    /// Everything that asks the engine asks here, within what may be seen.
    pub(super) fn collect<C: Collector>(
        &self,
        query: Box<dyn Engine>,
        collector: &C,
        statistics: Option<&dyn Bm25StatisticsProvider>,
    ) -> Result<C::Fruit, IndexError> {
        let query = self.bounds.with(query);
        let statistics = statistics.unwrap_or(self.searcher);
        Ok(self.searcher.search_with_statistics_provider(query.as_ref(), collector, statistics)?)
    }

    /// Nothing of the domain is hidden or left out.
    pub(super) fn sees_all(&self) -> bool {
        self.wanted.is_none() && self.bounds.show_all()
    }

    pub(super) fn wanted_clause(&self) -> Option<Clause> {
        self.wanted.map(|wanted| (Occur::Must, silent(wanted.box_clone())))
    }

    pub(super) fn node(&self, node: &Node) -> Result<Box<dyn Engine>, IndexError> {
        match node {
            Node::Any(nodes) => {
                let any = nodes.iter().map(|n| Ok((Occur::Should, self.node(n)?)));
                Ok(Box::new(BooleanQuery::new(any.collect::<Result<_, IndexError>>()?)))
            }
            Node::Class(class) => {
                let term = Term::from_field_text(self.fields.place, class.as_str());
                Ok(silent(term_query(term, IndexRecordOption::Basic)))
            }
            Node::Trait(sought) => {
                Ok(silent(term_query(self.fields.trait_term(sought), IndexRecordOption::Basic)))
            }
            Node::Text(Place::Content, Text::Prefix(text)) => self.prefix(self.fields.body.exact, text),
            Node::Text(Place::FileName, text) => Ok(silent(self.text(self.fields.name, text)?)),
            Node::Text(Place::Title, text) => self.files_with(self.text(self.fields.title, text)?),
            Node::Text(Place::Street, text) => self.files_with(self.text(self.fields.street, text)?),
            Node::Text(Place::Parcel, text) => self.files_with(self.text(self.fields.parcel, text)?),
            Node::Text(Place::Reference, text) => self.files_with(self.reference(text)?),
            Node::Years(years) => {
                let range = u64::from(*years.start())..=u64::from(*years.end());
                Ok(silent(Box::new(InRange { column: YEAR, range })))
            }
            Node::Text(Place::Content, _) | Node::All(_) | Node::Not(_) | Node::Recognised(_) => {
                Ok(all_of(self.clauses(node)?))
            }
        }
    }

    /// The clauses that must hold together for `node`: nested UND becomes one flat list, which is faster.
    fn clauses(&self, node: &Node) -> Result<Vec<Clause>, IndexError> {
        match node {
            Node::All(nodes) if self.reach == Reach::AnyWord => self.any_of(nodes),
            Node::All(nodes) => {
                let lists = items(nodes).into_iter().map(|item| self.item(&item));
                let mut clauses: Vec<_> =
                    lists.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
                clauses.extend(self.side_by_side(nodes)?);
                Ok(clauses)
            }
            Node::Recognised(found) => recognised::clauses(self, found),
            Node::Not(inner) => Ok(vec![(Occur::MustNot, self.node(inner)?)]),
            Node::Text(Place::Content, Text::Word(word)) => match date_of(word) {
                Some(terms) => self.date_clauses(std::slice::from_ref(node), &terms),
                None => self.word_clauses(self.fields.body, word),
            },
            Node::Text(Place::Content, text @ (Text::Similar(_) | Text::Near(..))) => {
                Ok(vec![(Occur::Must, self.text(self.fields.body, text)?)])
            }
            Node::Text(Place::Content, Text::Phrase(text)) => {
                Ok(vec![(Occur::Must, sequence(self.fields.body.exact, &chunks(text)))])
            }
            _ => Ok(vec![(Occur::Must, self.node(node)?)]),
        }
    }

    /// Of the words at least one; all else that is asked for.
    fn any_of(&self, nodes: &[Node]) -> Result<Vec<Clause>, IndexError> {
        let (mut words, mut rest) = (Vec::new(), self.side_by_side(nodes)?);
        for item in items(nodes) {
            let clauses = self.item(&item)?;
            match item {
                Item::Date(..) | Item::One(Node::Text(Place::Content, _) | Node::Recognised(_)) => {
                    words.push(all_of(clauses));
                }
                Item::One(_) => rest.extend(clauses),
            }
        }
        if !words.is_empty() {
            rest.push((Occur::Must, Box::new(BooleanQuery::union(words))));
        }
        Ok(rest)
    }

    pub(super) fn item(&self, item: &Item<'_>) -> Result<Vec<Clause>, IndexError> {
        match item {
            Item::One(node) => self.clauses(node),
            Item::Date(words, terms) => self.date_clauses(words, terms),
        }
    }

    pub(super) fn text(&self, pair: Pair, text: &Text) -> Result<Box<dyn Engine>, IndexError> {
        match text {
            Text::Word(word) => Ok(all_of(self.word_clauses(pair, word)?)),
            Text::Phrase(text) => Ok(sequence(pair.exact, &chunks(text))),
            Text::Prefix(text) => self.prefix(pair.exact, text),
            Text::Similar(word) => self.similar(pair, word),
            Text::Near(text, distance) => Ok(near(pair.exact, &chunks(text), *distance)),
        }
    }

    /// The word in its forms, and all that are spelled similarly.
    fn similar(&self, pair: Pair, word: &str) -> Result<Box<dyn Engine>, IndexError> {
        let folded = fold_whole(word);
        let mut ways = vec![all_of(self.word_clauses(pair, word)?)];
        if let Some(distance) = distance(&folded) {
            let similar = FuzzyTermQuery::new(Term::from_field_text(pair.exact, &folded), distance, true);
            ways.push(scored(Box::new(similar), SIMILAR_SCORE));
        }
        Ok(Box::new(BooleanQuery::union(ways)))
    }

    /// These words, which are a date, or the date in any other spelling.
    fn date_clauses(&self, words: &[Node], terms: &[String]) -> Result<Vec<Clause>, IndexError> {
        let mut typed = Vec::new();
        for node in words {
            if let Node::Text(_, Text::Word(word)) = node {
                typed.extend(self.word_clauses(self.fields.body, word)?);
            }
        }
        let dates = terms.iter().map(|term| {
            let term = Term::from_field_text(self.fields.date, term);
            scored(term_query(term, IndexRecordOption::Basic), DATE_SCORE)
        });
        // Day, month and year each somewhere: recognition tears dates apart, but what is whole comes first.
        let ways = std::iter::once(scored(all_of(typed), TORN_DATE_SCORE)).chain(dates).collect();
        Ok(vec![(Occur::Must, Box::new(BooleanQuery::union(ways)))])
    }

    pub(super) fn reference(&self, text: &Text) -> Result<Box<dyn Engine>, IndexError> {
        let whole = fold_whole(text.as_str());
        let (whole, parts) = if let Text::Prefix(beginning) = text {
            let whole = self.words_from(self.fields.reference_whole, &whole)?;
            (whole, self.prefix(self.fields.reference, beginning)?)
        } else {
            let term = Term::from_field_text(self.fields.reference_whole, &whole);
            let parts = sequence(self.fields.reference, &chunks(text.as_str()));
            (term_query(term, IndexRecordOption::Basic), parts)
        };
        Ok(Box::new(BooleanQuery::union(vec![whole, parts])))
    }

    /// The entries of the files whose own entry matches `inner`, within the scope, and all their pages.
    fn files_with(&self, inner: Box<dyn Engine>) -> Result<Box<dyn Engine>, IndexError> {
        Ok(self.entries_of(self.files(inner)?))
    }

    /// The files whose own entry matches `inner`, among those that may be seen; what is wanted of them are their pages.
    pub(super) fn files(&self, inner: Box<dyn Engine>) -> Result<Vec<CaseFileId>, IndexError> {
        let files = self.collect(inner, &FilesOf { max: FILES_MAX }, None)?;
        if files.len() > FILES_MAX { Err(IndexError::TooManyFiles) } else { Ok(files) }
    }

    pub(super) fn entries_of(&self, files: Vec<CaseFileId>) -> Box<dyn Engine> {
        let terms = files.into_iter().map(|file| self.fields.file_term(file));
        silent(Box::new(TermSetQuery::new(terms)))
    }

    fn prefix(&self, field: Field, text: &str) -> Result<Box<dyn Engine>, IndexError> {
        let mut scanner = Scanner::of_beginnings(text);
        let (mut chunk, mut all) = (Chunk::default(), Vec::new());
        while scanner.next_into(&mut chunk) {
            all.push(chunk.clone());
        }
        let Some(last) = all.pop() else { return Ok(Box::new(EmptyQuery)) };
        let mut must = vec![self.words_from(field, &last.folded)?];
        if !all.is_empty() {
            must.push(sequence(field, &all));
        }
        Ok(Box::new(BooleanQuery::intersection(must)))
    }

    /// Every word of `field` that begins with `beginning`.
    fn words_from(&self, field: Field, beginning: &str) -> Result<Box<dyn Engine>, IndexError> {
        let end = after_all_with(beginning.as_bytes());
        self.bound_words(field, beginning.as_bytes(), end.as_deref())?;
        let upper = end.map_or(Bound::Unbounded, |end| {
            // The end of a range of words need not be UTF-8, hence the raw bytes.
            let mut term = Term::from_field_text(field, "");
            term.append_bytes(&end);
            Bound::Excluded(term)
        });
        Ok(Box::new(RangeQuery::new(Bound::Included(Term::from_field_text(field, beginning)), upper)))
    }

    /// A word in one of its forms: by its stem, and better by itself. A sum of money in any spelling.
    fn word_clauses(&self, pair: Pair, word: &str) -> Result<Vec<Clause>, IndexError> {
        let typed = self.typed_clauses(pair, word)?;
        let sums = amounts(word);
        if sums.is_empty() {
            return Ok(typed);
        }
        let sums = sums.iter().map(|words| words_in_order(pair.exact, words.iter().map(String::as_str)));
        let ways = std::iter::once(all_of(typed)).chain(sums).collect();
        Ok(vec![(Occur::Must, Box::new(BooleanQuery::union(ways)))])
    }

    fn typed_clauses(&self, pair: Pair, word: &str) -> Result<Vec<Clause>, IndexError> {
        let all = chunks(word);
        if let [chunk] = all.as_slice() {
            if let [piece] = chunk.pieces.as_slice() {
                return self.form_clauses(pair, chunk.word(piece));
            }
            if let Some((joined, _)) = chunk.joined() {
                let forms = all_of(self.form_clauses(pair, joined)?);
                let parts = sequence(pair.exact, &all);
                return Ok(vec![(Occur::Must, Box::new(BooleanQuery::union(vec![forms, parts])))]);
            }
        }
        Ok(vec![(Occur::Must, sequence(pair.exact, &all))])
    }

    fn form_clauses(&self, pair: Pair, folded: &str) -> Result<Vec<Clause>, IndexError> {
        let mut ways = self.forms(pair, folded)?;
        let parts = parts_of(lexicon(), folded);
        if !parts.is_empty() {
            ways.push(words_in_order(pair.exact, parts.into_iter()));
        }
        self.add_neighbours(pair.exact, folded, &mut ways)?;
        let any = if ways.len() == 1 { ways.remove(0) } else { Box::new(BooleanQuery::union(ways)) };
        let better = self.better(pair, folded)?.into_iter().map(|query| (Occur::Should, query));
        Ok(std::iter::once((Occur::Must, any)).chain(better).collect())
    }

    /// The word by its stem, as a part of compounds, and by the stems that are guessed to belong to it.
    pub(super) fn forms(&self, pair: Pair, folded: &str) -> Result<Vec<Box<dyn Engine>>, IndexError> {
        let own = stem(folded);
        let mut ways = vec![term_query(Term::from_field_text(pair.stem, &own), IndexRecordOption::WithFreqs)];
        ways.extend(pair.parts.map(|field| boosted(Term::from_field_text(field, &own), PART_BOOST)));
        for stem in kin(folded) {
            let term = Term::from_field_text(pair.stem, &stem);
            if self.is_there(&term)? {
                ways.push(boosted(term, KIN_BOOST));
            }
        }
        Ok(ways)
    }

    /// What adds to the score of a word: that it stands there literally; and, for it says more of a file than any word
    /// on a page, that it stands in title, address or reference number.
    pub(super) fn better(&self, pair: Pair, folded: &str) -> Result<Vec<Box<dyn Engine>>, IndexError> {
        let mut ways = vec![boosted(Term::from_field_text(pair.exact, folded), EXACT_BOOST)];
        if pair.parts.is_none() {
            return Ok(ways); // only the body has more than headings
        }
        let (own, Fields { title, street, reference, .. }) = (stem(folded), self.fields);
        for (field, word) in [(title.stem, &*own), (street.stem, &*own), (*reference, folded)] {
            let term = Term::from_field_text(field, word);
            if self.is_there(&term)? {
                ways.push(boosted(term, HEADING_BOOST));
            }
        }
        Ok(ways)
    }

    /// Words that look alike or are similar, as far as the reach goes.
    fn add_neighbours(
        &self,
        field: Field,
        folded: &str,
        ways: &mut Vec<Box<dyn Engine>>,
    ) -> Result<(), IndexError> {
        if self.reach >= Reach::Misread {
            for spelling in misreadings(folded) {
                let term = Term::from_field_text(field, &spelling);
                if self.is_there(&term)? {
                    ways.push(scored(term_query(term, IndexRecordOption::Basic), MISREAD_SCORE));
                }
            }
        }
        if let Some(distance) = distance(folded).filter(|_| self.reach >= Reach::Similar) {
            let similar = FuzzyTermQuery::new(Term::from_field_text(field, folded), distance, true);
            ways.push(scored(Box::new(similar), SIMILAR_SCORE));
        }
        Ok(())
    }

    /// Some entry has this word, seen or hidden: it saves looking for what is nowhere, and changes no answer.
    pub(super) fn is_there(&self, term: &Term) -> Result<bool, IndexError> {
        for segment in self.searcher.segment_readers() {
            if segment
                .inverted_index(term.field())?
                .get_term_info(term)
                .map_err(tantivy::TantivyError::from)?
                .is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn bound_words(&self, field: Field, from: &[u8], end: Option<&[u8]>) -> Result<(), IndexError> {
        let mut words = 0;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let range = inverted.terms().range().ge(from);
            let range = if let Some(end) = end { range.lt(end) } else { range };
            let mut stream = range.into_stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                words += 1;
                if words > PREFIX_WORDS_MAX {
                    return Err(IndexError::TooManyWords);
                }
            }
        }
        Ok(())
    }
}

/// The first byte string behind all that begin with `beginning`; none if there is no such string.
fn after_all_with(beginning: &[u8]) -> Option<Vec<u8>> {
    let last = beginning.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = beginning[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

/// The folded pieces of all chunks, one directly behind the other.
fn sequence(field: Field, chunks: &[Chunk]) -> Box<dyn Engine> {
    words_in_order(field, chunks.iter().flat_map(Chunk::words))
}

/// These folded words, one directly behind the other.
pub(super) fn words_in_order<'a>(field: Field, words: impl Iterator<Item = &'a str>) -> Box<dyn Engine> {
    let mut terms: Vec<Term> = words.map(|word| Term::from_field_text(field, word)).collect();
    match (terms.len(), terms.pop()) {
        (1, Some(term)) => term_query(term, IndexRecordOption::WithFreqs),
        (_, Some(last)) => {
            terms.push(last);
            Box::new(PhraseQuery::new(terms))
        }
        (_, None) => Box::new(EmptyQuery),
    }
}

/// The folded pieces of all chunks, in this order or the other way round, with at most `distance` words between.
fn near(field: Field, chunks: &[Chunk], distance: u8) -> Box<dyn Engine> {
    let words: Vec<&str> = chunks.iter().flat_map(Chunk::words).collect();
    if words.len() < 2 {
        return words_in_order(field, words.into_iter());
    }
    let in_order = |words: &mut dyn Iterator<Item = &&str>| -> Box<dyn Engine> {
        let mut phrase = PhraseQuery::new(words.map(|word| Term::from_field_text(field, word)).collect());
        phrase.set_slop(u32::from(distance));
        Box::new(WithGaps(phrase))
    };
    let ways = vec![in_order(&mut words.iter()), in_order(&mut words.iter().rev())];
    Box::new(BooleanQuery::union(ways))
}

pub(super) fn boosted(term: Term, boost: f32) -> Box<dyn Engine> {
    Box::new(BoostQuery::new(term_query(term, IndexRecordOption::WithFreqs), boost))
}

pub(super) fn term_query(term: Term, record: IndexRecordOption) -> Box<dyn Engine> {
    Box::new(TermQuery::new(term, record))
}

/// Filters without adding to the score.
pub(super) fn silent(inner: Box<dyn Engine>) -> Box<dyn Engine> {
    scored(inner, 0.0)
}

/// Adds always the same to the score.
pub(super) fn scored(inner: Box<dyn Engine>, score: f32) -> Box<dyn Engine> {
    Box::new(ConstScoreQuery::new(inner, score))
}

/// All clauses together; if nothing is asked for, everything but what is excluded.
pub(super) fn all_of(mut clauses: Vec<Clause>) -> Box<dyn Engine> {
    if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
        clauses.push((Occur::Must, silent(Box::new(AllQuery))));
    }
    Box::new(BooleanQuery::new(clauses))
}
