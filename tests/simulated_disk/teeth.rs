//! The suite has teeth: on a disk that forgets one kind of sync, it finds a loss. Each line below is an fsync of
//! ours; were it taken out of the code, the disk would behave just so.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schriftgut::disk::{Bytes, Disk, Lock, Medium, Mode, Simulated};
use schriftgut::registry::Registry;

use super::handing_over::{self, hand_over};
use super::{Scenario, Start, Told, Trial, destroy, must_hold, start, take_in};

/// Cuts after which a loss must have shown.
const CUTS: u64 = 60;

/// What is forgotten.
#[derive(Clone, Copy)]
enum Sync {
    /// Of files whose path contains this.
    File(&'static str),
    /// Of folders whose path ends so.
    Folder(&'static str),
}

const FORGOTTEN: &[(&str, Scenario, Sync)] = &[
    ("a volume, before its objects are named", take_in, Sync::File("vault/volumes/")),
    ("a large object, before it gets its name", take_in, Sync::File("vault/objects/")),
    ("the folder a large object got its name in", take_in, Sync::Folder("vault/objects/00000000")),
    ("a page of the keyring, before its keys are used", take_in, Sync::File("amt/keyring/page-")),
    ("a segment of the ledger, before the head covers it", take_in, Sync::File(".segment")),
    ("the head, before it is answered", take_in, Sync::File("head/head-")),
    ("the new epoch key", destroy, Sync::File("amt/keyring/epoch-")),
    ("the new root of the keyring", destroy, Sync::File("amt/keyring/root-")),
    ("pages written anew without what is forgotten", destroy, Sync::File("amt/keyring/page-")),
    ("the keyring's folder, before the old epoch key goes", destroy, Sync::Folder("amt/keyring")),
    ("the certificate, before it is recorded", destroy, Sync::File("certificates/")),
    ("a segment of the ledger, before keys are forgotten", destroy, Sync::File(".segment")),
    ("the head, before keys are forgotten", destroy, Sync::File("head/head-")),
    ("the folder of certificates", destroy, Sync::Folder("certificates")),
];

/// The same for handing over, which begins elsewhere.
const FORGOTTEN_OF_COPIES: &[(&str, Scenario, Sync)] = &[
    ("a volume of the archive", hand_over, Sync::File("archive/volumes/")),
    ("a large object of the archive", hand_over, Sync::File("archive/objects/")),
    ("the folder it got its name in", hand_over, Sync::Folder("archive/objects/00000000")),
    ("a page of the archive's keyring", hand_over, Sync::File("archive-keyring/page-")),
    ("a segment of the ledger, before a copy is recorded", hand_over, Sync::File(".segment")),
    ("the head, before a copy is acknowledged", hand_over, Sync::File("head/head-")),
];

/// A disk that answers a sync and does nothing.
struct Forgetful {
    medium: Simulated,
    forgets: Sync,
}

struct ForgetfulBytes {
    bytes: Arc<dyn Bytes>,
    forgotten: bool,
}

impl Medium for Forgetful {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn Bytes>> {
        let forgotten = matches!(self.forgets, Sync::File(part) if path.to_string_lossy().contains(part));
        Ok(Arc::new(ForgetfulBytes { bytes: self.medium.open(path, mode)?, forgotten }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.medium.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.medium.remove(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.medium.names(folder)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.medium.make_folder(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.medium.remove_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let forgotten = matches!(self.forgets, Sync::Folder(end) if path.ends_with(PathBuf::from(end)));
        if forgotten { Ok(()) } else { self.medium.sync_folder(path) }
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        self.medium.is_folder(path)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        self.medium.exists(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        self.medium.lock(path)
    }
}

impl Bytes for ForgetfulBytes {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.bytes.read_at(buffer, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.bytes.write_at(bytes, at)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.bytes.set_len(length)
    }

    fn punch(&self, at: u64, length: u64) -> io::Result<()> {
        self.bytes.punch(at, length)
    }

    fn sync(&self) -> io::Result<()> {
        if self.forgotten { Ok(()) } else { self.bytes.sync() }
    }
}

/// The first cut after which something does not hold; none if all went well.
fn loss(start: &Start, scenario: Scenario, forgets: Option<Sync>) -> Option<u64> {
    let trial = Trial::begin(start);
    let disk = match forgets {
        Some(forgets) => Disk::on(Arc::new(Forgetful { medium: trial.simulated.clone(), forgets })),
        None => trial.simulated.disk(),
    };
    let mut told = Told::default();
    assert!(scenario(start, &Registry::open_on(&disk, &trial.place()).unwrap(), &mut told));
    trial.keep_views();
    (0..CUTS).find(|seed| {
        let image = trial.simulated.after_power_cut(*seed).disk();
        let held = catch_unwind(AssertUnwindSafe(|| {
            let office = trial.found_again(&image, false).unwrap();
            must_hold(start, &told, &office, &image, "a cut");
        }));
        held.is_err()
    })
}

#[test]
fn a_sync_that_is_left_out_is_found_by_a_power_cut() {
    let (start, handing_over) = (start(), handing_over::start());
    for (start, scenario, name) in [
        (&start, take_in as Scenario, "take in"),
        (&start, destroy, "destroy"),
        (&handing_over, hand_over, "hand over"),
    ] {
        assert_eq!(loss(start, scenario, None), None, "{name}: nothing is lost where nothing is forgotten");
    }
    let forgotten = FORGOTTEN.iter().map(|line| (&start, line));
    let of_copies = FORGOTTEN_OF_COPIES.iter().map(|line| (&handing_over, line));
    for (start, (what, scenario, forgets)) in forgotten.chain(of_copies) {
        let found = loss(start, *scenario, Some(*forgets));
        println!("without the sync of {what}: found by cut {found:?}");
        assert!(found.is_some(), "without the sync of {what} nothing was lost in {CUTS} cuts");
    }
}
