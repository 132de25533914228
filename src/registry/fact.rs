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
use crate::format::fact_list::{Row, WrongRow};
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

/// What became of one fact of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    /// Its line.
    pub line: u64,
    /// What became of it.
    pub outcome: FactOutcome,
}

/// What became of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactOutcome {
    /// It was recorded, or would be.
    Recorded,
    /// The file had it already.
    Known,
    /// It could be recorded, but another line is wrong.
    HeldBack,
    /// It is wrong, and why, German.
    Mistake(String),
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
        let lines = self.record_each_fact(clerk, rows.into_iter().map(Ok).collect(), record)?;
        let (mut done, mut mistakes) = (RecordedFacts { recorded: 0, known: 0 }, Vec::new());
        for FactLine { line, outcome } in lines {
            match outcome {
                FactOutcome::Recorded => done.recorded += 1,
                FactOutcome::Known => done.known += 1,
                FactOutcome::HeldBack => {}
                FactOutcome::Mistake(why) => mistakes.push(format!("Zeile {line}: {why}")),
            }
        }
        if mistakes.is_empty() {
            return Ok(done);
        }
        Err(Error::mistake(
            "Die Tatsachen werden nicht festgehalten",
            wording::first_of(&mistakes, "eine weitere Zeile", "weitere Zeilen").join("; "),
            "berichtigen Sie die Liste; es wurde noch nichts festgehalten",
        ))
    }

    /// The same, and answers line by line; a row that could not be read comes as its line and what is wrong with it. If one
    /// line is wrong, nothing is recorded.
    ///
    /// # Errors
    /// A fault if the machinery fails.
    pub fn record_each_fact(
        &self,
        clerk: Clerk<'_>,
        rows: Vec<Result<Row, WrongRow>>,
        record: bool,
    ) -> Answer<Vec<FactLine>> {
        let writing = self.writing()?;
        let (mut events, mut lines) = (Vec::new(), Vec::with_capacity(rows.len()));
        let mut files: BTreeMap<CaseFileId, CaseFile> = BTreeMap::new();
        let mut is_wrong = false;
        for row in rows {
            let (line, decided) = match row {
                Ok(Row { line, reference, fact }) => {
                    (line, self.decided(clerk, &mut files, &reference, fact))
                }
                Err(WrongRow { line, why }) => {
                    is_wrong = true;
                    lines.push(FactLine { line, outcome: FactOutcome::Mistake(why) });
                    continue;
                }
            };
            let outcome = match decided {
                Ok(None) => FactOutcome::Known,
                Ok(Some(event)) => {
                    events.push(event);
                    FactOutcome::Recorded
                }
                Err(fault @ Error::Fault { .. }) => return Err(fault),
                Err(error) => {
                    is_wrong = true;
                    FactOutcome::Mistake(error.in_a_line())
                }
            };
            lines.push(FactLine { line, outcome });
        }
        if is_wrong {
            let held_back = lines.iter_mut().filter(|line| line.outcome == FactOutcome::Recorded);
            held_back.for_each(|line| line.outcome = FactOutcome::HeldBack);
        } else if record {
            for some in events.chunks(EVENTS_AT_A_TIME) {
                self.record(&writing, clerk.actor().id, some)?;
            }
        }
        Ok(lines)
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
