//! What only its private parts can show: entries that were tampered with by somebody who has the keys, a vault that stops
//! in mid-work, and somebody who brings the indexes up to date and does not come to an end.

use std::io::Cursor;
use std::sync::Arc;

use tempfile::TempDir;

use super::seals::disclosed;
use super::*;
use crate::base::digest::Sha256;
use crate::ledger::EntryNo;
use crate::vault::MemoryVault;

/// Login of the operating-system user, who is a clerk.
const LOGIN: &str = "betrieb";

fn founded() -> (TempDir, Registry) {
    let dir = tempfile::tempdir().unwrap();
    let founding = Founding { name: "Amt".to_owned(), demo: false, login: LOGIN.to_owned() };
    let registry = found(dir.path(), &founding).unwrap().registry;
    (dir, registry)
}

#[test]
fn a_body_that_is_not_what_its_commitment_says_is_a_fault() {
    let (_dir, registry) = founded();
    for number in 0..registry.ledger.head().size {
        let mut entry = registry.ledger.entry(EntryNo(number)).unwrap();
        assert!(registry.open_body(&entry).unwrap().is_some());
        entry.header.commitment = Sha256::of(&[b"another body"]);
        assert!(matches!(registry.open_body(&entry), Err(Error::Fault { .. })), "{number}");
    }
}

#[test]
fn a_disclosed_body_is_believed_only_under_its_commitment() {
    let (_dir, registry) = founded();
    let mut entry = registry.ledger.entry(EntryNo(0)).unwrap();
    let plain = registry.disclose(&entry).unwrap().unwrap();
    assert!(disclosed(&entry, &plain).is_ok());
    let mut salted_anew = plain.clone();
    salted_anew[0] ^= 1;
    assert!(disclosed(&entry, &salted_anew).is_err());
    entry.header.commitment = Sha256::of(&[b"another body"]);
    assert!(disclosed(&entry, &plain).is_err());
}

fn paper(name: &str) -> Source {
    let (name, file_name) = (name.to_owned(), name.to_owned());
    Source { name, file_name, target: None, open: Box::new(|| Ok(Box::new(Cursor::new(b"Antrag")))) }
}

#[test]
fn a_search_is_answered_though_others_do_not_come_to_an_end_with_the_indexes() {
    let (_dir, registry) = founded();
    let person = registry.person(LOGIN).unwrap();
    let search = || {
        let page = registry.search(person.as_reader().unwrap(), "datei:antrag", 0, 10).unwrap();
        (page.total, page.behind)
    };
    let take_in = || registry.ingest(person.as_clerk().unwrap(), std::iter::once(paper("antrag")), &mut drop);
    take_in().unwrap();
    assert_eq!(search(), (1, None));
    let busy = registry.following().unwrap();
    std::thread::scope(|scope| {
        assert_eq!(scope.spawn(search).join().unwrap(), (1, None), "there is nothing to follow");
        take_in().unwrap();
        assert_eq!(scope.spawn(search).join().unwrap(), (1, Some(Behind::MuchWritten)));
    });
    drop(busy);
    assert_eq!(search(), (2, None));
}

#[test]
fn what_the_vault_did_not_take_is_named_in_no_entry() {
    for steps in 1.. {
        let (_dir, mut registry) = founded();
        registry.vault = Arc::new(MemoryVault::with_fuse(steps));
        let clerk = registry.person(LOGIN).unwrap();
        let entries = registry.ledger.head().size;
        let taken = registry.ingest(clerk.as_clerk().unwrap(), std::iter::once(paper("antrag")), &mut drop);
        if taken.is_ok() {
            assert!(steps > 2, "nothing was interrupted");
            assert!(registry.ledger.head().size > entries);
            return;
        }
        assert_eq!(registry.ledger.head().size, entries, "{steps} steps");
    }
}
