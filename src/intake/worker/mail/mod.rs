//! Mails: who wrote to whom, when and about what, then what was written, then what was attached. Web pages in them
//! are read as text; nothing is fetched. Attachments are named, and handed out as they are; nobody reads them here.

pub(super) mod mbox;
pub(super) mod outlook;

use std::io;
use std::ops::ControlFlow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, DateTime, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::text_pages::{Draft, Serve, TextPages};
use super::unpack::Take;
use super::{html, identify};
use crate::intake::limits::PICTURE_BYTES_NAMED;
use crate::intake::reason::{Reason, StaysInside};

/// Opens `bytes` as one mail and hands its text to `serve`.
pub(super) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut pages = TextPages::default();
    letter(bytes).ok_or(Reason::Damaged)?.put(&mut pages);
    Ok(pages.serve(serve))
}

/// A mail, whatever it was kept in.
#[derive(Debug, Default)]
struct Letter {
    from: String,
    to: String,
    cc: String,
    date: String,
    subject: String,
    body: String,
    attachments: Vec<String>,
    notes: Vec<Reason>,
}

impl Letter {
    /// Puts the mail on pages of its own.
    fn put(mut self, pages: &mut TextPages) {
        let mut draft = Draft::default();
        let attachments = self.attachments.join("; ");
        for (label, value) in [
            ("Von", &self.from),
            ("An", &self.to),
            ("Kopie", &self.cc),
            ("Datum", &self.date),
            ("Betreff", &self.subject),
            ("Anlagen", &attachments),
        ] {
            if !value.trim().is_empty() {
                draft.push(&format!("{label}: {}\n", value.trim()));
            }
        }
        draft.push("\n");
        draft.push(&self.body);
        if !self.attachments.is_empty() {
            pages.contains_files();
        }
        if draft.is_cut() {
            self.notes.push(Reason::DocumentTooLong);
        }
        pages.flow(draft.as_str());
        pages.note_all(self.notes);
    }

    /// Adds a body that is a web page.
    fn add_html(&mut self, page: &str) {
        let (text, notes) = html::text(page);
        self.add_text(&text);
        self.notes.extend(notes);
    }

    fn add_text(&mut self, text: &str) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
        self.body.push_str(text);
    }
}

/// Shows each attachment to `take`; answers what the mail is about.
pub(super) fn unpack(bytes: &[u8], take: Take<'_>) -> Result<String, Reason> {
    let message = parsed(bytes).ok_or(Reason::Damaged)?;
    for part in message.attachments() {
        let mut content = |most| attached(&message, part, most);
        if take(&file_name(part), &mut content) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(message.subject().unwrap_or_default().to_owned())
}

/// The bytes of an attachment as they were sent: a text is not taken into another character set.
fn attached(message: &Message<'_>, part: &MessagePart<'_>, most: u64) -> Result<Vec<u8>, StaysInside> {
    let bytes = match (&part.body, part.encoding) {
        (PartType::Text(_) | PartType::Html(_), encoding) => {
            let range = part.offset_body as usize..part.offset_end as usize;
            let sent = message.raw_message.get(range).ok_or(StaysInside::Damaged)?;
            match encoding {
                Encoding::None => Some(sent.to_vec()),
                Encoding::Base64 => base64_decode(sent),
                Encoding::QuotedPrintable => quoted_printable_decode(sent),
            }
        }
        _ => Some(part.contents().to_vec()),
    };
    let bytes = bytes.ok_or(StaysInside::Damaged)?;
    if bytes.len() as u64 > most {
        return Err(StaysInside::TooLarge);
    }
    let in_the_text = matches!(part.body, PartType::InlineBinary(_)) && part.content_id().is_some();
    let picture = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    if in_the_text && picture && (bytes.len() as u64) < PICTURE_BYTES_NAMED {
        return Err(StaysInside::SmallPicture);
    }
    Ok(bytes)
}

/// As [`named`], with an ending for a mail.
fn file_name(part: &MessagePart<'_>) -> String {
    let name = named(part);
    match &part.body {
        PartType::Message(_) if !name.to_lowercase().ends_with(".eml") => format!("{name}.eml"),
        _ => name,
    }
}

/// The mail, without the line a mailbox puts in front of it.
fn parsed(bytes: &[u8]) -> Option<Message<'_>> {
    let bytes = identify::envelope(bytes).map_or(bytes, |end| &bytes[end..]);
    MessageParser::default().parse(bytes)
}

/// The mail these bytes are.
fn letter(bytes: &[u8]) -> Option<Letter> {
    let message = parsed(bytes)?;
    let mut letter = Letter {
        from: message.from().map(people).unwrap_or_default(),
        to: message.to().map(people).unwrap_or_default(),
        cc: message.cc().map(people).unwrap_or_default(),
        date: message.date().map(written).unwrap_or_default(),
        subject: message.subject().unwrap_or_default().to_owned(),
        ..Letter::default()
    };
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => letter.add_text(text),
            PartType::Html(page) => letter.add_html(page),
            _ => {}
        }
    }
    letter.attachments = message.attachments().map(named).collect();
    if is_encrypted(&message) {
        letter.notes.push(Reason::MailEncrypted);
    }
    Some(letter)
}

/// `Name <address>`, several parted by semicolons.
fn people(addresses: &Address<'_>) -> String {
    let one = |name: Option<&str>, address: Option<&str>| match (name, address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    };
    let all: Vec<String> = addresses.iter().map(|person| one(person.name(), person.address())).collect();
    all.join("; ")
}

/// `03.11.2025 14:05`, by the clock of who wrote it.
fn written(day: &DateTime) -> String {
    format!("{:02}.{:02}.{:04} {:02}:{:02}", day.day, day.month, day.year, day.hour, day.minute)
}

fn named(part: &MessagePart<'_>) -> String {
    if let Some(name) = part.attachment_name().map(str::trim).filter(|name| !name.is_empty()) {
        return name.to_owned();
    }
    if let PartType::Message(message) = &part.body {
        return format!("Nachricht „{}“", message.subject().unwrap_or_default());
    }
    "ohne Namen".to_owned()
}

fn is_encrypted(message: &Message<'_>) -> bool {
    message.parts.iter().any(|part| {
        part.is_content_type("multipart", "encrypted")
            || ["pkcs7-mime", "x-pkcs7-mime"]
                .iter()
                .any(|subtype| part.is_content_type("application", subtype))
                && part
                    .content_type()
                    .and_then(|kind| kind.attribute("smime-type"))
                    .is_none_or(|kind| !kind.eq_ignore_ascii_case("signed-data"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?Q?J=C3=BCrgen?= Maier <maier@stadt.example>\r\n\
        To: a@b.example, Bauamt <bau@stadt.example>\r\nDate: Mon, 3 Nov 2025 14:05:00 +0100\r\n\
        Subject: =?iso-8859-1?Q?R=FCckfrage?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <p>Zum Antrag</p><script>x</script>\r\n--x\r\nContent-Type: application/pdf\r\n\
        Content-Disposition: attachment; filename=\"plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n";

    #[test]
    fn a_mail_says_who_wrote_what_to_whom_and_what_is_attached() {
        let mut pages = TextPages::default();
        letter(MAIL.as_bytes()).unwrap().put(&mut pages);
        assert_eq!(
            pages.pages().concat(),
            "Von: Jürgen Maier <maier@stadt.example>\nAn: a@b.example; Bauamt <bau@stadt.example>\n\
             Datum: 03.11.2025 14:05\nBetreff: Rückfrage\nAnlagen: plan.pdf\n\nZum Antrag"
        );
        assert_eq!(pages.notes(), [Reason::ActiveIgnored]);
    }

    #[test]
    fn what_is_encrypted_is_said_and_what_is_only_signed_is_not() {
        let of = |kind: &str| letter(format!("From: a@b.example\nContent-Type: {kind}\n\nMIIB").as_bytes());
        let notes = |kind: &str| of(kind).unwrap().notes;
        assert_eq!(notes("application/pkcs7-mime; smime-type=enveloped-data"), [Reason::MailEncrypted]);
        assert_eq!(notes("multipart/encrypted; boundary=x"), [Reason::MailEncrypted]);
        assert_eq!(notes("application/pkcs7-mime; smime-type=signed-data"), []);
    }
}
