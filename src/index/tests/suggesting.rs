//! Suggestions: words go on, are put right, and documents are alike, within the scope.

use super::*;
use crate::domain::query::Place;
use crate::index::{Alike, Candidate};

const ALL: Scope = Scope::EVERYTHING;

fn words(found: Result<Vec<Candidate>, IndexError>) -> Vec<(String, u64)> {
    found.unwrap().into_iter().map(|one| (one.word, one.entries.0)).collect()
}

fn go_on(shelf: &Shelf, beginning: &str, limit: usize) -> Vec<(String, u64)> {
    words(shelf.index.completions(beginning, &ALL, limit))
}

fn named(all: &[(&str, u64)]) -> Vec<(String, u64)> {
    all.iter().map(|(word, entries)| ((*word).to_owned(), *entries)).collect()
}

#[test]
fn the_most_frequent_words_go_on_from_a_beginning() {
    let shelf = Shelf::with_pages(&[
        "Garage am Müllersteg",
        "Garage, Garten",
        "garagentor; Gärten",
        "Mueller, Gartenbau",
        "Az. 02091-C-71",
    ]);
    assert_eq!(
        go_on(&shelf, "Gar", 9),
        named(&[("garage", 2), ("garten", 2), ("garagentor", 1), ("gartenbau", 1)])
    );
    assert_eq!(go_on(&shelf, "Gar", 1), named(&[("garage", 2)]));
    assert_eq!(go_on(&shelf, "müll", 9), named(&[("muller", 1), ("mullersteg", 1)]));
    assert_eq!(go_on(&shelf, "02091-C", 9), named(&[("02091c71", 1)]));
    for short in ["Ga", "", "…", "Garage am", "Ga\u{202e}"] {
        assert_eq!(go_on(&shelf, short, 9), [], "{short:?}");
    }
}

#[test]
fn the_order_is_that_of_what_can_be_seen_whatever_is_in_the_dictionary() {
    let shelf = Shelf::new();
    shelf.page(1, 1, Some((1, "63.10")), "Garage");
    for n in 2..9 {
        shelf.page(n, 1, Some((2, "20.1")), "Garten Gartenzaun");
        shelf.index.commit(at(u64::try_from(n).unwrap())).unwrap();
    }
    shelf.page(9, 1, Some((1, "63.10")), "Garten Garage");
    shelf.index.commit(at(10)).unwrap();
    let scope = Scope { branches: Some([class("63")].into_iter().collect()), in_tray: false, ..ALL };
    let go_on = |limit| words(shelf.index.completions("Gar", &scope, limit));
    assert_eq!(go_on(9), named(&[("garage", 2), ("garten", 1)]));
    assert_eq!(go_on(1), named(&[("garage", 2)]));
    shelf.index.remove_document(document(9)).unwrap();
    shelf.index.commit(at(11)).unwrap();
    assert_eq!(words(shelf.index.completions("Gar", &scope, 9)), named(&[("garage", 1)]));
    assert_eq!(words(shelf.index.completions("Gar", &ALL, 1)), named(&[("garten", 7)]));
}

#[test]
fn the_nearest_words_come_first_and_numbers_are_left_alone() {
    let shelf = Shelf::with_pages(&["Brandschutz", "Brandschatz, Brandschatz", "Brandschatz 1958", "Haus"]);
    let similar = |word: &str| words(shelf.index.similar_words(word, &ALL, 9));
    assert_eq!(similar("Brandschuts"), named(&[("brandschutz", 1), ("brandschatz", 2)]));
    assert_eq!(similar("Brandschitz"), named(&[("brandschatz", 2), ("brandschutz", 1)]));
    assert_eq!(similar("brandschutz"), named(&[("brandschatz", 2)]));
    for other in ["1959", "Hau", "Brand-Schutz", "Brandschuts Haus", ""] {
        assert_eq!(similar(other), [], "{other}");
    }
}

#[test]
fn files_are_named_by_reference_title_and_street() {
    let shelf = Shelf::new();
    shelf.file(1, "63.10", "63.10-1042", "Neubau einer Garage");
    shelf.file(2, "20.1", "4 K 112/24", "Neubau eines Stalls");
    shelf.page(3, 1, Some((1, "63.10")), "Neubau einer Garage");
    shelf.index.commit(at(1)).unwrap();
    let from = |place, text: &str, scope| shelf.index.files_from(place, text, scope, 9).unwrap();
    assert_eq!(from(Place::Reference, "63.10-1", &ALL), [file(1)]);
    assert_eq!(from(Place::Reference, "4 K 11", &ALL), [file(2)]);
    assert_eq!(from(Place::Title, "Neub", &ALL), [file(1), file(2)]);
    assert_eq!(from(Place::Title, "Neubau eines St", &ALL), [file(2)]);
    assert_eq!(from(Place::Street, "Haupt", &ALL), [file(1), file(2)]);
    let scope = Scope { branches: Some([class("63")].into_iter().collect()), in_tray: false, ..ALL };
    assert_eq!(from(Place::Title, "Neub", &scope), [file(1)]);
    assert_eq!(from(Place::Title, "Ne", &ALL), []);
}

#[test]
fn documents_are_alike_by_their_telling_words_and_never_to_themselves() {
    let shelf = Shelf::new();
    let texts = [
        "Gutachten zum Hausschwamm im Dachstuhl der Scheune am Markt",
        "Der Hausschwamm im Dachstuhl: Sanierung der Scheune",
        "Antrag auf eine Garage am Markt",
        "Antrag auf einen Carport am Markt",
        "Antrag auf eine Terrasse am Markt",
    ];
    for (n, text) in texts.iter().enumerate() {
        shelf.page(n as u128, 1, Some((1, "63.10")), text);
    }
    shelf.page(0, 2, Some((1, "63.10")), "Anlage zum Gutachten Hausschwamm");
    shelf.file(1, "63.10", "63-1", "Hausschwamm im Dachstuhl der Scheune");
    shelf.index.commit(at(1)).unwrap();
    let like = |n: usize, pages: &[&str], scope| {
        let found = shelf.index.similar(document(n as u128), pages, scope, 10).unwrap();
        found.iter().map(|Alike { document, .. }| document.0.as_u128() & 0xff).collect::<Vec<_>>()
    };
    assert_eq!(like(0, &[texts[0], "Anlage zum Gutachten Hausschwamm"], &ALL), [1]);
    assert_eq!(like(1, &[texts[1]], &ALL), [0]);
    assert!(like(2, &[texts[2]], &ALL).iter().all(|n| *n != 2));
    assert_eq!(like(0, &[""], &ALL), [0; 0]);
    let nothing = Scope { branches: Some([].into_iter().collect()), in_tray: false, ..ALL };
    assert_eq!(like(0, &[texts[0]], &nothing), [0; 0]);
}

#[test]
fn nothing_that_is_typed_or_read_is_too_much() {
    let shelf = Shelf::with_pages(&["Garage\0Scheune \u{202e}egarag\u{202c} Ga\u{200d}rage", "Garage"]);
    let large = "Garagenüber ".repeat(100_000);
    let long = "ü".repeat(1_000_000);
    for text in
        [large.as_str(), &long, "\0\0\0", "\u{202e}abc\u{202c}", "\u{301}\u{301}\u{301}", "ﬀﬀﬀ", "\u{fdfa}"]
    {
        shelf.index.completions(text, &ALL, 9).unwrap();
        shelf.index.similar_words(text, &ALL, 9).unwrap();
        shelf.index.similar(document(1), &[text, text], &ALL, 9).unwrap();
        shelf.index.entries_with(text, &ALL, 9).unwrap();
        for place in [Place::Reference, Place::Title, Place::Street, Place::Parcel] {
            shelf.index.files_from(place, text, &ALL, 9).unwrap();
        }
        assert_eq!(crate::index::written(text, "garage"), None);
    }
}
