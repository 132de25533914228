//! In which order what is found is listed; knows no index.

use std::str::FromStr;

/// In which order matches are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The best first.
    #[default]
    Relevance,
    /// The latest of their years first; those without any last.
    Newest,
    /// The earliest of their years first; those without any last.
    Oldest,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Newest, Self::Oldest];

    /// The code used in formats and commands.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }

    /// The German name users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Relevance => "beste Treffer zuerst",
            Self::Newest => "neueste zuerst",
            Self::Oldest => "älteste zuerst",
        }
    }
}

/// Not the code of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected relevance, newest or oldest")]
pub struct NotAnOrder;

impl FromStr for Order {
    type Err = NotAnOrder;
    fn from_str(text: &str) -> Result<Self, NotAnOrder> {
        Self::ALL.into_iter().find(|order| order.code() == text).ok_or(NotAnOrder)
    }
}
