//! Search (Suchen): rights are part of the query itself, a hit is a hint, the catalogue has the last word on
//! each, and snippets come from the sealed text layer. Writes nothing, decides nothing.

use std::time::{Duration, Instant};

use super::Registry;
use super::error::{Answer, Error};
use super::find::{Asked, ENOUGH, count, find, patiently, scope_of};
use super::follow_indexes::Behind;
use crate::domain::actor::{Actor, Reader};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, TextRendition, TextState};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::Order;
use crate::domain::query::{self, Query};
use crate::domain::streets::{StreetNames, Streets};
use crate::domain::text::{PageText, WordBox};
use crate::format::text_layer;
use crate::index::{self, Facets, Found, Marker, Reach, Reason, Scope, Snippet};

/// Most hits of one answer.
pub const HITS_MAX: usize = 200;
/// Characters of a snippet.
const SNIPPET_CHARS: usize = 220;
/// After this no more matches are opened: what there is is the answer. With the time to find them two seconds.
const OPENED_WITHIN: Duration = Duration::from_millis(500);

/// A page (or a file's own description) that matches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The file it is in, without its documents; none in the in-tray.
    pub file: Option<CaseFile>,
    /// The document; none if the file's own description matched.
    pub document: Option<Document>,
    /// The page, from 1; none if the file's own description matched, or a document of which no such page was read.
    pub page: Option<u32>,
    /// The words around the match.
    pub snippet: Snippet,
    /// Higher is better.
    pub score: f32,
    /// Why it is among the matches, and where; nothing unless that was asked for.
    pub why: Vec<Reason>,
    /// It is in the very file the query names by address, parcel or reference number.
    pub is_named: bool,
    /// Its file is in the person's own branch of the file plan.
    pub is_own: bool,
}

/// What is searched, and how it is to be listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search<'q> {
    /// As it was typed.
    pub query: &'q str,
    /// Only in this file.
    pub only_file: Option<CaseFileId>,
    /// In which order.
    pub order: Order,
    /// Hits that are passed over.
    pub offset: usize,
    /// Hits that are listed; no more than `HITS_MAX`.
    pub limit: usize,
    /// Also count what the matches have in common.
    pub with_facets: bool,
    /// Also say of each hit why it is one.
    pub with_reasons: bool,
}

/// The answer to a search.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// Pages that match, among those this person may read.
    pub total: usize,
    /// Files whose own description matches.
    pub files_total: usize,
    /// How far from the typed words it had to look.
    pub reach: Reach,
    /// What the matches have in common, if that was asked for.
    pub facets: Option<Facets>,
    /// Streets of the query that have other names; they were looked for under all of them.
    pub streets: Vec<StreetNames>,
    /// What was taken in or read last is not found yet, and why.
    pub behind: Option<Behind>,
    /// Where little was found as it was typed: other queries that find something, with words that are there.
    pub did_you_mean: Vec<String>,
    /// It took too long, and not everything was looked at: there may be more, and better.
    pub is_partial: bool,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// The best, from `offset` on.
    pub hits: Vec<Hit>,
    /// How many of them, at the end, have only some of the words; they are not counted in the totals.
    pub partly: usize,
}

impl SearchPage {
    /// The hits that are counted, and those behind them that have only some of the words.
    #[must_use]
    pub fn whole_and_partly(&self) -> (&[Hit], &[Hit]) {
        self.hits.split_at(self.hits.len().saturating_sub(self.partly))
    }

    /// What to tell somebody about an answer that is a part, German; none if it is whole.
    #[must_use]
    pub fn partial_note(&self) -> Option<&'static str> {
        self.is_partial.then_some(
            "Die Suche hat zu lange gedauert. Gezeigt wird, was bis dahin gefunden war; es kann mehr geben, und \
             Besseres. Bitte fassen Sie die Suche genauer.",
        )
    }
}

impl Registry {
    /// Searches what this person may read.
    ///
    /// # Errors
    /// A mistake that points at the place if the query cannot be read; a fault if a view fails.
    pub fn search(&self, reader: Reader<'_>, query: &str, offset: usize, limit: usize) -> Answer<SearchPage> {
        self.search_in(reader, query, None, offset, limit)
    }

    /// Searches one file only.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn search_in(
        &self,
        reader: Reader<'_>,
        query: &str,
        only_file: Option<CaseFileId>,
        offset: usize,
        limit: usize,
    ) -> Answer<SearchPage> {
        self.search_for(reader, &Search { query, only_file, offset, limit, ..Search::default() })
    }

    /// Searches as it is said there.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn search_for(&self, reader: Reader<'_>, search: &Search<'_>) -> Answer<SearchPage> {
        let begun = Instant::now();
        let (parsed, streets) = self.parse(search.query)?;
        let behind = self.follow_for_a_search()?;
        let actor = reader.actor();
        let preferred = Some(actor.duties.iter().cloned().collect());
        let scope = Scope { preferred, ..scope_of(search.only_file, None) };
        let keep = search.offset.saturating_add(search.limit.min(HITS_MAX));
        let (reach, found, facets) = self.healing(&mut || {
            // As they are, if they cannot be whole: that is said.
            let indexes = if behind.is_some() { self.indexes() } else { self.whole_indexes() }?;
            let asked = Asked { actor, query: &parsed, scope: patiently(&scope) };
            let (reach, found) = find(&indexes, &asked, search.order, keep)?;
            let facets = search.with_facets.then(|| count(&indexes, &asked, reach)).transpose()?;
            Ok((reach, found, facets))
        })?;
        let found_little = reach != Reach::AsWritten || found.total + found.files_total < ENOUGH;
        let did_you_mean = match search.offset {
            0 if found_little && behind.is_none() && !found.is_partial => {
                self.healing(&mut || self.corrections(actor, search.query, search.only_file))?
            }
            _ => Vec::new(),
        };
        let counted_all = facets.as_ref().is_none_or(|facets| !facets.is_partial);
        let mut is_partial = found.is_partial || !counted_all;
        let whole = found.hits.len() - found.partly;
        let opening = Instant::now();
        let (mut hits, mut partly) = (Vec::new(), 0);
        let telling = |reach| Telling::of(&parsed, reach, search.with_reasons);
        let (nearer, mut wider) = (telling(reach), None);
        for (at, hit) in found.hits.into_iter().enumerate().skip(search.offset) {
            if opening.elapsed() > OPENED_WITHIN {
                is_partial = true;
                break;
            }
            // As far from the query as it was found.
            let telling =
                if at < whole { &nearer } else { wider.get_or_insert_with(|| telling(Reach::AnyWord)) };
            if let Some(hit) = self.look_up(actor, telling, hit)? {
                hits.push(hit);
                partly += usize::from(at >= whole);
            }
        }
        let took_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        let Found { total, files_total, .. } = found;
        Ok(SearchPage {
            total,
            files_total,
            reach,
            streets,
            facets,
            behind,
            did_you_mean,
            is_partial,
            took_ms,
            hits,
            partly,
        })
    }

    /// The pages of a document that match, in their order; none if the document is not there or not for this person.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn pages_with(&self, reader: Reader<'_>, document: DocumentId, query: &str) -> Answer<Vec<u32>> {
        let (actor, parsed) = (reader.actor(), self.parse(query)?.0);
        let Some(found) = self.readable_document(actor, document)? else { return Ok(Vec::new()) };
        self.follow_for_a_search()?;
        let scope = scope_of(found.file, Some(document));
        let (_, found) = self.healing(&mut || {
            let indexes = self.whole_indexes()?;
            let asked = Asked { actor, query: &parsed, scope: patiently(&scope) };
            find(&indexes, &asked, Order::Relevance, index::HITS_MAX)
        })?;
        let whole = found.hits.len() - found.partly;
        let mut pages: Vec<u32> = found.hits[..whole].iter().filter_map(|hit| hit.page).collect();
        pages.sort_unstable();
        Ok(pages)
    }

    /// The query, under all names of its streets.
    pub(super) fn parse(&self, query: &str) -> Answer<(Query, Vec<StreetNames>)> {
        let rules = self.rules()?;
        Ok(parse(query, &rules.streets)?.under_all_names(&rules.streets))
    }

    /// The document and the file a hit is in; none if the record is gone or not for this person.
    pub(super) fn readable_place(
        &self,
        actor: &Actor,
        hit: index::Hit,
    ) -> Answer<Option<(Option<Document>, Option<CaseFile>)>> {
        let document = match hit.document {
            Some(id) => match self.readable_document(actor, id)? {
                Some(document) => Some(document),
                None => return Ok(None),
            },
            None => None,
        };
        let file = match document.as_ref().map_or(hit.file, |document| document.file) {
            Some(id) => match self.readable_cover(actor, id)? {
                Some(file) => Some(file),
                None => return Ok(None),
            },
            None => None,
        };
        Ok(Some((document, file)))
    }

    /// The catalogue's word on a hit: none if the record is gone or not for this person.
    pub(super) fn look_up(
        &self,
        actor: &Actor,
        telling: &Telling<'_>,
        hit: index::Hit,
    ) -> Answer<Option<Hit>> {
        let Some((document, file)) = self.readable_place(actor, hit)? else { return Ok(None) };
        // What is not read is in the index as an empty first page, so that its name and its file find it.
        let read = match (&document, hit.page) {
            (Some(document), Some(page)) => self.words_of_page(document, page)?,
            _ => None,
        };
        let page = hit.page.filter(|_| read.is_some());
        let text = match (read, &document, &file) {
            (Some(text), ..) => text,
            (None, Some(document), _) => document.file_name.clone(),
            (None, None, Some(file)) => file.title.clone(),
            (None, None, None) => return Ok(None),
        };
        let snippet = telling.marker.snippet(&text, SNIPPET_CHARS);
        let Telling { query, reach, with_reasons, .. } = *telling;
        let why = match (with_reasons, &document, &file) {
            (false, ..) => Vec::new(),
            (true, None, Some(file)) => index::why(query, reach, &described(file)),
            (true, ..) => index::why(query, reach, &text),
        };
        let is_named = hit.is_named();
        let is_own = file.as_ref().is_some_and(|file| actor.is_responsible_for(&file.class));
        Ok(Some(Hit { file, document, page, snippet, score: hit.score, why, is_named, is_own }))
    }

    /// The text layer of a document; none if it has none (yet).
    pub(super) fn text_layer(&self, document: &Document) -> Answer<Option<Vec<PageText>>> {
        let TextState::Read(rendition) = &document.text else { return Ok(None) };
        self.pages_of(document.id, rendition).map(Some)
    }

    /// The pages of one of the texts of a document.
    pub(super) fn pages_of(&self, document: DocumentId, rendition: &TextRendition) -> Answer<Vec<PageText>> {
        Ok(text_layer::decode(&self.read_object(document, &rendition.object)?)?)
    }

    /// The text of a page alone, without the places of its words; none if it was not read.
    fn words_of_page(&self, document: &Document, number: u32) -> Answer<Option<String>> {
        let TextState::Read(rendition) = &document.text else { return Ok(None) };
        let json = self.read_object(document.id, &rendition.object)?;
        Ok(text_layer::text_of_page(&json, number)?)
    }

    pub(super) fn page_text(&self, document: &Document, number: u32) -> Answer<Option<PageText>> {
        let pages = self.text_layer(document)?.unwrap_or_default();
        Ok(pages.into_iter().find(|page| page.number == number))
    }

    /// The text of a page, and the boxes of the words that match a query.
    ///
    /// # Errors
    /// A mistake for a page that is not there or not for this person, or a query that cannot be read.
    pub fn marks(
        &self,
        reader: Reader<'_>,
        document: DocumentId,
        page: u32,
        query: &str,
    ) -> Answer<(String, Vec<WordBox>)> {
        let document = self.known_document(reader.actor(), document)?;
        let Some(page) = self.page_text(&document, page)? else { return Ok((String::new(), Vec::new())) };
        if query.trim().is_empty() {
            return Ok((page.text, Vec::new()));
        }
        let (parsed, _) = self.parse(query)?;
        // As the search does: the words as typed, or else as near to them as there is something to mark.
        let marked_within = |reach| index::highlight(&parsed, reach, &page.text);
        let reaches = [Reach::AsWritten, Reach::Misread, Reach::Similar];
        let ranges =
            reaches.into_iter().map(marked_within).find(|ranges| !ranges.is_empty()).unwrap_or_default();
        let marked = |word: &WordBox| {
            let (start, end) = (word.start as usize, word.end as usize);
            ranges.iter().any(|range| range.start < end && start < range.end)
        };
        let boxes = page.words.iter().filter(|word| marked(word)).copied().collect();
        Ok((page.text, boxes))
    }
}

/// What is told of each hit: the words around it, marked, and why it is one.
pub(super) struct Telling<'q> {
    query: &'q Query,
    reach: Reach,
    with_reasons: bool,
    marker: Marker,
}

impl<'q> Telling<'q> {
    pub(super) fn of(query: &'q Query, reach: Reach, with_reasons: bool) -> Self {
        Self { query, reach, with_reasons, marker: Marker::new(query, reach) }
    }
}

/// What a file is found by, if not by its pages.
fn described(file: &CaseFile) -> String {
    let own = [file.reference.as_str(), file.title.as_str()];
    own.into_iter().chain(file.fields.values().map(String::as_str)).collect::<Vec<_>>().join("\n")
}

fn parse(text: &str, streets: &Streets) -> Answer<Query> {
    query::parse_in(text, streets).map_err(|mistake| {
        let before = text.get(..mistake.at).unwrap_or(text).chars().count();
        Error::mistake(
            "Die Suchanfrage ist nicht lesbar",
            format!("{} (ab Zeichen {})", mistake.reason, before + 1),
            "suchen Sie nach Wörtern, \"genauen Wendungen\", Wortanfängen* oder az:Aktenzeichen",
        )
    })
}
