//! The Merkle tree of RFC 6962 (RFC 9162 §2.1) over SHA-256: hashing, growing, making proofs. Pure.
//!
//! A tree is kept as the hashes of all its *complete* subtrees, in the order in which they become
//! complete: a leaf, then every parent it completes. `n` leaves have `2n − popcount(n)` such hashes, the
//! list only grows, and the place of each follows from its level and index ([`stored_at`]), so a proof
//! reads O(log n) of them. Verification is elsewhere ([`super::proof`]), on purpose.

use crate::base::digest::Sha256;

/// The root of the tree without leaves.
#[must_use]
pub fn empty_root() -> Sha256 {
    Sha256::of(&[])
}

/// The hash of a leaf: `SHA-256(0x00 ‖ bytes)`.
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Sha256 {
    Sha256::of(&[&[0x00], bytes])
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Sha256, right: &Sha256) -> Sha256 {
    Sha256::of(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// How many hashes a tree of `size` leaves has stored. `size` stays below 2⁶³.
#[must_use]
pub fn stored_count(size: u64) -> u64 {
    2 * size - u64::from(size.count_ones())
}

/// Where the hash of the complete subtree `index` of `level` (0 = leaves) is stored.
#[must_use]
pub fn stored_at(level: u32, index: u64) -> u64 {
    let last_leaf = ((index + 1) << level) - 1;
    stored_count(last_leaf) + u64::from(level)
}

/// Access to the stored hashes of complete subtrees.
pub trait Nodes {
    /// What reading can fail with.
    type Error;

    /// The hash of subtree `index` of `level`; asked only for complete subtrees of the tree at hand.
    ///
    /// # Errors
    /// Those of the store.
    fn node(&self, level: u32, index: u64) -> Result<Sha256, Self::Error>;
}

/// The growing edge of a tree: the roots of its complete subtrees, largest first. O(log n) to keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    peaks: Vec<Sha256>,
}

impl Edge {
    /// The edge of the tree with `size` leaves in `nodes`.
    ///
    /// # Errors
    /// Those of `nodes`.
    pub fn read<N: Nodes>(nodes: &N, size: u64) -> Result<Self, N::Error> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..u64::BITS).rev().filter(|level| (size >> level) & 1 == 1) {
            peaks.push(nodes.node(level, start >> level)?);
            start += 1 << level;
        }
        Ok(Self { size, peaks })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and hands every hash that becomes complete, in order of storing, to `store`.
    pub fn push(&mut self, leaf: Sha256, mut store: impl FnMut(Sha256)) {
        store(leaf);
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
                store(hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Sha256 {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// The root of the first `size` leaves.
///
/// # Errors
/// Those of `nodes`.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Sha256, N::Error> {
    Ok(Edge::read(nodes, size)?.root())
}

/// The audit path of leaf `index` among the first `size` (RFC 9162 §2.1.3.1): deepest sibling first.
/// The caller has made sure that `index < size`.
///
/// # Errors
/// Those of `nodes`.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Sha256>, N::Error> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(subtree(nodes, middle, high)?);
            high = middle;
        } else {
            path.push(subtree(nodes, low, middle)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Proof that the first `old` leaves are a beginning of the first `new` (RFC 9162 §2.1.4.1); empty for
/// `old` 0 or equal to `new`. The caller has made sure that `old <= new`.
///
/// # Errors
/// Those of `nodes`.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Vec<Sha256>, N::Error> {
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    let (mut low, mut high) = (0, new);
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(subtree(nodes, middle, high)?);
            high = middle;
        } else {
            path.push(subtree(nodes, low, middle)?);
            low = middle;
        }
    }
    if low != 0 {
        path.push(subtree(nodes, low, high)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the first `size` leaves if those from `from` on were `leaves`: everything outside the run
/// comes from `nodes`, everything above it is computed. Equal to the known root only if the run is genuine.
///
/// # Errors
/// Those of `nodes`.
pub fn root_over<N: Nodes>(nodes: &N, size: u64, from: u64, leaves: &[Sha256]) -> Result<Sha256, N::Error> {
    Run { nodes, from, leaves }.root(0, size)
}

struct Run<'a, N> {
    nodes: &'a N,
    from: u64,
    leaves: &'a [Sha256],
}

impl<N: Nodes> Run<'_, N> {
    /// Depth is at most 64: the tree is balanced.
    fn root(&self, low: u64, high: u64) -> Result<Sha256, N::Error> {
        let end = self.from + self.leaves.len() as u64;
        if low == high {
            return Ok(empty_root());
        }
        if high <= self.from || low >= end {
            return subtree(self.nodes, low, high);
        }
        if high - low == 1 {
            // low lies in from..end here, and the run is in memory: the difference fits
            return Ok(self.leaves[(low - self.from) as usize]);
        }
        let middle = low + split(high - low);
        Ok(node_hash(&self.root(low, middle)?, &self.root(middle, high)?))
    }
}

/// The root over leaves `low..high`, which is a node of some RFC 6962 tree (so `low` is aligned).
fn subtree<N: Nodes>(nodes: &N, low: u64, high: u64) -> Result<Sha256, N::Error> {
    let count = high - low;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        return nodes.node(level, low >> level);
    }
    let middle = low + split(count);
    Ok(node_hash(&subtree(nodes, low, middle)?, &subtree(nodes, middle, high)?))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}
