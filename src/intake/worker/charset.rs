//! Character sets: bytes become text, whatever they were written with. Nothing is refused: what cannot be a
//! character is shown as the sign for that.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1252};

/// The upper half of code page 850 (DOS in western Europe), which the web does not know.
const DOS_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤\
ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// By mark at the beginning; else UTF-8 where it is valid; else Windows-1252, which has Latin-1 in it.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// By the name a document gives; by the bytes if nobody knows the name, or if they are UTF-8 whatever it says.
pub(super) fn decode_named<'b>(bytes: &'b [u8], name: &str) -> Cow<'b, str> {
    match Encoding::for_label(name.trim().as_bytes()) {
        Some(named) if Encoding::for_bom(bytes).is_none() && std::str::from_utf8(bytes).is_err() => {
            if named == UTF_8 { decode(bytes) } else { named.decode_without_bom_handling(bytes).0 }
        }
        _ => decode(bytes),
    }
}

/// A stream of XML as UTF-8, whatever it was written with: by its mark, or by the name in its declaration.
pub(super) struct Decoded<R> {
    from: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    ended: bool,
}

/// Bytes decoded at a time; a declaration fits into the first.
const CHUNK_BYTES: usize = 8 * 1024;
/// Longest text of a chunk: no byte becomes more than three, and the decoder wants some to spare.
const CHUNK_TEXT_BYTES: usize = CHUNK_BYTES * 3 + 64;

impl<R: Read> Decoded<R> {
    pub(super) fn new(from: R) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Self { from, decoder: None, raw, raw_at: 0, text, text_at: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.text_at = 0;
        while self.text.is_empty() && !(self.ended && self.decoder.is_none()) {
            if self.raw_at == self.raw.len() && !self.ended {
                self.raw.clear();
                self.raw_at = 0;
                self.ended = (&mut self.from).take(CHUNK_BYTES as u64).read_to_end(&mut self.raw)? == 0;
            }
            if self.decoder.is_none() && self.ended && self.raw.is_empty() {
                return Ok(());
            }
            let raw = &self.raw;
            let decoder = self.decoder.get_or_insert_with(|| declared(raw).new_decoder());
            self.text.resize(CHUNK_TEXT_BYTES, 0);
            let (result, read, written, _) =
                decoder.decode_to_utf8(&self.raw[self.raw_at..], &mut self.text, self.ended);
            self.text.truncate(written);
            self.raw_at += read;
            if self.ended && result == CoderResult::InputEmpty {
                self.decoder = None;
                self.raw.clear();
                self.raw_at = 0;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let text = self.fill_buf()?;
        let taken = text.len().min(to.len());
        to[..taken].copy_from_slice(&text[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.text_at == self.text.len() {
            self.fill()?;
        }
        Ok(&self.text[self.text_at..])
    }

    fn consume(&mut self, taken: usize) {
        self.text_at = (self.text_at + taken).min(self.text.len());
    }
}

/// What an XML document says it is written with; a mark at its beginning wins when it is decoded.
fn declared(raw: &[u8]) -> &'static Encoding {
    if let [b'<', 0, ..] = raw {
        return encoding_rs::UTF_16LE;
    }
    if let [0, b'<', ..] = raw {
        return encoding_rs::UTF_16BE;
    }
    let head = raw.split(|byte| *byte == b'>').next().unwrap_or_default();
    let mark = b"encoding=";
    let named = head.windows(mark.len()).position(|window| window == mark).and_then(|at| {
        let name = head.get(at + mark.len() + 1..)?;
        let end = name.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
        Encoding::for_label(&name[..end])
    });
    // Who can be read up to here is not written with two bytes a character, whatever it says.
    named.filter(|named| named.is_ascii_compatible()).unwrap_or(UTF_8)
}

/// By the number of a Windows code page; Windows-1252 for an unknown one.
pub(super) fn decode_code_page(bytes: &[u8], page: u32) -> String {
    if matches!(page, 437 | 850 | 858) {
        return bytes.iter().map(|byte| dos(*byte)).collect();
    }
    let encoding = Encoding::for_label(label(page).as_bytes()).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn dos(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(upper) => DOS_850.chars().nth(usize::from(upper)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn label(page: u32) -> String {
    match page {
        874 | 1250..=1258 => format!("windows-{page}"),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1200 => "utf-16le".to_owned(),
        10_000 => "macintosh".to_owned(),
        20_866 => "koi8-r".to_owned(),
        28_591..=28_606 => format!("iso-8859-{}", page - 28_590),
        50_220..=50_222 => "iso-2022-jp".to_owned(),
        65_001 => "utf-8".to_owned(),
        _ => "windows-1252".to_owned(),
    }
}

/// UTF-16, lower byte first, up to the first zero.
pub(super) fn decode_wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_whatever_it_was_written_with() {
        assert_eq!(decode(b"Stra\xDFe"), "Straße");
        assert_eq!(decode(b"5 \x80 \x84gut\x93"), "5 € „gut“");
        assert_eq!(decode("\u{feff}Straße".as_bytes()), "Straße");
        assert_eq!(decode(b"\xFF\xFES\0t\0\xDF\0"), "Stß");
        assert_eq!(decode_named(b"\xE4", "ISO-8859-1"), "ä");
        assert_eq!(decode_named("ä".as_bytes(), "iso-8859-1"), "ä", "it is UTF-8 whatever it says");
        assert_eq!(decode_named(b"\xE4", "niemand"), "ä");
        assert_eq!(decode_code_page(b"Stra\xE1e \x81ber", 850), "Straße über");
        assert_eq!(DOS_850.chars().count(), 128);
        assert_eq!(decode_code_page(b"\x9E", 1250), "ž");
        let streamed = |bytes: &[u8]| {
            let mut text = String::new();
            Decoded::new(bytes).read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(streamed(b"").unwrap(), "");
        assert_eq!(streamed(b"<?xml encoding='ISO-8859-1'?>\xE4").unwrap(), "<?xml encoding='ISO-8859-1'?>ä");
        assert_eq!(streamed(b"<?xml encoding='UTF-16'?>x").unwrap(), "<?xml encoding='UTF-16'?>x");
        assert_eq!(streamed(b"<a>\xE4</a>").unwrap(), "<a>\u{FFFD}</a>");
        let long = "äö€😀x".repeat(20_000);
        assert_eq!(streamed(long.as_bytes()).unwrap(), long);
        let wide: Vec<u8> = format!("\u{feff}{long}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(streamed(&wide).unwrap(), long);
        assert_eq!(decode_wide(b"\xC4\0g\0\0\0x\0"), "Äg");
    }
}
