//! The file plan as TOML: `format = 1`, an edition, a title and the classes (`schema/formats/file-plan.md`). Written by hand
//! or made out of another form ([`table`], [`xdomea`]); the text is what is enacted.
//!
//! Mistakes are told in German, with file, line, class and way out, because the people who keep the plan read them; all of
//! them at once.

mod mistake;
pub mod table;
mod write;
pub mod xdomea;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::case_file::ClassNumber;
use crate::domain::file_plan::{FilePlan, FilePlanClass, NumberPattern, PlanFlaw};
use crate::domain::retention::Edition;
use crate::format::lines::Lines;

pub use mistake::PlanMistake;
use mistake::cure;
pub use write::write;

/// The model file plan for a municipality, built in; a town edits its own copy.
pub const MODEL: &str = include_str!("../../schema/file-plan/kommunal.toml");

/// The format this program reads.
pub const FORMAT: u32 = 1;

/// Largest text of a plan, in bytes: it is one entry of the ledger.
pub const TEXT_BYTES_MAX: usize = 8 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanWire {
    format: u32,
    edition: Option<Spanned<String>>,
    title: String,
    classes: Vec<Spanned<ClassWire>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassWire {
    number: String,
    title: String,
    #[serde(default)]
    closed: bool,
    domain: Option<String>,
    reference: Option<String>,
}

/// Reads a file plan; `file` is its name in messages.
///
/// # Errors
/// Every mistake there is, in the order of the text.
pub fn read(file: &str, text: &str) -> Result<FilePlan, Vec<PlanMistake>> {
    let whole = |reason: String| vec![PlanMistake::whole(file, reason)];
    if text.len() > TEXT_BYTES_MAX {
        let mib = TEXT_BYTES_MAX >> 20;
        return Err(whole(format!("der Aktenplan ist zu groß; zulässig sind {mib} MiB")));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let wire: PlanWire = toml::from_str(text).map_err(|error| {
        whole(format!("kein lesbarer Aktenplan: {}", super::rule_pack::with_cure(&error, text)))
    })?;
    if wire.format != FORMAT {
        let reason = format!("Feld `format`: Format {} ist unbekannt, erwartet wird {FORMAT}", wire.format);
        return Err(whole(reason));
    }
    let lines = Lines::of(text);
    let mut mistakes = Vec::new();
    let edition = wire.edition.and_then(|edition| {
        let line = lines.at(edition.span().start);
        let parsed = edition.into_inner().parse::<Edition>();
        parsed
            .map_err(|_| {
                let reason = "Feld `edition`: erwartet werden 1 bis 60 sichtbare Zeichen, etwa 2026-1";
                mistakes.push(PlanMistake::whole(file, reason.to_owned()).on(line));
            })
            .ok()
    });
    let (mut classes, mut begins) = (Vec::with_capacity(wire.classes.len()), Vec::new());
    for class in wire.classes {
        let line = lines.at(class.span().start);
        let at = |mistake: PlanMistake| mistake.on(line);
        match read_class(file, class.into_inner()) {
            Ok(class) => {
                begins.push((class.number.clone(), line));
                classes.push(class);
            }
            Err(of_class) => mistakes.extend(of_class.into_iter().map(at)),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let plan = FilePlan::new(classes).map_err(|flaws| told(file, &flaws, &begins))?;
    Ok(plan.called(wire.title, edition))
}

/// Flaws, each with the line of the class it is about: of two with one number the second is too many.
fn told(file: &str, flaws: &[PlanFlaw], begins: &[(ClassNumber, usize)]) -> Vec<PlanMistake> {
    let lines: BTreeMap<_, _> = begins.iter().map(|(class, line)| (class, *line)).collect();
    let one = |flaw: &PlanFlaw| {
        let line = flaw.about().and_then(|class| lines.get(class).copied());
        PlanMistake { line, ..cure(file, flaw) }
    };
    let mut told: Vec<_> = flaws.iter().map(one).collect();
    told.sort_by_key(|mistake| mistake.line);
    told
}

/// What a class is made of, as texts of whatever form: TOML, a table, a message.
pub(super) struct RawClass<'a> {
    pub(super) number: &'a str,
    pub(super) title: &'a str,
    pub(super) closed: bool,
    pub(super) domain: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
}

impl RawClass<'_> {
    /// The class; what is wrong with each field otherwise.
    pub(super) fn read(&self, file: &str) -> Result<FilePlanClass, Vec<PlanMistake>> {
        let mut mistakes = Vec::new();
        let mut wrong =
            |field, reason: String| mistakes.push(PlanMistake::field(file, self.number, field, reason));
        let number = self.number.trim().parse::<ClassNumber>();
        if number.is_err() {
            wrong("number", "erwartet werden Zifferngruppen wie 63.10.01".to_owned());
        }
        let domain = self.domain.map(mistake::domain).transpose();
        if let Err(reason) = &domain {
            wrong("domain", reason.clone());
        }
        let reference =
            self.reference.map(|text| text.parse::<NumberPattern>().map_err(|why| mistake::pattern(&why)));
        let reference = reference.transpose();
        if let Err(reason) = &reference {
            wrong("reference", reason.clone());
        }
        let title = self.title.trim().to_owned();
        match (number, domain, reference) {
            (Ok(number), Ok(domain), Ok(reference)) => {
                Ok(FilePlanClass { number, title, closed: self.closed, domain, reference })
            }
            _ => Err(mistakes),
        }
    }
}

fn read_class(file: &str, wire: ClassWire) -> Result<FilePlanClass, Vec<PlanMistake>> {
    let raw = RawClass {
        number: &wire.number,
        title: &wire.title,
        closed: wire.closed,
        domain: wire.domain.as_deref(),
        reference: wire.reference.as_deref(),
    };
    raw.read(file)
}

#[cfg(test)]
mod tests;
