//! What lies in the watched folder: every file below it, what is no file, and what cannot be looked at. It opens
//! nothing, follows no link and changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{DirEntry, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::words::Trouble;

/// Where what was taken in goes.
pub(super) const DONE: &str = "erledigt";
/// Where what cannot be taken in goes.
pub(super) const FAILED: &str = "fehlgeschlagen";
/// Folders inside folders are looked at so deep.
const DEPTH_MAX: usize = 64;
/// How programs call what they have not finished, and what Windows and macOS leave lying about. Small letters.
const UNFINISHED: &[&str] =
    &[".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".lock"];
const LITTER: &[&str] = &["thumbs.db", "desktop.ini"];

/// What tells whether a file changed: its size and when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Print {
    pub(super) size_bytes: u64,
    written: (i64, i64),
}

impl From<&Metadata> for Print {
    fn from(metadata: &Metadata) -> Self {
        Self { size_bytes: metadata.len(), written: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    File(Print),
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// Everything below a folder, each by its path from there.
#[derive(Default)]
pub(super) struct Look {
    pub(super) things: BTreeMap<PathBuf, Thing>,
    pub(super) troubles: Vec<Trouble>,
}

/// Looks at everything below a folder.
///
/// # Errors
/// If the folder itself cannot be looked at. What cannot be below it is a trouble of its own.
pub(super) fn look(root: &Path) -> io::Result<Look> {
    let mut look = Look::default();
    let entries = entries(root)?;
    let ours = |entry: &DirEntry| entry.file_name() == DONE || entry.file_name() == FAILED;
    look.note(root, Path::new(""), entries.into_iter().filter(|entry| !ours(entry)).collect(), 0);
    Ok(look)
}

fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    std::fs::read_dir(folder)?.collect()
}

impl Look {
    fn note(&mut self, root: &Path, below: &Path, entries: Vec<DirEntry>, depth: usize) {
        for entry in entries.iter().filter(|entry| !is_passed_over(&entry.file_name())) {
            let path = below.join(entry.file_name());
            // Of the entry itself: a link is a link, wherever it leads.
            let kind = match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => {
                    self.folder(root, path, depth);
                    continue;
                }
                Ok(metadata) if metadata.is_file() => Thing::File(Print::from(&metadata)),
                Ok(metadata) if metadata.is_symlink() => Thing::Link,
                Ok(_) => Thing::Other,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue, // it was just taken away
                Err(cause) => {
                    self.troubles.push(Trouble::unseen(&path, &cause));
                    continue;
                }
            };
            self.things.insert(path, kind);
        }
    }

    fn folder(&mut self, root: &Path, path: PathBuf, depth: usize) {
        if depth == DEPTH_MAX {
            return self.troubles.push(Trouble::too_deep(&path, DEPTH_MAX));
        }
        match entries(&root.join(&path)) {
            Ok(entries) => self.note(root, &path, entries, depth + 1),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => self.troubles.push(Trouble::unseen(&path, &cause)),
        }
    }
}

/// Hidden, not finished, or nobody's document.
fn is_passed_over(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || UNFINISHED.iter().any(|end| name.ends_with(end))
        || LITTER.contains(&name.as_str())
}

/// Which files have come to rest: nobody can tell whether a scanner on another machine still writes, but a file that
/// keeps its size and time for a while is finished. When it was written does not count by itself: it may have been
/// copied with the time it had, and clocks differ.
#[derive(Debug)]
pub(super) struct Rest {
    settle: Duration,
    since: BTreeMap<PathBuf, (Thing, Instant)>,
}

impl Rest {
    pub(super) fn of(settle: Duration) -> Self {
        Self { settle, since: BTreeMap::new() }
    }

    /// Takes note of a look. What is gone is forgotten.
    pub(super) fn see(&mut self, things: &BTreeMap<PathBuf, Thing>, now: Instant) {
        self.since.retain(|path, (thing, _)| things.get(path) == Some(thing));
        for (path, thing) in things {
            if !self.since.contains_key(path) {
                self.since.insert(path.clone(), (*thing, now));
            }
        }
    }

    /// What has rested long enough, in the order of names. An empty file has to rest ten times as long: a scanner may
    /// have made it before it scans.
    pub(super) fn settled(&self, now: Instant) -> Vec<(PathBuf, Thing)> {
        let needed = |thing: &Thing| match thing {
            Thing::File(Print { size_bytes: 0, .. }) => self.settle * 10,
            _ => self.settle,
        };
        let rests =
            |(thing, since): &(Thing, Instant)| now.saturating_duration_since(*since) >= needed(thing);
        self.since
            .iter()
            .filter(|(_, seen)| rests(seen))
            .map(|(path, (thing, _))| (path.clone(), *thing))
            .collect()
    }

    /// How many have not, those apart that wait for something else.
    pub(super) fn restless(&self, now: Instant, others: &BTreeSet<PathBuf>) -> usize {
        let settled: BTreeSet<_> = self.settled(now).into_iter().map(|(path, _)| path).collect();
        self.since.keys().filter(|path| !settled.contains(*path) && !others.contains(*path)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size_bytes: u64, seconds: i64) -> Thing {
        Thing::File(Print { size_bytes, written: (seconds, 0) })
    }

    #[test]
    fn what_grows_or_is_written_again_has_not_come_to_rest() {
        let (begun, second) = (Instant::now(), Duration::from_secs(1));
        let mut rest = Rest::of(second * 4);
        let at = |seconds: u32| begun + second * seconds;
        let see = |rest: &mut Rest, thing, seconds| {
            rest.see(&BTreeMap::from([(PathBuf::from("a.pdf"), thing)]), at(seconds));
            rest.settled(at(seconds)).len()
        };
        assert_eq!(see(&mut rest, file(10, 5), 0), 0);
        assert_eq!(see(&mut rest, file(20, 5), 3), 0, "it grew");
        assert_eq!(see(&mut rest, file(20, 6), 6), 0, "it was written again");
        assert_eq!(see(&mut rest, file(20, 6), 9), 0);
        assert_eq!(see(&mut rest, file(20, 6), 10), 1);
        rest.see(&BTreeMap::new(), at(11));
        assert_eq!(see(&mut rest, file(20, 6), 12), 0, "it was away and is new");
    }

    #[test]
    fn an_empty_file_is_waited_for_longer() {
        let (begun, second) = (Instant::now(), Duration::from_secs(1));
        let mut rest = Rest::of(second);
        rest.see(&BTreeMap::from([(PathBuf::from("a.pdf"), file(0, 5))]), begun);
        assert_eq!(rest.settled(begun + second * 9), []);
        assert_eq!(rest.settled(begun + second * 10).len(), 1);
    }

    #[test]
    fn what_is_hidden_or_not_finished_is_passed_over() {
        for name in [".x", "~$brief.docx", "Scan.PART", "scan.pdf.tmp", "Thumbs.db"] {
            assert!(is_passed_over(OsStr::new(name)), "{name}");
        }
        for name in ["scan.pdf", "tmp", "part.txt", "a.part.pdf", "Brief~.txt"] {
            assert!(!is_passed_over(OsStr::new(name)), "{name}");
        }
    }
}
