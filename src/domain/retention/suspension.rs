//! Suspension (Hemmung): while something stands a period does not run, and the days of it are not counted (§ 209 BGB).
//!
//! Both the day on which it begins and the day on which it ends are such days. A day under two suspensions is counted
//! once. What begins after the period has ended does not revive it. An end nobody knows of is none: the period stands
//! still. So no suspension makes a period end earlier, and none that is added later does.

use jiff::ToSpan;
use jiff::civil::Date;

use super::period::{EndCounting, last_day};
use super::rule::{Suspension, Term};
use crate::domain::case_file::FactKind;

/// Days on which a period does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pause<'a> {
    /// What it comes from.
    pub suspension: &'a Suspension,
    /// The first of these days.
    pub first: Date,
    /// The last; none while it stands.
    pub last: Option<Date>,
}

/// The pauses of a period, the earliest first. Each beginning lasts until the first end that is known on its day or
/// later. `days` tells when a fact happened.
pub(super) fn pauses(term: &Term, days: impl Fn(&FactKind) -> Vec<Date>) -> Vec<Pause<'_>> {
    let mut pauses = Vec::new();
    for suspension in &term.suspended {
        let ends = days(&suspension.until);
        pauses.extend(days(&suspension.from).into_iter().map(|first| {
            let last = ends.iter().copied().filter(|end| *end >= first).min();
            Pause { suspension, first, last }
        }));
    }
    pauses.sort_by_key(|pause| pause.first);
    pauses
}

/// The last day of keeping, counted from `anchor`; none if the calendar ends before. What is not counted is told to
/// `uncounted`, with the number of days.
///
/// # Errors
/// The pause that stands: the period has no last day until its end is known.
pub(super) fn last_day_without<'a>(
    anchor: Date,
    term: &Term,
    pauses: &[Pause<'a>],
    mut uncounted: impl FnMut(&Pause<'a>, i32),
) -> Result<Option<Date>, Pause<'a>> {
    let rounded = |last: Date| match term.ends {
        EndCounting::SameDay => last,
        EndCounting::EndOfYear => last.last_of_year(),
    };
    let Some(mut last) = last_day(anchor, term.period, EndCounting::SameDay) else { return Ok(None) };
    let mut looked_at = anchor;
    for pause in pauses {
        if pause.first > rounded(last) {
            break;
        }
        let Some(end) = pause.last else { return Err(*pause) };
        let Ok(next) = looked_at.tomorrow() else { return Ok(None) };
        let first = pause.first.max(next);
        if end < first {
            continue;
        }
        let Ok(days) = first.until(end).map(|between| between.get_days() + 1) else { return Ok(None) };
        uncounted(pause, days);
        let Ok(longer) = last.checked_add(days.days()) else { return Ok(None) };
        (looked_at, last) = (end, longer);
    }
    Ok(Some(rounded(last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::{Period, StartCounting};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn term(suspended: usize, ends: EndCounting) -> Term {
        let fact = |name: String| name.parse().unwrap();
        let suspension = |number| Suspension {
            from: fact(format!("begun_{number}")),
            until: fact(format!("ended_{number}")),
        };
        Term {
            start: vec![fact("closed".to_owned())],
            counted: StartCounting::SameDay,
            period: Period::Years(3),
            ends,
            not_before: None,
            suspended: (0..suspended).map(suspension).collect(),
        }
    }

    /// Three years from 15 June 2010, with what happened by the name of the fact; none while it stands still.
    fn last(happened: &[(&str, &str)], ends: EndCounting) -> Option<Date> {
        let term = term(2, ends);
        let days = |kind: &FactKind| {
            happened.iter().filter(|(name, _)| kind.as_str() == *name).map(|(_, on)| day(on)).collect()
        };
        let pauses = pauses(&term, days);
        last_day_without(day("2010-06-15"), &term, &pauses, |_, days| assert!(days > 0))
            .ok()
            .map(Option::unwrap)
    }

    #[test]
    fn days_under_suspension_are_counted_neither_in_nor_twice() {
        let table: &[(&[(&str, &str)], &str)] = &[
            (&[], "2013-06-15"),
            (&[("begun_0", "2011-02-01"), ("ended_0", "2011-02-28")], "2013-07-13"),
            (&[("begun_0", "2011-02-01"), ("ended_0", "2011-02-01")], "2013-06-16"),
            // a leap day is a day like any other
            (&[("begun_0", "2012-02-28"), ("ended_0", "2012-03-01")], "2013-06-18"),
            // before the period: not at all, or in part
            (&[("begun_0", "2009-01-01"), ("ended_0", "2010-06-15")], "2013-06-15"),
            (&[("begun_0", "2009-01-01"), ("ended_0", "2010-06-16")], "2013-06-16"),
            // on its last day still, after it no more
            (&[("begun_0", "2013-06-15"), ("ended_0", "2013-06-20")], "2013-06-21"),
            (&[("begun_0", "2013-06-16"), ("ended_0", "2015-06-20")], "2013-06-15"),
            (&[("begun_0", "2013-06-16")], "2013-06-15"),
            // two of one kind, one after the other; the first moves the end so that the second still meets it
            (
                &[
                    ("begun_0", "2011-01-01"),
                    ("ended_0", "2011-01-10"),
                    ("begun_0", "2013-06-20"),
                    ("ended_0", "2013-06-21"),
                ],
                "2013-06-27",
            ),
            // two of different kinds at once
            (
                &[
                    ("begun_0", "2011-02-01"),
                    ("ended_0", "2011-02-28"),
                    ("begun_1", "2011-02-10"),
                    ("ended_1", "2011-03-10"),
                ],
                "2013-07-23",
            ),
            // an end without a beginning
            (&[("ended_0", "2011-02-28")], "2013-06-15"),
        ];
        for (happened, expected) in table {
            assert_eq!(last(happened, EndCounting::SameDay), Some(day(expected)), "{happened:?}");
        }
    }

    #[test]
    fn a_period_stands_still_until_an_end_is_known_that_is_no_earlier_than_the_beginning() {
        for happened in [
            &[("begun_0", "2011-02-01")][..],
            &[("begun_0", "2011-02-01"), ("ended_0", "2011-01-31")],
            &[("begun_0", "2011-02-01"), ("ended_1", "2011-02-28")],
            &[("begun_0", "2009-02-01")],
            &[("begun_0", "2011-02-01"), ("ended_0", "2011-02-28"), ("begun_0", "2012-02-01")],
        ] {
            assert_eq!(last(happened, EndCounting::SameDay), None, "{happened:?}");
        }
    }

    #[test]
    fn the_end_of_the_year_is_taken_after_the_days_were_added() {
        let ends = EndCounting::EndOfYear;
        let short = [("begun_0", "2011-02-01"), ("ended_0", "2011-02-28")];
        assert_eq!(last(&short, ends), Some(day("2013-12-31")));
        let long = [("begun_0", "2011-02-01"), ("ended_0", "2011-12-31")];
        assert_eq!(last(&long, ends), Some(day("2014-12-31")));
        let late = [("begun_0", "2013-11-01"), ("ended_0", "2014-06-30")];
        assert_eq!(
            last(&late, ends),
            Some(day("2014-12-31")),
            "kept until the end of the year: it still meets"
        );
    }
}
