//! Killed at any moment, a run leaves the former backup whole, and the next one finishes.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use schriftgut::registry::check_backup;

use crate::common::{BUILDING, OPERATOR, PROGRAM, Paper, TestOffice, open_patiently};
use crate::room::{Room, same};

const KILLS: u32 = 30;
const DOCUMENTS_PER_RUN: u32 = 60;

fn command(office: &TestOffice, room: &Room) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["backup", "--to"])
        .arg(room.content())
        .env("SCHRIFTGUT_REGISTRY", office.root())
        .env("USER", OPERATOR)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn more_papers(office: &TestOffice, run: u32) -> Vec<schriftgut::domain::ids::DocumentId> {
    let papers = (0..DOCUMENTS_PER_RUN).map(|number| {
        let seed = u64::from(run * DOCUMENTS_PER_RUN + number);
        let length = if number % 20 == 0 { 1_200_000 } else { 4_000 };
        Paper::new("K-1", BUILDING, "blatt.bin", crate::noise(seed, length))
    });
    office.take_in_all(papers.collect())
}

#[test]
fn killed_at_any_moment_the_former_backup_is_whole() {
    let mut office = TestOffice::demo();
    let room = Room::new();
    let mut documents = more_papers(&office, 0);
    room.back_up_keys(&office).unwrap();
    office.close_doors();
    let begun = Instant::now();
    assert!(command(&office, &room).status().unwrap().success());
    let whole_run = begun.elapsed();
    let (mut cut_short, mut former) = (0, check_backup(&room.content()).unwrap().state.size);
    for run in 1..=KILLS {
        office.open_doors();
        documents.extend(more_papers(&office, run));
        if run % 10 == 0 {
            room.back_up_keys(&office).unwrap();
        }
        office.close_doors();
        let mut child = command(&office, &room).spawn().unwrap();
        std::thread::sleep(whole_run.mul_f64(f64::from((run * 17) % KILLS + 1) / f64::from(KILLS)));
        let _ = child.kill();
        cut_short += u32::from(!child.wait().unwrap().success());
        let checked = check_backup(&room.content()).unwrap_or_else(|error| panic!("run {run}: {error}"));
        assert!(checked.is_clean(), "run {run}: {checked:#?}");
        assert!(checked.state.size >= former, "run {run}: an older state");
        former = checked.state.size;
        if run % 10 == 0 {
            // Whatever the interrupted run left beside it, the former state can be restored.
            let place = room.place(&format!("amt-{run}"));
            let report = room.restore_closed(&room.master(&office), &place, None).unwrap();
            assert!(report.verified.is_clean() && report.state == checked.state, "run {run}: {report:#?}");
        }
        drop(open_patiently(office.root()).unwrap());
    }
    println!("{cut_short} of {KILLS} runs cut short, a whole one takes {whole_run:?}");
    assert!(cut_short >= KILLS / 3, "the kills missed: {cut_short} of {KILLS}");
    std::thread::sleep(Duration::from_millis(50));
    office.open_doors();
    let done = room.back_up_content(&office).unwrap();
    assert!(done.short.is_empty() && done.objects == documents.len() as u64, "{done:?}");
    let (restored, report) = room.restore(&office, Some(&room.outside(&office))).unwrap();
    assert!(report.verified.is_clean(), "{:#?}", report.verified);
    same(&office, &restored, &documents[documents.len() - 100..], &[]);
}

#[test]
fn a_first_run_that_was_killed_is_no_backup_and_the_next_one_finishes() {
    let mut office = TestOffice::demo();
    more_papers(&office, 0);
    office.close_doors();
    let room = Room::new();
    let mut unfinished = 0;
    for delay in [5, 15, 30, 45, 60, 80, 100] {
        let mut child = command(&office, &room).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let _ = child.kill();
        child.wait().unwrap();
        match check_backup(&room.content()) {
            Ok(checked) => assert!(checked.is_clean(), "{checked:#?}"),
            Err(error) => {
                assert_eq!(error.exit_code(), 2, "{error}");
                unfinished += 1;
            }
        }
    }
    assert!(unfinished > 0, "the kills came too late");
    assert!(command(&office, &room).status().unwrap().success());
    assert!(check_backup(&room.content()).unwrap().is_clean());
}
