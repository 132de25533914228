//! Words that were typed side by side. Where they stand side by side, or are one word, is ranked first: the number
//! behind its street, the `Bauzaun` of whoever typed `Bau Zaun`. Changes the order, never what is found.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as Engine};

use super::IndexError;
use super::analysis::{Chunk, chunks, stem};
use super::compile::{Clause, Compiler, boosted, words_in_order};
use crate::domain::query::{Node, Place, Text};

/// Most pairs that are looked at; people type fewer words.
const PAIRS_MAX: usize = 8;
/// How much the compound of both words counts, and as a part of a longer one.
const COMPOUND_BOOST: f32 = 3.0;
const PART_BOOST: f32 = 1.5;
/// How much both words count where they stand side by side.
const SEQUENCE_BOOST: f32 = 3.0;
/// What stands between the parts of a compound.
const LINKS: [&str; 7] = ["", "s", "es", "n", "en", "e", "er"];

impl Compiler<'_> {
    /// What adds to the score of words that stand side by side in the query.
    pub(super) fn side_by_side(&self, nodes: &[Node]) -> Result<Vec<Clause>, IndexError> {
        let pairs = nodes.windows(2).filter_map(|pair| Some((word(&pair[0])?, word(&pair[1])?)));
        let mut clauses = Vec::new();
        for (first, second) in pairs.take(PAIRS_MAX) {
            let body = self.fields.body;
            let both = first.iter().chain(&second).flat_map(Chunk::words);
            let sequence = BoostQuery::new(words_in_order(body.exact, both), SEQUENCE_BOOST);
            let mut ways: Vec<Box<dyn Engine>> = vec![Box::new(sequence)];
            for compound in compounds(&first, &second) {
                let fields = [(Some(body.stem), COMPOUND_BOOST), (body.parts, PART_BOOST)];
                for (field, boost) in fields.into_iter().filter_map(|(field, boost)| Some((field?, boost))) {
                    let term = Term::from_field_text(field, &compound);
                    if self.is_there(&term)? {
                        ways.push(boosted(term, boost));
                    }
                }
            }
            clauses.push((Occur::Should, Box::new(BooleanQuery::union(ways)) as Box<dyn Engine>));
        }
        Ok(clauses)
    }
}

fn word(node: &Node) -> Option<Vec<Chunk>> {
    let Node::Text(Place::Content, Text::Word(word)) = node else { return None };
    Some(chunks(word)).filter(|chunks| !chunks.is_empty())
}

/// The stems of the words that both may make together: `Bau Zaun`, `Haltung Form`, `Kirche Turm`.
fn compounds(first: &[Chunk], second: &[Chunk]) -> Vec<String> {
    let ([first], [second]) = (first, second) else { return Vec::new() };
    let (first, second) = (first.folded.as_str(), second.folded.as_str());
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    if !is_word(first) || !is_word(second) {
        return Vec::new();
    }
    let shorter = first.strip_suffix("en").or_else(|| first.strip_suffix('e'));
    let beginnings = std::iter::once(first).chain(shorter);
    let all =
        beginnings.flat_map(|begin| LINKS.map(|link| stem(&format!("{begin}{link}{second}")).into_owned()));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
