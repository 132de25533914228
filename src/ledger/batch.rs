//! What every ledger checks before it changes or answers anything. Pure.

use super::entry::{Draft, ENTRY_BYTES_MAX, EntryNo, HEADER_BYTES};
use super::error::LedgerError;

/// The most bytes of entries one append may have; the caller splits larger work.
pub const BATCH_BYTES_MAX: usize = 256 << 20;

/// The leaves that `drafts` become after `after` entries; refuses before anything was written.
pub(super) fn encode_batch(after: u64, drafts: Vec<Draft>) -> Result<Vec<Vec<u8>>, LedgerError> {
    let sizes = drafts.iter().map(|draft| HEADER_BYTES + draft.body.len());
    limit("entry", sizes.clone().max().unwrap_or(0), ENTRY_BYTES_MAX)?;
    limit("batch", sizes.sum(), BATCH_BYTES_MAX)?;
    let numbered = (after..).map(EntryNo).zip(drafts).enumerate();
    numbered
        .map(|(position, (number, draft))| {
            let entry = draft.at_number(number);
            entry.header.check().map_err(|source| LedgerError::Unfit { position, source })?;
            Ok(entry.leaf())
        })
        .collect()
}

/// `inner` must lie within `outer`, and that within `size`.
pub(super) fn check_range(inner: u64, outer: u64, size: u64) -> Result<(), LedgerError> {
    if outer > size {
        return Err(LedgerError::Beyond { asked: outer, end: size });
    }
    if inner > outer {
        return Err(LedgerError::Beyond { asked: inner, end: outer });
    }
    Ok(())
}

fn limit(what: &'static str, bytes: usize, limit_bytes: usize) -> Result<(), LedgerError> {
    if bytes > limit_bytes { Err(LedgerError::TooLarge { what, bytes, limit_bytes }) } else { Ok(()) }
}
