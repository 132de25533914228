//! A vault as version 1 writes it, kept for ever: every later program must read it.

use std::fs;
use std::path::Path;

use super::super::stage::Body;
use super::super::suite::{TODAY, address_key, get, noise, prose, scrub, warrant};
use super::super::*;
use super::tests::{files_below, reopened};
use super::*;

/// Written for a new version, with `SCHRIFTGUT_WRITE_GOLDEN=1`, then never changed.
const GOLDEN: &str = "tests/golden/object/v1";

/// The golden vault: two objects in a volume, a destroyed one, and one in a file of its own.
fn write_golden(golden: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let contents = golden_contents();
    let vault = reopened(&folder);
    let staged: Vec<_> = contents
        .iter()
        .map(|(key, content)| {
            let stager = vault.stager(&address_key());
            stager.stage_under(SealKey::from_bytes([*key; 32]), &mut &content[..], u64::MAX).unwrap()
        })
        .collect();
    let ids: Vec<_> = staged.iter().map(|staged| staged.id).collect();
    let Body::Memory(own_file) = &staged[3].body else { panic!("small") };
    let own_path = folder.path().join("objects/00000000");
    fs::create_dir(&own_path).unwrap();
    fs::write(own_path.join(ids[3].to_string()), own_file).unwrap();
    vault.deposit(staged.into_iter().take(3).collect()).unwrap();
    vault.destroy(&warrant(&ids[1..2]), TODAY).unwrap();
    drop(vault);
    assert_eq!(reopened(&folder).opening().adopted, 1);
    for path in files_below(folder.path()).iter().filter(|path| !path.ends_with(LOCK)) {
        let copy = golden.join(path.strip_prefix(folder.path()).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(path, copy).unwrap();
    }
}

fn golden_contents() -> [(u8, Vec<u8>); 4] {
    [(1, b"Antrag".to_vec()), (2, b"destroyed".to_vec()), (3, prose(140_000)), (4, noise(4, 1_000))]
}

#[test]
fn golden_vaults_are_readable_for_ever() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if !golden.exists() {
        assert!(
            std::env::var_os("SCHRIFTGUT_WRITE_GOLDEN").is_some_and(|write| write == "1"),
            "golden data is missing: {}",
            golden.display()
        );
        write_golden(&golden);
    }
    let folder = tempfile::tempdir().unwrap();
    for path in files_below(&golden) {
        let copy = folder.path().join(path.strip_prefix(&golden).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(path, copy).unwrap();
    }
    let vault = reopened(&folder);
    assert_eq!(vault.opening(), Opening { manifest: ManifestState::Sound, adopted: 0, cut_bytes: 0 });
    assert!(scrub(&vault).is_sound());
    assert_eq!(vault.list(None, 10).unwrap().len(), 3);
    for (number, (key, content)) in golden_contents().iter().enumerate().filter(|(number, _)| *number != 1) {
        let id = ObjectId(*blake3::keyed_hash(address_key().expose(), content).as_bytes());
        let key = SealKey::from_bytes([*key; 32]);
        assert!(get(&vault, &id, &key).unwrap() == *content, "object {number}");
    }
}

#[test]
fn the_worked_example_of_the_specification_is_what_the_sealer_writes() {
    let golden = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN).join("volumes/00000000.vol"));
    let stager = MemoryVault::new().stager(&address_key());
    let key = SealKey::from_bytes([1; 32]);
    let staged = stager.stage_under(key, &mut &b"Antrag"[..], 100).unwrap();
    let Body::Memory(record) = &staged.body else { panic!("small") };
    assert_eq!(record[..], golden.unwrap()[..158]);
}
