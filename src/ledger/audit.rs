//! What an audit of a ledger found. Plain values; the reading is done by each ledger.

use std::collections::HashMap;

use uuid::Uuid;

use super::checkpoint::Head;
use super::entry::{EntryNo, Header};

/// The most flaws an audit lists; if there are more, it says so ([`Audit::more_flaws`]).
pub const FLAWS_MAX: usize = 1_000;

/// The flaw of a head slot that cannot be read. A copy whose size is signed elsewhere can do without it.
pub const SLOT_UNREADABLE: &str = "a head slot is unreadable";

/// Something that is not as it was acknowledged: an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The entry concerned, if it can be named.
    pub entry: Option<EntryNo>,
    /// What was found.
    pub what: &'static str,
}

/// The result of reading everything again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The head the audit was made against.
    pub head: Head,
    /// Bytes of entries read.
    pub bytes: u64,
    /// What is damaged, at most [`FLAWS_MAX`]; empty means that every byte is as acknowledged.
    pub flaws: Vec<Flaw>,
    /// There are more flaws than are listed.
    pub more_flaws: bool,
    /// A derived file (hashes, offsets) had gone wrong and was made anew; no harm to the truth.
    pub derived_renewed: bool,
    /// Entries that name another previous entry of their subject than the last one there is (at most
    /// [`FLAWS_MAX`]). Not damage, the writer meant it so; but a chain that cannot be replayed.
    pub broken_chains: Vec<EntryNo>,
}

impl Audit {
    /// An audit that has found nothing yet.
    pub(super) fn of(head: Head) -> Self {
        let (flaws, broken_chains) = (Vec::new(), Vec::new());
        Self { head, bytes: 0, flaws, more_flaws: false, derived_renewed: false, broken_chains }
    }

    /// Everything is as it was acknowledged.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.flaws.is_empty()
    }

    pub(super) fn flaw(&mut self, entry: Option<u64>, what: &'static str) {
        if self.flaws.len() < FLAWS_MAX {
            self.flaws.push(Flaw { entry: entry.map(EntryNo), what });
        } else {
            self.more_flaws = true;
        }
    }
}

/// Follows the chains of all subjects through the entries, in order.
#[derive(Default)]
pub(super) struct Chains {
    last: HashMap<Uuid, EntryNo>,
}

impl Chains {
    pub(super) fn follow(&mut self, header: &Header, audit: &mut Audit) {
        if header.subject.is_nil() {
            return;
        }
        let last = self.last.insert(header.subject, header.number);
        if last != header.previous && audit.broken_chains.len() < FLAWS_MAX {
            audit.broken_chains.push(header.number);
        }
    }
}
