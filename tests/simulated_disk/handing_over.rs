//! Handing over to the archive: whatever operation fails, an archive copy is whole or not there, the office keeps what
//! it has, and whoever asks again gets a whole bag. The bag lies on the real disk, as it does in life.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;

use schriftgut::base::digest::Sha256;
use schriftgut::disk::Fault;
use schriftgut::domain::disposal::{Decision, LineState};
use schriftgut::domain::ids::{CaseFileId, DisposalListId, DocumentId};
use schriftgut::registry::{Answer, Registry};

use crate::common::{LONG_AGO, Paper, TestOffice, WITHDRAWN, copy_folder};
use crate::{LARGE_BYTES, Start, Told, in_memory, noise, operations_of, with_fault};

/// Files the archive wants, and whether a large document lies in them.
const WANTED: [(&str, bool); 2] = [("A-1", false), ("A-2", true)];
/// On the same list, to be destroyed; and on none.
const OTHERS: [&str; 2] = ["V-1", "B-1"];
/// What is written last into a bag: one that has it must be whole.
const LAST: &str = "tagmanifest-sha256.txt";

/// An office whose archive has decided, and nothing is handed over yet.
pub fn start() -> Start {
    let mut office = TestOffice::demo();
    let mut papers = BTreeMap::new();
    let mut take_in = |file: &str, name: &str, bytes: Vec<u8>| {
        papers.insert(office.take_in(Paper::new(file, WITHDRAWN, name, bytes.clone())), bytes);
    };
    for file in WANTED.map(|(file, _)| file).into_iter().chain(OTHERS) {
        take_in(file, "antrag.txt", format!("Antrag zu {file}").into_bytes());
        take_in(file, "lageplan.txt", b"Lageplan, allen beigelegt".to_vec());
    }
    for (file, _) in WANTED.into_iter().filter(|(_, large)| *large) {
        take_in(file, "plan.bin", noise(LARGE_BYTES));
    }
    office.read_texts();
    ["A-1", "A-2", "V-1"].iter().for_each(|file| office.close(file, LONG_AGO));
    let list = office.offered_list();
    let wanted = WANTED.map(|(file, _)| office.file_id(file));
    for file in office.files_on(list) {
        let decision = if wanted.contains(&file) { Decision::Archive } else { Decision::Destroy };
        let archivist = office.archivist.as_archivist().unwrap();
        office.registry().appraise(archivist, list, file, decision, "ortsbildprägend").unwrap();
    }
    office.close_doors();
    let dir = TempDir::new().unwrap();
    copy_folder(office.root(), &dir.path().join("amt"));
    Start { again: hand_over, also: whole_or_not_there, ..Start::of(dir, papers, list) }
}

/// Hands the list over.
pub fn hand_over(start: &Start, registry: &Registry, told: &mut Told) -> bool {
    let through = handed_over(start.list, registry).is_ok();
    told.handed_over |= through;
    through
}

/// What is in a bag, by path.
type Payload = BTreeMap<String, Vec<u8>>;

fn handed_over(list: DisposalListId, registry: &Registry) -> Answer<Payload> {
    let archivist = registry.person("archiv")?;
    let place = in_memory();
    let out = place.path().join("paket");
    let handover = registry.transfer(archivist.as_archivist()?, list, &out, registry.today());
    assert_eq!(handover.is_ok(), out.join(LAST).exists(), "only a whole bag looks like one: {handover:?}");
    let handover = handover?;
    let payload = payload(&out);
    let bytes: usize = payload.values().map(Vec::len).sum();
    assert_eq!((handover.objects, handover.bytes), (payload.len(), bytes as u64));
    Ok(payload)
}

/// Everything the bag's manifest names, as it says.
fn payload(bag: &Path) -> Payload {
    let manifest = std::fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap();
    let named = manifest.lines().map(|line| line.split_once("  ").unwrap()).map(|(digest, path)| {
        let bytes = std::fs::read(bag.join(path)).unwrap();
        assert_eq!(Sha256::of(&[&bytes]).to_string(), digest, "{path}");
        (path.to_owned(), bytes)
    });
    named.collect()
}

/// Which lines are to go to the archive or are there, and the archive copy of those that are.
fn lines(start: &Start, office: &TestOffice) -> BTreeMap<CaseFileId, Option<String>> {
    let auditor = office.archivist.as_auditor().unwrap();
    let list = office.registry().show_list(auditor, start.list).unwrap().list;
    let states = list.lines.values().filter_map(|(line, state)| match state {
        LineState::Transferred(copy) => Some((line.file, Some(copy.to_string()))),
        LineState::Decided(Decision::Archive) => Some((line.file, None)),
        LineState::Decided(Decision::Destroy) => None,
        state => panic!("{state:?}"),
    });
    states.collect()
}

/// See the module documentation.
fn whole_or_not_there(start: &Start, told: &Told, office: &TestOffice, what: &str) {
    let before = lines(start, office);
    let there = before.values().flatten().count();
    assert!(!told.handed_over || there == WANTED.len(), "{what}: {before:?}");
    let payload = handed_over(start.list, office.registry());
    let payload = payload.unwrap_or_else(|error| panic!("{what}, asked again: {error}"));
    let after = lines(start, office);
    assert_eq!(after.len(), WANTED.len(), "{what}");
    for (file, copy) in &before {
        assert!(
            after[file].is_some() && copy.iter().all(|copy| after[file].as_ref() == Some(copy)),
            "{what}"
        );
    }
    must_be_whole(start, office, &payload, &after, what);
}

/// The bag has every document of the wanted files with its text, a description of each file, and nothing else.
fn must_be_whole(
    start: &Start,
    office: &TestOffice,
    payload: &Payload,
    copies: &BTreeMap<CaseFileId, Option<String>>,
    what: &str,
) {
    let mut expected = BTreeSet::new();
    for (reference, _) in WANTED {
        let reader = office.manager.as_reader().unwrap();
        let shown = office.registry().show_file(reader, reference, office.today()).unwrap();
        for document in &shown.documents {
            let id: DocumentId = document.id;
            let path = format!("data/{reference}/{}_{}", &id.to_string()[..8], document.file_name);
            assert!(payload.get(&path) == Some(&start.papers[&id]), "{what}: {path}");
            if path.ends_with(".txt") {
                let text = format!("{path}.text.json");
                let json = String::from_utf8_lossy(&payload[&text]);
                let read = String::from_utf8_lossy(&start.papers[&id]);
                assert!(read.split_whitespace().all(|word| json.contains(word)), "{what}: {json}");
                expected.insert(text);
            }
            expected.insert(path);
        }
        let about = format!("data/{reference}/akte.json");
        let copy = copies[&shown.file.id].as_ref().unwrap();
        assert!(String::from_utf8_lossy(&payload[&about]).contains(copy), "{what}: {about}");
        expected.insert(about);
    }
    assert!(expected.iter().eq(payload.keys()), "{what}: {:?}", payload.keys());
}

#[test]
fn an_archive_copy_is_whole_or_not_there_at_any_operation_and_any_power_cut() {
    crate::at_every_operation("hand over", &start(), hand_over);
}

/// What a failed sync has dropped is read on, and is on no disk: the second attempt, in another process, builds nothing
/// on it.
#[test]
fn a_second_start_hands_over_what_a_failed_sync_has_dropped() {
    let start = start();
    let (_, operations) = operations_of(&start, hand_over);
    let mut looks = 0;
    for (after, _) in operations.into_iter().filter(|(_, changes)| *changes) {
        let ((trial, told), counted) = with_fault(&start, hand_over, after, (Fault::Broken, true));
        if counted.failed() > 0 {
            trial.keep_views();
            looks += trial.look_after_another_start(&start, &told, &format!("operation {after}"));
        }
    }
    assert!(looks > 0, "{looks} looks");
}
