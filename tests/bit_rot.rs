//! What a flipped byte meets: the truth notices it (or was never hurt), and wrong bytes are never served.

mod common;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use common::mill::Mill;
use common::{Paper, TestOffice, WITHDRAWN, copy_folder, files_below, open_patiently};
use machine::{Progress, times};
use tempfile::TempDir;

use schriftgut::domain::disposal::Decision;
use schriftgut::domain::ids::DocumentId;

/// What may change without harm, and why.
const HARMLESS: [(&str, &str); 8] = [
    ("views/", "views: made again from the truth"),
    (".derived", "derived files of the ledger: made again from its entries"),
    ("lock", "lock files: their bytes mean nothing"),
    ("reserve", "room kept for destruction: its bytes mean nothing"),
    ("setup", "digest of the one-time token: another token does not fit it, so the set-up link is void"),
    ("certificates/", "made from the ledger, which names their digest; `proof verify` refuses a changed one"),
    ("schriftgut.toml", "tried apart, see `a_changed_manifest_is_noticed`"),
    ("head/", "the signed head has two slots; a damaged one is written anew from the entries and the other"),
];

fn is_truth(path: &Path) -> bool {
    let text = path.to_str().unwrap();
    !HARMLESS.iter().any(|(part, _)| text.contains(part))
}

/// The last line of a vault's manifest is all that may be torn by a crash: if it is not whole it is made again from
/// the objects themselves, which are sealed with their names.
const MANIFEST_LINE: usize = 96;

fn heals_from_objects(path: &Path, at: usize, length: usize) -> bool {
    path.ends_with("manifest") && at >= length - MANIFEST_LINE
}

struct Sample {
    office: TestOffice,
    documents: BTreeMap<DocumentId, Vec<u8>>,
}

/// An office with documents large and small, an archive copy, and something destroyed.
fn sample() -> Sample {
    let office = TestOffice::demo();
    let mut documents = BTreeMap::new();
    for number in 0..5_usize {
        let text = format!("Blatt {number}. ").repeat(1 + number * 30);
        documents.insert(office.ingest_text("A-1", WITHDRAWN, "blatt.txt", &text), text.into_bytes());
    }
    let kept = office.due_file("Z-1", "wird abgegeben");
    documents.insert(kept, b"wird abgegeben".to_vec());
    office.due_file("Z-2", "wird vernichtet");
    office.read_texts();
    let list = office.offered_list();
    let archivist = office.archivist.as_archivist().unwrap();
    let to_archive = office.file_id("Z-1");
    for file in office.files_on(list) {
        let decision = if file == to_archive { Decision::Archive } else { Decision::Destroy };
        office.registry().appraise(archivist, list, file, decision, "").unwrap();
    }
    let bag = office.root().with_extension("abgabe");
    office.registry().transfer(archivist, list, &bag, office.today()).unwrap();
    office.sign_all(list, office.today());
    office.execute(list).unwrap();
    Sample { office, documents }
}

#[derive(Debug, PartialEq, Eq)]
enum Noticed {
    AtOpening,
    ByVerify,
    No,
}

/// Opens a damaged registry and looks at everything.
fn look(root: &Path, documents: &BTreeMap<DocumentId, Vec<u8>>, what: &str) -> Noticed {
    let Ok(registry) = open_patiently(root) else { return Noticed::AtOpening };
    let verified = common::verify(&registry);
    if let Ok(reader) = registry.person("voss") {
        for (id, text) in documents {
            let mut bytes = Vec::new();
            if registry.get(reader.as_reader().unwrap(), *id, &mut bytes).is_ok() {
                assert_eq!(&bytes, text, "{what}: wrong bytes were served");
            } else {
                assert!(text.starts_with(&bytes), "{what}: wrong bytes were served before the alarm");
            }
        }
        if verified.is_ok_and(|verified| verified.is_clean()) {
            let missing = documents
                .keys()
                .filter(|id| registry.show_document(reader.as_reader().unwrap(), **id).is_err());
            assert_eq!(missing.count(), 0, "{what}: documents are gone without an alarm");
            return Noticed::No;
        }
    }
    Noticed::ByVerify
}

fn flip(path: &Path, at: usize, bits: u8) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= bits;
    std::fs::write(path, bytes).unwrap();
}

/// The same flips on every run; `SCHRIFTGUT_FULL=1` makes twenty thousand.
#[test]
fn a_flipped_byte_of_the_truth_is_noticed_and_never_served() {
    let mut sample = sample();
    sample.office.close_doors();
    let root = sample.office.root();
    let relative = |path: PathBuf| path.strip_prefix(root).unwrap().to_owned();
    let truth: Vec<_> = files_below(root)
        .into_iter()
        .filter(|path| std::fs::metadata(path).unwrap().len() > 0)
        .map(relative)
        .filter(|path| is_truth(path))
        .collect();
    let kinds: BTreeSet<_> = truth.iter().filter_map(|path| path.components().next()).collect();
    assert!(kinds.len() >= 6, "vault, archive, ledger, both keyrings, master key: {truth:?}");
    let (mut mill, mut unnoticed) = (Mill(20_261_122), Vec::new());
    let (mut at_opening, mut by_verify, mut healed) = (0, 0, 0);
    let flips = times(200, 20_000);
    let progress = Progress::of("flips", flips as usize);
    for number in 0..flips {
        let path = &truth[mill.below(truth.len())];
        let length = std::fs::metadata(root.join(path)).unwrap().len() as usize;
        let (at, bits) = (mill.below(length), 1 + mill.below(255) as u8);
        let dir = TempDir::new().unwrap();
        let place = dir.path().join("amt");
        copy_folder(root, &place);
        flip(&place.join(path), at, bits);
        let what = format!("flip {number}: {} byte {at} of {length}, bits {bits:08b}", path.display());
        match look(&place, &sample.documents, &what) {
            Noticed::AtOpening => at_opening += 1,
            Noticed::ByVerify => by_verify += 1,
            Noticed::No if heals_from_objects(path, at, length) => healed += 1,
            Noticed::No => unnoticed.push(what),
        }
        progress.step();
    }
    println!("{at_opening} noticed at opening, {by_verify} by verify, {healed} healed without loss");
    assert!(unnoticed.is_empty(), "unnoticed: {unnoticed:#?}");
}

#[test]
fn a_damaged_slot_of_the_signed_head_loses_nothing() {
    let mut sample = sample();
    let entries = common::verify(sample.office.registry()).unwrap().entries;
    sample.office.close_doors();
    let root = sample.office.root();
    let mut mill = Mill(7);
    for slot in ["head/head-0.note", "head/head-1.note"] {
        for _ in 0..10 {
            let dir = TempDir::new().unwrap();
            let place = dir.path().join("amt");
            copy_folder(root, &place);
            let length = std::fs::metadata(place.join(slot)).unwrap().len() as usize;
            flip(&place.join(slot), mill.below(length), 1 + mill.below(255) as u8);
            if look(&place, &sample.documents, slot) == Noticed::No {
                let registry = open_patiently(&place).unwrap();
                assert_eq!(
                    common::verify(&registry).unwrap().entries,
                    entries,
                    "{slot}: entries were lost without an alarm"
                );
            }
        }
    }
}

#[test]
fn a_changed_manifest_is_noticed() {
    let mut sample = sample();
    sample.office.close_doors();
    let root = sample.office.root();
    let text = std::fs::read_to_string(root.join("schriftgut.toml")).unwrap();
    let changes = [("Kesterbrück", "Anderswo"), ("demo = true", "demo = false")];
    for (from, to) in changes {
        assert!(text.contains(from), "{text}");
        let dir = TempDir::new().unwrap();
        let place = dir.path().join("amt");
        copy_folder(root, &place);
        std::fs::write(place.join("schriftgut.toml"), text.replace(from, to)).unwrap();
        assert_ne!(look(&place, &sample.documents, from), Noticed::No, "{from} → {to}");
    }
}

/// Takes a content in that is there already; answers whether anything was acknowledged.
fn acknowledges(root: &Path, bytes: &[u8]) -> bool {
    let registry = open_patiently(root).unwrap();
    let person = registry.person("voss").unwrap();
    let source = Paper::new("B-1", WITHDRAWN, "b.bin", bytes.to_vec()).source();
    let mut acknowledged = 0;
    let done =
        registry.ingest(person.as_clerk().unwrap(), std::iter::once(source), &mut |_| acknowledged += 1);
    assert_eq!(done.is_ok(), acknowledged > 0, "{done:?}");
    acknowledged > 0
}

#[test]
fn nothing_is_acknowledged_on_stored_bytes_that_are_damaged_or_gone() {
    for length in [3_000_usize, 1_300_000] {
        let mut office = TestOffice::demo();
        let bytes: Vec<u8> = (0..length as u64 / 8).flat_map(|n| (n * 0x9e37_79b9).to_le_bytes()).collect();
        office.take_in(Paper::new("A-1", WITHDRAWN, "a.bin", bytes.clone()));
        office.close_doors();
        let healthy = TempDir::new().unwrap();
        copy_folder(office.root(), &healthy.path().join("amt"));
        assert!(acknowledges(&healthy.path().join("amt"), &bytes), "what is whole is shared");
        let vault = office.root().join("vault");
        let holds =
            |path: &PathBuf| !path.ends_with("manifest") && std::fs::metadata(path).unwrap().len() > 2_000;
        let stored: Vec<PathBuf> = files_below(&vault).into_iter().filter(holds).collect();
        assert!(!stored.is_empty());
        for path in stored {
            let mut file = std::fs::read(&path).unwrap();
            for byte in file.iter_mut().skip(1_500).step_by(997) {
                *byte ^= 1;
            }
            std::fs::write(&path, file).unwrap();
        }
        assert!(!acknowledges(office.root(), &bytes), "{length} bytes");
    }
}

#[test]
fn a_vault_that_is_not_there_is_a_fault_and_never_made_anew() {
    let mut office = TestOffice::demo();
    office.take_in(Paper::new("A-1", WITHDRAWN, "a.txt", b"Bestand".to_vec()));
    office.close_doors();
    let (vault, aside) = (office.root().join("vault"), office.root().join("beiseite"));
    std::fs::rename(&vault, &aside).unwrap();
    let refused = schriftgut::registry::Registry::open(office.root()).unwrap_err();
    assert!(refused.to_string().contains("fehlt"), "{refused}");
    assert!(!vault.exists(), "it was not made anew");
    std::fs::rename(&aside, &vault).unwrap();
    assert!(acknowledges(office.root(), b"Bestand"));
}
