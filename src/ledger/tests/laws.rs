//! Laws that hold for any leaves and sizes.

use proptest::prelude::*;
use proptest::sample::Index;

use super::vectors::grow;
use super::*;
use crate::ledger::proof::{verify_consistency, verify_inclusion};

/// The definition of RFC 9162 §2.1.1, word for word and slow.
fn naive_root(leaves: &[Vec<u8>]) -> Sha256 {
    match leaves {
        [] => Sha256::of(&[]),
        [leaf] => Sha256::of(&[&[0], leaf]),
        _ => {
            let mut split = 1;
            while split * 2 < leaves.len() {
                split *= 2;
            }
            let (left, right) = (naive_root(&leaves[..split]), naive_root(&leaves[split..]));
            Sha256::of(&[&[1], left.as_bytes(), right.as_bytes()])
        }
    }
}

fn leaves() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 1..120)
}

fn flip(hash: &mut Sha256, bit: usize) {
    hash.0[bit / 8 % 32] ^= 1 << (bit % 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_ledger_has_the_root_of_the_naive_tree(batches in prop::collection::vec(0..9_u64, 0..12)) {
        let ledger = MemoryLedger::new(signing_key(), ORIGIN).unwrap();
        let mut size = 0;
        for batch in batches {
            ledger.append(size, drafts(size..size + batch)).unwrap();
            size += batch;
        }
        let leaves: Vec<_> = expected(size).iter().map(Entry::leaf).collect();
        prop_assert_eq!(ledger.head(), Head { size, root: naive_root(&leaves) });
    }

    #[test]
    fn any_run_of_leaves_leads_to_the_root_and_no_changed_one_does(
        leaves in leaves(), from: Index, to: Index, at: Index, bit: u8,
    ) {
        let (stored, hashes) = grow(&leaves);
        let (a, b) = (from.index(hashes.len()), to.index(hashes.len()));
        let (low, high) = (a.min(b), a.max(b) + 1);
        let size = leaves.len() as u64;
        let mut run = hashes[low..high].to_vec();
        let root = naive_root(&leaves);
        prop_assert_eq!(tree::root_over(&stored, size, low as u64, &run).unwrap(), root);
        let changed = at.index(run.len());
        flip(&mut run[changed], usize::from(bit));
        prop_assert_ne!(tree::root_over(&stored, size, low as u64, &run).unwrap(), root);
    }

    #[test]
    fn any_inclusion_proof_verifies_and_no_flipped_bit_does(leaves in leaves(), at: Index, bit: usize) {
        let (stored, hashes) = grow(&leaves);
        let (index, size) = (at.index(leaves.len()) as u64, leaves.len() as u64);
        let root = naive_root(&leaves);
        let mut path = tree::inclusion(&stored, index, size).unwrap();
        let leaf = hashes[index as usize];
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &path, &root), Ok(()));
        let mut other = leaf;
        flip(&mut other, bit);
        prop_assert!(verify_inclusion(&other, index, size, &path, &root).is_err());
        other = root;
        flip(&mut other, bit);
        prop_assert!(verify_inclusion(&leaf, index, size, &path, &other).is_err());
        for step in 0..path.len() {
            flip(&mut path[step], bit);
            prop_assert!(verify_inclusion(&leaf, index, size, &path, &root).is_err());
            flip(&mut path[step], bit);
        }
    }

    #[test]
    fn any_consistency_proof_verifies_and_no_flipped_bit_does(leaves in leaves(), at: Index, bit: usize) {
        let (stored, _) = grow(&leaves);
        let head = |size: usize| Head { size: size as u64, root: naive_root(&leaves[..size]) };
        let (old, new) = (head(at.index(leaves.len() + 1)), head(leaves.len()));
        let mut path = tree::consistency(&stored, old.size, new.size).unwrap();
        prop_assert_eq!(verify_consistency(&old, &new, &path), Ok(()));
        let mut other = old;
        flip(&mut other.root, bit);
        prop_assert!(verify_consistency(&other, &new, &path).is_err());
        for step in 0..path.len() {
            flip(&mut path[step], bit);
            prop_assert!(verify_consistency(&old, &new, &path).is_err());
            flip(&mut path[step], bit);
        }
        // Any tree is consistent with the empty one, so only then the new root does not matter.
        other = new;
        flip(&mut other.root, bit);
        prop_assert_eq!(verify_consistency(&old, &other, &path).is_ok(), old.size == 0);
    }

    #[test]
    fn reading_any_bytes_as_an_entry_never_panics_and_has_one_spelling(
        mut leaf in prop::collection::vec(any::<u8>(), 0..200), whole: bool,
    ) {
        if whole && leaf.len() >= 120 {
            leaf[..6].copy_from_slice(b"SGLE\x01\x00");
            leaf[16..24].copy_from_slice(&1_700_000_000_000_i64.to_le_bytes());
            leaf[72..80].fill(0xFF);
            let body_bytes = leaf.len() as u32 - 116;
            leaf[112..116].copy_from_slice(&body_bytes.to_le_bytes());
            prop_assert!(Entry::from_leaf(&leaf).is_ok());
        }
        if let Ok(entry) = Entry::from_leaf(&leaf) {
            prop_assert_eq!(entry.leaf(), leaf);
        }
    }

    #[test]
    fn reading_any_text_as_a_checkpoint_never_panics(text in "[a-z0-9+/=\n\u{2014} ]{0,120}") {
        let _ = checkpoint::verify(&text, &verifier_key());
        let _ = text.parse::<VerifierKey>();
        prop_assert!(checkpoint::verify(&text, &verifier_key()).is_err());
    }
}
