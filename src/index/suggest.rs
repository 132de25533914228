//! Words that a person could mean: those that go on from a beginning, and those that are spelled like a word.
//!
//! The dictionary of the index has the words of all entries, hidden and removed ones too, so no word leaves it that was
//! not counted in an entry within the scope. Which words come first follows from those counts alone: how often a word
//! stands in the whole domain only bounds from above how often it can be seen, and so tells when to stop looking. What
//! is hidden changes no answer. What remains is what a search has, too: a beginning of too many words is refused by the
//! number of words in the whole domain, and time may differ.
//!
//! Words come out folded, as the index has them; [`written`] finds how they are written in a page.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::query::{AllQuery, ConstScoreQuery, EnableScoring, FuzzyTermQuery, Occur, Query as Engine};
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocSet as _, Searcher, TERMINATED, TantivyError, Term};

use super::analysis::{Chunk, Scanner, chunks, fold_whole};
use super::compile::Compiler;
use super::rank::Best;
use super::reach::{Reach, distance};
use super::search::{Hit, Scope};
use super::statistics::Constant;
use super::{Index, IndexError, PREFIX_WORDS_MAX};
use crate::domain::ids::CaseFileId;
use crate::domain::query::Order;
use crate::domain::query::{Place, Text};

/// Letters and digits of a beginning that is completed; of shorter ones nearly every word is one.
pub const BEGINNING_CHARS_MIN: usize = 3;
/// Signs inside a word as it is written, which the index does not have.
const SIGNS_INSIDE: [char; 9] = ['-', '/', '.', '_', '\'', '’', '&', '\u{2010}', '\u{2011}'];

/// A word that entries within the scope have. Sorts the better one first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// How many letters it is other than the word that was typed; 0 if it goes on from it.
    pub far: usize,
    /// How many entries within the scope have it.
    pub entries: Reverse<u64>,
    /// The word, folded.
    pub word: String,
}

impl Index {
    /// The most frequent words that go on from `beginning`; none if that is not the beginning of one word, or is short.
    ///
    /// # Errors
    /// [`IndexError::TooManyWords`] if it is the beginning of too many; damage and faults of the engine.
    pub fn completions(
        &self,
        beginning: &str,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<Candidate>, IndexError> {
        let Some(beginning) = one_beginning(beginning) else { return Ok(Vec::new()) };
        self.within(scope, Reach::AsWritten, |compiler| {
            let field = compiler.fields.body.exact;
            let mut words = Dictionary::default();
            for segment in compiler.searcher.segment_readers() {
                let inverted = segment.inverted_index(field)?;
                let mut stream = inverted.terms().range().ge(&beginning).into_stream().map_err(engine)?;
                while stream.advance() && stream.key().starts_with(beginning.as_bytes()) {
                    words.add(stream.key(), stream.value().doc_freq)?;
                }
            }
            words.0.remove(&beginning);
            Seen::of(compiler)?.best(field, words.candidates(|_| Some(0)), limit)
        })
    }

    /// The words spelled most like this one, which is not among them; none for numbers, short words and what is not
    /// one word.
    ///
    /// # Errors
    /// As [`Self::completions`].
    pub fn similar_words(
        &self,
        word: &str,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<Candidate>, IndexError> {
        let all = chunks(word);
        let [Chunk { folded, pieces }] = all.as_slice() else { return Ok(Vec::new()) };
        let Some(far) = distance(folded).filter(|_| pieces.len() == 1) else { return Ok(Vec::new()) };
        self.within(scope, Reach::AsWritten, |compiler| {
            let field = compiler.fields.body.exact;
            let automaton =
                FuzzyTermQuery::new(Term::from_field_text(field, folded), far, true).automaton()?;
            let mut words = Dictionary::default();
            for segment in compiler.searcher.segment_readers() {
                let inverted = segment.inverted_index(field)?;
                let mut stream = inverted.terms().search(&automaton).into_stream().map_err(engine)?;
                while stream.advance() {
                    words.add(stream.key(), stream.value().doc_freq)?;
                }
            }
            words.0.remove(folded);
            let is_word = |other: &str| other.chars().all(char::is_alphabetic);
            let far = |other: &str| is_word(other).then(|| strsim::osa_distance(folded, other));
            Seen::of(compiler)?.best(field, words.candidates(far), limit)
        })
    }

    /// Entries within the scope that have this folded word; files first.
    ///
    /// # Errors
    /// Damage and faults of the engine.
    pub fn entries_with(&self, word: &str, scope: &Scope, limit: usize) -> Result<Vec<Hit>, IndexError> {
        self.within(scope, Reach::AsWritten, |compiler| {
            let term = Term::from_field_text(compiler.fields.body.exact, word);
            self.first(compiler, Box::new(TermQuery::new(term, IndexRecordOption::Basic)), limit)
        })
    }

    /// Files within the scope that have words in this place (reference number, title, street) of which the last goes
    /// on from the last word of `beginning`; none for other places and short beginnings.
    ///
    /// # Errors
    /// As [`Self::completions`].
    pub fn files_from(
        &self,
        place: Place,
        beginning: &str,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<CaseFileId>, IndexError> {
        if beginning.chars().filter(|c| c.is_alphanumeric()).count() < BEGINNING_CHARS_MIN {
            return Ok(Vec::new());
        }
        let text = Text::Prefix(beginning.to_owned());
        self.within(scope, Reach::AsWritten, |compiler| {
            let asked = match place {
                Place::Reference => compiler.reference(&text)?,
                Place::Title => compiler.text(compiler.fields.title, &text)?,
                Place::Street => compiler.text(compiler.fields.street, &text)?,
                Place::Content | Place::FileName | Place::Parcel => return Ok(Vec::new()),
            };
            let hits = self.first(compiler, asked, limit)?;
            Ok(hits.into_iter().filter_map(|hit| hit.file).collect())
        })
    }

    /// The first entries that match, in the order of files, ids and pages.
    fn first(
        &self,
        compiler: &Compiler<'_>,
        asked: Box<dyn Engine>,
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        let mut clauses = vec![(Occur::Must, Box::new(ConstScoreQuery::new(asked, 0.0)) as Box<dyn Engine>)];
        clauses.extend(compiler.wanted_clause());
        let columns = self.columns();
        let best =
            Best { keep: limit, order: Order::Relevance, prunes: false, columns: &columns, preferred: &[] };
        Ok(compiler.collect(Box::new(BooleanQuery::new(clauses)), &best, Some(&Constant))?.hits)
    }
}

fn engine(error: std::io::Error) -> IndexError {
    TantivyError::from(error).into()
}

/// The folded beginning of one word; none if it is too short, or not one word.
fn one_beginning(text: &str) -> Option<String> {
    let (mut scanner, mut chunk, mut next) =
        (Scanner::of_beginnings(text), Chunk::default(), Chunk::default());
    let is_one = scanner.next_into(&mut chunk) && !scanner.next_into(&mut next);
    (is_one && chunk.folded.chars().count() >= BEGINNING_CHARS_MIN).then_some(chunk.folded)
}

/// Words of the dictionary, each with the number of entries that may have it at the most.
#[derive(Default)]
struct Dictionary(HashMap<String, u64>);

impl Dictionary {
    fn add(&mut self, word: &[u8], entries: u32) -> Result<(), IndexError> {
        // Every word of our analysis is UTF-8.
        let Ok(word) = std::str::from_utf8(word) else { return Ok(()) };
        if let Some(most) = self.0.get_mut(word) {
            *most += u64::from(entries);
            return Ok(());
        }
        if self.0.len() >= PREFIX_WORDS_MAX {
            return Err(IndexError::TooManyWords);
        }
        self.0.insert(word.to_owned(), entries.into());
        Ok(())
    }

    /// As candidates, the most promising first; without those that have no distance.
    fn candidates(self, far: impl Fn(&str) -> Option<usize>) -> Vec<Candidate> {
        let candidate =
            |(word, most): (String, u64)| Some(Candidate { far: far(&word)?, entries: Reverse(most), word });
        let mut all: Vec<Candidate> = self.0.into_iter().filter_map(candidate).collect();
        all.sort_unstable();
        all
    }
}

/// What of each segment is within the scope and not removed; none where that is all of it.
pub(super) struct Seen<'a> {
    searcher: &'a Searcher,
    entries: Vec<Option<BitSet>>,
}

impl<'a> Seen<'a> {
    pub(super) fn of(compiler: &Compiler<'a>) -> Result<Self, IndexError> {
        let searcher = compiler.searcher;
        let wanted = compiler
            .wanted
            .map_or_else(|| Box::new(AllQuery) as Box<dyn Engine>, |wanted| wanted.box_clone());
        let weight = compiler.bounds.with(wanted).weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut entries = Vec::new();
        for segment in searcher.segment_readers() {
            if compiler.sees_all() && !segment.has_deletes() {
                entries.push(None);
                continue;
            }
            let mut seen = BitSet::with_max_value(segment.max_doc());
            weight.for_each_no_score(segment, &mut |docs| {
                docs.iter().filter(|doc| !segment.is_deleted(**doc)).for_each(|doc| {
                    seen.insert(*doc);
                });
            })?;
            entries.push(Some(seen));
        }
        Ok(Self { searcher, entries })
    }

    /// How many entries can be seen.
    pub(super) fn total(&self) -> u64 {
        let counted = self.entries.iter().zip(self.searcher.segment_readers());
        counted
            .map(|(seen, all)| seen.as_ref().map_or(u64::from(all.num_docs()), |seen| seen.len() as u64))
            .sum()
    }

    /// How many entries that can be seen have this word.
    pub(super) fn entries_with(&self, term: &Term) -> Result<u64, IndexError> {
        let mut count = 0;
        for (segment, seen) in self.searcher.segment_readers().iter().zip(&self.entries) {
            let inverted = segment.inverted_index(term.field())?;
            let Some(info) = inverted.get_term_info(term).map_err(engine)? else { continue };
            let Some(seen) = seen else {
                count += u64::from(info.doc_freq);
                continue;
            };
            let postings = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic);
            let mut postings = postings.map_err(engine)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                count += u64::from(seen.contains(doc));
                doc = postings.advance();
            }
        }
        Ok(count)
    }

    /// The best of these candidates, which are in the order of what they may be at the most. It is over when the next
    /// one could not be among the best even if everything of it were seen: mostly after a few dozen.
    fn best(
        &self,
        field: Field,
        promising: Vec<Candidate>,
        keep: usize,
    ) -> Result<Vec<Candidate>, IndexError> {
        let mut best: Vec<Candidate> = Vec::new();
        for mut candidate in promising {
            if best.len() >= keep && best.last().is_none_or(|worst| *worst < candidate) {
                break;
            }
            candidate.entries = Reverse(self.entries_with(&Term::from_field_text(field, &candidate.word))?);
            if candidate.entries.0 > 0 {
                let at = best.partition_point(|better| *better < candidate);
                best.insert(at, candidate);
                best.truncate(keep);
            }
        }
        Ok(best)
    }
}

/// How a folded word is written in a text: the most frequent way, written out rather than abbreviated; none if it is
/// not there, or only torn at the end of a line.
#[must_use]
pub fn written(text: &str, folded: &str) -> Option<String> {
    let (mut scanner, mut chunk) = (Scanner::new(text), Chunk::default());
    let mut ways: Vec<(&str, bool, usize)> = Vec::new();
    while scanner.next_into(&mut chunk) {
        let joined = chunk.joined().filter(|(word, _)| *word == folded).map(|(_, source)| source);
        let pieces = chunk.pieces.iter().filter(|piece| chunk.word(piece) == folded);
        for source in joined.into_iter().chain(pieces.map(|piece| piece.source.clone())) {
            let way = &text[source];
            match ways.iter_mut().find(|(known, ..)| *known == way) {
                Some((.., count)) => *count += 1,
                None if is_plain(way) => ways.push((way, fold_whole(way) == folded, 1)),
                None => {}
            }
        }
    }
    // The first of the best: `max_by_key` alone would take the last.
    ways.into_iter().rev().max_by_key(|(_, whole, count)| (*whole, *count)).map(|(way, ..)| way.to_owned())
}

/// Letters, digits and signs that can be shown inside a line and typed; no control characters, nothing invisible.
fn is_plain(way: &str) -> bool {
    way.chars().all(|c| {
        c.is_alphanumeric() || SIGNS_INSIDE.contains(&c) || unicode_normalization::char::is_combining_mark(c)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_shown_as_it_is_written() {
        for (text, folded, way) in [
            (
                "In der Müllerstraße und der MÜLLERSTRASSE, Müllerstraße 3",
                "mullerstrasse",
                Some("Müllerstraße"),
            ),
            ("Müllerstr. 5, Müllerstr. 7, Müllerstraße 3", "mullerstrasse", Some("Müllerstraße")),
            ("Müllerstr. 5", "mullerstrasse", Some("Müllerstr")),
            ("Az. 02091-C-71", "02091c71", Some("02091-C-71")),
            ("die Bau-\ngenehmigung", "baugenehmigung", None),
            ("die Bau-\ngenehmigung, Baugenehmigung", "baugenehmigung", Some("Baugenehmigung")),
            ("Gara\u{200d}ge", "garage", None),
            ("Scheune", "garage", None),
            ("", "", None),
        ] {
            assert_eq!(written(text, folded).as_deref(), way, "{text:?}");
        }
    }
}
