//! What people type into the search box, read into a tree. Pure: knows no index and no analysis of words.
//!
//! ```text
//! query  = or
//! or     = and { ("ODER" | "OR") and }
//! and    = not { [ "UND" | "AND" ] not }                words side by side mean UND
//! not    = ( "NICHT" | "NOT" | "-" ) not | atom         "-" stands directly before what is excluded
//! atom   = "(" or ")" | [ field ] text | "klasse:" class number
//! field  = "az:" | "aktenzeichen:" | "titel:" | "datei:"  without a blank behind the colon
//! text   = word | word "*" | quote … quote              quotes: "…" „…“ “…” »…« «…»
//! word   = letters, digits and signs up to a blank, bracket or quote
//! ```
//!
//! - Operators are upper case only: `und` is a word, `UND` joins.
//! - `garage*` finds what begins so; [`PREFIX_CHARS_MIN`] letters or digits must stand before the star.
//! - `az:`, `titel:` name files, `datei:` names documents, `klasse:63` a branch of the file plan.
//! - A sign without letter or digit (`§`, `–`, `&`) is passed over; a colon behind anything but a field
//!   name belongs to the word (`10:30`), and so do slashes, dots and hyphens inside (`02091-C-71`).
//! - Everything else that cannot be read is a [`QueryMistake`] that points at its place.
//!
//! Limits: [`QUERY_BYTES_MAX`], [`QUERY_DEPTH_MAX`], [`QUERY_TERMS_MAX`].

mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use parser::parse;

use super::case_file::ClassNumber;

/// Longest query, in bytes.
pub const QUERY_BYTES_MAX: usize = 1024;
/// How deep brackets and NICHT may be nested.
pub const QUERY_DEPTH_MAX: usize = 20;
/// Most words; the parts of `02091-C-71` count one by one.
pub const QUERY_TERMS_MAX: usize = 50;
/// Letters or digits that must stand before `*`.
pub const PREFIX_CHARS_MIN: usize = 2;

/// A query that was read and lies within the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    root: Node,
}

impl Query {
    /// The tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Words to be found somewhere.
    Text(Place, Text),
    /// Everything in this class and below it.
    Class(ClassNumber),
    /// What the inner node does not find.
    Not(Box<Node>),
    /// What all inner nodes find; two or more.
    All(Vec<Node>),
    /// What at least one inner node finds; two or more.
    Any(Vec<Node>),
}

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the text of pages, and in title, reference number and fields of files.
    Content,
    /// In the reference number (Aktenzeichen) of the file.
    Reference,
    /// In the title of the file.
    Title,
    /// In the name of the document's file on disk.
    FileName,
}

/// Words as they were typed; each has at least one letter or digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// One word, inflected forms included.
    Word(String),
    /// These words, literally and in this order.
    Phrase(String),
    /// All words that begin so (typed with a star).
    Prefix(String),
}

impl Text {
    /// The words as typed, without quotes and star.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Word(text) | Self::Phrase(text) | Self::Prefix(text) => text,
        }
    }
}

/// A query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct QueryMistake {
    /// Where in the typed text, as a byte position (on a character border; at most its length).
    pub at: usize,
    /// What is wrong, German, to be shown to the user.
    pub reason: String,
}
