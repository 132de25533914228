//! Counting periods in civil dates: from the day of a fact to the last day of keeping.
//!
//! Counting follows §§ 187, 188 BGB: the day of the event is not counted, and a period of months ends on
//! the day with the same number, or on the last day of a shorter month. What would end beyond the calendar
//! has no last day; callers keep it.

use jiff::Span;
use jiff::civil::Date;

/// How the day of the starting fact is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartCounting {
    /// From the day itself.
    SameDay,
    /// From the end of its calendar year.
    EndOfYear,
    /// From 1 January of the financial year after the council resolution (§ 59 KomHVO NRW).
    FinancialYearAfterResolution,
}

impl StartCounting {
    /// The day after which the period is counted: itself the last day that does not count.
    #[must_use]
    pub fn anchor(self, happened: Date) -> Date {
        match self {
            Self::SameDay => happened,
            Self::EndOfYear | Self::FinancialYearAfterResolution => happened.last_of_year(),
        }
    }
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So many years.
    Years(u16),
    /// So many months.
    Months(u16),
    /// Until so many days before the fact: destruction is allowed from that day on.
    DaysBefore(u16),
    /// Until the fact itself, and no longer.
    UntilEvent,
}

impl Period {
    /// How many months it has; none if it does not run.
    #[must_use]
    pub fn months(self) -> Option<u32> {
        match self {
            Self::Years(years) => Some(u32::from(years) * 12),
            Self::Months(months) => Some(u32::from(months)),
            Self::DaysBefore(_) | Self::UntilEvent => None,
        }
    }
}

/// How the last day is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndCounting {
    /// On the very day.
    SameDay,
    /// At the end of the calendar year in which it falls.
    EndOfYear,
}

/// The last day of keeping, counted from `anchor`; none if the calendar (year 9999) ends before.
#[must_use]
pub fn last_day(anchor: Date, period: Period, ends: EndCounting) -> Option<Date> {
    let last = match period {
        Period::Years(years) => anchor.checked_add(Span::new().try_years(years).ok()?).ok()?,
        Period::Months(months) => anchor.checked_add(Span::new().try_months(months).ok()?).ok()?,
        Period::DaysBefore(days) => {
            let days = i64::from(days) + 1; // that day itself is free: the last day of keeping is the one before
            anchor.checked_sub(Span::new().try_days(days).ok()?).ok()?
        }
        Period::UntilEvent => anchor,
    };
    Some(match ends {
        EndCounting::SameDay => last,
        EndCounting::EndOfYear => last.last_of_year(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Period::{DaysBefore, Months, UntilEvent, Years};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn periods_end_as_the_civil_code_counts_them() {
        use EndCounting as E;
        use StartCounting as S;
        let table = [
            ("2013-03-14", S::EndOfYear, Years(10), E::EndOfYear, "2023-12-31"),
            ("2013-12-31", S::EndOfYear, Years(10), E::EndOfYear, "2023-12-31"),
            ("2013-01-01", S::EndOfYear, Years(10), E::EndOfYear, "2023-12-31"),
            ("2013-03-14", S::SameDay, Years(3), E::SameDay, "2016-03-14"),
            ("2013-03-14", S::SameDay, Years(110), E::EndOfYear, "2123-12-31"),
            ("2012-02-29", S::SameDay, Years(1), E::SameDay, "2013-02-28"),
            ("2012-02-29", S::SameDay, Years(4), E::SameDay, "2016-02-29"),
            ("2013-02-28", S::SameDay, Years(3), E::SameDay, "2016-02-28"),
            ("2023-08-31", S::SameDay, Months(6), E::SameDay, "2024-02-29"),
            ("2024-08-31", S::SameDay, Months(6), E::SameDay, "2025-02-28"),
            ("2025-10-30", S::SameDay, Months(4), E::SameDay, "2026-02-28"),
            ("2025-11-15", S::SameDay, Months(2), E::EndOfYear, "2026-12-31"),
            ("2024-09-26", S::FinancialYearAfterResolution, Years(6), E::EndOfYear, "2030-12-31"),
            ("2024-09-26", S::FinancialYearAfterResolution, Years(6), E::SameDay, "2030-12-31"),
            ("2025-09-14", S::SameDay, DaysBefore(60), E::SameDay, "2025-07-15"),
            ("2014-06-02", S::SameDay, UntilEvent, E::SameDay, "2014-06-02"),
            ("2014-06-02", S::EndOfYear, UntilEvent, E::EndOfYear, "2014-12-31"),
        ];
        for (happened, counted, period, ends, expected) in table {
            let last = last_day(counted.anchor(day(happened)), period, ends);
            assert_eq!(last, Some(day(expected)), "{happened} {counted:?} {period:?} {ends:?}");
        }
    }

    #[test]
    fn what_would_end_beyond_the_calendar_has_no_last_day() {
        let table = [
            (Date::MAX, Years(1)),
            (day("2020-01-01"), Years(u16::MAX)),
            (Date::MAX, Months(1)),
            (Date::MIN, DaysBefore(1)),
        ];
        for (anchor, period) in table {
            assert_eq!(last_day(anchor, period, EndCounting::SameDay), None, "{anchor} {period:?}");
        }
        assert_eq!(last_day(Date::MAX, UntilEvent, EndCounting::EndOfYear), Some(Date::MAX));
    }
}
