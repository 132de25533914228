//! Protection domains: what secrecy keeps apart. Equal content is stored once inside a domain and never
//! across; each has an index of its own, so that no statistic crosses either.

use std::fmt;
use std::str::FromStr;

/// A protection domain (Schutzbereich).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtectionDomain {
    /// Everything without special secrecy.
    General,
    /// Tax secrecy, § 30 AO.
    Tax,
    /// Social secrecy, § 35 SGB I.
    Social,
    /// Personnel files, § 50 BeamtStG.
    Personnel,
}

impl ProtectionDomain {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::General, Self::Tax, Self::Social, Self::Personnel];

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Tax => "tax",
            Self::Social => "social",
            Self::Personnel => "personnel",
        }
    }

    /// The German name users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::General => "Allgemein",
            Self::Tax => "Steuergeheimnis",
            Self::Social => "Sozialgeheimnis",
            Self::Personnel => "Personalakten",
        }
    }
}

impl fmt::Display for ProtectionDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not the code of a protection domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected general, tax, social or personnel")]
pub struct NotADomain;

impl FromStr for ProtectionDomain {
    type Err = NotADomain;
    fn from_str(text: &str) -> Result<Self, NotADomain> {
        Self::ALL.into_iter().find(|domain| domain.code() == text).ok_or(NotADomain)
    }
}
