//! Appraisal (Bewertung): criteria propose, the archive decides.
//!
//! Criteria are data of the rule pack: typed conditions over a file's fields and facts. They can only speak
//! *for* keeping; silence is no proposal to destroy. What a condition needs but the file does not tell is
//! *unclear*, which asks for a person's look. Samples catch the ordinary: see [`sample`]. What is
//! kept may be kept in part: see [`thinning`].

pub mod sample;
pub mod thinning;

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

    #[test]
    fn a_condition_that_asks_nothing_is_known_as_such_however_deep_it_lies() {
        let field = || "use".to_owned();
        let asks = || Condition::FieldIsFilled { field: field() };
        let nothing = || Condition::FieldIsOneOf { field: field(), values: Vec::new() };
        let not = |part| Condition::Not(Box::new(part));
        for (is_empty, condition) in [
            (true, nothing()),
            (true, Condition::All(Vec::new())),
            (true, Condition::Any(Vec::new())),
            (true, Condition::All(vec![asks(), nothing()])),
            (true, not(Condition::Any(vec![nothing(), asks()]))),
            (false, asks()),
            (false, Condition::FieldIsOneOf { field: field(), values: vec!["Schule".into()] }),
            (false, Condition::All(vec![asks(), not(asks())])),
        ] {
            assert_eq!(condition.is_empty(), is_empty, "{condition:?}");
        }
    }

    #[test]
    fn a_condition_names_every_fact_it_asks_for() {
        let fact = |name: &str| Condition::FactKnown { fact: name.parse().unwrap() };
        let filled = Condition::FieldIsFilled { field: "use".into() };
        let not = Condition::Not(Box::new(fact("c")));
        let all = Condition::All(vec![fact("a"), Condition::Any(vec![fact("b"), not, filled])]);
        let names: Vec<_> = all.facts().into_iter().map(FactKind::as_str).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }

    #[test]
    fn a_number_is_below_its_limit_or_at_least_that() {
        let of = |make: fn(String, i64) -> Condition, is: &str| {
            ask(&make("built_year".into(), 1945), &[("built_year", is)])
        };
        let below = |field, limit| Condition::NumberBelow { field, limit };
        let at_least = |field, limit| Condition::NumberAtLeast { field, limit };
        assert_eq!(["1944", "1945", "1946"].map(|is| of(below, is)), [Answer::Yes, Answer::No, Answer::No]);
        assert_eq!(
            ["1944", "1945", "1946"].map(|is| of(at_least, is)),
            [Answer::No, Answer::Yes, Answer::Yes]
        );
    }

    #[test]
    fn a_fact_that_is_known_and_a_field_that_says_something_speak() {
        let mut file = example_file("63.10.01".parse().unwrap());
        let demolished = Condition::FactKnown { fact: "demolished".parse().unwrap() };
        assert_eq!(demolished.ask(&file), Answer::No);
        file.facts.push(crate::domain::case_file::Fact {
            kind: "demolished".parse().unwrap(),
            on: jiff::civil::date(2014, 3, 12),
            source: "Anzeige".into(),
        });
        assert_eq!(demolished.ask(&file), Answer::Yes);
        let architect = Condition::FieldIsFilled { field: "architect".into() };
        assert_eq!(ask(&architect, &[("architect", " ")]), Answer::No);
        assert_eq!(ask(&architect, &[("architect", "Böhm")]), Answer::Yes);
        let not = Condition::Not(Box::new(architect));
        assert_eq!(ask(&not, &[("architect", "Böhm")]), Answer::No);
        assert_eq!(ask(&not, &[]), Answer::Yes);
    }

    #[test]
    fn what_speaks_is_proposed_what_is_unclear_asks_for_a_look_and_silence_proposes_nothing() {
        let criterion = |id: &str, class: &str, condition| Criterion {
            id: id.parse().unwrap(),
            title: format!("Kriterium {id}"),
            classes: vec![class.parse().unwrap()],
            condition,
        };
        let filled = || Condition::FieldIsFilled { field: "architect".into() };
        let criteria = [
            criterion("alt", "63", Condition::NumberBelow { field: "built_year".into(), limit: 1945 }),
            criterion("architekt", "63.10", filled()),
            criterion("anderswo", "64", filled()),
        ];
        let said = |fields: &[(&str, &str)]| {
            let mut file = example_file("63.10.01".parse().unwrap());
            file.fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            propose(&file, &criteria)
        };
        let id = |text: &str| text.parse::<RuleId>().unwrap();
        let unclear = ProposalReason::Unclear {
            criterion: id("alt"),
            title: "Kriterium alt".into(),
            field: "built_year".into(),
        };
        let meets = ProposalReason::Meets { criterion: id("architekt"), title: "Kriterium architekt".into() };
        let speaks = said(&[("architect", "Böhm")]);
        assert_eq!((speaks.disposition, speaks.needs_a_look()), (Some(Disposition::ArchiveWorthy), true));
        assert_eq!(speaks.reasons, [unclear.clone(), meets]);
        let open = said(&[]);
        assert_eq!((open.disposition, open.needs_a_look(), open.reasons), (None, true, vec![unclear]));
        let silent = said(&[("built_year", "1980")]);
        assert_eq!((silent.disposition, silent.needs_a_look()), (None, false));
    }
}
