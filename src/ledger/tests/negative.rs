//! Forged proofs, made by hand: each must be refused. The verifier is what outsiders rely on.

use super::vectors::{grow, standard_leaves};
use super::*;
use crate::ledger::proof::{verify_consistency, verify_inclusion};

/// The fewest forgeries of each kind that must have been tried, so that no refactoring loses them.
const FORGERIES_MIN: usize = 50;

/// Ways to spoil a path, by name.
fn spoilt(path: &[Sha256]) -> Vec<(&'static str, Vec<Sha256>)> {
    let change = |change: &dyn Fn(&mut Vec<Sha256>)| {
        let mut path = path.to_vec();
        change(&mut path);
        path
    };
    let all = vec![
        ("first dropped", change(&|path| drop(path.drain(..1)))),
        ("last dropped", change(&|path| path.truncate(path.len() - 1))),
        ("emptied", Vec::new()),
        ("first doubled", change(&|path| path.insert(0, path[0]))),
        ("last doubled", change(&|path| path.push(path[path.len() - 1]))),
        ("zeros appended", change(&|path| path.push(Sha256([0; 32])))),
        ("empty root appended", change(&|path| path.push(tree::empty_root()))),
        ("zeros in front", change(&|path| path.insert(0, Sha256([0; 32])))),
        ("reversed", change(&|path| path.reverse())),
        ("rotated", change(&|path| path.rotate_left(1))),
        (
            "first and last swapped",
            change(&|path| {
                let last = path.len() - 1;
                path.swap(0, last);
            }),
        ),
        ("first bit flipped", change(&|path| path[0].0[0] ^= 0x80)),
        ("last bit flipped", change(&|path| path.last_mut().unwrap().0[31] ^= 1)),
        ("first zeroed", change(&|path| path[0] = Sha256([0; 32]))),
        ("doubled as a whole", change(&|path| path.extend_from_within(..))),
        ("64 more", change(&|path| path.extend([Sha256([1; 32]); 64]))),
    ];
    all.into_iter().filter(|(_, spoilt)| spoilt != path).collect()
}

#[test]
fn forged_inclusion_proofs_are_refused() {
    let (stored, hashes) = grow(&standard_leaves());
    let root = |size| tree::root(&stored, size).unwrap();
    let mut tried = 0;
    for (index, size) in [(0, 2), (0, 8), (5, 8), (7, 8), (2, 3), (4, 5), (6, 7), (3, 6)] {
        let path = tree::inclusion(&stored, index, size).unwrap();
        let leaf = hashes[index as usize];
        let check = |leaf: &Sha256, index, size, path: &[Sha256], root: &Sha256| {
            verify_inclusion(leaf, index, size, path, root)
        };
        assert_eq!(check(&leaf, index, size, &path, &root(size)), Ok(()));
        for (name, forged) in spoilt(&path) {
            assert!(check(&leaf, index, size, &forged, &root(size)).is_err(), "{index} {size}: {name}");
            tried += 1;
        }
        for wrong in (0..=size).filter(|wrong| *wrong != index).chain([u64::MAX, index + (1 << 32)]) {
            assert!(check(&leaf, wrong, size, &path, &root(size)).is_err(), "{index} {size}: as {wrong}");
            tried += 1;
        }
        // The size is bound by the shape of the path, and by the root of that size.
        for wrong in (0..=8).filter(|wrong| *wrong != size).chain([u64::MAX]) {
            let of_that_size = root(wrong.min(8));
            assert!(check(&leaf, index, wrong, &path, &of_that_size).is_err(), "{index} {size}: of {wrong}");
            tried += 1;
        }
        let above = tree::node_hash(&leaf, &path[0]);
        let others =
            [Sha256([0; 32]), tree::empty_root(), root(size), above, tree::leaf_hash(leaf.as_bytes())];
        for other in others {
            assert!(check(&other, index, size, &path, &root(size)).is_err(), "{index} {size}: other leaf");
            assert!(check(&leaf, index, size, &path, &other).is_err() || other == root(size));
            tried += 2;
        }
    }
    assert!(tried >= FORGERIES_MIN, "{tried}");
}

#[test]
fn an_inner_node_does_not_pass_for_a_leaf() {
    let (stored, _) = grow(&standard_leaves());
    let root = tree::root(&stored, 8).unwrap();
    // Leaves and nodes are hashed apart: the bytes of a node as a leaf have another hash.
    let (left, right) = (stored[0], stored[1]);
    let as_leaf = tree::leaf_hash(&[&[1][..], left.as_bytes(), right.as_bytes()].concat());
    let path = &tree::inclusion(&stored, 0, 8).unwrap()[1..];
    assert!(verify_inclusion(&as_leaf, 0, 4, path, &root).is_err());
    assert!(verify_inclusion(&tree::leaf_hash(b""), 0, 4, path, &root).is_err());
}

#[test]
fn forged_consistency_proofs_are_refused() {
    let (stored, _) = grow(&standard_leaves());
    let head = |size| Head { size, root: tree::root(&stored, size).unwrap() };
    let mut tried = 0;
    for (old, new) in [(1, 2), (1, 8), (2, 5), (3, 7), (4, 8), (5, 6), (6, 8), (7, 8)] {
        let path = tree::consistency(&stored, old, new).unwrap();
        let (old, new) = (head(old), head(new));
        assert_eq!(verify_consistency(&old, &new, &path), Ok(()));
        let mut refused = |name: &str, old: Head, new: Head, path: &[Sha256]| {
            assert!(verify_consistency(&old, &new, path).is_err(), "{} {}: {name}", old.size, new.size);
            tried += 1;
        };
        for (name, forged) in spoilt(&path) {
            refused(name, old, new, &forged);
        }
        refused("turned round", new, old, &path);
        refused("roots swapped", Head { root: new.root, ..old }, Head { root: old.root, ..new }, &path);
        refused("old root for both", old, Head { root: old.root, ..new }, &path);
        refused("new root for both", Head { root: new.root, ..old }, new, &path);
        refused("same size, other root", Head { size: new.size, ..old }, new, &path);
        refused("same size, no path", Head { size: new.size, ..old }, new, &[]);
        refused("from nothing, with a path", Head { size: 0, ..old }, new, &path);
        refused("from nothing, other root", Head { size: 0, ..old }, new, &[]);
        for size in (1..=8).filter(|size| *size != old.size) {
            refused("other old size", Head { size, ..old }, new, &path);
        }
        refused("huge new size", old, Head { size: u64::MAX, ..new }, &path);
        refused("huge sizes", Head { size: u64::MAX - 1, ..old }, Head { size: u64::MAX, ..new }, &path);
    }
    assert!(tried >= FORGERIES_MIN, "{tried}");
}

fn proof() -> EntryProof {
    let ledger = MemoryLedger::new(signing_key(), ORIGIN).unwrap();
    ledger.append(0, drafts(0..11)).unwrap();
    prove(&ledger, EntryNo(6)).unwrap()
}

#[test]
fn a_proof_file_with_any_changed_bit_proves_nothing() {
    let good = proof();
    assert_eq!(good.verify(&verifier_key()).unwrap().entry, expected(11)[6]);
    for bit in 0..good.leaf.len() * 8 {
        let mut proof = good.clone();
        proof.leaf[bit / 8] ^= 1 << (bit % 8);
        assert!(proof.verify(&verifier_key()).is_err(), "bit {bit} of the leaf");
    }
    for bit in 0..64 {
        let proof = EntryProof { number: EntryNo(good.number.0 ^ (1 << bit)), ..good.clone() };
        assert!(proof.verify(&verifier_key()).is_err(), "bit {bit} of the number");
    }
    for (name, path) in spoilt(&good.path) {
        assert!(EntryProof { path, ..good.clone() }.verify(&verifier_key()).is_err(), "path: {name}");
    }
}

#[test]
fn a_proof_file_under_another_key_checkpoint_or_number_proves_nothing() {
    let good = proof();
    let other_key = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let other = VerifierKey::new(ORIGIN, other_key.verifying_key()).unwrap();
    assert!(matches!(good.verify(&other), Err(ProofError::Checkpoint(_))));
    let renamed = VerifierKey::new("schriftgut/other", signing_key().verifying_key()).unwrap();
    assert!(matches!(good.verify(&renamed), Err(ProofError::Checkpoint(_))));
    let resigned = checkpoint::claimed(&good.checkpoint).unwrap();
    let forged = resigned.sign(&other_key).unwrap();
    let proof = EntryProof { checkpoint: forged, ..good.clone() };
    assert!(matches!(proof.verify(&verifier_key()), Err(ProofError::Checkpoint(_))));
    for size in [7, 10, 12] {
        let ledger = MemoryLedger::new(signing_key(), ORIGIN).unwrap();
        ledger.append(0, drafts(0..size)).unwrap();
        let proof = EntryProof { checkpoint: ledger.checkpoint().unwrap(), ..good.clone() };
        assert!(proof.verify(&verifier_key()).is_err(), "checkpoint of size {size}");
    }
    // A leaf that says another number than its place: the ledger never makes one, a forger could.
    let leaf = good.leaf.clone();
    let head = Head { size: 1, root: tree::leaf_hash(&leaf) };
    let signed = Checkpoint { origin: ORIGIN.into(), head, extensions: Vec::new() };
    let checkpoint = signed.sign(&signing_key()).unwrap();
    let proof = EntryProof { leaf, number: EntryNo(0), path: Vec::new(), checkpoint };
    let (claimed, found) = (EntryNo(0), EntryNo(6));
    assert_eq!(proof.verify(&verifier_key()), Err(ProofError::Number { claimed, found }));
}
