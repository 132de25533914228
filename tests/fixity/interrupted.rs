//! A repair that fails at any operation, or whose power is cut there: nothing sound is lost, no wrong byte is served,
//! and doing it again finishes it.

use std::path::Path;

use schriftgut::disk::{Disk, Failing, Fault, Simulated};
use schriftgut::domain::ids::ObjectId;
use schriftgut::vault::{LocalVault, Vault as _, VaultCopy, VaultError};

use crate::common::copy_folder;
use crate::flips::{folder, full};
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
    let mut looks = 0;
    for after in changes {
        for fault in [Fault::Broken, Fault::Torn, Fault::Full] {
            let simulated = fresh();
            let (disk, faults) = Failing::before(&simulated.disk());
            faults.set(after, fault, true);
            let stopped = repair(&disk, &ids, &copy).is_err();
            assert!(
                stopped || faults.failed() == 0 || fault == Fault::Full,
                "operation {after} of {operations}"
            );
            let cuts =
                (0..if full() { 40 } else { 3 }).map(|seed| simulated.after_power_cut(seed + after * 100));
            for image in cuts.chain([simulated.after_kill()]) {
                let what = format!("operation {after} of {operations}, {fault:?}");
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
    }
    println!(
        "repair: {operations} operations, stopped at each that changes something, {looks} images: all carried on"
    );
}
