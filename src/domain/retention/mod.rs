//! Retention: from facts and rules to a finding with reasons, for every file and every day.
//!
//! | file | question it answers |
//! |---|---|
//! | [`rule`] | what does a rule say? |
//! | [`period`] | when is the last day of a period? |
//! | [`book`] | do the rules fit each other and the file plan? which one governs a class? |
//! | [`evaluate`](mod@evaluate) | what follows for this file on this day, and why? |
//! | `suspension` | which days does a period not run? |
//! | [`restriction`] | from when on is a file read only by those who still need it? |
//! | [`paper`] | may the paper original go before the record? |
//! | [`change`] | what would another edition change for a file? |
//! | [`trial`] | what would another book change for a file, and for all of them? |
//! | [`proposed`] | may this person put a proposed edition in force? |
//! | [`difference`] | where do two rule books differ? |
//! | [`forecast`] | how much becomes due, year by year? |
//! | [`example`] | do the rules do what the archivist wrote beside them? |
//!
//! **Undecided is never due.** A missing fact yields *not begun*, a missing rule *ungoverned*, a rule nobody
//! confirmed *unconfirmed*; a period past the end of the calendar never ends. Nothing here can fail or panic.

pub mod book;
pub mod change;
pub mod difference;
pub mod evaluate;
pub mod example;
pub mod finding;
mod flaw;
pub mod forecast;
#[cfg(test)]
mod laws;
pub mod paper;
pub mod period;
pub mod proposed;
pub mod restriction;
pub mod rule;
mod suspension;
#[cfg(test)]
mod tests;
pub mod trial;

pub use book::{Lack, RuleBook, RulePack};
pub use change::{Change, compare};
pub use difference::{ChangedClass, ChangedRule, Difference, Part};
pub use evaluate::{Confirmations, OFFER_AFTER_YEARS, evaluate, outcome};
pub use finding::{Finding, Outcome, Reason, WaitingFor};
pub use flaw::Flaw;
pub use forecast::{Amount, Amounts, Forecast, Horizon, Standing, Thickness};
pub use paper::{PaperFate, PaperReason, SCAN_CHECKED, ScanLack, Scans, paper_fate, paper_fate_of_scans};
pub use period::{EndCounting, Period, StartCounting};
pub use proposed::ProposedRules;
pub use restriction::restricted_from;
pub use rule::{
    Confidence, Disposition, EARLY, Edition, LegalBasis, NotBefore, PaperRule, Retention, Rule, RuleId,
    Suspension, Term,
};
pub use trial::{Shift, Shifted, ShiftedFile, Shifts, Trial};

/// Rules and a plan for the tests of those who judge by them.
#[cfg(test)]
pub(super) mod testing {
    pub use super::laws::{pack, plan, rule, years};
}
