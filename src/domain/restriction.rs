//! Whether a file may only be read by those who need it for what it is still kept for (Einschränkung der Verarbeitung,
//! Art. 18 DSGVO, § 13 Abs. 2 BMG). May not say when that is to be: that is asked of the rules.

use jiff::civil::Date;

/// Where a file stands in this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Restriction {
    /// It is not restricted, and never was since it was last in use.
    #[default]
    None,
    /// It is restricted.
    Since(Date),
    /// It was, and is not any more: somebody lifted that on this day.
    Lifted {
        /// The day.
        on: Date,
    },
}

impl Restriction {
    /// It is restricted.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(self, Self::Since(_))
    }

    /// What is to be restricted from this day on is not so yet. What was lifted later than that stays so.
    #[must_use]
    pub fn is_wanting(self, from: Date) -> bool {
        match self {
            Self::None => true,
            Self::Since(_) => false,
            Self::Lifted { on } => on < from,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn what_was_lifted_stays_lifted_until_a_later_day_restricts_it_anew() {
        let (before, day, after) = (date(2026, 1, 1), date(2026, 5, 1), date(2027, 1, 1));
        let lifted = Restriction::Lifted { on: day };
        assert!(!lifted.is_wanting(before) && !lifted.is_wanting(day) && lifted.is_wanting(after));
        assert!(!lifted.stands() && !Restriction::None.stands() && Restriction::Since(day).stands());
        assert!(Restriction::None.is_wanting(day) && !Restriction::Since(day).is_wanting(after));
    }
}
