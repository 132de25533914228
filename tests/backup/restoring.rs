//! A restore that is interrupted, at whatever operation and however: what it leaves is no registry or the whole one,
//! the backups are as they were, what was destroyed stays destroyed, and a new restore goes through.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schriftgut::disk::{Disk, Failing, Fault, Simulated};
use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::{Answer, Quarantined, Registry, Restore, Restored, restore_on};

use crate::common::{BUILDING, Paper, TestOffice};
use crate::machine::full_size;
use crate::room::Room;

/// Operations that are failed in an ordinary run; in full every one is, in every way.
const FAILED: u64 = 30;
/// The same for moments at which the power is cut.
const CUTS: u64 = 30;

/// Where it is restored to, and where once more.
const TARGETS: [&str; 2] = ["amt", "noch einmal"];

/// Backups of an office that has destroyed a file since, and what a restore must bring back.
struct Start {
    room: Room,
    papers: BTreeMap<DocumentId, Vec<u8>>,
    destroyed: DocumentId,
}

impl Start {
    fn new() -> Self {
        let (mut office, room) = (TestOffice::demo(), Room::new());
        let contents = [b"Bauantrag, erstes Blatt".to_vec(), crate::noise(7, 1_200_000)];
        let papers = contents
            .map(|bytes| (office.take_in(Paper::new("F-1", BUILDING, "blatt.txt", bytes.clone())), bytes));
        let destroyed = office.due_file("W-1", "wird vernichtet");
        office.read_texts();
        room.back_up(&office);
        office.destroy_what_is_due();
        room.outside(&office);
        std::fs::copy(room.master(&office), room.place("master.key")).unwrap();
        office.close_doors();
        Self { room, papers: papers.into(), destroyed }
    }

    /// Everything outside the place that is restored to, on a simulated disk of its own.
    fn disk(&self) -> Simulated {
        let root = self.room.place("");
        // What earlier trials left of views is on the real disk only.
        Simulated::copy_of(&root, &root, &|path| TARGETS.iter().any(|name| path.ends_with(name))).unwrap()
    }

    /// Where it is restored to; its views lie on the real disk, and those of an earlier trial are removed.
    fn place(&self, name: &str) -> PathBuf {
        let place = self.room.place(name);
        if place.exists() {
            std::fs::remove_dir_all(&place).unwrap();
        }
        place
    }

    fn restore(&self, disk: &Disk, to: &Path, with_checkpoint: bool) -> Answer<Restored> {
        let (from, keys) = (self.room.content(), self.room.keys());
        let (master, note) = (self.room.place("master.key"), self.room.place("pruefpunkt.note"));
        let checkpoint = with_checkpoint.then_some(note.as_path());
        restore_on(
            disk,
            &Restore { from: &from, keys: &keys, master: &master, to, checkpoint, read_data: true },
        )
    }

    /// This image of the disk holds the whole registry at `to`.
    fn must_be_whole(&self, image: &Disk, to: &Path, what: &str) {
        let office = TestOffice::on_disk(image, to).unwrap_or_else(|error| panic!("{what}: {error}"));
        for (id, bytes) in &self.papers {
            assert!(office.get(*id).is_ok_and(|got| got == *bytes), "{what}: {id}");
        }
        assert!(office.get(self.destroyed).is_err(), "{what}: what was destroyed is back");
        let reader = office.manager.as_reader().unwrap();
        assert_eq!(office.registry().search(reader, "Bauantrag", 0, 9).unwrap().total, 1, "{what}");
        assert_eq!(office.registry().search(reader, "vernichtet", 0, 9).unwrap().total, 0, "{what}");
        office.assert_clean();
    }

    /// No registry, and a new restore into another place goes through; or the whole registry.
    fn must_be_all_or_nothing(&self, image: &Disk, to: &Path, done: bool, what: &str) {
        if image.exists(&to.join("schriftgut.toml")).unwrap() {
            return self.must_be_whole(image, to, what);
        }
        assert!(!done, "{what}: it said it was done");
        assert!(Registry::open_on(image, to).is_err(), "{what}");
        let again = self.place(TARGETS[1]);
        self.restore(image, &again, true).unwrap_or_else(|error| panic!("{what}, again: {error}"));
        self.must_be_whole(image, &again, &format!("{what}, again"));
    }
}

/// Numbers below `all`, evenly spread; all of them in full.
fn some_of(all: u64, wanted: u64) -> impl Iterator<Item = u64> {
    let step = if full_size() { 1 } else { all.div_ceil(wanted).max(1) };
    (0..all).step_by(step as usize)
}

/// How many operations a restore takes where nothing fails.
fn operations_of(start: &Start) -> u64 {
    let (disk, faults) = Failing::before(&start.disk().disk());
    let to = start.place(TARGETS[0]);
    let restored = start.restore(&disk, &to, true).unwrap();
    assert_eq!((restored.destroyed_again, restored.verified.is_clean()), (1, true));
    let all = faults.operations();
    start.must_be_whole(&disk, &to, "nothing failed");
    all
}

#[test]
fn a_restore_whose_disk_fails_at_any_operation_leaves_all_or_nothing() {
    let start = Start::new();
    let all = operations_of(&start);
    let ways = [(Fault::Broken, false), (Fault::Torn, true), (Fault::Full, true), (Fault::Torn, false)];
    let (mut tried, mut met) = (0, 0);
    for (turn, after) in some_of(all, FAILED).enumerate() {
        let ways = if full_size() { &ways[..] } else { &ways[turn % ways.len()..][..1] };
        for (fault, lasting) in ways {
            let simulated = start.disk();
            let (disk, faults) = Failing::before(&simulated.disk());
            let to = start.place(TARGETS[0]);
            faults.set(after, *fault, *lasting);
            let done = start.restore(&disk, &to, true).is_ok();
            (tried, met) = (tried + 1, met + u64::from(faults.failed() > 0));
            assert!(done || faults.failed() > 0, "operation {after}: it failed by itself");
            let what = format!("operation {after}, {fault:?}, lasting {lasting}");
            start.must_be_all_or_nothing(&simulated.after_kill().disk(), &to, done, &what);
        }
    }
    assert!(met > tried / 2, "{met} of {tried} faults met something");
    println!("restore: {all} operations, {tried} tries, {met} faults");
}

#[test]
fn a_restore_whose_power_is_cut_at_any_operation_leaves_all_or_nothing() {
    let start = Start::new();
    let all = operations_of(&start);
    let mut looks = 0;
    for after in some_of(all, CUTS).chain([all]) {
        let simulated = start.disk();
        let (disk, faults) = Failing::before(&simulated.disk());
        let to = start.place(TARGETS[0]);
        faults.set(after, Fault::Broken, true);
        let done = start.restore(&disk, &to, true).is_ok();
        assert_eq!(done, after == all, "operation {after}");
        let seeds = if full_size() { 5 } else { 1 };
        for seed in (0..seeds).map(|seed| after * seeds + seed) {
            let what = format!("power cut at operation {after}, seed {seed}");
            start.must_be_all_or_nothing(&simulated.after_power_cut(seed).disk(), &to, done, &what);
            looks += 1;
        }
    }
    println!("restore: {all} operations, {looks} disks after a power cut");
}

/// Without a checkpoint from outside nobody knows what was destroyed since: it stays closed, however it went.
#[test]
fn a_restore_without_a_checkpoint_that_is_interrupted_never_opens() {
    let start = Start::new();
    let simulated = start.disk();
    let (disk, faults) = Failing::before(&simulated.disk());
    start.restore(&disk, &start.place(TARGETS[0]), false).unwrap();
    let all = faults.operations();
    for after in some_of(all, FAILED).chain([all]) {
        let simulated = start.disk();
        let (disk, faults) = Failing::before(&simulated.disk());
        let to = start.place(TARGETS[0]);
        faults.set(after, Fault::Broken, true);
        let done = start.restore(&disk, &to, false).is_ok();
        let image = simulated.after_power_cut(after).disk();
        assert!(Registry::open_on(&image, &to).is_err(), "operation {after}");
        assert!(!done || Quarantined::open_on(&image, &to).is_ok(), "operation {after}");
    }
}
