//! One word and nothing else: what most people type. As one flat list of terms the engine leaves out what cannot be among
//! the best. Finds and ranks exactly as the general way does (see `compile`).

use tantivy::Term;
use tantivy::query::{BooleanQuery, Query as Engine};

use super::IndexError;
use super::analysis::{amounts, chunks, date_of, kin, lexicon, parts_of, stem};
use super::compile::{Compiler, EXACT_BOOST, HEADING_BOOST, KIN_BOOST, PART_BOOST, boosted};
use super::reach::Reach;
use crate::domain::query::{Node, Place, Query, Text};

impl Compiler<'_> {
    /// A query that is one word which is no compound, as one flat list of terms; none if it is anything else. The
    /// literal word and what stands in headings have the stem, too, so what is found is the same.
    pub(super) fn plain_word(&self, query: &Query) -> Result<Option<Box<dyn Engine>>, IndexError> {
        let Node::Text(Place::Content, Text::Word(word)) = query.root() else { return Ok(None) };
        let all = chunks(word);
        let [chunk] = all.as_slice() else { return Ok(None) };
        let [piece] = chunk.pieces.as_slice() else { return Ok(None) };
        let folded = chunk.word(piece);
        let is_plain = self.reach == Reach::AsWritten
            && self.wanted.is_none()
            && date_of(word, &all).is_none()
            && amounts(word).is_empty()
            && parts_of(lexicon(), folded).is_empty();
        if !is_plain {
            return Ok(None);
        }
        let body = self.fields.body;
        let own = stem(folded);
        let mut ways: Vec<(Term, f32)> = vec![
            (Term::from_field_text(body.stem, &own), 1.0),
            (Term::from_field_text(body.exact, folded), EXACT_BOOST),
        ];
        ways.extend(body.parts.map(|parts| (Term::from_field_text(parts, &own), PART_BOOST)));
        ways.extend(kin(folded).iter().map(|kin| (Term::from_field_text(body.stem, kin), KIN_BOOST)));
        ways.extend(self.headings(folded, &own).map(|term| (term, HEADING_BOOST)));
        let mut terms = Vec::new();
        for (term, boost) in ways {
            if self.is_there(&term)? {
                terms.push(boosted(term, boost));
            }
        }
        Ok(Some(Box::new(BooleanQuery::union(terms))))
    }
}
