//! What is said to a mail server and what it says (IMAP4rev1, RFC 3501; UIDPLUS, RFC 4315; MOVE, RFC 6851). The grammar is a
//! library's; here is one command after the other, and how much of an answer is read at the most. A mail is a run of bytes
//! here: nothing in it is looked at.

use std::io::{self, Read, Write as _};

use imap_proto::{AttributeValue, Capability, MailboxDatum, Response, ResponseCode, Status, StatusAttribute};

use super::wire::{Line, Wire};
use super::words::Hitch;
use crate::format::mail_profile::MailProfile;

/// All lines of an answer to a command, beside the mail in it: the numbers of some hundred thousand mails.
const LINES_BYTES_MAX: usize = 8 << 20;
/// Deepest nesting of brackets that is handed to the grammar.
const NESTING_MAX: usize = 32;
/// Bytes read at once.
const READ_BYTES: usize = 64 * 1024;

/// A conversation with a server, signed in, with a folder open.
pub(super) struct Talk<'s> {
    wire: Wire<'s>,
    /// What was read and is not used yet.
    buffer: Vec<u8>,
    number: u32,
    /// What the command in hand has brought: lines, and runs of bytes in them.
    line_bytes: usize,
    run_bytes: usize,
    can_move: bool,
    /// What tells whether numbers of mails still mean the same.
    pub(super) validity: u32,
}

/// A mail, as its server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mail {
    pub(super) uid: u32,
    pub(super) size_bytes: u32,
    /// When it came, as the server writes it: `17-Jul-2026 02:44:25 +0200`.
    pub(super) received: String,
}

/// What the server said to one command.
#[derive(Default)]
struct Said {
    capabilities: Vec<String>,
    numbers: Vec<u32>,
    validity: Option<u32>,
    mails: Vec<Mail>,
    /// The last, and of which mail it is.
    body: Option<(Option<u32>, Vec<u8>)>,
    messages: Option<u32>,
}

/// What a server gives of a mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// All of it.
    Whole(Vec<u8>),
    /// More than was asked for.
    TooLarge,
    /// Nothing.
    Nothing,
}

impl<'s> Talk<'s> {
    /// Signs in and opens the folder. `stop` is asked all the while whether to end.
    pub(super) fn begin(
        profile: &MailProfile,
        secret: &str,
        stop: &'s mut dyn FnMut() -> bool,
    ) -> Result<Self, Hitch> {
        let wire = Wire::to(profile, ask_for_tls, stop)?;
        let mut talk = Self {
            wire,
            buffer: Vec::new(),
            number: 0,
            line_bytes: 0,
            run_bytes: 0,
            can_move: false,
            validity: 0,
        };
        if profile.tls == crate::format::mail_profile::Tls::Implicit {
            talk.answer(0, &mut Said::default())?; // the greeting
        }
        talk.command("LOGIN", &[Word::Text(&profile.user), Word::Text(secret)], 0)
            .map_err(|hitch| if matches!(hitch, Hitch::No(_)) { Hitch::SignIn } else { hitch })?;
        let said = talk.command("CAPABILITY", &[], 0)?;
        let has = |name: &str| said.capabilities.iter().any(|own| own.eq_ignore_ascii_case(name));
        talk.can_move = has("MOVE");
        if !talk.can_move && !has("UIDPLUS") {
            return Err(Hitch::NoMove);
        }
        let selected = talk.command("SELECT", &[Word::Text(&profile.folder)], 0)?;
        talk.validity = selected.validity.ok_or(Hitch::Gibberish)?;
        Ok(talk)
    }

    /// The program ends.
    pub(super) fn is_to_stop(&mut self) -> bool {
        self.wire.is_to_stop()
    }

    /// Whether nothing lies in a folder that is not open.
    pub(super) fn is_empty(&mut self, folder: &str) -> Result<bool, Hitch> {
        let said = self.command("STATUS", &[Word::Text(folder), Word::Atom("(MESSAGES)")], 0)?;
        Ok(said.messages == Some(0))
    }

    /// The numbers of all mails that are not about to be removed, in order.
    pub(super) fn numbers(&mut self) -> Result<Vec<u32>, Hitch> {
        let mut numbers = self.command("UID SEARCH UNDELETED", &[], 0)?.numbers;
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// Whether a mail is there still: another program may have moved it.
    pub(super) fn is_there(&mut self, uid: u32) -> Result<bool, Hitch> {
        let number = uid.to_string();
        Ok(self.command("UID SEARCH UID", &[Word::Atom(&number)], 0)?.numbers.contains(&uid))
    }

    /// How large these mails are, and when they came.
    pub(super) fn describe(&mut self, uids: &[u32]) -> Result<Vec<Mail>, Hitch> {
        let set = set_of(uids);
        let said =
            self.command("UID FETCH", &[Word::Atom(&set), Word::Atom("(UID RFC822.SIZE INTERNALDATE)")], 0)?;
        Ok(said.mails)
    }

    /// The bytes of a mail, which stays unseen. What its server says of its size is not relied on: no more than so much is
    /// asked for, and one byte more, by which it is known that there is more.
    pub(super) fn fetch(&mut self, uid: u32, bytes_max: u32) -> Result<Given, Hitch> {
        let (number, asked) = (uid.to_string(), u64::from(bytes_max) + 1);
        let what = format!("(UID BODY.PEEK[]<0.{asked}>)");
        let room = usize::try_from(asked).unwrap_or(usize::MAX);
        let said = match self.command("UID FETCH", &[Word::Atom(&number), Word::Atom(&what)], room) {
            Err(Hitch::No(_)) => return Ok(Given::Nothing),
            said => said?,
        };
        Ok(match said.body {
            Some((of, bytes)) if of == Some(uid) && !bytes.is_empty() => match bytes.len() < room {
                true => Given::Whole(bytes),
                false => Given::TooLarge,
            },
            _ => Given::Nothing,
        })
    }

    /// Moves mails into another folder.
    pub(super) fn put_away(&mut self, uids: &[u32], folder: &str) -> Result<(), Hitch> {
        if uids.is_empty() {
            return Ok(());
        }
        let set = set_of(uids);
        if self.can_move {
            return self.command("UID MOVE", &[Word::Atom(&set), Word::Text(folder)], 0).map(drop);
        }
        self.command("UID COPY", &[Word::Atom(&set), Word::Text(folder)], 0)?;
        self.command("UID STORE", &[Word::Atom(&set), Word::Atom("+FLAGS.SILENT (\\Deleted)")], 0)?;
        self.command("UID EXPUNGE", &[Word::Atom(&set)], 0).map(drop)
    }

    /// Makes a folder that may be there.
    pub(super) fn make(&mut self, folder: &str) -> Result<(), Hitch> {
        match self.command("CREATE", &[Word::Text(folder)], 0) {
            Ok(_) | Err(Hitch::No(_)) => Ok(()), // if it is missing, moving says so
            Err(hitch) => Err(hitch),
        }
    }

    /// Lays a mail of ours into a folder.
    pub(super) fn lay(&mut self, folder: &str, mail: &str) -> Result<(), Hitch> {
        self.command("APPEND", &[Word::Text(folder), Word::Literal(mail)], 0).map(drop)
    }

    /// Says farewell. Whether it is heard does not matter.
    pub(super) fn end(mut self) {
        let _ = self.command("LOGOUT", &[], 0);
    }

    /// Says a command and hears all of its answer; mails in it may have so many bytes.
    fn command(&mut self, verb: &'static str, words: &[Word<'_>], bytes_max: usize) -> Result<Said, Hitch> {
        self.wire.begin();
        self.number += 1;
        (self.line_bytes, self.run_bytes) = (0, 0);
        let mut line = format!("a{} {verb}", self.number).into_bytes();
        let mut said = Said::default();
        for word in words {
            line.push(b' ');
            match word {
                Word::Atom(text) => line.extend_from_slice(text.as_bytes()),
                Word::Text(text) if is_plain(text) => line.extend_from_slice(quoted(text).as_bytes()),
                Word::Text(text) | Word::Literal(text) => {
                    line.extend_from_slice(format!("{{{}}}\r\n", text.len()).as_bytes());
                    self.wire.write_all(&line)?;
                    self.wire.flush()?;
                    line.clear();
                    self.await_leave(verb, &mut said)?;
                    line.extend_from_slice(text.as_bytes());
                }
            }
        }
        line.extend_from_slice(b"\r\n");
        self.wire.write_all(&line)?;
        self.wire.flush()?;
        line.fill(0); // a secret may have been in it
        loop {
            match self.answer(bytes_max, &mut said)? {
                Turn::Done(Status::Ok) => return Ok(said),
                Turn::Done(_) => return Err(Hitch::No(what_was_asked(verb))),
                Turn::Theirs => {}
                Turn::Ours => return Err(Hitch::Gibberish),
            }
        }
    }

    /// Waits until the server wants a run of bytes.
    fn await_leave(&mut self, verb: &'static str, said: &mut Said) -> Result<(), Hitch> {
        loop {
            match self.answer(0, said)? {
                Turn::Ours => return Ok(()),
                Turn::Theirs => {}
                Turn::Done(_) => return Err(Hitch::No(what_was_asked(verb))),
            }
        }
    }

    /// Hears one answer.
    fn answer(&mut self, bytes_max: usize, said: &mut Said) -> Result<Turn, Hitch> {
        let length = self.whole(bytes_max)?;
        let rest = self.buffer.split_off(length);
        let line = std::mem::replace(&mut self.buffer, rest);
        let (_, response) = Response::parse(&line).map_err(|_| Hitch::Gibberish)?;
        Ok(match response {
            Response::Continue(_) => Turn::Ours,
            Response::Done { tag, status, outcome } => {
                if tag.0 != format!("a{}", self.number) {
                    return Err(Hitch::Gibberish);
                }
                said.note_code(outcome.code.as_ref());
                Turn::Done(status)
            }
            Response::Data { status: Status::Bye, .. } if self.number > 0 => {
                return Err(Hitch::Line(io::ErrorKind::ConnectionAborted.into()));
            }
            Response::Data { status: Status::Bye | Status::Bad, .. } => return Err(Hitch::Gibberish),
            Response::Data { outcome, .. } => {
                said.note_code(outcome.code.as_ref());
                Turn::Theirs
            }
            Response::Capabilities(all) => {
                said.capabilities.extend(all.iter().map(|one| match one {
                    Capability::Imap4rev1 => "IMAP4rev1".to_owned(),
                    Capability::Auth(name) => format!("AUTH={name}"),
                    Capability::Atom(name) => name.to_string(),
                }));
                Turn::Theirs
            }
            Response::MailboxData(MailboxDatum::Search(numbers)) => {
                said.numbers.extend(numbers);
                Turn::Theirs
            }
            Response::MailboxData(MailboxDatum::Status { status, .. }) => {
                said.messages = status.iter().find_map(|one| match one {
                    StatusAttribute::Messages(number) => Some(*number),
                    _ => None,
                });
                Turn::Theirs
            }
            Response::Fetch(_, attributes) => {
                said.note_mail(attributes);
                Turn::Theirs
            }
            _ => Turn::Theirs,
        })
    }

    /// Reads until a whole answer is there and says how long it is: a line, with the runs of bytes that it announces.
    fn whole(&mut self, bytes_max: usize) -> Result<usize, Hitch> {
        let (mut at, mut depth) = (0, 0_usize);
        loop {
            let end = self.end_of_line(at)?;
            let line = &self.buffer[at..end];
            self.line_bytes = self.line_bytes.saturating_add(line.len());
            if self.line_bytes > LINES_BYTES_MAX || deepest(&mut depth, line) > NESTING_MAX {
                return Err(Hitch::Gibberish);
            }
            let Some(run) = announced(line) else { return Ok(end) };
            self.run_bytes = self.run_bytes.saturating_add(run);
            if self.run_bytes > bytes_max.max(READ_BYTES) {
                return Err(Hitch::Gibberish);
            }
            at = end + run;
            // At once, for it would grow by doubling.
            self.buffer.reserve_exact((at + READ_BYTES).saturating_sub(self.buffer.len()));
            while self.buffer.len() < at {
                self.more()?;
            }
        }
    }

    fn end_of_line(&mut self, at: usize) -> Result<usize, Hitch> {
        loop {
            if let Some(end) = self.buffer[at..].iter().position(|byte| *byte == b'\n') {
                return Ok(at + end + 1);
            }
            if self.line_bytes + self.buffer.len() - at > LINES_BYTES_MAX {
                return Err(Hitch::Gibberish);
            }
            self.more()?;
        }
    }

    fn more(&mut self) -> Result<(), Hitch> {
        let mut bytes = [0; READ_BYTES];
        match self.wire.read(&mut bytes) {
            Ok(0) => Err(Hitch::Line(io::ErrorKind::UnexpectedEof.into())),
            Ok(read) => {
                self.buffer.extend_from_slice(&bytes[..read]);
                Ok(())
            }
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(cause) => Err(cause.into()),
        }
    }
}

/// Whose turn it is.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// The server says more.
    Theirs,
    /// It waits for us.
    Ours,
    /// The command is over.
    Done(Status),
}

/// A part of a command.
enum Word<'a> {
    /// As it is; of our own making.
    Atom(&'a str),
    /// Any text.
    Text(&'a str),
    /// A text that is sent as a run of bytes.
    Literal(&'a str),
}

impl Said {
    fn note_code(&mut self, code: Option<&ResponseCode<'_>>) {
        if let Some(ResponseCode::UidValidity(validity)) = code {
            self.validity = Some(*validity);
        }
    }

    fn note_mail(&mut self, attributes: Vec<AttributeValue<'_>>) {
        let (mut uid, mut size, mut received, mut body) = (None, None, String::new(), None);
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(number) => uid = Some(number),
                AttributeValue::Rfc822Size(bytes) => size = Some(bytes),
                AttributeValue::InternalDate(date) => received = date.into_owned(),
                AttributeValue::BodySection { section: None, data, .. } => {
                    body = data.map(std::borrow::Cow::into_owned);
                }
                _ => {}
            }
        }
        if let (Some(uid), Some(size_bytes)) = (uid, size) {
            self.mails.push(Mail { uid, size_bytes, received });
        }
        if let Some(body) = body {
            self.body = Some((uid, body));
        }
    }
}

/// In the clear, a byte at a time, so that nothing that comes before the seal is taken for something behind it.
fn ask_for_tls(tcp: &mut Line<'_>) -> io::Result<()> {
    clear_line(tcp)?;
    tcp.write_all(b"a0 STARTTLS\r\n")?;
    loop {
        let line = clear_line(tcp)?;
        if line.starts_with(b"a0 ") {
            let is_ok = line.get(3..5).is_some_and(|word| word.eq_ignore_ascii_case(b"OK"));
            return if is_ok { Ok(()) } else { Err(io::ErrorKind::ConnectionRefused.into()) };
        }
    }
}

fn clear_line(tcp: &mut Line<'_>) -> io::Result<Vec<u8>> {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while line.len() < 8_192 {
        tcp.read_exact(&mut byte)?;
        line.push(byte[0]);
        if byte[0] == b'\n' {
            return Ok(line);
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// How many bytes follow the line, if it says so at its end: `{17}`.
fn announced(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let open = line.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(&line[open + 1..]).ok()?.trim_end_matches('+').parse().ok()
}

/// How deep the brackets of a line go; it begins at a depth, and ends at one.
fn deepest(depth: &mut usize, line: &[u8]) -> usize {
    line.iter().fold(*depth, |deepest, byte| {
        match byte {
            b'(' => *depth += 1,
            b')' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest.max(*depth)
    })
}

fn is_plain(text: &str) -> bool {
    text.len() < 1_000 && text.bytes().all(|byte| (b' '..0x7f).contains(&byte))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `1,2,5`: the grammar of servers has room for that.
fn set_of(uids: &[u32]) -> String {
    let texts: Vec<_> = uids.iter().map(u32::to_string).collect();
    texts.join(",")
}

fn what_was_asked(verb: &str) -> &'static str {
    match verb {
        "SELECT" => "den Ordner zu öffnen",
        "UID MOVE" | "UID COPY" | "UID STORE" | "UID EXPUNGE" => "eine Mail zu verschieben",
        "APPEND" => "einen Grund abzulegen",
        "STATUS" => "zu sagen, was in einem Ordner liegt",
        _ => "zu antworten",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_bytes_is_known_by_the_end_of_its_line_alone() {
        for (line, bytes) in [
            (&b"* 1 FETCH (BODY[] {17}\r\n"[..], Some(17)),
            (b"* 1 FETCH (BODY[] {0}\n", Some(0)),
            (b"* OK {17} more\r\n", None),
            (b"* OK {x}\r\n", None),
            (b"* OK }\r\n", None),
            (b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n", None),
        ] {
            assert_eq!(announced(line), bytes, "{}", String::from_utf8_lossy(line));
        }
        let mut depth = 0;
        assert_eq!((deepest(&mut depth, b"((()())"), depth), (3, 1));
        assert_eq!((deepest(&mut depth, b"(("), depth), (3, 3), "a line goes on behind a run of bytes");
    }

    #[test]
    fn a_text_cannot_become_a_command() {
        assert_eq!(quoted("a\" b\\"), "\"a\\\" b\\\\\"");
        assert!(is_plain("Vier Worte") && !is_plain("x\r\na2 LOGOUT") && !is_plain("Kännwort"));
        assert_eq!(set_of(&[1, 2, 5]), "1,2,5");
    }
}
