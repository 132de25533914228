//! Opening: from what lies on the disk to a view that fits the signed head, or an alarm.
//!
//! Bytes beyond the newest head were never acknowledged and are cut, if both head slots can be read. If
//! one cannot, it may have held a newer head (or been torn while one was written, which happens only after
//! the entries were durable): then whole batches beyond are kept and signed anew, and anything else is an
//! alarm. In doubt nothing is cut.

use std::sync::Arc;

use crate::base::digest::Sha256;

use crate::ledger::checkpoint::Head;
use crate::ledger::disk::{self, Dir};
use crate::ledger::entry::{Entry, EntryNo};
use crate::ledger::error::LedgerError;
use crate::ledger::note::VerifierKey;
use crate::ledger::tree::{Edge, leaf_hash};

use super::derived::Derived;
use super::segment::Segment;
use super::slots::{self, Newest};
use super::view::View;
use super::walk::{Step, Walk};
use super::{Recovery, heal};

/// A ledger as found, fitting its newest signed head; nothing cut yet.
pub(super) struct Opened {
    pub(super) view: View,
    pub(super) edge: Edge,
    pub(super) newest_slot: usize,
    /// One head slot could not be read.
    pub(super) slot_unreadable: bool,
    pub(super) recovery: Recovery,
}

/// Whole batches that follow the newest head.
pub(super) struct Tail {
    /// Offset and leaf hash of each entry.
    pub(super) entries: Vec<(u64, Sha256)>,
}

/// Reads heads, segments and derived files and checks that they fit.
pub(super) fn open(
    dir: Dir<'_>,
    head_dir: Dir<'_>,
    key: &VerifierKey,
    to_write: bool,
) -> Result<Opened, LedgerError> {
    let Newest { at, signed, older } = slots::read(head_dir, key)?.newest(head_dir)?;
    let mut view = View {
        signed: Arc::new(signed),
        segments: Arc::new(Segment::list(dir, to_write)?),
        derived: Arc::new(Derived::open(dir, to_write)?),
    };
    let mut recovery = Recovery::default();
    let edge = match fits(&view, older) {
        Err(LedgerError::Damaged { .. } | LedgerError::Truncated { .. } | LedgerError::Forked { .. }) => {
            view = heal::renew(dir, &view, to_write)?;
            recovery.derived_renewed = true;
            fits(&view, older)?
        }
        checked => checked?,
    };
    Ok(Opened { view, edge, newest_slot: at, slot_unreadable: older.is_none(), recovery })
}

fn fits(view: &View, older: Option<Head>) -> Result<Edge, LedgerError> {
    let edge = view.check()?;
    if let Some(older) = older {
        let forked = LedgerError::Forked { older: older.size, newer: view.head().size };
        view.check_beginning(&older).map_err(|error| match error {
            LedgerError::Damaged { .. } => forked,
            other => other,
        })?;
    }
    Ok(edge)
}

/// A walk that stands behind the last acknowledged entry.
pub(super) fn walk_behind(view: &View) -> Result<Walk<'_>, LedgerError> {
    let size = view.head().size;
    let Some(last) = size.checked_sub(1) else { return Walk::begin(&view.segments) };
    let mut walk = view.walk(last)?;
    walk.acknowledged(size)?;
    Ok(walk)
}

/// Cuts what lies beyond the acknowledged entries. Returns the view without it and how many bytes went.
///
/// # Errors
/// [`LedgerError::Outdated`] if more than one batch lies there. A batch is only begun when the one before
/// was acknowledged, so somebody put older head slots back.
pub(super) fn cut(dir: Dir<'_>, view: &View) -> Result<(View, u64), LedgerError> {
    let mut walk = walk_behind(view)?;
    let mut batches = 0;
    while let Step::Entry(frame) = walk.step()? {
        if batches > 0 {
            return Err(LedgerError::Outdated { head: view.head().size, present: walk.number() });
        }
        batches += u32::from(frame.followers == 0);
    }
    let (segment, end) = walk_behind(view)?.position();
    let mut segments = view.segments.to_vec();
    let mut bytes = 0;
    while segments.len() > segment + 1 {
        if let Some(beyond) = segments.pop() {
            bytes += beyond.file.len()?;
            dir.remove(&beyond.file)?;
        }
    }
    if let Some(last) = segments.last() {
        let excess = last.file.len()?.saturating_sub(end);
        if excess > 0 {
            disk::cut(&last.file, end)?;
            bytes += excess;
        }
    }
    Ok((View { segments: Arc::new(segments), ..view.clone() }, bytes))
}

/// The batches beyond the newest head, if all of them are whole.
///
/// # Errors
/// [`LedgerError::TailInDoubt`] if they are not: it cannot be told whether they were acknowledged.
pub(super) fn whole_tail(view: &View) -> Result<Tail, LedgerError> {
    let mut walk = walk_behind(view)?;
    let mut entries = Vec::new();
    let mut followers = 0;
    loop {
        let doubt = Err(LedgerError::TailInDoubt { entry: EntryNo(walk.number()) });
        match walk.step()? {
            Step::End if followers == 0 => return Ok(Tail { entries }),
            Step::Entry(frame)
                if (entries.is_empty() || followers == 0 || frame.followers + 1 == followers)
                    && Entry::from_leaf(&frame.leaf).is_ok() =>
            {
                followers = frame.followers;
                entries.push((frame.at, leaf_hash(&frame.leaf)));
            }
            Step::End | Step::Broken(_) | Step::Entry(_) => return doubt,
        }
    }
}
