//! What can be wrong with the rules of a pack, taken together.

use super::rule::RuleId;
use crate::domain::case_file::{ClassNumber, FactKind};
use crate::domain::record_type::RecordTypeId;
use crate::domain::register::RegisterNumber;

/// A flaw of a rule pack. Each names the rule (or criterion) it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The pack has no rule.
    #[error("the pack has no rule")]
    NoRules,
    /// Two rules have one id.
    #[error("rule `{0}` stands twice")]
    DuplicateRule(RuleId),
    /// Two criteria have one id.
    #[error("criterion `{0}` stands twice")]
    DuplicateCriterion(RuleId),
    /// A rule that governs nothing.
    #[error("rule `{0}` names no class")]
    NoClasses(RuleId),
    /// A class the file plan does not know.
    #[error("`{rule}` names class `{class}`, which is not in the file plan")]
    UnknownClass {
        /// The rule or criterion.
        rule: RuleId,
        /// The class.
        class: ClassNumber,
    },
    /// A fact the pack does not declare.
    #[error("`{rule}` names fact `{fact}`, which the pack does not declare")]
    UnknownFact {
        /// The rule or criterion.
        rule: RuleId,
        /// The fact.
        fact: FactKind,
    },
    /// Two rules are in force at once for one class.
    #[error("rules `{first}` and `{second}` are in force at once for class `{class}`")]
    Overlap {
        /// The rule that stands first.
        first: RuleId,
        /// The other one; the same rule if it names the class twice.
        second: RuleId,
        /// The class.
        class: ClassNumber,
    },
    /// A rule that ends before it begins.
    #[error("rule `{0}` ends before it begins")]
    NeverInForce(RuleId),
    /// No period, or a period without a starting fact.
    #[error("rule `{0}` has a period without beginning")]
    NoStart(RuleId),
    /// A period of zero: `until_event` says it better, and is never a slip.
    #[error("rule `{0}` has a period of zero")]
    EmptyPeriod(RuleId),
    /// A period that runs backwards from a fact is counted from its very day.
    #[error("rule `{0}` counts backwards from a fact, but not from its very day")]
    BackwardsNotFromTheDay(RuleId),
    /// A suspension that ends with the fact it begins with.
    #[error("rule `{0}` has a suspension that ends with the fact it begins with")]
    SuspendedByOneFact(RuleId),
    /// A suspension of what does not run: a period that waits for a fact or counts backwards from it.
    #[error("rule `{0}` suspends a period that does not run")]
    SuspendedWithoutRunning(RuleId),
    /// What is restricted is restricted for a part of its time: after years or months, fewer than those it is kept.
    #[error("rule `{0}` restricts after a time that is not within each of its periods")]
    RestrictedTooLate(RuleId),
    /// Kept for ever and destroyed.
    #[error("rule `{0}` keeps for ever and destroys")]
    PermanentButDestroyed(RuleId),
    /// Archive-worthy, yet the paper may go.
    #[error("rule `{0}` is archive-worthy, yet lets the paper go after the scan")]
    ArchiveWorthyButPaperGoes(RuleId),
    /// A rule that rests on nothing.
    #[error("rule `{0}` has no legal basis")]
    NoBasis(RuleId),
    /// A criterion that can never be met, or always is.
    #[error("criterion `{0}` has an empty condition")]
    EmptyCondition(RuleId),
    /// Two rules for thinning have one id.
    #[error("thinning `{0}` stands twice")]
    DuplicateThinning(RuleId),
    /// A rule for thinning that leaves nothing out.
    #[error("thinning `{0}` leaves nothing out")]
    LeavesNothingOut(RuleId),
    /// A rule for thinning that does not say why.
    #[error("thinning `{0}` has no reason")]
    NoReason(RuleId),
    /// A register that is left out twice.
    #[error("thinning `{rule}` names register `{register}` twice")]
    RegisterTwice {
        /// The rule for thinning.
        rule: RuleId,
        /// The register.
        register: RegisterNumber,
    },
    /// Two rules for thinning would be proposed for one file.
    #[error("thinnings `{first}` and `{second}` both speak for class `{class}`")]
    ThinnedTwice {
        /// The rule that stands first.
        first: RuleId,
        /// The other one; the same rule if it names the class twice.
        second: RuleId,
        /// The class.
        class: ClassNumber,
    },
    /// A record type that is not in force.
    #[error("thinning `{rule}` names record type `{record_type}`, which is not in force")]
    UnknownRecordType {
        /// The rule for thinning.
        rule: RuleId,
        /// The type.
        record_type: RecordTypeId,
    },
    /// A register the record type does not have.
    #[error("thinning `{rule}` names register `{register}`, which its record type does not have")]
    UnknownRegister {
        /// The rule for thinning.
        rule: RuleId,
        /// The register.
        register: RegisterNumber,
        /// Those it has.
        known: Vec<String>,
    },
}

impl Flaw {
    /// The rule or criterion it is about, of two the one that stands second; none if it is about the pack as a whole.
    #[must_use]
    pub fn about(&self) -> Option<&RuleId> {
        match self {
            Self::NoRules => None,
            Self::UnknownClass { rule, .. }
            | Self::UnknownFact { rule, .. }
            | Self::RegisterTwice { rule, .. }
            | Self::UnknownRecordType { rule, .. }
            | Self::UnknownRegister { rule, .. } => Some(rule),
            Self::Overlap { second, .. } | Self::ThinnedTwice { second, .. } => Some(second),
            Self::DuplicateRule(id)
            | Self::DuplicateCriterion(id)
            | Self::NoClasses(id)
            | Self::NeverInForce(id)
            | Self::NoStart(id)
            | Self::EmptyPeriod(id)
            | Self::BackwardsNotFromTheDay(id)
            | Self::SuspendedByOneFact(id)
            | Self::SuspendedWithoutRunning(id)
            | Self::RestrictedTooLate(id)
            | Self::PermanentButDestroyed(id)
            | Self::ArchiveWorthyButPaperGoes(id)
            | Self::NoBasis(id)
            | Self::EmptyCondition(id)
            | Self::DuplicateThinning(id)
            | Self::LeavesNothingOut(id)
            | Self::NoReason(id) => Some(id),
        }
    }
}
