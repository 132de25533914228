//! Record types as TOML, one file per type: `format = 1`, what the type is called, its fields and registers. Written by
//! hand, read here (`schema/formats/record-type.md`).
//!
//! Mistakes are told in German, with file, line and way out, because the people who keep the types read them. Several
//! files are read as a whole: either all of them are sound, or every mistake is told and none is taken.

mod told;

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::record_type::{Field, FieldKind, RecordType, RecordTypes, Register, XdomeaElement};

pub use told::{TypeMistake, value_flaw};

/// The format this program reads.
pub const FORMAT: u32 = 1;

/// A file with one record type.
#[derive(Clone, Copy)]
struct Source<'a> {
    /// Its name in messages.
    file: &'a str,
    /// The TOML text.
    text: &'a str,
}

/// The types every new registry begins with; a town edits its own copies. Name of the file, and text.
pub const MODELS: [(&str, &str); 10] = [
    ("allgemein.toml", include_str!("../../schema/record-types/allgemein.toml")),
    ("bauakte.toml", include_str!("../../schema/record-types/bauakte.toml")),
    ("gewerbe.toml", include_str!("../../schema/record-types/gewerbe.toml")),
    ("hausakte.toml", include_str!("../../schema/record-types/hausakte.toml")),
    ("personalakte.toml", include_str!("../../schema/record-types/personalakte.toml")),
    ("ratsvorlage.toml", include_str!("../../schema/record-types/ratsvorlage.toml")),
    ("rechnung.toml", include_str!("../../schema/record-types/rechnung.toml")),
    ("sozialakte.toml", include_str!("../../schema/record-types/sozialakte.toml")),
    ("steuerakte.toml", include_str!("../../schema/record-types/steuerakte.toml")),
    ("vertrag.toml", include_str!("../../schema/record-types/vertrag.toml")),
];

/// As [`MODELS`], to be enacted.
#[must_use]
pub fn models() -> BTreeMap<String, String> {
    MODELS.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

/// The text is meant to be a record type, and no other file in TOML: it has the label every type has.
#[must_use]
pub fn is_meant(text: &str) -> bool {
    text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("label"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeWire {
    format: u32,
    id: Spanned<String>,
    edition: Spanned<String>,
    label: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    classes: Vec<Spanned<String>>,
    #[serde(default)]
    default: bool,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    field: Vec<Spanned<FieldWire>>,
    #[serde(default)]
    register: Vec<Spanned<RegisterWire>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldWire {
    name: String,
    label: String,
    kind: String,
    #[serde(default)]
    help: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    personal: bool,
    #[serde(default)]
    facet: bool,
    options: Option<Vec<String>>,
    xdomea: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterWire {
    number: String,
    title: String,
}

/// A type that was read, with the lines its parts stand on.
struct Read<'a> {
    source: Source<'a>,
    record_type: RecordType,
    field_lines: Vec<usize>,
    register_lines: Vec<usize>,
}

/// Reads types, by the name of their file, and puts them into force beside those there are.
///
/// # Errors
/// Every [`TypeMistake`] of every file; how the types fit together is looked at when each can be read.
pub fn enact(
    sources: &BTreeMap<String, String>,
    so_far: &RecordTypes,
) -> Result<RecordTypes, Vec<TypeMistake>> {
    let (mut read, mut mistakes) = (Vec::new(), Vec::new());
    for (file, text) in sources {
        match read_one(Source { file, text }) {
            Ok(one) => read.push(one),
            Err(found) => mistakes.extend(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let types = read.iter().map(|read| read.record_type.clone()).collect();
    so_far.with(types).map_err(|flaws| flaws.iter().map(|flaw| told::flaw(flaw, &read)).collect())
}

/// The mistakes of one file, as they are found.
struct Notes<'a> {
    source: Source<'a>,
    found: Vec<TypeMistake>,
}

impl Notes<'_> {
    fn note(&mut self, at: usize, field: &str, what: String, way_out: String) {
        let line = Some(line_at(self.source.text, at));
        let (file, field) = (self.source.file.to_owned(), Some(field.to_owned()));
        self.found.push(TypeMistake { file, line, field, what, way_out });
    }

    /// The value of a part of the head; noted if it is none.
    fn head<T: FromStr>(
        &mut self,
        part: &str,
        value: &Spanned<String>,
        what: &str,
        way_out: String,
    ) -> Option<T> {
        let parsed = value.get_ref().parse().ok();
        if parsed.is_none() {
            self.note(value.span().start, part, told::quoted(value.get_ref(), what), way_out);
        }
        parsed
    }
}

fn read_one(source: Source<'_>) -> Result<Read<'_>, Vec<TypeMistake>> {
    let text = source.text;
    let wire: TypeWire = toml::from_str(text).map_err(|error| vec![told::unreadable(source, &error)])?;
    if wire.format != FORMAT {
        return Err(vec![told::format(source.file, wire.format)]);
    }
    let mut notes = Notes { source, found: Vec::new() };
    let id = notes.head("id", &wire.id, "ist kein Name einer Aktenart", told::a_type_name());
    let edition = notes.head("edition", &wire.edition, "ist keine Ausgabe", told::an_edition());
    let class = |class| notes.head("classes", class, "ist keine Aktenplaneinheit", told::a_class());
    let classes = wire.classes.iter().filter_map(class).collect();
    let field_lines = wire.field.iter().map(|field| line_at(text, field.span().start)).collect();
    let register_lines = wire.register.iter().map(|register| line_at(text, register.span().start)).collect();
    let mut fields = Vec::new();
    for spanned in wire.field {
        let at = spanned.span().start;
        match read_field(spanned.into_inner()) {
            Ok(field) => fields.push(field),
            Err(found) => {
                found.into_iter().for_each(|(name, what, way_out)| notes.note(at, &name, what, way_out));
            }
        }
    }
    let register = |register: Spanned<RegisterWire>| {
        let RegisterWire { number, title } = register.into_inner();
        Register { number, title }
    };
    let registers = wire.register.into_iter().map(register).collect();
    let (Some(id), Some(edition), true) = (id, edition, notes.found.is_empty()) else {
        return Err(notes.found);
    };
    let (is_default, is_closed) = (wire.default, wire.closed);
    let (label, help) = (wire.label, wire.help);
    let record_type =
        RecordType { id, edition, label, help, classes, is_default, is_closed, fields, registers };
    Ok(Read { source, record_type, field_lines, register_lines })
}

/// Name of the field, what is wrong, and the way out.
type Found = (String, String, String);

fn read_field(wire: FieldWire) -> Result<Field, Vec<Found>> {
    let mut found = Vec::new();
    let mut note = |what: String, way_out: String| found.push((wire.name.clone(), what, way_out));
    let name = wire.name.parse();
    if name.is_err() {
        note(told::quoted(&wire.name, "ist kein Name eines Feldes"), told::a_field_name());
    }
    let is_choice = wire.kind == "choice";
    if !is_choice && wire.options.is_some() {
        note("nur eine Auswahl (kind = \"choice\") hat options".into(), told::no_options());
    }
    let kind = FieldKind::of(&wire.kind, wire.options.unwrap_or_default());
    if kind.is_none() {
        note(told::quoted(&wire.kind, "ist keine Art von Feld"), told::a_kind());
    }
    let xdomea = wire.xdomea.as_deref().map(|path| (path, XdomeaElement::of(path)));
    if let Some((path, None)) = xdomea {
        note(told::quoted(path, "ist kein Element, das xdomea für eine Akte kennt"), told::an_element());
    }
    match (name, kind) {
        (Ok(name), Some(kind)) if found.is_empty() => Ok(Field {
            name,
            label: wire.label,
            help: wire.help,
            kind,
            is_required: wire.required,
            is_personal: wire.personal,
            is_facet: wire.facet,
            xdomea: xdomea.and_then(|(_, element)| element),
        }),
        _ => Err(found),
    }
}

fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}
