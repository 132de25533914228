//! The record types of a registry: those in force, checked against each other, and every edition there ever was.

use std::collections::{BTreeMap, BTreeSet};

use super::field::same;
use super::{RecordType, RecordTypeId, TypeEdition, TypesFlaw};
use crate::domain::case_file::ClassNumber;

/// Most types in force.
pub const TYPES_MAX: usize = 200;

/// The record types of a registry. Empty until the first come into force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordTypes {
    editions: BTreeMap<TypeEdition, RecordType>,
    in_force: BTreeMap<RecordTypeId, TypeEdition>,
}

impl RecordTypes {
    /// These and, of other names, those so far. Either all come into force or none.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first.
    pub fn with(&self, types: Vec<RecordType>) -> Result<Self, Vec<TypesFlaw>> {
        let (mut next, mut flaws, mut named) = (self.clone(), Vec::new(), BTreeSet::new());
        for record_type in types {
            let id = record_type.id.clone();
            flaws.extend(record_type.flaws().into_iter().map(|flaw| TypesFlaw::Type(id.clone(), flaw)));
            let edition = record_type.named_edition();
            if !named.insert(id.clone()) {
                flaws.push(TypesFlaw::Twice(id));
                continue;
            }
            match self.editions.get(&edition) {
                Some(known) if *known != record_type => flaws.push(TypesFlaw::EditionKnown(edition.clone())),
                _ => drop(next.editions.insert(edition.clone(), record_type)),
            }
            next.in_force.insert(id, edition);
        }
        flaws.extend(next.flaws());
        if flaws.is_empty() { Ok(next) } else { Err(flaws) }
    }

    /// What of those in force does not fit the others.
    fn flaws(&self) -> Vec<TypesFlaw> {
        let mut flaws = Vec::new();
        if self.in_force.len() > TYPES_MAX {
            flaws.push(TypesFlaw::TooMany(self.in_force.len()));
        }
        let (mut classes, mut default) = (BTreeMap::<&ClassNumber, &RecordTypeId>::new(), None);
        for (at, record_type) in self.in_force().enumerate() {
            if self.in_force().take(at).any(|other| same(&other.label, &record_type.label)) {
                flaws.push(TypesFlaw::LabelTwice(record_type.label.clone()));
            }
            let id = &record_type.id;
            for class in &record_type.classes {
                // A class named twice by one type is a flaw of that type.
                if let Some(other) = classes.insert(class, id).filter(|other| *other != id) {
                    let types = [other.clone(), id.clone()];
                    flaws.push(TypesFlaw::ClassTaken { class: class.clone(), types });
                }
            }
            if record_type.is_default
                && let Some(other) = default.replace(id)
            {
                flaws.push(TypesFlaw::TwoDefaults([other.clone(), id.clone()]));
            }
        }
        if default.is_none() && !self.in_force.is_empty() {
            flaws.push(TypesFlaw::NoDefault);
        }
        flaws
    }

    /// None has come into force yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.in_force.is_empty()
    }

    /// Those in force, by name.
    pub fn in_force(&self) -> impl Iterator<Item = &RecordType> {
        self.in_force.values().filter_map(|edition| self.editions.get(edition))
    }

    /// The type in force of this name, or that people call so.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&RecordType> {
        let by_id = self.in_force().find(|record_type| record_type.id.as_str() == name);
        by_id.or_else(|| self.in_force().find(|record_type| same(&record_type.label, name)))
    }

    /// What a new file of this class is unless somebody says otherwise: of the type that names it or the nearest class
    /// above it, else of the one that is the default. None if none is in force.
    #[must_use]
    pub fn of_class(&self, class: &ClassNumber) -> Option<&RecordType> {
        let naming = |class: ClassNumber| {
            self.in_force().find(|record_type| !record_type.is_closed && record_type.classes.contains(&class))
        };
        class
            .lineage()
            .find_map(naming)
            .or_else(|| self.in_force().find(|record_type| record_type.is_default))
    }

    /// The edition a file was opened with.
    #[must_use]
    pub fn edition(&self, edition: &TypeEdition) -> Option<&RecordType> {
        self.editions.get(edition)
    }

    /// What people call the type of this name. A name that came into force once stays so, in one edition or another.
    #[must_use]
    pub fn label(&self, id: &str) -> Option<&str> {
        let in_force = self.in_force().find(|record_type| record_type.id.as_str() == id);
        in_force.map(|record_type| record_type.label.as_str())
    }
}
