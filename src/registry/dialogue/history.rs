//! What happened to a record, as an archive is told of it: out of the record's own entries, with who did it.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::Registry;
use super::super::error::Answer;
use crate::catalog::Kind;
use crate::domain::disposal::dialogue::told::Happened;
use crate::domain::ids::PersonId;
use crate::format::wording;

impl Registry {
    /// What happened to a record, oldest first; what only concerned the office's own work is left out.
    pub(in crate::registry) fn happened(&self, kind: Kind, id: Uuid) -> Answer<Vec<Happened>> {
        let mut names: HashMap<PersonId, String> = HashMap::new();
        let mut happened = Vec::new();
        for number in self.chain_numbers(kind, id)? {
            let entry = self.ledger.entry(number)?;
            let Some(what) = self.open_body(&entry)?.as_ref().and_then(wording::happened) else { continue };
            let who = entry.header.actor;
            let who = names.entry(who).or_insert_with(|| {
                // The program itself acts too, and has no account.
                self.person_by_id(who).map_or_else(|_| self.name().to_owned(), |person| person.name)
            });
            happened.push(Happened { at: entry.header.at, who: who.clone(), what });
        }
        Ok(happened)
    }
}
