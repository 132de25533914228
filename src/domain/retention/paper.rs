//! Two carriers, two fates: may the paper original go while the digital record is kept on?
//!
//! Only if nothing is undecided: the scan was checked (TR-RESISCAN), the rule is reliable and allows it,
//! no hold stands, and the file is not archive-worthy.

use jiff::civil::Date;

use super::book::{Lack, RuleBook};
use super::evaluate::{Confirmations, may_be_relied_on};
use super::rule::{Disposition, PaperRule, Rule, RuleId};
use crate::domain::case_file::{CaseFile, Phase};

/// The fact that a scan was checked: transfer note signed, visual check done, at least one backup run
/// (TR-RESISCAN). Its source names the transfer note.
pub const SCAN_CHECKED: &str = "scan_checked";

/// Why the paper stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperReason {
    /// A hold stands.
    Held,
    /// The file is on its way out or gone; its paper goes with it.
    GoesWithRecord,
    /// No rule governs the class.
    NoRule(Lack),
    /// The town has not confirmed the rule.
    Unconfirmed(RuleId),
    /// The rule keeps the paper in any case.
    RuleKeepsPaper(RuleId),
    /// The rule keeps the paper as long as the record.
    RuleKeepsWithRecord(RuleId),
    /// Archive-worthy by rule or by the archive's decision.
    ArchiveWorthy,
    /// The archive has not decided.
    Undecided,
    /// There is no digital record to stand for it.
    NothingScanned,
    /// No transfer note says that the scan was checked.
    ScanNotChecked,
}

/// The fate of the paper original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperFate {
    /// There is no paper.
    NoPaper,
    /// It stays, for all these reasons. Never empty.
    Keep {
        /// Why.
        why: Vec<PaperReason>,
    },
    /// It may be put on a list for destruction.
    MayGo {
        /// The day the scan was checked.
        scan_checked: Date,
        /// The rule that allows it.
        rule: RuleId,
    },
}

/// May the paper of this file go? `decision` is what the archive decided on this file, `criterion_hit` whether
/// an appraisal criterion speaks for keeping (or could not be answered), see [`crate::domain::appraisal`].
#[must_use]
pub fn paper_fate(
    file: &CaseFile,
    book: &RuleBook,
    confirmations: &Confirmations,
    decision: Option<Disposition>,
    criterion_hit: bool,
    on: Date,
) -> PaperFate {
    if file.carriers.paper.is_none() {
        return PaperFate::NoPaper;
    }
    let mut why = Vec::new();
    if !file.holds.is_empty() {
        why.push(PaperReason::Held);
    }
    if !matches!(file.phase, Phase::Open | Phase::Closed { .. }) {
        why.push(PaperReason::GoesWithRecord);
    }
    if file.documents.is_empty() {
        why.push(PaperReason::NothingScanned);
    }
    let checked = file.fact(SCAN_CHECKED).map(|fact| fact.on).filter(|checked| *checked <= on);
    if checked.is_none() {
        why.push(PaperReason::ScanNotChecked);
    }
    let rule = match book.governing(&file.class, on) {
        Ok((rule, _)) => Some(rule),
        Err(lack) => {
            why.push(PaperReason::NoRule(lack));
            None
        }
    };
    if let Some(rule) = rule {
        if !may_be_relied_on(rule, book, confirmations) {
            why.push(PaperReason::Unconfirmed(rule.id.clone()));
        }
        why.extend(what_the_rule_keeps(rule));
    }
    why.extend(what_the_archive_keeps(rule, decision, criterion_hit));
    match (checked, rule) {
        (Some(scan_checked), Some(rule)) if why.is_empty() => {
            PaperFate::MayGo { scan_checked, rule: rule.id.clone() }
        }
        _ => PaperFate::Keep { why },
    }
}

fn what_the_rule_keeps(rule: &Rule) -> Option<PaperReason> {
    match rule.paper {
        PaperRule::AfterScanCheck => None,
        PaperRule::Keep => Some(PaperReason::RuleKeepsPaper(rule.id.clone())),
        PaperRule::WithRecord => Some(PaperReason::RuleKeepsWithRecord(rule.id.clone())),
    }
}

fn what_the_archive_keeps(
    rule: Option<&Rule>,
    decision: Option<Disposition>,
    criterion_hit: bool,
) -> Option<PaperReason> {
    let by_rule = rule.map(|rule| rule.disposition);
    match (by_rule, decision) {
        (Some(Disposition::ArchiveWorthy), _) | (_, Some(Disposition::ArchiveWorthy)) => {
            Some(PaperReason::ArchiveWorthy)
        }
        (_, Some(Disposition::Destroy)) => None,
        (Some(Disposition::Destroy), None) if !criterion_hit => None,
        _ => Some(PaperReason::Undecided),
    }
}
