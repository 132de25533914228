//! Facts (Tatsachen): what starts retention periods, each with its day and who says so.

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::Clerk;
use crate::domain::case_file::{CaseFile, Fact, FactKind};
use crate::domain::life_cycle::Command;

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
        self.command(clerk, reference, Command::Record(Fact { kind, on, source }))
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
