//! What is found for a file on a day, and the reasons for it.

use jiff::civil::Date;

use super::book::Lack;
use super::period::{EndCounting, Period, StartCounting};
use super::rule::{Confidence, Disposition, Edition, LegalBasis, RuleId};
use crate::domain::case_file::{ClassNumber, FactKind};
use crate::domain::ids::{CaseFileId, HoldId};

/// What a period that has not begun waits for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingFor {
    /// The file is not closed (z.d.A.).
    Closing,
    /// One of these facts is not known; any of them suffices. Others may be missing too, see the reasons.
    Facts(Vec<FactKind>),
}

/// What is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The period has not begun.
    NotBegun {
        /// What it waits for.
        waiting_for: WaitingFor,
    },
    /// The period has begun and stands still (Hemmung).
    Suspended {
        /// The fact with which it goes on.
        until: FactKind,
    },
    /// The period runs.
    Retained {
        /// The last day of keeping.
        until: Date,
    },
    /// Kept for ever.
    Permanent,
    /// A hold stands; it wins over everything.
    Held {
        /// The oldest hold.
        by: HoldId,
    },
    /// The period has ended.
    Due {
        /// The first day after keeping.
        since: Date,
        /// What the rule says is to happen.
        disposition: Disposition,
    },
    /// No rule governs the file.
    Ungoverned,
    /// The rule was not confirmed by the town; it decides nothing.
    Unconfirmed {
        /// What it would say: not begun, suspended, retained, permanent or due.
        would_be: Box<Outcome>,
    },
    /// Destruction has begun or is done: nothing left to decide.
    Gone {
        /// The day.
        on: Date,
    },
}

impl Outcome {
    /// The code used in formats, filters and statistics; dates and names left out.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotBegun { .. } => "not_begun",
            Self::Suspended { .. } => "suspended",
            Self::Retained { .. } => "retained",
            Self::Permanent => "permanent",
            Self::Held { .. } => "held",
            Self::Due { .. } => "due",
            Self::Ungoverned => "ungoverned",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Gone { .. } => "gone",
        }
    }

    /// The period has ended and nothing stands against it.
    #[must_use]
    pub fn is_due(&self) -> bool {
        matches!(self, Self::Due { .. })
    }
}

/// Why something was found. In the order in which it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Destruction has begun or is done.
    Gone {
        /// The day.
        on: Date,
    },
    /// A hold stands.
    Held {
        /// Why it was placed.
        reason: String,
        /// Since when.
        since: Date,
    },
    /// The file is not closed (z.d.A.).
    NotClosed,
    /// No rule governs the class.
    NoRule {
        /// The class of the file.
        class: ClassNumber,
        /// What is missing.
        lack: Lack,
    },
    /// This rule governs.
    Rule {
        /// Its name.
        id: RuleId,
        /// Its title.
        title: String,
        /// The class above from which the file's class has it; none if it is the file's own.
        inherited_from: Option<ClassNumber>,
        /// What it rests on.
        basis: LegalBasis,
        /// How far it can be relied on.
        confidence: Confidence,
    },
    /// The town has not confirmed the rule in this edition.
    Unconfirmed {
        /// The rule.
        rule: RuleId,
    },
    /// A fact is not known; any of these suffices.
    FactMissing {
        /// The facts.
        any_of: Vec<FactKind>,
    },
    /// A fact holds the beginning of the period back.
    NotBefore {
        /// The fact.
        fact: FactKind,
        /// Its day.
        happened: Date,
        /// How the day is counted.
        counted: StartCounting,
        /// The period is counted from the end of this day at the earliest.
        anchor: Date,
    },
    /// A period begins and ends.
    Period {
        /// The fact that starts it.
        fact: FactKind,
        /// Its day.
        happened: Date,
        /// How the day is counted.
        counted: StartCounting,
        /// The period is counted from the end of this day.
        anchor: Date,
        /// How long it is.
        period: Period,
        /// How its last day is counted.
        ends: EndCounting,
        /// Its last day; none if that lies beyond the calendar, where it never ends.
        last: Option<Date>,
    },
    /// Days on which the period does not run: they are not counted.
    NotCounted {
        /// The fact with which the suspension began.
        from: FactKind,
        /// Its day.
        first: Date,
        /// The fact with which it ended.
        until: FactKind,
        /// Its day.
        last: Date,
        /// How many of its days lie within the period, and under no other suspension that was counted before.
        days: i32,
    },
    /// The period stands still: nobody knows of an end of the suspension.
    StandsStill {
        /// The fact with which the suspension began.
        from: FactKind,
        /// Its day.
        first: Date,
        /// The fact that is not known.
        until: FactKind,
    },
    /// Several periods: the longest counts.
    LongestOf {
        /// How many.
        count: usize,
        /// Its last day.
        last: Date,
    },
    /// The period ended before the file was closed: it is kept until then.
    KeptUntilClosed {
        /// The day of closing.
        closed: Date,
    },
    /// The rule keeps for ever.
    KeptForEver,
    /// What the rule says is to happen.
    Disposition(Disposition),
    /// Only those who need it for what it is still kept for may read it, from a day on.
    RestrictedFrom {
        /// The first such day.
        from: Date,
        /// After how long.
        after: Period,
    },
    /// The file should have been offered to the archive (§ 4 Abs. 1 ArchivG NRW), whatever its class.
    OfferOverdue {
        /// When the file was opened.
        opened: Date,
        /// The last day on which it should have been offered.
        latest: Date,
    },
}

/// What is found for a file on a day. Every file has one, every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: CaseFileId,
    /// The day it holds for.
    pub on: Date,
    /// The edition of the rules it rests on.
    pub edition: Edition,
    /// What is found.
    pub outcome: Outcome,
    /// Why. Never empty.
    pub reasons: Vec<Reason>,
    /// The rule that governs; none if none does.
    pub rule: Option<RuleId>,
    /// More than 30 years old and not yet offered to the archive: a warning, whatever the outcome.
    pub offer_overdue: bool,
    /// From which day on it is to be restricted, in the past or to come; none if it is not, or not yet known.
    pub restricted_from: Option<Date>,
}
