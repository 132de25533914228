//! Ours: a whole registry, asked through its own search, snippets and all.

use std::path::Path;

use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::intake::Workshop;
use schriftgut::registry::layout::Layout;
use schriftgut::registry::{Founding, Source, found};

use super::{Answers, ask_all, bytes_below};
use crate::queries::Query;
use crate::text::PageNo;

/// Pages of a document: a page is what is found, so it does not matter which paper it is from.
const DOCUMENT_PAGES: usize = 20;

/// Takes the pages in, reads them and asks.
pub fn answer(folder: &Path, pages: &[String], queries: &[&Query], timed: bool) -> Answers {
    let place = folder.join("registry");
    let founding = Founding {
        name: "Messung".to_owned(),
        demo: true,
        login: "amt".to_owned(),
        rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
    };
    let registry = found(&place, &founding).unwrap().registry;
    let registry = registry.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut")));
    let actor = registry.person("amt").unwrap();
    let sources: Vec<Source> = pages.chunks(DOCUMENT_PAGES).enumerate().map(source).collect();
    let count = sources.len() as u64;
    let summary = registry.ingest(actor.as_clerk().unwrap(), sources.into_iter(), &mut |_| {}).unwrap();
    assert_eq!(summary.taken, count, "{summary:?}");
    let progress = registry.read_texts(&|_| {}).unwrap();
    assert_eq!(progress.pages, pages.len() as u64, "{progress:?}");
    let ask = |typed: &str, limit: usize| -> Vec<PageNo> {
        let Ok(found) = registry.search(actor.as_reader().unwrap(), typed, 0, limit) else {
            return Vec::new();
        };
        let number = |hit: schriftgut::registry::Hit| {
            let first: PageNo = hit.document?.file_name.strip_suffix(".txt")?.parse().ok()?;
            Some(first + hit.page? - 1)
        };
        found.hits.into_iter().filter_map(number).collect()
    };
    let (ranked, times) = ask_all(queries, timed, &ask);
    let bytes = bytes_below(&Layout::at(&place).index(1, ProtectionDomain::General));
    Answers { ranked, times, bytes, version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// A text document whose name is the number of its first page.
fn source((at, pages): (usize, &[String])) -> Source {
    let bytes = pages.join("\u{c}").into_bytes();
    let name = format!("{}.txt", at * DOCUMENT_PAGES);
    let open = move || Ok(Box::new(std::io::Cursor::new(bytes.clone())) as Box<dyn std::io::Read>);
    Source { name: name.clone(), file_name: name, target: None, open: Box::new(open) }
}
