//! Puts a file away, below `erledigt` or `fehlgeschlagen`, as deep as it lay. Nothing is ever overwritten: a name that is
//! taken gets a number. On another file system it is copied, made durable, and only then removed.

use std::collections::{BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, OFlags, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::look::{DONE, FAILED};
use super::note::{flags, sync};
use super::words::in_three_parts;
use crate::registry::Words;

/// Longest name of a file, in bytes, with room for a number.
const NAME_BYTES_MAX: usize = 240;
/// What is put behind the name of a file that was not taken in.
const REASON: &str = ".grund.txt";
/// Names whose last number is remembered.
const NUMBERS_MAX: usize = 10_000;

/// Where files are put.
#[derive(Debug)]
pub(super) struct Shelf {
    root: PathBuf,
    /// Folders whose names are to be made durable.
    touched: BTreeSet<PathBuf>,
    /// The number a name had last, so that a scanner that always writes `scan.pdf` does not cost ever more looks.
    numbers: HashMap<PathBuf, u32>,
}

impl Shelf {
    pub(super) fn of(root: &Path) -> Self {
        Self { root: root.to_owned(), touched: BTreeSet::new(), numbers: HashMap::new() }
    }

    /// Puts what was taken in below `erledigt`.
    pub(super) fn put_done(&mut self, path: &Path) -> io::Result<()> {
        self.put(DONE, path, None)
    }

    /// As [`Self::put_done`], where somebody may have been killed between copying it to another file system and removing
    /// it. Within one file system that is a single step.
    pub(super) fn put_done_again(&mut self, path: &Path) -> io::Result<()> {
        let from = self.root.join(path);
        let device = fs::symlink_metadata(&from)?.dev();
        for place in self.done_as(path) {
            let elsewhere = fs::symlink_metadata(&place)?.dev() != device;
            if elsewhere && is_same(open(&from)?, open(&place)?)? {
                return fs::remove_file(&from);
            }
        }
        self.put_done(path)
    }

    /// Puts what cannot be taken in below `fehlgeschlagen`, with the reason beside it.
    pub(super) fn put_failed(&mut self, path: &Path, words: &Words) -> io::Result<()> {
        self.put(FAILED, path, Some(words))
    }

    /// Makes durable what was put away.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        let touched = std::mem::take(&mut self.touched);
        touched.iter().filter(|folder| folder.exists()).try_for_each(|folder| sync(folder))
    }

    /// What lies below `erledigt` under the name of this file, with any number.
    pub(super) fn done_as(&self, path: &Path) -> Vec<PathBuf> {
        let place = self.root.join(DONE).join(path);
        let (folder, name) = (place.parent().unwrap_or(&self.root), place.file_name().unwrap_or_default());
        let names = (1..).map(|number| folder.join(numbered(name, number)));
        names.take_while(|place| place.symlink_metadata().is_ok_and(|there| there.is_file())).collect()
    }

    fn put(&mut self, shelf: &str, path: &Path, reason: Option<&Words>) -> io::Result<()> {
        let (from, place) = (self.root.join(path), self.root.join(shelf).join(path));
        let folder = place.parent().map_or_else(|| self.root.clone(), Path::to_owned);
        let name = place.file_name().unwrap_or_default();
        self.make(&folder)?;
        let mut number = *self.numbers.get(&place).unwrap_or(&1);
        loop {
            let to = folder.join(numbered(name, number));
            let moved = match reason {
                _ if to.symlink_metadata().is_ok() => Err(ErrorKind::AlreadyExists.into()),
                // The reason first: a file that lies there without one would be a riddle.
                Some(words) => write_reason(&to, words).and_then(|()| rename(&from, &to)),
                None => rename(&from, &to),
            };
            match moved {
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(cause) => return Err(cause),
                Ok(()) => break,
            }
        }
        if self.numbers.len() >= NUMBERS_MAX {
            self.numbers.clear();
        }
        self.touched.extend([folder, from.parent().unwrap_or(&self.root).to_owned()]);
        self.numbers.insert(place, number);
        Ok(())
    }

    /// Makes a folder, and those above it up to the watched one.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        // The watched folder itself is never made: it may be a drive that is away.
        fs::metadata(&self.root)?;
        fs::create_dir_all(folder)?;
        let above = folder.ancestors().take_while(|above| above.starts_with(&self.root));
        self.touched.extend(above.map(Path::to_owned));
        Ok(())
    }
}

/// `scan.pdf`, `scan (2).pdf`, …, not longer than a name may be.
fn numbered(name: &OsStr, number: u32) -> OsString {
    let bytes = name.as_bytes();
    let dot = bytes.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot > 0 && bytes.len() - dot <= 10);
    let (stem, end) = bytes.split_at(dot.unwrap_or(bytes.len()));
    let number = if number == 1 { String::new() } else { format!(" ({number})") };
    let room = NAME_BYTES_MAX - REASON.len() - number.len() - end.len();
    let mut cut = stem.len().min(room);
    while cut < stem.len() && cut > 0 && stem[cut] & 0b1100_0000 == 0b1000_0000 {
        cut -= 1; // not within a letter
    }
    OsString::from_vec([&stem[..cut], number.as_bytes(), end].concat())
}

/// Writes why a file was not taken in. The same words may stand there already: somebody was killed behind them.
fn write_reason(place: &Path, words: &Words) -> io::Result<()> {
    let mut name = place.as_os_str().to_owned();
    name.push(REASON);
    let text = format!("{}\n", in_three_parts(words));
    let written = OpenOptions::new().write(true).create_new(true).open(&name).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    match written {
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            let same = fs::read(&name).is_ok_and(|there| there == text.as_bytes());
            if same { Ok(()) } else { Err(cause) }
        }
        Err(cause) => {
            let _ = fs::remove_file(&name); // it was cut short
            Err(cause)
        }
        Ok(()) => Ok(()),
    }
}

/// Renames, and never over something.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::XDEV) => copy(from, to),
        // Shares that cannot promise that: the name is taken first, by an empty file of our own.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            OpenOptions::new().write(true).create_new(true).open(to)?;
            fs::rename(from, to).inspect_err(|_| drop(fs::remove_file(to)))
        }
        Err(cause) => Err(cause.into()),
    }
}

/// Copies a file to another file system, then removes it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = open(from)?;
    if !source.metadata()?.is_file() {
        return Err(ErrorKind::CrossesDevices.into()); // a pipe or a socket stays where it is
    }
    let mut part = OsString::from(".");
    part.push(to.file_name().unwrap_or_default());
    part.push(".part");
    let part = to.with_file_name(part);
    let copied = copy_under(&mut source, &part, to);
    if copied.is_err() {
        let _ = fs::remove_file(&part);
    }
    copied?;
    fs::remove_file(from)
}

fn copy_under(source: &mut File, part: &Path, to: &Path) -> io::Result<()> {
    let mut copy = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true) // left behind by somebody who was killed
        .custom_flags(flags(OFlags::NOFOLLOW))
        .open(part)?;
    io::copy(source, &mut copy)?;
    let times = source.metadata()?.modified();
    if let Ok(modified) = times {
        let _ = copy.set_modified(modified); // some drives keep no times
    }
    copy.sync_all()?;
    rename(part, to)?;
    to.parent().map_or(Ok(()), sync)
}

/// Opens a file that lies there itself: through no link, and not waiting for the other end of a pipe.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK)).open(path)
}

/// Two files have the same bytes.
pub(super) fn is_same(mut one: impl Read, mut other: impl Read) -> io::Result<bool> {
    let (mut a, mut b) = (vec![0; 64 << 10], Vec::new());
    loop {
        let read = one.read(&mut a)?;
        b.resize(read, 0);
        if read == 0 {
            return Ok(other.read(&mut [0])? == 0);
        }
        match other.read_exact(&mut b) {
            Err(cause) if cause.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            done => done?,
        }
        if a[..read] != b {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Words {
        Words { what: "x".to_owned(), why: "y".to_owned(), way_out: "z".to_owned() }
    }

    #[test]
    fn nothing_is_overwritten_and_every_name_stays_short_enough() {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::of(folder.path());
        let long = format!("{}.pdf", "ä".repeat(125));
        for name in ["scan.pdf", "tief/innen/scan", long.as_str()] {
            for round in 0..3 {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, format!("{name} {round}")).unwrap();
                let put = match round {
                    2 => shelf.put_failed(Path::new(name), &refused()),
                    _ => shelf.put_done(Path::new(name)),
                };
                put.unwrap_or_else(|cause| panic!("{name}: {cause}"));
                assert!(!path.exists());
            }
            let read = |shelf: &str, number| {
                let place = folder.path().join(shelf).join(name);
                fs::read_to_string(place.with_file_name(numbered(place.file_name().unwrap(), number)))
                    .unwrap()
            };
            assert_eq!((read(DONE, 1), read(DONE, 2)), (format!("{name} 0"), format!("{name} 1")));
            assert_eq!(read(FAILED, 1), format!("{name} 2"));
        }
        let reason = fs::read_to_string(folder.path().join("fehlgeschlagen/scan.pdf.grund.txt")).unwrap();
        assert_eq!(reason, "Fehler:  x\nGrund:   y\nAusweg:  z\n");
        shelf.sync().unwrap();
    }

    #[test]
    fn on_another_file_system_a_file_is_copied_whole_and_then_removed() {
        let folder = tempfile::tempdir().unwrap();
        let Ok(other) = tempfile::tempdir_in("/dev/shm") else { return };
        fs::write(folder.path().join("scan.pdf"), "Antrag").unwrap();
        std::os::unix::fs::symlink(other.path(), folder.path().join(DONE)).unwrap();
        // Half a copy of a killed predecessor, and a stranger's file of the same name.
        fs::write(other.path().join(".scan.pdf.part"), "Ant").unwrap();
        fs::write(other.path().join("scan.pdf"), "Fremdes").unwrap();
        let mut shelf = Shelf::of(folder.path());
        shelf.put_done(Path::new("scan.pdf")).unwrap();
        assert!(!folder.path().join("scan.pdf").exists());
        assert_eq!(fs::read(other.path().join("scan (2).pdf")).unwrap(), b"Antrag");
        assert_eq!(fs::read(other.path().join("scan.pdf")).unwrap(), b"Fremdes");
        assert_eq!(shelf.done_as(Path::new("scan.pdf")).len(), 2);
        // Killed behind the copy: it is there, and not copied once more.
        fs::write(folder.path().join("scan.pdf"), "Antrag").unwrap();
        shelf.put_done_again(Path::new("scan.pdf")).unwrap();
        assert!(!folder.path().join("scan.pdf").exists());
        assert_eq!(shelf.done_as(Path::new("scan.pdf")).len(), 2);
    }

    #[test]
    fn files_are_the_same_only_to_the_last_byte() {
        let big = vec![7; 200_000];
        assert!(is_same(big.as_slice(), big.as_slice()).unwrap());
        assert!(!is_same(big.as_slice(), &big[1..]).unwrap());
        assert!(!is_same(&big[1..], big.as_slice()).unwrap());
        assert!(!is_same(&b"ab"[..], &b"ac"[..]).unwrap());
    }
}
