//! The file plan (Aktenplan): the tree of classes every file has its place in.
//!
//! A [`FilePlan`] exists only after all its classes were checked against each other. What follows from a
//! class (its retention rule) is not its business, see [`super::retention`].

mod change;
mod number;

use std::collections::{BTreeMap, BTreeSet};

use super::case_file::ClassNumber;
use super::protection::ProtectionDomain;
use super::retention::Edition;

pub use change::{ChangedClass, ClassChange, changes, missing};
pub use number::{Filling, NotAPattern, NumberPattern, PATTERN_CHARS_MAX, WIDTH_MAX};

/// Most classes of a plan; large towns have some thousand.
pub const CLASSES_MAX: usize = 50_000;
/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 400;
/// A number so large that no class of a town ever gets there: reference numbers with it must not be too long.
const LARGE_NUMBER: u64 = 999_999_999;

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
    /// How the reference numbers of its files are written; none: as the class above says, and by hand at the top.
    pub reference: Option<NumberPattern>,
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
    /// A title that is too long or has invisible characters.
    #[error("the title of class `{0}` has more than {TITLE_CHARS_MAX} or invisible characters")]
    UnfitTitle(ClassNumber),
    /// The pattern of a class writes reference numbers that are too long.
    #[error("the reference numbers of class `{0}` would be too long")]
    LongNumbers(ClassNumber),
    /// More classes than [`CLASSES_MAX`].
    #[error("{0} classes are too many")]
    TooMany(usize),
}

impl PlanFlaw {
    /// The class it is about; none if it is the plan as a whole.
    #[must_use]
    pub fn about(&self) -> Option<&ClassNumber> {
        match self {
            Self::Empty | Self::TooMany(_) => None,
            Self::Duplicate(class)
            | Self::MissingParent { class, .. }
            | Self::NoTitle(class)
            | Self::UnfitTitle(class)
            | Self::LongNumbers(class) => Some(class),
        }
    }
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
    title: String,
    edition: Option<Edition>,
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
        if classes.len() > CLASSES_MAX {
            flaws.push(PlanFlaw::TooMany(classes.len()));
        }
        let mut by_number = BTreeMap::new();
        for class in classes {
            check_alone(&class, &mut flaws);
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
        let plan = Self { title: String::new(), edition: None, classes: by_number, parents };
        plan.check_numbers(&mut flaws);
        if flaws.is_empty() { Ok(plan) } else { Err(flaws) }
    }

    /// The same, called so; an edition is what it is enacted as.
    #[must_use]
    pub fn called(self, title: String, edition: Option<Edition>) -> Self {
        Self { title, edition, ..self }
    }

    /// What it is called; empty if nobody said.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its edition; plans that came before there were editions have none.
    #[must_use]
    pub fn edition(&self) -> Option<&Edition> {
        self.edition.as_ref()
    }

    /// Files can be opened in it whose reference numbers are too long.
    fn check_numbers(&self, flaws: &mut Vec<PlanFlaw>) {
        for class in self.leaves() {
            let filling = Filling { class: &class.number, year: 9_999 };
            let pattern = self.pattern_of(&class.number);
            if pattern.is_some_and(|pattern| pattern.write(filling, LARGE_NUMBER).is_err()) {
                flaws.push(PlanFlaw::LongNumbers(class.number.clone()));
            }
        }
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

    /// There are classes below this one.
    #[must_use]
    pub fn is_divided(&self, number: &ClassNumber) -> bool {
        self.parents.contains(number)
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

    /// How the reference numbers of files of this class are written: by its own pattern, or that of the nearest class
    /// above which has one; none: by hand.
    #[must_use]
    pub fn pattern_of(&self, number: &ClassNumber) -> Option<&NumberPattern> {
        self.lineage(number).find_map(|class| class.reference.as_ref())
    }
}

/// What is wrong with a class by itself.
fn check_alone(class: &FilePlanClass, flaws: &mut Vec<PlanFlaw>) {
    if class.title.trim().is_empty() {
        flaws.push(PlanFlaw::NoTitle(class.number.clone()));
    }
    let is_long = class.title.chars().nth(TITLE_CHARS_MAX).is_some();
    if is_long || class.title.chars().any(char::is_control) {
        flaws.push(PlanFlaw::UnfitTitle(class.number.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(number: &str, domain: Option<ProtectionDomain>) -> FilePlanClass {
        let title = format!("Klasse {number}");
        FilePlanClass { number: number.parse().unwrap(), title, closed: false, domain, reference: None }
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
        let about = |flaw: &PlanFlaw| flaw.about().map(ToString::to_string);
        let classes: Vec<_> = flaws.unwrap_err().iter().filter_map(about).collect();
        assert_eq!(classes, ["63", "12", "11.20"], "each names the class that is to be put right");
        assert_eq!(FilePlan::new(Vec::new()), Err(vec![PlanFlaw::Empty]));
        assert_eq!(PlanFlaw::Empty.about(), None, "it is about the plan");
    }

    #[test]
    fn a_plan_bears_title_and_edition_and_its_classes_stay() {
        let plan = FilePlan::new(vec![class("63", None)]).unwrap();
        assert_eq!((plan.title(), plan.edition()), ("", None));
        let edition: Edition = "Aktenplan 2026-1".parse().unwrap();
        let called = plan.clone().called("Aktenplan der Stadt".to_owned(), Some(edition.clone()));
        assert_eq!((called.title(), called.edition()), ("Aktenplan der Stadt", Some(&edition)));
        assert!(called.classes().eq(plan.classes()));
    }

    #[test]
    fn a_title_that_cannot_be_shown_or_a_number_that_is_too_long_is_a_flaw() {
        let number = |text: &str| text.parse::<ClassNumber>().unwrap();
        let titled = |title: String| FilePlan::new(vec![FilePlanClass { title, ..class("63", None) }]);
        assert_eq!(titled("a\tb".to_owned()), Err(vec![PlanFlaw::UnfitTitle(number("63"))]));
        assert_eq!(titled("x".repeat(401)), Err(vec![PlanFlaw::UnfitTitle(number("63"))]));
        assert!(titled("ü".repeat(400)).is_ok());
        let long = "1234.1234.1234.1234.1234.1234.1234.1234";
        let mut classes: Vec<_> = number(long).lineage().map(|above| class(above.as_str(), None)).collect();
        let reference = Some(format!("{}{{class}}{{number}}", "x".repeat(40)).parse().unwrap());
        classes.last_mut().unwrap().reference = reference;
        assert_eq!(FilePlan::new(classes), Err(vec![PlanFlaw::LongNumbers(number(long))]));
    }

    #[test]
    fn the_pattern_of_reference_numbers_is_that_of_the_nearest_class_above() {
        let with = |number: &str, text: &str| FilePlanClass {
            reference: Some(text.parse().unwrap()),
            ..class(number, None)
        };
        let classes =
            vec![with("63", "{number}"), class("63.10", None), with("63.20", "B{number}"), class("64", None)];
        let plan = FilePlan::new(classes).unwrap();
        let pattern = |number: &str| plan.pattern_of(&number.parse().unwrap()).map(NumberPattern::as_str);
        assert_eq!(pattern("63.10"), Some("{number}"));
        assert_eq!(pattern("63.20"), Some("B{number}"));
        assert_eq!(pattern("64"), None);
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
