//! A file (Akte) with its two carriers, the facts that start retention periods, and its holds.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::civil::Date;

use super::ids::{CaseFileId, CaseId, DocumentId, HoldId, PersonId, ReminderId};
use super::paper::{Loan, PastLoan};
use super::protection::ProtectionDomain;
use super::record_type::{RecordTypeId, TypeEdition};
use super::relation::Relation;
use super::restriction::Restriction;

pub use super::paper::{Carriers, PaperLocation};

/// A reference number (Aktenzeichen): what people call a file. Unique, never reused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferenceNumber(String);

/// Longest reference number, in characters.
pub const REFERENCE_CHARS_MAX: usize = 80;

/// Not a reference number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reference number has 1 to {REFERENCE_CHARS_MAX} visible characters")]
pub struct NotAReference;

impl FromStr for ReferenceNumber {
    type Err = NotAReference;
    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let text = text.trim();
        let fits = (1..=REFERENCE_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAReference)
        }
    }
}

impl fmt::Display for ReferenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReferenceNumber {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one reference number share: letters and digits, lower case.
    /// `63.10.01-1042`, `63 10 01 1042` and `63/10/01/1042` are one file.
    #[must_use]
    pub fn fold(&self) -> String {
        self.0.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }
}

/// Number of a class of the file plan (Aktenplankennzeichen), such as `63.10.01`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassNumber(String);

/// Not a class number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a class number is digits in groups, parted by full stops, such as 63.10.01")]
pub struct NotAClass;

impl FromStr for ClassNumber {
    type Err = NotAClass;
    fn from_str(text: &str) -> Result<Self, NotAClass> {
        let group = |g: &str| !g.is_empty() && g.len() <= 4 && g.bytes().all(|b| b.is_ascii_digit());
        if text.len() <= 40 && text.split('.').all(group) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAClass)
        }
    }
}

impl fmt::Display for ClassNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ClassNumber {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This class and those above it, nearest first: `63.10.01`, `63.10`, `63`.
    pub fn lineage(&self) -> impl Iterator<Item = ClassNumber> {
        std::iter::successors(Some(self.0.as_str()), |s| s.rsplit_once('.').map(|(above, _)| above))
            .map(|s| ClassNumber(s.to_owned()))
    }

    /// `self` is `branch` or lies below it.
    #[must_use]
    pub fn is_within(&self, branch: &ClassNumber) -> bool {
        self.0.strip_prefix(&branch.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// Name of a kind of fact, as rule packs declare it: `closed`, `building_demolished`, `council_adopts_accounts`.
/// Lower-case letters and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKind(String);

/// Not the name of a fact or a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected lower-case letters, digits and underscores, beginning with a letter")]
pub struct NotAName;

pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl FactKind {
    /// The fact that the file was closed (z.d.A.); set by closing, never by hand.
    pub const CLOSED: &'static str = "closed";

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FactKind {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if is_name(text) { Ok(Self(text.to_owned())) } else { Err(NotAName) }
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A fact: something that happened on a day, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub kind: FactKind,
    /// When.
    pub on: Date,
    /// Where it is known from: `Abbruchanzeige vom 12.03.2014`.
    pub source: String,
}

/// A hold (Vernichtungssperre): while it stands nothing of the file is destroyed. One order may hold many files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The id that never changes; that of the order, the same on all its files.
    pub id: HoldId,
    /// Why: `Verfahren 4 K 112/24`.
    pub reason: String,
    /// Since when.
    pub since: Date,
    /// On which day somebody is to look whether it is still needed.
    pub review: Option<Date>,
}

/// A case (Vorgang): one matter inside a file, such as one building application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The id that never changes.
    pub id: CaseId,
    /// What it is about.
    pub title: String,
    /// When it was opened.
    pub opened: Date,
}

/// What is said of a file, and may be changed while it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it is about (Betreff).
    pub title: String,
    /// Its place in the file plan.
    pub class: ClassNumber,
    /// Its record type; none where the registry has none.
    pub record_type: Option<TypeEdition>,
    /// The fields of its type.
    pub fields: BTreeMap<String, String>,
}

/// A note (Vermerk). It is never changed; a wrong one is followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub on: Date,
    /// What.
    pub text: String,
}

/// A reminder (Wiedervorlage).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// The id that never changes.
    pub id: ReminderId,
    /// Who is to look at the file again.
    pub whom: PersonId,
    /// On which day.
    pub on: Date,
    /// What for.
    pub text: String,
}

/// Where a file is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// In use (laufend).
    Open,
    /// Closed, to the files (z.d.A.); retention periods may run.
    Closed {
        /// The day of the closing order.
        on: Date,
    },
    /// Handed over: the archive copy is in the archive wing.
    Transferred {
        /// The day the archive copy was read back.
        on: Date,
    },
    /// Point of no return: destruction has begun and only rolls forward.
    Condemned {
        /// The day it began.
        on: Date,
    },
    /// Destroyed: only the id and the ledger's proof remain.
    Destroyed {
        /// The day it was completed.
        on: Date,
    },
}

impl Phase {
    /// Destruction has begun, or is over.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Condemned { .. } | Self::Destroyed { .. })
    }
}

/// A file (Akte) as its ledger entries tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The id that never changes.
    pub id: CaseFileId,
    /// What people call it.
    pub reference: ReferenceNumber,
    /// What it is about (Betreff).
    pub title: String,
    /// Its place in the file plan.
    pub class: ClassNumber,
    /// Its record type, as it was when the file was opened; none where the registry had none.
    pub record_type: Option<TypeEdition>,
    /// Which secrecy it is under.
    pub domain: ProtectionDomain,
    /// Where it is in its life.
    pub phase: Phase,
    /// When it was opened.
    pub opened: Date,
    /// Fields of its record type (`street`, `parcel`, `built_year`, `monument` …).
    pub fields: BTreeMap<String, String>,
    /// Facts that start periods, in the order they became known.
    pub facts: Vec<Fact>,
    /// Holds that stand.
    pub holds: Vec<Hold>,
    /// Whether only those read it who need it for what it is still kept for.
    pub restriction: Restriction,
    /// Notes, in the order they were written.
    pub notes: Vec<Note>,
    /// Reminders that were not dealt with.
    pub reminders: Vec<Reminder>,
    /// Who is responsible for it in person.
    pub responsible: Option<PersonId>,
    /// What it is kept on.
    pub carriers: Carriers,
    /// Who has its paper now; none if nobody borrowed it.
    pub loan: Option<Loan>,
    /// Loans of its paper that are over, in the order they ended.
    pub past_loans: Vec<PastLoan>,
    /// When somebody stated that all its paper was scanned; none if nobody did.
    pub paper_scanned: Option<Date>,
    /// Its cases, in the order they were opened.
    pub cases: Vec<Case>,
    /// The files it belongs together with, and what each is to it.
    pub relations: BTreeMap<CaseFileId, Relation>,
    /// Its documents.
    pub documents: Vec<DocumentId>,
}

impl CaseFile {
    /// What is said of it.
    #[must_use]
    pub fn description(&self) -> Description {
        Description {
            title: self.title.clone(),
            class: self.class.clone(),
            record_type: self.record_type.clone(),
            fields: self.fields.clone(),
        }
    }

    /// The value of a field; empty if it has none.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The name of its record type, if it has one.
    #[must_use]
    pub fn type_id(&self) -> Option<&RecordTypeId> {
        self.record_type.as_ref().map(|edition| &edition.id)
    }

    /// Street and house number, as far as they are known.
    #[must_use]
    pub fn address(&self) -> String {
        let parts = [self.field("street"), self.field("house_number")];
        parts.join(" ").trim().to_owned()
    }

    /// First and last year of its time (Laufzeit). One that was taken in when it had long been closed has only the
    /// day of closing.
    #[must_use]
    pub fn years(&self) -> RangeInclusive<i16> {
        let opened = self.opened.year();
        match self.phase {
            Phase::Closed { on } if on < self.opened => on.year()..=on.year(),
            Phase::Closed { on } => opened..=on.year(),
            Phase::Open | Phase::Transferred { .. } | Phase::Condemned { .. } | Phase::Destroyed { .. } => {
                opened..=opened
            }
        }
    }

    /// The latest day this kind of fact happened; reopening and a second closing count anew.
    #[must_use]
    pub fn fact(&self, kind: &str) -> Option<&Fact> {
        self.facts.iter().filter(|fact| fact.kind.as_str() == kind).max_by_key(|fact| fact.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_reference_number_fold_to_one() {
        let fold = |text: &str| text.parse::<ReferenceNumber>().map(|r| r.fold());
        assert_eq!(fold("63.10.01-1042"), fold(" 63/10/01 1042"));
        assert_eq!(fold("02091-C-71"), Ok("02091c71".to_owned()));
        assert_eq!(fold(" "), Err(NotAReference));
    }

    #[test]
    fn a_class_lies_within_itself_and_what_is_above_it() {
        let class = |text: &str| text.parse::<ClassNumber>().unwrap();
        assert!(class("63.10.01").is_within(&class("63")));
        assert!(class("63").is_within(&class("63")));
        assert!(!class("631").is_within(&class("63")));
        assert!("63..1".parse::<ClassNumber>().is_err());
        let above: Vec<_> = class("63.10.01").lineage().map(|c| c.to_string()).collect();
        assert_eq!(above, ["63.10.01", "63.10", "63"]);
    }
}
