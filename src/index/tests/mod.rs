//! The index on small sets: finding, hiding, removing, surviving.

mod finding;
mod gold;
mod hiding;
mod marking;
mod ranking;
mod recognised;
mod removing;
mod suggesting;

use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::domain::query::{HitKind, Order, PhaseName, Query, parse};

pub(super) fn document(n: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(0xd0c0_0000 + n))
}

pub(super) fn file(n: u128) -> CaseFileId {
    CaseFileId(Uuid::from_u128(0xf11e_0000 + n))
}

pub(super) fn class(text: &str) -> ClassNumber {
    text.parse().unwrap()
}

pub(super) fn at(entries: u64) -> Followed {
    Followed { entries, ..Followed::NOTHING }
}

pub(super) fn query(text: &str) -> Query {
    parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake}"))
}

/// An index in a directory of its own, filled in one line per entry.
pub(super) struct Shelf {
    pub dir: TempDir,
    pub index: Index,
}

impl Shelf {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let index = Index::create(&dir.path().join("general")).unwrap();
        Self { dir, index }
    }

    /// One page per text, documents numbered from `first`, in file 1 of class 63.10.01.
    pub fn with_pages(texts: &[&str]) -> Self {
        let shelf = Self::new();
        for (n, text) in texts.iter().enumerate() {
            shelf.page(n as u128, 1, Some((1, "63.10.01")), text);
        }
        shelf.index.commit(at(1)).unwrap();
        shelf
    }

    pub fn page(&self, doc: u128, page: u32, place: Option<(u128, &str)>, text: &str) {
        let class = place.map(|(_, number)| class(number));
        let (file, file_name) = (place.map(|(n, _)| file(n)), format!("Lageplan_{doc}.pdf"));
        let document = document(doc);
        let (class, letter_years) = (class.as_ref(), &[]);
        // By their numbers, so that there are some of each.
        let phase = file.map(|file| PhaseName::ALL[(file.0.as_u128() % 3) as usize]);
        let kind = HitKind::ALL[1 + (doc % 5) as usize];
        let (street, file_name, position) = ("", file_name.as_str(), 0);
        let entry = PageEntry {
            record_type: None,
            register: None,
            document,
            file,
            class,
            street,
            phase,
            kind,
            file_name,
            page,
            text,
            letter_years,
            position,
        };
        self.index.put_page(&entry).unwrap();
    }

    pub fn file(&self, n: u128, number: &str, reference: &str, title: &str) {
        let texts = [String::from("Hauptstr. 12a")];
        let (class, reference) = (class(number), reference.parse().unwrap());
        let entry = FileEntry {
            record_type: None,
            file: file(n),
            class: &class,
            reference: &reference,
            title,
            texts: &texts,
            street: "Hauptstr. 12a",
            parcel: "Gemarkung Kesterbrück, Flur 4, Flurstück 118/2",
            phase: Some(PhaseName::ALL[(file(n).0.as_u128() % 3) as usize]),
            years: 1955..=1961,
            position: 0,
        };
        self.index.put_file(&entry).unwrap();
    }

    pub fn find(&self, text: &str) -> Found {
        self.index.search(&query(text), Reach::AsWritten, &Scope::EVERYTHING, 0, 100).unwrap()
    }

    /// The documents found, best first, by the numbers they were put with.
    pub fn documents(&self, text: &str) -> Vec<u128> {
        let number = |hit: &Hit| hit.document.map(|id| id.0.as_u128() - document(0).0.as_u128());
        self.find(text).hits.iter().filter_map(number).collect()
    }
}
