//! Searching within what a person may see.
//!
//! The scope is part of the query itself, so counts, order and paging are computed on the visible entries
//! alone. Statistics: whoever sees a whole protection domain gets BM25 with the words' real frequencies;
//! whoever sees a part of it gets the same formula with *constant* frequencies, so that no score tells how
//! often a word stands in what is hidden. The price is that rare words do not weigh more there.
//! What remains: a prefix is refused by the number of words in the whole domain, and time may differ.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Instant;

use tantivy::Term;
use tantivy::collector::Collector;
use tantivy::query::{
    AllQuery, Bm25StatisticsProvider, BooleanQuery, EmptyQuery, Occur, Query as Engine, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::bounds::Bounds;
use super::compile::{Clause, Compiler, all_of};
use super::facets::{Counting, Facets};
use super::rank::{Best, FilesOf};
use super::reach::Reach;
use super::recognised;
use super::schema::{Fields, IN_TRAY};
use super::spread::spread;
use super::statistics::{Constant, Counted};
use super::{Index, IndexError};
use crate::base::digest::Sha256;
use crate::domain::case_file::ClassNumber;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::Order;
use crate::domain::query::Query;

/// Deepest hit that can be paged to; finding more is possible, listing them one by one is not.
pub const HITS_MAX: usize = 10_000;

/// What a person may see in this protection domain, and wants to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Branches of the file plan; none means all of it.
    pub branches: Option<Branches>,
    /// Pages in the in-tray (Posteingang), which have no file yet.
    pub in_tray: bool,
    /// Only this file and its pages.
    pub only_file: Option<CaseFileId>,
    /// Only the pages of this document.
    pub only_document: Option<DocumentId>,
    /// Branches of the file plan whose matches come first among equals. It hides nothing.
    pub preferred: Option<Vec<ClassNumber>>,
    /// When to stop looking; without, everything is looked at.
    pub until: Option<Instant>,
}

impl Scope {
    /// Everything in the domain.
    pub const EVERYTHING: Self = Self {
        branches: None,
        in_tray: true,
        only_file: None,
        only_document: None,
        preferred: None,
        until: None,
    };

    /// Rights hide a part of the domain.
    pub(super) fn hides(&self) -> bool {
        self.branches.is_some() || !self.in_tray
    }

    /// What the rights are known by; none if everything is seen.
    fn rights(&self) -> Option<Rights> {
        let branches = self.branches.as_ref().map(|branches| branches.digest);
        self.hides().then_some(Rights { in_tray: self.in_tray, branches })
    }

    /// What an entry must match to be seen.
    fn allowed(&self, fields: &Fields) -> Box<dyn Engine> {
        let place = |name: &str| basic(Term::from_field_text(fields.place, name));
        match (&self.branches, self.in_tray) {
            (Some(branches), in_tray) => {
                let mut any: Vec<_> = branches.numbers.iter().map(|branch| place(branch.as_str())).collect();
                any.extend(in_tray.then(|| place(IN_TRAY)));
                if any.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::union(any)) }
            }
            (None, false) => all_of(vec![(Occur::MustNot, place(IN_TRAY))]),
            (None, true) => Box::new(AllQuery),
        }
    }

    /// What an entry must match to be wanted; none if everything is.
    fn wanted(&self, fields: &Fields) -> Option<Box<dyn Engine>> {
        let file = self.only_file.map(|file| basic(fields.file_term(file)));
        let document = self.only_document.map(|document| basic(fields.document_term(document)));
        let must: Vec<Clause> = file.into_iter().chain(document).map(|query| (Occur::Must, query)).collect();
        (!must.is_empty()).then(|| all_of(must))
    }
}

/// Branches of the file plan that somebody may see. They are told apart by a digest that is made once and not with every
/// search, and shared when they are copied: with 500 grants both cost more than many a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branches {
    numbers: Arc<[ClassNumber]>,
    digest: Sha256,
}

impl FromIterator<ClassNumber> for Branches {
    fn from_iter<I: IntoIterator<Item = ClassNumber>>(branches: I) -> Self {
        let numbers: Arc<[ClassNumber]> = branches.into_iter().collect();
        // The zero is in no number of a class.
        let parts: Vec<&[u8]> =
            numbers.iter().flat_map(|number| [number.as_str().as_bytes(), &[0]]).collect();
        Self { digest: Sha256::of(&parts), numbers }
    }
}

/// Stands for what somebody may see in a domain: equal only for equal rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Rights {
    in_tray: bool,
    branches: Option<Sha256>,
}

fn basic(term: Term) -> Box<dyn Engine> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// One match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The document; none if the file itself matches (title, reference number, fields).
    pub document: Option<DocumentId>,
    /// The file; none for a page in the in-tray.
    pub file: Option<CaseFileId>,
    /// The page, from 1; none if the file itself matches.
    pub page: Option<u32>,
    /// How well; comparable within one answer only.
    pub score: f32,
    /// What comes before the score in an [`Order`] that is not by relevance: higher first.
    pub key: u32,
}

impl Hit {
    /// It is in a file that the query names by address, parcel or reference number.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.score >= recognised::THERE_SCORE
    }

    /// The one that is listed first is less.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key).then_with(|| other.score.total_cmp(&self.score))
    }
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// How many pages match.
    pub total: usize,
    /// How many files match by title, reference number or fields; counted apart, listed among the hits.
    pub files_total: usize,
    /// The hits asked for, best first; ties in the order of ids and pages.
    pub hits: Vec<Hit>,
    /// How many of them, at the end, have only some of the words; they are not counted above.
    pub partly: usize,
    /// It took too long, and not everything was looked at: there may be more, and better.
    pub is_partial: bool,
}

impl Index {
    /// Finds what matches `query` within `scope`: `limit` hits after the first `offset`. All words must stand
    /// on one page, unless the reach is [`Reach::AcrossPages`] or [`Reach::AnyWord`].
    ///
    /// # Errors
    /// [`IndexError::TooDeep`] beyond [`HITS_MAX`], [`IndexError::TooManyWords`], [`IndexError::TooManyFiles`]
    /// if the query is too general; [`IndexError::Damaged`] and engine faults.
    pub fn search(
        &self,
        query: &Query,
        reach: Reach,
        scope: &Scope,
        offset: usize,
        limit: usize,
    ) -> Result<Found, IndexError> {
        self.search_by(Order::Relevance, query, reach, scope, offset + limit).map(|mut found| {
            found.hits.drain(..offset.min(found.hits.len()));
            found
        })
    }

    /// As [`Self::search`], the first `keep` in this order.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn search_by(
        &self,
        order: Order,
        query: &Query,
        reach: Reach,
        scope: &Scope,
        keep: usize,
    ) -> Result<Found, IndexError> {
        if keep > HITS_MAX {
            return Err(IndexError::TooDeep);
        }
        let columns = self.columns();
        let best = |is_plain| Best {
            keep,
            order,
            prunes: is_plain,
            columns: &columns,
            preferred: scope.preferred.as_deref().unwrap_or_default(),
        };
        let (found, is_partial) = self.collect_all(query, reach, scope, best)?;
        let found = found.unwrap_or_default();
        Ok(Found { total: found.pages, files_total: found.files, hits: found.hits, partly: 0, is_partial })
    }

    /// How many of the matches have what in common.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn facets(&self, query: &Query, reach: Reach, scope: &Scope) -> Result<Facets, IndexError> {
        let (facets, is_partial) = self.collect_all(query, reach, scope, |_| Counting)?;
        Ok(Facets { is_partial, ..facets.unwrap_or_default() })
    }

    /// The files that match, by themselves or by one of their pages: all of them. The scope is to set no time.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn every_file(
        &self,
        query: &Query,
        reach: Reach,
        scope: &Scope,
    ) -> Result<Vec<CaseFileId>, IndexError> {
        let (files, _) = self.collect_all(query, reach, scope, |_| FilesOf { max: usize::MAX })?;
        Ok(files.unwrap_or_default())
    }

    /// None if the words are not spread over anything; and whether something was left out.
    fn collect_all<C: Collector>(
        &self,
        query: &Query,
        reach: Reach,
        scope: &Scope,
        collector: impl FnOnce(bool) -> C,
    ) -> Result<(Option<C::Fruit>, bool), IndexError> {
        self.within(scope, reach, |compiler| {
            let plain = compiler.plain_word(query)?;
            let is_plain = plain.is_some();
            let engine = match (plain, reach) {
                (Some(plain), _) => plain,
                (None, Reach::AcrossPages) => match spread(compiler, query)? {
                    Some(query) => query,
                    None => return Ok((None, compiler.bounds.is_over())),
                },
                (None, _) => compiler.query(query)?,
            };
            let counted = Counted { searcher: compiler.searcher, fields: compiler.fields };
            let statistics: &dyn Bm25StatisticsProvider = if scope.hides() { &Constant } else { &counted };
            let found = compiler.collect(engine, &collector(is_plain), Some(statistics))?;
            Ok((Some(found), compiler.bounds.is_over()))
        })
    }

    /// Asks the index something within a scope.
    pub(super) fn within<T>(
        &self,
        scope: &Scope,
        reach: Reach,
        ask: impl FnOnce(&Compiler<'_>) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        self.require_whole()?;
        // Held until the searcher is dropped: a purge waits for it (see `purge`).
        let _reading = self.reading();
        super::guarded(|| {
            let searcher = self.reader.searcher();
            let allowed = || scope.allowed(&self.fields);
            let seen = scope
                .rights()
                .map(|rights| self.known_rights.seen(rights, allowed, &searcher))
                .transpose()?;
            let bounds = Bounds::new(seen, scope.until);
            let wanted = scope.wanted(&self.fields);
            let wanted = wanted.as_deref();
            ask(&Compiler { fields: &self.fields, searcher: &searcher, wanted, reach, bounds })
        })
    }
}
