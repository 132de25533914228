//! Reading every byte of a local ledger again.

use crate::ledger::audit::{Audit, Chains, FLAWS_MAX};
use crate::ledger::checkpoint::Head;
use crate::ledger::disk::Dir;
use crate::ledger::entry::Entry;
use crate::ledger::error::LedgerError;
use crate::ledger::tree::{Edge, leaf_hash, stored_count};

use super::segment::{Frame, Segment, holding};
use super::slots::Found;
use super::view::View;
use super::walk::{Step, Walk};

const UNCOVERED: &str = "it is not what the signed head covers";

/// Audits everything below the head of `view`, with files opened afresh. `derived_renewed` in the result
/// asks the caller to do so.
pub(super) fn audit(dir: Dir<'_>, view: &View, found: Found) -> Result<Audit, LedgerError> {
    let mut auditor = Auditor {
        audit: Audit::of(view.head()),
        heads: Vec::new(),
        view,
        edge: Edge::default(),
        chains: Chains::default(),
        suspects: Vec::new(),
        whole: true,
        derived_fits: true,
    };
    auditor.read_slots(found);
    let segments = Segment::list(dir, false)?;
    auditor.read_entries(&segments)?;
    Ok(auditor.conclude())
}

struct Auditor<'a> {
    audit: Audit,
    /// Signed heads of the slots that must fit on the way.
    heads: Vec<Head>,
    view: &'a View,
    edge: Edge,
    chains: Chains,
    /// Entries whose hash differs from the stored one.
    suspects: Vec<u64>,
    /// Every entry so far could be read, so the edge means something.
    whole: bool,
    derived_fits: bool,
}

impl Auditor<'_> {
    fn read_slots(&mut self, found: Found) {
        let head = self.view.head();
        for slot in found.slots {
            match slot {
                Ok(signed) => self.heads.push(signed.head),
                Err(_) => self.audit.flaw(None, "a head slot is unreadable"),
            }
        }
        if !self.heads.is_empty() && self.heads.iter().all(|found| found.size < head.size) {
            self.audit.flaw(None, "the head slots are older than the head");
        }
        // Another process may have appended since this one opened the ledger to read.
        self.heads.retain(|found| found.size <= head.size);
        self.heads.push(head);
    }

    fn read_entries(&mut self, segments: &[Segment]) -> Result<(), LedgerError> {
        let size = self.view.head().size;
        self.compare_heads();
        let mut walk = match Walk::begin(segments) {
            Err(LedgerError::Damaged { entry, what }) => {
                self.whole = false;
                self.audit.flaw(Some(entry.0), what);
                match self.resume(segments, 0)? {
                    Some(walk) => walk,
                    None => return Ok(()),
                }
            }
            begun => begun?,
        };
        while walk.number() < size {
            let number = walk.number();
            let what = match walk.step()? {
                Step::Entry(frame) => {
                    self.read_entry(number, &frame)?;
                    continue;
                }
                Step::End => "it is missing",
                Step::Broken(what) => what,
            };
            self.whole = false;
            self.audit.flaw(Some(number), what);
            match self.resume(segments, number + 1)? {
                Some(later) => walk = later,
                None => break,
            }
        }
        Ok(())
    }

    fn read_entry(&mut self, number: u64, frame: &Frame) -> Result<(), LedgerError> {
        self.audit.bytes += frame.leaf.len() as u64;
        match Entry::from_leaf(&frame.leaf) {
            Ok(entry) => self.chains.follow(&entry.header, &mut self.audit),
            Err(_) => self.audit.flaw(Some(number), "its bytes are not an entry"),
        }
        let derived = &self.view.derived;
        let hash = leaf_hash(&frame.leaf);
        if derived.leaf_hash(number)? != Some(hash) && self.suspects.len() < FLAWS_MAX {
            self.suspects.push(number);
        }
        self.derived_fits &= derived.offset(number)? == Some(frame.at);
        if self.whole {
            let mut complete = Vec::new();
            self.edge.push(hash, |hash| complete.push(hash));
            for (at, hash) in (stored_count(number)..).zip(complete) {
                self.derived_fits &= derived.hash(at)? == Some(hash);
            }
            self.compare_heads();
        }
        Ok(())
    }

    /// Compares the tree so far with every signed head of its size.
    fn compare_heads(&mut self) {
        let size = self.edge.size();
        if self.heads.iter().any(|head| head.size == size && head.root != self.edge.root()) {
            if self.suspects.is_empty() && self.audit.is_clean() {
                self.audit.flaw(None, "the entries do not lead to a signed head");
            }
            for suspect in std::mem::take(&mut self.suspects) {
                self.audit.flaw(Some(suspect), UNCOVERED);
            }
        }
    }

    /// Where the audit can go on at entry `number` or later, as far as the offsets know.
    fn resume<'s>(&self, segments: &'s [Segment], number: u64) -> Result<Option<Walk<'s>>, LedgerError> {
        let size = self.view.head().size;
        let next_segment = segments.iter().map(|segment| segment.first).find(|first| *first > number);
        for number in [Some(number), next_segment].into_iter().flatten().filter(|number| *number < size) {
            let (Some(offset), Ok(segment)) = (self.view.derived.offset(number)?, holding(segments, number))
            else {
                continue;
            };
            match Walk::at(segments, segment, offset, number) {
                Err(LedgerError::Damaged { .. }) => {}
                walk => return walk.map(Some),
            }
        }
        Ok(None)
    }

    fn conclude(mut self) -> Audit {
        if self.whole {
            self.audit.derived_renewed = !self.derived_fits && self.audit.is_clean();
        } else {
            // The tree cannot be computed over a gap; the stored leaf hashes still tell what changed.
            for suspect in std::mem::take(&mut self.suspects) {
                self.audit.flaw(Some(suspect), UNCOVERED);
            }
        }
        self.audit
    }
}
