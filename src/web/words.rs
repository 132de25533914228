//! Small words that pages show: completeness, sizes, marked text. Words only.

use std::ops::Range;

use crate::domain::document::{Document, TextState};
use crate::domain::retention::Confidence;
use crate::format::wording;
use crate::registry::Words;

pub use crate::format::wording::{phase, retention, size};

/// What stands beside a form that was not taken, so that nothing typed is lost.
pub fn beside_the_form(words: &Words) -> String {
    format!("{}: {}. {}.", words.what, words.why, words.way_out)
}

/// A piece of text, marked or not.
#[derive(Debug, PartialEq, Eq)]
pub struct Segment {
    /// The text, not yet escaped.
    pub text: String,
    /// It matches what was searched for.
    pub marked: bool,
}

/// Cuts a text at its marks (byte ranges, in order). A mark that does not fit the text is passed over.
pub fn segments(text: &str, marks: impl Iterator<Item = Range<usize>>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut push = |text: &str, marked| {
        if !text.is_empty() {
            segments.push(Segment { text: text.to_owned(), marked });
        }
    };
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(marked)) = (text.get(at..mark.start), text.get(mark.clone())) else {
            continue;
        };
        push(before, false);
        push(marked, true);
        at = mark.end;
    }
    push(text.get(at..).unwrap_or_default(), false);
    segments
}

/// What of a document was read: `14 von 15 Seiten gelesen`, and what is missing.
pub fn completeness(document: &Document) -> Vec<String> {
    match &document.text {
        TextState::Unread => vec!["Text noch nicht gelesen".to_owned()],
        TextState::GivenUp { reason } => vec![format!("Text nicht lesbar: {reason}")],
        TextState::Read(text) => {
            let mut words = vec![match text.pages_declared {
                Some(declared) => format!("{} von {} gelesen", text.pages_read, pages(declared)),
                None => format!("{} gelesen", pages(text.pages_read)),
            }];
            if text.pages_recognised > 0 {
                words.push(format!("davon {} durch Texterkennung", text.pages_recognised));
            }
            words.extend(wording::readings(document));
            words.extend(text.shortfalls_besides_the_count().cloned());
            words
        }
    }
}

/// Something of the document could not be read.
pub fn falls_short(document: &Document) -> bool {
    match &document.text {
        TextState::Unread => false,
        TextState::GivenUp { .. } => true,
        TextState::Read(text) => !text.is_complete(),
    }
}

fn pages(number: u32) -> String {
    if number == 1 { "1 Seite".to_owned() } else { format!("{number} Seiten") }
}

/// How many pages a document has, as far as that is known.
pub fn page_count(document: &Document) -> Option<u32> {
    match &document.text {
        TextState::Read(text) => text.pages_declared.or(Some(text.pages_read)),
        TextState::Unread | TextState::GivenUp { .. } => None,
    }
}

/// Pages of this kind have a picture.
pub fn has_pictures(document: &Document) -> bool {
    document.format.media.has_pictures()
}

/// How far a rule can be relied on.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Sourced => "aus der Quelle belegt",
        Confidence::ToBeConfirmed => "aus der Praxis, zu bestätigen",
    }
}

/// Text as a part of an address (RFC 3986): letters, digits and `-._~` stand, all else is escaped.
pub fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A path of ours, so that signing in cannot lead away from here.
pub fn is_our_path(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next() == Some('/')
        && !matches!(chars.next(), Some('/' | '\\'))
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_do_not_fit_the_text_never_cut_it_wrongly() {
        let cut = |marks: &[Range<usize>]| {
            let parts = segments("Bär und Öl", marks.iter().cloned());
            let joined: String = parts.iter().map(|part| part.text.as_str()).collect();
            assert_eq!(joined, "Bär und Öl");
            parts.into_iter().filter(|part| part.marked).map(|part| part.text).collect::<Vec<_>>()
        };
        assert_eq!(cut(&[0..4, 9..12]), ["Bär", "Öl"]);
        assert_eq!(cut(&[0..2, 9..99]), [""; 0]);
        assert_eq!(cut(&[5..8, 0..4]), ["und"], "a mark before the last one is passed over");
    }

    #[test]
    fn only_a_path_of_ours_is_led_back_to() {
        assert!(is_our_path("/akte/1?q=2"));
        for away in ["", "akte", "//example.org", "/\\example.org", "https://example.org", "/\r\nX: y"] {
            assert!(!is_our_path(away), "{away:?}");
        }
    }
}
