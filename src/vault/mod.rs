//! SEAM objects: where the bytes live, named by their content and sealed (design §3). One third of the
//! truth; the others are the ledger and the keyring.
//!
//! A [`Vault`] takes in, serves and checks; only a [`DisposableVault`] can also destroy, and only under
//! a warrant of today. The archive wing is handed out as `Arc<dyn Vault>`. Two implementations,
//! [`LocalVault`] and [`MemoryVault`], keep one suite of promises.
//!
//! The order that keeps a promise:
//! 1. [`Stager::stage`]: one pass over the content; nothing is visible. [`Stager::pass`] seals nothing that is
//!    known.
//! 2. The caller wraps [`Staged::object_key`] durably. The vault never stores it.
//! 3. [`Vault::deposit`]: visible and durable on return, many at once for one sync.
//! 4. The caller writes the ledger entry that names the object. A deposit that no entry names is an
//!    orphan: after a day [`DisposableVault::discard_unclaimed`] sweeps it, and if the same content comes
//!    again before, [`DisposableVault::replace_unclaimed`] puts it under the new key.
//!
//! May not know records, files or people, and never sees a wrapped key. What is written is specified in
//! `schema/formats/object.md` (the sealed body) and `schema/formats/volume.md` (records and manifest).

mod copy;
mod error;
mod frames;
mod local;
mod manifest;
mod memory;
mod reader;
mod record;
mod stage;
mod volumes;

#[cfg(test)]
mod suite;

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;

use jiff::civil::Date;

use crate::base::digest::Blake3;
use crate::base::seal::SealKey;
use crate::domain::disposal::DestructionWarrant;
use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;

pub use copy::{SealedCopy, sealed_digest};
pub use error::VaultError;
pub use local::{LocalVault, ManifestState, Opening, VaultCopy};
pub use memory::MemoryVault;
pub use stage::{Knows, Passed, SMALL_BYTES_MAX, Staged, Stager};

/// Bytes read at once where a whole object is hashed.
const READ_BYTES: usize = 128 * 1024;

/// Lines of the manifest hashed between two looks at it.
const LIST_PAGE: usize = 4096;

/// A store of sealed objects. All calls may come from any thread.
pub trait Vault: Send + Sync {
    /// A stager for one protection domain: `address_key` is its secret. Only what it staged can be
    /// deposited here.
    fn stager(&self, address_key: &SealKey) -> Stager;

    /// Takes objects in; they are visible and durable on return, and callers that come at the same time
    /// share their syncs. The answers have the order of `staged`.
    ///
    /// An object that is there already stays as it is (`fresh: false`), *sealed under the key of its
    /// first deposit*: the new key opens nothing. Within one call the first of equals is the fresh one.
    ///
    /// # Errors
    /// [`VaultError::StorageFull`]: nothing of this deposit is visible. [`VaultError::Poisoned`] after
    /// any other failure to write, now and ever after: the process must restart, which shows what is on
    /// disk. [`VaultError::StagedElsewhere`] for the stager of another vault.
    fn deposit(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError>;

    /// The object is in the manifest. Says nothing about its bytes.
    ///
    /// # Errors
    /// An error is never "no": [`VaultError::Poisoned`] if a thread broke down while it held the manifest.
    fn contains(&self, id: &ObjectId) -> Result<bool, VaultError>;

    /// The object's line of the manifest; none if it is not here.
    ///
    /// # Errors
    /// As [`Self::contains`].
    fn stored(&self, id: &ObjectId) -> Result<Option<Stored>, VaultError>;

    /// The sealed body as it lies on the medium, for a copy elsewhere; none if the object is not here. Nothing
    /// is verified: whoever takes it compares it with the manifest ([`Self::stage_copy`] does).
    ///
    /// # Errors
    /// As [`Self::contains`]; [`VaultError::Changed`] if its file is gone.
    fn sealed(&self, id: &ObjectId) -> Result<Option<Box<dyn Read + Send>>, VaultError>;

    /// Stages the sealed body of an object of another vault, as it is: no key is needed and nothing is opened.
    ///
    /// # Errors
    /// [`VaultError::Changed`] if `source` is not what `stored` says; otherwise as [`Stager::stage`].
    fn stage_copy(&self, stored: &Stored, source: &mut dyn Read) -> Result<SealedCopy, VaultError>;

    /// Takes copies in, as [`Self::deposit`] takes objects in.
    ///
    /// # Errors
    /// As [`Self::deposit`].
    fn deposit_copies(&self, copies: Vec<SealedCopy>) -> Result<Vec<Deposited>, VaultError> {
        self.deposit(copies.into_iter().map(SealedCopy::into_staged).collect())
    }

    /// Opens an object for reading. Every byte served has been verified.
    ///
    /// # Errors
    /// [`VaultError::NotFound`]; [`VaultError::Changed`] if the bytes on disk do not fit the manifest;
    /// [`VaultError::SealBroken`] if the key is another or the sealed bytes were changed.
    fn open(&self, id: &ObjectId, key: &SealKey) -> Result<Box<dyn ObjectReader>, VaultError>;

    /// A page of the manifest in order of address, beginning after `after`.
    ///
    /// # Errors
    /// As [`Self::contains`].
    fn list(&self, after: Option<&ObjectId>, at_most: usize) -> Result<Vec<Stored>, VaultError>;

    /// One digest of the whole manifest, for signed checkpoints: BLAKE3 over address, sealed digest and
    /// length (8 bytes, little-endian) of every object in order of address. Means something only while
    /// nothing comes or goes.
    ///
    /// # Errors
    /// As [`Self::contains`].
    fn manifest_root(&self) -> Result<Blake3, VaultError> {
        let (mut hasher, mut after) = (blake3::Hasher::new(), None);
        loop {
            let page = self.list(after.as_ref(), LIST_PAGE)?;
            let Some(last) = page.last() else { return Ok(Blake3(*hasher.finalize().as_bytes())) };
            after = Some(last.id);
            page.iter().for_each(|stored| stored.hash_into(&mut hasher));
        }
    }

    /// Reads every sealed byte and compares it with the manifest; needs no key. Tells `each` object's
    /// fixity as it goes. Objects that come or go meanwhile are left out.
    ///
    /// # Errors
    /// Only if the disk cannot be read at all; damage is in the report.
    fn scrub(&self, each: &mut dyn FnMut(&ObjectId, Fixity)) -> Result<ScrubReport, VaultError>;

    /// As [`Self::scrub`] for these objects only, in the order in which they lie: what was found is added to
    /// `report`.
    ///
    /// # Errors
    /// As [`Self::scrub`].
    fn check(&self, ids: &[ObjectId], report: &mut ScrubReport) -> Result<(), VaultError>;

    /// The rest of a scrub in parts: lines of the manifest that are not as written, files nobody knows, and
    /// records nobody knows in this part's share of the volumes.
    ///
    /// # Errors
    /// As [`Self::scrub`].
    fn look_around(&self, _part: Part, _report: &mut ScrubReport) -> Result<(), VaultError> {
        Ok(()) // nothing lies around in a vault without files
    }

    /// Puts back the sealed records of those of `ids` that are damaged or gone here and right in the copy;
    /// durable on return. Answers which. What is sound is not touched, and a record the manifest names is
    /// only replaced by the very same bytes; the caller vouches that `ids` are held by living records.
    ///
    /// # Errors
    /// As [`Self::deposit`].
    fn put_back(&self, _ids: &[ObjectId], _copy: &VaultCopy) -> Result<Vec<ObjectId>, VaultError> {
        Ok(Vec::new()) // memory has no second place
    }

    /// Every place on disk where bytes of objects may lie, for those who look whether they are gone.
    fn places(&self) -> Vec<Place>;
}

/// A vault whose objects can be destroyed.
pub trait DisposableVault: Vault {
    /// Destroys every object the warrant covers, and answers how many there were. What is gone already is
    /// no error, so a destruction that was interrupted is carried on by calling again.
    ///
    /// # Errors
    /// [`VaultError::WarrantExpired`] if the warrant is not of `today`; nothing is destroyed then.
    fn destroy(&self, warrant: &DestructionWarrant, today: Date) -> Result<usize, VaultError>;

    /// Removes deposits that no ledger entry names; the caller vouches for that. Answers how many there
    /// were.
    ///
    /// # Errors
    /// As [`Vault::deposit`].
    fn discard_unclaimed(&self, ids: &[ObjectId]) -> Result<usize, VaultError>;

    /// Deposits what is staged in place of deposits of the same content that no ledger entry names and
    /// whose key is lost; the caller vouches for that. If it is interrupted, the old deposit may be gone
    /// and the new one not yet there.
    ///
    /// # Errors
    /// As [`Vault::deposit`].
    fn replace_unclaimed(&self, staged: Vec<Staged>) -> Result<Vec<Deposited>, VaultError> {
        let ids: Vec<_> = staged.iter().map(|staged| staged.id).collect();
        self.discard_unclaimed(&ids)?;
        self.deposit(staged)
    }

    /// Looks on the medium itself, not in the manifest, whether bytes of these objects are left: one
    /// line for each place where they are, none if they are gone. Reads all heads, so ask for many at once.
    ///
    /// # Errors
    /// If the disk cannot be read.
    fn remains_of(&self, ids: &[ObjectId]) -> Result<Vec<String>, VaultError>;
}

/// An object being read. Errors of [`Read`] carry a [`VaultError`] as their source.
pub trait ObjectReader: Read + Send {
    /// Bytes of content.
    fn size_bytes(&self) -> u64;

    /// A range of the content.
    ///
    /// # Errors
    /// [`VaultError::OutOfRange`] if it reaches beyond the end; otherwise as [`Vault::open`].
    fn read_range(&mut self, offset: u64, length: usize) -> Result<Vec<u8>, VaultError>;
}

/// What became of one staged object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deposited {
    /// The object.
    pub id: ObjectId,
    /// It was not there before. If `false`, it is sealed under an earlier key.
    pub fresh: bool,
}

/// A line of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The object.
    pub id: ObjectId,
    /// BLAKE3 of its sealed body.
    pub sealed_digest: Blake3,
    /// Bytes of its sealed body.
    pub sealed_bytes: u64,
}

impl Stored {
    /// One line of [`Vault::manifest_root`].
    fn hash_into(&self, hasher: &mut blake3::Hasher) {
        hasher
            .update(&self.id.0)
            .update(self.sealed_digest.as_bytes())
            .update(&self.sealed_bytes.to_le_bytes());
    }
}

/// What a scrub found of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixity {
    /// Every byte is as deposited.
    Sound,
    /// Some byte is not.
    Changed,
    /// There is nothing where it should be.
    Missing,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspect {
    /// An object.
    Object(ObjectId),
    /// A place in the vault's own files, in words.
    Place(String),
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(id) => id.fmt(f),
            Self::Place(place) => f.write_str(place),
        }
    }
}

/// The result of a scrub. All is well if the three lists are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScrubReport {
    /// Objects looked at.
    pub objects: u64,
    /// Sealed bytes read.
    pub sealed_bytes: u64,
    /// Objects and lines of the manifest that are not as written.
    pub changed: Vec<Suspect>,
    /// Objects that are not there.
    pub missing: Vec<ObjectId>,
    /// Files and records the manifest does not know, in words.
    pub untracked: Vec<String>,
}

impl ScrubReport {
    /// Nothing is changed, missing or untracked.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.untracked.is_empty()
    }

    fn note(&mut self, stored: Stored, fixity: Fixity, each: &mut dyn FnMut(&ObjectId, Fixity)) {
        self.objects += 1;
        match fixity {
            Fixity::Sound => {}
            Fixity::Changed => self.changed.push(Suspect::Object(stored.id)),
            Fixity::Missing => self.missing.push(stored.id),
        }
        if fixity != Fixity::Missing {
            self.sealed_bytes += stored.sealed_bytes;
        }
        each(&stored.id, fixity);
    }
}

/// A place on disk where bytes may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File or folder.
    pub path: PathBuf,
    /// What is in it.
    pub kind: PlaceKind,
}

/// What lies in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// A folder of volumes: sealed records one after another.
    Volumes,
    /// A folder of folders of large objects, one file each, and of those being staged (`*.tmp`).
    Objects,
    /// The manifest: addresses, digests and lengths, no content.
    Manifest,
}

/// Reads an object to its end and compares its address, for `verify --read-data`.
///
/// # Errors
/// [`VaultError::WrongAddress`] if the content has another one; otherwise as [`Vault::open`].
pub fn verify_address(
    reader: &mut dyn ObjectReader,
    id: &ObjectId,
    address_key: &SealKey,
) -> Result<(), VaultError> {
    let mut hasher = blake3::Hasher::new_keyed(address_key.expose());
    let (mut at, size_bytes) = (0, reader.size_bytes());
    while at < size_bytes {
        let length = (size_bytes - at).min(READ_BYTES as u64) as usize;
        hasher.update(&reader.read_range(at, length)?);
        at += length as u64;
    }
    let same = ObjectId(*hasher.finalize().as_bytes()) == *id;
    same.then_some(()).ok_or(VaultError::WrongAddress(*id))
}

/// The vault's own error inside an error of [`Read`], if it is one.
#[must_use]
pub fn vault_error(error: &io::Error) -> Option<&VaultError> {
    error.get_ref()?.downcast_ref()
}
