//! Keeping files: `open`, `change`, `note`, `reminder`, `assign`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::case_file::{CaseFile, Description, Reminder};
use crate::domain::ids::ReminderId;
use crate::domain::relation::Relation;
use crate::registry::{ChangedFile, Deputed};

/// `open --json`
pub(in crate::cli) fn opened(file: &CaseFile) -> Value {
    json!({
        "file": file.reference.to_string(),
        "id": file.id.to_string(),
        "class": file.class.to_string(),
        "title": file.title,
        "record_type": file.type_id().map(ToString::to_string),
        "domain": file.domain.code(),
        "case": file.cases.first().map(|case| case.title.clone()),
    })
}

/// One line of `change --json`.
pub(in crate::cli) fn changed(changed: &ChangedFile) -> Value {
    let said = |said: &Description| {
        json!({
            "title": said.title,
            "class": said.class.to_string(),
            "record_type": said.record_type.as_ref().map(|edition| edition.id.to_string()),
            "fields": said.fields,
        })
    };
    json!({
        "file": changed.file.reference.to_string(),
        "before": said(&changed.file.description()),
        "after": said(&changed.after),
    })
}

/// Last line of `change --json`.
pub(in crate::cli) fn changed_all(files: usize, preview: bool) -> Value {
    json!({ "summary": { "changed": files, "preview": preview } })
}

/// `note --json`
pub(in crate::cli) fn noted(file: &CaseFile) -> Value {
    json!({ "file": file.reference.to_string(), "notes": file.notes.len() })
}

/// `assign --json`
pub(in crate::cli) fn assigned(files: u64, to: Option<&str>) -> Value {
    json!({ "assigned": files, "to": to })
}

/// `reminder add --json`
pub(in crate::cli) fn reminder(id: ReminderId, file: &str, on: Date) -> Value {
    json!({ "reminder": id.to_string(), "file": file, "on": on.to_string() })
}

/// `reminder list --json`
pub(in crate::cli) fn reminders(due: &[(CaseFile, Reminder)], deputed: &[Deputed]) -> Value {
    let one = |(file, reminder): &(CaseFile, Reminder), absent: Option<&str>| {
        json!({
            "reminder": reminder.id.to_string(),
            "file": file.reference.to_string(),
            "on": reminder.on.to_string(),
            "text": reminder.text,
            "deputising_for": absent,
        })
    };
    let mut reminders: Vec<_> = due.iter().map(|due| one(due, None)).collect();
    let mut responsible = Vec::new();
    for Deputed { absent, reminders: theirs, files, more_files } in deputed {
        reminders.extend(theirs.iter().map(|due| one(due, Some(&absent.login))));
        responsible.push(json!({
            "deputising_for": absent.login,
            "files": files.iter().map(|file| file.reference.to_string()).collect::<Vec<_>>(),
            "more_files": more_files,
        }));
    }
    json!({ "reminders": reminders, "responsible": responsible })
}

/// `reminder done --json`
pub(in crate::cli) fn reminder_done(id: ReminderId, file: &CaseFile) -> Value {
    json!({ "reminder": id.to_string(), "file": file.reference.to_string(), "done": true })
}

/// `relate --json`
pub(in crate::cli) fn related(file: &str, other: &str, relation: Option<Relation>) -> Value {
    json!({ "file": file, "other": other, "relation": relation.map(Relation::code) })
}
