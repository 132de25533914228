//! How two editions of a file plan differ, class by class. What that does to the files there are is not known here: they
//! keep their class, their reference number and the secrecy they were opened with.

use super::{FilePlan, FilePlanClass, NumberPattern};
use crate::domain::case_file::ClassNumber;
use crate::domain::protection::ProtectionDomain;

/// What is different about a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassChange {
    /// It is new.
    New,
    /// It has another title.
    Renamed {
        /// The one before.
        before: String,
    },
    /// It takes no new files any more.
    Closed,
    /// It takes new files again.
    Reopened,
    /// New files are under another secrecy, by its own word or that of a class above.
    Domain {
        /// The one before.
        before: ProtectionDomain,
        /// From now on.
        after: ProtectionDomain,
    },
    /// The reference numbers of new files are written otherwise, by its own word or that of a class above.
    Numbers {
        /// The pattern before; none: by hand.
        before: Option<NumberPattern>,
        /// From now on.
        after: Option<NumberPattern>,
    },
    /// It had nothing below it; from now on new files lie in the classes below it.
    Divided,
}

impl ClassChange {
    /// The code used in commands.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Renamed { .. } => "renamed",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Domain { .. } => "domain",
            Self::Numbers { .. } => "reference",
            Self::Divided => "divided",
        }
    }

    /// Files that lie in the class are touched by it in a way people should know before.
    #[must_use]
    pub fn concerns_files(&self) -> bool {
        matches!(self, Self::Closed | Self::Domain { .. } | Self::Divided)
    }
}

/// A class, and one thing that is different about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedClass {
    /// The class.
    pub number: ClassNumber,
    /// Its title from now on.
    pub title: String,
    /// What is different.
    pub change: ClassChange,
}

/// What another edition changes, by number of the class.
#[must_use]
pub fn changes(before: &FilePlan, after: &FilePlan) -> Vec<ChangedClass> {
    let mut all = Vec::new();
    for class in after.classes() {
        let mut note = |change| {
            all.push(ChangedClass { number: class.number.clone(), title: class.title.clone(), change });
        };
        let Some(known) = before.class(&class.number) else {
            note(ClassChange::New);
            continue;
        };
        if known.title != class.title {
            note(ClassChange::Renamed { before: known.title.clone() });
        }
        match (known.closed, class.closed) {
            (false, true) => note(ClassChange::Closed),
            (true, false) => note(ClassChange::Reopened),
            _ => {}
        }
        let domains = (before.domain_of(&class.number), after.domain_of(&class.number));
        if domains.0 != domains.1 {
            note(ClassChange::Domain { before: domains.0, after: domains.1 });
        }
        if !before.is_divided(&class.number) && after.is_divided(&class.number) {
            note(ClassChange::Divided);
        }
        let patterns = (before.pattern_of(&class.number), after.pattern_of(&class.number));
        if patterns.0 != patterns.1 && !after.is_divided(&class.number) {
            note(ClassChange::Numbers { before: patterns.0.cloned(), after: patterns.1.cloned() });
        }
    }
    all
}

/// The classes the second edition lacks. A class is closed and never dropped: files, rules and duties name it.
#[must_use]
pub fn missing<'a>(before: &'a FilePlan, after: &FilePlan) -> Vec<&'a FilePlanClass> {
    before.classes().filter(|class| after.class(&class.number).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(number: &str) -> FilePlanClass {
        FilePlanClass {
            number: number.parse().unwrap(),
            title: format!("Klasse {number}"),
            closed: false,
            domain: None,
            reference: None,
        }
    }

    fn told(before: Vec<FilePlanClass>, after: Vec<FilePlanClass>) -> Vec<String> {
        let (before, after) = (FilePlan::new(before).unwrap(), FilePlan::new(after).unwrap());
        changes(&before, &after).iter().map(|one| format!("{} {}", one.number, one.change.code())).collect()
    }

    #[test]
    fn everything_that_is_different_about_a_class_is_told_and_nothing_else() {
        let before = vec![class("11"), class("11.10"), FilePlanClass { closed: true, ..class("12") }];
        assert!(told(before.clone(), before.clone()).is_empty());
        let after = vec![
            FilePlanClass { domain: Some(ProtectionDomain::Personnel), ..class("11") },
            FilePlanClass { title: "Stellen".to_owned(), closed: true, ..class("11.10") },
            FilePlanClass { reference: Some("{number}".parse().unwrap()), ..class("12") },
            class("13"),
        ];
        assert_eq!(
            told(before, after),
            [
                "11 domain",
                "11.10 renamed",
                "11.10 closed",
                "11.10 domain",
                "12 reopened",
                "12 reference",
                "13 new"
            ]
        );
    }

    #[test]
    fn what_follows_from_a_class_above_is_told_of_the_classes_below() {
        let pattern = |text: &str| Some(text.parse().unwrap());
        let with = |text| vec![FilePlanClass { reference: pattern(text), ..class("63") }, class("63.10")];
        assert_eq!(told(with("{number}"), with("{class}/{number}")), ["63.10 reference"]);
        let divided = vec![class("63"), class("63.10"), class("63.10.01")];
        assert_eq!(told(vec![class("63"), class("63.10")], divided), ["63.10 divided", "63.10.01 new"]);
    }

    #[test]
    fn classes_that_are_lacking_are_found() {
        let plan = |numbers: &[&str]| FilePlan::new(numbers.iter().map(|n| class(n)).collect()).unwrap();
        let (before, after) = (plan(&["63", "63.10", "64"]), plan(&["63", "65"]));
        let lacking: Vec<_> = missing(&before, &after).iter().map(|class| class.number.as_str()).collect();
        assert_eq!(lacking, ["63.10", "64"]);
    }
}
