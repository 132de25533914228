//! One mail as Outlook keeps it: a compound file in which each property is a stream whose name says what it is
//! ([MS-OXMSG]). The body is text, a web page, or RTF in a packing of its own ([MS-OXRTFCP]).

use std::io;
use std::ops::ControlFlow;

use mail_parser::DateTime;

use super::{Letter, written};
use crate::intake::limits::PICTURE_BYTES_NAMED;
use crate::intake::reason::{Reason, StaysInside};
use crate::intake::worker::ole::Ole;
use crate::intake::worker::text_pages::{Serve, TextPages};
use crate::intake::worker::unpack::Take;
use crate::intake::worker::{charset, rtf};

/// Properties by their numbers.
const SUBJECT: u16 = 0x0037;
const SENT: u16 = 0x0039;
const SENT_FOR: u16 = 0x0042;
const DELIVERED: u16 = 0x0E06;
const SENDER_NAME: u16 = 0x0C1A;
const SENDER_ADDRESS: u16 = 0x5D01;
const TO: u16 = 0x0E04;
const CC: u16 = 0x0E03;
const BODY: u16 = 0x1000;
const BODY_HTML: u16 = 0x1013;
const BODY_RTF: u16 = 0x1009;
const NAME_LONG: u16 = 0x3707;
const NAME_SHORT: u16 = 0x3704;
const NAME_SHOWN: u16 = 0x3001;
const ATTACHED: u16 = 0x3701;
const CONTENT_ID: u16 = 0x3712;
/// Kinds of properties: bytes, and an object that is a storage of its own.
const BINARY: u16 = 0x0102;
const STORAGE: u16 = 0x000D;
const CODE_PAGES: [u16; 2] = [0x3FFD, 0x3FDE];
const MESSAGE_CLASS: u16 = 0x001A;
/// Table of the properties that fit into it: its header, then 16 bytes each.
const TABLE: &str = "__properties_version1.0";
const TABLE_HEADER_BYTES: usize = 32;
const TABLE_ROW_BYTES: usize = 16;
/// How the storages of attachments begin.
const ATTACHMENT: &str = "__attach_version1.0_";
/// Hundreds of nanoseconds in a second, and seconds between 1601 and 1970.
const TICKS_PER_SECOND: u64 = 10_000_000;
const SECONDS_1601_TO_1970: i64 = 11_644_473_600;
/// Most bytes that are unpacked of a body.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Opens `bytes` as one mail and hands its text to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut ole = Ole::open(bytes)?;
    let mut pages = TextPages::default();
    letter(&mut ole).put(&mut pages);
    Ok(pages.serve(serve))
}

/// Shows each attachment to `take`; answers what the mail is about.
pub(in crate::intake::worker) fn unpack(bytes: &[u8], take: Take<'_>) -> Result<String, Reason> {
    let mut ole = Ole::open(bytes)?;
    let table = ole.read(TABLE).unwrap_or_default();
    let page = code_page(&table);
    let storages = ole.names("/").into_iter().filter(|name| name.starts_with(ATTACHMENT));
    for storage in storages.collect::<Vec<_>>() {
        let name = attachment_name(&mut ole, &storage, page);
        let mut content = |most| attached(&mut ole, &storage, most);
        if take(&name, &mut content) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(text_of(&mut ole, "", SUBJECT, page).unwrap_or_default())
}

fn attached(ole: &mut Ole<'_>, storage: &str, most: u64) -> Result<Vec<u8>, StaysInside> {
    let Some(bytes) = ole.read(&stream(storage, ATTACHED, BINARY)) else {
        let in_pieces = ole.has(&stream(storage, ATTACHED, STORAGE));
        return Err(if in_pieces { StaysInside::InPieces } else { StaysInside::Damaged });
    };
    if bytes.len() as u64 > most {
        return Err(StaysInside::TooLarge);
    }
    let in_the_text = [0x001F, 0x001E].iter().any(|kind| ole.has(&stream(storage, CONTENT_ID, *kind)));
    let picture = image::guess_format(&bytes).is_ok();
    if in_the_text && picture && (bytes.len() as u64) < PICTURE_BYTES_NAMED {
        return Err(StaysInside::SmallPicture);
    }
    Ok(bytes)
}

fn attachment_name(ole: &mut Ole<'_>, storage: &str, page: u32) -> String {
    let named = [NAME_LONG, NAME_SHOWN, NAME_SHORT]
        .into_iter()
        .find_map(|number| text_of(ole, storage, number, page).filter(|name| !name.is_empty()));
    named.unwrap_or_else(|| "ohne Namen".to_owned())
}

fn code_page(table: &[u8]) -> u32 {
    let page = CODE_PAGES.iter().find_map(|number| fixed(table, *number, 0x0003));
    page.and_then(|value| u32::try_from(value & 0xFFFF_FFFF).ok()).unwrap_or(1252)
}

fn letter(ole: &mut Ole<'_>) -> Letter {
    let table = ole.read(TABLE).unwrap_or_default();
    let page = code_page(&table);
    let mut text = |number| text_of(ole, "", number, page).unwrap_or_default();
    let name =
        [text(SENDER_NAME), text(SENT_FOR)].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let address = text(SENDER_ADDRESS);
    let from = match (name.is_empty(), address.is_empty() || address == name) {
        (false, false) => format!("{name} <{address}>"),
        (true, _) => address,
        (false, true) => name,
    };
    let mut letter = Letter {
        from,
        to: text(TO),
        cc: text(CC),
        date: sent(&table).unwrap_or_default(),
        subject: text(SUBJECT),
        ..Letter::default()
    };
    let class = text(MESSAGE_CLASS).to_lowercase();
    if class.contains(".smime") && !class.contains("multipartsigned") {
        letter.notes.push(Reason::MailEncrypted);
    }
    body(ole, page, &mut letter);
    for storage in ole.names("/").into_iter().filter(|name| name.starts_with(ATTACHMENT)) {
        letter.attachments.push(attachment_name(ole, &storage, page));
    }
    letter
}

fn body(ole: &mut Ole<'_>, page: u32, letter: &mut Letter) {
    if let Some(text) = text_of(ole, "", BODY, page).filter(|text| !text.trim().is_empty()) {
        letter.add_text(&text);
    } else if let Some(html) = ole.read(&stream("", BODY_HTML, 0x0102)) {
        letter.add_html(&charset::decode_code_page(&html, page));
    } else if let Some(html) = text_of(ole, "", BODY_HTML, page) {
        letter.add_html(&html);
    } else if let Some(packed) = ole.read(&stream("", BODY_RTF, 0x0102)) {
        match unpacked(&packed) {
            Some(bytes) => {
                let (text, notes) = rtf::text(&bytes);
                letter.add_text(&text);
                letter.notes.extend(notes);
            }
            None => letter.notes.push(Reason::PartDamaged),
        }
    }
}

fn stream(storage: &str, number: u16, kind: u16) -> String {
    let slash = if storage.is_empty() { "" } else { "/" };
    format!("{storage}{slash}__substg1.0_{number:04X}{kind:04X}")
}

/// A property that is text, in Unicode or in the mail's code page.
fn text_of(ole: &mut Ole<'_>, storage: &str, number: u16, page: u32) -> Option<String> {
    if let Some(wide) = ole.read(&stream(storage, number, 0x001F)) {
        return Some(charset::decode_wide(&wide));
    }
    let bytes = ole.read(&stream(storage, number, 0x001E))?;
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    Some(charset::decode_code_page(&bytes[..end], page))
}

/// A property that fits into the table.
fn fixed(table: &[u8], number: u16, kind: u16) -> Option<u64> {
    let rows = table.get(TABLE_HEADER_BYTES..)?.chunks_exact(TABLE_ROW_BYTES);
    let tag = (u32::from(number) << 16) | u32::from(kind);
    let row = rows.into_iter().find(|row| row[..4] == tag.to_le_bytes())?;
    Some(u64::from_le_bytes(row[8..16].try_into().ok()?))
}

fn sent(table: &[u8]) -> Option<String> {
    let ticks = fixed(table, SENT, 0x0040).or_else(|| fixed(table, DELIVERED, 0x0040))?;
    let seconds = i64::try_from(ticks / TICKS_PER_SECOND).ok()? - SECONDS_1601_TO_1970;
    (0..=253_402_300_799)
        .contains(&seconds)
        .then(|| format!("{} UTC", written(&DateTime::from_timestamp(seconds))))
}

/// What every packed RTF may refer to from its first byte on ([MS-OXRTFCP] 2.1.3.1.2).
const DICTIONARY: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const DICTIONARY_BYTES: usize = 4096;

/// RTF out of its packing; none if it is not packed as it says.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let content = packed.get(16..)?;
    match packed.get(8..12)? {
        b"MELA" => return Some(content.to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut ring = [b' '; DICTIONARY_BYTES];
    ring[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let (mut at, mut out) = (DICTIONARY.len(), Vec::new());
    let mut bytes = content.iter().copied();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() > BODY_BYTES_MAX {
                return Some(out);
            }
            if control & (1 << bit) == 0 {
                let Some(byte) = bytes.next() else { return Some(out) };
                ring[at] = byte;
                at = (at + 1) % DICTIONARY_BYTES;
                out.push(byte);
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return Some(out) };
            let reference = usize::from(u16::from_be_bytes([high, low]));
            let (offset, length) = (reference >> 4, (reference & 0xF) + 2);
            if offset == at {
                return Some(out);
            }
            for step in 0..length {
                let byte = ring[(offset + step) % DICTIONARY_BYTES];
                ring[at] = byte;
                at = (at + 1) % DICTIONARY_BYTES;
                out.push(byte);
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_rtf_comes_out_as_it_went_in() {
        // The example of the specification, 4.1.1.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0,
            0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09,
            0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        assert_eq!(unpacked(&packed).unwrap(), b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(DICTIONARY.len(), 207);
        assert_eq!(unpacked(b"\0\0\0\0\0\0\0\0XXXX\0\0\0\0"), None);
        assert_eq!(unpacked(&[0; 8]), None);
    }
}
