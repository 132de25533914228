//! That somebody looked stands in the ledger, with what was covered and found; and out of it comes the answer
//! when all objects were last looked at.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Scope, Verified};
use crate::catalog::Kind;
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::fixity::{Coverage, Look};
use crate::domain::ids::{KeyId, PersonId};
use crate::format::wording;
use crate::registry::Registry;
use crate::registry::error::Answer;

/// The kind of a recorded verification (`schema/formats/event.md`).
const VERIFIED: u16 = 104;

impl Registry {
    /// Records that somebody looked; false if it could not be, or should not: what is damaged is not written to.
    pub(super) fn record_look(
        &self,
        by: PersonId,
        scope: &Scope,
        found: &Verified,
        complete: bool,
        since: Date,
    ) -> bool {
        if !may_be_recorded(found) {
            return false;
        }
        let record = || -> Answer<()> {
            let writing = self.writing()?;
            let look = Look {
                part: scope.part(),
                complete,
                read_data: scope.read_data,
                since,
                changed: found.changed.len() as u64,
                missing: found.missing.len() as u64,
                untracked: found.untracked.len() as u64,
                vault_root: self.vault.manifest_root()?,
                archive_root: self.archive.manifest_root()?,
            };
            let (objects, entries) = (found.objects, found.entries);
            let event = OfficeEvent::Verified { objects, entries, look: Some(look) };
            self.record(&writing, by, &[Event::Office(event)]).map(|_| ())
        };
        record().is_ok()
    }

    /// When all objects were last looked at, out of the ledger.
    ///
    /// # Errors
    /// A fault if the office's own entries cannot be read.
    pub fn coverage(&self) -> Answer<Coverage> {
        let mut looks = Vec::new();
        for number in self.chain_numbers(Kind::Office, KeyId::OFFICE.0)? {
            let entry = self.ledger.entry(number)?;
            if entry.header.kind.0 != VERIFIED {
                continue;
            }
            if let Some(Event::Office(OfficeEvent::Verified { look, .. })) = self.open_body(&entry)? {
                looks.push((entry.header.at.to_zoned(TimeZone::system()).date(), look));
            }
        }
        Ok(Coverage::of(looks.iter().map(|(on, look)| (*on, look.as_ref()))))
    }
}

/// Ledger and keyring are as they should be: what is damaged, forked or rolled back is not written to.
fn may_be_recorded(found: &Verified) -> bool {
    let of_truth = |line: &String| line.starts_with("Nachweisbuch") || line.starts_with("Schlüssel");
    !found.changed.iter().chain(&found.missing).any(of_truth)
}

/// When all was last looked at, in words for users.
#[must_use]
pub fn coverage_words(coverage: &Coverage) -> String {
    let mut words = match coverage.whole {
        Some(on) => format!("zuletzt vollständig geprüft am {}", wording::day(on)),
        None => "noch nie vollständig geprüft".to_owned(),
    };
    if coverage.parts_done > 0 {
        let since = if coverage.whole.is_some() { "seitdem" } else { "bisher" };
        words.push_str(&format!(", {since} {} von {} Teilen", coverage.parts_done, coverage.parts));
    }
    if let Some((on, [changed, missing, untracked])) = coverage.damage {
        words.push_str(&format!(
            "; letzter Befund am {}: {changed} verändert, {missing} fehlen, {untracked} unbekannt",
            wording::day(on)
        ));
    }
    words
}
