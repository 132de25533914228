//! The mill that flips bits, one at a time, in copies on the side, and the tally of what was seen.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::copy_folder;
pub use crate::common::mill::Mill;
use crate::machine::Progress;
/// Everything, or a sample.
pub use crate::machine::full_size as full;

/// A folder of its own, in memory where the system has such a place: nothing here is about syncs.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

/// Of larger files not every bit is looked at by an owner, for whom each needs a copy of its own.
const ALL_BITS_MAX: usize = 500_000;

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// Opening refuses.
    Refused,
    /// A verification is not clean.
    Reported,
    /// Opening says it and puts it right; every answer is as before.
    Said,
    /// Every answer is as before, and this is why.
    Harmless(&'static str),
    /// Nobody noticed, and something is not as before.
    Unnoticed,
}

/// How often what was seen.
#[derive(Debug, Default)]
pub struct Tally(pub BTreeMap<Seen, usize>);

impl Tally {
    pub fn note(&mut self, seen: Seen) {
        *self.0.entry(seen).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (seen, count) in &other.0 {
            *self.0.entry(*seen).or_default() += count;
        }
    }

    pub fn all(&self) -> usize {
        self.0.values().sum()
    }

    pub fn of(&self, seen: Seen) -> usize {
        self.0.get(&seen).copied().unwrap_or_default()
    }

    /// Prints the counts, and fails if anything went unnoticed.
    pub fn conclude(&self, what: &str) {
        let counts: Vec<_> = self.0.iter().map(|(seen, count)| format!("{count} {seen:?}")).collect();
        println!("{what}: {} changes: {}", self.all(), counts.join(", "));
        assert!(self.all() > 0, "{what}: nothing was tried");
        assert_eq!(self.of(Seen::Unnoticed), 0, "{what}: {counts:?}");
    }

    /// As [`Self::conclude`], and nothing was merely harmless.
    pub fn all_detected(&self, what: &str) {
        self.conclude(what);
        let harmless = self.0.keys().any(|seen| matches!(seen, Seen::Harmless(_)));
        assert!(!harmless, "{what}: {:?}", self.0);
    }
}

/// The bits of a file: all of them, or a seeded sample of so many.
pub fn bits(length: usize, sample: usize) -> Vec<usize> {
    let all = length * 8;
    if full() || all <= sample {
        return (0..all).collect();
    }
    some_bits(length, sample)
}

/// About so many of these bits, from everywhere; in the full run one of every byte at least, and all of a file that is
/// not large.
pub fn spread(bits: &[usize], sample: usize) -> Vec<usize> {
    let step = match (full(), bits.len() > ALL_BITS_MAX) {
        // Seven and eight have nothing in common: each bit has its turn.
        (true, true) => 7,
        (true, false) => 1,
        (false, _) => bits.len().div_ceil(sample).max(1),
    };
    bits.iter().step_by(step).copied().collect()
}

/// A seeded sample of the bits of a file, in the full run too.
pub fn some_bits(length: usize, sample: usize) -> Vec<usize> {
    let mut mill = Mill(20_261_122);
    (0..sample).map(|_| mill.below(length * 8)).collect()
}

fn flip(file: &File, bit: usize) {
    let mut byte = [0];
    file.read_exact_at(&mut byte, (bit / 8) as u64).unwrap();
    file.write_all_at(&[byte[0] ^ 1 << (bit % 8)], (bit / 8) as u64).unwrap();
}

/// Every bit of these by one of several hands, with what they saw together.
fn in_shares(file: &Path, bits: &[usize], look: &(dyn Fn(&[usize], &Progress) -> Tally + Sync)) -> Tally {
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(bits.len().max(1));
    let (mut tally, progress) = (Tally::default(), Progress::of(&file.display().to_string(), bits.len()));
    std::thread::scope(|scope| {
        let shares = bits.chunks(bits.len().div_ceil(hands).max(1));
        let progress = &progress;
        let work: Vec<_> = shares.map(|share| scope.spawn(move || look(share, progress))).collect();
        for share in work {
            tally.add(&share.join().unwrap());
        }
    });
    tally
}

/// Flips each of these bits of a file below `root`, one at a time, on several copies at once; `look` is shown the
/// copy and must change nothing there.
pub fn each_flip(
    root: &Path,
    file: &Path,
    bits: &[usize],
    look: &(dyn Fn(&Path, usize) -> Seen + Sync),
) -> Tally {
    in_shares(file, bits, &|share, progress| {
        let place = folder();
        let root_here = place.path().join("hier");
        copy_folder(root, &root_here);
        let changed = OpenOptions::new().read(true).write(true).open(root_here.join(file)).unwrap();
        let mut tally = Tally::default();
        for bit in share {
            flip(&changed, *bit);
            tally.note(look(&root_here, *bit));
            flip(&changed, *bit);
            progress.step();
        }
        tally
    })
}

/// As [`each_flip`], with a fresh copy for each: `look` may open it as its owner, who tidies up.
pub fn each_flip_owned(
    root: &Path,
    file: &Path,
    bits: &[usize],
    look: &(dyn Fn(&Path, usize) -> Seen + Sync),
) -> Tally {
    in_shares(file, bits, &|share, progress| {
        let (mut tally, place) = (Tally::default(), folder());
        for bit in share {
            let root_here = place.path().join(bit.to_string());
            copy_folder(root, &root_here);
            let changed = OpenOptions::new().read(true).write(true).open(root_here.join(file)).unwrap();
            flip(&changed, *bit);
            tally.note(look(&root_here, *bit));
            std::fs::remove_dir_all(&root_here).unwrap();
            progress.step();
        }
        tally
    })
}

/// The length of a file.
pub fn length(path: &Path) -> usize {
    std::fs::metadata(path).unwrap().len() as usize
}

/// Files below a folder, by their path from it.
pub fn files(root: &Path) -> Vec<PathBuf> {
    let below = crate::common::files_below(root).into_iter();
    below.map(|path| path.strip_prefix(root).unwrap().to_owned()).collect()
}
