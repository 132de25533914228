//! Known answers: the eight standard leaves of RFC 6962 implementations, and a second implementation.

use ct_merkle::mem_backed_tree::MemoryBackedTree;

use super::*;
use crate::base::digest::hex;
use crate::ledger::proof::{verify_consistency, verify_inclusion};
use crate::ledger::tree::Edge;

const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Roots of the first 0, 1, … 8 leaves.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Index, size, path.
const INCLUSIONS: [(u64, u64, &[&str]); 3] = [
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
];

/// Old size, new size, path.
const CONSISTENCIES: [(u64, u64, &[&str]); 2] = [
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Stored hashes and leaf hashes of a tree over `leaves`.
pub(super) fn grow(leaves: &[Vec<u8>]) -> (Vec<Sha256>, Vec<Sha256>) {
    let (mut edge, mut stored, mut hashes) = (Edge::default(), Vec::new(), Vec::new());
    for leaf in leaves {
        hashes.push(tree::leaf_hash(leaf));
        edge.push(tree::leaf_hash(leaf), |hash| stored.push(hash));
    }
    assert_eq!(stored.len() as u64, tree::stored_count(leaves.len() as u64));
    (stored, hashes)
}

pub(super) fn standard_leaves() -> Vec<Vec<u8>> {
    LEAVES.iter().map(|leaf| data_encoding::HEXLOWER.decode(leaf.as_bytes()).unwrap()).collect()
}

fn path(texts: &[&str]) -> Vec<Sha256> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn the_standard_leaves_have_the_standard_roots() {
    let (stored, _) = grow(&standard_leaves());
    for (size, root) in (0..).zip(ROOTS) {
        assert_eq!(tree::root(&stored, size).unwrap().to_string(), root, "size {size}");
    }
}

#[test]
fn the_standard_leaves_have_the_standard_proofs() {
    let (stored, hashes) = grow(&standard_leaves());
    for (index, size, wanted) in INCLUSIONS {
        assert_eq!(tree::inclusion(&stored, index, size).unwrap(), path(wanted));
        let root = ROOTS[size as usize].parse().unwrap();
        assert_eq!(verify_inclusion(&hashes[index as usize], index, size, &path(wanted), &root), Ok(()));
    }
    for (old, new, wanted) in CONSISTENCIES {
        assert_eq!(tree::consistency(&stored, old, new).unwrap(), path(wanted));
        let head = |size: u64| Head { size, root: ROOTS[size as usize].parse().unwrap() };
        assert_eq!(verify_consistency(&head(old), &head(new), &path(wanted)), Ok(()));
    }
}

#[test]
fn a_second_implementation_agrees_on_every_root_and_proof_up_to_40_leaves() {
    let leaves: Vec<Vec<u8>> = (0..40_u8).map(|n| vec![n; usize::from(n) * 3]).collect();
    let (stored, _) = grow(&leaves);
    let mut other = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let joined = |path: Vec<Sha256>| hex(&path.iter().flat_map(|hash| hash.0).collect::<Vec<_>>());
    for (size, leaf) in (1..).zip(&leaves) {
        other.push(leaf.clone());
        assert_eq!(hex(other.root().as_bytes()), tree::root(&stored, size).unwrap().to_string());
        for index in 0..size {
            let ours = tree::inclusion(&stored, index, size).unwrap();
            assert_eq!(hex(other.prove_inclusion(index as usize).as_bytes()), joined(ours), "{index} {size}");
        }
        for old in 1..size {
            let ours = tree::consistency(&stored, old, size).unwrap();
            let theirs = other.prove_consistency((size - old) as usize);
            assert_eq!(hex(theirs.as_bytes()), joined(ours), "{old} {size}");
        }
    }
}
