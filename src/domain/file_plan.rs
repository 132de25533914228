//! The file plan (Aktenplan): the tree of classes every file has its place in.
//!
//! A [`FilePlan`] exists only after all its classes were checked against each other. What follows from a
//! class (its retention rule) is not its business, see [`super::retention`].

use std::collections::{BTreeMap, BTreeSet};

use super::case_file::ClassNumber;
use super::protection::ProtectionDomain;

/// A class of the file plan (Aktenplaneinheit).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlanClass {
    /// Its number; what lies below it begins with it.
    pub number: ClassNumber,
    /// Its title, German.
    pub title: String,
    /// No new files are opened in it. The rules still hold for those it has.
    pub closed: bool,
    /// The secrecy its files are under; none: as the class above says, and general at the top.
    pub domain: Option<ProtectionDomain>,
}

/// What is wrong with a list of classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFlaw {
    /// The plan has no class.
    #[error("the file plan has no class")]
    Empty,
    /// Two classes have one number.
    #[error("class `{0}` stands twice")]
    Duplicate(ClassNumber),
    /// A class hangs in the air.
    #[error("class `{class}` has no class `{missing}` above it")]
    MissingParent {
        /// The class that hangs in the air.
        class: ClassNumber,
        /// The class that is not there.
        missing: ClassNumber,
    },
    /// A class says nothing.
    #[error("class `{0}` has no title")]
    NoTitle(ClassNumber),
}

/// Why no new file is opened in a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNewFiles {
    /// The plan does not know the class.
    Unknown,
    /// There are classes below it, and files are kept in those.
    Divided,
    /// It is closed.
    Closed,
}

/// The classes of a town, checked against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlan {
    classes: BTreeMap<ClassNumber, FilePlanClass>,
    parents: BTreeSet<ClassNumber>,
}

impl FilePlan {
    /// A file plan of these classes, in any order.
    ///
    /// # Errors
    /// Every flaw there is, not only the first.
    pub fn new(classes: Vec<FilePlanClass>) -> Result<Self, Vec<PlanFlaw>> {
        let mut flaws = Vec::new();
        let mut by_number = BTreeMap::new();
        for class in classes {
            if class.title.trim().is_empty() {
                flaws.push(PlanFlaw::NoTitle(class.number.clone()));
            }
            if by_number.contains_key(&class.number) {
                flaws.push(PlanFlaw::Duplicate(class.number));
            } else {
                by_number.insert(class.number.clone(), class);
            }
        }
        if by_number.is_empty() {
            flaws.push(PlanFlaw::Empty);
        }
        let mut parents = BTreeSet::new();
        for class in by_number.keys() {
            let Some(above) = class.lineage().nth(1) else { continue };
            if by_number.contains_key(&above) {
                parents.insert(above);
            } else {
                flaws.push(PlanFlaw::MissingParent { class: class.clone(), missing: above });
            }
        }
        if flaws.is_empty() { Ok(Self { classes: by_number, parents }) } else { Err(flaws) }
    }

    /// The class with this number.
    #[must_use]
    pub fn class(&self, number: &ClassNumber) -> Option<&FilePlanClass> {
        self.classes.get(number)
    }

    /// All classes, by number.
    pub fn classes(&self) -> impl Iterator<Item = &FilePlanClass> {
        self.classes.values()
    }

    /// The classes with nothing below them, by number: where files are kept.
    pub fn leaves(&self) -> impl Iterator<Item = &FilePlanClass> {
        self.classes().filter(|class| !self.parents.contains(&class.number))
    }

    /// New files are opened in classes with nothing below them that are not closed.
    ///
    /// # Errors
    /// Why none is opened in this one.
    pub fn takes_new_files(&self, number: &ClassNumber) -> Result<(), NoNewFiles> {
        match self.class(number) {
            None => Err(NoNewFiles::Unknown),
            Some(_) if self.parents.contains(number) => Err(NoNewFiles::Divided),
            Some(class) if class.closed => Err(NoNewFiles::Closed),
            Some(_) => Ok(()),
        }
    }

    /// This class and those above it, nearest first; empty if the plan does not know it.
    pub fn lineage(&self, number: &ClassNumber) -> impl Iterator<Item = &FilePlanClass> {
        self.class(number)
            .into_iter()
            .flat_map(|class| class.number.lineage())
            .filter_map(|above| self.classes.get(&above))
    }

    /// The secrecy files of this class are under: its own, or that of the nearest class above which names one.
    #[must_use]
    pub fn domain_of(&self, number: &ClassNumber) -> ProtectionDomain {
        self.lineage(number).find_map(|class| class.domain).unwrap_or(ProtectionDomain::General)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(number: &str, domain: Option<ProtectionDomain>) -> FilePlanClass {
        let title = format!("Klasse {number}");
        FilePlanClass { number: number.parse().unwrap(), title, closed: false, domain }
    }

    #[test]
    fn a_plan_with_doubles_or_holes_is_refused_with_every_flaw() {
        let flaws = FilePlan::new(vec![
            class("63", None),
            class("63", None),
            class("11.20", None),
            FilePlanClass { title: " ".into(), ..class("12", None) },
        ]);
        let number = |text: &str| text.parse().unwrap();
        assert_eq!(
            flaws,
            Err(vec![
                PlanFlaw::Duplicate(number("63")),
                PlanFlaw::NoTitle(number("12")),
                PlanFlaw::MissingParent { class: number("11.20"), missing: number("11") },
            ])
        );
        assert_eq!(FilePlan::new(Vec::new()), Err(vec![PlanFlaw::Empty]));
    }

    #[test]
    fn new_files_are_opened_in_open_classes_with_nothing_below_them() {
        let closed = FilePlanClass { closed: true, ..class("12", None) };
        let plan = FilePlan::new(vec![class("11", None), class("11.20", None), closed]).unwrap();
        let takes = |text: &str| plan.takes_new_files(&text.parse().unwrap());
        assert_eq!(takes("11.20"), Ok(()));
        assert_eq!(takes("11"), Err(NoNewFiles::Divided));
        assert_eq!(takes("12"), Err(NoNewFiles::Closed));
        assert_eq!(takes("13"), Err(NoNewFiles::Unknown));
    }

    #[test]
    fn secrecy_and_lineage_come_from_the_classes_above() {
        let personnel = Some(ProtectionDomain::Personnel);
        let plan =
            FilePlan::new(vec![class("11", personnel), class("11.20", None), class("12", None)]).unwrap();
        let number = |text: &str| text.parse::<ClassNumber>().unwrap();
        assert_eq!(plan.domain_of(&number("11.20")), ProtectionDomain::Personnel);
        assert_eq!(plan.domain_of(&number("12")), ProtectionDomain::General);
        assert_eq!(plan.lineage(&number("11.20")).count(), 2);
        assert_eq!(plan.lineage(&number("11.20.01")).count(), 0, "unknown classes have no lineage");
        let leaves: Vec<_> = plan.leaves().map(|c| c.number.as_str()).collect();
        assert_eq!(leaves, ["11.20", "12"]);
    }
}
