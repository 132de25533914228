//! Splitting a document: whatever operation fails, either it is as it was, or it is kept out of use and all its parts are there.

use std::collections::BTreeMap;

use tempfile::TempDir;

use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::{Registry, SplitOrder};

use crate::common::material::pdf_of_pages;
use crate::common::{Paper, TestOffice, WITHDRAWN, copy_folder};
use crate::{Start, Told};

const FILE: &str = "S-1";
const NAME: &str = "stapel.pdf";

/// An office with a stack that was scanned as one.
fn start() -> Start {
    let mut office = TestOffice::demo();
    let mut papers = BTreeMap::new();
    let bytes = pdf_of_pages(&["Antrag", "Anlage", "Widerspruch"]);
    papers.insert(office.take_in(Paper::new(FILE, WITHDRAWN, NAME, bytes.clone())), bytes);
    office.due_file("W-1", "Antrag");
    office.read_texts();
    let list = office.signed_list();
    office.close_doors();
    let dir = TempDir::new().unwrap();
    copy_folder(office.root(), &dir.path().join("amt"));
    Start { again: split, also: all_or_nothing, ..Start::of(dir, papers, list) }
}

/// Splits it; when it is asked for again after it had come to pass, that is seen.
fn split(start: &Start, registry: &Registry, told: &mut Told) -> bool {
    let Ok(manager) = registry.person("voss") else { return false };
    let stack = stack(start);
    let order = SplitOrder { at: vec![3], reason: "zwei Schreiben".to_owned(), ..SplitOrder::default() };
    let done = registry.split(manager.as_clerk().unwrap(), stack, &order).is_ok();
    let shown = registry.show_document(manager.as_reader().unwrap(), stack);
    told.split |= done || shown.is_ok_and(|shown| shown.document.withdrawn.is_some());
    told.split
}

fn stack(start: &Start) -> DocumentId {
    *start.papers.keys().next().unwrap()
}

/// See the module documentation.
fn all_or_nothing(start: &Start, told: &Told, office: &TestOffice, what: &str) {
    let reader = office.manager.as_reader().unwrap();
    let shown = office.registry().show_file(reader, FILE, office.today()).unwrap();
    let (mut in_use, kept): (Vec<_>, Vec<_>) =
        shown.documents.iter().partition(|document| document.withdrawn.is_none());
    in_use.sort_by_key(|part| part.made_of.first().map(|pages| pages.first));
    let [original] = kept.as_slice() else {
        let [original] = in_use.as_slice() else { panic!("{what}: {in_use:?} {kept:?}") };
        assert!(!told.split && original.id == stack(start) && original.became.is_empty(), "{what}");
        return;
    };
    assert_eq!((original.id, original.became.len(), in_use.len()), (stack(start), 2, 2), "{what}");
    for (part, pages) in in_use.iter().zip([(1, 2), (3, 3)]) {
        let [made_of] = part.made_of.as_slice() else { panic!("{what}: {part:?}") };
        assert_eq!(
            (made_of.document, made_of.first, made_of.last),
            (original.id, pages.0, pages.1),
            "{what}"
        );
        assert!(original.became.contains(&part.id), "{what}");
        assert!(office.get(part.id).unwrap().starts_with(b"%PDF-"), "{what}");
    }
}

#[test]
fn splitting_is_all_or_nothing_at_any_operation_and_any_power_cut() {
    crate::at_every_operation("split", &start(), split);
}
