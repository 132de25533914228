//! Mistakes in a file plan, told in German to those who keep it: file, line, class, field, reason and way out.

use std::fmt;

use crate::domain::file_plan::{CLASSES_MAX, NotAPattern, PATTERN_CHARS_MAX, PlanFlaw, TITLE_CHARS_MAX};
use crate::domain::protection::ProtectionDomain;

/// A mistake in a file plan. Its `Display` is for users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMistake {
    /// Name of the file.
    pub file: String,
    /// The line, from 1; none if it stands in the reason, or is not known.
    pub line: Option<usize>,
    /// The class's number as it is written; none if it is about the plan as a whole.
    pub class: Option<String>,
    /// The field; none for the class or plan as a whole.
    pub field: Option<&'static str>,
    /// What is wrong, and the way out.
    pub reason: String,
}

impl PlanMistake {
    pub(super) fn whole(file: &str, reason: String) -> Self {
        Self { file: file.to_owned(), line: None, class: None, field: None, reason }
    }

    pub(super) fn field(file: &str, class: &str, field: &'static str, reason: String) -> Self {
        let class = Some(class.chars().take(SHOWN_CHARS_MAX).collect());
        Self { class, field: Some(field), ..Self::whole(file, reason) }
    }

    pub(super) fn class(file: &str, class: &str, reason: String) -> Self {
        let class = Some(class.chars().take(SHOWN_CHARS_MAX).collect());
        Self { class, ..Self::whole(file, reason) }
    }

    pub(super) fn on(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// Most characters shown of what stands where a number should.
const SHOWN_CHARS_MAX: usize = 60;

impl fmt::Display for PlanMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", Zeile {line}")?;
        }
        if let Some(class) = &self.class {
            write!(f, ": Klasse {class}")?;
        }
        if let Some(field) = self.field {
            let joint = if self.class.is_some() { ", " } else { ": " };
            write!(f, "{joint}Feld `{field}`")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for PlanMistake {}

/// What is wrong with classes taken together, and the way out.
pub(super) fn cure(file: &str, flaw: &PlanFlaw) -> PlanMistake {
    let reason = match flaw {
        PlanFlaw::Empty => "der Aktenplan hat keine Klasse; nennen Sie wenigstens eine".to_owned(),
        PlanFlaw::TooMany(count) => {
            format!("{count} Klassen sind zu viele; zulässig sind {CLASSES_MAX}")
        }
        PlanFlaw::Duplicate(_) => "steht zweimal da; geben Sie einer eine andere Nummer".to_owned(),
        PlanFlaw::MissingParent { missing, .. } => {
            format!("über ihr fehlt die Klasse {missing}; nehmen Sie sie auf oder berichtigen Sie die Nummer")
        }
        PlanFlaw::NoTitle(_) => "sie hat keinen Titel; geben Sie ihr einen".to_owned(),
        PlanFlaw::UnfitTitle(_) => format!(
            "ihr Titel hat mehr als {TITLE_CHARS_MAX} oder unsichtbare Zeichen; schreiben Sie ihn kürzer, in einer Zeile"
        ),
        PlanFlaw::LongNumbers(_) => {
            "ihre Aktenzeichen würden zu lang; kürzen Sie das Muster (reference)".to_owned()
        }
    };
    match flaw.about() {
        Some(class) => PlanMistake::class(file, class.as_str(), reason),
        None => PlanMistake::whole(file, reason),
    }
}

/// What is wrong with a pattern, and the way out.
pub(super) fn pattern(why: &NotAPattern) -> String {
    const EXAMPLE: &str = "schreiben Sie es wie {class}-{year}/{number:4}";
    match why {
        NotAPattern::Unfit => {
            format!("ein Muster hat 1 bis {PATTERN_CHARS_MAX} sichtbare Zeichen; {EXAMPLE}")
        }
        NotAPattern::Brace => format!("eine geschweifte Klammer ist nicht geschlossen; {EXAMPLE}"),
        NotAPattern::UnknownPart(name) => format!(
            "den Teil {{{name}}} gibt es nicht; es gibt {{class}}, {{year}}, {{number}} und {{number:4}} (1 bis 9 Stellen)"
        ),
        NotAPattern::NotOneNumber => format!("{{number}} steht genau einmal in einem Muster; {EXAMPLE}"),
        NotAPattern::Twice => {
            format!("{{class}} und {{year}} stehen höchstens einmal in einem Muster; {EXAMPLE}")
        }
    }
}

/// A protection domain by its code or by the name people read.
pub(super) fn domain(text: &str) -> Result<ProtectionDomain, String> {
    let text = text.trim();
    let labelled =
        || ProtectionDomain::ALL.into_iter().find(|one| one.label().to_lowercase() == text.to_lowercase());
    text.parse().ok().or_else(labelled).ok_or_else(|| {
        let codes = ProtectionDomain::ALL.map(ProtectionDomain::code).join(", ");
        format!("erwartet wird eines von {codes}")
    })
}
