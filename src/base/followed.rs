//! How far a view has followed a ledger: the one thing all views keep, and by which they are known to be of
//! another registry, or of a history that was put back.

use super::digest::Sha256;

/// How far a view has followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// So many entries.
    pub entries: u64,
    /// The digest of the last of them; zeros if there is none.
    pub last: Sha256,
}

impl Followed {
    /// A view that has followed nothing yet.
    pub const NOTHING: Self = Self { entries: 0, last: Sha256([0; 32]) };
}
