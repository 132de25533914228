//! A list that is XML: which element is a document, and which element or attribute is which column. It comes from outside:
//! no document type and so no entities, nothing is fetched, and tags, depth and nodes are bounded (`format/xml_fence.rs`).

use std::collections::HashMap;

use roxmltree::{Document, Node, ParsingOptions};

use super::profile::{Place, XmlPath};
use super::{CORRECT, Flaw, Profile, Raw};
use crate::format::lines::Lines;
use crate::format::xml_fence;

/// Most nodes of a list.
const NODES_MAX: u32 = 8_000_000;

/// Reads a list.
pub(super) fn read(text: &str, profile: &Profile) -> Raw {
    let (lines, way_out) = (Lines::of(text), "lassen Sie sich die Liste neu liefern, oder teilen Sie sie");
    let line = |at| lines.at(at) as u64;
    if let Err((why, at)) = xml_fence::check(text) {
        return Raw::flawed(Flaw::at(line(at), why, way_out));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(roxmltree::Error::NodesLimitReached) => {
            return Raw::flawed(Flaw::whole(
                format!("sie hat mehr als {NODES_MAX} Elemente und Texte"),
                way_out,
            ));
        }
        Err(error) => {
            let line = u64::from(error.pos().row);
            return Raw::flawed(Flaw::at(line, "hier ist die Liste kein gültiges XML", way_out));
        }
    };
    let (Some(of_documents), Some(columns)) = (&profile.document, &profile.columns) else {
        return Raw::default();
    };
    let mut raw = Raw { columns: columns.iter().map(|(ours, _)| ours.clone()).collect(), ..Raw::default() };
    raw.documents = total(document.root(), profile.documents.as_ref(), &mut raw.flaws);
    raw.pages = total(document.root(), profile.pages.as_ref(), &mut raw.flaws);
    let mut is_met = vec![false; columns.len()];
    // What stands above is the same for many, and is looked for once.
    let mut above = HashMap::new();
    for node in below(document.root(), &of_documents.steps) {
        if !raw.has_room() {
            break;
        }
        let at = line(node.range().start);
        let mut cells = Vec::with_capacity(columns.len());
        for (column, ((_, place), is_met)) in columns.iter().zip(&mut is_met).enumerate() {
            let Place::Path(path) = place else { continue };
            let value = match ancestor(node, path.up) {
                None => Ok(None),
                Some(from) if path.up == 0 => value_at(from, path),
                Some(from) => {
                    above.entry((column, from.id())).or_insert_with(|| value_at(from, path)).clone()
                }
            };
            let value = match value {
                Ok(value) => value,
                Err(why) => {
                    raw.flaws.push(Flaw::at(at, why, "berichtigen Sie die Liste oder das Profil"));
                    Some(String::new())
                }
            };
            *is_met |= value.is_some();
            cells.push(value.unwrap_or_default());
        }
        raw.rows.push((at, cells));
    }
    if raw.rows.is_empty() {
        let why = format!("sie hat kein Element „{of_documents}“, das laut Profil ein Dokument ist");
        raw.flaws.push(Flaw::whole(why, "berichtigen Sie das Profil (document)"));
        return raw;
    }
    for ((ours, place), _) in columns.iter().zip(is_met).filter(|(_, is_met)| !is_met) {
        if let Place::Path(path) = place {
            let why = format!("„{path}“, wo laut Profil „{ours}“ steht, gibt es bei keinem Dokument");
            raw.flaws.push(Flaw::whole(why, "berichtigen Sie das Profil (columns)"));
        }
    }
    raw
}

/// Elements along these names, in the order of the text.
fn below<'a>(node: Node<'a, 'a>, steps: &[String]) -> Vec<Node<'a, 'a>> {
    let mut found = vec![node];
    for step in steps {
        let children = found.iter().flat_map(Node::children);
        found = children.filter(|child| child.is_element() && child.tag_name().name() == step).collect();
    }
    found
}

fn ancestor<'a>(node: Node<'a, 'a>, up: usize) -> Option<Node<'a, 'a>> {
    (0..up).try_fold(node, |node, _| node.parent_element())
}

/// What stands along the steps of a path; none if nothing does.
fn value_at(from: Node<'_, '_>, path: &XmlPath) -> Result<Option<String>, String> {
    let found = below(from, &path.steps);
    let values: Vec<_> = match &path.attribute {
        Some(name) => found.iter().filter_map(|node| attribute(*node, name)).collect(),
        None => found.into_iter().map(|node| text_of(node, path)).collect::<Result<_, _>>()?,
    };
    match values.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.trim().to_owned())),
        more => Err(format!("„{path}“ gibt es hier {}-mal", more.len())),
    }
}

fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value().to_owned())
}

/// The text of an element that is nothing but text.
fn text_of(node: Node<'_, '_>, path: &XmlPath) -> Result<String, String> {
    if node.children().any(|child| child.is_element()) {
        return Err(format!("„{path}“ hat keinen Text, sondern weitere Elemente"));
    }
    Ok(node.children().filter(Node::is_text).filter_map(|child| child.text()).collect())
}

/// A number the list gives about itself.
fn total(root: Node<'_, '_>, path: Option<&XmlPath>, flaws: &mut Vec<Flaw>) -> Option<u64> {
    let path = path?;
    let said = value_at(root, path);
    let number = said.as_ref().ok().and_then(Option::as_ref).and_then(|text| text.parse().ok());
    if number.is_none() {
        let why = match said {
            Err(why) => why,
            Ok(None) => format!("„{path}“ fehlt, wo laut Profil eine Zahl steht (totals)"),
            Ok(Some(text)) => format!("„{text}“ ({path}) ist keine Zahl"),
        };
        flaws.push(Flaw::whole(why, CORRECT));
    }
    number
}
