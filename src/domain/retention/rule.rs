//! What a rule says. Rules are data: packs bring them, [`super::RuleBook`] checks them against each other.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use super::period::{EndCounting, Period, StartCounting};
use crate::domain::case_file::{ClassNumber, FactKind};

/// Longest rule id or edition, in characters.
pub const NAME_CHARS_MAX: usize = 60;

/// No name begins so: on disposal lists it marks what goes before its time, and no rule may look like it.
pub const EARLY: &str = "early:";

/// Not the name of a rule, a criterion or an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 1 to {NAME_CHARS_MAX} visible characters without blanks at the ends")]
pub struct NotARuleName;

macro_rules! name {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotARuleName;
            fn from_str(text: &str) -> Result<Self, NotARuleName> {
                let fits = (1..=NAME_CHARS_MAX).contains(&text.chars().count()) && !text.starts_with(EARLY);
                if fits && text.trim() == text && !text.chars().any(char::is_control) {
                    Ok(Self(text.into()))
                } else {
                    Err(NotARuleName)
                }
            }
        }
    )*};
}

name! {
    /// Name of a rule, such as `BA-03`. Cheap to clone.
    RuleId;
    /// Name of one edition of a rule pack, such as `nrw-kommunal 2026-1`. Cheap to clone.
    /// Rules once in force are never edited: a change is a new edition.
    Edition;
}

/// What is to happen when the period has ended (Aussonderungsart).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// A: archive-worthy, to be handed over.
    ArchiveWorthy,
    /// B: the archive decides file by file.
    Appraise,
    /// V: to be destroyed.
    Destroy,
}

impl Disposition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ArchiveWorthy, Self::Appraise, Self::Destroy];

    /// The letter used in formats and commands, as xdomea and German archives have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ArchiveWorthy => "A",
            Self::Appraise => "B",
            Self::Destroy => "V",
        }
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not the letter of a disposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected A, B or V")]
pub struct NotADisposition;

impl FromStr for Disposition {
    type Err = NotADisposition;
    fn from_str(text: &str) -> Result<Self, NotADisposition> {
        Self::ALL.into_iter().find(|disposition| disposition.code() == text).ok_or(NotADisposition)
    }
}

/// How far a rule can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Read off its source.
    Sourced,
    /// Practice or general knowledge (zu bestätigen): yields no *due* before the town has confirmed it.
    ToBeConfirmed,
}

/// What a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalBasis {
    /// The norm or practice: `§ 59 Abs. 2 KomHVO NRW`.
    pub text: String,
    /// Which version of it was read; none if that is not known.
    pub edition: Option<String>,
}

/// A second fact that holds a period back: it begins no earlier than this one says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotBefore {
    /// The fact. While it is missing the period has not begun.
    pub fact: FactKind,
    /// How its day is counted.
    pub counted: StartCounting,
}

/// What a period does not run under (Hemmung), from one fact to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// The fact with which it begins.
    pub from: FactKind,
    /// The fact with which it ends. While it is missing the period stands still.
    pub until: FactKind,
}

/// One period of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The facts that start it: one of them suffices, the latest counts. Never empty.
    pub start: Vec<FactKind>,
    /// How the day of the fact is counted.
    pub counted: StartCounting,
    /// How long it is.
    pub period: Period,
    /// How its last day is counted.
    pub ends: EndCounting,
    /// What holds its beginning back.
    pub not_before: Option<NotBefore>,
    /// What suspends it; empty if nothing does. Only a period of years or months runs, so that it can stand still.
    pub suspended: Vec<Suspension>,
}

/// How long a rule keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retention {
    /// For ever (dauernd). The duty to offer after 30 years stands beside it.
    Permanent,
    /// As long as the longest of these; until all have begun, none has ended. Never empty.
    Terms(Vec<Term>),
}

/// The fate of the paper original where the scanned record is kept on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperRule {
    /// As long as the digital record: the paper goes with it, never earlier.
    WithRecord,
    /// May go before, once the scan was checked (TR-RESISCAN), unless archive-worthy or undecided.
    AfterScanCheck,
    /// Stays in any case (registers, seals, deeds).
    Keep,
}

/// A retention rule (Aufbewahrungsregel).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// What it is about, German.
    pub title: String,
    /// The classes it governs, and those below them that have no rule of their own.
    pub classes: Vec<ClassNumber>,
    /// How long it keeps.
    pub retention: Retention,
    /// What is to happen then.
    pub disposition: Disposition,
    /// After so long only those read it who need it for what it is still kept for (Einschränkung der Verarbeitung, as in
    /// § 13 Abs. 2 BMG); counted like its terms, and shorter than each. None if it stays as it is until the end.
    pub restricted_after: Option<Period>,
    /// What may happen to the paper before.
    pub paper: PaperRule,
    /// What it rests on.
    pub basis: LegalBasis,
    /// How far it can be relied on.
    pub confidence: Confidence,
    /// First day it is in force; none: always was.
    pub valid_from: Option<Date>,
    /// Last day it is in force; none: still is.
    pub valid_to: Option<Date>,
    /// What people should know beside it, German.
    pub note: Option<String>,
}

impl Rule {
    /// In force on this day.
    #[must_use]
    pub fn in_force(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    /// Every fact it asks for.
    pub fn facts(&self) -> impl Iterator<Item = &FactKind> {
        let terms: &[Term] = match &self.retention {
            Retention::Permanent => &[],
            Retention::Terms(terms) => terms,
        };
        terms.iter().flat_map(|term| {
            let suspended =
                term.suspended.iter().flat_map(|suspension| [&suspension.from, &suspension.until]);
            term.start.iter().chain(term.not_before.iter().map(|n| &n.fact)).chain(suspended)
        })
    }
}
