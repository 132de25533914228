//! What is known of the mailboxes that are emptied (Postfächer): how the last visit ended, and what was set aside. It lies
//! sealed in `mailboxes`, a folder for each, beside the note of its job; it is no truth, and can be lost without harm.
//! The person a mailbox is emptied as is told of it, and nobody else. May not ask a mailbox anything: `jobs/mail` does.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::Registry;
use super::error::Answer;
use crate::base::seal::SealKey;
use crate::domain::ids::{KeyId, PersonId};
use crate::format::mailbox::MailboxState;

/// What it is called in the folder of a mailbox.
const STATE: &str = "stand";
/// How long after the last visit it is told of a mailbox: then nobody empties it any more.
const TOLD: SignedDuration = SignedDuration::from_hours(30 * 24);

fn context(name: &str) -> Vec<u8> {
    format!("schriftgut mailbox 1 {name}").into_bytes()
}

impl Registry {
    /// Makes the folder of a mailbox, if it is not there, and says where it is.
    ///
    /// # Errors
    /// A fault if it cannot be made.
    pub fn prepare_mailbox(&self, name: &str) -> Answer<PathBuf> {
        let home = self.layout.mailboxes().join(name);
        self.disk.make_folder(&self.layout.mailboxes())?;
        self.disk.make_folder(&home)?;
        Ok(home)
    }

    /// What is known of a mailbox.
    ///
    /// # Errors
    /// A fault if the disk or the keyring fails.
    pub fn mailbox(&self, name: &str) -> Answer<Option<MailboxState>> {
        let Some(sealed) = self.disk.read(&self.state_of(name))? else { return Ok(None) };
        let plain = self.mailbox_key()?.open(&context(name), &sealed);
        Ok(plain.ok().and_then(|plain| MailboxState::read(&plain).ok()))
    }

    /// Keeps what is known of a mailbox by now.
    ///
    /// # Errors
    /// A fault if the disk or the keyring fails.
    pub fn note_mailbox(&self, name: &str, state: &mut MailboxState) -> Answer<()> {
        state.visited = self.disk.now();
        let sealed = self.mailbox_key()?.seal(&context(name), &state.write());
        Ok(self.disk.put(&self.state_of(name), &sealed)?)
    }

    /// What is known of the mailboxes that are emptied as this person, by server, user and folder.
    pub(super) fn mailboxes_of(&self, person: PersonId) -> Answer<Vec<MailboxState>> {
        let (folder, since) = (self.layout.mailboxes(), self.disk.now() - TOLD);
        let mut states = Vec::new();
        if self.disk.is_folder(&folder)? {
            for name in self.disk.names(&folder)? {
                let state = self.mailbox(&name)?;
                states.extend(state.filter(|state| state.person == person && state.visited >= since));
            }
        }
        states.sort_by(|a, b| (&a.server, &a.user, &a.folder).cmp(&(&b.server, &b.user, &b.folder)));
        Ok(states)
    }

    fn state_of(&self, name: &str) -> PathBuf {
        self.layout.mailboxes().join(name).join(STATE)
    }

    fn mailbox_key(&self) -> Answer<SealKey> {
        Ok(self.record_key(KeyId::OFFICE)?.derive("schriftgut 2026-11-28 state of a mailbox"))
    }
}
