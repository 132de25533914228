//! One word and nothing else: what most people type. As one flat list of terms the engine leaves out what cannot be among
//! the best. Finds and ranks exactly as the general way does (see `compile`).

use tantivy::query::{BooleanQuery, Query as Engine};

use super::IndexError;
use super::analysis::{amounts, chunks, date_of, lexicon, parts_of};
use super::compile::Compiler;
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
            && date_of(word).is_none()
            && amounts(word).is_empty()
            && parts_of(lexicon(), folded).is_empty();
        if !is_plain {
            return Ok(None);
        }
        let mut ways = self.forms(self.fields.body, folded)?;
        ways.extend(self.better(self.fields.body, folded)?);
        Ok(Some(Box::new(BooleanQuery::union(ways))))
    }
}
