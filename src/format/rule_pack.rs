//! Rule packs and their examples as TOML, `schema/formats/rule-pack.md`, format 1.
//!
//! Written by people who keep records, so every mistake is told in German with file, rule and field. Reading
//! checks each field by itself; whether the rules fit each other is [`RuleBook::new`]'s question.

mod entry;
mod example;
mod mistake;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::base::digest::Sha256;
use crate::domain::case_file::FactKind;
use crate::domain::file_plan::FilePlan;
use crate::domain::record_type::RecordTypes;
use crate::domain::retention::example::Example;
use crate::domain::retention::{Flaw, RuleBook, RuleId, RulePack};

pub use mistake::PackMistake;
pub(super) use mistake::{in_german, with_cure};

/// The format this program reads.
pub const FORMAT: u32 = 1;

/// Most rules, criteria or examples in one file; a town has some hundred.
pub const ENTRIES_MAX: usize = 10_000;

/// A pack that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// What it is called where a registry is founded.
    pub name: &'static str,
    /// Its file name in messages.
    pub file: &'static str,
    /// The rules.
    pub rules: &'static str,
    /// The examples that prove them.
    pub examples: &'static str,
    /// The law sheet that explains them.
    pub law_sheet: &'static str,
}

/// The rules for municipalities of North Rhine-Westphalia.
pub const NRW_KOMMUNAL: BuiltIn = BuiltIn {
    name: "nrw",
    file: "retention-rules/nrw/kommunal.toml",
    rules: include_str!("../../retention-rules/nrw/kommunal.toml"),
    examples: include_str!("../../retention-rules/nrw/kommunal.examples.toml"),
    law_sheet: include_str!("../../retention-rules/nrw/kommunal.md"),
};

/// A start for municipalities of a state whose law no pack has yet: only federal law is sourced.
pub const MUSTER_KOMMUNAL: BuiltIn = BuiltIn {
    name: "muster",
    file: "retention-rules/muster/kommunal.toml",
    rules: include_str!("../../retention-rules/muster/kommunal.toml"),
    examples: include_str!("../../retention-rules/muster/kommunal.examples.toml"),
    law_sheet: include_str!("../../retention-rules/muster/kommunal.md"),
};

/// Every pack that comes with the program; the first is that of a registry whose founder names none.
pub const BUILT_IN: [BuiltIn; 2] = [NRW_KOMMUNAL, MUSTER_KOMMUNAL];

/// Why a text gave no rule book.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It could not be read; the text is for users.
    #[error(transparent)]
    Mistake(#[from] PackMistake),
    /// The rules do not fit each other or the file plan; see [`super::wording::flaw`] for users.
    #[error("the rules of `{file}` have {} flaws, first: {}", flaws.len(), flaws.first().map(|first| first.flaw.to_string()).unwrap_or_default())]
    Flawed {
        /// Name of the file.
        file: String,
        /// Every flaw.
        flaws: Vec<FlawAt>,
    },
}

/// A flaw, and where the rule or criterion it is about begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlawAt {
    /// The line, from 1; none if it is about the pack as a whole.
    pub line: Option<usize>,
    /// The flaw.
    pub flaw: Flaw,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackWire {
    format: u32,
    edition: String,
    title: String,
    facts: BTreeMap<String, String>,
    #[serde(default)]
    rule: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    criterion: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    thinning: Vec<Spanned<toml::Table>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExamplesWire {
    format: u32,
    #[serde(default)]
    example: Vec<Spanned<toml::Table>>,
}

/// Reads a pack and makes its rule book for this file plan; `file` is its name in messages.
///
/// # Errors
/// [`PackError`]: the first mistake, or every flaw.
pub fn read_book(file: &str, text: &str, plan: &FilePlan) -> Result<RuleBook, PackError> {
    let pack = read(file, text)?;
    RuleBook::new(pack, plan).map_err(|flaws| flawed(file, text, flaws))
}

/// The same for a pack that is not in force yet: its rules for thinning must fit the record types, too.
///
/// # Errors
/// As [`read_book`].
pub fn read_new_book(
    file: &str,
    text: &str,
    plan: &FilePlan,
    types: &RecordTypes,
) -> Result<RuleBook, PackError> {
    let book = read_book(file, text, plan)?;
    match book.thinning_flaws(types) {
        flaws if flaws.is_empty() => Ok(book),
        flaws => Err(flawed(file, text, flaws)),
    }
}

fn flawed(file: &str, text: &str, flaws: Vec<Flaw>) -> PackError {
    let lines = lines_of_entries(text);
    // Of two of one name the second is too many.
    let line = |flaw: &Flaw| {
        let about = |(id, _): &&(String, usize)| Some(id.as_str()) == flaw.about().map(RuleId::as_str);
        lines.iter().rfind(about).map(|(_, line)| *line)
    };
    let flaws = flaws.into_iter().map(|flaw| FlawAt { line: line(&flaw), flaw }).collect();
    PackError::Flawed { file: file.to_owned(), flaws }
}

/// The ids of all rules, criteria and thinnings, each with the line it begins on.
fn lines_of_entries(text: &str) -> Vec<(String, usize)> {
    let Ok(wire) = toml::from_str::<PackWire>(text) else { return Vec::new() };
    let id = |entry: Spanned<toml::Table>| {
        let line = line_at(text, entry.span().start);
        Some((entry.into_inner().get("id")?.as_str()?.to_owned(), line))
    };
    wire.rule.into_iter().chain(wire.criterion).chain(wire.thinning).filter_map(id).collect()
}

/// Reads a pack; `file` is its name in messages.
///
/// # Errors
/// The first [`PackMistake`].
pub fn read(file: &str, text: &str) -> Result<RulePack, PackMistake> {
    let wire: PackWire = parse(file, text)?;
    let at_head = |mistake: PackMistake| mistake.in_entry(text, 1);
    check_head(file, wire.format, wire.rule.len().max(wire.criterion.len()).max(wire.thinning.len()))
        .map_err(at_head)?;
    let head = PackMistake::at(file, "Kopf");
    let expected = "erwartet wird ein Name wie „nrw-kommunal 2026-1“";
    let edition = wire.edition.parse().map_err(|_| at_head(head.field("edition", expected)))?;
    let facts = wire.facts.into_iter().map(|(kind, label)| {
        let parsed: Result<FactKind, _> = kind.parse();
        let kind =
            parsed.map_err(|_| at_head(head.field("facts", &format!("„{kind}“: {}", entry::A_NAME))))?;
        Ok((kind, label))
    });
    Ok(RulePack {
        edition,
        title: wire.title,
        digest: Sha256::of(&[text.as_bytes()]),
        facts: facts.collect::<Result<_, _>>()?,
        rules: each(file, text, wire.rule, entry::rule)?,
        criteria: each(file, text, wire.criterion, entry::criterion)?,
        thinnings: each(file, text, wire.thinning, entry::thinning)?,
    })
}

/// Reads the examples of a pack; `file` is its name in messages.
///
/// # Errors
/// The first [`PackMistake`].
pub fn read_examples(file: &str, text: &str) -> Result<Vec<Example>, PackMistake> {
    let wire: ExamplesWire = parse(file, text)?;
    check_head(file, wire.format, wire.example.len()).map_err(|mistake| mistake.in_entry(text, 1))?;
    each(file, text, wire.example, example::example)
}

/// Reads entry by entry; the first that cannot be read is told with its line.
fn each<T>(
    file: &str,
    text: &str,
    entries: Vec<Spanned<toml::Table>>,
    read: fn(&str, toml::Table) -> Result<T, PackMistake>,
) -> Result<Vec<T>, PackMistake> {
    let one = |entry: Spanned<toml::Table>| {
        let begins = line_at(text, entry.span().start);
        read(file, entry.into_inner()).map_err(|mistake| mistake.in_entry(text, begins))
    };
    entries.into_iter().map(one).collect()
}

fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, PackMistake> {
    toml::from_str(text).map_err(|error| PackMistake::at(file, "").whole(with_cure(&error, text)))
}

fn check_head(file: &str, format: u32, entries: usize) -> Result<(), PackMistake> {
    let head = PackMistake::at(file, "Kopf");
    if format != FORMAT {
        return Err(head.field("format", &format!("Format {format} ist unbekannt, erwartet wird {FORMAT}")));
    }
    if entries > ENTRIES_MAX {
        return Err(head.whole(format!("{entries} Einträge sind mehr als die zulässigen {ENTRIES_MAX}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "format = 1\nedition = \"probe 1\"\ntitle = \"Probe\"\n[facts]\nclosed = \"z.d.A.\"\n";
    const RULE: &str = r#"[[rule]]
id = "BA-03"
title = "Zurückgenommene Bauanträge"
classes = ["63.10.03"]
terms = [{ start = ["closed"], counted = "end_of_year", period = "10 years", ends = "end_of_year" }]
disposition = "V"
basis = "Praxis"
confidence = "to_be_confirmed"
"#;

    fn told(change: &str, to: &str) -> String {
        let text = format!("{HEAD}{RULE}");
        assert!(text.contains(change), "{change}");
        read("probe.toml", &text.replace(change, to)).unwrap_err().to_string()
    }

    #[test]
    fn a_pack_is_read_with_the_digest_of_its_bytes() {
        let text = format!("{HEAD}{RULE}");
        let pack = read("probe.toml", &text).unwrap();
        assert_eq!(pack.digest, Sha256::of(&[text.as_bytes()]));
        assert_eq!((pack.rules.len(), pack.edition.as_str()), (1, "probe 1"));
    }

    #[test]
    fn mistakes_name_file_rule_and_field_in_german() {
        insta::assert_snapshot!(
            [
                told("format = 1", "format = 2"),
                told("\"V\"", "\"X\""),
                told("\"10 years\"", "\"zehn Jahre\""),
                told("\"10 years\"", "\"70000 years\""),
                told("\"end_of_year\", period", "\"yearly\", period"),
                told("basis =", "bases ="),
                told("basis = \"Praxis\"", ""),
                told("title = \"Zur", "valid_from = \"2025-02-30\"\ntitle = \"Zur"),
                told("[\"63.10.03\"]", "63"),
                told("terms = [", "permanent = true\nterms = ["),
                told("\"10 years\"", "10"),
                told("basis =", "restricted_after = \"until_event\"\nbasis ="),
                told("id = \"BA-03\"", "id = BA-03"),
            ]
            .join("\n"),
            @r"
                probe.toml, Zeile 1: Kopf, Feld `format`: Format 2 ist unbekannt, erwartet wird 1
                probe.toml, Zeile 11: Regel BA-03, Feld `disposition`: „X“: erwartet wird A, B oder V
                probe.toml, Zeile 10: Regel BA-03, Feld `terms.period`: „zehn Jahre“: erwartet wird „10 years“, „6 months“, „60 days_before“ oder „until_event“ (Zahl bis 65535)
                probe.toml, Zeile 10: Regel BA-03, Feld `terms.period`: „70000 years“: erwartet wird „10 years“, „6 months“, „60 days_before“ oder „until_event“ (Zahl bis 65535)
                probe.toml, Zeile 10: Regel BA-03, Feld `terms.counted`: „yearly“: erwartet wird same_day, end_of_year oder financial_year_after_resolution
                probe.toml, Zeile 12: Regel BA-03: unbekanntes Feld `bases`; es gibt: id, title, classes, permanent, terms, restricted_after, disposition, paper, basis, basis_edition, confidence, valid_from, valid_to, note
                probe.toml, Zeile 6: Regel BA-03: das Feld `basis` fehlt
                probe.toml, Zeile 8: Regel BA-03, Feld `valid_from`: „2025-02-30“: erwartet wird ein Tag wie 2026-11-22
                probe.toml, Zeile 9: Regel BA-03: Feld `classes`: hier steht eine falsche Art von Wert (Text, Zahl, Liste oder ja/nein)
                probe.toml, Zeile 11: Regel BA-03, Feld `terms`: eine dauernde Aufbewahrung (permanent) hat keine Fristen
                probe.toml, Zeile 10: Regel BA-03: Feld `terms.period`: hier steht eine falsche Art von Wert (Text, Zahl, Liste oder ja/nein)
                probe.toml, Zeile 12: Regel BA-03, Feld `restricted_after`: „until_event“: erwartet wird eine Zahl von Jahren oder Monaten, „5 years“ oder „6 months“
                probe.toml: Zeile 7: kein gültiges TOML: „id = BA-03“
                "
        );
    }
}
