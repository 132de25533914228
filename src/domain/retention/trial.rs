//! A trial of another rule book: what it would change for a file, and how often in all. Nothing is decided by it.
//!
//! A file under a hold stays where it is whatever the rules say; what would change without the hold is told as such.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::book::RuleBook;
use super::change::{Change, compare};
use super::evaluate::{Confirmations, outcome_without_holds};
use super::finding::Outcome;
use super::rule::RuleId;
use crate::domain::appraisal::propose;
use crate::domain::case_file::{CaseFile, ClassNumber, ReferenceNumber};

/// A rule book and what the town has confirmed of it.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The book.
    pub book: &'a RuleBook,
    /// Which of its rules count.
    pub confirmations: &'a Confirmations,
}

/// What changes for a file, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// It becomes due.
    NewlyDue,
    /// It is no longer due.
    NoLongerDue,
    /// It is kept less long.
    Earlier,
    /// It is kept longer.
    Later,
    /// It is due under both, to another end.
    Disposition,
    /// A criterion speaks for keeping it that did not.
    ProposalWon,
    /// No criterion speaks for keeping it any more.
    ProposalLost,
    /// Something would change; a hold keeps it from it.
    Held,
    /// Anything else: another fact is waited for, a rule governs it or none does any more.
    Otherwise,
}

impl Shift {
    /// All of them, what matters most first.
    pub const ALL: [Self; 9] = [
        Self::NewlyDue,
        Self::NoLongerDue,
        Self::ProposalLost,
        Self::ProposalWon,
        Self::Disposition,
        Self::Earlier,
        Self::Later,
        Self::Held,
        Self::Otherwise,
    ];

    /// The code used in commands and tables.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NewlyDue => "newly_due",
            Self::NoLongerDue => "no_longer_due",
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::Disposition => "disposition",
            Self::ProposalWon => "proposal_won",
            Self::ProposalLost => "proposal_lost",
            Self::Held => "held",
            Self::Otherwise => "otherwise",
        }
    }
}

/// What changes for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shifted {
    /// In one word each; at least one, in the order of [`Shift::ALL`].
    pub shifts: Vec<Shift>,
    /// What the rules in force say; of a held file, what they would say without the hold.
    pub before: Outcome,
    /// What the others say, likewise.
    pub after: Outcome,
    /// The rule that governs it, before and after.
    pub rules: [Option<RuleId>; 2],
    /// The year in which it becomes due by the others, or else by those in force; none if it never does.
    pub year: Option<i16>,
}

/// A file that other rules would judge differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftedFile {
    /// Its reference number.
    pub reference: ReferenceNumber,
    /// Its class.
    pub class: ClassNumber,
    /// What changes.
    pub shifted: Shifted,
}

/// What other rules change for this file on this day; none if nothing does.
#[must_use]
pub fn shifted(file: &CaseFile, before: Rules<'_>, after: Rules<'_>, on: Date) -> Option<Shifted> {
    let says = |rules: Rules<'_>| outcome_without_holds(file, rules.book, rules.confirmations, on);
    let (was, is) = (says(before), says(after));
    let change = compare(&was, &is);
    let worth = |rules: Rules<'_>| propose(file, &rules.book.pack().criteria).disposition.is_some();
    let gone = matches!(was, Outcome::Gone { .. });
    let (worth_before, worth_after) = if gone { (false, false) } else { (worth(before), worth(after)) };
    if change.is_none() && worth_before == worth_after {
        return None;
    }
    let mut shifts = Vec::new();
    match change {
        None => {}
        Some(_) if !file.holds.is_empty() => shifts.push(Shift::Held),
        Some(change) => shifts.push(in_a_word(&change)),
    }
    match (worth_before, worth_after) {
        (false, true) => shifts.push(Shift::ProposalWon),
        (true, false) => shifts.push(Shift::ProposalLost),
        _ => {}
    }
    shifts.sort_by_key(|shift| Shift::ALL.iter().position(|other| other == shift));
    let rule = |rules: Rules<'_>| rules.book.governing(&file.class, on).ok().map(|(rule, _)| rule.id.clone());
    let year = due_in(&is).or_else(|| due_in(&was));
    Some(Shifted { shifts, year, before: was, after: is, rules: [rule(before), rule(after)] })
}

fn in_a_word(change: &Change) -> Shift {
    match change {
        Change::BecomesDue => Shift::NewlyDue,
        Change::NoLongerDue => Shift::NoLongerDue,
        Change::Disposition { .. } => Shift::Disposition,
        Change::LastDay { from, to } if to < from => Shift::Earlier,
        Change::LastDay { .. } => Shift::Later,
        Change::Other => Shift::Otherwise,
    }
}

/// The year in which something becomes due; none if that is not known.
#[must_use]
pub fn due_in(outcome: &Outcome) -> Option<i16> {
    match outcome {
        Outcome::Due { since, .. } => Some(since.year()),
        Outcome::Retained { until } => until.tomorrow().ok().map(Date::year),
        Outcome::Unconfirmed { would_be } => due_in(would_be),
        _ => None,
    }
}

/// How many files change in which way.
pub type Shifts = BTreeMap<Shift, u64>;

/// All files of a trial, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// Files that were looked at.
    pub files: u64,
    /// Files for which something changes.
    pub changed: u64,
    /// In which way.
    pub shifts: Shifts,
    /// By class.
    pub classes: BTreeMap<ClassNumber, Shifts>,
    /// By the year in which they become due; none: never.
    pub years: BTreeMap<Option<i16>, Shifts>,
    /// By the rules that govern them, before and after.
    pub rules: BTreeMap<[Option<RuleId>; 2], Shifts>,
}

impl Trial {
    /// One more file.
    pub fn count(&mut self, file: &CaseFile, shifted: Option<&Shifted>) {
        self.files += 1;
        let Some(Shifted { shifts, rules, year, .. }) = shifted else { return };
        self.changed += 1;
        let class = self.classes.entry(file.class.clone()).or_default();
        let (year, rules) =
            (self.years.entry(*year).or_default(), self.rules.entry(rules.clone()).or_default());
        for shift in shifts {
            for counts in [&mut self.shifts, &mut *class, &mut *year, &mut *rules] {
                *counts.entry(*shift).or_default() += 1;
            }
        }
    }

    /// Those of other files.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.changed += other.changed;
        add(&mut self.shifts, other.shifts);
        add_all(&mut self.classes, other.classes);
        add_all(&mut self.years, other.years);
        add_all(&mut self.rules, other.rules);
    }
}

fn add(into: &mut Shifts, from: Shifts) {
    from.into_iter().for_each(|(shift, count)| *into.entry(shift).or_default() += count);
}

fn add_all<K: Ord>(into: &mut BTreeMap<K, Shifts>, from: BTreeMap<K, Shifts>) {
    from.into_iter().for_each(|(key, shifts)| add(into.entry(key).or_default(), shifts));
}

#[cfg(test)]
mod tests {
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

    fn trial(files: &[CaseFile], before: Rules<'_>, after: Rules<'_>, on: Date) -> Trial {
        let mut trial = Trial::default();
        files.iter().for_each(|file| trial.count(file, shifted(file, before, after, on).as_ref()));
        trial
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_book_changes_nothing_against_itself(files in any_files(), book in any_book(), on in any_day()) {
            let confirmations = Confirmations::all_of(&book);
            let rules = Rules { book: &book, confirmations: &confirmations };
            prop_assert_eq!(trial(&files, rules, rules, on).changed, 0);
        }

        #[test]
        fn what_is_told_is_what_both_books_say(
            files in any_files(), one in any_book(), other in any_book(), on in any_day()
        ) {
            let (by_one, by_other) = (Confirmations::all_of(&one), Confirmations::all_of(&other));
            let (before, after) =
                (Rules { book: &one, confirmations: &by_one }, Rules { book: &other, confirmations: &by_other });
            for file in &files {
                let is_due = |rules: Rules<'_>| evaluate(file, rules.book, rules.confirmations, on).outcome.is_due();
                let found = shifted(file, before, after, on);
                let has = |shift| found.as_ref().is_some_and(|found| found.shifts.contains(&shift));
                prop_assert_eq!(has(Shift::NewlyDue), !is_due(before) && is_due(after));
                prop_assert_eq!(has(Shift::NoLongerDue), is_due(before) && !is_due(after));
                prop_assert!(!has(Shift::Held) || !file.holds.is_empty());
                prop_assert!(found.is_none_or(|found| !found.shifts.is_empty()));
            }
        }

        #[test]
        fn it_does_not_matter_how_many_count_and_the_sums_agree(
            files in any_files(), one in any_book(), other in any_book(), on in any_day(),
            at in any::<prop::sample::Index>()
        ) {
            let (by_one, by_other) = (Confirmations::all_of(&one), Confirmations::all_of(&other));
            let (before, after) =
                (Rules { book: &one, confirmations: &by_one }, Rules { book: &other, confirmations: &by_other });
            let (some, others) = files.split_at(at.index(files.len() + 1));
            let mut together = trial(some, before, after, on);
            together.add(trial(others, before, after, on));
            let whole = trial(&files, before, after, on);
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
}
