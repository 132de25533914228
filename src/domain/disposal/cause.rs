//! Why a file is on a disposal list: a rule made it due, or it is removed before its time because the law or a court says so.
//!
//! Early removal changes nothing about the way: the archive decides, three people sign, a hold stops it. Only that its
//! period is over is not asked.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use crate::domain::retention::EARLY;

/// The ground on which a file is removed before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A person's right to erasure (Art. 17 GDPR).
    Erasure,
    /// The order of a court or of the supervisory authority.
    Order,
}

impl Ground {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Erasure, Self::Order];

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Order => "order",
        }
    }

    /// The German words users and certificates read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Erasure => "Recht auf Löschung (Art. 17 DSGVO)",
            Self::Order => "Anordnung eines Gerichts oder der Aufsichtsbehörde",
        }
    }
}

/// Not the code of a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected erasure or order")]
pub struct NotAGround;

impl FromStr for Ground {
    type Err = NotAGround;
    fn from_str(text: &str) -> Result<Self, NotAGround> {
        Self::ALL.into_iter().find(|ground| ground.code() == text).ok_or(NotAGround)
    }
}

/// Why a file is on a list. Its text is signed (`schema/formats/disposal-list.md`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// This rule made it due. Empty where no rule was named.
    Rule(String),
    /// It is removed before its time.
    Early(Ground),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => f.write_str(rule),
            Self::Early(ground) => write!(f, "{EARLY}{}", ground.code()),
        }
    }
}

impl FromStr for Cause {
    type Err = Infallible;
    /// What is not a ground is a rule, and a rule must make the file due.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let ground = text.strip_prefix(EARLY).and_then(|code| code.parse().ok());
        Ok(ground.map_or_else(|| Self::Rule(text.to_owned()), Self::Early))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::RuleId;

    #[test]
    fn a_cause_is_read_as_it_is_written_and_what_is_no_ground_needs_a_rule() {
        let read = |text: &str| text.parse::<Cause>().unwrap_or_else(|never| match never {});
        for cause in [Cause::Early(Ground::Erasure), Cause::Early(Ground::Order), Cause::Rule("BA-03".into())]
        {
            assert_eq!(read(&cause.to_string()), cause);
        }
        for text in ["", "early:", "early:anything", "Early:erasure", "erasure"] {
            assert_eq!(read(text), Cause::Rule(text.to_owned()), "{text}");
        }
        for ground in Ground::ALL {
            let early = Cause::Early(ground).to_string();
            assert!(early.parse::<RuleId>().is_err(), "no rule is called {early}");
        }
    }
}
