//! Promises of the keyring as a whole, kept against stops at every step, changed bytes and time.

mod crash;
mod damage;
mod forgetting;
mod golden;
mod laws;

use std::path::Path;

use uuid::Uuid;

use super::folder::Folder;
use super::{Keyring, MasterSecret};
use crate::base::seal::SealKey;
use crate::disk::Disk;
use crate::domain::disposal::{DestructionWarrant, testing::warrant_for};
use crate::domain::ids::{CaseFileId, DocumentId, KeyId};

/// Keys per page in tests that want many pages.
const ROOM: usize = 4;

/// Ids of records lie above those of the office.
fn id(number: u32) -> KeyId {
    KeyId(Uuid::from_u128(0x1000 + u128::from(number)))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<KeyId> {
    numbers.into_iter().map(id).collect()
}

/// One warrant for these keys.
fn warrant(ids: &[KeyId]) -> DestructionWarrant {
    let documents: Vec<DocumentId> = ids[1..].iter().map(|id| DocumentId(id.0)).collect();
    warrant_for(CaseFileId(ids[0].0), &documents, &[])
}

/// A keyring with small pages.
fn small_pages(keyring: Keyring) -> Keyring {
    keyring.writer_to_look().page_room = ROOM;
    keyring
}

fn open(dir: &Path, master: &MasterSecret) -> Keyring {
    small_pages(Keyring::open(dir, master).unwrap())
}

/// A keyring of keys 0 to 9 on three pages, the newest with room for two more, added in several batches.
fn sample(dir: &Path, master: &MasterSecret) -> Vec<SealKey> {
    let keyring = small_pages(Keyring::create(dir, master).unwrap());
    keyring.add(&ids(0..5)).unwrap();
    keyring.add(&ids(5..9)).unwrap();
    keyring.add(&ids(9..10)).unwrap();
    keyring.add(&ids(0..10)).unwrap()
}

/// All files of a folder with their bytes.
fn image(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let folder = Folder::on(&Disk::real(), dir);
    let read = |name: String| {
        let bytes = folder.read(&name).unwrap().unwrap();
        (name, bytes)
    };
    folder.names().unwrap().into_iter().map(read).collect()
}

/// A new folder with these files.
fn folder_of(image: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in image {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}
