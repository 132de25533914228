//! The file plan as TOML: `format = 1`, a title and the classes. Written by hand, read here.
//!
//! Mistakes are told in German, with file and class, because the people who keep the plan read them.

use serde::Deserialize;

use crate::domain::file_plan::{FilePlan, FilePlanClass, PlanFlaw};

/// The model file plan for a municipality, built in; a town edits its own copy.
pub const MODEL: &str = include_str!("../../schema/file-plan/kommunal.toml");

/// The format this program reads.
pub const FORMAT: u32 = 1;

/// What is wrong with a file plan's text; users read it.
#[derive(Debug, thiserror::Error)]
pub enum PlanMistake {
    /// Not TOML, or not the fields a plan has.
    #[error("{file}: kein lesbarer Aktenplan: {reason}")]
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the parser says.
        reason: String,
    },
    /// A later format.
    #[error("{file}: Feld `format`: Format {found} ist unbekannt, erwartet wird {FORMAT}")]
    Format {
        /// Name of the file.
        file: String,
        /// The format found.
        found: u32,
    },
    /// A class with a field that cannot be read.
    #[error("{file}: Klasse {class}, Feld `{field}`: {reason}")]
    Field {
        /// Name of the file.
        file: String,
        /// The class's number as written.
        class: String,
        /// The field.
        field: &'static str,
        /// What is expected.
        reason: String,
    },
    /// The classes do not fit each other.
    #[error("{file}: {}", flaws.iter().map(flaw).collect::<Vec<_>>().join("; "))]
    Flawed {
        /// Name of the file.
        file: String,
        /// Every flaw.
        flaws: Vec<PlanFlaw>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanWire {
    format: u32,
    #[serde(rename = "title")]
    _title: String,
    classes: Vec<ClassWire>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassWire {
    number: String,
    title: String,
    #[serde(default)]
    closed: bool,
    domain: Option<String>,
}

/// Reads a file plan; `file` is its name in messages.
///
/// # Errors
/// The [`PlanMistake`]; for flaws all of them.
pub fn read(file: &str, text: &str) -> Result<FilePlan, PlanMistake> {
    let wire: PlanWire = toml::from_str(text).map_err(|error| PlanMistake::Unreadable {
        file: file.to_owned(),
        reason: super::rule_pack::in_german(&error, text),
    })?;
    if wire.format != FORMAT {
        return Err(PlanMistake::Format { file: file.to_owned(), found: wire.format });
    }
    let classes = wire.classes.into_iter().map(|class| read_class(file, class)).collect::<Result<_, _>>()?;
    FilePlan::new(classes).map_err(|flaws| PlanMistake::Flawed { file: file.to_owned(), flaws })
}

fn read_class(file: &str, wire: ClassWire) -> Result<FilePlanClass, PlanMistake> {
    let mistake = |field, reason: &str| PlanMistake::Field {
        file: file.to_owned(),
        class: wire.number.clone(),
        field,
        reason: reason.to_owned(),
    };
    let number = wire.number.parse();
    let number = number.map_err(|_| mistake("number", "erwartet werden Zifferngruppen wie 63.10.01"))?;
    let domain = wire.domain.as_deref().map(str::parse).transpose();
    let domain =
        domain.map_err(|_| mistake("domain", "erwartet wird general, tax, social oder personnel"))?;
    Ok(FilePlanClass { number, title: wire.title, closed: wire.closed, domain })
}

fn flaw(flaw: &PlanFlaw) -> String {
    match flaw {
        PlanFlaw::Empty => "der Aktenplan hat keine Klasse".to_owned(),
        PlanFlaw::Duplicate(class) => format!("Klasse {class} steht zweimal da"),
        PlanFlaw::MissingParent { class, missing } => {
            format!("über Klasse {class} fehlt die Klasse {missing}")
        }
        PlanFlaw::NoTitle(class) => format!("Klasse {class} hat keinen Titel"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::protection::ProtectionDomain;

    #[test]
    fn the_model_file_plan_is_sound_and_knows_its_secrecies() {
        let plan = read("kommunal.toml", MODEL).unwrap();
        assert!(plan.leaves().count() > 60);
        let domain = |number: &str| plan.domain_of(&number.parse().unwrap());
        assert_eq!(domain("63.10.01"), ProtectionDomain::General);
        assert_eq!(domain("11.20.01"), ProtectionDomain::Personnel);
        assert_eq!(domain("22.10.01"), ProtectionDomain::Tax);
        assert_eq!(domain("50.10.01"), ProtectionDomain::Social);
    }

    #[test]
    fn mistakes_name_file_class_and_field_in_german() {
        let told = |classes: &str| {
            let text = format!("format = 1\ntitle = \"x\"\nclasses = [{classes}]");
            read("plan.toml", &text).unwrap_err().to_string()
        };
        assert_eq!(
            told("{ number = \"6x\", title = \"Bau\" }"),
            "plan.toml: Klasse 6x, Feld `number`: erwartet werden Zifferngruppen wie 63.10.01"
        );
        assert_eq!(
            told("{ number = \"63.10\", title = \"Bau\" }, { number = \"63.10\", title = \"Bau\" }"),
            "plan.toml: Klasse 63.10 steht zweimal da; über Klasse 63.10 fehlt die Klasse 63"
        );
        assert!(told("{ number = \"63\", titel = \"Bau\" }").contains("unbekanntes Feld `titel`"));
    }
}
