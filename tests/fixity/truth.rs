//! Ledger, keyring, key file and manifest alone: every bit.

use std::path::Path;
use std::sync::Mutex;

use ed25519_dalek::SigningKey;
use schriftgut::base::digest::Sha256;
use schriftgut::disk::Disk;
use schriftgut::domain::fixity::Part;
use schriftgut::domain::ids::{KeyId, PersonId};
use schriftgut::keyring::{Keyring, MasterSecret};
use schriftgut::ledger::{Draft, Entry, EntryKind, EntryNo, Ledger, LocalLedger, VerifierKey};
use schriftgut::registry::verify_without_keys;
use tempfile::TempDir;
use uuid::Uuid;

use crate::common::{TestOffice, open_patiently, verify};
use crate::flips::{Mill, Seen, bits, each_flip, each_flip_owned, files, folder, full, length, spread};

const ORIGIN: &str = "schriftgut/1b4e28ba-2fa1-41d2-883f-0016d3cca427";

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A ledger in `ledger` and `head` below a folder, with so many entries of seven subjects, in batches.
fn ledger(entries: u64, body: usize) -> (TempDir, Vec<Entry>) {
    let place = folder();
    let (dir, head) = (place.path().join("ledger"), place.path().join("head"));
    let ledger = LocalLedger::create(&dir, &head, signing_key(), ORIGIN).unwrap();
    let draft = |n: u64| Draft {
        at: jiff::Timestamp::from_millisecond(1_700_000_000_000 + n as i64).unwrap(),
        actor: PersonId(Uuid::from_u128(100)),
        kind: EntryKind(300 + (n % 5) as u16),
        subject: Uuid::from_u128(1_000 + u128::from(n % 7)),
        key: KeyId::OFFICE,
        previous: n.checked_sub(7).map(EntryNo),
        commitment: Sha256::of(&[&n.to_le_bytes()]),
        body: (0..body).map(|at| (at as u64 * 7 + n) as u8).collect(),
    };
    let mut at = 0;
    while at < entries {
        let end = (at + 3).min(entries);
        ledger.append(at, (at..end).map(draft).collect()).unwrap();
        at = end;
    }
    let written = ledger.entries(EntryNo(0), entries as usize).unwrap();
    (place, written)
}

/// What someone with the public key sees, who changes nothing.
fn reader(root: &Path, written: &[Entry]) -> Seen {
    let key = VerifierKey::new(ORIGIN, signing_key().verifying_key()).unwrap();
    let Ok(ledger) = LocalLedger::open_to_read(&root.join("ledger"), &root.join("head"), key) else {
        return Seen::Refused;
    };
    judge(&ledger, written, Seen::Harmless("derived files are made again from the entries"))
}

/// What the one who writes sees.
fn writer(root: &Path, written: &[Entry]) -> Seen {
    let Ok(ledger) = LocalLedger::open(&root.join("ledger"), &root.join("head"), signing_key(), ORIGIN)
    else {
        return Seen::Refused;
    };
    let said = ledger.recovery().slot_renewed;
    let well =
        if said { Seen::Said } else { Seen::Harmless("derived files are made again from the entries") };
    judge(&ledger, written, well)
}

fn judge(ledger: &LocalLedger, written: &[Entry], well: Seen) -> Seen {
    let audit = ledger.audit().unwrap();
    let answer = ledger.entries(EntryNo(0), written.len() + 1);
    if let Ok(entries) = &answer {
        assert!(entries.iter().zip(written).all(|(a, b)| a == b), "a wrong entry was answered");
    }
    match (audit.is_clean() && audit.broken_chains.is_empty(), answer.is_ok_and(|entries| entries == written))
    {
        (false, _) => Seen::Reported,
        (true, true) => well,
        (true, false) => Seen::Unnoticed,
    }
}

#[test]
fn every_bit_of_segments_and_heads_is_seen() {
    // In full a ledger of 256 kB, as the specification of the drill has it.
    let (place, written) = if full() { ledger(400, 512) } else { ledger(24, 40) };
    assert!(matches!(reader(place.path(), &written), Seen::Harmless(_)), "a healthy ledger raises no alarm");
    for file in files(place.path()) {
        let name = file.display().to_string();
        // A ledger of this size whole; of what is made again at will a sample.
        let sample = if name.ends_with(".derived") { 2_000 } else { 60_000 };
        let bits = bits(length(&place.path().join(&file)), sample);
        if bits.is_empty() {
            continue; // the lock
        }
        let read = each_flip(place.path(), &file, &bits, &|root, _| reader(root, &written));
        if name.ends_with(".derived") {
            read.conclude(&format!("{name}, to read"));
        } else {
            read.all_detected(&format!("{name}, to read"));
        }
        let some = spread(&bits, 2_000);
        let write = each_flip_owned(place.path(), &file, &some, &|root, _| writer(root, &written));
        if name.ends_with(".derived") {
            write.conclude(&format!("{name}, to write"));
        } else {
            write.all_detected(&format!("{name}, to write"));
        }
    }
}

#[test]
fn every_bit_of_a_keyring_is_seen() {
    let place = folder();
    let (dir, master) = (place.path().join("ring"), MasterSecret::random());
    let ids: Vec<KeyId> = (1_000..1_006).map(|n| KeyId(Uuid::from_u128(n))).collect();
    let keyring = Keyring::create(&dir, &master).unwrap();
    let mut keys = keyring.add(&ids[..2]).unwrap();
    keys.extend(keyring.add(&ids[2..]).unwrap());
    drop(keyring);
    let look = |root: &Path, _| {
        let Ok(keyring) = Keyring::open(&root.join("ring"), &master) else { return Seen::Refused };
        let sound = keyring.flaws().is_empty() && keyring.audit().is_ok_and(|audit| audit.is_sound());
        let mut same = true;
        for (id, key) in ids.iter().zip(&keys) {
            let found = keyring.key(id);
            assert!(!matches!(&found, Ok(Some(other)) if other != key), "a wrong key was given");
            same &= matches!(found, Ok(Some(_)));
        }
        match (sound, same) {
            (false, _) => Seen::Reported,
            (true, true) => Seen::Harmless("the same keys"),
            (true, false) => Seen::Unnoticed,
        }
    };
    assert_eq!(look(place.path(), 0), Seen::Harmless("the same keys"), "a healthy keyring raises no alarm");
    for file in files(place.path()) {
        let bits = bits(length(&place.path().join(&file)), 10_000);
        each_flip_owned(place.path(), &file, &bits, &look).all_detected(&file.display().to_string());
    }
}

#[test]
fn every_bit_of_a_key_file_is_seen() {
    let place = folder();
    let (master, file) = (MasterSecret::random(), Path::new("master.key"));
    master.write_key_file(&Disk::real(), &place.path().join(file)).unwrap();
    let bits = bits(length(&place.path().join(file)), 5_000);
    let tally = each_flip(place.path(), file, &bits, &|root, _| match MasterSecret::read_key_file(
        &Disk::real(),
        &root.join(file),
    ) {
        Err(_) => Seen::Refused,
        Ok(read) if read.expose() == master.expose() => Seen::Harmless("the same secret in another spelling"),
        Ok(_) => Seen::Unnoticed,
    });
    tally.conclude("key file");
}

#[test]
fn every_bit_of_the_registrys_manifest_is_seen() {
    let mut office = TestOffice::demo();
    office.close_doors();
    let (root, file) = (office.root(), Path::new("schriftgut.toml"));
    let bits = bits(length(&root.join(file)), 400);
    let untold = Mutex::new(Vec::new());
    let told = each_flip(root, file, &bits, &|root, bit| match verify_without_keys(
        root,
        Part::WHOLE,
        None,
        &mut |_| {},
    ) {
        Err(_) => Seen::Refused,
        Ok(view) if !view.found.is_clean() => Seen::Reported,
        Ok(_) => {
            untold.lock().unwrap().push(bit);
            Seen::Harmless("without keys; with them it is reported, see below")
        }
    });
    told.conclude("schriftgut.toml, keyless");
    // The registry's name is sealed in the ledger: only who has the keys can compare.
    let mut untold = untold.into_inner().unwrap();
    untold.truncate(if full() { usize::MAX } else { 12 });
    assert!(!untold.is_empty() || !full(), "letters of the name are not told without keys");
    let owned = each_flip_owned(root, file, &untold, &|root, _| match open_patiently(root) {
        Err(_) => Seen::Refused,
        Ok(registry) if verify(&registry).is_ok_and(|found| found.is_clean()) => Seen::Unnoticed,
        Ok(_) => Seen::Reported,
    });
    if !untold.is_empty() {
        owned.all_detected("schriftgut.toml, with keys");
    }
}

#[test]
fn every_bit_of_a_checkpoint_kept_outside_is_seen() {
    let (place, _) = ledger(9, 10);
    let key = VerifierKey::new(ORIGIN, signing_key().verifying_key()).unwrap();
    let head = place.path().join("head");
    let note = std::fs::read(files(&head).first().map(|file| head.join(file)).unwrap()).unwrap();
    let (mut mill, mut refused) = (Mill(1), 0);
    assert!(schriftgut::ledger::checkpoint::verify(std::str::from_utf8(&note).unwrap(), &key).is_ok());
    for bit in 0..note.len() * 8 {
        let mut bent = note.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        let verified =
            String::from_utf8(bent).map(|bent| schriftgut::ledger::checkpoint::verify(&bent, &key).is_ok());
        assert!(!verified.unwrap_or(false), "bit {bit}");
        refused += 1;
    }
    for _ in 0..200 {
        let cut = mill.below(note.len());
        let verified = std::str::from_utf8(&note[..cut])
            .map(|cut| schriftgut::ledger::checkpoint::verify(cut, &key).is_ok());
        assert!(!verified.unwrap_or(false), "cut at {cut}");
    }
    println!("checkpoint: {refused} changes: {refused} Refused");
}
