//! What a reader sees: one head and everything below it, unchanged while others append.

use std::sync::Arc;

use crate::base::digest::Sha256;

use crate::ledger::batch::check_range;
use crate::ledger::checkpoint::Head;
use crate::ledger::entry::{Entry, EntryNo};
use crate::ledger::error::LedgerError;
use crate::ledger::proof::{verify_consistency, verify_inclusion};
use crate::ledger::tree::{self, Edge, leaf_hash};

use super::derived::Derived;
use super::segment::{Segment, holding};
use super::slots::SignedHead;
use super::walk::Walk;

/// A head with what it takes to read below it. Cheap to clone.
#[derive(Clone)]
pub(super) struct View {
    pub(super) signed: Arc<SignedHead>,
    pub(super) segments: Arc<Vec<Segment>>,
    pub(super) derived: Arc<Derived>,
}

impl View {
    pub(super) fn head(&self) -> Head {
        self.signed.head
    }

    /// A walk that begins at an acknowledged entry.
    pub(super) fn walk(&self, from: u64) -> Result<Walk<'_>, LedgerError> {
        let unknown = LedgerError::Damaged { entry: EntryNo(from), what: "its place is not known" };
        let offset = self.derived.offset(from)?.ok_or(unknown)?;
        Walk::at(&self.segments, holding(&self.segments, from)?, offset, from)
    }

    /// Entries `from..end`, each proven to be what the signed head covers.
    pub(super) fn entries(&self, from: u64, end: u64) -> Result<Vec<Entry>, LedgerError> {
        if from >= end {
            return Ok(Vec::new());
        }
        let Head { size, root } = self.head();
        let mut walk = self.walk(from)?;
        let (mut entries, mut hashes) = (Vec::new(), Vec::new());
        for number in from..end {
            let leaf = walk.acknowledged(size)?.leaf;
            hashes.push(leaf_hash(&leaf));
            let damaged = LedgerError::Damaged { entry: EntryNo(number), what: "its bytes are not an entry" };
            entries.push(Entry::from_leaf(&leaf).map_err(|_| damaged)?);
        }
        if tree::root_over(&*self.derived, size, from, &hashes)? != root {
            let changed = (from..).zip(&hashes).find(|(number, hash)| {
                matches!(self.derived.leaf_hash(*number), Ok(Some(stored)) if stored != **hash)
            });
            let entry = EntryNo(changed.map_or(from, |(number, _)| number));
            return Err(LedgerError::Damaged { entry, what: "it is not what the signed head covers" });
        }
        Ok(entries)
    }

    /// An audit path, verified up to the signed head before it is given away.
    pub(super) fn inclusion(&self, number: u64, size: u64) -> Result<Vec<Sha256>, LedgerError> {
        check_range(number.saturating_add(1), size, self.head().size)?;
        let path = tree::inclusion(&*self.derived, number, size)?;
        let smaller = Head { size, root: tree::root(&*self.derived, size)? };
        let leaf = tree::Nodes::node(&*self.derived, 0, number)?;
        self.check_beginning(&smaller)?;
        let verified = verify_inclusion(&leaf, number, size, &path, &smaller.root);
        verified.map_err(|_| unproven(number))?;
        Ok(path)
    }

    /// A consistency proof, verified up to the signed head before it is given away.
    pub(super) fn consistency(&self, old: u64, new: u64) -> Result<Vec<Sha256>, LedgerError> {
        check_range(old, new, self.head().size)?;
        let path = tree::consistency(&*self.derived, old, new)?;
        let old = Head { size: old, root: tree::root(&*self.derived, old)? };
        let new = Head { size: new, root: tree::root(&*self.derived, new)? };
        self.check_beginning(&new)?;
        verify_consistency(&old, &new, &path).map_err(|_| unproven(old.size))?;
        Ok(path)
    }

    /// Whether the stored hashes prove that `smaller` is a beginning of the signed head.
    pub(super) fn check_beginning(&self, smaller: &Head) -> Result<(), LedgerError> {
        let path = tree::consistency(&*self.derived, smaller.size, self.head().size)?;
        verify_consistency(smaller, &self.head(), &path).map_err(|_| unproven(smaller.size))
    }

    /// Checks in O(log n + segments) that the derived files fit the signed head, that the last entry is
    /// there and that the segments join. Returns the edge of the tree.
    pub(super) fn check(&self) -> Result<Edge, LedgerError> {
        let Head { size, root } = self.head();
        let Some(last) = size.checked_sub(1) else {
            Walk::begin(&self.segments)?;
            return Ok(Edge::default());
        };
        self.walk(last)?.acknowledged(size)?;
        let edge = Edge::read(&*self.derived, size)?;
        if edge.root() != root {
            return Err(unproven(0));
        }
        for (at, segment) in self.segments.iter().enumerate().filter(|(_, segment)| segment.first < size) {
            let joins = match segment.first.checked_sub(1) {
                None => segment.has_its_header()?,
                Some(before) => {
                    let mut walk = self.walk(before)?;
                    walk.acknowledged(size)?;
                    walk.acknowledged(size)?;
                    walk.position().0 == at
                }
            };
            if !joins {
                let what = "its segment does not follow the one before";
                return Err(LedgerError::Damaged { entry: EntryNo(segment.first), what });
            }
        }
        Ok(edge)
    }
}

fn unproven(number: u64) -> LedgerError {
    LedgerError::Damaged { entry: EntryNo(number), what: "stored hashes do not lead to the signed head" }
}
