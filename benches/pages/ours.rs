//! Ours: the index alone, filled through its own door; and a whole registry, asked as people ask it.

use std::io::{Cursor, Read};
use std::path::Path;

use schriftgut::base::followed::Followed;
use schriftgut::domain::actor::Actor;
use schriftgut::domain::case_file::{Carriers, ClassNumber};
use schriftgut::domain::ids::{CaseFileId, DocumentId};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::query::Order;
use schriftgut::domain::query::{HitKind, parse};
use schriftgut::index::{Index, PageEntry, Reach, Scope, years_of};
use schriftgut::intake::Workshop;
use schriftgut::registry::{Founding, Registry, Search, Source, Target, found};

use super::material::{Material, Query};
use super::{DOCUMENT_PAGES, HITS};

/// Classes the pages are spread over, and how many of them a clerk may read.
const CLASSES: u64 = 1_000;
const GRANTS: u64 = 500;
/// Documents of a file.
const FILE_DOCUMENTS: u64 = 5;

fn class(number: u64) -> ClassNumber {
    format!("{}.{:02}.{:02}", 10 + number / 100, number / 10 % 10, number % 10).parse().unwrap()
}

/// The index alone.
pub struct Alone {
    index: Index,
    /// What a clerk with grants may see: made when the rights are, as a server keeps it, not with every search.
    granted: Scope,
}

impl Alone {
    /// Indexes so many pages.
    pub fn filled(folder: &Path, material: &Material, pages: u64) -> Self {
        let index = Index::create(folder).unwrap();
        for document in 0..pages / DOCUMENT_PAGES {
            let file = document / FILE_DOCUMENTS;
            let class = class(file % CLASSES);
            let mut letter_years = Vec::new();
            for page in 0..DOCUMENT_PAGES {
                let text = material.page(document * DOCUMENT_PAGES + page);
                if page == 0 {
                    letter_years = years_of(&text);
                }
                let entry = PageEntry {
                    record_type: None,
                    register: None,
                    document: DocumentId(uuid::Uuid::from_u128(u128::from(document) << 64 | 1)),
                    file: Some(CaseFileId(uuid::Uuid::from_u128(u128::from(file) << 64 | 2))),
                    class: Some(&class),
                    street: "",
                    phase: None,
                    kind: HitKind::Scan,
                    file_name: "scan.pdf",
                    page: page as u32 + 1,
                    position: document,
                    text: &text,
                    letter_years: &letter_years,
                };
                index.put_page(&entry).unwrap();
            }
        }
        index.commit(Followed { entries: pages, ..Followed::NOTHING }).unwrap();
        let branches = Some((0..GRANTS).map(|number| class(number * CLASSES / GRANTS)).collect());
        Self { index, granted: Scope { branches, in_tray: false, ..Scope::EVERYTHING } }
    }

    /// Ten hits and how many there are; of everything, or of what a clerk with 500 grants may read.
    pub fn ask(&self, query: &Query, with_grants: bool) -> usize {
        let query = parse(&query.typed()).unwrap();
        let scope = if with_grants { &self.granted } else { &Scope::EVERYTHING };
        let found = self.index.search_by(Order::Relevance, &query, Reach::AsWritten, scope, HITS);
        let found = found.unwrap();
        assert!(!found.is_partial);
        found.total + found.files_total
    }

    /// What the matches have in common.
    pub fn count(&self, query: &Query) -> usize {
        let query = parse(&query.typed()).unwrap();
        let facets = self.index.facets(&query, Reach::AsWritten, &Scope::EVERYTHING);
        facets.unwrap().classes.len()
    }
}

/// A registry whose documents were taken in and read.
pub struct Whole {
    registry: Registry,
    actor: Actor,
}

impl Whole {
    /// Takes so many pages in, and reads them.
    pub fn filled(folder: &Path, material: &'static Material, pages: u64) -> Self {
        let founding = Founding {
            name: "Messung".to_owned(),
            demo: true,
            login: "amt".to_owned(),
            rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
        };
        let registry = found(&folder.join("registry"), &founding).unwrap().registry;
        let registry = registry.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut")));
        let actor = registry.person("amt").unwrap();
        let sources = (0..pages / DOCUMENT_PAGES).map(|document| source(material, document));
        let summary = registry.ingest(actor.as_clerk().unwrap(), sources, &mut |_| {}).unwrap();
        assert_eq!(summary.taken, pages / DOCUMENT_PAGES, "{summary:?}");
        let progress = registry.read_texts(&|_| {}).unwrap();
        assert_eq!(progress.pages, pages, "{progress:?}");
        Self { registry, actor }
    }

    /// The whole answer: rights, catalogue, text layers, snippets with marks.
    pub fn ask(&self, query: &Query) -> usize {
        let typed = query.typed();
        let search = Search { query: &typed, limit: HITS, ..Search::default() };
        let found = self.registry.search_for(self.actor.as_reader().unwrap(), &search).unwrap();
        assert!(!found.is_partial, "{typed}");
        found.total
    }
}

/// A text document of ten pages in a file.
fn source(material: &'static Material, document: u64) -> Source {
    let open = move || {
        let pages: Vec<String> =
            (0..DOCUMENT_PAGES).map(|page| material.page(document * DOCUMENT_PAGES + page)).collect();
        Ok(Box::new(Cursor::new(pages.join("\u{c}").into_bytes())) as Box<dyn Read>)
    };
    let file = document / FILE_DOCUMENTS;
    let target = Target {
        record_type: None,
        reference: format!("63-{file}/2020").parse().unwrap(),
        class: Some("63.10.03".parse().unwrap()),
        title: Some(format!("Akte {file}")),
        domain: Some(ProtectionDomain::General),
        fields: [("street".to_owned(), "Am Wall".to_owned())].into(),
        carriers: Carriers::default(),
        opened: None,
        case: None,
        register: None,
        page_count: None,
    };
    Source {
        name: document.to_string(),
        file_name: format!("{document}.txt"),
        target: Some(target),
        open: Box::new(open),
    }
}
