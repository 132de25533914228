//! What another edition of the rules would change for a file: the answer of a trial on all records.

use jiff::civil::Date;

use super::finding::Outcome;
use super::rule::Disposition;

/// A difference between two outcomes of one file on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Becomes due.
    BecomesDue,
    /// Is no longer due.
    NoLongerDue,
    /// Is due under both, but to another end.
    Disposition {
        /// Before.
        from: Disposition,
        /// After.
        to: Disposition,
    },
    /// Is kept to another day under both.
    LastDay {
        /// Before.
        from: Date,
        /// After.
        to: Date,
    },
    /// Anything else.
    Other,
}

/// What changes between two outcomes; none if nothing does. When a due file became due does not matter.
#[must_use]
pub fn compare(before: &Outcome, after: &Outcome) -> Option<Change> {
    use Outcome::{Due, Retained};
    match (before, after) {
        (Due { disposition: from, .. }, Due { disposition: to, .. }) => {
            (from != to).then_some(Change::Disposition { from: *from, to: *to })
        }
        (Due { .. }, _) => Some(Change::NoLongerDue),
        (_, Due { .. }) => Some(Change::BecomesDue),
        (Retained { until: from }, Retained { until: to }) => {
            (from != to).then_some(Change::LastDay { from: *from, to: *to })
        }
        (same, other) => (same != other).then_some(Change::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_tells_what_becomes_due_and_what_no_longer_is() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let due = |disposition| Outcome::Due { since: day("2024-01-01"), disposition };
        let kept = |until| Outcome::Retained { until: day(until) };
        let (v, b) = (Disposition::Destroy, Disposition::Appraise);
        assert_eq!(compare(&kept("2030-12-31"), &due(v)), Some(Change::BecomesDue));
        assert_eq!(compare(&due(v), &Outcome::Permanent), Some(Change::NoLongerDue));
        assert_eq!(compare(&due(v), &due(b)), Some(Change::Disposition { from: v, to: b }));
        assert_eq!(compare(&due(v), &due(v)), None);
        let (from, to) = (day("2030-12-31"), day("2028-12-31"));
        assert_eq!(compare(&kept("2030-12-31"), &kept("2028-12-31")), Some(Change::LastDay { from, to }));
        assert_eq!(compare(&Outcome::Ungoverned, &Outcome::Permanent), Some(Change::Other));
    }
}
