//! Replacement scanning (ersetzendes Scannen, BSI TR-03138 TR-RESISCAN): what is known of a document that came from paper, how
//! much of it must be looked at, what was seen, and the transfer note (Transfervermerk). Here stands what is so; what may be done
//! is decided in `check` and `note`. What becomes of the paper is told in [`super::retention`].

pub mod check;
pub mod note;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};

use super::ids::PersonId;
use super::protection::ProtectionDomain;

pub use note::TransferNote;

/// Longest text somebody gives with a scan (a device, a reason, a remark), in characters.
pub const SCAN_TEXT_CHARS_MAX: usize = 400;

/// How much depends on the scan being right (Schutzbedarf of its integrity).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtectionNeed {
    /// Normal: a sample of the pages is looked at.
    Normal,
    /// High: every page is looked at, and the paper goes only with a qualified seal.
    High,
    /// Very high: as high, and never by the person who scanned.
    VeryHigh,
}

impl ProtectionNeed {
    /// All of them, least first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::High, Self::VeryHigh];
    /// What counts where nobody said: every page is looked at. Looking at too much costs time, at too little the evidence.
    pub const UNSTATED: Self = Self::High;

    /// The least there is under this secrecy.
    #[must_use]
    pub fn least(domain: ProtectionDomain) -> Self {
        match domain {
            ProtectionDomain::General => Self::Normal,
            ProtectionDomain::Tax | ProtectionDomain::Social | ProtectionDomain::Personnel => Self::High,
        }
    }

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
            Self::VeryHigh => "very_high",
        }
    }

    /// The German word users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "hoch",
            Self::VeryHigh => "sehr hoch",
        }
    }
}

/// Paper that is never destroyed, whatever was scanned: it counts as a thing, and not for what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Irreplaceable {
    /// A deed of a notary.
    NotarialDeed,
    /// An attestation with a seal.
    SealedAttestation,
    /// An opening balance.
    OpeningBalance,
    /// A security.
    Security,
    /// Anything else that counts only as the original.
    OtherOriginal,
}

impl Irreplaceable {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::NotarialDeed,
        Self::SealedAttestation,
        Self::OpeningBalance,
        Self::Security,
        Self::OtherOriginal,
    ];

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotarialDeed => "notarial_deed",
            Self::SealedAttestation => "sealed_attestation",
            Self::OpeningBalance => "opening_balance",
            Self::Security => "security",
            Self::OtherOriginal => "other_original",
        }
    }

    /// The German words users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NotarialDeed => "notarielle Urkunde",
            Self::SealedAttestation => "Beglaubigung mit Siegel",
            Self::OpeningBalance => "Eröffnungsbilanz",
            Self::Security => "Wertpapier",
            Self::OtherOriginal => "nur im Original gültig",
        }
    }
}

/// Whether the images of a document are compressed by symbol coding, which puts one drawing for all signs that look alike and
/// may so turn a 6 into an 8 (TR-RESISCAN A.SC.12 forbids it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SymbolCoding {
    /// None of them is.
    Absent,
    /// At least one is.
    Present,
    /// It could not be seen.
    Unclear,
}

impl SymbolCoding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Absent, Self::Present, Self::Unclear];

    /// The code used in formats.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::Unclear => "unclear",
        }
    }
}

/// Not one of the codes there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct NotACode(&'static str);

macro_rules! by_code {
    ($($kind:ident: $codes:literal;)*) => {$(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }

        impl FromStr for $kind {
            type Err = NotACode;
            fn from_str(text: &str) -> Result<Self, NotACode> {
                Self::ALL.into_iter().find(|one| one.code() == text).ok_or(NotACode($codes))
            }
        }
    )*};
}

by_code! {
    ProtectionNeed: "normal, high or very_high";
    Irreplaceable: "notarial_deed, sealed_attestation, opening_balance, security or other_original";
    SymbolCoding: "absent, present or unclear";
}

/// How it was scanned (Verfahren): the technical and organisational environment of a transfer note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// What the instruction is called (Verfahrensanweisung).
    pub name: String,
    /// Its version.
    pub version: String,
    /// The scanner.
    pub device: String,
    /// What it is run with.
    pub software: String,
    /// Where, and by which unit; empty if nobody said.
    pub site: String,
}

/// What the scanning person says of a document that came from paper and is to stand for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperScan {
    /// How it was scanned.
    pub procedure: Procedure,
    /// Who stood at the scanner, if that was not [`Self::by`].
    pub operator: Option<String>,
    /// When it was scanned.
    pub captured: DateTime,
    /// How many pages of paper were counted; none if nobody has counted yet.
    pub pages_on_paper: Option<u32>,
    /// How much depends on it.
    pub need: ProtectionNeed,
    /// Its paper stays whatever happens.
    pub irreplaceable: Option<Irreplaceable>,
    /// Drawn by chance when it was said for the first time; with the scan's digest it decides which pages are looked at.
    pub seed: String,
    /// Who said so, and answers for the scan.
    pub by: PersonId,
    /// The day it was said.
    pub on: Date,
}

/// What was seen on a page (Sichtprüfung).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageVerdict {
    /// It is as the paper is.
    Accepted,
    /// It must be scanned again.
    Rescan {
        /// Why: `untere Hälfte abgeschnitten`.
        reason: String,
    },
}

/// A look at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLook {
    /// What was seen.
    pub verdict: PageVerdict,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// A scan that is to stand for its paper (Scanprodukt), as far as it has come. Looks and note are of the newest version of its
/// document; of a newer one everything begins anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanProduct {
    /// What the scanning person says.
    pub scan: PaperScan,
    /// The newest look at each page.
    pub looks: BTreeMap<u32, PageLook>,
    /// The transfer note, if it was written and nothing has come up since.
    pub note: Option<TransferNote>,
}

impl ScanProduct {
    /// One nobody has looked at.
    #[must_use]
    pub fn new(scan: PaperScan) -> Self {
        Self { scan, looks: BTreeMap::new(), note: None }
    }

    /// Something else is said of it. What was seen counts on only if the same person answers for a scan of the same need.
    pub(super) fn restate(&mut self, scan: &PaperScan) {
        let same = |scan: &PaperScan| (scan.by, scan.need, scan.operator.clone());
        if same(&self.scan) != same(scan) {
            self.looks.clear();
        }
        (self.scan, self.note) = (scan.clone(), None);
    }

    /// Pages were looked at.
    pub(super) fn look(&mut self, pages: &[(u32, PageVerdict)], by: PersonId, on: Date) {
        for (page, verdict) in pages {
            if matches!(verdict, PageVerdict::Rescan { .. }) {
                self.note = None;
            }
            self.looks.insert(*page, PageLook { verdict: verdict.clone(), by, on });
        }
    }

    /// Another version came: nothing is known of it.
    pub(super) fn begin_anew(&mut self) {
        self.looks.clear();
        self.note = None;
    }
}
