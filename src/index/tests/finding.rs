//! What a query finds, how much, and in which order.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn each_kind_of_query_finds_what_it_means() {
    let shelf = Shelf::with_pages(&[
        "Errichtung einer Doppelgarage, Az. 02091-C-71, Hauptstr. 12a",
        "Anbau einer Garage. Bauherr: Müller",
        "Die Bau-\ngenehmigung wurde dem Bauherrn Mueller am 12.03.2014 um 10:30 erteilt",
        "Klage 4 K 112/24 gegen die Anbauten",
    ]);
    for (typed, expected) in [
        ("Muller", vec![1, 2]),
        ("Bauherren", vec![1, 2]),
        ("\"einer Garage\"", vec![1]),
        ("\"Garage einer\"", vec![]),
        ("\"Bauherr Müller\"", vec![1]),
        ("Baugenehmigungen", vec![2]),
        ("\"die Baugenehmigung wurde\"", vec![2]),
        ("Garag*", vec![1]),
        ("Doppel*", vec![0]),
        ("einer -Garage", vec![]),
        ("Garage", vec![0, 1]),
        ("Genehmigung", vec![2]),
        ("einer NICHT Doppelgarage", vec![1]),
        ("-einer", vec![2, 3]),
        ("Anbau ODER Doppelgarage", vec![0, 1, 3]),
        ("(Anbau ODER Doppelgarage) einer", vec![0, 1]),
        ("Doppelgarage ODER -einer", vec![0, 2, 3]),
        ("02091-C-71", vec![0]),
        ("02091C71", vec![0]),
        ("02091 71", vec![0]),
        ("\"02091 C 71\"", vec![0]),
        ("02091-C*", vec![0]),
        ("02091-C-72", vec![]),
        ("Hauptstraße 12a", vec![0]),
        ("\"Hauptstraße 12 a\"", vec![0]),
        ("4 K 112/24", vec![3]),
        ("\"4 K 112/24\"", vec![3]),
        ("12.03.2014", vec![2]),
        ("10:30", vec![2]),
        ("10:3*", vec![2]),
        ("ŚŤ§gibtesnicht", vec![]),
    ] {
        let mut found = shelf.documents(typed);
        found.sort_unstable();
        assert_eq!(found, expected, "{typed}");
        assert_eq!(shelf.find(typed).total, expected.len(), "{typed}");
    }
}

#[test]
fn fields_name_files_and_all_their_pages() {
    let shelf = Shelf::new();
    shelf.file(1, "63.10.01", "63.10.01-1042", "Neubau einer Garage");
    shelf.file(2, "63.20", "02091-C-71", "Abbruch des Wohnhauses");
    shelf.file(3, "20.1", "4 K 112/24", "Gebührenbescheid");
    shelf.page(1, 1, Some((1, "63.10.01")), "Lageplan zum Antrag");
    shelf.page(1, 2, Some((1, "63.10.01")), "Statik der Decke");
    shelf.page(2, 1, Some((2, "63.20")), "Statik zum Abbruch");
    shelf.page(3, 1, Some((3, "20.1")), "Bescheid");
    shelf.page(4, 1, None, "Statik ohne Akte");
    shelf.index.commit(at(1)).unwrap();
    for (typed, pages, files) in [
        ("az:63.10.01-1042", 2, 1),
        ("az:\"63/10/01 1042\"", 2, 1),
        ("az:1042", 2, 1),
        ("az:63.10*", 2, 1),
        ("az:02091*", 1, 1),
        ("az:c71", 1, 1),
        ("az:112/24", 1, 1),
        ("az:\"4 K 112/24\"", 1, 1),
        ("az:99", 0, 0),
        ("az:1042 Statik", 1, 0),
        ("-az:1042 Statik", 2, 0),
        ("titel:Neubaus", 2, 1),
        ("titel:\"einer Garage\"", 2, 1),
        ("titel:Wohn*", 1, 1),
        ("titel:Statik", 0, 0),
        ("klasse:63", 3, 2),
        ("klasse:63.10", 2, 1),
        ("klasse:6", 0, 0),
        ("klasse:63 Statik", 2, 0),
        ("datei:Lageplan_1", 2, 0),
        ("datei:lageplan", 5, 0),
        ("datei:lageplan -datei:1", 3, 0),
        ("Garage", 0, 1),
        ("02091-C-71", 1, 1),
        ("Hauptstraße", 0, 3),
        ("Abbruch", 1, 1),
    ] {
        let found = shelf.find(typed);
        assert_eq!((found.total, found.files_total), (pages, files), "{typed}");
        assert_eq!(found.hits.len(), pages + files, "{typed}");
        assert_eq!(found.hits.iter().filter(|hit| hit.page.is_none()).count(), files, "{typed}");
        assert!(found.hits.iter().all(|hit| hit.page.is_some() == hit.document.is_some()), "{typed}");
    }
}

#[test]
fn pages_of_hits_join_without_gap_and_ties_go_by_id_whatever_the_segments() {
    let shelf = Shelf::new();
    for n in [7u128, 3, 9, 1, 5, 8, 2] {
        shelf.page(n, 1, Some((1, "63")), "Garage");
        shelf.index.commit(at(u64::try_from(n).unwrap())).unwrap();
    }
    assert_eq!(shelf.documents("Garage"), [1, 2, 3, 5, 7, 8, 9]);
    let all = shelf.find("Garage").hits;
    for offset in 0..8 {
        let found =
            shelf.index.search(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, offset, 2).unwrap();
        assert_eq!(found.hits, all.iter().skip(offset).take(2).copied().collect::<Vec<_>>());
        assert_eq!(found.total, 7);
    }
    let only_counted =
        shelf.index.search(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, 0, 0).unwrap();
    assert_eq!((only_counted.total, only_counted.hits.len()), (7, 0));
}

#[test]
fn a_date_is_found_in_every_spelling_and_its_month_and_year_too() {
    let texts = ["vom 12.3.1958", "den 12. März 1958", "am 12.03.58", "1958-03-12", "13.3.1958", "März 1959"];
    let shelf = Shelf::with_pages(&texts);
    let found = |typed: &str| {
        let mut found = shelf.documents(typed);
        found.sort_unstable();
        found
    };
    for typed in
        ["12.3.1958", "12.03.1958", "12. März 1958", "\"12.3.1958\" ODER 12.3.58", "am 12.3.58 ODER 12.3.58"]
    {
        assert_eq!(found(typed), [0, 1, 2, 3], "{typed}");
    }
    assert_eq!(found("März 1958"), [0, 1, 2, 3, 4]);
    assert_eq!(found("jahr:1958"), [0, 1, 2, 3, 4]);
    assert_eq!(found("jahr:1959.."), [5]);
    assert_eq!(found("12.3.1958 NICHT jahr:1958"), [0; 0]);
    let marked = snippet(&query("12.3.1958"), Reach::AsWritten, texts[1], 100);
    assert_eq!(
        marked.marks.iter().map(|mark| &marked.text[mark.clone()]).collect::<Vec<_>>(),
        ["12. März 1958"]
    );
}

#[test]
fn a_short_year_is_found_by_both_centuries_and_finds_both() {
    let shelf = Shelf::with_pages(&["vom 07.12.19", "vom 7.12.1919", "vom 7.12.2019", "Nr. 7.12.19 a"]);
    let found = |text: &str| shelf.documents(text).into_iter().collect::<BTreeSet<_>>();
    for (typed, expected) in [
        ("7.12.1919", &[0, 1][..]),
        ("7.12.2019", &[0, 2]),
        ("7. Dezember 2019", &[0, 2]),
        ("7.12.19", &[0, 1, 2, 3]),
        ("07.12.19", &[0, 1, 2]),
    ] {
        assert_eq!(found(typed), expected.iter().copied().collect(), "{typed}");
    }
}

#[test]
fn a_sum_of_money_is_found_with_points_and_without_and_is_marked() {
    let texts = ["1.250,00 DM", "1250 DM", "1250,-- DM", "1 250,00 DM", "1.250,75 DM", "12.500,- EUR"];
    let shelf = Shelf::with_pages(&texts);
    let found = |text: &str| shelf.documents(text).into_iter().collect::<BTreeSet<_>>();
    for (typed, expected) in [
        ("1.250,00 DM", &[0, 1, 2, 3, 4][..]),
        ("1250,- DM", &[0, 1, 2, 3, 4]),
        ("1250 DM", &[0, 1, 2, 4]),
        ("1250,75", &[4]),
        ("1.250,75", &[4]),
        ("12500", &[5]),
        ("12500,00 EUR", &[5]),
    ] {
        assert_eq!(found(typed), expected.iter().copied().collect(), "{typed}");
    }
    for text in &texts[..4] {
        let marked = snippet(&query("1250,00"), Reach::AsWritten, text, 100);
        assert!(!marked.marks.is_empty(), "{text}");
    }
}

#[test]
fn a_whole_date_comes_before_its_parts_each_somewhere() {
    let shelf = Shelf::with_pages(&[
        "26 Mai 26 Mai, im Mai 2023 kamen 26 Personen, 2023",
        "Das Schreiben vom 26.05.2023 liegt bei, es hat viele andere Wörter und sagt sonst nichts",
    ]);
    assert_eq!(shelf.documents("26. Mai 2023"), [1, 0]);
}

#[test]
fn words_near_each_other_are_found_in_either_order_and_no_farther() {
    let shelf = Shelf::with_pages(&[
        "Garage an der Grenze zum Nachbar",
        "Nachbar hat gegen die Garage nichts",
        "Garage eins zwei drei vier fünf sechs sieben acht neun zehn Nachbar",
        "Garage",
    ]);
    let found = |typed: &str| {
        let mut found = shelf.documents(typed);
        found.sort_unstable();
        found
    };
    assert_eq!(found("\"Garage Nachbar\"~8"), [0, 1]);
    assert_eq!(found("\"Garage Nachbar\"~20"), [0, 1, 2]);
    assert_eq!(found("\"Garage Nachbar\""), [0; 0]);
    assert_eq!(found("Garage -\"Nachbar Garage\"~"), [2, 3]);
}

#[test]
fn a_tilde_finds_similar_words_even_where_the_word_itself_is_there() {
    let shelf = Shelf::with_pages(&["Bremkamp baut", "Bremkanp baut", "Brenkamp", "Bruchkamp"]);
    assert_eq!(shelf.documents("Bremkamp"), [0]);
    let found = shelf.documents("Bremkamp~");
    assert_eq!((found.len(), found[0]), (3, 0), "the word itself ranks first: {found:?}");
    let marked = snippet(&query("Bremkamp~"), Reach::AsWritten, "Herr Bremkanp", 100);
    assert_eq!(&marked.text[marked.marks[0].clone()], "Bremkanp");
}

#[test]
fn address_parcel_and_time_of_a_file_find_it_and_its_pages() {
    let shelf = Shelf::new();
    shelf.file(1, "63.10", "02091-C-71", "Neubau einer Garage");
    shelf.page(5, 1, Some((1, "63.10")), "Lageplan");
    shelf.page(6, 1, None, "Hauptstraße 12a, Flurstück 118/2");
    shelf.index.commit(at(1)).unwrap();
    for (typed, pages, files) in [
        ("straße:Hauptstraße", 1, 1),
        ("straße:\"Hauptstr. 12 a\"", 1, 1),
        ("straße:Ringstraße", 0, 0),
        ("flurstück:118/2", 1, 1),
        ("flur:\"Flur 4\"", 1, 1),
        ("jahr:1957", 0, 1),
        ("jahr:1962..", 0, 0),
        ("Lageplan straße:Hauptstraße", 1, 0),
        ("118/2", 1, 0),
    ] {
        let found = shelf.find(typed);
        assert_eq!((found.total, found.files_total), (pages, files), "{typed}");
    }
}

#[test]
fn words_on_different_pages_of_one_file_meet_and_those_of_two_files_do_not() {
    let shelf = Shelf::new();
    shelf.file(1, "63.10", "63-1", "Wohnhaus Mühlengasse");
    shelf.page(1, 1, Some((1, "63.10")), "Herr Bremkamp beantragt");
    shelf.page(2, 1, Some((1, "63.10")), "Der Kastanienbaum bleibt, 12. März 1958");
    shelf.file(2, "63.10", "63-2", "Wohnhaus Parkallee");
    shelf.page(3, 1, Some((2, "63.10")), "Ein Kastanienbaum");
    shelf.page(4, 1, None, "Bremkamp ohne Akte");
    shelf.page(4, 2, None, "Kastanienbaum ohne Akte");
    shelf.page(5, 1, None, "Bremkamp allein");
    shelf.index.commit(at(1)).unwrap();
    let across = |typed: &str, scope: &Scope| {
        let found = shelf.index.search(&query(typed), Reach::AcrossPages, scope, 0, 100).unwrap();
        let mut pages: Vec<_> = found
            .hits
            .iter()
            .filter_map(|hit| Some((hit.document?.0.as_u128() - document(0).0.as_u128(), hit.page?)))
            .collect();
        pages.sort_unstable();
        assert_eq!(
            (pages.len(), found.hits.len()),
            (found.total, found.total + found.files_total),
            "{typed}"
        );
        (pages, found.files_total)
    };
    let all = &Scope::EVERYTHING;
    assert_eq!(shelf.find("Bremkamp Kastanienbaum").total, 0);
    assert_eq!(across("Bremkamp Kastanienbaum", all), (vec![(1, 1), (2, 1), (4, 1), (4, 2)], 0));
    assert_eq!(across("Mühlengasse Kastanienbaum", all), (vec![(2, 1)], 1), "the cover counts");
    assert_eq!(across("Parkallee Lageplan_3", all), (vec![(3, 1)], 1), "and so does a document's name");
    assert_eq!(across("Bremkamp 12.3.1958", all), (vec![(1, 1), (2, 1)], 0));
    assert_eq!(across("Bremkamp Kastanienbaum az:63-1", all), (vec![(1, 1), (2, 1)], 0));
    assert_eq!(across("Bremkamp Kastanienbaum -beantragt", all), (vec![(4, 1), (4, 2)], 0));
    for nothing in ["Bremkamp Parkallee", "Bremkamp", "Bremkamp ODER Parkallee", "Bremkamp fehlt"] {
        assert_eq!(across(nothing, all), (vec![], 0), "{nothing}");
    }
    let no_tray = Scope { in_tray: false, ..Scope::EVERYTHING };
    assert_eq!(across("Bremkamp Kastanienbaum", &no_tray), (vec![(1, 1), (2, 1)], 0));
    let one_file = Scope { only_file: Some(file(2)), ..Scope::EVERYTHING };
    assert_eq!(across("Bremkamp Kastanienbaum", &one_file), (vec![], 0));
}

#[test]
fn too_general_and_too_deep_is_refused_with_advice() {
    let shelf = Shelf::with_pages(&["Garage"]);
    let refused =
        shelf.index.search(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, HITS_MAX, 1).unwrap_err();
    assert!(matches!(refused, IndexError::TooDeep) && refused.advice().is_some());
}

/// Words of a small language, so that random queries meet random pages.
pub(super) const WORDS: [&str; 12] = [
    "Garage",
    "Garagen",
    "Müller",
    "mueller",
    "02091-C-71",
    "12a",
    "10:30",
    "Bau-",
    "und",
    "Straße",
    "Str.",
    "x",
];

const OPERATORS: [&str; 10] =
    ["UND", "ODER", "NICHT", "(", ")", "az:02*", "klasse:63", "datei:plan", "straße:Ring", "flurstück:4"];

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS.to_vec()), 1..6).prop_map(|words| words.join(" "))
}

pub(super) fn typed() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => prop::sample::select(OPERATORS.to_vec()).prop_map(str::to_owned),
        1 => words().prop_map(|phrase| format!("\"{phrase}\"")),
        1 => (words(), 0..60_u8).prop_map(|(phrase, far)| format!("\"{phrase}\"~{far}")),
        1 => "[a-zäöü]{3,9}~",
        1 => "(jahr:)?[12]?[0-9]{1,3}(\\.\\.)?([0-9]{4})?",
        1 => "[a-zäöü]{2,4}\\*",
        1 => "-[a-z]{1,3}",
        1 => "\\PC{0,8}",
    ];
    prop::collection::vec(token, 1..8).prop_map(|tokens| tokens.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What a word finds and what it marks is decided by the same analysis.
    #[test]
    fn a_page_is_found_by_a_word_exactly_if_the_word_is_marked_on_it(
        pages in prop::collection::vec(words(), 1..4), word in prop::sample::select(WORDS.to_vec())
    ) {
        let shelf = Shelf::with_pages(&pages.iter().map(String::as_str).collect::<Vec<_>>());
        if let Ok(query) = parse(word) {
            let marked: Vec<u128> = (0..pages.len() as u128)
                .filter(|n| !highlight(&query, Reach::AsWritten, &pages[*n as usize]).is_empty())
                .collect();
            let mut found = shelf.documents(word);
            found.sort_unstable();
            prop_assert_eq!(found, marked);
        }
    }
}

#[test]
fn compounds_are_found_by_their_parts_and_parts_by_their_compound_and_the_word_itself_comes_first() {
    let shelf = Shelf::with_pages(&[
        "Das Baugenehmigungsverfahren ruht",
        "Eine Genehmigung wurde erteilt",
        "Die Baugenehmigung liegt bei",
        "Bau Genehmigung, getrennt geschrieben",
        "Das Einfamilienhaus hat ein Dachgeschoss",
        "Der Kanalanschluß der Häuser",
    ]);
    assert_eq!(shelf.documents("Genehmigung").first(), Some(&1));
    for (typed, expected) in [
        ("Genehmigung", vec![0, 1, 2, 3]),
        ("Genehmigungsverfahren", vec![0]),
        ("Bau Genehmigung", vec![0, 2, 3]),
        ("Verfahren", vec![0]),
        ("Haus", vec![4, 5]),
        ("Geschoss", vec![4]),
        ("Anschluss", vec![5]),
        ("Kanal", vec![5]),
    ] {
        let mut found = shelf.documents(typed);
        found.sort_unstable();
        assert_eq!(found, expected, "{typed}");
    }
    assert_eq!(shelf.documents("Baugenehmigung").first(), Some(&2));
    let mut both_ways = shelf.documents("Baugenehmigung");
    both_ways.sort_unstable();
    assert_eq!(both_ways, [0, 2, 3]);
}

#[test]
fn what_was_misread_or_mistyped_is_found_within_its_reach_and_below_what_is_right() {
    let shelf =
        Shelf::with_pages(&["Die Kläranlage", "Die Kläranlago", "Der Karnin", "Der Kamin", "Der Kamnn"]);
    let found = |typed: &str, reach| {
        let found = shelf.index.search(&query(typed), reach, &Scope::EVERYTHING, 0, 10).unwrap();
        let number = |hit: &Hit| hit.document.map(|id| id.0.as_u128() - document(0).0.as_u128());
        found.hits.iter().filter_map(number).collect::<Vec<_>>()
    };
    assert_eq!(found("Kamin", Reach::AsWritten), [3]);
    assert_eq!(found("Kamin", Reach::Misread), [3, 2]);
    assert_eq!(found("Kamin", Reach::Similar)[..2], [3, 2]);
    assert_eq!(found("Kläranlagge", Reach::Misread), Vec::<u128>::new());
    assert_eq!(found("Kläranlagge", Reach::Similar), [0, 1]);
    assert_eq!(found("\"Der Karnin\"", Reach::Similar), [2], "a phrase is literal");
    assert_eq!(found("1958", Reach::Similar), Vec::<u128>::new());
}

#[test]
fn matches_are_counted_by_what_they_have_in_common_and_listed_in_the_order_asked_for() {
    let shelf =
        Shelf::with_pages(&["Garage von 1958", "Garage von 1971, abgebrochen 1990", "Garage", "Zaun 1950"]);
    shelf.file(1, "63.10.01", "63/1", "Garage");
    shelf.index.commit(at(2)).unwrap();
    let facets = shelf.index.facets(&query("Garage"), Reach::AsWritten, &Scope::EVERYTHING).unwrap();
    assert_eq!(facets.classes, [("63.10.01".to_owned(), 4)].into());
    assert_eq!(facets.streets, [("Hauptstr.".to_owned(), 1)].into());
    assert_eq!(
        (facets.years.get(&1958), facets.years.get(&1990), facets.years.get(&1950)),
        (Some(&2), Some(&1), None)
    );
    assert_eq!(facets.phases.values().sum::<usize>(), 4);
    assert_eq!(
        facets.kinds,
        [("akte", 1), ("scan", 1), ("pdf", 1), ("bild", 1)].map(|(k, n)| (k.to_owned(), n)).into()
    );
    let with = facets.phases.iter().map(|(phase, n)| (format!("phase:{phase}"), n));
    for (narrower, count) in with.chain(facets.kinds.iter().map(|(kind, n)| (format!("art:{kind}"), n))) {
        assert_eq!(shelf.find(&format!("Garage {narrower}")).hits.len(), *count, "{narrower}");
        assert_eq!(shelf.find(&format!("Garage -{narrower}")).hits.len(), 4 - count, "{narrower}");
    }
    let listed = |order| -> Vec<Option<u128>> {
        let found =
            shelf.index.search_by(order, &query("Garage"), Reach::AsWritten, &Scope::EVERYTHING, 10).unwrap();
        let number = |hit: &Hit| hit.document.map(|id| id.0.as_u128() - document(0).0.as_u128());
        found.hits.iter().map(number).collect()
    };
    // The file was open from 1955 to 1961; what has no year comes last in both.
    assert_eq!(listed(Order::Newest), [Some(1), None, Some(0), Some(2)]);
    assert_eq!(listed(Order::Oldest), [None, Some(0), Some(1), Some(2)]);
}

#[test]
fn what_stands_side_by_side_as_it_was_typed_comes_first() {
    let shelf = Shelf::with_pages(&[
        "Karlstraße. Es kamen 10 Leute in die Karlstraße, und 10 gingen.",
        "Zur Karlstraße 10 wird bemerkt, dass dort nichts zu bemerken ist, wie schon öfter bemerkt.",
    ]);
    assert_eq!(shelf.documents("Karlstraße 10"), [1, 0]);
    assert_eq!(shelf.documents("Karlstraße ODER 10").len(), 2);
}

#[test]
fn of_several_words_that_stand_nowhere_together_the_page_with_most_of_them_comes_first() {
    let shelf = Shelf::with_pages(&["Garage", "Garage und Zaun", "Brunnen"]);
    let found = |reach| shelf.index.search(&query("Garage Zaun Kirchturm"), reach, &Scope::EVERYTHING, 0, 10);
    assert_eq!(found(Reach::Similar).unwrap().total, 0);
    let hits = found(Reach::AnyWord).unwrap().hits;
    let numbers: Vec<_> =
        hits.iter().map(|hit| hit.document.unwrap().0.as_u128() - document(0).0.as_u128()).collect();
    assert_eq!(numbers, [1, 0]);
}
