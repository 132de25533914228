//! Two files never meet in one folder, and what a stop left of an export is not in the way of the next.

use std::collections::BTreeSet;
use std::io::Read;

use uuid::Uuid;

use super::output::Output;
use super::plan::folder;
use crate::base::digest::{Sha256, Sha512};
use crate::disk::Disk;
use crate::domain::ids::CaseFileId;

#[test]
fn every_file_has_a_folder_of_its_own() {
    let mut taken = BTreeSet::new();
    let files = ["Ä-1/60", "Ö-1/60", "Ü-1/60", "a-1", "A-1", "_-1_60_00000002"];
    let folders: Vec<_> = (1..)
        .zip(files)
        .map(|(number, reference)| folder(reference, CaseFileId(Uuid::from_u128(number << 96)), &mut taken))
        .collect();
    let expected =
        ["_-1_60", "_-1_60_00000002", "_-1_60_00000003", "a-1", "A-1_00000005", "_-1_60_00000002_00000006"];
    assert_eq!(folders, expected);
    // Even if the beginnings of their ids are the same.
    let (mut taken, same) = (BTreeSet::new(), [1, 2, 3].map(|id| CaseFileId(Uuid::from_u128(id))));
    let folders: BTreeSet<_> = same.iter().map(|id| folder("Ä", *id, &mut taken)).collect();
    assert_eq!(folders.len(), 3);
}

#[test]
fn what_is_written_appears_as_a_whole_and_a_left_beginning_is_taken_away() {
    let place = tempfile::tempdir().unwrap();
    let (disk, out) = (Disk::real(), place.path().join("abgabe"));
    let mut stopped = Output::begin(&disk, &out).unwrap();
    stopped.write("data/alt.txt", &mut b"alt".as_slice()).unwrap();
    drop(stopped); // as if the machine had stopped
    let mut output = Output::begin(&disk, &out).unwrap();
    let written = output.write("data/neu.txt", &mut b"neu".as_slice()).unwrap();
    assert_eq!((written.sha256, written.sha512), (Sha256::of(&[b"neu"]), Sha512::of(b"neu")));
    assert!(!out.exists());
    output.finish().unwrap();
    let names = |folder| -> Vec<_> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    };
    assert_eq!(
        (names(out.join("data")), names(place.path().to_owned())),
        (vec!["neu.txt".into()], vec!["abgabe".into()])
    );
}

#[test]
fn no_place_is_written_twice() {
    let place = tempfile::tempdir().unwrap();
    let mut output = Output::begin(&Disk::real(), &place.path().join("abgabe")).unwrap();
    output.write("a", &mut std::io::empty()).unwrap();
    assert!(output.write("a", &mut std::io::repeat(1).take(1)).is_err());
}
