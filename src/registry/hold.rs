//! Holds (Vernichtungssperren): while one stands, nothing of the file is destroyed. A hold that is ordered
//! before destruction begins always wins.

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::error::Answer;
use crate::domain::actor::{Reader, RecordsManager};
use crate::domain::case_file::{CaseFile, Hold};
use crate::domain::event::Event;
use crate::domain::ids::HoldId;
use crate::domain::life_cycle::{Command, decide};

impl Registry {
    /// Places a hold.
    ///
    /// # Errors
    /// A refusal once destruction has begun.
    pub fn place_hold(
        &self,
        manager: RecordsManager<'_>,
        reference: &str,
        reason: String,
        since: Date,
    ) -> Answer<HoldId> {
        let writing = self.writing()?;
        let file = self.file_named(manager.actor(), reference)?;
        let id = HoldId(Uuid::new_v4());
        let event = decide(&file, Command::PlaceHold(Hold { id, reason, since }))?;
        self.record(&writing, manager.actor().id, &[Event::File(file.id, event)])?;
        Ok(id)
    }

    /// Releases a hold.
    ///
    /// # Errors
    /// A refusal if the file has no such hold.
    pub fn release_hold(
        &self,
        manager: RecordsManager<'_>,
        reference: &str,
        id: HoldId,
        on: Date,
    ) -> Answer<()> {
        let writing = self.writing()?;
        let file = self.file_named(manager.actor(), reference)?;
        let event = decide(&file, Command::ReleaseHold { id, on })?;
        self.record(&writing, manager.actor().id, &[Event::File(file.id, event)])?;
        Ok(())
    }

    /// Every file on which a hold stands, among those this person may read.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn holds(&self, reader: Reader<'_>) -> Answer<Vec<CaseFile>> {
        let mut held = Vec::new();
        self.each_file(&mut |file| {
            if !file.holds.is_empty() && reader.actor().may_read(file.domain) {
                held.push(file);
            }
            Ok(())
        })?;
        Ok(held)
    }
}
