//! What matches and came after an entry of the ledger: what is new since somebody looked. As it was typed only: what a
//! wider search shows besides is help for somebody who looks, and no news.

use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, Occur};

use super::compile::silent;
use super::range::InRange;
use super::rank::Best;
use super::reach::Reach;
use super::schema::POSITION;
use super::search::{Found, Scope};
use super::statistics::{Constant, Counted};
use super::{Index, IndexError};
use crate::domain::query::Order;
use crate::domain::query::Query;

impl Index {
    /// As [`Self::search_by`], of what was put in for the entry with this number or a later one. Files that `az:`,
    /// an address and the like name may be older: it is their pages that are new.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn search_since(
        &self,
        position: u64,
        order: Order,
        query: &Query,
        scope: &Scope,
        keep: usize,
    ) -> Result<Found, IndexError> {
        if keep > super::HITS_MAX {
            return Err(IndexError::TooDeep);
        }
        let columns = self.columns();
        self.within(scope, Reach::AsWritten, |compiler| {
            let newer = silent(Box::new(InRange { column: POSITION, range: position..=u64::MAX }));
            // Beside the scope and not in it: the scope is also where named files are looked for.
            let both = vec![(Occur::Must, compiler.query(query)?), (Occur::Must, newer)];
            let counted = Counted { searcher: compiler.searcher, fields: compiler.fields };
            let statistics: &dyn Bm25StatisticsProvider = if scope.hides() { &Constant } else { &counted };
            let best = Best { keep, order, prunes: false, columns: &columns, preferred: &[] };
            let found = compiler.collect(Box::new(BooleanQuery::new(both)), &best, Some(statistics))?;
            let is_partial = compiler.bounds.is_over();
            Ok(Found {
                total: found.pages,
                files_total: found.files,
                hits: found.hits,
                partly: 0,
                is_partial,
            })
        })
    }
}
