//! A vault's folder looked at from outside: by an auditor without keys, on a backup, as the source of a repair.
//! Takes no lock, makes and changes nothing; another process may be writing meanwhile.
//!
//! What lies behind the last record the manifest names was never acknowledged and is left out. Without a sound
//! manifest the sound lines count, and without any the heads of the records themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::digest::Blake3;
use crate::base::seal::SealKey;
use crate::disk::Disk;
use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;

use super::super::manifest::{self, Condition, Found, Location, Objects, Slot};
use super::super::reader::{FileSource, SealedReader};
use super::super::stage::Nursery;
use super::super::volumes::Volumes;
use super::super::{Fixity, ObjectReader, ScrubReport, Suspect, VaultError};
use super::scrub::{compare, strays};
use super::{LOCK, MANIFEST, OBJECTS, VOLUMES, recover};

/// A last line that is not whole: torn by a crash after which the program was not started again, or damaged.
const TORN: &str =
    "manifest: its last line is not whole (starting the program makes it again from the record)";
/// How often a manifest that looks torn is read again, and after what pause: somebody may be writing it.
const TRIES: u32 = 2;
const PAUSE: Duration = Duration::from_millis(2);

/// A vault in a folder of the local disk, to be read only.
pub struct VaultCopy {
    disk: Disk,
    root: PathBuf,
    condition: Condition,
    objects: Objects,
    /// Where the last acknowledged record ends, by volume.
    ends: BTreeMap<u32, u64>,
    volumes: Volumes,
    nursery: std::sync::Arc<Nursery>,
}

/// The sealed record of an object, whole and right.
pub(super) struct SealedRecord {
    pub(super) digest: Blake3,
    pub(super) length: u64,
    pub(super) source: FileSource,
}

impl VaultCopy {
    /// Reads what the vault in this folder says it holds; none if there is no vault.
    ///
    /// # Errors
    /// [`VaultError::UnknownVersion`] if a later program wrote it, [`VaultError::Io`].
    pub fn open(root: &Path) -> Result<Option<Self>, VaultError> {
        Self::open_on(&Disk::real(), root)
    }

    /// As [`Self::open`], on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: &Disk, root: &Path) -> Result<Option<Self>, VaultError> {
        let names = disk.names(root)?;
        if !names.iter().any(|name| [MANIFEST, VOLUMES, OBJECTS].contains(&name.as_str())) {
            return Ok(None);
        }
        let volumes = Volumes::new(disk.clone(), root.join(VOLUMES));
        let nursery = Nursery::new(disk.clone(), root.join(OBJECTS));
        let mut found = read_manifest(disk, root)?;
        if matches!(found.condition, Condition::Missing | Condition::Damaged) {
            recover::scan_heads(disk, &volumes, &nursery, &mut found)?;
        }
        let (condition, objects, ends) = (found.condition, found.objects, found.ends);
        Ok(Some(Self {
            disk: disk.clone(),
            root: root.to_owned(),
            condition,
            objects,
            ends,
            volumes,
            nursery,
        }))
    }

    /// How many objects it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// It names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// One digest of all it names, made as `Vault::manifest_root` makes it.
    #[must_use]
    pub fn manifest_root(&self) -> Blake3 {
        let mut hasher = blake3::Hasher::new();
        for (id, slot) in &self.objects {
            slot.stored(*id).hash_into(&mut hasher);
        }
        Blake3(*hasher.finalize().as_bytes())
    }

    /// Compares this part of the objects with the manifest, and looks for what nobody knows. Tells `each` as it
    /// goes.
    ///
    /// # Errors
    /// Only if the disk cannot be read at all; damage is in the report.
    pub fn scrub(
        &self,
        part: Part,
        each: &mut dyn FnMut(&ObjectId, Fixity),
    ) -> Result<ScrubReport, VaultError> {
        let mut report = ScrubReport::default();
        match self.condition {
            Condition::Sound => {}
            Condition::TornTail => report.changed.push(Suspect::Place(TORN.to_owned())),
            Condition::Damaged => report.changed.push(Suspect::Place(MANIFEST.to_owned())),
            // A vault that never held anything has no more than empty folders.
            Condition::Missing if self.objects.is_empty() => {}
            Condition::Missing => report.changed.push(Suspect::Place(format!("{MANIFEST}: it is gone"))),
        }
        self.untracked(&mut report)?;
        let mut suspects = Vec::new();
        for (number, mut expected) in self.by_volume() {
            expected.sort_unstable_by_key(|(_, slot)| slot.location);
            for (id, slot) in expected.iter().filter(|(id, _)| part.contains(id)) {
                match self.fixity(id, slot)? {
                    Fixity::Sound => report.note(slot.stored(*id), Fixity::Sound, each),
                    _ => suspects.push((*id, *slot)),
                }
            }
            if number != Location::OWN_FILE && part.takes(number) {
                self.strays(number, &expected, &mut report)?;
            }
        }
        self.look_again(suspects, &mut report, each)?;
        Ok(report)
    }

    /// Somebody may have destroyed meanwhile: what the manifest no longer names is left out.
    fn look_again(
        &self,
        suspects: Vec<(ObjectId, Slot)>,
        report: &mut ScrubReport,
        each: &mut dyn FnMut(&ObjectId, Fixity),
    ) -> Result<(), VaultError> {
        if suspects.is_empty() {
            return Ok(());
        }
        let now = read_manifest(&self.disk, &self.root)?;
        let unsound = matches!(now.condition, Condition::Missing | Condition::Damaged);
        for (id, slot) in suspects {
            if unsound || now.objects.get(&id) == Some(&slot) {
                report.note(slot.stored(id), self.fixity(&id, &slot)?, each);
            }
        }
        Ok(())
    }

    fn by_volume(&self) -> BTreeMap<u32, Vec<(ObjectId, Slot)>> {
        let mut volumes: BTreeMap<u32, Vec<_>> =
            self.ends.keys().map(|number| (*number, Vec::new())).collect();
        for (id, slot) in &self.objects {
            volumes.entry(slot.location.volume).or_default().push((*id, *slot));
        }
        volumes
    }

    fn strays(
        &self,
        number: u32,
        expected: &[(ObjectId, Slot)],
        report: &mut ScrubReport,
    ) -> Result<(), VaultError> {
        let Some(file) = self.volumes.reading(number)? else { return Ok(()) };
        let end = self.ends.get(&number).copied().unwrap_or_default().min(file.len()?);
        let mut at = 0;
        for (_, slot) in expected {
            strays(&file, at..slot.location.offset.min(end), report)?;
            at = at.max(slot.record_end());
        }
        strays(&file, at..end, report)
    }

    fn untracked(&self, report: &mut ScrubReport) -> Result<(), VaultError> {
        let known = [LOCK, MANIFEST, VOLUMES, OBJECTS];
        let others = self.disk.names(&self.root)?.into_iter().filter(|name| !known.contains(&name.as_str()));
        report.untracked.extend(others);
        let (numbers, others) = self.volumes.list()?;
        report.untracked.extend(others.iter().map(|name| format!("{VOLUMES}/{name}")));
        // A volume that nothing acknowledged lies in is at most one that was just begun: the next after the last.
        let last = self.ends.keys().next_back().map_or(0, |last| last + 1);
        let unknown = numbers.iter().filter(|number| !self.ends.contains_key(number) && **number > last);
        report.untracked.extend(unknown.map(|number| format!("{VOLUMES}/{number:08x}")));
        let (files, others) = recover::large_files(&self.disk, &self.nursery)?;
        report.untracked.extend(others.iter().map(|name| format!("{OBJECTS}/{name}")));
        for (folder, name) in files {
            let known = name.parse::<ObjectId>().is_ok() || recover::is_temporary(&name);
            if !known {
                report.untracked.push(format!("{OBJECTS}/{folder:08x}/{name}"));
            }
        }
        Ok(())
    }

    fn fixity(&self, id: &ObjectId, slot: &Slot) -> Result<Fixity, VaultError> {
        self.source(id, slot)?.map_or(Ok(Fixity::Missing), |source| compare(&source, id, slot))
    }

    fn source(&self, id: &ObjectId, slot: &Slot) -> Result<Option<FileSource>, VaultError> {
        if slot.location.is_own_file() {
            let path = self.nursery.folder(slot.location.offset).join(id.to_string());
            let file = self.disk.open(&path)?;
            return Ok(file.map(|file| FileSource { file: std::sync::Arc::new(file), start: 0 }));
        }
        let file = self.volumes.reading(slot.location.volume)?;
        Ok(file.map(|file| FileSource { file, start: slot.location.offset }))
    }

    /// The sealed record of an object, if every byte of it is right here.
    pub(super) fn sealed(&self, id: &ObjectId) -> Result<Option<SealedRecord>, VaultError> {
        let Some(slot) = self.objects.get(id) else { return Ok(None) };
        let Some(source) = self.source(id, slot)? else { return Ok(None) };
        let sound = compare(&source, id, slot)? == Fixity::Sound;
        Ok(sound.then_some(SealedRecord { digest: slot.digest, length: slot.length, source }))
    }

    /// Opens an object for reading; none if it is not here, or not right.
    ///
    /// # Errors
    /// [`VaultError::SealBroken`] if the key is another.
    pub fn read(&self, id: &ObjectId, key: &SealKey) -> Result<Option<Box<dyn ObjectReader>>, VaultError> {
        let Some(SealedRecord { digest, length, source }) = self.sealed(id)? else { return Ok(None) };
        let slot = Slot { location: Location { volume: 0, offset: 0 }, digest, length };
        Ok(Some(Box::new(SealedReader::open(source, id, &slot, key)?)))
    }
}

fn read_manifest(disk: &Disk, root: &Path) -> Result<Found, VaultError> {
    let mut tries = 1;
    loop {
        let found = manifest::read(disk, &root.join(MANIFEST))?;
        if found.condition != Condition::TornTail || tries == TRIES {
            return Ok(found);
        }
        tries += 1;
        std::thread::sleep(PAUSE);
    }
}
