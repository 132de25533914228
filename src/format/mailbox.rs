//! What is known of a mailbox between two visits: when it was visited, what is in the way, and what was set aside. It is
//! kept sealed in the registry's folder, and is no format anybody may rely on; one that cannot be read is as if there were none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;
use crate::domain::ids::PersonId;

const WHAT: &str = "mailbox";
const VERSION: u32 = 1;
/// Mails set aside that are named, the newest; the others are counted.
const ASIDE_NAMED_MAX: usize = 100;

/// What is known of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxState {
    /// Who it is emptied as. Nobody else is told.
    pub person: PersonId,
    /// Its server.
    pub server: String,
    /// Who signs in there.
    pub user: String,
    /// The folder that is emptied.
    pub folder: String,
    /// The folder for what cannot be taken in.
    pub failed: String,
    /// When it was visited last.
    pub visited: Timestamp,
    /// What was in the way then: what, why, and the way out, for users.
    pub trouble: Option<[String; 3]>,
    /// Mails that were set aside, and why; the newest last.
    pub aside: Vec<(String, [String; 3])>,
    /// How many, those named included.
    pub aside_count: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: u32,
    person: Uuid,
    server: String,
    user: String,
    folder: String,
    failed: String,
    visited: Timestamp,
    trouble: Option<[String; 3]>,
    aside: Vec<(String, [String; 3])>,
    aside_count: u64,
}

impl MailboxState {
    /// Notes that a mail is set aside. One of this name that was begun and not finished is the same.
    pub fn set_aside(&mut self, name: &str, words: [String; 3]) {
        let before = self.aside.len();
        self.aside.retain(|(other, _)| other != name);
        self.aside_count += u64::from(self.aside.len() == before);
        self.aside.push((name.to_owned(), words));
        let surplus = self.aside.len().saturating_sub(ASIDE_NAMED_MAX);
        self.aside.drain(..surplus);
    }

    /// As it is kept, before it is sealed.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let wire = Wire {
            format: VERSION,
            person: self.person.0,
            server: self.server.clone(),
            user: self.user.clone(),
            folder: self.folder.clone(),
            failed: self.failed.clone(),
            visited: self.visited,
            trouble: self.trouble.clone(),
            aside: self.aside.clone(),
            aside_count: self.aside_count,
        };
        serde_json::to_vec(&wire).expect("texts and numbers become JSON")
    }

    /// Reads it.
    ///
    /// # Errors
    /// If it is none of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|cause| FormatError::json(WHAT, cause))?;
        if wire.format != VERSION {
            return Err(FormatError::Newer { what: WHAT, version: wire.format });
        }
        let Wire { person, server, user, folder, failed, visited, trouble, aside, aside_count, .. } = wire;
        Ok(Self {
            person: PersonId(person),
            server,
            user,
            folder,
            failed,
            visited,
            trouble,
            aside,
            aside_count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(why: &str) -> [String; 3] {
        ["Nicht erfasst".to_owned(), why.to_owned(), "Hilfe".to_owned()]
    }

    fn state() -> MailboxState {
        MailboxState {
            person: PersonId(Uuid::from_u128(7)),
            server: "mail.example".into(),
            user: "bauamt".into(),
            folder: "INBOX".into(),
            failed: "Abgelehnt".into(),
            visited: "2026-11-22T10:00:00Z".parse().unwrap(),
            trouble: Some(words("Netz")),
            aside: Vec::new(),
            aside_count: 0,
        }
    }

    #[test]
    fn a_state_is_read_as_it_was_written_and_one_that_is_cut_or_of_another_version_is_none() {
        let mut state = state();
        state.set_aside("Mail (1).eml", words("zu groß"));
        let whole = state.write();
        assert_eq!(MailboxState::read(&whole).unwrap(), state);
        (0..whole.len()).for_each(|cut| assert!(MailboxState::read(&whole[..cut]).is_err(), "{cut}"));
        let newer = String::from_utf8(whole).unwrap().replace("\"format\":1", "\"format\":2");
        assert!(matches!(MailboxState::read(newer.as_bytes()), Err(FormatError::Newer { version: 2, .. })));
    }

    #[test]
    fn a_mail_set_aside_twice_is_one_and_those_not_named_are_counted() {
        let mut state = state();
        for number in 0..150 {
            state.set_aside(&format!("Mail ({number}).eml"), words("a"));
        }
        state.set_aside("Mail (149).eml", words("b"));
        assert_eq!((state.aside_count, state.aside.len()), (150, ASIDE_NAMED_MAX));
        assert_eq!(state.aside.last(), Some(&("Mail (149).eml".to_owned(), words("b"))));
    }
}
