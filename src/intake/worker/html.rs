//! HTML: the words a browser would show, cut as it would cut them. Nothing is run, followed or fetched; scripts,
//! frames and objects are left out and noted.

use std::io;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use super::charset;
use super::text_pages::{Draft, Serve, TextPages};
use crate::intake::reason::Reason;

/// Within so many bytes a page names its character set.
const CHARSET_WITHIN_BYTES: usize = 4096;
/// Elements whose content is no text that is shown.
const NO_TEXT: &[&[u8]] =
    &[b"script", b"style", b"template", b"noframes", b"svg", b"math", b"iframe", b"object"];
/// Elements that stand on lines of their own.
const BLOCKS: &[&[u8]] = &[
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"center",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"header",
    b"hr",
    b"html",
    b"legend",
    b"li",
    b"main",
    b"nav",
    b"ol",
    b"option",
    b"p",
    b"pre",
    b"section",
    b"table",
    b"tbody",
    b"thead",
    b"tfoot",
    b"title",
    b"tr",
    b"ul",
    b"caption",
    b"summary",
    b"details",
];

/// Opens `bytes` and hands the text to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> io::Result<()> {
    let text = match named_charset(bytes) {
        Some(name) => charset::decode_named(bytes, &name),
        None => charset::decode(bytes),
    };
    let mut pages = TextPages::default();
    let (text, notes) = self::text(&text);
    pages.flow(&text);
    pages.note_all(notes);
    pages.serve(serve)
}

/// `charset=…` as a page says it of itself.
fn named_charset(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(CHARSET_WITHIN_BYTES)].to_ascii_lowercase();
    let mark = b"charset=";
    let at = head.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let name = head[at..].iter().copied().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
    let name: Vec<u8> =
        name.take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(byte)).collect();
    String::from_utf8(name).ok()
}

/// The text of a page, and what was left out.
pub(super) fn text(html: &str) -> (String, Vec<Reason>) {
    let mut reader = HtmlReader::default();
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => reader.open(&tag),
            Token::EndTag(tag) => reader.close(&tag.name),
            Token::String(text) => reader.write(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        if reader.draft.is_cut() {
            reader.note(Reason::DocumentTooLong);
            break;
        }
    }
    (reader.draft.take(), reader.notes)
}

#[derive(Default)]
struct HtmlReader {
    draft: Draft,
    /// The element that is passed over, and how often it was opened in itself.
    skipped: Option<(Vec<u8>, usize)>,
    preformatted: usize,
    notes: Vec<Reason>,
}

impl HtmlReader {
    fn open(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        match name {
            b"script" => self.note(Reason::ActiveIgnored),
            b"iframe" | b"frame" | b"object" | b"embed" => self.note(Reason::ExternalIgnored),
            _ => {}
        }
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name && !tag.self_closing);
            return;
        }
        if NO_TEXT.contains(&name) {
            self.skipped = (!tag.self_closing).then(|| (name.to_vec(), 1));
        } else if name == b"br" {
            self.draft.push("\n");
        } else if matches!(name, b"td" | b"th") {
            if !self.draft.as_str().ends_with(['\n', '\t']) && !self.draft.as_str().is_empty() {
                self.draft.push("\t");
            }
        } else if name == b"img" {
            if let Some(words) = tag.attributes.get(&b"alt"[..]) {
                self.write(&String::from_utf8_lossy(words));
            }
        } else if BLOCKS.contains(&name) {
            self.draft.end_line();
            self.preformatted += usize::from(name == b"pre");
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipped = None;
            }
        } else if BLOCKS.contains(&name) {
            self.draft.end_line();
            self.preformatted = self.preformatted.saturating_sub(usize::from(name == b"pre"));
        }
    }

    fn write(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        if self.preformatted > 0 {
            self.draft.push(text);
            return;
        }
        for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if index > 0 {
                self.draft.space();
            }
            self.draft.push(word);
        }
    }

    fn note(&mut self, reason: Reason) {
        if !self.notes.contains(&reason) {
            self.notes.push(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_a_browser_shows_come_out_and_nothing_runs() {
        let html = "<html><head><title>Bescheid</title><script>var a = '<p>nie</p>';</script><style>p{}</style></head>\
            <body><h1>Bau&uuml;bersicht</h1><p>Erste\n  Zeile<br>zweite &amp; <b>d</b>ritte</p><!-- nein -->\
            <table><tr><td>a</td><td>b</td></tr><tr><td>c</table><iframe src='https://x.example'>alt</iframe></body>";
        let (text, notes) = text(html);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, ["Bescheid", "Bauübersicht", "Erste Zeile", "zweite & dritte", "a\tb", "c"]);
        assert_eq!(notes, [Reason::ActiveIgnored, Reason::ExternalIgnored]);
    }

    #[test]
    fn hostile_pages_end() {
        let deep = "<div><b><object>".repeat(100_000);
        assert!(text(&deep).0.is_empty());
        assert_eq!(text("<p>a<script>never closed <p>b").0.trim(), "a");
        assert_eq!(text("</script></object>x").0, "x");
        assert_eq!(
            named_charset(b"<META content='text/html; charset=ISO-8859-1'>").as_deref(),
            Some("iso-8859-1")
        );
        assert_eq!(named_charset(b"<meta charset=\"utf-8\">").as_deref(), Some("utf-8"));
    }
}
