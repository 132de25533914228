//! Samples: which methods make sense, what each draws, and that what is recorded is enough to draw it again.

use uuid::Uuid;

use super::file;
use crate::domain::appraisal::sample::{Method, SampleFlaw, draw};
use crate::domain::case_file::CaseFile;
use crate::domain::ids::CaseFileId;

fn files(count: usize) -> Vec<CaseFile> {
    let one = |number: usize| {
        let mut file = file();
        file.id = CaseFileId(Uuid::from_u128(number as u128));
        file.reference = format!("63.10-{number:04}").parse().unwrap();
        file.fields.insert("surname".to_owned(), format!(" {}mann", ["D", "O", "Ö", "x"][number % 4]));
        file.opened = jiff::civil::date(1950 + (number % 3) as i16, 1, 2);
        file
    };
    (1..=count).map(one).collect()
}

/// The numbers of those drawn.
fn drawn(method: &Method, count: usize) -> Vec<u128> {
    let files = files(count);
    let sample = draw(method, &files.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(sample.population.len(), count);
    sample.chosen.iter().map(|id| id.0.as_u128()).collect()
}

fn surname() -> String {
    "surname".to_owned()
}

#[test]
fn each_method_draws_what_it_says() {
    assert_eq!(drawn(&Method::EveryNth { n: 3, first: 1 }, 8), [1, 4, 7]);
    assert_eq!(drawn(&Method::EveryNth { n: 3, first: 3 }, 8), [3, 6]);
    assert_eq!(drawn(&Method::EveryNth { n: 1, first: 1 }, 3), [1, 2, 3]);
    let values = vec!["dmann".to_owned(), " XMANN ".to_owned()];
    assert_eq!(drawn(&Method::ByValue { field: surname(), values }, 8), [3, 4, 7, 8]);
    let letters = vec!['o', 'Ö'];
    assert_eq!(drawn(&Method::ByInitial { field: surname(), letters }, 8), [1, 2, 5, 6]);
    assert_eq!(drawn(&Method::ByYear { years: vec![1950, 1952] }, 6), [2, 3, 5, 6]);
    let all = Method::Random { per_thousand: 1000, seed: "x".to_owned() };
    assert_eq!(drawn(&all, 5), [1, 2, 3, 4, 5]);
    let one = Method::Random { per_thousand: 1, seed: "x".to_owned() };
    assert_eq!((drawn(&one, 1000).len(), drawn(&one, 1001).len(), drawn(&one, 0).len()), (1, 2, 0));
    let elsewhere = Method::ByValue { field: "street".to_owned(), values: vec![String::new()] };
    assert_eq!(drawn(&elsewhere, 4), [0; 0], "who says nothing has no value");
}

#[test]
fn a_method_without_a_question_a_share_or_a_seed_is_refused_and_every_other_is_not() {
    let flaw = |method: Method| draw(&method, &[]).err();
    let nth = |n, first| flaw(Method::EveryNth { n, first });
    assert_eq!([nth(5, 0), nth(5, 6), nth(0, 1)], [Some(SampleFlaw::Step); 3]);
    assert_eq!([nth(5, 1), nth(5, 5), nth(1, 1)], [None; 3]);
    let random = |per_thousand, seed: &str| flaw(Method::Random { per_thousand, seed: seed.to_owned() });
    assert_eq!([random(0, "x"), random(1001, "x")], [Some(SampleFlaw::Share); 2]);
    assert_eq!([random(1, "x"), random(1000, "x"), random(1, "")], [None, None, Some(SampleFlaw::NoSeed)]);
    let nothing = Some(SampleFlaw::NothingAsked);
    assert_eq!(flaw(Method::ByValue { field: surname(), values: Vec::new() }), nothing);
    assert_eq!(flaw(Method::ByInitial { field: surname(), letters: Vec::new() }), nothing);
    assert_eq!(flaw(Method::ByYear { years: Vec::new() }), nothing);
    assert_eq!(flaw(Method::ByValue { field: surname(), values: vec!["a".to_owned()] }), None);
    assert_eq!(flaw(Method::ByInitial { field: surname(), letters: vec!['a'] }), None);
    assert_eq!(flaw(Method::ByYear { years: vec![1950] }), None);
}
