//! A disk that fails, at whatever operation and however: the former backup is whole, and the next run finishes.

use std::path::PathBuf;

use schriftgut::disk::{Disk, Failing, Fault, Faults, Simulated};
use schriftgut::registry::{Answer, BackedUp, Registry, check_backup, check_backup_on};
use tempfile::TempDir;

use crate::common::{BUILDING, OPERATOR, Paper, TestOffice, copy_folder};
use crate::machine::ways::{Counted, fail_at, ways};
use crate::machine::{Progress, full_size, times};
use crate::room::Room;

/// `SCHRIFTGUT_FULL=1` lets every operation fail, in every way; otherwise they lie farther and farther apart.
fn next(at: u64, apart: u64) -> u64 {
    if full_size() { at + 1 } else { at + 1 + at / apart }
}

#[test]
fn a_disk_that_fails_at_any_operation_leaves_the_former_backup_whole() {
    let mut office = TestOffice::demo();
    let papers = |from: u64| {
        let paper = |seed| Paper::new("F-1", BUILDING, "a.bin", crate::noise(seed, 2_000));
        let mut papers: Vec<_> = (from..from + 6).map(paper).collect();
        papers.push(Paper::new("F-1", BUILDING, "gross.bin", crate::noise(from + 50, 1_300_000)));
        papers
    };
    office.take_in_all(papers(0));
    office.due_file("W-1", "wird vernichtet");
    let room = Room::new();
    room.back_up_content(&office).unwrap();
    office.destroy_what_is_due();
    office.take_in_all(papers(100));
    let former = room.place("vorige");
    copy_folder(&room.content(), &former);
    let before = check_backup(&former).unwrap().state;
    office.close_doors();
    let (disk, faults) = Failing::before(&Disk::real());
    let registry = Registry::open_on(&disk, office.root()).unwrap();
    let operator = registry.person(OPERATOR).unwrap();
    let renew = || {
        std::fs::remove_dir_all(room.content()).unwrap();
        copy_folder(&former, &room.content());
    };
    let run = || registry.back_up(operator.as_administrator().unwrap(), &room.content());
    // Once before it is counted: a first run reads what later ones know.
    renew();
    run().unwrap();
    renew();
    faults.clear();
    let after = run().unwrap().state;
    let (operations, changes) = (faults.operations(), faults.changes());
    assert!(operations > 60, "{operations} operations");
    let progress = Progress::of("backup", operations as usize);
    let (mut wanted, mut met, mut failed, mut at) = (0, 0, 0, 0);
    while at < operations {
        for way in ways(changes.contains(&at), wanted) {
            wanted += 1;
            let tried = fail_at(at, way, |(fault, lasting)| {
                renew();
                faults.set(at, fault, lasting);
                let done = run();
                let counted = Counted::by(&faults);
                faults.clear();
                (done, counted)
            });
            let Some((way, done)) = tried else { continue };
            met += 1;
            failed += u32::from(done.is_err());
            let checked =
                check_backup(&room.content()).unwrap_or_else(|error| panic!("{way:?} {at}: {error}"));
            assert!(checked.is_clean(), "{way:?} at {at}: {checked:#?}");
            assert!([before, after].contains(&checked.state), "{way:?} at {at}");
            assert!(done.is_err() || checked.state == after, "{way:?} at {at}");
            assert_eq!(run().unwrap().state, after, "{way:?} at {at}: the next run finishes");
            assert!(check_backup(&room.content()).unwrap().is_clean(), "{way:?} at {at}");
        }
        progress.step();
        at = next(at, 15);
    }
    println!("backup: {operations} operations, {met} faults, {failed} runs failed");
    assert_eq!(met, wanted, "every operation that is to fail fails");
    assert!(failed > 20, "{failed} runs failed");
}

/// Cuts after which a sweep goes on with a new office: an older one needs more operations for each backup.
const CUTS_PER_OFFICE: u64 = 25;

/// An office on a simulated disk, its backup beside it, its views on the real disk, and the hand that lets the
/// simulated one fail.
struct Doubled {
    office: TestOffice,
    simulated: Simulated,
    faults: Faults,
    content: PathBuf,
    _dir: TempDir,
}

impl Doubled {
    fn new() -> Self {
        let mut office = TestOffice::demo();
        office.ingest_text("F-1", BUILDING, "a.txt", "Das erste Blatt");
        office.close_doors();
        let dir = TempDir::new().unwrap();
        let (place, content) = (dir.path().join("amt"), dir.path().join("sicherung"));
        copy_folder(&office.root().join("views"), &place.join("views"));
        let simulated = Simulated::copy_of(office.root(), &place, &|path| path.ends_with("views")).unwrap();
        let (disk, faults) = Failing::before(&simulated.disk());
        let office = TestOffice::on_disk(&disk, &place).unwrap();
        Self { office, simulated, faults, content, _dir: dir }
    }

    fn back_up(&self) -> Answer<BackedUp> {
        let operator = self.office.registry().person(OPERATOR).unwrap();
        self.office.registry().back_up(operator.as_administrator().unwrap(), &self.content)
    }

    /// What makes the next backup have something to do.
    fn take_in(&self, number: u64, large: bool) {
        let length = if large { 1_200_000 } else { 3_000 };
        self.office.take_in_all(vec![
            Paper::new("F-1", BUILDING, "b.txt", format!("Blatt {number}")),
            Paper::new("F-1", BUILDING, "c.bin", crate::noise(number, length)),
        ]);
    }
}

#[test]
fn a_power_cut_at_any_operation_leaves_the_former_backup_whole() {
    let cuts = u64::from(times(2, 10));
    let mut doubled = Doubled::new();
    let mut former = doubled.back_up().unwrap().state;
    let (mut at, mut cut) = (0, 0);
    loop {
        doubled.take_in(at, full_size() || cut % 8 == 0);
        doubled.faults.set(at, Fault::Torn, true);
        let done = doubled.back_up();
        for seed in 0..cuts {
            let image = doubled.simulated.after_power_cut(at * cuts + seed).disk();
            let checked = check_backup_on(&image, &doubled.content);
            let checked = checked.unwrap_or_else(|error| panic!("cut at {at}, {seed}: {error}"));
            // A torn batch of the vault's manifest is an alarm of its own; the next run rebuilds it by scanning.
            let torn =
                |line: &&String| line.contains("manifest line") || line.contains("Bestandsverzeichnis");
            assert!(checked.missing.is_empty(), "cut at {at}, {seed}: {checked:#?}");
            assert!(checked.changed.iter().all(|line| torn(&line)), "cut at {at}, {seed}: {checked:#?}");
            assert!(checked.state.size >= former.size, "cut at {at}, {seed}: an older state");
        }
        doubled.faults.clear();
        if done.is_ok() {
            break;
        }
        cut += 1;
        if full_size() && cut % CUTS_PER_OFFICE == 0 {
            println!("backup: {cut} cuts");
            doubled = Doubled::new();
        }
        former = doubled.back_up().unwrap().state;
        at = next(at, 10);
    }
    println!("backup: {cut} cuts, {cuts} images of each");
    assert!(cut > 20, "{cut} cuts");
}

/// Copies are destroyed when they are old or were never finished. One that only could not be looked at is neither.
#[test]
fn a_disk_that_fails_at_any_operation_costs_no_copy_of_the_keys() {
    let mut office = TestOffice::demo();
    let room = Room::new();
    // Made some hours ago, so that no new one looks for another moment.
    let copies = [1, 2].map(|hours| {
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        let older = room.keys().join(at.strftime("%Y%m%dT%H%M%SZ").to_string());
        std::fs::rename(room.back_up_keys(&office).unwrap().copy, &older).unwrap();
        older
    });
    let former = room.place("vorige");
    copy_folder(&room.keys(), &former);
    office.close_doors();
    let (disk, faults) = Failing::before(&Disk::real());
    let registry = Registry::open_on(&disk, office.root()).unwrap();
    let operator = registry.person(OPERATOR).unwrap();
    let run = || registry.back_up_keyrings(operator.as_administrator().unwrap(), &room.keys());
    let renew = || {
        std::fs::remove_dir_all(room.keys()).unwrap();
        copy_folder(&former, &room.keys());
    };
    faults.clear();
    run().unwrap();
    let (operations, changes) = (faults.operations(), faults.changes());
    let progress = Progress::of("keys", operations as usize);
    let (mut wanted, mut met) = (0, 0);
    for at in 0..operations {
        for way in ways(changes.contains(&at), wanted) {
            wanted += 1;
            let tried = fail_at(at, way, |(fault, lasting)| {
                renew();
                faults.set(at, fault, lasting);
                let done = run();
                let counted = Counted::by(&faults);
                faults.clear();
                (done, counted)
            });
            let Some((way, done)) = tried else { continue };
            met += 1;
            for copy in &copies {
                assert!(copy.join("whole.txt").exists(), "{way:?} at {at}: {} is gone", copy.display());
            }
            let said = done.as_ref().map_or(true, |done| done.unrecorded.is_some());
            assert!(said, "{way:?} at {at} failed and nobody said so");
            let last = run().unwrap();
            assert!(last.kept >= 3 && last.copy.join("whole.txt").exists(), "{way:?} at {at}: {last:?}");
        }
        progress.step();
    }
    println!("copies of the keys: {operations} operations, {met} faults");
    assert_eq!(met, wanted, "every operation that is to fail fails");
    assert!(met > 40, "{met} operations failed");
}
