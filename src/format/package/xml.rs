//! XML as METS, PREMIS and Dublin Core want it. Knows none of them.

use std::fmt::Write as _;

use crate::format::markup;

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

/// Text, or what stands in an attribute: of its blanks a reader would make another, or nothing.
fn escaped(text: &str, in_attribute: bool) -> String {
    markup::escaped(text, |c| match c {
        '"' if in_attribute => Some("&quot;".into()),
        '\t' | '\n' | '\r' if in_attribute || c == '\r' => Some(format!("&#{};", u32::from(c)).into()),
        '\t' => Some("\t".into()),
        '\n' => Some("\n".into()),
        _ => None,
    })
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
