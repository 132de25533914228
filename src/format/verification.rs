//! Where a verification in parts has come to, and what it has found so far: a small file among the views, so that
//! a run that was stopped goes on. No truth: it may be lost, and whatever does not fit is begun anew.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;

/// The version that is written, and the only one that is read.
const VERSION: u8 = 1;

/// How far a verification has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The day it was begun.
    pub since: Date,
    /// Entries the ledger had then.
    pub entries: u64,
    /// Objects looked at.
    pub objects: u64,
    /// The store it is in: 0 office, 1 archive wing, 2 through with both.
    pub store: u8,
    /// The last object of that store that was looked at.
    pub after: Option<ObjectId>,
    /// Entries before this one whose contents were read.
    pub read_to: u64,
    /// What was changed so far.
    pub changed: Vec<String>,
    /// What was missing so far.
    pub missing: Vec<String>,
    /// What nobody knew so far.
    pub untracked: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePosition {
    v: u8,
    part: u32,
    of: u32,
    read_data: bool,
    since: Date,
    entries: u64,
    objects: u64,
    store: u8,
    after: Option<String>,
    read_to: u64,
    changed: Vec<String>,
    missing: Vec<String>,
    untracked: Vec<String>,
}

impl Position {
    /// At the beginning.
    #[must_use]
    pub fn start(since: Date, entries: u64) -> Self {
        Self {
            since,
            entries,
            objects: 0,
            store: 0,
            after: None,
            read_to: 0,
            changed: Vec::new(),
            missing: Vec::new(),
            untracked: Vec::new(),
        }
    }

    /// The JSON text, for the verification of this part.
    #[must_use]
    pub fn write(&self, part: Part, read_data: bool) -> String {
        let wire = WirePosition {
            v: VERSION,
            part: part.number(),
            of: part.of(),
            read_data,
            since: self.since,
            entries: self.entries,
            objects: self.objects,
            store: self.store,
            after: self.after.map(|id| id.to_string()),
            read_to: self.read_to,
            changed: self.changed.clone(),
            missing: self.missing.clone(),
            untracked: self.untracked.clone(),
        };
        serde_json::to_string(&wire).expect("texts and numbers are JSON")
    }

    /// Reads the position of this very part; none if the text is anything else.
    #[must_use]
    pub fn read(json: &str, part: Part, read_data: bool) -> Option<Self> {
        let wire: WirePosition = serde_json::from_str(json).ok()?;
        let same =
            (wire.v, wire.part, wire.of, wire.read_data) == (VERSION, part.number(), part.of(), read_data);
        let after = wire.after.map(|id| id.parse()).transpose().ok()?;
        same.then_some(Self {
            since: wire.since,
            entries: wire.entries,
            objects: wire.objects,
            store: wire.store,
            after,
            read_to: wire.read_to,
            changed: wire.changed,
            missing: wire.missing,
            untracked: wire.untracked,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_position_is_read_for_the_same_part_only() {
        let part = Part::new(2, 30).expect("a part");
        let mut position = Position::start(date(2026, 11, 22), 17);
        position.after = Some(ObjectId([7; 32]));
        position.changed.push("Datenspeicher: 07".to_owned());
        let json = position.write(part, true);
        assert_eq!(Position::read(&json, part, true), Some(position));
        assert_eq!(Position::read(&json, part, false), None);
        assert_eq!(Position::read(&json, Part::WHOLE, true), None);
        assert_eq!(Position::read(&json[1..], part, true), None);
    }
}
