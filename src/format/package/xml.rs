//! XML as METS, PREMIS and Dublin Core want it. Knows none of them.

use std::fmt::Write as _;

/// XML being written. Writing to a text cannot fail.
pub(super) struct Xml(String);

impl Xml {
    pub(super) fn begin() -> Self {
        Self(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        let _ = write!(self.0, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.0, " {name}=\"{}\"", escaped(value, true));
        }
        self.0.push_str(end);
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
    }

    pub(super) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes, ">");
        self.0.push_str(&escaped(text, false));
        self.close(name);
    }

    pub(super) fn end(self) -> String {
        self.0
    }
}

/// With what has a meaning in XML written otherwise, and without what no XML can hold.
fn escaped(text: &str, in_attribute: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if in_attribute => escaped.push_str("&quot;"),
            // A reader would make a blank of it, or nothing.
            '\t' | '\n' | '\r' if in_attribute || c == '\r' => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            '\t' | '\n' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_text_and_comes_back_as_it_was() {
        let typed = "<script>\"A & B\"\n\r|=cmd\u{0}\u{ffff}]]>";
        let mut xml = Xml::begin();
        xml.text("a", &[("b", typed)], typed);
        let text = xml.end();
        let read = roxmltree::Document::parse(&text).unwrap();
        let expected = typed.replace(['\u{0}', '\u{ffff}'], "\u{fffd}");
        assert_eq!(read.root_element().text(), Some(expected.as_str()));
        assert_eq!(read.root_element().attribute("b"), Some(expected.as_str()));
    }
}
