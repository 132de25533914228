//! Kept data of version 1, written once and readable for ever.
//!
//! `tests/golden/keyring/v1` is a keyring of a master secret that protects nothing; its keys stand in
//! `v1.keys`, beside a recovery sheet and a sealed signing key of the same version.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::base::digest::{bytes_from_hex, hex};
use crate::keyring::person_key::{Cost, SigningIdentity, verify};
use crate::keyring::recovery::{RecoverySheet, Share};

/// The master secret of all golden data: the bytes 0 to 31.
fn golden_master() -> MasterSecret {
    MasterSecret::from_bytes(std::array::from_fn(|at| at as u8))
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/keyring").join(name)
}

/// The golden text; written by `make` for a new version, with `SCHRIFTGUT_WRITE_GOLDEN=1`.
fn golden_text(name: &str, make: impl FnOnce() -> String) -> String {
    let path = golden(name);
    if !path.exists() {
        assert!(
            std::env::var_os("SCHRIFTGUT_WRITE_GOLDEN").is_some_and(|write| write == "1"),
            "golden data is missing: {}",
            path.display()
        );
        fs::create_dir_all(golden("")).unwrap();
        fs::write(&path, make()).unwrap();
    }
    fs::read_to_string(path).unwrap()
}

fn make_keyring(dir: &Path) -> String {
    let keys = sample(dir, &golden_master());
    let keyring = open(dir, &golden_master());
    keyring.forget(&[warrant(&ids(2..5))]).unwrap();
    let left = ids(0..10).into_iter().zip(keys).filter(|(id, _)| keyring.key(id).unwrap().is_some());
    left.map(|(id, key)| format!("{id} {}\n", hex(key.expose()))).collect()
}

#[test]
fn a_keyring_of_version_1_is_readable_for_ever() {
    let keys = golden_text("v1.keys", || make_keyring(&golden("v1")));
    let copy = folder_of(&image(&golden("v1")));
    let keyring = open(copy.path(), &golden_master());
    assert_eq!((keyring.epoch(), keyring.len()), (2, keys.lines().count()));
    for line in keys.lines() {
        let (id, key) = line.split_once(' ').unwrap();
        let found = keyring.key(&KeyId(Uuid::parse_str(id).unwrap())).unwrap();
        assert_eq!(found, Some(SealKey::from_bytes(bytes_from_hex(key).unwrap())));
    }
    assert!(ids(2..5).iter().all(|id| keyring.key(id).unwrap().is_none()));
    keyring.add(&ids(20..30)).unwrap();
    assert!(keyring.audit().unwrap().is_sound());
}

#[test]
fn a_recovery_sheet_of_version_1_is_readable_for_ever() {
    let text = golden_text("recovery-sheet-v1.txt", || {
        RecoverySheet::shares(&golden_master(), "Stadt Musterhausen")
            .map(|share| share.text() + "\n")
            .concat()
    });
    let shares: Vec<Share> =
        text.lines().map(|line| Share::parse("Stadt Musterhausen", line).unwrap()).collect();
    assert_eq!(shares.len(), 3);
    assert_eq!(RecoverySheet::recover(&shares[..2]), Ok(golden_master()));
    assert_eq!(RecoverySheet::recover(&shares[1..]), Ok(golden_master()));
}

#[test]
fn a_signing_key_of_version_1_is_readable_for_ever() {
    let text = golden_text("person-key-v1.txt", || {
        let (public, sealed) = SigningIdentity::create_at("Prüfgeheimnis", Cost::FOR_TESTS).unwrap();
        format!("{}\n{}\n", hex(&public), hex(&sealed))
    });
    let (public, sealed) = text.trim_end().split_once('\n').unwrap();
    let sealed = data_encoding::HEXLOWER.decode(sealed.as_bytes()).unwrap();
    let identity = SigningIdentity::unlock(&sealed, "Prüfgeheimnis").unwrap();
    assert!(verify(&bytes_from_hex(public).unwrap(), b"Liste", &identity.sign(b"Liste")));
}
