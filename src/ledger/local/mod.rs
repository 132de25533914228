//! A ledger in a directory, with its signed head in a second one.
//!
//! ```text
//! dir/00000000000000000000.segment …   entries, framed; only ever appended
//!     hashes.derived offsets.derived   made anew from the segments at will
//!     lock                             one writer at a time
//! head_dir/head-0.note head-1.note     the signed head, in two slots that take turns
//! ```
//!
//! Order of writing: entries → fsync → head slot → fsync → acknowledge. Every answer is checked against the
//! signed head before it is given; if a derived file was at fault, it is made anew and the question asked
//! once more. After a failed write the writer is poisoned and nothing is tried again.

mod audit;
mod derived;
#[cfg(test)]
mod faults;
mod heal;
mod recover;
mod segment;
mod slots;
mod view;
mod walk;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use ed25519_dalek::SigningKey;

use crate::base::digest::Sha256;
use crate::disk::{Disk, Lock};

use super::Ledger;
use super::audit::Audit;
use super::batch::encode_batch;
use super::checkpoint::{Checkpoint, Head};
use super::disk::Dir;
use super::entry::{Draft, Entry, EntryNo};
use super::error::LedgerError;
use super::note::VerifierKey;
use recover::Opened;
use segment::Segment;
use slots::{SignedHead, Slots};
use view::View;
use writer::{Batch, Writer};

pub use segment::SEGMENT_BYTES;

const LOCK: &str = "lock";

/// What opening had to put right. None of it concerns an acknowledged entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Bytes beyond the head that were never acknowledged and were cut.
    pub cut_bytes: u64,
    /// Whole entries beyond the readable head that were kept, because the other head slot was unreadable.
    pub kept_entries: u64,
    /// Hashes or offsets were missing or wrong and were made anew.
    pub derived_renewed: bool,
    /// An unreadable head slot was written anew.
    pub slot_renewed: bool,
}

/// See the module documentation.
pub struct LocalLedger {
    disk: Disk,
    dir: PathBuf,
    head_dir: PathBuf,
    key: VerifierKey,
    view: RwLock<View>,
    /// None if opened to read.
    writer: Mutex<Option<Writer>>,
    recovery: Recovery,
}

impl LocalLedger {
    /// Makes a new ledger in two directories that are empty or not there yet, and opens it.
    ///
    /// # Errors
    /// [`LedgerError::NotEmpty`]; [`LedgerError::Checkpoint`] if `origin` cannot be the name of a key;
    /// faults of the disk.
    pub fn create(dir: &Path, head_dir: &Path, key: SigningKey, origin: &str) -> Result<Self, LedgerError> {
        Self::create_on(&Disk::real(), dir, head_dir, key, origin)
    }

    /// As [`Self::create`], on this disk.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_on(
        disk: &Disk,
        dir: &Path,
        head_dir: &Path,
        key: SigningKey,
        origin: &str,
    ) -> Result<Self, LedgerError> {
        let note = sign(Head::empty(), origin, &key)?;
        let [entries, heads] = [dir, head_dir].map(|path| Dir { disk, path });
        entries.make_vacant()?;
        heads.make_vacant()?;
        Segment::create(entries, 0)?;
        slots::create(heads, &note)?;
        Self::open_on(disk, dir, head_dir, key, origin)
    }

    /// Opens a ledger to read and append. Cuts what was never acknowledged; see [`Self::recovery`].
    ///
    /// # Errors
    /// [`LedgerError::Occupied`] if another process writes; an alarm ([`LedgerError::is_alarm`]) if what is
    /// kept does not fit the signed head; faults of the disk.
    pub fn open(dir: &Path, head_dir: &Path, key: SigningKey, origin: &str) -> Result<Self, LedgerError> {
        Self::open_on(&Disk::real(), dir, head_dir, key, origin)
    }

    /// As [`Self::open`], on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(
        disk: &Disk,
        dir: &Path,
        head_dir: &Path,
        key: SigningKey,
        origin: &str,
    ) -> Result<Self, LedgerError> {
        let verifier = VerifierKey::new(origin, key.verifying_key())
            .map_err(|error| LedgerError::Checkpoint(error.into()))?;
        let [entries, heads] = [dir, head_dir].map(|path| Dir { disk, path });
        let lock = disk.lock(&dir.join(LOCK))?;
        let opened = recover::open(entries, heads, &verifier, true)?;
        let slots = Slots::open(heads, opened.newest_slot)?;
        disk.sync_folder(dir)?; // the newest segment's name may never have become durable
        slots.renew()?;
        let (writer, view, recovery) = start_writer(entries, opened, slots, key, origin, lock)?;
        Ok(Self::assemble([entries, heads], verifier, view, Some(writer), recovery))
    }

    /// Opens a ledger to read and audit, with the public key only. Nothing on the disk is changed.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_to_read(dir: &Path, head_dir: &Path, key: VerifierKey) -> Result<Self, LedgerError> {
        Self::open_to_read_on(&Disk::real(), dir, head_dir, key)
    }

    /// As [`Self::open_to_read`], on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_to_read_on(
        disk: &Disk,
        dir: &Path,
        head_dir: &Path,
        key: VerifierKey,
    ) -> Result<Self, LedgerError> {
        let [entries, heads] = [dir, head_dir].map(|path| Dir { disk, path });
        let Opened { view, recovery, .. } = recover::open(entries, heads, &key, false)?;
        Ok(Self::assemble([entries, heads], key, view, None, recovery))
    }

    fn assemble(
        [dir, heads]: [Dir<'_>; 2],
        key: VerifierKey,
        view: View,
        writer: Option<Writer>,
        recovery: Recovery,
    ) -> Self {
        let (view, writer) = (RwLock::new(view), Mutex::new(writer));
        let (disk, dir, head_dir) = (dir.disk.clone(), dir.path.to_owned(), heads.path.to_owned());
        Self { disk, dir, head_dir, key, view, writer, recovery }
    }

    /// The key that verifies checkpoints of this ledger; its name is the origin.
    #[must_use]
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// What opening had to put right.
    #[must_use]
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    fn dir(&self) -> Dir<'_> {
        Dir { disk: &self.disk, path: &self.dir }
    }

    fn view(&self) -> View {
        // A view is only ever replaced as a whole, so a panic elsewhere leaves no half of one.
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = view;
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<Writer>> {
        // A writer that was interrupted by a panic is poisoned by itself (see `Writer::commit`).
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks a question; if what is stored does not fit the signed head, makes the derived files anew and
    /// asks once more.
    fn ask<T>(&self, question: impl Fn(&View) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        match question(&self.view()) {
            Err(LedgerError::Damaged { .. } | LedgerError::Truncated { .. }) => {
                self.renew_derived()?;
                question(&self.view())
            }
            answer => answer,
        }
    }

    fn renew_derived(&self) -> Result<(), LedgerError> {
        let writer = self.lock_writer();
        let view = heal::renew(self.dir(), &self.view(), writer.is_some())?;
        self.publish(view);
        Ok(())
    }
}

impl Ledger for LocalLedger {
    fn head(&self) -> Head {
        self.view().head()
    }

    fn append(&self, after: u64, drafts: Vec<Draft>) -> Result<Head, LedgerError> {
        let mut guard = self.lock_writer();
        let writer = guard.as_mut().ok_or(LedgerError::ReadOnly)?;
        let view = self.view();
        let actual = view.head().size;
        if writer.is_poisoned() {
            return Err(LedgerError::Poisoned);
        }
        if actual != after {
            return Err(LedgerError::MovedOn { expected: after, actual });
        }
        let leaves = encode_batch(after, drafts)?;
        if leaves.is_empty() {
            return Ok(view.head());
        }
        let batch = Batch::of(&leaves, writer.edge());
        let head = batch.head();
        let signed = SignedHead { head, note: sign(head, self.key.name(), writer.signer())? };
        self.publish(writer.commit(self.dir(), &view, batch, signed)?);
        Ok(head)
    }

    fn entry(&self, no: EntryNo) -> Result<Entry, LedgerError> {
        self.ask(|view| {
            let end = view.head().size;
            let beyond = LedgerError::Beyond { asked: no.0, end };
            if no.0 >= end {
                return Err(beyond);
            }
            view.entries(no.0, no.0 + 1)?.pop().ok_or(beyond)
        })
    }

    fn entries(&self, from: EntryNo, at_most: usize) -> Result<Vec<Entry>, LedgerError> {
        self.ask(|view| {
            let end = from.0.saturating_add(at_most as u64).min(view.head().size);
            view.entries(from.0, end)
        })
    }

    fn checkpoint(&self) -> Result<String, LedgerError> {
        Ok(self.view().signed.note.clone())
    }

    fn inclusion(&self, no: EntryNo, size: u64) -> Result<Vec<Sha256>, LedgerError> {
        self.ask(|view| view.inclusion(no.0, size))
    }

    fn consistency(&self, old: u64, new: u64) -> Result<Vec<Sha256>, LedgerError> {
        self.ask(|view| view.consistency(old, new))
    }

    fn audit(&self) -> Result<Audit, LedgerError> {
        let (view, found) = {
            // Nobody writes a slot while both are read.
            let _writer = self.lock_writer();
            (self.view(), slots::read(Dir { disk: &self.disk, path: &self.head_dir }, &self.key)?)
        };
        let audit = audit::audit(self.dir(), &view, found)?;
        if audit.derived_renewed {
            // The entries are good, so this can only fail for want of a disk.
            self.renew_derived()?;
        }
        Ok(audit)
    }
}

/// Deals with what lies beyond the head, then with an unreadable slot, and readies the writer.
fn start_writer(
    dir: Dir<'_>,
    opened: Opened,
    slots: Slots,
    signer: SigningKey,
    origin: &str,
    lock: Lock,
) -> Result<(Writer, View, Recovery), LedgerError> {
    let Opened { mut view, edge, slot_unreadable, mut recovery, .. } = opened;
    if !slot_unreadable {
        let (shorter, cut_bytes) = recover::cut(dir, &view)?;
        (view, recovery.cut_bytes) = (shorter, cut_bytes);
        return Ok((Writer::new(signer, edge, &view, slots, lock)?, view, recovery));
    }
    let tail = recover::whole_tail(&view)?;
    recovery.kept_entries = tail.entries.len() as u64;
    recovery.slot_renewed = true;
    let batch = Batch::found(&tail.entries, &edge);
    let head = batch.head();
    let signed = SignedHead { head, note: sign(head, origin, &signer)? };
    let mut writer = Writer::new(signer, edge, &view, slots, lock)?;
    let view = writer.adopt(&view, batch, signed)?;
    Ok((writer, view, recovery))
}

fn sign(head: Head, origin: &str, key: &SigningKey) -> Result<String, LedgerError> {
    let checkpoint = Checkpoint { origin: origin.to_owned(), head, extensions: Vec::new() };
    checkpoint.sign(key).map_err(LedgerError::Checkpoint)
}
