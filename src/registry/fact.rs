//! Facts (Tatsachen): what starts retention periods, each with its day and who says so.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::Clerk;
use crate::domain::case_file::{CaseFile, Fact, FactKind, ReferenceNumber};
use crate::domain::event::Event;
use crate::domain::ids::CaseFileId;
use crate::domain::life_cycle::{Command, decide, german};
use crate::format::fact_list::Row;
use crate::format::wording;

/// Events that become durable together when there are many.
pub(super) const EVENTS_AT_A_TIME: usize = 1_000;

/// What became of a list of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedFacts {
    /// Facts that were recorded, or would be.
    pub recorded: u64,
    /// Facts that the files had already.
    pub known: u64,
}

impl Registry {
    /// Records a fact.
    ///
    /// # Errors
    /// A mistake for a kind of fact no rule pack knows; a refusal by the file's phase.
    pub fn record_fact(
        &self,
        clerk: Clerk<'_>,
        reference: &str,
        kind: &str,
        on: Date,
        source: String,
    ) -> Answer<CaseFile> {
        let kind = self.known_fact(kind)?;
        if on > self.today() {
            return Err(in_the_future(on));
        }
        self.command(clerk, reference, Command::Record(Fact { kind, on, source }))
    }

    /// Records many facts, a row each; those a file already has are passed over. All are looked at before the first is
    /// recorded, then some become durable together; read again, the rest follows. Without `record` they are only looked at.
    ///
    /// # Errors
    /// Everything that is wrong, by the line it stands on; then nothing was recorded.
    pub fn record_facts(&self, clerk: Clerk<'_>, rows: Vec<Row>, record: bool) -> Answer<RecordedFacts> {
        let writing = self.writing()?;
        let (mut events, mut mistakes, mut known) = (Vec::new(), Vec::new(), 0);
        let mut files: BTreeMap<CaseFileId, CaseFile> = BTreeMap::new();
        for Row { line, reference, fact } in rows {
            match self.decided(clerk, &mut files, &reference, fact) {
                Ok(None) => known += 1,
                Ok(Some(event)) => events.push(event),
                Err(fault @ Error::Fault { .. }) => return Err(fault),
                Err(error) => mistakes.push(format!("Zeile {line}: {}", error.in_a_line())),
            }
        }
        if !mistakes.is_empty() {
            return Err(Error::mistake(
                "Die Tatsachen werden nicht festgehalten",
                wording::first_of(&mistakes, "eine weitere Zeile", "weitere Zeilen").join("; "),
                "berichtigen Sie die Liste; es wurde noch nichts festgehalten",
            ));
        }
        if record {
            for some in events.chunks(EVENTS_AT_A_TIME) {
                self.record(&writing, clerk.actor().id, some)?;
            }
        }
        Ok(RecordedFacts { recorded: events.len() as u64, known })
    }

    /// The event a fact becomes; none if the file has it.
    fn decided(
        &self,
        clerk: Clerk<'_>,
        files: &mut BTreeMap<CaseFileId, CaseFile>,
        reference: &ReferenceNumber,
        fact: Fact,
    ) -> Answer<Option<Event>> {
        self.known_fact(fact.kind.as_str())?;
        if fact.on > self.today() {
            return Err(in_the_future(fact.on));
        }
        let file = self.cover_named(clerk.actor(), reference.as_str())?;
        let file = files.entry(file.id).or_insert(file);
        if file.facts.contains(&fact) {
            return Ok(None);
        }
        let event = decide(file, Command::Record(fact))?;
        file.apply(&event);
        Ok(Some(Event::File(file.id, event)))
    }

    /// A kind of fact that the rules in force know.
    ///
    /// # Errors
    /// A mistake that lists the kinds there are.
    pub fn known_fact(&self, kind: &str) -> Answer<FactKind> {
        let rules = self.rules()?;
        let facts = &rules.book.pack().facts;
        match kind.parse::<FactKind>() {
            Ok(kind) if facts.contains_key(&kind) => Ok(kind),
            _ => {
                let known: Vec<_> = facts.keys().map(FactKind::as_str).collect();
                Err(Error::mistake(
                    format!("Die Tatsache „{kind}“ ist unbekannt"),
                    "keine Regel kennt sie",
                    format!("bekannt sind: {}", known.join(", ")),
                ))
            }
        }
    }
}

fn in_the_future(on: Date) -> Error {
    Error::mistake(
        "Die Tatsache wird nicht festgehalten",
        format!("der {} liegt in der Zukunft", german(on)),
        "halten Sie sie fest, wenn sie eingetreten ist",
    )
}
