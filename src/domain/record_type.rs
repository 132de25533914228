//! Record types (Aktenarten): what is known of a file of this kind, field by field, and how its papers are parted. A
//! type describes; it decides no period and no right. What follows from a class is in [`super::retention`].
//!
//! Types in force are never edited: a change is a new edition, and the earlier ones stay, because files name the edition
//! they were opened with. [`RecordTypes`] exists only after its types were checked against each other.

mod field;
mod flaw;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::case_file::{ClassNumber, NotAName, is_name};
use super::retention::Edition;

pub use field::{Field, FieldKind, LONG_TEXT_CHARS_MAX, TEXT_CHARS_MAX, XdomeaElement};
pub use flaw::{FieldFlaw, TypeFlaw, TypesFlaw, ValueFlaw};
pub use types::{RecordTypes, TYPES_MAX};

/// Most fields of one type.
pub const FIELDS_MAX: usize = 100;
/// Most options of one choice.
pub const OPTIONS_MAX: usize = 200;
/// Most registers of one type.
pub const REGISTERS_MAX: usize = 100;
/// Longest label, in characters.
pub const LABEL_CHARS_MAX: usize = 80;
/// Longest help text, in characters.
pub const HELP_CHARS_MAX: usize = 400;

/// Name of a record type, such as `bauakte`: lower-case letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordTypeId(String);

impl RecordTypeId {
    /// What a file without a type is looked for by. No type is called so.
    pub const NONE: &'static str = "ohne";

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RecordTypeId {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if is_name(text) && text != Self::NONE { Ok(Self(text.to_owned())) } else { Err(NotAName) }
    }
}

impl fmt::Display for RecordTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Name of a field, such as `built_year`: lower-case letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(String);

impl FieldName {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if is_name(text) { Ok(Self(text.to_owned())) } else { Err(NotAName) }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The type a file was opened with, by its edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeEdition {
    /// The type.
    pub id: RecordTypeId,
    /// Its edition.
    pub edition: Edition,
}

/// A register (Registerblatt): a part of the paper file, and what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// What stands on its tab.
    pub number: String,
    /// What lies behind it, German.
    pub title: String,
}

/// One edition of a record type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordType {
    /// Its name.
    pub id: RecordTypeId,
    /// The edition.
    pub edition: Edition,
    /// What people read, German.
    pub label: String,
    /// What such a file is for, German.
    pub help: String,
    /// Files of these classes and those below are of this type unless somebody says otherwise.
    pub classes: Vec<ClassNumber>,
    /// So are files of classes that no type names.
    pub is_default: bool,
    /// No new file is opened with it.
    pub is_closed: bool,
    /// What is known of a file of this type, in the order people read it.
    pub fields: Vec<Field>,
    /// How its papers are parted; none: not at all.
    pub registers: Vec<Register>,
}

impl RecordType {
    /// What a file keeps of its type.
    #[must_use]
    pub fn named_edition(&self) -> TypeEdition {
        TypeEdition { id: self.id.clone(), edition: self.edition.clone() }
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    /// What was said of a file, in the form it is kept in. What is empty was not said.
    ///
    /// # Errors
    /// Everything that does not fit, not only the first.
    pub fn read(&self, said: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Vec<ValueFlaw>> {
        let (mut read, mut flaws) = (BTreeMap::new(), Vec::new());
        for (name, value) in said {
            let value = value.trim();
            match self.field(name) {
                None => flaws.push(ValueFlaw::Unknown { name: name.clone() }),
                Some(_) if value.is_empty() => {}
                Some(field) => match field.kind.read(value) {
                    Some(value) => drop(read.insert(name.clone(), value)),
                    None => flaws.push(ValueFlaw::Unfit { field: field.clone(), value: value.to_owned() }),
                },
            }
        }
        let said =
            |field: &&Field| said.get(field.name.as_str()).is_some_and(|value| !value.trim().is_empty());
        let missing = self.fields.iter().filter(|field| field.is_required && !said(field));
        flaws.extend(missing.map(|field| ValueFlaw::Missing { field: field.clone() }));
        if flaws.is_empty() { Ok(read) } else { Err(flaws) }
    }

    /// The fields of a file as people read them: label and value, in the type's order, then what the type does not
    /// know by its name.
    #[must_use]
    pub fn labelled<'a>(&'a self, fields: &'a BTreeMap<String, String>) -> Vec<(&'a str, &'a str)> {
        let known = self
            .fields
            .iter()
            .filter_map(|field| Some((field.label.as_str(), fields.get(field.name.as_str())?.as_str())));
        let unknown = fields.iter().filter(|(name, _)| self.field(name).is_none());
        known.chain(unknown.map(|(name, value)| (name.as_str(), value.as_str()))).collect()
    }
}
