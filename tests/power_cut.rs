//! What a power cut may not do. The registry lies on a disk of its own (ext4, then xfs) whose power is cut at a
//! random moment: from then on nothing reaches the disk, and what was not synced is gone. What the program said
//! until then is written down outside. `SCHRIFTGUT_FULL=1` runs the release sizes.

mod common;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::{LONG_AGO, OPERATOR, PROGRAM, Paper, SECRET, TestOffice, WITHDRAWN, copy_folder, open_patiently};
use machine::{CutDisk, Dice, FileSystem, noise, not_run, times};
use tempfile::TempDir;

use schriftgut::domain::disposal::Stage;
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Registry, verify_proof};

/// Each disk lives through so many cuts, so that a registry is also continued.
const CUTS_PER_DISK: u32 = 25;
/// Documents of a delivery, and how many of them are large enough for a file of their own in the vault.
const DOCUMENTS: u32 = 300;
const LARGE: u32 = 4;
const LARGE_BYTES: usize = 1_300_000;
/// The program must notice by itself that its disk is gone.
const NOTICE_MAX: Duration = Duration::from_secs(20);

fn program(root: &Path, arguments: &[&str]) -> Child {
    Command::new(PROGRAM)
        .args(arguments)
        .env("SCHRIFTGUT_REGISTRY", root)
        .env("SCHRIFTGUT_SECRET", SECRET)
        .env("USER", OPERATOR)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a program said before and after its disk lost power, and how it ended.
struct Ended {
    lines: Vec<String>,
    talk: String,
    /// None if it was killed.
    code: Option<i32>,
}

/// Lets the program run for `delay`, cuts the power, and then waits for the program to end by itself, or kills it.
fn cut_after(disk: &CutDisk, root: &Path, arguments: &[&str], delay: Duration, kill: bool) -> Ended {
    let switch = disk.switch();
    let mut child = program(root, arguments);
    let (stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let journal = std::thread::spawn(move || {
        let mut lines = Vec::new();
        let mut reader = BufReader::new(stdout);
        let mut line = String::new();
        // The last line may be cut: only a whole one says something.
        while reader.read_line(&mut line).unwrap_or(0) > 0 && line.ends_with('\n') {
            lines.push(std::mem::take(&mut line));
        }
        lines
    });
    let talk = std::thread::spawn(move || {
        let mut talk = String::new();
        let _ = stderr.read_to_string(&mut talk);
        talk
    });
    std::thread::sleep(delay);
    switch.cut();
    let begun = Instant::now();
    let code = loop {
        if kill {
            let _ = child.kill();
            child.wait().unwrap();
            break None;
        }
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status.code().unwrap_or(-1));
        }
        assert!(begun.elapsed() < NOTICE_MAX, "the program does not notice that its disk is gone");
        std::thread::sleep(Duration::from_millis(2));
    };
    Ended { lines: journal.join().unwrap(), talk: talk.join().unwrap(), code }
}

impl Ended {
    /// It ended well, or says in three parts why not, or was killed.
    fn assert_it_says_why(&self) {
        assert!(!self.talk.contains("panicked"), "{}", self.talk);
        match self.code {
            None | Some(0) => {}
            code => {
                assert_eq!(code, Some(1), "{}", self.talk);
                for part in ["Fehler:  ", "\nGrund:   ", "\nAusweg:  "] {
                    assert!(self.talk.contains(part), "no {part:?} in {}", self.talk);
                }
            }
        }
    }
}

/// A delivery: small texts and a few large files, none like another.
fn delivery(folder: &Path, cut: u32) {
    for number in 0..DOCUMENTS {
        let path = folder.join(format!("Lieferung{cut:04} Blatt{number:04}.txt"));
        if number % (DOCUMENTS / LARGE) == 7 {
            std::fs::write(path, noise(&format!("{cut}/{number}"), LARGE_BYTES)).unwrap();
        } else {
            let text =
                format!("Lieferung {cut}, Blatt {number}: {}", "Garage und Zaun. ".repeat(number as usize % 60));
            std::fs::write(path, text).unwrap();
        }
    }
}

fn acknowledged(lines: &[String]) -> BTreeMap<DocumentId, String> {
    let mut taken = BTreeMap::new();
    for line in lines {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(id) = value["document"].as_str() {
            assert!(matches!(value["outcome"].as_str(), Some("taken" | "known")), "{line}");
            let before = taken.insert(id.parse().unwrap(), value["source"].as_str().unwrap().to_owned());
            assert!(before.is_none(), "an id was given twice");
        }
    }
    taken
}

fn bytes_of(registry: &Registry, id: DocumentId) -> Option<Vec<u8>> {
    let person = registry.person("voss").unwrap();
    let mut bytes = Vec::new();
    registry.get(person.as_reader().unwrap(), id, &mut bytes).ok().map(|_| bytes)
}

fn assert_clean(registry: &Registry, where_: &str) {
    let verified = common::verify(registry).unwrap();
    assert!(verified.is_clean(), "{where_}: {verified:#?}");
}

/// What is in the file after a cut: everything acknowledged, and nothing that is not whole. Answers how many.
fn assert_whole(
    registry: &Registry,
    file: &str,
    folder: &Path,
    taken: &BTreeMap<DocumentId, String>,
    at: &str,
) -> usize {
    let person = registry.person("voss").unwrap();
    let reader = person.as_reader().unwrap();
    let documents = match registry.show_file(reader, file, registry.today()) {
        Ok(view) => view.documents,
        Err(error) => {
            assert!(taken.is_empty(), "{at}: {error}");
            Vec::new()
        }
    };
    let there: BTreeMap<_, _> = documents.iter().map(|document| (document.id, &document.file_name)).collect();
    for (id, source) in taken {
        assert!(there.contains_key(id), "{at}: {source} was acknowledged and is gone");
    }
    for (id, name) in &there {
        let bytes = bytes_of(registry, *id);
        assert!(bytes == std::fs::read(folder.join(name)).ok(), "{at}: {name} is not what was delivered");
    }
    // The views have healed: what is there is found.
    let word = file.replace("K-", "Lieferung");
    let page = registry.search(reader, &word, 0, 10).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert_eq!(page.total, there.len(), "{at}: documents found by name");
    there.len()
}

fn cuts_while_taking_in(kind: FileSystem, cuts: u32) {
    let mut dice = Dice::thrown_for(&format!("taking in on {kind:?}"));
    let mut office = TestOffice::demo();
    office.close_doors();
    let begun = Instant::now();
    let (mut acknowledged_in_all, mut cut_short, mut unacknowledged, mut opening) =
        (0, 0, 0, Duration::ZERO);
    let mut longest = Duration::from_millis(600);
    for first in (0..cuts).step_by(CUTS_PER_DISK as usize) {
        let mut disk = match CutDisk::new(kind) {
            Ok(disk) => disk,
            Err(why) => return not_run(&why),
        };
        let root = disk.place().join("amt");
        copy_folder(office.root(), &root);
        done_syncing(disk.place());
        let papers = TempDir::new().unwrap();
        let mut journal: BTreeMap<DocumentId, String> = BTreeMap::new();
        for cut in first..cuts.min(first + CUTS_PER_DISK) {
            let at = format!("{kind:?}, cut {cut}");
            let folder = papers.path().join(cut.to_string());
            std::fs::create_dir(&folder).unwrap();
            delivery(&folder, cut);
            let file = format!("K-{cut:04}");
            let place = folder.to_str().unwrap();
            let arguments = ["ingest", "--json", "--no-read", "--file", &file, "--class", WITHDRAWN, place];
            let delay = dice.below(longest);
            let ended = cut_after(&disk, &root, &arguments, delay, cut % 2 == 0);
            ended.assert_it_says_why();
            let taken = acknowledged(&ended.lines);
            if taken.len() < DOCUMENTS as usize {
                cut_short += 1;
            } else {
                // This machine is fast: cut earlier.
                longest = longest.min(delay.max(Duration::from_millis(100)));
            }
            disk.restart();
            let opened = Instant::now();
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{at}: {error}"));
            opening = opening.max(opened.elapsed());
            let there = assert_whole(&registry, &file, &folder, &taken, &at);
            assert_clean(&registry, &at);
            acknowledged_in_all += taken.len();
            unacknowledged += there - taken.len();
            journal.extend(taken);
        }
        let registry = open_patiently(&root).unwrap();
        for (id, source) in &journal {
            assert!(bytes_of(&registry, *id) == std::fs::read(source).ok(), "{kind:?}: {source}");
        }
    }
    println!(
        "{kind:?}: {cuts} cuts, {cut_short} of them before the end; {acknowledged_in_all} acknowledged, 0 lost, \
         {unacknowledged} more were whole; longest opening {opening:?}; {:?}",
        begun.elapsed()
    );
    assert!(cut_short * 4 >= cuts, "the cuts came too late: {cut_short} of {cuts}");
    assert!(acknowledged_in_all > 0, "the cuts came too early");
}

/// What the test itself put there is not what is tested.
fn done_syncing(place: &Path) {
    machine::done(Command::new("sync").arg("--file-system").arg(place)).unwrap();
}

#[test]
fn a_power_cut_on_ext4_takes_nothing_that_was_acknowledged() {
    cuts_while_taking_in(FileSystem::Ext4, times(25, 500));
}

#[test]
fn a_power_cut_on_xfs_takes_nothing_that_was_acknowledged() {
    cuts_while_taking_in(FileSystem::Xfs, times(25, 500));
}

/// An office with many signed lists, each with files of its own.
struct Condemned {
    office: TempDir,
    lists: Vec<(DisposalListId, BTreeMap<DocumentId, Vec<u8>>)>,
    staying: BTreeMap<DocumentId, Vec<u8>>,
}

const FILES_PER_LIST: usize = 3;

fn condemned() -> &'static Condemned {
    static PREPARED: OnceLock<Condemned> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let mut office = TestOffice::demo();
        let shared = b"Dieselbe Anlage liegt allen Akten bei.".to_vec();
        let stays = office.take_in(Paper::new("B-1", WITHDRAWN, "anlage.txt", shared.clone()));
        let staying = BTreeMap::from([(stays, shared.clone())]);
        let signers = ["voss", "tamm", "archiv"].map(|login| office.signer(login));
        let mut lists = Vec::new();
        for number in 0..CUTS_PER_DISK {
            let files: Vec<_> = (0..FILES_PER_LIST).map(|file| format!("V-{number}/{file}")).collect();
            let mut papers = Vec::new();
            for (n, file) in files.iter().enumerate() {
                papers.push((file, shared.clone()));
                papers.push((file, format!("Antrag {file}: Garage, Carport, Zaun.").into_bytes()));
                papers.push((file, noise(file, if n == 0 { LARGE_BYTES } else { 3_000 })));
            }
            let sources = papers.iter().map(|(file, bytes)| Paper::new(file, WITHDRAWN, "blatt", bytes.clone()));
            let ids = office.take_in_all(sources.collect());
            files.iter().for_each(|file| office.close(file, LONG_AGO));
            let list = office.offered_list();
            office.appraise_all(list);
            let registry = office.registry();
            registry.propose_list(&signers[0], list, office.today()).unwrap();
            signers[1..].iter().for_each(|s| drop(registry.approve_list(s, list, office.today()).unwrap()));
            lists.push((list, ids.into_iter().zip(papers.into_iter().map(|(_, bytes)| bytes)).collect()));
        }
        office.close_doors();
        let place = TempDir::new().unwrap();
        copy_folder(office.root(), &place.path().join("amt"));
        Condemned { office: place, lists, staying }
    })
}

/// A list is executed with its certificate and nothing of it is left, or everything of it is there. Answers which.
fn is_gone_as_a_whole(
    registry: &Registry,
    list: DisposalListId,
    documents: &BTreeMap<DocumentId, Vec<u8>>,
    at: &str,
) -> bool {
    let person = registry.person("archiv").unwrap();
    let stage = registry.show_list(person.as_auditor().unwrap(), list).unwrap().list.stage;
    let left = documents.iter().filter(|(id, bytes)| bytes_of(registry, **id).as_ref() == Some(*bytes)).count();
    if !matches!(stage, Stage::Executed { .. }) {
        assert_eq!(left, documents.len(), "{at}: a list that is not executed is whole ({stage:?})");
        return false;
    }
    assert_eq!(left, 0, "{at}: of an executed list nothing is left");
    let path = registry.layout().certificates().join(format!("{list}.json"));
    let certificate = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{at}: {error}"));
    let verdict = verify_proof(&certificate, &registry.verifier_key()).unwrap();
    assert_eq!(verdict.destroyed, Some(FILES_PER_LIST), "{at}");
    true
}

/// How long an execution takes here when nothing is cut.
fn whole_run(root: &Path, list: DisposalListId) -> Duration {
    let begun = Instant::now();
    let list = list.to_string();
    let output = program(root, &["list", "execute", &list, "--confirm", &list[..8]]).wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    begun.elapsed()
}

fn cuts_while_destroying(kind: FileSystem, cuts: u32) {
    let mut dice = Dice::thrown_for(&format!("destroying on {kind:?}"));
    let prepared = condemned();
    let begun = Instant::now();
    let (mut whole, mut finished_at_start, mut reported) = (0, 0, 0);
    let mut cut = 0;
    while cut < cuts {
        let mut disk = match CutDisk::new(kind) {
            Ok(disk) => disk,
            Err(why) => return not_run(&why),
        };
        let root = disk.place().join("amt");
        copy_folder(&prepared.office.path().join("amt"), &root);
        done_syncing(disk.place());
        let longest = whole_run(&root, prepared.lists[0].0).mul_f64(1.05);
        let mut gone = BTreeSet::from([prepared.lists[0].0]);
        for _ in 0..CUTS_PER_DISK {
            let Some((list, documents)) = prepared.lists.iter().find(|(list, _)| !gone.contains(list)) else {
                break;
            };
            if cut == cuts {
                break;
            }
            let at = format!("{kind:?}, cut {cut}");
            let name = list.to_string();
            let arguments = ["list", "execute", &name, "--confirm", &name[..8]];
            let ended = cut_after(&disk, &root, &arguments, dice.below(longest), cut % 2 == 0);
            ended.assert_it_says_why();
            let said = ended.lines.iter().any(|line| line.contains("vernichtet"));
            disk.restart();
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{at}: {error}"));
            if is_gone_as_a_whole(&registry, *list, documents, &at) {
                gone.insert(*list);
                if said { reported += 1 } else { finished_at_start += 1 }
            } else {
                assert!(!said, "{at}: it was reported as destroyed and is there");
                whole += 1;
            }
            for (list, documents) in &prepared.lists {
                assert_eq!(is_gone_as_a_whole(&registry, *list, documents, &at), gone.contains(list), "{at}");
            }
            for (id, bytes) in &prepared.staying {
                assert!(bytes_of(&registry, *id).as_ref() == Some(bytes), "{at}: what stays is whole");
            }
            assert_clean(&registry, &at);
            cut += 1;
        }
    }
    println!(
        "{kind:?}: {cuts} cuts of destructions: {whole} whole, {finished_at_start} finished at the next start, \
         {reported} reported, 0 between; {:?}",
        begun.elapsed()
    );
    assert!(whole > 0 && finished_at_start > 0, "the cuts missed");
}

#[test]
fn a_power_cut_on_ext4_leaves_no_destruction_half_done() {
    cuts_while_destroying(FileSystem::Ext4, times(12, 100));
}

#[test]
fn a_power_cut_on_xfs_leaves_no_destruction_half_done() {
    cuts_while_destroying(FileSystem::Xfs, times(12, 100));
}

/// Founds a registry, and the power goes the moment it says so.
#[test]
fn a_registry_that_was_founded_is_there_after_a_power_cut() {
    for kind in [FileSystem::Ext4, FileSystem::Xfs] {
        let mut disk = match CutDisk::new(kind) {
            Ok(disk) => disk,
            Err(why) => return not_run(&why),
        };
        for number in 0..times(5, 50) {
            let root = disk.place().join(format!("amt-{number}"));
            let switch = disk.switch();
            let output = program(&root, &["init"]).wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            switch.cut();
            disk.restart();
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{kind:?} {number}: {error}"));
            assert_clean(&registry, "founded");
            assert!(registry.person(OPERATOR).is_ok());
        }
    }
}

/// Writes numbered files under a temporary name and renames them; says each number when it is done.
const WRITER: &str = "
import os,sys
place,careful=sys.argv[1],sys.argv[2]=='careful'
for n in range(1000000):
    with open(f'{place}/{n}.tmp','wb') as f:
        f.write(b'%d\\n'%n*100)
        if careful: f.flush(); os.fsync(f.fileno())
    os.rename(f'{place}/{n}.tmp',f'{place}/{n}')
    if careful: d=os.open(place,0); os.fsync(d); os.close(d)
    print(n,flush=True)
";

/// How many files this writer had reported that are not there, or not whole, after a cut; and how many it reported.
fn lost_by(disk: &mut CutDisk, manner: &str) -> (usize, usize) {
    let place = disk.place().join(format!("{manner}-{:?}", Instant::now()).replace([' ', '{', '}', ':'], ""));
    std::fs::create_dir(&place).unwrap();
    done_syncing(&place);
    let switch = disk.switch();
    let mut child = Command::new("python3")
        .args(["-c", WRITER])
        .arg(&place)
        .arg(manner)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let journal = std::thread::spawn(move || {
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        lines.filter_map(|line| line.parse().ok()).collect::<Vec<u32>>()
    });
    std::thread::sleep(Duration::from_millis(300));
    switch.cut();
    let _ = child.kill();
    child.wait().unwrap();
    let reported = journal.join().unwrap();
    disk.restart();
    let whole = |number: &u32| {
        let expected = format!("{number}\n").repeat(100);
        std::fs::read(place.join(number.to_string())).is_ok_and(|bytes| bytes == expected.as_bytes())
    };
    (reported.iter().filter(|number| !whole(number)).count(), reported.len())
}

#[test]
fn these_power_cuts_tell_a_careless_writer_from_a_careful_one() {
    for kind in [FileSystem::Ext4, FileSystem::Xfs] {
        let mut disk = match CutDisk::new(kind) {
            Ok(disk) => disk,
            Err(why) => return not_run(&why),
        };
        for _ in 0..3 {
            let (lost, reported) = lost_by(&mut disk, "careless");
            println!("{kind:?}, careless: {lost} of {reported} lost");
            assert!(lost > 0, "{kind:?}: without fsync all {reported} files survived");
            let (lost, reported) = lost_by(&mut disk, "careful");
            println!("{kind:?}, careful: {lost} of {reported} lost");
            assert!(lost == 0 && reported > 0, "{kind:?}: {lost} of {reported} lost with fsync");
        }
    }
}
