//! Paths into an XML list: `Beleg/Datei/@name`, `../@aktenzeichen`, `.`. Names of elements and attributes, no prefixes and
//! no conditions; a namespace is not asked for.

use std::fmt;

/// Most steps of a path: elements do not lie deeper in each other.
const STEPS_MAX: usize = 60;

/// A way to an element or an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format::batch_manifest) struct XmlPath {
    /// How many elements up it begins.
    pub(in crate::format::batch_manifest) up: usize,
    /// Down through elements of these names.
    pub(in crate::format::batch_manifest) steps: Vec<String>,
    /// Its attribute; none for its text.
    pub(in crate::format::batch_manifest) attribute: Option<String>,
}

impl XmlPath {
    /// A path out of its text; none if it is none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (mut up, mut steps, mut attribute) = (0, Vec::new(), None);
        if text == "." {
            return Some(Self { up, steps, attribute });
        }
        for part in text.split('/') {
            if attribute.is_some() {
                return None;
            }
            match part.strip_prefix('@') {
                Some(name) if is_name(name) => attribute = Some(name.to_owned()),
                None if part == ".." && steps.is_empty() => up += 1,
                None if is_name(part) => steps.push(part.to_owned()),
                _ => return None,
            }
        }
        (up + steps.len() <= STEPS_MAX).then_some(Self { up, steps, attribute })
    }

    /// It leads down to elements, from the root.
    pub(super) fn is_of_elements(&self) -> bool {
        self.up == 0 && !self.steps.is_empty() && self.attribute.is_none()
    }
}

fn is_name(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    begins && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

impl fmt::Display for XmlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let up = std::iter::repeat_n("..".to_owned(), self.up);
        let attribute = self.attribute.iter().map(|name| format!("@{name}"));
        let parts: Vec<_> = up.chain(self.steps.iter().cloned()).chain(attribute).collect();
        f.write_str(if parts.is_empty() { "." } else { "" })?;
        f.write_str(&parts.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_names_and_nothing_that_would_have_to_be_worked_out() {
        for path in [".", "..", "@id", "Datei", "Datei/@name", "../@az", "../../Kopf/AZ", "Größe", "a.b-c_1"]
        {
            assert_eq!(XmlPath::of(path).map(|made| made.to_string()).as_deref(), Some(path));
        }
        for wrong in [
            "", "/Datei", "//Datei", "Datei/", "@a/@b", "@a/b", "Datei/..", "x:Datei", "Datei[1]", "*",
            "text()", "@",
        ] {
            assert_eq!(XmlPath::of(wrong), None, "{wrong}");
        }
    }
}
