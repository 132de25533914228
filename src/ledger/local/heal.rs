//! Making the derived files anew from the segments, and telling a bad derived file from bad entries.

use std::sync::Arc;

use crate::ledger::disk::Dir;
use crate::ledger::entry::EntryNo;
use crate::ledger::error::LedgerError;
use crate::ledger::tree::{Edge, leaf_hash};

use super::derived::Renewal;
use super::view::View;
use super::walk::Walk;

/// Reads every acknowledged entry and makes hashes and offsets anew: files if `to_write`, else in memory.
///
/// # Errors
/// An alarm naming the entry if the entries are not what the signed head covers. Then the old derived
/// files stay, because they may be the only witness of what was changed.
pub(super) fn renew(dir: Dir<'_>, view: &View, to_write: bool) -> Result<View, LedgerError> {
    let head = view.head();
    let mut renewal = Renewal::begin(dir, to_write)?;
    let mut edge = Edge::default();
    let mut first_changed = None;
    let mut walk = Walk::begin(&view.segments)?;
    let mut complete = Vec::new();
    for number in 0..head.size {
        let frame = walk.acknowledged(head.size)?;
        let hash = leaf_hash(&frame.leaf);
        if first_changed.is_none() && view.derived.leaf_hash(number)?.is_some_and(|stored| stored != hash) {
            first_changed = Some(number);
        }
        renewal.push_offset(frame.at)?;
        edge.push(hash, |hash| complete.push(hash));
        for hash in complete.drain(..) {
            renewal.push_hash(&hash)?;
        }
    }
    if edge.root() != head.root {
        let entry = EntryNo(first_changed.unwrap_or(0));
        return Err(LedgerError::Damaged { entry, what: "it is not what the signed head covers" });
    }
    Ok(View { derived: Arc::new(renewal.finish()?), ..view.clone() })
}
