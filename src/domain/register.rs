//! Registers (Registerblätter): in which part of its file a document lies, and the documents of a file in the order of
//! its parts. Which registers there are the file's record type says. Nothing is decided here.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::document::Document;
use super::record_type::{LABEL_CHARS_MAX, Register};

/// What stands on the tab of a register: `3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegisterNumber(String);

/// Not the number of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a register has a number of 1 to {LABEL_CHARS_MAX} visible characters")]
pub struct NotARegister;

impl FromStr for RegisterNumber {
    type Err = NotARegister;
    fn from_str(text: &str) -> Result<Self, NotARegister> {
        let text = text.trim();
        let fits = (1..=LABEL_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotARegister)
        }
    }
}

impl fmt::Display for RegisterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl RegisterNumber {
    /// What people type for documents that lie in no register.
    pub const NONE: &str = "ohne";

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As one word that can be asked for: letters, digits and `.-/`, in small letters; none if nothing is left, or only
    /// what asks for documents that lie in no register.
    #[must_use]
    pub fn word(&self) -> Option<String> {
        let kept = |c: &char| c.is_alphanumeric() || ".-/".contains(*c);
        let word: String = self.0.to_lowercase().chars().filter(kept).collect();
        Some(word).filter(|word| word != Self::NONE && word.chars().any(char::is_alphanumeric))
    }

    /// The register of this number among those of a record type.
    #[must_use]
    pub fn among<'a>(&self, registers: &'a [Register]) -> Option<&'a Register> {
        registers.iter().find(|register| register.number == self.0)
    }
}

/// The documents of a file that lie in one of its registers, or in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterGroup<'a> {
    /// The register's number; none: they were not sorted into any.
    pub number: Option<&'a str>,
    /// What lies there; none if the file's type does not know the register (any more).
    pub title: Option<&'a str>,
    /// Its documents, in the order they came.
    pub documents: Vec<&'a Document>,
}

/// Documents by their register, in the order of the type; then those of a register the type does not have, by number; last
/// those that were sorted into none. Each document stands in exactly one group, and no group is empty.
#[must_use]
pub fn by_register<'a>(
    documents: impl IntoIterator<Item = &'a Document>,
    registers: &'a [Register],
) -> Vec<RegisterGroup<'a>> {
    let place = |document: &'a Document| match document.register.as_ref().map(RegisterNumber::as_str) {
        None => (registers.len() + 1, ""),
        Some(number) => match registers.iter().position(|register| register.number == number) {
            Some(at) => (at, ""),
            None => (registers.len(), number),
        },
    };
    let mut groups: BTreeMap<(usize, &str), Vec<&Document>> = BTreeMap::new();
    for document in documents {
        groups.entry(place(document)).or_default().push(document);
    }
    let group = |((at, unknown), documents): ((usize, &'a str), Vec<&'a Document>)| {
        let known = registers.get(at);
        let number = known.map(|register| register.number.as_str());
        RegisterGroup {
            number: number.or((at == registers.len()).then_some(unknown)),
            title: known.map(|register| register.title.as_str()),
            documents,
        }
    };
    groups.into_iter().map(group).collect()
}
