//! Golden data of backups: a signed state, its list of contents, a register of destructions.

use ed25519_dalek::SigningKey;
use schriftgut::base::digest::{Blake3, Sha256};
use schriftgut::domain::disposal::Condemned;
use schriftgut::domain::event::DestructionCounts;
use schriftgut::domain::ids::{CaseFileId, DisposalListId, DocumentId, ObjectId};
use schriftgut::format::backup::{BackupState, Content, Wing};
use schriftgut::format::tombstones::{self, Register, Tombstone};
use schriftgut::ledger::{Checkpoint, Head, VerifierKey, checkpoint};
use uuid::Uuid;

use super::{kept, specification};

const ORIGIN: &str = "schriftgut/1b4e28ba-2fa1-41d2-883f-0016d3cca427";

fn contents() -> Vec<Content> {
    let object = |wing, byte: u8| Content::Object {
        wing,
        id: ObjectId([byte; 32]),
        digest: Blake3::of(&[byte]),
        bytes: u64::from(byte) * 1_000,
    };
    let manifest = b"format = 1\n";
    let path = "schriftgut.toml".to_owned();
    let file = Content::File { path, digest: Blake3::of(manifest), bytes: manifest.len() as u64 };
    vec![file, object(Wing::Office, 1), object(Wing::Office, 2), object(Wing::Archive, 3)]
}

fn list() -> String {
    contents().iter().map(Content::line).collect()
}

fn state() -> BackupState {
    BackupState {
        at: "2026-11-22T09:15:00Z".parse().unwrap(),
        contents: Blake3::of(list().as_bytes()),
        lines: 4,
        copied: (3, 6_000),
        removed: 1,
        short: 0,
    }
}

fn register() -> Vec<Tombstone> {
    let list = DisposalListId(Uuid::from_u128(0x700));
    let counts = DestructionCounts { documents: 1, objects: 3, bytes: 48_213, objects_held_elsewhere: 1 };
    let documents = vec![DocumentId(Uuid::from_u128(0x2000))];
    let file = CaseFileId(Uuid::from_u128(0x1b4e_28ba_2fa1_41d2_883f_0016_d3cc_a427));
    let files = vec![Condemned { file, list, documents, counts }];
    vec![Tombstone { list, on: jiff::civil::date(2026, 11, 22), certificate: Sha256([5; 32]), files }]
}

fn signed(extensions: Vec<String>) -> String {
    let head = Head { size: 1_042, root: Sha256([9; 32]) };
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), head, extensions };
    checkpoint.sign(&SigningKey::from_bytes(&[7; 32])).unwrap()
}

fn verified(note: &str) -> Checkpoint {
    let key = VerifierKey::new(ORIGIN, SigningKey::from_bytes(&[7; 32]).verifying_key()).unwrap();
    checkpoint::verify(note, &key).unwrap()
}

#[test]
fn a_backup_ever_made_is_read_as_it_was_meant() {
    let note = kept("backup/v1/backup.note", || signed(state().lines()));
    let read = verified(&note);
    assert_eq!((read.head.size, BackupState::read(&read.extensions).unwrap()), (1_042, state()));
    let text = kept("backup/v1/contents.txt", list);
    let lines: Vec<_> = text.lines().map(|line| Content::read(line).unwrap()).collect();
    assert_eq!(lines, contents());
    assert_eq!(Blake3::of(text.as_bytes()), state().contents);
}

#[test]
fn a_register_of_destructions_ever_written_is_read_as_it_was_meant() {
    let text = kept("backup/v1/tombstones.note", || {
        let text = tombstones::write(&register());
        tombstones::join(&text, &signed(Register::of(&text, 1, 7).lines()))
    });
    let (lines, note) = tombstones::split(&text);
    assert_eq!(tombstones::read(lines).unwrap(), register());
    let closed = Register::read(&verified(note).extensions).unwrap();
    assert_eq!(closed, Some(Register::of(lines, 1, 7)));
}

#[test]
fn the_worked_examples_of_a_backup_are_the_golden_data() {
    let specification = specification("backup.md");
    for name in ["backup.note", "contents.txt", "tombstones.note"] {
        let text = kept(&format!("backup/v1/{name}"), || unreachable!("written by the tests above"));
        for line in text.lines().filter(|line| !line.is_empty()) {
            assert!(specification.contains(line), "backup.md does not show: {line}");
        }
    }
}
