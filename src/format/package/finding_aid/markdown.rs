//! The finding aid as Markdown: readable as it is, and by whatever shows Markdown.

use std::fmt::Write as _;

use super::{COLUMNS, HOW_TO_CHECK, Link, cells, href, of_which, told};
use crate::format::package::{Export, PackagedFile};

/// On one line, and without a sign that would mean something.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_whitespace() => escaped.push(' '),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

pub(super) fn begin(export: &Export) -> String {
    format!("# Findmittel\n\n{}\n\n{HOW_TO_CHECK}\n", escaped(&of_which(export)))
}

pub(super) fn of_file(file: &PackagedFile, link: Link<'_>) -> String {
    let mut text = format!("\n## {}: {}\n\n", escaped(&file.reference), escaped(&file.title));
    for (label, value) in told(file) {
        let _ = writeln!(text, "- **{}:** {}", escaped(label), escaped(&value));
    }
    text.push('\n');
    if file.documents.is_empty() {
        text.push_str("Zu dieser Akte liegen keine Dokumente vor.\n");
        return text;
    }
    let _ = writeln!(text, "| {} |\n|{}", COLUMNS.join(" | "), " --- |".repeat(COLUMNS.len()));
    for (version, cells) in cells(file) {
        let cells: Vec<_> = cells.iter().map(|cell| escaped(cell)).collect();
        let name = escaped(&version.name);
        let _ = writeln!(text, "| [{name}]({}) | {} |", href(&link(version)), cells.join(" | "));
    }
    text
}
