//! Record types: `types`.

use serde_json::{Value, json};

use super::texts;
use crate::domain::record_type::{Field, FieldKind, RecordType, RecordTypes, Register};

/// `types show --json`
pub(in crate::cli) fn all(types: &RecordTypes) -> Value {
    let record_type = |of: &RecordType| json!({ "id": of.id.to_string(), "edition": of.edition.to_string(), "label": of.label, "closed": of.is_closed });
    json!({ "record_types": types.in_force().map(record_type).collect::<Vec<_>>() })
}

/// `types show AKTENART --json`
pub(in crate::cli) fn one(of: &RecordType) -> Value {
    let register = |register: &Register| json!({ "number": register.number, "title": register.title });
    json!({
        "id": of.id.to_string(),
        "edition": of.edition.to_string(),
        "label": of.label,
        "help": of.help,
        "classes": texts(&of.classes),
        "default": of.is_default,
        "closed": of.is_closed,
        "fields": of.fields.iter().map(field).collect::<Vec<_>>(),
        "registers": of.registers.iter().map(register).collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Value {
    let options = match &field.kind {
        FieldKind::Choice(options) => Some(options),
        _ => None,
    };
    json!({
        "name": field.name.as_str(),
        "label": field.label,
        "kind": field.kind.code(),
        "help": field.help,
        "required": field.is_required,
        "personal": field.is_personal,
        "facet": field.is_facet,
        "options": options,
        "xdomea": field.xdomea.map(|element| element.path()),
    })
}

/// `types check --json` and `types enact --json`
pub(in crate::cli) fn editions(new: &[RecordType]) -> Value {
    let edition = |of: &RecordType| json!({ "id": of.id.to_string(), "edition": of.edition.to_string() });
    json!({ "record_types": new.iter().map(edition).collect::<Vec<_>>() })
}
