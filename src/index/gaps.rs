//! Words one behind the other with others between them. Where the engine need not score, it forgets at the last word how
//! many stood between those before, and finds more. Here it always scores, so that what is counted is what is found.

use tantivy::query::{EnableScoring, PhraseQuery, Query as Engine, Weight};
use tantivy::{Searcher, Term};

use super::statistics::Constant;

/// See the module documentation.
#[derive(Debug, Clone)]
pub(super) struct WithGaps(pub PhraseQuery);

impl Engine for WithGaps {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring {
            EnableScoring::Disabled { searcher_opt: Some(searcher), .. } => scored_by_constants(searcher),
            other => other,
        };
        self.0.weight(scoring)
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

/// Nobody looks at these scores.
fn scored_by_constants(searcher: &Searcher) -> EnableScoring<'_> {
    EnableScoring::enabled_from_statistics_provider(&Constant, searcher)
}
