//! The office on a simulated disk: whatever operation fails, and whenever the power is cut, nothing acknowledged is
//! lost, nothing is half done, and the next start tidies up.
//!
//! Every operation that changes something is failed once, and some of those that only look; `SCHRIFTGUT_FULL=1` fails
//! all of them, those that change something in every way, and cuts more often. What is printed on a failure
//! (scenario, operation, fault, cut) makes it happen again.

#[path = "simulated_disk/clock.rs"]
mod clock;
mod common;
#[path = "simulated_disk/giving_out.rs"]
mod giving_out;
#[path = "simulated_disk/handing_over.rs"]
mod handing_over;
mod machine;
#[path = "simulated_disk/splitting.rs"]
mod splitting;
#[path = "simulated_disk/teeth.rs"]
mod teeth;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use common::{LONG_AGO, Paper, TestOffice, WITHDRAWN, copy_folder, with_workers};
use machine::ways::{Counted, Way, fail_at, ways};
use machine::{Progress, full_size, times};
use tempfile::TempDir;

use schriftgut::disk::{Disk, Failing, Fault, Simulated};
use schriftgut::domain::actor::Actor;
use schriftgut::domain::disposal::Stage;
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Answer, Error, Executed, Outcome, Registry, Taken, verify_proof};

/// Above what a volume takes, so that it becomes a file of its own.
const LARGE_BYTES: usize = 1_200_000;

/// Cuts after another start: of the names that were not synced the first loses all, the others some.
const CUTS_LATER: [u64; 3] = [6, 0, 2];

/// An office as it lies on a real disk, closed: what every trial begins with.
struct Start {
    dir: TempDir,
    /// What was acknowledged before.
    papers: BTreeMap<DocumentId, Vec<u8>>,
    /// A list that is signed and can be carried out, and what is on it.
    list: DisposalListId,
    doomed: Vec<DocumentId>,
    /// What is asked for once more after another start.
    again: Scenario,
    /// What else holds, whatever happened.
    also: fn(&Start, &Told, &TestOffice, &str),
}

impl Start {
    fn of(dir: TempDir, papers: BTreeMap<DocumentId, Vec<u8>>, list: DisposalListId) -> Self {
        Self { dir, papers, list, doomed: Vec::new(), again: |_, _, _| true, also: |_, _, _, _| () }
    }
}

/// A folder that goes with its value, in memory, where it costs no syncs.
fn in_memory() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

fn start() -> Start {
    let mut office = TestOffice::demo();
    let mut papers = BTreeMap::new();
    let mut doomed = Vec::new();
    for (file, large) in [("W-1", false), ("W-2", true), ("B-1", false)] {
        let texts = [format!("Antrag zu {file}").into_bytes(), b"Lageplan, allen beigelegt".to_vec()];
        let more = large.then(|| noise(LARGE_BYTES));
        for bytes in texts.into_iter().chain(more) {
            let id = office.take_in(Paper::new(file, WITHDRAWN, "blatt.bin", bytes.clone()));
            papers.insert(id, bytes);
            if file != "B-1" {
                doomed.push(id);
            }
        }
    }
    office.read_texts();
    ["W-1", "W-2"].iter().for_each(|file| office.close(file, LONG_AGO));
    let list = office.signed_list();
    office.close_doors();
    let dir = TempDir::new().unwrap();
    copy_folder(office.root(), &dir.path().join("amt"));
    Start { doomed, ..Start::of(dir, papers, list) }
}

/// One trial: the truth on a simulated disk, the views in a folder of their own.
struct Trial {
    simulated: Simulated,
    views: TempDir,
}

impl Trial {
    fn begin(start: &Start) -> Self {
        let views = in_memory(); // they are no truth
        let (from, place) = (start.dir.path().join("amt"), views.path().join("amt"));
        copy_folder(&from.join("views"), &place.join("views"));
        let simulated = Simulated::copy_of(&from, &place, &|path| path.ends_with("views")).unwrap();
        Self { simulated, views }
    }

    fn place(&self) -> PathBuf {
        self.views.path().join("amt")
    }

    /// Puts the views aside as they are, so that every look begins with the same.
    fn keep_views(&self) {
        std::fs::rename(self.place().join("views"), self.views.path().join("kept")).unwrap();
    }

    /// The same office on this image of its disk, with the views that were kept or none at all.
    fn found_again(&self, image: &Disk, with_views: bool) -> Answer<TestOffice> {
        let views = self.place().join("views");
        if views.exists() {
            std::fs::remove_dir_all(&views).unwrap();
        }
        if with_views {
            copy_folder(&self.views.path().join("kept"), &views);
        }
        TestOffice::on_disk(image, &self.place())
    }

    /// Looks at what a kill and power cuts with these seeds leave; answers how often it looked.
    fn look(&self, start: &Start, told: &Told, seeds: Range<u64>, what: &str) -> u64 {
        let changed = !seeds.is_empty(); // by the operation: otherwise the disk is as the one before left it
        let cuts = seeds.map(|seed| (Some(seed), self.simulated.after_power_cut(seed)));
        let mut looks = 0;
        for (seed, image) in cuts.chain([(None, self.simulated.after_kill())]) {
            let (what, image) = (format!("{what}, cut {seed:?}"), image.disk());
            let office = self.found_again(&image, seed.is_none_or(|seed| seed % 3 > 0));
            let office = office.unwrap_or_else(|error| panic!("{what}: {error}"));
            must_hold(start, told, &office, &image, &what);
            looks += 1;
        }
        if changed { looks + self.look_after_another_start(start, told, what) } else { looks }
    }

    /// The process that failed is gone, the machine goes on, and so does the work; then the power is cut. What a sync
    /// that failed has dropped is still read, and is on no disk: nothing may be built on it.
    fn look_after_another_start(&self, start: &Start, told: &Told, what: &str) -> u64 {
        let going_on = self.simulated.after_kill();
        let mut told = told.clone();
        {
            let office = self.found_again(&going_on.disk(), true).unwrap();
            for bytes in [&b"Nachtrag eins"[..], b"ganz neu"] {
                let id = office.take_in(Paper::new("N-2", WITHDRAWN, "danach.bin", bytes));
                told.taken.insert(id, bytes.to_vec());
            }
            assert!((start.again)(start, office.registry(), &mut told), "{what}, started again");
        }
        for seed in CUTS_LATER {
            let (what, image) =
                (format!("{what}, started again, cut {seed}"), going_on.after_power_cut(seed));
            let image = image.disk();
            let office = self.found_again(&image, false).unwrap_or_else(|error| panic!("{what}: {error}"));
            must_hold(start, &told, &office, &image, &what);
        }
        CUTS_LATER.len() as u64
    }
}

/// What was done before the disk failed, as far as somebody was told.
#[derive(Clone, Default)]
struct Told {
    taken: BTreeMap<DocumentId, Vec<u8>>,
    destroyed: bool,
    handed_over: bool,
    split: bool,
}

type Scenario = fn(&Start, &Registry, &mut Told) -> bool;

/// Takes in three documents, one of them large, one after the other: how many share a batch is up to the threads, and
/// so would be what the n-th operation is. True if it went through.
fn take_in(_: &Start, registry: &Registry, told: &mut Told) -> bool {
    let Ok(manager) = registry.person("voss") else { return false };
    let clerk = || manager.as_clerk().unwrap();
    let contents = [b"Nachtrag eins".to_vec(), noise(LARGE_BYTES + 1), b"Lageplan, allen beigelegt".to_vec()];
    let all = contents.into_iter().all(|bytes| {
        let source = Paper::new("N-1", WITHDRAWN, "nachtrag.bin", bytes.clone()).source();
        let mut answered = |answer: Taken| match answer.outcome {
            Outcome::Taken(id) | Outcome::Known(id) => {
                told.taken.insert(id, bytes.clone());
            }
            // Asked again after the closing that failed had come to pass.
            Outcome::Refused(words) => assert!(words.why.contains("geschlossen"), "{words:?}"),
        };
        registry.ingest(clerk(), std::iter::once(source), &mut answered).is_ok()
    });
    all && registry.close(clerk(), "N-1", LONG_AGO).is_ok()
}

/// Carries the signed list out.
fn destroy(start: &Start, registry: &Registry, told: &mut Told) -> bool {
    let Ok(manager) = registry.person("voss") else { return false };
    told.destroyed = executed(start, registry, &manager).is_ok();
    told.destroyed
}

fn executed(start: &Start, registry: &Registry, manager: &Actor) -> Answer<Executed> {
    registry.execute_list(manager.as_records_manager().unwrap(), start.list, registry.today())
}

/// Whatever happened, this holds.
fn must_hold(start: &Start, told: &Told, office: &TestOffice, image: &Disk, what: &str) {
    for (id, bytes) in told.taken.iter().chain(&start.papers).filter(|(id, _)| !start.doomed.contains(id)) {
        assert!(office.get(*id).is_ok_and(|got| got == *bytes), "{what}: {id}");
    }
    let readable = start.doomed.iter().filter(|id| office.get(**id).is_ok_and(|got| got == start.papers[id]));
    let readable = readable.count();
    let stage =
        office.registry().show_list(office.manager.as_auditor().unwrap(), start.list).unwrap().list.stage;
    if let Stage::Executed { .. } = stage {
        assert_eq!(readable, 0, "{what}");
        let certificate = office.registry().layout().certificates().join(format!("{}.json", start.list));
        let json = String::from_utf8(image.read(&certificate).unwrap().expect("a certificate")).unwrap();
        verify_proof(&json, &office.registry().verifier_key()).unwrap();
    } else {
        assert!(!told.destroyed && readable == start.doomed.len(), "{what}: {readable} left, {stage:?}");
    }
    office.assert_clean_after(what);
    (start.also)(start, told, office, what);
}

/// Operations that only look and are failed, unless in full.
const LOOKING: usize = 25;

/// Which operations are failed, and whether they change something: all that do, and some (in full: all) of those that
/// only look. Those leave the disk as the one before did.
fn operations_of(start: &Start, scenario: Scenario) -> (u64, Vec<(u64, bool)>) {
    let trial = Trial::begin(start);
    let (disk, faults) = Failing::before(&trial.simulated.disk());
    let registry = with_workers(Registry::open_on(&disk, &trial.place()).unwrap());
    faults.clear();
    assert!(scenario(start, &registry, &mut Told::default()), "it goes through on a healthy disk");
    let (all, changes) = (faults.operations(), faults.changes());
    let looking: Vec<u64> = (0..all).filter(|number| !changes.contains(number)).collect();
    let step = if full_size() { 1 } else { looking.len().div_ceil(LOOKING).max(1) };
    let looking = looking.into_iter().step_by(step).map(|number| (number, false));
    (all, changes.into_iter().map(|number| (number, true)).chain(looking).collect())
}

/// The scenario with a fault at this operation, asked for once more if it fails, as people do: what is left of it, and
/// what somebody was told.
fn with_fault(
    start: &Start,
    scenario: Scenario,
    after: u64,
    (fault, lasting): Way,
) -> ((Trial, Told), Counted) {
    let trial = Trial::begin(start);
    let (disk, faults) = Failing::before(&trial.simulated.disk());
    let mut told = Told::default();
    let registry = with_workers(Registry::open_on(&disk, &trial.place()).unwrap());
    faults.set(after, fault, lasting);
    let mut once = || scenario(start, &registry, &mut told);
    let through = once() || once();
    assert!(through || faults.failed() > 0, "operation {after}, {fault:?}: it failed by itself");
    ((trial, told), Counted::by(&faults))
}

/// Runs the scenario with a fault at one operation after the other; looks at the disk as it is when the process was
/// killed then, and after a power cut.
fn at_every_operation(name: &str, start: &Start, scenario: Scenario) {
    let (all, operations) = operations_of(start, scenario);
    let progress = Progress::of(name, operations.len());
    let (mut wanted, mut met, mut looks) = (0, 0, 0);
    for (turn, (after, changes)) in operations.iter().copied().enumerate() {
        for way in ways(changes, turn) {
            wanted += 1;
            let failed = fail_at(after, way, |way| with_fault(start, scenario, after, way));
            let Some(((fault, lasting), (trial, told))) = failed else { continue };
            met += 1;
            trial.keep_views();
            let what = format!("{name}, operation {after}, {fault:?}, lasting {lasting}");
            let cuts = if changes { u64::from(times(1, 10)) } else { 0 };
            looks += trial.look(start, &told, after..after + cuts, &what);
        }
        progress.step();
    }
    println!(
        "{name}: {} of {all} operations, {met} faults, {looks} looks at what was left",
        operations.len()
    );
    assert_eq!(met, wanted, "{name}: every operation that is to fail fails");
}

#[test]
fn taking_in_survives_a_fault_at_any_operation_and_any_power_cut() {
    at_every_operation("take in", &start(), take_in);
}

#[test]
fn destroying_is_all_or_nothing_at_any_operation_and_any_power_cut() {
    at_every_operation("destroy", &start(), destroy);
}

/// A disk that fails for good, a process that ends, another that starts on what it reads, and a power cut.
#[test]
fn nothing_is_built_on_what_a_failed_sync_has_dropped() {
    let start = start();
    let (_, operations) = operations_of(&start, take_in);
    let mut looks = 0;
    for (after, _) in operations.into_iter().filter(|(_, changes)| *changes) {
        let ((trial, told), counted) = with_fault(&start, take_in, after, (Fault::Torn, true));
        if counted.failed() > 0 {
            trial.keep_views();
            looks += trial.look_after_another_start(&start, &told, &format!("operation {after}"));
        }
    }
    assert!(looks > 90, "{looks} looks");
}

#[test]
fn a_look_up_that_fails_is_a_fault_and_never_a_signature_that_does_not_hold() {
    let start = start();
    let (_, operations) = operations_of(&start, destroy);
    let (first_change, _) = operations[0];
    let trial = Trial::begin(&start);
    let (disk, faults) = Failing::before(&trial.simulated.disk());
    let registry = Registry::open_on(&disk, &trial.place()).unwrap();
    let manager = registry.person("voss").unwrap();
    for after in 0..first_change {
        faults.set(after, Fault::Broken, false);
        let failed = executed(&start, &registry, &manager).unwrap_err();
        assert!(matches!(failed, Error::Fault { .. }), "look-up {after}: {failed:?}");
    }
    faults.clear();
    executed(&start, &registry, &manager).unwrap();
    println!("{first_change} look-ups before the point of no return, each failed once");
}
