//! Words for what another edition of the file plan changes.

use super::count;
use crate::domain::file_plan::{ChangedClass, ClassChange, NumberPattern};

/// One thing that is different about a class, and what that means for the files there are: `63.10 Baugenehmigung: …`.
#[must_use]
pub fn plan_change(one: &ChangedClass, files: u64) -> String {
    let ChangedClass { number, title, change } = one;
    let pattern = |pattern: &Option<NumberPattern>| {
        pattern.as_ref().map_or_else(|| "von Hand".to_owned(), ToString::to_string)
    };
    let what = match change {
        ClassChange::New => "neu".to_owned(),
        ClassChange::Renamed { before } => format!("hieß bisher „{before}“"),
        ClassChange::Closed => "geschlossen".to_owned(),
        ClassChange::Reopened => "wieder offen".to_owned(),
        ClassChange::Domain { before, after } => {
            format!("Schutzbereich neuer Akten: {} → {}", before.label(), after.label())
        }
        ClassChange::Numbers { before, after } => {
            format!("Aktenzeichen neuer Akten: {} → {}", pattern(before), pattern(after))
        }
        ClassChange::Divided => "untergliedert: neue Akten liegen in den Klassen darunter".to_owned(),
    };
    format!("{number} {title}: {what}{}", kept(change, files))
}

/// What stays as it is for files that lie in the class.
fn kept(change: &ClassChange, files: u64) -> String {
    if files == 0 {
        return String::new();
    }
    let there = count(files, "Akte", "Akten");
    let (stays, keeps) = if files == 1 { ("bleibt", "behält") } else { ("bleiben", "behalten") };
    match change {
        ClassChange::Domain { before, .. } => {
            format!(
                " ({there} hier {keeps} den Schutzbereich, mit dem sie angelegt wurden; bisher galt {})",
                before.label()
            )
        }
        ClassChange::Divided => {
            format!(" ({there} {stays} hier; `schriftgut change --class` legt sie in eine der neuen Klassen)")
        }
        ClassChange::Closed => format!(" ({there} hier {stays} und {} weiter Dokumente auf)", takes(files)),
        _ => String::new(),
    }
}

fn takes(files: u64) -> &'static str {
    if files == 1 { "nimmt" } else { "nehmen" }
}
