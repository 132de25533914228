//! Kinds of text: mail, web page, XML, RTF, a table, or just text. Told by how they begin and how they are built.

use memchr::memmem;

use crate::domain::text::{Format, MediaType, Puid};
use crate::intake::worker::charset;

/// How much of a text is looked at to tell it from binary data.
const PROBE_BYTES: usize = 64 * 1024;
/// Control characters a plausible text in one byte per character may hold, one in so many bytes.
const CONTROLS_ONE_IN: usize = 500;
/// Within so many bytes a web page says what it is.
const MARKUP_WITHIN_BYTES: usize = 4096;
/// Lines that must agree on how many columns they have, at least and as far as is looked.
const TABLE_LINES_MIN: usize = 3;
const TABLE_LINES_MAX: usize = 50;
/// Fields of a mail's head; a mail begins with fields, and has at least two of these.
const MAIL_FIELDS: &[&str] = &[
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "sender",
    "delivered-to",
    "reply-to",
    "content-type",
    "x-mailer",
    "envelope-to",
    "dkim-signature",
];
/// Fields without which a head is no mail's: a list of keywords has a subject, too.
const TELLING_FIELDS: &[&str] = &["from", "received", "message-id", "mime-version", "return-path", "date"];
/// Longest line before a mail of a mailbox.
const ENVELOPE_BYTES_MAX: usize = 1024;
/// Fields of a head that are looked at.
const MAIL_FIELDS_MAX: usize = 100;

pub(super) fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"{\\rtf") {
        return Some(Format::of(MediaType::Rtf));
    }
    if is_mbox(bytes) {
        return Some(Format::known(MediaType::Mbox, Puid::fmt(720)));
    }
    if is_mail(bytes) {
        return Some(Format::known(MediaType::Mail, Puid::fmt(278)));
    }
    let wide = matches!(bytes.get(..2), Some([0xFF, 0xFE] | [0xFE, 0xFF]));
    if !wide && !is_text(bytes) {
        return None;
    }
    let probe = charset::decode(&bytes[..bytes.len().min(PROBE_BYTES)]);
    if wide && probe.contains('\0') {
        return None;
    }
    markup(&probe).or_else(|| {
        let (media, puid) = if is_table(&probe) { (MediaType::Csv, 18) } else { (MediaType::PlainText, 111) };
        Some(Format::known(media, Puid::x_fmt(puid)))
    })
}

fn markup(text: &str) -> Option<Format> {
    let text = text.trim_start();
    let end = (0..=MARKUP_WITHIN_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let head = text[..end].to_ascii_lowercase();
    if !head.starts_with('<') {
        return None;
    }
    let is_xml = head.starts_with("<?xml");
    let begins = |tag: &str| {
        head.find(tag).is_some_and(|at| {
            let next = head[at + tag.len()..].chars().next();
            next.is_none_or(|c| c == '>' || c.is_whitespace())
        })
    };
    if begins("<!doctype html") || begins("<html") {
        return Some(Format::known(MediaType::Html, Puid::fmt(html_version(&head))));
    }
    if is_xml {
        let first = head.contains("version=\"1.0\"") || head.contains("version='1.0'");
        return Some(Format { media: MediaType::Xml, pronom: first.then_some(Puid::fmt(101)) });
    }
    let fragment = ["<head", "<body", "<meta", "<title", "<table", "<div", "<p", "<font", "<center", "<h1"];
    if fragment.into_iter().any(|tag| head.starts_with(tag) && begins(tag)) {
        return Some(Format::known(MediaType::Html, Puid::fmt(96)));
    }
    None
}

fn html_version(head: &str) -> u16 {
    let Some(declared) = head.find("<!doctype html").map(|at| &head[at + "<!doctype html".len()..]) else {
        return 96;
    };
    let declared = declared.split('>').next().unwrap_or_default();
    let public = |name: &str| declared.contains(name);
    match () {
        () if declared.trim().is_empty() => 471,
        () if public("dtd xhtml 1.0") => 102,
        () if public("dtd xhtml 1.1") => 103,
        () if public("dtd html 4.01") => 100,
        () if public("dtd html 4.0") => 99,
        () if public("dtd html 3.2") => 98,
        () => 96,
    }
}

/// A head of fields, two of which mails have.
pub(super) fn is_mail(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let bytes = envelope(bytes).map_or(bytes, |end| &bytes[end..]);
    let head = &bytes[..bytes.len().min(PROBE_BYTES)];
    let (mut known, mut telling, mut fields) = (0, false, 0);
    for line in head.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || fields == MAIL_FIELDS_MAX {
            break;
        }
        if matches!(line[0], b' ' | b'\t') && fields > 0 {
            continue;
        }
        // A line that is no field ends the head; it does not undo what was a mail so far.
        let Some(name) = field_name(line) else { break };
        fields += 1;
        known += usize::from(MAIL_FIELDS.contains(&name.as_str()));
        telling |= TELLING_FIELDS.contains(&name.as_str());
    }
    known >= 2 && telling
}

/// `Subject: …` is a field; a name has no blanks in it.
fn field_name(line: &[u8]) -> Option<String> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    fits.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Several mails, or one that has no head to be known by: each stands behind a line of the mailbox.
fn is_mbox(bytes: &[u8]) -> bool {
    let Some(end) = envelope(bytes) else { return false };
    let rest = &bytes[end..];
    let mark = b"\nFrom ";
    let another = || memmem::find_iter(rest, mark).any(|at| envelope(&rest[at + 1..]).is_some());
    !is_mail(rest) || another()
}

/// The line `From somebody Mon Jun  1 10:00:00 2009`, and where it ends.
pub(in crate::intake::worker) fn envelope(bytes: &[u8]) -> Option<usize> {
    let line = bytes.strip_prefix(b"From ")?;
    let end = line.iter().take(ENVELOPE_BYTES_MAX).position(|byte| *byte == b'\n')?;
    let words: Vec<&[u8]> =
        line[..end].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let is_time = |word: &&[u8]| word.len() >= 5 && word[2] == b':' && word[0].is_ascii_digit();
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    (words.iter().any(is_time) && words.iter().any(is_year)).then_some(b"From ".len() + end + 1)
}

/// Lines that have the same number of columns, however their fields are quoted.
fn is_table(text: &str) -> bool {
    [(';', 1), ('\t', 1), (',', 2)].into_iter().any(|(separator, least)| {
        let mut columns = None;
        let mut lines = 0;
        for line in records(text).take(TABLE_LINES_MAX) {
            let found = separators(line, separator);
            if found < least || columns.is_some_and(|columns| columns != found) {
                return false;
            }
            columns = Some(found);
            lines += 1;
        }
        lines >= TABLE_LINES_MIN
    })
}

/// Lines but for a last one that may be cut; a quoted field may go over several, which are then one.
fn records(text: &str) -> impl Iterator<Item = &str> {
    let text = text.rfind('\n').map_or(text, |last| &text[..last]);
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let mut quoted = false;
            let end = rest.char_indices().find(|(_, c)| {
                quoted ^= *c == '"';
                *c == '\n' && !quoted
            });
            let (record, more) = match end {
                Some((at, _)) => (&rest[..at], &rest[at + 1..]),
                None => (rest, ""),
            };
            rest = more;
            if !record.trim().is_empty() {
                return Some(record);
            }
        }
    })
}

fn separators(record: &str, separator: char) -> usize {
    let mut quoted = false;
    record
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == separator && !quoted
        })
        .count()
}

fn is_text(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE_BYTES)];
    if probe.is_empty() || probe.contains(&0) {
        return false;
    }
    let controls = probe.iter().filter(|b| is_odd_control(**b)).count();
    let few_controls = controls * CONTROLS_ONE_IN <= probe.len();
    let utf8 = match std::str::from_utf8(probe) {
        Ok(_) => true,
        // A character cut by the end of the probe is no error of the text.
        Err(error) => error.error_len().is_none() && probe.len() == PROBE_BYTES,
    };
    few_controls && (utf8 || is_western(probe))
}

fn is_odd_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)) || byte == 0x7F
}

/// Plausible Windows-1252: mostly ASCII, and what is not is a letter or sign of it.
fn is_western(probe: &[u8]) -> bool {
    let foreign = probe.iter().filter(|b| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)).count();
    let high = probe.iter().filter(|b| **b >= 0x80).count();
    foreign * CONTROLS_ONE_IN <= probe.len() && high * 4 <= probe.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (MediaType, Option<String>) {
        let format = format(text.as_bytes()).unwrap();
        (format.media, format.pronom.map(|puid| puid.to_string()))
    }

    #[test]
    fn texts_are_told_by_how_they_begin_and_how_they_are_built() {
        let name = |number: &str| Some(number.to_owned());
        assert_eq!(found("{\\rtf1 Text}"), (MediaType::Rtf, None));
        let mail = "Received: by mx\r\n\tfrom a\r\nSubject: Bauantrag\r\nFrom: a@b.example\r\n\r\nText";
        assert_eq!(found(mail), (MediaType::Mail, name("fmt/278")));
        assert_eq!(found(&format!("From a@b.example Mon Jan  1 10:00:00 2024\n{mail}")).0, MediaType::Mail);
        let one = format!("From a@b.example Mon Jan  1 10:00:00 2024\n{mail}\n\n");
        assert_eq!(found(&one.repeat(2)).0, MediaType::Mbox);
        assert_eq!(found("From a@b.example Mon Jan  1 10:00:00 2024\n\nText").0, MediaType::Mbox);
        assert_eq!(found("From the desk of the mayor\nDear all\n").0, MediaType::PlainText);
        assert_eq!(found("Betreff: Bauantrag\nDatum: heute\n\nText").0, MediaType::PlainText);
        assert_eq!(found("<!DOCTYPE html>\n<p>x").1, name("fmt/471"));
        let old = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><html>";
        assert_eq!(found(old), (MediaType::Html, name("fmt/100")));
        assert_eq!(found("<?xml version=\"1.0\"?><akte/>"), (MediaType::Xml, name("fmt/101")));
        assert_eq!(found("<?xml version=\"1.0\"?><html xmlns='x'><body/>").0, MediaType::Html);
        assert_eq!(found("<html><body>").1, name("fmt/96"));
        assert_eq!(found("a;b;c\n1;\"2;3\";4\n5;6;7\n"), (MediaType::Csv, name("x-fmt/18")));
        assert_eq!(found("a;b\n1;\"zwei\nZeilen\"\n5;6\n").0, MediaType::Csv);
        assert_eq!(found("Sehr geehrte Damen,\n\nim Mai, im Juni\n, so\n").0, MediaType::PlainText);
        assert_eq!(found("a;b\nohne\n5;6\n").0, MediaType::PlainText);
        assert_eq!(found("x < y\n"), (MediaType::PlainText, name("x-fmt/111")));
    }

    #[test]
    fn wide_text_is_text_and_binary_data_is_not() {
        assert_eq!(format(b"\xFF\xFEA\0\xE4\0").map(|format| format.media), Some(MediaType::PlainText));
        assert_eq!(format(b"\xFF\xFE\0\0\0\0\0\0"), None);
        assert_eq!(format(b"Text\0Text"), None);
        assert_eq!(format(&[0x81; 600]), None);
    }
}
