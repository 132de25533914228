//! The classes of queries, and what a query is.

use std::collections::BTreeMap;

use super::collection::Writing;
use super::dice::Dice;
use super::text::{PageNo, Pages, Vocabulary};

/// Hits a person looks at.
pub const SEEN: usize = 10;

/// Hits that are fetched: enough for ten to be left when those are passed over that the rule has no opinion on.
pub const DEPTH: usize = 200;

/// What a query tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Part,
    Apart,
    Inflection,
    TypedWrittenOut,
    PageWrittenOut,
    Street,
    Broken,
    OldSince1996,
    OldSince1902,
    Address,
    Reference,
    Date,
    Known,
    MisreadWord(u8),
    MisreadKnown(u8),
}

impl Class {
    /// As the table names it.
    pub fn name(self) -> String {
        let name = match self {
            Self::Part => "part of a compound",
            Self::Apart => "compound, its parts typed apart",
            Self::Inflection => "inflection",
            Self::TypedWrittenOut => "umlauts, ß: written out in the query",
            Self::PageWrittenOut => "umlauts, ß: written out on the page",
            Self::Street => "Straße, Strasse, Str.",
            Self::Broken => "word broken at the end of a line",
            Self::OldSince1996 => "spelling before 1996 (Anschluß)",
            Self::OldSince1902 => "spelling before 1902 (Thür, -niß)",
            Self::Address => "address in another spelling",
            Self::Reference => "reference number, other separators",
            Self::Date => "date in another spelling",
            Self::Known => "two or three words of one page",
            Self::MisreadWord(percent) => return format!("{percent} % misread: word"),
            Self::MisreadKnown(percent) => return format!("{percent} % misread: two or three words"),
        };
        name.to_owned()
    }

    /// What recall must reach.
    pub fn goal(self) -> Option<f64> {
        match self {
            Self::Part | Self::Apart | Self::Inflection => Some(0.95),
            Self::TypedWrittenOut | Self::PageWrittenOut | Self::Street => Some(0.95),
            Self::MisreadWord(5) | Self::MisreadKnown(5) => Some(0.85),
            _ => None,
        }
    }
}

/// A query and what is right for it.
#[derive(Debug, Clone)]
pub struct Query {
    pub class: Class,
    /// The pages it is asked of.
    pub writing: Writing,
    /// What is typed.
    pub typed: String,
    /// How relevant pages are; a page that is missing is not.
    pub grades: BTreeMap<PageNo, u8>,
    /// Pages the rule has no opinion on: they are passed over wherever an engine ranks them.
    pub no_opinion: Pages,
}

impl Query {
    /// `relevant` counts before `no_opinion`.
    pub fn new(class: Class, typed: impl Into<String>, relevant: &Pages, no_opinion: &Pages) -> Self {
        Self {
            class,
            writing: Writing::Clean,
            typed: typed.into(),
            grades: relevant.iter().map(|page| (*page, 1)).collect(),
            no_opinion: no_opinion - relevant,
        }
    }

    /// Whoever ranks all pages without opinion first still has ten hits left to judge.
    pub fn can_be_judged(&self) -> bool {
        self.no_opinion.len() + SEEN <= DEPTH
    }

    /// The same, of pages that are written otherwise.
    pub fn of(self, writing: Writing) -> Self {
        Self { writing, ..self }
    }
}

/// True if the pages where it stands as it is typed do not fill what one looks at: otherwise every engine is right.
pub fn is_telling(literal: &Pages, relevant: &Pages) -> bool {
    !relevant.is_empty() && literal.len() < relevant.len().min(SEEN)
}

/// What queries are drawn from.
pub struct World {
    pub pages: Vec<String>,
    pub words: Vocabulary,
    /// Queries of a class at most.
    pub most: usize,
}

/// Takes `most` at most, by chance, each text once; none whose pages without opinion could fill all that is fetched.
pub fn some(mut all: Vec<Query>, most: usize, dice: &mut Dice) -> Vec<Query> {
    all.retain(Query::can_be_judged);
    all.sort_by(|a, b| a.typed.cmp(&b.typed));
    all.dedup_by(|a, b| a.typed == b.typed);
    dice.shuffle(&mut all);
    all.truncate(most);
    all
}
