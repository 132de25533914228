//! Which mailbox is emptied and where its mails go, as a small TOML file (`schema/formats/mail-profile.md`). It is read and
//! never written. A secret cannot stand in it: it says where the secret is.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// Longest text of a field, in characters.
const CHARS_MAX: usize = 400;
/// How a variable begins that may hold a secret of a mailbox: the other secrets of this program are not given away.
pub const VARIABLE: &str = "SCHRIFTGUT_MAIL_";
/// Largest mail, in MiB, if nothing smaller is said: it lies in memory while it is taken in.
const MAIL_MIB_MAX: u32 = 128;

/// How the line to the server is sealed. There is no line that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte (port 993).
    Implicit,
    /// After a greeting in the clear (port 143).
    Starttls,
}

/// Where the secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretAt {
    /// The first line of a file that only its owner may read.
    File(PathBuf),
    /// A variable of the environment, by name.
    Environment(String),
}

/// A mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailProfile {
    /// Name of the server, as its certificate has it.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the line is sealed.
    pub tls: Tls,
    /// Certificates that are trusted; none for those of the machine.
    pub ca: Option<PathBuf>,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub secret: SecretAt,
    /// The folder that is emptied.
    pub folder: String,
    /// Where mails go that were taken in.
    pub done: String,
    /// Where mails go that cannot be.
    pub failed: String,
    /// How often it is looked.
    pub every: Duration,
    /// How long to wait for the next byte.
    pub patience: Duration,
    /// Largest mail that is taken in.
    pub mail_bytes_max: u32,
    /// The file the mails belong to; none for the in-tray.
    pub file: Option<String>,
    /// Its class, if it is new.
    pub class: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    server: String,
    port: Option<u16>,
    tls: Option<Tls>,
    ca: Option<PathBuf>,
    user: String,
    password_file: Option<PathBuf>,
    password_env: Option<String>,
    folder: Option<String>,
    done: String,
    failed: String,
    every_seconds: Option<u64>,
    patience_seconds: Option<u64>,
    mail_mib_max: Option<u32>,
    file: Option<String>,
    class: Option<String>,
}

/// Reads a profile.
///
/// # Errors
/// What is wrong with it, in words for users. The text itself is not repeated: somebody may have put a secret in it.
pub fn read(text: &str) -> Result<MailProfile, String> {
    let mut wire: Wire = toml::from_str(text).map_err(|cause| {
        let at = cause.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        format!(
            "Zeile {line}: nötig sind server, user, done, failed und password_file oder password_env; möglich sind port, tls, \
             ca, folder, every_seconds, patience_seconds, mail_mib_max, file und class, jedes einmal"
        )
    })?;
    let secret = match (wire.password_file.take(), wire.password_env.take()) {
        (Some(file), None) => SecretAt::File(file),
        (None, Some(name)) if name.len() > VARIABLE.len() && name.starts_with(VARIABLE) => {
            SecretAt::Environment(name)
        }
        (None, Some(_)) => return Err(format!("password_env beginnt mit {VARIABLE}")),
        _ => return Err("nötig ist password_file oder password_env, und nicht beides".to_owned()),
    };
    let folder = wire.folder.take().unwrap_or_else(|| "INBOX".to_owned());
    require_fit(&wire, &folder)?;
    if wire.class.is_some() && wire.file.is_none() {
        return Err("class gilt nur zusammen mit file".to_owned());
    }
    let within = |name: &str, given: Option<u64>, usual: u64, least: u64, most: u64| {
        let number = given.unwrap_or(usual);
        let fits = (least..=most).contains(&number);
        fits.then_some(number).ok_or_else(|| format!("`{name}` liegt zwischen {least} und {most}"))
    };
    let every = Duration::from_secs(within("every_seconds", wire.every_seconds, 60, 5, 86_400)?);
    let patience = Duration::from_secs(within("patience_seconds", wire.patience_seconds, 30, 1, 300)?);
    let mib = wire.mail_mib_max.unwrap_or(MAIL_MIB_MAX);
    if !(1..=MAIL_MIB_MAX).contains(&mib) {
        return Err(format!("`mail_mib_max` liegt zwischen 1 und {MAIL_MIB_MAX}"));
    }
    let tls = wire.tls.unwrap_or(Tls::Implicit);
    let usual = if tls == Tls::Implicit { 993 } else { 143 };
    Ok(MailProfile {
        server: wire.server,
        port: wire.port.unwrap_or(usual),
        tls,
        ca: wire.ca,
        user: wire.user,
        secret,
        folder,
        done: wire.done,
        failed: wire.failed,
        every,
        patience,
        mail_bytes_max: mib << 20,
        file: wire.file,
        class: wire.class,
    })
}

/// Names that a server can be told, and folders that are not the same.
fn require_fit(wire: &Wire, folder: &str) -> Result<(), String> {
    let texts = [
        ("server", wire.server.as_str()),
        ("user", &wire.user),
        ("folder", folder),
        ("done", &wire.done),
        ("failed", &wire.failed),
    ];
    for (name, text) in texts {
        let fits = (1..=CHARS_MAX).contains(&text.trim().chars().count());
        if !fits || text.chars().any(char::is_control) {
            return Err(format!(
                "`{name}` ist leer, länger als {CHARS_MAX} Zeichen oder enthält Steuerzeichen"
            ));
        }
    }
    if [wire.server.as_str(), folder, &wire.done, &wire.failed].iter().any(|text| !text.is_ascii()) {
        return Err("server, folder, done und failed dürfen nur Zeichen aus ASCII enthalten".to_owned());
    }
    let are_same = |a: &str, b: &str| a.eq_ignore_ascii_case(b); // INBOX is inbox
    if are_same(folder, &wire.done) || are_same(folder, &wire.failed) || are_same(&wire.done, &wire.failed) {
        return Err("folder, done und failed müssen drei Ordner sein".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "server = \"mail.example\"\nuser = \"bauamt\"\npassword_file = \"geheim\"\ndone = \"Erfasst\"\n\
                         failed = \"Nicht erfasst\"\n";

    #[test]
    fn a_profile_says_what_is_needed_and_anything_else_is_named_without_repeating_it() {
        let profile = read(WHOLE).unwrap();
        assert_eq!((profile.port, profile.tls, profile.folder.as_str()), (993, Tls::Implicit, "INBOX"));
        assert_eq!(read(&format!("{WHOLE}tls = \"starttls\"")).unwrap().port, 143);
        let why = |text: &str| read(text).unwrap_err();
        assert!(why(&format!("{WHOLE}tls = \"none\"")).starts_with("Zeile 6"));
        let secret = why(&format!("{WHOLE}password = \"s3cret\""));
        assert!(secret.starts_with("Zeile 6") && !secret.contains("s3cret"), "{secret}");
        assert!(why(&format!("{WHOLE}password_env = \"SCHRIFTGUT_MAIL_A\"")).contains("nicht beides"));
        let variable = |name: &str| {
            read(&WHOLE.replace("password_file = \"geheim\"", &format!("password_env = \"{name}\"")))
        };
        let there = SecretAt::Environment("SCHRIFTGUT_MAIL_A".to_owned());
        assert_eq!(variable("SCHRIFTGUT_MAIL_A").map(|profile| profile.secret), Ok(there));
        for other in ["SCHRIFTGUT_SECRET", "PATH", "", "SCHRIFTGUT_MAIL_"] {
            assert!(variable(other).unwrap_err().contains(VARIABLE), "{other}");
        }
        assert!(why(&format!("{WHOLE}class = \"63\"")).contains("class"));
        for (from, to) in
            [("Erfasst\"\n", "Inbox\"\n"), ("Nicht erfasst", "erfasst"), ("Nicht erfasst", "INBOX")]
        {
            assert!(why(&WHOLE.replacen(from, to, 1)).contains("drei Ordner"), "{to}");
        }
        assert!(why(&WHOLE.replace("bauamt", "bau\\nA1 LOGOUT")).contains("`user`"));
        for (field, wrong) in
            [("every_seconds", 1), ("patience_seconds", 0), ("mail_mib_max", 129), ("mail_mib_max", 0)]
        {
            assert!(why(&format!("{WHOLE}{field} = {wrong}")).contains(field), "{field}");
        }
    }
}
