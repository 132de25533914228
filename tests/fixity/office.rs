//! A whole registry: bits of every file of the truth as an auditor without keys sees them, and an older version of
//! each file put back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schriftgut::domain::disposal::Decision;
use schriftgut::domain::fixity::Part;
use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::verify_without_keys;

use crate::common::{TestOffice, WITHDRAWN, copy_folder, open_patiently, verify};
use crate::flips::{Seen, Tally, bits, each_flip, files, folder, length};

pub type Documents = BTreeMap<DocumentId, Vec<u8>>;

/// An office with documents small and large, an archive copy, and something destroyed.
pub fn sample() -> (TestOffice, Documents) {
    let office = TestOffice::demo();
    let mut documents = Documents::new();
    for number in 0..3_usize {
        let text = format!("Blatt {number}. ").repeat(1 + number * 30);
        documents.insert(office.ingest_text("A-1", WITHDRAWN, "blatt.txt", &text), text.into_bytes());
    }
    let mut large = vec![0; 1_200_000];
    blake3::Hasher::new().finalize_xof().fill(&mut large);
    let paper = crate::common::Paper::new("A-1", WITHDRAWN, "plan.bin", large.clone());
    documents.insert(office.take_in(paper), large);
    let kept = office.due_file("Z-1", "wird abgegeben");
    documents.insert(kept, b"wird abgegeben".to_vec());
    office.due_file("Z-2", "wird vernichtet");
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
    (office, documents)
}

/// Opens a registry and looks at everything.
fn look(root: &Path, documents: &Documents, what: &str) -> Seen {
    let Ok(registry) = open_patiently(root) else { return Seen::Refused };
    let clean = verify(&registry).is_ok_and(|found| found.is_clean());
    let mut whole = true;
    if let Ok(reader) = registry.person("voss") {
        for (id, content) in documents {
            let mut bytes = Vec::new();
            if registry.get(reader.as_reader().unwrap(), *id, &mut bytes).is_ok() {
                assert!(bytes == *content, "{what}: wrong bytes were served");
            } else {
                assert!(content.starts_with(&bytes), "{what}: wrong bytes were served before the alarm");
                whole = false;
            }
        }
    } else {
        whole = false;
    }
    match (clean, registry.remarks().is_empty(), whole) {
        (false, ..) => Seen::Reported,
        (true, false, _) => Seen::Said,
        (true, true, true) => Seen::Harmless("what is there is enough to answer everything as before"),
        (true, true, false) => Seen::Unnoticed,
    }
}

/// Files of the truth that can be checked without keys.
fn is_open_truth(path: &Path) -> bool {
    let text = path.to_str().unwrap();
    let stores = ["vault/", "archive/", "ledger/", "head/"].iter().any(|store| text.starts_with(store));
    stores && !text.ends_with("lock") && !text.ends_with(".derived")
}

#[test]
fn an_auditor_without_keys_sees_bits_of_every_store() {
    let (mut office, _) = sample();
    office.close_doors();
    let keyless = |root: &Path, _| match verify_without_keys(root, Part::WHOLE, None, &mut |_| {}) {
        Err(_) => Seen::Refused,
        Ok(view) if view.found.is_clean() => Seen::Unnoticed,
        Ok(_) => Seen::Reported,
    };
    assert_eq!(keyless(office.root(), 0), Seen::Unnoticed, "a healthy registry raises no alarm");
    let place = folder();
    for store in ["schriftgut.toml", "vault", "archive", "ledger", "head"] {
        let from = office.root().join(store);
        let to = place.path().join(store);
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
    let before = files(place.path());
    for file in before.iter().filter(|file| is_open_truth(file)) {
        let length = length(&place.path().join(file));
        // The large object is hashed in one piece; what goes for some of its bits goes for all.
        let bits = if length > 100_000 { crate::flips::some_bits(length, 200) } else { bits(length, 400) };
        each_flip(place.path(), file, &bits, &keyless).all_detected(&file.display().to_string());
    }
    assert_eq!(files(place.path()), before, "whoever looks without keys leaves nothing behind");
}

/// What an older version of a file does, where it is not refused or reported.
fn is_made_again(file: &Path) -> bool {
    let text = file.to_str().unwrap();
    // The manifest is made again from the records behind its end, derived files from the entries; the set-up token
    // and old epochs of a keyring open nothing any more; of the two heads one is always the older.
    let remade = ["manifest", ".derived", "setup"].iter().any(|end| text.ends_with(end));
    remade || text.contains("keyring/") || text.starts_with("head/")
}

#[test]
fn an_older_version_of_any_one_file_is_seen_or_made_up_for() {
    let (mut office, mut documents) = sample();
    office.close_doors();
    let older = folder();
    copy_folder(office.root(), &older.path().join("amt"));
    office.open_doors();
    let text = "kam später ".repeat(50);
    documents.insert(office.ingest_text("B-1", WITHDRAWN, "neu.txt", &text), text.into_bytes());
    let mut large = vec![0; 1_100_000];
    blake3::Hasher::new().update(b"neu").finalize_xof().fill(&mut large);
    documents
        .insert(office.take_in(crate::common::Paper::new("B-1", WITHDRAWN, "neu.bin", large.clone())), large);
    office.due_file("Z-3", "wird später vernichtet");
    office.destroy_what_is_due();
    let last = "kam zuletzt";
    documents.insert(office.ingest_text("B-1", WITHDRAWN, "zuletzt.txt", last), last.into());
    office.close_doors();
    let differs = |file: &PathBuf| {
        let read = |root: &Path| std::fs::read(root.join(file)).ok();
        let older = read(&older.path().join("amt"));
        older.is_some() && older != read(office.root())
    };
    let skipped = |file: &PathBuf| file.starts_with("views") || file.starts_with("certificates");
    let changed: Vec<_> =
        files(&older.path().join("amt")).into_iter().filter(|file| !skipped(file)).filter(differs).collect();
    let mut tally = Tally::default();
    for file in &changed {
        let place = folder();
        let root = place.path().join("amt");
        copy_folder(office.root(), &root);
        std::fs::copy(older.path().join("amt").join(file), root.join(file)).unwrap();
        let seen = look(&root, &documents, &file.display().to_string());
        println!("older {}: {seen:?}", file.display());
        let made_again = matches!(seen, Seen::Harmless(_)) && is_made_again(file);
        assert!(made_again || !matches!(seen, Seen::Harmless(_)), "{}: {seen:?}", file.display());
        tally.note(seen);
    }
    assert!(changed.len() >= 6, "{changed:?}");
    tally.conclude("older versions of single files");
}
