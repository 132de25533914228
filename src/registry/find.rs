//! Finding what matches a query in the indexes of the protection domains a person may read: as it was typed, and then
//! step by step further from it. Opens no record and decides nothing.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use super::error::Answer;
use super::indexes::Indexes;
use crate::domain::actor::Actor;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::query::Order;
use crate::domain::query::{Node, Query};
use crate::index::{self, Facets, Found, Hit, Index, IndexError, Reach, Scope};

/// Fewer matches than this: words are looked for that recognition may have misread, or that are similar.
pub(super) const ENOUGH: usize = 20;

/// Hits of a first look: with fewer, it goes on with pages that have only some of the words.
pub(super) const FEW: usize = 10;

/// A query that was read, who asks it, and where.
pub(super) struct Asked<'a> {
    pub actor: &'a Actor,
    pub query: &'a Query,
    pub scope: Scope,
}

pub(super) fn scope_of(only_file: Option<CaseFileId>, only_document: Option<DocumentId>) -> Scope {
    Scope { only_file, only_document, ..Scope::EVERYTHING }
}

/// How long somebody waits: what was found until then is the answer, and says that it is a part.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Until when somebody waits from now on: the indexes are open, and what they need is read.
pub(super) fn end_of_patience() -> Option<Instant> {
    index::make_ready();
    Instant::now().checked_add(PATIENCE)
}

/// The scope, for as long as somebody waits from now on.
pub(super) fn patiently(scope: &Scope) -> Scope {
    Scope { until: end_of_patience(), ..scope.clone() }
}

/// Finds the words as they were typed; if no page has them all, in files that have them on different pages; if
/// that is little, also as they may have been misread, then also similar words. What was found nearer to the query comes
/// before what was found further from it. Where a first look is not filled so, it goes on with what has some of the
/// words, which is not counted; if there is nothing else, that is the answer.
pub(super) fn find(
    indexes: &Indexes,
    asked: &Asked<'_>,
    order: Order,
    keep: usize,
) -> Answer<(Reach, Found)> {
    let matches = |found: &Found| found.total + found.files_total;
    let mut best = (Reach::AsWritten, find_within(indexes, asked, Reach::AsWritten, order, keep)?);
    for (reach, enough) in [(Reach::AcrossPages, 1), (Reach::Misread, ENOUGH), (Reach::Similar, ENOUGH)] {
        if matches(&best.1) < enough && !best.1.is_partial {
            let mut wider = find_within(indexes, asked, reach, order, keep)?;
            if matches(&wider) > matches(&best.1) {
                if order == Order::Relevance && best.0 != Reach::AcrossPages {
                    wider.hits = behind(best.1.hits, wider.hits, keep);
                }
                best = (reach, wider);
            } else {
                best.1.is_partial |= wider.is_partial;
            }
        }
    }
    let (reach, mut found) = best;
    if matches(&found) >= FEW
        || found.is_partial
        || order != Order::Relevance
        || !has_several_words(asked.query)
    {
        return Ok((reach, found));
    }
    let some =
        find_within(indexes, asked, Reach::AnyWord, order, if found.hits.is_empty() { keep } else { FEW })?;
    if matches(&found) == 0 {
        return Ok((if matches(&some) == 0 { reach } else { Reach::AnyWord }, some));
    }
    let whole = found.hits.len();
    found.is_partial |= some.is_partial;
    found.hits = behind(found.hits, some.hits, keep.min(FEW));
    found.partly = found.hits.len() - whole;
    Ok((reach, found))
}

fn has_several_words(query: &Query) -> bool {
    matches!(query.root(), Node::All(_))
}

/// The hits of a nearer search, and behind them what a wider one found as well.
fn behind(nearer: Vec<Hit>, wider: Vec<Hit>, keep: usize) -> Vec<Hit> {
    let entry = |hit: &Hit| (hit.document, hit.file, hit.page);
    let known: HashSet<_> = nearer.iter().map(entry).collect();
    let more = wider.into_iter().filter(|hit| !known.contains(&entry(hit)));
    let room = keep.saturating_sub(nearer.len());
    nearer.into_iter().chain(more.take(room)).collect()
}

fn find_within(
    indexes: &Indexes,
    asked: &Asked<'_>,
    reach: Reach,
    order: Order,
    keep: usize,
) -> Answer<Found> {
    each_readable(indexes, asked.actor, keep, &|index| {
        index.search_by(order, asked.query, reach, &asked.scope, keep)
    })
}

/// Asks the index of every protection domain this person may read; first what is listed first.
pub(super) fn each_readable(
    indexes: &Indexes,
    actor: &Actor,
    keep: usize,
    ask: &dyn Fn(&Index) -> Result<Found, IndexError>,
) -> Answer<Found> {
    let mut all = Found::default();
    for domain in readable(actor) {
        let found = ask(indexes.of_domain(domain)?)?;
        all.total += found.total;
        all.files_total += found.files_total;
        all.is_partial |= found.is_partial;
        all.hits.extend(found.hits);
    }
    all.hits.sort_by(Hit::compare);
    all.hits.truncate(keep);
    Ok(all)
}

/// Every file that matches by itself or by one of its pages, as the words were typed: on one page, or on several where
/// no page has them all.
pub(super) fn every_file(indexes: &Indexes, asked: &Asked<'_>) -> Answer<BTreeSet<CaseFileId>> {
    let as_far_as = |reach| -> Answer<BTreeSet<CaseFileId>> {
        let mut files = BTreeSet::new();
        for domain in readable(asked.actor) {
            files.extend(indexes.of_domain(domain)?.every_file(asked.query, reach, &asked.scope)?);
        }
        Ok(files)
    };
    let as_written = as_far_as(Reach::AsWritten)?;
    if as_written.is_empty() { as_far_as(Reach::AcrossPages) } else { Ok(as_written) }
}

/// What the matches have in common.
pub(super) fn count(indexes: &Indexes, asked: &Asked<'_>, reach: Reach) -> Answer<Facets> {
    let mut all = Facets::default();
    for domain in readable(asked.actor) {
        all.add(indexes.of_domain(domain)?.facets(asked.query, reach, &asked.scope)?);
    }
    Ok(all)
}

/// The protection domains this person may read.
pub(super) fn readable(actor: &Actor) -> impl Iterator<Item = ProtectionDomain> {
    ProtectionDomain::ALL.into_iter().filter(|domain| actor.is_cleared_for(*domain))
}
