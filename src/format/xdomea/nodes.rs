//! Looking into a message. It comes from outside: nothing in it is trusted, and no place it names is looked at.

use roxmltree::{Document, Node, ParsingOptions};

use crate::format::lines::Lines;
use crate::format::xml_fence;

/// Most nodes of a message.
pub(in crate::format) const NODES_MAX: u32 = 4_000_000;

/// Takes a text apart: no DTD, no entities, within limits.
///
/// # Errors
/// What is wrong, German, and on which line, if it has one.
pub(in crate::format) fn parsed<'a>(
    text: &'a str,
    lines: &Lines,
) -> Result<Document<'a>, (Option<usize>, String)> {
    xml_fence::check(text).map_err(|(why, at)| (Some(lines.at(at)), why))?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => {
            (None, format!("sie hat mehr als {NODES_MAX} Elemente und Texte"))
        }
        other => (Some(other.pos().row as usize), "kein gültiges XML".to_owned()),
    })
}

/// Children of this name, in the namespace of the node.
pub(in crate::format) fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    let space = node.tag_name().namespace();
    node.children().filter(move |below| {
        below.is_element() && below.tag_name().name() == name && below.tag_name().namespace() == space
    })
}

pub(in crate::format) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    children(node, name).next()
}

/// The text of the child of this name, on one line; empty if it is missing.
pub(in crate::format) fn value(node: Node<'_, '_>, name: &str) -> String {
    child(node, name).map_or_else(String::new, text_of)
}

/// The text of the child of this name and of no namespace, on one line; empty if it is missing.
pub(in crate::format) fn bare_value(node: Node<'_, '_>, name: &str) -> String {
    let bare = |below: &Node<'_, '_>| {
        below.is_element() && below.tag_name().name() == name && below.tag_name().namespace().is_none()
    };
    node.children().find(bare).map_or_else(String::new, text_of)
}

/// The text of a node, on one line.
pub(in crate::format) fn text_of(node: Node<'_, '_>) -> String {
    let text: String = node.children().filter(Node::is_text).filter_map(|node| node.text()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
