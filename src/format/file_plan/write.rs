//! A file plan written as TOML, as people edit it: one class a line.

use std::fmt::Write as _;

use super::FORMAT;
use crate::domain::file_plan::{FilePlan, FilePlanClass};

const HEAD: &str =
    "# Eine Klasse liegt unter der, deren Nummer sie fortsetzt. closed = true: keine neuen Akten mehr.
# domain (Schutzbereich neuer Akten, gilt auch für alles darunter): general, tax, social, personnel.
# reference (Muster der Aktenzeichen, gilt auch für alles darunter): {class}, {year}, {number} und {number:4}.
";

/// The text; without an edition it cannot be enacted.
#[must_use]
pub fn write(plan: &FilePlan) -> String {
    let mut text = format!("{HEAD}\nformat = {FORMAT}\n");
    if let Some(edition) = plan.edition() {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "edition = {}", quoted(edition.as_str()));
    }
    let _ = writeln!(text, "title = {}\nclasses = [", quoted(plan.title()));
    plan.classes().for_each(|of| class(&mut text, of));
    text.push_str("]\n");
    text
}

fn class(text: &mut String, of: &FilePlanClass) {
    let _ = write!(text, "    {{ number = {}, title = {}", quoted(of.number.as_str()), quoted(&of.title));
    if of.closed {
        text.push_str(", closed = true");
    }
    if let Some(domain) = of.domain {
        let _ = write!(text, ", domain = {}", quoted(domain.code()));
    }
    if let Some(reference) = &of.reference {
        let _ = write!(text, ", reference = {}", quoted(reference.as_str()));
    }
    text.push_str(" },\n");
}

/// A text on one line, with what has a meaning in TOML written otherwise.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
