//! A repair that fails at any operation, or whose power is cut there: nothing sound is lost, no wrong byte is served,
//! and doing it again finishes it.

use std::path::Path;

use schriftgut::disk::{Disk, Failing, Fault, Simulated};
use schriftgut::domain::ids::ObjectId;
use schriftgut::vault::{LocalVault, Vault as _, VaultCopy, VaultError};

use crate::common::copy_folder;
use crate::flips::{folder, full};
use crate::machine::Progress;
use crate::machine::ways::{Counted, WAYS, Way, fail_at};
use crate::store::{Store, VOLUME, place_of};

const PLACE: &str = "/amt/vault";

/// Two records swapped, one with a wrong bit, the large one too.
fn harm(store: &Store, root: &Path) {
    let mut volume = std::fs::read(root.join(VOLUME)).unwrap();
    let at = [1, 2, 3].map(|number| place_of(&volume, &store.kept[number].id));
    volume[at[0] + 120] ^= 1;
    for byte in 0..(at[2] - at[1]).min(volume.len() - at[2]) {
        volume.swap(at[1] + byte, at[2] + byte);
    }
    std::fs::write(root.join(VOLUME), volume).unwrap();
    let large = root.join(store.large());
    let mut bytes = std::fs::read(&large).unwrap();
    bytes[600_000] ^= 0x10;
    std::fs::write(large, bytes).unwrap();
}

fn repair(disk: &Disk, ids: &[ObjectId], copy: &VaultCopy) -> Result<(), VaultError> {
    LocalVault::open_on(disk, Path::new(PLACE))?.put_back(ids, copy).map(drop)
}

#[test]
fn a_repair_stopped_anywhere_is_carried_on() {
    let store = Store::with_large();
    let harmed = folder();
    copy_folder(&store.root(), &harmed.path().join("vault"));
    harm(&store, &harmed.path().join("vault"));
    let copy = VaultCopy::open(&store.root()).unwrap().unwrap();
    let ids: Vec<_> = store.kept.iter().map(|kept| kept.id).collect();
    let fresh = || Simulated::copy_of(&harmed.path().join("vault"), Path::new(PLACE), &|_| false).unwrap();
    let (disk, faults) = Failing::before(&fresh().disk());
    repair(&disk, &ids, &copy).unwrap();
    let (operations, changes) = (faults.operations(), faults.changes());
    assert!(changes.len() > 8, "{changes:?}");
    // What fails for good; in full, what fails once, too.
    let once = WAYS.iter().filter(|(_, lasting)| full() && !lasting);
    let ways: Vec<Way> = [Fault::Broken, Fault::Torn, Fault::Full]
        .map(|fault| (fault, true))
        .iter()
        .chain(once)
        .copied()
        .collect();
    let progress = Progress::of("repair", changes.len());
    let (mut met, mut looks) = (0, 0);
    for after in &changes {
        for way in &ways {
            let tried = fail_at(*after, *way, |(fault, lasting)| {
                let simulated = fresh();
                let (disk, faults) = Failing::before(&simulated.disk());
                faults.set(*after, fault, lasting);
                let stopped = repair(&disk, &ids, &copy).is_err();
                ((simulated, stopped), Counted::by(&faults))
            });
            let Some(((fault, lasting), (simulated, stopped))) = tried else { continue };
            met += 1;
            let what = format!("operation {after} of {operations}, {fault:?}, lasting {lasting}");
            assert!(stopped || !lasting || fault == Fault::Full, "{what}");
            let seeds = 0..if full() { 40 } else { 3 };
            let cuts = seeds.map(|seed| simulated.after_power_cut(seed + after * 100));
            for image in cuts.chain([simulated.after_kill()]) {
                let vault = LocalVault::open_on(&image.disk(), Path::new(PLACE)).unwrap();
                assert!(store.served(&vault, &what) >= 1, "{what}: what was sound is sound");
                vault.put_back(&ids, &copy).unwrap();
                assert_eq!(store.served(&vault, &what), ids.len(), "{what}");
                drop(vault);
                let again = LocalVault::open_on(&image.disk(), Path::new(PLACE)).unwrap();
                let report = again.scrub(&mut |_, _| {}).unwrap();
                assert!(report.changed.is_empty() && report.missing.is_empty(), "{what}: {report:?}");
                looks += 1;
            }
        }
        progress.step();
    }
    assert_eq!(met, changes.len() * ways.len(), "every operation that is to fail fails");
    println!(
        "repair: {operations} operations, {met} times stopped, at each that changes something, {looks} images: all carried on"
    );
}
