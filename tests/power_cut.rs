//! What a power cut may not do. The registry lies on a disk of its own (ext4, then xfs) whose power is cut at a
//! random moment: from then on nothing reaches the disk, and what was not synced is gone. What the program said
//! until then is written down outside. `SCHRIFTGUT_FULL=1` runs the release sizes.

mod common;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::condemned::{
    Condemned, CondemnedList, acknowledged, assert_three_parts, assert_verifies, bytes_of, ingest, noise,
    program,
};
use common::{OPERATOR, TestOffice, copy_folder, open_patiently};
use machine::{CutDisk, Dice, FileSystem, Journal, not_run, times};
use tempfile::TempDir;

use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::Registry;

/// Each disk lives through so many cuts, so that a registry is also continued.
const CUTS_PER_DISK: u32 = 25;
/// Documents of a delivery, and how many of them are large enough for a file of their own in the vault.
const DOCUMENTS: u32 = 300;
const LARGE: u32 = 4;
const LARGE_BYTES: usize = 1_300_000;
/// Within this it is cut, as this machine is fast.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3);
/// The program must notice by itself that its disk is gone.
const NOTICE_MAX: Duration = Duration::from_secs(20);

/// What a program said before and after its disk lost power, and how it ended.
struct Ended {
    said: String,
    talk: String,
    /// None if it was killed.
    code: Option<i32>,
}

/// Lets the program run for `delay`, cuts the power, and then waits for the program to end by itself, or kills it.
fn cut_after(disk: &CutDisk, command: &mut Command, delay: Duration, kill: bool) -> Ended {
    let switch = disk.switch();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let journal = Journal::of(&mut child);
    let mut stderr = child.stderr.take().unwrap();
    let talk = std::thread::spawn(move || {
        let mut talk = String::new();
        let _ = stderr.read_to_string(&mut talk);
        talk
    });
    std::thread::sleep(delay);
    let mut code = None;
    let said = journal.cut(switch, disk.kind(), || code = ended(&mut child, kill));
    Ended { said, talk: talk.join().unwrap(), code }
}

/// How the program ended by itself; none if it was to be killed.
fn ended(child: &mut Child, kill: bool) -> Option<i32> {
    let begun = Instant::now();
    loop {
        if kill {
            let _ = child.kill();
            child.wait().unwrap();
            return None;
        }
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(-1));
        }
        assert!(begun.elapsed() < NOTICE_MAX, "the program does not notice that its disk is gone");
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Ended {
    /// It ended well, or says in three parts why not, or was killed.
    fn assert_it_says_why(&self) {
        if let Some(code) = self.code.filter(|code| *code != 0) {
            assert_eq!(code, 1, "{}", self.talk);
            assert_three_parts(&self.talk, "after the cut");
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
            let text = format!(
                "Lieferung {cut}, Blatt {number}: {}",
                "Garage und Zaun. ".repeat(number as usize % 60)
            );
            std::fs::write(path, text).unwrap();
        }
    }
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
    let word = file.replace("K-", "datei:Lieferung");
    let page = registry.search(reader, &word, 0, 10).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert_eq!(page.total, there.len(), "{at}: documents found by name");
    there.len()
}

fn cuts_while_taking_in(kind: FileSystem, cuts: u32) {
    let mut dice = Dice::thrown_for(&format!("taking in on {kind:?}"));
    let mut office = TestOffice::demo();
    office.close_doors();
    let begun = Instant::now();
    let (mut acknowledged_in_all, mut cut_short, mut unacknowledged, mut opening) = (0, 0, 0, Duration::ZERO);
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
            let delay = dice.below(longest);
            let ended = cut_after(&disk, &mut ingest(&root, &file, &folder), delay, cut % 2 == 0);
            ended.assert_it_says_why();
            let taken = acknowledged(&ended.said);
            cut_short += u32::from(taken.len() < DOCUMENTS as usize);
            // Machines differ: cut earlier if all was done, later if nothing was.
            if taken.len() == DOCUMENTS as usize {
                longest = longest.mul_f64(0.9).max(SHORTEST);
            } else if taken.is_empty() {
                longest = longest.mul_f64(1.05).min(LONGEST);
            }
            disk.restart();
            let opened = Instant::now();
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{at}: {error}"));
            opening = opening.max(opened.elapsed());
            let there = assert_whole(&registry, &file, &folder, &taken, &at);
            assert_verifies(&registry, &at);
            acknowledged_in_all += taken.len();
            unacknowledged += there - taken.len();
            journal.extend(taken);
        }
        let registry = open_patiently(&root).unwrap();
        for (id, source) in &journal {
            assert!(bytes_of(&registry, *id) == std::fs::read(source).ok(), "{kind:?}: {source}");
        }
        let cut = cuts.min(first + CUTS_PER_DISK);
        println!(
            "{kind:?}: {cut} cuts while taking in, {acknowledged_in_all} acknowledged, {:?}",
            begun.elapsed()
        );
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
    cuts_while_taking_in(FileSystem::Ext4, times(30, 500));
}

#[test]
fn a_power_cut_on_xfs_takes_nothing_that_was_acknowledged() {
    cuts_while_taking_in(FileSystem::Xfs, times(30, 500));
}

fn condemned() -> &'static Condemned {
    static PREPARED: OnceLock<Condemned> = OnceLock::new();
    PREPARED.get_or_init(|| Condemned::with_lists(CUTS_PER_DISK + 1))
}

/// How long an execution takes here when nothing is cut.
fn whole_run(root: &Path, list: &CondemnedList) -> Duration {
    let begun = Instant::now();
    let output = program(root, list.execute()).output().unwrap();
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
        prepared.copy_to(&root);
        done_syncing(disk.place());
        let longest = whole_run(&root, &prepared.lists[0]).mul_f64(1.05);
        let mut gone = BTreeSet::from([0]);
        for _ in 0..CUTS_PER_DISK.min(cuts - cut) {
            let next = (0..prepared.lists.len()).find(|next| !gone.contains(next)).unwrap();
            let at = format!("{kind:?}, cut {cut}");
            let mut execute = program(&root, prepared.lists[next].execute());
            // Some early, so that they come before the point of no return.
            let latest = if cut.is_multiple_of(3) { longest / 4 } else { longest };
            let ended = cut_after(&disk, &mut execute, dice.below(latest), cut % 2 == 0);
            ended.assert_it_says_why();
            let reports = ended.said.contains("vernichtet");
            disk.restart();
            let (_, gone_now) = prepared.assert_sound(&root, &BTreeMap::new(), &at);
            if gone_now.contains(&next) {
                gone.insert(next);
                if reports { reported += 1 } else { finished_at_start += 1 }
            } else {
                assert!(!reports, "{at}: it was reported as destroyed and is there");
                whole += 1;
            }
            assert_eq!(gone_now, gone, "{at}: nothing else is gone, and what is gone stays gone");
            cut += 1;
        }
        println!("{kind:?}: {cut} cuts while destroying, {:?}", begun.elapsed());
    }
    println!(
        "{kind:?}: {cuts} cuts of destructions: {whole} whole, {finished_at_start} finished at the next start, \
         {reported} reported, 0 between; {:?}",
        begun.elapsed()
    );
    assert!(whole + finished_at_start > 0, "the cuts missed");
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
        for number in 0..times(8, 50) {
            let root = disk.place().join(format!("amt-{number}"));
            let switch = disk.switch();
            let output = program(&root, ["init"]).output().unwrap();
            assert!(output.status.success(), "{output:?}");
            switch.cut();
            disk.restart();
            let registry = open_patiently(&root).unwrap_or_else(|error| panic!("{kind:?} {number}: {error}"));
            assert_verifies(&registry, "founded");
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
    let journal = Journal::of(&mut child);
    let begun = Instant::now();
    while !place.join("0").exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    let said = journal.cut(switch, disk.kind(), || {
        let _ = child.kill();
        child.wait().unwrap();
    });
    let reported: Vec<u32> = said.lines().filter_map(|line| line.parse().ok()).collect();
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
