//! A ledger in memory, for tests and demonstrations, with a fuse to stop it at any step.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ed25519_dalek::SigningKey;

use crate::base::digest::Sha256;

use super::audit::{Audit, Chains};
use super::batch::{check_range, encode_batch};
use super::checkpoint::{Checkpoint, Head};
use super::entry::{Draft, Entry, EntryNo};
use super::error::LedgerError;
use super::note::VerifierKey;
use super::tree::{self, Edge, Nodes, leaf_hash};
use super::{Ledger, checkpoint};

/// Keeps everything in memory and nothing longer. Same answers as [`super::LocalLedger`].
pub struct MemoryLedger {
    origin: String,
    key: SigningKey,
    state: Mutex<State>,
}

struct State {
    leaves: Vec<Vec<u8>>,
    hashes: Vec<Sha256>,
    edge: Edge,
    fuse: Option<Fuse>,
}

struct Fuse {
    left: usize,
    /// Whether the operation that fails is carried out before its answer is lost.
    late: bool,
}

impl Nodes for Vec<Sha256> {
    type Error = LedgerError;

    fn node(&self, level: u32, index: u64) -> Result<Sha256, LedgerError> {
        let damaged = LedgerError::Damaged { entry: EntryNo(index << level), what: "hash is missing" };
        let at = usize::try_from(tree::stored_at(level, index)).ok();
        at.and_then(|at| self.get(at)).copied().ok_or(damaged)
    }
}

impl MemoryLedger {
    /// An empty ledger of this origin.
    ///
    /// # Errors
    /// [`LedgerError::Checkpoint`] if the origin cannot be the name of a key.
    pub fn new(key: SigningKey, origin: &str) -> Result<Self, LedgerError> {
        let ledger = Self {
            origin: origin.to_owned(),
            key,
            state: Mutex::new(State {
                leaves: Vec::new(),
                hashes: Vec::new(),
                edge: Edge::default(),
                fuse: None,
            }),
        };
        ledger.sign(Head::empty())?;
        Ok(ledger)
    }

    /// Lets the `n`-th operation from now (1 is the next; reads count, [`Ledger::head`] cannot fail and
    /// does not) fail once, before anything is done.
    #[must_use]
    pub fn with_fuse(self, n: usize) -> Self {
        self.set_fuse(n, false);
        self
    }

    /// Lets the `n`-th operation from now fail once *after* it was carried out: an append is durable, but
    /// its caller never learns.
    #[must_use]
    pub fn with_late_fuse(self, n: usize) -> Self {
        self.set_fuse(n, true);
        self
    }

    /// Sets the fuse of a ledger that is already shared; see [`Self::with_fuse`], [`Self::with_late_fuse`].
    pub fn set_fuse(&self, n: usize, late: bool) {
        self.lock().fuse = Some(Fuse { left: n, late });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is made in one go after all that can fail, so a panic elsewhere leaves no half.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sign(&self, head: Head) -> Result<String, LedgerError> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), head, extensions: Vec::new() };
        checkpoint.sign(&self.key).map_err(LedgerError::Checkpoint)
    }

    /// Counts an operation and carries it out, unless the fuse blows.
    fn operate<T>(&self, work: impl FnOnce(&mut State) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let mut state = self.lock();
        let blown = state.blows();
        match blown {
            Some(false) => Err(blown_fuse()),
            Some(true) => work(&mut state).and(Err(blown_fuse())),
            None => work(&mut state),
        }
    }
}

impl State {
    fn head(&self) -> Head {
        Head { size: self.edge.size(), root: self.edge.root() }
    }

    /// `Some(late)` if this operation is the one that fails.
    fn blows(&mut self) -> Option<bool> {
        let fuse = self.fuse.as_mut()?;
        fuse.left = fuse.left.saturating_sub(1);
        let late = fuse.late;
        if fuse.left > 0 {
            return None;
        }
        self.fuse = None;
        Some(late)
    }

    fn read(&self, from: u64, at_most: usize) -> Result<Vec<Entry>, LedgerError> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.leaves.iter().skip(from).take(at_most).map(|leaf| decode(leaf)).collect()
    }
}

fn decode(leaf: &[u8]) -> Result<Entry, LedgerError> {
    let damaged = LedgerError::Damaged { entry: EntryNo(0), what: "leaf is not an entry" };
    Entry::from_leaf(leaf).map_err(|_| damaged)
}

fn blown_fuse() -> LedgerError {
    let source = std::io::Error::other("the fuse of this ledger has blown");
    LedgerError::Io { doing: "working in", path: "memory".into(), source: source.into() }
}

impl Ledger for MemoryLedger {
    fn head(&self) -> Head {
        self.lock().head()
    }

    fn append(&self, after: u64, drafts: Vec<Draft>) -> Result<Head, LedgerError> {
        self.operate(|state| {
            let actual = state.edge.size();
            if after != actual {
                return Err(LedgerError::MovedOn { expected: after, actual });
            }
            for leaf in encode_batch(after, drafts)? {
                state.edge.push(leaf_hash(&leaf), |hash| state.hashes.push(hash));
                state.leaves.push(leaf);
            }
            Ok(state.head())
        })
    }

    fn entry(&self, no: EntryNo) -> Result<Entry, LedgerError> {
        self.operate(|state| {
            let end = state.edge.size();
            state.read(no.0, 1)?.pop().ok_or(LedgerError::Beyond { asked: no.0, end })
        })
    }

    fn entries(&self, from: EntryNo, at_most: usize) -> Result<Vec<Entry>, LedgerError> {
        self.operate(|state| state.read(from.0, at_most))
    }

    fn checkpoint(&self) -> Result<String, LedgerError> {
        self.operate(|state| self.sign(state.head()))
    }

    fn inclusion(&self, no: EntryNo, size: u64) -> Result<Vec<Sha256>, LedgerError> {
        self.operate(|state| {
            check_range(no.0.saturating_add(1), size, state.edge.size())?;
            tree::inclusion(&state.hashes, no.0, size)
        })
    }

    fn consistency(&self, old: u64, new: u64) -> Result<Vec<Sha256>, LedgerError> {
        self.operate(|state| {
            check_range(old, new, state.edge.size())?;
            tree::consistency(&state.hashes, old, new)
        })
    }

    fn audit(&self) -> Result<Audit, LedgerError> {
        self.operate(|state| {
            let mut audit = Audit::of(state.head());
            let (mut edge, mut chains) = (Edge::default(), Chains::default());
            for (no, leaf) in (0..).zip(&state.leaves) {
                audit.bytes += leaf.len() as u64;
                edge.push(leaf_hash(leaf), |_| ());
                match Entry::from_leaf(leaf) {
                    Ok(entry) if entry.header.number.0 == no => chains.follow(&entry.header, &mut audit),
                    _ => audit.flaw(Some(no), "leaf is not this entry"),
                }
            }
            if edge != state.edge {
                audit.flaw(None, "tree differs");
            }
            let key = VerifierKey::new(&self.origin, self.key.verifying_key())
                .map_err(|error| LedgerError::Checkpoint(error.into()))?;
            if checkpoint::verify(&self.sign(state.head())?, &key).map(|c| c.head) != Ok(audit.head) {
                audit.flaw(None, "signature does not hold");
            }
            Ok(audit)
        })
    }
}
