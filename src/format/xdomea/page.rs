//! XML as the messages of xdomea want it, an element a line. Knows no message.

use std::fmt::Write as _;

use crate::format::markup;

/// XML being written. Writing to a text cannot fail.
pub(in crate::format) struct Page(String);

impl Page {
    /// A page that begins with the root of a message: its name, the version, and what stands in it besides.
    pub(in crate::format) fn begin(root: &str, version: &str, attributes: &[(&str, &str)]) -> Self {
        let mut page = Self(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
        // The prefix is a part of the standard: signatures of the format look for it.
        let _ = write!(page.0, "<xdomea:{root} xmlns:xdomea=\"{}{version}\"", super::NAMESPACE);
        for (name, value) in attributes {
            let _ = write!(page.0, " {name}=\"{}\"", markup::escaped(value, |_| None).replace('"', "&quot;"));
        }
        page.0.push_str(">\n");
        page
    }

    pub(in crate::format) fn open(&mut self, name: &str) {
        let _ = writeln!(self.0, "<xdomea:{name}>");
    }

    pub(in crate::format) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</xdomea:{name}>");
    }

    pub(in crate::format) fn empty(&mut self, name: &str) {
        let _ = writeln!(self.0, "<xdomea:{name}/>");
    }

    pub(in crate::format) fn text(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<xdomea:{name}>{}</xdomea:{name}>", markup::escaped(text, |_| None));
    }

    /// An element of no namespace.
    pub(in crate::format) fn bare(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", markup::escaped(text, |_| None));
    }

    /// A value of a code list. The element that holds the code has no namespace.
    pub(in crate::format) fn code(&mut self, name: &str, list: &str, version: &str, code: &str) {
        self.foreign_code(name, &format!("urn:xoev-de:xdomea:codeliste:{list}"), version, code);
    }

    /// A value of a code list that is not one of xdomea.
    pub(in crate::format) fn foreign_code(&mut self, name: &str, list: &str, version: &str, code: &str) {
        let _ = writeln!(
            self.0,
            "<xdomea:{name} listURI=\"{list}\" listVersionID=\"{version}\"><code>{code}</code></xdomea:{name}>"
        );
    }

    /// The same, of no namespace itself.
    pub(in crate::format) fn bare_code(&mut self, name: &str, list: &str, version: &str, code: &str) {
        let _ = writeln!(
            self.0,
            "<{name} listURI=\"urn:xoev-de:xdomea:codeliste:{list}\" listVersionID=\"{version}\"><code>{code}</code></{name}>"
        );
    }

    /// The whole text.
    pub(in crate::format) fn end(mut self, root: &str) -> String {
        self.close(root);
        self.0
    }
}
