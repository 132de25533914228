//! The promises of every vault: free functions over `&dyn DisposableVault`, run by each implementation.

use std::io::Read as _;

use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::base::digest::Sha256;
use crate::domain::disposal::DestructionWarrant;
use crate::domain::disposal::testing::warrant_for;
use crate::domain::ids::CaseFileId;

use super::frames::FRAME_BYTES;
use super::*;

/// The day of every test warrant.
pub(super) const TODAY: Date = date(2026, 11, 22);

pub(super) fn address_key() -> SealKey {
    SealKey::from_bytes([9; 32])
}

/// Bytes that no compression makes smaller, always the same for one seed.
pub(super) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Text that compresses well.
pub(super) fn prose(length: usize) -> Vec<u8> {
    let lines = (0..).flat_map(|line| format!("Bauakte, Blatt {line}: Genehmigung erteilt.\n").into_bytes());
    lines.take(length).collect()
}

pub(super) fn stage(vault: &dyn Vault, content: &[u8]) -> Staged {
    vault.stager(&address_key()).stage(&mut &*content, u64::MAX).unwrap()
}

/// Deposits one object and answers its name and key.
pub(super) fn put(vault: &dyn Vault, content: &[u8]) -> (ObjectId, SealKey) {
    let staged = stage(vault, content);
    let (id, key) = (staged.id, staged.object_key.clone());
    assert_eq!(vault.deposit(vec![staged]).unwrap(), [Deposited { id, fresh: true }]);
    (id, key)
}

pub(super) fn get(vault: &dyn Vault, id: &ObjectId, key: &SealKey) -> Result<Vec<u8>, VaultError> {
    let mut reader = vault.open(id, key)?;
    let size_bytes = reader.size_bytes() as usize;
    reader.read_range(0, size_bytes)
}

pub(super) fn warrant(objects: &[ObjectId]) -> DestructionWarrant {
    warrant_for(CaseFileId(Uuid::from_u128(1)), &[], objects)
}

pub(super) fn scrub(vault: &dyn Vault) -> ScrubReport {
    vault.scrub(&mut |_, _| {}).unwrap()
}

/// Runs every promise on fresh vaults.
pub(super) fn all(fresh: &mut dyn FnMut() -> Box<dyn DisposableVault>) {
    let promises: [fn(&dyn DisposableVault); 16] = [
        what_was_deposited_is_read_back,
        an_address_depends_on_content_and_domain_alone,
        known_content_keeps_its_first_key,
        what_is_known_is_not_sealed,
        ranges_equal_slices,
        another_key_opens_nothing,
        too_large_a_source_is_refused,
        what_is_only_staged_is_invisible,
        the_list_is_ordered_and_paged,
        the_root_of_the_manifest_changes_with_every_object,
        a_warrant_destroys_what_it_covers_and_only_today,
        destroyed_content_can_come_again,
        an_orphan_is_replaced_under_the_new_key,
        many_threads_stage_and_deposit_at_once,
        a_copy_is_what_it_was_copied_from_and_nothing_else_is_taken,
        a_check_of_some_looks_at_those_and_no_others,
    ];
    for promise in promises {
        let vault = fresh();
        promise(&*vault);
        assert!(scrub(&*vault).is_sound());
    }
}

fn a_check_of_some_looks_at_those_and_no_others(vault: &dyn DisposableVault) {
    let ids: Vec<_> = (0..9).map(|seed| put(vault, &noise(seed, 200)).0).collect();
    let mut report = ScrubReport::default();
    vault.check(&[ids[3], ids[0], ObjectId([0; 32])], &mut report).unwrap();
    assert_eq!((report.objects, report.is_sound()), (2, true), "what is not here is left out: {report:?}");
    for number in 1..=4 {
        let part = Part::new(number, 4).unwrap();
        let inside: Vec<_> = ids.iter().copied().filter(|id| part.contains(id)).collect();
        vault.check(&inside, &mut report).unwrap();
        vault.look_around(part, &mut report).unwrap();
    }
    assert_eq!((report.objects, report.is_sound()), (2 + 9, true), "{report:?}");
}

fn what_was_deposited_is_read_back(vault: &dyn DisposableVault) {
    for length in [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES, 1_500_000] {
        for content in [noise(1, length), prose(length)] {
            let staged = stage(vault, &content);
            assert_eq!(staged.size_bytes, length as u64);
            assert_eq!(staged.sha256, Sha256::of(&[&content]));
            let (id, key) = (staged.id, staged.object_key.clone());
            vault.deposit(vec![staged]).unwrap();
            if length == 0 {
                assert_eq!(get(vault, &id, &key).ok().unwrap_or_default(), content);
                continue; // both are the same empty object
            }
            let mut reader = vault.open(&id, &key).unwrap();
            verify_address(&mut *reader, &id, &address_key()).unwrap();
            let other = verify_address(&mut *reader, &id, &SealKey::from_bytes([1; 32]));
            assert!(matches!(other, Err(VaultError::WrongAddress(_))));
            let mut read = Vec::new();
            vault.open(&id, &key).unwrap().read_to_end(&mut read).unwrap();
            assert!(read == content, "{length}");
        }
    }
}

fn an_address_depends_on_content_and_domain_alone(vault: &dyn DisposableVault) {
    let (one, again) = (stage(vault, b"Antrag"), stage(vault, b"Antrag"));
    assert_eq!(one.id, again.id);
    assert_ne!(one.sealed_digest, again.sealed_digest, "each has a key of its own");
    assert_eq!(one.id.0, *blake3::keyed_hash(&[9; 32], b"Antrag").as_bytes());
    let social = vault.stager(&SealKey::from_bytes([8; 32]));
    assert_ne!(social.stage(&mut &b"Antrag"[..], 100).unwrap().id, one.id);
}

fn known_content_keeps_its_first_key(vault: &dyn DisposableVault) {
    let (id, key) = put(vault, b"Antrag");
    let (second, third) = (stage(vault, b"Antrag"), stage(vault, b"Bescheid"));
    let (second_key, other) = (second.object_key.clone(), third.id);
    let twice = stage(vault, b"Bescheid");
    let answers = vault.deposit(vec![second, third, twice]).unwrap();
    let expected = [(id, false), (other, true), (other, false)];
    assert_eq!(answers, expected.map(|(id, fresh)| Deposited { id, fresh }));
    assert_eq!(get(vault, &id, &key).unwrap(), b"Antrag");
    assert!(matches!(get(vault, &id, &second_key), Err(VaultError::SealBroken(_))));
}

fn what_is_known_is_not_sealed(vault: &dyn DisposableVault) {
    let stager = vault.stager(&address_key());
    let pass = |content: &[u8], limit: u64, is_known: bool| {
        stager.pass(&mut &*content, limit, &mut |id, size_bytes| is_known.then_some((*id, size_bytes)))
    };
    for length in [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2_000_000] {
        let content = noise(9, length);
        let (id, size_bytes) = (stage(vault, &content).id, length as u64);
        let small = length < FRAME_BYTES;
        for known_before in [false, true] {
            // The first is sealed before it is asked for, the second is not.
            let found = pass(&content, size_bytes, true).unwrap();
            assert!(
                matches!(found, Passed::Known(found) if found == (id, size_bytes)),
                "{length} {known_before}"
            );
        }
        if length > 0 {
            let refused = pass(&content, size_bytes - 1, true);
            assert!(matches!(refused, Err(VaultError::TooLarge { .. })), "{length}");
        }
        let guessed = pass(&content, size_bytes, false).unwrap();
        assert_eq!(matches!(guessed, Passed::Unknown), !small, "{length}");
        let passed = pass(&content, size_bytes, false).unwrap();
        let Passed::Staged(staged) = passed else {
            panic!("{length}: after a wrong guess nothing is guessed")
        };
        assert_eq!((staged.id, staged.size_bytes, staged.sha256), (id, size_bytes, Sha256::of(&[&content])));
        let key = staged.object_key.clone();
        vault.deposit(vec![*staged]).unwrap();
        assert!(get(vault, &id, &key).unwrap() == content, "{length}");
    }
}

fn ranges_equal_slices(vault: &dyn DisposableVault) {
    use proptest::prelude::*;
    let contents = [[prose(300_000), noise(2, 200_000)].concat(), noise(3, 1_300_000)];
    let kept = contents.map(|content| (put(vault, &content), content));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let ranges = (0..2_usize, 0..1_300_000_u64, 0..300_000_usize);
    runner
        .run(&ranges, |(which, offset, length)| {
            let ((id, key), content) = &kept[which];
            let mut reader = vault.open(id, key).unwrap();
            let start = offset as usize;
            match (reader.read_range(offset, length), content.get(start..start + length)) {
                (Ok(range), Some(slice)) => prop_assert!(range == slice),
                (Err(VaultError::OutOfRange { .. }), None) => {}
                (read, _) => prop_assert!(false, "{offset}+{length}: {:?}", read.map(|range| range.len())),
            }
            Ok(())
        })
        .unwrap();
    let mut reader = vault.open(&kept[0].0.0, &kept[0].0.1).unwrap();
    assert!(matches!(reader.read_range(u64::MAX, 2), Err(VaultError::OutOfRange { .. })));
}

fn another_key_opens_nothing(vault: &dyn DisposableVault) {
    let (id, _) = put(vault, b"Antrag");
    assert!(matches!(vault.open(&id, &SealKey::random()).err(), Some(VaultError::SealBroken(_))));
    let unknown = ObjectId([0; 32]);
    assert!(matches!(vault.open(&unknown, &SealKey::random()).err(), Some(VaultError::NotFound(_))));
}

fn too_large_a_source_is_refused(vault: &dyn DisposableVault) {
    let stager = vault.stager(&address_key());
    for limit in [5, FRAME_BYTES as u64, 1_400_000] {
        let content = noise(4, limit as usize + 1);
        let refused = stager.stage(&mut &content[..], limit);
        assert!(matches!(refused, Err(VaultError::TooLarge { limit_bytes }) if limit_bytes == limit));
        assert_eq!(stager.stage(&mut &content[1..], limit).unwrap().size_bytes, limit);
    }
}

fn what_is_only_staged_is_invisible(vault: &dyn DisposableVault) {
    let staged = [stage(vault, b"Antrag"), stage(vault, &noise(5, 1_500_000))];
    for staged in &staged {
        assert!(!vault.contains(&staged.id).unwrap());
    }
    assert!(vault.list(None, 10).unwrap().is_empty());
}

fn the_list_is_ordered_and_paged(vault: &dyn DisposableVault) {
    let staged: Vec<_> = (0..25).map(|seed| stage(vault, &noise(seed, 100))).collect();
    let mut expected: Vec<_> = staged
        .iter()
        .map(|s| Stored { id: s.id, sealed_digest: s.sealed_digest, sealed_bytes: s.sealed_bytes })
        .collect();
    expected.sort_unstable_by_key(|stored| stored.id);
    vault.deposit(staged).unwrap();
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = vault.list(after.as_ref(), 10).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        listed.extend(page);
    }
    assert_eq!(listed, expected);
}

fn the_root_of_the_manifest_changes_with_every_object(vault: &dyn DisposableVault) {
    let empty = vault.manifest_root().unwrap();
    let (id, _) = put(vault, b"Antrag");
    let first = vault.manifest_root().unwrap();
    assert_ne!(first, empty);
    vault.discard_unclaimed(&[id]).unwrap();
    assert_eq!(vault.manifest_root().unwrap(), empty);
    put(vault, b"Antrag");
    assert_ne!(vault.manifest_root().unwrap(), first, "the same content, sealed anew");
}

fn a_warrant_destroys_what_it_covers_and_only_today(vault: &dyn DisposableVault) {
    let (small, small_key) = put(vault, b"Antrag");
    let (large, large_key) = put(vault, &noise(6, 1_500_000));
    let (other, other_key) = put(vault, b"Bescheid");
    let warrant = warrant(&[small, large, ObjectId([7; 32])]);
    let refused = vault.destroy(&warrant, TODAY.tomorrow().unwrap());
    assert!(matches!(refused, Err(VaultError::WarrantExpired { .. })));
    assert_eq!(get(vault, &small, &small_key).unwrap(), b"Antrag");
    assert_eq!(vault.remains_of(&[small, large]).unwrap().len(), 2);
    assert_eq!(vault.destroy(&warrant, TODAY).unwrap(), 2);
    assert_eq!(vault.destroy(&warrant, TODAY).unwrap(), 0, "twice is fine");
    for (id, key) in [(small, &small_key), (large, &large_key)] {
        assert!(!vault.contains(&id).unwrap());
        assert!(matches!(vault.open(&id, key).err(), Some(VaultError::NotFound(_))));
    }
    assert!(vault.remains_of(&[small, large]).unwrap().is_empty());
    assert_eq!(get(vault, &other, &other_key).unwrap(), b"Bescheid");
}

fn destroyed_content_can_come_again(vault: &dyn DisposableVault) {
    let (id, old_key) = put(vault, b"Antrag");
    vault.destroy(&warrant(&[id]), TODAY).unwrap();
    let (again, key) = put(vault, b"Antrag");
    assert_eq!(again, id);
    assert_eq!(get(vault, &id, &key).unwrap(), b"Antrag");
    assert!(get(vault, &id, &old_key).is_err());
}

fn an_orphan_is_replaced_under_the_new_key(vault: &dyn DisposableVault) {
    let (small, large) = (b"Antrag".to_vec(), noise(7, 1_500_000));
    for content in [&small, &large] {
        let (id, _lost) = put(vault, content);
        let staged = stage(vault, content);
        let key = staged.object_key.clone();
        assert_eq!(vault.replace_unclaimed(vec![staged]).unwrap(), [Deposited { id, fresh: true }]);
        assert!(get(vault, &id, &key).unwrap() == *content);
    }
    let id = stage(vault, &small).id;
    assert_eq!(vault.discard_unclaimed(&[id]).unwrap(), 1);
    assert_eq!(vault.discard_unclaimed(&[id]).unwrap(), 0);
    assert!(!vault.contains(&id).unwrap());
}

fn many_threads_stage_and_deposit_at_once(vault: &dyn DisposableVault) {
    let stager = vault.stager(&address_key());
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let stager = &stager;
            scope.spawn(move || {
                for number in 0..12 {
                    // Every content is deposited by two threads.
                    let content = noise(thread / 2 * 100 + number, 2_000 * number as usize + 1);
                    let staged = stager.stage(&mut &content[..], u64::MAX).unwrap();
                    let (id, key) = (staged.id, staged.object_key.clone());
                    let answer = vault.deposit(vec![staged]).unwrap();
                    assert_eq!(answer[0].id, id);
                    if answer[0].fresh {
                        assert!(get(vault, &id, &key).unwrap() == content);
                    }
                }
            });
        }
    });
    assert_eq!(vault.list(None, 100).unwrap().len(), 48);
}

mod memory {
    use super::*;

    #[test]
    fn the_memory_vault_keeps_every_promise() {
        all(&mut || Box::new(MemoryVault::new()));
    }

    #[test]
    fn a_fuse_stops_at_every_step_and_the_restart_finishes() {
        let mut interrupted = 0;
        for steps in 0..20 {
            let vault = MemoryVault::with_fuse(steps);
            let staged: Vec<_> = (0..3).map(|seed| stage(&vault, &noise(seed, 10))).collect();
            let ids: Vec<_> = staged.iter().map(|staged| staged.id).collect();
            let work = || {
                vault.deposit(staged)?;
                vault.destroy(&warrant(&ids), TODAY)
            };
            let done = work();
            let after = vault.reopened();
            if done.is_err() {
                interrupted += 1;
                assert!(matches!(vault.contains(&ids[0]), Err(VaultError::Poisoned)));
                after.destroy(&warrant(&ids), TODAY).unwrap();
            }
            assert!(after.list(None, 10).unwrap().is_empty());
        }
        assert_eq!(interrupted, 8, "three in, one answer, three out, one answer");
    }

    #[test]
    fn a_file_staged_for_a_local_vault_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let local = LocalVault::open(folder.path()).unwrap();
        let staged = stage(&local, &noise(1, 1_500_000));
        assert!(matches!(MemoryVault::new().deposit(vec![staged]), Err(VaultError::StagedElsewhere(_))));
    }
}

fn a_copy_is_what_it_was_copied_from_and_nothing_else_is_taken(vault: &dyn DisposableVault) {
    let source = MemoryVault::new();
    for content in [noise(1, 2_000), noise(2, 1_500_000), prose(10_000)] {
        let (id, key) = put(&source, &content);
        let stored = source.stored(&id).unwrap().unwrap();
        let mut sealed = Vec::new();
        source.sealed(&id).unwrap().unwrap().read_to_end(&mut sealed).unwrap();
        let mut changed = sealed.clone();
        changed[sealed.len() / 2] ^= 1;
        let longer = [&sealed[..], b"x"].concat();
        for wrong in [&changed[..], &sealed[1..], &longer[..], b""] {
            let refused = vault.stage_copy(&stored, &mut &*wrong);
            assert!(matches!(refused, Err(VaultError::Changed { .. })), "{refused:?}");
        }
        let copy = vault.stage_copy(&stored, &mut &*sealed).unwrap();
        assert_eq!(copy.sealed_bytes(), sealed.len() as u64);
        assert!(vault.stored(&id).unwrap().is_none(), "it is not visible yet");
        assert_eq!(vault.deposit_copies(vec![copy]).unwrap(), [Deposited { id, fresh: true }]);
        assert_eq!(vault.stored(&id).unwrap(), Some(stored));
        assert_eq!(get(vault, &id, &key).unwrap(), content);
        let read_back = sealed_digest(&mut *vault.sealed(&id).unwrap().unwrap()).unwrap();
        assert_eq!(read_back, stored.sealed_digest);
    }
    assert!(vault.sealed(&ObjectId([7; 32])).unwrap().is_none());
}
