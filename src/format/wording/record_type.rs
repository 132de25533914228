//! What a record type asks for, line by line.

use crate::domain::record_type::{Field, FieldKind, RecordType, Register};

/// A record type: what it is called, its fields and registers.
#[must_use]
pub fn record_type(of: &RecordType) -> Vec<String> {
    let mut lines = vec![format!("{} ({}), Ausgabe {}", of.label, of.id, of.edition)];
    if !of.help.is_empty() {
        lines.push(of.help.clone());
    }
    if of.is_closed {
        lines.push("geschlossen: es werden keine neuen Akten damit angelegt".to_owned());
    }
    let classes = of.classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (of.is_default, classes.is_empty()) {
        (true, _) => {
            lines.push("gilt für alle Aktenplaneinheiten, die keine andere Aktenart nennt".to_owned())
        }
        (false, true) => lines.push("gilt nur, wo sie genannt wird".to_owned()),
        (false, false) => lines.push(format!("gilt für {classes} und was darunter liegt")),
    }
    lines.extend(of.fields.iter().map(field));
    let register = |register: &Register| format!("  Register {}  {}", register.number, register.title);
    lines.extend(of.registers.iter().map(register));
    lines
}

fn field(field: &Field) -> String {
    let mut marks = vec![kind(&field.kind)];
    marks.extend(field.is_required.then(|| "nötig".to_owned()));
    marks.extend(field.is_personal.then(|| "personenbezogen".to_owned()));
    let help = if field.help.is_empty() { String::new() } else { format!(": {}", field.help) };
    format!("  {:<20} {} ({}){help}", field.name.as_str(), field.label, marks.join(", "))
}

fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text => "eine Zeile",
        FieldKind::LongText => "Text",
        FieldKind::Number => "Zahl",
        FieldKind::Date => "Tag",
        FieldKind::Year => "Jahr",
        FieldKind::Money => "Betrag",
        FieldKind::YesNo => "ja oder nein",
        FieldKind::Choice(options) => return format!("eines von: {}", options.join(", ")),
        FieldKind::Person => "Name",
        FieldKind::Address => "Anschrift",
        FieldKind::Parcel => "Flurstück",
        FieldKind::Reference => "Aktenzeichen",
    }
    .to_owned()
}

/// Why nothing lies in a register that a record type does not have, and the way out: those it has.
#[must_use]
pub fn no_such_register(number: &str, registers: &[Register]) -> (String, String) {
    if registers.is_empty() {
        let way_out = "lassen Sie die Angabe weg; `schriftgut types show` zeigt die Aktenarten mit Registern";
        return ("die Aktenart der Akte hat keine Register".to_owned(), way_out.to_owned());
    }
    let known: Vec<_> =
        registers.iter().map(|register| format!("{} ({})", register.number, register.title)).collect();
    (
        format!("die Aktenart der Akte hat kein Register „{}“", number.trim()),
        format!("es gibt: {}", known.join(", ")),
    )
}

/// A register as people read it: its number and what lies there.
#[must_use]
pub fn register(number: Option<&str>, title: Option<&str>) -> String {
    match (number, title) {
        (None, _) => "keinem Register zugeordnet".to_owned(),
        (Some(number), Some(title)) => format!("Register {number}  {title}"),
        (Some(number), None) => format!("Register {number} (hat die Aktenart nicht)"),
    }
}
