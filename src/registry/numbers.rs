//! Numbers of files (Aktenzeichen nach Muster): the next one of a series, and that none is ever given again.
//!
//! A number that a pattern gives is noted in the office's own record, in the same append that opens the file; so is one that
//! was chosen by hand and fits a pattern, when its file goes. Class, year and number are all that is noted: it outlives the
//! file and holds nothing of it. While a file is there its reference number is found through the catalogue as always.

use super::Registry;
use super::error::{Answer, Error};
use super::write::Writing;
use crate::catalog::Changes;
use crate::domain::case_file::{ClassNumber, ReferenceNumber};
use crate::domain::event::{Event, OfficeEvent};
use crate::domain::file_plan::Filling;

/// A reference number for a new file, and what notes that it is given.
pub(super) struct GivenNumber {
    pub(super) reference: ReferenceNumber,
    pub(super) event: Event,
}

/// Folded, no reference number has such a sign: a series never has the hash of one.
const SERIES: &str = "series ";

impl Registry {
    /// The next reference number of a class in a year, whoever opens files at the same time; none if its numbers are given by hand.
    pub(super) fn next_number(
        &self,
        _writing: &Writing<'_>,
        class: &ClassNumber,
        year: i16,
    ) -> Answer<Option<GivenNumber>> {
        let rules = self.rules()?;
        let Some(pattern) = rules.plan.pattern_of(class) else { return Ok(None) };
        let filling = Filling { class, year };
        let used_up = || {
            Error::mistake(
                "Es kann kein Aktenzeichen vergeben werden",
                format!("das Muster {pattern} der Aktenplaneinheit {class} ist aufgebraucht"),
                "nennen Sie eines mit --reference, oder ändern Sie das Muster im Aktenplan",
            )
        };
        let mut number = self.catalog()?.counted(&self.series_hash(&pattern.series(filling))?)?;
        loop {
            number = number.checked_add(1).ok_or_else(used_up)?;
            let reference = pattern.write(filling, number).map_err(|_| used_up())?;
            if self.is_free(&reference)? {
                let (class, year, pattern) = (class.clone(), filling.year, pattern.clone());
                let given = OfficeEvent::NumberGiven { class, year, number, pattern, by_hand: false };
                return Ok(Some(GivenNumber { reference, event: Event::Office(given) }));
            }
        }
    }

    /// No file is or was called so, in any spelling, as far as that is known: of a file that is destroyed only what a
    /// pattern writes.
    pub(super) fn is_free(&self, reference: &ReferenceNumber) -> Answer<bool> {
        let hash = self.reference_hash(&reference.fold())?;
        let catalog = self.catalog()?;
        Ok(!catalog.was_given(&hash)? && catalog.file_by_reference(&hash)?.is_none())
    }

    /// No file is called so any more, but one was: the number is not given again.
    pub(super) fn was_given(&self, reference: &ReferenceNumber) -> Answer<bool> {
        let hash = self.reference_hash(&reference.fold())?;
        let catalog = self.catalog()?;
        Ok(catalog.was_given(&hash)? && catalog.file_by_reference(&hash)?.is_none())
    }

    /// Notes of the reference numbers of files that go, as far as a pattern could give them again and nobody noted it.
    pub(super) fn numbers_that_go<'a>(
        &self,
        files: impl Iterator<Item = (&'a ClassNumber, &'a ReferenceNumber)>,
    ) -> Answer<Vec<Event>> {
        let rules = self.rules()?;
        let with_pattern = |class| Some((class, rules.plan.pattern_of(class)?));
        let all: Vec<_> = rules.plan.leaves().filter_map(|class| with_pattern(&class.number)).collect();
        let mut events = Vec::new();
        for (class, reference) in files {
            // Nearly always it is the pattern of the file's own class.
            let own = with_pattern(class);
            let read = own.iter().chain(&all).find_map(|(class, pattern)| {
                let (year, number) = pattern.read(class, reference)?;
                Some(((*class).clone(), (*pattern).clone(), year, number))
            });
            if let Some((class, pattern, year, number)) = read
                && !self.catalog()?.was_given(&self.reference_hash(&reference.fold())?)?
            {
                let noted = OfficeEvent::NumberGiven { class, year, number, pattern, by_hand: true };
                events.push(Event::Office(noted));
            }
        }
        Ok(events)
    }

    /// The catalogue follows a number that was given.
    pub(super) fn follow_number(&self, changes: &mut Changes, event: &OfficeEvent) -> Answer<()> {
        let OfficeEvent::NumberGiven { class, year, number, pattern, by_hand } = event else { return Ok(()) };
        let filling = Filling { class, year: *year };
        if let Ok(reference) = pattern.write(filling, *number) {
            changes.put_given(&self.reference_hash(&reference.fold())?);
        }
        if !by_hand {
            changes.put_counted(&self.series_hash(&pattern.series(filling))?, *number);
        }
        Ok(())
    }

    fn series_hash(&self, series: &str) -> Answer<[u8; 32]> {
        self.reference_hash(&format!("{SERIES}{series}"))
    }
}
