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
pub(super) const LOGIN: &str = "betrieb";

pub(super) fn founded() -> (TempDir, Registry) {
    let dir = tempfile::tempdir().unwrap();
    let founding = Founding {
        name: "Amt".to_owned(),
        demo: false,
        login: LOGIN.to_owned(),
        rules: crate::format::rule_pack::NRW_KOMMUNAL,
    };
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

/// Takes a text in that nobody reads: it is found by what it is not.
fn take_in(registry: &Registry, clerk: &crate::domain::actor::Actor, text: String) {
    let (name, file_name) = ("antrag".to_owned(), "antrag".to_owned());
    let open = Box::new(move || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn std::io::Read>));
    let source = Source { name, file_name, target: None, open };
    registry.ingest(clerk.as_clerk().unwrap(), std::iter::once(source), &mut drop).unwrap();
}

fn save_search(
    registry: &Registry,
    clerk: &crate::domain::actor::Actor,
) -> crate::domain::ids::SavedSearchId {
    let new = NewSearch { name: "Bremkamp", query: "NICHT Bremkamp", ..NewSearch::default() };
    registry.save_search(clerk.as_reader().unwrap(), &new).unwrap()
}

#[test]
fn without_the_persons_key_nobody_reads_what_was_saved() {
    let ((_dir, mut registry), (_other_dir, other)) = (founded(), founded());
    let clerk = registry.person(LOGIN).unwrap();
    let (reader, first) = (clerk.as_reader().unwrap(), registry.ledger.head().size);
    let id = save_search(&registry, &clerk);
    registry.mark_seen(reader, id, None).unwrap();
    registry.rename_search(reader, id, "Familie Bremkamp").unwrap();
    take_in(&registry, &clerk, "Antrag".to_owned());
    registry.mark_seen(reader, id, None).unwrap();
    registry.forget_search(reader, id).unwrap();
    let mut entries = registry.ledger.entries(EntryNo(first), 9).unwrap();
    entries.retain(|entry| entry.header.subject == clerk.id.0);
    // Nothing was written where nothing was new.
    assert_eq!(entries.iter().map(|entry| entry.header.kind.0).collect::<Vec<_>>(), [204, 205, 206, 207]);
    assert!(entries.iter().all(|entry| entry.header.key == clerk.id.into()));
    registry.keyring = other.keyring;
    assert!(entries.iter().all(|entry| matches!(registry.open_body(entry), Ok(None))));
}

#[test]
fn a_persons_row_does_not_grow_with_every_look() {
    let (_dir, registry) = founded();
    let clerk = registry.person(LOGIN).unwrap();
    let row = || registry.lived(crate::catalog::Kind::Person, clerk.id.0).unwrap().unwrap();
    let (before, id) = (row(), save_search(&registry, &clerk));
    for n in 0..4 {
        take_in(&registry, &clerk, format!("Antrag {n}"));
        let size = registry.ledger.head().size;
        registry.mark_seen(clerk.as_reader().unwrap(), id, None).unwrap();
        assert_eq!(registry.ledger.head().size, size + 1);
        assert_eq!(row().events().len(), before.events().len() + 2);
    }
    let kept = row();
    registry.renew_catalog().unwrap();
    assert_eq!(row(), kept, "the same when it is made anew");
    registry.forget_search(clerk.as_reader().unwrap(), id).unwrap();
    assert_eq!(row(), before);
}
