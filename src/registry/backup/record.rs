//! That a backup run was completed (Sicherung vermerken): paper that was scanned may go only after one, so it must be in the
//! ledger. A run is recorded if a transfer note was written since the last one that was; a registry that scans no paper away
//! records none. A run that cannot be recorded is none the worse: it is whole, and the next one says so.

use crate::catalog::Kind;
use crate::domain::actor::Administrator;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::ids::KeyId;
use crate::domain::restoration::{BackupPart, LedgerMark};
use crate::registry::Registry;
use crate::registry::entries::TRANSFER_NOTED;
use crate::registry::error::Answer;

impl Registry {
    /// Records a complete run, if transfer notes wait for it. Answers why that failed.
    pub(super) fn record_run(
        &self,
        by: Administrator<'_>,
        part: BackupPart,
        backup: LedgerMark,
        objects: u64,
    ) -> Option<String> {
        let recorded = || -> Answer<()> {
            let since = self.backed_up_to(part)?;
            let mut is_awaited = false;
            self.each_entry_from(since, &mut |entry| {
                let is_within = entry.header.number.0 < backup.size;
                is_awaited |= is_within && entry.header.kind.0 == TRANSFER_NOTED;
                Ok(())
            })?;
            if !is_awaited {
                return Ok(());
            }
            let writing = self.writing()?;
            let event = OfficeEvent::BackedUp { on: self.today(), part, backup, objects };
            self.record(&writing, by.actor().id, &[Event::Office(event)]).map(|_| ())
        };
        recorded().err().map(|error| error.words().why)
    }

    /// How far the ledger went when the last recorded run of this part was made; 0 if there was none.
    pub(in crate::registry) fn backed_up_to(&self, part: BackupPart) -> Answer<u64> {
        let office = self.lived(Kind::Office, KeyId::OFFICE.0)?.unwrap_or_default();
        let runs = office.office_events().filter_map(|event| match event {
            OfficeEvent::BackedUp { part: of, backup, .. } if *of == part => Some(backup.size),
            _ => None,
        });
        Ok(runs.max().unwrap_or_default())
    }
}
