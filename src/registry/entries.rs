//! Walks through the ledger: every entry in order, some thousand at a time. What rests on the truth alone, and not on
//! a view, goes this way. May not decide anything.

use super::Registry;
use super::error::Answer;
use crate::domain::event::Event;
use crate::ledger::{Entry, EntryNo};

/// Entry kinds (`schema/formats/event.md`): a person's public key, a new file, the changes of its phase and of what is said of it, the point of no return, its completion,
/// who may read it, a transfer note, and the end of a list.
pub(super) const SIGNING_KEY_PUBLISHED: u16 = 203;
pub(super) const OPENED: u16 = 300;
pub(super) const CLOSED: u16 = 302;
pub(super) const REOPENED: u16 = 303;
pub(super) const TRANSFERRED: u16 = 308;
pub(super) const DESCRIBED: u16 = 312;
pub(super) const NOTED: u16 = 313;
pub(super) const CONDEMNED: u16 = 309;
pub(super) const DESTROYED: u16 = 310;
pub(super) const RESTRICTED: u16 = 326;
pub(super) const RESTRICTION_LIFTED: u16 = 327;
pub(super) const TRANSFER_NOTED: u16 = 417;
pub(super) const EXECUTED: u16 = 508;

/// Entries read from the ledger at a time.
pub(super) const ENTRIES_AT_A_TIME: usize = 2_000;

impl Registry {
    /// Shows every entry from this one on, and also those that come meanwhile.
    pub(super) fn each_entry_from(
        &self,
        mut from: u64,
        each: &mut dyn FnMut(&Entry) -> Answer<()>,
    ) -> Answer<()> {
        while from < self.ledger.head().size {
            let entries = self.ledger.entries(EntryNo(from), ENTRIES_AT_A_TIME)?;
            from += entries.len() as u64;
            entries.iter().try_for_each(&mut *each)?;
        }
        Ok(())
    }

    /// Shows every event of some kinds that can be read, in order.
    pub(super) fn each_of_kinds(&self, kinds: &[u16], each: &mut dyn FnMut(Event)) -> Answer<()> {
        self.each_entry_from(0, &mut |entry| {
            if kinds.contains(&entry.header.kind.0) {
                self.open_body(entry)?.into_iter().for_each(&mut *each);
            }
            Ok(())
        })
    }
}
