//! Content that is here already: what staging finds out before anybody may write, and what becomes of it when the
//! turn of its batch comes.

use std::io::Cursor;

use uuid::Uuid;

use super::hold::Content;
use super::*;
use crate::domain::disposal::testing::warrant_for;
use crate::domain::ids::{CaseFileId, ObjectId};
use crate::registry::tests::{LOGIN, founded};
use crate::vault::Stager;

fn opener(bytes: &[u8]) -> Opener {
    let bytes = bytes.to_vec();
    Box::new(move || Ok(Box::new(Cursor::new(bytes.clone()))))
}

fn stager(registry: &Registry) -> Stager {
    registry.stagers().unwrap().remove(&ProtectionDomain::General).unwrap()
}

fn content(registry: &Registry, bytes: &[u8]) -> Content {
    let actor = registry.person(LOGIN).unwrap();
    registry.content(&actor, &stager(registry), "antrag", opener(bytes)).unwrap().unwrap()
}

fn now(registry: &Registry, content: Content) -> Content {
    registry.content_now(ProtectionDomain::General, "antrag", content).unwrap().unwrap()
}

fn take_in(registry: &Registry, bytes: &[u8]) -> Outcome {
    let clerk = registry.person(LOGIN).unwrap();
    let name = "antrag".to_owned();
    let source = Source { name: name.clone(), file_name: name, target: None, open: opener(bytes) };
    let mut outcome = None;
    let mut acknowledge = |taken: Taken| outcome = Some(taken.outcome);
    registry.ingest(clerk.as_clerk().unwrap(), std::iter::once(source), &mut acknowledge).unwrap();
    outcome.unwrap()
}

fn only_object(registry: &Registry) -> ObjectId {
    let objects = registry.vault.list(None, 2).unwrap();
    assert_eq!(objects.len(), 1);
    objects[0].id
}

#[test]
fn content_that_a_living_record_holds_is_not_sealed_again_and_each_record_has_a_wrap_of_its_own() {
    for bytes in [b"Antrag".to_vec(), vec![7; 3 << 20]] {
        let (_dir, registry) = founded();
        assert!(matches!(content(&registry, &bytes), Content::Staged(_)));
        let Outcome::Taken(first) = take_in(&registry, &bytes) else { panic!("it was not there before") };
        let shared = content(&registry, &bytes);
        assert!(matches!(now(&registry, shared), Content::Shared(..)));
        let Outcome::Known(second) = take_in(&registry, &bytes) else { panic!("it was there before") };
        only_object(&registry);
        let held = [first, second].map(|id| registry.document(id).unwrap().unwrap().original);
        assert_eq!((held[0].id, held[0].sha256), (held[1].id, held[1].sha256));
        assert_eq!(held.each_ref().map(|held| held.size_bytes), [bytes.len() as u64; 2]);
        assert_ne!(held[0].wrapped_key, held[1].wrapped_key);
        let clerk = registry.person(LOGIN).unwrap();
        for id in [first, second] {
            let mut out = Vec::new();
            registry.get(clerk.as_reader().unwrap(), id, &mut out).unwrap();
            assert!(out == bytes);
        }
    }
}

#[test]
fn what_was_destroyed_before_its_turn_came_is_read_and_sealed_again() {
    let (_dir, registry) = founded();
    take_in(&registry, b"Antrag");
    let shared = content(&registry, b"Antrag");
    let id = only_object(&registry);
    assert_eq!(registry.vault.discard_unclaimed(&[id]).unwrap(), 1);
    let Content::Staged(staged) = now(&registry, shared) else { panic!("it is there no longer") };
    assert_eq!(staged.id, id);
}

#[test]
fn what_was_stored_anew_before_its_turn_came_is_not_shared_under_the_key_it_had() {
    let (_dir, registry) = founded();
    take_in(&registry, b"Antrag");
    let shared = content(&registry, b"Antrag");
    let again = stager(&registry).stage(&mut &b"Antrag"[..], ORIGINAL_BYTES_MAX).unwrap();
    registry.vault.replace_unclaimed(vec![again]).unwrap();
    assert!(matches!(now(&registry, shared), Content::Staged(_)));
}

#[test]
fn what_its_last_holder_took_along_is_not_shared() {
    let (_dir, registry) = founded();
    let Outcome::Taken(first) = take_in(&registry, b"Antrag") else { panic!("it was not there before") };
    let shared = content(&registry, b"Antrag");
    let warrant = warrant_for(CaseFileId(Uuid::from_u128(0xf11e)), &[first], &[]);
    registry.keyring.forget(&[warrant]).unwrap();
    assert!(matches!(now(&registry, shared), Content::Staged(_)));
    assert!(matches!(content(&registry, b"Antrag"), Content::Staged(_)), "no key, no holder");
}
