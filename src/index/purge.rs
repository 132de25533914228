//! How what was removed leaves the disk.
//!
//! A delete of the engine is a tombstone: the words stay, and restoring one field of `meta.json` would bring
//! the entry back. A purge writes every segment with tombstones anew, without them, waits for searches that
//! still read the old files, deletes those files and whatever else lies in the directory, and then looks:
//! no deleted entry, no file that belongs to no living segment. Whoever certifies decodes besides
//! ([`Index::contains_word`]).

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::sync::PoisonError;

use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexWriter, TantivyError};

use super::writer::commit_as;
use super::{Index, IndexError, guarded};

/// Files of the engine that belong to no segment and hold no words.
const STANDING_FILES: [&str; 4] =
    ["meta.json", ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"];

/// What a purge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Segments that held removed entries and were written anew.
    pub segments: usize,
    /// Removed entries whose words are gone now.
    pub entries: u64,
}

impl Index {
    /// Removes from the disk what [`Self::remove_document`], [`Self::remove_file`] and replacements left behind.
    /// Changes not yet committed are committed as following no further than the index already has: putting them again is
    /// harmless. Takes as long as writing the segments concerned anew; searches wait only for its last moment.
    ///
    /// # Errors
    /// [`IndexError::NotPurged`] if something is still there; [`IndexError::Busy`]; faults of the engine.
    pub fn purge(&self) -> Result<Purged, IndexError> {
        let mut slot = self.writer();
        let done = guarded(|| {
            if let Some(mut writer) = slot.take() {
                commit_as(&mut writer, self.followed())?;
                writer.wait_merging_threads()?;
            }
            let mut writer = self.open_writer()?;
            writer.set_merge_policy(Box::new(NoMergePolicy));
            let done = self.rewrite(&mut writer)?;
            self.collect(&writer)?;
            Ok(done)
        });
        // With the next change a writer opens that merges in passing again.
        *slot = None;
        done
    }

    fn rewrite(&self, writer: &mut IndexWriter) -> Result<Purged, TantivyError> {
        let mut done = Purged { segments: 0, entries: 0 };
        for meta in self.engine.searchable_segment_metas()? {
            if meta.has_deletes() {
                done.segments += 1;
                done.entries += u64::from(meta.num_deleted_docs());
                writer.merge(&[meta.id()]).wait()?;
            }
        }
        Ok(done)
    }

    /// Deletes the old files while nobody reads them, and looks.
    fn collect(&self, writer: &IndexWriter) -> Result<(), IndexError> {
        let _alone = self.searches.write().unwrap_or_else(PoisonError::into_inner);
        self.reload()?;
        writer.garbage_collect_files().wait()?;
        for file in self.strangers()? {
            fs::remove_file(file).map_err(IndexError::Directory)?;
        }
        let files = self.strangers()?.len();
        let metas = self.engine.searchable_segment_metas()?;
        let entries: u64 = metas.iter().map(|meta| u64::from(meta.num_deleted_docs())).sum();
        let readers = self.reader.searcher();
        let unseen = readers.segment_readers().iter().map(|r| u64::from(r.num_deleted_docs())).sum::<u64>();
        if files > 0 || entries + unseen > 0 {
            return Err(IndexError::NotPurged { entries: entries + unseen, files });
        }
        Ok(())
    }

    /// Files in the directory that belong neither to a living segment nor to the engine itself.
    fn strangers(&self) -> Result<Vec<PathBuf>, IndexError> {
        let living: HashSet<PathBuf> = self.engine.load_metas()?.list_segment_files();
        let mut strangers = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(IndexError::Directory)? {
            let entry = entry.map_err(IndexError::Directory)?;
            let name = PathBuf::from(entry.file_name());
            if !living.contains(&name) && !STANDING_FILES.iter().any(|standing| name.as_os_str() == *standing)
            {
                strangers.push(entry.path());
            }
        }
        Ok(strangers)
    }
}
