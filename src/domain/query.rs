//! What people type into the search box, read into a tree. Pure: knows no index and no analysis of words.
//!
//! ```text
//! query  = or
//! or     = and { ("ODER" | "OR") and }
//! and    = not { [ "UND" | "AND" ] not }                words side by side mean UND
//! not    = ( "NICHT" | "NOT" | "-" ) not | atom         "-" stands directly before what is excluded
//! atom   = "(" or ")" | [ field ] text | "klasse:" class number | "jahr:" years | trait
//! trait  = "phase:" phase | "art:" kind | "aktenart:" name of a record type, or "ohne"
//!          | "register:" number of a register, or "ohne"
//! field  = "az:" | "aktenzeichen:" | "titel:" | "datei:" | "straße:" | "flurstück:"  no blank behind the colon
//! text   = [ "=" ] word | word "*" | word "~" | quote … quote [ "~" [ number ] ]
//!                                                       quotes: "…" „…“ “…” »…« «…»
//! word   = letters, digits and signs up to a blank, bracket or quote
//! phase  = "laufend" | "geschlossen" | "zda" | "abgegeben"
//! kind   = "akte" | "scan" | "pdf" | "bild" | "text" | "office" | "mail" | "sonstiges"
//! years  = year | [ year ] ".." [ year ]                 at least one of them
//! ```
//!
//! - Operators are upper case only: `und` is a word, `UND` joins.
//! - `garage*` finds what begins so; [`PREFIX_CHARS_MIN`] letters or digits must stand before the star.
//! - `müler~` also finds what is spelled similarly; [`SIMILAR_CHARS_MIN`] letters must stand before the tilde.
//! - `"Garage Nachbar"~8` finds these words with up to eight others between them, in either order;
//!   without a number [`NEAR_USUAL`].
//! - `az:`, `titel:`, `straße:`, `flurstück:` name files, `datei:` documents, `klasse:63` a branch of the file plan.
//! - `jahr:1958`, `jahr:1950..1965`, `jahr:..1920`: pages on which such a year stands, and files of that time.
//! - `phase:laufend`: in files that are there in their life. `art:scan`: what the match itself is; also `dokumentart:`.
//! - `aktenart:bauakte`: in files of this record type; `aktenart:ohne`: of none.
//! - `register:3`: documents that lie in this register of their file; `register:ohne`: that lie in a file, but in no register.
//! - Words side by side that are an address, a parcel or a reference number are [`Recognised`] as such in a query
//!   without brackets and ODER, unless `NICHT` stands before them. `=12a` is a word and nothing else. Which streets there
//!   are, [`parse_in`] is told.
//! - A sign without letter or digit (`§`, `–`, `&`) is passed over, unless it joins the groups of a number
//!   (`63 / 123 / 1974`); a colon behind anything but a field name belongs to the word (`10:30`), and so do slashes, dots
//!   and hyphens inside (`02091-C-71`).
//! - Everything else that cannot be read is a [`QueryMistake`] that points at its place.
//!
//! Limits: [`QUERY_BYTES_MAX`], [`QUERY_DEPTH_MAX`], [`QUERY_TERMS_MAX`].

mod lexer;
mod order;
mod parser;
mod recognise;
mod streets;
#[cfg(test)]
mod tests;
mod traits;
mod typed;

pub use order::{NotAnOrder, Order};
pub use parser::{Part, parse, parse_in, parts, parts_in};
pub use recognise::{Address, HouseNumbers, Parcel, Recognised, Sought};
pub use traits::{HitKind, PhaseName, Trait};
pub use typed::{Begun, begun, naming, typeable, words};

use std::ops::RangeInclusive;

use super::case_file::ClassNumber;

/// Longest query, in bytes.
pub const QUERY_BYTES_MAX: usize = 1024;
/// How deep brackets and NICHT may be nested.
pub const QUERY_DEPTH_MAX: usize = 20;
/// Most words; the parts of `02091-C-71` count one by one.
pub const QUERY_TERMS_MAX: usize = 50;
/// Letters or digits that must stand before `*`.
pub const PREFIX_CHARS_MIN: usize = 2;

/// Letters that must stand before `~`: of shorter words nearly everything is similar.
pub const SIMILAR_CHARS_MIN: usize = 4;
/// Words that may stand between words that are near each other, if nobody says how many; and the most.
pub const NEAR_USUAL: u8 = 8;
/// See [`NEAR_USUAL`].
pub const NEAR_MAX: u8 = 50;
/// Years that can be asked for.
pub const YEARS: RangeInclusive<u16> = 1000..=2999;

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
    /// Words that are also a thing of the office, which is looked for besides them.
    Recognised(Recognised),
    /// A year in this range: on the page, or in the time of the file.
    Years(RangeInclusive<u16>),
    /// What is so.
    Trait(Trait),
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
    /// In the address of the file (street and house number).
    Street,
    /// In the parcel of the file (Gemarkung, Flur, Flurstück).
    Parcel,
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
    /// This word and those that are spelled similarly (typed with a tilde).
    Similar(String),
    /// These words, with at most so many others between them, in this order or the other way round.
    Near(String, u8),
}

impl Text {
    /// The words as typed, without quotes, star and tilde.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Word(text)
            | Self::Phrase(text)
            | Self::Prefix(text)
            | Self::Similar(text)
            | Self::Near(text, _) => text,
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
