//! `PowerPoint` before 2007: a stream of records in records ([MS-PPT]). Which of them count says a chain of edits,
//! for a saved change leaves the old slide in the file. A slide is a page.

use std::collections::HashMap;
use std::io;

use super::{left_out_of, u16_at, u32_at};
use crate::intake::limits::NESTING_MAX;
use crate::intake::reason::Reason;
use crate::intake::worker::ole::Ole;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};

/// Kinds of records.
const SLIDE_LIST: u16 = 0x0FF0;
const SLIDE_PLACE: u16 = 0x03F3;
const TEXT_WIDE: u16 = 0x0FA0;
const TEXT_NARROW: u16 = 0x0FA8;
const CURRENT_EDIT: u16 = 0x0FF5;
const PLACES: u16 = 0x1772;
const NOTES_ATOM: u16 = 0x03F1;
const SLIDE: u16 = 0x03EE;
const NOTES: u16 = 0x03F0;
/// A record's header, and the version that says that it holds records.
const HEADER_BYTES: usize = 8;
const CONTAINER: u16 = 0xF;
/// In the stream *Current User*: the mark of an encrypted file, and where the last edit is.
const ENCRYPTED_MARK: u32 = 0xF3D1_C4DF;
const MARK_AT: usize = 12;
const LAST_EDIT_AT: usize = 16;
/// Edits that are followed back.
const EDITS_MAX: usize = 10_000;

/// Opens `bytes` and hands the slides to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut ole = Ole::open(bytes)?;
    let user = ole.read("Current User").unwrap_or_default();
    if u32_at(&user, MARK_AT) == Some(ENCRYPTED_MARK) || ole.has("EncryptedSummary") {
        return Err(Reason::Encrypted);
    }
    let stream = ole.read("PowerPoint Document").ok_or(Reason::Damaged)?;
    let mut pages = TextPages::default();
    match edits(&stream, &user).and_then(|edits| ordered(&stream, &edits, &mut pages)) {
        Some(()) => {}
        None => {
            // The chain is broken: what there is, in the order in which it lies.
            pages.note(Reason::OldFormat);
            unordered(&stream, &mut pages);
        }
    }
    pages.note_all(left_out_of(&ole));
    Ok(pages.serve(serve))
}

/// A record: its kind, the number of its use, and its content.
struct Record<'s> {
    kind: u16,
    instance: u16,
    is_container: bool,
    content: &'s [u8],
}

/// The record at this place.
fn record(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let first = u16_at(stream, at)?;
    let length = u32_at(stream, at + 4)? as usize;
    let begin = at + HEADER_BYTES;
    Some(Record {
        kind: u16_at(stream, at + 2)?,
        instance: first >> 4,
        is_container: first & 0xF == CONTAINER,
        content: &stream[begin..begin.checked_add(length)?.min(stream.len())],
    })
}

/// The records one behind the other.
fn records(content: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let record = record(content, at)?;
        at += HEADER_BYTES + record.content.len();
        Some(record)
    })
}

/// What the chain of edits leads to.
struct Edits {
    /// Where each thing that has a number lies now.
    places: HashMap<u32, usize>,
    document: u32,
}

fn edits(stream: &[u8], user: &[u8]) -> Option<Edits> {
    let mut at = u32_at(user, LAST_EDIT_AT)? as usize;
    let mut edits = Edits { places: HashMap::new(), document: 0 };
    for step in 0..EDITS_MAX {
        let edit = record(stream, at)?;
        if edit.kind != CURRENT_EDIT {
            return None;
        }
        if step == 0 {
            edits.document = u32_at(edit.content, 16)?;
        }
        collect_places(stream, u32_at(edit.content, 12)? as usize, &mut edits.places)?;
        match u32_at(edit.content, 8)? as usize {
            // Each edit names one that was before it, and lies before it.
            before if before != 0 && before < at => at = before,
            _ => return Some(edits),
        }
    }
    None
}

/// Runs of numbers and where they lie; newer edits come first and win.
fn collect_places(stream: &[u8], at: usize, places: &mut HashMap<u32, usize>) -> Option<()> {
    let table = record(stream, at)?;
    if table.kind != PLACES {
        return None;
    }
    let mut rest = table.content;
    while let Some(run) = u32_at(rest, 0) {
        let (first, count) = (run & 0xF_FFFF, run >> 20);
        for index in 0..count {
            let place = u32_at(rest, 4 + index as usize * 4)?;
            places.entry(first + index).or_insert(place as usize);
        }
        rest = rest.get(4 + count as usize * 4..)?;
    }
    Some(())
}

/// The slides in their order, each with its notes.
fn ordered(stream: &[u8], edits: &Edits, pages: &mut TextPages) -> Option<()> {
    let document = record(stream, *edits.places.get(&edits.document)?)?;
    let lists = || records(document.content).filter(|record| record.kind == SLIDE_LIST);
    let mut notes: HashMap<u32, String> = HashMap::new();
    for list in lists().filter(|list| list.instance == 2) {
        for (place, _) in slides_of(list.content) {
            let Some(sheet) = edits.places.get(&place).and_then(|at| record(stream, *at)) else { continue };
            let of = records(sheet.content).find(|record| record.kind == NOTES_ATOM);
            let of = of.and_then(|atom| u32_at(atom.content, 0));
            let mut draft = Draft::default();
            texts(sheet.content, &mut draft, 0);
            of.into_iter().for_each(|slide| drop(notes.insert(slide, draft.take())));
        }
    }
    for list in lists().filter(|list| list.instance == 0) {
        for (place, (identifier, outline)) in slides_of(list.content) {
            let mut draft = Draft::default();
            texts(outline, &mut draft, 0);
            match edits.places.get(&place).and_then(|at| record(stream, *at)) {
                Some(slide) => texts(slide.content, &mut draft, 0),
                None => pages.note(Reason::PartDamaged),
            }
            if let Some(notes) =
                notes.get(&identifier).map(|notes| notes.trim()).filter(|notes| !notes.is_empty())
            {
                draft.push(&format!("[Notizen] {notes}\n"));
            }
            if draft.is_cut() {
                pages.note(Reason::DocumentTooLong);
            }
            pages.page(draft.as_str());
        }
    }
    Some(())
}

/// Each slide of a list: the number of its place, its own number, and the records of its outline.
fn slides_of(list: &[u8]) -> Vec<(u32, (u32, &[u8]))> {
    let mut slides: Vec<(u32, (u32, &[u8]))> = Vec::new();
    let mut at = 0;
    while let Some(entry) = record(list, at) {
        let end = at + HEADER_BYTES + entry.content.len();
        if entry.kind == SLIDE_PLACE {
            let (place, identifier) = (u32_at(entry.content, 0), u32_at(entry.content, 12));
            slides.push((place.unwrap_or(0), (identifier.unwrap_or(0), &list[end..end])));
        } else if let Some((_, (_, outline))) = slides.last_mut() {
            let begin = at - outline.len();
            *outline = &list[begin..end];
        }
        at = end;
    }
    slides
}

fn unordered(stream: &[u8], pages: &mut TextPages) {
    for sheet in records(stream).filter(|record| matches!(record.kind, SLIDE | NOTES) || record.is_container)
    {
        let mut draft = Draft::default();
        texts(sheet.content, &mut draft, 0);
        if !draft.as_str().trim().is_empty() {
            pages.page(draft.as_str());
        }
    }
}

/// All texts in records in records, each on a line.
fn texts(content: &[u8], draft: &mut Draft, depth: usize) {
    if depth > NESTING_MAX || draft.is_cut() {
        return;
    }
    for record in records(content) {
        match record.kind {
            TEXT_WIDE => {
                let units = record.content.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                let text: String =
                    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                put(&text, draft);
            }
            TEXT_NARROW => {
                let text: String = record.content.iter().map(|byte| char::from(*byte)).collect();
                put(&text, draft);
            }
            _ if record.is_container => texts(record.content, draft, depth + 1),
            _ => {}
        }
    }
}

fn put(text: &str, draft: &mut Draft) {
    draft.end_line();
    draft.push(&text.replace(['\r', '\u{b}'], "\n"));
    draft.end_line();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(kind: u16, first: u16, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [&first.to_le_bytes()[..], &kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
    }

    #[test]
    fn texts_of_records_in_records_come_out_in_order() {
        let inner = [made(TEXT_NARROW, 0, b"Titel"), made(TEXT_WIDE, 0, b"\xC4\0\r\0b\0")].concat();
        let mut draft = Draft::default();
        texts(&made(SLIDE, CONTAINER, &inner), &mut draft, 0);
        assert_eq!(draft.as_str(), "Titel\nÄ\nb\n");
        let place =
            |number: u32| [&number.to_le_bytes()[..], &[0; 8], &(number + 100).to_le_bytes()].concat();
        let list = [
            made(SLIDE_PLACE, 0, &place(1)),
            made(TEXT_NARROW, 0, b"a"),
            made(TEXT_NARROW, 0, b"b"),
            made(SLIDE_PLACE, 0, &place(2)),
        ]
        .concat();
        let slides = slides_of(&list);
        assert_eq!(
            slides.iter().map(|(at, (own, text))| (*at, *own, text.len())).collect::<Vec<_>>(),
            [(1, 101, 18), (2, 102, 0)]
        );
    }

    #[test]
    fn a_length_that_lies_and_a_depth_without_end_are_survived() {
        let mut lying = made(TEXT_NARROW, 0, b"abc");
        lying[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        let mut draft = Draft::default();
        texts(&lying, &mut draft, 0);
        assert_eq!(draft.as_str(), "abc\n");
        let mut deep = Vec::new();
        for _ in 0..2000 {
            deep = made(SLIDE, CONTAINER, &deep);
        }
        texts(&deep, &mut draft, 0);
        assert!(edits(&deep, &[0; 20]).is_none());
    }
}
