//! Saved searches (Gespeicherte Suchen): a person keeps queries, and is told what they find that came since they were
//! looked at (ADR 16). What is new is asked anew every time, within what this person may read at that moment; only
//! the searches themselves and how far they were looked at are kept, sealed under the person's own key.

use std::time::Instant;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error, Words};
use super::find::{each_readable, end_of_patience, patiently, scope_of};
use super::search::{HITS_MAX, Search, SearchPage, Telling};
use crate::base::digest::{bytes_from_hex, hex};
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Reader};
use crate::domain::event::{Event, PersonEvent};
use crate::domain::ids::{CaseFileId, SavedSearchId};
use crate::domain::query::Order;
use crate::domain::query::Query;
use crate::domain::saved::{SEARCH_NAME_CHARS_MAX, SavedSearch, SavedSearches, SearchName};
use crate::index::{Found, Reach, Scope};

const MARK_CONTEXT: &[u8] = b"schriftgut looked at up to 1";
/// A sealed number: nonce, eight bytes, tag.
const MARK_BYTES: usize = 24 + 8 + 16;

/// A search to be saved.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewSearch<'q> {
    /// What the person calls it.
    pub name: &'q str,
    /// As it was typed.
    pub query: &'q str,
    /// Only in this file.
    pub only_file: Option<CaseFileId>,
    /// In which order.
    pub order: Order,
    /// How far what it finds was looked at ([`Registry::mark`]); up to now if that is not said.
    pub mark: Option<&'q str>,
}

/// What came since a search was looked at, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct News {
    /// New pages.
    pub pages: usize,
    /// New files, by their own description.
    pub files: usize,
    /// It took too long: there may be more.
    pub is_partial: bool,
}

impl News {
    /// There is something.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.hits() > 0 || self.is_partial
    }

    /// Pages and files.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.pages + self.files
    }

    /// In words, German; empty if nothing is new.
    #[must_use]
    pub fn german(&self) -> String {
        match (self.hits(), self.is_partial) {
            (0, false) => String::new(),
            (0, true) => "nicht fertig gezählt".to_owned(),
            (1, false) => "1 neuer Treffer".to_owned(),
            (hits, false) => format!("{hits} neue Treffer"),
            (1, true) => "mindestens 1 neuer Treffer".to_owned(),
            (hits, true) => format!("mindestens {hits} neue Treffer"),
        }
    }
}

/// Where a saved search looks, as this person may know it at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedIn {
    /// In all files.
    Everything,
    /// In the file with this reference number.
    File(String),
    /// In a file that does not exist (any more) for this person: it finds nothing.
    Gone,
}

/// A saved search, and what is new.
#[derive(Debug, Clone)]
pub struct SavedView {
    /// The search.
    pub search: SavedSearch,
    /// Where it looks.
    pub place: SavedIn,
    /// What is new; or why that cannot be said, such as a beginning that too many words have by now.
    pub news: Result<News, Words>,
}

impl Registry {
    /// Saves a search of this person.
    ///
    /// # Errors
    /// A mistake if the query cannot be read, the name is empty, too long or taken, or the file is unknown to this
    /// person; a refusal if there are [`crate::domain::saved::SAVED_MAX`] already.
    pub fn save_search(&self, reader: Reader<'_>, new: &NewSearch<'_>) -> Answer<SavedSearchId> {
        let actor = reader.actor();
        let (name, query) = (name_of(new.name)?, new.query.trim());
        self.parse(query)?;
        if let Some(id) = new.only_file {
            self.readable_cover(actor, id)?.ok_or_else(|| Error::unknown("Akte", &id.to_string()))?;
        }
        let seen = self.position_of(actor, new.mark)?;
        let writing = self.writing()?;
        let all = self.saved_of(actor)?;
        all.require_room()?;
        require_free(&all, &name, None)?;
        let id = SavedSearchId(Uuid::new_v4());
        let (query, only_file, order) = (query.to_owned(), new.only_file, new.order);
        let search = SavedSearch { id, name, query, only_file, order, seen };
        self.record(&writing, actor.id, &[Event::Person(actor.id, PersonEvent::SearchSaved { search })])?;
        Ok(id)
    }

    /// The searches this person has saved, and what is new in each.
    ///
    /// # Errors
    /// A fault if a view fails.
    pub fn saved_searches(&self, reader: Reader<'_>) -> Answer<Vec<SavedView>> {
        let actor = reader.actor();
        let all = self.saved_of(actor)?;
        if all.all().is_empty() {
            return Ok(Vec::new());
        }
        let is_behind = self.follow_for_a_search()?.is_some();
        // One patience for all of them: a first page does not wait for each.
        let until = end_of_patience();
        all.all().iter().map(|search| self.view_of(actor, search, until, is_behind)).collect()
    }

    /// One saved search of this person, and what is new in it.
    ///
    /// # Errors
    /// A mistake if it is not one of this person.
    pub fn saved_view(&self, reader: Reader<'_>, id: SavedSearchId) -> Answer<SavedView> {
        let all = self.saved_of(reader.actor())?;
        let search = all.get(id).ok_or_else(|| unknown(&id.to_string()))?;
        let is_behind = self.follow_for_a_search()?.is_some();
        self.view_of(reader.actor(), search, end_of_patience(), is_behind)
    }

    /// The saved search of this person with this name or id.
    ///
    /// # Errors
    /// A mistake if there is none.
    pub fn saved_search(&self, reader: Reader<'_>, which: &str) -> Answer<SavedSearch> {
        let found = self.saved_of(reader.actor())?.find(which).cloned();
        found.ok_or_else(|| unknown(which))
    }

    /// What a saved search finds that came since it was looked at, from `offset` on.
    ///
    /// # Errors
    /// A mistake if it is not one of this person, or its query cannot be answered any more.
    pub fn new_hits(
        &self,
        reader: Reader<'_>,
        id: SavedSearchId,
        offset: usize,
        limit: usize,
    ) -> Answer<SearchPage> {
        let (begun, actor) = (Instant::now(), reader.actor());
        let search = self.saved_of(actor)?.get(id).cloned().ok_or_else(|| unknown(&id.to_string()))?;
        let (query, streets) = self.parse(&search.query)?;
        let behind = self.follow_for_a_search()?;
        let scope = patiently(&scope_of(search.only_file, None));
        let keep = offset.saturating_add(limit.min(HITS_MAX));
        let found = self.since(actor, &search, &query, &scope, keep, behind.is_some())?;
        let telling = Telling::of(&query, Reach::AsWritten, false);
        let mut hits = Vec::new();
        for hit in found.hits.into_iter().skip(offset) {
            hits.extend(self.look_up(actor, &telling, hit)?);
        }
        Ok(SearchPage {
            total: found.total,
            files_total: found.files_total,
            reach: Reach::AsWritten,
            facets: None,
            streets,
            behind,
            did_you_mean: Vec::new(),
            is_partial: found.is_partial,
            took_ms: begun.elapsed().as_secs_f64() * 1_000.0,
            hits,
            partly: 0,
        })
    }

    /// How far a person who looks now has looked, to be handed back with [`Self::mark_seen`]. Sealed: how many entries
    /// there are is nobody's business, for it tells of records that are hidden.
    ///
    /// # Errors
    /// A fault if a view fails.
    pub fn mark(&self, reader: Reader<'_>) -> Answer<String> {
        let actor = reader.actor();
        let position = self.position_of(actor, None)?;
        Ok(hex(&self.record_key(actor.id)?.seal(MARK_CONTEXT, &position.to_le_bytes())))
    }

    /// What a saved search finds was looked at, up to this mark, or up to now. Nothing is written where nothing is new.
    ///
    /// # Errors
    /// A mistake if it is not one of this person, or the mark is not.
    pub fn mark_seen(&self, reader: Reader<'_>, id: SavedSearchId, mark: Option<&str>) -> Answer<()> {
        let actor = reader.actor();
        let seen = self.position_of(actor, mark)?;
        let view = self.saved_view(reader, id)?;
        if seen <= view.search.seen || view.news.is_ok_and(|news| !news.is_any()) {
            return Ok(());
        }
        let writing = self.writing()?;
        self.saved_of(actor)?.get(id).ok_or_else(|| unknown(&id.to_string()))?;
        let event = Event::Person(actor.id, PersonEvent::SearchSeen { id, seen });
        self.record(&writing, actor.id, &[event]).map(drop)
    }

    /// Calls a saved search otherwise.
    ///
    /// # Errors
    /// A mistake if it is not one of this person, or the name is empty, too long or taken.
    pub fn rename_search(&self, reader: Reader<'_>, id: SavedSearchId, name: &str) -> Answer<()> {
        let (actor, name) = (reader.actor(), name_of(name)?);
        let writing = self.writing()?;
        let all = self.saved_of(actor)?;
        all.get(id).ok_or_else(|| unknown(&id.to_string()))?;
        require_free(&all, &name, Some(id))?;
        let event = Event::Person(actor.id, PersonEvent::SearchRenamed { id, name });
        self.record(&writing, actor.id, &[event]).map(drop)
    }

    /// Removes a saved search. Its name and query stay in the ledger, sealed under the person's key.
    ///
    /// # Errors
    /// A mistake if it is not one of this person.
    pub fn forget_search(&self, reader: Reader<'_>, id: SavedSearchId) -> Answer<()> {
        let actor = reader.actor();
        let writing = self.writing()?;
        self.saved_of(actor)?.get(id).ok_or_else(|| unknown(&id.to_string()))?;
        let event = Event::Person(actor.id, PersonEvent::SearchForgotten { id });
        self.record(&writing, actor.id, &[event]).map(drop)
    }

    fn saved_of(&self, actor: &Actor) -> Answer<SavedSearches> {
        let lived = self.lived(Kind::Person, actor.id.0)?.unwrap_or_default();
        Ok(SavedSearches::replay(lived.person_events()))
    }

    fn place_of(&self, actor: &Actor, search: &SavedSearch) -> Answer<SavedIn> {
        let Some(id) = search.only_file else { return Ok(SavedIn::Everything) };
        let file = self.readable_cover(actor, id)?;
        Ok(file.map_or(SavedIn::Gone, |file| SavedIn::File(file.reference.to_string())))
    }

    fn view_of(
        &self,
        actor: &Actor,
        search: &SavedSearch,
        until: Option<Instant>,
        is_behind: bool,
    ) -> Answer<SavedView> {
        let news = match self.news(actor, search, until, is_behind) {
            Ok(news) => Ok(News { is_partial: news.is_partial || is_behind, ..news }),
            // One query that cannot be answered any more leaves the others be.
            Err(Error::Mistake(words)) => Err(words),
            Err(fault) => return Err(fault),
        };
        Ok(SavedView { search: search.clone(), place: self.place_of(actor, search)?, news })
    }

    fn news(
        &self,
        actor: &Actor,
        search: &SavedSearch,
        until: Option<Instant>,
        is_behind: bool,
    ) -> Answer<News> {
        let (query, _) = self.parse(&search.query)?;
        let scope = Scope { until, ..scope_of(search.only_file, None) };
        let found = self.since(actor, search, &query, &scope, 0, is_behind)?;
        Ok(News { pages: found.total, files: found.files_total, is_partial: found.is_partial })
    }

    /// Asks the index of every protection domain this person may read what is new.
    fn since(
        &self,
        actor: &Actor,
        search: &SavedSearch,
        query: &Query,
        scope: &Scope,
        keep: usize,
        is_behind: bool,
    ) -> Answer<Found> {
        self.healing(&mut || {
            let indexes = if is_behind { self.indexes() } else { self.whole_indexes() }?;
            each_readable(&indexes, actor, keep, &|index| {
                index.search_since(search.seen, search.order, query, scope, keep)
            })
        })
    }

    /// The number behind a mark of this person; without one how far the indexes are now.
    fn position_of(&self, actor: &Actor, mark: Option<&str>) -> Answer<u64> {
        let Some(mark) = mark else {
            let is_behind = self.follow_for_a_search()?.is_some();
            return self.healing(&mut || match is_behind {
                true => self.indexes()?.followed(),
                false => self.whole_indexes()?.followed(),
            });
        };
        let wrong = || {
            Error::mistake(
                "Es ist nicht klar, bis wohin gesehen wurde",
                "die Angabe ist nicht die, die diese Registratur Ihnen gegeben hat",
                "laden Sie die Seite neu und versuchen Sie es noch einmal",
            )
        };
        let sealed: [u8; MARK_BYTES] = bytes_from_hex(mark).map_err(|_| wrong())?;
        let plain = self.record_key(actor.id)?.open(MARK_CONTEXT, &sealed).map_err(|_| wrong())?;
        let position = u64::from_le_bytes(plain.try_into().map_err(|_| wrong())?);
        // After a restoration there may be fewer entries than somebody saw.
        Ok(position.min(self.ledger.head().size))
    }
}

impl SavedSearch {
    /// As it is searched.
    #[must_use]
    pub fn search(&self, offset: usize, limit: usize) -> Search<'_> {
        let (query, only_file, order) = (self.query.as_str(), self.only_file, self.order);
        Search { query, only_file, order, offset, limit, ..Search::default() }
    }
}

fn unknown(which: &str) -> Error {
    Error::unknown("Gespeicherte Suche", which)
}

fn name_of(text: &str) -> Answer<SearchName> {
    text.parse().map_err(|_| {
        Error::mistake(
            "Der Name der gespeicherten Suche passt nicht",
            format!("er braucht 1 bis {SEARCH_NAME_CHARS_MAX} sichtbare Zeichen in einer Zeile"),
            "wählen Sie einen anderen",
        )
    })
}

fn require_free(all: &SavedSearches, name: &SearchName, but: Option<SavedSearchId>) -> Answer<()> {
    if all.is_free(name, but) {
        return Ok(());
    }
    Err(Error::mistake(
        format!("Die gespeicherte Suche kann nicht „{name}“ heißen"),
        "Sie haben schon eine mit diesem Namen",
        "wählen Sie einen anderen",
    ))
}
