//! What the local vault promises beyond the suite: damage is seen, torn ends are cut, old files open.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::manifest::LINE_BYTES;
use super::super::record::{HEAD_BYTES, Head};
use super::super::stage::Body;
use super::super::suite::{TODAY, all, get, noise, prose, put, scrub, stage, warrant};
use super::super::*;
use super::*;
use crate::domain::ids::ObjectId;

type Kept = Vec<(ObjectId, SealKey, Vec<u8>)>;

const VOLUME: &str = "volumes/00000000.vol";

/// Three small objects, one of several frames among them, and a large one.
fn filled(folder: &Path) -> Kept {
    let vault = LocalVault::open(folder).unwrap();
    let contents = [b"Antrag".to_vec(), prose(150_000), noise(1, 300), noise(2, 1_200_000)];
    let keep = |content: Vec<u8>| {
        let (id, key) = put(&vault, &content);
        (id, key, content)
    };
    contents.into_iter().map(keep).collect()
}

pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

pub(super) fn reopened(folder: &TempDir) -> LocalVault {
    LocalVault::open(folder.path()).unwrap()
}

fn all_readable(vault: &LocalVault, kept: &[(ObjectId, SealKey, Vec<u8>)]) {
    for (id, key, content) in kept {
        assert!(get(vault, id, key).unwrap() == *content, "{id}");
    }
}

#[test]
fn the_local_vault_keeps_every_promise() {
    let mut folders = Vec::new();
    all(&mut || {
        folders.push(tempfile::tempdir().unwrap());
        Box::new(reopened(&folders[folders.len() - 1]))
    });
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let vault = reopened(&folder);
    assert_eq!(vault.opening(), Opening { manifest: ManifestState::Sound, adopted: 0, cut_bytes: 0 });
    all_readable(&vault, &kept);
    assert!(scrub(&vault).is_sound());
    put(&vault, b"more");
}

#[test]
fn one_process_has_the_vault() {
    let folder = tempfile::tempdir().unwrap();
    let _vault = reopened(&folder);
    assert!(matches!(LocalVault::open(folder.path()), Err(VaultError::InUse(_))));
}

#[test]
fn a_flipped_bit_anywhere_is_seen_and_never_served() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    // A hole with its tombstone belongs to what is checked.
    let (gone, _) = put(&reopened(&folder), b"gone");
    reopened(&folder).destroy(&warrant(&[gone]), TODAY).unwrap();
    for path in files_below(folder.path()) {
        let sound = fs::read(&path).unwrap();
        // Every byte of what is short, samples of what is long, and its first and last bytes.
        let step = (sound.len() / 150).max(1);
        let ends = (0..sound.len().min(100)).chain(sound.len().saturating_sub(140)..sound.len());
        for at in ends.chain((0..sound.len()).step_by(step)) {
            let mut changed = sound.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, &changed).unwrap();
            let vault = reopened(&folder);
            for (id, key, content) in &kept {
                if let Ok(read) = get(&vault, id, key) {
                    assert!(read == *content, "wrong bytes served: {} at {at}", path.display());
                }
            }
            // The last line cannot be told from one that was not written to its end: it is cut, and
            // what it said is found again on the disk.
            let last_line = path.ends_with(MANIFEST) && at >= sound.len() - LINE_BYTES;
            let found_again = last_line && vault.list(None, 10).unwrap().len() == kept.len();
            let seen = found_again || !scrub(&vault).is_sound();
            assert!(seen, "unseen: {} at {at}", path.display());
            drop(vault);
            for aside in files_below(folder.path()) {
                if aside.to_string_lossy().contains("damaged") {
                    fs::remove_file(aside).unwrap();
                }
            }
            fs::write(&path, &sound).unwrap();
        }
    }
    assert!(scrub(&reopened(&folder)).is_sound());
}

#[test]
fn a_torn_tail_that_was_never_acknowledged_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let volume = folder.path().join(VOLUME);
    let sound = fs::read(&volume).unwrap();
    let staged = stage(&MemoryVault::new(), &noise(8, 5_000));
    let Body::Memory(record) = &staged.body else { panic!("small") };
    for length in [1, 50, HEAD_BYTES, HEAD_BYTES + 1, record.len() - 1] {
        fs::write(&volume, [&sound, &record[..length]].concat()).unwrap();
        let vault = reopened(&folder);
        assert_eq!(vault.opening().cut_bytes, length as u64);
        assert_eq!(vault.opening().adopted, 0);
        assert!(scrub(&vault).is_sound());
        all_readable(&vault, &kept);
        drop(vault);
        assert_eq!(fs::read(&volume).unwrap(), sound);
    }
    // Pages come in any order: a hole in a torn batch with whole records behind it.
    let mut torn = record.clone();
    torn[HEAD_BYTES + 100] ^= 1;
    let whole = stage(&MemoryVault::new(), b"whole");
    let Body::Memory(behind) = &whole.body else { panic!("small") };
    fs::write(&volume, [&sound[..], &torn, behind, &record[..70]].concat()).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening().adopted, 1);
    assert_eq!(vault.opening().cut_bytes, torn.len() as u64 + 70);
    assert_eq!(get(&vault, &whole.id, &whole.object_key).unwrap(), b"whole");
    assert!(scrub(&vault).is_sound());
    assert!(!vault.contains(&staged.id).unwrap());
}

#[test]
fn damage_before_the_tail_is_reported_and_not_cut() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let volume = folder.path().join(VOLUME);
    let mut bytes = fs::read(&volume).unwrap();
    let length = bytes.len();
    bytes[3] ^= 1; // the head of the first object
    bytes[length - 10] ^= 1; // the body of the last
    fs::write(&volume, &bytes).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening().cut_bytes, 0);
    let report = scrub(&vault);
    assert_eq!(report.changed, [Suspect::Object(kept[0].0), Suspect::Object(kept[2].0)]);
    assert!(report.missing.is_empty() && report.untracked.is_empty());
    assert!(matches!(get(&vault, &kept[0].0, &kept[0].1), Err(VaultError::Changed { .. })));
    all_readable(&vault, &kept[1..2]);
}

#[test]
fn shortened_swapped_and_lost_files_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let volume = folder.path().join(VOLUME);
    let sound = fs::read(&volume).unwrap();
    fs::write(&volume, &sound[..150]).unwrap();
    let vault = reopened(&folder);
    let report = scrub(&vault);
    assert_eq!(report.changed, [Suspect::Object(kept[0].0)]);
    assert_eq!(report.missing, [kept[1].0, kept[2].0]);
    // What comes now does not fill the place of what is lost.
    let (id, key) = put(&vault, b"later");
    drop(vault);
    fs::remove_file(&volume).unwrap();
    let vault = reopened(&folder);
    assert_eq!(scrub(&vault).missing.len(), 3);
    assert_eq!(get(&vault, &id, &key).unwrap(), b"later");
    drop(vault);

    fs::write(&volume, &sound).unwrap();
    let large = folder.path().join(format!("objects/00000000/{}", kept[3].0));
    let elsewhere = folder.path().join(format!("objects/00000000/{}", ObjectId([5; 32])));
    fs::copy(&large, &elsewhere).unwrap();
    let vault = reopened(&folder);
    assert_eq!(scrub(&vault).untracked.len(), 1, "a copy under another name is not adopted");
    drop(vault);
    fs::remove_file(elsewhere).unwrap();
    // Another record in its place: sound in itself, but not what the manifest names.
    let other = stage(&MemoryVault::new(), &noise(2, 1_200_000));
    let Body::Memory(record) = &other.body else { panic!("in memory") };
    assert_eq!(other.id, kept[3].0);
    fs::write(&large, record).unwrap();
    let vault = reopened(&folder);
    assert_eq!(scrub(&vault).changed, [Suspect::Object(kept[3].0)]);
    assert!(get(&vault, &kept[3].0, &kept[3].1).is_err());
}

#[test]
fn a_lost_manifest_is_rebuilt_and_the_dead_stay_dead() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = filled(folder.path());
    let volume = folder.path().join(VOLUME);
    let before = fs::read(&volume).unwrap();
    let dead = kept.remove(0);
    reopened(&folder).destroy(&warrant(&[dead.0]), TODAY).unwrap();
    // An old copy of the volume is put back; only the tombstone behind it remembers.
    let after = fs::read(&volume).unwrap();
    fs::write(&volume, [&before[..], &after[before.len()..]].concat()).unwrap();
    fs::remove_file(folder.path().join(MANIFEST)).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening(), Opening { manifest: ManifestState::Lost, adopted: 3, cut_bytes: 0 });
    assert!(!vault.contains(&dead.0).unwrap());
    assert_eq!(scrub(&vault).untracked.len(), 1, "the bytes that came back are named");
    assert_eq!(vault.remains_of(&[dead.0]).unwrap().len(), 1);
    all_readable(&vault, &kept);
    let later = put(&vault, b"later");
    drop(vault);
    assert_eq!(get(&reopened(&folder), &later.0, &later.1).unwrap(), b"later");
}

#[test]
fn a_torn_manifest_forgets_only_what_was_never_acknowledged_and_finds_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let manifest = folder.path().join(MANIFEST);
    let sound = fs::read(&manifest).unwrap();
    for lost in 1..=2 * LINE_BYTES {
        fs::write(&manifest, &sound[..sound.len() - lost]).unwrap();
        let vault = reopened(&folder);
        let adopted = lost.div_ceil(LINE_BYTES);
        assert_eq!(vault.opening(), Opening { manifest: ManifestState::Sound, adopted, cut_bytes: 0 });
        if lost % 30 == 0 {
            all_readable(&vault, &kept);
            assert!(scrub(&vault).is_sound());
        }
    }
}

/// Sectors of one append reach the disk in any order.
#[test]
fn a_manifest_with_a_sector_that_was_never_written_near_its_end_is_torn_and_not_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let vault = reopened(&folder);
    let kept: Kept = (0..12)
        .map(|number| {
            let content = prose(1_000 + number);
            let (id, key) = put(&vault, &content);
            (id, key, content)
        })
        .collect();
    drop(vault);
    let manifest = folder.path().join(MANIFEST);
    let mut bytes = fs::read(&manifest).unwrap();
    let sound = bytes.clone();
    bytes[512..1024].fill(0);
    fs::write(&manifest, &bytes).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening(), Opening { manifest: ManifestState::Sound, adopted: 8, cut_bytes: 0 });
    all_readable(&vault, &kept);
    assert!(scrub(&vault).is_sound());
    drop(vault);
    // The first sector has the title, which no cut can take: that is damage.
    bytes.copy_from_slice(&sound);
    bytes[..512].fill(0);
    fs::write(&manifest, &bytes).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening().manifest, ManifestState::Damaged);
    all_readable(&vault, &kept);
}

#[test]
fn a_damaged_manifest_keeps_its_sound_lines_so_that_losses_are_still_seen() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let manifest = folder.path().join(MANIFEST);
    let mut bytes = fs::read(&manifest).unwrap();
    bytes[LINE_BYTES + 30] ^= 1; // the line of the first object
    fs::write(&manifest, &bytes).unwrap();
    fs::remove_file(folder.path().join(format!("objects/00000000/{}", kept[3].0))).unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening(), Opening { manifest: ManifestState::Damaged, adopted: 1, cut_bytes: 0 });
    all_readable(&vault, &kept[..3]);
    let report = scrub(&vault);
    assert_eq!(report.missing, [kept[3].0]);
    assert_eq!(report.untracked, ["manifest.damaged-1"]);
}

#[test]
fn a_manifest_of_a_later_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(reopened(&folder));
    let manifest = folder.path().join(MANIFEST);
    let mut title = fs::read(&manifest).unwrap();
    title[4] = 9;
    let mut checked = 0_u64.to_le_bytes().to_vec();
    checked.extend_from_slice(&title[..88]);
    let check = blake3::hash(&checked);
    title[88..].copy_from_slice(&check.as_bytes()[..8]);
    fs::write(&manifest, title).unwrap();
    assert!(matches!(LocalVault::open(folder.path()), Err(VaultError::UnknownVersion { found: 9, .. })));
}

#[test]
fn a_destroyed_object_is_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let sealed: Vec<Vec<u8>> = [&kept[2], &kept[3]]
        .iter()
        .map(|(id, ..)| {
            let files = files_below(folder.path()).into_iter().map(|path| fs::read(path).unwrap());
            let mut heads = files.filter_map(|bytes| {
                let at = bytes.windows(HEAD_BYTES).position(|window| {
                    Head::decode(window.try_into().unwrap()).is_some_and(|head| head.id == *id)
                })?;
                Some(bytes[at + HEAD_BYTES..][..200].to_vec())
            });
            heads.next_back().unwrap()
        })
        .collect();
    let holds = |needle: &[u8]| {
        files_below(folder.path())
            .iter()
            .any(|path| fs::read(path).unwrap().windows(16).any(|window| window == &needle[..16]))
    };
    assert!(sealed.iter().all(|sealed| holds(sealed)), "the search finds what is there");
    let vault = reopened(&folder);
    vault.destroy(&warrant(&[kept[2].0, kept[3].0]), TODAY).unwrap();
    for piece in sealed.iter().flat_map(|sealed| sealed.chunks_exact(16)) {
        assert!(!holds(piece));
    }
    assert!(scrub(&vault).is_sound());
    drop(vault);
    let vault = reopened(&folder);
    assert!(scrub(&vault).is_sound());
    all_readable(&vault, &kept[..2]);
}

#[test]
fn an_interrupted_destruction_is_finished_by_calling_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let (volume, manifest) = (folder.path().join(VOLUME), folder.path().join(MANIFEST));
    let sound = (fs::read(&volume).unwrap(), fs::read(&manifest).unwrap());
    let doomed = warrant(&[kept[0].0]);
    reopened(&folder).destroy(&doomed, TODAY).unwrap();
    let punched_and_buried = fs::read(&volume).unwrap();
    // After the tombstone, before the manifest: opening finishes it.
    fs::write(&manifest, &sound.1).unwrap();
    assert!(!reopened(&folder).contains(&kept[0].0).unwrap());
    // After punching, before the tombstone: the next call finishes it.
    fs::write(&manifest, &sound.1).unwrap();
    fs::write(&volume, &punched_and_buried[..sound.0.len()]).unwrap();
    let vault = reopened(&folder);
    assert_eq!(scrub(&vault).changed, [Suspect::Object(kept[0].0)]);
    assert_eq!(vault.destroy(&doomed, TODAY).unwrap(), 1);
    assert!(scrub(&vault).is_sound());
}

#[test]
fn destruction_never_touches_what_lies_in_a_swapped_volume() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let stranger = tempfile::tempdir().unwrap();
    put(&reopened(&stranger), b"stranger");
    let volume = folder.path().join(VOLUME);
    let foreign = fs::read(stranger.path().join(VOLUME)).unwrap();
    fs::write(&volume, &foreign).unwrap();
    let vault = reopened(&folder);
    let refused = vault.destroy(&warrant(&[kept[0].0]), TODAY);
    assert!(matches!(refused, Err(VaultError::Changed { .. })));
    assert_eq!(fs::read(&volume).unwrap(), foreign);
}

#[test]
fn a_large_file_named_but_not_listed_is_adopted_and_one_half_staged_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let manifest = folder.path().join(MANIFEST);
    let sound = fs::read(&manifest).unwrap();
    fs::write(&manifest, &sound[..sound.len() - LINE_BYTES]).unwrap();
    let left = folder.path().join(format!("objects/00000000/{}.tmp", "ab".repeat(16)));
    fs::write(&left, b"half").unwrap();
    let vault = reopened(&folder);
    assert_eq!(vault.opening().adopted, 1);
    assert!(!left.exists());
    all_readable(&vault, &kept);
}

#[test]
fn dropping_what_is_staged_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let vault = reopened(&folder);
    let staged = stage(&vault, &noise(1, 1_500_000));
    let temporary = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tmp");
    assert_eq!(files_below(folder.path()).iter().filter(|path| temporary(path)).count(), 1);
    drop(staged);
    assert_eq!(files_below(folder.path()).iter().filter(|path| temporary(path)).count(), 0);
}

#[test]
fn a_full_storage_takes_the_batch_back_and_is_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let vault = reopened(&folder);
    let full = || Disk::real().open_for_change(Path::new("/dev/full")).unwrap().unwrap();
    vault.writer.lock().unwrap().appender.swap_file(full());
    let (small, large) = (stage(&vault, b"new"), stage(&vault, &noise(9, 1_500_000)));
    let ids = [small.id, large.id];
    assert!(matches!(vault.deposit(vec![small, large]), Err(VaultError::StorageFull { .. })));
    assert!(ids.iter().all(|id| !vault.contains(id).unwrap()));
    assert!(scrub(&vault).is_sound());
    let (id, key) = put(&vault, b"new");
    drop(vault);
    let vault = reopened(&folder);
    assert_eq!(vault.opening().cut_bytes, 0);
    assert_eq!(get(&vault, &id, &key).unwrap(), b"new");
    all_readable(&vault, &kept);
}

#[test]
fn after_a_failed_write_nothing_is_taken_until_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let kept = filled(folder.path());
    let vault = reopened(&folder);
    // A file that cannot be written: the batch fails in the manifest, when its records are durable.
    let unwritable = Disk::real().open(&folder.path().join(MANIFEST)).unwrap().unwrap();
    vault.writer.lock().unwrap().manifest.swap_file(unwritable);
    let staged = stage(&vault, b"new");
    let (id, key) = (staged.id, staged.object_key.clone());
    assert!(matches!(vault.deposit(vec![staged]), Err(VaultError::Io { .. })));
    assert!(!vault.contains(&id).unwrap(), "not acknowledged, so not visible");
    assert!(matches!(vault.deposit(vec![stage(&vault, b"next")]), Err(VaultError::Poisoned)));
    assert!(matches!(vault.destroy(&warrant(&[kept[0].0]), TODAY), Err(VaultError::Poisoned)));
    all_readable(&vault, &kept);
    drop(vault);
    let vault = reopened(&folder);
    assert_eq!(vault.opening().adopted, 1, "an orphan until it comes again");
    assert_eq!(get(&vault, &id, &key).unwrap(), b"new");
}

#[test]
fn a_full_volume_is_followed_by_the_next_and_taken_back_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let vault = reopened(&folder);
    vault.writer.lock().unwrap().appender.with_volumes_of(20_000);
    let staged: Vec<_> = (0..10).map(|seed| stage(&vault, &noise(seed, 7_000))).collect();
    let kept: Kept =
        staged.iter().zip(0..).map(|(s, n)| (s.id, s.object_key.clone(), noise(n, 7_000))).collect();
    vault.deposit(staged).unwrap();
    assert_eq!(vault.volumes.list().unwrap().0.len(), 5);
    all_readable(&vault, &kept);
    assert!(scrub(&vault).is_sound());
    drop(vault);
    let vault = reopened(&folder);
    all_readable(&vault, &kept);
    assert_eq!(vault.opening().cut_bytes, 0);
    vault.writer.lock().unwrap().appender.with_volumes_of(20_000);
    {
        let appender = &mut vault.writer.lock().unwrap().appender;
        let mark = appender.mark();
        // Small enough to be gathered.
        appender.append(&noise(1, 15_000)).unwrap();
        appender.append(&noise(1, 15_000)).unwrap();
        assert_eq!(vault.volumes.list().unwrap().0.len(), 6, "the last is still in the buffer");
        appender.undo(mark).unwrap();
    }
    assert_eq!(vault.volumes.list().unwrap().0.len(), 5);
    all_readable(&vault, &kept);
    assert!(scrub(&vault).is_sound());
}

#[test]
fn compression_is_kept_where_it_pays_and_noise_costs_almost_nothing() {
    let vault = MemoryVault::new();
    let (text, noisy) = (stage(&vault, &prose(500_000)), stage(&vault, &noise(1, 500_000)));
    assert!(text.sealed_bytes < 100_000, "{}", text.sealed_bytes);
    assert!(noisy.sealed_bytes < 500_000 + 200, "{}", noisy.sealed_bytes);
    // A probe that failed is repeated: text behind much noise is compressed all the same.
    let mixed = stage(&vault, &[noise(1, 131_072), prose(8_000_000)].concat());
    assert!(mixed.sealed_bytes < 3_500_000, "{}", mixed.sealed_bytes);
}
