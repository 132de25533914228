//! How two files belong together (Bezug). Each of them says so, in words of its own: what comes before this one is followed
//! by it, and what is a part of it has it for its whole.

use std::fmt;
use std::str::FromStr;

/// What the other file is to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Another matter that sheds light on this one.
    SeeAlso,
    /// The same matter, before.
    Predecessor,
    /// The same matter, after.
    Successor,
    /// The whole (Gesamtakte) of which this is a part.
    Whole,
    /// A part of it (Teilakte).
    Part,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SeeAlso, Self::Predecessor, Self::Successor, Self::Whole, Self::Part];

    /// What this file is to the other one.
    #[must_use]
    pub fn seen_from_the_other(self) -> Self {
        match self {
            Self::SeeAlso => Self::SeeAlso,
            Self::Predecessor => Self::Successor,
            Self::Successor => Self::Predecessor,
            Self::Whole => Self::Part,
            Self::Part => Self::Whole,
        }
    }

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SeeAlso => "see_also",
            Self::Predecessor => "predecessor",
            Self::Successor => "successor",
            Self::Whole => "whole",
            Self::Part => "part",
        }
    }

    /// The German words users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SeeAlso => "siehe auch",
            Self::Predecessor => "Vorgänger",
            Self::Successor => "Nachfolger",
            Self::Whole => "gehört zur Gesamtakte",
            Self::Part => "Teilakte",
        }
    }
}

/// Not the code of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected see_also, predecessor, successor, whole or part")]
pub struct NotARelation;

impl FromStr for Relation {
    type Err = NotARelation;
    fn from_str(text: &str) -> Result<Self, NotARelation> {
        Self::ALL.into_iter().find(|relation| relation.code() == text).ok_or(NotARelation)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seen_from_the_other_and_back_it_is_the_same() {
        for relation in Relation::ALL {
            assert_eq!(relation.seen_from_the_other().seen_from_the_other(), relation);
            assert_eq!(relation.code().parse(), Ok(relation));
        }
        assert_eq!(Relation::Part.seen_from_the_other(), Relation::Whole);
        assert_eq!(Relation::Predecessor.seen_from_the_other(), Relation::Successor);
    }
}
