//! What is hidden is neither found nor counted, and changes no answer.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::domain::query::Place;

fn branches(numbers: &[&str]) -> Scope {
    let branches = Some(numbers.iter().map(|number| class(number)).collect());
    Scope { branches, in_tray: false, ..Scope::EVERYTHING }
}

fn town() -> Shelf {
    let shelf = Shelf::new();
    shelf.file(1, "63.10.01", "63-1", "Garage am Markt");
    shelf.file(2, "20.1", "20-1", "Garage in der Kasse");
    shelf.page(1, 1, Some((1, "63.10.01")), "Garage");
    shelf.page(2, 1, Some((2, "20.1")), "Garage");
    shelf.page(3, 1, None, "Garage");
    shelf.index.commit(at(1)).unwrap();
    shelf
}

#[test]
fn what_is_out_of_scope_is_neither_found_nor_counted() {
    let shelf = town();
    let in_tray = Scope { in_tray: true, ..branches(&[]) };
    let all_filed = Scope { in_tray: false, ..Scope::EVERYTHING };
    let one_file = Scope { only_file: Some(file(2)), ..Scope::EVERYTHING };
    let hidden_file = Scope { only_file: Some(file(2)), ..branches(&["63"]) };
    for (scope, pages, files) in [
        (&Scope::EVERYTHING, 3, 2),
        (&branches(&["63"]), 1, 1),
        (&branches(&["63", "20"]), 2, 2),
        (&branches(&["6"]), 0, 0),
        (&branches(&[]), 0, 0),
        (&in_tray, 1, 0),
        (&all_filed, 2, 2),
        (&one_file, 1, 1),
        (&hidden_file, 0, 0),
    ] {
        for typed in ["Garage", "Gar*", "titel:Garage ODER Garage", "-Carport", "Garage ODER NICHT Garage"] {
            let found = shelf.index.search(&query(typed), Reach::AsWritten, scope, 0, 10).unwrap();
            assert_eq!((found.total, found.files_total), (pages, files), "{typed} in {scope:?}");
            assert_eq!(found.hits.len(), pages + files, "{typed} in {scope:?}");
        }
    }
    let by_hidden_title =
        shelf.index.search(&query("titel:Kasse"), Reach::AsWritten, &branches(&["63"]), 0, 10).unwrap();
    assert_eq!(by_hidden_title, Found::default());
}

/// Queries of each kind; with scopes and reaches more than a thousand questions.
const QUERIES: usize = 130;

/// Two shelves that differ in nothing but what is hidden; that shares classes' branches, words and years with the rest.
#[test]
fn answers_do_not_change_with_what_is_hidden() {
    let (without, with) = (town(), town());
    for shelf in [&without, &with] {
        for (n, text) in finding::WORDS.iter().enumerate() {
            let text = format!("{text} am 12.3.1958 {}", finding::WORDS[(n * 5) % 12]);
            shelf.page(100 + n as u128, 1, Some((1, "63.10.01")), &text);
        }
        shelf.index.commit(at(2)).unwrap();
    }
    for n in 10..60 {
        let text = format!("Garage {} am Markt mit Carport, 13.3.1958", finding::WORDS[n as usize % 12]);
        with.page(n, 1, Some((2, "20.1")), &text);
        with.index.commit(at(u64::try_from(n).unwrap())).unwrap();
    }
    with.index.remove_document(document(11)).unwrap();
    with.index.commit(at(99)).unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let random = (0..QUERIES).map(|_| finding::typed().new_tree(&mut runner).unwrap().current());
    let mut asked = 0;
    for typed in CHOSEN.map(str::to_owned).into_iter().chain(random) {
        let Ok(query) = crate::domain::query::parse(&typed) else { continue };
        for scope in [branches(&["63"]), branches(&["63", "51"])] {
            for reach in
                [Reach::AsWritten, Reach::AcrossPages, Reach::Misread, Reach::Similar, Reach::AnyWord]
            {
                let answer = |shelf: &Shelf| shelf.index.search(&query, reach, &scope, 0, 10).unwrap();
                assert_eq!(answer(&without), answer(&with), "{typed}, {reach:?}");
                asked += 1;
            }
            let counted = |shelf: &Shelf| shelf.index.facets(&query, Reach::Similar, &scope).unwrap();
            assert_eq!(counted(&without), counted(&with), "{typed}");
            suggestions_are_equal((&without, &with), &typed, &scope);
        }
    }
    assert!(asked > 500, "{asked} questions");
}

/// How what was typed goes on, what is spelled like it, where that stands, and what is like it.
fn suggestions_are_equal((without, with): (&Shelf, &Shelf), typed: &str, scope: &Scope) {
    // Pages that both have, and words of those that only one has.
    let text = format!("{typed} Garage am Markt mit Carport {}", finding::WORDS.join(" "));
    for word in typed.split_whitespace() {
        for beginning in [word, &word[..word.floor_char_boundary(4)]] {
            for limit in [1, 8] {
                let answer = |shelf: &Shelf| shelf.index.completions(beginning, scope, limit).unwrap();
                assert_eq!(answer(without), answer(with), "{beginning}");
            }
            for place in [Place::Reference, Place::Title, Place::Street] {
                let answer = |shelf: &Shelf| shelf.index.files_from(place, beginning, scope, 8).unwrap();
                assert_eq!(answer(without), answer(with), "{beginning}");
            }
        }
        let answer = |shelf: &Shelf| {
            let similar = shelf.index.similar_words(word, scope, 3).unwrap();
            let entries = similar.iter().map(|one| shelf.index.entries_with(&one.word, scope, 2).unwrap());
            (entries.collect::<Vec<_>>(), similar)
        };
        assert_eq!(answer(without), answer(with), "{word}");
    }
    for own in [100, 104] {
        let answer = |shelf: &Shelf| shelf.index.similar(document(own), &[&text], scope, 10).unwrap();
        assert_eq!(answer(without), answer(with), "like {text}");
    }
}

const CHOSEN: [&str; 19] = [
    "Garage",
    "Garage Markt",
    "Garage ODER Carport",
    "Gar*",
    "\"am Markt\"",
    "titel:Gar*",
    "-x",
    "jahr:1958",
    "13.3.1958",
    "Garagen~",
    "\"Garage Carport\"~9",
    "straße:Hauptstraße Garage Müller",
    "Hauptstraße 12a Garage",
    "Flur 4, Flurstück 118/2",
    "02091-C-71 Garage",
    "phase:laufend Garage",
    "Garage -phase:geschlossen",
    "art:scan Carport",
    "Garage art:akte",
];
