//! Street register (Straßenverzeichnis): kept in the ledger as it was set, like the file plan. Searching reads it; it
//! decides nothing.

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::StreetKeeper;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::streets::Streets;
use crate::format::streets;

impl Registry {
    /// Puts another street register (text) in place of the one in force; answers how many renamings it has.
    ///
    /// # Errors
    /// A mistake that names line and reason.
    pub fn set_streets(&self, keeper: StreetKeeper<'_>, source: String) -> Answer<usize> {
        let writing = self.writing()?;
        let renamings = read_streets(&source)?.renamings().len();
        let event = Event::Office(OfficeEvent::StreetsSet { source });
        self.record(&writing, keeper.actor().id, &[event])?;
        self.reload_rules()?;
        Ok(renamings)
    }
}

/// Reads a street register.
pub(super) fn read_streets(source: &str) -> Answer<Streets> {
    streets::read("Straßenverzeichnis", source).map_err(|mistake| {
        Error::mistake(
            "Das Straßenverzeichnis ist nicht lesbar",
            mistake.to_string(),
            "berichtigen Sie die Datei; eine Zeile lautet „alter Name = neuer Name; Jahr“",
        )
    })
}
