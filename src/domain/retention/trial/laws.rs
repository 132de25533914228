//! The laws of trials, of any files under any two books.

use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::case_file::Hold;
use crate::domain::ids::HoldId;
use crate::domain::retention::evaluate;
use crate::domain::retention::laws::{any_book, any_day, any_file};

fn any_files() -> impl Strategy<Value = Vec<CaseFile>> {
    let file = (any_file(), any_day(), 0..4).prop_map(|(mut file, since, holds)| {
        if holds == 0 {
            let id = HoldId(Uuid::from_u128(1));
            file.holds.push(Hold { id, reason: "Verfahren".to_owned(), since, review: None });
        }
        file
    });
    proptest::collection::vec(file, 0..20)
}

fn trial(files: &[CaseFile], [before, after]: [&RuleBook; 2], on: Date) -> Trial {
    let confirmed = Confirmations::default();
    let books = Books::new(before, after, &confirmed);
    let mut trial = Trial::default();
    files.iter().for_each(|file| trial.count(file, &books.look(file, on)));
    trial
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_book_changes_nothing_against_itself(files in any_files(), book in any_book(), on in any_day()) {
        let tried = trial(&files, [&book, &book], on);
        prop_assert_eq!((tried.changed, tried.unconfirmed[0]), (0, tried.unconfirmed[1]));
    }

    #[test]
    fn what_is_told_is_what_both_books_say(
        files in any_files(), one in any_book(), other in any_book(), on in any_day()
    ) {
        let none = Confirmations::default();
        for file in &files {
            let is_due = |book| evaluate(file, book, &Confirmations::all_of(book), on).outcome.is_due();
            let found = Books::new(&one, &other, &none).look(file, on).shifted;
            let has = |shift| found.as_ref().is_some_and(|found| found.shifts.contains(&shift));
            prop_assert_eq!(has(Shift::NewlyDue), !is_due(&one) && is_due(&other));
            prop_assert_eq!(has(Shift::NoLongerDue), is_due(&one) && !is_due(&other));
            prop_assert!(!has(Shift::Held) || !file.holds.is_empty());
            prop_assert!(found.is_none_or(|found| !found.shifts.is_empty()));
        }
    }

    #[test]
    fn it_does_not_matter_how_many_count_and_the_sums_agree(
        files in any_files(), one in any_book(), other in any_book(), on in any_day(),
        at in any::<prop::sample::Index>()
    ) {
        let books = [&one, &other];
        let (some, others) = files.split_at(at.index(files.len() + 1));
        let mut together = trial(some, books, on);
        together.add(trial(others, books, on));
        let whole = trial(&files, books, on);
        prop_assert_eq!(&together, &whole);
        let mut by_class = Shifts::new();
        whole.classes.into_values().for_each(|shifts| add(&mut by_class, shifts));
        let mut by_year = Shifts::new();
        whole.years.into_values().for_each(|shifts| add(&mut by_year, shifts));
        prop_assert_eq!(&by_class, &whole.shifts);
        prop_assert_eq!(&by_year, &whole.shifts);
    }
}

#[test]
fn a_last_day_that_moves_is_earlier_or_later() {
    let moved = |from, to| in_a_word(&Change::LastDay { from, to });
    assert_eq!(moved(date(2030, 12, 31), date(2029, 12, 31)), Shift::Earlier);
    assert_eq!(moved(date(2030, 12, 31), date(2031, 12, 31)), Shift::Later);
}
