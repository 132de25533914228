//! Evaluate (Prüfen): what follows for every file on a day. Findings are a view: nothing is written, twice
//! yields the same, and another day is the same call.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Registry;
use super::error::Answer;
use crate::domain::actor::Reader;
use crate::domain::case_file::CaseFile;
use crate::domain::retention::{Finding, evaluate};

/// A file and what follows for it.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The file, without its documents.
    pub file: CaseFile,
    /// What follows.
    pub finding: Finding,
}

/// How many files have which outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<&'static str, u64>);

impl Registry {
    /// Evaluates every file this person may read and hands each to `each`.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn evaluate_all(
        &self,
        reader: Reader<'_>,
        on: Date,
        each: &mut dyn FnMut(Evaluated) -> Answer<()>,
    ) -> Answer<Tally> {
        let rules = self.rules()?;
        let mut tally = Tally::default();
        self.each_file(&mut |file| {
            if !reader.actor().may_read_file(&file) {
                return Ok(());
            }
            let finding = evaluate(&file, &rules.book, &rules.confirmations, on);
            *tally.0.entry(finding.outcome.code()).or_default() += 1;
            each(Evaluated { file, finding })
        })?;
        Ok(tally)
    }
}
