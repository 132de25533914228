//! Saved searches (Gespeicherte Suchen): what a person looks for again and again, and how far what it finds was looked
//! at. They belong to the person alone; what a query finds is no business of this module.

use std::fmt;
use std::str::FromStr;

use super::event::PersonEvent;
use super::ids::{CaseFileId, SavedSearchId};
use super::query::Order;
use super::refusal::Refusal;

/// Most saved searches of one person. All of them are counted anew for every first page.
pub const SAVED_MAX: usize = 50;
/// Longest name of a saved search, in characters.
pub const SEARCH_NAME_CHARS_MAX: usize = 80;

/// What a person calls a saved search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchName(String);

/// Not a name of a saved search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a saved search has 1 to {SEARCH_NAME_CHARS_MAX} visible characters")]
pub struct NotASearchName;

impl FromStr for SearchName {
    type Err = NotASearchName;
    fn from_str(text: &str) -> Result<Self, NotASearchName> {
        let text = text.trim();
        let fits = (1..=SEARCH_NAME_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotASearchName)
        }
    }
}

impl fmt::Display for SearchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SearchName {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_like(&self, other: &str) -> bool {
        self.0.to_lowercase() == other.trim().to_lowercase()
    }
}

/// A search a person has saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    /// The id that never changes.
    pub id: SavedSearchId,
    /// What the person calls it; no two of one person are called alike.
    pub name: SearchName,
    /// As it was typed.
    pub query: String,
    /// Only in this file.
    pub only_file: Option<CaseFileId>,
    /// In which order.
    pub order: Order,
    /// So many entries of the ledger were looked at; what came later is new.
    pub seen: u64,
}

/// The saved searches of one person, in the order they were saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedSearches(Vec<SavedSearch>);

impl SavedSearches {
    /// As a person's events tell it.
    pub fn replay<'a>(events: impl Iterator<Item = &'a PersonEvent>) -> Self {
        let mut all = Self::default();
        events.for_each(|event| all.apply(event));
        all
    }

    fn apply(&mut self, event: &PersonEvent) {
        let mut change = |id: SavedSearchId, change: &dyn Fn(&mut SavedSearch)| {
            self.0.iter_mut().filter(|search| search.id == id).for_each(change);
        };
        match event {
            PersonEvent::SearchSaved { search } => self.0.push(search.clone()),
            PersonEvent::SearchRenamed { id, name } => change(*id, &|search| search.name = name.clone()),
            // What was looked at stays so.
            PersonEvent::SearchSeen { id, seen } => {
                change(*id, &|search| search.seen = search.seen.max(*seen))
            }
            PersonEvent::SearchForgotten { id } => self.0.retain(|search| search.id != *id),
            PersonEvent::Registered { .. }
            | PersonEvent::SecretSet { .. }
            | PersonEvent::RightsSet { .. }
            | PersonEvent::DutiesSet { .. }
            | PersonEvent::DeputyNamed { .. }
            | PersonEvent::DeputyshipEnded { .. }
            | PersonEvent::TokenIssued { .. }
            | PersonEvent::TokenRevoked { .. }
            | PersonEvent::SigningKeyPublished { .. } => {}
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[SavedSearch] {
        &self.0
    }

    /// The one with this name, in upper or lower case, or this id.
    #[must_use]
    pub fn find(&self, which: &str) -> Option<&SavedSearch> {
        let named = self.0.iter().find(|search| search.name.is_like(which));
        named.or_else(|| self.0.iter().find(|search| search.id.to_string() == which))
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: SavedSearchId) -> Option<&SavedSearch> {
        self.0.iter().find(|search| search.id == id)
    }

    /// One more may be saved.
    ///
    /// # Errors
    /// A [`Refusal`] if there are too many.
    pub fn require_room(&self) -> Result<(), Refusal> {
        if self.0.len() < SAVED_MAX {
            return Ok(());
        }
        Err(Refusal::new(
            "Die Suche kann nicht gespeichert werden",
            format!("Sie haben schon {SAVED_MAX} gespeicherte Suchen, und mehr sind nicht vorgesehen"),
            "entfernen Sie eine, die Sie nicht mehr brauchen",
        ))
    }

    /// No other is called so.
    #[must_use]
    pub fn is_free(&self, name: &SearchName, but: Option<SavedSearchId>) -> bool {
        self.0.iter().all(|search| Some(search.id) == but || !search.name.is_like(name.as_str()))
    }
}

impl PersonEvent {
    /// After this nobody needs the older one: of a saved search only how it stands is of interest, and of one that was
    /// forgotten, as of a token that was revoked, nothing. The ledger keeps both.
    #[must_use]
    pub fn outdates(&self, older: &Self) -> bool {
        match (self, older) {
            (Self::SearchSeen { id, seen }, Self::SearchSeen { id: other, seen: before }) => {
                id == other && seen >= before
            }
            (Self::SearchRenamed { id, .. }, Self::SearchRenamed { id: other, .. }) => id == other,
            (Self::SearchForgotten { id }, older) => older.saved_search() == Some(*id),
            (Self::TokenRevoked { id, .. }, Self::TokenIssued { token }) => *id == token.id,
            (Self::TokenRevoked { id, .. }, Self::TokenRevoked { id: other, .. }) => id == other,
            _ => false,
        }
    }

    /// The saved search it is about.
    fn saved_search(&self) -> Option<SavedSearchId> {
        match self {
            Self::SearchSaved { search } => Some(search.id),
            Self::SearchRenamed { id, .. } | Self::SearchSeen { id, .. } | Self::SearchForgotten { id } => {
                Some(*id)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> SavedSearchId {
        SavedSearchId(Uuid::from_u128(n))
    }

    fn name(text: &str) -> SearchName {
        text.parse().unwrap()
    }

    fn saved(n: u128, called: &str) -> PersonEvent {
        let (query, only_file, order) = ("garage".to_owned(), None, Order::Newest);
        let search = SavedSearch { id: id(n), name: name(called), query, only_file, order, seen: 10 };
        PersonEvent::SearchSaved { search }
    }

    #[test]
    fn a_name_has_visible_characters_and_an_end() {
        assert_eq!(" Garagen am Markt ".parse::<SearchName>().unwrap().as_str(), "Garagen am Markt");
        for wrong in ["", "  ", "zwei\nZeilen", &"x".repeat(SEARCH_NAME_CHARS_MAX + 1)] {
            assert_eq!(wrong.parse::<SearchName>(), Err(NotASearchName), "{wrong}");
        }
    }

    #[test]
    fn what_was_looked_at_stays_so_and_what_is_forgotten_is_gone() {
        let events = [
            saved(1, "Garagen"),
            saved(2, "Zäune"),
            PersonEvent::SearchSeen { id: id(1), seen: 30 },
            PersonEvent::SearchSeen { id: id(1), seen: 20 },
            PersonEvent::SearchRenamed { id: id(1), name: name("Carports") },
            PersonEvent::SearchForgotten { id: id(2) },
        ];
        let all = SavedSearches::replay(events.iter());
        let [one] = all.all() else { panic!("{all:?}") };
        assert_eq!((one.id, one.name.as_str(), one.seen), (id(1), "Carports", 30));
        assert_eq!(all.find("carports"), Some(one));
        assert_eq!(all.find(&id(1).to_string()), Some(one));
        assert_eq!(all.find("Garagen"), None);
        assert!(!all.is_free(&name("CARPORTS"), None) && all.is_free(&name("CARPORTS"), Some(id(1))));
        // Without what is outdated it is the same.
        let mut kept: Vec<&PersonEvent> = Vec::new();
        for event in &events {
            kept.retain(|older| !event.outdates(older));
            kept.push(event);
        }
        assert!(kept.len() < events.len());
        assert_eq!(SavedSearches::replay(kept.into_iter()), all);
    }

    #[test]
    fn there_is_an_end_to_how_many_are_saved() {
        let events: Vec<_> = (0..SAVED_MAX).map(|n| saved(n as u128, &format!("Suche {n}"))).collect();
        assert!(SavedSearches::replay(events[1..].iter()).require_room().is_ok());
        let refusal = SavedSearches::replay(events.iter()).require_room().unwrap_err();
        assert!(refusal.why.contains(&SAVED_MAX.to_string()), "{refusal:?}");
    }

    #[test]
    fn a_name_is_shown_as_it_was_given_and_told_apart_without_case() {
        let longest = "ä".repeat(SEARCH_NAME_CHARS_MAX);
        assert_eq!(name(&longest).to_string(), longest);
        assert_eq!("a\u{7}b".parse::<SearchName>(), Err(NotASearchName));
        let all = SavedSearches::replay([saved(1, "Garagen"), saved(2, "Zäune")].iter());
        assert_eq!(all.find(" ZÄUNE ").map(|search| search.id), Some(id(2)));
        assert_eq!(all.get(id(2)).map(|search| search.name.as_str()), Some("Zäune"));
        assert_eq!((all.get(id(3)), all.find(&id(3).to_string())), (None, None));
        assert!(all.is_free(&name("Carports"), None));
        assert!(!all.is_free(&name("Garagen"), Some(id(2))), "another search is called so");
    }

    #[test]
    fn only_what_says_nothing_any_more_is_outdated() {
        let seen = |n, seen| PersonEvent::SearchSeen { id: id(n), seen };
        let renamed = |n| PersonEvent::SearchRenamed { id: id(n), name: name("Carports") };
        let forgotten = |n| PersonEvent::SearchForgotten { id: id(n) };
        let secret = PersonEvent::SecretSet { sealed_key: Vec::new() };
        for (is_outdated, newer, older) in [
            (true, seen(1, 30), seen(1, 20)),
            (true, seen(1, 30), seen(1, 30)),
            (false, seen(1, 20), seen(1, 30)),
            (false, seen(1, 30), seen(2, 20)),
            (false, seen(1, 30), saved(1, "Garagen")),
            (true, renamed(1), renamed(1)),
            (false, renamed(1), renamed(2)),
            (false, renamed(1), seen(1, 20)),
            (true, forgotten(1), saved(1, "Garagen")),
            (true, forgotten(1), seen(1, 20)),
            (true, forgotten(1), renamed(1)),
            (true, forgotten(1), forgotten(1)),
            (false, forgotten(1), saved(2, "Garagen")),
            (false, forgotten(1), seen(2, 20)),
            (false, forgotten(1), secret.clone()),
            (false, secret.clone(), secret),
        ] {
            assert_eq!(newer.outdates(&older), is_outdated, "{newer:?} {older:?}");
        }
    }
}
