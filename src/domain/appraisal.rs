//! Appraisal (Bewertung): criteria propose, the archive decides.
//!
//! Criteria are data of the rule pack: typed conditions over a file's fields and facts. They can only speak
//! *for* keeping; silence is no proposal to destroy. What a condition needs but the file does not tell is
//! *unclear*, which asks for a person's look. Samples catch the ordinary: see [`sample`].

pub mod sample;

use super::case_file::{CaseFile, ClassNumber, FactKind};
use super::retention::{Disposition, RuleId};

/// A criterion: why a file may be worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its name, such as `denkmal`; unlike every other criterion's.
    pub id: RuleId,
    /// What is proposed and why, German: `Baudenkmal oder Teil eines Denkmalbereichs`.
    pub title: String,
    /// The classes (and all below them) it is asked for.
    pub classes: Vec<ClassNumber>,
    /// When it speaks.
    pub condition: Condition,
}

/// A condition over a file. The set is closed: what cannot be said with it is left to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The field has one of these values; case and blanks at the ends do not matter. An empty field has none.
    FieldIsOneOf {
        /// The field.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// The field says something.
    FieldIsFilled {
        /// The field.
        field: String,
    },
    /// The field is a number (a year, say) below this. Unclear if it is missing or no number.
    NumberBelow {
        /// The field.
        field: String,
        /// The number.
        limit: i64,
    },
    /// The field is a number of at least this. Unclear if it is missing or no number.
    NumberAtLeast {
        /// The field.
        field: String,
        /// The number.
        limit: i64,
    },
    /// The fact is known.
    FactKnown {
        /// The fact.
        fact: FactKind,
    },
    /// All of these.
    All(Vec<Condition>),
    /// One of these.
    Any(Vec<Condition>),
    /// Not this; what is unclear stays unclear.
    Not(Box<Condition>),
}

/// What a condition says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Unclear { field: String },
}

impl Condition {
    /// It asks nothing, so it would always or never hold.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::FieldIsOneOf { values, .. } => values.is_empty(),
            Self::All(parts) | Self::Any(parts) => parts.is_empty() || parts.iter().any(Self::is_empty),
            Self::Not(part) => part.is_empty(),
            _ => false,
        }
    }

    /// Every fact it asks for.
    #[must_use]
    pub fn facts(&self) -> Vec<&FactKind> {
        match self {
            Self::FactKnown { fact } => vec![fact],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            Self::Not(part) => part.facts(),
            _ => Vec::new(),
        }
    }

    fn ask(&self, file: &CaseFile) -> Answer {
        match self {
            Self::FieldIsOneOf { field, values } => yes_if(filled(file, field).is_some_and(|is| {
                values.iter().any(|value| value.trim().to_lowercase() == is.to_lowercase())
            })),
            Self::FieldIsFilled { field } => yes_if(filled(file, field).is_some()),
            Self::NumberBelow { field, limit } => number(file, field, |number| number < *limit),
            Self::NumberAtLeast { field, limit } => number(file, field, |number| number >= *limit),
            Self::FactKnown { fact } => yes_if(file.fact(fact.as_str()).is_some()),
            Self::All(parts) => first_but(parts, file, &Answer::No, Answer::Yes),
            Self::Any(parts) => first_but(parts, file, &Answer::Yes, Answer::No),
            Self::Not(part) => match part.ask(file) {
                Answer::Yes => Answer::No,
                Answer::No => Answer::Yes,
                unclear @ Answer::Unclear { .. } => unclear,
            },
        }
    }
}

fn yes_if(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}

fn filled<'a>(file: &'a CaseFile, field: &str) -> Option<&'a str> {
    file.fields.get(field).map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn number(file: &CaseFile, field: &str, holds: impl Fn(i64) -> bool) -> Answer {
    match filled(file, field).and_then(|text| text.parse().ok()) {
        Some(number) => yes_if(holds(number)),
        None => Answer::Unclear { field: field.to_owned() },
    }
}

/// `decisive` if one part answers so; else what is unclear; else `otherwise`.
fn first_but(parts: &[Condition], file: &CaseFile, decisive: &Answer, otherwise: Answer) -> Answer {
    let mut answer = otherwise;
    for part in parts {
        match part.ask(file) {
            found if found == *decisive => return found,
            unclear @ Answer::Unclear { .. } => answer = unclear,
            _ => {}
        }
    }
    answer
}

/// Why something is proposed, or asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalReason {
    /// A criterion speaks for keeping.
    Meets {
        /// The criterion.
        criterion: RuleId,
        /// Its title.
        title: String,
    },
    /// A criterion could not be answered: a field is missing or is no number. A person must look.
    Unclear {
        /// The criterion.
        criterion: RuleId,
        /// Its title.
        title: String,
        /// The field.
        field: String,
    },
}

/// What the criteria propose for a file. The decision is the archive's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// [`Disposition::ArchiveWorthy`] if a criterion speaks for it, else none: there is no proposal to destroy.
    pub disposition: Option<Disposition>,
    /// Why, and what is unclear.
    pub reasons: Vec<ProposalReason>,
}

impl Proposal {
    /// A criterion speaks, or could not be answered: nothing of the file goes before somebody looked.
    #[must_use]
    pub fn needs_a_look(&self) -> bool {
        !self.reasons.is_empty()
    }
}

/// What these criteria propose for a file.
#[must_use]
pub fn propose(file: &CaseFile, criteria: &[Criterion]) -> Proposal {
    let mut reasons = Vec::new();
    let mut disposition = None;
    let asked = criteria.iter().filter(|c| c.classes.iter().any(|branch| file.class.is_within(branch)));
    for Criterion { id, title, condition, .. } in asked {
        let (criterion, title) = (id.clone(), title.clone());
        match condition.ask(file) {
            Answer::No => {}
            Answer::Yes => {
                disposition = Some(Disposition::ArchiveWorthy);
                reasons.push(ProposalReason::Meets { criterion, title });
            }
            Answer::Unclear { field } => reasons.push(ProposalReason::Unclear { criterion, title, field }),
        }
    }
    Proposal { disposition, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::example::example_file;

    fn ask(condition: &Condition, fields: &[(&str, &str)]) -> Answer {
        let mut file = example_file("63.10.01".parse().unwrap());
        file.fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        condition.ask(&file)
    }

    #[test]
    fn what_the_file_does_not_tell_is_unclear_and_never_a_no() {
        let old = Condition::NumberBelow { field: "built_year".into(), limit: 1945 };
        let unclear = Answer::Unclear { field: "built_year".into() };
        assert_eq!(ask(&old, &[("built_year", "1912")]), Answer::Yes);
        assert_eq!(ask(&old, &[("built_year", "1945")]), Answer::No);
        assert_eq!(ask(&old, &[("built_year", "um 1900")]), unclear);
        assert_eq!(ask(&old, &[]), unclear);
        let not = Condition::Not(Box::new(old.clone()));
        assert_eq!(ask(&not, &[]), unclear);
        let school = Condition::FieldIsOneOf { field: "use".into(), values: vec!["Schule".into()] };
        let all = Condition::All(vec![old.clone(), school.clone()]);
        assert_eq!(ask(&all, &[("use", "Scheune")]), Answer::No, "one no decides");
        assert_eq!(ask(&all, &[("use", " SCHULE ")]), unclear);
        let any = Condition::Any(vec![old, school]);
        assert_eq!(ask(&any, &[("use", "schule")]), Answer::Yes, "one yes decides");
        assert_eq!(ask(&any, &[("use", "Scheune")]), unclear);
    }
}
