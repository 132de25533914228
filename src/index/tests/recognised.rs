//! Addresses, parcels and reference numbers: which files they name, in which order, and that words lose nothing.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::query::parse_in;
use crate::domain::streets::{Renaming, Streets};

fn put(shelf: &Shelf, n: u128, number: &str, street: &str, parcel: &str) {
    let (class, reference) = (class(number), format!("02091-C-{n}").parse().unwrap());
    let texts = [street.to_owned(), parcel.to_owned()];
    let entry = FileEntry {
        record_type: None,
        file: file(n),
        class: &class,
        reference: &reference,
        title: "Bauakte",
        texts: &texts,
        street,
        parcel,
        phase: Some(PhaseName::Open),
        years: 1955..=1961,
        position: 0,
    };
    shelf.index.put_file(&entry).unwrap();
    shelf.page(n, 1, Some((n, number)), "Lageplan, Statik der Decke");
}

/// Files by their street and parcel, numbered from 0, each with one page that says nothing of either.
fn files(places: &[(&str, &str)]) -> Shelf {
    let shelf = Shelf::new();
    for (n, (street, parcel)) in places.iter().enumerate() {
        put(&shelf, n as u128, "63.10", street, parcel);
    }
    shelf.index.commit(at(1)).unwrap();
    shelf
}

fn found(shelf: &Shelf, typed: &str) -> Vec<u128> {
    let mut found = shelf.documents(typed);
    found.sort_unstable();
    found
}

#[test]
fn an_address_finds_the_files_whose_numbers_meet_its_own() {
    let streets = [
        "Karlstraße 10",
        "Karlstr. 12",
        "Karlstraße 12a",
        "Karlstraße 14",
        "Karlstraße 10-14",
        "Karlstraße 16",
        "Karlstraße 112",
        "Karlsgasse 12",
        "Karlstraße 8 – 12",
        "Karlstraße 10a-14b",
        "Am Alten Markt 3",
        "Karlstraße",
    ];
    let shelf = files(&streets.map(|street| (street, "")));
    for (typed, expected) in [
        ("Karlstr. 12", vec![1, 2, 4, 8, 9]),
        ("Karlstraße 12 a", vec![2, 4, 8, 9]),
        ("Karlstraße 12b", vec![4, 8, 9]),
        ("Karlstraße 10-14", vec![0, 1, 2, 3, 4, 8, 9]),
        ("Karlstraße 16", vec![5]),
        ("Karlstraße 15", vec![]),
        ("Karlstraße 13 Statik", vec![4, 9]),
        ("Karlstraße 13 Dachstuhl", vec![]),
        ("Am Alten Markt 3", vec![10]),
        ("Alter Markt 3", vec![]),
        ("Markt 3", vec![10]),
        ("=Karlstraße =12", vec![]),
    ] {
        assert_eq!(found(&shelf, typed), expected, "{typed}");
    }
}

/// Files at several numbers, however their field says so, and who finds them.
#[test]
fn a_file_at_several_numbers_is_found_by_each_of_them_in_any_notation() {
    let streets = [
        "Kamp 12 a-c",
        "Kamp 12 a + b",
        "Kamp 10, 12",
        "Kamp 10/12",
        "Kamp 10 - 14",
        "Kamp 10 bis 14",
        "Kamp 10 a bis 14 b",
        "Kamp 20, 22, 24",
        "Kamp 20 u. 24",
        "Kamp 30 a, 30 b und 30 c",
        "Kamp 40",
        "Kamp 40, 48143 Kesterbrück",
    ];
    let shelf = files(&streets.map(|street| (street, "")));
    let town = Streets::of(vec!["Kamp".into()], Vec::new()).unwrap();
    let found = |typed: &str| {
        let query = parse_in(typed, &town).unwrap();
        let found = shelf.index.search(&query, Reach::AsWritten, &Scope::EVERYTHING, 0, 99).unwrap();
        let number = |hit: &Hit| hit.document.map(|id| id.0.as_u128() - document(0).0.as_u128());
        found.hits.iter().filter_map(number).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    for (typed, expected) in [
        ("Kamp 12", vec![0, 1, 2, 3, 4, 5, 6]),
        ("Kamp 12a", vec![0, 1, 2, 3, 4, 5, 6]),
        ("Kamp 12 b", vec![0, 1, 2, 3, 4, 5, 6]),
        ("Kamp 12c", vec![0, 2, 3, 4, 5, 6]),
        ("Kamp 12 b-d", vec![0, 1, 2, 3, 4, 5, 6]),
        ("Kamp 12 d", vec![2, 3, 4, 5, 6]),
        ("Kamp 14", vec![4, 5, 6]),
        ("Kamp 12 - 16", vec![0, 1, 2, 3, 4, 5, 6]),
        ("Kamp 13 bis 16", vec![4, 5, 6]),
        ("Kamp 22", vec![7, 8]),
        ("Kamp 24", vec![7, 8]),
        ("Kamp 16 + 20", vec![7, 8]),
        ("Kamp 30b", vec![9]),
        ("Kamp 30 c", vec![9]),
        ("Kamp 40", vec![10, 11]),
        ("Kamp 41", vec![]),
        ("Kamp 9", vec![]),
    ] {
        assert_eq!(found(typed), expected, "{typed}");
    }
}

#[test]
fn a_reference_number_behind_its_name_finds_the_file_and_pages_that_do_not_have_the_name() {
    let shelf = files(&[("", ""), ("", "")]);
    shelf.page(7, 1, None, "Unser Zeichen 02091-C-1, Ortstermin");
    shelf.page(8, 1, None, "Zimmer 02091, Fassung C, Blatt 1");
    shelf.index.commit(at(2)).unwrap();
    for typed in ["Az. 02091 - C - 1", "Az. 02091 C 1", "Aktenzeichen 02091/C/1"] {
        assert_eq!(found(&shelf, typed), [1, 7], "{typed}");
    }
}

#[test]
fn a_parcel_is_found_however_it_was_entered_and_not_in_another_district() {
    let shelf = files(&[
        ("", "Gemarkung Kesterbrück, Flur 4, Flurstück 118/2"),
        ("", "Flur 4, 118/2"),
        ("", "4-118/2"),
        ("", "Gemarkung Anderswo, Flur 4, Nr. 118/2"),
        ("", "Flur 14, 118/2"),
        ("", "Flur 4, 118/3"),
        ("", "Flur 1, 77"),
    ]);
    for (typed, expected) in [
        ("Flur 4 Flurstück 118/2", vec![0, 1, 2, 3]),
        ("Fl. 4, Flst. 118/2", vec![0, 1, 2, 3]),
        ("Gemarkung Kesterbrück Flur 4 Flurstück 118/2", vec![0, 1, 2]),
        ("Kesterbrück 4-118/2", vec![0, 1, 2]),
        ("Flurstück 118/2", vec![0, 1, 2, 3, 4]),
        ("Flur 1 Nr. 77", vec![6]),
        ("Flur 77 Nr. 1", vec![]),
    ] {
        assert_eq!(found(&shelf, typed), expected, "{typed}");
    }
}

#[test]
fn a_reference_number_in_any_spelling_finds_its_file_with_all_pages() {
    let shelf = files(&[("", ""), ("", "")]);
    for typed in ["02091-C-1", "02091/C/1", "02091.c.1"] {
        assert_eq!(found(&shelf, typed), [1], "{typed}");
    }
}

#[test]
fn the_file_that_is_there_comes_before_what_only_names_it_and_the_latter_is_found_too() {
    let shelf = files(&[("Karlstraße 12", "")]);
    let often = "Karlstraße 12 ".repeat(200);
    shelf.page(7, 1, None, &often);
    shelf.page(8, 1, None, "Nachbar in der Karlstr. 12");
    shelf.index.commit(at(2)).unwrap();
    assert_eq!(shelf.documents("Karlstraße 12")[0], 0);
    assert_eq!(found(&shelf, "Karlstraße 12"), [0, 7, 8]);
    assert_eq!(shelf.find("Karlstraße 12").hits[0].page, None, "its cover first");
    let marked = snippet(&query("Karlstraße 12"), Reach::AsWritten, "Nachbar in der Karlstr. 12", 100);
    assert_eq!(marked.marks.len(), 2);
}

#[test]
fn words_of_an_address_meet_across_the_pages_of_a_file() {
    let shelf = files(&[("Ring 1", "")]);
    shelf.page(5, 1, Some((5, "63.10")), "An der Karlstraße");
    shelf.page(5, 2, Some((5, "63.10")), "Haus 12, Kastanie");
    shelf.index.commit(at(2)).unwrap();
    for typed in ["Karlstraße 12", "Karlstraße 12 Kastanie"] {
        let across =
            shelf.index.search(&query(typed), Reach::AcrossPages, &Scope::EVERYTHING, 0, 10).unwrap();
        assert_eq!(across.total, 2, "{typed}");
    }
}

const TYPED: [&str; 28] = [
    "Karlstraße",
    "Karlstr.",
    "Ring",
    "Am",
    "Markt",
    "12",
    "12a",
    "a",
    "10-14",
    "Flur",
    "Flurstück",
    "4",
    "118/2",
    "4-118/2",
    "Nr.",
    "02091-C-1",
    "3.",
    "März",
    "1958",
    "58",
    "12/3",
    "Garage",
    "63.10",
    "UND",
    "-x",
    "Gemarkung",
    "Alte",
    "Gasse",
];

fn typed() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(TYPED.to_vec()), 1..6)
}

/// The same, so that nothing is recognised.
fn as_words(typed: &[&str]) -> String {
    let word =
        |word: &&str| if matches!(*word, "UND" | "-x") { (*word).to_owned() } else { format!("={word}") };
    typed.iter().map(word).collect::<Vec<_>>().join(" ")
}

type AHit = (Option<u128>, Option<u128>, Option<u32>);

fn all_hits(shelf: &Shelf, query: Query, reach: Reach) -> BTreeSet<AHit> {
    let found = shelf.index.search(&query, reach, &Scope::EVERYTHING, 0, 1_000).unwrap();
    let hit =
        |hit: &Hit| (hit.document.map(|id| id.0.as_u128()), hit.file.map(|id| id.0.as_u128()), hit.page);
    found.hits.iter().map(hit).collect()
}

/// `Alte Gasse` became `Karlstraße` and that `Ring`; two names go in a circle.
fn streets() -> Streets {
    let renaming = |(old, new): (&str, &str)| Renaming { old: old.into(), new: new.into(), from: None };
    let all = [("Alte Gasse", "Karlstraße"), ("Karlstraße", "Ring"), ("Markt", "Platz"), ("Platz", "Markt")];
    Streets::new(all.map(renaming).into()).unwrap()
}

fn under_all_names(typed: &str) -> Query {
    query(typed).under_all_names(&streets()).0
}

#[test]
fn a_renamed_street_is_found_under_each_of_its_names() {
    let shelf = files(&[("Karlstraße 12", ""), ("Ring 12", ""), ("Alte Gasse 10-14", ""), ("Ring 3", "")]);
    shelf.page(10, 1, None, "Nachbar in der Alten Gasse");
    shelf.page(11, 1, None, "Nachbar in der Alte Gasse 12, Garage");
    shelf.page(12, 1, None, "Garage Karlstr.");
    shelf.page(13, 1, None, "Am Platz");
    shelf.index.commit(at(2)).unwrap();
    let found = |typed: &str| {
        let found =
            shelf.index.search(&under_all_names(typed), Reach::AsWritten, &Scope::EVERYTHING, 0, 99).unwrap();
        let number = |hit: &Hit| hit.document.map(|id| id.0.as_u128() - document(0).0.as_u128());
        found.hits.iter().filter_map(number).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    for (typed, expected) in [
        ("Karlstraße 12", vec![0, 1, 2, 11]),
        ("Ring 12", vec![0, 1, 2, 11]),
        ("Alte Gasse 12 a", vec![2]),
        ("Garage Karlstraße", vec![11, 12]),
        ("Garage Alte Gasse", vec![11, 12]),
        ("Garage Ring", vec![11, 12]),
        ("straße:Karlstr.", vec![0, 1, 2, 3]),
        ("straße:\"Alte Gasse 12\"", vec![0, 1]),
        ("straße:Ring -straße:Karlstraße", vec![1, 2, 3]),
        ("Markt", vec![13]),
        ("\"Garage Ring\"", vec![]),
        ("Garage =Ring", vec![]),
    ] {
        assert_eq!(found(typed), expected, "{typed}");
    }
    let marked = snippet(&under_all_names("Ring"), Reach::AsWritten, "In der Karlstr. 4", 100);
    assert_eq!(&marked.text[marked.marks[0].clone()], "Karlstr");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_recognised_never_finds_less_than_its_words(
        pages in prop::collection::vec(typed(), 1..6), queries in prop::collection::vec(typed(), 12)
    ) {
        let shelf = files(&[("Karlstraße 12", "Flur 4, 118/2"), ("Ring 10-14", "")]);
        for (n, words) in pages.iter().enumerate() {
            let (n, words) = (n as u128, words.join(" "));
            shelf.page(10 + n, 1, Some((10 + n % 2, "63.10")), &words);
        }
        shelf.index.commit(at(2)).unwrap();
        for typed in queries {
            for reach in [Reach::AsWritten, Reach::AcrossPages, Reach::Misread, Reach::Similar] {
                let (with, without) = (typed.join(" "), as_words(&typed));
                let Ok(plain) = parse(&without) else { continue };
                let plain = all_hits(&shelf, plain, reach);
                let all = all_hits(&shelf, query(&with), reach);
                let more = all_hits(&shelf, under_all_names(&with), reach);
                prop_assert!(more.is_superset(&all), "{} ({:?}): {:?}", with, reach, all.difference(&more));
                prop_assert!(all.is_superset(&plain), "{} ({:?}): {:?}", with, reach, plain.difference(&all));
            }
        }
    }
}

#[test]
fn hidden_files_at_the_same_place_change_no_answer() {
    let places = [("Karlstraße 12", "Flur 4, 118/2"), ("Karlstraße 10-14", "Flur 4, 119")];
    let (without, with) = (files(&places), files(&places));
    for n in 20..60 {
        put(&with, n, "20.1", places[n as usize % 2].0, places[n as usize % 2].1);
        with.page(n, 2, Some((n, "20.1")), "Karlstraße 12, Flur 4, 118/2, 02091-C-1");
        with.index.commit(at(u64::try_from(n).unwrap())).unwrap();
    }
    let scope =
        Scope { branches: Some([class("63")].into_iter().collect()), in_tray: false, ..Scope::EVERYTHING };
    for typed in [
        "Karlstraße 12",
        "Karlstr. 13 Statik",
        "Flur 4 Flurstück 118/2",
        "02091-C-1",
        "02091-C-21",
        "Karlstr. 11-30",
    ] {
        for reach in [Reach::AsWritten, Reach::AcrossPages, Reach::Misread, Reach::Similar] {
            let answer =
                |shelf: &Shelf| shelf.index.search(&under_all_names(typed), reach, &scope, 0, 10).unwrap();
            assert_eq!(answer(&without), answer(&with), "{typed}, {reach:?}");
        }
    }
}
