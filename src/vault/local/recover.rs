//! What happens when the vault is opened: leftovers of batches that were never acknowledged are tidied
//! up, and a manifest that is lost or damaged is rebuilt by scanning.
//!
//! While the manifest is sound, whatever lies in a volume behind the last record it ever named was never
//! acknowledged: whole records are adopted (nobody claims them yet), a torn tail is cut. What lies
//! *before* is never touched; damage there is for [`super::scrub`] to report. With an unsound manifest
//! nothing is cut at all, and new records begin a new volume.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use crate::disk::{Disk, DiskFile};
use crate::domain::ids::ObjectId;

use super::super::VaultError;
use super::super::manifest::{self, Condition, Found, Line, Location, Log, Objects, Slot};
use super::super::record::{self, HEAD_BYTES, Head, Kind};
use super::super::stage::Nursery;
use super::super::volumes::{Step, Volumes, walk};
use super::scrub::{body_digest, read_tombstone};
use super::{MANIFEST, ManifestState, Opening};

/// Files of large objects: number of the folder, and name.
pub(super) type Large = Vec<(u64, String)>;

/// The state the vault begins with.
pub(super) struct Recovered {
    pub(super) manifest: Log,
    pub(super) objects: Objects,
    /// The volume to append to, and where.
    pub(super) volume: u32,
    pub(super) volume_end: u64,
    pub(super) opening: Opening,
}

/// Tidies up and loads the vault in `root`.
pub(super) fn recover(
    disk: &Disk,
    root: &Path,
    volumes: &Volumes,
    nursery: &Nursery,
) -> Result<Recovered, VaultError> {
    let path = root.join(MANIFEST);
    disk.remove(&path.with_extension("tmp"))?;
    // Names that another process made and could not sync are read, and on no disk: nothing is built on them before.
    disk.sync_folder(nursery.root())?;
    disk.sync_folder(&volumes.folder)?;
    let large = tidy_large(disk, nursery)?;
    let mut found = manifest::read(disk, &path)?;
    let empty = large.is_empty() && volumes.list()?.0.is_empty();
    let state = match found.condition {
        Condition::Missing if empty => ManifestState::New,
        Condition::Missing => ManifestState::Lost,
        Condition::Damaged => ManifestState::Damaged,
        Condition::Sound | Condition::TornTail => ManifestState::Sound,
    };
    let trusted = matches!(state, ManifestState::New | ManifestState::Sound);
    let mut scan = Scan { trusted, ..Scan::default() };
    let (volume, volume_end) = scan.volumes(disk, volumes, &found)?;
    scan.large(disk, nursery, &large, &found.objects)?;
    let changes = scan.settle(&mut found.objects);
    let adopted = changes.iter().filter(|line| matches!(line, Line::Stored(..))).count();
    let opening = Opening { manifest: state, adopted, cut_bytes: scan.cut_bytes };
    let manifest = if trusted {
        let mut log = Log::resume(disk, &path, &found)?;
        if !changes.is_empty() {
            log.append(&changes)?;
        }
        log
    } else {
        set_aside(disk, &path)?;
        Log::write_new(disk, &path, &found.objects)?
    };
    Ok(Recovered { manifest, objects: found.objects, volume, volume_end, opening })
}

/// Adds to an unsound manifest what the heads of the records themselves say. Changes nothing on disk.
pub(super) fn scan_heads(
    disk: &Disk,
    volumes: &Volumes,
    nursery: &Nursery,
    found: &mut Found,
) -> Result<(), VaultError> {
    let mut scan = Scan::default();
    for number in volumes.list()?.0 {
        let Some(file) = volumes.reading(number)? else { continue };
        let length = file.len()?;
        scan.whole_volume(number, &file, length)?;
        found.ends.insert(number, length);
    }
    scan.large(disk, nursery, &large_files(disk, nursery)?.0, &found.objects)?;
    scan.settle(&mut found.objects);
    Ok(())
}

/// Keeps a damaged manifest under another name, where every scrub will find it.
fn set_aside(disk: &Disk, path: &Path) -> Result<(), VaultError> {
    let Some(mut file) = disk.open(path)? else { return Ok(()) };
    let free = (1..=u32::MAX).map(|number| path.with_extension(format!("damaged-{number}")));
    for aside in free {
        if !disk.exists(&aside)? {
            return Ok(file.rename_to(&aside)?);
        }
    }
    Err(VaultError::Poisoned)
}

/// Large objects by folder and name, and names in the folder of folders that are none of ours.
pub(super) fn large_files(disk: &Disk, nursery: &Nursery) -> Result<(Large, Vec<String>), VaultError> {
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for name in disk.names(nursery.root())? {
        let number = u64::from_str_radix(&name, 16).ok();
        let Some(number) = number.filter(|number| nursery.folder(*number) == nursery.root().join(&name))
        else {
            others.push(name);
            continue;
        };
        files.extend(disk.names(&nursery.folder(number))?.into_iter().map(|name| (number, name)));
    }
    Ok((files, others))
}

/// Whether this is the name of a file that is being staged.
pub(super) fn is_temporary(name: &str) -> bool {
    name.strip_suffix(".tmp")
        .is_some_and(|stem| stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Removes what was being staged when the program ended, and lists the rest.
fn tidy_large(disk: &Disk, nursery: &Nursery) -> Result<Large, VaultError> {
    let mut files = large_files(disk, nursery)?.0;
    for (folder, name) in files.iter().filter(|(_, name)| is_temporary(name)) {
        disk.remove(&nursery.folder(*folder).join(name))?;
    }
    files.retain(|(_, name)| !is_temporary(name));
    let last_folder = files.iter().map(|(folder, _)| *folder).max().unwrap_or(0);
    nursery.count(last_folder, files.iter().filter(|(folder, _)| *folder == last_folder).count() as u64);
    Ok(files)
}

/// What a scan of the disk finds beyond the manifest.
#[derive(Default)]
struct Scan {
    trusted: bool,
    found: Vec<(ObjectId, Slot)>,
    /// The dead, each with its tombstone.
    buried: BTreeMap<Location, Slot>,
    cut_bytes: u64,
}

impl Scan {
    /// Looks through all volumes, behind what the manifest knows; answers where to append.
    fn volumes(
        &mut self,
        disk: &Disk,
        volumes: &Volumes,
        manifest: &Found,
    ) -> Result<(u32, u64), VaultError> {
        let numbers = volumes.list()?.0;
        let last = numbers.iter().chain(manifest.ends.keys()).copied().max();
        let mut append_to = last.map_or((0, 0), |last| (last + 1, 0));
        for number in numbers {
            let Some(file) = disk.open_for_change(&volumes.path(number))? else { continue };
            let known_end = manifest.ends.get(&number).copied().unwrap_or(0);
            let length = file.len()?;
            if !self.trusted {
                self.whole_volume(number, &file, length)?;
            } else if length >= known_end {
                let end = self.tail(number, &file, known_end..length)?;
                if Some(number) == last {
                    append_to = (number, end);
                }
            }
        }
        Ok(append_to)
    }

    /// A volume of which nothing is known: its heads are believed, its bodies left to the scrub.
    fn whole_volume(&mut self, number: u32, file: &DiskFile, length: u64) -> Result<(), VaultError> {
        walk(file, 0..length, &mut |at, bytes, step| {
            let Step::Record(head) = step else { return Ok(()) };
            // A body ends in the length of its table, which is never zero; a hole is.
            let mut footer = [0; 4];
            let alive = file.fill_at(&mut footer, at + bytes - 4)? && footer != [0; 4];
            self.meet(number, file, at, &head, alive)
        })
    }

    /// Looks at what was never acknowledged; answers where the volume ends now.
    fn tail(&mut self, number: u32, file: &DiskFile, range: std::ops::Range<u64>) -> Result<u64, VaultError> {
        let (mut sound_end, mut broken) = (range.start, Vec::new());
        let (known_end, length) = (range.start, range.end);
        walk(file, range, &mut |at, bytes, step| {
            let sound = match step {
                Step::Record(head) => {
                    let fits = body_digest(file, at + HEAD_BYTES as u64, head.length)? == Some(head.digest);
                    self.meet(number, file, at, &head, fits)?;
                    fits
                }
                Step::Gap => false,
            };
            if sound {
                sound_end = at + bytes;
            } else {
                broken.push(at..at + bytes);
            }
            Ok(())
        })?;
        // Pages reach the disk in any order: a torn record may have whole ones behind it. Emptied, it
        // is no longer mistaken for damage.
        for hole in broken.into_iter().filter(|hole| hole.end <= sound_end) {
            file.erase(hole.start, hole.end - hole.start)?;
            self.cut_bytes += hole.end - hole.start;
        }
        if sound_end < length {
            file.cut(sound_end)?;
            self.cut_bytes += length - sound_end;
        }
        // What is adopted may never have become durable.
        file.renew(known_end)?;
        Ok(sound_end)
    }

    fn meet(
        &mut self,
        volume: u32,
        file: &DiskFile,
        offset: u64,
        head: &Head,
        alive: bool,
    ) -> Result<(), VaultError> {
        let slot = head.slot(Location { volume, offset });
        match head.kind {
            Kind::Object if alive => self.found.push((head.id, slot)),
            Kind::Object => {}
            Kind::Tombstone => {
                let dead = read_tombstone(file, offset, head)?;
                self.buried.extend(dead.map(|dead| (dead, slot)));
            }
        }
        Ok(())
    }

    /// Large objects that got their name but no line in the manifest. They were synced before, so their
    /// head is believed if it fits name and length.
    fn large(
        &mut self,
        disk: &Disk,
        nursery: &Nursery,
        files: &[(u64, String)],
        known: &Objects,
    ) -> Result<(), VaultError> {
        for (folder, name) in files {
            let Ok(id) = name.parse::<ObjectId>() else { continue };
            if known.contains_key(&id) {
                continue;
            }
            let Some(file) = disk.open(&nursery.folder(*folder).join(name))? else { continue };
            let mut bytes = [0; HEAD_BYTES];
            let head = file.fill_at(&mut bytes, 0)?.then(|| Head::decode(&bytes)).flatten();
            let length = Some(file.len()?);
            let fits = |head: &Head| {
                head.kind == record::Kind::Object && head.id == id && head.record_bytes() == length
            };
            if let Some(head) = head.filter(fits) {
                let location = Location { volume: Location::OWN_FILE, offset: *folder };
                self.found.push((id, head.slot(location)));
                disk.sync_folder(&nursery.folder(*folder))?; // its name may never have become durable
            }
        }
        Ok(())
    }

    /// Brings the map up to what was found, and answers the lines that say so.
    fn settle(&mut self, objects: &mut Objects) -> Vec<Line> {
        let mut lines = Vec::new();
        if !self.buried.is_empty() {
            for (id, slot) in objects.iter() {
                let tombstone = self.buried.get(&slot.location);
                lines.extend(tombstone.map(|tombstone| Line::Removed(*id, *tombstone)));
            }
            objects.retain(|_, slot| !self.buried.contains_key(&slot.location));
        }
        let dead = |slot: &Slot| self.buried.contains_key(&slot.location);
        for (id, slot) in self.found.drain(..).filter(|(_, slot)| !dead(slot)) {
            if let Entry::Vacant(vacant) = objects.entry(id) {
                vacant.insert(slot);
                lines.push(Line::Stored(id, slot));
            }
        }
        lines
    }
}
