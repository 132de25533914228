//! The profile of whoever delivers (`schema/formats/batch-profile.md`): a small TOML file, written by hand once, that says how
//! their lists are written and which of their columns is which of ours. A profile that means nothing is refused as a whole,
//! with the line and the way out of every mistake.

mod date;
mod path;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use crate::base::checksum::Algorithm;

use super::text::Encoding;
pub(super) use date::DatePattern;
pub(super) use path::XmlPath;

/// The format this program reads.
pub const FORMAT: u32 = 1;

/// Where a column stands in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Under this name in the head of a table.
    Name(String),
    /// At this place of a table without a head, from 1.
    Number(usize),
    /// Along this path from the element of a document.
    Path(XmlPath),
}

/// How a list is read. The default is a list of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub(super) encoding: Encoding,
    /// Between the columns of a table.
    pub(super) separator: u8,
    pub(super) has_header: bool,
    /// The element that is one document, in XML; none for a table.
    pub(super) document: Option<XmlPath>,
    /// Where XML says how many documents and pages there are.
    pub(super) documents: Option<XmlPath>,
    pub(super) pages: Option<XmlPath>,
    pub(super) date: DatePattern,
    /// Columns of the record type with dates of that pattern.
    pub(super) dates: Vec<String>,
    /// What every checksum must be made with; then every document has one.
    pub(super) checksum: Option<Algorithm>,
    pub(super) has_backslashes: bool,
    pub(super) strip_prefix: Option<String>,
    pub(super) path_prefix: String,
    /// Columns of theirs that are not wanted; `*` is every other.
    pub(super) ignore: Vec<String>,
    /// Files that lie beside the documents and are none.
    accompanying: Vec<String>,
    /// Our columns, and where they stand in the list; none if the list has our columns.
    pub(super) columns: Option<Vec<(String, Place)>>,
    /// What is the same for every document.
    pub(super) fixed: BTreeMap<String, String>,
    /// What their words are called with us, by column.
    pub(super) values: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            encoding: Encoding::Utf8,
            separator: b';',
            has_header: true,
            document: None,
            documents: None,
            pages: None,
            date: DatePattern::default(),
            dates: Vec::new(),
            checksum: None,
            has_backslashes: false,
            strip_prefix: None,
            path_prefix: String::new(),
            ignore: Vec::new(),
            accompanying: Vec::new(),
            columns: None,
            fixed: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    /// Every [`ProfileMistake`] there is.
    pub fn read(text: &str) -> Result<Self, Vec<ProfileMistake>> {
        read::read(text)
    }

    /// This column of theirs is left out knowingly.
    pub(super) fn ignores(&self, name: &str) -> bool {
        self.ignore.iter().any(|ignored| ignored == name || ignored == "*")
    }

    /// A file at this path belongs to every delivery and is no document: a delivery note, a file with checksums.
    #[must_use]
    pub fn accompanies(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.accompanying.iter().any(|known| match known.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => known == path || known == name,
        })
    }
}

/// Something is wrong with a profile; users read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileMistake {
    /// The line, from 1; none if something is missing.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// The way out.
    pub way_out: String,
}

impl fmt::Display for ProfileMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "Zeile {line}: ")?;
        }
        write!(f, "{}; {}", self.what, self.way_out)
    }
}
