//! The ways a disk can fail at one operation, and which of them that operation notices.

use schriftgut::disk::{Fault, Faults};

use super::full_size;

/// How an operation fails, and whether everything after it fails too.
pub type Way = (Fault, bool);

/// All ways an operation can fail that changes something: short writes, broken ones, no room, once or for good.
pub const WAYS: [Way; 5] = [
    (Fault::Torn, true),
    (Fault::Broken, false),
    (Fault::Full, true),
    (Fault::Torn, false),
    (Fault::Full, false),
];
/// The one way for an operation that only looks: the disk is as the operation before left it.
const LOOK: Way = (Fault::Broken, false);
/// How often an operation is waited for: one run may need a few operations less than another.
const TRIES: usize = 5;

/// The ways one operation of a sweep is failed: of those that change something each in turn, all before a release.
pub fn ways(changes: bool, turn: usize) -> Vec<Way> {
    match (changes, full_size()) {
        (false, _) => vec![LOOK],
        (true, true) => WAYS.to_vec(),
        (true, false) => vec![WAYS[turn % WAYS.len()]],
    }
}

/// What a trial did with its disk since the fault was set.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    operations: u64,
    failed: u64,
}

impl Counted {
    pub fn by(faults: &Faults) -> Self {
        Self { operations: faults.operations(), failed: faults.failed() }
    }

    /// How many operations failed.
    pub fn failed(&self) -> u64 {
        self.failed
    }
}

/// Lets operation `after` fail in this way. An operation that needs no room does not notice a full disk, nor may
/// anything behind it: then it is broken instead. `trial` begins anew each time. Answers the way that was met with
/// what is left of the trial; none if there is no such operation.
pub fn fail_at<T>(after: u64, way: Way, mut trial: impl FnMut(Way) -> (T, Counted)) -> Option<(Way, T)> {
    let mut way = way;
    for _ in 0..TRIES {
        let (left, counted) = trial(way);
        if counted.failed > 0 {
            return Some((way, left));
        }
        if counted.operations > after {
            assert_eq!(way.0, Fault::Full, "operation {after} was to fail and went well: {counted:?}");
            way.0 = Fault::Broken;
        }
    }
    None
}
