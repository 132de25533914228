//! XML as a stream of opened and closed elements and text, by local names. It resolves the five entities every
//! XML has and no other, fetches nothing, and follows no nesting beyond [`NESTING_MAX`]; what that leaves out is told.

use std::io::BufRead;
use std::ops::ControlFlow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::charset::Decoded;
use crate::intake::limits::NESTING_MAX;
use crate::intake::reason::Reason;

/// A piece of a document.
pub(super) enum Piece<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// An element of this name ends.
    Close(&'a str),
    /// Text.
    Text(&'a str),
}

/// The beginning of an element.
pub(super) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok);
        let found = attributes.into_iter().find(|one| one.key.local_name().into_inner() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned))
    }

    /// All attributes of this name, whatever their prefix.
    pub(super) fn attributes_named(&self, name: &str) -> Vec<String> {
        let mut attributes = self.0.attributes();
        let attributes = attributes.with_checks(false).filter_map(Result::ok);
        let named = attributes.filter(|one| one.key.local_name().into_inner() == name);
        named.map(|one| one.value.into_owned()).collect()
    }

    /// An attribute of this name has this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.attribute(name).as_deref() == Some(value)
    }
}

/// What has been seen of a document while it is walked through.
#[derive(Default)]
struct Walk {
    depth: usize,
    notes: Vec<Reason>,
}

impl Walk {
    fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }
}

/// Shows each piece to `see` until it breaks off or the document ends; says what was left out.
pub(super) fn walk(from: impl BufRead, see: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>) -> Vec<Reason> {
    let mut reader = Reader::from_reader(Decoded::new(from));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut walk = Walk::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let Ok(event) = reader.read_event_into(&mut buffer) else {
            walk.note(Reason::PartDamaged);
            break;
        };
        let flow = match event {
            Event::Start(start) => {
                walk.depth += 1;
                if walk.depth > NESTING_MAX {
                    walk.note(Reason::TooDeep);
                    break;
                }
                see(Piece::Open(Tag(&start)))
            }
            Event::Empty(empty) => match see(Piece::Open(Tag(&empty))) {
                ControlFlow::Continue(()) => see(Piece::Close(empty.local_name().into_inner())),
                stopped => stopped,
            },
            Event::End(end) => {
                walk.depth = walk.depth.saturating_sub(1);
                see(Piece::Close(end.local_name().into_inner()))
            }
            Event::Text(text) => see(Piece::Text(&text.xml10_content())),
            Event::CData(text) => see(Piece::Text(&text.xml10_content())),
            Event::GeneralRef(reference) => match resolved(&reference) {
                Some(c) => see(Piece::Text(c.encode_utf8(&mut [0; 4]))),
                None => {
                    walk.note(Reason::EntitiesIgnored);
                    ControlFlow::Continue(())
                }
            },
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                ControlFlow::Continue(())
            }
        };
        if flow.is_break() {
            return walk.notes;
        }
    }
    if walk.depth > 0 && walk.notes.is_empty() {
        walk.note(Reason::PartDamaged);
    }
    walk.notes
}

fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return Some(reference.resolve_char_ref().ok().flatten().unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(xml: &[u8]) -> (String, Vec<Reason>) {
        let mut text = String::new();
        let notes = walk(xml, &mut |piece| {
            match piece {
                Piece::Open(tag) => text.push_str(&format!("<{}>", tag.name())),
                Piece::Close(_) => text.push('.'),
                Piece::Text(words) => text.push_str(words),
            }
            ControlFlow::Continue(())
        });
        (text, notes)
    }

    #[test]
    fn names_come_without_prefix_and_references_as_characters() {
        let (text, notes) = text_of("<a:b c:d='1'>Öl &amp; &#228;&#xdf;<e/><![CDATA[<x>]]></a:b>".as_bytes());
        assert_eq!(text, "<b>Öl & äß<e>.<x>.");
        assert_eq!(notes, []);
        let (text, _) = text_of(b"\xFF\xFE<\0a\0>\0\xE4\0<\0/\0a\0>\0");
        assert_eq!(text, "<a>ä.", "UTF-16 by its mark");
        let (text, _) = text_of(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4</a>");
        assert_eq!(text, "<a>ä.");
    }

    #[test]
    fn entities_are_not_resolved_nesting_ends_and_damage_is_told() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>1&c;2&x;3</a>";
        let (text, notes) = text_of(bomb.as_bytes());
        assert_eq!((text.as_str(), notes.as_slice()), ("<a>123.", &[Reason::EntitiesIgnored][..]));
        let deep = "<a>".repeat(100_000);
        assert_eq!(text_of(deep.as_bytes()).1, [Reason::TooDeep]);
        assert_eq!(text_of(b"<a>halb").1, [Reason::PartDamaged]);
        assert_eq!(text_of(b"<a>halb</").1, [Reason::PartDamaged]);
    }
}
