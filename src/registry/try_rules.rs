//! Trial (Erproben): what another rule pack would change for the files there are. Reads all of them, writes nothing.

use jiff::civil::Date;

use super::Registry;
use super::error::Answer;
use crate::domain::actor::Reader;
use crate::domain::retention::trial::{Books, ShiftedFile};
use crate::domain::retention::{RuleBook, Trial};

/// What another rule pack would change, in all and file by file.
#[derive(Debug)]
pub struct Tried {
    /// The other rules.
    pub book: RuleBook,
    /// Counted.
    pub trial: Trial,
    /// One by one, in the order of reference numbers.
    pub changed: Vec<ShiftedFile>,
}

impl Registry {
    /// What another rule pack would change, on a day, for every file this person may read.
    ///
    /// # Errors
    /// A mistake that names every flaw of the pack.
    pub fn try_rules(&self, reader: Reader<'_>, source: &str, on: Date) -> Answer<Tried> {
        let rules = self.rules()?;
        let book = super::rules::read_book("Regelwerk", source, &rules.plan)?;
        let books = Books::new(&rules.book, &book, &rules.confirmations);
        let parts = self.fold_files(&|(trial, changed): &mut (Trial, Vec<ShiftedFile>), file| {
            if !reader.actor().may_read_file(&file) {
                return Ok(());
            }
            let look = books.look(&file, on);
            trial.count(&file, &look);
            let (reference, class) = (file.reference, file.class);
            changed.extend(look.shifted.map(|shifted| ShiftedFile { reference, class, shifted }));
            Ok(())
        })?;
        let (mut trial, mut changed) = (Trial::default(), Vec::new());
        for (part, of_part) in parts {
            trial.add(part);
            changed.extend(of_part);
        }
        changed.sort_by(|a: &ShiftedFile, b| a.reference.cmp(&b.reference));
        Ok(Tried { book, trial, changed })
    }
}
