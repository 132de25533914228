//! The one who writes: a batch, durable in two fsyncs, or never again.

use std::sync::Arc;

use ed25519_dalek::SigningKey;

use crate::base::digest::Sha256;

use crate::disk::Lock;
use crate::ledger::checkpoint::Head;
use crate::ledger::disk::{self, Dir};
use crate::ledger::error::LedgerError;
use crate::ledger::tree::{Edge, leaf_hash};

use super::segment::{SEGMENT_BYTES, SEGMENT_HEADER_BYTES, Segment, write_frame};
use super::slots::{SignedHead, Slots};
use super::view::View;

/// Entries ready to be written: their frames, the hashes they complete, where each begins.
pub(super) struct Batch {
    /// Empty if the frames are on the disk already.
    frames: Vec<u8>,
    /// Relative to the first frame; absolute if the frames are on the disk already.
    offsets: Vec<u64>,
    hashes: Vec<u8>,
    edge: Edge,
}

impl Batch {
    /// The batch of these leaves, to follow `edge`.
    pub(super) fn of(leaves: &[Vec<u8>], edge: &Edge) -> Self {
        let mut batch = Self::empty(edge);
        for (followers, leaf) in (0..leaves.len() as u32).rev().zip(leaves) {
            batch.push(batch.frames.len() as u64, leaf_hash(leaf));
            write_frame(&mut batch.frames, followers, leaf);
        }
        batch
    }

    /// Entries that were found behind `edge`, whole and in place.
    pub(super) fn found(entries: &[(u64, Sha256)], edge: &Edge) -> Self {
        let mut batch = Self::empty(edge);
        for (offset, hash) in entries {
            batch.push(*offset, *hash);
        }
        batch
    }

    fn empty(edge: &Edge) -> Self {
        Self { frames: Vec::new(), offsets: Vec::new(), hashes: Vec::new(), edge: edge.clone() }
    }

    fn push(&mut self, offset: u64, leaf: Sha256) {
        self.offsets.push(offset);
        self.edge.push(leaf, |hash| self.hashes.extend_from_slice(hash.as_bytes()));
    }

    /// The head once it is written.
    pub(super) fn head(&self) -> Head {
        Head { size: self.edge.size(), root: self.edge.root() }
    }

    /// Offsets in their segment, if the first frame begins at `start`.
    fn offset_bytes(&self, start: u64) -> Vec<u8> {
        self.offsets.iter().flat_map(|offset| (start + offset).to_le_bytes()).collect()
    }
}

/// What it takes to append.
pub(super) struct Writer {
    signer: SigningKey,
    edge: Edge,
    /// Where the next frame goes in the last segment.
    end: u64,
    pub(super) slots: Slots,
    /// The size at which a segment is followed by a new one.
    pub(super) roll_at_bytes: u64,
    poisoned: bool,
    /// A head slot is being written.
    slot_touched: bool,
    /// Held as long as the writer lives.
    _lock: Lock,
}

impl Writer {
    pub(super) fn new(
        signer: SigningKey,
        edge: Edge,
        view: &View,
        slots: Slots,
        lock: Lock,
    ) -> Result<Self, LedgerError> {
        let end = view.segments.last().map_or(Ok(0), |last| last.file.len())?;
        Ok(Self {
            signer,
            edge,
            end,
            slots,
            roll_at_bytes: SEGMENT_BYTES,
            poisoned: false,
            slot_touched: false,
            _lock: lock,
        })
    }

    pub(super) fn edge(&self) -> &Edge {
        &self.edge
    }

    pub(super) fn signer(&self) -> &SigningKey {
        &self.signer
    }

    pub(super) fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// Writes the batch and its head; durable on return. A full storage is understood well enough to take the batch
    /// back; anything else that goes wrong leaves the writer poisoned: what reached the disk is found out by
    /// opening again.
    pub(super) fn commit(
        &mut self,
        dir: Dir<'_>,
        view: &View,
        batch: Batch,
        signed: SignedHead,
    ) -> Result<View, LedgerError> {
        self.poisoned = true;
        let end = self.end;
        let written = self.write(dir, view, batch, signed);
        self.poisoned = match &written {
            Ok(_) => false,
            Err(LedgerError::Full { .. }) => self.take_back(dir, view, end).is_err(),
            Err(_) => true,
        };
        written
    }

    /// Takes back what a batch left that found no room: `end` is where the last segment ended before it. A head
    /// slot it may have torn gets the head that holds, in place: with a torn one, a later crash could not be told
    /// from tampering.
    fn take_back(&mut self, dir: Dir<'_>, view: &View, end: u64) -> Result<(), LedgerError> {
        self.end = end;
        if let Some(begun) = dir.open(&Segment::name(view.head().size), false)? {
            let known = view.segments.iter().any(|segment| segment.first == view.head().size);
            if !known {
                dir.remove(&begun)?;
            }
        }
        let last = view.segments.last().ok_or(LedgerError::ReadOnly)?;
        disk::cut(&last.file, end)?;
        if std::mem::take(&mut self.slot_touched) { self.slots.mend(&view.signed.note) } else { Ok(()) }
    }

    fn write(
        &mut self,
        dir: Dir<'_>,
        view: &View,
        batch: Batch,
        signed: SignedHead,
    ) -> Result<View, LedgerError> {
        let size = view.head().size;
        let mut segments = Arc::clone(&view.segments);
        let holds_entries = segments.last().is_some_and(|last| last.first < size);
        if self.end >= self.roll_at_bytes && holds_entries {
            let mut more = segments.to_vec();
            more.push(Segment::create(dir, size)?);
            segments = Arc::new(more);
            self.end = SEGMENT_HEADER_BYTES as u64;
        }
        let last = segments.last().ok_or(LedgerError::ReadOnly)?;
        view.derived.add(size, &batch.hashes, &batch.offset_bytes(self.end))?;
        last.file.write_at(&batch.frames, self.end)?;
        last.file.sync()?;
        self.slot_touched = true;
        self.slots.write(&signed.note)?;
        self.slot_touched = false;
        self.end += batch.frames.len() as u64;
        self.edge = batch.edge;
        Ok(View { signed: Arc::new(signed), segments, derived: Arc::clone(&view.derived) })
    }

    /// Acknowledges entries that are on the disk already, and thereby renews the unreadable slot.
    pub(super) fn adopt(
        &mut self,
        view: &View,
        batch: Batch,
        signed: SignedHead,
    ) -> Result<View, LedgerError> {
        view.derived.add(view.head().size, &batch.hashes, &batch.offset_bytes(0))?;
        if let Some(last) = view.segments.last() {
            last.file.sync()?;
        }
        self.slots.write(&signed.note)?;
        self.edge = batch.edge;
        Ok(View { signed: Arc::new(signed), ..view.clone() })
    }
}
