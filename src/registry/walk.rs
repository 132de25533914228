//! Walking through every file there is, out of the catalogue. What is irreversible never rests on it.

use std::num::NonZero;
use std::panic::resume_unwind;

use uuid::Uuid;

use super::Registry;
use super::error::Answer;
use crate::catalog::Kind;
use crate::domain::case_file::CaseFile;
use crate::domain::ids::CaseFileId;

/// Files taken from the catalogue at a time.
const FILES_AT_A_TIME: usize = 1_000;
/// Most processors that look at files at once; the others are left to those who search.
const HANDS_MAX: usize = 8;

impl Registry {
    /// Hands every file to `each`, on every processor; each of them gathers something of its own.
    pub(super) fn fold_files<T: Default + Send>(
        &self,
        each: &(dyn Fn(&mut T, CaseFile) -> Answer<()> + Sync),
    ) -> Answer<Vec<T>> {
        let hands = std::thread::available_parallelism().map_or(1, NonZero::get).min(HANDS_MAX);
        let first_of = |hand: usize| hand as u128 * (u128::MAX / hands as u128);
        std::thread::scope(|scope| {
            let begun: Vec<_> = (0..hands)
                .map(|hand| {
                    let (from, to) = (first_of(hand), (hand + 1 < hands).then(|| first_of(hand + 1)));
                    scope.spawn(move || {
                        let mut gathered = T::default();
                        self.files_between(from, to, &mut |file| each(&mut gathered, file))?;
                        Ok(gathered)
                    })
                })
                .collect();
            begun.into_iter().map(|hand| hand.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Hands every file with an id from the first to before the second (none: to the end) to `each`, in their order.
    /// Ids are drawn, so equal parts of them hold about equally many files.
    fn files_between(
        &self,
        from: u128,
        to: Option<u128>,
        each: &mut dyn FnMut(CaseFile) -> Answer<()>,
    ) -> Answer<()> {
        let mut after = from.checked_sub(1).map(Uuid::from_u128);
        loop {
            let rows = self.catalog()?.rows(Kind::File, after, FILES_AT_A_TIME)?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(*last);
            for (id, row) in &rows {
                if to.is_some_and(|to| id.as_u128() >= to) {
                    return Ok(());
                }
                let lived = self.open_row(Kind::File, *id, row)?;
                if let Some(file) = CaseFile::replay(CaseFileId(*id), lived.into_file_events()) {
                    each(file)?;
                }
            }
        }
    }

    /// Hands every file to `each`, in the order of their ids, without its documents.
    pub(super) fn each_file(&self, each: &mut dyn FnMut(CaseFile) -> Answer<()>) -> Answer<()> {
        self.files_between(0, None, each)
    }
}
