//! Forecast (Vorschau): how much becomes due, year by year, of the files there are. Reads all of them, writes nothing.

use super::Registry;
use super::error::Answer;
use crate::domain::actor::Reader;
use crate::domain::ids::CaseFileId;
use crate::domain::retention::{Forecast, Horizon, outcome};

impl Registry {
    /// What becomes due of the files this person may read, by the rules in force.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn forecast(&self, reader: Reader<'_>, horizon: Horizon) -> Answer<Forecast> {
        let rules = self.rules()?;
        let parts = self.fold_files(&|forecast: &mut Forecast, file| {
            if !reader.actor().may_read_file(&file) {
                return Ok(());
            }
            let outcome = outcome(&file, &rules.book, &rules.confirmations, horizon.on());
            forecast.count(&file, &outcome, self.originals_bytes(file.id)?, horizon);
            Ok(())
        })?;
        let mut forecast = Forecast::default();
        parts.into_iter().for_each(|part| forecast.add(part));
        Ok(forecast)
    }

    /// How large the originals of a file's documents are, all versions. What is stored once for several documents
    /// counts for each of them: each would have to keep it without the others.
    fn originals_bytes(&self, file: CaseFileId) -> Answer<u64> {
        let mut size_bytes = 0_u64;
        let documents = self.catalog()?.documents_of(file)?;
        for document in documents {
            let Some(document) = self.document(document)? else { continue };
            let earlier = document.earlier.iter().map(|version| &version.original);
            for original in std::iter::once(&document.original).chain(earlier) {
                size_bytes = size_bytes.saturating_add(original.size_bytes);
            }
        }
        Ok(size_bytes)
    }
}
