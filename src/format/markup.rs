//! What people typed, as text in XML and HTML: with what has a meaning there written otherwise, and without what no XML can hold.

use std::borrow::Cow;

/// The text; `own` says how a sign is written where that is not as everywhere.
pub(in crate::format) fn escaped(text: &str, own: impl Fn(char) -> Option<Cow<'static, str>>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match (own(c), c) {
            (Some(written), _) => escaped.push_str(&written),
            (None, '&') => escaped.push_str("&amp;"),
            (None, '<') => escaped.push_str("&lt;"),
            (None, '>') => escaped.push_str("&gt;"),
            (None, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            (None, c) if c.is_control() => escaped.push('\u{fffd}'),
            (None, c) => escaped.push(c),
        }
    }
    escaped
}
