//! RTF: groups, control words and text in some character set. Destinations that are no text (fonts, colours,
//! pictures, objects) are passed over; hidden text is marked, deleted text left out, both noted where it matters.

use std::collections::HashMap;
use std::io;

use super::charset;
use super::text_pages::{Draft, Serve, TextPages};
use crate::intake::limits::NESTING_MAX;
use crate::intake::reason::Reason;

/// Groups that are no text, beside those that say so themselves (`\*`).
const NO_TEXT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "generator",
    "pict",
    "object",
    "objdata",
    "themedata",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "revtbl",
    "xmlnstbl",
    "filetbl",
    "latentstyles",
    "fldinst",
    "nonshppict",
    "colorschememapping",
    "pgptbl",
    "mmathPr",
    "template",
    "operator",
    "author",
    "sp",
    "sn",
    "sv",
    "private",
    "bkmkstart",
    "bkmkend",
    "atnid",
    "atrfstart",
    "atrfend",
    "atnref",
    "atntime",
    "atndate",
    "passwordhash",
    "upr",
    "wgrffmtfilter",
    "xe",
    "tc",
    "blipuid",
    "picprop",
    "fontemb",
    "falt",
    "panose",
];
/// Destinations that are marked `\*`, so that old readers pass over them, and that are text all the same.
const TEXT_ALL_THE_SAME: &[&str] =
    &["shpinst", "shptxt", "annotation", "atnauthor", "ud", "footnote", "nesttableprops", "shp", "ftnsep"];

/// Opens `bytes` and hands the text to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> io::Result<()> {
    let mut pages = TextPages::default();
    let (text, notes) = text(bytes);
    pages.flow(&text);
    pages.note_all(notes);
    pages.serve(serve)
}

/// The text of an RTF, and what was left out.
pub(super) fn text(bytes: &[u8]) -> (String, Vec<Reason>) {
    let state = Group { fallback: 1, ..Group::default() };
    let mut reader = RtfReader { code_page: 1252, state, ..RtfReader::default() };
    reader.read(bytes);
    reader.flush();
    reader.show();
    if !reader.groups.is_empty() {
        reader.notes.push(Reason::PartDamaged);
    }
    if reader.draft.is_cut() {
        reader.notes.push(Reason::DocumentTooLong);
    }
    (reader.draft.take(), reader.notes)
}

/// What a group inherits and loses again at its end.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    no_text: bool,
    in_fonts: bool,
    hidden: bool,
    deleted: bool,
    /// How many characters stand for one in Unicode, for readers that do not know it.
    fallback: usize,
    font: i32,
    /// A comment: it is closed with a bracket.
    comment: bool,
}

#[derive(Default)]
struct RtfReader {
    draft: Draft,
    groups: Vec<Group>,
    state: Group,
    /// Groups deeper than are followed.
    too_deep: usize,
    code_page: u32,
    /// Code pages by font.
    fonts: HashMap<i32, u32>,
    /// Bytes in the character set of the moment, not yet decoded.
    pending: Vec<u8>,
    high_surrogate: Option<u16>,
    /// Characters that only repeat what was said in Unicode.
    to_skip: usize,
    /// The group begins with `\*`.
    starred: bool,
    /// Hidden text is being written down.
    hiding: bool,
    notes: Vec<Reason>,
}

impl RtfReader {
    fn read(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            at += 1;
            match byte {
                b'{' => self.begin(),
                b'}' => self.end(),
                b'\\' => at = self.control(bytes, at),
                b'\r' | b'\n' => {}
                other => self.byte(other),
            }
            if self.draft.is_cut() {
                return;
            }
        }
    }

    fn begin(&mut self) {
        self.flush();
        self.to_skip = 0;
        if self.groups.len() >= NESTING_MAX {
            self.note(Reason::TooDeep);
            self.too_deep += 1;
        } else {
            self.groups.push(self.state);
            self.state.comment = false;
        }
    }

    fn end(&mut self) {
        self.flush();
        self.to_skip = 0;
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        if self.state.comment {
            self.show();
            self.draft.push("] ");
        }
        self.state = self.groups.pop().unwrap_or_default();
        self.starred = false;
    }

    /// A control word or sign behind the backslash; returns where it ends.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(first) = bytes.get(at).copied() else { return at };
        if !first.is_ascii_alphabetic() {
            return self.sign(first, bytes, at + 1);
        }
        let letters = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&bytes[at..at + letters]).into_owned();
        let mut end = at + letters;
        let digits_at = end + usize::from(bytes.get(end) == Some(&b'-'));
        let digits =
            bytes[digits_at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut number = None;
        if digits > 0 {
            number = String::from_utf8_lossy(&bytes[end..digits_at + digits]).parse::<i32>().ok();
            end = digits_at + digits;
        }
        end += usize::from(bytes.get(end) == Some(&b' '));
        if word == "bin" {
            let length = number.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
            return end.saturating_add(length).min(bytes.len());
        }
        self.word(&word, number);
        end
    }

    fn sign(&mut self, sign: u8, bytes: &[u8], at: usize) -> usize {
        match sign {
            b'\'' => {
                let digits = bytes.get(at..at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                    return at + 2;
                }
            }
            b'*' => self.starred = true,
            b'~' => self.put(" "),
            b'_' => self.put("-"),
            b'\\' | b'{' | b'}' => self.byte(sign),
            b'\r' | b'\n' => self.line(),
            _ => {}
        }
        at
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        self.destination(word);
        match word {
            "ansicpg" => self.code_page = number.and_then(|page| u32::try_from(page).ok()).unwrap_or(1252),
            "mac" => self.code_page = 10_000,
            "pc" => self.code_page = 437,
            "pca" => self.code_page = 850,
            "uc" => self.state.fallback = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(8),
            "u" => self.unicode(number.unwrap_or(0)),
            "f" => self.font(number.unwrap_or(0)),
            "fcharset" if self.state.in_fonts => {
                self.fonts.insert(self.state.font, page_of_charset(number.unwrap_or(0)));
            }
            "v" => {
                self.flush();
                self.state.hidden = on;
            }
            "deleted" => {
                self.flush();
                self.state.deleted = on;
            }
            "plain" => {
                self.flush();
                (self.state.hidden, self.state.deleted) = (false, false);
            }
            "par" | "sect" | "line" | "row" | "nestrow" => self.line(),
            "page" => self.put("\u{c}"),
            "tab" | "cell" | "nestcell" => self.put("\t"),
            "emdash" => self.put("—"),
            "endash" => self.put("–"),
            "lquote" => self.put("‘"),
            "rquote" => self.put("’"),
            "ldblquote" => self.put("“"),
            "rdblquote" => self.put("”"),
            "bullet" => self.put("•"),
            "emspace" | "enspace" | "qmspace" => self.put(" "),
            _ => {}
        }
    }

    /// The first word of a group says what it is.
    fn destination(&mut self, word: &str) {
        let starred = std::mem::take(&mut self.starred);
        match word {
            "fonttbl" => self.state.in_fonts = true,
            "object" | "objdata" => self.note(Reason::EmbeddedIgnored),
            "footnote" if !self.state.no_text => self.put(" [Fußnote: "),
            "annotation" if !self.state.no_text => self.put(" [Kommentar: "),
            _ => {}
        }
        self.state.comment |= matches!(word, "footnote" | "annotation");
        let text = TEXT_ALL_THE_SAME.contains(&word);
        if (starred && !text) || NO_TEXT.contains(&word) {
            self.flush();
            self.state.no_text = true;
        }
    }

    fn font(&mut self, number: i32) {
        self.flush();
        self.state.font = number;
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Negative numbers are the upper half of sixteen bits.
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or(0xFFFD);
        let pair = self.high_surrogate.take();
        match (pair, unit) {
            (None, 0xD800..=0xDBFF) => self.high_surrogate = Some(unit),
            (high, _) => {
                let units = high.into_iter().chain([unit]);
                let text: String =
                    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                self.put(&text);
            }
        }
        self.to_skip = self.state.fallback;
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.state.deleted && !self.state.no_text {
            self.note(Reason::DeletionsLeftOut);
        } else if !self.state.no_text {
            self.pending.push(byte);
        }
    }

    fn put(&mut self, text: &str) {
        self.flush();
        if !self.state.no_text && !self.state.deleted {
            self.write(text);
        }
    }

    fn line(&mut self) {
        self.flush();
        if !self.state.no_text {
            self.show();
            self.draft.push("\n");
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let page = self.fonts.get(&self.state.font).copied().filter(|page| *page != 0);
        let text = charset::decode_code_page(&self.pending, page.unwrap_or(self.code_page));
        self.pending.clear();
        self.write(&text);
    }

    fn write(&mut self, text: &str) {
        match (self.state.hidden, self.hiding) {
            (true, false) => {
                self.draft.push("[verborgen: ");
                self.hiding = true;
            }
            (false, true) => self.show(),
            _ => {}
        }
        self.draft.push(text);
    }

    fn show(&mut self) {
        if self.hiding {
            self.draft.push("]");
            self.hiding = false;
        }
    }

    fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }
}

/// The code page of a font's character set; zero for that of the document.
fn page_of_charset(charset: i32) -> u32 {
    match charset {
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 => 437,
        255 => 850,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_whatever_its_characters_are_written_with() {
        let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset238 Arial CE;}}
            {\*\generator Word;}\uc1 Stra\'dfe \u228? \u-10179?\u-8704?\f1 \'9e\par zwei\tab drei}";
        let (text, notes) = text(rtf);
        assert_eq!(text.trim(), "Straße ä 😀ž\nzwei\tdrei");
        assert_eq!(notes, []);
    }

    #[test]
    fn what_is_hidden_is_marked_and_what_was_deleted_is_left_out() {
        let (text, notes) =
            text(br"{\rtf1 a{\v geheim} b{\deleted weg}{\footnote F}{\object{\*\objdata 00}} c}");
        assert_eq!(text, "a[verborgen: geheim] b [Fußnote: F]  c");
        assert_eq!(notes, [Reason::DeletionsLeftOut, Reason::EmbeddedIgnored]);
    }

    #[test]
    fn hostile_groups_and_numbers_end() {
        assert_eq!(text(&b"{".repeat(200_000)).1[0], Reason::TooDeep);
        assert_eq!(text(br"{\rtf1\bin2147483647 x").1, [Reason::PartDamaged]);
        assert_eq!(text(br"{\rtf1\u99999999999 \uc-1 \'").1, [Reason::PartDamaged]);
        assert_eq!(text(b"{\\rtf1 a\\").0, "a");
    }
}
