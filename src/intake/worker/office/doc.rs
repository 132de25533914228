//! Word before 2007: the text lies in pieces that a table puts in order ([MS-DOC] 2.4.1). Headers, notes and comments
//! follow the main text. What is hidden or deleted with tracking cannot be told from the rest here: it is read with it.

use std::io;

use super::{left_out_of, u16_at, u32_at};
use crate::intake::reason::Reason;
use crate::intake::worker::charset;
use crate::intake::worker::ole::Ole;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};

/// Bits of the header: a piece table is used by old versions, the file is encrypted, which table stream counts.
const COMPLEX: u16 = 0x0004;
const ENCRYPTED: u16 = 0x0100;
const WHICH_TABLE: u16 = 0x0200;
/// The first version whose pieces are looked at; before, the text lies in one.
const WORD_97: u16 = 193;
/// Where the header keeps what is needed.
const VERSION_AT: usize = 2;
const FLAGS_AT: usize = 10;
const OLD_TEXT_AT: usize = 24;
const OLD_TEXT_END_AT: usize = 28;
const PIECES_AT: usize = 0x01A2;
/// In the table of pieces: a property list, and the pieces themselves.
const PROPERTIES: u8 = 1;
const PIECES: u8 = 2;
const PIECE_BYTES: usize = 8;
/// This piece has one byte per character.
const NARROW: u32 = 0x4000_0000;

/// Opens `bytes` and hands the text to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut ole = Ole::open(bytes)?;
    let stream = ole.read("WordDocument").ok_or(Reason::Damaged)?;
    let flags = u16_at(&stream, FLAGS_AT).ok_or(Reason::Damaged)?;
    if flags & ENCRYPTED != 0 {
        return Err(Reason::Encrypted);
    }
    let mut pages = TextPages::default();
    let version = u16_at(&stream, VERSION_AT).ok_or(Reason::Damaged)?;
    let raw = if version >= WORD_97 {
        let table = ole.read(if flags & WHICH_TABLE == 0 { "0Table" } else { "1Table" }).unwrap_or_default();
        pieced(&stream, &table, &mut pages)?
    } else {
        pages.note(Reason::OldFormat);
        old(&stream, flags)?
    };
    let mut draft = Draft::default();
    write(&raw, &mut draft);
    pages.flow(draft.as_str());
    if draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    pages.note_all(left_out_of(&ole));
    Ok(pages.serve(serve))
}

/// Before Word 97 the text lies in one piece, if the file was saved as a whole.
fn old(stream: &[u8], flags: u16) -> Result<String, Reason> {
    if flags & COMPLEX != 0 {
        return Err(Reason::NotReadHere);
    }
    let range = || Some(u32_at(stream, OLD_TEXT_AT)? as usize..u32_at(stream, OLD_TEXT_END_AT)? as usize);
    let bytes = range().and_then(|range| stream.get(range)).ok_or(Reason::Damaged)?;
    Ok(charset::decode_code_page(bytes, 1252))
}

/// The text, piece by piece.
fn pieced(stream: &[u8], table: &[u8], pages: &mut TextPages) -> Result<String, Reason> {
    let found = || {
        let (at, length) = (u32_at(stream, PIECES_AT)? as usize, u32_at(stream, PIECES_AT + 4)? as usize);
        plan(table.get(at..at.checked_add(length)?)?)
    };
    let plan = found().ok_or(Reason::Damaged)?;
    // Beginnings of the pieces, one more than there are pieces.
    let count = plan.len().saturating_sub(4) / (4 + PIECE_BYTES);
    let mut text = String::new();
    for index in 0..count {
        let (Some(first), Some(next)) = (u32_at(plan, index * 4), u32_at(plan, index * 4 + 4)) else { break };
        let piece = (count + 1) * 4 + index * PIECE_BYTES;
        let Some(place) = u32_at(plan, piece + 2) else { break };
        let characters = next.saturating_sub(first) as usize;
        match piece_text(stream, place, characters) {
            // No text is longer than its file, but a table may repeat a piece for ever.
            Some(part) if text.len() + part.len() <= stream.len().saturating_mul(3) => text.push_str(&part),
            _ => {
                pages.note(Reason::PartDamaged);
                break;
            }
        }
    }
    Ok(text)
}

/// The table of pieces behind the lists of properties.
fn plan(mut table: &[u8]) -> Option<&[u8]> {
    loop {
        match *table.first()? {
            PROPERTIES => table = table.get(3 + usize::from(u16_at(table, 1)?)..)?,
            PIECES => {
                let length = u32_at(table, 1)? as usize;
                return table.get(5..length.checked_add(5)?);
            }
            _ => return None,
        }
    }
}

fn piece_text(stream: &[u8], place: u32, characters: usize) -> Option<String> {
    if place & NARROW != 0 {
        let at = ((place & !NARROW) / 2) as usize;
        return Some(charset::decode_code_page(stream.get(at..at.checked_add(characters)?)?, 1252));
    }
    let at = (place & !NARROW) as usize;
    let bytes = stream.get(at..at.checked_add(characters.checked_mul(2)?)?)?;
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Signs of Word become lines, tabs and pages; the instructions of fields are left out, their results stay.
fn write(raw: &str, draft: &mut Draft) {
    let mut fields: Vec<bool> = Vec::new();
    let mut cells = false;
    for c in raw.chars() {
        let instructing = fields.contains(&true);
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                fields.iter_mut().next_back().into_iter().for_each(|instruction| *instruction = false)
            }
            '\u{15}' => drop(fields.pop()),
            _ if instructing => {}
            '\u{7}' if cells => {
                // Two in a row end the row.
                draft.end_line();
                cells = false;
            }
            '\u{7}' => {
                draft.push("\t");
                cells = true;
            }
            '\r' | '\u{b}' | '\u{e}' => draft.push("\n"),
            '\u{c}' => draft.push("\u{c}"),
            '\t' => draft.push("\t"),
            '\u{1e}' => draft.push("-"),
            '\u{0}'..='\u{1f}' => {}
            c => draft.push(c.encode_utf8(&mut [0; 4])),
        }
        cells = c == '\u{7}' && cells;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_lines_and_cells_and_fields_keep_their_results() {
        let mut draft = Draft::default();
        write("Titel\ra\u{7}b\u{7}\u{7}\u{13}PAGE \u{13}X\u{14}y\u{15}\u{14}7\u{15}\rEnde\u{1}", &mut draft);
        assert_eq!(draft.as_str(), "Titel\na\tb\n7\nEnde");
    }

    #[test]
    fn a_table_that_leads_nowhere_is_damage() {
        assert_eq!(plan(&[]), None);
        assert_eq!(plan(&[PROPERTIES, 0xFF, 0xFF]), None);
        assert_eq!(plan(&[PIECES, 0xFF, 0xFF, 0xFF, 0xFF, 0]), None);
        assert_eq!(piece_text(b"ab", NARROW, 3), None);
        assert_eq!(piece_text(b"xxab", NARROW | 4, 2).as_deref(), Some("ab"));
    }
}
