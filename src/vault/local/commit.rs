//! Group commit: whoever gets the writer commits for all who wait, with one sync of the volume, one of
//! each folder touched and one of the manifest.
//!
//! Order (*must*): records synced, large files named and their folders synced, manifest synced, then the
//! map, then the answer. A full storage is taken back; any other failure poisons the writer for good.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::domain::ids::ObjectId;

use super::super::manifest::{Line, Location, Slot};
use super::super::record::HEAD_BYTES;
use super::super::stage::{Body, SMALL_BYTES_MAX};
use super::super::volumes::Mark;
use super::super::{Deposited, Staged, VaultError};
use super::{LocalVault, Writer};

/// What a batch has done so far, to be taken back if the storage is full.
#[derive(Default)]
struct Progress {
    lines: Vec<Line>,
    named: Vec<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

impl LocalVault {
    /// Deposits a batch, alone or with the batches of others.
    pub(super) fn commit(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError> {
        staged.iter().try_for_each(|staged| self.check_origin(staged))?;
        let ticket = {
            let mut queue = self.queue.lock().map_err(|_| VaultError::Poisoned)?;
            let ticket = queue.next_ticket;
            queue.next_ticket += 1;
            queue.waiting.push((ticket, staged));
            ticket
        };
        // Not `self.writer()`: a poisoned writer must still give the answers of its last batch.
        let mut writer = self.writer.lock().map_err(|_| VaultError::Poisoned)?;
        if let Some(answer) = writer.answers.remove(&ticket) {
            return answer;
        }
        let waiting = {
            let mut queue = self.queue.lock().map_err(|_| VaultError::Poisoned)?;
            std::mem::take(&mut queue.waiting)
        };
        self.commit_for_all(&mut writer, waiting);
        writer.answers.remove(&ticket).unwrap_or(Err(VaultError::Poisoned))
    }

    pub(super) fn check_origin(&self, staged: &Staged) -> Result<(), VaultError> {
        let ours = match &staged.body {
            Body::Memory(record) => record.len() as u64 <= HEAD_BYTES as u64 + SMALL_BYTES_MAX,
            Body::File(seedling) => seedling.is_of(&self.nursery),
        };
        if ours { Ok(()) } else { Err(VaultError::StagedElsewhere(staged.id)) }
    }

    fn commit_for_all(&self, writer: &mut Writer, waiting: Vec<(u64, Vec<Staged>)>) {
        let (tickets, batches): (Vec<_>, Vec<_>) =
            waiting.into_iter().map(|(ticket, batch)| ((ticket, batch.len()), batch)).unzip();
        match self.commit_batch(writer, batches.into_iter().flatten().collect()) {
            Ok(deposited) => {
                let mut deposited = deposited.into_iter();
                for (ticket, length) in tickets {
                    writer.answers.insert(ticket, Ok(deposited.by_ref().take(length).collect()));
                }
            }
            Err(error) => {
                let failed = tickets.into_iter().map(|(ticket, _)| (ticket, Err(error.clone())));
                writer.answers.extend(failed);
            }
        }
    }

    /// Commits one batch. The caller holds the writer.
    pub(super) fn commit_batch(
        &self,
        writer: &mut Writer,
        staged: Vec<Staged>,
    ) -> Result<Vec<Deposited>, VaultError> {
        if writer.poisoned {
            return Err(VaultError::Poisoned);
        }
        let (fresh, answers) = self.separate_fresh(staged)?;
        if fresh.is_empty() {
            return Ok(answers);
        }
        let (mark, mut progress) = (writer.appender.mark(), Progress::default());
        if let Err(error) = self.write(writer, fresh, &mut progress) {
            // Only a full storage is understood well enough to take the batch back. What was synced
            // before stays synced; a sync that failed is never tried again.
            let full = matches!(error, VaultError::StorageFull { .. });
            writer.poisoned = !full || self.take_back(writer, mark, &progress).is_err();
            return Err(error);
        }
        let mut objects = self.objects.write().map_err(|_| VaultError::Poisoned)?;
        for line in progress.lines {
            if let Line::Stored(id, slot) = line {
                objects.insert(id, slot);
            }
        }
        Ok(answers)
    }

    /// Those not yet here, each once, and the answers for all. The others are dropped, files and all.
    fn separate_fresh(&self, staged: Vec<Staged>) -> Result<(Vec<Staged>, Vec<Deposited>), VaultError> {
        let objects = self.objects()?;
        let mut answers = Vec::with_capacity(staged.len());
        let mut fresh: BTreeMap<ObjectId, Staged> = BTreeMap::new();
        let mut order = Vec::with_capacity(staged.len());
        for staged in staged {
            let id = staged.id;
            let is_fresh = !objects.contains_key(&id) && !fresh.contains_key(&id);
            answers.push(Deposited { id, fresh: is_fresh });
            if is_fresh {
                order.push(id);
                fresh.insert(id, staged);
            }
        }
        Ok((order.iter().filter_map(|id| fresh.remove(id)).collect(), answers))
    }

    fn write(
        &self,
        writer: &mut Writer,
        fresh: Vec<Staged>,
        progress: &mut Progress,
    ) -> Result<(), VaultError> {
        let mut large = Vec::new();
        for Staged { id, sealed_digest: digest, sealed_bytes: length, body, .. } in fresh {
            let location = match body {
                Body::Memory(record) => writer.appender.append(&record)?,
                Body::File(seedling) => {
                    let offset = seedling.folder;
                    large.push((id, seedling));
                    Location { volume: Location::OWN_FILE, offset }
                }
            };
            progress.lines.push(Line::Stored(id, Slot { location, digest, length }));
        }
        writer.appender.sync()?;
        for (id, seedling) in large {
            progress.folders.insert(self.nursery.folder(seedling.folder));
            progress.named.push(seedling.name(&id)?);
        }
        progress.folders.iter().try_for_each(|folder| self.disk.sync_folder(folder))?;
        writer.manifest.append(&progress.lines)
    }

    fn take_back(&self, writer: &mut Writer, mark: Mark, progress: &Progress) -> Result<(), VaultError> {
        writer.manifest.undo()?;
        writer.appender.undo(mark)?;
        for path in &progress.named {
            self.disk.remove(path)?;
        }
        Ok(progress.folders.iter().try_for_each(|folder| self.disk.sync_folder(folder))?)
    }
}
