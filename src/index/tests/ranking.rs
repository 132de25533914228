//! In which order, how many, within which bounds.

use super::*;

#[test]
fn the_literal_word_ranks_above_its_inflections() {
    let shelf = Shelf::with_pages(&["Die Garagen stehen", "Die Garage steht", "Die Garagen stehen"]);
    assert_eq!(shelf.documents("Garage"), [1, 0, 2]);
    assert_eq!(shelf.documents("Garagen"), [0, 2, 1]);
}

#[test]
fn title_and_address_rank_above_body_and_the_recent_above_the_old() {
    let shelf = Shelf::with_pages(&[
        "Scheune Scheune Scheune, 12. März 1931",
        "Scheune Scheune Scheune, 12. März 1958",
        "An der Hauptstr. wird gebaut, an der Hauptstr. und an der Hauptstr.",
    ]);
    shelf.file(7, "63.10.01", "63-7", "Neubau einer Scheune");
    shelf.index.commit(at(2)).unwrap();
    let found = shelf.find("Scheune").hits;
    assert!(found[0].page.is_none() && found[0].file == Some(file(7)), "{found:?}");
    assert_eq!(shelf.documents("Scheune"), [1, 0]);
    let found = shelf.find("Hauptstraße").hits;
    assert!(found[0].page.is_none() && found.len() == 2, "{found:?}");
}

/// Of one word what cannot be among the best is not scored; that changes neither the best nor the count.
#[test]
fn the_best_of_many_are_the_first_of_all() {
    let shelf = Shelf::new();
    let mut number = 7_u128;
    for part in 0..4 {
        for at in 0..700_u128 {
            number =
                number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 1;
            let times = (number % 7) as usize;
            let year = 1900 + number % 100;
            let text = format!(
                "{}{} am Wall, 3. März {year}",
                "Garage Scheune ".repeat(times),
                "und so weiter ".repeat((number % 31) as usize)
            );
            shelf.page(part * 1_000 + at, 1, Some((part, "63.10.01")), &text);
        }
        shelf.file(part, "63.10.01", &format!("63-{part}"), "Neubau einer Scheune");
        shelf.index.commit(at(part as u64 + 1)).unwrap();
    }
    (0..50).for_each(|at| shelf.index.remove_document(document(at * 7)).unwrap());
    shelf.index.commit(at(9)).unwrap();
    let some =
        Scope { branches: Some([class("63.10")].into_iter().collect()), in_tray: false, ..Scope::EVERYTHING };
    for scope in [Scope::EVERYTHING, some] {
        for typed in ["Garage", "Scheune", "Wall", "weiter"] {
            let ask = |keep| {
                shelf
                    .index
                    .search_by(Order::Relevance, &query(typed), Reach::AsWritten, &scope, keep)
                    .unwrap()
            };
            let all = ask(HITS_MAX);
            assert_eq!(all.hits.len(), all.total + all.files_total, "{typed}");
            assert!(all.total > 1_000, "{typed}: {}", all.total);
            // Inside one file the general way is taken.
            let inside = Scope { only_file: Some(file(0)), ..scope.clone() };
            let general = shelf.index.search(&query(typed), Reach::AsWritten, &inside, 0, HITS_MAX).unwrap();
            let of_file: Vec<_> =
                all.hits.iter().filter(|hit| hit.file == inside.only_file).copied().collect();
            assert_eq!(general.hits, of_file, "{typed}");
            for keep in [1, 10, 100] {
                let best = ask(keep);
                assert_eq!((best.total, best.files_total), (all.total, all.files_total), "{typed}");
                assert_eq!(best.hits, all.hits[..keep], "{typed}, {keep}");
            }
        }
    }
}

#[test]
fn who_waits_no_longer_gets_what_there_is_and_hears_that_it_is_a_part() {
    let shelf = Shelf::with_pages(&["Garage am Wall", "Garage am Ufer"]);
    shelf.file(1, "63.10.01", "63-1", "Garage");
    shelf.index.commit(at(2)).unwrap();
    let ask = |typed: &str, reach, until| {
        let scope = Scope { until, ..Scope::EVERYTHING };
        let facets = shelf.index.facets(&query(typed), reach, &scope).unwrap();
        (shelf.index.search(&query(typed), reach, &scope, 0, 10).unwrap(), facets)
    };
    let (now, later) = (std::time::Instant::now(), std::time::Duration::from_secs(3_600));
    for (typed, reach) in
        [("Garage", Reach::AsWritten), ("titel:Garage", Reach::AsWritten), ("Wall Ufer", Reach::AcrossPages)]
    {
        let (found, facets) = ask(typed, reach, Some(now));
        assert!(found.is_partial && facets.is_partial && found.hits.is_empty(), "{typed}: {found:?}");
        let (whole, facets) = ask(typed, reach, now.checked_add(later));
        assert!(!whole.is_partial && !facets.is_partial && whole.total == 2, "{typed}: {whole:?}");
        assert_eq!(whole, ask(typed, reach, None).0, "{typed}");
        let scope = Scope { until: Some(now), ..Scope::EVERYTHING };
        let since = shelf.index.search_since(0, Order::Relevance, &query(typed), &scope, 10).unwrap();
        assert!(since.is_partial && since.hits.is_empty(), "{typed}: {since:?}");
    }
}

/// The file is named by its own entry, which belongs to no document.
#[test]
fn inside_one_document_pages_of_a_named_file_are_found() {
    let shelf = Shelf::with_pages(&["Garage", "Zaun"]);
    shelf.file(1, "63.10.01", "63-1", "Neubau");
    shelf.file(2, "63.10.01", "63-2", "Neubau");
    shelf.index.commit(at(2)).unwrap();
    for (only_file, only_document, pages) in [
        (None, Some(document(1)), 1),
        (Some(file(1)), Some(document(1)), 1),
        (Some(file(1)), None, 2),
        (Some(file(2)), None, 0),
        (Some(file(2)), Some(document(1)), 0),
    ] {
        let scope = Scope { only_file, only_document, ..Scope::EVERYTHING };
        for typed in ["titel:Neubau", "straße:\"Hauptstr. 12a\""] {
            let found = shelf.index.search(&query(typed), Reach::AsWritten, &scope, 0, 10).unwrap();
            assert_eq!(found.total, pages, "{typed} in {only_file:?}, {only_document:?}");
        }
    }
}

#[test]
fn what_is_counted_is_what_is_found() {
    let shelf = Shelf::with_pages(&["Garage x Nachbar x x x Zaun 1958", "Garage x Nachbar x x Zaun 1958"]);
    // One to four others between three words; a file's years are those of its time and of its words.
    shelf.file(1, "63.10.01", "63-1/1958", "Garage von 1958");
    shelf.index.commit(at(2)).unwrap();
    for (typed, pages, files) in [
        ("\"Garage Nachbar Zaun\"~4", 2, 0),
        ("\"Garage Nachbar Zaun\"~3", 1, 0),
        ("\"Zaun Nachbar Garage\"~3", 1, 0),
        ("\"Garage Nachbar Zaun\"~2", 0, 0),
        ("-\"Garage Nachbar Zaun\"~3", 1, 1),
        ("Garage", 2, 1),
    ] {
        for keep in [0, 10] {
            let found = shelf.index.search(&query(typed), Reach::AsWritten, &Scope::EVERYTHING, 0, keep);
            let found = found.unwrap();
            assert_eq!((found.total, found.files_total), (pages, files), "{typed}");
        }
        let facets = shelf.index.facets(&query(typed), Reach::AsWritten, &Scope::EVERYTHING).unwrap();
        assert_eq!(facets.years.get(&1958).copied().unwrap_or(0), pages + files, "{typed}");
    }
}
