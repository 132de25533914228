//! A ledger kept for ever: every later version reads it, and still writes the same bytes.

use super::*;
use crate::base::digest::hex;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ledger/v1")
}

/// Drafts that use every field.
fn kept_drafts() -> Vec<Draft> {
    let subject = Uuid::from_u128(0x1b4e_28ba_2fa1_41d2_883f_0016_d3cc_a427);
    let mut drafts = drafts(0..7);
    for (n, previous) in [(1, None), (3, Some(EntryNo(1))), (6, Some(EntryNo(3)))] {
        drafts[n].subject = subject;
        drafts[n].key = KeyId(subject);
        drafts[n].previous = previous;
    }
    drafts
}

/// Appends them as three batches into segments that are as short as can be.
fn write(place: &Place) {
    let ledger = place.create();
    ledger.roll_at(500);
    let drafts = kept_drafts();
    ledger.append(0, drafts[..2].to_vec()).unwrap();
    ledger.append(2, drafts[2..6].to_vec()).unwrap();
    ledger.append(6, drafts[6..].to_vec()).unwrap();
}

/// What can be asked of it, as text.
fn answers(ledger: &LocalLedger) -> String {
    let mut text = format!("{}\n{}", ledger.verifier_key(), ledger.checkpoint().unwrap());
    for no in 0..ledger.head().size {
        let entry = ledger.entry(EntryNo(no)).unwrap();
        text += &format!("entry {no} {}\n", hex(&entry.leaf()));
        for hash in ledger.inclusion(EntryNo(no), ledger.head().size).unwrap() {
            text += &format!("  {hash}\n");
        }
    }
    for old in 0..=ledger.head().size {
        text += &format!("consistency from {old}\n");
        for hash in ledger.consistency(old, ledger.head().size).unwrap() {
            text += &format!("  {hash}\n");
        }
    }
    text
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "lock" {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn the_kept_ledger_is_read_and_would_be_written_the_same_today() {
    let today = Place::new();
    write(&today);
    let kept = golden();
    if !kept.exists() {
        assert!(
            std::env::var_os("SCHRIFTGUT_WRITE_GOLDEN").is_some_and(|write| write == "1"),
            "golden data is missing: {}",
            kept.display()
        );
        copy(&today.dir, &kept.join("ledger"));
        copy(&today.heads, &kept.join("heads"));
        fs::write(kept.join("answers.txt"), answers(&today.open_to_read().unwrap())).unwrap();
    }
    let place = Place::new();
    copy(&kept.join("ledger"), &place.dir);
    copy(&kept.join("heads"), &place.heads);
    let content = |place: &Place| -> Vec<_> {
        let named = |(path, bytes): (PathBuf, _)| (path.file_name().unwrap().to_owned(), bytes);
        place.files().into_iter().map(named).collect::<Vec<_>>()
    };
    assert_eq!(content(&place), content(&today));

    let ledger = place.open().unwrap();
    assert_eq!(*ledger.recovery(), Recovery::default());
    let numbered = kept_drafts().into_iter().zip(0..).map(|(draft, no)| draft.at_number(EntryNo(no)));
    assert_eq!(ledger.entries(EntryNo(0), 100).unwrap(), numbered.collect::<Vec<_>>());
    assert_eq!(answers(&ledger), fs::read_to_string(kept.join("answers.txt")).unwrap());
    let audit = ledger.audit().unwrap();
    assert!(audit.is_clean() && audit.broken_chains.is_empty(), "{audit:?}");
}

/// The bytes of a worked example: the first word of each line of the fenced block after `heading`.
fn worked_example(specification: &str, heading: &str) -> String {
    let block = specification.split_once(heading).unwrap().1.split("```").nth(1).unwrap();
    block.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn the_worked_examples_of_the_specifications_are_real_bytes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let specification = fs::read_to_string(root.join("schema/formats/ledger.md")).unwrap();
    let segment = hex(&fs::read(golden().join("ledger/00000000000000000000.segment")).unwrap());
    let header = worked_example(&specification, "### Segment header, worked");
    let frame = worked_example(&specification, "### Frame, worked");
    assert!(segment.starts_with(&header) && header.len() == 64);
    let entry = kept_drafts().swap_remove(1).at_number(EntryNo(1));
    assert!(segment.contains(&frame) && frame.ends_with(&hex(&entry.leaf())) && frame.len() == 266);
    assert!(specification.contains(&tree::leaf_hash(&entry.leaf()).to_string()));

    let specification = fs::read_to_string(root.join("schema/formats/checkpoint.md")).unwrap();
    let note = fs::read_to_string(golden().join("heads/head-1.note")).unwrap();
    assert!(specification.contains(&format!("```\n{note}```")));
    assert!(specification.contains(&verifier_key().to_string()));
}
