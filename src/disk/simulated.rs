//! A disk in memory that behaves, when its power is cut, as badly as a disk may: what was not synced is there, or
//! not, or torn at a sector, each change by itself; names too. For tests.
//!
//! Only what a sync has promised is kept for certain. The fate of the rest is drawn from a seed, so that every cut
//! can be had again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Bytes, Disk, Lock, Medium, Mode, parent_of};

/// What a disk writes at once or not at all.
const SECTOR_BYTES: usize = 512;

/// See the module documentation.
#[derive(Clone)]
pub struct Simulated(Arc<Mutex<State>>);

/// The names and what they lead to.
#[derive(Debug, Clone, Default)]
struct Names {
    files: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
}

#[derive(Clone, Default)]
struct State {
    names: Names,
    /// The names as they are for certain.
    kept: Names,
    /// What was done to names and not synced, in order.
    unsynced: Vec<Naming>,
    contents: Vec<Content>,
    locks: BTreeSet<PathBuf>,
}

#[derive(Debug, Clone)]
enum Naming {
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf, usize),
    Folder(PathBuf),
    RemoveFolder(PathBuf),
}

/// The bytes behind a name.
#[derive(Clone, Default)]
struct Content {
    now: Vec<u8>,
    kept: Vec<u8>,
    unsynced: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Naming {
    fn folder(&self) -> &Path {
        match self {
            Self::Link(path, _) | Self::Rename(path, ..) => parent_of(path),
            Self::Unlink(path) | Self::Folder(path) | Self::RemoveFolder(path) => parent_of(path),
        }
    }
}

impl Names {
    fn apply(&mut self, naming: &Naming) {
        match naming {
            Naming::Link(path, content) => {
                self.files.insert(path.clone(), *content);
            }
            Naming::Unlink(path) => {
                self.files.remove(path);
            }
            Naming::Rename(from, to, content) => {
                self.files.remove(from);
                self.files.insert(to.clone(), *content);
            }
            Naming::Folder(path) => {
                self.folders.insert(path.clone());
            }
            Naming::RemoveFolder(path) => {
                self.folders.retain(|inside| !inside.starts_with(path));
                self.files.retain(|inside, _| !inside.starts_with(path));
            }
        }
    }

    /// Drops what hangs on folders that are not there.
    fn prune(&mut self) {
        let rooted = |folders: &BTreeSet<PathBuf>, path: &Path| folders.contains(parent_of(path));
        loop {
            let before = self.folders.len();
            let known = self.folders.clone();
            self.folders.retain(|path| path.parent().is_none() || rooted(&known, path));
            if self.folders.len() == before {
                break;
            }
        }
        let known = std::mem::take(&mut self.folders);
        self.files.retain(|path, _| rooted(&known, path));
        self.folders = known;
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, written) => {
                let end = *at as usize + written.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at as usize..end].copy_from_slice(written);
            }
            Self::Length(length) => bytes.resize(*length as usize, 0),
        }
    }

    /// The sectors of a write, each by itself.
    fn pieces(&self) -> Vec<Self> {
        let Self::Write(at, written) = self else { return vec![self.clone()] };
        let (mut pieces, mut from) = (Vec::new(), 0);
        while from < written.len() {
            let place = *at as usize + from;
            let to = (from + SECTOR_BYTES - place % SECTOR_BYTES).min(written.len());
            pieces.push(Self::Write(place as u64, written[from..to].to_vec()));
            from = to;
        }
        pieces
    }
}

/// How a cut treats what was not synced.
#[derive(Clone, Copy)]
enum Fate {
    Lost,
    Kept,
    /// Each change by itself.
    Drawn,
    /// Each sector by itself.
    Torn,
}

/// Numbers that look random and can be had again (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn fate(&mut self) -> Fate {
        [Fate::Lost, Fate::Kept, Fate::Drawn, Fate::Torn][(self.next() % 4) as usize]
    }

    fn coin(&mut self) -> bool {
        self.next().is_multiple_of(2)
    }
}

impl Simulated {
    /// An empty disk with these folders and their parents, which are there for certain.
    #[must_use]
    pub fn with_folders(folders: &[&Path]) -> Self {
        let mut state = State::default();
        for folder in folders {
            state.names.folders.extend(folder.ancestors().map(Path::to_owned));
        }
        state.kept = state.names.clone();
        Self(Arc::new(Mutex::new(state)))
    }

    /// A disk with the files of a real folder below `place`, there for certain; names that `left_out` says are not
    /// taken.
    ///
    /// # Errors
    /// What the system says when the folder is read.
    pub fn copy_of(folder: &Path, place: &Path, left_out: &dyn Fn(&Path) -> bool) -> io::Result<Self> {
        let simulated = Self::with_folders(&[place]);
        simulated.take_in(folder, place, left_out)?;
        let mut state = simulated.state();
        state.kept = state.names.clone();
        drop(state);
        Ok(simulated)
    }

    fn take_in(&self, folder: &Path, place: &Path, left_out: &dyn Fn(&Path) -> bool) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let (from, to) = (entry.path(), place.join(entry.file_name()));
            if left_out(&from) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.state().names.folders.insert(to.clone());
                self.take_in(&from, &to, left_out)?;
            } else if entry.file_type()?.is_file() {
                let mut state = self.state();
                state.contents.push(Content::of(std::fs::read(from)?));
                let content = state.contents.len() - 1;
                state.names.files.insert(to, content);
            }
        }
        Ok(())
    }

    /// The door to it.
    #[must_use]
    pub fn disk(&self) -> Disk {
        Disk::on(Arc::new(self.clone()))
    }

    /// The disk as it may be found after a cut now; this one goes on as if nothing had been.
    #[must_use]
    pub fn after_power_cut(&self, seed: u64) -> Self {
        let state = self.state();
        let mut draw = Draw(seed);
        let mut names = state.kept.clone();
        let fate = draw.fate();
        for naming in &state.unsynced {
            let kept = match fate {
                Fate::Lost => false,
                Fate::Kept => true,
                Fate::Drawn | Fate::Torn => draw.coin(),
            };
            if kept {
                names.apply(naming);
            }
        }
        names.prune();
        let contents = state.contents.iter().map(|content| content.after_power_cut(&mut draw)).collect();
        let after =
            State { kept: names.clone(), names, unsynced: Vec::new(), contents, locks: BTreeSet::new() };
        Self(Arc::new(Mutex::new(after)))
    }

    /// The disk as another process finds it when this one was killed: nothing is lost but the locks. What was not
    /// synced is still not: it may yet be lost.
    #[must_use]
    pub fn after_kill(&self) -> Self {
        let state = self.state();
        let after = State { locks: BTreeSet::new(), ..state.clone() };
        drop(state);
        Self(Arc::new(Mutex::new(after)))
    }

    /// The same disk with everything below `from` standing below `to` instead.
    #[must_use]
    pub fn moved(self, from: &Path, to: &Path) -> Self {
        let there =
            |path: &PathBuf| path.strip_prefix(from).map_or_else(|_| path.clone(), |rest| to.join(rest));
        let mut state = self.state();
        let folders: BTreeSet<_> = state.names.folders.iter().map(there).collect();
        let files = state.names.files.iter().map(|(path, content)| (there(path), *content)).collect();
        state.names = Names { files, folders };
        state.names.folders.extend(to.ancestors().map(Path::to_owned));
        state.kept = state.names.clone();
        drop(state);
        self
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn of(bytes: Vec<u8>) -> Self {
        Self { kept: bytes.clone(), now: bytes, unsynced: Vec::new() }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.now);
        self.unsynced.push(change);
    }

    fn after_power_cut(&self, draw: &mut Draw) -> Self {
        let mut bytes = self.kept.clone();
        let fate = draw.fate();
        for change in &self.unsynced {
            match fate {
                Fate::Lost => {}
                Fate::Kept => change.apply(&mut bytes),
                Fate::Drawn if draw.coin() => change.apply(&mut bytes),
                Fate::Drawn => {}
                Fate::Torn => {
                    for piece in change.pieces() {
                        if draw.coin() {
                            piece.apply(&mut bytes);
                        }
                    }
                }
            }
        }
        Self::of(bytes)
    }
}

impl State {
    fn name(&mut self, naming: Naming) {
        self.names.apply(&naming);
        self.unsynced.push(naming);
    }

    fn content_of(&self, path: &Path) -> io::Result<usize> {
        self.names.files.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn needs_folder(&self, path: &Path) -> io::Result<()> {
        let there = self.names.folders.contains(parent_of(path));
        if there { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

impl Medium for Simulated {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn Bytes>> {
        let mut state = self.state();
        let content = match (mode, state.content_of(path)) {
            (Mode::New, Ok(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
            (Mode::Read | Mode::Change | Mode::Any, Ok(content)) => content,
            (Mode::Read | Mode::Change, Err(error)) => return Err(error),
            (Mode::New | Mode::Any, Err(_)) => {
                state.needs_folder(path)?;
                state.contents.push(Content::default());
                let content = state.contents.len() - 1;
                state.name(Naming::Link(path.to_owned(), content));
                content
            }
        };
        drop(state);
        Ok(Arc::new(SimulatedBytes { disk: self.clone(), content, writable: mode != Mode::Read }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let content = state.content_of(from)?;
        state.needs_folder(to)?;
        if parent_of(from) != parent_of(to) {
            return Err(io::ErrorKind::CrossesDevices.into()); // nothing of ours moves between folders
        }
        state.name(Naming::Rename(from.to_owned(), to.to_owned(), content));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.content_of(path)?;
        state.name(Naming::Unlink(path.to_owned()));
        Ok(())
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        if !state.names.folders.contains(folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let paths = state.names.files.keys().chain(&state.names.folders);
        let inside = paths.filter(|path| path.parent() == Some(folder));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.needs_folder(path)?;
        if state.names.folders.contains(path) || state.content_of(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.name(Naming::Folder(path.to_owned()));
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if !state.names.folders.contains(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.name(Naming::RemoveFolder(path.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if !state.names.folders.contains(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (done, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.unsynced).into_iter().partition(|naming| naming.folder() == path);
        state.unsynced = rest;
        done.iter().for_each(|naming| state.kept.apply(naming));
        Ok(())
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        Ok(self.state().names.folders.contains(path))
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        let state = self.state();
        Ok(state.names.folders.contains(path) || state.names.files.contains_key(path))
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        if !self.is_folder(path)? {
            self.open(path, Mode::Any)?;
        }
        if !self.state().locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Lock::holding(Held { disk: self.clone(), path: path.to_owned() }))
    }
}

/// A lock; let go when dropped.
struct Held {
    disk: Simulated,
    path: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

struct SimulatedBytes {
    disk: Simulated,
    content: usize,
    writable: bool,
}

impl SimulatedBytes {
    fn with<T>(&self, act: impl FnOnce(&mut Content) -> T) -> T {
        act(&mut self.disk.state().contents[self.content])
    }

    fn change(&self, change: Change) -> io::Result<()> {
        if !self.writable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.with(|content| content.change(change));
        Ok(())
    }
}

impl Bytes for SimulatedBytes {
    fn length(&self) -> io::Result<u64> {
        Ok(self.with(|content| content.now.len() as u64))
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.with(|content| {
            let rest = usize::try_from(at).ok().and_then(|at| content.now.get(at..)).unwrap_or_default();
            let length = rest.len().min(buffer.len());
            buffer[..length].copy_from_slice(&rest[..length]);
            Ok(length)
        })
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        self.change(Change::Write(at, bytes.to_vec()))
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.change(Change::Length(length))
    }

    fn punch(&self, at: u64, length: u64) -> io::Result<()> {
        // A hole never lengthens the file.
        let end = self.length()?.min(at.saturating_add(length));
        if at >= end {
            return Ok(());
        }
        self.change(Change::Write(at, vec![0; (end - at) as usize]))
    }

    fn sync(&self) -> io::Result<()> {
        self.with(|content| {
            // Not what is read now: what a failed sync dropped is clean to the kernel, and no later sync writes it.
            let Content { kept, unsynced, .. } = content;
            unsynced.drain(..).for_each(|change| change.apply(kept));
        });
        Ok(())
    }

    fn drop_unsynced(&self) {
        self.with(|content| {
            content.unsynced.clear(); // what is read still shows it: the page cache does, too
        });
    }
}
