//! Two carriers, two fates: may the paper original go while the digital record is kept on?
//!
//! Only if nothing is undecided: the scan was checked (TR-RESISCAN), the rule is reliable and allows it,
//! no hold stands, and the file is not archive-worthy. [`paper_fate`] believes a fact, which is what the examples of rule packs
//! say; the office asks [`paper_fate_of_scans`], which believes nothing but the scans themselves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::book::{Lack, RuleBook};
use super::evaluate::{Confirmations, may_be_relied_on};
use super::rule::{Disposition, PaperRule, Rule, RuleId};
use crate::domain::case_file::{CaseFile, Fact, Phase};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::domain::scan::ProtectionNeed;
use crate::domain::scan::check::CheckState;

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
    /// Nobody stated that all the paper was scanned, or scans came after that.
    NotAllScanned,
    /// Scans lack something.
    Scans {
        /// What.
        lack: ScanLack,
        /// The names of their files.
        names: Vec<String>,
    },
    /// The paper is lent.
    Lent,
}

/// What a scan lacks before its paper may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScanLack {
    /// It is not read, or cannot be.
    NotReadable,
    /// Not all pages that must be looked at were.
    NotChecked,
    /// Pages must be scanned again.
    Rescan,
    /// It is out of use, and no other scan stands for its paper.
    NotReplaced,
    /// Its transfer note.
    NoNote,
    /// A qualified seal, which a high need demands; the note names none.
    NoSeal,
    /// A completed backup run since its note.
    NotBackedUp,
}

/// The scans of a file, and which of them are safe in a backup.
#[derive(Debug, Clone, Copy)]
pub struct Scans<'a> {
    /// Every document of the file.
    pub documents: &'a [Document],
    /// Those with a transfer note that a completed backup run has.
    pub backed_up: &'a BTreeSet<DocumentId>,
}

impl Scans<'_> {
    /// Scans that stand for paper: those in use, those that were given up for others, and no paper that stays anyway.
    fn standing(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(|document| {
            document.scan.as_ref().is_some_and(|product| product.scan.irreplaceable.is_none())
        })
    }

    /// Every scan that took its place is in use, or was replaced in turn by such. `known` is what was found before.
    fn leads_to_one_in_use(&self, document: &Document, known: &mut BTreeMap<DocumentId, bool>) -> bool {
        if let Some(leads) = known.get(&document.id) {
            return *leads;
        }
        // What leads back to itself leads nowhere.
        known.insert(document.id, false);
        let of = |id: &DocumentId| self.documents.iter().find(|other| other.id == *id);
        let mut next = document.became.iter();
        let leads = document.scan.is_some()
            && (stands(document)
                || !document.became.is_empty()
                    && next.all(|id| of(id).is_some_and(|other| self.leads_to_one_in_use(other, known))));
        known.insert(document.id, leads);
        leads
    }

    /// What it lacks; none if its paper may go as far as it is concerned.
    fn lack(&self, document: &Document) -> Option<ScanLack> {
        let product = document.scan.as_ref()?;
        if !stands(document) {
            let replaced = self.leads_to_one_in_use(document, &mut BTreeMap::new());
            return (!replaced).then_some(ScanLack::NotReplaced);
        }
        match document.check_state()? {
            CheckState::Unread | CheckState::Unreadable { .. } => return Some(ScanLack::NotReadable),
            CheckState::Open { .. } => return Some(ScanLack::NotChecked),
            CheckState::Rescan { .. } => return Some(ScanLack::Rescan),
            CheckState::Passed => {}
        }
        match &product.note {
            None => Some(ScanLack::NoNote),
            Some(note) if note.quality.need > ProtectionNeed::Normal && note.seal.is_none() => {
                Some(ScanLack::NoSeal)
            }
            Some(_) if !self.backed_up.contains(&document.id) => Some(ScanLack::NotBackedUp),
            Some(_) => None,
        }
    }
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

/// It is in use, or its pages are in other documents since its note was written: a stack that was split when it was checked.
fn stands(document: &Document) -> bool {
    let noted = document.scan.as_ref().is_some_and(|product| product.note.is_some());
    document.withdrawn.is_none() || noted && !document.became.is_empty()
}

/// May the paper of this file go, as far as its scans, the rules and the archive say? As [`paper_fate`], but no fact that
/// somebody recorded stands for a check.
#[must_use]
pub fn paper_fate_of_scans(
    file: &CaseFile,
    (book, confirmations): (&RuleBook, &Confirmations),
    (decision, criterion_hit): (Option<Disposition>, bool),
    scans: Scans<'_>,
    on: Date,
) -> PaperFate {
    if file.carriers.paper.is_none() {
        return PaperFate::NoPaper;
    }
    let mut lacks: BTreeMap<ScanLack, Vec<String>> = BTreeMap::new();
    let (mut last_scan, mut last_note, mut in_use) = (None, None, 0);
    for document in scans.standing() {
        if let Some(lack) = scans.lack(document) {
            lacks.entry(lack).or_default().push(document.file_name.clone());
        }
        let product = document.scan.as_ref();
        last_scan = last_scan.max(product.map(|product| product.scan.on));
        last_note = last_note.max(product.and_then(|product| product.note.as_ref()).map(|note| note.on));
        in_use += usize::from(stands(document));
    }
    let mut why = Vec::new();
    if file.loan.is_some() {
        why.push(PaperReason::Lent);
    }
    if in_use == 0 {
        why.push(PaperReason::NothingScanned);
    } else if file.paper_scanned.is_none_or(|stated| last_scan.is_some_and(|last| last > stated)) {
        why.push(PaperReason::NotAllScanned);
    }
    why.extend(lacks.into_iter().map(|(lack, names)| PaperReason::Scans { lack, names }));
    // The rest is decided as the examples of the packs decide it, on a file that says what was found here.
    let mut told = CaseFile { documents: scans.documents.iter().map(|one| one.id).collect(), ..file.clone() };
    told.facts.retain(|fact| fact.kind.as_str() != SCAN_CHECKED);
    let checked = last_note.filter(|_| why.is_empty());
    if let (Some(on), Ok(kind)) = (checked, SCAN_CHECKED.parse()) {
        told.facts.push(Fact { kind, on, source: String::new() });
    }
    let fate = paper_fate(&told, book, confirmations, decision, criterion_hit, on);
    if let PaperFate::Keep { why: more } = &fate {
        let known = |reason: &PaperReason| match reason {
            PaperReason::ScanNotChecked => checked.is_none(),
            PaperReason::NothingScanned => in_use == 0,
            _ => false,
        };
        why.extend(more.iter().filter(|reason| !known(reason)).cloned());
    }
    if why.is_empty() { fate } else { PaperFate::Keep { why } }
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
