//! An office that is about to destroy: signed lists, each with files of its own, beside what stays. And what must be
//! true of it after anything that interrupts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use schriftgut::domain::disposal::Stage;
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Registry, verify_proof};

use super::{LONG_AGO, OPERATOR, PROGRAM, Paper, SECRET, TestOffice, WITHDRAWN, copy_folder, open_patiently};

/// Lies beside what stays and in every file that goes.
const SHARED: &[u8] = b"Dieselbe Anlage liegt allen Akten bei.";
/// Large enough for a file of its own in the vault.
const LARGE_BYTES: usize = 1_300_000;

/// Files on each list.
pub const FILES_PER_LIST: usize = 2;
/// A word in one document of every file that goes, and nowhere else.
pub const WORD: &str = "Carport";

/// See the module documentation.
pub struct Condemned {
    place: TempDir,
    /// The lists, signed, not yet executed.
    pub lists: Vec<CondemnedList>,
    staying: BTreeMap<DocumentId, Vec<u8>>,
}

/// A signed list, and the documents that go with it.
pub struct CondemnedList {
    pub id: DisposalListId,
    documents: BTreeMap<DocumentId, Vec<u8>>,
}

impl Condemned {
    /// An office with so many lists.
    pub fn with_lists(lists: u32) -> Self {
        let mut office = TestOffice::demo();
        let stays = office.take_in(Paper::new("B-1", WITHDRAWN, "anlage.txt", SHARED));
        let signers = ["voss", "tamm", "archiv"].map(|login| office.signer(login));
        let lists = (0..lists).map(|number| signed(&office, &signers, number)).collect();
        office.read_texts();
        office.close_doors();
        let place = TempDir::new().unwrap();
        copy_folder(office.root(), &place.path().join("amt"));
        Self { place, lists, staying: BTreeMap::from([(stays, SHARED.to_vec())]) }
    }

    /// A copy of the office, to be put in danger.
    pub fn copy_to(&self, root: &Path) {
        copy_folder(&self.place.path().join("amt"), root);
    }

    /// Opens the office again: what was acknowledged is there, what stays is whole, every list is whole or gone, and
    /// everything verifies. Answers which lists are gone.
    pub fn assert_sound(
        &self,
        root: &Path,
        taken: &BTreeMap<DocumentId, String>,
        at: &str,
    ) -> (Registry, BTreeSet<usize>) {
        let registry = open_patiently(root).unwrap_or_else(|error| panic!("{at}: {error}"));
        for (id, source) in taken {
            assert!(bytes_of(&registry, *id) == std::fs::read(source).ok(), "{at}: {source}");
        }
        for (id, bytes) in &self.staying {
            assert!(bytes_of(&registry, *id).as_ref() == Some(bytes), "{at}: what stays is whole");
        }
        let is_gone = |number: &usize| self.lists[*number].is_gone(&registry, at);
        let gone = (0..self.lists.len()).filter(is_gone).collect();
        assert_verifies(&registry, at);
        (registry, gone)
    }
}

/// A list of new files, closed long ago, appraised, proposed and approved.
fn signed(office: &TestOffice, signers: &[schriftgut::registry::Signer], number: u32) -> CondemnedList {
    let files: Vec<_> = (0..FILES_PER_LIST).map(|file| format!("V-{number}/{file}")).collect();
    let mut papers = Vec::new();
    for (n, file) in files.iter().enumerate() {
        papers.push((file, SHARED.to_vec()));
        papers.push((file, format!("Antrag {file}: Garage, {WORD}, Zaun.").into_bytes()));
        papers.push((file, noise(file, if n == 0 { LARGE_BYTES } else { 3_000 })));
    }
    let sources = papers.iter().map(|(file, bytes)| Paper::new(file, WITHDRAWN, "blatt", bytes.clone()));
    let ids = office.take_in_all(sources.collect());
    files.iter().for_each(|file| office.close(file, LONG_AGO));
    let id = office.offered_list();
    office.appraise_all(id);
    let (registry, today) = (office.registry(), office.today());
    registry.propose_list(&signers[0], id, today).unwrap();
    for signer in &signers[1..] {
        registry.approve_list(signer, id, today).unwrap();
    }
    CondemnedList { id, documents: ids.into_iter().zip(papers.into_iter().map(|(_, bytes)| bytes)).collect() }
}

impl CondemnedList {
    /// The list is executed, with a certificate that holds, and nothing of it is left; or all of it is there.
    /// Answers which; anything between is a failure.
    pub fn is_gone(&self, registry: &Registry, at: &str) -> bool {
        let person = registry.person("archiv").unwrap();
        let stage = registry.show_list(person.as_auditor().unwrap(), self.id).unwrap().list.stage;
        let whole = |(id, bytes): &(&DocumentId, &Vec<u8>)| bytes_of(registry, **id).as_ref() == Some(bytes);
        let left = self.documents.iter().filter(whole).count();
        if !matches!(stage, Stage::Executed { .. }) {
            assert_eq!(left, self.documents.len(), "{at}: a list that is not executed is whole ({stage:?})");
            return false;
        }
        assert_eq!(left, 0, "{at}: of an executed list nothing is left");
        let path = registry.layout().certificates().join(format!("{}.json", self.id));
        let certificate = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{at}: {error}"));
        let verdict = verify_proof(&certificate, &registry.verifier_key()).unwrap();
        assert_eq!(verdict.destroyed, Some(FILES_PER_LIST), "{at}");
        true
    }

    /// What a person types to execute it.
    pub fn execute(&self) -> [String; 5] {
        let id = self.id.to_string();
        let confirm = id[..8].to_owned();
        ["list".to_owned(), "execute".to_owned(), id, "--confirm".to_owned(), confirm]
    }
}

/// The program at this registry, as its operator.
pub fn program<A: AsRef<std::ffi::OsStr>>(root: &Path, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).stdin(Stdio::null());
    command.env("SCHRIFTGUT_REGISTRY", root).env("SCHRIFTGUT_SECRET", SECRET).env("USER", OPERATOR);
    command
}

/// Takes a folder in, without reading it, into this file.
pub fn ingest(root: &Path, file: &str, folder: &Path) -> Command {
    let folder = folder.to_str().unwrap();
    program(root, ["ingest", "--json", "--no-read", "--file", file, "--class", WITHDRAWN, folder])
}

/// The documents that `ingest --json` acknowledged, with their sources. The last line may be cut.
pub fn acknowledged(out: &str) -> BTreeMap<DocumentId, String> {
    let mut taken = BTreeMap::new();
    for line in out.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        if let Some(id) = value["document"].as_str() {
            assert!(matches!(value["outcome"].as_str(), Some("taken" | "known")), "{line}");
            let before = taken.insert(id.parse().unwrap(), value["source"].as_str().unwrap().to_owned());
            assert!(before.is_none(), "an id was given twice");
        }
    }
    taken
}

/// The bytes of a document; none if it is not there, or not readable.
pub fn bytes_of(registry: &Registry, id: DocumentId) -> Option<Vec<u8>> {
    let person = registry.person("voss").unwrap();
    let mut bytes = Vec::new();
    registry.get(person.as_reader().unwrap(), id, &mut bytes).ok().map(|_| bytes)
}

/// Nothing is changed, missing or untracked, to the last byte.
pub fn assert_verifies(registry: &Registry, at: &str) {
    let verified = super::verify(registry).unwrap();
    assert!(verified.is_clean(), "{at}: {verified:#?}");
}

/// A fault as users read it: what, why and the way out. Nothing panics but sled, which is caught: on a disk that is
/// gone it cannot be had without, neither in its `open` nor in its drop.
pub fn assert_three_parts(err: &str, at: &str) {
    assert!(!err.lines().any(|line| line.contains("panicked at") && !line.contains("/sled-")), "{at}: {err}");
    for part in ["Fehler:  ", "\nGrund:   ", "\nAusweg:  "] {
        assert!(err.contains(part), "{at}: no {part:?} in {err}");
    }
}

/// Bytes that do not get smaller, different for every name.
pub fn noise(name: &str, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(name.as_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}
