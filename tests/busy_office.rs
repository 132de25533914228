//! A busy office on a simulated disk: writers, a reader and a destroyer at once, and the power cut again and again
//! while they work. What was acknowledged before a cut is there after it, what was destroyed stays destroyed, and
//! everything verifies.
//!
//! The model is as small as can be: which documents were acknowledged with which bytes, and which files somebody was
//! told are destroyed. `SCHRIFTGUT_FULL=1` cuts ten thousand times. A failure says the office's seed: with
//! `SCHRIFTGUT_SEED` its cuts come again, though the threads may take another course.

mod common;
mod machine;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use common::mill::Mill;
use common::{LONG_AGO, Paper, SECRET, TestOffice, WITHDRAWN, copy_folder};
use machine::{Dice, times};
use tempfile::TempDir;

use schriftgut::disk::{Disk, Simulated};
use schriftgut::domain::disposal::{Decision, Stage};
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Answer, Outcome, Registry, verify_proof};

/// Threads that take in.
const WRITERS: u64 = 3;
/// Documents taken in between two cuts, about: so each cut meets an office at work.
const DOCUMENTS_PER_CUT: usize = 8;
/// How often the power of one office is cut.
const CUTS: usize = 20;
/// A cut comes within so many microseconds after there is room for new documents.
const MOMENT_MICROS: usize = 15_000;

/// What somebody was told.
#[derive(Debug, Clone, Default)]
struct Told {
    /// Documents by id: reference number of their file, and bytes.
    taken: BTreeMap<DocumentId, (String, Vec<u8>)>,
    /// Lists that were begun to be carried out, with the files on them.
    begun: BTreeMap<DisposalListId, Vec<String>>,
    /// Those of which somebody was told that they were.
    executed: Vec<DisposalListId>,
}

/// An office at work.
struct Busy {
    registry: Registry,
    told: Mutex<Told>,
    stop: AtomicBool,
    next: AtomicU64,
    /// Documents that may be taken in so far.
    room: AtomicUsize,
}

impl Busy {
    fn told(&self) -> Told {
        self.told.lock().unwrap().clone()
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Takes in files of one to four documents, some alike, and closes every second one long ago: due.
    fn write(&self) -> Answer<()> {
        let manager = self.registry.person("voss")?;
        while !self.is_over() {
            if self.told.lock().unwrap().taken.len() > self.room.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            let file = format!("F-{number}");
            let contents: Vec<_> = (0..=number % 4)
                .map(|paper| match paper {
                    0 => b"Lageplan, allen beigelegt".to_vec(),
                    3 => vec![number as u8; 1_100_000],
                    _ => format!("Antrag {number}, Blatt {paper}").into_bytes(),
                })
                .collect();
            let sources: Vec<_> = contents
                .iter()
                .map(|bytes| Paper::new(&file, WITHDRAWN, "blatt.txt", bytes.clone()).source())
                .collect();
            let mut answered = contents.into_iter();
            self.registry.ingest(manager.as_clerk()?, sources.into_iter(), &mut |answer| {
                let bytes = answered.next().unwrap();
                match answer.outcome {
                    Outcome::Taken(id) | Outcome::Known(id) => {
                        self.told.lock().unwrap().taken.insert(id, (file.clone(), bytes));
                    }
                    Outcome::Refused(words) => panic!("{file}: {words:?}"),
                }
            })?;
            if number.is_multiple_of(2) {
                self.registry.close(manager.as_clerk()?, &file, LONG_AGO)?;
            }
        }
        Ok(())
    }

    /// Opens what was acknowledged; what is not destroyed has the bytes it came with.
    fn read(&self) -> Answer<()> {
        let manager = self.registry.person("voss")?;
        while !self.is_over() {
            let told = self.told();
            for (id, (file, bytes)) in told.taken.iter().rev().take(10) {
                let mut got = Vec::new();
                match self.registry.get(manager.as_reader()?, *id, &mut got) {
                    Ok(_) => assert!(got == *bytes, "{id}: other bytes"),
                    Err(error) => {
                        let doomed = self.told().begun.values().flatten().any(|doomed| doomed == file);
                        assert!(doomed, "{id} of {file}: {error}");
                    }
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Lists what is due, has it signed by three, and carries it out.
    fn destroy(&self) -> Answer<()> {
        let today = self.registry.today();
        let signers: Vec<_> = ["voss", "tamm", "archiv", "beides"]
            .into_iter()
            .map(|login| self.registry.sign_in(login, SECRET))
            .collect::<Answer<_>>()?;
        let [manager, archivist] = [self.registry.person("voss")?, self.registry.person("archiv")?];
        while !self.is_over() {
            std::thread::sleep(Duration::from_millis(20));
            // Nothing is due: that is no error here.
            let Ok(list) = self.registry.create_list(manager.as_records_manager()?, None, today) else {
                continue;
            };
            self.registry.offer_list(manager.as_records_manager()?, list, today)?;
            let lines = self.registry.show_list(archivist.as_auditor()?, list)?.files;
            let mut files = Vec::new();
            for (id, file) in lines {
                self.registry.appraise(
                    archivist.as_archivist()?,
                    list,
                    id,
                    Decision::Destroy,
                    "ohne Wert",
                )?;
                files.extend(file.map(|file| file.reference.to_string()));
            }
            self.registry.propose_list(&signers[0], list, today)?;
            for approver in &signers[1..] {
                self.registry.approve_list(approver, list, today)?; // a large list needs three
            }
            self.told.lock().unwrap().begun.insert(list, files);
            self.registry.execute_list(manager.as_records_manager()?, list, today)?;
            self.told.lock().unwrap().executed.push(list);
        }
        Ok(())
    }
}

/// Ends all work when it goes, also because something did not hold: otherwise nobody would hear of it.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Whatever the cut left, this holds.
fn must_hold(told: &Told, office: &TestOffice, disk: &Disk, what: &str) {
    let stage = |list: DisposalListId| {
        office.registry().show_list(office.manager.as_auditor().unwrap(), list).unwrap().list.stage
    };
    let gone: Vec<_> = told
        .begun
        .iter()
        .filter(|(list, _)| matches!(stage(**list), Stage::Executed { .. }))
        .inspect(|(list, _)| {
            let certificate = office.registry().layout().certificates().join(format!("{list}.json"));
            let json = disk.read(&certificate).unwrap().unwrap_or_else(|| panic!("{what}: no certificate"));
            verify_proof(&String::from_utf8(json).unwrap(), &office.registry().verifier_key()).unwrap();
        })
        .flat_map(|(_, files)| files)
        .collect();
    for list in &told.executed {
        assert!(matches!(stage(*list), Stage::Executed { .. }), "{what}: {list} was said to be carried out");
    }
    for (id, (file, bytes)) in &told.taken {
        let got = office.get(*id);
        if gone.contains(&file) {
            assert!(got.is_err(), "{what}: {id} of {file} came back");
        } else {
            let got = got.unwrap_or_else(|error| panic!("{what}: {id} of {file}: {error}"));
            assert!(got == *bytes, "{what}: {id} of {file} has other bytes");
        }
    }
    office.assert_clean_after(what);
}

/// Views are no truth: in memory, where they cost no syncs.
fn scratch() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// The office as another machine finds it after this cut, with no views.
fn look(told: &Told, image: Simulated, place: &std::path::Path, what: &str) {
    let scratch = scratch();
    let elsewhere = scratch.path().join("amt");
    std::fs::create_dir(&elsewhere).unwrap();
    let disk = image.moved(place, &elsewhere).disk();
    let office = TestOffice::on_disk(&disk, &elsewhere).unwrap_or_else(|error| panic!("{what}: {error}"));
    must_hold(told, &office, &disk, what);
}

/// One office at work until it has enough documents and enough cuts; answers what was told in the end.
fn one_office(seed: u64) -> Told {
    println!("office: SCHRIFTGUT_SEED={seed}");
    let mut mill = Mill(seed);
    let mut founded = TestOffice::demo();
    founded.close_doors();
    let scratch = scratch();
    let place = scratch.path().join("amt");
    copy_folder(&founded.root().join("views"), &place.join("views"));
    let simulated = Simulated::copy_of(founded.root(), &place, &|path| path.ends_with("views")).unwrap();
    let busy = Busy {
        registry: Registry::open_on(&simulated.disk(), &place).unwrap(),
        told: Mutex::default(),
        stop: AtomicBool::new(false),
        next: AtomicU64::new(1),
        room: AtomicUsize::new(0),
    };
    std::thread::scope(|scope| {
        let mut threads = vec![scope.spawn(|| busy.read()), scope.spawn(|| busy.destroy())];
        threads.extend((0..WRITERS).map(|_| scope.spawn(|| busy.write())));
        let stop = Stop(&busy.stop);
        for number in 0..CUTS {
            busy.room.store(busy.told().taken.len() + DOCUMENTS_PER_CUT, Ordering::SeqCst);
            std::thread::sleep(Duration::from_micros(mill.below(MOMENT_MICROS) as u64));
            let cut = mill.below(usize::MAX) as u64;
            // First what was told, then the cut: what is told in between may or may not be there.
            let told = busy.told();
            let what = format!("SCHRIFTGUT_SEED={seed}, cut {number} with {cut}");
            look(&told, simulated.after_power_cut(cut), &place, &what);
        }
        drop(stop);
        for thread in threads {
            thread.join().unwrap().unwrap_or_else(|error| panic!("on a healthy disk: {error}"));
        }
    });
    look(&busy.told(), simulated.after_kill(), &place, &format!("SCHRIFTGUT_SEED={seed}, killed in the end"));
    busy.told()
}

#[test]
fn a_busy_office_loses_nothing_whenever_the_power_is_cut() {
    let seeds = Dice::seeds(times(3, 500) as usize);
    let (mut documents, mut executed) = (0, 0);
    for (number, seed) in (1..).zip(&seeds) {
        let told = one_office(*seed);
        documents += told.taken.len();
        executed += told.executed.len();
        println!(
            "{number} of {} offices, {} power cuts, {documents} documents acknowledged, {executed} lists carried out",
            seeds.len(),
            number * CUTS
        );
    }
    assert!(executed > 0 && documents > 100, "too little happened: {documents} documents, {executed} lists");
}
