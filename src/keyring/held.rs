//! The keys in memory: page by page as they lie on disk, and a table to find them by id.
//!
//! Keys are never moved once they are here (a page's room is taken at once), so growing leaves no
//! unwiped copies behind.

use std::collections::{BTreeMap, HashMap};

use super::layout::{Entry, KEYS_PER_PAGE};
use crate::base::seal::SealKey;
use crate::domain::ids::KeyId;

/// All keys of a keyring.
#[derive(Default)]
pub(super) struct Held {
    pages: BTreeMap<u32, Vec<Entry>>,
    places: HashMap<KeyId, Place>,
}

/// Where a key lies: page number and slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub page: u32,
    pub slot: u32,
}

impl Held {
    /// The key of this name.
    pub(super) fn key(&self, id: &KeyId) -> Option<&SealKey> {
        let place = self.places.get(id)?;
        self.pages.get(&place.page)?.get(place.slot as usize).map(|entry| &entry.key)
    }

    /// The page a key lies in.
    pub(super) fn page_of(&self, id: &KeyId) -> Option<u32> {
        self.places.get(id).map(|place| place.page)
    }

    /// The entries of a page, in order.
    pub(super) fn page(&self, no: u32) -> &[Entry] {
        self.pages.get(&no).map_or(&[], Vec::as_slice)
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Puts a key behind the last one of its page. `false`: there was one of that name, nothing changed.
    pub(super) fn push(&mut self, page: u32, entry: Entry) -> bool {
        let entries = self.pages.entry(page).or_insert_with(|| Vec::with_capacity(KEYS_PER_PAGE));
        let place = Place { page, slot: entries.len() as u32 };
        if self.places.contains_key(&entry.id) {
            return false;
        }
        self.places.insert(entry.id, place);
        entries.push(entry);
        true
    }

    /// Puts `entries` in the place of a page; keys that are not among them are wiped.
    pub(super) fn replace(&mut self, page: u32, entries: &[Entry]) {
        for gone in self.pages.remove(&page).unwrap_or_default() {
            self.places.remove(&gone.id);
        }
        for entry in entries {
            self.push(page, entry.clone());
        }
    }

    /// Both hold the same keys under the same names.
    pub(super) fn same_keys(&self, other: &Held) -> bool {
        self.len() == other.len()
            && self.pages.values().flatten().all(|entry| other.key(&entry.id) == Some(&entry.key))
    }
}
