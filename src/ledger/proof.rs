//! Verification of proofs. Small, no I/O, shares nothing with the making of proofs but the two hash
//! functions: whoever distrusts us reads this file.
//!
//! The algorithms are those of RFC 9162 §2.1.3.2 and §2.1.4.2. What a proof *file* holds is
//! [`EntryProof`]; its encoding lives in the format layer (`schema/formats/proof.md`).

use crate::base::digest::Sha256;

use super::checkpoint::{self, CheckpointError, Head};
use super::entry::{Entry, EntryNo, NotAnEntry};
use super::note::VerifierKey;
use super::tree::{empty_root, leaf_hash, node_hash};

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry is not below the size, or sizes are in the wrong order.
    #[error("entry or sizes are out of range")]
    Range,
    /// Too few or too many hashes.
    #[error("path has the wrong length")]
    PathLength,
    /// The path does not lead to the root.
    #[error("path does not lead to the root")]
    RootDiffers,
    /// The checkpoint is malformed or not signed by the key asked about.
    #[error("checkpoint does not hold")]
    Checkpoint(#[from] CheckpointError),
    /// The leaf bytes are not a canonical entry.
    #[error("leaf is not an entry")]
    Leaf(#[from] NotAnEntry),
    /// The entry says it has another number than the proof.
    #[error("entry has number {found}, the proof is about {claimed}")]
    Number {
        /// What the proof says.
        claimed: EntryNo,
        /// What the entry says.
        found: EntryNo,
    },
}

/// Verifies that `leaf` (its leaf hash) is number `index` of the tree with `size` leaves and `root`.
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_inclusion(
    leaf: &Sha256,
    index: u64,
    size: u64,
    path: &[Sha256],
    root: &Sha256,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in path {
        hash = if walk.sibling_is_left()? { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        walk.climb();
    }
    walk.arrived()?;
    if hash == *root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// Verifies that the tree `old` is a beginning of the tree `new`.
///
/// # Errors
/// [`ProofError`] says what does not fit.
pub fn verify_consistency(old: &Head, new: &Head, path: &[Sha256]) -> Result<(), ProofError> {
    if old.size > new.size {
        return Err(ProofError::Range);
    }
    if old.size == new.size || old.size == 0 {
        let expected = if old.size == 0 { empty_root() } else { new.root };
        let new_fits = new.size != old.size || new.root == old.root;
        return match (path.is_empty(), old.root == expected && new_fits) {
            (false, _) => Err(ProofError::PathLength),
            (true, false) => Err(ProofError::RootDiffers),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = if old.size.is_power_of_two() {
        (old.root, path)
    } else {
        let (first, rest) = path.split_first().ok_or(ProofError::PathLength)?;
        (*first, rest)
    };
    let shift = (old.size - 1).trailing_ones();
    let mut walk = Walk { node: (old.size - 1) >> shift, last: (new.size - 1) >> shift };
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if walk.sibling_is_left()? {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        walk.climb();
    }
    walk.arrived()?;
    if old_hash == old.root && new_hash == new.root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// The way from a node up to the root: `fn` and `sn` of RFC 9162.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    /// On which side the next hash of the path stands. A node without sibling on its level is the same on
    /// the level above, so those levels are climbed first.
    fn sibling_is_left(&mut self) -> Result<bool, ProofError> {
        if self.last == 0 {
            return Err(ProofError::PathLength);
        }
        if self.node == self.last {
            while self.node & 1 == 0 && self.node != 0 {
                self.climb();
            }
        }
        Ok(self.node & 1 == 1)
    }

    fn climb(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn arrived(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::PathLength) }
    }
}

/// What a proof file holds: one entry and why it is in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// The canonical bytes of the entry (`schema/formats/ledger.md`).
    pub leaf: Vec<u8>,
    /// Its number.
    pub number: EntryNo,
    /// The audit path to the root in the checkpoint, deepest sibling first.
    pub path: Vec<Sha256>,
    /// The signed checkpoint (a C2SP note, with whatever witness signatures it gathered).
    pub checkpoint: String,
}

/// An entry that was proven to be in a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEntry {
    /// The entry.
    pub entry: Entry,
    /// The ledger it stands in.
    pub origin: String,
    /// The head that covers it.
    pub head: Head,
}

impl EntryProof {
    /// Verifies signature, path and canonical bytes against the key of the ledger.
    ///
    /// # Errors
    /// [`ProofError`] says what does not hold; then nothing is proven.
    pub fn verify(&self, key: &VerifierKey) -> Result<VerifiedEntry, ProofError> {
        let checkpoint = checkpoint::verify(&self.checkpoint, key)?;
        let head = checkpoint.head;
        verify_inclusion(&leaf_hash(&self.leaf), self.number.0, head.size, &self.path, &head.root)?;
        let entry = Entry::from_leaf(&self.leaf)?;
        if entry.header.number != self.number {
            return Err(ProofError::Number { claimed: self.number, found: entry.header.number });
        }
        Ok(VerifiedEntry { entry, origin: checkpoint.origin, head })
    }
}
