//! What is wrong with record types and with what is said of files, in German: what, where, and the way out.

use super::{FORMAT, Read, Source};
use crate::domain::record_type::{
    FIELDS_MAX, Field, FieldFlaw, FieldKind, HELP_CHARS_MAX, LABEL_CHARS_MAX, LONG_TEXT_CHARS_MAX,
    OPTIONS_MAX, REGISTERS_MAX, RecordType, RecordTypeId, TEXT_CHARS_MAX, TYPES_MAX, TypeFlaw, TypesFlaw,
    ValueFlaw, XdomeaElement,
};
use crate::format::rule_pack::in_german;

/// Options that are named in a message; how many more there are is said.
const OPTIONS_NAMED: usize = 12;

/// Something is wrong with a record type; users read it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{}: {what}; {way_out}", line.map(|line| format!(", Zeile {line}")).unwrap_or_default(), field.as_ref().map(|field| format!(", Feld `{field}`")).unwrap_or_default())]
pub struct TypeMistake {
    /// Name of the file.
    pub file: String,
    /// The line, from 1; none if it is about the whole.
    pub line: Option<usize>,
    /// The field of the type, or the part of its head.
    pub field: Option<String>,
    /// What is wrong.
    pub what: String,
    /// The way out.
    pub way_out: String,
}

pub(super) fn quoted(text: &str, what: &str) -> String {
    format!("„{text}“ {what}")
}

pub(super) fn a_type_name() -> String {
    format!(
        "ein Name hat Kleinbuchstaben, Ziffern und Unterstriche, beginnt mit einem Buchstaben und ist nicht „{}“",
        RecordTypeId::NONE
    )
}

pub(super) fn a_field_name() -> String {
    "ein Name hat Kleinbuchstaben, Ziffern und Unterstriche und beginnt mit einem Buchstaben".to_owned()
}

pub(super) fn an_edition() -> String {
    "nennen Sie sie wie „2026-1“ (höchstens 60 Zeichen)".to_owned()
}

pub(super) fn a_class() -> String {
    "erwartet werden Zifferngruppen wie 63.10".to_owned()
}

pub(super) fn a_kind() -> String {
    format!("möglich sind: {}", FieldKind::CODES.join(", "))
}

pub(super) fn no_options() -> String {
    "streichen Sie options oder schreiben Sie kind = \"choice\"".to_owned()
}

pub(super) fn an_element() -> String {
    format!("möglich sind: {}", XdomeaElement::ALL.map(XdomeaElement::path).join(", "))
}

pub(super) fn unreadable(source: Source<'_>, error: &toml::de::Error) -> TypeMistake {
    TypeMistake {
        file: source.file.to_owned(),
        line: None,
        field: None,
        what: in_german(error, source.text),
        way_out: "welche Angaben eine Aktenart hat, steht in schema/formats/record-type.md".to_owned(),
    }
}

pub(super) fn format(file: &str, found: u32) -> TypeMistake {
    TypeMistake {
        file: file.to_owned(),
        line: None,
        field: Some("format".to_owned()),
        what: format!("Format {found} ist unbekannt"),
        way_out: format!("dieses Programm liest Format {FORMAT}"),
    }
}

/// A flaw of what was read, with the file and line it comes from.
pub(super) fn flaw(flaw: &TypesFlaw, read: &[Read<'_>]) -> TypeMistake {
    let of = |id: &RecordTypeId| read.iter().find(|read| read.record_type.id == *id);
    let whole = |id: Option<&RecordTypeId>, what: String, way_out: &str| TypeMistake {
        file: id.and_then(of).map_or_else(|| "Aktenarten".to_owned(), |read| read.source.file.to_owned()),
        line: None,
        field: None,
        what,
        way_out: way_out.to_owned(),
    };
    match flaw {
        TypesFlaw::Type(id, flaw) => {
            let (what, way_out) = type_flaw(flaw);
            let (line, field) = of(id).map_or((None, None), |read| read.place_of(flaw));
            TypeMistake { line, field, ..whole(Some(id), what, &way_out) }
        }
        TypesFlaw::Twice(id) => whole(
            Some(id),
            format!("zwei Dateien nennen sich „{id}“"),
            "geben Sie einer von ihnen eine andere id",
        ),
        TypesFlaw::EditionKnown(known) => whole(
            Some(&known.id),
            format!(
                "die Ausgabe „{}“ der Aktenart „{}“ galt schon und lautet anders",
                known.edition, known.id
            ),
            "jede Änderung ist eine neue Ausgabe: ändern Sie edition",
        ),
        TypesFlaw::LabelTwice(label) => whole(
            None,
            format!("zwei Aktenarten heißen „{label}“"),
            "geben Sie einer von ihnen ein anderes label",
        ),
        TypesFlaw::ClassTaken { class, types: [one, other] } => whole(
            Some(other),
            format!("die Aktenplaneinheit {class} nennt auch die Aktenart „{one}“"),
            "lassen Sie sie bei einer von beiden weg",
        ),
        TypesFlaw::NoDefault => whole(
            None,
            "keine gilt für Akten, deren Aktenplaneinheit keine nennt".to_owned(),
            "schreiben Sie bei einer von ihnen default = true",
        ),
        TypesFlaw::TwoDefaults([one, other]) => whole(
            Some(other),
            format!("default = true steht auch bei der Aktenart „{one}“"),
            "streichen Sie es bei einer von beiden",
        ),
        TypesFlaw::TooMany(count) => {
            whole(None, format!("es wären {count} Aktenarten"), &format!("zulässig sind {TYPES_MAX}"))
        }
    }
}

impl Read<'_> {
    /// Line and field that a flaw is about.
    fn place_of(&self, flaw: &TypeFlaw) -> (Option<usize>, Option<String>) {
        let RecordType { fields, registers, .. } = &self.record_type;
        // Of two that are alike it is the second that is one too many.
        let last = |at: Option<usize>, lines: &[usize]| at.and_then(|at| lines.get(at).copied());
        match flaw {
            TypeFlaw::Field(name, _) => {
                let at = fields.iter().rposition(|field| field.name == *name);
                (last(at, &self.field_lines), Some(name.to_string()))
            }
            TypeFlaw::Register(number) | TypeFlaw::RegisterTwice(number) => {
                let at = registers.iter().rposition(|register| register.number == *number);
                (last(at, &self.register_lines), Some("register".to_owned()))
            }
            TypeFlaw::Label => (None, Some("label".to_owned())),
            TypeFlaw::Help => (None, Some("help".to_owned())),
            TypeFlaw::ClassTwice(_) => (None, Some("classes".to_owned())),
            TypeFlaw::ClosedDefault | TypeFlaw::TooManyFields(_) | TypeFlaw::TooManyRegisters(_) => {
                (None, None)
            }
        }
    }
}

/// What is wrong with a type, and the way out.
fn type_flaw(flaw: &TypeFlaw) -> (String, String) {
    let one_of_them = || "streichen Sie eines von beiden".to_owned();
    match flaw {
        TypeFlaw::Label => ("die Aktenart hat keinen lesbaren Namen".into(), label()),
        TypeFlaw::Help => ("der Hilfetext ist zu lang".into(), help()),
        TypeFlaw::ClassTwice(class) => {
            (format!("die Aktenplaneinheit {class} steht zweimal da"), "einmal genügt".into())
        }
        TypeFlaw::ClosedDefault => {
            ("sie ist geschlossen und soll doch für alle übrigen Akten gelten".into(), {
                "streichen Sie closed oder default".into()
            })
        }
        TypeFlaw::TooManyFields(count) => at_most(*count, "Felder", FIELDS_MAX),
        TypeFlaw::TooManyRegisters(count) => at_most(*count, "Register", REGISTERS_MAX),
        TypeFlaw::Register(_) => ("dem Register fehlt ein lesbarer number oder title".into(), label()),
        TypeFlaw::RegisterTwice(number) => (format!("das Register {number} steht zweimal da"), one_of_them()),
        TypeFlaw::Field(_, flaw) => field_flaw(flaw),
    }
}

fn field_flaw(flaw: &FieldFlaw) -> (String, String) {
    let say = |what: &str, way_out: &str| (what.to_owned(), way_out.to_owned());
    match flaw {
        FieldFlaw::NameTwice => {
            say("der Name steht zweimal da", "geben Sie einem der Felder einen anderen name")
        }
        FieldFlaw::Label => ("das Feld hat keine lesbare Bezeichnung".into(), label()),
        FieldFlaw::LabelTwice(label) => {
            (format!("„{label}“ heißt schon ein anderes Feld"), "geben Sie ihm ein anderes label".into())
        }
        FieldFlaw::Help => ("der Hilfetext ist zu lang".into(), help()),
        FieldFlaw::NoOptions => {
            say("die Auswahl hat nichts zur Wahl", "nennen Sie sie: options = [\"…\", \"…\"]")
        }
        FieldFlaw::TooManyOptions(count) => at_most(*count, "Möglichkeiten", OPTIONS_MAX),
        FieldFlaw::Option(option) => (quoted(option, "kann nicht zur Wahl stehen"), label()),
        FieldFlaw::OptionTwice(option) => {
            (quoted(option, "steht zweimal zur Wahl"), "streichen Sie eines von beiden".into())
        }
        FieldFlaw::NotPersonal => say(
            "das Feld nennt Personen (kind = \"person\") und sagt es nicht",
            "schreiben Sie personal = true",
        ),
        FieldFlaw::PersonalFacet => say(
            "nach einem personenbezogenen Feld wird nicht gegliedert",
            "streichen Sie facet oder personal",
        ),
        FieldFlaw::NoFacet => say(
            "nach dieser Art von Feld wird nicht gegliedert",
            "streichen Sie facet; möglich ist es bei text, year, yes_no und choice",
        ),
        FieldFlaw::RequiredStays => say(
            "das Feld ist Pflicht und ginge bei einer Abgabe verloren",
            "nennen Sie mit xdomea das Element, oder streichen Sie required",
        ),
        FieldFlaw::Xdomea(element) => (
            format!("das Element {} fasst diese Art von Feld nicht", element.path()),
            format!("nennen Sie ein anderes; {} fasst jedes", XdomeaElement::Feld.path()),
        ),
        FieldFlaw::XdomeaTwice(element) => (
            format!(
                "das Element {} ist schon für ein anderes Feld vergeben und hat Platz für eines",
                element.path()
            ),
            format!("nennen Sie für eines der beiden {}", XdomeaElement::Feld.path()),
        ),
    }
}

fn label() -> String {
    format!("erwartet werden 1 bis {LABEL_CHARS_MAX} Zeichen ohne Leerzeichen am Rand")
}

fn help() -> String {
    format!("zulässig sind {HELP_CHARS_MAX} Zeichen")
}

fn at_most(count: usize, what: &str, most: usize) -> (String, String) {
    (format!("{count} {what} sind zu viele"), format!("zulässig sind {most}"))
}

/// Why what was said of a file does not fit its type: `Feld „Baujahr“ (built_year): „um 1900“ …`.
#[must_use]
pub fn value_flaw(flaw: &ValueFlaw, record_type: &RecordType) -> String {
    let named = |field: &Field| format!("Feld „{}“ ({})", field.label, field.name);
    match flaw {
        ValueFlaw::Unknown { name } => {
            let known: Vec<_> = record_type.fields.iter().map(|field| field.name.as_str()).collect();
            let known = if known.is_empty() { "keine".to_owned() } else { known.join(", ") };
            format!("die Aktenart „{}“ hat kein Feld „{name}“ (sie hat: {known})", record_type.label)
        }
        ValueFlaw::Missing { field } => {
            format!("{}: die Aktenart „{}“ verlangt eine Angabe", named(field), record_type.label)
        }
        ValueFlaw::Unfit { field, value } => {
            format!("{}: „{value}“ passt nicht; erwartet wird {}", named(field), expected(&field.kind))
        }
    }
}

/// What a field takes.
fn expected(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text => format!("eine Zeile, höchstens {TEXT_CHARS_MAX} Zeichen"),
        FieldKind::LongText => format!("Text, höchstens {LONG_TEXT_CHARS_MAX} Zeichen"),
        FieldKind::Number => "eine Zahl wie 1200 oder 12,5, ohne Punkt".to_owned(),
        FieldKind::Date => "ein Tag wie 12.03.2014 oder 2014-03-12".to_owned(),
        FieldKind::Year => "ein Jahr mit vier Ziffern".to_owned(),
        FieldKind::Money => "ein Betrag in Euro wie 1.234,50".to_owned(),
        FieldKind::YesNo => "ja oder nein".to_owned(),
        FieldKind::Choice(options) => {
            let named = options.iter().take(OPTIONS_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            match options.len().saturating_sub(OPTIONS_NAMED) {
                0 => format!("eines von: {named}"),
                more => format!("eines von: {named} und {more} weiteren"),
            }
        }
        FieldKind::Person => {
            format!("ein Name mit Buchstaben, höchstens {TEXT_CHARS_MAX} Zeichen auf einer Zeile")
        }
        FieldKind::Address => {
            format!("eine Anschrift mit Buchstaben, höchstens {TEXT_CHARS_MAX} Zeichen auf einer Zeile")
        }
        FieldKind::Parcel => "ein Flurstück mit Ziffern wie „Flur 4, 118/2“".to_owned(),
        FieldKind::Reference => "ein Aktenzeichen, höchstens 80 Zeichen".to_owned(),
    }
}
