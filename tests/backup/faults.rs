//! A disk that fails, at whatever operation and however: the former backup is whole, and the next run finishes.

use schriftgut::disk::{Disk, Failing, Fault, Simulated};
use schriftgut::registry::{Registry, check_backup, check_backup_on};
use tempfile::TempDir;

use crate::common::{BUILDING, OPERATOR, Paper, TestOffice, copy_folder};
use crate::room::Room;

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
    renew();
    faults.clear();
    let after = run().unwrap().state;
    let operations = faults.operations();
    assert!(operations > 60, "{operations} operations");
    let (mut failed, mut at) = (0, 0);
    while at < operations {
        let fault = [Fault::Broken, Fault::Torn, Fault::Full][at as usize % 3];
        renew();
        faults.set(at, fault, at % 2 == 0);
        let done = run();
        faults.clear();
        failed += u32::from(done.is_err());
        let checked = check_backup(&room.content()).unwrap_or_else(|error| panic!("{fault:?} {at}: {error}"));
        assert!(checked.is_clean(), "{fault:?} at {at}: {checked:#?}");
        assert!([before, after].contains(&checked.state), "{fault:?} at {at}");
        assert!(done.is_err() || checked.state == after);
        assert_eq!(run().unwrap().state, after, "{fault:?} at {at}: the next run finishes");
        assert!(check_backup(&room.content()).unwrap().is_clean(), "{fault:?} at {at}");
        at += 1 + at / 15;
    }
    assert!(failed > 20, "{failed} runs failed");
}

/// So many images of the disk are looked at for every moment.
const CUTS: u64 = 2;

#[test]
fn a_power_cut_at_any_operation_leaves_the_former_backup_whole() {
    let mut office = TestOffice::demo();
    office.ingest_text("F-1", BUILDING, "a.txt", "Das erste Blatt");
    office.close_doors();
    // The truth and the backup lie on a simulated disk, the views on the real one.
    let dir = TempDir::new().unwrap();
    let (place, content) = (dir.path().join("amt"), dir.path().join("sicherung"));
    copy_folder(&office.root().join("views"), &place.join("views"));
    let simulated = Simulated::copy_of(office.root(), &place, &|path| path.ends_with("views")).unwrap();
    let (disk, faults) = Failing::before(&simulated.disk());
    let office = TestOffice::on_disk(&disk, &place).unwrap();
    let operator = office.registry().person(OPERATOR).unwrap();
    let run = || office.registry().back_up(operator.as_administrator().unwrap(), &content);
    let mut former = run().unwrap().state;
    let (mut at, mut cut) = (0, 0);
    loop {
        let length = if cut % 8 == 0 { 1_200_000 } else { 3_000 };
        office.take_in_all(vec![
            Paper::new("F-1", BUILDING, "b.txt", format!("Blatt {at}")),
            Paper::new("F-1", BUILDING, "c.bin", crate::noise(at, length)),
        ]);
        faults.set(at, Fault::Torn, true);
        let done = run();
        for seed in 0..CUTS {
            let image = simulated.after_power_cut(at * CUTS + seed).disk();
            let checked = check_backup_on(&image, &content).unwrap_or_else(|error| panic!("{at}: {error}"));
            // A torn batch of the vault's manifest is an alarm of its own; the next run rebuilds it by scanning.
            let torn =
                |line: &&String| line.contains("manifest line") || line.contains("Bestandsverzeichnis");
            assert!(checked.missing.is_empty(), "cut at {at}, {seed}: {checked:#?}");
            assert!(checked.changed.iter().all(|line| torn(&line)), "cut at {at}, {seed}: {checked:#?}");
            assert!(checked.state.size >= former.size, "cut at {at}, {seed}: an older state");
        }
        faults.clear();
        if done.is_ok() {
            break;
        }
        cut += 1;
        former = run().unwrap().state;
        at += 1 + at / 10;
    }
    assert!(cut > 20, "{cut} cuts");
}

/// Copies are destroyed when they are old or were never finished. One that only could not be looked at is neither.
#[test]
fn a_disk_that_fails_at_any_operation_costs_no_copy_of_the_keys() {
    let mut office = TestOffice::demo();
    let room = Room::new();
    let copies: Vec<_> = (0..2).map(|_| room.back_up_keys(&office).unwrap().copy).collect();
    office.close_doors();
    let (disk, faults) = Failing::before(&Disk::real());
    let registry = Registry::open_on(&disk, office.root()).unwrap();
    let operator = registry.person(OPERATOR).unwrap();
    let run = || registry.back_up_keyrings(operator.as_administrator().unwrap(), &room.keys());
    let (mut failed, mut at) = (0, 0);
    loop {
        faults.set(at, Fault::Broken, false);
        let done = run();
        let met = faults.failed() > 0;
        faults.clear();
        for copy in &copies {
            assert!(copy.join("whole.txt").exists(), "operation {at}: {} is gone", copy.display());
        }
        if !met {
            break;
        }
        assert!(done.is_err(), "operation {at} failed and nobody said so");
        (failed, at) = (failed + 1, at + 1);
    }
    assert!(failed > 40, "{failed} operations failed");
    let last = run().unwrap();
    assert!(last.kept >= 3 && last.copy.join("whole.txt").exists());
}
