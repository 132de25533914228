//! Street register (Straßenverzeichnis): kept in the ledger as it was set, like the file plan. Searching reads it; it
//! decides nothing.

use super::Registry;
use super::error::{Answer, Error};
use crate::catalog::Kind;
use crate::domain::actor::StreetKeeper;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::ids::KeyId;
use crate::domain::streets::Streets;
use crate::format::{streets, wording};

/// What messages call the register.
const NAME: &str = "Straßenverzeichnis";

/// How much a street register says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreetsCount {
    /// Streets that are only named.
    pub named: usize,
    /// Renamings.
    pub renamings: usize,
}

impl Registry {
    /// Puts another street register (text) in place of the one in force; answers how much it says.
    ///
    /// # Errors
    /// A mistake that names each line and what is wrong with it.
    pub fn set_streets(&self, keeper: StreetKeeper<'_>, source: String) -> Answer<StreetsCount> {
        let streets = read_streets(&source)?;
        let count = StreetsCount { named: streets.named().len(), renamings: streets.renamings().len() };
        let writing = self.writing()?;
        let event = Event::Office(OfficeEvent::StreetsSet { source });
        self.record(&writing, keeper.actor().id, &[event])?;
        self.reload_rules()?;
        Ok(count)
    }

    /// The register in force as it was written, with its remarks; none until one is set.
    ///
    /// # Errors
    /// A fault only.
    pub fn streets_source(&self, _keeper: StreetKeeper<'_>) -> Answer<Option<String>> {
        let office = self.lived(Kind::Office, KeyId::OFFICE.0)?.unwrap_or_default();
        let source = |event: &OfficeEvent| match event {
            OfficeEvent::StreetsSet { source } => Some(source.clone()),
            _ => None,
        };
        Ok(office.office_events().filter_map(source).last())
    }
}

/// What is wrong with the text of a street register, line by line, German; nothing if it can be set.
#[must_use]
pub fn flaws_of_streets(source: &str) -> Vec<String> {
    let mistakes = streets::read(NAME, source).err().unwrap_or_default();
    wording::first_of(&mistakes, "eine weitere Zeile", "weitere Zeilen")
}

/// Reads a street register.
pub(super) fn read_streets(source: &str) -> Answer<Streets> {
    streets::read(NAME, source).map_err(|_| {
        Error::mistake(
            "Das Straßenverzeichnis ist nicht lesbar",
            flaws_of_streets(source).join("; "),
            "berichtigen Sie diese Zeilen; je Zeile steht ein Straßenname oder „alter Name = neuer Name; Jahr“",
        )
    })
}
