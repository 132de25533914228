//! The rules of judgement on examples that were judged by hand: a rule that slips would be measured as quality.

use std::collections::BTreeMap;

use super::collection::Writing;
use super::queries::{Class, Query};
use super::scan::{self, Stands};
use super::score::score;
use super::text::{Pages, fold, words};

/// Fails with the rule that does not hold.
pub fn hold() {
    let word = |word: &str, broken| (word.to_owned(), broken);
    let broken = words("Bebauungs-\nplan, Bau-\nund Garten-Amt");
    let wanted = ["Bebauungsplan", "Bau", "und", "Garten", "Amt"];
    assert_eq!(broken, wanted.map(|one| word(one, one == "Bebauungsplan")));
    assert_eq!(fold("Größe"), fold("GROESSE"));

    let addresses = |text: &str| scan::addresses(text).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(addresses("Wichernstr. 4a, Wichernstraße 4 a."), ["wichern 4 a", "wichern 4 "]);
    assert_eq!(addresses("in der Durlacher Straße 12 und"), ["durlacher 12 "]);
    assert_eq!(addresses("die Straße 12, Hebelstraße 12 m, Gartenstraße"), ["hebel 12 "]);

    let references = |text: &str| scan::references(text).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(references("Nr. 2019/0639, 49156/12."), ["2019|0639", "49156|12"]);
    assert!(references("2019/2020, 11/2011, 0721/133-0, 1.234.567").is_empty());
    let groups = ["2019", "0639"].map(str::to_owned);
    assert_eq!(scan::stands("az. 2019-0639.", &groups), Stands::Whole);
    assert_eq!(scan::stands("az. 2019/0639/2", &groups), Stands::Longer);
    assert_eq!(scan::stands("az. 2019, 0639", &groups), Stands::Not);

    let dates = |text: &str| scan::dates(text).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    let day = "am 3. März 1958, 3.3.1958, 03.03.58 und 1958-03-03";
    assert_eq!(dates(day), ["1958-03-03"; 4]);
    assert!(dates("4.1.12 Ausgaben, 23.09., 33.12.2001").is_empty());

    let query = Query {
        class: Class::Part,
        writing: Writing::Clean,
        typed: String::new(),
        grades: BTreeMap::from([(1, 1), (2, 1)]),
        no_opinion: Pages::from([3]),
    };
    let best = score(&query, &[3, 1, 2]);
    assert!((best.recall - 1.0).abs() < 1e-9 && (best.ndcg - 1.0).abs() < 1e-9, "{best:?}");
    let late = score(&query, &[9, 1]);
    assert!((late.recall - 0.5).abs() < 1e-9 && late.ndcg < 0.5, "{late:?}");
}
