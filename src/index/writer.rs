//! Who writes: one writer per index, opened with the first change. It works in threads of its own and may die of a full
//! disk after it was last heard of, so nobody goes on with one whose work was broken off.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexWriter, TantivyError};

use super::{Index, IndexError, WRITER_MEMORY_BYTES, guarded, payload};
use crate::base::followed::Followed;

/// A segment with more deleted entries than this share is merged anew in passing.
const DELETED_SHARE_MAX: f32 = 0.1;

/// How often a lock that is held is tried again, and after what pause: two seconds in all. A worker that is just being
/// started holds a copy of every lock of this process until its program begins, so a lock that was let go can seem
/// taken for a moment.
const LOCKED_TRIES: u32 = 40;
const LOCKED_PAUSE: Duration = Duration::from_millis(50);

impl Index {
    /// Does something with the writer. After an error the writer is dropped, and with it what it had not
    /// committed: the next change opens a new one at the last commit.
    pub(super) fn write<T>(
        &self,
        action: impl FnOnce(&mut IndexWriter) -> Result<T, TantivyError>,
    ) -> Result<T, IndexError> {
        self.require_whole()?;
        let mut slot = self.writer();
        let done = guarded(|| {
            let writer = match &mut *slot {
                Some(writer) => writer,
                none => none.insert(self.open_writer()?),
            };
            Ok(action(writer)?)
        });
        if done.is_err() {
            *slot = None;
        }
        done
    }

    /// Forgets what was not committed. Whoever breaks off between two commits, for whatever reason, says so: the writer
    /// may be dead by now, and the next one to put something in would be told of it.
    pub fn break_off(&self) {
        *self.writer() = None;
    }

    pub(super) fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One thread writes and one merges: the machine we plan for has two cores.
    pub(super) fn open_writer(&self) -> Result<IndexWriter, TantivyError> {
        let options = || {
            IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(WRITER_MEMORY_BYTES)
                .build()
        };
        let mut tries = 0;
        let writer = loop {
            match self.engine.writer_with_options(options()) {
                Err(TantivyError::LockFailure(..)) if tries < LOCKED_TRIES => {
                    tries += 1;
                    std::thread::sleep(LOCKED_PAUSE);
                }
                opened => break opened?,
            }
        };
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE_MAX);
        writer.set_merge_policy(Box::new(policy));
        // A process that was killed left files of a commit that is none; the next one would be given the same names.
        writer.garbage_collect_files().wait()?;
        Ok(writer)
    }
}

pub(super) fn commit_as(writer: &mut IndexWriter, followed: Followed) -> Result<(), TantivyError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload(followed));
    prepared.commit().map(drop)
}
