//! A trial of another rule book: what it would change for a file, and how often in all. Nothing is decided by it.
//!
//! A file under a hold stays where it is whatever the rules say; what would change without the hold is told as such.
//! Both books are read as if the town had confirmed all their rules, so that what is told is what the *rules* change; how
//! many files wait for a confirmation, by the one and by the other, is counted beside it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::book::RuleBook;
use super::change::{Change, compare};
use super::evaluate::{Confirmations, outcome_without_holds};
use super::finding::Outcome;
use super::restriction::restricted_from;
use super::rule::RuleId;
use crate::domain::appraisal::propose;
use crate::domain::case_file::{CaseFile, ClassNumber, ReferenceNumber};

/// Two rule books beside each other, and what the town has confirmed of them.
#[derive(Debug)]
pub struct Books<'a> {
    books: [&'a RuleBook; 2],
    confirmed: &'a Confirmations,
    if_all_were: [Confirmations; 2],
}

impl<'a> Books<'a> {
    /// The book in force, the other one, and what is confirmed today.
    #[must_use]
    pub fn new(before: &'a RuleBook, after: &'a RuleBook, confirmed: &'a Confirmations) -> Self {
        let books = [before, after];
        Self { books, confirmed, if_all_were: books.map(Confirmations::all_of) }
    }
}

/// What a trial finds of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What changes; none if nothing does.
    pub shifted: Option<Shifted>,
    /// It waits for the town to confirm its rule: before, and after.
    pub unconfirmed: [bool; 2],
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
    /// It is restricted on another day, or is restricted at all or no more. A hold does not keep it from that.
    Restriction,
    /// Other parts of it are proposed to be left out, if the archive takes it.
    Thinning,
    /// Something would change; a hold keeps it from it.
    Held,
    /// Anything else: another fact is waited for, a rule governs it or none does any more.
    Otherwise,
}

impl Shift {
    /// All of them, what matters most first.
    pub const ALL: [Self; 11] = [
        Self::NewlyDue,
        Self::NoLongerDue,
        Self::ProposalLost,
        Self::ProposalWon,
        Self::Disposition,
        Self::Earlier,
        Self::Later,
        Self::Restriction,
        Self::Thinning,
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
            Self::Restriction => "restriction",
            Self::Thinning => "thinning",
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
    /// What the rules in force say, all of them confirmed; of a held file, what they would say without the hold.
    pub before: Outcome,
    /// What the others say, likewise.
    pub after: Outcome,
    /// From which day on it is restricted, before and after; none if no rule says so, or it is not known yet.
    pub restricted: [Option<Date>; 2],
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

impl Books<'_> {
    /// What the other book changes for this file on this day.
    #[must_use]
    pub fn look(&self, file: &CaseFile, on: Date) -> Look {
        let said = self.books.map(|book| outcome_without_holds(file, book, self.confirmed, on));
        let unconfirmed = said.each_ref().map(|said| matches!(said, Outcome::Unconfirmed { .. }));
        Look { shifted: self.shifted(file, said.map(as_if_confirmed), on), unconfirmed }
    }

    fn shifted(&self, file: &CaseFile, [before, after]: [Outcome; 2], on: Date) -> Option<Shifted> {
        let [of_before, of_after] = &self.if_all_were;
        let days = [(self.books[0], of_before), (self.books[1], of_after)];
        let restricted = days.map(|(book, confirmed)| restricted_from(file, book, confirmed, on));
        let mut shifts = match &before {
            Outcome::Gone { .. } => Vec::new(),
            _ => self.of_what_is_kept(file),
        };
        match compare(&before, &after) {
            None => {}
            Some(_) if !file.holds.is_empty() => shifts.push(Shift::Held),
            Some(change) => shifts.push(in_a_word(&change)),
        }
        if restricted[0] != restricted[1] {
            shifts.push(Shift::Restriction);
        }
        if shifts.is_empty() {
            return None;
        }
        shifts.sort_by_key(|shift| Shift::ALL.iter().position(|other| other == shift));
        let rules =
            self.books.map(|book| book.governing(&file.class, on).ok().map(|(rule, _)| rule.id.clone()));
        let year = due_in(&after).or_else(|| due_in(&before));
        Some(Shifted { shifts, year, before, after, restricted, rules })
    }

    /// What changes in what is proposed to the archive.
    fn of_what_is_kept(&self, file: &CaseFile) -> Vec<Shift> {
        let worth = self.books.map(|book| propose(file, &book.pack().criteria).disposition.is_some());
        let left_out = self.books.map(|book| book.thinning_for(file).map(|rule| &rule.leave_out));
        let proposal = match worth {
            [false, true] => Some(Shift::ProposalWon),
            [true, false] => Some(Shift::ProposalLost),
            _ => None,
        };
        let thinning = (left_out[0] != left_out[1]).then_some(Shift::Thinning);
        proposal.into_iter().chain(thinning).collect()
    }
}

fn as_if_confirmed(said: Outcome) -> Outcome {
    match said {
        Outcome::Unconfirmed { would_be } => *would_be,
        other => other,
    }
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
    /// Files that wait for the town to confirm their rule: before, and after.
    pub unconfirmed: [u64; 2],
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
    pub fn count(&mut self, file: &CaseFile, look: &Look) {
        self.files += 1;
        for (count, waits) in self.unconfirmed.iter_mut().zip(look.unconfirmed) {
            *count += u64::from(waits);
        }
        let Some(Shifted { shifts, rules, year, .. }) = &look.shifted else { return };
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
        for (count, others) in self.unconfirmed.iter_mut().zip(other.unconfirmed) {
            *count += others;
        }
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
mod laws;

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::laws::{pack, plan, rule, years};
    use super::super::{Confidence, Disposition, Retention, Rule};
    use super::*;
    use crate::domain::appraisal::thinning::ThinningRule;
    use crate::domain::appraisal::{Condition, Criterion};
    use crate::domain::case_file::{Hold, Phase};
    use crate::domain::ids::HoldId;
    use crate::domain::record_type::TypeEdition;
    use crate::domain::retention::example::example_file;

    const DAY: Date = date(2026, 11, 22);

    fn file(closed: i16) -> CaseFile {
        let mut file = example_file("63.10".parse().unwrap());
        file.phase = Phase::Closed { on: date(closed, 3, 14) };
        file.fields.insert("monument".to_owned(), "ja".to_owned());
        file
    }

    fn book(rules: Vec<Rule>, is_asked: bool) -> RuleBook {
        let mut pack = pack(rules);
        let condition = Condition::FieldIsFilled { field: "monument".to_owned() };
        let (id, classes) = ("denkmal".parse().unwrap(), vec!["63".parse().unwrap()]);
        let criterion = Criterion { id, title: "Baudenkmal".to_owned(), classes, condition };
        pack.criteria = if is_asked { vec![criterion] } else { Vec::new() };
        RuleBook::new(pack, &plan()).unwrap()
    }

    fn kept(id: &str, kept_years: u16) -> Vec<Rule> {
        vec![rule(id, "63", years(kept_years))]
    }

    fn look(file: &CaseFile, before: &RuleBook, after: &RuleBook) -> Look {
        Books::new(before, after, &Confirmations::default()).look(file, DAY)
    }

    fn tried(file: &CaseFile, before: &RuleBook, after: &RuleBook) -> Option<Shifted> {
        look(file, before, after).shifted
    }

    fn shifts(file: &CaseFile, before: &RuleBook, after: &RuleBook) -> Vec<Shift> {
        tried(file, before, after).map(|shifted| shifted.shifts).unwrap_or_default()
    }

    #[test]
    fn each_change_is_called_by_its_word_and_where_nothing_changes_nothing_is_said() {
        let ten = book(kept("R", 10), false);
        let with = |kept_years| book(kept("R", kept_years), false);
        assert_eq!(tried(&file(2013), &ten, &ten), None);
        assert_eq!(shifts(&file(2013), &ten, &with(30)), [Shift::NoLongerDue]);
        assert_eq!(shifts(&file(2013), &with(30), &ten), [Shift::NewlyDue]);
        assert_eq!(shifts(&file(2020), &ten, &with(30)), [Shift::Later]);
        assert_eq!(shifts(&file(2020), &with(30), &ten), [Shift::Earlier]);
        let destroyed = Rule { disposition: Disposition::Destroy, ..kept("R", 10).remove(0) };
        assert_eq!(shifts(&file(2013), &ten, &book(vec![destroyed], false)), [Shift::Disposition]);
        let for_ever = Rule { retention: Retention::Permanent, ..kept("R", 10).remove(0) };
        assert_eq!(shifts(&file(2020), &ten, &book(vec![for_ever], false)), [Shift::Otherwise]);
    }

    #[test]
    fn a_reason_to_keep_that_comes_or_goes_is_told_beside_the_day_what_matters_most_first() {
        let (silent, asked) = (book(kept("R", 10), false), book(kept("R", 10), true));
        let longer = |is_asked| book(kept("R", 12), is_asked);
        assert_eq!(shifts(&file(2020), &silent, &asked), [Shift::ProposalWon]);
        assert_eq!(shifts(&file(2020), &asked, &silent), [Shift::ProposalLost]);
        assert_eq!(shifts(&file(2020), &asked, &asked), [], "as it was");
        assert_eq!(shifts(&file(2020), &asked, &longer(false)), [Shift::ProposalLost, Shift::Later]);
        assert_eq!(shifts(&file(2020), &silent, &longer(true)), [Shift::ProposalWon, Shift::Later]);
        assert_eq!(shifts(&file(2014), &silent, &longer(true)), [Shift::NoLongerDue, Shift::ProposalWon]);
        let gone = CaseFile { phase: Phase::Destroyed { on: DAY }, ..file(2013) };
        assert_eq!(shifts(&gone, &silent, &asked), [], "nothing is left to keep");
    }

    #[test]
    fn a_held_file_stays_where_it_is_and_says_what_would_change_without_the_hold() {
        let (ten, thirty) = (book(kept("R", 10), false), book(kept("S", 30), false));
        let mut held = file(2013);
        let id = HoldId(Uuid::from_u128(1));
        held.holds.push(Hold { id, reason: "Verfahren".to_owned(), since: DAY, review: None });
        let told = tried(&held, &ten, &thirty).unwrap();
        assert_eq!(told.shifts, [Shift::Held]);
        let disposition = Disposition::Appraise;
        assert_eq!(told.before, Outcome::Due { since: date(2024, 1, 1), disposition });
        assert_eq!(told.after, Outcome::Retained { until: date(2043, 12, 31) });
        assert_eq!(told.rules, ["R", "S"].map(|id| Some(id.parse().unwrap())));
        assert_eq!(told.year, Some(2044));
    }

    #[test]
    fn another_day_of_restriction_is_told_with_both_days_and_a_hold_does_not_keep_it_from_that() {
        let after = |kept_years: Option<u16>| {
            let restricted_after = kept_years.map(super::super::Period::Years);
            book(vec![Rule { restricted_after, ..kept("R", 30).remove(0) }], false)
        };
        let (never, five, six) = (after(None), after(Some(5)), after(Some(6)));
        let mut held = file(2013);
        let id = HoldId(Uuid::from_u128(1));
        held.holds.push(Hold { id, reason: "Verfahren".to_owned(), since: DAY, review: None });
        for file in [file(2013), held] {
            let told = tried(&file, &five, &six).unwrap();
            assert_eq!(told.shifts, [Shift::Restriction]);
            assert_eq!(told.restricted, [Some(date(2019, 1, 1)), Some(date(2020, 1, 1))]);
            assert_eq!(tried(&file, &five, &never).unwrap().restricted[1], None);
            assert_eq!(tried(&file, &six, &six), None);
        }
        let open = CaseFile { phase: Phase::Open, ..file(2013) };
        assert_eq!(tried(&open, &five, &six), None, "nothing is counted yet");
    }

    #[test]
    fn other_parts_to_leave_out_are_told_of_the_files_they_are_left_out_of() {
        let thins = |registers: &[&str]| {
            let mut pack = pack(kept("R", 30));
            let leave_out = registers.iter().map(|number| number.parse().unwrap()).collect();
            let (id, classes) = ("T".parse().unwrap(), vec!["63".parse().unwrap()]);
            let record_type = "bauakte".parse().unwrap();
            let (title, reason) = ("Schriftverkehr".to_owned(), "ohne Wert".to_owned());
            pack.thinnings.push(ThinningRule { id, title, classes, record_type, leave_out, reason });
            RuleBook::new(pack, &plan()).unwrap()
        };
        let (none, some, more) = (book(kept("R", 30), false), thins(&["40"]), thins(&["40", "60"]));
        let edition = "2026-1".parse().unwrap();
        let record_type = Some(TypeEdition { id: "bauakte".parse().unwrap(), edition });
        let parted = CaseFile { record_type, ..file(2013) };
        for (before, after) in [(&none, &some), (&some, &more), (&more, &none)] {
            assert_eq!(shifts(&parted, before, after), [Shift::Thinning]);
            assert_eq!(shifts(&file(2013), before, after), [], "it is of no type");
        }
        let gone = CaseFile { phase: Phase::Destroyed { on: DAY }, ..parted };
        assert_eq!(shifts(&gone, &none, &some), [], "nothing is left to part");
    }

    #[test]
    fn what_only_waits_for_its_confirmation_is_counted_and_is_no_change_of_the_rules() {
        let doubtful =
            |kept_years| Rule { confidence: Confidence::ToBeConfirmed, ..kept("R", kept_years).remove(0) };
        let (sure, unsure) = (book(kept("R", 10), false), book(vec![doubtful(10)], false));
        let longer = book(vec![doubtful(30)], false);
        let nothing = |unconfirmed| Look { shifted: None, unconfirmed };
        assert_eq!(look(&file(2013), &sure, &unsure), nothing([false, true]));
        assert_eq!(look(&file(2013), &unsure, &sure), nothing([true, false]));
        assert_eq!(look(&file(2013), &unsure, &unsure), nothing([true, true]));
        let told = look(&file(2013), &unsure, &longer);
        assert_eq!(told.unconfirmed, [true, true]);
        let disposition = Disposition::Appraise;
        let shifted = told.shifted.clone().unwrap();
        assert_eq!(shifted.shifts, [Shift::NoLongerDue], "as if both were confirmed");
        assert_eq!(shifted.before, Outcome::Due { since: date(2024, 1, 1), disposition });
        assert_eq!(shifted.after, Outcome::Retained { until: date(2043, 12, 31) });
        let mut confirmed = Confirmations::default();
        confirmed.confirm(unsure.edition().clone(), "R".parse().unwrap());
        let waits = Books::new(&unsure, &unsure, &confirmed).look(&file(2013), DAY).unconfirmed;
        assert_eq!(waits, [false, false], "the town has confirmed it");
        let mut trial = Trial::default();
        for looked in [nothing([false, true]), nothing([true, true]), told] {
            trial.count(&file(2013), &looked);
        }
        assert_eq!((trial.files, trial.changed, trial.unconfirmed), (3, 1, [2, 3]));
        trial.add(trial.clone());
        assert_eq!((trial.files, trial.changed, trial.unconfirmed), (6, 2, [4, 6]));
    }

    #[test]
    fn the_year_is_that_of_becoming_due_by_the_new_rules_or_else_by_the_old() {
        let (ten, thirty) = (book(kept("R", 10), false), book(kept("R", 30), false));
        let for_ever = Rule { retention: Retention::Permanent, ..kept("R", 10).remove(0) };
        let for_ever = book(vec![for_ever], false);
        let year = |before, after| tried(&file(2013), before, after).unwrap().year;
        assert_eq!(year(&thirty, &ten), Some(2024), "due since then");
        assert_eq!(year(&ten, &thirty), Some(2044));
        assert_eq!(year(&ten, &for_ever), Some(2024));
        let doubtful = Rule { confidence: Confidence::ToBeConfirmed, ..kept("R", 30).remove(0) };
        assert_eq!(year(&for_ever, &book(vec![doubtful], false)), Some(2044), "if it is confirmed");
        assert_eq!(due_in(&Outcome::Ungoverned), None);
        assert_eq!(due_in(&Outcome::Retained { until: Date::MAX }), None, "no year follows");
    }

    #[test]
    fn a_trial_counts_every_file_once_and_each_shift_by_class_year_and_rules() {
        let (ten, thirty) = (book(kept("R", 10), true), book(kept("S", 30), false));
        let elsewhere = CaseFile { class: "64".parse().unwrap(), ..file(2013) };
        let files = [file(2013), file(2013), file(2020), elsewhere];
        let count = |files: &[CaseFile]| {
            let mut trial = Trial::default();
            files.iter().for_each(|file| trial.count(file, &look(file, &ten, &thirty)));
            trial
        };
        let all = count(&files);
        assert_eq!((all.files, all.changed), (4, 3));
        let counted = |pairs: &[(Shift, u64)]| pairs.iter().copied().collect::<Shifts>();
        let both = [(Shift::NoLongerDue, 2), (Shift::ProposalLost, 3), (Shift::Later, 1)];
        assert_eq!(all.shifts, counted(&both));
        assert_eq!(all.classes, BTreeMap::from([("63.10".parse().unwrap(), counted(&both))]));
        let rules = ["R", "S"].map(|id| Some(id.parse().unwrap()));
        assert_eq!(all.rules, BTreeMap::from([(rules, counted(&both))]));
        let years = [
            (Some(2044), counted(&[(Shift::NoLongerDue, 2), (Shift::ProposalLost, 2)])),
            (Some(2051), counted(&[(Shift::ProposalLost, 1), (Shift::Later, 1)])),
        ];
        assert_eq!(all.years, BTreeMap::from(years));
        for at in 0..=files.len() {
            let (mut some, others) = (count(&files[..at]), count(&files[at..]));
            some.add(others);
            assert_eq!(some, all, "counted by two");
        }
    }
}
