//! A vault alone: every bit of volume, manifest and large object; objects swapped, pages zeroed, files cut.

use std::path::{Path, PathBuf};

use schriftgut::base::seal::SealKey;
use schriftgut::domain::fixity::Part;
use schriftgut::domain::ids::ObjectId;
use schriftgut::vault::{DisposableVault as _, LocalVault, Vault, VaultCopy};
use tempfile::TempDir;

use crate::common::copy_folder;
use crate::flips::{Mill, Seen, Tally, bits, each_flip, each_flip_owned, folder, length, some_bits, spread};

pub const VOLUME: &str = "volumes/00000000.vol";

pub struct Kept {
    pub id: ObjectId,
    key: SealKey,
    content: Vec<u8>,
}

pub struct Store {
    place: TempDir,
    pub kept: Vec<Kept>,
}

/// Bytes that no compression makes smaller, always the same for one seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

impl Store {
    /// A vault with these contents; the second of them is gone again.
    fn with(contents: Vec<Vec<u8>>) -> Self {
        let mut store = Self { place: folder(), kept: Vec::new() };
        let vault = store.open();
        let stager = vault.stager(&SealKey::from_bytes([9; 32]));
        for content in contents {
            let staged = stager.stage(&mut &*content, u64::MAX).unwrap();
            store.kept.push(Kept { id: staged.id, key: staged.object_key.clone(), content });
            vault.deposit(vec![staged]).unwrap();
        }
        let gone = store.kept.remove(1);
        assert_eq!(vault.discard_unclaimed(&[gone.id]).unwrap(), 1);
        store
    }

    /// Small ones, one that compresses, one removed with its hole and tombstone.
    fn small() -> Self {
        Self::with(Self::contents())
    }

    /// The same, and one in a file of its own.
    pub fn with_large() -> Self {
        Self::with(Self::contents().into_iter().chain([noise(5, 1_100_000)]).collect())
    }

    fn contents() -> Vec<Vec<u8>> {
        vec![noise(1, 1), noise(2, 300), b"Bauakte. ".repeat(300), noise(3, 200), noise(4, 200)]
    }

    pub fn root(&self) -> PathBuf {
        self.place.path().join("vault")
    }

    fn open(&self) -> LocalVault {
        LocalVault::open(&self.root()).unwrap()
    }

    pub fn large(&self) -> PathBuf {
        Path::new("objects/00000000").join(self.kept.last().unwrap().id.to_string())
    }

    /// Reads everything: right bytes or an error, never others. How many were right?
    pub fn served(&self, vault: &dyn Vault, what: &str) -> usize {
        let right = |kept: &&Kept| {
            let Ok(mut reader) = vault.open(&kept.id, &kept.key) else { return false };
            let size = reader.size_bytes() as usize;
            let read = reader.read_range(0, size);
            assert!(
                read.as_ref().is_ok_and(|read| *read == kept.content) || read.is_err(),
                "{what}: wrong bytes"
            );
            read.is_ok()
        };
        self.kept.iter().filter(right).count()
    }

    /// What the vault's owner sees of damage: opens, scrubs, reads.
    fn look(&self, root: &Path, what: &str) -> Seen {
        let Ok(vault) = LocalVault::open(root) else { return Seen::Refused };
        let sound = vault.scrub(&mut |_, _| {}).unwrap().is_sound();
        let served = self.served(&vault, what);
        match (sound, served == self.kept.len()) {
            (false, _) => Seen::Reported,
            (true, true) => Seen::Harmless("made again from the records themselves"),
            (true, false) => Seen::Unnoticed,
        }
    }
}

/// What someone without keys sees, who changes nothing.
fn keyless(root: &Path) -> Seen {
    match VaultCopy::open(root) {
        Err(_) => Seen::Refused,
        Ok(None) => Seen::Reported,
        Ok(Some(copy)) if copy.scrub(Part::WHOLE, &mut |_, _| {}).unwrap().is_sound() => Seen::Unnoticed,
        Ok(Some(_)) => Seen::Reported,
    }
}

#[test]
fn every_bit_of_a_volume_is_seen_with_and_without_keys_and_never_served() {
    let store = Store::small();
    assert_eq!(keyless(&store.root()), Seen::Unnoticed, "a healthy vault raises no alarm");
    let bits = bits(length(&store.root().join(VOLUME)), 20_000);
    each_flip(&store.root(), Path::new(VOLUME), &bits, &|root, _| keyless(root))
        .all_detected("volume, keyless");
    let owned = each_flip_owned(&store.root(), Path::new(VOLUME), &spread(&bits, 5_000), &|root, bit| {
        store.look(root, &format!("bit {bit}"))
    });
    owned.all_detected("volume, as its owner");
}

#[test]
fn every_bit_of_a_manifest_is_seen_without_keys_and_costs_its_owner_nothing() {
    let store = Store::small();
    let manifest = Path::new("manifest");
    let bits = bits(length(&store.root().join(manifest)), 6_000);
    each_flip(&store.root(), manifest, &bits, &|root, _| keyless(root)).all_detected("manifest, keyless");
    let owned =
        each_flip_owned(&store.root(), manifest, &bits, &|root, bit| store.look(root, &format!("bit {bit}")));
    // The last line is all a crash may tear; its owner makes it again from the record.
    owned.conclude("manifest, as its owner");
    let healed: usize =
        owned.0.iter().filter(|(seen, _)| matches!(seen, Seen::Harmless(_))).map(|(_, n)| n).sum();
    assert!(healed * 3 < owned.all(), "more than the last line went unsaid");
}

#[test]
fn bits_of_a_large_object_are_seen_and_never_served() {
    let store = Store::with_large();
    let large = store.large();
    let length = length(&store.root().join(&large));
    // Its head and its end whole; of its body, which is hashed in one piece, a sample.
    let mut bits: Vec<_> = (0..96 * 8).chain((length - 32) * 8..length * 8).collect();
    bits.extend(some_bits(length, if crate::flips::full() { 100_000 } else { 500 }));
    each_flip(&store.root(), &large, &bits, &|root, _| keyless(root)).all_detected("large object, keyless");
    let vault = store.open();
    let path = store.root().join(&large);
    for bit in some_bits(length, if crate::flips::full() { 3_000 } else { 300 }) {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(store.served(&vault, "large"), store.kept.len() - 1);
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bytes).unwrap();
    }
    assert!(vault.scrub(&mut |_, _| {}).unwrap().is_sound());
}

/// Where the body of an object lies in the volume, found by its head.
pub fn place_of(volume: &[u8], id: &ObjectId) -> usize {
    volume.windows(32).position(|window| window == id.0).unwrap() - 16
}

fn with_volume(store: &Store, change: &dyn Fn(&mut Vec<u8>)) -> TempDir {
    let place = folder();
    let root = place.path().join("vault");
    copy_folder(&store.root(), &root);
    let mut bytes = std::fs::read(root.join(VOLUME)).unwrap();
    change(&mut bytes);
    std::fs::write(root.join(VOLUME), bytes).unwrap();
    place
}

#[test]
fn swapped_objects_are_seen_and_come_back_out_of_a_copy() {
    let store = Store::small();
    let (a, b) = (&store.kept[2], &store.kept[3]);
    let volume = std::fs::read(store.root().join(VOLUME)).unwrap();
    let (at_a, at_b) = (place_of(&volume, &a.id), place_of(&volume, &b.id));
    let record = (at_b - at_a).min(volume.len() - at_b);
    for (what, from, to) in [("records", 0, record), ("bodies", 96, record), ("heads", 0, 96)] {
        let place = with_volume(&store, &|bytes| {
            for at in from..to {
                bytes.swap(at_a + at, at_b + at);
            }
        });
        let root = place.path().join("vault");
        assert_eq!(keyless(&root), Seen::Reported, "{what}");
        assert_eq!(store.look(&root, what), Seen::Reported, "{what}");
        let vault = LocalVault::open(&root).unwrap();
        let copy = VaultCopy::open(&store.root()).unwrap().unwrap();
        let mut back = vault.put_back(&[a.id, b.id], &copy).unwrap();
        back.sort_unstable();
        assert_eq!(back.len(), 2, "{what}");
        assert!(vault.scrub(&mut |_, _| {}).unwrap().is_sound(), "{what}: {:?}", vault.scrub(&mut |_, _| {}));
        assert_eq!(store.served(&vault, what), store.kept.len(), "{what}");
        drop(vault);
        assert_eq!(keyless(&root), Seen::Unnoticed, "{what}: whole again, after a restart too");
        assert!(matches!(store.look(&root, what), Seen::Harmless(_)), "{what}");
    }
}

#[test]
fn zeroed_pages_and_cut_volumes_are_seen_and_come_back_out_of_a_copy() {
    let store = Store::with((0..24).map(|seed| noise(seed, 3_000 + seed as usize * 97)).collect());
    let full = std::fs::read(store.root().join(VOLUME)).unwrap();
    let (mut tally, mut mill) = (Tally::default(), Mill(4));
    let mut look = |place: TempDir, what: &str| {
        let root = place.path().join("vault");
        if std::fs::read(root.join(VOLUME)).unwrap() == full {
            return; // the page was a hole already
        }
        assert_eq!(keyless(&root), Seen::Reported, "{what}");
        tally.note(store.look(&root, what));
        let vault = LocalVault::open(&root).unwrap();
        let ids: Vec<_> = store.kept.iter().map(|kept| kept.id).collect();
        vault.put_back(&ids, &VaultCopy::open(&store.root()).unwrap().unwrap()).unwrap();
        assert_eq!(store.served(&vault, what), store.kept.len(), "{what}: all is back");
    };
    for page in 0..full.len() / 4_096 {
        let place = with_volume(&store, &|bytes| bytes[page * 4_096..(page + 1) * 4_096].fill(0));
        look(place, &format!("page {page}"));
    }
    for _ in 0..if crate::flips::full() { 2_000 } else { 60 } {
        let end = mill.below(full.len());
        look(with_volume(&store, &|bytes| bytes.truncate(end)), &format!("cut at {end}"));
    }
    tally.all_detected("zeroed pages and cut volumes");
}
