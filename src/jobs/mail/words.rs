//! What is said about a mailbox, in German. What the server itself says is never repeated: it could repeat a secret.

use std::io;
use std::path::PathBuf;

use jiff::civil::DateTime;

use crate::format::mail_profile::MailProfile;
use crate::registry::Words;
use crate::registry::error::causes;

use super::talk::Mail;
use super::wire::ToldToStop;
use crate::jobs::watch::reason;

/// Why a mailbox cannot be emptied at the moment.
#[derive(Debug)]
pub(super) enum Hitch {
    /// The program ends.
    ToldToStop,
    /// The line fails, or never came about.
    Line(io::Error),
    /// It does not speak TLS, or none that can be trusted.
    NoTls,
    /// The name of the server is none.
    Name,
    /// The server does not prove that it is the one.
    Certificate,
    /// There are no certificates to trust.
    NoTrust(Option<PathBuf>),
    /// The secret cannot be had.
    Secret(String),
    /// Name or secret are wrong, as the server says.
    SignIn,
    /// It says something that cannot be read, or too much.
    Gibberish,
    /// It lacks what is needed to move a mail.
    NoMove,
    /// It says no to this.
    No(&'static str),
}

impl From<io::Error> for Hitch {
    fn from(cause: io::Error) -> Self {
        if cause.get_ref().is_some_and(|inner| inner.is::<ToldToStop>()) {
            return Self::ToldToStop;
        }
        Self::Line(cause)
    }
}

impl Hitch {
    /// In three parts.
    pub(super) fn words(&self, profile: &MailProfile) -> Words {
        let (why, way_out): (String, &str) = match self {
            Self::ToldToStop => ("das Programm endet".to_owned(), "starten Sie es wieder"),
            Self::NoTls => (
                "der Server spricht kein TLS, dem zu trauen ist".to_owned(),
                "prüfen Sie port und tls; ohne TLS wird kein Postfach geleert",
            ),
            Self::Line(cause) => (
                format!("der Server antwortet nicht: {}", causes::system(cause)),
                "prüfen Sie Server, Anschluss (port), tls und Netz; es wird weiter versucht",
            ),
            Self::Name => ("server ist kein Name eines Rechners".to_owned(), "berichtigen Sie server"),
            Self::Certificate => (
                "der Server weist sich nicht als der aus, der er sein soll".to_owned(),
                "prüfen Sie server und tls, und nennen Sie mit ca das Zertifikat der Stelle, die seines ausgestellt hat",
            ),
            Self::NoTrust(path) => (
                match path {
                    Some(path) => format!("in {} steht kein Zertifikat, dem vertraut wird", path.display()),
                    None => "auf diesem Rechner stehen keine Zertifikate, denen vertraut wird".to_owned(),
                },
                "nennen Sie mit ca eine Datei mit Zertifikaten, oder richten Sie ca-certificates ein",
            ),
            Self::Secret(why) => {
                (why.clone(), "berichtigen Sie password_file oder password_env, und was dort steht")
            }
            Self::SignIn => (
                "der Server nimmt Name oder Kennwort nicht an".to_owned(),
                "prüfen Sie user und das Kennwort; ein Server versucht es erst nach zehn Minuten wieder, damit das Konto nicht \
                 gesperrt wird",
            ),
            Self::Gibberish => (
                "der Server sagt etwas, das nicht IMAP ist, oder viel zu viel".to_owned(),
                "prüfen Sie server und port",
            ),
            Self::NoMove => (
                "der Server kann Mails nicht verschieben (weder MOVE noch UIDPLUS)".to_owned(),
                "schalten Sie es am Server ein, oder nehmen Sie ein anderes Postfach",
            ),
            Self::No(what) => {
                (format!("der Server lehnt ab, {what}"), "prüfen Sie die Namen und Rechte der Ordner")
            }
        };
        Words { what: nothing_comes(profile), why, way_out: way_out.to_owned() }
    }
}

pub(super) fn nothing_comes(profile: &MailProfile) -> String {
    let MailProfile { server, user, folder, .. } = profile;
    format!("Aus dem Postfach {user} auf {server} ({folder}) wird gerade nichts erfasst")
}

pub(super) fn held_by_another(profile: &MailProfile) -> Words {
    Words {
        what: nothing_comes(profile),
        why: "ein anderes Programm leert dasselbe Postfach".to_owned(),
        way_out: "beenden Sie eines von beiden".to_owned(),
    }
}

pub(super) fn too_large(name: &str, bytes_max: u32) -> Words {
    Words {
        what: format!("{name} wurde nicht erfasst"),
        why: format!("sie ist größer als {} MiB", bytes_max >> 20),
        way_out: "speichern Sie die Nachricht als Datei und erfassen Sie diese".to_owned(),
    }
}

pub(super) fn unread(name: &str) -> Words {
    Words {
        what: format!("{name} wurde nicht erfasst"),
        why: "der Server gibt sie nicht oder nur leer heraus".to_owned(),
        way_out: "öffnen Sie die Nachricht mit einem Mailprogramm und speichern Sie sie als Datei".to_owned(),
    }
}

/// `Mail 2026-07-17 02.44 (42).eml`: when it came to the server, and its number there.
pub(super) fn name_of(mail: &Mail) -> String {
    let clear = mail.received.trim();
    let moment = clear.rsplit_once(' ').map_or(clear, |(moment, _zone)| moment);
    match DateTime::strptime("%d-%b-%Y %H:%M:%S", moment) {
        Ok(at) => format!("Mail {} ({}).eml", at.strftime("%Y-%m-%d %H.%M"), mail.uid),
        Err(_) => format!("Mail ({}).eml", mail.uid),
    }
}

/// The reason, as a message that lies beside the mail.
pub(super) fn notice(name: &str, words: &Words) -> String {
    let text = reason(words).replace('\n', "\r\n");
    format!(
        "From: schriftgut <schriftgut@localhost>\r\nSubject: Nicht erfasst: {name}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_named_by_when_it_came_whatever_its_server_writes() {
        let name = |received: &str| name_of(&Mail { uid: 42, size_bytes: 1, received: received.to_owned() });
        assert_eq!(name(" 7-Jul-2026 02:44:25 +0200"), "Mail 2026-07-07 02.44 (42).eml");
        assert_eq!(name("17-Jul-2026 02:44:25 -0500"), "Mail 2026-07-17 02.44 (42).eml");
        ["", "gestern", "../../x +0200"].iter().for_each(|odd| assert_eq!(name(odd), "Mail (42).eml"));
    }
}
